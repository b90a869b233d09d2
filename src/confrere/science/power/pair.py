"""A baseline and one follow-up: the variance ratio in closed form, for many trials at once.

With a mean per arm and wave, the pair of a completer turns into difference and mean, and the restricted
likelihood falls into three independent sums of squares: differences (variance ``2 residual``), means (``residual
+ 2 id``, doubled) and single baselines (``residual + id``). Its slope by the ratio is a cubic over something
positive, so its roots are known exactly, all of them.

Derivation: ``docs/methods/power.md``.
"""

import numpy as np
from numpy.typing import NDArray

from confrere.science.power.intercept import LARGEST, InterceptFits, Strata
from confrere.science.power.moments import Moments
from confrere.science.power.solve import inverse, times

Tensor = NDArray[np.float64]


def error_strata(moments: Moments, *, constrained: bool, restricted: bool) -> tuple[Tensor, Tensor]:
    """(3, T) dimensions and squares of what is left beside the means: within people, single baselines, pairs.

    A cell is an arm. With ``constrained`` the arms' baselines differ by chance only and so add to the squares.
    """
    single, pairs = moments.counts[:, 0], moments.counts[:, 1]
    first, last = moments.sums[:, 1, 0], moments.sums[:, 1, 1]
    alone = moments.sums[:, 0, 0]
    start, cross, end = moments.squares[1, 0, 0], moments.squares[1, 0, 1], moments.squares[1, 1, 1]
    share = 1 / np.maximum(pairs, 1.0)
    within = (start - 2 * cross + end - ((last - first) ** 2 * share).sum(axis=0)) / 2
    between = (start + 2 * cross + end - ((last + first) ** 2 * share).sum(axis=0)) / 2
    # baselines of those seen once, and of them against completers: squares about the common mean of both
    # less those of the completers about their own
    people = single + pairs
    about = moments.squares[0, 0, 0] + (first**2 * share).sum(axis=0)
    total = first + alone
    if constrained:
        about = about - total.sum(axis=0) ** 2 / people.sum(axis=0)
    else:
        about = about - (total**2 / people).sum(axis=0)
    n_arms = pairs.shape[0]
    lost = n_arms if restricted else 0
    seen_once = single.sum(axis=0) + (n_arms - 1 if constrained and restricted else 0)
    count = np.stack([pairs.sum(axis=0) - lost, seen_once, pairs.sum(axis=0) - lost])
    return count, np.stack([within, about, between])


def pair_ratio(count: Tensor, squares: Tensor) -> Tensor:
    """(T,) the ratio at which the likelihood of three sums of squares is highest, zero included."""
    cubic = _cubic(count, squares)
    with np.errstate(invalid="ignore", divide="ignore"):
        roots = _real_roots(cubic)
        candidates = np.where(roots > 0, roots, 0.0)
        value = np.stack([_minus_twice(count, squares, one) for one in candidates])
    value[np.isnan(value)] = np.inf
    best = np.take_along_axis(candidates, value.argmin(axis=0)[None], axis=0)[0]
    found: Tensor = np.where(np.isfinite(value.min(axis=0)), best, np.nan)
    return found


def _minus_twice(count: Tensor, squares: Tensor, ratio: Tensor) -> Tensor:
    """Minus twice the profile log-likelihood, constants apart."""
    single, pair = 1 + ratio, 1 + 2 * ratio
    rest = squares[0] + squares[1] / single + squares[2] / pair
    found: Tensor = count.sum(axis=0) * np.log(rest) + count[1] * np.log(single) + count[2] * np.log(pair)
    return found


def _cubic(count: Tensor, squares: Tensor) -> Tensor:
    """(4, T) coefficients, constant first, of a cubic with the sign of the slope of `_minus_twice`."""
    total = count.sum(axis=0)
    _, n1, n2 = count
    q0, q1, q2 = squares
    a0, a1 = 2 * n2 + n1, 2 * (n2 + n1)
    b0, b1, b2 = q0 + q1 + q2, 3 * q0 + 2 * q1 + q2, 2 * q0
    c0, c1, c2 = total * (2 * q2 + q1), 4 * total * (q1 + q2), total * (2 * q2 + 4 * q1)
    return np.stack([a0 * b0 - c0, a0 * b1 + a1 * b0 - c1, a0 * b2 + a1 * b1 - c2, a1 * b2])


def _real_roots(cubic: Tensor) -> Tensor:
    """(3, T) real roots by Cardano and Viète, polished by Newton; equal ones or NaN where there are fewer."""
    c, b, a = (cubic[j] / cubic[3] for j in range(3))
    shift = a / 3
    p, q = b - a * shift, c + shift * (2 * shift**2 - b)
    disc = (q / 2) ** 2 + (p / 3) ** 3
    lone = np.cbrt(-q / 2 + np.sqrt(np.maximum(disc, 0))) + np.cbrt(-q / 2 - np.sqrt(np.maximum(disc, 0)))
    radius = np.sqrt(np.maximum(-p / 3, 0))
    angle = np.arccos(np.clip(-q / 2 / radius**3, -1, 1)) / 3
    three = 2 * radius * np.cos(angle - 2 * np.pi / 3 * np.arange(3)[:, None])
    roots = np.where(disc > 0, lone, three) - shift
    for _ in range(3):
        value = ((roots + a) * roots + b) * roots + c
        slope = (3 * roots + 2 * a) * roots + b
        step = value / slope
        roots = roots - np.where(np.isfinite(step) & (np.abs(step) < 0.1 * (1 + np.abs(roots))), step, 0.0)
    found: Tensor = roots
    return found


def fit_pairs(moments: Moments, strata: Strata, *, constrained: bool, restricted: bool) -> InterceptFits:
    """The models of T trials with a mean per arm and wave and no covariate."""
    count, squares = error_strata(moments, constrained=constrained, restricted=restricted)
    ratio = pair_ratio(count, squares)
    ratio[~(np.all(moments.counts[:, 1] > 0, axis=0) & (2 * ratio < LARGEST))] = np.nan
    unit = 1 / (1 + strata.load[:, None] * ratio)
    residual = np.einsum("zt,zt->t", unit, squares) / count.sum(axis=0)
    phi = inverse(np.einsum("zt,zabt->abt", unit, strata.xx))[0]
    gamma = times(phi, np.einsum("zt,zat->at", unit, strata.xy))
    weight = unit / residual
    loads = np.stack([strata.load, np.ones_like(strata.load)])
    both = np.einsum("iz,jz->ijz", loads, loads)
    spread = 0.5 * both @ (count * weight**2)
    observed = both @ (weight**3 * squares) - spread
    return InterceptFits(strata, np.stack([ratio * residual, residual]), gamma, phi * residual, observed, spread)
