// Package arch keeps the rules of the house as tests: which way imports point,
// what must be documented, which licences may enter, what may stand in a text.
//
// It holds no program code. Each rule is a function from what it reads to a
// list of faults, run once on the repository and once on small breaches made
// up for it, so that a rule that no longer sees anything fails too. A fault
// says where it is and what to do.
//
//	layers_test.go      imports point down only; a package nobody placed fails
//	docs_test.go        exported names, reference keys, packages and links in the documents
//	messages_test.go    every method has a page, in every language
//	asked_test.go       messages get the values they ask for, and somebody asks for each
//	text_test.go        formatting, machine paths, unfinished work
//	licences_test.go    dependencies and built-in figures
//	assets_test.go      the committed scripts and styles are what the sources give
//	sources_test.go     docs/sources.md is what the records in data/ say
package arch
