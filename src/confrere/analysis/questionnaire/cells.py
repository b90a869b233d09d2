"""A field as the 18 cells of REDCap's data dictionary, which is also the measure of what another format keeps."""

import re
from collections import Counter
from collections.abc import Mapping

from confrere.analysis.errors import nearest
from confrere.analysis.questionnaire.model import Choice, Field, Kind, Questionnaire
from confrere.analysis.questionnaire.validation import kind_of

COLUMNS: Mapping[str, str] = {
    "field_name": "Variable / Field Name",
    "form_name": "Form Name",
    "section_header": "Section Header",
    "field_type": "Field Type",
    "field_label": "Field Label",
    "select_choices_or_calculations": "Choices, Calculations, OR Slider Labels",
    "field_note": "Field Note",
    "text_validation_type_or_show_slider_number": "Text Validation Type OR Show Slider Number",
    "text_validation_min": "Text Validation Min",
    "text_validation_max": "Text Validation Max",
    "identifier": "Identifier?",
    "branching_logic": "Branching Logic (Show field only if...)",
    "required_field": "Required Field?",
    "custom_alignment": "Custom Alignment",
    "question_number": "Question Number (surveys only)",
    "matrix_group_name": "Matrix Group Name",
    "matrix_ranking": "Matrix Ranking?",
    "field_annotation": "Field Annotation",
}
"""Key of the wire format → heading of the file that REDCap's designer reads and writes."""
TYPES: Mapping[str, tuple[Kind, str]] = {
    "text": (Kind.TEXT, ""),
    "notes": (Kind.LONG_TEXT, ""),
    "radio": (Kind.CHOICE, ""),
    "dropdown": (Kind.CHOICE, "dropdown"),
    "checkbox": (Kind.CHOICES, ""),
    "yesno": (Kind.YES_NO, ""),
    "truefalse": (Kind.YES_NO, "truefalse"),
    "slider": (Kind.SLIDER, ""),
    "calc": (Kind.CALCULATION, ""),
    "descriptive": (Kind.DISPLAY, ""),
    "file": (Kind.FILE, ""),
    "sql": (Kind.QUERY, ""),
}
"""REDCap's field type → kind and control."""
CHOOSING = frozenset({Kind.CHOICE, Kind.CHOICES})
_TYPED = {pair: name for name, pair in TYPES.items()}
_YES = frozenset({"y", "yes", "1", "true"})
_NO = frozenset({"", "n", "no", "0", "false"})


class CellError(ValueError):
    """What is wrong with a cell, and in which column it stands."""

    def __init__(self, sentence: str, column: str) -> None:
        super().__init__(sentence)
        self.column = column


def rows(questionnaire: Questionnaire) -> list[dict[str, str]]:
    """Each field as its 18 cells by the keys of `COLUMNS`."""
    return [_cells(form.name, header, field) for form, header, field in questionnaire.places()]


def _cells(form: str, header: str, field: Field) -> dict[str, str]:
    values = (
        field.name,
        form,
        header,
        field_type(field),
        field.label,
        choices_cell(field),
        field.note,
        field.validation,
        field.low,
        field.high,
        "y" if field.identifier else "",
        field.branching,
        "y" if field.required else "",
        field.alignment,
        field.number,
        field.matrix,
        "y" if field.ranking else "",
        field.annotation,
    )
    return dict(zip(COLUMNS, values, strict=True))


def field_type(field: Field) -> str:
    """REDCap's name of the kind and its control."""
    kind = Kind.FILE if field.kind is Kind.SIGNATURE else field.kind
    return _TYPED.get((kind, field.control), "text")


def choices_cell(field: Field) -> str:
    """The choices as they were spelled where that still says the same, else ``code, label | code, label``."""
    if field.kind not in CHOOSING or (field.detail and read_choices(field.detail) == field.choices):
        return field.detail
    return " | ".join(f"{choice.code}, {choice.label}" for choice in field.choices)


def field_of(cells: Mapping[str, str]) -> Field:
    """The field of one row of cells; raises `CellError`."""
    kind, control = _kind(cells["field_type"], cells["text_validation_type_or_show_slider_number"])
    detail = cells["select_choices_or_calculations"]
    return Field(
        name=cells["field_name"],
        kind=kind,
        control=control,
        label=cells["field_label"],
        choices=checked_choices(detail) if kind in CHOOSING else (),
        detail=detail,
        note=cells["field_note"],
        validation=cells["text_validation_type_or_show_slider_number"],
        low=cells["text_validation_min"],
        high=cells["text_validation_max"],
        identifier=_flag(cells, "identifier"),
        branching=cells["branching_logic"],
        required=_flag(cells, "required_field"),
        alignment=cells["custom_alignment"],
        number=cells["question_number"],
        matrix=cells["matrix_group_name"],
        ranking=_flag(cells, "matrix_ranking"),
        annotation=cells["field_annotation"],
    )


def _kind(name: str, validation: str) -> tuple[Kind, str]:
    if name not in TYPES:
        raise CellError(f'"{name[:40]}" is no type of a field. {nearest(name, TYPES)}', "field_type")
    kind, control = TYPES[name]
    if kind is Kind.TEXT:
        return kind_of(validation), control
    return (Kind.SIGNATURE if kind is Kind.FILE and validation == "signature" else kind), control


def checked_choices(cell: str) -> tuple[Choice, ...]:
    """The choices of a cell; raises `CellError` where there are none or a code stands there twice."""
    column = "select_choices_or_calculations"
    choices = read_choices(cell)
    if not choices:
        raise CellError("this field offers no choices; write them as: 1, Yes | 0, No.", column)
    code, times = Counter(choice.code for choice in choices).most_common(1)[0]
    if times > 1:
        raise CellError(f'the code "{code[:40]}" stands here twice.', column)
    return choices


def read_choices(cell: str) -> tuple[Choice, ...]:
    """The choices of a cell; a part without a comma is code and label at once."""
    parts = [part.strip() for part in re.split(r"\|", cell)]
    split = [(part.split(",", 1) if "," in part else [part, part]) for part in parts if part]
    return tuple(Choice(code=code.strip(), label=label.strip()) for code, label in split)


def _flag(cells: Mapping[str, str], column: str) -> bool:
    said = cells[column].strip().lower()
    if said not in _YES | _NO:
        raise CellError(f'y or nothing is expected here, not "{cells[column][:40]}".', column)
    return said in _YES
