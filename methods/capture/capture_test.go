package capture

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

func TestTwoLists(t *testing.T) {
	// The first case has the counts of the example of NChapman in the R package
	// recapr 0.4.4. All wants were worked outside this program from the formulas
	// of [chapman1951], to four decimals, and of [chao1989], to one.
	for _, tt := range []struct {
		name       string
		a, b, both int
		want       Total
	}{
		{"a fifth matched", 100, 100, 20, Total{484.7619, 82.0315, 361.5, 691.8}},
		{"nobody matched", 10, 12, 0, Total{142, 92.6283, 53.4, 480.3}},
		{"nearly all matched", 60, 50, 49, Total{61.22, 0.5181, 61.0, 64.2}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := TwoLists(tt.a, tt.b, tt.both, 0.95)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "N", got.N, tt.want.N, 5e-5)
			near(t, "SE", got.SE, tt.want.SE, 5e-5)
			near(t, "Lo", got.Lo, tt.want.Lo, 0.05)
			near(t, "Hi", got.Hi, tt.want.Hi, 0.05)
			swapped, err := TwoLists(tt.b, tt.a, tt.both, 0.95)
			if err != nil || math.Abs(swapped.N-got.N) > 1e-9 || math.Abs(swapped.Hi-got.Hi) > 1e-9 {
				t.Errorf("swapped %v, %v", swapped, err)
			}
		})
	}
	for _, tt := range []struct {
		a, b, both int
		level      float64
		want       error
	}{{40, 15, 15, 0.95, ErrNested}, {15, 40, 15, 0.95, ErrNested}, {5, 5, 6, 0.95, nil}, {5, 5, -1, 0.95, nil}, {5, 5, 1, 1, nil}, {5, 5, 1, math.NaN(), nil}} {
		if _, err := TwoLists(tt.a, tt.b, tt.both, tt.level); err == nil || tt.want != nil && !errors.Is(err, tt.want) {
			t.Errorf("%+v: %v", tt, err)
		}
	}
	if _, err := LincolnPetersen(10, 12, 0); !errors.Is(err, ErrNoOverlap) {
		t.Errorf("nobody on both: %v", err)
	}
	if _, err := LowerBound(10, 5, 0, false); !errors.Is(err, ErrNoOverlap) {
		t.Errorf("nobody met twice: %v", err)
	}
	if _, err := LowerBound(10, 8, 4, true); err == nil {
		t.Error("more met than seen: no error")
	}
}

// N is exactly unbiased when the lists together are as long as the population,
// so its mean over every possible overlap must be the population itself.
func TestTwoListsUnbiased(t *testing.T) {
	for _, tt := range []struct{ size, a, b int }{{50, 30, 25}, {200, 120, 90}, {1000, 600, 450}} {
		var mean float64
		overlaps(tt.size, tt.a, tt.b, func(both int, p float64) {
			n := float64(max(tt.a, tt.b)) // what Chapman's N is when the lists nest
			if got, err := TwoLists(tt.a, tt.b, both, 0.95); err == nil {
				n = got.N
			}
			mean += p * n
		})
		near(t, "mean N", mean, float64(tt.size), 1e-7*float64(tt.size))
	}
}

// The exact coverage: the probability of all overlaps whose interval holds the
// population.
func TestTwoListsCoverage(t *testing.T) {
	for _, tt := range []struct{ size, a, b int }{{300, 100, 80}, {1000, 200, 150}, {10_000, 800, 1200}, {100_000, 3000, 5000}} {
		var covers float64
		overlaps(tt.size, tt.a, tt.b, func(both int, p float64) {
			got, err := TwoLists(tt.a, tt.b, both, 0.95)
			if err == nil && got.Lo <= float64(tt.size) && float64(tt.size) <= got.Hi {
				covers += p
			}
		})
		t.Logf("%+v: %.4f", tt, covers)
		if covers < 0.93 || covers > 0.96 {
			t.Errorf("%+v covers %v", tt, covers)
		}
	}
}

