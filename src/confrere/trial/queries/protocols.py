"""Reading the versions of a protocol, the log of changes after the lock, and the board's papers."""

import itertools
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from confrere.analysis.errors import InputError
from confrere.trial.models import ProtocolVersion, ReportedEvent, StampedConsent, Trial, TrialState, VersionKind
from confrere.trial.protocol import Change, load_protocol, values
from confrere.trial.queries.trials import of_programme, protocol
from confrere.vault.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Problem:
    """The first thing that keeps a text from being a protocol; ``line`` counts from 1, None where it has none."""

    sentence: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Amended:
    """An entry of the log of changes after the lock."""

    version: ProtocolVersion
    changes: tuple[Change, ...]


def versions(programme: int) -> list[ProtocolVersion]:
    """Every version, the newest first."""
    return list(ProtocolVersion.objects.filter(programme_id=programme).order_by("-number"))


def newest_version(programme: int) -> ProtocolVersion | None:
    """The version that stands; None where nobody has begun."""
    return ProtocolVersion.objects.filter(programme_id=programme).order_by("-number").first()


def version(programme: int, number: int) -> ProtocolVersion:
    """A version by its number; 404 where there is none."""
    found = ProtocolVersion.objects.filter(programme_id=programme, number=number).first()
    if found is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    return found


def version_before(one: ProtocolVersion) -> ProtocolVersion | None:
    """The version before this one; None for the first."""
    rows = ProtocolVersion.objects.filter(programme_id=one.programme_id, number__lt=one.number)
    return rows.order_by("-number").first()


def problem(text: str) -> Problem | None:
    """The first thing that is wrong or missing; None for a protocol that can be locked."""
    try:
        load_protocol(text)
    except InputError as error:
        return Problem(error.sentence, error.line)
    return None


def amendments(programme: int) -> list[Amended]:
    """What changed after the lock: who, when, why, under which reference, and every value; oldest first."""
    rows = list(ProtocolVersion.objects.filter(programme_id=programme).order_by("number"))
    return [
        Amended(row, tuple(values(before.text, row.text)))
        for before, row in itertools.pairwise(rows)
        if row.kind == VersionKind.AMENDMENT
    ]


def can_start(programme: int) -> bool:
    """Whether the protocol of a programme is still free to be written."""
    trial = of_programme(programme)
    return trial is None or trial.state == TrialState.DRAFT


def lapsed(trial: Trial, *, today: date) -> date | None:
    """The last day of the board's approval where it is over; None while people may be enrolled."""
    irb = protocol(trial).irb
    return irb.expires if irb is not None and irb.expires is not None and irb.expires < today else None


def stamped_consents(programme: int) -> list[StampedConsent]:
    """The stamped consents without their content, the newest first."""
    return list(StampedConsent.objects.filter(programme_id=programme).defer("content").order_by("-number"))


def stamped_consent(programme: int, number: int) -> bytes:
    """The content of a stamped consent; 404 where there is none."""
    found = StampedConsent.objects.filter(programme_id=programme, number=number).first()
    if found is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    return bytes(found.content)


def reported_events(programme: int) -> list[ReportedEvent]:
    """What was reported to the board, the newest first."""
    return list(ReportedEvent.objects.filter(programme_id=programme).order_by("-reported_on", "-pk"))
