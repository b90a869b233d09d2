# Firth's correction: brglm2 without a random intercept; by brute force with one (every answer pattern's chance
# differentiated numerically). Writes tests/data/firth.json. Call, from the root: Rscript validation/mixed/firth.R
source("validation/mixed/data.R")
suppressMessages({library(brglm2); library(numDeriv)})
set <- kiser()
set$formula <- update(set$formula, burnout_high ~ .)
set <- sorted(set)
d <- set$data
x <- model.matrix(set$formula, d)
y <- d$burnout_high
ordinary <- glm(set$formula, binomial, d, method = "brglmFit", type = "AS_mean", epsilon = 1e-13, maxit = 2000, start = rep(0, ncol(x)))
plain_formula <- update(set$formula, . ~ . - gender)
plain <- glm(plain_formula, binomial, d, epsilon = 1e-14)
people <- split(seq_len(nrow(d)), d$cluster)
z <- seq(-9, 9, by = 0.1)
weight <- dnorm(z) * 0.1
chance <- function(eta, signs, sigma) {  # of one answer pattern, the random intercept integrated out
  each <- vapply(seq_along(eta), function(j) plogis(signs[j] * (eta[j] + sigma * z)), z)
  sum(apply(each, 1, prod) * weight)
}
key <- vapply(people, function(rows) paste(format(x[rows, ]), collapse = " "), "")
blocks <- lapply(unique(key), function(one) list(x = x[people[[match(one, key)]], , drop = FALSE], n = sum(key == one)))
half_log <- function(beta, sigma) {
  total <- 0
  for (b in blocks) {
    patterns <- as.matrix(expand.grid(rep(list(c(-1, 1)), nrow(b$x))))
    for (s in seq_len(nrow(patterns))) {
      eta <- drop(b$x %*% beta)
      g <- drop(t(b$x) %*% grad(function(e) chance(e, patterns[s, ], sigma), eta))
      total <- total + b$n * outer(g, g) / chance(eta, patterns[s, ], sigma)
    }
  }
  0.5 * as.numeric(determinant(total)$modulus)
}
loglik <- function(p) {
  sum(vapply(people, function(rows) log(chance(drop(x[rows, , drop = FALSE] %*% p[-length(p)]), 2 * y[rows] - 1, p[length(p)])), 0))
}
k <- ncol(x)
objective <- function(p) loglik(p) + half_log(p[1:k], p[k + 1]) - half_log(rep(0, k), p[k + 1])
p <- c(1.9 * coef(ordinary), 2.5)
p <- optim(p, objective, method = "BFGS", control = list(fnscale = -1, reltol = 1e-13, maxit = 300))$par
covariance <- solve(-hessian(loglik, p))
found <- list(origin = "validation/mixed/firth.R", versions = c(versions(), brglm2 = as.character(packageVersion("brglm2"))),
  ordinary = list(names = colnames(x), estimate = unname(coef(ordinary)), se = unname(sqrt(diag(vcov(ordinary)))), loglik = as.numeric(logLik(ordinary))),
  plain = list(names = names(coef(plain)), estimate = unname(coef(plain)), se = unname(sqrt(diag(vcov(plain)))), loglik = as.numeric(logLik(plain))),
  random_intercept = list(names = colnames(x), estimate = unname(p[1:k]), sigma = unname(p[k + 1]), se = unname(sqrt(diag(covariance))[1:k]),
    se_sigma = sqrt(diag(covariance))[k + 1], loglik = loglik(p), penalized = objective(p)))
save_json(found, "tests/data/firth.json")
