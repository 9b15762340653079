package pooling_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"

	"shanyraq/methods/internal/peers"
	"shanyraq/methods/pooling"
)

// near fails unless got is within tol of want, relative to want above one in a
// thousand millionth.
func near(t testing.TB, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol*max(math.Abs(want), 1e-9/tol)) {
		t.Errorf("%s = %.12g, want %.12g within %g", what, got, want, tol)
	}
}

// cases returns the folder of outside results, or skips the test.
func cases(t *testing.T) string { return filepath.Dir(peers.Dir(t, "survey", "expected_recon.csv")) }

// tolerances of the outside results, by the words their table uses.
var tolerance = map[string]float64{"exact": 1e-8, "exact8": 1e-8, "iter6": 1e-6, "iter": 1e-5, "iter4": 1e-4, "iter3": 1e-3, "ci": 2e-3, "mc3": 0.03}

// reconcile is the model and figures of the outside results.
func reconcile(t *testing.T, dir string) (pooling.Model, []pooling.Figure) {
	m := pooling.Model{Mean: math.Log(1e5), SD: 10, GrowthSD: 0.02, Reference: 2025, SourceScale: 0.5}
	for _, r := range peers.Sheet(t, filepath.Join(dir, "inputs", "recon_defs.csv")) {
		m.Definitions = append(m.Definitions, pooling.Definition{Name: r["def"], Target: r["target"] == "1", Mean: peers.Number(t, r["m"]), Var: peers.Number(t, r["v"]), Spread: peers.Number(t, r["omega"])})
	}
	for _, r := range peers.Sheet(t, filepath.Join(dir, "inputs", "recon_quals.csv")) {
		m.Classes = append(m.Classes, pooling.Class{Name: r["qual"], A: peers.Number(t, r["a"]), B: peers.Number(t, r["b"]), Tau: peers.Number(t, r["tau"])})
	}
	var fs []pooling.Figure
	for _, r := range peers.Sheet(t, filepath.Join(dir, "inputs", "recon_obs.csv")) {
		fs = append(fs, pooling.Figure{Host: r["country"], Definition: r["def"], Class: r["qual"], Source: r["source"], Year: peers.Number(t, r["year"]), Value: peers.Number(t, r["value"]), Step: peers.Number(t, r["round"])})
	}
	return m, fs
}

