package web

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"flag"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/internal/locale"
	"shanyraq/internal/view"
)

var update = flag.Bool("update", false, "rewrite the golden files from what the code writes now")

// everyPage is every page of the program with the built-in tables.
var everyPage = []string{
	"/", "/standing", "/standing/power", "/standing/conduct", "/standing/tiers", "/standing/tiers?b.top=3&b.bottom=30..40&show=all", "/standing/conduct?place=QAT", "/standing/power?home=UZB&year=2015", "/f/standing/power/swp2024/KAZ/2024", "/f/standing/power/criteria/KAZ/2024/posts", "/standing?show=all", "/vectors", "/vectors/balance", "/vectors/asymmetry", "/vectors/asymmetry?first=USA&second=TUR", "/vectors/votes", "/vectors/votes?from=1995&to=2005", "/vectors/routes", "/vectors/readings", "/vectors/acts", "/vectors/freight", "/vectors/events", "/vectors/network", "/vectors/acts?power=CHN&kind=treaty", "/vectors/coding", "/vectors/CHN", "/vectors/BRA", "/diaspora", "/diaspora?view=chart", "/diaspora?stock=ethnicity", "/diaspora/coverage", "/diaspora/revisions", "/diaspora/backtest", "/diaspora/priors", "/diaspora/DEU", "/hosts", "/hosts?group=turkic&series=HDR_hdi", "/vectors/balance?policy.RUS=30&policy.CHN=30", "/f/vectors/even/KAZ/exports/2023?policy.CHN=30&policy.RUS=30", "/f/vectors/press/KAZ/CHN/value", "/f/vectors/mutual/KAZ/CHN/trade-2023/salience", "/vectors/votes?map=1992", "/diaspora/methods",
	"/hosts/DEU", "/hosts/KAZ", "/f/standing/material/KAZ/2024/rank", "/f/standing/material/KAZ/2024/score?w.gdp=50&w.population=25&w.military=25", "/f/claim/wdi/SP.POP.TOTL/KAZ/-/2024", "/f/diaspora/KAZ/RUS/ethnicity_unstated", "/f/diaspora/KAZ/RUS/pooled-born/2024", "/f/diaspora/KAZ/WLD/union/2024",
	"/sources", "/sources/wdi", "/sources/ethnic-kazakhs", "/methods", "/methods/rank-over-weights", "/activity", "/import", "/groups", "/groups/turkic", "/groups/new", "/search?q=germany", "/search", "/help",
}

func withBuiltIn(t testing.TB) *reader {
	t.Helper()
	ws, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	return read(t, ws)
}

var (
	loaded    = regexp.MustCompile(`<(?:script|link|img|source|iframe|object|embed|video|audio|form)\b[^>]*\b(?:src|href|srcset|data|action)="([^"]*)"`)
	heading   = regexp.MustCompile(`<h1[\s>]`)
	attribute = regexp.MustCompile(`\s(style|on[a-z]+)="`)
	idOf      = regexp.MustCompile(`\sid="([^"]*)"`)
	reference = regexp.MustCompile(`\s(?:for|aria-labelledby|aria-describedby|data-for|list|href="#)="?([^"]*)"`)
)

func TestEveryPageInEveryLanguage(t *testing.T) {
	r := withBuiltIn(t)
	for _, lang := range locale.Supported() {
		for _, p := range everyPage {
			t.Run(lang+p, func(t *testing.T) {
				w := r.get(p, http.StatusOK, "Accept-Language", lang)
				body := w.Body.String()
				has(t, "the page", body, `<html lang="`+lang+`" dir="ltr"`, `<main id="main"`, `class="skip"`, "</html>")
				if n := len(heading.FindAllString(body, -1)); n != 1 {
					t.Errorf("%d headings of the first order, want 1", n)
				}
				if m := attribute.FindString(body); m != "" || strings.Contains(body, "<style") {
					t.Errorf("an inline style or script, which the policy refuses: %q", m)
				}
				for _, m := range loaded.FindAllStringSubmatch(body, -1) {
					if !strings.HasPrefix(m[1], "/") || strings.HasPrefix(m[1], "//") {
						t.Errorf("something is asked of another host: %s", m[0])
					}
				}
				ids := map[string]bool{}
				for _, m := range idOf.FindAllStringSubmatch(body, -1) {
					if ids[m[1]] {
						t.Errorf("two elements are called %q", m[1])
					}
					ids[m[1]] = true
				}
				for _, m := range reference.FindAllStringSubmatch(body, -1) {
					for _, id := range strings.Fields(m[1]) {
						if !ids[id] {
							t.Errorf("%q points to nothing", m[0])
						}
					}
				}
			})
		}
	}
}

