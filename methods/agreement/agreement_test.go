package agreement

import (
	"math"
	"math/rand/v2"
	"testing"
)

var gap = math.NaN()

// byUnit turns rows of coders into rows of things.
func byUnit(coders [][]float64) [][]float64 {
	out := make([][]float64, len(coders[0]))
	for i := range out {
		for _, c := range coders {
			out[i] = append(out[i], c[i])
		}
	}
	return out
}

// TestAlphaKnown holds alpha beside the example of [krippendorff2011]: four
// observers, twelve units, gaps.
func TestAlphaKnown(t *testing.T) {
	codes := byUnit([][]float64{
		{1, 2, 3, 3, 2, 1, 4, 1, 2, gap, gap, gap},
		{1, 2, 3, 3, 2, 2, 4, 1, 2, 5, gap, 3},
		{gap, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, gap},
		{1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, gap},
	})
	for s, want := range map[Scale]float64{Nominal: 0.743, Ordinal: 0.815, Metric: 0.849} {
		if got := Alpha(codes, s); math.Abs(got-want) > 0.0005 {
			t.Errorf("scale %d: %.4f, want %.3f", s, got, want)
		}
	}
}

// TestKappaKnown holds the kappas beside worked examples: ten things, fourteen
// raters and five categories, and three tables of two raters.
func TestKappaKnown(t *testing.T) {
	var codes [][]float64
	for _, counts := range [][5]int{{0, 0, 0, 0, 14}, {0, 2, 6, 4, 2}, {0, 0, 3, 5, 6}, {0, 3, 9, 2, 0}, {2, 2, 8, 1, 1}, {7, 7, 0, 0, 0}, {3, 2, 6, 3, 0}, {2, 5, 3, 2, 2}, {6, 5, 2, 1, 0}, {0, 2, 2, 3, 7}} {
		var row []float64
		for c, n := range counts {
			for range n {
				row = append(row, float64(c))
			}
		}
		codes = append(codes, row)
	}
	if got := Fleiss(codes); math.Abs(got-0.210) > 0.0005 {
		t.Errorf("Fleiss %.4f, want 0.210", got)
	}
	for want, n := range map[float64][4]int{0.4: {20, 5, 10, 15}, 0.1304: {45, 15, 25, 15}, 0.2593: {25, 35, 5, 35}} {
		var a, b []float64
		for i, k := range n {
			for range k {
				a, b = append(a, float64(i/2)), append(b, float64(i%2))
			}
		}
		if got := Cohen(a, b); math.Abs(got-want) > 0.0001 {
			t.Errorf("Cohen %.4f, want %.4f", got, want)
		}
	}
}

// Perfect agreement is 1 on every scale, whatever the gaps; codes drawn by chance
// come to nearly 0; renaming categories and the order of coders change nothing.
func TestProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var alike, chance, renamed, turned [][]float64
	for range 4000 {
		v := float64(rng.IntN(3))
		alike = append(alike, []float64{v, gap, v})
		row := []float64{float64(rng.IntN(3)), float64(rng.IntN(3)), v}
		chance = append(chance, row)
		names := []float64{7, -2, 4}
		renamed = append(renamed, []float64{names[int(row[0])], names[int(row[1])], names[int(row[2])]})
		turned = append(turned, []float64{row[2], row[0], row[1]})
	}
	for _, s := range []Scale{Nominal, Ordinal, Metric} {
		if got := Alpha(alike, s); math.Abs(got-1) > 1e-12 {
			t.Errorf("scale %d: %v, want 1", s, got)
		}
		if got := Alpha(chance, s); math.Abs(got) > 0.03 {
			t.Errorf("scale %d: %v by chance", s, got)
		}
		if a, b := Alpha(chance, s), Alpha(turned, s); math.Abs(a-b) > 1e-12 {
			t.Errorf("scale %d: %v and %v in another order of coders", s, a, b)
		}
	}
	for _, f := range []func([][]float64) float64{Fleiss, func(x [][]float64) float64 { return Alpha(x, Nominal) }} {
		if a, b := f(chance), f(renamed); math.Abs(a-b) > 1e-12 {
			t.Errorf("%v and %v under other names", a, b)
		}
	}
	if got := Same([][]float64{{1, 1, 2}, {gap, 3, 3}}); got != 0.5 {
		t.Errorf("same %v, want 2 of 4 pairs", got)
	}
	if lo, hi := Interval(alike[:50], func(x [][]float64) float64 { return Alpha(x, Nominal) }, 0.95, 100, 1); lo != 1 || hi != 1 {
		t.Errorf("interval %v to %v of perfect agreement", lo, hi)
	}
}

// What cannot be told is not a number.
func TestUntold(t *testing.T) {
	for name, v := range map[string]float64{
		"nothing": Alpha(nil, Nominal), "one unit": Alpha([][]float64{{1, 2}}, Nominal), "one code": Alpha([][]float64{{1, 1}, {1, 1}}, Ordinal), "no pairs": Alpha([][]float64{{1, gap}, {gap, 2}}, Metric),
		"Fleiss of one code": Fleiss([][]float64{{1, 1}, {1, 1}}), "Fleiss of one coder": Fleiss([][]float64{{1}, {2}}), "Fleiss of one thing": Fleiss([][]float64{{1, 2}}),
		"Cohen of one": Cohen([]float64{1}, []float64{1}), "Cohen of one code": Cohen([]float64{1, 1}, []float64{1, 1}), "same of none": Same([][]float64{{1}}),
	} {
		if v == v {
			t.Errorf("%s: %v", name, v)
		}
	}
	if lo, _ := Interval([][]float64{{1, 1}, {1, 1}}, func(x [][]float64) float64 { return Alpha(x, Nominal) }, 0.95, 50, 1); lo == lo {
		t.Errorf("an interval %v of one code", lo)
	}
}

// TestIntervalCovers: three coders right with probability p, else any of K codes,
// agree in p²+(1−p²)/K of pairs, so that alpha is p² in the long run where codes
// are equally common.
func TestIntervalCovers(t *testing.T) {
	const p, things, tables, codes = 0.7, 60, 300, 3
	rng := rand.New(rand.NewPCG(3, 5))
	in := 0
	for table := range tables {
		rows := make([][]float64, things)
		for i := range rows {
			truth := float64(rng.IntN(codes))
			for range 3 {
				v := truth
				if rng.Float64() > p {
					v = float64(rng.IntN(codes))
				}
				rows[i] = append(rows[i], v)
			}
		}
		lo, hi := Interval(rows, func(x [][]float64) float64 { return Alpha(x, Nominal) }, 0.95, 300, uint64(table))
		if lo <= p*p && p*p <= hi {
			in++
		}
	}
	if share := 100 * in / tables; share < 91 || share > 98 {
		t.Errorf("covers in %d of a hundred", share)
	}
}
