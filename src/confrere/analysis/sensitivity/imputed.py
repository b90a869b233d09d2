"""Multiple imputation: arm by arm as missing at random, or with the intervention's leavers as the control goes on."""

from collections.abc import Callable

import numpy as np

from confrere.analysis.findings import Sensitivity, SensitivityContrast
from confrere.analysis.names import arm_words, column_words
from confrere.analysis.plan import SensitivityPlan
from confrere.analysis.sensitivity.completed import Completed, Pair, Refitter
from confrere.analysis.words import contrast_label
from confrere.science.imputation import Pooled, impute, jump_to_reference, pool, stream
from confrere.science.mixed import Estimate, ModelError
from confrere.science.mixed.design import Matrix


def multiple_imputation(completed: Completed, asked: SensitivityPlan) -> Sensitivity:
    """Missing at random within each arm, given the other answers and the covariates."""
    names = asked.covariates if asked.covariates is not None else completed.outcome.model.covariates
    words = ", ".join(column_words(completed.plan, name) for name in names)
    given = f" and {words}" if names else ""
    assumption = (
        "Missing answers are taken to be like those of participants of the same arm with the same other "
        f"answers{given} (missing at random)."
    )
    return _analysed(completed, asked, assumption, at_random(completed, asked))


def jump(completed: Completed, asked: SensitivityPlan) -> Sensitivity:
    """Missing at random in the control arm; in the others, jump to reference."""
    arms = " and ".join(arm_words(completed.plan, arm) for arm in completed.plan.arms[1:])
    control = arm_words(completed.plan, completed.plan.control)
    assumption = (
        f"After their last answer, participants of {arms} are taken to go on as participants of {control} do: "
        "what the intervention gave them is lost at once (jump to reference)."
    )
    if completed.outcome.kind == "binary":
        line = "Jump to reference is defined for continuous outcomes; this one is yes or no."
        return Sensitivity(asked.method, assumption, (), _settings(asked), warnings=(line,))
    return _analysed(completed, asked, assumption, _jumped(completed, asked))


def at_random(completed: Completed, asked: SensitivityPlan) -> Callable[[int], Matrix]:
    """The k-th filled version (Q, W) of the values."""

    def fill(k: int) -> Matrix:
        filled = completed.values.copy()
        for a in range(len(completed.plan.arms)):
            here = completed.arm == a
            rng = stream(asked.seed, a, k)
            filled[here] = impute(rng, completed.values[here], completed.covariates[here], kind=completed.outcome.kind)
        return filled

    return fill


def _jumped(completed: Completed, asked: SensitivityPlan) -> Callable[[int], Matrix]:
    def fill(k: int) -> Matrix:
        filled, control = completed.values.copy(), completed.arm == 0
        for a in range(1, len(completed.plan.arms)):
            here = completed.arm == a
            own, theirs = jump_to_reference(
                stream(asked.seed, a, k),
                completed.values[here],
                completed.covariates[here],
                reference=completed.values[control],
                reference_covariates=completed.covariates[control],
            )
            filled[here] = own
            if a == 1:
                filled[control] = theirs
        return filled

    return fill


def pooled(completed: Completed, versions: list[Matrix], refitter: Refitter, *, level: float) -> dict[Pair, Pooled]:
    """Every contrast after Rubin's rules; one that any version cannot tell is left out."""
    found = [refitter.contrasts(values) for values in versions]
    return {
        pair: _pool([one[pair] for one in found], level)
        for pair in completed.pairs()
        if all(pair in one for one in found)
    }


def _pool(values: list[Estimate], level: float) -> Pooled:
    estimates, errors = (np.array([getattr(one, name) for one in values]) for name in ("estimate", "se"))
    return pool(estimates, errors**2, df=float(np.mean([one.df for one in values])), level=level)


def _settings(asked: SensitivityPlan) -> dict[str, int | float | str]:
    return {"imputations": asked.imputations, "seed": asked.seed}


def _analysed(
    completed: Completed, asked: SensitivityPlan, assumption: str, fill: Callable[[int], Matrix]
) -> Sensitivity:
    plan, outcome, panel = completed.plan, completed.outcome, completed.panel
    warnings = left_out(completed)
    found: dict[Pair, Pooled] = {}
    try:
        versions = [fill(k) for k in range(asked.imputations)]
        found = pooled(completed, versions, Refitter(completed), level=outcome.model.level)
    except ModelError as error:
        warnings.append(f"{error}")
    contrasts = []
    for a, w in completed.pairs():
        one = found.get((a, w))
        value = None if one is None else one.value
        crossed = panel.crossed_over(plan, w)
        label = contrast_label(plan, outcome, arm=plan.arms[a], wave=panel.waves[w], value=value, crossed_over=crossed)
        missing = None if one is None else one.missing_information
        contrasts.append(SensitivityContrast(plan.arms[a], panel.waves[w], value, label, missing_information=missing))
    settings = _settings(asked) | {"filled": int(completed.missing.sum())}
    return Sensitivity(asked.method, assumption, tuple(contrasts), settings, warnings=tuple(warnings))


def left_out(completed: Completed) -> list[str]:
    """A word on participants whose covariates are missing."""
    if not completed.left_out:
        return []
    return [f"{completed.left_out} participants with a missing covariate were left out."]
