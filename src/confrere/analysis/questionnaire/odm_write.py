"""A questionnaire as CDISC ODM 1.3.2 or 2.0, with what ODM cannot say in REDCap's extension.

A field of several choices becomes one item for each box, as ODM has no such item. Sections are item groups;
branching becomes a collection exception (the condition under which an item is *not* collected); a formula becomes
a method. REDCap's attributes repeat what is REDCap's own, so that REDCap reads the file as a project.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from confrere.analysis.questionnaire.cells import choices_cell, field_type
from confrere.analysis.questionnaire.logic import LogicError, negated, parse, to_text
from confrere.analysis.questionnaire.markup import write_xml
from confrere.analysis.questionnaire.model import Choice, Field, Form, Kind, Questionnaire
from confrere.analysis.questionnaire.odm_terms import (
    ATTRIBUTES,
    CONTEXT,
    FIELD_TYPES,
    FLAGS,
    NAMESPACES,
    REDCAP,
    UNTITLED,
    VALIDATIONS,
    Version,
    data_type,
)
from confrere.analysis.questionnaire.validation import FORMATS, decimals

_OWN = "confrere"
_BOX = (Choice(code="1", label="Checked"), Choice(code="0", label="Unchecked"))


def write_odm(questionnaire: Questionnaire, *, version: Version, made_at: str) -> str:
    """The document; ``made_at`` is the time of making in ISO 8601, as ODM demands one."""
    title = questionnaire.title or UNTITLED
    root = Element(
        "ODM",
        {
            "xmlns": NAMESPACES[version],
            "xmlns:redcap": REDCAP,
            "ODMVersion": version,
            "FileType": "Snapshot",
            "Granularity": "Metadata",
            "FileOID": f"{_OWN}.questionnaire",
            "CreationDateTime": made_at,
            "SourceSystem": _OWN,
        },
    )
    study = SubElement(root, "Study", {"OID": f"{_OWN}.study"})
    if version == "2.0":
        study.attrib |= {"StudyName": title, "ProtocolName": title}
    else:
        names = SubElement(study, "GlobalVariables")
        for tag in ("StudyName", "StudyDescription", "ProtocolName"):
            SubElement(names, tag).text = title
    metadata = SubElement(study, "MetaDataVersion", {"OID": f"{_OWN}.metadata", "Name": title})
    metadata.extend(_Writer(version).definitions(questionnaire))
    return write_xml(root)


class _Writer:
    """The definitions of one document, each kind of them in the order in which ODM wants them."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self.second = version == "2.0"
        self.forms: list[Element] = []
        self.groups: list[Element] = []
        self.items: list[Element] = []
        self.lists: list[Element] = []
        self.conditions: list[Element] = []
        self.methods: list[Element] = []

    def definitions(self, questionnaire: Questionnaire) -> Iterator[Element]:
        for form in questionnaire.forms:
            self.form(form)
        for kind in (self.forms, self.groups, self.items, self.lists, self.conditions, self.methods):
            yield from kind

    def form(self, form: Form) -> None:
        named = {"OID": f"Form.{form.name}", "Name": form.heading, "Repeating": "No"}
        tag, typed = ("ItemGroupDef", {"Type": "Form"}) if self.second else ("FormDef", {})
        definition = Element(tag, named | typed | {"redcap:FormName": form.name})
        self.forms.append(definition)
        for section in form.sections:
            oid = f"{form.name}.{section.fields[0].name}"
            SubElement(definition, "ItemGroupRef", {"ItemGroupOID": oid, "Mandatory": "No"})
            typed = {"Type": "Section"} if self.second else {}
            named = {"OID": oid, "Name": section.header or form.heading, "Repeating": "No"}
            group = Element("ItemGroupDef", named | typed)
            self.groups.append(group)
            for position, field in enumerate(section.fields):
                self.field(field, group, section.header if position == 0 else "")

    def field(self, field: Field, group: Element, header: str) -> None:
        refer = {"Mandatory": "Yes" if field.required else "No"} | self.condition(field) | self.method(field)
        if field.kind is not Kind.CHOICES:
            choices = field.choices
            self.item(field, group, header, (field.name, "", choices), refer)
            return
        for choice in field.choices:
            self.item(field, group, header, (f"{field.name}___{choice.code}", choice.label, _BOX), refer)

    def item(
        self,
        field: Field,
        group: Element,
        header: str,
        named: tuple[str, str, tuple[Choice, ...]],
        refer: dict[str, str],
    ) -> None:
        name, described, choices = named
        SubElement(group, "ItemRef", {"ItemOID": name, **refer, "redcap:Variable": field.name})
        kind = data_type(field, self.version)
        item = Element("ItemDef", {"OID": name, "Name": name, "DataType": kind})
        item.attrib |= self.lengths(field, kind) | _extension(field, header)
        self.items.append(item)
        if described:
            self.text(SubElement(item, "Description"), described)
        if field.label:
            self.text(SubElement(item, "Question"), field.label)
        if self.second and field.note:
            self.text(SubElement(item, "CRFCompletionInstructions"), field.note)
        for sign, limit in (("GE", field.low), ("LE", field.high)):
            if limit:
                check = SubElement(item, "RangeCheck", {"Comparator": sign, "SoftHard": "Soft"})
                SubElement(check, "CheckValue").text = limit
        if choices:
            SubElement(item, "CodeListRef", {"CodeListOID": f"{name}.choices"})
            self.code_list(field, name, kind, choices)

    def lengths(self, field: Field, kind: str) -> dict[str, str]:
        """How long an answer may be, which 1.3.2 wants to know of texts and numbers; 2.0 says how a date is typed."""
        if self.second:
            typed = FORMATS.get(field.validation, "")
            return {"DisplayFormat": typed} if typed else {}
        if kind == "float":
            return {"Length": "999", "SignificantDigits": f"{decimals(field)}"}
        return {"Length": "999"} if kind in {"text", "integer"} else {}

    def code_list(self, field: Field, name: str, kind: str, choices: tuple[Choice, ...]) -> None:
        listed = Element("CodeList", {"OID": f"{name}.choices", "Name": name, "DataType": kind})
        listed.set("redcap:Variable", field.name)
        if field.kind is Kind.CHOICES:
            listed.set("redcap:CheckboxChoices", choices_cell(field))
        self.lists.append(listed)
        for choice in choices:
            decode = SubElement(SubElement(listed, "CodeListItem", {"CodedValue": choice.code}), "Decode")
            self.text(decode, choice.label)

    def condition(self, field: Field) -> dict[str, str]:
        """The reference to the condition under which the field is left out; none where ODM cannot be told."""
        try:
            expression = to_text(negated(parse(field.branching)))
        except LogicError:
            return {}
        oid = f"Condition.{field.name}"
        definition = Element("ConditionDef", {"OID": oid, "Name": f"{field.name} is not asked"})
        self.text(SubElement(definition, "Description"), f"Not asked where {expression}")
        self.formal(definition, expression)
        self.conditions.append(definition)
        return {"CollectionExceptionConditionOID": oid}

    def method(self, field: Field) -> dict[str, str]:
        """The reference to the method by which the field is computed."""
        if field.kind is not Kind.CALCULATION or not field.detail:
            return {}
        oid = f"Method.{field.name}"
        definition = Element("MethodDef", {"OID": oid, "Name": f"{field.name} is computed", "Type": "Computation"})
        self.text(SubElement(definition, "Description"), field.detail)
        self.formal(definition, field.detail)
        self.methods.append(definition)
        return {"MethodOID": oid}

    def formal(self, definition: Element, expression: str) -> None:
        if self.second:
            SubElement(definition, "MethodSignature")
        formal = SubElement(definition, "FormalExpression", {"Context": CONTEXT})
        (SubElement(formal, "Code") if self.second else formal).text = expression

    def text(self, parent: Element, text: str) -> None:
        SubElement(parent, "TranslatedText", {"Type": "text/plain"} if self.second else {}).text = text


def _extension(field: Field, header: str) -> dict[str, str]:
    """What REDCap's extension says of the field."""
    kind = field_type(field)
    said = {"Variable": field.name, "FieldType": FIELD_TYPES.get(kind, kind)}
    said["TextValidationType"] = (
        VALIDATIONS.get(field.validation, field.validation) if kind == "text" else field.validation
    )
    if field.kind is Kind.SLIDER:
        said["SliderLabels"] = field.detail
    if field.kind is Kind.CALCULATION:
        said["Calculation"] = field.detail
    said["SectionHeader"] = header
    said |= {attribute: getattr(field, name) for name, attribute in ATTRIBUTES.items()}
    said |= {attribute: "y" if getattr(field, name) else "" for name, attribute in FLAGS.items()}
    return {f"redcap:{name}": value for name, value in said.items() if value}
