package rds

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// small is nine people from two seeds:
//
//	a ─┬─ b ─┬─ d        f ─── g ─┬─ h
//	   └─ c  └─ e                 └─ i
func small(t testing.TB) (*Sample, Groups) {
	t.Helper()
	s, err := NewSample(
		strings.Split("a b c d e f g h i", " "),
		strings.Split("- a a b b - f g g", " "),
		[]float64{4, 2, 2, 1, 5, 10, 4, 2, 2}, "-")
	if err != nil {
		t.Fatal(err)
	}
	return s, NewGroups(strings.Split("x x y x y y y y x", " "))
}

func TestSample(t *testing.T) {
	s, _ := small(t)
	var waves, seeds, recruits, recruiters []int
	for i := range s.Len() {
		waves = append(waves, s.Wave(i))
		seeds = append(seeds, s.Seed(i))
		recruits = append(recruits, s.Recruits(i))
		recruiters = append(recruiters, s.Recruiter(i))
	}
	for _, tt := range []struct {
		what      string
		got, want []int
	}{
		{"waves", waves, []int{0, 1, 1, 2, 2, 0, 1, 2, 2}},
		{"seeds", seeds, []int{0, 0, 0, 0, 0, 5, 5, 5, 5}},
		{"recruits", recruits, []int{2, 2, 0, 0, 0, 1, 2, 0, 0}},
		{"recruiters", recruiters, []int{-1, 0, 0, 1, 1, -1, 5, 6, 6}},
	} {
		if !slices.Equal(tt.got, tt.want) {
			t.Errorf("%s = %v, want %v", tt.what, tt.got, tt.want)
		}
	}
	if s.Seeds() != 2 || s.Degree(4) != 5 {
		t.Errorf("%d seeds, degree %v", s.Seeds(), s.Degree(4))
	}
	sub, places, err := s.Subset([]bool{true, false, true, true, true, false, true, true, false})
	if err != nil || !slices.Equal(places, []int{0, 2, 3, 4, 6, 7}) {
		t.Fatalf("%v, %v", places, err)
	}
	// Those recruited by someone left out have become seeds.
	if sub.Seeds() != 4 || sub.Recruiter(1) != 0 || sub.Recruiter(2) != -1 || sub.Recruiter(5) != 4 {
		t.Errorf("subset %+v", sub)
	}
	if n, err := s.SubPopulation([]bool{true, false, false, false, false, false, false, false, false}, 1000); err != nil || n != math.Round(1000*0.25/(0.25+.5+.5+1+.2+.1+.25+.5+.5)) {
		t.Errorf("sub-population %v, %v", n, err)
	}
	if _, _, err := s.Subset(make([]bool, 9)); !errors.Is(err, ErrNobody) {
		t.Errorf("nobody kept: %v", err)
	}
}

func TestSampleErrors(t *testing.T) {
	nan := math.NaN()
	for _, tt := range []struct {
		name           string
		ids, recruiter string
		degrees        []float64
		want           error // nil: any
	}{
		{"nobody", "", "", nil, ErrNobody},
		{"the same person twice", "a b a", "- a b", []float64{1, 1, 1}, ErrDuplicate},
		{"a recruiter nobody knows", "a b", "- z", []float64{1, 1}, ErrUnknownRecruiter},
		{"a circle of two", "a b c", "- c b", []float64{1, 1, 1}, ErrLoop},
		{"one who recruits oneself", "a b", "- b", []float64{1, 1}, ErrLoop},
		{"no degree", "a b", "- a", []float64{1, nan}, ErrDegree},
		{"a degree of nothing", "a b", "- a", []float64{0, 1}, ErrDegree},
		{"lists of different length", "a b", "- a", []float64{1}, nil},
		{"a respondent called like the mark", "a -", "- a", []float64{1, 1}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewSample(strings.Fields(tt.ids), strings.Fields(tt.recruiter), tt.degrees, "-")
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
		})
	}
}

