"""Hands one letter to the mail server that the site has named."""

import smtplib
from datetime import datetime
from email.utils import format_datetime

from django.core.mail import EmailMessage


class Trouble(Exception):
    """The letter did not leave. `kind` is safe to keep: an SMTP code or the kind of error, nobody's words."""

    def __init__(self, kind: str, *, permanent: bool) -> None:
        super().__init__(kind)
        self.kind = kind
        self.permanent = permanent


def carry(*, to: str, subject: str, body: str, message_id: str, written_at: datetime) -> None:
    """Give a letter to the mail server; `Trouble` unless the server took it.

    Message-ID and date are the letter's own, so that every attempt sends the same bytes.
    """
    message = EmailMessage(
        subject=subject,
        body=body,
        to=[to],
        headers={
            "Message-ID": message_id,
            "Date": format_datetime(written_at),
            "Auto-Submitted": "auto-generated",
        },
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refused:
        code = min(code for code, _words in refused.recipients.values())
        raise Trouble(str(code), permanent=code >= 500) from None
    except smtplib.SMTPResponseException as answer:
        # A server that refuses our sign-in or our sender is the site's to mend: that letter can wait.
        permanent = answer.smtp_code >= 500 and isinstance(answer, smtplib.SMTPDataError)
        raise Trouble(str(answer.smtp_code), permanent=permanent) from None
    except (OSError, smtplib.SMTPException) as error:
        raise Trouble(type(error).__name__, permanent=False) from None
