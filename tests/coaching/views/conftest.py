import pytest
from django.utils import timezone
from tests.coaching.conftest import NOW, TUESDAY, House
from tests.coaching.views.browser import WEEK, Browser


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock at the edge, where it is read."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def coach(house: House) -> tuple[int, int]:
    person, page = house.coach()
    for week in range(2):
        house.offer(person, on=TUESDAY + week * WEEK)
    return person, page


@pytest.fixture
def visitor(house: House, coach: tuple[int, int]) -> Browser:
    return Browser(house, house.participant())
