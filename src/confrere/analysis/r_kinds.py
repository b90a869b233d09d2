"""Which of R's ways of fitting repeats a model of ours."""

from enum import Enum

from confrere.analysis.results import OutcomeResult


class Kind(Enum):
    """A way of fitting; the value lists the random terms that it adds to a formula."""

    LINEAR = ()
    MIXED = ("(1 | id)",)
    NESTED = ("(1 | id)", "(0 + acts | coach)")
    COACHED = ("(0 + acts | coach)", "")
    """Coaches, and one row for everybody."""
    GLS = ("", "gls")
    BY_HAND = ("", "optim")
    """A covariance that no package of R has: base R climbs its likelihood."""
    LOGISTIC = ("", "glm")
    MIXED_LOGISTIC = ("(1 | id)", "")
    FIRTH = ("", "brglm")
    NONE = ("", "none")

    @property
    def random(self) -> tuple[str, ...]:
        """The random terms of the formula."""
        return tuple(part for part in self.value if part.startswith("("))


def kind_of(found: OutcomeResult) -> Kind:
    """By the model, and by whether anybody has two rows in it."""
    model = found.outcome.model
    single = model.baseline_as == "covariate" and found.n_obs == found.n_participants
    if found.outcome.kind == "binary":
        if found.outcome.separation == "firth":
            return Kind.FIRTH if single else Kind.NONE
        return Kind.LOGISTIC if single else Kind.MIXED_LOGISTIC
    if model.cluster is not None:
        return Kind.COACHED if single else Kind.NESTED
    if single:
        return Kind.LINEAR
    if model.covariance == "random-intercept":
        return Kind.MIXED
    return Kind.BY_HAND if model.covariance == "ante-dependence" else Kind.GLS