func FuzzNewSample(f *testing.F) {
	f.Add("a b c", "- a b", 2.0)
	f.Add("a b c", "b c a", 1.0)
	f.Add("", "", 0.0)
	f.Fuzz(func(t *testing.T, ids, recruiters string, degree float64) {
		id, rec := strings.Fields(ids), strings.Fields(recruiters)
		degrees := make([]float64, len(id))
		for i := range degrees {
			degrees[i] = degree
		}
		s, err := NewSample(id, rec, degrees, "-")
		if err != nil {
			return
		}
		for i := range s.Len() {
			if r := s.Recruiter(i); r >= 0 && (s.Wave(i) != s.Wave(r)+1 || s.Seed(i) != s.Seed(r)) || r < 0 && s.Wave(i) != 0 {
				t.Errorf("%d is of wave %d, recruited by %d", i, s.Wave(i), r)
			}
		}
	})
}

func TestGroups(t *testing.T) {
	g := NewGroups([]string{"red", "", "blue", "red"})
	if !slices.Equal(g.Names, []string{"blue", "red"}) || !slices.Equal(g.Of, []int{1, -1, 0, 1}) {
		t.Errorf("%+v", g)
	}
	g = Cut([]float64{3, 1, math.NaN(), 1, 3}, 3)
	if !slices.Equal(g.Names, []string{"1", "3"}) || !slices.Equal(g.Of, []int{1, 0, -1, 0, 1}) {
		t.Errorf("two numbers: %+v", g)
	}
	var values []float64
	for i := range 99 {
		values = append(values, float64(i+1))
	}
	g = Cut(values, 3)
	if !slices.Equal(g.Names, []string{"33", "66", "99"}) || !slices.Equal(g.sizes(), []int{33, 33, 33}) {
		t.Errorf("%v of %v", g.sizes(), g.Names)
	}
}

// From a to b and back: the weights were worked out by hand from the recruits
// of the drawing, x→x 2, x→y 2, y→x 1, y→y 2.
func TestWeightsByHand(t *testing.T) {
	s, g := small(t)
	transitions, err := Transitions(s, g)
	if err != nil || fmt.Sprint(transitions) != "[[2 2] [1 2]]" {
		t.Fatalf("%v, %v", transitions, err)
	}
	// π = (1/3, 1/2)/(5/6) = (0.4, 0.6); harmonic means of 4, 2, 1, 2 and of
	// 2, 5, 10, 4, 2 are 16/9 and 100/31; π/h = 0.225 and 0.186.
	p, err := Shares(s, g, SalganikHeckathorn, 0)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "RDS-I", p[0], 0.225/0.411, 1e-12)
	p, err = Shares(s, g, VolzHeckathorn, 0)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "RDS-II", p[0], 2.25/(2.25+1.55), 1e-12)
	p, err = Shares(s, g, ArithmeticMean, 0)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean", p[0], 4.0/9, 1e-12)
	// Smoothing leaves the stationary distribution as it is.
	q, err := Shares(s, g, DataSmoothed, 0)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "RDS-I (DS)", q[0], 0.225/0.411, 1e-12)
	near(t, "mean of numbers", Mean([]float64{1, 2, 5}, []float64{1, 4, math.NaN()}), 3, 1e-12)
}

// The transitions made symmetric have the stationary distribution they were made
// from, so that there is nothing for RDS-I (DS) to change.
func TestSmoothingChangesNothing(t *testing.T) {
	p := [][]float64{{0.2, 0.5, 0.3}, {0.6, 0.1, 0.3}, {0.1, 0.7, 0.2}}
	pi, err := Stationary(p)
	if err != nil {
		t.Fatal(err)
	}
	flow := square(3)
	for i := range p {
		for j := range p {
			flow[i][j] = 70 * (pi[i]*p[i][j] + pi[j]*p[j][i]) / 2
		}
	}
	again, err := Stationary(chances(flow))
	if err != nil {
		t.Fatal(err)
	}
	for k := range pi {
		near(t, "share in the long run", again[k], pi[k], 1e-12)
	}
	if math.Abs(chances(flow)[0][1]-p[0][1]) < 0.01 {
		t.Error("the chances were symmetric to begin with")
	}
}

