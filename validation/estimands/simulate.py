"""Makes the simulated trial of tests/data/estimands/coaches.csv: `python validation/estimands/simulate.py`.

Nobody in it is real. Three arms (delayed coaching, coaching by ten coaches, group coaching), four waves, people
who leave, answers that are missing in between, 12 who never began.
"""

import csv
from pathlib import Path

import numpy as np

TARGET = Path(__file__).parents[2] / "tests" / "data" / "estimands" / "coaches.csv"
WAVES = ("baseline", "month3", "month6", "month12")
EFFECT = {"delayed": (0, 0.05, -0.6, -0.5), "coaching": (0, -1.7, -1.3, -0.9), "group": (0, -1.1, -0.8, -0.4)}


def main() -> None:
    """Write the file."""
    rng = np.random.Generator(np.random.Philox(20240404))
    rows = []
    for i in range(150):
        arm = ("delayed", "coaching", "group")[i % 3]
        gender = ("woman", "man")[int(rng.random() < 0.35)]
        years = int(rng.integers(1, 35))
        coach = f"c{int(rng.integers(10)) + 1:02d}" if arm == "coaching" else ""
        never = arm == "coaching" and rng.random() < 0.22
        sessions = 0 if arm != "coaching" or never else int(rng.integers(3, 7))
        own = rng.normal(0, 1.2) + (0.3 if gender == "man" else 0) - 0.01 * years
        shared = {f"c{k + 1:02d}": 0.8 * np.sin(3.0 * k + 1) for k in range(10)}.get(coach, 0.0)
        away = 4 if rng.random() > (0.8 if never else 0.25) else int(rng.integers(1, 4))
        for w, wave in enumerate(WAVES):
            effect = EFFECT[arm][w] * (0 if never else 1) + (shared if w else 0)
            value = min(max(round(4 * (3.8 + own + effect + rng.normal(0, 0.8))) / 4, 0), 10)
            gone = w >= away
            hole = w > 0 and rng.random() < 0.04
            if gone:
                continue
            strained = "" if hole else int(value >= 3.5)
            rows.append([f"s{i + 1:03d}", arm, wave, gender, years, coach, sessions, "" if hole else value, strained])
    with TARGET.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "arm", "wave", "gender", "years", "coach", "sessions", "burnout", "strained"])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
