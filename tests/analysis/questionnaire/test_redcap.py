"""REDCap's data dictionary: every example comes back cell by cell; what is refused, with its line."""

import csv
import io
from pathlib import Path

import pytest
from tests.analysis.questionnaire.examples import EVERYTHING, dictionary, everything

from confrere.analysis.errors import InputError
from confrere.analysis.questionnaire.cells import COLUMNS, rows
from confrere.analysis.questionnaire.model import Choice, Field, Form, Kind, Loss, Questionnaire, Section
from confrere.analysis.questionnaire.redcap import read_redcap, write_redcap


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def one(**cells: str) -> Field:
    return read_redcap(dictionary({"name": "a", **cells})).questionnaire.fields[0]


def test_every_cell_comes_back() -> None:
    assert table(write_redcap(everything()).encode()) == table(EVERYTHING)


def test_every_example_dictionary_comes_back_cell_by_cell(shared: Path) -> None:
    folder = shared / "data" / "redcap" / "redcapr"
    files = [*folder.glob("*__dictiona*.csv"), *folder.glob("*__metadata.csv")]
    assert len(files) > 25
    for file in files:
        before = table(file.read_bytes())
        if before[0][0] == "field_name":  # R writes NA for nothing
            before = [list(COLUMNS.values()), *([cell if cell != "NA" else "" for cell in row] for row in before[1:])]
        written = write_redcap(read_redcap(file.read_bytes()).questionnaire)
        assert table(written.encode()) == before, file.name


def test_forms_and_sections() -> None:
    found = everything()
    assert [form.name for form in found.forms] == ["one", "two"]
    assert [[section.header for section in form.sections] for form in found.forms] == [
        ["", "About you"],
        ["A usual week", "Now"],
    ]
    assert len(found.fields) == 29
    assert found.forms[0].heading == "One"


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ({"validation": "integer"}, Kind.INTEGER),
        ({"validation": "int"}, Kind.INTEGER),
        ({"validation": "number_4dp_comma_decimal"}, Kind.NUMBER),
        ({"validation": "date_mdy"}, Kind.DATE),
        ({"validation": "datetime_seconds_ymd"}, Kind.DATETIME),
        ({"validation": "time_hh_mm_ss"}, Kind.TIME),
        ({"validation": "time_mm_ss"}, Kind.TEXT),
        ({"validation": "vmrn"}, Kind.TEXT),
        ({"type": "notes"}, Kind.LONG_TEXT),
        ({"type": "file"}, Kind.FILE),
        ({"type": "file", "validation": "signature"}, Kind.SIGNATURE),
        ({"type": "sql"}, Kind.QUERY),
    ],
)
def test_kinds(cells: dict[str, str], kind: Kind) -> None:
    assert one(**cells).kind is kind


def test_choices_however_they_are_spelled() -> None:
    assert one(type="radio", choices="1,one|2, two, or more | three |").choices == (
        Choice(code="1", label="one"),
        Choice(code="2", label="two, or more"),
        Choice(code="three", label="three"),
    )


def test_labels_of_a_slider() -> None:
    assert one(type="slider", choices="left | middle | right | of it").slider_labels == (
        "left",
        "middle",
        "right | of it",
    )
    assert one(type="slider").slider_labels == ("", "", "")


def test_the_headings_of_the_api_and_its_missing_values() -> None:
    content = dictionary({"name": "a", "label": "A", "note": "NA"}, wire=True)
    assert rows(read_redcap(content).questionnaire)[0]["field_note"] == ""
    assert one(note="NA").note == "NA"  # a designer's file means what it says


