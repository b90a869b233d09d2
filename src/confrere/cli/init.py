"""Make a site: its database, its keys and its first operator.

Everything lies in one data directory (CONFRERE_DATA, else the system's usual place). It refuses to run twice. At
the end it prints a link for the operator's first sign-in and says who has to keep which key.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from confrere.cli.progress import tell
from confrere.cli.refusal import Refusal
from confrere.web.boot import BootError
from confrere.web.boot.founding import BadWish, Founded, Wish, found
from confrere.web.boot.place import data_directory

EXAMPLE = """  confrere init --name "Mercy Hospital" --operator you@mercy.org --origin https://coaching.mercy.org
  confrere init --name "Trial run" --operator you@mercy.org --origin http://localhost:8000 --data ./site"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--name", required=True, help="what the site is called")
    parser.add_argument("--operator", required=True, metavar="EMAIL", help="address of the first operator")
    parser.add_argument("--origin", required=True, help="the address in people's browsers")
    parser.add_argument("--zone", default="UTC", help="time zone of the site (default UTC)")
    parser.add_argument("--data", type=Path, help="data directory (default CONFRERE_DATA)")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    """Make it, then say what to keep."""
    data = args.data.absolute() if args.data else data_directory()
    wish = Wish(name=args.name, origin=args.origin.rstrip("/"), operator=args.operator, zone=args.zone)
    try:
        founded = found(data, wish, tell=tell)
    except BadWish as no:
        raise Refusal(str(no)) from None
    except BootError as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps({"data": str(data), "link": founded.link, "keys": founded.keys}))
    else:
        say(founded, data)
    return 0


def say(founded: Founded, data: Path) -> None:
    """What to do next, and who keeps what."""
    print(f"\nThe site is in {data}. Its keys lie in {data / 'keys'}, apart from the database:")
    for key in founded.keys:
        print(f"  {key['name']}: {key['purpose']}\n    kept by {key['by_whom']}\n    if lost: {key['when_lost']}")
    prefix = "" if data == data_directory(os.environ) else f"CONFRERE_DATA={data} "
    print(f"\nNow start it: {prefix}confrere serve")
    print(f"Then sign in, once, within three days:\n{founded.link}")
