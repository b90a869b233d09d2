"""One outcome in one analysis set: fit the model, ask it the trial's questions, describe the raw values."""

import numpy as np

from confrere.analysis.binary import analyse_binary
from confrere.analysis.errors import InputError
from confrere.analysis.estimands import Estimands
from confrere.analysis.frame import Frame, make_frame
from confrere.analysis.panel import Mask, Panel
from confrere.analysis.plan import Outcome, Plan
from confrere.analysis.raw import baseline_sd, descriptions, raw_tests
from confrere.analysis.results import Change, Coefficient, Contrast, Joint, Mean, OutcomeResult
from confrere.analysis.words import change_label, contrast_label
from confrere.science.mixed import (
    Design,
    Estimate,
    Fit,
    Inference,
    ModelError,
    fieller,
    fit_strata,
    independent,
    make_design,
    random_intercept,
)
from confrere.science.mixed.covariance import STRUCTURES
from confrere.science.mixed.design import Vector
from confrere.science.mixed.general import fit_general
from confrere.science.mixed.patterns import make_patterns


def analyse(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask) -> OutcomeResult:
    """The model that the outcome's kind asks for, and everything about it."""
    found = analyse_binary if outcome.kind == "binary" else analyse_continuous
    return found(plan, outcome, panel, kept)


def analyse_continuous(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask) -> OutcomeResult:
    """Raises `InputError` that names the outcome where the data do not allow its model."""
    frame = make_frame(plan, outcome, panel, kept)
    try:
        fit, warnings = _fit(frame)
        asked = _Asked(frame, fit)
    except ModelError as error:
        raise InputError(f"{outcome.name}: {error}", file=panel.columns.file) from None
    sd = outcome.sd if outcome.sd is not None else baseline_sd(plan, outcome, panel, kept)
    waves = range(1, len(panel.waves))
    arms = range(len(plan.arms))
    people = np.unique(panel.person[frame.rows])
    means = tuple(asked.mean(a, w) for w in range(frame.first, len(panel.waves)) for a in arms)
    changes = tuple(asked.change(a, w) for w in waves for a in arms)
    joint_tests = asked.joint_tests()
    return OutcomeResult(
        outcome=outcome,
        n_obs=fit.n_obs,
        n_participants=int(people.size),
        converged=_converged(fit),
        warnings=(*panel.warnings, *frame.warnings, *warnings, *_boundary(fit), *asked.warnings),
        loglik=fit.loglik,
        variance=_variance(fit),
        covariance=_covariance(fit),
        coefficients=asked.coefficients(),
        descriptions=descriptions(plan, outcome, panel, kept),
        means=means,
        changes=changes,
        contrasts=tuple(asked.contrast(a, w, sd) for w in waves for a in arms if a),
        joint_tests=joint_tests,
        tests=raw_tests(plan, outcome, panel, kept),
        baseline_sd=sd,
        n_by_arm=tuple(np.bincount(panel.arm_of_person[people], minlength=len(plan.arms)).tolist()),
    )


def _fit(frame: Frame) -> tuple[Fit, list[str]]:
    names, terms = frame.labels
    design = make_design(frame.matrix(), names, terms)
    warnings = [f"{name} was dropped: the earlier columns say the same." for name in design.dropped]
    if frame.first and frame.person.max() + 1 == frame.person.size:
        warnings.append("Everybody has one row, so the model has no random participant effect.")
        return fit_strata(independent(design, frame.values), design, frame.outcome.model.estimation), warnings
    return _mixed(frame, design), warnings


def _mixed(frame: Frame, design: Design) -> Fit:
    model = frame.outcome.model
    if model.covariance == "random-intercept":
        return fit_strata(random_intercept(design, frame.values, frame.person), design, model.estimation)
    wave = frame.panel.wave[frame.rows] - frame.first
    patterns = make_patterns(design, frame.values, frame.person, wave)
    return fit_general(patterns, design, STRUCTURES[model.covariance], model.estimation)


def _boundary(fit: Fit) -> list[str]:
    if fit.free.all():
        return []
    return [
        (
            "The variance between participants is estimated as zero (a boundary): observations of one person "
            "agree no more than those of different people."
        )
    ]


def _variance(fit: Fit) -> dict[str, float] | None:
    """The two variances where the structure has them."""
    if fit.parameters[-1] != "residual":
        return None
    return dict(zip(fit.parameters, fit.theta.tolist(), strict=True))


