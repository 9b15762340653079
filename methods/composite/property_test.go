package composite_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"shanyraq/methods/composite"
)

// drawn is an index over a random tree of two levels with random values.
type drawn struct {
	d  composite.Definition
	tb composite.Table
}

// draw makes up a definition and a table: values from 1 to 100, so that every
// mean can be taken, with gaps if asked.
func draw(t *rapid.T, gaps bool, s composite.Settings) drawn {
	n := rapid.IntRange(3, 12).Draw(t, "units")
	pillars := rapid.IntRange(1, 3).Draw(t, "pillars")
	x := drawn{d: composite.Definition{Framework: parent("T"), Settings: s}, tb: composite.Table{Values: map[string][]float64{}}}
	for i := range n {
		x.tb.Units = append(x.tb.Units, fmt.Sprint("U", i))
	}
	weight := rapid.Float64Range(0.1, 5)
	for p := range pillars {
		pillar := parent(fmt.Sprint("P", p))
		pillar.Weight = weight.Draw(t, "weight")
		for k := range rapid.IntRange(1, 3).Draw(t, "indicators") {
			l := leaf(fmt.Sprintf("I%d%d", p, k))
			l.Weight = weight.Draw(t, "weight")
			col := rapid.SliceOfN(rapid.Float64Range(1, 100), n, n).Draw(t, "values")
			col[0], col[1] = 1, 100 // so that there is a range
			if gaps {
				for i := 2; i < n; i++ {
					if rapid.IntRange(0, 4).Draw(t, "gap") == 0 {
						col[i] = nan
					}
				}
			}
			x.tb.Values[l.Code] = col
			pillar.Children = append(pillar.Children, l)
		}
		x.d.Framework.Children = append(x.d.Framework.Children, pillar)
	}
	return x
}

