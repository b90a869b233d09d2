# Simulated people: a trial of two arms and five waves with gaps and dropout. Writes tests/data/five_waves.csv.
# Call, from the root of the project: Rscript validation/mixed/five_waves.R
set.seed(20261122)
people <- 60
waves <- 0:4
sd <- c(4, 4.5, 5, 5.5, 6)
r <- 0.75^abs(outer(waves, waves, "-")) * 0.8 + 0.2
v <- r * outer(sd, sd)
arm <- rep(c("control", "coaching"), length.out = people)
site <- sample(c("north", "south", "west"), people, replace = TRUE, prob = c(5, 3, 2))
age <- round(rnorm(people, 46, 9))
rows <- do.call(rbind, lapply(seq_len(people), function(i) {
  mean <- 20 + 0.05 * (age[i] - 46) + (site[i] == "south") - 0.4 * waves - 0.9 * waves * (arm[i] == "coaching")
  score <- round(mean + drop(t(chol(v)) %*% rnorm(5)), 2)
  last <- if (runif(1) < 0.3) sample(1:4, 1) else 5
  seen <- waves < last & (runif(5) > 0.1 | waves == 0)
  data.frame(id = i, arm = arm[i], site = site[i], age = age[i], wave = waves, score = score)[seen, ]
}))
write.csv(rows[sample(nrow(rows)), ], "tests/data/five_waves.csv", row.names = FALSE, quote = FALSE)
