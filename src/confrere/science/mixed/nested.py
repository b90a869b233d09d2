"""Participants of one arm share coaches: a random coach effect in that arm beside everybody's random intercept.

Where one arm is coached in person, its participants are not independent: those of one coach are alike. Leaving
that out makes the arm's standard errors too small. The other arm has no coaches, so the effect must act on one
arm alone (a partially nested design); giving controls a coach each, or one coach for all, would be another model.

    V = coach * l l' + id * J + residual * I

per coach, with ``l`` (0 or 1) the rows on which a coach acts and J joining the rows of one participant;
participants without a coach have the last two parts only. V is linear in the three variances. The work grows with
the cube of the observations of one coach. Derivation and references: ``docs/methods/nested-coaches.md``.
"""

from dataclasses import dataclass
from functools import partial
from math import log, pi

import numpy as np
from numpy.typing import NDArray

from confrere.science.mixed.ascent import uphill
from confrere.science.mixed.design import Design, Matrix, ModelError, Vector
from confrere.science.mixed.fit import Estimation, Fit, weighted_sum
from confrere.science.mixed.profile import fit_strata
from confrere.science.mixed.strata import independent, random_intercept, without_least_squares

Codes = NDArray[np.intp]
Tensor = NDArray[np.float64]

_MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class Coaches:
    """Who is whose coach, row by row."""

    coach: Codes
    """(n,) whole numbers from 0; -1 for a participant without a coach. One coach per participant."""
    acts: Vector
    """(n,) 1 where the coach's effect acts, else 0 (before the baseline, say)."""


@dataclass(frozen=True, slots=True)
class _Block:
    """The observations of one coach, or of all uncoached participants seen equally often."""

    table: Tensor
    """(c, m, k + 1) rows [x, y] of c units with one V; c is 1 for a coach."""
    same: Matrix
    """(m, m) 1 where two rows are one participant's."""
    parts: Tensor
    """(r, m, m) derivatives of V by the parameters."""


@dataclass(frozen=True, slots=True)
class _Problem:
    """Everything but the variances."""

    blocks: list[_Block]
    design: Design
    offset: Vector
    estimation: Estimation


def fit_nested(
    design: Design, outcome: Vector, person: Codes, coaches: Coaches, estimation: Estimation = "reml"
) -> Fit:
    """The maximum of the likelihood over the variances (coach, id, residual), zeros included.

    ``outcome`` and ``person`` (whole numbers from 0 that all occur) are (n,), in any order. Where everybody has one
    row there is no ``id``. Raises `ModelError` where fewer than two coaches have participants, where every coach
    has only one, and where nothing is left of the outcome's variation.
    """
    _check(person, coaches)
    repeated = person.size > int(person.max()) + 1
    strata = random_intercept(design, outcome, person) if repeated else independent(design, outcome)
    plain = fit_strata(strata, design, estimation)
    offset, table = without_least_squares(design, outcome)
    problem = _Problem(_blocks(table, person, coaches, repeated=repeated), design, offset, estimation)
    share = 0.05 * float(plain.theta.sum())
    theta = np.array([share, *plain.theta])
    here = _evaluate(problem, theta)
    for _ in range(_MOST_STEPS):
        step = _direction(here)
        if float(step @ here.score) <= 1e-14 * (1 + abs(here.loglik)):
            return here
        shrinking = step < 0
        longest = float(np.min(here.theta[shrinking] / -step[shrinking], initial=1.0))
        here = uphill(here, step, partial(_moved, problem, here), longest=longest)
    raise ModelError("The search for the variances of coaches and participants does not end.")


def _check(person: Codes, coaches: Coaches) -> None:
    inside = coaches.coach >= 0
    pairs = np.unique(np.column_stack([coaches.coach[inside], person[inside]]), axis=0)
    sizes = np.bincount(pairs[:, 0])
    if np.count_nonzero(sizes) < 2:
        raise ModelError("A variance between coaches needs two coaches at least.")
    if sizes.max() == 1:
        raise ModelError("Every coach has one participant only, so coaches and participants cannot be told apart.")


