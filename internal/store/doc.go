// Package store keeps what people add to the built-in tables: imported claims
// with their series and sources, definitions (groups, indices, plans,
// campaigns), and a log of who changed what. One workspace is one SQLite file.
//
// # Nothing is overwritten
//
// A row of claim or definition holds from the line of activity that added it
// until the line that removed it, so the workspace can be read as it was after
// any line. Triggers in the file refuse edits and deletions. Every change goes
// through [Store.write], which appends its line in the same transaction.
//
// # Versions
//
// The state of a store is the sum, modulo 2^256, of the SHA-256 digests of the
// rows that hold. It does not depend on their order or on how they came to
// hold, and a change costs as much as the rows it touches. The version is
//
//	version = the base's own version                      if no row holds
//	          first 12 hex digits of SHA-256(base, state)  otherwise
//
// so that undoing everything leads back to where one began, and a link with a
// version in it means the same data on every machine that has the same rows
// and the same built-in tables.
//
// # Durability
//
// The file is in write-ahead mode with full synchronisation: a change that
// returned without error survives loss of power. One process may hold a store
// for writing; any number may read it meanwhile.
//
// # What is not here
//
// People. This store holds claims and definitions only.
package store
