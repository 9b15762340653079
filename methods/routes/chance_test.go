package routes

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The mean and the ends are those of the distribution by hand, and the interval
// holds the truth about as often as it says.
func TestChance(t *testing.T) {
	p, lo, hi, err := Chance(0, 72, 0.9)
	if err != nil || math.Abs(p-0.5/73) > 1e-12 || !(lo > 0 && lo < p && hi > p && hi < 0.03) {
		t.Errorf("never closed: %v (%v to %v), %v", p, lo, hi, err)
	}
	// What is closed in one view is open in the other.
	a, alo, ahi, _ := Chance(1, 1, 0.9)
	b, blo, bhi, _ := Chance(0, 1, 0.9)
	if math.Abs(a+b-1) > 1e-12 || math.Abs(alo+bhi-1) > 1e-9 || math.Abs(ahi+blo-1) > 1e-9 {
		t.Errorf("%v (%v to %v) against %v (%v to %v)", a, alo, ahi, b, blo, bhi)
	}
	rng := rand.New(rand.NewPCG(3, 3))
	for _, truth := range []float64{0.05, 0.2, 0.5} {
		in := 0
		const draws = 4000
		for range draws {
			k := 0
			for range 72 {
				if rng.Float64() < truth {
					k++
				}
			}
			if _, lo, hi, _ := Chance(k, 72, 0.9); lo <= truth && truth <= hi {
				in++
			}
		}
		if c := float64(in) / draws; c < 0.86 || c > 0.95 {
			t.Errorf("at %v covers %v", truth, c)
		}
	}
	for _, x := range []struct {
		k, n  int
		level float64
	}{{-1, 3, 0.9}, {4, 3, 0.9}, {1, 3, 0}, {1, 3, 1}} {
		if _, _, _, err := Chance(x.k, x.n, x.level); err == nil {
			t.Errorf("%+v is taken", x)
		}
	}
}