// Where the group of a recruit does not depend on the recruiter's and all have
// equally many ties, Salganik's chain is as many draws at random as there are
// recruits and one.
func TestSalganikAtRandom(t *testing.T) {
	ids, recruiters, answers := []string{"a", "b"}, []string{"-", "-"}, []string{"x", "y"}
	for i := range 200 {
		ids = append(ids, fmt.Sprint(i))
		recruiters = append(recruiters, ids[i%2])
		answers = append(answers, []string{"x", "y", "y", "y"}[i/2%4])
	}
	degrees := make([]float64, len(ids))
	for i := range degrees {
		degrees[i] = 4
	}
	s, err := NewSample(ids, recruiters, degrees, "-")
	if err != nil {
		t.Fatal(err)
	}
	r, err := Salganik(s, NewGroups(answers), VolzHeckathorn, 0, 5000, rand.New(rand.NewPCG(1, 2)))
	if err != nil {
		t.Fatal(err)
	}
	// The standard deviation of 5000 draws varies by one per cent.
	near(t, "standard error", deviation(r.Draws[0]), math.Sqrt(0.25*0.75/201), 0.03*0.0306)
}

func TestWeightsErrors(t *testing.T) {
	s, g := small(t)
	for _, tt := range []struct {
		name       string
		g          Groups
		e          Estimator
		population float64
		want       error
	}{
		{"SS without a population", g, SuccessiveSampling, 0, ErrPopulation},
		{"SS with the sample as population", g, SuccessiveSampling, 9, ErrPopulation},
		{"a population below the sample", g, VolzHeckathorn, 8, ErrPopulation},
		{"a population that is no number", g, VolzHeckathorn, math.NaN(), ErrPopulation},
		{"RDS-I with one group", NewGroups(strings.Split("x x x x x x x x x", " ")), SalganikHeckathorn, 0, ErrGroups},
		{"RDS-I with answers of others", NewGroups([]string{"x", "y"}), SalganikHeckathorn, 0, ErrGroups},
		{"RDS-I with groups that are never left", NewGroups(strings.Split("x x x x x y y y y", " ")), SalganikHeckathorn, 0, ErrStationary},
	} {
		if _, err := Weights(s, tt.g, tt.e, tt.population); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	if _, err := Weights(s, g, estimators, 0); err == nil {
		t.Error("no estimator: no error")
	}
	for _, p := range [][][]float64{{{0, 1}, {1, 0}}, {{1, 0}, {0, 1}}} {
		if _, err := Stationary(p); !errors.Is(err, ErrStationary) {
			t.Errorf("%v: %v", p, err)
		}
	}
	if _, err := Stationary([][]float64{{0.5, 0.4}, {0.5, 0.5}}); err == nil {
		t.Error("a row that does not add to 1: no error")
	}
	// A group that is left and never returned to has no share.
	pi, err := Stationary([][]float64{{0.5, 0.5, 0}, {0, 0.5, 0.5}, {0, 0.25, 0.75}})
	if err != nil || pi[0] > 1e-12 || math.Abs(pi[1]-1.0/3) > 1e-12 {
		t.Errorf("%v, %v", pi, err)
	}
}

// The stationary distribution is left where it is by a step.
func TestStationaryStays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 7).Draw(t, "n")
		p := square(n)
		for i := range p {
			var sum float64
			for j := range p[i] {
				p[i][j] = rapid.Float64Range(0.01, 1).Draw(t, "p")
				sum += p[i][j]
			}
			for j := range p[i] {
				p[i][j] /= sum
			}
		}
		pi, err := Stationary(p)
		if err != nil {
			t.Fatal(err)
		}
		var sum float64
		for j := range pi {
			var after float64
			for i := range pi {
				after += pi[i] * p[i][j]
			}
			if sum += pi[j]; math.Abs(after-pi[j]) > 1e-12 {
				t.Fatalf("%v becomes %v at %d", pi, after, j)
			}
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Fatalf("adds to %v", sum)
		}
	})
}

