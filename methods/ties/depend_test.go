package ties

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// same fails unless both ends of got are within tol of those of want.
func same(t testing.TB, what string, got, want Range, tol float64) {
	t.Helper()
	near(t, what+", lower end", got.Lo, want.Lo, tol)
	near(t, what+", upper end", got.Hi, want.Hi, tol)
}

// Wants worked by hand: exports of 8 to 10 in 50, imports of 15 in 30, a product
// of 200 to 250; so trade of 23 to 25 in 80.
func TestDepend(t *testing.T) {
	exact := func(v float64) Range { return Range{v, v} }
	b := Book{Exports: Range{8, 10}, Imports: exact(15), AllExports: exact(50), AllImports: exact(30), GDP: Range{200, 250}}
	d, err := Depend(b)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "influence", d.Influence, Range{0.16, 0.2}, 1e-12)
	same(t, "supply", d.Supply, Range{0.5, 0.5}, 1e-12)
	same(t, "trade", d.Trade, Range{23.0 / 80, 25.0 / 80}, 1e-12)
	same(t, "product", d.Product, Range{0.092, 0.125}, 1e-12)
	b.GDP = Range{nan, nan}
	b.Exports, b.AllExports = exact(0), exact(0)
	if d, err = Depend(b); err != nil || !math.IsNaN(d.Product.Lo) || !math.IsNaN(d.Influence.Hi) || d.Trade.Lo != 0.5 {
		t.Errorf("no exports and no product: %+v, %v", d, err)
	}
	for name, change := range map[string]func(*Book){
		"exports above all":   func(b *Book) { b.Exports = exact(51) },
		"imports above all":   func(b *Book) { b.Imports = exact(31) },
		"negative":            func(b *Book) { b.Imports = exact(-1) },
		"missing":             func(b *Book) { b.AllExports = Range{nan, nan} },
		"no product":          func(b *Book) { b.GDP = exact(0) },
		"half a product":      func(b *Book) { b.GDP = Range{nan, 1} },
		"no trade whatsoever": func(b *Book) { *b = Book{GDP: exact(1)} },
	} {
		c := Book{Exports: exact(8), Imports: exact(15), AllExports: exact(50), AllImports: exact(30), GDP: exact(200)}
		change(&c)
		if _, err := Depend(c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestLean(t *testing.T) {
	for _, tt := range []struct {
		name                  string
		a, b                  Range
		difference, asymmetry Range
	}{
		{"three times as much", Range{0.3, 0.3}, Range{0.1, 0.1}, Range{0.2, 0.2}, Range{0.5, 0.5}},
		{"within ranges", Range{0.2, 0.3}, Range{0.1, 0.2}, Range{0, 0.2}, Range{0, 0.5}},
		{"one not at all", Range{0.2, 0.3}, Range{}, Range{0.2, 0.3}, Range{1, 1}},
		{"the other not at all", Range{}, Range{0, 0.3}, Range{-0.3, 0}, Range{-1, -1}},
		{"perhaps neither", Range{0, 0.1}, Range{0, 0.1}, Range{-0.1, 0.1}, Range{-1, 1}},
		{"neither", Range{}, Range{}, Range{}, Range{nan, nan}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Lean(tt.a, tt.b)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "difference", got.Difference, tt.difference, 1e-12)
			same(t, "asymmetry", got.Asymmetry, tt.asymmetry, 1e-12)
			back, err := Lean(tt.b, tt.a)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "seen from the other side", back.Asymmetry, Range{-tt.asymmetry.Hi, -tt.asymmetry.Lo}, 1e-12)
		})
	}
	if _, err := Lean(Range{-1, 1}, Range{}); err == nil {
		t.Error("a negative dependence: no error")
	}
}

