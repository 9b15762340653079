package view

import (
	"cmp"
	"net/url"
	"slices"

	"shanyraq"
	"shanyraq/internal/locale"
)

// A Hit is something a search found.
type Hit struct {
	Kind  string // place, series, source, method, room
	Title string
	Note  string
	Href  string
	score float64
}

// enoughAlike is the score below which a candidate is not a hit; where nothing
// reaches it, what was typed may have a slip in it, and faintlyAlike will do.
const (
	enoughAlike  = 0.45
	faintlyAlike = 0.28
)

// Search returns what answers the query, best first: places by any of their
// names in any script, figures' series, sources, methods and rooms.
func Search(h *House, a *Ask, query string, limit int) []Hit {
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
		names := []string{string(p.Code)}
		for _, n := range p.Names {
			names = append(names, n)
		}
		add(Hit{Kind: "place", Title: p.Name(lang), Note: string(p.Code), Href: a.link("/hosts/" + string(p.Code))}, names...)
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
		add(Hit{Kind: "series", Title: d.Title(lang), Note: a.T("nav.diaspora"), Href: a.link("/diaspora?stock=" + string(d.ID))}, append(values(d.Titles), string(d.ID))...)
	}
	for _, room := range Rooms() {
		add(Hit{Kind: "room", Title: a.T("nav." + room), Href: a.link("/" + room)}, a.T("nav."+room), room)
	}
	slices.SortStableFunc(hits, func(x, y Hit) int {
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(kindOrder(x.Kind), kindOrder(y.Kind)), a.Loc.Compare(x.Title, y.Title))
	})
	if good := slices.IndexFunc(hits, func(h Hit) bool { return h.score < enoughAlike }); good > 0 {
		hits = hits[:good]
	}
	return hits[:min(limit, len(hits))]
}

func kindOrder(k string) int {
	return slices.Index([]string{"place", "room", "series", "source", "method"}, k)
}

func values(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

// Rooms lists the rooms that have content, in the order of the menu.
func Rooms() []string { return []string{"standing", "vectors", "diaspora", "hosts"} }

// Named returns the one place the query names outright, if any.
func (h *House) Named(query string) (shanyraq.Place, bool) {
	q := locale.Fold(query)
	for _, p := range h.places {
		if !p.Exists() {
			continue
		}
		if locale.Fold(string(p.Code)) == q || locale.Fold(p.Alpha2) == q {
			return p, true
		}
		for _, n := range p.Names {
			if locale.Fold(n) == q {
				return p, true
			}
		}
	}
	return shanyraq.Place{}, false
}
