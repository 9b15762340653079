package composite

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var nan = math.NaN()

// near fails unless got is within tol of want, or both are NaN.
func near(t testing.TB, what string, got, want, tol float64) {
	t.Helper()
	if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > tol {
		t.Errorf("%s = %v, want %v ± %v", what, got, want, tol)
	}
}

// Wants worked by hand.
func TestShares(t *testing.T) {
	for _, tt := range []struct {
		name string
		x    []float64
		want []float64
		fail bool
	}{
		{name: "four units", x: []float64{1, 2, 3, 4}, want: []float64{0.1, 0.2, 0.3, 0.4}},
		{name: "the missing stay missing and leave the total", x: []float64{1, nan, 3}, want: []float64{0.25, nan, 0.75}},
		{name: "nothing is a share of nothing", x: []float64{0, 5}, want: []float64{0, 1}},
		{name: "negative", x: []float64{1, -1}, fail: true},
		{name: "infinite", x: []float64{1, math.Inf(1)}, fail: true},
		{name: "all missing", x: []float64{nan, nan}, fail: true},
		{name: "all zero", x: []float64{0, 0}, fail: true},
		{name: "nobody", fail: true},
		{name: "sum beyond what a number holds", x: []float64{math.MaxFloat64, math.MaxFloat64}, fail: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Shares(tt.x)
			if (err != nil) != tt.fail {
				t.Fatalf("error %v", err)
			}
			for i := range tt.want {
				near(t, fmt.Sprint("share ", i), got[i], tt.want[i], 1e-15)
			}
		})
	}
	if _, err := Shares([]float64{0, nan}); !errors.Is(err, ErrNoTotal) {
		t.Errorf("zero and missing: %v, want ErrNoTotal", err)
	}
}

// Wants worked by hand: with weights 1, 2, 1 the rows of shares are
// (.1+2·.2+.3)/4 = .2; dropped (.4+.2)/2 = .3, zeroed (.4+.2)/4 = .15; dropped
// .6·2/2 = .6, zeroed .6·2/4 = .3.
func TestMeanOfShares(t *testing.T) {
	shares := [][]float64{{0.1, 0.2, 0.3}, {0.4, nan, 0.2}, {nan, 0.6, nan}, {nan, nan, nan}}
	for _, tt := range []struct {
		name    string
		rule    MissingRule
		weights []float64
		want    []float64
	}{
		{"dropped", Drop, []float64{1, 2, 1}, []float64{0.2, 0.3, 0.6, nan}},
		{"zeroed", Zero, []float64{1, 2, 1}, []float64{0.2, 0.15, 0.3, nan}},
		{"refused", Refuse, []float64{1, 2, 1}, []float64{0.2, nan, nan, nan}},
		{"only proportions of weights matter", Drop, []float64{10, 20, 10}, []float64{0.2, 0.3, 0.6, nan}},
		{"nothing of weight is present", Drop, []float64{1, 0, 1}, []float64{0.2, 0.3, nan, nan}},
		{"nothing of weight is present, zeroed", Zero, []float64{1, 0, 1}, []float64{0.2, 0.3, 0, nan}},
		{"missing where the weight is zero is missing all the same", Refuse, []float64{1, 0, 1}, []float64{0.2, nan, nan, nan}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := MeanOfShares(shares, tt.weights, tt.rule)
			if err != nil {
				t.Fatal(err)
			}
			for i := range tt.want {
				near(t, fmt.Sprint("score ", i), got[i], tt.want[i], 1e-15)
			}
		})
	}
	for name, w := range map[string][]float64{
		"too few": {1, 1}, "negative": {1, -1, 1}, "all zero": {0, 0, 0}, "missing": {1, nan, 1}, "infinite": {1, math.Inf(1), 1},
	} {
		if _, err := MeanOfShares(shares, w, Drop); err == nil {
			t.Errorf("weights %s: no error", name)
		}
	}
	if _, err := MeanOfShares(shares, []float64{1, 1, 1}, Zero+1); err == nil {
		t.Error("a rule that is not there: no error")
	}
	if _, err := MeanOfShares([][]float64{{math.Inf(1)}}, []float64{1}, Drop); err == nil {
		t.Error("an infinite share: no error")
	}
}

