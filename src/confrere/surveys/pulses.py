"""Reading what a pulse found: one table for each question, groups of five or more, and nothing about one person."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from confrere.surveys import queries
from confrere.surveys.definition import Kind, Question
from confrere.surveys.models import Pulse, PulseAnswer, Questionnaire

FEWEST = 5


@dataclass(frozen=True, slots=True)
class Found:
    """The answers to one question. counts: by answer, None where it is hidden; mean: of a slider, to one decimal."""

    text: str
    counts: tuple[tuple[str, int | None], ...]
    mean: float | None


def of_programme(programme: int) -> list[Pulse]:
    """The pulses of a programme, the newest first."""
    return list(Pulse.objects.filter(programme=programme).select_related("questionnaire").order_by("-pk"))


def fitting_questionnaires(programme: int) -> list[Questionnaire]:
    """The newest version of each questionnaire whose questions are closed, by title."""
    rows = Questionnaire.objects.filter(programme=programme).order_by("slug", "-version").distinct("slug")
    return sorted((row for row in rows if is_closed(queries.questions(row))), key=lambda row: row.title)


def is_closed(questions: tuple[Question, ...]) -> bool:
    """Whether every question is chosen or slid, put to everybody, and must be answered: no words, no gaps."""
    kinds = {Kind.LIKERT, Kind.CHOICE, Kind.CHOICES, Kind.SLIDER}
    return bool(questions) and all(each.kind in kinds and each.required and not each.condition for each in questions)


def found(pulse: Pulse) -> list[Found]:
    """What a pulse found, question by question; nothing before its end, and nothing of fewer than five."""
    if pulse.answered is None:
        return []
    values: dict[str, list[object]] = {}
    for question, value in PulseAnswer.objects.filter(pulse=pulse).values_list("question", "value"):
        values.setdefault(question, []).append(value)
    return [_found(each, values[each.name], pulse.answered) for each in queries.questions(pulse.questionnaire)]


def _found(question: Question, values: list[object], answered: int) -> Found:
    text = question.text or ""
    if question.kind is Kind.SLIDER:
        return Found(text, (), round(sum(float(str(value)) for value in values) / answered, 1))
    chosen = Counter(str(one) for value in values for one in (value if isinstance(value, list) else [value]))
    counts = {option.value: chosen[option.value] for option in question.options}
    hidden = _each_alone(counts, answered) if question.kind is Kind.CHOICES else _together(counts)
    shown = ((each.label, None if each.value in hidden else counts[each.value]) for each in question.options)
    return Found(text, tuple(shown), None)


def _each_alone(counts: Mapping[str, int], answered: int) -> set[str]:
    """Of several choices each stands alone: hidden where fewer than five chose it, or fewer than five did not.

    Nought and everybody are hidden too: each says something about every single person.
    """
    return {name for name, count in counts.items() if not FEWEST <= count <= answered - FEWEST}


def _together(counts: Mapping[str, int]) -> set[str]:
    """Of one choice the counts add up: what is hidden is five people or more, in two cells or more."""
    hidden = {name for name, count in counts.items() if count < FEWEST}
    while hidden and (len(hidden) < 2 or sum(counts[name] for name in hidden) < FEWEST) and len(hidden) < len(counts):
        hidden.add(min((name for name in counts if name not in hidden), key=lambda name: (counts[name], name)))
    return hidden
