package cli

import (
	"fmt"
	"strings"

	"shanyraq/internal/view"
)

// page prints the page: the answer in one line, then its facts and tables.
func (a *app) page(h *view.House, p *view.Page) error {
	if a.table != "" || a.csv {
		t := p.Table(a.table)
		if t == nil {
			var known []string
			for _, t := range p.Tables {
				known = append(known, t.Key)
			}
			return wrong("cli.error.table", "Found", a.table, "Known", strings.Join(known, ", "))
		}
		return a.one(t)
	}
	if a.json {
		return a.encode(p.JSON(a.loc, h.Library.Version()))
	}
	a.line(p.Answer.Plain(a.loc))
	for _, f := range p.Facts {
		said := f.Text
		if !f.Cell.Figure.IsZero() {
			said = a.loc.Figure(f.Cell.Figure).Short
		}
		a.line(f.Label + ": " + said)
	}
	for _, t := range p.Tables {
		a.line("")
		if err := t.WriteText(a.out, a.loc); err != nil {
			return err
		}
	}
	for _, n := range p.Notes {
		a.line(n)
	}
	return nil
}

// one prints a single table.
func (a *app) one(t *view.Table) error {
	switch {
	case a.json:
		return a.encode(t.JSON(a.loc))
	case a.csv:
		return t.WriteCSV(a.out)
	}
	return t.WriteText(a.out, a.loc)
}

// line prints one line. That it could not be written is told at the end.
func (a *app) line(s string) { fmt.Fprintln(a.out, s) }

// named prints the value behind its label, if there is one, the label being
// that of the key.
func (a *app) named(key, value string) {
	if value != "" {
		a.line(a.loc.T(key) + ": " + value)
	}
}