def _covariance(fit: Fit) -> tuple[tuple[float, ...], ...] | None:
    """The matrix over the waves for every other structure."""
    if fit.covariance_of_waves is None or fit.parameters[-1] == "residual":
        return None
    return tuple(tuple(row) for row in fit.covariance_of_waves.tolist())


def _converged(fit: Fit) -> bool:
    """Whether the likelihood is flat in every variance that is not on its boundary, and curved."""
    free = np.ix_(fit.free, fit.free)
    curved = bool(np.all(np.linalg.eigvalsh(fit.observed[free]) > 0))
    step = np.linalg.solve(fit.observed[free], fit.score[fit.free])
    return curved and bool(np.all(np.abs(step) <= 1e-6 * np.abs(fit.theta).sum()))


class _Asked:
    """The fitted model, ready to answer; what it cannot answer becomes None and a warning."""

    def __init__(self, frame: Frame, fit: Fit) -> None:
        model = frame.outcome.model
        self._frame, self._plan, self._outcome = frame, frame.plan, frame.outcome
        self._inference = Inference(fit, method=model.df, level=model.level)
        self._design: Design = fit.design
        self._ask = Estimands(frame)
        self.warnings: list[str] = []

    def coefficients(self) -> tuple[Coefficient, ...]:
        names = self._design.names
        return tuple(Coefficient(names[j], self._inference.coefficient(j)) for j in self._design.kept.tolist())

    def mean(self, arm: int, wave: int) -> Mean:
        value = self._value(self._ask.mean(arm, wave))
        if value is None:
            self.warnings.append(
                f"There is no mean of {self._plan.arms[arm]} at {self._wave(wave)}: the data cannot tell."
            )
        return Mean(self._plan.arms[arm], self._wave(wave), value)

    def change(self, arm: int, wave: int) -> Change:
        row = self._ask.change(arm, wave)
        value = self._value(row, minus=self._ask.baseline_mean if self._frame.first else 0.0)
        name, at = self._plan.arms[arm], self._wave(wave)
        label = change_label(self._plan, self._outcome, arm=name, wave=at, value=value)
        percent, interval = (None, None) if value is None else self._percent(arm, row, value)
        if percent is not None and interval is None:
            self.warnings.append(
                f"No interval for the percent change of {name} at {at}: the baseline is not clearly away from zero."
            )
        return Change(name, at, value, percent, interval, label)

    def contrast(self, arm: int, wave: int, sd: float) -> Contrast:
        value = self._value(self._ask.contrast(arm, wave))
        name, at = self._plan.arms[arm], self._wave(wave)
        standardized = value.estimate / sd if value is not None and sd > 0 else None
        label = contrast_label(
            self._plan,
            self._outcome,
            arm=name,
            wave=at,
            value=value,
            crossed_over=self._frame.panel.crossed_over(self._plan, wave),
        )
        return Contrast(name, at, value, standardized, None, label)

    def joint_tests(self) -> tuple[Joint, ...]:
        found = []
        for effect, rows in self._ask.effects():
            if self._design.estimable(rows):
                found.append(Joint(effect, self._inference.joint(rows, term=effect)))
            else:
                self.warnings.append(f"There is no joint test of {effect}: some of its cells have no data.")
        return tuple(found)

    def _value(self, row: Vector, *, minus: float = 0.0) -> Estimate | None:
        if not self._design.estimable(row):
            return None
        return self._inference.contrast(row, term="arm:time", minus=minus)

    def _percent(self, arm: int, row: Vector, value: Estimate) -> tuple[float | None, tuple[float, float] | None]:
        """Change over baseline in percent, with Fieller's interval."""
        if self._frame.first:
            base, variance, covariance = self._ask.baseline_mean, 0.0, 0.0
        else:
            start = self._ask.mean(arm, 0)
            if not self._design.estimable(start):
                return None, None
            base = self._inference.value(start)
            variance = self._inference.covariance_of(start, start)
            covariance = self._inference.covariance_of(start, row)
        if abs(base) <= 1e-9 * value.se:
            return None, None
        interval = fieller(
            numerator=value.estimate,
            denominator=base,
            variance_numerator=value.se**2,
            variance_denominator=variance,
            covariance=covariance,
            quantile=self._inference.quantile(value.df),
        )
        percent = 100 * value.estimate / base
        return percent, None if interval is None else (100 * interval[0], 100 * interval[1])

    def _wave(self, wave: int) -> str:
        return self._frame.panel.waves[wave]
