package capture

import (
	"math"
)

// A design is a Poisson regression to be fitted: counts y of cells, whose
// logarithm of the expectation is offset + x·coefficients. Column 0 is the
// intercept: the logarithm of the expected count of those seen by nobody.
type design struct {
	names  []string // one per column
	x      [][]float64
	y      []float64
	offset []float64 // nil for none
}

// without returns the design with one column left out. The rows are copied.
func (d design) without(column int) design {
	out := design{y: d.y, offset: d.offset, x: make([][]float64, len(d.x))}
	out.names = append(append(out.names, d.names[:column]...), d.names[column+1:]...)
	for i, row := range d.x {
		r := make([]float64, 0, len(row)-1)
		out.x[i] = append(append(r, row[:column]...), row[column+1:]...)
	}
	return out
}

// A regression is a fitted design.
type regression struct {
	coef      []float64 // NaN for a column that depends on those before it
	cov       [][]float64
	mu        []float64 // expected counts
	deviance  float64
	loglik    float64 // with the factorials of whole counts
	rank      int
	converged bool
}

const (
	// dependent is the share of a column's length below which what the columns
	// before it leave of it is taken for rounding.
	dependent = 1e-9
	// settled is the relative change of the deviance at which the search for
	// the maximum ends. Where the maximum lies at infinity the deviance settles
	// too, and the coefficient that runs off is left where it then stands.
	settled = 1e-13
	// enough is the relative change at which R's glm stops. The covariance is
	// that of the weighted regression of this step, as R's is, so that
	// standard errors agree to all digits shown. At the maximum itself they
	// differ by some 10⁻⁵ of their value.
	enough = 1e-8
	rounds = 100
)

// fit returns the maximum-likelihood fit by iteratively reweighted least
// squares from fitted counts of y + 0.1. Columns that depend on earlier ones
// are left out, as R does, with a coefficient of NaN.
func (d design) fit() regression {
	rows, cols := len(d.y), len(d.names)
	r := regression{coef: make([]float64, cols), mu: make([]float64, rows)}
	free := independent(d.x, cols)
	r.rank = len(free)

	eta := make([]float64, rows)
	for i, y := range d.y {
		r.mu[i] = y + 0.1
		eta[i] = math.Log(r.mu[i])
	}
	before := math.Inf(1)
	b := make([]float64, len(free))
	old := make([]float64, len(free))
	ls := newLeastSquares(rows, len(free))
	weights := make([]float64, rows) // of the step that gives the covariance
	fixed := false
	var people float64
	for _, y := range d.y {
		people += y
	}
	for round := range rounds {
		if !fixed {
			copy(weights, r.mu)
		}
		for i := range d.y {
			w := math.Sqrt(r.mu[i])
			for j, c := range free {
				ls.q[j][i] = w * d.x[i][c]
			}
			ls.rhs[i] = w * (eta[i] - d.off(i) + (d.y[i]-r.mu[i])/r.mu[i])
		}
		copy(old, b)
		ls.solve(b)
		dev := d.predict(free, b, eta, r.mu)
		// Newton's step can overshoot from a poor start: go back half-way.
		for half := 0; round > 0 && half < 30 && !(dev <= before*(1+1e-9)+1e-9); half++ {
			for j := range b {
				b[j] = (b[j] + old[j]) / 2
			}
			dev = d.predict(free, b, eta, r.mu)
		}
		change := math.Abs(dev - before)
		fixed = fixed || change <= enough*(math.Abs(dev)+0.1)
		// The sum of the counts bounds what rounding does to the deviance.
		done := change <= settled*(math.Abs(dev)+0.1)+1e-15*people
		before = dev
		if done {
			r.converged = true
			break
		}
	}
	r.deviance = before
	for i, y := range d.y {
		lg, _ := math.Lgamma(y + 1)
		r.loglik += -r.mu[i] - lg
		if y > 0 {
			r.loglik += y * math.Log(r.mu[i])
		}
	}
	for i := range d.y {
		w := math.Sqrt(weights[i])
		for j, c := range free {
			ls.q[j][i] = w * d.x[i][c]
		}
	}
	for j := range r.coef {
		r.coef[j] = math.NaN()
	}
	for j, c := range free {
		r.coef[c] = b[j]
	}
	r.cov = make([][]float64, cols)
	for j := range r.cov {
		r.cov[j] = make([]float64, cols)
		for k := range r.cov[j] {
			r.cov[j][k] = math.NaN()
		}
	}
	inverse := ls.inverse()
	for j, c := range free {
		for k, e := range free {
			r.cov[c][e] = inverse[j][k]
		}
	}
	return r
}

