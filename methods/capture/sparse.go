package capture

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// A SparseFit is a model of lists and pairs of lists fitted where some pairs of
// lists have nobody in common.
type SparseFit struct {
	Fit
	Pairs []int // the pairs in the model, as patterns, in the order they came
	// Empty are those of the pairs with nobody in common. Their effect is
	// minus infinity: patterns with both lists have expectation zero. They
	// count as parameters in AIC and BIC.
	Empty []int
}

// sparseDesign returns the regression of lists and pairs, without the patterns
// that hold a pair of the model with nobody in common, and those pairs.
func sparseDesign(h Histories, with []int) (design, []int) {
	var terms, empty []int
	for i := range h.lists {
		terms = append(terms, 1<<i)
	}
	for _, t := range with {
		if h.OnAll(t) == 0 {
			empty = append(empty, t)
		} else {
			terms = append(terms, t)
		}
	}
	d := Model{Effects: Given, Terms: terms}.design(h)
	kept := design{names: d.names}
	for i, row := range d.x {
		pattern := i + 1
		if !slices.ContainsFunc(empty, func(t int) bool { return pattern&t == t }) {
			kept.x = append(kept.x, row)
			kept.y = append(kept.y, d.y[i])
		}
	}
	return kept, empty
}

// Exists reports whether the model of all lists and the pairs given, as
// patterns, has a best fit with finite effects, after pairs with nobody in
// common have been set to minus infinity, and whether its parameters are
// identified. No pairs at all is the model of independent lists.
//
// Accuracy: agrees with the linear program of SparseMSE on its eight data sets
// (TestConformanceSparse), and with a search over directions on small tables
// (TestExistsAgainstSearch).
//
// References: [chan2021]; [fienberg2012].
func Exists(h Histories, with []int) (finite, identified bool, err error) {
	if err := validPairs(h, with); err != nil {
		return false, false, err
	}
	d, _ := sparseDesign(h, with)
	finite, identified = d.exists()
	return finite, identified, nil
}

func validPairs(h Histories, with []int) error {
	if h.lists == 0 {
		return ErrNobody
	}
	for i, t := range with {
		if !isPair(t) || t >= 1<<h.lists {
			return fmt.Errorf("capture: pattern %b is no pair of %d lists", t, h.lists)
		}
		if slices.Contains(with[:i], t) {
			return fmt.Errorf("capture: pair %s twice", termName(t))
		}
	}
	return nil
}

// FitSparse fits the model of all lists and the pairs given, as patterns of two
// lists. A pair with nobody in common, which has no finite effect, takes the
// patterns with both its lists out of the table.
//
// Its interval, by [SparseFit.Total], is that of a log-normal number unseen.
//
// Assumptions: those of [FitModel]. Lists that exclude each other by rule are
// what an empty pair describes well; lists too short to meet by chance are
// better left without it, and then N is lower.
//
// FitSparse returns [ErrNoMaximum], [ErrNotIdentified], and an error for
// patterns that are no pairs.
//
// References: [chan2021].
func FitSparse(h Histories, with []int) (SparseFit, error) {
	finite, identified, err := Exists(h, with)
	switch {
	case err != nil:
		return SparseFit{}, err
	case !finite:
		return SparseFit{}, ErrNoMaximum
	case !identified:
		return SparseFit{}, ErrNotIdentified
	}
	return fitSparse(h, with)
}

// fitSparse is FitSparse for a model known to have a fit.
func fitSparse(h Histories, with []int) (SparseFit, error) {
	d, empty := sparseDesign(h, with)
	f, err := fitDesign(h.Seen(), h.lists, h.lists, Model{Effects: Given}, d)
	f.Model.Terms = nil
	for i := range h.lists {
		f.Model.Terms = append(f.Model.Terms, 1<<i)
	}
	f.Model.Terms = append(f.Model.Terms, with...)
	f.AIC += 2 * float64(len(empty))
	f.BIC += math.Log(float64(f.Seen)) * float64(len(empty))
	return SparseFit{Fit: f, Pairs: slices.Clone(with), Empty: empty}, err
}

// Total returns the estimate with the interval in which the logarithm of the
// number unseen lies at the level, were it normal about its fit:
//
//	Lo, Hi = seen + exp( β₀ ∓ z·SE(β₀) )
//
// It is narrower than that of [Fit.Total] below, because it leaves out the
// chance of the counts themselves.
func (f SparseFit) Total(level float64) (Total, error) {
	if !(level > 0 && level < 1) {
		return Total{}, fmt.Errorf("capture: level %v outside (0, 1)", level)
	}
	if len(f.Coef) == 0 || math.IsNaN(f.SE) {
		return Total{}, ErrNoEstimate
	}
	seen, z := float64(f.Seen), normal(level)
	b := f.Coef[0]
	return Total{f.N, f.SE, seen + math.Exp(b.Value-z*b.SE), seen + math.Exp(b.Value+z*b.SE)}, nil
}

