"""What waits for a person in this room, for their home page."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from confrere.coaching import words
from confrere.coaching.models import Said
from confrere.coaching.quarters import asked_now
from confrere.coaching.queries.coaches import coach_of
from confrere.coaching.queries.counts import unbooked
from confrere.coaching.queries.entitlements import Ledger, ledger
from confrere.coaching.queries.gatherings import meetings
from confrere.coaching.queries.hours import hours_of
from confrere.coaching.queries.sessions import Session, sessions
from confrere.coaching.queries.themes import my_themes
from confrere.coaching.queries.waiting import in_line
from confrere.coaching.queries.workbook import has_workbook
from confrere.people.queries import Card, Standing
from confrere.people.roles import Role

#: A coach without free hours in this time is asked for some.
AHEAD = timedelta(days=14)


def today(*, standing: Standing, now: datetime) -> Sequence[Card]:
    """What is this person's to do in coaching: say what became of a session, come to the next, book, offer hours."""
    roles = standing.roles
    cards: list[Card] = []
    if roles & {Role.PARTICIPANT, Role.COACH}:
        mine = sessions(programme=standing.programme, person=standing.person)
        cards += _to_say(mine, standing=standing, now=now)
        cards += _next(mine, standing=standing, now=now)
        cards += _several(standing, now)
    if Role.PARTICIPANT in roles:
        mine_to_book = ledger(programme=standing.programme, person=standing.person, now=now)
        if mine_to_book is not None:  # nobody else has anything to book, or stands in a line
            cards += _to_book(mine_to_book, standing, now)
            cards += _turn(standing)
        cards += _workbook(standing)
    if Role.COACH in roles:
        cards += _to_offer(standing, now)
        cards += _to_tell(standing, now)
    if roles & {Role.COORDINATOR, Role.DIRECTOR}:
        cards += _waiting(standing, now)
    return cards


def address(name: str, standing: Standing, **more: int) -> str:
    return reverse(f"coaching:{name}", kwargs={"programme": standing.programme_slug, **more})


def _to_say(mine: Sequence[Session], *, standing: Standing, now: datetime) -> Iterator[Card]:
    for each in mine:
        if each.span.end <= now and each.said_by(standing.person) is Said.NOTHING:
            yield Card(
                order=10,
                title=_("Did your session take place?"),
                sentence=_("%(moment)s with %(name)s. One tap is enough; nothing else is asked.")
                % {"moment": words.moment(each.span.start, zone=standing.zone), "name": each.other(standing.person)},
                act=_("Say it"),
                url=address("session", standing, booking=each.booking),
                kept_as="coaching.Booking.participant_said",
            )


def _next(mine: Sequence[Session], *, standing: Standing, now: datetime) -> Iterator[Card]:
    each = next((each for each in mine if each.span.end > now), None)
    if each is not None:
        yield Card(
            order=20,
            title=_("Your next session"),
            sentence=_("%(moment)s to %(end)s with %(name)s.")
            % {
                "moment": words.moment(each.span.start, zone=standing.zone),
                "end": words.hour(each.span.end, zone=standing.zone),
                "name": each.other(standing.person),
            },
            act=_("See it"),
            url=address("session", standing, booking=each.booking),
            kept_as="coaching.Booking.during",
        )


def _several(standing: Standing, now: datetime) -> Iterator[Card]:
    """The next group session or supervision; and of one's own, whether it took place."""
    mine = meetings(programme=standing.programme, person=standing.person)
    to_say = [each for each in mine if each.span.end <= now and each.leader == standing.person and not each.held]
    to_come = [each for each in mine if each.span.end > now]
    for each, order, title, act in [
        *((each, 11, _("Did your meeting take place?"), _("Say it")) for each in to_say),
        *((each, 21, _("Your next meeting with several"), _("See it")) for each in to_come[:1]),
    ]:
        yield Card(
            order=order,
            title=title,
            sentence=f"{each.kind.label}: {words.moment(each.span.start, zone=standing.zone)}.",
            act=act,
            url=address("group", standing, gathering=each.number),
            kept_as="coaching.Occupied.gathering",
        )


def _to_book(mine: Ledger, standing: Standing, now: datetime) -> Iterator[Card]:
    if mine.open_at(now):
        yield Card(
            order=30,
            title=_("Book your next session") if mine.taken else _("Choose your coach"),
            sentence=words.left(
                remaining=mine.remaining, granted=len(mine.minutes), until=mine.until, zone=standing.zone
            ),
            act=_("See free times"),
            url=address("home", standing) if mine.taken else address("coaches", standing),
            kept_as="coaching.Entitlement.minutes",
        )


def _workbook(standing: Standing) -> Iterator[Card]:
    if has_workbook(programme=standing.programme, person=standing.person):
        yield Card(
            order=50,
            title=_("This week's goals"),
            sentence=_("They are sealed. A review of the week takes a minute."),
            act=_("Open your workbook"),
            url=address("workbook", standing),
            kept_as="coaching.Workbook.sealed",
        )


def _turn(standing: Standing) -> Iterator[Card]:
    """The letter that says so leads to the front door, so the way on stands here."""
    for each in in_line(programme=standing.programme, person=standing.person):
        if each.until is not None:
            yield Card(
                order=12,
                title=_("What you waited for is free"),
                sentence=_("With %(name)s; kept for you until %(moment)s.")
                % {"name": each.coach_name, "moment": words.moment(each.until, zone=standing.zone)},
                act=_("See free times"),
                url=address("coach", standing, coach=each.coach),
                kept_as="coaching.Waiting.until",
            )


def _to_offer(standing: Standing, now: datetime) -> Iterator[Card]:
    if coach_of(programme=standing.programme, person=standing.person) is None:
        yield Card(
            order=15,
            title=_("Write your page"),
            sentence=_("Participants read it before they choose a coach."),
            act=_("Write it"),
            url=address("page", standing),
            kept_as="coaching.Coach.biography",
        )
        return
    offered = hours_of(programme=standing.programme, person=standing.person, now=now)
    if not any(each.span.start < now + AHEAD for each in offered):
        yield Card(
            order=40,
            title=_("Offer hours"),
            sentence=_("In the next two weeks nobody can book with you."),
            act=_("Offer hours"),
            url=address("hours", standing),
            kept_as="coaching.Hours.during",
        )


def _waiting(standing: Standing, now: datetime) -> Iterator[Card]:
    late = len(unbooked(programme=standing.programme, now=now, sites=standing.sites))
    if late:
        yield Card(
            order=40,
            title=_("Not yet booked"),
            sentence=ngettext(
                "One person was granted sessions a week ago or longer and has booked none.",
                "%(count)s people were granted sessions a week ago or longer and have booked none.",
                late,
            )
            % {"count": late},
            act=_("See who"),
            url=address("waiting", standing),
            kept_as="coaching.Entitlement.booked_once",
        )


def _to_tell(standing: Standing, now: datetime) -> Iterator[Card]:
    if asked_now(now) and my_themes(programme=standing.programme, person=standing.person, now=now) is None:
        yield Card(
            order=60,
            title=_("What hinders physicians at work?"),
            sentence=_("Once a quarter, tick what you came across again and again. A minute is enough."),
            act=_("Tick themes"),
            url=address("themes", standing),
            kept_as="coaching.ThemeAnswer.themes",
        )