func TestHistories(t *testing.T) {
	h, err := ParseHistories([]string{"110", "001", "110", "000", "101"}, []int{3, 5, 4, 99, 2})
	if err != nil {
		t.Fatal(err)
	}
	if h.Lists() != 3 || h.Seen() != 14 || h.Count(3) != 7 || h.Count(0) != 0 || h.Count(-1) != 0 || h.OnAll(1) != 9 || h.OnAll(5) != 2 || h.Pattern(5) != "101" {
		t.Errorf("%+v", h)
	}
	d := h.Describe()
	want := Description{[]int{5, 9, 0}, []int{9, 0, 5}, []int{0, 7, 7}, []int{9, 7, 7}}
	if fmt.Sprint(d) != fmt.Sprint(want) {
		t.Errorf("%+v, want %+v", d, want)
	}
	pair, err := h.Pair(0, 2)
	if err != nil || pair.Count(1) != 7 || pair.Count(2) != 5 || pair.Count(3) != 2 {
		t.Errorf("%+v, %v", pair, err)
	}
	if f := h.Frequencies(); f.Met(2) != 9 || f.Met(7) != 0 || f.Seen() != 14 {
		t.Errorf("%+v", f)
	}
	for name, err := range map[string]error{
		"a letter":                second(ParseHistories([]string{"1x"}, []int{1})),
		"patterns of two sorts":   second(ParseHistories([]string{"11", "111"}, []int{1, 1})),
		"one list":                second(ParseHistories([]string{"1"}, []int{1})),
		"a negative count":        second(ParseHistories([]string{"11"}, []int{-1})),
		"more counts":             second(ParseHistories([]string{"11"}, []int{1, 2})),
		"a table too short":       second(NewHistories(3, make([]int, 7))),
		"too many lists":          second(NewHistories(17, nil)),
		"a list paired to itself": second(h.Pair(1, 1)),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, err := range map[string]error{
		"no patterns":    second(ParseHistories(nil, nil)),
		"nobody":         second(ParseHistories([]string{"10", "00"}, []int{0, 7})),
		"nobody met":     second(NewFrequencies([]int{0, 0}, 5, 0)),
		"no histories":   second(FitModel(Histories{}, Model{})),
		"no frequencies": second(FitFrequencies(Frequencies{}, Model{})),
	} {
		if !errors.Is(err, ErrNobody) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, f := range []struct {
		met            []int
		occasions, use int
	}{{[]int{1, -1}, 5, 0}, {[]int{1, 1}, 1, 0}, {[]int{1, 1, 1}, 2, 0}, {[]int{1, 1}, 5, 6}, {[]int{1, 1}, 5, 1}} {
		if _, err := NewFrequencies(f.met, f.occasions, f.use); err == nil {
			t.Errorf("%+v: no error", f)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func FuzzParseHistories(f *testing.F) {
	f.Add("110 001", 3, 4)
	f.Add("1", 1, 1)
	f.Add("00 00", 1, 1)
	f.Fuzz(func(t *testing.T, patterns string, a, b int) {
		words := strings.Fields(patterns)
		counts := []int{a, b, a, b, a, b}
		h, err := ParseHistories(words, counts[:min(len(words), len(counts))])
		if err != nil {
			return
		}
		var again []string
		var n []int
		for p := 1; p < 1<<h.Lists(); p++ {
			again = append(again, h.Pattern(p))
			n = append(n, h.Count(p))
		}
		if h2, err := ParseHistories(again, n); err != nil || !slices.Equal(h2.counts, h.counts) {
			t.Errorf("%v becomes %v, %v", h, h2, err)
		}
	})
}

func FuzzParseModel(f *testing.F) {
	for _, s := range []string{"M0", "Mt", "Mh Chao", "Mth Gamma3.5", "[12,13,4] Darroch", "[]", "[123,34]", "Mb", "Mbh", "Mh Poisson1", "[12"} {
		f.Add(s, 4)
	}
	f.Fuzz(func(t *testing.T, s string, lists int) {
		m, err := ParseModel(s, lists)
		if err != nil {
			return
		}
		again, err := ParseModel(m.String(), lists)
		if err != nil || again.String() != m.String() || len(again.Terms) != len(m.Terms) {
			t.Errorf("%q is %v, which becomes %v, %v", s, m, again, err)
		}
	})
}

func TestModelNames(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"Mt", "Mt"},
		{"Mh LB", "Mh Chao (LB)"},
		{"Mh Poisson", "Mh Poisson2"},
		{"Mth Gamma2.5", "Mth Gamma2.5"},
		{"[4,3,21]", "[12,3,4]"},
		{"[123,34,1,12]", "[123,34]"},
		{"[12,13,14] Darroch", "[12,13,14] Darroch"},
		{"[]", "[]"},
	} {
		m, err := ParseModel(tt.name, 4)
		if err != nil || m.String() != tt.want {
			t.Errorf("%q is %v, %v, want %q", tt.name, m, err, tt.want)
		}
	}
	for _, name := range []string{"", "Mx", "Mh", "Mt Darroch", "Mb Chao", "[15]", "[12,]", "[1 2]", "Mh Sorted", "Mh Darroch2", "Mh Poisson1", "Mh Poisson0.5", "12"} {
		if m, err := ParseModel(name, 4); err == nil {
			t.Errorf("%q is %v", name, m)
		}
	}
	if _, err := ParseModel("Mt", 1); err == nil {
		t.Error("one list: no error")
	}
}

// The order of lists does not matter, nor that of terms.
func TestListsInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := make([]int, 8)
		for p := 1; p < 8; p++ {
			counts[p] = rapid.IntRange(1, 60).Draw(t, "count")
		}
		order := rapid.Permutation([]int{0, 1, 2}).Draw(t, "order")
		moved := make([]int, 8)
		shift := func(p int) int {
			q := 0
			for i, j := range order {
				q |= p >> i & 1 << j
			}
			return q
		}
		for p, c := range counts {
			moved[shift(p)] = c
		}
		h, err1 := NewHistories(3, counts)
		g, err2 := NewHistories(3, moved)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		for _, name := range []string{"M0", "Mt", "Mh Darroch", "Mth Poisson2", "[12,3]", "[12,13]"} {
			m, err := ParseModel(name, 3)
			if err != nil {
				t.Fatal(err)
			}
			n := m
			n.Terms = nil
			for _, term := range m.Terms {
				n.Terms = append(n.Terms, shift(term))
			}
			slices.Reverse(n.Terms)
			a, err1 := FitModel(h, m)
			b, err2 := FitModel(g, n)
			if (err1 == nil) != (err2 == nil) || err1 == nil && math.Abs(a.N-b.N) > 1e-6*a.N {
				t.Fatalf("%s: %v, %v and moved %v, %v", name, a.N, err1, b.N, err2)
			}
		}
		d := Decomposable{To: 3000}
		a, err1 := d.Posterior(h)
		b, err2 := d.Posterior(g)
		if errors.Is(err1, ErrEdge) && errors.Is(err2, ErrEdge) {
			err1, err2 = nil, nil
		}
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if m, _ := a.Mean(); math.Abs(m-first(b.Mean())) > 1e-6*m {
			t.Fatalf("posterior means %v and %v", m, first(b.Mean()))
		}
		x, ok1 := coverage(h)
		y, ok2 := coverage(g)
		if !ok1 || !ok2 || math.Abs(x.OneStep.N-y.OneStep.N) > 1e-9*x.OneStep.N || math.Abs(x.High.N-y.High.N) > 1e-9*x.High.N {
			t.Fatalf("%v and %v", x, y)
		}
	})
}

