package web

import (
	"html/template"
	"net/http"
	"strings"

	"shanyraq"
	"shanyraq/internal/view"
)

// A sourcePage is one source as its template wants it.
type sourcePage struct {
	*view.SourcePage
	Terms, Faults, Prose template.HTML
	StrengthLong         string
	Held                 *section
}

// source answers with the page of one source.
func (s *site) source(w http.ResponseWriter, q *request) error {
	if s.unchanged(w, q) {
		return nil
	}
	p, err := view.OpenSource(q.Context(), q.house, q.ask, shanyraq.SourceID(q.PathValue("id")))
	if err != nil {
		return err
	}
	switch q.format {
	case "json":
		return s.sendJSON(w, q, http.StatusOK, "application/json", struct {
			Source shanyraq.Source `json:"source"`
			Notes  string          `json:"notes,omitempty"`
			Held   any             `json:"held"`
		}{p.Source, p.Notes, p.Held.JSON(q.ask.Loc)})
	case "csv":
		return s.sendCSV(w, q, p.Held)
	}
	q.ask.Get("table")
	f := s.frame(q, "sources", p.Source.Title, &sourcePage{SourcePage: p, Held: newSection(q, p.Held, sorting{}).unsorted(),
		Terms: prose(p.Source.Terms), Faults: prose(p.Source.Faults), Prose: prose(p.Notes), StrengthLong: q.ask.Loc.StrengthLong(p.Source.Strength)})
	f.Files, f.Keep = true, true
	f.Notes = unknownKeys(q)
	return s.render(w, q, http.StatusOK, "source", f)
}

// methods answers with the list of methods.
func (s *site) methods(w http.ResponseWriter, q *request) error {
	if s.unchanged(w, q) {
		return nil
	}
	pages := view.MethodPages(q.ask.Loc)
	switch q.format {
	case "json":
		out := []methodJSON{}
		for _, m := range pages {
			out = append(out, methodJSON(m))
		}
		return s.sendJSON(w, q, http.StatusOK, "application/json", out)
	case "csv":
		return s.sendCSV(w, q, methodTable(pages))
	}
	f := s.frame(q, "methods", q.ask.T("page.methods.question"), pages)
	f.Files, f.Keep = true, true
	f.Notes = unknownKeys(q)
	return s.render(w, q, http.StatusOK, "methods", f)
}

type methodJSON struct {
	Key     shanyraq.MethodKey `json:"key"`
	Title   string             `json:"title"`
	Says    string             `json:"says"`
	Formula string             `json:"formula"`
	Limits  string             `json:"limits"`
	Checks  string             `json:"checks"`
	Papers  string             `json:"papers"`
}

func methodTable(pages []view.MethodPage) *view.Table {
	t := &view.Table{Key: "methods"}
	for _, k := range []string{"says", "formula", "limits", "checks", "papers"} {
		t.Columns = append(t.Columns, view.Column{Key: k})
	}
	for _, m := range pages {
		t.Add(view.Row{Key: string(m.Key), Label: m.Title}, view.Cell{Text: m.Says}, view.Cell{Text: m.Formula}, view.Cell{Text: m.Limits}, view.Cell{Text: m.Checks}, view.Cell{Text: m.Papers})
	}
	return t
}

// A methodPage is one method as its template wants it.
type methodPage struct {
	view.MethodPage
	Formula                      string
	Says, Limits, Checks, Papers template.HTML
}

// method answers with the page of one method.
func (s *site) method(w http.ResponseWriter, q *request) error {
	if s.unchanged(w, q) {
		return nil
	}
	m, err := view.OpenMethod(q.ask.Loc, shanyraq.MethodKey(q.PathValue("key")))
	if err != nil {
		return err
	}
	switch q.format {
	case "json":
		return s.sendJSON(w, q, http.StatusOK, "application/json", methodJSON(m))
	case "csv":
		return s.sendCSV(w, q, methodTable([]view.MethodPage{m}))
	}
	f := s.frame(q, "methods", m.Title, &methodPage{m, m.Formula, prose(m.Says), prose(m.Limits), prose(m.Checks), prose(m.Papers)})
	f.Files, f.Keep = true, true
	f.Notes = unknownKeys(q)
	return s.render(w, q, http.StatusOK, "method", f)
}

