"""A passkey counts its uses. A count that does not grow says that somebody has a copy of it."""

from collections.abc import Mapping
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from fido2.webauthn import AuthenticationResponse

from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.refusals import Refusal

#: Where the last count stands in what the sign-in library keeps of a passkey.
COUNT: Final = "counted"


def check_count(*, passkey: Authenticator, answer: Mapping[str, Any]) -> None:
    """Remember how often a passkey was used; refuse (403) one whose count did not grow, and write that down.

    Many passkeys never count and always say 0: of those a copy cannot be told. The library verified the signature.
    """
    count = AuthenticationResponse.from_dict(answer).response.authenticator_data.counter
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=passkey.pk)
        last = row.data.get(COUNT, 0)
        grown = count > last or count == last == 0
        if grown and count:
            row.data[COUNT] = count
            row.save(update_fields=["data"])
        if not grown:
            audit.record(
                action="people.passkey_copied",
                actor=audit.Actor.system("sign-in"),
                about=f"person:{row.user_id}",
                programme=None,
                kept_as=kept.SIGN_IN,
                now=timezone.now(),
                details={"counted": last, "said": count},
            )
    if not grown:
        raise Refusal(
            _(
                "This passkey was not accepted: it seems that somebody has a copy of it. "
                "Ask an operator of your site to remove it."
            ),
            status=403,
        )