func (x drawn) build(t *rapid.T) *composite.Result {
	i, err := composite.New(x.d, x.tb)
	if err != nil {
		t.Fatal(err)
	}
	r, err := i.Build()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (x drawn) scores(t *rapid.T) []float64 { return x.build(t).Scores() }

func same(t *rapid.T, what string, a, b []float64, tol float64) {
	for i := range a {
		if math.IsNaN(a[i]) != math.IsNaN(b[i]) || math.Abs(a[i]-b[i]) > tol {
			t.Fatalf("%s: unit %d scores %v, then %v", what, i, a[i], b[i])
		}
	}
}

func aggregators(m composite.AggregateMethod) []composite.Aggregator {
	return []composite.Aggregator{{Method: m}}
}

var everyMean = []composite.AggregateMethod{composite.Arithmetic, composite.Geometric, composite.Harmonic, composite.PowerMean, composite.Minimum}

func TestProperties(t *testing.T) {
	check := func(name string, f func(t *rapid.T)) { t.Run(name, rapid.MakeCheck(f)) }
	between := composite.Scale{Method: composite.MethodMinMax, Lower: composite.Number{Value: 1}, Upper: composite.Number{Value: 10}}

	check("shares sum to one", func(t *rapid.T) {
		s, err := composite.Shares(rapid.SliceOfN(rapid.Float64Range(0.001, 1e6), 1, 50).Draw(t, "x"))
		if err != nil {
			t.Fatal(err)
		}
		var sum float64
		for _, x := range s {
			sum += x
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Fatalf("sum %v", sum)
		}
	})
	check("the order of units does not matter, whatever is done", func(t *rapid.T) {
		treat := composite.Treat{WinMax: 2, Skew: 0.5, Kurtosis: 0.5, Second: composite.LogCT}
		x := draw(t, true, composite.Settings{Screen: composite.Screen{MinAvailability: 0.3}, Treat: &treat,
			Impute:    &composite.Impute{Method: rapid.SampledFrom([]composite.ImputeMethod{composite.Mean, composite.Median, composite.RowMean, composite.WholeRow}).Draw(t, "impute")},
			Normalise: between,
			Power:     -2,
			Aggregate: []composite.Aggregator{{Method: rapid.SampledFrom(append([]composite.AggregateMethod{composite.Doubt, composite.Copeland}, everyMean...)).Draw(t, "pillars")},
				{Method: composite.Arithmetic}}})
		index := make([]int, len(x.tb.Units))
		for i := range index {
			index[i] = i
		}
		turn := rapid.Permutation(index).Draw(t, "order")
		y := x
		y.tb = x.tb.Rows(turn)
		a, b := x.build(t), y.build(t)
		for i, u := range a.Units {
			at := slices.Index(b.Units, u)
			if at < 0 {
				t.Fatalf("%s is out", u)
			}
			if p, q := a.Scores()[i], b.Scores()[at]; math.Abs(p-q) > 1e-9 || math.IsNaN(p) != math.IsNaN(q) {
				t.Fatalf("%s scores %v, then %v", u, p, q)
			}
		}
	})
	check("the order of children does not matter, to the last digit", func(t *rapid.T) {
		x := draw(t, true, composite.Settings{Normalise: between})
		y := x
		y.d.Framework.Children = slices.Clone(x.d.Framework.Children)
		slices.Reverse(y.d.Framework.Children)
		for i, p := range y.d.Framework.Children {
			p.Children = slices.Clone(p.Children)
			slices.Reverse(p.Children)
			y.d.Framework.Children[i] = p
		}
		same(t, "turned", x.scores(t), y.scores(t), 0)
	})
	check("the unit and zero of an indicator do not matter under minmax", func(t *rapid.T) {
		x := draw(t, true, composite.Settings{Normalise: between})
		before := x.scores(t)
		by, plus := rapid.Float64Range(1e-3, 1e3).Draw(t, "by"), rapid.Float64Range(-1e3, 1e3).Draw(t, "plus")
		col := slices.Clone(x.tb.Values["I00"])
		for i := range col {
			col[i] = by*col[i] + plus
		}
		x.tb.Values["I00"] = col
		same(t, "measured otherwise", before, x.scores(t), 1e-8)
	})
	check("turning an indicator and its direction round changes nothing", func(t *rapid.T) {
		x := draw(t, true, composite.Settings{Normalise: between})
		before := x.scores(t)
		col := slices.Clone(x.tb.Values["I00"])
		for i := range col {
			col[i] = -col[i]
		}
		x.tb.Values["I00"] = col
		x.d.Framework.Children[0].Children[0].Direction = -1
		same(t, "turned", before, x.scores(t), 1e-12)
	})
	check("means lie between the least and the greatest, in their order", func(t *rapid.T) {
		x := draw(t, true, composite.Settings{Normalise: between, Power: 3})
		var last []float64
		for _, m := range []composite.AggregateMethod{composite.Minimum, composite.Harmonic, composite.Geometric, composite.Arithmetic, composite.PowerMean} {
			x.d.Aggregate = aggregators(m)
			now := x.scores(t)
			for i, v := range now {
				if v < 1-1e-9 || v > 10+1e-9 {
					t.Fatalf("%s: unit %d scores %v", m, i, v)
				}
				if last != nil && v < last[i]-1e-9 {
					t.Fatalf("%s: unit %d scores %v, below %v", m, i, v, last[i])
				}
			}
			last = now
		}
	})
	check("better on fixed scales never scores lower", func(t *rapid.T) {
		posts := composite.Scale{Method: composite.MethodScaled, Upper: composite.Number{Value: 200}}
		x := draw(t, true, composite.Settings{Normalise: posts, Power: 2, Aggregate: aggregators(rapid.SampledFrom(everyMean).Draw(t, "mean"))})
		before := x.scores(t)
		i := rapid.IntRange(0, len(before)-1).Draw(t, "unit")
		col := slices.Clone(x.tb.Values["I00"])
		col[i] += rapid.Float64Range(0.01, 90).Draw(t, "by")
		x.tb.Values["I00"] = col
		after := x.scores(t)
		if after[i] < before[i]-1e-12 || composite.Ranks(after)[i] > composite.Ranks(before)[i] {
			t.Fatalf("score %v to %v", before[i], after[i])
		}
		before[i], after[i] = 0, 0
		same(t, "the others", before, after, 0)
	})
	check("a unit that is dominated is never above, whatever the weights", func(t *rapid.T) {
		x := draw(t, false, composite.Settings{Normalise: between, Power: 2, Aggregate: aggregators(rapid.SampledFrom(everyMean).Draw(t, "mean"))})
		for code, col := range x.tb.Values {
			col = slices.Clone(col)
			col[2] = min(100, col[0]+rapid.Float64Range(0, 50).Draw(t, "more"))
			x.tb.Values[code] = col
		}
		if s := x.scores(t); s[2] < s[0]-1e-12 {
			t.Fatalf("%v below %v", s[2], s[0])
		}
	})
	check("weights of the indicators sum to one", func(t *rapid.T) {
		x := draw(t, false, composite.Settings{Normalise: between})
		r := x.build(t)
		sum := 0.0
		for _, w := range r.Weights {
			if w.Level == 1 {
				sum += w.Share
			}
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Fatalf("sum %v", sum)
		}
	})
	check("treatment keeps order and moves no more than it may", func(t *rapid.T) {
		col := rapid.SliceOfN(rapid.Float64Range(0.1, 1e6), 6, 40).Draw(t, "x")
		rule := composite.Treat{WinMax: rapid.IntRange(0, 6).Draw(t, "points"), Skew: 1, Kurtosis: 1,
			Second: rapid.SampledFrom([]composite.Transform{composite.NoTransform, composite.Log, composite.LogCT, composite.LogCTPlus, composite.BoxCox, composite.Asinh}).Draw(t, "then")}
		rows := make([][]float64, len(col))
		for i := range rows {
			rows[i] = []float64{col[i]}
		}
		d, tb := flatDefinition(rows, nil, composite.Settings{Normalise: asIs, Treat: &rule})
		x := drawn{d, tb}
		r := x.build(t)
		got := r.Values("A")
		for i := range col {
			for j := range col {
				if col[i] > col[j] && got[i] < got[j] {
					t.Fatalf("%v and %v became %v and %v", col[i], col[j], got[i], got[j])
				}
			}
		}
		distinct := slices.Clone(col)
		slices.Sort(distinct)
		if len(slices.Compact(distinct)) == len(col) && len(r.Treated[0].Winsorised) > rule.WinMax {
			t.Fatalf("%d moved of %d", len(r.Treated[0].Winsorised), rule.WinMax)
		}
	})
	check("benefit of the doubt is at least what any common weights give", func(t *rapid.T) {
		x := draw(t, false, composite.Settings{Normalise: between})
		var cols [][]float64
		var w []float64
		for _, p := range x.d.Framework.Children {
			for _, l := range p.Children {
				cols = append(cols, x.tb.Values[l.Code])
				w = append(w, l.Weight)
			}
		}
		got, err := composite.BenefitOfDoubt(cols, nil)
		if err != nil {
			t.Fatal(err)
		}
		n := len(cols[0])
		score := make([]float64, n)
		for i := range n {
			for k := range cols {
				score[i] += w[k] * cols[k][i]
			}
		}
		best, full := slices.Max(score), 0
		for i := range n {
			if got[i] < score[i]/best-1e-9 || got[i] > 1+1e-9 {
				t.Fatalf("unit %d: %v, common weights give %v", i, got[i], score[i]/best)
			}
			if got[i] > 1-1e-9 {
				full++
			}
		}
		if full == 0 {
			t.Fatal("nobody has 1")
		}
	})
	check("outranking is a tournament: scores sum to nothing and turn with the units", func(t *rapid.T) {
		n, k := rapid.IntRange(2, 9).Draw(t, "units"), rapid.IntRange(1, 5).Draw(t, "columns")
		cols := make([][]float64, k)
		w := make([]float64, k)
		for j := range cols {
			w[j] = rapid.Float64Range(0.1, 3).Draw(t, "weight")
			for range n {
				v := float64(rapid.IntRange(0, 3).Draw(t, "value"))
				if rapid.IntRange(0, 3).Draw(t, "gap") == 0 {
					v = nan
				}
				cols[j] = append(cols[j], v)
			}
		}
		got := composite.CopelandScores(cols, w)
		sum := 0.0
		for i, v := range got {
			if math.IsNaN(v) {
				for _, c := range cols {
					if !math.IsNaN(c[i]) {
						t.Fatal("no score for a unit with a value")
					}
				}
				continue
			}
			sum += v
		}
		if sum != 0 {
			t.Fatalf("sum %v", sum)
		}
		turned := make([][]float64, k)
		for j, c := range cols {
			turned[j] = slices.Clone(c)
			slices.Reverse(turned[j])
		}
		back := composite.CopelandScores(turned, w)
		slices.Reverse(back)
		for i := range got {
			if got[i] != back[i] && !math.IsNaN(got[i]) {
				t.Fatalf("unit %d: %v, then %v", i, got[i], back[i])
			}
		}
		m := composite.Outranking(cols, w)
		for a := range m {
			for b := range m {
				if s := m[a][b] + m[b][a]; math.Abs(s-1) > 1e-12 && !math.IsNaN(s) {
					t.Fatalf("%v and %v", m[a][b], m[b][a])
				}
			}
		}
	})
	check("correlations are symmetric, bounded and blind to increasing changes", func(t *rapid.T) {
		n := rapid.IntRange(3, 25).Draw(t, "n")
		value := rapid.Custom(func(t *rapid.T) float64 { return float64(rapid.IntRange(-5, 40).Draw(t, "v")) / 4 })
		x, y := rapid.SliceOfN(value, n, n).Draw(t, "x"), rapid.SliceOfN(value, n, n).Draw(t, "y")
		z := make([]float64, n)
		for i := range x {
			z[i] = math.Exp(x[i])
		}
		for name, of := range correlations {
			a, b := of(x, y), of(y, x)
			if !(math.Abs(a.R) <= 1) && !math.IsNaN(a.R) || math.Abs(a.R-b.R) > 1e-12 || a.P < 0 || a.P > 1+1e-12 {
				t.Fatalf("%s: %+v and %+v", name, a, b)
			}
			if c := of(z, y); name != "pearson" && !math.IsNaN(a.R) && math.Abs(c.R-a.R) > 1e-9 {
				t.Fatalf("%s: %v, then %v", name, a.R, c.R)
			}
		}
	})
	check("a series keeps what it has and fills only gaps", func(t *rapid.T) {
		n := rapid.IntRange(1, 10).Draw(t, "n")
		var times []int
		var x []float64
		at := 2000
		for range n {
			at += rapid.IntRange(1, 3).Draw(t, "step")
			v := rapid.Float64Range(-10, 10).Draw(t, "v")
			if rapid.Bool().Draw(t, "gap") {
				v = nan
			}
			times, x = append(times, at), append(x, v)
		}
		s := composite.SeriesFill{Method: rapid.SampledFrom([]composite.SeriesMethod{composite.Latest, composite.ConstantSeries, composite.Linear, composite.LinearConstant}).Draw(t, "how")}
		y, err := s.Fill(times, x)
		if err != nil {
			t.Fatal(err)
		}
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, v := range x {
			if !math.IsNaN(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
		for i, v := range y {
			if !math.IsNaN(x[i]) && v != x[i] {
				t.Fatalf("%v became %v", x[i], v)
			}
			if v < lo-1e-12 || v > hi+1e-12 {
				t.Fatalf("%v outside [%v, %v]", v, lo, hi)
			}
			if math.IsNaN(v) && !math.IsInf(lo, 1) && (s.Method == composite.ConstantSeries || s.Method == composite.LinearConstant) {
				t.Fatal("a gap is left")
			}
		}
	})
}
