"""The mixed models as multiples of R, of statsmodels and of reading the data: `python benchmarks/science/run.py`.

    python benchmarks/science/run.py            every row that takes seconds
    python benchmarks/science/run.py --large    also lmer with 100,000 participants (half a minute) and statsmodels
    python benchmarks/science/run.py --growth   only 100 to 1,000,000 participants; writes docs/pictures/growth.png

One core, one thread, measured back to back. R comes from Debian: `apt-get install r-cran-lme4 r-cran-lmertest
r-cran-pbkrtest r-cran-nlme`; without it these rows say so. Nothing here is a bare time.
"""

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
from benchmarks.science.trial import Trial, simulate

from confrere.science.mixed import Estimate, Inference, balanced, fit_strata, make_design, random_intercept
from confrere.science.mixed.covariance import STRUCTURES
from confrere.science.mixed.general import fit_general
from confrere.science.mixed.logistic import fit_logistic
from confrere.science.mixed.patterns import make_patterns

HERE = Path(__file__).parent
INSTALL = "apt-get install r-cran-lme4 r-cran-lmertest r-cran-pbkrtest r-cran-nlme"


def best(run: Callable[[], object], passes: int = 7) -> float:
    """Seconds of the fastest pass."""
    seconds = []
    for _ in range(passes):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def answers(trial: Trial, *, wide: bool = False) -> tuple[Estimate, ...]:
    """Fit, Satterthwaite, Kenward-Roger, every coefficient, cell mean, change and difference in change."""
    design = make_design(trial.matrix, trial.names, trial.terms)
    reduced = balanced(design, trial.outcome, 2) if wide else random_intercept(design, trial.outcome, trial.person)
    fit = fit_strata(reduced, design)
    cells = [[1, a, t, 0.3, 0.3, 0.5, a * t] for a in (0, 1) for t in (0, 1)]
    rows = np.vstack([np.eye(7), cells, [[0, 0, 1, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 1]]])
    terms = (*trial.terms, *("arm:time",) * 6)
    first = Inference(fit, method="satterthwaite").contrasts(rows, terms=terms)
    return first + Inference(fit).contrasts(rows, terms=terms)


def unstructured(trial: Trial) -> tuple[Estimate, ...]:
    """An unstructured covariance with Kenward-Roger for every coefficient."""
    design = make_design(trial.matrix, trial.names, trial.terms)
    patterns = make_patterns(design, trial.outcome, trial.person, trial.wave)
    fit = fit_general(patterns, design, STRUCTURES["unstructured"])
    return Inference(fit).contrasts(np.eye(len(trial.names)), terms=trial.terms)


def logistic(trial: Trial) -> object:
    """A logistic random intercept by 65 nodes or more."""
    keep = [j for j, term in enumerate(trial.terms) if term != "gender"]
    names, terms = (tuple(which[j] for j in keep) for which in (trial.names, trial.terms))
    design = make_design(trial.matrix[:, keep], names, terms)
    return fit_logistic(design, (trial.outcome > 0).astype(float), trial.person)


def by_r(task: str, trial: Trial) -> float | None:
    """Seconds of R's fastest fit, or None without R."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = trial.write(Path(folder) / "trial.csv")
        command = ["Rscript", str(HERE / "peers.R"), task, str(file)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(said.split()[1])


def by_statsmodels(trial: Trial) -> float:
    """Seconds of one MixedLM fit (normal quantiles only)."""
    from statsmodels.regression.mixed_linear_model import MixedLM

    return best(lambda: MixedLM(trial.outcome, trial.matrix, groups=trial.person).fit(reml=True), 3)


def say(what: str, ours: float, peer: float | None, than: str, target: float | None = None) -> None:
    """One row: a ratio, or why there is none."""
    aim = "" if target is None else f"   (target {target:g})"
    ratio = f"no R here; {INSTALL}" if peer is None else f"{ours / peer:8.4f} x {than}{aim}"
    print(f"{what:<58} {ratio}", flush=True)


def small() -> None:
    """Kiser's size."""
    trial = simulate(123, 2)
    lmer = by_r("lmer", trial)
    ours = best(lambda: answers(trial), 300)
    say("123 x 2: fit, Satterthwaite, Kenward-Roger, 26 answers", ours, lmer, "lme4::lmer alone", 0.05)
    say("the same", ours, by_r("satterthwaite", trial), "lmerTest summary with Satterthwaite")
    say("the same", ours, by_r("kenward-roger", trial), "lmerTest summary with Kenward-Roger")
    say("the same", ours, by_statsmodels(trial), "statsmodels MixedLM alone")
    high = best(lambda: logistic(trial), 20)
    say("123 x 2: logistic random intercept", high, by_r("glmer", trial), "lme4::glmer with nAGQ = 25", 0.05)


