package shanyraq

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLastDigit(t *testing.T) {
	for _, tt := range []struct{ v, want float64 }{
		{0, 1}, {1, 1}, {10, 10}, {45000, 1000}, {-45000, 1000}, {4812, 1}, {3.25, 0.01}, {-0.5, 0.1}, {1e21, 1e21}, {1.5e-7, 1e-8},
		{20843754, 1}, {0.1, 0.1}, {math.NaN(), 1}, {math.Inf(1), 1},
	} {
		if got := LastDigit(tt.v); math.Abs(got-tt.want) > 1e-12*tt.want { // powers of ten are not exact below one
			t.Errorf("LastDigit(%v) = %v, want %v", tt.v, got, tt.want)
		}
	}
}

// Written with as many decimals as its last digit has, a value reads back.
func TestLastDigitIsEnough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mantissa := rapid.Int64Range(-1e9, 1e9).Draw(t, "mantissa")
		v, err := strconv.ParseFloat(strconv.FormatInt(mantissa, 10)+"e"+strconv.Itoa(rapid.IntRange(-9, 9).Draw(t, "exponent")), 64)
		if err != nil {
			t.Fatal(err)
		}
		d := LastDigit(v)
		if r := math.Abs(math.Remainder(v/d, 1)); v != 0 && (r > 1e-5 || math.Abs(math.Remainder(v/d/10, 1)) < 1e-7) {
			t.Fatalf("%v is not %v times something that does not end in zero", v, d)
		}
	})
}

