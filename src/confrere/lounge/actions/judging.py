"""Saying what an answer is worth: the asker accepts one, peers endorse with their names, a poll is voted on."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from confrere.lounge import rules
from confrere.lounge.actions.noting import note
from confrere.lounge.models import Endorsement, Mask, Poll, Post, Question, Vote
from confrere.people.queries import Standing


@transaction.atomic
def accept(*, standing: Standing, question: Question, answer: Post, now: datetime, mask: Mask | None = None) -> None:
    """Who asked says which answer helped; accepting another one replaces it."""
    rules.check_verified(standing=standing, now=now)
    rules.check_accept(standing=standing, question=question, answer=answer, mask=mask)
    Question.objects.filter(pk=question.pk).update(accepted=answer)
    about = f"question {question.pk} answer {answer.pk}"
    note("lounge.accepted", standing=standing, about=about, now=now, masked=mask is not None)


@transaction.atomic
def endorse(*, standing: Standing, post: Post, on: bool, now: datetime) -> None:
    """A peer of the question's specialty stands by an answer, with their name, or no longer.

    Raises `Refusal` for another specialty and for one's own answer.
    """
    credential = rules.check_verified(standing=standing, now=now)
    rules.check_endorse(standing=standing, post=post, specialty=credential.specialty)
    if on:
        row = Endorsement(
            programme_id=post.programme_id,
            site_id=post.site_id,
            post=post,
            member_id=standing.person,
            specialty=credential.specialty,
            endorsed_at=now,
        )
        Endorsement.objects.bulk_create([row], ignore_conflicts=True)
    else:
        Endorsement.objects.filter(post=post, member_id=standing.person).delete()
    note("lounge.endorsed" if on else "lounge.endorsed_no_longer", standing=standing, about=f"post {post.pk}", now=now)


@transaction.atomic
def put_poll(
    *, standing: Standing, question: Question, choices: Sequence[str], now: datetime, mask: Mask | None = None
) -> Poll:
    """Put a choice of two to six to colleagues. Raises `Refusal` for anybody but who asked, and for a second poll."""
    rules.check_verified(standing=standing, now=now)
    rules.check_asker(standing=standing, question=question, mask=mask)
    rules.check_poll(question=question, choices=choices)
    rules.check_text(parts={f"choice {number}": choice for number, choice in enumerate(choices)})
    made = Poll.objects.create(
        programme_id=question.programme_id, site_id=question.site_id, question=question, choices=list(choices)
    )
    note("lounge.put_poll", standing=standing, about=f"question {question.pk}", now=now, masked=mask is not None)
    return made


@transaction.atomic
def vote(*, standing: Standing, poll: Poll, choice: int, now: datetime) -> None:
    """Choose, or choose again. Raises `Refusal` for a choice that there is not."""
    rules.check_verified(standing=standing, now=now)
    rules.check_choice(poll=poll, choice=choice)
    Vote.objects.update_or_create(
        poll=poll,
        member_id=standing.person,
        defaults={"programme_id": poll.programme_id, "site_id": poll.site_id, "choice": choice},
    )
