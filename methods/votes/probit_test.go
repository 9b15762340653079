package votes

import (
	"fmt"
	"math"
	"testing"
)

// The logarithm against ln Φ of Python 3's erfc, to 12 digits, and at −40 the
// continued fraction of Mills' ratio in 40 decimals; the derivatives against
// differences of the logarithm.
func TestProbit(t *testing.T) {
	for _, tt := range []struct{ x, want, tol float64 }{
		{0, -math.Ln2, 1e-15}, {-1, -1.841021645009, 1e-11}, {-10, -53.231285151, 1e-8}, {-40, -804.608442, 1e-5},
	} {
		l, _ := tail(tt.x)
		near(t, fmt.Sprint("ln Φ of ", tt.x), l, tt.want, tt.tol)
	}
	for _, x := range []float64{far - 1e-9, far + 1e-9} { // the two branches meet
		l, r := tail(x)
		near(t, "ln Φ where the expansion begins", l, -454.3212439, 1e-6)
		near(t, "φ/Φ where the expansion begins", r, 30.03325956, 1e-6)
	}
	const h = 1e-4
	for step := range uint8(3) {
		for _, ab := range [][2]float64{{-0.5, 0.7}, {0.3, 0.31}, {-3, -2.5}, {4, 6}, {-9, -8}, {8, 8.5}, {-33, -32}, {31, 33}, {-2, 5}} {
			a, b := ab[0], ab[1]
			f := func(da, db float64) float64 { return probit(step, a+da, b+db).log }
			c := probit(step, a, b)
			width := 1.0
			if step == 1 {
				width = min(1, (b-a)*(b-a)) // the middle is steep where it is narrow
			}
			tol := 1e-5 * (1 + a*a + b*b) / width / width
			what := fmt.Sprintf("step %d between %v and %v: ", step, a, b)
			near(t, what+"∂a", c.a, (f(h, 0)-f(-h, 0))/(2*h), tol)
			near(t, what+"∂b", c.b, (f(0, h)-f(0, -h))/(2*h), tol)
			d := func(da, db float64) cell { return probit(step, a+da, b+db) }
			near(t, what+"∂aa", c.aa, (d(h, 0).a-d(-h, 0).a)/(2*h), tol)
			near(t, what+"∂ab", c.ab, (d(h, 0).b-d(-h, 0).b)/(2*h), tol)
			near(t, what+"∂bb", c.bb, (d(0, h).b-d(0, -h).b)/(2*h), tol)
		}
	}
	// What can happen adds to 1.
	for _, ab := range [][2]float64{{-0.5, 0.7}, {-8, 3}, {2, 2}} {
		sum := 0.0
		for step := range uint8(3) {
			sum += math.Exp(probit(step, ab[0], ab[1]).log)
		}
		near(t, "probabilities", sum, 1, 1e-14)
	}
}
