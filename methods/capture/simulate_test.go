package capture

import (
	"math"
	"math/rand/v2"
	"testing"
)

// simulateLists returns the histories of a population whose members are on each
// list with a chance of their own: chance gives that of person i on list j,
// given the lists before it.
func simulateLists(t testing.TB, rng *rand.Rand, population, lists int, chance func(i, j, before int) float64) Histories {
	t.Helper()
	counts := make([]int, 1<<lists)
	for i := range population {
		p := 0
		for j := range lists {
			if rng.Float64() < chance(i, j, p) {
				p |= 1 << j
			}
		}
		counts[p]++
	}
	h, err := NewHistories(lists, counts)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// overlaps calls f with every number of people that can be on both of two lists
// of a and b drawn at random from a population, and its probability.
func overlaps(population, a, b int, f func(both int, p float64)) {
	lchoose := func(n, k int) float64 {
		x, _ := math.Lgamma(float64(n + 1))
		y, _ := math.Lgamma(float64(k + 1))
		z, _ := math.Lgamma(float64(n - k + 1))
		return x - y - z
	}
	for both := max(0, a+b-population); both <= min(a, b); both++ {
		f(both, math.Exp(lchoose(a, both)+lchoose(population-a, b-both)-lchoose(population, b)))
	}
}

// independent lists, and two that help each other.
var shapes = map[string]struct {
	model  string
	chance func(i, j, before int) float64
}{
	"independent": {"Mt", func(_, j, _ int) float64 { return []float64{0.3, 0.2, 0.25, 0.15}[j] }},
	"two help each other": {"[12,3,4]", func(_, j, before int) float64 {
		p := []float64{0.3, 0.12, 0.25, 0.2}[j]
		if j == 1 && before&1 == 1 {
			p = 0.4
		}
		return p
	}},
}

// What intervals that say 95 per cent hold for a population of 1000 when the
// model is true, for the interval on the standard error and that of the
// likelihood. 400 populations know it to within 0.022 (two standard errors).
func TestModelCoverage(t *testing.T) {
	const population, rounds = 1000, 400
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(1, uint64(len(name))))
			m, err := ParseModel(shape.model, 4)
			if err != nil {
				t.Fatal(err)
			}
			var wald, likelihood, mean float64
			for range rounds {
				h := simulateLists(t, rng, population, 4, shape.chance)
				p, err := Profile(h, m, 0.95)
				if err != nil {
					t.Fatal(err)
				}
				w, err := p.Fit.Total(0.95)
				if err != nil {
					t.Fatal(err)
				}
				wald += indicator(w.Lo <= population && population <= w.Hi)
				likelihood += indicator(p.Lo <= population && population <= p.Hi)
				mean += p.Fit.N / rounds
			}
			t.Logf("mean N %.1f, covers %.3f on the standard error, %.3f by the likelihood", mean, wald/rounds, likelihood/rounds)
			near(t, "mean N", mean, population, 0.02*population)
			near(t, "coverage on the standard error", wald/rounds, 0.95, 0.03)
			near(t, "coverage by the likelihood", likelihood/rounds, 0.95, 0.03)
		})
	}
}

// What the average over all models of pairs holds when one of them is true, and
// when people differ and none is; beside the model that BIC picks. The coverages
// wanted are those of this run; the tolerances are two standard errors.
func TestAverageCoverage(t *testing.T) {
	const population, rounds = 1000, 150
	differ := func(i, j, _ int) float64 { // a third is hard to meet
		p := []float64{0.35, 0.25, 0.3, 0.2}[j]
		if i%3 == 0 {
			p /= 2
		}
		return p
	}
	for _, tt := range []struct {
		name            string
		chance          func(i, j, before int) float64
		average, picked float64 // coverage
		within          float64
		lowest, tallest float64 // mean N over the population
	}{
		{"two help each other", shapes["two help each other"].chance, 0.967, 0.953, 0.04, 0.98, 1.03},
		{"people differ", differ, 0.753, 0.653, 0.08, 0.90, 1.00},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(4, uint64(len(tt.name))))
			var average, picked, mean float64
			for range rounds {
				h := simulateLists(t, rng, population, 4, tt.chance)
				fits, err := Search{MaxOrder: 2}.Fit(h)
				if err != nil {
					t.Fatal(err)
				}
				a, err := Average(fits, BIC, 0.95)
				if err != nil {
					t.Fatal(err)
				}
				best, err := Best(fits, BIC)
				if err != nil {
					t.Fatal(err)
				}
				b, err := best.Total(0.95)
				if err != nil {
					t.Fatal(err)
				}
				average += indicator(a.Lo <= population && population <= a.Hi) / rounds
				picked += indicator(b.Lo <= population && population <= b.Hi) / rounds
				mean += a.N / rounds / population
			}
			t.Logf("mean N %.3f of the population; the average covers %.3f, the model picked %.3f", mean, average, picked)
			near(t, "coverage of the average", average, tt.average, tt.within)
			near(t, "coverage of the model picked", picked, tt.picked, tt.within)
			if average < picked {
				t.Errorf("the average covers %v, less than the model picked, %v", average, picked)
			}
			if mean < tt.lowest || mean > tt.tallest {
				t.Errorf("mean N is %v of the population, not %v to %v", mean, tt.lowest, tt.tallest)
			}
		})
	}
}

