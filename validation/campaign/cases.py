"""Random trials for the comparison with R: awkward on purpose, the same for the same seed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Table = dict[str, list[Any]]

STRUCTURES = (
    "unstructured",
    "compound-symmetry",
    "heterogeneous-cs",
    "ar1",
    "heterogeneous-ar1",
    "toeplitz",
    "heterogeneous-toeplitz",
    "ante-dependence",
)
SCALES = ((1.0, 0.0), (1e6, 0.0), (1e-6, 0.0), (1.0, 1e5), (1e3, -1e6))
"""(unit, offset) of the outcome; most cases have the first."""


@dataclass(frozen=True)
class Case:
    """One data set with one plan."""

    number: int
    plan: dict[str, Any]
    table: Table
    kind: str
    unit: float
    offset: float
    """The outcome is ``offset + unit * z``; R fits z, because lmerTest's numerical derivatives need its scale."""


def case(seed: int, number: int) -> Case:
    """Case ``number``; it does not depend on the others."""
    rng = np.random.default_rng([seed, number])
    waves, arms = int(rng.integers(2, 7)), int(rng.choice([2, 2, 2, 3]))
    general = bool(rng.random() < 0.45)
    people = _people(rng, arms, waves, general=general)
    numeric, factors = _covariates(rng, people.sum())
    unit, offset = SCALES[0] if rng.random() < 0.7 else SCALES[int(rng.integers(1, len(SCALES)))]
    table = _answers(rng, people, waves, numeric, factors)
    table["y"] = [unit * z + offset for z in table["y"]]
    model = _model(rng, waves, numeric, factors, general=general)
    names = [f"w{w}" for w in range(waves)]
    if model.get("time") == "linear":
        table["time"] = [str(3 * int(cell[1:])) for cell in table["time"]]
        names = [str(3 * w) for w in range(waves)]
    labels = [f"arm{a}" for a in range(arms)]
    plan = {
        "trial": {"title": f"Simulated trial {number}"},
        "columns": {"id": "id", "arm": "arm", "wave": "time"},
        "arms": {"control": labels[0], "interventions": labels[1:]},
        "waves": {"baseline": names[0]} | ({} if model.get("time") == "linear" else {"order": names}),
        "model": model,
        "outcomes": [{"name": "y"}],
    }
    return Case(number, plan, table, "structure" if general else "intercept", unit, offset)


def _people(rng: Generator, arms: int, waves: int, *, general: bool) -> NDArray[np.intp]:
    """How many in each arm: tiny, middling, or unbalanced."""
    low = 6 + 2 * waves if general else 3
    middle = int(rng.choice([low, 2 * low, 25, 40]))
    sizes = np.maximum(2, rng.integers(max(2, middle // 2), middle + 1, size=arms))
    if rng.random() < 0.15:
        sizes[-1] = 1 + (sizes[-1] // 4)
    return sizes


def _covariates(rng: Generator, people: int) -> tuple[dict[str, Any], dict[str, Any]]:
    numeric: dict[str, Any] = {}
    factors: dict[str, Any] = {}
    if rng.random() < 0.6:
        numeric["age"] = np.round(rng.normal(45, 10, people), 1)
    if rng.random() < 0.15:
        numeric["born"] = 2000 + rng.normal(0, 1e-2, people).round(4)
    if rng.random() < 0.1 and "age" in numeric:
        numeric["years"] = 2 * numeric["age"] + 1  # says the same: a column is dropped
    if rng.random() < 0.5:
        factors["gender"] = rng.choice(["woman", "man", "other"], people, p=[0.5, 0.45, 0.05])
    if rng.random() < 0.3:
        levels = int(rng.integers(3, max(4, min(12, people // 4))))
        factors["site"] = np.array([f"s{one:02d}" for one in rng.integers(0, levels, people)])
    return numeric, factors


def _answers(rng: Generator, people: NDArray[np.intp], waves: int, numeric: Any, factors: Any) -> Table:
    """Long rows in random order, with dropout, gaps, and now and then a wave that one arm misses."""
    arm = np.repeat(np.arange(people.size), people)
    n = arm.size
    spread = float(rng.choice([0.0, 0.3, 1.0, 3.0]))
    decay = float(rng.choice([0.0, 0.5, 0.9]))
    noise = rng.normal(size=(n, waves))
    for w in range(1, waves):
        noise[:, w] = decay * noise[:, w - 1] + np.sqrt(1 - decay**2) * noise[:, w]
    swell = np.exp(rng.normal(0, rng.choice([0.0, 0.3]), waves))
    values = 3 + spread * rng.normal(size=n)[:, None] + noise * swell + np.outer(arm, np.linspace(0, -0.6, waves))
    for one in numeric.values():
        values += 0.02 * (one - one.mean())[:, None]
    values = np.round(values, int(rng.choice([1, 3, 12])))
    seen = np.ones((n, waves), dtype=bool)
    if rng.random() < 0.8:
        leave = rng.geometric(min(0.9, float(rng.choice([0.05, 0.15, 0.3]))), n)
        seen &= np.arange(waves) <= leave[:, None]
    if rng.random() < 0.4:
        seen &= (rng.random((n, waves)) > 0.12) | (np.arange(waves) == 0)
    if rng.random() < 0.08 and waves > 2:
        seen[arm == people.size - 1, -1] = False
    who, wave = np.nonzero(seen)
    order = rng.permutation(who.size)
    who, wave = who[order], wave[order]
    table: Table = {
        "id": [f"p{one}" for one in who],
        "arm": [f"arm{one}" for one in arm[who]],
        "time": [f"w{one}" for one in wave],
        "y": [float(one) for one in values[who, wave]],
    }
    for name, cells in (numeric | factors).items():
        table[name] = [cell.item() for cell in cells[who]]
    return table


def _model(rng: Generator, waves: int, numeric: Any, factors: Any, *, general: bool) -> dict[str, Any]:
    as_what = str(rng.choice(["response", "response", "constrained", "covariate"]))
    linear = bool(rng.random() < 0.15)
    model: dict[str, Any] = {
        "covariates": [*numeric, *factors],
        "baseline_as": as_what,
        "estimation": str(rng.choice(["reml", "reml", "reml", "ml"])),
        "weights": str(rng.choice(["equal", "observed-rows"])),
    }
    if linear:
        model["time"] = "linear"
    model["covariance"] = str(rng.choice(STRUCTURES)) if general else "random-intercept"
    model["se"] = str(rng.choice(["model", "model", "model", "cr0", "cr2", "cr3"]))
    choices = ["kenward-roger-expected", "kenward-roger-expected", "satterthwaite"]
    model["df"] = "kenward-roger" if general else str(rng.choice(choices))
    if model["estimation"] == "ml":
        model["df"] = "satterthwaite"
    return model
