"""Reading who people are."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from django.db.models import F, Min, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from confrere.people import specialties as shipped
from confrere.people.models import Credential as CredentialRow
from confrere.people.models import MailRefusal, Membership, Programme, User
from confrere.people.queries import door
from confrere.people.queries.parcels import (
    Offered as Offered,
)
from confrere.people.queries.parcels import (
    at as at,
)
from confrere.people.queries.parcels import (
    incentives as incentives,
)
from confrere.people.queries.parcels import (
    left_of as left_of,
)
from confrere.people.queries.parcels import (
    parcels as parcels,
)
from confrere.people.queries.parcels import (
    parcels_of as parcels_of,
)
from confrere.people.roles import Role
from confrere.post import queries as post
from confrere.vault import days

#: Roles that look at the whole programme, and at nobody's name.
WITHOUT_NAMES = frozenset({Role.STATISTICIAN, Role.LEADER, Role.MODERATOR, Role.OPERATOR})
#: How long what people met for outlives a programme, or a role in it.
GRACE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Card:
    """One thing that waits for a person on their home page: a sentence and the act that settles it.

    order: cards are shown by it, lowest first (10 now, 50 soon, 90 whenever).
    kept_as: what the visibility chip names, e.g. "coaching.Booking.during"; empty for none.
    """

    order: int
    title: str
    sentence: str
    act: str
    url: str
    kept_as: str = ""


@dataclass(frozen=True, slots=True)
class Credential:
    """What was verified about a person and until when it counts."""

    specialty: str  # slug of specialties.toml
    label: str  # its plain name
    verified_at: datetime
    verified_until: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """What is kept about a person, as they may read and change it themselves."""

    email: str
    name: str
    zone: str  # IANA name
    quiet_from: time | None  # wall clock in `zone`
    quiet_until: time | None


@dataclass(frozen=True, slots=True)
class Passkey:
    """A way to sign in with a device."""

    number: int
    name: str
    made_on: date
    used_on: date | None


def _open(now: datetime) -> Q:
    return Q(since__lte=now) & (Q(until__isnull=True) | Q(until__gt=now))


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
    #: Whose people they may look at; None is every site of the programme, and without a word nobody's.
    sites: frozenset[int] | None = frozenset()


def standing(*, person: int, programme: str, now: datetime) -> Standing | None:
    """The person's standing in the programme with this slug; None without an open role there. One query."""
    rows = list(
        Membership.objects.filter(_open(now), user_id=person, user__is_active=True, programme__slug=programme)
        .select_related("user", "programme")
        .order_by("pk")
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
        sites=_sites(rows),
    )


def _sites(rows: list[Membership]) -> frozenset[int] | None:
    """A director looks at every site, a coordinator at their own; whoever reads without names, at every site."""
    roles = {row.role for row in rows}
    own = frozenset(row.site_id for row in rows if row.role == Role.COORDINATOR)
    if Role.DIRECTOR in roles or (not own and roles & WITHOUT_NAMES):
        return None
    return own


def programmes_of(*, person: int, now: datetime) -> list[Programme]:
    """The programmes in which a person has an open role, by name."""
    open_roles = Membership.objects.filter(_open(now), user_id=person)
    return list(Programme.objects.filter(pk__in=open_roles.values("programme")).select_related("site").order_by("name"))


def programme_by_slug(slug: str) -> int | None:
    """The programme with this short name; None if there is none."""
    return Programme.objects.filter(slug=slug).values_list("pk", flat=True).first()


def last_day(programme: int) -> date | None:
    """The last day of a programme, if somebody has said it."""
    return Programme.objects.values_list("ends_on", flat=True).get(pk=programme)


def long_over(*, now: datetime) -> frozenset[int]:
    """The programmes whose last day lies more than `GRACE` back: what people met for ends in them."""
    over = Programme.objects.filter(ends_on__lt=days.of(now - GRACE))
    return frozenset(over.values_list("pk", flat=True))


def long_gone(role: Role, *, now: datetime) -> frozenset[tuple[int, int]]:
    """(programme, person) of those who left a role more than `GRACE` ago and have not come back."""
    rows = Membership.objects.filter(role=role).values_list("programme", "user")
    there = rows.filter(Q(until__isnull=True) | Q(until__gte=now - GRACE))
    return frozenset(set(rows.filter(until__lt=now - GRACE)) - set(there))


def person_by_address(address: str) -> User | None:
    """The account with this address, in any letter case; None if there is none."""
    return User.objects.alias(address=Lower("email")).filter(address=address.strip().lower()).first()


