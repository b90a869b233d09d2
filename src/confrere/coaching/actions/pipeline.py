"""From an invitation to a coach who takes participants, and back: one verb a stage."""

from collections.abc import Collection
from datetime import date, datetime
from functools import partial
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.coaching.actions import letters
from confrere.coaching.actions.booking import release
from confrere.coaching.actions.conversing import end_conversation
from confrere.coaching.actions.gathering import leave_gatherings
from confrere.coaching.actions.noting import note
from confrere.coaching.actions.paying import pay_stipend
from confrere.coaching.joining import (
    check_certificate,
    check_days,
    check_end_complaint,
    check_invite,
    check_stage,
    check_supervised,
)
from confrere.coaching.models import (
    Agreement,
    Booking,
    Certificate,
    Coach,
    CoachFile,
    Complaint,
    Conversation,
    Hours,
    Stage,
    State,
    Waiting,
)
from confrere.coaching.queries import pay, roster
from confrere.coaching.queries.roster import File
from confrere.people import queries as people
from confrere.people.roles import Role
from confrere.vault import classification as kept
from confrere.vault import days
from confrere.vault.refusals import Refusal

_note = partial(note, kept_as=kept.COACH_FILE)


@transaction.atomic
def put_up_agreement(*, programme: int, site: int, person: int, text: str, now: datetime) -> str:
    """The text that coaches sign from now on; returns its SHA-256. Who signed an earlier one has signed that one."""
    digest = sha256(text.encode()).hexdigest()
    before = roster.agreement(programme=programme)
    if before is None or before.sha256 != digest:
        Agreement.objects.create(programme_id=programme, site_id=site, text=text, sha256=digest, since=days.of(now))
        _note("put_up_agreement", programme=programme, actor=person, about=f"agreement:{digest}", now=now)
    return digest


@transaction.atomic
def invite_coach(*, programme: int, site: int, person: int, coach: int, now: datetime) -> None:
    """Open the file of somebody who has the role of a coach. Until a certificate is in it, they take nobody new."""
    file = _locked(programme, coach)
    check_invite(file=file, person=coach, coaches=people.members_of(programme, Role.COACH, now))
    CoachFile.objects.update_or_create(
        programme_id=programme,
        person_id=coach,
        defaults={
            "stage": Stage.INVITED,
            "since": days.of(now),
            "agreement": None,
            "agreed_on": None,
            "certificate": "",
            "certified_on": None,
            "expires_on": None,
        },
        create_defaults={"site_id": site, "stage": Stage.INVITED, "since": days.of(now)},
    )
    _note("invite_coach", programme=programme, actor=person, about=f"coach_person:{coach}", now=now)


@transaction.atomic
def sign_agreement(*, programme: int, person: int, digest: str, now: datetime) -> None:
    """Sign, as the coach, the text with this SHA-256. Refuses (409) when another text was put up meanwhile."""
    file = check_stage(file=_locked(programme, person), to=Stage.AGREED)
    text = roster.agreement(programme=programme)
    if text is None or text.sha256 != digest:
        raise Refusal(_("The agreement was changed while you read. Read it again, then sign."))
    _go(file, Stage.AGREED, now=now, agreement=text, agreed_on=days.of(now))
    _note("sign_agreement", programme=programme, actor=person, about=f"agreement:{digest}", now=now)


@transaction.atomic
def set_training(*, programme: int, person: int, coach: int, on: Collection[date], now: datetime) -> None:
    """Write down the days of a coach's training; again to change them."""
    file = _locked(programme, coach)
    if file is None or file.stage is not Stage.TRAINING:
        file = check_stage(file=file, to=Stage.TRAINING)
    check_days(days=on, today=days.of(now))
    if not on:
        raise Refusal(_("Give at least one day."), status=422)
    _go(file, Stage.TRAINING, now=now, training_days=sorted(set(on)))
    _note("set_training", programme=programme, actor=person, about=f"coach_person:{coach}", now=now)


@transaction.atomic
def certify(
    *,
    programme: int,
    site: int,
    person: int,
    coach: int,
    certificate: Certificate,
    certified_on: date,
    expires_on: date,
    now: datetime,
) -> bool:
    """Write down a certificate, or its renewal. The first pays the training, where rates are set; whether it did."""
    file = check_certificate(
        file=_locked(programme, coach), certified_on=certified_on, expires_on=expires_on, today=days.of(now)
    )
    _go(file, Stage.CERTIFIED, now=now, certificate=certificate, certified_on=certified_on, expires_on=expires_on)
    _note("certify", programme=programme, actor=person, about=f"coach_person:{coach}", now=now)
    if file.stipend or pay.rate_on(programme=programme, day=days.of(now)) is None:
        return False
    pay_stipend(programme=programme, site=site, person=person, coach=coach, day=days.of(now), now=now)
    return True