// TestConformanceReconcile compares with results of an independent linear
// algebra in R and of JAGS on synthetic figures of eight countries.
func TestConformanceReconcile(t *testing.T) {
	dir := cases(t)
	m, fs := reconcile(t, dir)
	var grid []float64
	rows := peers.Sheet(t, filepath.Join(dir, "expected_recon.csv"))
	for _, r := range rows {
		if r["case"] == "recon.grid" && r["stat"] == "weight" {
			grid = append(grid, peers.Number(t, r["key"]))
		}
	}
	posteriors := map[string]*pooling.Posterior{}
	at := func(name string, sd ...float64) *pooling.Posterior {
		if p := posteriors[name]; p != nil {
			return p
		}
		m := m
		m.SourceSD = sd
		p, err := m.Pool(fs)
		if err != nil {
			t.Fatal(err)
		}
		posteriors[name] = p
		return p
	}
	for _, r := range rows {
		if r["group"] != "reconcile" {
			continue
		}
		t.Run(r["case"]+"/"+r["stat"]+"/"+r["key"], func(t *testing.T) {
			tol, ok := tolerance[r["tol"]]
			if !ok {
				t.Fatalf("tolerance %q is not known", r["tol"])
			}
			want := peers.Number(t, r["value"])
			var p *pooling.Posterior
			switch name, ok := strings.CutPrefix(r["case"], "recon.su"); {
			case ok:
				p = at(r["case"], peers.Number(t, name))
			case r["case"] == "recon.grid":
				p = at(r["case"], grid...)
			default:
				p = at("recon.su0.2", 0.2)
			}
			name := func(key string) int {
				i := slices.Index(p.Names, key)
				if i < 0 {
					t.Fatalf("no parameter %q among %v", key, p.Names)
				}
				return i
			}
			host := func(key string) pooling.Stock { return p.Stock(slices.Index(p.Hosts, key)) }
			switch r["stat"] {
			case "post_mean":
				i := name(r["key"])
				if r["tol"] == "mc3" { // a simulated mean is known to a share of its standard deviation
					if d := math.Abs(p.Mean[i]-want) / p.SD[i]; d > 0.05 {
						t.Errorf("mean = %g, simulated %g, %.3f standard deviations apart", p.Mean[i], want, d)
					}
					return
				}
				near(t, "mean", p.Mean[i], want, tol)
			case "post_sd":
				if r["tol"] == "mc3" {
					tol = 0.05 // of 20,000 correlated draws
				}
				near(t, "standard deviation", p.SD[name(r["key"])], want, tol)
			case "stock_mean":
				near(t, "stock", host(r["key"]).Mean, want, tol)
			case "stock_sd":
				near(t, "stock", host(r["key"]).SD, want, tol)
			case "stock_median":
				near(t, "stock", host(r["key"]).Median, want, tol)
			case "total_mean":
				if r["case"] != "recon.loo_source" {
					near(t, "total", p.Total(nil).Mean, want, tol)
					return
				}
				near(t, "total", without(t, m, fs, r["key"]).Total(nil).Mean, want, tol)
			case "n_countries":
				if got := len(without(t, m, fs, r["key"]).Hosts); float64(got) != want {
					t.Errorf("%d hosts, want %g", got, want)
				}
			case "total_sd":
				near(t, "total", p.Total(nil).SD, want, tol)
			case "total_q_FW":
				near(t, "quantile", p.Total(nil).Quantile(peers.Number(t, r["key"])), want, tol)
			case "total_q": // simulated; the outer quantiles are allowed twice the tolerance
				near(t, "quantile", p.Total(nil).Quantile(peers.Number(t, r["key"])), want, 2*tol)
			case "loglik":
				near(t, "log evidence", p.LogEvidence, want, tol)
			case "weight":
				near(t, "weight", p.SourceProb[slices.Index(grid, peers.Number(t, r["key"]))], want, tol)
			case "m":
				mean, _ := m.Classes[slices.IndexFunc(m.Classes, func(c pooling.Class) bool { return c.Name == r["key"] })].Share()
				near(t, "mean", mean, want, tol)
			case "v":
				_, v := m.Classes[slices.IndexFunc(m.Classes, func(c pooling.Class) bool { return c.Name == r["key"] })].Share()
				near(t, "variance", v, want, tol)
			default:
				h, ok := strings.CutPrefix(r["stat"], "gain_")
				if !ok {
					t.Fatalf("no statistic %q", r["stat"])
				}
				g := p.Gain(slices.Index(p.Hosts, h))
				near(t, "gain", g[int(peers.Number(t, r["key"]))-1], want, tol)
			}
		})
	}
}

