import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from tests.people.sign_in.steps import account, by_code, signed_in

from confrere.people import sessions
from confrere.people.models import User

pytestmark = pytest.mark.django_db


class TestSessions:
    def sign_in(self) -> Client:
        account()
        client = Client()
        by_code(client)
        return client

    def set(self, client: Client, **seconds_ago: int) -> None:
        session = client.session
        for name, ago in seconds_ago.items():
            session[f"people.{name}"] = timezone.now().timestamp() - ago
        session.save()

    @pytest.mark.parametrize(
        ("idle", "age", "lives"),
        [(3590, 3600, True), (3601, 3700, False), (10, 86390, True), (10, 86401, False)],
    )
    def test_a_session_ends_after_an_idle_hour_and_after_a_day(self, idle: int, age: int, lives: bool) -> None:
        client = self.sign_in()
        self.set(client, used=idle, began=age)
        assert client.get("/me/").status_code == (200 if lives else 302)
        assert signed_in(client) == lives

    def test_a_session_that_never_began_is_over(self) -> None:
        client = self.sign_in()
        session = client.session
        del session[sessions.BEGAN]
        session.save()
        assert client.get("/me/").status_code == 302

    def test_use_is_remembered_to_the_minute(self) -> None:
        client = self.sign_in()
        self.set(client, used=59)
        before = client.session[sessions.USED]
        client.get("/me/")
        assert client.session[sessions.USED] == before
        self.set(client, used=61)
        client.get("/me/")
        assert client.session[sessions.USED] > before

    def test_signing_out_ends_the_session_for_whoever_kept_the_cookie(self) -> None:
        client, thief = self.sign_in(), Client()
        thief.cookies = client.cookies.copy()  # type: ignore[assignment]  # a plain copy
        client.post("/accounts/logout/")
        assert thief.get("/me/").status_code == 302

    def test_signing_out_everywhere_ends_every_session(self) -> None:
        client = self.sign_in()
        other = Client()
        by_code(other)
        assert other.get("/me/").status_code == 200
        assert client.get("/accounts/everywhere/").status_code == 405
        assert client.post("/accounts/everywhere/").status_code == 302
        assert (client.get("/me/").status_code, other.get("/me/").status_code) == (302, 302)

    def test_a_closed_account_is_out_at_the_next_request(self) -> None:
        client = self.sign_in()
        User.objects.update(is_active=False)
        assert client.get("/me/").status_code == 302

    def test_nothing_but_the_session_table_knows_the_hour(self) -> None:
        self.sign_in()
        assert Session.objects.count() == 1
        assert User.objects.get().last_seen_on == timezone.now().date()
