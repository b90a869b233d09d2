"""What the command line asks of a Django process of its own: `python -m confrere.web.boot.inside VERB`.

What a verb needs comes as JSON on standard input, what it found goes as JSON to standard output.
"""

import gc
import json
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import django


def story(given: dict[str, int]) -> list[tuple[str, str]]:
    """Tell the story of the simulated programme; how to sign in, (role, path)."""
    from django.utils import timezone

    module = import_module("confrere.web.demo.story")  # by name: nothing but the demo ever imports it
    gc.freeze()  # what was imported stays, and is not looked through again at each collection
    module.build(now=timezone.now(), **given)
    return [(role, path) for role, path in module.sign_ins()]


def examine(given: None) -> list[dict[str, object]]:
    """What a look into the database and at the keys finds."""
    from confrere.web.queries import findings

    return findings()


def found(given: dict[str, str]) -> dict[str, object]:
    """Make keys, site, first programme and first operator, or nothing; the path of the first sign-in."""
    from confrere.vault.refusals import Refusal
    from confrere.web.actions import found_site

    try:
        return found_site(**given)
    except Refusal as no:
        return {"refused": no.sentence}


VERBS: dict[str, Callable[[Any], object]] = {"story": story, "found": found, "examine": examine}


def main(verb: str) -> None:
    """Run one verb."""
    django.setup()
    given = sys.stdin.read()
    found = VERBS[verb](json.loads(given) if given else None)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
