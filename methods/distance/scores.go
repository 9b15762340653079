package distance

import (
	"errors"
	"fmt"
	"math"
)

// ErrFew is returned when there are too few units to say how scores vary.
var ErrFew = errors.New("distance: fewer than three units with every score")

// ErrSingular is returned when scores go together so closely that the
// covariance has no inverse.
var ErrSingular = errors.New("distance: the covariance has no inverse")

// Variances returns the variance of each score over the units that have it,
// with divisor n−1. There is one row per unit and one column per score; a
// missing score is NaN. A score that fewer than two units have, or that does
// not vary, has variance NaN.
func Variances(x [][]float64) []float64 {
	if len(x) == 0 {
		return nil
	}
	out := make([]float64, len(x[0]))
	for j := range out {
		var sum float64
		n := 0
		for _, row := range x {
			if !math.IsNaN(row[j]) {
				sum += row[j]
				n++
			}
		}
		mean := sum / float64(n)
		var ss float64
		for _, row := range x {
			if !math.IsNaN(row[j]) {
				ss += (row[j] - mean) * (row[j] - mean)
			}
		}
		if out[j] = ss / float64(n-1); n < 2 || !(out[j] > 0) {
			out[j] = math.NaN()
		}
	}
	return out
}

// KogutSingh returns the index of the scores a and b, and over how many scores
// it is:
//
//	d = 1/m Σ (a_i − b_i)² / V_i
//
// over the m scores that both have and whose variance V_i is known. It is NaN
// if there are none. 2 is what two units drawn at random are apart on average.
//
// The index is a squared distance: it is 0 for equal scores and symmetric, and
// its square root obeys the triangle inequality among units with the same
// scores. Changing the unit of a score changes nothing.
//
// Assumptions: scores count alike and do not go together. Where they do, what
// they share counts twice and d is too high or too low according to the pair;
// see [Mahalanobis].
//
// References: [kogut1988].
func KogutSingh(a, b, variance []float64) (d float64, m int) {
	for i := range a {
		x := (a[i] - b[i]) * (a[i] - b[i]) / variance[i]
		if !math.IsNaN(x) {
			d += x
			m++
		}
	}
	if m == 0 {
		return math.NaN(), 0
	}
	return d / float64(m), m
}

// A Spread is how the scores of many units vary, and vary together.
type Spread struct {
	Cov    [][]float64 // shrunk by Lambda
	Lambda float64     // 0 as the units have it, 1 as if no two scores went together
	N      int         // units with every score
}

// Shrink returns the covariance of the scores over the units that have them
// all, with the correlations pulled towards 0 as far as their sampling error
// asks for:
//
//	r*_ij = (1 − λ) r_ij,   λ = Σ Var(r_ij) / Σ r_ij²   over i ≠ j, at most 1
//
// The variances stay as they are, so that the unit of a score changes nothing.
// There is one row per unit, one column per score; a missing score is NaN.
//
// Assumptions: units are alike drawn and independent. Neighbouring countries
// are not, so λ is too low.
//
// It returns [ErrFew] for fewer than three complete units, and an error for a
// score that does not vary.
//
// References: [schafer2005].
func Shrink(x [][]float64) (Spread, error) {
	var rows [][]float64
	for _, row := range x {
		if complete(row) {
			rows = append(rows, row)
		}
	}
	n := len(rows)
	if n < 3 {
		return Spread{N: n}, ErrFew
	}
	p := len(rows[0])
	mean, sd := make([]float64, p), make([]float64, p)
	for j := range p {
		for _, row := range rows {
			mean[j] += row[j] / float64(n)
		}
		for _, row := range rows {
			sd[j] += (row[j] - mean[j]) * (row[j] - mean[j])
		}
		if sd[j] = math.Sqrt(sd[j] / float64(n-1)); !(sd[j] > 0) {
			return Spread{N: n}, fmt.Errorf("distance: score %d does not vary", j)
		}
	}
	corr := square(p)
	var top, bottom float64
	for i := range p {
		corr[i][i] = 1
		for j := range i {
			var w, ss float64
			for _, row := range rows {
				w += (row[i] - mean[i]) / sd[i] * (row[j] - mean[j]) / sd[j] / float64(n)
			}
			for _, row := range rows {
				d := (row[i]-mean[i])/sd[i]*(row[j]-mean[j])/sd[j] - w
				ss += d * d
			}
			f := float64(n)
			r := w * f / (f - 1)
			corr[i][j], corr[j][i] = r, r
			top += f / ((f - 1) * (f - 1) * (f - 1)) * ss
			bottom += r * r
		}
	}
	s := Spread{Cov: square(p), N: n}
	if bottom > 0 {
		s.Lambda = min(1, top/bottom)
	}
	for i := range p {
		for j := range p {
			r := corr[i][j]
			if i != j {
				r *= 1 - s.Lambda
			}
			s.Cov[i][j] = r * sd[i] * sd[j]
		}
	}
	return s, nil
}

// Mahalanobis returns the distance of the scores a and b in units in which all
// units vary alike in every direction, and over how many scores it is:
//
//	d = √( (a − b)ᵀ S⁻¹ (a − b) )
//
// over the m scores both have, S being their part of the covariance. It is NaN
// if there are none. Divided by √m it is comparable, with care, between pairs
// that have different scores.
//
// Among units with the same scores it is a metric, and no invertible change of
// all scores together with their covariance changes it.
//
// It returns [ErrSingular] where S has no inverse.
//
// References: [mahalanobis1936].
func Mahalanobis(a, b []float64, cov [][]float64) (d float64, m int, err error) {
	var at []int
	for i := range a {
		if !math.IsNaN(a[i]) && !math.IsNaN(b[i]) {
			at = append(at, i)
		}
	}
	if m = len(at); m == 0 {
		return math.NaN(), 0, nil
	}
	// S = L Lᵀ; the distance is the length of y with L y = a − b.
	l := square(m)
	y := make([]float64, m)
	for i := range m {
		for j := 0; j <= i; j++ {
			s := cov[at[i]][at[j]]
			for k := range j {
				s -= l[i][k] * l[j][k]
			}
			if i != j {
				l[i][j] = s / l[j][j]
				continue
			}
			if !(s > 1e-12*cov[at[i]][at[i]]) {
				return 0, m, ErrSingular
			}
			l[i][i] = math.Sqrt(s)
		}
		s := a[at[i]] - b[at[i]]
		for k := range i {
			s -= l[i][k] * y[k]
		}
		y[i] = s / l[i][i]
		d += y[i] * y[i]
	}
	return math.Sqrt(d), m, nil
}

func complete(row []float64) bool {
	for _, v := range row {
		if math.IsNaN(v) {
			return false
		}
	}
	return true
}

func square(n int) [][]float64 {
	flat := make([]float64, n*n)
	out := make([][]float64, n)
	for i := range out {
		out[i] = flat[i*n : (i+1)*n : (i+1)*n]
	}
	return out
}

// Pairs returns the table of distances between any two of n units, given the
// distance of one pair. The diagonal is 0, and each pair is asked for once.
func Pairs(n int, of func(i, j int) (float64, error)) ([][]float64, error) {
	out := square(n)
	for i := range n {
		for j := range i {
			d, err := of(i, j)
			if err != nil {
				return nil, fmt.Errorf("distance: units %d and %d: %w", i, j, err)
			}
			out[i][j], out[j][i] = d, d
		}
	}
	return out, nil
}
