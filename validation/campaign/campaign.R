# Fits the models of campaign.py by other means. Call: Rscript validation/campaign/campaign.R FOLDER
# Reads FOLDER/NNN.csv and NNN.json, writes NNN.r.json. See README.md for what is compared.
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest); library(nlme); library(emmeans)
  library(clubSandwich); library(numDeriv); library(jsonlite)})
options(digits = 15)
emm_options(lmerTest.limit = 1e4, pbkrtest.limit = 1e4, msg.interaction = FALSE)
folder <- commandArgs(TRUE)[1]
quiet <- function(x) suppressMessages(suppressWarnings(x))
or_null <- function(x) tryCatch(quiet(x), error = function(e) NULL)

prepare <- function(spec, d) {
  m <- spec$plan$model
  arms <- c(spec$plan$arms$control, unlist(spec$plan$arms$interventions))
  linear <- identical(m$time, "linear")
  base <- spec$plan$waves$baseline
  order <- if (linear) as.character(sort(unique(as.numeric(d$time)))) else unlist(spec$plan$waves$order)
  d$arm <- factor(d$arm, levels = arms)
  d$wave <- match(as.character(d$time), order) - 1L
  d$time <- if (linear) as.numeric(as.character(d$time)) else factor(d$time, levels = order)
  covs <- unlist(m$covariates)
  for (v in covs) if (is.character(d[[v]])) d[[v]] <- factor(d[[v]])
  # X'X squares what a column loses beside the intercept; lmer works with it, so a year is counted from 2000
  if ("born" %in% covs) d$born <- d$born - 2000
  if (m$baseline_as == "covariate") {
    first <- d[d$wave == 0, ]
    d$baseline <- first$y[match(d$id, first$id)]
    d <- d[d$wave > 0 & !is.na(d$baseline), ]
    d$wave <- d$wave - 1L
    if (!linear) d$time <- droplevels(d$time)
  }
  for (v in covs) if (is.factor(d[[v]])) d[[v]] <- droplevels(d[[v]])
  covs <- covs[vapply(covs, function(v) !is.factor(d[[v]]) || nlevels(d[[v]]) > 1, TRUE)]
  single <- m$baseline_as == "covariate" && !linear && nlevels(d$time) == 1
  terms <- switch(m$baseline_as,
    response = c("arm", "time", covs, "arm:time"),
    constrained = c("time", covs),
    covariate = if (single) c("arm", "baseline", covs) else c("arm", "time", "baseline", covs, "arm:time", if (!linear) "baseline:time"))
  names <- NULL
  if (m$baseline_as == "constrained") {
    for (a in arms[-1]) {
      steps <- if (linear) list(time = d$time - as.numeric(base)) else sapply(order[-1], function(t) 1 * (d$time == t), simplify = FALSE)
      for (t in names(steps)) {
        v <- paste0("x_", a, "_", t)
        d[[v]] <- steps[[t]] * (d$arm == a)
        names <- c(names, v)
      }
    }
  }
  # in the order of our columns: waves outside, arms inside
  if (!is.null(names) && !linear) names <- as.vector(t(matrix(names, ncol = length(arms) - 1)))
  d$cluster <- factor(d$id)
  d <- d[order(d$cluster, d$wave), ]
  for (v in intersect(c("y", "baseline"), names(d))) d[[v]] <- (d[[v]] - spec$offset) / spec$unit
  row.names(d) <- NULL
  list(d = d, f = reformulate(c(terms, names), "y"), m = m, linear = linear, single = nlevels(d$cluster) == nrow(d) && m$baseline_as == "covariate")
}
robust <- function(fit, kind, d) {
  v <- or_null(vcovCR(fit, type = toupper(kind), cluster = d$cluster))
  if (is.null(v)) return(NULL)
  t <- or_null(coef_test(fit, vcov = v, test = "Satterthwaite"))
  if (is.null(t)) return(NULL)
  list(names = rownames(v), se = t$SE, df = if (is.null(t$df)) t$df_Satt else t$df)
}
margins <- function(fit, p, mode) {
  if (p$m$baseline_as == "constrained" || p$linear || p$single || p$m$se != "model") return(NULL)
  w <- if (p$m$weights == "equal") "equal" else "outer"
  e <- or_null(as.data.frame(emmeans(fit, ~ arm * time, weights = w, lmer.df = mode, data = p$d)))
  if (is.null(e) || anyNA(e$emmean)) return(NULL)
  list(arm = as.character(e$arm), wave = as.character(e$time), estimate = e$emmean, se = e$SE, df = e$df)
}
intercept <- function(p) {
  d <- p$d
  reml <- p$m$estimation == "reml"
  if (p$single) {
    fit <- lm(p$f, d)
    s <- coef(summary(fit))
    scale <- if (reml) 1 else sqrt(df.residual(fit) / nrow(d))
    return(list(loglik = as.numeric(logLik(fit, REML = reml)), names = rownames(s), estimate = s[, 1], se = s[, 2] * scale,
      df = if (reml) rep(df.residual(fit), nrow(s)) else NULL, robust = if (p$m$se != "model") robust(fit, p$m$se, d)))
  }
  f <- update(p$f, . ~ . + (1 | cluster))
  attr(f, "names") <- NULL
  fit <- quiet(lmerTest::lmer(f, d, REML = reml, control = lmerControl(optimizer = "nloptwrap", calc.derivs = FALSE, check.conv.singular = "ignore",
    optCtrl = list(xtol_abs = 1e-14, xtol_rel = 1e-14, ftol_abs = 1e-15, ftol_rel = 1e-15, maxeval = 1e5))))
  v <- as.data.frame(VarCorr(fit))$vcov
  out <- list(loglik = as.numeric(logLik(fit)), variance = v, names = names(fixef(fit)), estimate = unname(fixef(fit)), se = unname(sqrt(diag(as.matrix(vcov(fit))))))
  if (p$m$df == "satterthwaite") {
    s <- or_null(coef(summary(fit, ddf = "Satterthwaite")))
    if (!is.null(s)) out$df <- s[, "df"]
    mode <- "satterthwaite"; anova_mode <- "Satterthwaite"
  } else {
    s <- or_null(coef(summary(fit, ddf = "Kenward-Roger")))
    if (!is.null(s)) { out$se <- s[, "Std. Error"]; out$df <- s[, "df"] }
    mode <- "kenward-roger"; anova_mode <- "Kenward-Roger"
  }
  if (p$m$se != "model") {
    out$robust <- robust(fit, p$m$se, d); out$df <- NULL
    x <- getME(fit, "X"); y <- getME(fit, "y"); rows <- split(seq_len(nrow(d)), d$cluster); w <- max(d$wave) + 1
    parts <- lapply(rows, function(r) list(x = x[r, , drop = FALSE], y = y[r], w = d$wave[r] + 1))
    out$robust_by_brute <- brute_robust(parts, v[1] + v[2] * diag(w), as.matrix(vcov(fit)), fixef(fit), p$m$se, 1)
  }
  else {
    out$margins <- margins(fit, p, mode)
    for (type in 2:3) {
      a <- or_null(anova(fit, type = type, ddf = anova_mode))
      if (!is.null(a)) out[[paste0("anova", type)]] <- list(effect = rownames(a), F = a[["F value"]], num = a[["NumDF"]], den = a[["DenDF"]])
    }
  }
  out
}
distance <- function(w) abs(outer(seq_len(w), seq_len(w), "-"))
hetero <- function(v, r) r * sqrt(outer(v, v))
ante <- function(rho, w) {
  r <- diag(w)
  for (i in seq_len(w - 1)) for (j in (i + 1):w) r[i, j] <- r[j, i] <- prod(rho[i:(j - 1)])
  r
}
low <- function(w) lower.tri(diag(w), diag = TRUE)
kinds <- list(
  "unstructured" = list(to = function(p, w) { s <- matrix(0, w, w); s[low(w)] <- p; s + t(s) - diag(diag(s), w) }, from = function(s) s[low(nrow(s))]),
  "compound-symmetry" = list(to = function(p, w) p[1] + p[2] * diag(w), from = function(s) c(s[1, 2], s[1, 1] - s[1, 2])),
  "heterogeneous-cs" = list(to = function(p, w) hetero(p[1:w], p[w + 1] + (1 - p[w + 1]) * diag(w)), from = function(s) c(diag(s), cov2cor(s)[1, 2])),
  "ar1" = list(to = function(p, w) p[1] * p[2]^distance(w), from = function(s) c(s[1, 1], s[1, 2] / s[1, 1])),
  "heterogeneous-ar1" = list(to = function(p, w) hetero(p[1:w], p[w + 1]^distance(w)), from = function(s) c(diag(s), cov2cor(s)[1, 2])),
  "toeplitz" = list(to = function(p, w) matrix(p[distance(w) + 1], w), from = function(s) s[1, ]),
  "heterogeneous-toeplitz" = list(to = function(p, w) hetero(p[1:w], matrix(c(1, p[-(1:w)])[distance(w) + 1], w)), from = function(s) c(diag(s), cov2cor(s)[1, -1])),
  "ante-dependence" = list(to = function(p, w) hetero(p[1:w], ante(p[-(1:w)], w)), from = function(s) c(diag(s), cov2cor(s)[cbind(seq_len(nrow(s) - 1), 2:nrow(s))])))
