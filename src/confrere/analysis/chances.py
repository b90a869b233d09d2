"""A fitted logistic model, asked the trial's questions in proportions; what it cannot answer becomes None."""

import numpy as np
from scipy.special import chdtrc

from confrere.analysis.estimands import Estimands
from confrere.analysis.findings import Attenuation, BeforeAfter
from confrere.analysis.results import Change, Coefficient, Contrast, Joint, Mean
from confrere.analysis.separated import Separated
from confrere.analysis.words import attenuation_label, before_after_label, change_label, contrast_label
from confrere.science.mixed import Design, Estimate, JointTest, fieller, make_design
from confrere.science.mixed.design import Vector
from confrere.science.mixed.logistic import LogisticFit, fit_logistic, fit_ordinary
from confrere.science.mixed.proportions import OddsRatio, Proportion, Proportions


class Chances:
    """The fitted logistic model, ready to answer; what it cannot answer becomes None and a warning."""

    def __init__(self, separated: Separated) -> None:
        frame = separated.frame
        names, terms = frame.labels
        design = make_design(separated.matrix[separated.fitted], names, terms)
        self.fit: LogisticFit = _fitted(separated, design)
        self._frame, self._plan, self._outcome = frame, frame.plan, frame.outcome
        self._directions = separated.directions
        self._proportions = Proportions(self.fit, level=frame.outcome.model.level)
        self._ask = Estimands(frame)
        self.warnings: list[str] = []
        if not separated.directions:
            self.warnings += [f"{name} was dropped: the earlier columns say the same." for name in design.dropped]
        if not self.fit.random and separated.warnings:
            self.warnings.append(
                "Without the answers that are predicted without exception everybody has one left, so there is no "
                "random participant effect; odds ratios are about proportions of people, not about one person."
            )
        elif not self.fit.random:
            self.warnings.append("Everybody has one row, so the model has no random participant effect.")
        elif self.fit.sigma == 0:
            self.warnings.append("The variance between participants is estimated as zero (a boundary).")

    def coefficients(self) -> tuple[Coefficient, ...]:
        """Those of the kept columns; None where separation makes one infinite."""
        names = self.fit.design.names
        infinite = {j for direction in self._directions for j in np.flatnonzero(direction).tolist()}
        kept = set(self.fit.design.kept.tolist())
        return tuple(
            Coefficient(names[j], None if j in infinite else self._proportions.coefficient(j))
            for j in sorted(kept | infinite)
        )

    def mean(self, arm: int, wave: int) -> Mean:
        """Of one arm at one wave, marginal and for the median person."""
        asked, name, at = self._marginal(arm, wave), self._plan.arms[arm], self._frame.panel.waves[wave]
        if asked is None:
            self.warnings.append(f"There is no proportion of {name} at {at}: the data cannot tell.")
            return Mean(name, at, None)
        row = self._ask.mean(arm, wave)
        conditional = self._proportions.conditional(row) if self.fit.design.estimable(row) else None
        return Mean(name, at, self._proportions.estimate(asked), conditional)

    def change(self, arm: int, wave: int) -> Change:
        """From the baseline, with its part of the baseline proportion."""
        name, at = self._plan.arms[arm], self._frame.panel.waves[wave]
        base, asked = self._start(arm, 0), self._difference(arm, wave)
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
        odds = None if self._frame.first else self._odds(self._ask.change(arm, wave))
        return Change(name, at, value, percent, ends, label, odds)

    def contrast(self, arm: int, wave: int) -> Contrast:
        """The arm's change less the control's."""
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
        label = before_after_label(self._plan, self._outcome, arm=name, start=since, wave=at, value=value)
        return BeforeAfter(name, since, at, value, label)

    def joint_tests(self) -> tuple[Joint, ...]:
        """Of every effect but the intercept."""
        found = []
        for effect, rows in self._ask.effects():
            if self.fit.design.estimable(rows):
                found.append(Joint(effect, self._proportions.joint(rows)))
            else:
                self.warnings.append(f"There is no joint test of {effect}: some of its cells have no data.")
        return tuple(found)

    def among(self, arm: int, wave: int, level: Vector) -> Proportion | None:
        """The difference in change of proportions among one level of the frame's subgroup."""
        cells = [self._start(a, w, level) for a, w in ((arm, wave), (arm, 0), (0, wave), (0, 0))]
        if any(cell is None for cell in cells):
            return None
        own, base, other, start = (cell for cell in cells if cell is not None)
        return (own - base) - (other - start)

    def joint(self, asked: list[Proportion]) -> JointTest:
        """Wald test that several differences are zero together, as an F with infinite denominator."""
        values = np.array([one.value for one in asked])
        covariance = np.array([[self._proportions.covariance_of(one, two) for two in asked] for one in asked])
        wald = float(values @ np.linalg.solve(covariance, values)) / values.size
        return JointTest(wald, values.size, float("inf"), float(chdtrc(values.size, values.size * wald)))

    def estimate(self, asked: Proportion) -> Estimate:
        """With its interval."""
        return self._proportions.estimate(asked)

    def _marginal(self, arm: int, wave: int, among: Vector | None = None) -> Proportion | None:
        rows = self._ask.population(arm, wave, among)
        if not rows.shape[0]:
            return None
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
        later, base = self._marginal(arm, wave), self._start(arm, start)
        return None if later is None or base is None else later - base

    def _start(self, arm: int, wave: int, among: Vector | None = None) -> Proportion | None:
        """A marginal proportion; before the first wave of the model the observed one, a known number."""
        if wave < self._frame.first:
            return Proportion(self._ask.baseline_mean, np.zeros(self.fit.covariance.shape[0]))
        return self._marginal(arm, wave, among)

    def _contrast(self, arm: int, wave: int) -> Proportion | None:
        own, other = self._difference(arm, wave), self._difference(0, wave)
        return None if own is None or other is None else own - other

    def _odds(self, row: Vector) -> OddsRatio | None:
        return self._proportions.odds_ratio(row) if self.fit.design.estimable(row) else None


def _fitted(separated: Separated, design: Design) -> LogisticFit:
    """With a random intercept, unless everybody has one row: because the baseline is a covariate, or because
    separation decides the others."""
    frame, firth = separated.frame, separated.frame.outcome.separation == "firth"
    values = frame.values[separated.fitted]
    person = np.unique(frame.person[separated.fitted], return_inverse=True)[1]
    if (frame.first or separated.directions) and int(person.max()) + 1 == person.size:
        return fit_ordinary(design, values, firth=firth)
    return fit_logistic(design, values, person, firth=firth)
