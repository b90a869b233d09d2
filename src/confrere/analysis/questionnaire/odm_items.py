"""One item definition of ODM as a field: by REDCap's attributes where it has them, else by what ODM itself says."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from xml.etree.ElementTree import Element

from confrere.analysis.questionnaire.cells import CHOOSING, TYPES, read_choices
from confrere.analysis.questionnaire.logic import LogicError, negated, parse, to_text
from confrere.analysis.questionnaire.model import Choice, Field, Kind
from confrere.analysis.questionnaire.odm_terms import (
    ATTRIBUTES,
    CONTEXT,
    FIELD_TYPES,
    FLAGS,
    KINDS,
    REDCAP,
    STANDARD,
    VALIDATIONS,
)
from confrere.analysis.questionnaire.validation import kind_of, of_format, of_number

_TYPES = {odm: name for name, odm in FIELD_TYPES.items()}
_VALIDATIONS = {odm: name for name, odm in VALIDATIONS.items()}
_NAME = re.compile(r"[^\W\d]\w*")
_READ = frozenset({"Description", "Question", "CRFCompletionInstructions", "RangeCheck", "CodeListRef"})
_READ_ATTRIBUTES = frozenset({"OID", "Name", "DataType", "SignificantDigits", "DisplayFormat", "CommentOID"})
_NO_PLACE = "A field has no place for it here."
_NOTED = frozenset({"Variable", "FieldType", "TextValidationType", "SliderLabels", "Calculation", "SectionHeader"})
_KEPT = frozenset({"redcap_data_access_group", "redcap_survey_identifier"})


@dataclass(frozen=True, slots=True)
class Refer:
    """A reference to an item, with what it says of it."""

    element: Element
    said: Mapping[str, str]


class Items:
    """The items of a file, read field by field; what is not understood goes to ``lose(field, what, why)``."""

    def __init__(
        self,
        defined: Mapping[str, Mapping[str, Element]],
        namespace: str,
        lose: Callable[[str, str, str], None],
    ) -> None:
        self.defined, self.namespace, self.lose = defined, namespace, lose
        names = [item.get("Name", "") for item in defined["ItemDef"].values()]
        self.named = all(_NAME.fullmatch(name) for name in names) and len(set(names)) == len(names)
        self.extended = any(_redcap(item, "FieldType") for item in defined["ItemDef"].values())

    def fields(self, form: str, held: list[tuple[str, Refer]]) -> Iterator[tuple[str, Field]]:
        """The fields of a form with their headings; the boxes of several choices are one field again."""
        known = [(header, refer, item) for header, refer in held if (item := self.item(refer)) is not None]
        for _variable, boxes in groupby(known, key=lambda entry: self.variable(entry[2])):
            header, refer, item = next(boxes)
            if _redcap(item, "Variable") in {*_KEPT, f"{form}_complete", f"{form}_timestamp"}:
                continue  # REDCap adds these to every form by itself; no dictionary holds them
            field = self.field(item, refer)
            self.unread(field.name, item)
            yield (_redcap(item, "SectionHeader") if self.extended else header), field

    def item(self, refer: Refer) -> Element | None:
        oid = refer.said.get("ItemOID", "")
        item = self.defined["ItemDef"].get(oid) if oid else None
        if item is None:
            self.lose("", f"ItemRef {oid[:80]}", "The item is used but not defined in the file.")
        return item

    def variable(self, item: Element) -> str:
        boxed = _redcap(item, "FieldType") == "checkbox"
        return _redcap(item, "Variable") if boxed else item.get("OID", "")

    def field(self, item: Element, refer: Refer) -> Field:
        kind, control, validation = self.kind(item)
        name = _redcap(item, "Variable") or (item.get("Name", "") if self.named else item.get("OID", ""))
        field = Field(
            name=name,
            kind=kind,
            control=control,
            validation=validation,
            label=self.text(item, "Question", name) or ("" if self.extended else item.get("Name", "")),
            note=self.text(item, "CRFCompletionInstructions", name),
            required=refer.said.get("Mandatory") == "Yes",
            detail=_redcap(item, "SliderLabels") or self.formula(name, refer),
        )
        field = self.limited(field, item)
        field = self.chosen(field, item)
        return self.noted(replace(field, branching=self.branching(field.name, refer)), item)

    def kind(self, item: Element) -> tuple[Kind, str, str]:
        """Kind, control and validation."""
        said = _redcap(item, "FieldType")
        written = _redcap(item, "TextValidationType")
        if said:
            named = _TYPES.get(said, said)
            if named not in TYPES:
                self.lose(_redcap(item, "Variable"), f"FieldType {said[:40]}", "It becomes a text.")
            kind, control = TYPES.get(named, (Kind.TEXT, ""))
            validation = _VALIDATIONS.get(written, written) if kind is Kind.TEXT else written
            if kind is Kind.FILE and written == "signature":
                return Kind.SIGNATURE, "", written
            return kind_of(validation) if kind is Kind.TEXT else kind, control, validation
        kind = KINDS.get(item.get("DataType", ""), Kind.TEXT)
        digits = item.get("SignificantDigits", "")
        if kind is Kind.NUMBER and digits.isdecimal():
            return kind, "", of_number(int(digits))
        typed = of_format(item.get("DisplayFormat", ""))
        if typed and kind_of(typed) is kind:
            return kind, "", typed
        shorter = {"partialDatetime": "datetime_ymd", "partialTime": "time"}
        return kind, "", shorter.get(item.get("DataType", ""), STANDARD.get(kind, ""))

    def limited(self, field: Field, item: Element) -> Field:
        for check in item.findall(f"{self.namespace}RangeCheck"):
            side = {"GE": "low", "LE": "high"}.get(check.get("Comparator", ""))
            values = [value.text or "" for value in check.findall(f"{self.namespace}CheckValue")]
            if side is None or len(values) != 1:
                self.lose(field.name, "RangeCheck", "Only a smallest and a largest value can be checked.")
                continue
            if check.get("SoftHard") == "Hard":
                self.lose(field.name, "RangeCheck SoftHard", "Values outside are pointed out, not refused.")
            said: dict[str, Any] = {side: values[0]}
            field = replace(field, **said)
        return field

    def chosen(self, field: Field, item: Element) -> Field:
        """The field with the choices of its code list."""
        refer = item.find(f"{self.namespace}CodeListRef")
        oid = "" if refer is None else refer.get("CodeListOID", "")
        listed = self.defined["CodeList"].get(oid)
        if listed is None:
            if oid:
                self.lose(field.name, "CodeListRef", f"The code list {oid[:80]} is not defined in the file.")
            return replace(field, kind=Kind.TEXT) if field.kind in CHOOSING else field
        boxes = _redcap(listed, "CheckboxChoices")
        if read_choices(boxes):
            return replace(field, choices=self.once(field.name, read_choices(boxes)), detail=boxes)
        if field.kind is Kind.YES_NO and self.extended:
            return field
        choices = self.once(field.name, self.choices(field.name, listed))
        if not choices:
            self.lose(field.name, "CodeList", "The list offers no answers, or is kept elsewhere; any text is one.")
            return replace(field, kind=Kind.TEXT) if field.kind in CHOOSING else field
        if field.kind not in {Kind.CHOICE, Kind.QUERY}:
            field = replace(field, kind=Kind.CHOICE, validation="")
        return field if field.kind is Kind.QUERY else replace(field, choices=choices)

    def choices(self, name: str, listed: Element) -> Iterator[Choice]:
        for part in listed:
            tag = part.tag.removeprefix(self.namespace)
            if tag not in {"CodeListItem", "EnumeratedItem"}:
                self.lose(name, f"CodeList {tag}", _NO_PLACE)
            else:
                code = part.get("CodedValue", "")
                told = part.find(f"{self.namespace}Decode") is not None
                yield Choice(code=code, label=self.text(part, "Decode", name) if told else code)

    def once(self, name: str, choices: Iterable[Choice]) -> tuple[Choice, ...]:
        """The choices, each code once."""
        found: dict[str, Choice] = {}
        for choice in choices:
            if choice.code in found:
                self.lose(name, f"code {choice.code[:80]}", "It is offered twice; the first one stays.")
            found.setdefault(choice.code, choice)
        return tuple(found.values())

    def text(self, parent: Element, tag: str, name: str) -> str:
        """A translated text in English, else in the first language; the others are listed as lost."""
        texts = parent.findall(f"{self.namespace}{tag}/{self.namespace}TranslatedText")
        if not texts:
            return ""
        language = "{http://www.w3.org/XML/1998/namespace}lang"
        best = min(texts, key=lambda text: text.get(language, "en")[:2] != "en")
        for other in texts:
            if other is not best:
                self.lose(name, f"{tag} in {other.get(language, 'no language')}", "One language is read.")
        found = best.text or ""
        return found if self.extended else " ".join(found.split())

    def formula(self, name: str, refer: Refer) -> str:
        oid = refer.said.get("MethodOID", "")
        found = self.formal("MethodDef", oid)
        if oid and not found:
            self.lose(name, "MethodOID", f"The method {oid[:80]} is in a language that is not understood.")
        return found

    def branching(self, name: str, refer: Refer) -> str:
        oid = refer.said.get("CollectionExceptionConditionOID", "")
        if not oid:
            return ""
        try:
            return to_text(negated(parse(self.formal("ConditionDef", oid))))
        except LogicError:
            self.lose(name, "branching_logic", f"The condition {oid[:80]} is in a language that is not understood.")
            return ""

    def formal(self, tag: str, oid: str) -> str:
        """The formal expression in REDCap's notation; empty where there is none."""
        definition = self.defined[tag].get(oid)
        if definition is None:
            return ""
        for formal in definition.findall(f"{self.namespace}FormalExpression"):
            if formal.get("Context") == CONTEXT:
                return formal.findtext(f"{self.namespace}Code") or (formal.text or "").strip()
        return ""

    def noted(self, field: Field, item: Element) -> Field:
        """The field with what REDCap's attributes say of it."""
        if not _redcap(item, "FieldType"):
            return field
        said: dict[str, Any] = {
            name: _redcap(item, attribute) or getattr(field, name) for name, attribute in ATTRIBUTES.items()
        }
        said |= {name: _redcap(item, attribute) == "y" for name, attribute in FLAGS.items()}
        return replace(field, **said, detail=_redcap(item, "Calculation") or field.detail)

    def unread(self, name: str, item: Element) -> None:
        """List what of the item's definition nothing was made of."""
        for child in item:
            tag = child.tag.rpartition("}")[2]
            if tag not in _READ or (tag == "Description" and not self.extended):
                self.lose(name, tag, _NO_PLACE)
        known = _NOTED | set(ATTRIBUTES.values()) | set(FLAGS.values())
        for key in item.attrib:
            ours = key.startswith("{" + REDCAP)
            attribute = key.rpartition("}")[2]
            quiet = attribute in known if ours else attribute in _READ_ATTRIBUTES or self.extended
            if not quiet:
                self.lose(name, attribute, _NO_PLACE)


def _redcap(element: Element, name: str) -> str:
    return element.get(f"{{{REDCAP}}}{name}", "")
