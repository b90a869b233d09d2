"""What a scale is, as frozen data, and how its answers become scores.

A scale ships as a *skeleton*: item ids, ranges, reversal, membership, scoring, missing rule, cut-offs,
source and licence class. The wording is only there where it is free; else it comes in a text pack of the
site. What no source that we read states is marked so and never filled in.
"""

import operator
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Answers = Mapping[str, NDArray[Any] | float]
type Licence = Literal["ship", "attest", "own"]
"""``ship``: the text may be part of the product. ``attest``: a text pack, imported with the site's word that
its use is allowed. ``own``: the site buys a licence and enters the text itself."""

UNKNOWN = "unknown"
"""Stands where no source that we have read says it."""

_RELATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
}


class InstrumentError(ValueError):
    """Answers that cannot be scored, in one plain sentence; ``row`` counts from 0 where one is to blame."""

    def __init__(self, sentence: str, *, item: str | None = None, row: int | None = None) -> None:
        super().__init__(sentence)
        self.item = item
        self.row = row


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question: its codes run from ``low`` to ``high`` in whole steps, unless ``whole`` is false.

    ``reverse`` turns the code round (low + high - code) before scoring. ``text`` is None where the wording
    is not ours to ship.
    """

    id: str
    low: float
    high: float
    reverse: bool = False
    whole: bool = True
    text: str | None = None
    low_label: str | None = None
    high_label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A number made of items (or of scores named before it): their mean or sum, times ``factor``.

    ``least`` is how many parts must be answered; None asks for all of them. A mean is taken over the
    answered parts, a sum is only formed when none is missing.
    """

    name: str
    title: str
    parts: tuple[str, ...]
    how: Literal["mean", "sum"]
    low: float
    high: float
    better: Literal["higher", "lower"]
    factor: float = 1.0
    least: int | None = None
    mcid: float | None = None
    mcid_source: str = UNKNOWN

    def of(self, values: Mapping[str, Floats]) -> Floats:
        """The score of each row, NaN where too few parts are answered; shape of the parts."""
        parts = np.stack([values[part] for part in self.parts])
        answered = np.count_nonzero(~np.isnan(parts), axis=0)
        total = np.nansum(parts, axis=0)
        enough = answered >= (len(self.parts) if self.least is None else self.least)
        shared = np.maximum(answered, 1) if self.how == "mean" else 1.0
        return np.where(enough, total * self.factor / shared, np.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoff:
    """A yes-no reading: 1.0 where any of the conditions holds, 0.0 where none does, NaN where open.

    A condition is (score, relation, limit); it is open where the score is missing, and an open condition
    leaves the whole open unless another one holds.
    """

    name: str
    title: str
    any_of: tuple[tuple[str, Literal[">=", ">", "<="], float], ...]
    source: str

    def of(self, scores: Mapping[str, Floats]) -> Floats:
        """The reading of each row, of the scores' shape."""
        met = [_RELATIONS[relation](scores[name], limit) for name, relation, limit in self.any_of]
        holds = np.logical_or.reduce(met)
        open_ = np.logical_or.reduce([np.isnan(scores[name]) for name, _, _ in self.any_of])
        return np.where(holds, 1.0, np.where(open_, np.nan, 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One way to score: its own scores beside the common ones; ``headline`` is the score it is named for."""

    name: str
    title: str
    headline: str
    scores: tuple[Score, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A scale. ``rules[0]`` is the default rule; ``items`` is empty where the skeleton is unknown.

    unverified: what stands here from memory and was not compared with the source; said wherever the scale is used.
    """

    id: str
    title: str
    items: tuple[Item, ...]
    scores: tuple[Score, ...]
    rules: tuple[Rule, ...]
    missing_rule: str
    recall: str
    source: str
    licence: Licence
    licence_note: str
    cutoffs: tuple[Cutoff, ...] = ()
    notes: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether the items and the scoring are known; else :meth:`score` refuses."""
        return bool(self.items)

    @property
    def shippable(self) -> bool:
        """Whether every item's wording comes with the product."""
        return self.known and all(item.text is not None for item in self.items)

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The ids of the items, in order."""
        return tuple(item.id for item in self.items)

    def rule(self, name: str | None = None) -> Rule:
        """The rule of that name, or the default; raises :class:`InstrumentError` for another name."""
        if name is None:
            return self.rules[0]
        for rule in self.rules:
            if rule.name == name:
                return rule
        known = ", ".join(rule.name for rule in self.rules)
        raise InstrumentError(f"{self.title} has no rule {name}; it has {known}.")

    def all_scores(self, rule: str | None = None) -> tuple[Score, ...]:
        """The common scores and those of the rule, in the order in which they are made."""
        return self.scores + self.rule(rule).scores

    def score(
        self,
        answers: Answers,
        *,
        rule: str | None = None,
        shift: float = 0.0,
        reverse: Collection[str] = (),
    ) -> Mapping[str, Floats]:
        """Scores and cut-off readings of each row, by name, as floats of shape (n,); NaN is missing.

        ``answers`` holds for each item codes of shape (n,), or one number each; NaN is "not answered".
        ``shift`` is taken off every code first (1 for files coded from 1 instead of 0); ``reverse`` names
        further items to turn round. Raises :class:`InstrumentError` for an item that is absent, a code
        outside the range or between two steps, and for a scale whose scoring is unknown.
        """
        chosen = self.all_scores(rule)
        if not self.known:
            raise InstrumentError(f"The items and the scoring of {self.title} are not known to us.")
        self._require(answers, reverse)
        values: dict[str, Floats] = {}
        for item in self.items:
            codes = _checked(item, np.asarray(answers[item.id], dtype=float) - shift)
            values[item.id] = item.low + item.high - codes if item.reverse != (item.id in reverse) else codes
        for score in chosen:
            values[score.name] = score.of(values)
        result = {score.name: values[score.name] for score in chosen}
        return result | {cutoff.name: cutoff.of(result) for cutoff in self.cutoffs}

    def one(self, name: str, answers: Answers, **options: Any) -> Floats:
        """The single score ``name``: a score or cut-off of the default rule, or a rule (its headline)."""
        for rule in self.rules:
            if rule.name == name:
                return self.score(answers, rule=name, **options)[rule.headline]
        scores = self.score(answers, **options)
        if name not in scores:
            raise InstrumentError(f"{self.title} has no score {name}; it has {', '.join(scores)}.")
        return scores[name]

    def _require(self, answers: Answers, reverse: Collection[str]) -> None:
        absent = [item for item in self.item_ids if item not in answers]
        if absent:
            raise InstrumentError(f"{self.title} needs the items {', '.join(absent)}.")
        strange = sorted(set(reverse) - set(self.item_ids))
        if strange:
            raise InstrumentError(f"{self.title} has no item {strange[0]} to turn round.")
        if len({np.shape(answers[item]) for item in self.item_ids}) > 1:
            raise InstrumentError(f"The items of {self.title} do not have the same number of rows.")


def _checked(item: Item, codes: Floats) -> Floats:
    outside = (codes < item.low) | (codes > item.high)
    if item.whole:
        outside |= np.isfinite(codes) & (codes != np.round(codes))
    if outside.any():
        row = int(np.flatnonzero(outside)[0])
        steps = "the whole numbers " if item.whole else ""
        raise InstrumentError(
            f"The answer {codes.flat[row]:g} to {item.id} in row {row + 1} is outside "
            f"{steps}{item.low:g} to {item.high:g}.",
            item=item.id,
            row=row,
        )
    return codes


def numbered(prefix: str, count: int, *, low: float, high: float, reverse: Collection[int] = ()) -> tuple[Item, ...]:
    """Items ``prefix_1`` to ``prefix_count`` of one range; those numbered in ``reverse`` are turned round."""
    return tuple(
        Item(id=f"{prefix}_{number}", low=low, high=high, reverse=number in reverse) for number in range(1, count + 1)
    )


def ids(prefix: str, *numbers: int) -> tuple[str, ...]:
    """The ids of the items with these numbers."""
    return tuple(f"{prefix}_{number}" for number in numbers)


NOT_PUBLISHED = "Not published in the sources that we read. We score a scale only when all its items are answered."
