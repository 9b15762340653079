package ties

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// box draws one to six ranges of amounts, some of no width and some from zero.
func box(rng *rand.Rand) []Range {
	x := make([]Range, 1+rng.IntN(6))
	for i := range x {
		v := rng.ExpFloat64()
		x[i] = Range{v, v}
		switch rng.IntN(4) {
		case 0:
		case 1:
			x[i] = Range{0, v}
		default:
			x[i].Hi = v * (1 + rng.Float64())
		}
	}
	return x
}

// everyCorner calls f with every corner of x.
func everyCorner(x []Range, f func([]float64)) {
	a := make([]float64, len(x))
	for set := range 1 << len(x) {
		for i, r := range x {
			if a[i] = r.Lo; set>>i&1 == 1 {
				a[i] = r.Hi
			}
		}
		f(a)
	}
}

// nearest returns amounts within their ranges whose total lies at the place
// part between the least and the most possible, each as near to its wanted
// share of that as the rest allows.
func nearest(x []Range, w []float64, part float64) []float64 {
	var low, high, sum float64
	for _, r := range x {
		low, high = low+r.Lo, high+r.Hi
	}
	s := low + part*(high-low)
	a := make([]float64, len(x))
	for i, r := range x {
		a[i] = min(r.Hi, max(r.Lo, w[i]*s))
		sum += a[i]
	}
	for i, r := range x { // what is missing or too much, wherever there is room
		moved := min(r.Hi, max(r.Lo, a[i]+s-sum))
		sum += moved - a[i]
		a[i] = moved
	}
	return a
}

