"""Addresses at which nobody can be reached: noted when a mail server says so, forgotten when somebody mended them."""

from datetime import datetime

from django.db import transaction

from confrere.people.models import MailRefusal
from confrere.people.queries import person_by_address
from confrere.vault import audit, days
from confrere.vault import classification as kept
from confrere.vault.audit import Actor


@transaction.atomic
def note_mail_refusal(*, address: str, status: str, now: datetime) -> None:
    """Stop letters to an address that refuses mail for good; sign-in codes are still tried. Noted once.

    status: what the mail server called it (RFC 3463), such as "5.1.1". Unknown addresses are passed over.
    """
    user = person_by_address(address)
    if user is None:
        return
    _row, new = MailRefusal.objects.update_or_create(
        user=user, defaults={"email": user.email, "status": status[:16], "noticed_on": days.of(now)}
    )
    if new:
        _note("people.mail_refused", user.pk, Actor.system("post"), now)


@transaction.atomic
def try_address_again(*, person: int, actor: Actor, now: datetime) -> None:
    """Let letters go to a person's address again; if it still refuses them, that is noted again."""
    gone, _details = MailRefusal.objects.filter(user_id=person).delete()
    if gone:
        _note("people.try_address_again", person, actor, now)


def _note(action: str, person: int, actor: Actor, now: datetime) -> None:
    audit.record(action=action, actor=actor, about=f"person:{person}", programme=None, kept_as=kept.ACCOUNT, now=now)
