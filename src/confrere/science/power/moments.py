"""Simulated outcomes of many trials, reduced to what the fits need: counts, sums and squares per cell.

Trials are the last axis of every array, so that a sum over cells or waves is one pass over contiguous memory.
Everybody completes the baseline and, once gone, stays away, so a visit pattern is the number of waves seen.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from confrere.science.mixed.design import Matrix
from confrere.science.power.design import Cells, Design, Truth

Tensor = NDArray[np.float64]
Counts = NDArray[np.int64]

_TRIALS = 128  # drawn and summed up at once, so that the numbers stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Moments:
    """T trials of C cells and W waves; pattern p has been seen at waves 0 … p. Values are less their true means."""

    counts: Tensor
    """(C, W, T) people of a cell by pattern."""
    sums: Tensor
    """(C, W, W, T) sums of their values: cell, pattern, wave; zero where not seen."""
    squares: Tensor
    """(W, W, W, T) sums of products of their values over all cells: pattern, wave, wave."""

    @property
    def people(self) -> Tensor:
        """(W, T) people by pattern."""
        total: Tensor = self.counts.sum(axis=0)
        return total

    def of(self, trials: NDArray[np.intp]) -> "Moments":
        """Some of the trials."""
        return Moments(self.counts[..., trials], self.sums[..., trials], self.squares[..., trials])


@dataclass(frozen=True, slots=True)
class People:
    """T trials, person by person, for models that are fitted one trial at a time."""

    values: Tensor
    """(T, N, W) values less their true means; cells lie one behind the other, those who stay longest first."""
    counts: Counts
    """(C, W, T) as in `Moments`."""
    coach: NDArray[np.intp]
    """(N,) coach of each person, numbered over all arms; -1 without."""


def staying(design: Design, cells: Cells, trials: int, rng: Generator) -> Counts:
    """(C, W, T) how many of each cell are seen at waves 0 … p and no more; dropout at random within cells."""
    kept = np.array([[1.0, *(1 - np.array(one))] for one in design.dropout])[cells.arm]
    here = np.broadcast_to(cells.sizes[:, None], (cells.sizes.size, trials)).astype(np.int64)
    counts = np.zeros((cells.sizes.size, design.waves, trials), dtype=np.int64)
    for wave in range(1, design.waves):
        stay = here
        if np.any(kept[:, wave] < kept[:, wave - 1]):
            stay = rng.binomial(here, (kept[:, wave] / kept[:, wave - 1])[:, None])
        counts[:, wave - 1], here = here - stay, stay
    counts[:, -1] = here
    return counts


def draw_people(design: Design, truth: Truth, cells: Cells, trials: int, rng: Generator) -> People:
    """Every person's values, seen or not; every coach has as many people as any other, give or take one."""
    counts = staying(design, cells, trials, rng)
    arm = np.repeat(cells.arm, cells.sizes)
    values = rng.standard_normal((trials, arm.size, design.waves)) @ truth.factor.T
    coach = np.full((trials, arm.size), -1, dtype=np.intp)
    for a in range(1, len(design.arms) if design.coaches else 0):
        own = np.flatnonzero(arm == a)
        turn = np.broadcast_to(np.arange(own.size) % design.coaches, (trials, own.size))
        coach[:, own] = (a - 1) * design.coaches + rng.permuted(turn, axis=1)
    if design.coaches:
        adds = truth.coach_sd * rng.standard_normal((trials, int(coach.max()) + 2))
        adds[:, -1] = 0.0  # nobody's coach, which -1 points at
        values[:, :, 1:] += np.take_along_axis(adds, coach % adds.shape[1], axis=1)[:, :, None]
    return People(values, counts, coach)


def moments_of(people: People, cells: Cells) -> Moments:
    """The moments of trials that were drawn person by person."""
    return _reduce(people.counts, cells, lambda first, last: people.values[first:last])


def with_means(moments: Moments, means: Matrix) -> Moments:
    """The moments of the values with these means (C, W) added, which were drawn without them."""
    waves = means.shape[1]
    seen = np.arange(waves) <= np.arange(waves)[:, None]  # pattern p has waves 0 … p
    added = means[:, None] * seen  # (C, W, W): cell, pattern, wave
    crossed = np.einsum("cpw,cpvt->pwvt", added, moments.sums)
    own = np.einsum("cpw,cpv,cpt->pwvt", added, added, moments.counts)
    return Moments(
        moments.counts,
        moments.sums + added[..., None] * moments.counts[:, :, None],
        moments.squares + crossed + crossed.swapaxes(1, 2) + own,
    )


def draw_in_full(design: Design, truth: Truth, cells: Cells, trials: int, rng: Generator) -> Moments:
    """Moments of trials whose every value is drawn, a few trials at a time.

    Standard normal values are summed up and only the sums are turned into the outcome's scale: a sum of
    transformed values is the transformed sum.
    """
    counts = staying(design, cells, trials, rng)
    people = int(cells.sizes.sum())
    buffer = np.empty((min(_TRIALS, trials), people, design.waves))

    def values(first: int, last: int) -> Tensor:
        return rng.standard_normal(out=buffer[: last - first])

    return _scaled(_reduce(counts, cells, values), truth.factor)


