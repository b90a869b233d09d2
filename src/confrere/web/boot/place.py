"""Where a site's data lie, and the few things that are said about it when it is made."""

import json
import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import confrere
from confrere.web.boot.errors import BootError

SETTINGS = "confrere.web.settings"
FILE = "site.toml"

#: What a simulated site says where a real one names people to turn to: numbers that ring nowhere.
SIMULATED = {
    "CONFRERE_CONSULTATION_PHONE": "555-0142",
    "CONFRERE_CONSULTATION_HOURS": "Simulated: Tuesdays and Thursdays, noon to two",
    "CONFRERE_CONSULTATION_MAIL": "questions@example.org",
    "CONFRERE_PHYSICIAN_HEALTH": "Simulated state programme: 555-0110",
    "CONFRERE_EMPLOYEE_ASSISTANCE": "Simulated employee assistance: 555-0111",
    "CONFRERE_HELP_NUMBERS": "Simulated night line: 555-0112",
}


@dataclass(frozen=True, slots=True)
class Site:
    """One installation: its directory, its name, and the address that browsers know it by.

    `simulated`: its people are made up, it is bound to this machine, and its letters go to a folder.
    """

    data: Path
    name: str
    origin: str
    simulated: bool = False

    @property
    def host(self) -> str:
        """The host name in the address."""
        return urlsplit(self.origin).hostname or ""


def data_directory(environ: Mapping[str, str] | None = None, *, uid: int | None = None) -> Path:
    """`CONFRERE_DATA`; else for root a folder of the system, for others one in their data home."""
    environ = os.environ if environ is None else environ
    if environ.get("CONFRERE_DATA"):
        return Path(environ["CONFRERE_DATA"]).absolute()
    if (os.geteuid() if uid is None else uid) == 0:
        return Path("/var/lib/confrere")
    home = environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path("~/.local/share").expanduser()) / "confrere"


def save_site(site: Site) -> None:
    """Write what was said about the site; refuses a second time, so that nothing is overwritten."""
    text = f"name = {json.dumps(site.name)}\norigin = {json.dumps(site.origin)}\n"
    try:
        with (site.data / FILE).open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise BootError(f"There is a site in {site.data} already. Nothing was changed.") from None


def load_site(data: Path) -> Site:
    """The site in a directory."""
    try:
        said = tomllib.loads((data / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BootError(f"There is no site in {data}. Make one with `confrere init`.") from None
    return Site(data=data, name=said["name"], origin=said["origin"])


def secret_key(data: Path) -> str:
    """The key that signs sessions: made once, kept in a file that only its owner reads."""
    file = data / "secret_key"
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return file.read_text()


def child_environment(site: Site, database: str, *, pool: bool = False, prepare: bool = False) -> dict[str, str]:
    """The environment of a Django process: what the caller set, and what the site needs.

    A simulated site takes nothing from the caller: it must reach no real mail server, key or database.
    prepare: the database may keep plans of statements for a connection; only where no pooler mixes connections and
        nobody changes tables meanwhile.
    """
    kept = {name: value for name, value in os.environ.items() if not (site.simulated and name.startswith("CONFRERE_"))}
    own = {
        "CONFRERE_ORIGIN": site.origin,
        "CONFRERE_HOST": site.host,
        "CONFRERE_KEYS": str(site.data / "keys"),
        "CONFRERE_SHARES": str(site.data / "shares"),
        "CONFRERE_STATIC": str(site.data / "static"),
    }
    if site.simulated:
        own |= {"CONFRERE_DEMO": "1", "CONFRERE_SMTP_URL": (site.data / "letters").as_uri(), **SIMULATED}
    if "CONFRERE_SECRET_KEY" not in kept:
        own["CONFRERE_SECRET_KEY"] = secret_key(site.data)
    source = str(Path(confrere.__file__).parents[1])
    path = os.pathsep.join(part for part in (source, kept.get("PYTHONPATH")) if part)
    return {
        **own,
        **kept,
        "CONFRERE_DATABASE": database,
        "CONFRERE_POOL": "1" if pool else "0",
        "CONFRERE_PREPARE": "1" if prepare else "0",
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "PYTHONPATH": path,
    }
