"""Nothing in a copy of the database joins a person to a study id but the encrypted link.

A small trial is lived through by the rooms' own verbs, each act at a time of day that no other act has. Then every
row that leads to a person is held against every row that stands under their study id: no time of day in common
(days later or earlier would be the same join), and no transaction that wrote both.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection, models, transaction
from django.db.models import Q
from django.test import Client
from psycopg.types.range import Range
from tests.study import DIRECTOR, NOW, PROTOCOL, Study, make_study

from confrere.coaching import actions as coaching
from confrere.coaching import queries as coached
from confrere.coaching.models import Booking, Entitlement
from confrere.people import actions as people
from confrere.people.models import Parcel, User
from confrere.surveys import actions as surveys
from confrere.surveys.models import Response
from confrere.trial import actions as trial
from confrere.trial.models import Allocation, Consent
from confrere.vault.disclosure import ADDRESS, PERSON, STUDY, paths, personal_tables
from confrere.vault.models import Payload

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:\+00:00|Z)")
MIDNIGHT = time()
#: Written by a trigger on each table, since a savepoint hides a transaction's number from the row itself.
WATCH = """
CREATE TABLE written (xid xid8, at_table text, key text);
CREATE FUNCTION note_write() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO written VALUES (pg_current_xact_id(), TG_TABLE_NAME, to_jsonb(NEW)->>'id');
  RETURN NULL;
END $$;
GRANT SELECT ON written TO confrere_app;
"""


@dataclass
class Clock:
    """Each act has a time of day of its own."""

    moment: datetime = NOW
    acts: int = 0

    def later(self, **more: float) -> datetime:
        """So much later, and some odd microseconds."""
        self.acts += 1
        self.moment += timedelta(**more) + timedelta(seconds=61, microseconds=10_007 * self.acts)
        return self.moment


@dataclass
class Story:
    """A small trial, and who took part in it."""

    study: Study
    clock: Clock = field(default_factory=Clock)

    @property
    def pairs(self) -> dict[str, int]:
        return self.study.persons


@pytest.fixture
def watched(transactional_db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(WATCH)
        for table in personal_tables():
            cursor.execute(
                f"CREATE TRIGGER watch AFTER INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION note_write()"
            )
        cursor.execute("SET ROLE confrere_app")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("DROP TABLE written; DROP FUNCTION note_write() CASCADE")
        cursor.execute("SET ROLE confrere_app")


@pytest.fixture
def story(watched: None, standing_keys: None) -> Story:
    """Four people: two are drawn at once, one waits until another gives up, one comes by the pages."""
    told = Story(make_study())
    study, clock = told.study, told.clock
    study.open(PROTOCOL.replace("cap = 6", "cap = 3"))
    page = coach(study)
    ids = [study.join(number, now=clock.later(hours=1)) for number in range(4)]
    for study_id in ids[:2]:
        study.answer(study_id, now=clock.later(hours=1))
    ask_for_parcels(told, ids[:2])
    round_of_the_worker(told)
    give_way(told, leaves=ids[2], waits=ids[3])
    round_of_the_worker(told)
    for study_id in ids:
        person = study.persons[study_id]
        if Entitlement.objects.filter(person=person).exists():
            book(told, person, page)
    clock.later(days=92)
    round_of_the_worker(told)
    for study_id in (ids[0], ids[1]):
        again = {"again": "yes"} if study.arm(study_id) == "coaching" else {}
        study.answer(study_id, wave="month3", now=clock.later(hours=1), **again)
        round_of_the_worker(told)
    study.text("Other words.", now=clock.later(hours=1))
    now = clock.later(hours=1)
    for kind in ("questions", "coaching"):
        trial.withdraw(programme=study.programme, study_id=ids[0], kind=kind, now=now)
    trial.take_back(programme=study.programme, study_id=ids[0], kind="questions", now=clock.later(hours=1))
    study.join(2, now=clock.later(hours=1))  # signs the new words, and so comes back
    by_the_pages(study, ids[1])
    round_of_the_worker(told)
    return told


def give_way(told: Story, *, leaves: str, waits: str) -> None:
    """Whoever waits has answered already, so the draw follows in somebody else's transaction."""
    study, clock = told.study, told.clock
    trial.move_on(programme=study.programme, now=clock.later(days=8))  # the held place lapses, and the next is held
    trial.move_on(programme=study.programme, now=clock.later(days=8))
    study.answer(waits, now=clock.later(hours=1))
    trial.withdraw(programme=study.programme, study_id=leaves, kind="questions", now=clock.later(hours=1))


