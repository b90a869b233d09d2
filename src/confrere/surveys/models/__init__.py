"""What is asked and what was answered. No row here names a person: a response belongs to a study id."""

from confrere.surveys.models.drafts import Draft, DraftState
from confrere.surveys.models.pulses import (
    Pulse,
    PulseAnswer,
    PulseSealed,
    PulseToken,
)
from confrere.surveys.models.questionnaires import (
    Questionnaire,
    TextPack,
)
from confrere.surveys.models.reminders import (
    LetterKind,
    LetterStop,
    LetterText,
    WavePlan,
)
from confrere.surveys.models.responses import (
    Answer,
    Correction,
    Response,
)

__all__ = [
    "Answer",
    "Correction",
    "Draft",
    "DraftState",
    "LetterKind",
    "LetterStop",
    "LetterText",
    "Pulse",
    "PulseAnswer",
    "PulseSealed",
    "PulseToken",
    "Questionnaire",
    "Response",
    "TextPack",
    "WavePlan",
]
