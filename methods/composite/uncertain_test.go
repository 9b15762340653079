package composite_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"shanyraq/methods/composite"
)

// flatWeights draws every weighting of siblings alike.
func flatWeights() composite.Factor {
	return composite.Factor{Name: "weights", Weights: &composite.WeightDraw{Kind: composite.Dirichlet}}
}

func simulate(t testing.TB, x *composite.Index, p composite.Plan) *composite.Distribution {
	t.Helper()
	d, err := x.Simulate(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// sizes returns n rows of k values that are alike across columns, as the sizes
// of countries are.
func sizes(n, k int) [][]float64 {
	rng := rand.New(rand.NewPCG(1, 2)) // the same work every time
	rows := make([][]float64, n)
	for i := range rows {
		size := 2 * rng.NormFloat64()
		for range k {
			rows[i] = append(rows[i], math.Exp(size+rng.NormFloat64()))
		}
	}
	return rows
}

// Unit i is above unit j when Σ d_k g_k > 0 with d the differences of their
// values and g independent exponentials. By partial fractions that has
// probability Σ_{k: d_k>0} Π_{j≠k} d_k/(d_k−d_j).
func TestAboveExact(t *testing.T) {
	const draws = 40_000
	for _, tt := range []struct {
		sampler composite.Sampler
		errors  float64 // tolerated, in standard errors of random draws
	}{
		{composite.Random, 4},      // 132 pairs, one seed
		{composite.QuasiRandom, 1}, // settles sooner
	} {
		t.Run(string(tt.sampler), func(t *testing.T) {
			x := flat(t, sizes(12, 4), nil, composite.Settings{Normalise: composite.Scale{Method: composite.MethodShare}})
			d := simulate(t, x, composite.Plan{Draws: draws, Seed: 3, Level: 0.9, Sampler: tt.sampler, Factors: []composite.Factor{flatWeights()}})
			r := built(t, x)
			for a := range r.Units {
				for b := range r.Units {
					if a == b {
						continue
					}
					var diff []float64
					for _, c := range x.Codes(1) {
						diff = append(diff, r.Values(c)[a]-r.Values(c)[b])
					}
					var exact float64
					for k, dk := range diff {
						if dk <= 0 {
							continue
						}
						p := 1.0
						for j, dj := range diff {
							if j != k {
								p *= dk / (dk - dj)
							}
						}
						exact += p
					}
					near(t, fmt.Sprintf("P(%d above %d)", a, b), d.Above(a, b), exact, tt.errors*math.Sqrt(exact*(1-exact)/draws)+1e-9)
				}
			}
		})
	}
}

// Two units, two columns: unit 0 scores w·0.8 + (1−w)·0.4 against what is left
// of 1, so it leads when w > 1/4, and w is uniform.
func TestSimulateByHand(t *testing.T) {
	x := flat(t, [][]float64{{0.8, 0.4}, {0.2, 0.6}}, nil, composite.Settings{Normalise: asIs})
	const draws = 100_000
	p := composite.Plan{Draws: draws, Seed: 1, Level: 0.9, Sampler: composite.Random, Factors: []composite.Factor{flatWeights()}}
	d := simulate(t, x, p)
	near(t, "P(0 above 1)", d.Above(0, 1), 0.75, 4*math.Sqrt(0.75*0.25/draws))
	near(t, "P(1 above 0)", d.Above(1, 0), 0.25, 4*math.Sqrt(0.75*0.25/draws))
	near(t, "mean rank", d.MeanRank(0), 1.25, 0.01)
	near(t, "share of first ranks", d.Acceptability(0)[0], 0.75, 0.01)
	near(t, "within the first", d.Within(1, 1), 0.25, 0.01)
	if d.Median(0) != 1 || d.Median(1) != 2 {
		t.Errorf("medians %d and %d, want 1 and 2", d.Median(0), d.Median(1))
	}
	// The score of unit 0 is uniform between 0.4 and 0.8.
	lo, hi := d.ScoreRange(0)
	near(t, "score, 5 %", lo, 0.42, 0.002)
	near(t, "score, 95 %", hi, 0.78, 0.002)
	for _, tt := range []struct {
		level  float64
		lo, hi int
	}{{0.9, 1, 2}, {0.49, 1, 1}, {0.51, 1, 2}, {1, 1, 2}} {
		p.Level = tt.level
		if lo, hi := simulate(t, x, p).RankRange(0); lo != tt.lo || hi != tt.hi {
			t.Errorf("level %v: %d to %d, want %d to %d", tt.level, lo, hi, tt.lo, tt.hi)
		}
	}
}

// Everything about every unit, from the draws themselves and one at a time. The
// weights are those of the stream that belongs to the seed.
func TestSimulateAgainstBuilds(t *testing.T) {
	rows := sizes(30, 3)
	rows[4][1], rows[9][0], rows[9][2] = nan, nan, nan
	rows[20] = slices.Clone(rows[21]) // always level
	for name, s := range map[string]composite.Settings{
		"refused": {Normalise: asIs, MinAvailability: []float64{1}},
		"dropped": {Normalise: asIs},
		"zeroed":  {Normalise: asIs, Missing: composite.Zero},
	} {
		t.Run(name, func(t *testing.T) {
			const draws = 501
			x := flat(t, rows, nil, s)
			d := simulate(t, x, composite.Plan{Draws: draws, Seed: 9, Level: 0.8, Sampler: composite.Random, Factors: []composite.Factor{flatWeights()}})
			next := rand.New(rand.NewPCG(9, 0x9e3779b97f4a7c15)).ExpFloat64
			ranks := make([][]int, len(rows))
			var above [30][30]int
			for range draws {
				y, err := x.With(composite.Patch{Weights: &composite.Weighting{Method: composite.Given, Values: map[string]float64{"A": next(), "B": next(), "C": next()}}})
				if err != nil {
					t.Fatal(err)
				}
				scores := built(t, y).Scores()
				for i, r := range composite.Ranks(scores) {
					ranks[i] = append(ranks[i], r)
				}
				for i := range scores {
					for j := range scores {
						if scores[i] > scores[j] {
							above[i][j]++
						}
					}
				}
			}
			for i := range rows {
				slices.Sort(ranks[i])
				lo, hi := d.RankRange(i)
				// (1−0.8)/2 of 501 is 50.1: fifty draws may be left outside.
				if lo != ranks[i][50] || hi != ranks[i][450] || d.Median(i) != ranks[i][250] {
					t.Errorf("unit %d: %d, %d to %d; want %d, %d to %d", i, d.Median(i), lo, hi, ranks[i][250], ranks[i][50], ranks[i][450])
				}
				if best, worst := d.Extremes(i); best > ranks[i][0] || worst < ranks[i][500] {
					t.Errorf("unit %d: extremes %d and %d inside %d and %d", i, best, worst, ranks[i][0], ranks[i][500])
				}
				for j := range rows {
					want := float64(above[i][j]) / draws
					if ranks[i][0] == 0 || ranks[j][0] == 0 {
						want = nan
					}
					near(t, fmt.Sprintf("P(%d above %d)", i, j), d.Above(i, j), want, 1e-12)
				}
			}
			if _, hi := d.RankRange(9); (hi == 0) != (name == "refused") || (d.Ranked(9) == 0) != (name == "refused") {
				t.Errorf("the unit with two gaps has rank %d", hi)
			}
		})
	}
}

// The extremes include what each indicator alone would give.
func TestExtremesIncludeCorners(t *testing.T) {
	f := flatWeights()
	f.Weights.Concentration = 1e6
	x := flat(t, [][]float64{{0.9, 0.001, 0.001}, {0.05, 0.5, 0.499}, {0.05, 0.499, 0.5}}, nil, composite.Settings{Normalise: asIs})
	d := simulate(t, x, composite.Plan{Draws: 1, Seed: 1, Level: 1, Factors: []composite.Factor{f}})
	for i, want := range [][2]int{{1, 3}, {1, 2}, {1, 2}} {
		if best, worst := d.Extremes(i); [2]int{best, worst} != want {
			t.Errorf("unit %d: %d to %d, want %v", i, best, worst, want)
		}
	}
}

// everything is a plan in which all kinds of factors vary.
func everything(x *composite.Index, draws int) composite.Plan {
	return composite.Plan{Draws: draws, Seed: 7, Level: 0.9, Factors: append(vignette(),
		composite.Factor{Name: "data", Data: spreads(x)}, composite.Factor{Name: "gaps", Imputed: &composite.ImputeDraw{}})}
}

func TestSimulateIsTheSameOnAnyMachine(t *testing.T) {
	x := invented(t, 40, 12, usual())
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, sampler := range []composite.Sampler{composite.QuasiRandom, composite.Random} {
		p := everything(x, 333)
		p.Sampler = sampler
		want := simulate(t, x, p)
		for _, n := range []int{1, 2, 3, 7} {
			runtime.GOMAXPROCS(n)
			if got := simulate(t, x, p); !reflect.DeepEqual(got, want) && !sameDistribution(got, want) {
				t.Errorf("%s: differs on %d processors", sampler, n)
			}
		}
		p.Seed++
		if sameDistribution(simulate(t, x, p), want) {
			t.Errorf("%s: another seed gave the same draws", sampler)
		}
	}
}

func sameDistribution(a, b *composite.Distribution) bool {
	for i := range a.Units() {
		alo, ahi := a.ScoreRange(i)
		blo, bhi := b.ScoreRange(i)
		if alo != blo || ahi != bhi || !slices.Equal(a.Acceptability(i), b.Acceptability(i)) {
			return false
		}
	}
	return true
}

// A plan is text too, and a plan read back draws the same.
func TestPlanIsText(t *testing.T) {
	x := invented(t, 12, 8, usual())
	p := everything(x, 50)
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var q composite.Plan
	if err := json.Unmarshal(b, &q); err != nil {
		t.Fatal(err)
	}
	if !sameDistribution(simulate(t, x, p), simulate(t, x, q)) {
		t.Error("it draws otherwise")
	}
}

// With one option that is not the index as it stands, every draw is that option.
func TestChoices(t *testing.T) {
	x := invented(t, 30, 8, usual())
	geometric := []composite.Aggregator{{Method: composite.Geometric}}
	y, err := x.With(composite.Patch{Aggregate: &geometric})
	if err != nil {
		t.Fatal(err)
	}
	r := built(t, y)
	ranks := r.Ranks("IDX")
	option := composite.Option{Patch: composite.Patch{Aggregate: &geometric}}
	d := simulate(t, x, composite.Plan{Draws: 20, Seed: 1, Level: 0.9, Factors: []composite.Factor{{Name: "mean", Choice: []composite.Option{option}}}})
	for i, u := range d.Units() {
		want := 0
		if at := slices.Index(r.Units, u); at >= 0 {
			want = ranks[at]
		}
		if lo, hi := d.RankRange(i); lo != want || hi != want {
			t.Errorf("%s: %d to %d, want %d", u, lo, hi, want)
		}
	}
	t.Run("probabilities", func(t *testing.T) {
		option.Probability = 3
		f := []composite.Factor{{Name: "mean", Choice: []composite.Option{{Probability: 1}, option}}}
		// Half the units of either order differ in score between the two means.
		for _, draws := range []int{512} {
			d := simulate(t, x, composite.Plan{Draws: draws, Seed: 1, Level: 1, Factors: f})
			moved := 0
			for _, y := range d.Shift() {
				if y > 0 {
					moved++
				}
			}
			near(t, "share of the second", float64(moved)/float64(draws), 0.75, 0.005)
		}
	})
}

// A gap drawn from donors takes only donors' values, and the middle of the
// scores is that of the donors.
func TestImputeDraw(t *testing.T) {
	rows := [][]float64{{1}, {2}, {6}, {nan}, {50}}
	d, tb := flatDefinition(rows, nil, composite.Settings{Normalise: asIs, Impute: &composite.Impute{Method: composite.GroupMean, Group: "g"}})
	tb.Groups = map[string][]string{"g": {"x", "x", "x", "x", "y"}}
	x, err := composite.New(d, tb)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "without draws", built(t, x).Scores()[3], 3, 1e-15)
	dist := simulate(t, x, composite.Plan{Draws: 6000, Seed: 1, Level: 1, Factors: []composite.Factor{{Name: "gaps", Imputed: &composite.ImputeDraw{}}}})
	lo, hi := dist.ScoreRange(3)
	if lo != 1 || hi != 6 {
		t.Errorf("from %v to %v", lo, hi)
	}
	// Level with the donor it took from: ranks 2 of five, 3 and 4, a third each.
	for rank, want := range map[int]float64{2: 1. / 3, 3: 1. / 3, 4: 1. / 3} {
		near(t, fmt.Sprint("rank ", rank), dist.Acceptability(3)[rank-1], want, 0.03)
	}
	// By its other indicator the last unit is at 0.5; where both are known they
	// differ by 0, 0.4 or −0.4 of the range, so it is drawn at 0.5, 0.9 or 0.1.
	t.Run("errors of the row method", func(t *testing.T) {
		rows := [][]float64{{0, 0}, {1, 1}, {0.2, 0.6}, {0.8, 0.4}, {0.5, nan}}
		x := flat(t, rows, nil, composite.Settings{Normalise: asIs, Impute: &composite.Impute{Method: composite.RowMean}})
		dist := simulate(t, x, composite.Plan{Draws: 1000, Seed: 1, Level: 1, Factors: []composite.Factor{{Name: "gaps", Imputed: &composite.ImputeDraw{}}}})
		lo, hi := dist.ScoreRange(4)
		near(t, "lowest", lo, (0.5+0.1)/2, 1e-12)
		near(t, "highest", hi, (0.5+0.9)/2, 1e-12)
	})
	t.Run("rows", func(t *testing.T) {
		x := invented(t, 40, 12, composite.Settings{Impute: &composite.Impute{Method: composite.RowMean}})
		r := built(t, x)
		s, _ := r.Stage("normalise")
		dist := simulate(t, x, composite.Plan{Draws: 200, Seed: 1, Level: 0.9, Factors: []composite.Factor{{Name: "gaps", Imputed: &composite.ImputeDraw{}}}})
		moved := 0
		for i, c := range x.Coverage() {
			if lo, hi := dist.ScoreRange(i); hi > lo {
				if moved++; c.Missing == 0 {
					// Only what is filled moves, and, by what it does to the scales, nobody else.
					t.Errorf("%s has no gaps and moved", c.Unit)
				}
			} else if c.Missing > 0 && s.Column("I01") != nil {
				t.Errorf("%s has gaps and did not move", c.Unit)
			}
		}
		if moved == 0 {
			t.Error("nothing moved")
		}
	})
}

// The range of a score holds the true one as often as it says, where the errors
// are what the intervals say. Ranks of ranges are wider than they need be, as
// the observed values are spread more than the true ones.
func TestCoverage(t *testing.T) {
	const units, indicators, worlds, draws = 25, 5, 60, 300
	const sd, level = 2.0, 0.9
	z := math.Sqrt2 * math.Erfinv(0.95)
	posts := composite.Scale{Method: composite.MethodScaled, Upper: composite.Number{Value: 100}}
	scores, ranks, count := 0, 0, 0
	for w := range uint64(worlds) {
		rng := rand.New(rand.NewPCG(w, 1))
		truth, seen := make([][]float64, units), make([][]float64, units)
		for i := range truth {
			for range indicators {
				v := 50 + 5*rng.NormFloat64()
				truth[i], seen[i] = append(truth[i], v), append(seen[i], v+sd*rng.NormFloat64())
			}
		}
		real := built(t, flat(t, truth, nil, composite.Settings{Normalise: posts}))
		x := flat(t, seen, nil, composite.Settings{Normalise: posts})
		data := &composite.DataDraw{Shape: composite.Normal, Level: 0.95}
		for code, col := range x.Table().Values {
			for i, v := range col {
				data.Cells = append(data.Cells, composite.Cell{Code: code, Unit: x.Table().Units[i], Lo: v - z*sd, Hi: v + z*sd})
			}
		}
		d := simulate(t, x, composite.Plan{Draws: draws, Seed: w, Level: level, Factors: []composite.Factor{{Name: "data", Data: data}}})
		want := real.Ranks("T")
		for i, s := range real.Scores() {
			count++
			if lo, hi := d.ScoreRange(i); lo <= s && s <= hi {
				scores++
			}
			if lo, hi := d.RankRange(i); lo <= want[i] && want[i] <= hi {
				ranks++
			}
		}
	}
	// 1500 intervals, of which those of one world go together little: a standard
	// error of 0.008.
	near(t, "coverage of scores", float64(scores)/float64(count), level, 0.025)
	got := float64(ranks) / float64(count)
	t.Logf("coverage: scores %.3f, ranks %.3f", float64(scores)/float64(count), got)
	if got < level-0.04 {
		t.Errorf("ranges of ranks hold the true one in %v", got)
	}
}

// The error of a denominator is drawn once and moves all that is divided by it.
func TestDenominatorsAreDrawn(t *testing.T) {
	d, tb := flatDefinition([][]float64{{10, 20}, {1, 1}}, nil, composite.Settings{Denominate: true, Normalise: asIs})
	d.Framework.Children[0].Denominator, d.Framework.Children[1].Denominator = "Pop", "Pop"
	tb.Values["Pop"] = []float64{5, 1}
	x, err := composite.New(d, tb)
	if err != nil {
		t.Fatal(err)
	}
	dist := simulate(t, x, composite.Plan{Draws: 2000, Seed: 1, Level: 1, Factors: []composite.Factor{{Name: "people",
		Data: &composite.DataDraw{Shape: composite.Uniform, Cells: []composite.Cell{{Code: "Pop", Unit: "U1", Lo: 4, Hi: 6}}}}}})
	lo, hi := dist.ScoreRange(0)
	near(t, "lowest", lo, 15./6, 0.005)
	near(t, "highest", hi, 15./4, 0.005)
	if lo, hi := dist.ScoreRange(1); lo != 1 || hi != 1 {
		t.Errorf("the other unit moved: %v to %v", lo, hi)
	}
}

// Three units far apart in pairs: A and B change places half the time, C never.
func TestTiers(t *testing.T) {
	x := flat(t, [][]float64{{0.9, 0.8}, {0.8, 0.9}, {0.1, 0.1}, {nan, nan}}, nil, composite.Settings{Normalise: asIs})
	d := simulate(t, x, composite.Plan{Draws: 1000, Seed: 1, Level: 0.9, Factors: []composite.Factor{flatWeights()}})
	tiers := d.Tiers(0.9)
	if len(tiers) != 2 || len(tiers[0]) != 2 || !slices.Equal(tiers[1], []int{2}) {
		t.Errorf("tiers %v", tiers)
	}
	if p := d.Peers(0, 0.9); !slices.Equal(p, []int{1}) {
		t.Errorf("peers of the first %v", p)
	}
	if p := d.Peers(2, 0.9); p != nil {
		t.Errorf("peers of the third %v", p)
	}
	if n := len(d.Tiers(0.3)); n != 3 {
		t.Errorf("%d tiers when a third is enough", n)
	}
}

func TestPlanRefused(t *testing.T) {
	x := invented(t, 10, 6, usual())
	present := slices.IndexFunc(x.Table().Values["I01"], func(v float64) bool { return !math.IsNaN(v) })
	unit, value := x.Table().Units[present], x.Table().Values["I01"][present]
	cell := func(c composite.Cell) []composite.Factor {
		return []composite.Factor{{Name: "d", Data: &composite.DataDraw{Shape: composite.Uniform, Cells: []composite.Cell{c}}}}
	}
	good := composite.Plan{Draws: 10, Level: 0.9, Factors: []composite.Factor{flatWeights()}}
	for _, tt := range []struct {
		name   string
		change func(p *composite.Plan)
		err    error
	}{
		{"no draws", func(p *composite.Plan) { p.Draws = 0 }, composite.ErrSettings},
		{"no level", func(p *composite.Plan) { p.Level = 0 }, composite.ErrSettings},
		{"level above one", func(p *composite.Plan) { p.Level = 1.1 }, composite.ErrSettings},
		{"nothing uncertain", func(p *composite.Plan) { p.Factors = nil }, composite.ErrSettings},
		{"a name twice", func(p *composite.Plan) { p.Factors = append(p.Factors, flatWeights()) }, composite.ErrSettings},
		{"a factor of nothing", func(p *composite.Plan) { p.Factors = []composite.Factor{{Name: "x"}} }, composite.ErrSettings},
		{"a sampler nobody knows", func(p *composite.Plan) { p.Sampler = "magic" }, composite.ErrSettings},
		{"of nothing", func(p *composite.Plan) { p.Of = "Z" }, composite.ErrUnknown},
		{"of an indicator", func(p *composite.Plan) { p.Of = "I01" }, composite.ErrSettings},
		{"a concentration below zero", func(p *composite.Plan) { p.Factors[0].Weights.Concentration = -1 }, composite.ErrSettings},
		{"a level of no weights", func(p *composite.Plan) { p.Factors[0].Weights.Levels = []int{9} }, composite.ErrSettings},
		{"a spread above one", func(p *composite.Plan) {
			p.Factors[0].Weights = &composite.WeightDraw{Kind: composite.Noise, Spread: 2}
		}, composite.ErrSettings},
		{"sets of nothing", func(p *composite.Plan) { p.Factors[0].Weights = &composite.WeightDraw{Kind: composite.Sets} }, composite.ErrSettings},
		{"a set of what is not there", func(p *composite.Plan) {
			p.Factors[0].Weights = &composite.WeightDraw{Kind: composite.Sets, Sets: []map[string]float64{{"Z": 1}}}
		}, composite.ErrUnknown},
		{"a choice that cannot be", func(p *composite.Plan) {
			p.Factors = []composite.Factor{{Name: "c", Choice: []composite.Option{{Patch: composite.Patch{Exclude: &[]string{"Z"}}}}}}
		}, composite.ErrUnknown},
		{"a cell of what is not there", func(p *composite.Plan) { p.Factors = cell(composite.Cell{Code: "Z", Unit: unit}) }, composite.ErrUnknown},
		{"a cell of nobody", func(p *composite.Plan) { p.Factors = cell(composite.Cell{Code: "I01", Unit: "X"}) }, composite.ErrUnknown},
		{"an interval beside its value", func(p *composite.Plan) {
			p.Factors = cell(composite.Cell{Code: "I01", Unit: unit, Lo: value + 1, Hi: value + 2})
		}, composite.ErrSettings},
		{"a logarithm of what may be below zero", func(p *composite.Plan) {
			p.Factors = cell(composite.Cell{Code: "I01", Unit: unit, Lo: value - 1e6, Hi: value})
			p.Factors[0].Data.Shape, p.Factors[0].Data.Level = composite.LogNormal, 0.9
		}, composite.ErrSettings},
		{"a normal interval without a level", func(p *composite.Plan) {
			p.Factors = cell(composite.Cell{Code: "I01", Unit: unit, Lo: value, Hi: value})
			p.Factors[0].Data.Shape = composite.Normal
		}, composite.ErrSettings},
		// No draw is dropped because it failed.
		{"a draw that cannot be built", func(p *composite.Plan) {
			scale := composite.Scale{}
			p.Factors = append(p.Factors, composite.Factor{Name: "c", Choice: []composite.Option{{}, {Patch: composite.Patch{Normalise: &scale, Aggregate: &[]composite.Aggregator{{Method: composite.Geometric}}}}}})
		}, composite.ErrNotPositive},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := good
			w := *good.Factors[0].Weights
			p.Factors = []composite.Factor{{Name: "weights", Weights: &w}}
			tt.change(&p)
			if _, err := x.Simulate(context.Background(), p); !errors.Is(err, tt.err) {
				t.Errorf("error %v, want %v", err, tt.err)
			}
			if _, err := x.Sensitivity(context.Background(), p, composite.Centred); !errors.Is(err, tt.err) {
				t.Errorf("sensitivity: error %v, want %v", err, tt.err)
			}
		})
	}
	t.Run("nothing imputed to draw", func(t *testing.T) {
		y := invented(t, 10, 6, composite.Settings{})
		p := good
		p.Factors = []composite.Factor{{Name: "gaps", Imputed: &composite.ImputeDraw{}}}
		if _, err := y.Simulate(context.Background(), p); !errors.Is(err, composite.ErrSettings) {
			t.Errorf("error %v", err)
		}
	})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := x.Simulate(ctx, good); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Exact coverage: binomial probabilities of the counts whose interval holds p.