def waves() -> None:
    """Unstructured covariance of four waves."""
    trial, tenth, tenfold = simulate(10_000, 4), simulate(1_000, 4), simulate(100_000, 4)
    ours = best(lambda: unstructured(trial), 3)
    say("10,000 x 4: unstructured, Kenward-Roger", ours, by_r("gls", tenth), "nlme::gls with a tenth of the people")
    say("100,000 x 4: the same", best(lambda: unstructured(tenfold), 3), 10 * ours, "ten times 10,000", 1)


def million() -> None:
    """Against reading the arrays once, and the memory beside them."""
    trial = simulate(1_000_000, 2, dropout=0.0)
    arrays = (trial.matrix, trial.outcome, trial.person)
    read = best(lambda: [one.sum() for one in arrays])
    say("1,000,000 x 2, long and sorted: everything", best(lambda: answers(trial), 5), read, "reading the arrays", 15)
    say("1,000,000 x 2, wide: everything", best(lambda: answers(trial, wide=True), 5), read, "reading the arrays", 10)
    tracemalloc.start()
    answers(trial)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    print(f"{'the same: memory beside the arrays':<58} {peak:8.1f} MB   (target 32)", flush=True)


def large(*, peers: bool) -> None:
    """100,000 participants; R and statsmodels only on request."""
    trial = simulate(100_000, 2)
    ours = best(lambda: answers(trial), 7)
    if peers:
        say("100,000 x 2: everything", ours, by_r("lmer", trial), "lme4::lmer alone", 0.001)
    tenth = simulate(10_000, 2)
    say("100,000 x 2: everything", ours, by_r("lmer", tenth), "lme4::lmer alone with a tenth of the people")
    if peers:
        say("10,000 x 2: everything", best(lambda: answers(tenth)), by_statsmodels(tenth), "statsmodels MixedLM alone")


def imports() -> None:
    """CPU time of a new Python that imports one or the other."""

    def cpu(code: str) -> float:
        least = float("inf")
        for _ in range(9):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, "-c", code], check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            least = min(least, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return least

    peer = cpu("import numpy, scipy.linalg")
    say("import confrere.science.mixed", cpu("import confrere.science.mixed"), peer, "numpy and scipy.linalg", 1.5)


def growth() -> None:
    """From a hundred to a million participants, each a multiple of reading its arrays or of R."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    sizes, ours, theirs = [10**e for e in range(2, 7)], [], []
    for people in sizes:
        trial = simulate(people, 2)
        ours.append(best(lambda trial=trial: answers(trial), 300 if people < 100_000 else 15))
        theirs.append(by_r("lmer", trial) if people <= 100_000 else None)
        peer = "" if theirs[-1] is None else f"{theirs[-1] / ours[-1]:10,.0f} times as fast as lmer"
        print(f"{people:>9,} participants: {ours[-1] / ours[0]:10.1f} times the time of 100 {peer}", flush=True)
    figure, axis = plt.subplots(figsize=(6.5, 4))
    axis.loglog(sizes, np.array(ours) / ours[0], "o-", label="confrère: fit, Satterthwaite, Kenward-Roger, 26 answers")
    pairs = [(n, t / ours[0]) for n, t in zip(sizes, theirs, strict=True) if t is not None]
    axis.loglog(*zip(*pairs, strict=True), "s--", label="lme4::lmer: fit alone")
    axis.set(xlabel="participants, two waves", ylabel="times our time for 100 participants")
    axis.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(HERE.parents[1] / "docs" / "pictures" / "growth.png", dpi=120)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--growth", action="store_true")
    chosen = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    if chosen.growth:
        growth()
    else:
        small()
        waves()
        large(peers=chosen.large)
        million()
        imports()
