"""Power by simulation: thousands of trials drawn, fitted and tested at once.

`Design` says who is seen, `Truth` what is true of them, `Analysis` how a trial is tested; `simulate` counts. Every
number equals what the single fit of `confrere.science.mixed` finds for the same data.
"""

from confrere.science.power.design import Analysis, Design, Truth
from confrere.science.power.search import Detectable, Point, Question, curve_by_effect, curve_by_people, detectable
from confrere.science.power.simulate import Block, Mapper, PowerResult, Tally, Tested, run_block, simulate, summarize

__all__ = [
    "Analysis",
    "Block",
    "Design",
    "Detectable",
    "Mapper",
    "Point",
    "PowerResult",
    "Question",
    "Tally",
    "Tested",
    "Truth",
    "curve_by_effect",
    "curve_by_people",
    "detectable",
    "run_block",
    "simulate",
    "summarize",
]
