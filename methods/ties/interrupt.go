package ties

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// ErrShort is returned for a series with too few points on one side of the
// break to tell a level from a trend.
var ErrShort = errors.New("ties: fewer than three points before the break, or after it")

// A Coefficient is an estimate with its standard errors and interval.
type Coefficient struct {
	Value  float64
	SE     float64 // standard error the interval is made of
	Robust float64 // standard error of Newey and West
	Lo, Hi float64 // interval at the level asked for
}

// A Break is what changed in a series at a date, in the unit of the series.
type Break struct {
	Before       Coefficient // level at the first time of the series
	Trend        Coefficient // before the break, per unit of time
	Level        Coefficient // jump at the break
	Bend         Coefficient // change of the trend, per unit of time
	Mean         Coefficient // mean of what the points after the break exceed the continued trend by
	Total        Coefficient // sum of the same
	R2           float64     // share of the variance that the lines take up
	DurbinWatson float64     // Σ(e_i − e_{i−1})²/Σe²: 2 where residuals are independent, less where neighbours go together
	Correlation  float64     // of the error of each point with that of the one before, freed of what fitting hides
	N            int         // points used
}

// Interrupted fits two lines to a series, one before the date of the break and
// one from it on, and returns what changed, with intervals at the given level;
// t are the times, in order, and y the values, NaN where missing:
//
//	y = a + b·(t − t₁) + c·[t ≥ at] + d·(t − at)·[t ≥ at] + e
//
// by least squares. What the series exceeds its continued trend by at a time t
// after the break is c + d·(t − at); Mean and Total are over the times of the
// points there.
//
// Robust errors are those of [newey1987], with residuals up to lags points
// apart allowed to go together, lags 0 for none. In a series of some tens of
// points they are far too small, because four coefficients follow the very
// swings they should measure. The errors SE, which the intervals are made of
// with the quantile of Student's distribution with n − 4 degrees of freedom,
// suppose instead that each error goes with the one before, by a correlation ρ:
//
//	SE² of c'β = c'(X'X)⁻¹X'·σ²Ω·X(X'X)⁻¹c,   Ω_ij = ρ^|i−j|
//
// with ρ ≥ 0 such that residuals of the fit, M·u for errors u and M = I −
// X(X'X)⁻¹X', would correlate with their neighbours as those seen do, and σ²
// such that they would be as large:
//
//	tr(MAMΩ)/tr(MΩ) = Σe_i·e_{i−1}/Σe²,   σ² = Σe²/tr(MΩ)
//
// where A has ½ beside the diagonal and 0 elsewhere.
//
// Assumptions: without the break the trend would have gone on. Whatever else
// happened at the date is in the estimate too: one series cannot tell two
// causes apart. A trend that was bending already looks like a break. Points are
// about evenly spaced as far as their errors go; errors that wander without
// coming back make the intervals too narrow.
//
// Accuracy: TestConformanceInterrupted, to 1e-6 (estimates and robust errors);
// TestInterruptedCoverage: with 48 points intervals of level 0.9 cover 0.90 to
// 0.92 where errors are independent, 0.86 to 0.89 where neighbours correlate at
// 0.4; those from robust errors with three lags would cover 0.75 to 0.81 and
// 0.67 to 0.71.
//
// It returns [ErrShort], and an error for times out of order or missing, lists
// of different length, negative lags, and a level outside (0, 1).
//
// References: [wagner2002] for the model; [newey1987]; [mcgilchrist1989] for
// correlations freed of what fitting hides, in likelihood's terms.
func Interrupted(t, y []float64, at float64, lags int, level float64) (Break, error) {
	switch {
	case len(t) != len(y):
		return Break{}, fmt.Errorf("ties: %d times for %d values", len(t), len(y))
	case lags < 0 || !(level > 0 && level < 1) || math.IsNaN(at):
		return Break{}, fmt.Errorf("ties: a break at %v with %d lags at level %v", at, lags, level)
	}
	var times, values []float64
	before := 0
	for i, v := range t {
		if math.IsNaN(v) || i > 0 && !(v > t[i-1]) {
			return Break{}, fmt.Errorf("ties: time %d is %v after %v", i, v, t[max(0, i-1)])
		}
		if math.IsNaN(y[i]) {
			continue
		}
		if math.IsInf(y[i], 0) {
			return Break{}, fmt.Errorf("ties: value %d is %v", i, y[i])
		}
		times, values = append(times, v), append(values, y[i])
		if v < at {
			before++
		}
	}
	n := len(times)
	if before < 3 || n-before < 3 {
		return Break{}, ErrShort
	}
	x := mat.NewDense(n, 4, nil)
	for i, v := range times {
		x.Set(i, 0, 1)
		x.Set(i, 1, v-times[0])
		if v >= at {
			x.Set(i, 2, 1)
			x.Set(i, 3, v-at)
		}
	}
	var q mat.QR
	q.Factorize(x)
	var beta mat.VecDense
	if err := q.SolveVecTo(&beta, false, mat.NewVecDense(n, values)); err != nil {
		return Break{}, fmt.Errorf("ties: the lines cannot be told apart: %w", err)
	}
	var fitted mat.VecDense
	fitted.MulVec(x, &beta)
	e := make([]float64, n)
	var mean, around, rest, steps float64
	for i, v := range values {
		e[i] = v - fitted.AtVec(i)
		mean += v / float64(n)
		rest += e[i] * e[i]
		if i > 0 {
			steps += (e[i] - e[i-1]) * (e[i] - e[i-1])
		}
	}
	for _, v := range values {
		around += (v - mean) * (v - mean)
	}
	// (X'X)⁻¹ · Σ_l w_l Σ_i e_i e_{i−l} (x_i x'_{i−l} + x_{i−l} x'_i) · (X'X)⁻¹
	meat := mat.NewDense(4, 4, nil)
	for l := 0; l <= min(lags, n-1); l++ {
		w := 1 - float64(l)/float64(lags+1)
		for i := l; i < n; i++ {
			for a := range 4 {
				for b := range 4 {
					v := w * e[i] * e[i-l] * x.At(i, a) * x.At(i-l, b)
					meat.Set(a, b, meat.At(a, b)+v)
					if l > 0 {
						meat.Set(b, a, meat.At(b, a)+v)
					}
				}
			}
		}
	}
	var gram, bread, half, cov mat.Dense
	gram.Mul(x.T(), x)
	if err := bread.Inverse(&gram); err != nil {
		return Break{}, fmt.Errorf("ties: the lines cannot be told apart: %w", err)
	}
	half.Mul(&bread, meat)
	cov.Mul(&half, &bread)
	rho, sigma2 := neighbours(x, &bread, e, rest)
	plain := mat.NewDense(n, 4, nil) // Ω·X
	for i := range n {
		for k := range n {
			w := sigma2 * math.Pow(rho, math.Abs(float64(i-k)))
			for a := range 4 {
				plain.Set(i, a, plain.At(i, a)+w*x.At(k, a))
			}
		}
	}
	var inner, left, own mat.Dense
	inner.Mul(x.T(), plain)
	left.Mul(&bread, &inner)
	own.Mul(&left, &bread)
	quantile := distuv.StudentsT{Sigma: 1, Nu: float64(n - 4)}.Quantile((1 + level) / 2)
	of := func(c [4]float64) Coefficient {
		var v, s, r float64
		for a := range 4 {
			v += c[a] * beta.AtVec(a)
			for b := range 4 {
				s += c[a] * c[b] * own.At(a, b)
				r += c[a] * c[b] * cov.At(a, b)
			}
		}
		se := math.Sqrt(max(0, s))
		return Coefficient{v, se, math.Sqrt(max(0, r)), v - quantile*se, v + quantile*se}
	}
	var past float64
	for _, v := range times[before:] {
		past += v - at
	}
	after := float64(n - before)
	return Break{
		Before: of([4]float64{1}), Trend: of([4]float64{0, 1}), Level: of([4]float64{2: 1}), Bend: of([4]float64{3: 1}),
		Mean: of([4]float64{2: 1, 3: past / after}), Total: of([4]float64{2: after, 3: past}),
		R2: 1 - rest/around, DurbinWatson: steps / rest, Correlation: rho, N: n,
	}, nil
}

