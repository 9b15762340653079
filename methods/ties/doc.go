// Package ties measures how one party's ties are divided among partners, how
// much two partners depend on each other, where a party stands between two, how
// it acts towards them, and who listens to whom.
//
// # What it does
//
// [Shares] divides a total among partners. [Concentration] is the
// Herfindahl–Hirschman index of those shares [hirschman1964]: 1 when one
// partner has everything, 1/n when n partners have the same. [RootHHI],
// [Effective] and [Normalised] are the same number on other scales; the
// effective number reads best, "as if divided equally among 2.9 partners"
// [laakso1979]. [Entropy] weighs small partners more. [Overlap] compares the
// shares with shares somebody wants. [Between] gives the dependence of two
// partners on each other in the two ways the field uses, [Depend] adds the two
// of [hirschman1945], and [Expose] asks what is lost if a tie is cut.
//
// [Stand] places a party between two poles, [Press] multiplies the volume of
// ties by dependence on them, [Sum] adds up acts reported in the news, and
// [Interrupted] asks what changed in a series at a date. [Web] and [Cascade]
// follow opinions and words along ties.
//
// # When the whole is not known
//
// Tables of partners are cut off and rounded. [ShareRange] carries the range
// of a part and of its whole into the range of the share.
// [ConcentrationBounds] gives the limits between which the index must lie when
// only some partners are known, and those only within ranges. The limits are
// facts about the table, not confidence intervals: nothing outside them is
// possible, and nothing is said about where inside the index lies. With the
// five largest of many partners known they are usually narrow, because an
// unlisted partner cannot be larger than the smallest listed one; see
// [kvalseth2018] for the same question about firms in a market.
//
// # When the claims differ
//
// Two books of one trade seldom agree: what one side records as exports to the
// other is not what the other records as imports from it. [Span] makes a range
// of such claims, and [ShareRanges], [ConcentrationRange], [EntropyRange],
// [LargestRange], [OverlapRange], [BetweenRange] and the others carry ranges of
// amounts into the limits of each measure. Those are limits too: every value
// between them is possible, none outside. [Spread] draws instead, for readers
// who want the middle ninety per cent of what is possible rather than all of it.
// Neither says that the claims are right; what all of them leave out is in none
// of the ranges.
//
// # Two measures of dependence
//
// One school divides the trade of a pair by all trade of each [barbieri1996],
// the other by its product [oneal1997]. They are not interchangeable: the
// choice alone can turn the estimated effect of trade on conflict around
// [gartzke2003]. [Dyad] holds both, and a reader should see both. Asymmetry by
// product is a comparison of products and nothing else: the trade of the pair
// stands above both and cancels. For asymmetry that can change when trade does,
// take [Lean] of the shares, each from the side's own book, in both directions.
//
// # Limits
//
// A share says how ties are divided, not how hard they would be to replace. A
// partner of 5 percent that supplies the only spare parts weighs more than one
// of 30 percent that supplies flour. Domains differ in kind, so their indices
// are shown side by side and not averaged here. Scores of acts in the news
// measure what was reported; a jump in a series at a date is not its cause; and
// what [Press] returns has no unit.
//
// # References
//
//   - [barbieri1996] K. Barbieri, "Economic interdependence: a path to peace
//     or a source of interstate conflict?", Journal of Peace Research 33(1),
//     1996, 29–49.
//   - [brandes2001] U. Brandes, "A faster algorithm for betweenness
//     centrality", Journal of Mathematical Sociology 25(2), 2001, 163–177.
//   - [brin1998] S. Brin and L. Page, "The anatomy of a large-scale
//     hypertextual web search engine", Computer Networks 30, 1998, 107–117.
//   - [cochran1977] W. G. Cochran, Sampling Techniques, third edition, Wiley,
//     1977.
//   - [degroot1974] M. H. DeGroot, "Reaching a consensus", Journal of the
//     American Statistical Association 69(345), 1974, 118–121.
//   - [dinkelbach1967] W. Dinkelbach, "On nonlinear fractional programming",
//     Management Science 13(7), 1967, 492–498.
//   - [freeman1977] L. C. Freeman, "A set of measures of centrality based on
//     betweenness", Sociometry 40(1), 1977, 35–41.
//   - [friedkin1990] N. E. Friedkin and E. C. Johnsen, "Social influence and
//     opinions", Journal of Mathematical Sociology 15(3–4), 1990, 193–206.
//   - [gartzke2003] E. Gartzke and Q. Li, "Measure for measure: concept
//     operationalization and the trade interdependence–conflict debate",
//     Journal of Peace Research 40(5), 2003, 553–571.
//   - [gerner2002] D. J. Gerner, P. A. Schrodt, Ö. Yilmaz and R. Abu-Jabr,
//     "Conflict and mediation event observations (CAMEO): a new event data
//     framework for the analysis of foreign policy interactions",
//     International Studies Association, 2002.
//   - [goldstein1992] J. S. Goldstein, "A conflict–cooperation scale for WEIS
//     events data", Journal of Conflict Resolution 36(2), 1992, 369–385.
//   - [hirschman1945] A. O. Hirschman, National Power and the Structure of
//     Foreign Trade, University of California Press, 1945.
//   - [hirschman1964] A. O. Hirschman, "The paternity of an index", American
//     Economic Review 54(5), 1964, 761–762.
//   - [kempe2003] D. Kempe, J. Kleinberg and É. Tardos, "Maximizing the spread
//     of influence through a social network", Proceedings of the Ninth ACM
//     SIGKDD Conference, 2003, 137–146.
//   - [kvalseth2018] T. O. Kvålseth, "Relationship between concentration ratio
//     and Herfindahl–Hirschman index: a re-examination based on majorization
//     theory", Heliyon 4(10), 2018, e00846.
//   - [laakso1979] M. Laakso and R. Taagepera, "Effective number of parties: a
//     measure with application to West Europe", Comparative Political Studies
//     12(1), 1979, 3–27.
//   - [mcgilchrist1989] C. A. McGilchrist, "Bias of ML and REML estimators in
//     regression models with ARMA errors", Journal of Statistical Computation
//     and Simulation 32, 1989, 127–136.
//   - [moyer2018] J. D. Moyer, T. Sweijs, M. J. Burrows and H. Van Manen,
//     Power and Influence in a Globalized World, Atlantic Council, 2018.
//   - [newey1987] W. K. Newey and K. D. West, "A simple, positive semi-
//     definite, heteroskedasticity and autocorrelation consistent covariance
//     matrix", Econometrica 55(3), 1987, 703–708.
//   - [oneal1997] J. R. Oneal and B. M. Russett, "The classical liberals were
//     right: democracy, interdependence, and conflict, 1950–1985",
//     International Studies Quarterly 41(2), 1997, 267–293.
//   - [shannon1948] C. E. Shannon, "A mathematical theory of communication",
//     Bell System Technical Journal 27, 1948, 379–423.
//   - [wagner2002] A. K. Wagner, S. B. Soumerai, F. Zhang and D. Ross-Degnan,
//     "Segmented regression analysis of interrupted time series studies in
//     medication use research", Journal of Clinical Pharmacy and Therapeutics
//     27(4), 2002, 299–309.
package ties
