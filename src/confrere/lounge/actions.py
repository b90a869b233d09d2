"""The verbs of the lounge."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from confrere.lounge import rules
from confrere.lounge.markup import render
from confrere.lounge.models import Answer, Question, ReadMark
from confrere.people.queries import Standing
from confrere.vault import audit
from confrere.vault import classification as kept


@transaction.atomic
def ask(*, standing: Standing, specialty: str, title: str, text: str, now: datetime) -> Question:
    """Ask the colleagues of a specialty. Only a verified member can.

    Raises `Refusal` without a valid credential or for a specialty that is not listed.
    """
    rules.check_verified(standing=standing, now=now)
    rules.check_specialty(specialty)
    question = Question.objects.create(
        programme_id=standing.programme,
        site_id=standing.site,
        specialty=specialty,
        author_id=standing.person,
        title=title,
        text=text,
        html=render(text),
        asked_at=now,
        moved_at=now,
    )
    _record("lounge.asked", standing, f"question {question.pk}", now)
    return question


@transaction.atomic
def answer(*, standing: Standing, question: Question, text: str, source: str, now: datetime) -> Answer:
    """Answer a question. An empty `source` says that the answer rests on experience.

    Raises `Refusal` without a valid credential.
    """
    credential = rules.check_verified(standing=standing, now=now)
    given = Answer.objects.create(
        programme_id=standing.programme,
        site_id=standing.site,
        question=question,
        author_id=standing.person,
        specialty=credential.specialty,
        text=text,
        html=render(text),
        basis=Answer.Basis.SOURCE if source else Answer.Basis.EXPERIENCE,
        source=source,
        answered_at=now,
    )
    Question.objects.filter(pk=question.pk).update(answers=F("answers") + 1, moved_at=now)
    _record("lounge.answered", standing, f"question {question.pk}", now)
    return given


@transaction.atomic
def accept(*, standing: Standing, question: Question, answer: Answer, now: datetime) -> None:
    """Who asked says which answer helped; accepting another one replaces it."""
    rules.check_verified(standing=standing, now=now)
    rules.check_accept(standing=standing, question=question, answer_author=answer.author_id)
    Question.objects.filter(pk=question.pk).update(accepted=answer)
    _record("lounge.accepted", standing, f"question {question.pk} answer {answer.pk}", now)


def mark_read(*, standing: Standing, question: Question, now: datetime) -> None:
    """Move this member's one mark on the question to now. One statement."""
    ReadMark.objects.bulk_create(
        [
            ReadMark(
                programme_id=standing.programme,
                site_id=standing.site,
                question=question,
                member_id=standing.person,
                read_at=now,
            )
        ],
        update_conflicts=True,
        unique_fields=["member", "question"],
        update_fields=["read_at"],
    )


def _record(action: str, standing: Standing, about: str, now: datetime) -> None:
    audit.record(
        action=action,
        actor=audit.Actor.person(standing.person),
        about=about,
        programme=standing.programme,
        kept_as=kept.LOUNGE,
        now=now,
    )
