// Package cli is the program as commands: noun, then verb.
//
// # The same pages
//
// A command asks for the page that the web shows at the address of the same
// name and prints it: the answer in one line, then the tables. What the
// address has as query keys the command has as flags, and they go through the
// same parsing. With --json it prints what the address with .json gives, with
// --csv one of the tables.
//
// # Where things go
//
// Results go to standard output, everything else to standard error: progress,
// warnings, reasons for a refusal. Nothing is ever asked. [Run] returns the
// exit status:
//
//	0  done
//	1  refused, with a reason
//	2  wrong command line
//
// # What is not here
//
// Numbers: the package computes none. And the store: [Env] supplies a
// workspace and the handler that serves it, so that this package and package
// web know nothing of each other.
package cli
