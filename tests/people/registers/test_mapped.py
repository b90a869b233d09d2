"""Other registers by a mapping that the site declares: licences, and physicians of another country."""

import pytest

from confrere.people.registers.entries import Entry, Field, Licence, day
from confrere.people.registers.mapped import mapping
from confrere.people.registers.names import Name
from confrere.vault.refusals import Refusal

ONTARIO = """
register = "ca-on-cpso"
kind = "physicians"
[columns]
number = "CPSO Number"
family = "Last Name"
given = "First Name"
status = "Registration Status"
[status]
active = ["Active Member"]
[fields]
column = "Specialty"
"""
LICENCES = """
register = "ny"
kind = "licences"
jurisdiction = "NY"
whole = false
[columns]
number = "No"
family = "Last"
status = "Status"
expires = "Until"
[status]
active = ["Registered"]
revoked = ["Revoked"]
"""


def test_physicians_of_another_country() -> None:
    register = mapping(ONTARIO)
    assert (register.slug, register.whole) == ("ca-on-cpso", True)
    register.columns(frozenset({"cpsonumber", "lastname", "firstname", "registrationstatus", "specialty"}))
    said = {"cpsonumber": "54321", "lastname": "Tremblay", "firstname": "Élise", "registrationstatus": "ACTIVE MEMBER"}
    [entry] = register.read(said | {"specialty": "Cardiology; Internal Medicine;"})
    fields = (Field("Cardiology"), Field("Internal Medicine"))
    assert entry == Entry("54321", "person", True, Name("Tremblay", "Élise"), (), fields)
    [other] = register.read(said | {"registrationstatus": "Retired"})
    assert isinstance(other, Entry)
    assert (other.active, other.fields) == (False, ())
    assert list(register.read(said | {"cpsonumber": " "})) == []


def test_licences_of_a_state() -> None:
    register = mapping(LICENCES)
    said = {"no": "300001", "last": "Osei", "status": "registered", "until": "12/31/2027"}
    assert list(register.read(said)) == [Licence("NY", "300001", Name("Osei", ""), "active", day("2027-12-31"))]
    assert not register.whole
    for word, ours in {"Revoked": "revoked", "Under a rock": "unknown"}.items():
        [licence] = register.read(said | {"status": word})
        assert isinstance(licence, Licence)
        assert licence.status == ours


def test_a_file_without_a_declared_column_is_refused() -> None:
    with pytest.raises(Refusal, match="“ny”: there is no column “No”"):
        mapping(LICENCES).columns(frozenset({"last"}))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("= no", "not TOML"),
        ("colour = 1\n" + ONTARIO, "“colour”"),
        (ONTARIO.replace('"ca-on-cpso"', '"CPSO!"'), "short name"),
        (ONTARIO.replace('"ca-on-cpso"', '""'), "short name"),
        (ONTARIO.replace('"physicians"', '"dentists"'), "kind ="),
        (LICENCES.replace('jurisdiction = "NY"', ""), "jurisdiction"),
        (ONTARIO.replace('status = "Registration Status"', ""), "column for “status”"),
        (ONTARIO.replace("active =", "retired ="), "words for active"),
        (ONTARIO.replace("active =", "expired ="), "words for active"),
    ],
)
def test_each_wrong_mapping_has_a_sentence(text: str, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        mapping(text)
