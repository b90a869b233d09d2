"""The institution's sign-in as a binding, against a real provider; and how its answer is not believed."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from tests.people.door import provider as providers
from tests.people.door.conftest import CLAIM, DOOR, TRAINEE, Town, doctor
from tests.people.door.provider import Provider

from confrere.people.models import Claim, Decision

OSEI = doctor(1, "Ama", "Osei")
AMA = {"given_name": "Ama", "family_name": "Osei", "groups": ["staff", "physicians"]}


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with providers.running() as found:
        settings.SIGN_ON = {
            "issuer": found.issuer,
            "client": "confrere",
            "secret": "a secret",
            "scope": "openid profile",
            "claim": "groups",
            "group": "physicians",
        }
        found.person = dict(AMA)
        yield found


@pytest.fixture
def client(town: Town) -> Client:
    town.doctors = [OSEI, doctor(2, "Ama", "Osei")]
    town.import_all()
    _person, browser = town.enter("Ama Osei")
    assert browser.post(CLAIM, OSEI.said()).status_code == 302
    return browser


def leave(client: Client) -> str:
    """The address to which the page leads."""
    answer = client.post(DOOR + "sign-on/")
    assert answer.status_code == 200, answer.text
    found = re.search(r'href="(http://127[^"]+)"', answer.text)
    assert found
    return unescape(found[1])


def test_a_physician_of_the_institution_gets_in(town: Town, client: Client, provider: Provider) -> None:
    assert "The quickest way" in client.get(DOOR).text
    back = provider.approve(leave(client))
    assert client.get(back).headers["Location"] == DOOR
    assert town.enters(client) == 200
    claim = Claim.objects.get()
    evidence = Decision.objects.get(why="sign_on").evidence
    assert (claim.binding, evidence["issuer"]) == ("sign_on", provider.issuer)
    assert "u1" not in evidence["subject"]
    assert client.get(back).status_code == 404


def test_a_trainee_gets_in_too(town: Town, provider: Provider) -> None:
    resident = doctor(3, "Noor", "Haddad", code=TRAINEE, licence="")
    town.doctors = [resident]
    town.import_all()
    _person, client = town.enter("Noor Haddad")
    client.post(CLAIM, resident.said(specialty="pediatrics"))
    provider.person |= {"given_name": "Noor", "family_name": "Haddad", "groups": "physicians", "npi": resident.number}
    assert client.get(provider.approve(leave(client))).status_code == 302
    assert town.enters(client) == 200


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"groups": ["staff"]}, "not as one of its physicians"),
        ({"groups": []}, "not as one of its physicians"),
        ({"family_name": "Mensah"}, "under another name"),
        ({"npi": "1234567893"}, "another register number"),
        ({"nonce": "another"}, "another visit"),
        ({"aud": "another"}, "not rightly signed"),
        ({"iss": "https://another.example"}, "not rightly signed"),
        ({"exp": 1_000_000}, "not rightly signed"),
        ({"sub": None}, "not rightly signed"),
    ],
)
def test_an_answer_that_does_not_fit_opens_nothing(
    town: Town, client: Client, provider: Provider, wrong: dict[str, Any], words: str
) -> None:
    provider.wrong = wrong
    answer = client.get(provider.approve(leave(client)))
    assert (answer.status_code, words in unescape(answer.text)) == (403, True), answer.text
    assert town.enters(client) == 403


def test_a_token_that_another_key_signed_or_none_is_not_believed(
    town: Town, client: Client, provider: Provider
) -> None:
    provider.signer = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert "not rightly signed" in client.get(provider.approve(leave(client))).text
    provider.algorithm = "none"
    assert "not rightly signed" in client.get(provider.approve(leave(client))).text
    assert town.enters(client) == 403


@pytest.mark.parametrize("change", ["state=wrong&code=code0", "state=&code=", "error=access_denied"])
def test_a_way_back_that_we_did_not_begin_is_none(town: Town, client: Client, provider: Provider, change: str) -> None:
    provider.approve(leave(client))
    assert "did not confirm you" in client.get(f"{DOOR}sign-on/back/?{change}").text
    assert client.get(f"{DOOR}sign-on/back/?{change}").status_code == 404
    assert town.enters(client) == 403


def test_a_code_of_another_visit_is_refused_by_the_provider(town: Town, client: Client, provider: Provider) -> None:
    first = provider.approve(leave(client))
    second = provider.approve(leave(client))
    stolen = second.replace("code1", "code0")
    assert "not rightly signed" in client.get(stolen).text
    assert first != second
    assert town.enters(client) == 403


def test_one_sign_in_there_is_one_person_here(town: Town, client: Client, provider: Provider) -> None:
    assert client.get(provider.approve(leave(client))).status_code == 302
    _other, browser = town.enter("Ama K Osei")
    assert browser.post(CLAIM, town.doctors[1].said()).status_code == 302
    assert "another account is already" in browser.get(provider.approve(leave(browser))).text
    assert town.enters(browser) == 403


@pytest.mark.parametrize(
    ("described", "status", "words"),
    [
        ({"issuer": "https://another.example"}, 403, "describes itself as another"),
        ({"token_endpoint": "http://institution.example/token"}, 503, "does not answer rightly"),
        ({"token_endpoint": "file:///etc/passwd"}, 503, "does not answer rightly"),
    ],
)
def test_a_provider_that_describes_itself_wrongly_is_not_followed(
    client: Client, provider: Provider, described: dict[str, str], status: int, words: str
) -> None:
    url = leave(client)
    provider.described = described
    answer = client.get(provider.approve(url))
    assert (answer.status_code, words in unescape(answer.text)) == (status, True)


def test_a_provider_that_does_not_answer_is_said_so(client: Client, provider: Provider, settings: Any) -> None:
    for issuer in ("http://127.0.0.1:9", f"{provider.issuer}/no"):
        settings.SIGN_ON = settings.SIGN_ON | {"issuer": issuer}
        provider.described = {}
        assert client.post(DOOR + "sign-on/").status_code in {503, 403}
    settings.SIGN_ON = settings.SIGN_ON | {"issuer": provider.issuer}
    url = leave(client)
    provider.described = {"jwks_uri": f"{provider.issuer}/broken"}
    assert client.get(provider.approve(url)).status_code == 503


def test_without_an_institution_there_is_no_such_page(client: Client) -> None:
    assert "The quickest way" not in client.get(DOOR).text
    assert client.post(DOOR + "sign-on/").status_code == 404
    assert client.get(DOOR + "sign-on/back/").status_code == 404
