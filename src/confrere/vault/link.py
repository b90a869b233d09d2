"""Which person is which study id: the one place where the two can be brought together.

A study id is random, never derived from anything. Both directions are found by a keyed blind index (HMAC-SHA256
under the key "blind") and opened with AES-256-GCM under the key "link"; the programme is bound in as associated
data, so that a row moved to another programme does not open.
"""

import hmac
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction
from django.db.models import QuerySet

from confrere.vault import keys
from confrere.vault.models import Link

#: Letters and digits that are not mistaken for each other on the telephone or on paper.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NONCE: Final = 12  # bytes, as GCM wants


def create(*, person: int, programme: int, site: int, now: datetime) -> str:
    """The study id of a person in a programme, like "S-7F3K-92QD"; made now if there is none yet.

    A person who leaves and comes back, or asks fifty times at once, has the same id. Raises `keys.KeyTrouble`
    without the keys.
    """
    with transaction.atomic():
        while (found := study_id(person=person, programme=programme)) is None:
            drawn = draw()
            row = Link(
                programme=programme,
                site=site,
                person_index=_index("person", programme, str(person)),
                study_index=_index("study", programme, drawn),
                sealed=_seal(person=person, study_id=drawn, programme=programme),
            )
            # Whoever was faster, for this person or with this id, is kept; the next turn reads it.
            Link.objects.bulk_create([row], ignore_conflicts=True)
    return found


def study_id(*, person: int, programme: int) -> str | None:
    """The person's study id in the programme; None if they have none."""
    return study_ids_of(persons=[person], programme=programme).get(person)


def study_ids_of(*, persons: Iterable[int], programme: int) -> dict[int, str]:
    """Study ids of many persons at once, by person; who has none is absent. One query."""
    indexes = _indexes("person", programme, map(str, persons))
    return dict(_opened(Link.objects.filter(programme=programme, person_index__in=indexes)))


def by_programme(*, person: int) -> dict[int, str]:
    """The person's study ids by programme. No key is read where nobody has been linked."""
    programmes = Link.objects.order_by("programme").values_list("programme", flat=True).distinct()
    found = {programme: study_id(person=person, programme=programme) for programme in programmes}
    return {programme: code for programme, code in found.items() if code}


def rows_of(person: int) -> list[int]:
    """The keys of the person's own rows in the table of links."""
    programmes = Link.objects.values_list("programme", flat=True).distinct()
    indexes = [_index("person", programme, str(person)) for programme in programmes]
    return list(Link.objects.filter(person_index__in=indexes).values_list("pk", flat=True))


def person(*, study_id: str, programme: int) -> int | None:
    """The person behind a study id of the programme; None if there is none."""
    return persons_of(study_ids=[study_id], programme=programme).get(study_id)


def persons_of(*, study_ids: Iterable[str], programme: int) -> dict[str, int]:
    """Persons behind many study ids at once, by study id; where there is none, it is absent. One query."""
    indexes = _indexes("study", programme, study_ids)
    return {code: person for person, code in _opened(Link.objects.filter(programme=programme, study_index__in=indexes))}


def sites_of(*, study_ids: Iterable[str], programme: int) -> dict[str, int]:
    """Study id → the site at which it takes part; where there is none, it is absent. One query, and nothing opened."""
    codes = list(study_ids)
    marks = dict(zip(_indexes("study", programme, codes), codes, strict=True))
    rows = Link.objects.filter(programme=programme, study_index__in=marks).values_list("study_index", "site")
    return {marks[bytes(mark)]: site for mark, site in rows}


def draw() -> str:
    """A fresh study id: 40 random bits in eight characters."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"S-{letters[:4]}-{letters[4:]}"


def _index(side: str, programme: int, value: str) -> bytes:
    return _indexes(side, programme, [value])[0]


def _indexes(side: str, programme: int, values: Iterable[str]) -> list[bytes]:
    """Blind indexes of many values; the key is read once."""
    blind = keys.store().read("blind")
    messages = (f"confrere link index|{side}|{programme}|{value}" for value in values)
    return [hmac.digest(blind, message.encode(), sha256) for message in messages]


def _seal(*, person: int, study_id: str, programme: int) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    # Eleven characters of study id and a padded number: every row is equally long.
    clear = f"{study_id}{person:020d}".encode()
    return nonce + AESGCM(keys.store().read("link")).encrypt(nonce, clear, _bound(programme))


def _opened(rows: QuerySet[Link]) -> Iterator[tuple[int, str]]:
    """(person, study id) of each row. The key is read once, and only if there is something to open."""
    found = rows.values_list("programme", "sealed")
    cipher = AESGCM(keys.store().read("link")) if found else None
    for programme, stored in found:
        assert cipher is not None
        sealed = bytes(stored)
        clear = cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(programme)).decode()
        yield int(clear[-20:]), clear[:-20]


def _bound(programme: int) -> bytes:
    return f"confrere link|1|{programme}".encode()
