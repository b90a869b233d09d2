"""Reading a protocol: every key known, every reference checked, every refusal one plain sentence."""

import hashlib
import json
import re
import tomllib
from datetime import date, time
from typing import Any, cast

from confrere.analysis.errors import InputError
from confrere.analysis.reader import Reader
from confrere.science.allocation import MEASURES, BigStick, Minimisation, PermutedBlocks, Scheme, Simple
from confrere.trial.protocol.checks import check_protocol
from confrere.trial.protocol.model import (
    Analysis,
    AnalysisSet,
    Consent,
    Option,
    Outcome,
    Protocol,
    ProtocolArm,
    Question,
    Sessions,
    Stratum,
    Wave,
)
from confrere.trial.protocol.oversight import read_certificate, read_day, read_distress, read_irb

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
HELD_DAYS = 14
"""How long a place is held where the protocol does not say."""
MOST_REMINDERS = 5


def load_protocol(text: str, *, file: str = "") -> Protocol:
    """The protocol in ``text`` (TOML). Raises `InputError` with the place and what was expected."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"the protocol is not valid TOML: {error}.", file=file, line=_line(error)) from None
    except (RecursionError, ValueError):
        raise InputError("the protocol is nested too deeply, or a number in it is too long.", file=file) from None
    data = _with_days(data)
    top = Reader(data, path="", file=file, source=text)
    try:
        protocol = _protocol(top, _sha256(data))
    except OverflowError:
        raise InputError("a number in the protocol is too large.", file=file) from None
    check_protocol(protocol, top)
    return protocol


def protocol_sha256(text: str) -> str:
    """The hash of a protocol's *content*, in hexadecimal: comments and layout do not count."""
    return _sha256(_with_days(tomllib.loads(text)))


