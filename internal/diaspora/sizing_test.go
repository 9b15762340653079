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
