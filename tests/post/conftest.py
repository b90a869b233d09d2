"""A real mail server in a thread, as any site has one."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Condition

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection
from pytest_django.fixtures import Settings
from tests.post.https_server import Elsewhere, serve

from confrere.post import servers


@dataclass
class Postbox:
    """What the mail server has taken, and how it answers next."""

    answers: list[str] = field(default_factory=list)  # used up first, e.g. "450 try later"
    refused: str = ""  # the answer to every recipient, when set
    taken: list[bytes] = field(default_factory=list)
    lock: Condition = field(default_factory=Condition)
    port: int = 0

    async def handle_RCPT(  # noqa: N802  # the server's own name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refused:
            return self.refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # its name
        with self.lock:
            if self.answers:
                return self.answers.pop(0)
            assert isinstance(envelope.content, bytes)
            self.taken.append(envelope.content)
            self.lock.notify_all()
        return "250 taken"

    def wait_for(self, many: float, patience: float, *, different: bool = False) -> None:
        """Wait until so many letters were taken, duplicates counted or not, and a fraction of 20 ms more."""
        with self.lock:
            assert self.lock.wait_for(
                lambda: len(set(self.taken) if different else self.taken) >= int(many), patience
            ), f"only {len(self.taken)} of {many} letters came"
            self.lock.wait((many - int(many)) / 50)

    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(content, EmailMessage, policy=policy.default) for content in self.taken]


@pytest.fixture
def postbox(settings: Settings) -> Iterator[Postbox]:
    box = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        box.port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    settings.MAILERS = servers.mailers(f"smtp://127.0.0.1:{box.port}")
    yield box
    server.stop()


def clear_queue() -> None:
    """The library's tables are not ours, so a transactional test elsewhere leaves its jobs and workers in them."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers")


@pytest.fixture
def empty_queue(db: None) -> None:
    clear_queue()


@pytest.fixture
def elsewhere(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Elsewhere]:
    """Somebody else's server on this machine, which the site allows and whose certificate is trusted."""
    found, server = serve(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(found.pem))
    settings.CALLS_INSIDE = frozenset({f"127.0.0.1:{found.port}"})
    yield found
    server.shutdown()
    server.server_close()
