package view_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/internal/locale"
	"shanyraq/internal/view"
)

// What is typed finds what is meant, in whatever script and language, with a
// slip of the finger, by code. The first hit counts, or one of the first few.
func TestSearch(t *testing.T) {
	h := house(t)
	for _, tt := range []struct {
		query, lang string
		kind, href  string
		within      int // hits from the top
	}{
		{"Kazakhstan", "en", "place", "/hosts/KAZ", 1},
		{"Қазақстан", "en", "place", "/hosts/KAZ", 1},
		{"қазақстан", "kk", "place", "/hosts/KAZ", 1},
		{"Казахстан", "ru", "place", "/hosts/KAZ", 1},
		{"كازاخستان", "en", "place", "/hosts/KAZ", 1},
		{"哈萨克斯坦", "en", "place", "/hosts/KAZ", 1},
		{"Qazaqstan", "en", "place", "/hosts/KAZ", 3},
		{"Kazahstan", "en", "place", "/hosts/KAZ", 3},
		{"KAZ", "en", "place", "/hosts/KAZ", 1},
		{"kaz", "ru", "place", "/hosts/KAZ", 1},
		{"Germany", "kk", "place", "/hosts/DEU", 1},
		{"Германия", "en", "place", "/hosts/DEU", 1},
		{"Deutschland", "en", "place", "/hosts/DEU", 1},
		{"germ", "en", "place", "/hosts/DEU", 1},
		{"Gremany", "en", "place", "/hosts/DEU", 3},
		{"Türkiye", "en", "place", "/hosts/TUR", 1},
		{"Turkiye", "ru", "place", "/hosts/TUR", 1},
		{"Côte d'Ivoire", "en", "place", "/hosts/CIV", 1},
		{"cote divoire", "en", "place", "/hosts/CIV", 2},
		{"life expectancy", "en", "series", "/hosts?series=SP.DYN.LE00.IN", 3},
		{"SP.POP.TOTL", "en", "series", "/hosts?series=SP.POP.TOTL", 1},
		{"Human Development", "en", "series", "/hosts?series=HDR_hdi", 4},
		{"World Bank", "en", "source", "/sources/", 6},
		{"diaspora", "en", "room", "/diaspora", 3},
		{"Rank over all weights", "en", "method", "/methods/rank-over-weights", 1},
		{"kandas", "en", "", "", 10},
		{"militry", "en", "series", "/hosts?series=MS.MIL.XPND.GD.ZS", 2},
		{"popluation", "en", "series", "/hosts?series=SP.POP.TOTL", 1},
		{"Almaty", "en", "place", "/hosts/KAZ", 1},
		{"Алматы", "kk", "place", "/hosts/KAZ", 1},
		{"Nur-Sultan", "ru", "place", "/hosts/KAZ", 1},
		{"beijing", "en", "place", "/hosts/CHN", 1},
		{"middle power", "en", "page", "/standing/power", 1},
		{"средняя держава", "kk", "page", "/standing/power", 1},
		{"Middle Corridor", "en", "page", "/vectors/routes", 1},
		{"soft power resources", "en", "page", "/standing/softpower", 1},
		{"CINC", "ru", "page", "/standing/cinc", 1},
		{"sensitivity", "en", "page", "/standing/material/sensitivity", 1},
		{"capture", "en", "page", "/diaspora/methods", 1},
		{"latent class", "en", "page", "/diaspora/methods", 1},
		{"rds", "en", "page", "/diaspora/methods", 1},
		{"отлов", "ru", "page", "/diaspora/methods", 1},
		{"латентные классы", "ru", "page", "/diaspora/methods", 1},
		{"rds", "ru", "page", "/diaspora/methods", 1},
		{"қайта ұстау", "kk", "page", "/diaspora/methods", 1},
		{"жасырын топтар", "kk", "page", "/diaspora/methods", 1},
		{"rds", "kk", "page", "/diaspora/methods", 1},
		{"Russia votes", "en", "page", "/vectors/votes", 1},
		{"Russia votes", "en", "place", "/hosts/RUS", 2},
		{"life expectancy in Germany", "en", "place", "/hosts/DEU", 3},
		{"life expectancy in Germany", "en", "series", "/hosts?series=SP.DYN.LE00.IN", 3},
	} {
		t.Run(tt.query+" in "+tt.lang, func(t *testing.T) {
			hits := view.Search(h, ask(t, "KAZ", tt.lang, ""), tt.query, 10)
			if len(hits) == 0 {
				t.Fatal("nothing found")
			}
			if !slices.ContainsFunc(hits[:min(tt.within, len(hits))], func(x view.Hit) bool {
				return (tt.kind == "" || x.Kind == tt.kind) && strings.HasPrefix(x.Href, tt.href)
			}) {
				t.Errorf("first %+v", hits[:min(3, len(hits))])
			}
			for _, x := range hits {
				if x.Title == "" || strings.Contains(x.Title+x.Note, "⟦") || !strings.HasPrefix(x.Href, "/") {
					t.Errorf("hit %+v", x)
				}
			}
		})
	}
	a := ask(t, "KAZ", "en", "")
	for _, q := range []string{"", " ", "fghjkl", "?", "%", "\x00", strings.Repeat("k", 10_000)} {
		if hits := view.Search(h, a, q, 5); len(hits) > 5 {
			t.Errorf("%q: %d hits", q[:min(8, len(q))], len(hits))
		}
	}
	if hits := view.Search(h, a, "fghjkl", 5); len(hits) != 0 {
		t.Errorf("nonsense finds %+v", hits)
	}
	one, two := view.Search(h, a, "an", 20), view.Search(h, a, "an", 20)
	if !slices.Equal(one, two) {
		t.Error("asked again, it finds something else")
	}
}

