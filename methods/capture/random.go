package capture

import (
	"math"
	"math/rand/v2"
)

// gammaLog returns the logarithm of a draw from the gamma distribution with the
// shape and scale 1. The logarithm keeps draws of small shape from vanishing.
//
// References: [marsaglia2000].
func gammaLog(rng *rand.Rand, shape float64) float64 {
	var boost float64
	if shape < 1 {
		boost = -rng.ExpFloat64() / shape // log of u^(1/shape)
		shape++
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := rng.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(1-rng.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return boost + math.Log(d) + math.Log(v)
		}
	}
}

// betaLog returns the logarithms of a draw from the beta distribution and of
// one minus it.
func betaLog(rng *rand.Rand, a, b float64) (x, rest float64) {
	ga, gb := gammaLog(rng, a), gammaLog(rng, b)
	high := max(ga, gb)
	sum := high + math.Log(math.Exp(ga-high)+math.Exp(gb-high))
	return ga - sum, gb - sum
}

// binomial returns how many of n trials of chance p succeed. It counts the gaps
// between successes for few of them and halves the trials with a beta draw
// where there would be many.
//
// References: [devroye1986], for the splitting at an order statistic.
func binomial(rng *rand.Rand, n int, p float64) int {
	if p <= 0 || n <= 0 {
		return 0
	}
	if p >= 1 {
		return n
	}
	if p > 0.5 {
		return n - binomial(rng, n, 1-p)
	}
	done := 0
	for float64(n)*p > 16 {
		// The i-th of n uniform numbers in order is beta: those below it and
		// those above it are again uniform.
		i := (n + 1) / 2
		x, _ := betaLog(rng, float64(i), float64(n-i+1))
		b := math.Exp(x)
		if b <= p {
			done += i
			n -= i
			p = (p - b) / (1 - b)
		} else {
			n = i - 1
			p /= b
		}
		if p > 0.5 {
			return done + n - binomial(rng, n, 1-p)
		}
	}
	// Gaps between successes are geometric.
	fail := math.Log1p(-p)
	if fail == 0 {
		return done
	}
	for at := 0; ; done++ {
		gap := math.Floor(-rng.ExpFloat64() / fail)
		if gap >= float64(n-at) {
			return done
		}
		at += int(gap) + 1
	}
}

// poisson returns a draw from the Poisson distribution with the mean.
func poisson(rng *rand.Rand, mean float64) int {
	done := 0
	for mean > 16 {
		// The time of the i-th event is gamma.
		i := int(mean * 7 / 8)
		t := math.Exp(gammaLog(rng, float64(i)))
		if t > mean {
			return done + binomial(rng, i-1, mean/t)
		}
		done += i
		mean -= t
	}
	for t := rng.ExpFloat64(); t <= mean; t += rng.ExpFloat64() {
		done++
	}
	return done
}
