"""Every estimator against R: lme4 1.1-31, lmerTest 3.1-3, pbkrtest 0.5.2, mmrm 0.3.18 (SAS flavour).

Tolerances are relative and come from R's own precision: lme4's optimizer stops near 1e-8 of a variance and
lmerTest differentiates numerically. `pytest -s` prints the largest relative error per quantity.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from tests.agreement import Agreement

from confrere.science.mixed import Inference, fit_strata, random_intercept

TOLERANCE = {
    "loglik": 1e-6,
    "variance": 1e-5,
    "estimate": 1e-6,
    "se": 1e-6,
    "satterthwaite df": 1e-4,
    "satterthwaite p": 1e-5,
    "kenward-roger se": 1e-6,
    "kenward-roger df": 1e-6,
    "kenward-roger p": 1e-5,
    "covariance": 1e-6,
    "joint F": 1e-5,
    "joint df": 1e-4,
}


@pytest.fixture(scope="module")
def errors() -> Iterator[Agreement]:
    found = Agreement("mixed models", TOLERANCE, floor=1e-3)
    yield found
    print(found.table())  # noqa: T201  (what this file is run for by hand)


def test_fit_against_lme4(case: Any, errors: Agreement) -> None:
    strata = random_intercept(case.design, case.outcome, case.cluster)
    fit = fit_strata(strata, case.design)
    full = fit_strata(strata, case.design, "ml")
    assert abs(fit.loglik - case.reference["logLik_REML"]) <= 1e-6
    assert abs(full.loglik - case.reference["logLik_ML_at_ML"]) <= 1e-6
    for ours, theirs in zip(fit.theta, case.reference["variance_components"], strict=True):
        errors.hold("variance", float(ours), theirs["vcov"])
    theirs = np.atleast_2d(case.reference["vcov_beta"]["values"])
    largest = float(np.abs(fit.covariance - theirs).max() / np.abs(theirs).max())
    errors.hold("covariance", 1 + largest, 1.0)
    assert fit.free.tolist() == [not case.reference["singular"], True]


def test_tests_against_lmertest_and_pbkrtest(case: Any, errors: Agreement) -> None:
    fit = fit_strata(random_intercept(case.design, case.outcome, case.cluster), case.design)
    satterthwaite = Inference(fit, method="satterthwaite")
    kenward_roger = Inference(fit, method="kenward-roger-expected")
    pbkrtest = np.atleast_2d(case.reference["vcov_beta_KR"]["values"])
    largest = float(np.abs(kenward_roger.covariance - pbkrtest).max() / np.abs(pbkrtest).max())
    errors.hold("covariance", 1 + largest, 1.0)
    for row, term, theirs in zip(
        np.eye(len(case.design.names)), case.design.terms, case.reference["fixed"], strict=True
    ):
        ours = satterthwaite.contrast(row, term=term)
        errors.hold("estimate", ours.estimate, theirs["estimate"])
        errors.hold("se", ours.se, theirs["se"])
        errors.hold("satterthwaite df", ours.df, theirs["satterthwaite"]["df"])
        errors.hold("satterthwaite p", ours.p, theirs["satterthwaite"]["p"])
        ours = kenward_roger.contrast(row, term=term)
        errors.hold("kenward-roger se", ours.se, theirs["kenward_roger"]["se"])
        errors.hold("kenward-roger df", ours.df, theirs["kenward_roger"]["df"])
        errors.hold("kenward-roger p", ours.p, theirs["kenward_roger"]["p"])


def test_joint_tests_of_terms_without_interaction_above(case: Any, errors: Agreement) -> None:
    fit = fit_strata(random_intercept(case.design, case.outcome, case.cluster), case.design)
    terms = case.design.terms
    for method, key in (("satterthwaite", "satterthwaite"), ("kenward-roger-expected", "kenward_roger")):
        inference = Inference(fit, method=method)  # type: ignore[arg-type]  # a literal, by construction
        for theirs in case.reference[f"anova_type3_{key}"]:
            term = theirs["term"]
            if any(term in other.split(":") for other in terms if ":" in other):
                continue
            rows = np.eye(len(terms))[[j for j, own in enumerate(terms) if own == term]]
            ours = inference.joint(rows, term=term)
            errors.hold("joint F", ours.statistic, theirs["F value"])
            errors.hold("joint df", ours.denominator_df, theirs["DenDF"])
            assert ours.numerator_df == theirs["NumDF"]


def test_sas_flavour_against_mmrm(kiser: Any, models: Any, errors: Agreement) -> None:
    """mmrm's linear Kenward-Roger of compound symmetry is SAS's; its optimizer stops near 1e-7."""
    theirs = models("kiser_sim")["mitt_mmrm_cs"]["Kenward-Roger-Linear"]["fixed"]
    fit = fit_strata(random_intercept(kiser.design, kiser.outcome, kiser.cluster), kiser.design)
    inference = Inference(fit)
    for j, row in enumerate(theirs):
        ours = inference.coefficient(j)
        errors.hold("kenward-roger se", ours.se, row["se"])
        errors.hold("kenward-roger df", ours.df, row["df"])
