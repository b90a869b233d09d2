"""The walk would notice: with a permission check taken out, an answer is given that should not be.

Some when asked for, CONFRERE_REMOVALS=some; all of them, each with what was noticed:
CONFRERE_REMOVALS=all pytest tests/house/permissions/test_removals.py -s
"""

import logging
import os
import sys
import time
from collections.abc import Iterator

import pytest
from tests.house.permissions import removals
from tests.house.permissions.noticing import by_kind, noticed, ways
from tests.house.permissions.removals import Removal
from tests.house.permissions.town import Town

#: So many of a hundred removals are noticed.
BAR = 0.98
KINDS = ("gate", "proof", "rule", "refusal", "filter")
WANTED = os.environ.get("CONFRERE_REMOVALS", "")
ALL = WANTED == "all"


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """What is taken out breaks things, and that is what is asked for."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def chosen() -> list[Removal]:
    """All, kind by kind, or every fortieth gate and proof, whose requests are known without a trace."""
    found = sorted(removals.removals(), key=lambda one: KINDS.index(one.kind))
    return found if ALL else [one for one in found if one.kind in {"gate", "proof"}][::40]


@pytest.mark.skipif(not WANTED, reason="takes checks out of the running program: CONFRERE_REMOVALS=some or all")
def test_what_is_taken_out_is_noticed(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    known = ways(town) if ALL else {}
    began, results = time.monotonic(), []
    with capsys.disabled():
        for one in chosen():
            results.append(noticed(town, one, known))
            if ALL:
                sys.stdout.write(f"{results[-1]}\n")
                sys.stdout.flush()
        if ALL:
            sys.stdout.write(f"{by_kind(results)}; {time.monotonic() - began:.0f} s\n")
    reached = [each for each in results if each.asked]
    assert sum(bool(each.why) for each in reached) >= BAR * len(reached)
