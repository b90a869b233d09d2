"""Asking the registers again about everyone inside: after each import, and every night."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from confrere.people.actions.claims import move, note, said_of, shut, tell
from confrere.people.actions.credentials import verify
from confrere.people.models import Claim, Credential, Look, Vouch
from confrere.people.rules.claims import EVIDENCE, Fit, Unfit, check_fits, counts_until
from confrere.post.jobs import every
from confrere.vault.audit import Actor

#: What ends a membership for ever, and every session at once; the rest closes the door until it is mended.
_GRAVE = frozenset({"excluded", "licence_revoked"})
#: Nothing could be asked.
_SILENT = frozenset({"data_old", "register_missing", "register_unknown", "licence_no_file"})
_ACTOR = Actor.system("people.recheck")


@every("47 4 * * *")
def recheck_at_night() -> None:
    """Let the worker ask the registers again about everyone inside."""
    recheck(now=timezone.now())


def recheck(*, now: datetime) -> dict[str, int]:
    """Hold every bound or lapsed claim against the registers as they are now; how many ended in which state.

    Each in a transaction of its own. Nobody is let in by data older than thirty days: without newer files nothing
    changes here, and doors close by themselves.
    """
    counts: dict[str, int] = {}
    for claim in Claim.objects.filter(state__in=["bound", "lapsed"]).order_by("pk").values_list("pk", flat=True):
        state = recheck_one(claim=claim, now=now)
        counts[state] = counts.get(state, 0) + 1
    return counts


@transaction.atomic
def recheck_one(*, claim: int, now: datetime) -> str:
    """The state of a claim after the registers have been asked again."""
    row = Claim.objects.select_for_update().get(pk=claim)
    if row.state not in {"bound", "lapsed"}:
        return row.state
    assert row.bound_at is not None
    if now >= row.bound_at + EVIDENCE:
        _lapse(row, why="evidence_old", now=now)
        return row.state
    try:
        fit = check_fits(said=said_of(row), now=now)
    except Unfit as unfit:
        _unfit(row, unfit.why, now=now)
    else:
        _carry(row, fit, now=now)
    return row.state


def _carry(claim: Claim, fit: Fit, *, now: datetime) -> None:
    """The registers still carry it: the door is open for as long as they do, or again."""
    assert claim.bound_at is not None
    if claim.state == "bound" and claim.data_of == fit.data_of:
        return
    claim.data_of = fit.data_of
    until = counts_until(bound_at=claim.bound_at, data_of=fit.data_of)
    if claim.state == "lapsed":
        open_again(claim, until=until, evidence=fit.evidence, now=now)
        return
    claim.save(update_fields=["data_of"])
    Credential.objects.filter(claim=claim, verified_at__gte=claim.bound_at).update(until=until)
    note(claim, came_from="bound", why="rechecked", evidence=fit.evidence, actor=_ACTOR, now=now)


def open_again(claim: Claim, *, until: datetime, evidence: dict[str, str | int], now: datetime) -> None:
    """What had lapsed is mended: the binding of then still counts."""
    claim.member_since = now
    move(claim, to="bound", why="rechecked", evidence=evidence, actor=_ACTOR, now=now)
    words = f"{claim.binding}, claim:{claim.pk}"
    verify(
        person=claim.user_id,
        specialty=claim.specialty,
        evidence=words,
        until=until,
        now=now,
        actor=_ACTOR,
        claim=claim.pk,
    )
    tell(claim, why="bound", now=now)


def _unfit(claim: Claim, why: str, *, now: datetime) -> None:
    """A register says no. Where it only could not be asked, nothing moves: the door closes by the age of the data."""
    if why in _SILENT:
        return
    if why in _GRAVE:
        shut(claim=claim, state="revoked", why=why, evidence={}, actor=_ACTOR, now=now)
        tell(claim, why=why, now=now)
    elif claim.state == "bound":
        _lapse(claim, why=why, now=now)


def _lapse(claim: Claim, *, why: str, now: datetime) -> None:
    """The door closes until it is mended. What is too old as evidence is no evidence the next time."""
    if why == "evidence_old":
        Vouch.objects.filter(claim=claim).delete()
        Look.objects.filter(claim=claim).delete()
    if claim.state == "bound":
        shut(claim=claim, state="lapsed", why=why, evidence={}, actor=_ACTOR, now=now)
        tell(claim, why=why, now=now)
