"""Simulated trials taken apart again, so that each can be fitted alone."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from confrere.science.mixed import Fit, fit_strata, independent, make_design, random_intercept
from confrere.science.mixed.covariance import STRUCTURES
from confrere.science.mixed.general import fit_general
from confrere.science.mixed.patterns import make_patterns
from confrere.science.power import Analysis, Design, Truth
from confrere.science.power.design import Cells
from confrere.science.power.moments import People


@dataclass(frozen=True)
class Rows:
    """One trial as rows of observations."""

    matrix: NDArray[np.float64]
    outcome: NDArray[np.float64]
    person: NDArray[np.intp]
    wave: NDArray[np.intp]


def rows_of(cells: Cells, people: People, trial: int) -> Rows:
    """The observations of one trial, as `confrere analyze` would read them from a file."""
    matrix, outcome, person, wave = [], [], [], []
    who = 0
    for cell, counts in enumerate(people.counts[:, :, trial]):
        for last in range(counts.size - 1, -1, -1):
            for _ in range(counts[last]):
                for w in range(last + 1):
                    matrix.append(cells.rows[cell, w])
                    outcome.append(people.values[trial, who, w])
                    person.append(who)
                    wave.append(w)
                who += 1
    return Rows(np.array(matrix), np.array(outcome), np.array(person), np.array(wave))


def fit_one(cells: Cells, people: People, trial: int, analysis: Analysis) -> Fit:
    """The single fit of one trial."""
    one = rows_of(cells, people, trial)
    if analysis.baseline_as == "covariate":
        return _covariate(cells, one, analysis)
    design = make_design(one.matrix, cells.names, cells.terms)
    if analysis.covariance == "random-intercept":
        return fit_strata(random_intercept(design, one.outcome, one.person), design, analysis.estimation)
    patterns = make_patterns(design, one.outcome, one.person, one.wave)
    with np.errstate(invalid="ignore"):  # a step may try a variance below zero and is then shortened
        return fit_general(patterns, design, STRUCTURES[analysis.covariance], analysis.estimation)


def _covariate(cells: Cells, one: Rows, analysis: Analysis) -> Fit:
    kept = [j for j, term in enumerate(cells.terms) if term not in {"time", "arm:time"}]
    baseline = dict(zip(one.person[one.wave == 0].tolist(), one.outcome[one.wave == 0].tolist(), strict=True))
    later = one.wave == 1
    start = np.array([baseline[who] for who in one.person[later].tolist()])
    names = (*(cells.names[j] for j in kept), "baseline")
    terms = (*(cells.terms[j] for j in kept), "baseline")
    design = make_design(np.column_stack([one.matrix[later][:, kept], start]), names, terms)
    return fit_strata(independent(design, one.outcome[later]), design, analysis.estimation)


@pytest.fixture
def alone() -> Callable[[Cells, People, int, Analysis], Fit]:
    """The single fit of one of many simulated trials."""
    return fit_one


@pytest.fixture
def truth() -> Callable[..., Truth]:
    """Arms without a difference but ``effect``, correlation ``icc`` falling with distance where ``decay``."""

    def make(design: Design, *, icc: float = 0.5, effect: float = 0.0, decay: bool = False) -> Truth:
        distance = np.abs(np.subtract.outer(np.arange(design.waves), np.arange(design.waves)))
        sigma = icc**distance if decay else np.where(distance == 0, 1.0, icc)
        later = design.waves - 1
        means = [(3.0,) * design.waves] + [(3.0, *(3.0 + effect,) * later)] * (len(design.arms) - 1)
        return Truth(tuple(means), tuple(tuple(row) for row in sigma.tolist()))

    return make
