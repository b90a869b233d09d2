"""A protocol as frozen data. Days are whole days; offsets count from consent (first wave) or allocation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Literal

from confrere.science.allocation import Arm, Scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolArm:
    """An arm. ``coaching_after`` is the wave that coaching waits for; None is at once, or never for the control."""

    name: str
    title: str
    ratio: int
    control: bool
    coaching_after: str | None

    @property
    def delayed(self) -> bool:
        """Whether coaching comes only after a later wave."""
        return self.coaching_after is not None

    @property
    def coached(self) -> bool:
        """Whether coaching is offered at all: a control that waits for no wave gets none."""
        return self.delayed or not self.control


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """A factor of the stratification: a baseline question and its levels."""

    name: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One possible answer: what is stored, and what is read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question in our own words beside the instruments. ``arms`` names who is asked; empty is everyone."""

    name: str
    kind: Literal["choice", "choices", "number"]
    text: str
    options: tuple[Option, ...]
    required: bool
    low: float | None
    high: float | None
    arms: tuple[str, ...]
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """An assessment: open from day ``offset_days`` for ``window_days`` days, reminded on the days of ``reminders``.

    ``questionnaire`` names a published questionnaire that is asked; empty: one is made of instruments and questions.
    Days count from the draw. ``after`` "first_session" counts them from the day on which the first session was held,
    where coaching starts at once; without a session the wave opens ``latest_days`` after the draw all the same, so that
    whoever never began is asked too. Arms whose coaching comes later always count from the draw.
    """

    name: str
    title: str
    offset_days: int
    window_days: int
    instruments: tuple[str, ...]
    questions: tuple[str, ...]
    reminders: tuple[int, ...] = ()
    questionnaire: str = ""
    after: Literal["allocation", "first_session"] = "allocation"
    latest_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """The coaching that one participant gets: the minutes of each session, all within ``window_days``."""

    minutes: tuple[int, ...]
    window_days: int
    modes: tuple[str, ...]

    @property
    def hours(self) -> float:
        """Coach hours for one participant."""
        return sum(self.minutes) / 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Which text is consented to: its document and version."""

    document: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Irb:
    """What the review board gave: its number, the days of approval and expiry, the text that it stamped.

    ``expires`` is the last day on which people may be enrolled; None where the board set none.
    ``stamped_sha256`` is the hash of the stamped file. ``relying`` are the sites that rely on this board.
    """

    number: str
    board: str
    approved: date | None
    expires: date | None
    stamped_sha256: str | None
    relying: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A Certificate of Confidentiality (42 USC 241(d)): number, funder, and the days between which it is issued."""

    number: str
    funder: str
    issued: date | None
    expires: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Distress:
    """What happens when somebody is in distress: who does what, and who answers. The lines that people read
    stand in `Protocol.distress`."""

    plan: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisSet:
    """Whose rows are analysed: ``keep`` is an expression over `set_columns`, None keeps everyone."""

    name: str
    title: str
    keep: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """The analysis. ``df_stated`` quotes what the source says of degrees of freedom; ``df`` is what we use."""

    sets: tuple[AnalysisSet, ...]
    covariates: tuple[str, ...]
    covariance: str
    estimation: Literal["reml", "ml"]
    df: str
    df_stated: str
    baseline_as: Literal["response", "constrained", "covariate"]
    multiplicity: Literal["none", "holm", "hochberg"]
    level: float
    stated: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An outcome: a score (or cut-off reading) of an instrument, by ``rule`` or the default rule."""

    name: str
    instrument: str
    score: str
    rule: str | None
    kind: Literal["continuous", "binary"]
    role: Literal["primary", "secondary"]
    better: Literal["higher", "lower"]
    mcid: float | None
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """Everything that a trial needs to know before its first letter. ``waves[0]`` is the baseline."""

    id: str
    title: str
    source: str
    registration: str | None
    registered: date | None
    funder: str | None
    sites: tuple[str, ...]
    assumptions: tuple[str, ...]
    unknown: tuple[str, ...]
    cap: int
    goal: int | None
    held_days: int
    order: Literal["first-come", "lottery"]
    closes: date | None
    arms: tuple[ProtocolArm, ...]
    scheme: Scheme
    mode: Literal["rolling", "batch"]
    strata: tuple[Stratum, ...]
    sessions: Sessions
    waves: tuple[Wave, ...]
    questions: tuple[Question, ...]
    consent: Consent
    incentive: str | None
    distress: tuple[str, ...]
    distress_plan: Distress | None
    irb: Irb | None
    certificate: Certificate | None
    analysis: Analysis
    outcomes: tuple[Outcome, ...]
    sha256: str

    @property
    def baseline(self) -> Wave:
        """The wave before allocation."""
        return self.waves[0]

    @property
    def control(self) -> ProtocolArm:
        """The arm that others are compared with."""
        return next(arm for arm in self.arms if arm.control)

    @property
    def allocation_arms(self) -> tuple[Arm, ...]:
        """The arms as the allocation needs them."""
        return tuple(Arm(arm.name, arm.ratio) for arm in self.arms)

    def arm(self, name: str) -> ProtocolArm:
        """The arm of that name; raises KeyError."""
        return {arm.name: arm for arm in self.arms}[name]

    def wave(self, name: str) -> Wave:
        """The wave of that name; raises KeyError."""
        return {wave.name: wave for wave in self.waves}[name]

    def questions_of(self, wave: str, *, arm: str | None = None) -> tuple[Question, ...]:
        """The wave's own questions that are put to this arm, in the wave's order; raises KeyError."""
        by_name = {question.name: question for question in self.questions}
        asked = (by_name[name] for name in self.wave(wave).questions)
        return tuple(question for question in asked if not question.arms or arm in question.arms)

    def stratum(self, answers: Mapping[str, object]) -> str:
        """The label of a participant's stratum, such as ``gender=woman;department_of_medicine=no``.

        Without strata it is ``all``. Raises KeyError where an answer is absent and ValueError where it is no
        level.
        """
        for stratum in self.strata:
            if answers[stratum.name] not in stratum.levels:
                raise ValueError(f"{answers[stratum.name]!r} is no level of {stratum.name}.")
        return _label({stratum.name: str(answers[stratum.name]) for stratum in self.strata})

    def stratum_labels(self) -> tuple[str, ...]:
        """The labels of all strata, in the order of the levels."""
        names = [stratum.name for stratum in self.strata]
        combined = product(*(stratum.levels for stratum in self.strata))
        return tuple(_label(dict(zip(names, levels, strict=True))) for levels in combined)


def _label(levels: Mapping[str, str]) -> str:
    return ";".join(f"{name}={level}" for name, level in levels.items()) or "all"