// The limits of every measure against all corners and amounts drawn at random:
// none lies outside, and where the docstring says a limit is attained a corner,
// or a draw pressed towards it, comes as near as is said.
func TestRangesAgainstSearch(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	measure := func(f func([]float64) (float64, error)) func([]float64) float64 {
		return func(x []float64) float64 {
			s, err := Shares(x)
			if err != nil {
				return math.NaN()
			}
			v, err := f(s)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
	}
	for range 150 {
		x := box(rng)
		k := 1 + rng.IntN(3)
		want := make([]float64, len(x))
		for i := range want {
			want[i] = rng.ExpFloat64()
		}
		w, _ := Shares(want)
		var sum, highest float64
		for _, r := range x {
			sum, highest = sum+r.Lo, max(highest, r.Hi)
		}
		shares, err := ShareRanges(x)
		if err != nil {
			t.Fatal(err)
		}
		concentration, err1 := ConcentrationRange(x)
		entropy, err2 := EntropyRange(x)
		largest, err3 := LargestRange(x, k)
		overlap, err4 := OverlapRange(x, w)
		if err := errors.Join(err1, err2, err3, err4); err != nil {
			t.Fatal(err)
		}
		for _, m := range []struct {
			name   string
			limits Range
			f      func([]float64) float64
			atLo   bool // the lower end is at a corner
		}{
			{"concentration", concentration, measure(Concentration), false},
			{"entropy", entropy, measure(Entropy), true},
			{"largest", largest, measure(func(s []float64) (float64, error) { return Largest(s, k) }), false},
			{"overlap", overlap, measure(func(s []float64) (float64, error) { return Overlap(s, w) }), true},
			{"share", shares[0], func(a []float64) float64 {
				s, err := Shares(a)
				if err != nil {
					return math.NaN()
				}
				return s[0]
			}, true},
		} {
			seen := Range{math.Inf(1), math.Inf(-1)}
			look := func(a []float64) {
				v := m.f(a)
				if math.IsNaN(v) {
					return
				}
				seen = Range{min(seen.Lo, v), max(seen.Hi, v)}
				if v < m.limits.Lo-1e-9 || v > m.limits.Hi+1e-9 {
					t.Fatalf("%s of %v is %v, outside %v; ranges %v", m.name, a, v, m.limits, x)
				}
			}
			everyCorner(x, look)
			corner := seen.Hi
			if m.atLo {
				corner = -seen.Lo
			}
			limit := m.limits.Hi
			if m.atLo {
				limit = -m.limits.Lo
			}
			if m.name != "share" || sum > 0 { // a share of 0/0 has no corner
				if limit-corner > 1e-9 {
					t.Fatalf("%s: no corner beyond %v, limit %v; ranges %v", m.name, corner, limit, x)
				}
			}
			// Towards the other end: a walk that keeps what is better.
			a := make([]float64, len(x))
			for i, r := range x {
				a[i] = r.Mid()
			}
			sign := 1.0
			if m.atLo {
				sign = -1
			}
			best := math.Inf(1)
			for step := range 1500 {
				b := slices.Clone(a)
				width := math.Pow(0.99, float64(step))
				for i, r := range x {
					b[i] = min(r.Hi, max(r.Lo, b[i]+width*(r.Hi-r.Lo)*rng.NormFloat64()))
				}
				look(b)
				if v := sign * m.f(b); v < best {
					a, best = b, v
				}
			}
			if m.name == "overlap" { // too many kinks for a walk: for each total, the nearest amounts
				for k := range 2001 {
					b := nearest(x, w, float64(k)/2000)
					look(b)
					best = min(best, -m.f(b))
				}
			}
			for k := range 2001 { // and cut off at one level
				c := float64(k) / 2000 * highest
				b := slices.Clone(a)
				for i, r := range x {
					b[i] = min(r.Hi, max(r.Lo, c))
				}
				look(b)
				if v := sign * m.f(b); v < best {
					best = v
				}
			}
			end := m.limits.Lo
			if m.atLo {
				end = -m.limits.Hi
			}
			if m.name != "share" && best > end+0.01 {
				t.Fatalf("%s: nothing found nearer than %v to %v; ranges %v", m.name, best, end, x)
			}
		}
	}
}

// The limits used with many uncertain amounts, on few: never inside the corners,
// and not further out than the docstrings say.
func TestRangesOfMany(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	attained := 0
	for range 500 {
		x := box(rng)
		var sum, widest float64
		for _, r := range x {
			sum += r.Lo
			widest = max(widest, r.Hi-r.Lo)
		}
		if sum == 0 {
			continue
		}
		h, limit := mostUneven(x, true), mostUneven(x, false)
		if limit < h-1e-12 || limit > h+widest*widest/4/(sum*sum)+1e-12 {
			t.Fatalf("index at a corner %v, limit %v; ranges %v", h, limit, x)
		}
		e, low := leastSpread(x, true), leastSpread(x, false)
		if low > e+1e-12 || low < e-widest/math.E/sum-1e-12 {
			t.Fatalf("entropy at a corner %v, limit %v; ranges %v", e, low, x)
		}
		if limit < h+1e-9 {
			attained++
		}
	}
	if attained < 250 {
		t.Errorf("only %d limits attained", attained)
	}
	// With 40 amounts 20 per cent wide the limits are near what corners drawn
	// at random and improved one at a time reach.
	x := make([]Range, 40)
	for i := range x {
		v := 1 / float64(i+1)
		x[i] = Range{v, 1.2 * v}
	}
	r, err := ConcentrationRange(x)
	if err != nil {
		t.Fatal(err)
	}
	a := make([]float64, len(x))
	for i := range a {
		a[i] = x[i].Lo
	}
	index := func() float64 {
		s, _ := Shares(a)
		h, _ := Concentration(s)
		return h
	}
	for better := true; better; {
		better = false
		for i := range a {
			was, h := a[i], index()
			a[i] = x[i].Lo + x[i].Hi - a[i]
			if index() > h+1e-15 {
				better = true
			} else {
				a[i] = was
			}
		}
	}
	near(t, "upper limit", r.Hi, index(), 2e-3)
	if r.Hi < index() {
		t.Errorf("limit %v below %v", r.Hi, index())
	}
}

// Wants worked by hand. Mirror books of 24 and 31.2 beside an exact 26.1 and an
// exact 40: share of the first 24/90.1 to 31.2/97.3.
func TestShareRanges(t *testing.T) {
	r, err := Span(Range{24, 24}, Range{31.2, 31.2})
	if err != nil || r != (Range{24, 31.2}) {
		t.Fatal(r, err)
	}
	near(t, "gap", r.Gap(), 7.2/27.6, 1e-12)
	near(t, "middle", r.Mid(), 27.6, 1e-12)
	s, err := ShareRanges([]Range{r, {26.1, 26.1}, {40, 40}})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []Range{{24.0 / 90.1, 31.2 / 97.3}, {26.1 / 97.3, 26.1 / 90.1}, {40 / 97.3, 40 / 90.1}} {
		near(t, "lo", s[i].Lo, want.Lo, 1e-12)
		near(t, "hi", s[i].Hi, want.Hi, 1e-12)
	}
	h, err := ConcentrationRange([]Range{{1, 3}, {1, 1}})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "most even", h.Lo, 0.5, 1e-12)
	near(t, "least even", h.Hi, 10.0/16, 1e-12)
	// With nothing certain one partner may have all of it.
	if h, err = ConcentrationRange([]Range{{0, 3}, {0, 1}}); err != nil || h.Hi != 1 {
		t.Errorf("%v, %v", h, err)
	}
	near(t, "most even of two that may be equal", h.Lo, 0.5, 1e-9)
}

