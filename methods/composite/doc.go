// Package composite builds indices out of many measures of the same units, and
// says how far the resulting order is a finding and how far a choice.
//
// # The parts
//
// A [Definition] says what is measured by what: a tree of any depth
// ([Node]) with indicators at its ends, and [Settings] for every step from a
// table of values to a score. It is a struct and, as JSON, a text file people
// can read and keep under version control. A [Table] holds the values. [New]
// joins the two into an [Index], refusing what cannot be; [Index.Build] builds
// it once and keeps every step, so that each score opens down to the values it
// came from ([Result.Account]).
//
//	values → denominate → screen → impute → treat → normalise → weigh → aggregate → score → rank
//
// # From values to scores
//
// Denominating makes countries of different sizes comparable, by dividing by
// population, area or output. Screening keeps units with enough values
// ([Screen]). It comes before imputing ([Impute]), which would make every unit
// look complete; a definition may order the steps otherwise, and the result
// then carries a [Note]. Treating ([Treat]) keeps a few extreme values from
// setting the scale for everybody. Normalising ([Scale]) puts indicators on a
// scale they share. Weights ([Weighting]) are relative among siblings.
// Aggregating ([Aggregator]) makes one value of several, level by level, and
// decides how much a surplus here may pay for a lack there.
//
// None of these steps is right. Each hides a judgement, and the handbook of
// the field [oecd2008] asks that it be made in the open and tested. Weights
// are attacked most and robustness is examined least [greco2019].
//
// # What is missing
//
// A missing value is NaN and stays missing until a step says otherwise. An
// aggregate of [Drop] averages what a unit has, which is what the index of
// national capability does [singer1972]; it flatters whoever lacks what it is
// weakest in. [Zero] counts a gap as nothing and can only lower a score. Where
// the two differ the truth, if the gap hides something between nothing and the
// mean of the rest, lies between them. A least availability gives no score to a
// unit that has too little, and of 1 to one that lacks anything.
//
// # Looking at the parts
//
// [Statistics] and [Describe.Flags] describe an indicator; [Pearson],
// [Spearman] and [Kendall] say how two go together, [Cronbach] and
// [PrincipalComponents] how several do. [Dominance] counts the pairs whose
// order no weights can change. [Index.Removals] says what leaving one element
// out would do. Weights are not importance: [Index.Optimise] finds the weights
// that make influence what it was meant to be [becker2017].
//
// # How sure
//
// [Index.Simulate] draws all that is uncertain at once, as a [Plan] says: values
// within their intervals, what gaps hide, choices of method, weights. What
// comes back is a [Distribution]: for every unit the ranks it held, for every
// pair how often one stood above the other, and tiers of units that cannot be
// told apart. Two units whose order holds in nine draws of ten are ordered; two
// whose order holds in six of ten are level [lahdelma2001].
//
// [Index.Sensitivity] divides that uncertainty among its causes, for all units
// together and for each: what moves one country is seldom what moves the
// average one [saisana2005].
//
// # What would change it
//
// [Decompose] divides a change of rank between two vintages among the unit's
// own values, the others', who was counted, and the method. [Index.Reach]
// answers the question that is asked in the end: what is the least this unit
// would have to change to gain so many ranks?
//
// # Other packages
//
// The steps up to aggregating follow the rules and order of the R package
// COINr [becker2022], and reproduce it to ten digits on the reference cases
// (TestConformanceScores and those beside it). Where COINr lets pass what
// makes no sense, this package returns an [Error] with a reason: a column of
// one value, a geometric mean of what is not above zero, loadings of both
// signs as weights, a group nobody can be imputed from. The outcome of an
// outranking does not depend on the order of the rows, first-order
// sensitivities are centred ([Centred]), the optimum of weights is an optimum,
// and no failed draw is dropped.
//
// # Limits
//
// Errors of several cells are drawn independently, and so are the factors of a
// plan. Ranges are of what the plan names; everything else is taken as exact.
// An index says how units compare on what was measured, and nothing about what
// was not.
//
// # References
//
//   - [andridge2010] R. R. Andridge and R. J. A. Little, "A review of hot deck
//     imputation for survey non-response", International Statistical Review
//     78(1), 2010, 40–64.
//   - [becker2017] W. Becker, M. Saisana, P. Paruolo and I. Vandecasteele,
//     "Weights and importance in composite indicators: closing the gap",
//     Ecological Indicators 80, 2017, 12–22.
//   - [becker2022] W. Becker, G. Caperna, M. Del Sorbo, H. Norlén,
//     E. Papadimitriou and M. Saisana, "COINr: an R package for developing
//     composite indicators", Journal of Open Source Software 7(78), 2022, 4567.
//   - [best1975] D. J. Best and D. E. Roberts, "Algorithm AS 89: the upper tail
//     probabilities of Spearman's rho", Applied Statistics 24(3), 1975, 377–379.
//   - [bland1977] R. G. Bland, "New finite pivoting rules for the simplex
//     method", Mathematics of Operations Research 2(2), 1977, 103–107.
//   - [box1964] G. E. P. Box and D. R. Cox, "An analysis of transformations",
//     Journal of the Royal Statistical Society B 26(2), 1964, 211–252.
//   - [cherchye2007] L. Cherchye, W. Moesen, N. Rogge and T. Van Puyenbroeck,
//     "An introduction to 'benefit of the doubt' composite indicators", Social
//     Indicators Research 82, 2007, 111–145.
//   - [cronbach1951] L. J. Cronbach, "Coefficient alpha and the internal
//     structure of tests", Psychometrika 16(3), 1951, 297–334.
//   - [greco2019] S. Greco, A. Ishizaka, M. Tasiou and G. Torrisi, "On the
//     methodological framework of composite indices", Social Indicators
//     Research 141, 2019, 61–94.
//   - [hyndman1996] R. J. Hyndman and Y. Fan, "Sample quantiles in statistical
//     packages", The American Statistician 50(4), 1996, 361–365.
//   - [jansen1999] M. J. W. Jansen, "Analysis of variance designs for model
//     output", Computer Physics Communications 117, 1999, 35–43.
//   - [joe2008] S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better
//     two-dimensional projections", SIAM Journal on Scientific Computing
//     30(5), 2008, 2635–2654.
//   - [jolliffe2002] I. T. Jolliffe, Principal Component Analysis, 2nd ed.,
//     Springer, 2002.
//   - [kendall1970] M. G. Kendall, Rank Correlation Methods, 4th ed., Griffin,
//     1970.
//   - [lahdelma2001] R. Lahdelma and P. Salminen, "SMAA-2: stochastic
//     multicriteria acceptability analysis for group decision making",
//     Operations Research 49(3), 2001, 444–454.
//   - [matousek1998] J. Matoušek, "On the L2-discrepancy for anchored boxes",
//     Journal of Complexity 14(4), 1998, 527–556.
//   - [munda2008] G. Munda, Social Multi-Criteria Evaluation for a Sustainable
//     Economy, Springer, 2008.
//   - [nocedal2006] J. Nocedal and S. J. Wright, Numerical Optimization, 2nd
//     ed., Springer, 2006.
//   - [oecd2008] OECD and Joint Research Centre, Handbook on Constructing
//     Composite Indicators: Methodology and User Guide, OECD, 2008.
//   - [ogita2005] T. Ogita, S. M. Rump and S. Oishi, "Accurate sum and dot
//     product", SIAM Journal on Scientific Computing 26(6), 2005, 1955–1988.
//   - [saisana2005] M. Saisana, A. Saltelli and S. Tarantola, "Uncertainty and
//     sensitivity analysis techniques as tools for the quality assessment of
//     composite indicators", Journal of the Royal Statistical Society A
//     168(2), 2005, 307–323.
//   - [saltelli2010] A. Saltelli, P. Annoni, I. Azzini, F. Campolongo,
//     M. Ratto and S. Tarantola, "Variance based sensitivity analysis of model
//     output. Design and estimator for the total sensitivity index", Computer
//     Physics Communications 181(2), 2010, 259–270.
//   - [shapley1953] L. S. Shapley, "A value for n-person games", in H. W. Kuhn
//     and A. W. Tucker (eds), Contributions to the Theory of Games II,
//     Princeton University Press, 1953, 307–317.
//   - [singer1972] J. D. Singer, S. Bremer and J. Stuckey, "Capability
//     distribution, uncertainty, and major power war, 1820–1965", in
//     B. Russett (ed.), Peace, War, and Numbers, Sage, 1972, 19–48.
//   - [sobol1967] I. M. Sobol', "On the distribution of points in a cube and
//     the approximate evaluation of integrals", USSR Computational Mathematics
//     and Mathematical Physics 7(4), 1967, 86–112.
//   - [wilson1927] E. B. Wilson, "Probable inference, the law of succession,
//     and statistical inference", Journal of the American Statistical
//     Association 22(158), 1927, 209–212.
package composite
