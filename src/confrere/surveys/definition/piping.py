"""Earlier answers in later texts: ``You said: [ward]`` reads "You said: Surgery"."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from confrere.surveys.definition.branching import asked
from confrere.surveys.definition.fitting import in_words
from confrere.surveys.definition.model import Question, Value

_MENTION = re.compile(r"\[([A-Za-z]\w*)\]")
LONGEST = 200
"""Characters of an answer that are repeated; a longer one is cut."""


def mentioned(question: Question) -> tuple[str, ...]:
    """The names in square brackets in the texts of a question, in order, each once."""
    texts = (question.text or "", question.note, question.low_label, question.high_label)
    labels = (option.label for option in question.options)
    return tuple(dict.fromkeys(name for text in (*texts, *labels) for name in _MENTION.findall(text)))


def piped(question: Question, questions: Sequence[Question], answers: Mapping[str, Value]) -> Question:
    """The question with the answers to earlier questions in its texts; `questions` are those of the whole survey.

    A question that was not answered, or is not asked any more, reads "…". What names no question stays as it is.
    The answers are plain text: whoever shows them has to escape them.
    """
    if not mentioned(question):
        return question
    here = {one.name for one in asked(questions, answers)}
    words = {
        one.name: in_words(one, answers.get(one.name) if one.name in here else None)[:LONGEST] or _("…")
        for one in questions
        if one.kind.answered
    }

    def filled(text: str) -> str:
        return _MENTION.sub(lambda found: words.get(found[1], found[0]), text)

    return replace(
        question,
        text=None if question.text is None else filled(question.text),
        note=filled(question.note),
        low_label=filled(question.low_label),
        high_label=filled(question.high_label),
        options=tuple(replace(option, label=filled(option.label)) for option in question.options),
    )
