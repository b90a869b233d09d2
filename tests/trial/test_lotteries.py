"""Places by lot: everybody waits, one draw decides, and anyone can draw it again."""

import pytest
from tests.study import DAY, DIRECTOR, NOW, PROTOCOL, Study

from confrere.science.allocation import leaf, verify_lottery
from confrere.trial import actions, queries
from confrere.trial.models import Lottery
from confrere.vault.refusals import Refusal

BY_LOT = PROTOCOL.replace("cap = 6", 'cap = 2\norder = "lottery"')
SAID = "A sentence that somebody read aloud on the next morning."


@pytest.fixture
def drawn(bare: Study) -> Study:
    """Four ask, two places."""
    bare.open(BY_LOT)
    return bare


def announce(study: Study, *, days: int = 7) -> str:
    closes_on = (NOW + days * DAY).date()
    return actions.announce_lottery(programme=study.programme, closes_on=closes_on, actor=DIRECTOR, now=NOW)


def draw(study: Study, *, days: int = 8, said: str = SAID) -> int:
    return actions.draw_lottery(programme=study.programme, said=said, actor=DIRECTOR, now=NOW + days * DAY)


def test_everybody_waits_until_the_draw_and_then_the_first_two_are_offered_a_place(drawn: Study) -> None:
    before = drawn.join(0)
    announce(drawn)
    ids = [before, *(drawn.join(number) for number in range(1, 4))]
    actions.catch_up(programme=drawn.programme, now=NOW + DAY)
    assert {drawn.state(one) for one in ids} == {"waiting"}
    assert draw(drawn) == 4
    assert sorted(drawn.state(one) for one in ids) == ["held", "held", "waiting", "waiting"]
    trial = queries.required(drawn.programme)
    record = queries.lottery_record(trial)
    assert verify_lottery(record).verified
    for one in ids:
        mine = queries.lottery_receipt(trial=trial, study_id=one)
        assert mine is not None
        mark = leaf(nonce=bytes.fromhex(mine["nonce"]), study_id=one, stratum=mine["stratum"])
        assert record["order"][mine["rank"] - 1] == mark
        assert (drawn.state(one) == "held") == (mine["rank"] <= 2)
    assert queries.lottery_receipt(trial=trial, study_id="S-0000-0000") is None


def test_who_comes_after_the_draw_waits_behind_those_who_were_drawn(drawn: Study) -> None:
    announce(drawn)
    ids = [drawn.join(number) for number in range(3)]
    draw(drawn)
    late = drawn.join(9, now=NOW + 9 * DAY)
    trial = queries.required(drawn.programme)
    place = queries.place_of(trial=trial, study_id=late)
    assert place is not None
    assert (place.state, queries.ahead_of(place)) == ("waiting", 1)
    assert [drawn.state(one) for one in ids].count("waiting") == 1


def test_a_lottery_in_which_nobody_asked_gives_places_to_whoever_comes(drawn: Study) -> None:
    announce(drawn)
    assert draw(drawn) == 0
    with pytest.raises(Refusal, match="no lots were drawn") as refused:
        queries.lottery_record(queries.required(drawn.programme))
    assert refused.value.status == 404
    assert drawn.state(drawn.join(1, now=NOW + 9 * DAY)) == "held"


def test_a_real_key_is_made_once_and_lies_beside_that_of_the_draws(bare: Study) -> None:
    bare.open(BY_LOT, test_entropy="")
    announce(bare)
    bare.join(1)
    draw(bare)
    record = queries.lottery_record(queries.required(bare.programme))
    assert verify_lottery(record).verified
    assert record["simulated"] is False


def test_a_key_that_is_there_already_is_a_refusal(bare: Study) -> None:
    bare.open(BY_LOT, test_entropy="")
    announce(bare)
    Lottery.objects.all().delete()
    with pytest.raises(Refusal):
        announce(bare)


def test_what_a_lottery_refuses(drawn: Study) -> None:
    trial = queries.required(drawn.programme)
    with pytest.raises(Refusal, match="no lottery to be drawn"):
        draw(drawn)
    with pytest.raises(Refusal, match="lies in the future"):
        announce(drawn, days=0)
    with pytest.raises(Refusal, match="is published when it has been drawn"):
        queries.lottery_record(trial)
    announce(drawn)
    with pytest.raises(Refusal, match="announced already"):
        announce(drawn)
    with pytest.raises(Refusal, match="open until the end of 2026-03-10"):
        draw(drawn, days=7)
    with pytest.raises(Refusal, match="20 letters or more"):
        draw(drawn, said="heads")
    with pytest.raises(Refusal, match="is published when it has been drawn"):
        queries.lottery_record(trial)
    draw(drawn)
    with pytest.raises(Refusal, match="drawn already"):
        draw(drawn)


def test_first_come_first_served_has_no_lottery(study: Study) -> None:
    with pytest.raises(Refusal, match="there is no lottery"):
        announce(study)
    assert not queries.lottery_pending(queries.required(study.programme))
