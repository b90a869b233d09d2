"""Who gets which arm, so that nobody can foresee it, redo it or hide a change.

Here live keys and commitments, the draws (big stick, permuted blocks, simple,
minimisation, batch after closing), the
published record with its check, and how predictable a scheme is. Where a key is kept and who is enrolled is
not known here. The trial room and the command line enter by the names below.
"""

from confrere.science.allocation.batch import Enrolled, commit_second, draw_batch, roster_root
from confrere.science.allocation.keys import AllocationError, check_key, commit, new_key
from confrere.science.allocation.lottery import LotteryRecord, draw_order, verify_lottery
from confrere.science.allocation.merkle import leaf, path, proves
from confrere.science.allocation.minimisation import MEASURES, Margins, Measure, Minimisation, chances
from confrere.science.allocation.predictability import Predictability, predictability
from confrere.science.allocation.record import (
    AllocationRecord,
    Batch,
    Entry,
    Verification,
    read_record,
    read_scheme,
    scheme_data,
    verify_record,
)
from confrere.science.allocation.schemes import (
    Arm,
    BigStick,
    PermutedBlocks,
    Scheme,
    Simple,
    check_arms,
    draw_arm,
    next_arm,
)

__all__ = [
    "MEASURES",
    "AllocationError",
    "AllocationRecord",
    "Arm",
    "Batch",
    "BigStick",
    "Enrolled",
    "Entry",
    "LotteryRecord",
    "Margins",
    "Measure",
    "Minimisation",
    "PermutedBlocks",
    "Predictability",
    "Scheme",
    "Simple",
    "Verification",
    "chances",
    "check_arms",
    "check_key",
    "commit",
    "commit_second",
    "draw_arm",
    "draw_batch",
    "draw_order",
    "leaf",
    "new_key",
    "next_arm",
    "path",
    "predictability",
    "proves",
    "read_record",
    "read_scheme",
    "roster_root",
    "scheme_data",
    "verify_lottery",
    "verify_record",
]
