"""From a recruitment link to an account: only who reads the mail of an address gets one."""

import datetime as dt
import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from tests.people.authenticator import Device
from tests.people.sign_in.steps import SECOND, SIGN_IN, account, by_code, enrol, mailed_code, signed_in
from tests.study import Study

from confrere.people.models import User
from confrere.post.models import Letter
from confrere.trial import queries

pytestmark = pytest.mark.django_db

CODE = "/accounts/login/newcomer/"
AMA = {"name": "Ama Osei", "email": "a.osei@example.org"}


@pytest.fixture
def link(bare: Study) -> str:
    """The recruitment link of a trial that is open now."""
    bare.open(now=timezone.now())
    return f"/join/{queries.required(bare.programme).join_token}/"


def words(page: str) -> str:
    """What a page says, without what differs in any two and without the address that was typed."""
    return re.sub(r'value="\w{64}"|nonce="[^"]+"|\S+@example\.org', "", page)


def test_no_account_is_made_before_the_code_was_entered(link: str) -> None:
    client = Client()
    assert client.post(link, AMA).headers["Location"] == CODE
    assert not User.objects.exists()
    assert "Until you enter it there is no account" in client.get(CODE).text
    assert client.post(CODE, {"code": ""}).status_code == 422
    answer = client.post(CODE, {"code": f" {mailed_code().lower()} "})
    assert answer.headers["Location"] == f"{link}consent/"
    assert signed_in(client)
    assert (User.objects.get().name, User.objects.get().email) == ("Ama Osei", "a.osei@example.org")


def test_known_and_unknown_addresses_get_the_same_page_and_the_same_letter(link: str) -> None:
    account(email="known@example.org")
    pages = []
    for email in ("known@example.org", "unknown@example.org"):
        client = Client()
        answer = client.post(link, AMA | {"email": email})
        pages.append((answer.status_code, answer.headers["Location"], words(client.get(CODE).text)))
    assert pages[0] == pages[1]
    subjects = Letter.objects.order_by("pk").values_list("to", "subject")
    assert list(subjects) == [("known@example.org", "Your code"), ("unknown@example.org", "Your code")]
    assert User.objects.get().email == "known@example.org"


def test_who_has_an_account_comes_into_it_and_keeps_its_name(link: str) -> None:
    person, client = account(), Client()
    client.post(link, AMA | {"name": "Somebody Else"})
    client.post(CODE, {"code": mailed_code()})
    assert client.session["_auth_user_id"] == str(person)
    assert User.objects.get().name == "Ama Osei"


def test_who_has_a_passkey_is_asked_for_it(link: str) -> None:
    account()
    owner = Client()
    by_code(owner)
    enrol(owner, Device())
    other = Client()
    other.post(link, AMA)
    assert other.post(CODE, {"code": mailed_code()}).headers["Location"].startswith(SECOND)
    assert not signed_in(other)


def test_three_wrong_codes_end_the_attempt(link: str) -> None:
    client = Client()
    client.post(link, AMA)
    code = mailed_code()
    pages = [client.post(CODE, {"code": "wrong"}) for _attempt in range(3)]
    assert [page.status_code for page in pages] == [422, 422, 429]
    assert "This code is not right" in pages[0].text
    assert "Follow the link of the study again" in pages[2].text
    assert client.post(CODE, {"code": code}).headers["Location"] == SIGN_IN
    assert not User.objects.exists()


def test_a_code_ends_after_ten_minutes_and_counts_in_its_own_browser(
    link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    client.post(link, AMA)
    assert Client().post(CODE, {"code": mailed_code()}).headers["Location"] == SIGN_IN
    later = timezone.now() + dt.timedelta(minutes=10, seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert client.post(CODE, {"code": mailed_code()}).headers["Location"] == SIGN_IN
    assert not User.objects.exists()


def test_the_fourth_code_for_an_address_and_the_21st_from_one_place_are_not_mailed(link: str) -> None:
    answers = [Client().post(link, AMA).status_code for _code in range(4)]
    assert answers == [302, 302, 302, 429]
    others = [Client().post(link, AMA | {"email": f"p{n}@example.org"}) for n in range(18)]
    assert [answer.status_code for answer in others[:16]] == [302] * 16
    assert others[-1].status_code == 429
    assert "Too many requests" in others[-1].text
    assert not User.objects.exists()


def test_the_session_keeps_no_code_in_clear(link: str) -> None:
    client = Client()
    client.post(link, AMA)
    kept = str(Session.objects.get(session_key=client.session.session_key).get_decoded())
    assert mailed_code() not in kept
    assert mailed_code().replace("-", "") not in kept
