// Package shanyraq holds the words every other package speaks: who says that
// something is how many ([Claim]), what the program is prepared to show
// ([Figure]), how sure it is ([Interval]), in what ([Unit]), how it was
// obtained ([Lineage]) and from whom ([Source]).
//
// # Claims and figures
//
// A Claim is raw material: one publisher's number for one place and time under
// one definition. Two claims may contradict each other; both are kept. A
// Figure is what the program answers for: it cannot be made without a range, a
// unit, a method and a source, and it cannot be added or divided, because the
// covariance such arithmetic needs is known only to the room that made it.
//
// # Places
//
// A place is a [CountryCode] (ISO 3166-1 alpha-3, plus a few codes listed
// there); a [Group] is a dated list of places, such as the Turkic states.
//
// This package imports the standard library only and knows no method, store
// or screen.
package shanyraq
