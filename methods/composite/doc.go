// Package composite turns several measures of the same units into one score,
// and says how much of the resulting order is a choice of weights.
//
// # What it does
//
// [Shares] puts every component on one scale, each unit's part of the total.
// [MeanOfShares] averages the components with weights and one of three rules
// for what is missing. [Ranks] orders the scores. [RankDistribution] does the
// same under thousands of weightings drawn at random and keeps, for every
// unit, the ranks it held, and for every pair how often one stood above the
// other.
//
// # When to use it
//
// For additive indices of size, such as the index of national capability of
// [singer1972], where a share of the world's total means something by itself.
// A share depends on who else is counted: leaving a large unit out raises
// everybody's share, and moves no order within one component.
//
// Weights are where such indices are attacked most and tested least
// [greco2019]. A rank from one set of weights answers a question nobody has
// settled. The range of ranks over all weights, and the probability that one
// unit stands above its neighbour, answer a question that needs no settling
// [lahdelma2001]. Two units whose order holds in nine weightings of ten are
// ordered; two whose order holds in six of ten are level.
//
// # What is missing
//
// Missing values are NaN and stay missing. [Drop] averages over what a unit
// has, which is the published rule of the capability index; it flatters
// whoever lacks the component it is weakest in. [Zero] counts a gap as nothing
// and can only lower a score. Where the two differ the truth, if the gap hides
// something between nothing and the mean of the rest, lies between them.
// [Refuse] gives no score at all, and is what a forgotten choice means.
//
// # Limits
//
// The components are taken as exact. The ranges are of weights alone, so they
// are too narrow wherever the components are estimates. Random weightings say
// which ranks are common, not which are possible: the lowest and highest rank
// over every conceivable weighting lie at or outside those seen.
//
// # References
//
//   - [greco2019] S. Greco, A. Ishizaka, M. Tasiou and G. Torrisi, "On the
//     methodological framework of composite indices", Social Indicators
//     Research 141, 2019, 61–94.
//   - [lahdelma2001] R. Lahdelma and P. Salminen, "SMAA-2: stochastic
//     multicriteria acceptability analysis for group decision making",
//     Operations Research 49(3), 2001, 444–454.
//   - [saisana2005] M. Saisana, A. Saltelli and S. Tarantola, "Uncertainty and
//     sensitivity analysis techniques as tools for the quality assessment of
//     composite indicators", Journal of the Royal Statistical Society A
//     168(2), 2005, 307–323.
//   - [singer1972] J. D. Singer, S. Bremer and J. Stuckey, "Capability
//     distribution, uncertainty, and major power war, 1820–1965", in
//     B. Russett (ed.), Peace, War, and Numbers, Sage, 1972, 19–48.
//   - [wilson1927] E. B. Wilson, "Probable inference, the law of succession,
//     and statistical inference", Journal of the American Statistical
//     Association 22(158), 1927, 209–212.
package composite
