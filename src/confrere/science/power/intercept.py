"""Random-intercept models of many trials at once, from a few cross-products per trial.

As `confrere.science.mixed.strata`: deviations from people's own means are one stratum, the mean directions one
per number of waves seen. One variance ratio is searched, by Newton's method inside a bracket.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from confrere.science.mixed import Method, ModelError, fit_strata
from confrere.science.mixed import Strata as OneStrata
from confrere.science.mixed.design import Design as OneDesign
from confrere.science.power.answers import Forms
from confrere.science.power.design import Cells
from confrere.science.power.moments import Moments
from confrere.science.power.solve import inverse, times

Tensor = NDArray[np.float64]

_MOST_STEPS = 60
_SETTLED = 1e-6  # relative; Newton's next step would be its square
LARGEST = 1e9  # ratio times number of waves beyond which there is no residual variance, as in the single fit
_SCAN = np.array([0.1, 0.3, 0.5, 0.7, 0.9])  # reliabilities at which a second maximum is looked for


@dataclass(frozen=True, slots=True)
class Strata:
    """Cross-products of T trials in K strata whose variance is ``residual + load * id``."""

    load: Tensor
    """(K,)"""
    count: Tensor
    """(K, T) dimensions."""
    xx: Tensor
    """(K, k, k, T)"""
    xy: Tensor
    """(K, k, T)"""
    yy: Tensor
    """(K, T)"""
    people: Tensor
    """(T,)"""
    changing: int
    """How many columns change within people."""

    def of(self, trials: NDArray[np.intp]) -> "Strata":
        """Some of the trials; without copying where they are all."""
        if trials.size == self.people.size:
            return self
        return Strata(
            self.load,
            self.count[:, trials],
            self.xx[..., trials],
            self.xy[..., trials],
            self.yy[:, trials],
            self.people[trials],
            self.changing,
        )


def make_strata(moments: Moments, cells: Cells) -> Strata:
    """Project the moments: constant matrices times counts, sums and squares."""
    n_cells, waves, k = cells.rows.shape
    trials = moments.counts.shape[-1]
    parts = np.zeros((waves + 1, waves, waves, waves))
    for p in range(waves):
        m = p + 1
        parts[m, p, :m, :m] = 1 / m
        parts[0, p, :m, :m] = np.eye(m) - 1 / m
    half = np.einsum("cwa,zpwv->zacpv", cells.rows, parts)
    both = np.einsum("zacpv,cvb->zabcp", half, cells.rows)
    people = moments.people
    return Strata(
        load=np.arange(waves + 1.0),
        count=np.concatenate([np.arange(waves)[None] @ people, people]),
        xx=(both.reshape(-1, n_cells * waves) @ moments.counts.reshape(-1, trials)).reshape(-1, k, k, trials),
        xy=(half.reshape(-1, n_cells * waves**2) @ moments.sums.reshape(-1, trials)).reshape(-1, k, trials),
        yy=parts.reshape(waves + 1, -1) @ moments.squares.reshape(-1, trials),
        people=people.sum(axis=0),
        changing=cells.changing,
    )


@dataclass(frozen=True, slots=True)
class InterceptFits:
    """T fits; theta is (id, residual)."""

    strata: Strata
    theta: Tensor
    coefficients: Tensor
    phi: Tensor
    observed: Tensor
    expected: Tensor

    @property
    def free(self) -> NDArray[np.bool_]:
        """(2, T) whether the variance is above zero."""
        found: NDArray[np.bool_] = self.theta > 0
        return found

    def forms(self, along: Tensor) -> Forms:
        """P_i a and a' Q_ij a from the strata's cross-products with a."""
        loads = np.stack([self.strata.load, np.ones_like(self.strata.load)])
        weight = 1 / (loads.T @ self.theta)
        turned = np.einsum("zabt,bt->zat", self.strata.xx, along)
        squares = np.einsum("zat,at->zt", turned, along)
        slopes = -np.einsum("iz,zt,zat->iat", loads, weight**2, turned)
        pairs = np.einsum("iz,jz->ijz", loads, loads)
        return Forms(slopes, pairs @ (weight**3 * squares))

    def counted(self, method: Method) -> Tensor:
        """As `confrere.science.mixed.partition.counted_df` for the interaction of arm and time."""
        observations = self.strata.count.sum(axis=0)
        found: Tensor = observations - self.strata.people - self.strata.changing
        return observations - self.phi.shape[0] if method == "residual" else found


def fit_at(strata: Strata, ratio: Tensor, *, restricted: bool) -> InterceptFits:
    """The models at ``ratio`` (T,), the variance of people over the residual; residual and coefficients profiled."""
    k = strata.xx.shape[1]
    unit = 1 / (1 + strata.load[:, None] * ratio)
    phi, _ = inverse(np.einsum("zt,zabt->abt", unit, strata.xx))
    gamma = times(phi, np.einsum("zt,zat->at", unit, strata.xy))
    squares, pull = _squares(strata, gamma)
    freedom = strata.count.sum(axis=0) - restricted * k
    residual = np.einsum("zt,zt->t", unit, squares) / freedom
    theta, weight, phi = np.stack([ratio * residual, residual]), unit / residual, phi * residual
    loads = np.stack([strata.load, np.ones_like(strata.load)])
    first = loads[:, :, None] * weight**2
    pairs = np.einsum("iz,jz->ijz", loads, loads)
    spread = pairs @ (strata.count * weight**2)
    lean = np.einsum("izt,zat->iat", first, pull)
    turned = [np.einsum("abt,bct->act", phi, np.einsum("zt,zbct->bct", one, strata.xx)) for one in first]
    traces = np.array([[np.einsum("abt,bat->t", a, b) for b in turned] for a in turned])
    shrink = np.einsum("abt,zbat->zt", phi, strata.xx)
    correction = 2 * pairs @ (weight**3 * shrink) - traces
    moved = [times(phi, one) for one in lean]
    pulled = np.array([[np.einsum("at,at->t", a, b) for b in moved] for a in lean])
    observed = pairs @ (weight**3 * squares) - 0.5 * spread - pulled + 0.5 * restricted * correction
    return InterceptFits(strata, theta, gamma, phi, observed, 0.5 * (spread - restricted * correction))


def best_ratio(strata: Strata, *, restricted: bool) -> Tensor:
    """(T,) the ratio at which the likelihood is highest, zero included; NaN where there is none.

    A trial whose likelihood falls at zero and rises later is given to the single fit, which compares the maxima.
    """
    zero = _look(strata, np.zeros(strata.people.size), restricted=restricted)
    found = np.where(np.isnan(zero.slope), np.nan, 0.0)
    falling, rising = np.flatnonzero(zero.slope <= 0), np.flatnonzero(zero.slope > 0)
    usual = float((strata.load[1:] @ strata.count[1:]).mean() / strata.count[1:].sum(axis=0).mean())
    if falling.size:
        part = strata.of(falling)
        scan = [np.full(falling.size, one) for one in _SCAN / (1 - _SCAN) / usual]
        best = np.max([_look(part, one, restricted=restricted).slope for one in scan], axis=0)
        found[falling[best > 0]] = -1.0
    if rising.size:
        first = zero.next(np.zeros(zero.slope.size), strata.load[-1])[rising]
        first = np.where((first > 0) & (first < LARGEST), first, 1 / usual)
        found[rising] = _climb(strata.of(rising), first, restricted=restricted)
    for one in np.flatnonzero(found < 0):
        found[one] = _alone(strata, int(one), restricted=restricted)
    return np.where(found * usual < LARGEST, found, np.nan)


@dataclass(frozen=True, slots=True)
class _Look:
    """The profile likelihood at a ratio, all (T,)."""

    slope: Tensor
    """Derivative of twice the log-likelihood by the ratio."""
    bend: Tensor
    """Its second derivative."""
    top: Tensor
    bottom: Tensor
    """Weighted residual squares, and minus their derivative (top)."""

    def next(self, ratio: Tensor, load: float) -> Tensor:
        """Newton's step for ``slope * bottom * (1 + load * ratio)²``, which is linear where nobody drops out."""
        scale = 1 + load * ratio
        curve = self.bend * self.bottom * scale + self.slope * (2 * load * self.bottom - self.top * scale)
        moved: Tensor = ratio - self.slope * self.bottom * scale / np.where(curve < 0, curve, np.nan)
        return moved


