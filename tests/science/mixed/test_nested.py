"""Coaches nested in one arm against lme4, lmerTest and pbkrtest (validation/estimands/references.R)."""

import json
from pathlib import Path

import numpy as np
import pytest

from confrere.analysis import plan_from, read_csv
from confrere.analysis.frame import Frame, make_frame
from confrere.analysis.panel import make_panel
from confrere.science.mixed import Inference, ModelError, fit_strata, make_design, random_intercept
from confrere.science.mixed.nested import Coaches, fit_nested

DATA = Path(__file__).parents[2] / "data" / "estimands"
THEIRS = json.loads((DATA / "nested.json").read_text())
PLAN = plan_from(
    {
        "columns": {"id": "id", "arm": "arm", "wave": "wave"},
        "arms": {"control": "delayed", "interventions": ["coaching", "group"]},
        "waves": {"baseline": "baseline", "order": ["baseline", "month3", "month6", "month12"]},
        "model": {"covariates": ["gender", "years"], "levels": {"gender": ["woman", "man"]}},
        "outcomes": [{"name": "burnout"}],
    }
)
DF = {"satterthwaite": ("se", "satterthwaite"), "kenward-roger-expected": ("kr_se", "kr")}


@pytest.fixture(scope="module")
def frame() -> Frame:
    panel = make_panel(PLAN, read_csv((DATA / "coaches.csv").read_bytes()))
    return make_frame(PLAN, PLAN.outcomes[0], panel, np.ones(panel.person.size, dtype=np.bool_))


def coaches(frame: Frame, *, rows: str) -> Coaches:
    cells = [cell or "" for cell in frame.panel.columns.column("coach")[frame.rows]]
    names = sorted(set(cells) - {""})
    coach = np.array([names.index(cell) if cell else -1 for cell in cells], dtype=np.intp)
    after = frame.panel.wave[frame.rows] > 0
    return Coaches(coach, np.ones(coach.size) if rows == "all" else after.astype(float))


@pytest.mark.parametrize("method", DF)
@pytest.mark.parametrize("rows", ["all", "after"])
def test_against_lme4(rows: str, method: str, frame: Frame) -> None:
    theirs = THEIRS[rows]
    design = make_design(frame.matrix(), *frame.labels)
    fit = fit_nested(design, frame.values, frame.person, coaches(frame, rows=rows))
    assert fit.loglik == pytest.approx(theirs["loglik"], abs=1e-8)
    variances = {row["grp"].lower(): row["vcov"] for row in theirs["variance"]}
    assert dict(zip(fit.parameters, fit.theta, strict=True)) == pytest.approx(variances, rel=1e-6)
    ours = Inference(fit, method=method)  # type: ignore[arg-type]  # a name from the table above
    rows_of = {row["name"]: row for row in theirs["fixed"]}
    se, df = DF[method]
    for j, name in enumerate(frame.labels[0]):
        row = rows_of[name.replace("[", "").replace("]", "").replace("time", "wave")]
        value = ours.coefficient(j)
        assert (value.estimate, value.se, value.df) == pytest.approx((row["estimate"], row[se], row[df]), rel=1e-6)


def test_maximum_likelihood(frame: Frame) -> None:
    design = make_design(frame.matrix(), *frame.labels)
    fit = fit_nested(design, frame.values, frame.person, coaches(frame, rows="after"), "ml")
    assert fit.loglik == pytest.approx(THEIRS["ml"]["loglik"], abs=1e-8)
    assert fit.theta[0] == pytest.approx(THEIRS["ml"]["variance"][1]["vcov"], rel=1e-6)


def test_derivatives(frame: Frame) -> None:
    """The score is zero at the maximum, and the information is what differences of the likelihood say."""
    design = make_design(frame.matrix(), *frame.labels)
    fit = fit_nested(design, frame.values, frame.person, coaches(frame, rows="after"))
    assert fit.score == pytest.approx(np.zeros(3), abs=1e-6)
    assert (fit.n_obs, fit.n_clusters) == (frame.rows.size, 150)
    assert np.all(np.linalg.eigvalsh(fit.observed) > 0)


def test_coaches_who_make_no_difference(frame: Frame) -> None:
    """Coaches given at random: the variance between them is zero, and the rest is the model without them."""
    design = make_design(frame.matrix(), *frame.labels)
    known = coaches(frame, rows="all")
    shuffled = np.where(known.coach >= 0, frame.person % 7, -1)
    fit = fit_nested(design, frame.values, frame.person, Coaches(shuffled, known.acts))
    plain = fit_strata(random_intercept(design, frame.values, frame.person), design)
    assert fit.theta[0] == 0.0
    assert not fit.free[0]
    assert fit.loglik == pytest.approx(plain.loglik, abs=1e-9)
    assert fit.theta[1:] == pytest.approx(plain.theta, rel=1e-7)
    assert fit.within == pytest.approx(plain.within, abs=1e-10)


def one_row_each() -> tuple[np.ndarray, np.ndarray, Coaches]:
    rng = np.random.Generator(np.random.Philox(5))
    coach = np.array([-1] * 30 + [i % 5 for i in range(30)], dtype=np.intp)
    values = rng.normal(size=60) + np.where(coach < 0, 0.0, np.array([0.0, 1.5, -1.5, 1.0, -1.0])[coach])
    matrix = np.column_stack([np.ones(60), (coach >= 0).astype(float)])
    return matrix, values, Coaches(coach, np.ones(60))


def test_one_row_each() -> None:
    """Without a second row there is no participant effect. Balanced coaches: the variances have closed forms."""
    matrix, values, known = one_row_each()
    design = make_design(matrix, ("(Intercept)", "arm"), ("(Intercept)", "arm"))
    fit = fit_nested(design, values, np.arange(60), known)
    assert fit.parameters == ("coach", "residual")
    coached = values[30:].reshape(6, 5)
    between = 6 * coached.mean(axis=0).var(ddof=1)
    inside = float(((coached - coached.mean(axis=0)) ** 2).sum() + ((values[:30] - values[:30].mean()) ** 2).sum())
    residual = inside / (25 + 29)
    assert fit.theta == pytest.approx([(between - residual) / 6, residual], rel=1e-7)
    assert fit.n_clusters == 60


def test_a_search_that_does_not_end(frame: Frame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("confrere.science.mixed.nested._MOST_STEPS", 1)
    design = make_design(frame.matrix(), *frame.labels)
    with pytest.raises(ModelError, match="does not end"):
        fit_nested(design, frame.values, frame.person, coaches(frame, rows="all"))


def test_what_cannot_be_told() -> None:
    matrix, values, known = one_row_each()
    design = make_design(matrix, ("(Intercept)", "arm"), ("(Intercept)", "arm"))
    people = np.arange(60)
    with pytest.raises(ModelError, match="needs two coaches"):
        fit_nested(design, values, people, Coaches(np.minimum(known.coach, 0), known.acts))
    with pytest.raises(ModelError, match="one participant only"):
        fit_nested(design, values, people, Coaches(np.where(known.coach < 0, -1, people - 30), known.acts))
    everybody = Coaches(people % 4, known.acts)
    assert fit_nested(design, values, people, everybody).n_obs == 60