func TestWilsonCoverage(t *testing.T) {
	const n = 2000
	lo, hi := make([]float64, n+1), make([]float64, n+1)
	for x := range n + 1 {
		share := float64(x) / n
		if lo[x], hi[x] = composite.Wilson(share, n, 0.95); !(lo[x] <= share && share <= hi[x]) {
			t.Errorf("%v outside [%v, %v]", share, lo[x], hi[x])
		}
	}
	for _, p := range []float64{0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99} {
		var covered float64
		for x := range n + 1 {
			if lo[x] <= p && p <= hi[x] {
				a, _ := math.Lgamma(n + 1)
				b, _ := math.Lgamma(float64(x) + 1)
				c, _ := math.Lgamma(float64(n-x) + 1)
				covered += math.Exp(a - b - c + float64(x)*math.Log(p) + float64(n-x)*math.Log1p(-p))
			}
		}
		near(t, fmt.Sprint("coverage at ", p), covered, 0.95, 0.01)
	}
	// 81 of 263, worked outside this program: 0.2553 to 0.3662 (to four digits).
	a, b := composite.Wilson(81.0/263, 263, 0.95)
	near(t, "lower", a, 0.2553, 5e-5)
	near(t, "upper", b, 0.3662, 5e-5)
	if a, _ := composite.Wilson(1.5, 10, 0.95); !math.IsNaN(a) {
		t.Error("a share above one has an interval")
	}
}