def _blocks(table: Matrix, person: Codes, coaches: Coaches, *, repeated: bool) -> list[_Block]:
    blocks = []
    use = [0, 1, 2] if repeated else [0, 2]
    for which in np.unique(coaches.coach[coaches.coach >= 0]):
        rows = np.flatnonzero(coaches.coach == which)
        acts = coaches.acts[rows]
        same = (person[rows, None] == person[rows]).astype(np.float64)
        parts = np.stack([np.outer(acts, acts), same, np.eye(rows.size)])
        blocks.append(_Block(table[rows][None], same, parts[use]))
    alone = np.flatnonzero(coaches.coach < 0)
    alone = alone[np.argsort(person[alone], kind="stable")]
    sizes = np.bincount(person[alone], minlength=1)
    for m in np.unique(sizes[sizes > 0]):
        rows = alone[sizes[person[alone]] == m]
        parts = np.stack([np.zeros((m, m)), np.ones((m, m)), np.eye(m)])
        blocks.append(_Block(table[rows].reshape(-1, m, table.shape[1]), parts[1], parts[use]))
    return blocks


def _direction(here: Fit) -> Vector:
    """Newton's step over the variances that are not held at zero, uphill also where the surface is not concave."""
    inside = (here.theta > 0) | (here.score > 0)
    curved, axes = np.linalg.eigh(here.observed[np.ix_(inside, inside)])
    curved = np.maximum(np.abs(curved), 1e-12 * np.abs(curved).max())
    step = np.zeros(here.theta.size)
    step[inside] = axes @ ((axes.T @ here.score[inside]) / curved)
    return step


def _moved(problem: _Problem, here: Fit, step: Vector) -> Fit | None:
    """The model a step further; what comes within rounding of zero is zero. None without a residual variance."""
    theta = here.theta + step
    theta[theta <= 1e-12 * theta.sum()] = 0.0
    return _evaluate(problem, theta) if theta[-1] > 0 else None


def _evaluate(problem: _Problem, theta: Vector) -> Fit:
    """The model at ``theta`` (r,) with exact derivatives."""
    design, estimation = problem.design, problem.estimation
    k, r = design.kept.size, theta.size
    whole, once, twice = np.zeros((k + 1, k + 1)), np.zeros((r, k + 1, k + 1)), np.zeros((r, r, k + 1, k + 1))
    trace, spread, within, size, units, logdet = np.zeros(r), np.zeros((r, r)), np.zeros((k, k)), 0, 0, 0.0
    for one in problem.blocks:
        v = np.tensordot(theta, one.parts, axes=1)
        inverse = np.linalg.inv(v)
        count, m = one.table.shape[:2]
        turned = inverse @ one.table
        pushed = one.parts[:, None] @ turned
        moved = inverse @ one.parts
        whole += np.einsum("cma,cmb->ab", one.table, turned)
        once += np.einsum("cma,icmb->iab", turned, pushed)
        twice += np.einsum("icma,jcmb->ijab", pushed, inverse @ pushed, optimize=True)
        trace += count * np.einsum("imm->i", moved)
        spread += count * np.einsum("imn,jnm->ij", moved, moved)
        logdet += count * float(np.linalg.slogdet(v)[1])
        size += count * m
        # of each participant, the deviations from their own mean: J J' / m takes the mean
        people = one.same / one.same.sum(axis=1, keepdims=True)
        rows = one.table[:, :, :k]
        within += np.einsum("cma,cmb->ab", rows, rows - people @ rows)
        units += count * round(float(np.trace(people)))
    phi = np.linalg.inv(whole[:k, :k])
    phi = (phi + phi.T) / 2
    gamma = phi @ whole[:k, k]
    tail = np.append(-gamma, 1.0)
    slopes, curvature, lean = -once[:, :k, :k], twice[:, :, :k, :k], once[:, :k] @ tail
    restricted = estimation == "reml"
    turned_slopes = phi @ slopes
    correction = 2 * np.einsum("ab,ijba->ij", phi, curvature) - np.einsum("iab,jba->ij", turned_slopes, turned_slopes)
    score = -0.5 * (trace + restricted * np.einsum("iaa->i", turned_slopes) - once @ tail @ tail)
    expected = 0.5 * (spread - restricted * correction)
    observed = -expected + twice @ tail @ tail - lean @ phi @ lean.T
    determinant = float(np.linalg.slogdet(whole[:k, :k])[1]) - 2 * float(np.linalg.slogdet(design.basis)[1])
    deviance = (size - restricted * k) * log(2 * pi) + logdet + float(tail @ whole @ tail) + restricted * determinant
    return Fit(
        design=design,
        estimation=estimation,
        parameters=("coach", "id", "residual") if r == 3 else ("coach", "residual"),
        theta=theta,
        free=theta > 0,
        coefficients=gamma + problem.offset,
        phi=phi,
        slopes=slopes,
        curvature=partial(weighted_sum, curvature),
        observed=(observed + observed.T) / 2,
        expected=(expected + expected.T) / 2,
        score=score,
        loglik=-0.5 * deviance,
        n_obs=size,
        n_clusters=units,
        within=within,
        structure="nested",
    )
