"""The best guesser against every scheme, on the strata of a trial of 138."""

import pytest

from confrere.science.allocation import BigStick, Minimisation, PermutedBlocks, Scheme, Simple, predictability

STRATA = (69, 35, 20, 14)


@pytest.mark.parametrize(
    ("scheme", "certain", "guessed"),
    [
        (BigStick(3), (0.14, 0.18), (0.57, 0.59)),
        (PermutedBlocks((2,)), (0.48, 0.50), (0.74, 0.76)),
        (PermutedBlocks((4,)), (0.31, 0.34), (0.69, 0.72)),
        (PermutedBlocks(), (0.01, 0.04), (0.65, 0.69)),
        (Minimisation(80), (0, 0), (0.67, 0.70)),
        (Simple(), (0, 0), (0.5, 0.5)),
    ],
)
def test_what_a_recruiter_can_guess(scheme: Scheme, certain: tuple[float, float], guessed: tuple[float, float]) -> None:
    found = predictability(scheme, stratum_sizes=STRATA, lists=60)
    assert certain[0] <= found.certain <= certain[1]
    assert guessed[0] <= found.guessed <= guessed[1]
    assert 0 <= found.imbalance_mean <= found.imbalance_p99
    assert found.lists == 60


def test_the_stick_bounds_the_imbalance_of_the_whole() -> None:
    assert predictability(BigStick(3), stratum_sizes=STRATA, lists=40).imbalance_p99 <= 3 * len(STRATA)


def test_minimisation_is_guessed_more_often_than_the_stick_and_leaves_less_imbalance() -> None:
    names = [f"gender={gender};medicine={medicine}" for gender in ("woman", "man") for medicine in ("no", "yes")]
    best, stick = (
        predictability(scheme, stratum_sizes=STRATA, strata=names, lists=60) for scheme in (Minimisation(), BigStick())
    )
    assert best.guessed > stick.guessed + 0.1
    assert best.imbalance_mean < stick.imbalance_mean
    assert best.certain == 0
