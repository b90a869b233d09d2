import stat
import threading
from pathlib import Path

import pytest
from pytest_django import Settings

from confrere.vault import keys


def refusal_of(read: Path, name: str = "link") -> str:
    with pytest.raises(keys.KeyTrouble) as caught:
        keys.Folder(read).read(name)
    return str(caught.value)


def test_a_key_is_32_bytes_in_a_file_that_only_its_user_opens(tmp_path: Path) -> None:
    store = keys.Folder(tmp_path / "keys")
    made = store.create("link")
    assert len(made) == 32
    assert store.read("link") == made
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "keys" / "link.key").stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["link.key"]


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    store = keys.Folder(tmp_path)
    made = store.create("link")
    with pytest.raises(keys.KeyTrouble, match="never overwritten"):
        store.create("link")
    assert store.read("link") == made
    assert [file.name for file in tmp_path.iterdir()] == ["link.key"]


def test_of_many_makers_at_once_one_makes_the_key(tmp_path: Path) -> None:
    store = keys.Folder(tmp_path)
    start = threading.Barrier(8)
    made: list[bytes] = []

    def make() -> None:
        start.wait(timeout=10)
        try:
            made.append(store.create("link"))
        except keys.KeyTrouble:
            return

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert made == [store.read("link")]


def test_whether_there_is_a_key(tmp_path: Path) -> None:
    store = keys.Folder(tmp_path)
    assert not store.exists("allocation-kiser")
    store.create("allocation-kiser")
    assert store.exists("allocation-kiser")


def test_what_is_wrong_with_a_key_is_said_in_words(tmp_path: Path) -> None:
    assert "Put it back from the copy of its keepers" in refusal_of(tmp_path)
    file = tmp_path / "link.key"
    file.write_text("00" * 32)
    file.chmod(0o640)
    assert f"chmod 600 {file}" in refusal_of(tmp_path)
    file.chmod(0o600)
    file.write_text("not hexadecimal")
    assert "64 hexadecimal digits" in refusal_of(tmp_path)
    file.write_bytes(b"\xff\xfe")
    assert "cannot be read (UnicodeDecodeError)" in refusal_of(tmp_path)


@pytest.mark.parametrize("name", ["", "../link", "Link", "a--b", "-a", "a-", "a b", "link.key"])
def test_a_name_that_could_leave_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    assert "is no name of a key" in refusal_of(tmp_path, name)


def test_the_store_of_the_installation_is_its_key_folder(settings: Settings, tmp_path: Path) -> None:
    settings.KEYS = tmp_path
    keys.store().create("signing")
    assert (tmp_path / "signing.key").is_file()


def test_every_standing_key_has_a_keeper_who_backs_it_up(tmp_path: Path) -> None:
    assert keys.create_standing_keys(keys.Folder(tmp_path)) == ("link", "blind", "signing")
    assert [keys.keeper_of(name).backed_up for name in keys.STANDING] == [True, True, True]
    assert keys.keeper_of("allocation-kiser-2024").by_whom.startswith("the statistician")
    with pytest.raises(keys.KeyTrouble, match="Nobody is named as keeper"):
        keys.keeper_of("letters")


def test_standing_keys_are_made_once_and_never_half(tmp_path: Path) -> None:
    store = keys.Folder(tmp_path)
    store.create("signing")
    with pytest.raises(keys.KeyTrouble, match="has its keys"):
        keys.create_standing_keys(store)
    assert [file.name for file in tmp_path.iterdir()] == ["signing.key"]


def test_a_destroyed_key_is_gone_and_its_name_is_free(tmp_path: Path) -> None:
    store = keys.Folder(tmp_path)
    made = store.create("pulse-1")
    store.destroy("pulse-1")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(keys.KeyTrouble, match="is not in"):
        store.destroy("pulse-1")
    assert store.create("pulse-1") != made
    assert not keys.keeper_of("pulse-1").backed_up
