"""Show a simulated programme on this machine.

Starts its own PostgreSQL, makes a programme of simulated physicians and coaches by the real actions, and serves it
on http://localhost:PORT until Ctrl-C. A second start goes on where the first one ended.
"""

import argparse
import os
import sys
import webbrowser

from confrere.cli.progress import tell
from confrere.cli.refusal import Refusal
from confrere.web.boot import BootError
from confrere.web.boot.demo import SignIns, run_demo
from confrere.web.boot.place import Site

EXAMPLE = """  confrere demo
  confrere demo --port 8001 --fresh"""


LEAST, MOST = 24, 138


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--port", type=int, default=8000, help="port on this machine (default 8000)")
    parser.add_argument(
        "--people",
        type=int,
        default=MOST,
        help=f"how many simulated physicians take part ({LEAST} to {MOST}; fewer are made faster)",
    )
    parser.add_argument("--fresh", action="store_true", help="make the programme anew instead of going on")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")


def run(args: argparse.Namespace) -> int:
    """Serve until asked to end."""
    if not 0 < args.port < 65536:
        raise Refusal(f"{args.port} is no port. Ports are numbers from 1 to 65535.")
    if not LEAST <= args.people <= MOST:
        raise Refusal(f"{args.people} physicians do not make this programme. Choose from {LEAST} to {MOST}.")

    def ready(site: Site, sign_ins: SignIns) -> None:
        print(f"\nThe simulated programme is at {site.origin}\nEverybody in it is made up. Sign in as")
        for role, path in sign_ins:
            print(f"  {role:<40} {site.origin}{path}")
        print("\nCtrl-C ends it; the next start goes on from there.", flush=True)
        if not args.no_browser:
            open_browser(site.origin)

    try:
        run_demo(port=args.port, fresh=args.fresh, people=args.people, ready=ready, tell=tell)
    except BootError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def open_browser(address: str) -> None:
    """Open the page where a person sits in front of a screen, and only there."""
    if sys.stdout.isatty() and (os.environ.get("DISPLAY") or sys.platform == "darwin"):
        webbrowser.open(address)
