"""When a survey can be answered, sent and mailed; each rule says no with a sentence."""

from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from confrere.surveys.definition import Question
from confrere.surveys.models import Response
from confrere.vault.refusals import Refusal, asks

BASELINE = "baseline"


def check_open(*, response: Response, now: datetime) -> None:
    """Refuse before the window, after it, after the survey was sent, and after a withdrawal."""
    zone = ZoneInfo(response.programme.zone)
    if response.stopped_at is not None:
        raise Refusal(_("You asked for no further questions, so this survey is closed."))
    if response.completed_at is not None:
        raise Refusal(_("This survey was sent on %(day)s. Thank you.") % {"day": day(response.completed_at, zone)})
    if now < response.opens:
        raise Refusal(_("This survey opens on %(day)s.") % {"day": day(response.opens, zone)})
    if now >= response.closes:
        raise Refusal(_("This survey closed on %(day)s.") % {"day": day(response.closes, zone)})


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


can_open = asks(check_open)
can_send = asks(check_answered)
