"""Reading what stands around a trial: review board, certificate, distress plan. Each table may be absent."""

import re
from datetime import date

from confrere.analysis.reader import Reader
from confrere.trial.protocol.model import Certificate, Distress, Irb

_SHA256 = re.compile(r"[0-9a-f]{64}")


def read_irb(top: Reader) -> Irb | None:
    """``[irb]``: number and, as far as known, board, approved, expires, stamped_sha256, relying."""
    if not top.has("irb"):
        return None
    reader = top.table("irb")
    irb = Irb(
        number=reader.text("number"),
        board=reader.text("board", ""),
        approved=read_day(reader, "approved"),
        expires=read_day(reader, "expires"),
        stamped_sha256=reader.text("stamped_sha256", "") or None,
        relying=reader.texts("relying", ()),
    )
    if irb.stamped_sha256 is not None and _SHA256.fullmatch(irb.stamped_sha256) is None:
        raise reader.refuse("64 lower-case hexadecimal digits are expected here: a SHA-256.", "stamped_sha256")
    _in_order(reader, irb.approved, irb.expires, "the approval expires before it begins.")
    reader.finish()
    return irb


def read_certificate(top: Reader) -> Certificate | None:
    """``[certificate]``: number and, as far as known, funder, issued, expires."""
    if not top.has("certificate"):
        return None
    reader = top.table("certificate")
    certificate = Certificate(
        number=reader.text("number"),
        funder=reader.text("funder", ""),
        issued=read_day(reader, "issued"),
        expires=read_day(reader, "expires"),
    )
    _in_order(reader, certificate.issued, certificate.expires, "the certificate expires before it begins.")
    reader.finish()
    return certificate


def read_distress(top: Reader, lines: tuple[str, ...]) -> tuple[tuple[str, ...], Distress | None]:
    """``[distress]``: plan, contact, and lines where ``[support]`` has none. Returns the lines and the plan."""
    if not top.has("distress"):
        return lines, None
    reader = top.table("distress")
    below = reader.texts("lines", ())
    if lines and below:
        raise reader.refuse("the lines stand already in [support] distress.", "lines")
    distress = Distress(plan=reader.text("plan"), contact=reader.text("contact", ""))
    reader.finish()
    return lines or below, distress


def read_day(reader: Reader, key: str) -> date | None:
    """A day such as 2026-12-01; None where the key is absent."""
    if not reader.has(key):
        return None
    try:
        return date.fromisoformat(reader.text(key))
    except ValueError:
        raise reader.refuse("a day is expected here, such as 2026-12-01.", key) from None


def _in_order(reader: Reader, first: date | None, last: date | None, sentence: str) -> None:
    if first is not None and last is not None and last < first:
        raise reader.refuse(sentence, "expires")
