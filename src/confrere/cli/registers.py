"""Import files of registers of physicians, against which the lounge's door checks who says what.

Known by their columns: the files of NPPES (monthly or weekly, also as .zip or .gz, and answers of its public look-up as
.json), the lists of exclusions (LEIE, SAM), and the list of taxonomy codes (NUCC). State licences and other countries'
registers are read by a mapping that you write once (--mapping). A file is streamed; run the command again after an
interruption and it goes on where it stopped. Afterwards everyone inside is checked against what is new.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from confrere.cli.database import again, inside
from confrere.cli.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date

    from confrere.people.registers.entries import Register

EXAMPLE = """  confrere registers
  confrere registers npidata_pfile_20050523-20260111.csv
  confrere registers UPDATED.csv --as-of 2026-01-10
  confrere registers licences.csv --mapping colorado.toml --as-of 2026-01-09"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("file", nargs="?", metavar="FILE", help="the file; without one, say what is here")
    parser.add_argument("--as-of", default="", metavar="DAY", help="until which day it holds, if its name does not say")
    parser.add_argument(
        "--mapping", default="", metavar="TOML", help="how to read it, for licences and other countries"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--demo", action="store_true", help="the simulated programme of this machine")


def run(args: argparse.Namespace) -> int:
    """Import, or list."""
    path = Path(args.file).resolve() if args.file else None
    if path is not None and not path.is_file():
        raise Refusal(f"There is no file {args.file}.")
    if not inside():
        named = [str(path)] if path else []
        named += ["--as-of", args.as_of] if args.as_of else []
        named += ["--mapping", str(Path(args.mapping).resolve())] if args.mapping else []
        return again(["registers", *named, *(["--json"] if args.json else [])], demo=args.demo)
    told: dict[str, object] = _import(path, args) if path else {"files": _files()}
    print(json.dumps(told) if args.json else _words(told))
    return 0


def _files() -> list[dict[str, object]]:
    from confrere.people.queries.registers import files

    return [_said(row) for row in files()]


def _said(row: Any) -> dict[str, object]:
    return {
        "register": row.register,
        "kind": row.kind,
        "as_of": row.as_of.isoformat(),
        "rows": row.rows,
        "done": row.done,
        "sha256": row.sha256,
    }


def _import(path: Path, args: argparse.Namespace) -> dict[str, object]:
    from django.utils import timezone

    from confrere.people import actions
    from confrere.vault.audit import Actor
    from confrere.vault.refusals import Refusal as No

    now = timezone.now()
    try:
        file = actions.import_file(
            path=path,
            register=_register(path, args.mapping),
            as_of=_day(path, args.as_of),
            now=now,
            actor=Actor.system("confrere registers"),
            tell=_tell,
        )
    except No as no:
        raise Refusal(f"{path.name}: {no.sentence}") from None
    return {"file": _said(file), "checked": actions.recheck(now=now)}


def _register(path: Path, mapping: str) -> "Register":
    from confrere.people.registers import mapped, reading

    if not mapping:
        return reading.recognised(path)
    if not Path(mapping).is_file():
        raise Refusal(f"There is no file {mapping}.")
    return mapped.mapping(Path(mapping).read_text("utf-8"))


def _day(path: Path, said: str) -> "date":
    from confrere.people.registers import entries, reading

    found = entries.day(said) if said else reading.dated(reading.inner_name(path))
    if found is None:
        raise Refusal("Say until which day the file holds: --as-of 2026-01-31. Its name has no date.")
    return found


def _tell(rows: int) -> None:
    print(f"\r{rows:,} rows", end="", file=sys.stderr, flush=True)


def _words(told: dict[str, object]) -> str:
    if "file" in told:
        file, checked = told["file"], told["checked"]
        assert isinstance(file, dict)
        assert isinstance(checked, dict)
        inside_now = ", ".join(f"{count} {state}" for state, count in sorted(checked.items())) or "nobody inside yet"
        return f"{file['register']} as of {file['as_of']}: {file['rows']:,} rows. Checked again: {inside_now}."
    files = told["files"]
    assert isinstance(files, list)
    if not files:
        return "No register is here yet. Begin with the monthly file of NPPES."
    return "\n".join(
        f"{file['register']}  as of {file['as_of']}  {file['rows']:,} rows{'' if file['done'] else '  (not finished)'}"
        for file in files
    )
