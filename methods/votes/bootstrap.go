package votes

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Bootstrap returns the positions of [IdealPoints] with intervals from the
// roll calls instead of the curvature: clusters of roll calls are drawn with
// replacement, as many as there are, and the positions fitted to those drawn,
// draws times; SE is the standard deviation of the positions so found and Lo
// and Hi their quantiles at the level of the model. Clusters has a number for
// each roll call, the same for those that go together, such as all votes on
// one text or of one day; nil lets each roll call stand alone. Where the votes
// of a cluster go together these intervals are honest and Laplace's are too
// narrow.
//
// Assumptions: clusters are a sample of those there might have been. Draws in
// which a voter has no vote say nothing about it; where that is more than half
// of them its interval is missing.
//
// Accuracy: TestBootstrap, beside Laplace's intervals on simulated votes, in
// bundles and apart.
//
// The same seed gives the same intervals. Errors are those of IdealPoints, and
// fewer than 50 draws.
//
// References: [efron1993] for quantiles of such draws; [lewis2004] for ideal
// points.
func Bootstrap(calls []string, clusters []int, m Model, draws int, seed uint64) ([]Point, error) {
	m, err := m.filled()
	if err != nil {
		return nil, err
	}
	if clusters == nil {
		clusters = make([]int, len(calls))
		for t := range clusters {
			clusters[t] = t
		}
	}
	switch {
	case len(clusters) != len(calls):
		return nil, fmt.Errorf("votes: clusters of %d roll calls for %d", len(clusters), len(calls))
	case draws < 50:
		return nil, fmt.Errorf("votes: %d draws, fewer than 50", draws)
	}
	r, err := read(calls, make([]int, len(calls)), m)
	if err != nil {
		return nil, err
	}
	groups, err := r.separate(nil)
	if err != nil {
		return nil, err
	}
	space, err := r.space(groups)
	if err != nil {
		return nil, err
	}
	whole := groups[0]
	ids := slices.Compact(slices.Sorted(slices.Values(clusters)))
	byCall := make([]int, len(calls))
	for t, c := range clusters {
		byCall[t], _ = slices.BinarySearch(ids, c)
	}
	rng := rand.New(rand.NewPCG(seed, 0x2545f4914f6cdd1d))
	weights := make([][]float64, draws)
	for d := range weights {
		times := make([]float64, len(ids))
		for range ids {
			times[rng.IntN(len(ids))]++
		}
		weights[d] = make([]float64, len(calls))
		for t := range calls {
			weights[d][t] = times[byCall[t]]
		}
	}
	drawn := make([][]float64, draws) // by voter, NaN without a position
	concurrently(draws, func(d int) {
		drawn[d] = r.redraw(whole, space.points[0], weights[d])
	})
	points := slices.Clone(space.points[0])
	out := (1 - m.Level) / 2
	for v := range points {
		p := &points[v]
		var seen []float64
		for _, x := range drawn {
			if x != nil && !math.IsNaN(x[v]) {
				seen = append(seen, x[v])
			}
		}
		if p.Votes == 0 || 2*len(seen) < draws {
			p.SE, p.Lo, p.Hi = math.NaN(), math.NaN(), math.NaN()
			continue
		}
		n := float64(len(seen))
		mean := total(seen) / n
		var square float64
		for _, x := range seen {
			square += (x - mean) * (x - mean)
		}
		slices.Sort(seen)
		p.SE = math.Sqrt(square / (n - 1))
		p.Lo, p.Hi = min(p.Value, quantile(seen, out)), max(p.Value, quantile(seen, 1-out))
	}
	return points, nil
}

// redraw fits the weighted roll calls from where the whole fit ended, and
// returns the position shown of every voter, turned to the side of the whole
// fit; nil where the roll calls drawn tell nothing apart.
func (r *record) redraw(whole *group, points []Point, weights []float64) []float64 {
	if total(weights) == 0 {
		return nil
	}
	g := r.group([]int{0}, nil, weights)
	if len(g.chain.parts) == 0 {
		return nil
	}
	start := point{make([]float64, len(g.voter)), make([]float64, 3*len(g.chain.items))}
	for i, v := range g.voter {
		start.theta[i] = whole.solution.point.theta[whole.at[0][v]]
	}
	item := map[int]int{}
	for _, k := range whole.chain.parts {
		item[k.call] = k.item
	}
	for _, k := range g.chain.parts {
		copy(start.items[3*k.item:3*k.item+3], whole.solution.point.items[3*item[k.call]:])
	}
	if err := g.climb(start); errors.Is(err, ErrNoOptimum) {
		return nil
	}
	theta := slices.Clone(g.solution.point.theta)
	if !r.model.Raw {
		standard(theta)
	}
	x := make([]float64, r.voters)
	for v := range x {
		x[v] = math.NaN()
	}
	var along float64
	for i, v := range g.voter {
		x[v] = theta[i]
		along += theta[i] * points[v].Value
	}
	if along < 0 {
		for v := range x {
			x[v] = -x[v]
		}
	}
	return x
}

// quantile returns the q-quantile of sorted values, interpolated between the
// two around it.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