// Chances of inclusion against successive sampling itself: 4000 samples of 300
// from 1000 people known to have the degrees that the chances are worked out
// for. One sample's inclusion varies by √(π(1−π)/(4000·people)), under 0.004.
func TestInclusion(t *testing.T) {
	counts := map[float64]int{1: 200, 2: 300, 5: 300, 12: 150, 30: 50}
	var degrees, classes, size []float64
	for _, d := range []float64{1, 2, 5, 12, 30} {
		classes = append(classes, d)
		size = append(size, float64(counts[d]))
		for range counts[d] {
			degrees = append(degrees, d)
		}
	}
	const n, rounds = 300, 4000
	rng := rand.New(rand.NewPCG(3, 4))
	times := make([]float64, len(degrees))
	order := make([]int, len(degrees))
	hits := map[float64]float64{}
	for range rounds {
		// The n first events of exponential times are successive sampling.
		for i, d := range degrees {
			times[i], order[i] = rng.ExpFloat64()/d, i
		}
		slices.SortFunc(order, func(a, b int) int {
			if times[a] < times[b] {
				return -1
			}
			return 1
		})
		for _, i := range order[:n] {
			hits[degrees[i]]++
		}
	}
	at := stop(classes, size, n)
	var sum float64
	for k, d := range classes {
		pi := -math.Expm1(-d * at)
		near(t, fmt.Sprint("π of degree ", d), pi, hits[d]/rounds/size[k], 0.006)
		sum += pi * size[k]
	}
	near(t, "expected sample", sum, n, 1e-9*n)

	// A sample with these chances gives back the population it is of.
	var sample []float64
	for k, d := range classes {
		for range int(math.Round(size[k] * -math.Expm1(-d*at))) {
			sample = append(sample, d)
		}
	}
	pi, err := Inclusion(sample, 1000)
	if err != nil {
		t.Fatal(err)
	}
	people := map[float64]float64{}
	for i, d := range sample {
		people[d] += 1 / pi[i]
	}
	var all float64
	for _, v := range people {
		all += v
	}
	for k, d := range classes {
		near(t, fmt.Sprint("share of degree ", d), people[d]/all, size[k]/1000, 0.006)
	}
	// Of an endless population the chances are as the degrees.
	pi, err = Inclusion([]float64{1, 2, 2, 8}, 1e9)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "ratio", pi[3]/pi[0], 8, 1e-6)
	if _, err := Inclusion(nil, 10); !errors.Is(err, ErrNobody) {
		t.Errorf("nobody: %v", err)
	}
	if _, err := Inclusion([]float64{1, 2}, 2); !errors.Is(err, ErrPopulation) {
		t.Errorf("all of them: %v", err)
	}
}

// shuffled returns the sample in another order of rows.
func shuffled(t testing.TB, s *Sample, g Groups, rng *rand.Rand) (*Sample, Groups) {
	t.Helper()
	order := rng.Perm(s.Len())
	ids, recruiters := make([]string, s.Len()), make([]string, s.Len())
	degrees, answers := make([]float64, s.Len()), make([]string, s.Len())
	for now, i := range order {
		ids[now], degrees[now], recruiters[now] = s.ids[i], s.degree[i], "-"
		if r := s.recruiter[i]; r >= 0 {
			recruiters[now] = s.ids[r]
		}
		if k := g.Of[i]; k >= 0 {
			answers[now] = g.Names[k]
		}
	}
	out, err := NewSample(ids, recruiters, degrees, "-")
	if err != nil {
		t.Fatal(err)
	}
	return out, NewGroups(answers)
}

// renamed returns the groups with other names, in the opposite order.
func renamed(g Groups) Groups {
	answers := make([]string, len(g.Of))
	for i, k := range g.Of {
		if k >= 0 {
			answers[i] = fmt.Sprintf("group %02d", 99-k)
		}
	}
	return NewGroups(answers)
}

