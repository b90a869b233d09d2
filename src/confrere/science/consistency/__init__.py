"""Do these published numbers agree?

Here live checks of printed numbers against each other, all aware of rounding: *disagrees* means that no
exact values could have printed them. Where a paper is kept and what it is used for is not known here. The
evidence room and the command line enter by the names below.
"""

from confrere.science.consistency.counts import (
    exclusions_in_every_arm,
    from_column,
    one_stage,
    percentage,
    possible_totals,
    printed_range,
    same_number,
    share_of,
    sum_of_parts,
)
from confrere.science.consistency.intervals import (
    change_of_proportion,
    difference_of_means,
    interval_and_p,
    midpoint,
)
from confrere.science.consistency.means import (
    Group,
    difference,
    grim,
    pooled_mean,
    pooled_sd,
    possible_sd,
    relative_change,
)
from confrere.science.consistency.p_values import p_of_counts, p_of_means, p_of_se
from confrere.science.consistency.power_claim import needed_correlation, power, power_claim
from confrere.science.consistency.printed import Finding, Printed, Verdict
from confrere.science.consistency.row import COLUMNS, RowError, RowResult, check_row

__all__ = [
    "COLUMNS",
    "Finding",
    "Group",
    "Printed",
    "RowError",
    "RowResult",
    "Verdict",
    "change_of_proportion",
    "check_row",
    "difference",
    "difference_of_means",
    "exclusions_in_every_arm",
    "from_column",
    "grim",
    "interval_and_p",
    "midpoint",
    "needed_correlation",
    "one_stage",
    "p_of_counts",
    "p_of_means",
    "p_of_se",
    "percentage",
    "pooled_mean",
    "pooled_sd",
    "possible_sd",
    "possible_totals",
    "power",
    "power_claim",
    "printed_range",
    "relative_change",
    "same_number",
    "share_of",
    "sum_of_parts",
]
