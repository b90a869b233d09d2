"""What a questionnaire asks, as frozen data: read from JSON and written as JSON, what fits, what is asked next.

Other rooms enter here. Pure: no database and no clock.
"""

from confrere.surveys.definition.blocks import (
    Block,
    Own,
    Scale,
    blocks_from_json,
    blocks_to_json,
    expanded,
    origins_of,
    questions_of,
    to_blocks,
)
from confrere.surveys.definition.branching import asked, columns, fallen, renamed
from confrere.surveys.definition.checking import Problem, check_questions, problems
from confrere.surveys.definition.coming import Coming, coming
from confrere.surveys.definition.fitting import fitting, in_words
from confrere.surveys.definition.going import going
from confrere.surveys.definition.looks import LOOKS
from confrere.surveys.definition.model import LONGEST_LINE, LONGEST_TEXT, Kind, Option, Question, Value
from confrere.surveys.definition.piping import piped
from confrere.surveys.definition.storing import digest, from_json
from confrere.surveys.definition.wording import Pack, check_pack, of_instrument, stand_in, to_json, worded

__all__ = [
    "LONGEST_LINE",
    "LONGEST_TEXT",
    "LOOKS",
    "Block",
    "Coming",
    "Kind",
    "Option",
    "Own",
    "Pack",
    "Problem",
    "Question",
    "Scale",
    "Value",
    "asked",
    "blocks_from_json",
    "blocks_to_json",
    "check_pack",
    "check_questions",
    "columns",
    "coming",
    "digest",
    "expanded",
    "fallen",
    "fitting",
    "from_json",
    "going",
    "in_words",
    "of_instrument",
    "origins_of",
    "piped",
    "problems",
    "questions_of",
    "renamed",
    "stand_in",
    "to_blocks",
    "to_json",
    "worded",
]
