"""Somebody else's server: takes every POST over TLS, answers as it is told, remembers what came."""

import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.post.imap_server import certificate


@dataclass(frozen=True)
class Came:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Elsewhere:
    """answers: statuses, used up first; then 201."""

    port: int = 0
    pem: Path = Path()
    answers: list[int] = field(default_factory=list)
    came: list[Came] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"


def serve(folder: Path) -> tuple[Elsewhere, ThreadingHTTPServer]:
    """Start one on a free port; whoever starts it shuts it down."""
    elsewhere = Elsewhere(pem=certificate(folder))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the server's own name
            size = int(self.headers.get("Content-Length") or 0)
            elsewhere.came.append(Came(self.path, dict(self.headers), self.rfile.read(size)))
            status = elsewhere.answers.pop(0) if elsewhere.answers else 201
            self.send_response(status)
            self.send_header("Location", f"{elsewhere.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the server's own name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(elsewhere.pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    elsewhere.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return elsewhere, server
