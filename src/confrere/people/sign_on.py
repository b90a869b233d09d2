"""The institution's own sign-in (OpenID Connect): who came from there, and in which of its groups they are.

Authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, 3.1; RFC 7636; RFC 9700). The provider's
address is the site's own setting; the ID token's signature, issuer, audience, time and nonce are checked before a word
of it is believed.
"""

import base64
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import jwt
from django.conf import settings
from django.utils.translation import gettext as _

from confrere.vault.refusals import Refusal

#: Signatures that are believed; "none" and shared secrets are not among them.
ALGORITHMS: Final = ["RS256", "PS256", "ES256"]
PATIENCE: Final = 5.0  # seconds for each answer
MOST: Final = 2**18  # bytes of an answer that are read
_HERE: Final = {"localhost", "127.0.0.1"}


@dataclass(frozen=True, slots=True)
class Trip:
    """What a session remembers between leaving for the provider and coming back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """What the institution says of somebody. subject: a digest that is the same for the same person there."""

    issuer: str
    subject: str
    given: str
    family: str
    number: str  # their register number, where the institution tells it
    groups: frozenset[str]


def leave(*, back: str) -> tuple[str, Trip]:
    """(the provider's address to go to, what to remember). back: our address to which they return."""
    trip = Trip(*(secrets.token_urlsafe(32) for _each in range(3)))
    challenge = base64.urlsafe_b64encode(sha256(trip.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": settings.SIGN_ON["client"],
        "redirect_uri": back,
        "scope": settings.SIGN_ON["scope"],
        "state": trip.state,
        "nonce": trip.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{_discovered()['authorization_endpoint']}?{urlencode(asked)}", trip


def arrive(*, trip: Trip, said: Mapping[str, str], back: str) -> Arrived:
    """Who came back. Raises `Refusal`: 403 for what does not belong to this trip or is not rightly signed, 503 when the
    provider does not answer."""
    if not hmac.compare_digest(trip.state.encode(), said.get("state", "").encode()) or not said.get("code"):
        raise _no(_("Your institution did not confirm you, or this page was opened twice. Begin again."))
    found = _discovered()
    body = {
        "grant_type": "authorization_code",
        "code": said["code"],
        "redirect_uri": back,
        "client_id": settings.SIGN_ON["client"],
        "client_secret": settings.SIGN_ON["secret"],
        "code_verifier": trip.verifier,
    }
    token = _asked(found["token_endpoint"], body).get("id_token")
    claims = _believed(str(token), keys=_asked(found["jwks_uri"]), issuer=found["issuer"])
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), trip.nonce.encode()):
        raise _no(_("Your institution's answer belongs to another visit. Begin again."))
    groups = claims.get(settings.SIGN_ON["claim"], [])
    return Arrived(
        issuer=found["issuer"],
        subject=sha256(f"{found['issuer']}|{claims['sub']}".encode()).hexdigest(),
        given=str(claims.get("given_name", "")),
        family=str(claims.get("family_name", "")),
        number=str(claims.get("npi", "")),
        groups=frozenset([groups] if isinstance(groups, str) else map(str, groups)),
    )


def _believed(token: str, *, keys: Mapping[str, Any], issuer: str) -> dict[str, Any]:
    """The claims of an ID token with a right signature, for us, in time."""
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        key = next(one for one in jwt.PyJWKSet.from_dict(dict(keys)).keys if kid in {None, one.key_id})
        return jwt.decode(
            token,
            key.key,
            algorithms=ALGORITHMS,
            audience=settings.SIGN_ON["client"],
            issuer=issuer,
            leeway=30,
            options={"require": ["exp", "iat", "sub", "aud", "iss"]},
        )
    except (jwt.PyJWTError, StopIteration, TypeError, ValueError):
        raise _no(
            _("Your institution's answer is not rightly signed. Nothing was changed; tell your coordinator.")
        ) from None


def _discovered() -> dict[str, Any]:
    """The provider's own description, whose issuer must be the one that the site has set."""
    issuer = settings.SIGN_ON["issuer"].rstrip("/")
    found = _asked(f"{issuer}/.well-known/openid-configuration")
    if str(found.get("issuer", "")).rstrip("/") != issuer:
        raise _no(_("Your institution's sign-in describes itself as another one. Tell your coordinator."))
    return found


def _asked(url: str, body: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The JSON at an address: https, or http on this very machine."""
    parts = urlsplit(str(url))
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
        raise _down()
    data = urlencode(body).encode() if body is not None else None
    request = Request(url, data=data, headers={"Accept": "application/json"})  # noqa: S310  # the scheme is looked at above
    try:
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310  # the same
            found = json.loads(answer.read(MOST))
    except (URLError, OSError, ValueError):
        raise _down() from None
    if not isinstance(found, dict):
        raise _down()
    return found


def _no(sentence: str) -> Refusal:
    return Refusal(sentence, status=403)


def _down() -> Refusal:
    return Refusal(
        _("Your institution's sign-in does not answer rightly. Try again later, or another way."), status=503
    )