// neighbours returns the correlation of neighbouring errors, at least 0, and
// their variance, such that residuals of the fit to x would be as seen; bread is
// (X'X)⁻¹, e the residuals and rest the sum of their squares.
func neighbours(x, bread *mat.Dense, e []float64, rest float64) (rho, sigma2 float64) {
	n := len(e)
	var half, hat mat.Dense
	half.Mul(x, bread)
	hat.Mul(&half, x.T())
	m := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			m.Set(i, j, -hat.At(i, j))
		}
		m.Set(i, i, 1+m.At(i, i))
	}
	// M·A·M, A with ½ beside the diagonal.
	shifted := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			var v float64
			if i > 0 {
				v += m.At(i-1, j) / 2
			}
			if i+1 < n {
				v += m.At(i+1, j) / 2
			}
			shifted.Set(i, j, v)
		}
	}
	var mam mat.Dense
	mam.Mul(m, shifted)
	// Sums along diagonals, so that each ρ costs n terms.
	own, beside := make([]float64, n), make([]float64, n)
	for i := range n {
		for j := range n {
			d := max(i-j, j-i)
			own[d] += m.At(i, j)
			beside[d] += mam.At(i, j)
		}
	}
	trace := func(sums []float64, rho float64) (t float64) {
		p := 1.0
		for _, v := range sums {
			t += v * p
			p *= rho
		}
		return t
	}
	var seen float64
	for i := 1; i < n; i++ {
		seen += e[i] * e[i-1]
	}
	lo, hi := 0.0, 0.99
	for range 60 {
		mid := (lo + hi) / 2
		if trace(beside, mid)*rest < seen*trace(own, mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo, rest / trace(own, lo)
}
