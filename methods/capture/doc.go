// Package capture estimates how many people there are from incomplete lists of
// them, or from what others know of them, and says how sure the estimates are.
//
// # What is needed
//
// From strongest to weakest:
//
//   - two lists and the number of people on both: [TwoLists];
//   - several lists and the number of people with each pattern of presence, a
//     [Histories]: the log-linear models of [FitModel], [Closed], [Search] and
//     [Stepwise], [SampleCoverage], [Decomposable], [Latent];
//   - how many people were met once, twice and so on, without names of lists, a
//     [Frequencies]: [FitFrequencies], [LowerBound];
//   - the length of a list and the share of people who say they are on it:
//     [Multiplier], and of several lists together: [Survey.Listed];
//   - how many of the group others know: [ScaleUp].
//
// The last two need no list of names at all. A survey can also ask about the
// lists and count the overlaps itself, [Survey.Histories].
//
// # What all of them assume
//
// The population is closed: nobody comes or goes between the lists. People are
// recognised when they are on two. Where these fail, overlaps are too few and N
// is too high. And the lists say what they say of those on none: that is what
// the methods differ in. If lists attract the same people, those on none are
// harder to meet than the overlaps suggest, and N is too low; if one list sends
// people away from another, N is too high.
//
// With two lists nothing can be seen of this. With three, dependence of pairs
// can, but not what all three have in common, and so on: the number on no list
// is always reached by leaving something out. A small standard error says that
// the counts are large, not that the model is right.
//
// # Log-linear models
//
// A [Model] is a Poisson regression of the counts of the patterns
// [fienberg1972] [cormack1989]. Its names are those of the R package Rcapture
// [baillargeon2007]: M0 with lists alike, Mt with lists apart, Mb and Mbh with a
// change after the first list, and in brackets the terms of lists that go
// together: [12,3,4] is lists 1 and 2 dependent, 3 and 4 on their own. Mh and Mth
// let people differ, by a curve of the number of lists one is on [rivest2001].
//
// [Search] fits all hierarchical models and [Best] picks one by BIC or AIC. An
// interval of the chosen model leaves out that it was chosen; [Average] weighs
// all of them [buckland1997], and is the one to show. [Profile] gives the
// interval of the likelihood for one model [cormack1992]. [Corrected] takes out
// the bias of small counts.
//
// Where lists are short many patterns are empty and some models have no best
// fit. [Exists] says which [fienberg2012]; [FitSparse] and [Stepwise] set pairs
// of lists with nobody in common to minus infinity [chan2021], and
// [Bootstrapped] makes an interval that knows of the choice.
//
// # Without choosing a model
//
// [Decomposable] averages over all ways in which lists can depend on each other
// that have a closed formula, 822 for five lists, with a prior for everything
// [madigan1997] [lum2013]. It uses no random numbers. [Latent] lets people be of
// classes that differ in all lists at once [manrique2016], which is what one
// would expect of people; it draws. [SampleCoverage] corrects by the
// covariation of pairs [chao1998]. Where these three and the average of the
// log-linear models agree, there is an estimate; where not, the spread is the
// finding.
//
// # Lists of people, and people
//
// Everything here needs counts only. Lists of named persons are not needed to
// size a population when a survey asks which lists people are on, and should not
// be gathered for it.
//
// # Differences from the peers
//
// Names and defaults are those of Rcapture 1.4-4, SparseMSE 2.0.1, dga 2.0.2 and
// LCMCR 0.4.14 except as follows.
//
//   - Standard errors of Mbh: Rcapture leaves the people on the first list out of
//     one derivative, which makes it too large, on the reference data by 3 to 214
//     per cent. Where the chance of a first meeting does not fall from list to
//     list it gives a negative population; here that is [ErrNoEstimate].
//   - Standard errors with normal heterogeneity: Rcapture inverts the second
//     derivatives of the deviance and not half of them, so that its standard error
//     is too small by a factor of nearly √2, and its interval too narrow.
//   - Normal heterogeneity is integrated with nodes to full precision.
//   - The profile interval has an upper end wherever there is one below a thousand
//     times the estimate; Rcapture looks up to three times and then prints a sign.
//   - The likelihood is brought to its maximum; Rcapture stops at a relative
//     change of 10⁻⁸. The covariance is that of this step in both.
//   - Existence is decided by least squares with signs, not by a linear program.
//   - Draws of the bootstrap that give no estimate are counted and left out.
//   - Graphs are found, not read from a table, and up to six lists. The range of
//     people unseen has a default, and a posterior that runs into its end is an
//     error.
//   - Classes of persons are summed out, which makes draws nearly independent
//     where those of LCMCR are worth one in several hundred. Defaults for burn-in
//     and thinning are lower for that reason.
//
// # References
//
//   - [baillargeon2007] S. Baillargeon and L.-P. Rivest, "Rcapture: loglinear
//     models for capture–recapture in R", Journal of Statistical Software 19(5),
//     2007.
//   - [birge1932] R. T. Birge, "The calculation of errors by the method of least
//     squares", Physical Review 40(2), 1932, 207–227.
//   - [buckland1997] S. T. Buckland, K. P. Burnham and N. H. Augustin, "Model
//     selection: an integral part of inference", Biometrics 53(2), 1997, 603–618.
//   - [chan2021] L. Chan, B. W. Silverman and K. Vincent, "Multiple systems
//     estimation for sparse capture data: inferential challenges when there are
//     nonoverlapping lists", Journal of the American Statistical Association
//     116(535), 2021, 1297–1306.
//   - [chao1987] A. Chao, "Estimating the population size for capture–recapture
//     data with unequal catchability", Biometrics 43(4), 1987, 783–791.
//   - [chao1989] A. Chao, "Estimating population size for sparse data in
//     capture–recapture experiments", Biometrics 45(2), 1989, 427–438.
//   - [chao1998] A. Chao and P. K. Tsay, "A sample coverage approach to
//     multiple-system estimation with application to census undercount", Journal
//     of the American Statistical Association 93(441), 1998, 283–293.
//   - [chao2001] A. Chao, P. K. Tsay, S.-H. Lin, W.-Y. Shau and D.-Y. Chao, "The
//     applications of capture–recapture models to epidemiological data",
//     Statistics in Medicine 20(20), 2001, 3123–3157.
//   - [chapman1951] D. G. Chapman, "Some properties of the hypergeometric
//     distribution with applications to zoological sample censuses", University of
//     California Publications in Statistics 1, 1951, 131–160.
//   - [cormack1989] R. M. Cormack, "Log-linear models for capture–recapture",
//     Biometrics 45(2), 1989, 395–413.
//   - [cormack1992] R. M. Cormack, "Interval estimation for mark–recapture studies
//     of closed populations", Biometrics 48(2), 1992, 567–576.
//   - [devroye1986] L. Devroye, Non-Uniform Random Variate Generation, Springer,
//     1986.
//   - [diciccio1996] T. J. DiCiccio and B. Efron, "Bootstrap confidence intervals",
//     Statistical Science 11(3), 1996, 189–228.
//   - [fienberg1972] S. E. Fienberg, "The multiple recapture census for closed
//     populations and incomplete 2^k contingency tables", Biometrika 59(3), 1972,
//     591–603.
//   - [fienberg2012] S. E. Fienberg and A. Rinaldo, "Maximum likelihood estimation
//     in log-linear models", Annals of Statistics 40(2), 2012, 996–1023.
//   - [gelman1992] A. Gelman and D. B. Rubin, "Inference from iterative simulation
//     using multiple sequences", Statistical Science 7(4), 1992, 457–472.
//   - [geyer1992] C. J. Geyer, "Practical Markov chain Monte Carlo", Statistical
//     Science 7(4), 1992, 473–483.
//   - [johnston2013] L. G. Johnston, D. Prybylski, H. F. Raymond, A. Mirzazadeh,
//     C. Manopaiboon and W. McFarland, "Incorporating the service multiplier
//     method in respondent-driven sampling surveys to estimate the size of hidden
//     and hard-to-reach populations", Sexually Transmitted Diseases 40(4), 2013,
//     304–310.
//   - [killworth1998] P. D. Killworth, C. McCarty, H. R. Bernard, G. A. Shelley and
//     E. C. Johnsen, "Estimation of seroprevalence, rape, and homelessness in the
//     United States using a social network approach", Evaluation Review 22(2),
//     1998, 289–308.
//   - [lauritzen1996] S. L. Lauritzen, Graphical Models, Oxford University Press,
//     1996.
//   - [lawson1974] C. L. Lawson and R. J. Hanson, Solving Least Squares Problems,
//     Prentice-Hall, 1974.
//   - [lum2013] K. Lum, M. E. Price and D. Banks, "Applications of multiple systems
//     estimation in human rights research", The American Statistician 67(4), 2013,
//     191–200.
//   - [lumley2010] T. Lumley, Complex Surveys: A Guide to Analysis Using R, Wiley,
//     2010.
//   - [madigan1997] D. Madigan and J. C. York, "Bayesian methods for estimation of
//     the size of a closed population", Biometrika 84(1), 1997, 19–31.
//   - [maltiel2015] R. Maltiel, A. E. Raftery, T. H. McCormick and A. J. Baraff,
//     "Estimating population size using the network scale up method", Annals of
//     Applied Statistics 9(3), 2015, 1247–1277.
//   - [manrique2016] D. Manrique-Vallier, "Bayesian population size estimation
//     using Dirichlet process mixtures", Biometrics 72(4), 2016, 1246–1254.
//   - [marsaglia2000] G. Marsaglia and W. W. Tsang, "A simple method for generating
//     gamma variables", ACM Transactions on Mathematical Software 26(3), 2000,
//     363–372.
//   - [neal2003] R. M. Neal, "Slice sampling", Annals of Statistics 31(3), 2003,
//     705–767.
//   - [rivest2001] L.-P. Rivest and T. Lévesque, "Improved log-linear model
//     estimators of abundance in capture–recapture experiments", Canadian Journal
//     of Statistics 29(4), 2001, 555–572.
//   - [seber1982] G. A. F. Seber, The Estimation of Animal Abundance and Related
//     Parameters, second edition, Griffin, 1982.
package capture
