"""A fitted Gaussian model, asked the trial's questions; what it cannot answer becomes None and a warning."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from confrere.analysis.estimands import Estimands
from confrere.analysis.findings import Attenuation, BeforeAfter
from confrere.analysis.fitting import Fitted
from confrere.analysis.raw import Unit
from confrere.analysis.results import Change, Coefficient, Contrast, Joint, Mean
from confrere.analysis.words import attenuation_label, before_after_label, change_label, contrast_label
from confrere.science.effect_size import in_units
from confrere.science.mixed import Design, Estimate, ModelError, fieller, type_two
from confrere.science.mixed.design import Vector


class Answers:
    """Of one fitted frame."""

    def __init__(self, fitted: Fitted) -> None:
        frame = fitted.frame
        self._frame, self._plan, self._outcome = frame, frame.plan, frame.outcome
        self._inference = fitted.inference()
        self._design: Design = fitted.fit.design
        self._ask = Estimands(frame)
        self.warnings: list[str] = []

    def coefficients(self) -> tuple[Coefficient, ...]:
        """Those of the kept columns."""
        names = self._design.names
        return tuple(
            Coefficient(names[j], self._unless_refused(self._inference.coefficient, j))
            for j in self._design.kept.tolist()
        )

    def mean(self, arm: int, wave: int) -> Mean:
        """Of one arm at one wave."""
        value = self._value(self._ask.mean(arm, wave))
        if value is None:
            self.warnings.append(
                f"There is no mean of {self._plan.arms[arm]} at {self._wave(wave)}: the data cannot tell."
            )
        return Mean(self._plan.arms[arm], self._wave(wave), value)

    def change(self, arm: int, wave: int) -> Change:
        """From the baseline, with its part of the baseline mean."""
        row = self._ask.change(arm, wave)
        value = self._value(row, minus=self._ask.baseline_mean if self._frame.first else 0.0)
        name, at = self._plan.arms[arm], self._wave(wave)
        crossed = arm == 0 and self._frame.panel.crossed_over(self._plan, wave)
        label = change_label(self._plan, self._outcome, arm=name, wave=at, value=value, crossed_over=crossed)
        percent, interval = (None, None) if value is None else self._percent(arm, row, value)
        if percent is not None and interval is None:
            self.warnings.append(
                f"No interval for the percent change of {name} at {at}: the baseline is not clearly away from zero."
            )
        return Change(name, at, value, percent, interval, label)

    def contrast(self, arm: int, wave: int, unit: Unit) -> Contrast:
        """The arm's change less the control's."""
        value = self._value(self._ask.contrast(arm, wave))
        name, at = self._plan.arms[arm], self._wave(wave)
        crossed = self._frame.panel.crossed_over(self._plan, wave)
        label = contrast_label(self._plan, self._outcome, arm=name, wave=at, value=value, crossed_over=crossed)
        if value is None or not unit.sd > 0:
            return Contrast(name, at, value, None, None, label)
        size = in_units(value, sd=unit.sd, sd_df=unit.df, level=self._outcome.model.level)
        return Contrast(name, at, value, size.estimate, None, label, standardized_interval=(size.lower, size.upper))

    def attenuation(self, arm: int, wave: int) -> Attenuation:
        """The difference in change at a later wave over that at the first wave after the baseline."""
        first, later = self._ask.contrast(arm, 1), self._ask.contrast(arm, wave)
        start, value = self._value(first), self._value(later)
        ratio, interval = None, None
        if start is not None and value is not None and start.estimate:
            ratio = value.estimate / start.estimate
            interval = fieller(
                numerator=value.estimate,
                denominator=start.estimate,
                variance_numerator=value.se**2,
                variance_denominator=start.se**2,
                covariance=self._inference.covariance_of(first, later),
                quantile=self._inference.quantile(value.df),
            )
        name, at, since = self._plan.arms[arm], self._wave(wave), self._wave(1)
        crossed = self._frame.panel.crossed_over(self._plan, wave)
        label = attenuation_label(
            self._plan, self._outcome, arm=name, wave=at, since=since, ratio=ratio, interval=interval, crossed=crossed
        )
        return Attenuation(name, at, since, ratio, interval, label)

    def before_after(self, start: int, wave: int) -> BeforeAfter:
        """The control arm's change since ``start``, after which it began the intervention."""
        if start < self._frame.first:
            value = self._value(self._ask.change(0, wave), minus=self._ask.baseline_mean)
        else:
            value = self._value(self._ask.mean(0, wave) - self._ask.mean(0, start))
        name, since, at = self._plan.control, self._wave(start), self._wave(wave)
        label = before_after_label(self._plan, self._outcome, arm=name, start=since, wave=at, value=value)
        return BeforeAfter(name, since, at, value, label)

    def joint_tests(self) -> tuple[Joint, ...]:
        """Of every effect but the intercept."""
        found = []
        for effect, rows in self._ask.effects():
            try:
                found.append(Joint(effect, self._inference.joint(rows, term=effect)))
            except ModelError as error:
                reason = f"{error}" if self._design.estimable(rows) else "some of its cells have no data."
                self.warnings.append(f"There is no joint test of {effect}: {reason}")
        return tuple(found)

    def joint_tests_of_type_2(self) -> tuple[Joint, ...]:
        """Of every effect after those that do not contain it; one that cannot be tested is left out."""
        frame = self._frame
        numbers = ["baseline", *(one.name for one in frame.covariates if not one.levels)]
        numbers += ["time"] if self._outcome.model.time == "linear" else []
        found = []
        for effect, rows in type_two(self._design, numbers=numbers).items():
            with suppress(ModelError):
                found.append(Joint(effect, self._inference.joint(rows, term=effect)))
        return tuple(found)

    def _value(self, row: Vector, *, minus: float = 0.0) -> Estimate | None:
        if not self._design.estimable(row):
            return None
        return self._unless_refused(partial(self._inference.contrast, term="arm:time", minus=minus), row)

    def _unless_refused[Asked](self, answer: Callable[[Asked], Estimate], asked: Asked) -> Estimate | None:
        """The answer, or None and once the reason why there is none."""
        try:
            return answer(asked)
        except ModelError as error:
            if str(error) not in self.warnings:
                self.warnings.append(str(error))
            return None

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
