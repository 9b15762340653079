// Package data is the built-in workspace: the figures that ship with the
// program, one folder per source.
//
// Five tables at the top say what the others speak of: series.csv (what is
// counted, and in what), definitions.csv (who is in and who is not),
// places.csv (countries and their names), cities.csv and groups.csv (who belonged to what,
// and when). Each folder holds tables of claims and SOURCE.md, which says who
// published them, under what licence, what was changed and what is known to be
// wrong. The package ingest reads the layout and describes its columns.
//
// Codes and regions of places are those of the data package country-codes
// (public domain, PDDL); names are from the Unicode CLDR, version 48.2,
// copyright Unicode, Inc., Unicode licence v3, with a few shortened. Names of
// cities, by which a country is found, are from GeoNames (CC BY 4.0): capitals and
// cities of 100,000 and more.
//
// Most tables are written by the program tools/figures from publishers' own
// files; those written by hand are named in the prose of their SOURCE.md.
package data

import "embed"

// Files is the workspace as it was when the program was built.
//
//go:embed *.csv */*.csv */SOURCE.md un-votes/rollcalls/*.csv vdem/LICENSE.md
var Files embed.FS
