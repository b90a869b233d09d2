"""What a questionnaire asks, as frozen data: read from JSON and written as JSON, what fits, what is asked next.

Other rooms enter here. Pure: no database and no clock.
"""

from confrere.surveys.definition.branching import asked, fallen
from confrere.surveys.definition.checking import Problem, check_questions, problems
from confrere.surveys.definition.fitting import fitting, in_words
from confrere.surveys.definition.model import LONGEST_LINE, LONGEST_TEXT, Kind, Option, Question, Value
from confrere.surveys.definition.piping import piped
from confrere.surveys.definition.storing import digest, from_json
from confrere.surveys.definition.wording import Pack, check_pack, of_instrument, stand_in, to_json, worded

__all__ = [
    "LONGEST_LINE",
    "LONGEST_TEXT",
    "Kind",
    "Option",
    "Pack",
    "Problem",
    "Question",
    "Value",
    "asked",
    "check_pack",
    "check_questions",
    "digest",
    "fallen",
    "fitting",
    "from_json",
    "in_words",
    "of_instrument",
    "piped",
    "problems",
    "stand_in",
    "to_json",
    "worded",
]
