"""CDISC ODM: our files obey CDISC's own schemas, others' files are read, what has no place is listed."""

import importlib.util
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from lxml import etree
from tests.analysis.questionnaire.examples import MADE_AT, everything

from confrere.analysis.errors import InputError
from confrere.analysis.questionnaire.cells import rows
from confrere.analysis.questionnaire.model import Choice, Kind, Reading
from confrere.analysis.questionnaire.odm_read import read_odm
from confrere.analysis.questionnaire.odm_terms import Version
from confrere.analysis.questionnaire.odm_write import write_odm
from confrere.analysis.questionnaire.redcap import read_redcap

FIRST = '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3"><Study OID="s">{}</Study>{}</ODM>'
SECOND = (
    '<ODM xmlns="http://www.cdisc.org/ns/odm/v2.0"><Study OID="s" StudyName=" Study ">'
    "<MetaDataVersion>{}</MetaDataVersion></Study></ODM>"
)


def schema(version: Version) -> etree.XMLSchema:
    """CDISC's schema, which the package odmlib carries."""
    found = importlib.util.find_spec("odmlib")
    assert found is not None
    assert found.origin is not None
    name = {"1.3.2": "ODM1-3-2.xsd", "2.0": "ODM.xsd"}[version]
    return etree.XMLSchema(etree.parse(Path(found.origin).parent / "schemas" / "odm" / version / name))


@pytest.mark.parametrize("version", ["1.3.2", "2.0"])
def test_our_files_obey_the_schema_once_the_extension_is_taken_out(version: Version) -> None:
    document = etree.fromstring(write_odm(everything(), version=version, made_at=MADE_AT).encode())
    for element in document.iter():
        for name in [name for name in element.attrib if str(name).startswith("{https://projectredcap.org}")]:
            del element.attrib[name]
    checked = schema(version)
    assert checked.validate(document), checked.error_log


def first(metadata: str, *, names: str = "", data: str = "", extension: bool = True) -> Reading:
    text = FIRST.format(f"{names}<MetaDataVersion>{metadata}</MetaDataVersion>", data)
    return read_odm(text.encode(), extension=extension)


def lost(reading: Reading) -> set[tuple[str, str]]:
    return {(loss.field, loss.what) for loss in reading.losses}


FOREIGN = """
<Protocol/><StudyEventDef OID="v"/>
<FormDef OID="F.DM" Name="Demography" Repeating="No"><ItemGroupRef ItemGroupOID="G" Mandatory="Yes"/>
  <ItemGroupRef ItemGroupOID="gone"/><ArchiveLayout OID="x"/></FormDef>
<FormDef OID="G.DM" Name="Again" Repeating="No"><ItemGroupRef ItemGroupOID="G"/></FormDef>
<ItemGroupDef OID="G" Name="Body" Repeating="Yes"><ItemRef ItemOID="I.1" Mandatory="Yes"/>
  <ItemRef ItemOID="I.2" CollectionExceptionConditionOID="C.1"/><ItemRef ItemOID="I.3" MethodOID="M.1"/>
  <ItemRef ItemOID="I.4" CollectionExceptionConditionOID="C.2" MethodOID="gone"/><ItemRef ItemOID="I.5"/>
  <ItemRef ItemOID="I.6"/><ItemRef ItemOID="I.7"/><ItemRef ItemOID="I.8"/><ItemRef ItemOID="I.9"/>
  <ItemRef ItemOID="gone"/></ItemGroupDef>
<ItemDef OID="I.1" Name="sex" DataType="text" Length="1" SASFieldName="SEX"><Description/><Question>
  <TranslatedText xml:lang="de">Geschlecht</TranslatedText><TranslatedText xml:lang="en-GB">Sex or
  gender</TranslatedText><TranslatedText>more</TranslatedText></Question><CodeListRef CodeListOID="L.1"/></ItemDef>
<ItemDef OID="I.2" Name="kg" DataType="float" SignificantDigits="1"><RangeCheck Comparator="GE" SoftHard="Hard">
  <CheckValue>30</CheckValue></RangeCheck><RangeCheck Comparator="LE"><CheckValue>300</CheckValue></RangeCheck>
  <RangeCheck Comparator="IN"><CheckValue>1</CheckValue></RangeCheck><MeasurementUnitRef/></ItemDef>
<ItemDef OID="I.3" Name="m" DataType="double" SignificantDigits="some"/>
<ItemDef OID="I.4" Name="d" DataType="partialDatetime"/>
<ItemDef OID="I.5" Name="e" DataType="partialTime"/>
<ItemDef OID="I.6" Name="f" DataType="boolean"/>
<ItemDef OID="I.7" Name="g" DataType="integer"><CodeListRef CodeListOID="L.2"/></ItemDef>
<ItemDef OID="I.8" Name="h" DataType="text"><CodeListRef CodeListOID="L.3"/></ItemDef>
<ItemDef OID="I.9" Name="i" DataType="text"><CodeListRef CodeListOID="gone"/></ItemDef>
<CodeList OID="L.1" Name="L" DataType="text"><Alias/><CodeListItem CodedValue="w"><Decode>
  <TranslatedText>woman</TranslatedText></Decode></CodeListItem><CodeListItem CodedValue="m"><Decode/>
  </CodeListItem></CodeList>
<CodeList OID="L.2"><EnumeratedItem CodedValue="1"/><EnumeratedItem CodedValue="2"/></CodeList>
<CodeList OID="L.3"><ExternalCodeList/></CodeList>
<ConditionDef OID="C.1"><FormalExpression Context="Python">x</FormalExpression>
  <FormalExpression Context="REDCap"> [sex] &lt;&gt; 'w' </FormalExpression></ConditionDef>
<ConditionDef OID="C.2"><FormalExpression Context="Python">x</FormalExpression></ConditionDef>
<MethodDef OID="M.1"><FormalExpression Context="REDCap">[kg]*2</FormalExpression></MethodDef>
"""