func first(a, _ float64) float64 { return a }

// With two lists and no correction Mt is the plain ratio, and M0 that of the
// mean of the two lists.
func TestFitTwoLists(t *testing.T) {
	h, err := NewHistories(2, []int{0, 80, 130, 20})
	if err != nil {
		t.Fatal(err)
	}
	f, err := FitModel(h, Model{Effects: Separate})
	if err != nil {
		t.Fatal(err)
	}
	want, err := LincolnPetersen(100, 150, 20)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "Mt", f.N, want, 1e-9*want)
	if f, err = FitModel(h, Model{}); err != nil {
		t.Fatal(err)
	}
	near(t, "M0", f.N, 125.0*125/20, 1e-6)
	c, err := Corrected(h, Model{Effects: Separate}, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	chapman, err := TwoLists(100, 150, 20, 0.95)
	if err != nil || c != chapman {
		t.Errorf("%v, want %v", c, chapman)
	}
}

func TestFitErrors(t *testing.T) {
	h, err := NewHistories(3, []int{0, 10, 10, 3, 10, 3, 3, 1})
	if err != nil {
		t.Fatal(err)
	}
	two, err := h.Pair(0, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"more parameters than patterns": second(FitModel(two, Model{Effects: Given, Terms: []int{1, 2, 3}})),
		"heterogeneity of two lists":    second(Corrected(two, Model{Het: Darroch}, 0.95)),
		"Mbh of three lists":            second(Corrected(h, Model{Effects: FirstApart}, 0.95)),
		"normal and too many terms":     second(FitModel(h, Model{Effects: Given, Terms: []int{1, 2, 4, 3, 5, 6}, Het: Normal})),
	} {
		if !errors.Is(err, ErrTooFewCounts) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, err := range map[string]error{
		"a term of another list":         second(FitModel(h, Model{Effects: Given, Terms: []int{8}})),
		"a term twice":                   second(FitModel(h, Model{Effects: Given, Terms: []int{1, 1}})),
		"terms beside Mt":                second(FitModel(h, Model{Effects: Separate, Terms: []int{1}})),
		"Mb with heterogeneity":          second(FitModel(h, Model{Effects: Behaviour, Het: Chao})),
		"no effects":                     second(FitModel(h, Model{Effects: effectsKind})),
		"no heterogeneity":               second(FitModel(h, Model{Het: heteroKind})),
		"Poisson that does not rise":     second(FitModel(h, Model{Het: Poisson, Theta: 1})),
		"a level of 1":                   second(Profile(h, Model{}, 1)),
		"a profile of Mb":                second(Profile(h, Model{Effects: Behaviour}, 0.95)),
		"a profile of a normal model":    second(Profile(h, Model{Het: Normal}, 0.95)),
		"frequencies with effects":       second(FitFrequencies(h.Frequencies(), Model{Effects: Separate})),
		"a correction of given terms":    second(Corrected(h, Model{Effects: Given, Terms: []int{1}}, 0.95)),
		"a correction of Mth Gamma":      second(Corrected(h, Model{Effects: Separate, Het: Gamma}, 0.95)),
		"terms of more lists than lists": second(Search{MaxOrder: 3}.Models(3)),
		"an average at level 0":          second(Average(nil, BIC, 0)),
		"a part of nobody":               second(Hierarchical(3, 0)),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := Average(nil, BIC, 0.95); !errors.Is(err, ErrNoEstimate) {
		t.Errorf("no fits: %v", err)
	}
	if _, err := (Search{MaxOrder: 2, Limit: 63}).Models(4); !errors.Is(err, ErrTooManyModels) {
		t.Errorf("63 of 64 models: %v", err)
	}
	// Nobody on two lists: N runs off.
	apart, err := NewHistories(2, []int{0, 10, 12, 0})
	if err != nil {
		t.Fatal(err)
	}
	if f, err := FitModel(apart, Model{Effects: Separate}); err == nil && f.Identified() {
		t.Errorf("nobody on two lists: %+v", f)
	}
}

// The numbers of hierarchical models with all lists in them, from Rcapture, and
// each model different.
func TestSearchCounts(t *testing.T) {
	for _, tt := range []struct{ lists, order, want int }{{2, 0, 1}, {3, 0, 8}, {4, 0, 113}, {4, 2, 64}, {5, 2, 1024}, {5, 0, 6893}} {
		models, err := Search{MaxOrder: tt.order}.Models(tt.lists)
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for _, m := range models {
			names[m.String()] = true
		}
		if len(models) != tt.want || len(names) != tt.want {
			t.Errorf("%d lists, terms of %d: %d models, %d names, want %d", tt.lists, tt.order, len(models), len(names), tt.want)
		}
	}
}

// Two models, worked out by hand: with BIC 10 and 12 they weigh 1/(1+1/e) =
// 0.731059 and 0.268941.
func TestAverage(t *testing.T) {
	fit := func(n, se, bic, aic float64) Fit {
		return Fit{N: n, SE: se, Seen: 60, BIC: bic, AIC: aic, Converged: true, Bias: math.NaN()}
	}
	fits := []Fit{fit(200, 30, 12, 5), fit(100, 10, 10, 9), fit(math.Inf(1), 1, 0, 0), fit(500, 9000, 1, 1)}
	a, err := Average(fits, BIC, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "weight", a.Models[0].Weight, 0.731059, 1e-6)
	near(t, "N", a.N, 126.8941, 1e-4)
	// Within 0.731059·100 + 0.268941·900, between 0.731059·0.268941·100².
	near(t, "SE", a.SE, math.Sqrt(315.1530+1966.119), 1e-3)
	near(t, "between", a.Between, 1966.119/2281.272, 1e-6)
	if a.Left != 2 || a.Models[0].Fit.N != 100 {
		t.Errorf("%+v", a)
	}
	below := func(x float64) float64 {
		var s float64
		for _, m := range []struct{ w, unseen, se float64 }{{0.731059, 40, 10}, {0.268941, 140, 30}} {
			sd := math.Sqrt(math.Log(1 + m.se*m.se/(m.unseen*m.unseen)))
			s += m.w * distuv.UnitNormal.CDF(math.Log((x-60)/m.unseen)/sd)
		}
		return s
	}
	near(t, "share below the lower end", below(a.Lo), 0.05, 1e-5)
	near(t, "share below the upper end", below(a.Hi), 0.95, 1e-5)
	if best, err := Best(fits, AIC); err != nil || best.N != 200 {
		t.Errorf("best by AIC is %v, %v", best.N, err)
	}
}

// The logit of V has the density of a Beta(1, α), up to α.
func TestLatentStick(t *testing.T) {
	for _, alpha := range []float64{0.3, 1, 4} {
		s := latentState{alpha: alpha}
		var sum, mean float64
		for x := -60.0; x < 60; x += 0.01 {
			p := math.Exp(s.logStick(x)) * 0.01
			sum += p
			mean += p * logistic(x)
		}
		near(t, "mass", sum*alpha, 1, 1e-6)
		near(t, "mean", mean/sum, 1/(1+alpha), 1e-6)
	}
}

// A likelihood has a maximum when a long search finds expected counts that stay
// away from zero. Every table of three lists with counts of 0, 1 or 4.
func TestExistsAgainstSearch(t *testing.T) {
	sets := [][]int{nil, {3}, {3, 5}, {3, 5, 6}}
	counts := make([]int, 8)
	tables, without := 0, 0
	for code := 1; code < 2187; code++ {
		for p, c := 1, code; p < 8; p, c = p+1, c/3 {
			counts[p] = []int{0, 1, 4}[c%3]
		}
		h, err := NewHistories(3, counts)
		if err != nil {
			t.Fatal(err)
		}
		for _, with := range sets {
			terms := append([]int{1, 2, 4}, with...)
			d := Model{Effects: Given, Terms: terms}.design(h)
			finite, identified := d.exists()
			if !identified {
				t.Fatalf("%v of %v is not identified", terms, counts)
			}
			r := d.fit()
			least := slices.Min(r.mu)
			tables++
			if !finite {
				without++
			}
			if finite != (least > 1e-6) {
				t.Fatalf("%v of %v: exists %v, least expected count %v", terms, counts, finite, least)
			}
		}
	}
	t.Logf("%d of %d have no maximum", without, tables)
}

func TestSparseErrors(t *testing.T) {
	h, err := ParseHistories([]string{"100", "010", "001", "110"}, []int{40, 30, 20, 6})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := FitSparse(h, pairs(3)); !errors.Is(err, ErrNotIdentified) {
		t.Errorf("all pairs: %v", err)
	}
	if _, err := FitSparse(h, []int{3}); !errors.Is(err, ErrNoMaximum) {
		t.Errorf("the pair that overlaps: %v", err)
	}
	for name, err := range map[string]error{
		"a pair of one":      second(FitSparse(h, []int{4})),
		"a pair twice":       second(FitSparse(h, []int{3, 3})),
		"a pair of others":   second(FitSparse(h, []int{9})),
		"a threshold of 2":   second(Stepwise(h, 2)),
		"99 draws":           second(Bootstrapped(h, 0.02, 99, rand.New(rand.NewPCG(1, 1)))),
		"no lists":           second(Stepwise(Histories{}, 0.02)),
		"coverage of 99":     second(SampleCoverage(h, 0.95, 99, rand.New(rand.NewPCG(1, 1)))),
		"six draws of class": second(Latent{Draws: 6}.Sample(h, rand.New(rand.NewPCG(1, 1)))),
		"one class":          second(Latent{Classes: 1}.Sample(h, rand.New(rand.NewPCG(1, 1)))),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if f, err := FitSparse(h, []int{5}); err != nil || len(f.Empty) != 1 {
		t.Errorf("a pair with nobody in common: %+v, %v", f, err)
	}
}

// With no acceleration and draws about the estimate the ends are the plain
// percentiles; draws that lie high shift both ends down.
func TestBootstrapQuantile(t *testing.T) {
	b := Bootstrap{N: 500.5}
	for i := range 1000 {
		b.Draws = append(b.Draws, float64(i+1))
	}
	near(t, "2.5 %", b.Quantile(0.025), quantile(b.Draws, 0.025), 1e-6)
	near(t, "97.5 %", b.Quantile(0.975), quantile(b.Draws, 0.975), 1e-6)
	b.N = 400
	if b.Quantile(0.975) >= quantile(b.Draws, 0.975) || b.Quantile(0.025) >= quantile(b.Draws, 0.025) {
		t.Error("draws above the estimate do not move the interval down")
	}
	if !math.IsNaN(b.Quantile(0)) || !math.IsNaN(Bootstrap{}.Quantile(0.5)) {
		t.Error("a quantile of nothing is a number")
	}
}

// The outbreak of hepatitis A in Taiwan: the coverage of 51.3 per cent and the
// estimates 971 and 508 are those of [chao2001], to the digits given there; that
// for independent lists is worked out by hand, (271 − 187/3)/0.51269.
func TestSampleCoverage(t *testing.T) {
	h, err := ParseHistories([]string{"111", "110", "101", "100", "011", "010", "001"}, []int{28, 21, 17, 69, 18, 55, 63})
	if err != nil {
		t.Fatal(err)
	}
	c, err := SampleCoverage(h, 0.95, 200, rand.New(rand.NewPCG(1, 2)))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "coverage", c.Covered, 0.513, 5e-4)
	near(t, "independent", c.Independent.N, 407.0, 0.05)
	near(t, "high", c.High.N, 971, 0.5)
	near(t, "one step", c.OneStep.N, 508, 0.5)
	if !(c.Independent.SE < c.OneStep.SE && c.OneStep.SE < c.High.SE) {
		t.Errorf("standard errors %v, %v, %v", c.Independent.SE, c.OneStep.SE, c.High.SE)
	}
	if c.Estimate() != c.OneStep {
		t.Errorf("prefers %v", c.Estimate())
	}
	if len(c.Pairs) != 3 {
		t.Errorf("%v", c.Pairs)
	}
	apart, err := ParseHistories([]string{"100", "010", "001"}, []int{5, 5, 5})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := SampleCoverage(apart, 0.95, 100, rand.New(rand.NewPCG(1, 1))); !errors.Is(err, ErrNoOverlap) {
		t.Errorf("nobody on two lists: %v", err)
	}
}

// The numbers of decomposable graphs, the sets of each, and that cliques less
// separators hold every list once.
func TestDecomposableGraphs(t *testing.T) {
	for lists, want := range map[int]int{2: 2, 3: 8, 4: 61, 5: 822, 6: 18154} {
		graphs, err := DecomposableGraphs(lists)
		if err != nil || len(graphs) != want {
			t.Fatalf("%d lists: %d graphs, %v, want %d", lists, len(graphs), err, want)
		}
		names := map[string]bool{}
		for _, g := range graphs {
			names[g.String()] = true
			n := 0
			for _, c := range g.Cliques {
				n += strings.Count(fmt.Sprintf("%b", c), "1")
			}
			for _, s := range g.Separators {
				n -= strings.Count(fmt.Sprintf("%b", s), "1")
			}
			if n != lists {
				t.Fatalf("%v less %b holds %d lists", g, g.Separators, n)
			}
		}
		if len(names) != want {
			t.Errorf("%d different graphs of %d lists", len(names), lists)
		}
	}
	for _, lists := range []int{1, 7} {
		if _, err := DecomposableGraphs(lists); err == nil {
			t.Errorf("%d lists: no error", lists)
		}
	}
}

// The grid stands for the numbers it leaves out: sums of a curve like a
// posterior over it and over all numbers agree.
func TestGridError(t *testing.T) {
	const to = 3_000_000
	values, stands := grid(7, to)
	curve := func(m float64) float64 { return m * m * math.Exp(-m/150_000) }
	var over, all, count float64
	for i, v := range values {
		over += stands[i] * curve(float64(v))
		count += stands[i]
	}
	for m := 7; m <= to; m++ {
		all += curve(float64(m))
	}
	near(t, "numbers stood for", count, to-6, 1e-6)
	near(t, "sum", over/all, 1, 1e-6)
	if len(values) > 150_000 {
		t.Errorf("%d values", len(values))
	}
	// And where every number is considered, they stand for themselves.
	values, stands = grid(0, 1000)
	if len(values) != 1001 || slices.Max(stands) != 1 || slices.Min(stands) != 1 {
		t.Errorf("%d values", len(values))
	}
}

func TestDecomposableErrors(t *testing.T) {
	h, err := NewHistories(3, []int{0, 60, 49, 4, 247, 112, 142, 12})
	if err != nil {
		t.Fatal(err)
	}
	if p, err := (Decomposable{To: 150}).Posterior(h); !errors.Is(err, ErrEdge) || len(p.P) != 151 {
		t.Errorf("a range that ends in the middle: %v", err)
	}
	for _, d := range []Decomposable{{Delta: -1}, {From: 10, To: 5}, {From: -1}, {Delta: math.Inf(1)}} {
		if _, err := d.Posterior(h); err == nil || errors.Is(err, ErrEdge) {
			t.Errorf("%+v: %v", d, err)
		}
	}
	p, err := Decomposable{}.Posterior(h)
	if err != nil {
		t.Fatal(err)
	}
	total, err := p.Total(0.9)
	if err != nil {
		t.Fatal(err)
	}
	var inside, all float64
	for i, m := range p.Unseen {
		all += p.P[i]
		if n := float64(m + p.Seen); total.Lo <= n && n <= total.Hi {
			inside += p.P[i]
		}
	}
	near(t, "all", all, 1, 1e-9)
	near(t, "inside", inside, 0.9, 0.02)
	if _, err := p.Total(1); err == nil {
		t.Error("level 1: no error")
	}
}

func TestMultiplier(t *testing.T) {
	// One list by itself is the multiplier.
	one, err := FromLists([]Length{{5200, 30}}, []float64{0.18}, [][]float64{{0.02 * 0.02}}, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Multiplier(5200, 30, 0.18, 0.02, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "N", one.N, m.N, 1e-9)
	near(t, "Hi", one.Hi, m.Hi, 1e-6)
	if one.P != 1 || one.Weights[0] != 1 {
		t.Errorf("%+v", one)
	}
	// Weights of a survey, by hand: of weights 1, 1 and 2 the last two are on
	// the list, p = 3/4; z = (-3/16, 1/16, 2/16), Var = 3/2·14/256.
	p, cov, err := Survey{On: [][]bool{{false}, {true}, {true}}, Weights: []float64{1, 1, 2}}.Shares()
	if err != nil {
		t.Fatal(err)
	}
	near(t, "share", p[0], 0.75, 1e-12)
	near(t, "variance", cov[0][0], 1.5*14/256, 1e-12)
	// With the first two one cluster, z = (-2/16, 2/16), Var = 2·8/256.
	_, cov, err = Survey{On: [][]bool{{false}, {true}, {true}}, Weights: []float64{1, 1, 2}, Cluster: []int{4, 4, 9}}.Shares()
	if err != nil {
		t.Fatal(err)
	}
	near(t, "variance with clusters", cov[0][0], 2.0*8/256, 1e-12)

	h, err := Survey{On: [][]bool{{true, false}, {true, true}, {false, false}}}.Histories()
	if err != nil || h.Seen() != 2 || h.Count(3) != 1 {
		t.Errorf("%+v, %v", h, err)
	}
	nan := math.NaN()
	for name, err := range map[string]error{
		"an empty list":             second(Multiplier(0, 0, 0.5, 0.1, 0.95)),
		"nobody on it":              second(Multiplier(10, 0, 0, 0.1, 0.95)),
		"a share above 1":           second(Multiplier(10, 0, 1.1, 0.1, 0.95)),
		"a negative error":          second(Multiplier(10, -1, 0.5, 0.1, 0.95)),
		"an error that is none":     second(Multiplier(10, 0, 0.5, nan, 0.95)),
		"a level of 0":              second(Multiplier(10, 0, 0.5, 0.1, 0)),
		"no lists":                  second(FromLists(nil, nil, nil, 0.95)),
		"a covariance that is none": second(FromLists([]Length{{10, 0}, {20, 0}}, []float64{0.1, 0.2}, [][]float64{{1e-4, 1e-2}, {1e-2, 1e-4}}, 0.95)),
		"a row too short":           second(FromLists([]Length{{10, 0}, {20, 0}}, []float64{0.1, 0.2}, [][]float64{{1e-4}, {1e-2, 1e-4}}, 0.95)),
		"weights of nothing":        second(Survey{On: [][]bool{{true}, {false}}, Weights: []float64{0, 0}}.Listed([]Length{{10, 0}}, 0.95)),
		"a row of another length":   second(Survey{On: [][]bool{{true}, {false, true}}}.Histories()),
		"weights of others":         second(Survey{On: [][]bool{{true}, {false}}, Weights: []float64{1}}.Listed([]Length{{10, 0}}, 0.95)),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, _, err := (Survey{On: [][]bool{{true}}}).Shares(); !errors.Is(err, ErrFewRespondents) {
		t.Errorf("one respondent: %v", err)
	}
	if _, _, err := (Survey{On: [][]bool{{true}, {false}}, Cluster: []int{1, 1}}).Shares(); !errors.Is(err, ErrFewRespondents) {
		t.Errorf("one cluster: %v", err)
	}
}

func TestScaleUpErrors(t *testing.T) {
	known := []Group{{"Aigerim", 1000}, {"Yerlan", 2000}}
	rows := [][]float64{{1, 2}, {0, 1}}
	if _, err := ScaleUp(known, [][]float64{{0, 0}, {0, 0}}, []float64{1, 1}, 1e6, 0.95); !errors.Is(err, ErrNobodyKnown) {
		t.Errorf("nobody knows anyone: %v", err)
	}
	if _, err := ScaleUp(known, rows, []float64{0, 0}, 1e6, 0.95); !errors.Is(err, ErrNobodyKnown) {
		t.Errorf("nobody knows the group: %v", err)
	}
	for name, err := range map[string]error{
		"one known group":    second(ScaleUp(known[:1], [][]float64{{1}}, []float64{1}, 1e6, 0.95)),
		"no respondents":     second(ScaleUp(known, nil, nil, 1e6, 0.95)),
		"no population":      second(ScaleUp(known, rows, []float64{1, 1}, 0, 0.95)),
		"a group above it":   second(ScaleUp(known, rows, []float64{1, 1}, 1500, 0.95)),
		"a negative answer":  second(ScaleUp(known, rows, []float64{1, -1}, 1e6, 0.95)),
		"a row too short":    second(ScaleUp(known, [][]float64{{1, 2}, {0}}, []float64{1, 1}, 1e6, 0.95)),
		"a level of 1":       second(ScaleUp(known, rows, []float64{1, 1}, 1e6, 1)),
		"a target too short": second(ScaleUp(known, rows, []float64{1}, 1e6, 0.95)),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	s, err := ScaleUp(known, rows, []float64{1, 1}, 1e6, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	// By hand: the groups are known 1 and 3 times; held out, 1·2000/3 and 3·1000/1.
	near(t, "first held out", s.Held[0].N, 2000.0/3, 1e-9)
	near(t, "second held out", s.Held[1].N, 3000, 1e-9)
	near(t, "N", s.N, 2*3000.0/4, 1e-9)
	near(t, "error", s.Error, math.Sqrt((math.Pow(math.Log(2.0/3), 2)+math.Pow(math.Log(1.5), 2))/2), 1e-9)
}

// The last node of the 20-point rule is 5.3874808900112 in Abramowitz and
// Stegun, table 25.10; the weights add to √π, and the rule is exact for powers
// to 39.
func TestGaussHermite(t *testing.T) {
	near(t, "last node", slices.Max(hermite.node), 5.3874808900112, 1e-12)
	for power := 0; power <= 38; power += 2 {
		var got float64
		for i, x := range hermite.node {
			got += hermite.weight[i] * math.Pow(x, float64(power))
		}
		want := math.Gamma(float64(power+1) / 2)
		near(t, fmt.Sprint("x^", power), got/want, 1, 1e-10)
	}
}

// Draws against the distributions, by the chi-square of 20 cells of nearly equal
// probability; one in a thousand is beyond 43.8.
func TestRandom(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	const n, cells = 20_000, 20
	check := func(name string, draw func() float64, cdf func(float64) float64, whole bool) {
		t.Helper()
		count := make([]float64, cells)
		for range n {
			x := draw()
			u := cdf(x)
			if whole { // spread over the step of the distribution
				below := 0.0
				if x > 0 {
					below = cdf(x - 1)
				}
				u = below + rng.Float64()*(u-below)
			}
			count[min(int(u*cells), cells-1)]++
		}
		var chi float64
		for _, c := range count {
			chi += (c - n/cells) * (c - n/cells) / (n / cells)
		}
		if chi > 43.8 {
			t.Errorf("%s: chi-square %.1f with 19 degrees of freedom", name, chi)
		}
	}
	for _, shape := range []float64{0.05, 0.7, 1, 4, 300} {
		check(fmt.Sprint("gamma ", shape), func() float64 { return gammaLog(rng, shape) }, func(l float64) float64 {
			return distuv.Gamma{Alpha: shape, Beta: 1}.CDF(math.Exp(l))
		}, false)
	}
	check("beta", func() float64 { x, _ := betaLog(rng, 2, 5); return math.Exp(x) }, distuv.Beta{Alpha: 2, Beta: 5}.CDF, false)
	for _, b := range []struct {
		n int
		p float64
	}{{5, 0.3}, {40, 0.02}, {1000, 0.4}, {1000, 0.97}, {100_000, 0.001}} {
		check(fmt.Sprint("binomial ", b), func() float64 { return float64(binomial(rng, b.n, b.p)) }, distuv.Binomial{N: float64(b.n), P: b.p}.CDF, true)
	}
	for _, mean := range []float64{0.2, 3, 40, 5000} {
		check(fmt.Sprint("Poisson ", mean), func() float64 { return float64(poisson(rng, mean)) }, distuv.Poisson{Lambda: mean}.CDF, true)
	}
	if binomial(rng, 10, 0) != 0 || binomial(rng, 10, 1) != 10 || poisson(rng, 0) != 0 {
		t.Error("certain draws are not certain")
	}
}

// A page of several lists shows the average over all models beside the model
// picked, and an analyst waits for it.
func BenchmarkSearch(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2)) // the same work every time
	for _, size := range []struct{ lists, order int }{{4, 3}, {5, 2}} {
		counts := make([]int, 1<<size.lists)
		for p := range counts {
			counts[p] = 20 + rng.IntN(100)
		}
		h, err := NewHistories(size.lists, counts)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("lists=%d/order=%d", size.lists, size.order), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				fits, err := Search{MaxOrder: size.order}.Fit(h)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := Average(fits, BIC, 0.95); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The ways that do not choose a model run beside it.
func BenchmarkWithoutChoosing(b *testing.B) {
	counts := make([]int, 32)
	rng := rand.New(rand.NewPCG(1, 2))
	for p := range counts {
		counts[p] = 1 + rng.IntN(40)
	}
	h, err := NewHistories(5, counts)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("822 graphs, 20001 sizes", func(b *testing.B) {
		for b.Loop() {
			if _, err := (Decomposable{To: 20_000}).Posterior(h); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("1000 draws with pairs chosen anew", func(b *testing.B) {
		for b.Loop() {
			if _, err := Bootstrapped(h, StepThreshold, 1000, rng); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("latent classes, 1000 draws", func(b *testing.B) {
		for b.Loop() {
			if _, err := (Latent{}).Sample(h, rng); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("sample coverage, 1000 draws", func(b *testing.B) {
		for b.Loop() {
			if _, err := SampleCoverage(h, 0.95, 1000, rng); err != nil {
				b.Fatal(err)
			}
		}
	})
}