func without(t *testing.T, m pooling.Model, fs []pooling.Figure, source string) *pooling.Posterior {
	t.Helper()
	m.SourceSD = []float64{0.2}
	p, err := m.Pool(slices.DeleteFunc(slices.Clone(fs), func(f pooling.Figure) bool { return f.Source == source }))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestConformanceMeta compares with metafor on the BCG trials and on the
// synthetic figures above.
func TestConformanceMeta(t *testing.T) {
	dir := cases(t)
	var y, v, x []float64
	for _, r := range peers.Sheet(t, filepath.Join(dir, "inputs", "meta_bcg.csv")) {
		y, v = append(y, peers.Number(t, r["yi"])), append(v, peers.Number(t, r["vi"]))
		x = append(x, 1, peers.Number(t, r["ablat"]), peers.Number(t, r["year"]))
	}
	estimators := map[string]pooling.Estimator{"FE": pooling.CommonEffect, "DL": pooling.DerSimonianLaird, "HE": pooling.Hedges, "HS": pooling.HunterSchmidt, "SJ": pooling.SidikJonkman, "ML": pooling.MaximumLikelihood, "REML": pooling.REML, "EB": pooling.PauleMandel, "PM": pooling.PauleMandel}
	m, fs := reconcile(t, dir)
	for _, r := range peers.Sheet(t, filepath.Join(dir, "expected_recon.csv")) {
		if r["group"] != "meta" {
			continue
		}
		t.Run(r["case"]+"/"+r["stat"]+"/"+r["key"], func(t *testing.T) {
			if r["value"] == "NA" {
				t.Skip("the peer gives no value")
			}
			tol, ok := tolerance[r["tol"]]
			if !ok {
				t.Fatalf("tolerance %q is not known", r["tol"])
			}
			want := peers.Number(t, r["value"])
			if strings.HasPrefix(r["case"], "meta.recon_rmamv") {
				grouped(t, r, m, fs, want, tol)
				return
			}
			name := strings.TrimPrefix(r["case"], "meta.bcg.")
			var o pooling.MetaOptions
			switch name {
			case "mods":
				o = pooling.MetaOptions{Estimator: pooling.REML, X: mat.NewDense(len(y), 3, x)}
			case "REML_knha":
				o = pooling.MetaOptions{Estimator: pooling.REML, KnappHartung: true}
			case "leave1out", "REML_weights", "REML_confint":
				o = pooling.MetaOptions{Estimator: pooling.REML}
			default:
				e, ok := estimators[name]
				if !ok {
					t.Fatalf("no estimator %q", name)
				}
				o = pooling.MetaOptions{Estimator: e}
			}
			if name == "PM" { // its search stops early there; its own EB is the same equation, solved
				tol = 3e-4
			}
			fit, err := pooling.NewMeta(y, v, o)
			if err != nil {
				t.Fatal(err)
			}
			column := 0
			if name == "mods" {
				column = max(0, slices.Index([]string{"intrcpt", "ablat", "year"}, r["key"]))
			}
			place := func() int { return int(peers.Number(t, r["key"])) - 1 }
			switch r["stat"] {
			case "b":
				near(t, "b", fit.Beta[column], want, tol)
			case "se":
				near(t, "se", fit.SE[column], want, tol)
			case "ci_l":
				near(t, "lower", fit.Lo[column], want, tol)
			case "ci_u":
				near(t, "upper", fit.Hi[column], want, tol)
			case "tau2":
				near(t, "tau2", fit.Tau2, want, tol)
			case "se.tau2":
				near(t, "se of tau2", fit.SETau2, want, tol)
			case "I2":
				near(t, "I2", fit.I2, want, tol)
			case "H2":
				near(t, "H2", fit.H2, want, tol)
			case "QE":
				near(t, "Q", fit.Q, want, tol)
			case "QEp":
				near(t, "p", fit.QP, want, tol)
			case "logLik":
				near(t, "log likelihood", fit.LogLik, want, tol)
			case "pi":
				if r["key"] == "l" {
					near(t, "prediction", fit.PredictLo, want, tol)
				} else {
					near(t, "prediction", fit.PredHi, want, tol)
				}
			case "blup":
				near(t, "prediction", fit.BLUP()[place()], want, tol)
			case "w":
				near(t, "weight", fit.Weights[place()], want, tol)
			case "estimate":
				all, err := fit.LeaveOneOut(o)
				if err != nil {
					t.Fatal(err)
				}
				near(t, "estimate", all[place()].Beta[0], want, tol)
			case "ci":
				lo, hi, err := fit.Tau2Interval()
				if err != nil {
					t.Fatal(err)
				}
				got, ok := map[string]float64{"tau2_l": lo, "tau2_u": hi}[r["key"]]
				if !ok {
					t.Fatalf("no bound %q", r["key"])
				}
				near(t, "bound", got, want, tol)
			default:
				t.Fatalf("no statistic %q", r["stat"])
			}
		})
	}
}

// grouped checks one value of rma.mv on log(value) with the classes' variances
// as known, countries and definitions as columns, and errors shared by source.
func grouped(t *testing.T, r map[string]string, m pooling.Model, fs []pooling.Figure, want, tol float64) {
	t.Helper()
	var hosts, defs, groups []string
	var y, v []float64
	for _, f := range fs {
		if !slices.Contains(hosts, f.Host) {
			hosts = append(hosts, f.Host)
		}
		if !slices.Contains(defs, f.Definition) {
			defs = append(defs, f.Definition)
		}
		groups, y = append(groups, f.Source), append(y, math.Log(f.Value))
		tau := m.Classes[slices.IndexFunc(m.Classes, func(c pooling.Class) bool { return c.Name == f.Class })].Tau
		v = append(v, tau*tau)
	}
	slices.Sort(hosts)
	slices.Sort(defs) // the first is the base, as R has it
	x := mat.NewDense(len(fs), len(hosts)+len(defs)-1, nil)
	for i, f := range fs {
		x.Set(i, slices.Index(hosts, f.Host), 1)
		if d := slices.Index(defs, f.Definition); d > 0 {
			x.Set(i, len(hosts)+d-1, 1)
		}
	}
	sigma2 := -1.0
	if strings.HasSuffix(r["case"], "_fixed") {
		sigma2 = 0.04
	}
	g, err := pooling.Grouped(y, v, x, groups, sigma2, 0)
	if err != nil {
		t.Fatal(err)
	}
	column := func() int {
		if h, ok := strings.CutPrefix(r["key"], "country"); ok {
			return slices.Index(hosts, h)
		}
		d, _ := strings.CutPrefix(r["key"], "def")
		return len(hosts) + slices.Index(defs, d) - 1
	}
	switch r["stat"] {
	case "b":
		near(t, "b", g.Beta[column()], want, tol)
	case "se":
		near(t, "se", g.SE[column()], want, tol)
	case "ci_l":
		near(t, "lower", g.Lo[column()], want, tol)
	case "ci_u":
		near(t, "upper", g.Hi[column()], want, tol)
	case "sigma2":
		near(t, "sigma2", g.Sigma2, want, tol)
	case "QE":
		near(t, "Q", g.Q, want, tol)
	case "QEp":
		near(t, "p", g.QP, want, tol)
	case "logLik":
		near(t, "log likelihood", g.LogLik, want, tol)
	case "tau2":
		if want != 0 {
			t.Errorf("the peer has a second variance %g", want)
		}
	default:
		t.Fatalf("no statistic %q", r["stat"])
	}
}

// plain is a model of one definition and two classes, without memory.
func plain() pooling.Model {
	return pooling.Model{
		Definitions: []pooling.Definition{{Name: "born", Target: true}, {Name: "citizen", Mean: -0.5, Var: 0.04, Spread: 0.2}},
		Classes:     []pooling.Class{{Name: "census", Tau: 0.05}, {Name: "claim", Tau: 0.4}},
		Mean:        math.Log(5e4), SD: 2, GrowthSD: 0.03, Reference: 2020, SourceSD: []float64{0.1},
	}
}

// simulate draws figures of hosts whose stocks are known.
func simulate(rng *rand.Rand, m pooling.Model, hosts, each int) (fs []pooling.Figure, truth []float64) {
	delta := m.Definitions[1].Mean + math.Sqrt(m.Definitions[1].Var)*rng.NormFloat64()
	sources := make([]float64, 6)
	for i := range sources {
		sources[i] = m.SourceSD[0] * rng.NormFloat64()
	}
	for h := range hosts {
		theta, g := m.Mean+m.SD*rng.NormFloat64(), m.GrowthSD*rng.NormFloat64()
		truth = append(truth, math.Exp(theta))
		for range each {
			d, c, s := rng.IntN(2), rng.IntN(2), rng.IntN(len(sources))
			year := float64(2000 + rng.IntN(25))
			y := theta + g*(year-m.Reference) + sources[s]
			sd := m.Classes[c].Tau * m.Classes[c].Tau
			if d == 1 {
				y += delta
				sd += m.Definitions[1].Spread * m.Definitions[1].Spread
			}
			v := math.Exp(y + math.Sqrt(sd)*rng.NormFloat64())
			fs = append(fs, pooling.Figure{Host: fmt.Sprint("h", h), Definition: m.Definitions[d].Name, Class: m.Classes[c].Name, Source: fmt.Sprint("s", s), Year: year, Value: v})
		}
	}
	return fs, truth
}

// TestPoolCoverage: 95 % intervals of simulated stocks hold 95 % of them.
func TestPoolCoverage(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 8))
	m := plain()
	held, all := 0, 0
	for range 60 {
		fs, truth := simulate(rng, m, 20, 3)
		p, err := m.Pool(fs)
		if err != nil {
			t.Fatal(err)
		}
		for c := range p.Hosts {
			s := p.Stock(c)
			all++
			if s.Quantile(0.025) <= truth[c] && truth[c] <= s.Quantile(0.975) {
				held++
			}
		}
	}
	// Binomial standard error of 1200 draws is 0.6 %, more as hosts share errors.
	if c := float64(held) / float64(all); c < 0.925 || c > 0.975 {
		t.Errorf("%.3f of 95 %% intervals hold the truth", c)
	}
}

