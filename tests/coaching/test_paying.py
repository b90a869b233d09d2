"""What coaches are paid: a line a session, nobody's name in it, and books that stay books."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.coaching.conftest import NOW, TUESDAY, House

from confrere.coaching import actions, queries, rules
from confrere.coaching.actions.paying import pay_due
from confrere.coaching.models import Booking, LineKind, PayLine, Rate, Said
from confrere.vault.refusals import Refusal

AFTER = TUESDAY + timedelta(hours=2)
SETTLED = AFTER + timedelta(days=8)
RATES: Mapping[str, Any] = {
    "since": date(2026, 1, 1),
    "hourly": Decimal(200),
    "stipend": Decimal(2500),
    "currency": "USD",
    "cost_centre": "CC 4711",
}


@pytest.fixture
def clerk(house: House) -> int:
    return house.person("Cleo Brandt", "coordinator")


def rates(house: House, clerk: int, **other: object) -> None:
    actions.set_rate(programme=house.programme, site=house.site, person=clerk, now=NOW, **{**RATES, **other})


def held(house: House, *, coach: tuple[int, int] | None = None) -> tuple[int, int]:
    """(participant, coach) of a first session that both say took place."""
    person, page = coach or house.coach()
    if coach is None:
        house.offer(person)
    participant = house.participant()
    booking = house.book(participant, page, TUESDAY)
    for each in (participant, person):
        actions.confirm_held(programme=house.programme, person=each, booking=booking, said=Said.HAPPENED, now=AFTER)
    return participant, person


def test_a_held_session_becomes_a_line_a_week_later_and_once(house: House, clerk: int) -> None:
    rates(house, clerk)
    _participant, coach = held(house)
    assert actions.pay_sessions(now=AFTER + timedelta(days=6)) == 0
    assert actions.pay_sessions(now=SETTLED) == 1
    assert actions.pay_sessions(now=SETTLED) == 0
    (month,) = queries.statement(programme=house.programme, coach=coach)
    (line,) = month.lines
    assert (line.kind, line.day, line.minutes, line.amount) == (
        LineKind.SESSION,
        date(2026, 3, 3),
        90,
        Decimal("300.00"),
    )
    assert (line.cost_centre, line.currency, line.hourly) == ("CC 4711", "USD", Decimal(200))
    assert (month.first, month.minutes, month.amount) == (date(2026, 3, 1), 90, Decimal(300))


def test_no_column_of_a_line_leads_to_the_participant() -> None:
    """The table's columns, all of them: a new one has to be thought about here."""
    assert {field.name for field in PayLine._meta.concrete_fields} == {
        "id", "programme", "site", "coach", "kind", "day", "minutes", "hourly", "amount", "currency", "cost_centre",
        "reverses",
    }  # fmt: skip
    assert all(field.get_internal_type() != "DateTimeField" for field in PayLine._meta.concrete_fields)


def test_a_session_waits_for_its_rate_and_keeps_that_of_its_day(house: House, clerk: int) -> None:
    _participant, coach = held(house)
    assert actions.pay_sessions(now=SETTLED) == 0
    assert queries.delivery(programme=house.programme).unpaid == 1
    rates(house, clerk)
    rates(house, clerk, hourly=Decimal(210), since=date(2026, 3, 3))
    rates(house, clerk, hourly=Decimal(300), since=date(2026, 3, 4))
    assert actions.pay_sessions(now=SETTLED) == 1
    assert [line.amount for line in queries.lines(programme=house.programme, coach=coach)] == [Decimal("315.00")]


