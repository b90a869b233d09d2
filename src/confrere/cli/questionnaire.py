"""Convert questionnaires between REDCap, CDISC ODM and FHIR.

The input is recognised by its content: a REDCap data dictionary (CSV with the headings of the designer or of the
API), CDISC ODM 1.3 (also REDCap's project XML) or 2.0, a FHIR R4 or R5 Questionnaire as JSON. Everything that
could not be carried over is listed, with the reason; what only REDCap's extension of ODM carries is listed apart.

Instruments are known by the names of their items. Where their wording is licensed, that is said: a survey here opens
only with the site's text pack, whatever the file says. "export" writes instruments themselves, with stand-in wording
where the text is not free.
"""

import argparse
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from confrere.analysis.errors import InputError
from confrere.analysis.questionnaire import VERSIONS, Conversion, Loss, Reading, carry, convert, held, of_instruments
from confrere.cli.files import read_bytes, write_new
from confrere.cli.refusal import Refusal

EXAMPLE = """  confrere questionnaire convert dictionary.csv --to fhir --out questionnaire.json
  confrere questionnaire convert project.xml --to redcap --out dictionary.csv --json
  confrere questionnaire convert questionnaire.json --to odm2 --out questionnaire.xml
  confrere questionnaire export pfi,qol_vas --to redcap --out instruments.csv"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    formats = ", ".join(f"{name} ({version})" for name, version in VERSIONS.items())
    acts = "convert: read one format, write another; export: write instruments"
    parser.add_argument("act", choices=["convert", "export"], help=acts)
    parser.add_argument("source", metavar="IN", help="the questionnaire; for export, instruments with commas")
    parser.add_argument("--to", required=True, choices=list(VERSIONS), help=formats)
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="the new file; it must not exist")
    parser.add_argument("--json", action="store_true", help="print what was done as JSON")


def run(args: argparse.Namespace) -> int:
    """Read, convert, write, say what was lost."""
    try:
        done = _done(args, datetime.now(tz=UTC).isoformat(timespec="seconds"))
    except InputError as error:
        raise Refusal(f"{error}") from None
    write_new(args.out, done.text)
    print(json.dumps(_report(done, args), ensure_ascii=False) if args.json else "\n".join(_words(done, args)))
    return 0


def _done(args: argparse.Namespace, made_at: str) -> Conversion:
    if args.act == "export":
        reading = Reading(questionnaire=of_instruments(args.source.split(",")))
        return carry(reading, source="instruments", to=args.to, made_at=made_at)
    file = Path(args.source)
    return convert(read_bytes(file), to=args.to, made_at=made_at, file=file.name)


def _report(done: Conversion, args: argparse.Namespace) -> dict[str, Any]:
    return {
        "from": done.source,
        "to": done.target,
        "version": VERSIONS[done.target],
        "file": f"{args.out}",
        "fields": len(done.questionnaire.fields),
        "lost": _listed(done.lost),
        "extension": _listed(done.extension),
        "instruments": [asdict(scale) for scale in held(done.questionnaire)],
    }


def _listed(losses: Iterable[Loss]) -> list[dict[str, str]]:
    return [{"field": loss.field, "what": loss.what, "why": loss.why} for loss in losses]


def _words(done: Conversion, args: argparse.Namespace) -> list[str]:
    lines = [f"{args.out}: {len(done.questionnaire.fields)} fields as {VERSIONS[done.target]}."]
    lines += [f"lost: {loss.field or 'the questionnaire'}, {loss.what}: {loss.why}" for loss in done.lost]
    if done.extension:
        lines.append(f"{len(done.extension)} cells stand in REDCap's extension of ODM only; --json lists them.")
    for scale in held(done.questionnaire):
        count = f"{len(scale.fields)} of {len(scale.fields) + len(scale.absent)} items"
        pack = "its wording needs a text pack before a survey opens" if scale.needs_pack else "its wording is free"
        lines.append(f"instrument: {scale.title}, {count}; {pack}.")
    return lines
