"""Reading who stands before the door, who is inside, and what moderators have to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Q, QuerySet

from confrere.people.models import STANDING, Claim, Exclusion, Licence, Look, Rostered, Vouch
from confrere.people.queries import registers as found
from confrere.people.queries.registers import Found
from confrere.people.registers import names

#: A voucher's own binding must be so old.
SETTLED = timedelta(days=30)
#: So many words for others in so many days.
WORDS, WORDS_IN = 5, timedelta(days=90)


def lock_number(register: str, number: str) -> None:
    """Claims of one number are one after the other, also the first two at once; until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"people.claim {register} {number}"])


def claim_of(person: int) -> Claim | None:
    """A person's standing claim, or else their last one; None if they never claimed anything."""
    rows = Claim.objects.filter(user_id=person)
    return rows.filter(state__in=STANDING).first() or rows.order_by("-opened_at", "-pk").first()


def rostered(claim: Claim) -> list[Rostered]:
    """The lines of the institution's list that are this physician: by the number, or by a name that only one has."""
    lines = Rostered.objects.filter(programme_id=claim.programme_id)
    by_number = list(lines.filter(number=claim.number).order_by("pk"))
    if by_number:
        return by_number
    same = [
        line
        for line in lines.filter(number="").order_by("pk")
        if names.same_person(given=claim.given, family=claim.family, listed=[names.Name(line.family, line.given)])
    ]
    return same if len(same) == 1 else []


def bound(person: int) -> Claim | None:
    """A person's claim, if it is bound."""
    return Claim.objects.filter(user_id=person, state="bound").first()


def words_given(person: int, *, now: datetime) -> int:
    """For how many others a person has given their word lately."""
    return Vouch.objects.filter(voucher_id=person, at__gt=now - WORDS_IN).count()


def vouchers(claim: Claim) -> list[int]:
    """Who has given their word for a claim, the first one first."""
    return list(Vouch.objects.filter(claim=claim).order_by("at", "pk").values_list("voucher", flat=True))


def stand_on(person: int) -> frozenset[int]:
    """All on whose word a person's binding rests, and on whose word theirs does, and so on."""
    seen: set[int] = set()
    waiting = {person}
    while waiting:
        rows = Vouch.objects.filter(claim__user__in=waiting, claim__state__in=STANDING)
        waiting = set(rows.values_list("voucher", flat=True)) - seen
        seen |= waiting
    return frozenset(seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A claim beside the evidence: what a moderator reads side by side."""

    claim: Claim
    listed: Found | None
    licence: Licence | None
    namesakes: Sequence[Exclusion]
    rostered: Sequence[Rostered]
    vouchers: Sequence[int]
    pictures: Sequence[str]
    rivals: Sequence[Claim]
    looks: Sequence[Look]


def beside(claim: Claim) -> Beside:
    """Everything about one claim that its decision may rest on."""
    rivals = Claim.objects.filter(register=claim.register, number=claim.number, state__in=STANDING)
    return Beside(
        claim=claim,
        listed=found.listed(register=claim.register, number=claim.number),
        licence=found.licence(jurisdiction=claim.jurisdiction, number=claim.licence) if claim.licence else None,
        namesakes=found.namesakes(given=claim.given, family=claim.family) if claim.namesake else (),
        rostered=rostered(claim),
        vouchers=vouchers(claim),
        pictures=list(claim.pictures.order_by("of").values_list("of", flat=True)),
        rivals=list(rivals.exclude(pk=claim.pk).select_related("user").order_by("pk")),
        looks=list(claim.looks.select_related("moderator").order_by("at", "pk")),
    )


def queue(*, programme: int) -> list[Claim]:
    """What moderators have to look at: frozen claims, and open ones with both pictures; the oldest first."""
    return list(_queue(programme).select_related("user").order_by("opened_at", "pk"))


def waiting(*, programme: int) -> int:
    """How many there are. One query."""
    return _queue(programme).count()


def _queue(programme: int) -> QuerySet[Claim]:
    rows = Claim.objects.filter(programme=programme).annotate(shown=Count("pictures"))
    return rows.filter(Q(state="frozen") | Q(state__in=["open", "lapsed"], shown=2))


def vouched_lately(*, programme: int, now: datetime) -> list[Vouch]:
    """Words that were given in the last ninety days: both vouchers are named to the moderators."""
    rows = Vouch.objects.filter(claim__programme=programme, at__gt=now - WORDS_IN)
    return list(rows.select_related("claim__user", "voucher").order_by("-at", "-pk"))


def members(*, programme: int) -> list[Claim]:
    """Who is bound, by name."""
    rows = Claim.objects.filter(programme=programme, state="bound").select_related("user")
    return list(rows.order_by("family", "given", "pk"))
