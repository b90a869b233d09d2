# Coach-level values as lme4 predicts them; run: Rscript validation/coaches/references.R > tests/data/estimands/coach_level.json
suppressMessages(library(lme4))
show <- function(name, coach, value) {
  fit <- lmer(value ~ 1 + (1 | coach), REML = TRUE,
              control = lmerControl(optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14, maxeval = 1e5)))
  found <- ranef(fit, condVar = TRUE)$coach
  spread <- sqrt(attr(found, "postVar")[1, 1, ])
  v <- as.data.frame(VarCorr(fit))$vcov
  cat(sprintf('"%s": {"coach": [%s], "value": [%s], "mean": %.12g, "between": %.12g, "within": %.12g, "effect": [%s], "spread": [%s]}',
    name, paste0('"', coach, '"', collapse = ", "), paste(value, collapse = ", "), fixef(fit)[[1]], v[1], v[2],
    paste(sprintf("%.12g", found[[1]]), collapse = ", "), paste(sprintf("%.12g", spread), collapse = ", ")))
}
set.seed(20241003)
sizes <- c(3, 5, 6, 7, 8, 10, 12)
coach <- rep(letters[seq_along(sizes)], sizes)
value <- round(4 + rnorm(7, 0, 0.6)[as.integer(factor(coach))] + rnorm(length(coach), 0, 0.7), 1)
cat("{\n")
show("unequal", coach, value)
cat(",\n")
even <- rep(c("x", "y", "z"), each = 6)
show("none", even, c(1:6, 2:6, 1, 3:6, 1, 2))
cat("\n}\n")
