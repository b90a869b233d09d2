"""When a survey can be answered, sent and mailed; each rule says no with a sentence."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from confrere.surveys import pulses, queries
from confrere.surveys.definition import Question
from confrere.surveys.letters import CLOSES, LINK, Text
from confrere.surveys.models import Pulse, PulseToken, Response
from confrere.vault.refusals import Refusal, asks
from confrere.vault.rules import check_unlocked

BASELINE = "baseline"
MOST_A_MINUTE = 600


def check_open(*, response: Response, now: datetime) -> None:
    """Refuse before the window, after it, after the survey was sent, after a withdrawal, and under the data lock."""
    zone = ZoneInfo(response.programme.zone)
    if response.stopped_at is not None:
        raise Refusal(_("You asked for no further questions, so this survey is closed."))
    if response.completed_at is not None:
        raise Refusal(_("This survey was sent on %(day)s. Thank you.") % {"day": day(response.completed_at, zone)})
    if now < response.opens:
        raise Refusal(_("This survey opens on %(day)s.") % {"day": day(response.opens, zone)})
    if now >= response.closes:
        raise Refusal(_("This survey closed on %(day)s.") % {"day": day(response.closes, zone)})
    check_unlocked(programme=response.programme_id)


def check_seen(*, edits: int, seen: int) -> None:
    """Refuse to change a draft that somebody else has changed since it was seen."""
    if edits != seen:
        raise Refusal(_("Somebody else changed this draft meanwhile. Nothing of theirs was overwritten."))


def check_pace(*, response: Response, now: datetime) -> None:
    """Refuse (429) more answers within a minute than any person gives, even after ten minutes without a connection."""
    if queries.pace(response, now=now) >= MOST_A_MINUTE:
        raise Refusal(_("Many answers came within a minute. Wait a moment; what you typed is kept."), status=429)


def day(moment: datetime, zone: ZoneInfo) -> str:
    """A date and time as people say them, on the clock of that zone."""
    return date_format(moment.astimezone(zone), "j F Y, H:i") + f" ({zone.key})"


def check_answered(*, questions: Collection[Question], answers: Mapping[str, object]) -> None:
    """Refuse to send a survey as long as a required question that is asked has no answer; says how many."""
    missing = [question for question in questions if question.needed and answers.get(question.name) is None]
    if missing:
        raise Refusal(
            _("%(count)s questions still need an answer. The first is: %(text)s")
            % {"count": len(missing), "text": missing[0].text}
            if len(missing) > 1
            else _("One question still needs an answer: %(text)s") % {"text": missing[0].text},
            status=422,
        )


#: Five reminders, each at least two days after the letter before it, none later than a year.
MOST_REMINDERS, LEAST_DAYS, LAST_DAY = 5, 2, 366


def check_reminders(reminders: Sequence[int]) -> None:
    """Refuse more than five reminders, days that do not rise by two at least, and days beyond a year."""
    if len(reminders) > MOST_REMINDERS:
        raise Refusal(_("At most five reminders can be sent about one survey."), status=422)
    before = (0, *reminders)
    if any(later - earlier < LEAST_DAYS for earlier, later in zip(before, reminders, strict=False)):
        raise Refusal(_("Each reminder comes at least two days after the letter before it."), status=422)
    if reminders and reminders[-1] > LAST_DAY:
        raise Refusal(_("A reminder comes within a year of the opening."), status=422)


#: Words that a subject does not hold, since mail systems and locked screens show it to others.
LOUD = (
    "anxi", "arm ", "burnout", "coach", "control", "depress", "distress", "mental", "psych", "random", "stress",
    "study", "suicid", "survey", "therap", "trial", "withdr",
)  # fmt: skip


def check_letter(*, subject: str, body: str) -> Text:
    """The clean text of a letter; refuses one without its link, with other places to fill, or with a loud subject."""
    subject, body = " ".join(subject.split()), body.replace("\r\n", "\n").strip() + "\n"
    if not subject or len(subject) > 100:
        raise Refusal(_("The letter needs a subject of at most 100 characters."), status=422)
    loud = [word.strip() for word in LOUD if word in f"{subject.lower()} "]
    if loud:
        raise Refusal(
            _("Others can read a subject on a locked screen. Please leave this out of it: %(words)s.")
            % {"words": ", ".join(loud)},
            status=422,
        )
    if body.count(LINK) != 1:
        raise Refusal(_("The text needs {link} exactly once: there each person's own link will stand."), status=422)
    rest = body.replace(LINK, "").replace(CLOSES, "")
    if "{" in rest or "}" in rest:
        raise Refusal(_("Only {link} and {closes} can be filled in; please take the other braces out."), status=422)
    if len(body) > 4000:
        raise Refusal(_("The text is longer than 4,000 characters."), status=422)
    return Text(subject=subject, body=body)


def check_pulse(*, questions: tuple[Question, ...], people: int, running: bool, lasts: timedelta) -> None:
    """Refuse a pulse that could tell who somebody is, a second one beside it, and one that is too short or too long."""
    if not pulses.is_closed(questions):
        raise Refusal(
            _("A pulse asks closed questions only, each of everybody: choices and sliders that must be answered."),
            status=422,
        )
    if people < pulses.FEWEST:
        raise Refusal(_("A pulse needs at least five people to ask."), status=422)
    if running:
        raise Refusal(_("Another pulse is still open. Start the next one when it has ended."))
    if not timedelta(days=1) <= lasts <= timedelta(days=60):
        raise Refusal(_("A pulse is open for one to 60 days."), status=422)


def check_can_spend(*, token: PulseToken | None, now: datetime) -> Pulse:
    """The pulse that a token opens; refused where there is none, where it was spent, and after the end."""
    if token is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    if token.spent:
        raise Refusal(_("This link was used already. Your answers have arrived; nobody can tell which they are."))
    if now >= token.pulse.closes:
        raise Refusal(_("These questions are closed."))
    return token.pulse


can_open = asks(check_open)
can_send = asks(check_answered)
