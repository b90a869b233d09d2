"""What is wrong with a questionnaire, in words, before it is published: all of it, not only the first."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.utils.translation import gettext as _

from confrere.science.expression import ExpressionError
from confrere.surveys.definition.branching import SEVERAL, columns, compiled, names_before
from confrere.surveys.definition.model import LONGEST_NAME, Kind, Question
from confrere.surveys.definition.piping import mentioned
from confrere.surveys.definition.reaching import can_hold
from confrere.vault.refusals import Refusal

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
CODE = re.compile(r"[^\s,|\"'()\[\]]([^,|\"'()\[\]]*[^\s,|\"'()\[\]])?")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and with which question ("" with all); one that is not `serious` does not stop a publication."""

    question: str
    sentence: str
    serious: bool = True


def problems(questions: Sequence[Question]) -> tuple[Problem, ...]:
    """Everything that is wrong, in the order of the questions."""
    return tuple(_problems(questions))


def check_questions(questions: Sequence[Question]) -> None:
    """Refuse what cannot be answered: an empty questionnaire, two questions of one name, a choice of nothing …"""
    for problem in problems(questions):
        if problem.serious:
            raise Refusal(problem.sentence, status=422)


def _problems(questions: Sequence[Question]) -> Iterator[Problem]:
    if not any(question.kind.answered for question in questions):
        yield Problem("", _("A questionnaire needs at least one question."))
    for name, times in Counter(question.name for question in questions).items():
        if times > 1:
            yield Problem(name, _("Two questions are called %(name)s.") % {"name": name})
    sound = True  # whether every condition so far is understood: else nothing is said about what can hold
    for place, question in enumerate(questions):
        for sentence in (*_name(question), *_text(question), *_answers(question)):
            yield Problem(question.name, sentence)
        wrong = wrong_condition(question, place, questions) if question.condition else ""
        sound = sound and not wrong
        if wrong:
            yield Problem(question.name, wrong)
        elif question.condition and sound and not can_hold(question, questions[:place]):
            sentence = _("%(name)s is never asked: its condition does not hold, whatever is answered before.")
            yield Problem(question.name, sentence % {"name": question.name}, serious=False)
        for sentence in _mentions(question, place, questions):
            yield Problem(question.name, sentence, serious=False)


def _name(question: Question) -> Iterator[str]:
    said = {"name": question.name, "most": LONGEST_NAME}
    if not NAME.fullmatch(question.name) or len(question.name) > LONGEST_NAME:
        yield _("The name %(name)s needs letters, digits and _ only, a letter first, at most %(most)s of them.") % said
    elif SEVERAL in question.name:
        yield _("The name %(name)s holds ___, which stands before the codes of several choices.") % said


def _text(question: Question) -> Iterator[str]:
    worded = question.text is None and question.instrument is not None  # its wording comes in a text pack
    if question.kind is not Kind.KEPT and not worded and not (question.text or "").strip():
        yield _("The question %(name)s has no words yet.") % {"name": question.name}


def _answers(question: Question) -> Iterator[str]:
    said = {"name": question.name}
    if question.kind.offers:
        yield from _options(question)
    if question.kind is Kind.SLIDER and (question.low is None or question.high is None):
        yield _("The question %(name)s needs a smallest and a largest number.") % said
    elif question.low is not None and question.high is not None and question.low >= question.high:
        yield _("The smallest number of %(name)s is not smaller than the largest.") % said
    if not _is_day(question.earliest) or not _is_day(question.latest):
        yield _("The first or the last day of %(name)s is no day like 2026-03-31.") % said
    elif question.earliest and question.latest and question.earliest > question.latest:
        yield _("The first day of %(name)s comes after the last.") % said


def _options(question: Question) -> Iterator[str]:
    said = {"name": question.name}
    if not question.options:
        yield _("The question %(name)s offers no answers.") % said
    for code, times in Counter(option.value for option in question.options).items():
        if not CODE.fullmatch(code):
            yield _("The code “%(code)s” of %(name)s must not hold commas, quotes, brackets or |.") % (
                said | {"code": code}
            )
        elif times > 1:
            yield _("Two answers to %(name)s have the code %(code)s.") % (said | {"code": code})
    if question.kind is Kind.LIKERT and question.options and not question.codes_are_numbers:
        yield _("The answers to %(name)s are steps of a scale, so their codes are whole numbers.") % said


def _is_day(text: str) -> bool:
    try:
        return not text or bool(date.fromisoformat(text))
    except ValueError:
        return False


def wrong_condition(question: Question, place: int, questions: Sequence[Question]) -> str:
    """What is wrong with a condition, "" where nothing is."""
    names = names_before(questions[:place])
    said = {"name": question.name}
    try:
        expression = compiled(question.condition, names)
        # An answer of each kind is compared, so that nothing can go wrong when people answer.
        kinds = {name: kind for one in questions[:place] for name, kind in columns(one).items()}
        expression.evaluate({name: np.array([_SOME[kinds[name]]], dtype=object) for name in expression.names})
    except ExpressionError as error:
        later = _later(question, place, questions)
        return later or _("When to ask %(name)s: %(why)s") % (said | {"why": str(error)})
    return ""


_SOME: Mapping[type, float | str] = {float: 0.0, str: "x"}


def _later(question: Question, place: int, questions: Sequence[Question]) -> str:
    """What is wrong where a condition reads the answer to itself or to a later question; "" where it does not."""
    try:
        read = compiled(question.condition, names_before(questions)).names - names_before(questions[:place])
    except ExpressionError:
        return ""
    for other in questions[place:]:
        if read & columns(other).keys():
            said = {"name": question.name, "other": other.name}
            if other is question:
                return _("%(name)s waits for its own answer.") % said
            if _waits(other, question, questions):
                return _("%(name)s and %(other)s wait for each other.") % said
            return _("%(name)s waits for the answer to %(other)s, which is asked later. Move one of them.") % said
    return ""


def _waits(one: Question, other: Question, questions: Sequence[Question]) -> bool:
    """Whether the condition of a question reads the answer to another, or to one that does."""
    wanted, seen = {one.name}, set[str]()
    while wanted - seen:
        name = min(wanted - seen)
        seen.add(name)
        wanted |= {read for each in questions if each.name == name for read in _reads(each, questions)}
    return other.name in seen


def _reads(question: Question, questions: Sequence[Question]) -> list[str]:
    try:
        read = compiled(question.condition, names_before(questions)).names if question.condition else frozenset()
    except ExpressionError:
        return []
    return [other.name for other in questions if read & columns(other).keys()]


def _mentions(question: Question, place: int, questions: Sequence[Question]) -> Iterator[str]:
    before = {one.name for one in questions[:place] if one.kind.answered}
    for name in mentioned(question):
        if name not in before and any(one.name == name for one in questions[place:]):
            yield _("%(name)s repeats the answer to %(other)s, which is not given yet there.") % {
                "name": question.name,
                "other": name,
            }
