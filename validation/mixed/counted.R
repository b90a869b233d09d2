# Counted degrees of freedom: nlme's inner-outer rule (lme), the nearest that R has to SAS's between-within.
# Writes tests/data/counted.json. Call, from the root: Rscript validation/mixed/counted.R
source("validation/mixed/data.R")
found <- list(origin = "validation/mixed/counted.R", versions = versions())
for (file in names(sets)) {
  set <- sorted(sets[[file]]())
  fit <- lme(set$formula, set$data, random = ~ 1 | cluster)
  a <- anova(fit, type = "marginal")
  found$sets[[file]] <- list(rows = nrow(set$data), people = nlevels(set$data$cluster),
    terms = lapply(seq_len(nrow(a)), function(i) list(term = rownames(a)[i], num_df = a$numDF[i], den_df = a$denDF[i])))
}
save_json(found, "tests/data/counted.json")