def test_a_file_of_another_program() -> None:
    names = "<GlobalVariables><StudyName> A study </StudyName></GlobalVariables>"
    reading = first(FOREIGN, names=names, data="<ClinicalData/>")
    found = reading.questionnaire
    assert found.title == "A study"
    assert [(form.name, form.title) for form in found.forms] == [("DM", "Demography")]
    assert [section.header for section in found.forms[0].sections] == ["Body"]
    fields = {field.name: field for field in found.fields}
    assert [(field.name, field.kind, field.validation) for field in found.fields] == [
        ("sex", Kind.CHOICE, ""),
        ("kg", Kind.NUMBER, "number_1dp"),
        ("m", Kind.NUMBER, "number"),
        ("d", Kind.DATETIME, "datetime_ymd"),
        ("e", Kind.TIME, "time"),
        ("f", Kind.YES_NO, ""),
        ("g", Kind.CHOICE, ""),
        ("h", Kind.TEXT, ""),
        ("i", Kind.TEXT, ""),
    ]
    assert (fields["sex"].label, fields["sex"].required) == ("Sex or gender", True)
    assert fields["sex"].choices == (Choice(code="w", label="woman"), Choice(code="m", label=""))
    assert fields["g"].choices == (Choice(code="1", label="1"), Choice(code="2", label="2"))
    assert (fields["kg"].low, fields["kg"].high, fields["kg"].branching) == ("30", "300", "[sex] = 'w'")
    assert (fields["kg"].label, fields["m"].detail) == ("kg", "[kg]*2")
    assert lost(reading) == {
        ("", "Protocol"),
        ("", "StudyEventDef"),
        ("", "ClinicalData"),
        ("", "ItemGroupDef G"),
        ("", "ItemGroupRef gone"),
        ("", "ItemRef gone"),
        ("", "FormDef ArchiveLayout"),
        ("sex", "Length"),
        ("sex", "SASFieldName"),
        ("sex", "Description"),
        ("sex", "Question in de"),
        ("sex", "Question in no language"),
        ("kg", "RangeCheck"),
        ("kg", "RangeCheck SoftHard"),
        ("kg", "MeasurementUnitRef"),
        ("sex", "CodeList Alias"),
        ("d", "branching_logic"),
        ("d", "MethodOID"),
        ("h", "CodeList"),
        ("h", "CodeList ExternalCodeList"),
        ("i", "CodeListRef"),
        *((name, "repeated") for name in fields),
    }


