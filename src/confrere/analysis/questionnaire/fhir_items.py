"""One question of a FHIR Questionnaire as a field."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from confrere.analysis.questionnaire.fhir_terms import (
    CONTROL,
    HIDDEN,
    HIGH,
    KINDS,
    LOW,
    PATTERN,
    PLACES,
    STANDARD,
    STEP,
    TYPED,
    Json,
)
from confrere.analysis.questionnaire.fhir_values import text_of
from confrere.analysis.questionnaire.model import Choice, Field, Kind
from confrere.analysis.questionnaire.validation import kind_of, of_format, of_number, of_pattern

_READ = frozenset(
    {
        *("linkId", "prefix", "text", "type", "extension", "enableWhen", "enableBehavior", "required", "repeats"),
        *("readOnly", "answerOption", "answerValueSet", "answerConstraint", "item"),
    }
)
_NO_PLACE = "A field has no place for it here."
_CONTROLS: Mapping[Kind, frozenset[str]] = {
    Kind.CHOICE: frozenset({"radio-button", "drop-down"}),
    Kind.CHOICES: frozenset({"check-box"}),
    Kind.SLIDER: frozenset({"slider"}),
}
"""The controls that are a kind's own; another one is listed as lost."""


@dataclass(frozen=True, slots=True)
class Source:
    """What all items of a resource share: the value sets inside it, and where losses go (field, what, why)."""

    contained: Mapping[str, Json]
    lose: Callable[[str, str, str], None]


def control_of(item: Json) -> str:
    """The code of an item's control; empty where it has none."""
    for extension in item.get("extension", []):
        if extension.get("url") == CONTROL:
            codings = extension.get("valueCodeableConcept", {}).get("coding", [])
            return f"{codings[0].get('code', '')}" if codings else ""
    return ""


def item_field(item: Json, texts: Iterable[Json], source: Source) -> Field:
    """The field of a question; ``texts`` are the texts inside it that say how it is shown."""
    name = item["linkId"]
    kind = _kind(item, source)
    field = Field(
        name=name,
        kind=kind,
        label=item.get("text", ""),
        number=item.get("prefix", ""),
        control="dropdown" if kind is Kind.CHOICE and control_of(item) == "drop-down" else "",
        required=item.get("required", False),
        validation=STANDARD.get(kind, ""),
    )
    if kind in {Kind.CHOICE, Kind.CHOICES}:
        field = _chosen(field, item, source)
    field = _extended(field, item, source)
    for key in item:
        if key not in _READ:
            source.lose(name, key, _NO_PLACE)
    return _explained(field, texts, source)


def _kind(item: Json, source: Source) -> Kind:
    name, said = item["linkId"], item["type"]
    found = KINDS.get(said)
    if found is None or said in {"reference", "quantity", "question", "url"}:
        source.lose(name, f"type {said}", "It becomes a number." if said == "quantity" else "It becomes a text.")
    kind = found or Kind.TEXT
    if item.get("answerOption") and kind is not Kind.CHOICE:
        source.lose(name, f"type {said}", "Answers that are offered become a choice.")
        kind = Kind.CHOICE
    if said == "open-choice" or item.get("answerConstraint", "optionsOnly") != "optionsOnly":
        source.lose(name, "open choice", "A choice here is among the answers that are offered.")
    if item.get("repeats"):
        if kind is Kind.CHOICE:
            kind = Kind.CHOICES
        else:
            source.lose(name, "repeats", "Here the question is answered once.")
    if item.get("readOnly"):
        if kind is Kind.NUMBER:
            return Kind.CALCULATION
        source.lose(name, "readOnly", _NO_PLACE)
    return Kind.SLIDER if kind is Kind.INTEGER and control_of(item) == "slider" else kind


