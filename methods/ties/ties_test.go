package ties

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"shanyraq/methods/internal/peers"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var nan = math.NaN()

// near fails unless got is within tol of want, or both are NaN.
var near = peers.Near

// The invented partners of the reference cases and what a separate program
// made of them, in full precision: 1e-12 leaves room for a different order of
// summation only.
func TestConformanceVectors(t *testing.T) {
	dir := peers.Dir(t, "strategy", "vectors")
	var in struct {
		Domains map[string]map[string]float64
		Target  map[string]float64
		Exports map[string]map[string]float64
		GDP     map[string]float64
	}
	var want struct {
		Concentration []map[string]any
		Dyads         []map[string]any
	}
	for name, into := range map[string]any{"partners.json": &in, "vectors_expected.json": &want} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Skip("the reference cases are not here; set SHANYRAQ_CASES to the folder that holds strategy/vectors")
		}
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatal(err)
		}
	}
	if len(want.Concentration) != len(in.Domains) || len(want.Dyads) == 0 {
		t.Fatalf("%d domains of %d and %d dyads", len(want.Concentration), len(in.Domains), len(want.Dyads))
	}
	// compare checks every expected number and fails on one we do not make.
	compare := func(t *testing.T, got map[string]float64, want map[string]any, labels ...string) {
		for name, w := range want {
			if slices.Contains(labels, name) {
				continue
			}
			g, ok := got[name]
			if !ok {
				t.Errorf("expected %s is not compared", name)
				continue
			}
			near(t, name, g, w.(float64), 1e-12)
		}
	}
	must := func(t *testing.T) func(float64, error) float64 {
		return func(v float64, err error) float64 {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
	}
	for _, w := range want.Concentration {
		t.Run(w["domain"].(string), func(t *testing.T) {
			var x, target []float64
			for _, p := range w["partners"].([]any) {
				x = append(x, in.Domains[w["domain"].(string)][p.(string)])
				target = append(target, in.Target[p.(string)])
			}
			s, err := Shares(x)
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range w["shares"].([]any) {
				near(t, fmt.Sprint("share ", i), s[i], v.(float64), 1e-12)
			}
			h, n := must(t)(Concentration(s)), len(s)
			e := must(t)(Entropy(s))
			compare(t, map[string]float64{
				"hhi": h, "gini_hirschman_100sqrt": RootHHI(h), "effective_number": Effective(h),
				"normalised_hhi": Normalised(h, n), "balance_1_minus_nhhi": 1 - Normalised(h, n),
				"entropy": e, "exp_entropy": math.Exp(e),
				"max_share": must(t)(Largest(s, 1)), "cr3": must(t)(Largest(s, 3)),
				"overlap_with_target": must(t)(Overlap(s, target)),
			}, w, "domain", "partners", "shares", "top")
		})
	}
	total := func(a string) (sum float64) {
		for b := range in.Exports {
			sum += in.Exports[a][b] + in.Exports[b][a]
		}
		return sum
	}
	for _, w := range want.Dyads {
		a, b := w["a"].(string), w["b"].(string)
		t.Run(a+"-"+b, func(t *testing.T) {
			trade := in.Exports[a][b] + in.Exports[b][a]
			d, err := Between(trade, Side{total(a), in.GDP[a]}, Side{total(b), in.GDP[b]})
			if err != nil {
				t.Fatal(err)
			}
			compare(t, map[string]float64{
				"trade": trade, "share_a": d.ShareA, "share_b": d.ShareB, "salience": d.Salience,
				"symmetry": d.Symmetry, "interdependence": d.Interdependence, "dep_a_gdp": d.DependenceA,
				"dep_b_gdp": d.DependenceB, "lower_dep": d.Lower, "asymmetry": d.Asymmetry,
			}, w, "a", "b")
		})
	}
}

