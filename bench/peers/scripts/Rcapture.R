# All hierarchical models of four lists.
suppressPackageStartupMessages(library(Rcapture))
folder <- commandArgs(TRUE)[1]
counts <- as.matrix(read.csv(file.path(folder, "lists.csv"), header = FALSE))
took <- system.time(fit <- suppressWarnings(closedpMS.t(counts, dfreq = TRUE)))[["elapsed"]]
best <- fit$results[which.min(fit$results[, "BIC"]), "abundance"]
write.csv(data.frame(unit = "N", value = best), file.path(folder, "peer.csv"), row.names = FALSE)
cat("models", took, "\n")
