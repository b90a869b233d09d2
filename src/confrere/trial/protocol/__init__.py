"""A protocol: one TOML file that says who may join, what is drawn, asked, offered and analysed.

Here it is read, checked and hashed, and its analysis plan is written. Pure: no Django and no clock. The
trial room's actions and queries enter, and the command line.
"""

from confrere.trial.protocol.capacity import Capacity, Window, capacity, windows
from confrere.trial.protocol.changes import Change, Line, lines, touches_locked, values
from confrere.trial.protocol.model import (
    Analysis,
    AnalysisSet,
    Certificate,
    Consent,
    Distress,
    Irb,
    Option,
    Outcome,
    Protocol,
    ProtocolArm,
    Question,
    Sessions,
    Stratum,
    Wave,
)
from confrere.trial.protocol.plan import analysis_plan, set_columns
from confrere.trial.protocol.reading import load_protocol, protocol_sha256
from confrere.trial.protocol.shipped import shipped_protocol, shipped_protocols
from confrere.trial.protocol.writing import write_protocol

__all__ = [
    "Analysis",
    "AnalysisSet",
    "Capacity",
    "Certificate",
    "Change",
    "Consent",
    "Distress",
    "Irb",
    "Line",
    "Option",
    "Outcome",
    "Protocol",
    "ProtocolArm",
    "Question",
    "Sessions",
    "Stratum",
    "Wave",
    "Window",
    "analysis_plan",
    "capacity",
    "lines",
    "load_protocol",
    "protocol_sha256",
    "set_columns",
    "shipped_protocol",
    "shipped_protocols",
    "touches_locked",
    "values",
    "windows",
    "write_protocol",
]
