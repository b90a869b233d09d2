"""The lines of R that fit a model: they leave estimates in b, their covariance in v, the log-likelihood in value."""

from confrere.analysis.plan import Model
from confrere.analysis.r_kinds import Kind, kind_of
from confrere.analysis.results import OutcomeResult

_UNEQUAL = "weights = varIdent(form = ~ 1 | wave)"
_GLS = {
    "unstructured": f"correlation = corSymm(form = ~ place | id), {_UNEQUAL}",
    "compound-symmetry": "correlation = corCompSymm(form = ~ place | id)",
    "heterogeneous-cs": f"correlation = corCompSymm(form = ~ place | id), {_UNEQUAL}",
    "ar1": "correlation = corAR1(form = ~ place | id)",
    "heterogeneous-ar1": f"correlation = corAR1(form = ~ place | id), {_UNEQUAL}",
    "toeplitz": "correlation = corARMA(form = ~ place | id, p = {order})",
    "heterogeneous-toeplitz": f"correlation = corARMA(form = ~ place | id, p = {{order}}), {_UNEQUAL}",
}
"""A Toeplitz correlation of W waves is that of an autoregression of order W - 1, which nlme has."""

_VALUE = "value <- logLik(fit)"


def packages(found: OutcomeResult) -> list[str]:
    """What the script loads."""
    kind = kind_of(found)
    if kind in {Kind.MIXED, Kind.NESTED, Kind.COACHED}:
        return ["lme4", "lmerTest", *(["pbkrtest"] if _adjusted(found.outcome.model) else [])]
    known = {Kind.MIXED_LOGISTIC: ["lme4"], Kind.FIRTH: [], Kind.LOGISTIC: [], Kind.BY_HAND: []}
    return known.get(kind, ["nlme"])


def fit_lines(found: OutcomeResult, *, waves: int) -> list[str]:
    """The fit of a model with so many waves."""
    model, kind = found.outcome.model, kind_of(found)
    reml = "TRUE" if model.estimation == "reml" else "FALSE"
    plain = {
        Kind.MIXED_LOGISTIC: [
            "fit <- glmer(formula, data = d, family = binomial, nAGQ = 25)",
            *_asked("fixef(fit)"),
            _VALUE,
        ],
        Kind.LOGISTIC: ["fit <- glm(formula, data = d, family = binomial)", *_asked("coef(fit)"), _VALUE],
        Kind.FIRTH: [_COLUMNS, _FIRTH],
        Kind.BY_HAND: [_COLUMNS, _BY_HAND.format(reml=reml, waves=waves)],
        Kind.LINEAR: [
            f"fit <- gls(formula, data = d, method = '{model.estimation.upper()}')",
            *_asked("coef(fit)"),
            _VALUE,
        ],
    }
    if kind in plain:
        return plain[kind]
    if kind is Kind.GLS:
        structure = _GLS[model.covariance].format(order=waves - 1)
        return [
            f"fit <- gls(formula, data = d, method = '{model.estimation.upper()}', {structure},",
            "           control = glsControl(maxIter = 500, msMaxIter = 500, tolerance = 1e-10, msTol = 1e-12))",
            *_asked("coef(fit)"),
            _VALUE,
        ]
    adjusted = "vcovAdj(fit)" if _adjusted(model) else "vcov(fit)"
    ddf = "Kenward-Roger" if _adjusted(model) else "Satterthwaite"
    return [
        "control <- lmerControl(optimizer = 'bobyqa', optCtrl = list(rhobeg = 0.1, rhoend = 1e-10))",
        f"fit <- lmer(formula, data = d, REML = {reml}, control = control)",
        *_asked("fixef(fit)", adjusted),
        _VALUE,
        f"print(summary(fit, ddf = '{ddf}')$coefficients)",
    ]


def _asked(estimates: str, covariance: str = "vcov(fit)") -> list[str]:
    return [f"b <- {estimates}", f"v <- {covariance}"]


def _adjusted(model: Model) -> bool:
    return model.df.startswith("kenward-roger") and model.se == "model"


_COLUMNS = """X <- model.matrix(formula, d)
X <- X[, qr(X)$pivot[seq_len(qr(X)$rank)]]"""

_FIRTH = """# Firth's logistic regression in base R: the score with the answers' leverages is brought to zero.
b <- setNames(numeric(ncol(X)), colnames(X))
for (step in 1:500) {
  p <- as.vector(plogis(X %*% b))
  v <- solve(crossprod(X, X * (p * (1 - p))))
  leverage <- rowSums((X %*% v) * X) * p * (1 - p)
  move <- as.vector(v %*% crossprod(X, d$value - p + leverage * (0.5 - p)))
  b <- b + move / max(1, max(abs(move)))
  if (max(abs(move)) < 1e-10) break
}
value <- sum(dbinom(d$value, 1, as.vector(plogis(X %*% b)), log = TRUE))"""

_BY_HAND = """# No package of R has ante-dependence: base R climbs the likelihood over log SDs and z of neighbours.
of <- split(seq_len(nrow(d)), d$id)
waves <- {waves}L
place <- d$place - min(d$place) + 1L
covariance <- function(theta) {{
  sd <- exp(theta[1:waves])
  near <- tanh(theta[-(1:waves)])
  r <- diag(waves)
  for (i in seq_len(waves - 1)) for (j in (i + 1):waves) r[i, j] <- r[j, i] <- prod(near[i:(j - 1)])
  r * outer(sd, sd)
}}
solved <- function(theta) {{
  whole <- covariance(theta)
  a <- matrix(0, ncol(X), ncol(X)); c <- numeric(ncol(X)); log_det <- 0; square <- 0
  for (rows in of) {{
    root <- chol(whole[place[rows], place[rows], drop = FALSE])
    x <- backsolve(root, X[rows, , drop = FALSE], transpose = TRUE)
    y <- backsolve(root, d$value[rows], transpose = TRUE)
    a <- a + crossprod(x); c <- c + crossprod(x, y); square <- square + sum(y^2)
    log_det <- log_det + 2 * sum(log(diag(root)))
  }}
  b <- solve(a, c)
  n <- nrow(d) - {reml} * ncol(X)
  log_a <- {reml} * as.numeric(determinant(a)$modulus)
  list(b = setNames(as.vector(b), colnames(X)), v = solve(a),
       value = -0.5 * (n * log(2 * pi) + log_det + log_a + square - sum(b * c)))
}}
start <- c(rep(log(sd(residuals(lm(formula, d)))), waves), rep(atanh(0.5), waves - 1))
cost <- function(theta) tryCatch(-solved(theta)$value, error = function(e) 1e10)
found <- optim(start, cost, control = list(maxit = 20000, reltol = 1e-12))
found <- optim(found$par, cost, method = "BFGS", control = list(maxit = 1000, reltol = 1e-15))
fit <- solved(found$par)
b <- fit$b
v <- fit$v
value <- fit$value"""
