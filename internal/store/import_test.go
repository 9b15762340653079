package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"shanyraq"
)

func TestImportRefuses(t *testing.T) {
	ctx := context.Background()
	s := create(t, builtIn())
	good := claim("wdi", "gdp", "KAZ", "2021", 1)
	with := func(change func(*shanyraq.Claim)) Batch {
		bad := claim("wdi", "gdp", "DEU", "2021", 5)
		change(&bad)
		return Batch{Claims: []shanyraq.Claim{good, bad}}
	}
	for _, tt := range []struct {
		name  string
		batch Batch
		key   string
	}{
		{"a place that is no code", with(func(c *shanyraq.Claim) { c.Place = "de"; c.ID = "wdi/gdp/de/-/2021" }), "store.claim_place"},
		{"no place", with(func(c *shanyraq.Claim) { c.Place = ""; c.ID = "wdi/gdp//-/2021" }), "store.claim_place"},
		{"a partner that is no code", with(func(c *shanyraq.Claim) { c.Partner = "KAZAKH"; c.ID = "wdi/gdp/DEU/KAZAKH/2021" }), "store.claim_place"},
		{"a time that is none", with(func(c *shanyraq.Claim) { c.When = "May"; c.ID = "wdi/gdp/DEU/-/May" }), "store.claim_when"},
		{"a name of another place", with(func(c *shanyraq.Claim) { c.ID = "wdi/gdp/FRA/-/2021" }), "store.claim_id"},
		{"a name of another time", with(func(c *shanyraq.Claim) { c.ID = "wdi/gdp/DEU/-/2022" }), "store.claim_id"},
		{"a name of another series", with(func(c *shanyraq.Claim) { c.ID = "wdi/people/DEU/-/2021" }), "store.claim_id"},
		{"a name without a partner that is there", with(func(c *shanyraq.Claim) { c.Partner = "KAZ" }), "store.claim_id"},
		{"no name", with(func(c *shanyraq.Claim) { c.ID = "" }), "store.claim_id"},
		{"no source", with(func(c *shanyraq.Claim) { c.Source = ""; c.ID = "/gdp/DEU/-/2021" }), "store.claim_id"},
		{"dated and named undated", with(func(c *shanyraq.Claim) { c.ID = "wdi/gdp/DEU/-/undated" }), "store.claim_id"},
		{"no number", with(func(c *shanyraq.Claim) { c.Value = math.NaN() }), "store.claim_range"},
		{"no end", with(func(c *shanyraq.Claim) { c.Value = math.Inf(-1) }), "store.claim_range"},
		{"a range that leaves the value out", with(func(c *shanyraq.Claim) { c.Stated = &shanyraq.Interval{Lo: 6, Hi: 7, Kind: shanyraq.Judged} }), "store.claim_range"},
		{"a range of no kind", with(func(c *shanyraq.Claim) { c.Stated = &shanyraq.Interval{Lo: 4, Hi: 7} }), "store.claim_range"},
		{"a step below zero", with(func(c *shanyraq.Claim) { c.Step = -1 }), "store.claim_step"},
		{"a step that is no number", with(func(c *shanyraq.Claim) { c.Step = math.NaN() }), "store.claim_step"},
		{"a step without end", with(func(c *shanyraq.Claim) { c.Step = math.Inf(1) }), "store.claim_step"},
		{"a unit that is none", with(func(c *shanyraq.Claim) { c.Unit = "US$" }), "store.claim_unit"},
		{"another unit than its series", with(func(c *shanyraq.Claim) { c.Unit = "persons" }), "store.claim_unit"},
		{"no strength", with(func(c *shanyraq.Claim) { c.Strength = 0 }), "store.claim_strength"},
		{"a strength there is not", with(func(c *shanyraq.Claim) { c.Strength = 9 }), "store.claim_strength"},
		{"a source nobody knows", with(func(c *shanyraq.Claim) { c.Source = "x"; c.ID = "x/gdp/DEU/-/2021" }), "store.claim_source"},
		{"a series nobody knows", with(func(c *shanyraq.Claim) { c.Series = "x"; c.ID = "wdi/x/DEU/-/2021" }), "store.claim_series"},
		{"bytes that are no text", with(func(c *shanyraq.Claim) { c.Note = "\xff" }), "store.claim_text"},
		{"a zero byte", with(func(c *shanyraq.Claim) { c.Who = "a\x00b" }), "store.claim_text"},
		{"a name that is no text", with(func(c *shanyraq.Claim) { c.ID = "wdi/gdp/DEU/-/\xff/2021" }), "store.claim_text"},
		{"the same twice with different contents", Batch{Claims: []shanyraq.Claim{good, claim("wdi", "gdp", "KAZ", "2021", 2)}}, "store.claim_twice"},
		{"a source without a name", Batch{Source: &shanyraq.Source{}, Claims: []shanyraq.Claim{good}}, "store.source_id"},
		{"a source with a slash", Batch{Source: &shanyraq.Source{ID: "a/b"}}, "store.source_id"},
		{"a series without a name", Batch{Series: []shanyraq.Series{{Unit: "usd"}}}, "store.series_id"},
		{"a series without a unit", Batch{Series: []shanyraq.Series{{ID: "x"}}}, "store.series_id"},
		{"a known series in another unit", Batch{Series: []shanyraq.Series{{ID: "gdp", Unit: "persons"}}}, "store.series_unit"},
		{"a series twice in different units", Batch{Series: []shanyraq.Series{{ID: "x", Unit: "usd"}, {ID: "x", Unit: "persons"}}}, "store.series_unit"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, err := s.Import(ctx, tt.batch, "w")
			refused(t, err, shanyraq.Invalid, tt.key)
			if a.Seq != 0 || a.Counts != (shanyraq.Counts{}) {
				t.Errorf("told of %+v", a)
			}
			if strings.HasPrefix(tt.key, "store.claim_") && tt.key != "store.claim_twice" && tt.key != "store.claim_text" {
				if id := shanyraq.TextOf(err).Args["ID"]; id != string(tt.batch.Claims[1].ID) {
					t.Errorf("the claim named is %q", id)
				}
			}
		})
	}
	if v := version(t, s); v != "0123456789ab" {
		t.Errorf("what was refused led to version %s", v)
	}
	if got := all(t, latest(t, s)); strings.Contains(got, "2021") {
		t.Errorf("of a batch that was refused there is %s", got)
	}
	if log := must[[]shanyraq.Activity](t)(s.Log(ctx, 0)); len(log) != 0 {
		t.Errorf("the log has %+v", log)
	}
}

