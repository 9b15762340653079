package vectors_test

import (
	"cmp"
	"fmt"
	"math"
	"net/url"
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
					if f.Interval().Kind != y.Concentration.Interval().Kind {
						t.Errorf("%s: %s of %s", f.Path(), f.Interval().Kind, y.Concentration.Interval().Kind)
					}
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

// The people of Kazakhstan abroad were in one country and are in three, by the
// table of the United Nations of 2024 alone: the edition of 2020 counts
// differently, and a line of both would show the change of edition.
func TestBuiltInPastOfKazakhstan(t *testing.T) {
	h := historyOf(t, past(t, workspace(t), "KAZ"), "people")
	if len(h.Years) != 8 {
		t.Fatalf("%d years", len(h.Years))
	}
	last := h.Years[len(h.Years)-1]
	if last.Year != 2024 || last.Effective.Value() < 2.9 || last.Effective.Value() > 3.1 {
		t.Errorf("in %d %v", last.Year, last.Effective.Value())
	}
	if h.Edition != "un-desa-stock-2024" {
		t.Errorf("of the edition %q", h.Edition)
	}
	for _, y := range h.Years {
		for _, p := range y.Partners {
			if s := p.Share.Lineage().Sources; len(s) != 1 || s[0] != h.Edition {
				t.Errorf("%s is of %v", p.Share.Path(), s)
			}
		}
	}
	for i, y := range h.Years[1:] {
		if i == 0 { // from 1990 to 1995 it became less
			continue
		}
		if y.Effective.Value() <= h.Years[i].Effective.Value() {
			t.Errorf("no more spread out in %d than in %d", y.Year, h.Years[i].Year)
		}
	}
}

// Five listed hold 57 of 100 and the rest is in others no larger than the last:
// worked by hand, the squares known are 0.0795 and the rest, in eight of 5 and
// one of 3, adds at most 0.0209. With the union as one its 39 stand for Germany
// and France, and a fourth of the rest that is left goes nowhere near as far.
func TestConcentrationHalfWay(t *testing.T) {
	e := &evidence{groups: powers(), claims: exports("a", "2021", "CHN 20", "RUS 15", "DEU 10", "FRA 7", "TUR 5", "EUU 39")}
	y := historyOf(t, past(t, e, "KAZ"), "exports").Years[0]
	known, rest := 0.04+0.0225+0.01+0.0049+0.0025, 8*0.0025+0.03*0.03
	near(t, "by states", y.Concentration.Value(), known+rest/2, 1e-12)
	near(t, "equal states", y.Effective.Value(), 1/(known+rest/2), 1e-9)
	united := 0.39*0.39 + 0.04 + 0.0225 + 0.0025
	left := 1 - 0.39 - 0.2 - 0.15 - 0.05 // in fours of 5 and one of 1
	near(t, "the union as one", y.Row.United.Value(), united+(4*0.0025+(left-0.2)*(left-0.2))/2, 1e-12)
	near(t, "equal partners, the union as one", y.United.Value(), 1/y.Row.United.Value(), 1e-9)
	if y.Concentration.Interval().Kind != shanyraq.Bounds || y.Effective.Interval().Kind != shanyraq.Bounds {
		t.Errorf("%s and %s", y.Concentration.Interval().Kind, y.Effective.Interval().Kind)
	}
	if !y.Entropy.IsZero() || !y.Normalised.IsZero() {
		t.Error("the entropy of a list that lacks 43 of 100 is told")
	}
}

// Every partner is listed: entropy and the normalised index by hand.
func TestEntropyByHand(t *testing.T) {
	e := &evidence{groups: powers(), claims: exports("a", "2001", "CHN 40", "RUS 30", "USA 20", "TUR 10")}
	y := historyOf(t, past(t, e, "KAZ"), "exports").Years[0]
	near(t, "entropy", y.Entropy.Value(), -(0.4*math.Log(0.4) + 0.3*math.Log(0.3) + 0.2*math.Log(0.2) + 0.1*math.Log(0.1)), 1e-12)
	near(t, "normalised", y.Normalised.Value(), (0.30-0.25)/0.75, 1e-12)
}

// Years are compared over the powers that all of them know: the United States
// stand in one list alone and are left out, and the year without Russia has no
// figure.
func TestEvenOverTheSamePowers(t *testing.T) {
	e := &evidence{groups: powers(), claims: slices.Concat(
		exports("a", "2001", "CHN 40", "RUS 30", "EUU 20", "USA 10"),
		exports("a", "2002", "CHN 40", "RUS 30", "EUU 20"),
		exports("a", "2003", "CHN 40", "EUU 20", "USA 10"))}
	p := past(t, e, "KAZ")
	h := historyOf(t, p, "exports")
	if !slices.Equal(h.Compared, []shanyraq.CountryCode{"CHN", "RUS", "EUU"}) {
		t.Fatalf("compared are %v", h.Compared)
	}
	near(t, "first", h.Years[0].Even.Value(), 100*(1-(1.0/9+0+1.0/9)/2), 1e-9)
	near(t, "second", h.Years[1].Even.Value(), h.Years[0].Even.Value(), 1e-12)
	if !h.Years[2].Even.IsZero() || h.Lacks(h.Years[2]) != "RUS" {
		t.Errorf("the year without Russia has %v, and lacks %q", h.Years[2].Even.Value(), h.Lacks(h.Years[2]))
	}

	// A policy of two powers, by hand: 4/7 and 3/7 against 1/4 and 3/4.
	policy, err := vectors.PolicyOf(url.Values{"policy.CHN": {"10"}, "policy.rus": {"30"}})
	if err != nil {
		t.Fatal(err)
	}
	under, err := p.EvenUnder(policy)
	if err != nil {
		t.Fatal(err)
	}
	f := historyOf(t, under, "exports").Years[0].Even
	near(t, "under the policy", f.Value(), 100*(1-(4.0/7-0.25+0.75-3.0/7)/2), 1e-9)
	if got, err := vectors.New(e).Figure(t.Context(), strings.TrimPrefix(f.Path(), "vectors/")); err != nil || got.Value() != f.Value() || !strings.HasSuffix(f.Path(), "?policy.CHN=10&policy.RUS=30") {
		t.Errorf("%s opens to %v, %v", f.Path(), got.Value(), err)
	}
	if historyOf(t, p, "exports").Years[0].Even.Value() == f.Value() {
		t.Error("the past itself changed")
	}
	for name, q := range map[string]url.Values{"no number": {"policy.CHN": {"x"}}, "below zero": {"policy.CHN": {"-1"}}, "one power": {"policy.CHN": {"1"}}} {
		if _, err := vectors.PolicyOf(q); shanyraq.KindOf(err) != shanyraq.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
