package view_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"shanyraq"
	"shanyraq/internal/standing"
	"shanyraq/internal/view"
)

// What goes into the answer opens too, down to the claims, each to the number
// and unit that the formula used.
func TestMiddlePowerOpensToTheClaims(t *testing.T) {
	h := house(t)
	for _, home := range []shanyraq.CountryCode{"KAZ", "UZB", "DEU"} {
		p, err := view.StandingPower(t.Context(), h, ask(t, home, "en", ""))
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		claims := 0
		var open func(f shanyraq.Figure)
		open = func(f shanyraq.Figure) {
			if f.IsZero() || seen[f.Path()] {
				return
			}
			seen[f.Path()] = true
			for _, in := range f.Lineage().Inputs {
				g, err := h.Figure(t.Context(), in.Path)
				if err != nil || g.Value() != in.Value || g.Unit() != in.Unit {
					t.Errorf("%s: input %s is %v %s and opens to %v %s, %v", f.Path(), in.Path, in.Value, in.Unit, g.Value(), g.Unit(), err)
					continue
				}
				if strings.HasPrefix(in.Path, "claim/") {
					claims++
				}
				open(g)
			}
			for _, s := range f.Lineage().Sources {
				if _, ok := h.Source(s); !ok {
					t.Errorf("%s: no source %q", f.Path(), s)
				}
			}
		}
		for _, f := range figuresOf(p) {
			open(f)
		}
		if claims < 100 {
			t.Errorf("%s: %d claims stand behind the page", home, claims)
		}
	}
}

// The claims of status lead to the page that tests them.
func TestStatusClaimsLeadToTheTests(t *testing.T) {
	p, err := view.Standing(t.Context(), house(t), ask(t, "KAZ", "ru", "lang=ru"))
	if err != nil {
		t.Fatal(err)
	}
	status := p.Table("status")
	for _, r := range status.Rows {
		if !slices.ContainsFunc(r.Cells, func(c view.Cell) bool { return c.Href == "/standing/power?lang=ru" }) {
			t.Errorf("%s leads nowhere", r.Key)
		}
	}
	if len(status.Rows) < 5 {
		t.Errorf("%d claims", len(status.Rows))
	}
}

func TestStandingTabs(t *testing.T) {
	a := ask(t, "KAZ", "en", "")
	if tabs := view.StandingTabs(a, "/standing/power"); len(tabs) != 4+len(standing.IndexKeys()) || tabs[0].Value != "/standing" || tabs[1].Label != "Middle power?" || tabs[4].Value != "/standing/material" {
		t.Errorf("tabs %v", tabs)
	}
	if tabs := view.StandingTabs(a, "/standing/cinc/audit"); len(tabs) != 8 || tabs[4].Value != "/standing/cinc" || tabs[7].Value != "/standing/cinc/audit" {
		t.Errorf("tabs of an index %v", tabs)
	}
	if tabs := view.StandingTabs(a, "/vectors"); tabs != nil {
		t.Errorf("another room has %v", tabs)
	}
}

// The page as the terminal prints it, without what grows with the tables held.
func TestMiddlePowerGolden(t *testing.T) {
	for _, lang := range []string{"en", "kk", "ru"} {
		a := ask(t, "KAZ", lang, "year=2020")
		p, err := view.StandingPower(t.Context(), house(t), a)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		b.WriteString(p.Question + "\n" + p.Answer.Plain(a.Loc) + "\n")
		for _, f := range p.Facts {
			b.WriteString(f.Label + ": " + f.Text + "\n")
		}
		for _, key := range []string{"definitions", "tests", "split", "bands"} {
			b.WriteString("\n")
			if err := p.Table(key).WriteText(&b, a.Loc); err != nil {
				t.Fatal(err)
			}
		}
		b.WriteString("\n" + strings.Join(p.Notes, "\n") + "\n")
		golden(t, "power."+lang+".txt", b.Bytes())
	}
}

// A country of which next to nothing is held cannot be told, and is not denied.
func TestMiddlePowerOfTheUnknown(t *testing.T) {
	for _, home := range []shanyraq.CountryCode{"VAT", "PRK"} {
		a := ask(t, home, "en", "")
		p, err := view.StandingPower(t.Context(), house(t), a)
		if err != nil {
			t.Fatal(err)
		}
		rendered(t, string(home), house(t), a, p)
		if empty := p.Table("criteria"); !slices.ContainsFunc(empty.Rows, func(r view.Row) bool { return r.Cells[1].Figure.IsZero() && r.Cells[1].Missing != "" }) {
			t.Errorf("%s lacks nothing", home)
		}
	}
}
