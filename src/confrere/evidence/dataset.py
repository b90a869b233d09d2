"""Participants and scores to one long CSV file: the only shape in which data leave for analysis."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan


@dataclass(frozen=True, slots=True)
class Member:
    """A randomized participant under the study id, with what analysis sets and covariates ask about.

    facts: strata and set columns by name (`sessions`, `answered_month3`, …), the same names for everybody.
    """

    study_id: str
    arm: str
    facts: Mapping[str, str | int]


def to_csv(
    *, members: Sequence[Member], waves: Mapping[str, Mapping[str, Mapping[str, float]]], outcomes: Sequence[str]
) -> bytes:
    """One row for each member and answered wave, in the order of study ids and of the waves; UTF-8, `\\n`.

    waves: wave → study id → score → value. A missing score is an empty cell; a member who answered no wave has one
    row at the first wave with empty scores, so that everybody who was randomized is in the file.
    """
    ordered = sorted(members, key=lambda member: member.study_id)
    facts = list(ordered[0].facts) if ordered else []
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "arm", *facts, "time", *outcomes])
    for member in ordered:
        answered = [wave for wave in waves if member.study_id in waves[wave]] or [next(iter(waves))]
        for wave in answered:
            scores = waves[wave].get(member.study_id, {})
            writer.writerow(
                [member.study_id, member.arm, *(member.facts[name] for name in facts), wave]
                + [_cell(scores.get(name)) for name in outcomes]
            )
    return out.getvalue().encode()


def _cell(value: float | None) -> str:
    """A number as Python prints it, which reads back to the same one; empty where it is missing."""
    return "" if value is None or isnan(value) else repr(value)
