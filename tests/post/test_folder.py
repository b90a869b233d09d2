import datetime as dt
from pathlib import Path

from pytest_django.fixtures import Settings

from confrere.post import carrier, folder, servers

NOW = dt.datetime(2026, 3, 3, 17, 30, tzinfo=dt.UTC)


def put(name: str, *, at: dt.datetime) -> None:
    carrier.carry(to="a@example.org", subject=f"Grüße {name}", body="Hello.\n", message_id=f"<{name}@x>", written_at=at)


def test_letters_lie_in_the_folder_newest_first(tmp_path: Path, settings: Settings) -> None:
    settings.MAILERS = servers.mailers(f"file://{tmp_path}/letters")
    assert folder.newest(tmp_path / "letters", most=9) == []
    put("one", at=NOW)
    put("two", at=NOW + dt.timedelta(hours=1))
    put("two", at=NOW + dt.timedelta(hours=1))
    assert [letter.subject for letter in folder.newest(tmp_path / "letters", most=9)] == ["Grüße two", "Grüße one"]
    assert folder.newest(tmp_path / "letters", most=1) == [
        folder.Delivered(
            to="a@example.org", subject="Grüße two", body="Hello.\n", written_at=NOW + dt.timedelta(hours=1)
        )
    ]