func TestHeaders(t *testing.T) {
	r := withBuiltIn(t)
	for _, p := range []string{"/", "/standing.json", "/standing.csv", "/nothing", r.asset(t, "app.css"), "/f/nothing/at/all"} {
		h := r.do("GET", p, nil).Header()
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
			"X-Content-Type-Options":  "nosniff",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", p, name, got, want)
			}
		}
	}
	ws := small(t)
	ws.readonly = true
	if got := read(t, ws).get("/", http.StatusOK).Header().Get("Referrer-Policy"); got != "same-origin" { // forms that store nothing are there too
		t.Errorf("where nothing can be changed, Referrer-Policy is %q", got)
	}
}

// asset returns the address of an asset, from a page that names it.
func (r *reader) asset(t *testing.T, name string) string {
	t.Helper()
	body := r.get("/help", http.StatusOK).Body.String()
	m := regexp.MustCompile(`"(/assets/[^"]*/` + regexp.QuoteMeta(name) + `)"`).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("no page names %s", name)
	}
	return m[1]
}

var door = regexp.MustCompile(`<a[^>]*class="fig"[^>]*href="([^"]*)"|<a[^>]*href="([^"]*)"[^>]*class="fig"`)

// doors returns the addresses of the figures on a page, each once.
func doors(body string) []string {
	var out []string
	for _, m := range door.FindAllStringSubmatch(body, -1) {
		out = append(out, html.UnescapeString(m[1]+m[2]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Every number is a door. Some pages have a thousand, and all are made alike,
// so of each page every so many are tried: enough for each column and kind.
func TestDoorsOpen(t *testing.T) {
	r := withBuiltIn(t)
	tried := map[string]bool{}
	for _, p := range everyPage {
		all := doors(r.get(p, http.StatusOK).Body.String())
		for i := 0; i < len(all); i += max(1, len(all)/25) {
			href := all[i]
			if tried[href] {
				continue
			}
			tried[href] = true
			w := r.do("GET", href, nil)
			if w.Code != http.StatusOK {
				t.Errorf("%s: %s answers %d", p, href, w.Code)
			}
			if body := w.Body.String(); !strings.Contains(body, `id="cite"`) {
				t.Errorf("%s: %s is no lineage", p, href)
			}
		}
	}
	if len(tried) < 200 {
		t.Errorf("only %d doors were found", len(tried))
	}
}

var anchor = regexp.MustCompile(`<(?:a|figure)\b[^>]*?\b(?:href|data-src)="(/[^"]*)"`)

func TestLinksLeadSomewhere(t *testing.T) {
	r := withBuiltIn(t)
	tried := map[string]bool{}
	kinds := map[string]int{} // links of one shape tried
	like := regexp.MustCompile(`[A-Z]{3}|[0-9]+|(sort|lang|theme|series)=[^&]*`)
	for _, p := range everyPage {
		for _, m := range anchor.FindAllStringSubmatch(r.get(p, http.StatusOK).Body.String(), -1) {
			href, _, _ := strings.Cut(html.UnescapeString(m[1]), "#")
			shape := like.ReplaceAllString(href, "x")
			if kinds[shape]++; kinds[shape] > 3 || tried[href] || strings.HasPrefix(href, "/f/") {
				continue
			}
			tried[href] = true
			if w := r.do("GET", href, nil); w.Code != http.StatusOK {
				t.Errorf("%s leads to %s, which answers %d", p, href, w.Code)
			}
		}
	}
}

func TestLinksCarryWhatWasChosen(t *testing.T) {
	r := withBuiltIn(t)
	version := r.version(t)
	body := r.get("/standing?home=UZB&lang=ru&at="+version, http.StatusOK, "Accept-Language", "en").Body.String()
	has(t, "the page", body, `<html lang="ru"`, `data-home="UZB"`)
	for _, m := range anchor.FindAllStringSubmatch(body, -1) {
		href := html.UnescapeString(m[1])
		u, err := url.Parse(href)
		if err != nil || strings.HasPrefix(href, "/assets/") {
			continue
		}
		q := u.Query()
		if q.Get("home") != "UZB" || q.Get("lang") == "" || q.Get("at") != version {
			t.Errorf("%s forgets the home country, the language or the version", href)
		}
	}
	var table struct {
		Rows []struct {
			Home bool
			Key  string
		}
	}
	r.json(t, "/hosts.json?table=countries&home=UZB", &table)
	for _, row := range table.Rows {
		if row.Home != (row.Key == "UZB") {
			t.Errorf("home is %s: %v", row.Key, row.Home)
		}
	}
}

// version returns the version the pages show.
func (r *reader) version(t testing.TB) string {
	t.Helper()
	var page struct{ Version string }
	r.json(t, "/overview.json", &page)
	return page.Version
}

func (r *reader) json(t testing.TB, target string, v any) {
	t.Helper()
	w := r.get(target, http.StatusOK)
	if got := w.Header().Get("Content-Type"); got != "application/json" {
		t.Fatalf("%s is %q", target, got)
	}
	if err := json.Unmarshal(w.Body.Bytes(), v); err != nil {
		t.Fatalf("%s: %v", target, err)
	}
}

// The page, its JSON and its CSV say the same numbers.
func TestFilesSayWhatThePageSays(t *testing.T) {
	r := withBuiltIn(t)
	type cell struct {
		V, Lo, Hi        float64
		Kind, Text, Href string
		Unit, Method     string
		Sources          []string
	}
	for _, tt := range []struct{ page, table string }{
		{"/standing", "league"}, {"/vectors", "balance"}, {"/diaspora", "hosts"}, {"/diaspora/DEU", "claims"}, {"/hosts", "countries"}, {"/hosts/DEU", "economy"},
	} {
		t.Run(tt.page, func(t *testing.T) {
			body := r.get(tt.page, http.StatusOK).Body.String()
			var table struct {
				Columns []struct{ Key, Type string }
				Rows    []struct {
					Key, Label string
					Cells      map[string]json.RawMessage
				}
			}
			r.json(t, tt.page+".json?table="+tt.table, &table)
			lines, err := csv.NewReader(r.get(tt.page+".csv?table="+tt.table, http.StatusOK).Body).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			if len(lines) != len(table.Rows)+1 || len(table.Rows) == 0 {
				t.Fatalf("%d lines of CSV for %d rows of JSON", len(lines), len(table.Rows))
			}
			figures := 0
			for i, row := range table.Rows {
				for _, col := range table.Columns {
					at := slices.Index(lines[0], col.Key)
					got := lines[i+1][at]
					if col.Type != "figure" {
						continue
					}
					var c *cell
					if err := json.Unmarshal(row.Cells[col.Key], &c); err != nil {
						t.Fatal(err)
					}
					if c == nil {
						if got != "" {
							t.Errorf("%s %s is missing in JSON and %q in CSV", row.Key, col.Key, got)
						}
						continue
					}
					figures++
					for k, want := range []float64{c.V, c.Lo, c.Hi} {
						if have, err := strconv.ParseFloat(lines[i+1][at+k], 64); err != nil || have != want { // the same number, written twice
							t.Fatalf("%s %s is %v in CSV and %v in JSON", row.Key, lines[0][at+k], lines[i+1][at+k], want)
						}
					}
					value, _, _ := strings.Cut(c.Text, " (")
					if !strings.Contains(body, `href="`+html.EscapeString(c.Href)+`"`) || !strings.Contains(body, `<span class="v">`+html.EscapeString(value)+`</span>`) {
						t.Fatalf("%s %s, %s at %s, is not on the page", row.Key, col.Key, c.Text, c.Href)
					}
				}
			}
			if figures == 0 {
				t.Error("the table has no figures")
			}
		})
	}
}

func TestFigureFiles(t *testing.T) {
	r := withBuiltIn(t)
	const path = "standing/material/KAZ/2024/rank"
	var got struct {
		Path, Text, Cite, Version string
		Figure                    shanyraq.Figure
	}
	r.json(t, "/f/"+path+".json", &got)
	if got.Path != path || got.Figure.Path() != path || got.Figure.Unit() != "rank" || got.Version == "" {
		t.Errorf("the JSON of a figure is %+v", got)
	}
	has(t, "the citation", got.Cite, got.Text, got.Version, path)
	lines, err := csv.NewReader(r.get("/f/"+path+".csv", http.StatusOK).Body).ReadAll()
	if err != nil || len(lines) != 2 {
		t.Fatalf("%v, %v", lines, err)
	}
	if v, err := strconv.ParseFloat(lines[1][2], 64); err != nil || v != got.Figure.Value() {
		t.Errorf("CSV says %s, JSON %v", lines[1][2], got.Figure.Value())
	}
	// A figure under other weights keeps them in its address.
	heavy := r.get("/f/"+path+"?w.gdp=100&w.population=0&w.military=0", http.StatusOK).Body.String()
	if heavy == r.get("/f/"+path, http.StatusOK).Body.String() {
		t.Error("the weights of a figure's address are passed over")
	}
	has(t, "the page", heavy, "w.gdp=")
	// Rivals are a table of their own.
	r.get("/f/claim/wdi/SP.POP.TOTL/KAZ/-/2024.csv?table=rivals", http.StatusOK)
	r.get("/f/claim/wdi/SP.POP.TOTL/KAZ/-/2024.json?table=rivals", http.StatusOK)
	r.get("/f/claim/wdi/SP.POP.TOTL/KAZ/-/2024.json?table=none", http.StatusNotFound)
}

func TestOtherFiles(t *testing.T) {
	r := withBuiltIn(t)
	for _, p := range []string{"/overview", "/sources", "/sources/wdi", "/methods", "/methods/claim", "/activity", "/groups", "/groups/turkic", "/search"} {
		var v any
		r.json(t, p+".json?q=germany", &v)
		w := r.get(p+".csv?q=germany", http.StatusOK)
		if got := w.Header().Get("Content-Type"); got != "text/csv; charset=utf-8" {
			t.Errorf("%s.csv is %q", p, got)
		}
		has(t, p, w.Header().Get("Content-Disposition"), `attachment; filename="shanyraq-`)
		if _, err := csv.NewReader(w.Body).ReadAll(); err != nil {
			t.Errorf("%s.csv: %v", p, err)
		}
	}
}

func TestDrawerGetsTheContentAlone(t *testing.T) {
	r := withBuiltIn(t)
	body := r.get("/f/standing/material/KAZ/2024/rank?part=1", http.StatusOK).Body.String()
	has(t, "the part", body, "<main>", `id="part-cite"`, "<h1>")
	hasNot(t, "the part", body, `class="top"`, "<script", `class="rail"`, `class="foot"`)
}

func TestBadInput(t *testing.T) {
	r := withBuiltIn(t)
	for _, tt := range []struct {
		name, target string
		status       int
		says         string
	}{
		{"an unknown country", "/hosts/XYZ", 404, "XYZ"},
		{"a power that is home", "/vectors/KAZ", 404, "Kazakhstan is home"},
		{"an unknown home", "/standing?home=XX", 400, "XX is not a country here"},
		{"no year", "/standing?year=soon", 400, "soon is not a year"},
		{"a year without figures", "/standing?year=1850", 404, "1850"},
		{"weights that are no number", "/standing?w.gdp=much", 400, "weight"},
		{"weights below zero", "/standing?w.gdp=-1", 400, "weight"},
		{"no weight at all", "/standing?w.gdp=0&w.population=0&w.military=0", 400, "weight"},
		{"an unknown method", "/methods/guessing", 404, "guessing"},
		{"an unknown source", "/sources/nobody", 404, "nobody"},
		{"an unknown figure", "/f/standing/material/KAZ/2024/glory", 404, "There is no number at standing/material/KAZ/2024/glory"},
		{"an unknown room of figures", "/f/dreams/KAZ", 404, "dreams/KAZ"},
		{"an unknown claim", "/f/claim/wdi/SP.POP.TOTL/KAZ/-/1066", 404, "1066"},
		{"an unknown definition", "/diaspora?stock=cousins", 400, "cousins"},
		{"an unknown set", "/diaspora?set=cousins", 400, "cousins"},
		{"an unknown prior", "/diaspora?prior=stride=1", 400, "stride"},
		{"a year too far ahead", "/diaspora?year=2090", 400, "2054"},
		{"an unknown group", "/hosts?group=friends", 404, "friends"},
		{"an unknown series", "/hosts?series=luck", 404, "luck"},
		{"an unknown version", "/?at=0123456789ab", 404, "0123456789ab"},
		{"an unknown column to sort by", "/standing?sort=league.glory", 400, "league.glory"},
		{"an unknown address", "/nowhere", 404, "/nowhere"},
		{"an unknown address with an extension", "/nowhere.png", 404, "/nowhere.png"},
		{"a group that is not there", "/groups/friends", 404, "friends"},
		{"a staged table that is not there", "/import/ABC", 404, "not waiting here"},
		{"markup", "/search?q=<script>alert(1)</script>", 200, "&lt;script&gt;"},
		{"a very long search", "/search?q=" + strings.Repeat("ж", 3000), 200, "Search"},
		{"bytes that are no text", "/search?q=%ff%fe", 200, "Search"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := r.get(tt.target, tt.status, "Accept-Language", "en").Body.String()
			has(t, "the page", html.UnescapeString(body[strings.Index(body, "<main"):]), html.UnescapeString(tt.says))
			hasNot(t, "the page", body, "<script>")
			if tt.status != http.StatusOK {
				has(t, "the page", body, `class="error error-page"`, `href="/"`)
			}
		})
	}
	for target, status := range map[string]int{"/hosts/XYZ.json": 404, "/standing.csv?year=soon": 400, "/standing.json?table=none": 404, "/diaspora.csv?table=none": 404, "/help.json": 404, "/nowhere.csv": 404} {
		w := r.get(target, status, "Accept-Language", "en")
		var p struct {
			Title, Detail string
			Status        int
		}
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Status != status || p.Title == "" || p.Detail == "" || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s answers %s (%v)", target, w.Body, err)
		}
	}
	if r.log.Len() > 0 {
		t.Errorf("what a reader can mend is logged:\n%s", r.log)
	}
}

func TestUnknownKeysAreToldOf(t *testing.T) {
	r := withBuiltIn(t)
	body := r.get("/standing?colour=red&year=2023&utm=x", http.StatusOK, "Accept-Language", "en").Body.String()
	has(t, "the notice", body, "colour, utm")
	body = r.get("/standing?year=2023&theme=dark&w.gdp=2&done=7&sort=league.rank&table=league", http.StatusOK).Body.String()
	hasNot(t, "a page whose keys are known", body, `class="notice"`)
}

func TestLanguageAndThemeAreRemembered(t *testing.T) {
	r := withBuiltIn(t)
	w := r.get("/help?lang=kk&theme=dark", http.StatusOK)
	has(t, "the page", w.Body.String(), `<html lang="kk" dir="ltr" data-theme="dark">`)
	cookies := map[string]string{}
	for _, c := range w.Result().Cookies() {
		cookies[c.Name] = c.Value
		if c.SameSite != http.SameSiteLaxMode || !c.HttpOnly || c.Path != "/" {
			t.Errorf("the cookie %s is %v", c.Name, c)
		}
	}
	if cookies["lang"] != "kk" || cookies["theme"] != "dark" {
		t.Errorf("remembered: %v", cookies)
	}
	again := r.get("/help", http.StatusOK, "Cookie", "lang=kk; theme=dark", "Accept-Language", "ru").Body.String()
	has(t, "the next page", again, `<html lang="kk" dir="ltr" data-theme="dark">`)
	// A choice in the address is stronger than one remembered.
	has(t, "the page", r.get("/help?lang=en", http.StatusOK, "Cookie", "lang=kk").Body.String(), `<html lang="en"`)
	// What is no theme is forgotten.
	w = r.get("/help?theme=system", http.StatusOK, "Cookie", "theme=dark")
	hasNot(t, "the page", w.Body.String(), "data-theme=")
	if c := w.Result().Cookies(); len(c) != 1 || c[0].MaxAge >= 0 {
		t.Errorf("the theme is not forgotten: %v", c)
	}
	for _, bad := range []string{"lang=xx&theme=<b>", "lang=" + strings.Repeat("a", 100)} {
		hasNot(t, "the page", r.get("/help?"+bad, http.StatusOK).Body.String(), "<b>", "data-theme")
	}
}

func TestSorting(t *testing.T) {
	r := withBuiltIn(t)
	var table struct {
		Rows []struct {
			Key, Label string
			Cells      map[string]*struct{ V float64 }
		}
	}
	r.json(t, "/hosts.json?table=countries&sort=-countries.SP.POP.TOTL", &table)
	last, gap := -1.0, false
	for i, row := range table.Rows {
		c := row.Cells["SP.POP.TOTL"]
		switch {
		case c == nil:
			gap = true
		case gap:
			t.Fatalf("%s has a value and stands after one that has none", row.Label)
		case i > 0 && c.V > last:
			t.Fatalf("%s, %v, stands after %v", row.Label, c.V, last)
		}
		if c != nil {
			last = c.V
		}
	}
	body := r.get("/hosts?sort=-countries.SP.POP.TOTL", http.StatusOK).Body.String()
	has(t, "the page", body, `aria-sort="descending"`, "sort=countries.SP.POP.TOTL")
	r.json(t, "/hosts.json?table=countries&sort=countries.label&lang=kk", &table)
	loc := locale.For("kk")
	for i := 1; i < len(table.Rows); i++ {
		if loc.Compare(table.Rows[i-1].Label, table.Rows[i].Label) > 0 {
			t.Fatalf("%s stands before %s", table.Rows[i-1].Label, table.Rows[i].Label)
		}
	}
}

func TestSearchFindsInAnyScript(t *testing.T) {
	r := withBuiltIn(t)
	for _, q := range []string{"Germany", "Германия", "deu", "ألمانيا", "DEU"} {
		body := r.get("/search?q="+url.QueryEscape(q), http.StatusOK).Body.String()
		first := strings.Index(body, `class="hit"`)
		if first < 0 || !strings.HasPrefix(body[first:], `class="hit"><a href="/hosts/DEU"`) {
			t.Errorf("%s does not find Germany first", q)
		}
		has(t, "the results", body, `href="/diaspora/DEU"`, `href="/vectors/DEU"`)
	}
	has(t, "a search for nothing there", r.get("/search?q=00000000", http.StatusOK, "Accept-Language", "en").Body.String(), `class="empty"`)
}

func TestEarlierVersionIsMarked(t *testing.T) {
	ws := small(t)
	tables := smallTables()
	tables["census/extra.csv"] = &fstestFile
	newer, _, err := house(tables)
	if err != nil {
		t.Fatal(err)
	}
	old := ws.houses[0].Library.Version()
	ws.houses = append(ws.houses, newer)
	r := read(t, ws)
	hasNot(t, "the newest", r.get("/hosts", http.StatusOK).Body.String(), `class="notice"`)
	body := r.get("/hosts?at="+old, http.StatusOK, "Accept-Language", "en").Body.String()
	has(t, "the earlier", body, `class="notice"`, old, `href="/hosts"`)
	// The address to copy holds on to what is shown.
	has(t, "the newest", r.get("/hosts", http.StatusOK).Body.String(), `data-copy="/hosts?at=`+newer.Library.Version())
}

func TestWithheldIsLikeAbsent(t *testing.T) {
	answers := map[shanyraq.Kind][]string{}
	for _, kind := range []shanyraq.Kind{shanyraq.NotFound, shanyraq.Withheld} {
		ws := small(t)
		ws.houses = []*view.House{mustHouse(t, refusing{ws.houses[0].Library, kind})}
		r := read(t, ws)
		for _, target := range []string{"/f/claim/census/people_from/DEU/KAZ/2020", "/f/claim/census/people_from/DEU/KAZ/2020.json", "/f/claim/census/people_from/DEU/KAZ/2020?part=1"} {
			w := r.do("GET", target, nil)
			w.Header().Del("Date")
			answers[kind] = append(answers[kind], strconv.Itoa(w.Code)+w.Body.String())
		}
	}
	if !slices.Equal(answers[shanyraq.NotFound], answers[shanyraq.Withheld]) {
		t.Errorf("one can tell what is withheld:\n%q\n%q", answers[shanyraq.NotFound], answers[shanyraq.Withheld])
	}
	has(t, "the answer", answers[shanyraq.Withheld][0], "404")
}

func TestFaultOfOursIsLoggedAndNotShown(t *testing.T) {
	ws := small(t)
	ws.houses = []*view.House{mustHouse(t, refusing{ws.houses[0].Library, shanyraq.Other})}
	r := read(t, ws)
	body := r.get("/f/claim/census/people_from/DEU/KAZ/2020", http.StatusInternalServerError).Body.String()
	hasNot(t, "the page", body, "kept back")
	has(t, "the log", r.log.String(), "kept back")
}

func TestNoMatterHowTheHandlerEndsThereIsAPage(t *testing.T) {
	r := read(t, panicking{small(t)})
	w := r.do("GET", "/help", nil)
	if w.Code != http.StatusInternalServerError {
		t.Errorf("a panic answers %d", w.Code)
	}
	has(t, "the log", r.log.String(), "made to fail")
}

// Pages stay within what a slow line can take: 250 kB compressed, beyond the
// fonts, the chart's figures included.
func TestPagesAreLight(t *testing.T) {
	r := withBuiltIn(t)
	const budget = 250_000
	for _, p := range everyPage {
		w := r.get(p, http.StatusOK, "Accept-Encoding", "gzip")
		total, body := w.Body.Len(), unzip(t, w.Body)
		seen := map[string]bool{}
		for _, m := range regexp.MustCompile(`(?:href|src|data-src)="(/[^"]*?(?:\.css|\.js|mark\.svg|\.json\?[^"]*))"`).FindAllStringSubmatch(body, -1) {
			address := html.UnescapeString(m[1])
			if isFile := strings.Contains(address, ".json?"); isFile && !strings.Contains(body, `data-src="`+m[1]+`"`) || seen[address] {
				continue
			}
			seen[address] = true
			total += r.get(address, http.StatusOK, "Accept-Encoding", "gzip").Body.Len()
			if strings.HasSuffix(address, "charts.js") && strings.Contains(body, `data-chart="map"`) {
				total += r.get(strings.TrimSuffix(address, "charts.js")+"world.json", http.StatusOK, "Accept-Encoding", "gzip").Body.Len()
			}
		}
		if total > budget {
			t.Errorf("%s loads %d bytes, more than %d", p, total, budget)
		}
	}
}

func unzip(t *testing.T, r io.Reader) string {
	t.Helper()
	z, err := gzip.NewReader(r)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestGolden(t *testing.T) {
	ws := small(t)
	r := read(t, ws)
	for _, tt := range []struct{ name, target, lang string }{
		{"diaspora_host_ru", "/diaspora/DEU", "ru"},
		{"diaspora_host_empty", "/diaspora/UZB?stock=", "en"},
		{"claim_kk", "/f/claim/census/people_from/DEU/KAZ/2021?part=1", "kk"},
		{"source_en", "/sources/authors", "en"},
		{"group_kk", "/groups/asia", "kk"},
		{"nothing_en", "/hosts/XYZ", "en"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			golden(t, tt.name+".html", r.do("GET", tt.target, nil, "Accept-Language", tt.lang).Body.Bytes())
		})
	}
	golden(t, "diaspora_host.csv", r.get("/diaspora/DEU.csv?table=claims", http.StatusOK).Body.Bytes())
	golden(t, "figure.json", r.get("/f/diaspora/KAZ/DEU/ethnicity.json", http.StatusOK).Body.Bytes())
}

// golden compares got with testdata/name, without what changes with every
// build of the assets. After a change that is meant, run
//
//	go test ./internal/web -update
//
// and read the difference in the files before committing them.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	got = regexp.MustCompile(`/assets/[0-9a-f]+/`).ReplaceAll(got, []byte("/assets/BUILD/"))
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what the code writes now; -update rewrites it:\n%s", path, got)
	}
}

// The workbook of an index is a file of its own.
func TestBook(t *testing.T) {
	r := withBuiltIn(t)
	w := r.get("/standing/cinc/book", http.StatusOK)
	if !strings.HasPrefix(w.Body.String(), "PK") || !strings.Contains(w.Header().Get("Content-Disposition"), "shanyraq-cinc-") {
		t.Errorf("%s, %d bytes", w.Header().Get("Content-Disposition"), w.Body.Len())
	}
	r.get("/standing/nothing/book", http.StatusNotFound)
	if w := r.get("/vectors/coding/sheet", http.StatusOK); !strings.HasPrefix(w.Body.String(), "home,act,power,when,coder,item,code\nKAZ,") {
		t.Errorf("sheet begins %.80q", w.Body.String())
	}
}
