# Raw changes and tests of the simulated pilot:  Rscript validation/estimands/pilot.R   (R 4.2.2, jsonlite)
library(jsonlite)
folder <- "tests/data/estimands"
d <- read.csv(file.path(folder, "pilot.csv")); a <- d$arm == "coaching"
one <- function(before, after) {
  ch <- after - before; ok <- !is.na(ch)
  w <- t.test(ch[a], ch[!a]); m <- suppressWarnings(wilcox.test(ch[a], ch[!a]))
  list(n = c(sum(ok & !a), sum(ok & a)), mean = c(mean(ch[!a], na.rm = TRUE), mean(ch[a], na.rm = TRUE)),
       sd = c(sd(ch[!a], na.rm = TRUE), sd(ch[a], na.rm = TRUE)),
       welch = list(estimate = mean(ch[a], na.rm = TRUE) - mean(ch[!a], na.rm = TRUE), df = unname(w$parameter),
                    ci = as.numeric(w$conf.int), p = w$p.value),
       wilcoxon = list(W = unname(m$statistic), p = m$p.value))
}
high <- fisher.test(table(factor(!a), factor(-d$high_6)))
write_json(list(made_by = "validation/estimands/pilot.R", R = R.version.string, ee = one(d$ee_0, d$ee_6),
    qol = one(d$qol_0, d$qol_6), high = one(d$high_0, d$high_6), fisher_p = high$p.value,
    high_6 = c(sum(d$high_6[!a], na.rm = TRUE), sum(d$high_6[a], na.rm = TRUE))),
  file.path(folder, "pilot.json"), auto_unbox = TRUE, digits = 15, pretty = TRUE)
