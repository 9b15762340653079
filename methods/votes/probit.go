package votes

import "math"

// A cell is the logarithm of the probability of one vote and its derivatives
// in the two limits a and b between which the latent error must fall.
type cell struct {
	log        float64 // of the probability
	a, b       float64 // first derivatives
	aa, ab, bb float64 // second derivatives
}

const (
	invSqrt2   = 1 / math.Sqrt2
	invSqrt2Pi = 0.398942280401432677939946059934
)

// density returns the standard normal density at x.
func density(x float64) float64 { return invSqrt2Pi * math.Exp(-x*x/2) }

// below returns the standard normal distribution function at x, with a small
// relative error in both tails.
func below(x float64) float64 { return math.Erfc(-x*invSqrt2) / 2 }

// far is where the tail of the normal distribution is replaced by its
// expansion: the tail itself is still above the smallest number there.
const far = -30

// tail returns ln Φ(x) and φ(x)/Φ(x), both with a small relative error
// however far out x lies.
func tail(x float64) (log, ratio float64) {
	if x > far {
		p := below(x)
		return math.Log(p), density(x) / p
	}
	// Φ(x) = φ(x)/|x| · (1 − 1/x² + 3/x⁴ − 15/x⁶ + …); the term left out is
	// below 2e-10 of the sum.
	q := 1 / (x * x)
	sum := 1 - q*(1-3*q*(1-5*q))
	return -x*x/2 - math.Log(-x) + math.Log(invSqrt2Pi) + math.Log(sum), -x / sum
}

// probit returns the cell of a vote: below a for yes (0), between a and b for
// abstention (1), above b for no (2), where the latent error is standard
// normal and a ≤ b.
func probit(step uint8, a, b float64) cell {
	switch step {
	case 0:
		l, m := tail(a)
		return cell{log: l, a: m, aa: -m * (a + m)}
	case 2:
		l, m := tail(-b)
		return cell{log: l, b: -m, bb: -m * (m - b)}
	}
	// Between: mirror so that both tails are taken on the side where they are
	// small, which keeps their difference accurate.
	mirrored := a+b > 0
	if mirrored {
		a, b = -b, -a
	}
	var l, ra, rb float64 // ln P, φ(a)/P, φ(b)/P
	if b > far {
		p := below(b) - below(a)
		l, ra, rb = math.Log(p), density(a)/p, density(b)/p
	} else {
		lb, mb := tail(b)
		la, ma := tail(a)
		e := math.Exp(la - lb) // Φ(a)/Φ(b)
		l, rb, ra = lb+math.Log1p(-e), mb/(1-e), ma*e/(1-e)
	}
	c := cell{log: l, a: -ra, b: rb}
	c.aa = a*ra - ra*ra
	c.bb = -b*rb - rb*rb
	c.ab = ra * rb
	if mirrored {
		c.a, c.b, c.aa, c.bb = -c.b, -c.a, c.bb, c.aa
	}
	return c
}
