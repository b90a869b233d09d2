# References for means, changes and contrasts of three arms and four waves, and for the nested coaches.
#   Rscript validation/estimands/references.R   (R 4.2.2, lme4, lmerTest, pbkrtest, emmeans, jsonlite)
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest); library(emmeans); library(jsonlite)})
emm_options(pbkrtest.limit = 1e5, lmerTest.limit = 1e5)
folder <- "tests/data/estimands"
d <- read.csv(file.path(folder, "coaches.csv"), colClasses = c(coach = "character"))
waves <- c("baseline", "month3", "month6", "month12")
d$arm <- factor(d$arm, c("delayed", "coaching", "group")); d$wave <- factor(d$wave, waves)
d$gender <- factor(d$gender, c("woman", "man"))
control <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 1e6))

m <- lmer(burnout ~ arm * wave + gender + years + (1 | id), d, control = control)
adjusted <- vcovAdj(m)  # its attributes are what Lb_ddf needs
vcov_kr <- as.matrix(adjusted)
answers <- function(weights) {  # by rows: also those whose outcome is missing, as SAS's OM
  e <- if (weights == "equal") emmeans(m, ~ wave | arm, lmer.df = "kenward-roger")
       else emmeans(m, ~ wave | arm, weights = weights, lmer.df = "kenward-roger", data = d)
  change <- contrast(e, "trt.vs.ctrl", ref = 1)
  cc <- contrast(emmeans(m, ~ wave * arm, weights = "equal", lmer.df = "kenward-roger", data = d),
                 interaction = c("trt.vs.ctrl", "trt.vs.ctrl"))
  list(means = as.data.frame(summary(e, infer = c(TRUE, TRUE))),
       changes = as.data.frame(summary(change, infer = c(TRUE, TRUE), adjust = "none")),
       contrasts = as.data.frame(summary(cc, infer = c(TRUE, TRUE), adjust = "none")))
}
# The average participant: each one's own row counts once; a linear model needs only the average of the columns.
seen <- d[!is.na(d$burnout), ]
one <- seen[!duplicated(seen$id), ]
share <- mean(one$gender == "man"); years <- mean(one$years)
grid <- expand.grid(wave = waves, arm = levels(d$arm), stringsAsFactors = FALSE)
X <- function(wave, arm) {
  k <- fixef(m); x <- setNames(numeric(length(k)), names(k)); x["(Intercept)"] <- 1
  if (arm != "delayed") x[paste0("arm", arm)] <- 1
  if (wave != "baseline") x[paste0("wave", wave)] <- 1
  if (arm != "delayed" && wave != "baseline") x[paste0("arm", arm, ":wave", wave)] <- 1
  x["genderman"] <- share; x["years"] <- years; x
}
participants <- lapply(seq_len(nrow(grid)), function(i) {
  x <- X(grid$wave[i], grid$arm[i])
  list(arm = grid$arm[i], wave = grid$wave[i], estimate = sum(x * fixef(m)),
       se = sqrt(drop(x %*% vcov_kr %*% x)), df = Lb_ddf(x, vcov(m), adjusted))
})
fieller <- function(a, b, vaa, vbb, vab, t) {
  g <- b^2 - t^2 * vbb; h <- a * b - t^2 * vab; r <- sqrt(h^2 - g * (a^2 - t^2 * vaa)); c(h - r, h + r) / g
}
percent <- lapply(levels(d$arm), function(arm) lapply(waves[-1], function(wave) {
  b <- X("baseline", arm); l <- X(wave, arm) - b
  t <- qt(.975, Lb_ddf(l, vcov(m), adjusted)); V <- vcov_kr; k <- fixef(m)
  list(arm = arm, wave = wave, percent = 100 * sum(l * k) / sum(b * k),
       ci = 100 * fieller(sum(l * k), sum(b * k), drop(l %*% V %*% l), drop(b %*% V %*% b), drop(l %*% V %*% b), t))
}))
attenuation <- lapply(c("coaching", "group"), function(arm) lapply(waves[3:4], function(wave) {
  l <- function(w) X(w, arm) - X("baseline", arm) - X(w, "delayed") + X("baseline", "delayed")
  a <- l(wave); b <- l("month3"); t <- qt(.975, Lb_ddf(a, vcov(m), adjusted)); V <- vcov_kr; k <- fixef(m)
  list(arm = arm, wave = wave, ratio = sum(a * k) / sum(b * k),
       ci = fieller(sum(a * k), sum(b * k), drop(a %*% V %*% a), drop(b %*% V %*% b), drop(a %*% V %*% b), t))
}))
base <- d[d$wave == "baseline" & !is.na(d$burnout), ]
edf <- nrow(base) - 3
sigma <- sqrt(sum(tapply(base$burnout, base$arm, function(x) sum((x - mean(x))^2))) / edf)
cc <- contrast(emmeans(m, ~ wave * arm, weights = "equal", lmer.df = "kenward-roger", data = d),
               interaction = c("trt.vs.ctrl", "trt.vs.ctrl"))
