package standing_test

import (
	"math"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/internal/standing"
)

const (
	towns  = "SP.URB.TOTL.IN.ZS"
	forces = "armed_forces_personnel_total"
)

// capable is four countries whose shares can be worked by hand. D has no armed
// forces in the tables, E lacks two of four.
func capable() evidence {
	e := slices.Concat(
		country("AAA", "2020", 10, 500, 1, 4000), // spends 40
		country("BBB", "2020", 10, 300, 2, 2000), // 40
		country("DDD", "2020", 10, 200, 4, 500),  // 20
	)
	for place, share := range map[string]float64{"AAA": 50, "BBB": 50, "DDD": 50} {
		e = append(e, claim("wdi", towns, place, "2020", share, "percent"))
	}
	return append(e, claim("wdi", forces, "AAA", "2019", 60, "persons"), claim("wdi", forces, "BBB", "2020", 40, "persons"),
		claim("wdi", people, "EEE", "2020", 100, "persons"), claim("wdi", dollars, "EEE", "2020", 100, "usd"))
}

func index(t testing.TB, e standing.Evidence, key standing.IndexKey, year int, rule, query string) *standing.Index {
	t.Helper()
	q, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	x, err := standing.New(e).Index(t.Context(), key, year, rule, q)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func scores(t testing.TB, x *standing.Index) map[string]float64 {
	t.Helper()
	es, err := x.League()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, e := range es {
		out[string(e.Place)] = e.Score.Value()
	}
	return out
}

// The rule of the Composite Index of National Capability: the mean of the world
// shares a country has. E is screened out for lacking half, and is then not in
// the world that the shares are of.
func TestCapabilityRuleByHand(t *testing.T) {
	for _, tt := range []struct {
		rule, query string
		want        map[string]float64
	}{
		{"", "", map[string]float64{"AAA": (40 + 60 + 50 + 50) / 4.0, "BBB": (40 + 40 + 30 + 30) / 4.0, "DDD": (20 + 20 + 20) / 3.0}},
		{"drop", "", map[string]float64{"AAA": 50, "BBB": 35, "DDD": 20}},
		{"zero", "", map[string]float64{"AAA": 50, "BBB": 35, "DDD": 15}},
		{"", "w.milex=0&w.milper=0&w.upop=0&w.tpop=1", map[string]float64{"AAA": 50, "BBB": 30, "DDD": 20}},
		{"", "w.milper=1&w.milex=3&w.tpop=0&w.upop=0", map[string]float64{"AAA": (3*40 + 60) / 4.0, "BBB": 40, "DDD": 20}},
	} {
		got := scores(t, index(t, capable(), "cinc", 2020, tt.rule, tt.query))
		if len(got) != len(tt.want) {
			t.Errorf("%s %s: %v", tt.rule, tt.query, got)
		}
		for place, want := range tt.want {
			near(t, tt.rule+" "+tt.query+" "+place, got[place], want, 1e-9)
		}
	}
	x := index(t, capable(), "cinc", 2020, "", "")
	if out := x.Unranked(); len(out) != 1 || !slices.Equal(out["EEE"], []string{"milex", "milper", "upop"}) {
		t.Errorf("unranked %v", out)
	}
	ss, err := standing.New(capable()).Switched(t.Context(), "cinc", 2020)
	if err != nil || len(ss) != 1 || ss[0].Place != "DDD" || !slices.Equal(ss[0].Lacks, []string{"milper"}) {
		t.Errorf("moved by the rule for what is missing: %+v, %v", ss, err)
	}
}

// Output times output per head: the order is by the product, and the score the
// root of it as a share of the best on both.
func TestNetResourcesByHand(t *testing.T) {
	e := slices.Concat(country("AAA", "2020", 100, 10, 1, 1), country("BBB", "2020", 10, 400, 1, 1), country("CCC", "2020", 50, 10, 1, 1))
	got := scores(t, index(t, e, "net", 2020, "", ""))
	// Output 1000, 4000, 500; per head 100, 10, 50.
	for place, want := range map[string]float64{"AAA": 100 * math.Sqrt(0.25*1), "BBB": 100 * math.Sqrt(1*0.1), "CCC": 100 * math.Sqrt(0.125*0.5)} {
		near(t, place, got[place], want, 1e-9)
	}
}

func TestIndexRefuses(t *testing.T) {
	r := standing.New(capable())
	for _, tt := range []struct {
		key         standing.IndexKey
		year        int
		rule, query string
		kind        shanyraq.Kind
	}{
		{"beauty", 2020, "", "", shanyraq.NotFound},
		{"cinc", 1900, "", "", shanyraq.NotFound},
		{"network", 2010, "", "", shanyraq.NotFound}, // before its tables begin
		{"cinc", 2020, "guess", "", shanyraq.Invalid},
		{"cinc", 2020, "", "w.tpop=-1", shanyraq.Invalid},
		{"cinc", 2020, "", "w.tpop=lots", shanyraq.Invalid},
		{"cinc", 2020, "", "w.tpop=0&w.upop=0&w.milex=0&w.milper=0", shanyraq.Invalid},
	} {
		q, _ := url.ParseQuery(tt.query)
		if _, err := r.Index(t.Context(), tt.key, tt.year, tt.rule, q); shanyraq.KindOf(err) != tt.kind {
			t.Errorf("%s %d %s %s: %v", tt.key, tt.year, tt.rule, tt.query, err)
		}
	}
}

// Every built-in index reads, has a title and a description in each language,
// and names every aggregate.
func TestRecipes(t *testing.T) {
	series, err := workspace(t).Series(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range standing.IndexKeys() {
		d, err := standing.ReadRecipe(key)
		if err != nil {
			t.Fatal(err)
		}
		for _, lang := range []string{"en", "ru", "kk"} {
			if d.Titles[lang] == "" || d.Says[lang] == "" {
				t.Errorf("%s has no text in %s", key, lang)
			}
		}
		for _, m := range d.Measures {
			for _, id := range slices.Concat(m.Series, m.Stated) {
				if !slices.ContainsFunc(series, func(s shanyraq.Series) bool { return s.ID == id }) {
					t.Errorf("%s: no series %s", key, id)
				}
			}
			if len(m.Series) != 1 && m.Title("en") == "" {
				t.Errorf("%s: %s has no title", key, m.Code)
			}
		}
		if b, err := standing.RecipeText(key); err != nil || !strings.Contains(string(b), `"framework"`) {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// made is every figure of an index about one country.
func made(t testing.TB, r *standing.Room, x *standing.Index, place shanyraq.CountryCode) []shanyraq.Figure {
	t.Helper()
	var out []shanyraq.Figure
	add := func(err error, fs ...shanyraq.Figure) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range fs {
			if !f.IsZero() {
				out = append(out, f)
			}
		}
	}
	e, ok, err := x.Of(place)
	if !ok {
		t.Fatalf("%s has no rank in %s, %v", place, x.Key, err)
	}
	add(err, e.Rank, e.Score, e.Above)
	lines, err := x.Profile(place)
	for _, l := range lines {
		add(err, l.Value, l.Rank)
	}
	bs, err := x.Besides()
	add(err)
	for _, b := range bs {
		add(nil, b.Agreement)
	}
	ms, err := x.Movers(t.Context(), place)
	add(err)
	for _, m := range ms {
		add(nil, m.Alone, m.Total)
	}
	ls, err := x.Levers(t.Context(), place, 3)
	add(err)
	for _, l := range ls {
		add(nil, l.To)
	}
	if len(x.Years) > 3 {
		c, ok, err := r.Change(t.Context(), x.Key, place, x.Years[3], x.Year, string(x.Missing))
		add(err)
		if ok {
			var sum float64
			for _, p := range c.Parts {
				sum += p.Places.Value()
				add(nil, p.Places)
			}
			near(t, string(x.Key)+": the parts of a change", sum, c.Before.Value()-c.After.Value(), 1e-9)
		}
	}
	over, err := x.Over(place, "USA")
	add(err, over)
	a, err := x.Audit()
	add(err, a.Cells, a.Gaps, a.Ranked, a.Out, a.Twins, a.Odd, a.Removal, a.Tiers)
	return out
}

// Every figure of every built-in index holds its value, says from what it is,
// and opens where it says it does; asked of another room, it is the same.
func TestBuiltInIndices(t *testing.T) {
	w := workspace(t)
	r, other := standing.New(w), standing.New(w)
	methods := map[shanyraq.MethodKey]bool{}
	for _, key := range standing.IndexKeys() {
		x, err := r.Index(t.Context(), key, 0, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		if x.Ranked() < 120 {
			t.Errorf("%s ranks %d countries", key, x.Ranked())
		}
		for _, f := range made(t, r, x, "KAZ") {
			methods[f.Lineage().Method] = true
			if err := f.Interval().Check(f.Value()); err != nil {
				t.Errorf("%s: %v", f.Path(), err)
			}
			if id, isClaim := strings.CutPrefix(f.Path(), "claim/"); isClaim {
				if _, err := w.Claim(t.Context(), shanyraq.ClaimID(id)); err != nil {
					t.Errorf("%s: %v", f.Path(), err)
				}
				continue
			}
			path, query, _ := strings.Cut(f.Path(), "?")
			q, _ := url.ParseQuery(query)
			got, err := other.Figure(t.Context(), strings.TrimPrefix(path, "standing/"), q)
			if err != nil || !reflect.DeepEqual(got, f) {
				t.Errorf("%s opens to %v %+v, %v; it is %v %+v", f.Path(), got.Value(), got.Interval(), err, f.Value(), f.Interval())
			}
		}
		tiers := x.Tiers()
		n := 0
		for _, tier := range tiers {
			n += len(tier)
		}
		if n != x.Ranked() {
			t.Errorf("%s: %d of %d countries are in a tier", key, n, x.Ranked())
		}
	}
	for _, m := range []shanyraq.MethodKey{standing.MethodMeasure, standing.MethodIndex, standing.MethodIndexRank, standing.MethodAgreement, standing.MethodEffect, standing.MethodReach, standing.MethodChange, standing.MethodAudit} {
		if !methods[m] {
			t.Errorf("no figure is made by %s", m)
		}
	}
	for _, path := range []string{"index/cinc/KAZ/2022/beauty", "index/cinc/ZZZ/2022/rank", "index/beauty/KAZ/2022/rank", "index/cinc/KAZ/02022/rank", "index/cinc/KAZ/2022/reach-x-tpop", "index/cinc/KAZ/2022/change-soon-own", "index/cinc/KAZ/2022/audit-cells", "index/cinc/WLD/2022/audit-beauty"} {
		if f, err := r.Figure(t.Context(), path, nil); err == nil {
			t.Errorf("%s opens to %v", path, f.Value())
		}
	}
}

// A lever does what it says: with the indicator at the value named, and all
// else as it is, the country stands that much higher, and with a little less
// it does not.
func TestLeverReaches(t *testing.T) {
	e := slices.Concat(country("AAA", "2020", 90, 90, 1, 1), country("BBB", "2020", 60, 60, 1, 1), country("CCC", "2020", 50, 50, 1, 1), country("DDD", "2020", 20, 20, 1, 1))
	net := index(t, e, "net", 2020, "", "")
	ls, err := net.Levers(t.Context(), "DDD", 1)
	if err != nil || len(ls) == 0 {
		t.Fatalf("no way up: %v", err)
	}
	for _, l := range ls {
		if l.To.IsZero() {
			continue
		}
		if l.To.Value() <= l.From.Value() || !(l.Part > 0 && l.Part <= 1) {
			t.Errorf("%s from %v to %v, %v of the way", l.Code, l.From.Value(), l.To.Value(), l.Part)
		}
		// CCC has output 2500 and 50 a head of best 8100 and 90; D has 400 and 20.
		// One of the two alone must reach 2500 × 50 over the other.
		want := map[string]float64{"gdp": 2500 * 50 / 20.0, "perhead": 2500 * 50 / 400.0}[l.Code]
		if want <= map[string]float64{"gdp": 8100, "perhead": 90}[l.Code] {
			near(t, l.Code, l.To.Value(), want, 0.01*want)
		}
	}
}

// The league of an index is quick enough to follow a weight as it is dragged.
func BenchmarkIndexWeighed(b *testing.B) {
	r := standing.New(workspace(b))
	if _, err := r.Index(b.Context(), "softpower", 0, "", nil); err != nil {
		b.Fatal(err)
	}
	q := url.Values{"w.culture": {"3"}}
	for b.Loop() {
		x, err := r.Index(b.Context(), "softpower", 0, "", q)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := x.League(); err != nil {
			b.Fatal(err)
		}
	}
}

// The first reader of an index waits for its draws.
func BenchmarkIndexFirst(b *testing.B) {
	for b.Loop() {
		if _, err := standing.New(workspace(b)).Index(b.Context(), "softpower", 0, "", nil); err != nil {
			b.Fatal(err)
		}
	}
}
