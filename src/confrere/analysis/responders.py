"""Responders: how many people changed by as much as the plan asks, in each arm at each wave.

A mean difference may hide that a few changed much; a share says how many did. It needs no model: everybody
with both values is counted, the interval of a difference is Newcombe's, the P value Fisher's. Beside it stands the
difference adjusted for the baseline value and the covariates, from a logistic regression.
"""

from dataclasses import replace

import numpy as np

from confrere.analysis.chances import Chances
from confrere.analysis.errors import InputError
from confrere.analysis.findings import Responders, Share, ShareContrast
from confrere.analysis.frame import make_frame
from confrere.analysis.panel import Mask, Panel
from confrere.analysis.plan import Outcome, Plan
from confrere.analysis.raw import by_person, in_arm
from confrere.analysis.separated import separate
from confrere.analysis.words import responder_label
from confrere.science.describe import Vector, fisher
from confrere.science.expression import compile_expression
from confrere.science.mixed import Estimate, ModelError
from confrere.science.risk_difference import newcombe, wilson

NAMES = ("change", "value", "baseline", "percent")
"""What a responder rule may ask about one participant at one wave."""
_DECIMALS = 9  # 2.5 - 3.3 is a little more than -0.8 in binary, and is meant to be -0.8


def responders(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask) -> tuple[Responders, ...]:
    """The plan's rule, and changes by the minimally important difference in the better direction."""
    rules = [("responder", outcome.responder)] if outcome.responder is not None else []
    if outcome.mcid is not None and outcome.better is not None:
        sign = "<= -" if outcome.better == "lower" else ">= "
        rule = f"change {sign}{outcome.mcid:g}"
        rules += [("mcid", rule)] if rule != outcome.responder else []
    return tuple(
        _counted(plan, outcome, panel, kept, rule=rule, origin="mcid" if origin == "mcid" else "responder")
        for origin, rule in rules
    )


def _counted(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask, *, rule: str, origin: str) -> Responders:
    values = by_person(outcome, panel, kept)
    inside = np.zeros(len(panel.people), dtype=np.bool_)
    inside[panel.person[kept]] = True
    level = outcome.model.level
    shares: list[Share] = []
    contrasts: list[ShareContrast] = []
    for w, wave in enumerate(panel.waves[1:], start=1):
        yes, known = _fulfilled(rule, values[:, 0], values[:, w])
        adjusted = _adjusted(plan, outcome, panel, kept, wave=w, answers=np.where(known, yes, np.nan))
        cells = []
        for a, arm in enumerate(plan.arms):
            here = in_arm(panel, a) & inside
            count, n = int(yes[here].sum()), int(known[here].sum())
            cells.append(Share(arm, wave, count, n, int(here.sum()), wilson(count, n, level=level)))
        shares += cells
        for a in range(1, len(plan.arms)):
            own, other = cells[a], cells[0]
            difference = newcombe((own.count, own.n), (other.count, other.n), level=level)
            test = fisher(*(yes[in_arm(panel, b) & inside & known].astype(float) for b in (a, 0)))
            contrasts.append(
                ShareContrast(
                    arm=own.arm,
                    wave=wave,
                    difference=difference,
                    fisher_p=None if test is None else test.p,
                    missing_as_no=newcombe((own.count, own.of), (other.count, other.of), level=level),
                    adjusted=adjusted.get(a),
                    label=responder_label(plan, outcome, rule=rule, own=own, other=other, difference=difference),
                )
            )
    return Responders(rule, "mcid" if origin == "mcid" else "responder", tuple(shares), tuple(contrasts))


def _adjusted(
    plan: Plan, outcome: Outcome, panel: Panel, kept: Mask, *, wave: int, answers: Vector
) -> dict[int, Estimate]:
    """Difference of each arm's share from the control's, at the baseline values and covariates of all participants.

    ``answers`` (P,) are 0, 1 or NaN. Empty where the data do not allow the model.
    """
    values = np.where(panel.wave == 0, panel.values[outcome.column], answers[panel.person])
    model = replace(outcome.model, baseline_as="covariate", covariance="random-intercept", cluster=None, se="model")
    asked = replace(outcome, kind="binary", model=model, separation="report")
    rows = kept & ((panel.wave == 0) | (panel.wave == wave))
    try:
        frame = make_frame(plan, asked, replace(panel, values={outcome.column: values}), rows)
        chances = Chances(separate(frame))
    except (ModelError, InputError):
        return {}
    found = {a: chances.contrast(a, wave).value for a in range(1, len(plan.arms))}
    return {a: value for a, value in found.items() if value is not None}


def _fulfilled(rule: str, baseline: Vector, value: Vector) -> tuple[Mask, Mask]:
    """(P,) who fulfils the rule, and for whom it can be told."""
    expression = compile_expression(rule, names=NAMES)
    change = np.round(value - baseline, _DECIMALS)
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = np.where(baseline == 0, np.nan, np.round(100 * (value - baseline) / baseline, _DECIMALS))
    given = {"change": change, "value": value, "baseline": baseline, "percent": percent}
    known = np.isfinite(value)
    for name in expression.names:
        known = known & np.isfinite(given[name])
    return np.asarray(expression.evaluate(given), dtype=np.bool_) & known, known
