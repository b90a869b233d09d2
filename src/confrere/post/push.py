"""A knock at somebody's browser: web push (RFC 8030) without any content, signed as RFC 8292 wants it.

The push service learns that something waits for a browser, and when; it gets no text, no link and no name. The
service worker of that browser then says "Something waits for you" and opens our own page.
"""

import base64
import json
from datetime import datetime, timedelta
from typing import Final, Literal
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from django.conf import settings
from django.utils.translation import gettext as _

from confrere.post import outside
from confrere.vault import keys
from confrere.vault.refusals import Refusal

#: The services of the browsers that there are; nothing else is ever called. Hosts below them count too.
SERVICES: Final = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
)
KEY: Final = "push"
#: How long the service keeps a knock for a browser that is away.
KEEPS: Final = timedelta(days=1)
#: The order of the group of P-256.
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

type Knocked = Literal["taken", "gone", "later"]


def check_service(endpoint: str) -> None:
    """Refuses (422) an address that is no browser's push service, whatever a script claims."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    known = any(host == service or host.endswith(f".{service}") for service in SERVICES)
    named = f"{host}:{port}" in settings.CALLS_INSIDE
    if parts.scheme != "https" or len(endpoint) > 500 or not (named or (known and port in {None, 443})):
        raise Refusal(_("This browser's way of receiving notices is not one we know. Choose mail."), status=422)


def public_key() -> str:
    """What a browser needs to subscribe: our point on P-256, in base64url without padding."""
    point = serialization.PublicFormat.UncompressedPoint
    return _text(_private().public_key().public_bytes(serialization.Encoding.X962, point))


def knock(endpoint: str, *, now: datetime) -> Knocked:
    """Knock once. "gone": the browser has cancelled, forget it. "later": try again."""
    check_service(endpoint)
    headers = {
        "TTL": str(int(KEEPS.total_seconds())),
        "Urgency": "low",
        "Content-Length": "0",
        "Authorization": f"vapid t={_token(endpoint, now)}, k={public_key()}",
    }
    try:
        status = outside.post(endpoint, body=b"", headers=headers)
    except outside.Unreachable:
        return "later"
    if status in {404, 410}:
        return "gone"
    return "taken" if status < 300 else "later"


def _private() -> ec.EllipticCurvePrivateKey:
    """From 32 bytes that lie apart from the database; made when first needed."""
    store = keys.store()
    raw = store.read(KEY) if store.exists(KEY) else store.create(KEY)
    return ec.derive_private_key(int.from_bytes(raw) % (_ORDER - 1) + 1, ec.SECP256R1())


def _token(endpoint: str, now: datetime) -> str:
    """A JWT (RFC 7519) that says for which service, until when, and who answers for us. ES256."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + timedelta(hours=12)).timestamp()),
        "sub": f"mailto:{settings.DEFAULT_FROM_EMAIL}",
    }
    signed = ".".join(_text(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(_private().sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{signed}.{_text(r.to_bytes(32) + s.to_bytes(32))}"


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
