# An index of 51 units and 49 indicators, built and its sensitivity analysed.
suppressPackageStartupMessages(library(COINr))
folder <- commandArgs(TRUE)[1]
data <- read.csv(file.path(folder, "data.csv"), check.names = FALSE)
meta <- read.csv(file.path(folder, "meta.csv"))
meta$Parent[meta$Parent == ""] <- NA
build <- function() {
  coin <- new_coin(data, meta, quietly = TRUE)
  coin <- Treat(coin, dset = "Raw")
  coin <- Normalise(coin, dset = "Treated", global_specs = list(f_n = "n_minmax", f_n_para = list(c(1, 100))))
  Aggregate(coin, dset = "Normalised", f_ag = "a_amean")
}
coin <- build()
took <- system.time(for (i in 1:5) coin <- build())[["elapsed"]] / 5
scores <- get_data(coin, dset = "Aggregated", iCodes = "IDX")
write.csv(data.frame(unit = scores$uCode, value = scores$IDX), file.path(folder, "peer.csv"), row.names = FALSE)
cat("build", took, "\n")
specs <- list(
  winsorising = list(Address = "$Log$Treat$global_specs$f1_para$winmax", Distribution = 1:5, Type = "discrete"),
  scale = list(Address = "$Log$Normalise$global_specs", Type = "discrete", Distribution = list(
    list(f_n = "n_minmax", f_n_para = list(c(1, 100))), list(f_n = "n_zscore", f_n_para = list(c(10, 2))))),
  aggregation = list(Address = "$Log$Aggregate$f_ag", Distribution = c("a_amean", "a_gmean"), Type = "discrete"))
took <- system.time(get_sensitivity(coin, SA_specs = specs, N = 64, SA_type = "SA", dset = "Aggregated",
  iCode = "IDX", Nboot = 100, quietly = TRUE, check_addresses = FALSE))[["elapsed"]]
cat("sensitivity", took, "\n")
