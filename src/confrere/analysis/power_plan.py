"""Reading the [design] of a plan: what `confrere power` simulates."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from confrere.analysis.errors import InputError, nearest
from confrere.analysis.plan import Model, Outcome, Plan
from confrere.analysis.plan_file import read_plan
from confrere.analysis.reader import Reader
from confrere.science.power import Analysis, Design, Truth

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
    count = _whole(reader, "waves", 2, 2, 5)
    order = ["baseline", *(f"follow-up {w}" for w in range(1, count))] if count > 2 else ["baseline", "follow-up"]
    return {"baseline": "baseline", "order": order}


def _power_plan(reader: Reader, plan: Plan, outcome: Outcome) -> PowerPlan:
    waves = len(plan.waves)
    if reader.has("waves") and _whole(reader, "waves", waves, 2, 5) != waves:
        raise reader.refuse(f"[waves] order lists {waves}.", "waves")
    coaches = _whole(reader, "coaches", 0, 0, 1000)
    covariance = _covariance(reader, waves)
    design = Design(
        arms=_people(reader, plan),
        waves=waves,
        dropout=_dropout(reader, plan),
        factors=_factors(reader, outcome.model),
        coaches=coaches,
    )
    found = PowerPlan(
        title=plan.title,
        arms=plan.arms,
        waves=plan.waves,
        design=design,
        truth=Truth(_means(reader, plan), covariance, _coach_sd(reader, coaches, covariance)),
        analysis=_analysis(reader, outcome),
        simulations=_whole(reader, "simulations", 10_000, 1, _MOST_SIMULATIONS),
        seed=_whole(reader, "seed", 1, 0, 2**63 - 1),
        arm=_one_of(reader, "arm", plan.arms, 1),
        wave=_one_of(reader, "wave", plan.waves, waves - 1),
    )
    reader.finish()
    return found


def _analysis(reader: Reader, outcome: Outcome) -> Analysis:
    model = outcome.model
    if outcome.kind == "binary":
        raise reader.refuse(
            "power for a binary outcome is not in this version; the primary outcome must be continuous."
        )
    if model.time == "linear":
        raise reader.refuse('power is for time = "factor".')
    if model.se != "model":
        raise reader.refuse('power is for se = "model".')
    if model.cluster is not None:
        raise reader.refuse(
            "power with coaches as a term of the model is not in this version; leave [model] cluster out."
        )
    alpha = _number(reader, "alpha", 1 - model.level)
    if not 0 < alpha < 0.5:
        raise reader.refuse("a number between 0 and 0.5 is expected, such as 0.05.", "alpha")
    return Analysis(model.baseline_as, model.covariance, model.df, model.estimation, round(alpha, 12))


def _people(reader: Reader, plan: Plan) -> tuple[int, ...]:
    if reader.has("n_per_arm") == reader.has("total"):
        raise reader.refuse("either n_per_arm or total is needed.", "n_per_arm")
    if reader.has("n_per_arm"):
        if reader.has("ratio"):
            raise reader.refuse("a ratio goes with total, not with n_per_arm.", "ratio")
        per_arm = _by_arm(reader, "n_per_arm", plan, lambda inner, key: _whole(inner, key, 0, 2, _MOST_PEOPLE))
        return tuple(per_arm)
    ratio = reader.numbers("ratio") if reader.has("ratio") else (1.0,) * len(plan.arms)
    if len(ratio) != len(plan.arms) or min(ratio) <= 0:
        raise reader.refuse(f"a number above zero is expected for each of {', '.join(plan.arms)}.", "ratio")
    return shared_out(_whole(reader, "total", 0, 2 * len(plan.arms), _MOST_PEOPLE), ratio)


def shared_out(total: int, ratio: tuple[float, ...]) -> tuple[int, ...]:
    """``total`` people by arm in proportion to ``ratio``, whole people by the largest remainder."""
    exact = total * np.array(ratio) / sum(ratio)
    whole = np.floor(exact + 1e-9).astype(int)
    whole[np.argsort(-(exact - whole), kind="stable")[: total - int(whole.sum())]] += 1
    return tuple(whole.tolist())


def _means(reader: Reader, plan: Plan) -> tuple[tuple[float, ...], ...]:
    start = _number(reader, "baseline_mean", 0.0)
    later = len(plan.waves) - 1

    def changes(inner: Reader, key: str) -> tuple[float, ...]:
        return _per_wave(inner, key, later)

    alone = reader.has("mean_changes") and not reader.holds("mean_changes", dict)
    if alone:  # one number or list is the interventions'
        own = changes(reader, "mean_changes")
        by_arm = [(0.0,) * later] + [own] * (len(plan.arms) - 1)
    else:
        by_arm = _by_arm(reader, "mean_changes", plan, changes, absent=(0.0,) * later)
    return tuple((start, *(start + one for one in own)) for own in by_arm)


def _dropout(reader: Reader, plan: Plan) -> tuple[tuple[float, ...], ...]:
    later = len(plan.waves) - 1
    if not reader.has("dropout"):
        return ((0.0,) * later,) * len(plan.arms)
    found = _by_arm(reader, "dropout", plan, lambda inner, key: _per_wave(inner, key, later), absent=(0.0,) * later)
    for one in found:
        if min(one) < 0 or max(one) >= 1 or list(one) != sorted(one):
            raise reader.refuse(
                "the share of people gone by each later wave is expected, from 0 to below 1 and never falling.",
                "dropout",
            )
    return tuple(found)


def _covariance(reader: Reader, waves: int) -> tuple[tuple[float, ...], ...]:
    sd = np.array(_per_wave(reader, "sd", waves))
    if np.any(sd <= 0):
        raise reader.refuse("a number above zero is expected.", "sd")
    if reader.has("icc") == reader.has("correlations"):
        raise reader.refuse("either icc or correlations is needed.", "icc")
    if reader.has("icc"):
        icc = _number(reader, "icc", 0.0)
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


def _factors(reader: Reader, model: Model) -> tuple[tuple[float, ...], ...]:
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
        found.append(tuple(float(x) for x in shares.values()))
    return tuple(found)


def _coach_sd(reader: Reader, coaches: int, covariance: tuple[tuple[float, ...], ...]) -> float:
    share = _number(reader, "coach_icc", 0.0)
    if not 0 <= share < 1 or bool(share) != bool(coaches):
        raise reader.refuse("coaches and coach_icc, from 0 to below 1, go together.", "coach_icc")
    return float(np.sqrt(covariance[-1][-1] * share / (1 - share)))


def _one_of(reader: Reader, key: str, names: tuple[str, ...], default: int) -> int:
    name = reader.text(key, names[default])
    if name not in names[1:]:
        raise reader.refuse(f'"{name}" is not known here. {nearest(name, names[1:])}', key)
    return names.index(name)


def _by_arm[T](
    reader: Reader, key: str, plan: Plan, read: Callable[[Reader, str], T], *, absent: T | None = None
) -> list[T]:
    """One value for all arms, or a table of arms; ``absent`` stands for arms that the table leaves out."""
    if not reader.holds(key, dict):
        return [read(reader, key)] * len(plan.arms)
    inner = reader.table(key)
    found = []
    for arm in plan.arms:
        if absent is not None and not inner.has(arm):
            found.append(absent)
        else:
            found.append(read(inner, arm))
    inner.finish()
    return found


def _per_wave(reader: Reader, key: str, count: int) -> tuple[float, ...]:
    """A number for all waves, or a list of one per wave."""
    if not reader.holds(key, list):
        value = reader.number(key)
        if value is None:
            raise reader.refuse("a number is needed.", key)
        return (value,) * count
    values = reader.numbers(key)
    if len(values) != count:
        raise reader.refuse(f"{count} numbers are expected, one for each wave.", key)
    return values


def _number(reader: Reader, key: str, default: float) -> float:
    value = reader.number(key, default)
    return default if value is None else value


def _whole(reader: Reader, key: str, default: int, low: int, high: int) -> int:
    value = reader.number(key, default)
    if value is None or value != int(value) or not low <= value <= high:
        raise reader.refuse(f"a whole number from {low} to {high} is expected.", key)
    return int(value)
