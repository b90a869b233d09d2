"""Files of registers into the database: streamed, a piece at a time, taken up again where a killed import stopped."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import batched
from pathlib import Path
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from confrere.people.models import Exclusion, Licence, Listed, RegisterFile, Taxonomy
from confrere.people.queries import registers as found
from confrere.people.registers import entries, reading
from confrere.people.registers.entries import Read, Register
from confrere.people.registers.mapped import MappedRegister
from confrere.people.registers.names import Name, folded
from confrere.people.registers.united_states import Leie, Nppes, Nucc, Sam
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal

#: Rows that lie in memory at once, and that one transaction writes.
PIECE: Final = 5000

type Row = tuple[object, ...]
type Told = Callable[[int], None]

#: kind → table, columns, and what makes a row the same one in a later file (none: rows are only added).
_TABLES: Final[dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]]] = {
    "physicians": (
        Listed._meta.db_table,
        ("register", "number", "entity", "active", "names", "fields", "file"),
        ("register", "number"),
    ),
    "licences": (
        Licence._meta.db_table,
        ("register", "jurisdiction", "number", "names", "status", "expires_on", "file"),
        ("jurisdiction", "number"),
    ),
    "exclusions": (
        Exclusion._meta.db_table,
        ("register", "number", "folded", "state", "excluded_on", "reinstated_on", "file"),
        (),
    ),
    "codes": (Taxonomy._meta.db_table, ("code", "grouping", "title", "file"), ("code",)),
}


def _silently(rows: int) -> None:
    """Nobody watches."""


def import_file(
    *,
    path: Path,
    register: Register,
    as_of: date,
    now: datetime,
    actor: Actor,
    tell: Told = _silently,
    piece: int = PIECE,
) -> RegisterFile:
    """Read a file into the database; what is there of it already is not read twice.

    as_of: until which day the file holds. tell: called with the rows done after each piece. Raises `Refusal` (422)
    for a file that is no such file, is damaged, or is older than what is here. Memory: one piece, whatever its size.
    """
    if as_of > now.date():
        raise Refusal(_("A file cannot hold until a day that has not come yet."), status=422)
    file = _begun(path=path, register=register, as_of=as_of, now=now)
    if file.done and as_of <= file.as_of:
        return file
    file.as_of = max(as_of, file.as_of)  # the same words again, and they still hold
    rows = reading.entries(path, register)
    for part in batched(_behind(rows, file.rows), piece):
        _write(file, part)
        tell(file.rows)
    _finish(file, actor=actor, now=now)
    return file


def kind_of(register: Register) -> str:
    """What a register lists, as `RegisterFile.Kind`."""
    match register:
        case MappedRegister(kind=kind):
            return kind
        case Leie() | Sam():
            return "exclusions"
        case Nucc():
            return "codes"
        case _:
            return "physicians"


def _begun(*, path: Path, register: Register, as_of: date, now: datetime) -> RegisterFile:
    """The row of this very file, or a new one."""
    newest = found.newest(register.slug)
    file, new = RegisterFile.objects.get_or_create(
        register=register.slug,
        sha256=reading.sha256(path),
        defaults={
            "kind": kind_of(register),
            "jurisdiction": getattr(register, "jurisdiction", ""),
            "whole": register.whole and path.suffix.lower() != ".json",
            "changes": isinstance(register, Nppes) and path.suffix.lower() != ".json",
            "as_of": as_of,
            "read_on": now.date(),
        },
    )
    if new and newest is not None and as_of < newest:
        file.delete()
        raise Refusal(
            _("There is a file of “%(register)s” from %(day)s here already, and this one is older.")
            % {"register": register.slug, "day": newest.isoformat()},
            status=422,
        )
    return file


def _behind(rows: Iterable[tuple[int, Read]], done: int) -> Iterator[tuple[int, Read]]:
    return (each for each in rows if each[0] > done)


@transaction.atomic
def _write(file: RegisterFile, part: Sequence[tuple[int, Read]]) -> None:
    """One piece and the place at which reading goes on, in one transaction."""
    table, columns, key = _TABLES[file.kind]
    written = [_row(each, file) for _number, each in part]
    if key:  # the last of several rows about one number counts, as it would in pieces of their own
        places = [columns.index(name) for name in key]
        written = list({tuple(row[place] for place in places): row for row in written}.values())
    _copy(table, columns, key, written)
    file.rows = part[-1][0]
    file.save(update_fields=["rows"])


def _row(each: Read, file: RegisterFile) -> Row:
    match each:
        case entries.Entry():
            names = json.dumps([_name(one) for one in (each.name, *each.other_names)])
            fields = json.dumps([[one.code, one.state, one.licence, one.primary] for one in each.fields])
            return file.register, each.number[:32], each.entity, each.active, names, fields, file.pk
        case entries.Licence():
            names = json.dumps([_name(each.name)])
            number = each.number.upper()[:32]
            return file.register, each.jurisdiction, number, names, each.status, each.expires_on, file.pk
        case entries.Exclusion():
            key = folded(f"{each.name.given} {each.name.family}")[:300]
            ends = each.excluded_on, each.reinstated_on
            return file.register, each.number[:32], key, each.state[:8], *ends, file.pk
        case _:
            return each.code[:16], each.grouping[:200], each.title[:300], file.pk


def _name(name: Name) -> list[str]:
    return [name.family[:100], name.given[:100], name.middle[:100]]


def _copy(table: str, columns: Sequence[str], key: Sequence[str], rows: Iterable[Row]) -> None:
    """COPY into a passing table, then into the real one, where a later row replaces an earlier one."""
    listed = ", ".join(columns)
    replaced = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    conflict = f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {replaced}" if key else ""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE piece ON COMMIT DROP AS SELECT {listed} FROM {table} WITH NO DATA")  # noqa: S608  # names of ours
        with cursor.copy(f"COPY piece ({listed}) FROM STDIN") as stream:
            for row in rows:
                stream.write_row(row)
        cursor.execute(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM piece {conflict}")  # noqa: S608  # names of ours
        cursor.execute("DROP TABLE piece")


@transaction.atomic
def _finish(file: RegisterFile, *, actor: Actor, now: datetime) -> None:
    """The file counts from now on; of a whole one, what it no longer holds is gone."""
    if file.whole:
        _forget(file)
    file.done = True
    file.save(update_fields=["done", "as_of"])
    audit.record(
        action="people.import_register",
        actor=actor,
        about=f"register:{file.register}",
        programme=None,
        kept_as=kept.REGISTER,
        now=now,
        details={"file": file.pk, "sha256": file.sha256, "as_of": file.as_of.isoformat(), "rows": file.rows},
    )


def _forget(file: RegisterFile) -> None:
    """Numbers stay, without being active: “deactivated” and “never given out” are two sentences."""
    if file.kind == "physicians":
        Listed.objects.filter(register=file.register).exclude(file=file.pk).update(active=False)
        return
    model = {"licences": Licence, "exclusions": Exclusion, "codes": Taxonomy}[file.kind]
    rows = model._default_manager.exclude(file=file.pk)
    if model is not Taxonomy:
        rows = rows.filter(register=file.register)
    rows.delete()
