"""One binary outcome in one analysis set: a logistic model, answered in proportions of people."""

from dataclasses import dataclass, replace

import numpy as np

from confrere.analysis.errors import InputError
from confrere.analysis.estimands import Estimands
from confrere.analysis.findings import Attenuation, BeforeAfter
from confrere.analysis.frame import Frame, make_frame
from confrere.analysis.panel import Mask, Panel
from confrere.analysis.plan import Outcome, Plan
from confrere.analysis.raw import descriptions, raw_tests
from confrere.analysis.responders import responders
from confrere.analysis.results import Change, Coefficient, Contrast, Joint, Mean, OutcomeResult
from confrere.analysis.words import attenuation_label, before_after_label, change_label, contrast_label
from confrere.science.mixed import ModelError, fieller, make_design
from confrere.science.mixed.design import Matrix, Vector
from confrere.science.mixed.logistic import LogisticFit, fit_logistic
from confrere.science.mixed.proportions import OddsRatio, Proportion, Proportions
from confrere.science.mixed.separation import decided, separating_direction


def analyse_binary(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask) -> OutcomeResult:
    """Raises `InputError` where a value is not 0 or 1 or the data do not allow the model."""
    frame = make_frame(plan, outcome, panel, kept)
    for row, value in zip(frame.rows, frame.values, strict=True):
        if value not in (0.0, 1.0):
            raise panel.columns.error(f"0 or 1 is expected here, not {value:g}.", row=int(row), column=outcome.column)
    try:
        separated = _separate(frame)
        asked = _Asked(separated)
    except ModelError as error:
        raise InputError(f"{outcome.name}: {error}", file=panel.columns.file) from None
    frame, fit = separated.frame, asked.fit
    people = np.unique(panel.person[frame.rows])
    waves, arms = range(len(panel.waves)), range(len(plan.arms))
    means = tuple(asked.mean(a, w) for w in waves for a in arms)
    changes = tuple(asked.change(a, w) for w in waves[1:] for a in arms)
    contrasts = tuple(asked.contrast(a, w) for w in waves[1:] for a in arms[1:])
    joint_tests = asked.joint_tests()
    return OutcomeResult(
        outcome=outcome,
        n_obs=int(frame.rows.size),
        n_participants=int(people.size),
        converged=True,
        warnings=(*panel.warnings, *frame.warnings, *separated.warnings, *asked.warnings),
        loglik=fit.loglik,
        variance={"id": fit.sigma**2},
        covariance=None,
        coefficients=asked.coefficients(),
        descriptions=descriptions(plan, outcome, panel, kept),
        means=means,
        changes=changes,
        contrasts=contrasts,
        joint_tests=joint_tests,
        tests=raw_tests(plan, outcome, panel, kept),
        baseline_sd=float("nan"),
        n_by_arm=tuple(np.bincount(panel.arm_of_person[people], minlength=len(plan.arms)).tolist()),
        responders=responders(plan, outcome, panel, kept),
        attenuations=tuple(asked.attenuation(a, w) for a in arms[1:] for w in waves[2:]),
        before_after=tuple(asked.before_after(start, w) for start, w in panel.after_crossover(plan)),
    )


@dataclass(frozen=True, slots=True)
class _Separated:
    """The frame, which of its rows are fitted, and the directions in which coefficients are infinite."""

    frame: Frame
    matrix: Matrix
    fitted: Mask
    directions: tuple[Vector, ...]
    warnings: tuple[str, ...]


