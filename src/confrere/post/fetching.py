"""Fetching a file that a user named from somebody else's server, within limits of size and time.

The way out is `outside`: https only, public addresses only, to the address that was looked at. No redirects, nothing
packed, and a limit on time that a server sending an octet now and then cannot stretch.
"""

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Final

from confrere.post import outside

MOST_OCTETS: Final = 5 * 1024 * 1024
#: Seconds for one answer, from the connection to the last octet.
PATIENCE: Final = 20.0
OK, UNCHANGED = 200, 304


class NotFetched(Exception):
    """Nothing was fetched. `kind`: "inside", "silent", "refused" or "large"; never the other server's words."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came. body None: nothing has changed since the ETag or date that was sent along."""

    body: bytes | None
    etag: str
    modified: str


def fetch(url: str, *, etag: str = "", modified: str = "", seconds: float = PATIENCE) -> Fetched:
    """The body behind an https address. etag, modified: what came with the last one; then it may answer "unchanged".

    Raises NotFetched.
    """
    try:
        where = outside.target(url)
    except outside.Unreachable as no:
        raise NotFetched("inside" if no.forbidden else "silent") from None
    lines = {"User-Agent": "confrere", "Accept": "text/calendar", "Accept-Encoding": "identity"}
    asked = lines | ({"If-None-Match": etag} if etag else {}) | ({"If-Modified-Since": modified} if modified else {})
    request = f"GET {where.path} HTTP/1.1\r\nHost: {where.host}\r\n{_headers(asked)}Connection: close\r\n\r\n"
    if not request.isascii() or request.count("\r\n") != len(asked) + 4 or " " in where.path:
        raise NotFetched("refused")
    try:
        raw = socket.create_connection((where.address, where.port), timeout=seconds)
    except OSError:
        raise NotFetched("silent") from None
    # A server that sends an octet now and then would outlast the timeout of any single read.
    open_now = [raw]
    alarm = threading.Timer(seconds, _cut, [open_now])
    alarm.daemon = True
    alarm.start()
    try:
        return _answer(open_now, where.host, request)
    except ssl.SSLCertVerificationError:
        raise NotFetched("refused") from None
    except (OSError, HTTPException, ValueError):
        raise NotFetched("silent") from None
    finally:
        alarm.cancel()
        raw.close()


def _headers(named: Mapping[str, str]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in named.items())


def _cut(open_now: list[socket.socket]) -> None:
    with suppress(OSError):
        open_now[-1].shutdown(socket.SHUT_RDWR)
    open_now.clear()


def _answer(open_now: list[socket.socket], host: str, request: str) -> Fetched:
    """open_now: the socket in use is its last; wrapping takes the plain one's place."""
    with (
        ssl.create_default_context().wrap_socket(open_now[-1], server_hostname=host) as secure,
        closing(HTTPResponse(secure)) as response,
    ):
        open_now.append(secure)
        secure.sendall(request.encode("ascii"))
        response.begin()
        etag, modified = response.headers.get("ETag", "")[:200], response.headers.get("Last-Modified", "")[:64]
        if response.status == UNCHANGED:
            return Fetched(body=None, etag=etag, modified=modified)
        if response.status != OK or response.headers.get("Content-Encoding", "identity") != "identity":
            raise NotFetched("refused")
        body = response.read(MOST_OCTETS + 1)
        if len(body) > MOST_OCTETS:
            raise NotFetched("large")
        if response.length or not open_now:  # cut off, by them or by us: half a calendar is none
            raise NotFetched("silent")
        return Fetched(body=body, etag=etag, modified=modified)