func TestErrors(t *testing.T) {
	for name, x := range map[string][]float64{"negative": {1, -1}, "infinite": {math.Inf(1)}, "all missing": {nan}, "all zero": {0, 0}, "nobody": {}} {
		if _, err := Shares(x); err == nil {
			t.Errorf("Shares, %s: no error", name)
		}
	}
	if _, err := Shares([]float64{nan, 0}); !errors.Is(err, ErrNoTotal) {
		t.Errorf("nothing to divide: %v", err)
	}
	s, err := Shares([]float64{1, nan, 3})
	if err != nil || s[0] != 0.25 || !math.IsNaN(s[1]) || s[2] != 0.75 {
		t.Errorf("with one missing: %v, %v", s, err)
	}
	half := []float64{0.5, 0.5}
	for name, s := range map[string][]float64{"incomplete": {0.5, 0.4}, "missing": {1, nan}, "negative": {1.5, -0.5}} {
		_, a := Concentration(s)
		_, b := Entropy(s)
		_, c := Largest(s, 1)
		_, d := Overlap(s, half)
		_, e := Overlap(half, s)
		for _, err := range []error{a, b, c, d, e} {
			if err == nil {
				t.Errorf("%s: no error", name)
			}
		}
	}
	if _, err := Overlap(half, []float64{1}); err == nil {
		t.Error("lists of different length: no error")
	}
	if _, err := Largest(half, 0); err == nil {
		t.Error("the none largest: no error")
	}
	if got, err := Largest(half, 5); err != nil || got != 1 {
		t.Errorf("more than there are: %v, %v", got, err)
	}
	if !math.IsNaN(Normalised(1, 1)) {
		t.Error("one partner has a normalised index")
	}
	ok := Side{10, 100}
	for name, call := range map[string]struct {
		trade float64
		b     Side
	}{
		"more than all": {11, ok}, "negative": {-1, ok}, "missing": {nan, ok}, "no total": {0, Side{0, 1}},
		"missing total": {1, Side{nan, 1}}, "no product": {1, Side{10, 0}}, "infinite product": {1, Side{10, math.Inf(1)}},
	} {
		if _, err := Between(call.trade, ok, call.b); err == nil {
			t.Errorf("Between, %s: no error", name)
		}
	}
	d, err := Between(1, ok, Side{5, nan})
	if err != nil || d.ShareB != 0.2 || !math.IsNaN(d.DependenceA) || !math.IsNaN(d.Lower) || !math.IsNaN(d.Asymmetry) {
		t.Errorf("product missing: %+v, %v", d, err)
	}
}

