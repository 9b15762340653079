package composite_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"shanyraq/methods/composite"
)

// invented returns an index of n units over k indicators in pillars of about
// six below two or four sub-indices, with heavy tails, gaps and groups.
func invented(t testing.TB, n, k int, s composite.Settings) *composite.Index {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2)) // the same work every time
	tb := composite.Table{Values: map[string][]float64{}, Groups: map[string][]string{}}
	size := make([]float64, n)
	for i := range n {
		tb.Units = append(tb.Units, fmt.Sprintf("U%03d", i+1))
		tb.Groups["Region"] = append(tb.Groups["Region"], fmt.Sprint("R", i%6))
		size[i] = rng.NormFloat64()
	}
	node := func(code string) composite.Node { return composite.Node{Code: code, Weight: 1} }
	top := node("IDX")
	pillars := max(2, (k+3)/6)
	subs := max(1, pillars/3)
	for s := range subs {
		top.Children = append(top.Children, node(fmt.Sprint("S", s+1)))
	}
	at := 0
	for p := range pillars {
		pillar := node(fmt.Sprint("P", p+1))
		for range (k*(p+1))/pillars - (k*p)/pillars {
			at++
			leaf := node(fmt.Sprintf("I%02d", at))
			if at%7 == 0 {
				leaf.Direction = -1
			}
			col := make([]float64, n)
			for i := range col {
				v := size[i] + rng.NormFloat64()
				if at%3 == 0 {
					v = math.Exp(v)
				}
				if rng.IntN(25) == 0 && i >= 6 {
					v = math.NaN()
				}
				col[i] = v
			}
			tb.Values[leaf.Code] = col
			pillar.Children = append(pillar.Children, leaf)
		}
		top.Children[p*subs/pillars].Children = append(top.Children[p*subs/pillars].Children, pillar)
	}
	x, err := composite.New(composite.Definition{Framework: top, Settings: s}, tb)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// usual are the settings of a common index.
func usual() composite.Settings {
	treat := composite.DefaultTreat()
	return composite.Settings{Screen: composite.Screen{MinAvailability: 0.65},
		Impute: &composite.Impute{Method: composite.GroupMean, Group: "Region"}, Treat: &treat,
		Normalise: composite.Scale{Method: composite.MethodMinMax, Lower: composite.Number{Value: 1}, Upper: composite.Number{Value: 100}}}
}

// spreads are intervals of a tenth of its value around every value present.
func spreads(x *composite.Index) *composite.DataDraw {
	d := &composite.DataDraw{Shape: composite.Normal, Level: 0.9}
	t := x.Table()
	for _, code := range x.Codes(1) {
		for i, v := range t.Values[code] {
			if !math.IsNaN(v) {
				d.Cells = append(d.Cells, composite.Cell{Code: code, Unit: t.Units[i], Lo: v - 0.1*math.Abs(v), Hi: v + 0.1*math.Abs(v)})
			}
		}
	}
	return d
}

// The weights panel redraws ranges of ranks while a weight is being dragged, so
// 1000 draws over all states have to stay under a tenth of a second.
func BenchmarkSimulate(b *testing.B) {
	const draws = 1000
	geometric := []composite.Aggregator{{Method: composite.Geometric}}
	for _, of := range []struct {
		name    string
		factors func(x *composite.Index) []composite.Factor
	}{
		{"weights", func(*composite.Index) []composite.Factor {
			return []composite.Factor{{Name: "weights", Weights: &composite.WeightDraw{Kind: composite.Dirichlet, Concentration: 4, Centred: true}}}
		}},
		{"weights+aggregation", func(*composite.Index) []composite.Factor {
			return []composite.Factor{{Name: "weights", Weights: &composite.WeightDraw{Kind: composite.Noise, Spread: 0.25}},
				{Name: "aggregation", Choice: []composite.Option{{}, {Patch: composite.Patch{Aggregate: &geometric}}}}}
		}},
		{"data+imputation+weights", func(x *composite.Index) []composite.Factor {
			return []composite.Factor{{Name: "data", Data: spreads(x)}, {Name: "gaps", Imputed: &composite.ImputeDraw{}},
				{Name: "weights", Weights: &composite.WeightDraw{Kind: composite.Noise, Spread: 0.25}}}
		}},
	} {
		for _, size := range []struct{ units, indicators int }{{195, 8}, {195, 40}} {
			b.Run(fmt.Sprintf("%s/units=%d/indicators=%d", of.name, size.units, size.indicators), func(b *testing.B) {
				x := invented(b, size.units, size.indicators, usual())
				p := composite.Plan{Draws: draws, Seed: 1, Level: 0.9, Factors: of.factors(x)}
				b.ReportAllocs()
				for b.Loop() {
					if _, err := x.Simulate(context.Background(), p); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(draws)*float64(b.N)/b.Elapsed().Seconds(), "draws/s")
			})
		}
	}
}

