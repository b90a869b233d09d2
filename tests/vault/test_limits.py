"""What is not protected and what is never claimed stand wherever somebody relies on us; a missing one fails here."""

from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from confrere.people.models import User
from confrere.vault import sheet
from confrere.vault.disclosure import about

LIMITS = (
    "changed to serve other scripts",
    "Malware on your device, or someone watching it",
    "the coach remembers or writes elsewhere",
    "made to testify",
    "provider of the video call or the telephone",
    "that you have an account, and when you were active",
    "imminent danger",
    "What you export yourself",
    "Posts in the lounge",
    "Statistics of large groups",
    "loss of both your passkey and your recovery code",
    "mail systems",
    "Backups keep what is erased",
)
UNCLAIMED = (
    "nothing to disclose",
    "HIPAA compliant",
    "privileged",
    "anonymous",
    "no record",
    "exactly once",
)


@pytest.fixture
def person(db: None, standing_keys: Path) -> User:
    return User.objects.create(email="osei@site.org", name="Ama Osei")


@pytest.mark.parametrize("words", [*LIMITS, *UNCLAIMED])
def test_the_page_says_it(person: User, words: str) -> None:
    client = Client()
    client.force_login(person)
    session = client.session
    session["people.began"] = session["people.used"] = session["people.proved"] = timezone.now().timestamp()
    session.save()
    assert words in client.get("/me/what-exists/").text.replace("&#x27;", "'")


def test_the_sheet_says_all_of_it(person: User) -> None:
    text = sheet.text(about(person=person.pk))
    assert [words for words in (*LIMITS, *UNCLAIMED) if words not in text] == []
    assert "half of the lock of each workbook" in text
