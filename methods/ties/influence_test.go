package ties

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The invented web of the reference cases; their record asks for 1e-6.
func TestConformanceNetwork(t *testing.T) {
	const tol = 1e-6
	var in struct {
		Edges []struct {
			Listener, Source string
			Weight           float64
		}
		Stubbornness map[string]float64
		X0           map[string]float64
	}
	var want map[string]any
	expected(t, &in, "network", "input.json")
	expected(t, &want, "network", "expected.json")
	var nodes []string
	for _, v := range want["nodes"].([]any) {
		nodes = append(nodes, v.(string))
	}
	n := len(nodes)
	web, cascade := make(Web, n), make(Cascade, n)
	for i := range n {
		web[i], cascade[i] = make([]float64, n), make([]float64, n)
	}
	for _, e := range in.Edges {
		i, j := slices.Index(nodes, e.Listener), slices.Index(nodes, e.Source)
		web[i][j] = e.Weight
		cascade[j][i] = min(1, e.Weight/2)
	}
	var stubborn, x []float64
	for _, name := range nodes {
		stubborn, x = append(stubborn, in.Stubbornness[name]), append(x, in.X0[name])
	}
	rows, err1 := web.Rows()
	standing, err2 := web.Standing()
	settled, err3 := web.Settle(stubborn, x)
	rank, err4 := web.PageRank(0.85)
	brokers, err5 := web.Brokers()
	seeds, spread, err6 := cascade.Greedy(2)
	a, b, best, err7 := cascade.BestPair()
	if err := errors.Join(err1, err2, err3, err4, err5, err6, err7); err != nil {
		t.Fatal(err)
	}
	var consensus float64
	for i, p := range standing {
		consensus += p * x[i]
	}
	list := func(t *testing.T, got []float64, want any) {
		t.Helper()
		for i, w := range want.([]any) {
			near(t, nodes[i], got[i], w.(float64), tol)
		}
	}
	named := func(t *testing.T, got []float64, want any) {
		t.Helper()
		if m := want.(map[string]any); len(m) != n {
			t.Fatalf("%d of %d", len(m), n)
		}
		for name, w := range want.(map[string]any) {
			near(t, name, got[slices.Index(nodes, name)], w.(float64), tol)
		}
	}
	compare := map[string]func(*testing.T, any){
		"listen_matrix_row_normalised": func(t *testing.T, w any) {
			for i, row := range w.([]any) {
				list(t, rows[i], row)
			}
		},
		"stationary_left_eigenvector": func(t *testing.T, w any) { list(t, standing, w) },
		"degroot_consensus":           func(t *testing.T, w any) { list(t, slices.Repeat([]float64{consensus}, n), w) },
		"friedkin_johnsen":            func(t *testing.T, w any) { list(t, settled, w) },
		"pagerank_085_influence":      func(t *testing.T, w any) { named(t, rank, w) },
		"betweenness_unweighted":      func(t *testing.T, w any) { named(t, brokers, w) },
		"ic_spread_single": func(t *testing.T, w any) {
			got := make([]float64, n)
			for i := range got {
				var err error
				if got[i], err = cascade.Spread(i); err != nil {
					t.Fatal(err)
				}
			}
			named(t, got, w)
		},
		"ic_greedy": func(t *testing.T, w any) {
			for i, name := range w.([]any) {
				if nodes[seeds[i]] != name.(string) {
					t.Errorf("seed %d is %s, want %s", i, nodes[seeds[i]], name)
				}
			}
		},
		"ic_greedy_spread": func(t *testing.T, w any) { list(t, spread, w) },
		"ic_best_pair": func(t *testing.T, w any) {
			if pair := nodes[a] + "+" + nodes[b]; pair != w.([]any)[0].(string) {
				t.Errorf("best pair %s, want %v", pair, w)
			}
			near(t, "spread", best, w.([]any)[1].(float64), tol)
		},
	}
	for name, w := range want {
		if name == "nodes" || name == "stubbornness" || name == "x0" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			f, ok := compare[name]
			if !ok {
				t.Fatal("not compared")
			}
			f(t, w)
		})
	}
}

