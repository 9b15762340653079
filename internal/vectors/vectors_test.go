package vectors_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// evidence is a small hand-written workspace.
type evidence struct {
	claims []shanyraq.Claim
	groups []shanyraq.Group
	calls  vectors.RollCalls
	failed error
}

func (e *evidence) Claims(_ context.Context, q shanyraq.Query) ([]shanyraq.Claim, error) {
	var out []shanyraq.Claim
	for i := range e.claims {
		if q.Match(&e.claims[i]) {
			out = append(out, e.claims[i])
		}
	}
	slices.SortStableFunc(out, func(a, b shanyraq.Claim) int { return cmp.Compare(a.ID, b.ID) })
	return out, e.failed
}

func (e *evidence) Groups(context.Context) ([]shanyraq.Group, error) { return e.groups, nil }

func (e *evidence) RollCalls(context.Context) (vectors.RollCalls, error) {
	if len(e.calls.Calls) == 0 {
		return vectors.RollCalls{}, shanyraq.Errorf("evidence.RollCalls", shanyraq.NotFound, "no roll calls")
	}
	return e.calls, nil
}

// powers are China, Russia, the union and the United States; the union is
// Germany, France and, until 2020, Britain.
func powers() []shanyraq.Group {
	return []shanyraq.Group{
		{ID: vectors.Powers, Members: []shanyraq.Member{{Place: "CHN"}, {Place: "RUS"}, {Place: "EUU"}, {Place: "USA"}, {Place: "CHN", From: 2000}}},
		{ID: vectors.Union, Members: []shanyraq.Member{{Place: "DEU", From: 1958}, {Place: "FRA", From: 1958}, {Place: "GBR", From: 1973, To: 2020}}},
	}
}

func claim(source, series, place, partner, when string, v float64, unit shanyraq.Unit) shanyraq.Claim {
	return shanyraq.Claim{
		ID:     shanyraq.ClaimID(strings.Join([]string{source, series, place, cmp.Or(partner, "-"), cmp.Or(when, "undated")}, "/")),
		Source: shanyraq.SourceID(source), Series: shanyraq.SeriesID(series), Place: shanyraq.CountryCode(place), Partner: shanyraq.CountryCode(partner),
		When: shanyraq.Period(when), Value: v, Unit: unit, Strength: shanyraq.Estimated,
	}
}

// exports are shares in percent of one source and year: "CHN 16", "DEU 5".
func exports(source, when string, shares ...string) []shanyraq.Claim {
	var out []shanyraq.Claim
	for _, s := range shares {
		var partner string
		var v float64
		if _, err := fmt.Sscan(s, &partner, &v); err != nil {
			panic(err) // a mistake in the test
		}
		out = append(out, claim(source, "export_share", "KAZ", partner, when, v, "percent"))
	}
	return out
}

func balance(t testing.TB, e *evidence) vectors.Balance {
	t.Helper()
	if e.groups == nil {
		e.groups = powers()
	}
	b, err := vectors.New(e).Balance(t.Context(), "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func rowOf(t testing.TB, b vectors.Balance, key string) vectors.Row {
	t.Helper()
	for _, r := range b.Rows {
		if r.Domain.Key == key {
			return r
		}
	}
	t.Fatalf("no domain %s", key)
	return vectors.Row{}
}

func near(t testing.TB, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s = %v, want %v ± %v", what, got, want, tol)
	}
}

func TestPowers(t *testing.T) {
	e := &evidence{groups: powers()}
	for home, want := range map[shanyraq.CountryCode]string{"KAZ": "CHN RUS EUU USA", "RUS": "CHN EUU USA"} {
		b, err := vectors.New(e).Balance(t.Context(), home)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range b.Powers {
			got = append(got, string(p))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("the powers of %s are %v, want %s", home, got, want)
		}
	}
	_, err := vectors.New(&evidence{}).Balance(t.Context(), "KAZ")
	if shanyraq.KindOf(err) != shanyraq.NotFound || shanyraq.TextOf(err).Key != "vectors.error.powers" {
		t.Errorf("without powers: %v", err)
	}
	broken := &evidence{groups: powers(), failed: errors.New("disk")}
	if _, err := vectors.New(broken).Balance(t.Context(), "KAZ"); !errors.Is(err, broken.failed) || shanyraq.KindOf(err) != shanyraq.Other {
		t.Errorf("with a failing disk: %v", err)
	}
}

