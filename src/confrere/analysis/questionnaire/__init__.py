"""Questionnaires as files: REDCap's data dictionary, CDISC ODM 1.3.2 and 2.0, FHIR R4 and R5, one model between them.

Reading says what it could not take, `convert` what could not be carried over. Pure: no Django, no clock, no files.
`logic` and `rule` turn REDCap's branching into the language in which our own surveys branch.
"""

from confrere.analysis.questionnaire.convert import VERSIONS, Conversion, Target, carry, convert
from confrere.analysis.questionnaire.model import Choice, Field, Form, Kind, Loss, Questionnaire, Reading, Section
from confrere.analysis.questionnaire.recognise import recognise
from confrere.analysis.questionnaire.wording import Held, held, of_instruments

__all__ = [
    "VERSIONS",
    "Choice",
    "Conversion",
    "Field",
    "Form",
    "Held",
    "Kind",
    "Loss",
    "Questionnaire",
    "Reading",
    "Section",
    "Target",
    "carry",
    "convert",
    "held",
    "of_instruments",
    "recognise",
]
