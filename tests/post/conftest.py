"""A real mail server in a thread, as any site has one."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Lock

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django.fixtures import Settings

from confrere.post import servers


@dataclass
class Postbox:
    """What the mail server has taken, and how it answers next."""

    answers: list[str] = field(default_factory=list)  # used up first, e.g. "450 try later"
    refused: str = ""  # the answer to every recipient, when set
    taken: list[bytes] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
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
        return "250 taken"

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