def draw_moments(design: Design, truth: Truth, cells: Cells, trials: int, rng: Generator) -> Moments:
    """Moments drawn directly: means are normal, squares about them Wishart (Bartlett's decomposition).

    The same distribution as `draw_in_full` for a normal outcome, with a few numbers a trial instead of one per value.
    """
    counts = staying(design, cells, trials, rng).astype(np.float64)
    waves = design.waves
    sums = np.zeros((cells.sizes.size, waves, waves, trials))
    squares = np.zeros((waves, waves, waves, trials))
    for p in range(waves):
        sums[:, p, : p + 1] = rng.standard_normal((cells.sizes.size, p + 1, trials)) * np.sqrt(counts[:, None, p])
        means = sums[:, p, : p + 1] / np.maximum(counts[:, None, p], 1.0)
        squares[p, : p + 1, : p + 1] = _wishart(np.maximum(counts[:, p] - 1, 0).sum(axis=0), p + 1, rng)
        squares[p, : p + 1, : p + 1] += np.einsum("cwt,cvt->wvt", sums[:, p, : p + 1], means)
    return _scaled(Moments(counts, sums, squares), truth.factor)


def _wishart(df: NDArray[np.float64], size: int, rng: Generator) -> Tensor:
    """(m, m, T) squares of ``df`` (T,) standard normal vectors; singular where df is below m."""
    root = np.zeros((size, size, df.size))  # upper triangular R, the squares are R'R
    for i in range(size):
        root[i, i] = np.sqrt(2 * rng.standard_gamma(np.maximum(df - i, 0.0) / 2))
        root[i, i + 1 :] = rng.standard_normal((size - i - 1, df.size)) * (df > i)
    found: Tensor = np.einsum("iat,ibt->abt", root, root)
    return found


def _scaled(standard: Moments, factor: Matrix) -> Moments:
    """Moments of ``factor @ z`` from those of z; a lower triangular factor keeps the unseen waves unseen."""
    waves = factor.shape[0]
    sums = factor @ standard.sums
    flat = standard.squares.reshape(waves, waves * waves, -1)
    squares = (np.kron(factor, factor) @ flat).reshape(standard.squares.shape)
    seen = np.arange(waves) <= np.arange(waves)[:, None]
    sums *= seen[None, :, :, None]
    squares *= (seen[:, :, None] & seen[:, None, :])[..., None]
    return Moments(standard.counts, sums, squares)


def _reduce(counts: Counts, cells: Cells, values: Callable[[int, int], Tensor]) -> Moments:
    """Sums over runs of people who lie one behind the other, by cell and pattern, longest stay first."""
    n_cells, waves, trials = counts.shape
    runs = np.ascontiguousarray(counts[:, ::-1].reshape(n_cells * waves, trials).T)
    pairs = [(w, v) for w in range(waves) for v in range(w + 1)]
    sums = np.empty((waves + len(pairs), trials, n_cells * waves))
    people = int(cells.sizes.sum())
    table = np.zeros((waves + len(pairs), _TRIALS * people + 1))  # the last zero is where a last, empty run begins
    for first in range(0, trials, _TRIALS):
        last = min(first + _TRIALS, trials)
        size = (last - first) * people
        table[:waves, :size] = values(first, last).reshape(-1, waves).T
        for j, (w, v) in enumerate(pairs):
            np.multiply(table[w, :size], table[v, :size], out=table[waves + j, :size])
        table[:, size] = 0.0
        lengths = runs[first:last].ravel()
        starts = np.cumsum(lengths) - lengths
        found = np.add.reduceat(table[:, : size + 1], starts, axis=1)
        found[:, lengths == 0] = 0.0
        sums[:, first:last] = found.reshape(-1, last - first, n_cells * waves)
    return _last_axis(counts, sums, pairs)


def _last_axis(counts: Counts, sums: Tensor, pairs: list[tuple[int, int]]) -> Moments:
    """Trials from the middle to the last axis; what lies beyond a pattern's waves becomes zero."""
    n_cells, waves, trials = counts.shape
    turned = sums.transpose(0, 2, 1).reshape(-1, n_cells, waves, trials)[:, :, ::-1]
    whole = turned[waves:].sum(axis=1)
    full = np.zeros((waves, waves, waves, trials))
    kept = np.zeros((n_cells, waves, waves, trials))
    for p in range(waves):
        kept[:, p, : p + 1] = turned[: p + 1, :, p].swapaxes(0, 1)
        for j, (w, v) in enumerate(pairs):
            if w <= p:
                full[p, w, v] = full[p, v, w] = whole[j, p]
    return Moments(counts.astype(np.float64), kept, full)
