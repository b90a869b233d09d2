"""Reading workbooks: for the one who wrote them, and ciphertext only."""

from dataclasses import dataclass
from uuid import UUID

from confrere.coaching.models import Workbook
from confrere.vault import shares


@dataclass(frozen=True, slots=True)
class Way:
    """One way into a workbook. credential: of a passkey; empty for the code. wrapped: 60 octets."""

    kind: str
    credential: str
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class Sealed:
    """A workbook as the server has it. version: of this ciphertext; newest: the newest that was ever saved."""

    number: UUID
    version: int
    newest: int
    sealed: bytes
    ways: tuple[Way, ...]


def workbook(*, programme: int, person: int) -> Sealed | None:
    """The person's current workbook; None if they have none. Two queries."""
    row = Workbook.objects.filter(programme=programme, person=person, current=True).first()
    if row is None:
        return None
    ways = row.locks.order_by("pk").values_list("kind", "credential", "wrapped")
    return Sealed(
        number=row.number,
        version=row.version,
        newest=shares.store().version(row.number),
        sealed=bytes(row.sealed),
        ways=tuple(Way(kind, credential, bytes(wrapped)) for kind, credential, wrapped in ways),
    )


def has_workbook(*, programme: int, person: int) -> bool:
    """Whether the person has ever written into a workbook here. One query."""
    return Workbook.objects.filter(programme=programme, person=person, current=True, version__gt=0).exists()


def set_aside(*, programme: int, person: int) -> list[UUID]:
    """The numbers of earlier workbooks of the person, the newest first."""
    rows = Workbook.objects.filter(programme=programme, person=person, current=False)
    return list(rows.order_by("-pk").values_list("number", flat=True))
