"""The R script that repeats one outcome's model with lme4, lmerTest or nlme and compares the numbers.

It builds its design from a formula, so that it checks ours. What agrees to what: estimates to a small part of their
standard error, log-likelihoods to 1e-4, model-based standard errors and those of Kenward-Roger in pbkrtest's flavour
to 1e-3 of themselves. Our default flavour is SAS's, which uses the observed information: 5 per cent.
"""

from confrere.analysis.plan import Model, Plan
from confrere.analysis.results import OutcomeResult

_GLS = {
    "unstructured": "correlation = corSymm(form = ~ place | id), weights = varIdent(form = ~ 1 | wave)",
    "compound-symmetry": "correlation = corCompSymm(form = ~ place | id)",
    "heterogeneous-cs": "correlation = corCompSymm(form = ~ place | id), weights = varIdent(form = ~ 1 | wave)",
    "ar1": "correlation = corAR1(form = ~ place | id)",
    "heterogeneous-ar1": "correlation = corAR1(form = ~ place | id), weights = varIdent(form = ~ 1 | wave)",
}


def why_not(found: OutcomeResult) -> str:
    """Why R's packages cannot repeat this model by our script, in one sentence; empty where they can."""
    model = found.outcome.model
    binary = found.outcome.kind == "binary"
    if model.cluster is not None:
        return "it has an effect of coaches."
    if not binary and model.covariance not in {*_GLS, "random-intercept"}:
        return f"nlme has no covariance of the kind {model.covariance}."
    if binary and (model.baseline_as == "covariate" or found.outcome.separation != "report"):
        return "lme4 has no logistic model of this kind."
    if any(one.value is None for one in found.coefficients):
        return "some of its coefficients have no finite estimate, and lme4 does not say so."
    return ""


def r_script(plan: Plan, found: OutcomeResult) -> str:
    """The script, for a folder that holds ``rows.csv``."""
    named = {one.term: one.value for one in found.coefficients if one.value is not None}
    parts = [_term(plan, found, term) for term in named]
    lines = [
        "# Repeats the primary model with R's packages and compares. Run it in its folder: Rscript primary.R",
        *_packages(found),
        'd <- read.csv("rows.csv", colClasses = c(id = "character"))',
        "for (name in names(d)) if (is.character(d[[name]])) d[[name]] <- factor(d[[name]])",
        "d$place <- as.integer(sub('w', '', d$wave)) + 1L",
        *_constrained(plan, found),
        f"formula <- {_formula(plan, found)}",
        *_fit(found),
        "",
        "# What confrère found, by term",
        f"terms <- c({', '.join(_text(part) for part in parts)})",
        f"estimate <- c({', '.join(repr(one.estimate) for one in named.values())})",
        f"se <- c({', '.join(repr(one.se) for one in named.values())})",
        f"loglik <- {found.loglik!r}",
        _COMPARE.format(**_tolerances(found)),
    ]
    return "\n".join(lines)


def _packages(found: OutcomeResult) -> list[str]:
    model = found.outcome.model
    if found.outcome.kind == "binary":
        return ["library(lme4)"]
    if not _mixed(found):
        return ["library(nlme)"]
    return ["library(lme4)", "library(lmerTest)", *(["library(pbkrtest)"] if _adjusted(model) else [])]


def _adjusted(model: Model) -> bool:
    return model.df.startswith("kenward-roger") and model.se == "model"


def _later(plan: Plan, found: OutcomeResult) -> tuple[str, ...]:
    """The waves that have a term of their own, as ``w2``, in the order of the file's means."""
    waves = list(dict.fromkeys(one.wave for one in found.descriptions))
    first = 2 if found.outcome.model.baseline_as == "covariate" else 1
    return tuple(f"w{place}" for place in range(first, len(waves)))


def _constrained(plan: Plan, found: OutcomeResult) -> list[str]:
    """The cells of the interaction as columns of their own, where all arms share the baseline mean."""
    model = found.outcome.model
    if model.baseline_as != "constrained":
        return []
    arms = range(1, len(plan.arms))
    if model.time == "linear":
        return [f"d$a{a}_time <- (d$arm == 'a{a}') * (d$time - min(d$time))" for a in arms]
    return [f"d$a{a}_{w} <- (d$arm == 'a{a}' & d$wave == '{w}') * 1" for w in _later(plan, found) for a in arms]


def _formula(plan: Plan, found: OutcomeResult) -> str:
    model = found.outcome.model
    time = "time" if model.time == "linear" else "wave"
    if time == "wave" and not _later(plan, found):
        time = "1"
    covariates = [f"c{i}" for i in range(1, len(model.covariates) + 1)]
    if model.baseline_as == "constrained":
        arms = range(1, len(plan.arms))
        cells = ["time"] if model.time == "linear" else list(_later(plan, found))
        terms = [time, *covariates, *(f"a{a}_{w}" for w in cells for a in arms)]
    elif model.baseline_as == "covariate":
        terms = [f"arm * {time}" if time != "1" else "arm", f"baseline * {time}" if time == "wave" else "baseline"]
        terms += covariates
    else:
        terms = [f"arm * {time}", *covariates]
    random = "" if not _mixed(found) else " + (1 | id)"
    return f"value ~ {' + '.join(terms)}{random}"