// Exact amounts give exact measures, and wider ranges wider limits.
func TestRangesProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		x := box(rng)
		exact, wider := make([]Range, len(x)), make([]Range, len(x))
		values := make([]float64, len(x))
		for i, r := range x {
			values[i] = r.Lo + (r.Hi-r.Lo)*rng.Float64() + 0.001
			exact[i] = Range{values[i], values[i]}
			wider[i] = Range{min(r.Lo, values[i]) * rng.Float64(), max(r.Hi, values[i]) * (1 + rng.Float64())}
		}
		s, err := Shares(values)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range []struct {
			name   string
			limits func([]Range) (Range, error)
			value  func([]float64) (float64, error)
		}{
			{"concentration", ConcentrationRange, Concentration},
			{"entropy", EntropyRange, Entropy},
			{"largest", func(x []Range) (Range, error) { return LargestRange(x, 2) }, func(s []float64) (float64, error) { return Largest(s, 2) }},
			{"overlap", func(x []Range) (Range, error) { return OverlapRange(x, s) }, func(v []float64) (float64, error) { return Overlap(v, s) }},
		} {
			v, err := m.value(s)
			point, err1 := m.limits(exact)
			wide, err2 := m.limits(wider)
			if err := errors.Join(err, err1, err2); err != nil {
				t.Fatal(err)
			}
			if math.Abs(point.Lo-v) > 1e-9 || math.Abs(point.Hi-v) > 1e-9 {
				t.Fatalf("%s of exact amounts %v is %v, limits %v", m.name, values, v, point)
			}
			if !(wide.Lo <= v+1e-9 && v <= wide.Hi+1e-9) {
				t.Fatalf("%s of %v is %v, outside the limits %v of wider ranges", m.name, values, v, wide)
			}
			drawn, err := Spread(wider, 0.9, 100, rng, func(a []float64) float64 {
				s, err := Shares(a)
				if err != nil {
					return math.NaN()
				}
				v, _ := m.value(s)
				return v
			})
			if err != nil || drawn.Lo < wide.Lo-1e-9 || drawn.Hi > wide.Hi+1e-9 {
				t.Fatalf("%s: drawn %v outside the limits %v (%v)", m.name, drawn, wide, err)
			}
		}
	})
}

// More partners than every set can be gone through for: the lower limit of the
// overlap is the plain one, and still a limit.
func TestOverlapOfMany(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	x := make([]Range, many+5)
	w := make([]float64, len(x))
	for i := range x {
		v := rng.ExpFloat64()
		x[i], w[i] = Range{v, 1.3 * v}, 1/float64(len(x))
	}
	r, err := OverlapRange(x, w)
	if err != nil {
		t.Fatal(err)
	}
	for range 2000 {
		a := make([]float64, len(x))
		for i, r := range x {
			a[i] = []float64{r.Lo, r.Hi}[rng.IntN(2)]
		}
		s, _ := Shares(a)
		if v, _ := Overlap(s, w); !r.Contains(v) {
			t.Fatalf("%v outside %v", v, r)
		}
	}
	if r.Hi-r.Lo > 0.2 {
		t.Errorf("limits %v of ranges 30 per cent wide", r)
	}
}

func TestRangesErrors(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for name, x := range map[string][]Range{
		"nobody": {}, "nothing": {{0, 0}}, "negative": {{-1, 1}}, "missing": {{nan, nan}}, "backwards": {{2, 1}}, "infinite": {{0, math.Inf(1)}},
	} {
		_, a := ShareRanges(x)
		_, b := ConcentrationRange(x)
		_, c := EntropyRange(x)
		_, d := LargestRange(x, 1)
		_, e := OverlapRange(x, make([]float64, len(x)))
		_, f := Spread(x, 0.9, 100, rng, func([]float64) float64 { return 1 })
		for i, err := range []error{a, b, c, d, e, f} {
			if err == nil {
				t.Errorf("%s, measure %d: no error", name, i)
			}
		}
	}
	good := []Range{{1, 2}, {1, 1}}
	_, a := LargestRange(good, 0)
	_, b := OverlapRange(good, []float64{1})
	_, c := OverlapRange(good, []float64{0.5, 0.4})
	_, d := Spread(good, 1, 100, rng, func([]float64) float64 { return 1 })
	_, e := Spread(good, 0.9, 99, rng, func([]float64) float64 { return 1 })
	_, f := Spread(good, 0.9, 100, rng, func([]float64) float64 { return nan })
	_, g := Span()
	_, h := Span(Range{1, 1}, Range{2, 1})
	for i, err := range []error{a, b, c, d, e, f, g, h} {
		if err == nil {
			t.Errorf("request %d: no error", i)
		}
	}
	if _, err := ShareRanges([]Range{{0, 0}}); !errors.Is(err, ErrNoTotal) {
		t.Errorf("nothing to share: %v", err)
	}
}

// A page shows every measure of a domain and year with its limits, for up to
// 200 partners, and has some hundred of them.
func BenchmarkRanges(b *testing.B) {
	x := make([]Range, 200)
	w := make([]float64, len(x))
	for i := range x {
		v := 1 / float64(i+1)
		x[i], w[i] = Range{v, 1.3 * v}, 1/float64(len(x))
	}
	for name, f := range map[string]func() (Range, error){
		"concentration": func() (Range, error) { return ConcentrationRange(x) },
		"entropy":       func() (Range, error) { return EntropyRange(x) },
		"largest":       func() (Range, error) { return LargestRange(x, 3) },
		"overlap":       func() (Range, error) { return OverlapRange(x, w) },
		"overlap of 15": func() (Range, error) { return OverlapRange(x[:15], slices.Repeat([]float64{1.0 / 15}, 15)) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := f(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