// The order of the rows and the names of the groups do not matter, except to
// the interval that is here for comparison.
func TestOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	net := simulateNetwork(rng, 2000, 0.3, 8, 1.3, 4)
	s, g := net.recruit(rng, 300, 8, 3)
	lowest, highest := math.Inf(1), 0.0
	for round := range 10 {
		s2, g2 := shuffled(t, s, g, rng)
		for e := range estimators {
			want, err := Shares(s, g, e, 2000)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Shares(s2, g2, e, 2000)
			if err != nil {
				t.Fatal(err)
			}
			near(t, fmt.Sprint(e, " after shuffling"), got[1], want[1], 1e-12)
			if got, err = Shares(s, renamed(g), e, 2000); err != nil {
				t.Fatal(err)
			}
			near(t, fmt.Sprint(e, " with other names"), got[0], want[1], 1e-12)
		}
		h1, err1 := HomophilyOf(s, g, VolzHeckathorn, 0)
		h2, err2 := HomophilyOf(s2, renamed(g2), VolzHeckathorn, 0)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		near(t, "recruitment homophily", h2.Recruitment, h1.Recruitment, 1e-12)
		near(t, "population homophily", h2.Population[0], h1.Population[1], 1e-12)
		near(t, "activity", h2.Activity[0], h1.Activity[1], 1e-12)
		if round == 0 {
			a, err1 := Tree(s, g, VolzHeckathorn, 0, 4000, rng)
			b, err2 := Tree(s2, g2, VolzHeckathorn, 0, 4000, rng)
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			// A standard deviation of 4000 draws varies by about a hundredth.
			near(t, "tree standard errors", deviation(b.Draws[1])/deviation(a.Draws[1]), 1, 0.06)
		}
		list, err := EmpiricalLikelihood(s2, g2, VolzHeckathorn, 2000)
		if err != nil {
			t.Fatal(err)
		}
		lowest, highest = min(lowest, list[1].SE), max(highest, list[1].SE)
	}
	t.Logf("the interval by lower triangle has a standard error of %.4f to %.4f", lowest, highest)
	if highest < 1.15*lowest {
		t.Errorf("standard errors by lower triangle from %v to %v: they hardly depend on the order", lowest, highest)
	}
}

func TestBootstrapRepeats(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	net := simulateNetwork(rng, 1000, 0.3, 8, 1, 2)
	s, g := net.recruit(rng, 200, 6, 3)
	for name, boot := range map[string]func(*Sample, Groups, Estimator, float64, int, *rand.Rand) (Resampled, error){"tree": Tree, "salganik": Salganik, "gile": Gile} {
		for e := range estimators {
			run := func(seed uint64) Resampled {
				r, err := boot(s, g, e, 1000, 120, rand.New(rand.NewPCG(seed, 2)))
				if err != nil {
					t.Fatalf("%s of %v: %v", name, e, err)
				}
				return r
			}
			a, b, c := run(1), run(1), run(2)
			if !slices.Equal(a.Draws[0], b.Draws[0]) || slices.Equal(a.Draws[0], c.Draws[0]) {
				t.Errorf("%s of %v: the same seed gives other draws, or another the same", name, e)
			}
			cov := a.Covariance()
			near(t, name+" variance", cov[0][0], deviation(a.Draws[0])*deviation(a.Draws[0]), 1e-12)
			near(t, name+" covariance of two shares", cov[0][1], -cov[0][0], 1e-12)
			for i := range a.Draws[0] {
				near(t, name+" sum of shares", a.Draws[0][i]+a.Draws[1][i], 1, 1e-12)
			}
			list, err := a.Intervals(0.9)
			if err != nil {
				t.Fatal(err)
			}
			wide, err := a.Intervals(0.99)
			if err != nil {
				t.Fatal(err)
			}
			for k, x := range list {
				if !(wide[k].Lo <= x.Lo && x.Lo <= x.Value && x.Value <= x.Hi && x.Hi <= wide[k].Hi && x.Design > 0) {
					t.Errorf("%s of %v: %+v within %+v", name, e, x, wide[k])
				}
			}
		}
	}
	if _, err := Tree(s, g, VolzHeckathorn, 0, 99, rng); err == nil {
		t.Error("99 draws: no error")
	}
	r, err := Tree(s, g, VolzHeckathorn, 0, 100, rng)
	if err != nil {
		t.Fatal(err)
	}
	for _, level := range []float64{0, 1, math.NaN()} {
		if _, err := r.Intervals(level); err == nil {
			t.Errorf("level %v: no error", level)
		}
		if _, err := r.Percentiles(level); err == nil {
			t.Errorf("level %v: no error", level)
		}
	}
	if _, err := Gile(s, g, VolzHeckathorn, 0, 100, rng); !errors.Is(err, ErrPopulation) {
		t.Errorf("Gile without a population: %v", err)
	}
}

