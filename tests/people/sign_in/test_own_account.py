import datetime as dt

import pytest
from django.test import Client
from tests.people.sign_in.steps import (
    account,
    by_code,
)

from confrere.people import queries

pytestmark = pytest.mark.django_db


class TestAccount:
    def test_one_reads_and_changes_what_is_kept(self) -> None:
        person, client = account(), Client()
        by_code(client)
        page = client.get("/accounts/")
        assert page.status_code == 200
        assert "a.osei@example.org" in page.text
        form = {"name": "Ama B. Osei", "zone": "Europe/Berlin", "quiet_from": "22:00", "quiet_until": "07:00"}
        assert client.post("/accounts/", form).status_code == 302
        assert queries.account(person) == queries.Account(
            email="a.osei@example.org",
            name="Ama B. Osei",
            zone="Europe/Berlin",
            quiet_from=dt.time(22),
            quiet_until=dt.time(7),
        )

    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(self) -> None:
        person, client = account(), Client()
        by_code(client)
        answer = client.post("/accounts/", {"name": "", "zone": "Mars/Base", "quiet_from": "", "quiet_until": ""})
        assert answer.status_code == 422
        assert "2 things need your attention" in answer.text
        half = client.post("/accounts/", {"name": "A", "zone": "UTC", "quiet_from": "22:00", "quiet_until": ""})
        assert half.status_code == 400
        assert queries.account(person).name == "Ama Osei"
