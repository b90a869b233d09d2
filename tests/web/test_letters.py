import datetime as dt
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django.fixtures import Settings
from tests.post.conftest import clear_queue

from confrere.people.models import Programme
from confrere.people.roles import Role
from confrere.post import carrier, servers
from confrere.post.actions import digest, send
from confrere.post.models import Letter, State
from confrere.vault.refusals import Refusal

pytestmark = pytest.mark.usefixtures("quiet_post")
NOW = dt.datetime(2026, 3, 3, 17, 30, tzinfo=dt.UTC)


@pytest.fixture
def quiet_post(db: None) -> None:
    clear_queue()


def worker_lives() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")


class TestOperators:
    """Whether letters leave, on the home page and on a page of its own."""

    def test_a_dead_worker_is_the_first_thing_they_read(
        self, programme: Callable[[str], Programme], member: Callable[..., Client]
    ) -> None:
        operator = member(programme("a"), roles=(Role.OPERATOR,))
        page = operator.get("/p/a/").text
        assert "The worker is down" in page
        assert 'href="/p/a/letters/"' in page
        assert "The worker is down" in operator.get("/p/a/letters/").text

    def test_late_letters_are_counted(
        self, programme: Callable[[str], Programme], member: Callable[..., Client]
    ) -> None:
        operator = member(programme("a"), roles=(Role.OPERATOR,))
        worker_lives()
        assert "Letters do not leave" not in operator.get("/p/a/").text
        for minutes in (0, 16, 17):
            then = timezone.now() - dt.timedelta(minutes=minutes)
            send(to="a@example.org", subject="s", body="b", event=f"{minutes}", programme=None, now=then)
        assert "2 letters have waited" in operator.get("/p/a/").text
        page = operator.get("/p/a/letters/").text
        assert "The worker runs" in page
        assert "3 letters wait to be sent." in page
        assert "a@example.org" not in page

    def test_when_all_is_well_they_read_that_too(
        self, programme: Callable[[str], Programme], member: Callable[..., Client]
    ) -> None:
        operator = member(programme("a"), roles=(Role.OPERATOR,))
        worker_lives()
        assert "The worker runs, and no letter waits." in operator.get("/p/a/").text
        now = timezone.now()
        for event in ("one", "two"):
            send(to="a@example.org", subject="s", body="b", event=event, programme=None, now=now)
        gone = {"state": State.GIVEN_UP, "ended_at": now, "to": "", "subject": "", "body": ""}
        Letter.objects.filter(event_digest=digest("two")).update(**gone)
        page = operator.get("/p/a/").text
        assert "The worker runs; 1 letter waits for its turn. 1 letter of the last 7 days" in page
        assert "Letters do not leave" not in page

    def test_others_are_not_troubled_with_it(
        self, programme: Callable[[str], Programme], member: Callable[..., Client]
    ) -> None:
        assert "The worker is down" not in member(programme("a")).get("/p/a/").text


class TestDemo:
    """The letters of simulated people lie open; there is no such page anywhere else."""

    @pytest.fixture
    def folder(self, tmp_path: Path, settings: Settings) -> Path:
        settings.MAILERS = servers.mailers(tmp_path.as_uri())
        settings.HOST, settings.ALLOWED_HOSTS = "localhost", ["localhost"]
        for name in ("osei", "kim"):
            carrier.carry(
                to=f"{name}@example.org", subject=f"For {name}", body="A\n", message_id=f"<{name}@x>", written_at=NOW
            )
        return tmp_path

    def read(self, query: str = "") -> str:
        letters = import_module("confrere.web.demo.letters").letters
        request = RequestFactory(headers={"host": "localhost"}).get(f"/demo/letters/{query}")
        request.session = Client().session
        request.user = import_module("django.contrib.auth.models").AnonymousUser()
        return letters(request).content.decode()  # type: ignore[no-any-return]  # a page

    def test_everyone_reads_every_letter(
        self, folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.DEMO = True
        monkeypatch.setattr("confrere.vault.origin.simulated", lambda: True)
        assert "For osei" in self.read()
        assert "For kim" in self.read()
        assert "For osei" not in self.read("?to=kim@example.org")
        assert "Show all" in self.read("?to=kim@example.org")
        for file in folder.iterdir():
            file.unlink()
        assert "No letters yet" in self.read()

    @pytest.mark.parametrize("missing", ["demo", "mark", "folder"])
    def test_elsewhere_there_is_nothing(
        self, folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, missing: str
    ) -> None:
        settings.DEMO = missing != "demo"
        monkeypatch.setattr("confrere.vault.origin.simulated", lambda: missing != "mark")
        if missing == "folder":
            settings.MAILERS = servers.mailers("smtp://127.0.0.1")
        with pytest.raises(Refusal) as refused:
            self.read()
        assert refused.value.status == 404

    def test_its_address_exists_in_the_demo_only(self) -> None:
        assert Client().get("/demo/letters/").status_code == 404
