"""Fitting a general covariance by REML or ML: Newton's method with exact derivatives.

Formulas: ``docs/methods/covariance-structures.md``. All patterns are computed at once, their matrices filled up with
zeros to W x W. Sums over people are taken before the parameters come in, so that twenty waves with their 210
covariances cost sums over W^4 cells instead of one pass over the data for each pair of parameters.
"""

from dataclasses import dataclass
from functools import partial
from math import log, pi

import numpy as np
from numpy.typing import NDArray

from confrere.science.mixed.ascent import uphill
from confrere.science.mixed.covariance import Structure
from confrere.science.mixed.design import Design, Matrix, ModelError, Vector
from confrere.science.mixed.fit import Estimation, Fit
from confrere.science.mixed.patterns import Patterns

_MOST_STEPS = 100
_FLAT = 1e-12  # curvature in a direction, against that in the steepest
_SINGULAR = 1e-6  # smallest eigenvalue of the correlations
_STANDS_STILL = 1e-11  # gain of a step in log-likelihood, against its size

Tensor = NDArray[np.float64]


def fit_general(patterns: Patterns, design: Design, structure: Structure, estimation: Estimation = "reml") -> Fit:
    """The maximum of the likelihood over the structure's parameters.

    Raises `ModelError` where the data do not determine them (two waves at which nobody was seen twice, an
    outcome that never varies at a wave, fewer people than waves and effects) or where the search does not end.
    """
    _everything_seen(patterns, structure)
    here = _start(patterns, design, structure, estimation)
    if not np.diagonal(here.expected).all():  # a band that no pair of observations shows
        raise _undetermined(structure)
    for _ in range(_MOST_STEPS):
        step = _direction(here)
        gain = float(step @ here.score)
        if gain <= 1e-20 * (1 + abs(here.loglik)):
            return _settled(here, structure)
        try:
            there = uphill(here, step, partial(_moved, patterns, structure, here))
        except ModelError:  # no step leads uphill
            break
        if there.loglik - here.loglik <= _STANDS_STILL * (1 + abs(here.loglik)) and gain > 1e-5:
            break
        here = there
    if _nearly_singular(here):
        raise ModelError(
            f"The likelihood is highest where the {structure.name} covariance is singular, one wave following from "
            "the others without error: there are too few participants for it; choose a simpler structure."
        )
    raise ModelError(f"The search for the {structure.name} covariance does not end; choose a simpler structure.")


def _nearly_singular(here: Fit) -> bool:
    """Whether one wave is all but determined by the others."""
    sigma = np.asarray(here.covariance_of_waves)
    scale = np.sqrt(np.diagonal(sigma))
    return bool(np.linalg.eigvalsh(sigma / np.outer(scale, scale))[0] < _SINGULAR)


def _start(patterns: Patterns, design: Design, structure: Structure, estimation: Estimation) -> Fit:
    """The model near the residuals' own covariance, or nearer to independence where that is none of this structure."""
    rough = patterns.rough
    apart = np.diag(np.diagonal(rough))
    for share in (0.0, 0.5, 0.9):
        theta = structure.start((1 - share) * rough + share * apart)
        here = evaluate_general(patterns, design, structure, theta, estimation)
        if here is not None:
            return here
    raise ModelError(f"No {structure.name} covariance is near the data; choose another structure.")


def _moved(patterns: Patterns, structure: Structure, here: Fit, step: Vector) -> Fit | None:
    return evaluate_general(patterns, here.design, structure, here.theta + step, here.estimation)


def _everything_seen(patterns: Patterns, structure: Structure) -> None:
    if structure.name == "unstructured" and np.any(patterns.together == 0):
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
        raise _undetermined(structure)
    return here


def _undetermined(structure: Structure) -> ModelError:
    return ModelError(f"The data do not determine the {structure.name} covariance; choose a simpler structure.")


@dataclass(frozen=True, slots=True)
class _Solved:
    """The patterns at one covariance matrix."""

    inverses: Tensor
    """(N, W, W) U_p."""
    rows: Tensor
    """(P, W, k) ``inv(V) X`` of each participant."""
    rest: Matrix
    """(P, W) ``inv(V) (y - X b)``."""
    phi: Matrix
    coefficients: Vector
    determinants: float
    """Of the participants' matrices and of ``X' inv(V) X``, the latter in the basis."""
    deviance: float
    """Weighted squares of the residuals."""