def address(person: int) -> str:
    """Where letters to a person go."""
    return User.objects.values_list("email", flat=True).get(pk=person)


def names(persons: Iterable[int]) -> dict[int, str]:
    """Person → name, one query for all; unknown persons are left out."""
    return dict(User.objects.filter(pk__in=set(persons)).values_list("pk", "name"))


def zone(person: int) -> str:
    """The IANA name of a person's own clock."""
    return User.objects.values_list("zone", flat=True).get(pk=person)


def members_of(programme: int, role: Role | str, now: datetime, sites: frozenset[int] | None = None) -> list[int]:
    """Persons with this open role in a programme, or at these sites of it, each once, in the order of their coming."""
    rows = Membership.objects.filter(
        _open(now), programme_id=programme, role=Role(role), user__is_active=True
    ).order_by("since", "pk")
    here = rows if sites is None else rows.filter(site__in=sites)
    return list(dict.fromkeys(here.values_list("user_id", flat=True)))


def own_staff(standing: Standing, role: Role) -> frozenset[int] | None:
    """Who has, or once had, a role at the sites that somebody looks after; None where they look at every site."""
    if standing.sites is None:
        return None
    rows = Membership.objects.filter(programme=standing.programme, role=role, site__in=standing.sites)
    return frozenset(rows.values_list("user", flat=True))


def site_of(*, person: int, programme: int) -> int | None:
    """The site at which a person takes part in a programme, now or until they left; None for others."""
    rows = Membership.objects.filter(user=person, programme=programme, role=Role.PARTICIPANT).order_by("-since", "-pk")
    return rows.values_list("site", flat=True).first()


def persons_called(*, programme: int, words: Sequence[str], now: datetime) -> list[int]:
    """Who of a programme has all these words in their name, in any letter case; ten at most, by number. One query."""
    rows = Membership.objects.filter(_open(now), programme_id=programme, user__is_active=True)
    for word in words:
        rows = rows.filter(user__name__iregex=rf"\m{re.escape(word)}\M")
    return list(rows.order_by("user_id").values_list("user_id", flat=True).distinct()[:10])


def verified_count(*, programme: int, specialty: str, now: datetime) -> int:
    """How many members of a programme have a credential of this specialty that counts now. One query."""
    rows = CredentialRow.objects.filter(specialty=specialty, verified_at__lte=now, until__gt=now)
    here = Membership.objects.filter(_open(now), programme_id=programme, user__is_active=True).values("user")
    return rows.filter(user__in=here).values("user").distinct().count()


def roles_of(*, person: int, now: datetime) -> frozenset[Role]:
    """Every role that a person has in any programme now."""
    rows = Membership.objects.filter(_open(now), user_id=person).values_list("role", flat=True)
    return frozenset(Role(row) for row in rows)


def needs_passkey(*, person: int, now: datetime) -> bool:
    """Whether a person has any role, in any programme, for which a mailed code is too weak."""
    return Membership.objects.filter(_open(now), user_id=person).exclude(role=Role.PARTICIPANT).exists()


def account(person: int) -> Account:
    """What is kept about a person."""
    return Account(*User.objects.values_list("email", "name", "zone", "quiet_from", "quiet_until").get(pk=person))


def passkeys(person: int) -> list[Passkey]:
    """The passkeys of a person, oldest first."""
    rows = Authenticator.objects.filter(user_id=person, type=Authenticator.Type.WEBAUTHN).order_by("pk")
    return [
        Passkey(
            number=row.pk,
            name=str(row),
            made_on=row.created_at.date(),
            used_on=row.last_used_at.date() if row.last_used_at else None,
        )
        for row in rows
    ]


def is_quiet(*, person: int, now: datetime) -> bool:
    """Whether it is within the hours in which nothing should be sent to this person."""
    return quiet_until(person=person, now=now) is not None


