package standing_test

import (
	"fmt"
	"math"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/internal/standing"
)

// code names the country of that rank in [seventy].
func code(rank int) string { return fmt.Sprintf("%c%cX", 'A'+(rank-1)/26, 'A'+(rank-1)%26) }

// seventy countries, each smaller than the one before by every measure.
func seventy() evidence {
	var e evidence
	for rank := 1; rank <= 70; rank++ {
		n := 1000.001 - 10*float64(rank) // digits enough that no two could be level
		e = append(e, country(code(rank), "2020", 50.0001, n, 2.0001, 50.0001*n)...)
	}
	return e
}

// voting places states on one line: the poles at 2, −1 and −2, the others as
// given.
func voting(at map[string]float64) evidence {
	all := map[string]float64{"USA": 2, "CHN": -1, "RUS": -2}
	for p, x := range at {
		all[p] = x
	}
	var e evidence
	for p, x := range all {
		e = append(e, claim("points", "un_ideal_point", p, "2020", x, "points"))
	}
	return e
}

func says(who, place, subject string) shanyraq.Claim {
	c := claim("claims", "status_claim", place, "2020", 1, "records")
	c.Who, c.Subject = who, subject
	c.ID += shanyraq.ClaimID("~" + who + subject)
	return c
}

func power(t testing.TB, e standing.Evidence, place string) standing.Power {
	t.Helper()
	p, err := standing.New(e).Power(t.Context(), shanyraq.CountryCode(place), 2020, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func outcome(p standing.Power, d standing.Definition) standing.Outcome {
	return p.Outcomes[slices.Index(standing.Definitions(), d)]
}

// Rank 30 is in every band, 1 and 70 in none. A country that is 55th by all
// five measures passes where the lowest rank allowed is 55 or more, eleven of
// the twenty-one there are.
func TestCapabilityOfKnownRanks(t *testing.T) {
	for _, tt := range []struct {
		rank    int
		want    float64
		verdict standing.Verdict
	}{{1, 0, standing.Neither}, {4, 0, standing.Neither}, {12, 100, standing.Middle}, {30, 100, standing.Middle}, {45, 100, standing.Middle}, {55, 100 * 11.0 / 21, standing.Contested}, {66, 0, standing.Neither}} {
		p := power(t, seventy(), code(tt.rank))
		o := outcome(p, standing.Positional)
		near(t, fmt.Sprint("P of rank ", tt.rank), o.P.Value(), tt.want, 3.4) // three standard errors of 2000 draws
		if o.Verdict != tt.verdict || !o.P.Interval().Contains(o.P.Value()) {
			t.Errorf("rank %d is %s in %+v", tt.rank, o.Verdict, o.P.Interval())
		}
		for _, m := range p.Tests[0].Criteria {
			if m.Figure.Value() != float64(tt.rank) {
				t.Errorf("%s is %v, want %d", m.Criterion, m.Figure.Value(), tt.rank)
			}
		}
	}
}

// What is missing widens the answer, and does not fail the test.
func TestMissingWidens(t *testing.T) {
	e := slices.DeleteFunc(seventy(), func(c shanyraq.Claim) bool {
		return string(c.Place) == code(55) && (c.Series == spending || c.Series == people)
	})
	p := power(t, e, code(55))
	o := outcome(p, standing.Positional)
	if o.Verdict != standing.Unclear || !o.P.IsZero() {
		t.Errorf("without people, spending and output: %s, %v", o.Verdict, o.P.Value())
	}
	e = slices.DeleteFunc(seventy(), func(c shanyraq.Claim) bool { return string(c.Place) == code(55) && c.Series == spending })
	o = outcome(power(t, e, code(55)), standing.Positional)
	if iv := o.P.Interval(); iv.Kind != shanyraq.Bounds || !(iv.Lo < iv.Hi) || o.P.Value() != iv.Lo {
		t.Errorf("without spending: %v in %+v", o.P.Value(), iv)
	}
	// Of three known ranks of 55 four are asked for in a third of the draws, and
	// then nobody can tell: 11/21 · 2/3 pass, and 1/3 of the 11/21 … 1 may.
	near(t, "those that pass", o.P.Value(), 100*11.0/21*2/3, 3.4)
	near(t, "those that pass or may", o.P.Interval().Hi, 100*(11.0/21+10.0/21/3), 3.4)
}

// Two parts of three are always enough, one is in half of the draws, and what is
// missing leaves the other half open; nothing known of the others but that one
// stands beside a pole and sends too few leaves it so too. Who is a pole is none.
func TestBehaviour(t *testing.T) {
	at := code(30)
	proposes := func(what string) shanyraq.Claim {
		c := claim("ledger", "initiative", at, "2020", 1, "records")
		c.Subject, c.ID = what, c.ID+shanyraq.ClaimID("/"+what)
		return c
	}
	peace := claim("peace", "un_peacekeepers", at, "2019", 1000, "persons")
	for _, tt := range []struct {
		name    string
		e       evidence
		verdict standing.Verdict
		p       float64
	}{
		{"apart and sending", append(voting(map[string]float64{at: 0.5}), peace), standing.Middle, 100},
		{"apart", voting(map[string]float64{at: 0.5}), standing.Unclear, 50},
		{"beside a pole", append(voting(map[string]float64{at: -1.05}), peace), standing.Unclear, 50},
		{"beside a pole, sending and proposing", append(voting(map[string]float64{at: -1.05}), peace, proposes("one"), proposes("two"), proposes("three")), standing.Middle, 100},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := power(t, append(seventy(), tt.e...), at)
			x := p.Tests[slices.Index(standing.Tests(), standing.Behaviour)]
			if x.Verdict != tt.verdict || math.Abs(x.P.Value()-tt.p) > 3.4 {
				t.Errorf("%s with %v %%, want %s with %v", x.Verdict, x.P.Value(), tt.verdict, tt.p)
			}
			o := outcome(p, standing.Jordaan2003)
			if o.Verdict != tt.verdict {
				t.Errorf("after Jordaan it is %s", o.Verdict)
			}
			if flips := slices.Contains(o.Flips, standing.Behaviour); flips != (tt.verdict != standing.Middle) {
				t.Errorf("%s, and the tests that flip it are %v", o.Verdict, o.Flips)
			}
		})
	}
	p := power(t, append(seventy(), voting(map[string]float64{at: 0.5})...), at)
	if f := p.Tests[2].Criteria[0].Figure; f.Value() != 1.5 {
		t.Errorf("distance %v from poles at 2, −1 and −2, want 1.5", f.Value())
	}
}

