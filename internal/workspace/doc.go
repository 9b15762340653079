// Package workspace joins the built-in tables, the store over them and the
// rooms into what a face works on: a [view.Workspace].
//
// # Two kinds
//
// [Open] gives a workspace over the file of a store, to be read and changed;
// one process holds it for writing and any number read it meanwhile.
// [BuiltIn] gives one over the built-in tables alone, to be read only. What can
// be asked of the first can be asked of the second, staging an import included,
// and what would change it is refused with a sentence.
//
// # What is kept
//
// The built-in tables are read once per process. A [view.House] is made per
// version of the evidence and the last few asked for are kept, so that a page
// of a pinned version costs no more than one of the newest.
//
// # Importing
//
// Staging reads the file, compares its claims with those held and lays them
// over the newest version in memory to see which headline figures would move.
// Nothing is written before Commit, which writes all or nothing.
package workspace
