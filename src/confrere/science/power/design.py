"""A planned trial: who is seen when, what is true, and how it will be analysed."""

from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from confrere.science.mixed import Method, ModelError
from confrere.science.mixed.design import Matrix, Vector

BaselineAs = Literal["response", "constrained", "covariate"]


@dataclass(frozen=True, slots=True)
class Design:
    """Who is seen when. Arms are numbered from 0, the control; waves from 0, the baseline, which all complete."""

    arms: tuple[int, ...]
    """People per arm."""
    waves: int
    dropout: tuple[tuple[float, ...], ...]
    """Per arm, for each wave after the baseline: the share of the arm that is gone by then, 0 to below 1, rising."""
    factors: tuple[tuple[float, ...], ...] = ()
    """Stratifying factors: the shares of their levels, which add to 1."""
    coaches: int = 0
    """How many coaches share the people of each arm but the control; 0 where coaches make no difference."""

    def __post_init__(self) -> None:
        if len(self.arms) < 2 or min(self.arms) < 2:
            raise ModelError("A trial needs two arms or more, with at least two people in each.")
        if self.waves < 2:
            raise ModelError("A trial needs a baseline and at least one later wave.")
        for one in self.dropout:
            kept = np.array([1.0, *(1 - np.array(one))])
            if len(one) != self.waves - 1 or np.any(np.diff(kept) > 0) or kept[-1] <= 0:
                raise ModelError(
                    "Dropout is one share for each wave after the baseline, from 0 to below 1, never falling."
                )
        if len(self.dropout) != len(self.arms):
            raise ModelError("Dropout is needed for each arm.")
        if any(abs(sum(one) - 1) > 1e-6 or min(one) < 0 for one in self.factors):
            raise ModelError("The shares of a factor's levels must add to 1.")


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of the people whom the trial draws."""

    means: tuple[tuple[float, ...], ...]
    """(A, W) mean of each arm at each wave; the baseline is the same in all arms. Chances where the answer is yes or
    no."""
    covariance: tuple[tuple[float, ...], ...]
    """(W, W) of one person's values, positive definite, coaches apart. For yes or no: of the logits."""
    coach_sd: float = 0.0
    """SD of what a coach adds to the values of their people after the baseline."""

    def __post_init__(self) -> None:
        sigma = np.array(self.covariance)
        if sigma.shape != (len(self.means[0]),) * 2 or np.linalg.eigvalsh(sigma)[0] <= 1e-12 * np.trace(sigma):
            raise ModelError("The values of one person need a covariance over all waves that is positive definite.")
        if len({one[0] for one in self.means}) > 1:
            raise ModelError("At the baseline the arms have one mean: they differ by chance only.")

    @property
    def factor(self) -> Matrix:
        """(W, W) lower triangular L with ``L @ L.T`` the covariance."""
        return np.linalg.cholesky(np.array(self.covariance))

    def effect(self, arm: int, wave: int) -> float:
        """The true change of an arm less that of the control."""
        own, control = self.means[arm], self.means[0]
        return (own[wave] - own[0]) - (control[wave] - control[0])


