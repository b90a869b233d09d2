"""Which cells of leadership tables can be released together without telling about anyone.

A released mean with its count is a linear equation in the answers. A person, or a group of fewer than
``smallest`` people, is *determined* when its sum follows from the released equations: when its indicator lies
in the row space of the cells. The search is numerical and complete up to its tolerance; every hit is confirmed
by exact arithmetic modulo a prime.

Proved are equalities only. That answers are bounded, whole or positive can tell more (a mean at the end of
its scale tells everything); cells like that need other rules.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]

PRIME = 2**31 - 1
"""Products of two residues fit in 62 bits, and 4 million products with 0 or 1 in a double."""
LARGEST = 5
"""The largest ``smallest``: sets of up to four kinds of people are searched."""
_TOLERANCE = 1e-7
"""Far above rounding (about 1e-12) and far below a random sum; hits are confirmed exactly."""
_LEVERAGE_ROOM = 0.01
"""Leverages are computed in single precision; a little more is searched instead of missing a set."""
_BLOCK = 65_536


class DisclosureError(ValueError):
    """Cells that cannot be audited, in one plain sentence."""


@dataclass(frozen=True, slots=True)
class Determined:
    """A group whose sum can be solved for: the positions of its people, in ascending order."""

    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """What the cells determine: the minimal groups under ``smallest``, none of which contains another.

    ``kinds`` counts the people that the cells tell apart, ``rank`` the independent equations.
    """

    smallest: int
    determined: tuple[Determined, ...]
    kinds: int
    rank: int

    @property
    def safe(self) -> bool:
        """Whether nobody and no small group is determined."""
        return not self.determined


def audit(members: NDArray[np.bool_], *, smallest: int = 5, seed: int = 1) -> Audit:
    """Find every determined group of fewer than ``smallest`` people.

    ``members`` has shape (cells, people): who is in which cell; empty cells are allowed. ``seed`` only starts
    the random vectors of the search. Raises :class:`DisclosureError` for another shape or limit.
    """
    if members.ndim != 2 or not 2 <= smallest <= LARGEST:
        raise DisclosureError(f"Cells by people are needed, and a smallest group from 2 to {LARGEST}.")
    if members.size == 0 or not members.any():
        return Audit(smallest, (), int(members.size > 0), 0)
    kinds, kind_of, sizes = _kinds(members)
    probes, leverage, rank = _null_probes(kinds, np.random.default_rng(seed))
    # Within a determined set of k kinds each has leverage 1/k or more (Cauchy-Schwarz).
    near = (leverage >= 1 / (smallest - 1) - _LEVERAGE_ROOM) & (sizes < smallest)
    hits = list(_small_sets(probes, np.flatnonzero(near), sizes, smallest))
    confirmed = [one for one, true in zip(hits, _confirm(kinds, hits, seed), strict=True) if true]
    groups = [tuple(np.flatnonzero(np.isin(kind_of, one)).tolist()) for one in confirmed]
    return Audit(smallest, tuple(Determined(group) for group in sorted(groups)), kinds.shape[1], rank)


def releasable(members: NDArray[np.bool_], *, smallest: int = 5, released: Sequence[int] = ()) -> tuple[int, ...]:
    """The cells to publish, from first to last: each one that keeps everything safe with those before it.

    ``released`` are positions of cells that are public already. Put the cells that matter most first.
    """
    chosen = list(released)
    for cell in range(members.shape[0]):
        if cell not in chosen and audit(members[[*chosen, cell]], smallest=smallest).safe:
            chosen.append(cell)
    return tuple(cell for cell in chosen if cell not in released)


def _kinds(members: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.intp], NDArray[np.intp]]:
    """Different columns, which one each person has, and how many have it."""
    packed = np.ascontiguousarray(np.packbits(members, axis=0).T)
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first, kind_of, sizes = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    return members[:, first], kind_of, sizes


def _blocks(kinds: NDArray[np.bool_]) -> Iterator[tuple[slice, Floats]]:
    for start in range(0, kinds.shape[1], _BLOCK):
        part = slice(start, start + _BLOCK)
        yield part, kinds[:, part].astype(float)


def _null_probes(kinds: NDArray[np.bool_], draw: np.random.Generator) -> tuple[Floats, Floats, int]:
    """Two random vectors of the null space, shape (2, kinds); the leverage of each kind; the rank."""
    gram = np.zeros((kinds.shape[0], kinds.shape[0]))
    # One block is held, several are made anew in each pass: memory stays bounded by the block.
    held = list(_blocks(kinds)) if kinds.shape[1] <= _BLOCK else []
    for _, block in held or _blocks(kinds):
        light = block.astype(np.float32)  # counts up to 2^24 are exact in single precision
        gram += light @ light.T
    values, vectors = np.linalg.eigh(gram)
    kept = values > values[-1] * max(gram.shape[0], 10) * 1e-13
    root = vectors[:, kept] / np.sqrt(values[kept])
    probes = draw.standard_normal((2, kinds.shape[1]))
    for _ in range(2):  # the second pass removes the rounding of the first
        seen = sum((block @ probes[:, part].T for part, block in held or _blocks(kinds)), np.zeros((len(gram), 2)))
        inside = root @ (root.T @ seen)
        for part, block in held or _blocks(kinds):
            probes[:, part] -= inside.T @ block
    light = root.astype(np.float32).T
    leverage = [((light @ block.astype(np.float32)) ** 2).sum(axis=0) for _, block in held or _blocks(kinds)]
    return probes, np.concatenate(leverage).astype(float), int(kept.sum())


def _small_sets(
    probes: Floats, near: NDArray[np.intp], sizes: NDArray[np.intp], smallest: int
) -> Iterator[tuple[int, ...]]:
    """Minimal sets of kinds with fewer than ``smallest`` people whose probes add up to zero."""
    found: set[frozenset[int]] = set()
    for count in range(1, smallest):
        for hit in _zero_sums(probes, near, count):
            one = frozenset(hit)
            new = len(one) == count and one not in found and sizes[list(one)].sum() < smallest
            if new and not any(frozenset(part) in found for part in _parts(one)):
                found.add(one)
                yield tuple(sorted(one))
        alone = {next(iter(one)) for one in found if len(one) == 1}
        near = np.array([kind for kind in near if kind not in alone], dtype=np.intp)


def _parts(one: frozenset[int]) -> Iterator[tuple[int, ...]]:
    return itertools.chain.from_iterable(itertools.combinations(one, size) for size in range(1, len(one)))


def _zero_sums(probes: Floats, near: NDArray[np.intp], count: int) -> Iterator[tuple[int, ...]]:
    """Sets of ``count`` kinds whose probes add up to zero: sums of half of them meet those of the rest."""
    left, right = _sums(probes, near, (count + 1) // 2), _sums(probes, near, count // 2)
    order = np.argsort(right.sums[0])
    sorted_right = right.sums[0][order]
    low = np.searchsorted(sorted_right, -left.sums[0] - _TOLERANCE)
    high = np.searchsorted(sorted_right, -left.sums[0] + _TOLERANCE)
    for mine in np.flatnonzero(high > low):
        for other in order[low[mine] : high[mine]]:
            if abs(left.sums[1][mine] + right.sums[1][other]) < _TOLERANCE:
                yield (*left.sets[mine].tolist(), *right.sets[other].tolist())


@dataclass(frozen=True, slots=True)
class _Sums:
    sets: NDArray[np.intp]
    sums: Floats


def _sums(probes: Floats, near: NDArray[np.intp], count: int) -> _Sums:
    """The sums of the probes over every set of 0, 1 or 2 kinds."""
    if count == 0:
        return _Sums(np.zeros((1, 0), dtype=np.intp), np.zeros((2, 1)))
    if count == 1:
        return _Sums(near[:, None], probes[:, near])
    first, second = np.triu_indices(near.size, k=1)
    sets = np.stack([near[first], near[second]], axis=1)
    return _Sums(sets, probes[:, sets[:, 0]] + probes[:, sets[:, 1]])


def _confirm(kinds: NDArray[np.bool_], hits: Sequence[tuple[int, ...]], seed: int) -> list[bool]:
    """Whether each hit's indicator lies in the row space, modulo a prime.

    The equations ``A' y = indicator`` are mixed at random into about as many as there are cells, solved there,
    and the solution is tried on every kind.
    """
    if not hits:
        return []
    cells = kinds.shape[0]
    draw = np.random.default_rng([seed, 2])
    mixed = np.zeros((cells, cells + 16))
    goals = np.zeros((cells + 16, len(hits)))
    where = {kind: [number for number, hit in enumerate(hits) if kind in hit] for kind in set().union(*hits)}
    for part, block in _blocks(kinds):
        weights = draw.integers(0, PRIME, size=(block.shape[1], cells + 16)).astype(float)
        mixed = (mixed + block @ weights) % PRIME
        for kind, numbers in where.items():
            if part.start <= kind < part.stop:
                goals[:, numbers] = (goals[:, numbers] + weights[kind - part.start, :, None]) % PRIME
    solution = _solve(mixed.T.astype(np.int64), goals.astype(np.int64)).astype(float)
    wrong = np.zeros(len(hits), dtype=bool)
    for part, block in _blocks(kinds):
        reached = (block.T @ solution) % PRIME
        for number, hit in enumerate(hits):
            reached[[kind - part.start for kind in hit if part.start <= kind < part.stop], number] -= 1
        wrong |= reached.any(axis=0)
    return (~wrong).tolist()


def _solve(matrix: NDArray[np.int64], goals: NDArray[np.int64]) -> NDArray[np.int64]:
    """A solution modulo the prime of ``matrix x = goals`` for each column; free unknowns are zero.

    Where there is none, some equation stays unmet, which the caller sees.
    """
    table = np.concatenate([matrix, goals], axis=1)
    unknowns = matrix.shape[1]
    pivots: list[int] = []
    for column in range(unknowns):
        top = len(pivots)
        below = np.flatnonzero(table[top:, column])
        if not below.size:
            continue
        table[[top, top + below[0]]] = table[[top + below[0], top]]
        table[top] = table[top] * pow(int(table[top, column]), -1, PRIME) % PRIME
        factors = table[:, column].copy()
        factors[top] = 0
        rows = np.flatnonzero(factors)
        table[rows, column:] = (table[rows, column:] - factors[rows, None] * table[top, column:]) % PRIME
        pivots.append(column)
    solution = np.zeros((unknowns, goals.shape[1]), dtype=np.int64)
    solution[pivots] = table[: len(pivots), unknowns:]
    return solution
