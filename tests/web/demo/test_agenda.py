from datetime import UTC, datetime, timedelta

import pytest

from confrere.web.demo.agenda import Agenda

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_acts_come_in_the_order_of_their_moments_and_later_ones_wait() -> None:
    agenda, done = Agenda(), list[str]()
    agenda.at(NOON + timedelta(hours=2), lambda now: done.append(f"late {now:%H}"))
    agenda.at(NOON, lambda now: agenda.at(now + timedelta(hours=1), lambda later: done.append(f"follows {later:%H}")))
    agenda.at(NOON, lambda now: done.append(f"first {now:%H}"))
    assert agenda.run(until=NOON + timedelta(hours=1), tell=print) == 3
    assert done == ["first 12", "follows 13"]


def test_nothing_is_put_into_the_past() -> None:
    agenda = Agenda()
    agenda.at(NOON, lambda now: agenda.at(now - timedelta(seconds=1), print))
    with pytest.raises(ValueError, match="lies before"):
        agenda.run(until=NOON, tell=print)
