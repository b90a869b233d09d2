"""Do those who take part resemble those who could? Counts beside counts, with what would point at few left out."""

from dataclasses import dataclass

import numpy as np

from confrere.science.disclosure import releasable
from confrere.surveys import queries as answered
from confrere.trial.models import Allocation, Demographic, Trial, TrialState
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
    """One question. there: all of the institution that were counted for it."""

    question: str
    text: str
    levels: tuple[Level, ...]
    here: int
    there: int


def factors(trial: Trial) -> list[Question]:
    """The baseline's own questions with one answer out of a list."""
    read = protocol(trial)
    return [question for question in read.questions_of(read.baseline.name) if question.kind == "choice"]


def counted(trial: Trial) -> list[list[str]]:
    """The study ids that each step adds, in the order of the draws; the rest once recruitment has ended."""
    ids = list(Allocation.objects.filter(trial=trial).order_by("pk").values_list("study_id", flat=True))
    whole = len(ids) if trial.state == TrialState.PUBLISHED else len(ids) - len(ids) % STEP
    ends = sorted({*range(STEP, whole + 1, STEP), whole} - {0})
    return [ids[:end] for end in ends]


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
    given = np.array([[answers[one].get(name) == value for one in everyone] for name, value in cells], dtype=bool)
    shown = _shown(given.reshape(len(cells), len(everyone)), [len(step) for step in steps])
    found = {(row.question, row.level): row.count for row in Demographic.objects.filter(trial=trial)}
    here = {cell: int(given[number].sum()) if number in shown else None for number, cell in enumerate(cells)}
    return [_compared(question, here, found, len(everyone)) for question in questions]


def _compared(
    question: Question, here: dict[tuple[str, str], int | None], found: dict[tuple[str, str], int], everyone: int
) -> Compared:
    levels = tuple(
        Level(option.value, option.label, here[question.name, option.value], found.get((question.name, option.value)))
        for option in question.options
    )
    there = sum(level.there or 0 for level in levels)
    return Compared(question.name, question.text, levels, everyone, there)


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