def _mixed(found: OutcomeResult) -> bool:
    """Whether lme4 fits it: a random intercept, and somebody with two rows."""
    if found.outcome.model.covariance != "random-intercept":
        return False
    return found.outcome.kind == "binary" or found.n_obs > found.n_participants


def _fit(found: OutcomeResult) -> list[str]:
    model, method = found.outcome.model, found.outcome.model.estimation.upper()
    if found.outcome.kind == "binary":
        return ["fit <- glmer(formula, data = d, family = binomial, nAGQ = 25)", "b <- fixef(fit)", "v <- vcov(fit)"]
    if model.covariance != "random-intercept":
        return [
            f"fit <- gls(formula, data = d, method = '{method}', {_GLS[model.covariance]},",
            "           control = glsControl(maxIter = 500, msMaxIter = 500, tolerance = 1e-10, msTol = 1e-12))",
            "b <- coef(fit)",
            "v <- vcov(fit)",
        ]
    if not _mixed(found):
        return ["fit <- gls(formula, data = d)", "b <- coef(fit)", "v <- vcov(fit)"]
    adjusted = "vcovAdj(fit)" if _adjusted(model) else "vcov(fit)"
    ddf = "Kenward-Roger" if _adjusted(model) else "Satterthwaite"
    return [
        "control <- lmerControl(optimizer = 'bobyqa', optCtrl = list(rhobeg = 0.1, rhoend = 1e-10))",
        f"fit <- lmer(formula, data = d, REML = {'TRUE' if method == 'REML' else 'FALSE'}, control = control)",
        "b <- fixef(fit)",
        f"v <- {adjusted}",
        f"print(summary(fit, ddf = '{ddf}')$coefficients)",
    ]


def _term(plan: Plan, found: OutcomeResult, term: str) -> str:
    """A term's name in R, its parts in alphabetical order: ``arma1:wavew1``."""
    model = found.outcome.model
    waves = list(dict.fromkeys(one.wave for one in found.descriptions))
    names = {f"arm[{arm}]": f"arma{a}" for a, arm in enumerate(plan.arms)}
    names |= {f"time[{wave}]": f"wavew{w}" for w, wave in enumerate(waves)}
    known = {"(Intercept)": "(Intercept)", "time": "time", "baseline": "baseline"}
    pairs = {f"{a}:{t}": ":".join(sorted((x, y))) for a, x in names.items() for t, y in (names | known).items()}
    pairs |= {f"baseline:{t}": ":".join(sorted(("baseline", x))) for t, x in names.items()}
    if model.baseline_as == "constrained":
        short = {f"time[{wave}]": f"w{w}" for w, wave in enumerate(waves)} | {"time": "time"}
        pairs |= {f"arm[{arm}]:{t}": f"a{a}_{w}" for a, arm in enumerate(plan.arms) for t, w in short.items()}
    for i, name in enumerate(model.covariates, start=1):
        known[name] = f"c{i}"
        levels = [one.term for one in found.coefficients if one.term.startswith(f"{name}[")]
        names |= {level: f"c{i}l{j}" for j, level in enumerate(levels, start=1)}
    return (names | known | pairs)[term]


def _text(name: str) -> str:
    return f'"{name}"'


def _tolerances(found: OutcomeResult) -> dict[str, str]:
    """How far estimates (in standard errors), log-likelihoods and standard errors may be apart."""
    model = found.outcome.model
    if found.outcome.kind == "binary":
        return {"estimate": "0.01", "loglik": "1e-3", "se": "0.01"}
    if model.covariance != "random-intercept":
        comparable = model.se == "model" and not model.df.startswith("kenward-roger")
        return {"estimate": "1e-3", "loglik": "1e-4", "se": "0.01" if comparable else "Inf"}
    if model.se != "model":
        return {"estimate": "1e-4", "loglik": "1e-4", "se": "Inf"}
    return {"estimate": "1e-4", "loglik": "1e-4", "se": "0.05" if model.df == "kenward-roger" else "1e-3"}


_COMPARE = """
sorted <- function(name) paste(sort(strsplit(name, ":", fixed = TRUE)[[1]], method = "radix"), collapse = ":")
places <- match(terms, vapply(names(b), sorted, ""))
theirs <- data.frame(term = names(b)[places], confrere = estimate, R = b[places],
                     confrere_se = se, R_se = sqrt(diag(as.matrix(v)))[places], row.names = NULL)
print(theirs, digits = 8)
apart <- max(abs(theirs$confrere - theirs$R) / theirs$R_se)
se_apart <- max(abs(theirs$confrere_se / theirs$R_se - 1))
loglik_apart <- abs(loglik - as.numeric(logLik(fit)))
cat("largest difference of an estimate, in standard errors:", format(apart), "\\n")
cat("largest relative difference of a standard error:", format(se_apart), "\\n")
cat("difference of the log-likelihoods:", format(loglik_apart), "\\n")
stopifnot(apart < {estimate}, se_apart < {se}, loglik_apart < {loglik})
cat("R agrees.\\n")
"""
