import pytest
from django.test import Client
from django.utils import timezone
from tests.people.sign_in.steps import CODE, SIGN_IN, account, ask, mailed_code, signed_in

from confrere.people.models import User
from confrere.post.models import Letter

pytestmark = pytest.mark.django_db


class TestCode:
    def test_a_mailed_code_signs_in_once(self) -> None:
        person, client = account(), Client()
        ask(client)
        letter = Letter.objects.get()
        assert (letter.to, letter.subject) == ("a.osei@example.org", "Your code")
        code = mailed_code()
        answer = client.post(CODE, {"code": code})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")
        assert signed_in(client)
        assert User.objects.get(pk=person).last_seen_on == timezone.now().date()
        client.post("/accounts/logout/")
        assert not signed_in(client)
        assert client.post(CODE, {"code": code}).status_code == 302
        assert not signed_in(client)

    def test_a_code_counts_in_the_browser_that_asked_for_it_only(self) -> None:
        account()
        asker, other = Client(), Client()
        ask(asker)
        ask(other, "nobody@example.org")
        other.post(CODE, {"code": mailed_code()})
        assert not signed_in(other)

    def test_three_wrong_codes_end_the_attempt(self) -> None:
        account()
        client = Client()
        ask(client)
        code = mailed_code()
        for _wrong in range(3):
            client.post(CODE, {"code": "wrong"})
        client.post(CODE, {"code": code})
        assert not signed_in(client)
        assert "Too many attempts" in client.get(SIGN_IN).text

    def test_a_code_ends_after_ten_minutes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        account()
        client = Client()
        ask(client)
        import time

        later = time.time() + 601
        monkeypatch.setattr(time, "time", lambda: later)
        client.post(CODE, {"code": mailed_code()})
        assert not signed_in(client)

    def test_the_session_is_a_new_one_after_sign_in(self) -> None:
        account()
        client = Client()
        ask(client)
        before = client.session.session_key
        client.post(CODE, {"code": mailed_code()})
        assert signed_in(client)
        assert client.session.session_key != before
        thief = Client()
        thief.cookies["session"] = str(before)
        assert thief.get("/me/").status_code == 302

    def test_where_one_wanted_to_go_is_kept_unless_it_is_elsewhere(self) -> None:
        account()
        client = Client()
        ask(client, next="/me/")
        assert client.post(CODE, {"code": mailed_code(), "next": "/me/"}).headers["Location"] == "/me/"
        client.post("/accounts/logout/")
        ask(client)
        answer = client.post(CODE, {"code": mailed_code(), "next": "https://evil.example"})
        assert answer.headers["Location"] == "/"
