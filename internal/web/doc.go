// Package web is the face for people: the pages, and the same content as JSON
// and CSV.
//
// # How a page is made
//
// One handler: parse the address into a [view.Ask], ask a room for a
// [view.Page], render it. The package computes no number. The query string is
// the whole state of a view, so an address copied is a view copied; ".json" or
// ".csv" after its path gives the same content to programs.
//
// # What the reader's browser may do
//
// Pages work without scripts. Those that come with them are files of this
// program; the content policy forbids any other, and any request elsewhere.
// The server answers only to its own names, so that no page of another site
// can reach it by pointing a name of its own at this machine, and takes changes
// only from its own pages.
//
// # Where things are
//
//	web.go       routes and what stands before them
//	ask.go       an address made into a question
//	frame.go     what every page has, for the templates
//	rooms.go     the rooms and the figures
//	library.go   sources, methods, search, help
//	change.go    activity, import, groups: everything that changes the store
//	send.go      writing an answer, and refusing one
//	assets.go    scripts, styles, map and fonts
//	prose.go     the little Markdown of source records
//
// Templates are in templates, one per page, with layout.html around them and
// parts.html for what they share. The sources of scripts and styles are in
// assets; dist holds what is made of them by "go run -C tools ./assets".
package web
