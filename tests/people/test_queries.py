import datetime as dt

import pytest
from django.db import connection

from confrere.people import queries
from confrere.people.models import Credential, Membership, Programme, Site, User
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.post.actions import send

NOW = dt.datetime(2026, 3, 3, 17, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    site = Site.objects.create(slug="north", name="North Hospital", zone="America/Chicago")
    return Programme.objects.create(site=site, slug="peer", name="Peer coaching", zone="America/Chicago")


def member(name: str, programme: Programme, role: Role, *, until: dt.datetime | None = None) -> User:
    user, _new = User.objects.get_or_create(
        email=f"{name}@example.org", defaults={"name": name, "zone": "Europe/Berlin"}
    )
    Membership.objects.create(
        user=user, programme=programme, site=programme.site, role=role, since=NOW - 9 * DAY, until=until
    )
    return user


def test_standing_names_the_person_and_the_roles_that_are_open(programme: Programme) -> None:
    osei = member("osei", programme, Role.PARTICIPANT)
    member("osei", programme, Role.LEADER)
    member("osei", programme, Role.COACH, until=NOW - DAY)
    assert queries.standing(person=osei.pk, programme="peer", now=NOW) == Standing(
        person=osei.pk,
        name="osei",
        zone="Europe/Berlin",
        programme=programme.pk,
        programme_slug="peer",
        programme_name="Peer coaching",
        site=programme.site_id,
        roles=frozenset({Role.PARTICIPANT, Role.LEADER}),
        sites=None,
    )
    assert queries.standing(person=osei.pk, programme="other", now=NOW) is None
    assert queries.standing(person=osei.pk, programme="peer", now=NOW - 10 * DAY) is None
    assert queries.roles_of(person=osei.pk, now=NOW) == {Role.PARTICIPANT, Role.LEADER}


def test_a_closed_account_stands_nowhere(programme: Programme) -> None:
    osei = member("osei", programme, Role.COACH)
    User.objects.update(is_active=False)
    assert queries.standing(person=osei.pk, programme="peer", now=NOW) is None
    assert queries.members_of(programme.pk, Role.COACH, NOW) == []


def test_programmes_of_a_person_are_those_with_an_open_role(programme: Programme) -> None:
    osei = member("osei", programme, Role.COACH, until=NOW)
    assert queries.programmes_of(person=osei.pk, now=NOW - DAY) == [programme]
    assert queries.programmes_of(person=osei.pk, now=NOW) == []


def test_members_come_in_the_order_of_their_coming(programme: Programme) -> None:
    first, second = (member(name, programme, Role.COACH).pk for name in ("zoe", "abe"))
    member("kim", programme, Role.PARTICIPANT)
    assert queries.members_of(programme.pk, Role.COACH, NOW) == [first, second]
    assert queries.members_of(programme.pk, "coach", NOW) == [first, second]
    assert queries.members_of(programme.pk + 1, Role.COACH, NOW) == []


def test_who_someone_is(programme: Programme) -> None:
    osei, kim = member("osei", programme, Role.COACH).pk, member("kim", programme, Role.COACH).pk
    assert queries.address(osei) == "osei@example.org"
    assert queries.zone(kim) == "Europe/Berlin"
    assert queries.names([osei, kim, osei, 0]) == {osei: "osei", kim: "kim"}
    found = queries.person_by_address(" Osei@Example.ORG")
    assert found is not None
    assert found.pk == osei
    assert queries.person_by_address("nobody@example.org") is None


def test_a_credential_counts_from_its_check_until_its_end(programme: Programme) -> None:
    osei = member("osei", programme, Role.PARTICIPANT)
    for specialty, at in (("nephrology", NOW - 5 * DAY), ("cardiology", NOW - 3 * DAY), ("urology", NOW + DAY)):
        Credential.objects.create(
            user=osei,
            specialty=specialty,
            evidence="roster",
            verified_by="system:x",
            verified_at=at,
            until=at + 9 * DAY,
        )
    assert queries.credential(person=osei.pk, now=NOW) == queries.Credential(
        specialty="cardiology", label="Cardiology", verified_at=NOW - 3 * DAY, verified_until=NOW + 6 * DAY
    )
    assert queries.credential(person=osei.pk, now=NOW + 20 * DAY) is None


def test_specialties_are_listed_by_name() -> None:
    labels = list(queries.specialties().values())
    assert labels == sorted(labels)
    assert len(labels) == 47
    assert queries.specialties()["otolaryngology"] == "Ear, nose and throat"


def test_a_card_needs_no_chip() -> None:
    assert queries.Card(order=10, title="t", sentence="s", act="a", url="/").kept_as == ""


def at_today(role: Role) -> list[str]:
    standing = Standing(
        person=1,
        name="Osei",
        zone="UTC",
        programme=1,
        programme_slug="peer",
        programme_name="Peer coaching",
        site=1,
        roles=frozenset({role}),
    )
    return [card.sentence for card in queries.today(standing=standing, now=NOW)]


def test_operators_read_first_that_letters_do_not_leave() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    assert at_today(Role.DIRECTOR) == []
    assert at_today(Role.OPERATOR) == [
        "The worker is down: letters, reminders and other jobs wait until it runs again."
    ]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [NOW])
    assert at_today(Role.OPERATOR) == ["The worker runs, and no letter waits."]
    send(to="a@example.org", subject="s", body="b", event="e", programme=None, now=NOW - dt.timedelta(minutes=16))
    assert at_today(Role.OPERATOR) == ["1 letter has waited for more than 15 minutes."]
