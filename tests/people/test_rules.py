import datetime as dt
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from confrere.people import rules
from confrere.people.adapters import AccountAdapter
from confrere.people.models import Credential, Membership, Programme, Site, User
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.vault.refusals import Refusal

NOW = dt.datetime(2026, 3, 3, 17, 30, tzinfo=dt.UTC)
OSEI = Standing(
    person=1,
    name="Osei",
    zone="UTC",
    programme=1,
    programme_slug="peer",
    programme_name="Peer coaching",
    site=1,
    roles=frozenset({Role.COACH}),
)


@pytest.mark.parametrize(("standing", "status"), [(None, 404), (OSEI, 403)])
def test_a_role_opens_what_is_its_own(standing: Standing | None, status: int) -> None:
    with pytest.raises(Refusal) as refused:
        rules.check_has_role(standing=standing, roles=frozenset({Role.DIRECTOR}))
    assert refused.value.status == status
    rules.check_has_role(standing=OSEI, roles=frozenset({Role.DIRECTOR, Role.COACH}))


@pytest.mark.django_db
def test_a_passkey_that_is_not_there_cannot_be_removed() -> None:
    person = User.objects.create(email="a@example.org", name="Osei").pk
    assert not rules.can_remove_passkey(person=person, passkey=1, now=NOW)


def test_nobody_signs_up() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert not AccountAdapter().is_open_for_signup(request)


@pytest.mark.django_db
def test_a_session_begun_by_a_link_asks_for_a_passkey() -> None:
    site = Site.objects.create(slug="north", name="North", zone="UTC")
    peer = Programme.objects.create(site=site, slug="peer", name="Peer", zone="UTC")
    user = User.objects.create(email="a@example.org", name="Osei")
    Membership.objects.create(
        user=user, programme=peer, site=site, role=Role.OPERATOR, since=NOW - dt.timedelta(days=900)
    )
    client = Client()
    client.force_login(user)
    assert client.get("/me/").status_code == 200
    assert Client().get("/p/peer/").headers["Location"] == "/accounts/login/?next=/p/peer/"
    request = RequestFactory().get("/")
    request.session = client.session
    rules.began_without_passkey(request)
    request.session.save()
    assert client.get("/me/").headers["Location"] == "/accounts/passkeys/add/?next=/me/"


def test_rows_are_named_without_more_than_needed() -> None:
    assert str(Site(name="North")) == "North"
    assert str(Programme(name="Peer coaching")) == "Peer coaching"
    assert str(User(name="Osei")) == "Osei"
    assert str(Membership(user_id=7, role=Role.COACH)) == "7 coach"
    assert str(Credential(user_id=7, specialty="cardiology")) == "7 cardiology"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["http://[", "http://[::1", "//evil.example/", "https://evil.example/", "/\\evil.example"]
)
def test_the_sign_in_leads_nowhere_else(address: str) -> None:
    assert Client().get("/accounts/login/", {"next": address}).status_code == 200
    answer = Client().post(f"/accounts/logout/?{urlencode({'next': address})}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
