"""What a participant may do while choosing: how many first conversations, how often another coach."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from confrere.coaching import words
from confrere.coaching.clock import Span
from confrere.coaching.models import Part
from confrere.coaching.queries import Ledger, Page
from confrere.coaching.queries.talks import Talk
from confrere.coaching.rules import BOOKING_NOTICE, check_takes, nothing_here
from confrere.vault.refusals import Refusal, asks

#: How long a first conversation is, and how many a participant may take.
CONVERSATION = timedelta(minutes=20)
MOST_CONVERSATIONS = 3
#: How far ahead one lies at most.
AHEAD = timedelta(days=28)
#: How many check sums of people and divisions one participant may leave.
MOST_SHUNNED = 20

#: When an hour lies in a part of the week, by the local time of whom it has to suit.
LIES_IN: dict[str, Callable[[datetime], bool]] = {
    Part.EARLY: lambda at: at.hour < 9,
    Part.DAY: lambda at: 9 <= at.hour < 17,
    Part.MIDDAY: lambda at: 11 <= at.hour < 14,
    Part.EVENING: lambda at: at.hour >= 17,
    Part.WEEKEND: lambda at: at.weekday() >= 5,
}


def suits(start: datetime, *, parts: Collection[str], zone: str) -> bool:
    """Whether an hour lies in one of these parts of the week; without any, every hour does."""
    at = words.local(start, zone=zone)
    return not parts or any(LIES_IN[part](at) for part in parts)


def check_may_converse(*, page: Page | None, ledger: Ledger | None, had: int, person: int, now: datetime) -> Page:
    """Whether a first conversation with this coach may be agreed on at all."""
    chosen = check_takes(page=page, person=person)
    if ledger is None or not ledger.since <= now < ledger.until or ledger.remaining == 0:
        raise Refusal(_("A first conversation comes before sessions that you can book; you have none to book now."))
    if chosen.mine:
        raise Refusal(_("You work with this coach already. Book a session."))
    if had >= MOST_CONVERSATIONS:
        sentence = _("You have taken your %(count)s first conversations. Choose a coach and book a session.")
        raise Refusal(sentence % {"count": MOST_CONVERSATIONS})
    return chosen


def check_converse(
    *, page: Page | None, ledger: Ledger | None, had: int, person: int, start: datetime, now: datetime
) -> Page:
    """Whether it may be agreed on for this start."""
    chosen = check_may_converse(page=page, ledger=ledger, had=had, person=person, now=now)
    assert ledger is not None
    within = talk_within(ledger=ledger, now=now)
    if within is None or not within.contains(Span(start, start + CONVERSATION)):
        sentence = _("Choose a time from two hours ahead until %(day)s.")
        until = min(ledger.until, now + AHEAD)
        raise Refusal(sentence % {"day": words.day(until, zone=ledger.zone)})
    return chosen


def talk_within(*, ledger: Ledger, now: datetime) -> Span | None:
    """Where a first conversation may lie; None if there is no such time."""
    start, end = now + BOOKING_NOTICE, min(ledger.until, now + AHEAD)
    return Span(start, end) if start < end else None


can_converse = asks(check_may_converse)


def check_end_conversation(*, found: Talk | None, now: datetime) -> Talk:
    """Whether it may be called off: one's own, before it starts."""
    if found is None:
        raise nothing_here()
    if now >= found.span.start:
        raise Refusal(_("This conversation has started."))
    return found
