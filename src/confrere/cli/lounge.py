"""Load a corpus of questions and answers into the lounge of the simulated programme, to measure it.

The folder holds topics.tsv and posts.tsv. They go into a programme of their own, "corpus", with simulated members;
a database that may hold real people takes none.
"""

import argparse
import json
from pathlib import Path

from confrere.cli.database import again, inside
from confrere.cli.progress import tell
from confrere.cli.refusal import Refusal

EXAMPLE = """  confrere lounge load corpus
  confrere lounge load corpus --cookie
  curl -b "$(confrere lounge load corpus --cookie | tail -1)" http://localhost:8000/p/corpus/lounge/"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("verb", choices=["load"], help="what to do")
    parser.add_argument("corpus", metavar="CORPUS_DIR", type=Path, help="the folder with topics.tsv and posts.tsv")
    parser.add_argument("--cookie", action="store_true", help="print, last, the session cookie of a simulated reader")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    """Load, and print the counts."""
    flags = [flag for flag, on in (("--cookie", args.cookie), ("--json", args.json)) if on]
    if not inside():
        return again(["lounge", "load", str(args.corpus.absolute()), *flags], demo=True)
    found = _load(args.corpus)
    if not args.cookie:
        del found["cookie"]
    print(json.dumps(found) if args.json else "\n".join(_line(name, value) for name, value in found.items()))
    return 0


def _load(folder: Path) -> dict[str, str | int]:
    from django.utils import timezone

    from confrere.lounge import actions
    from confrere.people import actions as people
    from confrere.vault import refusals

    now = timezone.now()
    try:
        loaded = actions.load(folder=folder, now=now, tell=tell)
        name, value = people.open_session(person=loaded.reader, now=now)
    except refusals.Refusal as refusal:
        raise Refusal(refusal.sentence) from None
    return {
        "members": loaded.members,
        "questions": loaded.questions,
        "posts": loaded.posts,
        "lounge": f"/p/{actions.SLUG}/lounge/",
        "cookie": f"{name}={value}",
    }


def _line(name: str, value: str | int) -> str:
    return str(value) if name == "cookie" else f"{name} {value}"
