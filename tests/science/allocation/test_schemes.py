"""Draws: balanced, repeatable, fair, and refused where they make no sense."""

import hashlib
from collections import Counter
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confrere.science.allocation import (
    AllocationError,
    Arm,
    BigStick,
    PermutedBlocks,
    Scheme,
    Simple,
    draw_arm,
    next_arm,
)
from confrere.science.allocation.streams import WORD, below, shuffled, words

KEY = hashlib.sha256(b"a key for tests").digest()
TWO = (Arm("coaching"), Arm("control"))
keys = st.binary(max_size=8).map(lambda seed: hashlib.sha256(seed).digest())
arm_sets = st.lists(st.integers(1, 3), min_size=2, max_size=4).map(
    lambda ratios: tuple(Arm(f"arm{n}", ratio) for n, ratio in enumerate(ratios))
)


def sequence(scheme: Scheme, length: int, key: bytes = KEY, arms: tuple[Arm, ...] = TWO) -> list[str]:
    history: list[str] = []
    for _ in range(length):
        history.append(next_arm(scheme, key=key, protocol_sha256="p", stratum="s", history=history, arms=arms))
    return history


@given(keys, arm_sets, st.integers(1, 5), st.integers(1, 60))
@settings(deadline=None)
def test_the_big_stick_never_exceeds_its_imbalance(key: bytes, arms: tuple[Arm, ...], mti: int, length: int) -> None:
    ratio = {arm.name: arm.ratio for arm in arms}
    history = sequence(BigStick(mti), length, key, arms)
    for end in range(1, length + 1):
        tally = Counter(history[:end])
        ahead = [tally[name] / ratio[name] for name in ratio]
        assert max(ahead) - min(ahead) <= mti + 1e-9


@given(keys, st.lists(st.sampled_from(["coaching", "control"]), max_size=30))
@settings(deadline=None)
def test_asking_again_gives_the_same_arm(key: bytes, history: list[str]) -> None:
    first, again = (
        draw_arm(key=key, protocol_sha256="p", stratum="s", history=history, arms=TWO, mti=3) for _ in range(2)
    )
    assert first == again


def test_every_ingredient_matters() -> None:
    base = {"key": KEY, "protocol_sha256": "p", "stratum": "s"}
    others = [{"key": hashlib.sha256(KEY).digest()}, {"protocol_sha256": "q"}, {"stratum": "t"}]

    def draws(changes: dict[str, object]) -> list[str]:
        history: list[str] = []
        for _ in range(40):
            history.append(next_arm(Simple(), history=history, arms=TWO, **(base | changes)))  # type: ignore[arg-type]
        return history

    assert all(draws(other) != draws({}) for other in others)


def test_the_stick_forces_the_arm_behind() -> None:
    history = ["coaching"] * 3
    assert draw_arm(key=KEY, protocol_sha256="p", stratum="s", history=history, arms=TWO, mti=3) == "control"


def test_blocks_are_balanced_where_they_end() -> None:
    for size in (2, 4):
        history = sequence(PermutedBlocks((size,)), 40)
        for end in range(size, 41, size):
            assert Counter(history[:end]) == {"coaching": end // 2, "control": end // 2}
    unequal = sequence(PermutedBlocks((3, 6)), 30, arms=(Arm("a", 2), Arm("b")))
    assert sum(arm == "a" for arm in unequal) in range(18, 23)


@pytest.mark.parametrize("scheme", [BigStick(), PermutedBlocks(), Simple()])
def test_both_arms_are_equally_likely(scheme: Scheme) -> None:
    """Over 400 keys the first arm is coaching 200 times, give or take four standard deviations."""
    firsts = [sequence(scheme, 1, hashlib.sha256(b"%d" % n).digest())[0] for n in range(400)]
    assert abs(firsts.count("coaching") - 200) <= 40


def test_numbers_at_the_uneven_top_are_thrown_away() -> None:
    assert WORD % 3 == 1
    assert below(3, iter([WORD - 1, 7])) == 1
    assert below(4, iter([WORD - 1])) == 3


def test_words_depend_on_their_context_without_ambiguity() -> None:
    assert list(islice(words(KEY, "ab", "c"), 3)) != list(islice(words(KEY, "a", "bc"), 3))
    assert list(islice(words(KEY, "1"), 3)) != list(islice(words(KEY, 1), 3))


def test_every_order_comes_up() -> None:
    orders = Counter(tuple(shuffled("abc", words(KEY, number))) for number in range(600))
    assert len(orders) == 6
    assert all(60 <= times <= 140 for times in orders.values())


@pytest.mark.parametrize(
    ("scheme", "arms", "history", "sentence"),
    [
        (Simple(), (Arm("a"),), [], "two or more arms"),
        (Simple(), (Arm("a"), Arm("a")), [], "two or more arms"),
        (Simple(), (Arm("a"), Arm("a"), Arm("b")), [], "two or more arms"),
        (Simple(), (Arm("a"), Arm("b", 0)), [], "a whole number from 1"),
        (Simple(), (Arm("a"), Arm("b", 10**8)), [], "a whole number from 1 to 1000"),
        (PermutedBlocks((10**9,)), TWO, [], "multiples of 2, up to 1000"),
        (BigStick(0), TWO, [], r"\(mti\) is a whole number from 1"),
        (PermutedBlocks((3,)), TWO, [], "multiples of 2"),
        (PermutedBlocks((0,)), TWO, [], "multiples of 2"),
        (PermutedBlocks(()), TWO, [], "multiples of 2"),
        (Simple(), TWO, ["waiting"], "names the arm waiting"),
    ],
)
def test_impossible_draws_are_refused(scheme: Scheme, arms: tuple[Arm, ...], history: list[str], sentence: str) -> None:
    with pytest.raises(AllocationError, match=sentence):
        next_arm(scheme, key=KEY, protocol_sha256="p", stratum="s", history=history, arms=arms)


def test_a_weak_key_draws_nothing() -> None:
    with pytest.raises(AllocationError, match="not drawn at random"):
        draw_arm(key=(42).to_bytes(32), protocol_sha256="p", stratum="s", history=[], arms=TWO, mti=3)
