"""General covariance structures of many trials at once: Newton's method with exact derivatives.

The formulas are those of `confrere.science.mixed.general`. A visit pattern is the waves 0 … p, so the inverse of its
part of the matrix, filled up with zeros, is a (W, W) array U_p; sums over people are sums over cells and patterns.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from confrere.science.mixed import Method, ModelError
from confrere.science.mixed.covariance import STRUCTURES
from confrere.science.mixed.design import Design as OneDesign
from confrere.science.mixed.general import fit_general
from confrere.science.mixed.patterns import gather, same_sums
from confrere.science.power.answers import Forms
from confrere.science.power.design import Cells
from confrere.science.power.moments import Moments
from confrere.science.power.solve import inverse, times
from confrere.science.power.structures import basis, derivatives, span_of, start

Tensor = NDArray[np.float64]

_MOST_STEPS = 40
_EXACT = 1e-18  # the same, where the start is the estimate up to rounding
_SETTLED = 1e-11  # squared length of the step in standard errors; the next one would be its square


@dataclass(frozen=True, slots=True)
class StructureFits:
    """T fits at theta (r, T), with what Newton's method and the tests need."""

    cells: Cells
    moments: Moments
    structure: str
    theta: Tensor
    coefficients: Tensor
    phi: Tensor
    loglik: Tensor
    """(T,) without its constant."""
    score: Tensor
    """(r, T)"""
    observed: Tensor
    expected: Tensor
    inverses: Tensor
    """(P, W, W, T) U_p by pattern."""
    first: Tensor
    """(r, W, W, T) derivatives of the matrix."""
    second: Tensor | None
    """(r, r, W, W, T); None where it is linear in theta."""

    @property
    def free(self) -> NDArray[np.bool_]:
        """(r, T) nothing rests on a boundary."""
        return np.ones_like(self.theta, dtype=np.bool_)

    def forms(self, along: Tensor) -> Forms:
        """P_i a, and a' Q_ij a less a quarter of a' R_ij a, cell by cell."""
        rows, counts = self.cells.rows, self.moments.counts
        at = np.einsum("cwk,kt->cwt", rows, along)
        moved = np.einsum("pwvt,cvt->cpwt", self.inverses, at)
        turned = np.einsum("iwvt,cpvt->icpwt", self.first, moved)
        again = np.einsum("pwvt,icpvt->icpwt", self.inverses, turned) * counts[:, :, None]
        slopes = -np.einsum("cwk,icwt->ikt", rows, again.sum(axis=2))
        curvature = np.einsum("icpwt,jcpwt->ijt", turned, again)
        if self.second is not None:
            weighted = np.einsum("cpwt,cpvt,cpt->wvt", moved, moved, counts)
            curvature = curvature - np.einsum("ijwvt,wvt->ijt", self.second, weighted) / 4
        return Forms(slopes, curvature)

    def counted(self, method: Method) -> Tensor:
        """As `confrere.science.mixed.partition.counted_df` for the interaction of arm and time."""
        people = self.moments.people
        observations = np.arange(1.0, people.shape[0] + 1) @ people
        found: Tensor = observations - self.phi.shape[0]
        if method == "between-within":
            between = people.sum(axis=0) + self.cells.changing - self.phi.shape[0]
            found = between if self.structure == "unstructured" else found - between
        return found


def fit_structure(moments: Moments, cells: Cells, structure: str, *, restricted: bool) -> StructureFits:
    """The maximum of the likelihood of each trial; NaN where the data do not determine it.

    A trial whose search does not settle is given to the single fit.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        here = evaluate(
            moments,
            cells,
            structure,
            start(structure, _sequential(moments, restricted=restricted)),
            restricted=restricted,
        )
        if np.all(np.einsum("it,it->t", _direction(here), here.score) <= _EXACT):
            return here
        theta = _climb(here, restricted=restricted)
        for one in np.flatnonzero(np.isnan(theta[0]) & _estimable(moments, cells)):
            theta[:, one] = _alone(moments, cells, structure, int(one), restricted=restricted)
        return evaluate(moments, cells, structure, theta, restricted=restricted)


def _estimable(moments: Moments, cells: Cells) -> NDArray[np.bool_]:
    """(T,) whether every column of the model has been seen apart from the others."""
    k, waves = cells.rows.shape[2], cells.rows.shape[1]
    seen = np.triu(np.ones((waves, waves))).T  # pattern p has waves 0 … p
    weights = np.einsum("cpt,pw,wv->cwvt", moments.counts, seen, np.eye(waves))
    information = (cells.products @ weights.reshape(-1, weights.shape[-1])).reshape(k, k, -1)
    return np.isfinite(inverse(information)[1])


def _climb(here: StructureFits, *, restricted: bool) -> Tensor:
    """(r, T) Newton's method from a regression of each wave on the earlier ones; NaN where it does not settle."""
    found = np.full_like(here.theta, np.nan)
    left = np.arange(here.theta.shape[1])
    for _ in range(_MOST_STEPS):
        step = _direction(here)
        settled = np.einsum("it,it->t", step, here.score) <= _SETTLED
        found[:, left[settled]] = (here.theta + step)[:, settled]
        keep = np.flatnonzero(~settled & np.isfinite(here.loglik))
        if not keep.size:
            break
        left = left[keep]
        here = _uphill(here, step, keep, restricted=restricted)
    return found


