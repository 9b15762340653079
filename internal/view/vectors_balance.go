package view

import (
	"context"
	"strconv"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// VectorsBalance returns how home's ties were divided among the powers in each
// year for which there are claims, and what changed at the break.
func VectorsBalance(ctx context.Context, h *House, a *Ask) (*Page, error) {
	lang := a.Loc.Lang()
	home := h.PlaceName(a.Home, lang)
	past, err := h.Vectors.Past(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	p := &Page{Room: "vectors", Path: "/vectors/balance", Question: a.T("vectors.balance.question", "Home", home), Crumbs: []Choice{{a.link("/vectors"), a.T("nav.vectors")}}}
	p.Answer = balanceAnswer(a, home, past)
	for _, history := range past.Histories {
		p.Tables = append(p.Tables, h.history(a, past.Powers, history))
	}
	p.Tables = append(p.Tables, h.breaks(a, past))
	p.Notes = []string{a.T("vectors.note.apart"), a.T("vectors.balance.gap")}
	return p, nil
}

// balanceAnswer compares the first and last year of the domain that is known
// longest.
func balanceAnswer(a *Ask, home string, past vectors.Past) Sentence {
	var first, last vectors.Year
	var domain string
	most := 1
	for _, history := range past.Histories {
		var known []vectors.Year
		for _, y := range history.Years {
			if !y.Effective.IsZero() {
				known = append(known, y)
			}
		}
		if len(known) > most {
			most, first, last, domain = len(known), known[0], known[len(known)-1], history.Domain.Key
		}
	}
	if domain == "" {
		return Say("vectors.balance.answer.none", "Home", home)
	}
	return Say("vectors.balance.answer", "Home", home, "Domain", domainLabel(a, domain), "From", first.Year, "Before", first.Effective, "To", last.Year, "Now", last.Effective)
}

// history is the table of one domain, newest year first, with a line per power.
func (h *House) history(a *Ask, powers []shanyraq.CountryCode, history vectors.History) *Table {
	lang := a.Loc.Lang()
	key := history.Domain.Key
	t := &Table{Key: "history-" + key, Title: domainLabel(a, key), RowHead: a.T("common.year"), Empty: a.T("common.nodata")}
	for _, power := range powers {
		t.Columns = append(t.Columns, Column{Key: string(power), Label: h.PlaceName(power, lang), Figures: true})
	}
	t.Columns = append(t.Columns,
		Column{Key: "effective", Label: a.T("vectors.effective"), Help: a.T("vectors.effective.help"), Figures: true},
		Column{Key: "even", Label: a.T("vectors.even"), Help: a.T("vectors.even.help"), Figures: true})
	lines := drawing("lines-"+key, t.Title, a, a.T("vectors.share"), a.Loc.UnitLabel("percent"))
	for i := len(history.Years) - 1; i >= 0; i-- {
		y := history.Years[i]
		var cells []Cell
		for _, power := range powers {
			cells = append(cells, h.powerCell(a, y.Row, power))
		}
		label := strconv.Itoa(y.Year)
		if y.Year == 0 {
			label = a.T("common.undated")
		}
		t.Add(Row{Key: strconv.Itoa(y.Year), Label: label}, append(cells, Fig(y.Effective, a.T("vectors.missing.concentration")), Fig(y.Even, a.T("vectors.missing.even")))...)
	}
	for _, power := range powers {
		for _, y := range history.Years {
			lines.point(h.PlaceName(power, lang), false, y.Year, y.Shares[power])
		}
	}
	if len(history.Years) > 2 {
		t.draws(lines)
	}
	return t
}

// breaks is the table of what changed in the yearly series.
func (h *House) breaks(a *Ask, past vectors.Past) *Table {
	t := &Table{Key: "breaks", Title: a.T("vectors.breaks", "Year", vectors.BreakYear), Lead: Say("vectors.breaks.lead", "Year", vectors.BreakYear), RowHead: a.T("vectors.break.series"), Empty: a.T("vectors.breaks.empty"),
		Columns: []Column{
			{Key: "trend", Label: a.T("vectors.break.trend"), Help: a.T("vectors.break.trend.help"), Figures: true},
			{Key: "jump", Label: a.T("vectors.break.jump"), Help: a.T("vectors.break.jump.help"), Figures: true},
			{Key: "bend", Label: a.T("vectors.break.bend"), Help: a.T("vectors.break.bend.help"), Figures: true},
			{Key: "reads", Label: a.T("vectors.break.reads")},
		}}
	for _, b := range past.Breaks {
		label := a.T(breakLabels[b.Key])
		if b.Power != "" {
			label += " · " + h.PlaceName(b.Power, a.Loc.Lang())
		}
		reads := a.T("vectors.break.unclear")
		switch iv := b.Jump.Interval(); {
		case iv.Lo > 0:
			reads = a.T("vectors.break.up")
		case iv.Hi < 0:
			reads = a.T("vectors.break.down")
		}
		t.Add(Row{Key: b.Key + string(b.Power), Label: label}, Fig(b.Before, ""), Fig(b.Jump, ""), Fig(b.Bend, ""), Cell{Text: reads})
	}
	if len(t.Rows) > 0 {
		t.Chart = &Chart{Type: "ranges", Value: "jump", Unit: a.Loc.UnitLabel("points")}
	}
	return t
}