func (d design) off(i int) float64 {
	if d.offset == nil {
		return 0
	}
	return d.offset[i]
}

// predict sets eta and mu to what the coefficients give and returns the
// deviance, which is not a number when a prediction overflows.
func (d design) predict(free []int, b, eta, mu []float64) float64 {
	var dev float64
	for i, y := range d.y {
		e := d.off(i)
		for j, c := range free {
			e += b[j] * d.x[i][c]
		}
		// Below e^-300 a cell is empty for every purpose; keeping it above zero
		// keeps its weight finite.
		eta[i] = max(e, -300)
		mu[i] = math.Exp(eta[i])
		dev += 2 * (mu[i] - y)
		if y > 0 {
			dev += 2 * y * math.Log(y/mu[i])
		}
	}
	return dev
}

// aic is Akaike's criterion, −2 log-likelihood + 2 rank.
func (r regression) aic() float64 { return -2*r.loglik + 2*float64(r.rank) }

// independent returns the columns of x that do not depend on those before
// them, in order.
func independent(x [][]float64, cols int) []int {
	var free []int
	var basis [][]float64
	for c := range cols {
		v := make([]float64, len(x))
		for i := range x {
			v[i] = x[i][c]
		}
		whole := norm(v)
		for range 2 { // once more for what rounding left
			for _, q := range basis {
				axpy(-dot(q, v), q, v)
			}
		}
		if left := norm(v); whole > 0 && left > dependent*whole {
			scale(1/left, v)
			basis = append(basis, v)
			free = append(free, c)
		}
	}
	return free
}

// A leastSquares solves small least-squares problems by Gram–Schmidt
// orthogonalisation, done twice, which is as accurate as reflections.
type leastSquares struct {
	q   [][]float64 // columns; orthonormal after solve
	r   [][]float64 // upper triangle, r[j][k] with j <= k
	rhs []float64
}

func newLeastSquares(rows, cols int) *leastSquares {
	ls := &leastSquares{rhs: make([]float64, rows)}
	for range cols {
		ls.q = append(ls.q, make([]float64, rows))
		ls.r = append(ls.r, make([]float64, cols))
	}
	return ls
}

// factor makes the columns orthonormal and sets r.
func (ls *leastSquares) factor() {
	for k, v := range ls.q {
		for j := range ls.q {
			ls.r[j][k] = 0
		}
		for range 2 {
			for j := range k {
				t := dot(ls.q[j], v)
				ls.r[j][k] += t
				axpy(-t, ls.q[j], v)
			}
		}
		n := norm(v)
		ls.r[k][k] = n
		if n > 0 {
			scale(1/n, v)
		}
	}
}

// solve sets b to the solution for the columns q and the right-hand side.
func (ls *leastSquares) solve(b []float64) {
	ls.factor()
	for j := len(b) - 1; j >= 0; j-- {
		t := dot(ls.q[j], ls.rhs)
		for k := j + 1; k < len(b); k++ {
			t -= ls.r[j][k] * b[k]
		}
		if b[j] = 0; ls.r[j][j] > 0 {
			b[j] = t / ls.r[j][j]
		}
	}
}

// inverse returns (QᵀQ)⁻¹ of the columns q as they stand before factoring.
func (ls *leastSquares) inverse() [][]float64 {
	ls.factor()
	p := len(ls.q)
	u := make([][]float64, p) // R⁻¹, upper triangle
	for j := range u {
		u[j] = make([]float64, p)
	}
	for k := range p {
		u[k][k] = 1 / ls.r[k][k]
		for j := k - 1; j >= 0; j-- {
			var t float64
			for l := j + 1; l <= k; l++ {
				t += ls.r[j][l] * u[l][k]
			}
			u[j][k] = -t / ls.r[j][j]
		}
	}
	out := make([][]float64, p)
	for i := range out {
		out[i] = make([]float64, p)
		for j := range out[i] {
			for k := max(i, j); k < p; k++ {
				out[i][j] += u[i][k] * u[j][k]
			}
		}
	}
	return out
}

func dot(a, b []float64) float64 {
	var s float64
	for i, v := range a {
		s += v * b[i]
	}
	return s
}

func norm(a []float64) float64 { return math.Sqrt(dot(a, a)) }

func axpy(t float64, a, b []float64) {
	for i, v := range a {
		b[i] += t * v
	}
}

func scale(t float64, a []float64) {
	for i := range a {
		a[i] *= t
	}
}
