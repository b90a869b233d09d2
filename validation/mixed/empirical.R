# CR0, CR2 and CR3 with Satterthwaite's df and the HTZ joint test, by clubSandwich. Writes tests/data/empirical.json.
# Call, from the root: Rscript validation/mixed/empirical.R
source("validation/mixed/data.R")
suppressMessages({library(lme4); library(clubSandwich)})
kinds <- c("CR0", "CR2", "CR3")
sharp <- lmerControl(optimizer = "nloptwrap", optCtrl = list(xtol_abs = 1e-14, ftol_abs = 1e-14, xtol_rel = 0, ftol_rel = 0, maxeval = 5000))
answers <- function(fit, estimate, joint, cluster = NULL) {
  one <- function(kind) {
    v <- if (is.null(cluster)) vcovCR(fit, type = kind) else vcovCR(fit, cluster = cluster, type = kind)
    test <- coef_test(fit, v, test = "Satterthwaite")
    f <- Wald_test(fit, diag(length(estimate))[joint, ], v, test = "HTZ")
    list(se = test$SE, df = test$df, joint = list(rows = joint - 1, F = f$Fstat, num_df = f$df_num, den_df = f$df_denom, p = f$p_val))
  }
  c(list(names = names(estimate), estimate = unname(estimate)), sapply(kinds, one, simplify = FALSE))
}
intercept <- function(set, joint) {
  fit <- lmer(update(set$formula, . ~ . + (1 | cluster)), set$data, control = sharp)
  answers(fit, fixef(fit), joint)
}
general <- function(set, joint, correlation, weights, by = "nlminb") {
  current <<- set$data  # clubSandwich looks for the data by their name
  fit <- eval(substitute(gls(FORMULA, current, correlation = correlation, weights = weights,
    control = glsControl(tolerance = 1e-13, msTol = 1e-13, msMaxIter = 1000, opt = by)), list(FORMULA = set$formula)))
  answers(fit, coef(fit), joint)
}
least_squares <- function(set, joint) {
  fit <- lm(set$formula, set$data)
  answers(fit, coef(fit), joint, seq_len(nrow(set$data)))
}
k <- sorted(kiser()); f <- sorted(five_waves()); b <- sorted(btheb()); o <- sorted(orthodont())
later <- k; later$data <- k$data[k$data$wave == 1, ]; later$formula <- burnout ~ arm + gender + department_of_medicine
f1 <- f; f1$data$wave <- f1$data$wave + 1
found <- list(origin = "validation/mixed/empirical.R", versions = c(versions(), clubSandwich = as.character(packageVersion("clubSandwich")),
  lme4 = as.character(packageVersion("lme4"))))
found$fits <- list(
  kiser_sim = list("random-intercept" = intercept(k, c(4, 5)), "independent" = least_squares(later, c(2, 3))),
  five_waves = list("random-intercept" = intercept(f, 10:13 - 1), "ar1" = general(f, 9:12, corAR1(form = ~ wave | cluster), NULL),
    "unstructured" = general(f1, 9:12, corSymm(form = ~ wave | cluster), varIdent(form = ~ 1 | wave))),
  btheb = list("random-intercept" = intercept(b, 9:12)),
  orthodont = list("random-intercept" = intercept(o, 6:8)))
save_json(found, "tests/data/empirical.json")
