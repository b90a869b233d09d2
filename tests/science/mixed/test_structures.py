"""Every covariance structure against brute force in R: `validation/mixed/structures.R`.

There whole n x n matrices are inverted and everything is differentiated numerically, so nothing but the model is
shared with the package. The largest relative differences are 1e-11 (log-likelihood), 1e-9 (standard errors),
1e-7 (Kenward-Roger's) and 6e-5 (degrees of freedom, which R differentiates twice numerically).
"""

import json
from typing import Any

import pytest
from tests.science.mixed.datasets import OURS, data_set

from confrere.science.mixed import Inference, fit_strata, random_intercept
from confrere.science.mixed.covariance import STRUCTURES
from confrere.science.mixed.general import fit_general
from confrere.science.mixed.patterns import make_patterns

SETS: dict[str, dict[str, Any]] = json.loads((OURS / "structures.json").read_text())["sets"]
CASES = [(file, name) for file, found in SETS.items() for name in found]


@pytest.mark.parametrize(("file", "name"), CASES)
def test_against_brute_force(file: str, name: str) -> None:
    data, theirs = data_set(file), SETS[file][name]
    design = data.design
    patterns = make_patterns(design, data.outcome, data.cluster, data.wave)
    fit = fit_general(patterns, design, STRUCTURES[name])
    assert fit.loglik == pytest.approx(theirs["logLik_REML"], abs=2e-8)
    assert fit.theta == pytest.approx(theirs["theta"], rel=1e-4, abs=1e-4)
    assert fit.beta == pytest.approx(theirs["estimate"], rel=1e-5, abs=1e-6)
    if theirs.get("nlme_logLik_REML") is not None:
        assert fit.loglik == pytest.approx(theirs["nlme_logLik_REML"], abs=1e-6)
    satterthwaite, kenward_roger = Inference(fit, method="satterthwaite"), Inference(fit)
    for j in range(len(data.names)):
        model, adjusted = satterthwaite.coefficient(j), kenward_roger.coefficient(j)
        assert model.se == pytest.approx(theirs["se"][j], rel=1e-5)
        assert model.df == pytest.approx(theirs["satterthwaite_df"][j], rel=1e-4)
        assert adjusted.se == pytest.approx(theirs["kenward_roger_se"][j], rel=1e-5)
    full = fit_general(patterns, design, STRUCTURES[name], "ml")
    assert full.loglik == pytest.approx(theirs["logLik_ML"], abs=2e-8)


def test_negative_compound_symmetry() -> None:
    """Where people agree less with themselves than with others, SAS lets the covariance be negative."""
    data = data_set("orthodont")
    outcome = data.outcome.copy()
    outcome[data.wave % 2 == 1] *= -1
    patterns = make_patterns(data.design, outcome, data.cluster, data.wave)
    fit = fit_general(patterns, data.design, STRUCTURES["compound-symmetry"])
    assert fit.theta[0] < 0
    assert fit.theta[0] + fit.theta[1] / 4 > 0
    boundary = fit_strata(random_intercept(data.design, outcome, data.cluster), data.design)
    assert boundary.theta[0] == 0
    assert boundary.loglik < fit.loglik
