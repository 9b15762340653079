package rds

import (
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"shanyraq/methods/internal/peers"
	"slices"
	"strings"
	"testing"
)

// estimatorOf returns the estimator of a call of the R package.
func estimatorOf(t *testing.T, c peers.Call) Estimator {
	t.Helper()
	switch {
	case c.Name == "RDS.I.estimates" && c.Named["smoothed"] == "TRUE":
		return DataSmoothed
	case c.Name == "RDS.I.estimates":
		return SalganikHeckathorn
	case c.Name == "RDS.II.estimates":
		return VolzHeckathorn
	case c.Name == "RDS.SS.estimates":
		return SuccessiveSampling
	}
	for e := range estimators {
		if e.String() == c.Named["weight.type"] {
			return e
		}
	}
	t.Fatalf("no estimator in %v", c)
	return 0
}

// populationOf returns the population of a call. Without one the peer takes
// that recorded with its data, 1000 for faux, which is what its weights add to.
func populationOf(c peers.Call, rows []peers.Row) float64 {
	if n := c.Number("N", math.NaN()); !math.IsNaN(n) {
		return n
	}
	for _, w := range rows {
		if w.Stat == "w_sum" {
			return peers.Float(w.Value)
		}
	}
	return 0
}

// Estimates and default intervals by RDS 0.9-10, one subtest a case. Those of
// successive sampling are the peer's simulated ones, within one per cent.
func TestConformanceEstimates(t *testing.T) {
	for _, c := range readCases(t, "expected_rds.csv", "point") {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			k := peers.ParseCall(c.Call)
			s, columns := readSample(t, k.Args[0])
			answers := columns[k.Args[1]]
			population := populationOf(k, c.Rows)
			places := []int(nil)
			if subset := k.Named["subset"]; subset != "" {
				var least float64
				if _, err := fmt.Sscanf(subset, "degree>%g", &least); err != nil {
					t.Fatalf("unknown subset %q", subset)
				}
				keep := make([]bool, s.Len())
				for i := range keep {
					keep[i] = s.Degree(i) > least
				}
				var err error
				if population, err = s.SubPopulation(keep, k.Number("N", 0)); err != nil {
					t.Fatal(err)
				}
				if s, places, err = s.Subset(keep); err != nil {
					t.Fatal(err)
				}
			}
			g := NewGroups(answers)
			if places != nil {
				g = g.subset(places)
			}
			e := estimatorOf(t, k)
			w, err := Weights(s, g, e, population)
			if err != nil {
				t.Fatal(err)
			}
			estimates := map[string]Estimate{}
			if k.Named["to.factor"] == "TRUE" {
				list, err := EmpiricalLikelihood(s, g, e, population)
				if err != nil {
					t.Fatal(err)
				}
				for _, x := range list {
					estimates[x.Name] = x
				}
			} else {
				values := make([]float64, len(answers))
				for i, a := range answers {
					values[i] = peers.Float(a)
				}
				x, err := EmpiricalMean(s, values, e, population)
				if err != nil {
					t.Fatal(err)
				}
				estimates[k.Args[1]] = x
			}
			for _, r := range c.Rows {
				x, ok := estimates[r.Key]
				var got float64
				switch r.Stat {
				case "w":
					got, ok = w[peers.Int(t, r.Key)-1], true
				case "w_sum":
					ok = true
					for _, v := range w {
						got += v
					}
				case "est":
					got = x.Value
				case "se":
					got = x.SE
				case "lower":
					got = x.Lo
				case "upper":
					got = x.Hi
				case "design_effect":
					got = x.Design
				case "n":
					got = float64(x.N)
				default:
					ok = false
				}
				if !ok {
					t.Errorf("nothing for %s %s", r.Stat, r.Key)
					continue
				}
				r.Compare(t, got)
			}
		})
	}
}

