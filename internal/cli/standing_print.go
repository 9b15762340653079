package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/standing"
	"shanyraq/internal/view"
)

// held are the values of rows by what they are about and what they are, in the
// order the first stand in.
type held struct {
	order []string
	of    map[string]map[string]float64
}

// holding sorts rows by a key, that of the unit, the element or both.
func holding(rows []standing.OwnRow, key func(standing.OwnRow) string) held {
	h := held{of: map[string]map[string]float64{}}
	for _, r := range rows {
		k := key(r)
		if h.of[k] == nil {
			h.order = append(h.order, k)
			h.of[k] = map[string]float64{}
		}
		h.of[k][r.Dataset] = r.Value
	}
	return h
}

func byUnit(r standing.OwnRow) string { return r.Unit }
func byCode(r standing.OwnRow) string { return r.Code }

// has reports whether any row has the dataset.
func (h held) has(dataset string) bool {
	for _, m := range h.of {
		if _, ok := m[dataset]; ok {
			return true
		}
	}
	return false
}

// digits returns a number to four digits that count, and nothing for a missing one.
func (a *app) digits(v float64, ok bool) string {
	switch {
	case !ok || math.IsNaN(v):
		return ""
	case v == 0:
		return a.loc.Number(0, 0)
	case v == math.Trunc(v) && math.Abs(v) < 1e6:
		return a.loc.Number(v, 0)
	}
	return a.loc.Number(v, min(8, max(0, 3-int(math.Floor(math.Log10(math.Abs(v)))))))
}

// ranged returns a value with the range of it, where there is one.
func (a *app) ranged(m map[string]float64, dataset string) string {
	v, ok := m[dataset]
	s := a.digits(v, ok)
	lo, low := m[dataset+"_lo"]
	hi, high := m[dataset+"_hi"]
	if s == "" || !low || !high || math.IsNaN(lo) || math.IsNaN(hi) {
		return s
	}
	return fmt.Sprintf("%s (%s–%s)", s, a.digits(lo, true), a.digits(hi, true))
}

// share returns a share of 1 in percent.
func (a *app) share(v float64, ok bool) string {
	if !ok || math.IsNaN(v) {
		return ""
	}
	return a.loc.Percent(v, 1)
}

func cells(texts ...string) []view.Cell {
	out := make([]view.Cell, len(texts))
	for i, s := range texts {
		out[i] = view.Cell{Text: s}
	}
	return out
}

// columns returns columns that are headed by the messages of the keys.
func (a *app) columns(keys ...string) []view.Column {
	out := make([]view.Column, len(keys))
	for i, k := range keys {
		out[i] = view.Column{Key: k, Label: a.loc.T(k)}
	}
	return out
}

// unitLabel returns the code of a unit with what the table calls it.
func unitLabel(b *standing.Built, code string) string {
	if name := b.Named(code); name != "" && name != code {
		return code + "  " + name
	}
	return code
}

// leagueTable lays out a league.
func (a *app) leagueTable(b *standing.Built, p standing.Plan, rows []standing.OwnRow) *view.Table {
	h := holding(rows, byUnit)
	top := b.Top()
	if p.Of != "" {
		top = p.Of
	}
	t := &view.Table{Title: a.loc.T("standing.own.league", "Name", b.Name, "Count", b.Units(), "Top", top), RowHead: a.loc.T("standing.own.unit"),
		Columns: a.columns("standing.index.col.rank", "standing.own.middle", "standing.index.col.score", "standing.index.col.tier")}
	for _, g := range b.Groups() {
		t.Columns = append(t.Columns, view.Column{Label: a.loc.T("standing.own.within", "Group", g)})
	}
	for _, u := range h.order {
		m := h.of[u]
		mid, ok := m["rank_mid"]
		tier, tiered := m["tier"]
		c := cells(a.ranged(m, "rank"), a.digits(mid, ok), a.ranged(m, "score"), a.digits(tier, tiered))
		for _, g := range b.Groups() {
			v, ok := m["rank_in_"+g]
			c = append(c, view.Cell{Text: a.digits(v, ok)})
		}
		t.Add(view.Row{Key: u, Label: unitLabel(b, u)}, c...)
	}
	names := make([]string, len(p.Factors))
	for i, f := range p.Factors {
		names[i] = f.Name
	}
	draws, within := standing.Drawn(p)
	t.Notes = append(t.Notes, a.loc.T("standing.own.drawn", "Varied", strings.Join(names, ", "), "Count", draws, "Share", a.loc.Percent(within, 0)))
	return t
}

// partLabel returns the code and name of an element, set in by its place.
func partLabel(p standing.OwnPart) string {
	s := strings.Repeat("  ", p.Depth) + p.Code
	if p.Name != "" && p.Name != p.Code {
		s += "  " + p.Name
	}
	return s
}

