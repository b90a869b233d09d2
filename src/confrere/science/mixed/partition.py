"""Degrees of freedom by counting: residual, containment, between-within.

They ignore how well the variances are known. They are here because published SAS analyses used them
(containment is PROC MIXED's default with a RANDOM statement) and a reader wants to see the difference.
"""

from typing import Literal

import numpy as np

from confrere.science.mixed.design import Matrix, ModelError
from confrere.science.mixed.fit import Fit

Counting = Literal["residual", "containment", "between-within"]

_CHANGES = 1e-10  # squared length of an orthonormal column within participants, against 1 in all


def counted_df(fit: Fit, term: str, method: Counting) -> float:
    """Degrees of freedom of every test about ``term``.

    - residual: n - rank(X).
    - containment (SAS): the random participant effect contains the intercept only, which gets
      rank([X Z]) - rank(X); every other term gets n - rank([X Z]).
    - between-within (SAS): n - rank(X) is split; a term whose columns change within some participant
      gets the part within, the others the part between; with an unstructured covariance all get the
      part between.

    Without a random effect (a general covariance) containment is the residual count, as in SAS. Raises
    `ModelError` where nothing is left to count (as many people as effects between them).
    """
    found = _count(fit, term, method)
    if found <= 0:
        raise ModelError(f"The {method} rule leaves no degrees of freedom for {term}; choose another df.")
    return found


def _count(fit: Fit, term: str, method: Counting) -> float:
    rank = fit.phi.shape[0]
    general = fit.covariance_of_waves is not None
    if method == "residual" or len(fit.parameters) == 1 or (general and method == "containment"):
        return float(fit.n_obs - rank)
    inside = changing(fit.within)
    within = float(fit.n_obs - fit.n_clusters - inside)
    between = float(fit.n_clusters + inside - rank)
    if method == "containment":
        return between if term == "(Intercept)" else within
    if fit.structure == "unstructured":
        return between
    return within if _changes_within(fit, term) else between


def changing(within: Matrix) -> int:
    """How many independent columns change within some participant, of their cross-products within (k, k)."""
    return int(np.sum(np.linalg.eigvalsh(within) > _CHANGES))


def _changes_within(fit: Fit, term: str) -> bool:
    """Whether any column of the term takes two values within one participant."""
    own = [i for i, j in enumerate(fit.design.kept) if fit.design.terms[j] == term]
    columns = np.linalg.inv(fit.design.basis)[:, own]
    lengths = np.einsum("aj,ab,bj->j", columns, fit.within, columns)
    return bool(np.any(lengths > _CHANGES * np.einsum("aj,aj->j", columns, columns)))
