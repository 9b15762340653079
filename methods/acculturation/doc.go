// Package acculturation scores survey answers on how much of their heritage
// people keep and how much they join in where they live, for groups.
//
// # Two axes
//
// Keeping one's heritage and joining the society one lives in are two questions,
// not the ends of one: people answer high on both, on one or on neither
// [berry1997], and scales that measure the two apart tell more than one line does
// [ryder2000]. Estimate gives the two means first, each with an interval, and only
// then the shares of four classes by the middle of the scale: integration (both
// above), assimilation (residence alone), separation (heritage alone) and
// marginalisation (neither). The middle of the scale and not the middle of the
// sample parts the classes, so that two samples can be compared.
//
// # For groups only
//
// Nothing here gives a score of a person back. Estimate refuses a group that is
// smaller than it is told groups must be.
//
// # References
//
//   - [berry1997]: Berry, J. W. (1997). Immigration, acculturation, and
//     adaptation. Applied Psychology 46(1).
//   - [cronbach1951]: Cronbach, L. J. (1951). Coefficient alpha and the internal
//     structure of tests. Psychometrika 16(3).
//   - [kish1965]: Kish, L. (1965). Survey Sampling. Wiley.
//   - [ryder2000]: Ryder, A. G., Alden, L. E. and Paulhus, D. L. (2000). Is
//     acculturation unidimensional or bidimensional? Journal of Personality and
//     Social Psychology 79(1).
//   - [wilson1927]: Wilson, E. B. (1927). Probable inference, the law of
//     succession, and statistical inference. Journal of the American Statistical
//     Association 22(158).
package acculturation
