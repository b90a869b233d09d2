"""The rows as CDISC ODM 1.3.2: what was asked as metadata, then each participant's answers by assessment."""

from itertools import groupby
from xml.etree import ElementTree as ET

from confrere.analysis.export.delimited import number
from confrere.analysis.export.table import Cell, Table, Variable

_NAMESPACE = "http://www.cdisc.org/ns/odm/v1.3"
_STUDY, _VERSION, _FORM, _GROUP = "S.1", "V.1", "F.1", "IG.1"


def data_odm(table: Table, *, title: str, made: str) -> bytes:
    """An ODM file of the kind snapshot. ``made``: when, in ISO 8601. Missing answers are left out, as ODM has it."""
    root = ET.Element("ODM", xmlns=_NAMESPACE, ODMVersion="1.3.2", FileType="Snapshot", FileOID="confrere")
    root.set("CreationDateTime", made)
    root.set("SourceSystem", "confrère")
    _study(ET.SubElement(root, "Study", OID=_STUDY), table, title)
    data = ET.SubElement(root, "ClinicalData", StudyOID=_STUDY, MetaDataVersionOID=_VERSION)
    person, wave = table.place(table.named("id")), table.place(table.named("wave"))
    asked = [(j, one) for j, one in enumerate(table.variables) if j not in (person, wave)]
    for who, rows in groupby(table.rows, key=lambda row: row[person]):
        subject = ET.SubElement(data, "SubjectData", SubjectKey=f"{who}")
        for row in rows:
            event = ET.SubElement(subject, "StudyEventData", StudyEventOID=f"SE.{row[wave]}")
            form = ET.SubElement(event, "FormData", FormOID=_FORM)
            group = ET.SubElement(form, "ItemGroupData", ItemGroupOID=_GROUP)
            for j, one in asked:
                cell = row[j]
                if cell is not None:
                    ET.SubElement(group, "ItemData", ItemOID=f"I.{one.name}", Value=_value(cell))
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _study(study: ET.Element, table: Table, title: str) -> None:
    names = ET.SubElement(study, "GlobalVariables")
    for tag in ("StudyName", "StudyDescription", "ProtocolName"):
        ET.SubElement(names, tag).text = title
    version = ET.SubElement(study, "MetaDataVersion", OID=_VERSION, Name="As frozen")
    waves = table.variables[table.place(table.named("wave"))].codes
    protocol = ET.SubElement(version, "Protocol")
    for place, (wave, _) in enumerate(waves, 1):
        ET.SubElement(protocol, "StudyEventRef", StudyEventOID=f"SE.{wave}", OrderNumber=f"{place}", Mandatory="No")
    for wave, label in waves:
        event = ET.SubElement(version, "StudyEventDef", OID=f"SE.{wave}", Name=label, Repeating="No", Type="Scheduled")
        ET.SubElement(event, "FormRef", FormOID=_FORM, Mandatory="No")
    form = ET.SubElement(version, "FormDef", OID=_FORM, Name="Scores", Repeating="No")
    ET.SubElement(form, "ItemGroupRef", ItemGroupOID=_GROUP, Mandatory="No")
    group = ET.SubElement(version, "ItemGroupDef", OID=_GROUP, Name="Scores", Repeating="No")
    items = [one for one in table.variables if one.role not in {"id", "wave"}]
    for place, one in enumerate(items, 1):
        ET.SubElement(group, "ItemRef", ItemOID=f"I.{one.name}", OrderNumber=f"{place}", Mandatory="No")
    for one in items:
        _item(version, one)
    for one in items:
        if one.codes:
            _codes(version, one)


def _item(version: ET.Element, one: Variable) -> None:
    kind = "float" if one.kind == "number" else "text"
    item = ET.SubElement(version, "ItemDef", OID=f"I.{one.name}", Name=one.name, DataType=kind)
    ET.SubElement(ET.SubElement(item, "Question"), "TranslatedText", {"xml:lang": "en"}).text = one.label
    if one.codes:
        ET.SubElement(item, "CodeListRef", CodeListOID=f"CL.{one.name}")


def _codes(version: ET.Element, one: Variable) -> None:
    listed = ET.SubElement(version, "CodeList", OID=f"CL.{one.name}", Name=one.label, DataType="text")
    for code, label in one.codes:
        entry = ET.SubElement(listed, "CodeListItem", CodedValue=code)
        ET.SubElement(ET.SubElement(entry, "Decode"), "TranslatedText", {"xml:lang": "en"}).text = label


def _value(cell: Cell) -> str:
    return number(cell) if isinstance(cell, float) else f"{cell}"