func TestImportCounts(t *testing.T) {
	ctx := context.Background()
	s := create(t, builtIn())
	source := &shanyraq.Source{ID: "new", Title: "New"}
	series := []shanyraq.Series{{ID: "height", Unit: "km"}}
	tall := claim("new", "height", "NPL", "2020", 8.8)
	tall.Unit = "km"
	other := tall
	other.Value = 8.848
	for _, tt := range []struct {
		name  string
		batch Batch
		want  shanyraq.Counts
		seq   int64 // 0 if nothing had to be written
	}{
		{"new, with its source and series", Batch{Source: source, Series: series, Claims: []shanyraq.Claim{tall}}, shanyraq.Counts{Added: 1}, 1},
		{"the same again", Batch{Source: source, Series: series, Claims: []shanyraq.Claim{tall}}, shanyraq.Counts{Same: 1}, 0},
		{"the same without them", Batch{Claims: []shanyraq.Claim{tall}}, shanyraq.Counts{Same: 1}, 0},
		{"twice in one table", Batch{Claims: []shanyraq.Claim{tall, tall, tall}}, shanyraq.Counts{Same: 3}, 0},
		{"corrected", Batch{Claims: []shanyraq.Claim{other, other}}, shanyraq.Counts{Changed: 1, Same: 1}, 2},
		{"one of each", Batch{Claims: []shanyraq.Claim{other, claim("wdi", "gdp", "KAZ", "2020", 11), claim("wdi", "gdp", "DEU", "2020", 40), claim("wdi", "gdp", "FRA", "2020", 30)}},
			shanyraq.Counts{Same: 2, Changed: 1, Added: 1}, 3},
		{"a new record of the source alone", Batch{Source: &shanyraq.Source{ID: "new", Title: "Newer"}}, shanyraq.Counts{}, 4},
		{"back to what is built in", Batch{Claims: []shanyraq.Claim{claim("wdi", "gdp", "KAZ", "2020", 10)}}, shanyraq.Counts{Changed: 1}, 5},
		{"nothing", Batch{}, shanyraq.Counts{}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := version(t, s)
			a := must[shanyraq.Activity](t)(s.Import(ctx, tt.batch, "Ә"))
			if a.Counts != tt.want || a.Seq != tt.seq || a.Version != version(t, s) || (a.Version == before) != (tt.seq == 0) {
				t.Errorf("line %d to %s with %+v, want line %d with %+v", a.Seq, a.Version, a.Counts, tt.seq, tt.want)
			}
			if a.Who != "Ә" || a.Text.Key != "activity.import" {
				t.Errorf("%s did %+v", a.Who, a.Text)
			}
		})
	}
	r := latest(t, s)
	got := must[[]shanyraq.Source](t)(r.Sources(ctx))
	if len(got) != 3 || got[1].Title != "Newer" {
		t.Errorf("sources %+v", got)
	}
	if n, err := r.SourceNotes(ctx, "new"); err != nil || n != "" {
		t.Errorf("the notes on it are %q, %v", n, err)
	}
	if n, err := r.SourceNotes(ctx, "wdi"); err != nil || n != "prose of wdi" {
		t.Errorf("the notes on a built-in one are %q, %v", n, err)
	}
	if _, err := r.SourceNotes(ctx, "none"); shanyraq.KindOf(err) != shanyraq.NotFound {
		t.Errorf("the notes on none: %v", err)
	}
	if x := must[[]shanyraq.Series](t)(r.Series(ctx)); len(x) != 3 || x[1].ID != "height" {
		t.Errorf("series %+v", x)
	}
	if got, want := all(t, r), "wdi/gdp/DEU/-/2020=40 wdi/gdp/FRA/-/2020=30 wdi/gdp/KAZ/-/2020=10 new/height/NPL/-/2020=8.848 census/people/KAZ/-/2020=19"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	clean(t, s)
}

