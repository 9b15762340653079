// Package coin reads and writes composite indicators as the R package COINr
// and the tools around it keep them: values in one table (iData), the
// framework in another (iMeta), both CSV, and the results in long form.
//
// # What is read
//
// [ReadFramework] reads iMeta: one row per indicator, aggregate, group and
// denominator, with columns Level, iCode, Direction, Weight, Parent and Type;
// any further column of numbers becomes a parameter of the element. [ReadTable]
// reads iData: one row per unit, with uCode and, if there are several times,
// Time. [ReadConfigs] reads named sets of settings from one JSON object.
//
// Missing values are an empty cell or NA. Anything else that is not a number
// where one belongs is an error that names the file, the line and the column;
// nothing is skipped.
//
// # What is written
//
// [WriteFramework], [WriteTable] and [WriteScores] write the same tables, so
// that what is read here can be written and read again without loss.
//
// # What is not here
//
// Workbooks. The COIN Tool keeps the same two tables on sheets of one; a reader
// of workbooks hands their cells to this package as CSV.
package coin
