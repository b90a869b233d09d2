"""The baseline as a covariate of one follow-up: least squares for many trials at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from confrere.science.mixed import Method
from confrere.science.power.answers import Forms
from confrere.science.power.design import Cells
from confrere.science.power.moments import Moments
from confrere.science.power.solve import inverse, times

Tensor = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OrdinaryFits:
    """T fits of one variance."""

    theta: Tensor
    coefficients: Tensor
    phi: Tensor
    observed: Tensor
    observations: Tensor
    """(T,)"""

    @property
    def expected(self) -> Tensor:
        """(1, 1, T) the same as the observed information."""
        return self.observed

    @property
    def free(self) -> NDArray[np.bool_]:
        """(1, T) never on a boundary."""
        return np.ones_like(self.theta, dtype=np.bool_)

    def forms(self, along: Tensor) -> Forms:
        """P a = -a' Φ⁻¹ / s and a'Qa = a'Φ⁻¹a / s², with a = Φ l."""
        # Φ⁻¹ a / s is what [X, y0]'[X, y0] a / s² says; both follow from a'Φ⁻¹ = l', so they are solved back once.
        precise = inverse(self.phi)[0]
        turned = times(precise, along)
        return Forms(
            -(turned / self.theta)[None], (np.einsum("kt,kt->t", turned, along) / self.theta[0] ** 2)[None, None]
        )

    def counted(self, method: Method) -> Tensor:  # noqa: ARG002  # every way of counting agrees here
        """(T,) observations less coefficients."""
        found: Tensor = self.observations - self.phi.shape[0]
        return found


def fit_ordinary(moments: Moments, cells: Cells, *, restricted: bool) -> OrdinaryFits:
    """Regress the follow-up on the cells' columns and the baseline, among completers.

    ``cells`` are those of a follow-up only: (C, 1, k) rows. The baseline is the last coefficient.
    """
    rows = cells.rows[:, 0]
    size = rows.shape[1]
    counts, start, end = moments.counts[:, 1], moments.sums[:, 1, 0], moments.sums[:, 1, 1]
    square = moments.squares[1]
    xx = np.empty((size + 1, size + 1, counts.shape[-1]))
    xx[:size, :size] = np.einsum("ca,cb,ct->abt", rows, rows, counts)
    xx[:size, size] = xx[size, :size] = rows.T @ start
    xx[size, size] = square[0, 0]
    xy = np.concatenate([rows.T @ end, square[0, 1][None]])
    unit = inverse(xx)[0]
    gamma = times(unit, xy)
    observations = counts.sum(axis=0)
    freedom = observations - restricted * (size + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (square[1, 1] - np.einsum("at,at->t", gamma, xy)) / np.where(freedom > 0, freedom, np.nan)
    information = freedom / (2 * variance**2)
    return OrdinaryFits(variance[None], gamma, unit * variance, information[None, None], observations)
