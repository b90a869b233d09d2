"""No unexpected answer: every address × every role × own, other and another programme's.

The whole walk is thousands of requests, so it runs when asked for: CONFRERE_PAIRS=all. What it tries with one person of
each role, `test_every_url`, `test_others` and `test_audiences` try at every run.
"""

import logging
import os
import sys
from collections.abc import Iterator

import pytest
from tests.house.permissions import expected
from tests.house.permissions.pairs import ask, pairs, routes
from tests.house.permissions.town import RELATIONS, Relation, Town, Viewer

from confrere.people.roles import Role

#: Addresses × roles × relations: so many at least.
PAIRS = 5000


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refusals are what is asked for."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.django_db
def test_there_are_five_thousand_pairs_and_none_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    found = {(pair.route.pattern, pair.viewer) for pair in pairs()}
    assert found == {(route.pattern, Viewer(role, each)) for route in routes() for role in Role for each in RELATIONS}
    with capsys.disabled():
        sys.stdout.write(f"\n{len(routes())} addresses, {len(found)} pairs, {len(pairs())} requests\n")
    assert len(found) >= PAIRS


@pytest.mark.skipif(os.environ.get("CONFRERE_PAIRS") != "all", reason="thousands of requests: CONFRERE_PAIRS=all")
@pytest.mark.parametrize("relation", RELATIONS)
def test_nobody_gets_what_is_not_theirs(relation: Relation, town: Town) -> None:
    mine = [pair for pair in pairs() if pair.viewer.relation == relation]
    assert [why for pair in mine if (why := expected.wrong(town, pair, ask(town, pair)))] == []