// StepThreshold is the usual threshold of [Stepwise].
const StepThreshold = 0.02

// Stepwise starts from independent lists and adds pairs one by one: each time
// the pair whose number of people in common is least likely under the model so
// far, by the smaller Poisson tail, as long as that is below the threshold and
// the model with it has a best fit and is identified. [StepThreshold] is usual.
//
// Assumptions: those of [FitSparse], and that what the lists do together is
// said by pairs. The interval of the result does not know that the pairs were
// chosen; that of [Bootstrapped] does.
//
// Accuracy: TestConformanceSparse, on the eight data sets of SparseMSE.
//
// Stepwise returns an error for a threshold outside [0, 1], and
// [ErrNoEstimate] when the lists give none.
//
// References: [chan2021].
func Stepwise(h Histories, threshold float64) (SparseFit, error) {
	if h.lists == 0 {
		return SparseFit{}, ErrNobody
	}
	if !(threshold >= 0 && threshold <= 1) {
		return SparseFit{}, fmt.Errorf("capture: threshold %v outside [0, 1]", threshold)
	}
	var with []int
	f, err := fitSparse(h, nil)
	type candidate struct {
		pair int
		tail float64
	}
	for err == nil {
		var next []candidate
		for _, t := range pairs(h.lists) {
			if slices.Contains(with, t) {
				continue
			}
			if tail := poissonTail(h.OnAll(t), f.expected(h, t)); tail < threshold {
				next = append(next, candidate{t, tail})
			}
		}
		slices.SortStableFunc(next, func(a, b candidate) int { return cmp.Compare(a.tail, b.tail) })
		added := false
		for _, c := range next {
			more := append(with[:len(with):len(with)], c.pair)
			if finite, identified, err := Exists(h, more); err == nil && finite && identified {
				with, added = more, true
				break
			}
		}
		if !added {
			return f, nil
		}
		f, err = fitSparse(h, with)
	}
	return f, err
}

// expected returns how many people the fit expects on all lists of the pattern.
func (f SparseFit) expected(h Histories, pattern int) float64 {
	// Coefficients are the intercept, the lists, and the pairs not empty.
	terms := []int{0}
	for i := range h.lists {
		terms = append(terms, 1<<i)
	}
	for _, t := range f.Pairs {
		if !slices.Contains(f.Empty, t) {
			terms = append(terms, t)
		}
	}
	var sum float64
patterns:
	for p := 1; p < len(h.counts); p++ {
		if p&pattern != pattern {
			continue
		}
		for _, t := range f.Empty {
			if p&t == t {
				continue patterns
			}
		}
		var eta float64
		for i, t := range terms {
			if p&t == t && !math.IsNaN(f.Coef[i].Value) {
				eta += f.Coef[i].Value
			}
		}
		sum += math.Exp(eta)
	}
	return sum
}

// poissonTail returns the smaller of the chances of at most and of at least n
// from a Poisson distribution.
func poissonTail(n int, mean float64) float64 {
	if mean <= 0 {
		return indicator(n == 0)
	}
	most := mathext.GammaIncRegComp(float64(n)+1, mean)
	least := 1.0
	if n > 0 {
		least = mathext.GammaIncReg(float64(n), mean)
	}
	return min(most, least)
}

// A Bootstrap is a set of estimates from resampled lists.
type Bootstrap struct {
	N      float64   // the estimate from the lists themselves
	Draws  []float64 // from the resampled ones, in increasing order
	Accel  float64   // acceleration, from leaving out one person at a time
	Failed int       // resampled lists that gave no estimate
}

