package vectors_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/internal/vectors"
)

func past(t testing.TB, e vectors.Evidence, home shanyraq.CountryCode) vectors.Past {
	t.Helper()
	p, err := vectors.New(e).Past(t.Context(), home)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func historyOf(t testing.TB, p vectors.Past, key string) vectors.History {
	t.Helper()
	i := slices.IndexFunc(p.Histories, func(h vectors.History) bool { return h.Domain.Key == key })
	if i < 0 {
		t.Fatalf("no domain %s", key)
	}
	return p.Histories[i]
}

// Two years of four buyers, worked by hand: 1/(0.4² + 0.3² + 0.2² + 0.1²) equal
// buyers, and of what three powers hold together 4/9, 3/9 and 2/9.
func TestPastByHand(t *testing.T) {
	e := &evidence{groups: powers(), claims: append(exports("a", "2001", "CHN 40", "RUS 30", "USA 20", "TUR 10"), exports("a", "2003", "CHN 25", "RUS 25", "USA 25", "TUR 25")...)}
	h := historyOf(t, past(t, e, "KAZ"), "exports")
	if len(h.Years) != 2 || h.Years[0].Year != 2001 || h.Years[1].Year != 2003 {
		t.Fatalf("years %v", h.Years)
	}
	near(t, "effective in 2001", h.Years[0].Effective.Value(), 1/0.30, 1e-12)
	near(t, "effective in 2003", h.Years[1].Effective.Value(), 4, 1e-12)
	near(t, "even in 2001", h.Years[0].Even.Value(), 100*(1-(1.0/9+0+1.0/9)/2), 1e-9)
	near(t, "even in 2003", h.Years[1].Even.Value(), 100, 1e-9)
	near(t, "share of China in 2003", h.Years[1].Shares["CHN"].Value(), 25, 0)
}

// A year of one partner says nothing of how evenly the domain is divided.
func TestPastOfLittle(t *testing.T) {
	e := &evidence{groups: powers(), claims: exports("a", "2001", "CHN 40")}
	h := historyOf(t, past(t, e, "KAZ"), "exports")
	if len(h.Years) != 1 || !h.Years[0].Effective.IsZero() || !h.Years[0].Even.IsZero() {
		t.Errorf("%+v", h.Years)
	}
	if p := past(t, e, "POL"); len(p.Figures()) != 0 || len(p.Breaks) != 0 {
		t.Errorf("of a country of which nothing is held: %v", p.Figures())
	}
}

// positions are published positions by year.
func positions(place string, of func(year int) float64, from, to int) []shanyraq.Claim {
	var out []shanyraq.Claim
	for y := from; y <= to; y++ {
		out = append(out, claim("pub", "un_ideal_point", place, "", fmt.Sprint(y), of(y), "points"))
	}
	return out
}

// A jump put into a series at the break is found, and none is found without.
func TestBreakIsFound(t *testing.T) {
	wobble := func(y int) float64 { return 0.01 * math.Sin(float64(3*y)) }
	for _, tt := range []struct {
		name string
		jump float64
	}{{"a jump up", 0.5}, {"a jump down", -0.5}, {"no jump", 0}} {
		t.Run(tt.name, func(t *testing.T) {
			e := &evidence{groups: powers(), claims: slices.Concat(
				positions("KAZ", func(y int) float64 {
					v := 0.02*float64(y-2000) + wobble(y)
					if y >= vectors.BreakYear {
						v += tt.jump
					}
					return v
				}, 2000, 2025),
				positions("CHN", func(int) float64 { return -3 }, 2000, 2025))}
			p := past(t, e, "KAZ")
			if len(p.Breaks) != 2 || p.Breaks[0].Key != "position" || p.Breaks[1].Power != "CHN" {
				t.Fatalf("%+v", p.Breaks)
			}
			for _, b := range p.Breaks { // China stands still, so the distance does what home does
				near(t, b.Key+" jump", b.Jump.Value(), tt.jump, 0.05)
				near(t, b.Key+" trend", b.Before.Value(), 0.02, 0.005)
				iv := b.Jump.Interval()
				if tt.jump != 0 && iv.Contains(0) || !iv.Contains(b.Jump.Value()) || iv.Kind != shanyraq.Confidence || iv.Level != 0.9 {
					t.Errorf("%s: %v in %+v", b.Key, b.Jump.Value(), iv)
				}
			}
		})
	}
}

// Two years after are too few to tell a level from a trend.
func TestBreakNeedsYears(t *testing.T) {
	e := &evidence{groups: powers(), claims: positions("KAZ", func(y int) float64 { return math.Sin(float64(y)) }, 2000, 2023)}
	if p := past(t, e, "KAZ"); len(p.Breaks) != 0 {
		t.Errorf("%+v", p.Breaks)
	}
}

// Every figure of the past of every eighth country opens, each number of equal
// partners is one over the concentration it opens to, and every effective
// number lies between 1 and the number of partners.
func TestBuiltInPast(t *testing.T) {
	w := workspace(t)
	r := vectors.New(w)
	places, err := w.Places(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	years := 0
	for i, place := range places {
		if !place.Exists() || i%8 != 0 && place.Code != "KAZ" {
			continue
		}
		p, err := r.Past(t.Context(), place.Code)
		if err != nil {
			t.Errorf("%s: %v", place.Code, err)
			continue
		}
		for _, h := range p.Histories {
			if !slices.IsSortedFunc(h.Years, func(a, b vectors.Year) int { return cmp.Compare(a.Year, b.Year) }) {
				t.Errorf("%s %s: years are out of order", place.Code, h.Domain.Key)
			}
			for _, y := range h.Years {
				years++
				if f := y.Effective; !f.IsZero() {
					near(t, f.Path(), f.Value(), 1/y.Concentration.Value(), 1e-9)
					if f.Interval().Lo < 0.99 {
						t.Errorf("%s: from %v", f.Path(), f.Interval().Lo)
					}
				}
				if f := y.Even; !f.IsZero() && (f.Interval().Lo < 0 || f.Interval().Hi > 100.01) {
					t.Errorf("%s: %+v", f.Path(), f.Interval())
				}
			}
		}
		for _, f := range p.Figures() {
			got, err := r.Figure(t.Context(), strings.TrimPrefix(f.Path(), "vectors/"))
			if err != nil || got.Value() != f.Value() || got.Interval() != f.Interval() {
				t.Errorf("%s: %v opens to %v, %v", f.Path(), f.Value(), got.Value(), err)
			}
		}
	}
	if years < 150 {
		t.Errorf("%d years in all", years)
	}
}

// The people of Kazakhstan abroad were in one country and are in three: the
// table of the United Nations of 2024, from which 2024 alone has no rival.
func TestBuiltInPastOfKazakhstan(t *testing.T) {
	h := historyOf(t, past(t, workspace(t), "KAZ"), "people")
	if len(h.Years) != 8 {
		t.Fatalf("%d years", len(h.Years))
	}
	last := h.Years[len(h.Years)-1]
	if last.Year != 2024 || last.Effective.Value() < 2.9 || last.Effective.Value() > 3.1 {
		t.Errorf("in %d %v", last.Year, last.Effective.Value())
	}
	for i, y := range h.Years[1:] {
		if y.Effective.Value() <= h.Years[i].Effective.Value() {
			t.Errorf("no more spread out in %d than in %d", y.Year, h.Years[i].Year)
		}
	}
}
