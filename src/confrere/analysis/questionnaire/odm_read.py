"""The questionnaire in a CDISC ODM file: 1.3 (also REDCap's own dialect) or 2.0; the rest is listed as lost."""

from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from confrere.analysis.errors import InputError
from confrere.analysis.questionnaire.markup import read_xml
from confrere.analysis.questionnaire.model import Field, Loss, Reading, title_of
from confrere.analysis.questionnaire.odm_items import Items, Refer
from confrere.analysis.questionnaire.odm_terms import NAMESPACES, REDCAP, UNTITLED
from confrere.analysis.questionnaire.redcap import gathered

_DEFINED = ("FormDef", "ItemGroupDef", "ItemDef", "CodeList", "ConditionDef", "MethodDef")
_SEEN = frozenset({*_DEFINED, "Description"})
_QUIET = frozenset({"OID", "Name", "Repeating", "Type", "Mandatory", "OrderNumber"})
"""Attributes that say nothing of their own here; a repeating group is asked about apart."""
_DEEPEST = 20


def read_odm(content: bytes, *, file: str = "", extension: bool = True) -> Reading:
    """The questionnaire of the file's first study, in the order of its forms.

    ``extension=False`` reads it as a program does that does not know REDCap's attributes. Visits, answers and
    whatever else has no place in a questionnaire are losses. Raises `InputError`.
    """
    root = read_xml(content, file=file)
    namespace, _brace, name = root.tag.rpartition("}")
    if name != "ODM" or namespace[1:] not in {*NAMESPACES.values(), "http://www.cdisc.org/ns/odm/v1.2"}:
        raise InputError("this is XML, but not CDISC ODM 1.3 or 2.0.", file=file, line=1)
    if not extension:
        _forget(root)
    reader = _Reader(root, namespace + "}", file)
    return reader.reading()


def _forget(element: Element) -> None:
    """Drop REDCap's attributes from an element and all below it."""
    for part in element.iter():
        for name in [name for name in part.attrib if name.startswith("{" + REDCAP)]:
            del part.attrib[name]


class _Reader:
    def __init__(self, root: Element, namespace: str, file: str) -> None:
        self.root, self.namespace, self.file = root, namespace, file
        self.losses: dict[Loss, None] = {}
        found = root.find(f"{namespace}Study/{namespace}MetaDataVersion")
        self.metadata = Element("none") if found is None else found
        self.defined = {
            tag: {part.get("OID", ""): part for part in self.metadata.findall(namespace + tag)} for tag in _DEFINED
        }
        self.items = Items(self.defined, namespace, self.lose)

    def lose(self, field: str, what: str, why: str) -> None:
        self.losses[Loss(field=field, what=what, why=why)] = None

    def reading(self) -> Reading:
        groups = [part for part in self.defined["ItemGroupDef"].values() if part.get("Type") == "Form"]
        definitions = list(self.defined["FormDef"].values()) or groups
        fields: list[tuple[str, str, Field]] = []
        titles: dict[str, str] = {}
        for definition in definitions:
            oid = definition.get("OID", "")
            form = definition.get(f"{{{REDCAP}}}FormName") or oid.rpartition(".")[2] or oid or "form"
            form = oid if form in titles else form
            titles[form] = definition.get("Name", "")
            fields += self.form(form, definition, {field.name for _form, _header, field in fields})
        if not fields:
            raise InputError("this ODM file defines no form with items.", file=self.file)
        self.rest()
        title = self.title()
        gathered_fields = gathered(fields, title="" if title == UNTITLED else title)
        forms = tuple(replace(form, title=title_of(form.name, titles[form.name])) for form in gathered_fields.forms)
        return Reading(questionnaire=replace(gathered_fields, forms=forms), losses=tuple(self.losses))

    def title(self) -> str:
        study = self.root.find(f"{self.namespace}Study")
        assert study is not None
        named = study.findtext(f"{self.namespace}GlobalVariables/{self.namespace}StudyName")
        return (study.get("StudyName", "") if named is None else named).strip()

    def form(self, form: str, definition: Element, known: set[str]) -> Iterator[tuple[str, str, Field]]:
        """The fields of a form; one that was asked before is listed as lost, as a name is one field's."""
        self.unread("", definition, {"ItemGroupRef", "ItemRef"})
        last = title = definition.get("Name", "")
        for header, field in self.items.fields(form, list(self.references(definition, title, 0))):
            started = header if self.items.extended or header not in {last, title} else ""
            if not self.items.extended and header == title != last:
                self.lose(field.name, "section_header", "It stands after a section and now belongs to it.")
            last = header
            if field.name in known:
                self.lose(field.name, "repeated", f"The form {form} asks it again; a field stands in one place.")
            else:
                known.add(field.name)
                yield form, started, field

    def references(self, group: Element, heading: str, depth: int) -> Iterator[tuple[str, Refer]]:
        """The references to items in order, each with the heading of its group."""
        if depth > _DEEPEST:
            raise InputError(f"item groups are nested deeper than {_DEEPEST} levels.", file=self.file)
        for part in group:
            if part.tag == f"{self.namespace}ItemRef":
                yield heading, Refer(part, dict(part.attrib))
            elif part.tag == f"{self.namespace}ItemGroupRef":
                oid = part.get("ItemGroupOID", "")
                inner = self.defined["ItemGroupDef"].get(oid)
                if inner is None:
                    self.lose("", f"ItemGroupRef {oid[:80]}", "The item group is used but not defined in the file.")
                    continue
                self.group(oid, part, inner)
                yield from self.references(inner, inner.get("Name", ""), depth + 1)

    def group(self, oid: str, refer: Element, group: Element) -> None:
        if group.get("Repeating", "No") != "No":
            self.lose("", f"ItemGroupDef {oid}", "It may be answered several times; here each field is answered once.")
        if refer.get("CollectionExceptionConditionOID"):
            self.lose("", f"ItemGroupRef {oid}", "The condition of a whole item group is not read.")
        self.unread("", group, {"ItemRef", "ItemGroupRef"})

    def unread(self, field: str, element: Element, known: set[str]) -> None:
        """List the children of a definition that nothing is made of."""
        for child in element:
            tag = child.tag.rpartition("}")[2]
            if tag not in known:
                self.lose(field, f"{element.tag.rpartition('}')[2]} {tag}", "A questionnaire has no place for it here.")

    def rest(self) -> None:
        """What else the file holds."""
        for part in self.metadata:
            tag = part.tag.rpartition("}")[2]
            if tag not in _SEEN:
                self.lose("", tag, "Visits, protocols and layouts are not part of a questionnaire here.")
        for part in self.root.iter():
            tag = part.tag.rpartition("}")[2]
            if tag in {"ClinicalData", "ReferenceData", "AdminData", "MeasurementUnit"}:
                self.lose("", tag, "Only the questions are read, no answers, people or units.")