// A key held down is no spelling of anything.
func TestSearchOfNothing(t *testing.T) {
	h := house(t)
	for _, q := range []string{"wwwwwwww", "qqqqzzzz", "ыыыыыыыы"} {
		if hits := view.Search(h, ask(t, "KAZ", "en", ""), q, 10); len(hits) > 0 {
			t.Errorf("%s finds %s", q, hits[0].Title)
		}
	}
}

func TestNamed(t *testing.T) {
	h := house(t)
	for q, want := range map[string]shanyraq.CountryCode{"kazakhstan": "KAZ", "КАЗАХСТАН": "KAZ", "KZ": "KAZ", "kaz": "KAZ", "Deutschland": "DEU", "ألمانيا": "DEU", "德国": "DEU"} {
		if p, ok := h.Named(q); !ok || p.Code != want {
			t.Errorf("%q names %q", q, p.Code)
		}
	}
	for _, q := range []string{"", "Kazakh", "world", "SUN", "x"} {
		if p, ok := h.Named(q); ok {
			t.Errorf("%q names %s", q, p.Code)
		}
	}
}

func TestHome(t *testing.T) {
	h := house(t)
	for in, want := range map[string]shanyraq.CountryCode{"KAZ": "KAZ", "pol": "POL", "XKX": "XKX"} {
		if got, err := h.Home(in); err != nil || got != want {
			t.Errorf("%q is %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "KZ", "WLD", "EUU", "SUN", "Kazakhstan", "KAZ "} {
		_, err := h.Home(in)
		if shanyraq.KindOf(err) != shanyraq.Invalid || shanyraq.TextOf(err).Key != "error.home" {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestAsk(t *testing.T) {
	a := ask(t, "KAZ", "en", "year=2010&stock=ethnicity&at=abc&lang=en&home=KAZ&theme=dark&w.gdp=2&zzz=1&aaa=&view=map")
	if y, err := a.Year("year"); err != nil || y != 2010 {
		t.Errorf("year %d, %v", y, err)
	}
	if a.Get("stock") != "ethnicity" || a.Get("none") != "" {
		t.Error("what was asked is not there")
	}
	if got := a.Unknown(); !slices.Equal(got, []string{"aaa", "zzz"}) {
		t.Errorf("nobody knows %v", got)
	}
	if got := (&view.Ask{Query: url.Values{"b": nil, "a": {"1"}}}).Unknown(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("before anything is asked: %v", got)
	}
	for s, want := range map[string]int{"": 0, "1800": 1800, "2100": 2100, "1799": -1, "2101": -1, "20x0": -1, "2024.5": -1, "-2024": -1, "+2024": 2024, " 2024": -1, "٢٠٢٤": -1} {
		y, err := ask(t, "KAZ", "en", "year="+url.QueryEscape(s)).Year("year")
		if want < 0 {
			if shanyraq.KindOf(err) != shanyraq.Invalid || shanyraq.TextOf(err).Key != "error.year" {
				t.Errorf("%q: %d, %v", s, y, err)
			}
		} else if err != nil || y != want {
			t.Errorf("%q: %d, %v", s, y, err)
		}
	}
}

func TestCarry(t *testing.T) {
	a := ask(t, "KAZ", "en", "home=KAZ&lang=kk&at=0123456789ab&year=2010")
	for in, want := range map[string]string{
		"/standing":          "/standing?home=KAZ&lang=kk&at=0123456789ab",
		"/f/a?w.gdp=2":       "/f/a?w.gdp=2&home=KAZ&lang=kk&at=0123456789ab",
		"/hosts?series=a.b":  "/hosts?series=a.b&home=KAZ&lang=kk&at=0123456789ab",
		"/f/claim/a%3Fb/KAZ": "/f/claim/a%3Fb/KAZ?home=KAZ&lang=kk&at=0123456789ab",
		"/methods#rds-h":     "/methods?home=KAZ&lang=kk&at=0123456789ab#rds-h",
		"/hosts?in=UZB#t-a":  "/hosts?in=UZB&home=KAZ&lang=kk&at=0123456789ab#t-a",
	} {
		if got := a.Carry(in); got != want {
			t.Errorf("%s leads to %s, want %s", in, got, want)
		}
	}
	if got := ask(t, "KAZ", "en", "year=2010").Carry("/x"); got != "/x" {
		t.Errorf("with nothing to carry: %s", got)
	}
	if got := ask(t, "KAZ", "en", "at="+url.QueryEscape("a&b=#")).Carry("/x"); got != "/x?at=a%26b%3D%23" {
		t.Errorf("with an odd version: %s", got)
	}
}

// Whatever is in the name of a claim, the address of its figure is read back as
// the same path.
func TestFigureAddresses(t *testing.T) {
	for _, path := range []string{
		"standing/material/KAZ/2024/rank", "standing/material/KAZ/2024/rank?w.gdp=2&w.military=1&w.population=1",
		"claim/s/q/KAZ/-/why?/2024", "claim/s/q/KAZ/-/100%/2024", "claim/s/q/KAZ/-/a%20b/2024", "claim/s/q/KAZ/-/#1/2024", "claim/s/q/KAZ/-/ЕАЭС/2024", "claim/s/q/KAZ/-/a b/2024",
		"claim/s/q/KAZ/-/a\"b<c>d'e/2024", "claim/s/q/KAZ/-/a\\b/2024", "claim/s/q/KAZ/-/a\tb\nc/2024", "claim/s/q/KAZ/-/a&b=c;d+e/2024", "claim/s/q/KAZ/-/إيران/2024", "claim/s/q/KAZ/-/2024~a1b2c3",
	} {
		f := figure(t, path, 1, 0, 2, shanyraq.Judged, "usd")
		href := view.FigureHref(f)
		u, err := url.Parse(href)
		if err != nil {
			t.Errorf("%q has the address %s: %v", path, href, err)
			continue
		}
		back := strings.TrimPrefix(u.Path, "/f/")
		if u.RawQuery != "" {
			back += "?" + u.RawQuery
		}
		if back != path || u.Fragment != "" || strings.HasPrefix(path, "claim/") && u.RawQuery != "" {
			t.Errorf("%q has the address %s, which is read as %q", path, href, back)
		}
		door := string(view.Door(ask(t, "KAZ", "en", ""), f))
		if strings.Count(door, "<a ") != 1 || strings.Count(door, `"`)%2 != 0 || strings.Contains(door, "<c>") {
			t.Errorf("its door is %s", door)
		}
	}
}

// Sentences escape what they are given and link their figures.
func TestSentences(t *testing.T) {
	a := ask(t, "KAZ", "en", "lang=en")
	f := figure(t, "diaspora/KAZ/DEU/birthplace", 485, 361, 692, shanyraq.Confidence, "persons")
	s := view.Say("diaspora.answer.un", "Home", `<b>&"`, "UN", f, "Count", 2)
	html := string(s.HTML(a))
	if strings.Contains(html, "<b>") || !strings.Contains(html, "&lt;b&gt;&amp;&#34;") || !strings.Contains(html, `href="/f/diaspora/KAZ/DEU/birthplace?lang=en"`) || !strings.Contains(html, "361–692") {
		t.Errorf("as a page %s", html)
	}
	plain := s.Plain(a.Loc)
	if !strings.Contains(plain, `<b>&"`) || !strings.Contains(plain, "485 (361–692)") || strings.Contains(plain, "href") {
		t.Errorf("as a text %s", plain)
	}
	odd := view.Say("diaspora.answer.un", "Home", shanyraq.Text{Key: "<i>"}, "UN", shanyraq.Figure{}, "Count", 1)
	if html := string(odd.HTML(a)); strings.Contains(html, "<i>") {
		t.Errorf("a message as an argument is %s", html)
	}
	if (view.Sentence{}).Plain(a.Loc) != "" || (view.Sentence{}).HTML(a) != "" {
		t.Error("no sentence says something")
	}
	if d := string(view.Door(a, shanyraq.Figure{})); !strings.Contains(d, `class="missing"`) {
		t.Errorf("the door of nothing is %s", d)
	}
}

// Figures that moved between two versions are told once each, and those that
// did not move are not.
func TestMoved(t *testing.T) {
	h := house(t)
	moves, err := view.Moved(t.Context(), h, h, "KAZ")
	if err != nil || len(moves) != 0 {
		t.Errorf("nothing changed, and %d figures moved (%v): %+v", len(moves), err, moves[:min(3, len(moves))])
	}
	changed, err := view.NewHouse(t.Context(), &lens{h.Library})
	if err != nil {
		t.Fatal(err)
	}
	moves, err = view.Moved(t.Context(), h, changed, "KAZ")
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]view.Move{}
	for _, m := range moves {
		if _, twice := by[m.Path]; twice {
			t.Errorf("%s is told twice", m.Path)
		}
		by[m.Path] = m
	}
	// With twice the military spending Kazakhstan's score rises and its rank does not fall; shares of exports stay.
	score := by["standing/material/KAZ/2024/score"]
	if score.Before.IsZero() || !(score.After.Value() > score.Before.Value()) {
		t.Errorf("score %v to %v", score.Before.Value(), score.After.Value())
	}
	if rank, ok := by["standing/material/KAZ/2024/rank"]; ok && rank.After.Value() > rank.Before.Value() {
		t.Errorf("rank %v to %v", rank.Before.Value(), rank.After.Value())
	}
	if _, ok := by["vectors/exports/KAZ/CHN/2023"]; ok {
		t.Error("exports moved")
	}
	// The United Nations' numbers of Kazakhs in Germany are gone from it.
	gone := by["diaspora/KAZ/DEU/migrant_stock"]
	if gone.Before.IsZero() || !gone.After.IsZero() {
		t.Errorf("gone: %v to %v", gone.Before.Value(), gone.After.Value())
	}
	back, err := view.Moved(t.Context(), changed, h, "KAZ")
	if err != nil || len(back) != len(moves) {
		t.Errorf("%d figures moved, and %d back, %v", len(moves), len(back), err)
	}
	for _, m := range back {
		if o := by[m.Path]; o.Before.Value() != m.After.Value() || o.After.Value() != m.Before.Value() {
			t.Errorf("%s moved from %v to %v, and back from %v to %v", m.Path, o.Before.Value(), o.After.Value(), m.Before.Value(), m.After.Value())
		}
	}
	for _, lang := range locale.Supported() {
		table := view.Moves(h, ask(t, "KAZ", lang, ""), moves)
		if len(table.Rows) != len(moves) || strings.Contains(fmt.Sprint(table.Title, table.RowHead, table.Rows[0].Label), "⟦") {
			t.Errorf("the table of moves in %s: %q, %d rows", lang, table.Title, len(table.Rows))
		}
	}
}
