// Package publishers reads tables as their publishers lay them out and writes
// them as a table of claims, so that a file can be imported as it was fetched.
//
// # What is read
//
// Text with commas, semicolons or tabs, in UTF-8 with or without a mark at its
// beginning or in UTF-16, and workbooks (XLSX). What a file is, its first bytes
// say, not its name. [Open] turns either into [Sheet]s of cells that know where
// they stand.
//
// A [Layout] is one publisher's file in one edition or a few: it recognises its
// own header, and reads rows into claims. [Layouts] lists them. The layout
// "table" is anybody's: a [Mapping] says which columns are what, and [Guess]
// proposes one.
//
// # What comes out
//
// A [Result]: a table in the columns of package ingest, for each of its lines
// the row it came from, so that a fault found later is told of the publisher's
// own file, and the series it speaks of with their titles. Nothing is computed
// that the publisher did not print, save where a layout says so: the means of a
// survey's answers, with their ranges.
//
// # What is not read
//
// Formulas are not worked out: a workbook's cells are taken as it saved them.
// Layouts that could not be established from the publisher's own description
// or from programs that read the file are not here; their tables go by a
// mapping.
//
// # References
//
//   - [kish1965]: Kish, L. (1965). Survey Sampling. Wiley.
//   - [wilson1927]: Wilson, E. B. (1927). Probable inference, the law of
//     succession, and statistical inference. Journal of the American Statistical
//     Association 22(158).
package publishers
