"""What the clock and the moderators do to posts: show and hide them, let them age, ask how it went."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from confrere.lounge.models import Post, Question
from confrere.lounge.models.asked import State
from confrere.people import queries as people
from confrere.post import actions as post_office
from confrere.post.jobs import every

#: So many of the newest posts of a programme are searched first.
RECENT = 20_000
#: After so long whoever asked is asked how it went.
OUTCOME_AFTER = timedelta(days=14)


@transaction.atomic
def change_state(*, post: Post, state: State) -> None:
    """Show, hold, hide or remove a post; the question's counts and its own state follow.

    A post that is not shown is found by no search and counted nowhere. An accepted answer that goes is accepted no
    longer. The caller has asked its own rules and writes its own audit event.
    """
    question = Question.objects.select_for_update().get(pk=post.question_id)
    Post.objects.filter(pk=post.pk).update(state=state)
    shown = Post.objects.filter(question=question, state=State.SHOWN)
    counted = shown.aggregate(
        answers=Count("pk", filter=Q(kind=Post.Kind.ANSWER)), last=Max("number"), moved=Max("written_at")
    )
    question.answers = counted["answers"]
    question.last = counted["last"] or 0
    question.moved_at = max(question.asked_at, counted["moved"] or question.asked_at)
    if post.number == 0:
        question.state = state
    if state != State.SHOWN and question.accepted_id == post.pk:
        question.accepted = None
    question.save(update_fields=["answers", "last", "moved_at", "state", "accepted"])


@every("20 3 * * *")
def age_posts() -> None:
    """Let go from the index of recent posts what is no longer among the newest of its programme."""
    # In SQL: one statement finds, by the index of recent posts alone, from where on each programme's are old.
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE lounge_post SET recent = FALSE
            FROM people_programme AS programme, LATERAL (
              SELECT newer.id FROM lounge_post AS newer WHERE newer.programme_id = programme.id AND newer.recent
              ORDER BY newer.id DESC OFFSET %s LIMIT 1
            ) AS newest_old
            WHERE lounge_post.programme_id = programme.id AND lounge_post.recent AND lounge_post.id <= newest_old.id
            """,
            [RECENT],
        )


@every("40 * * * *")
def ask_outcomes() -> None:
    """Ask those whose question got an answer two weeks ago how it went. The letter says nothing of the question."""
    ask_outcomes_at(now=timezone.now())


@transaction.atomic
def ask_outcomes_at(*, now: datetime) -> int:
    """Write the letters that are due; how many. Each question is asked about once, by its first answer's end."""
    due = list(
        Question.objects.select_for_update(skip_locked=True)
        .filter(outcome_asked_at__isnull=True, asked_at__lte=now - OUTCOME_AFTER)
        .select_related("programme")[:500]
    )
    Question.objects.filter(pk__in=[one.pk for one in due]).update(outcome_asked_at=now)
    told = [one for one in due if one.answers and one.author_id and one.state == State.SHOWN]
    for one in told:
        assert one.author_id is not None
        post_office.send(
            to=people.address(one.author_id),
            subject=_("A short question"),
            body=_("How did it go? Two lines are enough, and help the next one who asks:\n\n%(link)s\n")
            % {"link": f"{settings.ORIGIN}{reverse('home')}"},
            event=f"lounge outcome {one.pk}",
            programme=one.programme_id,
            now=now,
        )
    return len(told)
