"""A passkey that counts backwards is a copy."""

import json

import pytest
from django.test import Client
from tests.people.authenticator import Device
from tests.people.sign_in.steps import PASSKEY, account, by_code, by_passkey, enrol, signed_in

from confrere.vault.models import Payload

pytestmark = pytest.mark.django_db


@pytest.fixture
def device() -> Device:
    account()
    owner, device = Client(), Device()
    by_code(owner)
    enrol(owner, device)
    return device


def sign_in(device: Device, count: int) -> bool:
    client = Client()
    device.count = count
    by_passkey(client, device)
    return signed_in(client)


def test_a_device_that_counts_is_let_in_as_long_as_its_count_grows(device: Device) -> None:
    assert [sign_in(device, count) for count in (1, 2, 7)] == [True, True, True]
    assert [sign_in(device, count) for count in (7, 3, 0)] == [False, False, False]
    told = [
        json.loads(body)
        for body in Payload.objects.filter(body__contains="passkey_copied").values_list("body", flat=True)
    ]
    assert [each["details"] for each in told] == [{"counted": 7, "said": said} for said in (7, 3, 0)]
    assert sign_in(device, 8)


def test_a_device_that_never_counts_is_let_in(device: Device) -> None:
    assert [sign_in(device, 0) for _time in range(3)] == [True, True, True]


def test_the_refusal_says_what_to_do(device: Device) -> None:
    sign_in(device, 5)
    client = Client()
    options = client.get(PASSKEY, headers={"Accept": "application/json"}).json()["request_options"]["publicKey"]
    device.count = 4
    page = client.post(PASSKEY, {"credential": device.use(options)})
    assert (page.status_code, "somebody has a copy of it" in page.text) == (403, True)
