"""Separation in a frame: which answers its covariates decide, and what the plan wants done with them."""

from dataclasses import dataclass, replace

import numpy as np

from confrere.analysis.frame import Frame
from confrere.analysis.names import counted
from confrere.analysis.panel import Mask
from confrere.science.mixed import ModelError
from confrere.science.mixed.design import Matrix, Vector
from confrere.science.mixed.separation import decided, separating_direction


@dataclass(frozen=True, slots=True)
class Separated:
    """The frame, which of its rows are fitted, and the directions in which coefficients are infinite."""

    frame: Frame
    matrix: Matrix
    fitted: Mask
    directions: tuple[Vector, ...]
    warnings: tuple[str, ...]


def separate(frame: Frame) -> Separated:
    """Find every direction that decides answers; the rows it decides say nothing about the rest."""
    matrix = frame.matrix()
    names, _ = frame.labels
    scaled = matrix / np.maximum(np.abs(matrix).max(axis=0), 1e-300)
    fitted = np.ones(frame.rows.size, dtype=np.bool_)
    directions: list[Vector] = []
    warnings: list[str] = []
    while fitted.any():
        direction = separating_direction(scaled[fitted], frame.values[fitted])
        if direction is None:
            break
        if frame.outcome.separation == "firth":
            which = ", ".join(name for name, part in zip(names, direction, strict=True) if part)
            warnings.append(
                f"Separation: {which} predicts answers without exception; Firth's correction keeps it finite."
            )
            break
        directions.append(direction / np.maximum(np.abs(matrix).max(axis=0), 1e-300))
        out = fitted & decided(scaled, direction)
        fitted &= ~out
        which = ", ".join(name for name, part in zip(names, direction, strict=True) if part)
        what = "left out" if frame.outcome.separation == "drop" else "kept as certain"
        warnings.append(
            f"Separation: {which} predicts the answer of {counted(int(out.sum()), 'row')} without exception, so there "
            f"is no finite estimate; {'it was' if out.sum() == 1 else 'these rows were'} {what}."
        )
    if not fitted.any():
        raise ModelError("The covariates predict every answer without exception; there is nothing to estimate.")
    if frame.outcome.separation == "drop" and directions:
        rows = frame.rows[fitted]
        inside = np.isin(frame.margin_rows, rows) | ~np.isin(frame.margin_rows, frame.rows)
        frame = replace(
            frame,
            rows=rows,
            margin_rows=frame.margin_rows[inside],
            values=frame.values[fitted],
            baseline=frame.baseline[fitted],
        )
        return Separated(frame, matrix[fitted], np.ones(rows.size, dtype=np.bool_), (), tuple(warnings))
    return Separated(frame, matrix, fitted, tuple(directions), tuple(warnings))
