"""The published form of the results: plain values for ``results.json``; what is not finite becomes null."""

from math import isfinite
from typing import Any

from confrere.analysis.findings import Attenuation, Responders, Sensitivity, Share, Subgroup
from confrere.analysis.results import Change, Contrast, Description, Mean, OutcomeResult, Raw, Results
from confrere.science.mixed import Estimate, JointTest
from confrere.science.mixed.proportions import OddsRatio
from confrere.science.risk_difference import RiskDifference


def as_json(results: Results) -> dict[str, Any]:
    """The results in the published form; what is not finite becomes null."""
    return {
        "confrere": results.version,
        "plan_sha256": results.plan.sha256,
        "data_sha256": results.data_sha256,
        "clock": results.plan.clock,
        "sets": [
            {
                "name": one.name,
                "n_participants": one.n_participants,
                "n_rows": one.n_rows,
                "assumption": one.assumption,
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
                **_joint(joint.test),
            }
            for joint in one.joint_tests
        ],
        "joint_tests_type_2": [{"effect": joint.effect, **_joint(joint.test)} for joint in one.joint_tests_2],
        "tests": [_raw(raw) for raw in one.tests],
        "responders": [_responders(r) for r in one.responders],
        "attenuation": [_attenuation(a) for a in one.attenuations],
        "before_after": [
            {"arm": b.arm, "start": b.start, "wave": b.wave, **_estimate(b.value), "label": b.label}
            for b in one.before_after
        ],
        "sensitivity": [_sensitivity(s) for s in one.sensitivity],
        "subgroups": [_subgroup(s) for s in one.subgroups],
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


def _joint(test: JointTest | None) -> dict[str, Any]:
    if test is None:
        return dict.fromkeys(("F", "num_df", "den_df", "p"))
    return {
        "F": _number(test.statistic),
        "num_df": test.numerator_df,
        "den_df": _number(test.denominator_df),
        "p": _number(test.p),
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
        "standardized_ci": None if one.standardized_interval is None else list(one.standardized_interval),
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


def _share(one: Share) -> dict[str, Any]:
    return {
        "arm": one.arm,
        "wave": one.wave,
        "count": one.count,
        "n": one.n,
        "of": one.of,
        "proportion": one.count / one.n if one.n else None,
        "ci": None if one.interval is None else list(one.interval),
    }


def _risk(one: RiskDifference | None) -> dict[str, Any]:
    return {
        "estimate": None if one is None else one.estimate,
        "ci": None if one is None else [one.lower, one.upper],
    }


def _responders(one: Responders) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "origin": one.origin,
        "shares": [_share(share) for share in one.shares],
        "contrasts": [
            {
                "arm": c.arm,
                "wave": c.wave,
                **_risk(c.difference),
                "p": _number(c.fisher_p),
                "missing_as_no": _risk(c.missing_as_no),
                "model": None if c.adjusted is None else _estimate(c.adjusted),
                "label": c.label,
            }
            for c in one.contrasts
        ],
    }


def _attenuation(one: Attenuation) -> dict[str, Any]:
    return {
        "arm": one.arm,
        "wave": one.wave,
        "since": one.since,
        "ratio": _number(one.ratio),
        "ci": None if one.interval is None else list(one.interval),
        "label": one.label,
    }


def _sensitivity(one: Sensitivity) -> dict[str, Any]:
    found: dict[str, Any] = {
        "method": one.method,
        "assumption": one.assumption,
        **one.settings,
        "contrasts": [
            {
                "arm": c.arm,
                "wave": c.wave,
                **_estimate(c.value),
                "scenario": c.scenario,
                "missing_information": _number(c.missing_information),
                "label": c.label,
            }
            for c in one.contrasts
        ],
        "sentences": list(one.sentences),
        "warnings": list(one.warnings),
    }
    if one.method == "tipping":
        found["tipping"] = [{"arm": t.arm, "wave": t.wave, "delta": t.delta, "label": t.label} for t in one.tips]
        found["grid"] = [
            {
                "arm": s.arm,
                "wave": s.wave,
                "delta": s.delta,
                "control_delta": s.control_delta,
                **_estimate(s.value),
            }
            for s in one.grid
        ]
    if one.method == "cace":
        found["bounds"] = [
            {"arm": b.arm, "wave": b.wave, "lower": b.lower, "upper": b.upper, "ci": list(b.interval), "label": b.label}
            for b in one.bounds
        ]
    return found


def _subgroup(one: Subgroup) -> dict[str, Any]:
    return {
        "column": one.column,
        "label": one.label,
        "warnings": list(one.warnings),
        "interaction": [
            {
                "wave": i.wave,
                **_joint(i.test),
            }
            for i in one.interactions
        ],
        "levels": [
            {
                "level": e.level,
                "arm": e.arm,
                "wave": e.wave,
                "n": e.n,
                "n_control": e.n_control,
                **_estimate(e.value),
                "standardized": _number(e.standardized),
                "label": e.label,
            }
            for e in one.effects
        ],
    }
