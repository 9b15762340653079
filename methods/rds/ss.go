package rds

import (
	"math"
	"slices"
)

// Inclusion returns the chance with which each respondent is in a sample drawn
// one by one without replacement, in proportion to the number of ties, from a
// population of a given size whose distribution of ties is inferred from the
// sample itself. With n_k respondents and N_k people of d_k ties:
//
//	π_k = 1 − exp(−d_k t),  Σ N_k π_k = n
//	N_k = N·(n_k/π_k) / Σ_j n_j/π_j
//
// iterated from N_k = N·n_k/n to rest. π_k is the chance that someone of d_k
// ties has been drawn when the draws are events of a Poisson process in time
// stopped at t, which is what successive sampling is.
//
// Assumptions: recruitment reaches people in proportion to their ties among
// those not yet reached, wherever they are; with strong homophily it does not.
// With too small a population, people of many ties get too much weight, with
// too large a one too little, up to that of RDS-II.
//
// Accuracy: exact for a large sample; each N_k π_k differs from its
// expectation in the finite scheme by less than one person (TestInclusion,
// against simulated draws). No random numbers: the R package finds π from
// simulated samples and gives other digits each time, around these
// (TestConformanceExact).
//
// Inclusion returns [ErrPopulation] unless the population exceeds the sample,
// and [ErrNobody] for an empty one.
//
// References: [gile2011]; [rosen1972] for the approximation.
func Inclusion(degrees []float64, population float64) ([]float64, error) {
	n := float64(len(degrees))
	if n == 0 {
		return nil, ErrNobody
	}
	if !(population > n) || math.IsInf(population, 0) {
		return nil, ErrPopulation
	}
	classes := slices.Compact(slices.Sorted(slices.Values(degrees)))
	count := make([]float64, len(classes))
	at := make([]int, len(degrees))
	for i, d := range degrees {
		at[i], _ = slices.BinarySearch(classes, d)
		count[at[i]]++
	}
	size := make([]float64, len(classes))
	for k, c := range count {
		size[k] = population * c / n
	}
	pi := make([]float64, len(classes))
	for range 10_000 {
		t := stop(classes, size, n)
		var sum float64
		for k, d := range classes {
			pi[k] = -math.Expm1(-d * t)
			sum += count[k] / pi[k]
		}
		var change float64
		for k, c := range count {
			next := population * (c / pi[k]) / sum
			change = max(change, math.Abs(next-size[k])/next)
			size[k] = next
		}
		if change < 1e-14 {
			break
		}
	}
	out := make([]float64, len(degrees))
	for i, k := range at {
		out[i] = pi[k]
	}
	return out, nil
}

// stop returns the time at which n of the people are expected to have been
// drawn: the t with Σ N_k (1 − exp(−d_k t)) = n.
func stop(degree, size []float64, n float64) float64 {
	lo, hi := 0.0, 1.0
	drawn := func(t float64) (sum, slope float64) {
		for k, d := range degree {
			e := math.Exp(-d * t)
			sum += size[k] * -math.Expm1(-d*t)
			slope += size[k] * d * e
		}
		return sum, slope
	}
	for s, _ := drawn(hi); s < n && hi < 1e12; s, _ = drawn(hi) {
		lo = hi
		hi *= 2
	}
	t := (lo + hi) / 2
	for range 200 {
		s, slope := drawn(t)
		if s < n {
			lo = t
		} else {
			hi = t
		}
		next := t - (s-n)/slope
		if !(next > lo && next < hi) {
			next = (lo + hi) / 2
		}
		if math.Abs(next-t) <= 1e-16*t || hi-lo <= 1e-16*hi {
			return next
		}
		t = next
	}
	return t
}