def test_old_and_strange_columns() -> None:
    content = b"Form Name,variable / field name,Field Type,Field Label,Owner\none,a,text,A,me\n"
    found = read_redcap(content)
    assert [field.name for field in found.questionnaire.fields] == ["a"]
    assert found.losses == (Loss(field="", what="Owner", why="No column of a data dictionary is called so."),)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a,b\n1,2\n", "line 1: this is no REDCap data dictionary: it has no column Variable / Field Name"),
        (b"field_name,form_name,field_type,field_label\na,f,text\n", "line 2: 4 values are expected"),
        ("field_name,é\n".encode("latin-1"), "line 1: this line is not UTF-8 text"),
        (dictionary({"name": ""}), "line 2, column Variable / Field Name: a name is expected here."),
        (dictionary({"name": "a"}, {"name": "a"}), "line 3, column Variable / Field Name: two fields are called a."),
        (
            dictionary({"name": "a", "type": "txt"}),
            'column Field Type: "txt" is no type of a field. Did you mean text?',
        ),
        (dictionary({"name": "a", "type": "radio"}), "this field offers no choices; write them as: 1, Yes | 0, No"),
        (dictionary({"name": "a", "type": "radio", "choices": "1, a | 1, b"}), 'the code "1" stands here twice.'),
        (
            b"Form Name,Field Name,Field Type,Field Label\nf,a,radio,A\n".replace(b"Field Name", b"field_name"),
            "line 2, column select_choices_or_calculations: this field offers no choices",
        ),
        (dictionary({"name": "a", "identifier": "maybe"}), 'y or nothing is expected here, not "maybe".'),
        (
            dictionary({"name": "a", "form": "x"}, {"name": "b", "form": "y"}, {"name": "c", "form": "x"}),
            "line 4, column Form Name: the fields of the form x do not stand together.",
        ),
    ],
)
def test_what_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        read_redcap(content, file="d.csv")
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("d.csv, line ")


def test_names_codes_and_labels_that_redcap_would_refuse() -> None:
    fields = (
        Field(name="1.2/a", kind=Kind.INTEGER, label="First"),
        Field(name="Second", kind=Kind.CALCULATION, detail="[1.2/a] + 1 + [unknown]"),
        Field(
            name="second",
            kind=Kind.CHOICE,
            branching="[1.2/a] = [third] or [third(2)] = '1' or datediff([1.2/a])",
            choices=(
                Choice(code="a,b", label="x|y"),
                Choice(code="a_b", label=" spaced "),
                Choice(code="a|b", label="z"),
                Choice(code="ok", label="one, two"),
                Choice(code=" ", label="none"),
            ),
        ),
        Field(name="third", kind=Kind.TEXT),
        Field(name="§", kind=Kind.TEXT),
    )
    given = Questionnaire(forms=(Form(name="My Form", sections=(Section(fields=fields),)),))
    found = rows(read_redcap(write_redcap(given).encode()).questionnaire)
    assert [row["field_name"] for row in found] == ["q_1_2_a", "second_2", "second", "third", "q"]
    assert {row["form_name"] for row in found} == {"my_form"}
    assert found[1]["select_choices_or_calculations"] == "[q_1_2_a] + 1 + [unknown]"
    assert found[2]["branching_logic"] == "[q_1_2_a] = [third] or [third(2)] = '1' or datediff([q_1_2_a])"
    assert found[2]["select_choices_or_calculations"] == (
        "a_b_2, x/y | a_b, spaced | a_b_3, z | ok, one, two | _, none"
    )


def test_branching_goes_with_the_names_and_codes_that_change() -> None:
    codes = (Choice(code="a,b", label="x"), Choice(code="c", label="y"))
    logic = "[Sex] = 'a,b' and ([Gym(a,b)] = '1' or [Gym(c)] = '1' or [Sex] <> [age] or [Sex] = 'c' or [nobody] = '1')"
    fields = (
        Field(name="Sex", kind=Kind.CHOICE, choices=codes),
        Field(name="Gym", kind=Kind.CHOICES, choices=codes),
        Field(name="age", kind=Kind.INTEGER, branching=logic),
        Field(name="same", kind=Kind.INTEGER, branching='[age]="5"'),
    )
    given = Questionnaire(forms=(Form(name="one", sections=(Section(fields=fields),)),))
    found = rows(read_redcap(write_redcap(given).encode()).questionnaire)
    assert found[2]["branching_logic"] == (
        "[sex] = 'a_b' and ([gym(a_b)] = '1' or [gym(c)] = '1' or [sex] <> [age] or [sex] = 'c' or [nobody] = '1')"
    )
    assert found[3]["branching_logic"] == '[age]="5"'