// Of a network made with a preference of 3, the homophily of the population is
// what the network has, to within the error of 25 samples.
func TestHomophilyRecovers(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	net := simulateNetwork(rng, 3000, 0.4, 10, 1.5, 3)
	var across, ties, in, degreeIn float64
	for i, t := range net.ties {
		ties += float64(len(t))
		if net.group[i] == 1 {
			in++
			degreeIn += float64(len(t))
		}
		for _, j := range t {
			if net.group[i] != net.group[j] {
				across++
			}
		}
	}
	want := 2 * degreeIn * (ties - degreeIn) / ties / across
	wantActivity := degreeIn / in / ((ties - degreeIn) / (3000 - in))
	var got, activity, recruitment float64
	const rounds = 25
	for range rounds {
		s, g := net.recruit(rng, 500, 10, 3)
		h, err := HomophilyOf(s, g, VolzHeckathorn, 0)
		if err != nil {
			t.Fatal(err)
		}
		got += h.Population[1] / rounds
		activity += h.Activity[1] / rounds
		recruitment += h.Recruitment / rounds
	}
	near(t, "population homophily", got, want, 0.06*want)
	near(t, "activity", activity, wantActivity, 0.06*wantActivity)
	if recruitment < 1.2 {
		t.Errorf("recruitment homophily %v where groups keep to themselves", recruitment)
	}
}

func TestDiagnose(t *testing.T) {
	s, g := small(t)
	d, err := Diagnose(s, g, VolzHeckathorn, 90)
	if err != nil {
		t.Fatal(err)
	}
	if d.Seeds != 2 || d.Waves != 2 || !slices.Equal(d.ByWave, []int{2, 3, 4}) || d.Fraction != 0.1 {
		t.Errorf("%+v", d)
	}
	// Of x by weights 1/d: the first three are 0.25, 0.5 of x and 0.5 of y.
	near(t, "x after three", d.Convergence[0].Estimate[2], 0.75/1.25, 1e-12)
	near(t, "x at the end", d.Convergence[0].Estimate[8], 2.25/3.8, 1e-12)
	if d.Convergence[0].Settled != 9 {
		t.Errorf("settled after %d", d.Convergence[0].Settled)
	}
	near(t, "x of the first seed", d.Bottleneck[0].Shares[0], 1.75/2.45, 1e-12)
	if b := d.Bottleneck[1]; b.ID != "f" || b.People != 4 || b.Waves != 2 {
		t.Errorf("%+v", b)
	}
	// Chances (1/2, 1/2) and (1/3, 2/3): the second eigenvalue is 1/6, and
	// (1/6)³ < 0.02 < (1/6)².
	if d.Equilibrium != 3 {
		t.Errorf("equilibrium after %d", d.Equilibrium)
	}
	if got := equilibrium([][]float64{{1, 0}, {0, 1}}); got != -1 {
		t.Errorf("groups that do not meet settle after %d", got)
	}
	if !strings.Contains(d.String(), "9 people from 2 seeds in 2 waves") {
		t.Error(d.String())
	}
	// Trees of 2 and 7 people, by hand: shares 1/2 and 6/7, of all 7/9; between
	// 2(1/2−7/9)² + 7(6/7−7/9)² = 0.198413, within 2/4 + 6/7 = 1.357143 on 7
	// degrees of freedom; people to a tree 9 − 53/9 = 3.111111.
	uneven, err := NewSample(strings.Split("a b c d e f g h i", " "), strings.Split("- a - c c c c c c", " "), []float64{1, 1, 1, 1, 1, 1, 1, 1, 1}, "-")
	if err != nil {
		t.Fatal(err)
	}
	msw := 1.357143 / 7
	near(t, "between uneven trees", between(uneven, NewGroups(strings.Split("x y x x x x x x y", " ")), []float64{1, 1, 1, 1, 1, 1, 1, 1, 1}, 0),
		(0.198413-msw)/(0.198413+2.111111*msw), 1e-5)
	// Trees of one group each lie wholly between; trees alike, not at all.
	apart := NewGroups(strings.Split("x x x x x y y y y", " "))
	w := make([]float64, 9)
	for i := range w {
		w[i] = 1
	}
	near(t, "between trees of one group each", between(s, apart, w, 0), 1, 1e-12)
	if b := between(s, NewGroups(strings.Split("x y x y x x y x y", " ")), w, 0); b != 0 {
		t.Errorf("between trees alike %v", b)
	}
}