def test_items_are_known_by_their_oids_where_names_are_not_unlike_words() -> None:
    group = '<ItemGroupDef OID="G"><ItemRef ItemOID="A.1"/><ItemRef ItemOID="A.2"/></ItemGroupDef>'
    form = '<FormDef OID="only"><ItemGroupRef ItemGroupOID="G"/></FormDef>'
    items = '<ItemDef OID="A.1" Name="Day of birth"/><ItemDef OID="A.2" Name="b"/>'
    found = first(form + group + items).questionnaire
    assert [(field.name, field.label) for field in found.fields] == [("A.1", "Day of birth"), ("A.2", "b")]
    assert found.forms[0].name == "only"


def test_two_forms_whose_oids_end_alike_stay_two() -> None:
    forms = "".join(
        f'<FormDef OID="{oid}"><ItemGroupRef ItemGroupOID="{oid}"/></FormDef>'
        f'<ItemGroupDef OID="{oid}"><ItemRef ItemOID="{oid}"/></ItemGroupDef><ItemDef OID="{oid}" Name="{oid[0]}"/>'
        for oid in ("a.x", "b.x")
    )
    assert [form.name for form in first(forms).questionnaire.forms] == ["x", "b.x"]


def test_a_section_that_goes_on_after_the_groups_inside_it() -> None:
    text = SECOND.format(
        """<ItemGroupDef OID="F" Name="Form" Type="Form"><ItemGroupRef ItemGroupOID="S"
        CollectionExceptionConditionOID="c"/>
        <ItemRef ItemOID="z"/></ItemGroupDef>
        <ItemGroupDef OID="S" Name="Part" Type="Section"><ItemRef ItemOID="x"/><ItemRef ItemOID="y"/></ItemGroupDef>
        <ItemDef OID="x" Name="x" DataType="date" DisplayFormat="DD-MM-YYYY"/>
        <ItemDef OID="y" Name="y" DataType="text" DisplayFormat="MM:SS"/>
        <ItemDef OID="z" Name="z" DataType="integer" DisplayFormat="YYYY-MM-DD"><CRFCompletionInstructions>
        <TranslatedText Type="text/plain">a note</TranslatedText></CRFCompletionInstructions></ItemDef>"""
    )
    reading = read_odm(text.encode())
    found = reading.questionnaire
    assert found.title == "Study"
    assert [(section.header, len(section.fields)) for section in found.forms[0].sections] == [("Part", 3)]
    assert [field.validation for field in found.fields] == ["date_dmy", "time_mm_ss", "integer"]
    assert found.fields[2].note == "a note"
    assert lost(reading) == {("", "ItemGroupRef S"), ("z", "section_header")}


REDCAP = (
    '<FormDef OID="Form.f" redcap:FormName="f" xmlns:redcap="https://projectredcap.org">'
    '<ItemGroupRef ItemGroupOID="g"/></FormDef>'
    '<ItemGroupDef OID="g"><ItemRef ItemOID="a"/><ItemRef ItemOID="b"/></ItemGroupDef>{}'
)
ITEM = '<ItemDef xmlns:redcap="https://projectredcap.org" OID="{0}" Name="{0}" redcap:Variable="{0}" {1}>{2}</ItemDef>'


def test_what_redcap_adds_to_every_project_is_left_out() -> None:
    items = ITEM.format("a", 'redcap:FieldType="textarea" redcap:MimeType="x/y"', "")
    items += ITEM.format("b", 'redcap:FieldType="select"', "").replace('Variable="b"', 'Variable="f_complete"')
    reading = first(REDCAP.format(items))
    assert [(field.name, field.kind) for field in reading.questionnaire.fields] == [("a", Kind.LONG_TEXT)]
    assert lost(reading) == {("a", "MimeType")}


def test_a_choice_without_its_list_becomes_a_text() -> None:
    items = ITEM.format("a", 'redcap:FieldType="radio"', "") + ITEM.format("b", 'redcap:FieldType="odd"', "")
    reading = first(REDCAP.format(items))
    assert [field.kind for field in reading.questionnaire.fields] == [Kind.TEXT, Kind.TEXT]
    assert lost(reading) == {("b", "FieldType odd")}


