"""Fitting the Gaussian model of a frame, once or for many versions of the outcome."""

from dataclasses import dataclass

import numpy as np

from confrere.analysis.errors import InputError
from confrere.analysis.frame import Frame
from confrere.analysis.panel import Codes
from confrere.analysis.plan import Cluster
from confrere.science.mixed import (
    Design,
    Empirical,
    Fit,
    Inference,
    empirical,
    fit_strata,
    independent,
    make_design,
    random_intercept,
)
from confrere.science.mixed.covariance import STRUCTURES
from confrere.science.mixed.design import Vector
from confrere.science.mixed.general import fit_general
from confrere.science.mixed.nested import Coaches, fit_nested
from confrere.science.mixed.patterns import make_patterns


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fit and, where the plan asks for one, its empirical covariance."""

    fit: Fit
    empirical: Empirical | None
    frame: Frame

    def inference(self) -> Inference:
        """Ready to answer by the plan's method."""
        model = self.frame.outcome.model
        return Inference(self.fit, method=model.df, level=model.level, empirical=self.empirical)


class Fitter:
    """The design of a frame's model; the outcome may be given anew."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        names, terms = frame.labels
        self.design: Design = make_design(frame.matrix(), names, terms)
        self.warnings = [f"{name} was dropped: the earlier columns say the same." for name in self.design.dropped]
        self._person = frame.person
        self._wave = frame.panel.wave[frame.rows] - frame.first
        self._single = bool(frame.first) and int(self._person.max()) + 1 == self._person.size
        if self._single:
            self.warnings.append("Everybody has one row, so the model has no random participant effect.")
        cluster = frame.outcome.model.cluster
        self._coaches = None if cluster is None else self._coached(cluster)

    def __call__(self, values: Vector | None = None) -> Fitted:
        """The fit to ``values`` (n,), by default the frame's own."""
        outcome, model = self.frame.values if values is None else values, self.frame.outcome.model
        fit = self._fit(outcome)
        if model.se == "model":
            return Fitted(fit, None, self.frame)
        return Fitted(fit, empirical(fit, outcome, self._person, kind=model.se, wave=self._wave), self.frame)

    def _fit(self, outcome: Vector) -> Fit:
        model, design = self.frame.outcome.model, self.design
        if self._coaches is not None:
            return fit_nested(design, outcome, self._person, self._coaches, model.estimation)
        if self._single:
            return fit_strata(independent(design, outcome), design, model.estimation)
        if model.covariance == "random-intercept":
            return fit_strata(random_intercept(design, outcome, self._person), design, model.estimation)
        patterns = make_patterns(design, outcome, self._person, self._wave)
        return fit_general(patterns, design, STRUCTURES[model.covariance], model.estimation)

    def _coached(self, cluster: Cluster) -> Coaches:
        frame = self.frame
        coach = coach_of_person(frame, cluster)
        person = frame.panel.person[frame.rows]
        without = np.unique(person[(coach[person] < 0) & (frame.panel.arm[frame.rows] == self._arm(cluster))]).size
        if without:
            self.warnings.append(f"{without} participants of {cluster.arm} have no {cluster.column}; they share none.")
        acts = np.ones(person.size) if cluster.rows == "all" else (frame.panel.wave[frame.rows] > 0).astype(np.float64)
        return Coaches(coach[person], acts)

    def _arm(self, cluster: Cluster) -> int:
        return self.frame.plan.arms.index(cluster.arm)


def coach_of_person(frame: Frame, cluster: Cluster) -> Codes:
    """(P,) the coach of each participant of the arm; -1 for those of other arms and those without.

    Raises `InputError` with the line where a participant has two.
    """
    panel = frame.panel
    cells = panel.columns.column(cluster.column)
    found = np.full(len(panel.people), -1, dtype=np.intp)
    numbers: dict[str, int] = {}
    for row in np.flatnonzero(panel.arm == frame.plan.arms.index(cluster.arm)).tolist():
        if cells[row] is not None:
            number = numbers.setdefault(cells[row], len(numbers))
            if found[panel.person[row]] not in (-1, number):
                who = panel.people[panel.person[row]]
                raise InputError(
                    f"participant {who} has two coaches; the model needs one.",
                    file=panel.columns.file,
                    line=int(panel.columns.lines[row]),
                    column=cluster.column,
                )
            found[panel.person[row]] = number
    return found
