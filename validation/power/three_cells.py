"""The three rows of `docs/methods/validation.md` that are furthest from 5 %, with more trials and another seed.

`PYTHONPATH=src python validation/power/three_cells.py`: 400,000 trials each, some minutes on one core. Prints the type
I error in per cent by method, with its Monte-Carlo error (95 %), and the share of trials with a variance at zero.
"""

from math import sqrt

from type_one_error import DROPOUT, Cell

from confrere.science.mixed import METHODS
from confrere.science.power import Analysis, Design, Truth
from confrere.science.power.coverage import cover_block
from confrere.science.power.simulate import blocks

SEED, SIMULATIONS = 20250101, 400_000
CELLS = (
    Cell("random-intercept", 2, 20, 0.2, "response"),
    Cell("unstructured", 3, 20, 0.2, "constrained"),
    Cell("unstructured", 3, 20, 0.6, "constrained"),
)


def main() -> None:
    """Print a line for each cell and method."""
    for cell in CELLS:
        design = Design((cell.n // 2, cell.n // 2), cell.waves, DROPOUT[cell.waves])
        sigma = [[1.0 if i == j else cell.correlation for j in range(cell.waves)] for i in range(cell.waves)]
        truth = Truth(((1.8,) * cell.waves, (1.8, *(1.3,) * (cell.waves - 1))), tuple(map(tuple, sigma)))
        analysis = Analysis(cell.baseline_as, cell.model)  # type: ignore[arg-type]  # the two of CELLS
        parts = blocks(design, truth, analysis, simulations=SIMULATIONS, seed=SEED)
        found = [cover_block(part, METHODS) for part in parts]
        for same in zip(*found, strict=True):
            first = same[0]
            if first.quantity == "difference in change":
                rate = sum(one.rejected for one in same) / SIMULATIONS
                error = 1.96 * sqrt(rate * (1 - rate) / SIMULATIONS)
                zero = sum(one.boundary for one in same) / SIMULATIONS
                print(cell, first.method, f"{100 * rate:.2f} ± {100 * error:.2f}; at zero {100 * zero:.1f}")  # noqa: T201


if __name__ == "__main__":
    main()