// Counts, weights and homophily by RDS 0.9-10, one subtest a case.
func TestConformanceMechanics(t *testing.T) {
	for _, c := range readCases(t, "expected_rds.csv", "mechanics") {
		t.Run(c.ID, func(t *testing.T) {
			word := strings.Split(c.ID, ".") // rds.<data>.<what>
			s, columns := readSample(t, word[1])
			var g Groups
			if m := regexp.MustCompile(`\('?[a-z.]*\(?` + word[1] + `,'([A-Za-z0-9]+)'`).FindStringSubmatch(c.Call); m != nil {
				g = NewGroups(columns[m[1]])
			}
			homophily := func() Homophily {
				h, err := HomophilyOf(s, g, VolzHeckathorn, 0)
				if err != nil {
					t.Fatal(err)
				}
				return h
			}
			transitions := func() [][]float64 {
				m, err := Transitions(s, g)
				if err != nil {
					t.Fatal(err)
				}
				return m
			}
			at := func(name string) int {
				i := slices.Index(g.Names, name)
				if i < 0 {
					t.Fatalf("no group %q among %v", name, g.Names)
				}
				return i
			}
			count := func(of func(int) int, n int) (sum float64) {
				for i := range s.Len() {
					if of(i) == n {
						sum++
					}
				}
				return sum
			}
			for _, r := range c.Rows {
				switch word[2] {
				case "transitions":
					from, to, _ := strings.Cut(r.Key, "->")
					r.Compare(t, transitions()[at(from)][at(to)])
				case "stationary":
					pi, err := Stationary(chances(transitions()))
					if err != nil {
						t.Fatal(err)
					}
					r.Compare(t, pi[at(r.Key)])
				case "vhweights":
					r.Compare(t, InverseDegree(s.Degrees())[peers.Int(t, r.Key)-1])
				case "homophily_recruit":
					r.Compare(t, homophily().Recruitment)
				case "homophily_pop":
					h := homophily()
					r.Compare(t, h.Population[0]) // of two groups, both have the same
					r.Compare(t, h.Population[1])
				case "waves":
					r.Compare(t, count(s.Wave, peers.Int(t, r.Key)))
				case "recruits":
					r.Compare(t, count(s.Recruits, peers.Int(t, r.Key)))
				case "diffact":
					// The second value says which group: the last.
					if got := homophily().Activity; r.Key == "1" {
						r.Compare(t, got[len(got)-1])
					}
				default:
					t.Errorf("unknown case %q", c.ID)
				}
			}
		})
	}
}

// The fixed point of successive sampling, worked out in R, one subtest a case.
func TestConformanceExact(t *testing.T) {
	outcome := map[string]string{"faux": "X", "fauxtime": "var1"} // disease in the others
	for _, c := range readCases(t, "expected_rds.csv", "ss_exact") {
		t.Run(c.ID, func(t *testing.T) {
			word := strings.Split(c.ID, ".N") // ssx.<data>.N<population>
			name := strings.TrimPrefix(word[0], "ssx.")
			s, columns := readSample(t, name)
			column := outcome[name]
			if column == "" {
				column = "disease"
			}
			g := NewGroups(columns[column])
			population := peers.Float(word[1])
			w, err := Weights(s, g, SuccessiveSampling, population)
			if err != nil {
				t.Fatal(err)
			}
			p := shares(w, g)
			for _, r := range c.Rows {
				switch r.Stat {
				case "w":
					r.Compare(t, w[peers.Int(t, r.Key)-1])
				case "est":
					r.Compare(t, p[slices.Index(g.Names, r.Key)])
				default:
					t.Errorf("unknown statistic %q", r.Stat)
				}
			}
		})
	}
}

