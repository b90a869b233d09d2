"""The questionnaire in a FHIR R4 or R5 Questionnaire (JSON); what has no place here is listed as lost."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from confrere.analysis.errors import InputError
from confrere.analysis.questionnaire.fhir_items import Source, control_of, item_field
from confrere.analysis.questionnaire.fhir_logic import from_enable_when
from confrere.analysis.questionnaire.fhir_shape import load_resource
from confrere.analysis.questionnaire.fhir_terms import FORM, MATRIX, Json
from confrere.analysis.questionnaire.logic import Condition, LogicError, joined, to_text
from confrere.analysis.questionnaire.model import Field, Loss, Questionnaire, Reading, title_of
from confrere.analysis.questionnaire.redcap import gathered

_DEEPEST = 20
_KNOWN = frozenset({"resourceType", "title", "status", "item", "contained"})
_GROUP = frozenset({"linkId", "text", "type", "item", "enableWhen", "enableBehavior", "extension"})
_INSIDE = frozenset({"help", "lower", "upper"})


@dataclass(slots=True)
class _Place:
    """A field on its way: where it stands, and the conditions of itself and of the groups around it."""

    form: str
    header: str
    field: Field
    conditions: list[Json]


@dataclass(frozen=True, slots=True)
class _Around:
    """What an item inherits: form, section (its key and heading), matrix, conditions, depth."""

    form: str
    key: str = ""
    heading: str = ""
    matrix: str = ""
    conditions: tuple[Json, ...] = ()
    depth: int = 0


def read_fhir(content: bytes, *, file: str = "") -> Reading:
    """The questionnaire of a resource. Raises `InputError`.

    A group is a section, a group inside it a section of its own; our own files (linkIds ``form:…``) also hold forms.
    A group's condition becomes a condition of each of its fields.
    """
    resource = load_resource(content, file=file)
    if resource.get("resourceType") != "Questionnaire":
        raise InputError("this is JSON, but no FHIR Questionnaire.", file=file)
    return _Reader(resource, file).reading()


class _Reader:
    def __init__(self, resource: Json, file: str) -> None:
        self.resource, self.file = resource, file
        self.losses: dict[Loss, None] = {}
        self.places: list[_Place] = []
        self.titles: dict[str, str] = {}
        self.links: set[str] = set()
        self.started: set[str] = set()
        self.key = ""
        contained = {f"#{part.get('id')}": part for part in resource.get("contained", [])}
        self.source = Source(contained, self.lose)

    def lose(self, field: str, what: str, why: str) -> None:
        self.losses[Loss(field=field, what=what, why=why)] = None

    def refuse(self, sentence: str) -> InputError:
        return InputError(sentence, file=self.file)

    def reading(self) -> Reading:
        for key in self.resource:
            if key not in _KNOWN:
                self.lose("", key, "A questionnaire has no place for it here.")
        title = self.resource.get("title", "")
        name = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_") or "questionnaire"
        for item in _items(self.resource):
            if item.get("linkId", "").startswith(FORM) and item.get("type") == "group":
                form = _unnumbered(self.link(item).removeprefix(FORM))
                self.titles[form] = item.get("text", "")
                self.group(item, _Around(form))
            else:
                self.titles.setdefault(name, title)
                self.item(item, _Around(name))
        if not self.places:
            raise self.refuse("this Questionnaire asks nothing.")
        return Reading(questionnaire=self.questionnaire(title), losses=tuple(self.losses))

    def questionnaire(self, title: str) -> Questionnaire:
        fields = {place.field.name: place.field for place in self.places}
        held = [
            (place.form, place.header, replace(place.field, branching=self.branching(place, fields)))
            for place in self.places
        ]
        found = gathered(held, title=title)
        forms = tuple(replace(form, title=title_of(form.name, self.titles[form.name])) for form in found.forms)
        return replace(found, forms=forms)

    def branching(self, place: _Place, fields: Mapping[str, Field]) -> str:
        parts: list[Condition] = []
        for condition in place.conditions:
            try:
                behavior = condition.get("enableBehavior", "all")
                parts.append(from_enable_when(condition["enableWhen"], behavior, fields))
            except LogicError as error:
                self.lose(place.field.name, "enableWhen", f"{error}")
        return to_text(joined("and", *parts)) if parts else ""

    def item(self, item: Json, around: _Around) -> None:
        if item.get("type") == "group":
            self.section(item, around)
            return
        link = self.link(item)
        inner = _items(item)
        texts = [child for child in inner if child.get("type") == "display" and control_of(child) in _INSIDE]
        field = replace(item_field(item, texts, self.source), matrix=around.matrix)
        header = self.header(link, around)
        self.places.append(_Place(around.form, header, field, [*around.conditions, *_conditions(item)]))
        for child in inner:
            if child not in texts:
                self.lose(f"{child.get('linkId', '')}", "item", f"It was part of {link}; now it stands after it.")
                self.item(child, replace(around, depth=self.deeper(around)))

    def header(self, link: str, around: _Around) -> str:
        """The heading that starts at this item."""
        first = around.form not in self.started
        self.started.add(around.form)
        started = first or around.key != self.key
        self.key = around.key
        if started and not first and not around.heading:
            self.lose(link, "group", "It stood after a section that had ended; now it belongs to that section.")
        return around.heading if started else ""

    def section(self, item: Json, around: _Around) -> None:
        link, text = self.link(item), item.get("text", "")
        if "table" in control_of(item):
            self.group(item, replace(around, matrix=_unnumbered(link.removeprefix(MATRIX))))
        elif not text.strip():
            self.group(item, around)
        else:
            if around.heading:
                self.lose(link, "group", "A group inside a group becomes a section of its own.")
            self.group(item, replace(around, key=link, heading=text))

    def group(self, item: Json, around: _Around) -> None:
        link = item["linkId"]
        for key in item:
            if key not in _GROUP:
                self.lose(link, key, "A section has no place for it here.")
        for extension in item.get("extension", []):
            if "table" not in control_of({"extension": [extension]}):
                self.lose(link, extension.get("url", "").rpartition("/")[2], "A section has no place for it here.")
        inner = replace(around, conditions=(*around.conditions, *_conditions(item)), depth=self.deeper(around))
        for child in _items(item):
            self.item(child, inner)

    def deeper(self, around: _Around) -> int:
        if around.depth >= _DEEPEST:
            raise self.refuse(f"items are nested deeper than {_DEEPEST} levels.")
        return around.depth + 1

    def link(self, item: Json) -> str:
        link = item.get("linkId")
        if not isinstance(link, str) or not link.strip() or link in self.links:
            raise self.refuse(f"each item needs a linkId of its own; this one is {link!r:.40}.")
        if not isinstance(item.get("type"), str):
            raise self.refuse(f"the item {link[:40]} has no type.")
        self.links.add(link)
        return link


def _items(parent: Json) -> list[Json]:
    found: list[Json] = parent.get("item", [])
    return found


def _conditions(item: Json) -> list[Json]:
    return [item] if item.get("enableWhen") else []


def _unnumbered(link: str) -> str:
    return re.sub(r"#\d+$", "", link)
