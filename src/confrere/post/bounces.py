"""What a mail server reports of a letter that it could not deliver (RFC 3464), and nothing else of what it sends."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message


@dataclass(frozen=True, slots=True)
class Failure:
    """One address that a report says has failed: its status, and the Message-ID of the letter it is about."""

    address: str
    status: str
    message_id: str


def failures(raw: bytes) -> list[Failure]:
    """The failures that a message reports; none where it is no delivery report, or one of a mere delay.

    Of the returned letter only the Message-ID is read. A report without one says nothing that could be checked.
    """
    report = message_from_bytes(raw, EmailMessage, policy=policy.compat32)
    if report.get_content_type() != "multipart/report":
        return []
    parts = _inside(report)
    message_id = next(filter(None, map(_message_id, parts)), "")
    blocks = [block for part in parts for block in _blocks(part)]
    found = (_failure(block, message_id) for block in blocks)
    return [failure for failure in found if failure and message_id]


def _blocks(part: Message) -> list[Message]:
    """The blocks of fields in the part that machines read, one for each address after the first."""
    return _inside(part) if part.get_content_type() == "message/delivery-status" else []


def _inside(part: Message) -> list[Message]:
    """The parts of a part; none where it holds text."""
    found = part.get_payload()
    return [each for each in found if isinstance(each, Message)] if isinstance(found, list) else []


def _failure(block: Message, message_id: str) -> Failure | None:
    """The failure in one block of fields. The address is the one that we wrote to, where the server tells both."""
    if _field(block, "Action").lower() != "failed":
        return None
    named = _field(block, "Original-Recipient") or _field(block, "Final-Recipient")
    kind, _semicolon, address = named.partition(";")
    status = _field(block, "Status").partition(" ")[0]
    if kind.strip().lower() != "rfc822" or not address.strip():
        return None
    return Failure(address=address.strip().strip("<>"), status=status, message_id=message_id)


def _message_id(part: Message) -> str:
    """The Message-ID of the letter that came back, whole or as its head alone."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        return "".join(_field(letter, "Message-ID") for letter in _inside(part))
    if kind == "text/rfc822-headers":
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        return _field(message_from_bytes(content), "Message-ID")
    return ""


def _field(block: Message, name: str) -> str:
    return " ".join(str(block.get(name, "")).split())
