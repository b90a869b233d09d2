"""Where letters go without a mail server: into a folder, one file each (the demo, a trial run), or nowhere yet."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as Read
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class FolderMailer(BaseEmailBackend):
    """Writes each letter whole or not at all, under a name made of its date and its Message-ID."""

    def __init__(self, *, folder: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.folder = Path(folder)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            headers = message.extra_headers
            when = parsedate_to_datetime(headers["Date"])
            name = f"{when:%Y%m%dT%H%M%S}-{headers['Message-ID'].strip('<>').partition('@')[0]}.eml"
            half = self.folder / f".{name}.{os.getpid()}"
            half.write_bytes(message.message().as_bytes())
            half.replace(self.folder / name)
        return len(email_messages)


class NoServerNamed(OSError):
    """No mail server is named yet: letters wait until one is."""


class NoMailer(BaseEmailBackend):
    """Stands where no server is named. It takes nothing, so that nothing is lost."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:  # noqa: ARG002  # Django's signature
        raise NoServerNamed


@dataclass(frozen=True, slots=True)
class Delivered:
    """A letter as its reader sees it."""

    to: str
    subject: str
    body: str
    written_at: datetime


def newest(folder: Path, *, to: str = "", most: int) -> list[Delivered]:
    """The newest letters of a folder, newest first, at most `most`, to one address only if given."""
    files = sorted(folder.glob("*.eml"), reverse=True)
    letters = (_read(message_from_bytes(file.read_bytes(), Read, policy=policy.default)) for file in files)
    return list(islice((letter for letter in letters if to in {"", letter.to}), most))


def _read(message: Read) -> Delivered:
    words = message.get_body(("plain",))  # beside which an entry for a calendar may lie
    assert words is not None  # we wrote it
    return Delivered(
        to=message["To"],
        subject=message["Subject"],
        body=words.get_content(),
        written_at=parsedate_to_datetime(message["Date"]),
    )