// Wants worked by hand.
func TestExports(t *testing.T) {
	strong := func(cs []shanyraq.Claim, s shanyraq.Strength) []shanyraq.Claim {
		for i := range cs {
			cs[i].Strength = s
		}
		return cs
	}
	type want struct {
		v, lo, hi float64
		kind      shanyraq.IntervalKind
	}
	printed, spread, bounds := shanyraq.Printed, shanyraq.Spread, shanyraq.Bounds
	five := []string{"CHN 16", "GBR 15", "RUS 11", "TUR 6", "ITA 5"}
	for _, tt := range []struct {
		name   string
		claims []shanyraq.Claim
		year   int
		shares map[shanyraq.CountryCode]want
		below  map[shanyraq.CountryCode]float64
	}{
		{"nothing known", nil, 0, nil, nil},
		{"one list of the largest", exports("cia", "2023", five...), 2023,
			map[shanyraq.CountryCode]want{"CHN": {16, 15.5, 16.5, printed}, "RUS": {11, 10.5, 11.5, printed}},
			map[shanyraq.CountryCode]float64{"USA": 5.5}},
		{"two sources contradict each other: the stronger stands, the range is of both",
			append(exports("cia", "2023", five...), strong(exports("bns", "2023", "CHN 18.53", "EUU 39.16"), shanyraq.Measured)...), 2023,
			map[shanyraq.CountryCode]want{"CHN": {18.53, 15.5, 18.535, spread}, "EUU": {39.16, 39.155, 39.165, printed}, "RUS": {11, 10.5, 11.5, printed}},
			map[shanyraq.CountryCode]float64{"USA": 5.5}},
		{"two of one strength: the one whose name comes first", append(exports("b", "2023", "CHN 18"), exports("a", "2023", "CHN 14")...), 2023,
			map[shanyraq.CountryCode]want{"CHN": {14, 13.5, 18.5, spread}}, nil},
		{"members of the union add up, and what is unlisted could be theirs",
			exports("cia", "2023", "CHN 21", "DEU 12", "RUS 11", "FRA 6", "GBR 5"), 2023,
			map[shanyraq.CountryCode]want{"EUU": {18, 17, 19 + 100 - (55 - 2.5), bounds}},
			map[shanyraq.CountryCode]float64{"USA": 5.5}},
		{"members of that year, and no later ones", exports("cia", "2019", "CHN 21", "DEU 12", "RUS 11", "FRA 6", "GBR 5"), 2019,
			map[shanyraq.CountryCode]want{"EUU": {23, 21.5, 24.5 + 100 - (55 - 2.5), bounds}}, map[shanyraq.CountryCode]float64{"USA": 5.5}},
		{"two partners are no list", exports("cia", "2023", "CHN 16", "RUS 10.5"), 2023,
			map[shanyraq.CountryCode]want{"CHN": {16, 15.5, 16.5, printed}}, nil},
		{"one small partner of another source does not lower what the unlisted can have",
			append(exports("cia", "2023", five...), exports("aaa", "2023", "MLT 0.1")...), 2023, nil, map[shanyraq.CountryCode]float64{"USA": 5.5}},
		{"a later year with fewer partners does not displace a fuller one",
			append(exports("cia", "2023", five...), exports("cia", "2025", "CHN 19", "RUS 10", "EUU 44")...), 2023, nil, nil},
		{"one with nearly as many does",
			append(exports("cia", "2023", five...), exports("cia", "2025", "CHN 19", "RUS 12", "EUU 44", "TUR 6")...), 2025,
			map[shanyraq.CountryCode]want{"EUU": {44, 43.5, 44.5, printed}}, nil},
		{"a share of more than all is none", exports("cia", "2023", "CHN 160", "GBR 15", "RUS 11", "TUR 6"), 2023,
			map[shanyraq.CountryCode]want{"RUS": {11, 10.5, 11.5, printed}}, nil},
		{"all of it goes to one", exports("cia", "2023", "CHN 100"), 2023, map[shanyraq.CountryCode]want{"CHN": {100, 50, 100, printed}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			row := rowOf(t, balance(t, &evidence{claims: tt.claims}), "exports")
			if row.Year != tt.year {
				t.Errorf("year %d, want %d", row.Year, tt.year)
			}
			for p, w := range tt.shares {
				f, ok := row.Shares[p]
				if !ok {
					t.Errorf("%s has no share", p)
					continue
				}
				iv := f.Interval()
				const tol = 1e-9 // sums of a few decimals
				near(t, string(p), f.Value(), w.v, tol)
				near(t, string(p)+" from", iv.Lo, w.lo, tol)
				near(t, string(p)+" to", iv.Hi, min(100, w.hi), tol)
				if iv.Kind != w.kind {
					t.Errorf("%s: a range of kind %s, want %s", p, iv.Kind, w.kind)
				}
			}
			if tt.below != nil && !reflect.DeepEqual(row.Below, tt.below) {
				t.Errorf("below %v, want %v", row.Below, tt.below)
			}
			if _, ok := row.Shares["USA"]; ok {
				t.Error("a power nobody lists has a share")
			}
		})
	}
}

