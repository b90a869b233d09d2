"""One step of a search for the highest likelihood, shortened until it leads uphill."""

from collections.abc import Callable

from confrere.science.mixed.design import ModelError, Vector
from confrere.science.mixed.fit import Fit

_MOST_HALVINGS = 60
"""After these a step is smaller than the numbers' own precision."""


def uphill(here: Fit, step: Vector, moved: Callable[[Vector], Fit | None], *, longest: float = 1.0) -> Fit:
    """The fit after the longest of ``longest * step``, its half, its quarter, … that does not lose likelihood.

    ``moved`` gives the fit after a step, or None where the parameters are impossible. What is lost in rounding
    is no loss. Raises `ModelError` where no step leads uphill, also where the step is not finite.
    """
    for halvings in range(_MOST_HALVINGS):
        there = moved(longest / 2**halvings * step)
        if there is not None and there.loglik >= here.loglik - 1e-12 * abs(here.loglik):
            return there
    raise ModelError("The search for the variances does not end: no step leads uphill. Choose a simpler model.")
