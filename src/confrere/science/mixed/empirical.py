"""Empirical ("sandwich", cluster-robust) covariance of the coefficients: CR0, CR2, CR3, and its degrees of freedom.

The model-based covariance is right when the covariance of a participant's observations is. The empirical one
takes that covariance as a working guess only and lets each participant's residuals speak. Unadjusted (CR0) it is
too small with few participants; CR2 (Bell and McCaffrey 2002) is unbiased where the guess is right, CR3 is close
to leaving out one participant at a time. Normal quantiles would undo the correction, so each contrast gets
Satterthwaite's degrees of freedom of its own quadratic form (Pustejovsky and Tipton 2018).

Derivation, edges and what others do: ``docs/methods/empirical-covariance.md``.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from confrere.science.mixed.design import Matrix, ModelError, Vector
from confrere.science.mixed.fit import Fit
from confrere.science.mixed.kenward_roger import Scaling

Kind = Literal["cr0", "cr2", "cr3"]
KINDS: tuple[Kind, ...] = ("cr0", "cr2", "cr3")
Codes = NDArray[np.intp]
Tensor = NDArray[np.float64]

_NOTHING_LEFT = 1e-10  # eigenvalue of a participant's residual covariance, against that of the working one


@dataclass(frozen=True, slots=True)
class Block:
    """Participants who share one working covariance V, reduced to their D distinct design blocks."""

    design: Tensor
    """(D, m, k) in the orthonormal basis."""
    count: Vector
    """(D,) how many participants have it."""
    working: Matrix
    """(m, m) V."""
    pull: Tensor
    """(D, m, k) ``A' inv(V) X``: what a contrast ``Φ c`` makes of the residuals."""


@dataclass(frozen=True, slots=True)
class Empirical:
    """An empirical covariance and what its degrees of freedom need."""

    kind: Kind
    covariance: Matrix
    """(k, k) in the orthonormal basis."""
    phi: Matrix
    """(k, k) the model-based covariance it corrects."""
    blocks: tuple[Block, ...]

    def df(self, contrast: Vector) -> float:
        """Satterthwaite's degrees of freedom of one contrast (k,), V taken as the truth.

        The variance estimate is a sum of squares of one number per participant; these numbers have covariance
        ``p_gh``, so ``df = (sum p_gg)² / sum p_gh²``. Raises `ModelError` where every such number is zero.
        """
        return self._eta(contrast[None])

    def joint_scaling(self, contrasts: Matrix) -> Scaling:
        """The approximate Hotelling test of ``contrasts`` (q, k), clubSandwich's HTZ: ``η - q + 1`` df.

        Raises `ModelError` where that is not positive: the participants are too few for a joint test.
        """
        eta, q = self._eta(contrasts), contrasts.shape[0]
        if eta - q + 1 <= 0:
            raise ModelError("There are too few participants for a joint test with an empirical covariance.")
        return Scaling((eta - q + 1) / eta, eta - q + 1)

    def _eta(self, contrasts: Matrix) -> float:
        q, moved = contrasts.shape[0], self.phi @ contrasts.T
        root = np.linalg.cholesky(self.phi)
        own, lean, total = [], [], np.zeros((q, q))
        for one in self.blocks:
            weights = one.pull @ moved
            own.append(np.einsum("dmi,mn,dnj->dij", weights, one.working, weights, optimize=True))
            lean.append(np.einsum("ab,dma,dmi->dbi", root, one.design, weights, optimize=True))
            total += np.tensordot(one.count, own[-1] - lean[-1].swapaxes(1, 2) @ lean[-1], axes=1)
        curved, axes = np.linalg.eigh(total)
        if curved[0] <= _NOTHING_LEFT * float(np.abs(contrasts @ self.phi @ contrasts.T).max()):
            raise ModelError("The residuals say nothing about this contrast, so it has no empirical standard error.")
        scale = (axes / np.sqrt(curved)) @ axes.T
        spread, pairs = 0.0, np.zeros((self.phi.shape[0] * q,) * 2)
        for one, alone, leaned in zip(self.blocks, own, lean, strict=True):
            s, tilted = scale @ alone @ scale, leaned @ scale
            j = tilted.swapaxes(1, 2) @ tilted
            traces, leans = np.einsum("dii->d", s), np.einsum("dii->d", j)
            each = traces**2 - 2 * traces * leans + np.einsum("dij,dij->d", s, s - 2 * j)
            spread += float(one.count @ each)
            flat = tilted.reshape(one.count.size, -1)
            pairs += (flat * one.count[:, None]).T @ flat
        crossed = pairs.reshape(self.phi.shape[0], q, -1, q)
        spread += float((pairs**2).sum()) + float(np.einsum("aibj,ajbi->", crossed, crossed))
        return float(q * (q + 1) / spread)