structured <- function(p, sigma) {
  d <- p$d; w <- max(d$wave) + 1; one <- kinds[[p$m$covariance]]
  unit <- mean(sqrt(diag(sigma)))  # variances near one: the numerical derivatives need that
  x <- model.matrix(p$f, d)
  q <- qr(x); x <- x[, sort(q$pivot[seq_len(q$rank)]), drop = FALSE]
  fixed <- qr(x); offset <- qr.fitted(fixed, d$y)
  y <- (d$y - offset) / unit
  x <- sweep(x, 2, size <- sqrt(colSums(x^2)), "/")
  theta <- one$from(sigma / unit^2)
  rows <- split(seq_len(nrow(d)), d$cluster)
  reml <- p$m$estimation == "reml"
  n <- nrow(x); k <- ncol(x)
  parts <- lapply(rows, function(r) list(x = x[r, , drop = FALSE], y = y[r], w = d$wave[r] + 1))
  gathered <- function(par, each) { s <- one$to(par, w); lapply(parts, function(b) each(b, chol(s[b$w, b$w, drop = FALSE]))) }
  loglik <- function(par, restricted = reml) {
    s <- suppressWarnings(one$to(par, w))
    if (!all(is.finite(s)) || min(eigen(s, TRUE, TRUE)$values) <= 1e-12) return(-1e10)
    total <- 0; a <- matrix(0, k, k); b <- numeric(k)
    for (g in parts) {
      root <- chol(s[g$w, g$w, drop = FALSE])
      u <- backsolve(root, g$x, transpose = TRUE); z <- backsolve(root, g$y, transpose = TRUE)
      a <- a + crossprod(u); b <- b + crossprod(u, z); total <- total + 2 * sum(log(diag(root))) + sum(z^2)
    }
    beta <- solve(a, b)
    -0.5 * ((n - restricted * k) * log(2 * pi) + total - sum(b * beta) + restricted * (as.numeric(determinant(a)$modulus) + 2 * sum(log(size))))
  }
  information <- function(par) {
    s <- one$to(par, w); a <- matrix(0, k, k); b <- numeric(k)
    for (g in parts) { i <- solve(s[g$w, g$w, drop = FALSE]); a <- a + t(g$x) %*% i %*% g$x; b <- b + t(g$x) %*% i %*% g$y }
    list(a = a, b = b)
  }
  here <- loglik(theta)
  variances <- tapply(y^2, d$wave, mean)
  start <- one$from(hetero(as.numeric(variances), 0.4 + 0.6 * diag(w)))
  polish <- function(from) or_null(optim(from, function(q) -loglik(q), method = "BFGS", control = list(maxit = 300, reltol = 1e-13)))
  best <- max(-unlist(lapply(list(polish(theta), polish(start)), function(o) if (is.null(o)) 1e10 else o$value)))
  at <- information(theta); phi <- solve(at$a)
  out <- list(loglik = here - (n - reml * k) * log(unit), best = best - here, names = colnames(x),
    estimate = drop(phi %*% at$b) * unit / size + qr.coef(fixed, d$y), se = sqrt(diag(phi)) * unit / size)
  if (p$m$se != "model") {
    meat <- 0; return(c(out, list(robust_by_brute = brute_robust(parts, one$to(theta, w), phi, drop(phi %*% at$b), p$m$se, unit / size))))
  }
  near <- list(d = 0.003)
  h <- or_null(-hessian(loglik, theta, method.args = near))
  nearer <- or_null(-hessian(loglik, theta, method.args = list(d = 0.0007)))
  # a Hessian that depends on the step says nothing
  if (is.null(h) || is.null(nearer) || min(eigen(h, TRUE, TRUE)$values) <= 0 ||
      max(abs(solve(h) %*% nearer - diag(length(theta)))) > 2e-4) return(c(out, list(rough = TRUE)))
  spread <- solve(h)
  phis <- jacobian(function(q) as.numeric(solve(information(q)$a)), theta, method.args = near)
  out$df <- sapply(seq_len(k), function(j) { g <- phis[(j - 1) * k + j, ]; 2 * phi[j, j]^2 / drop(t(g) %*% spread %*% g) })
  if (p$m$df == "satterthwaite") return(out)
  r <- length(theta)
  first <- jacobian(function(q) as.numeric(one$to(q, w)), theta, method.args = near)
  second <- lapply(seq_len(w * w), function(cell) hessian(function(q) one$to(q, w)[cell], theta, method.args = near))
  s <- one$to(theta, w); P <- lapply(seq_len(r), function(i) matrix(0, k, k)); Q <- matrix(list(matrix(0, k, k)), r, r)
  for (g in parts) {
    inv <- solve(s[g$w, g$w, drop = FALSE]); ix <- inv %*% g$x
    d1 <- lapply(seq_len(r), function(i) matrix(first[, i], w)[g$w, g$w, drop = FALSE])
    for (i in seq_len(r)) {
      P[[i]] <- P[[i]] - t(ix) %*% d1[[i]] %*% ix
      for (j in seq_len(r)) {
        d2 <- matrix(vapply(second, function(m) m[i, j], 0), w)[g$w, g$w, drop = FALSE]
        Q[[i, j]] <- Q[[i, j]] + t(ix) %*% (d1[[i]] %*% inv %*% d1[[j]] - d2 / 4) %*% ix
      }
    }
  }
  inner <- matrix(0, k, k)
  for (i in seq_len(r)) for (j in seq_len(r)) inner <- inner + spread[i, j] * (Q[[i, j]] - P[[i]] %*% phi %*% P[[j]])
  adjusted <- diag(phi + 2 * phi %*% inner %*% phi)
  out$se <- sqrt(pmax(adjusted, 0)) * unit / size
  out
}
brute_robust <- function(parts, s, phi, beta, kind, scale) {
  power <- function(m, e) { ev <- eigen((m + t(m)) / 2, TRUE); keep <- ev$values > 1e-10 * max(diag(s)); v <- ev$vectors[, keep, drop = FALSE]; v %*% (ev$values[keep]^e * t(v)) }
  meat <- 0
  for (g in parts) {
    v <- s[g$w, g$w, drop = FALSE]; e <- g$y - g$x %*% beta; left <- v - g$x %*% phi %*% t(g$x)
    if (kind == "cr2") { root <- chol(v); a <- t(root) %*% power(root %*% left %*% t(root), -0.5) %*% root }
    else if (kind == "cr3") a <- v %*% power(left, -1)
    else a <- diag(nrow(v))
    u <- t(g$x) %*% solve(v) %*% a %*% e
    meat <- meat + u %*% t(u)
  }
  list(se = sqrt(diag(phi %*% meat %*% phi)) * scale)
}
for (file in sort(list.files(folder, "^[0-9]+\\.json$", full.names = TRUE))) {
  target <- sub("json$", "r.json", file)
  if (file.exists(target)) next
  spec <- fromJSON(file, simplifyVector = FALSE)
  d <- read.csv(sub("json$", "csv", file), stringsAsFactors = FALSE, colClasses = c(id = "character", arm = "character", time = "character"))
  found <- tryCatch({
    p <- prepare(spec, d)
    if (spec$kind == "intercept" || p$single) intercept(p)
    else structured(p, matrix(unlist(spec$covariance), length(spec$covariance)) / spec$unit^2)
  }, error = function(e) list(error = conditionMessage(e)))
  write(toJSON(lapply(found, function(x) if (is.list(x)) lapply(x, unname) else unname(x)), digits = NA, auto_unbox = FALSE, null = "null", na = "null"), target)
}
