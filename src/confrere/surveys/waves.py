"""Reading about waves: their letters, whose turn it is, and how far each wave is, as counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from confrere.people.queries import at, refusing
from confrere.surveys import letters
from confrere.surveys.letters import Text
from confrere.surveys.models import Answer, LetterKind, LetterStop, LetterText, Response, WavePlan
from confrere.vault import link

#: Days of the reminders, counted from the opening, where nobody has said others.
REMINDERS = (5, 12)


def plans(**asked: int | str | bool) -> dict[tuple[int, str], WavePlan]:
    """(programme, wave) → what was planned for its letters."""
    return {(row.programme_id, row.wave): row for row in WavePlan.objects.filter(**asked)}


def reminders_of(plan: WavePlan | None) -> tuple[int, ...]:
    """The days of a wave's reminders."""
    return REMINDERS if plan is None else tuple(plan.reminders)


def text(*, programme: int, wave: str, reminder: bool) -> Text:
    """What the next letter of this kind says: the site's newest words, else ours."""
    kind = LetterKind.REMINDER if reminder else LetterKind.INVITATION
    row = LetterText.objects.filter(programme=programme, wave=wave, kind=kind).order_by("-version").first()
    return letters.ours(reminder=reminder) if row is None else Text(row.subject, row.body, row.version)


def _stops() -> QuerySet[LetterStop]:
    mine = LetterStop.objects.filter(programme=OuterRef("programme"), study_id=OuterRef("study_id"))
    return mine.filter(taken_back_on__isnull=True)


def has_stopped(programme: int, study_id: str) -> bool:
    """Whether a study id wants no letters about surveys."""
    return LetterStop.objects.filter(programme=programme, study_id=study_id, taken_back_on__isnull=True).exists()


def unsent(*, now: datetime) -> QuerySet[Response]:
    """Surveys that are open and not sent, of whoever has stopped neither questions nor letters."""
    rows = Response.objects.filter(opens__lte=now, closes__gt=now, completed_at__isnull=True, stopped_at__isnull=True)
    return rows.exclude(Exists(_stops()))


def due_at(row: Response, plan: WavePlan | None) -> datetime | None:
    """When the next letter about a survey is due; None when all were written, or while they rest."""
    after = (0, *reminders_of(plan))
    if row.mails >= len(after) or _rests(plan):
        return None
    return row.opens + timedelta(days=after[row.mails])


def is_due(row: Response, plan: WavePlan | None, *, now: datetime) -> bool:
    """Whether a letter about a survey is due now."""
    due = due_at(row, plan)
    return due is not None and due <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """How far a wave is: counts only, and nobody's name. `opens` and `closes`: the first and the last of all windows.

    begun: who has answered at least one question; refusing: whose address refuses mail; quiet: who stopped letters.
    """

    wave: str
    title: str
    opens: datetime | None
    closes: datetime | None
    surveys: int
    invited: int
    begun: int
    complete: int
    refusing: int
    quiet: int
    next_letter: datetime | None
    resting: bool
    reminders: tuple[int, ...]


def all_waves(*, programme: int, now: datetime, sites: frozenset[int] | None = None) -> list[Wave]:
    """The waves of a programme in the order of their opening; those that were planned and have not begun come last.

    sites: only whoever takes part there is counted; None counts everyone.
    """
    responses = Response.objects.filter(programme=programme, **at(sites))
    planned = {wave: plan for (_programme, wave), plan in plans(programme=programme).items()}
    answered = Exists(Answer.objects.filter(response=OuterRef("pk")))
    rows = responses.values("wave")
    counted = rows.annotate(
        first=Min("opens"),
        last=Max("closes"),
        surveys=Count("pk"),
        invited=Count("pk", filter=Q(mails__gt=0)),
        begun=Count("pk", filter=answered),
        complete=Count("pk", filter=Q(completed_at__isnull=False)),
        quiet=Count("pk", filter=Exists(_stops())),
        titled=Max("questionnaire__title"),
    )
    found = [
        Wave(
            wave=row["wave"],
            title=_title(planned.get(row["wave"]), row["titled"]),
            opens=row["first"],
            closes=row["last"],
            surveys=row["surveys"],
            invited=row["invited"],
            begun=row["begun"],
            complete=row["complete"],
            refusing=_refusing(responses.filter(wave=row["wave"]), programme),
            quiet=row["quiet"],
            next_letter=_next_letter(responses.filter(wave=row["wave"]), planned.get(row["wave"]), now),
            resting=_rests(planned.get(row["wave"])),
            reminders=reminders_of(planned.get(row["wave"])),
        )
        for row in counted.order_by("first", "wave")
    ]
    begun = {one.wave for one in found}
    return found + [_planned(plan) for wave, plan in sorted(planned.items()) if wave not in begun]


def _title(plan: WavePlan | None, otherwise: str) -> str:
    return plan.title if plan and plan.title else otherwise


def _rests(plan: WavePlan | None) -> bool:
    return plan is not None and plan.resting


def _refusing(rows: QuerySet[Response], programme: int) -> int:
    codes = rows.values_list("study_id", flat=True)
    return len(refusing(link.persons_of(study_ids=codes, programme=programme).values()))


def _next_letter(rows: QuerySet[Response], plan: WavePlan | None, now: datetime) -> datetime | None:
    unsent_ = rows.filter(closes__gt=now, completed_at__isnull=True)
    due = (due_at(row, plan) for row in unsent_.filter(stopped_at__isnull=True).exclude(Exists(_stops())))
    return min((moment for moment in due if moment is not None), default=None)


def _planned(plan: WavePlan) -> Wave:
    return Wave(
        wave=plan.wave,
        title=_title(plan, plan.wave),
        opens=None,
        closes=None,
        surveys=0,
        invited=0,
        begun=0,
        complete=0,
        refusing=0,
        quiet=0,
        next_letter=None,
        resting=plan.resting,
        reminders=reminders_of(plan),
    )
