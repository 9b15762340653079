package pooling_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"shanyraq/methods/pooling"
)

// wandering is a model with every kind of parameter, and figures drawn for it.
func wandering(rng *rand.Rand, hosts, each int) (pooling.Model, []pooling.Figure) {
	m := plain()
	m.Shared, m.WalkSD, m.Robust, m.Dispersion = true, 0.1, 4, 3
	m.Classes = slices.Clone(m.Classes)
	for i := range m.Classes {
		m.Classes[i].Voice = 0.2
	}
	fs, _ := simulate(rng, m, hosts, each)
	return m, fs
}

// TestUnder: pooling again from the weights of another pooling ends where
// pooling from nothing does, to the tolerance of the weights.
func TestUnder(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	m, fs := wandering(rng, 12, 5)
	p, err := m.Pool(fs)
	if err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string]func(*pooling.Model){
		"the same":         func(*pooling.Model) {},
		"a longer walk":    func(m *pooling.Model) { m.WalkSD = 0.3 },
		"no walk":          func(m *pooling.Model) { m.WalkSD = 0 },
		"normal errors":    func(m *pooling.Model) { m.Robust = 0 },
		"another target":   func(m *pooling.Model) { m.Reference = 2030 },
		"a grid of σ":      func(m *pooling.Model) { m.SourceSD, m.SourceScale = []float64{0.05, 0.2, 0.5}, 0.3 },
		"quieter sources":  func(m *pooling.Model) { m.SourceSD, m.SourceScale = []float64{0.01}, 0.3 },
		"vaguer about all": func(m *pooling.Model) { m.SD = 20 },
	} {
		n := m
		other(&n)
		want, err := n.Pool(fs)
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.Under(n)
		if err != nil {
			t.Fatal(err)
		}
		for c := range want.Hosts {
			a, b := got.Stock(c), want.Stock(c)
			near(t, name+": log median", math.Log(a.Median), math.Log(b.Median), 5e-3)
			near(t, name+": deviation", a.SD/b.SD, 1, 1e-2)
		}
	}
	bad := m
	bad.SD = -1
	if _, err := p.Under(bad); !errors.Is(err, pooling.ErrModel) {
		t.Errorf("a model that cannot be: %v", err)
	}
}

// TestHiding: the backtest finds what pooling the other figures alone gives.
func TestHiding(t *testing.T) {
	rng := rand.New(rand.NewPCG(23, 24))
	m, fs := wandering(rng, 10, 5)
	for _, robust := range []float64{0, 4} {
		m.Robust = robust
		hidden := pooling.Newest(fs, 3, m.Classes[0].Name)
		if len(hidden) < 4 {
			t.Fatalf("%d hidden figures", len(hidden))
		}
		b, err := m.Test(fs, hidden, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range b[0].Forecasts {
			at := fs[f.Figure]
			var rest []pooling.Figure
			for _, g := range fs {
				if g.Host != at.Host || g.Year < math.Floor(at.Year) {
					rest = append(rest, g)
				}
			}
			p, err := m.Pool(rest)
			if err != nil {
				t.Fatal(err)
			}
			mean, sd, err := p.Predict(at)
			if err != nil {
				t.Fatal(err)
			}
			tol := 1e-8 // exactly the same posterior, but for rounding
			if robust > 0 {
				tol = 1e-2 // weights stop within a thousandth
			}
			near(t, "mean", f.Mean, mean, tol)
			near(t, "deviation", f.SD/sd, 1, tol)
		}
	}
}

// TestWeights: a figure that fits weighs up to (ν+1)/ν, and normal errors one.
func TestWeights(t *testing.T) {
	rng := rand.New(rand.NewPCG(25, 26))
	m, fs := wandering(rng, 12, 5)
	p, err := m.Pool(fs)
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range p.Weights {
		if !(w > 0 && w <= 1.25) {
			t.Errorf("figure %d weighs %v", i, w)
		}
	}
	if slices.Max(p.Weights) < 1 {
		t.Errorf("no figure fits: weights up to %v", slices.Max(p.Weights))
	}
}
