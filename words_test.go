package shanyraq

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseCountry(t *testing.T) {
	for _, s := range []string{"KAZ", "WLD", "EUU", "XKX"} {
		if c, err := ParseCountry(s); err != nil || string(c) != s {
			t.Errorf("%q was read as %q, %v", s, c, err)
		}
	}
	for _, s := range []string{"", "KZ", "KAZA", "kaz", "KA1", "KA ", "ҚАЗ", "Қ1", "K\x00Z"} {
		if c, err := ParseCountry(s); KindOf(err) != Invalid || c != "" {
			t.Errorf("%q was read as %q, %v", s, c, err)
		}
	}
}

func TestPlaceExists(t *testing.T) {
	for code, want := range map[CountryCode]bool{"KAZ": true, "XKX": true, "GRL": true, "WLD": false, "EUU": false, "SUN": false, "DDR": false, "CSK": false, "YUG": false, "SCG": false} {
		if got := (Place{Code: code, Alpha2: "XX"}).Exists(); got != want {
			t.Errorf("%s exists: %v", code, got)
		}
	}
	if (Place{Code: "CHI"}).Exists() {
		t.Error("a place without a two-letter code exists")
	}
}

func TestNamesFallBack(t *testing.T) {
	titles := map[string]string{"en": "People", "kk": "Халық"}
	for _, tt := range []struct {
		name string
		of   func(names map[string]string, lang string) string
		id   string
	}{
		{"place", func(m map[string]string, l string) string { return Place{Code: "KAZ", Names: m}.Name(l) }, "KAZ"},
		{"group", func(m map[string]string, l string) string { return Group{ID: "turkic", Names: m}.Name(l) }, "turkic"},
		{"series", func(m map[string]string, l string) string { return Series{ID: "people_from", Titles: m}.Title(l) }, "people_from"},
		{"definition", func(m map[string]string, l string) string { return Definition{ID: "origin", Titles: m}.Title(l) }, "origin"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, c := range []struct {
				names      map[string]string
				lang, want string
			}{{titles, "kk", "Халық"}, {titles, "ru", "People"}, {nil, "en", tt.id}, {map[string]string{"kk": "Халық"}, "ru", tt.id}} {
				if got := tt.of(c.names, c.lang); got != c.want {
					t.Errorf("%v in %s is %q, want %q", c.names, c.lang, got, c.want)
				}
			}
		})
	}
}

func TestGroupIn(t *testing.T) {
	g := Group{Members: []Member{
		{Place: "UZB", From: 2019}, {Place: "TUR", From: 2009}, {Place: "HUN", From: 2018, To: 2020},
		{Place: "GEO", To: 2008}, {Place: "AZE"}, {Place: "HUN", From: 2020, To: 2024},
	}}
	for _, tt := range []struct {
		year int
		want string
	}{
		{2000, "AZE GEO"}, {2008, "AZE GEO"}, {2009, "AZE TUR"}, {2018, "AZE HUN TUR"}, {2020, "AZE HUN TUR UZB"}, {2024, "AZE HUN TUR UZB"}, {2025, "AZE TUR UZB"},
	} {
		got := []string{}
		for _, p := range g.In(tt.year) {
			got = append(got, string(p))
		}
		if want := strings.Fields(tt.want); !slices.Equal(got, want) {
			t.Errorf("in %d: %v, want %v", tt.year, got, want)
		}
	}
	if got := (Group{}).In(2024); len(got) != 0 {
		t.Errorf("nobody is %v", got)
	}
}

// In is sorted, has nobody twice, and each member's years decide alone.
func TestGroupInProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var g Group
		for range rapid.IntRange(0, 12).Draw(t, "members") {
			g.Members = append(g.Members, Member{
				Place: rapid.SampledFrom([]CountryCode{"AZE", "KAZ", "KGZ", "TUR", "UZB"}).Draw(t, "place"),
				From:  rapid.IntRange(0, 5).Draw(t, "from"), To: rapid.IntRange(0, 5).Draw(t, "to"),
			})
		}
		year := rapid.IntRange(1, 6).Draw(t, "year")
		want := map[CountryCode]bool{}
		for _, m := range g.Members {
			if m.From <= year && (m.To == 0 || m.To >= year) {
				want[m.Place] = true
			}
		}
		got := g.In(year)
		if !slices.IsSorted(got) || len(got) != len(want) {
			t.Fatalf("%v in %d: %v, want %v", g.Members, year, got, want)
		}
		for _, p := range got {
			if !want[p] {
				t.Fatalf("%v in %d: %v, want %v", g.Members, year, got, want)
			}
		}
		b, err := json.Marshal(g)
		if err != nil {
			t.Fatal(err)
		}
		var back Group
		if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back, g) {
			t.Fatalf("%s came back as %+v, %v", b, back, err)
		}
	})
}