// The expectation over the ties of those not sampled, against the exact one by
// convolution.
func TestSizeOrder(t *testing.T) {
	degree := []int{3, 1, 4, 2, 2, 5, 3, 1, 2, 3, 4, 1, 2, 2, 3, 1, 2, 1, 3, 2}
	p := []float64{0, 0.3, 0.3, 0.2, 0.15, 0.05}
	o := newOrder(degree, 1e4)
	b := make([]float64, len(degree))
	var sum float64
	for i := len(degree) - 1; i >= 0; i-- {
		sum += float64(degree[i])
		b[i] = sum
	}
	dist := []float64{1} // of U
	var offset float64
	guess := 1.0
	for m := 1; m <= 200; m++ {
		next := make([]float64, len(dist)+5)
		for u, q := range dist {
			for d := 1; d <= 5; d++ {
				next[u+d] += q * p[d]
			}
		}
		dist = next
		var exact float64
		for u, q := range dist {
			l := 0.0
			for _, v := range b {
				l -= math.Log1p(float64(u) / v)
			}
			exact += q * math.Exp(l)
		}
		var got float64
		got, guess = o.mean(p, float64(m), guess+2)
		if m == 5 {
			offset = got - math.Log(exact)
		}
		if m >= 5 {
			// A constant would cancel: what matters is how it changes with m.
			near(t, fmt.Sprint("m = ", m), got-math.Log(exact), offset, 0.02)
		}
	}
	near(t, "offset", offset, 0, 0.05)
}

// The distributions of ties considered have the weights of prior and likelihood:
// their mean number of ties against that of a fine grid in log λ and ν, the
// measure the prior is flat in.
func TestSizeDegrees(t *testing.T) {
	degree := []int{1, 1, 1, 2, 2, 3, 3, 4, 6, 8, 2, 1, 5, 3, 1, 2, 2, 4, 9, 1}
	const most = 10
	plain, weighted := make([]float64, most+1), make([]float64, most+1)
	for _, d := range degree {
		plain[d]++
		weighted[d] += 1 / float64(d)
	}
	l0, n0 := fitConway(weighted)
	_, mu, s2 := conway(l0, n0, most)
	var want, all float64
	for i := range 400 {
		for j := range 400 {
			logLambda, nu := -4+16*(float64(i)+0.5)/400, 10*(float64(j)+0.5)/400
			p, mean, variance := conway(logLambda, nu, most)
			l := -2.5*math.Log(variance) - 3*s2/(2*variance) - (mean-mu)*(mean-mu)/(2*variance) - math.Log(variance)/2
			for k, c := range plain {
				if c > 0 {
					l += c * math.Log(p[k])
				}
			}
			want += math.Exp(l+50) * mean
			all += math.Exp(l + 50)
		}
	}
	var got, sum float64
	for _, m := range degreeGrid(degree, most) {
		got += math.Exp(m.weight+50) * m.mean
		sum += math.Exp(m.weight + 50)
	}
	near(t, "mean number of ties", got/sum, want/all, 0.001*want/all)
}

