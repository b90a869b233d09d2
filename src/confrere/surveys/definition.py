"""What a questionnaire asks, as frozen data: read from JSON, written as JSON, and what fits as an answer."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from confrere.science import instruments
from confrere.vault.refusals import Refusal

type Value = str | int | float | list[str] | None
"""An answer as it is stored: a code, a number, a text, several options, or None for "left out on purpose"."""

LONGEST_TEXT = 4_000
MOST_CODES = 11
"""Codes that fit side by side; a longer whole range (0 to 100) is a slider."""


class Kind(StrEnum):
    """How a question is answered."""

    LIKERT = "likert"
    CHOICE = "choice"
    CHOICES = "choices"
    SLIDER = "slider"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One possible answer: what is stored, and what is read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. `text` is None as long as a text pack is missing; then the survey does not open.

    `low` and `high` bound a likert, slider or number; `whole` asks for whole numbers.
    """

    name: str
    kind: Kind
    text: str | None = None
    section: str = ""
    instrument: str | None = None
    required: bool = True
    low: float | None = None
    high: float | None = None
    whole: bool = False
    low_label: str = ""
    high_label: str = ""
    options: tuple[Option, ...] = ()


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


def digest(content: object) -> str:
    """SHA-256 of a JSON value in its one canonical form (sorted keys, no spaces, UTF-8)."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


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


def to_json(questions: Iterable[Question], packs: Mapping[str, Pack]) -> dict[str, Any]:
    """The definition as it is stored: the questions, and which wording each instrument had."""
    return {
        "questions": [asdict(question) for question in questions],
        "packs": {name: {"sha256": pack.sha256, "stand_in": pack.stand_in} for name, pack in sorted(packs.items())},
    }


def from_json(stored: Mapping[str, Any]) -> tuple[Question, ...]:
    """The questions of a stored definition, in order."""
    return tuple(
        Question(
            **{
                **question,
                "kind": Kind(question["kind"]),
                "options": tuple(Option(**option) for option in question["options"]),
            }
        )
        for question in stored["questions"]
    )


def check_questions(questions: Sequence[Question]) -> None:
    """Refuse an empty questionnaire, two questions of one name, a choice of nothing, a range without ends."""
    if not questions:
        raise Refusal(_("A questionnaire needs at least one question."), status=422)
    names = [question.name for question in questions]
    for question in questions:
        if names.count(question.name) > 1:
            raise Refusal(_("Two questions are called %(name)s.") % {"name": question.name}, status=422)
        if question.kind in {Kind.CHOICE, Kind.CHOICES, Kind.LIKERT} and not question.options:
            raise Refusal(_("The question %(name)s offers no answers.") % {"name": question.name}, status=422)
        if question.kind in {Kind.SLIDER, Kind.NUMBER} and (question.low is None or question.high is None):
            raise Refusal(
                _("The question %(name)s needs a smallest and a largest number.") % {"name": question.name},
                status=422,
            )


def fitting(question: Question, typed: Value) -> Value:
    """The answer as it is stored, or a refusal (422) that says what would fit.

    `typed` may be what a form sends (texts) or what a program passes (numbers); an empty answer becomes None
    and is refused where the question is required.
    """
    if typed is None or typed in ("", []):
        if question.required:
            raise Refusal(_("Please answer this question; the others can wait."), status=422)
        return None
    match question.kind:
        case Kind.CHOICE | Kind.LIKERT:
            return _option(question, typed)
        case Kind.CHOICES:
            chosen = typed if isinstance(typed, list) else [str(typed)]
            return sorted({str(_option(question, one)) for one in chosen})
        case Kind.SLIDER | Kind.NUMBER:
            return _number(question, typed)
        case _:  # Kind.TEXT
            return _text(typed)


def _option(question: Question, typed: Value) -> str | int:
    if str(typed) not in {option.value for option in question.options}:
        raise Refusal(_("Please choose one of the answers that are offered."), status=422)
    return int(str(typed)) if question.kind is Kind.LIKERT else str(typed)


def _number(question: Question, typed: Value) -> int | float:
    assert question.low is not None
    assert question.high is not None
    sentence = _("Please give a number from %(low)g to %(high)g.") % {
        "low": question.low,
        "high": question.high,
    }
    try:
        number = float(str(typed).replace(",", "."))
    except ValueError:
        raise Refusal(sentence, status=422) from None
    if not question.low <= number <= question.high:  # false for "nan" too
        raise Refusal(sentence, status=422)
    if question.whole and number != int(number):
        raise Refusal(_("Please give a whole number."), status=422)
    return int(number) if number == int(number) else number


def _text(typed: Value) -> str:
    text = str(typed).strip()
    if len(text) > LONGEST_TEXT:
        raise Refusal(
            _("Please shorten your answer to %(most)s characters; you wrote %(count)s.")
            % {"most": LONGEST_TEXT, "count": len(text)},
            status=422,
        )
    if "\0" in text:
        raise Refusal(_("Your answer holds a character that cannot be stored."), status=422)
    return text


def in_words(question: Question, value: Value) -> str:
    """An answer as a person reads it: the labels of options, else the value itself."""
    labels = {option.value: option.label for option in question.options}
    parts = value if isinstance(value, list) else [value]
    return ", ".join(labels.get(str(part), str(part)) for part in parts if part is not None)
