"""Which question stands on the screen, and what surrounds it."""

from collections.abc import Mapping
from dataclasses import dataclass

from confrere.surveys import definition, queries
from confrere.surveys.definition import Kind, Question, Value
from confrere.surveys.models import Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One question with its place in the survey. `seen` is the number of the newest answer, "" for none.

    `number` of `count` is its place among what is asked, notes too; `answered` of `answerable` is how far one is.
    `earlier` is, in words, the answer that the newest one took the place of.
    """

    question: Question
    number: int
    count: int
    answered: int
    answerable: int
    minutes_left: int
    value: Value
    seen: str
    earlier: str
    before: str | None
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


def screen(
    response: Response, *, asked: str | None, given: Mapping[str, Value], shown: Mapping[str, Value]
) -> Screen | None:
    """The question that `asked` names, else the first without an answer; None when all are answered.

    `given` decides what is asked; `shown` are those answers that whoever looks may see, repeated or in a form.
    """
    questions = queries.questions(response.questionnaire)
    here = definition.asked(questions, given)
    names = [question.name for question in here]
    answerable = [question.name for question in here if question.kind.answered]
    open_ = [name for name in answerable if name not in given]
    name = asked if asked in names else next(iter(open_), None)
    if name is None:
        return None
    index = names.index(name)
    newest = queries.newest_answers(response=response, question=name) if name in shown else []
    return Screen(
        question=definition.piped(here[index], questions, shown),
        number=index + 1,
        count=len(names),
        answered=len(answerable) - len(open_),
        answerable=len(answerable),
        minutes_left=queries.minutes(len(open_)),
        value=shown.get(name),
        seen=str(newest[0].pk) if newest else "",
        earlier=definition.in_words(here[index], newest[1].value) if newest[1:] else "",
        before=names[index - 1] if index else None,
        stand_in=stand_in(response),
    )


def after(response: Response, *, name: str, given: Mapping[str, Value]) -> str | None:
    """The question that is asked after this one, given the answers as they are now; None after the last."""
    names = [question.name for question in definition.asked(queries.questions(response.questionnaire), given)]
    following = names[names.index(name) + 1 :] if name in names else []
    return next(iter(following), None)


def stand_in(response: Response) -> bool:
    """Whether some of the wording stands in for a licensed one, in a simulated programme."""
    return any(pack["stand_in"] for pack in response.questionnaire.definition["packs"].values())
