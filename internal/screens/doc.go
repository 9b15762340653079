// Package screens goes through the program as a reader does: it builds it,
// starts it, and opens every page in headless Chromium.
//
// # What is checked
//
// Every screen of [All], on a desk and on a telephone, in each language, in
// light and dark: nothing runs over the edge, nothing is asked of another
// host, nothing is said on the console, charts are drawn, and axe-core finds
// no barrier. Without scripts every screen still has its heading and its
// table. Then the journeys: a number to its source in two actions, back again,
// search in three scripts, weights moved, an import undone, a page printed.
//
// Chromium and the packages of the assets have to be installed; the tests are
// skipped with a message where they are not.
//
// # What else uses it
//
// [Build] and [Start] are how package bench starts the program, and
//
//	go test ./internal/screens -run TestImages -images DIR
//
// writes the pictures of docs/images.
package screens
