"""Reading how the study is run: deviations, events, queries about values, unblindings, the board of completion."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from confrere.people.queries import at
from confrere.surveys import queries as answered
from confrere.surveys.definition import Question, Value
from confrere.trial import letters
from confrere.trial.models import AdverseEvent, DataQuery, Deviation, Place, Resources, Trial, Unblinding
from confrere.trial.queries.trials import protocol
from confrere.vault.refusals import Refusal

#: In this order the board counts; each survey is in exactly one of them.
STATES = ("later", "open", "sent", "missing", "stopped")


@dataclass(frozen=True, slots=True)
class Row:
    """One wave of the board. counts: by state, in the order of `STATES`; study_ids: state → who, in order."""

    wave: str
    title: str
    counts: tuple[int, ...]
    study_ids: dict[str, list[str]]


def board(trial: Trial, *, now: datetime, sites: frozenset[int] | None = None) -> list[Row]:
    """Each wave of the protocol with how many surveys are to come, open, sent, missing or stopped. One query."""
    found = answered.progress(programme=trial.programme_id, now=now, sites=sites)
    rows = []
    for wave in protocol(trial).waves:
        here = [one for one in found if one.wave == wave.name]
        number = Counter(one.state for one in here)
        ids = {state: [one.study_id for one in here if one.state == state] for state in STATES}
        rows.append(Row(wave.name, wave.title, tuple(number[state] for state in STATES), ids))
    return rows


def deviations(trial: Trial, sites: frozenset[int] | None = None) -> list[Deviation]:
    """What went otherwise than planned, at these sites or at every one, the newest first."""
    return list(Deviation.objects.filter(trial=trial, **at(sites)).order_by("-happened_on", "-pk"))


def adverse_events(trial: Trial, sites: frozenset[int] | None = None) -> list[AdverseEvent]:
    """What unwanted happened, at these sites or at every one, the newest first."""
    return list(AdverseEvent.objects.filter(trial=trial, **at(sites)).order_by("-happened_on", "-pk"))


def data_queries(trial: Trial, sites: frozenset[int] | None = None) -> list[DataQuery]:
    """Questions about values at these sites or at every one: open ones first, then the newest."""
    rows = list(DataQuery.objects.filter(trial=trial, **at(sites)).order_by("-pk"))
    return sorted(rows, key=lambda row: row.closed_on is not None)


def data_query(*, programme: int, number: int, sites: frozenset[int] | None = None) -> DataQuery | None:
    """One of this programme and of these sites; None alike for absent and foreign."""
    return DataQuery.objects.filter(programme_id=programme, pk=number, **at(sites)).select_related("trial").first()


def asked_value(query: DataQuery) -> tuple[Question, Value]:
    """The question that a query is about, and its value now; 404 where the answers are gone."""
    given = answered.given(programme=query.programme_id, study_id=query.study_id, wave=query.wave)
    asked = answered.asked(programme=query.programme_id, study_id=query.study_id, wave=query.wave)
    found = next((one for one in asked if one.name == query.question), None)
    if given is None or found is None:
        raise Refusal(_("The answers to this survey were taken back, so there is no value any more."), status=404)
    return found, given.get(query.question)


def unblindings(trial: Trial, sites: frozenset[int] | None = None) -> list[Unblinding]:
    """Who asked for an arm and who agreed, at these sites or at every one, the newest first."""
    return list(Unblinding.objects.filter(trial=trial, **at(sites)).order_by("-pk"))


def knows(*, trial: Trial, study_id: str, sites: frozenset[int] | None = None) -> bool:
    """Whether this study id has or had a place, at these sites or at any."""
    return Place.objects.filter(trial=trial, study_id=study_id, **at(sites)).exists()


def offered(trial: Trial) -> str:
    """What those who wait are offered: the site's own text, else what stands open to every physician."""
    found = resources(trial)
    return letters.offered() if found is None else found.text


def resources(trial: Trial) -> Resources | None:
    """The site's newest text for those who wait; None before the first."""
    return Resources.objects.filter(trial=trial).order_by("-version").first()