// partsTable lays out the framework, or how the values of a unit came about.
func (a *app) partsTable(b *standing.Built, unit string, rows []standing.OwnRow) *view.Table {
	h := holding(rows, byCode)
	t := &view.Table{RowHead: a.loc.T("standing.index.col.element")}
	if unit == "" {
		t.Title = a.loc.T("standing.own.framework", "Name", b.Name, "Top", b.Top())
		t.Columns = a.columns("standing.own.level", "standing.own.direction", "standing.own.denominator", "standing.own.measured", "standing.own.weight", "standing.own.share", "standing.index.col.weight")
		for _, p := range b.Parts() {
			m := h.of[p.Code]
			w, ok := m["weight"]
			in, has := m["weight_within"]
			of, is := m["weight_of_all"]
			direction := ""
			switch p.Direction {
			case 1:
				direction = a.loc.T("standing.own.more")
			case -1:
				direction = a.loc.T("standing.own.less")
			}
			t.Add(view.Row{Key: p.Code, Label: partLabel(p)}, cells(strconv.Itoa(p.Level), direction, p.Denominator, p.Unit, a.digits(w, ok), a.share(in, has), a.share(of, is))...)
		}
		return t
	}
	t.Title = a.loc.T("standing.own.unit.title", "Name", b.Name, "Unit", unitLabel(b, unit))
	var shown []string
	for _, d := range []string{"raw", "denominate", "impute", "treat", "normalise", "score", "rank", "above", "weight_within", "gives"} {
		if h.has(d) {
			shown = append(shown, d)
			t.Columns = append(t.Columns, view.Column{Key: d, Label: a.loc.T("standing.own.col." + d)})
		}
	}
	for _, p := range b.Parts() {
		m, ok := h.of[p.Code]
		if !ok {
			continue // left out by the settings
		}
		var c []view.Cell
		for _, d := range shown {
			v, ok := m[d]
			if ok = ok && !(d == "score" && p.Level == 1); d == "above" || d == "weight_within" {
				c = append(c, view.Cell{Text: a.share(v, ok)})
			} else {
				c = append(c, view.Cell{Text: a.digits(v, ok)})
			}
		}
		t.Add(view.Row{Key: p.Code, Label: partLabel(p)}, c...)
	}
	t.Notes = []string{a.loc.T("standing.own.unit.note")}
	return t
}

// moversTables lays out what moves the ranks, and what would.
func (a *app) moversTables(b *standing.Built, unit string, gain int, rows []standing.OwnRow) []*view.Table {
	h := holding(rows, byCode)
	t := &view.Table{RowHead: a.loc.T("standing.index.col.varied"), Columns: a.columns("standing.index.col.alone", "standing.index.col.total")}
	if unit == "" {
		t.Title = a.loc.T("standing.own.movers", "Name", b.Name)
	} else {
		t.Title = a.loc.T("standing.own.movers.unit", "Name", b.Name, "Unit", unitLabel(b, unit))
	}
	levers := &view.Table{Title: a.loc.T("standing.own.levers", "Name", b.Name, "Unit", unitLabel(b, unit), "Count", gain), RowHead: a.loc.T("standing.index.col.element"),
		Columns: a.columns("standing.index.col.now", "standing.index.col.needed", "standing.index.col.way", "standing.index.col.best")}
	for _, code := range h.order {
		m := h.of[code]
		if _, ok := m["effect_first"]; ok {
			t.Add(view.Row{Key: code, Label: code}, cells(a.percents(m, "effect_first"), a.percents(m, "effect_total"))...)
			continue
		}
		from, f := m["reach_from"]
		to, n := m["reach_to"]
		part, p := m["reach_part"]
		best, k := m["reach_best"]
		levers.Add(view.Row{Key: code, Label: code}, cells(a.digits(from, f), a.digits(to, n), a.share(part, p), a.digits(best, k))...)
	}
	if len(levers.Rows) == 0 {
		return []*view.Table{t}
	}
	return []*view.Table{t, levers}
}

// percents returns a share of 1 with its range, in percent.
func (a *app) percents(m map[string]float64, dataset string) string {
	v, ok := m[dataset]
	s := a.share(v, ok)
	lo, hi := m[dataset+"_lo"], m[dataset+"_hi"]
	if s == "" || math.IsNaN(lo) || math.IsNaN(hi) {
		return s
	}
	return fmt.Sprintf("%s (%s–%s)", s, a.share(lo, true), a.share(hi, true))
}

