package diaspora_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"shanyraq"
	"shanyraq/data"
	"shanyraq/internal/diaspora"
	"shanyraq/internal/ingest"
)

// builtin is the workspace that ships, opened once.
var builtin = sync.OnceValues(func() (*ingest.Workspace, error) { return ingest.OpenWorkspace(data.Files) })

func workspace(t testing.TB) *ingest.Workspace {
	t.Helper()
	w, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Numbers of Kazakhstan's people abroad, each read in its table.
func TestBuiltInKazakhstan(t *testing.T) {
	o, err := diaspora.New(workspace(t)).Overview(t.Context(), "KAZ", 0)
	if err != nil {
		t.Fatal(err)
	}
	sizes := func(p shanyraq.CountryCode) map[shanyraq.DefinitionID]shanyraq.Figure {
		i := slices.IndexFunc(o.Hosts, func(h diaspora.Host) bool { return h.Place == p })
		if i < 0 {
			t.Fatalf("nothing is held of %s", p)
		}
		return o.Hosts[i].Sizes
	}
	for _, tt := range []struct {
		host       shanyraq.CountryCode
		definition shanyraq.DefinitionID
		v, lo, hi  float64
	}{
		{"RUS", "migrant_stock", 1321004, 1321003.5, 2558907.5}, // both revisions are within five years
		{"DEU", "migrant_stock", 896268, 872931.5, 1128201.5},
		{"RUS", "ethnicity", 591970, 591965, 591975},
		{"CHN", "ethnicity", 1562518, 1105000, 1562518.5}, // an undated "more than 1.11 million" stands beside the census
		{"AFG", "ethnicity_unstated", 3500, 3450, 445000}, // 440,000 is contradicted, and kept
		{"UZB", "ethnicity", 808200, 808150, 808250},
	} {
		f := sizes(tt.host)[tt.definition]
		if f.IsZero() {
			t.Errorf("%s in %s: nothing", tt.definition, tt.host)
			continue
		}
		if iv := f.Interval(); f.Value() != tt.v || iv.Lo != tt.lo || iv.Hi != tt.hi {
			t.Errorf("%s in %s: %v (%v to %v), want %v (%v to %v)", tt.definition, tt.host, f.Value(), iv.Lo, iv.Hi, tt.v, tt.lo, tt.hi)
		}
	}
	if hi := sizes("MNG")["ethnicity_unstated"].Interval().Hi; hi != 201526.5 {
		t.Errorf("the highest claim about Mongolia is %v", hi)
	}
	if _, ok := sizes("DEU")["ethnicity"]; ok {
		t.Error("Germany does not ask ethnicity, and has a number")
	}

	// Nobody's number is the answer: 4.5 to 7 million is what an author says, without a source.
	found := false
	for _, c := range o.Totals {
		if c.Stated != nil && c.Stated.Lo == 4.5e6 && c.Stated.Hi == 7e6 {
			found = c.Strength == shanyraq.Opinion && strings.Contains(c.Who, "Bakhtiyarova")
		}
	}
	if !found || len(o.Totals) < 8 {
		t.Errorf("claims about all hosts: %d, the one of 4.5 to 7 million among them: %v", len(o.Totals), found)
	}
}

// What holds for every home: a figure is of one host and one definition, made
// of claims that say so, and opens; hosts do not add up to anything.
func TestBuiltInEveryHome(t *testing.T) {
	w := workspace(t)
	r := diaspora.New(w)
	places, err := w.Places(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	known := 0
	for _, place := range places {
		if !place.Exists() {
			continue
		}
		for _, year := range []int{0, 2010} {
			o, err := r.Overview(t.Context(), place.Code, year)
			if err != nil {
				t.Errorf("%s: %v", place.Code, err)
				continue
			}
			if year == 0 && len(o.Hosts) > 0 {
				known++
			}
			for _, h := range o.Hosts {
				for d, f := range h.Sizes {
					iv := f.Interval()
					if err := iv.Check(f.Value()); err != nil || iv.Lo < 0 || f.Unit() != "persons" {
						t.Errorf("%s: %v %+v %s: %v", f.Path(), f.Value(), iv, f.Unit(), err)
					}
					lo, hi := iv.Hi, iv.Lo
					for _, in := range f.Lineage().Inputs {
						c, err := w.Claim(t.Context(), shanyraq.ClaimID(strings.TrimPrefix(in.Path, "claim/")))
						if err != nil || c.Place != h.Place || c.Partner != place.Code || c.Definition != d || c.Area != "" || c.Value != in.Value {
							t.Fatalf("%s: %s is not a claim of it: %+v, %v", f.Path(), in.Path, c, err)
						}
						lo, hi = min(lo, max(0, c.Range().Lo)), max(hi, c.Range().Hi)
					}
					if lo != iv.Lo || hi != iv.Hi {
						t.Errorf("%s: from %v to %v, and the claims from %v to %v", f.Path(), iv.Lo, iv.Hi, lo, hi)
					}
				}
			}
		}
	}
	if known < 220 {
		t.Errorf("people abroad are known of %d homes", known)
	}
	for _, home := range []shanyraq.CountryCode{"UZB", "POL"} {
		o, err := r.Overview(t.Context(), home, 0)
		if err != nil || len(o.Hosts) < 20 {
			t.Errorf("%s: %d hosts, %v", home, len(o.Hosts), err)
		}
		for _, h := range o.Hosts {
			for d, f := range h.Sizes {
				got, err := r.Figure(t.Context(), strings.TrimPrefix(f.Path(), "diaspora/"))
				if err != nil || got.Value() != f.Value() || got.Interval() != f.Interval() {
					t.Errorf("%s %s opens to %v, %v", h.Place, d, got.Value(), err)
				}
			}
		}
	}
}

func TestBuiltInReturnsAndOrganisations(t *testing.T) {
	r := diaspora.New(workspace(t))
	returns, err := r.Returns(t.Context(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	said := map[float64]bool{}
	for _, c := range returns {
		if c.Series == "kandas_cumulative" {
			said[c.Value] = true
		}
	}
	for _, v := range []float64{952882, 1069500, 1123200, 1140700} {
		if !said[v] {
			t.Errorf("%v kandas are not held: %v", v, said)
		}
	}
	organisations, err := r.Organisations(t.Context(), "KAZ")
	if err != nil || len(organisations) < 20 {
		t.Fatalf("%d organisations, %v", len(organisations), err)
	}
	for _, c := range organisations {
		if c.Subject == "" || !strings.HasPrefix(c.Address, "http") {
			t.Errorf("%s has no name or no address", c.ID)
		}
	}
}

// Ranges of homes with few counts are judged together, and hold what they say
// once each is widened by the others; Kazakhstan's own are as pooled.
func TestBuiltInCalibration(t *testing.T) {
	r := diaspora.New(workspace(t))
	few, err := r.Calibration(t.Context(), "UZB")
	if err != nil {
		t.Fatal(err)
	}
	if !few.Few || few.Hidden != 4 || few.Homes < 30 || few.Counts < 80 {
		t.Errorf("%+v", few)
	}
	if v := few.Others.Value(); v > 80 {
		t.Errorf("as pooled %v percent are held", v)
	}
	if v := few.Widened.Value(); v < 90 {
		t.Errorf("widened %v percent are held", v)
	}
	for _, f := range []shanyraq.Figure{few.All, few.Others, few.Widened, few.Factor} {
		if got, err := r.Figure(t.Context(), strings.TrimPrefix(f.Path(), "diaspora/")); err != nil || got.Value() != f.Value() {
			t.Errorf("%s opens to %v, %v", f.Path(), got.Value(), err)
		}
	}
	own, err := r.Calibration(t.Context(), "KAZ")
	if err != nil || own.Few || own.Hidden < 90 {
		t.Errorf("%d hidden, few %v, %v", own.Hidden, own.Few, err)
	}
	told := func(home shanyraq.CountryCode) bool {
		p, err := r.Pool(t.Context(), home, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(of(t, p, diaspora.Born).Total.Lineage().Formula, "widened")
	}
	if told("KAZ") || !told("UZB") {
		t.Errorf("widened: KAZ %v, UZB %v", told("KAZ"), told("UZB"))
	}
}
