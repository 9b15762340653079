package diaspora_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/internal/diaspora"
)

// share is a claim of the share of a host's population.
func share(source, host, when string, percent float64, s shanyraq.Strength) shanyraq.Claim {
	c := people(source, host, when, "ethnicity", percent, s)
	c.ID = shanyraq.ClaimID(strings.Replace(string(c.ID), "people_from", string(diaspora.ShareOf), 1))
	c.Series, c.Unit, c.Step = diaspora.ShareOf, "percent", 0
	return c
}

// population is how many people live in a host in a year.
func population(host, year string, n float64) shanyraq.Claim {
	return shanyraq.Claim{ID: shanyraq.ClaimID("wdi/SP.POP.TOTL/" + host + "/-/" + year), Source: "wdi", Series: diaspora.Population, Place: shanyraq.CountryCode(host), When: shanyraq.Period(year), Value: n, Step: 1, Unit: "persons", Strength: measured}
}

func TestEditionsCountOnce(t *testing.T) {
	e := evidence{people("old", "MNG", "", "ethnicity_unstated", 101_526, opinion), people("new", "MNG", "", "ethnicity_unstated", 102_526, opinion),
		people("slip", "MNG", "", "ethnicity_unstated", 201_526, opinion), people("census", "MNG", "2020", "ethnicity", 120_000, measured)}
	e[0].Note = "Edition of Kazakhs, Wikipedia (2015-05)"
	e[1].Note = "Edition of Kazakhs, Wikipedia (2026)"
	e[2].Note = "Edition of Kazakhs, Wikipedia (no date); Contradicted: a digit has slipped"
	s := of(t, pool(t, e, 0, nil), diaspora.Ethnic)
	if s.Claimed != 2 || s.Copies != 2 {
		t.Errorf("%d claims and %d that repeat one", s.Claimed, s.Copies)
	}
	parts, err := s.Parts("MNG")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range parts {
		if edition := x.Claim.Value == 101_526 || x.Claim.Value == 201_526; edition != (x.Quotes != "" && x.Edition) || edition && !strings.HasPrefix(string(x.Quotes), "new/") {
			t.Errorf("%v stands for itself or another wrongly: %+v", x.Claim.Value, x)
		}
	}
	// A contradicted claim that is nobody's edition keeps next to no weight, and its name.
	e[2].Note = "Contradicted: nothing else comes near this"
	e[2].Value = 9_000_000
	s = of(t, pool(t, e, 0, nil), diaspora.Ethnic)
	if out := s.Outliers(); len(out) != 1 || !out[0].Contradicted() || out[0].Weight > 0.011 {
		t.Errorf("outliers %+v", out)
	}
	if f := size(t, s, "MNG"); f.Value() > 140_000 {
		t.Errorf("in Mongolia %v", f.Value())
	}
}

func TestSharesArePooled(t *testing.T) {
	e := evidence{share("office", "MNG", "", 4, measured), share("book", "MNG", "2020", 3.8, estimated), share("far", "UZB", "2001", 3, estimated),
		population("MNG", "2020", 3_300_000), population("MNG", "2023", 3_450_000), population("UZB", "2010", 28_000_000),
		people("box", "MNG", "2023", "ethnicity_unstated", 127_000, opinion)}
	r := diaspora.New(e)
	p, err := r.Pool(t.Context(), "KAZ", 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := of(t, p, diaspora.Ethnic)
	parts, err := s.Parts("MNG")
	if err != nil || len(parts) != 3 {
		t.Fatalf("%d parts, %v", len(parts), err)
	}
	for _, x := range parts {
		f, err := x.Said()
		if err != nil {
			t.Fatal(err)
		}
		switch x.Claim.Source {
		case "office": // without a date: of the newest population, from 3.5 to 4.5 percent
			if iv := f.Interval(); math.Abs(f.Value()-138_000) > 1e-6 || math.Abs(iv.Lo-0.035*3_449_999.5) > 1 || math.Abs(iv.Hi-0.045*3_450_000.5) > 1 {
				t.Errorf("4 percent of 3,450,000 is %v, %+v", f.Value(), iv)
			}
		case "book":
			if math.Abs(f.Value()-125_400) > 1e-6 {
				t.Errorf("3.8 percent of 3,300,000 is %v", f.Value())
			}
		default:
			continue
		}
		in := f.Lineage().Inputs
		if f.Unit() != "persons" || len(in) != 2 || in[1].Series != diaspora.Population || !(math.Abs(x.Gain) > 0.01) {
			t.Errorf("%s: %s, %d inputs, gain %v", x.Claim.ID, f.Unit(), len(in), x.Gain)
		}
		got, err := r.Figure(t.Context(), strings.TrimPrefix(f.Path(), "diaspora/"))
		if err != nil || got.Value() != f.Value() {
			t.Errorf("%s opens to %v, %v", f.Path(), got.Value(), err)
		}
		if size, _ := s.Size("MNG"); !slices.ContainsFunc(size.Lineage().Inputs, func(in shanyraq.Input) bool { return in.Path == f.Path() && in.Unit == "persons" }) {
			t.Errorf("the size does not name %s", f.Path())
		}
	}
	// A population nine years off says nothing of the share.
	if _, ok := s.Size("UZB"); ok {
		t.Error("a share is taken with a population of another time")
	}
}

func TestBuiltInMongolia(t *testing.T) {
	p, err := diaspora.New(workspace(t)).Pool(t.Context(), "KAZ", 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := of(t, p, diaspora.Ethnic)
	parts, err := s.Parts("MNG")
	if err != nil {
		t.Fatal(err)
	}
	shares, editions := 0, 0
	for _, x := range parts {
		if !x.Persons.IsZero() {
			shares++
		}
		if x.Edition {
			editions++
		}
		if x.Claim.Value == 201_526 && x.Quotes == "" {
			t.Error("201,526 counts")
		}
	}
	if shares != 2 || editions != 2 {
		t.Errorf("%d shares pooled, %d editions counted once", shares, editions)
	}
	// The statistics office counts 120,999 in its census of 2020, 3.8 percent.
	if f := size(t, s, "MNG"); !f.Interval().Contains(120_999) || f.Value() < 95_000 || f.Value() > 140_000 {
		t.Errorf("in Mongolia %v %+v", f.Value(), f.Interval())
	}
}
