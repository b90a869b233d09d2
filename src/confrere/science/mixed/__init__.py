"""Linear mixed models of a trial: design, fit, degrees of freedom, contrasts.

`random_intercept` and `independent` reduce the data to cross-products, `fit_strata` fits them by REML or
ML, and an `Inference` answers for any contrast of the coefficients with a chosen small-sample method. Arrays
in, frozen results out.
"""

from confrere.science.mixed.design import Design, ModelError, make_design
from confrere.science.mixed.effects import type_two
from confrere.science.mixed.empirical import KINDS, Empirical, Kind, empirical
from confrere.science.mixed.fieller import fieller
from confrere.science.mixed.fit import Fit
from confrere.science.mixed.inference import METHODS, Estimate, Inference, JointTest, Method
from confrere.science.mixed.profile import fit_strata
from confrere.science.mixed.strata import Strata, balanced, independent, random_intercept

__all__ = [
    "KINDS",
    "METHODS",
    "Design",
    "Empirical",
    "Estimate",
    "Fit",
    "Inference",
    "JointTest",
    "Kind",
    "Method",
    "ModelError",
    "Strata",
    "balanced",
    "empirical",
    "fieller",
    "fit_strata",
    "independent",
    "make_design",
    "random_intercept",
    "type_two",
]
