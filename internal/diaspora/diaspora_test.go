package diaspora_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shanyraq"
	"shanyraq/internal/diaspora"
)

// evidence is a list of claims.
type evidence []shanyraq.Claim

func (e evidence) Claims(_ context.Context, q shanyraq.Query) ([]shanyraq.Claim, error) {
	var out []shanyraq.Claim
	for i := range e {
		if q.Match(&e[i]) {
			out = append(out, e[i])
		}
	}
	slices.SortStableFunc(out, func(a, b shanyraq.Claim) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// Places names every place there is a claim about, and one more.
func (e evidence) Places(context.Context) ([]shanyraq.Place, error) {
	codes := []shanyraq.CountryCode{"NRU"}
	for _, c := range e {
		if c.Place != shanyraq.World && c.Place != shanyraq.EuropeanUnion {
			codes = append(codes, c.Place)
		}
	}
	slices.Sort(codes)
	var out []shanyraq.Place
	for _, c := range slices.Compact(codes) {
		out = append(out, shanyraq.Place{Code: c, Alpha2: string(c[:2])})
	}
	return out, nil
}

// people is a claim about people from Kazakhstan in a host.
func people(source, host, when, definition string, v float64, s shanyraq.Strength) shanyraq.Claim {
	return shanyraq.Claim{
		ID:     shanyraq.ClaimID(fmt.Sprintf("%s/people_from/%s/KAZ/%s~%s%v", source, host, cmp.Or(when, "undated"), definition, v)),
		Source: shanyraq.SourceID(source), Series: "people_from", Place: shanyraq.CountryCode(host), Partner: "KAZ", When: shanyraq.Period(when),
		Value: v, Step: 1, Unit: "persons", Definition: shanyraq.DefinitionID(definition), Strength: s,
	}
}

func overview(t testing.TB, e evidence, year int) diaspora.Overview {
	t.Helper()
	o, err := diaspora.New(e).Overview(t.Context(), "KAZ", year)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

const (
	measured  = shanyraq.Measured
	official  = shanyraq.Official
	estimated = shanyraq.Estimated
	opinion   = shanyraq.Opinion
)

func TestRange(t *testing.T) {
	exact := people("register", "DEU", "2024", "citizenship", 50, measured)
	exact.Stated = &shanyraq.Interval{Lo: 50, Hi: 50, Kind: shanyraq.Counted}
	same := exact
	same.Source = "other"
	stated := people("a", "DEU", "2024", "ethnicity", 100, opinion)
	stated.Stated = &shanyraq.Interval{Lo: 80, Hi: 300, Kind: shanyraq.Judged}
	for _, tt := range []struct {
		name   string
		claims []shanyraq.Claim
		v      float64
		iv     shanyraq.Interval
		first  string // source of the claim that stands for all
	}{
		{"one claim has its own range", []shanyraq.Claim{people("a", "DEU", "2024", "ethnicity", 100, measured)}, 100, shanyraq.Interval{Lo: 99.5, Hi: 100.5, Kind: shanyraq.Printed}, "a"},
		{"or the one it states", []shanyraq.Claim{stated}, 100, *stated.Stated, "a"},
		{"nobody is less than none", []shanyraq.Claim{people("a", "DEU", "2024", "ethnicity", 0, measured)}, 0, shanyraq.Interval{Hi: 0.5, Kind: shanyraq.Printed}, "a"},
		{"the strongest stands, not the newest", []shanyraq.Claim{people("a", "DEU", "2024", "ethnicity", 100, opinion), people("b", "DEU", "2021", "ethnicity", 60, measured)}, 60, shanyraq.Interval{Lo: 59.5, Hi: 100.5, Kind: shanyraq.Spread}, "b"},
		{"of two as strong, the newer", []shanyraq.Claim{people("a", "DEU", "2021", "ethnicity", 60, measured), people("b", "DEU", "2024", "ethnicity", 100, measured)}, 100, shanyraq.Interval{Lo: 59.5, Hi: 100.5, Kind: shanyraq.Spread}, "b"},
		{"the dated before the undated", []shanyraq.Claim{people("a", "DEU", "", "ethnicity", 60, measured), people("b", "DEU", "1999", "ethnicity", 100, measured)}, 100, shanyraq.Interval{Lo: 59.5, Hi: 100.5, Kind: shanyraq.Spread}, "b"},
		{"the range takes in what others state as theirs", []shanyraq.Claim{stated, people("b", "DEU", "2024", "ethnicity", 60, measured)}, 60, shanyraq.Interval{Lo: 59.5, Hi: 300, Kind: shanyraq.Spread}, "b"},
		{"an absurd claim is shown, not hidden", []shanyraq.Claim{people("a", "AFG", "", "ethnicity_unstated", 3500, opinion), people("b", "AFG", "", "ethnicity_unstated", 440000, opinion)}, 3500, shanyraq.Interval{Lo: 3499.5, Hi: 440000.5, Kind: shanyraq.Spread}, "a"},
		{"two exact counts that agree", []shanyraq.Claim{exact, same}, 50, shanyraq.Interval{Lo: 50, Hi: 50, Kind: shanyraq.Counted}, "register"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := diaspora.Range("diaspora/KAZ/DEU/ethnicity", tt.claims)
			if err != nil {
				t.Fatal(err)
			}
			l := f.Lineage()
			if f.Value() != tt.v || f.Interval() != tt.iv || string(l.Sources[0]) != tt.first || len(l.Inputs) != len(tt.claims) || f.Unit() != "persons" || l.Method != diaspora.MethodRange {
				t.Errorf("%v %+v from %v of %d", f.Value(), f.Interval(), l.Sources, len(l.Inputs))
			}
			if l.Inputs[0].Value != f.Value() {
				t.Errorf("the first input is %v", l.Inputs[0].Value)
			}
		})
	}
	if _, err := diaspora.Range("x", nil); shanyraq.KindOf(err) != shanyraq.NotFound {
		t.Errorf("no claims make a range: %v", err)
	}
}

func TestInForce(t *testing.T) {
	var cs []shanyraq.Claim
	for _, when := range []string{"", "2010", "2014", "2015-06", "2016..2020", "2020", "2024", "2025.."} {
		cs = append(cs, people("s", "DEU", when, "ethnicity", 1, measured))
	}
	for _, tt := range []struct {
		year int
		want string
	}{
		{0, "- 2016..2020 2020 2024 2025.."}, // five years before the newest
		{2030, "2016..2020 2020 2024 2025.."},
		{2024, "2016..2020 2020 2024"},
		{2023, "2015-06 2016..2020 2020"},
		{2019, "2010 2014 2015-06"},
		{2014, "2010 2014"},
		{2013, "2010"},
		{2009, ""},
	} {
		var got []string
		for _, c := range diaspora.InForce(cs, tt.year) {
			got = append(got, cmp.Or(string(c.When), "-"))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("in %d: %v, want %s", tt.year, got, tt.want)
		}
	}
	worked := people("s", "CHN", "2020", "birthplace", 0, shanyraq.Estimated)
	counted := people("s", "CHN", "2020", "birthplace", 0, measured)
	if got := diaspora.InForce([]shanyraq.Claim{worked, counted}, 0); len(got) != 1 || got[0].Strength != measured {
		t.Errorf("a zero that was worked out stands: %v", got)
	}
	if got := diaspora.InForce(nil, 0); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

func TestOverview(t *testing.T) {
	moscow := people("s", "RUS", "2021", "ethnicity", 10_000, measured)
	moscow.Area = "RU-MOS"
	e := evidence{
		people("census", "RUS", "2021", "ethnicity", 591970, measured), people("census", "RUS", "2010", "ethnicity", 647732, measured), moscow,
		people("un", "RUS", "2024", "migrant_stock", 1321004, estimated), people("un", "DEU", "2024", "migrant_stock", 896268, estimated),
		people("box", "MNG", "", "ethnicity_unstated", 201526, opinion), people("box", "MNG", "", "ethnicity_unstated", 101526, opinion),
		people("author", "WLD", "2024-06", "ethnicity_unstated", 4_500_000, opinion), people("un", "WLD", "2024", "migrant_stock", 2_796_572, estimated),
		people("un", "WLD", "2020", "migrant_stock", 3_029_566, estimated), people("author", "WLD", "2019", "ethnicity_unstated", 5_000_000, opinion),
		people("census", "KAZ", "2021", "ethnicity", 13_000_000, measured), // those at home
		people("census", "RUS", "2021", "resettler", 5, measured),          // no column of its own
	}
	o := overview(t, e, 0)
	var hosts []string
	for _, h := range o.Hosts {
		hosts = append(hosts, string(h.Place))
		for d, f := range h.Sizes {
			if f.Path() != fmt.Sprintf("diaspora/KAZ/%s/%s", h.Place, d) {
				t.Errorf("%s of %s is at %s", d, h.Place, f.Path())
			}
			if h.Count[d] != len(f.Lineage().Inputs) {
				t.Errorf("%s: %d claims, %d inputs", f.Path(), h.Count[d], len(f.Lineage().Inputs))
			}
			for _, in := range f.Lineage().Inputs {
				if in.Place != h.Place {
					t.Errorf("%s takes a number of %s", f.Path(), in.Place)
				}
			}
		}
	}
	if got := strings.Join(hosts, " "); got != "RUS DEU MNG" {
		t.Errorf("hosts %s", got)
	}
	rus := o.Hosts[0]
	if len(rus.Sizes) != 2 || rus.Sizes["ethnicity"].Value() != 591970 || rus.Sizes["migrant_stock"].Value() != 1321004 {
		t.Errorf("Russia: %v", rus.Sizes)
	}
	if f := o.Hosts[2].Sizes["ethnicity_unstated"]; f.Interval().Lo != 101525.5 || f.Interval().Hi != 201526.5 {
		t.Errorf("Mongolia: %+v", f.Interval())
	}
	var totals []float64
	for _, c := range o.Totals {
		totals = append(totals, c.Value)
	}
	if want := []float64{4_500_000, 5_000_000, 2_796_572}; !slices.Equal(totals, want) {
		t.Errorf("claims about all hosts: %v, want %v", totals, want)
	}
	if want := []int{2024, 2021, 2020, 2019, 2010}; !slices.Equal(o.Years, want) {
		t.Errorf("years %v, want %v", o.Years, want)
	}

	o = overview(t, e, 2012)
	if f := o.Hosts[slices.IndexFunc(o.Hosts, func(h diaspora.Host) bool { return h.Place == "RUS" })].Sizes["ethnicity"]; f.Value() != 647732 || f.Path() != "diaspora/KAZ/RUS/ethnicity/2012" {
		t.Errorf("Russia in 2012: %v at %s", f.Value(), f.Path())
	}
	if slices.ContainsFunc(o.Hosts, func(h diaspora.Host) bool { return h.Place == "DEU" }) || len(o.Totals) != 0 {
		t.Errorf("in 2012 somebody knew what was counted in 2024: %v", o.Totals)
	}

	if o := overview(t, nil, 0); len(o.Hosts)+len(o.Totals)+len(o.Years) != 0 {
		t.Errorf("of nothing: %+v", o)
	}
}

func TestHost(t *testing.T) {
	moscow := people("s", "RUS", "2021", "ethnicity", 10_000, measured)
	moscow.Area = "RU-MOS"
	of := func(series, when string, v float64) shanyraq.Claim {
		return shanyraq.Claim{ID: shanyraq.ClaimID(series + "/" + when), Source: "s", Series: shanyraq.SeriesID(series), Place: "RUS", Partner: "KAZ", When: shanyraq.Period(when), Value: v, Unit: "persons", Strength: official}
	}
	e := evidence{
		people("un", "RUS", "2024", "migrant_stock", 1321004, estimated), people("census", "RUS", "2021", "ethnicity", 591970, measured),
		people("census", "RUS", "2010", "ethnicity", 647732, measured), people("old", "RUS", "", "refugees", 3, estimated), moscow, people("un", "DEU", "2024", "migrant_stock", 9, estimated),
		of("students_from", "2021", 60000), of("voters_from", "2022", 2600), of("voters_registered_from", "2022", 2700), of("diaspora_organisation", "", 1), of("share_of_population_ethnic", "2021", 0.4),
	}
	r := diaspora.New(e)
	h, err := r.Host(t.Context(), "KAZ", "RUS")
	if err != nil {
		t.Fatal(err)
	}
	if len(h.People) != 5 || len(h.Students) != 1 || len(h.Voters) != 2 || len(h.Organisations) != 1 || len(h.Shares) != 1 || len(h.Sizes) != 2 {
		t.Errorf("%+v", h)
	}
	var order []string
	for _, c := range h.People {
		order = append(order, string(c.Definition)+string(c.When))
	}
	if got := strings.Join(order, " "); got != "ethnicity2021 ethnicity2021 ethnicity2010 migrant_stock2024 refugees" {
		t.Errorf("in order %s", got)
	}
	o := overview(t, e, 0)
	for d, f := range h.Sizes {
		i := slices.IndexFunc(o.Hosts, func(x diaspora.Host) bool { return x.Place == "RUS" })
		if !reflect.DeepEqual(o.Hosts[i].Sizes[d], f) {
			t.Errorf("%s differs between the host's page and the table of hosts", d)
		}
	}
	if h, err := r.Host(t.Context(), "KAZ", "NRU"); err != nil || len(h.People) != 0 || len(h.Sizes) != 0 {
		t.Errorf("of a host nobody speaks of: %+v, %v", h, err)
	}
}

type failing struct{ error }

func (f failing) Claims(context.Context, shanyraq.Query) ([]shanyraq.Claim, error) {
	return nil, f.error
}

func (f failing) Places(context.Context) ([]shanyraq.Place, error) { return nil, f.error }

func TestFailuresArePassedOn(t *testing.T) {
	r := diaspora.New(failing{errors.New("disk")})
	for name, ask := range map[string]func() error{
		"overview":      func() error { _, err := r.Overview(t.Context(), "KAZ", 0); return err },
		"host":          func() error { _, err := r.Host(t.Context(), "KAZ", "RUS"); return err },
		"returns":       func() error { _, err := r.Returns(t.Context(), "KAZ"); return err },
		"organisations": func() error { _, err := r.Organisations(t.Context(), "KAZ"); return err },
		"figure":        func() error { _, err := r.Figure(t.Context(), "KAZ/RUS/ethnicity"); return err },
	} {
		if err := ask(); err == nil || shanyraq.KindOf(err) != shanyraq.Other || !strings.Contains(err.Error(), "disk") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFigurePaths(t *testing.T) {
	r := diaspora.New(evidence{people("census", "RUS", "2021", "ethnicity", 591970, measured), people("census", "RUS", "2010", "ethnicity", 647732, measured)})
	for path, want := range map[string]float64{"KAZ/RUS/ethnicity": 591970, "KAZ/RUS/ethnicity/2010": 647732, "KAZ/RUS/ethnicity/2020": 647732} {
		if f, err := r.Figure(t.Context(), path); err != nil || f.Value() != want || f.Path() != "diaspora/"+path {
			t.Errorf("%s opens to %v at %q, %v", path, f.Value(), f.Path(), err)
		}
	}
	for _, path := range []string{"", "KAZ", "KAZ/RUS", "KAZ/RUS/citizenship", "KAZ/DEU/ethnicity", "UZB/RUS/ethnicity", "KAZ/RUS/ethnicity/x", "KAZ/RUS/ethnicity/0", "KAZ/RUS/ethnicity/99999", "KAZ/RUS/ethnicity/2009", "KAZ/RUS/ethnicity/2010/x"} {
		if f, err := r.Figure(t.Context(), path); shanyraq.KindOf(err) != shanyraq.NotFound || !f.IsZero() {
			t.Errorf("%q opens to %v, %v", path, f.Value(), err)
		}
	}
}

// Whatever is claimed: a figure speaks of one host under one definition, its
// value is one of the claims, its range runs from the lowest to the highest of
// those in force, a host without claims is absent, and order does not matter.
func TestOverviewProperties(t *testing.T) {
	definitions := append(diaspora.Definitions(), "refugees")
	rapid.Check(t, func(t *rapid.T) {
		var e evidence
		for range rapid.IntRange(0, 20).Draw(t, "claims") {
			c := people(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "source"), rapid.SampledFrom([]string{"RUS", "DEU", "WLD"}).Draw(t, "host"),
				rapid.SampledFrom([]string{"", "2010", "2018", "2020", "2024"}).Draw(t, "when"), string(rapid.SampledFrom(definitions).Draw(t, "definition")),
				float64(rapid.IntRange(0, 1000).Draw(t, "value")), shanyraq.Strength(rapid.IntRange(1, 4).Draw(t, "strength")))
			if !slices.ContainsFunc(e, func(x shanyraq.Claim) bool { return x.ID == c.ID }) {
				e = append(e, c)
			}
		}
		year := rapid.SampledFrom([]int{0, 2009, 2019, 2024}).Draw(t, "year")
		o, err := diaspora.New(e).Overview(context.Background(), "KAZ", year)
		if err != nil {
			t.Fatal(err)
		}
		cells := map[string][]shanyraq.Claim{}
		for _, c := range e {
			if c.Place != "WLD" {
				k := fmt.Sprint(c.Place, c.Definition)
				cells[k] = append(cells[k], c)
			}
		}
		found := 0
		for _, h := range o.Hosts {
			if len(h.Sizes) == 0 {
				t.Fatalf("%s is listed and nothing is known", h.Place)
			}
			for d, f := range h.Sizes {
				found++
				current := diaspora.InForce(cells[fmt.Sprint(h.Place, d)], year)
				lo, hi, strongest, among := 1e9, -1.0, opinion, false
				for _, c := range current {
					lo, hi, strongest = min(lo, max(0, c.Value-0.5)), max(hi, c.Value+0.5), min(strongest, c.Strength)
				}
				for _, c := range current {
					among = among || c.Value == f.Value() && c.Strength == strongest
				}
				if !among || f.Interval().Lo != lo || f.Interval().Hi != hi {
					t.Fatalf("%s in %d: %v %+v of %v", f.Path(), year, f.Value(), f.Interval(), current)
				}
			}
		}
		want := 0
		for k, cs := range cells {
			if !strings.HasSuffix(k, "refugees") && len(diaspora.InForce(cs, year)) > 0 {
				want++
			}
		}
		if found != want {
			t.Fatalf("%d sizes of %d", found, want)
		}
		shuffled := slices.Clone(e)
		rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "order"))).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if again, err := diaspora.New(shuffled).Overview(context.Background(), "KAZ", year); err != nil || !reflect.DeepEqual(again, o) {
			t.Fatalf("in another order %+v, %v", again, err)
		}
	})
}
