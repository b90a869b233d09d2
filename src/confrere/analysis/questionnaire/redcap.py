"""REDCap's data dictionary: a CSV file with 18 columns, as the designer exports it or as the API sends it."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from confrere.analysis.columns import Columns, read_csv
from confrere.analysis.errors import InputError
from confrere.analysis.questionnaire.cells import CHOOSING, COLUMNS, CellError, field_of, rows
from confrere.analysis.questionnaire.model import Choice, Field, Form, Loss, Questionnaire, Reading, Section

_NEEDED = ("field_name", "form_name", "field_type", "field_label")
_WIRE = "field_name"
_LEGAL = re.compile(r"[a-z][a-z0-9_]*")
_LEGAL_CODE = re.compile(r"[^,|\s]([^,|]*[^,|\s])?")


def read_redcap(content: bytes, *, file: str = "") -> Reading:
    """The questionnaire of a data dictionary.

    Headings of both kinds are known, in any order; columns that older versions lack are empty; other columns are
    listed as lost. In a file with the API's headings the cell NA is empty (R writes missing values so).
    Raises `InputError` with the line.
    """
    columns = read_csv(content, file=file)
    known = {_plain(word): key for key, label in COLUMNS.items() for word in (key, label)}
    where = {known[_plain(name)]: name for name in columns.texts if _plain(name) in known}
    for key in _NEEDED:
        if key not in where:
            sentence = f"this is no REDCap data dictionary: it has no column {COLUMNS[key]} (or {key})."
            raise InputError(sentence, file=file, line=1)
    fields: list[tuple[str, str, Field]] = []
    for row in range(columns.n_rows):
        cells = _cells(columns, where, row)
        try:
            _check_names(cells, [field.name for _form, _header, field in fields])
            fields.append((cells["form_name"], cells["section_header"], field_of(cells)))
        except CellError as error:
            raise columns.error(f"{error}", row=row, column=where[error.column]) from None
    _check_forms(columns, [form for form, _header, _field in fields], where["form_name"])
    other = (name for name in columns.texts if name not in where.values())
    losses = tuple(Loss(field="", what=name, why="No column of a data dictionary is called so.") for name in other)
    return Reading(questionnaire=gathered(fields), losses=losses)


def gathered(fields: Iterable[tuple[str, str, Field]], *, title: str = "") -> Questionnaire:
    """Forms and sections of fields that come in order, each with its form's name and the heading it starts."""
    forms: dict[str, list[tuple[str, list[Field]]]] = {}
    for form, header, field in fields:
        sections = forms.setdefault(form, [])
        if header or not sections:
            sections.append((header, []))
        sections[-1][1].append(field)
    return Questionnaire(
        title=title,
        forms=tuple(
            Form(name=name, sections=tuple(Section(header=header, fields=tuple(held)) for header, held in sections))
            for name, sections in forms.items()
        ),
    )


def write_redcap(questionnaire: Questionnaire) -> str:
    """The data dictionary as UTF-8 CSV with the designer's headings.

    Names that REDCap refuses are made legal (also where branching and formulas mention them), and so are codes
    and labels of choices that would be read as two.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS.values())
    writer.writerows(list(row.values()) for row in rows(_legal(questionnaire)))
    return text.getvalue()


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _cells(columns: Columns, where: Mapping[str, str], row: int) -> dict[str, str]:
    wire = where[_WIRE] == _WIRE
    cells = {key: str(columns.texts[where[key]][row]) if key in where else "" for key in COLUMNS}
    return {key: "" if wire and cell == "NA" else cell for key, cell in cells.items()}


def _check_names(cells: Mapping[str, str], known: list[str]) -> None:
    for key in ("field_name", "form_name"):
        if not cells[key].strip():
            raise CellError("a name is expected here.", key)
    if cells["field_name"] in known:
        raise CellError(f"two fields are called {cells['field_name'][:40]}.", "field_name")


def _check_forms(columns: Columns, forms: list[str], column: str) -> None:
    for row, form in enumerate(forms):
        if row and form != forms[row - 1] and form in forms[:row]:
            sentence = f"the fields of the form {form[:40]} do not stand together."
            raise columns.error(sentence, row=row, column=column)


def _legal(questionnaire: Questionnaire) -> Questionnaire:
    names = _legal_names([field.name for field in questionnaire.fields])
    forms = _legal_names([form.name for form in questionnaire.forms])
    return replace(
        questionnaire,
        forms=tuple(
            replace(
                form,
                name=forms[form.name],
                sections=tuple(
                    replace(section, fields=tuple(_legal_field(field, names) for field in section.fields))
                    for section in form.sections
                ),
            )
            for form in questionnaire.forms
        ),
    )


def _legal_names(names: Iterable[str]) -> dict[str, str]:
    """Each name → small letters, digits and underscores, starting with a letter, and unlike the others."""
    found: dict[str, str] = {}
    for name in names:
        plain = name if _LEGAL.fullmatch(name) else re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        plain = plain if _LEGAL.fullmatch(plain) else f"q_{plain}".rstrip("_")
        taken = set(found.values())
        found[name] = next(
            tried for k in range(1, len(found) + 2) if (tried := plain if k == 1 else f"{plain}_{k}") not in taken
        )
    return found


def _legal_field(field: Field, names: Mapping[str, str]) -> Field:
    choosing = field.kind in CHOOSING
    return replace(
        field,
        name=names[field.name],
        branching=_renamed(field.branching, names),
        choices=_legal_choices(field.choices),
        detail=field.detail if choosing else _renamed(field.detail, names),
    )


def _renamed(text: str, names: Mapping[str, str]) -> str:
    """The same text with the names in brackets made legal."""
    return re.sub(r"\[([^\[\]()]+)(?=[\](])", lambda found: f"[{names.get(found[1], found[1])}", text)


def _legal_choices(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    made: dict[str, str] = {}
    for choice in choices:
        code = (
            choice.code if _LEGAL_CODE.fullmatch(choice.code) else re.sub(r"[^A-Za-z0-9_.\-]+", "_", choice.code) or "_"
        )
        stem, number = code, 1
        while code in made:
            number += 1
            code = f"{stem}_{number}"
        made[code] = " ".join(choice.label.replace("|", "/").split()) if _breaks(choice.label) else choice.label
    return tuple(Choice(code=code, label=label) for code, label in made.items())


def _breaks(label: str) -> bool:
    return "|" in label or label != label.strip()