@dataclass(frozen=True, slots=True)
class Analysis:
    """How each trial is analysed: the settings of a plan's [model]."""

    baseline_as: BaselineAs = "response"
    covariance: str = "random-intercept"
    df: Method = "kenward-roger"
    estimation: Literal["reml", "ml"] = "reml"
    alpha: float = 0.05
    adjust: bool = True
    """Whether the stratifying factors are covariates of the model."""
    times: tuple[float, ...] = ()
    """The waves as numbers, baseline first, where time is linear; empty where it is a factor."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The C combinations of arm and levels, as the analysis sees them."""

    sizes: NDArray[np.intp]
    """(C,) people."""
    arm: NDArray[np.intp]
    """(C,) arm of each cell."""
    levels: NDArray[np.intp]
    """(C, F) level of each factor."""
    rows: NDArray[np.float64]
    """(C, W, k) fixed-effects rows at each wave."""
    names: tuple[str, ...]
    terms: tuple[str, ...]
    margins: Vector
    """(k,) mean over people of the columns of covariates, zero elsewhere."""

    @property
    def products(self) -> Matrix:
        """(k k, C W W) what one unit of weight at two waves of a cell adds to the information."""
        k = self.rows.shape[2]
        found: Matrix = np.einsum("cwa,cvb->abcwv", self.rows, self.rows).reshape(k * k, -1)
        return found

    @property
    def changing(self) -> int:
        """How many columns change within people."""
        moved = self.rows - self.rows[:, :1]
        return int(np.linalg.matrix_rank(moved.reshape(-1, moved.shape[2])))

    def mean(self, arm: int, wave: int) -> Vector:
        """(k,) contrast for the mean of an arm at a wave, at the average person's covariates."""
        own = self.rows[np.flatnonzero(self.arm == arm)[0], wave]
        found: Vector = np.where([term == "covariate" for term in self.terms], self.margins, own)
        return found

    def change(self, arm: int, wave: int) -> Vector:
        """(k,) contrast for the change of an arm since the baseline."""
        return self.mean(arm, wave) - self.mean(arm, 0)

    def difference(self, arm: int, wave: int) -> Vector:
        """(k,) contrast for the change of an arm less that of the control."""
        return self.change(arm, wave) - self.change(0, wave)


def make_cells(design: Design, analysis: Analysis) -> Cells:
    """Spread people over the levels in proportion (stratified allocation balances them), and code the model.

    The shares of a combination of levels are the products of the levels' shares; whole people go by the largest
    remainder. A model without the factors has one cell per arm.
    """
    factors = design.factors if analysis.adjust else ()
    shares = np.array([float(np.prod(one)) for one in product(*factors)])
    levels = list(product(*(range(len(one)) for one in factors)))
    found = [(arm, level, n) for arm, people in enumerate(design.arms) for level, n in _spread(people, shares, levels)]
    arm = np.array([one for one, _, _ in found], dtype=np.intp)
    sizes = np.array([n for _, _, n in found], dtype=np.intp)
    level = np.array([one for _, one, _ in found]).reshape(len(found), -1)
    columns = _columns(design, analysis, arm, level)
    rows = np.stack([column for _, _, column in columns], axis=-1)
    terms = tuple(term for _, term, _ in columns)
    margins = np.where([term == "covariate" for term in terms], sizes @ rows[:, 0] / sizes.sum(), 0.0)
    return Cells(sizes, arm, level, rows, tuple(name for name, _, _ in columns), terms, margins)


def _spread(people: int, shares: Vector, levels: list[tuple[int, ...]]) -> list[tuple[tuple[int, ...], int]]:
    exact = people * shares
    whole = np.floor(exact + 1e-9).astype(np.intp)
    most = np.argsort(-(exact - whole), kind="stable")[: people - whole.sum()]
    whole[most] += 1
    return [(level, int(n)) for level, n in zip(levels, whole, strict=True) if n]


def _columns(
    design: Design, analysis: Analysis, arm: NDArray[np.intp], level: NDArray[np.intp]
) -> list[tuple[str, str, Matrix]]:
    """(name, term, (C, W)) of every column, in the order of `confrere analyze`."""
    ones = np.ones((arm.size, design.waves))
    at = [np.broadcast_to(np.arange(design.waves) == w, ones.shape).astype(float) for w in range(design.waves)]
    arms = [(f"arm[{a}]", (arm == a)[:, None] * ones) for a in range(1, len(design.arms))]
    parts = [("(Intercept)", "(Intercept)", ones)]
    if analysis.baseline_as != "constrained":
        parts += [(name, "arm", column) for name, column in arms]
    times = [(f"time[{w}]", at[w]) for w in range(1, design.waves)]
    moving = times
    if analysis.times:
        number = ones * np.array(analysis.times)
        times, moving = [("time", number)], [("time", number)]
        if analysis.baseline_as == "constrained":
            moving = [("time", number - analysis.times[0])]
    parts += [(name, "time", column) for name, column in times]
    for f in range(level.shape[1]):
        seen = np.unique(level[:, f])[1:]
        parts += [(f"factor{f}[{one}]", "covariate", (level[:, f] == one)[:, None] * ones) for one in seen]
    parts += [(f"{arm_}:{time}", "arm:time", own * column) for time, column in moving for arm_, own in arms]
    return parts
