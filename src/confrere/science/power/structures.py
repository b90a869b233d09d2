"""The structures of `confrere.science.mixed.covariance` for many trials at once; trials are the last axis."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Tensor = NDArray[np.float64]

type Correlations = tuple[Tensor, Tensor, Tensor]
"""(W, W, T), (q, W, W, T) and (q, q, W, W, T): correlations and their derivatives by the q correlation parameters."""

_HETEROGENEOUS = {"heterogeneous-cs", "heterogeneous-ar1", "heterogeneous-toeplitz", "ante-dependence"}
_LINEAR = {"unstructured", "compound-symmetry", "toeplitz"}


def derivatives(name: str, theta: Tensor, waves: int) -> tuple[Tensor, Tensor, Tensor | None]:
    """(W, W, T), (r, W, W, T) and (r, r, W, W, T) or None: the matrix and its derivatives at theta (r, T)."""
    trials = theta.shape[1]
    if name in _LINEAR:
        parts = basis(name, waves)
        whole = parts.reshape(len(parts), -1).T @ theta
        first = np.broadcast_to(parts[..., None], (*parts.shape, trials))
        return whole.reshape(waves, waves, trials), first, None
    n = waves if name in _HETEROGENEOUS else 1
    variance = np.broadcast_to(theta[:n], (waves, trials))
    scale, d_scale, dd_scale = _scales(variance, heterogeneous=n > 1)
    corr, d_corr, dd_corr = _CORRELATIONS[name](theta[n:], waves)
    first = np.concatenate([d_scale * corr, scale * d_corr])
    second = np.zeros((theta.shape[0], theta.shape[0], waves, waves, trials))
    second[:n, :n] = dd_scale * corr
    second[:n, n:] = d_scale[:, None] * d_corr[None]
    second[n:, :n] = second[:n, n:].swapaxes(0, 1)
    second[n:, n:] = scale * dd_corr
    return scale * corr, first, second


def basis(name: str, waves: int) -> Tensor:
    """(r, W, W) the matrices whose sum, times the parameters, is a linear structure."""
    if name == "compound-symmetry":
        return np.stack([np.ones((waves, waves)), np.eye(waves)])
    if name == "toeplitz":
        bands: Tensor = (_distance(waves) == np.arange(waves)[:, None, None]).astype(float)
        return bands
    rows, columns = np.tril_indices(waves)
    parts = np.zeros((rows.size, waves, waves))
    parts[np.arange(rows.size), rows, columns] = parts[np.arange(rows.size), columns, rows] = 1.0
    return parts


def span_of(name: str) -> str:
    """The linear structure whose matrices this one's derivatives are combinations of."""
    if name in _LINEAR:
        return name
    return "unstructured" if name in _HETEROGENEOUS else "toeplitz"


def start(name: str, sigma: Tensor) -> Tensor:
    """(r, T) parameters near an unstructured estimate (W, W, T)."""
    waves = sigma.shape[0]
    if name == "unstructured":
        found: Tensor = sigma[np.tril_indices(waves)]
        return found
    variances = np.einsum("wwt->wt", sigma)
    if name in _HETEROGENEOUS:
        scale = np.sqrt(variances)
        corr = sigma / (scale[:, None] * scale[None])
        return np.concatenate([variances, _correlations(name, corr)])
    level = variances.mean(axis=0)
    if name == "toeplitz":
        return np.stack([_band(sigma, k) for k in range(waves)])
    common = sigma[np.triu_indices(waves, 1)].mean(axis=0)
    if name == "compound-symmetry":
        return np.stack([common, level - common])
    return np.stack([level, _band(sigma, 1) / level])


def _correlations(name: str, corr: Tensor) -> Tensor:
    waves = corr.shape[0]
    if name == "heterogeneous-cs":
        return corr[np.triu_indices(waves, 1)].mean(axis=0)[None]
    if name == "heterogeneous-ar1":
        return _band(corr, 1)[None]
    if name == "heterogeneous-toeplitz":
        return np.stack([_band(corr, k) for k in range(1, waves)])
    return np.stack([corr[w, w + 1] for w in range(waves - 1)])


def _band(matrix: Tensor, k: int) -> Tensor:
    waves = matrix.shape[0]
    found: Tensor = np.mean([matrix[w, w + k] for w in range(waves - k)], axis=0)
    return found


def _distance(waves: int) -> NDArray[np.intp]:
    return np.abs(np.subtract.outer(np.arange(waves), np.arange(waves)))


def _scales(variance: Tensor, *, heterogeneous: bool) -> Correlations:
    """``sqrt(v_i v_j)`` and its derivatives by the variances."""
    waves, trials = variance.shape
    scale = np.sqrt(variance[:, None] * variance[None])
    if not heterogeneous:
        return scale, np.ones((1, waves, waves, trials)), np.zeros((1, 1, waves, waves, trials))
    unit = np.eye(waves)
    slope = (unit[:, :, None] + unit[:, None, :])[..., None] / (2 * variance[:, None, None])
    bend = slope[:, None] * slope[None]
    bend[np.arange(waves), np.arange(waves)] -= slope / variance[:, None, None]
    return scale, scale * slope, scale * bend


def _exchangeable(rho: Tensor, waves: int) -> Correlations:
    off = (1.0 - np.eye(waves))[..., None]
    first = np.broadcast_to(off, (1, waves, waves, rho.shape[1]))
    return np.eye(waves)[..., None] + off * rho[0], first, np.zeros((1, *first.shape))


def _autoregressive(rho: Tensor, waves: int) -> Correlations:
    distance = _distance(waves)[..., None].astype(float)
    first = np.where(distance >= 1, distance * rho[0] ** np.maximum(distance - 1, 0), 0.0)
    second = np.where(distance >= 2, distance * (distance - 1) * rho[0] ** np.maximum(distance - 2, 0), 0.0)
    return rho[0] ** distance, first[None], second[None, None]


def _banded(rho: Tensor, waves: int) -> Correlations:
    bands = basis("toeplitz", waves)[..., None]
    first = np.broadcast_to(bands[1:], (waves - 1, waves, waves, rho.shape[1]))
    return bands[0] + np.einsum("qt,qwvt->wvt", rho, first), first, np.zeros((waves - 1, *first.shape))


def _antedependent(rho: Tensor, waves: int) -> Correlations:
    """The correlation of waves i < j is the product of the neighbours' correlations between them."""
    r, trials = waves - 1, rho.shape[1]
    corr = np.broadcast_to(np.eye(waves)[..., None], (waves, waves, trials)).copy()
    first, second = np.zeros((r, waves, waves, trials)), np.zeros((r, r, waves, waves, trials))
    for i in range(waves):
        for j in range(i + 1, waves):
            inside = range(i, j)
            corr[i, j] = corr[j, i] = np.prod(rho[i:j], axis=0)
            for a in inside:
                first[a, i, j] = first[a, j, i] = np.prod([rho[c] for c in inside if c != a] or [1.0], axis=0)
                for b in inside:
                    if b != a:
                        part = np.prod([rho[c] for c in inside if c not in (a, b)] or [1.0], axis=0)
                        second[a, b, i, j] = second[a, b, j, i] = part
    return corr, first, second


_CORRELATIONS: dict[str, Callable[[Tensor, int], Correlations]] = {
    "heterogeneous-cs": _exchangeable,
    "ar1": _autoregressive,
    "heterogeneous-ar1": _autoregressive,
    "heterogeneous-toeplitz": _banded,
    "ante-dependence": _antedependent,
}
