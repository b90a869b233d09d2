"""The files of coaches: which stage, which days, what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from confrere.coaching.models import (
    Agreement,
    Booking,
    Certificate,
    Coach,
    CoachFile,
    Complaint,
    LineKind,
    PayLine,
    Stage,
    State,
)


@dataclass(frozen=True, slots=True)
class File:
    """One coach's file. Days are days of the calendar; expires_on is the last one on which the certificate counts."""

    file: int
    person: int
    name: str
    stage: Stage
    since: date
    agreed_on: date | None
    training_days: Sequence[date]
    certificate: str  # its name; empty without one
    certified_on: date | None
    expires_on: date | None
    supervision_days: Sequence[date]
    complaints: int  # open ones
    page: bool
    stipend: bool

    def lapsed(self, today: date) -> bool:
        return self.expires_on is not None and self.expires_on < today

    def ends_within(self, time: timedelta, today: date) -> bool:
        """Whether the certificate still counts, and ends within this time."""
        return self.expires_on is not None and today <= self.expires_on <= today + time


def files(*, programme: int) -> list[File]:
    """Every file of a programme, by stage and name. One query."""
    order = list(Stage)
    found = [_file(row) for row in _files(programme)]
    return sorted(found, key=lambda file: (order.index(file.stage), file.name))


def file_of(*, programme: int, person: int) -> File | None:
    """The file of one coach; None if nobody has opened one."""
    row = _files(programme).filter(person_id=person).first()
    return None if row is None else _file(row)


def agreement(*, programme: int) -> Agreement | None:
    """The text that coaches sign now; None if nobody has put one up."""
    return Agreement.objects.filter(programme_id=programme).order_by("-pk").first()


def signed(*, programme: int, person: int) -> Agreement | None:
    """The text that this coach signed."""
    return Agreement.objects.filter(coachfile__programme=programme, coachfile__person=person).first()


def complaints(*, file: int) -> list[Complaint]:
    """The complaints about a coach, newest first."""
    return list(Complaint.objects.filter(file_id=file).order_by("-came_on", "-pk"))


def to_come_with(*, programme: int, person: int) -> int:
    """With how many participants a coach has booked sessions: a number for who removes the coach."""
    booked = Booking.objects.filter(programme_id=programme, coach__person_id=person, state=State.BOOKED)
    return booked.values("entitlement__person").distinct().count()


def _files(programme: int) -> "QuerySet[CoachFile]":
    pages = Coach.objects.filter(programme_id=programme, person_id=OuterRef("person"))
    paid = PayLine.objects.filter(programme_id=programme, coach_id=OuterRef("person"), kind=LineKind.STIPEND)
    return (
        CoachFile.objects.filter(programme_id=programme)
        .select_related("person")
        .annotate(
            open=Count("complaint", filter=Q(complaint__end=Complaint.End.OPEN)), page=Exists(pages), paid=Exists(paid)
        )
    )


def _file(row: CoachFile) -> File:
    return File(
        file=row.pk,
        person=row.person_id,
        name=row.person.name,
        stage=Stage(row.stage),
        since=row.since,
        agreed_on=row.agreed_on,
        training_days=tuple(row.training_days),
        certificate=str(Certificate(row.certificate).label) if row.certificate else "",
        certified_on=row.certified_on,
        expires_on=row.expires_on,
        supervision_days=tuple(row.supervision_days),
        complaints=row.open,  # type: ignore[attr-defined]  # annotated above
        page=row.page,  # type: ignore[attr-defined]
        stipend=row.paid,  # type: ignore[attr-defined]
    )
