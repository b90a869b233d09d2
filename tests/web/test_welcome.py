"""The first sign-in: one link, one use."""

import datetime as dt
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from pytest_django.fixtures import Settings

from confrere.people.actions import create_account
from confrere.people.actions.first_sign_in import make_first_sign_in, use_first_sign_in
from confrere.vault import keys
from confrere.vault.refusals import Refusal
from confrere.web.actions import found_site

NOW = dt.datetime(2026, 3, 3, 17, 30, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


def test_the_link_signs_the_first_operator_in_once(client: Client) -> None:
    path = str(found_site(name="Mercy “North”", operator="you@mercy.org", zone="UTC")["path"])
    assert "First sign-in" in client.get(path).text
    answer = client.post(path)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session["_auth_user_id"]
    assert EmailAddress.objects.get(email="you@mercy.org").verified
    again = Client().post(path)
    assert again.status_code == 410
    assert "This link was used already, or it is too old." in again.text


def test_a_new_installation_gets_its_keys(settings: Settings, tmp_path: Path) -> None:
    settings.KEYS = tmp_path
    found_site(name="Mercy", operator="you@mercy.org", zone="UTC")
    assert all(keys.store().exists(key) for key in keys.STANDING)


def test_looking_at_the_link_does_not_spend_it(client: Client) -> None:
    path = str(found_site(name="—", operator="you@mercy.org", zone="UTC")["path"])
    client.get(path)
    client.get(path)
    assert client.post(path).status_code == 302


@pytest.mark.parametrize("token", ["", "1", "0-x", "999999999999999999999-x", "²-x", "a-b-c"])
def test_a_token_that_was_never_made_is_refused(token: str) -> None:
    with pytest.raises(Refusal, match="This link was used"):
        use_first_sign_in(token=token, now=NOW)


def test_a_token_is_too_old_after_three_days(settings: Settings) -> None:
    token = make_first_sign_in(person=create_account(email="a@b.org", name="A", zone="UTC", now=NOW))
    settings.PASSWORD_RESET_TIMEOUT = -1
    with pytest.raises(Refusal, match="This link was used"):
        use_first_sign_in(token=token, now=NOW)
