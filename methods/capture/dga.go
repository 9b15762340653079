package capture

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrEdge is returned when a good part of a posterior lies at the end of the
// range searched, so that the end would rule the answer.
var ErrEdge = errors.New("capture: the posterior runs beyond the range searched")

// Decomposable says how to average over all ways in which lists can depend on
// each other that form a decomposable graph. Its zero value has the usual
// settings.
type Decomposable struct {
	// Delta is the weight of the prior on each pattern, in people; 0 means
	// 1/2^lists, one person in all.
	Delta float64
	// From and To are the fewest and most people unseen that are considered.
	// With To 0 the range reaches 20 times the people seen and at least 2000.
	From, To int
	// LogPrior is the logarithm of the prior weight of a population; nil means
	// −log N, which prefers no order of magnitude.
	LogPrior func(population float64) float64
}

// A GraphWeight is a graph with its posterior probability.
type GraphWeight struct {
	Graph  Graph
	Weight float64 // share of 1
}

// A Posterior is what lists say of the population, as probabilities.
type Posterior struct {
	Seen   int
	Unseen []int     // people unseen considered, in increasing order
	P      []float64 // probability of each, with the numbers nearest to it
	Graphs []GraphWeight
}

// exactRange is how many numbers of people unseen are considered one by one;
// beyond, ever fewer of them stand for those around.
const exactRange = 1 << 16

// grid returns the numbers from lo to hi considered, and how many numbers each
// stands for.
func grid(lo, hi int) (values []int, stands []float64) {
	for v := lo; v <= hi; {
		values = append(values, v)
		step := 1
		if v-lo >= exactRange {
			step = max(1, (v-lo)/8192)
		}
		if v < hi && v+step > hi {
			step = hi - v
		}
		v += step
	}
	stands = make([]float64, len(values))
	for i, v := range values {
		stands[i] = 1
		if i > 0 {
			stands[i] += float64(v-values[i-1]-1) / 2
		}
		if i+1 < len(values) {
			stands[i] += float64(values[i+1]-v-1) / 2
		}
	}
	return values, stands
}

// Posterior returns the posterior distribution of the population over all
// decomposable graphs of the lists, each as probable as the next before the
// counts are seen. For a graph with cliques C and separators S and M people
// unseen, n seen, p lists:
//
//	log weight = Σ L(C) − Σ L(S) + (#C − #S)·[ ln Γ(2^p δ) − ln Γ(M+n+2^p δ) ]
//	             + ln (M+n)! − ln M! − Σ ln y! + log prior(M+n)
//	L(A)       = Σ_cells ln Γ(y_A + δ_A) − 2^|A| ln Γ(δ_A),  δ_A = δ 2^{p−|A|}
//
// where y_A are the counts by presence on the lists of A alone, M among those
// on none.
//
// Assumptions: as for [FitModel]; dependence among lists is that of some
// decomposable graph, which includes all lists depending on each other, of
// which the counts say nothing and only the prior does. Where that graph has
// weight, the answer depends on Delta and on To.
//
// Accuracy: exact to rounding up to 65 536 people unseen, then by sums over a
// grid of steps of 1/8192 (TestConformanceDecomposable, five cases with all
// model probabilities of 3, 4 and 5 lists; TestGridError).
//
// Posterior returns [ErrEdge], together with the posterior, when more than a
// hundredth of it lies in the last twentieth of the range, and an error for a
// range that is none, a Delta below 0, or more than six lists.
//
// References: [madigan1997]; [lum2013].
func (d Decomposable) Posterior(h Histories) (Posterior, error) {
	graphs, err := DecomposableGraphs(h.lists)
	if err != nil {
		return Posterior{}, err
	}
	return d.posterior(h, graphs)
}