// changesTable lays out why ranks changed between two times.
func (a *app) changesTable(before, after *standing.Built, rows []standing.OwnRow) *view.Table {
	h := holding(rows, byUnit)
	t := &view.Table{Title: a.loc.T("standing.own.changes", "Before", before.Name, "After", after.Name), Lead: view.Say("standing.own.changes.lead"), RowHead: a.loc.T("standing.own.unit"),
		Columns: a.columns("standing.own.before", "standing.own.after", "standing.moves.cause.own", "standing.moves.cause.others", "standing.moves.cause.pool", "standing.moves.cause.method")}
	for _, u := range h.order {
		var c []view.Cell
		for _, d := range []string{"rank_before", "rank_after", "places_own", "places_others", "places_pool", "places_method"} {
			v, ok := h.of[u][d]
			c = append(c, view.Cell{Text: a.digits(math.Round(100*v)/100, ok)})
		}
		t.Add(view.Row{Key: u, Label: unitLabel(after, u)}, c...)
	}
	return t
}

// besideTables lays out units beside one another, and how often each stands
// above each.
func (a *app) besideTables(b *standing.Built, units []string, rows []standing.OwnRow) []*view.Table {
	h := holding(rows, func(r standing.OwnRow) string { return r.Code + "\x00" + r.Unit })
	t := &view.Table{Title: a.loc.T("standing.own.beside", "Name", b.Name), RowHead: a.loc.T("standing.index.col.element")}
	above := &view.Table{Title: a.loc.T("standing.own.above"), RowHead: a.loc.T("standing.own.unit")}
	for _, u := range units {
		t.Columns = append(t.Columns, view.Column{Key: u, Label: unitLabel(b, u)})
		above.Columns = append(above.Columns, view.Column{Key: u, Label: a.loc.T("standing.own.over", "Unit", u)})
	}
	for _, p := range b.Parts() {
		var c []view.Cell
		found := false
		for _, u := range units {
			m, ok := h.of[p.Code+"\x00"+u]
			found = found || ok
			score, rank := m["score"], m["rank"]
			s := a.digits(score, ok)
			if s != "" && !math.IsNaN(rank) {
				s = a.loc.T("standing.own.ranked", "Score", s, "Rank", a.digits(rank, true))
			}
			c = append(c, view.Cell{Text: s})
		}
		if found {
			t.Add(view.Row{Key: p.Code, Label: partLabel(p)}, c...)
		}
	}
	for _, g := range b.Groups() {
		var c []view.Cell
		for _, u := range units {
			v, ok := h.of[b.Top()+"\x00"+u]["rank_in_"+g]
			c = append(c, view.Cell{Text: a.digits(v, ok)})
		}
		t.Add(view.Row{Key: g, Label: a.loc.T("standing.own.within", "Group", g)}, c...)
	}
	for _, u := range units {
		var c []view.Cell
		for _, v := range units {
			share, ok := h.of[b.Top()+"\x00"+u+">"+v]["above"]
			c = append(c, view.Cell{Text: a.share(share, ok)})
		}
		above.Add(view.Row{Key: u, Label: unitLabel(b, u)}, c...)
	}
	if len(units) < 2 {
		return []*view.Table{t}
	}
	return []*view.Table{t, above}
}

// gainsTable lays out by how many places each unit stands better under other
// settings.
func (a *app) gainsTable(first, other *standing.Built, rows []standing.OwnRow) *view.Table {
	t := &view.Table{Title: a.loc.T("standing.own.gains", "First", first.Name, "Other", other.Name), RowHead: a.loc.T("standing.own.unit"), Columns: a.columns("standing.index.col.places")}
	for _, r := range rows {
		t.Add(view.Row{Key: r.Unit, Label: unitLabel(other, r.Unit)}, cells(a.digits(r.Value, true))...)
	}
	return t
}

// sheetTable lays out the ten steps of an audit.
func (a *app) sheetTable(b *standing.Built, steps []standing.OwnStep, notes []shanyraq.Text) *view.Table {
	t := &view.Table{Title: a.loc.T("standing.ownaudit.title", "Name", b.Name), Lead: view.Say("standing.audit.lead"), RowHead: a.loc.T("standing.audit.step"),
		Columns: a.columns("standing.index.col.finding", "standing.index.col.evidence", "standing.index.col.found")}
	for _, s := range steps {
		evidence := a.digits(s.Evidence, true)
		if s.Number == 2 {
			evidence = a.share(s.Evidence, true)
		}
		t.Add(view.Row{Key: strconv.Itoa(s.Number), Label: fmt.Sprintf("%d. %s", s.Number, a.loc.T("standing.audit.step."+strconv.Itoa(s.Number)))},
			cells(a.loc.T("standing.audit.verdict."+s.Verdict), evidence, a.loc.Text(s.Found))...)
	}
	for _, n := range notes {
		t.Notes = append(t.Notes, a.loc.Text(n))
	}
	t.Notes = append(t.Notes, a.loc.T("standing.ownaudit.rules"))
	return t
}
