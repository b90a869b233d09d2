"""Links that bind: a secret in the link, its digest in the database, one use, and an end."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.utils.translation import gettext as _

from confrere.people.models import BindingLink, Claim
from confrere.vault.refusals import Refusal

#: How long a link to the roster's mailbox, and one for colleagues, opens something.
LIFE: Final = {"roster": timedelta(hours=24), "vouch": timedelta(days=14)}


def make(*, claim: Claim, kind: str, now: datetime) -> str:
    """The secret of a new link (192 bits); older links of the kind open nothing from now on."""
    BindingLink.objects.filter(claim=claim, kind=kind, used_at__isnull=True).update(until=now)
    secret = secrets.token_urlsafe(24)
    BindingLink.objects.create(claim=claim, kind=kind, digest=_digest(secret), until=now + LIFE[kind])
    return secret


def find(*, secret: str, kind: str, programme: int, now: datetime) -> BindingLink:
    """The link with this secret, with its claim; the same 404 for a wrong, a used and an old one."""
    rows = BindingLink.objects.filter(digest=_digest(secret), kind=kind, used_at__isnull=True, until__gt=now)
    link = rows.filter(claim__programme=programme).select_related("claim__user").first()
    if link is None:
        raise Refusal(_("This link opens nothing: it is mistyped, used or too old. Ask for a new one."), status=404)
    return link


def _digest(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
