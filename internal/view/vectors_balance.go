package view

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// mostUnlisted is how wide, in percentage points, a union's share may be for a line:
// where few of its members are listed, their sum would draw a rise that is none.
const mostUnlisted = 20

// partly reports whether a union's share is too wide for a number to stand for it.
func partly(f shanyraq.Figure) bool {
	return !f.IsZero() && f.Interval().Hi-f.Interval().Lo > mostUnlisted
}

// VectorsBalance returns how home's ties were divided among the powers in each
// year for which there are claims, how concentrated they were, and what changed at
// the break. Keys that begin with "policy." are the weights of the division that
// home says it wants, by power.
func VectorsBalance(ctx context.Context, h *House, a *Ask) (*Page, error) {
	lang := a.Loc.Lang()
	home := h.PlaceName(a.Home, lang)
	past, err := h.Vectors.Past(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	p := &Page{Room: "vectors", Path: "/vectors/balance", Question: a.T("vectors.balance.question", "Home", home), Crumbs: []Choice{{a.link("/vectors"), a.T("nav.vectors")}}}
	policy, err := policyAsked(a, past.Powers)
	if err != nil {
		return nil, err
	}
	for _, power := range past.Powers {
		c := Control{Name: "policy." + string(power), Label: h.PlaceName(power, lang)}
		if w, ok := policy[power]; ok {
			c.Value = strconv.FormatFloat(w, 'f', -1, 64)
		}
		p.Further = append(p.Further, c)
	}
	p.FurtherTitle, p.FurtherHelp, p.FurtherOpen = a.T("vectors.policy"), a.T("vectors.policy.help"), len(policy) > 0
	if len(policy) > 0 {
		if past, err = past.EvenUnder(policy); err != nil {
			return nil, err
		}
	}
	p.Answer = h.balanceAnswer(a, home, past)
	for _, history := range past.Histories {
		p.Tables = append(p.Tables, h.history(a, past.Powers, history, len(policy) > 0))
	}
	p.Tables = append(p.Tables, concentrationTable(a, past), h.breaks(a, past))
	p.Notes = []string{a.T("vectors.note.apart"), a.T("vectors.balance.gap")}
	return p, nil
}

// policyAsked returns the policy of the address, and an error that names the
// powers for a weight of what is none.
func policyAsked(a *Ask, powers []shanyraq.CountryCode) (vectors.Policy, error) {
	policy, err := vectors.PolicyOf(a.Query)
	if err != nil {
		return nil, err
	}
	for key := range a.Query {
		if strings.HasPrefix(key, "policy.") {
			a.Get(key) // it is known
		}
	}
	for _, code := range slices.Sorted(maps.Keys(policy)) {
		if !slices.Contains(powers, code) {
			known := make([]string, len(powers))
			for i, p := range powers {
				known[i] = string(p)
			}
			return nil, shanyraq.Tell("view.policyAsked", shanyraq.Invalid, shanyraq.Text{Key: "vectors.error.policy_power", Args: map[string]any{"Found": string(code), "Known": strings.Join(known, ", ")}}, "a weight of %q", code)
		}
	}
	return policy, nil
}

// balanceAnswer compares the first and last year of the domain that is known
// longest.
func (h *House) balanceAnswer(a *Ask, home string, past vectors.Past) Sentence {
	var first, last vectors.Year
	var domain string
	var edition shanyraq.SourceID
	most := 1
	for _, history := range past.Histories {
		var known []vectors.Year
		for _, y := range history.Years {
			if !y.Effective.IsZero() {
				known = append(known, y)
			}
		}
		if len(known) > most {
			most, first, last, domain, edition = len(known), known[0], known[len(known)-1], history.Domain.Key, history.Edition
		}
	}
	if domain == "" {
		return Say("vectors.balance.answer.none", "Home", home)
	}
	if edition != "" {
		return Say("vectors.balance.answer.edition", "Home", home, "Domain", domainLabel(a, domain), "From", first.Year, "Before", first.Effective, "To", last.Year, "Now", last.Effective, "Edition", h.sourceOf[edition].Title)
	}
	return Say("vectors.balance.answer", "Home", home, "Domain", domainLabel(a, domain), "From", first.Year, "Before", first.Effective, "To", last.Year, "Now", last.Effective)
}

// history is the table of one domain, newest year first, with a line per power;
// stated says that the overlap is with a policy that the reader gave.
func (h *House) history(a *Ask, powers []shanyraq.CountryCode, history vectors.History, stated bool) *Table {
	lang := a.Loc.Lang()
	key := history.Domain.Key
	t := &Table{Key: "history-" + key, Title: domainLabel(a, key), RowHead: a.T("common.year"), Empty: a.T("common.nodata")}
	for _, power := range powers {
		t.Columns = append(t.Columns, Column{Key: string(power), Label: h.PlaceName(power, lang), Figures: true})
	}
	t.Columns = append(t.Columns,
		Column{Key: "effective", Label: a.T("vectors.effective"), Help: a.T("vectors.effective.help"), Figures: true},
		Column{Key: "united", Label: a.T("vectors.effective.united"), Help: a.T("vectors.effective.united.help"), Figures: true})
	over := make([]string, len(history.Compared))
	for i, power := range history.Compared {
		over[i] = h.PlaceName(power, lang)
	}
	even := Column{Key: "even", Label: a.T("vectors.even"), Help: a.T("vectors.even.help"), Figures: true}
	if stated {
		even.Label, even.Help = a.T("vectors.even.policy"), a.T("vectors.even.policy.help")
	}
	t.Columns = append(t.Columns, even)
	if len(over) > 0 {
		t.Notes = append(t.Notes, a.T("vectors.even.over", "Count", len(over), "Powers", strings.Join(over, ", ")))
	}
	if history.Edition != "" {
		t.Notes = append(t.Notes, a.T("vectors.edition", "Edition", h.sourceOf[history.Edition].Title))
	}
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
		none := a.T("vectors.missing.even")
		if p := history.Lacks(y); p != "" {
			none = a.T("vectors.missing.power", "Power", h.PlaceName(p, lang))
		}
		united := Fig(y.United, a.T("vectors.missing.united"))
		if partly(y.Shares[shanyraq.EuropeanUnion]) {
			united = Cell{Missing: a.T("vectors.missing.united")}
		}
		t.Add(Row{Key: strconv.Itoa(y.Year), Label: label}, append(cells, Fig(y.Effective, a.T("vectors.missing.concentration")), united, Fig(y.Even, none))...)
	}
	for _, power := range powers {
		for _, y := range history.Years {
			if f := y.Shares[power]; power != shanyraq.EuropeanUnion || !partly(f) {
				lines.point(h.PlaceName(power, lang), false, y.Year, f)
			}
		}
	}
	if len(history.Years) > 2 {
		t.draws(lines)
	}
	return t
}

