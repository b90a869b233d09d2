"""A knock carries nothing, is signed, and goes to push services only."""

import base64
import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from tests.post.https_server import Elsewhere

from confrere.post import push
from confrere.vault import keys
from confrere.vault.refusals import Refusal

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://db5p.notify.windows.com:443/w/?token=abc",
    ],
)
def test_the_services_of_the_browsers_are_known(endpoint: str) -> None:
    push.check_service(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example/fcm.googleapis.com",
        "https://127.0.0.1/x",
        "https://[::1/x",
        "https://fcm.googleapis.com/" + "x" * 500,
        "",
    ],
)
def test_nothing_else_is_ever_called(endpoint: str) -> None:
    with pytest.raises(Refusal, match="Choose mail"):
        push.knock(endpoint, now=NOW)


def test_a_knock_is_empty_and_signed_by_our_key(elsewhere: Elsewhere) -> None:
    assert push.knock(f"{elsewhere.url}/send/1", now=NOW) == "taken"
    [came] = elsewhere.came
    assert (came.path, came.body, came.headers["TTL"]) == ("/send/1", b"", "86400")
    scheme, token, key = came.headers["Authorization"].replace(",", "").split()
    assert (scheme, key) == ("vapid", f"k={push.public_key()}")
    head, claims, signature = token.removeprefix("t=").split(".")
    assert json.loads(_bytes(head)) == {"typ": "JWT", "alg": "ES256"}
    assert json.loads(_bytes(claims)) == {
        "aud": elsewhere.url,
        "exp": int(NOW.timestamp()) + 12 * 3600,
        "sub": "mailto:confrere@localhost",
    }
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(push.public_key()))
    raw = _bytes(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    point.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    assert keys.keeper_of(push.KEY).backed_up


@pytest.mark.parametrize(
    ("status", "meaning"),
    [(201, "taken"), (404, "gone"), (410, "gone"), (429, "later"), (500, "later"), (302, "later")],
)
def test_what_the_service_says(elsewhere: Elsewhere, status: int, meaning: str) -> None:
    elsewhere.answers = [status]
    assert push.knock(f"{elsewhere.url}/send/1", now=NOW) == meaning


def test_a_service_that_is_away_is_tried_later(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert push.knock(f"{elsewhere.url}/send/1", now=NOW) == "later"
