package composite

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"shanyraq/methods/internal/peers"
	"testing"

	"gonum.org/v1/gonum/mathext"
)

// near fails unless got is within tol of want, or both are NaN.
var near = peers.Near

// three is an index of three indicators as they are.
func three(t testing.TB) *Index {
	t.Helper()
	top := Node{Code: "T", Weight: 1}
	table := Table{Units: []string{"A", "B"}, Values: map[string][]float64{}}
	for i, c := range []string{"X", "Y", "Z"} {
		top.Children = append(top.Children, Node{Code: c, Weight: float64(i + 1)})
		table.Values[c] = []float64{float64(i), 2}
	}
	x, err := New(Definition{Framework: top, Settings: Settings{Normalise: Scale{Method: MethodAsIs}}}, table)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// Dirichlet weights with shapes a_k of sum s have means a_k/s and variances
// (a_k/s)(1−a_k/s)/(s+1).
func TestWeightsDrawn(t *testing.T) {
	x := three(t)
	for _, sampler := range []Sampler{QuasiRandom, Random} {
		for _, centred := range []bool{false, true} {
			for _, c := range []float64{0.05, 0.5, 1, 4, 100} {
				t.Run(fmt.Sprint(sampler, "/concentration ", c, "/centred ", centred), func(t *testing.T) {
					const draws = 30_000
					s, err := x.newSimulation(Plan{Draws: draws, Seed: 5, Level: 0.9, Sampler: sampler,
						Factors: []Factor{{Name: "w", Weights: &WeightDraw{Kind: Dirichlet, Concentration: c, Centred: centred}}}}, draws, 1)
					if err != nil {
						t.Fatal(err)
					}
					w := s.newWorker()
					var sum, square [3]float64
					for r := range draws {
						s.weigh(w, &s.factors[0], r)
						near(t, "sum of weights", w.w[1]+w.w[2]+w.w[3], 1, 1e-12)
						for k := range sum {
							sum[k] += w.w[k+1] / draws
							square[k] += w.w[k+1] * w.w[k+1] / draws
						}
					}
					for k := range sum {
						part := 1.0 / 3
						if centred {
							part = float64(k+1) / 6
						}
						variance := part * (1 - part) / (3*c + 1)
						near(t, "mean", sum[k], part, 4*math.Sqrt(variance/draws))
						near(t, "variance", square[k]-sum[k]*sum[k], variance, 0.06*variance) // sampling error of a variance here is under 1.5 %
					}
				})
			}
		}
	}
}

// Against the distribution function itself, which is another's.
func TestGammaQuantile(t *testing.T) {
	for _, a := range []float64{0.01, 0.05, 0.3, 0.99, 1, 1.01, 2.5, 10, 100, 3000} {
		for _, p := range []float64{1e-9, 1e-4, 0.01, 0.2, 0.5, 0.77, 0.99, 1 - 1e-9} {
			x := gammaQuantile(a, p)
			got := 0.0
			if x > 0 {
				got = mathext.GammaIncReg(a, x)
			} else if p > 0.1 || a > 0.3 { // below the smallest number only for tiny shapes
				t.Errorf("shape %v, p %v: zero", a, p)
				continue
			} else {
				continue
			}
			if d := math.Abs(got-p) / min(p, 1-p); !(d < 1e-6) {
				t.Errorf("shape %v, p %v: x = %v has %v", a, p, x, got)
			}
		}
	}
}

// Drawn values: half below the value, and the interval holds its level.
func TestCellsDrawn(t *testing.T) {
	x := three(t)
	x.table.Values["Z"] = []float64{2, 5}
	x.raw[2] = x.table.Values["Z"]
	const draws = 20_000
	for _, tt := range []struct {
		shape        Shape
		below, share float64 // of draws below the value, and within [4.5, 7]
	}{
		{Uniform, 0.2, 1}, // 0.5 of 2.5 lies below 5
		{Triangular, 0.2, 1},
		{Normal, 0.5, 0.8},
		{LogNormal, 0.5, 0.8},
	} {
		t.Run(string(tt.shape), func(t *testing.T) {
			s, err := x.newSimulation(Plan{Draws: draws, Seed: 2, Level: 0.9,
				Factors: []Factor{{Name: "d", Data: &DataDraw{Shape: tt.shape, Level: 0.8, Cells: []Cell{{"Z", "B", 4.5, 7}}}}}}, draws, 1)
			if err != nil {
				t.Fatal(err)
			}
			w := s.newWorker()
			below, within := 0.0, 0.0
			for r := range draws {
				f := &s.factors[0]
				w.pcgs[0].Seed(f.seed, mix(f.seed, uint64(r)))
				f.fill(w.drawnCols, w.rngs[0])
				v := w.drawnCols[0][1]
				if v < 5 {
					below += 1.0 / draws
				}
				if v >= 4.5 && v <= 7 {
					within += 1.0 / draws
				}
				if w.drawnCols[0][0] != 2 {
					t.Fatal("a value without a cell moved")
				}
			}
			near(t, "share below", below, tt.below, 4*math.Sqrt(0.25/draws))
			near(t, "share within", within, tt.share, 4*math.Sqrt(tt.share*(1-tt.share)/draws)+1e-9)
		})
	}
}

// A polynomial is primitive if x has order 2^n−1 modulo it.
func TestPolynomialsArePrimitive(t *testing.T) {
	seen := map[[2]uint32]bool{}
	count := map[int]int{}
	for i, d := range sobolTable {
		p := uint64(1)<<d.degree | uint64(d.poly)<<1 | 1
		order := 0
		for v := uint64(1); ; {
			v <<= 1
			if v>>d.degree&1 == 1 {
				v ^= p
			}
			order++
			if v == 1 || order > 1<<d.degree {
				break
			}
		}
		if order != 1<<d.degree-1 {
			t.Errorf("dimension %d: x has order %d modulo %b", i+2, order, p)
		}
		key := [2]uint32{uint32(d.degree), d.poly}
		if seen[key] {
			t.Errorf("dimension %d repeats a polynomial", i+2)
		}
		seen[key] = true
		count[d.degree]++
		if len(d.m) != d.degree {
			t.Errorf("dimension %d has %d direction numbers", i+2, len(d.m))
		}
		for k, m := range d.m {
			if m&1 == 0 || m >= 2<<k {
				t.Errorf("dimension %d: direction number %d", i+2, m)
			}
		}
	}
	// Euler's totient of 2^n−1 over n: how many primitive polynomials there are.
	for degree, want := range map[int]int{1: 1, 2: 1, 3: 2, 4: 2, 5: 6, 6: 6, 7: 18, 8: 16, 9: 48, 10: 60} {
		if count[degree] != want {
			t.Errorf("%d polynomials of degree %d, want %d", count[degree], degree, want)
		}
	}
	if MaxSobol < 64 {
		t.Errorf("%d dimensions", MaxSobol)
	}
}

// The first points without scrambling, which are the same in every table with
// these polynomials as the first two dimensions leave no choice: Gray order.
func TestSequenceBegins(t *testing.T) {
	s := plainSequence(2)
	for i, want := range [][2]float64{{0, 0}, {0.5, 0.5}, {0.75, 0.25}, {0.25, 0.75}, {0.375, 0.375}, {0.875, 0.875}, {0.625, 0.125}, {0.125, 0.625}} {
		var u [2]float64
		s.Next(u[:])
		near(t, fmt.Sprint("point ", i), u[0], want[0], 1e-9)
		near(t, fmt.Sprint("point ", i), u[1], want[1], 1e-9)
	}
}

// Every block of 2^m points has one in each of the 2^m equal parts of every
// axis, scrambled or not.
func TestSequenceIsEven(t *testing.T) {
	for name, s := range map[string]*Sequence{"plain": plainSequence(MaxSobol), "scrambled": NewSequence(MaxSobol, 42)} {
		t.Run(name, func(t *testing.T) {
			u := make([]float64, MaxSobol)
			for _, block := range []int{0, 1, 2} {
				const size = 256
				var seen [MaxSobol][size]bool
				for range size {
					s.Next(u)
					for d, v := range u {
						if !(v > 0 && v < 1) {
							t.Fatalf("coordinate %v", v)
						}
						at := int(v * size)
						if seen[d][at] {
							t.Fatalf("block %d, dimension %d: two points in part %d", block, d+1, at)
						}
						seen[d][at] = true
					}
				}
			}
		})
	}
}

// Property A: the matrix of the first bits of the first d direction numbers of
// d dimensions can be inverted, for every d.
func TestPropertyA(t *testing.T) {
	s := plainSequence(MaxSobol)
	first := func(d, c int) bool { // first bit of direction number c, beyond 32 by the recurrence
		if c < 32 {
			return s.v[d][c]>>31 == 1
		}
		bit := make([]bool, c+1)
		row := sobolTable[d-1]
		for i := range bit {
			if i < 32 {
				bit[i] = s.v[d][i]>>31 == 1
				continue
			}
			bit[i] = bit[i-row.degree]
			for k := 1; k < row.degree; k++ {
				if row.poly>>(row.degree-1-k)&1 == 1 {
					bit[i] = bit[i] != bit[i-k]
				}
			}
		}
		return bit[c]
	}
	const dims = MaxSobol
	rows := make([][]uint64, 0, dims)
	for d := range dims {
		row := make([]uint64, dims/64+1)
		for c := range dims {
			if d == 0 && c == 0 || d > 0 && first(d, c) {
				row[c/64] |= 1 << (c % 64)
			}
		}
		for c, r := range rows {
			if row[c/64]>>(c%64)&1 == 1 {
				for i := range row {
					row[i] ^= r[i]
				}
			}
		}
		if row[d/64]>>(d%64)&1 == 0 {
			t.Fatalf("dimension %d: the leading matrix is singular", d+1)
		}
		rows = append(rows, row)
	}
}

// In the plane, the worst of the pairs of the first dimensions is still far
// more even than random points: parts of 2^-7 in shape 2^-a by 2^-(7-a).
func TestPlanesAreEven(t *testing.T) {
	const m, dims = 10, 40 // 1024 points
	s := NewSequence(dims, 7)
	points := make([][]float64, 1<<m)
	for i := range points {
		points[i] = make([]float64, dims)
		s.Next(points[i])
	}
	full, all := 0, 0
	for a := range dims {
		for b := range a {
			for split := 0; split <= 7; split++ {
				var count [128]int
				for _, u := range points {
					count[int(u[a]*float64(int(1)<<split))<<(7-split)|int(u[b]*float64(int(1)<<(7-split)))]++
				}
				even := true
				for _, n := range count {
					even = even && n == 8
				}
				all++
				if even {
					full++
				}
			}
		}
	}
	if share := float64(full) / float64(all); share < 0.8 {
		t.Errorf("%.3f of the divisions of planes are even", share)
	}
}

// maximise against every corner of the polytope.
func TestMaximise(t *testing.T) {
	for seed := range uint64(200) {
		k := 1 + int(mix(seed, 1)%3)
		n := 1 + int(mix(seed, 2)%6)
		number := func(i uint64) float64 { return float64(mix(seed, 100+i)%1000)/1000 + 0.01 }
		c := make([]float64, k)
		for j := range c {
			c[j] = number(uint64(j))
		}
		a, b := make([][]float64, n), make([]float64, n)
		for i := range a {
			a[i] = make([]float64, k)
			for j := range a[i] {
				a[i][j] = number(uint64(10 + i*k + j))
			}
			b[i] = 1
			if i > 0 && mix(seed, uint64(900+i))%3 == 0 { // through the origin; the first bounds all
				b[i] = 0
				a[i][0] = -a[i][0]
			}
		}
		// Corners are where k of the n+k bounds hold as equalities.
		best := math.Inf(-1)
		for set := range 1 << (n + k) {
			if bits.OnesCount(uint(set)) != k {
				continue
			}
			var m [][]float64
			for i := range n + k {
				if set>>i&1 == 0 {
					continue
				}
				row := make([]float64, k+1)
				if i < n {
					copy(row, a[i])
					row[k] = b[i]
				} else {
					row[i-n] = 1
				}
				m = append(m, row)
			}
			w, ok := solve(m)
			if !ok {
				continue
			}
			inside, value := true, 0.0
			for j, v := range w {
				inside = inside && v >= -1e-9
				value += c[j] * v
			}
			for i := range a {
				sum := 0.0
				for j := range w {
					sum += a[i][j] * w[j]
				}
				inside = inside && sum <= b[i]+1e-9
			}
			if inside {
				best = max(best, value)
			}
		}
		got, bounded := maximise(c, a, b)
		if !bounded {
			t.Errorf("programme %d: no bound", seed)
		}
		near(t, fmt.Sprint("programme ", seed), got, best, 1e-8*max(1, math.Abs(best)))
	}
}

// solve returns the solution of square linear equations, right side last.
func solve(m [][]float64) ([]float64, bool) {
	k := len(m)
	for p := range k {
		at := p
		for i := p; i < k; i++ {
			if math.Abs(m[i][p]) > math.Abs(m[at][p]) {
				at = i
			}
		}
		if math.Abs(m[at][p]) < 1e-9 {
			return nil, false
		}
		m[p], m[at] = m[at], m[p]
		for i := range k {
			if i != p {
				f := m[i][p] / m[p][p]
				for j := range m[i] {
					m[i][j] -= f * m[p][j]
				}
			}
		}
	}
	w := make([]float64, k)
	for i := range w {
		w[i] = m[i][k] / m[i][i]
	}
	return w, true
}

// The parts of a game add up, a player who changes nothing gets nothing, and
// two who change the same get the same.
func TestShapley(t *testing.T) {
	v := make([]float64, 16)
	for set := range v {
		a, b, c := float64(set&1), float64(set>>1&1), float64(set>>2&1)
		v[set] = 3*a + 5*b*c // the fourth player does nothing
	}
	for i, want := range []float64{3, 2.5, 2.5, 0} {
		near(t, fmt.Sprint("player ", i), shapley(4, v)[i], want, 1e-12)
	}
}

// An error names step, place and reason, and can be asked for the reason.
func TestErrorText(t *testing.T) {
	err := error(&Error{Step: "impute", Code: "I01", Unit: "KAZ", Err: ErrNoDonor})
	if got := err.Error(); got != "composite: impute I01, unit KAZ: nothing to impute from" {
		t.Error(got)
	}
	if !errors.Is(err, ErrNoDonor) {
		t.Error("the reason is lost")
	}
}