// concentrationTable has how concentrated each domain was in each year, newest
// first, by both definitions and by three measures.
func concentrationTable(a *Ask, past vectors.Past) *Table {
	t := &Table{Key: "concentration", Title: a.T("vectors.concentrations"), Lead: Say("vectors.concentrations.lead"), RowHead: a.T("vectors.domain"), Empty: a.T("common.nodata"), Notes: []string{a.T("vectors.concentrations.definitions"), a.T("vectors.concentrations.middle")},
		Columns: []Column{
			{Key: "states", Label: a.T("vectors.concentration.states"), Help: a.T("vectors.concentration.help"), Figures: true},
			{Key: "united", Label: a.T("vectors.concentration.united"), Help: a.T("vectors.effective.united.help"), Figures: true},
			{Key: "normalised", Label: a.T("vectors.normalised"), Help: a.T("vectors.normalised.help"), Figures: true},
			{Key: "entropy", Label: a.T("vectors.entropy"), Help: a.T("vectors.entropy.help"), Figures: true},
		}}
	for _, history := range past.Histories {
		for _, y := range slices.Backward(history.Years) {
			if y.Concentration.IsZero() && y.Row.United.IsZero() {
				continue
			}
			all := a.T("vectors.missing.every")
			t.Add(Row{Key: fmt.Sprintf("%s-%d", history.Domain.Key, y.Year), Label: fmt.Sprintf("%s, %d", domainLabel(a, history.Domain.Key), y.Year)},
				Fig(y.Concentration, a.T("vectors.missing.concentration")), Fig(y.Row.United, a.T("vectors.missing.united")), Fig(y.Normalised, all), Fig(y.Entropy, all))
		}
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
