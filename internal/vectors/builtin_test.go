package vectors_test

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"shanyraq"
	"shanyraq/data"
	"shanyraq/internal/ingest"
	"shanyraq/internal/vectors"
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

// The numbers of Kazakhstan, each read in its table: the Bureau's shares of
// 2023 beside the Factbook's, investment to 2019, the United Nations' estimates
// of 2024 and their sum.
func TestBuiltInKazakhstan(t *testing.T) {
	b, err := vectors.New(workspace(t)).Balance(t.Context(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		domain  string
		year    int
		power   shanyraq.CountryCode
		v       float64
		lo, hi  float64
		kind    shanyraq.IntervalKind
		sources string
	}{
		{"exports", 2023, "CHN", 18.53, 15.5, 18.535, shanyraq.Spread, "bns-trade cia-factbook"},
		{"exports", 2023, "EUU", 39.16, 39.155, 39.165, shanyraq.Printed, "bns-trade"},
		{"exports", 2023, "GBR", 15, 14.5, 15.5, shanyraq.Printed, "cia-factbook"},
		{"imports", 2023, "RUS", 24, 23.5, 24.5, shanyraq.Printed, "cia-factbook"},
		{"investment", 2019, "USA", 100 * 48.4 / 330, 14.629, 14.705, shanyraq.Printed, "fdi-reports"},
		{"investment", 2019, "EUU", 100 * (90.4 + 16.1 + 8.7 + 7.6 + 5.2) / 330, 38.65, 77.85, shanyraq.Bounds, "fdi-reports"},
		{"people", 2024, "RUS", 100 * 1321004.0 / 2796572, 47.2361, 47.2370, shanyraq.Printed, "un-desa-stock-2024"},
		{"people", 2024, "TUR", 100 * 84823.0 / 2796572, 3.0330, 3.0332, shanyraq.Printed, "un-desa-stock-2024"},
		{"students", 2021, "CHN", 100 * 14224.0 / 80000, 100 * 14223.5 / 85000, 100 * 14224.5 / 75000, shanyraq.Printed, "students"},
	} {
		t.Run(tt.domain+" "+string(tt.power), func(t *testing.T) {
			row := rowOf(t, b, tt.domain)
			f := row.Shares[tt.power]
			if row.Year != tt.year || f.IsZero() {
				t.Fatalf("in %d %v", row.Year, f.Value())
			}
			near(t, "share", f.Value(), tt.v, 1e-9)
			near(t, "from", f.Interval().Lo, tt.lo, 5e-3)
			near(t, "to", f.Interval().Hi, tt.hi, 5e-3)
			var ids []string
			for _, s := range f.Lineage().Sources {
				ids = append(ids, string(s))
			}
			if f.Interval().Kind != tt.kind || strings.Join(ids, " ") != tt.sources {
				t.Errorf("%s, from %v", f.Interval().Kind, ids)
			}
		})
	}
	if total := rowOf(t, b, "people").Totals; len(total) != 1 || total[0].Value() != 2796572 {
		t.Errorf("born in Kazakhstan and living abroad: %v", total)
	}
	if below := rowOf(t, b, "exports").Below; len(below) != 3 || below["USA"] != 5.5 {
		t.Errorf("not among the five largest: %v", below)
	}
}

// Agreement is what a recount from the roll calls gives, vote by vote.
func TestBuiltInAgreementRecounts(t *testing.T) {
	w := workspace(t)
	rc, err := w.RollCalls(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	column := map[shanyraq.CountryCode]int{}
	for i, s := range rc.States {
		column[s.Code] = i
	}
	r := vectors.New(w)
	for _, home := range []shanyraq.CountryCode{"KAZ", "POL", "USA", "PRK"} {
		b, err := r.Balance(t.Context(), home)
		if err != nil {
			t.Fatal(err)
		}
		if b.VoteYears != [2]int{2015, 2019} {
			t.Errorf("votes of %v", b.VoteYears)
		}
		if len(b.Agreement) != len(b.Powers) {
			t.Errorf("%s agrees with %d of %d", home, len(b.Agreement), len(b.Powers))
		}
		alike := func(other shanyraq.CountryCode) (same, both int) {
			for _, c := range rc.Calls {
				x, y := c.Votes[column[home]], c.Votes[column[other]]
				if c.Session < 70 || x == '.' || y == '.' {
					continue
				}
				both++
				if x == y {
					same++
				}
			}
			return same, both
		}
		for p, f := range b.Agreement {
			if p == shanyraq.EuropeanUnion {
				continue
			}
			same, both := alike(p)
			near(t, f.Path(), f.Value(), 100*float64(same)/float64(both), 1e-9)
			if want := fmt.Sprintf("%d / %d = ", same, both); !strings.HasPrefix(f.Lineage().Formula, want) {
				t.Errorf("%s: %q, want %q", f.Path(), f.Lineage().Formula, want)
			}
		}
		var sum, lo, hi, n float64 = 0, 100, 0, 0
		for _, m := range strings.Fields("AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GBR GRC HRV HUN IRL ITA LTU LUX LVA MLT NLD POL PRT ROU SVK SVN SWE") { // in 2019
			if m == string(home) {
				continue
			}
			same, both := alike(shanyraq.CountryCode(m))
			v := 100 * float64(same) / float64(both)
			sum, n, lo, hi = sum+v, n+1, min(lo, v), max(hi, v)
		}
		f := b.Agreement[shanyraq.EuropeanUnion]
		near(t, f.Path(), f.Value(), sum/n, 1e-9)
		near(t, f.Path()+" from", f.Interval().Lo, lo, 1e-9)
		near(t, f.Path()+" to", f.Interval().Hi, hi, 1e-9)
	}
}

// The Factbook's lists, recounted from the claims themselves.
func TestBuiltInMembershipsRecount(t *testing.T) {
	w := workspace(t)
	seats := func(p shanyraq.CountryCode) map[string]bool {
		cs, err := w.Claims(t.Context(), shanyraq.Query{Series: []shanyraq.SeriesID{"igo_membership"}, Places: []shanyraq.CountryCode{p}})
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]bool{}
		for _, c := range cs {
			if c.Note == "member" || c.Note == "temporary" || c.Note == "permanent" || strings.HasPrefix(c.Note, "nonregional") || c.Note == "regional" {
				out[c.Subject] = true
			}
		}
		return out
	}
	b, err := vectors.New(w).Balance(t.Context(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	mine := seats("KAZ")
	if mine["NAM"] || !mine["SCO"] || !mine["UN"] || len(mine) < 40 {
		t.Errorf("Kazakhstan is a member of %v", mine)
	}
	for p, f := range b.Memberships {
		both := 0
		for body := range seats(p) {
			if mine[body] {
				both++
			}
		}
		near(t, f.Path(), f.Value(), 100*float64(both)/float64(len(mine)), 1e-9)
	}
	if len(b.Memberships) != 7 { // the union has no list
		t.Errorf("%d powers have a list", len(b.Memberships))
	}
}

var last = regexp.MustCompile(`= ([0-9.]+)`)

// For every country that can be a home: shares in [0, 100] and in their ranges,
// the union no less than any member, limits that hold the index and the value,
// formulas that come to the value, inputs that open to what is printed.
func TestBuiltInEveryHome(t *testing.T) {
	w := workspace(t)
	r := vectors.New(w)
	places, err := w.Places(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	homes, withPeople := 0, 0
	for _, place := range places {
		if !place.Exists() {
			continue
		}
		homes++
		b, err := r.Balance(t.Context(), place.Code)
		if err != nil {
			t.Errorf("%s: %v", place.Code, err)
			continue
		}
		open := map[string]shanyraq.Figure{}
		for _, f := range b.Figures() {
			open[f.Path()] = f
		}
		for _, row := range b.Rows {
			sum := 0.0
			for _, p := range row.Partners {
				f, iv := p.Share, p.Share.Interval()
				if f.Value() < 0 || f.Value() > 100 || iv.Lo < 0 || iv.Hi > 100 || !iv.Contains(f.Value()) || f.Unit() != "percent" {
					t.Errorf("%s: %v %+v %s", f.Path(), f.Value(), iv, f.Unit())
				}
				if p.Place == place.Code {
					t.Errorf("%s is a partner of itself", p.Place)
				}
				if p.Place != shanyraq.EuropeanUnion {
					sum += f.Value()
				}
				near(t, f.Lineage().Formula, lastNumber(t, f.Lineage().Formula), f.Value(), 0.005*max(f.Value(), 0.001)+1e-9) // three digits are printed
			}
			if row.Domain.Key == "people" && len(row.Partners) > 0 {
				withPeople++
				near(t, string(place.Code)+" shares of people", sum, 100, 1e-6)
			}
			if f := row.Concentration; !f.IsZero() {
				iv := f.Interval()
				if iv.Lo < 0 || iv.Hi > 1+1e-12 || !iv.Contains(f.Value()) || iv.Kind != shanyraq.Bounds && iv.Kind != shanyraq.Spread {
					t.Errorf("%s: %v %+v", f.Path(), f.Value(), iv)
				}
				hhi, all := 0.0, 0.0
				for _, p := range row.Partners {
					if p.Place != shanyraq.EuropeanUnion {
						hhi, all = hhi+p.Share.Value()*p.Share.Value()/1e4, all+p.Share.Value()
					}
				}
				if all >= 99.5 {
					near(t, f.Path(), f.Value(), hhi, 1e-12)
				} else if !(f.Value() > hhi) { // half of what the rest can add
					t.Errorf("%s is %v, and the %.1f %% listed alone are %v", f.Path(), f.Value(), all, hhi)
				}
			}
			if eu, ok := row.Shares[shanyraq.EuropeanUnion]; ok && eu.Interval().Kind == shanyraq.Bounds {
				var members float64
				for _, in := range eu.Lineage().Inputs {
					members += in.Value
				}
				near(t, eu.Path(), eu.Value(), members, 1e-9)
			}
			for p := range row.Below {
				if _, ok := row.Shares[p]; ok || !row.Domain.TopK {
					t.Errorf("%s %s: %s has a share and a limit, or a limit nobody gives", place.Code, row.Domain.Key, p)
				}
			}
		}
		for _, f := range b.Figures() {
			for _, in := range f.Lineage().Inputs {
				if id, ok := strings.CutPrefix(in.Path, "claim/"); ok {
					c, err := w.Claim(t.Context(), shanyraq.ClaimID(id))
					if err != nil || c.Value != in.Value || c.Unit != in.Unit {
						t.Errorf("%s: input %s is %v and opens to %v, %v", f.Path(), in.Path, in.Value, c.Value, err)
					}
					continue
				}
				if g, ok := open[in.Path]; !ok || g.Value() != in.Value || g.Unit() != in.Unit {
					t.Errorf("%s: input %s is %v and opens to %v", f.Path(), in.Path, in.Value, g.Value())
				}
			}
			if len(f.Lineage().Inputs) == 0 && f.Value() > 0 && f.Lineage().Method != vectors.MethodAgreement { // roll calls are not claims
				t.Errorf("%s has no inputs", f.Path())
			}
			if f.Value() != f.Value() || math.IsInf(f.Value(), 0) {
				t.Errorf("%s is %v", f.Path(), f.Value())
			}
		}
	}
	if homes < 240 || withPeople < 220 {
		t.Errorf("%d homes, %d with people abroad", homes, withPeople)
	}
}

// lastNumber returns what the formula comes to.
func lastNumber(t testing.TB, formula string) float64 {
	m := last.FindAllStringSubmatch(formula, -1)
	if m == nil { // a share as printed
		v, err := strconv.ParseFloat(strings.TrimSuffix(formula, " %"), 64)
		if err != nil {
			t.Errorf("%q: %v", formula, err)
		}
		return v
	}
	v, err := strconv.ParseFloat(m[len(m)-1][1], 64)
	if err != nil {
		t.Errorf("%q: %v", formula, err)
	}
	return v
}

// Two rooms over the same evidence give the same answer, to the last bit.
func TestBuiltInIsDeterministic(t *testing.T) {
	w := workspace(t)
	one, err := vectors.New(w).Balance(t.Context(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		two, err := vectors.New(w).Balance(t.Context(), "KAZ")
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(one, two) {
			t.Fatal("asked again, the room answers differently")
		}
	}
}

// Visits and partners' contradictory numbers are held as claims.
func TestBuiltInRecords(t *testing.T) {
	r := vectors.New(workspace(t))
	china, err := r.Records(t.Context(), "KAZ", "CHN")
	if err != nil {
		t.Fatal(err)
	}
	turnover := map[float64]bool{}
	for _, c := range china.Amounts {
		if c.Series == "trade_turnover" && c.When == "2022" {
			turnover[c.Value] = true
		}
	}
	if !turnover[24e9] || !turnover[31.2e9] {
		t.Errorf("turnover with China in 2022: %v", turnover)
	}
	for _, tt := range []struct {
		power      shanyraq.CountryCode
		who, month string
	}{{"CHN", "Xi Jinping", "2022-09"}, {"USA", "Blinken", "2023-02"}, {"RUS", "Putin", "2023-11"}, {"GBR", "Cameron", "2024-04"}} {
		rec, err := r.Records(t.Context(), "KAZ", tt.power)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for i, c := range rec.Visits {
			found = found || c.Place == "KAZ" && strings.Contains(c.Subject, tt.who) && strings.HasPrefix(string(c.When), tt.month)
			if i > 0 && c.When > rec.Visits[i-1].When {
				t.Errorf("visits of %s are not newest first", tt.power)
			}
		}
		if !found {
			t.Errorf("the visit of %s in %s is not held", tt.who, tt.month)
		}
	}
	routes, err := r.Routes(t.Context(), "KAZ")
	if err != nil || len(routes) < 30 {
		t.Errorf("%d routes, %v", len(routes), err)
	}
	points, err := r.IdealPoints(t.Context(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range points {
		if c.When == "2024" {
			near(t, "position of 2024", c.Value, -0.5058, 5e-5) // the publisher's table
			if iv := c.Range(); iv.Kind != shanyraq.Credible || iv.Level != 0.9 {
				t.Errorf("its range is %+v", iv)
			}
		}
	}
	if len(points) < 30 {
		t.Errorf("%d years", len(points))
	}
}
