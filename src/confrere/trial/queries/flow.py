"""The CONSORT diagram of a trial as it stands: boxes that add up, with every loss and also the zeros."""

from collections import Counter
from collections.abc import Mapping

from django.utils.translation import gettext as _

from confrere.people.queries import at
from confrere.science.flow import Arm, Box, Flow, Loss, Tally
from confrere.trial.models import Announcement, Consent, LeavingReason, PlaceState, Trial, WithdrawalKind
from confrere.trial.protocol import Protocol, ProtocolArm
from confrere.trial.queries.draws import leaving, left
from confrere.trial.queries.events import Allocated, allocated, kept_by, places
from confrere.trial.queries.trials import protocol, required


def flow(*, programme: int, sites: frozenset[int] | None = None) -> Flow:
    """The flow of a trial now; of these sites only, or of every one. Announcements are counted for all sites together,
    so that the flow of a site begins with the consents."""
    trial = required(programme)
    read = protocol(trial)
    rows = allocated(programme=programme, sites=sites)
    return Flow(
        title=read.title,
        common=_common(trial, drawn=len(rows), sites=sites),
        arms=tuple(_arm(trial, read, arm, [row for row in rows if row.arm == arm.name]) for arm in read.arms),
    )


def _common(trial: Trial, *, drawn: int, sites: frozenset[int] | None) -> tuple[Box, ...]:
    told = Announcement.objects.filter(trial=trial) if sites is None else Announcement.objects.none()
    mailings = list(told.values_list("addresses", flat=True))
    signed = Consent.objects.filter(programme_id=trial.programme_id, **at(sites)).values("person").distinct().count()
    stand = places(trial, sites)
    to_come = stand[PlaceState.FINAL] - drawn if protocol(trial).mode == "batch" else 0
    losses = (
        Loss(_("on the waiting list"), stand[PlaceState.WAITING]),
        Loss(_("baseline not complete yet, place held"), stand[PlaceState.HELD]),
        Loss(_("baseline not complete, place lapsed"), stand[PlaceState.LAPSED]),
        Loss(_("withdrew before the draw"), stand[PlaceState.WITHDRAWN]),
        Loss(_("no place asked for yet"), signed - sum(stand.values())),
        *((Loss(_("enrolled, the draw is to come"), to_come),) if to_come else ()),
    )
    consented = Box("consented", _("Consented"), signed)
    boxes = (consented, Box("allocated", _("Allocated by chance"), drawn, losses))
    mailed = max(mailings, default=0)
    if mailed < signed:  # a recruitment link that was passed on reaches more people than the mailing
        return boxes
    declined = (Loss(_("did not consent"), mailed - signed),)
    note = _("%(count)s announcements") % {"count": len(mailings)}
    first = Box("mailed", _("Received the announcement"), mailed, notes=(note,))
    return (first, Box("consented", consented.label, signed, declined), *boxes[1:])


def _arm(trial: Trial, read: Protocol, arm: ProtocolArm, rows: list[Allocated]) -> Arm:
    boxes = [Box("allocated", arm.title, len(rows), notes=_notes(trial, rows))]
    if not arm.delayed:
        here = [row for row in rows if row.sessions > 0]
        gone = left(trial, WithdrawalKind.COACHING)
        none = _losses(rows, here, gone, _("left coaching before a session"), _("no session so far"))
        boxes.append(Box("started", _("Had a first session"), len(here), none, of="allocated"))
    silent = left(trial, WithdrawalKind.QUESTIONS) | left(trial, WithdrawalKind.DATA)
    for wave in read.waves[1:]:
        sent = [row for row in rows if row.answered[wave.name]]
        unsent = _losses(rows, sent, silent, _("wanted no further questions"), _("not answered so far"))
        label = _("Answered: %(wave)s") % {"wave": wave.title}
        boxes.append(Box(f"answered_{wave.name}", label, len(sent), unsent, of="allocated"))
    analysed = []
    for one in read.analysis.sets:
        kept = len(kept_by(one, read, rows)) if rows else 0
        analysed.append(Tally(one.title, kept, (Loss(_("left out by the rule of the set"), len(rows) - kept),)))
    return Arm(arm.name, tuple(boxes), tuple(analysed), arm.title)


def _losses(
    rows: list[Allocated], here: list[Allocated], gone: frozenset[str], why: str, otherwise: str
) -> tuple[Loss, ...]:
    """Who is missing: those who left, and those who just have not come so far; also where there is nobody."""
    missing = {row.study_id for row in rows} - {row.study_id for row in here}
    return (Loss(why, len(missing & gone)), Loss(otherwise, len(missing - gone)))


def _notes(trial: Trial, rows: list[Allocated]) -> tuple[str, ...]:
    """Who left what, and why as far as they said it; zeros too."""
    here = {row.study_id for row in rows}
    said = leaving(trial)
    return tuple(
        _("%(count)s %(what)s (%(why)s)")
        % {"count": len(here & said[kind].keys()), "what": label, "why": _why(here, said[kind])}
        for kind, label in (
            (WithdrawalKind.COACHING, _("left coaching")),
            (WithdrawalKind.QUESTIONS, _("want no further questions")),
            (WithdrawalKind.DATA, _("took answers back")),
        )
    )


def _why(here: set[str], said: Mapping[str, str]) -> str:
    number = Counter(said[study_id] for study_id in here & said.keys())
    reasons = [(value, str(label)) for value, label in LeavingReason.choices] + [("", _("not said"))]
    return ", ".join(f"{label} {number[value]}" for value, label in reasons)