// outputs returns the outputs of a function over a design.
func outputs(g composite.Design, d int, f func([]float64) float64) (yA, yB []float64, yAB [][]float64) {
	yAB = make([][]float64, d)
	for r := range g.A {
		yA, yB = append(yA, f(g.A[r])), append(yB, f(g.B[r]))
		for i := range d {
			yAB[i] = append(yAB[i], f(g.Mixed(r, i)))
		}
	}
	return yA, yB, yAB
}

// The indices of two functions are known exactly. With x uniform on [−π, π]³,
// Ishigami's sin x₁ + a sin² x₂ + b x₃⁴ sin x₁ has parts of variance
//
//	V₁ = (1 + bπ⁴/5)²/2, V₂ = a²/8, V₁₃ = 8b²π⁸/225,
//
// and the g function Π (|4u_i−2| + a_i)/(1 + a_i) has V_i = 1/(3(1+a_i)²), the
// variance of a set being the product of its members', and all of it Π(1+V_i) − 1.
func TestEffectsKnown(t *testing.T) {
	const a, b = 7, 0.1
	pi4 := math.Pow(math.Pi, 4)
	v1, v2, v13 := math.Pow(1+b*pi4/5, 2)/2, a*a/8., 8*b*b*pi4*pi4/225
	v := v1 + v2 + v13
	ishigami := func(u []float64) float64 {
		x := make([]float64, 3)
		for i := range x {
			x[i] = math.Pi * (2*u[i] - 1)
		}
		return math.Sin(x[0]) + a*math.Pow(math.Sin(x[1]), 2) + b*math.Pow(x[2], 4)*math.Sin(x[0])
	}
	as := []float64{0, 1, 4.5, 9, 99, 99}
	var gFirst, gTotal []float64
	gv := 1.0
	for _, a := range as {
		gv *= 1 + 1/(3*(1+a)*(1+a))
	}
	for _, a := range as {
		p := 1 / (3 * (1 + a) * (1 + a))
		gFirst = append(gFirst, p/(gv-1))
		gTotal = append(gTotal, p*gv/(1+p)/(gv-1))
	}
	g := func(u []float64) float64 {
		y := 1.0
		for i, a := range as {
			y *= (math.Abs(4*u[i]-2) + a) / (1 + a)
		}
		return y
	}
	for _, tt := range []struct {
		name         string
		f            func([]float64) float64
		first, total []float64
	}{
		{"ishigami", ishigami, []float64{v1 / v, v2 / v, 0}, []float64{(v1 + v13) / v, v2 / v, v13 / v}},
		{"g", g, gFirst, gTotal},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := len(tt.first)
			yA, yB, yAB := outputs(composite.NewDesign(4096, d, 11), d, tt.f)
			for i, e := range composite.Effects(yA, yB, yAB, composite.Centred, 0, 0, 0) {
				near(t, fmt.Sprint("first-order index ", i+1), e.First.Value, tt.first[i], 0.01)
				near(t, fmt.Sprint("total index ", i+1), e.Total.Value, tt.total[i], 0.01)
			}
			// Far from zero the uncentred formula is lost in its own error.
			away := func(u []float64) float64 { return 1000 + tt.f(u) }
			yA, yB, yAB = outputs(composite.NewDesign(256, d, 11), d, away)
			worst := map[composite.Estimator]float64{}
			for _, by := range []composite.Estimator{composite.Centred, composite.Uncentred} {
				for i, e := range composite.Effects(yA, yB, yAB, by, 0, 0, 0) {
					worst[by] = max(worst[by], math.Abs(e.First.Value-tt.first[i]))
				}
			}
			if worst[composite.Centred] > 0.15 || worst[composite.Uncentred] < worst[composite.Centred] {
				t.Errorf("errors %v", worst)
			}
		})
	}
	// Intervals from resampling rows, over random designs: 90 percent intervals
	// of three first-order and three total indices in each of 60 designs.
	t.Run("intervals", func(t *testing.T) {
		first, total := []float64{v1 / v, v2 / v, 0}, []float64{(v1 + v13) / v, v2 / v, v13 / v}
		held, count := 0, 0
		for s := range uint64(60) {
			rng := rand.New(rand.NewPCG(s, 5))
			g := composite.Design{}
			for range 500 {
				row := func() []float64 { return []float64{rng.Float64(), rng.Float64(), rng.Float64()} }
				g.A, g.B = append(g.A, row()), append(g.B, row())
			}
			yA, yB, yAB := outputs(g, 3, ishigami)
			for i, e := range composite.Effects(yA, yB, yAB, composite.Centred, 200, 0.9, s) {
				for k, x := range []composite.Estimate{e.First, e.Total} {
					want := []float64{first[i], total[i]}[k]
					count++
					if x.Lo <= want && want <= x.Hi {
						held++
					}
				}
			}
		}
		near(t, "coverage", float64(held)/float64(count), 0.9, 0.06)
	})
	t.Run("an output that never varies", func(t *testing.T) {
		one := []float64{1, 1, 1}
		if e := composite.Effects(one, one, [][]float64{one}, composite.Centred, 10, 0.9, 1); !math.IsNaN(e[0].First.Value) || !math.IsNaN(e[0].Total.Lo) {
			t.Errorf("%+v", e)
		}
	})
}