def test_boxes_without_choices_become_a_text() -> None:
    items = ITEM.format("a", 'redcap:FieldType="checkbox"', '<CodeListRef CodeListOID="c"/>')
    listed = '<CodeList xmlns:redcap="https://projectredcap.org" OID="c" redcap:CheckboxChoices=" | "/>'
    reading = first(REDCAP.format(items + ITEM.format("b", "", "") + listed))
    assert [field.kind for field in reading.questionnaire.fields] == [Kind.TEXT, Kind.TEXT]
    assert lost(reading) == {("a", "CodeList")}


def test_a_code_that_is_offered_twice() -> None:
    items = ITEM.format("a", 'redcap:FieldType="radio"', '<CodeListRef CodeListOID="c"/>')
    listed = '<CodeList OID="c"><CodeListItem CodedValue="1"/><CodeListItem CodedValue="1"/></CodeList>'
    reading = first(REDCAP.format(items + listed))
    assert reading.questionnaire.fields[0].choices == (Choice(code="1", label="1"),)
    assert lost(reading) == {("a", "code 1"), ("", "ItemRef b")}


def test_a_list_beside_a_query_or_a_yes_or_no_adds_nothing() -> None:
    listed = '<CodeList OID="c"><CodeListItem CodedValue="1"/></CodeList>'
    refer = '<CodeListRef CodeListOID="c"/>'
    items = ITEM.format("a", 'redcap:FieldType="sql"', refer) + ITEM.format("b", 'redcap:FieldType="yesno"', refer)
    fields = first(REDCAP.format(items + listed)).questionnaire.fields
    assert [(field.kind, field.choices) for field in fields] == [(Kind.QUERY, ()), (Kind.YES_NO, ())]


CHANGED = ("metadata-write", "repeating-instruments-sparse", "simple")
"""Projects whose dictionary and XML are of different days."""


def test_redcaps_own_projects_say_what_their_dictionaries_say(shared: Path) -> None:
    """Where both files are from one day. REDCap writes the choices of boxes without blanks, and no queries or
    limits of sliders and of numbers with a comma."""
    folder = shared / "data" / "redcap" / "redcapr"
    known = {"select_choices_or_calculations", "text_validation_min", "text_validation_max", "field_annotation"}
    compared = 0
    for file in sorted(folder.glob("*__dictionary.csv")):
        project = folder / file.name.replace("__dictionary.csv", "__project.xml")
        if not project.exists() or file.name.startswith(CHANGED):
            continue
        olds = rows(read_redcap(file.read_bytes()).questionnaire)
        news = rows(read_odm(project.read_bytes()).questionnaire)
        assert [row["field_name"] for row in news] == [row["field_name"] for row in olds], file.name
        for old, new in zip(olds, news, strict=True):
            assert {key for key in old if old[key].split() != new[key].split()} <= known, (file.name, old, new)
        compared += 1
    assert compared > 20


def test_cdisc_examples_are_read_or_refused_in_a_sentence(shared: Path) -> None:
    told = {}
    for file in sorted((shared / "data" / "redcap" / "odm").glob("*.xml")):
        try:
            told[file.name] = len(read_odm(file.read_bytes()).questionnaire.fields)
        except InputError as error:
            told[file.name] = f"{error}"
    assert told["cdash-odm-test.xml"] == 44
    assert told["odm-data-snapshot.xml"] == 52
    assert told["dm.xml"] == "this ODM file defines no form with items."
    assert told["test_odm_001.xml"] == "line 2: this is not well-formed XML: unbound prefix."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<ODM/>", "this is XML, but not CDISC ODM 1.3 or 2.0."),
        ('<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3"/>', "this ODM file defines no form with items."),
        (
            SECOND.format('<ItemGroupDef OID="F" Type="Form"><ItemGroupRef ItemGroupOID="F"/></ItemGroupDef>'),
            "item groups are nested deeper than 20 levels.",
        ),
    ],
)
def test_what_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        read_odm(text.encode(), file="p.xml")
    assert sentence in str(caught.value)


def test_the_time_of_making_is_the_callers() -> None:
    assert fromstring(write_odm(everything(), version="2.0", made_at=MADE_AT)).get("CreationDateTime") == MADE_AT