// enoughHits is how many results of a search are shown.
const enoughHits = 40

// A searchPage is what a search found, by kind.
type searchPage struct {
	Query string
	Hits  []hit
	Count int
}

// A hit is one result, and for a country where else it is spoken of.
type hit struct {
	view.Hit
	KindName string
	More     []view.Link
}

// search answers with what the query names.
func (s *site) search(w http.ResponseWriter, q *request) error {
	if s.unchanged(w, q) {
		return nil
	}
	query := strings.TrimSpace(q.ask.Get("q"))
	if len(query) > 200 { // longer than any name
		query = strings.ToValidUTF8(query[:200], "")
	}
	p := &searchPage{Query: query}
	for _, h := range view.Search(q.house, q.ask, query, enoughHits) {
		x := hit{Hit: h, KindName: q.ask.T("page.search.kind." + h.Kind)}
		if h.Kind == "place" && h.Note != string(q.ask.Home) {
			x.More = []view.Link{{Label: q.ask.T("nav.diaspora"), Href: q.ask.Carry("/diaspora/" + h.Note)}, {Label: q.ask.T("nav.vectors"), Href: q.ask.Carry("/vectors/" + h.Note)}}
		}
		p.Hits = append(p.Hits, x)
	}
	p.Count = len(p.Hits)
	switch q.format {
	case "json":
		type line struct {
			Kind  string `json:"kind"`
			Title string `json:"title"`
			Note  string `json:"note,omitempty"`
			Href  string `json:"href"`
		}
		out := []line{}
		for _, h := range p.Hits {
			out = append(out, line{h.Kind, h.Title, h.Note, h.Href})
		}
		return s.sendJSON(w, q, http.StatusOK, "application/json", out)
	case "csv":
		t := &view.Table{Key: "hits", Columns: []view.Column{{Key: "kind"}, {Key: "note"}, {Key: "address"}}}
		for _, h := range p.Hits {
			t.Add(view.Row{Key: h.Title, Label: h.Title}, view.Cell{Text: h.Kind}, view.Cell{Text: h.Note}, view.Cell{Text: h.Href})
		}
		return s.sendCSV(w, q, t)
	}
	f := s.frame(q, "", q.ask.T("page.search.title", "Query", query), p)
	f.Files, f.Keep = true, true
	f.Notes = unknownKeys(q)
	return s.render(w, q, http.StatusOK, "search", f)
}

// A helpPage lists the marks on the pages and what they mean.
type helpPage struct {
	Kinds      []kindLine
	Strengths  []kindLine
	Directions []kindLine
}

// help answers with what the marks mean, the keys, and what is promised.
func (s *site) help(w http.ResponseWriter, q *request) error {
	if q.format != "" {
		return shanyraq.Errorf("nav.help", shanyraq.NotFound, "help is a page only")
	}
	if s.unchanged(w, q) {
		return nil
	}
	p := &helpPage{}
	for _, k := range shanyraq.IntervalKinds() {
		p.Kinds = append(p.Kinds, kindLine{k.String(), q.ask.Loc.Kind(k), q.ask.Loc.KindLong(k)})
	}
	for _, x := range []shanyraq.Strength{shanyraq.Measured, shanyraq.Official, shanyraq.Estimated, shanyraq.Opinion} {
		p.Strengths = append(p.Strengths, kindLine{x.String(), q.ask.Loc.Strength(x), q.ask.Loc.StrengthLong(x)})
	}
	for _, d := range []shanyraq.Direction{shanyraq.TooHigh, shanyraq.TooLow, shanyraq.EitherWay, shanyraq.TooNarrow} {
		p.Directions = append(p.Directions, kindLine{Key: string(d), Name: q.ask.Loc.Direction(d)})
	}
	f := s.frame(q, "help", q.ask.T("nav.help"), p)
	f.Keep = true
	f.Notes = unknownKeys(q)
	return s.render(w, q, http.StatusOK, "help", f)
}

// unsorted returns the section without ways to sort it.
func (s *section) unsorted() *section {
	for i := range s.Heads {
		s.Heads[i].Href, s.Heads[i].Sort = "", ""
	}
	return s
}
