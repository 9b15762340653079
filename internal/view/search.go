package view

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"shanyraq"
	"shanyraq/internal/diaspora"
	"shanyraq/internal/locale"
	"shanyraq/internal/publishers"
	"shanyraq/internal/standing"
)

// A Hit is something a search found.
type Hit struct {
	Kind  string // place, room, page, series, source, method
	Title string
	Note  string
	Href  string
	score float64
}

// enoughAlike is the score below which a candidate is not a hit; where nothing
// reaches it, what was typed may have a slip in it, and faintlyAlike will do. A
// city has to be named more surely, for there are thousands.
const (
	enoughAlike  = 0.45
	faintlyAlike = 0.34
	surelyAlike  = 0.85
)

// Pages lists the pages below the rooms that a search finds by their
// question and by the words of the message search.words: what else people call
// the matter.
func Pages() []string {
	return []string{
		"/standing/power",
		"/standing/conduct", "/standing/tiers", "/vectors/acts", "/vectors/asymmetry", "/vectors/balance", "/vectors/coding", "/vectors/events", "/vectors/freight", "/vectors/network", "/vectors/readings", "/vectors/routes", "/vectors/votes",
		"/diaspora/backtest", "/diaspora/coverage", "/diaspora/methods", "/diaspora/priors", "/diaspora/revisions",
		"/hosts/acculturation", "/hosts/cases", "/hosts/compare", "/hosts/fit", "/hosts/perception", "/hosts/potential", "/hosts/rivals", "/hosts/similar", "/hosts/tiers",
	}
}

// IndexPages lists the pages below each index. A search finds an index by its
// title, and these of the first index by the words of search.words.
func IndexPages() []string { return []string{"sensitivity", "compare", "audit"} }

// spoken returns what people call the matter of the key, in every language.
func spoken(key string) []string {
	var out []string
	for _, l := range locale.Supported() {
		out = append(out, strings.Split(locale.For(l).T("search.words."+key), ",")...)
	}
	return out
}

// dotted is the path as the part of a key.
func dotted(path string) string { return strings.ReplaceAll(strings.TrimPrefix(path, "/"), "/", ".") }

// Search returns what answers the query, best first: places by any of their
// names in any script and by their larger cities, pages, figures' series,
// sources, methods and rooms. Where places stand among other words, as in
// "votes Russia", it finds the places and what the other words find.
func Search(h *House, a *Ask, query string, limit int) []Hit {
	hits := h.find(a, query)
	if places, rest := h.placesIn(query); len(places) > 0 && rest != "" {
		for _, p := range places {
			hits = append(hits, a.placeHit(p, "", surelyAlike))
		}
		for _, x := range h.find(a, rest) {
			if x.Kind != "place" {
				hits = append(hits, x)
			}
		}
		hits = once(hits)
	}
	slices.SortStableFunc(hits, func(x, y Hit) int {
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(kindOrder(x.Kind), kindOrder(y.Kind)), a.Loc.Compare(x.Title, y.Title))
	})
	if good := slices.IndexFunc(hits, func(h Hit) bool { return h.score < enoughAlike }); good > 0 {
		hits = hits[:good]
	}
	return hits[:min(limit, len(hits))]
}

// once keeps the better of two hits that lead to the same page.
func once(hits []Hit) []Hit {
	at := map[string]int{}
	var out []Hit
	for _, x := range hits {
		if i, ok := at[x.Href]; ok {
			if x.score > out[i].score {
				out[i] = x
			}
			continue
		}
		at[x.Href] = len(out)
		out = append(out, x)
	}
	return out
}

// placeHit is a place found by a name of its own or by that of a city.
func (a *Ask) placeHit(p shanyraq.Place, city string, score float64) Hit {
	x := Hit{Kind: "place", Title: p.Name(a.Loc.Lang()), Note: string(p.Code), Href: a.link("/hosts/" + string(p.Code)), score: score}
	if city != "" {
		x.Title += ": " + city
	}
	return x
}

