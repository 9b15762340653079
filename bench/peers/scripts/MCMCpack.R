# Positions on a line from yes, abstention and no, as one factor behind ordered
# answers, by 20,000 draws after 1,000 (the defaults).
suppressPackageStartupMessages(library(MCMCpack))
folder <- commandArgs(TRUE)[1]
votes <- read.csv(file.path(folder, "votes.csv"), row.names = 1)
for (j in seq_along(votes)) votes[[j]] <- ordered(votes[[j]])
took <- system.time(fit <- MCMCordfactanal(as.matrix(data.frame(lapply(votes, as.integer), row.names = rownames(votes))),
  factors = 1, burnin = 1000, mcmc = 20000, thin = 20, seed = 1, store.lambda = FALSE, store.scores = TRUE))[["elapsed"]]
means <- colMeans(fit[, grep("^phi", colnames(fit)), drop = FALSE])
means <- means[seq(to = length(means), length.out = nrow(votes))]
write.csv(data.frame(unit = rownames(votes), value = means), file.path(folder, "peer.csv"), row.names = FALSE)
cat("positions", took, "\n")
