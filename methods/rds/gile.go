package rds

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// Gile returns the shares of the groups with draws from Gile's bootstrap: a
// population is made of people by degree and group, as many of each as the
// weights of successive sampling say; the sample is drawn from it anew, without
// replacement, seeds in proportion to degree and then recruits, whose group
// follows the ties between groups that the sample shows and who within it are
// drawn in proportion to degree. As people are drawn, ties to their group
// become fewer. Each recruiter has the number of recruits of a random one of
// those in the sample who had any.
//
// Assumptions: those of [Inclusion], and that ties go by group and degree
// alone. Where the network has other divisions, draws vary too little.
//
// Accuracy: standard errors within 8 per cent of the R package's
// (TestConformanceBootstrap); coverage in TestCoverage.
//
// The same rng gives the same draws. Its errors are those of [Tree], and
// [ErrPopulation] for a population not above the sample, whatever the
// estimator.
//
// References: [gile2011].
func Gile(s *Sample, g Groups, e Estimator, population float64, draws int, rng *rand.Rand) (Resampled, error) {
	r, w, err := start(s, g, e, population, draws)
	if err != nil {
		return Resampled{}, err
	}
	pi, err := Inclusion(s.degree, population)
	if err != nil {
		return Resampled{}, err
	}
	pop := populationClasses(s, g, pi, w, population)
	ties := tiesBetween(s, g, pi, population)
	var returned []int // how many recruits each recruiter has
	seeds, known := 0, 0
	for i, k := range g.Of {
		if k < 0 {
			continue
		}
		known++
		if s.recruiter[i] < 0 {
			seeds++
		}
		if n := len(s.recruits[i]); n > 0 {
			returned = append(returned, n)
		}
	}
	if len(returned) == 0 {
		returned = []int{1}
	}
	y := newTally(e, len(g.Names))
	left := make([]int, len(pop))
	sample := make([]int, 0, known) // classes drawn, in order
	now := square(len(g.Names))
	weight := make([]float64, len(pop))
	for range draws {
		y.reset()
		for c := range pop {
			left[c] = pop[c].people
		}
		for i := range ties {
			copy(now[i], ties[i])
		}
		sample = sample[:0]
		// draw takes one person in proportion to degree, of one group or any.
		draw := func(group int) int {
			var sum float64
			for c, p := range pop {
				if weight[c] = 0; group < 0 || p.group == group {
					weight[c] = float64(left[c]) * p.degree
					sum += weight[c]
				}
			}
			if sum == 0 && group >= 0 { // nobody of the group is left
				for c, p := range pop {
					weight[c] = float64(left[c]) * p.degree
				}
			}
			c := pick(rng, weight)
			left[c]--
			if group >= 0 && sum > 0 {
				fewer := (sum - pop[c].degree) / sum
				for k := range now {
					now[k][pop[c].group] *= max(0, fewer)
				}
			}
			return c
		}
		for range max(1, seeds) {
			c := draw(-1)
			sample = append(sample, c)
			y.add(pop[c].group, -1, pop[c].weight, pop[c].degree)
		}
		active, brought, toBring := 0, 0, returned[rng.IntN(len(returned))]
		for len(sample) < known {
			from := pop[sample[active]].group
			c := draw(pick(rng, now[from]))
			sample = append(sample, c)
			y.add(pop[c].group, from, pop[c].weight, pop[c].degree)
			if brought++; brought == toBring {
				active++
				brought, toBring = 0, returned[rng.IntN(len(returned))]
			}
		}
		r.keep(y)
	}
	return r, r.enough(draws)
}

// A class is the people of one degree in one group of a made population.
type class struct {
	degree float64
	group  int
	people int
	weight float64 // of a respondent of the class
}

// populationClasses returns the made population, whole people in each class
// adding to it, at least as many as are in the sample.
func populationClasses(s *Sample, g Groups, pi, w []float64, population float64) []class {
	var classes []class
	at := map[[2]float64]int{}
	var share []float64 // people, not yet whole
	sampled := []int{}
	var sum float64
	for i, k := range g.Of {
		if k < 0 {
			continue
		}
		key := [2]float64{s.degree[i], float64(k)}
		c, ok := at[key]
		if !ok {
			c = len(classes)
			at[key] = c
			classes = append(classes, class{degree: s.degree[i], group: k})
			share = append(share, 0)
			sampled = append(sampled, 0)
		}
		share[c] += 1 / pi[i]
		sampled[c]++
		classes[c].weight += w[i]
		sum += 1 / pi[i]
	}
	whole := 0
	for c := range classes {
		share[c] *= population / sum
		classes[c].people = max(sampled[c], int(math.Floor(share[c])))
		classes[c].weight /= float64(sampled[c])
		whole += classes[c].people
	}
	// Those left over go to the classes with the largest fractions.
	order := make([]int, len(classes))
	for c := range order {
		order[c] = c
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(share[b]-math.Floor(share[b]), share[a]-math.Floor(share[a]))
	})
	for i := 0; whole < int(population) && len(order) > 0; i++ {
		classes[order[i%len(order)]].people++
		whole++
	}
	return classes
}

// tiesBetween returns the number of ties in the population from each group to
// each, symmetric.
func tiesBetween(s *Sample, g Groups, pi []float64, population float64) [][]float64 {
	n := len(g.Names)
	referrals := square(n)
	people, degrees := make([]float64, n), make([]float64, n)
	var sum float64
	for i, k := range g.Of {
		if k < 0 {
			continue
		}
		people[k] += 1 / pi[i]
		degrees[k] += s.degree[i] / pi[i]
		sum += 1 / pi[i]
		if r := s.recruiter[i]; r >= 0 && g.Of[r] >= 0 {
			referrals[g.Of[r]][k]++
		}
	}
	ties := square(n)
	for i, row := range referrals {
		var from float64
		for _, v := range row {
			from += v
		}
		if from == 0 {
			continue
		}
		for j, v := range row {
			flow := v / from * degrees[i] * population / sum
			ties[i][j] += flow / 2
			ties[j][i] += flow / 2
		}
	}
	// A group without a tie has them as the groups have people.
	for i := range n {
		var out float64
		for _, v := range ties[i] {
			out += v
		}
		if out == 0 {
			for j := range n {
				ties[i][j] = people[j] / sum
			}
		}
	}
	return ties
}