func TestConcentration(t *testing.T) {
	for _, tt := range []struct {
		name   string
		claims []shanyraq.Claim
		want   float64 // NaN if there is none
		hi     float64
	}{
		{"two partners say too little", exports("cia", "2023", "CHN 50", "RUS 30"), math.NaN(), 0},
		{"the union is no country", exports("cia", "2023", "CHN 40", "RUS 30", "EUU 90", "TUR 30"), 0.34, 0.36},
		{"three of three", exports("cia", "2023", "CHN 40", "RUS 30", "TUR 30"), 0.34, 0.36},
		{"shares of different wholes have none", exports("cia", "2023", "CHN 80", "RUS 70", "TUR 60"), math.NaN(), 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := rowOf(t, balance(t, &evidence{claims: tt.claims}), "exports").Concentration
			if math.IsNaN(tt.want) {
				if !f.IsZero() {
					t.Errorf("concentration %v", f.Value())
				}
				return
			}
			if f.IsZero() {
				t.Fatal("no concentration")
			}
			near(t, "concentration", f.Value(), tt.want, 1e-12)
			if iv := f.Interval(); iv.Kind != shanyraq.Bounds || iv.Lo > tt.want || iv.Hi < tt.want || iv.Hi > tt.hi {
				t.Errorf("between %v and %v (%s)", iv.Lo, iv.Hi, iv.Kind)
			}
		})
	}
	// With the largest of the unlisted at most as large as the smallest listed,
	// what is unlisted concentrates less than where one other may hold it all.
	top := rowOf(t, balance(t, &evidence{claims: exports("cia", "2023", "CHN 16", "RUS 11", "TUR 6")}), "exports").Concentration
	mixed := rowOf(t, balance(t, &evidence{claims: append(exports("cia", "2023", "CHN 16", "RUS 11", "TUR 6"), exports("aaa", "2023", "MLT 0.1")...)}), "exports").Concentration
	if !(top.Interval().Hi < 0.11 && mixed.Interval().Hi > 0.4) {
		t.Errorf("upper limits %v and %v", top.Interval().Hi, mixed.Interval().Hi)
	}
	listed := func(f shanyraq.Figure) bool {
		return slices.ContainsFunc(f.Lineage().Assumptions, func(a shanyraq.Assumption) bool { return a.Text.Key == "assume.list_is_largest" })
	}
	if !listed(top) || listed(mixed) {
		t.Error("the list is said to be of the largest where it is not, or the other way round")
	}
}

