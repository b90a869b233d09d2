"""The blank sheet of a survey: every screen without an answer, and its conditions as trees that a browser can walk.

It names no person, no study id and no link, so it may lie on a device while there is no connection.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from confrere.science.expression import Comparison, Fixed, Joined, Member, Missing, Name, Node, Not
from confrere.surveys.definition import Kind, Question
from confrere.surveys.definition.branching import box, columns, compiled, names_before
from confrere.surveys.forms import AnswerForm
from confrere.surveys.screens import part

type Tree = list[object]


@dataclass(frozen=True, slots=True)
class Blank:
    """A question with an empty form, and the part of the page that shows it."""

    question: Question
    form: AnswerForm
    part: str


def blanks(questions: Sequence[Question]) -> list[Blank]:
    """Every screen that this survey can show."""
    return [Blank(one, AnswerForm(one), part(one)) for one in questions if one.kind is not Kind.KEPT]


def outline(questions: Sequence[Question]) -> list[dict[str, object]]:
    """What a browser has to know to ask the same questions as the server: see `static/surveys/branching.js`.

    A column is (its name in conditions, "number" or "text", the code of its box or None).
    """
    return [
        {
            "name": question.name,
            "answered": question.kind.answered,
            "needed": question.needed,
            "condition": condition(question, questions[:index]),
            "columns": _columns(question),
        }
        for index, question in enumerate(questions)
        if question.kind is not Kind.KEPT
    ]


def condition(question: Question, before: Sequence[Question]) -> Tree | None:
    """The condition under which a question is asked, as a tree; None if it always is."""
    return tree(compiled(question.condition, names_before(before)).node) if question.condition else None


def tree(node: Node) -> Tree:
    """A part of a condition as lists, texts and numbers."""
    match node:
        case Joined():
            return [node.word, *(tree(part) for part in node.parts)]
        case Not():
            return ["not", tree(node.inner)]
        case Missing():
            return ["missing", node.name.name]
        case Member():
            return ["in", node.negated, node.name.name, [option.value for option in node.options]]
        case _:
            assert isinstance(node, Comparison)
            return [node.operator, _side(node.left), _side(node.right)]


def _side(side: Fixed | Name) -> dict[str, object]:
    return {"name": side.name} if isinstance(side, Name) else {"value": side.value}


def _columns(question: Question) -> list[tuple[str, str, str | None]]:
    if question.kind is Kind.CHOICES:
        return [(box(question.name, option.value), "number", option.value) for option in question.options]
    return [(name, "number" if kind is float else "text", None) for name, kind in columns(question).items()]
