"""The demo: told once, gone on with afterwards, told anew when asked or when the code has changed."""

import json
import os
from pathlib import Path

import pytest

from confrere.web.boot import demo
from confrere.web.boot.demo import demo_site, forget, read_stamp
from confrere.web.boot.place import Site


@pytest.fixture
def data(open_directory: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("CONFRERE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CONFRERE_DATA", str(open_directory / "demo-data"))
    return open_directory / "demo-data" / "demo"


def write_stamp(data: Path, version: str) -> None:
    data.mkdir(parents=True, exist_ok=True)
    (data / "story.json").write_text(
        json.dumps({"version": version, "people": 24, "sign_ins": [["coach", "/in/coach/"]]})
    )


def test_it_lives_apart_from_any_real_site(data: Path) -> None:
    assert demo_site(8001) == Site(
        data=data, name="Simulated programme", origin="http://localhost:8001", simulated=True
    )


def test_a_story_of_another_version_or_half_told_is_not_gone_on_with(data: Path) -> None:
    site = demo_site(8000)
    write_stamp(data, "another version")
    assert read_stamp(site) is None
    write_stamp(data, demo.version())
    assert read_stamp(site, people=24) == read_stamp(site) == [("coach", "/in/coach/")]
    assert read_stamp(site, people=138) is None
    (data / "story.json").write_text("{")
    assert read_stamp(site) is None
    (data / "keys").mkdir()
    (data / "keys" / "link.key").touch()
    forget(site)
    assert read_stamp(site) is None
    assert not (data / "keys").exists()
    forget(site)
