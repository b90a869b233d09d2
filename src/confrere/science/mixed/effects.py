"""Joint hypotheses of type 2: each effect after those that do not contain it, ignoring those that do.

Type 3 asks about cell means averaged with equal weights; type 2 about what an effect adds to a model without its
interactions, which has more power where there is no interaction, and another meaning where there is.
"""

from collections.abc import Collection

import numpy as np

from confrere.science.mixed.design import Design, Matrix


def type_two(design: Design, *, numbers: Collection[str] = ()) -> dict[str, Matrix]:
    """(q, p) contrasts of each term but the intercept, by name; q is its rank after the terms before it.

    Interactions are written ``a:b``. ``numbers`` names the variables that are numbers, not factors: as in SAS,
    ``arm:time`` contains ``arm`` only where time is a factor. A term that adds nothing is left out. Their
    F tests are `Inference.joint`; as in SAS and lmerTest the hypotheses come from the design, not from the
    estimated covariance (as in R's ``car``).
    """
    kept_terms = [design.terms[j] for j in design.kept]
    root = np.linalg.inv(design.basis)
    found = {}
    for term in dict.fromkeys(kept_terms):
        own = [j for j, one in enumerate(kept_terms) if one == term]
        above = [j for j, one in enumerate(kept_terms) if contains(one, term, numbers)]
        before = [j for j in range(len(kept_terms)) if j not in own and j not in above]
        if term != "(Intercept)":
            rows = _rows(root, before, own, above) if above else np.eye(len(kept_terms))[own]
            found[term] = _spread_out(design, rows)
    return found


def contains(larger: str, smaller: str, numbers: Collection[str] = ()) -> bool:
    """Whether the effect ``larger`` contains ``smaller``: the same numbers, and more factors."""
    one, other = set(larger.split(":")), set(smaller.split(":"))
    return other < one and not (one - other) & set(numbers)


def _rows(root: Matrix, before: list[int], own: list[int], above: list[int]) -> Matrix:
    """The rows of the triangular factor of ``X' X``, columns in this order, that belong to ``own``.

    With ones on the diagonal (Doolittle's form): Satterthwaite's df of a joint test depend on how its rows are scaled.
    An effect that nothing contains asks about its own coefficients one by one; the hypothesis is the same.
    """
    order = before + own + above
    triangle = np.linalg.qr(root[:, order], mode="r")
    rows = np.zeros((len(own), len(order)))
    rows[:, order] = triangle[len(before) : len(before) + len(own)]
    return rows / rows[np.arange(len(own)), own][:, None]


def _spread_out(design: Design, rows: Matrix) -> Matrix:
    """Contrasts of the kept columns as contrasts of all p, the same whichever columns were dropped."""
    whole = np.zeros((rows.shape[0], len(design.names)))
    whole[:, design.kept] = rows
    dropped = [j for j in range(len(design.names)) if j not in set(design.kept.tolist())]
    whole[:, dropped] = -rows @ design.null[:, design.kept].T
    return whole