def test_lines_of_a_night_are_written_in_few_statements(
    house: House, clerk: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rates(house, clerk)
    for _each in range(3):
        held(house)
    with django_assert_max_num_queries(20):
        assert actions.pay_sessions(now=SETTLED) == 3


def test_the_worker_pays_at_night(house: House, clerk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rates(house, clerk)
    held(house)
    monkeypatch.setattr(timezone, "now", lambda: SETTLED)
    pay_due()
    assert PayLine.objects.count() == 1


def test_training_is_paid_once_and_to_coaches_only(house: House, clerk: int) -> None:
    coach, _page = house.coach()
    asked: dict[str, Any] = {"programme": house.programme, "site": house.site, "person": clerk, "now": NOW}
    with pytest.raises(Refusal, match="Set the rates first"):
        actions.pay_stipend(**asked, coach=coach, day=NOW.date())
    rates(house, clerk)
    actions.pay_stipend(**asked, coach=coach, day=NOW.date())
    with pytest.raises(Refusal, match="paid once") as refused:
        actions.pay_stipend(**asked, coach=coach, day=NOW.date())
    assert refused.value.status == 409
    with pytest.raises(Refusal) as refused:
        actions.pay_stipend(**asked, coach=clerk, day=NOW.date())
    assert refused.value.status == 404
    (month,) = queries.statement(programme=house.programme, coach=coach)
    assert (month.amount, month.minutes) == (Decimal(2500), 0)
    row = PayLine.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError, match="training_is_paid_once"), transaction.atomic():
        row.save()


def test_a_line_is_taken_back_by_another_once(house: House, clerk: int) -> None:
    rates(house, clerk)
    _participant, coach = held(house)
    actions.pay_sessions(now=SETTLED)
    asked: dict[str, Any] = {"programme": house.programme, "site": house.site, "person": clerk, "now": SETTLED}
    line = PayLine.objects.get().pk
    actions.take_back(**asked, line=line)
    (month,) = queries.statement(programme=house.programme, coach=coach)
    assert (month.amount, month.minutes, [each.taken_back for each in month.lines]) == (0, 0, [True, False])
    for again in PayLine.objects.values_list("pk", flat=True):
        with pytest.raises(Refusal, match="already"):
            actions.take_back(**asked, line=again)
    with pytest.raises(Refusal) as refused:
        actions.take_back(**asked, line=987_654_321)
    assert refused.value.status == 404


def test_a_programme_pays_in_one_currency(house: House, clerk: int) -> None:
    rates(house, clerk)
    with pytest.raises(Refusal, match="pays in USD"):
        rates(house, clerk, currency="EUR")
    assert rules.can_take_back(line=None, taken_back=False) is False


def test_delivery_is_counts_and_no_middle_value_below_five(house: House, clerk: int) -> None:
    rates(house, clerk)
    coach = house.coach(capacity=20)
    house.offer(coach[0])
    held(house, coach=coach)
    house.participant("Ben Adler")
    found = queries.delivery(programme=house.programme)
    assert (found.people, found.begun, found.granted, found.held, found.first_after) == (2, 1, 12, 1, None)
    Booking.objects.update(paid=True)
    for _each in range(4):
        held(house)
    found = queries.delivery(programme=house.programme)
    assert found.first_after == pytest.approx(2.354, abs=0.001)


def test_cost_of_a_participant_with_training_and_without(house: House, clerk: int) -> None:
    assert queries.cost(programme=house.programme, participants=0) is None
    rates(house, clerk)
    _participant, coach = held(house)
    assert queries.cost(programme=house.programme, participants=1) is None
    actions.pay_sessions(now=SETTLED)
    actions.pay_stipend(
        programme=house.programme, site=house.site, person=clerk, coach=coach, day=SETTLED.date(), now=SETTLED
    )
    found = queries.cost(programme=house.programme, participants=1)
    assert found is not None
    assert (found.onboarding, found.ongoing) == (Decimal(2800), Decimal(300))


def test_books_are_erased_after_seven_years_a_pair_together(house: House, clerk: int) -> None:
    rates(house, clerk)
    rates(house, clerk, since=date(2026, 2, 1))
    held(house)
    actions.pay_sessions(now=SETTLED)
    row = PayLine.objects.get()
    later = SETTLED + timedelta(days=30)
    actions.take_back(programme=house.programme, site=house.site, person=clerk, line=row.pk, now=later)
    years = timedelta(days=2555)
    assert actions.erase_pay(now=SETTLED + years, held=frozenset()) == 1
    assert (Rate.objects.count(), PayLine.objects.count()) == (1, 2)
    assert actions.erase_pay(now=later + years + timedelta(days=1), held=frozenset({house.programme})) == 0
    assert actions.erase_pay(now=later + years + timedelta(days=1), held=frozenset()) == 2
    assert PayLine.objects.count() == 0


def test_rows_say_what_they_are(house: House, clerk: int) -> None:
    rates(house, clerk)
    held(house)
    actions.pay_sessions(now=SETTLED)
    assert str(Rate.objects.get()) == "200.00 USD since 2026-01-01"
    assert str(PayLine.objects.get()) == "session 2026-03-03: 300.00 USD"
