package pooling_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"shanyraq/methods/pooling"
)

// TestChooseIsHonest: where every one of the settings tried is noise, those
// chosen on other folds lose as much as any, and those chosen on all figures
// seem to lose less.
func TestChooseIsHonest(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	const settings, figures, folds, runs = 12, 60, 5, 300
	fold := make([]int, figures)
	for i := range fold {
		fold[i] = i % folds
	}
	honest, flattered := 0.0, 0.0
	for range runs {
		score := make([][]float64, settings)
		for k := range score {
			for range figures {
				score[k] = append(score[k], rng.NormFloat64())
			}
		}
		each, best := pooling.Choose(settings, fold, func(k int, in []bool) float64 {
			sum := 0.0
			for i, s := range score[k] {
				if in[i] {
					sum += s
				}
			}
			return sum
		})
		for i := range fold {
			honest += score[each[i]][i] / figures / runs
			flattered += score[best][i] / figures / runs
		}
	}
	// The mean of 18,000 draws has a standard error of 0.0075; the least of
	// twelve means of 60 lies 1.6 of their deviations below zero.
	if math.Abs(honest) > 0.03 || flattered > -0.15 {
		t.Errorf("chosen on other folds %.3f, on all %.3f", honest, flattered)
	}
}

// TestAtWidens: a stock is the less certain the further its year is from any
// figure, lies at what growth and counted flows make of it, and at t* is Stock.
func TestAtWidens(t *testing.T) {
	m := pooling.Model{Definitions: []pooling.Definition{{Name: "born", Target: true}}, Classes: []pooling.Class{{Name: "census", Tau: 0.02}},
		Mean: 10, SD: 4, GrowthSD: 1e-6, GrowthMean: 0.02, WalkSD: 0.1, WalkSize: 1000, SourceSD: []float64{0.01}, Reference: 2020}
	fs := []pooling.Figure{{Host: "A", Definition: "born", Class: "census", Source: "s", Year: 2020, Value: 50_000}}
	p, err := m.Pool(fs)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "at t*", p.At(0, 2020, 0, 0).Median, p.Stock(0).Median, 1e-9)
	near(t, "ten years on", p.At(0, 2030, 0, 0).Median, p.Stock(0).Median*math.Exp(0.2), 1e-3)
	near(t, "with a tenth gone", p.At(0, 2030, -0.1, 0).Median, p.Stock(0).Median*math.Exp(0.1), 1e-3)
	last := 0.0
	for _, y := range []float64{2020, 2021, 2025, 2030, 2040} {
		s := p.At(0, y, 0, 0)
		w := math.Log(s.Quantile(0.975) / s.Quantile(0.025))
		if w <= last {
			t.Errorf("%g: the range is %.3f wide, and was %.3f nearer", y, w, last)
		}
		last = w
	}
	// A year's step of the walk has variance 0.01 (1 + 3·1000/51000).
	a, b := p.At(0, 2030, 0, 0), p.At(0, 2029, 0, 0)
	v := func(s pooling.Stock) float64 {
		w := math.Log(s.Quantile(0.975)/s.Quantile(0.025)) / (2 * 1.959963984540054)
		return w * w
	}
	near(t, "a year's variance", v(a)-v(b), 0.01*(1+3000.0/51_000), 1e-3)
	near(t, "an unsure flow", v(p.At(0, 2030, 0, 0.3))-v(a), 0.09, 1e-6)
}

// TestShift: a count made before a fifth left says the stock is a fifth smaller.
func TestShift(t *testing.T) {
	m := pooling.Model{Definitions: []pooling.Definition{{Name: "born", Target: true}}, Classes: []pooling.Class{{Name: "census", Tau: 0.02}}, Mean: 10, SD: 10, SourceSD: []float64{0}, Reference: 2020}
	f := pooling.Figure{Host: "A", Definition: "born", Class: "census", Source: "s", Year: 2010, Value: 50_000, Shift: -math.Log(0.8)}
	p, err := m.Pool([]pooling.Figure{f})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "stock", p.Stock(0).Median, 40_000, 1e-3)
	mean, _, err := p.Predict(f)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "the figure foretold", math.Exp(mean), 50_000, 1e-3)
	f.Shift = math.NaN()
	if _, err := m.Pool([]pooling.Figure{f}); err == nil {
		t.Error("a shift that is no number is taken")
	}
}

// TestEvery finds figures that somebody spoke before.
func TestEvery(t *testing.T) {
	fs := []pooling.Figure{{Host: "A", Class: "census", Year: 2010.5}, {Host: "A", Class: "census", Year: 2000.5}, {Host: "B", Class: "census", Year: 2010}, {Host: "B", Class: "claim", Year: 2020}, {Host: "A", Class: "census", Year: 2000.2}}
	if got := pooling.Every(fs, "census"); len(got) != 1 || got[0] != 0 {
		t.Errorf("%v", got)
	}
}
