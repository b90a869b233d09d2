"""What is remembered of a sign-in, and how it is taken back."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from confrere.people import queries, rules
from confrere.people.models import User
from confrere.post.actions import send
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal


def note_sign_in(*, person: int, now: datetime) -> None:
    """Remember the day on which a person was last here. The hour is nobody's business."""
    User.objects.filter(pk=person).exclude(last_seen_on=now.date()).update(last_seen_on=now.date())


@transaction.atomic
def note_passkey(*, person: int, now: datetime) -> None:
    """Write down that someone has made a passkey, and tell them: it might not have been them."""
    _record("people.add_passkey", person=person, now=now, actor=Actor.person(person))
    _tell("added", person=person, now=now)


@transaction.atomic
def remove_passkey(*, person: int, passkey: int, now: datetime) -> None:
    """Take away one of one's own passkeys; refuses the last one while a role needs it."""
    User.objects.select_for_update().get(pk=person)  # two removals at once are one after the other
    rules.check_can_remove_passkey(person=person, passkey=passkey, now=now)
    Authenticator.objects.filter(pk=passkey, user_id=person).delete()
    _record("people.remove_passkey", person=person, now=now, actor=Actor.person(person))
    _tell("removed", person=person, now=now)


def note_use(*, passkey: int, now: datetime) -> None:
    """Of the last use of a passkey only the day is kept."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    Authenticator.objects.filter(pk=passkey).update(last_used_at=day)


@transaction.atomic
def remove_passkeys(*, person: int, now: datetime, actor: Actor) -> int:
    """Take away every passkey of a person who lost theirs, and end their sessions; how many there were.

    At the next sign-in a mailed code is enough again, and a role that needs a passkey asks for a new one.
    """
    many, _details = Authenticator.objects.filter(user_id=person).delete()
    end_sessions(person=person, now=now, actor=actor)
    _record("people.remove_passkeys", person=person, now=now, actor=actor)
    return many


@transaction.atomic
def remove_lost_passkeys(*, person: int, operator: int, now: datetime) -> int:
    """As `remove_passkeys`, decided by an operator; refuses (403) one's own, and tells the person by letter."""
    if person == operator:
        raise Refusal(_("Nobody removes all of their own passkeys. Ask another operator."), status=403)
    many = remove_passkeys(person=person, now=now, actor=Actor.person(operator))
    _tell("removed", person=person, now=now)
    return many


@transaction.atomic
def end_sessions(*, person: int, now: datetime, actor: Actor) -> None:
    """End every session of a person at once, on all their devices."""
    user = User.objects.select_for_update().get(pk=person)
    # Sessions carry a digest of this field; a new unusable password makes all of them strangers.
    user.set_unusable_password()
    user.save(update_fields=["password"])
    _record("people.end_sessions", person=person, now=now, actor=actor)


def pretend(*, address: str, now: datetime) -> None:
    """Do for an address without account what a sign-in code costs, and leave nothing behind.

    Otherwise the time until the answer would tell who has an account.
    """
    with transaction.atomic():
        event = f"pretend {address} {now}"
        send(to=address, subject="-", body="-", event=event, programme=None, now=now, urgent=True)
        transaction.set_rollback(True)
    cache.set("people.pretend", True, 1)


def _tell(change: str, *, person: int, now: datetime) -> None:
    send(
        to=queries.address(person),
        subject=_("Your sign-in has changed"),
        body=render_to_string(f"people/letters/passkey_{change}.txt", {"name": queries.names([person])[person]}),
        event=f"people.passkey_{change} {person} {now.isoformat()}",
        programme=None,
        now=now,
    )


def _record(action: str, *, person: int, now: datetime, actor: Actor) -> None:
    audit.record(action=action, actor=actor, about=f"person:{person}", programme=None, kept_as=kept.SIGN_IN, now=now)
