"""The sheet is the disclosure, word for word, but for what would let others in."""

from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore

from confrere.people.models import User
from confrere.vault import sheet
from confrere.vault.classification import SIGN_IN
from confrere.vault.disclosure import about, personal_tables
from confrere.vault.disclosure import columns as columns_of


@pytest.fixture
def person(db: None, standing_keys: Path) -> User:
    made = User.objects.create(email="osei@site.org", name="Ama Osei")
    session = SessionStore()
    session["_auth_user_id"] = str(made.pk)
    session.save()
    return made


def test_what_a_person_prints_is_what_is_disclosed_but_for_what_lets_one_in(person: User) -> None:
    found = about(person=person.pk)
    disclosed, printed = sheet.text(found).splitlines(), sheet.text(found, hide={SIGN_IN}).splitlines()
    assert len(disclosed) == len(printed)
    different = [(full, short) for full, short in zip(disclosed, printed, strict=True) if full != short]
    assert different != []
    for full, short in different:
        head = full.partition(": ")[0]
        assert head.endswith("(sign_in)")
        assert short == f"{head}: {sheet.KEPT_BACK}"


def test_every_table_that_can_lead_to_a_person_is_named_with_every_column_of_its_rows(person: User) -> None:
    text = sheet.text(about(person=person.pk))
    assert [table for table in personal_tables() if table not in text] == []
    for column in columns_of(User):
        assert f"  {column.name} ({column.kept}): " in text


def test_octets_and_nothing_are_said_in_words() -> None:
    assert sheet.in_words(None) == "–"
    assert sheet.in_words({"octets": 2, "hex": "00ff"}) == "2 octets that are no text: 00ff"
    assert sheet.in_words(7) == "7"
