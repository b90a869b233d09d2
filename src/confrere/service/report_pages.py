"""A yearly report as pages: the same tables, style and files as a trial's report, and what it cannot say."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from confrere.analysis.report import Report, Section
from confrere.science.tables import Cell, Column, Interval, Number, Row, Spread, Table, Words
from confrere.service.states import SMALLEST

#: Stands beside every change, wherever it is shown.
NO_CONTROL = "No control: a change is not an effect."


def report(found: Mapping[str, Any]) -> Report:
    """The report of what `make_report` kept."""
    return Report(
        title=found["title"],
        sections=(_people(found), _delivered(found), _changed(found)),
        methods=_methods(found),
    )


def _people(found: Mapping[str, Any]) -> Section:
    stand = found["standings"]
    rows = [
        (_("Asked for a place"), stand["asked"]),
        (_("Have a place or had one to its end"), stand["taken"] + stand["done"]),
        (_("Wait for a place, or were offered one"), stand["waiting"] + stand["offered"]),
        (_("Let an offer lapse, left the line or left coaching"), stand["lapsed"] + stand["left"]),
        (_("Places that the coach hours carry"), stand["seats"]),
    ]
    sentence = _("From %(since)s to %(until)s, %(asked)s asked for a place.") % {
        "since": found["opened_on"],
        "until": found["made_on"],
        "asked": _few(stand["asked"]),
    }
    return Section(_("Who came"), (sentence,), (), (_counts("people", _("Who came"), rows),), ())


def _delivered(found: Mapping[str, Any]) -> Section:
    given = found["delivery"]
    rows: list[tuple[str, int | float]] = [
        (_("People whose coaching was opened"), given["people"]),
        (_("Had a first session"), given["started"]),
        (_("Sessions granted"), given["granted"]),
        (_("Sessions held"), given["held"]),
    ]
    table = _counts("delivered", _("Delivered against the plan"), rows)
    hours = _("%(hours)s hours of coaching were held.") % {"hours": round(given["hours"], 1)}
    note = _("Of a session it is only known that it took place: no date, no coach, no word.")
    shown = given["started"] == 0 or given["started"] >= SMALLEST
    return Section(_("What was delivered"), (hours,) if shown else (), (), (table,), (note,))


def _changed(found: Mapping[str, Any]) -> Section:
    changes = found["changes"]
    if not changes:
        why = (
            _("Fewer than five people have answered both times, so nothing is shown.")
            if found["asks"]
            else _("This service asks no questions before and after.")
        )
        return Section(_("Before and after"), (why,), (), (), ())
    table = Table(
        name="changes",
        title=_("Before and after, the same people"),
        stub=_("Score"),
        columns=(
            Column("n"),
            Column(_("Before, mean (SD)")),
            Column(_("After, mean (SD)")),
            Column(_("Change (95% CI)")),
        ),
        rows=tuple(Row(one["title"], _cells(one["change"])) for one in changes),
        notes=(NO_CONTROL, *(_better(one) for one in changes)),
    )
    return Section(_("Before and after"), (NO_CONTROL,), (), (table,), _beware())


def _cells(moved: Mapping[str, Any]) -> tuple[Cell, ...]:
    first, second = moved["before"], moved["after"]
    return (
        Number(moved["n"], 0),
        Spread(first["mean"], first["sd"]),
        Spread(second["mean"], second["sd"]),
        Interval(moved["estimate"], moved["lower"], moved["upper"]),
    )


def _better(one: Mapping[str, Any]) -> str:
    words = _("lower is better") if one["better"] == "lower" else _("higher is better")
    return f"{one['title']}: {words}."


def _counts(name: str, title: str, rows: list[tuple[str, Any]]) -> Table:
    return Table(
        name=name,
        title=title,
        stub=_("What"),
        columns=(Column(_("Number")),),
        rows=tuple(Row(label, (Words(_few(count)),)) for label, count in rows),
        notes=(_("Counts from one to four are not printed."),),
    )


def _few(count: int) -> str:
    return str(count) if count == 0 or count >= SMALLEST else _("fewer than 5")


def _beware() -> tuple[str, ...]:
    return (
        _("People ask for coaching when they feel worst; many would feel better later without it."),
        _("Whoever answers twice may differ from whoever does not."),
        _("Seasons, rotas and other programmes changed at the same time. A trial with a control can tell these apart."),
    )


def _methods(found: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        _("Computed on %(day)s and kept as it was.") % {"day": found["made_on"]},
        _("Change: mean of the differences within persons, with Student's 95% interval; people with both answers."),
        _("Answers are counted in whole steps of five people, in the order of their second answer."),
    )