// Limits of every measure of a pair against figures drawn at random: none lies
// outside, and a walk comes near both ends. Exact figures give what Between
// gives.
func TestBetweenRange(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	draw := func(r Range) float64 {
		switch rng.IntN(4) {
		case 0:
			return r.Lo
		case 1:
			return r.Hi
		}
		return r.Lo + (r.Hi-r.Lo)*rng.Float64()
	}
	for range 60 {
		wide := func(v float64) Range { return Range{v, v * (1 + rng.Float64())} }
		trade := wide(rng.Float64())
		a := Partner{wide(trade.Hi * (1 + 3*rng.Float64())), wide(0.2 + 5*rng.Float64())}
		b := Partner{wide(trade.Hi * (1 + 3*rng.Float64())), wide(0.2 + 5*rng.Float64())}
		d, err := BetweenRange(trade, a, b)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]Range{}
		limits := map[string]Range{"share of a": d.ShareA, "share of b": d.ShareB, "salience": d.Salience, "symmetry": d.Symmetry,
			"interdependence": d.Interdependence, "dependence of a": d.DependenceA, "dependence of b": d.DependenceB, "lower": d.Lower, "asymmetry": d.Asymmetry}
		for range 3000 {
			p, err := Between(draw(trade), Side{draw(a.Trade), draw(a.GDP)}, Side{draw(b.Trade), draw(b.GDP)})
			if err != nil {
				t.Fatal(err)
			}
			for name, v := range map[string]float64{"share of a": p.ShareA, "share of b": p.ShareB, "salience": p.Salience, "symmetry": p.Symmetry,
				"interdependence": p.Interdependence, "dependence of a": p.DependenceA, "dependence of b": p.DependenceB, "lower": p.Lower, "asymmetry": p.Asymmetry} {
				if v < limits[name].Lo-1e-12 || v > limits[name].Hi+1e-12 {
					t.Fatalf("%s %v outside %v: trade %v, %+v and %+v", name, v, limits[name], trade, a, b)
				}
				s, ok := seen[name]
				if !ok {
					s = Range{v, v}
				}
				seen[name] = Range{min(s.Lo, v), max(s.Hi, v)}
			}
		}
		for name, s := range seen {
			same(t, name+" as seen", s, limits[name], 0.02)
		}
		exact := func(r Range) Range { return Range{r.Lo, r.Lo} }
		p, err1 := BetweenRange(exact(trade), Partner{exact(a.Trade), exact(a.GDP)}, Partner{exact(b.Trade), exact(b.GDP)})
		q, err2 := Between(trade.Lo, Side{a.Trade.Lo, a.GDP.Lo}, Side{b.Trade.Lo, b.GDP.Lo})
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		same(t, "interdependence of exact figures", p.Interdependence, Range{q.Interdependence, q.Interdependence}, 1e-12)
		same(t, "symmetry of exact figures", p.Symmetry, Range{q.Symmetry, q.Symmetry}, 1e-12)
		same(t, "asymmetry of exact figures", p.Asymmetry, Range{q.Asymmetry, q.Asymmetry}, 1e-12)
	}
	// The interior points: one share 0.1, the other from 0.1 to 0.9: largest at
	// (1+0.1)/3. Shares of 0.9 and 0.1 with the trade down to a half: largest
	// where they differ by one half.
	same(t, "along the larger share", interdependence(Range{1, 1}, Range{0.1, 0.9}, Range{0.1, 0.1}),
		Range{0.9 * math.Sqrt(0.09) * 0.2 / 0.9, math.Sqrt(0.11/3) * (1.1 - 1.1/3)}, 1e-12)
	same(t, "along the trade", interdependence(Range{0.5, 1}, Range{0.9, 0.9}, Range{0.1, 0.1}),
		Range{0.3 * 0.2, 0.625 * 0.3 * 0.5}, 1e-12)
	exact := func(v float64) Range { return Range{v, v} }
	ok := Partner{exact(10), exact(100)}
	d, err := BetweenRange(exact(1), ok, Partner{exact(5), Range{nan, nan}})
	if err != nil || !math.IsNaN(d.Asymmetry.Lo) || !math.IsNaN(d.Lower.Hi) || d.ShareB.Lo != 0.2 {
		t.Errorf("product missing: %+v, %v", d, err)
	}
	for name, call := range map[string]struct {
		trade Range
		b     Partner
	}{
		"more than all": {exact(11), ok}, "perhaps more than all": {Range{1, 11}, ok}, "negative": {exact(-1), ok}, "missing": {exact(nan), ok},
		"no total": {exact(0), Partner{exact(0), exact(1)}}, "no product": {exact(1), Partner{exact(10), exact(0)}},
	} {
		if _, err := BetweenRange(call.trade, ok, call.b); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// Wants worked by hand. A partner of 40 in 100 that halves takes 20; with half
// of that regained elsewhere 10, and 20 of the 90 left are still its.
func TestExpose(t *testing.T) {
	exact := func(v ...float64) (r []Range) {
		for _, x := range v {
			r = append(r, Range{x, x})
		}
		return r
	}
	product := Range{400, 500}
	e, err := Expose(exact(40, 60), 0, 0.5, 0.5, product)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "of the total", e.OfTotal, Range{0.1, 0.1}, 1e-12)
	same(t, "of the product", e.OfProduct, Range{10.0 / 500, 10.0 / 400}, 1e-12)
	same(t, "share after", e.After, Range{20.0 / 90, 20.0 / 90}, 1e-12)
	e, err = Expose([]Range{{24, 31.2}, {60, 60}}, 0, 0.5, 0, Range{nan, nan})
	if err != nil || !math.IsNaN(e.OfProduct.Lo) {
		t.Fatal(e, err)
	}
	same(t, "mirror books", e.OfTotal, Range{12.0 / 84, 15.6 / 91.2}, 1e-12)
	if e, err = Expose(exact(5), 0, 1, 0, product); err != nil || !math.IsNaN(e.After.Lo) {
		t.Errorf("the only tie cut off: %+v, %v", e, err)
	}
	for name, call := range map[string]struct {
		j             int
		cut, regained float64
		product       Range
	}{
		"partner": {2, 0.5, 0, product}, "negative partner": {-1, 0.5, 0, product}, "cut": {0, 1.1, 0, product},
		"missing cut": {0, nan, 0, product}, "regained": {0, 0.5, -0.1, product}, "product": {0, 0.5, 0, Range{0, 1}},
	} {
		if _, err := Expose(exact(1, 2), call.j, call.cut, call.regained, call.product); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := Expose(nil, 0, 0.5, 0, product); err == nil {
		t.Error("nobody: no error")
	}
}

// Wants worked by hand.
func TestStand(t *testing.T) {
	for _, tt := range []struct {
		name                      string
		a, b                      Range
		equidistance, depth, lean Range
	}{
		{"near to both", Range{0.8, 0.8}, Range{0.8, 0.8}, Range{1, 1}, Range{0.8, 0.8}, Range{0, 0}},
		{"near to neither", Range{0.1, 0.1}, Range{0.1, 0.1}, Range{1, 1}, Range{0.1, 0.1}, Range{0, 0}},
		{"near to one only", Range{0.6, 0.6}, Range{}, Range{0, 0}, Range{0.3, 0.3}, Range{1, 1}},
		{"leaning", Range{0.2, 0.2}, Range{0.6, 0.6}, Range{0.5, 0.5}, Range{0.4, 0.4}, Range{-0.5, -0.5}},
		{"perhaps in the middle", Range{0.2, 0.6}, Range{0.3, 0.3}, Range{1 - 1.0/3, 1}, Range{0.25, 0.45}, Range{-0.2, 1.0 / 3}},
		{"no ties", Range{}, Range{}, Range{nan, nan}, Range{0, 0}, Range{nan, nan}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := Stand(tt.a, tt.b)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "equidistance", s.Equidistance, tt.equidistance, 1e-12)
			same(t, "depth", s.Depth, tt.depth, 1e-12)
			same(t, "lean", s.Lean, tt.lean, 1e-12)
		})
	}
	if _, err := Stand(Range{0, 1.1}, Range{}); err == nil {
		t.Error("an alignment above 1: no error")
	}
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) Range {
			x, y := rapid.Float64Range(0.01, 1).Draw(t, name), rapid.Float64Range(0.01, 1).Draw(t, name+" other end")
			return Range{min(x, y), max(x, y)}
		}
		a, b := draw("a"), draw("b")
		s, err1 := Stand(a, b)
		o, err2 := Stand(b, a)
		inside := func(r Range, name string) float64 {
			return r.Lo + (r.Hi-r.Lo)*rapid.Float64Range(0, 1).Draw(t, name)
		}
		x, y := inside(a, "x"), inside(b, "y")
		p, err3 := Stand(Range{x, x}, Range{y, y})
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatal(err)
		}
		const eps = 1e-12
		if p.Equidistance.Lo < s.Equidistance.Lo-eps || p.Equidistance.Hi > s.Equidistance.Hi+eps || p.Depth.Lo < s.Depth.Lo-eps || p.Lean.Hi > s.Lean.Hi+eps {
			t.Fatalf("%+v outside %+v", p, s)
		}
		if math.Abs(s.Equidistance.Lo-o.Equidistance.Lo) > eps || math.Abs(s.Lean.Lo+o.Lean.Hi) > eps {
			t.Fatalf("%+v, from the other side %+v", s, o)
		}
	})
}