def empirical(fit: Fit, outcome: Vector, cluster: Codes, *, kind: Kind, wave: Codes | None = None) -> Empirical:
    """The empirical covariance of ``fit``, whose rows ``outcome`` (n,) and ``cluster`` (n,) are.

    ``cluster`` holds whole numbers 0 … G-1 that all occur; ``wave`` (n,) is needed for a general covariance and
    not otherwise. The adjustment matrices are made once per distinct design block. A participant whose residuals
    have a direction without variance (the only one at some level) gets the pseudo-inverse, as in clubSandwich.
    """
    general = fit.covariance_of_waves is not None
    if not general and fit.parameters not in {("id", "residual"), ("residual",)}:
        raise ModelError("An empirical covariance needs clusters that share nothing; these share coaches.")
    if general and wave is None:
        raise ModelError("An empirical covariance needs to know the wave of each row.")
    at = wave if wave is not None and general else np.zeros(cluster.size, dtype=np.intp)
    order = np.lexsort((at, cluster))
    matrix, rest, at = (
        fit.design.orthonormal[order],
        (outcome - fit.design.orthonormal @ fit.coefficients)[order],
        at[order],
    )
    sizes = np.bincount(cluster)
    starts = np.cumsum(sizes) - sizes
    blocks, meat = [], np.zeros_like(fit.phi)
    for people in _alike(sizes, at, cluster[order]):
        rows = starts[people][:, None] + np.arange(sizes[people[0]])
        block, member = _block(fit, matrix[rows], _working(fit, at[rows[0]]), kind)
        scores = np.einsum("gmk,gm->gk", block.pull[member], rest[rows])
        meat += scores.T @ scores
        blocks.append(block)
    return Empirical(kind, fit.phi @ meat @ fit.phi, fit.phi, tuple(blocks))


def _alike(sizes: Codes, wave: Codes, cluster: Codes) -> list[Codes]:
    """Participants with one working covariance: seen at the same waves, or equally often where these are all zero."""
    seen = np.zeros((sizes.size, int(wave.max()) + 1), dtype=np.intp)
    np.add.at(seen, (cluster, wave), 1)
    _, member = np.unique(seen, axis=0, return_inverse=True)
    order = np.argsort(member.ravel(), kind="stable")
    return np.split(order, np.cumsum(np.bincount(member.ravel()))[:-1])


def _working(fit: Fit, waves: Codes) -> Matrix:
    """(m, m) V of a participant who was seen at these waves."""
    if fit.covariance_of_waves is not None:
        return fit.covariance_of_waves[np.ix_(waves, waves)]
    shared = fit.theta[0] if fit.theta.size > 1 else 0.0
    working: Matrix = fit.theta[-1] * np.eye(waves.size) + shared
    return working


def _block(fit: Fit, cube: Tensor, working: Matrix, kind: Kind) -> tuple[Block, Codes]:
    """The distinct design blocks of ``cube`` (G, m, k), and which of them each participant has."""
    flat, member, count = np.unique(cube.reshape(cube.shape[0], -1), axis=0, return_inverse=True, return_counts=True)
    design = flat.reshape(-1, *cube.shape[1:])
    pull = np.linalg.solve(working, design) if kind == "cr0" else _adjusted(fit, design, working, kind) @ design
    return Block(design, count.astype(np.float64), working, pull), member.ravel()


def _adjusted(fit: Fit, design: Tensor, working: Matrix, kind: Kind) -> Tensor:
    """(D, m, m) ``A' inv(V)`` with A so that the residuals of these participants get their covariance back.

    CR2: the symmetric A with ``A M A = V``, where ``M = V - X Φ X'`` is the residuals' covariance.
    CR3: ``A = V inv(M)``, so that ``A' inv(V)`` is ``inv(M)``.
    """
    left = working - design @ fit.phi @ design.swapaxes(1, 2)
    curved, axes = np.linalg.eigh(working)
    if kind == "cr3":
        return _power(left, -1.0, _NOTHING_LEFT * curved[-1])
    root = (axes * np.sqrt(curved)) @ axes.T
    back = (axes / np.sqrt(curved)) @ axes.T
    return root @ _power(root @ left @ root, -0.5, _NOTHING_LEFT * curved[-1] ** 2) @ back


def _power(stack: Tensor, exponent: float, floor: float) -> Tensor:
    """A power of symmetric matrices (D, m, m); directions below ``floor`` become nothing."""
    curved, axes = np.linalg.eigh((stack + stack.swapaxes(1, 2)) / 2)
    open_ = curved > floor
    powers = np.where(open_, np.where(open_, curved, 1.0) ** exponent, 0.0)
    powered: Tensor = (axes * powers[:, None, :]) @ axes.swapaxes(1, 2)
    return powered
