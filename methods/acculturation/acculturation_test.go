package acculturation

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

var five = Scale{Min: 1, Max: 5}

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s is %v, want %v within %v", what, got, want, tol)
	}
}

// Four people, one in each class; 3 is the middle and not above it.
func TestOfByHand(t *testing.T) {
	no := math.NaN()
	a := []Answer{
		{[]float64{5, 5, 5, 5}, []float64{4, 4, 4, 4}, 1},
		{[]float64{1, 1, 1, no}, []float64{5, 5, 5, 5}, 1}, // three of four are enough
		{[]float64{4, 4, 4, 4}, []float64{2, 2, 2, 2}, 1},
		{[]float64{3, 3, 3, 3}, []float64{1, 1, 1, 1}, 1},
		{[]float64{5, 5, no, no}, []float64{5, 5, 5, 5}, 1}, // two are not
		{[]float64{5, 5, 5, 5}, []float64{5, 5, 5, 5}, 0},   // nor is no weight
	}
	p, err := Of(a, five, 2, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	if p.N != 4 || p.Dropped != 2 {
		t.Errorf("%d counted, %d dropped", p.N, p.Dropped)
	}
	near(t, "heritage", p.Heritage.Value, (5+1+4+3)/4.0, 1e-12)
	near(t, "residence", p.Residence.Value, (4+5+2+1)/4.0, 1e-12)
	// Variance of 5, 1, 4, 3 over n is 35/16; t of 3 degrees is 3.182446.
	near(t, "the interval", p.Heritage.Hi-p.Heritage.Value, 3.182446*math.Sqrt(35.0/16/3), 1e-5)
	for _, c := range Classes() {
		near(t, string(c), p.Shares[c].Value, 0.25, 1e-12)
	}
	near(t, "effective", p.Effective, 4, 1e-12)
}

func TestWeightsCount(t *testing.T) {
	p, err := Of([]Answer{{[]float64{5}, []float64{5}, 3}, {[]float64{1}, []float64{1}, 1}}, five, 2, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "heritage", p.Heritage.Value, 4, 1e-12)
	near(t, "effective", p.Effective, 16.0/10, 1e-12)
	near(t, "integration", p.Shares[Integration].Value, 0.75, 1e-12)
}

// Two items that always agree have alpha 1; by hand for 1,2 / 2,4 / 3,3.
func TestAlpha(t *testing.T) {
	near(t, "the same twice", alpha([][]float64{{1, 1}, {2, 2}, {4, 4}}), 1, 1e-12)
	near(t, "by hand", alpha([][]float64{{1, 2}, {2, 4}, {3, 3}}), 2*(1-2.0/3), 1e-12)
	if v := alpha([][]float64{{1, math.NaN()}, {2, 2}}); !math.IsNaN(v) {
		t.Errorf("of one whole answer %v", v)
	}
}

func TestRefusals(t *testing.T) {
	one := []Answer{{[]float64{1}, []float64{1}, 1}, {[]float64{2}, []float64{2}, 1}}
	for _, tt := range []struct {
		answers []Answer
		s       Scale
		least   int
		level   float64
		want    error
	}{
		{one, Scale{5, 1, 0}, 2, 0.95, ErrScale}, {one, five, 2, 1, ErrScale}, {one, five, 20, 0.95, ErrFew}, {one[:1], five, 0, 0.95, ErrFew}, {nil, five, 0, 0.95, ErrFew},
		{[]Answer{{[]float64{6}, []float64{1}, 1}}, five, 0, 0.95, ErrItem},
	} {
		if _, err := Of(tt.answers, tt.s, tt.least, tt.level); !errors.Is(err, tt.want) {
			t.Errorf("%+v: %v, want %v", tt, err, tt.want)
		}
	}
}

// drawn are answers of n people whose two axes lie at h and r, related, with
// items that vary around them and weights that do not depend on them.
func drawn(rng *rand.Rand, n int, h, r float64) []Answer {
	out := make([]Answer, n)
	for i := range out {
		common := rng.NormFloat64()
		x, y := h+0.5*common+0.4*rng.NormFloat64(), r-0.3*common+0.5*rng.NormFloat64()
		out[i].Weight = 0.5 + rng.Float64()
		for range 4 {
			out[i].Heritage = append(out[i].Heritage, min(5, max(1, x+0.3*rng.NormFloat64())))
			out[i].Residence = append(out[i].Residence, min(5, max(1, y+0.3*rng.NormFloat64())))
		}
	}
	return out
}

// Swapping the axes swaps assimilation and separation; moving and stretching the
// scale moves the means and leaves the shares.
func TestProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	a := drawn(rng, 200, 3.4, 2.8)
	p, err := Of(a, five, 20, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	swapped, moved := make([]Answer, len(a)), make([]Answer, len(a))
	for i, x := range a {
		swapped[i] = Answer{x.Residence, x.Heritage, x.Weight}
		moved[i].Weight = 7 * x.Weight
		for k := range x.Heritage {
			moved[i].Heritage, moved[i].Residence = append(moved[i].Heritage, 10*x.Heritage[k]-10), append(moved[i].Residence, 10*x.Residence[k]-10)
		}
	}
	s, err := Of(swapped, five, 20, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "swapped heritage", s.Heritage.Value, p.Residence.Value, 1e-12)
	near(t, "swapped class", s.Shares[Assimilation].Value, p.Shares[Separation].Value, 1e-12)
	m, err := Of(moved, Scale{Min: 0, Max: 40}, 20, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "moved heritage", m.Heritage.Value, 10*p.Heritage.Value-10, 1e-9)
	near(t, "moved half", m.Heritage.Hi-m.Heritage.Lo, 10*(p.Heritage.Hi-p.Heritage.Lo), 1e-9)
	var sum float64
	for _, c := range Classes() {
		near(t, string(c), m.Shares[c].Value, p.Shares[c].Value, 1e-12)
		sum += p.Shares[c].Value
	}
	near(t, "all classes", sum, 1, 1e-12)
}

// Intervals hold the truth as often as they say.
func TestCoverage(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	big, err := Of(drawn(rng, 200_000, 3.4, 2.8), five, 2, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	const samples = 1500
	in := map[string]int{}
	for range samples {
		p, err := Of(drawn(rng, 150, 3.4, 2.8), five, 20, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		for what, x := range map[string][2]Estimate{"heritage": {p.Heritage, big.Heritage}, "residence": {p.Residence, big.Residence}, "integration": {p.Shares[Integration], big.Shares[Integration]}} {
			if x[0].Lo <= x[1].Value && x[1].Value <= x[0].Hi {
				in[what]++
			}
		}
	}
	for what, n := range in {
		if share := float64(n) / samples; share < 0.93 || share > 0.97 {
			t.Errorf("%s is held by %v of the intervals", what, share)
		}
	}
}

func BenchmarkOf(b *testing.B) {
	a := drawn(rand.New(rand.NewPCG(1, 2)), 10_000, 3.4, 2.8)
	for b.Loop() {
		if _, err := Of(a, five, 20, 0.95); err != nil {
			b.Fatal(err)
		}
	}
}
