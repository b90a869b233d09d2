# The data sets of the references and their fixed effects. SHARED is the folder of the data that are not ours.
suppressMessages({library(nlme); library(jsonlite)})
options(digits = 15)
shared <- Sys.getenv("SHARED", "../shared/reference/stats/data")
levelled <- function(d, ...) {
  for (name in names(list(...))) d[[name]] <- factor(d[[name]], levels = list(...)[[name]])
  d
}
kiser <- function() {
  d <- read.csv("tests/data/kiser_sim.csv")
  d <- d[d$mitt == 1 & !is.na(d$burnout), ]
  d$wave <- as.integer(d$time == "month3")
  d <- levelled(d, arm = c("control", "coaching"), time = c("baseline", "month3"),
                gender = c("woman", "man", "prefer_not_to_say"), department_of_medicine = c("no", "yes"))
  list(data = d, formula = burnout ~ arm * time + gender + department_of_medicine, cluster = "id")
}
five_waves <- function() {
  d <- read.csv("tests/data/five_waves.csv")
  d$time <- factor(d$wave)
  d <- levelled(d, arm = c("control", "coaching"), site = c("north", "south", "west"))
  list(data = d, formula = score ~ arm * time + site + age, cluster = "id")
}
btheb <- function() {
  d <- read.csv(file.path(shared, "btheb_long.csv"))
  d <- d[!is.na(d$bdi), ]
  d <- levelled(d, treatment = c("TAU", "BtheB"), time = c("m0", "m2", "m3", "m5", "m8"), drug = c("No", "Yes"),
                length = c("lt6m", "gt6m"))
  d$wave <- as.integer(d$time) - 1L
  list(data = d, formula = bdi ~ treatment * time + drug + length, cluster = "subject")
}
orthodont <- function() {
  d <- read.csv(file.path(shared, "orthodont.csv"))
  d$fage <- factor(d$age)
  d$wave <- as.integer(d$fage) - 1L
  d <- levelled(d, Sex = c("Male", "Female"))
  list(data = d, formula = distance ~ Sex * fage, cluster = "Subject")
}
sleepstudy <- function() {
  d <- read.csv(file.path(shared, "sleepstudy.csv"))
  d$wave <- as.integer(d$Days)
  list(data = d, formula = Reaction ~ Days, cluster = "Subject")
}
sets <- list(kiser_sim = kiser, five_waves = five_waves, btheb = btheb, orthodont = orthodont, sleepstudy = sleepstudy)
sorted <- function(set) {
  d <- set$data
  d$cluster <- factor(d[[set$cluster]])
  d <- d[order(d$cluster, d$wave), ]
  row.names(d) <- NULL
  set$data <- d
  set
}
versions <- function() list(R = R.version.string, nlme = as.character(packageVersion("nlme")))
save_json <- function(x, file) write(toJSON(x, digits = NA, auto_unbox = TRUE, pretty = TRUE), file)