// TestLearn: accuracies and growth come back from figures that were drawn with
// them, from priors that are wrong by a factor of two.
func TestLearn(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	m := plain()
	fs, _ := simulate(rng, m, 150, 8)
	wrong := plain()
	wrong.Classes[0].Tau, wrong.Classes[1].Tau, wrong.GrowthSD = 0.1, 0.2, 0.06
	got, err := wrong.Learn(fs, 1)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "tau of a claim", got.Classes[1].Tau, 0.4, 0.1)
	near(t, "tau of a census", got.Classes[0].Tau, 0.05, 0.35)
	near(t, "growth", got.GrowthSD, 0.03, 0.25)
	if wrong.Classes[1].Tau != 0.2 {
		t.Error("the model given was changed")
	}
}

// TestWithout: leaving a figure out by a rank-one change is pooling without it.
func TestWithout(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	m := plain()
	fs, _ := simulate(rng, m, 6, 3)
	fs = append(fs, pooling.Figure{Host: "alone", Definition: "born", Class: "claim", Source: "s0", Year: 2011, Value: 7000, Step: 1000})
	for _, grid := range [][]float64{{0.1}, {0.05, 0.1, 0.2}} {
		m.SourceSD, m.SourceScale = grid, 0.5
		p, err := m.Pool(fs)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range p.Without() {
			q, err := m.Pool(slices.Delete(slices.Clone(fs), c.Figure, c.Figure+1))
			if err != nil {
				t.Fatal(err)
			}
			near(t, "total", c.Total.Mean, q.Total(nil).Mean, 1e-8)
			near(t, "its standard deviation", c.Total.SD, q.Total(nil).SD, 1e-8)
			host := fs[c.Figure].Host
			if i := slices.Index(q.Hosts, host); i >= 0 {
				near(t, host, c.Host.Mean, q.Stock(i).Mean, 1e-8)
			} else if c.Host.Mean != 0 {
				t.Errorf("%s has a stock without figures", host)
			}
		}
	}
}

