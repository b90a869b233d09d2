"""Two moderators: what each found is written down, and when two found the same, it is decided."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.people.actions.claims import bind, freeze, move, note, open_door, shut, tell
from confrere.people.models import STANDING, Binding, Claim, Look
from confrere.people.queries import Standing
from confrere.people.rules.claims import Unfit
from confrere.people.rules.moderating import TWO, asked_of, check_can_hold, check_can_look
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal


def claim_here(*, standing: Standing, claim: int) -> Claim:
    """A claim of the moderator's programme; the same 404 for one elsewhere and for none."""
    row = Claim.objects.filter(programme_id=standing.programme, pk=claim).select_related("user").first()
    if row is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    return row


@transaction.atomic
def look(*, standing: Standing, claim: int, agrees: bool, now: datetime) -> str:
    """Say what one found: that the person is this physician, or not. The claim's state afterwards.

    A second look of the same moderator replaces the first one. Two who agree decide, whichever way.
    """
    row = _locked(standing, claim)
    asked = asked_of(row)
    if not asked:
        raise Refusal(_("Nothing waits for moderators here: it has been decided, or taken back."), status=409)
    check_can_look(claim=row, moderator=standing.person)
    found = {"agrees": agrees, "at": now}
    Look.objects.update_or_create(claim=row, asked=asked, moderator_id=standing.person, defaults=found)
    actor = Actor.person(standing.person)
    note(row, came_from=row.state, why=f"looked_{asked}", evidence={"agrees": int(agrees)}, actor=actor, now=now)
    same = Look.objects.filter(claim=row, asked=asked, agrees=agrees)
    moderators = list(same.order_by("at", "pk").values_list("moderator", flat=True))
    if len(moderators) >= TWO:
        both = {"first": moderators[0], "second": moderators[1]}
        _decide(row, asked=asked, agrees=agrees, both=both, actor=actor, now=now)
    return row.state


@transaction.atomic
def hold(*, standing: Standing, claim: int, now: datetime) -> None:
    """Close a member's door at once, until two moderators have looked."""
    row = _locked(standing, claim)
    check_can_hold(claim=row, moderator=standing.person)
    freeze(claim=row, why="held", actor=Actor.person(standing.person), now=now)


def _locked(standing: Standing, claim: int) -> Claim:
    return Claim.objects.select_for_update().get(pk=claim_here(standing=standing, claim=claim).pk)


def _decide(claim: Claim, *, asked: str, agrees: bool, both: dict[str, int], actor: Actor, now: datetime) -> None:
    """The looks are used up, the pictures go, and the claim moves."""
    Look.objects.filter(claim=claim, asked=asked).delete()
    if asked == "badge":
        if agrees:
            bind(claim=claim, binding=Binding.BADGE, evidence=both, actor=actor, now=now)
        else:
            shut(claim=claim, state="gone", why="refused", evidence=both, actor=actor, now=now)
            tell(claim, why="refused", now=now)
    elif agrees:
        _release(claim, both=both, actor=actor, now=now)
    elif claim.before == "open":
        shut(claim=claim, state="gone", why="other_person", evidence=both, actor=actor, now=now)
        tell(claim, why="refused", now=now)
    else:
        shut(claim=claim, state="revoked", why="taken_back", evidence=both, actor=actor, now=now)
        tell(claim, why="revoked", now=now)


def _release(claim: Claim, *, both: dict[str, int], actor: Actor, now: datetime) -> None:
    """This one is the physician: rivals go; whoever had shown it is bound, others go on from where they were."""
    rivals = Claim.objects.select_for_update().filter(register=claim.register, number=claim.number, state__in=STANDING)
    for rival in rivals.exclude(pk=claim.pk):
        shut(claim=rival, state="gone", why="other_person", evidence={"for": claim.pk}, actor=actor, now=now)
        tell(rival, why="other_person", now=now)
    claim.namesake = False
    if not claim.binding:
        move(claim, to="open", why="released", evidence=both, actor=actor, now=now)
        return
    try:
        open_door(claim=claim, binding=claim.binding, why="released", evidence=both, actor=actor, now=now)
    except Unfit as unfit:
        move(claim, to="lapsed", why=unfit.why, evidence=both, actor=actor, now=now)
