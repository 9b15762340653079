// Package distance says how far apart two countries, or any two units, are: on
// the globe, in who lives there, in how they are governed and in what people
// say they value; which units are most alike, and which form groups.
//
// # What it does
//
// [GreatCircle] is the way along the surface of the earth. [Apart] compares two
// populations divided into groups (languages, religions), and [Unshared] is the
// chance that two people, one of each, belong to no common group
// [greenberg1956]. [KogutSingh] is the mean squared difference of scores, each
// in units of its variance [kogut1988]; [Mahalanobis] allows for scores that go
// together [mahalanobis1936], with a covariance that [Shrink] steadies where
// there are few units for many scores [schafer2005]. The first is the square of
// the second, divided by the number of scores, when no two scores go together
// [kandogan2012]. [Nearest] puts units in order, and [Medoids] divides them
// around typical ones [kaufman1990], with [Stability] under resampling
// [hennig2007].
//
// # When something is missing
//
// A score that either side lacks is left out of that pair, and every function
// returns how many were used. Leaving out makes pairs less comparable: a
// distance over three scores is not one over six, even as a mean, and the
// triangle inequality holds only among units compared on the same scores.
// Groups a table does not name may be any group: [Apart] and [Unshared] give
// the limits between which the answer must lie.
//
// # Limits
//
// Distance is symmetric here, and nothing in it says which way influence or
// people move. National means hide the spread inside countries, which is
// usually greater than that between them [shenkar2001]. Which scores are in is
// a choice, and changes the answer. Names of groups are compared letter by
// letter: two names of one language count as two languages, and near ones
// (Kazakh and Kyrgyz) as no nearer than far ones, since no tree of languages is
// used.
//
// # References
//
//   - [greenberg1956] J. H. Greenberg, "The measurement of linguistic
//     diversity", Language 32(1), 1956, 109–115.
//   - [hennig2007] C. Hennig, "Cluster-wise assessment of cluster stability",
//     Computational Statistics and Data Analysis 52(1), 2007, 258–271.
//   - [kandogan2012] Y. Kandogan, "An improvement to Kogut and Singh measure of
//     cultural distance considering the relationship among different dimensions
//     of culture", Research in International Business and Finance 26, 2012,
//     196–203.
//   - [kaufman1990] L. Kaufman and P. J. Rousseeuw, Finding Groups in Data,
//     Wiley, 1990.
//   - [kogut1988] B. Kogut and H. Singh, "The effect of national culture on the
//     choice of entry mode", Journal of International Business Studies 19(3),
//     1988, 411–432.
//   - [mahalanobis1936] P. C. Mahalanobis, "On the generalised distance in
//     statistics", Proceedings of the National Institute of Sciences of India
//     2(1), 1936, 49–55.
//   - [moritz2000] H. Moritz, "Geodetic Reference System 1980", Journal of
//     Geodesy 74, 2000, 128–133.
//   - [schafer2005] J. Schäfer and K. Strimmer, "A shrinkage approach to
//     large-scale covariance matrix estimation and implications for functional
//     genomics", Statistical Applications in Genetics and Molecular Biology
//     4(1), 2005, article 32.
//   - [shenkar2001] O. Shenkar, "Cultural distance revisited: towards a more
//     rigorous conceptualization and measurement of cultural differences",
//     Journal of International Business Studies 32(3), 2001, 519–535.
//   - [sinnott1984] R. W. Sinnott, "Virtues of the haversine", Sky and
//     Telescope 68(2), 1984, 159.
package distance
