"""Make the tutorial's files: `python docs/tutorials/example/make.py` writes them anew, always the same ones.

Everybody in them is simulated. The sixteen items of the Professional Fulfillment Index lie around two levels of each
person, fulfilment and burnout; coaching moves both a little; a few people do not answer again. It is evidence of
nothing.
"""

import csv
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
PEOPLE, SEED = 80, 20240417
ITEMS = tuple(f"pfi_{number}" for number in range(1, 17))
FULFILMENT = 6  # the first six items; the other ten are burnout
#: Means on the scale from 0 to 10, (baseline, three months), by arm: fulfilment, then burnout.
MEANS = {"coaching": ((5.7, 6.3), (3.4, 2.7)), "control": ((5.7, 5.7), (3.4, 3.3))}
COLUMNS = ("id", "arm", "wave", "gender", "department_of_medicine", "sessions", *ITEMS)
REDCAP = (
    "record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance", "arm", "gender", "burnout",
    "themes___1", "survey_complete",
)  # fmt: skip
#: As a journal might print them; the third row cannot be.
PUBLISHED = """name,estimate,ci_low,ci_high,p,test
Overall burnout,-0.72,-1.16,-0.28,.0014,t
Self-valuation,1.03,0.29,1.77,.007,t
Quality of life,2.6,-0.4,5.5,.001,t
"""


def rows() -> list[list[str]]:
    """One row for each person and wave that was answered."""
    rng = np.random.default_rng(SEED)
    found = []
    for number in range(1, PEOPLE + 1):
        arm = "coaching" if number % 2 else "control"
        gender = str(rng.choice(["woman", "man"], p=[0.8, 0.2]))
        medicine = str(rng.choice(["yes", "no"], p=[0.35, 0.65]))
        sessions = int(rng.choice([0, 3, 5, 6], p=[0.2, 0.05, 0.1, 0.65])) if arm == "coaching" else 0
        own = rng.normal(0, 1.3)
        answers_again = rng.random() < 0.89
        for time, wave in enumerate(("baseline", "month3")):
            now = rng.normal(0, 0.8)
            fulfilment, burnout = MEANS[arm][0][time] - own - now, MEANS[arm][1][time] + own + now
            level = np.repeat([fulfilment, burnout], [FULFILMENT, len(ITEMS) - FULFILMENT]) / 2.5  # items: 0 to 4
            items = np.clip(np.rint(level + rng.normal(0, 0.6, len(ITEMS))), 0, 4).astype(int)
            if wave == "baseline" or answers_again:
                found.append([f"S{number:03d}", arm, wave, gender, medicine, str(sessions), *map(str, items)])
    return found


def redcap(trial: list[list[str]]) -> list[list[str]]:
    """The same people as REDCap would export them: codes, the arm on the baseline event only, a checkbox."""
    found = []
    for person, arm, wave, gender, _medicine, sessions, *items in trial:
        burnout = f"{sum(map(int, items[FULFILMENT:])) / (len(items) - FULFILMENT) * 2.5:.2f}"
        first = wave == "baseline"
        coached = arm == "coaching"
        theme = str(int(coached and not first and int(sessions) > 3))
        carried = [str(int(coached)), "1" if gender == "woman" else "2"] if first else ["", ""]
        found.append([person, f"{wave}_arm_1", "", "", *carried, burnout, theme, "2"])
    return found


def main() -> None:
    """Write the files."""
    with (HERE / "trial.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows())
    with (HERE / "redcap.csv").open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(REDCAP)
        writer.writerows(redcap(rows()))
    (HERE / "published.csv").write_text(PUBLISHED)


if __name__ == "__main__":
    main()
