# Every covariance structure by brute force: whole n x n matrices, numerical derivatives, no formula of the package.
# Writes tests/data/structures.json. Call, from the root: Rscript validation/mixed/structures.R [DATA STRUCTURE]
source("validation/mixed/data.R")
suppressMessages(library(numDeriv))
# Numerical derivatives with small first steps: the usual tenth of a covariance leaves the positive definite matrices.
near <- list(d = 0.005)
hessian <- function(f, x, ...) numDeriv::hessian(f, x, method.args = near, ...)
jacobian <- function(f, x, ...) numDeriv::jacobian(f, x, method.args = near, ...)
grad <- function(f, x, ...) numDeriv::grad(f, x, method.args = near, ...)
distance <- function(w) abs(outer(seq_len(w), seq_len(w), "-"))
hetero <- function(v, r) r * sqrt(outer(v, v))
ante <- function(rho, w) {
  r <- diag(w)
  for (i in seq_len(w - 1)) for (j in (i + 1):w) r[i, j] <- r[j, i] <- prod(rho[i:(j - 1)])
  r
}
symmetric <- function(p, w) {  # row by row of the lower triangle, as SAS prints UN(i,j)
  m <- matrix(0, w, w)
  m[upper.tri(m, diag = TRUE)] <- p
  m + t(m) - diag(diag(m), w)
}
toeplitz_correlation <- function(r, w) matrix(c(1, r)[distance(w) + 1], w)
structures <- list(
  "unstructured" = list(sigma = symmetric, start = function(v, c) hetero(v, c + (1 - c) * diag(length(v)))[upper.tri(diag(length(v)), diag = TRUE)]),
  "compound-symmetry" = list(sigma = function(p, w) p[1] + p[2] * diag(w), start = function(v, c) c(c, 1 - c) * mean(v)),
  "heterogeneous-cs" = list(sigma = function(p, w) hetero(p[1:w], p[w + 1] + (1 - p[w + 1]) * diag(w)), start = function(v, c) c(v, c)),
  "ar1" = list(sigma = function(p, w) p[1] * p[2]^distance(w), start = function(v, c) c(mean(v), c)),
  "heterogeneous-ar1" = list(sigma = function(p, w) hetero(p[1:w], p[w + 1]^distance(w)), start = function(v, c) c(v, c)),
  "toeplitz" = list(sigma = function(p, w) matrix(p[distance(w) + 1], w), start = function(v, c) mean(v) * c(1, rep(c, length(v) - 1))),
  "heterogeneous-toeplitz" = list(sigma = function(p, w) hetero(p[1:w], toeplitz_correlation(p[-(1:w)], w)), start = function(v, c) c(v, rep(c, length(v) - 1))),
  "ante-dependence" = list(sigma = function(p, w) hetero(p[1:w], ante(p[-(1:w)], w)), start = function(v, c) c(v, rep(c, length(v) - 1)))
)
gls_of <- list(
  "unstructured" = list(function() corSymm(form = ~ wave | cluster), TRUE),
  "compound-symmetry" = list(function() corCompSymm(form = ~ 1 | cluster), FALSE),
  "heterogeneous-cs" = list(function() corCompSymm(form = ~ 1 | cluster), TRUE),
  "ar1" = list(function() corAR1(form = ~ wave | cluster), FALSE),
  "heterogeneous-ar1" = list(function() corAR1(form = ~ wave | cluster), TRUE)
)
by_gls <- function(name, set) {
  spec <- gls_of[[name]]
  if (is.null(spec)) return(NULL)
  d <- set$data
  d$wave <- d$wave + (name == "unstructured")
  try_with <- function(by) tryCatch(as.numeric(logLik(gls(set$formula, d, correlation = spec[[1]](),
    weights = if (spec[[2]]) varIdent(form = ~ 1 | wave),
    control = glsControl(tolerance = 1e-12, msTol = 1e-12, msMaxIter = 500, opt = by)))), error = function(e) NULL)
  both <- unlist(c(try_with("nlminb"), try_with("optim")))
  if (is.null(both)) NULL else max(both)
}
brute <- function(name, set, w) {
  one <- structures[[name]]
  d <- set$data
  x <- model.matrix(set$formula, d)
  y <- d[[all.vars(set$formula)[1]]]
  same <- outer(d$cluster, d$cluster, "==")
  whole <- function(p) one$sigma(p, w)[d$wave + 1, d$wave + 1] * same
  n <- nrow(x); k <- ncol(x)
  loglik <- function(p, reml = TRUE) {
    sigma <- suppressWarnings(one$sigma(p, w))
    if (!all(is.finite(sigma)) || min(eigen(sigma, TRUE, TRUE)$values) <= 1e-8) return(-1e10)
    root <- chol(whole(p))
    u <- backsolve(root, x, transpose = TRUE); z <- backsolve(root, y, transpose = TRUE)
    a <- crossprod(u); b <- solve(a, crossprod(u, z))
    -0.5 * ((n - reml * k) * log(2 * pi) + 2 * sum(log(diag(root))) + reml * as.numeric(determinant(a)$modulus) + sum((z - u %*% b)^2))
  }
  top <- function(reml) {
    e <- residuals(lm(y ~ x - 1))
    p <- one$start(tapply(e^2, d$wave, mean), 0.4)
    scale <- pmax(abs(p), 0.1)
    for (again in 1:3) p <- optim(p, function(q) -loglik(q, reml), method = "BFGS", control = list(maxit = 2000, reltol = 1e-14, parscale = scale))$par
    for (again in 1:8) {
      step <- solve(hessian(loglik, p, reml = reml), grad(loglik, p, reml = reml))
      if (loglik(p - step, reml) < loglik(p, reml) - 1e-9) step <- step / 4
      p <- p - step
      if (max(abs(step)) < 1e-9) break
    }
    as.numeric(p)
  }
  p <- top(TRUE)
  phi_at <- function(q) solve(t(x) %*% solve(whole(q), x))
  v <- whole(p); inverse <- solve(v); phi <- phi_at(p)
  beta <- drop(phi %*% t(x) %*% inverse %*% y)
  w_theta <- solve(-hessian(loglik, p))
  r <- length(p)
  slopes <- matrix(jacobian(function(q) as.numeric(phi_at(q)), p), k * k)
  satterthwaite <- sapply(seq_len(k), function(j) {
    g <- slopes[(j - 1) * k + j, ]
    2 * phi[j, j]^2 / drop(t(g) %*% w_theta %*% g)
  })
  first <- jacobian(function(q) as.numeric(one$sigma(q, w)), p)
  second <- lapply(seq_len(w * w), function(cell) hessian(function(q) one$sigma(q, w)[cell], p))
  spread <- function(cells) matrix(cells, w)[d$wave + 1, d$wave + 1] * same
  moved <- lapply(seq_len(r), function(i) inverse %*% spread(first[, i]) %*% inverse)
  P <- lapply(moved, function(m) -t(x) %*% m %*% x)
  inner <- matrix(0, k, k)
  for (i in seq_len(r)) for (j in seq_len(r)) {
    q <- t(x) %*% moved[[i]] %*% v %*% moved[[j]] %*% x
    bent <- t(x) %*% inverse %*% spread(sapply(second, function(h) h[i, j])) %*% inverse %*% x
    inner <- inner + w_theta[i, j] * (q - P[[i]] %*% phi %*% P[[j]] - bent / 4)
  }
  adjusted <- phi + 2 * phi %*% inner %*% phi
  ml <- top(FALSE)
  found <- list(theta = p, logLik_REML = loglik(p), logLik_ML = loglik(ml, FALSE), theta_ML = ml, names = colnames(x), estimate = beta,
    se = sqrt(diag(phi)), satterthwaite_df = satterthwaite, kenward_roger_se = sqrt(diag(adjusted)))
  found$nlme_logLik_REML <- by_gls(name, set)
  found
}
chosen <- list(kiser_sim = c("unstructured", "compound-symmetry"), orthodont = names(structures), five_waves = names(structures),
  btheb = setdiff(names(structures), c("unstructured", "toeplitz", "heterogeneous-toeplitz")), sleepstudy = c("compound-symmetry", "ar1", "heterogeneous-cs", "heterogeneous-ar1"))
# With two arguments, one data set and one structure, only that fit is made anew.
only <- commandArgs(TRUE)
out <- Sys.getenv("OUT", "tests/data/structures.json")
found <- list(origin = "validation/mixed/structures.R", versions = versions())
if (length(only) == 2) {
  found <- fromJSON(out, simplifyVector = FALSE)
  chosen <- setNames(list(only[2]), only[1])
}
for (file in names(chosen)) {
  set <- sorted(sets[[file]]()); w <- max(set$data$wave) + 1
  for (name in chosen[[file]]) {
    message(file, " ", name)
    found$sets[[file]][[name]] <- brute(name, set, w)
    save_json(found, out)
  }
}