// A whole index of the size of a published one, with every step kept, has to
// come while a page is being made: under two milliseconds.
func BenchmarkBuild(b *testing.B) {
	for _, size := range []struct{ units, indicators int }{{51, 49}, {195, 40}} {
		b.Run(fmt.Sprintf("units=%d/indicators=%d", size.units, size.indicators), func(b *testing.B) {
			x := invented(b, size.units, size.indicators, usual())
			b.ReportAllocs()
			for b.Loop() {
				if _, err := x.Build(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// vignette are four uncertain choices: winsorising, scale, weights, aggregation.
func vignette() []composite.Factor {
	var points, scales, means []composite.Option
	for n := range 5 {
		t := composite.DefaultTreat()
		t.WinMax = n + 1
		points = append(points, composite.Option{Patch: composite.Patch{Treat: &t}})
	}
	for _, s := range []composite.Scale{
		{Method: composite.MethodMinMax, Lower: composite.Number{Value: 1}, Upper: composite.Number{Value: 100}},
		{Method: composite.MethodZScore, Mean: composite.Number{Value: 10}, SD: composite.Number{Value: 1}},
	} {
		scales = append(scales, composite.Option{Patch: composite.Patch{Normalise: &s}})
	}
	for _, m := range []composite.AggregateMethod{composite.Arithmetic, composite.Geometric} {
		means = append(means, composite.Option{Patch: composite.Patch{Aggregate: &[]composite.Aggregator{{Method: m}}}})
	}
	return []composite.Factor{{Name: "winsorising", Choice: points}, {Name: "scale", Choice: scales},
		{Name: "weights", Weights: &composite.WeightDraw{Kind: composite.Noise, Spread: 0.25}}, {Name: "aggregation", Choice: means}}
}

// The sensitivity of the reference case took the package it was made with 25.7
// seconds of a processor for 384 runs, and an index of 51 units and 49
// indicators 815 seconds for 6000. See the README of the cases and
// BenchmarkConformanceSensitivity for the case itself.
func BenchmarkSensitivity(b *testing.B) {
	for _, size := range []struct{ units, indicators, rows int }{{60, 24, 64}, {51, 49, 1000}, {195, 40, 1000}} {
		b.Run(fmt.Sprintf("units=%d/indicators=%d/runs=%d", size.units, size.indicators, 6*size.rows), func(b *testing.B) {
			x := invented(b, size.units, size.indicators, usual())
			p := composite.Plan{Draws: size.rows, Seed: 1, Level: 0.9, Factors: vignette()}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := x.Sensitivity(context.Background(), p, composite.Centred); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The 384 runs of the reference case, on its own data.
func BenchmarkConformanceSensitivity(b *testing.B) {
	x := load(b).index(b, nominal)
	f := vignette()
	f[1].Choice[1].Normalise.SD.Value = 2
	b.ReportAllocs()
	for b.Loop() {
		if _, err := x.Sensitivity(context.Background(), composite.Plan{Draws: 64, Seed: 1, Level: 0.9, Factors: f}, composite.Centred); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(25.7/(b.Elapsed().Seconds()/float64(b.N)), "times-COINr")
}
