"""Files of the United States, with the columns in any order and the types that spreadsheets make of them."""

import pytest

from confrere.people.registers import taxonomies
from confrere.people.registers.entries import Code, Entry, Exclusion, Field, day, number, plain
from confrere.people.registers.names import Name
from confrere.people.registers.united_states import Leie, Nppes, Nucc, Sam, answers
from confrere.vault.refusals import Refusal

NPPES = Nppes(whole=True)


def row(**more: str) -> dict[str, str]:
    said = {"npi": "1234567893", "entitytypecode": "1", "providerlastnamelegalname": "OSEI", "providerfirstname": "AMA"}
    said |= {"healthcareprovidertaxonomycode1": "207R00000X", "healthcareproviderprimarytaxonomyswitch1": "Y"}
    return said | more


@pytest.mark.parametrize("text", ["1234567893", 1234567893, 1234567893.0, "1234567893.0", " 1234567893 "])
def test_a_number_is_the_same_in_every_type(text: object) -> None:
    assert number(text) == "1234567893"
    assert number(None) == ""


@pytest.mark.parametrize("text", ["2026-01-31", "01/31/2026", "20260131", "2026-01-31T00:00:00"])
def test_a_day_is_the_same_in_every_form(text: str) -> None:
    found = day(text)
    assert found is not None
    assert found.isoformat() == "2026-01-31"


@pytest.mark.parametrize("text", ["", None, "00000000", "soon", "2026-02-30"])
def test_what_is_no_day_is_none(text: object) -> None:
    assert day(text) is None


def test_a_row_says_who_has_a_number() -> None:
    fields = {"healthcareprovidertaxonomycode2": "", "healthcareprovidertaxonomycode3": "208M00000X"}
    fields |= {"providerlicensenumber3": "66871", "providerlicensenumberstatecode3": "WI"}
    other = {"providerotherlastname": "MENSAH", "providerotherfirstname": "AMA", "providermiddlename": "B"}
    [entry] = NPPES.read(row(**fields, **other))
    assert entry == Entry(
        number="1234567893",
        entity="person",
        active=True,
        name=Name("OSEI", "AMA", "B"),
        other_names=(Name("MENSAH", "AMA"),),
        fields=(Field("207R00000X", primary=True), Field("208M00000X", "WI", "66871")),
    )


def test_a_row_without_a_number_says_nothing() -> None:
    assert list(NPPES.read(row(npi=""))) == []


@pytest.mark.parametrize(
    ("off", "on", "active"),
    [
        ("", "", True),
        ("01/14/2015", "", False),
        ("01/14/2015", "02/13/2019", True),
        ("2019-02-13", "2015-01-14", False),
    ],
)
def test_a_number_may_be_switched_off_and_on_again(off: str, on: str, active: bool) -> None:
    [entry] = NPPES.read(row(npideactivationdate=off, npireactivationdate=on, entitytypecode=""))
    assert (entry.active, entry.entity) == (active, "")


def test_a_file_without_a_needed_column_is_refused_by_its_name() -> None:
    with pytest.raises(Refusal, match="Entity Type Code"):
        NPPES.columns(frozenset({"npi", "providerfirstname"}))
    NPPES.columns(frozenset(row()))


def test_an_answer_of_the_look_up_is_read_with_numbers_as_numbers() -> None:
    found = {
        "results": [
            {
                "number": 1234567893,
                "enumeration_type": "NPI-1",
                "basic": {"first_name": "AMA", "last_name": "OSEI", "status": "A", "deactivation_date": "2015-01-14"},
                "other_names": [{"last_name": "MENSAH", "first_name": "AMA"}, {"organization_name": "X"}],
                "taxonomies": [{"code": "207R00000X", "primary": True, "state": "NY", "license": None}, {"code": ""}],
            },
            {"number": "1000000004", "enumeration_type": "NPI-2", "basic": "", "taxonomies": None},
            {"number": "1000000012", "basic": {"status": "D"}},
        ]
    }
    first, second, third = answers(found)
    assert (first.number, first.entity, first.active) == ("1234567893", "person", False)
    assert first.other_names == (Name("MENSAH", "AMA"),)
    assert first.fields == (Field("207R00000X", "NY", "", primary=True),)
    assert (second.entity, second.active, second.fields) == ("organisation", True, ())
    assert (third.entity, third.active) == ("", False)


