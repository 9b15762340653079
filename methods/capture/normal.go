package capture

import (
	"math"
)

// hermite are the nodes and weights of the Gauss–Hermite rule with 20 points,
// for integrals of f(x)·exp(−x²).
var hermite = gaussHermite(20)

type quadrature struct{ node, weight []float64 }

// gaussHermite returns the Gauss–Hermite rule with n points, found by Newton's
// method on the Hermite polynomial in its orthonormal form.
func gaussHermite(n int) quadrature {
	q := quadrature{make([]float64, n), make([]float64, n)}
	value := func(x float64) (p, slope float64) {
		p0, p1 := 0.0, math.Pow(math.Pi, -0.25)
		for j := range n {
			p0, p1 = p1, x*math.Sqrt(2/float64(j+1))*p1-math.Sqrt(float64(j)/float64(j+1))*p0
		}
		return p1, math.Sqrt(2*float64(n)) * p0
	}
	// The roots are simple: walk down from above the largest and refine each
	// change of sign.
	top, step := math.Sqrt(2*float64(n)+1), 1e-2
	found := 0
	last, _ := value(top)
	for x := top - step; found < n; x -= step {
		p, _ := value(x)
		if p*last <= 0 {
			root := x + step/2
			for range 50 {
				p, slope := value(root)
				root -= p / slope
			}
			_, slope := value(root)
			q.node[found], q.weight[found] = root, 2/(slope*slope)
			found++
		}
		last = p
	}
	return q
}

// normalMu sets mu to the expected counts of the model with normal
// heterogeneity: parameters are the coefficients of the design and σ.
//
//	log μ(p) = β₀ + x(p)β + log( E[C(σZ) e^{kσZ}] / E[C(σZ)] )
//	C(a)     = e^β₀ / (e^β₀ + Σ_p e^{β₀ + x(p)β + k a})
//
// where k is how many lists p has and Z is standard normal: C(a) is the chance
// that someone of propensity a is on no list.
func normalMu(d design, lists []int, param, mu []float64) {
	last := len(param) - 1
	sigma := param[last] * math.Sqrt2
	most := 0
	linear := make([]float64, len(d.x))
	for i, row := range d.x {
		linear[i] = d.off(i) + dot(row, param[:last])
		most = max(most, lists[i])
	}
	miss := make([]float64, len(hermite.node))
	var whole float64
	for q, z := range hermite.node {
		odds := 0.0
		for i, l := range linear {
			odds += math.Exp(l - param[0] + float64(lists[i])*sigma*z)
		}
		miss[q] = hermite.weight[q] / (1 + odds)
		whole += miss[q]
	}
	shift := make([]float64, most+1)
	for k := range shift {
		var s float64
		for q, z := range hermite.node {
			s += miss[q] * math.Exp(float64(k)*sigma*z)
		}
		shift[k] = math.Log(s / whole)
	}
	for i, l := range linear {
		mu[i] = math.Exp(l + shift[lists[i]])
	}
}

