"""Every fit of the reference files against metafor 3.8-1; ``tight.json`` is metafor with tight tolerances."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from confrere.science.meta import Effects, Pooled, from_means, from_tables, pool, regress
from confrere.science.meta.tau2 import Vector

TIGHT = json.loads(Path(__file__).with_name("tight.json").read_text())
PARTS = [
    ("meta_bcg", "all", "RR"),
    ("meta_bcg", "OR", "OR"),
    ("meta_bcg", "RD", "RD"),
    ("meta_normand1999", "all", "MD"),
    ("meta_normand1999", "SMD_hedges_g", "SMD"),
]
# metafor's own searches were left at their defaults for these fits; REML, ML and PM agree to about 1e-10.
CLOSE = 1e-9


def read(shared: Path, file: str) -> tuple[dict[str, Any], dict[str, Vector]]:
    folder = shared / "reference" / "stats"
    reference = json.loads((folder / f"{file}.json").read_text())
    with (folder / reference["csv"]).open() as lines:
        rows = list(csv.DictReader(lines))
    numbers = {name: np.array([float(row[name]) for row in rows]) for name in rows[0] if is_number(rows[0][name])}
    return reference, numbers


def is_number(text: str) -> bool:
    return text.replace("-", "").replace(".", "").isdigit()


def effects(data: dict[str, Vector], measure: Any) -> Effects:
    if measure in ("MD", "SMD"):
        first, second = ((data[f"m{g}i"], data[f"sd{g}i"], data[f"n{g}i"]) for g in (1, 2))
        return from_means(measure, first, second)
    return from_tables(measure, *(data[name] for name in ("tpos", "tneg", "cpos", "cneg")))


def pair(found: tuple[float, float] | None) -> list[float] | None:
    return None if found is None else list(found)


def asked(found: Pooled) -> dict[str, Any]:
    return {
        "estimate": found.estimate,
        "se": found.se,
        "stat": found.statistic,
        "p": found.p,
        "ci": list(found.ci),
        "tau2": found.tau2,
        "I2": found.i2,
        "H2": found.h2,
        "Q": found.q,
        "Q_df": found.q_df,
        "Q_p": found.q_p,
        "prediction_interval": pair(found.prediction),
        "prediction_interval_riley_t_kminus2": pair(found.prediction_t),
        "df": found.df,
    }


@pytest.mark.parametrize(("file", "part", "measure"), PARTS)
def test_effects_and_variances(shared: Path, file: str, part: str, measure: str) -> None:
    reference, data = read(shared, file)
    found = effects(data, measure)
    assert found.yi == pytest.approx(np.array(reference[part]["yi"]), rel=1e-12)
    assert found.vi == pytest.approx(np.array(reference[part]["vi"]), rel=1e-12)


@pytest.mark.parametrize(("file", "part", "measure"), PARTS)
def test_every_fit(shared: Path, file: str, part: str, measure: str) -> None:
    reference, data = read(shared, file)
    given = effects(data, measure)
    for name, fit in reference[part]["fits"].items():
        found = asked(pool(given.yi, given.vi, method=fit["method"], knapp_hartung=name.endswith("knha")))
        known = {key: value for key, value in found.items() if value is not None}
        assert known.keys() == {key for key in found if fit[key] is not None}
        for key, value in known.items():
            assert value == pytest.approx(fit[key], rel=CLOSE), (name, key)


@pytest.mark.parametrize(("file", "part", "measure"), PARTS)
def test_what_needs_tight_tolerances(shared: Path, file: str, part: str, measure: str) -> None:
    _, data = read(shared, file)
    given, tight = effects(data, measure), TIGHT[measure]
    found = pool(given.yi, given.vi)
    assert found.tau2 == pytest.approx(tight["tau2"], rel=CLOSE)
    assert found.tau2_ci == pytest.approx(tight["tau2_ci"], rel=CLOSE)
    assert found.without == pytest.approx(np.array(tight["without"]), rel=1e-8)
    egger = regress(given.yi, given.vi, np.sqrt(given.vi)[:, None])
    assert egger.coefficients[1] / egger.covariance[1, 1] ** 0.5 == pytest.approx(tight["egger_z"], rel=1e-8)


@pytest.mark.parametrize(("name", "adjusted"), [("z", False), ("knha", True)])
def test_latitude_explains_the_bcg_trials(shared: Path, name: str, adjusted: bool) -> None:
    reference, data = read(shared, "meta_bcg")
    given, expected = effects(data, "RR"), reference["meta_regression"][name]
    found = regress(given.yi, given.vi, data["ablat"][:, None], knapp_hartung=adjusted)
    errors = np.sqrt(np.diag(found.covariance))
    assert list(found.coefficients) == pytest.approx(expected["estimate"], rel=CLOSE)
    assert list(errors) == pytest.approx(expected["se"], rel=CLOSE)
    assert found.tau2 == pytest.approx(expected["tau2"], rel=CLOSE)
    p_values = [found.p(statistic) for statistic in found.coefficients / errors]
    assert p_values == pytest.approx(expected["p"], rel=1e-8)
