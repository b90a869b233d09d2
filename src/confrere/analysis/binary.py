"""One binary outcome in one analysis set: a logistic model, answered in proportions of people."""

import numpy as np

from confrere.analysis.chances import Chances
from confrere.analysis.errors import InputError
from confrere.analysis.frame import make_frame
from confrere.analysis.panel import Mask, Panel
from confrere.analysis.plan import Outcome, Plan
from confrere.analysis.raw import descriptions, raw_tests
from confrere.analysis.responders import responders
from confrere.analysis.results import OutcomeResult
from confrere.analysis.separated import separate
from confrere.science.mixed import ModelError


def analyse_binary(plan: Plan, outcome: Outcome, panel: Panel, kept: Mask) -> OutcomeResult:
    """Raises `InputError` where a value is not 0 or 1 or the data do not allow the model."""
    frame = make_frame(plan, outcome, panel, kept)
    for row, value in zip(frame.rows, frame.values, strict=True):
        if value not in (0.0, 1.0):
            raise panel.columns.error(f"0 or 1 is expected here, not {value:g}.", row=int(row), column=outcome.column)
    try:
        separated = separate(frame)
        asked = Chances(separated)
    except ModelError as error:
        raise InputError(f"{outcome.name}: {error}", file=panel.columns.file) from None
    frame, fit = separated.frame, asked.fit
    people = np.unique(panel.person[frame.rows])
    waves, arms = range(len(panel.waves)), range(len(plan.arms))
    means = tuple(asked.mean(a, w) for w in waves[frame.first :] for a in arms)
    changes = tuple(asked.change(a, w) for w in waves[1:] for a in arms)
    contrasts = tuple(asked.contrast(a, w) for w in waves[1:] for a in arms[1:])
    joint_tests = asked.joint_tests()
    return OutcomeResult(
        outcome=outcome,
        n_obs=int(frame.rows.size),
        n_participants=int(people.size),
        converged=True,
        warnings=(*panel.warnings, *frame.warnings, *separated.warnings, *_not_modelled(outcome), *asked.warnings),
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


def _not_modelled(outcome: Outcome) -> list[str]:
    """What the plan asks of all its models and a logistic one does not have."""
    found = []
    if outcome.model.cluster is not None:
        found.append("The logistic model has no effect of coaches: participants of one coach count as unrelated.")
    if outcome.model.se != "model":
        found.append("The logistic model's standard errors are model-based; the plan's empirical ones are not used.")
    return found