// TestRobust: a figure far from the others is weighted down and named, not
// deleted, and the others decide.
func TestRobust(t *testing.T) {
	m := plain()
	fs := []pooling.Figure{
		{Host: "AFG", Definition: "born", Class: "claim", Source: "a", Year: 2020, Value: 3500},
		{Host: "AFG", Definition: "born", Class: "claim", Source: "b", Year: 2020, Value: 3000},
		{Host: "AFG", Definition: "born", Class: "claim", Source: "c", Year: 2020, Value: 4200},
		{Host: "AFG", Definition: "born", Class: "claim", Source: "d", Year: 2020, Value: 440000},
	}
	p, err := m.Pool(fs)
	if err != nil {
		t.Fatal(err)
	}
	m.Robust = 4
	r, err := m.Pool(fs)
	if err != nil {
		t.Fatal(err)
	}
	if r.Weights[3] > 0.2 || slices.Min(r.Weights[:3]) < 0.5 {
		t.Errorf("weights %v", r.Weights)
	}
	if a, b := p.Stock(0).Median, r.Stock(0).Median; !(b < a && b < 7000) {
		t.Errorf("median %.0f with Gaussian errors, %.0f with robust ones", a, b)
	}
	if slices.ContainsFunc(p.Weights, func(w float64) bool { return w != 1 }) {
		t.Error("Gaussian errors weight figures")
	}
}

// TestPoolProperties: order does not matter, more figures do not widen, and
// scaling every figure scales the stock.
func TestPoolProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		rng := rand.New(rand.NewPCG(seed, 1))
		m := plain()
		fs, _ := simulate(rng, m, rapid.IntRange(1, 4).Draw(t, "hosts"), rapid.IntRange(2, 4).Draw(t, "each"))
		p, err := m.Pool(fs)
		if err != nil {
			t.Fatal(err)
		}
		shuffled := slices.Clone(fs)
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		q, err := m.Pool(shuffled)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := p.Total(nil), q.Total(nil); math.Abs(a.Mean-b.Mean) > 1e-9*a.Mean || math.Abs(p.LogEvidence-q.LogEvidence) > 1e-8*max(1, math.Abs(p.LogEvidence)) {
			t.Fatalf("order matters: %v and %v, evidence %v and %v", a.Mean, b.Mean, p.LogEvidence, q.LogEvidence)
		}
		fewer, err := m.Pool(fs[:len(fs)-1])
		if err != nil {
			t.Fatal(err)
		}
		for i, n := range fewer.Names {
			if v := p.SD[slices.Index(p.Names, n)]; v > fewer.SD[i]*(1+1e-9) {
				t.Fatalf("one figure more widens %s from %g to %g", n, fewer.SD[i], v)
			}
		}
		lo, hi := p.Stock(0).Quantile(0.025), p.Stock(0).Quantile(0.975)
		if !(lo < p.Stock(0).Median && p.Stock(0).Median < hi && lo > 0) {
			t.Fatalf("quantiles %g %g %g", lo, p.Stock(0).Median, hi)
		}
	})
}

