"""Which question stands on the screen, and what surrounds it."""

from dataclasses import dataclass

from confrere.surveys import definition, queries
from confrere.surveys.definition import Kind, Question, Value
from confrere.surveys.models import Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One question with its place in the survey. `seen` is the number of the newest answer, "" for none.

    `earlier` is, in words, the answer that the newest one took the place of.
    """

    question: Question
    number: int
    count: int
    answered: int
    minutes_left: int
    value: Value
    seen: str
    earlier: str
    before: str | None
    after: str | None
    stand_in: bool

    @property
    def part(self) -> str:
        """The name of the page's part that shows this kind of question."""
        return part(self.question)

    def crossed(self, seen: str, value: Value) -> bool:
        """Whether another tab had saved another answer since this page was shown: then both are told apart."""
        return self.seen != seen and self.value is not None and self.value != value


def part(question: Question) -> str:
    """The name of the page's part that shows this kind of question."""
    match question.kind:
        case Kind.LIKERT:
            return "likert"
        case Kind.CHOICE | Kind.CHOICES:
            return "choices"
        case Kind.SLIDER:
            return "slider"
        case Kind.NOTE:
            return "note"
        case _:  # a number, a date or words
            return "field"


def screen(response: Response, *, asked: str | None) -> Screen | None:
    """The question that `asked` names, else the first without an answer; None when all are answered."""
    questions = queries.questions(response.questionnaire)
    given = queries.answers_of(response)
    names = [question.name for question in questions]
    if asked in names:
        index = names.index(asked)
    else:
        open_ = [index for index, name in enumerate(names) if name not in given]
        if not open_:
            return None
        index = open_[0]
    newest = queries.newest_answers(response=response, question=names[index])
    packs = response.questionnaire.definition["packs"]
    return Screen(
        question=questions[index],
        number=index + 1,
        count=len(names),
        answered=len(given),
        minutes_left=queries.minutes(len(names) - len(given)),
        value=given.get(names[index]),
        seen=str(newest[0].pk) if newest else "",
        earlier=definition.in_words(questions[index], newest[1].value) if newest[1:] else "",
        before=names[index - 1] if index else None,
        after=names[index + 1] if index + 1 < len(names) else None,
        stand_in=any(pack["stand_in"] for pack in packs.values()),
    )