// find returns what the query names as a whole, in no order.
func (h *House) find(a *Ask, query string) []Hit {
	if query == "" {
		return nil
	}
	lang := a.Loc.Lang()
	q := locale.NewQuery(query)
	var hits []Hit
	add := func(hit Hit, names ...string) {
		for _, n := range names {
			if s := q.Score(n); s > hit.score {
				hit.score = s
			}
		}
		if hit.score >= faintlyAlike {
			hits = append(hits, hit)
		}
	}
	for _, p := range h.places {
		if !p.Exists() {
			continue
		}
		best := a.placeHit(p, "", q.Score(string(p.Code)))
		for _, n := range p.Names {
			best.score = max(best.score, q.Score(n))
		}
		for _, city := range p.Cities {
			if s := q.Score(city); s >= surelyAlike && s > best.score {
				best = a.placeHit(p, city, s)
			}
		}
		add(best)
	}
	for _, path := range Pages() {
		title := "search.title." + dotted(path) // where the question names another country
		if !a.Loc.Has(title) {
			title = dotted(path) + ".question"
		}
		hit := Hit{Kind: "page", Title: a.T(title, "Home", h.PlaceName(a.Home, lang)), Href: a.link(path)}
		add(hit, append(spoken(dotted(path)), hit.Title)...)
	}
	for i, k := range standing.IndexKeys() {
		hit := Hit{Kind: "page", Title: indexTitle(a, k), Note: a.T("nav.standing"), Href: a.link("/standing/" + string(k))}
		names := []string{string(k)}
		if d, err := standing.ReadRecipe(k); err == nil {
			names = append(names, values(d.Titles)...)
		}
		add(hit, names...)
		if i > 0 {
			continue
		}
		for _, page := range IndexPages() {
			add(Hit{Kind: "page", Title: a.T("standing.tab."+page) + ": " + hit.Title, Note: a.T("nav.standing"), Href: a.link("/standing/" + string(k) + "/" + page)}, spoken("standing."+page)...)
		}
	}
	for _, s := range h.series {
		href := "/hosts?series=" + url.QueryEscape(string(s.ID))
		if s.Topic == "diaspora" {
			href = "/diaspora"
		} else if !mappable(s) {
			href = "/vectors"
		}
		add(Hit{Kind: "series", Title: s.Title(lang), Note: a.T("topic." + s.Topic), Href: a.link(href)}, append(values(s.Titles), string(s.ID))...)
	}
	for _, s := range h.sources {
		add(Hit{Kind: "source", Title: s.Title, Note: s.Publisher, Href: a.link("/sources/" + string(s.ID))}, s.Title, s.Publisher, string(s.ID))
	}
	for _, m := range Methods() {
		add(Hit{Kind: "method", Title: a.T("method." + string(m) + ".title"), Href: a.link("/methods/" + string(m))}, a.T("method."+string(m)+".title"), string(m))
	}
	for _, d := range h.definitions {
		if !slices.Contains(diaspora.Definitions(), d.ID) {
			continue
		}
		add(Hit{Kind: "series", Title: d.Title(lang), Note: a.T("nav.diaspora"), Href: a.link("/diaspora?stock=" + string(d.ID))}, append(values(d.Titles), string(d.ID))...)
	}
	for _, room := range Rooms() {
		add(Hit{Kind: "room", Title: a.T("nav." + room), Href: a.link("/" + room)}, a.T("nav."+room), room)
	}
	return hits
}

// joining are words that stand between a place and what is asked of it.
var joining = strings.Fields("and at between for from in of on the to versus vs with в во для и из к на о об по с со у да және мен пен бен")

// placesIn returns the places that runs of the query's words name outright, the
// longest first, and the words left over but for those that join.
func (h *House) placesIn(query string) (places []shanyraq.Place, rest string) {
	words := strings.Fields(query)
	if len(words) < 2 || len(words) > 12 {
		return nil, ""
	}
	var left []string
	for i := 0; i < len(words); {
		n := min(4, len(words)-i)
		for ; n > 0; n-- {
			run := strings.Join(words[i:i+n], " ")
			// A code of two or three letters is a word in some language; only one
			// in capitals is meant as a code.
			if short := utf8.RuneCountInString(run) <= 3; short && run != strings.ToUpper(run) {
				continue
			}
			if p, ok := h.Named(run); ok {
				places = append(places, p)
				break
			}
		}
		if n == 0 && slices.Contains(joining, strings.ToLower(words[i])) {
			n = 1
		}
		if n == 0 {
			left = append(left, words[i])
			n = 1
		}
		i += n
	}
	return places, strings.Join(left, " ")
}

func kindOrder(k string) int {
	return slices.Index([]string{"place", "room", "page", "series", "source", "method"}, k)
}

func values(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

// Code returns the country that a table means by a name in any language, a code
// of two or three letters, or a number of the United Nations.
func (h *House) Code(name string) (shanyraq.CountryCode, bool) {
	name = strings.TrimSpace(name)
	if p, ok := h.Named(name); ok {
		return p.Code, true
	}
	if c, ok := publishers.Variant(strings.Trim(strings.ReplaceAll(strings.ToLower(strings.Join(strings.Fields(name), " ")), ".", ""), "* ")); ok {
		return c, true
	}
	if len(name) == 3 && name[0] >= '0' && name[0] <= '9' {
		for _, p := range h.places {
			if p.Numeric == name && p.Exists() {
				return p.Code, true
			}
		}
	}
	if strings.EqualFold(name, string(shanyraq.World)) {
		return shanyraq.World, true
	}
	return "", false
}

// Members returns the countries of a group in the year, every country for "", and
// a [shanyraq.NotFound] error for a group nobody knows.
func (h *House) Members(a *Ask, id shanyraq.GroupID) ([]shanyraq.CountryCode, error) {
	var out []shanyraq.CountryCode
	if id == "" {
		for _, p := range h.Countries(a.Loc.Compare, a.Loc.Lang()) {
			out = append(out, p.Code)
		}
		return out, nil
	}
	for _, g := range h.groups {
		if g.ID == id {
			return g.In(a.Today.Year()), nil
		}
	}
	return nil, shanyraq.Tell("view.Members", shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.group", Args: map[string]any{"Value": string(id)}}, "no group %q", id)
}

// Rooms lists the rooms that have content, in the order of the menu.
func Rooms() []string { return []string{"standing", "vectors", "diaspora", "hosts"} }

// Named returns the one place the query names outright, if any.
func (h *House) Named(query string) (shanyraq.Place, bool) {
	h.naming.Do(func() {
		h.named = map[string]int{}
		name := func(s string, i int) {
			if _, taken := h.named[locale.Fold(s)]; !taken {
				h.named[locale.Fold(s)] = i
			}
		}
		for i, p := range h.places {
			if !p.Exists() {
				continue
			}
			name(string(p.Code), i)
			name(p.Alpha2, i)
			for _, n := range p.Names {
				name(n, i)
			}
		}
		delete(h.named, "")
	})
	i, ok := h.named[locale.Fold(query)]
	if !ok {
		return shanyraq.Place{}, false
	}
	return h.places[i], true
}
