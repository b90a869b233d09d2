"""Say what works here and what is missing.

Looks at Python, the database's programs, the data directory, the database, its rights, the keys and who keeps them,
the mail server, and what the DNS says of the sender (SPF, DKIM, DMARC). With --sql it prints what makes the roles on
a managed PostgreSQL instead. Exit code 1 if something needs attention.
"""

import argparse
import json
import sys

from confrere.cli.progress import tell
from confrere.web.boot.checkup import examine
from confrere.web.postgres import managed_sql

EXAMPLE = """  confrere doctor
  confrere doctor --json
  confrere doctor --sql > roles.sql"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--sql", action="store_true", help="print the SQL for a managed PostgreSQL and do nothing else")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(args: argparse.Namespace) -> int:
    """Look, then say."""
    if args.sql:
        print(managed_sql())
        return 0
    findings = examine(tell=tell)
    if args.json:
        print(json.dumps(findings))
    else:
        for finding in findings:
            print(f"{'ok     ' if finding['well'] else 'LOOK   '} {finding['about']:<14} {finding['sentence']}")
    bad = sum(not finding["well"] for finding in findings)
    if bad:
        print(f"{bad} of {len(findings)} need attention.", file=sys.stderr)
    return 1 if bad else 0
