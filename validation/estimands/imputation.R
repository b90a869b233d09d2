# References for imputation: Rubin's rules (mice::pool.scalar), and the means that many imputations reach.
#   Rscript validation/estimands/imputation.R   (R 4.2.2, mice, nlme, jsonlite)
suppressMessages({library(mice); library(nlme); library(jsonlite)})
folder <- "tests/data/estimands"
q <- c(-0.81, -0.66, -0.94, -0.71, -0.88); u <- c(0.052, 0.049, 0.055, 0.051, 0.050)
pooled <- function(dfcom) {
  p <- pool.scalar(q, u, n = dfcom + 1, k = 1)
  list(dfcom = dfcom, estimate = p$qbar, total = p$t, df = p$df, fmi = p$fmi)
}
d <- read.csv(file.path(folder, "coaches.csv"))
waves <- c("baseline", "month3", "month6", "month12")
wide <- function(arm) {
  x <- d[d$arm == arm, ]; w <- reshape(x[, c("id", "wave", "gender", "years", "burnout")],
    idvar = c("id", "gender", "years"), timevar = "wave", direction = "wide")
  names(w) <- sub("burnout.", "", names(w), fixed = TRUE); w$man <- as.numeric(w$gender == "man"); w
}
# Chained equations by mice (method norm), 400 imputations with 10 cycles, each arm by itself.
chained <- lapply(c("delayed", "coaching", "group"), function(arm) {
  w <- wide(arm)[, c("man", "years", waves)]
  imp <- mice(w, m = 400, maxit = 10, method = "norm", seed = 7, printFlag = FALSE)
  means <- sapply(seq_len(400), function(i) colMeans(complete(imp, i)[, waves]))
  list(arm = arm, mean = rowMeans(means), sd = apply(means, 1, sd))
})
# What imputing ignorably must reach with two waves: the maximum-likelihood mean at month 3.
two <- wide("coaching"); seen <- !is.na(two$month3)
fit <- lm(month3 ~ man + years + baseline, two[seen, ])
ml <- mean(ifelse(seen, two$month3, predict(fit, two)))
# Jump to reference with two waves in closed form: the controls' mean, plus their slope times the own deviation.
ref <- wide("delayed"); rs <- !is.na(ref$month3)
rfit <- lm(month3 ~ man + years + baseline, ref[rs, ])
rb <- lm(baseline ~ man + years, ref); ob <- lm(baseline ~ man + years, two)
slope <- coef(rfit)["baseline"]
rmean <- predict(rfit, transform(two, baseline = predict(rb, two)))
jump <- mean(ifelse(seen, two$month3, rmean + slope * (two$baseline - predict(ob, two))))
write_json(list(made_by = "validation/estimands/imputation.R", R = R.version.string,
    mice = as.character(packageVersion("mice")), q = q, u = u, pooled = lapply(c(5, 40, 1e10), pooled),
    chained = chained, ml_two_waves = ml, jump_two_waves = unname(jump)),
  file.path(folder, "imputation.json"), auto_unbox = TRUE, digits = 15, pretty = TRUE)
