"""What people do to sign in, as the tests of this folder do it."""

import json
import re

from django.test import Client
from django.utils import timezone
from tests.people.authenticator import Device

from confrere.people import actions
from confrere.people.roles import Role
from confrere.post.models import Letter
from confrere.vault.audit import Actor

SIGN_IN, CODE, ADD = "/accounts/login/", "/accounts/login/code/", "/accounts/passkeys/add/"
PASSKEY, SECOND, PROVE = "/accounts/login/passkey/", "/accounts/login/passkey/second/", "/accounts/passkeys/prove/"
OPERATOR = Actor.system("test")


def account(role: Role = Role.PARTICIPANT, email: str = "a.osei@example.org") -> int:
    now = timezone.now()
    person = actions.create_account(email=email, name="Ama Osei", zone="UTC", now=now)
    site = actions.create_site(slug=f"s{person}", name="North", zone="UTC", now=now, actor=OPERATOR)
    peer = actions.create_programme(
        site=site, slug=f"p{person}", name="Peer coaching", zone="UTC", now=now, actor=OPERATOR
    )
    actions.grant_role(person=person, programme=peer, role=role, now=now, actor=OPERATOR)
    return person


def mailed_code() -> str:
    found = re.search(r"^    (\S+)$", Letter.objects.order_by("pk").last().body, re.MULTILINE)  # type: ignore[union-attr]
    assert found is not None
    return found[1]


def ask(client: Client, email: str = "a.osei@example.org", **more: str) -> None:
    answer = client.post(SIGN_IN, {"email": email, **more})
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, CODE)


def by_code(client: Client, email: str = "a.osei@example.org") -> None:
    ask(client, email)
    client.post(CODE, {"code": mailed_code()})


def options_of(page: str) -> dict[str, object]:
    found = re.search(r'id="passkey-options" type="application/json">(.*?)</script>', page)
    assert found is not None
    return json.loads(found[1])["publicKey"]  # type: ignore[no-any-return]


def enrol(client: Client, device: Device) -> int:
    page = client.get(ADD).text
    return client.post(ADD, {"name": "Telephone", "credential": device.make(options_of(page))}).status_code


def by_passkey(client: Client, device: Device) -> None:
    options = client.get(PASSKEY, headers={"Accept": "application/json"}).json()["request_options"]["publicKey"]
    client.post(PASSKEY, {"credential": device.use(options)})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
