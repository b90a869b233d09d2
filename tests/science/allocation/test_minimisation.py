"""Minimisation: examples computed by hand, exact chances, and balance where many factors meet few people."""

import hashlib
import json
from collections import Counter
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confrere.science.allocation import (
    AllocationError,
    AllocationRecord,
    Arm,
    Entry,
    Margins,
    Minimisation,
    Scheme,
    Simple,
    chances,
    commit,
    leaf,
    next_arm,
    verify_record,
)
from confrere.science.allocation.minimisation import best, imbalances, lots

TWO = (Arm("A"), Arm("B"))
EARLIER = (
    ("sex=w;age=old", "A"),
    ("sex=w;age=young", "A"),
    ("sex=m;age=old", "B"),
    ("sex=w;age=old", "B"),
    ("sex=m;age=young", "A"),
    ("sex=w;age=young", "A"),
)
FACTORS = ("sex=w sex=m", "age=old age=young", "site=n site=s", "rank=1 rank=2")
LABELS = [";".join(levels) for levels in product(*(factor.split() for factor in FACTORS))]


def key_of(number: int) -> bytes:
    return hashlib.sha256(b"%d" % number).digest()


def counted(draws: tuple[tuple[str, str], ...]) -> Margins:
    margins = Margins()
    for stratum, arm in draws:
        margins.add(stratum, arm)
    return margins


def drawn(scheme: Scheme, key: bytes, people: list[str], arms: tuple[Arm, ...]) -> list[tuple[str, str]]:
    margins, made = Margins(), list[tuple[str, str]]()
    for stratum in people:
        history = [arm for where, arm in made if where == stratum]
        arm = next_arm(
            scheme, key=key, protocol_sha256="p", stratum=stratum, history=history, arms=arms, margins=margins
        )
        made.append((stratum, arm))
        margins.add(stratum, arm)
    return made


def apart(made: list[tuple[str, str]], arms: tuple[Arm, ...]) -> int:
    """The sum of the ranges over all levels of all factors."""
    margins = counted(tuple(made))
    names = [arm.name for arm in arms]
    both = zip(*(margins.at(label, names) for label in (LABELS[0], LABELS[-1])), strict=True)
    return sum(max(counts) - min(counts) for pair in both for counts in pair)


def test_the_example_by_hand() -> None:
    """Of the women, three have A and one has B; of the old, one has A and two have B; of the young, three have A."""
    margins = counted(EARLIER)
    old, young = margins.at("sex=w;age=old", "AB"), margins.at("sex=w;age=young", "AB")
    assert (old, young) == ([[3, 1], [1, 2]], [[3, 1], [3, 0]])
    # An old woman: A leaves |4 - 1| + |2 - 2| = 3, B leaves |3 - 2| + |1 - 3| = 3. By squares 9 and 5.
    assert imbalances(old, (1, 1), "range") == [3, 3]
    assert imbalances(old, (1, 1), "variance") == [9, 5]
    # A young woman: A leaves |4 - 1| + |4 - 0| = 7, B leaves |3 - 2| + |3 - 1| = 3.
    assert imbalances(young, (1, 1), "range") == [7, 3]
    equal = {"A": 1, "B": 1}
    assert chances(Minimisation(80), margins=young, arms=equal) == {"A": Fraction(1, 5), "B": Fraction(4, 5)}
    assert chances(Minimisation(80), margins=old, arms=equal) == {"A": Fraction(1, 2), "B": Fraction(1, 2)}
    assert chances(Minimisation(80, "variance"), margins=old, arms=equal)["B"] == Fraction(4, 5)


def test_unequal_ratios_by_hand() -> None:
    """Three of A at 2 and one of B at 1: A leaves |4/2 - 1/1| = 1, B leaves |3/2 - 2/1| = 1/2; in halves 2 and 1."""
    assert imbalances([[3, 1]], (2, 1), "range") == [2, 1]
    assert imbalances([[3, 1]], (2, 1), "variance") == [4, 1]
    ratios = {"A": 2, "B": 1}
    assert chances(Minimisation(80), margins=[[3, 1]], arms=ratios) == {"A": Fraction(1, 5), "B": Fraction(4, 5)}
    # Where A is best, B keeps half of what A has where B is best: so the shares stay 2 to 1 on the whole.
    assert chances(Minimisation(80), margins=[[1, 1]], arms=ratios) == {"A": Fraction(9, 10), "B": Fraction(1, 10)}
    assert best(Minimisation(80), [[2, 1]], (2, 1)) == [0]  # A leaves 3/2 and 1, B leaves 1 and 2
    assert lots(Minimisation(80), (2, 1)) == (140, 200)


def test_three_arms_of_which_two_tie() -> None:
    found = chances(Minimisation(80), margins=[[1, 0, 0]], arms={"A": 1, "B": 1, "C": 1})
    assert found == {"A": Fraction(1, 10), "B": Fraction(9, 20), "C": Fraction(9, 20)}


ratios_of_arms = st.lists(st.integers(1, 4), min_size=2, max_size=4)