func (d Decomposable) posterior(h Histories, graphs []Graph) (Posterior, error) {
	p := h.lists
	delta, from, to := d.Delta, d.From, d.To
	if delta == 0 {
		delta = 1 / float64(int(1)<<p)
	}
	seen := h.Seen()
	if to == 0 {
		to = max(2000, 20*seen)
	}
	switch {
	case !(delta > 0) || math.IsInf(delta, 0):
		return Posterior{}, fmt.Errorf("capture: prior weight %v of a pattern", d.Delta)
	case from < 0 || to <= from:
		return Posterior{}, fmt.Errorf("capture: from %d to %d people unseen is no range", from, to)
	}
	unseen, stands := grid(from, to)
	post := Posterior{Seen: seen, Unseen: unseen, P: make([]float64, len(unseen))}

	// What each set of lists contributes, for each number unseen. Only the
	// count of those on none of its lists changes with that number.
	sets := make([][]float64, 1<<p)
	for a := 1; a < len(sets); a++ {
		cells := map[int]int{}
		for pattern, c := range h.counts {
			cells[pattern&a] += c
		}
		k := 0
		for b := a; b > 0; b &= b - 1 {
			k++
		}
		weight := delta * float64(int(1)<<(p-k))
		base, _ := math.Lgamma(weight)
		constant := -float64(int(1)<<k) * base
		for part := a; part > 0; part = (part - 1) & a {
			l, _ := math.Lgamma(float64(cells[part]) + weight)
			constant += l
		}
		sets[a] = make([]float64, len(unseen))
		for i, m := range unseen {
			l, _ := math.Lgamma(float64(cells[0]+m) + weight)
			sets[a][i] = constant + l
		}
	}
	common := make([]float64, len(unseen)) // what all graphs share
	apart := make([]float64, len(unseen))  // what each component adds
	all := delta * float64(int(1)<<p)
	la, _ := math.Lgamma(all)
	for i, m := range unseen {
		n := float64(seen + m)
		ln, _ := math.Lgamma(n + 1)
		lm, _ := math.Lgamma(float64(m) + 1)
		prior := -math.Log(n)
		if d.LogPrior != nil {
			prior = d.LogPrior(n)
		}
		common[i] = ln - lm + prior + math.Log(stands[i])
		lt, _ := math.Lgamma(n + all)
		apart[i] = la - lt
	}
	// Sums are kept over the highest weight so far, so that nothing overflows and
	// nothing is kept for each graph and number.
	weight := make([]float64, len(unseen))
	highest, total := math.Inf(-1), 0.0
	for _, g := range graphs {
		copy(weight, common)
		axpy(float64(len(g.Cliques)-len(g.Separators)), apart, weight)
		for _, c := range g.Cliques {
			axpy(1, sets[c], weight)
		}
		for _, s := range g.Separators {
			axpy(-1, sets[s], weight)
		}
		if top := slices.Max(weight); top > highest {
			less := math.Exp(highest - top)
			scale(less, post.P)
			for i := range post.Graphs {
				post.Graphs[i].Weight *= less
			}
			total *= less
			highest = top
		}
		var sum float64
		for i, w := range weight {
			if w -= highest; w > -700 {
				e := math.Exp(w)
				sum += e
				post.P[i] += e
			}
		}
		total += sum
		post.Graphs = append(post.Graphs, GraphWeight{g, sum})
	}
	if !(total > 0) || math.IsInf(highest, 0) {
		return Posterior{}, fmt.Errorf("capture: the prior gives no weight to %d to %d people unseen", from, to)
	}
	scale(1/total, post.P)
	for i := range post.Graphs {
		post.Graphs[i].Weight /= total
	}
	slices.SortStableFunc(post.Graphs, func(a, b GraphWeight) int { return cmp.Compare(b.Weight, a.Weight) })
	var edge float64
	for i, m := range unseen {
		if m > to-(to-from)/20 {
			edge += post.P[i]
		}
	}
	if edge > 0.01 {
		return post, ErrEdge
	}
	return post, nil
}

// Mean returns the posterior mean of the population and its standard deviation.
func (p Posterior) Mean() (mean, sd float64) {
	for i, m := range p.Unseen {
		mean += p.P[i] * float64(m)
	}
	var v float64
	for i, m := range p.Unseen {
		v += p.P[i] * (float64(m) - mean) * (float64(m) - mean)
	}
	return mean + float64(p.Seen), math.Sqrt(v)
}

// Mode returns the most probable population.
func (p Posterior) Mode() int {
	best, at := -1.0, 0
	for i, m := range p.Unseen {
		// Compare single numbers, not those that stand for several.
		if w := p.P[i] / p.stands(i); w > best {
			best, at = w, m
		}
	}
	return at + p.Seen
}

func (p Posterior) stands(i int) float64 {
	s := 1.0
	if i > 0 {
		s += float64(p.Unseen[i]-p.Unseen[i-1]-1) / 2
	}
	if i+1 < len(p.Unseen) {
		s += float64(p.Unseen[i+1]-p.Unseen[i]-1) / 2
	}
	return s
}

// Probability returns the posterior probability of exactly this population.
func (p Posterior) Probability(population int) float64 {
	i, ok := slices.BinarySearch(p.Unseen, population-p.Seen)
	if !ok {
		return 0
	}
	return p.P[i] / p.stands(i)
}

// Quantile returns the smallest population that, with all smaller ones, has at
// least the probability q.
func (p Posterior) Quantile(q float64) int {
	var below float64
	for i, m := range p.Unseen {
		if below += p.P[i]; below >= q {
			return m + p.Seen
		}
	}
	return p.Unseen[len(p.Unseen)-1] + p.Seen
}

// Total returns the posterior mean, its standard deviation and the credible
// interval at the level, with equal probability left out at both ends.
func (p Posterior) Total(level float64) (Total, error) {
	if !(level > 0 && level < 1) {
		return Total{}, fmt.Errorf("capture: level %v outside (0, 1)", level)
	}
	if len(p.P) == 0 {
		return Total{}, ErrNoEstimate
	}
	var t Total
	t.N, t.SE = p.Mean()
	t.Lo, t.Hi = float64(p.Quantile((1-level)/2)), float64(p.Quantile((1+level)/2))
	t.Lo, t.Hi = min(t.Lo, t.N), max(t.Hi, t.N)
	return t, nil
}
