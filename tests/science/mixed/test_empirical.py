"""Empirical covariances against clubSandwich 0.5.8 (R 4.2.2), `validation/mixed/empirical.R`.

Tolerances are those of R's optimizers: the fits agree to about 1e-8 (lme4), 1e-6 (nlme, correlations).
"""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.science.mixed.datasets import OURS, Data, data_set

from confrere.science.mixed import (
    KINDS,
    Fit,
    Inference,
    ModelError,
    empirical,
    fit_strata,
    independent,
    make_design,
    random_intercept,
)
from confrere.science.mixed.covariance import STRUCTURES
from confrere.science.mixed.general import fit_general
from confrere.science.mixed.patterns import make_patterns

FITS: dict[str, dict[str, Any]] = json.loads((OURS / "empirical.json").read_text())["fits"]
CASES = [(file, model, kind) for file, fits in FITS.items() for model in fits for kind in KINDS]


def fitted(data: Data, model: str) -> tuple[Fit, Data]:
    design = data.design
    if model == "random-intercept":
        return fit_strata(random_intercept(design, data.outcome, data.cluster), design), data
    if model == "independent":
        keep, columns = data.wave == 1, [j for j, term in enumerate(data.terms) if "time" not in term]
        names, terms = (tuple(which[j] for j in columns) for which in (data.names, data.terms))
        outcome, rows = data.outcome[keep], np.arange(int(keep.sum()))
        part = Data(data.matrix[keep][:, columns], names, terms, outcome, rows, rows * 0)
        return fit_strata(independent(part.design, outcome), part.design), part
    patterns = make_patterns(design, data.outcome, data.cluster, data.wave)
    return fit_general(patterns, design, STRUCTURES[model]), data


@pytest.mark.parametrize(("file", "model", "kind"), CASES)
def test_against_clubsandwich(file: str, model: str, kind: Any) -> None:
    theirs = FITS[file][model]
    fit, data = fitted(data_set(file), model)
    found = empirical(fit, data.outcome, data.cluster, kind=kind, wave=data.wave)
    inference = Inference(fit, empirical=found)
    loose = 1e-6 if model in {"random-intercept", "independent"} else 1e-4
    assert fit.beta == pytest.approx(theirs["estimate"], rel=loose, abs=loose)
    for j, (se, df) in enumerate(zip(theirs[kind.upper()]["se"], theirs[kind.upper()]["df"], strict=True)):
        ours = inference.coefficient(j)
        assert (ours.se, ours.df) == pytest.approx((se, df), rel=loose)
    joint = theirs[kind.upper()]["joint"]
    ours_joint = inference.joint(np.eye(len(data.names))[joint["rows"]], term="")
    assert ours_joint.statistic == pytest.approx(joint["F"], rel=10 * loose)
    assert (ours_joint.denominator_df, ours_joint.p) == pytest.approx((joint["den_df"], joint["p"]), rel=10 * loose)


def test_cr2_is_unbiased_where_the_working_covariance_is_right() -> None:
    """By algebra: the expectation of ``A e e' A'`` is V where ``A M A = V``."""
    fit, data = fitted(data_set("five_waves"), "unstructured")
    found = empirical(fit, data.outcome, data.cluster, kind="cr2", wave=data.wave)
    total = np.zeros_like(fit.phi)
    for block in found.blocks:
        left = block.working - block.design @ fit.phi @ block.design.swapaxes(1, 2)
        total += np.einsum("d,dma,dmn,dnb->ab", block.count, block.pull, left, block.pull)
    assert fit.phi @ total @ fit.phi == pytest.approx(fit.phi, rel=1e-8, abs=1e-10)


@pytest.mark.parametrize("kind", KINDS)
def test_row_order_does_not_matter(kind: Any) -> None:
    data = data_set("five_waves")
    order = np.random.default_rng(5).permutation(data.outcome.size)
    mixed = Data(data.matrix[order], data.names, data.terms, data.outcome[order], data.cluster[order], data.wave[order])
    answers = []
    for one in (data, mixed):
        fit, _ = fitted(one, "ar1")
        found = empirical(fit, one.outcome, one.cluster, kind=kind, wave=one.wave)
        ours = Inference(fit, empirical=found).coefficient(1)
        answers.append((ours.se, ours.df))
    assert answers[0] == pytest.approx(answers[1], rel=1e-8)


def test_counting_methods_keep_their_count() -> None:
    fit, data = fitted(data_set("kiser_sim"), "random-intercept")
    found = empirical(fit, data.outcome, data.cluster, kind="cr0")
    inference = Inference(fit, method="containment", empirical=found)
    assert inference.coefficient(6).df == 233 - 123 - 2
    assert inference.joint(np.eye(7)[[1, 6]], term="arm").denominator_df == 233 - 123 - 2


def test_maximum_likelihood_is_no_obstacle() -> None:
    """Kenward-Roger is refused for ML; an empirical covariance does not use it."""
    data = data_set("kiser_sim")
    fit = fit_strata(random_intercept(data.design, data.outcome, data.cluster), data.design, "ml")
    found = empirical(fit, data.outcome, data.cluster, kind="cr2")
    assert Inference(fit, empirical=found).coefficient(6).df > 90


def test_a_general_covariance_needs_the_waves() -> None:
    fit, data = fitted(data_set("five_waves"), "ar1")
    with pytest.raises(ModelError, match="needs to know the wave"):
        empirical(fit, data.outcome, data.cluster, kind="cr0")


def test_participants_who_share_coaches_are_no_clusters() -> None:
    fit, data = fitted(data_set("kiser_sim"), "random-intercept")
    shared = replace(fit, parameters=("coach", "id", "residual"), theta=np.ones(3))
    with pytest.raises(ModelError, match="share coaches"):
        empirical(shared, data.outcome, data.cluster, kind="cr2")


def few(arm: list[int]) -> tuple[Fit, Inference]:
    person = np.repeat(np.arange(len(arm)), 2)
    time = np.tile([0.0, 1.0], len(arm))
    group = np.repeat(np.array(arm, float), 2)
    names = ("(Intercept)", "arm", "time", "arm:time")
    design = make_design(np.column_stack([np.ones(person.size), group, time, group * time]), names, names)
    outcome = np.array([3, 4, 5, 5.5, 2, 2.2, 4, 2, 6, 3.1, 3, 2.5])[: person.size]
    fit = fit_strata(random_intercept(design, outcome, person), design)
    return fit, Inference(fit, empirical=empirical(fit, outcome, person, kind="cr2"))


def test_an_arm_of_one_person_says_nothing() -> None:
    """The person's residuals are zero, and so is every sum of squares of the mean of that arm."""
    _, inference = few([0, 0, 0, 1])
    with pytest.raises(ModelError, match="residuals say nothing about this contrast"):
        inference.contrast(np.array([1.0, 1, 0, 0]), term="arm")
    assert inference.contrast(np.array([1.0, 0, 0, 0]), term="arm").df == pytest.approx(2)


def test_too_few_people_for_a_joint_test() -> None:
    _, inference = few([0, 0, 0, 1, 1])
    with pytest.raises(ModelError, match="too few participants for a joint test"):
        inference.joint(np.eye(4), term="all")
