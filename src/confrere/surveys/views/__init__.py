"""The pages of this room: answering by a link, stopping letters by a link, waves, pulses, and writing what is asked."""

from confrere.surveys.views.answering import answer, mine, send, sent, sheet, state, worker
from confrere.surveys.views.drafting import act, add, block, draft, drop, publish
from confrere.surveys.views.parcels import parcel
from confrere.surveys.views.previewing import preview, screen
from confrere.surveys.views.pulses import pulse, pulse_answer, pulses
from confrere.surveys.views.quieting import stop_letters
from confrere.surveys.views.shelving import bring, export, questionnaire, revise, shelf, version
from confrere.surveys.views.waves import refused, rest, text, wave, waves
from confrere.surveys.views.wording import instrument, instruments

__all__ = [
    "act",
    "add",
    "answer",
    "block",
    "bring",
    "draft",
    "drop",
    "export",
    "instrument",
    "instruments",
    "mine",
    "parcel",
    "preview",
    "publish",
    "pulse",
    "pulse_answer",
    "pulses",
    "questionnaire",
    "refused",
    "rest",
    "revise",
    "screen",
    "send",
    "sent",
    "sheet",
    "shelf",
    "state",
    "stop_letters",
    "text",
    "version",
    "wave",
    "waves",
    "worker",
]