def _climb(strata: Strata, ratio: Tensor, *, restricted: bool) -> Tensor:
    """Newton's method inside a bracket, from ``ratio``; -1 where it does not settle."""
    trials = strata.people.size
    low, high = np.zeros(trials), np.full(trials, np.inf)
    done, left = np.full(trials, -1.0), np.arange(trials)
    for _ in range(_MOST_STEPS):
        here = _look(strata, ratio, restricted=restricted)
        up = here.slope > 0
        low, high = np.where(up, ratio, low), np.where(up, high, ratio)
        step = here.next(ratio, strata.load[-1])
        inside = (step >= low) & (step <= high)
        middle = np.where(np.isinf(high), 4 * ratio, (low + high) / 2)
        moved = np.where(inside, step, middle)
        settled = inside & (np.abs(moved - ratio) <= _SETTLED * ratio)
        done[left[settled]] = moved[settled]
        if settled.all():
            break
        keep = np.flatnonzero(~settled)
        if 2 * keep.size < settled.size:
            strata, left = strata.of(keep), left[keep]
            low, high, moved = low[keep], high[keep], moved[keep]
        ratio = moved
    return done


def _look(strata: Strata, ratio: Tensor, *, restricted: bool) -> _Look:
    """The profile likelihood at ``ratio`` (T,)."""
    weight = 1 / (1 + strata.load[:, None] * ratio)
    lean = weight**2 * strata.load[:, None]
    fall = -2 * weight * lean * strata.load[:, None]
    phi, _ = inverse(np.einsum("zt,zabt->abt", weight, strata.xx))
    gamma = times(phi, np.einsum("zt,zat->at", weight, strata.xy))
    squares, pull = _squares(strata, gamma)
    freedom = strata.count.sum(axis=0) - restricted * phi.shape[0]
    pulled = np.einsum("zt,zat->at", lean, pull)
    top, bottom = np.einsum("zt,zt->t", lean, squares), np.einsum("zt,zt->t", weight, squares)
    loss = strata.load[:, None] * weight
    slope = freedom * top / bottom - (loss * strata.count).sum(axis=0)
    bent = np.einsum("zt,zt->t", fall, squares) + 2 * np.einsum("at,at->t", pulled, times(phi, pulled))
    bend = freedom * (bent / bottom + (top / bottom) ** 2) + (loss**2 * strata.count).sum(axis=0)
    if restricted:
        turned = np.einsum("abt,bct->act", phi, np.einsum("zt,zabt->abt", lean, strata.xx))
        slope = slope + np.einsum("aat->t", turned)
        bend = bend + np.einsum("abt,bat->t", turned, turned)
        bend = bend + np.einsum("zt,zt->t", fall, np.einsum("abt,zbat->zt", phi, strata.xx))
    return _Look(slope, bend, top, bottom)


