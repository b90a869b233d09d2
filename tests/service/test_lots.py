"""A cohort by lot: nobody gains by being quick, and anyone can draw it again."""

import pytest
from tests.service.conftest import DAY, NOW, Running

from confrere.science.allocation import leaf, verify_lottery
from confrere.service import queries
from confrere.vault.refusals import Refusal


def test_lots_decide_and_their_record_verifies(running: Running) -> None:
    running.cohorts()
    assert {running.join(number) for number in range(5)} == {"waiting"}
    running.catch_up(now=NOW + 7 * DAY)
    assert {running.state(number) for number in range(5)} == {"waiting"}
    due = queries.lottery_due(running.service, today=(NOW + 8 * DAY).date())
    assert due is not None
    assert running.draw(now=NOW + 8 * DAY) == 5
    assert sorted(running.state(number) for number in range(5)) == ["offered", "offered", *["waiting"] * 3]
    record = queries.record(service=running.service, number=1)
    assert verify_lottery(record).verified
    for number in range(5):
        place = queries.place_of(service=running.service, person=running.person(number))
        mine = queries.receipt(place)
        assert place is not None
        assert mine is not None
        mark = leaf(nonce=bytes.fromhex(mine["nonce"]), study_id=mine["study_id"], stratum=mine["stratum"])
        assert record["order"][mine["rank"] - 1] == mark
        assert (place.state == "offered") == (mine["rank"] <= record["places"])
    running.catch_up(now=NOW + 8 * DAY)
    winner = next(number for number in range(5) if running.state(number) == "offered")
    assert running.letters(winner) == ["Something is free for you"]
    assert queries.lottery_due(running.service, today=(NOW + 8 * DAY).date()) is None


def test_a_lottery_that_nobody_entered_is_over(running: Running) -> None:
    running.cohorts()
    assert running.draw(now=NOW + 8 * DAY) == 0
    with pytest.raises(Refusal) as refused:
        queries.record(service=running.service, number=1)
    assert refused.value.status == 404


def test_what_a_draw_refuses(running: Running) -> None:
    running.cohorts()
    running.join(1)
    with pytest.raises(Refusal, match="open until the end of 2026-03-09"):
        running.draw(now=NOW + 7 * DAY)
    with pytest.raises(Refusal, match="20 letters or more"):
        running.draw(now=NOW + 8 * DAY, said="heads")
    with pytest.raises(Refusal):
        running.draw(now=NOW + 8 * DAY, number=2)
    running.draw(now=NOW + 8 * DAY)
    with pytest.raises(Refusal, match="were drawn on 2026-03-10"):
        running.draw(now=NOW + 9 * DAY)


def test_without_lots_there_is_nothing_to_draw(running: Running) -> None:
    running.rolling()
    with pytest.raises(Refusal):
        running.draw(now=NOW)
    assert queries.lottery_due(running.service, today=NOW.date()) is None
    assert queries.receipt(None) is None
