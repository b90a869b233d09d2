"""What people read in place of the names of a plan and of a file: its labels, else the name as words.

A label stands as the plan writes it, also inside a sentence; the first letter is raised where a line begins.
Without a label ``month3`` becomes ``month 3``, ``modified_itt`` becomes ``modified intention-to-treat``.
"""

import re
from collections.abc import Mapping

from confrere.analysis.plan import AnalysisSet, Outcome, Plan
from confrere.science.tables import MINUS

_EVENT = re.compile(r"_arm_\d+$")
_TIME = re.compile(r"(day|week|month|year|visit|wave|session)s?[ _-]?(\d+)", re.IGNORECASE)
_SETS: Mapping[str, str] = {
    "all": "all participants",
    "itt": "intention-to-treat",
    "intention_to_treat": "intention-to-treat",
    "mitt": "modified intention-to-treat",
    "modified_itt": "modified intention-to-treat",
    "modified_intention_to_treat": "modified intention-to-treat",
    "pp": "per-protocol",
    "per_protocol": "per-protocol",
    "completers": "completers",
}


def counted(count: int, noun: str) -> str:
    """``1 row`` or ``3 rows``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def were_left_out(count: int, which: str) -> str:
    """``1 row with … was left out``, the verb in step with the count."""
    return f"{counted(count, 'row')} {which} {'was' if count == 1 else 'were'} left out"


def plain(name: str) -> str:
    """A name of the plan as words."""
    return name.replace("_", " ").strip()


def heading(words: str) -> str:
    """Words that begin a line; only the first letter is raised (``TAU`` stays)."""
    return words[:1].upper() + words[1:]


def arm_words(plan: Plan, arm: str) -> str:
    """An arm inside a sentence."""
    return plan.labels.arms.get(arm) or plain(arm)


def wave_words(plan: Plan, wave: str) -> str:
    """A wave inside a sentence; REDCap's ``month3_arm_1`` is ``month 3``."""
    name = plain(_EVENT.sub("", wave))
    found = _TIME.fullmatch(name)
    return plan.labels.waves.get(wave) or (f"{found[1].lower()} {found[2]}" if found else name)


def outcome_words(outcome: Outcome) -> str:
    """An outcome inside a sentence."""
    return outcome.title or plain(outcome.name)


def rule_words(rule: str) -> str:
    """A rule of the plan as a table prints it: ``change ≤ −0.8``."""
    rule = rule.replace("<=", "≤").replace(">=", "≥")
    return re.sub(r"(?<![\w.)])-(?=[\d.])", MINUS, rule)


def set_words(one: AnalysisSet) -> str:
    """An analysis set inside a sentence."""
    return one.title or _SETS.get(one.name.lower(), plain(one.name))


def column_words(plan: Plan, column: str) -> str:
    """A covariate or another column of the file inside a sentence."""
    return plan.labels.columns.get(column) or plain(column)


def level_words(plan: Plan, column: str, level: str) -> str:
    """One level of a column, as the line of a table: ``Prefer not to say``."""
    return plan.labels.levels.get(column, {}).get(level) or heading(plain(level))


def spoken(plan: Plan, line: str) -> str:
    """A warning of the results with the names of the plan replaced by words (``gender[man]`` by “Gender: Man”)."""
    models = [outcome.model for outcome in plan.outcomes]
    columns = dict.fromkeys(name for model in models for name in model.covariates)
    line = re.sub(
        r"\b(\w+)\[([^\]]+)\]",
        lambda found: _term(plan, found[1], found[2]) if found[1] in {*columns, "arm", "time"} else found[0],
        line,
    )
    words = {name: column_words(plan, name) for name in columns if "_" in name or name in plan.labels.columns}
    words |= {wave: wave_words(plan, wave) for wave in plan.waves if not wave.isdecimal()}
    words |= {arm: arm_words(plan, arm) for arm in plan.arms if "_" in arm or arm in plan.labels.arms}
    if not words:
        return line
    listed = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.sub(rf"(?<![\w“])({listed})(?![\w”])", lambda found: words[found[1]], line)


def _term(plan: Plan, column: str, level: str) -> str:
    if column == "arm":
        return f"“{heading(arm_words(plan, level))}”"
    if column == "time":
        return f"“{heading(wave_words(plan, level))}”"
    return f"“{heading(column_words(plan, column))}: {level_words(plan, column, level)}”"
