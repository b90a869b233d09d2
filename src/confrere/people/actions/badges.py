"""Badge and face: two pictures for two moderators' eyes. No template is made, nothing is compared by machine.

They lie encrypted under a key of the claim's own, outside the database. At the decision, and after 72 hours at the
latest, rows and key are destroyed; older copies of the database then hold what nobody can open.
"""

import secrets
from datetime import datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from confrere.people.actions.binding import waiting_claim
from confrere.people.actions.claims import note
from confrere.people.actions.pictures import destroy, key_of
from confrere.people.models import Claim, Look, Picture
from confrere.post.jobs import every
from confrere.post.pictures import clean
from confrere.vault import keys
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal

#: The job runs every hour, so the last picture is gone within 72 hours.
LIFE: Final = timedelta(hours=71)
_NONCE: Final = 12  # bytes, as GCM wants


@transaction.atomic
def show_badge(*, person: int, badge: bytes, face: bytes, now: datetime) -> None:
    """Send both pictures; those sent before are destroyed, and what moderators said of them counts no more."""
    claim = waiting_claim(person)
    if claim.trainee:
        raise Refusal(
            _("Whoever is in training is bound by their institution only: by its sign-in or its list."), status=403
        )
    made = {"badge": clean(badge), "face": clean(face)}
    destroy(claim)
    Look.objects.filter(claim=claim, asked="badge").delete()
    cipher = AESGCM(keys.store().create(key_of(claim)))
    for of, data in made.items():
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + cipher.encrypt(nonce, data, f"{claim.pk}|{of}".encode())
        Picture.objects.create(claim=claim, of=of, sealed=sealed, until=now + LIFE)
    note(claim, came_from=claim.state, why="pictures_sent", evidence={}, actor=Actor.person(person), now=now)


def picture(*, claim: Claim, of: str, now: datetime) -> bytes:
    """The JPEG, for a moderator's eyes; 404 once it is gone."""
    row = Picture.objects.filter(claim=claim, of=of, until__gt=now).first()
    if row is None or not keys.store().exists(key_of(claim)):
        raise Refusal(_("This picture has been erased."), status=404)
    sealed = bytes(row.sealed)
    return AESGCM(keys.store().read(key_of(claim))).decrypt(
        sealed[:_NONCE], sealed[_NONCE:], f"{claim.pk}|{of}".encode()
    )


@every("41 * * * *")
def erase_pictures() -> None:
    """Let the worker destroy pictures whose time is over."""
    end_pictures(now=timezone.now())


@transaction.atomic
def end_pictures(*, now: datetime) -> int:
    """Destroy the pictures whose time is over, whatever else is held; how many."""
    claims = Claim.objects.filter(pictures__until__lte=now).distinct()
    gone = 0
    for claim in claims:
        gone += destroy(claim)
        note(
            claim,
            came_from=claim.state,
            why="pictures_erased",
            evidence={},
            actor=Actor.system("people.end_pictures"),
            now=now,
        )
    return gone
