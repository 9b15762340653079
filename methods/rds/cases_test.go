package rds

import (
	"encoding/csv"
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

// near fails unless got is within tol of want, or both are NaN.
func near(t testing.TB, what string, got, want, tol float64) {
	t.Helper()
	if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > tol {
		t.Errorf("%s = %v, want %v ± %v", what, got, want, tol)
	}
}

// A row is one expected number of the reference cases.
type row struct{ id, group, call, stat, key, value, tol string }

// A refCase is the rows of one reference case.
type refCase struct {
	id, group, call string
	rows            []row
}

// casesDir returns the folder of the survey cases, or skips the test.
func casesDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("SHANYRAQ_CASES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "cases")
	}
	dir = filepath.Join(dir, "survey")
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the reference cases are not here; set SHANYRAQ_CASES to the folder that holds survey")
	}
	return dir
}

// readCases returns the cases of a file of expected numbers, in its order,
// those of the groups named only, or all.
func readCases(t *testing.T, file string, groups ...string) []refCase {
	t.Helper()
	var cases []refCase
	at := map[string]int{}
	for _, r := range readCSV(t, filepath.Join(casesDir(t), file))[1:] {
		w := row{r[0], r[1], r[3], r[4], r[5], r[6], r[7]}
		if len(groups) > 0 && !slices.Contains(groups, w.group) {
			continue
		}
		i, ok := at[w.id]
		if !ok {
			i = len(cases)
			at[w.id] = i
			cases = append(cases, refCase{id: w.id, group: w.group, call: w.call})
		}
		cases[i].rows = append(cases[i].rows, w)
	}
	if len(cases) == 0 {
		t.Fatalf("%s has no cases of %v", file, groups)
	}
	return cases
}

func readCSV(t testing.TB, path string) [][]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// compare checks a number against a row at the row's tolerance and reports
// whether it was meant to be compared.
func (w row) compare(t *testing.T, got float64) {
	t.Helper()
	if w.tol == "info" {
		return
	}
	if w.value == "NA" {
		if !math.IsNaN(got) {
			t.Errorf("%s %s %s = %v, want none", w.id, w.stat, w.key, got)
		}
		return
	}
	want, err := strconv.ParseFloat(w.value, 64)
	if err != nil {
		t.Fatal(err)
	}
	tol := map[string]float64{"exact": 1e-8, "exact8": 1e-8, "iter6": 1e-6, "iter": 1e-5, "iter4": 1e-4, "iter3": 1e-3, "ci": 2e-3}[w.tol]
	if per, ok := strings.CutPrefix(w.tol, "mc"); ok {
		n, err := strconv.ParseFloat(per, 64)
		if err != nil {
			t.Fatal(err)
		}
		if tol = n / 100; strings.Contains(w.stat, "quantile") || w.stat == "BCa" {
			tol *= 2 // for quantiles allow twice that
		}
	}
	if tol == 0 {
		t.Fatalf("%s: tolerance %q", w.id, w.tol)
	}
	near(t, w.id+" "+w.stat+" "+w.key, got, want, max(1e-9, tol*math.Abs(want)))
}

// A call is a function call in the language of the peers.
type call struct {
	name  string
	args  []string          // without a name
	named map[string]string // with one
}

// parseCall reads f(a, b, k = v).
func parseCall(s string) call {
	name, rest, _ := strings.Cut(s, "(")
	c := call{name: strings.TrimSpace(name), named: map[string]string{}}
	if i := strings.LastIndex(rest, ")"); i >= 0 {
		rest = rest[:i]
	}
	depth, quote, start := 0, rune(0), 0
	add := func(arg string) {
		arg = strings.TrimSpace(arg)
		if arg == "" {
			return
		}
		k, v, ok := strings.Cut(arg, "=")
		if ok && !strings.ContainsAny(k, "(['\"~") {
			c.named[strings.TrimSpace(k)] = strings.Trim(strings.TrimSpace(v), `'"`)
			return
		}
		c.args = append(c.args, strings.Trim(arg, `'"`))
	}
	for i, r := range rest {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '\'' || r == '"':
			quote = r
		case r == '(' || r == '[':
			depth++
		case r == ')' || r == ']':
			depth--
		case r == ',' && depth == 0:
			add(rest[start:i])
			start = i + 1
		}
	}
	add(rest[start:])
	return c
}

// number returns a named number of the call, or the value given.
func (c call) number(name string, otherwise float64) float64 {
	s, ok := c.named[name]
	if !ok {
		return otherwise
	}
	if a, b, ok := strings.Cut(s, "/"); ok {
		return atof(a) / atof(b)
	}
	return atof(s)
}

func atof(s string) float64 {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

func atoi(t testing.TB, s string) int {
	t.Helper()
	v, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// readSample reads a sample of the cases. Answers are by the name of their
// column.
func readSample(t testing.TB, name string) (*Sample, map[string][]string) {
	t.Helper()
	dir := os.Getenv("SHANYRAQ_CASES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "cases")
	}
	rows := readCSV(t, filepath.Join(dir, "survey", "inputs", "rds_"+name+".csv"))
	columns := map[string][]string{}
	for _, r := range rows[1:] {
		for j, name := range rows[0] {
			columns[name] = append(columns[name], r[j])
		}
	}
	var degrees []float64
	for _, d := range columns["network_size"] {
		degrees = append(degrees, atof(d))
	}
	s, err := NewSample(columns["id"], columns["recruiter_id"], degrees, "seed")
	if err != nil {
		t.Fatal(err)
	}
	return s, columns
}
