"""A lottery that anyone can draw again, and that nobody can bend afterwards."""

import hashlib
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from confrere.science.allocation import AllocationError, LotteryRecord, commit, draw_order, leaf, verify_lottery

KEY = hashlib.sha256(b"a lottery").digest()
SECOND = hashlib.sha256(b"said after the list was closed").digest()
TERMS = hashlib.sha256(b"terms").hexdigest()
LEAVES = [leaf(nonce=bytes([number] * 16), study_id=f"S-{number}", stratum="lottery") for number in range(40)]


def published() -> dict[str, Any]:
    order = draw_order(key=KEY, second=SECOND, terms_sha256=TERMS, leaves=LEAVES)
    record = LotteryRecord(
        terms_sha256=TERMS, commitment=commit(KEY), second=SECOND.hex(), places=7, order=order, simulated=True
    )
    return record.published(key=KEY)


def test_everyone_has_one_rank_whatever_the_order_of_asking() -> None:
    order = draw_order(key=KEY, second=SECOND, terms_sha256=TERMS, leaves=LEAVES)
    assert sorted(order) == sorted(LEAVES)
    assert order == draw_order(key=KEY, second=SECOND, terms_sha256=TERMS, leaves=LEAVES[::-1])
    assert order != tuple(sorted(LEAVES))


def test_another_second_contribution_key_or_list_gives_another_order() -> None:
    first = draw_order(key=KEY, second=SECOND, terms_sha256=TERMS, leaves=LEAVES)
    other_key, other_second = hashlib.sha256(b"another").digest(), hashlib.sha256(b"later").digest()
    assert draw_order(key=other_key, second=SECOND, terms_sha256=TERMS, leaves=LEAVES) != first
    assert draw_order(key=KEY, second=other_second, terms_sha256=TERMS, leaves=LEAVES) != first
    shorter = draw_order(key=KEY, second=SECOND, terms_sha256=TERMS, leaves=LEAVES[1:])
    assert shorter != tuple(one for one in first if one != LEAVES[0])


def test_every_one_of_four_wins_a_quarter_of_4000_lotteries() -> None:
    seconds = (hashlib.sha256(str(turn).encode()).digest() for turn in range(4000))
    wins = Counter(draw_order(key=KEY, second=second, terms_sha256=TERMS, leaves=LEAVES[:4])[0] for second in seconds)
    # Five standard deviations of a binomial count (27.4) around 1000.
    assert len(wins) == 4
    assert all(abs(count - 1000) < 137 for count in wins.values())


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"key": b"x" * 32}, "The key was not drawn at random"),
        ({"second": b"short"}, "at least 16 bytes"),
        ({"leaves": [LEAVES[0], LEAVES[0]]}, "stands twice"),
        ({"leaves": []}, "at least one participant"),
    ],
)
def test_what_cannot_be_drawn_is_refused(asked: dict[str, Any], sentence: str) -> None:
    told = {"key": KEY, "second": SECOND, "terms_sha256": TERMS, "leaves": LEAVES} | asked
    with pytest.raises(AllocationError, match=sentence):
        draw_order(**told)


def test_a_key_that_was_not_promised_publishes_nothing() -> None:
    record = LotteryRecord(terms_sha256=TERMS, commitment="0" * 64, second=SECOND.hex(), places=1, order=())
    with pytest.raises(AllocationError, match="not the one that was committed to"):
        record.published(key=KEY)


def test_a_published_record_verifies() -> None:
    assert verify_lottery(published()).verified


def swapped(record: dict[str, Any]) -> None:
    record["order"][2], record["order"][3] = record["order"][3], record["order"][2]


@pytest.mark.parametrize(
    ("change", "rank", "sentence"),
    [
        (swapped, 3, "another leaf at this rank"),
        (lambda record: record.update(order=record["order"][1:]), None, "not those of the closed list"),
        (lambda record: record.update(key="0" * 63 + "1"), None, "The key was not drawn at random"),
        (lambda record: record.update(key=SECOND.hex()), None, "does not fit the commitment"),
        (lambda record: record.update(second_contribution="zz"), None, "hexadecimal"),
        (lambda record: record.update(second_contribution=7), None, "hexadecimal"),
        (lambda record: record.update(second_contribution="ab" * 32), 1, "another leaf"),
        (lambda record: record.update(terms_sha256="x"), None, "terms_sha256 is not 64"),
        (lambda record: record.update(places=-1), None, "places are a number"),
        (lambda record: record.update(simulated="no"), None, "simulated is true or false"),
        (lambda record: record["order"].append(5), None, "leaf of rank 41"),
        (lambda record: record.pop("places"), None, "lacks or does not know places"),
        (lambda record: record.update(extra=1), None, "lacks or does not know extra"),
        (lambda record: record.update(version=2), None, "not a lottery record"),
    ],
)
def test_whatever_is_changed_is_named(
    change: Callable[[dict[str, Any]], None], rank: int | None, sentence: str
) -> None:
    record = published()
    change(record)
    outcome = verify_lottery(record)
    assert (outcome.verified, outcome.first_failure) == (False, rank)
    assert sentence in str(outcome.reason)


def test_what_is_no_record_is_refused() -> None:
    assert verify_lottery([]).verified is False
