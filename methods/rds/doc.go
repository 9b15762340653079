// Package rds estimates what a population is like from respondents who
// recruited each other, and says how sure the estimates are.
//
// # What respondent-driven sampling is
//
// Where there is no list of a population, a few of its members, the seeds, are
// interviewed and given a handful of coupons for people they know; those who
// come are interviewed and given coupons in turn, for as many waves as it takes
// [heckathorn1997]. Nobody names anybody. Each respondent says how many others
// of the population they know, the degree, and the coupon says who recruited
// whom. A [Sample] is that: respondents in order, recruiters, degrees.
//
// # Estimators
//
// People with many ties are reached more often, so each respondent is weighed.
// [Weights] has five ways:
//
//   - RDS-II, [VolzHeckathorn], by 1/d. Needs nothing else, and is right when the
//     sample is a small part of the population [volz2008].
//   - Gile's SS, [SuccessiveSampling], by the chance of inclusion when people are
//     drawn without replacement; needs the size of the population, and is the
//     better the larger the part of it that was reached [gile2011]. See
//     [Inclusion].
//   - RDS-I, [SalganikHeckathorn], from who recruits whom between groups
//     [salganik2004], and RDS-I (DS), [DataSmoothed], with recruitment made the
//     same in both directions [heckathorn2002], which changes no share. They
//     correct for seeds drawn from one group, and vary more.
//   - the arithmetic mean, [ArithmeticMean], to show what weighing changes.
//
// [Shares] gives the shares of groups and [Mean] a mean.
//
// # How sure
//
// Respondents of one branch resemble each other, so there are fewer independent
// ones than interviews. [Tree] draws branches anew and is the default;
// [Salganik] and [Gile] make up chains and populations, and are narrower and too
// narrow where groups keep to themselves. [Resampled.Intervals] makes intervals
// of the draws, [Resampled.Covariance] their covariance for what is built on
// the shares. [EmpiricalLikelihood] is what the R package RDS prints when not
// told otherwise, for comparison.
//
// Draws: a thousand make an interval whose ends move by some two per cent of its
// width between seeds of the random numbers.
//
// # Looking at the sample
//
// [Diagnose] shows whether estimates settled as interviews went on, whether
// seeds led into parts that do not meet, and how many waves it takes to forget
// the seeds [gile2015]. [HomophilyOf] says how much groups keep to themselves
// and how much better connected each is. [PosteriorSize] asks the order of the
// degrees how large the population is [handcock2014]; it is a check, and an
// uncertain one.
//
// # What all of it assumes
//
// That ties are mutual, that the population hangs together, that people recruit
// at random among those they know, and that they can say how many they know.
// The direction of error: degrees reported too high give too little weight;
// recruiting one's own kind first makes groups look more apart; a group that
// nobody recruits from is missing without a trace. Links passed on in public,
// such as a post with an address, break all of it: the degree is then not the
// number of ways in which one could have been reached.
//
// # Differences from the R package RDS 0.9-10
//
// Names and defaults follow it except as follows.
//
//   - Intervals come from the tree bootstrap, not from the lower triangle of
//     products of weights, which depends on the order of the rows.
//   - Inclusion under SS is a fixed point, not a simulation; there is no switch
//     to RDS-II for small samples, to which it tends by itself.
//   - Salganik's bootstrap pairs each group with its own transitions. The package
//     numbers groups as they first appear and takes transitions in the order of
//     the names; where these differ its chain is that of another population, and
//     its standard error not that of the estimate.
//   - A missing degree or one of zero is an error; the package puts the largest
//     degree of the sample in its place.
//   - RDS-I reports when recruitment has no single state to settle in; the
//     package goes on with missing weights.
//   - Intervals stay within 0 and 1.
//   - Gile's bootstrap makes its population by rounding to the largest
//     fractions, not by chance, and holds no fewer of a kind than were met.
//
// # References
//
//   - [baraff2016] A. J. Baraff, T. H. McCormick and A. E. Raftery, "Estimating
//     uncertainty in respondent-driven sampling using a tree bootstrap method",
//     Proceedings of the National Academy of Sciences 113(51), 2016,
//     14668–14673.
//   - [daniels1954] H. E. Daniels, "Saddlepoint approximations in statistics",
//     Annals of Mathematical Statistics 25(4), 1954, 631–650.
//   - [gile2010] K. J. Gile and M. S. Handcock, "Respondent-driven sampling: an
//     assessment of current methodology", Sociological Methodology 40, 2010,
//     285–327.
//   - [gile2011] K. J. Gile, "Improved inference for respondent-driven sampling
//     data with application to HIV prevalence estimation", Journal of the
//     American Statistical Association 106(493), 2011, 135–146.
//   - [gile2015] K. J. Gile, L. G. Johnston and M. J. Salganik, "Diagnostics for
//     respondent-driven sampling", Journal of the Royal Statistical Society A
//     178(1), 2015, 241–269.
//   - [gile2018] K. J. Gile, I. S. Beaudry, M. S. Handcock and M. Q. Ott,
//     "Methods for inference from respondent-driven sampling data", Annual
//     Review of Statistics and Its Application 5, 2018, 65–93.
//   - [handcock2014] M. S. Handcock, K. J. Gile and C. M. Mar, "Estimating hidden
//     population size using respondent-driven sampling data", Electronic Journal
//     of Statistics 8(1), 2014, 1491–1521.
//   - [heckathorn1997] D. D. Heckathorn, "Respondent-driven sampling: a new
//     approach to the study of hidden populations", Social Problems 44(2), 1997,
//     174–199.
//   - [heckathorn2002] D. D. Heckathorn, "Respondent-driven sampling II: deriving
//     valid population estimates from chain-referral samples of hidden
//     populations", Social Problems 49(1), 2002, 11–34.
//   - [rosen1972] B. Rosén, "Asymptotic theory for successive sampling with
//     varying probabilities without replacement, I", Annals of Mathematical
//     Statistics 43(2), 1972, 373–397.
//   - [salganik2004] M. J. Salganik and D. D. Heckathorn, "Sampling and
//     estimation in hidden populations using respondent-driven sampling",
//     Sociological Methodology 34, 2004, 193–239.
//   - [salganik2006] M. J. Salganik, "Variance estimation, design effects, and
//     sample size calculations for respondent-driven sampling", Journal of Urban
//     Health 83, 2006, i98–i112.
//   - [volz2008] E. Volz and D. D. Heckathorn, "Probability based estimation
//     theory for respondent driven sampling", Journal of Official Statistics
//     24(1), 2008, 79–97.
package rds