func TestAmounts(t *testing.T) {
	investment := func(source, partner string, v float64) shanyraq.Claim {
		return claim(source, "fdi_cumulative", "KAZ", partner, "2019", v, "usd")
	}
	whole := investment("bank", "WLD", 200)
	whole.Step = 1
	row := rowOf(t, balance(t, &evidence{claims: []shanyraq.Claim{whole, investment("bank", "USA", 51), investment("bank", "DEU", 41), investment("bank", "CHE", 22)}}), "investment")
	f := row.Shares["USA"]
	near(t, "share", f.Value(), 25.5, 1e-12)
	near(t, "from", f.Interval().Lo, 100*50.5/200.5, 1e-9)
	near(t, "to", f.Interval().Hi, 100*51.5/199.5, 1e-9)
	if len(row.Below) != 0 {
		t.Errorf("a list that is not of the largest limits %v", row.Below)
	}
	eu := row.Shares["EUU"]
	near(t, "union", eu.Value(), 20.5, 1e-12)
	if hi := eu.Interval().Hi; hi < 20.5+100-57 {
		t.Errorf("the union holds at most %v although 43 %% are unlisted", hi)
	}
	if row := rowOf(t, balance(t, &evidence{claims: []shanyraq.Claim{investment("bank", "USA", 50)}}), "investment"); len(row.Partners) != 0 || row.Year != 0 {
		t.Errorf("a part without a whole has the share %+v in %d", row.Partners, row.Year)
	}
	row = rowOf(t, balance(t, &evidence{claims: []shanyraq.Claim{whole, investment("bank", "USA", 500), investment("bank", "CHN", 19)}}), "investment")
	if _, ok := row.Shares["USA"]; ok || row.Shares["CHN"].IsZero() {
		t.Error("a part larger than its whole has a share, or the others lost theirs")
	}
	// Part and whole of one source belong together.
	row = rowOf(t, balance(t, &evidence{claims: []shanyraq.Claim{whole, investment("ministry", "WLD", 400), investment("ministry", "USA", 101)}}), "investment")
	near(t, "share in one's own whole", row.Shares["USA"].Value(), 25.25, 1e-12)
}

// Where a source lists every host but no whole, the whole is their sum.
func TestPeople(t *testing.T) {
	person := func(source, host, when string, v float64) shanyraq.Claim {
		c := claim(source, "people_from", host, "KAZ", when, v, "persons")
		c.Definition, c.Step = "migrant_stock", 1
		return c
	}
	other := person("census", "USA", "2024", 1e6)
	other.Definition = "birthplace"
	part := person("un", "RUS", "2024", 7)
	part.Area, part.ID = "RU-MOS", "un/people_from/RUS/KAZ/moscow/2024"
	home := person("un", "KAZ", "2024", 9e6)
	e := &evidence{claims: []shanyraq.Claim{person("un", "RUS", "2024", 600), person("un", "DEU", "2024", 300), person("un", "FRA", "2024", 50), person("un", "USA", "2024", 50), other, part, home,
		person("old", "RUS", "2020", 900), person("old", "DEU", "2020", 100), person("old", "FRA", "2020", 100), person("old", "USA", "2020", 100), person("old", "GBR", "2020", 100)}}
	row := rowOf(t, balance(t, e), "people")
	if row.Year != 2024 || len(row.Totals) != 1 || len(row.Partners) != 4 {
		t.Fatalf("in %d, %d totals of %d partners", row.Year, len(row.Totals), len(row.Partners))
	}
	total := row.Totals[0]
	if total.Value() != 1000 || total.Interval() != (shanyraq.Interval{Lo: 998, Hi: 1002, Kind: shanyraq.Printed}) || len(total.Lineage().Inputs) != 4 || total.Lineage().Method != vectors.MethodTotal {
		t.Errorf("the whole is %v, %+v of %d", total.Value(), total.Interval(), len(total.Lineage().Inputs))
	}
	for p, want := range map[shanyraq.CountryCode]float64{"RUS": 60, "USA": 5, "EUU": 35} {
		near(t, string(p), row.Shares[p].Value(), want, 1e-9)
	}
	if iv := row.Shares["EUU"].Interval(); iv.Lo < 34.8 || iv.Hi > 35.2 {
		t.Errorf("where every host is listed the union holds between %v and %v", iv.Lo, iv.Hi)
	}
	near(t, "concentration", row.Concentration.Value(), 0.6*0.6+0.3*0.3+2*0.05*0.05, 1e-12)
	f, err := vectors.New(e).Figure(t.Context(), strings.TrimPrefix(total.Path(), "vectors/"))
	if err != nil || !reflect.DeepEqual(f, total) {
		t.Errorf("the whole opens to %v, %v", f.Value(), err)
	}
}