def ask_for_parcels(told: Story, ids: list[str]) -> None:
    """Those who sent the baseline ask for what is offered after it, each a while later."""
    study, clock = told.study, told.clock
    mug = people.set_incentive(
        programme=study.programme,
        incentive=None,
        name="Mug",
        stock=9,
        waves=["baseline"],
        actor=DIRECTOR,
        now=clock.later(hours=1),
    )
    for study_id in ids:
        people.ask_parcel(
            programme=study.programme,
            incentive=mug,
            person=study.persons[study_id],
            address="Main Street 1\nDenver",
            entitled=1,
            now=clock.later(minutes=1),
        )


def round_of_the_worker(told: Story) -> None:
    trial.catch_up(programme=told.study.programme, now=told.clock.later(minutes=5))
    surveys.invite_due(now=told.clock.later(minutes=5))


def coach(study: Study) -> int:
    """A coach with hours on every day of the story's first weeks; the number of the page."""
    person = people.create_account(email="coach@example.org", name="C. Coach", zone="UTC", now=NOW)
    people.grant_role(person=person, programme=study.programme, role="coach", now=NOW, actor=DIRECTOR)
    page = coaching.write_page(
        programme=study.programme,
        site=study.site,
        person=person,
        biography="Internist.",
        focus="",
        languages="English",
        video_link="",
        phone="555 0100",
        capacity=9,
        now=NOW,
    )
    for day in range(1, 40):
        coaching.offer_hours(
            programme=study.programme,
            person=person,
            on=(NOW + timedelta(days=day)).date(),
            starts=time(8),
            ends=time(20),
            zone="UTC",
            now=NOW,
        )
    return page


def book(told: Story, person: int, page: int) -> None:
    now = told.clock.later(hours=1)
    within = coached.Span(now + timedelta(days=2), now + timedelta(days=9))
    free = coached.open_slots(programme=told.study.programme, coaches=[page], minutes=90, within=within, person=person)[
        page
    ]
    coaching.book(programme=told.study.programme, person=person, coach=page, start=free[0], key=uuid4(), now=now)


def by_the_pages(study: Study, study_id: str) -> None:
    """One of them stops coaching with the mouse."""
    client = Client()
    client.force_login(User.objects.get(pk=study.persons[study_id]))
    for kind in ("coaching", "questions"):
        assert client.post(f"/p/{study.slug}/trial/mine/stop/{kind}/").status_code == 302


def of_person(model: type[models.Model], person: int) -> Q:
    """The rows of a table that name a person, by number or by address."""
    if model is Payload:
        about = [f"person:{person}"]
        about += [f"entitlement:{each.pk}" for each in Entitlement.objects.filter(person=person)]
        about += [f"booking:{each.pk}" for each in Booking.objects.filter(entitlement__person=person)]
        return _any(Q(body__contains=f'"{name}"') for name in about)
    address = User.objects.get(pk=person).email
    named = {PERSON: person, ADDRESS: address}
    return _any(Q(**{way: named[end]}) for way, end in paths(model) if end in named)


def of_study_id(model: type[models.Model], study_id: str) -> Q:
    """The rows of a table that stand under a study id."""
    if model is Payload:
        return Q(body__contains=f'"study:{study_id}"')
    return _any(Q(**{way: study_id}) for way, end in paths(model) if end == STUDY)


