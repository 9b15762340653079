package capture

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// A Coverage is what is estimated of a population by how much of it the lists
// cover.
type Coverage struct {
	Seen    int
	Covered float64 // share of 1: the chance that someone on a list is on another
	Mean    float64 // persons: seen without one list, averaged over that list
	// Independent is the estimate for independent lists, Mean/Covered.
	Independent Total
	// High is the estimate for lists that depend on each other and cover much.
	High Total
	// OneStep is the estimate for lists that cover little. It varies less than
	// High and goes part of the way to it.
	OneStep Total
	// Pairs are the coefficients of covariation of each two lists, in the order
	// 12, 13, ..., 23, ...: how much more often people are on both than if the
	// lists were independent, as a share, for a population of OneStep.
	Pairs []float64
}

// Estimate returns the estimate usually preferred: High when the lists cover at
// least 55 per cent and its standard error is below a third of it, OneStep
// otherwise.
func (c Coverage) Estimate() Total {
	if c.Covered >= 0.55 && c.High.SE < c.High.N/3 {
		return c.High
	}
	return c.OneStep
}

// SampleCoverage estimates a population from three or more lists by the share
// of it that they cover. With M people seen, n_j on list j, s_j on list j
// alone, a_jk on j or k or both and on no third list, those on both counted
// twice, n_jk on both whatever else, and t lists:
//
//	Covered     = 1 − 1/t Σ s_j/n_j
//	Mean        = M − 1/t Σ s_j
//	Independent = Mean / Covered
//	OneStep     = Independent + 1/(t·Covered) Σ_{j<k} a_jk (N' n_jk/(n_j n_k) − 1)
//	High        = ( t·Mean − Σ a_jk ) / ( t·Covered − Σ a_jk n_jk/(n_j n_k) )
//
// where N' is the same expression as OneStep with Independent in it. High is
// the value at which such steps come to rest.
//
// The standard error is the deviation of estimates from populations drawn anew,
// draws of them, and the interval is log-normal on those unseen, as that of
// [TwoLists].
//
// Assumptions: as for [TwoLists], but lists may depend on each other by pairs;
// dependence of three and more is left out, and makes the estimates too low
// where it is positive.
//
// Accuracy: rounding only for the estimates (TestSampleCoverage, against a
// published table). The 0.95 interval of Estimate covers 0.94 of populations of
// 1000 in which two of three lists help each other (TestSampleCoverageInterval).
//
// SampleCoverage returns [ErrNoOverlap] when nobody is on two lists, an error
// for two lists only or an empty one, and for fewer than 100 draws.
//
// References: [chao1998]; [chao2001] for the forms here.
func SampleCoverage(h Histories, level float64, draws int, rng *rand.Rand) (Coverage, error) {
	switch {
	case h.lists < 3:
		return Coverage{}, fmt.Errorf("capture: sample coverage of %d lists; want 3 or more", h.lists)
	case !(level > 0 && level < 1):
		return Coverage{}, fmt.Errorf("capture: level %v outside (0, 1)", level)
	case draws < 100:
		return Coverage{}, fmt.Errorf("capture: %d draws, fewer than 100", draws)
	}
	for i, n := range h.Describe().On {
		if n == 0 {
			return Coverage{}, fmt.Errorf("capture: nobody is on list %d", i+1)
		}
	}
	c, ok := coverage(h)
	if !ok {
		return Coverage{}, ErrNoOverlap
	}
	// Draw each estimate from a population of its own size.
	for _, e := range []struct {
		total *Total
		of    func(Coverage) float64
	}{
		{&c.Independent, func(c Coverage) float64 { return c.Independent.N }},
		{&c.High, func(c Coverage) float64 { return c.High.N }},
		{&c.OneStep, func(c Coverage) float64 { return c.OneStep.N }},
	} {
		population := int(math.Round(e.total.N))
		weights := make([]float64, len(h.counts))
		for p, n := range h.counts {
			weights[p] = float64(n)
		}
		weights[0] = max(0, float64(population-c.Seen))
		drawn := Histories{h.lists, make([]int, len(h.counts))}
		var values []float64
		for range draws {
			multinomial(rng, max(population, c.Seen), weights, drawn.counts)
			drawn.counts[0] = 0
			if again, ok := coverage(drawn); ok {
				values = append(values, e.of(again))
			}
		}
		if len(values) < draws/2 {
			return c, ErrNoOverlap
		}
		*e.total = onUnseen(float64(c.Seen), max(e.total.N, float64(c.Seen)), deviation(values), level)
	}
	return c, nil
}

// coverage works out the estimates without their errors. It reports false when
// nobody is on two lists.
func coverage(h Histories) (Coverage, bool) {
	t := float64(h.lists)
	c := Coverage{Seen: h.Seen(), Covered: 1, Mean: float64(h.Seen())}
	on := h.Describe().On
	for j, n := range on {
		if n > 0 {
			alone := float64(h.counts[1<<j])
			c.Covered -= alone / float64(n) / t
			c.Mean -= alone / t
		}
	}
	if c.Covered <= 1e-12 {
		return c, false
	}
	independent := c.Mean / c.Covered
	var around, joint float64 // Σ a_jk and Σ a_jk n_jk/(n_j n_k)
	var overlap []float64     // n_jk/(n_j n_k)
	for _, pair := range pairs(h.lists) {
		var product, a float64 = 1, 2 * float64(h.counts[pair])
		for j := range h.lists {
			if pair>>j&1 == 1 {
				product *= float64(on[j])
				a += float64(h.counts[1<<j])
			}
		}
		var share float64
		if product > 0 {
			share = float64(h.OnAll(pair)) / product
		}
		overlap = append(overlap, share)
		around += a
		joint += a * share
	}
	step := func(n float64) float64 { return independent + (n*joint-around)/(t*c.Covered) }
	c.Independent.N = independent
	c.OneStep.N = step(step(independent))
	c.High.N = float64(c.Seen)
	if below := t*c.Covered - joint; below > 1e-4 {
		c.High.N = max(c.High.N, (t*c.Mean-around)/below)
	}
	for _, share := range overlap {
		c.Pairs = append(c.Pairs, c.OneStep.N*share-1)
	}
	return c, true
}