// What is undated stands beside the newest year, and what is ten years older too.
func TestStudents(t *testing.T) {
	student := func(host, when string, v float64) shanyraq.Claim {
		return claim("ministry", "students_from", host, "KAZ", when, v, "persons")
	}
	row := rowOf(t, balance(t, &evidence{claims: []shanyraq.Claim{
		student("WLD", "", 80000), student("RUS", "2020..2021", 61000), student("RUS", "", 59000), student("CHN", "2017", 14224), student("USA", "2005", 500), student("KOR", "", 1000)}}), "students")
	if row.Year != 2021 {
		t.Errorf("year %d", row.Year)
	}
	near(t, "Russia", row.Shares["RUS"].Value(), 76.25, 1e-12)
	near(t, "China", row.Shares["CHN"].Value(), 17.78, 1e-12)
	if _, ok := row.Shares["USA"]; ok || len(row.Below) != 0 {
		t.Errorf("sixteen years before is a rival, or the unlisted are limited: %v", row.Below)
	}
	if row := rowOf(t, balance(t, &evidence{claims: []shanyraq.Claim{student("WLD", "", 80000), student("RUS", "", 60000)}}), "students"); row.Year != 0 || row.Shares["RUS"].IsZero() {
		t.Errorf("with nothing dated: year %d, Russia %v", row.Year, row.Shares["RUS"].Value())
	}
}

// Votes worked by hand: of five sessions with two votes each, KAZ and CHN are
// alike in 8 of 10, KAZ and USA in 1 of the 9 at which the United States voted.
func TestAgreement(t *testing.T) {
	rc := vectors.RollCalls{Sources: []shanyraq.SourceID{"un"}, States: []vectors.VotingState{{Code: "CHN"}, {Code: "DEU"}, {Code: "FRA"}, {Code: "GBR"}, {Code: "KAZ"}, {Code: "RUS"}, {Code: "USA"}}}
	for i, v := range []string{
		//CDFGKRU
		"YYYYY.N", "YYYNY.N",
		"NNNNY.N", "YYYYY.A",
		"ANNNA.A", "YYYNY.N",
		"YYYYN.Y", "YNNNY..",
		"NNNNN.Y", "YAAAY.N",
	} {
		rc.Calls = append(rc.Calls, vectors.RollCall{Session: 70 + i/2, Votes: v})
	}
	older := vectors.RollCall{Session: 69, Votes: "YNNNN.N"}
	rc.Calls = append([]vectors.RollCall{older}, rc.Calls...)
	// A vote of a session resumed after the next began comes later in the list.
	rc.Calls[8], rc.Calls[10] = rc.Calls[10], rc.Calls[8]
	b := balance(t, &evidence{calls: rc})
	if b.VoteYears != [2]int{2015, 2019} {
		t.Errorf("years %v", b.VoteYears)
	}
	near(t, "China", b.Agreement["CHN"].Value(), 80, 1e-12)
	near(t, "United States", b.Agreement["USA"].Value(), 100.0/9, 1e-12)
	if _, ok := b.Agreement["RUS"]; ok {
		t.Error("one that never voted agrees")
	}
	// Germany and France are alike with KAZ in 5 of 10, Britain, a member in 2019, in 3.
	eu := b.Agreement["EUU"]
	near(t, "union", eu.Value(), 100*(0.5+0.5+0.3)/3, 1e-9)
	if iv := eu.Interval(); iv.Kind != shanyraq.Spread || math.Abs(iv.Lo-30) > 1e-9 || math.Abs(iv.Hi-50) > 1e-9 {
		t.Errorf("union from %v to %v (%s)", iv.Lo, iv.Hi, iv.Kind)
	}
	if f := b.Agreement["CHN"]; !strings.HasPrefix(f.Lineage().Formula, "8 / 10 = 80.0 %") || f.Interval().Kind != shanyraq.Confidence || f.Interval().Level != 0.95 {
		t.Errorf("%s, %+v", f.Lineage().Formula, f.Interval())
	}
	for name, e := range map[string]*evidence{
		"no roll calls":      {},
		"home never a state": {calls: vectors.RollCalls{States: []vectors.VotingState{{Code: "CHN"}}, Calls: []vectors.RollCall{{Session: 70, Votes: "Y"}, {Session: 71, Votes: "Y"}}}},
		"a single session":   {calls: vectors.RollCalls{States: []vectors.VotingState{{Code: "CHN"}, {Code: "KAZ"}}, Calls: []vectors.RollCall{{Session: 70, Votes: "YY"}}}},
	} {
		if b := balance(t, e); len(b.Agreement) != 0 {
			t.Errorf("%s: %v", name, b.Agreement)
		}
	}
}

