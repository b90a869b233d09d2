"""Contrasts of many fits at once: estimate, standard error, degrees of freedom and p values.

The formulas are those of `confrere.science.mixed` (Satterthwaite, Kenward-Roger, counted degrees of freedom); a test
holds every number of a batch against the single fit. Trials are the last axis.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from confrere.science.mixed import Method
from confrere.science.mixed.design import Vector
from confrere.science.power.solve import inverse, times

Tensor = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Forms:
    """What the tests about one vector a (k, T) ask of a fit with r covariance parameters."""

    slopes: Tensor
    """(r, k, T) P_i a."""
    curvature: Tensor
    """(r, r, T) a' Q_ij a, less a quarter of a' R_ij a."""


class Fits(Protocol):
    """T fitted models."""

    @property
    def theta(self) -> Tensor:
        """(r, T) covariance parameters."""

    @property
    def coefficients(self) -> Tensor:
        """(k, T)."""

    @property
    def phi(self) -> Tensor:
        """(k, k, T) covariance of the coefficients, theta taken as known."""

    @property
    def observed(self) -> Tensor:
        """(r, r, T) observed information about theta."""

    @property
    def expected(self) -> Tensor:
        """(r, r, T) expected information about theta."""

    @property
    def free(self) -> NDArray[np.bool_]:
        """(r, T) False where a variance rests on its boundary zero."""

    def forms(self, along: Tensor) -> Forms:
        """The derivatives along a (k, T)."""

    def counted(self, method: Method) -> Tensor:
        """(T,) degrees of freedom of a change over time by counting."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One contrast of T fits; NaN where a trial has no answer."""

    estimate: Tensor
    variance: Tensor
    df: Tensor

    @property
    def se(self) -> Tensor:
        """(T,) standard errors."""
        return np.sqrt(self.variance)

    def p(self, against: float | Tensor = 0.0) -> Tensor:
        """(T,) two-sided p values of the hypothesis that the contrast is ``against``."""
        found: Tensor = 2 * stdtr(self.df, -np.abs(self.estimate - against) / self.se)
        return found


class Answers:
    """Contrasts of T fits by one method."""

    def __init__(self, fits: Fits, method: Method) -> None:
        self._fits, self._method = fits, method
        self._adjust = method.startswith("kenward-roger")
        self._spread = None if method in {"residual", "containment", "between-within"} else self._covariance_of_theta()

    def contrast(self, contrast: Vector) -> Answer:
        """Estimate, variance and degrees of freedom of ``contrast @ beta`` (k,)."""
        fits = self._fits
        along = np.tensordot(contrast, fits.phi, axes=1)
        variance = contrast @ along
        estimate = contrast @ fits.coefficients
        if self._spread is None:
            return Answer(estimate, variance, fits.counted(self._method))
        forms = fits.forms(along)
        gradient = np.einsum("ikt,kt->it", forms.slopes, along)
        wobble = np.einsum("it,ijt,jt->t", gradient, self._spread, gradient)
        with np.errstate(divide="ignore"):
            df = np.where(wobble > 0, 2 * variance**2 / wobble, np.inf)
        return Answer(estimate, variance + self._more(forms, forms), np.where(np.isnan(variance), np.nan, df))

    def _more(self, forms: Forms, same: Forms) -> Tensor | float:
        """What Kenward and Roger add to the variance."""
        if self._spread is None or not self._adjust:
            return 0.0
        turned = [times(self._fits.phi, one) for one in forms.slopes]
        leaned = np.array([[np.einsum("kt,kt->t", a, b) for b in turned] for a in same.slopes])
        added: Tensor = 2 * np.einsum("ijt,ijt->t", self._spread, forms.curvature - leaned)
        return added

    def _covariance_of_theta(self) -> Tensor:
        """(r, r, T) inverse information; a variance at zero counts as known, except in pbkrtest's flavour."""
        if self._method == "kenward-roger-expected":
            return inverse(self._fits.expected)[0]
        free = self._fits.free
        if free.all():
            return inverse(self._fits.observed)[0]
        both = free[:, None] & free[None]
        alone = np.where(both, self._fits.observed, np.eye(free.shape[0])[..., None])
        return np.where(both, inverse(alone)[0], 0.0)
