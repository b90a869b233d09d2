"""A workbook is shown on the coach's own device: ciphertext that passes through and is dropped.

The coach's page makes a key that lives in its memory only. Its check sum, six digits, is read out; the physician types
it, and their device seals a copy for that key. The server keeps the copy until it is fetched, ten minutes at most.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from confrere.coaching.models import Showing
from confrere.coaching.rules import check_device, check_parcel, nothing_here
from confrere.vault.refusals import Refusal

#: For so long a code counts.
SHOWN_WITHIN: Final = timedelta(minutes=10)


def wait_to_be_shown(*, programme: int, site: int, ticket: str, code: str, public_key: bytes, now: datetime) -> None:
    """A device waits under six digits. Refuses (409) digits that another waits under: its page then makes new ones."""
    check_device(ticket=ticket, code=code, public_key=public_key)
    Showing.objects.filter(until__lt=now).delete()
    try:
        with transaction.atomic():
            Showing.objects.create(
                programme_id=programme,
                site_id=site,
                ticket=_digest(ticket),
                code=code,
                public_key=public_key,
                until=now + SHOWN_WITHIN,
            )
    except IntegrityError:
        raise Refusal(_("These digits are taken just now.")) from None


def device_behind(*, programme: int, code: str, now: datetime) -> bytes:
    """The public key of the device that waits under these digits. Refuses (404) digits under which none does."""
    row = Showing.objects.filter(programme=programme, code=code, until__gte=now, sealed=b"").first()
    if row is None:
        raise Refusal(_("No device waits under these digits. Ask your coach to read them out again."), status=404)
    return bytes(row.public_key)


def show(*, programme: int, code: str, sealed: bytes, now: datetime) -> None:
    """Hand the ciphertext over, once."""
    check_parcel(sealed)
    waiting = Showing.objects.filter(programme=programme, code=code, until__gte=now, sealed=b"")
    if not waiting.update(sealed=sealed):
        raise Refusal(_("No device waits under these digits. Ask your coach to read them out again."), status=404)


@transaction.atomic
def fetch_shown(*, programme: int, ticket: str, now: datetime) -> bytes:
    """The ciphertext, which is dropped with this; empty while there is none. Refuses (404) once the time is over."""
    rows = Showing.objects.select_for_update().filter(programme=programme, ticket=_digest(ticket), until__gte=now)
    if (row := rows.first()) is None:
        raise nothing_here()
    sealed = bytes(row.sealed)
    if sealed:
        row.delete()
    return sealed


def _digest(ticket: str) -> bytes:
    return sha256(ticket.encode()).digest()
