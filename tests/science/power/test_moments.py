"""Drawn directly or person by person: one distribution."""

from dataclasses import replace

import numpy as np
import pytest

from confrere.science.mixed import ModelError
from confrere.science.power import Analysis, Design, Truth
from confrere.science.power.design import make_cells
from confrere.science.power.moments import draw_in_full, draw_moments, draw_people, moments_of, with_means

SIGMA = ((1.0, 0.6, 0.3), (0.6, 2.0, 0.8), (0.3, 0.8, 1.5))
DESIGN = Design((7, 5), 3, ((0.2, 0.4), (0.0, 0.0)))
TRUTH = Truth(((1.0, 1.0, 1.0),) * 2, SIGMA)
CELLS = make_cells(DESIGN, Analysis())


def test_sums_by_hand() -> None:
    people = draw_people(DESIGN, TRUTH, CELLS, 40, np.random.default_rng(1))
    moments = moments_of(people, CELLS)
    for trial in range(40):
        counts, values = people.counts[:, :, trial], people.values[trial]
        first = 0
        squares = np.zeros((3, 3, 3))
        for cell in range(2):
            for p in (2, 1, 0):
                part = values[first : first + counts[cell, p], : p + 1]
                first += counts[cell, p]
                assert moments.sums[cell, p, : p + 1, trial] == pytest.approx(part.sum(axis=0))
                squares[p, : p + 1, : p + 1] += part.T @ part
        assert moments.squares[..., trial] == pytest.approx(squares)


@pytest.mark.parametrize("draw", [draw_in_full, draw_moments])
def test_expectations(draw) -> None:
    trials = 40_000
    moments = draw(DESIGN, TRUTH, CELLS, trials, np.random.default_rng(2))
    assert moments.counts.sum(axis=1).tolist() == [[7.0] * trials, [5.0] * trials]
    assert moments.counts.mean(axis=-1) == pytest.approx(np.array([[1.4, 1.4, 4.2], [0, 0, 5]]), abs=0.05)
    everybody = moments.squares[2].mean(axis=-1) / moments.counts[:, 2].sum(axis=0).mean()
    assert everybody == pytest.approx(np.array(SIGMA), abs=0.03)
    spread = np.einsum("wt,vt->wv", moments.sums[1, 2], moments.sums[1, 2]) / trials / 5
    assert spread == pytest.approx(np.array(SIGMA), abs=0.07)
    assert moments.squares[0, 1:].max() == moments.sums[:, 0, 1:].max() == 0


def test_few_people_make_singular_squares() -> None:
    design = Design((2, 2), 3, ((0.0, 0.0),) * 2)
    cells = make_cells(design, Analysis())
    moments = draw_moments(design, TRUTH, cells, 5, np.random.default_rng(3))
    means = moments.sums[:, 2] / 2
    within = np.moveaxis(moments.squares[2] - 2 * np.einsum("cwt,cvt->wvt", means, means), -1, 0)
    assert np.linalg.matrix_rank(within, tol=1e-9).tolist() == [2] * 5


def test_coaches_make_people_alike() -> None:
    design = Design((40, 40), 2, ((0.0,),) * 2, coaches=4)
    truth = Truth(((0.0, 0.0),) * 2, ((1.0, 0.0), (0.0, 1.0)), coach_sd=2.0)
    cells = make_cells(design, Analysis())
    people = draw_people(design, truth, cells, 500, np.random.default_rng(4))
    assert np.bincount(people.coach[0, 40:]).tolist() == [10] * 4
    assert set(people.coach[:, :40].ravel().tolist()) == {-1}
    by_coach = np.array([[people.values[t, people.coach[t] == c, 1].mean() for c in range(4)] for t in range(500)])
    assert by_coach.var() == pytest.approx(4.1, abs=0.3)
    assert people.values[:, 40:, 0].var() == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        (lambda: Design((9,), 2, ((0.0,),)), "two arms or more"),
        (lambda: Design((9, 1), 2, ((0.0,),) * 2), "two arms or more"),
        (lambda: Design((9, 9), 1, ((),) * 2), "at least one later wave"),
        (lambda: Design((9, 9), 3, ((0.2, 0.1),) * 2), "never falling"),
        (lambda: Design((9, 9), 2, ((1.0,),) * 2), "never falling"),
        (lambda: Design((9, 9), 2, ((0.1, 0.2),) * 2), "never falling"),
        (lambda: Design((9, 9), 2, ((0.1,),)), "for each arm"),
        (lambda: Design((9, 9), 2, ((0.1,),) * 2, ((0.5, 0.4),)), "must add to 1"),
        (lambda: Truth(((0.0, 0.0),) * 2, ((1.0, 1.0), (1.0, 1.0))), "positive definite"),
        (lambda: Truth(((0.0, 0.0),) * 2, ((1.0,),)), "positive definite"),
        (lambda: Truth(((0.0, 0.0), (1.0, 0.0)), ((1.0, 0.5), (0.5, 1.0))), "by chance only"),
    ],
)
def test_impossible_designs(what, sentence: str) -> None:
    with pytest.raises(ModelError, match=sentence):
        what()


def test_people_are_spread_over_levels_by_the_largest_remainder() -> None:
    cells = make_cells(Design((10, 11), 2, ((0.0,),) * 2, ((0.62, 0.38),)), Analysis())
    assert (cells.sizes.tolist(), cells.arm.tolist()) == ([6, 4, 7, 4], [0, 0, 1, 1])
    assert cells.names == ("(Intercept)", "arm[1]", "time[1]", "factor0[1]", "arm[1]:time[1]")
    assert cells.mean(1, 1).tolist() == pytest.approx([1, 1, 1, 8 / 21, 1])
    assert make_cells(Design((10, 11), 2, ((0.0,),) * 2, ((0.62, 0.38),)), Analysis(adjust=False)).sizes.size == 2


def test_means_put_back() -> None:
    design = Design((9, 7), 3, ((0.1, 0.3), (0.2, 0.4)), ((0.5, 0.5),))
    truth = Truth(((1.0, 2.0, 4.0), (1.0, 0.0, 7.0)), ((1.0, 0.5, 0.2), (0.5, 2.0, 0.1), (0.2, 0.1, 1.5)))
    cells = make_cells(design, Analysis())
    people = draw_people(design, truth, cells, 4, np.random.default_rng(1))
    means = np.array(truth.means)
    whole = replace(people, values=people.values + means[np.repeat(cells.arm, cells.sizes)])
    theirs, ours = moments_of(whole, cells), with_means(moments_of(people, cells), means[cells.arm])
    for one, other in ((ours.counts, theirs.counts), (ours.sums, theirs.sums), (ours.squares, theirs.squares)):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-9)
