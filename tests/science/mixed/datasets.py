"""The data sets of `validation/mixed/data.R`, with the fixed effects of its formulas in R's columns."""

import csv
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from confrere.science.mixed import Design, make_design

ROOT = Path(__file__).parents[3]
OURS = ROOT / "tests" / "data"
SHARED = Path(os.environ.get("CONFRERE_SHARED", ROOT.parent / "shared")) / "reference" / "stats" / "data"


@dataclass(frozen=True)
class Source:
    """Where a data set is and what its model is made of."""

    file: Path
    outcome: str
    cluster: str
    wave: str
    effects: tuple[tuple[str, tuple[str, ...]], ...]
    """Main effects in R's order, each with its levels (none for a number)."""
    product: tuple[str, str] | None


@dataclass(frozen=True)
class Data:
    """One data set in rows of the file."""

    matrix: NDArray[np.float64]
    names: tuple[str, ...]
    terms: tuple[str, ...]
    outcome: NDArray[np.float64]
    cluster: NDArray[np.intp]
    wave: NDArray[np.intp]

    @property
    def design(self) -> Design:
        """The fixed effects."""
        return make_design(self.matrix, self.names, self.terms)


ARM = ("control", "coaching")
GENDER = ("woman", "man", "prefer_not_to_say")
MONTHS = ("m0", "m2", "m3", "m5", "m8")
AGES = ("8", "10", "12", "14")
WAVES = ("0", "1", "2", "3", "4")
SOURCES = {
    "kiser_sim": Source(
        OURS / "kiser_sim.csv",
        "burnout",
        "id",
        "time",
        (
            ("arm", ARM),
            ("time", ("baseline", "month3")),
            ("gender", GENDER),
            ("department_of_medicine", ("no", "yes")),
        ),
        ("arm", "time"),
    ),
    "five_waves": Source(
        OURS / "five_waves.csv",
        "score",
        "id",
        "wave",
        (("arm", ARM), ("time", WAVES), ("site", ("north", "south", "west")), ("age", ())),
        ("arm", "time"),
    ),
    "btheb": Source(
        SHARED / "btheb_long.csv",
        "bdi",
        "subject",
        "time",
        (("treatment", ("TAU", "BtheB")), ("time", MONTHS), ("drug", ("No", "Yes")), ("length", ("lt6m", "gt6m"))),
        ("treatment", "time"),
    ),
    "orthodont": Source(
        SHARED / "orthodont.csv",
        "distance",
        "Subject",
        "age",
        (("Sex", ("Male", "Female")), ("fage", AGES)),
        ("Sex", "fage"),
    ),
    "sleepstudy": Source(SHARED / "sleepstudy.csv", "Reaction", "Subject", "Days", (("Days", ()),), None),
}


@cache
def _rows(name: str) -> list[dict[str, str]]:
    source = SOURCES[name]
    if not source.file.exists():
        pytest.skip("the reference data sets are not here; set CONFRERE_SHARED to their folder")
    with source.file.open() as handle:
        rows = [row for row in csv.DictReader(handle) if row[source.outcome] not in {"", "NA"}]
    rows = [row | {"fage": row.get("age", ""), "time": row.get("time", row.get("wave", ""))} for row in rows]
    return [row for row in rows if name != "kiser_sim" or row["mitt"] == "1"]


def column(name: str, which: str) -> NDArray[np.float64]:
    """Another column of a data set, as numbers."""
    return np.array([float(row[which]) for row in _rows(name)])


@cache
def data_set(name: str) -> Data:
    """A data set by name; the test is skipped where the data that are not ours are absent."""
    source, rows = SOURCES[name], _rows(name)
    columns = {"(Intercept)": np.ones(len(rows))}
    owner = {"(Intercept)": "(Intercept)"}
    made: dict[str, dict[str, NDArray[np.float64]]] = {}
    for effect, levels in source.effects:
        made[effect] = {f"{effect}{one}": np.array([row[effect] == one for row in rows], float) for one in levels[1:]}
        if not levels:
            made[effect] = {effect: np.array([float(row[effect]) for row in rows])}
        columns |= made[effect]
        owner |= dict.fromkeys(made[effect], effect)
    if source.product is not None:
        first, second = source.product
        both = {f"{a}:{b}": u * v for b, v in made[second].items() for a, u in made[first].items()}
        columns |= both
        owner |= dict.fromkeys(both, f"{first}:{second}")
    order = next((levels for effect, levels in source.effects if effect in {source.wave, "fage", "time"}), ())
    seen = [row[source.wave] for row in rows]
    wave = np.array([order.index(one) if order else int(one) for one in seen])
    return Data(
        np.column_stack(list(columns.values())),
        tuple(columns),
        tuple(owner.values()),
        np.array([float(row[source.outcome]) for row in rows]),
        np.unique([row[source.cluster] for row in rows], return_inverse=True)[1],
        wave,
    )
