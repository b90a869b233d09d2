"""Verify the published record of an allocation, or of a lottery for places.

Every draw is made again from the revealed key, every link of the record is recomputed, and the first entry
that fails is named. Neither a database nor the site is needed: the record is enough.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from confrere.analysis.errors import InputError
from confrere.cli.files import read_text
from confrere.cli.refusal import Refusal
from confrere.science.allocation import AllocationError, Verification, leaf, verify_lottery, verify_record

#: What a lottery's record says of itself; protocol, commitment, last link and receipt concern allocations.
LOTTERY = "confrere-lottery-record"
EXAMPLE = """  confrere verify record.json
  confrere verify record.json --protocol kiser2024.toml --last-link 3f0c… --receipt mine.json"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("record", type=Path, metavar="RECORD.json", help="the published record")
    parser.add_argument("--protocol", type=Path, metavar="PROTOCOL.toml", help="the protocol it must be of")
    parser.add_argument("--commitment", help="the commitment as it was published before the first draw")
    parser.add_argument("--last-link", help="the last link as it was printed elsewhere, against a shortened record")
    parser.add_argument("--receipt", type=Path, metavar="RECEIPT.json", help="a participant's receipt")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")


def run(args: argparse.Namespace) -> int:
    """Read, verify, print; a record that fails is refused with the first entry that does."""
    record = read_json(args.record)
    lots = isinstance(record, dict) and record.get("format") == LOTTERY
    outcome = verify_lottery(record) if lots else verify_record(record)
    if outcome.verified and not lots:
        outcome = _compared(record, args, outcome)
    if args.json:
        print(json.dumps(_report(outcome), ensure_ascii=False))
    if not outcome.verified:
        place = "" if outcome.first_failure is None else f" entry {outcome.first_failure}:"
        raise Refusal(f"{args.record.name}: not verified,{place} {outcome.reason}")
    if not args.json:
        what = "lots" if lots else "allocations"
        print(f"verified: {outcome.entries} {what}, each drawn again from the revealed key.")
        if record["simulated"]:
            print("This record is simulated: its key is labelled test entropy.")
    return 0


def read_json(path: Path) -> Any:
    """The JSON data of a file; raises `Refusal`. A key that stands twice is refused: one would hide the other."""
    try:
        return json.loads(read_text(path), object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise Refusal(f"{path.name}, line {error.lineno}, column {error.colno}: this is not valid JSON.") from None
    except (ValueError, RecursionError) as error:
        raise Refusal(f"{path.name}: this is not valid JSON ({error}).") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return dict(pairs)


def _compared(record: dict[str, Any], args: argparse.Namespace, outcome: Verification) -> Verification:
    """The same outcome, or a failure where the record is not the one that was promised."""
    told = {
        "protocol_sha256": (protocol_hash(args.protocol) if args.protocol else None, "It is of another protocol."),
        "commitment": (args.commitment, "The commitment is not the one that was published before."),
        "last_link": (args.last_link, "The last link is not the one that was printed elsewhere."),
    }
    for name, (expected, reason) in told.items():
        if expected is not None and expected != record[name]:
            return Verification(False, outcome.entries, None, reason)
    if args.receipt is not None:
        return _with_receipt(record, read_json(args.receipt), outcome)
    return outcome


def protocol_hash(path: Path) -> str:
    """The content hash of a protocol file; raises `Refusal`."""
    from confrere.trial.protocol import load_protocol

    try:
        return load_protocol(read_text(path), file=path.name).sha256
    except InputError as error:
        raise Refusal(f"{error}") from None


def _with_receipt(record: dict[str, Any], receipt: Any, outcome: Verification) -> Verification:
    try:
        nonce, arm = bytes.fromhex(receipt["nonce"]), receipt["arm"]
        mark = leaf(nonce=nonce, study_id=receipt["study_id"], stratum=receipt["stratum"])
    except (KeyError, TypeError, ValueError, AllocationError):
        raise Refusal("A receipt has study_id, stratum, arm and a nonce of 16 bytes in hexadecimal.") from None
    for number, entry in enumerate(record["entries"], 1):
        if entry["leaf"] == mark:
            if entry["arm"] == arm:
                return outcome
            return Verification(False, outcome.entries, number, "The receipt names another arm.")
    return Verification(False, outcome.entries, None, "The participant of the receipt is not in the record.")


def _report(outcome: Verification) -> dict[str, Any]:
    return {
        "verified": outcome.verified,
        "entries": outcome.entries,
        "first_failure": outcome.first_failure,
        "reason": outcome.reason,
    }
