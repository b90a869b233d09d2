"""Multiple imputation of repeated measures: chained regressions, jump to reference, and Rubin's rules.

`impute` fills one arm's missing answers as if they were missing at random, `jump_to_reference` lets those who
left go on as the reference arm would, `pool` combines the analyses of the filled data sets. Every random number
comes from a Philox stream named by (seed, stream, imputation), so the same plan gives the same numbers on any
machine and in any order.
"""

from confrere.science.imputation.chained import Kind, impute, is_monotone
from confrere.science.imputation.reference import jump_to_reference
from confrere.science.imputation.rubin import Pooled, pool
from confrere.science.imputation.streams import stream

__all__ = ["Kind", "Pooled", "impute", "is_monotone", "jump_to_reference", "pool", "stream"]