// Chao's bound stays below populations whose members differ, and is near one
// whose members do not.
func TestLowerBoundIsOne(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 3))
	for _, tt := range []struct {
		name   string
		rate   func() float64
		lo, hi float64 // mean of the bound over the population
	}{
		{"all alike", func() float64 { return 1 }, 0.98, 1.02},
		{"rates that differ by as much as their mean", func() float64 { return rng.ExpFloat64() }, 0.70, 0.80},
		{"a tenth at a tenth of the rate", func() float64 {
			if rng.IntN(10) == 0 {
				return 0.1
			}
			return 1
		}, 0.90, 0.99},
	} {
		const population, rounds = 1000, 100
		var mean float64
		for range rounds {
			seen, once, twice := 0, 0, 0
			for range population {
				switch k := poisson(rng, tt.rate()); {
				case k == 0:
					continue
				case k == 1:
					once++
				case k == 2:
					twice++
				}
				seen++
			}
			n, err := LowerBound(seen, once, twice, true)
			if err != nil {
				t.Fatal(err)
			}
			mean += n / population / rounds
		}
		if mean < tt.lo || mean > tt.hi {
			t.Errorf("%s: the bound is %.3f of the population on average, not %v to %v", tt.name, mean, tt.lo, tt.hi)
		}
	}
}

// The interval of one step, when two of three lists help each other.
func TestSampleCoverageInterval(t *testing.T) {
	const population, rounds = 1000, 150
	rng := rand.New(rand.NewPCG(8, 9))
	var oneStep, high, independent, covers float64
	for range rounds {
		h := simulateLists(t, rng, population, 3, func(_, j, before int) float64 {
			p := []float64{0.5, 0.35, 0.45}[j]
			if j == 1 && before&1 == 1 {
				p = 0.6
			}
			return p
		})
		c, err := SampleCoverage(h, 0.95, 100, rng)
		if err != nil {
			t.Fatal(err)
		}
		oneStep += c.OneStep.N / population / rounds
		high += c.High.N / population / rounds
		independent += c.Independent.N / population / rounds
		e := c.Estimate()
		covers += indicator(e.Lo <= population && population <= e.Hi) / rounds
	}
	t.Logf("of the population: independent %.3f, one step %.3f, high %.3f; covers %.3f", independent, oneStep, high, covers)
	near(t, "high", high, 1, 0.02)
	if !(independent < oneStep && oneStep < high) {
		t.Errorf("dependence is taken out in the wrong direction: %v, %v, %v", independent, oneStep, high)
	}
	near(t, "coverage", covers, 0.95, 0.06)
}