// A store that says again what is built in says nothing: its version is that of
// the base, whatever the way there.
func TestBackToWhatIsBuiltIn(t *testing.T) {
	ctx := context.Background()
	s := create(t, builtIn())
	for _, v := range []float64{11, 12, 10} {
		must[shanyraq.Activity](t)(s.Import(ctx, Batch{Claims: []shanyraq.Claim{claim("wdi", "gdp", "KAZ", "2020", v)}}, "w"))
	}
	if v := version(t, s); v != "0123456789ab" {
		t.Errorf("version %s", v)
	}
	must[shanyraq.Activity](t)(s.Undo(ctx, 3, "w"))
	if got := all(t, latest(t, s)); !strings.Contains(got, "KAZ/-/2020=12") {
		t.Errorf("undone it says %s", got)
	}
	clean(t, s)
}

// Everything a claim says comes back, and each part of it is in its digest.
func TestClaimsComeBack(t *testing.T) {
	ctx := context.Background()
	s := create(t, builtIn())
	c := claim("wdi", "gdp", "KAZ", "2023-11..2024-02", -0.1)
	c.ID = "wdi/gdp/KAZ/RUS/қ-1/2023-11..2024-02~a1b2c3"
	c.Partner, c.Area, c.Subject, c.Definition, c.Who, c.Address, c.Note = "RUS", "KZ-75", "Қ\n1", "d", "Ә. Б.", "https://example.org/?a=1#b", "«\"'"
	c.Stated, c.Step, c.Strength = &shanyraq.Interval{Lo: -1, Hi: 0, Level: 0.9, Kind: shanyraq.Credible}, 0.5, shanyraq.Opinion
	undated := claim("wdi", "gdp", "KAZ", "", 1e300)
	zero := claim("wdi", "gdp", "KAZ", "2000", math.Copysign(0, -1))
	a := must[shanyraq.Activity](t)(s.Import(ctx, Batch{Claims: []shanyraq.Claim{c, undated, zero}}, "w"))
	for _, want := range []shanyraq.Claim{c, undated, zero} {
		for _, r := range []*Reader{latest(t, s), must[*Reader](t)(s.At(ctx, a.Version))} {
			got := must[shanyraq.Claim](t)(r.Claim(ctx, want.ID))
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v %+v\nwant %+v %+v", got, got.Stated, want, want.Stated)
			}
		}
	}
	clean(t, s)

	base, _ := claimDigest(nil, &c)
	v := reflect.ValueOf(&c).Elem()
	for i := range v.NumField() {
		changed := c
		f := reflect.ValueOf(&changed).Elem().Field(i)
		switch f.Kind() {
		case reflect.String:
			f.SetString(f.String() + "x")
		case reflect.Float64:
			f.SetFloat(f.Float() + 1)
		case reflect.Uint8:
			f.SetUint(f.Uint() - 1)
		case reflect.Pointer:
			for _, iv := range []*shanyraq.Interval{nil, {Lo: -2, Hi: 0, Level: 0.9, Kind: shanyraq.Credible}, {Lo: -1, Hi: 1, Level: 0.9, Kind: shanyraq.Credible}, {Lo: -1, Hi: 0, Level: 0.8, Kind: shanyraq.Credible}, {Lo: -1, Hi: 0, Level: 0.9, Kind: shanyraq.Confidence}} {
				changed.Stated = iv
				if d, _ := claimDigest(nil, &changed); d == base {
					t.Errorf("a range of %+v is as good as %+v", iv, c.Stated)
				}
			}
		default:
			t.Fatalf("nobody looks at field %s", v.Type().Field(i).Name)
		}
		if d, _ := claimDigest(nil, &changed); d == base {
			t.Errorf("%s is not in the digest", v.Type().Field(i).Name)
		}
	}
	// Two lists of fields never run together to the same bytes.
	x, y := c, c
	x.Who, x.Address = "ab", "c"
	y.Who, y.Address = "a", "bc"
	dx, _ := claimDigest(nil, &x)
	if dy, _ := claimDigest(nil, &y); dx == dy {
		t.Error("fields run together")
	}
}

