"""What must be true before anyone is let in without proof: this is the demo, on this machine, and nobody is real."""

import hmac
import os
from collections.abc import Mapping
from ipaddress import ip_address

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from confrere.vault import origin
from confrere.vault.refusals import Refusal

#: Headers by which a proxy tells of a browser elsewhere.
FORWARDING = (
    "HTTP_FORWARDED",
    "HTTP_VIA",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_REAL_IP",
)


def check_demo(*, meta: Mapping[str, object], host: str, environ: Mapping[str, str] = os.environ) -> None:
    """Refuse unless all holds. The answer is the same 404 in every case: outside the demo there is nothing here.

    meta: the request's WSGI variables. host: its Host header.
    """
    address = str(meta.get("REMOTE_ADDR") or "")
    holds = (
        settings.DEMO
        and "DATABASE_URL" not in environ
        and host.partition(":")[0] == "localhost" == settings.HOST
        and not any(header in meta for header in FORWARDING)
        and address != ""
        and ip_address(address).is_loopback
        and origin.simulated()
    )
    if not holds:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)


def token(person: int) -> str:
    """The 128-bit token (32 hexadecimal digits) that lets one in as a simulated person; another site has others."""
    return salted_hmac("confrere.web.demo", str(person), algorithm="sha256").hexdigest()[:32]


def opens(person: int, given: str) -> bool:
    """Whether this token lets one in as this person; takes as long for a wrong one."""
    return hmac.compare_digest(token(person).encode(), given.encode())
