package composite_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"shanyraq/methods/composite"
)

// P values from tables and by counting: two orders of n that agree wholly are
// two in n!; the tables of critical values give 0.632 for Pearson's r of ten
// pairs at 0.05, 0.648 for Spearman's of ten, and 0.467 for Kendall's.
func TestCorrelations(t *testing.T) {
	up := func(n int) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = float64(i)
		}
		return x
	}
	for _, n := range []int{3, 4, 5, 8} {
		factorial := math.Gamma(float64(n) + 1)
		near(t, fmt.Sprint("Kendall of ", n), composite.Kendall(up(n), up(n)).P, 2/factorial, 1e-12)
		near(t, fmt.Sprint("Spearman of ", n), composite.Spearman(up(n), up(n)).P, 2/factorial, 1e-12)
	}
	// n = 4, orders 1 2 3 4 and 2 1 4 3: differences are 1 four times, so ρ = 1−6·4/60;
	// of the 24 orders eleven have Σd² ≤ 4 or ≥ 16: one 0, three 2, one 4, and as many again,
	// less none. C−D = 4−2.
	c := composite.Spearman(up(4), []float64{1, 0, 3, 2})
	near(t, "ρ", c.R, 0.6, 1e-12)
	near(t, "its p", c.P, 10./24, 1e-12)
	k := composite.Kendall(up(4), []float64{1, 0, 3, 2})
	near(t, "τ", k.R, 1./3, 1e-12)
	// Inversions of four: 1, 3, 5, 6, 5, 3, 1 orders have 0, 1, …, 6; two or fewer, twice.
	near(t, "its p", k.P, 2*9./24, 1e-12)

	// Ten pairs with a correlation of exactly 0.632.
	x := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	e := []float64{1, -1, -1, 1, 0, 0, 1, -1, -1, 1} // has no correlation with x
	sx, se := 0.0, 0.0
	for i := range x {
		sx += (x[i] - 5.5) * (x[i] - 5.5)
		se += e[i] * e[i]
	}
	y := make([]float64, 10)
	for i := range x {
		y[i] = 0.632*(x[i]-5.5)/math.Sqrt(sx) + math.Sqrt(1-0.632*0.632)*e[i]/math.Sqrt(se)
	}
	p := composite.Pearson(x, y)
	near(t, "r", p.R, 0.632, 1e-9)
	near(t, "its p", p.P, 0.05, 5e-4)

	t.Run("Spearman's series near the count", func(t *testing.T) {
		// Ten pairs: the count of all 3 628 800 orders, here by sampling.
		rng := rand.New(rand.NewPCG(1, 1))
		z := []float64{0, 3, 1, 2, 8, 4, 5, 9, 6, 7}
		got := composite.Spearman(up(10), z)
		n, hits := 200_000, 0
		for range n {
			w := up(10)
			rng.Shuffle(10, func(i, j int) { w[i], w[j] = w[j], w[i] })
			if math.Abs(composite.Pearson(up(10), w).R) >= got.R-1e-12 {
				hits++
			}
		}
		share := float64(hits) / float64(n)
		near(t, "p", got.P, share, 4*math.Sqrt(share/float64(n))+1e-3)
	})
	// Ranks 1, 2½, 2½, 4: distances −1½, 0, 0, 1½ against −1½, −½, ½, 1½.
	near(t, "ρ with equals", composite.Spearman([]float64{1, 2, 2, 3}, up(4)).R, 4.5/math.Sqrt(4.5*5), 1e-12)
	t.Run("Kendall's variance with equals is that over all orders", func(t *testing.T) {
		x, y := []float64{1, 1, 2, 3, 3, 3, 4}, []float64{1, 2, 2, 3, 4, 4, 5}
		score := func(y []float64) float64 {
			s := 0.0
			for i := range x {
				for j := range i {
					if d := (x[i] - x[j]) * (y[i] - y[j]); d > 0 {
						s++
					} else if d < 0 {
						s--
					}
				}
			}
			return s
		}
		var sum, squares, n float64
		z := slices.Clone(y)
		var turn func(k int)
		turn = func(k int) {
			if k == len(z) {
				s := score(z)
				sum, squares, n = sum+s, squares+s*s, n+1
				return
			}
			for i := k; i < len(z); i++ {
				z[k], z[i] = z[i], z[k]
				turn(k + 1)
				z[k], z[i] = z[i], z[k]
			}
		}
		turn(0)
		v := squares/n - sum/n*sum/n
		near(t, "p", composite.Kendall(x, y).P, math.Erfc(score(y)/math.Sqrt(2*v)), 1e-12)
	})
	for name, c := range map[string]composite.Correlation{
		"two pairs":         composite.Pearson([]float64{1, 2}, []float64{1, 2}),
		"one value":         composite.Spearman([]float64{1, 1, 1, 1}, up(4)),
		"one value, by tau": composite.Kendall([]float64{1, 1, 1, 1}, up(4)),
		"gaps leave two":    composite.Kendall([]float64{1, nan, 3, nan}, up(4)),
	} {
		if !math.IsNaN(c.R) || !math.IsNaN(c.P) {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// Alpha by its usual formula, k/(k−1)·(1 − Σ variances/variance of the sum),
// which is the same where nothing is missing.
func TestCronbach(t *testing.T) {
	rows := sizes(30, 4)
	cols := make([][]float64, 4)
	sum := make([]float64, 30)
	parts := 0.0
	for k := range cols {
		for i := range rows {
			cols[k] = append(cols[k], rows[i][k])
			sum[i] += rows[i][k]
		}
		sd := composite.Statistics(cols[k]).SD
		parts += sd * sd
	}
	sd := composite.Statistics(sum).SD
	near(t, "alpha", composite.Cronbach(cols), 4./3*(1-parts/(sd*sd)), 1e-12)
	near(t, "twice the same", composite.Cronbach([][]float64{cols[0], cols[0]}), 1, 1e-12)
	if !math.IsNaN(composite.Cronbach(cols[:1])) {
		t.Error("one column is consistent")
	}
}

// Two columns with correlation r have eigenvalues 1±r and loadings 1/√2; the
// vectors of many are orthogonal and rebuild the matrix.
func TestPrincipalComponents(t *testing.T) {
	x, y := []float64{1, 2, 3, 4, 5}, []float64{2, 1, 4, 3, 5}
	pc, err := composite.PrincipalComponents([][]float64{x, y})
	if err != nil {
		t.Fatal(err)
	}
	all(t, "eigenvalue", pc.Eigenvalues, []float64{1.8, 0.2}, 1e-12) // r is 0.8
	all(t, "loading", pc.Loadings[0], []float64{math.Sqrt(0.5), math.Sqrt(0.5)}, 1e-12)
	rows := sizes(40, 7)
	cols := make([][]float64, 7)
	for k := range cols {
		for i := range rows {
			cols[k] = append(cols[k], math.Log(rows[i][k])*float64(k-3)+rows[i][(k+1)%7])
		}
	}
	if pc, err = composite.PrincipalComponents(cols); err != nil {
		t.Fatal(err)
	}
	for i := range cols {
		for j := range cols {
			var dot, again float64
			for k := range cols {
				dot += pc.Loadings[i][k] * pc.Loadings[j][k]
				again += pc.Eigenvalues[k] * pc.Loadings[k][i] * pc.Loadings[k][j]
			}
			want := 0.0
			if i == j {
				want = 1
			}
			near(t, fmt.Sprint("vectors ", i, " and ", j), dot, want, 1e-10)
			near(t, fmt.Sprint("correlation ", i, " and ", j), again, composite.Pearson(cols[i], cols[j]).R, 1e-10)
		}
	}
	near(t, "explained by all", pc.Explained(7), 1, 1e-12)
	if !slices.IsSortedFunc(pc.Eigenvalues, func(a, b float64) int {
		if a > b {
			return -1
		}
		return 1
	}) {
		t.Errorf("eigenvalues %v", pc.Eigenvalues)
	}
	if _, err := composite.PrincipalComponents([][]float64{{1, nan, 3, nan}, {1, 2, 3, 4}}); !errors.Is(err, composite.ErrNoValues) {
		t.Errorf("two rows: %v", err)
	}
	if _, err := composite.PrincipalComponents([][]float64{{1, 1, 1, 1}, {1, 2, 3, 4}}); !errors.Is(err, composite.ErrNoRange) {
		t.Errorf("one value: %v", err)
	}
}

func TestStatistics(t *testing.T) {
	d := composite.Statistics([]float64{3, nan, 0, 3, 1})
	if d.Available != 4 || d.Units != 5 || d.NonZero != 3 || d.Unique != 3 || d.Same != 2 || d.Median != 2 || d.Min != 0 || d.Max != 3 {
		t.Errorf("%+v", d)
	}
	// Σd² = 50, Σd³ = 180, Σd⁴ = 1394; as the functions SKEW and KURT of
	// spreadsheets give them.
	d = composite.Statistics([]float64{1, 2, 3, 4, 10})
	near(t, "skewness", d.Skew, 1.697056, 1e-6)
	near(t, "kurtosis", d.Kurtosis, 3.152, 1e-12)
	near(t, "standard deviation", d.SD, math.Sqrt(12.5), 1e-15)
	d = composite.Statistics([]float64{nan})
	if d.Available != 0 || !math.IsNaN(d.Mean) || !math.IsNaN(d.Median) {
		t.Errorf("%+v", d)
	}
}

// By geometry: with columns 4,1 and 1,4 and 2,2, the third unit's best claim is
// on the line between the first two, where w = (0.2, 0.2): 0.8.
func TestBenefitOfDoubt(t *testing.T) {
	cols := [][]float64{{4, 1, 2, nan, nan}, {1, 4, 2, 4, nan}}
	got, err := composite.BenefitOfDoubt(cols, nil)
	if err != nil {
		t.Fatal(err)
	}
	all(t, "score", got, []float64{1, 1, 0.8, 1, nan}, 1e-12)
	t.Run("within ranges", func(t *testing.T) {
		// Half the score from each: 4w₁ = w₂ for the first unit, so that it gives
		// w₁ = 1/17 against the second's bound w₁ + 4w₂ ≤ 1, and 8/17 in all.
		got, err := composite.BenefitOfDoubt(cols, []composite.ShareRange{{0.5, 0.5}, {0.5, 0.5}})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "first", got[0], 8./17, 1e-12)
		near(t, "third", got[2], 0.8, 1e-12)
		// Two fifths at least from the second: 3w₂ = 8w₁ for the first unit, and
		// w₁ + 4w₂ = 1 gives 3/35 and 8/35.
		if got, err = composite.BenefitOfDoubt(cols, []composite.ShareRange{{0, 1}, {0.4, 1}}); err != nil {
			t.Fatal(err)
		}
		near(t, "first, with a floor", got[0], 4./7, 1e-12)
		for _, bad := range [][]composite.ShareRange{{{0.6, 1}, {0.6, 1}}, {{0, 0.4}, {0, 0.4}}, {{0.5, 0.2}, {0, 1}}, {{0, 1}}} {
			if _, err := composite.BenefitOfDoubt(cols, bad); !errors.Is(err, composite.ErrSettings) {
				t.Errorf("ranges %v: %v", bad, err)
			}
		}
	})
	if _, err := composite.BenefitOfDoubt([][]float64{{0, 0}}, nil); !errors.Is(err, composite.ErrNoTotal) {
		t.Errorf("nothing but zeros: %v", err)
	}
	if _, err := composite.BenefitOfDoubt([][]float64{{1, -1}}, nil); !errors.Is(err, composite.ErrNotPositive) {
		t.Errorf("a debt: %v", err)
	}
}

func TestBudgetAllocation(t *testing.T) {
	a, err := composite.BudgetAllocation([][]float64{{60, 30, 10}, {40, 50, 10}}, 100)
	if err != nil {
		t.Fatal(err)
	}
	all(t, "weight", a.Weights, []float64{0.5, 0.4, 0.1}, 1e-15)
	all(t, "spread", a.SD, []float64{math.Sqrt(0.02), math.Sqrt(0.02), 0}, 1e-15)
	for name, points := range map[string][][]float64{"too few points": {{60, 30}}, "negative": {{120, -20}}, "not a number": {{nan, 100}}, "other children": {{100}, {50, 50}}, "nobody": nil} {
		if _, err := composite.BudgetAllocation(points, 100); !errors.Is(err, composite.ErrSettings) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Outranking by hand, with a gap: U1 and U2 have only B in common, on which U2
// is above; U3 has nothing in common with U1 but A.
func TestOutranking(t *testing.T) {
	cols := [][]float64{{3, nan, 1}, {1, 2, nan}}
	m := composite.Outranking(cols, []float64{1, 1})
	if m[0][1] != 0 || m[1][0] != 1 || m[0][2] != 1 || !math.IsNaN(m[1][2]) {
		t.Errorf("%v", m)
	}
	all(t, "score", composite.CopelandScores(cols, []float64{1, 1}), []float64{0, 1, -1}, 0)
	d := composite.Dominance([][]float64{{3, 2, 2, nan}, {3, 2, 1, 5}})
	if d != (composite.Dominated{Pairs: 3, Weakly: 3, Strictly: 2}) {
		t.Errorf("%+v", d)
	}
}

// Leaving out the indicator that alone lifts the last unit costs it its place.
func TestRemovals(t *testing.T) {
	x := flat(t, [][]float64{{3, 0}, {2, 0}, {1, 9}}, nil, composite.Settings{Normalise: asIs})
	got, err := x.Removals(1)
	if err != nil {
		t.Fatal(err)
	}
	// Ranks are 2, 3, 1. Without A all but the last are level: 2, 2, 1. Without B: 1, 2, 3.
	want := []composite.Removal{{Code: "A", Mean: 1. / 3, Most: 1, MostAt: "U2"}, {Code: "B", Mean: 4. / 3, Most: 2, MostAt: "U3"}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

// No other weights near the optimum, or anywhere at random, serve the goal
// better; where balance is within reach it is reached.
func TestOptimise(t *testing.T) {
	x := invented(t, 40, 24, composite.Settings{Impute: &composite.Impute{Method: composite.Mean}})
	level := 2
	codes := x.Codes(level)
	objective := func(w []float64, goal composite.Goal) float64 {
		v := map[string]float64{}
		for i, c := range codes {
			v[c] = w[i]
		}
		y, err := x.With(composite.Patch{Weights: &composite.Weighting{Method: composite.Given, Values: v}})
		if err != nil {
			t.Fatal(err)
		}
		r := built(t, y)
		var sum, squares, miss float64
		var rs []float64
		for _, c := range codes {
			c := composite.Pearson(r.Values(c), r.Scores()).R
			rs = append(rs, c)
			sum += c
			squares += c * c
		}
		if goal == composite.Information {
			return -squares / float64(len(rs))
		}
		for _, c := range rs {
			miss += math.Pow(1/float64(len(rs))-c/sum, 2)
		}
		return math.Log(miss / float64(len(rs)))
	}
	for name, goal := range map[string]composite.Goal{"balance": composite.Balance, "information": composite.Information} {
		t.Run(name, func(t *testing.T) {
			o, err := x.Optimise(level, goal, nil)
			if err != nil {
				t.Fatal(err)
			}
			// With the only freedom among siblings, the weights among themselves are shares of their parents'.
			if got := objective(o.Weights, goal); math.Abs(got-o.Objective) > 1e-6 && o.Objective > -40 {
				t.Errorf("objective %v, and %v by its weights", o.Objective, got)
			}
			rng := rand.New(rand.NewPCG(1, 1))
			for range 100 {
				w := slices.Clone(o.Weights)
				for i := range w {
					w[i] *= math.Exp(rng.NormFloat64() * []float64{0.01, 0.1, 1}[rng.IntN(3)])
				}
				if got := objective(w, goal); got < o.Objective-1e-9 {
					t.Fatalf("%v at %v is better than %v at %v", got, w, o.Objective, o.Weights)
				}
			}
		})
	}
	t.Run("within reach", func(t *testing.T) {
		rows := sizes(50, 3)
		for i := range rows {
			for k := range rows[i] {
				rows[i][k] = math.Log(rows[i][k])
			}
		}
		y := flat(t, rows, []float64{5, 1, 1}, composite.Settings{})
		o, err := y.Optimise(1, composite.Balance, []float64{1.05, 1, 1})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "first over second", o.Correlations[0]/o.Correlations[1], 1.05, 1e-6)
		near(t, "third over second", o.Correlations[2]/o.Correlations[1], 1, 1e-6)
	})
	for name, call := range map[string]func() error{
		"an importance of nothing": func() error {
			_, err := x.Optimise(level, composite.Balance, make([]float64, len(codes)))
			return err
		},
		"too few":     func() error { _, err := x.Optimise(level, composite.Balance, []float64{1}); return err },
		"at the top":  func() error { _, err := x.Optimise(x.Depth(), composite.Balance, nil); return err },
		"at no level": func() error { _, err := x.Optimise(0, composite.Balance, nil); return err },
	} {
		if err := call(); !errors.Is(err, composite.ErrSettings) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Vintages that differ in one cause only, and in all.
func TestDecompose(t *testing.T) {
	before := [][]float64{{5, 5}, {6, 6}, {7, 7}, {1, 1}}
	sum := func(c composite.Change) float64 { return c.Own + c.Others + c.Pool + c.Method }
	s := composite.Settings{Normalise: asIs}
	x := flat(t, before, nil, s)
	d, tb := flatDefinition(before, nil, s)
	for _, tt := range []struct {
		name                       string
		change                     func(d *composite.Definition, tb *composite.Table)
		own, others, pool, methods float64
	}{
		{"nothing", func(*composite.Definition, *composite.Table) {}, 0, 0, 0, 0},
		{"its own values rise past one", func(_ *composite.Definition, tb *composite.Table) { tb.Values["A"] = []float64{9, 6, 7, 1} }, -2, 0, 0, 0},
		{"the best one falls", func(_ *composite.Definition, tb *composite.Table) { tb.Values["A"] = []float64{5, 6, 0, 1} }, 0, -1, 0, 0},
		{"a better one joins", func(_ *composite.Definition, tb *composite.Table) {
			*tb = tb.Rows([]int{0, 1, 2, 3, 2})
			tb.Units[4] = "U5"
		}, 0, 0, 1, 0},
		{"a better one leaves", func(_ *composite.Definition, tb *composite.Table) { *tb = tb.Rows([]int{0, 1, 3}) }, 0, 0, -1, 0},
		{"less is better now", func(d *composite.Definition, _ *composite.Table) {
			d.Framework.Children = slices.Clone(d.Framework.Children)
			d.Framework.Children[0].Direction, d.Framework.Children[1].Direction = -1, -1
		}, 0, 0, 0, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := d
			later := tb.Rows([]int{0, 1, 2, 3})
			tt.change(&e, &later)
			y, err := composite.New(e, later)
			if err != nil {
				t.Fatal(err)
			}
			rank, score, err := composite.Decompose(x, y, "U1")
			if err != nil {
				t.Fatal(err)
			}
			all(t, "part", []float64{rank.Own, rank.Others, rank.Pool, rank.Method}, []float64{tt.own, tt.others, tt.pool, tt.methods}, 1e-12)
			near(t, "sum of parts", sum(rank), rank.After-rank.Before, 1e-12)
			near(t, "sum of parts of the score", sum(score), score.After-score.Before, 1e-12)
		})
	}
	t.Run("all at once", func(t *testing.T) {
		a := invented(t, 30, 12, usual())
		settings := usual()
		settings.Aggregate = []composite.Aggregator{{Method: composite.Geometric}}
		at := []int{}
		for i := range 30 {
			if i%7 != 3 {
				at = append(at, i)
			}
		}
		tb := a.Table().Rows(at)
		rng := rand.New(rand.NewPCG(3, 3))
		for code, col := range tb.Values {
			for i := range col {
				tb.Values[code][i] += 0.3 * rng.NormFloat64()
			}
		}
		e := a.Definition()
		e.Settings = settings
		b, err := composite.New(e, tb)
		if err != nil {
			t.Fatal(err)
		}
		first, last := built(t, a), built(t, b)
		moves, err := composite.Compare(first, last, "IDX")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, m := range moves {
			if m.Before == 0 || m.After == 0 {
				continue
			}
			rank, _, err := composite.Decompose(a, b, m.Unit)
			if errors.Is(err, composite.ErrNoValues) {
				continue // screened out in one of the mixtures
			}
			if err != nil {
				t.Fatal(err)
			}
			n++
			if int(rank.Before) != m.Before || int(rank.After) != m.After {
				t.Errorf("%s: %v to %v, want %d to %d", m.Unit, rank.Before, rank.After, m.Before, m.After)
			}
			near(t, "sum of parts", sum(rank), rank.After-rank.Before, 1e-9)
		}
		if n < 10 {
			t.Errorf("%d units compared", n)
		}
	})
	if _, _, err := composite.Decompose(x, x, "U9"); !errors.Is(err, composite.ErrUnknown) {
		t.Errorf("error %v", err)
	}
}

// On fixed scales the smallest change is known: to gain a rank U1 must close a
// gap of 1 in the mean, which is 2 in A (of 8 to the best, 10) and 4/3 in B,
// whose weight is the greater; C is at its best and D has nothing to do with it.
func TestReach(t *testing.T) {
	rows := [][]float64{{2, 2, 10, nan}, {2.5, 3, 10, 1}, {10, 10, 10, 1}, {0, 0, 0, 0}}
	x := flat(t, rows, []float64{2, 3, 1, 1}, composite.Settings{Normalise: composite.Scale{Method: composite.MethodScaled, Upper: composite.Number{Value: 10}, Factor: composite.Number{Value: 10}}, Missing: composite.Zero})
	// Scores ×7: U1 20, U2 26+…: 5+9+10+1 = 25. U1 needs more than 5: 2.5 of A, 5/3 of B.
	ask := composite.Reach{Unit: "U1", Ranks: 1}
	got, err := x.Reach(context.Background(), ask)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[0].Code != "B" || got[1].Code != "A" || got[2].Code != "C" {
		t.Fatalf("%+v", got)
	}
	near(t, "B", got[0].To-got[0].From, 5./3, 1e-4)
	near(t, "part of the way", got[0].Part, 5./3/8, 1e-5)
	near(t, "A", got[1].To-got[1].From, 2.5, 1e-4)
	if !math.IsNaN(got[2].To) || got[0].Best != 2 {
		t.Errorf("%+v", got)
	}
	ask.Costs = map[string]float64{"A": 1, "B": 10}
	if got, err = x.Reach(context.Background(), ask); err != nil {
		t.Fatal(err)
	}
	if got[0].Code != "A" {
		t.Errorf("the cheapest is %s", got[0].Code)
	}
	near(t, "cost", got[0].Cost, 2.5, 1e-4)
	ask.Limits = map[string]composite.Limit{"A": {Lo: 0, Hi: 3}}
	if got, err = x.Reach(context.Background(), ask); err != nil {
		t.Fatal(err)
	}
	if got[0].Code != "B" {
		t.Errorf("the cheapest within limits is %s", got[0].Code)
	}
	t.Run("where less is better it falls", func(t *testing.T) {
		d, tb := flatDefinition([][]float64{{5}, {3}, {1}}, nil, composite.Settings{Normalise: asIs})
		d.Framework.Children[0].Direction = -1
		y, err := composite.New(d, tb)
		if err != nil {
			t.Fatal(err)
		}
		for _, limits := range []map[string]composite.Limit{nil, {"A": {Lo: 0, Hi: 9}}} {
			got, err := y.Reach(context.Background(), composite.Reach{Unit: "U1", Ranks: 1, Limits: limits})
			if err != nil {
				t.Fatal(err)
			}
			near(t, "A", got[0].To, 3, 1e-4)
			if got[0].Best != 1 {
				t.Errorf("best rank %d", got[0].Best)
			}
		}
	})
	t.Run("it is enough, and a little less is not", func(t *testing.T) {
		y := invented(t, 40, 12, usual())
		r := built(t, y)
		ranks := r.Ranks("IDX")
		at := slices.IndexFunc(ranks, func(r int) bool { return r == 20 })
		unit := r.Units[at]
		levers, err := y.Reach(context.Background(), composite.Reach{Unit: unit, Ranks: 2})
		if err != nil {
			t.Fatal(err)
		}
		row := slices.Index(y.Table().Units, unit)
		try := func(code string, v float64) int {
			tb := y.Table().Rows(index(len(y.Table().Units)))
			tb.Values[code][row] = v
			z, err := y.Over(tb)
			if err != nil {
				t.Fatal(err)
			}
			r := built(t, z)
			return r.Ranks("IDX")[slices.Index(r.Units, unit)]
		}
		n := 0
		for _, l := range levers {
			if math.IsNaN(l.To) {
				continue
			}
			n++
			if got := try(l.Code, l.To); got > 18 {
				t.Errorf("%s at %v: rank %d", l.Code, l.To, got)
			}
			if l.Part > 1e-4 {
				if got := try(l.Code, l.From+0.999*(l.To-l.From)); got <= 18 {
					t.Errorf("%s: less than %v is enough", l.Code, l.To)
				}
			}
		}
		if n == 0 {
			t.Error("nothing reaches it")
		}
	})
	for name, q := range map[string]composite.Reach{
		"no ranks": {Unit: "U1"}, "more than there are": {Unit: "U1", Ranks: 9},
		"a limit beside the value": {Unit: "U1", Ranks: 1, Limits: map[string]composite.Limit{"A": {Lo: 5, Hi: 9}}},
	} {
		if _, err := x.Reach(context.Background(), q); !errors.Is(err, composite.ErrSettings) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := x.Reach(context.Background(), composite.Reach{Unit: "U9", Ranks: 1}); !errors.Is(err, composite.ErrUnknown) {
		t.Errorf("nobody: %v", err)
	}
}

func index(n int) []int {
	at := make([]int, n)
	for i := range at {
		at[i] = i
	}
	return at
}

// By hand: 1, missing, 3 at 2000, 2001, 2004.
func TestSeries(t *testing.T) {
	times := []int{1999, 2000, 2001, 2004, 2006}
	x := []float64{nan, 1, nan, 3, nan}
	for _, tt := range []struct {
		fill composite.SeriesFill
		want []float64
	}{
		{composite.SeriesFill{Method: composite.Latest}, []float64{nan, 1, 1, 3, 3}},
		{composite.SeriesFill{Method: composite.Latest, MaxAge: 1}, []float64{nan, 1, 1, 3, nan}},
		{composite.SeriesFill{Method: composite.ConstantSeries}, []float64{1, 1, 1, 3, 3}},
		{composite.SeriesFill{Method: composite.Linear}, []float64{nan, 1, 1.5, 3, nan}},
		{composite.SeriesFill{Method: composite.LinearConstant}, []float64{1, 1, 1.5, 3, 3}},
	} {
		got, err := tt.fill.Fill(times, x)
		if err != nil {
			t.Fatal(err)
		}
		all(t, fmt.Sprint(tt.fill), got, tt.want, 1e-15)
	}
	if _, err := (composite.SeriesFill{Method: composite.Linear}).Fill([]int{2000, 2000}, []float64{1, 2}); !errors.Is(err, composite.ErrSettings) {
		t.Errorf("the same time twice: %v", err)
	}
	if _, err := (composite.SeriesFill{Method: "magic"}).Fill(times, x); !errors.Is(err, composite.ErrSettings) {
		t.Errorf("no such method: %v", err)
	}
	near(t, "growth", composite.Growth(times, x), math.Pow(3, 0.25)-1, 1e-15)
	near(t, "trend of two", composite.Trend(times, x), 50, 1e-12)
	// Slope ½ through the means 1 and 2, so 1½ at the first time.
	near(t, "trend of three", composite.Trend([]int{0, 1, 2}, []float64{1, 3, 2}), 100./3, 1e-12)
	near(t, "trend of a line", composite.Trend(times, []float64{2, 4, 6, 12, 16}), 100, 1e-10)
	for name, y := range map[string][]float64{"one value": {nan, 1, nan, nan, nan}, "through zero": {-1, 0, 1, 2, 3}} {
		if v := composite.Growth(times, y); !math.IsNaN(v) {
			t.Errorf("growth of %s: %v", name, v)
		}
	}
}

// Units may come and go and change places between tables.
func TestPanel(t *testing.T) {
	tables := []composite.Table{
		{Units: []string{"A", "B"}, Values: map[string][]float64{"X": {1, 10}}},
		{Units: []string{"B", "C", "A"}, Values: map[string][]float64{"X": {nan, 5, nan}, "Y": {1, 2, 3}}},
		{Units: []string{"A", "B"}, Values: map[string][]float64{"X": {3, 20}}},
	}
	times := []int{2000, 2001, 2002}
	got, err := composite.FillPanel(times, tables, composite.SeriesFill{Method: composite.Linear})
	if err != nil {
		t.Fatal(err)
	}
	all(t, "filled", got[1].Values["X"], []float64{15, 5, 2}, 1e-15)
	if !math.IsNaN(tables[1].Values["X"][0]) {
		t.Error("the table given was changed")
	}
	s, err := composite.Stack(times, tables)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(s.Units, []string{"A@2000", "B@2000", "B@2001", "C@2001", "A@2001", "A@2002", "B@2002"}) {
		t.Errorf("%v", s.Units)
	}
	all(t, "stacked", s.Values["Y"], []float64{nan, nan, 1, 2, 3, nan, nan}, 0)
	if _, err := composite.FillPanel(times[:2], tables, composite.SeriesFill{Method: composite.Linear}); !errors.Is(err, composite.ErrTable) {
		t.Errorf("error %v", err)
	}
}
