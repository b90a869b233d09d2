"""What an analysis found, as frozen data at full precision; `as_json` gives the published form."""

from dataclasses import dataclass
from math import isfinite
from typing import Any

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
class SetResult:
    """Everything about one analysis set."""

    name: str
    n_participants: int
    n_rows: int
    """Rows with a value of at least one outcome."""
    n_by_arm: tuple[int, ...]
    characteristics: tuple[Characteristic, ...]
    flow: Flow
    outcomes: tuple[OutcomeResult, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """The whole analysis: the plan that was followed and one result per analysis set."""

    plan: Plan
    waves: tuple[str, ...]
    data_sha256: str
    version: str
    sets: tuple[SetResult, ...]


def as_json(results: Results) -> dict[str, Any]:
    """The results in the published form; what is not finite becomes null."""
    return {
        "confrere": results.version,
        "plan_sha256": results.plan.sha256,
        "data_sha256": results.data_sha256,
        "sets": [
            {
                "name": one.name,
                "n_participants": one.n_participants,
                "n_rows": one.n_rows,
                "outcomes": [_outcome(outcome) for outcome in one.outcomes],
            }
            for one in results.sets
        ],
    }


def _outcome(one: OutcomeResult) -> dict[str, Any]:
    return {
        "name": one.outcome.name,
        "kind": one.outcome.kind,
        "role": one.outcome.role,
        "n_obs": one.n_obs,
        "n_participants": one.n_participants,
        "converged": one.converged,
        "warnings": list(one.warnings),
        "loglik": one.loglik,
        "variance": one.variance,
        "covariance": one.covariance,
        "coefficients": [{"term": c.term, **_estimate(c.value)} for c in one.coefficients],
        "descriptives": [_description(d, one.outcome.kind) for d in one.descriptions],
        "means": [_mean(m, one.outcome.kind) for m in one.means],
        "changes": [_change(c) for c in one.changes],
        "contrasts": [_contrast(c) for c in one.contrasts],
        "joint_tests": [
            {
                "effect": joint.effect,
                "F": _number(joint.test.statistic),
                "num_df": joint.test.numerator_df,
                "den_df": _number(joint.test.denominator_df),
                "p": _number(joint.test.p),
            }
            for joint in one.joint_tests
        ],
        "tests": [_raw(raw) for raw in one.tests],
        "sensitivity": [],
        "subgroups": [],
    }


def _number(value: float | None) -> float | None:
    return None if value is None or not isfinite(value) else value


def _pair(low: float | None, high: float | None) -> list[float | None] | None:
    return None if low is None or high is None else [_number(low), _number(high)]


def _estimate(value: Estimate | None) -> dict[str, Any]:
    if value is None:
        return dict.fromkeys(("estimate", "se", "df", "statistic", "p", "ci"))
    return {
        "estimate": value.estimate,
        "se": value.se,
        "df": _number(value.df),
        "statistic": _number(value.statistic),
        "p": _number(value.p),
        "ci": _pair(value.lower, value.upper),
    }


def _mean(one: Mean, kind: str) -> dict[str, Any]:
    found = {"arm": one.arm, "wave": one.wave, **_estimate(one.value)}
    if kind == "binary":
        found |= {"marginal": found["estimate"], "conditional": _number(one.conditional)}
    return found


def _odds(one: OddsRatio | None) -> dict[str, Any]:
    if one is None:
        return {}
    return {"odds_ratio": _number(one.value), "odds_ratio_ci": _pair(one.lower, one.upper)}


def _description(one: Description, kind: str) -> dict[str, Any]:
    values, changes = one.values, one.changes
    binary = kind == "binary" and values.n > 0
    return {
        "arm": one.arm,
        "wave": one.wave,
        "n": values.n,
        "mean": _number(values.mean),
        "sd": _number(values.sd),
        "median": _number(values.median),
        "q1": _number(values.q1),
        "q3": _number(values.q3),
        "change_n": changes.n,
        "change_mean": _number(changes.mean),
        "change_sd": _number(changes.sd),
        "count": round(values.mean * values.n) if binary else None,
        "proportion": values.mean if binary else None,
    }


def _change(one: Change) -> dict[str, Any]:
    percent = one.percent_interval
    return {
        "arm": one.arm,
        "wave": one.wave,
        **_estimate(one.value),
        "percent": _number(one.percent),
        "percent_ci": None if percent is None else list(percent),
        "label": one.label,
        **_odds(one.odds),
    }


def _contrast(one: Contrast) -> dict[str, Any]:
    return {
        "arm": one.arm,
        "wave": one.wave,
        **_estimate(one.value),
        "standardized": _number(one.standardized),
        "p_adjusted": _number(one.p_adjusted),
        "label": one.label,
        **_odds(one.odds),
    }


def _raw(one: Raw) -> dict[str, Any]:
    test = one.test
    return {
        "test": test.test,
        "arm": one.arm,
        "wave": one.wave,
        "estimate": _number(test.estimate),
        "ci": _pair(test.lower, test.upper),
        "statistic": _number(test.statistic),
        "df": _number(test.df),
        "p": _number(test.p),
    }
