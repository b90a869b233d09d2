"""Power as a function: by the number of people, by the effect, and the smallest effect that is found often enough."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from scipy.optimize import brentq

from confrere.science.mixed import ModelError
from confrere.science.power.design import Design, Truth
from confrere.science.power.simulate import PowerResult, Tested


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a curve: total people, or the true difference in change."""

    at: float
    power: float
    ci: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Detectable:
    """The effect whose power is the wanted one, with its Monte-Carlo interval (95 %)."""

    effect: float
    ci: tuple[float, float]
    power: float
    """The wanted power."""


@dataclass(frozen=True, slots=True)
class Question:
    """Whose power it is: a comparison with the control, and what simulates it.

    ``simulate`` takes a design and a truth; the same seed throughout makes curves smooth.
    """

    arm: int
    wave: int
    simulations: int
    simulate: Callable[[Design, Truth], PowerResult]

    def power(self, design: Design, truth: Truth) -> Tested:
        """The power of this comparison."""
        return self.simulate(design, truth).at(arm=self.arm, wave=self.wave)


def curve_by_people(question: Question, truth: Truth, designs: Sequence[Design]) -> Iterator[Point]:
    """Power of each of ``designs``, by total people."""
    for design in designs:
        found = question.power(design, truth)
        yield Point(float(sum(design.arms)), found.power, found.ci)


def curve_by_effect(question: Question, design: Design, truth: Truth, effects: Sequence[float]) -> Iterator[Point]:
    """Power at each of ``effects``, true differences in change at the question's wave."""
    for effect in effects:
        found = question.power(design, with_effect(truth, question.arm, question.wave, effect))
        yield Point(effect, found.power, found.ci)


def with_effect(truth: Truth, arm: int, wave: int, effect: float) -> Truth:
    """The truth with another difference in change at ``wave``; other waves of the arm keep their proportion to it.

    Where there is no difference yet, it is the same at every wave after the baseline.
    """
    control = truth.means[0]
    now = truth.effect(arm, wave)
    shape = [truth.effect(arm, w) / now if now else float(w > 0) for w in range(len(control))]
    own = tuple(mean + effect * part for mean, part in zip(control, shape, strict=True))
    means = tuple(own if a == arm else one for a, one in enumerate(truth.means))
    return replace(truth, means=means)


def detectable(question: Question, design: Design, truth: Truth, *, wanted: float) -> Detectable:
    """The smallest effect, in the direction of the planned one, whose power is ``wanted``.

    Root-finding on simulated power. Its Monte-Carlo error is that of the power
    divided by the slope of power by effect. Raises `ModelError` where no effect up to 1,000 SD has it.
    """
    sign = -1.0 if truth.effect(question.arm, question.wave) < 0 else 1.0
    sd = sqrt(truth.covariance[question.wave][question.wave])

    def power(size: float) -> float:
        return question.power(design, with_effect(truth, question.arm, question.wave, sign * size)).power

    high = 0.25 * sd
    while power(high) < wanted:
        high *= 2
        if high > 1000 * sd:
            raise ModelError(f"No effect has a power of {wanted:g} in this design.")
    size = float(brentq(lambda x: power(x) - wanted, 0.0, high, xtol=1e-5 * sd))
    step = 0.05 * size
    slope = (power(size + step) - power(size - step)) / (2 * step)
    error = 1.96 * sqrt(wanted * (1 - wanted) / question.simulations) / slope
    ends = sorted((sign * (size - error), sign * (size + error)))
    return Detectable(sign * size, (ends[0], ends[1]), wanted)
