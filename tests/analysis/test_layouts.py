"""One trial in three layouts gives the same numbers: long, wide, and long as REDCap exports it."""

from pathlib import Path
from typing import Any

from confrere.analysis import Columns, as_json, columns_from, plan_from, read_csv, run

DATA = Path(__file__).parents[1] / "data"
TRIAL: dict[str, Any] = {
    "columns": {"id": "id", "arm": "arm", "wave": "time"},
    "arms": {"control": "control", "intervention": "coaching"},
    "waves": {"baseline": "baseline", "order": ["baseline", "month3"]},
    "model": {
        "covariates": ["gender", "department_of_medicine"],
        "levels": {"gender": ["woman", "man", "prefer_not_to_say"], "department_of_medicine": ["no", "yes"]},
    },
    "sets": [{"name": "mitt", "keep": "mitt == 1"}],
    "outcomes": [{"name": "burnout"}],
}
ONCE = ("arm", "gender", "department_of_medicine", "mitt")
CODES = {"arm": {"0": "control", "1": "coaching"}, "gender": {"1": "woman", "2": "man", "4": "prefer_not_to_say"}}


def kiser() -> Columns:
    return read_csv((DATA / "kiser_sim.csv").read_bytes())


def numbers(columns: Columns, **tables: Any) -> dict[str, Any]:
    found: dict[str, Any] = as_json(run(plan_from(TRIAL | tables), columns))["sets"][0]
    return found


def wide() -> Columns:
    long = kiser()
    people: dict[str, dict[str, Any]] = {}
    for row in range(long.n_rows):
        person = people.setdefault(long.column("id")[row], {name: long.column(name)[row] for name in ("id", *ONCE)})
        person[f"burnout_{long.column('time')[row]}"] = long.column("burnout")[row]
    names = ["id", *ONCE, "burnout_baseline", "burnout_month3"]
    return columns_from({name: [person[name] for person in people.values()] for name in names})


def redcap() -> Columns:
    """Raw codes; what does not change stands on the baseline event only; -99 is missing."""
    long = kiser()
    back = {name: {text: code for code, text in codes.items()} for name, codes in CODES.items()}
    first = long.column("time") == "baseline"
    once = {
        name: [
            back.get(name, {}).get(cell, cell) if here else ""
            for cell, here in zip(long.column(name), first, strict=True)
        ]
        for name in ONCE
    }
    table = {name: long.column(name).tolist() for name in ("id", "time")} | once
    table["burnout"] = [cell or "-99" for cell in long.column("burnout")]
    return columns_from(table)


def test_wide_gives_the_numbers_of_long() -> None:
    spec = {"layout": "wide", "wide": {"burnout": {"baseline": "burnout_baseline", "month3": "burnout_month3"}}}
    assert numbers(wide(), data=spec) == numbers(kiser())


def test_an_export_of_raw_codes_gives_the_numbers_of_long() -> None:
    spec = {"carry": list(ONCE), "codes": CODES, "missing": ["", "NA", "-99"]}
    assert numbers(redcap(), data=spec) == numbers(kiser())
