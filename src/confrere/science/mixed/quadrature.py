"""The integral over a normal random intercept by the trapezoidal rule, which for such integrands is spectral.

A grid in units of the random effect's SD is the same for everybody, so nothing has to adapt and nothing can
fail to adapt. For an analytic integrand with Gaussian tails the error falls exponentially with the spacing;
`Grid.halved` makes the check, and the tails are checked by the caller's posterior weights.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Grid:
    """Equally spaced nodes from -reach to reach, ``spacing`` apart; with no reach the one node zero."""

    reach: float
    spacing: float

    @property
    def nodes(self) -> Vector:
        """(Q,) standard normal deviates."""
        count = round(self.reach / self.spacing)
        nodes: Vector = np.arange(-count, count + 1, dtype=np.float64) * self.spacing
        return nodes

    @property
    def log_weights(self) -> Vector:
        """(Q,) logarithms of density times spacing; of one for a single node."""
        if self.reach == 0:
            return np.zeros(1)
        logs: Vector = -0.5 * self.nodes**2 - 0.5 * np.log(2 * np.pi) + np.log(self.spacing)
        return logs

    def halved(self) -> "Grid":
        """The grid with half the spacing."""
        return Grid(self.reach, self.spacing / 2)

    def widened(self) -> "Grid":
        """The grid with one and a half times the reach."""
        return Grid(1.5 * self.reach, self.spacing)


POINT = Grid(0.0, 1.0)
"""No spread at all: the grid of an ordinary logistic regression."""
