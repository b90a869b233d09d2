"""Random streams by name instead of by order: what is drawn for one imputation does not move another's."""

import numpy as np


def stream(seed: int, *names: int) -> np.random.Generator:
    """The stream of ``seed`` (0 or more) and any whole numbers that name it, from Philox's counter-based generator."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, *names])))
