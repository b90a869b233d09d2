"""The plan of an analysis as frozen data. `confrere.analysis.plan_file` reads it from TOML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from confrere.science.describe import RawTestName
from confrere.science.mixed import Method

Better = Literal["lower", "higher"]
Weights = Literal["observed-participants", "observed-rows", "equal"]
Clock = Literal["randomization", "first-session"]
BaselineAs = Literal["response", "constrained", "covariate"]


@dataclass(frozen=True, slots=True)
class DataSpec:
    """How the file is to be read: layout, carried columns, codes, missing marks, scores."""

    layout: Literal["long", "wide"] = "long"
    wide: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    carry: tuple[str, ...] = ()
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: tuple[str, ...] = ("", "NA")
    score: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Participants of one arm share coaches: the column that names them."""

    column: str
    arm: str
    rows: Literal["all", "after-baseline"] = "all"
    """At which waves a coach's participants are alike; a coach cannot have acted before the baseline."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What reports print in place of names; whatever has no label is printed as words."""

    arms: Mapping[str, str] = field(default_factory=dict)
    waves: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answers:
    """Yes/no answers (0 and 1, as REDCap's checkboxes) that Table 4 counts at one wave, in these arms."""

    wave: str
    columns: tuple[str, ...]
    arms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportSpec:
    """What the report shows beside the analysis; nothing of it changes a number of the model."""

    characteristics: tuple[str, ...] = ()
    """Columns of Table 1 beside the covariates."""
    answers: Answers | None = None
    consort: Mapping[str, str] = field(default_factory=dict)
    """Item of CONSORT 2025 to the place where it is told, outside this report."""


@dataclass(frozen=True, slots=True)
class Model:
    """How an outcome is modelled; the defaults are those of the contract."""

    covariates: tuple[str, ...] = ()
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    time: Literal["factor", "linear"] = "factor"
    covariance: str = "random-intercept"
    df: Method = "kenward-roger"
    estimation: Literal["reml", "ml"] = "reml"
    se: Literal["model", "cr0", "cr2", "cr3"] = "model"
    weights: Weights = "observed-participants"
    baseline_as: BaselineAs = "response"
    level: float = 0.95
    multiplicity: Literal["none", "holm", "hochberg"] = "none"
    cluster: Cluster | None = None


@dataclass(frozen=True, slots=True)
class AnalysisSet:
    """Whose rows are analysed: those where the expression is true, or all."""

    name: str
    keep: str | None
    assumption: str = ""
    """Why an analysis of this set answers the trial's question, in one sentence."""
    title: str = ""


SensitivityMethod = Literal["mi", "tipping", "jump-to-reference", "cace"]


@dataclass(frozen=True, slots=True)
class SensitivityPlan:
    """One sensitivity analysis of the named outcomes in the named sets (all of them where empty)."""

    method: SensitivityMethod
    outcomes: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    imputations: int = 50
    seed: int = 1
    covariates: tuple[str, ...] | None = None
    """What imputes beside the other waves; None for the covariates of the outcome's model."""
    deltas: tuple[float, ...] = ()
    """Shifts of an arm's imputed values; empty for steps of the baseline SD towards the worse side."""
    control_deltas: tuple[float, ...] = (0.0,)
    received: str = ""
    """Who began the intervention: an expression over the columns of the file."""


@dataclass(frozen=True, slots=True)
class SubgroupPlan:
    """One subgroup analysis."""

    column: str
    levels: tuple[str, ...] = ()
    """Empty for the levels of the model, else those that occur, in alphabetical order."""
    cut: tuple[float, ...] = ()
    """Of a number: where one group ends and the next begins."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome and the model that applies to it."""

    name: str
    column: str
    model: Model
    kind: Literal["continuous", "binary"] = "continuous"
    separation: Literal["report", "drop", "firth"] = "report"
    role: Literal["primary", "secondary"] = "secondary"
    better: Better | None = None
    mcid: float | None = None
    sd: float | None = None
    responder: str | None = None
    """Who has responded: an expression over ``change``, ``value``, ``baseline`` and ``percent``."""
    tests: tuple[RawTestName, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan. ``waves`` is empty where time is linear and the file's own numbers are used."""

    title: str
    id: str
    arm: str
    wave: str
    control: str
    interventions: tuple[str, ...]
    baseline: str
    waves: tuple[str, ...]
    sets: tuple[AnalysisSet, ...]
    outcomes: tuple[Outcome, ...]
    data: DataSpec = DataSpec()
    untreated_until: str | None = None
    clock: Clock = "randomization"
    """What the waves are counted from; printed beside the durability of effects."""
    sensitivity: tuple[SensitivityPlan, ...] = ()
    subgroups: tuple[SubgroupPlan, ...] = ()
    labels: Labels = Labels()
    report: ReportSpec = ReportSpec()
    sha256: str = ""

    @property
    def arms(self) -> tuple[str, ...]:
        """Control first, then the interventions in the plan's order."""
        return (self.control, *self.interventions)

    @property
    def linear(self) -> bool:
        """Whether time is a number in every outcome's model."""
        return self.outcomes[0].model.time == "linear"
