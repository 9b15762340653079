package view_test

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/internal/view"
)

// rendered writes the page in every form there is, and fails on a message the
// catalogue lacks.
func rendered(t *testing.T, name string, h *view.House, a *view.Ask, p *view.Page) {
	t.Helper()
	whole := func(what, s string) {
		t.Helper()
		if i := strings.IndexAny(s, "⟦⟧"); i >= 0 {
			t.Errorf("%s: %s lacks a message: …%s…", name, what, s[max(0, i-20):min(len(s), i+60)])
		}
		if strings.Contains(s, "<no value>") || strings.Contains(s, "%!") {
			t.Errorf("%s: %s is not filled in: %s", name, what, s)
		}
	}
	whole("question", p.Question)
	whole("answer", p.Answer.Plain(a.Loc))
	whole("answer", string(p.Answer.HTML(a)))
	for _, c := range p.Cards {
		whole("card", c.Title+c.Text.Plain(a.Loc))
	}
	for _, f := range p.Facts {
		whole("fact", f.Label+f.Text)
	}
	for _, n := range append(p.Notes, p.Notices...) {
		whole("note", n)
	}
	b, err := json.Marshal(p.JSON(a.Loc, h.Library.Version()))
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	whole("JSON", string(b))
	for _, table := range p.Tables {
		var text strings.Builder
		if err := table.WriteText(&text, a.Loc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		whole("text", text.String())
		if err := table.WriteCSV(io.Discard); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, r := range table.Rows {
			if len(r.Cells) != len(table.Columns) {
				t.Errorf("%s: row %s of %s has %d cells of %d", name, r.Key, table.Key, len(r.Cells), len(table.Columns))
			}
			for _, c := range r.Cells {
				whole("cell", c.Missing)
			}
		}
	}
}

// Any country can be home: its cheap pages open in every language, the dear
// ones for a sample.
func TestAnyCountryCanBeHome(t *testing.T) {
	h := house(t)
	homes := 0
	for i, p := range h.Countries(strings.Compare, "en") {
		homes++
		lang := []string{"en", "kk", "ru"}[i%3]
		for _, s := range screens() {
			if s.name != "overview" && (s.query != "" || i%8 != 0) { // the overview is made of the rooms' pages
				continue
			}
			a := ask(t, p.Code, lang, "home="+string(p.Code))
			page, err := s.page(t.Context(), h, a)
			name := fmt.Sprintf("%s %s in %s", p.Code, s.name, lang)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			rendered(t, name, h, a, page)
		}
		page, err := view.Host(t.Context(), h, ask(t, "KAZ", lang, ""), p.Code)
		if err != nil {
			t.Errorf("page of %s: %v", p.Code, err)
			continue
		}
		if i%8 == 1 {
			rendered(t, "page of "+string(p.Code), h, ask(t, "KAZ", lang, ""), page)
		}
	}
	if homes < 240 {
		t.Errorf("%d countries", homes)
	}
}

// Every screen of Kazakhstan is whole in every language.
func TestEveryScreenInEveryLanguage(t *testing.T) {
	h := house(t)
	for _, lang := range []string{"en", "kk", "ru"} {
		for _, s := range screens("RUS", "CHN", "NRU") {
			a := ask(t, "KAZ", lang, s.query)
			p, err := s.page(t.Context(), h, a)
			if err != nil {
				t.Errorf("%s in %s: %v", s.name, lang, err)
				continue
			}
			rendered(t, s.name+" in "+lang, h, a, p)
			if unknown := a.Unknown(); len(unknown) > 0 {
				t.Errorf("%s does not know %v of its own address", s.name, unknown)
			}
			if p.Question == "" || p.Room == "" || !strings.HasPrefix(p.Path, "/") {
				t.Errorf("%s is %q at %q", s.name, p.Question, p.Path)
			}
		}
		a := ask(t, "KAZ", lang, "")
		rendered(t, "sources in "+lang, h, a, view.Sources(h, a))
		for _, m := range view.MethodPages(a.Loc) {
			for _, s := range []string{m.Title, m.Says, m.Formula, m.Limits, m.Checks, m.Papers} {
				if s == "" || strings.Contains(s, "⟦") {
					t.Errorf("method %s in %s: %q", m.Key, lang, s)
				}
			}
		}
	}
}

// The lineage of every kind of figure is whole in every language, and its
// inputs open.
func TestLineages(t *testing.T) {
	h := house(t)
	paths := []string{
		"standing/material/KAZ/2024/rank", "standing/material/KAZ/2024/score?w.gdp=1&w.military=4&w.population=2", "standing/material/KAZ/2023/above", "standing/gdp/KAZ/2024", "standing/military/KAZ/2024",
		"vectors/exports/KAZ/CHN/2023", "vectors/exports/KAZ/concentration/2023", "vectors/investment/KAZ/EUU/2019", "vectors/people/KAZ/RUS/2024", "vectors/people/KAZ/total-un-desa-stock-2024/2024",
		"vectors/votes/KAZ/CHN/2019", "vectors/votes/KAZ/EUU/2019", "vectors/organisations/KAZ/RUS/2026",
		"diaspora/KAZ/DEU/birthplace", "diaspora/KAZ/AFG/ethnicity_unstated", "diaspora/KAZ/RUS/ethnicity/2012",
		"claim/wdi/SP.POP.TOTL/KAZ/-/2024", "claim/un-desa-stock-2024/people_from/DEU/KAZ/2024",
	}
	seen := map[shanyraq.MethodKey]bool{}
	for _, s := range screens("RUS", "CHN") { // and the first of every method that stands on a page
		p, err := s.page(t.Context(), h, ask(t, "KAZ", "en", s.query))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range figuresOf(p) {
			if m := f.Lineage().Method; !f.IsZero() && !seen[m] {
				seen[m] = true
				paths = append(paths, f.Path())
			}
		}
	}
	for _, path := range paths {
		f, err := h.Figure(t.Context(), path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		for _, lang := range []string{"en", "kk", "ru"} {
			a := ask(t, "KAZ", lang, "lang="+lang)
			l, err := view.OpenFigure(t.Context(), h, a, path)
			if err != nil {
				t.Errorf("%s: %v", path, err)
				continue
			}
			b, err := json.Marshal(l.JSON())
			if err != nil {
				t.Error(err)
			}
			for what, s := range map[string]string{"title": l.Title, "cite": l.Cite, "JSON": string(b), "value": l.Value, "kind": l.KindLong, "method": l.Method.Label} {
				if s == "" || strings.ContainsAny(s, "⟦⟧") || strings.Contains(s, "<no value>") {
					t.Errorf("%s in %s: %s is %q", path, lang, what, s)
				}
			}
			if l.Path != path || l.Title == path || l.Version != h.Library.Version() || len(l.Sources) != len(f.Lineage().Sources) || len(l.Inputs) != len(f.Lineage().Inputs) || len(l.Assumptions) != len(f.Lineage().Assumptions) {
				t.Errorf("%s: %s, %q, %d sources, %d inputs, %d assumptions", path, l.Path, l.Title, len(l.Sources), len(l.Inputs), len(l.Assumptions))
			}
			for _, s := range l.Sources {
				if s.Publisher == "" || s.Licence == "" || !strings.HasPrefix(s.Address, "http") {
					t.Errorf("%s: source %+v", path, s)
				}
			}
			for _, in := range f.Lineage().Inputs {
				if g, err := h.Figure(t.Context(), in.Path); err != nil || g.Value() != in.Value {
					t.Errorf("%s: input %s opens to %v, %v", path, in.Path, g.Value(), err)
				}
			}
			for _, in := range l.Inputs {
				if !strings.HasPrefix(in.Href, "/f/") || !strings.Contains(in.Href, "lang="+lang) || in.Label == "" || in.Value == "" {
					t.Errorf("%s: input %+v", path, in)
				}
			}
			if strings.HasPrefix(path, "claim/") != (l.Claim != nil) {
				t.Errorf("%s: claim %+v", path, l.Claim)
			}
		}
	}
	for _, path := range []string{"", "x", "claim/", "claim/none", "standing/", "diaspora/KAZ", "vectors/x/y/z/w", "campaigns/a", "//", "claim/wdi/SP.POP.TOTL/KAZ/-/2024/x"} {
		if _, err := view.OpenFigure(t.Context(), h, ask(t, "KAZ", "en", ""), path); shanyraq.KindOf(err) != shanyraq.NotFound {
			t.Errorf("%q: %v", path, err)
		}
	}
	if _, err := h.Figure(t.Context(), "standing/material/KAZ/2024/rank?w.gdp=%zz"); shanyraq.KindOf(err) != shanyraq.Invalid {
		t.Errorf("a query that is none: %v", err)
	}
}
