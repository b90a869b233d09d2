"""What a questionnaire asks, as frozen data."""

from dataclasses import dataclass
from enum import StrEnum

type Value = str | int | float | list[str] | None
"""An answer as it is stored: a code, a number, a text, several options, or None for "left out on purpose"."""

LONGEST_TEXT = 4_000
LONGEST_LINE = 200
LONGEST_NAME = 64
"""Characters of a long text, of a short one, and of a question's name."""


class Kind(StrEnum):
    """How a question is answered. A note is only read; what is kept is not asked here at all.

    A kept question is one that only the system knows from which it came (a calculation, a file, what names a
    person): it is exported again as it came.
    """

    LIKERT = "likert"
    CHOICE = "choice"
    CHOICES = "choices"
    SLIDER = "slider"
    NUMBER = "number"
    DATE = "date"
    LINE = "line"
    TEXT = "text"
    NOTE = "note"
    KEPT = "kept"

    @property
    def offers(self) -> bool:
        """Whether the answers are chosen from options."""
        return self in {Kind.LIKERT, Kind.CHOICE, Kind.CHOICES}

    @property
    def answered(self) -> bool:
        """Whether there is an answer at all."""
        return self not in {Kind.NOTE, Kind.KEPT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One possible answer: what is stored, and what is read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. `text` is None as long as a text pack is missing; then the survey does not open.

    `low` and `high` bound a likert, slider or number (None: no bound, for a number only); `whole` asks for whole
    numbers. `earliest` and `latest` bound a date (ISO, empty: no bound). `look` names what a short text must look
    like (`confrere.surveys.definition.looks`). `condition` is an expression over the answers to earlier questions
    (empty: always asked; `confrere.surveys.definition.branching`). Neighbours of one `matrix` name stand in one
    table where there is room. ``[name]`` in `text`, `note` and the labels stands for an earlier answer.
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
    note: str = ""
    condition: str = ""
    matrix: str = ""
    earliest: str = ""
    latest: str = ""
    look: str = ""

    @property
    def needed(self) -> bool:
        """Whether a survey is complete only with an answer to it, once it is asked."""
        return self.required and self.kind.answered

    @property
    def codes_are_numbers(self) -> bool:
        """Whether every option's code is a whole number, so that conditions compare it as one."""
        return bool(self.options) and all(option.value.removeprefix("-").isdecimal() for option in self.options)
