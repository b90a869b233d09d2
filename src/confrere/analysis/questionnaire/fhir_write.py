"""A questionnaire as a FHIR R4 or R5 Questionnaire, with HL7's own extensions and no others.

Forms, sections and matrices become groups; a field note and the ends of a slider become texts inside the question.
What FHIR has no place for is left out (the conversion lists it).
"""

import json
from collections.abc import Iterator, Mapping

from confrere.analysis.questionnaire.fhir_logic import to_enable_when
from confrere.analysis.questionnaire.fhir_terms import (
    FORM,
    HIDDEN,
    HIGH,
    LOW,
    MATRIX,
    PATTERN,
    PLACES,
    SECTION,
    STEP,
    TYPED,
    TYPES,
    Json,
    Version,
    control,
)
from confrere.analysis.questionnaire.fhir_values import typed
from confrere.analysis.questionnaire.logic import LogicError, parse
from confrere.analysis.questionnaire.model import Choice, Field, Form, Kind, Questionnaire, Section
from confrere.analysis.questionnaire.validation import FORMATS, PATTERNS, decimals

_CHOOSING = frozenset({Kind.CHOICE, Kind.CHOICES})
_SPAN = ("0", "100")
"""What a slider measures where nothing else is said."""


def write_fhir(questionnaire: Questionnaire, *, version: Version) -> str:
    """The resource as indented JSON."""
    title = {"title": questionnaire.title} if questionnaire.title.strip() else {}
    items = _Writer(questionnaire, version).items()
    resource = {"resourceType": "Questionnaire", **title, "status": "draft", "item": items}
    return json.dumps(resource, ensure_ascii=False, indent=1) + "\n"


class _Writer:
    def __init__(self, questionnaire: Questionnaire, version: Version) -> None:
        self.questionnaire, self.version = questionnaire, version
        self.fields: Mapping[str, Field] = {field.name: field for field in questionnaire.fields}
        self.taken = set(self.fields)

    def items(self) -> list[Json]:
        return [self.form(form) for form in self.questionnaire.forms]

    def link(self, wanted: str) -> str:
        """A linkId like the one that is wanted, and unlike all others."""
        found, number = wanted, 2
        while found in self.taken:
            found, number = f"{wanted}#{number}", number + 1
        self.taken.add(found)
        return found

    def form(self, form: Form) -> Json:
        link = self.link(FORM + form.name)
        inner: list[Json] = []
        for section in form.sections:
            if section.header:
                inner.append(self.group(SECTION + section.fields[0].name, section.header, list(self.section(section))))
            else:
                inner += self.section(section)
        return {"linkId": link, **_text(form.heading), "type": "group", "item": inner}

    def group(self, wanted: str, text: str, inner: list[Json]) -> Json:
        return {"linkId": self.link(wanted), **_text(text), "type": "group", "item": inner}

    def section(self, section: Section) -> Iterator[Json]:
        matrix: list[Json] = []
        name = ""
        for field in section.fields:
            if field.matrix != name and matrix:
                yield self.matrix(name, matrix)
                matrix = []
            name = field.matrix
            if name:
                matrix.append(self.item(field))
            else:
                yield self.item(field)
        if matrix:
            yield self.matrix(name, matrix)

    def matrix(self, name: str, inner: list[Json]) -> Json:
        return {"extension": [control("table")]} | self.group(MATRIX + name, "", inner)

    def item(self, field: Field) -> Json:
        kind = "coding" if self.version == "R5" and field.kind in _CHOOSING else TYPES[field.kind]
        extensions = [*_controls(field), *_limits(field), *_formats(field)]
        item: Json = {"extension": extensions} if extensions else {}
        item |= {"linkId": field.name} | ({"prefix": field.number} if field.number.strip() else {})
        item |= _text(field.label) | {"type": kind} | self.enabled(field)
        if field.required and field.kind is not Kind.DISPLAY:
            item["required"] = True
        if field.kind is Kind.CHOICES:
            item["repeats"] = True
        if field.kind is Kind.CALCULATION:
            item["readOnly"] = True
        if field.kind in _CHOOSING:
            item |= {"answerConstraint": "optionsOnly"} if self.version == "R5" else {}
            item["answerOption"] = [{"valueCoding": coding} for choice in field.choices if (coding := _coding(choice))]
        texts = list(self.texts(field))
        return item | ({"item": texts} if texts else {})

    def enabled(self, field: Field) -> Json:
        try:
            entries, behavior = to_enable_when(parse(field.branching), self.fields)
        except LogicError:
            return {}
        return {"enableWhen": entries} | ({"enableBehavior": behavior} if len(entries) > 1 else {})

    def texts(self, field: Field) -> Iterator[Json]:
        """The texts that stand inside a question: the ends of a slider, the note."""
        said = {"help": field.note}
        if field.kind is Kind.SLIDER:
            said = {"lower": field.slider_labels[0], "upper": field.slider_labels[2]} | said
        if field.kind is Kind.DISPLAY:
            return
        for code, text in said.items():
            if text.strip():
                link = self.link(f"{field.name}/{code}")
                yield {"extension": [control(code)], "linkId": link, "text": text, "type": "display"}


def _text(text: str) -> Json:
    return {"text": text} if text.strip() else {}


def _coding(choice: Choice) -> Json:
    """A code in FHIR holds single blanks between words only; neither it nor a label is empty."""
    said = {"code": " ".join(choice.code.split()), "display": choice.label}
    return {key: text for key, text in said.items() if text.strip()}


def _controls(field: Field) -> Iterator[Json]:
    if field.kind is Kind.CHOICE:
        yield control("drop-down" if field.control == "dropdown" else "radio-button")
    if field.kind is Kind.CHOICES:
        yield control("check-box")
    if field.kind is Kind.SLIDER:
        yield control("slider")
        yield {"url": STEP, "valueInteger": 1}


def _limits(field: Field) -> Iterator[Json]:
    low, high = (field.low, field.high)
    if field.kind is Kind.SLIDER:
        low, high = low or _SPAN[0], high or _SPAN[1]
    for url, text in ((LOW, low), (HIGH, high)):
        found = typed(field, text)
        if found is not None:
            yield {"url": url, f"value{found[0]}": found[1]}


def _formats(field: Field) -> Iterator[Json]:
    if field.annotation == "@HIDDEN":
        yield {"url": HIDDEN, "valueBoolean": True}
    places = decimals(field)
    if places is not None:
        yield {"url": PLACES, "valueInteger": places}
    if field.validation in FORMATS:
        yield {"url": TYPED, "valueString": FORMATS[field.validation]}
    if field.validation in PATTERNS:
        yield {"url": PATTERN, "valueString": PATTERNS[field.validation]}
