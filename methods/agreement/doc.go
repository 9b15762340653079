// Package agreement says how far several coders who put the same things into
// categories, or on a scale, agree beyond what chance would give.
//
// # Which measure
//
// [Alpha] takes any number of coders, things that not everybody coded, and
// categories, ranks or amounts; it is the one to use [hayes2007]. [Fleiss] takes
// things that all were coded by equally many, and [Cohen] two coders; both take
// categories only, and are here because readers know them. For two coders
// without gaps and many things the three come to nearly the same.
//
// # How sure
//
// [Interval] draws the things anew, each with all its codes. Coders are not drawn
// anew: the interval is about these coders, not about others one might have
// asked. With few things, or codes that hardly vary, it is wide, and rightly so.
// [krippendorff2019] takes 0.8 for reliable and 0.667 for the least from which
// anything tentative may follow.
//
// # Limits
//
// Coders who agree may agree in an error. Where nearly everything falls into one
// category, agreement beyond chance is low however alike the codes are
// [feinstein1990]: show the share of equal codes beside it.
//
// # References
//
//   - [cohen1960] J. Cohen, "A coefficient of agreement for nominal scales",
//     Educational and Psychological Measurement 20(1), 1960, 37-46.
//   - [feinstein1990] A. R. Feinstein and D. V. Cicchetti, "High agreement but
//     low kappa: I. The problems of two paradoxes", Journal of Clinical
//     Epidemiology 43(6), 1990, 543-549.
//   - [fleiss1971] J. L. Fleiss, "Measuring nominal scale agreement among many
//     raters", Psychological Bulletin 76(5), 1971, 378-382.
//   - [hayes2007] A. F. Hayes and K. Krippendorff, "Answering the call for a
//     standard reliability measure for coding data", Communication Methods and
//     Measures 1(1), 2007, 77-89.
//   - [krippendorff2011] K. Krippendorff, "Computing Krippendorff's
//     alpha-reliability", University of Pennsylvania, 2011.
//   - [krippendorff2019] K. Krippendorff, Content Analysis: An Introduction to
//     Its Methodology, 4th edition, Sage, 2019, chapter 12.
package agreement