@given(ratios_of_arms, st.integers(80, 99), st.sampled_from(["range", "variance"]), st.data())
@settings(deadline=None)
def test_chances_are_chances(ratios: list[int], percent: int, measure: str, data: st.DataObject) -> None:
    scheme = Minimisation(percent, measure)  # type: ignore[arg-type]  # hypothesis gives a str
    margins = data.draw(st.lists(st.lists(st.integers(0, 9), min_size=len(ratios), max_size=len(ratios)), min_size=1))
    found = list(chances(scheme, margins=margins, arms={str(at): ratio for at, ratio in enumerate(ratios)}).values())
    assert sum(found) == 1
    first, shares = best(scheme, margins, ratios), [Fraction(ratio, sum(ratios)) for ratio in ratios]
    assert all((chance >= share) == (at in first) for at, (chance, share) in enumerate(zip(found, shares, strict=True)))
    if len(first) == 1 and ratios[first[0]] == min(ratios):
        assert found[first[0]] == Fraction(percent, 100)


@pytest.mark.parametrize("arms", [TWO, (Arm("A", 2), Arm("B")), (Arm("A"), Arm("B"), Arm("C", 2))])
def test_what_is_drawn_comes_as_often_as_computed(arms: tuple[Arm, ...]) -> None:
    """Over 1,000 keys, within four standard deviations."""
    margins = counted(EARLIER)
    seen = Counter(
        next_arm(
            Minimisation(80),
            key=key_of(number),
            protocol_sha256="p",
            stratum="sex=w;age=young",
            history=["A", "A"],
            arms=arms,
            margins=margins,
        )
        for number in range(1000)
    )
    names = {arm.name: arm.ratio for arm in arms}
    expected = chances(Minimisation(80), margins=margins.at("sex=w;age=young", list(names)), arms=names)
    for name, chance in expected.items():
        assert abs(seen[name] - 1000 * chance) <= 4 * (1000 * chance * (1 - chance)) ** 0.5


@pytest.mark.parametrize("measure", ["range", "variance"])
@pytest.mark.parametrize("arms", [TWO, (Arm("A"), Arm("B"), Arm("C"))])
def test_the_margins_are_closer_than_by_chance(arms: tuple[Arm, ...], measure: str) -> None:
    """Sixty people in sixteen strata of four factors, 20 lists: less than half of what coins leave."""
    people = [LABELS[(number * number + 5 * number) % 16] for number in range(60)]
    scheme = Minimisation(80, measure)  # type: ignore[arg-type]  # pytest gives a str
    ours = sum(apart(drawn(scheme, key_of(n), people, arms), arms) for n in range(20))
    coins = sum(apart(drawn(Simple(), key_of(n), people, arms), arms) for n in range(20))
    assert ours < coins / 2


def test_unequal_shares_are_kept() -> None:
    """Thirty lists of sixty: two thirds get A, within two points."""
    arms = (Arm("A", 2), Arm("B"))
    people = [LABELS[(7 * number) % 16] for number in range(60)]
    made = Counter(arm for n in range(30) for _, arm in drawn(Minimisation(80), key_of(n), people, arms))
    assert abs(made["A"] / 1800 - 2 / 3) < 0.02


keys = st.integers(0, 10**6).map(key_of)


@given(keys, ratios_of_arms, st.integers(80, 99), st.lists(st.sampled_from(LABELS), max_size=30))
@settings(deadline=None, max_examples=60)
def test_every_record_is_verified_and_no_draw_can_be_exchanged(
    key: bytes, ratios: list[int], percent: int, people: list[str]
) -> None:
    arms = tuple(Arm(f"arm{at}", ratio) for at, ratio in enumerate(ratios))
    scheme, seen = Minimisation(percent, "variance" if percent % 2 else "range"), Counter[str]()
    protocol, margins = hashlib.sha256(b"a protocol").hexdigest(), Margins()
    entries: list[Entry] = []
    for number, stratum in enumerate(people):
        history = [entry.arm for entry in entries if entry.stratum == stratum]
        arm = next_arm(
            scheme, key=key, protocol_sha256=protocol, stratum=stratum, history=history, arms=arms, margins=margins
        )
        mark = leaf(nonce=number.to_bytes(16), study_id="S", stratum=stratum)
        entries.append(Entry(seen[stratum], stratum, mark, arm))
        seen[stratum] += 1
        margins.add(stratum, arm)
    made = AllocationRecord(
        protocol_sha256=protocol, scheme=scheme, arms=arms, commitment=commit(key), entries=tuple(entries)
    )
    assert verify_record(json.loads(json.dumps(made.published(key=key)))).verified
    for number, entry in enumerate(entries):
        other = next(arm.name for arm in arms if arm.name != entry.arm)
        forged = [*entries[:number], Entry(entry.counter, entry.stratum, entry.leaf, other), *entries[number + 1 :]]
        mended = AllocationRecord(
            protocol_sha256=protocol, scheme=scheme, arms=arms, commitment=commit(key), entries=tuple(forged)
        )
        assert verify_record(mended.published(key=key)).first_failure == number + 1


@pytest.mark.parametrize(
    ("scheme", "arms", "sentence"),
    [
        (Minimisation(100), TWO, "is whole percent, below 100"),
        (Minimisation(50), TWO, "above the smallest arm's share"),
        (Minimisation(0), TWO, "above the smallest arm's share"),
        (Minimisation(33), (Arm("A"), Arm("B"), Arm("C")), "above the smallest arm's share"),
        (Minimisation(80, "sd"), TWO, "by range or variance"),  # type: ignore[arg-type]
        (Minimisation(80), TWO, "needs all earlier draws of the trial"),
    ],
)
def test_impossible_minimisations_are_refused(scheme: Minimisation, arms: tuple[Arm, ...], sentence: str) -> None:
    with pytest.raises(AllocationError, match=sentence):
        next_arm(scheme, key=key_of(1), protocol_sha256="p", stratum="s", history=[], arms=arms)