// Wants worked by hand: an economic layer with channels of weight 3 and 1, and a
// security layer with one that has a figure and one that has not.
func TestPress(t *testing.T) {
	exact := func(v float64) Range { return Range{v, v} }
	gap := Range{nan, nan}
	l, err := Press([][]Channel{
		{{3, exact(0.4), Range{0.2, 0.3}}, {1, exact(0.8), exact(0.6)}},
		{{2, exact(0.1), exact(0.5)}, {2, gap, exact(0.9)}},
		{{2, gap, gap}},
	})
	if err != nil {
		t.Fatal(err)
	}
	// (0.5 + 0.1)/2; ((3·0.2+0.6)/4 + 0.5)/2 and ((3·0.3+0.6)/4 + 0.5)/2.
	same(t, "bandwidth", l.Bandwidth, exact(0.3), 1e-12)
	same(t, "dependence", l.Dependence, Range{0.4, 0.4375}, 1e-12)
	same(t, "leverage", l.Value, Range{0.12, 0.13125}, 1e-12)
	near(t, "coverage", l.Coverage, 0.6, 1e-12)
	for name, layers := range map[string][][]Channel{
		"nothing": nil, "only gaps": {{{1, gap, gap}}}, "no weight": {{{0, exact(1), exact(1)}}},
		"negative weight": {{{-1, exact(1), exact(1)}}}, "bandwidth": {{{1, exact(1.1), exact(1)}}}, "dependence": {{{1, exact(1), Range{0.5, 0.4}}}},
	} {
		if _, err := Press(layers); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
