"""Makes the simulated trial of tests/data/estimands/pilot.csv: `python validation/estimands/pilot.py`.

It has the shape of a pilot with outside coaches: 88 physicians of four sites, two assessments, scores of whole points,
an intention-to-treat analysis of changes without a model. Nobody in it is real.
"""

import csv
from pathlib import Path

import numpy as np

TARGET = Path(__file__).parents[2] / "tests" / "data" / "estimands" / "pilot.csv"


def main() -> None:
    """Write the file, one row per participant (wide)."""
    rng = np.random.Generator(np.random.Philox(2019))
    rows = []
    for i in range(88):
        arm = ("control", "coaching")[i % 2]
        before = min(max(round(rng.normal(27, 10)), 0), 54)
        after = min(max(round(before + rng.normal(-5.2 if i % 2 else 1.5, 8)), 0), 54)
        quality = min(max(round(rng.normal(6.8, 1.6)), 0), 10)
        later = min(max(round(quality + rng.normal(1.2 if i % 2 else 0.1, 2)), 0), 10)
        gone = rng.random() < 0.06
        row = [f"q{i + 1:02d}", arm, f"site{i % 4 + 1}", before, "" if gone else after, quality, "" if gone else later]
        rows.append([*row, int(before >= 27), "" if gone else int(after >= 27)])
    with TARGET.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "arm", "site", "ee_0", "ee_6", "qol_0", "qol_6", "high_0", "high_6"])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