size <- eff_size(cc, sigma = sigma, edf = edf, method = "identity")
write_json(list(made_by = "validation/estimands/references.R", R = R.version.string,
    emmeans = as.character(packageVersion("emmeans")), lme4 = as.character(packageVersion("lme4")),
    pbkrtest = as.character(packageVersion("pbkrtest")), loglik = as.numeric(logLik(m)),
    equal = answers("equal"), proportional = answers("proportional"), participants = participants,
    percent = percent, attenuation = attenuation, sigma = sigma, edf = edf,
    sizes = as.data.frame(summary(size, infer = c(TRUE, TRUE), adjust = "none"))),
  file.path(folder, "margins.json"), auto_unbox = TRUE, digits = 15, pretty = TRUE)

# Coaches nested in one arm: a coach's participants are alike at every wave, or after the baseline only.
d$coached <- as.numeric(d$arm == "coaching"); d$after <- d$coached * (d$wave != "baseline")
d$coach[d$coach == ""] <- "none"
nested <- function(model) {
  s <- summary(model)$coefficients; k <- length(fixef(model)); A <- vcovAdj(model); V <- as.matrix(A)
  list(loglik = as.numeric(logLik(model)), variance = as.data.frame(VarCorr(model))[, c("grp", "vcov")],
       fixed = lapply(seq_len(k), function(j) {
         l <- as.numeric(seq_len(k) == j)
         list(name = names(fixef(model))[j], estimate = s[j, 1], se = s[j, 2], satterthwaite = s[j, "df"],
              kr_se = sqrt(V[j, j]), kr = Lb_ddf(l, vcov(model), A))
       }))
}
f <- burnout ~ arm * wave + gender + years
write_json(list(made_by = "validation/estimands/references.R",
    all = nested(lmer(update(f, . ~ . + (0 + coached | coach) + (1 | id)), d, control = control)),
    after = nested(lmer(update(f, . ~ . + (0 + after | coach) + (1 | id)), d, control = control)),
    ml = nested(lmer(update(f, . ~ . + (0 + after | coach) + (1 | id)), d, control = control, REML = FALSE))[c("loglik", "variance")]),
  file.path(folder, "nested.json"), auto_unbox = TRUE, digits = 15, pretty = TRUE)

# Subgroups: the interaction of arm, wave and gender, and the difference in change in each gender.
g <- lmer(burnout ~ arm * wave * gender + years + (1 | id), d, control = control)
e <- emmeans(g, ~ wave * arm | gender, lmer.df = "kenward-roger")
levels_of <- as.data.frame(summary(contrast(e, interaction = c(wave = "trt.vs.ctrl", arm = "trt.vs.ctrl"), by = "gender"),
                                   infer = c(TRUE, TRUE), adjust = "none"))
A <- vcovAdj(g); k <- names(fixef(g))
tests <- lapply(waves[-1], function(w) {
  rows <- paste0(c("armcoaching", "armgroup"), ":wave", w, ":genderman")
  L <- t(sapply(rows, function(r) as.numeric(k == r)))
  kr <- KRmodcomp(g, L)$test["Ftest", ]
  list(wave = w, F = kr$stat, num_df = kr$ndf, den_df = kr$ddf, p = kr$p.value)
})
write_json(list(made_by = "validation/estimands/references.R", levels = levels_of, interaction = tests),
  file.path(folder, "subgroups.json"), auto_unbox = TRUE, digits = 15, pretty = TRUE)