@transaction.atomic
def supervised(*, programme: int, person: int, coach: int, on: date, now: datetime) -> None:
    """Write down that a coach was in supervision on a day: only the day."""
    file = check_supervised(file=_locked(programme, coach), day=on, today=days.of(now))
    kept_days = sorted({*file.supervision_days, on})
    CoachFile.objects.filter(pk=file.file).update(supervision_days=kept_days)
    _note("supervised", programme=programme, actor=person, about=f"coach_person:{coach}", now=now)


@transaction.atomic
def complain(*, programme: int, site: int, person: int, coach: int, kind: Complaint.Kind, now: datetime) -> int:
    """Write down that a complaint came, and of what kind. What was said, and by whom, is not written here."""
    file = check_supervised(file=_locked(programme, coach), day=days.of(now), today=days.of(now))
    row = Complaint.objects.create(
        programme_id=programme, site_id=site, file_id=file.file, kind=kind, came_on=days.of(now)
    )
    _note("complain", programme=programme, actor=person, about=f"coach_person:{coach}", now=now)
    return row.pk


@transaction.atomic
def end_complaint(*, programme: int, person: int, complaint: int, upheld: bool, now: datetime) -> None:
    """Close a complaint, once."""
    found = Complaint.objects.select_for_update().filter(programme_id=programme, pk=complaint).first()
    row = check_end_complaint(complaint=found)
    row.end = Complaint.End.UPHELD if upheld else Complaint.End.DISMISSED
    row.ended_on = days.of(now)
    row.save(update_fields=["end", "ended_on"])
    _note("end_complaint", programme=programme, actor=person, about=f"complaint:{complaint}", now=now)


@transaction.atomic
def pause_coach(*, programme: int, person: int, coach: int, now: datetime) -> None:
    """Nobody books with the coach until the pause ends. What is booked already stays: it is two people's agreement."""
    _go(check_stage(file=_locked(programme, coach), to=Stage.PAUSED), Stage.PAUSED, now=now)
    _note("pause_coach", programme=programme, actor=person, about=f"coach_person:{coach}", now=now)


@transaction.atomic
def end_pause(*, programme: int, person: int, coach: int, now: datetime) -> None:
    """The coach can be booked again."""
    file = _locked(programme, coach)
    if file is None or file.stage is not Stage.PAUSED:
        raise Refusal(_("This coach does not pause."))
    _go(file, Stage.CERTIFIED, now=now)
    _note("end_pause", programme=programme, actor=person, about=f"coach_person:{coach}", now=now)


@transaction.atomic
def remove_coach(*, programme: int, person: int, coach: int, now: datetime) -> int:
    """End somebody's work as a coach here. Sessions and first conversations to come are cancelled with the neutral
    letter, their numbers are free again, and hours go: each coachee chooses another coach, which costs no change.
    How many sessions that were.
    """
    file = check_stage(file=_locked(programme, coach), to=Stage.REMOVED)
    # Booking takes the same lock, so that no session slips in behind.
    pages = list(
        Coach.objects.select_for_update(no_key=True)
        .filter(programme_id=programme, person_id=coach)
        .values_list("pk", flat=True)
    )
    booked = Booking.objects.filter(coach__in=pages, state=State.BOOKED, during__startswith__gt=now).order_by("pk")
    gone = [row.pk for row in booked]
    for booking in gone:
        release(booking=booking, state=State.CANCELLED, now=now)
        letters.appointment_changed(booking=booking, now=now)
    talks = Conversation.objects.filter(coach__in=pages, during__startswith__gt=now).order_by("pk")
    for talk in list(talks.values_list("pk", flat=True)):
        end_conversation(programme=programme, person=coach, conversation=talk, now=now, actor=person)
    Waiting.objects.filter(coach__in=pages).delete()  # nobody waits for somebody who does not come back
    leave_gatherings(programme=programme, coach=coach, now=now)
    Hours.objects.filter(coach__in=pages).delete()
    _go(file, Stage.REMOVED, now=now)
    _note("remove_coach", programme=programme, actor=person, about=f"coach_person:{coach}", now=now)
    return len(gone)


def _locked(programme: int, coach: int) -> File | None:
    """A coach's file as it stays until the transaction ends."""
    CoachFile.objects.select_for_update().filter(programme_id=programme, person_id=coach).only("pk").first()
    return roster.file_of(programme=programme, person=coach)


def _go(file: File, to: Stage, *, now: datetime, **also: object) -> None:
    CoachFile.objects.filter(pk=file.file).update(stage=to, since=days.of(now), **also)
