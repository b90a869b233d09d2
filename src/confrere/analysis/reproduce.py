"""A folder with which anybody can repeat the analysis: the same files, their hashes, and an R script.

The script fits the model of the primary outcome in the first analysis set with lme4 (nlme for other covariances) from
the analysed rows, by a formula of its own, and stops where R and confrère disagree.
"""

import csv
import hashlib
import io
from collections.abc import Mapping

import numpy as np

from confrere.analysis.columns import Columns
from confrere.analysis.fitting import coach_of_person
from confrere.analysis.frame import Frame, make_frame
from confrere.analysis.names import column_words, outcome_words, set_words
from confrere.analysis.panel import Mask, make_panel
from confrere.analysis.plan import Outcome, Plan
from confrere.analysis.r_script import r_script, why_not
from confrere.analysis.results import Results
from confrere.analysis.separated import separate


def reproduction(plan: Plan, columns: Columns, results: Results, *, originals: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of the folder by name. ``originals``: the data file and then the plan as they were given, by name."""
    outcome = primary(plan)
    panel = make_panel(plan, columns)
    frame, certain = _analysed(make_frame(plan, outcome, panel, panel.keep(plan.sets[0])))
    found = next(one for one in results.sets[0].outcomes if one.outcome.name == outcome.name)
    reason = why_not(found)
    files = {f"given/{name}": content for name, content in originals.items()}
    files["rows.csv"] = _rows(frame, certain).encode()
    if not reason:
        files["primary.R"] = r_script(frame, found).encode()
    files["README.md"] = _readme(results, frame, reason, originals).encode()
    sums = [f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in sorted(files.items())]
    return files | {"SHA256SUMS": ("\n".join(sums) + "\n").encode()}


def primary(plan: Plan) -> Outcome:
    """The first primary outcome of the plan; the first of all where none is primary."""
    return next((one for one in plan.outcomes if one.role == "primary"), plan.outcomes[0])


def _analysed(frame: Frame) -> tuple[Frame, Mask]:
    """The rows that the model was fitted to, and which of them the covariates decide (n,)."""
    if frame.outcome.kind == "continuous":
        return frame, np.zeros(frame.rows.size, dtype=np.bool_)
    separated = separate(frame)
    return separated.frame, ~separated.fitted


def _rows(frame: Frame, certain: Mask) -> str:
    """The analysed rows: who, arm ``a0`` (control) …, wave ``w0`` (baseline) … or its number, value, covariates c1 …

    A logistic model has ``certain``: 1 where the covariates decide the answer. A model with coaches has ``coach``
    (``k0`` …, ``none``) and ``acts``: 1 where a coach's effect stands.
    """
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    panel, plan = frame.panel, frame.plan
    further = _further(frame, certain)
    covariate_names = [f"c{i}" for i in range(1, len(frame.covariates) + 1)]
    writer.writerow(["id", "arm", "wave", "time", "value", "baseline", *covariate_names, *further])
    for i, row in enumerate(frame.rows.tolist()):
        covariates = []
        for one in frame.covariates:
            cell = panel.columns.column(one.name)[row]
            covariates.append(f"l{one.levels.index(cell)}" if one.levels else repr(float(one.columns[row, 0])))
        writer.writerow(
            [
                panel.columns.column(plan.id)[row],
                f"a{panel.arm[row]}",
                f"w{panel.wave[row]}",
                repr(float(panel.times[panel.wave[row]])),
                repr(float(frame.values[i])),
                repr(float(frame.baseline[i])),
                *covariates,
                *(cells[i] for cells in further.values()),
            ]
        )
    return target.getvalue()


def _further(frame: Frame, certain: Mask) -> dict[str, list[str]]:
    """Columns that one kind of model alone needs."""
    model = frame.outcome.model
    if frame.outcome.kind == "binary":
        return {"certain": [f"{int(one)}" for one in certain]}
    if model.cluster is None:
        return {}
    coach = coach_of_person(frame, model.cluster)[frame.panel.person[frame.rows]]
    acts = (coach >= 0) & ((model.cluster.rows == "all") | (frame.panel.wave[frame.rows] > 0))
    return {
        "coach": [f"k{one}" if one >= 0 else "none" for one in coach.tolist()],
        "acts": [f"{int(one)}" for one in acts],
    }


def _readme(results: Results, frame: Frame, reason: str, originals: Mapping[str, bytes]) -> str:
    plan = results.plan
    names = list(originals)
    arms = "".join(f"- `a{a}`: {arm}\n" for a, arm in enumerate(plan.arms))
    waves = "".join(f"- `w{w}`: {wave}\n" for w, wave in enumerate(results.waves))
    covariates = "".join(
        f"- `c{i}`: {column_words(plan, one.name)}"
        + "".join(f", `l{j}` {level}" for j, level in enumerate(one.levels))
        + "\n"
        for i, one in enumerate(frame.covariates, start=1)
    )
    script = (
        f"There is no R script for this model: {reason}\n"
        if reason
        else "- `primary.R` repeats the primary model in R: `Rscript primary.R` in this folder. It needs the packages "
        "that its first lines name. It prints both sets of numbers and fails where they disagree.\n"
    )
    return (
        f"# Repeating “{plan.title}”\n\n"
        f"Made by confrère {results.version}. `sha256sum -c SHA256SUMS` checks that nothing was changed.\n\n"
        "- `given/` holds the data file and the plan, byte for byte as they were read. They hold the participants' "
        "rows: treat this folder as you treat them.\n"
        f"- The whole report again: `confrere analyze given/{names[0]} --plan given/{names[1]} --out again`. "
        "`results.json` beside this folder is what it must give.\n"
        f"- `rows.csv` holds the {frame.rows.size} rows that went into the model of "
        f"{outcome_words(frame.outcome)} in the set {set_words(plan.sets[0])}.\n"
        f"{script}\n## Codes in rows.csv\n\n{arms}{waves}{covariates}"
        "- `time`: the wave as the number that a model with linear time uses\n"
        "- `baseline`: the participant's baseline value where the model has it as a covariate, else 0\n"
        "- `certain` (logistic models): 1 where the covariates decide the answer\n"
        "- `coach` and `acts` (models with coaches): whose, and 1 on the rows on which the coach's effect stands\n"
    )
