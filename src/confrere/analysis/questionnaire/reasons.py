"""Why something could not be carried over: one sentence for each format and each of the 18 columns."""

from collections.abc import Mapping

from confrere.analysis.questionnaire.cells import CHOOSING
from confrere.analysis.questionnaire.fhir_logic import to_enable_when
from confrere.analysis.questionnaire.logic import LogicError, parse, to_text
from confrere.analysis.questionnaire.model import Field, Kind, Questionnaire

_REDCAP: Mapping[str, str] = {
    "title": "A data dictionary has no title, and names its forms only by their short names.",
    "field_name": "REDCap's names have small letters, digits and underscores only, begin with a letter, and are "
    "unlike each other.",
    "form_name": "REDCap's names have small letters, digits and underscores only, begin with a letter, and are "
    "unlike each other.",
    "select_choices_or_calculations": "In a data dictionary a code holds no comma and no |, a label no |, and "
    "formulas mention the names that REDCap allows.",
    "branching_logic": "It mentions the names that REDCap allows.",
}
_ODM: Mapping[str, str] = {
    "title": "The words that stand for a missing title are read as one.",
    "form_name": "Without REDCap's extension a form is known by its OID.",
    "section_header": "Without REDCap's extension a section is known by the name of its item group.",
    "field_type": "ODM knows data types, not how a question is shown.",
    "field_label": "ODM names an item that has no question by its short name.",
    "field_note": "ODM 1.3.2 has no place for a note beside a question.",
    "text_validation_type_or_show_slider_number": "ODM knows data types, no named validations.",
    "identifier": "ODM has no mark for what identifies a person.",
    "custom_alignment": "ODM says nothing about the page.",
    "question_number": "ODM has no place for the number of a question.",
    "matrix_group_name": "ODM knows no matrix of questions.",
    "matrix_ranking": "ODM knows no ranking.",
    "field_annotation": "ODM has no place for REDCap's annotations.",
    "field": "ODM has no item of several choices: each box becomes an item that is 1 or 0.",
}
_FHIR: Mapping[str, str] = {
    "title": "A title in FHIR is not empty.",
    "form_name": "The linkId of another group is the same.",
    "section_header": "A text in FHIR is not empty.",
    "field_type": "FHIR knows no queries, and a yes or no in one way only.",
    "field_label": "A text in FHIR is not empty.",
    "field_note": "A text to read cannot hold another text, and a text in FHIR is not empty.",
    "text_validation_type_or_show_slider_number": "FHIR has no word for this validation (decimal commas, "
    "a site's own numbers, signatures, the number beside a slider).",
    "text_validation_min": "This is not a limit that FHIR can type: a date with a time needs a zone there, a slider "
    "has 0 and 100 by itself, a number is written without needless digits.",
    "text_validation_max": "This is not a limit that FHIR can type: a date with a time needs a zone there, a slider "
    "has 0 and 100 by itself, a number is written without needless digits.",
    "identifier": "FHIR has no mark for what identifies a person.",
    "required_field": "A text to read cannot be required.",
    "custom_alignment": "FHIR says nothing about the page.",
    "question_number": "A prefix in FHIR is not empty.",
    "matrix_group_name": "A matrix in FHIR is one group of questions that stand together.",
    "matrix_ranking": "FHIR knows no ranking.",
    "field_annotation": "FHIR has no place for REDCap's annotations, but for @HIDDEN alone.",
}
_ALL: Mapping[str, Mapping[str, str]] = {
    "redcap": _REDCAP,
    "odm": _ODM,
    "odm2": _ODM,
    "fhir": _FHIR,
    "fhir-r5": _FHIR,
}
_OTHERWISE = "The format cannot say it so."


def reason(
    to: str,
    column: str,
    before: str,
    after: str,
    *,
    field: Field | None = None,
    questionnaire: Questionnaire | None = None,
) -> str:
    """Why a cell (or a title) reads otherwise after it was written to a format, and how it reads then."""
    why = _ALL[to].get(column, _OTHERWISE)
    if field is not None and questionnaire is not None:
        why = _of_field(to, column, field, questionnaire) or why
    return f"{why} It comes back as: {after[:200]}" if after else why


def _of_field(to: str, column: str, field: Field, questionnaire: Questionnaire) -> str:
    """A sentence that knows the field; empty where the general one says it all."""
    if column == "branching_logic":
        return _of_branching(to, field, questionnaire)
    if column != "select_choices_or_calculations" or to == "redcap":
        return ""
    return _of_detail(field)


def _of_detail(field: Field) -> str:
    if field.kind in CHOOSING:
        return "The same choices; only how the cell was spelled is not kept."
    if field.kind is Kind.SLIDER:
        middle = field.slider_labels[1]
        return "Only how the labels were spelled is not kept." if not middle else "A slider has no middle label there."
    if field.kind is Kind.CALCULATION:
        return "REDCap's formulas are computed by REDCap only; the field stays one that nobody types into."
    return "It is looked up by REDCap only."


def _of_branching(to: str, field: Field, questionnaire: Questionnaire) -> str:
    try:
        condition = parse(field.branching)
        if to in {"fhir", "fhir-r5"}:
            to_enable_when(condition, {one.name: one for one in questionnaire.fields})
    except LogicError as error:
        return f"{error}"
    if to != "redcap" and to_text(condition) != field.branching:
        return "The same condition, spelled otherwise."
    return ""
