"""What `confrere power` answers: numbers, curves and a plain sentence."""

import re
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, Literal, cast

from confrere.analysis.errors import InputError
from confrere.analysis.power_plan import PowerPlan, shared_out
from confrere.science.power import (
    Detectable,
    Mapper,
    Point,
    PowerResult,
    Question,
    Tested,
    curve_by_effect,
    curve_by_people,
    detectable,
)
from confrere.science.tables import decimal

By = Literal["n", "effect"]
_CURVE = re.compile(r"(n|effect)=([^:]+):([^:]+):([^:]+)")
_MOST_POINTS = 200


@dataclass(frozen=True, slots=True)
class Curve:
    """Where power is asked: along total people or along the effect; the answers, once there are any."""

    by: By
    at: tuple[float, ...]
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class PowerReport:
    """Everything that was asked about a planned trial."""

    plan: PowerPlan
    result: PowerResult
    curves: tuple[Curve, ...]
    found: Detectable | None
    seconds: float = 0.0

    @property
    def tested(self) -> Tested:
        """The comparison that counts."""
        return self.result.at(arm=self.plan.arm, wave=self.plan.wave)


def read_curve(words: str, plan: PowerPlan) -> Curve:
    """``n=40:200:20`` or ``effect=0:1:0.1``, both ends included. Raises `InputError`."""
    match = _CURVE.fullmatch(words.replace(" ", ""))
    try:
        first, last, step = (float(one) for one in match.groups()[1:]) if match else (0.0, 0.0, 0.0)
    except ValueError:
        step = 0.0
    if match is None or not step:
        raise InputError(f'--curve: "{words}" is not understood; n=40:200:20 or effect=0:1:0.1 is expected.')
    count = (last - first) / step + 1 + 1e-9
    if not isfinite(count) or not 1 <= count < _MOST_POINTS + 1 or step < 0:
        raise InputError(f"--curve: a rising range of at most {_MOST_POINTS} points is expected.")
    at = tuple(round(first + i * step, 10) for i in range(int(count)))
    if match[1] == "n" and (any(one != int(one) for one in at) or min(_arms(plan, int(at[0]))) < 2):
        raise InputError("--curve: whole numbers of people are expected, at least two in each arm.")
    return Curve(cast("By", match[1]), at)


def ask_power(plan: PowerPlan, *, curves: list[Curve], wanted: float | None, mapper: Mapper) -> PowerReport:
    """Simulate the plan, and whatever curves and smallest effect are asked for. Raises `ModelError`."""
    simulate = plan.simulation(mapper)
    result = simulate(plan.design, plan.truth)
    question = Question(plan.arm, plan.wave, plan.simulations, simulate)
    answered = tuple(replace(curve, points=_points(plan, question, curve)) for curve in curves)
    found = None if wanted is None else detectable(question, plan.design, plan.truth, wanted=wanted)
    return PowerReport(plan, result, answered, found)


def _points(plan: PowerPlan, question: Question, curve: Curve) -> tuple[Point, ...]:
    if curve.by == "effect":
        return tuple(curve_by_effect(question, plan.design, plan.truth, curve.at))
    designs = [replace(plan.design, arms=_arms(plan, int(n))) for n in curve.at]
    return tuple(curve_by_people(question, plan.truth, designs))


def _arms(plan: PowerPlan, total: int) -> tuple[int, ...]:
    return shared_out(total, tuple(float(n) for n in plan.design.arms))


def as_json(report: PowerReport) -> dict[str, Any]:
    """Everything for a program; the keys of the contract first."""
    plan, tested = report.plan, report.tested
    found = report.found
    return {
        "power": tested.power,
        "ci": list(tested.ci),
        "simulations": report.result.simulations,
        "seconds": round(report.seconds, 3),
        "failed": report.result.failed,
        "seed": plan.seed,
        "alpha": plan.analysis.alpha,
        "arm": plan.arms[plan.arm],
        "wave": plan.waves[plan.wave],
        "effect": tested.effect,
        "n": dict(zip(plan.arms, plan.design.arms, strict=True)),
        "tests": [_test_json(plan, one) for one in report.result.tests],
        "curves": [
            {"by": one.by, "points": [{one.by: p.at, "power": p.power, "ci": list(p.ci)} for p in one.points]}
            for one in report.curves
        ],
        "detectable": found and {"effect": found.effect, "ci": list(found.ci), "power": found.power},
        "sentence": sentence(report),
    }


def _test_json(plan: PowerPlan, one: Tested) -> dict[str, Any]:
    return {
        "arm": plan.arms[one.arm],
        "wave": plan.waves[one.wave],
        "effect": one.effect,
        "power": one.power,
        "ci": list(one.ci),
        "mean_estimate": one.mean_estimate,
        "coverage": one.coverage,
    }


def sentence(report: PowerReport) -> str:
    """The answer in one plain sentence."""
    plan, tested = report.plan, report.tested
    people = " and ".join(f"{n} in {arm}" for arm, n in zip(plan.arms, plan.design.arms, strict=True))
    low, high = (f"{100 * one:.1f}" for one in tested.ci)
    found = f"in {100 * tested.power:.1f} % of trials ({low} to {high}, {report.result.simulations:,} simulated)"
    about = f"With {people}, the change of {plan.arms[plan.arm]} at {plan.waves[plan.wave]}"
    alpha = f"at a two-sided level of {plan.analysis.alpha:g}"
    if tested.effect == 0:
        return f"{about} would differ {alpha} from that of {plan.arms[0]} {found} although there is no difference."
    size = decimal(tested.effect, 2)
    return f"{about}, truly {size} from that of {plan.arms[0]}, would be told apart {alpha} {found}."


def as_text(report: PowerReport) -> str:
    """The answer for a person at a terminal: tables where curves were asked for, the sentence last."""
    lines: list[str] = []
    for one in report.curves:
        lines.append(f"{'people' if one.by == 'n' else 'effect':>10}  power  95 % Monte-Carlo interval")
        lines += [f"{p.at:>10g}  {p.power:.3f}  {p.ci[0]:.3f} to {p.ci[1]:.3f}" for p in one.points]
        lines.append("")
    lines += notes(report)
    if report.found is not None:
        lines.append(found_sentence(report.found))
    return "\n".join([*lines, sentence(report)])


def found_sentence(found: Detectable) -> str:
    """The smallest effect in words."""
    low, high = (decimal(one, 3) for one in found.ci)
    return f"The smallest difference with a power of {found.power:g} is {decimal(found.effect, 3)} ({low} to {high})."


def notes(report: PowerReport) -> list[str]:
    """What a reader must know beside the number."""
    said = []
    if report.result.failed:
        said.append(
            f"{report.result.failed} of {report.result.simulations} trials gave no answer (an arm without follow-up, "
            "or a model that could not be fitted); they count as not significant."
        )
    alone = report.plan.alone
    if report.plan.design.coaches and (alone is None or alone.plan.outcomes[0].model.cluster is None):
        said.append(
            "Coaches make people of one arm alike; the model that was simulated has no term for them, "
            "so its error rate is not the nominal one."
        )
    return said