// Two claims for and two against leave nothing over, in half of the draws too
// little.
func TestRecognition(t *testing.T) {
	at := code(30)
	e := append(seventy(), says("a", at, "middle power"), says("b", at, "middle power"), says("c", at, "not a middle power"), says("d", at, "not a middle power"), says("e", "WLD", "concept questioned"))
	p := power(t, e, at)
	x := p.Tests[4]
	near(t, "recognition", x.P.Value(), 50, 3.4)
	if x.Criteria[0].Figure.Value() != 2 || x.Criteria[1].Figure.Value() != 0 || len(p.Dissent) != 1 || len(p.Claims) != 4 {
		t.Errorf("named %v, balance %v, %d objections, %d claims", x.Criteria[0].Figure.Value(), x.Criteria[1].Figure.Value(), len(p.Dissent), len(p.Claims))
	}
}

// The order of the evidence changes nothing, nor does asking again.
func TestPowerDoesNotDependOnOrder(t *testing.T) {
	at := code(40)
	e := slices.Concat(seventy(), voting(map[string]float64{at: 0.5, code(3): 0.1}), evidence{claim("peace", "un_peacekeepers", at, "2019", 100, "persons"), says("a", at, "middle power")})
	first := power(t, e, at)
	if again := power(t, reversed(e), at); !reflect.DeepEqual(first, again) {
		t.Errorf("in another order: %+v, was %+v", again, first)
	}
	r := standing.New(e)
	for range 2 {
		again, err := r.Power(t.Context(), shanyraq.CountryCode(at), 0, nil)
		if shanyraq.KindOf(err) == shanyraq.NotFound { // seventy are not enough for a year to be on offer
			again, err = r.Power(t.Context(), shanyraq.CountryCode(at), 2020, nil)
		}
		if err != nil || !reflect.DeepEqual(first, again) {
			t.Errorf("asked again: %v", err)
		}
	}
}

