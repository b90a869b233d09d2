"""From a protocol to the plan that ``confrere analyze`` reads."""

import json

from confrere.trial.protocol.model import Outcome, Protocol

EVERYONE = "not missing(arm)"


def set_columns(protocol: Protocol) -> tuple[str, ...]:
    """The columns that analysis sets may ask about, beside the strata; the frozen data set has them all.

    ``arm``; ``sessions``, the number of sessions held; ``answered_<wave>``, 1 or 0, for each wave.
    """
    return ("arm", "sessions", *(f"answered_{wave.name}" for wave in protocol.waves))


def analysis_plan(protocol: Protocol) -> str:
    """The analysis plan as TOML, for a long file with the columns id, arm, time, the outcomes and the sets'."""
    blocks = [_head(protocol), _model(protocol), _labels(protocol)]
    for one in protocol.analysis.sets:
        title = _inside(one.title.partition(":")[0])
        blocks.append(_table("[[sets]]", {"name": one.name, "keep": one.keep or EVERYONE, "title": title}))
    blocks += [_outcome(outcome) for outcome in protocol.outcomes]
    return "\n".join(blocks)


def _head(protocol: Protocol) -> str:
    others = [arm.name for arm in protocol.arms if not arm.control]
    interventions: dict[str, object] = {"intervention": others[0]} if len(others) == 1 else {"interventions": others}
    waves: dict[str, object] = {
        "baseline": protocol.baseline.name,
        "order": [wave.name for wave in protocol.waves],
    }
    if protocol.control.coaching_after is not None:
        waves["untreated_until"] = protocol.control.coaching_after
    return "\n".join(
        [
            f"# Written from the protocol {protocol.id}, SHA-256 {protocol.sha256}.",
            _table("[trial]", {"title": protocol.title}),
            _table("[columns]", {"id": "id", "arm": "arm", "wave": "time"}),
            _table("[arms]", {"control": protocol.control.name} | interventions),
            _table("[waves]", waves),
        ]
    )


def _model(protocol: Protocol) -> str:
    analysis = protocol.analysis
    levels = {stratum.name: stratum.levels for stratum in protocol.strata if stratum.name in analysis.covariates}
    rows: dict[str, object] = {
        "covariates": analysis.covariates,
        "covariance": analysis.covariance,
        "df": analysis.df,
        "estimation": analysis.estimation,
        "baseline_as": analysis.baseline_as,
        "level": analysis.level,
        "multiplicity": analysis.multiplicity,
    }
    block = _table("[model]", rows)
    if levels:
        block += "\n" + _table("[model.levels]", levels)
    stated = " ".join(analysis.df_stated.split())
    return f"# Degrees of freedom in the source: {stated}.\n{block}"


def _labels(protocol: Protocol) -> str:
    """What the report prints in place of names: the titles of arms and waves, the answers of the covariates."""
    levels = {
        question.name: {option.value: option.label for option in question.options}
        for question in protocol.questions
        if question.name in protocol.analysis.covariates and question.options
    }
    lines = [
        f"arms = {_inline({arm.name: _inside(arm.title) for arm in protocol.arms})}",
        f"waves = {_inline({wave.name: _inside(wave.title) for wave in protocol.waves})}",
        *(f"levels.{json.dumps(name, ensure_ascii=False)} = {_inline(labels)}" for name, labels in levels.items()),
    ]
    return "\n".join(["[labels]", *lines, ""])


def _inside(title: str) -> str:
    """A title as it stands inside a sentence: ``coaching now``; ``TAU`` stays."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def _inline(labels: dict[str, str]) -> str:
    """An inline table of TOML; JSON's texts are valid there as they stand."""
    pairs = [
        f"{json.dumps(name, ensure_ascii=False)} = {json.dumps(x, ensure_ascii=False)}" for name, x in labels.items()
    ]
    return f"{{ {', '.join(pairs)} }}"


def _outcome(outcome: Outcome) -> str:
    rows: dict[str, object] = {
        "name": outcome.name,
        "column": outcome.name,
        "kind": outcome.kind,
        "role": outcome.role,
        "better": outcome.better,
    }
    if outcome.mcid is not None:
        rows["mcid"] = outcome.mcid
    if outcome.tests:
        rows["tests"] = outcome.tests
    return _table("[[outcomes]]", rows)


def _table(head: str, rows: dict[str, object] | dict[str, str] | dict[str, tuple[str, ...]]) -> str:
    """One TOML table. JSON's texts, numbers and lists of them are valid TOML as they stand."""
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in rows.items()]
    return "\n".join([head, *lines, ""])
