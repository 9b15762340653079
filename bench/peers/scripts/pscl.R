# Positions on a line from yes and no, by 10,000 draws after 5,000 (the defaults).
suppressPackageStartupMessages(library(pscl))
folder <- commandArgs(TRUE)[1]
votes <- as.matrix(read.csv(file.path(folder, "votes.csv"), row.names = 1))
votes[votes == 1] <- NA # who abstained
roll <- rollcall(votes, yea = 0, nay = 2, missing = NA)
took <- system.time(fit <- ideal(roll, d = 1, maxiter = 10000, burnin = 5000, thin = 100, normalize = TRUE))[["elapsed"]]
write.csv(data.frame(unit = rownames(votes), value = fit$xbar[, 1]), file.path(folder, "peer.csv"), row.names = FALSE)
cat("positions", took, "\n")
