"""A claim from its beginning to its end: every step is one of `MOVES`, has evidence, and leaves an audit event."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from confrere.people import queries
from confrere.people.actions.credentials import verify
from confrere.people.actions.pictures import destroy
from confrere.people.actions.sign_in import end_sessions
from confrere.people.models import MOVES, STANDING, Binding, Claim, Credential, Decision
from confrere.people.queries import Standing
from confrere.people.queries import door as doors
from confrere.people.registers import names
from confrere.people.rules.claims import Said, Unfit, check_fits, counts_until
from confrere.post.actions import send
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal

#: So many tries a day that do not fit: enough for typing errors, too few to try numbers.
TRIES = 10
#: So many different numbers in so long: whoever claims others' numbers to close their doors gets no further than this.
NUMBERS, WITHIN = 2, timedelta(days=90)


def claim(*, standing: Standing, said: Said, now: datetime) -> Claim:
    """Say which physician one is. What fits is written down; what does not leaves nothing but a count of tries.

    A second claim of a number freezes all of them, and the mailbox on the institution's list is told; the person who
    makes it is answered exactly like anybody else. Raises `Refusal` with the sentence for what does not fit.
    """
    key = f"people.claim.{standing.person}.{now.date()}"
    tries = cache.get(key, 0)
    if tries >= TRIES:
        raise Unfit("too_many", status=429)
    try:
        return _claim(standing=standing, said=said, now=now)
    except Refusal:
        cache.set(key, tries + 1, 24 * 3600)
        raise


@transaction.atomic
def _claim(*, standing: Standing, said: Said, now: datetime) -> Claim:
    own = Claim.objects.select_for_update().filter(user_id=standing.person)
    if own.filter(state="revoked").exists():
        raise Unfit("revoked_before", status=403)
    if own.filter(state__in=STANDING).exists():
        raise Unfit("standing", status=409)
    fit = check_fits(said=said, now=now)
    if not names.same_person(given=said.given, family=said.family, listed=[names.from_line(standing.name)]):
        raise Unfit("account_name")
    lately = own.filter(opened_at__gt=now - WITHIN).exclude(register=said.register, number=fit.number)
    if lately.values("register", "number").distinct().count() >= NUMBERS:
        raise Unfit("too_many_numbers", status=429)
    doors.lock_number(said.register, fit.number)
    others = Claim.objects.select_for_update().filter(register=said.register, number=fit.number, state__in=STANDING)
    rivals = list(others.exclude(user_id=standing.person))
    typed = asdict(said) | {"number": fit.number, "specialty": fit.specialty}
    row = Claim.objects.create(
        programme_id=standing.programme,
        site_id=standing.site,
        user_id=standing.person,
        trainee=fit.trainee,
        namesake=fit.namesake,
        opened_at=now,
        data_of=fit.data_of,
        **typed,
    )
    actor = Actor.person(standing.person)
    note(row, came_from="", why="fits", evidence=fit.evidence, actor=actor, now=now)
    for each in [row, *rivals] if rivals else []:
        freeze(claim=each, why="second_claim", actor=Actor.system("people.claim"), now=now)
    if rivals:
        _warn(row, now=now)
    return row


def freeze(*, claim: Claim, why: str, actor: Actor, now: datetime) -> None:
    """Close the door until two moderators have looked; a frozen claim stays so."""
    if claim.state == "frozen":
        return
    claim.before = claim.state
    shut(claim=claim, state="frozen", why=why, evidence={}, actor=actor, now=now)
    if claim.before != "open":
        tell(claim, why=why, now=now)


@transaction.atomic
def give_up(*, person: int, now: datetime) -> None:
    """Take one's own claim back. What was shown for it goes; the number is free again."""
    claim = Claim.objects.select_for_update().filter(user_id=person, state__in=STANDING).first()
    if claim is None:
        raise Refusal(_("There is no claim of yours."), status=409)
    if claim.state == "frozen" and claim.before != "open":
        raise Refusal(_("Two moderators are looking at your claim. It can be given up when they have."), status=409)
    shut(claim=claim, state="gone", why="given_up", evidence={}, actor=Actor.person(person), now=now)


def bind(*, claim: Claim, binding: Binding, evidence: Mapping[str, str | int], actor: Actor, now: datetime) -> bool:
    """The person has been shown to be this physician: open the door, or, where moderators look first, note it.

    claim: locked by the caller. Whether the door is open now. The registers are asked again: what a claim rested on
    may be gone since.
    """
    if claim.trainee and binding not in {Binding.SIGN_ON, Binding.ROSTER}:
        raise Refusal(
            _("Whoever is in training is bound by their institution only: by its sign-in or its list."), status=403
        )
    if claim.state == "frozen":
        claim.binding = binding
        claim.save(update_fields=["binding"])
        note(claim, came_from="frozen", why=f"shown_{binding}", evidence=evidence, actor=actor, now=now)
        return False
    if claim.namesake:
        claim.binding = binding
        claim.before = claim.state
        shut(claim=claim, state="frozen", why="namesake", evidence=evidence, actor=actor, now=now)
        return False
    open_door(claim=claim, binding=binding, why=binding, evidence=evidence, actor=actor, now=now)
    return True


