"""Making a cluster's files: whole or not at all, and open to nobody but its users."""

import os
import pwd
import shutil
import tempfile
from pathlib import Path

from confrere.web.postgres.account import Account
from confrere.web.postgres.binaries import Binaries
from confrere.web.postgres.errors import PostgresError
from confrere.web.postgres.roles import LOGIN_ROLES, SUPERUSER

BUILTIN_LOCALE_SINCE = 17
MAP = "confrere"


def make_cluster(cluster: Path, binaries: Binaries, account: Account) -> None:
    """Run initdb into a temporary directory, then rename it; an existing cluster is checked and kept.

    Raises `PostgresError` if initdb fails or the cluster belongs to another major version.
    """
    if cluster.is_dir():
        check_version(cluster, binaries)
        return
    for draft in cluster.parent.glob(".making-*"):  # of a start that was killed
        shutil.rmtree(draft)
    draft = Path(tempfile.mkdtemp(prefix=".making-", dir=cluster.parent))
    account.own(draft)
    try:
        answer = account.run([binaries.program("initdb"), "-D", draft, *options(binaries)])
    except PermissionError as error:
        shutil.rmtree(draft)
        raise out_of_reach(cluster, account) from error
    if answer.returncode != 0:
        shutil.rmtree(draft)
        if "ermission denied" in answer.stderr:
            raise out_of_reach(cluster, account)
        raise PostgresError(f"The database could not be made:\n{answer.stderr.strip()}")
    draft.rename(cluster)


def out_of_reach(cluster: Path, account: Account) -> PostgresError:
    """The usual reason why initdb fails as root."""
    return PostgresError(
        f"The server runs as the account “{account.name}”, which may not enter {cluster.parent}. "
        "Set CONFRERE_DATA to a directory that others may enter, such as /var/lib/confrere."
    )


def options(binaries: Binaries) -> list[str]:
    """Checksums on; UTF-8; an order of names that no update of the operating system changes."""
    fixed = [
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--data-checksums",
        "--auth-local=peer",
        "--auth-host=reject",
    ]
    if binaries.major < BUILTIN_LOCALE_SINCE:
        return fixed
    return [*fixed, "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]


def check_version(cluster: Path, binaries: Binaries) -> None:
    """A cluster can only be opened by the major version that made it."""
    made_by = (cluster / "PG_VERSION").read_text().strip()
    if made_by != str(binaries.major):
        raise PostgresError(
            f"{cluster} was made by PostgreSQL {made_by}, but {binaries.directory} holds version "
            f"{binaries.version}. Name a directory with version {made_by} in CONFRERE_PG_BIN."
        )


def write_access_files(cluster: Path, account: Account) -> None:
    """Let exactly two operating-system users in, as our roles only: the server's account and ourselves.

    The kernel says who is at the other end of a Unix socket; nobody else becomes a role.
    """
    users = sorted({account.name, pwd.getpwuid(os.geteuid()).pw_name})
    idents = [f'{MAP} "{user}" "{role}"' for user in users for role in LOGIN_ROLES]
    access = [f"local all all peer map={MAP}", f"local replication {SUPERUSER} peer map={MAP}"]
    for name, lines in (("pg_ident.conf", idents), ("pg_hba.conf", access)):
        file = cluster / name
        file.write_text("\n".join(lines) + "\n")
        file.chmod(0o600)
        account.own(file)