func TestProperties(t *testing.T) {
	shares := func(t *rapid.T) []float64 {
		s, err := Shares(rapid.SliceOfN(rapid.Float64Range(0.001, 1e6), 2, 40).Draw(t, "x"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	h := func(t *rapid.T, s []float64) float64 {
		v, err := Concentration(s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	t.Run("the index lies between equal division and one partner", rapid.MakeCheck(func(t *rapid.T) {
		s := shares(t)
		if v := h(t, s); v < 1/float64(len(s))-1e-12 || v > 1+1e-12 {
			t.Fatalf("%v for %d partners", v, len(s))
		}
	}))
	t.Run("the effective number is never above the exponential of the entropy", rapid.MakeCheck(func(t *rapid.T) {
		s := shares(t)
		e, err := Entropy(s)
		if err != nil || Effective(h(t, s)) > math.Exp(e)+1e-9 {
			t.Fatalf("%v above %v (%v)", Effective(h(t, s)), math.Exp(e), err)
		}
	}))
	t.Run("from a smaller to a larger partner the index rises", rapid.MakeCheck(func(t *rapid.T) {
		s := slices.Sorted(slices.Values(shares(t)))
		before := h(t, s)
		by := rapid.Float64Range(0, s[0]).Draw(t, "by")
		s[0], s[len(s)-1] = s[0]-by, s[len(s)-1]+by
		if h(t, s) < before-1e-15 {
			t.Fatalf("%v to %v", before, h(t, s))
		}
	}))
	t.Run("overlap is one with itself and the same both ways", rapid.MakeCheck(func(t *rapid.T) {
		s := shares(t)
		w := slices.Clone(s)
		slices.Reverse(w)
		self, err := Overlap(s, s)
		a, _ := Overlap(s, w)
		b, _ := Overlap(w, s)
		if err != nil || self != 1 || a != b || a < -1e-12 || a > 1 {
			t.Fatal(self, a, b, err)
		}
	}))
	t.Run("a dyad seen from the other side", rapid.MakeCheck(func(t *rapid.T) {
		side := func(name string) Side {
			return Side{rapid.Float64Range(1, 1e3).Draw(t, name), rapid.Float64Range(1, 1e4).Draw(t, name+" product")}
		}
		a, b := side("a"), side("b")
		trade := rapid.Float64Range(0.01, 1).Draw(t, "trade")
		x, err1 := Between(trade, a, b)
		y, err2 := Between(trade, b, a)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if x.Interdependence != y.Interdependence || x.Asymmetry != -y.Asymmetry || x.Lower != y.Lower || x.ShareA != y.ShareB {
			t.Fatalf("%+v and %+v", x, y)
		}
	}))
}

func TestShareRange(t *testing.T) {
	for _, tt := range []struct {
		name        string
		part, whole Range
		want        Range
		fail        bool
	}{
		{name: "both known within ranges", part: Range{20, 30}, whole: Range{100, 120}, want: Range{20.0 / 120, 0.3}},
		{name: "both exact", part: Range{1, 1}, whole: Range{4, 4}, want: Range{0.25, 0.25}},
		{name: "the part may be all of it", part: Range{5, 50}, whole: Range{40, 100}, want: Range{0.05, 1}},
		{name: "a whole that may be nothing", part: Range{0, 2}, whole: Range{0, 4}, want: Range{0, 1}},
		{name: "nothing of whatever there is", part: Range{0, 0}, whole: Range{0, 4}, want: Range{0, 0}},
		{name: "a part always larger than its whole", part: Range{5, 6}, whole: Range{1, 4}, fail: true},
		{name: "no whole", part: Range{0, 0}, whole: Range{0, 0}, fail: true},
		{name: "ends the wrong way round", part: Range{2, 1}, whole: Range{4, 4}, fail: true},
		{name: "negative", part: Range{-1, 1}, whole: Range{4, 4}, fail: true},
		{name: "missing", part: Range{nan, 1}, whole: Range{4, 4}, fail: true},
		{name: "infinite", part: Range{0, 1}, whole: Range{4, math.Inf(1)}, fail: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ShareRange(tt.part, tt.whole)
			if (err != nil) != tt.fail {
				t.Fatalf("error %v", err)
			}
			near(t, "Lo", got.Lo, tt.want.Lo, 1e-15)
			near(t, "Hi", got.Hi, tt.want.Hi, 1e-15)
		})
	}
}

// Wants worked by hand from the shares alone.
func TestConcentrationBounds(t *testing.T) {
	point := func(s ...float64) (r []Range) {
		for _, v := range s {
			r = append(r, Range{v, v})
		}
		return r
	}
	for _, tt := range []struct {
		name    string
		known   []Range
		largest bool
		lo, hi  float64
		fail    bool
	}{
		{name: "everything known", known: point(0.5, 0.3, 0.2), lo: 0.38, hi: 0.38},
		{name: "everything known, largest", known: point(0.5, 0.3, 0.2), largest: true, lo: 0.38, hi: 0.38},
		{name: "nothing known", lo: 0, hi: 1},
		{name: "nothing known, largest", largest: true, lo: 0, hi: 1},
		// .25+.09 = .34; the rest .2 in one partner adds .04.
		{name: "the rest may be one partner", known: point(0.5, 0.3), lo: 0.34, hi: 0.38},
		// .16+.0225 = .1825; the rest .45 in three of .15 adds .0675.
		{name: "the rest fits the smallest three times", known: point(0.4, 0.15), largest: true, lo: 0.1825, hi: 0.25},
		// .16+.01 = .17; the rest .5 in five of .1.
		{name: "the rest fits five times", known: point(0.4, 0.1), largest: true, lo: 0.17, hi: 0.22},
		// .25+.04 = .29; the rest .3 in .2 and .1 adds .05.
		{name: "the rest does not divide", known: point(0.5, 0.2), largest: true, lo: 0.29, hi: 0.34},
		// Lower ends .16+.04; upper .36+.09 with .1 left, which fits below .3.
		{name: "ranges with room", known: []Range{{0.4, 0.6}, {0.2, 0.3}}, largest: true, lo: 0.2, hi: 0.46},
		// One partner of .8 and .2 left over is best: .64+.04.
		{name: "a range and the rest", known: []Range{{0.1, 0.8}}, lo: 0.01, hi: 0.82},
		// All of it known in two ranges that can both be full: .7²+.3².
		{name: "the whole is used up at the ends", known: []Range{{0.3, 0.7}, {0.3, 0.3}}, largest: true, lo: 0.18, hi: 0.58},
		{name: "one who holds nothing says nothing", known: append(point(0.5, 0.2), Range{}), largest: true, lo: 0.29, hi: 0.34},
		{name: "more than the whole", known: point(0.7, 0.4), fail: true},
		{name: "more than one", known: point(1.2), fail: true},
		{name: "negative", known: []Range{{-0.1, 0.1}}, fail: true},
		{name: "missing", known: []Range{{nan, nan}}, fail: true},
		{name: "ends the wrong way round", known: []Range{{0.2, 0.1}}, fail: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			lo, hi, err := ConcentrationBounds(tt.known, tt.largest)
			if (err != nil) != tt.fail {
				t.Fatalf("error %v", err)
			}
			near(t, "lo", lo, tt.lo, 1e-12)
			near(t, "hi", hi, tt.hi, 1e-12)
		})
	}
}

// packed returns the largest sum of squares of amounts that add to left, none
// above limit.
func packed(left, limit float64) (sum float64) {
	for left > limit && limit > 0 {
		sum, left = sum+limit*limit, left-limit
	}
	return sum + left*left
}

// ranges draws one to four ranges that a whole can satisfy.
func ranges(rng *rand.Rand, width float64) []Range {
	n := 1 + rng.IntN(4)
	cut := make([]float64, n+1)
	var sum float64
	for i := range cut {
		cut[i] = 0.02 + rng.ExpFloat64()
		sum += cut[i]
	}
	if rng.IntN(3) == 0 { // as if everybody were known
		sum -= cut[n]
	}
	known := make([]Range, n)
	for i := range known {
		v := cut[i] / sum
		known[i] = Range{min(1, max(0, v-width*rng.Float64())), min(1, v+width*rng.Float64())}
	}
	return known
}

// The upper limit against the best value over every corner of what is possible
// (a convex function has its maximum there), and both limits against shares
// drawn at random inside it.
func TestBoundsAgainstSearch(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 8))
	exact, cases := 0, 0
	for range 4000 {
		width := []float64{0, 0.005, 0.05, 0.3}[rng.IntN(4)]
		largest := rng.IntN(2) == 0
		known := ranges(rng, width)
		lo, hi, err := ConcentrationBounds(known, largest)
		if err != nil {
			t.Fatal(err)
		}
		n := len(known)
		x := make([]float64, n)
		value := func() (v float64, ok bool) { // the largest index with these known shares
			left, smallest := 1.0, 1.0
			for i, s := range x {
				if s < known[i].Lo-1e-12 || s > known[i].Hi+1e-12 {
					return 0, false
				}
				left, smallest, v = left-s, min(smallest, s), v+s*s
			}
			if left < -1e-12 || largest && left > 1e-12 && smallest < 1e-3 {
				return 0, false
			}
			left = max(0, left)
			if !largest {
				smallest = 1
			}
			return v + packed(left, smallest), true
		}
		var best, widest float64
		for corner := range 1 << n {
			for between := -1; between < n; between++ { // which share, if any, takes what is left
				left := 1.0
				for i, r := range known {
					if x[i] = r.Lo; corner>>i&1 == 1 {
						x[i] = r.Hi
					}
					if i != between {
						left -= x[i]
					}
				}
				if between >= 0 {
					x[between] = left
				}
				if v, ok := value(); ok {
					best = max(best, v)
				}
			}
		}
		for _, r := range known {
			widest = max(widest, r.Hi-r.Lo)
		}
		if best > hi+1e-9 {
			t.Fatalf("%v, largest %v: a corner has %v, above %v", known, largest, best, hi)
		}
		if best < hi-widest*widest/4-1e-9 {
			t.Fatalf("%v, largest %v: no corner above %v, limit %v", known, largest, best, hi)
		}
		if cases++; best > hi-1e-9 {
			exact++
		} else if width == 0 {
			t.Fatalf("%v, largest %v: without ranges the limit is %v, not %v", known, largest, hi, best)
		}
		var low, thin float64
		for _, r := range known {
			low, thin = low+r.Lo, thin+r.Lo*r.Lo
		}
		near(t, "lowest, the rest among a million", thin+1e-6*(1-low)*(1-low), lo, 1e-6)
		for range 20 {
			left, smallest, v := 1.0, 1.0, 0.0
			for i, r := range known {
				x[i] = r.Lo + (r.Hi-r.Lo)*rng.Float64()
				left, smallest, v = left-x[i], min(smallest, x[i]), v+x[i]*x[i]
			}
			if left < 0 || largest && smallest < 1e-3 {
				continue
			}
			if !largest {
				smallest = 1
			}
			for left > 1e-4 { // others of any size they may have
				y := min(left, smallest) * rng.Float64()
				v, left = v+y*y, left-y
			}
			if v < lo-1e-9 || v > hi+1e-9 {
				t.Fatalf("%v, largest %v: %v outside %v to %v", known, largest, v, lo, hi)
			}
		}
	}
	t.Logf("%d of %d upper limits attained at a corner", exact, cases)
}

// Limits from wider ranges hold those from narrower ones, and knowing that the
// listed are the largest never widens them.
func TestBoundsNarrow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		known := ranges(rng, 0.1)
		wider := slices.Clone(known)
		var w float64
		for i, r := range known {
			wider[i] = Range{r.Lo * rng.Float64(), r.Hi + (1-r.Hi)*0.2*rng.Float64()}
			w = max(w, wider[i].Hi-wider[i].Lo)
		}
		for _, largest := range []bool{false, true} {
			a, b, err1 := ConcentrationBounds(known, largest)
			c, d, err2 := ConcentrationBounds(wider, largest)
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			if c > a+1e-12 || d < b-w*w/4-1e-9 {
				t.Fatalf("largest %v: %v to %v does not hold %v to %v", largest, c, d, a, b)
			}
		}
		_, free, _ := ConcentrationBounds(known, false)
		_, capped, _ := ConcentrationBounds(known, true)
		if capped > free+w*w/4+1e-9 {
			t.Fatalf("capped %v above free %v", capped, free)
		}
	})
}

// A page shows limits for every domain and year at once, so one must cost
// microseconds even when every state is a partner.
func BenchmarkConcentrationBounds(b *testing.B) {
	for _, n := range []int{5, 20, 195} {
		for _, largest := range []bool{false, true} {
			b.Run(fmt.Sprintf("partners=%d/largest=%v", n, largest), func(b *testing.B) {
				known := make([]Range, n)
				for i := range known {
					v := 0.9 / float64(i+1) / 6.5
					known[i] = Range{max(0, v-0.005), v + 0.005}
				}
				b.ReportAllocs()
				for b.Loop() {
					if _, _, err := ConcentrationBounds(known, largest); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
