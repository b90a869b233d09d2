"""A simulated physician fills in a questionnaire: scales from their course, everything else from the paper's shares."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from confrere.surveys.definition import Question, Value
from confrere.web.demo.answers import answers
from confrere.web.demo.cast import Physician

#: Shares of the options of Kiser's Tables 1 and 4 and of the fidelity questions, in the questions' own values.
#: An option that is not named gets no one; a question that is not named is answered by chance.
SHARES: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "age_group": {"31_40": 56, "41_50": 53, "51_60": 19, "over_60": 10},
        "relationship": {"single": 14, "married": 108, "divorced_or_separated": 9, "partner": 7},
        "employment": {"full_time": 122, "part_time": 16},
        "clinical_role": {"procedural": 40, "nonprocedural": 98},
        "faculty_appointment": {
            "instructor": 67,
            "assistant_professor": 51,
            "associate_professor": 14,
            "full_professor": 6,
        },
        "race_ethnicity": {"asian": 39, "black": 3, "hispanic_latinx_spanish": 9, "white": 93, "other": 6},
        "caregiving_outside_work": {"yes": 108, "no": 30},
        "prior_certified_coaching": {"yes": 31, "no": 107},
    }
)


def fill_in(physician: Physician, questions: Sequence[Question], *, later: bool, coached: bool) -> dict[str, Value]:
    """An answer to every question; the same ones for the same physician and wave."""
    rng = np.random.default_rng([physician.seed, int(later)])
    scales = answers(seed=physician.seed, items=[question.name for question in questions], later=later, coached=coached)
    own: dict[str, Value] = {
        "gender": physician.gender,
        "department_of_medicine": physician.department_of_medicine,
    }
    return {
        question.name: own[question.name] if question.name in own else _answer(question, scales, rng)
        for question in questions
    }


def _answer(question: Question, scales: Mapping[str, float], rng: np.random.Generator) -> Value:
    if question.name in scales:
        return _as_typed(question, scales[question.name])
    if question.options:
        values = [option.value for option in question.options]
        weights = np.array([SHARES.get(question.name, {}).get(value, 0.0) for value in values])
        weights = weights / weights.sum() if weights.any() else np.full(len(values), 1 / len(values))
        if question.kind == "choices":
            return [str(value) for value in values if rng.random() < 0.4] or [values[0]]
        return str(rng.choice(values, p=weights))
    low, high = question.low or 0.0, question.high or 40.0
    return float(np.clip(np.rint(rng.gamma(1.7, 7.2)), low, high))


def _as_typed(question: Question, code: float) -> Value:
    """A code as a form would send it."""
    return str(int(code)) if question.options else code
