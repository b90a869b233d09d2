"""Pooling published effects: effect sizes with their variances, heterogeneity, prediction.

Here lives what a meta-analysis of study results needs, as pure functions over arrays. Whether a published
number can be right at all is asked in `confrere.science.consistency`. Derivation: ``docs/methods/meta-analysis.md``.
"""

from confrere.science.meta.effects import MEASURES, Effects, Measure, from_means, from_tables
from confrere.science.meta.pool import Interval, MetaError, Pooled, pool
from confrere.science.meta.regress import Regression, regress
from confrere.science.meta.tau2 import METHODS, Method

__all__ = [
    "MEASURES",
    "METHODS",
    "Effects",
    "Interval",
    "Measure",
    "MetaError",
    "Method",
    "Pooled",
    "Regression",
    "from_means",
    "from_tables",
    "pool",
    "regress",
]