def _separate(frame: Frame) -> _Separated:
    """Find every direction that decides answers; the rows it decides say nothing about the rest."""
    matrix = frame.matrix()
    names, _ = frame.labels
    scaled = matrix / np.maximum(np.abs(matrix).max(axis=0), 1e-300)
    fitted = np.ones(frame.rows.size, dtype=np.bool_)
    directions: list[Vector] = []
    warnings: list[str] = []
    while fitted.any():
        direction = separating_direction(scaled[fitted], frame.values[fitted])
        if direction is None:
            break
        directions.append(direction / np.maximum(np.abs(matrix).max(axis=0), 1e-300))
        out = fitted & decided(scaled, direction)
        fitted &= ~out
        which = ", ".join(name for name, part in zip(names, direction, strict=True) if part)
        what = "left out" if frame.outcome.separation == "drop" else "kept as certain"
        warnings.append(
            f"Separation: {which} predicts the answer of {int(out.sum())} rows without exception, so there is no "
            f"finite estimate; these rows were {what}."
        )
    if not fitted.any():
        raise ModelError("The covariates predict every answer without exception; there is nothing to estimate.")
    if frame.outcome.separation == "drop" and directions:
        rows = frame.rows[fitted]
        inside = np.isin(frame.margin_rows, rows) | ~np.isin(frame.margin_rows, frame.rows)
        frame = replace(
            frame,
            rows=rows,
            margin_rows=frame.margin_rows[inside],
            values=frame.values[fitted],
            baseline=frame.baseline[fitted],
        )
        return _Separated(frame, matrix[fitted], np.ones(rows.size, dtype=np.bool_), (), tuple(warnings))
    return _Separated(frame, matrix, fitted, tuple(directions), tuple(warnings))


