"""One outcome in one analysis set: fit the model, ask it the trial's questions, describe the raw values."""

import numpy as np

from confrere.analysis.answers import Answers
from confrere.analysis.binary import analyse_binary
from confrere.analysis.errors import InputError
from confrere.analysis.frame import Frame, make_frame
from confrere.analysis.panel import Mask, Panel
from confrere.analysis.plan import Outcome, Plan
from confrere.analysis.raw import descriptions, raw_tests, unit_of
from confrere.analysis.responders import responders
from confrere.analysis.results import OutcomeResult
from confrere.science.mixed import (
    Design,
    Fit,
    ModelError,
    fit_strata,
    independent,
    make_design,
    random_intercept,
)
from confrere.science.mixed.covariance import STRUCTURES
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
        asked = Answers(frame, fit)
    except ModelError as error:
        raise InputError(f"{outcome.name}: {error}", file=panel.columns.file) from None
    unit = unit_of(plan, outcome, panel, kept)
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
        contrasts=tuple(asked.contrast(a, w, unit) for w in waves for a in arms if a),
        joint_tests=joint_tests,
        tests=raw_tests(plan, outcome, panel, kept),
        baseline_sd=unit.sd,
        n_by_arm=tuple(np.bincount(panel.arm_of_person[people], minlength=len(plan.arms)).tolist()),
        responders=responders(plan, outcome, panel, kept),
        attenuations=tuple(asked.attenuation(a, w) for a in arms if a for w in waves if w > 1),
        before_after=tuple(asked.before_after(start, w) for start, w in panel.after_crossover(plan)),
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
