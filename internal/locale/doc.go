// Package locale says things in the reader's language: messages, numbers with
// their ranges, dates, the order of names, and search that does not mind in
// which script a name is typed.
//
// # Languages
//
// English, Kazakh and Russian are complete; a test fails on a message that one
// of them lacks. Messages live in messages/LANGUAGE/PREFIX.json, one file for
// each first part of a key, as flat objects:
//
//	"standing.question": "Where does {{.Home}} stand?",
//	"unit.persons": {"one": "person", "other": "persons"}
//
// The argument Count picks the plural form, by the rules of Unicode CLDR.
// Texts are shown both as plain text and inside pages, so they hold no markup.
//
// # Rounding
//
// Rounding happens here and nowhere else. [Locale.Figure] shows a value and
// the ends of its range to the place of the second significant digit of half
// the range's width, so that no digit is shown that the range leaves open; its
// documentation gives the exceptions. Halves are rounded away from zero, on
// the shortest decimal that reads back as the number, as a person would.
//
// # What is not here
//
// Names of places, series and definitions come from the tables of the
// evidence, which carry their own languages.
package locale
