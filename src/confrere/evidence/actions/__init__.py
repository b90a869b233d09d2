"""Freeze the answers, compute from what is frozen, release to leaders, hand rows out."""

from confrere.evidence.actions.agreeing import set_agreement
from confrere.evidence.actions.exporting import hand_out, publish, take
from confrere.evidence.actions.freezing import analyse, freeze, release

__all__ = ["analyse", "freeze", "hand_out", "publish", "release", "set_agreement", "take"]
