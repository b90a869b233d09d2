# References for a yes/no outcome with the baseline as a covariate, and with one baseline for all arms.
#   Rscript validation/estimands/binary.R   (R 4.2.2, lme4, jsonlite)
suppressMessages({library(lme4); library(jsonlite)})
folder <- "tests/data/estimands"
d <- read.csv(file.path(folder, "coaches.csv"))
d$arm <- factor(d$arm, c("delayed", "coaching", "group")); d$man <- as.numeric(d$gender == "man")
d$wave <- factor(d$wave, c("baseline", "month3", "month6", "month12"))
base <- d[d$wave == "baseline", c("id", "strained")]; names(base)[2] <- "start"
later <- merge(d[d$wave != "baseline" & !is.na(d$strained), ], base)
# One follow-up: ordinary logistic regression, averaged over the participants (each with their own baseline).
three <- later[later$wave == "month3", ]
m <- glm(strained ~ arm + start + man + years, binomial, three, control = list(epsilon = 1e-14))
average <- function(which) {
  given <- three; given$arm <- factor(rep(which, nrow(three)), levels(d$arm))
  x <- model.matrix(~ arm + start + man + years, given)
  p <- plogis(drop(x %*% coef(m))); list(p = mean(p), g = colMeans(x * p * (1 - p)))
}
cells <- lapply(levels(d$arm), average); V <- vcov(m)
contrast <- lapply(2:3, function(a) {
  g <- cells[[a]]$g - cells[[1]]$g
  list(arm = levels(d$arm)[a], estimate = cells[[a]]$p - cells[[1]]$p, se = sqrt(drop(g %*% V %*% g)))
})
# Three follow-ups: a random intercept by adaptive quadrature.
later$wave <- droplevels(later$wave)
ctl <- glmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e6))
g <- glmer(strained ~ arm * wave + start * wave + man + years + (1 | id), later, binomial, nAGQ = 41, control = ctl)
# One baseline mean for all arms.
d$after <- factor(ifelse(d$wave == "baseline", "none", paste(d$arm, d$wave)))
seen <- d[!is.na(d$strained), ]
post <- sapply(c("month3", "month6", "month12"), function(w) sapply(c("coaching", "group"), function(a)
  as.numeric(seen$arm == a & seen$wave == w)), simplify = FALSE)
X <- do.call(cbind, post); colnames(X) <- paste0("post", seq_len(6))
cl <- glmer(strained ~ wave + man + years + X + (1 | id), seen, binomial, nAGQ = 41, control = ctl)
fixed <- function(f) lapply(names(fixef(f)), function(n) list(name = n, estimate = unname(fixef(f)[n])))
write_json(list(made_by = "validation/estimands/binary.R", R = R.version.string,
    one = list(loglik = as.numeric(logLik(m)), fixed = as.list(coef(m)), se = as.list(sqrt(diag(V))),
               proportions = sapply(cells, `[[`, "p"), contrasts = contrast, start = mean(three$start)),
    several = list(loglik = as.numeric(logLik(g)), sigma = attr(VarCorr(g)$id, "stddev"), fixed = fixed(g)),
    constrained = list(loglik = as.numeric(logLik(cl)), sigma = attr(VarCorr(cl)$id, "stddev"), fixed = fixed(cl))),
  file.path(folder, "binary.json"), auto_unbox = TRUE, digits = 15, pretty = TRUE)
