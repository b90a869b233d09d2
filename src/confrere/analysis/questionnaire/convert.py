"""A questionnaire from one format into another, with the list of everything that does not come along.

The list is not kept by hand: what was written is read back and compared, cell by cell of the 18 that REDCap knows,
with what was to be written. Nothing can get lost unseen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from confrere.analysis.questionnaire.cells import rows
from confrere.analysis.questionnaire.fhir_read import read_fhir
from confrere.analysis.questionnaire.fhir_write import write_fhir
from confrere.analysis.questionnaire.model import Loss, Questionnaire, Reading
from confrere.analysis.questionnaire.odm_read import read_odm
from confrere.analysis.questionnaire.odm_write import write_odm
from confrere.analysis.questionnaire.reasons import reason
from confrere.analysis.questionnaire.recognise import Format, recognise
from confrere.analysis.questionnaire.redcap import read_redcap, write_redcap

type Source = Format | Literal["instruments"]
type Target = Literal["redcap", "odm", "odm2", "fhir", "fhir-r5"]
VERSIONS: Mapping[Target, str] = {
    "redcap": "data dictionary of 18 columns",
    "odm": "CDISC ODM 1.3.2",
    "odm2": "CDISC ODM 2.0",
    "fhir": "FHIR R4",
    "fhir-r5": "FHIR R5",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """The new file's text, what was read, what is lost on the way in or out, and what only REDCap would find.

    ``extension`` names what a program that does not know REDCap's extension of ODM does not see; it is not lost.
    """

    text: str
    source: Source
    target: Target
    questionnaire: Questionnaire
    lost: tuple[Loss, ...]
    extension: tuple[Loss, ...] = ()


def convert(content: bytes, *, to: Target, made_at: str, file: str = "") -> Conversion:
    """Convert a file whose format is recognised by its content. Raises `InputError`."""
    found = recognise(content, file=file)
    return carry(found.reading, source=found.format, to=to, made_at=made_at)


def carry(reading: Reading, *, source: Source, to: Target, made_at: str) -> Conversion:
    """Write what was read, read it back, and list what is not the same, after what reading had lost."""
    questionnaire = reading.questionnaire
    text = write(questionnaire, to=to, made_at=made_at)
    lost = (*reading.losses, *differences(questionnaire, read_back(text, to=to), to))
    extension: tuple[Loss, ...] = ()
    if to in {"odm", "odm2"}:
        plain = read_odm(text.encode(), extension=False).questionnaire
        hidden = differences(questionnaire, plain, to)
        extension = tuple(loss for loss in hidden if loss not in lost)
    return Conversion(text=text, source=source, target=to, questionnaire=questionnaire, lost=lost, extension=extension)


def write(questionnaire: Questionnaire, *, to: Target, made_at: str) -> str:
    """The questionnaire in a format; ``made_at`` (ISO 8601) goes into ODM files."""
    match to:
        case "redcap":
            return write_redcap(questionnaire)
        case "odm" | "odm2":
            return write_odm(questionnaire, version="1.3.2" if to == "odm" else "2.0", made_at=made_at)
        case _:  # FHIR
            return write_fhir(questionnaire, version="R4" if to == "fhir" else "R5")


def read_back(text: str, *, to: Target) -> Questionnaire:
    """The questionnaire in a text that `write` made."""
    read = {"redcap": read_redcap, "odm": read_odm, "odm2": read_odm}.get(to, read_fhir)
    return read(text.encode()).questionnaire


def differences(before: Questionnaire, after: Questionnaire, to: Target) -> tuple[Loss, ...]:
    """Everything that is not the same: titles, and each of the 18 cells of each field.

    Fields are paired by their places, or by their names where some are missing.
    """
    return (*_titles(before, after, to), *_cells(before, after, to))


def _titles(before: Questionnaire, after: Questionnaire, to: Target) -> Iterator[Loss]:
    if before.title != after.title:
        yield Loss(field="", what="title", why=reason(to, "title", before.title, after.title))
    kept = {form.heading for form in after.forms}
    for form in before.forms:
        if form.heading not in kept:
            why = reason(to, "title", form.heading, "")
            yield Loss(field="", what=f"title of the form {form.name}", why=why)


def _cells(before: Questionnaire, after: Questionnaire, to: Target) -> Iterator[Loss]:
    olds, news = rows(before), rows(after)
    named = {new["field_name"]: new for new in news}
    fields = before.fields
    for place, old in enumerate(olds):
        new = news[place] if len(olds) == len(news) else named.get(old["field_name"])
        if new is None:
            yield Loss(field=old["field_name"], what="field", why=reason(to, "field", old["field_name"], ""))
            continue
        for key, cell in old.items():
            if new[key] != cell:
                why = reason(to, key, cell, new[key], field=fields[place], questionnaire=before)
                yield Loss(field=old["field_name"], what=key, why=why)
