"""Type I error and coverage of the mixed models: `python validation/power/type_one_error.py [FOLDER]`.

Simulates small and middling trials with dropout, 100,000 a cell, and writes `type_one_error.csv`; every method of
degrees of freedom sees the same trials. The seed is fixed, so the file comes out the same anywhere. About ten minutes
on one core. `docs/methods/validation.md` is made from it by `python validation/power/page.py`.
"""

import csv
import sys
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

from confrere.science.mixed import METHODS
from confrere.science.power import Analysis, Block, Design, Truth
from confrere.science.power.coverage import QUANTITIES, Held, cover_block
from confrere.science.power.simulate import blocks

SEED = 20240412
SIMULATIONS = 100_000
HERE = Path(__file__).parent
DROPOUT = {2: ((0.1,), (0.2,)), 3: ((0.1, 0.2), (0.15, 0.3))}
BASELINE, EFFECT = 1.8, -0.5  # in SD


COUNTED = ("trials", "boundary", "intervals", "held", "rejected")
HEAD = ("model", "waves", "n", "correlation", "baseline_as", "method", "quantity", *COUNTED)


@dataclass(frozen=True)
class Cell:
    """One simulated situation."""

    model: str
    waves: int
    n: int
    correlation: float
    baseline_as: str


CELLS = [
    Cell(model, waves, n, correlation, baseline_as)
    for model, waves in (("random-intercept", 2), ("random-intercept", 3), ("unstructured", 3))
    for baseline_as in ("response", "constrained")
    for correlation in (0.2, 0.6)
    for n in (20, 60, 138)
]


def blocks_of(cell: Cell) -> list[Block]:
    """The blocks of one cell: two arms of equal size, more dropout in the treated one."""
    design = Design((cell.n // 2, cell.n // 2), cell.waves, DROPOUT[cell.waves])
    share = cell.correlation
    sigma = tuple(tuple(1.0 if i == j else share for j in range(cell.waves)) for i in range(cell.waves))
    later = cell.waves - 1
    truth = Truth(((BASELINE,) * cell.waves, (BASELINE, *(BASELINE + EFFECT,) * later)), sigma)
    analysis = Analysis(cell.baseline_as, cell.model)  # type: ignore[arg-type]  # the two of CELLS
    return blocks(design, truth, analysis, simulations=SIMULATIONS, seed=SEED)


def rows(cell: Cell, found: list[list[Held]]) -> Iterator[tuple[object, ...]]:
    """One line for each method and quantity: cell, method, quantity, trials, boundary, intervals, held, rejected."""
    for same in zip(*found, strict=True):
        sums: list[int | str] = [sum(getattr(part, name) for part in same) for name in COUNTED]
        if same[0].quantity != QUANTITIES[0]:
            sums[-1] = ""  # only the difference is tested against nothing
        yield (*astuple(cell), same[0].method, same[0].quantity, *sums)


def write(path: Path, *, whole: bool) -> None:
    """Simulate every cell, or the first block of each, and write the file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEAD)
        for cell in CELLS:
            print(cell, file=sys.stderr, flush=True)  # noqa: T201  # a command
            wanted = blocks_of(cell) if whole else blocks_of(cell)[:1]
            writer.writerows(rows(cell, [cover_block(block, METHODS) for block in wanted]))


def main(folder: Path) -> None:
    """Both files: what a test repeats, and the tables."""
    write(folder / "first_blocks.csv", whole=False)
    write(folder / "type_one_error.csv", whole=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
