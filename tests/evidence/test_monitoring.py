"""Whoever recruits reads no result by arm while people can still be drawn; the statistician does."""

import pytest
from tests.evidence.conftest import MONTH3
from tests.study import Study

from confrere.evidence import queries
from confrere.evidence.rules import check_may_read_arms
from confrere.people.queries import Standing
from confrere.vault.refusals import Refusal


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a database without the mark of simulation."""
    for module in ("queries", "rules"):
        monkeypatch.setattr(f"confrere.evidence.{module}.simulated", lambda: False)


def test_the_director_waits_until_nobody_can_be_drawn(opened: Study, director: Standing, real: None) -> None:
    with pytest.raises(Refusal, match="when nobody can be drawn any more") as refused:
        check_may_read_arms(director)
    assert refused.value.status == 403
    assert queries.today(standing=director, now=MONTH3) == []


def test_the_statistician_reads_them(opened: Study, statistician: Standing, real: None) -> None:
    check_may_read_arms(statistician)


def test_simulated_people_lose_nothing(opened: Study, director: Standing) -> None:
    check_may_read_arms(director)
