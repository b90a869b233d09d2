"""The row-space audit against exact rational arithmetic, and what it lets through."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from confrere.science.disclosure import Audit, Determined, DisclosureError, audit, releasable

type Cells = NDArray[np.bool_]


def rank(rows: list[list[int]]) -> int:
    """Rank over the rationals."""
    table = [[Fraction(value) for value in row] for row in rows]
    done = 0
    for column in range(len(table[0])):
        pivot = next((row for row in range(done, len(table)) if table[row][column]), None)
        if pivot is None:
            continue
        table[done], table[pivot] = table[pivot], table[done]
        for row in range(done + 1, len(table)):
            factor = table[row][column] / table[done][column]
            table[row] = [a - factor * b for a, b in zip(table[row], table[done], strict=True)]
        done += 1
    return done


def by_hand(members: Cells, smallest: int) -> set[tuple[int, ...]]:
    """Minimal determined groups, by trying every small group."""
    rows = members.astype(int).tolist()
    whole, found = rank(rows), set()
    people = range(members.shape[1])
    for size in range(1, smallest):
        for group in itertools.combinations(people, size):
            inside = [int(person in group) for person in people]
            contains = any(set(part) < set(group) for part in found)
            if not contains and rank([*rows, inside]) == whole:
                found.add(group)
    return found


cells_of_people = st.tuples(st.integers(1, 6), st.integers(1, 9)).flatmap(
    lambda shape: st.lists(
        st.lists(st.booleans(), min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
    )
)


@given(cells_of_people, st.integers(2, 5))
@settings(deadline=None, max_examples=150)
def test_agrees_with_exact_arithmetic(rows: list[list[bool]], smallest: int) -> None:
    members = np.array(rows, dtype=bool)
    found = audit(members, smallest=smallest)
    assert {one.people for one in found.determined} == by_hand(members, smallest)
    assert found.rank == rank(members.astype(int).tolist())
    assert found.safe == (not found.determined)


def attributes(people: int, seed: int, levels: tuple[int, ...] = (2, 3, 4, 2)) -> NDArray[np.intp]:
    draw = np.random.default_rng(seed)
    return np.stack([draw.integers(0, level, people) for level in levels])


def tables(values: NDArray[np.intp], deep: int) -> Cells:
    """The total, and the cells of all tables over up to ``deep`` attributes."""
    rows = [np.ones(values.shape[1], dtype=bool)]
    for size in range(1, deep + 1):
        for chosen in itertools.combinations(range(len(values)), size):
            for levels in itertools.product(*(np.unique(values[one]) for one in chosen)):
                row = np.all([values[one] == level for one, level in zip(chosen, levels, strict=True)], axis=0)
                rows.append(row)
    return np.array([row for row in rows if row.any()])


def test_a_total_minus_its_parts_is_found() -> None:
    members = np.array([[1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 0]], dtype=bool)
    assert audit(members) == Audit(5, (Determined((6,)),), 2, 2)
    assert audit(members[:1]).safe


def test_a_small_cell_is_found_as_itself() -> None:
    members = np.zeros((1, 12), dtype=bool)
    members[0, [2, 5, 7]] = True
    assert [one.people for one in audit(members).determined] == [(2, 5, 7)]
    assert audit(members, smallest=3).safe


def test_four_different_people_are_found_together() -> None:
    """Each is told apart by other cells, and only their sum follows."""
    people = 40
    draw = np.random.default_rng(3)
    four = [3, 11, 20, 31]
    many = draw.random((10, people)) < 0.5
    everyone = np.ones((1, people), dtype=bool)
    others = everyone.copy()
    others[0, four] = False
    found = audit(np.concatenate([everyone, others, many]))
    assert (3, 11, 20, 31) in {one.people for one in found.determined}


@pytest.mark.parametrize("seed", range(5))
def test_what_is_let_through_is_safe_with_everything_before_it(seed: int) -> None:
    members = tables(attributes(138, seed), deep=2)
    first = releasable(members)
    assert audit(members[list(first)]).safe
    assert len(first) >= 0.5 * len(members)
    refused = [cell for cell in range(len(members)) if cell not in first]
    assert all(not audit(members[[*first, cell]]).safe for cell in refused)


def test_what_is_public_already_counts() -> None:
    members = np.array([[1] * 7, [1] * 6 + [0]], dtype=bool)
    assert releasable(members) == (0,)
    assert releasable(members, released=[1]) == ()


def test_a_large_release_is_audited_completely() -> None:
    values = attributes(70_000, 9, levels=(2, 3, 4, 5, 6, 7))
    members = tables(values, deep=2)
    singled = np.ones((2, values.shape[1]), dtype=bool)
    singled[1, 69_999] = False
    found = audit(np.concatenate([members, singled]))
    assert [one.people for one in found.determined] == [(69_999,)]


def test_every_kind_may_be_its_own_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("confrere.science.disclosure._BLOCK", 2)
    members = np.array([[1, 1, 1, 1, 1, 1], [1, 1, 0, 0, 0, 0], [1, 0, 1, 0, 1, 0]], dtype=bool)
    assert {one.people for one in audit(members).determined} == by_hand(members, 5)


def test_edges_and_refusals() -> None:
    assert audit(np.zeros((0, 5), dtype=bool)) == Audit(5, (), 0, 0)
    assert audit(np.zeros((2, 5), dtype=bool)) == Audit(5, (), 1, 0)
    for members, smallest in (
        (np.zeros(3, dtype=bool), 5),
        (np.ones((1, 3), dtype=bool), 6),
        (np.ones((1, 3), dtype=bool), 1),
    ):
        with pytest.raises(DisclosureError, match="Cells by people are needed"):
            audit(members, smallest=smallest)
