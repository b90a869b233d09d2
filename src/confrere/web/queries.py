"""What the operator's commands ask about the installation."""

from dataclasses import asdict, dataclass

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from confrere.post import sender
from confrere.vault import keys
from confrere.vault.classification import append_only_tables


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, and a sentence."""

    about: str
    well: bool
    sentence: str


def findings() -> list[dict[str, object]]:
    """Everything that a look from inside can tell, as the role that serves pages."""
    return [asdict(finding) for finding in (_tables(), _append_only(), *_keys(), _shares(), _letters(), *_sender())]


def _tables() -> Finding:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return Finding("tables", False, f"Migrations are missing: {len(missing)}. `confrere serve` applies them.")
    return Finding("tables", True, "All migrations are applied.")


def _append_only() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM unnest(%s::text[]) AS name "
            "WHERE has_table_privilege(name, 'UPDATE, DELETE, TRUNCATE')",
            [sorted(append_only_tables())],
        )
        (open_tables,) = cursor.fetchone()
    if open_tables:
        return Finding("rights", False, f"The application may change {open_tables} tables that must only grow.")
    return Finding("rights", True, "The application cannot change what must only grow.")


def _keys() -> list[Finding]:
    found = []
    for name in keys.STANDING:
        keeper = keys.keeper_of(name)
        try:
            keys.store().read(name)
        except keys.KeyTrouble as trouble:
            found.append(Finding(f"key {name}", False, str(trouble)))
        else:
            found.append(Finding(f"key {name}", True, f"Kept by {keeper.by_whom}. If lost: {keeper.when_lost}."))
    return found


def _shares() -> Finding:
    """Whether the shares of workbooks lie apart from the keys, which are backed up."""
    folder, kept = settings.SHARES.absolute(), settings.KEYS.absolute()
    if kept in (folder, *folder.parents) or folder in kept.parents:
        return Finding("shares", False, f"The workbooks' shares in {folder} lie with the keys in {kept}. Part them.")
    return Finding("shares", True, f"Never back up {folder}: copies of it would open workbooks that have ended.")


def _letters() -> Finding:
    backend = settings.MAILERS["default"]["BACKEND"]
    if backend.endswith(".NoMailer"):
        return Finding("letters", False, "CONFRERE_SMTP_URL is not set: letters wait, and nobody can get a code.")
    return Finding("letters", True, "A mail server is named.")


def _sender() -> list[Finding]:
    """What other mail servers can find out about the sender, where letters really leave."""
    if not settings.MAILERS["default"]["BACKEND"].endswith(".smtp.EmailBackend"):
        return []
    found = sender.look(sender=settings.DEFAULT_FROM_EMAIL, selector=settings.DKIM_SELECTOR, server=settings.DNS_SERVER)
    return [Finding(each.about, each.well, each.sentence) for each in found]
