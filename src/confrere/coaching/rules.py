"""What may be done and when, asked by the button and by the action alike."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from confrere.coaching import words
from confrere.coaching.clock import Span, Unclear, again
from confrere.coaching.models import AROUND, STEP, STEPS, WRAPPED, Lock, PayLine, Rate, Said, Source, State
from confrere.coaching.queries import Ledger, Page, Room, Session, Way
from confrere.coaching.states import STATES
from confrere.vault.refusals import Refusal, asks

#: The least time between booking and session, so that the coach sees it.
BOOKING_NOTICE = timedelta(hours=2)
#: How often somebody may go to another coach without asking anybody.
FREE_CHANGES = 1
#: Until so long before a session its participant may move or cancel it alone.
CHANGE_NOTICE = timedelta(hours=24)
#: Before a session its link and number are shown from then on, until its end.
SHOWN_BEFORE = timedelta(minutes=15)
#: The most sessions that one form books.
MOST_TIMES = 12
#: Weeks from one session to the next, in one form.
MOST_WEEKS = 4
#: The farthest that a grant may be extended at once.
LONGEST_EXTENSION = timedelta(days=366)
#: For so long after a session both people may say what became of it; then the answers are reduced.
SETTLED_AFTER = timedelta(days=7)


def nothing_here() -> Refusal:
    """The same answer for what does not exist and what is not yours."""
    return Refusal(_("There is nothing here, or it is not yours to open."), status=404)


def bookable(*, ledger: Ledger, k: int, now: datetime) -> Span | None:
    """Where session k may lie: in the grant's window, with notice, and on its side of sessions of another length.

    The first session is longer because it comes first: so it stays before the booked ones of 60 minutes, and
    they after it. Sessions of one length may be booked in any order. None if there is no such time.
    """
    others = [(number, span) for number, span in ledger.booked if ledger.length(number) != ledger.length(k)]
    start = max([now + BOOKING_NOTICE, ledger.since, *(span.end for number, span in others if number < k)])
    end = min([ledger.until, *(span.start for number, span in others if number > k)])
    return Span(start, end) if start < end else None


def next_room(*, ledger: Ledger | None, now: datetime) -> Room | None:
    """The length of the next session and where it may lie; None when none may be booked now."""
    if ledger is None or not ledger.open_at(now) or ledger.next_k is None:
        return None
    within = bookable(ledger=ledger, k=ledger.next_k, now=now)
    return None if within is None else Room(minutes=ledger.length(ledger.next_k), within=within)


def without(ledger: Ledger, *, k: int) -> Ledger:
    """The ledger as if session k were not booked: what it is measured against when it moves."""
    return replace(ledger, booked=tuple(each for each in ledger.booked if each[0] != k))


def room_to_move(*, ledger: Ledger, session: Session, now: datetime) -> Room | None:
    """Where a booked session may go; None if there is no such time or it is no longer booked."""
    if not session.is_booked:
        return None
    within = bookable(ledger=without(ledger, k=session.k), k=session.k, now=now)
    return None if within is None else Room(minutes=session.minutes, within=within)


def reason(check: Callable[..., object], **asked: object) -> str:
    """The sentence with which a rule would refuse; empty when it would let this pass."""
    try:
        check(**asked)
    except Refusal as refusal:
        return refusal.sentence
    return ""


def check_entitled(*, ledger: Ledger | None, now: datetime) -> None:
    """Whether a session may be booked now at all. Raises with the date from which or until which it could."""
    if ledger is None:
        raise Refusal(_("No coaching sessions have been granted to you in this programme yet."))
    if now < ledger.since:
        sentence = _("Your sessions can be booked from %(day)s on.")
        raise Refusal(sentence % {"day": words.day(ledger.since, zone=ledger.zone)})
    if now >= ledger.until:
        sentence = _("Your sessions could be booked until %(day)s.")
        raise Refusal(sentence % {"day": words.day(ledger.until, zone=ledger.zone)})
    if ledger.next_k is None:
        sentence = ngettext(
            "Your one session is booked or was held; there is no second one.",
            "All your %(count)s sessions are booked or were held; there is no further one.",
            len(ledger.minutes),
        )
        raise Refusal(sentence % {"count": len(ledger.minutes)})


def check_time(*, ledger: Ledger, k: int, start: datetime, now: datetime) -> None:
    """Whether session k may start then. Raises with the nearest limit that is in the way."""
    span = Span(start, start + timedelta(minutes=ledger.length(k)))
    if start < now + BOOKING_NOTICE:
        hours = BOOKING_NOTICE // timedelta(hours=1)
        raise Refusal(_("That is too soon. Choose a time at least %(hours)s hours from now.") % {"hours": hours})
    if span.end > ledger.until:
        sentence = _("Your sessions can be booked until %(day)s. Choose an earlier time.")
        raise Refusal(sentence % {"day": words.day(ledger.until, zone=ledger.zone)})
    within = bookable(ledger=ledger, k=k, now=now)
    if within is None or not within.contains(span):
        sentence = _(
            "Session %(k)s lasts %(minutes)s minutes and keeps its place before or after the sessions already booked: "
            "choose another time, or move those first."
        )
        raise Refusal(sentence % {"k": k, "minutes": ledger.length(k)})


def check_book(*, ledger: Ledger | None, now: datetime, start: datetime | None = None) -> None:
    """Whether a session may be booked; `start` None asks for any time (the button), else for that one."""
    check_entitled(ledger=ledger, now=now)
    if start is not None:
        assert ledger is not None
        assert ledger.next_k is not None
        check_time(ledger=ledger, k=ledger.next_k, start=start, now=now)


can_book = asks(check_book)


def check_sealed(sealed: bytes) -> None:
    """Whole steps of ciphertext, and not too many."""
    steps, rest = divmod(len(sealed) - AROUND, STEP)
    if rest or steps < 1:
        raise Refusal(_("This is not what a workbook looks like. Nothing was saved."), status=422)
    if steps > STEPS:
        raise Refusal(_("This workbook is full. Take older reflections out, or export it and begin anew."), status=413)


def check_ways(ways: Sequence[Way], *, code: bool = True) -> None:
    """Whether these can be locks; `code`: and the recovery code is among them, so that nobody locks themselves out."""
    for way in ways:
        named = bool(way.credential) and len(way.credential) <= 1400 and way.credential.isascii()
        if len(way.wrapped) != WRAPPED or way.kind not in Lock or named != (way.kind == Lock.PASSKEY):
            raise Refusal(_("This is not what a lock looks like. Nothing was saved."), status=422)
    if code and Lock.CODE not in [way.kind for way in ways]:
        raise Refusal(_("A workbook needs its recovery code. Nothing was saved."), status=422)


def check_device(*, ticket: str, code: str, public_key: bytes) -> None:
    """A random word of 128 bits or more, six digits, 32 octets."""
    digits = len(code) == 6 and code.isascii() and code.isdecimal()
    if not digits or not 22 <= len(ticket) <= 64 or len(public_key) != 32:
        raise Refusal(_("This is not what a device sends. Open the page again."), status=422)


def check_parcel(sealed: bytes) -> None:
    """Ciphertext for a device: its sender's half of the key, then whole steps."""
    check_sealed(sealed[32:])


