"""Fitting a general covariance by REML or ML: Newton's method with exact derivatives.

Formulas: ``docs/methods/covariance-structures.md``. Every form ``X' inv(V) V_i inv(V) … X`` is, per visit
pattern, one small matrix contracted with the pattern's cross-products.
"""

from functools import partial
from math import log, pi

import numpy as np
from numpy.typing import NDArray

from confrere.science.mixed.ascent import uphill
from confrere.science.mixed.covariance import Structure
from confrere.science.mixed.design import Design, Matrix, ModelError, Vector
from confrere.science.mixed.fit import Estimation, Fit
from confrere.science.mixed.patterns import Pattern, Patterns

_MOST_STEPS = 100
_FLAT = 1e-12  # curvature in a direction, against that in the steepest

Tensor = NDArray[np.float64]


def fit_general(patterns: Patterns, design: Design, structure: Structure, estimation: Estimation = "reml") -> Fit:
    """The maximum of the likelihood over the structure's parameters.

    Raises `ModelError` where the data do not determine them (two waves at which nobody was seen twice, an
    outcome that never varies at a wave) or the search leaves the positive definite matrices.
    """
    _everything_seen(patterns, structure)
    theta = structure.start(patterns.variances, patterns.correlation)
    here = evaluate_general(patterns, design, structure, theta, estimation)
    if here is None:
        raise ModelError("The outcome does not vary at one of the waves, so its variance cannot be estimated.")
    for _ in range(_MOST_STEPS):
        step = _direction(here)
        if float(step @ here.score) <= 1e-20 * (1 + abs(here.loglik)):
            return _settled(here, structure)
        here = uphill(here, step, partial(_moved, patterns, structure, here))
    raise ModelError(f"The search for the {structure.name} covariance does not end; choose a simpler structure.")


def _moved(patterns: Patterns, structure: Structure, here: Fit, step: Vector) -> Fit | None:
    return evaluate_general(patterns, here.design, structure, here.theta + step, here.estimation)


def _everything_seen(patterns: Patterns, structure: Structure) -> None:
    if structure.name != "unstructured":
        return
    together = np.zeros((patterns.n_waves, patterns.n_waves))
    for one in patterns.groups:
        together[np.ix_(one.waves, one.waves)] += one.count
    if np.any(together == 0):
        raise ModelError("Nobody was seen at two of the waves, so an unstructured covariance cannot be estimated.")


def _direction(here: Fit) -> Vector:
    """Newton's step where the surface is concave, else the scoring step, which always points uphill.

    Each parameter is measured in its own expected precision: a variance in 10^-8 beside a correlation would
    otherwise look like a flat direction.
    """
    unit = _units(here)
    for information in (here.observed, here.expected):
        curved, axes = np.linalg.eigh(information * np.outer(unit, unit))
        if curved[0] > _FLAT * curved[-1]:
            break
    step: Vector = unit * (axes @ ((axes.T @ (unit * here.score)) / np.maximum(curved, _FLAT * curved[-1])))
    return step


def _units(here: Fit) -> Vector:
    """(r,) the standard error of each parameter, were the others known; one where nothing is known of it."""
    known = np.diagonal(here.expected)
    units: Vector = 1 / np.sqrt(np.where(known > 0, known, 1.0))
    return units


def _settled(here: Fit, structure: Structure) -> Fit:
    unit = _units(here)
    curved = np.linalg.eigvalsh(here.observed * np.outer(unit, unit))
    if curved[0] <= _FLAT * curved[-1]:
        raise ModelError(f"The data do not determine the {structure.name} covariance; choose a simpler structure.")
    return here


