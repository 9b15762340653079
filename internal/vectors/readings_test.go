package vectors_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/internal/vectors"
)

var update = flag.Bool("update", false, "rewrite the golden files from what the code writes now")

// Every prediction of every reading of Kazakhstan, with its figure to three
// digits and the verdict. After a change that is meant, run
//
//	go test ./internal/vectors -update
//
// and read the difference before committing it: a verdict that turned is news.
func TestBuiltInReadings(t *testing.T) {
	r := assembly(t)
	rs, err := r.Readings(t.Context(), "KAZ", "CHN", "RUS")
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, reading := range rs {
		fmt.Fprintf(&got, "%s: %d for, %d against, %d untold\n", reading.Key, reading.Count(vectors.Agrees), reading.Count(vectors.Disagrees), reading.Count(vectors.Untold))
		for _, x := range reading.Tests {
			fmt.Fprintf(&got, "  %-16s %-3s %4d  %s  %s\n", x.Key, x.Of, x.Year, digits(x.Figure), x.Verdict)
		}
	}
	name := filepath.Join("testdata", "readings_KAZ.txt")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("%s differs from what the code finds now:\n%s", name, got.String())
	}
}

func digits(f shanyraq.Figure) string {
	if f.IsZero() {
		return "no figure"
	}
	return fmt.Sprintf("%.3g (%.3g to %.3g)", f.Value(), f.Interval().Lo, f.Interval().Hi)
}

// A verdict follows from where the whole range lies, and a range that holds the
// limit, or no figure at all, tells nothing.
func TestVerdicts(t *testing.T) {
	of := func(china, russia string) vectors.Reading {
		t.Helper()
		e := &evidence{groups: powers(), claims: exports("a", "2001", china, russia, "TUR 1")}
		rs, err := vectors.New(e).Readings(t.Context(), "KAZ", "CHN", "RUS")
		if err != nil {
			t.Fatal(err)
		}
		return rs[slices.IndexFunc(rs, func(r vectors.Reading) bool { return r.Key == "hedging" })]
	}
	for _, tt := range []struct {
		name, china, russia string
		want                vectors.Verdict
	}{
		{"as much to one as to the other", "CHN 20.1", "RUS 20.2", vectors.Agrees},
		{"nearly all to one", "CHN 40.1", "RUS 2.1", vectors.Disagrees},
		{"three times as much to one", "CHN 30", "RUS 10", vectors.Untold},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := of(tt.china, tt.russia)
			i := slices.IndexFunc(r.Tests, func(x vectors.Test) bool { return x.Key == "sells_even" })
			if x := r.Tests[i]; x.Verdict != tt.want {
				t.Errorf("%s for %v in %+v", x.Verdict, x.Figure.Value(), x.Figure.Interval())
			}
			if i := slices.IndexFunc(r.Tests, func(x vectors.Test) bool { return x.Key == "votes_even" }); r.Tests[i].Verdict != vectors.Untold || !r.Tests[i].Figure.IsZero() {
				t.Errorf("without votes: %+v", r.Tests[i])
			}
			if n := r.Count(vectors.Agrees) + r.Count(vectors.Disagrees) + r.Count(vectors.Untold); n != len(r.Tests) {
				t.Errorf("%d verdicts on %d predictions", n, len(r.Tests))
			}
		})
	}
}

// The readings hold for any home: no error, and every figure is one of the
// room's that opens.
func TestBuiltInReadingsOfOthers(t *testing.T) {
	r := assembly(t)
	for _, home := range []shanyraq.CountryCode{"UZB", "DEU", "HKG", "ZAF", "NRU"} {
		rs, err := r.Readings(t.Context(), home, "CHN", "USA")
		if err != nil || len(rs) != 5 {
			t.Errorf("%s: %d, %v", home, len(rs), err)
			continue
		}
		for _, reading := range rs {
			for _, x := range reading.Tests {
				for _, f := range []shanyraq.Figure{x.Figure, x.Against, x.Other} {
					if f.IsZero() {
						continue
					}
					if got, err := r.Figure(t.Context(), strings.TrimPrefix(f.Path(), "vectors/")); err != nil || got.Value() != f.Value() {
						t.Errorf("%s opens to %v, %v", f.Path(), got.Value(), err)
					}
				}
			}
		}
	}
}

// Every record has the tag of its series or its own, counts are of the acts
// listed and nothing else, and the four visits with which the discussion opens are
// among them.
func TestBuiltInActs(t *testing.T) {
	r := assembly(t)
	a, err := r.Acts(t.Context(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	tags := map[shanyraq.SeriesID]vectors.Tag{}
	for _, tag := range vectors.Tags() {
		if _, ok := tags[tag.Series]; ok {
			t.Errorf("%s has two tags", tag.Series)
		}
		tags[tag.Series] = tag
	}
	n := map[shanyraq.CountryCode]map[vectors.Level]float64{}
	who := map[string]bool{}
	for i, x := range a.Acts {
		if !x.Tag.Own && tags[x.Claim.Series] != x.Tag || x.Tag.Own && !strings.HasSuffix(x.Claim.Note, "]") || x.Other == "KAZ" || x.Other == shanyraq.World {
			t.Errorf("%s with %s has tag %+v", x.Claim.ID, x.Other, x.Tag)
		}
		if i > 0 && x.Claim.When > a.Acts[i-1].Claim.When {
			t.Errorf("%s is newer than the one before", x.Claim.ID)
		}
		if n[x.Other] == nil {
			n[x.Other] = map[vectors.Level]float64{}
		}
		if x.Deed() {
			n[x.Other][x.Tag.Level]++
		}
		for _, name := range []string{"Xi Jinping", "Blinken", "Putin", "Cameron"} {
			who[name] = who[name] || x.Tag.Level == vectors.States && strings.Contains(x.Claim.Subject, name)
		}
	}
	for name, there := range who {
		if !there {
			t.Errorf("no visit of %s", name)
		}
	}
	for p, by := range a.Counts {
		for level, f := range by {
			if f.Value() != n[p][level] || float64(len(f.Lineage().Inputs)) != f.Value() {
				t.Errorf("%s is %v, of %v listed and %d that open", f.Path(), f.Value(), n[p][level], len(f.Lineage().Inputs))
			}
		}
	}
}
