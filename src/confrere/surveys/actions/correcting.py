"""A value put right by staff after a survey was sent: with a reason, the old value kept beside the new one."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.surveys import definition, queries
from confrere.surveys.definition import Kind, Value
from confrere.surveys.models import Answer, Correction, Response
from confrere.vault import audit, days
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal
from confrere.vault.rules import check_unlocked


@transaction.atomic
def correct(
    *,
    programme: int,
    study_id: str,
    wave: str,
    question: str,
    value: Value,
    reason: str,
    person: int,
    now: datetime,
) -> int:
    """Put another value in the place of a sent one; the number of the correction. `person` is who corrects.

    Refuses while the data are locked (423), without a reason or with a value that does not fit (422), and where
    there is nothing that was sent (404). The same value again is no correction (409).
    """
    check_unlocked(programme=programme)
    rows = Response.objects.filter(programme_id=programme, study_id=study_id, wave=wave)
    row = rows.select_for_update().filter(completed_at__isnull=False, withdrawn_on__isnull=True).first()
    asked = {} if row is None else {one.name: one for one in queries.questions(row.questionnaire)}
    if row is None or question not in asked:
        raise Refusal(_("There is no such answer that was sent."), status=404)
    if not reason.strip():
        raise Refusal(_("A correction needs a reason. Say why, in a sentence."), status=422)
    if asked[question].kind is Kind.CHOICES and isinstance(value, str):
        value = [part.strip() for part in value.split(",")]
    old, new = queries.answers_of(row).get(question), definition.fitting(asked[question], value)
    if old == new:
        raise Refusal(_("The value is the same as before, so there is nothing to correct."))
    scope = {"programme_id": programme, "site_id": row.site_id}
    Answer.objects.create(**scope, response=row, question=question, value=new, saved_at=days.floor(now))
    made = Correction.objects.create(
        **scope,
        response=row,
        question=question,
        old=old,
        new=new,
        reason=" ".join(reason.split()),
        corrected_by=person,
        corrected_on=days.of(now),
    )
    audit.record(
        action="surveys.correct",
        actor=Actor.person(person),
        about=f"correction:{made.pk}",
        programme=programme,
        kept_as=kept.ANSWER,
        now=now,
    )
    return made.pk