// Two classes of people, one of them on each list a quarter as often, in counts
// without error of 200 000 people: the posterior holds the population, to within
// what the prior does at that size, and the draws repeat.
func TestLatentRecovers(t *testing.T) {
	const population = 200_000
	counts := make([]int, 16)
	for p := range counts {
		for class := range 2 {
			q := population / 2.0
			for j, x := range []float64{0.55, 0.45, 0.5, 0.4} {
				if class == 0 {
					x /= 4
				}
				if p>>j&1 == 1 {
					q *= x
				} else {
					q *= 1 - x
				}
			}
			counts[p] += int(math.Round(q))
		}
	}
	h, err := NewHistories(4, counts)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Latent{Classes: 3, Burn: 1000, Draws: 2000, Thin: 5}.Sample(h, rand.New(rand.NewPCG(10, 11)))
	if err != nil {
		t.Fatal(err)
	}
	total, err := p.Total(0.95)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%.0f people in [%.0f, %.0f] of %d seen; worth %.0f draws, split %.3f", total.N, total.Lo, total.Hi, p.Seen, p.Effective, p.Split)
	if total.Lo > population || total.Hi < population {
		t.Errorf("%d outside [%v, %v]", population, total.Lo, total.Hi)
	}
	near(t, "mean", total.N, population, 0.06*population)
	short := Latent{Burn: 50, Draws: 100, Thin: 1}
	again, err := short.Sample(h, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	same, err := short.Sample(h, rand.New(rand.NewPCG(1, 1)))
	if err != nil || again.Draws[99] != same.Draws[99] {
		t.Errorf("the same seed gives %v and %v", again.Draws[99], same.Draws[99])
	}
}

// Three lists of known length and a survey of 400 that asked about them, one in
// which every second answer about one list is forgotten, which Q should see.
func TestListedCoverage(t *testing.T) {
	const population, respondents, rounds = 20_000, 400, 400
	rng := rand.New(rand.NewPCG(12, 13))
	var combined, first, forgotten, accused, sure float64
	for range rounds {
		chance := []float64{0.2, 0.35, 0.1}
		lengths := make([]Length, 3)
		for j, p := range chance {
			lengths[j].People = float64(binomial(rng, population, p))
		}
		var s, f Survey
		for range respondents {
			row := make([]bool, 3)
			active := rng.Float64() < 0.5 // some are on more lists
			for j, p := range chance {
				q := p * 0.7
				if active {
					q = p * 1.3
				}
				row[j] = rng.Float64() < q
			}
			s.On = append(s.On, row)
			lost := []bool{row[0], row[1] && rng.IntN(2) == 0, row[2]}
			f.On = append(f.On, lost)
		}
		l, err := s.Listed(lengths, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		combined += indicator(l.Lo <= population && population <= l.Hi) / rounds
		first += indicator(l.Each[0].Lo <= population && population <= l.Each[0].Hi) / rounds
		sure += indicator(l.SE < l.Each[1].SE) / rounds
		if l, err = f.Listed(lengths, 0.95); err != nil {
			t.Fatal(err)
		}
		forgotten += indicator(l.Lo <= population && population <= l.Hi) / rounds
		accused += indicator(l.P < 0.01) / rounds
	}
	t.Logf("covers %.3f by three lists, %.3f by one, %.3f with one forgotten, of which Q accuses %.3f", combined, first, forgotten, accused)
	near(t, "coverage by three lists", combined, 0.95, 0.03)
	near(t, "coverage by one list", first, 0.95, 0.03)
	near(t, "coverage with a list forgotten", forgotten, 0.95, 0.04)
	if sure < 0.6 {
		t.Errorf("three lists are surer than the best in %v of surveys only", sure)
	}
	if accused < 0.9 {
		t.Errorf("Q sees a forgotten list in %v of surveys only", accused)
	}
}

// Groups differ in how they are known, by a log-normal factor of 0.3, the group
// sought among them. The interval on what the known groups show holds the truth
// as often as it says; that of the standard error does not.
func TestScaleUpCoverage(t *testing.T) {
	const population, respondents, rounds, groups = 1e6, 200, 300, 15
	rng := rand.New(rand.NewPCG(14, 15))
	var wide, narrow float64
	for range rounds {
		known := make([]Group, groups)
		factor := make([]float64, groups+1)
		for k := range factor {
			factor[k] = math.Exp(0.3 * rng.NormFloat64())
			if k < groups {
				known[k].Size = 1000 * math.Exp(rng.NormFloat64())
			}
		}
		const size = 2000.0
		answers, target := make([][]float64, respondents), make([]float64, respondents)
		for i := range answers {
			d := 300 * math.Exp(0.7*rng.NormFloat64())
			answers[i] = make([]float64, groups)
			for k, g := range known {
				answers[i][k] = float64(poisson(rng, d*g.Size/population*factor[k]))
			}
			target[i] = float64(poisson(rng, d*size/population*factor[groups]))
		}
		s, err := ScaleUp(known, answers, target, population, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		wide += indicator(s.Lo <= size && size <= s.Hi) / rounds
		narrow += indicator(s.Binomial.Lo <= size && size <= s.Binomial.Hi) / rounds
	}
	t.Logf("covers %.3f with the errors of the known groups, %.3f with the standard error alone", wide, narrow)
	near(t, "coverage", wide, 0.95, 0.04)
	if narrow > 0.7 {
		t.Errorf("the standard error alone covers %v", narrow)
	}
}
