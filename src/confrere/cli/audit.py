"""Check that nobody has changed the audit trail, or print its head.

verify   recomputes every entry and names the first that does not hold (exit code 1). With --head it also finds
         entries that were cut off at the end, or a chain that was rewritten as a whole.
head     prints the newest chain value. Note it somewhere that this server cannot reach.
"""

import argparse
import json
import re
import sys
from dataclasses import asdict

from confrere.cli.database import again, inside
from confrere.cli.refusal import Refusal

EXAMPLE = """  confrere audit verify
  confrere audit verify --head 9f2c…64 hexadecimal digits
  confrere audit head"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("verb", choices=["verify", "head"], help="what to do")
    parser.add_argument("--head", metavar="HEX", help="a head that was noted earlier; the chain must still contain it")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--demo", action="store_true", help="the simulated programme of this machine")


def run(args: argparse.Namespace) -> int:
    """Verify the chain, or print its head."""
    noted = _octets(args.head)
    if not inside():
        words = ["audit", args.verb, *(["--head", args.head] if noted else []), *(["--json"] if args.json else [])]
        return again(words, demo=args.demo)
    return _head(as_json=args.json) if args.verb == "head" else _verify(noted, as_json=args.json)


def _octets(head: str | None) -> bytes | None:
    if head is None:
        return None
    if not re.fullmatch(r"[0-9a-f]{64}", head.strip().lower()):
        raise Refusal(f"--head expects 64 hexadecimal digits, as `confrere audit head` prints them, not “{head}”.")
    return bytes.fromhex(head.strip())


def _head(*, as_json: bool) -> int:
    from confrere.vault import queries

    sequence, chain = queries.head()
    print(json.dumps({"entries": sequence, "head": chain.hex()}) if as_json else chain.hex())
    return 0


def _verify(noted: bytes | None, *, as_json: bool) -> int:
    from confrere.vault import queries

    found = queries.verdict(head=noted)
    if as_json:
        print(json.dumps(asdict(found) | {"head": found.head.hex()}))
    else:
        print(f"{found.entries} entries hold, {found.erased} of them with an erased body. Head: {found.head.hex()}")
    if found.broken is None:
        return 0
    print(f"The audit trail is broken at entry {found.broken.sequence}: {found.broken.why}.", file=sys.stderr)
    return 1