// From a population of 1000 by successive sampling itself, with half of it
// sampled, the posterior moves from a prior median twice the truth towards it:
// over eight populations its median was a third above the truth.
func TestSizeRecovers(t *testing.T) {
	const population, n, rounds = 1000, 500, 8
	rng := rand.New(rand.NewPCG(11, 12))
	var ratio float64
	for range rounds {
		type event struct{ at, degree float64 }
		events := make([]event, population)
		for i := range events {
			d := 1 + math.Floor(rng.ExpFloat64()*2+rng.ExpFloat64()*2)
			events[i] = event{rng.ExpFloat64() / d, d}
		}
		slices.SortFunc(events, func(a, b event) int {
			if a.at < b.at {
				return -1
			}
			return 1
		})
		ids, recruiter, degree := make([]string, n), make([]int, n), make([]float64, n)
		for i := range n {
			ids[i], recruiter[i], degree[i] = fmt.Sprint(i), -1, events[i].degree
		}
		s, err := newSample(ids, recruiter, degree)
		if err != nil {
			t.Fatal(err)
		}
		p, err := PosteriorSize(s, SizePrior{Median: 2 * population})
		if err != nil {
			t.Fatal(err)
		}
		var prior, posterior float64
		for i := range p.N {
			prior += p.Prior[i]
			posterior += p.P[i]
		}
		near(t, "prior", prior, 1, 1e-9)
		near(t, "posterior", posterior, 1, 1e-9)
		ratio += float64(p.Quantile(0.5)) / population / rounds
	}
	t.Logf("posterior median over the population: %.2f from a prior of 2", ratio)
	near(t, "posterior median over the population", ratio, 1.33, 0.15)
}

func TestSizeErrors(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	s, _ := simulateNetwork(rng, 300, 0.3, 8, 1, 1).recruit(rng, 50, 3, 3)
	for _, p := range []SizePrior{{}, {Median: 50}, {Median: math.Inf(1)}, {Median: 100, Max: 90}} {
		if _, err := PosteriorSize(s, p); !errors.Is(err, ErrSizePrior) {
			t.Errorf("%+v: %v", p, err)
		}
	}
	few, _ := small(t)
	if _, err := PosteriorSize(few, SizePrior{Median: 100}); !errors.Is(err, ErrNobody) {
		t.Errorf("nine people: %v", err)
	}
}

// A page of one survey shows a handful of shares with a thousand draws each,
// and should come in well under a second.
func BenchmarkBootstrap(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	net := simulateNetwork(rng, 5000, 0.3, 8, 1.2, 2)
	s, g := net.recruit(rng, 500, 10, 3)
	for name, boot := range map[string]func(*Sample, Groups, Estimator, float64, int, *rand.Rand) (Resampled, error){"tree": Tree, "salganik": Salganik, "gile": Gile} {
		b.Run(name+", 1000 draws of 500", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := boot(s, g, VolzHeckathorn, 5000, 1000, rng); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Weights and shares are worked out anew whenever an analyst changes the
// population.
func BenchmarkWeights(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	s, g := simulateNetwork(rng, 5000, 0.3, 8, 1.2, 2).recruit(rng, 500, 10, 3)
	for e := range estimators {
		b.Run(e.String(), func(b *testing.B) {
			for b.Loop() {
				if _, err := Shares(s, g, e, 5000); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("size", func(b *testing.B) {
		for b.Loop() {
			if _, err := PosteriorSize(s, SizePrior{Median: 3000}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
