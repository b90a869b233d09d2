"""Sensitivity analyses: the same question under another assumption about what was not seen, said in one sentence.

`sensitivities` runs what the plan asks for one outcome in one analysis set. Here are also those left out of every
answer by dropping out; those left out of the set stay out, so an analysis of everybody randomized needs such a set.
"""

from confrere.analysis.sensitivity.asked import sensitivities

__all__ = ["sensitivities"]
