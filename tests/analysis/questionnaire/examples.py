"""A questionnaire of our own that uses every kind of field, and files in which others would write parts of it."""

import csv
import io
from collections.abc import Mapping

from confrere.analysis.questionnaire.cells import COLUMNS
from confrere.analysis.questionnaire.model import Questionnaire
from confrere.analysis.questionnaire.redcap import read_redcap

MADE_AT = "2030-01-02T03:04:05+00:00"
_SHORT = {
    "name": "field_name",
    "form": "form_name",
    "header": "section_header",
    "type": "field_type",
    "label": "field_label",
    "choices": "select_choices_or_calculations",
    "note": "field_note",
    "validation": "text_validation_type_or_show_slider_number",
    "low": "text_validation_min",
    "high": "text_validation_max",
    "branching": "branching_logic",
    "required": "required_field",
    "alignment": "custom_alignment",
    "number": "question_number",
    "matrix": "matrix_group_name",
    "ranking": "matrix_ranking",
    "annotation": "field_annotation",
}


def dictionary(*rows: Mapping[str, str], wire: bool = False) -> bytes:
    """A data dictionary of these rows (short names of the columns; type text, form one and the name as label)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS if wire else COLUMNS.values())
    for row in rows:
        said = {_SHORT.get(key, key): cell for key, cell in row.items()}
        cells = {"form_name": "one", "field_type": "text", "field_label": said["field_name"]} | said
        writer.writerow(cells.get(key, "") for key in COLUMNS)
    return text.getvalue().encode()


EVERYTHING = dictionary(
    {"name": "record", "label": "Number"},
    {"name": "email", "header": "About you", "validation": "email", "identifier": "y", "required": "y"},
    {
        "name": "born",
        "validation": "date_dmy",
        "low": "1930-01-01",
        "high": "2010-12-31",
        "note": "as in your passport",
    },
    {"name": "seen", "validation": "datetime_mdy", "low": "2020-01-01 08:00"},
    {"name": "woke", "validation": "time", "low": "04:00", "high": "23:59"},
    {"name": "ran", "validation": "time_mm_ss"},
    {"name": "clock", "validation": "time_hh_mm_ss", "low": "04:00:30"},
    {"name": "badge", "validation": "our_badge"},
    {"name": "drug", "choices": "BIOPORTAL:RXNORM"},
    {"name": "beds", "validation": "integer", "low": "0", "high": "40", "number": "3a"},
    {"name": "height", "validation": "number_1dp", "low": "1.2", "high": "2.3"},
    {"name": "weight", "validation": "number_2dp_comma_decimal", "low": "30.50"},
    {"name": "ward", "type": "radio", "choices": "0, Surgery|1, Medicine, general | 2, Other", "alignment": "LH"},
    {"name": "other", "branching": '[ward] = "2"', "annotation": "@HIDDEN"},
    {"name": "country", "type": "dropdown", "choices": "FR, France | ES, Spain"},
    {"name": "week", "form": "two", "header": "A usual week", "type": "checkbox", "choices": "1, Nights | 2, Weekends"},
    {"name": "nights", "form": "two", "validation": "integer", "branching": "[week(1)] = '1' and [beds] > 5"},
    {"name": "calm", "form": "two", "header": "Now", "type": "radio", "choices": "0, No | 1, Yes", "matrix": "mood"},
    {"name": "tired", "form": "two", "type": "radio", "choices": "0, No | 1, Yes", "matrix": "mood", "ranking": "y"},
    {"name": "well", "form": "two", "type": "slider", "choices": "worst | | best", "validation": "number"},
    {"name": "pain", "form": "two", "type": "slider", "low": "-1", "high": "11", "note": "in the last week"},
    {"name": "agree", "form": "two", "type": "yesno", "branching": "[ward] <> '1'"},
    {
        "name": "true",
        "form": "two",
        "type": "truefalse",
        "branching": "([agree] = '1' or [tired] = '1') and [beds] < 3",
    },
    {"name": "bmi", "form": "two", "type": "calc", "choices": "round([weight]/([height]^2), 1)"},
    {"name": "thanks", "form": "two", "type": "descriptive", "label": "Thank\nyou & <b>bye</b>", "required": "y"},
    {"name": "photo", "form": "two", "type": "file"},
    {"name": "sign", "form": "two", "type": "file", "validation": "signature"},
    {"name": "unit", "form": "two", "type": "sql", "choices": "SELECT 1"},
    {"name": "more", "form": "two", "type": "notes", "branching": "datediff([born], 'today', 'y') > 60"},
)


def everything() -> Questionnaire:
    """The questionnaire of `EVERYTHING`."""
    return read_redcap(EVERYTHING).questionnaire