func TestRanks(t *testing.T) {
	for _, tt := range []struct {
		name   string
		scores []float64
		want   []int
	}{
		{"highest first", []float64{1, 3, 2}, []int{3, 1, 2}},
		{"equals share the best rank", []float64{5, 7, 7, 1}, []int{3, 1, 1, 4}},
		{"without a score, without a rank", []float64{nan, 2, nan, 3}, []int{0, 2, 0, 1}},
		{"nobody", nil, []int{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Ranks(tt.scores); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// The published index of national capability, version 7.0 of the material
// capabilities table of the Correlates of War project. It is printed to nine
// decimals and was made in single precision; 1e-6 is the tolerance agreed, and
// the largest difference found is logged.
func TestConformanceCINC(t *testing.T) {
	dir := os.Getenv("SHANYRAQ_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	file, err := os.Open(filepath.Join(dir, "nmc", "nmc_v7_state_year.csv"))
	if err != nil {
		t.Skip("the published table is not here; set SHANYRAQ_DATA to the folder that holds nmc/nmc_v7_state_year.csv")
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	type year struct {
		states []string
		parts  [6][]float64
		want   []float64
	}
	years := map[int]*year{}
	for _, row := range rows[1:] {
		y, err := strconv.Atoi(row[at["year"]])
		if err != nil {
			t.Fatal(err)
		}
		if years[y] == nil {
			years[y] = &year{}
		}
		s := years[y]
		s.states = append(s.states, row[at["stateabb"]])
		for k, name := range []string{"milex", "milper", "irst", "pec", "tpop", "upop"} {
			v := nan
			if text := row[at[name]]; text != "" {
				if v, err = strconv.ParseFloat(text, 64); err != nil {
					t.Fatal(err)
				}
			}
			s.parts[k] = append(s.parts[k], v)
		}
		v, err := strconv.ParseFloat(row[at["cinc"]], 64)
		if err != nil {
			t.Fatal(err)
		}
		s.want = append(s.want, v)
	}
	score := func(t *testing.T, y *year, rule MissingRule) []float64 {
		shares := make([][]float64, len(y.states))
		for k := range y.parts {
			s, err := Shares(y.parts[k])
			if err != nil {
				t.Fatal(err)
			}
			for i, x := range s {
				shares[i] = append(shares[i], x)
			}
		}
		got, err := MeanOfShares(shares, []float64{1, 1, 1, 1, 1, 1}, rule)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	compared, worst := 0, 0.0
	for decade := 1810; decade <= 2020; decade += 10 {
		t.Run(fmt.Sprintf("%ds", decade), func(t *testing.T) {
			for y := decade; y < decade+10; y++ {
				if years[y] == nil {
					continue
				}
				for i, got := range score(t, years[y], Drop) {
					near(t, fmt.Sprint(years[y].states[i], " ", y), got, years[y].want[i], 1e-6)
					worst = max(worst, math.Abs(got-years[y].want[i]))
					compared++
				}
			}
		})
	}
	t.Run("every published value was compared", func(t *testing.T) {
		if compared != 17121 {
			t.Errorf("%d values compared, not 17121", compared)
		}
		t.Logf("largest difference %.2g over %d values", worst, compared)
		if worst > 3e-8 {
			t.Errorf("largest difference %v; the docstring of MeanOfShares says 3e-8", worst)
		}
	})
	// The record of the table states these ranks and this share, found by a
	// separate program.
	t.Run("ranks", func(t *testing.T) {
		for y, want := range map[int]string{1992: "38/181", 2000: "49/191", 2010: "49/194", 2016: "48/195", 2022: "53/195"} {
			ranks := Ranks(score(t, years[y], Drop))
			if got := fmt.Sprintf("%d/%d", ranks[slices.Index(years[y].states, "KZK")], len(ranks)); got != want {
				t.Errorf("%d: %s, want %s", y, got, want)
			}
		}
		for rule, want := range map[MissingRule][2]int{Drop: {48, 53}, Zero: {54, 49}} {
			ranks := Ranks(score(t, years[2022], rule))
			if got := [2]int{ranks[slices.Index(years[2022].states, "UZB")], ranks[slices.Index(years[2022].states, "KZK")]}; got != want {
				t.Errorf("rule %d in 2022: %v, want %v", rule, got, want)
			}
		}
	})
	t.Run("counting gaps as zero is not the published rule", func(t *testing.T) {
		same, all := 0, 0
		for _, y := range years {
			for i, got := range score(t, y, Zero) {
				if math.Abs(got-y.want[i]) <= 1e-6 {
					same++
				}
				all++
			}
		}
		near(t, "share of values matched", float64(same)/float64(all), 0.84, 0.005)
	})
}

func TestProperties(t *testing.T) {
	amounts := func(n int) *rapid.Generator[[]float64] {
		return rapid.SliceOfN(rapid.Float64Range(0.001, 1e6), n, n)
	}
	t.Run("shares sum to one", rapid.MakeCheck(func(t *rapid.T) {
		s, err := Shares(amounts(rapid.IntRange(1, 50).Draw(t, "n")).Draw(t, "x"))
		if err != nil {
			t.Fatal(err)
		}
		var sum float64
		for _, x := range s {
			sum += x
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Fatalf("sum %v", sum)
		}
	}))
	// table returns amounts, one slice per component, and the score function.
	score := func(t *rapid.T, parts [][]float64) []float64 {
		shares := make([][]float64, len(parts[0]))
		for k := range parts {
			s, err := Shares(parts[k])
			if err != nil {
				t.Fatal(err)
			}
			for i, x := range s {
				shares[i] = append(shares[i], x)
			}
		}
		c, err := MeanOfShares(shares, slices.Repeat([]float64{1}, len(parts)), Drop)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	table := func(t *rapid.T) [][]float64 {
		n, k := rapid.IntRange(2, 20).Draw(t, "n"), rapid.IntRange(1, 5).Draw(t, "k")
		parts := make([][]float64, k)
		for i := range parts {
			parts[i] = amounts(n).Draw(t, "part")
		}
		return parts
	}
	t.Run("the order of units does not matter", rapid.MakeCheck(func(t *rapid.T) {
		parts := table(t)
		n := len(parts[0])
		index := make([]int, n)
		for i := range index {
			index[i] = i
		}
		turn := rapid.Permutation(index).Draw(t, "order")
		turned := make([][]float64, len(parts))
		for k := range parts {
			for _, i := range turn {
				turned[k] = append(turned[k], parts[k][i])
			}
		}
		a, b := score(t, parts), score(t, turned)
		for at, i := range turn {
			if math.Abs(a[i]-b[at]) > 1e-12 {
				t.Fatalf("unit %d scores %v, then %v", i, a[i], b[at])
			}
		}
	}))
	t.Run("the unit of measurement of a component does not matter", rapid.MakeCheck(func(t *rapid.T) {
		parts := table(t)
		before := score(t, parts)
		k := rapid.IntRange(0, len(parts)-1).Draw(t, "component")
		by := rapid.Float64Range(1e-3, 1e3).Draw(t, "by")
		for i := range parts[k] {
			parts[k][i] *= by
		}
		for i, s := range score(t, parts) {
			if math.Abs(s-before[i]) > 1e-12 {
				t.Fatalf("unit %d scores %v, then %v", i, before[i], s)
			}
		}
	}))
	t.Run("more of a component never lowers a rank or raises another's score", rapid.MakeCheck(func(t *rapid.T) {
		parts := table(t)
		before := score(t, parts)
		i := rapid.IntRange(0, len(before)-1).Draw(t, "unit")
		k := rapid.IntRange(0, len(parts)-1).Draw(t, "component")
		parts[k][i] *= rapid.Float64Range(1.01, 10).Draw(t, "by")
		after := score(t, parts)
		if Ranks(after)[i] > Ranks(before)[i] || after[i] < before[i] {
			t.Fatalf("score %v to %v", before[i], after[i])
		}
		for j := range after {
			if j != i && after[j] > before[j]+1e-15 {
				t.Fatalf("unit %d rose from %v to %v", j, before[j], after[j])
			}
		}
	}))
}

// invented returns n rows of k shares that are alike across components, as the
// sizes of countries are.
func invented(n, k int) [][]float64 {
	rng := rand.New(rand.NewPCG(1, 2)) // the same work every time
	columns := make([][]float64, k)
	size := make([]float64, n)
	for i := range size {
		size[i] = 2 * rng.NormFloat64()
	}
	for j := range columns {
		x := make([]float64, n)
		for i := range x {
			x[i] = math.Exp(size[i] + rng.NormFloat64())
		}
		columns[j], _ = Shares(x)
	}
	rows := make([][]float64, n)
	for i := range rows {
		for j := range columns {
			rows[i] = append(rows[i], columns[j][i])
		}
	}
	return rows
}

// Unit i is above unit j when Σ d_k g_k > 0 with d the differences of their
// shares and g independent exponentials. By partial fractions that has
// probability Σ_{k: d_k>0} Π_{j≠k} d_k/(d_k−d_j).
func TestAboveExact(t *testing.T) {
	const draws = 40_000
	shares := invented(12, 4)
	d, err := RankDistribution(context.Background(), shares, Options{Draws: draws, Seed: 3, Level: 0.9})
	if err != nil {
		t.Fatal(err)
	}
	for a := range shares {
		for b := range shares {
			if a == b {
				continue
			}
			var exact float64
			for k := range shares[a] {
				dk := shares[a][k] - shares[b][k]
				if dk <= 0 {
					continue
				}
				p := 1.0
				for j := range shares[a] {
					if j != k {
						p *= dk / (dk - (shares[a][j] - shares[b][j]))
					}
				}
				exact += p
			}
			// Four standard errors: 132 pairs, one seed.
			near(t, fmt.Sprintf("P(%d above %d)", a, b), d.Above(a, b), exact, 4*math.Sqrt(exact*(1-exact)/draws)+1e-9)
		}
	}
}

// Two units, two components: unit 0 scores w·0.8 + (1−w)·0.4 against what is
// left of 1, so it leads when w > 1/4, and w is uniform.
func TestRankDistributionByHand(t *testing.T) {
	shares := [][]float64{{0.8, 0.4}, {0.2, 0.6}}
	const draws = 100_000
	d, err := RankDistribution(context.Background(), shares, Options{Draws: draws, Seed: 1, Level: 0.9})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "P(0 above 1)", d.Above(0, 1), 0.75, 4*math.Sqrt(0.75*0.25/draws))
	near(t, "P(1 above 0)", d.Above(1, 0), 0.25, 4*math.Sqrt(0.75*0.25/draws))
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
		d, err := RankDistribution(context.Background(), shares, Options{Draws: draws, Seed: 1, Level: tt.level})
		if err != nil {
			t.Fatal(err)
		}
		if lo, hi := d.RankRange(0); lo != tt.lo || hi != tt.hi {
			t.Errorf("level %v: %d to %d, want %d to %d", tt.level, lo, hi, tt.lo, tt.hi)
		}
	}
}

// The quantities of every unit, from the draws themselves and one at a time.
func TestRankDistributionAgainstRanks(t *testing.T) {
	shares := invented(30, 3)
	shares[4][1], shares[9][0], shares[9][2] = nan, nan, nan
	shares[20] = slices.Clone(shares[21]) // always level
	for _, rule := range []MissingRule{Refuse, Drop, Zero} {
		t.Run(fmt.Sprint("rule ", rule), func(t *testing.T) {
			o := Options{Draws: 501, Seed: 9, Level: 0.8, Concentration: 1, Missing: rule}
			d, err := RankDistribution(context.Background(), shares, o)
			if err != nil {
				t.Fatal(err)
			}
			w := drawWeights(o, 3)
			ranks := make([][]int, len(shares))
			var above [30][30]int
			for at := range o.Draws {
				s, err := MeanOfShares(shares, w[at*3:at*3+3], rule)
				if err != nil {
					t.Fatal(err)
				}
				for i, r := range Ranks(s) {
					ranks[i] = append(ranks[i], r)
				}
				for i := range s {
					for j := range s {
						if s[i] > s[j] {
							above[i][j]++
						}
					}
				}
			}
			for i := range shares {
				slices.Sort(ranks[i])
				lo, hi := d.RankRange(i)
				// (1−0.8)/2 of 501 is 50.1: fifty draws may be left outside.
				if lo != ranks[i][50] || hi != ranks[i][450] || d.Median(i) != ranks[i][250] {
					t.Errorf("unit %d: %d, %d to %d; want %d, %d to %d", i, d.Median(i), lo, hi, ranks[i][250], ranks[i][50], ranks[i][450])
				}
				if best, worst := d.Extremes(i); best > ranks[i][0] || worst < ranks[i][500] {
					t.Errorf("unit %d: extremes %d and %d inside %d and %d", i, best, worst, ranks[i][0], ranks[i][500])
				}
				for j := range shares {
					want := float64(above[i][j]) / 501
					if ranks[i][0] == 0 || ranks[j][0] == 0 {
						want = nan
					}
					near(t, fmt.Sprintf("P(%d above %d)", i, j), d.Above(i, j), want, 1e-12)
				}
			}
			if _, hi := d.RankRange(9); (hi == 0) != (rule == Refuse) {
				t.Errorf("the unit with two gaps has rank %d", hi)
			}
		})
	}
}

// The extremes include what each component alone would give.
func TestExtremesIncludeComponents(t *testing.T) {
	shares := [][]float64{{0.9, 0.001, 0.001}, {0.05, 0.5, 0.499}, {0.05, 0.499, 0.5}}
	d, err := RankDistribution(context.Background(), shares, Options{Draws: 1, Seed: 1, Level: 1, Concentration: 1e6})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][2]int{{1, 3}, {1, 2}, {1, 2}} {
		if best, worst := d.Extremes(i); [2]int{best, worst} != want {
			t.Errorf("unit %d: %d to %d, want %v", i, best, worst, want)
		}
	}
}

// Dirichlet weights have mean 1/K and variance (1/K)(1−1/K)/(Kc+1).
func TestWeightsDrawn(t *testing.T) {
	for _, c := range []float64{0.05, 0.5, 1, 4, 100} {
		t.Run(fmt.Sprint("concentration ", c), func(t *testing.T) {
			const draws, k = 50_000, 3
			w := drawWeights(Options{Draws: draws, Seed: 5, Concentration: c}, k)
			var sum, square float64
			for i := range draws {
				near(t, "sum of weights", w[i*k]+w[i*k+1]+w[i*k+2], 1, 1e-12)
				sum += w[i*k]
				square += w[i*k] * w[i*k]
			}
			mean := sum / draws
			variance := 1.0 / 3 * 2 / 3 / (k*c + 1)
			near(t, "mean", mean, 1.0/3, 4*math.Sqrt(variance/draws))
			near(t, "variance", square/draws-mean*mean, variance, 0.05*variance) // sampling error of a variance here is under 1 %
		})
	}
}

func TestRankDistributionIsTheSameOnAnyMachine(t *testing.T) {
	shares := invented(40, 3)
	o := Options{Draws: 333, Seed: 7, Level: 0.95}
	want, err := RankDistribution(context.Background(), shares, o)
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, p := range []int{1, 2, 3, 7} {
		runtime.GOMAXPROCS(p)
		got, err := RankDistribution(context.Background(), shares, o)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.rank, want.rank) || !slices.Equal(got.units, want.units) {
			t.Errorf("differs on %d processors", p)
		}
	}
	o.Seed++
	if got, _ := RankDistribution(context.Background(), shares, o); slices.Equal(got.rank, want.rank) {
		t.Error("another seed gave the same draws")
	}
}

func TestRankDistributionErrors(t *testing.T) {
	good := [][]float64{{0.5, 0.5}, {0.5, 0.5}}
	ok := Options{Draws: 10, Level: 0.9}
	for name, call := range map[string]struct {
		shares [][]float64
		o      Options
	}{
		"no draws":        {good, Options{Level: 0.9}},
		"no level":        {good, Options{Draws: 10}},
		"level above one": {good, Options{Draws: 10, Level: 1.1}},
		"concentration":   {good, Options{Draws: 10, Level: 0.9, Concentration: -1}},
		"rule":            {good, Options{Draws: 10, Level: 0.9, Missing: 9}},
		"no units":        {nil, ok},
		"no components":   {[][]float64{{}, {}}, ok},
		"ragged":          {[][]float64{{1, 2}, {1}}, ok},
		"infinite":        {[][]float64{{1, math.Inf(1)}}, ok},
	} {
		if _, err := RankDistribution(context.Background(), call.shares, call.o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := RankDistribution(ctx, good, ok); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Exact coverage: binomial probabilities of the counts whose interval holds p.
func TestWilsonCoverage(t *testing.T) {
	const n = 2000
	lo, hi := make([]float64, n+1), make([]float64, n+1)
	for x := range n + 1 {
		lo[x], hi[x] = Wilson(float64(x)/n, n, 0.95)
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
	a, b := Wilson(81.0/263, 263, 0.95)
	near(t, "lower", a, 0.2553, 5e-5)
	near(t, "upper", b, 0.3662, 5e-5)
	if a, _ := Wilson(1.5, 10, 0.95); !math.IsNaN(a) {
		t.Error("a share above one has an interval")
	}
}

// Every key cited is listed in doc.go, and every key listed is cited.
func TestReferences(t *testing.T) {
	key := regexp.MustCompile(`\[([a-z]+[0-9]{4}[a-z]?)\]`)
	listed := regexp.MustCompile(`(?m)^//   - \[([a-z]+[0-9]{4}[a-z]?)\]`)
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]int{}
	for _, m := range listed.FindAllStringSubmatch(string(doc), -1) {
		known[m[1]] = 0
	}
	files, _ := filepath.Glob("*.go")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if name == "doc.go" && listed.MatchString(line) {
				continue
			}
			for _, m := range key.FindAllStringSubmatch(line, -1) {
				if _, ok := known[m[1]]; !ok {
					t.Errorf("%s cites [%s], which doc.go does not list", name, m[1])
				}
				known[m[1]]++
			}
		}
	}
	for k, n := range known {
		if n == 0 {
			t.Errorf("doc.go lists [%s], which nothing cites", k)
		}
	}
}

// A screen redraws ranges of ranks while the reader waits, so a few thousand
// draws over all states have to stay under a twentieth of a second.
func BenchmarkRankDistribution(b *testing.B) {
	for _, size := range []struct{ units, components, draws int }{{195, 3, 1000}, {195, 40, 1000}, {200, 3, 2000}} {
		b.Run(fmt.Sprintf("units=%d/components=%d/draws=%d", size.units, size.components, size.draws), func(b *testing.B) {
			shares := invented(size.units, size.components)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := RankDistribution(context.Background(), shares, Options{Draws: size.draws, Seed: 1, Level: 0.95}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(size.draws)*float64(b.N)/b.Elapsed().Seconds(), "draws/s")
		})
	}
}
