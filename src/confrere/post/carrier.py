"""Hands one letter to the mail server that the site has named."""

import hashlib
import re
import smtplib
from datetime import datetime
from email.message import EmailMessage as Built
from email.message import MIMEPart
from email.utils import format_datetime
from typing import Any

from django.core.mail import EmailMessage

_ENHANCED = re.compile(r"5\.\d{1,3}\.\d{1,3}(?=\s|$)")


class _Letter(EmailMessage):
    """A mail whose parts are divided by its own Message-ID instead of by chance, so that each attempt is the same."""

    def message(self, **kwargs: Any) -> Built:
        made: Built = super().message(**kwargs)
        if made.is_multipart():
            made.set_boundary(hashlib.sha256(str(self.extra_headers["Message-ID"]).encode()).hexdigest()[:40])
        return made


class Trouble(Exception):
    """The letter did not leave. `kind` is safe to keep: an SMTP code or the kind of error, nobody's words.

    status: the refusal of the address itself, such as "5.1.1"; empty where something else is in the way.
    """

    def __init__(self, kind: str, *, permanent: bool, status: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.permanent = permanent
        self.status = status


def carry(
    *,
    to: str,
    subject: str,
    body: str,
    message_id: str,
    written_at: datetime,
    one_click: str = "",
    calendar: str = "",
    answer_to: str = "",
) -> None:
    """Give a letter to the mail server; `Trouble` unless the server took it.

    Message-ID and date are the letter's own, so that every attempt sends the same bytes.
    one_click: the address that stops letters like this one, as RFC 8058 wants it in the head.
    calendar: an entry for a calendar; it travels under its own METHOD, as RFC 6047 wants it, so that programs offer it.
    """
    stops = {"List-Unsubscribe": f"<{one_click}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    message = _Letter(
        subject=subject,
        body=body,
        to=[to],
        reply_to=[answer_to] if answer_to else None,
        headers={
            "Message-ID": message_id,
            "Date": format_datetime(written_at),
            "Auto-Submitted": "auto-generated",
            **(stops if one_click else {}),
        },
    )
    if calendar:
        message.attach(_entry(calendar))
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = min(refused.recipients.values())
        raise Trouble(str(code), permanent=code >= 500, status=_status(code, words)) from None
    except smtplib.SMTPResponseException as answer:
        # A server that refuses our sign-in or our sender is the site's to mend: that letter can wait.
        permanent = answer.smtp_code >= 500 and isinstance(answer, smtplib.SMTPDataError)
        raise Trouble(str(answer.smtp_code), permanent=permanent) from None
    except (OSError, smtplib.SMTPException) as error:
        raise Trouble(type(error).__name__, permanent=False) from None


def _entry(calendar: str) -> MIMEPart:
    part = MIMEPart()
    method = calendar.partition("METHOD:")[2].split()[0]
    # As bytes: the lines end as the format wants them, whatever is done to text on the way.
    part.set_content(
        calendar.encode(),
        maintype="text",
        subtype="calendar",
        disposition="attachment",
        filename="appointment.ics",
        params={"method": method, "charset": "utf-8"},
    )
    return part


def _status(code: int, words: bytes) -> str:
    """The enhanced status (RFC 3463) of a refused address, "5.0.0" where the server names none; empty unless final."""
    named = _ENHANCED.match(words.decode("ascii", "replace"))
    return "" if code < 500 else named.group() if named else "5.0.0"