func TestMemberships(t *testing.T) {
	seat := func(place, body, note string) shanyraq.Claim {
		c := claim("cia", "igo_membership", place, "", "", 1, "records")
		c.Subject, c.Note, c.When = body, note, "2026"
		c.ID += shanyraq.ClaimID(body)
		return c
	}
	b := balance(t, &evidence{claims: []shanyraq.Claim{
		seat("KAZ", "UN", "member"), seat("KAZ", "SCO", "member"), seat("KAZ", "ADB", "member"), seat("KAZ", "NAM", "observer"),
		seat("CHN", "UN", ""), seat("CHN", "SCO", "member"), seat("CHN", "NAM", "member"),
		seat("USA", "UN", "member"), seat("USA", "SCO", "observer"), seat("USA", "ADB", "nonregional member"), seat("USA", "NATO", "member"),
	}})
	for p, want := range map[shanyraq.CountryCode]string{"CHN": "2 / 3 = 66.7 %", "USA": "2 / 3 = 66.7 %"} {
		f := b.Memberships[p]
		if f.Lineage().Formula != want || f.Interval().Kind != shanyraq.Counted || f.Path() != "vectors/organisations/KAZ/"+string(p)+"/2026" {
			t.Errorf("%s: %s at %s, %+v", p, f.Lineage().Formula, f.Path(), f.Interval())
		}
	}
	if _, ok := b.Memberships["RUS"]; ok {
		t.Error("one of whom no list is held shares organisations")
	}
}

func TestRecords(t *testing.T) {
	e := &evidence{groups: powers(), claims: []shanyraq.Claim{
		claim("n", "leader_visit", "KAZ", "CHN", "2022-09-14", 1, "records"), claim("n", "leader_visit", "CHN", "KAZ", "2023-05-17", 1, "records"),
		claim("n", "leader_visit", "KAZ", "USA", "2023-02-28", 1, "records"), claim("n", "leader_visit", "USA", "CHN", "2024", 1, "records"),
		claim("w", "diplomatic_post", "KAZ", "CHN", "", 1, "records"), claim("t", "trade_turnover", "KAZ", "CHN", "2022", 24e9, "usd"),
	}}
	r := vectors.New(e)
	got, err := r.Records(t.Context(), "KAZ", "CHN")
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Visits) != 2 || got.Visits[0].When != "2023-05-17" || len(got.Posts) != 1 || len(got.Amounts) != 1 {
		t.Errorf("%+v", got)
	}
	if got, err := r.Records(t.Context(), "KAZ", ""); err != nil || len(got.Visits) != 3 {
		t.Errorf("of every partner: %d visits, %v", len(got.Visits), err)
	}
}

