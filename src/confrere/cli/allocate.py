"""Draw the arms of a closed roster so that anyone can verify it.

Three steps, in this order. `commit` makes a key and prints the commitment to publish before enrolment.
`close` fixes the roster and prints its root to publish. After that a second contribution comes from someone
else (the statistician, a public beacon), and `draw` gives every participant an arm and writes the record to
publish. `receipt` prints what one participant needs to check a place in it.
"""

import argparse
import csv
import json
import secrets
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from confrere.analysis.columns import read_csv
from confrere.analysis.errors import InputError
from confrere.cli.files import read_bytes, read_text, write_new
from confrere.cli.refusal import Refusal
from confrere.cli.verify import read_json
from confrere.science.allocation import (
    AllocationError,
    AllocationRecord,
    Batch,
    Enrolled,
    Entry,
    Minimisation,
    Simple,
    commit,
    draw_batch,
    leaf,
    new_key,
    roster_root,
)
from confrere.trial.protocol import Protocol, load_protocol

EXAMPLE = """  confrere allocate commit --key allocation.key
  confrere allocate close kiser2024.toml roster.csv --out closed.json
  confrere allocate draw kiser2024.toml closed.json --key allocation.key --second 5d41… --out record.json
  confrere allocate receipt closed.json record.json S017"""
