"""Where data lie, and what a process of the site is told."""

from pathlib import Path

import pytest

from confrere.web.boot import BootError
from confrere.web.boot.place import Site, child_environment, data_directory, load_site, save_site, secret_key


def site(data: Path, *, simulated: bool = False) -> Site:
    return Site(data=data, name='Mercy "North"', origin="https://coaching.mercy.org", simulated=simulated)


@pytest.mark.parametrize(
    ("environ", "uid", "place"),
    [
        ({"CONFRERE_DATA": "/srv/confrere"}, 0, "/srv/confrere"),
        ({}, 0, "/var/lib/confrere"),
        ({"XDG_DATA_HOME": "/home/a/data"}, 1000, "/home/a/data/confrere"),
        ({}, 1000, str(Path("~/.local/share/confrere").expanduser())),
    ],
)
def test_the_data_directory(environ: dict[str, str], uid: int, place: str) -> None:
    assert data_directory(environ, uid=uid) == Path(place)


def test_a_site_is_said_once_and_read_back(tmp_path: Path) -> None:
    with pytest.raises(BootError, match="Make one with `confrere init`"):
        load_site(tmp_path)
    save_site(site(tmp_path))
    assert load_site(tmp_path) == site(tmp_path)
    assert load_site(tmp_path).host == "coaching.mercy.org"
    with pytest.raises(BootError, match=r"There is a site in .* already"):
        save_site(site(tmp_path))


def test_the_secret_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    first = secret_key(tmp_path)
    assert len(first) == 64
    assert secret_key(tmp_path) == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_real_site_takes_what_the_caller_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFRERE_SMTP_URL", "smtp://mail.mercy.org")
    monkeypatch.setenv("CONFRERE_SECRET_KEY", "from a vault")
    monkeypatch.setenv("CONFRERE_KEYS", "/keys")
    environ = child_environment(site(tmp_path), "postgresql:///x", pool=True, prepare=True)
    assert environ["CONFRERE_PREPARE"] == "1"
    assert environ["CONFRERE_SMTP_URL"] == "smtp://mail.mercy.org"
    assert environ["CONFRERE_SECRET_KEY"] == "from a vault"
    assert environ["CONFRERE_KEYS"] == "/keys"
    assert (environ["CONFRERE_DATABASE"], environ["CONFRERE_POOL"]) == ("postgresql:///x", "1")
    assert (environ["CONFRERE_HOST"], environ.get("CONFRERE_DEMO")) == ("coaching.mercy.org", None)


def test_a_simulated_site_reaches_nothing_of_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFRERE_SMTP_URL", "smtp://mail.mercy.org")
    monkeypatch.setenv("CONFRERE_KEYS", "/keys")
    environ = child_environment(site(tmp_path, simulated=True), "postgresql:///x")
    assert environ["CONFRERE_PREPARE"] == "0"
    assert environ["CONFRERE_SMTP_URL"] == f"file://{tmp_path}/letters"
    assert environ["CONFRERE_KEYS"] == str(tmp_path / "keys")
    assert (environ["CONFRERE_DEMO"], environ["CONFRERE_POOL"]) == ("1", "0")
    assert environ["CONFRERE_SECRET_KEY"] == secret_key(tmp_path)