def evaluate_general(
    patterns: Patterns, design: Design, structure: Structure, theta: Vector, estimation: Estimation
) -> Fit | None:
    """The model at ``theta`` with exact derivatives; None where the matrix is not positive definite."""
    waves, reml, k = patterns.n_waves, estimation == "reml", design.kept.size
    with np.errstate(all="ignore"):  # a step may leave the variances that exist; it is then halved
        sigma, first, second = structure.evaluate(theta, waves)
    if not np.all(np.isfinite(sigma)) or np.linalg.eigvalsh(sigma)[0] <= 1e-10 * np.trace(sigma) / waves:
        return None
    at = _solve(patterns, sigma, reml=reml)
    phi, owner = at.phi, patterns.owner
    pulled = at.rows @ np.linalg.cholesky(phi)
    levers = np.add.reduceat(pulled @ pulled.swapaxes(1, 2), patterns.starts)
    squares = np.add.reduceat(at.rest[:, :, None] * at.rest[:, None], patterns.starts)
    flat = first.reshape(theta.size, -1)
    # the likelihood's derivative by the matrix itself, times minus two
    slope = np.tensordot(patterns.count, at.inverses, axes=1) - reml * levers.sum(axis=0) - squares.sum(axis=0)
    score = -0.5 * flat @ slope.ravel()
    spread = _pairs(flat, at.inverses * patterns.count[:, None, None], at.inverses)
    leaned = _pairs(flat, at.inverses, levers)
    observed = _pairs(flat, at.inverses, squares) - 0.5 * spread
    crossed = at.rows.reshape(-1, waves * k).T @ at.rows.reshape(-1, waves * k)
    slopes = -(flat @ _by_waves(crossed, waves, k)).reshape(-1, k, k)
    lean = flat @ _by_waves(at.rows.reshape(-1, waves * k).T @ at.rest, waves, k)
    observed -= lean @ phi @ lean.T
    turned = phi @ slopes
    correction = 2 * leaned - turned.reshape(theta.size, -1) @ turned.swapaxes(1, 2).reshape(theta.size, -1).T
    observed += 0.5 * reml * correction
    if second is not None:
        observed += 0.5 * np.tensordot(second, slope, axes=2)
    expected = 0.5 * (spread - reml * correction)
    logdet = at.determinants - reml * 2 * float(np.linalg.slogdet(design.basis)[1])
    return Fit(
        design=design,
        estimation=estimation,
        parameters=structure.parameters(waves),
        theta=theta,
        free=np.ones(theta.size, dtype=np.bool_),
        coefficients=at.coefficients + patterns.offset,
        phi=phi,
        slopes=slopes,
        curvature=partial(_curvature, at, first, second, owner),
        observed=(observed + observed.T) / 2,
        expected=(expected + expected.T) / 2,
        score=score,
        loglik=-0.5 * ((patterns.n_obs - reml * k) * log(2 * pi) + logdet + at.deviance),
        n_obs=patterns.n_obs,
        n_clusters=patterns.n_clusters,
        within=patterns.within,
        structure=structure.name,
        covariance_of_waves=sigma,
    )


def _solve(patterns: Patterns, sigma: Matrix, *, reml: bool) -> _Solved:
    inverses, logdet = patterns.inverses(sigma)
    turned = inverses[patterns.owner] @ patterns.rows
    q = patterns.rows.shape[2]
    whole = patterns.rows.reshape(-1, q).T @ turned.reshape(-1, q)
    phi = np.linalg.inv(whole[:-1, :-1])
    phi = (phi + phi.T) / 2
    gamma = phi @ whole[:-1, -1]
    tail = np.append(-gamma, 1.0)  # [X, y] @ tail are the residuals
    information = float(np.linalg.slogdet(whole[:-1, :-1])[1])
    return _Solved(
        inverses=inverses,
        rows=turned[:, :, :-1],
        rest=turned @ tail,
        phi=phi,
        coefficients=gamma,
        determinants=logdet + reml * information,
        deviance=float(tail @ whole @ tail),
    )


def _pairs(flat: Matrix, one: Tensor, other: Tensor) -> Matrix:
    """(r, r) the sum over patterns of ``tr(V_i A_p V_j B_p)`` for symmetric A, B (N, W, W); ``flat`` holds V_i."""
    waves = one.shape[1]
    products = one.reshape(-1, waves**2).T @ other.reshape(-1, waves**2)  # A[s, u] B[v, t]
    ordered = products.reshape((waves,) * 4).transpose(3, 0, 1, 2).reshape(waves**2, -1)
    found: Matrix = flat @ ordered @ flat.T
    return found


def _by_waves(crossed: Matrix, waves: int, k: int) -> Matrix:
    """(W k, W m) sums of products as (W^2, k m): a pair of waves a row."""
    apart = crossed.reshape(waves, k, waves, -1).transpose(0, 2, 1, 3)
    return apart.reshape(waves**2, -1)


def _curvature(at: _Solved, first: Tensor, second: Tensor | None, owner: NDArray[np.intp], weights: Matrix) -> Matrix:
    """See `Fit.curvature`."""
    r, waves = first.shape[:2]
    weighted = np.tensordot(weights, first, axes=1)
    links = first.reshape(r, -1).T @ weighted.reshape(r, -1)  # V_i[t, s] B_i[u, v]
    links = links.reshape((waves,) * 4).transpose(0, 3, 1, 2).reshape(waves**2, -1)
    inner = (at.inverses.reshape(-1, waves**2) @ links.T).reshape(-1, waves, waves)
    if second is not None:
        inner = inner - np.tensordot(weights, second, axes=2) / 4
    k = at.rows.shape[2]
    found: Matrix = at.rows.reshape(-1, k).T @ (inner[owner] @ at.rows).reshape(-1, k)
    return (found + found.T) / 2
