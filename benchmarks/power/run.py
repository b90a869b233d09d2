"""What a simulated trial costs, as multiples of drawing its random numbers: `python benchmarks/power/run.py`.

Every line is the best of several passes over the same block on one core, in CPU time (others may use the machine),
measured back to back with the draw that it is compared with. Where R is installed, the last line compares with one
lmerTest fit per trial, which is what simr does.
"""

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from confrere.science.power import Analysis, Design, Truth
from confrere.science.power.answers import Answers
from confrere.science.power.fitting import Engine
from confrere.science.power.moments import Moments, draw_in_full, draw_moments
from confrere.science.power.simulate import BLOCK, generator

PASSES = 7


@dataclass(frozen=True)
class Case:
    """One design, and how many times the draw its trials may cost."""

    title: str
    design: Design
    analysis: Analysis
    target: float


def cases() -> list[Case]:
    """Kiser's size, two to four waves."""
    two, three = ((0.11,), (0.3,)), ((0.1, 0.2), (0.2, 0.3))
    people, factors = (71, 67), ((0.6, 0.3, 0.05, 0.05), (0.5, 0.5))
    return [
        Case("two waves, random intercept", Design(people, 2, two), Analysis(), 2),
        Case("two waves, one baseline mean", Design(people, 2, two), Analysis("constrained"), 2),
        Case("two waves, baseline as covariate", Design(people, 2, two), Analysis("covariate"), 4),
        Case("two waves, two factors", Design(people, 2, two, factors), Analysis(), 4),
        Case("three waves, random intercept", Design(people, 3, three), Analysis(), 4),
        Case("three waves, AR(1)", Design(people, 3, three), Analysis(covariance="ar1"), 4),
        Case("three waves, unstructured", Design(people, 3, three), Analysis(covariance="unstructured"), 4),
    ]


def best(run: Callable[[], object]) -> float:
    """CPU seconds of the fastest pass."""
    seconds = []
    for _ in range(PASSES):
        start = time.process_time()
        run()
        seconds.append(time.process_time() - start)
    return min(seconds)


def measure(case: Case) -> tuple[float, float, float]:
    """Seconds of the draw alone, of whole trials with every value drawn, and of whole trials from moments."""
    design, engine = case.design, Engine(case.design, case.analysis)
    sigma = 0.6 + 0.4 * np.eye(design.waves)
    truth = Truth(((0.0,) * design.waves,) * 2, tuple(tuple(row) for row in sigma.tolist()))
    buffer = np.empty((128, sum(design.arms), design.waves))
    contrast = engine.difference(1, design.waves - 1)

    def draw() -> None:
        rng = generator(1, 0)
        for _ in range(BLOCK // buffer.shape[0]):
            rng.standard_normal(out=buffer)

    def whole(source: Callable[..., Moments]) -> Callable[[], object]:
        def run() -> object:
            moments = source(design, truth, engine.cells, BLOCK, generator(1, 0))
            return Answers(engine.fit(moments), "kenward-roger").contrast(contrast).p()

        return run

    return best(draw), best(whole(draw_in_full)), best(whole(draw_moments))


def main() -> None:
    """Print the ratios."""
    print(f"{'':36} every value drawn   sufficient statistics drawn   target")
    fastest = 0.0
    for case in cases():
        draw, full, direct = measure(case)
        fastest = fastest or direct / BLOCK
        print(f"{case.title:36} {full / draw:10.2f} x draw {direct / draw:16.2f} x draw {'':9} {case.target:g}")
    if rscript := shutil.which("Rscript"):
        script = Path(__file__).parent / "lmertest.R"
        found = subprocess.run([rscript, str(script), "40"], capture_output=True, text=True, check=True)
        print(f"one lmerTest fit with Satterthwaite: {float(found.stdout) / fastest:,.0f} x a trial of the first line")


if __name__ == "__main__":
    main()
