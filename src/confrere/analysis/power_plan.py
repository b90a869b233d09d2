"""Reading the [design] of a plan: what `confrere power` simulates."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from confrere.analysis.columns import is_number
from confrere.analysis.errors import InputError, nearest
from confrere.analysis.plan import Model, Outcome, Plan
from confrere.analysis.plan_file import read_plan
from confrere.analysis.power_alone import Alone, make_alone, simulate_alone
from confrere.analysis.power_keys import by_arm, number, per_wave, whole
from confrere.analysis.reader import Reader
from confrere.science.power import Analysis, Design, Mapper, PowerResult, Truth, simulate

_ABSENT: Mapping[str, Any] = {
    "columns": {"id": "id", "arm": "arm", "wave": "wave"},
    "arms": {"control": "control", "intervention": "intervention"},
    "outcomes": [{"name": "outcome"}],
}
_MOST_PEOPLE = 100_000
_MOST_SIMULATIONS = 10_000_000


@dataclass(frozen=True, slots=True)
class PowerPlan:
    """A planned trial with its names, and the comparison that its power is about."""

    title: str
    arms: tuple[str, ...]
    waves: tuple[str, ...]
    design: Design
    truth: Truth
    analysis: Analysis
    simulations: int
    seed: int
    arm: int
    wave: int
    """The comparison with the control that counts."""
    alone: Alone | None = None
    """How trials are analysed one by one, where that is the only way."""

    def simulation(self, mapper: Mapper) -> Callable[[Design, Truth], PowerResult]:
        """What simulates any design and truth under this plan."""
        if self.alone is not None:
            return simulate_alone(self.alone, simulations=self.simulations, seed=self.seed, mapper=mapper)
        return partial(simulate, analysis=self.analysis, simulations=self.simulations, seed=self.seed, mapper=mapper)


def read_power_plan(text: str, *, file: str = "") -> PowerPlan:
    """The planned trial in a plan (TOML) with a [design].

    The same file may hold everything that `confrere analyze` reads; of that, arms, waves, [model] and the first
    primary outcome count here. Raises `InputError` with the line and what was expected.
    """
    table = _parsed(text, file)
    if "design" not in table:
        raise InputError("the plan has no [design]; it says how many people, which changes, SD and dropout.", file=file)
    top = Reader(table, path="", file=file, source=text)
    design = top.table("design")
    plan = read_plan(text, file=file, absent={**_ABSENT, "waves": _waves(design)})
    if not plan.waves:
        raise InputError("power needs the waves in [waves] order.", file=file)
    outcome = next((one for one in plan.outcomes if one.role == "primary"), plan.outcomes[0])
    return _power_plan(design, plan, outcome)


def _parsed(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"the plan is not valid TOML: {error}.", file=file) from None


def _waves(reader: Reader) -> Mapping[str, Any]:
    count = whole(reader, "waves", 2, 2, 5)
    order = ["baseline", *(f"follow-up {w}" for w in range(1, count))] if count > 2 else ["baseline", "follow-up"]
    return {"baseline": "baseline", "order": order}


def _power_plan(reader: Reader, plan: Plan, outcome: Outcome) -> PowerPlan:
    waves = len(plan.waves)
    if reader.has("waves") and whole(reader, "waves", waves, 2, 5) != waves:
        raise reader.refuse(f"[waves] order lists {waves}.", "waves")
    binary = outcome.kind == "binary"
    coaches = 0 if binary else whole(reader, "coaches", 0, 0, 1000)
    strata = _strata(reader, outcome.model)
    design = Design(
        arms=_people(reader, plan),
        waves=waves,
        dropout=_dropout(reader, plan),
        factors=tuple(tuple(shares.values()) for shares in strata),
        coaches=coaches,
    )
    analysis = _analysis(reader, outcome, plan.waves)
    logit_sd = number(reader, "logit_sd", -1.0) if binary else None
    if logit_sd is not None and logit_sd < 0:
        raise reader.refuse("the SD between people on the logit scale is needed, from 0.", "logit_sd")
    if outcome.model.cluster is not None and not coaches:
        raise reader.refuse("the model has coaches as a term; say how many.", "coaches")
    levels = tuple(tuple(shares) for shares in strata)
    apart = _apart(outcome, waves)
    found = PowerPlan(
        title=plan.title,
        arms=plan.arms,
        waves=plan.waves,
        design=design,
        truth=_chances(reader, plan) if binary else _scores(reader, plan, coaches),
        analysis=analysis,
        simulations=whole(reader, "simulations", 1_000 if apart else 10_000, 1, _MOST_SIMULATIONS),
        seed=whole(reader, "seed", 1, 0, 2**63 - 1),
        arm=_one_of(reader, "arm", plan.arms, 1),
        wave=_one_of(reader, "wave", plan.waves, waves - 1),
        alone=make_alone(plan, levels, alpha=analysis.alpha, logit_sd=logit_sd) if apart else None,
    )
    reader.finish()
    return found


def _apart(outcome: Outcome, waves: int) -> bool:
    """Whether trials have to be analysed one by one."""
    model = outcome.model
    several = model.baseline_as == "covariate" and (waves > 2 or model.time == "linear")
    return outcome.kind == "binary" or model.cluster is not None or model.se != "model" or several


def _scores(reader: Reader, plan: Plan, coaches: int) -> Truth:
    covariance = _covariance(reader, len(plan.waves))
    return Truth(_means(reader, plan), covariance, _coach_sd(reader, coaches, covariance))


def _chances(reader: Reader, plan: Plan) -> Truth:
    waves = len(plan.waves)
    found = by_arm(reader, "proportions", plan, lambda inner, key: per_wave(inner, key, waves))
    if any(not 0 < chance < 1 for one in found for chance in one) or len({one[0] for one in found}) > 1:
        raise reader.refuse("chances between 0 and 1 are expected, with one baseline for all arms.", "proportions")
    unit = tuple(tuple(float(i == j) for j in range(waves)) for i in range(waves))
    return Truth(tuple(found), unit)


def _analysis(reader: Reader, outcome: Outcome, waves: tuple[str, ...]) -> Analysis:
    model = outcome.model
    times = _times(reader, waves) if model.time == "linear" else ()
    alpha = number(reader, "alpha", 1 - model.level)
    if not 0 < alpha < 0.5:
        raise reader.refuse("a number between 0 and 0.5 is expected, such as 0.05.", "alpha")
    return Analysis(model.baseline_as, model.covariance, model.df, model.estimation, round(alpha, 12), times=times)


def _times(reader: Reader, waves: tuple[str, ...]) -> tuple[float, ...]:
    """The waves as numbers."""
    found = tuple(float(wave) if is_number(wave) else float("nan") for wave in waves)
    if not all(one < other for one, other in pairwise(found)):
        raise reader.refuse('where time is linear, [waves] order lists rising numbers, such as "0", "3", "12".')
    return found


def _people(reader: Reader, plan: Plan) -> tuple[int, ...]:
    if reader.has("n_per_arm") == reader.has("total"):
        raise reader.refuse("either n_per_arm or total is needed.", "n_per_arm")
    if reader.has("n_per_arm"):
        if reader.has("ratio"):
            raise reader.refuse("a ratio goes with total, not with n_per_arm.", "ratio")
        per_arm = by_arm(reader, "n_per_arm", plan, lambda inner, key: whole(inner, key, 0, 2, _MOST_PEOPLE))
        return tuple(per_arm)
    ratio = reader.numbers("ratio") if reader.has("ratio") else (1.0,) * len(plan.arms)
    if len(ratio) != len(plan.arms) or min(ratio) <= 0:
        raise reader.refuse(f"a number above zero is expected for each of {', '.join(plan.arms)}.", "ratio")
    return shared_out(whole(reader, "total", 0, 2 * len(plan.arms), _MOST_PEOPLE), ratio)


def shared_out(total: int, ratio: tuple[float, ...]) -> tuple[int, ...]:
    """``total`` people by arm in proportion to ``ratio``, whole people by the largest remainder."""
    exact = total * np.array(ratio) / sum(ratio)
    whole = np.floor(exact + 1e-9).astype(int)
    whole[np.argsort(-(exact - whole), kind="stable")[: total - int(whole.sum())]] += 1
    return tuple(whole.tolist())


def _means(reader: Reader, plan: Plan) -> tuple[tuple[float, ...], ...]:
    start = number(reader, "baseline_mean", 0.0)
    later = len(plan.waves) - 1

    def changes(inner: Reader, key: str) -> tuple[float, ...]:
        return per_wave(inner, key, later)

    alone = reader.has("mean_changes") and not reader.holds("mean_changes", dict)
    if alone:  # one number or list is the interventions'
        own = changes(reader, "mean_changes")
        found = [(0.0,) * later] + [own] * (len(plan.arms) - 1)
    else:
        found = by_arm(reader, "mean_changes", plan, changes, absent=(0.0,) * later)
    return tuple((start, *(start + one for one in own)) for own in found)


def _dropout(reader: Reader, plan: Plan) -> tuple[tuple[float, ...], ...]:
    later = len(plan.waves) - 1
    if not reader.has("dropout"):
        return ((0.0,) * later,) * len(plan.arms)
    found = by_arm(reader, "dropout", plan, lambda inner, key: per_wave(inner, key, later), absent=(0.0,) * later)
    for one in found:
        if min(one) < 0 or max(one) >= 1 or list(one) != sorted(one):
            raise reader.refuse(
                "the share of people gone by each later wave is expected, from 0 to below 1 and never falling.",
                "dropout",
            )
    return tuple(found)


def _covariance(reader: Reader, waves: int) -> tuple[tuple[float, ...], ...]:
    sd = np.array(per_wave(reader, "sd", waves))
    if np.any(sd <= 0):
        raise reader.refuse("a number above zero is expected.", "sd")
    if reader.has("icc") == reader.has("correlations"):
        raise reader.refuse("either icc or correlations is needed.", "icc")
    if reader.has("icc"):
        icc = number(reader, "icc", 0.0)
        if not 0 <= icc < 1:
            raise reader.refuse("a correlation from 0 to below 1 is expected.", "icc")
        matrix = icc + (1 - icc) * np.eye(waves)
    else:
        matrix = _matrix(reader, "correlations", waves)
    covariance: list[list[float]] = (matrix * np.outer(sd, sd)).tolist()
    return tuple(tuple(row) for row in covariance)


def _matrix(reader: Reader, key: str, waves: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    rows = reader.rows(key)
    if len(rows) != waves or any(len(row) != waves for row in rows):
        raise reader.refuse(f"{waves} rows of {waves} numbers are expected.", key)
    matrix = np.array(rows)
    if np.any(matrix != matrix.T) or np.any(np.diag(matrix) != 1) or np.linalg.eigvalsh(matrix)[0] <= 1e-9:
        raise reader.refuse(
            "a correlation matrix is expected: symmetric, ones on the diagonal, positive definite.", key
        )
    return matrix


def _strata(reader: Reader, model: Model) -> list[dict[str, float]]:
    """Shares by level of each covariate, in the model's order."""
    given = reader.mapping("strata")
    for name in given:
        if name not in model.covariates:
            raise reader.refuse(
                f"{name} is no covariate of the model; a factor that it ignores changes nothing.", "strata"
            )
    found = []
    for name in model.covariates:
        if name not in given:
            raise reader.refuse(f"the shares of the levels of the covariate {name} are needed.", "strata")
        shares = given[name]
        if (
            not isinstance(shares, dict)
            or len(shares) < 2
            or any(not isinstance(x, int | float) for x in shares.values())
        ):
            raise reader.refuse(f"{name}: a share for each of two levels or more is expected.", "strata")
        if abs(sum(shares.values()) - 1) > 1e-6 or min(shares.values()) < 0:
            raise reader.refuse(f"{name}: the shares must add to 1.", "strata")
        found.append({level: float(x) for level, x in shares.items()})
    return found


def _coach_sd(reader: Reader, coaches: int, covariance: tuple[tuple[float, ...], ...]) -> float:
    share = number(reader, "coach_icc", 0.0)
    if not 0 <= share < 1 or bool(share) != bool(coaches):
        raise reader.refuse("coaches and coach_icc, from 0 to below 1, go together.", "coach_icc")
    return float(np.sqrt(covariance[-1][-1] * share / (1 - share)))


def _one_of(reader: Reader, key: str, names: tuple[str, ...], default: int) -> int:
    name = reader.text(key, names[default])
    if name not in names[1:]:
        raise reader.refuse(f'"{name}" is not known here. {nearest(name, names[1:])}', key)
    return names.index(name)