@pytest.mark.parametrize("found", [{"Errors": [{"number": "06"}]}, [], None])
def test_an_answer_that_is_an_error_is_refused(found: object) -> None:
    with pytest.raises(Refusal, match="without results"):
        list(answers(found))


def test_the_list_of_exclusions_names_persons_with_or_without_a_number() -> None:
    leie = Leie()
    leie.columns(frozenset({"lastname", "firstname", "npi", "excldate"}))
    said = {"lastname": "DOE", "firstname": "JO", "npi": "0000000000", "excldate": "20200319", "reindate": "00000000"}
    [entry] = leie.read(said)
    assert entry == Exclusion("", Name("DOE", "JO"), "", day("2020-03-19"), None)
    assert list(leie.read(said | {"lastname": ""})) == []
    [firm] = leie.read(said | {"lastname": "", "npi": "1972902351"})
    assert firm.number == "1972902351"


def test_the_exclusions_of_every_agency_name_persons_and_leave_out_what_is_over() -> None:
    sam = Sam()
    sam.columns(frozenset({"classification", "last", "first", "npi", "excludingagency"}))
    said = {"classification": "Individual", "last": "DOE", "first": "JO", "npi": "", "activedate": "03/19/2020"}
    said |= {"stateprovince": "NY", "recordstatus": "Active", "terminationdate": "Indefinite"}
    [entry] = sam.read(said)
    assert entry == Exclusion("", Name("DOE", "JO"), "NY", day("2020-03-19"), None)
    assert list(sam.read(said | {"recordstatus": "Inactive"})) == []
    assert list(sam.read(said | {"classification": "Firm"})) == []
    [known] = sam.read(said | {"classification": "Firm", "npi": "1972902351"})
    assert known.number == "1972902351"


def test_the_list_of_codes_says_what_each_is() -> None:
    nucc = Nucc()
    nucc.columns(frozenset({"code", "grouping", "classification"}))
    said = {"code": "207R00000X", "grouping": taxonomies.GROUPING, "classification": "Internal Medicine"}
    assert list(nucc.read(said)) == [Code("207R00000X", taxonomies.GROUPING, "Internal Medicine")]
    assert next(nucc.read(said | {"displayname": "Internist"})).title == "Internist"
    assert list(nucc.read(said | {"code": ""})) == []


@pytest.mark.parametrize(
    ("code", "grouping", "kind"),
    [
        ("207R00000X", "", "physician"),
        ("209800000X", "", "physician"),
        ("390200000X", "", "trainee"),
        ("390200000X", "Student, Health Care", "trainee"),
        ("363LF0000X", "", "nurse"),
        ("163W00000X", "", "nurse"),
        ("111N00000X", "", "other"),
        ("207R00000X", "Something Else", "other"),
        ("999900000X", taxonomies.GROUPING, "physician"),
    ],
)
def test_a_code_is_a_physicians_or_not(code: str, grouping: str, kind: str) -> None:
    assert taxonomies.kind(code, grouping=grouping) == kind


def test_the_longest_beginning_says_the_specialty() -> None:
    assert taxonomies.specialty("207RC0000X") == "cardiology"
    assert taxonomies.specialty("207RZ9999X") == "internal-medicine"
    assert taxonomies.specialty("390200000X") == ""


def test_every_specialty_of_a_code_is_one_of_ours() -> None:
    from confrere.people import specialties

    assert set(taxonomies._specialties().values()) <= set(specialties.labels())


def test_a_columns_name_is_read_without_what_files_disagree_about() -> None:
    assert plain("\ufeffProvider Last Name (Legal Name)") == "providerlastnamelegalname"
