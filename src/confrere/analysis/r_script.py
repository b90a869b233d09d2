"""The R script that repeats one outcome's model with lme4, lmerTest or nlme and compares the numbers.

It builds its design from a formula, so that it checks ours. What agrees to what: estimates to a small part of their
standard error, log-likelihoods to 1e-4, model-based standard errors and those of Kenward-Roger in pbkrtest's flavour
to 1e-3 of themselves. Our default flavour is SAS's, which uses the observed information: 5 per cent.
"""

from confrere.analysis.frame import Frame
from confrere.analysis.r_fits import fit_lines, packages
from confrere.analysis.r_kinds import Kind, kind_of
from confrere.analysis.results import OutcomeResult


def why_not(found: OutcomeResult) -> str:
    """Why R's packages cannot repeat this model by our script, in one sentence; empty where they can."""
    if kind_of(found) is Kind.NONE:
        return "no package of R penalizes a logistic model with a random intercept as Firth did."
    return ""


def r_script(frame: Frame, found: OutcomeResult) -> str:
    """The script, for a folder that holds ``rows.csv``. ``frame`` has the rows that were analysed."""
    named = {one.term: one.value for one in found.coefficients if one.value is not None}
    names = _names(frame)
    parts = [names[term] for term in named]
    lines = [
        "# Repeats the primary model with R's packages and compares. Run it in its folder: Rscript primary.R",
        *(f"library({name})" for name in packages(found)),
        'd <- read.csv("rows.csv", colClasses = c(id = "character"))',
        "for (name in names(d)) if (is.character(d[[name]])) d[[name]] <- factor(d[[name]])",
        "d$place <- as.integer(sub('w', '', d$wave)) + 1L",
        *_certain(found),
        *_constrained(frame),
        f"formula <- {_formula(frame, found)}",
        *fit_lines(found, waves=len(frame.panel.waves) - frame.first),
        "",
        "# What confrère found, by term",
        f"terms <- c({', '.join(_text(part) for part in parts)})",
        f"estimate <- c({', '.join(repr(one.estimate) for one in named.values())})",
        f"se <- c({', '.join(repr(one.se) for one in named.values())})",
        f"loglik <- {found.loglik!r}",
        _COMPARE.format(**_tolerances(found)),
    ]
    return "\n".join(lines)


def _certain(found: OutcomeResult) -> list[str]:
    """Without the answers that the covariates decide: they have probability one, and R would run after infinity."""
    if all(one.value is not None for one in found.coefficients):
        return []
    return [
        "# The covariates decide these answers: their coefficients are infinite, and the other ones rest on the rest.",
        "d <- droplevels(d[d$certain == 0, ])",
    ]


def _later(frame: Frame) -> list[str]:
    """The waves that have a term of their own, as ``w2``."""
    return [f"w{place}" for place in range(frame.first + 1, len(frame.panel.waves))]


def _constrained(frame: Frame) -> list[str]:
    """The cells of the interaction as columns of their own, where all arms share the baseline mean."""
    model = frame.outcome.model
    if model.baseline_as != "constrained":
        return []
    arms = range(1, len(frame.plan.arms))
    if model.time == "linear":
        return [f"d$a{a}_time <- (d$arm == 'a{a}') * (d$time - min(d$time))" for a in arms]
    return [f"d$a{a}_{w} <- (d$arm == 'a{a}' & d$wave == '{w}') * 1" for w in _later(frame) for a in arms]


def _formula(frame: Frame, found: OutcomeResult) -> str:
    model = frame.outcome.model
    time = "time" if model.time == "linear" else "wave"
    if time == "wave" and not _later(frame):
        time = "1"
    covariates = [f"c{i}" for i in range(1, len(frame.covariates) + 1)]
    if model.baseline_as == "constrained":
        arms = range(1, len(frame.plan.arms))
        cells = ["time"] if model.time == "linear" else _later(frame)
        terms = [time, *covariates, *(f"a{a}_{w}" for w in cells for a in arms)]
    elif model.baseline_as == "covariate":
        terms = [f"arm * {time}" if time != "1" else "arm", f"baseline * {time}" if time == "wave" else "baseline"]
        terms += covariates
    else:
        terms = [f"arm * {time}", *covariates]
    return f"value ~ {' + '.join([*terms, *kind_of(found).random])}"


def _names(frame: Frame) -> dict[str, str]:
    """Our name of each term to R's, its parts in alphabetical order: ``arma1:wavew1``."""
    names = {f"arm[{arm}]": f"arma{a}" for a, arm in enumerate(frame.plan.arms)}
    names |= {f"time[{wave}]": f"wavew{w}" for w, wave in enumerate(frame.panel.waves)}
    known = {"(Intercept)": "(Intercept)", "time": "time", "baseline": "baseline"}
    pairs = {f"{a}:{t}": ":".join(sorted((x, y))) for a, x in names.items() for t, y in (names | known).items()}
    pairs |= {f"baseline:{t}": ":".join(sorted(("baseline", x))) for t, x in names.items()}
    if frame.outcome.model.baseline_as == "constrained":
        short = {f"time[{wave}]": f"w{w}" for w, wave in enumerate(frame.panel.waves)} | {"time": "time"}
        pairs |= {f"arm[{arm}]:{t}": f"a{a}_{w}" for a, arm in enumerate(frame.plan.arms) for t, w in short.items()}
    for i, one in enumerate(frame.covariates, start=1):
        known[one.name] = f"c{i}"
        names |= {f"{one.name}[{level}]": f"c{i}l{j}" for j, level in enumerate(one.levels)}
    return names | known | pairs


def _text(name: str) -> str:
    return f'"{name}"'


def _tolerances(found: OutcomeResult) -> dict[str, str]:
    """How far estimates (in standard errors), log-likelihoods and standard errors may be apart."""
    model, kind = found.outcome.model, kind_of(found)
    if kind in {Kind.LOGISTIC, Kind.MIXED_LOGISTIC}:
        return {"estimate": "0.01", "loglik": "1e-3", "se": "0.01"}
    if kind is Kind.FIRTH:
        return {"estimate": "1e-3", "loglik": "1e-3", "se": "1e-3"}
    if kind in {Kind.GLS, Kind.BY_HAND}:
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
loglik_apart <- abs(loglik - as.numeric(value))
cat("largest difference of an estimate, in standard errors:", format(apart), "\\n")
cat("largest relative difference of a standard error:", format(se_apart), "\\n")
cat("difference of the log-likelihoods:", format(loglik_apart), "\\n")
stopifnot(apart < {estimate}, se_apart < {se}, loglik_apart < {loglik})
cat("R agrees.\\n")
"""
