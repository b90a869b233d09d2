"""The coach's statement and log, and the pages of those who pay."""

from datetime import timedelta

import pytest
from tests.coaching.conftest import House
from tests.coaching.test_paying import SETTLED, held, rates
from tests.coaching.views.browser import Browser, at, text

from confrere.coaching import actions
from confrere.coaching.models import PayLine

TYPED = {"since": "2026-01-01", "hourly": "200", "stipend": "2500", "currency": "USD", "cost_centre": "CC 4711"}


@pytest.fixture
def clerk(house: House) -> int:
    return house.person("Cleo Brandt", "coordinator")


def test_a_coach_reads_prints_and_takes_the_statement(
    house: House, clerk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates(house, clerk)
    _participant, coach = held(house)
    at(SETTLED, monkeypatch)
    browser = Browser(house, coach)
    assert "The first line appears about a week after" in text(browser.get("pay/"))
    assert "Sessions appear here about a week after" in text(browser.get("pay/log/"))
    actions.pay_sessions(now=SETTLED)
    page = text(browser.get("pay/"))
    assert "3 March 2026 Session 90 USD 200.00 USD 300.00" in page
    assert "1.5 hours, USD 300.00 in all." in page
    assert "Ama Osei" not in page
    log = text(browser.get("pay/log/"))
    assert "Eva Lindqvist coached 1.5 hours in this programme, 0 of them with a group" in log
    assert "3 March 2026 90 individual yes" in log
    sheet = browser.get("pay/lines.csv").content.decode()
    assert sheet.splitlines()[1] == "2026-03-03,session,90,200.00,300.00,USD,CC 4711"


def test_a_coordinator_sets_rates_pays_training_and_takes_back(
    house: House, clerk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _participant, coach = held(house)
    at(SETTLED, monkeypatch)
    browser = Browser(house, clerk)
    assert "1 session waits to be paid." in text(browser.get("payments/"))
    assert "No cost yet" in text(browser.get("delivery/"))
    wrong = browser.post("payments/", **TYPED | {"currency": "dollars", "cost_centre": "=1+1", "since": "9999-12-31"})
    assert wrong.status_code == 422
    assert "three letters of the currency" in text(wrong)
    assert "letters, figures, spaces" in text(wrong)
    assert browser.post("payments/", **TYPED).status_code == 302
    assert browser.post("payments/", **TYPED | {"currency": "EUR"}).status_code == 409
    assert "USD 200.00 for an hour" in text(browser.get("payments/"))
    assert browser.post(f"payments/{coach}/training/").status_code == 302
    actions.pay_sessions(now=SETTLED)
    page = text(browser.get("payments/"))
    assert "Eva Lindqvist · Session · 90 minutes · USD 300.00" in page
    assert "Training not yet paid" not in page
    delivered = text(browser.get("delivery/"))
    assert "with the coaches' training USD 2,800.00 +1,400.00" in delivered
    assert "without it USD 300.00 −1,100.00" in delivered
    line = PayLine.objects.get(kind="session").pk
    assert "A second line takes the amount away again." in text(browser.get(f"payments/{line}/take-back/"))
    assert browser.post(f"payments/{line}/take-back/").status_code == 302
    assert "taken back already" in text(browser.get(f"payments/{line}/take-back/"))
    assert "−300.00" in text(browser.get("payments/"))
    for verb in (browser.get, browser.post):
        assert verb("payments/987654321/take-back/").status_code == 404


def test_the_time_to_the_first_session_is_told_from_five_people_on(
    house: House, clerk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _each in range(5):
        held(house)
    at(SETTLED + timedelta(days=1), monkeypatch)
    assert "From the grant to the first session, half of them within 3 days" in text(
        Browser(house, clerk).get("delivery/")
    )
