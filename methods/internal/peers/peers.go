// Package peers gives tests the results of other programs: where they are, how
// their tables are read, and how closely a number has to agree.
//
// The results stand outside the repository, in the folder $SHANYRAQ_CASES or,
// without it, in shared/cases beside the repository. A test that needs them is
// skipped with a message where they are not.
package peers

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Path returns where a file or folder of the results is, or would be.
func Path(parts ...string) string {
	dir := os.Getenv("SHANYRAQ_CASES")
	if dir == "" {
		dir = filepath.Join(root(), "..", "shared", "cases")
	}
	return filepath.Join(append([]string{dir}, parts...)...)
}

// root returns the repository's folder, above the one a test runs in.
func root() string {
	for up := "."; len(up) < 64; up = filepath.Join(up, "..") {
		if _, err := os.Stat(filepath.Join(up, "go.mod")); err == nil {
			return up
		}
	}
	return "."
}

// Dir returns a file or folder of the results, or skips the test if it is not
// there.
func Dir(t testing.TB, parts ...string) string {
	t.Helper()
	dir := Path(parts...)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the results of other programs are not here; set SHANYRAQ_CASES to the folder that holds %s", filepath.Join(parts...))
	}
	return dir
}

// Rows returns a table of comma-separated values, its header first.
func Rows(t testing.TB, path string) [][]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if len(rows) < 2 {
		t.Fatalf("%s has no rows", path)
	}
	return rows
}

// Sheet returns the rows of a table by the names of its columns.
func Sheet(t testing.TB, path string) []map[string]string {
	t.Helper()
	rows := Rows(t, path)
	out := make([]map[string]string, 0, len(rows)-1)
	for _, r := range rows[1:] {
		m := make(map[string]string, len(r))
		for i, name := range rows[0] {
			m[name] = r[i]
		}
		out = append(out, m)
	}
	return out
}

// JSON reads a file of JSON into what it points at.
func JSON(t testing.TB, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// Near fails unless got is within tol of want, or both are NaN.
func Near(t testing.TB, what string, got, want, tol float64) {
	t.Helper()
	if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > tol {
		t.Errorf("%s = %v, want %v ± %v", what, got, want, tol)
	}
}

// A Row is one expected number.
type Row struct{ ID, Group, Call, Stat, Key, Value, Tol string }

// A Case is the rows of one call of a peer.
type Case struct {
	ID, Group, Call string
	Rows            []Row
}

// Cases returns the cases of a table of expected numbers (case, group, peer,
// call, stat, key, value, tol) in its order, those of the groups named only,
// or all.
func Cases(t testing.TB, path string, groups ...string) []Case {
	t.Helper()
	var cases []Case
	at := map[string]int{}
	for _, r := range Sheet(t, path) {
		w := Row{r["case"], r["group"], r["call"], r["stat"], r["key"], r["value"], r["tol"]}
		if len(groups) > 0 && !slices.Contains(groups, w.Group) {
			continue
		}
		i, ok := at[w.ID]
		if !ok {
			i = len(cases)
			at[w.ID] = i
			cases = append(cases, Case{ID: w.ID, Group: w.Group, Call: w.Call})
		}
		cases[i].Rows = append(cases[i].Rows, w)
	}
	if len(cases) == 0 {
		t.Fatalf("%s has no cases of %v", path, groups)
	}
	return cases
}

// tolerances are the relative ones the tables name.
var tolerances = map[string]float64{"exact": 1e-8, "exact8": 1e-8, "iter6": 1e-6, "iter": 1e-5, "iter4": 1e-4, "iter3": 1e-3, "ci": 2e-3}

// Tolerance returns the relative tolerance of the row: that of its word, or
// the per cent of a simulation, twice that for quantiles.
func (w Row) Tolerance(t testing.TB) float64 {
	t.Helper()
	tol := tolerances[w.Tol]
	if per, ok := strings.CutPrefix(w.Tol, "mc"); ok {
		if tol = Number(t, per) / 100; strings.Contains(w.Stat, "quantile") || w.Stat == "BCa" {
			tol *= 2
		}
	}
	if tol == 0 {
		t.Fatalf("%s: tolerance %q", w.ID, w.Tol)
	}
	return tol
}

// Compare checks a number against the row at its tolerance. A row for
// information is not compared; NA asks for NaN.
func (w Row) Compare(t testing.TB, got float64) {
	t.Helper()
	if w.Tol == "info" {
		return
	}
	if w.Value == "NA" {
		if !math.IsNaN(got) {
			t.Errorf("%s %s %s = %v, want none", w.ID, w.Stat, w.Key, got)
		}
		return
	}
	want := Number(t, w.Value)
	Near(t, w.ID+" "+w.Stat+" "+w.Key, got, want, max(1e-9, w.Tolerance(t)*math.Abs(want)))
}

// Number returns the number written in s, and fails the test for none.
func Number(t testing.TB, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