func TestStrength(t *testing.T) {
	want := []string{"measured", "official", "estimated", "opinion"}
	for i, name := range want {
		s := Strength(i + 1)
		if s.String() != name {
			t.Errorf("strength %d is %q, want %q", i+1, s, name)
		}
		back, err := ParseStrength(name)
		if err != nil || back != s {
			t.Errorf("%q was read as %v, %v", name, back, err)
		}
	}
	if Measured >= Official || Official >= Estimated || Estimated >= Opinion {
		t.Error("the strengths are not in order")
	}
	for _, name := range []string{"", "Measured", "strong"} {
		if s, err := ParseStrength(name); KindOf(err) != Invalid || s != 0 {
			t.Errorf("%q was read as %v, %v", name, s, err)
		}
	}
	if s := Strength(9).String(); s != "" {
		t.Errorf("a strength there is not is %q", s)
	}
	var x struct{ S Strength }
	if err := json.Unmarshal([]byte(`{"S":""}`), &x); err != nil || x.S != 0 {
		t.Errorf("no strength was read as %v, %v", x.S, err)
	}
	if err := json.Unmarshal([]byte(`{"S":"firm"}`), &x); err == nil {
		t.Error("a strength there is not was read")
	}
	if b, err := json.Marshal(x); err != nil || string(b) != `{"S":""}` {
		t.Errorf("no strength is written %s, %v", b, err)
	}
}

func TestErrors(t *testing.T) {
	say := Text{Key: "store.held", Args: map[string]any{"Path": "/a"}}
	inner := Tell("store.hold", Conflict, say, "held by another: %w", fs.ErrExist)
	for _, tt := range []struct {
		name string
		err  error
		kind Kind
		key  string
		text string
	}{
		{"none", nil, Other, "", ""},
		{"not ours", fs.ErrExist, Other, "", fs.ErrExist.Error()},
		{"of a kind", Errorf("a.B", NotFound, "no %q", "x"), NotFound, "", `a.B: no "x"`},
		{"with a message", inner, Conflict, "store.held", "store.hold: held by another: file already exists"},
		{"wrapped by another's", fmt.Errorf("opening: %w", inner), Conflict, "store.held", "opening: store.hold: held by another: file already exists"},
		{"wrapped by one of ours without a kind", Errorf("store.Open", Other, "%w", inner), Conflict, "store.held", "store.Open: store.hold: held by another: file already exists"},
		{"the outermost kind counts, and its own message", Tell("a.B", Invalid, Text{Key: "outer"}, "%w", inner), Invalid, "outer", "a.B: store.hold: held by another: file already exists"},
		{"an outer kind keeps the inner message", Errorf("a.B", Invalid, "%w", inner), Invalid, "store.held", "a.B: store.hold: held by another: file already exists"},
		{"joined with others", errors.Join(errors.New("first"), inner), Conflict, "store.held", "first\nstore.hold: held by another: file already exists"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := KindOf(tt.err); got != tt.kind {
				t.Errorf("kind %d, want %d", got, tt.kind)
			}
			if got := TextOf(tt.err).Key; got != tt.key {
				t.Errorf("message %q, want %q", got, tt.key)
			}
			if tt.err != nil && tt.err.Error() != tt.text {
				t.Errorf("says %q, want %q", tt.err, tt.text)
			}
		})
	}
	if !errors.Is(inner, fs.ErrExist) {
		t.Error("the cause is lost")
	}
	var e *Error
	if !errors.As(fmt.Errorf("x: %w", inner), &e) || e.Op != "store.hold" {
		t.Errorf("found %+v", e)
	}
	if got := TextOf(inner); got.Args["Path"] != "/a" {
		t.Errorf("the message is %+v", got)
	}
}

func TestActivityJSON(t *testing.T) {
	a := Activity{
		Seq: 3, At: time.Date(2024, 6, 14, 12, 0, 0, 0, time.UTC), Who: "Әлия", Text: Text{Key: "activity.import", Args: map[string]any{"Source": "wdi"}},
		Counts: Counts{Added: 1, Same: 2}, Undoes: 2, Version: "abc",
	}
	got, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"seq":3,"at":"2024-06-14T12:00:00Z","who":"Әлия","text":{"key":"activity.import","args":{"Source":"wdi"}},"counts":{"added":1,"changed":0,"removed":0,"same":2},"undoes":2,"version":"abc"}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var back Activity
	if err := json.Unmarshal(got, &back); err != nil || !reflect.DeepEqual(back, a) {
		t.Errorf("came back as %+v, %v", back, err)
	}
}
