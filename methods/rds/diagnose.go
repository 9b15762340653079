package rds

import (
	"fmt"
	"math"
	"slices"
)

// A Diagnosis says whether a sample went far enough and was not held up.
type Diagnosis struct {
	Seeds, Waves int       // the latter from 0 for the seeds
	ByWave       []int     // respondents in each wave
	Fraction     float64   // of the population in the sample; NaN without one
	Convergence  []Path    // one per group
	Bottleneck   []PerSeed // one per seed, in the order interviewed
	// Between is, for each group, the share of the weighted variance of its
	// indicator that lies between the trees of the seeds beyond what chance
	// gives, within 0 and 1. A high one says that seeds led into parts of the
	// network that do not meet.
	Between []float64
	// Equilibrium is after how many waves the groups of recruits no longer
	// depend on the group of the seed, to within two hundredths; −1 for never.
	Equilibrium int
}

// A Path is the estimate of a group's share as the interviews went on.
type Path struct {
	Name     string
	Estimate []float64 // after each interview; NaN while there is none
	// Settled is the number of interviews after which the estimate stayed
	// within two hundredths of the last one.
	Settled int
}

// PerSeed is what one seed led to.
type PerSeed struct {
	ID     string
	People int
	Waves  int
	Shares []float64 // estimates from its tree alone, one per group
}

// within is how near estimates must stay to have settled.
const within = 0.02

// Diagnose returns what the order and the trees of the sample say about it. The
// shares are those of an estimator: weights of the whole sample for SS and
// RDS-II, so that each step is a weighted mean; for RDS-I the whole estimator
// each time.
//
// What to look for: waves beyond Equilibrium, most of them; paths that settle
// well before the end, for a path that still drifts says the sample has not
// forgotten its seeds; trees that agree. A Fraction above a few per cent calls
// for SS, above a third of the population for a census. None of these prove
// that a sample is good.
//
// Diagnose returns the errors of [Weights].
//
// References: [gile2015].
func Diagnose(s *Sample, g Groups, e Estimator, population float64) (Diagnosis, error) {
	if err := g.valid(s); err != nil {
		return Diagnosis{}, err
	}
	w, err := Weights(s, g, e, population)
	if err != nil {
		return Diagnosis{}, err
	}
	d := Diagnosis{Seeds: len(s.seeds), Fraction: math.NaN()}
	for _, wave := range s.wave {
		for len(d.ByWave) <= wave {
			d.ByWave = append(d.ByWave, 0)
		}
		d.ByWave[wave]++
	}
	d.Waves = len(d.ByWave) - 1
	if population > 0 {
		d.Fraction = float64(s.Len()) / population
	}
	for _, name := range g.Names {
		d.Convergence = append(d.Convergence, Path{Name: name, Estimate: make([]float64, s.Len())})
	}
	y := newTally(e, len(g.Names))
	group := func(i int) int {
		if i < 0 {
			return -1
		}
		return g.Of[i]
	}
	for i := range s.ids {
		y.add(g.Of[i], group(s.recruiter[i]), w[i], s.degree[i])
		p, ok := y.shares()
		for k := range d.Convergence {
			if d.Convergence[k].Estimate[i] = math.NaN(); ok {
				d.Convergence[k].Estimate[i] = p[k]
			}
		}
	}
	for k := range d.Convergence {
		c := &d.Convergence[k]
		last := c.Estimate[len(c.Estimate)-1]
		for c.Settled = len(c.Estimate); c.Settled > 0; c.Settled-- {
			if !(math.Abs(c.Estimate[c.Settled-1]-last) <= within) {
				break
			}
		}
		c.Settled = min(c.Settled+1, len(c.Estimate))
	}
	for _, seed := range s.seeds {
		y.reset()
		per := PerSeed{ID: s.ids[seed]}
		for i := range s.ids {
			if s.seed[i] == seed {
				y.add(g.Of[i], group(s.recruiter[i]), w[i], s.degree[i])
				per.People++
				per.Waves = max(per.Waves, s.wave[i])
			}
		}
		if p, ok := y.shares(); ok {
			per.Shares = p
		}
		d.Bottleneck = append(d.Bottleneck, per)
	}
	for k := range g.Names {
		d.Between = append(d.Between, between(s, g, w, k))
	}
	t, err := Transitions(s, g)
	if err != nil {
		return Diagnosis{}, err
	}
	d.Equilibrium = equilibrium(chances(t))
	return d, nil
}

// between returns the share of the variance of the indicator of group k that
// lies between seeds, by analysis of variance with weights.
func between(s *Sample, g Groups, w []float64, k int) float64 {
	type tree struct{ w, w2, y float64 }
	trees := map[int]*tree{}
	var order []int
	var sw, sy float64
	n := 0.0
	for i, of := range g.Of {
		if of < 0 {
			continue
		}
		t := trees[s.seed[i]]
		if t == nil {
			t = &tree{}
			trees[s.seed[i]] = t
			order = append(order, s.seed[i])
		}
		t.w += w[i]
		t.w2 += w[i] * w[i]
		sw += w[i]
		n++
		if of == k {
			t.y += w[i]
			sy += w[i]
		}
	}
	a := float64(len(order))
	if a < 2 || n <= a {
		return math.NaN()
	}
	slices.Sort(order)
	mean := sy / sw
	var ssb, ssw, sizes float64
	for _, seed := range order {
		t := trees[seed]
		p := t.y / t.w
		ssb += t.w * (p - mean) * (p - mean)
		ssw += t.w * p * (1 - p)
		sizes += t.w * t.w
	}
	// Scale weights so that they add to the number of people.
	f := n / sw
	msb, msw := ssb*f/(a-1), ssw*f/(n-a)
	n0 := (n - sizes*f*f/n) / (a - 1)
	if msb+(n0-1)*msw <= 0 {
		return 0
	}
	return max(0, (msb-msw)/(msb+(n0-1)*msw))
}

// equilibrium returns after how many steps the chances of all groups are within
// two hundredths whatever the group of the start.
func equilibrium(p [][]float64) int {
	power := square(len(p))
	for i := range power {
		power[i][i] = 1
	}
	for steps := 0; steps <= 200; steps++ {
		var apart float64
		for j := range power {
			lo, hi := math.Inf(1), math.Inf(-1)
			for i := range power {
				lo, hi = min(lo, power[i][j]), max(hi, power[i][j])
			}
			apart = max(apart, hi-lo)
		}
		if apart <= within {
			return steps
		}
		power = product(power, p)
	}
	return -1
}

// String says in one line what Diagnose found.
func (d Diagnosis) String() string {
	people := 0
	for _, n := range d.ByWave {
		people += n
	}
	return fmt.Sprintf("%d people from %d seeds in %d waves, equilibrium after %d", people, d.Seeds, d.Waves, d.Equilibrium)
}