// Ten voters, a list of five of whom the positional definition finds four, and
// one more that is not listed; the other list has three, two of them on the
// first.
func TestValidationByHand(t *testing.T) {
	at := map[string]float64{}
	for _, rank := range []int{20, 21, 22, 23, 24, 1, 2} { // with the poles ten, which have no figures
		at[code(rank)] = 0.5
	}
	e := append(seventy(), voting(at)...)
	for _, rank := range []int{20, 21, 22, 23, 1} {
		e = append(e, says("First list", code(rank), "middle power"))
	}
	for _, rank := range []int{20, 21, 2} {
		e = append(e, says("Second list", code(rank), "middle power"))
	}
	e = append(e, says("An author", code(30), "middle power")) // is no list
	r := standing.New(e)
	checks, accords, err := r.Validation(t.Context(), 2020, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(checks) != 2*len(standing.Definitions()) || len(accords) != 1 {
		t.Fatalf("%d checks and %d pairs of lists", len(checks), len(accords))
	}
	c := checks[0]
	if c.Definition != standing.Positional || c.List.Key != "first-list" {
		t.Fatalf("%s against %s", c.Definition, c.List.Key)
	}
	near(t, "sensitivity", c.Sensitivity.Value(), 80, 1e-9)
	near(t, "specificity", c.Specificity.Value(), 80, 1e-9)
	near(t, "kappa", c.Kappa.Value(), 0.6, 1e-9) // o = 8/10, e = 1/2
	if fmt.Sprint(c.Missed, c.Extra, c.Untold) != fmt.Sprintf("[%s] [%s] []", code(1), code(24)) {
		t.Errorf("missed %v, extra %v, untold %v", c.Missed, c.Extra, c.Untold)
	}
	near(t, "kappa of the lists", accords[0].Kappa.Value(), 0.2, 1e-9) // both 2, first 3, second 1, none 4: o = 0.6, e = 0.5
	for _, f := range []shanyraq.Figure{c.Sensitivity, c.Specificity, c.Kappa, accords[0].Kappa} {
		got, err := r.Figure(t.Context(), strings.TrimPrefix(f.Path(), "standing/"), nil)
		if err != nil || !reflect.DeepEqual(got, f) {
			t.Errorf("%s opens to %v, %v", f.Path(), got.Value(), err)
		}
	}
}

func TestPowerPathsThatLeadNowhere(t *testing.T) {
	r := standing.New(seventy())
	for _, path := range []string{"power", "power/positional", "power/positional/ABX", "power/positional/ABX/2020/capability", "power/positional/ABX/2020/x/y", "power/none/ABX/2020",
		"power/tests/ABX/2020", "power/tests/ABX/2020/wealth", "power/criteria/ABX/2020/arms", "power/criteria/ABX/2020/material", "power/positional/ABX/20x0", "power/positional/ABX/1999", "power/positional/ZZZ/2020", "power/positional/WLD/2020/x-kappa", "power/jordaan2003/BDX/2020/emerging"} {
		if f, err := r.Figure(t.Context(), path, nil); shanyraq.KindOf(err) != shanyraq.NotFound || !f.IsZero() {
			t.Errorf("%s opens to %v, %v", path, f.Value(), err)
		}
	}
}

// Every second country of the built-in tables: probabilities are probabilities, what
// a test cannot tell is wider, and a country that lacks all has no figure.
func TestBuiltInPowers(t *testing.T) {
	w := workspace(t)
	r := standing.New(w)
	places, err := w.Places(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[standing.Verdict]int{}
	for i, place := range places {
		if !place.Exists() || i%2 != 0 {
			continue
		}
		p, err := r.Power(t.Context(), place.Code, 2024, nil)
		if err != nil {
			t.Fatalf("%s: %v", place.Code, err)
		}
		verdicts[p.Verdict]++
		var fs []shanyraq.Figure
		for _, o := range p.Outcomes {
			fs = append(fs, o.P)
			for _, l := range o.Without {
				fs = append(fs, l.P)
			}
		}
		for _, x := range p.Tests {
			fs = append(fs, x.P)
		}
		for _, f := range append(fs, p.Traditional, p.Emerging) {
			if iv := f.Interval(); !f.IsZero() && (iv.Lo < 0 || iv.Hi > 100 || !iv.Contains(f.Value()) || f.Unit() != "percent" || f.Lineage().Draws != 2000 || f.Lineage().Seed == 0) {
				t.Errorf("%s: %v in %+v", f.Path(), f.Value(), iv)
			}
		}
	}
	if len(verdicts) < 3 || verdicts[standing.Neither] < 25 {
		t.Errorf("verdicts: %v", verdicts)
	}
}

// The great powers are none; Kazakhstan is not recently democratised, and is
// not made an emerging power by force; India is the miss that a band of ranks
// must make.
func TestBuiltInMiddlePowers(t *testing.T) {
	r := standing.New(workspace(t))
	for _, great := range []shanyraq.CountryCode{"USA", "CHN"} {
		p, err := r.Power(t.Context(), great, 2024, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range p.Outcomes {
			if o.P.Value() > 5 {
				t.Errorf("%s is a middle power with %v %% (%s)", great, o.P.Value(), o.Definition)
			}
		}
	}
	kaz, err := r.Power(t.Context(), "KAZ", 2024, nil)
	if err != nil {
		t.Fatal(err)
	}
	if kaz.Recent != "no" || kaz.Kind == "emerging" || kaz.Verdict == standing.Unclear || len(kaz.Dissent) != 2 {
		t.Errorf("Kazakhstan: recently democratised %s, %s, %s, %d objections", kaz.Recent, kaz.Kind, kaz.Verdict, len(kaz.Dissent))
	}
	if arms := kaz.Tests[3].Criteria[2]; !arms.Figure.IsZero() || arms.Verdict != standing.Unclear {
		t.Errorf("arms by supplier: %v", arms)
	}
	checks, accords, err := r.Validation(t.Context(), 2024, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(checks) != 8 || len(accords) != 1 {
		t.Fatalf("%d checks, %d pairs of lists", len(checks), len(accords))
	}
	if !slices.Contains(checks[0].Missed, "IND") || len(checks[0].List.Places) != 12 {
		t.Errorf("the positional definition misses %v of %d", checks[0].Missed, len(checks[0].List.Places))
	}
	if got := fmt.Sprint(accords[0].Both); got != "[IDN MEX TUR]" {
		t.Errorf("on both lists: %s", got)
	}
	for _, c := range checks {
		found := math.Round(c.Sensitivity.Value() / 100 * float64(len(c.List.Places)))
		if int(found)+len(c.Missed) != len(c.List.Places) {
			t.Errorf("%s: %v found and %d missed of %d", c.Definition, found, len(c.Missed), len(c.List.Places))
		}
	}
}

// TestTiers: shares of the three tiers add to the whole; a country at the top
// whatever the weights is great, one at the bottom small; moving a cut-off moves
// countries, and cut-offs that cross are refused.
func TestTiers(t *testing.T) {
	r := standing.New(seventy())
	x, err := r.Tiers(t.Context(), 2020, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(x.Entries) < 60 {
		t.Fatalf("%d countries", len(x.Entries))
	}
	for _, e := range x.Entries {
		sum := 0.0
		for _, tier := range standing.AllTiers() {
			sum += e.Share[tier].Value()
			f, err := r.Figure(t.Context(), strings.TrimPrefix(e.Share[tier].Path(), "standing/"), nil)
			if err != nil || f.Value() != e.Share[tier].Value() {
				t.Fatalf("%s: %v", e.Share[tier].Path(), err)
			}
		}
		if math.Abs(sum-100) > 1e-9 {
			t.Errorf("%s: shares add to %v", e.Place, sum)
		}
	}
	first, last := x.Entries[0], x.Entries[len(x.Entries)-1]
	if first.Tier != standing.Great || last.Tier != standing.Small || x.Count(standing.Great)+x.Count(standing.Medium)+x.Count(standing.Small)+x.Count("") != len(x.Entries) {
		t.Errorf("first %s, last %s", first.Tier, last.Tier)
	}
	// With all weights alike in order, the cut-offs are ranks: 3 great, 20 to the 23rd middle.
	moved, err := r.Tiers(t.Context(), 2020, url.Values{"b.top": {"3"}, "b.bottom": {"23"}})
	if err != nil {
		t.Fatal(err)
	}
	if moved.Count(standing.Great) >= x.Count(standing.Great) || !strings.Contains(moved.Entries[0].Share[standing.Great].Path(), "?b.bottom=23&b.top=3") {
		t.Errorf("great %d, then %d; %s", x.Count(standing.Great), moved.Count(standing.Great), moved.Entries[0].Share[standing.Great].Path())
	}
	for _, q := range []url.Values{{"b.top": {"50"}}, {"b.bottom": {"5..10"}}, {"b.top": {"many"}}} {
		if _, err := r.Tiers(t.Context(), 2020, q); shanyraq.KindOf(err) != shanyraq.Invalid {
			t.Errorf("%v: %v", q, err)
		}
	}
}

// TestArms: the largest supplier's part of what was delivered in ten years, with
// the digits printed; what is older does not count.
func TestArms(t *testing.T) {
	from := func(supplier, when string, v float64) shanyraq.Claim {
		return shanyraq.Claim{ID: shanyraq.ClaimID("sipri/" + supplier + when), Source: "sipri", Series: "arms_from", Place: shanyraq.CountryCode(code(20)), Partner: shanyraq.CountryCode(supplier), When: shanyraq.Period(when), Value: v, Step: 1, Unit: "tiv"}
	}
	e := append(append(seventy(), voting(nil)...), from("RUS", "2015", 60), from("RUS", "2019", 15), from("ISR", "2018", 25), from("USA", "2005", 900))
	p := power(t, e, code(20))
	for _, test := range p.Tests {
		for _, c := range test.Criteria {
			if c.Criterion != standing.Arms {
				continue
			}
			f := c.Figure
			if f.IsZero() || f.Value() != 75 || !(f.Interval().Lo < 75) || !(f.Interval().Hi > 75) || len(f.Lineage().Inputs) != 3 {
				t.Errorf("arms %v %+v", f.Value(), f.Interval())
			}
			return
		}
	}
	t.Error("no criterion of arms")
}