def check_series(*, ledger: Ledger, start: datetime, times: int, weeks: int) -> list[datetime]:
    """The starts of so many sessions, every so many weeks at the same time on the wall. Refuses (422) in words."""
    if not (1 <= times <= MOST_TIMES and 1 <= weeks <= MOST_WEEKS):
        raise Refusal(_("Choose how often from the list."), status=422)
    if times > ledger.remaining:
        sentence = ngettext(
            "Only one session is left to book.", "Only %(left)s sessions are left to book.", ledger.remaining
        )
        raise Refusal(sentence % {"left": ledger.remaining}, status=422)
    try:
        return again(start=start, zone=ledger.zone, times=times, weeks=weeks)
    except Unclear as unclear:
        sentence = _(
            "On %(day)s the clocks change, and %(time)s is no clear time. Book up to that week, then the rest."
        )
        said = {"day": words.naive_day(unclear.wall), "time": f"{unclear.wall:%H:%M}"}
        raise Refusal(sentence % said, status=422) from unclear


def shows_place(*, span: Span, now: datetime) -> bool:
    """Whether a session's link and number are shown: from a quarter of an hour before it to its end."""
    return span.start - SHOWN_BEFORE <= now < span.end


def check_extend(*, source: Source, ends: datetime, until: datetime, now: datetime) -> None:
    """Whether a grant may last longer: what has ended is opened again only where a coordinator granted it."""
    if ends <= now and source is not Source.COORDINATOR:
        raise Refusal(_("This grant has ended and stays so. Grant sessions by hand instead."))
    if until <= ends:
        raise Refusal(_("Choose a later day: a grant is never shortened here."), status=422)
    if until > max(ends, now) + LONGEST_EXTENSION:
        raise Refusal(_("Choose a day within a year."), status=422)


