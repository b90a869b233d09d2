"""What an analysis set takes for granted, in one sentence."""

import pytest

from confrere.analysis.assumptions import assumption_of
from confrere.analysis.plan import AnalysisSet

SETS = [
    (AnalysisSet("all", None), "Everybody randomized counts in their arm; missing answers"),
    (AnalysisSet("Intention-to-treat", "x == 1"), "Everybody randomized counts in their arm;"),
    (AnalysisSet("modified_itt", "mitt == 1"), "Participants left out after randomization are taken to have changed"),
    (AnalysisSet("per-protocol", "x == 1"), "Those who followed the protocol are taken to be comparable"),
    (AnalysisSet("completers", "x == 1"), "Those who answered are taken to stand for those who did not"),
    (AnalysisSet("young", "age < 50"), "The rows with age < 50 are taken to stand for all who were randomized;"),
    (AnalysisSet("itt", "x == 1", "As agreed."), "As agreed."),
]


@pytest.mark.parametrize(("chosen", "sentence"), SETS)
def test_sets(chosen: AnalysisSet, sentence: str) -> None:
    assert assumption_of(chosen).startswith(sentence)
