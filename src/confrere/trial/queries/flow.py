"""The CONSORT diagram of a trial as it stands: boxes that add up, with every loss and also the zeros."""

from django.utils.translation import gettext as _

from confrere.people.queries import at
from confrere.science.flow import Arm, Box, Flow, Loss, Tally
from confrere.trial.models import Announcement, Consent, PlaceState, Trial, WithdrawalKind
from confrere.trial.protocol import Protocol, ProtocolArm
from confrere.trial.queries.draws import left
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
        started = sum(row.sessions > 0 for row in rows)
        none = (Loss(_("no session so far"), len(rows) - started),)
        boxes.append(Box("started", _("Had a first session"), started, none, of="allocated"))
    for wave in read.waves[1:]:
        sent = sum(row.answered[wave.name] for row in rows)
        unsent = (Loss(_("not answered so far"), len(rows) - sent),)
        boxes.append(
            Box(f"answered_{wave.name}", _("Answered: %(wave)s") % {"wave": wave.title}, sent, unsent, of="allocated")
        )
    analysed = []
    for one in read.analysis.sets:
        kept = len(kept_by(one, read, rows)) if rows else 0
        analysed.append(Tally(one.title, kept, (Loss(_("left out by the rule of the set"), len(rows) - kept),)))
    return Arm(arm.name, tuple(boxes), tuple(analysed), arm.title)


def _notes(trial: Trial, rows: list[Allocated]) -> tuple[str, ...]:
    here = {row.study_id for row in rows}
    return (
        _("%(count)s left coaching") % {"count": len(here & left(trial, WithdrawalKind.COACHING))},
        _("%(count)s want no further questions") % {"count": len(here & left(trial, WithdrawalKind.QUESTIONS))},
    )
