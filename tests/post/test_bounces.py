"""Reports as mail servers write them (RFC 3464), and what is none."""

import pytest

from confrere.post.bounces import Failure, failures
from confrere.post.rules import refuses_for_good

REPORT = """\
From: Mail Delivery System <mailer-daemon@mx.example.org>
To: confrere@localhost
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"
MIME-Version: 1.0

--b
Content-Type: text/plain

Words for people, which nobody here keeps.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

{recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no such user here

--b
{returned}
--b--
"""
WHOLE = "Content-Type: message/rfc822\n\nMessage-ID: {id}\nSubject: A letter\n\nIts words.\n"
HEAD = "Content-Type: text/rfc822-headers\n\nMessage-ID: {id}\nSubject: A letter\n"
FINAL = "Final-Recipient: rfc822; a.osei@example.org"


def report(
    *,
    recipient: str = FINAL,
    action: str = "failed",
    status: str = "5.1.1",
    returned: str = WHOLE,
    message_id: str = "<one@localhost>",
) -> bytes:
    """A report in the words of a mail server."""
    filled = REPORT.format(
        recipient=recipient, action=action, status=status, returned=returned.replace("{id}", message_id)
    )
    return filled.replace("\n", "\r\n").encode()


FOUND = Failure(address="a.osei@example.org", status="5.1.1", message_id="<one@localhost>")


@pytest.mark.parametrize(
    "raw",
    [
        report(),
        report(returned=HEAD),
        report(action="Failed"),
        report(status="5.1.1 (no such user)"),
        report(recipient="Final-Recipient: RFC822; <a.osei@example.org>"),
        report(recipient=f"Original-Recipient: rfc822; a.osei@example.org\n{FINAL.replace('a.osei', 'forwarded')}"),
    ],
    ids=["whole", "head only", "capital", "comment", "brackets", "forwarded"],
)
def test_a_failure_is_found(raw: bytes) -> None:
    assert failures(raw) == [FOUND]


@pytest.mark.parametrize(
    "raw",
    [
        report(action="delayed", status="4.4.1"),
        report(action="delivered", status="2.0.0"),
        report(recipient="Final-Recipient: x400; somebody"),
        report(recipient="Final-Recipient: rfc822;"),
        report(returned="Content-Type: text/plain\n\nNothing came back.\n"),
        report(message_id=""),
        b"Subject: I am on holiday\r\n\r\nBack on Monday.",
        b"Content-Type: multipart/report; boundary=b\r\n\r\n",
        b"",
        b"\xff\xfe\x00",
    ],
    ids=[
        "delay",
        "delivered",
        "other kind",
        "no address",
        "no letter",
        "no id",
        "holiday",
        "empty",
        "nothing",
        "bytes",
    ],
)
def test_what_is_no_failure_is_passed_over(raw: bytes) -> None:
    assert failures(raw) == []


@pytest.mark.parametrize("status", ["5.1.1", "5.1.2", "5.1.10", "5.2.1", "5.0.0"])
def test_nobody_is_there(status: str) -> None:
    assert refuses_for_good(status)


@pytest.mark.parametrize("status", ["", "4.1.1", "5.1.7", "5.1.8", "5.2.2", "5.3.4", "5.7.1"])
def test_somebody_may_be_there(status: str) -> None:
    assert not refuses_for_good(status)