def open_door(
    *, claim: Claim, binding: str, why: str, evidence: Mapping[str, str | int], actor: Actor, now: datetime
) -> None:
    """From open, frozen or lapsed to bound, with a credential that counts until its data or its evidence is too old."""
    fit = check_fits(said=said_of(claim), now=now)
    claim.data_of, claim.binding, claim.bound_at = fit.data_of, binding, now
    claim.member_since = claim.member_since or now
    destroy(claim)
    move(claim, to="bound", why=why, evidence={**fit.evidence, **evidence}, actor=actor, now=now)
    verify(
        person=claim.user_id,
        specialty=claim.specialty,
        evidence=f"{claim.binding}, claim:{claim.pk}",
        until=counts_until(bound_at=now, data_of=fit.data_of),
        now=now,
        actor=actor,
        claim=claim.pk,
    )
    tell(claim, why="bound", now=now)


def shut(*, claim: Claim, state: str, why: str, evidence: Mapping[str, str | int], actor: Actor, now: datetime) -> None:
    """Leave a claim's state for one in which the door is closed: credentials end now, pictures go."""
    was = claim.state
    if state != "frozen":
        destroy(claim)
    claim.member_since = None if state != "frozen" else claim.member_since
    move(claim, to=state, why=why, evidence=evidence, actor=actor, now=now)
    if was in {"bound", "lapsed", "frozen"}:
        end_credentials(person=claim.user_id, now=now)
    if state == "revoked":
        end_sessions(person=claim.user_id, now=now, actor=actor)


def end_credentials(*, person: int, now: datetime) -> None:
    """Nothing that was verified about a person counts any more, from the next request on."""
    rows = Credential.objects.filter(user_id=person, until__gt=now)
    rows.update(
        until=Greatest("verified_at", Value(now - timedelta(microseconds=1))) + Value(timedelta(microseconds=1))
    )


def move(claim: Claim, *, to: str, why: str, evidence: Mapping[str, str | int], actor: Actor, now: datetime) -> None:
    """One step of `MOVES`, written with its evidence and an audit event. LookupError for a step that is none."""
    if to not in MOVES[claim.state]:
        raise LookupError(f"no claim goes from {claim.state} to {to}")
    came_from, claim.state, claim.why = claim.state, to, why
    claim.save()
    note(claim, came_from=came_from, why=why, evidence=evidence, actor=actor, now=now)


def note(
    claim: Claim, *, came_from: str, why: str, evidence: Mapping[str, str | int], actor: Actor, now: datetime
) -> None:
    """Write down a decision and what it rests on."""
    row = Decision.objects.create(
        claim=claim,
        came_from=came_from,
        went_to=claim.state,
        why=why,
        evidence=dict(evidence),
        actor=actor.name,
        at=now,
    )
    audit.record(
        action="people.decide_claim",
        actor=actor,
        about=f"person:{claim.user_id}",
        programme=claim.programme_id,
        kept_as=kept.CREDENTIAL,
        now=now,
        details={"claim": claim.pk, "decision": row.pk, "from": came_from, "to": claim.state, "why": why},
    )


def said_of(claim: Claim) -> Said:
    """What was typed, as it stands in a claim."""
    return Said(
        register=claim.register,
        number=claim.number,
        given=claim.given,
        family=claim.family,
        jurisdiction=claim.jurisdiction,
        licence=claim.licence,
        specialty=claim.specialty,
    )


def tell(claim: Claim, *, why: str, now: datetime) -> None:
    """A letter to the person: their door has opened or closed. The reason stands on the page, not in the mail."""
    name = "door_opened" if why == "bound" else "door_closed"
    send(
        to=queries.address(claim.user_id),
        subject=_("Your place among verified physicians"),
        body=render_to_string(f"people/letters/{name}.txt", {"name": queries.names([claim.user_id])[claim.user_id]}),
        event=f"people.claim {claim.pk} {claim.state} {now.isoformat()}",
        programme=claim.programme_id,
        now=now,
    )


def _warn(claim: Claim, *, now: datetime) -> None:
    """Tell the mailbox on the institution's list that a second person says so."""
    for line in doors.rostered(claim):
        send(
            to=line.mailbox,
            subject=_("Somebody says that they are you"),
            body=render_to_string("people/letters/second_claim.txt", {"name": f"{line.given} {line.family}".strip()}),
            event=f"people.second_claim {claim.pk} {line.pk}",
            programme=claim.programme_id,
            now=now,
        )