func TestOrigins(t *testing.T) {
	fs := []pooling.Figure{
		{Host: "MNG", Definition: "e", Year: 2020, Value: 101526, Step: 1},
		{Host: "MNG", Definition: "e", Year: 2020, Value: 101526, Step: 1},  // copied
		{Host: "MNG", Definition: "e", Value: 102000, Step: 1000},           // rounded, undated
		{Host: "MNG", Definition: "e", Year: 2010, Value: 101526, Step: 1},  // another year
		{Host: "MNG", Definition: "e", Year: 2020, Value: 201526, Step: 1},  // another number
		{Host: "CHN", Definition: "e", Year: 2020, Value: 101526, Step: 1},  // another host
		{Host: "MNG", Definition: "c", Year: 2020, Value: 101526, Step: 1},  // another definition
		{Host: "MNG", Definition: "e", Year: 2020, Value: 103000, Step: 10}, // not that number rounded
		{Host: "MNG", Definition: "e", Value: 200000, Step: 100000},         // of 201,526, rounded
		{Host: "MNG", Definition: "e", Value: 1e6, Step: 1e6},               // rounds to the same as much else
		{Host: "MNG", Definition: "e", Value: 591000, Step: 1000},
	}
	origins, quoted := pooling.Origins(fs)
	if want := []int{0, 3, 4, 5, 6, 7, 9, 10}; !slices.Equal(origins, want) {
		t.Errorf("origins %v, want %v", origins, want)
	}
	if want := []pooling.Quotation{{1, 0}, {2, 0}, {8, 4}}; !slices.Equal(quoted, want) {
		t.Errorf("quotations %v, want %v", quoted, want)
	}
}

