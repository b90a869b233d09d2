"""Counted degrees of freedom, against nlme where its rule is the same; `validation/mixed/counted.R`.

SAS is not at hand. nlme's rule ("inner" and "outer") is SAS's between-within for every term but the intercept,
to which nlme gives the part within.
"""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.science.mixed.datasets import OURS, data_set

from confrere.science.mixed import Fit, Inference, ModelError, fit_strata, make_design, random_intercept
from confrere.science.mixed.covariance import STRUCTURES
from confrere.science.mixed.general import fit_general
from confrere.science.mixed.partition import counted_df
from confrere.science.mixed.patterns import make_patterns

SETS: dict[str, Any] = json.loads((OURS / "counted.json").read_text())["sets"]


def fitted(file: str) -> Fit:
    data = data_set(file)
    return fit_strata(random_intercept(data.design, data.outcome, data.cluster), data.design)


@pytest.mark.parametrize("file", SETS)
def test_between_within_against_nlme(file: str) -> None:
    fit = fitted(file)
    assert (fit.n_obs, fit.n_clusters) == (SETS[file]["rows"], SETS[file]["people"])
    for row in SETS[file]["terms"][1:]:
        assert counted_df(fit, row["term"], "between-within") == row["den_df"]


@pytest.mark.parametrize("file", SETS)
def test_containment_by_the_ranks_themselves(file: str) -> None:
    """SAS: the random effect contains the intercept alone, which gets its rank contribution to [X Z]."""
    data, fit = data_set(file), fitted(file)
    z = (data.cluster[:, None] == np.arange(data.cluster.max() + 1)).astype(float)
    both, x = (int(np.linalg.matrix_rank(one)) for one in (np.column_stack([data.matrix, z]), data.matrix))
    assert counted_df(fit, "(Intercept)", "containment") == both - x
    for term in dict.fromkeys(data.terms[1:]):
        assert counted_df(fit, term, "containment") == data.outcome.size - both


def test_an_unstructured_covariance_gets_the_part_between() -> None:
    """Potthoff and Roy's growth data: 27 children, two sexes, 25 for every effect, as SAS prints with TYPE=UN."""
    data = data_set("orthodont")
    patterns = make_patterns(data.design, data.outcome, data.cluster, data.wave)
    fit = fit_general(patterns, data.design, STRUCTURES["unstructured"])
    assert {counted_df(fit, term, "between-within") for term in data.terms} == {25.0}
    assert counted_df(fit, "fage", "containment") == 108 - 8


def test_as_many_people_as_effects_between_them() -> None:
    names = ("(Intercept)", "arm", "time")
    matrix = np.array([[1, 0, 0], [1, 0, 1], [1, 0, 2], [1, 1, 0], [1, 1, 1], [1, 1, 2]], float)
    design = make_design(matrix, names, names)
    strata = random_intercept(design, np.array([1, 3, 2, 4, 4.5, 7]), np.repeat([0, 1], 3))
    with pytest.raises(ModelError, match="no more participants than effects that distinguish them"):
        fit_strata(strata, design)


def test_a_count_that_comes_to_nothing() -> None:
    with pytest.raises(ModelError, match="The between-within rule leaves no degrees of freedom for arm"):
        Inference(replace(fitted("kiser_sim"), n_clusters=5), method="between-within").coefficient(1)
