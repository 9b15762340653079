package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// folder returns the folder of reference cases of composite indices, or skips.
func folder(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("SHANYRAQ_CASES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "cases")
	}
	dir = filepath.Join(dir, "composite")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no reference cases: ", err)
	}
	return dir
}

// told runs the program without a store and returns what it printed.
func told(t *testing.T, args ...string) (status int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	status = Run(t.Context(), Env{Args: args, Getenv: func(string) string { return "" }, Now: func() time.Time { return time.Time{} }, Stdout: &o, Stderr: &e})
	return status, o.String(), e.String()
}

// scoresOf reads lines of config, dataset, level, code, unit and value.
func scoresOf(t *testing.T, b []byte) map[[5]string]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatal("no table of scores: ", err)
	}
	out := map[[5]string]string{}
	for _, r := range rows[1:] {
		out[[5]string(r[:5])] = r[5]
	}
	return out
}

// TestConformanceStandingBuild builds every configuration of the reference
// cases by the command and compares each score and rank with that of another
// program, printed to ten digits: 1e-9 relative, 1e-12 near zero.
func TestConformanceStandingBuild(t *testing.T) {
	dir := folder(t)
	at := func(name string) string { return filepath.Join(dir, name) }
	b, err := os.ReadFile(at("configs.json"))
	if err != nil {
		t.Fatal(err)
	}
	var configs map[string]json.RawMessage
	if err := json.Unmarshal(b, &configs); err != nil {
		t.Fatal(err)
	}
	if b, err = os.ReadFile(at("expected.csv")); err != nil {
		t.Fatal(err)
	}
	want := map[string]map[[5]string]string{}
	for k, v := range scoresOf(t, b) {
		if want[k[0]] == nil {
			want[k[0]] = map[[5]string]string{}
		}
		want[k[0]][k] = v
	}
	for name := range configs {
		t.Run(name, func(t *testing.T) {
			status, out, errs := told(t, "standing", "build", "--data", at("input.csv"), "--meta", at("meta.csv"), "--config", at("configs.json"), "--only", name)
			if status != Done || errs != "" {
				t.Fatalf("status %d: %s", status, errs)
			}
			got := scoresOf(t, []byte(out))
			if len(got) != len(want[name]) {
				t.Errorf("%d lines, want %d", len(got), len(want[name]))
			}
			for k, w := range want[name] {
				g, ok := got[k]
				if w == "NA" {
					w = ""
				}
				if !ok || (g == "") != (w == "") {
					t.Errorf("%v is %q, want %q", k, g, w)
					continue
				}
				if w == "" {
					continue
				}
				x, errX := strconv.ParseFloat(g, 64)
				y, errY := strconv.ParseFloat(w, 64)
				if errX != nil || errY != nil || math.Abs(x-y) > max(1e-9*math.Abs(y), 1e-12) {
					t.Errorf("%v is %s, want %s", k, g, w)
				}
			}
		})
	}
}
