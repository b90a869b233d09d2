# One two-wave trial at a time, as simr and its like do: lmerTest fit and Kenward-Roger test of the difference in change.
# Prints the median seconds of one trial. Called by run.py: Rscript lmertest.R TRIALS
suppressMessages({library(lmerTest); library(pbkrtest)})
trials <- as.integer(commandArgs(TRUE)[1])
set.seed(1)
n <- 138
seconds <- replicate(trials, {
  kept <- rbinom(n, 1, 0.9) == 1
  data <- data.frame(id = factor(rep(1:n, 2)), arm = rep(rep(0:1, c(71, 67)), 2), time = rep(0:1, each = n))
  data$y <- rep(rnorm(n, 0, sqrt(0.6)), 2) + rnorm(2 * n, 0, sqrt(0.4))
  data <- data[c(rep(TRUE, n), kept), ]
  system.time({
    fit <- lmer(y ~ arm * time + (1 | id), data)
    p <- coef(summary(fit, ddf = "Satterthwaite"))["arm:time", "Pr(>|t|)"]
  })[["elapsed"]]
})
cat(median(seconds), "\n")
