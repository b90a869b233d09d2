"""What may be done with a coach's file, asked by the button and by the action alike."""

from collections.abc import Collection
from datetime import date, timedelta

from django.utils.translation import gettext as _

from confrere.coaching.models import STAGES, Complaint, Stage
from confrere.coaching.queries.roster import File
from confrere.vault.refusals import Refusal, asks

#: Supervision is asked for when the last one is longer ago.
SUPERVISED_WITHIN = timedelta(days=90)
#: A certificate that ends within this time is named beforehand.
SOON = timedelta(days=60)
#: The longest time for which a certificate counts.
LONGEST = timedelta(days=5 * 366)


def check_invite(*, file: File | None, person: int, coaches: Collection[int]) -> None:
    """Whether a file may be opened: for somebody with the role of a coach who has none, or was removed before."""
    if person not in coaches:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    if file is not None:
        check_stage(file=file, to=Stage.INVITED)


def check_stage(*, file: File | None, to: Stage) -> File:
    """Whether a coach may go from the present stage to another."""
    if file is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    if to not in STAGES[file.stage]:
        sentence = _("From “%(from)s” nobody goes to “%(to)s”.")
        raise Refusal(sentence % {"from": file.stage.label, "to": to.label})
    return file


can_stage = asks(check_stage)


def check_certificate(*, file: File | None, certified_on: date, expires_on: date, today: date) -> File:
    """Whether this certificate may be written down: made already, of days in order, and not over five years long."""
    file = check_stage(file=file, to=Stage.CERTIFIED)
    if certified_on > today:
        raise Refusal(_("A certificate is written down once it was given: choose today or an earlier day."), status=422)
    if not certified_on <= expires_on <= certified_on + LONGEST:
        raise Refusal(_("The certificate ends after the day on which it was given, within five years."), status=422)
    return file


def check_days(*, days: Collection[date], today: date) -> None:
    """Whether these can be days of a training: at most forty, none of them absurd."""
    if len(days) > 40 or any(abs(day - today) > timedelta(days=1000) for day in days):
        raise Refusal(_("Give at most forty days, within three years from now."), status=422)


def check_supervised(*, file: File | None, day: date, today: date) -> File:
    """Whether a coach was in supervision on that day."""
    if file is None or file.stage is Stage.REMOVED:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    if not today - timedelta(days=400) <= day <= today:
        raise Refusal(_("Choose today or a day of the last year."), status=422)
    return file


def check_end_complaint(*, complaint: Complaint | None) -> Complaint:
    """Whether a complaint may be closed: once."""
    if complaint is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    if complaint.end != Complaint.End.OPEN:
        raise Refusal(_("This complaint was closed already."))
    return complaint


def waits_for(*, file: File, today: date) -> list[str]:
    """What a coach's file waits for now, the most pressing first; empty when nothing does."""
    return [sentence for needed, sentence in _needs(file, today) if needed]


def _needs(file: File, today: date) -> list[tuple[bool, str]]:
    here = file.stage in (Stage.CERTIFIED, Stage.PAUSED)
    last = max(file.supervision_days, default=file.certified_on)
    return [
        (file.complaints > 0, _("A complaint is open.")),
        (file.stage is Stage.INVITED, _("The coach reads and signs the agreement.")),
        (file.stage is Stage.AGREED, _("The days of the training are set.")),
        (file.stage is Stage.TRAINING and not file.page, _("The coach writes a page, with hours.")),
        (file.stage is Stage.TRAINING, _("The certificate is written down.")),
        (here and file.lapsed(today), _("The certificate has ended: no new participants until it is renewed.")),
        (here and file.ends_within(SOON, today), _("The certificate ends soon.")),
        (here and not file.stipend, _("The training is not paid yet.")),
        (here and last is not None and today - last > SUPERVISED_WITHIN, _("The last supervision is long ago.")),
        (here and not file.page, _("The coach writes a page, with hours.")),
        (file.stage is Stage.PAUSED, _("The coach pauses; nobody can book.")),
    ]
