"""Simulated trials of any size for the benchmark, as arrays and as the file that R reads."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Trial:
    """Sorted by participant; columns of the model in R's order for `y ~ arm * time + gender + department`."""

    matrix: NDArray[np.float64]
    names: tuple[str, ...]
    terms: tuple[str, ...]
    outcome: NDArray[np.float64]
    person: NDArray[np.intp]
    wave: NDArray[np.intp]

    def write(self, path: Path) -> Path:
        """The same as a CSV."""
        levels = 2 * self.matrix[:, self.names.index("gender3")] + self.matrix[:, self.names.index("gender2")]
        columns = [self.person, self.matrix[:, 1], self.wave, levels, self.matrix[:, self.names.index("department")]]
        table = np.column_stack([*columns, self.outcome, self.outcome > 0])
        labels = (("control", "coaching"), ("a", "b", "c"))
        with path.open("w") as handle:
            handle.write("id,arm,wave,gender,department,y,high\n")
            for who, arm, wave, gender, department, y, high in table.tolist():
                handle.write(
                    f"{who:.0f},{labels[0][int(arm)]},{wave:.0f},{labels[1][int(gender)]},{department:.0f},{y!r},{high:.0f}\n"
                )
        return path


def simulate(people: int, waves: int, *, dropout: float = 0.11, seed: int = 1) -> Trial:
    """A random intercept of SD 1.3, residual SD 0.8, and ``dropout`` at each follow-up."""
    rng = np.random.default_rng(seed)
    seen = rng.random((people, waves)) >= dropout
    seen[:, 0] = True
    person, wave = np.nonzero(seen)
    arm = (np.arange(people) % 2)[person].astype(float)
    gender = rng.integers(0, 3, people)[person]
    department = rng.integers(0, 2, people)[person].astype(float)
    times = (wave[:, None] == np.arange(1, waves)).astype(float)
    columns = [np.ones(person.size), arm, times, gender == 1, gender == 2, department, times * arm[:, None]]
    later = range(1, waves)
    names = ["(Intercept)", "arm", *(f"time{w}" for w in later), "gender2", "gender3", "department"]
    terms = ["(Intercept)", "arm", *("time" for _ in later), "gender", "gender", "department"]
    outcome = 0.3 - 0.7 * arm * (wave > 0) + 1.3 * rng.standard_normal(people)[person]
    return Trial(
        np.column_stack(columns),
        (*names, *(f"arm:time{w}" for w in later)),
        (*terms, *("arm:time" for _ in later)),
        outcome + 0.8 * rng.standard_normal(person.size),
        person,
        wave,
    )