def _uphill(here: StructureFits, step: Tensor, keep: NDArray[np.intp], *, restricted: bool) -> StructureFits:
    """The fits of the trials ``keep`` after a step, shortened where the likelihood would fall."""
    moments, theta, step = here.moments.of(keep), here.theta[:, keep], step[:, keep]
    before = here.loglik[keep] - 1e-12 * np.abs(here.loglik[keep])
    length = np.ones(keep.size)
    while True:
        there = evaluate(moments, here.cells, here.structure, theta + length * step, restricted=restricted)
        worse = ~(there.loglik >= before) & (length > 1e-6)
        if not worse.any():
            return there
        length[worse] /= 2


def _direction(here: StructureFits) -> Tensor:
    """Newton's step where the surface is concave, else the scoring step."""
    turned = inverse(here.observed)[0]
    flat = np.isnan(turned[0, 0])
    if flat.any():
        turned[..., flat] = inverse(here.expected[..., flat])[0]
    return times(turned, here.score)


def _sequential(moments: Moments, *, restricted: bool) -> Tensor:
    """(W, W, T) covariance within cells: each wave regressed on the earlier ones, among those seen then.

    Where every cell has its own mean at each wave this is the unstructured estimate itself: who is gone stays away,
    so the likelihood is a product of these regressions, and to integrate over means is to integrate over intercepts.
    """
    waves, trials = moments.counts.shape[1:]
    sigma = np.zeros((waves, waves, trials))
    counts, sums, squares = (
        np.zeros_like(one) for one in (moments.counts[:, 0], moments.sums[:, 0], moments.squares[0])
    )
    for w in reversed(range(waves)):
        counts, sums, squares = counts + moments.counts[:, w], sums + moments.sums[:, w], squares + moments.squares[w]
        centred = sums / np.sqrt(np.maximum(counts, 1.0))[:, None]
        within = squares - (centred[:, :, None] * centred[:, None]).sum(axis=0)
        df = (np.maximum(counts - 1, 0) if restricted else counts).sum(axis=0)
        weights = times(inverse(within[:w, :w])[0], within[:w, w])
        rest = (within[w, w] - np.einsum("at,at->t", weights, within[:w, w])) / np.maximum(df, 1.0)
        sigma[:w, w], sigma[w, w] = weights, rest
    for w in range(waves):
        weights = sigma[:w, w].copy()
        sigma[:w, w] = sigma[w, :w] = times(sigma[:w, :w], weights)
        sigma[w, w] += np.einsum("at,at->t", weights, sigma[:w, w])
    return sigma


