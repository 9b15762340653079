package diaspora_test

import (
	"math"
	"slices"
	"testing"

	"shanyraq/internal/diaspora"
)

// The returns of years between two totals add up to their difference, shares of
// origins hold the printed ones, and an older year far between totals is less
// sure.
func TestReturnsByYear(t *testing.T) {
	rs, err := diaspora.New(workspace(t)).ReturnsByYear(t.Context(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	if len(rs) < 10 || rs[0].Year != 2025 || rs[len(rs)-1].Year != 2015 {
		t.Fatalf("%d years", len(rs))
	}
	sum := 0.0
	for _, x := range rs {
		sum += x.Total.Value()
		parts := 0.0
		for o, f := range x.From {
			parts += f.Value()
			if iv := f.Interval(); f.Value() < iv.Lo || f.Value() > iv.Hi || iv.Lo == iv.Hi {
				t.Errorf("%d from %s: %v (%v to %v)", x.Year, o, f.Value(), iv.Lo, iv.Hi)
			}
		}
		if parts > 1.0001*x.Total.Value() {
			t.Errorf("%d: origins make %.0f of %.0f", x.Year, parts, x.Total.Value())
		}
	}
	// From 952,882 on 1 January 2015 to 1,164,800 at the end of 2025.
	if math.Abs(sum-211_918) > 100 {
		t.Errorf("2015 to 2025 make %.0f", sum)
	}
	// 16,805 were given the status in 2025, 44.5 percent of them from Uzbekistan.
	if f := rs[0].From["UZB"]; math.Abs(f.Value()/rs[0].Total.Value()-0.445) > 0.01 {
		t.Errorf("from Uzbekistan in 2025: %v", f.Value())
	}
	width := func(x diaspora.Return) float64 { iv := x.Total.Interval(); return iv.Hi / max(1, iv.Lo) }
	if i := slices.IndexFunc(rs, func(x diaspora.Return) bool { return x.Year == 2017 }); width(rs[i]) < 2*width(rs[1]) {
		t.Errorf("2017 is as sure as %d", rs[1].Year)
	}
	if rs, err := diaspora.New(workspace(t)).ReturnsByYear(t.Context(), "UZB"); err != nil || rs != nil {
		t.Errorf("of a home without counts: %v, %v", rs, err)
	}
}

// Sizes over the years: at the year of the pooling the size itself, a wider range
// ahead, and every one opens.
func TestOver(t *testing.T) {
	room := diaspora.New(workspace(t))
	p, err := room.Pool(t.Context(), "KAZ", 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range []diaspora.Set{diaspora.Ethnic, diaspora.Born} {
		s := of(t, p, set)
		ms, err := s.Over("RUS")
		if err != nil || len(ms) < 5 {
			t.Fatalf("%s: %d years, %v", set, len(ms), err)
		}
		last := 0.0
		for _, m := range ms {
			iv := m.Size.Interval()
			if w := iv.Hi / iv.Lo; m.Ahead {
				if w <= last {
					t.Errorf("%s %d: the range is not wider than before", set, m.Year)
				}
				last = w
			} else if m.Year == p.Year {
				last = w
				if f := size(t, s, "RUS"); math.Abs(f.Value()/m.Size.Value()-1) > 1e-9 {
					t.Errorf("%s: %v in its own year, the size is %v", set, m.Size.Value(), f.Value())
				}
			}
			f, err := room.Figure(t.Context(), m.Size.Path()[len("diaspora/"):])
			if err != nil || f.Value() != m.Size.Value() {
				t.Errorf("%s opens as %v, %v", m.Size.Path(), f.Value(), err)
			}
		}
	}
}

// The defaults are what the search among the settings tried comes to.
func TestDefaultsAreTried(t *testing.T) {
	found := false
	for _, p := range diaspora.Tried(diaspora.Born) {
		found = found || p["walk"] == must(t, "walk") && p["walk_size"] == must(t, "walk_size")
	}
	if !found {
		t.Error("the walk of the defaults was not tried")
	}
}

func must(t *testing.T, key string) float64 {
	t.Helper()
	d, ok := diaspora.Default(key)
	if !ok {
		t.Fatalf("no prior %s", key)
	}
	return d.Value
}
