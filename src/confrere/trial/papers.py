"""The copy of a consent as a PDF that its owner keeps: tagged (PDF/UA-1), the same words as on the page."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files

import typst


@dataclass(frozen=True, slots=True)
class Copy:
    """What stands in a copy. signed: the lines under the text; sights: rows of (what, who can reach it, how long)."""

    title: str
    language: str
    text: str
    signed: Sequence[tuple[str, str]]
    standing: str
    certificate: str
    sights_title: str
    sights: Sequence[tuple[str, str, str]]
    sights_head: tuple[str, str, str]


def consent_pdf(copy: Copy) -> bytes:
    """The PDF. It carries no time of its own, so the same copy is the same file."""
    template = files("confrere.trial").joinpath("texts", "consent.typ").read_bytes()
    compiler = typst.Compiler(template, ignore_system_fonts=True, sys_inputs={"copy": json.dumps(asdict(copy))})
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
    assert isinstance(made, bytes)  # one file, however many pages
    return made