// U1 is moved by its own interval only, U2 and U3 by weights only: they change
// places with them and are far from U1, which contends with U4.
func TestSensitivityByUnit(t *testing.T) {
	x := flat(t, [][]float64{{100, 100}, {10, 20}, {20, 10}, {102, 102}}, nil, composite.Settings{Normalise: asIs})
	p := composite.Plan{Draws: 512, Seed: 3, Level: 0.9, Factors: []composite.Factor{flatWeights(),
		{Name: "data", Data: &composite.DataDraw{Shape: composite.Uniform, Cells: []composite.Cell{{Code: "A", Unit: "U1", Lo: 90, Hi: 120}, {Code: "B", Unit: "U1", Lo: 90, Hi: 120}}}}}}
	s, err := x.Sensitivity(context.Background(), p, composite.Centred)
	if err != nil {
		t.Fatal(err)
	}
	two := s.Rank(1)
	near(t, "weights on the rank of U2", two[0].Total.Value, 1, 0.06) // an index from 512 coins
	near(t, "data on the rank of U2", two[1].Total.Value, 0, 1e-12)
	one := s.Rank(0)
	if one[1].First.Value < 0.5 || one[1].Total.Value < one[0].Total.Value {
		t.Errorf("data on the rank of U1: %+v", one)
	}
	if !(two[0].Total.Lo <= two[0].Total.Value && two[0].Total.Value <= two[0].Total.Hi) {
		t.Errorf("interval %+v", two[0].Total)
	}
	if len(s.Shift) != 2 || s.All.Draws() != 1024 || !slices.Equal(s.Factors, []string{"weights", "data"}) {
		t.Errorf("%+v", s)
	}
	// The score of U2 is w·10 + (1−w)·20: weights explain it all.
	near(t, "weights on the score of U2", s.Score(1)[0].First.Value, 1, 0.02)
	// All draws of the two samples, and the same as Simulate gives.
	near(t, "P(U2 above U3)", s.All.Above(1, 2), 0.5, 0.03)
}

