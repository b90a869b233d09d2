"""Which kind of questionnaire a file holds, by its content alone, and that questionnaire."""

from dataclasses import dataclass
from typing import Literal

from confrere.analysis.errors import InputError
from confrere.analysis.questionnaire.fhir_read import read_fhir
from confrere.analysis.questionnaire.markup import LARGEST
from confrere.analysis.questionnaire.model import Reading
from confrere.analysis.questionnaire.odm_read import read_odm
from confrere.analysis.questionnaire.redcap import read_redcap

type Format = Literal["redcap", "odm", "fhir"]
_FHIR_XML = b"http://hl7.org/fhir"
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """A file that was read, and as what."""

    format: Format
    reading: Reading


def recognise(content: bytes, *, file: str = "") -> Recognised:
    """Read a file as what it looks like: XML as ODM, JSON as FHIR, anything else as a REDCap data dictionary.

    Raises `InputError` with the place where it is none of them, or is larger than `LARGEST`.
    """
    if len(content) > LARGEST:
        raise InputError(f"this file is larger than {LARGEST // 1_000_000} MB, which no questionnaire is.", file=file)
    start = content
    for mark in _MARKS:
        start = start.removeprefix(mark)
    start = start.replace(b"\0", b"").lstrip()[:1]  # UTF-16 writes a zero beside each plain character
    if start == b"<":
        if _FHIR_XML in content[:2000]:
            raise InputError("a FHIR questionnaire is read as JSON, not as XML; save it as JSON.", file=file)
        return Recognised(format="odm", reading=read_odm(content, file=file))
    if start in {b"{", b"["}:
        return Recognised(format="fhir", reading=read_fhir(content, file=file))
    return Recognised(format="redcap", reading=read_redcap(content, file=file))
