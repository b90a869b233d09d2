"""Names withheld: who holds the two keys, who an author is in a thread, and how two people open a name."""

import hmac
import secrets
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from confrere.lounge import rules, seals
from confrere.lounge.actions.noting import note
from confrere.lounge.models import KeyHolder, Mask, Question, Unmasking
from confrere.people import queries as people
from confrere.people.queries import Standing
from confrere.post.actions import send
from confrere.vault import classification as kept
from confrere.vault.refusals import Refusal

#: A specialty is shown beside a pseudonym only where so many verified members share it.
ENOUGH: Final = 10
_KINDS: Final = (
    "Alder", "Aspen", "Beech", "Birch", "Cedar", "Cherry", "Elm", "Fir", "Hazel", "Juniper", "Larch", "Linden",
    "Maple", "Oak", "Olive", "Pine", "Poplar", "Rowan", "Spruce", "Willow",
)  # fmt: skip


@transaction.atomic
def take_key(*, standing: Standing, place: int, now: datetime) -> str:
    """Become the holder of key 1 or 2 from now on; the private half, which is shown now and never again.

    Names withheld before stay under the keys of their time. Refuses (403) anybody but a moderator, and whoever holds
    the other key.
    """
    rules.check_may_hold(standing=standing, place=place)
    KeyHolder.objects.filter(programme_id=standing.programme, place=place, until=None).update(until=now)
    public, private = seals.new_key()
    row = KeyHolder.objects.create(
        programme_id=standing.programme,
        site_id=standing.site,
        place=place,
        holder_id=standing.person,
        public_key=public,
        since=now,
    )
    note("lounge.took_key", standing=standing, about=f"key {row.pk}", kept_as=kept.PROGRAMME, now=now)
    return private


def handle(*, secret: str, question: int) -> bytes:
    """By what a mask is found again: only with the secret that the author's browser keeps."""
    return hmac.digest(secret.encode(), f"confrere mask|{question}".encode(), sha256)


def new_secret() -> str:
    """A secret for an author's browser: 160 bits in hexadecimal digits."""
    return secrets.token_hex(20)


def mask_of(*, question: Question, secret: str) -> Mask | None:
    """Who the holder of this secret is in a thread, if they wrote in it with the name withheld. One query."""
    return Mask.objects.filter(question=question, handle=handle(secret=secret, question=question.pk)).first()


def put_on(*, standing: Standing, question: Question, secret: str, asks: bool) -> Mask:
    """The mask of this author in this question, made now if there is none. The same author keeps one pseudonym.

    Refuses (409) while the programme has not two holders of keys: then nobody could ever answer for what is written.
    """
    found = mask_of(question=question, secret=secret)
    if found is not None:
        return found
    outer, inner = rules.check_holders(programme=standing.programme)
    taken = set(Mask.objects.filter(question=question).values_list("pseudonym", flat=True))
    free = [f"{kind} {number}" if number else kind for number in range(50) for kind in _KINDS]
    left = [name for name in free if name not in taken][: len(_KINDS)]
    return Mask.objects.create(
        programme_id=standing.programme,
        site_id=standing.site,
        question=question,
        pseudonym=secrets.choice(left),
        asks=asks,
        handle=handle(secret=secret, question=question.pk),
        sealed=seals.seal(
            standing.person, outer=bytes(outer.public_key), inner=bytes(inner.public_key), bound=_bound(question.pk)
        ),
        outer=outer,
        inner=inner,
    )


def specialty_shown(*, programme: int, specialty: str, now: datetime) -> str:
    """The specialty beside a pseudonym; empty where too few verified members share it. One query."""
    return specialty if people.verified_count(programme=programme, specialty=specialty, now=now) >= ENOUGH else ""


@transaction.atomic
def ask_unmasking(
    *, standing: Standing, mask: Mask, cause: str, words: str, silent: str, key: str, now: datetime
) -> Unmasking:
    """The first holder opens the outer seal, for a listed cause. Nobody is named yet.

    silent: which law forbids to tell the author; empty where none does. Refuses whoever does not hold the first key
    of this mask (403), a key that does not open it (422), and a second request while one is open (409).
    """
    rules.check_ask_unmasking(standing=standing, mask=mask, words=words)
    try:
        half = seals.open_outer(bytes(mask.sealed), key=key, bound=_bound(mask.question_id))
    except seals.Sealed:
        raise Refusal(_("This key does not open it. Type all of its letters and digits."), status=422) from None
    row = Unmasking.objects.create(
        programme_id=mask.programme_id,
        site_id=mask.site_id,
        mask=mask,
        cause=cause,
        words=words,
        silent=silent,
        asked_by_id=standing.person,
        asked_at=now,
        half=half,
    )
    note("lounge.asked_unmasking", standing=standing, about=f"mask {mask.pk}", kept_as=kept.UNMASKING, now=now)
    return row


@transaction.atomic
def agree_unmasking(*, standing: Standing, unmasking: Unmasking, key: str, now: datetime) -> str:
    """The second holder opens the inner seal: the author's name, which is stored nowhere, and the author is told.

    Refuses whoever does not hold the second key of this mask, or asked for it (403), and what is decided (409).
    """
    row = Unmasking.objects.select_for_update().select_related("mask").get(pk=unmasking.pk)
    rules.check_agree_unmasking(standing=standing, unmasking=row)
    try:
        person = seals.open_inner(bytes(row.half), key=key, bound=_bound(row.mask.question_id))
    except seals.Sealed:
        raise Refusal(_("This key does not open it. Type all of its letters and digits."), status=422) from None
    row.agreed_by_id, row.agreed_at, row.half = standing.person, now, b""
    row.told_at = None if row.silent else now
    row.save()
    if not row.silent:
        _tell(row, person, now)
    note("lounge.agreed_unmasking", standing=standing, about=f"mask {row.mask_id}", kept_as=kept.UNMASKING, now=now)
    return people.names([person])[person]


def _tell(row: Unmasking, person: int, now: datetime) -> None:
    """The author learns that it happened, and why; the letter says nothing of what was written."""
    send(
        to=people.address(person),
        subject=_("About your account"),
        body=_(
            "Two people who hold the keys have opened your name, which you had withheld in the lounge.\n"
            "The cause that they gave: %(cause)s.\nAsk the moderators about it:\n\n%(link)s\n"
        )
        % {"cause": row.get_cause_display(), "link": f"{settings.ORIGIN}{reverse('home')}"},
        event=f"lounge unmasking {row.pk}",
        programme=row.programme_id,
        now=now,
    )


def _bound(question: int) -> str:
    return f"question {question}"