// Bootstrap intervals by RDS 0.9-10, one subtest a case, with more draws than
// the case had, so that the tolerance is left to the peer's.
func TestConformanceBootstrap(t *testing.T) {
	for _, c := range readCases(t, "expected_rds.csv", "bootstrap") {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			k := peers.ParseCall(c.Call)
			s, columns := readSample(t, k.Args[0])
			boot := map[string]func(*Sample, Groups, Estimator, float64, int, *rand.Rand) (Resampled, error){
				"Treeboot": Tree, "Salganik": Salganik, "Gile": Gile,
			}[k.Named["uncertainty"]]
			draws := 4000
			if k.Named["uncertainty"] == "Gile" {
				draws = 1500
			}
			r, err := boot(s, NewGroups(columns[k.Args[1]]), estimatorOf(t, k), k.Number("N", 0), draws, rand.New(rand.NewPCG(1, 2)))
			if err != nil {
				t.Fatal(err)
			}
			if k.Named["uncertainty"] == "Salganik" {
				mixed := peerSalganik(t, s, NewGroups(columns[k.Args[1]]), estimatorOf(t, k), draws)
				r.Draws = mixed
			}
			list, err := r.Intervals(0.95)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range c.Rows {
				x := list[slices.Index(r.Names, w.Key)]
				got, ok := map[string]float64{"est": x.Value, "se": x.SE, "lower": x.Lo, "upper": x.Hi}[w.Stat]
				if !ok {
					t.Errorf("unknown statistic %q", w.Stat)
				}
				w.Compare(t, got)
			}
		})
	}
}

// peerSalganik returns the draws that RDS 0.9-10 makes, which are not ours: it
// numbers the groups as they first appear and takes the chances of recruitment
// by number in the order of the names. Where the first respondent is not of the
// first group by name, the chain is that of another population. Its draws for
// the diseased of fauxmadrona lie about 0.63, where the estimate is 0.16.
func peerSalganik(t *testing.T, s *Sample, g Groups, e Estimator, draws int) [][]float64 {
	t.Helper()
	transitions, err := Transitions(s, g)
	if err != nil {
		t.Fatal(err)
	}
	var appeared []int // groups as they first appear
	members := make([][]int, len(g.Names))
	for i, k := range g.Of {
		if !slices.Contains(appeared, k) {
			appeared = append(appeared, k)
		}
		members[k] = append(members[k], i)
	}
	w, err := Weights(s, g, e, 0)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	out := make([][]float64, len(g.Names))
	y := newTally(e, len(g.Names))
	for range draws {
		y.reset()
		from, at := -1, slices.Index(appeared, g.Of[rng.IntN(len(g.Of))])
		for range s.Len() - s.Seeds() + 1 {
			k := appeared[at]
			i := members[k][rng.IntN(len(members[k]))]
			y.add(k, from, w[i], s.degree[i])
			from = k
			at = pick(rng, transitions[at]) // the row and the column are of other groups
		}
		p, ok := y.shares()
		if !ok {
			t.Fatal("no estimate from a chain")
		}
		for k, v := range p {
			out[k] = append(out[k], v)
		}
	}
	return out
}

// The size of the population by sspse 1.1.0-6.
func TestConformanceSize(t *testing.T) {
	for _, c := range readCases(t, "expected_misc.csv", "sspse") {
		t.Run(c.ID, func(t *testing.T) {
			k := peers.ParseCall(c.Call)
			s, _ := readSample(t, k.Args[0])
			p, err := PosteriorSize(s, SizePrior{Median: k.Number("median.prior.size", 0), Max: int(k.Number("maxN", 0))})
			if err != nil {
				t.Fatal(err)
			}
			mean, sd := p.Mean()
			t.Logf("cap %d, mean %.0f ± %.0f, median %d", p.Cap, mean, sd, p.Quantile(0.5))
			for _, w := range c.Rows {
				switch w.Stat {
				case "N_mean":
					w.Compare(t, mean)
				case "N_quantile":
					w.Compare(t, float64(p.Quantile(peers.Float(strings.TrimSuffix(w.Key, "%"))/100)))
				default:
					t.Errorf("unknown statistic %q", w.Stat)
				}
			}
		})
	}
}
