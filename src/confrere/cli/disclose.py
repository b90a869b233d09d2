"""Print everything that the operators could hand over about a person.

Computed from the classes of all stored fields, so it is complete for the database. Outside the demo it needs two
operators and a reason; both get a letter that says so, and the audit trail keeps it. Not in this print-out: backups,
the server's logs, and what mail systems keep.
"""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from confrere.cli.database import again, inside
from confrere.cli.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from confrere.vault.queries import About

EXAMPLE = """  confrere disclose osei@x.org --operator one@x.org --operator two@x.org --reason "court order 12"
  confrere disclose someone@example.org --demo --json"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("email", metavar="EMAIL", help="the person's address")
    parser.add_argument("--operator", action="append", default=[], metavar="EMAIL", help="an operator; name two")
    parser.add_argument("--reason", default="", help="why, in a sentence")
    parser.add_argument(
        "--with-consent",
        default="",
        metavar="REFERENCE",
        help="where the person's own consent to this disclosure is kept; without it, study data under a Certificate of "
        "Confidentiality are withheld",
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--demo", action="store_true", help="the simulated programme of this machine")


def run(args: argparse.Namespace) -> int:
    """Disclose and print."""
    if not inside():
        named = [word for address in args.operator for word in ("--operator", address)]
        words = ["disclose", args.email, *named, "--reason", args.reason, *(["--json"] if args.json else [])]
        words += ["--with-consent", args.with_consent] if args.with_consent else []
        return again(words, demo=args.demo)
    from django.db import transaction
    from django.utils import timezone

    from confrere.trial import queries as trial
    from confrere.vault import sheet
    from confrere.vault.actions import disclose
    from confrere.vault.refusals import Refusal as No

    now = timezone.now()
    certified = trial.certified(on=now.date())
    person = _person(args.email)
    operators = [_operator(address, now=now) for address in args.operator]
    try:
        with transaction.atomic():
            found = disclose(
                person=person,
                operators=operators,
                reason=args.reason,
                now=now,
                certified=certified,
                consent=args.with_consent,
            )
            _tell(args.operator, person=person, now=now)
    except No as no:
        raise Refusal(no.sentence) from None
    if found.subject.withheld:
        print(_withheld([certified[one] for one in sorted(found.subject.withheld)]), file=sys.stderr)
    print(json.dumps(_as_json(found), indent=2) if args.json else sheet.text(found))
    return 0


def _withheld(numbers: list[str]) -> str:
    return (
        f"Withheld: study data under the Certificate of Confidentiality {', '.join(numbers)} (42 USC 241(d)). "
        "They may be disclosed with the person's consent only: see --with-consent. What is printed may say that the "
        "person takes part; ask your counsel before you hand over anything."
    )


def _person(address: str) -> int:
    from confrere.people.queries import person_by_address

    found = person_by_address(address)
    if found is None:
        raise Refusal(f"There is no account with the address {address}.")
    return found.pk


def _operator(address: str, *, now: "datetime") -> int:
    from confrere.people.queries import roles_of
    from confrere.people.roles import Role

    person = _person(address)
    if Role.OPERATOR not in roles_of(person=person, now=now):
        raise Refusal(f"{address} is not an operator.")
    return person


def _tell(operators: list[str], *, person: int, now: "datetime") -> None:
    """Nobody's name is used behind their back: each operator gets a letter."""
    from django.utils.translation import gettext as _

    from confrere.post.actions import send

    for address in operators:
        send(
            to=address,
            subject=_("A disclosure was made in your name"),
            body=_(
                "Everything that is stored about one person was printed on the server, with your name as one of two "
                "operators. If you did not agree to this, tell the director today. The audit trail has the details."
            ),
            event=f"disclosure {person} {now.isoformat()} {address}",
            programme=None,
            now=now,
        )


def _as_json(found: "About") -> dict[str, object]:
    from confrere.vault import sheet
    from confrere.vault.classification import classes

    return {
        "address": found.subject.address,
        "study_ids": {str(programme): code for programme, code in found.subject.study_ids.items()},
        "sections": [
            {
                "table": section.table,
                "columns": [
                    {"name": column.name, "class": column.kept, "kept": classes()[column.kept].period}
                    for column in section.columns
                ],
                "rows": [list(row) for row in section.rows],
            }
            for section in found.sections
        ],
        **sheet.said(),
    }
