# Shares of two groups among 500 respondents, a thousand tree bootstraps.
suppressPackageStartupMessages(library(RDS))
folder <- commandArgs(TRUE)[1]
sample <- read.csv(file.path(folder, "sample.csv"), colClasses = "character")
sample$degree <- as.numeric(sample$degree)
people <- as.rds.data.frame(sample, id = "id", recruiter.id = "recruiter", network.size = "degree", population.size = 5000)
set.seed(1)
took <- system.time(capture.output(fit <- suppressWarnings(RDS.bootstrap.intervals(people, "group", weight.type = "RDS-II",
  uncertainty = "Treeboot", N = 5000, number.of.bootstrap.samples = 1000, to.factor = TRUE))))[["elapsed"]]
write.csv(data.frame(unit = names(fit$estimate), value = as.numeric(fit$estimate)), file.path(folder, "peer.csv"), row.names = FALSE)
cat("bootstrap", took, "\n")