FORMAT = "confrere-closed-roster"
VERSION = 1


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the steps and their arguments."""
    steps = parser.add_subparsers(dest="step", required=True, metavar="STEP")
    made = steps.add_parser("commit", help="make a key; print the commitment")
    made.add_argument("--key", type=Path, required=True, help="file to make; keep it apart and secret")
    closed = steps.add_parser("close", help="fix the roster; print its root")
    closed.add_argument("protocol", type=Path, metavar="PROTOCOL.toml")
    closed.add_argument("roster", type=Path, metavar="ROSTER.csv", help="study_id and a column for each stratum")
    closed.add_argument("--out", type=Path, required=True, help="file to make; it names participants: keep it")
    drawn = steps.add_parser("draw", help="give every participant an arm; write the record")
    drawn.add_argument("protocol", type=Path, metavar="PROTOCOL.toml")
    drawn.add_argument("closed", type=Path, metavar="CLOSED.json")
    drawn.add_argument("--key", type=Path, required=True, help="the file of the committed key")
    drawn.add_argument("--second", required=True, help="the second contribution: 16 bytes or more in hexadecimal")
    drawn.add_argument("--out", type=Path, required=True, help="the record to make")
    receipt = steps.add_parser("receipt", help="print a participant's receipt")
    receipt.add_argument("closed", type=Path, metavar="CLOSED.json")
    receipt.add_argument("record", type=Path, metavar="RECORD.json")
    receipt.add_argument("study_id", metavar="STUDY_ID")
    for step in (made, closed, drawn, receipt):
        step.add_argument("--json", action="store_true", help="print the outcome as JSON")


def run(args: argparse.Namespace) -> int:
    """Do one step."""
    try:
        return _STEPS[args.step](args)
    except (AllocationError, InputError) as error:
        raise Refusal(f"{error}") from None


def _commit(args: argparse.Namespace) -> int:
    key = new_key()
    write_new(args.key, f"{key.hex()}\n", secret=True)
    _say(args, {"commitment": commit(key)}, "Publish this commitment before the first consent:")
    return 0


def _close(args: argparse.Namespace) -> int:
    protocol = _protocol(args.protocol)
    participants = [_enrolled(study_id, stratum) for study_id, stratum in _roster(args.roster, protocol).items()]
    root = roster_root(_people(participants))
    closed = {
        "format": FORMAT,
        "version": VERSION,
        "protocol_sha256": protocol.sha256,
        "roster_root": root,
        "participants": participants,
    }
    write_new(args.out, json.dumps(closed, indent=1) + "\n", secret=True)
    _say(args, {"roster_root": root, "participants": len(participants)}, "Publish this root before the draw:")
    return 0


def _draw(args: argparse.Namespace) -> int:
    protocol = _protocol(args.protocol)
    closed = _closed(args.closed)
    if closed["protocol_sha256"] != protocol.sha256:
        raise AllocationError("The roster was closed under another protocol.")
    people = _people(closed["participants"])
    if roster_root(people) != closed["roster_root"]:
        raise AllocationError("The roster was changed after it was closed: its root does not fit.")
    key = _key(args.key)
    second = args.second.strip().lower()
    try:
        contribution = bytes.fromhex(second)
    except ValueError:
        raise AllocationError("The second contribution is not hexadecimal.") from None
    arms = draw_batch(
        key=key,
        second=contribution,
        protocol_sha256=protocol.sha256,
        roster=people,
        arms=protocol.allocation_arms,
    )
    record = AllocationRecord(
        protocol_sha256=protocol.sha256,
        scheme=Simple(),
        arms=protocol.allocation_arms,
        commitment=commit(key),
        entries=_entries(people, arms),
        batch=Batch(second, closed["roster_root"]),
    )
    write_new(args.out, json.dumps(record.published(key=key), indent=1) + "\n")
    _print_arms(args, closed["participants"], arms)
    return 0


def _receipt(args: argparse.Namespace) -> int:
    arms = {entry["leaf"]: entry["arm"] for entry in read_json(args.record)["entries"]}
    for participant in _closed(args.closed)["participants"]:
        if participant["study_id"] == args.study_id and participant["leaf"] in arms:
            print(json.dumps(participant | {"arm": arms[participant["leaf"]]}, indent=1))
            return 0
    raise AllocationError(f"{args.study_id} is not in this roster and record.")


def _protocol(path: Path) -> Protocol:
    protocol = load_protocol(read_text(path), file=path.name)
    if isinstance(protocol.scheme, Minimisation):
        raise AllocationError(
            "This protocol draws by minimisation, one participant after the other; a closed roster cannot be drawn so."
        )
    return protocol


def _roster(path: Path, protocol: Protocol) -> dict[str, str]:
    """The stratum of each study id."""
    columns = read_csv(read_bytes(path), file=path.name)
    ids = columns.column("study_id")
    factors = {stratum.name: columns.column(stratum.name) for stratum in protocol.strata}
    strata: dict[str, str] = {}
    for row, study_id in enumerate(ids):
        if not study_id.strip() or study_id in strata:
            raise columns.error("a study id is needed, each once.", row=row, column="study_id")
        try:
            strata[study_id] = protocol.stratum({name: cells[row] for name, cells in factors.items()})
        except ValueError as error:
            raise columns.error(f"{error}", row=row, column=next(iter(factors))) from None
    return strata


def _enrolled(study_id: str, stratum: str) -> dict[str, str]:
    nonce = secrets.token_bytes(16)
    mark = leaf(nonce=nonce, study_id=study_id, stratum=stratum)
    return {"study_id": study_id, "stratum": stratum, "nonce": nonce.hex(), "leaf": mark}


def _people(participants: list[dict[str, str]]) -> list[Enrolled]:
    return [Enrolled(one["leaf"], one["stratum"]) for one in participants]


def _closed(path: Path) -> dict[str, Any]:
    closed = read_json(path)
    try:
        fits = closed["format"] == FORMAT and closed["version"] == VERSION
        marks = [
            leaf(nonce=bytes.fromhex(one["nonce"]), study_id=one["study_id"], stratum=one["stratum"])
            for one in closed["participants"]
        ]
        fits = fits and marks == [one["leaf"] for one in closed["participants"]]
    except (KeyError, TypeError, ValueError):
        fits = False
    if not fits:
        raise AllocationError(f"{path.name} is not a closed roster of version {VERSION}, or it was changed.")
    return dict(closed)


def _key(path: Path) -> bytes:
    try:
        return bytes.fromhex(read_text(path).strip())
    except ValueError:
        raise AllocationError(f"{path.name}: a key is written in hexadecimal.") from None


def _entries(people: list[Enrolled], arms: Mapping[str, str]) -> tuple[Entry, ...]:
    """In the order of the leaves, which tells nothing about the order of enrolment."""
    seen: Counter[str] = Counter()
    entries = []
    for person in sorted(people, key=lambda person: person.leaf):
        entries.append(Entry(seen[person.stratum], person.stratum, person.leaf, arms[person.leaf]))
        seen[person.stratum] += 1
    return tuple(entries)


def _print_arms(args: argparse.Namespace, participants: list[dict[str, str]], arms: Mapping[str, str]) -> None:
    rows = [{"study_id": one["study_id"], "stratum": one["stratum"], "arm": arms[one["leaf"]]} for one in participants]
    if args.json:
        print(json.dumps({"allocations": rows, "arms": Counter(row["arm"] for row in rows)}))
        return
    writer = csv.DictWriter(sys.stdout, fieldnames=["study_id", "stratum", "arm"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def _say(args: argparse.Namespace, outcome: Mapping[str, Any], sentence: str) -> None:
    if args.json:
        print(json.dumps(outcome))
        return
    print(sentence, file=sys.stderr)
    print(next(iter(outcome.values())))


_STEPS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "commit": _commit,
    "close": _close,
    "draw": _draw,
    "receipt": _receipt,
}
