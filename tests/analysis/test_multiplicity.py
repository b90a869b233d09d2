"""Adjusted P values against R 4.2.2: ``p.adjust(p, "holm")`` and ``p.adjust(p, "hochberg")``."""

import pytest

from confrere.analysis.multiplicity import hochberg, holm

P = [0.01, 0.04, 0.03, 0.005, 0.5]


def test_holm() -> None:
    assert holm(P) == pytest.approx([0.04, 0.09, 0.09, 0.025, 0.5])


def test_hochberg() -> None:
    assert hochberg(P) == pytest.approx([0.04, 0.08, 0.08, 0.025, 0.5])


def test_one_value_and_ties() -> None:
    assert holm([0.2]) == hochberg([0.2]) == [0.2]
    assert holm([0.02, 0.02]) == pytest.approx([0.04, 0.04])
    assert hochberg([0.02, 0.02]) == pytest.approx([0.02, 0.02])
