"""What is lost is what differs: any questionnaire, through every format and back."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.questionnaire.examples import EVERYTHING, MADE_AT, dictionary, everything

from confrere.analysis.errors import InputError
from confrere.analysis.questionnaire import VERSIONS, Conversion, Questionnaire, Target, convert, recognise
from confrere.analysis.questionnaire.cells import COLUMNS, TYPES, rows
from confrere.analysis.questionnaire.convert import differences, read_back, write
from confrere.analysis.questionnaire.model import Field, Form, Kind, Section
from confrere.analysis.questionnaire.validation import FORMATS, PATTERNS

NAMES_OF_REDCAP = (
    "REDCap's names have small letters, digits and underscores only, begin with a letter, and are unlike each other."
)
TARGETS: list[Target] = ["redcap", "odm", "odm2", "fhir", "fhir-r5"]


def through(content: bytes, to: Target) -> Conversion:
    return convert(content, to=to, made_at=MADE_AT, file="in")


def differing(before: Questionnaire, after: Questionnaire) -> set[tuple[str, str]]:
    """The cells that differ, found without the code under test: field and column."""
    olds, news = rows(before), rows(after)
    assert [row["field_name"] for row in olds] == [row["field_name"] for row in news]
    return {
        (old["field_name"], key) for old, new in zip(olds, news, strict=True) for key in COLUMNS if old[key] != new[key]
    }


@pytest.mark.parametrize("to", TARGETS)
def test_what_differs_is_what_is_said_to_be_lost(to: Target) -> None:
    done = through(EVERYTHING, to)
    after = recognise(done.text.encode()).reading
    assert after.losses == ()
    assert differing(everything(), after.questionnaire) == {(loss.field, loss.what) for loss in done.lost}
    assert all(loss.why.endswith(".") or "It comes back as: " in loss.why for loss in done.lost)


def test_what_is_lost_in_odm() -> None:
    lost = {(loss.field, loss.what) for loss in through(EVERYTHING, "odm").lost}
    assert lost == {
        ("drug", "select_choices_or_calculations"),
        ("ward", "select_choices_or_calculations"),
        ("unit", "select_choices_or_calculations"),
    }
    assert lost == {(loss.field, loss.what) for loss in through(EVERYTHING, "odm2").lost}


def test_what_only_redcap_finds_in_odm() -> None:
    first = {(loss.field, loss.what) for loss in through(EVERYTHING, "odm").extension}
    second = {(loss.field, loss.what) for loss in through(EVERYTHING, "odm2").extension}
    assert {
        ("week", "field"),
        ("email", "identifier"),
        ("ward", "custom_alignment"),
        ("calm", "matrix_group_name"),
    } < first
    assert ("born", "field_note") in first
    assert ("born", "field_note") not in second
    assert ("more", "branching_logic") in second  # a function, which no condition can be made of
    assert ("nights", "branching_logic") not in first | second


def test_what_is_lost_in_fhir() -> None:
    lost = {(loss.field, loss.what): loss.why for loss in through(EVERYTHING, "fhir").lost}
    assert lost == {(loss.field, loss.what): loss.why for loss in through(EVERYTHING, "fhir-r5").lost}
    choices, validation = "select_choices_or_calculations", "text_validation_type_or_show_slider_number"
    assert set(lost) == {
        ("email", "identifier"),
        ("seen", "text_validation_min"),
        ("badge", validation),
        ("drug", choices),
        ("weight", validation),
        ("weight", "text_validation_min"),
        ("ward", choices),
        ("ward", "custom_alignment"),
        ("other", "branching_logic"),
        ("tired", "matrix_ranking"),
        ("well", validation),
        ("well", choices),
        ("true", "field_type"),
        ("true", "branching_logic"),
        ("bmi", choices),
        ("thanks", "required_field"),
        ("sign", validation),
        ("unit", "field_type"),
        ("unit", choices),
        ("more", "branching_logic"),
    }
    assert lost["other", "branching_logic"] == ("The same condition, spelled otherwise. It comes back as: [ward] = '2'")
    assert lost["true", "branching_logic"] == ("enableWhen wants all of its conditions or any of them, not a mixture.")
    assert lost["ward", choices].startswith("The same choices; only how the cell was spelled is not kept.")
    assert lost["bmi", choices].startswith("REDCap's formulas are computed by REDCap only")


def test_titles_are_compared_too() -> None:
    given = replace(everything(), title="A study", forms=(replace(everything().forms[0], title="First page"),))
    for to in TARGETS:
        after = read_back(write(given, to=to, made_at=MADE_AT), to=to)
        lost = {(loss.what, loss.why) for loss in differences(given, after, to) if not loss.field}
        why = "A data dictionary has no title, and names its forms only by their short names."
        expected = {("title", why), ("title of the form one", why)} if to == "redcap" else set()
        assert lost == expected


def test_a_field_that_does_not_come_back_is_named() -> None:
    before = everything()
    after = replace(before, forms=before.forms[:1])
    lost = [(loss.field, loss.what) for loss in differences(before, after, "odm") if loss.field]
    assert lost == [(field.name, "field") for section in before.forms[1].sections for field in section.fields]


def test_names_that_redcap_changes_are_lost_with_what_mentions_them() -> None:
    fields = (Field(name="A", kind=Kind.TEXT), Field(name="b", kind=Kind.TEXT, branching="[A] = '1'"))
    given = Questionnaire(forms=(Form(name="one", sections=(Section(fields=fields),)),))
    after = read_back(write(given, to="redcap", made_at=MADE_AT), to="redcap")
    assert [(loss.field, loss.what, loss.why) for loss in differences(given, after, "redcap")] == [
        (
            "A",
            "field_name",
            NAMES_OF_REDCAP + " It comes back as: a",
        ),
        ("b", "branching_logic", "It mentions the names that REDCap allows. It comes back as: [a] = '1'"),
    ]


def test_losses_of_reading_are_listed_first() -> None:
    done = through(dictionary({"name": "a", "alignment": "LH"}).replace(b"Field Note", b"Remarks"), "fhir")
    assert [(loss.field, loss.what) for loss in done.lost] == [("", "Remarks"), ("a", "custom_alignment")]


# --- questionnaires of chance ----------------------------------------------------------------------------------

NAMES = ["a", "b2", "c_c", "d", "e"]
WORD = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=12)
TEXT = st.one_of(WORD, st.sampled_from(["", " ", "two\nlines", 'a & <b>"c"</b>', "tab\tand\r\nmore", "“curly”", "]]>"]))
PLAIN = st.text("abcXYZ 123,.-", min_size=1, max_size=8).map(str.strip).filter(lambda text: text.strip(", "))
CODES = st.lists(st.text("abc123-", min_size=1, max_size=3), min_size=1, max_size=4, unique=True)
LIMITS = st.sampled_from(
    ["", "0", "100", "-1.50", "7", "2020-02-29", "2021-02-29", "08:30", "08:30:00", "today", "[a]"]
)
LOGIC = st.sampled_from(
    [
        "",
        "[a] = '1'",
        '[b2] <> "x"',
        "[a] > 3 and [d] = 2",
        "[c_c(1)] = '1' or [a] <> ''",
        "[a] = '' or ([b2] = '1' and [d] <= 5)",
        "[d] <> '' and [d] <> '2020-01-01'",
        "sum([a], [d]) > 2",
    ]
)
VALIDATIONS = st.sampled_from(
    ["", "integer", "int", "number", "number_2dp", "number_1dp_comma_decimal", "our_own", *FORMATS, *PATTERNS]
)


@st.composite
def row(draw: st.DrawFn, name: str, form: str) -> dict[str, str]:
    kind = draw(st.sampled_from([*TYPES, "text", "text"]))
    choices = draw(TEXT)
    if kind in {"radio", "dropdown", "checkbox"}:
        between = draw(st.sampled_from([" | ", "|"]))
        choices = between.join(f"{code}, {draw(PLAIN)}" for code in draw(CODES))
    flag = st.sampled_from(["", "y"])
    return {
        "name": name,
        "form": form,
        "type": kind,
        "header": draw(TEXT),
        "label": draw(TEXT),
        "choices": choices,
        "note": draw(TEXT),
        "validation": draw(VALIDATIONS if kind == "text" else st.sampled_from(["", "number", "signature"])),
        "low": draw(LIMITS),
        "high": draw(LIMITS),
        "identifier": draw(flag),
        "branching": draw(LOGIC),
        "required": draw(flag),
        "alignment": draw(st.sampled_from(["", "LH"])),
        "number": draw(TEXT),
        "matrix": draw(st.sampled_from(["", "", "m1", "m2"])),
        "ranking": draw(flag),
        "annotation": draw(st.sampled_from(["", "@HIDDEN", " @TODAY"])),
    }


@st.composite
def dictionaries(draw: st.DrawFn) -> bytes:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    cut = draw(st.integers(0, len(names)))
    return dictionary(*(draw(row(name, "first" if place < cut else "second_one")) for place, name in enumerate(names)))


@pytest.mark.parametrize("to", TARGETS)
@given(content=dictionaries())
@settings(max_examples=30, deadline=None, derandomize=True)
def test_any_dictionary_differs_by_what_is_lost_and_by_nothing_else(to: Target, content: bytes) -> None:
    before = recognise(content).reading.questionnaire
    done = through(content, to)
    after = recognise(done.text.encode()).reading
    assert differing(before, after.questionnaire) == {(loss.field, loss.what) for loss in done.lost}
    again = write(after.questionnaire, to=to, made_at=MADE_AT)  # what came back is carried without any loss
    assert differing(after.questionnaire, recognise(again.encode()).reading.questionnaire) == set()
    if to == "redcap":
        assert done.lost == ()


@pytest.mark.parametrize("to", TARGETS)
def test_every_example_differs_by_what_is_lost_and_by_nothing_else(to: Target, shared: Path) -> None:
    for file in sorted((shared / "data" / "redcap" / "redcapr").glob("*__dictiona*.csv")):
        done = through(file.read_bytes(), to)
        after = recognise(done.text.encode()).reading.questionnaire
        assert differing(done.questionnaire, after) == {(loss.field, loss.what) for loss in done.lost}, file.name
        if to == "redcap":
            assert done.lost == (), file.name


WRITTEN = {to: write(everything(), to=to, made_at=MADE_AT).encode() for to in TARGETS}


@given(
    st.sampled_from(TARGETS),
    st.floats(0, 1),
    st.integers(0, 60),
    st.sampled_from([b"", b'"', b"<", b"}", b",,", b"\xff"]),
)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_a_damaged_file_is_read_or_refused_in_a_sentence(to: Target, place: float, length: int, put: bytes) -> None:
    content = WRITTEN[to]
    at = int(place * len(content))
    try:
        told = f"{len(recognise(content[:at] + put + content[at + length :]).reading.questionnaire.fields)} fields."
    except InputError as error:
        told = f"{error}"
    assert told.endswith((".", "?"))
    assert told != "0 fields."


def test_every_version_has_a_name() -> None:
    assert list(VERSIONS) == TARGETS


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "in: the file is empty."),
        (b" " * 20_000_001, "in: this file is larger than 20 MB, which no questionnaire is."),
        (b"\xef\xbb\xbf\n <a>", "in, line 2: this is not well-formed XML: no element found."),
        (b"<a/>", "in, line 1: this is XML, but not CDISC ODM 1.3 or 2.0."),
        ("<a/>".encode("utf-16"), "in, line 1: this is XML, but not CDISC ODM 1.3 or 2.0."),
        (b'<Questionnaire xmlns="http://hl7.org/fhir"/>', "in: a FHIR questionnaire is read as JSON, not as XML"),
        (b"[1]", "in: a JSON object is expected here."),
        (b"PK\x03\x04", "in: this is a spreadsheet or an archive; save it as UTF-8 CSV."),
    ],
)
def test_files_that_are_none_of_them(content: bytes, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        recognise(content, file="in")
    assert str(caught.value).startswith(sentence)