def quiet_until(*, person: int, now: datetime) -> datetime | None:
    """When the hours end in which nothing should be sent to this person; None outside of them."""
    zone, start, end = User.objects.values_list("zone", "quiet_from", "quiet_until").get(pk=person)
    if start is None or end is None:
        return None
    here = now.astimezone(ZoneInfo(zone))
    clock = here.time()
    if not (start <= clock < end if start < end else clock >= start or clock < end):
        return None
    day = here.date() if clock < end else here.date() + timedelta(days=1)
    return datetime.combine(day, end, ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Refusing:
    """A person whose address refuses mail, and since when we know."""

    person: int
    name: str
    email: str
    noticed_on: date


def refuses_mail(address: str) -> bool:
    """Whether a mail server has said that nobody can be reached at this address."""
    return MailRefusal.objects.filter(email__iexact=address, user__email__iexact=address).exists()


def refusing(persons: Iterable[int]) -> list[Refusing]:
    """Those of these persons whose present address refuses mail, by name."""
    rows = MailRefusal.objects.filter(user__in=set(persons), email=F("user__email")).select_related("user")
    found = [Refusing(row.user_id, row.user.name, row.email, row.noticed_on) for row in rows]
    return sorted(found, key=lambda one: (one.name, one.person))


def today(*, standing: Standing, now: datetime) -> Sequence[Card]:
    """Whether letters leave, for operators; who waits at the door, for moderators; one's own verification."""
    return [*_at_the_door(standing=standing, now=now), *_letters(standing=standing, now=now)]


#: To whom the lounge is open once they are verified.
COMERS = frozenset({Role.PARTICIPANT, Role.COACH, Role.MODERATOR})


def _at_the_door(*, standing: Standing, now: datetime) -> Sequence[Card]:
    found = []
    count = door.waiting(programme=standing.programme) if Role.MODERATOR in standing.roles else 0
    if count:
        sentence = ngettext("%(count)d claim waits for you.", "%(count)d claims wait for you.", count) % {
            "count": count
        }
        url = reverse("door_queue", args=[standing.programme_slug])
        found.append(Card(order=20, title=_("At the door"), sentence=sentence, act=_("Look at it"), url=url))
    if standing.roles & COMERS and credential(person=standing.person, now=now) is None:
        sentence = _("Physicians only: you say who you are, and something shows that it is you.")
        url = reverse("door", args=[standing.programme_slug])
        act = _("Your verification")
        found.append(Card(order=80, title=_("The lounge is closed to you"), sentence=sentence, act=act, url=url))
    return found


def _letters(*, standing: Standing, now: datetime) -> Sequence[Card]:
    """First of all when they do not leave."""
    if Role.OPERATOR not in standing.roles:
        return []
    url = reverse("letters", kwargs={"programme": standing.programme_slug})
    if post.worker_is_down(now):
        sentence = _("The worker is down: letters, reminders and other jobs wait until it runs again.")
        return [Card(order=0, title=_("Letters do not leave"), sentence=sentence, act=_("Look at it"), url=url)]
    count = post.counter(now)
    if count.late:
        sentence = ngettext(
            "%(late)d letter has waited for more than 15 minutes.",
            "%(late)d letters have waited for more than 15 minutes.",
            count.late,
        ) % {"late": count.late}
        return [Card(order=0, title=_("Letters do not leave"), sentence=sentence, act=_("Look at it"), url=url)]
    return [Card(order=60, title=_("Letters leave"), sentence=_at_work(count), act=_("See the counts"), url=url)]


def _at_work(count: post.Counter) -> str:
    """The worker's work in a sentence or two."""
    waiting = _("The worker runs, and no letter waits.")
    if count.waiting:
        waiting = ngettext(
            "The worker runs; %(waiting)d letter waits for its turn.",
            "The worker runs; %(waiting)d letters wait for their turn.",
            count.waiting,
        ) % {"waiting": count.waiting}
    if not count.given_up:
        return waiting
    given_up = ngettext(
        "%(given_up)d letter of the last 7 days could not be delivered.",
        "%(given_up)d letters of the last 7 days could not be delivered.",
        count.given_up,
    ) % {"given_up": count.given_up}
    return f"{waiting} {given_up}"


def specialties() -> dict[str, str]:
    """Slug → plain name of every specialty, by name."""
    return dict(shipped.labels())


def credential(*, person: int, now: datetime) -> Credential | None:
    """What is verified about a person now: the newest entry that still counts; None when there is none."""
    row = (
        CredentialRow.objects.filter(user_id=person, verified_at__lte=now, until__gt=now)
        .order_by("-verified_at", "-pk")
        .first()
    )
    if row is None:
        return None
    return Credential(
        specialty=row.specialty,
        label=shipped.labels()[row.specialty],
        verified_at=row.verified_at,
        verified_until=row.until,
    )


def first_verified(*, person: int) -> datetime | None:
    """When a person was verified for the first time; None: never. One query."""
    first: datetime | None = CredentialRow.objects.filter(user_id=person).aggregate(first=Min("verified_at"))["first"]
    return first
