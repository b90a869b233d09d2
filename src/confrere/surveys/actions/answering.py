"""From an opened survey to a sent one. The actor of each of these writes is the study id, never a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from confrere.science import instruments
from confrere.surveys import definition, links, queries, signals
from confrere.surveys.actions.quieting import letters_again, stop_letters
from confrere.surveys.definition import Value
from confrere.surveys.models import Answer, Questionnaire, Response
from confrere.surveys.rules import BASELINE, check_answered, check_open
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal
from confrere.vault.rules import check_unlocked


@transaction.atomic
def open_response(
    *,
    programme: int,
    site: int,
    study_id: str,
    wave: str,
    questionnaire: str,
    opens: datetime,
    closes: datetime,
    now: datetime,
) -> int:
    """Put the newest version of a questionnaire before a study id; returns the response.

    One response a wave: asked again, the first one is returned unchanged. Refuses as long as the wording of
    an instrument is missing.
    """
    known = Response.objects.filter(programme_id=programme, study_id=study_id, wave=wave).first()
    if known is not None:
        return known.pk
    check_unlocked(programme=programme)
    asked = check_ready(programme=programme, slug=questionnaire)
    row = Response(
        programme_id=programme,
        site_id=site,
        study_id=study_id,
        wave=wave,
        questionnaire=asked,
        token_sha256=links.sha256(links.token(programme=programme, study_id=study_id, wave=wave)),
        opens=opens,
        closes=closes,
    )
    # Whoever is faster is kept.
    Response.objects.bulk_create([row], ignore_conflicts=True)
    made = Response.objects.get(programme_id=programme, study_id=study_id, wave=wave)
    _note("surveys.open", made, now)
    return made.pk


def check_ready(*, programme: int, slug: str) -> Questionnaire:
    """The version that would open now; refuses when there is none, or when wording is missing."""
    row = Questionnaire.objects.filter(programme_id=programme, slug=slug).order_by("-version").first()
    if row is None:
        raise Refusal(_("No questionnaire %(slug)s is published in this programme.") % {"slug": slug})
    bare = sorted(
        {
            question.instrument
            for question in definition.from_json(row.definition)
            if question.text is None and question.instrument is not None
        }
    )
    if bare:
        titles = ", ".join(instruments.find(name).title for name in bare)
        raise Refusal(
            _(
                "The wording of these instruments is missing: %(titles)s. "
                "Import their text packs and publish the questionnaire again."
            )
            % {"titles": titles}
        )
    return row


@transaction.atomic
def record_answers(
    *, programme: int, response: int, answers: Mapping[str, Value], now: datetime, by_telephone: bool = False
) -> None:
    """Save answers, by question. The newest counts, earlier ones stay; the same answer again adds nothing.

    There is no audit event for each answer: the rows themselves are the trail, and are never changed.
    """
    check_unlocked(programme=programme)
    row = _locked(programme, response)
    check_open(response=row, now=now)
    questions = {question.name: question for question in queries.questions(row.questionnaire)}
    known = queries.answers_of(row)
    for name in answers:
        if name not in questions:
            raise Refusal(_("This survey has no question %(name)s.") % {"name": name}, status=422)
    values = {name: definition.fitting(questions[name], typed) for name, typed in answers.items()}
    new = {name: value for name, value in values.items() if name not in known or known[name] != value}
    _save(row, new, now, by_telephone=by_telephone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """An acknowledged answer: its number, and the other answer whose place it took (None: there was none).

    crossed: what had been answered elsewhere, in another tab or on another device, since `seen`.
    """

    number: int
    crossed: Value


@transaction.atomic
def record_answer(
    *,
    programme: int,
    response: int,
    question: str,
    typed: Value,
    key: UUID,
    seen: int | None,
    now: datetime,
    by_telephone: bool = False,
) -> Saved:
    """Save one answer under the key that its browser gave it; sent again, it is acknowledged again and stays one row.

    That holds after the window and after the sending too: whoever asks again only missed the reply. The same key with
    another content is refused (422). `seen` is the number of the newest answer that the person had before their eyes.
    """
    row = _locked(programme, response)
    known = Answer.objects.filter(response=row, key=key).first()
    if known is None:
        check_open(response=row, now=now)
    asked = {each.name: each for each in queries.questions(row.questionnaire)}.get(question)
    if asked is None:
        raise Refusal(_("This survey has no question %(name)s.") % {"name": question}, status=422)
    value = definition.fitting(asked, typed)
    if known is None:
        known = Answer.objects.create(
            programme_id=row.programme_id,
            site_id=row.site_id,
            response=row,
            question=question,
            value=value,
            saved_at=now,
            key=key,
            by_telephone=by_telephone,
        )
    if (known.question, known.value) != (question, value):
        raise Refusal(_("Under this key another answer was saved. Please answer the question again."), status=422)
    return Saved(number=known.pk, crossed=_crossed(known, seen))


def _crossed(saved: Answer, seen: int | None) -> Value:
    """The answer before this one, if it is another one that its author had not seen."""
    rows = Answer.objects.filter(response_id=saved.response_id, question=saved.question, pk__lt=saved.pk)
    before = rows.order_by("-pk").first()
    unseen = before is not None and before.pk != seen and before.value != saved.value
    return before.value if before is not None and unseen else None


@transaction.atomic
def complete(*, programme: int, response: int, now: datetime) -> None:
    """Send a survey: every required question is answered, the window is open. Sent twice is sent once."""
    check_unlocked(programme=programme)
    row = _locked(programme, response)
    if row.completed_at is not None:
        return
    check_open(response=row, now=now)
    given = queries.answers_of(row)
    questions = queries.questions(row.questionnaire)
    check_answered(questions=definition.asked(questions, given), answers=given)
    # An earlier answer was changed since: what hung on it was not asked in the end, so it has no answer.
    _save(row, dict.fromkeys(definition.fallen(questions, given)), now)
    row.completed_at = now
    row.save(update_fields=["completed_at"])
    _note("surveys.complete", row, now)
    told = {"programme": row.programme_id, "study_id": row.study_id, "wave": row.wave, "now": now}
    if row.wave == BASELINE:
        signals.baseline_completed.send(sender=Response, **told)
    signals.wave_answered.send(sender=Response, **told)


@transaction.atomic(savepoint=False)
def extend(*, programme: int, study_id: str, wave: str, closes: datetime, now: datetime) -> None:
    """Give a survey that was not sent a later end; an earlier one changes nothing, nor does one being sent."""
    check_unlocked(programme=programme)
    rows = _unsent(programme, study_id).filter(wave=wave, closes__lt=closes)
    for row in rows.select_for_update(skip_locked=True):
        row.closes = closes
        row.save(update_fields=["closes"])
        _note("surveys.extend", row, now)


@transaction.atomic
def stop(*, programme: int, study_id: str, now: datetime) -> None:
    """No further questions to this study id: surveys not yet sent close, and no letter leaves, of pulses too."""
    for row in _unsent(programme, study_id).filter(stopped_at__isnull=True):
        row.stopped_at = now
        row.save(update_fields=["stopped_at"])
        _note("surveys.stop", row, now)
    stop_letters(programme=programme, study_id=study_id, now=now)


@transaction.atomic
def reopen(*, programme: int, study_id: str, now: datetime) -> None:
    """Take a stop back: surveys whose window has not passed can be answered again."""
    for row in _unsent(programme, study_id).filter(stopped_at__isnull=False):
        row.stopped_at = None
        row.save(update_fields=["stopped_at"])
        _note("surveys.reopen", row, now)
    letters_again(programme=programme, study_id=study_id, now=now)


def _unsent(programme: int, study_id: str) -> QuerySet[Response]:
    return Response.objects.select_for_update().filter(
        programme_id=programme, study_id=study_id, completed_at__isnull=True
    )


def _save(row: Response, values: Mapping[str, Value], now: datetime, *, by_telephone: bool = False) -> None:
    Answer.objects.bulk_create(
        Answer(
            programme_id=row.programme_id,
            site_id=row.site_id,
            response=row,
            question=name,
            value=value,
            saved_at=now,
            by_telephone=by_telephone,
        )
        for name, value in values.items()
    )


def _locked(programme: int, response: int) -> Response:
    rows = Response.objects.select_related("questionnaire", "programme").filter(programme_id=programme)
    return rows.select_for_update(of=("self",)).get(pk=response)


def _note(action: str, row: Response, now: datetime) -> None:
    audit.record(
        action=action,
        actor=Actor.study(row.study_id),
        about=f"survey {row.wave}",
        programme=row.programme_id,
        kept_as=kept.ANSWER,
        now=now,
    )
