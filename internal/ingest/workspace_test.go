package ingest_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"shanyraq"
	"shanyraq/data"
	"shanyraq/internal/ingest"
)

// folder is a small workspace.
func folder() fstest.MapFS {
	record := func(id, strength, rivals string) string {
		return fmt.Sprintf("id: %s\npublisher: P\ntitle: T\naddress: https://example.org\ntaken: 2024\nlicence: CC0\nstrength: %s\nrivals: %s\n\nProse of %s.\n", id, strength, rivals, id)
	}
	files := map[string]string{
		"places.csv":      "code,alpha2,numeric,region,subregion,name_en,name_ru,name_zh-hant\nKAZ,KZ,398,Asia,Central Asia,Kazakhstan,Казахстан,哈薩克\nDEU,DE,276,Europe,Western Europe,Germany,Германия,德國\nUSA,US,840,Americas,,United States,США,美國\n",
		"cities.csv":      "place,city\nKAZ,Astana\nKAZ,Almaty\nDEU,Berlin\n",
		"definitions.csv": "definition,title_en,meaning_en\nbirthplace,By birthplace,Born there\n",
		"series.csv":      "series,unit,definition,topic,title_en,meaning_en\npeople_from,persons,birthplace,diaspora,People from,Residents by origin\nleader_visit,records,,diplomacy,Visits,One per visit\ngdp,usd,,economy,GDP,At current prices\n",
		"groups.csv":      "group,name_en,name_ru,place,from,to,source,note\nwest,The West,Запад,DEU,1955,,census,a definition\nwest,,,USA,1949,1960,,\nalone,Alone,,KAZ,,,,\n",

		"authors/SOURCE.md":       record("authors", "opinion", "yes"),
		"authors/people_from.csv": "place,partner,when,value,who\nDEU,KAZ,2020,900,A\nDEU,KAZ,2020,1200,B\nDEU,KAZ,,50,A\n",
		"census/SOURCE.md":        record("census", "measured", "no"),
		"census/people_from.csv":  "place,partner,when,value\nUSA,KAZ,2020,300\nDEU,KAZ,2021,1001\nDEU,KAZ,2020,1000\nDEU,USA,2020,77\n",
		"census/more.csv":         "series,place,subject,area,when,value\ngdp,KAZ,,,2020,5.5\nleader_visit,DEU,President A,Berlin,2020-05-11,1\nleader_visit,DEU,President A,Bonn,2020-05-11,1\n",
		"votes/SOURCE.md":         record("votes", "measured", "no"),

		"votes/rollcalls/states.csv":    "position,code,first,last\n1,DEU,1974,2020\n2,KAZ,1992,2020\n",
		"votes/rollcalls/rollcalls.csv": "session,date,resolution,important,title,votes\n47,1992-09-03,R/47/1,1,A,YN\n",

		"LICENCE.md":      "not a table",
		".cache/junk.csv": "not read",
	}
	out := fstest.MapFS{}
	for name, content := range files {
		out[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return out
}

func open(t testing.TB, fsys fs.FS) *ingest.Workspace {
	t.Helper()
	w, err := ingest.OpenWorkspace(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestWorkspaceClaims(t *testing.T) {
	w := open(t, folder())
	for _, tt := range []struct {
		name string
		q    shanyraq.Query
		want string
	}{
		{"all", shanyraq.Query{}, `census/gdp/KAZ/-/2020 census/leader_visit/DEU/-/president-a/berlin/2020-05-11 census/leader_visit/DEU/-/president-a/bonn/2020-05-11
			authors/people_from/DEU/KAZ/undated~ authors/people_from/DEU/KAZ/2020~ authors/people_from/DEU/KAZ/2020~ census/people_from/DEU/KAZ/2020 census/people_from/DEU/KAZ/2021
			census/people_from/DEU/USA/2020 census/people_from/USA/KAZ/2020`},
		{"one place across series", shanyraq.Query{Places: []shanyraq.CountryCode{"KAZ", "USA"}}, `census/gdp/KAZ/-/2020 census/people_from/USA/KAZ/2020`},
		{"one series and partner", shanyraq.Query{Series: []shanyraq.SeriesID{"people_from"}, Partners: []shanyraq.CountryCode{"USA"}}, `census/people_from/DEU/USA/2020`},
		{"one source", shanyraq.Query{Sources: []shanyraq.SourceID{"census"}, Series: []shanyraq.SeriesID{"people_from", "people_from", "none"}, Places: []shanyraq.CountryCode{"USA", "DEU", "USA"}, Partners: []shanyraq.CountryCode{"KAZ"}}, `census/people_from/DEU/KAZ/2020 census/people_from/DEU/KAZ/2021 census/people_from/USA/KAZ/2020`},
		{"years", shanyraq.Query{From: 2021, To: 2021}, `census/people_from/DEU/KAZ/2021`},
		{"undated claims pass unless a first year is set", shanyraq.Query{Sources: []shanyraq.SourceID{"authors"}, To: 2019}, `authors/people_from/DEU/KAZ/undated~`},
		{"nothing", shanyraq.Query{Partners: []shanyraq.CountryCode{"ZZZ"}}, ``},
		{"no such place", shanyraq.Query{Places: []shanyraq.CountryCode{"ZZZ"}}, ``},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := w.Claims(t.Context(), tt.q)
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, c := range got {
				id, _, rival := strings.Cut(string(c.ID), "~")
				if rival {
					id += "~"
				}
				ids = append(ids, id)
				if !tt.q.Match(&c) {
					t.Errorf("%s does not match", c.ID)
				}
			}
			if want := strings.Fields(tt.want); !slices.Equal(ids, want) {
				t.Errorf("got  %s\nwant %s", ids, want)
			}
		})
	}
}

func TestWorkspaceDefaults(t *testing.T) {
	w := open(t, folder())
	c, err := w.Claim(t.Context(), "census/people_from/DEU/KAZ/2020")
	if err != nil {
		t.Fatal(err)
	}
	want := shanyraq.Claim{
		ID: "census/people_from/DEU/KAZ/2020", Source: "census", Series: "people_from", Place: "DEU", Partner: "KAZ",
		When: "2020", Value: 1000, Unit: "persons", Definition: "birthplace", Strength: shanyraq.Measured,
	}
	same(t, []shanyraq.Claim{c}, []shanyraq.Claim{want})
}

func TestWorkspaceClaimByID(t *testing.T) {
	w := open(t, folder())
	all, err := w.Claims(t.Context(), shanyraq.Query{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range all {
		got, err := w.Claim(t.Context(), want.ID)
		if err != nil {
			t.Fatal(err)
		}
		same(t, []shanyraq.Claim{got}, []shanyraq.Claim{want})
	}
	for _, id := range []shanyraq.ClaimID{"", "census", "none/people_from/DEU/KAZ/2020", "census/none/DEU/KAZ/2020", "census/people_from/ZZZ/KAZ/2020", "census/people_from/DEU/KAZ/1999", "census/people_from/DEU/KAZ/2020/", "census/people_from/DEU/-KAZ/2020"} {
		if _, err := w.Claim(t.Context(), id); shanyraq.KindOf(err) != shanyraq.NotFound {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestWorkspaceLists(t *testing.T) {
	w := open(t, folder())
	ctx := t.Context()
	places, _ := w.Places(ctx)
	if len(places) != 3 || places[0].Code != "DEU" || places[1].Name("ru") != "Казахстан" || places[2].Names["zh-Hant"] != "美國" || places[0].Subregion != "Western Europe" {
		t.Errorf("places %+v", places)
	}
	if !slices.Equal(places[1].Cities, []string{"Astana", "Almaty"}) || len(places[2].Cities) != 0 {
		t.Errorf("cities %q, %q", places[1].Cities, places[2].Cities)
	}
	series, _ := w.Series(ctx)
	if len(series) != 3 || series[0].ID != "gdp" || series[2].Definition != "birthplace" || series[1].Topic != "diplomacy" || series[1].Meaning["en"] != "One per visit" {
		t.Errorf("series %+v", series)
	}
	definitions, _ := w.Definitions(ctx)
	if len(definitions) != 1 || definitions[0].Title("en") != "By birthplace" || definitions[0].Meaning["en"] != "Born there" {
		t.Errorf("definitions %+v", definitions)
	}
	groups, _ := w.Groups(ctx)
	if len(groups) != 2 || groups[0].ID != "west" || groups[0].Name("ru") != "Запад" || groups[0].Source != "census" || groups[0].Note != "a definition" ||
		!slices.Equal(groups[0].In(1958), []shanyraq.CountryCode{"DEU", "USA"}) || !slices.Equal(groups[0].In(2000), []shanyraq.CountryCode{"DEU"}) {
		t.Errorf("groups %+v", groups)
	}
	sources, _ := w.Sources(ctx)
	if len(sources) != 3 || sources[0].ID != "authors" || sources[2].Strength != shanyraq.Measured {
		t.Fatalf("sources %+v", sources)
	}
	sum := sha256.New()
	for _, name := range []string{"census/more.csv", "census/people_from.csv"} {
		sum.Write(folder()[name].Data)
	}
	if want := hex.EncodeToString(sum.Sum(nil)); sources[1].Checksum != want {
		t.Errorf("checksum %s, want %s", sources[1].Checksum, want)
	}
	if notes, err := w.SourceNotes(ctx, "census"); err != nil || notes != "Prose of census." {
		t.Errorf("notes %q, %v", notes, err)
	}
	if _, err := w.SourceNotes(ctx, "none"); shanyraq.KindOf(err) != shanyraq.NotFound {
		t.Errorf("notes of no source: %v", err)
	}
	rc, err := w.RollCalls(ctx)
	if err != nil || len(rc.Sources) != 1 || rc.Sources[0] != "votes" || len(rc.States) != 2 || len(rc.Calls) != 1 {
		t.Errorf("roll calls %+v, %v", rc, err)
	}
	without := folder()
	delete(without, "votes/rollcalls/states.csv")
	delete(without, "votes/rollcalls/rollcalls.csv")
	if _, err := open(t, without).RollCalls(ctx); shanyraq.KindOf(err) != shanyraq.NotFound {
		t.Errorf("roll calls of none: %v", err)
	}
}

func TestWorkspaceVersionChangesWithContent(t *testing.T) {
	first := open(t, folder()).Version()
	if len(first) != 12 || strings.Trim(first, "0123456789abcdef") != "" {
		t.Errorf("version %q", first)
	}
	if again := open(t, folder()).Version(); again != first {
		t.Errorf("version %s, then %s", first, again)
	}
	for _, name := range []string{"census/people_from.csv", "census/SOURCE.md", "series.csv", "groups.csv", "votes/rollcalls/rollcalls.csv"} {
		changed := folder()
		changed[name].Data = append(changed[name].Data, '\n')
		if open(t, changed).Version() == first {
			t.Errorf("a change of %s does not show", name)
		}
	}
	moved := folder()
	moved["census/other.csv"] = moved["census/more.csv"]
	delete(moved, "census/more.csv")
	if open(t, moved).Version() == first {
		t.Error("a change of name does not show")
	}
}

func TestWorkspaceFaults(t *testing.T) {
	replace := func(name, old, new string) func(fstest.MapFS) {
		return func(f fstest.MapFS) {
			f[name] = &fstest.MapFile{Data: []byte(strings.Replace(string(f[name].Data), old, new, 1))}
		}
	}
	for _, tt := range []struct {
		name   string
		change func(fstest.MapFS)
		want   string
	}{
		{"no places", func(f fstest.MapFS) { delete(f, "places.csv") }, `places.csv: the file places.csv is missing; put the file back, or check that it can be read`},
		{"no record", func(f fstest.MapFS) { delete(f, "census/SOURCE.md") }, `census/SOURCE.md: the folder "census" has tables and no SOURCE.md; add a SOURCE.md that says who published the tables and under what licence`},
		{"a record of another source", replace("census/SOURCE.md", "id: census", "id: authors"), `census/SOURCE.md:1:5: id "authors" differs from the folder "census"; write the name of the folder`},
		{"a place twice", replace("places.csv", "USA,", "KAZ,"), `places.csv:4:1: "KAZ" is there twice, first in line 2; rename or delete one of the two`},
		{"a place without a name", replace("places.csv", "Germany", ""), `places.csv:3:1: DEU has no name_en; fill it in, or delete the line`},
		{"a city nowhere", replace("cities.csv", "DEU", "FRG"), `cities.csv:4:1: place "FRG" is not in the list of places; write the three-letter ISO code, such as KAZ`},
		{"a city without a name", replace("cities.csv", "Almaty", ""), `cities.csv:3:5: KAZ has no city; fill it in, or delete the line`},
		{"a series with a definition nobody gives", replace("series.csv", "birthplace", "birth"), `series.csv:2:21: the definition "birth" is not known; correct it, or add it to definitions.csv`},
		{"a series without a unit", replace("series.csv", "usd", ""), `series.csv:4:5: the unit "" is not known; use one of: persons, usd, intl_usd, percent, share, index, score, rank, count, records, years, km2, km, million_t, teu, ratio, per_100, per_million, kwh, tiv, births_per_woman, points, lcu_per_usd, intl_usd_per_person, usd_per_person, persons_per_million`},
		{"a series twice", replace("series.csv", "gdp", "people_from"), `series.csv:4:1: "people_from" is there twice, first in line 2; rename or delete one of the two`},
		{"a series not in the list, even with a unit", replace("census/more.csv", "gdp,", "gnp,"), `census/more.csv:2:1: the series "gnp" is not known; did you mean gdp?`},
		{"a member that is no place", replace("groups.csv", "DEU", "FRG"), `groups.csv:2:21: place "FRG" is not in the list of places; write the three-letter ISO code, such as KAZ`},
		{"a member that leaves before it joins", replace("groups.csv", "1949,1960", "1960,1949"), `groups.csv:3:12: first year 1960 is after last year 1949; swap the two ends`},
		{"a group of an unknown source", replace("groups.csv", ",census,", ",senses,"), `groups.csv:2:31: there is no source "senses"; add its folder, or leave the field empty`},
		{"one claim in two tables", replace("census/more.csv", "leader_visit,DEU,President A,Berlin,2020-05-11", "gdp,KAZ,,,2020"), `census/more.csv:3: this is the same claim as line 2 of census/more.csv; keep one of the two, or mark the source as one that makes rival claims`},
		{"a line twice among rivals", replace("authors/people_from.csv", "1200,B", "900,A"), `authors/people_from.csv:3: this line repeats line 2 of authors/people_from.csv; keep one of the two`},
		{"half the roll calls", func(f fstest.MapFS) { delete(f, "votes/rollcalls/states.csv") }, `votes/rollcalls/states.csv: the file states.csv is missing; put the file back, or check that it can be read`},
		{"roll calls twice", func(f fstest.MapFS) {
			f["census/rollcalls/states.csv"], f["census/rollcalls/rollcalls.csv"] = f["votes/rollcalls/states.csv"], f["votes/rollcalls/rollcalls.csv"]
		}, `votes/rollcalls: two sources hold roll calls; keep one of the two folders`},
		{"faults of several files, in order", func(f fstest.MapFS) {
			replace("census/people_from.csv", "300", "x")(f)
			replace("authors/people_from.csv", "DEU,KAZ,2020,1200", "DEU,KA,2020,1200")(f)
		}, `authors/people_from.csv:3:5: partner "KA" is not a country code; write the three-letter ISO code, such as KAZ
census/people_from.csv:2:14: value "x" is not a number; write plain digits with a decimal point, such as 1234.5`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := folder()
			tt.change(f)
			_, err := ingest.OpenWorkspace(f)
			if err == nil || err.Error() != tt.want {
				t.Fatalf("got  %v\nwant %s", err, tt.want)
			}
			told(t, err)
		})
	}
}

func TestWorkspaceStopsWithItsContext(t *testing.T) {
	w := open(t, folder())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Claims(ctx, shanyraq.Query{}); !errors.Is(err, context.Canceled) {
		t.Errorf("claims: %v", err)
	}
	if _, err := w.Claim(ctx, "census/gdp/KAZ/-/2020"); !errors.Is(err, context.Canceled) {
		t.Errorf("claim: %v", err)
	}
}

func TestWorkspaceServesManyAtOnce(t *testing.T) {
	w := open(t, folder())
	want, _ := w.Claims(t.Context(), shanyraq.Query{})
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 20 {
				got, err := w.Claims(context.Background(), shanyraq.Query{})
				if err != nil || len(got) != len(want) {
					t.Errorf("%d claims, %v", len(got), err)
				}
				if _, err := w.Claim(context.Background(), want[0].ID); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
}

// The index must give what reading every claim of the built-in workspace
// would, and every claim must open by its id and as a figure.
func TestBuiltInWorkspace(t *testing.T) {
	w := open(t, data.Files)
	ctx := t.Context()
	all, err := w.Claims(ctx, shanyraq.Query{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(all, func(a, b shanyraq.Claim) int {
		a.Area, b.Area = "", "" // sources come before areas
		return order(a, b)
	}) {
		t.Error("claims are not in order")
	}
	seen := make(map[shanyraq.ClaimID]bool, len(all))
	for i := range all {
		c := &all[i]
		if seen[c.ID] {
			t.Errorf("id %s twice", c.ID)
		}
		seen[c.ID] = true
		if _, err := c.Figure(); err != nil {
			t.Errorf("%s: %v", c.ID, err)
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		want := all[rng.IntN(len(all))]
		got, err := w.Claim(ctx, want.ID)
		if err != nil {
			t.Fatal(err)
		}
		same(t, []shanyraq.Claim{got}, []shanyraq.Claim{want})
	}
	for _, q := range []shanyraq.Query{
		{Places: []shanyraq.CountryCode{"DEU"}},
		{Series: []shanyraq.SeriesID{"people_from"}, Partners: []shanyraq.CountryCode{"KAZ", "UZB"}, From: 2015},
		{Series: []shanyraq.SeriesID{"leader_visit", "SP.POP.TOTL"}, Places: []shanyraq.CountryCode{"KAZ", "TUR"}, To: 2010},
		{Sources: []shanyraq.SourceID{"wdi"}, Places: []shanyraq.CountryCode{"KAZ"}},
	} {
		var want []shanyraq.Claim
		for i := range all {
			if q.Match(&all[i]) {
				want = append(want, all[i])
			}
		}
		got, err := w.Claims(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		if len(want) == 0 {
			t.Errorf("%+v picks nothing", q)
		}
		same(t, got, want)
	}
}

// Opening has to stay well under a second, and what is held under 100 MB, for
// the program to start at once on a small machine.
func BenchmarkOpenWorkspace(b *testing.B) {
	b.ReportAllocs()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var w *ingest.Workspace
	for b.Loop() {
		w = open(b, data.Files)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric((float64(after.HeapAlloc)-float64(before.HeapAlloc))/(1<<20), "MB-held")
	runtime.KeepAlive(w)
}

// A host's page asks all series for one place, which has to take under 5 ms.
func BenchmarkClaims(b *testing.B) {
	w := open(b, data.Files)
	for _, bb := range []struct {
		name string
		q    shanyraq.Query
	}{
		{"place", shanyraq.Query{Places: []shanyraq.CountryCode{"DEU"}}},
		{"series", shanyraq.Query{Series: []shanyraq.SeriesID{"NY.GDP.MKTP.CD"}}},
		{"partner", shanyraq.Query{Series: []shanyraq.SeriesID{"people_from"}, Partners: []shanyraq.CountryCode{"KAZ"}}},
		{"all", shanyraq.Query{}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := w.Claims(context.Background(), bb.q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
