"""Thank-yous by post: a stock that is never overdrawn, an address that goes, and nothing that tells of a survey."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from tests.people.test_actions import NOW, OPERATOR

from confrere.people import actions, queries
from confrere.people.actions.parcels import shuffle_at_night
from confrere.people.models import Incentive, Parcel
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal

DAY = dt.timedelta(days=1)
ADDRESS = "Main Street 1\nDenver"


@pytest.fixture
def programme(db: None, standing_keys: None) -> int:
    site = actions.create_site(slug="s", name="S", zone="UTC", now=NOW, actor=OPERATOR)
    return actions.create_programme(site=site, slug="p", name="P", zone="UTC", now=NOW, actor=OPERATOR)


@pytest.fixture
def mug(programme: int) -> int:
    return offer(programme)


def offer(programme: int, *, item: int | None = None, name: str = "Mug", stock: int = 2) -> int:
    return actions.set_incentive(
        programme=programme, incentive=item, name=name, stock=stock, waves=["b", "a", "a"], actor=OPERATOR, now=NOW
    )


def somebody(number: int) -> int:
    return actions.create_account(email=f"p{number}@example.org", name=f"P {number}", zone="UTC", now=NOW)


def ask(programme: int, mug: int, person: int, *, address: str = ADDRESS, entitled: int = 1) -> None:
    actions.ask_parcel(programme=programme, incentive=mug, person=person, address=address, entitled=entitled, now=NOW)


def sent(programme: int, *, now: dt.datetime = NOW) -> int:
    waiting = [one.pk for one in queries.parcels(programme=programme, sent=False)]
    return actions.ship_parcels(programme=programme, parcels=waiting, actor=OPERATOR, now=now)


def test_an_item_counts_what_is_left_and_warns_at_five(programme: int, mug: int) -> None:
    ask(programme, mug, somebody(1))
    [found] = queries.incentives(programme=programme)
    assert found == queries.Offered(number=mug, name="Mug", waves=("a", "b"), stock=2, promised=1)
    assert (found.left, found.scarce) == (1, True)
    offer(programme, item=mug, stock=7)
    [found] = queries.incentives(programme=programme)
    assert (found.left, found.scarce) == (6, False)
    assert str(Incentive.objects.get()) == "Mug"


def test_an_item_is_refused_twice_and_below_what_is_promised(programme: int, mug: int) -> None:
    ask(programme, mug, somebody(1))
    with pytest.raises(Refusal, match="an item of this name"):
        offer(programme, name="MUG")
    with pytest.raises(Refusal, match="1 are promised or sent already"):
        offer(programme, item=mug, stock=0)
    with pytest.raises(Refusal, match="nothing here"):
        offer(programme, item=mug + 1)


def test_a_newer_address_counts_until_the_parcel_is_shipped(programme: int, mug: int) -> None:
    person = somebody(1)
    ask(programme, mug, person)
    ask(programme, mug, person, address="Elsewhere 2\nDenver")
    [row] = queries.parcels(programme=programme, sent=False)
    assert (row.address, str(row), row.asked_on) == ("Elsewhere 2\nDenver", "parcel asked", NOW.date())
    assert sent(programme) == 1
    with pytest.raises(Refusal, match="asked for it already"):
        ask(programme, mug, person)
    ask(programme, mug, person, entitled=2)
    assert queries.parcels_of(person=person, incentive=mug) == (2, 1)
    with pytest.raises(Refusal, match="just gone to somebody else"):
        ask(programme, mug, somebody(2))


def test_given_up_is_erased_and_free_again(programme: int, mug: int) -> None:
    person = somebody(1)
    ask(programme, mug, person)
    for _twice in range(2):
        actions.give_up_parcel(programme=programme, incentive=mug, person=person, now=NOW)
    assert not Parcel.objects.exists()
    assert Payload.objects.filter(body__contains="people.give_up_parcel").count() == 1


def test_shipping_is_taken_back_and_a_parcel_is_dropped(programme: int, mug: int) -> None:
    ask(programme, mug, somebody(1))
    [row] = queries.parcels(programme=programme, sent=False)
    assert [sent(programme), sent(programme)] == [1, 0]
    assert queries.parcels(programme=programme, sent=True) == [row]
    assert actions.drop_parcel(programme=programme, parcel=row.pk, actor=OPERATOR, now=NOW) == 0
    assert actions.unship_parcel(programme=programme, parcel=row.pk, actor=OPERATOR, now=NOW) == 1
    assert actions.drop_parcel(programme=programme + 1, parcel=row.pk, actor=OPERATOR, now=NOW) == 0
    assert actions.drop_parcel(programme=programme, parcel=row.pk, actor=OPERATOR, now=NOW) == 1
    assert not Parcel.objects.exists()


def test_who_asked_stands_in_no_event_and_only_its_day(programme: int, mug: int) -> None:
    person = somebody(1)
    ask(programme, mug, person)
    row = Parcel.objects.get()
    body = Payload.objects.get(body__contains="people.ask_parcel").body
    assert f'"actor":"incentive:{mug}"' in body
    assert "T00:00:00.000000" in body
    assert f"person:{person}" not in body
    assert str(row.pk) not in body


def test_an_address_goes_thirty_days_after_shipping(programme: int, mug: int) -> None:
    ask(programme, mug, somebody(1))
    sent(programme)
    erase = actions.erase_parcels
    assert erase(now=NOW + 29 * DAY, held=frozenset()) == 0
    assert erase(now=NOW + 30 * DAY, held=frozenset({programme})) == 0
    assert [erase(now=NOW + 30 * DAY, held=frozenset()) for _twice in range(2)] == [1, 0]
    row = Parcel.objects.get()
    assert row.address == ""
    assert queries.parcels(programme=programme, sent=True) == []
    assert actions.unship_parcel(programme=programme, parcel=row.pk, actor=OPERATOR, now=NOW) == 0
    assert queries.incentives(programme=programme)[0].promised == 1


def test_everything_goes_thirty_days_after_the_programme(programme: int, mug: int) -> None:
    ask(programme, mug, somebody(1))
    actions.end_programme(programme=programme, ends_on=(NOW + DAY).date(), now=NOW, actor=OPERATOR)
    assert actions.erase_parcels(now=NOW + 31 * DAY, held=frozenset()) == 0
    assert actions.erase_parcels(now=NOW + 32 * DAY, held=frozenset({programme})) == 0
    assert actions.erase_parcels(now=NOW + 32 * DAY, held=frozenset()) == 1
    assert not Parcel.objects.exists()


def test_the_database_holds_day_and_address_of_a_state(programme: int, mug: int) -> None:
    ask(programme, mug, somebody(1))
    for wrong in ({"state": "shipped"}, {"shipped_on": NOW.date()}, {"address": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Parcel.objects.update(**wrong)


@pytest.mark.django_db(transaction=True)
def test_at_night_rows_are_written_anew_in_one_transaction(programme: int) -> None:
    mug = offer(programme, stock=20)
    for number in range(8):
        ask(programme, mug, somebody(number))
    assert len(_transactions()) == 8
    assert actions.shuffle_parcels(now=NOW) == 0  # today's wait until the night
    before = _on_disk()
    shuffle_at_night()
    assert len(_transactions()) == 1
    orders = {tuple(_on_disk())}
    for _again in range(5):
        actions.shuffle_parcels(now=NOW + DAY)
        orders.add(tuple(_on_disk()))
    assert len(orders) > 1
    assert {frozenset(order) for order in orders} == {frozenset(before)}


def _transactions() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT xmin::text FROM people_parcel")
        return {row[0] for row in cursor.fetchall()}


def _on_disk() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id::text FROM people_parcel ORDER BY ctid")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_for_the_last_one_at_once(programme: int) -> None:
    mug = offer(programme, stock=1)
    both = Barrier(2)

    def run(person: int) -> str:
        try:
            both.wait(timeout=30)
            ask(programme, mug, person)
        except Refusal as refusal:
            return refusal.sentence
        finally:
            connection.close()
        return "asked"

    people = [somebody(1), somebody(2)]
    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(run, people))
    assert said == ["The last one has just gone to somebody else. Your address was not kept.", "asked"]
    assert Parcel.objects.count() == 1
