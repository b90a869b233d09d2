"""What is found beside the model's own answers: responders, attenuation, sensitivity analyses, subgroups."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from confrere.science.mixed import Estimate, JointTest
from confrere.science.risk_difference import RiskDifference


@dataclass(frozen=True, slots=True)
class Share:
    """How many of one arm fulfil a rule at one wave, of the ``n`` for whom it can be told."""

    arm: str
    wave: str
    count: int
    n: int
    of: int
    """Participants of the arm in the analysis set, answered or not."""
    interval: tuple[float, float] | None
    """Wilson's; None with n = 0."""


@dataclass(frozen=True, slots=True)
class ShareContrast:
    """One arm's share less the control's."""

    arm: str
    wave: str
    difference: RiskDifference | None
    fisher_p: float | None
    missing_as_no: RiskDifference | None
    """The same with everybody without an answer counted as not fulfilling the rule."""
    adjusted: Estimate | None
    """From a logistic model with the plan's covariates, averaged over the participants."""
    label: str


@dataclass(frozen=True, slots=True)
class Responders:
    """Shares of participants whose change fulfils a rule."""

    rule: str
    origin: Literal["responder", "mcid"]
    """The key of the plan that asked for it."""
    shares: tuple[Share, ...]
    contrasts: tuple[ShareContrast, ...]


@dataclass(frozen=True, slots=True)
class Attenuation:
    """A later difference in change as a part of the one at the first wave after the baseline."""

    arm: str
    wave: str
    since: str
    ratio: float | None
    interval: tuple[float, float] | None
    """Fieller's; None where the first difference is not clearly away from zero."""
    label: str


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """The control arm's change after it began the intervention: no comparison with a control."""

    arm: str
    start: str
    wave: str
    value: Estimate | None
    label: str


@dataclass(frozen=True, slots=True)
class SensitivityContrast:
    """A difference in change under the assumption of one sensitivity analysis."""

    arm: str
    wave: str
    value: Estimate | None
    label: str
    scenario: str = ""
    missing_information: float | None = None
    """Share of the information that is missing (imputation), 0 to 1."""


@dataclass(frozen=True, slots=True)
class Shifted:
    """A difference in change with imputed values shifted."""

    arm: str
    wave: str
    delta: float
    """Added to every imputed value of the arm."""
    control_delta: float
    """Added to every imputed value of the control."""
    value: Estimate


@dataclass(frozen=True, slots=True)
class Tip:
    """The smallest shift that changes the conclusion; None where no shift in reach does."""

    arm: str
    wave: str
    delta: float | None
    label: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which values an effect lies under the stated worst cases."""

    arm: str
    wave: str
    lower: float
    upper: float
    interval: tuple[float, float]
    """Covers the effect, wherever it lies between the bounds (Imbens and Manski 2004)."""
    label: str


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """One sensitivity analysis of one outcome in one analysis set."""

    method: str
    assumption: str
    """What it takes for granted, in one sentence."""
    contrasts: tuple[SensitivityContrast, ...]
    settings: Mapping[str, int | float | str]
    grid: tuple[Shifted, ...] = ()
    tips: tuple[Tip, ...] = ()
    bounds: tuple[Bounds, ...] = ()
    sentences: tuple[str, ...] = ()
    """What it found, where the contrasts' own labels do not say it."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Interaction:
    """Whether the difference in change differs between the levels of a subgroup, at one wave."""

    wave: str
    test: JointTest | None


@dataclass(frozen=True, slots=True)
class SubgroupEffect:
    """The difference in change among the participants of one level."""

    level: str
    arm: str
    wave: str
    n: int
    n_control: int
    value: Estimate | None
    standardized: float | None
    label: str


@dataclass(frozen=True, slots=True)
class Subgroup:
    """One subgroup analysis of one outcome: it explores, and confirms nothing."""

    column: str
    interactions: tuple[Interaction, ...]
    effects: tuple[SubgroupEffect, ...]
    label: str
    warnings: tuple[str, ...] = ()
