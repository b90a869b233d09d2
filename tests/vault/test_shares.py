"""The server's half of a workbook's lock: made once, read, destroyed for ever; never older than what was saved."""

import subprocess
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from confrere.vault import keys
from confrere.vault.shares import Shares

NUMBER = UUID("00000000-0000-4000-8000-000000000001")


def test_a_share_is_32_octets_and_stays_the_same(tmp_path: Path) -> None:
    store = Shares(tmp_path / "shares")
    made = store.make(NUMBER)
    assert len(made) == 32
    assert store.make(NUMBER) == made
    assert store.read(NUMBER) == made
    assert store.make(uuid4()) != made


def test_a_destroyed_share_is_gone_and_destroying_it_again_does_nothing(tmp_path: Path) -> None:
    store = Shares(tmp_path)
    made = store.make(NUMBER)
    store.note(NUMBER, 3)
    store.destroy(NUMBER)
    store.destroy(NUMBER)
    assert store.read(NUMBER) is None
    assert [file.name for file in tmp_path.iterdir()] == ["CACHEDIR.TAG"]
    assert store.version(NUMBER) == 0
    assert made.hex() not in (tmp_path / "CACHEDIR.TAG").read_text()


def test_the_newest_version_is_remembered_and_never_an_older_one(tmp_path: Path) -> None:
    store = Shares(tmp_path)
    store.make(NUMBER)
    assert store.version(NUMBER) == 0
    for version in (1, 4, 2):
        store.note(NUMBER, version)
    assert store.version(NUMBER) == 4
    assert sorted(file.suffix for file in tmp_path.glob("workbook-*")) == [".key", ".version"]


def test_nothing_is_remembered_of_a_workbook_whose_share_is_gone(tmp_path: Path) -> None:
    Shares(tmp_path).note(NUMBER, 3)
    assert list(tmp_path.iterdir()) == []


def test_its_keeper_says_that_it_is_never_backed_up() -> None:
    keeper = keys.keeper_of(f"workbook-{NUMBER}")
    assert not keeper.backed_up
    assert keeper.by_whom.startswith("nobody")


def test_a_backup_of_the_whole_directory_leaves_the_shares_out(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text("name = 'x'")
    Shares(tmp_path / "shares").make(NUMBER)
    backup = tmp_path.parent / f"{tmp_path.name}.tar"
    subprocess.run(["tar", "--exclude-caches", "-cf", backup, "-C", tmp_path, "."], check=True)
    names = subprocess.run(["tar", "-tf", backup], check=True, capture_output=True, text=True).stdout.split()
    assert sorted(names) == ["./", "./shares/", "./shares/CACHEDIR.TAG", "./site.toml"]


def test_a_share_that_others_may_read_is_refused(tmp_path: Path) -> None:
    store = Shares(tmp_path)
    store.make(NUMBER)
    (tmp_path / f"workbook-{NUMBER}.key").chmod(0o644)
    with pytest.raises(keys.KeyTrouble, match="Others can open"):
        store.read(NUMBER)
