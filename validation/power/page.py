"""Makes docs/methods/validation.md from the simulated tables: `python validation/power/page.py`."""

import csv
from collections.abc import Iterator
from math import sqrt
from pathlib import Path

from confrere.science.mixed import METHODS

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "methods" / "validation.md"
BOUND = 0.003
MODELS = {
    ("random-intercept", "2"): "Random intercept, baseline and one follow-up",
    ("random-intercept", "3"): "Random intercept, baseline and two follow-ups",
    ("unstructured", "3"): "Unstructured, baseline and two follow-ups",
}
NAMES = {
    "kenward-roger": "KR",
    "kenward-roger-expected": "KR expected",
    "satterthwaite": "Satt.",
    "containment": "contain.",
    "between-within": "betw.-within",
    "residual": "residual",
}
SAID = (HERE / "findings.md").read_text(encoding="utf-8")

type Row = dict[str, str]
type Key = tuple[str, str, str, str, str]


def read() -> dict[tuple[Key, str, str], Row]:
    """Every line by its cell, method and quantity."""
    with (HERE / "type_one_error.csv").open(encoding="utf-8") as file:
        return {(key(row), row["method"], row["quantity"]): row for row in csv.DictReader(file)}


def key(row: Row) -> Key:
    """The cell of a line."""
    return row["model"], row["waves"], row["baseline_as"], row["correlation"], row["n"]


def type_one(found: dict[tuple[Key, str, str], Row]) -> Iterator[str]:
    """A table per model: rejections without an effect, in percent, by method."""
    cells = list(dict.fromkeys(cell for cell, _, _ in found))
    for model, title in MODELS.items():
        yield f"### {title}\n"
        yield "| baseline as | correlation | n | variance at zero | " + " | ".join(NAMES[m] for m in METHODS) + " |"
        yield "| --- | --- | --- | --- |" + " --- |" * len(METHODS)
        for cell in cells:
            if cell[:2] == model:
                rows = [found[cell, method, "difference in change"] for method in METHODS]
                shares = [int(row["rejected"]) / int(row["trials"]) for row in rows]
                marked = [f"**{100 * x:.2f}**" if abs(x - 0.05) > BOUND else f"{100 * x:.2f}" for x in shares]
                zero = int(rows[0]["boundary"]) / int(rows[0]["trials"])
                yield f"| {cell[2]} | {cell[3]} | {cell[4]} | {100 * zero:.1f} % | {' | '.join(marked)} |"
        yield ""


def coverage(found: dict[tuple[Key, str, str], Row]) -> Iterator[str]:
    """A table of the default method: intervals that hold the truth, in percent."""
    cells = list(dict.fromkeys(cell for cell, _, _ in found))
    kinds = list(dict.fromkeys(quantity for _, _, quantity in found))
    yield "| model | waves | baseline as | correlation | n | " + " | ".join(kinds) + " | no percent interval |"
    yield "| --- | --- | --- | --- | --- |" + " --- |" * (len(kinds) + 1)
    for cell in cells:
        rows = [found[cell, METHODS[0], kind] for kind in kinds]
        shares = " | ".join(f"{100 * int(row['held']) / int(row['intervals']):.2f}" for row in rows)
        lost = 1 - int(rows[2]["intervals"]) / int(rows[2]["trials"])
        yield f"| {cell[0]} | {cell[1]} | {cell[2]} | {cell[3]} | {cell[4]} | {shares} | {100 * lost:.2f} % |"
    yield ""


def page() -> str:
    """The whole page."""
    found = read()
    trials = int(next(iter(found.values()))["trials"])
    error = 100 * 1.96 * sqrt(0.05 * 0.95 / trials)
    parts = [
        "<!-- Made by validation/power/page.py; change its sources instead. -->\n",
        "# Validation: type I error and coverage\n",
        f"Simulated by `python validation/power/type_one_error.py` (the seed is in it), {trials:,} trials a row,",
        "two arms of n/2 people, REML. Gone at the last wave: 10 % of control and 20 % of treated people with one",
        "follow-up, 20 % and 30 % with two. All numbers are per cent of trials; at 5 % the Monte-Carlo error (95 %) is",
        f"± {error:.2f}. Every method saw the same trials, fitted as `confrere analyze` fits them. The full table is",
        "`validation/power/type_one_error.csv`.\n",
        SAID,
        "## Type I error of the difference in change, nominal 5 %\n",
        f"Bold: further than {100 * BOUND:.1f} from 5. *Variance at zero* is how often the variance between people was",
        "estimated as zero. An estimate moves with the true effect, so these rates hold whatever the effect is.\n",
        *type_one(found),
        "## Coverage of the intervals of the default (Kenward-Roger), nominal 95 %\n",
        "The treated arm at the last wave; true baseline 1.8 SD, true difference half an SD. The percent change has",
        "Fieller's interval,",
        "or none where the baseline is not clearly away from zero; coverage is of those that exist.",
        "The standardized difference uses the pooled SD at baseline.\n",
        *coverage(found),
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