// What a reader picks is what the query matches, whether the claims are kept in
// memory or asked of the file.
func TestQueries(t *testing.T) {
	ctx := context.Background()
	base := builtIn()
	s := create(t, base)
	var claims []shanyraq.Claim
	for _, source := range []string{"wdi", "census"} {
		for _, series := range []string{"gdp", "people"} {
			for _, place := range []string{"DEU", "KAZ", "POL"} {
				for _, when := range []string{"", "2019", "2020", "2021-05"} {
					c := claim(source, series, place, when, float64(len(claims)))
					if place == "POL" {
						c.Partner, c.ID = "KAZ", shanyraq.ClaimID(strings.Replace(string(c.ID), "/-/", "/KAZ/", 1))
					}
					claims = append(claims, c)
				}
			}
		}
	}
	must[shanyraq.Activity](t)(s.Import(ctx, Batch{Claims: claims}, "w"))
	r := latest(t, s)
	everything := must[[]shanyraq.Claim](t)(r.Claims(ctx, shanyraq.Query{}))
	large := &past{store: s, head: s.head}
	large.head.claims = inMemory + 1 // as if there were too many to keep
	for _, q := range []shanyraq.Query{
		{}, {Series: []shanyraq.SeriesID{"gdp"}}, {Series: []shanyraq.SeriesID{"people", "gdp", "gdp", "none"}}, {Places: []shanyraq.CountryCode{"POL"}},
		{Series: []shanyraq.SeriesID{"gdp"}, Places: []shanyraq.CountryCode{"POL", "DEU", "POL"}}, {Partners: []shanyraq.CountryCode{"KAZ"}}, {Sources: []shanyraq.SourceID{"census"}},
		{From: 2020}, {To: 2019}, {From: 2020, To: 2020}, {Series: []shanyraq.SeriesID{"people"}, Places: []shanyraq.CountryCode{"KAZ"}, Sources: []shanyraq.SourceID{"wdi"}, From: 2019, To: 2021},
		{Partners: []shanyraq.CountryCode{"KAZ"}, Places: []shanyraq.CountryCode{"POL"}, To: 2020}, {Places: []shanyraq.CountryCode{"ZZZ"}},
	} {
		t.Run(fmt.Sprintf("%+v", q), func(t *testing.T) {
			var want []shanyraq.Claim
			for i := range everything {
				if q.Match(&everything[i]) {
					want = append(want, everything[i])
				}
			}
			got := must[[]shanyraq.Claim](t)(r.Claims(ctx, q))
			if values(got) != values(want) {
				t.Errorf("got  %s\nwant %s", values(got), values(want))
			}
			small := must[[]shanyraq.Claim](t)(r.over.pick(ctx, q))
			fromFile := must[[]shanyraq.Claim](t)(large.pick(ctx, q))
			if !reflect.DeepEqual(small, fromFile) {
				t.Errorf("kept %s\nasked %s", values(small), values(fromFile))
			}
		})
	}
	c, ok, err := large.claim(ctx, claims[3].ID)
	if err != nil || !ok || !reflect.DeepEqual(c, claims[3]) {
		t.Errorf("asked of the file: %+v, %v, %v", c, ok, err)
	}
	if _, ok, err := large.claim(ctx, "none"); err != nil || ok {
		t.Errorf("asked of the file for what is not there: %v, %v", ok, err)
	}
}

