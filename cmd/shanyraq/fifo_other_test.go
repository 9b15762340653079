//go:build !unix

package main

import "github.com/rogpeppe/go-internal/testscript"

// fifo ends the script: folders have no pipes in them here.
func fifo(ts *testscript.TestScript, _ bool, _ []string) { ts.Fatalf("no pipes") }