// Opinions that are really passed on, over and over, come to what is said.
func TestOpinionsComeToRest(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 50 {
		n := 2 + rng.IntN(6)
		web := make(Web, n)
		stubborn, x := make([]float64, n), make([]float64, n)
		for i := range web {
			web[i] = make([]float64, n)
			for j := range web[i] {
				if rng.IntN(2) == 0 || j == (i+1)%n || j == i { // all connected, and no circles
					web[i][j] = rng.ExpFloat64()
				}
			}
			stubborn[i], x[i] = 0.05+0.9*rng.Float64(), rng.NormFloat64()
		}
		rows, err1 := web.Rows()
		standing, err2 := web.Standing()
		settled, err3 := web.Settle(stubborn, x)
		rank, err4 := web.PageRank(0.85)
		if err := errors.Join(err1, err2, err3, err4); err != nil {
			t.Fatal(err)
		}
		free, held, read := slices.Clone(x), slices.Clone(x), make([]float64, n)
		read[0] = 1
		for range 3000 {
			f, h, r := make([]float64, n), make([]float64, n), make([]float64, n)
			for i, row := range rows {
				for j, w := range row {
					f[i] += w * free[j]
					h[i] += (1 - stubborn[i]) * w * held[j]
					r[j] += 0.85 * w * read[i]
				}
				h[i] += stubborn[i] * x[i]
				r[i] += 0.15 / float64(n)
			}
			free, held, read = f, h, r
		}
		var consensus, sum, attention float64
		for i, p := range standing {
			consensus += p * x[i]
			sum += p
			attention += rank[i]
		}
		near(t, "parts", sum, 1, 1e-9)
		near(t, "attention", attention, 1, 1e-9)
		for i := range n {
			near(t, "consensus", free[i], consensus, 1e-6)
			near(t, "at rest", held[i], settled[i], 1e-9)
			near(t, "attention", read[i], rank[i], 1e-9)
		}
	}
}

// Brokers against counting every shortest chain.
func TestBrokersAgainstEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 6).Draw(t, "n")
		web := make(Web, n)
		for i := range web {
			web[i] = rapid.SliceOfN(rapid.SampledFrom([]float64{0, 0, 1, 2}), n, n).Draw(t, "row")
		}
		want := make([]float64, n)
		for s := range n {
			for e := range n {
				if s == e {
					continue
				}
				var best [][]int
				var walk func(chain []int)
				walk = func(chain []int) {
					at := chain[len(chain)-1]
					if at == e {
						if len(best) > 0 && len(chain) < len(best[0]) {
							best = nil
						}
						if len(best) == 0 || len(chain) == len(best[0]) {
							best = append(best, slices.Clone(chain))
						}
						return
					}
					for v, w := range web[at] {
						if w > 0 && !slices.Contains(chain, v) {
							walk(append(chain, v))
						}
					}
				}
				walk([]int{s})
				for _, chain := range best {
					for _, v := range chain[1 : len(chain)-1] {
						want[v] += 1 / float64(len(best)) / float64((n-1)*(n-2))
					}
				}
			}
		}
		got, err := web.Brokers()
		if err != nil {
			t.Fatal(err)
		}
		for v := range want {
			if math.Abs(got[v]-want[v]) > 1e-12 {
				t.Fatalf("%v, want %v in %v", got, want, web)
			}
		}
	})
}

// Drawn cascades around the exact spread; a certain tie always passes on.
func TestCascade(t *testing.T) {
	c := Cascade{{0, 0.5, 0, 0}, {0, 0, 1, 0.25}, {0.3, 0, 0, 0}, {0, 0, 0, 0}}
	// From 0: 1 + 0.5·(1 + 1 + 0.25).
	s, err := c.Spread(0)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "spread", s, 2.125, 1e-12)
	rng := rand.New(rand.NewPCG(2, 2))
	in := 0
	for range 2000 {
		mean, r, err := c.Draw(400, 0.9, rng, 0)
		if err != nil || !r.Contains(mean) {
			t.Fatal(mean, r, err)
		}
		if r.Contains(s) {
			in++
		}
	}
	near(t, "coverage", float64(in)/2000, 0.9, 0.02)
	all, err := c.Spread(0, 1, 2, 3)
	if err != nil || all != 4 {
		t.Errorf("everybody a seed: %v, %v", all, err)
	}
	large := make(Cascade, 6)
	for i := range large {
		large[i] = slices.Repeat([]float64{0.5}, 6)
		large[i][i] = 0
	}
	if _, err := large.Spread(0); !errors.Is(err, ErrTooMany) {
		t.Errorf("thirty uncertain ties: %v", err)
	}
	if _, _, err := large.Draw(100, 0.9, rng, 0); err != nil {
		t.Error(err)
	}
}

