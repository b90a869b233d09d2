"""Showing once more who one is, from a page that goes on without being left."""

import struct
from collections.abc import Mapping
from typing import Any

from allauth.mfa.webauthn.internal import auth, flows
from cryptography.exceptions import InvalidSignature
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from confrere.people.actions.counting import check_count
from confrere.people.queries import passkeys
from confrere.vault.refusals import Refusal

#: What the library raises at an answer that no browser gives.
_MALFORMED = (ValidationError, LookupError, TypeError, ValueError, AttributeError, RecursionError, struct.error)


def passkey_options(*, request: HttpRequest) -> dict[str, Any]:
    """What a browser needs to ask the person's own passkeys; empty without one. Good for one answer."""
    assert request.user.is_authenticated
    return dict(auth.begin_authentication(request.user)["publicKey"]) if passkeys(request.user.pk) else {}


def prove_by_passkey(*, request: HttpRequest, answer: Mapping[str, Any]) -> None:
    """The answer of one of the person's own passkeys, which has verified its user. Refuses (403) every other."""
    assert request.user.is_authenticated
    try:
        passkey = auth.complete_authentication(request.user, dict(answer))
    except (*_MALFORMED, InvalidSignature):
        raise Refusal(_("This passkey was not accepted. Try again."), status=403) from None
    check_count(passkey=passkey, answer=answer)
    flows.reauthenticate(request, passkey)