// Whatever is claimed, shares lie in [0, 100] and in their ranges, limits hold
// the index, and the answer does not depend on the order of the evidence.
func TestBalanceProperties(t *testing.T) {
	partners := []string{"CHN", "RUS", "USA", "DEU", "FRA", "GBR", "TUR", "EUU", "WLD"}
	rapid.Check(t, func(t *rapid.T) {
		var claims []shanyraq.Claim
		for range rapid.IntRange(0, 25).Draw(t, "claims") {
			source := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "source")
			partner := rapid.SampledFrom(partners).Draw(t, "partner")
			when := rapid.SampledFrom([]string{"", "2019", "2023"}).Draw(t, "when")
			v := float64(rapid.IntRange(0, 120).Draw(t, "value"))
			var c shanyraq.Claim
			switch rapid.IntRange(0, 3).Draw(t, "series") {
			case 0:
				c = claim(source, "export_share", "KAZ", partner, when, v, "percent")
			case 1:
				c = claim(source, "fdi_cumulative", "KAZ", partner, when, v*1e9, "usd")
			case 2:
				c = claim(source, "people_from", partner, "KAZ", when, v, "persons")
				c.Definition = "migrant_stock"
			default:
				c = claim(source, "students_from", partner, "KAZ", when, v, "persons")
			}
			c.Strength = shanyraq.Strength(rapid.IntRange(1, 4).Draw(t, "strength"))
			if !slices.ContainsFunc(claims, func(x shanyraq.Claim) bool { return x.ID == c.ID }) {
				claims = append(claims, c)
			}
		}
		ask := func(cs []shanyraq.Claim) vectors.Balance {
			b, err := vectors.New(&evidence{claims: cs, groups: powers()}).Balance(context.Background(), "KAZ")
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		b := ask(claims)
		for _, row := range b.Rows {
			for _, p := range row.Partners {
				if v, iv := p.Share.Value(), p.Share.Interval(); v < 0 || v > 100 || iv.Lo < 0 || iv.Hi > 100+1e-9 || !iv.Contains(v) {
					t.Fatalf("%s of %s: %v in %+v", row.Domain.Key, p.Place, v, iv)
				}
			}
			if iv := row.Concentration.Interval(); !row.Concentration.IsZero() && (iv.Lo < 0 || iv.Hi > 1+1e-9) {
				t.Fatalf("%s is concentrated between %v and %v", row.Domain.Key, iv.Lo, iv.Hi)
			}
			for p := range row.Below {
				if _, ok := row.Shares[p]; ok {
					t.Fatalf("%s: %s has a share and is not listed", row.Domain.Key, p)
				}
			}
		}
		seen := map[string]shanyraq.Figure{}
		for _, f := range b.Figures() {
			if was, ok := seen[f.Path()]; ok && !reflect.DeepEqual(was, f) {
				t.Fatalf("two figures at %s", f.Path())
			}
			seen[f.Path()] = f
		}
		shuffled := slices.Clone(claims)
		rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "order"))).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if again := ask(shuffled); !reflect.DeepEqual(again, b) {
			t.Fatalf("in another order:\n%+v\n%+v", again, b)
		}
	})
}

func TestFigurePaths(t *testing.T) {
	e := &evidence{groups: powers(), claims: exports("cia", "2023", "CHN 16", "GBR 15", "RUS 11", "TUR 6", "DEU 5")}
	r := vectors.New(e)
	for _, path := range []string{"exports/KAZ/CHN/2023", "exports/KAZ/GBR/2023", "exports/KAZ/EUU/2023", "exports/KAZ/concentration/2023"} {
		if f, err := r.Figure(t.Context(), path); err != nil || f.Path() != "vectors/"+path {
			t.Errorf("%s opens to %q, %v", path, f.Path(), err)
		}
	}
	for _, path := range []string{"", "exports", "exports/KAZ/USA/2023", "exports/KAZ/CHN/2022", "exports/UZB/CHN/2023", "exports/KAZ/CHN/2023/x", "magic/KAZ/CHN/2023"} {
		if f, err := r.Figure(t.Context(), path); shanyraq.KindOf(err) != shanyraq.NotFound || !f.IsZero() {
			t.Errorf("%q opens to %q, %v", path, f.Path(), err)
		}
	}
}
