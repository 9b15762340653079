package vectors_test

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/internal/vectors"
)

func act(series, partner, when, subject, note string) shanyraq.Claim {
	c := claim("ledger", series, "KAZ", partner, when, 1, "records")
	c.ID, c.Subject, c.Note = shanyraq.ClaimID(strings.Join([]string{string(c.ID), subject}, "/")), subject, note
	return c
}

func ledger(t testing.TB, claims ...shanyraq.Claim) (vectors.Acts, *vectors.Room) {
	t.Helper()
	r := vectors.New(&evidence{groups: powers(), claims: claims})
	a, err := r.Acts(t.Context(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	return a, r
}

// A record's own tag stands over the rule of its series, and what is in brackets
// and is no tag changes nothing.
func TestActsOwnTag(t *testing.T) {
	for _, tt := range []struct {
		name, note string
		level      vectors.Level
		nature     vectors.Nature
		bare       string
	}{
		{"no tag", "signed in Astana", vectors.States, vectors.Soft, "signed in Astana"},
		{"a nature", "gas transit [economic]", vectors.States, vectors.Economic, "gas transit"},
		{"a level and a nature", "drilling [both, economic]", vectors.Both, vectors.Economic, "drilling"},
		{"a level", "visas [people]", vectors.People, vectors.Soft, "visas"},
		{"no tag in brackets", "as told [sic]", vectors.States, vectors.Soft, "as told [sic]"},
		{"half a tag", "as told [economic, sic]", vectors.States, vectors.Soft, "as told [economic, sic]"},
		{"not at the end", "[security] of supply", vectors.States, vectors.Soft, "[security] of supply"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, _ := ledger(t, act("treaty", "CHN", "2020", "X", tt.note))
			if x := a.Acts[0]; x.Tag.Level != tt.level || x.Tag.Nature != tt.nature || x.Note() != tt.bare {
				t.Errorf("%+v, %q", x.Tag, x.Note())
			}
		})
	}
}

// Posts, amounts and what has no date are no acts; a choice of acts counts anew;
// and each figure opens.
func TestActsCounted(t *testing.T) {
	a, r := ledger(t,
		act("treaty", "CHN", "2019-01-02", "A", ""), act("treaty", "CHN", "2021", "B", "[economic]"), act("people_programme", "CHN", "2022", "C", ""),
		act("people_programme", "CHN", "", "D", ""), act("diplomatic_post", "CHN", "2020", "E", ""), act("trade_turnover", "CHN", "2020", "F", ""), act("students_from", "CHN", "2020", "G", ""),
		act("treaty", "RUS", "2021", "H", ""))
	near(t, "of states", a.Counts["CHN"][vectors.States].Value(), 2, 0)
	near(t, "of people", a.Counts["CHN"][vectors.People].Value(), 1, 0)
	if _, ok := a.Counts["CHN"][vectors.Both]; ok || a.Undated != 1 {
		t.Errorf("amounts count as acts, or %d are undated", a.Undated)
	}
	f := a.Shares["CHN"][vectors.AllYears]
	near(t, "share of people", f.Value(), 100.0/3, 1e-9)
	// Wilson's interval of 1 in 3, as the R package binom prints it: 0.0615 to 0.7923.
	near(t, "from", f.Interval().Lo, 6.15, 0.005)
	near(t, "to", f.Interval().Hi, 79.23, 0.005)
	near(t, "in five years", a.Shares["CHN"]["2021-2025"].Value(), 50, 1e-9)
	near(t, "with all", a.Shares[shanyraq.World]["2021-2025"].Value(), 100.0/3, 1e-9)
	if !slices.Equal(a.Windows, []string{"2016-2020", "2021-2025"}) {
		t.Errorf("windows %v", a.Windows)
	}
	only, err := a.Only("treaty", vectors.Economic)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "economic treaties", only.Counts["CHN"][vectors.States].Value(), 1, 0)
	if len(only.Acts) != 1 || len(only.Counts["RUS"]) != 0 {
		t.Errorf("chosen are %d, and of Russia %v", len(only.Acts), only.Counts["RUS"])
	}
	for _, f := range slices.Concat(a.Figures(), only.Figures()) {
		got, err := r.Figure(t.Context(), strings.TrimPrefix(f.Path(), "vectors/"))
		if err != nil || got.Value() != f.Value() {
			t.Errorf("%s: %v opens to %v, %v", f.Path(), f.Value(), got.Value(), err)
		}
	}
	if vectors.Window(1991) != "1991-1995" || vectors.Window(1995) != "1991-1995" || vectors.Window(2026) != "2026-2030" {
		t.Error(vectors.Window(1991), vectors.Window(1995), vectors.Window(2026))
	}
}

// The ledger that ships tags treaties about money and arms as such.
func TestBuiltInTreatiesHaveTags(t *testing.T) {
	a, err := assembly(t).Acts(t.Context(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]vectors.Nature{"Collective Security Treaty": vectors.Security, "Treaty on the Eurasian Economic Union": vectors.Economic, "Treaty of Eternal Friendship": vectors.Soft}
	n := 0
	for _, x := range a.Acts {
		if want, ok := of[x.Claim.Subject]; ok && x.Claim.Series == "treaty" {
			if n++; x.Tag.Nature != want {
				t.Errorf("%s is %s", x.Claim.Subject, x.Tag.Nature)
			}
		}
	}
	if n != len(of) {
		t.Errorf("%d of %d treaties", n, len(of))
	}
	total := 0.0
	for _, f := range a.Counts["RUS"] {
		total += f.Value()
	}
	acts := slices.DeleteFunc(a.With("RUS"), func(x vectors.Act) bool { return !x.Deed() })
	near(t, "acts with Russia in the table and in the list", total, float64(len(acts)), 0)
	if !slices.IsSortedFunc(acts, func(x, y vectors.Act) int { return cmp.Compare(y.Claim.When, x.Claim.When) }) || math.IsNaN(total) {
		t.Error("out of order")
	}
}
