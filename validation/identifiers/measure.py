"""Measure the finder of identifiers and write the tables of `docs/methods/identifiers.md`.

Call: ``python validation/identifiers/measure.py SHARED``, where SHARED holds ``data/phi`` (ASQ-PHI, half a; the notes
of MTS-Dialog). A labelled value counts as *whole* when each of its letters and digits lies in a span, as *touched* when
at least one does.
"""

import csv
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from confrere.science.identifiers import find

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/methods/identifiers.md"
sys.path.insert(0, str(ROOT))
from tests.science.identifiers.world import NAMES, SENTENCES  # noqa: E402  # the names stand with the tests


def covered(text: str) -> set[int]:
    return {place for span in find(text) for place in range(span.start, span.end)}


def labelled(rows: list[dict[str, Any]]) -> list[str]:
    every, whole, touched = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        text = str(row["text"])
        inside = covered(text)
        for one in row["phi"]:
            start = text.find(one["value"])
            places = [start + k for k, letter in enumerate(one["value"]) if letter.isalnum()]
            kind = one["identifier_type"].replace("_", " ").lower()
            for name in (kind, "all"):
                every[name] += 1
                whole[name] += all(place in inside for place in places)
                touched[name] += any(place in inside for place in places)
    lines = ["| labelled as | values | found whole | touched |", "| --- | --- | --- | --- |"]
    return lines + [
        f"| {kind} | {n} | {100 * whole[kind] / n:.1f} % | {100 * touched[kind] / n:.1f} % |"
        for kind, n in every.most_common()
    ]


def alarms(rows: list[dict[str, Any]], notes: list[str]) -> list[str]:
    clean = [str(row["text"]) for row in rows if not row["phi"]]
    wrong = sum(bool(find(text)) for text in clean)
    kinds = Counter(span.kind for text in notes for span in find(text))
    words = sum(len(text.split()) for text in notes)
    told = ", ".join(f"{kind} {n}" for kind, n in kinds.most_common())
    notes_told = (
        f"- In {len(notes):,} notes of MTS-Dialog with {words:,} words, whose identifiers nobody has labelled, "
        f"{kinds.total()} spans were found: {told}."
    )
    return [
        f"- Of the {len(clean)} questions without an identifier {wrong} were held ({100 * wrong / len(clean):.1f} %).",
        notes_told,
    ]


def world() -> list[str]:
    rates = {}
    for people, names in NAMES.items():
        tried = [(s.format(name), name) for name in names for s in SENTENCES]
        found = 0
        for text, name in tried:
            inside, start = covered(text), text.index(name)
            found += all(start + k in inside for k, letter in enumerate(name) if letter.isalpha())
        rates[people] = (found, len(tried))
    total = sum(found for found, _n in rates.values()), sum(n for _found, n in rates.values())
    worse = {people: rate for people, rate in rates.items() if rate[0] < rate[1]}
    lines = [f"Of {total[1]} sentences with a name the name was found whole in {total[0]}; not all were found of:", ""]
    lines += ["| group | found whole | sentences |", "| --- | --- | --- |"]
    return lines + [f"| {people} | {found} | {n} |" for people, (found, n) in sorted(worse.items())]


def main(shared: Path) -> None:
    lines = (shared / "data/phi/asq_phi_half_a.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    with (shared / "data/phi/mts_dialog_notes_train.csv").open(encoding="utf-8", newline="") as file:
        notes = [row["section_text"] for row in csv.DictReader(file)]
    tables = {"labelled": labelled(rows), "alarms": alarms(rows, notes), "world": world()}
    page = PAGE.read_text(encoding="utf-8")
    for name, table in tables.items():
        opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, after = page.split(opening)[0], page.split(closing)[1]
        page = f"{before}{opening}\n" + "\n".join(table) + f"\n{closing}{after}"
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
