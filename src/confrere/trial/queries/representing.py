"""Do those who take part resemble those who could? Counts beside counts, with what would point at few left out."""

from dataclasses import dataclass, replace

import numpy as np

from confrere.science.disclosure import releasable
from confrere.surveys import queries as answered
from confrere.surveys.definition import Value
from confrere.trial.models import Allocation, Demographic, Trial, TrialState, Withdrawal, WithdrawalKind
from confrere.trial.protocol import Question
from confrere.trial.queries.trials import protocol

SMALLEST = 5
#: Participants are counted in steps of so many, in the order of the draws: whoever watches the table change learns
#: about a group, never about the last one who came.
STEP = 25


@dataclass(frozen=True, slots=True)
class Level:
    """One answer. here: of those who take part, None where it is hidden. there: of the institution, if known."""

    value: str
    label: str
    here: int | None
    there: int | None


@dataclass(frozen=True, slots=True)
class Compared:
    """One question. there: all of the institution that were counted for it; 0 where that is not known.

    several: more than one answer can be given, so the levels do not add up to everyone.
    """

    question: str
    text: str
    levels: tuple[Level, ...]
    here: int
    there: int
    several: bool


def factors(trial: Trial) -> list[Question]:
    """The baseline's own questions with one answer, or several, out of a list."""
    read = protocol(trial)
    return [question for question in read.questions_of(read.baseline.name) if question.kind in {"choice", "choices"}]


def counted(trial: Trial) -> list[list[str]]:
    """The study ids up to the end of each step, in the order of the draws; the rest once recruitment has ended.

    A step with somebody who took the answers back is not counted any more, nor are those after it: held against what
    was shown before, the table would tell what that one person had answered.
    """
    ids = list(Allocation.objects.filter(trial=trial).order_by("pk").values_list("study_id", flat=True))
    whole = len(ids) if trial.state == TrialState.PUBLISHED else len(ids) - len(ids) % STEP
    gone = set(
        Withdrawal.objects.filter(trial=trial, kind=WithdrawalKind.DATA, taken_back_on=None).values_list(
            "study_id", flat=True
        )
    )
    whole_steps = next((place for place, one in enumerate(ids) if one in gone), len(ids))
    ends = sorted({*range(STEP, whole + 1, STEP), whole} - {0})
    return [ids[:end] for end in ends if end <= whole_steps]


def compared(trial: Trial) -> list[Compared]:
    """Each question with what can be shown. Cells under five, and those from which they would follow, are None.

    What was shown at an earlier step is public for ever, so each step is checked together with all before it.
    """
    questions, steps = factors(trial), counted(trial)
    if not steps:
        return []
    answers = answered.answers(programme=trial.programme_id, wave=protocol(trial).baseline.name)
    everyone = steps[-1]
    cells = [(question.name, option.value) for question in questions for option in question.options]
    given = np.array([[_gave(answers[one].get(name), value) for one in everyone] for name, value in cells], dtype=bool)
    shown = _shown(given.reshape(len(cells), len(everyone)), [len(step) for step in steps])
    found = {(row.question, row.level): row.count for row in Demographic.objects.filter(trial=trial)}
    here = {cell: int(given[number].sum()) if number in shown else None for number, cell in enumerate(cells)}
    rows = [_compared(question, here, found, len(everyone)) for question in questions]
    # Of several answers only the people can be the whole: as many as another question counts at most.
    people = max((row.there for row in rows if not row.several), default=0)
    return [replace(row, there=people) if row.several else row for row in rows]


def _gave(answer: Value, value: str) -> bool:
    """Whether an answer is, or holds, this one of a list."""
    return value in answer if isinstance(answer, list) else answer == value


def _compared(
    question: Question, here: dict[tuple[str, str], int | None], found: dict[tuple[str, str], int], everyone: int
) -> Compared:
    levels = tuple(
        Level(option.value, option.label, here[question.name, option.value], found.get((question.name, option.value)))
        for option in question.options
    )
    there = sum(level.there or 0 for level in levels)
    return Compared(question.name, question.text, levels, everyone, there, question.kind == "choices")


def _shown(given: np.ndarray[tuple[int, int], np.dtype[np.bool_]], ends: list[int]) -> frozenset[int]:
    """Which cells of the last step can be shown, after everything that the steps before it showed.

    given: (cells, people) who is in which cell. A cell of which nobody is a member tells of nobody.
    """
    people = given.shape[1]
    public: list[np.ndarray[tuple[int], np.dtype[np.bool_]]] = []
    shown: frozenset[int] = frozenset()
    for end in ends:
        inside = np.arange(people) < end
        rows = [inside, *(cell & inside for cell in given)]
        order = sorted(range(1, len(rows)), key=lambda row: (-int(rows[row].sum()), row))
        members = np.array([*public, rows[0], *(rows[row] for row in order)])
        released = len(public) + 1
        fits = releasable(members, smallest=SMALLEST, released=tuple(range(released)))
        shown = frozenset(order[cell - released] - 1 for cell in fits)
        public += [rows[0], *(members[cell] for cell in fits)]
    return shown
