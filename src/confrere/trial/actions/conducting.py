"""Running the study: what went otherwise than planned, questions about a value, who learns an arm, the data lock."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.people.queries import Standing, at
from confrere.trial import queries
from confrere.trial.actions.locking import locked
from confrere.trial.models import AdverseEvent, DataQuery, Deviation, Resources, Trial, TrialState, Unblinding
from confrere.trial.rules import (
    check_agree,
    check_asked,
    check_close,
    check_happened,
    check_question_known,
    check_reply,
    check_study_id,
    check_words,
)
from confrere.vault import actions as vault
from confrere.vault import audit, days
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal


@transaction.atomic
def note_deviation(
    *, standing: Standing, kind: str, happened_on: date, text: str, study_id: str, irb_reference: str, now: datetime
) -> int:
    """Note that something went otherwise than the protocol says; its number. It is never changed afterwards."""
    trial = _concerning(standing, study_id, happened_on, now)
    row = Deviation.objects.create(
        **_scope(trial, standing, study_id),
        study_id=study_id,
        kind=kind,
        happened_on=happened_on,
        text=check_words(text),
        irb_reference=irb_reference.strip(),
        noted_by=standing.person,
        noted_on=days.of(now),
    )
    _note("trial.note_deviation", f"deviation:{row.pk}", standing, now)
    return row.pk


@transaction.atomic
def note_event(
    *, standing: Standing, kind: str, happened_on: date, study_id: str, irb_reference: str, now: datetime
) -> int:
    """Note that something unwanted happened, without a word about what; its number."""
    trial = _concerning(standing, study_id, happened_on, now)
    row = AdverseEvent.objects.create(
        **_scope(trial, standing, study_id),
        study_id=study_id,
        kind=kind,
        happened_on=happened_on,
        irb_reference=irb_reference.strip(),
        noted_by=standing.person,
        noted_on=days.of(now),
    )
    _note("trial.note_event", f"event:{row.pk}", standing, now)
    return row.pk


@transaction.atomic
def ask_about(*, standing: Standing, study_id: str, wave: str, question: str, text: str, now: datetime) -> int:
    """Ask about one value under a study id; the number of the query."""
    trial = queries.required(standing.programme)
    check_study_id(trial=trial, study_id=study_id, sites=standing.sites)
    check_question_known(trial=trial, study_id=study_id, wave=wave, question=question)
    row = DataQuery.objects.create(
        **_scope(trial, standing, study_id),
        study_id=study_id,
        wave=wave,
        question=question,
        text=check_words(text),
        asked_by=standing.person,
        asked_on=days.of(now),
    )
    _note("trial.ask_about", f"query:{row.pk}", standing, now)
    return row.pk


@transaction.atomic
def reply(*, standing: Standing, query: int, text: str, now: datetime) -> None:
    """Answer a query once."""
    row = _query(standing, query)
    check_reply(row)
    row.reply, row.replied_by, row.replied_on = check_words(text), standing.person, days.of(now)
    row.save()
    _note("trial.reply", f"query:{row.pk}", standing, now)


@transaction.atomic
def close_query(*, standing: Standing, query: int, now: datetime) -> None:
    """Say that a query is settled. Closed twice is closed once."""
    row = _query(standing, query)
    check_close(row)
    if row.closed_on is None:
        row.closed_on = days.of(now)
        row.save(update_fields=["closed_on"])
        _note("trial.close_query", f"query:{row.pk}", standing, now)


@transaction.atomic
def ask_unblinding(*, standing: Standing, study_id: str, role: str, reason: str, now: datetime) -> int:
    """Ask to learn the arm of one study id, in a role and with a reason. Nothing is shown before another agrees."""
    trial = queries.required(standing.programme)
    known = queries.knows(trial=trial, study_id=study_id, sites=standing.sites)
    if not known or queries.allocation_of(trial=trial, study_id=study_id) is None:
        raise Refusal(_("Nothing was drawn for this study id."), status=422)
    row = Unblinding.objects.create(
        **_scope(trial, standing, study_id),
        study_id=study_id,
        role=role,
        reason=check_words(reason),
        asked_by=standing.person,
        asked_on=days.of(now),
    )
    _note("trial.ask_unblinding", f"unblinding:{row.pk}", standing, now)
    return row.pk


@transaction.atomic
def agree_unblinding(*, standing: Standing, unblinding: int, now: datetime) -> None:
    """Let whoever asked learn the arm. Refuses (403) whoever asked; agreed twice is agreed once."""
    row = _unblinding(standing, unblinding)
    check_agree(row, person=standing.person)
    if row.agreed_by is None:
        row.agreed_by, row.agreed_on = standing.person, days.of(now)
        row.save()
        _note("trial.agree_unblinding", f"unblinding:{row.pk}", standing, now)


@transaction.atomic
def read_arm(*, standing: Standing, unblinding: int, now: datetime) -> str:
    """The arm that was asked for and agreed on, to whoever asked; each reading is written down."""
    row = _unblinding(standing, unblinding)
    if row.agreed_by is None or row.asked_by != standing.person:
        raise Refusal(_("Only who asked reads it, and only after another person agreed."), status=403)
    drawn = queries.allocation_of(trial=row.trial, study_id=row.study_id)
    assert drawn is not None  # nothing is asked about before a draw, and draws stay
    _note("trial.read_arm", f"unblinding:{row.pk}", standing, now)
    return queries.protocol(row.trial).arm(drawn.arm).title


@transaction.atomic
def publish_resources(*, standing: Standing, text: str, now: datetime) -> int:
    """Publish what the site offers those who wait; its version. The same words again are the same version."""
    trial = locked(standing.programme)
    newest = queries.resources(trial)
    words = text.strip()
    if not words:
        raise Refusal(_("Write what you offer, or leave the text as it is."), status=422)
    if newest is not None and newest.text == words:
        return newest.version
    version = 1 if newest is None else newest.version + 1
    Resources.objects.create(**_scope(trial, standing), version=version, text=words, published_on=days.of(now))
    _note("trial.publish_resources", f"resources {version}", standing, now)
    return version


@transaction.atomic
def lock_data(*, standing: Standing, now: datetime) -> int:
    """Close the study data: answers, consents, draws and protocol are written no more. Recruitment has to be over.

    Leaving, booking and the lounge go on. Locked twice is locked once.
    """
    trial = queries.required(standing.programme)
    if trial.state != TrialState.PUBLISHED:
        raise Refusal(_("End recruitment first: while people can still join, their data cannot be locked."))
    return vault.lock_data(
        programme=standing.programme, site=standing.site, person=standing.person, name=standing.name, now=now
    )


def _concerning(standing: Standing, study_id: str, happened_on: date, now: datetime) -> Trial:
    trial = queries.required(standing.programme)
    if study_id:
        check_study_id(trial=trial, study_id=study_id, sites=standing.sites)
    check_happened(happened_on, now=now)
    return trial


def _scope(trial: Trial, standing: Standing, study_id: str = "") -> dict[str, object]:
    """Where a note belongs: to the site of whom it is about, else to the writer's."""
    site = queries.site_of(trial, study_id) if study_id else standing.site
    return {"programme_id": trial.programme_id, "site_id": site, "trial": trial}


def _query(standing: Standing, query: int) -> DataQuery:
    rows = DataQuery.objects.select_for_update().filter(programme_id=standing.programme, pk=query, **at(standing.sites))
    return check_asked(rows.first())


def _unblinding(standing: Standing, unblinding: int) -> Unblinding:
    rows = Unblinding.objects.select_related("trial").select_for_update(of=("self",))
    return check_asked(rows.filter(programme_id=standing.programme, pk=unblinding, **at(standing.sites)).first())


def _note(action: str, about: str, standing: Standing, now: datetime) -> None:
    audit.record(
        action=action,
        actor=Actor.person(standing.person),
        about=about,
        programme=standing.programme,
        kept_as=kept.CONDUCT,
        now=now,
    )
