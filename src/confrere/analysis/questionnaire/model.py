"""A questionnaire as frozen data, whatever file it came from: forms, sections, fields, and what was lost on the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is asked for."""

    TEXT = "text"
    LONG_TEXT = "long text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "date and time"
    TIME = "time"
    CHOICE = "one choice"
    CHOICES = "several choices"
    YES_NO = "yes or no"
    SLIDER = "slider"
    CALCULATION = "calculation"
    DISPLAY = "text to read"
    FILE = "file"
    SIGNATURE = "signature"
    QUERY = "query"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One possible answer: what is stored, and what is read."""

    code: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question, or one text between questions.

    `control` tells two ways of showing one kind apart: "dropdown" of a choice, "truefalse" of a yes or no.
    `detail` is the formula of a calculation, the statement of a query, the labels of a slider (left, middle and
    right with ``|`` between them), what a text is looked up in, or how REDCap spelled the choices.
    `validation` is REDCap's name of what may be typed ("date_dmy", "email"; "number" shows a slider's number).
    `low` and `high` are the limits as they were written: a number, a date, a name in brackets.
    `branching` is REDCap's branching logic (see `confrere.analysis.questionnaire.logic`).
    `alignment`, `number` (of the question), `matrix` (its group's name), `ranking` and `annotation` are REDCap's.
    """

    name: str
    kind: Kind
    label: str = ""
    control: str = ""
    choices: tuple[Choice, ...] = ()
    detail: str = ""
    note: str = ""
    validation: str = ""
    low: str = ""
    high: str = ""
    identifier: bool = False
    branching: str = ""
    required: bool = False
    alignment: str = ""
    number: str = ""
    matrix: str = ""
    ranking: bool = False
    annotation: str = ""

    @property
    def slider_labels(self) -> tuple[str, str, str]:
        """What stands at the left end, in the middle and at the right end of a slider."""
        left, middle, right = ([part.strip() for part in self.detail.split("|", 2)] + ["", ""])[:3]
        return left, middle, right


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Fields under one heading. Only the first section of a form may have no heading."""

    header: str = ""
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A page of sections. `title` is empty where it only repeats the name in words."""

    name: str
    title: str = ""
    sections: tuple[Section, ...] = ()

    @property
    def heading(self) -> str:
        """The title, or the name in words."""
        return self.title or in_words(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """Everything that is asked, in order."""

    title: str = ""
    forms: tuple[Form, ...] = ()

    def places(self) -> Iterator[tuple[Form, str, Field]]:
        """Each field with its form and the heading that starts at it ("" where none does)."""
        for form in self.forms:
            for section in form.sections:
                for position, field in enumerate(section.fields):
                    yield form, section.header if position == 0 else "", field

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields in order."""
        return tuple(field for _form, _header, field in self.places())


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What could not be carried over. `field` is empty where the whole questionnaire is meant."""

    field: str
    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file held, and what of it has no place here."""

    questionnaire: Questionnaire
    losses: tuple[Loss, ...] = ()


def in_words(name: str) -> str:
    """The name of a form as a title: ``race_and_ethnicity`` is "Race And Ethnicity"."""
    return " ".join(word[:1].upper() + word[1:] for word in name.split("_"))


def title_of(name: str, heading: str) -> str:
    """The title that a form keeps: none where the heading only repeats the name."""
    return "" if heading == in_words(name) else heading
