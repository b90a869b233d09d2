import re
import tomllib
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import FieldDoesNotExist

from confrere.vault import classification as kept
from confrere.vault.audiences import AUDIENCES


def test_every_class_of_the_file_has_a_name_in_the_code_and_the_other_way_round() -> None:
    named = {value for name, value in vars(kept).items() if name.isupper() and name not in {"APPEND_ONLY", "AUDIENCES"}}
    assert named == set(kept.classes())


def test_a_class_is_a_frozen_row_of_the_file() -> None:
    said = tomllib.loads((Path(kept.__file__).parent / "retention.toml").read_text("utf-8"))["classes"]["sign_in"]
    found = kept.classes()["sign_in"]
    assert {key: getattr(found, key) for key in said if key != "ends"} == {
        key: said[key] for key in said if key != "ends"
    }
    assert found.ends == (kept.End(model="sessions.Session", since="expire_date", days=0),)
    with pytest.raises(AttributeError):
        found.trace = 1  # type: ignore[misc]  # that is the point


def test_the_class_of_a_field_is_what_it_declares() -> None:
    assert kept.class_of("people.User.email").name == "account"
    assert kept.class_of("people.User.id").name == "technical"
    assert kept.class_of("account.EmailAddress.email").name == "account"
    assert kept.class_of("sessions.Session.session_data").name == "sign_in"


def test_a_field_that_does_not_exist_has_no_class() -> None:
    with pytest.raises(FieldDoesNotExist):
        kept.class_of("people.User.diagnosis")
    with pytest.raises(LookupError):
        kept.class_of("coaching.Note.text")


def test_who_can_read_a_field() -> None:
    assert kept.audience_of("vault.Link.sealed") == {"keeper"}
    assert kept.audience_of("people.Programme.name") >= {"participant", "coach", "leader"}


def test_every_audience_has_a_picture_and_only_nothing_has_no_reader() -> None:
    sprite = finders.find("web/icons.svg")
    assert sprite is not None
    pictures = set(re.findall(r'id="([a-z]+)"', Path(sprite).read_text("utf-8")))
    assert {audience.icon for audience in AUDIENCES.values()} <= pictures
    assert [code for code, audience in AUDIENCES.items() if not audience.readers] == ["nothing"]


def test_only_nothing_is_an_audience_that_no_class_has() -> None:
    assert set(AUDIENCES) - {one.audience for one in kept.classes().values()} == {"nothing"}


def test_whatever_is_not_encrypted_can_be_read_by_the_operators() -> None:
    in_clear = {one.name for one in kept.classes().values() if "operator" in AUDIENCES[one.audience].readers}
    assert set(kept.classes()) - in_clear == {"link", "showing", "withheld", "workbook"}


def test_what_cannot_be_exported_lies_behind_the_identity_door_or_belongs_to_two_people() -> None:
    assert [one.name for one in kept.classes().values() if one.door == "identity" and one.export] == []
    # Answers of a pulse leave as counts only.
    assert [one.name for one in kept.classes().values() if one.door == "study" and not one.export] == ["pulse"]


def test_coaching_leaves_its_audit_trace_for_seven_days() -> None:
    traces = {name: kept.classes()[name].trace for name in ("booking", "held_session", "entitlement", "coach_page")}
    assert set(traces.values()) == {7}
