package rds

import (
	"shanyraq/methods/internal/peers"
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

// readSample reads a sample of the cases. Answers are by the name of their
// column.
func readSample(t testing.TB, name string) (*Sample, map[string][]string) {
	t.Helper()
	rows := peers.Rows(t, peers.Path("survey", "inputs", "rds_"+name+".csv"))
	columns := map[string][]string{}
	for _, r := range rows[1:] {
		for j, name := range rows[0] {
			columns[name] = append(columns[name], r[j])
		}
	}
	var degrees []float64
	for _, d := range columns["network_size"] {
		degrees = append(degrees, peers.Float(d))
	}
	s, err := NewSample(columns["id"], columns["recruiter_id"], degrees, "seed")
	if err != nil {
		t.Fatal(err)
	}
	return s, columns
}
