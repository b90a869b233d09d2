# Joint tests of types 2 and 3 by lmerTest (Satterthwaite; Kenward-Roger through pbkrtest). Writes tests/data/joint.json.
# Call, from the root: Rscript validation/mixed/joint.R
source("validation/mixed/data.R")
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest)})
sharp <- lmerControl(optimizer = "nloptwrap", optCtrl = list(xtol_abs = 1e-14, ftol_abs = 1e-14, xtol_rel = 0, ftol_rel = 0, maxeval = 5000))
table <- function(fit, type, ddf) {
  a <- anova(fit, type = type, ddf = ddf)
  lapply(seq_len(nrow(a)), function(i) list(term = rownames(a)[i], F = a[["F value"]][i], num_df = a[["NumDF"]][i], den_df = a[["DenDF"]][i], p = a[["Pr(>F)"]][i]))
}
found <- list(origin = "validation/mixed/joint.R", versions = c(versions(), lmerTest = as.character(packageVersion("lmerTest")),
  pbkrtest = as.character(packageVersion("pbkrtest"))))
for (file in names(sets)) {
  set <- sorted(sets[[file]]())
  set$formula <- update(set$formula, . ~ . + (1 | cluster))
  fit <- lmer(set$formula, set$data, control = sharp)
  found$sets[[file]] <- list(
    type_2 = list("satterthwaite" = table(fit, 2, "Satterthwaite"), "kenward-roger-expected" = table(fit, 2, "Kenward-Roger")),
    type_3 = list("satterthwaite" = table(fit, 3, "Satterthwaite"), "kenward-roger-expected" = table(fit, 3, "Kenward-Roger")))
}
save_json(found, "tests/data/joint.json")
