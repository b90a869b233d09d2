"""The guided steps of a protocol: forms over the tables of its TOML. What a form does not know stays as it was."""

from confrere.trial.editing.carry import CarryForm
from confrere.trial.editing.papers import AmendForm, BeginForm, EventForm, StampedForm, TextForm
from confrere.trial.editing.steps import STEPS, Step, read_data, step_of
from confrere.trial.editing.tables import TableForm
from confrere.trial.editing.whatif import WhatIfForm, alternatives, assumed, labels, power

__all__ = [
    "STEPS",
    "AmendForm",
    "BeginForm",
    "CarryForm",
    "EventForm",
    "StampedForm",
    "Step",
    "TableForm",
    "TextForm",
    "WhatIfForm",
    "alternatives",
    "assumed",
    "labels",
    "power",
    "read_data",
    "step_of",
]