// Bootstrapped returns the estimates of [Stepwise] from lists drawn anew, draws
// times: as many people as were seen, each with the pattern of one of those
// seen. The pairs are chosen anew each time, so that the spread of the
// estimates holds the uncertainty of the choice.
//
// Accuracy: TestConformanceSparse, against 1000 draws of SparseMSE within
// twice three per cent.
//
// Bootstrapped returns an error for fewer than 100 draws, the errors of
// [Stepwise], and [ErrNoEstimate] when more than half of the draws give none.
//
// References: [chan2021]; [diciccio1996].
func Bootstrapped(h Histories, threshold float64, draws int, rng *rand.Rand) (Bootstrap, error) {
	if draws < 100 {
		return Bootstrap{}, fmt.Errorf("capture: %d draws, fewer than 100", draws)
	}
	f, err := Stepwise(h, threshold)
	if err != nil {
		return Bootstrap{}, err
	}
	b := Bootstrap{N: f.N}
	var patterns []int
	var shares []float64
	for p, c := range h.counts {
		if c > 0 {
			patterns = append(patterns, p)
			shares = append(shares, float64(c))
		}
	}
	seen := h.Seen()
	drawn := Histories{h.lists, make([]int, len(h.counts))}
	counts := make([]int, len(patterns))
	for range draws {
		multinomial(rng, seen, shares, counts)
		for i, p := range patterns {
			drawn.counts[p] = counts[i]
		}
		if f, err := Stepwise(drawn, threshold); err == nil {
			b.Draws = append(b.Draws, f.N)
		} else {
			b.Failed++
		}
	}
	if 2*b.Failed > draws {
		return b, ErrNoEstimate
	}
	slices.Sort(b.Draws)
	// Leave out one person of each pattern, with the weight of their number.
	copy(drawn.counts, h.counts)
	left := make([]float64, 0, len(patterns))
	weight := make([]float64, 0, len(patterns))
	var mean, sum float64
	for _, p := range patterns {
		drawn.counts[p]--
		if f, err := Stepwise(drawn, threshold); err == nil {
			left = append(left, f.N)
			weight = append(weight, float64(h.counts[p]))
			mean += float64(h.counts[p]) * f.N
			sum += float64(h.counts[p])
		}
		drawn.counts[p]++
	}
	mean /= sum
	var second, third float64
	for i, n := range left {
		second += weight[i] * (mean - n) * (mean - n)
		third += weight[i] * (mean - n) * (mean - n) * (mean - n)
	}
	if second > 0 {
		b.Accel = third / (6 * math.Pow(second, 1.5))
	}
	return b, nil
}

// Quantile returns the end of a one-sided interval that holds the share p, by
// the bias-corrected and accelerated method:
//
//	z₀ = Φ⁻¹(share of draws below N)
//	q  = Φ( z₀ + (z₀+z_p) / (1 − a(z₀+z_p)) )
//
// and the q-quantile of the draws, with a the acceleration. It returns not a
// number for p outside (0, 1).
//
// References: [diciccio1996].
func (b Bootstrap) Quantile(p float64) float64 {
	if !(p > 0 && p < 1) || len(b.Draws) == 0 {
		return math.NaN()
	}
	below := 0
	for _, d := range b.Draws {
		if d < b.N {
			below++
		}
	}
	n := float64(len(b.Draws))
	// All draws on one side would put the quantile at infinity.
	share := min(max(float64(below)/n, 0.5/n), 1-0.5/n)
	z0 := distuv.UnitNormal.Quantile(share)
	z := z0 + distuv.UnitNormal.Quantile(p)
	return quantile(b.Draws, distuv.UnitNormal.CDF(z0+z/(1-b.Accel*z)))
}

// Total returns the estimate with the two-sided interval at the level.
func (b Bootstrap) Total(level float64) (Total, error) {
	if !(level > 0 && level < 1) {
		return Total{}, fmt.Errorf("capture: level %v outside (0, 1)", level)
	}
	if len(b.Draws) < 2 {
		return Total{}, ErrNoEstimate
	}
	t := Total{N: b.N, SE: deviation(b.Draws), Lo: b.Quantile((1 - level) / 2), Hi: b.Quantile((1 + level) / 2)}
	t.Lo, t.Hi = min(t.Lo, t.N), max(t.Hi, t.N)
	return t, nil
}

// quantile returns the p-quantile of sorted values, the one that is nearly
// unbiased for the median (type 8 of R).
func quantile(sorted []float64, p float64) float64 {
	n := float64(len(sorted))
	at := p*(n+1.0/3) + 1.0/3 // counted from 1
	i := int(math.Floor(at))
	switch {
	case i < 1:
		return sorted[0]
	case i >= len(sorted):
		return sorted[len(sorted)-1]
	}
	return sorted[i-1] + (at-float64(i))*(sorted[i]-sorted[i-1])
}

// deviation returns the standard deviation of the values.
func deviation(values []float64) float64 {
	var mean float64
	for _, v := range values {
		mean += v
	}
	mean /= float64(len(values))
	var sum float64
	for _, v := range values {
		sum += (v - mean) * (v - mean)
	}
	return math.Sqrt(sum / float64(len(values)-1))
}

// multinomial sets counts to how n people fall into cells with the weights.
func multinomial(rng *rand.Rand, n int, weights []float64, counts []int) {
	var sum float64
	for _, w := range weights {
		sum += w
	}
	for i, w := range weights {
		counts[i] = 0
		if n > 0 && w > 0 {
			if p := w / sum; p >= 1-1e-15 {
				counts[i] = n
			} else {
				counts[i] = binomial(rng, n, p)
			}
		}
		n -= counts[i]
		sum -= w
	}
}
