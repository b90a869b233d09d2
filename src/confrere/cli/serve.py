"""Serve the site of this machine.

Starts the database unless DATABASE_URL names one, brings its tables up to date, and runs the web server and the
worker until Ctrl-C or SIGTERM. A proxy that speaks HTTPS stands before it.
"""

import argparse
import sys

from confrere.cli.progress import tell
from confrere.web.boot import BootError
from confrere.web.boot.place import data_directory, load_site
from confrere.web.boot.running import serve

EXAMPLE = """  confrere serve
  confrere serve --port 8000 --workers 4"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    parser.add_argument("--address", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--workers", type=int, default=2, help="web processes (default 2)")


def run(args: argparse.Namespace) -> int:
    """Serve until asked to end."""
    try:
        site = load_site(data_directory())
        serve(
            site,
            port=args.port,
            address=args.address,
            workers=args.workers,
            ready=lambda: print(f"{site.name} is served on {args.address}:{args.port} as {site.origin}", flush=True),
            tell=tell,
        )
    except BootError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
