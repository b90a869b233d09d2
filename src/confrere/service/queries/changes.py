"""What changed from before to after, in steps of five people: nobody's answer follows from two looks at the page."""

from dataclasses import dataclass
from math import isfinite

import numpy as np

from confrere.science import instruments
from confrere.science.before_after import Change, change
from confrere.service.models import Service
from confrere.service.states import SMALLEST
from confrere.surveys import queries as answered

BEFORE, AFTER = "before", "after"


@dataclass(frozen=True, slots=True)
class Before:
    """One score with its change. better: which direction is an improvement, as the instrument says."""

    score: str
    title: str
    better: str
    change: Change


def pairs(service: Service) -> list[str]:
    """The study ids of those who sent both, in the order in which the second one came; in whole steps of five.

    Sent answers stay as they are and new ones come last, so what a step adds is never fewer than five people.
    """
    first = answered.completed(programme=service.programme_id, wave=BEFORE)
    second = answered.completed(programme=service.programme_id, wave=AFTER)
    both = sorted(first.keys() & second.keys(), key=lambda one: (max(first[one], second[one]), one))
    return both[: len(both) - len(both) % SMALLEST]


def changes(service: Service) -> list[Before]:
    """The change of each score that five people or more gave both times. Labelled wherever it is shown: no control.

    A score that fewer than five of a step have both times is left out.
    """
    ids = pairs(service)
    before = answered.scores(programme=service.programme_id, wave=BEFORE) if ids else {}
    after = answered.scores(programme=service.programme_id, wave=AFTER) if ids else {}
    known = _titles()
    names = {name for one in ids for name in before.get(one, {}).keys() & after.get(one, {}).keys()}
    found = []
    for name in sorted(names & known.keys()):
        usable = _usable(name, ids, before, after)
        moved = change(np.array([before[one][name] for one in usable]), np.array([after[one][name] for one in usable]))
        if moved.n >= SMALLEST:
            found.append(Before(name, *known[name], moved))
    return found


def _usable(
    name: str, ids: list[str], before: dict[str, dict[str, float]], after: dict[str, dict[str, float]]
) -> list[str]:
    """Those with both values, again in whole steps of five: an item left out must not undo the steps."""
    nan = {name: float("nan")}  # who sent an empty survey has no scores at all
    both = [one for one in ids if isfinite(before.get(one, nan)[name]) and isfinite(after.get(one, nan)[name])]
    return both[: len(both) - len(both) % SMALLEST]


def _titles() -> dict[str, tuple[str, str]]:
    """Score → (its plain name, which direction is better), of every instrument with its default rule."""
    scales = [scale for scale in instruments.registry().values() if scale.known]
    return {
        score.name: (f"{scale.title}: {score.title}", score.better)
        for scale in scales
        for score in scale.all_scores(None)
    }