def _chosen(field: Field, item: Json, source: Source) -> Field:
    """The field with its choices; a text where it offers none."""
    address = item.get("answerValueSet", "")
    options = item.get("answerOption", [])
    if address and address not in source.contained:
        source.lose(field.name, "answerValueSet", f"The value set {address[:80]} is not inside the file.")
    elif address:
        compose = source.contained[address].get("compose", {})
        options = [
            {"valueCoding": concept} for part in compose.get("include", []) for concept in part.get("concept", [])
        ]
    choices: dict[str, Choice] = {}
    for option in options:
        for choice in _choices(field.name, option, source):
            if not choice.code.strip():
                source.lose(field.name, "answerOption", "It has neither a code nor words.")
                continue
            if choice.code in choices:
                source.lose(field.name, f"code {choice.code}", "It is offered twice; the first one stays.")
            choices.setdefault(choice.code, choice)
    if not choices:
        source.lose(field.name, "answerOption", "No answers are offered, so it becomes a text.")
        return replace(field, kind=Kind.TEXT, control="")
    return replace(field, choices=tuple(choices.values()))


def _choices(name: str, option: Json, source: Source) -> Iterator[Choice]:
    for key, value in option.items():
        if key == "valueCoding":
            said = f"{value.get('code', '') or value.get('display', '')}"
            yield Choice(code=said, label=value.get("display", "") if value.get("code") else said)
            for more in value:
                if more not in {"code", "display"}:
                    source.lose(name, f"answerOption {more}", "A choice has a code and a label only.")
        elif key.startswith("value") and not isinstance(value, dict):
            yield Choice(code=f"{value}", label=f"{value}")
        else:
            source.lose(name, f"answerOption {key}", "A choice has a code and a label only.")


def _extended(field: Field, item: Json, source: Source) -> Field:
    extensions = item.get("extension", [])
    for extension in sorted(extensions, key=lambda one: one.get("url") != TYPED):  # how a time is typed shortens limits
        url = extension.get("url", "")
        found = _extension(field, url, extension)
        if found is None:
            source.lose(field.name, url.rpartition("/")[2], _NO_PLACE)
        field = found or field
    if field.kind is Kind.SLIDER:
        low, high = ("" if field.low == "0" else field.low), ("" if field.high == "100" else field.high)
        field = replace(field, low=low, high=high)
    return field


def _extension(field: Field, url: str, extension: Json) -> Field | None:
    """The field with what one extension says; None where it has no place."""
    value = next((part for key, part in extension.items() if key.startswith("value")), None)
    if url == CONTROL:
        return field if control_of({"extension": [extension]}) in _CONTROLS.get(field.kind, ()) else None
    if url == STEP:
        return field if field.kind is Kind.SLIDER and value == 1 else None
    if url == HIDDEN:
        return replace(field, annotation="@HIDDEN") if value is True else field
    if url == LOW:
        return replace(field, low=text_of(field, value))
    if url == HIGH:
        return replace(field, high=text_of(field, value))
    validation = _validation(field.kind, url, value)
    return replace(field, validation=validation) if validation else None


def _validation(kind: Kind, url: str, value: Any) -> str:
    """The validation that an extension means; empty where it means none."""
    if url == PLACES and kind is Kind.NUMBER and isinstance(value, int):
        return of_number(value).removesuffix("number")
    if url == TYPED:
        found = of_format(f"{value}")
        return found if kind_of(found) is kind else ""
    return of_pattern(f"{value}") if url == PATTERN and kind is Kind.TEXT else ""


def _explained(field: Field, texts: Iterable[Json], source: Source) -> Field:
    """The field with its note and the ends of its slider."""
    said: dict[str, str] = {}
    for text in texts:
        code = control_of(text)
        if code in said:
            source.lose(field.name, f"second {code} text", "One is read.")
        said.setdefault(code, text.get("text", ""))
    ends = [said.get("lower", ""), "", said.get("upper", "")]
    if field.kind is not Kind.SLIDER:
        for code in {"lower", "upper"} & set(said):
            source.lose(field.name, f"{code} text", "Only a slider has labels at its ends.")
        return replace(field, note=said.get("help", ""))
    return replace(field, note=said.get("help", ""), detail=" | ".join(ends) if any(ends) else "")
