"""Help a person who lost their passkeys: say how many there are, or remove them all.

Two steps: without --remove it only counts. With --remove every passkey of the person goes and their sessions end; a
mailed code then signs in again, and a role that needs a passkey asks for a new one. Removing
needs the address of an operator, leaves an audit event, and the person is told by letter.

Make sure that you speak with the person: by telephone, at a number that you knew before.
"""

import argparse
import json

from confrere.cli.database import again, inside
from confrere.cli.refusal import Refusal

EXAMPLE = """  confrere passkeys someone@example.org
  confrere passkeys someone@example.org --remove --operator a@site.org"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("email", metavar="EMAIL", help="the person's address")
    parser.add_argument("--remove", action="store_true", help="remove them all")
    parser.add_argument("--operator", default="", metavar="EMAIL", help="the operator who decides it")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--demo", action="store_true", help="the simulated programme of this machine")


def run(args: argparse.Namespace) -> int:
    """Count, or remove."""
    if not inside():
        named = [*(["--operator", args.operator] if args.operator else []), *(["--remove"] if args.remove else [])]
        return again(["passkeys", args.email, *named, *(["--json"] if args.json else [])], demo=args.demo)
    from django.utils import timezone

    from confrere.people import queries
    from confrere.people.actions import remove_lost_passkeys
    from confrere.people.roles import Role
    from confrere.vault.refusals import Refusal as No

    now = timezone.now()
    person = queries.person_by_address(args.email)
    if person is None:
        raise Refusal(f"There is no account with the address {args.email}.")
    many = len(queries.passkeys(person.pk))
    if args.remove:
        operator = queries.person_by_address(args.operator)
        if operator is None or Role.OPERATOR not in queries.roles_of(person=operator.pk, now=now):
            raise Refusal("Name an operator with --operator: somebody has to answer for it.")
        try:
            remove_lost_passkeys(person=person.pk, operator=operator.pk, now=now)
        except No as no:
            raise Refusal(no.sentence) from None
    told = {"address": person.email, "passkeys": many, "removed": args.remove}
    verb = "removed" if args.remove else "found; nothing was changed"
    print(json.dumps(told) if args.json else f"{person.email}: {many} passkeys {verb}.")
    return 0