def _sha256(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _line(error: tomllib.TOMLDecodeError) -> int | None:
    """The line that the reader of TOML names; at the end of the text it names none."""
    found = re.search(r"at line (\d+)", str(error))
    return None if found is None else int(found[1])


def _with_days(data: Any) -> Any:
    """The same data with each day as its text: TOML writes 2026-12-01 and "2026-12-01" alike here."""
    if isinstance(data, dict):
        return {key: _with_days(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_with_days(value) for value in data]
    return data.isoformat() if isinstance(data, date | time) else data


def _protocol(top: Reader, sha256: str) -> Protocol:
    trial, recruitment, support = top.table("trial"), top.table("recruitment"), top.table("support", required=False)
    allocation = top.table("allocation")
    lines, plan = read_distress(top, support.texts("distress", ()))
    protocol = Protocol(
        id=_name(trial, "id"),
        title=trial.text("title"),
        source=trial.text("source"),
        registration=trial.text("registration", "") or None,
        registered=read_day(trial, "registered"),
        funder=trial.text("funder", "") or None,
        sites=trial.texts("sites", ()),
        assumptions=trial.texts("assumptions", ()),
        unknown=trial.texts("unknown", ()),
        cap=_whole(recruitment, "cap", 2, 1_000_000),
        goal=_whole(recruitment, "goal", 2, 1_000_000) if recruitment.has("goal") else None,
        held_days=_whole(recruitment, "held_days", 1, 365) if recruitment.has("held_days") else HELD_DAYS,
        order=cast("Any", recruitment.choice("order", ("first-come", "lottery"), "first-come")),
        closes=read_day(recruitment, "closes"),
        arms=tuple(_arm(reader) for reader in top.tables("arms")),
        scheme=_scheme(allocation),
        mode=cast("Any", allocation.choice("mode", ("rolling", "batch"), "rolling")),
        strata=tuple(_stratum(reader) for reader in top.tables("strata")),
        sessions=_sessions(top.table("sessions")),
        waves=tuple(_wave(reader) for reader in top.tables("waves")),
        questions=tuple(_question(reader) for reader in top.tables("questions")),
        consent=_consent(top.table("consent")),
        incentive=support.text("incentive", "") or None,
        distress=lines,
        distress_plan=plan,
        irb=read_irb(top),
        certificate=read_certificate(top),
        analysis=_analysis(top.table("analysis")),
        outcomes=tuple(_outcome(reader) for reader in top.tables("outcomes")),
        sha256=sha256,
    )
    for reader in (trial, recruitment, allocation, support, top):
        reader.finish()
    return protocol


def _arm(reader: Reader) -> ProtocolArm:
    arm = ProtocolArm(
        name=_name(reader, "name"),
        title=reader.text("title"),
        ratio=_whole(reader, "ratio", 1, 100) if reader.has("ratio") else 1,
        control=reader.flag("control", default=False),
        coaching_after=reader.text("coaching_after", "") or None,
    )
    reader.finish()
    return arm


def _scheme(reader: Reader) -> Scheme:
    name = reader.choice("scheme", ("big-stick", "permuted-blocks", "minimisation", "simple"), "big-stick")
    scheme: Scheme = Simple()
    if name == "big-stick":
        scheme = BigStick(_whole(reader, "mti", 1, 100) if reader.has("mti") else 3)
    elif name == "permuted-blocks":
        scheme = PermutedBlocks(_wholes(reader, "sizes", 1, 100))
    elif name == "minimisation":
        measure = cast("Any", reader.choice("measure", MEASURES, "range"))
        scheme = Minimisation(_percent(reader, "probability") if reader.has("probability") else 80, measure)
    return scheme


def _percent(reader: Reader, key: str) -> int:
    """A probability of two decimals as whole percent."""
    number = _number(reader, key)
    percent = round(100 * number) if 0 < number < 1 else 0
    if not percent or abs(percent / 100 - number) > 1e-9:
        raise reader.refuse("a probability with two decimals is expected here, above 0 and below 1, such as 0.8.", key)
    return percent


def _stratum(reader: Reader) -> Stratum:
    stratum = Stratum(name=_name(reader, "name"), levels=reader.texts("levels"))
    reader.finish()
    return stratum


def _sessions(reader: Reader) -> Sessions:
    sessions = Sessions(
        minutes=_wholes(reader, "minutes", 5, 480),
        window_days=_whole(reader, "window_days", 1, 3660),
        modes=reader.texts("modes", ()),
    )
    reader.finish()
    return sessions


def _wave(reader: Reader) -> Wave:
    wave = Wave(
        name=_name(reader, "name"),
        title=reader.text("title"),
        offset_days=_whole(reader, "offset_days", 0, 3660),
        window_days=_whole(reader, "window_days", 1, 3660),
        instruments=reader.texts("instruments", ()),
        questions=reader.texts("questions", ()),
        reminders=_wholes(reader, "reminders", 0, 3660) if reader.has("reminders") else (),
        questionnaire=reader.text("questionnaire", ""),
        after=cast("Any", reader.choice("after", ("allocation", "first_session"), "allocation")),
        latest_days=_whole(reader, "latest_days", 1, 3660) if reader.has("latest_days") else None,
    )
    if (wave.after == "first_session") != (wave.latest_days is not None):
        raise reader.refuse("a wave after the first session needs latest_days, and only such a wave.", "latest_days")
    if wave.latest_days is not None and wave.latest_days < wave.offset_days:
        raise reader.refuse("the latest day comes before the wave could open.", "latest_days")
    if len(wave.reminders) > MOST_REMINDERS or any(day >= wave.window_days for day in wave.reminders):
        raise reader.refuse("up to five days are expected here, each within the wave's window.", "reminders")
    reader.finish()
    return wave


def _question(reader: Reader) -> Question:
    kind = reader.choice("kind", ("choice", "choices", "number"), "choice")
    question = Question(
        name=_name(reader, "name"),
        kind=cast("Any", kind),
        text=reader.text("text"),
        options=_options(reader) if kind != "number" else (),
        required=reader.flag("required", default=True),
        low=_number(reader, "low") if kind == "number" else None,
        high=_number(reader, "high") if kind == "number" else None,
        arms=reader.texts("arms", ()),
        section=reader.text("section", ""),
    )
    if question.low is not None and question.high is not None and question.low >= question.high:
        raise reader.refuse("the highest number must be above the lowest.", "high")
    reader.finish()
    return question


def _options(reader: Reader) -> tuple[Option, ...]:
    table = reader.mapping("options")
    if len(table) < 2 or any(not isinstance(label, str) for label in table.values()):
        raise reader.refuse("two or more answers with their labels are expected here.", "options")
    for value in table:
        if _CODE.fullmatch(value) is None:
            raise reader.refuse(f'"{value}" is no code: up to 64 letters, digits, _ and -.', "options")
    return tuple(Option(value=value, label=label) for value, label in table.items())


def _consent(reader: Reader) -> Consent:
    consent = Consent(document=reader.text("document"), version=reader.text("version"))
    reader.finish()
    return consent


def _analysis(reader: Reader) -> Analysis:
    level = _number(reader, "level") if reader.has("level") else 0.95
    if not 0.5 <= level < 1:
        raise reader.refuse("a confidence level between 0.5 and 1 is expected, such as 0.95.", "level")
    analysis = Analysis(
        sets=tuple(_set(one) for one in reader.tables("sets")),
        covariates=reader.texts("covariates", ()),
        covariance=reader.text("covariance", "random-intercept"),
        estimation=cast("Any", reader.choice("estimation", ("reml", "ml"), "reml")),
        df=reader.text("df_used", "kenward-roger"),
        df_stated=reader.text("df"),
        baseline_as=cast("Any", reader.choice("baseline_as", ("response", "constrained", "covariate"), "constrained")),
        multiplicity=cast("Any", reader.choice("multiplicity", ("none", "holm", "hochberg"), "none")),
        level=level,
        stated=reader.text("stated", ""),
    )
    reader.finish()
    return analysis


def _set(reader: Reader) -> AnalysisSet:
    one = AnalysisSet(name=_name(reader, "name"), title=reader.text("title"), keep=reader.text("keep", "") or None)
    reader.finish()
    return one


def _outcome(reader: Reader) -> Outcome:
    outcome = Outcome(
        name=_name(reader, "name"),
        instrument=reader.text("instrument"),
        score=reader.text("score"),
        rule=reader.text("rule", "") or None,
        kind=cast("Any", reader.choice("kind", ("continuous", "binary"), "continuous")),
        role=cast("Any", reader.choice("role", ("primary", "secondary"), "secondary")),
        better=cast("Any", reader.choice("better", ("higher", "lower"), "")),
        mcid=_number(reader, "mcid") if reader.has("mcid") else None,
        tests=reader.texts("tests", ()),
    )
    reader.finish()
    return outcome


def _name(reader: Reader, key: str) -> str:
    name = reader.text(key)
    if _NAME.fullmatch(name) is None:
        raise reader.refuse(f'"{name}" is no name: a small letter, then small letters, digits and _.', key)
    return name


def _number(reader: Reader, key: str) -> float:
    number = reader.number(key)
    if number is None:
        raise reader.refuse("this is needed and absent.", key)
    return number


def _whole(reader: Reader, key: str, least: int, most: int) -> int:
    number = _number(reader, key)
    if number != int(number) or not least <= number <= most:
        raise reader.refuse(f"a whole number from {least} to {most} is expected here.", key)
    return int(number)


def _wholes(reader: Reader, key: str, least: int, most: int) -> tuple[int, ...]:
    numbers = reader.numbers(key)
    if not numbers or any(number != int(number) or not least <= number <= most for number in numbers):
        raise reader.refuse(f"whole numbers from {least} to {most} are expected here.", key)
    return tuple(int(number) for number in numbers)
