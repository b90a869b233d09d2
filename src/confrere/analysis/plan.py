"""The plan of an analysis as frozen data. `confrere.analysis.plan_file` reads it from TOML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from confrere.science.describe import RawTestName
from confrere.science.mixed import Method

Better = Literal["lower", "higher"]
Weights = Literal["observed-participants", "observed-rows", "equal"]
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
class Model:
    """How an outcome is modelled; the defaults are those of the contract."""

    covariates: tuple[str, ...] = ()
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    time: Literal["factor", "linear"] = "factor"
    covariance: str = "random-intercept"
    df: Method = "kenward-roger"
    estimation: Literal["reml", "ml"] = "reml"
    weights: Weights = "observed-participants"
    baseline_as: BaselineAs = "response"
    level: float = 0.95
    multiplicity: Literal["none", "holm", "hochberg"] = "none"


@dataclass(frozen=True, slots=True)
class AnalysisSet:
    """Whose rows are analysed: those where the expression is true, or all."""

    name: str
    keep: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome and the model that applies to it."""

    name: str
    column: str
    model: Model
    kind: Literal["continuous", "binary"] = "continuous"
    separation: Literal["report", "drop"] = "report"
    role: Literal["primary", "secondary"] = "secondary"
    better: Better | None = None
    mcid: float | None = None
    sd: float | None = None
    tests: tuple[RawTestName, ...] = ()


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
    sha256: str = ""

    @property
    def arms(self) -> tuple[str, ...]:
        """Control first, then the interventions in the plan's order."""
        return (self.control, *self.interventions)

    @property
    def linear(self) -> bool:
        """Whether time is a number in every outcome's model."""
        return self.outcomes[0].model.time == "linear"
