"""What must fit together in a protocol, beyond the form of each key."""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping

from confrere.analysis.errors import nearest
from confrere.analysis.reader import Reader
from confrere.science.allocation import AllocationError, Minimisation, check_arms
from confrere.science.expression import ExpressionError, compile_expression
from confrere.science.instruments import Instrument, InstrumentError, Score, find
from confrere.trial.protocol.model import Outcome, Protocol
from confrere.trial.protocol.plan import set_columns


def check_protocol(protocol: Protocol, top: Reader) -> None:
    """Raise `confrere.analysis.errors.InputError` for the first thing that does not fit."""
    for sentence in itertools.chain(
        _names(protocol),
        _arms(protocol),
        _waves(protocol),
        _questions(protocol),
        _strata(protocol),
        _analysis(protocol),
        *(_outcome(protocol, outcome) for outcome in protocol.outcomes),
    ):
        raise top.refuse(sentence)


def _names(protocol: Protocol) -> Iterable[str]:
    kinds = {
        "arms": [arm.name for arm in protocol.arms],
        "strata": [stratum.name for stratum in protocol.strata],
        "waves": [wave.name for wave in protocol.waves],
        "questions": [question.name for question in protocol.questions],
        "outcomes": [outcome.name for outcome in protocol.outcomes],
        "analysis sets": [one.name for one in protocol.analysis.sets],
    }
    for kind, names in kinds.items():
        twice = [name for name, times in Counter(names).items() if times > 1]
        if twice:
            yield f"two {kind} are called {twice[0]}."
    for kind in ("waves", "outcomes", "analysis sets"):
        if not kinds[kind]:
            yield f"the protocol needs {kind}."


def _arms(protocol: Protocol) -> Iterable[str]:
    try:
        check_arms(protocol.scheme, protocol.allocation_arms)
    except AllocationError as error:
        yield str(error)
    if protocol.mode == "batch" and isinstance(protocol.scheme, Minimisation):
        yield "minimisation draws one person after the other: it needs the mode rolling."
    if sum(arm.control for arm in protocol.arms) != 1:
        yield "exactly one arm is the control (control = true)."
    later = [wave.name for wave in protocol.waves[1:]]
    for arm in protocol.arms:
        if arm.coaching_after is not None and arm.coaching_after not in later:
            yield f"coaching in the arm {arm.name} comes after a later wave. {nearest(arm.coaching_after, later)}"


def _waves(protocol: Protocol) -> Iterable[str]:
    if protocol.baseline.offset_days:
        yield f"the first wave, {protocol.baseline.name}, is the baseline: its offset_days is 0."
    if protocol.baseline.after != "allocation":
        yield f"the first wave, {protocol.baseline.name}, is the baseline: it waits for no session."
    for before, after in itertools.pairwise(protocol.waves):
        if after.offset_days < before.offset_days + before.window_days:
            yield f"the wave {after.name} opens before {before.name} closes."
    for wave in protocol.waves:
        for instrument in wave.instruments:
            try:
                if not find(instrument).known:
                    yield f"the items of {instrument} are not known to us, so {wave.name} cannot ask it."
            except InstrumentError as error:
                yield f"{wave.name}: {error}"


def _questions(protocol: Protocol) -> Iterable[str]:
    names = {question.name for question in protocol.questions}
    asked = {name for wave in protocol.waves for name in wave.questions}
    for name in sorted(asked - names):
        yield f"a wave asks {name}, which is no question. {nearest(name, names)}"
    for name in sorted(names - asked):
        yield f"no wave asks the question {name}."
    arms = {arm.name for arm in protocol.arms}
    for question in protocol.questions:
        for arm in question.arms:
            if arm not in arms:
                yield f"the question {question.name} is for the arm {arm}. {nearest(arm, arms)}"
        if question.arms and question.name in protocol.baseline.questions:
            yield f"the question {question.name} is for one arm, and the baseline comes before the draw."


def _strata(protocol: Protocol) -> Iterable[str]:
    questions = {question.name: question for question in protocol.questions_of(protocol.baseline.name)}
    for stratum in protocol.strata:
        question = questions.get(stratum.name)
        if question is None or question.kind != "choice" or not question.required:
            yield f"the stratum {stratum.name} is a required choice of the baseline."
        elif {option.value for option in question.options} != set(stratum.levels):
            yield f"the levels of the stratum {stratum.name} are the answers to its question."


def _analysis(protocol: Protocol) -> Iterable[str]:
    names = {*set_columns(protocol), *(stratum.name for stratum in protocol.strata)}
    for one in protocol.analysis.sets:
        try:
            if one.keep is not None:
                compile_expression(one.keep, names=names)
        except ExpressionError as error:
            yield f"the analysis set {one.name}: {error}"
    for covariate in protocol.analysis.covariates:
        if covariate not in protocol.baseline.questions:
            yield f"the covariate {covariate} is asked at the baseline. {nearest(covariate, names)}"


def _outcome(protocol: Protocol, outcome: Outcome) -> Iterable[str]:
    try:
        instrument = find(outcome.instrument)
        scores = {score.name: score for score in instrument.all_scores(outcome.rule)}
    except InstrumentError as error:
        yield f"{outcome.name}: {error}"
    else:
        yield from _scored(outcome, instrument, scores)
    waves = [outcome.instrument in wave.instruments for wave in protocol.waves]
    if not waves[0] or not any(waves[1:]):
        yield f"{outcome.name}: {outcome.instrument} is asked at the baseline and at a later wave."


def _scored(outcome: Outcome, instrument: Instrument, scores: Mapping[str, Score]) -> Iterable[str]:
    wanted = {cutoff.name for cutoff in instrument.cutoffs} if outcome.kind == "binary" else set(scores)
    if outcome.score not in wanted:
        hint = nearest(outcome.score, sorted(wanted))
        yield f"{outcome.name}: {instrument.id} has no {outcome.kind} {outcome.score}. {hint}"
    elif outcome.kind == "continuous" and scores[outcome.score].better != outcome.better:
        yield f"{outcome.name}: {scores[outcome.score].better} is better for {outcome.score}."
