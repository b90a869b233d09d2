"""Where a server answers."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from psycopg.conninfo import make_conninfo


@dataclass(frozen=True)
class Address:
    """A server on a private Unix socket: `<directory>/.s.PGSQL.<port>`."""

    directory: Path
    port: int = 5432

    @property
    def socket(self) -> Path:
        """The socket file itself."""
        return self.directory / f".s.PGSQL.{self.port}"

    def conninfo(self, *, role: str, database: str) -> str:
        """The libpq connection string for a role and a database."""
        return make_conninfo(host=str(self.directory), port=self.port, user=role, dbname=database)

    def url(self, *, role: str, database: str) -> str:
        """The same as a `postgresql://` address, for an environment variable."""
        host = quote(str(self.directory), safe="")
        return f"postgresql://{quote(role, safe='')}@{host}:{self.port}/{quote(database, safe='')}"