func TestClaimRange(t *testing.T) {
	stated := &Interval{Lo: 4.5e6, Hi: 7e6, Kind: Judged}
	for _, tt := range []struct {
		name string
		c    Claim
		want Interval
	}{
		{"a whole number stands for half a unit either side", Claim{Value: 896268}, Interval{Lo: 896267.5, Hi: 896268.5, Kind: Printed}},
		{"zeros at the end are taken for rounding", Claim{Value: 45000}, Interval{Lo: 44500, Hi: 45500, Kind: Printed}},
		{"unless the claim says what it is rounded to", Claim{Value: 45000, Step: 1}, Interval{Lo: 44999.5, Hi: 45000.5, Kind: Printed}},
		{"zero", Claim{}, Interval{Lo: -0.5, Hi: 0.5, Kind: Printed}},
		{"a decimal", Claim{Value: 2.5}, Interval{Lo: 2.45, Hi: 2.55, Kind: Printed}},
		{"a step below zero says nothing", Claim{Value: 7, Step: -1}, Interval{Lo: 6.5, Hi: 7.5, Kind: Printed}},
		{"the range its source states", Claim{Value: 4.5e6, Step: 1, Stated: stated}, *stated},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.c.Range()
			const tol = 1e-12 // decimals are not exact in binary
			if got.Kind != tt.want.Kind || got.Level != 0 || math.Abs(got.Lo-tt.want.Lo) > tol*math.Abs(got.Lo) || math.Abs(got.Hi-tt.want.Hi) > tol*math.Abs(got.Hi) {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// Every finite value short of the largest can be shown, however many digits it has.
func TestEveryClaimIsAFigure(t *testing.T) {
	check := func(t testing.TB, v float64) {
		t.Helper()
		c := Claim{ID: "s/q/KAZ/-/2024", Source: "s", Value: v, Unit: "usd"}
		f, err := c.Figure()
		if err != nil {
			t.Fatal(err)
		}
		if f.Value() != v || f.Path() != "claim/s/q/KAZ/-/2024" || f.Interval() != c.Range() || f.Lineage().Method != "claim" || !slices.Equal(f.Lineage().Sources, []SourceID{"s"}) {
			t.Fatalf("%v became %+v", v, f)
		}
	}
	for _, v := range []float64{0, 1, 0.1234567890123456, 1e17 + 16, 123456789012345678, 5e-324, math.Pi, 1.7e308, -1.7e308} {
		check(t, v)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		if v := math.Float64frombits(rng.Uint64()); math.Abs(v) < 1.7e308 {
			check(t, v)
		}
	}
	if _, err := (Claim{ID: "a", Source: "s", Unit: "usd", Value: math.NaN()}).Figure(); KindOf(err) != Invalid {
		t.Errorf("a claim of no number became a figure: %v", err)
	}
}

func TestQueryMatch(t *testing.T) {
	c := Claim{Source: "census", Series: "people_from", Place: "DEU", Partner: "KAZ", When: "2011-05..2012-03"}
	for _, tt := range []struct {
		name string
		q    Query
		want bool
	}{
		{"all", Query{}, true},
		{"its series among others", Query{Series: []SeriesID{"gdp", "people_from"}}, true},
		{"another series", Query{Series: []SeriesID{"gdp"}}, false},
		{"its place", Query{Places: []CountryCode{"DEU"}}, true},
		{"its partner is not its place", Query{Places: []CountryCode{"KAZ"}}, false},
		{"its partner", Query{Partners: []CountryCode{"KAZ"}}, true},
		{"its place is not its partner", Query{Partners: []CountryCode{"DEU"}}, false},
		{"its source", Query{Sources: []SourceID{"census"}}, true},
		{"another source", Query{Sources: []SourceID{"authors"}}, false},
		{"the year it ends in", Query{From: 2012, To: 2012}, true},
		{"the year it begins in", Query{From: 2011, To: 2011}, false},
		{"before", Query{To: 2011}, false},
		{"after", Query{From: 2013}, false},
		{"since", Query{From: 2012}, true},
		{"until", Query{To: 2012}, true},
		{"all but one right", Query{Series: []SeriesID{"people_from"}, Places: []CountryCode{"DEU"}, Partners: []CountryCode{"RUS"}}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.q.Match(&c); got != tt.want {
				t.Errorf("Match = %v", got)
			}
		})
	}
	undated := c
	undated.When = ""
	for _, tt := range []struct {
		q    Query
		want bool
	}{{Query{}, true}, {Query{To: 1990}, true}, {Query{From: 1990}, false}, {Query{From: 1990, To: 2020}, false}} {
		if got := tt.q.Match(&undated); got != tt.want {
			t.Errorf("an undated claim from %d to %d: Match = %v", tt.q.From, tt.q.To, got)
		}
	}
}

func TestInputOf(t *testing.T) {
	c := Claim{ID: "wdi/SP.POP.TOTL/KAZ/-/2024", Source: "wdi", Series: "SP.POP.TOTL", Place: "KAZ", When: "2024", Value: 20, Unit: "persons"}
	want := Input{Symbol: "n", Path: "claim/wdi/SP.POP.TOTL/KAZ/-/2024", Series: "SP.POP.TOTL", Place: "KAZ", When: "2024", Value: 20, Unit: "persons"}
	if got := InputOf("n", c); got != want {
		t.Errorf("got %+v", got)
	}
	d := Claim{Source: "cia"}
	if got := SourcesOf(c, d, c); !slices.Equal(got, []SourceID{"wdi", "cia"}) {
		t.Errorf("sources %v", got)
	}
	if got := Assume("x", TooLow); got.Text.Key != "assume.x" || got.Errs != TooLow {
		t.Errorf("assumed %+v", got)
	}
}

func TestClaimJSONRoundTrip(t *testing.T) {
	c := Claim{
		ID: "a/b/KAZ/RUS/қ/2024", Source: "a", Series: "b", Place: "KAZ", Area: "KZ-75", Partner: "RUS", Subject: "Қ", When: "2024..", Value: -1.5,
		Stated: &Interval{Lo: -2, Hi: 0, Level: 0.9, Kind: Credible}, Step: 0.5, Unit: "points", Definition: "d", Who: "w", Strength: Opinion, Address: "https://example.org", Note: "n",
	}
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var back Claim
	if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back, c) {
		t.Errorf("%s came back as %+v, %v", b, back, err)
	}
	for _, part := range []string{`"strength":"opinion"`, `"kind":"credible"`, `"when":"2024.."`} {
		if !strings.Contains(string(b), part) {
			t.Errorf("%s lacks %s", b, part)
		}
	}
}

// What the digits leave open ends where the quantity does.
func TestRangeEndsAtNaturalBounds(t *testing.T) {
	for _, tt := range []struct {
		series SeriesID
		unit   Unit
		v      float64
		lo, hi float64
	}{
		{"internet_users", "percent", 0, 0, 0.5},
		{"internet_users", "percent", 100, 50, 100},
		{"composition_religion", "percent", 99.9, 99.85, 99.95},
		{"SE.TER.ENRR", "percent", 100, 50, 150},
		{"FP.CPI.TOTL.ZG", "percent", 0, -0.5, 0.5},
		{"VDEM_v2x_libdem", "index", 1, 0.5, 1},
	} {
		iv := Claim{Series: tt.series, Unit: tt.unit, Value: tt.v}.Range()
		if math.Abs(iv.Lo-tt.lo) > 1e-9 || math.Abs(iv.Hi-tt.hi) > 1e-9 {
			t.Errorf("%s %g: %g to %g, want %g to %g", tt.series, tt.v, iv.Lo, iv.Hi, tt.lo, tt.hi)
		}
	}
}
