package capture

import (
	"os"
	"shanyraq/methods/internal/peers"
	"strings"
	"testing"
)

// near fails unless got is within tol of want, or both are NaN.
var near = peers.Near

// readCases returns the cases of a file of expected numbers, those of the
// groups named only, or all.
func readCases(t *testing.T, file string, groups ...string) []peers.Case {
	t.Helper()
	return peers.Cases(t, peers.Dir(t, "survey", file), groups...)
}

// input returns the table of an input of the cases, without its header.
func input(t testing.TB, names ...string) [][]string {
	t.Helper()
	for _, name := range names {
		path := peers.Path("survey", "inputs", name+".csv")
		if _, err := os.Stat(path); err == nil {
			return peers.Rows(t, path)[1:]
		}
	}
	t.Fatalf("no input among %v", names)
	return nil
}

// histories reads a table of patterns with counts, or of one person a row.
func histories(t testing.TB, counted bool, names ...string) Histories {
	t.Helper()
	var patterns []string
	var counts []int
	for _, r := range input(t, names...) {
		n := 1
		if counted {
			n = peers.Int(t, r[len(r)-1])
			r = r[:len(r)-1]
		}
		patterns = append(patterns, strings.Join(r, ""))
		counts = append(counts, n)
	}
	h, err := ParseHistories(patterns, counts)
	if err != nil {
		t.Fatal(err)
	}
	return h
}
