package view

import (
	"strings"

	"shanyraq/internal/diaspora"
)

// Sizings returns the table of sizes, or shares, worked out from what a reader
// counted, a row a way of answering.
func Sizings(a *Ask, kind string, xs []diaspora.Sizing) *Table {
	t := &Table{Key: kind, Title: a.T("diaspora.sizing." + kind), RowHead: a.T("diaspora.backtest.way"), Lead: Say("diaspora.sizing.lead"),
		Columns: []Column{{Key: "value", Label: a.T("common.value"), Figures: true}}}
	for _, x := range xs {
		label := x.Way
		if name, ok := strings.CutPrefix(x.Way, diaspora.Held); ok {
			label = a.T("diaspora.sizing.held", "Name", name)
		} else if name, ok := strings.CutPrefix(x.Way, diaspora.Alone); ok {
			label = a.T("diaspora.sizing.alone", "Name", name)
		} else if kind != "rds" {
			label = a.T("diaspora.sizing.way." + x.Way)
		}
		t.Add(Row{Key: x.Way, Label: label}, Cell{Figure: x.Figure})
		if len(t.Notes) == 0 {
			for _, s := range x.Figure.Lineage().Assumptions {
				t.Notes = append(t.Notes, a.T("diaspora.sizing.assume", "Text", a.Loc.Text(s.Text), "Errs", a.Loc.Direction(s.Errs)))
			}
		}
	}
	return t
}
