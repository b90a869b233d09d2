"""The wording of instruments: the skeleton's questions, text packs that a site brings, stand-in wording of our own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from confrere.science import instruments
from confrere.surveys.definition.model import Kind, Option, Question
from confrere.surveys.definition.storing import digest, stored_all
from confrere.vault.refusals import Refusal

MOST_CODES = 11
"""Codes that fit side by side; a longer whole range (0 to 100) is a slider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Wording of one instrument: a text for each item, and a label for each code (or none)."""

    items: Mapping[str, str]
    labels: Sequence[str] = ()
    stand_in: bool = False

    @property
    def sha256(self) -> str:
        """Hash of the exact wording, in hexadecimal digits."""
        return digest({"items": dict(self.items), "labels": list(self.labels), "stand_in": self.stand_in})


def of_instrument(name: str, *, required: bool = True) -> tuple[Question, ...]:
    """The questions of an instrument's skeleton; refuses one whose items are not known."""
    scale = instruments.find(name)
    if not scale.known:
        raise Refusal(_("The items of %(title)s are not known, so it cannot be asked.") % {"title": scale.title})
    return tuple(
        Question(
            name=item.id,
            kind=_kind(item),
            text=item.text,
            section=scale.title,
            instrument=name,
            required=required,
            low=item.low,
            high=item.high,
            whole=item.whole,
            low_label=item.low_label or "",
            high_label=item.high_label or "",
            options=_codes(item, ()) if _kind(item) is Kind.LIKERT else (),
        )
        for item in scale.items
    )


def _kind(item: instruments.Item) -> Kind:
    return Kind.LIKERT if item.whole and item.high - item.low < MOST_CODES else Kind.SLIDER


def _codes(item: instruments.Item, labels: Sequence[str]) -> tuple[Option, ...]:
    codes = range(int(item.low), int(item.high) + 1)
    words = labels or [{item.low: item.low_label, item.high: item.high_label}.get(code) or "" for code in codes]
    return tuple(Option(value=str(code), label=word or str(code)) for code, word in zip(codes, words, strict=True))


def check_pack(name: str, pack: Pack) -> None:
    """Refuse wording that does not fit the instrument: other items, empty texts, too many or few labels."""
    scale = instruments.find(name)
    if sorted(pack.items) != sorted(scale.item_ids) or not all(text.strip() for text in pack.items.values()):
        raise Refusal(
            _("The text pack of %(title)s needs one text for each of %(count)s items, and no others.")
            % {"title": scale.title, "count": len(scale.items)},
            status=422,
        )
    steps = {int(item.high - item.low) + 1 for item in scale.items if _kind(item) is Kind.LIKERT}
    if pack.labels and steps != {len(pack.labels)}:
        raise Refusal(
            _("The text pack of %(title)s needs one label for each answer.") % {"title": scale.title},
            status=422,
        )


def worded(questions: Iterable[Question], packs: Mapping[str, Pack]) -> tuple[Question, ...]:
    """The same questions with the wording of the packs, by instrument; without a pack they stay as they are."""
    return tuple(
        question if (pack := packs.get(question.instrument or "")) is None else _worded(question, pack)
        for question in questions
    )


def _worded(question: Question, pack: Pack) -> Question:
    options = question.options
    if pack.labels and options:
        options = tuple(replace(option, label=label) for option, label in zip(options, pack.labels, strict=True))
    return replace(question, text=pack.items[question.name], options=options)


def stand_in(name: str) -> Pack:
    """Wording of our own for a simulated programme: it says that it is a stand-in and asks nothing real."""
    scale = instruments.find(name)
    topics = {part: score.title.lower() for score in reversed(scale.all_scores()) for part in score.parts}
    items = {
        item.id: f"Statement {number} of {len(scale.items)}, on {topics.get(item.id, scale.title)} "
        "(stand-in wording, simulated)"
        for number, item in enumerate(scale.items, start=1)
    }
    first = scale.items[0]
    return Pack(items=items, labels=_stand_in_labels(first) if _even(scale) else (), stand_in=True)


def _even(scale: instruments.Instrument) -> bool:
    spans = {(item.low, item.high) for item in scale.items}
    return len(spans) == 1 and _kind(scale.items[0]) is Kind.LIKERT


def _stand_in_labels(item: instruments.Item) -> tuple[str, ...]:
    low, high = int(item.low), int(item.high)
    ends = {low: _("%(code)s: least") % {"code": low}, high: _("%(code)s: most") % {"code": high}}
    return tuple(ends.get(code, str(code)) for code in range(low, high + 1))


def to_json(
    questions: Iterable[Question],
    packs: Mapping[str, Pack],
    origins: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """The definition as it is stored: the questions, which wording each instrument had, and, by question, where
    it came from (`confrere.surveys.definition.interchange`)."""
    content: dict[str, Any] = {
        "questions": stored_all(questions),
        "packs": {name: {"sha256": pack.sha256, "stand_in": pack.stand_in} for name, pack in sorted(packs.items())},
    }
    return content | ({"origins": {name: dict(origin) for name, origin in origins.items()}} if origins else {})
