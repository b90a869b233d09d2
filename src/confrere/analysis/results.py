"""What an analysis found, as frozen data at full precision; `confrere.analysis.published` writes it as JSON."""

from dataclasses import dataclass

from confrere.analysis.findings import Attenuation, BeforeAfter, Responders, Sensitivity, Subgroup
from confrere.analysis.plan import Outcome, Plan
from confrere.science.describe import RawTest, Summary
from confrere.science.flow import Flow
from confrere.science.mixed import Estimate, JointTest
from confrere.science.mixed.proportions import OddsRatio


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient of the model; None where separation makes it infinite."""

    term: str
    value: Estimate | None


@dataclass(frozen=True, slots=True)
class Description:
    """Raw values of one arm at one wave, and of the changes from the baseline."""

    arm: str
    wave: str
    values: Summary
    changes: Summary


@dataclass(frozen=True, slots=True)
class Mean:
    """Model-based mean (or marginal proportion) of one arm at one wave; None where the data cannot tell."""

    arm: str
    wave: str
    value: Estimate | None
    conditional: float | None = None
    """Of a binary outcome: the proportion for the median person."""


@dataclass(frozen=True, slots=True)
class Change:
    """Model-based change from the baseline within one arm."""

    arm: str
    wave: str
    value: Estimate | None
    percent: float | None
    percent_interval: tuple[float, float] | None
    label: str
    odds: OddsRatio | None = None


@dataclass(frozen=True, slots=True)
class Contrast:
    """Difference between one arm's change and the control's, in words too."""

    arm: str
    wave: str
    value: Estimate | None
    standardized: float | None
    p_adjusted: float | None
    label: str
    odds: OddsRatio | None = None
    """Of a binary outcome: the ratio of the arms' odds ratios."""
    standardized_interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Joint:
    """F test of one effect."""

    effect: str
    test: JointTest


@dataclass(frozen=True, slots=True)
class Raw:
    """A raw test of the changes (or of 0/1 values) of one arm against the control."""

    arm: str
    wave: str
    test: RawTest


@dataclass(frozen=True, slots=True)
class OutcomeResult:
    """Everything about one outcome in one analysis set."""

    outcome: Outcome
    n_obs: int
    n_participants: int
    converged: bool
    warnings: tuple[str, ...]
    loglik: float
    variance: dict[str, float] | None
    covariance: tuple[tuple[float, ...], ...] | None
    """Waves x waves, for structures other than the random intercept and compound symmetry."""
    coefficients: tuple[Coefficient, ...]
    descriptions: tuple[Description, ...]
    means: tuple[Mean, ...]
    changes: tuple[Change, ...]
    contrasts: tuple[Contrast, ...]
    joint_tests: tuple[Joint, ...]
    tests: tuple[Raw, ...]
    baseline_sd: float
    """The SD that standardizes: the plan's, else pooled over arms at baseline."""
    n_by_arm: tuple[int, ...]
    """Participants analysed in each arm, control first."""
    joint_tests_2: tuple[Joint, ...] = ()
    """Type 2, of a continuous outcome; ``joint_tests`` are of type 3."""
    responders: tuple[Responders, ...] = ()
    attenuations: tuple[Attenuation, ...] = ()
    before_after: tuple[BeforeAfter, ...] = ()
    """The control arm's changes after it began the intervention."""
    sensitivity: tuple[Sensitivity, ...] = ()
    subgroups: tuple[Subgroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """How many of each arm's participants have one level of a baseline characteristic."""

    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Characteristic:
    """A baseline characteristic by arm: counts of its levels, or a summary of a number."""

    name: str
    levels: tuple[Level, ...]
    summaries: tuple[Summary, ...]
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Individual:
    """The raw changes from the baseline of everybody who answered twice, without a name, from low to high."""

    outcome: str
    wave: str
    changes: tuple[tuple[float, ...], ...]
    """For each arm, control first."""


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """How many of those in an arm who answered a yes/no question said yes."""

    arm: str
    column: str
    count: int
    total: int


@dataclass(frozen=True, slots=True)
class SetResult:
    """Everything about one analysis set."""

    name: str
    n_participants: int
    n_rows: int
    """Rows with a value of at least one outcome."""
    n_by_arm: tuple[int, ...]
    characteristics: tuple[Characteristic, ...]
    outcomes: tuple[OutcomeResult, ...]
    assumption: str = ""
    """What must hold for this set to answer the trial's question, in one sentence."""
    individual: tuple[Individual, ...] = ()
    """Raw changes of the primary outcomes at the last wave, for figures; never published as numbers."""


@dataclass(frozen=True, slots=True)
class Results:
    """The whole analysis: the plan that was followed and one result per analysis set."""

    plan: Plan
    waves: tuple[str, ...]
    data_sha256: str
    version: str
    sets: tuple[SetResult, ...]
    flow: Flow
    answers: tuple[AnswerCount, ...] = ()
    """The answers that the plan asks Table 4 to count."""
