package pooling

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// A GroupedFit is the model of effects whose errors are shared within groups,
// such as figures of one publisher:
//
//	y_i = x_iᵀ β + u_g(i) + e_i,   u_g ~ N(0, σ²),   e_i ~ N(0, v_i)
type GroupedFit struct {
	Beta, SE []float64
	Lo, Hi   []float64 // at Level
	Sigma2   float64   // variance shared within groups
	Q        float64   // sum of squares without the shared error
	QP       float64
	LogLik   float64 // restricted
	Level    float64
}

// Grouped fits the model by restricted maximum likelihood, or at the variance
// given if it is not negative. A level of 0 is 0.95.
//
// Accuracy: agrees with metafor's rma.mv to 1e-8 at a given variance and 1e-4
// where the variance is searched for (TestConformanceMeta).
//
// It returns [ErrMeta].
func Grouped(y, v []float64, x *mat.Dense, group []string, sigma2, level float64) (*GroupedFit, error) {
	k := len(y)
	if x == nil || k == 0 || len(v) != k || len(group) != k {
		return nil, fmt.Errorf("%w: %d effects, %d variances, %d groups", ErrMeta, k, len(v), len(group))
	}
	rows, p := x.Dims()
	if rows != k || k <= p {
		return nil, fmt.Errorf("%w: %d effects cannot tell %d coefficients and a variance apart", ErrMeta, k, p)
	}
	if level == 0 {
		level = 0.95
	}
	ones := make([]float64, k)
	for i := range ones {
		if math.IsNaN(y[i]) || math.IsInf(y[i], 0) || !(v[i] > 0) || math.IsInf(v[i], 0) {
			return nil, fmt.Errorf("%w: effect %d is %g with variance %g", ErrMeta, i+1, y[i], v[i])
		}
		ones[i] = 1
	}
	plain, err := fit(y, x, ones)
	if err != nil {
		return nil, err
	}
	within, err := fit(y, x, inverse(v, 0))
	if err != nil {
		return nil, err
	}
	g := &GroupedFit{Level: level, Q: within.rss, QP: distuv.ChiSquared{K: float64(k - p)}.Survival(within.rss)}
	at := func(s2 float64) (beta *mat.VecDense, cov *mat.SymDense, logLik float64, err error) {
		sigma := mat.NewSymDense(k, nil)
		for i := range k {
			for j := i; j < k; j++ {
				c := 0.0
				if group[i] == group[j] {
					c = s2
				}
				if i == j {
					c += v[i]
				}
				sigma.SetSym(i, j, c)
			}
		}
		var chol, inner mat.Cholesky
		if !chol.Factorize(sigma) {
			return nil, nil, 0, fmt.Errorf("%w: variances are not positive", ErrMeta)
		}
		var vx mat.Dense
		var vy mat.VecDense
		if err := chol.SolveTo(&vx, x); err != nil {
			return nil, nil, 0, fmt.Errorf("%w: %w", ErrMeta, err)
		}
		yv := mat.NewVecDense(k, slices.Clone(y))
		if err := chol.SolveVecTo(&vy, yv); err != nil {
			return nil, nil, 0, fmt.Errorf("%w: %w", ErrMeta, err)
		}
		var xvx mat.Dense
		xvx.Mul(x.T(), &vx)
		sym := mat.NewSymDense(p, nil)
		for a := range p {
			for b := a; b < p; b++ {
				sym.SetSym(a, b, (xvx.At(a, b)+xvx.At(b, a))/2)
			}
		}
		if !inner.Factorize(sym) {
			return nil, nil, 0, fmt.Errorf("%w: columns of the table say the same", ErrMeta)
		}
		var xvy mat.VecDense
		xvy.MulVec(x.T(), &vy)
		beta, cov = mat.NewVecDense(p, nil), mat.NewSymDense(p, nil)
		if err := inner.SolveVecTo(beta, &xvy); err != nil {
			return nil, nil, 0, fmt.Errorf("%w: %w", ErrMeta, err)
		}
		if err := inner.InverseTo(cov); err != nil {
			return nil, nil, 0, fmt.Errorf("%w: %w", ErrMeta, err)
		}
		rss := mat.Dot(yv, &vy) - mat.Dot(beta, &xvy)
		logLik = -(float64(k-p)*math.Log(2*math.Pi) + chol.LogDet() + inner.LogDet() - plain.ldet + rss) / 2
		return beta, cov, logLik, nil
	}
	if g.Sigma2 = sigma2; sigma2 < 0 {
		if g.Sigma2, err = argmax(func(s float64) (float64, error) { _, _, l, err := at(s); return l, err }); err != nil {
			return nil, err
		}
	}
	beta, cov, logLik, err := at(g.Sigma2)
	if err != nil {
		return nil, err
	}
	g.LogLik = logLik
	z := distuv.UnitNormal.Quantile(1 - (1-level)/2)
	for a := range p {
		b, se := beta.AtVec(a), math.Sqrt(cov.At(a, a))
		g.Beta, g.SE = append(g.Beta, b), append(g.SE, se)
		g.Lo, g.Hi = append(g.Lo, b-z*se), append(g.Hi, b+z*se)
	}
	return g, nil
}

// argmax returns the s of zero or more at which f is largest, by a coarse look
// at powers of two and a golden-section search around the best, on the scale
// of log(1e-12+s).
func argmax(f func(float64) (float64, error)) (float64, error) {
	best, at := math.Inf(-1), 0.0
	for e := -40; e <= 20; e++ {
		s := math.Exp2(float64(e))
		if e == -40 {
			s = 0
		}
		v, err := f(s)
		if err != nil {
			return 0, err
		}
		if v > best {
			best, at = v, s
		}
	}
	if at == 0 {
		return 0, nil
	}
	lo, hi := math.Log(at/2), math.Log(at*2)
	const golden = 0.6180339887498949
	a, b := hi-golden*(hi-lo), lo+golden*(hi-lo)
	fa, err := f(math.Exp(a))
	if err != nil {
		return 0, err
	}
	fb, err := f(math.Exp(b))
	if err != nil {
		return 0, err
	}
	for hi-lo > 1e-10 {
		if fa > fb {
			hi, b, fb = b, a, fa
			a = hi - golden*(hi-lo)
			if fa, err = f(math.Exp(a)); err != nil {
				return 0, err
			}
		} else {
			lo, a, fa = a, b, fb
			b = lo + golden*(hi-lo)
			if fb, err = f(math.Exp(b)); err != nil {
				return 0, err
			}
		}
	}
	return math.Exp((lo + hi) / 2), nil
}
