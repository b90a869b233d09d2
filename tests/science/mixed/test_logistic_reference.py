"""The logistic random intercept against R's exact fits (61 adaptive nodes, full observed information).

`pytest -s` prints the largest relative error per quantity; the reference itself stops near a gradient of 1e-5.
"""

import csv
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from tests.agreement import Agreement
from tests.science.mixed.datasets import SHARED, column, data_set

from confrere.science.mixed import make_design
from confrere.science.mixed.logistic import LogisticFit, fit_logistic

TOLERANCE = {"loglik": 1e-6, "estimate": 1e-4, "se": 1e-3, "sigma": 1e-4, "covariance": 1e-3}


@pytest.fixture(scope="module")
def errors() -> Iterator[Agreement]:
    found = Agreement("logistic models", TOLERANCE, floor=1e-2)
    yield found
    print(found.table())  # noqa: T201  (what this file is run for by hand)


def agree(errors: Agreement, fit: LogisticFit, theirs: dict[str, Any]) -> None:
    errors.hold("loglik", fit.loglik, theirs["logLik_without_binomial_constant"])
    errors.hold("sigma", fit.sigma, theirs["sigma_b"])
    turn = np.eye(fit.coefficients.size + 1)
    turn[:-1, :-1] = fit.design.basis
    turn[-1, -1] = 1 / fit.sigma  # the reference has the logarithm of sigma
    covariance = turn @ fit.covariance @ turn.T
    largest = np.abs(covariance - np.array(theirs["vcov_beta_logsigma"])).max() / np.abs(covariance).max()
    errors.hold("covariance", 1 + float(largest), 1.0)
    for one, value, se in zip(theirs["fixed"], fit.beta, np.sqrt(np.diag(covariance)), strict=False):
        errors.hold("estimate", float(value), one["estimate"])
        errors.hold("se", float(se), one["se"])


def test_cbpp_binomial_counts(models: Any, errors: Agreement) -> None:
    """Counts are as many answers of one herd; R leaves the binomial constants out of this log-likelihood."""
    theirs = models("cbpp")["logit"]["exact_ML"]
    with (SHARED / "cbpp.csv").open() as handle:
        rows = list(csv.DictReader(handle))
    ill, size = (np.array([int(row[name]) for row in rows]) for name in ("incidence", "size"))
    expanded = np.repeat(np.arange(len(rows)), size)
    within = np.concatenate([np.arange(one) for one in size.tolist()])
    answers = (within < ill[expanded]).astype(float)
    periods = np.array([row["period"] for row in rows])
    herds = np.unique([row["herd"] for row in rows], return_inverse=True)[1]
    columns = [np.ones(len(rows)), *((periods == one).astype(float) for one in "234")]
    names = ("(Intercept)", "period2", "period3", "period4")
    design = make_design(np.column_stack(columns)[expanded], names, names)
    agree(errors, fit_logistic(design, answers, herds[expanded]), theirs)


@pytest.mark.parametrize(
    ("model", "outcome"), [("mitt_logit_burnout_regular", "burnout_high"), ("mitt_logit_fulfilled", "fulfilled")]
)
def test_kiser(model: str, outcome: str, models: Any, errors: Agreement) -> None:
    data = data_set("kiser_sim")
    woman = 1 - data.matrix[:, 3] - data.matrix[:, 4]
    columns = [*data.matrix[:, :3].T, woman, data.matrix[:, 5], data.matrix[:, 6]]
    names = ("(Intercept)", "arm", "time", "woman", "department", "arm:time")
    design = make_design(np.column_stack(columns), names, names)
    fit = fit_logistic(design, column("kiser_sim", outcome), data.cluster)
    agree(errors, fit, models("kiser_sim")[model]["exact_ML"])