def _squares(strata: Strata, gamma: Tensor) -> tuple[Tensor, Tensor]:
    """(K, T) residual squares and (K, k, T) what the residuals say about the columns."""
    pull = strata.xy - np.einsum("zabt,bt->zat", strata.xx, gamma)
    squares = strata.yy - np.einsum("zat,at->zt", strata.xy + pull, gamma)
    return squares, pull


def _alone(strata: Strata, trial: int, *, restricted: bool) -> float:
    """The ratio of one trial by the single fit; NaN where that refuses."""
    k = strata.xx.shape[1]
    cross = np.zeros((strata.load.size, k + 1, k + 1))
    cross[:, :k, :k], cross[:, :k, k] = strata.xx[..., trial], strata.xy[..., trial]
    cross[:, k, :k], cross[:, k, k] = cross[:, :k, k], strata.yy[:, trial]
    names = tuple(str(j) for j in range(k))
    one = OneStrata(
        parameters=("id", "residual"),
        loading=np.column_stack([strata.load, np.ones_like(strata.load)]),
        count=strata.count[:, trial],
        cross=cross,
        offset=np.zeros(k),
        n_clusters=int(strata.people[trial]),
    )
    design = OneDesign(names, names, np.eye(k), np.eye(k), np.arange(k), np.empty((0, k)))
    try:
        theta = fit_strata(one, design, "reml" if restricted else "ml").theta
    except (ModelError, np.linalg.LinAlgError):
        return float("nan")
    return float(theta[0] / theta[1])