def evaluate(moments: Moments, cells: Cells, structure: str, theta: Tensor, *, restricted: bool) -> StructureFits:
    """The models at ``theta`` (r, T) with exact derivatives; NaN where the matrix is not positive definite."""
    n_cells, waves, k = cells.rows.shape
    trials = theta.shape[1]
    counts = moments.counts
    sigma, first, second = derivatives(structure, theta, waves)
    u, log_det = _inverses(sigma)
    weights = np.einsum("cpt,pwvt->cwvt", counts, u).reshape(-1, trials)
    phi, log_phi = inverse((cells.products @ weights).reshape(k, k, trials))
    pulled = np.einsum("pwvt,cpvt->cwt", u, moments.sums)
    gamma = times(phi, np.einsum("cwk,cwt->kt", cells.rows, pulled))
    fitted = np.einsum("cwk,kt->cwt", cells.rows, gamma)
    rest, squares = _residuals(moments, fitted)
    spread = (cells.products.T @ phi.reshape(k * k, trials)).reshape(n_cells, waves, waves, trials)
    lever = np.einsum("cpt,cwvt->pwvt", counts, spread) * restricted
    people = moments.people[:, None, None]
    half = np.einsum("pwvt,pvxt->pwxt", u, lever + squares)
    both = np.einsum("pwvt,pvxt->pwxt", half, u)
    slope = (people * u - both).sum(axis=0)  # the score by the matrix itself, times minus two
    at = _At(cells, counts, u, phi, rest)
    observed, expected = _information(at, _Matrices(structure, waves), people, lever, both, restricted=restricted)
    if second is not None:  # the matrix is a combination of these, with weights that depend on theta
        weights = _coordinates(structure, first)
        observed, expected = (
            np.einsum("imt,mjt->ijt", weights, np.einsum("mnt,jnt->mjt", one, weights)) for one in (observed, expected)
        )
        observed += 0.5 * np.einsum("ijwvt,wvt->ijt", second, slope)
    quadratic = np.einsum("pwvt,pvwt->t", u, squares)
    loglik = -0.5 * (np.einsum("pt,pt->t", moments.people, log_det) + quadratic + restricted * log_phi)
    return StructureFits(
        cells,
        moments,
        structure,
        theta,
        gamma,
        phi,
        loglik,
        -0.5 * np.einsum("iwvt,wvt->it", first, slope),
        observed,
        expected,
        u,
        first,
        second,
    )


@dataclass(frozen=True, slots=True)
class _At:
    """The fits at one theta."""

    cells: Cells
    counts: Tensor
    inverses: Tensor
    phi: Tensor
    rest: Tensor
    """(C, P, W, T) sums of the residuals, where seen."""


def _information(
    at: _At, along: "_Matrices", people: Tensor, lever: Tensor, both: Tensor, *, restricted: bool
) -> tuple[Tensor, Tensor]:
    """(R, R, T) observed and expected information about the weights of R constant matrices.

    ``both`` (P, W, W, T) are products of residuals, and levers where ``restricted``, between two inverses.
    """
    u, rows, counts, trials = at.inverses, at.cells.rows, at.counts, at.phi.shape[-1]
    half = 0.5 * along.pairs(people * u, u)
    observed = along.pairs(u, both) - half
    lean = along.once(np.einsum("pwat,cpbt->abcwt", u, np.einsum("pwvt,cpvt->cpwt", u, at.rest)))
    lean = np.einsum("cwk,icwt->ikt", rows, lean)
    observed -= np.einsum("ikt,jkt->ijt", lean, np.stack([times(at.phi, one) for one in lean]))
    if not restricted:
        return observed, half
    inside = along.once(np.einsum("cpwat,pbvt->abcwvt", counts[:, :, None, None] * u, u))
    wide = inside.reshape(inside.shape[0], -1, trials).swapaxes(0, 1)
    slopes = at.cells.products @ wide.reshape(wide.shape[0], -1)
    traces = 0.5 * _traces(at.phi, slopes.reshape(*at.phi.shape[:2], -1, trials))
    levered = np.einsum("pwvt,pvxt->pwxt", np.einsum("pwvt,pvxt->pwxt", u, lever), u)
    return observed - traces, half - along.pairs(u, levered) + traces


class _Matrices:
    """Contractions with the constant matrices of which a structure's own are made.

    What stands beside them is summed over people first, so each is one product of matrices for all trials.
    """

    def __init__(self, structure: str, waves: int) -> None:
        self._flat = basis(span_of(structure), waves).reshape(-1, waves * waves)

    def once(self, beside: Tensor) -> Tensor:
        """(R, …, T) the sums over a, b of ``E_i[a, b] beside[a, b, …]``, for (W, W, …, T)."""
        found: Tensor = self._flat @ beside.reshape(self._flat.shape[1], -1)
        return found.reshape(-1, *beside.shape[2:])

    def pairs(self, one: Tensor, other: Tensor) -> Tensor:
        """(R, R, T) the sums over patterns of ``tr(E_i A_p E_j B_p)``, for symmetric A, B (P, W, W, T)."""
        half = self.once(np.einsum("psut,pvwt->wsuvt", one, other))
        return self.once(half.transpose(1, 2, 0, 3))


