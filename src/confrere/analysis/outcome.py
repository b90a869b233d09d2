"""One outcome in one analysis set: fit the model, ask it the trial's questions, describe the raw values."""

from dataclasses import replace

import numpy as np

from confrere.analysis.answers import Answers
from confrere.analysis.binary import analyse_binary
from confrere.analysis.errors import InputError
from confrere.analysis.fitting import Fitter
from confrere.analysis.frame import make_frame
from confrere.analysis.panel import Mask, Panel
from confrere.analysis.plan import Outcome, Plan
from confrere.analysis.raw import descriptions, raw_tests, unit_of
from confrere.analysis.responders import responders
from confrere.analysis.results import OutcomeResult
from confrere.analysis.sensitivity import sensitivities
from confrere.analysis.subgroups import subgroups
from confrere.science.mixed import Fit, ModelError


def analyse(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask, name: str) -> OutcomeResult:
    """The model that the outcome's kind asks for in the set called ``name``, and everything about it."""
    found = analyse_binary if outcome.kind == "binary" else analyse_continuous
    result = found(plan, outcome, panel, kept)
    return replace(
        result,
        subgroups=subgroups(plan, outcome, panel, kept),
        sensitivity=sensitivities(plan, outcome, panel, kept, name),
    )


def analyse_continuous(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask) -> OutcomeResult:
    """Raises `InputError` that names the outcome where the data do not allow its model."""
    frame = make_frame(plan, outcome, panel, kept)
    try:
        fitter = Fitter(frame)
        fitted = fitter()
        asked = Answers(fitted)
    except ModelError as error:
        raise InputError(f"{outcome.name}: {error}", file=panel.columns.file) from None
    fit = fitted.fit
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
        warnings=(*panel.warnings, *frame.warnings, *fitter.warnings, *_boundary(fit), *asked.warnings),
        loglik=fit.loglik,
        variance=_variance(fit),
        covariance=_covariance(fit),
        coefficients=asked.coefficients(),
        descriptions=descriptions(plan, outcome, panel, kept),
        means=means,
        changes=changes,
        contrasts=tuple(asked.contrast(a, w, unit) for w in waves for a in arms if a),
        joint_tests=joint_tests,
        joint_tests_2=asked.joint_tests_of_type_2(),
        tests=raw_tests(plan, outcome, panel, kept),
        baseline_sd=unit.sd,
        n_by_arm=tuple(np.bincount(panel.arm_of_person[people], minlength=len(plan.arms)).tolist()),
        responders=responders(plan, outcome, panel, kept),
        attenuations=tuple(asked.attenuation(a, w) for a in arms if a for w in waves if w > 1),
        before_after=tuple(asked.before_after(start, w) for start, w in panel.after_crossover(plan)),
    )


def _boundary(fit: Fit) -> list[str]:
    found = {
        "coach": (
            "The variance between coaches is estimated as zero (a boundary): participants of one coach are no more "
            "alike than those of different coaches."
        ),
        "id": (
            "The variance between participants is estimated as zero (a boundary): observations of one person "
            "agree no more than those of different people."
        ),
    }
    return [found[name] for name, free in zip(fit.parameters, fit.free, strict=True) if not free]


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