def _any(conditions: Iterator[Q]) -> Q:
    found = Q(pk__in=[])
    for condition in conditions:
        found |= condition
    return found


@dataclass(frozen=True)
class Trace:
    """Where a time of day stands, or which row was written."""

    table: str
    column: str
    key: str
    clock: time | None


def traces(condition: str, subject: int | str) -> Iterator[Trace]:
    """Every row of one side, once for itself and once for each time of day in it."""
    for table, model in personal_tables().items():
        found = of_person(model, int(subject)) if condition == PERSON else of_study_id(model, str(subject))
        for row in model._base_manager.filter(found).distinct():
            yield Trace(table, "", str(row.pk), None)
            for one in model._meta.concrete_fields:
                for clock in clocks(one.value_from_object(row)):
                    yield Trace(table, one.name, str(row.pk), clock)


def clocks(value: object) -> Iterator[time]:
    """The times of day in a stored value; midnight is only a day."""
    found: list[datetime] = []
    if isinstance(value, datetime):
        found.append(value)
    elif isinstance(value, Range):
        found += [value.lower, value.upper]
    elif isinstance(value, str):
        found += [datetime.fromisoformat(each) for each in MOMENT.findall(value)]
    for each in found:
        clock = each.astimezone(UTC).time()
        if clock != MIDNIGHT:
            yield clock


def common_instants(told: Story) -> list[str]:
    """Which columns of the two sides share a time of day for one and the same human."""
    joins = set()
    for study_id, person in told.pairs.items():
        theirs = defaultdict(set)
        for trace in traces(PERSON, person):
            theirs[trace.clock].add(f"{trace.table}.{trace.column}")
        for trace in traces(STUDY, study_id):
            if trace.clock is not None:
                joins |= {f"{other} = {trace.table}.{trace.column}" for other in theirs.get(trace.clock, ())}
    return sorted(joins)


def common_transactions(told: Story) -> list[str]:
    """Which tables of the two sides were written in one transaction, whosever the rows are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT xid::text, at_table, key FROM written")
        written: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for xid, table, key in cursor.fetchall():
            written[table, key].add(xid)
    sides: dict[str, defaultdict[str, set[str]]] = {PERSON: defaultdict(set), STUDY: defaultdict(set)}
    for study_id, person in told.pairs.items():
        for side, subject in ((PERSON, person), (STUDY, study_id)):
            for trace in traces(side, subject):
                for xid in written.get((trace.table, trace.key), ()):
                    sides[side][xid].add(trace.table)
    both = sides[PERSON].keys() & sides[STUDY].keys()
    return sorted({f"{one} = {other}" for xid in both for one in sides[PERSON][xid] for other in sides[STUDY][xid]})


def test_no_instant_and_no_transaction_joins_a_person_to_a_study_id(story: Story) -> None:
    assert Allocation.objects.count() == 3
    assert Booking.objects.exists()
    assert Parcel.objects.count() == 2
    assert len(story.pairs) == 4
    assert common_instants(story) == []
    assert common_transactions(story) == []


def test_a_planted_instant_is_found_even_days_later(story: Story) -> None:
    study_id, person = next(iter(story.pairs.items()))
    signed = Consent.objects.filter(person=person).earliest("pk")
    Response.objects.filter(study_id=study_id).update(stopped_at=signed.given_at + timedelta(days=5))
    assert "trial_consent.given_at = surveys_response.stopped_at" in common_instants(story)


def test_a_planted_common_transaction_is_found_through_its_savepoints(story: Story) -> None:
    study_id, person = next(iter(story.pairs.items()))
    with transaction.atomic():
        people.change_account(
            person=person, name="Other", zone="UTC", quiet_from=None, quiet_until=None, now=story.clock.later(hours=1)
        )
        trial.take_back(
            programme=story.study.programme, study_id=study_id, kind="coaching", now=story.clock.later(hours=1)
        )
    assert "people_user = trial_withdrawal" in common_transactions(story)