// Shapes of weights other than the flat one, against what they promise.
func TestWeightKinds(t *testing.T) {
	x := flat(t, [][]float64{{1, 0}, {0, 1}}, []float64{3, 1}, composite.Settings{Normalise: asIs})
	scoreRange := func(w composite.WeightDraw) (lo, hi float64) {
		d := simulate(t, x, composite.Plan{Draws: 4000, Seed: 1, Level: 1, Factors: []composite.Factor{{Name: "w", Weights: &w}}})
		return d.ScoreRange(0)
	}
	// The first unit's score is the weight of A: 3(1±s)/(3(1±s)+1(1∓s)).
	lo, hi := scoreRange(composite.WeightDraw{Kind: composite.Noise, Spread: 0.25})
	near(t, "lowest", lo, 2.25/3.5, 0.01)
	near(t, "highest", hi, 3.75/4.5, 0.01)
	lo, hi = scoreRange(composite.WeightDraw{Kind: composite.Sets, Sets: []map[string]float64{{"A": 1}, {"A": 1, "B": 3}}})
	near(t, "lowest", lo, 0.25, 1e-12)
	near(t, "highest", hi, 0.5, 1e-12)
	lo, hi = scoreRange(composite.WeightDraw{Kind: composite.Dirichlet, Concentration: 1e4, Centred: true})
	if lo < 0.72 || hi > 0.78 {
		t.Errorf("from %v to %v, around 0.75", lo, hi)
	}
	lo, hi = scoreRange(composite.WeightDraw{Kind: composite.Dirichlet, Concentration: 1e4})
	if lo < 0.47 || hi > 0.53 {
		t.Errorf("from %v to %v, around 0.5", lo, hi)
	}
}
