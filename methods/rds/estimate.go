package rds

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// An Estimate is a share of a population or a mean, with its interval.
type Estimate struct {
	Name   string  // of the group, or empty for a mean
	Value  float64 // share of 1, or mean in the unit of the numbers
	SE     float64
	Lo, Hi float64 // interval at the level asked for
	N      int     // respondents of the group, or with a number
	// Design is the variance over that of as many people drawn at random from
	// the population, and NaN where that is 0.
	Design float64
}

// shares returns the weighted shares of the groups among respondents of known
// group.
func shares(w []float64, g Groups) []float64 {
	p := make([]float64, len(g.Names))
	var sum float64
	for i, k := range g.Of {
		if k >= 0 {
			p[k] += w[i]
			sum += w[i]
		}
	}
	for k := range p {
		p[k] /= sum
	}
	return p
}

// Shares returns the share of the population in each group by an estimator:
// the sum of the weights of its respondents over that of all whose group is
// known. [Tree] gives the same with intervals.
//
// Its errors are those of [Weights].
func Shares(s *Sample, g Groups, e Estimator, population float64) ([]float64, error) {
	if err := g.valid(s); err != nil {
		return nil, err
	}
	w, err := Weights(s, g, e, population)
	if err != nil {
		return nil, err
	}
	return shares(w, g), nil
}

// Mean returns the weighted mean of numbers. NaN is not known and left out; it
// returns NaN when nothing is known.
func Mean(weights, values []float64) float64 {
	var num, den float64
	for i, v := range values {
		if !math.IsNaN(v) {
			num += weights[i] * v
			den += weights[i]
		}
	}
	return num / den
}

// randomVariance returns the variance of a mean of n people drawn at random
// without replacement from a population, 0 for one without limit.
func randomVariance(variance, n, population float64) float64 {
	v := variance / n
	if population > 0 {
		v *= (population - n) / (population - 1)
	}
	return v
}

// EmpiricalLikelihood returns the shares of the groups with the intervals the R
// package RDS gives by default, for comparison only. With w_ij = w_i w_j, capped
// at ten times their median, and o_ij the mean of two respondents' indicators:
//
//	t   = Σ_{j<i} w_ij o_ij / Σ_{j<i} w_ij
//	G_i = Σ_{j<i} w_ij² (o_ij − t)
//	SE² = 4 Σ G_i² / (Σ_{j<i} w_ij²)² · (N−n)/(N−1)
//	Lo, Hi = share ∓ 1.96·SE
//
// The sums run over respondents before i only, so that SE depends on the order
// of the rows (TestOrder). It leaves out that recruits resemble their
// recruiters, and covers 68 to 99 per cent where it says 95 (TestCoverage). Use
// [Tree].
//
// Its errors are those of [Weights].
//
// References: [gile2018] on variances.
func EmpiricalLikelihood(s *Sample, g Groups, e Estimator, population float64) ([]Estimate, error) {
	if err := g.valid(s); err != nil {
		return nil, err
	}
	w, err := Weights(s, g, e, population)
	if err != nil {
		return nil, err
	}
	p := shares(w, g)
	sizes := g.sizes()
	known := 0
	for _, n := range sizes {
		known += n
	}
	out := make([]Estimate, len(p))
	indicator := make([]float64, s.Len())
	for k := range p {
		for i, of := range g.Of {
			switch of {
			case k:
				indicator[i] = 1
			case -1:
				indicator[i] = math.NaN()
			default:
				indicator[i] = 0
			}
		}
		se := lowerTriangle(w, indicator, population)
		out[k] = Estimate{Name: g.Names[k], Value: p[k], SE: se, Lo: p[k] - 1.96*se, Hi: p[k] + 1.96*se, N: sizes[k],
			Design: se * se / randomVariance(p[k]*(1-p[k]), float64(known), population)}
	}
	return out, nil
}

// EmpiricalMean is [EmpiricalLikelihood] for the mean of numbers. RDS-I cuts
// the numbers into three groups for its weights.
func EmpiricalMean(s *Sample, values []float64, e Estimator, population float64) (Estimate, error) {
	if len(values) != s.Len() {
		return Estimate{}, fmt.Errorf("rds: %d numbers of %d respondents", len(values), s.Len())
	}
	w, err := Weights(s, Cut(values, 3), e, population)
	if err != nil {
		return Estimate{}, err
	}
	m := Mean(w, values)
	se := lowerTriangle(w, values, population)
	var sum, squares float64
	n := 0
	for i, v := range values {
		if !math.IsNaN(v) {
			sum += w[i]
			squares += w[i] * (v - m) * (v - m)
			n++
		}
	}
	return Estimate{Value: m, SE: se, Lo: m - 1.96*se, Hi: m + 1.96*se, N: n,
		Design: se * se / randomVariance(squares/(sum-1), float64(n), population)}, nil
}

// lowerTriangle is the standard error of [EmpiricalLikelihood].
func lowerTriangle(w, o []float64, population float64) float64 {
	var ws, os []float64
	for i, v := range o {
		if !math.IsNaN(v) {
			ws = append(ws, w[i])
			os = append(os, v)
		}
	}
	most := 10 * medianProduct(ws)
	n := len(ws)
	var num, den float64
	for i := range n {
		for j := range i {
			wij := min(ws[i]*ws[j], most)
			num += wij * (os[i] + os[j]) / 2
			den += wij
		}
	}
	t := num / den
	var g2, squares float64
	for i := range n {
		var g float64
		for j := range i {
			wij := min(ws[i]*ws[j], most)
			g += wij * wij * ((os[i]+os[j])/2 - t)
			squares += wij * wij
		}
		g2 += g * g
	}
	v := 4 * g2 / (squares * squares)
	if population > 0 {
		v *= (population - float64(len(w))) / (population - 1)
	}
	return math.Sqrt(v)
}

// medianProduct returns the median of all products of two positive weights,
// each with itself included, by halving the interval in which it lies until one
// number is left.
func medianProduct(w []float64) float64 {
	sorted := slices.Sorted(slices.Values(w))
	n := len(sorted)
	atMost := func(x float64) int { // how many products are at most x
		count, j := 0, n
		for _, v := range sorted {
			for j > 0 && v*sorted[j-1] > x {
				j--
			}
			count += j
		}
		return count
	}
	nth := func(k int) float64 { // the k-th smallest product, from 1
		// Positive numbers stand in the order of their bits.
		lo, hi := uint64(0), math.Float64bits(sorted[n-1]*sorted[n-1])
		for lo < hi {
			if mid := lo + (hi-lo)/2; atMost(math.Float64frombits(mid)) >= k {
				hi = mid
			} else {
				lo = mid + 1
			}
		}
		return math.Float64frombits(lo)
	}
	if m := n * n; m%2 == 0 {
		return (nth(m/2) + nth(m/2+1)) / 2
	}
	return nth(n*n/2 + 1)
}

// normal returns how many standard deviations either side of the mean hold the
// share level of a normal distribution.
func normal(level float64) float64 { return distuv.UnitNormal.Quantile((1 + level) / 2) }
