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
// [WriteFramework] and [WriteTable] write the same tables, so that what is read
// here can be written and read again without loss. [Scores] and [WriteRows]
// write results.
//
// # Workbooks
//
// The COIN Tool of the European Commission keeps framework and values on two
// sheets of a workbook, each thing in its place: [Tool] reads their cells and
// lays them out. Opening the workbook itself is for others.
//
// # References
//
//   - [becker2022] Becker W, Caperna G, Del Sorbo M, Norlen H, Papadimitriou E,
//     Saisana M (2022), COINr: An R package for developing composite indicators,
//     Journal of Open Source Software 7(78) 4567, doi:10.21105/joss.04567.
package coin
