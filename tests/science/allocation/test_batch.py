"""The draw after closing, leaves and receipts."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confrere.science.allocation import (
    AllocationError,
    Arm,
    Enrolled,
    draw_batch,
    leaf,
    path,
    proves,
    roster_root,
)
from confrere.science.allocation.merkle import root

KEY = hashlib.sha256(b"a key for tests").digest()
SECOND = hashlib.sha256(b"second").digest()
TWO = (Arm("coaching"), Arm("control"))


def roster(sizes: list[int]) -> list[Enrolled]:
    return [
        Enrolled(hashlib.sha256(f"{stratum} {number}".encode()).hexdigest(), f"stratum {stratum}")
        for stratum, size in enumerate(sizes)
        for number in range(size)
    ]


def draw(people: list[Enrolled], second: bytes = SECOND, arms: tuple[Arm, ...] = TWO) -> dict[str, str]:
    return dict(draw_batch(key=KEY, second=second, protocol_sha256="p", roster=people, arms=arms))


@given(st.lists(st.integers(0, 12), min_size=1, max_size=5).filter(any), st.integers(1, 3))
@settings(deadline=None)
def test_every_stratum_is_balanced(sizes: list[int], ratio: int) -> None:
    people = roster(sizes)
    drawn = draw(people, arms=(Arm("a", ratio), Arm("b")))
    for stratum in {person.stratum for person in people}:
        tally = Counter(drawn[person.leaf] for person in people if person.stratum == stratum)
        assert abs(tally["a"] / ratio - tally["b"]) <= 1


def test_the_order_of_the_file_decides_nothing() -> None:
    people = roster([9, 4])
    assert draw(people) == draw(people[::-1])
    assert roster_root(people) == roster_root(people[::-1])


def test_the_second_contribution_and_the_roster_change_the_draw() -> None:
    people = roster([30])
    assert draw(people) != draw(people, second=hashlib.sha256(b"third").digest())
    more = draw([*people, *roster([0, 1])])
    assert {person.leaf: more[person.leaf] for person in people} != draw(people)


def test_impossible_batches_are_refused() -> None:
    people = roster([3])
    with pytest.raises(AllocationError, match="at least 16 bytes"):
        draw(people, second=b"short")
    with pytest.raises(AllocationError, match="twice"):
        draw(people + people[:1])
    with pytest.raises(AllocationError, match="at least one participant"):
        draw([])
    with pytest.raises(AllocationError, match="two or more arms"):
        draw(people, arms=(Arm("a"),))


@given(st.integers(1, 140))
@settings(deadline=None, max_examples=30)
def test_every_receipt_proves_its_place_and_no_other(count: int) -> None:
    leaves = sorted(person.leaf for person in roster([count]))
    top = root(leaves)
    for index in {0, count // 2, count - 1}:
        receipt = path(leaves, index)
        assert len(receipt) <= 8
        assert proves(leaf=leaves[index], index=index, path=receipt, root=top)
        assert not proves(leaf="0" * 64, index=index, path=receipt, root=top)


def test_a_leaf_hides_the_participant_behind_its_nonce() -> None:
    first = leaf(nonce=bytes(16), study_id="S1", stratum="woman")
    assert first != leaf(nonce=b"\x01" * 16, study_id="S1", stratum="woman")
    assert first != leaf(nonce=bytes(16), study_id="S1", stratum="man")
    with pytest.raises(AllocationError, match="16 bytes"):
        leaf(nonce=b"", study_id="S1", stratum="woman")
