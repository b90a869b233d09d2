"""Reading who works in a programme, and at which of its sites."""

from dataclasses import dataclass
from datetime import datetime

from confrere.people.models import Membership, Programme, ProgrammeSite, Site
from confrere.people.roles import GIVES, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One open role of one person. number: of the membership."""

    number: int
    person: int
    name: str
    email: str
    role: Role
    site: int
    site_name: str
    since: datetime


def staff(*, programme: int, now: datetime) -> list[Member]:
    """Everyone with a role other than participant, who decides first, coaches last; by site and name. One query."""
    rows = Membership.objects.filter(programme=programme, since__lte=now, until__isnull=True)
    found = [
        Member(
            number=row.pk,
            person=row.user_id,
            name=row.user.name,
            email=row.user.email,
            role=Role(row.role),
            site=row.site_id,
            site_name=row.site.name,
            since=row.since,
        )
        for row in rows.exclude(role=Role.PARTICIPANT).select_related("user", "site")
    ]
    order = [*(role for role in GIVES), *(role for role in Role if role not in {*GIVES, Role.COACH}), Role.COACH]
    return sorted(found, key=lambda one: (order.index(one.role), one.site_name, one.name.casefold(), one.number))


def sites(programme: int) -> dict[int, str]:
    """Number → name of the sites of a programme; the one where it is run comes first."""
    home = Programme.objects.select_related("site").get(pk=programme).site
    more = ProgrammeSite.objects.filter(programme=programme).select_related("site").order_by("site__name", "pk")
    return {home.pk: home.name} | {row.site_id: row.site.name for row in more}


def site_at(slug: str) -> int | None:
    """The site with this short name; None if there is none."""
    return Site.objects.filter(slug=slug).values_list("pk", flat=True).first()


def gives(roles: frozenset[Role]) -> list[Role]:
    """Which roles somebody with these may give to others, in their usual order."""
    may = frozenset[Role]().union(*(GIVES.get(role, frozenset()) for role in roles))
    return [role for role in Role if role in may]