def check_takes(*, page: Page | None, person: int) -> Page:
    """Whether this coach takes this participant."""
    if page is None:
        raise nothing_here()
    if page.person == person:
        raise Refusal(_("This is your own page. Choose another coach."))
    if page.pauses:
        raise Refusal(_("This coach pauses at the moment. What is booked stays booked."))
    if not page.mine and not page.takes_new:
        raise Refusal(_("This coach takes no new participants at the moment. Choose another coach."))
    if not page.mine and page.others > FREE_CHANGES + page.changes:
        raise Refusal(
            _("You have changed your coach once. The coordinator can open another change, and asks no reason.")
        )
    return page


can_take = asks(check_takes)


def check_line(*, ledger: Ledger | None, page: Page | None, person: int, now: datetime) -> None:
    """Whether somebody may wait for a coach: with something left to book, and not for themselves."""
    if page is None:
        raise nothing_here()
    if page.person == person:
        raise Refusal(_("This is your own page. Choose another coach."))
    check_entitled(ledger=ledger, now=now)


def check_wording(*, state: str, text: str, before: str | None) -> None:
    """Whether this may stand as counsel's wording. before: the one that it follows."""
    if state not in STATES:
        raise Refusal(_("Choose a state from the list."), status=422)
    if not text.strip():
        raise Refusal(_("Put in the text that your counsel has approved."), status=422)
    if text == before:
        raise Refusal(_("This text holds already."))


def check_still_booked(*, session: Session | None) -> Session:
    """Whether this is one's own session and nothing has become of it yet."""
    if session is None:
        raise nothing_here()
    if session.state is not State.BOOKED:
        raise Refusal(_("This session is no longer booked."))
    return session


def check_cancel(*, session: Session | None, person: int, now: datetime) -> Session:
    """A participant may cancel until 24 hours before, a coach until it starts."""
    session = check_still_booked(session=session)
    if now >= session.span.start:
        raise Refusal(_("This session has started. Say below what became of it."))
    if person == session.participant and now > session.span.start - CHANGE_NOTICE:
        hours = CHANGE_NOTICE // timedelta(hours=1)
        sentence = _("A session can be moved or cancelled until %(hours)s hours before. Reach your coach directly.")
        raise Refusal(sentence % {"hours": hours})
    return session


can_cancel = asks(check_cancel)


def check_move(*, session: Session | None, person: int, now: datetime) -> Session:
    """The participant may move a session until 24 hours before."""
    session = check_cancel(session=session, person=person, now=now)
    if person != session.participant:
        raise Refusal(_("Only the participant moves a session. You can cancel it."), status=403)
    return session


can_move = asks(check_move)


def check_confirm(*, session: Session | None, now: datetime) -> Session:
    """Both people may say what became of a session once it has started, until it is settled."""
    session = check_still_booked(session=session)
    if now < session.span.start:
        raise Refusal(_("This session has not started yet."))
    return session


can_confirm = asks(check_confirm)


def check_said(*, session: Session, person: int, said: Said, has_read: bool) -> None:
    """Whether this may be answered: that it took place, by its participant, only after reading the limits."""
    if said is Said.NOTHING:
        raise Refusal(_("Say whether it happened, was moved, or did not happen."), status=422)
    if said is Said.HAPPENED and person == session.participant and not has_read:
        raise Refusal(_("First read the limits of confidentiality, and say that you did. Then say that it took place."))


can_say = asks(check_said)


def check_stipend(*, coaches: Collection[int], coach: int, rate: Rate | None, paid: bool) -> Rate:
    """Whether a coach's training may be paid now."""
    if coach not in coaches:
        raise nothing_here()
    if rate is None:
        raise Refusal(_("Set the rates first: for that day there is none."), status=409)
    if paid:
        raise Refusal(_("This coach's training has been paid; it is paid once."), status=409)
    return rate


can_pay_stipend = asks(check_stipend)


def check_take_back(*, line: PayLine | None, taken_back: bool) -> PayLine:
    """Whether a line of a statement may be taken back: once, and never what took another back."""
    if line is None:
        raise nothing_here()
    if taken_back or line.reverses_id is not None:
        raise Refusal(_("This line has been taken back already."), status=409)
    return line


can_take_back = asks(check_take_back)


def check_currency(*, currency: str, before: str | None) -> None:
    """Whether rates may be set in this currency: all of a programme's sums are of one."""
    if before is not None and currency != before:
        raise Refusal(_("This programme pays in %(before)s; its sums cannot mix currencies.") % {"before": before})
