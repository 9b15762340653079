package diaspora_test

import (
	"math"
	"strconv"
	"testing"

	"shanyraq"
	"shanyraq/internal/diaspora"
)

// Two groups of 100 and 300 in a population of 10,000; respondents know 8 of
// them in all, so their circles hold 10,000 × 8 / 400 = 200 people, and 4 known of
// the group make 10,000 × 4 / 200 = 200.
func TestFromAcquaintancesByHand(t *testing.T) {
	known := []diaspora.Known{{Name: "nurses", Size: 100}, {Name: "twins", Size: 300}}
	xs, err := diaspora.FromAcquaintances(known, [][]float64{{1, 3}, {1, 3}}, []float64{1, 3}, 10_000, 0.95)
	if err != nil || len(xs) != 3 {
		t.Fatalf("%d answers, %v", len(xs), err)
	}
	if f := xs[0].Figure; math.Abs(f.Value()-200) > 1e-9 || !(f.Interval().Lo < 200 && f.Interval().Hi > 200) {
		t.Errorf("the group has %v %+v", f.Value(), f.Interval())
	}
	// The size that is known stands apart from the estimate and its range.
	for i, want := range []float64{100, 300} {
		if x := xs[i+1]; x.Truth.Value() != want || x.Truth.Interval().Kind != shanyraq.Counted || !(x.Figure.Interval().Lo < want && x.Figure.Interval().Hi > want) {
			t.Errorf("%s: truth %v, range %+v", x.Way, x.Truth.Value(), x.Figure.Interval())
		}
	}
	// Nurses by the twins: circles of 10,000 × 6 / 300 = 200 hold 2 nurses, so 100.
	for i, want := range []float64{100, 300} {
		if f := xs[i+1].Figure; math.Abs(f.Value()-want) > 1e-9 || xs[i+1].Way != diaspora.Held+known[i].Name {
			t.Errorf("%s is %v, want %v", xs[i+1].Way, f.Value(), want)
		}
	}
	for name, bad := range map[string][]diaspora.Known{"one group": known[:1], "a group larger than all": {{Name: "a", Size: 20_000}, {Name: "b", Size: 1}}} {
		if _, err := diaspora.FromAcquaintances(bad, [][]float64{{1, 3}, {1, 3}}, []float64{1, 3}, 10_000, 0.95); shanyraq.KindOf(err) != shanyraq.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Of ten respondents five are on a list of 100, which makes 200, and two on one
// of 40, which makes 200 too; weights that double everybody change nothing.
func TestFromWhichListsByHand(t *testing.T) {
	on := make([][]bool, 10)
	ones, twos := make([]float64, 10), make([]float64, 10)
	for i := range on {
		on[i] = []bool{i < 5, i%5 == 0}
		ones[i], twos[i] = 1, 2
	}
	var first shanyraq.Interval
	for i, weights := range [][]float64{nil, ones, twos} {
		xs, err := diaspora.FromWhichLists([]string{"consulate", "voters"}, []float64{100, 40}, on, weights, 0.95)
		if err != nil || len(xs) != 3 {
			t.Fatalf("%d answers, %v", len(xs), err)
		}
		for _, x := range xs {
			if math.Abs(x.Figure.Value()-200) > 1e-6 {
				t.Errorf("%s is %v", x.Way, x.Figure.Value())
			}
		}
		iv := xs[0].Figure.Interval()
		if i == 0 {
			first = iv
		} else if math.Abs(iv.Lo-first.Lo) > 1e-9 || math.Abs(iv.Hi-first.Hi) > 1e-9 {
			t.Errorf("weights %v make %+v of %+v", weights, iv, first)
		}
		if alone := xs[2].Figure.Interval(); !(iv.Hi-iv.Lo < alone.Hi-alone.Lo) {
			t.Errorf("two lists that agree say %+v, one of them %+v", iv, alone)
		}
	}
	if _, err := diaspora.FromWhichLists([]string{"a"}, []float64{1}, on[:1], nil, 0.95); shanyraq.KindOf(err) != shanyraq.Invalid {
		t.Errorf("one respondent: %v", err)
	}
}

// The same chain with a larger size thought before says a larger size.
func TestCheckChainFollowsThePrior(t *testing.T) {
	var c diaspora.Chain
	for i := range 60 {
		recruiter := ""
		if i > 1 {
			recruiter = strconv.Itoa(i / 2)
		}
		c.IDs, c.Recruiters, c.Degrees = append(c.IDs, strconv.Itoa(i)), append(c.Recruiters, recruiter), append(c.Degrees, float64(2+(i*7)%9))
	}
	var last float64
	for _, prior := range []float64{200, 1000} {
		xs, err := diaspora.CheckChain(c, prior, 0.95)
		if err != nil || len(xs) != 1 {
			t.Fatalf("%d answers, %v", len(xs), err)
		}
		f := xs[0].Figure
		if iv := f.Interval(); !(f.Value() > last && f.Value() >= 60 && iv.Lo <= f.Value() && iv.Hi >= f.Value()) {
			t.Errorf("with %v before, %v %+v; before that %v", prior, f.Value(), iv, last)
		}
		last = f.Value()
	}
	if _, err := diaspora.CheckChain(diaspora.Chain{IDs: []string{"a"}, Recruiters: []string{""}, Degrees: []float64{1}}, 100, 0.95); shanyraq.KindOf(err) != shanyraq.Invalid {
		t.Errorf("one respondent: %v", err)
	}
}

// A chain of two groups, each estimator a row, and what the chain shows.
func TestFromChain(t *testing.T) {
	var c diaspora.Chain
	for i := range 80 {
		recruiter := ""
		if i > 1 {
			recruiter = strconv.Itoa(i / 2)
		}
		c.IDs, c.Recruiters, c.Degrees = append(c.IDs, strconv.Itoa(i)), append(c.Recruiters, recruiter), append(c.Degrees, float64(2+(i*7)%9))
		c.Groups = append(c.Groups, []string{"x", "y", "x"}[i%3])
	}
	x, err := diaspora.FromChain(c, "tree", 0.95, 200, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(x.Sizes) != 6 || x.Bootstrap != "tree" || len(x.Silent) != 0 { // three estimators of two groups
		t.Errorf("%d rows, %q, silent %v", len(x.Sizes), x.Bootstrap, x.Silent)
	}
	seen := map[string]int{}
	for _, s := range x.Seen {
		seen[s.Way]++
	}
	for _, way := range []string{"waves", "recruitment", "homophily", "activity", "convergence", "bottleneck"} {
		if seen[way] == 0 {
			t.Errorf("nothing is seen of %s: %v", way, seen)
		}
	}
	c.Population = 4000
	for _, b := range diaspora.Bootstraps() {
		if x, err := diaspora.FromChain(c, b, 0.95, 200, 1); err != nil || len(x.Sizes) != 8 || x.Sizes[6].Way != "successive" {
			t.Errorf("%s: %d rows, %v", b, len(x.Sizes), err)
		}
	}
	for name, bad := range map[string]func() (diaspora.Answer, error){
		"a bootstrap there is not": func() (diaspora.Answer, error) { return diaspora.FromChain(c, "jackknife", 0.95, 200, 1) },
		"a level of 2":             func() (diaspora.Answer, error) { return diaspora.FromChain(c, "tree", 2, 200, 1) },
		"three draws":              func() (diaspora.Answer, error) { return diaspora.FromChain(c, "tree", 0.95, 3, 1) },
	} {
		if _, err := bad(); shanyraq.KindOf(err) != shanyraq.Invalid || shanyraq.TextOf(err).Key == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Three lists that agree, and three whose models do not.
func TestFromListsSaysWhenModelsDisagree(t *testing.T) {
	patterns := []string{"100", "010", "001", "110", "101", "011", "111"}
	x, err := diaspora.FromLists(patterns, []int{120, 90, 60, 40, 25, 18, 9}, 0.95, 1)
	if err != nil || x.Apart {
		t.Errorf("apart %v, %v", x.Apart, err)
	}
	classes := false
	for _, s := range x.Sizes {
		classes = classes || s.Way == "classes" && s.Figure.Interval().Kind == shanyraq.Credible && s.Figure.Lineage().Draws > 0
	}
	if !classes {
		t.Errorf("no latent classes among %d ways", len(x.Sizes))
	}
	if x, err = diaspora.FromLists(patterns, []int{800, 700, 600, 20, 500, 15, 400}, 0.95, 1); err != nil || !x.Apart {
		t.Errorf("apart %v, %v", x.Apart, err)
	}
}

// Numbers that cannot be are refused with the value and the remedy.
func TestSizingRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		err error
		key string
	}{
		"a standard error above the room of a share": {second(diaspora.FromMultiplier(4200, 0, 0.12, 5, 0.95)), "room"},
		"a share in percent":                         {second(diaspora.FromMultiplier(4200, 0, 12, 0.02, 0.95)), "percent"},
		"more people than there are":                 {second(diaspora.FromMultiplier(8e9, 0, 0.5, 0.02, 0.95)), "world"},
		"a list longer than the world":               {second(diaspora.FromTwoLists(99999999999999, 100, 5, 0.95)), "length"},
		"nobody":                                     {second(diaspora.FromTwoLists(0, 0, 0, 0.95)), "empty"},
		"more on both than on one":                   {second(diaspora.FromTwoLists(100, 100, 120, 0.95)), "both"},
		"below zero":                                 {second(diaspora.FromTwoLists(100, 100, -1, 0.95)), "below"},
		"a level of 95":                              {second(diaspora.FromTwoLists(100, 100, 20, 95)), "level"},
	} {
		if shanyraq.KindOf(tt.err) != shanyraq.Invalid || shanyraq.TextOf(tt.err).Key != "diaspora.error."+tt.key {
			t.Errorf("%s: %v, %q", name, tt.err, shanyraq.TextOf(tt.err).Key)
		}
	}
}

func second(_ []diaspora.Sizing, err error) error { return err }

// Tables as other programs write them.
func TestReadSheet(t *testing.T) {
	for name, text := range map[string]string{
		"ours":            "id,recruiter,degree,group\n1,,4,x\n2,1,\"2,5\",y\n",
		"semicolons":      "\ufeffid;recruiter;degree;group\n1;;4;x\n2;1;2,5;y\n",
		"tabs":            "id\trecruiter\tdegree\tgroup\n1\t\t4\tx\n2\t1\t2.5\ty\n",
		"the R package's": "ID,recruiter.id,network.size,group\n1,seed,4,x\n2,1,2.5,y\n",
		"minus one":       "id,recruiter_id,Network Size,group\n1,-1,4,x\n2,1,2.5,y\n",
	} {
		s, err := diaspora.ReadSheet("chain.csv", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		c, err := s.Chain("")
		if err != nil || len(c.IDs) != 2 || c.Recruiters[0] != "" || c.Recruiters[1] != "1" || c.Degrees[1] != 2.5 || c.Groups[1] != "y" {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
	s, err := diaspora.ReadSheet("o.csv", []byte("a;b;freq\n1;0;30\n1;1;5\n"))
	if err != nil {
		t.Fatal(err)
	}
	if p, n, err := s.Patterns(); err != nil || len(p) != 2 || p[1] != "11" || n[0] != 30 {
		t.Errorf("%v %v %v", p, n, err)
	}
	if _, err := s.Chain(""); shanyraq.TextOf(err).Args["Name"] != "id" {
		t.Errorf("a table of lists as a chain: %v", err)
	}
	for name, bad := range map[string]string{"nothing": "", "a head alone": "a,b\n", "torn": "a,b\n1\n"} {
		if _, err := diaspora.ReadSheet("o.csv", []byte(bad)); shanyraq.TextOf(err).Key != "diaspora.error.csv" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// No table makes the reader panic.
func FuzzReadSheet(f *testing.F) {
	f.Add("id,recruiter,degree,group\n1,,4,x\n")
	f.Add("a;b;freq\n1;0;30\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := diaspora.ReadSheet("t", []byte(text))
		if err != nil {
			return
		}
		_, _, _ = s.Patterns()
		_, _ = s.Chain("")
		_, _, _ = s.OnLists(s.Head)
	})
}
