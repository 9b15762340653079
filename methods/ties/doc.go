// Package ties measures how one party's ties are divided among partners, and
// how much two partners depend on each other.
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
// partners on each other in the two ways the field uses.
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
// # Two measures of dependence
//
// One school divides the trade of a pair by all trade of each [barbieri1996],
// the other by its product [oneal1997]. They are not interchangeable: the
// choice alone can turn the estimated effect of trade on conflict around
// [gartzke2003]. [Dyad] holds both, and a reader should see both.
//
// # Limits
//
// A share says how ties are divided, not how hard they would be to replace. A
// partner of 5 percent that supplies the only spare parts weighs more than one
// of 30 percent that supplies flour. Domains differ in kind, so their indices
// are shown side by side and not averaged here.
//
// # References
//
//   - [barbieri1996] K. Barbieri, "Economic interdependence: a path to peace
//     or a source of interstate conflict?", Journal of Peace Research 33(1),
//     1996, 29–49.
//   - [gartzke2003] E. Gartzke and Q. Li, "Measure for measure: concept
//     operationalization and the trade interdependence–conflict debate",
//     Journal of Peace Research 40(5), 2003, 553–571.
//   - [hirschman1964] A. O. Hirschman, "The paternity of an index", American
//     Economic Review 54(5), 1964, 761–762.
//   - [kvalseth2018] T. O. Kvålseth, "Relationship between concentration ratio
//     and Herfindahl–Hirschman index: a re-examination based on majorization
//     theory", Heliyon 4(10), 2018, e00846.
//   - [laakso1979] M. Laakso and R. Taagepera, "Effective number of parties: a
//     measure with application to West Europe", Comparative Political Studies
//     12(1), 1979, 3–27.
//   - [oneal1997] J. R. Oneal and B. M. Russett, "The classical liberals were
//     right: democracy, interdependence, and conflict, 1950–1985",
//     International Studies Quarterly 41(2), 1997, 267–293.
//   - [shannon1948] C. E. Shannon, "A mathematical theory of communication",
//     Bell System Technical Journal 27, 1948, 379–423.
package ties