def _coordinates(structure: str, first: Tensor) -> Tensor:
    """(r, R, T) the derivatives (r, W, W, T) as weights of the constant matrices."""
    if span_of(structure) == "toeplitz":
        return first[:, 0]
    return first[:, *np.tril_indices(first.shape[1])]


def _traces(phi: Tensor, slopes: Tensor) -> Tensor:
    """(r, r, T) ``tr(Φ P_i Φ P_j)`` of slopes (k, k, r, T)."""
    k, _, r, trials = slopes.shape
    whitened = np.zeros((r, k, k, trials))
    for i in range(r):
        for b in range(k):
            whitened[i] += phi[:, b, None] * slopes[b, :, i]
    found = np.empty((r, r, trials))
    for i in range(r):
        for j in range(i + 1):
            found[i, j] = found[j, i] = np.einsum("abt,bat->t", whitened[i], whitened[j])
    return found


def _inverses(sigma: Tensor) -> tuple[Tensor, Tensor]:
    """(P, W, W, T) inverses of the leading blocks, filled up with zeros, and (P, T) their log determinants."""
    waves, trials = sigma.shape[1:]
    u, log_det = np.zeros((waves, waves, waves, trials)), np.zeros((waves, trials))
    for p in range(waves):
        # The next block's inverse is this one's and a rank-one matrix: what the next wave says beyond the others.
        before = u[p - 1] if p else np.zeros((waves, waves, trials))
        weights = times(before[:p, :p], sigma[:p, p])
        rest = sigma[p, p] - np.einsum("at,at->t", weights, sigma[:p, p])
        rest = np.where(rest > 1e-10 * sigma[p, p], rest, np.nan)
        row = np.zeros((waves, trials))
        row[:p], row[p] = -weights, 1.0
        u[p] = before + row[:, None] * row[None] / rest
        log_det[p] = np.log(rest) + (log_det[p - 1] if p else 0.0)
    return u, log_det


def _residuals(moments: Moments, fitted: Tensor) -> tuple[Tensor, Tensor]:
    """(C, P, W, T) sums and (P, W, W, T) products of the residuals, where seen."""
    waves = fitted.shape[1]
    seen = (np.arange(waves) <= np.arange(waves)[:, None]).astype(float)[..., None]
    expected = fitted[:, None] * seen
    rest = moments.sums - moments.counts[:, :, None] * expected
    cross = np.einsum("cpwt,cpvt->pwvt", expected, moments.sums)
    back = np.einsum("cpwt,cpvt->pwvt", rest, expected)
    return rest, moments.squares - cross - back


def _alone(moments: Moments, cells: Cells, structure: str, trial: int, *, restricted: bool) -> Tensor:
    """(r,) parameters of one trial by the single fit; NaN where that refuses."""
    k, waves = cells.rows.shape[2], cells.rows.shape[1]
    groups, counts = [], moments.counts[:, :, trial]
    patterns_seen = np.flatnonzero(counts.sum(axis=0))
    seen = np.arange(waves) <= patterns_seen[:, None]
    for p, at in zip(patterns_seen.tolist(), seen, strict=True):
        cross = np.zeros((waves, k + 1, waves, k + 1))
        rows, sums = cells.rows * at[:, None], moments.sums[:, p, :, trial]
        cross[:, :k, :, :k] = np.einsum("cta,csb,c->tasb", rows, rows, counts[:, p])
        cross[:, :k, :, k] = np.einsum("cta,cs->tas", rows, sums)
        cross[:, k, :, :k] = np.einsum("ct,csa->tsa", sums, rows)
        cross[:, k, :, k] = moments.squares[p, :, :, trial]
        groups.append(same_sums(cross.reshape((waves * (k + 1),) * 2), waves))
    names = tuple(str(j) for j in range(k))
    design = OneDesign(names, names, np.eye(k), np.eye(k), np.arange(k), np.empty((0, k)))
    patterns = gather(seen, counts.sum(axis=0)[patterns_seen], groups, np.zeros(k))
    try:
        return fit_general(patterns, design, STRUCTURES[structure], "reml" if restricted else "ml").theta
    except (ModelError, np.linalg.LinAlgError):
        return np.full(len(STRUCTURES[structure].parameters(waves)), np.nan)
