"""Rows leave: to a named person under the agreement they accept, or coarser and renumbered for everybody."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from confrere import analysis
from confrere.analysis import Plan, export
from confrere.evidence import queries, rules
from confrere.evidence.actions.noting import note
from confrere.evidence.models import Export, FrozenDataSet
from confrere.people.queries import Standing
from confrere.trial.actions.locking import locked
from confrere.vault import classification as kept
from confrere.vault.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows as they would become public, and the groups that are too small for it."""

    table: export.Table
    title: str
    cells: tuple[export.SmallCell, ...]
    findings: tuple[export.Finding, ...]


@transaction.atomic
def hand_out(*, standing: Standing, data_set: FrozenDataSet, now: datetime) -> None:
    """Note that someone took the frozen file away.

    Raises `Refusal` where the programme has an agreement and this person did not accept it for these rows.
    """
    rules.check_accepted(
        accepted=queries.accepted(programme=standing.programme, person=standing.person, data_set=data_set)
    )
    note("evidence.handed_out", standing, f"data set {data_set.number}", now)


@transaction.atomic
def take(*, standing: Standing, data_set: FrozenDataSet, agreed: str, purpose: str, now: datetime) -> bytes:
    """One zip with the rows in every format for the person who asks. ``agreed``: the hash of what they read.

    Raises `Refusal` without an agreement, with an old one, without a purpose, and where a cell points at a person.
    """
    current = queries.agreement(programme=standing.programme)
    rules.check_agreed(sha256=agreed, current=None if current is None else current.sha256)
    rules.check_purpose(purpose=purpose)
    assert current is not None
    plan, table = read(data_set)
    rules.check_identifiers(found=export.identifiers_in(table))
    files = export.named_package(
        table,
        title=plan.title,
        made=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        original=bytes(data_set.content),
        plan=data_set.plan.encode(),
        agreement=current.text,
        purpose=purpose.strip(),
        telephone=queries.telephone_csv(data_set),
    )
    packed = export.zipped(files)
    made = {"kind": Export.Kind.NAMED, "agreement_id": current.pk, "choices": {}}
    _record(standing, data_set, packed, now, {**made, "purpose": purpose.strip()})
    return packed


def check(*, data_set: FrozenDataSet, choices: Mapping[str, export.Choice]) -> Checked:
    """What would become public with these choices. Raises `Refusal` where a choice fits no column."""
    plan, table = read(data_set)
    try:
        coarse = export.recoded(table, choices)
    except analysis.InputError as error:
        raise Refusal(f"{error}") from None
    known = [one.name for one in coarse.variables if one.role == "arm" or _known(one.name, choices)]
    cells = export.small_cells(coarse, known, smallest=rules.SMALLEST_GROUP)
    return Checked(coarse, plan.title, cells, export.identifiers_in(coarse))


def _known(name: str, choices: Mapping[str, export.Choice]) -> bool:
    """Whether outsiders may know a column of somebody."""
    return name in choices and choices[name].known


@transaction.atomic
def publish(
    *,
    standing: Standing,
    data_set: FrozenDataSet,
    choices: Mapping[str, export.Choice],
    purpose: str,
    now: datetime,
) -> bytes:
    """One zip for everybody. Raises `Refusal` where a group is small, and where it and an earlier one single out."""
    rules.check_purpose(purpose=purpose)
    locked(standing.programme)
    checked = check(data_set=data_set, choices=choices)
    rules.check_public(cells=checked.cells)
    rules.check_identifiers(found=checked.findings)
    said = as_said(choices)
    last = queries.published(programme=standing.programme)
    if last is not None:
        rules.check_again(
            same_choices=last.choices == said,
            newcomers=queries.newcomers(data_set=data_set, since=last.data_set),
        )
    codes = sorted({f"{cell}" for cell in checked.table.column(checked.table.named("id"))})
    random.SystemRandom().shuffle(codes)
    table = export.renumbered(checked.table, codes)
    day = f"{now:%Y-%m-%d}T00:00:00Z"
    packed = export.zipped(export.public_package(table, title=checked.title, made=day, smallest=rules.SMALLEST_GROUP))
    made = {"kind": Export.Kind.PUBLIC, "choices": said, "purpose": purpose.strip()}
    _record(standing, data_set, packed, now, made)
    return packed


def read(data_set: FrozenDataSet) -> tuple[Plan, export.Table]:
    """The plan and the typed rows of a frozen data set. Raises `Refusal` where they cannot be read."""
    try:
        plan = analysis.read_plan(data_set.plan, file=f"plan-{data_set.number}.toml")
        columns = analysis.read_csv(bytes(data_set.content), file=f"data-{data_set.number}.csv")
    except analysis.InputError as error:
        raise Refusal(f"{error}") from None
    return plan, export.table_of(plan, columns)


def as_said(choices: Mapping[str, export.Choice]) -> dict[str, Any]:
    """The choices as they are kept."""
    return {
        name: {"keep": one.keep, "known": one.known, "merge": dict(sorted(one.merge.items())), "cuts": sorted(one.cuts)}
        for name, one in sorted(choices.items())
    }


def _record(standing: Standing, data_set: FrozenDataSet, packed: bytes, now: datetime, made: Mapping[str, Any]) -> None:
    """The row and the audit event of one export, in one transaction."""
    digest = sha256(packed).hexdigest()
    Export.objects.create(
        programme_id=standing.programme,
        site_id=standing.site,
        data_set=data_set,
        taker_id=standing.person,
        sha256=digest,
        made_at=now,
        **made,
    )
    about = f"data set {data_set.number}, {made['kind']}, {digest}: {made['purpose']}"
    note("evidence.exported", standing, about, now, kept_as=kept.HANDED_OUT)
