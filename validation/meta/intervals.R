# Q-profile intervals, leave-one-out and Egger's test with tight tolerances (metafor's defaults stop at about 1e-4).
# Run: Rscript validation/meta/intervals.R dat.bcg.csv dat.normand1999.csv > tests/science/meta/tight.json
suppressPackageStartupMessages({library(metafor); library(jsonlite)})
files <- commandArgs(TRUE)
bcg <- read.csv(files[1]); normand <- read.csv(files[2])
sets <- list()
for (m in c("RR", "OR", "RD"))
  sets[[m]] <- escalc(measure = m, ai = tpos, bi = tneg, ci = cpos, di = cneg, data = bcg)
for (m in c("MD", "SMD"))
  sets[[m]] <- escalc(measure = m, m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = normand)
tight <- list(threshold = 1e-12, maxiter = 10000)
found <- lapply(sets, function(d) {
  fit <- rma(yi, vi, data = d, method = "REML", control = tight)
  ci <- confint(fit, digits = 15, control = list(tol = 1e-14, maxiter = 10000))$random["tau^2", ]
  without <- sapply(seq_len(nrow(d)), function(i)
    as.numeric(coef(rma(yi, vi, data = d[-i, ], method = "REML", control = tight))))
  egger <- rma(yi, vi, mods = ~ sqrt(vi), data = d, method = "REML", control = tight)
  list(tau2 = fit$tau2, tau2_ci = unname(ci[2:3]), without = without, egger_z = egger$zval[2])
})
origin <- paste("R", getRversion(), "metafor", packageVersion("metafor"))
cat(toJSON(c(list(origin = origin), found), digits = 15, auto_unbox = TRUE, pretty = TRUE), "\n")