class _Asked:
    """The fitted logistic model, ready to answer; what it cannot answer becomes None and a warning."""

    def __init__(self, separated: _Separated) -> None:
        frame = separated.frame
        names, terms = frame.labels
        design = make_design(separated.matrix[separated.fitted], names, terms)
        person = np.unique(frame.person[separated.fitted], return_inverse=True)[1]
        self.fit: LogisticFit = fit_logistic(design, frame.values[separated.fitted], person)
        self._frame, self._plan, self._outcome = frame, frame.plan, frame.outcome
        self._directions = separated.directions
        self._proportions = Proportions(self.fit, level=frame.outcome.model.level)
        self._ask = Estimands(frame)
        self.warnings: list[str] = []
        if not separated.directions:
            self.warnings += [f"{name} was dropped: the earlier columns say the same." for name in design.dropped]
        if self.fit.sigma == 0:
            self.warnings.append("The variance between participants is estimated as zero (a boundary).")

    def coefficients(self) -> tuple[Coefficient, ...]:
        names = self.fit.design.names
        infinite = {j for direction in self._directions for j in np.flatnonzero(direction).tolist()}
        kept = set(self.fit.design.kept.tolist())
        return tuple(
            Coefficient(names[j], None if j in infinite else self._proportions.coefficient(j))
            for j in sorted(kept | infinite)
        )

    def mean(self, arm: int, wave: int) -> Mean:
        asked, name, at = self._marginal(arm, wave), self._plan.arms[arm], self._frame.panel.waves[wave]
        if asked is None:
            self.warnings.append(f"There is no proportion of {name} at {at}: the data cannot tell.")
            return Mean(name, at, None)
        row = self._ask.mean(arm, wave)
        conditional = self._proportions.conditional(row) if self.fit.design.estimable(row) else None
        return Mean(name, at, self._proportions.estimate(asked), conditional)

    def change(self, arm: int, wave: int) -> Change:
        name, at = self._plan.arms[arm], self._frame.panel.waves[wave]
        base, asked = self._marginal(arm, 0), self._difference(arm, wave)
        value = None if asked is None else self._proportions.estimate(asked)
        crossed = arm == 0 and self._frame.panel.crossed_over(self._plan, wave)
        label = change_label(self._plan, self._outcome, arm=name, wave=at, value=value, crossed_over=crossed)
        if asked is None or base is None or value is None:
            return Change(name, at, None, None, None, label)
        interval = fieller(
            numerator=asked.value,
            denominator=base.value,
            variance_numerator=value.se**2,
            variance_denominator=self._proportions.covariance_of(base, base),
            covariance=self._proportions.covariance_of(base, asked),
            quantile=self._proportions.quantile,
        )
        percent = 100 * asked.value / base.value if base.value else None
        ends = None if interval is None else (100 * interval[0], 100 * interval[1])
        return Change(name, at, value, percent, ends, label, self._odds(self._ask.change(arm, wave)))

    def contrast(self, arm: int, wave: int) -> Contrast:
        name, at = self._plan.arms[arm], self._frame.panel.waves[wave]
        asked = self._contrast(arm, wave)
        value = None if asked is None else self._proportions.estimate(asked)
        label = contrast_label(
            self._plan,
            self._outcome,
            arm=name,
            wave=at,
            value=value,
            crossed_over=self._frame.panel.crossed_over(self._plan, wave),
        )
        return Contrast(name, at, value, None, None, label, self._odds(self._ask.contrast(arm, wave)))

    def attenuation(self, arm: int, wave: int) -> Attenuation:
        """The difference in change at a later wave over that at the first wave after the baseline."""
        start, later = self._contrast(arm, 1), self._contrast(arm, wave)
        ratio, interval = None, None
        if start is not None and later is not None and start.value:
            ratio = later.value / start.value
            interval = fieller(
                numerator=later.value,
                denominator=start.value,
                variance_numerator=self._proportions.covariance_of(later, later),
                variance_denominator=self._proportions.covariance_of(start, start),
                covariance=self._proportions.covariance_of(start, later),
                quantile=self._proportions.quantile,
            )
        name, at, since = self._plan.arms[arm], self._frame.panel.waves[wave], self._frame.panel.waves[1]
        crossed = self._frame.panel.crossed_over(self._plan, wave)
        label = attenuation_label(
            self._plan, self._outcome, arm=name, wave=at, since=since, ratio=ratio, interval=interval, crossed=crossed
        )
        return Attenuation(name, at, since, ratio, interval, label)

    def before_after(self, start: int, wave: int) -> BeforeAfter:
        """The control arm's change since ``start``, after which it began the intervention."""
        asked = self._since(0, wave, start)
        value = None if asked is None else self._proportions.estimate(asked)
        name, since, at = self._plan.control, self._frame.panel.waves[start], self._frame.panel.waves[wave]
        label = before_after_label(self._outcome, arm=name, start=since, wave=at, value=value)
        return BeforeAfter(name, since, at, value, label)

    def joint_tests(self) -> tuple[Joint, ...]:
        found = []
        for effect, rows in self._ask.effects():
            if self.fit.design.estimable(rows):
                found.append(Joint(effect, self._proportions.joint(rows)))
            else:
                self.warnings.append(f"There is no joint test of {effect}: some of its cells have no data.")
        return tuple(found)

    def _marginal(self, arm: int, wave: int) -> Proportion | None:
        rows = self._ask.population(arm, wave)
        certain = np.zeros(rows.shape[0])
        for direction in self._directions:
            pushed = rows @ direction
            certain = np.where((certain == 0) & (np.abs(pushed) > 1e-6), np.sign(pushed), certain)
        if not self.fit.design.estimable(rows[certain == 0]):
            return None
        return self._proportions.marginal(rows, certain)

    def _difference(self, arm: int, wave: int) -> Proportion | None:
        return self._since(arm, wave, 0)

    def _since(self, arm: int, wave: int, start: int) -> Proportion | None:
        later, base = self._marginal(arm, wave), self._marginal(arm, start)
        return None if later is None or base is None else later - base

    def _contrast(self, arm: int, wave: int) -> Proportion | None:
        own, other = self._difference(arm, wave), self._difference(0, wave)
        return None if own is None or other is None else own - other

    def _odds(self, row: Vector) -> OddsRatio | None:
        return self._proportions.odds_ratio(row) if self.fit.design.estimable(row) else None
