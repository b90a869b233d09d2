"""One request to somebody else's server, and never to one inside the house.

The name is looked up once, every address that it has must be a public one, and the connection goes to the address
that was looked at: a name that changes meanwhile (DNS rebinding) leads nowhere else. Redirects are answers, not ways.
"""

import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

PATIENCE: Final = 5.0  # seconds, for the connection and for each answer
MOST: Final = 65536  # bytes of an answer that are read
#: Public by name, and translated into addresses of version 4 by the house's own gateway.
_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")


class Unreachable(Exception):
    """The request did not leave or nobody answered. `kind` is safe to keep: no address, nobody's words.

    forbidden: the address is one that we never call.
    """

    def __init__(self, kind: str, *, forbidden: bool = False) -> None:
        super().__init__(kind)
        self.kind = kind
        self.forbidden = forbidden


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: the name for the certificate, and the one address that the name had."""

    host: str
    port: int
    path: str
    address: str


def target(url: str) -> Target:
    """Look an address up. `Unreachable` unless it is https, to a public address, without a user and a password.

    `settings.CALLS_INSIDE` names what a site allows nevertheless, as "host:port".
    """
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError:
        raise Unreachable("no-address", forbidden=True) from None
    host = parts.hostname or ""
    if parts.scheme != "https" or not host or not host.isascii() or parts.username is not None:
        raise Unreachable("no-https-address", forbidden=True)
    try:
        found = {str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError:
        raise Unreachable("unknown-host") from None
    allowed = f"{host}:{port}" in settings.CALLS_INSIDE
    if not allowed and not all(_is_public(one) for one in found):
        raise Unreachable("inside", forbidden=True)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host=host, port=port, path=path, address=sorted(found)[0])


def post(url: str, *, body: bytes, headers: Mapping[str, str]) -> int:
    """Send one POST; the status of the answer. `Unreachable` as for `target`, and when nobody answers in time."""
    where = target(url)
    connection = _Pinned(where)
    try:
        connection.request("POST", where.path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        answer.read(MOST)
    except (OSError, HTTPException, ValueError) as error:
        raise Unreachable(type(error).__name__) from None
    finally:
        connection.close()
    return answer.status


def _is_public(address: str) -> bool:
    """Whether an address is out in the world; one of version 4 that is wrapped in version 6 counts as what it is."""
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    if found in _TRANSLATED:
        return False
    return found.is_global and not found.is_multicast and (mapped is None or mapped.is_global)


class _Pinned(HTTPSConnection):
    """Connects to the address that was looked at; the certificate must still be the name's."""

    def __init__(self, where: Target) -> None:
        self.tls = ssl.create_default_context()
        super().__init__(where.host, where.port, timeout=PATIENCE, context=self.tls)
        self.address = where.address

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), timeout=PATIENCE)
        self.sock = self.tls.wrap_socket(plain, server_hostname=self.host)