func TestInfluenceErrors(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	good := Web{{0, 1}, {1, 0}}
	for name, w := range map[string]Web{"nobody": {}, "not square": {{0, 1}}, "negative": {{0, -1}, {1, 0}}, "missing": {{0, nan}, {1, 0}}} {
		_, a := w.Rows()
		_, b := w.Standing()
		_, c := w.Settle(nil, nil)
		_, d := w.PageRank(0.85)
		_, e := w.Brokers()
		for i, err := range []error{a, b, c, d, e} {
			if err == nil {
				t.Errorf("%s, request %d: no error", name, i)
			}
		}
	}
	if _, err := (Web{{1, 0}, {0, 1}}).Standing(); !errors.Is(err, ErrNoConsensus) {
		t.Errorf("two who listen to themselves: %v", err)
	}
	if p, err := good.Standing(); err != nil || math.Abs(p[0]-0.5) > 1e-12 {
		t.Errorf("two who listen to each other: %v, %v", p, err)
	}
	if _, err := good.Settle([]float64{0, 0}, []float64{1, 2}); err == nil {
		t.Error("nobody holds on: no error")
	}
	if r, err := (Web{{0, 0}, {1, 0}}).Rows(); err != nil || r[0][0] != 1 {
		t.Errorf("who listens to nobody: %v, %v", r, err)
	}
	if r, err := (Web{{0, 0}, {1, 0}}).PageRank(0.5); err != nil || math.Abs(r[0]+r[1]-1) > 1e-12 || r[0] <= r[1] {
		t.Errorf("attention with one who listens to nobody: %v, %v", r, err)
	}
	_, a := good.Settle([]float64{0.5}, []float64{1, 2})
	_, b := good.Settle([]float64{0.5, 2}, []float64{1, 2})
	_, c := good.Settle([]float64{0.5, 0.5}, []float64{1, nan})
	_, d := good.PageRank(1)
	chain := Cascade{{0, 0.5}, {0, 0}}
	_, e := chain.Spread(2)
	_, f := Cascade{{0, 1.5}, {0, 0}}.Spread(0)
	_, g := Cascade{{0}, {0, 0}}.Spread(0)
	_, _, h := chain.Greedy(3)
	_, _, _, i := Cascade{{0}}.BestPair()
	_, _, j := chain.Draw(99, 0.9, rng, 0)
	_, _, k := chain.Draw(100, 0.9, rng, -1)
	_, l := make(Cascade, 65).Spread(0)
	for n, err := range []error{a, b, c, d, e, f, g, h, i, j, k, l} {
		if err == nil {
			t.Errorf("request %d: no error", n)
		}
	}
}

// The planner ranks brokers of a web of some fifty as it is edited.
func BenchmarkInfluence(b *testing.B) {
	rng := rand.New(rand.NewPCG(4, 4))
	web := make(Web, 50)
	for i := range web {
		web[i] = make([]float64, 50)
		for range 4 {
			web[i][rng.IntN(50)] = rng.Float64()
		}
		web[i][(i+1)%50] = 1
	}
	for name, f := range map[string]func() ([]float64, error){
		"standing": web.Standing, "brokers": web.Brokers, "attention": func() ([]float64, error) { return web.PageRank(0.85) },
	} {
		b.Run(fmt.Sprint(name, " of 50"), func(b *testing.B) {
			for b.Loop() {
				if _, err := f(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
