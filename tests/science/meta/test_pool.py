"""Edges of pooling: agreement beyond chance, two studies, zero cells, what is refused."""

import numpy as np
import pytest

from confrere.science.meta import METHODS, MetaError, Method, from_means, from_tables, pool, regress
from confrere.science.meta.tau2 import Vector

ALIKE = np.array([0.3, 0.3, 0.3])
PRECISE = np.array([0.04, 0.01, 0.02])


def array(*values: float) -> Vector:
    return np.array(values)


@pytest.mark.parametrize("method", METHODS)
def test_studies_that_agree_show_no_heterogeneity(method: Method) -> None:
    found = pool(ALIKE, PRECISE, method=method)
    assert (found.tau2, found.i2) == (0.0, 0.0)
    assert found.tau2_ci == (0.0, 0.0)
    assert found.estimate == pytest.approx(0.3)
    assert found.weights.sum() == pytest.approx(100)


def test_equal_effects_predict_nothing() -> None:
    found = pool(ALIKE, PRECISE, method="EE")
    assert (found.prediction, found.prediction_t) == (None, None)


def test_of_two_studies_none_can_be_left_out() -> None:
    found = pool(array(0.0, 1.0), array(0.01, 0.01))
    assert np.isnan(found.without).all()
    assert found.prediction_t is None
    assert found.tau2 == pytest.approx(0.49)


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_the_unit_of_measurement_changes_nothing(scale: float) -> None:
    y, v = array(0.1, 0.9, -0.4, 1.3), array(0.1, 0.05, 0.2, 0.02)
    found, scaled = pool(y, v), pool(scale * y, scale**2 * v)
    assert scaled.p == pytest.approx(found.p, rel=1e-9)
    assert scaled.i2 == pytest.approx(found.i2, rel=1e-9)
    assert scaled.tau2_ci == pytest.approx(tuple(scale**2 * end for end in found.tau2_ci), rel=1e-9)


def test_the_highest_hill_of_the_likelihood_is_climbed() -> None:
    y, v = array(0, 0.02, 10, -10, 0.01, 0, 0, 0.01), array(1e-6, 1e-6, 50, 50, 1e-6, 1e-6, 1e-6, 1e-6)

    def restricted(tau2: float) -> float:
        w = 1 / (v + tau2)
        mean = (w * y).sum() / w.sum()
        return float(0.5 * (np.log(w).sum() - np.log(w.sum()) - (w * (y - mean) ** 2).sum()))

    found = pool(y, v).tau2
    assert all(restricted(found) >= restricted(tau2) for tau2 in [0.0, *np.geomspace(1e-9, 1e3, 400)])


def test_a_zero_cell_gets_a_half_in_all_four() -> None:
    found = from_tables("OR", array(0, 5), array(10, 5), array(4, 5), array(6, 5))
    assert list(found.corrected) == [True, False]
    assert found.yi == pytest.approx(np.log([(0.5 * 6.5) / (10.5 * 4.5), 1.0]))


@pytest.mark.parametrize(
    ("y", "v", "row", "sentence"),
    [
        (array(1.0), array(1.0), None, "At least two studies"),
        (array(1.0, np.nan), array(1.0, 1.0), 1, "finite numbers"),
        (array(1.0, 2.0), array(0.0, 1.0), 0, "0 is not above zero"),
    ],
)
def test_what_cannot_be_pooled_is_refused(y: Vector, v: Vector, row: int | None, sentence: str) -> None:
    with pytest.raises(MetaError, match=sentence) as caught:
        pool(y, v)
    assert caught.value.row == row


# R 4.2.2, metafor 3.8-1: rma(c(.1, .9, -.4, 1.3), c(.1, .05, .2, .02), method = …) with tight tolerances: coef, tau2.
FOUR: dict[Method, tuple[float, float]] = {
    "REML": (0.548863693066, 0.474912902813),
    "ML": (0.573864243924, 0.326999891734),
    "DL": (0.560611855995, 0.394523809524),
    "PM": (0.547462538886, 0.486257495634),
    "HE": (0.546223242217, 0.496666666667),
    "SJ": (0.548453082313, 0.47819225164),
    "EE": (0.964705882353, 0),
}


@pytest.mark.parametrize("method", METHODS)
def test_four_studies_by_every_method(method: Method) -> None:
    found = pool(array(0.1, 0.9, -0.4, 1.3), array(0.1, 0.05, 0.2, 0.02), method=method)
    assert (found.estimate, found.tau2) == pytest.approx(FOUR[method], rel=1e-8)


def test_a_moderator_that_explains_everything_leaves_no_variance() -> None:
    found = regress(array(1, 2, 3, 4), array(0.1, 0.2, 0.1, 0.3), array(0, 1, 2, 3)[:, None], knapp_hartung=True)
    assert found.tau2 == 0
    assert found.df == 2
    assert found.coefficients == pytest.approx(array(1, 1))
    assert found.quantile(0.95) == pytest.approx(4.302652729911275)  # Student's t, 2 degrees of freedom


def test_counts_and_means_give_the_textbook_effects() -> None:
    found = from_tables("RD", array(3), array(7), array(1), array(9))
    assert (found.yi[0], found.vi[0]) == pytest.approx((0.2, 0.021 + 0.009))
    found = from_tables("RR", array(3), array(7), array(1), array(9))
    assert (found.yi[0], found.vi[0]) == pytest.approx((np.log(3), 1 / 3 - 0.1 + 1 - 0.1))
    ten = (array(5), array(2), array(10))
    found = from_means("SMD", ten, (array(3), array(2), array(10)))
    # R 4.2.2: exp(lgamma(9) - log(sqrt(9)) - lgamma(8.5)) = 0.957646427024
    assert found.yi[0] == pytest.approx(0.957646427024, rel=1e-8)