// A reader reads its line for ever, whatever happens afterwards.
func TestAt(t *testing.T) {
	ctx := context.Background()
	s := create(t, builtIn())
	var versions, contents []string
	note := func() {
		r := latest(t, s)
		versions, contents = append(versions, r.Version()), append(contents, all(t, r))
	}
	note()
	for i := range 3 * readersKept { // more than are kept
		must[shanyraq.Activity](t)(s.Import(ctx, Batch{Claims: []shanyraq.Claim{claim("wdi", "gdp", "KAZ", fmt.Sprint(1990+i/2), float64(100+i))}}, "w"))
		note()
	}
	for range 2 {
		for i := len(versions) - 1; i >= 0; i-- {
			r := must[*Reader](t)(s.At(ctx, versions[i]))
			if r.Version() != versions[i] || all(t, r) != contents[i] || r.Seq() != int64(i) {
				t.Fatalf("line %d as version %s reads %s", r.Seq(), r.Version(), all(t, r))
			}
			if len(s.readers) > readersKept {
				t.Fatalf("%d versions are kept in memory", len(s.readers))
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = reopen(t, s.Path(), builtIn(), Options{})
	}
	if r := must[*Reader](t)(s.At(ctx, "")); r.Version() != versions[len(versions)-1] {
		t.Errorf("the newest is %s", r.Version())
	}
	_, err := s.At(ctx, "ffffffffffff")
	refused(t, err, shanyraq.NotFound, "store.version_unknown")

	// With other built-in tables the same lines lead to other versions.
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	other := builtIn()
	other.version = "fedcba987654"
	s = reopen(t, s.Path(), other, Options{Now: clock()})
	_, err = s.At(ctx, versions[1])
	refused(t, err, shanyraq.NotFound, "store.version_base")
	_, err = s.At(ctx, "0123456789ab")
	refused(t, err, shanyraq.NotFound, "store.version_base")
	now := version(t, s)
	if slices.Contains(versions, now) {
		t.Errorf("over other tables it is still %s", now)
	}
	must[shanyraq.Activity](t)(s.Import(ctx, Batch{Claims: []shanyraq.Claim{claim("wdi", "gdp", "DEU", "1999", 1)}}, "w"))
	if r := must[*Reader](t)(s.At(ctx, now)); r.Version() != now || all(t, r) != contents[len(contents)-1] {
		t.Errorf("a line written over the former tables reads %s at %s", all(t, r), r.Version())
	}
	if r := must[*Reader](t)(s.At(ctx, "fedcba987654")); r.Seq() != 0 || all(t, r) != contents[0] {
		t.Errorf("the tables alone read %s", all(t, r))
	}
	clean(t, s)
}

// A draft shows what an import would do, and does nothing.
func TestWith(t *testing.T) {
	ctx := context.Background()
	s := create(t, builtIn())
	must[shanyraq.Activity](t)(s.Import(ctx, Batch{Claims: []shanyraq.Claim{claim("wdi", "gdp", "KAZ", "2020", 11)}}, "w"))
	r := latest(t, s)
	before := all(t, r)
	tall := claim("wdi", "height", "NPL", "2020", 8.8)
	tall.Unit = "km"
	given := []shanyraq.Claim{tall, claim("wdi", "gdp", "KAZ", "2020", 12), claim("wdi", "gdp", "DEU", "2020", 41)}
	d := r.With(given, []shanyraq.Series{{ID: "height", Unit: "km"}})
	if got, want := all(t, d), "wdi/gdp/DEU/-/2020=41 wdi/gdp/KAZ/-/2020=12 wdi/height/NPL/-/2020=8.8 census/people/KAZ/-/2020=19"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if c, err := d.Claim(ctx, "wdi/gdp/KAZ/-/2020"); err != nil || c.Value != 12 {
		t.Errorf("by name it is %v, %v", c.Value, err)
	}
	if x := must[[]shanyraq.Series](t)(d.Series(ctx)); len(x) != 3 {
		t.Errorf("series %+v", x)
	}
	if g := must[[]shanyraq.Group](t)(d.Groups(ctx)); len(g) != 2 {
		t.Errorf("groups %+v", g)
	}
	if all(t, r) != before || version(t, s) != r.Version() {
		t.Error("a draft changed the store")
	}
	if d.Version() == r.Version() {
		t.Error("a draft has the version of what it is over")
	}
	if _, err := s.At(ctx, d.Version()); shanyraq.KindOf(err) != shanyraq.NotFound {
		t.Errorf("a draft can be opened: %v", err)
	}
	slices.Reverse(given)
	if other := r.With(given, []shanyraq.Series{{ID: "height", Unit: "km"}}); other.Version() != d.Version() {
		t.Error("a draft's version depends on the order")
	}
	if given[0].Place != "DEU" {
		t.Error("a draft reordered what it was given")
	}
	if none := r.With(nil, nil); none.Version() != r.Version() || all(t, none) != before {
		t.Error("a draft of nothing differs")
	}
	if twice := d.With([]shanyraq.Claim{claim("wdi", "gdp", "DEU", "2020", 42)}, nil); !strings.Contains(all(t, twice), "DEU/-/2020=42") || !strings.Contains(all(t, twice), "KAZ/-/2020=12") {
		t.Errorf("a draft over a draft: %s", all(t, twice))
	}
	if over := Over(builtIn()); all(t, over) != all(t, must[*Reader](t)(s.At(ctx, "0123456789ab"))) || over.Version() != "0123456789ab" {
		t.Errorf("over the tables alone: %s at %s", all(t, over), over.Version())
	}
}

// The context of an import ends in its middle: nothing of it is there.
func TestCancelledImport(t *testing.T) {
	base := builtIn()
	ctx, cancel := context.WithCancel(context.Background())
	s := reopen(t, t.TempDir()+"/a.db", base, Options{Create: true, Now: clock(), Progress: func(done, total int) {
		if done >= total/2 {
			cancel()
		}
	}})
	var claims []shanyraq.Claim
	for i := range 5 * progressStep {
		c := claim("wdi", "gdp", "KAZ", "2020", float64(i))
		c.ID = shanyraq.ClaimID(fmt.Sprintf("wdi/gdp/KAZ/-/%d/2020", i))
		claims = append(claims, c)
	}
	_, err := s.Import(ctx, Batch{Claims: claims}, "w")
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	if v := version(t, s); v != base.version {
		t.Errorf("version %s", v)
	}
	if got := all(t, latest(t, s)); strings.Count(got, " ") != 2 {
		t.Errorf("there is %s", got)
	}
	clean(t, s)
	if _, err := s.Import(ctx, Batch{Claims: claims[:1]}, "w"); !errors.Is(err, context.Canceled) {
		t.Errorf("begun after its end: %v", err)
	}
	// The store is as good as before.
	a := must[shanyraq.Activity](t)(s.Import(context.Background(), Batch{Claims: claims}, "w"))
	if a.Counts.Added != len(claims) || a.Seq != 1 {
		t.Errorf("afterwards %+v", a)
	}
}

// Changes from many goroutines wait for one another; readers meanwhile see the
// store before or after each, and never in between.
func TestReadingWhileWriting(t *testing.T) {
	ctx := context.Background()
	s := create(t, builtIn())
	other := reopen(t, s.Path(), builtIn(), Options{ReadOnly: true})
	const writers, changes, batch = 3, 5, 20
	var writing, reading sync.WaitGroup
	done := make(chan struct{})
	for w := range writers {
		writing.Go(func() {
			for i := range changes {
				var b Batch
				for k := range batch {
					c := claim("wdi", "gdp", "KAZ", "2020", float64(k))
					c.ID = shanyraq.ClaimID(fmt.Sprintf("wdi/gdp/KAZ/-/%d-%d-%d/2020", w, i, k))
					b.Claims = append(b.Claims, c)
				}
				if _, err := s.Import(ctx, b, fmt.Sprint(w)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for _, from := range []*Store{s, s, other} {
		reading.Go(func() {
			for {
				r, err := from.Latest(ctx)
				if err != nil {
					t.Error(err)
					return
				}
				cs, err := r.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{"gdp"}})
				if err != nil {
					t.Error(err)
					return
				}
				if n := len(cs) - 2; n%batch != 0 || int64(n) != batch*r.Seq() {
					t.Errorf("after line %d there are %d claims", r.Seq(), n)
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	writing.Wait()
	close(done)
	reading.Wait()
	log := must[[]shanyraq.Activity](t)(s.Log(ctx, 0))
	if len(log) != writers*changes {
		t.Errorf("%d lines", len(log))
	}
	clean(t, s)
}

func TestRemove(t *testing.T) {
	ctx := context.Background()
	s := create(t, builtIn())
	must[shanyraq.Activity](t)(s.Import(ctx, Batch{Claims: []shanyraq.Claim{claim("wdi", "gdp", "KAZ", "2020", 11), claim("wdi", "gdp", "KAZ", "2021", 12)}}, "w"))
	at := version(t, s)
	_, err := s.Remove(ctx, []shanyraq.ClaimID{"wdi/gdp/KAZ/-/2021", "wdi/gdp/DEU/-/2020"}, "w")
	refused(t, err, shanyraq.Invalid, "store.claim_builtin")
	_, err = s.Remove(ctx, []shanyraq.ClaimID{"wdi/gdp/KAZ/-/2021", "none"}, "w")
	refused(t, err, shanyraq.NotFound, "store.claim_unknown")
	if version(t, s) != at {
		t.Error("of a removal that was refused something was done")
	}
	a := must[shanyraq.Activity](t)(s.Remove(ctx, []shanyraq.ClaimID{"wdi/gdp/KAZ/-/2021", "wdi/gdp/KAZ/-/2020", "wdi/gdp/KAZ/-/2021"}, "w"))
	if a.Counts != (shanyraq.Counts{Removed: 2}) || a.Version != "0123456789ab" || a.Text.Args["Count"] != 2 {
		t.Errorf("%+v", a)
	}
	if got := all(t, latest(t, s)); !strings.Contains(got, "KAZ/-/2020=10") {
		t.Errorf("the built-in claim does not show again: %s", got)
	}
	if a := must[shanyraq.Activity](t)(s.Remove(ctx, nil, "w")); a.Seq != 0 {
		t.Errorf("removing nothing is line %d", a.Seq)
	}
	clean(t, s)
}

func TestDefinitions(t *testing.T) {
	ctx := context.Background()
	s := create(t, builtIn())
	for _, tt := range []struct {
		name, kind, key, body string
		k                     shanyraq.Kind
		message               string
	}{
		{"a kind there is not", "wish", "a", `{}`, shanyraq.Invalid, "store.definition_kind"},
		{"a kind that comes with imports", kindSource, "a", `{}`, shanyraq.Invalid, "store.definition_kind"},
		{"no name", KindPlan, "", `{}`, shanyraq.Invalid, "store.definition_key"},
		{"a name with a zero byte", KindPlan, "a\x00", `{}`, shanyraq.Invalid, "store.definition_key"},
		{"no JSON", KindPlan, "a", `{`, shanyraq.Invalid, "store.definition_body"},
		{"nothing", KindPlan, "a", ``, shanyraq.Invalid, "store.definition_body"},
		{"null, which hides", KindPlan, "a", ` null `, shanyraq.Invalid, "store.definition_body"},
		{"a group of nothing", KindGroup, "a", `null`, shanyraq.Invalid, "store.definition_body"},
		{"a group that is a list", KindGroup, "a", `[]`, shanyraq.Invalid, "store.definition_body"},
		{"a group of another name", KindGroup, "a", `{"id":"b"}`, shanyraq.Invalid, "store.group_id"},
		{"a member without a code", KindGroup, "a", `{"id":"a","members":[{"place":"Kazakhstan"}]}`, shanyraq.Invalid, "store.group_member"},
		{"a member who left before it came", KindGroup, "a", `{"id":"a","members":[{"place":"KAZ","from":2020,"to":2019}]}`, shanyraq.Invalid, "store.group_member"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := s.PutDefinition(ctx, tt.kind, tt.key, json.RawMessage(tt.body), "w")
			refused(t, err, tt.k, tt.message)
		})
	}
	if version(t, s) != "0123456789ab" {
		t.Error("what was refused changed the version")
	}
	a := must[shanyraq.Activity](t)(s.PutDefinition(ctx, KindPlan, "p", json.RawMessage(` { "a" : 1 } `), "w"))
	if a.Seq != 1 || a.Text.Key != "activity.put_plan" {
		t.Errorf("%+v", a)
	}
	if a := must[shanyraq.Activity](t)(s.PutDefinition(ctx, KindPlan, "p", json.RawMessage(`{"a":1}`), "w")); a.Seq != 0 {
		t.Errorf("the same again is line %d", a.Seq)
	}
	if b := must[json.RawMessage](t)(s.Definition(ctx, KindPlan, "p")); string(b) != `{"a":1}` {
		t.Errorf("it is %s", b)
	}
	must[shanyraq.Activity](t)(s.PutDefinition(ctx, KindPlan, "o", json.RawMessage(`[2]`), "w"))
	if e := must[[]Entry](t)(s.Definitions(ctx, KindPlan)); len(e) != 2 || e[0].Key != "o" || e[0].Seq != 2 || e[1].Seq != 1 {
		t.Errorf("%+v", e)
	}
	if e := must[[]Entry](t)(s.Definitions(ctx, KindCampaign)); len(e) != 0 {
		t.Errorf("%+v", e)
	}
	must[shanyraq.Activity](t)(s.DeleteDefinition(ctx, KindPlan, "p", "w"))
	_, err := s.Definition(ctx, KindPlan, "p")
	refused(t, err, shanyraq.NotFound, "store.definition_unknown")
	_, err = s.DeleteDefinition(ctx, KindPlan, "p", "w")
	refused(t, err, shanyraq.NotFound, "store.definition_unknown")
	_, err = s.DeleteDefinition(ctx, "wish", "p", "w")
	refused(t, err, shanyraq.Invalid, "store.definition_kind")

	// Groups: put in place of a built-in one, hidden, restored.
	names := func() string {
		var out []string
		for _, g := range must[[]shanyraq.Group](t)(latest(t, s).Groups(ctx)) {
			out = append(out, fmt.Sprint(g.ID, len(g.Members)))
		}
		return strings.Join(out, " ")
	}
	must[shanyraq.Activity](t)(s.PutGroup(ctx, shanyraq.Group{ID: "eu", Members: []shanyraq.Member{{Place: "DEU"}, {Place: "FRA"}}}, "w"))
	must[shanyraq.Activity](t)(s.PutGroup(ctx, shanyraq.Group{ID: "mine"}, "w"))
	if got := names(); got != "eu2 turkic2 mine0" {
		t.Errorf("groups %s", got)
	}
	must[shanyraq.Activity](t)(s.DeleteGroup(ctx, "eu", "w"))
	must[shanyraq.Activity](t)(s.DeleteGroup(ctx, "mine", "w"))
	if got := names(); got != "turkic2" {
		t.Errorf("groups %s", got)
	}
	_, err = s.DeleteGroup(ctx, "eu", "w")
	refused(t, err, shanyraq.NotFound, "store.definition_unknown")
	_, err = s.Definition(ctx, KindGroup, "eu")
	refused(t, err, shanyraq.NotFound, "store.definition_unknown")
	must[shanyraq.Activity](t)(s.RestoreGroup(ctx, "eu", "w"))
	if got := names(); got != "eu1 turkic2" {
		t.Errorf("groups %s", got)
	}
	for _, id := range []shanyraq.GroupID{"eu", "mine", "none"} {
		_, err = s.RestoreGroup(ctx, id, "w")
		refused(t, err, shanyraq.NotFound, "store.definition_unknown")
	}
	must[shanyraq.Activity](t)(s.PutGroup(ctx, shanyraq.Group{ID: "mine"}, "w"))
	_, err = s.RestoreGroup(ctx, "mine", "w")
	refused(t, err, shanyraq.NotFound, "store.definition_unknown")
	clean(t, s)
}
