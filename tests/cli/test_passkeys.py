import json
from argparse import Namespace

import pytest
from allauth.mfa.models import Authenticator

from confrere.cli import database, main, passkeys
from confrere.people.models import Membership, Programme, Site, User
from confrere.post.models import Letter
from confrere.vault.models import Payload

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> tuple[User, User]:
    """(somebody with two passkeys, an operator)"""
    site = Site.objects.create(slug="mercy", name="Mercy", zone="UTC")
    here = Programme.objects.create(site=site, slug="kiser", name="Peer coaching", zone="UTC")
    lost, operator = (User.objects.create(email=f"{name}@site.org", name=name) for name in ("osei", "one"))
    Membership.objects.create(user=operator, programme=here, site=site, role="operator", since="2020-01-01T00:00Z")
    for number in range(2):
        Authenticator.objects.create(user=lost, type="webauthn", data={"name": f"Passkey {number}"})
    return lost, operator


def test_first_it_only_counts(people: tuple[User, User], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["passkeys", "osei@site.org"]) == 0
    assert capsys.readouterr().out == "osei@site.org: 2 passkeys found; nothing was changed.\n"
    assert Authenticator.objects.count() == 2


def test_an_operator_removes_them_all_and_the_person_is_told(
    people: tuple[User, User], capsys: pytest.CaptureFixture[str]
) -> None:
    lost, operator = people
    before = lost.password
    assert main(["passkeys", "osei@site.org", "--remove", "--operator", "one@site.org", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"address": "osei@site.org", "passkeys": 2, "removed": True}
    lost.refresh_from_db()
    assert (Authenticator.objects.count(), lost.password != before) == (0, True)
    assert Letter.objects.get().to == "osei@site.org"
    events = [json.loads(body) for body in Payload.objects.values_list("body", flat=True)]
    assert {(each["action"], each["actor"]) for each in events} == {
        ("people.end_sessions", f"person:{operator.pk}"),
        ("people.remove_passkeys", f"person:{operator.pk}"),
    }


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nobody@site.org"], "There is no account"),
        (["osei@site.org", "--remove"], "Name an operator"),
        (["osei@site.org", "--remove", "--operator", "osei@site.org"], "Name an operator"),
        (["one@site.org", "--remove", "--operator", "one@site.org"], "Ask another operator"),
    ],
)
def test_what_is_not_allowed_is_said(
    people: tuple[User, User], words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["passkeys", *words]) == 2
    assert sentence in capsys.readouterr().err
    assert Authenticator.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"remove": False, "operator": "", "json": False}, []),
        ({"remove": True, "operator": "a@b.org", "json": True}, ["--operator", "a@b.org", "--remove", "--json"]),
    ],
)
def test_outside_it_goes_into_the_site_s_database(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, object], words: list[str]
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(passkeys, "inside", lambda: False)
    monkeypatch.setattr(passkeys, "again", lambda words, *, demo: asked.append((words, demo)) or 0)
    assert passkeys.run(Namespace(email="x@site.org", demo=True, **given)) == 0
    assert asked == [(["passkeys", "x@site.org", *words], True)]
    assert database.again is not passkeys.again