// TestBacktest: on figures drawn from the model the pooled intervals hold what
// they say, and score better than either plain rival.
func TestBacktest(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	m := plain()
	fs, _ := simulate(rng, m, 90, 7)
	hidden := pooling.Newest(fs, 3, "census")
	if len(hidden) < 60 {
		t.Fatalf("%d hidden figures", len(hidden))
	}
	b, err := m.Test(fs, hidden, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	if c := b[0].Coverage; c < 0.9 || c > 1 {
		t.Errorf("pooled coverage %.3f", c)
	}
	for _, rival := range b[1:] {
		if rival.Score <= b[0].Score {
			t.Errorf("%s scores %.3f, pooled %.3f", rival.Name, rival.Score, b[0].Score)
		}
	}
	for _, f := range b[0].Forecasts {
		y := math.Log(fs[f.Figure].Value)
		want := f.Hi - f.Lo + 40*max(0, f.Lo-y) + 40*max(0, y-f.Hi)
		near(t, "interval score", f.Score, want, 1e-9)
	}
}

func TestPoolErrors(t *testing.T) {
	good := pooling.Figure{Host: "A", Definition: "born", Class: "census", Source: "s", Year: 2020, Value: 5}
	with := func(change func(*pooling.Figure)) []pooling.Figure {
		f := good
		change(&f)
		return []pooling.Figure{f}
	}
	for name, c := range map[string]struct {
		change func(*pooling.Model)
		fs     []pooling.Figure
		want   error
	}{
		"no figures":           {fs: nil, want: pooling.ErrNothing},
		"zero persons":         {fs: with(func(f *pooling.Figure) { f.Value = 0 }), want: pooling.ErrFigure},
		"not a number":         {fs: with(func(f *pooling.Figure) { f.Value = math.NaN() }), want: pooling.ErrFigure},
		"no year":              {fs: with(func(f *pooling.Figure) { f.Year = math.Inf(1) }), want: pooling.ErrFigure},
		"unknown definition":   {fs: with(func(f *pooling.Figure) { f.Definition = "x" }), want: pooling.ErrFigure},
		"unknown class":        {fs: with(func(f *pooling.Figure) { f.Class = "x" }), want: pooling.ErrFigure},
		"two targets":          {change: func(m *pooling.Model) { m.Definitions[1].Target = true }, fs: []pooling.Figure{good}, want: pooling.ErrModel},
		"no sources' variance": {change: func(m *pooling.Model) { m.SourceSD = nil }, fs: []pooling.Figure{good}, want: pooling.ErrModel},
		"a grid without scale": {change: func(m *pooling.Model) { m.SourceSD = []float64{1, 2} }, fs: []pooling.Figure{good}, want: pooling.ErrModel},
		"negative tau":         {change: func(m *pooling.Model) { m.Classes[0].Tau = -1 }, fs: []pooling.Figure{good}, want: pooling.ErrModel},
		"no spread of stocks":  {change: func(m *pooling.Model) { m.SD = 0 }, fs: []pooling.Figure{good}, want: pooling.ErrModel},
	} {
		t.Run(name, func(t *testing.T) {
			m := plain()
			if c.change != nil {
				c.change(&m)
			}
			if _, err := m.Pool(c.fs); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

func TestMetaErrors(t *testing.T) {
	for name, c := range map[string]struct{ y, v []float64 }{
		"nothing":         {},
		"one effect":      {[]float64{1}, []float64{1}},
		"zero variance":   {[]float64{1, 2, 3}, []float64{1, 0, 1}},
		"other lengths":   {[]float64{1, 2, 3}, []float64{1, 1}},
		"missing effects": {[]float64{1, math.NaN(), 3}, []float64{1, 1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := pooling.NewMeta(c.y, c.v, pooling.MetaOptions{}); !errors.Is(err, pooling.ErrMeta) {
				t.Errorf("error %v", err)
			}
		})
	}
	twice := mat.NewDense(4, 2, []float64{1, 2, 1, 2, 1, 2, 1, 2})
	if _, err := pooling.NewMeta([]float64{1, 2, 3, 4}, []float64{1, 1, 1, 1}, pooling.MetaOptions{X: twice}); !errors.Is(err, pooling.ErrMeta) {
		t.Errorf("columns that say the same: error %v", err)
	}
}

// TestMetaCoverage: Knapp-Hartung intervals of simulated effects hold the mean
// as often as they say.
func TestMetaCoverage(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	held := 0
	const runs = 600
	for range runs {
		y, v := make([]float64, 12), make([]float64, 12)
		for i := range y {
			v[i] = 0.05 + 0.3*rng.Float64()
			y[i] = 0.7 + math.Sqrt(0.2+v[i])*rng.NormFloat64()
		}
		m, err := pooling.NewMeta(y, v, pooling.MetaOptions{Estimator: pooling.REML, KnappHartung: true})
		if err != nil {
			t.Fatal(err)
		}
		if m.Lo[0] <= 0.7 && 0.7 <= m.Hi[0] {
			held++
		}
	}
	// The binomial standard error of 600 runs is 0.9 %.
	if c := float64(held) / runs; c < 0.925 || c > 0.975 {
		t.Errorf("coverage %.3f", c)
	}
}

func TestStockQuantile(t *testing.T) {
	m := plain()
	p, err := m.Pool([]pooling.Figure{{Host: "A", Definition: "born", Class: "census", Source: "s", Year: 2020, Value: 1000}})
	if err != nil {
		t.Fatal(err)
	}
	s := p.Stock(0)
	// One figure: precision 1/4 of the prior and 1/(0.05²+0.001+0.1²) of the figure.
	r := 0.05*0.05 + 1.0/1000 + 0.01
	v := 1 / (1.0/4 + 1/r)
	mu := v * (math.Log(5e4)/4 + math.Log(1000)/r)
	near(t, "median", s.Median, math.Exp(mu), 1e-10)
	near(t, "97.5 %", s.Quantile(0.975), math.Exp(mu+distuv.UnitNormal.Quantile(0.975)*math.Sqrt(v)), 1e-10)
}

// How long does the whole table of migrant stock take: 15,500 figures, 200
// hosts?
func BenchmarkPool(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	m := plain()
	fs, _ := simulate(rng, m, 200, 78)
	m.SourceSD, m.SourceScale = []float64{0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8}, 0.5
	b.Run("pool", func(b *testing.B) {
		for b.Loop() {
			if _, err := m.Pool(fs); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("without", func(b *testing.B) {
		m := m
		m.SourceSD = []float64{0.1}
		p, err := m.Pool(fs)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			p.Without()
		}
	})
	b.Run("learn", func(b *testing.B) {
		for b.Loop() {
			if _, err := m.Learn(fs, 1); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// TestVoices: where offices repeat their own error and populations wander, the
// model that knows it covers, and the one that does not is far too sure.
func TestVoices(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	m := plain()
	m.Shared, m.WalkSD = true, 0.06
	m.Classes[0].Voice, m.Classes[1].Voice = 0.3, 0.5
	naive := plain()
	held, naively, all := 0, 0, 0
	for range 40 {
		var fs []pooling.Figure
		truth := map[string]float64{}
		for h := range 12 {
			host := fmt.Sprint("h", h)
			theta := m.Mean + m.SD*rng.NormFloat64()
			g := m.GrowthSD * rng.NormFloat64()
			truth[host] = math.Exp(theta)
			for v := range 2 {
				class := m.Classes[rng.IntN(2)]
				bias := class.Voice * rng.NormFloat64()
				for k := range 4 { // the walk is drawn back from the reference year, for each voice on its own
					back := float64(1 + 3*k)
					y := theta - g*back + bias + m.WalkSD*math.Sqrt(back)*rng.NormFloat64() + class.Tau*rng.NormFloat64()
					fs = append(fs, pooling.Figure{Host: host, Definition: "born", Class: class.Name, Source: fmt.Sprint(host, v), Year: m.Reference - back, Value: math.Exp(y)})
				}
			}
		}
		p, err := m.Pool(fs)
		if err != nil {
			t.Fatal(err)
		}
		q, err := naive.Pool(fs)
		if err != nil {
			t.Fatal(err)
		}
		in := func(s pooling.Stock) int {
			if s.Quantile(0.025) <= truth[s.Host] && truth[s.Host] <= s.Quantile(0.975) {
				return 1
			}
			return 0
		}
		for c := range p.Hosts {
			all++
			held += in(p.Stock(c))
			naively += in(q.Stock(c))
		}
	}
	c, n := float64(held)/float64(all), float64(naively)/float64(all)
	if c < 0.92 || c > 0.99 {
		t.Errorf("coverage %.3f with voices and walk", c)
	}
	if n > c-0.1 {
		t.Errorf("coverage %.3f without, %.3f with", n, c)
	}
}

// TestWalk: a prediction between, at and beyond the years counted has the
// variance of a Brownian path.
func TestWalk(t *testing.T) {
	m := pooling.Model{
		Definitions: []pooling.Definition{{Name: "born", Target: true}}, Classes: []pooling.Class{{Name: "census", Tau: 1e-4}},
		Mean: 10, SD: 1, WalkSD: 0.1, Reference: 2010, SourceSD: []float64{0},
	}
	fs := []pooling.Figure{
		{Host: "A", Definition: "born", Class: "census", Source: "s", Year: 2010, Value: 1e9},
		{Host: "A", Definition: "born", Class: "census", Source: "s", Year: 2020, Value: 1e9},
		{Host: "A", Definition: "born", Class: "census", Source: "s", Year: 2004, Value: 1e9},
	}
	p, err := m.Pool(fs)
	if err != nil {
		t.Fatal(err)
	}
	for year, want := range map[float64]float64{
		2010: 0, 2020: 0, 2004: 0,
		2015: 0.01 * 2.5, // bridge: σ² · 5 · 5 / 10
		2012: 0.01 * 1.6, // σ² · 2 · 8 / 10
		2007: 0.01 * 1.5, // backwards: σ² · 3 · 3 / 6
		2024: 0.01 * 4,   // σ² · 4 years beyond
		2000: 0.01 * 4,
	} {
		_, sd, err := p.Predict(pooling.Figure{Host: "A", Definition: "born", Class: "census", Source: "s", Year: year, Value: 1})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(sd*sd-want) > 1e-6 {
			t.Errorf("variance in %g is %g, want %g", year, sd*sd, want)
		}
	}
}

// TestOriginsEditions: editions of one publication are one observation whatever
// they print, and a figure nobody knows to be an edition is not one of them.
func TestOriginsEditions(t *testing.T) {
	fs := []pooling.Figure{
		{Host: "MNG", Value: 102526, Step: 1, Origin: "article"},
		{Host: "MNG", Value: 101526, Step: 1, Origin: "article"},
		{Host: "MNG", Year: 2015, Value: 201526, Step: 1, Origin: "article"},
		{Host: "MNG", Value: 130000, Step: 1000},
		{Host: "CHN", Value: 1800000, Step: 1, Origin: "article"},
		{Host: "MNG", Value: 127000, Step: 1000, Origin: "other article"},
	}
	origins, quoted := pooling.Origins(fs)
	if want := []int{0, 3, 4, 5}; !slices.Equal(origins, want) {
		t.Errorf("origins %v, want %v", origins, want)
	}
	if want := []pooling.Quotation{{1, 0}, {2, 0}}; !slices.Equal(quoted, want) {
		t.Errorf("quotations %v, want %v", quoted, want)
	}
}

// TestDoubted: a figure its own record doubts keeps a hundredth of its weight,
// with Gaussian errors and robust ones, and stays named. With Gaussian errors it
// is the same as a figure of a hundred times the variance.
func TestDoubted(t *testing.T) {
	m := plain()
	fs := []pooling.Figure{
		{Host: "AFG", Definition: "born", Class: "claim", Source: "a", Year: 2020, Value: 3500},
		{Host: "AFG", Definition: "born", Class: "claim", Source: "b", Year: 2020, Value: 440000, Doubted: true},
	}
	for _, nu := range []float64{0, 4} {
		m.Robust = nu
		p, err := m.Pool(fs)
		if err != nil {
			t.Fatal(err)
		}
		if w := p.Weights[1]; !(w > 0) || w > 0.0125+1e-9 {
			t.Errorf("ν = %v: weight %v", nu, w)
		}
		if v := p.Stock(0).Median; v > 4500 {
			t.Errorf("ν = %v: median %.0f", nu, v)
		}
		u, err := p.Under(m)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "under the same settings", u.Stock(0).Median, p.Stock(0).Median, 1e-3)
	}
}
