"""Reading who people are."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from confrere.people.models import Membership, Programme, User
from confrere.people.roles import Role


@dataclass(frozen=True, slots=True)
class Standing:
    """Who is asking, in which programme, in which roles: what every view of a programme starts from."""

    person: int
    name: str
    zone: str  # IANA name of the person's own clock
    programme: int
    programme_slug: str
    programme_name: str
    site: int
    roles: frozenset[Role]


def standing(*, person: int, programme: str, now: datetime) -> Standing | None:
    """The person's standing in the programme with this slug; None without an open role there. One query."""
    rows = list(
        Membership.objects.filter(user_id=person, programme__slug=programme, since__lte=now)
        .filter(Q(until__isnull=True) | Q(until__gt=now))
        .select_related("user", "programme")
    )
    if not rows:
        return None
    first = rows[0]
    return Standing(
        person=person,
        name=first.user.name,
        zone=first.user.zone,
        programme=first.programme_id,
        programme_slug=first.programme.slug,
        programme_name=first.programme.name,
        site=first.site_id,
        roles=frozenset(Role(row.role) for row in rows),
    )


def programmes_of(*, person: int, now: datetime) -> list[Programme]:
    """The programmes in which a person has an open role, by name."""
    open_roles = Membership.objects.filter(user_id=person, since__lte=now).filter(
        Q(until__isnull=True) | Q(until__gt=now)
    )
    return list(Programme.objects.filter(pk__in=open_roles.values("programme")).select_related("site").order_by("name"))


def person_by_address(address: str) -> User | None:
    """The account with this address, in any letter case; None if there is none."""
    return User.objects.filter(email__iexact=address).first()
