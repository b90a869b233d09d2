"""A published questionnaire as other systems know it: where it came from another one, all of that comes back.

A question that came from a file keeps its field; only what was changed here since is written anew, part by part.
Licensed wording does not leave: items of instruments whose text is not free go out with stand-in wording, which says
so, and are known as the instrument again when they come back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from confrere.analysis.questionnaire import Choice, Field, Kind, Questionnaire, of_instruments
from confrere.analysis.questionnaire.from_rule import from_rule
from confrere.analysis.questionnaire.logic import Asked as AskedOf
from confrere.analysis.questionnaire.logic import to_text
from confrere.analysis.questionnaire.redcap import gathered
from confrere.surveys.definition.asking import LOOK_OF
from confrere.surveys.definition.blocks import Origin
from confrere.surveys.definition.branching import box
from confrere.surveys.definition.model import Kind as Asked
from confrere.surveys.definition.model import Question
from confrere.surveys.definition.storing import restored

_VALIDATIONS: Mapping[str, tuple[Kind, str]] = {
    **{look: (Kind.TEXT, validation) for validation, look in LOOK_OF.items()},
    "time": (Kind.TIME, "time"),
    "datetime": (Kind.DATETIME, "datetime_ymd"),
    "": (Kind.TEXT, ""),
}
_KINDS: Mapping[Asked, tuple[Kind, str]] = {
    Asked.LIKERT: (Kind.CHOICE, ""),
    Asked.CHOICE: (Kind.CHOICE, ""),
    Asked.CHOICES: (Kind.CHOICES, ""),
    Asked.SLIDER: (Kind.SLIDER, ""),
    Asked.DATE: (Kind.DATE, "date_ymd"),
    Asked.TEXT: (Kind.LONG_TEXT, ""),
    Asked.NOTE: (Kind.DISPLAY, ""),
}


def going(questions: Sequence[Question], origins: Mapping[str, Origin], *, form: str, title: str) -> Questionnaire:
    """The questionnaire; `form` and `title` name the page of questions that came from nowhere else."""
    columns = {name: asked for one in questions for name, asked in _columns(one)}
    found: list[tuple[str, str, Field]] = []
    titles: dict[str, str] = {}
    section = ""
    for question in questions:
        origin = origins.get(question.name, {})
        here = _form(origin, [name for name, _header, _field in found], form)
        starts = not found or found[-1][0] != here
        titles.setdefault(here, origin.get("form_title", title if here == form else ""))
        header = _header(question, origin, begins=starts or question.section != section)
        section = question.section
        found.append((here, header, _field(question, origin, columns)))
    pages = gathered(found, title=title)
    return replace(pages, forms=tuple(replace(page, title=titles[page.name]) for page in pages.forms))


def _form(origin: Origin, before: Sequence[str], form: str) -> str:
    """The form of a question: its own, as long as that is not torn apart; else the one before it."""
    own = origin.get("form") or (before[-1] if before else form)
    return before[-1] if own in before else str(own)


def _header(question: Question, origin: Origin, *, begins: bool) -> str:
    if origin and origin["question"]["section"] == question.section:
        if origin["header"]:
            return str(origin["header"])
        if question.section == origin["heading"]:
            return ""
    return question.section if begins else ""


def _columns(question: Question) -> Iterable[tuple[str, AskedOf]]:
    if question.kind is Asked.CHOICES:
        return [(box(question.name, option.value), AskedOf(question.name, option.value)) for option in question.options]
    return [(question.name, AskedOf(question.name))]


def _field(question: Question, origin: Origin, columns: Mapping[str, AskedOf]) -> Field:
    made = _made(question, columns)
    if not origin:
        return made
    before, came = restored(origin["question"]), _came(origin["field"])
    kept: dict[str, Any] = {
        name: getattr(came, name)
        for name, read in _READ.items()
        if all(getattr(question, one) == getattr(before, one) for one in read)
    }
    always = ("identifier", "alignment", "number", "ranking", "annotation")
    return replace(made, **kept, **{name: getattr(came, name) for name in always})


#: What of a field is made of which parts of a question: unchanged parts leave the field as it came.
_READ: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "kind": ("kind", "whole", "look", "options"),
    "control": ("kind", "whole", "look", "options"),
    "validation": ("kind", "whole", "look"),
    "choices": ("kind", "options"),
    "detail": ("kind", "options", "low_label", "high_label"),
    "low": ("kind", "low", "earliest"),
    "high": ("kind", "high", "latest"),
    "label": ("text",),
    "note": ("note",),
    "branching": ("condition",),
    "required": ("required",),
    "matrix": ("matrix",),
}


def _came(said: Mapping[str, Any]) -> Field:
    choices = tuple(Choice(**choice) for choice in said.get("choices", ()))
    return Field(**{**said, "kind": Kind(said["kind"]), "choices": choices})


def _made(question: Question, columns: Mapping[str, AskedOf]) -> Field:
    """The field of a question that came from nowhere else."""
    kind, validation = _kind(question)
    low, high = _ends(question)
    field = Field(
        name=question.name,
        kind=kind,
        label=question.text or "",
        choices=tuple(Choice(code=option.value, label=option.label) for option in question.options),
        detail=f"{question.low_label} |  | {question.high_label}" if kind is Kind.SLIDER else "",
        note=question.note,
        validation=validation,
        low=low,
        high=high,
        branching=to_text(from_rule(question.condition, columns)) if question.condition else "",
        required=question.needed,
        matrix=question.matrix,
    )
    return field if question.instrument is None else _item(question, field)


def _item(question: Question, field: Field) -> Field:
    skeleton = of_instruments([question.instrument or ""]).fields
    item = next(one for one in skeleton if one.name == question.name)
    return replace(item, branching=field.branching, required=field.required)


def _kind(question: Question) -> tuple[Kind, str]:
    match question.kind:
        case Asked.NUMBER:
            return (Kind.INTEGER, "integer") if question.whole else (Kind.NUMBER, "number")
        case Asked.LINE:
            return _VALIDATIONS[question.look]
        case _:  # a field that is only kept has its origin's kind
            return _KINDS.get(question.kind, (Kind.TEXT, ""))


def _ends(question: Question) -> tuple[str, str]:
    if question.kind is Asked.DATE:
        return question.earliest, question.latest
    if question.kind not in {Asked.NUMBER, Asked.SLIDER}:
        return "", ""
    low, high = ("" if end is None else f"{end:g}" for end in (question.low, question.high))
    return ("", "") if question.kind is Asked.SLIDER and (low, high) == ("0", "100") else (low, high)
