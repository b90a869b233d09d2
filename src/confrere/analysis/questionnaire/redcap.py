"""REDCap's data dictionary: a CSV file with 18 columns, as the designer exports it or as the API sends it."""

import csv
import io
import re
from collections.abc import Iterable, Mapping

from confrere.analysis.columns import Columns, read_csv
from confrere.analysis.errors import InputError
from confrere.analysis.questionnaire.cells import COLUMNS, CellError, field_of, rows
from confrere.analysis.questionnaire.legal import legal
from confrere.analysis.questionnaire.model import Field, Form, Loss, Questionnaire, Reading, Section

_NEEDED = ("field_name", "form_name", "field_type", "field_label")
_WIRE = "field_name"


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
    names: set[str] = set()
    for row in range(columns.n_rows):
        cells = _cells(columns, where, row)
        try:
            _check_names(cells, names)
            fields.append((cells["form_name"], cells["section_header"], field_of(cells)))
        except CellError as error:
            raise columns.error(f"{error}", row=row, column=where.get(error.column, error.column)) from None
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

    What REDCap would refuse or read otherwise is made legal first (`confrere.analysis.questionnaire.legal`).
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS.values())
    writer.writerows(list(row.values()) for row in rows(legal(questionnaire)))
    return text.getvalue()


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _cells(columns: Columns, where: Mapping[str, str], row: int) -> dict[str, str]:
    wire = where[_WIRE] == _WIRE
    cells = {key: str(columns.texts[where[key]][row]) if key in where else "" for key in COLUMNS}
    return {key: "" if wire and cell == "NA" else cell for key, cell in cells.items()}


def _check_names(cells: Mapping[str, str], known: set[str]) -> None:
    for key in ("field_name", "form_name"):
        if not cells[key].strip():
            raise CellError("a name is expected here.", key)
    if cells["field_name"] in known:
        raise CellError(f"two fields are called {cells['field_name'][:40]}.", "field_name")
    known.add(cells["field_name"])


def _check_forms(columns: Columns, forms: list[str], column: str) -> None:
    started: set[str] = set()
    for row, (form, last) in enumerate(zip(forms, ["", *forms], strict=False)):
        if form != last and form in started:
            sentence = f"the fields of the form {form[:40]} do not stand together."
            raise columns.error(sentence, row=row, column=column)
        started.add(form)
