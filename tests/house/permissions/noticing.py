"""Which requests pass by a check, and whether one of them is answered wrongly without it."""

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from django.test import Client
from tests.house.permissions import expected
from tests.house.permissions.pairs import Pair, ask, pairs
from tests.house.permissions.removals import HERE, Removal, removed, views
from tests.house.permissions.town import Town, Viewer, sign_in

#: (file, line at which a function begins) → the pairs whose requests ran it.
type Ways = dict[tuple[str, int], list[Pair]]
#: Requests with which one removal is tried; whoever is not noticed by these is not noticed.
MOST = 12
_ORDER = {"elsewhere": 0, "other": 1, "own": 2}


@dataclass(frozen=True)
class Noticed:
    """One removal; asked: with how many requests; why: what the first wrong answer was, "" if there was none."""

    one: Removal
    asked: int
    why: str

    def __str__(self) -> str:
        said = "noticed" if self.why else "not noticed" if self.asked else "not reached"
        return f"{said} after {self.asked}: {self.one} | {self.why[:120]}"


def admitted(pair: Pair) -> bool:
    """Whether the gate lets this one in, so that the view behind it runs."""
    return isinstance(pair.route.gate, str) or (
        pair.viewer.role in pair.route.gate and not (pair.viewer.relation == "elsewhere" and pair.programme == "peer")
    )


def ways(town: Town) -> Ways:
    """Ask everything once, and write down which functions ran. Kept in the file CONFRERE_TRACE, if there is one."""
    file = Path(os.environ.get("CONFRERE_TRACE", "/nonexistent"))
    every = {str(pair): pair for pair in pairs()}
    if file.exists():
        known = json.loads(file.read_text())
    else:
        known = {str(pair): sorted(_ran(town, pair)) for pair in every.values() if admitted(pair)}
        if "CONFRERE_TRACE" in os.environ:
            file.write_text(json.dumps(known))
    found: Ways = {}
    for name, functions in known.items():
        for path, line in functions:
            found.setdefault((path, line), []).append(every[name])
    return found


def _ran(town: Town, pair: Pair) -> set[tuple[str, int]]:
    seen: set[tuple[str, int]] = set()
    base, watch = f"{HERE}/", sys.monitoring

    def began(code: CodeType, _at: int) -> object:
        if not code.co_filename.startswith(base):
            return watch.DISABLE
        seen.add((code.co_filename.removeprefix(base), code.co_firstlineno))
        return None

    watch.use_tool_id(3, "permissions")
    watch.register_callback(3, watch.events.PY_START, began)
    watch.set_events(3, watch.events.PY_START)
    ask(town, pair)
    watch.set_events(3, 0)
    watch.free_tool_id(3)
    return seen


def noticed(town: Town, one: Removal, known: Ways) -> Noticed:
    """Take it out and ask, until an answer is wrong."""
    asked, why = 0, ""
    with removed(one):
        if one.kind == "proof":
            asked, why = 1, _unproved(town, one)
        else:
            for pair in _tried(one, known):
                asked, why = asked + 1, expected.wrong(town, pair, ask(town, pair))
                if why:
                    break
    return Noticed(one, asked, why)


def _tried(one: Removal, known: Ways) -> Iterable[Pair]:
    """The requests that may notice it, first those of another programme, then of others."""
    if one.kind == "gate":
        mine = {view.__code__ for view in views() if _is(view.__code__, one)}
        return [pair for pair in pairs() if pair.route.code in mine and not admitted(pair)][:MOST]
    found = known.get((one.file, one.begins), [])
    ordered = sorted(found, key=lambda pair: (_ORDER[pair.viewer.relation], pair.method == "get"))
    step = max(1, len(ordered) // MOST)
    return ordered[::step][:MOST] if step > 1 else ordered


def _is(code: CodeType, one: Removal) -> bool:
    return code.co_firstlineno == one.line and code.co_filename == str(HERE / one.file)


def _unproved(town: Town, one: Removal) -> str:
    """Somebody who may enter, and has not shown who they are for long, is let in."""
    for pair in pairs():
        if (
            pair.route.code is not None
            and _is(pair.route.code, one)
            and pair.viewer.relation == "own"
            and admitted(pair)
        ):
            stale = Town(town.planted, town.people, town.clients | {pair.viewer: _stale(town, pair.viewer)}, town.more)
            answer = ask(stale, pair)
            return "" if answer.came in {"away", "not served"} else f"{pair}: {answer.status} without a proof"
    return ""


def _stale(town: Town, viewer: Viewer) -> Client:
    return sign_in(town.people[viewer], proved=False)


def by_kind(results: list[Noticed]) -> str:
    """How many of each kind, noticed and reached."""
    lines = []
    for kind in dict.fromkeys(each.one.kind for each in results):
        of = [each for each in results if each.one.kind == kind]
        reached = [each for each in of if each.asked]
        lines.append(f"{kind}: {sum(bool(each.why) for each in reached)} of {len(reached)} reached, {len(of)} in all")
    return "; ".join(lines)
