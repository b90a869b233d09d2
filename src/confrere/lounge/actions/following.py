"""What a member keeps for themselves: read marks, bookmarks, drafts, and what they follow."""

from datetime import datetime

from django.db import transaction

from confrere.lounge import rules
from confrere.lounge.models import Draft, Interest, Question, ReadMark
from confrere.lounge.models.own import Stance
from confrere.people.queries import Standing


def mark_read(*, standing: Standing, question: Question, number: int, now: datetime) -> None:
    """Move this member's one mark to a post of the question. One statement."""
    _mark(standing, question, now=now, fields=["read_at", "number"], number=number)


def bookmark(*, standing: Standing, question: Question, on: bool, now: datetime) -> None:
    """Keep a question for later, or no longer."""
    rules.check_verified(standing=standing, now=now)
    _mark(standing, question, now=now, fields=["bookmarked_at"], bookmarked_at=now if on else None)


def follow(*, standing: Standing, question: Question, stance: Stance, now: datetime) -> None:
    """Hear of every answer, of none, or as usual."""
    rules.check_verified(standing=standing, now=now)
    _mark(standing, question, now=now, fields=["stance"], stance=stance)


def follow_specialty(*, standing: Standing, specialty: str, stance: Stance, now: datetime) -> None:
    """Follow a specialty, mute it (its questions leave the list of all), or as usual."""
    rules.check_verified(standing=standing, now=now)
    rules.check_specialty(programme=standing.programme, slug=specialty)
    _interest(standing, specialty, stance=stance)


def be_called(*, standing: Standing, called: bool, now: datetime) -> None:
    """Agree to be called by @specialty in one's own specialty, or no longer."""
    credential = rules.check_verified(standing=standing, now=now)
    _interest(standing, credential.specialty, called=called)


def save_draft(
    *,
    standing: Standing,
    question: Question | None,
    specialty: str = "",
    title: str = "",
    text: str = "",
    source: str = "",
    now: datetime,
) -> None:
    """Keep what has been typed so far, in place of what was kept; nothing typed keeps nothing.

    Longer texts than a post may have are cut there: a form refuses them before.
    """
    rules.check_verified(standing=standing, now=now)
    if not (title.strip() or text.strip() or source.strip()):
        drop_draft(standing=standing, question=question)
        return
    Draft.objects.bulk_create(
        [
            Draft(
                programme_id=standing.programme,
                site_id=standing.site,
                member_id=standing.person,
                question=question,
                specialty=specialty,
                title=title,
                text=text,
                source=source,
                saved_at=now,
            )
        ],
        update_conflicts=True,
        unique_fields=["member", "programme", "question"],
        update_fields=["specialty", "title", "text", "source", "saved_at"],
    )


def drop_draft(*, standing: Standing, question: Question | None) -> None:
    """Forget what was typed. One statement."""
    Draft.objects.filter(programme_id=standing.programme, member_id=standing.person, question=question).delete()


def _mark(standing: Standing, question: Question, *, now: datetime, fields: list[str], **values: object) -> None:
    """Write these fields of the member's mark; a new mark has read nothing, unless it says so."""
    mark = ReadMark(
        programme_id=standing.programme,
        site_id=standing.site,
        question=question,
        member_id=standing.person,
        read_at=now,
        **values,
    )
    ReadMark.objects.bulk_create(
        [mark], update_conflicts=True, unique_fields=["member", "question"], update_fields=fields
    )


@transaction.atomic
def _interest(standing: Standing, specialty: str, **values: object) -> None:
    Interest.objects.update_or_create(
        programme_id=standing.programme,
        member_id=standing.person,
        specialty=specialty,
        defaults={"site_id": standing.site, **values},
    )
