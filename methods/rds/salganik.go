package rds

import (
	"math/rand/v2"
)

// Salganik returns the shares of the groups with draws from Salganik's
// bootstrap: a chain as long as there are recruits, which starts with the group
// of a random respondent and goes on with the chances of recruitment between
// groups that the sample shows; each person of the chain has the degree of a
// random respondent of the group.
//
// Assumptions: the next person's group depends on the recruiter's alone, and
// one chain is like many seeds with several recruits each. Where recruits
// resemble each other beyond their group, or branches share a recruiter, it is
// too narrow.
//
// Accuracy: standard errors within 8 per cent of the R package's, which differ
// as much from run to run (TestConformanceBootstrap); coverage in TestCoverage,
// as said at [Tree].
//
// The same rng gives the same draws. A group that recruited nobody recruits as
// all together did. SS takes the weight of each respondent in the sample. Its
// errors are those of [Tree].
//
// References: [salganik2006].
func Salganik(s *Sample, g Groups, e Estimator, population float64, draws int, rng *rand.Rand) (Resampled, error) {
	r, w, err := start(s, g, e, population, draws)
	if err != nil {
		return Resampled{}, err
	}
	t, err := Transitions(s, g)
	if err != nil {
		return Resampled{}, err
	}
	all := make([]float64, len(t))
	for _, row := range t {
		for j, v := range row {
			all[j] += v
		}
	}
	for i, row := range t {
		var sum float64
		for _, v := range row {
			sum += v
		}
		if sum == 0 {
			t[i] = all
		}
	}
	members := make([][]int, len(g.Names))
	var known []int
	length := 0
	for i, k := range g.Of {
		if k >= 0 {
			members[k] = append(members[k], i)
			known = append(known, i)
			if s.recruiter[i] >= 0 {
				length++
			}
		}
	}
	y := newTally(e, len(g.Names))
	for range draws {
		y.reset()
		from, group := -1, g.Of[known[rng.IntN(len(known))]]
		for range length + 1 {
			i := members[group][rng.IntN(len(members[group]))]
			y.add(group, from, w[i], s.degree[i])
			from = group
			group = pick(rng, t[group])
		}
		r.keep(y)
	}
	return r, r.enough(draws)
}

// pick returns a place with chances in proportion to the weights.
func pick(rng *rand.Rand, weights []float64) int {
	var sum float64
	for _, w := range weights {
		sum += w
	}
	at := rng.Float64() * sum
	last := 0
	for i, w := range weights {
		if w <= 0 {
			continue
		}
		last = i
		if at -= w; at < 0 {
			return i
		}
	}
	return last
}
