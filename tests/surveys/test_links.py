import threading
from pathlib import Path

import pytest

from confrere.surveys import links
from confrere.vault import keys


@pytest.mark.usefixtures("standing_keys")
def test_a_link_is_the_same_each_time_and_different_for_each_survey() -> None:
    first = links.token(programme=1, study_id="S-AAAA-AAAA", wave="baseline")
    assert first == links.token(programme=1, study_id="S-AAAA-AAAA", wave="baseline")
    others = {
        links.token(programme=2, study_id="S-AAAA-AAAA", wave="baseline"),
        links.token(programme=1, study_id="S-AAAA-AAAB", wave="baseline"),
        links.token(programme=1, study_id="S-AAAA-AAAA", wave="month3"),
    }
    assert len(others | {first}) == 4
    assert {len(token) for token in others | {first}} == {22}  # 128 bits in base64


def test_another_installation_makes_other_links(settings: object, tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        settings.KEYS = tmp_path / name  # type: ignore[attr-defined]  # pytest-django's fixture is untyped
        made.append(links.token(programme=1, study_id="S-AAAA-AAAA", wave="baseline"))
    assert made[0] != made[1]


@pytest.mark.usefixtures("standing_keys")
def test_many_at_once_make_one_key() -> None:
    start, made = threading.Barrier(8), []

    def make() -> None:
        start.wait(timeout=10)
        made.append(links.token(programme=1, study_id="S-AAAA-AAAA", wave="baseline"))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert len(made) == 8
    assert len(set(made)) == 1


@pytest.mark.usefixtures("standing_keys")
def test_a_key_that_appears_in_between_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    first = links.token(programme=1, study_id="S-AAAA-AAAA", wave="baseline")
    seen = iter([False])
    monkeypatch.setattr(keys.Folder, "exists", lambda _self, _name: next(seen))
    assert links.token(programme=1, study_id="S-AAAA-AAAA", wave="baseline") == first


def test_the_key_of_links_has_its_keeper() -> None:
    assert keys.keeper_of(links.KEY).backed_up
