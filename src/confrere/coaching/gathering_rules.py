"""What may be done with group sessions and supervision, asked by the button and by the action alike."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from confrere.coaching.clock import Span
from confrere.coaching.models import Gathering
from confrere.coaching.queries import Ledger, Page
from confrere.coaching.queries.gatherings import Meeting
from confrere.coaching.rules import BOOKING_NOTICE, SETTLED_AFTER, nothing_here
from confrere.vault.refusals import Refusal, asks

#: How many may come to a group session, beside the coach; and how many coaches a supervisor takes.
PLACES = range(2, 13)
#: Minutes that a gathering may last.
LENGTHS = (60, 90, 120)
#: The farthest ahead.
AHEAD = timedelta(days=366)


def check_plan(*, start: datetime, minutes: int, now: datetime) -> Span:
    """Whether a gathering may lie there."""
    if minutes not in LENGTHS:
        raise Refusal(_("Choose the length from the list."), status=422)
    if not now + BOOKING_NOTICE <= start <= now + AHEAD:
        raise Refusal(_("Choose a time at least two hours and at most a year from now."), status=422)
    return Span(start, start + timedelta(minutes=minutes))


def check_offer_group(*, own: Page | None, seen: Page | None, places: int) -> Page:
    """Whether this coach may offer a group session: with a page, a certificate where one is asked, and no pause.

    seen: the page as others see it; None where nobody is shown it.
    """
    if own is None:
        raise Refusal(_("Write your page first: participants read it before they choose an hour."))
    if seen is None or seen.pauses or not seen.certified:
        raise Refusal(_("You take nobody new at the moment, so you cannot offer a group session."))
    if places not in PLACES:
        raise Refusal(_("Offer between 2 and 12 places."), status=422)
    return seen


def check_join(*, found: Meeting | None, page: Page | None, ledger: Ledger | None, now: datetime) -> Meeting:
    """Whether a place in a group session may be taken: by somebody with a grant, with a coach whom they may meet."""
    if found is None or found.kind is not Gathering.Kind.GROUP or page is None:
        raise nothing_here()
    if ledger is None or not ledger.since <= now < ledger.until:
        raise Refusal(_("Group sessions are for people to whom coaching is granted at the moment."))
    if now + BOOKING_NOTICE > found.span.start:
        raise Refusal(_("This group session begins too soon."))
    if page.pauses or not page.certified:
        raise Refusal(_("This coach takes no new participants at the moment. Choose another coach."))
    if found.free < 1:
        raise Refusal(_("All places in this group are taken."))
    return found


can_join = asks(check_join)


def check_give_back(*, found: Meeting | None, person: int, now: datetime) -> Meeting:
    """Whether a place may be given back: one's own in a group session that has not begun."""
    if found is None or found.kind is not Gathering.Kind.GROUP or found.leader == person:
        raise nothing_here()
    if now >= found.span.start:
        raise Refusal(_("This has begun."))
    return found


can_give_back = asks(check_give_back)


def check_call_off(*, found: Meeting | None, person: int, now: datetime) -> Meeting:
    """Whether a gathering may be called off: by its leader, before it begins."""
    if found is None or found.leader != person:
        raise nothing_here()
    if now >= found.span.start:
        raise Refusal(_("This has begun."))
    return found


can_call_off = asks(check_call_off)


def check_took_place(*, found: Meeting | None, person: int, now: datetime) -> Meeting:
    """Whether its leader may say that it took place: once it has begun, for a week."""
    if found is None or found.leader != person:
        raise nothing_here()
    if not found.span.start <= now < found.span.end + SETTLED_AFTER:
        raise Refusal(_("This is said once it has begun, and within a week."))
    return found


can_say_took_place = asks(check_took_place)


def check_circle(*, supervisor: int, members: Collection[int], coaches: Collection[int]) -> None:
    """Whether these may meet under supervision: coaches of this programme, a few of them."""
    if not {supervisor, *members} <= set(coaches):
        raise nothing_here()
    if supervisor in members:
        raise Refusal(_("The supervisor is not also one of the group."), status=422)
    if not 1 <= len(set(members)) <= PLACES[-1]:
        raise Refusal(_("Choose between one and twelve coaches."), status=422)
