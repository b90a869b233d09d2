"""What the imported registers say, and how old they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max

from confrere.people.models import Exclusion, Licence, Listed, RegisterFile, Taxonomy
from confrere.people.registers.entries import Field
from confrere.people.registers.names import Name, folded

#: A file of changes continues the one before when it ends at most so much later: they come weekly.
_GAP = timedelta(days=10)


def newest(register: str) -> date | None:
    """Until which day the newest file of a register holds; None if there is none."""
    return RegisterFile.objects.filter(register=register, done=True).aggregate(day=Max("as_of"))["day"]  # type: ignore[no-any-return]  # an aggregate


def carried_until(register: str) -> date | None:
    """Until which day we know all of a register: its newest whole file, and the unbroken row of changes behind it."""
    rows = RegisterFile.objects.filter(register=register, done=True).order_by("as_of", "pk")
    day: date | None = None
    for whole, changes, as_of in rows.values_list("whole", "changes", "as_of"):
        if whole or (changes and day is not None and as_of - day <= _GAP):
            day = as_of
    return day


@dataclass(frozen=True, slots=True)
class Found:
    """A number of a register. as_of: until which day what stands here is known to hold."""

    number: str
    entity: str
    active: bool
    names: Sequence[Name]
    fields: Sequence[Field]
    as_of: date
    file: int


def listed(*, register: str, number: str) -> Found | None:
    """What a register says of a number; None if it does not know it."""
    row = Listed.objects.filter(register=register, number=number).first()
    if row is None:
        return None
    said = RegisterFile.objects.values_list("as_of", flat=True).get(pk=row.file)
    return Found(
        number=row.number,
        entity=row.entity,
        active=row.active,
        names=tuple(Name(*parts) for parts in row.names),
        fields=tuple(Field(*parts) for parts in row.fields),
        as_of=max(said, carried_until(register) or said),
        file=row.file,
    )


def licence(*, jurisdiction: str, number: str) -> Licence | None:
    """A licence by its number; spaces, hyphens, dots, letter case and zeros in front are no difference."""
    rows = Licence.objects.filter(jurisdiction=jurisdiction)
    exact = rows.filter(number=number.strip().upper()).first()
    if exact is not None:
        return exact
    ending = _bare(number)[-4:]
    close = [row for row in rows.filter(number__contains=ending)[:2000] if _bare(row.number) == _bare(number)]
    return close[0] if len(close) == 1 and ending else None


def _bare(number: str) -> str:
    return "".join(one for one in number.upper() if one.isalnum()).lstrip("0")


def licences_until(jurisdiction: str) -> date | None:
    """Until which day the file of a jurisdiction's licences holds; None if there is none."""
    rows = RegisterFile.objects.filter(kind="licences", jurisdiction=jurisdiction, whole=True, done=True)
    return rows.aggregate(day=Max("as_of"))["day"]  # type: ignore[no-any-return]  # an aggregate


def excluded(number: str) -> Exclusion | None:
    """The entry of a list of exclusions about this number that has not been taken back."""
    return Exclusion.objects.filter(number=number, reinstated_on__isnull=True).first() if number else None


def namesakes(*, given: str, family: str) -> list[Exclusion]:
    """Entries without a number whose name reads the same: perhaps the same person, perhaps not."""
    key = folded(f"{given} {family}")
    return list(Exclusion.objects.filter(number="", folded=key, reinstated_on__isnull=True)) if key else []


def groupings(codes: Sequence[str]) -> dict[str, str]:
    """Code → grouping, as NUCC's list has it; what it does not have, or before it was imported, is absent."""
    return dict(Taxonomy.objects.filter(code__in=codes).values_list("code", "grouping"))


def claimable() -> list[str]:
    """The registers of physicians of which a file is here."""
    rows = RegisterFile.objects.filter(kind="physicians", done=True)
    return sorted(set(rows.values_list("register", flat=True)))


def files() -> list[RegisterFile]:
    """The newest file of each register, for those who look after them."""
    rows = RegisterFile.objects.order_by("register", "-as_of", "-pk")
    newest = {row.register: row for row in reversed(rows)}
    return [newest[register] for register in sorted(newest)]