def evaluate_general(
    patterns: Patterns, design: Design, structure: Structure, theta: Vector, estimation: Estimation
) -> Fit | None:
    """The model at ``theta`` with exact derivatives; None where the matrix is not positive definite."""
    with np.errstate(all="ignore"):  # a step may leave the variances that exist; it is then halved
        sigma, first, second = structure.evaluate(theta, patterns.n_waves)
    if not np.all(np.isfinite(sigma)) or np.linalg.eigvalsh(sigma)[0] <= 1e-10 * np.trace(sigma) / sigma.shape[0]:
        return None
    sums = _Sums(theta.size, design.kept.size + 1)
    for one in patterns.groups:
        sums.add(one, sigma, first, second)
    k = design.kept.size
    phi = np.linalg.inv(sums.whole[:k, :k])
    phi = (phi + phi.T) / 2
    gamma = phi @ sums.whole[:k, k]
    tail = np.append(-gamma, 1.0)  # [X, y] @ tail are the residuals
    slopes, curvature, bends = -sums.once[:, :k, :k], sums.twice[:, :, :k, :k], sums.bent[:, :, :k, :k]
    lean = sums.once[:, :k] @ tail
    reml = estimation == "reml"
    turned = phi @ slopes
    score = -0.5 * (sums.trace + reml * np.einsum("iaa->i", turned) - sums.once @ tail @ tail)
    correction = 2 * np.einsum("ab,ijba->ij", phi, curvature) - np.einsum("iab,jba->ij", turned, turned)
    expected = 0.5 * (sums.spread - reml * correction)
    observed = 0.5 * (sums.trace_bent - sums.spread) + 0.5 * reml * (correction - np.einsum("ab,ijba->ij", phi, bends))
    observed += sums.twice @ tail @ tail - 0.5 * (sums.bent @ tail @ tail) - lean @ phi @ lean.T
    logdet = float(np.linalg.slogdet(sums.whole[:k, :k])[1]) - 2 * float(np.linalg.slogdet(design.basis)[1])
    deviance = (patterns.n_obs - reml * k) * log(2 * pi) + sums.logdet + float(tail @ sums.whole @ tail)
    return Fit(
        design=design,
        estimation=estimation,
        parameters=structure.parameters(patterns.n_waves),
        theta=theta,
        free=np.ones(theta.size, dtype=np.bool_),
        coefficients=gamma + patterns.offset,
        phi=phi,
        slopes=slopes,
        curvature=curvature,
        bends=bends,
        observed=(observed + observed.T) / 2,
        expected=(expected + expected.T) / 2,
        score=score,
        loglik=-0.5 * (deviance + reml * logdet),
        n_obs=patterns.n_obs,
        n_clusters=patterns.n_clusters,
        within=patterns.within,
        structure=structure.name,
        covariance_of_waves=sigma,
    )


class _Sums:
    """Sums over patterns: traces of V's forms and their contractions with the cross-products."""

    def __init__(self, r: int, q: int) -> None:
        self.logdet = 0.0
        self.whole: Matrix = np.zeros((q, q))
        self.once: Tensor = np.zeros((r, q, q))
        self.twice: Tensor = np.zeros((r, r, q, q))
        self.bent: Tensor = np.zeros((r, r, q, q))
        self.trace: Vector = np.zeros(r)
        self.spread: Matrix = np.zeros((r, r))
        self.trace_bent: Matrix = np.zeros((r, r))

    def add(self, one: Pattern, sigma: Matrix, first: Tensor, second: Tensor) -> None:
        """Add the participants of one pattern."""
        rows = np.ix_(one.waves, one.waves)
        v = sigma[rows]
        inverse = np.linalg.inv(v)
        moved = inverse @ first[:, rows[0], rows[1]]
        doubled = np.einsum("iab,jbc->ijac", moved, moved)
        bent = inverse @ second[:, :, rows[0], rows[1]]
        self.logdet += one.count * float(np.linalg.slogdet(v)[1])
        self.trace += one.count * np.einsum("iaa->i", moved)
        self.spread += one.count * np.einsum("ijaa->ij", doubled)
        self.trace_bent += one.count * np.einsum("ijaa->ij", bent)
        self.whole += np.tensordot(inverse, one.cross, axes=2)
        self.once += np.tensordot(moved @ inverse, one.cross, axes=2)
        self.twice += np.tensordot(doubled @ inverse, one.cross, axes=2)
        self.bent += np.tensordot(bent @ inverse, one.cross, axes=2)
