// Package ingest reads files from outside into claims, and a workspace folder
// into an indexed [Workspace] that does not change.
//
// # A table of claims
//
// UTF-8 text, commas, a header, one claim per line, columns in any order from:
//
//	series place area partner subject when value low high kind level step
//	unit definition who strength address note
//
// place and value are required. series may be absent if the file is named
// after it. unit and definition default to those of the series, strength to
// that of the source, kind to "judged" where low and high are given. Numbers
// are plain decimals with a point. Persons, counts and records cannot be below
// zero, save in a series of balances, which has "net" as a part of its name
// (net_migration, SM.POP.NETM).
//
// # A workspace folder
//
//	series.csv       what is counted, in what unit, under which definition
//	definitions.csv  who is in and who is not
//	places.csv       countries and territories and their names
//	cities.csv       cities by which a place is found, if there are any
//	groups.csv       dated lists of places
//	<source>/SOURCE.md, <source>/*.csv                    record and tables of claims
//	<source>/rollcalls/{states,rollcalls}.csv             roll calls
//
// # Faults
//
// A file is taken whole or not at all. What is wrong with it is collected, up
// to [MaxFaults], as a [*Faults] of kind [shanyraq.Invalid]: where, what, and
// what to do, each with a key for the catalogue of messages.
package ingest
