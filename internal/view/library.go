package view

import (
	"context"
	"strconv"

	"shanyraq"
	"shanyraq/internal/locale"
)

// Sources returns the page of every source held.
func Sources(h *House, a *Ask) *Page {
	p := &Page{Room: "sources", Path: "/sources", Question: a.T("sources.question"), Answer: Say("sources.answer", "Count", len(h.sources), "Series", len(h.series))}
	t := &Table{Key: "sources", Title: a.T("sources.title"), RowHead: a.T("common.source"),
		Columns: []Column{{Key: "publisher", Label: a.T("sources.publisher")}, {Key: "edition", Label: a.T("sources.edition")}, {Key: "strength", Label: a.T("common.strength")}, {Key: "taken", Label: a.T("sources.taken")}, {Key: "licence", Label: a.T("sources.licence")}}}
	for _, s := range h.sources {
		t.Add(Row{Key: string(s.ID), Label: s.Title, Href: a.link("/sources/" + string(s.ID))},
			Cell{Text: s.Publisher}, Cell{Text: s.Edition}, Cell{Text: a.Loc.Strength(s.Strength), Badge: s.Strength.String()}, Cell{Text: a.Loc.Period(s.Taken)}, Cell{Text: s.Licence})
	}
	h.sortRows(a, t)
	p.Tables = append(p.Tables, t)
	return p
}

// A SourcePage is one source: its record, its own words, and what is held of it.
type SourcePage struct {
	Source shanyraq.Source
	Notes  string
	Taken  string
	Held   *Table
}

// OpenSource returns the page of one source, or a [shanyraq.NotFound] error.
func OpenSource(ctx context.Context, h *House, a *Ask, id shanyraq.SourceID) (*SourcePage, error) {
	s, ok := h.Source(id)
	if !ok {
		return nil, shanyraq.Tell("view.OpenSource", shanyraq.NotFound, shanyraq.Text{Key: "sources.error.none", Args: map[string]any{"ID": string(id)}}, "no source %q", id)
	}
	notes, err := h.Library.SourceNotes(ctx, id)
	if err != nil && shanyraq.KindOf(err) != shanyraq.NotFound {
		return nil, err
	}
	t := &Table{Key: "held", Title: a.T("sources.held"), RowHead: a.T("common.series"), Empty: a.T("sources.held.none"),
		Columns: []Column{{Key: "claims", Label: a.T("sources.claims")}, {Key: "places", Label: a.T("sources.places")}, {Key: "years", Label: a.T("sources.years")}, {Key: "unit", Label: a.T("common.unit")}}}
	for _, series := range h.series { // one at a time: a source may hold a good part of all claims
		cs, err := h.Library.Claims(ctx, shanyraq.Query{Sources: []shanyraq.SourceID{id}, Series: []shanyraq.SeriesID{series.ID}})
		if err != nil {
			return nil, err
		}
		if len(cs) == 0 {
			continue
		}
		first, last := 0, 0
		places := map[shanyraq.CountryCode]bool{}
		for _, c := range cs {
			places[c.Place] = true
			if y := c.When.Year(); y != 0 {
				if first == 0 || y < first {
					first = y
				}
				last = max(last, y)
			}
		}
		years := ""
		if first != 0 {
			if years = strconv.Itoa(first); last != first {
				years += "–" + strconv.Itoa(last)
			}
		}
		t.Add(Row{Key: string(series.ID), Label: series.Title(a.Loc.Lang())}, Cell{Text: a.Loc.Number(float64(len(cs)), 0)}, Cell{Text: a.Loc.Number(float64(len(places)), 0)}, Cell{Text: years}, Cell{Text: a.Loc.UnitLabel(series.Unit)})
	}
	h.sortRows(a, t)
	return &SourcePage{s, notes, a.Loc.Period(s.Taken), t}, nil
}

// A MethodPage is the text of one method: what it says, how, what must hold,
// and where it was published.
type MethodPage struct {
	Key                                          shanyraq.MethodKey
	Title, Says, Formula, Limits, Checks, Papers string
}

// MethodPages returns the text of every method, in order.
func MethodPages(loc *locale.Locale) []MethodPage {
	var out []MethodPage
	for _, k := range Methods() {
		p := "method." + string(k) + "."
		out = append(out, MethodPage{k, loc.T(p + "title"), loc.T(p + "says"), loc.T(p + "formula"), loc.T(p + "limits"), loc.T(p + "checks"), loc.T(p + "papers")})
	}
	return out
}

// OpenMethod returns the text of one method, or a [shanyraq.NotFound] error.
func OpenMethod(loc *locale.Locale, key shanyraq.MethodKey) (MethodPage, error) {
	for _, m := range MethodPages(loc) {
		if m.Key == key {
			return m, nil
		}
	}
	return MethodPage{}, shanyraq.Tell("view.OpenMethod", shanyraq.NotFound, shanyraq.Text{Key: "methods.error.none", Args: map[string]any{"Key": string(key)}}, "no method %q", key)
}