// fitNormal fits a model with normal heterogeneity by scoring, from the fit
// with Darroch's column.
func fitNormal(seen, used int, m Model, d design) (Fit, error) {
	p := len(d.names) + 1
	if p > len(d.y) {
		return Fit{}, ErrTooFewCounts
	}
	lists := make([]int, len(d.y))
	for i := range lists {
		if m.Effects == Equal && d.offset != nil {
			lists[i] = i + 1
			continue
		}
		for b := i + 1; b > 0; b &= b - 1 {
			lists[i]++
		}
	}
	start := d
	start.names = append(start.names[:len(start.names):len(start.names)], "tau")
	start.x = make([][]float64, len(d.x))
	for i, row := range d.x {
		k := float64(lists[i])
		start.x[i] = append(row[:len(row):len(row)], k*k/2)
	}
	s := start.fit()
	if s.rank < p {
		return Fit{}, ErrTooFewCounts
	}
	// The curve of Darroch with slope τ is that of propensities with variance τ
	// among those on no list.
	param := append(s.coef[:p-1:p-1], math.Sqrt(max(s.coef[p-1], 0.04)))

	mu := make([]float64, len(d.y))
	trial := make([]float64, p)
	jacobian := make([][]float64, p)
	for j := range jacobian {
		jacobian[j] = make([]float64, len(d.y))
	}
	deviance := func(param []float64) float64 {
		normalMu(d, lists, param, mu)
		var dev float64
		for i, y := range d.y {
			dev += 2 * (mu[i] - y)
			if y > 0 {
				dev += 2 * y * math.Log(y/mu[i])
			}
		}
		return dev
	}
	// slopes sets the derivatives of log μ in each parameter.
	slopes := func() {
		up, down := make([]float64, len(d.y)), make([]float64, len(d.y))
		for j := range param {
			copy(trial, param)
			step := 1e-5 * max(1, math.Abs(param[j]))
			trial[j] = param[j] + step
			normalMu(d, lists, trial, up)
			trial[j] = param[j] - step
			normalMu(d, lists, trial, down)
			for i := range d.y {
				jacobian[j][i] = math.Log(up[i]/down[i]) / (2 * step)
			}
		}
	}
	ls := newLeastSquares(len(d.y), p)
	step := make([]float64, p)
	before := deviance(param)
	converged := false
	for range rounds {
		slopes()
		normalMu(d, lists, param, mu)
		for i, y := range d.y {
			w := math.Sqrt(mu[i])
			for j := range p {
				ls.q[j][i] = w * jacobian[j][i]
			}
			ls.rhs[i] = (y - mu[i]) / w
		}
		ls.solve(step)
		dev := math.Inf(1)
		next := make([]float64, p)
		for half := 1.0; half > 1e-10; half /= 2 {
			for j := range next {
				next[j] = param[j] + half*step[j]
			}
			if dev = deviance(next); dev <= before {
				break
			}
		}
		if !(dev <= before) {
			converged = true // no step lowers it: at the minimum to rounding
			break
		}
		copy(param, next)
		if before-dev <= 1e-11*(math.Abs(dev)+0.1) {
			converged = true
			break
		}
		before = dev
	}
	covariance := normalCovariance(param, deviance)
	var loglik float64
	before = deviance(param)
	for i, y := range d.y {
		lg, _ := math.Lgamma(y + 1)
		loglik += -mu[i] - lg
		if y > 0 {
			loglik += y * math.Log(mu[i])
		}
	}
	unseen := math.Exp(param[0])
	f := Fit{
		Model: m, Seen: seen, N: float64(seen) + unseen,
		Deviance: before, DF: len(d.y) - p,
		AIC: -2*loglik + 2*float64(p), BIC: -2*loglik + math.Log(float64(seen))*float64(p),
		Bias: math.NaN(), Converged: converged && param[p-1] > 0,
	}
	if covariance == nil || math.IsInf(unseen, 0) {
		return f, ErrNoEstimate
	}
	f.SE = math.Sqrt(unseen + unseen*unseen*covariance[0][0])
	for j, name := range append(d.names[:len(d.names):len(d.names)], "sigma") {
		f.Coef = append(f.Coef, Coefficient{name, param[j], math.Sqrt(covariance[j][j])})
	}
	return f, nil
}

// normalCovariance returns the inverse of half the second derivatives of the
// deviance, or nil where they are not those of a minimum.
func normalCovariance(param []float64, deviance func([]float64) float64) [][]float64 {
	p := len(param)
	step := make([]float64, p)
	for j := range step {
		step[j] = 1e-3 * max(0.1, math.Abs(param[j])) / 10
	}
	at := func(j int, sj float64, k int, sk float64) float64 {
		t := append([]float64(nil), param...)
		t[j] += sj * step[j]
		t[k] += sk * step[k]
		return deviance(t)
	}
	hessian := make([][]float64, p)
	for j := range hessian {
		hessian[j] = make([]float64, p)
	}
	for j := range p {
		for k := range j + 1 {
			v := (at(j, 1, k, 1) - at(j, 1, k, -1) - at(j, -1, k, 1) + at(j, -1, k, -1)) / (4 * step[j] * step[k])
			hessian[j][k], hessian[k][j] = v/2, v/2
		}
	}
	return invert(hessian)
}

// invert returns the inverse of a symmetric positive definite matrix, or nil
// for another.
func invert(a [][]float64) [][]float64 {
	n := len(a)
	l := make([][]float64, n) // lower triangle of Cholesky
	for i := range l {
		l[i] = make([]float64, n)
		for j := range i + 1 {
			s := a[i][j]
			for k := range j {
				s -= l[i][k] * l[j][k]
			}
			if i != j {
				l[i][j] = s / l[j][j]
				continue
			}
			if !(s > 0) {
				return nil
			}
			l[i][i] = math.Sqrt(s)
		}
	}
	out := make([][]float64, n)
	for c := range out {
		x := make([]float64, n)
		for i := range n {
			s := indicator(i == c)
			for k := range i {
				s -= l[i][k] * x[k]
			}
			x[i] = s / l[i][i]
		}
		for i := n - 1; i >= 0; i-- {
			s := x[i]
			for k := i + 1; k < n; k++ {
				s -= l[k][i] * x[k]
			}
			x[i] = s / l[i][i]
		}
		out[c] = x
	}
	return out
}
