package view

import (
	"context"
	"slices"
	"strings"

	"shanyraq"
	"shanyraq/internal/diaspora"
)

// Diaspora returns the page of the Diaspora room: how many there are in each
// set, the claims about the whole, hosts by pooled size on a map and in a table,
// and the claims about them by definition. Nothing is added up.
func Diaspora(ctx context.Context, h *House, a *Ask) (*Page, error) {
	lang := a.Loc.Lang()
	home := h.PlaceName(a.Home, lang)
	year, err := a.Year("year")
	if err != nil {
		return nil, err
	}
	o, err := h.Diaspora.Overview(ctx, a.Home, year)
	if err != nil {
		return nil, err
	}
	pooled, err := h.pooling(ctx, a)
	if err != nil {
		return nil, err
	}
	p := &Page{Room: "diaspora", Path: "/diaspora", Question: a.T("diaspora.question", "Home", home)}
	p.Answer = h.diasporaAnswer(a, o, pooled)
	set, err := h.setOf(a, pooled)
	if err != nil {
		return nil, err
	}

	present := map[shanyraq.DefinitionID]int{}
	for _, host := range o.Hosts {
		for d := range host.Sizes {
			present[d]++
		}
	}
	stock := shanyraq.DefinitionID(a.Get("stock"))
	if stock != "" && !slices.Contains(diaspora.Definitions(), stock) {
		return nil, shanyraq.Tell("view.Diaspora", shanyraq.Invalid, shanyraq.Text{Key: "diaspora.error.stock", Args: map[string]any{"Value": string(stock)}}, "no definition %q", stock)
	}
	choose := Control{Name: "stock", Label: a.T("common.definition"), Value: string(stock)}
	for _, d := range diaspora.Definitions() {
		if present[d] > 0 {
			choose.Choices = append(choose.Choices, Choice{string(d), a.T("diaspora.stock.choice", "Title", h.Definition(d).Title(lang), "Count", present[d])})
			if stock == "" || present[stock] == 0 && a.Get("stock") == "" {
				stock = d
			}
		}
	}
	if a.Get("stock") == "" { // the definition most hosts are counted under draws the fullest map
		for _, d := range diaspora.Definitions() {
			if present[d] > present[stock] {
				stock = d
			}
		}
	}
	choose.Value = string(stock)
	p.Controls = append(h.poolControls(a, pooled, set, o.Years), choose, h.viewControl(a))

	t := &Table{Key: "hosts", Title: a.T("diaspora.hosts"), Lead: Say("diaspora.hosts.lead", "Count", len(o.Hosts)), RowHead: a.T("common.host"),
		Empty: a.T("diaspora.empty", "Home", home), Notes: []string{a.T("diaspora.note.never"), a.T("diaspora.note.range"), a.T("diaspora.note.gap")}}
	for _, d := range diaspora.Definitions() {
		if present[d] > 0 {
			def := h.Definition(d)
			t.Columns = append(t.Columns, Column{Key: string(d), Label: def.Title(lang), Help: inLanguage(def.Meaning, lang), Figures: true})
		}
	}
	hosts := slices.Clone(o.Hosts)
	slices.SortStableFunc(hosts, func(x, y diaspora.Host) int {
		fx, fy := x.Sizes[stock], y.Sizes[stock]
		switch {
		case fx.IsZero() && fy.IsZero():
			return 0
		case fx.IsZero():
			return 1
		case fy.IsZero():
			return -1
		case fx.Value() > fy.Value():
			return -1
		case fx.Value() < fy.Value():
			return 1
		}
		return 0
	})
	for _, host := range hosts {
		var cells []Cell
		for _, c := range t.Columns {
			cells = append(cells, Fig(host.Sizes[shanyraq.DefinitionID(c.Key)], a.T("diaspora.missing")))
		}
		t.Add(Row{Key: string(host.Place), Label: h.PlaceName(host.Place, lang), Href: a.link("/diaspora/" + string(host.Place))}, cells...)
	}
	if len(t.Rows) > 0 {
		t.Title = a.T("diaspora.hosts.by", "Stock", h.Definition(stock).Title(lang))
	}

	totals := h.claimTable(a, "totals", a.T("diaspora.totals"), o.Totals, claimColumns{definition: true, note: true})
	totals.Lead, totals.Empty = Say("diaspora.totals.lead"), a.T("diaspora.totals.empty")
	if len(o.Totals) > 1 {
		totals.Chart = &Chart{Type: "ranges", Value: "value", Unit: a.Loc.UnitLabel("persons")}
		for i := range totals.Rows { // the chart names who says it, under which definition
			c := o.Totals[i]
			totals.Rows[i].Group = h.Definition(c.Definition).Title(lang)
		}
	}
	p.Tables = append(p.Tables, h.stockTable(a, pooled), h.overlapTable(a, pooled.Both), totals, h.pooledTable(a, pooled, set))
	if old := h.oldTable(a, pooled); len(old.Rows) > 0 {
		p.Tables = append(p.Tables, old)
	}
	p.Tables = append(p.Tables, t)

	returns, err := h.Diaspora.Returns(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	if len(returns) > 0 {
		years, err := h.Diaspora.ReturnsByYear(ctx, a.Home)
		if err != nil {
			return nil, err
		}
		if len(years) > 0 {
			p.Tables = append(p.Tables, h.returnsTable(a, years))
		}
		if k := h.kandasTable(a, returns); len(k.Rows) > 0 {
			p.Tables = append(p.Tables, k)
		}
		r := h.claimTable(a, "returns", a.T("diaspora.returns"), returns, claimColumns{series: true, partner: true, note: true})
		r.Lead = Say("diaspora.returns.lead")
		p.Tables = append(p.Tables, r)
	}
	organisations, err := h.Diaspora.Organisations(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	if len(organisations) > 0 {
		r := h.claimTable(a, "organisations", a.T("diaspora.organisations"), organisations, claimColumns{place: true, subject: true, note: true, noValue: true})
		r.Lead = Say("diaspora.organisations.lead")
		p.Tables = append(p.Tables, r)
	}
	return p, nil
}

// setOf returns the set hosts are put in order by: the one asked for, else the
// first that anybody counts.
func (h *House) setOf(a *Ask, p *diaspora.Pooled) (diaspora.Set, error) {
	set := diaspora.Set(a.Get("set"))
	if set != "" && !slices.Contains(diaspora.Sets(), set) {
		return "", shanyraq.Tell("view.Diaspora", shanyraq.Invalid, shanyraq.Text{Key: "diaspora.error.set", Args: map[string]any{"Value": string(set)}}, "no set %q", set)
	}
	if set == "" {
		for _, s := range p.Sets { // the set most hosts are counted under draws the fullest map
			if t, ok := p.Of(set); !ok || s.Hosts > t.Hosts {
				set = s.Set
			}
		}
	}
	if set == "" {
		set = diaspora.Ethnic
	}
	return set, nil
}

// viewControl chooses between map and chart.
func (h *House) viewControl(a *Ask) Control {
	return Control{Name: "view", Label: a.T("web.view"), Value: a.Get("view"), Choices: []Choice{{"", a.T("web.view.map")}, {"chart", a.T("web.view.chart")}}}
}

// diasporaAnswer states the pooled sizes of the sets beside the widest of the
// claims about the whole.
func (h *House) diasporaAnswer(a *Ask, o diaspora.Overview, p *diaspora.Pooled) Sentence {
	home := h.PlaceName(a.Home, a.Loc.Lang())
	var low, high, un shanyraq.Figure
	for _, c := range o.Totals {
		f, err := c.Figure()
		if err != nil {
			continue
		}
		if !slices.Contains(diaspora.Definitions(), c.Definition) {
			continue // not of people abroad alone
		}
		if c.Definition == "migrant_stock" {
			if un.IsZero() {
				un = f
			}
			continue
		}
		if low.IsZero() || f.Value() < low.Value() {
			low = f
		}
		if high.IsZero() || f.Interval().Hi > high.Interval().Hi {
			high = f
		}
	}
	ethnic, hasEthnic := p.Of(diaspora.Ethnic)
	born, hasBorn := p.Of(diaspora.Born)
	citizens, hasCitizens := p.Of(diaspora.Citizens)
	switch {
	case hasEthnic && hasBorn && hasCitizens && !low.IsZero():
		return Say("diaspora.answer.sets", "Home", home, "Ethnic", ethnic.Total, "Born", born.Total, "Citizens", citizens.Total, "Low", low, "High", high, "Count", p.Fresh())
	case hasBorn && !hasEthnic:
		return Say("diaspora.answer.born", "Home", home, "Born", born.Total, "Count", p.Fresh())
	case !low.IsZero() && !un.IsZero():
		return Say("diaspora.answer", "Home", home, "Low", low, "High", high, "UN", un, "Count", len(o.Hosts))
	case !low.IsZero():
		return Say("diaspora.answer.claims", "Home", home, "Low", low, "High", high, "Count", len(o.Hosts))
	case !un.IsZero():
		return Say("diaspora.answer.un", "Home", home, "UN", un, "Count", len(o.Hosts))
	}
	return Say("diaspora.answer.hosts", "Home", home, "Count", len(o.Hosts))
}

// DiasporaHost returns the page of home's people in one host: every claim as
// its own row, so that disagreement is seen.
func DiasporaHost(ctx context.Context, h *House, a *Ask, host shanyraq.CountryCode) (*Page, error) {
	lang := a.Loc.Lang()
	if host == a.Home {
		return nil, shanyraq.Tell("view.DiasporaHost", shanyraq.NotFound, shanyraq.Text{Key: "diaspora.error.home", Args: map[string]any{"Home": h.PlaceName(host, a.Loc.Lang())}}, "%s is home", host)
	}
	if _, ok := h.Place(host); !ok {
		return nil, shanyraq.Tell("view.DiasporaHost", shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.place", Args: map[string]any{"Code": string(host)}}, "no host %q", host)
	}
	c, err := h.Diaspora.Host(ctx, a.Home, host)
	if err != nil {
		return nil, err
	}
	home, name := h.PlaceName(a.Home, lang), h.PlaceName(host, lang)
	p := &Page{Room: "diaspora", Path: "/diaspora/" + string(host), Question: a.T("diaspora.host.question", "Home", home, "Host", name),
		Crumbs: []Choice{{a.link("/diaspora"), a.T("nav.diaspora")}}}
	p.Answer = Say("diaspora.host.answer", "Host", name, "Count", len(c.People), "Definitions", len(c.Sizes))
	if len(c.People) == 0 {
		p.Answer = Say("diaspora.host.none", "Host", name, "Home", home)
	}
	t := &Table{Key: "sizes", Title: a.T("diaspora.sizes"), RowHead: a.T("common.definition"), Lead: Say("diaspora.sizes.lead"), Empty: a.T("diaspora.host.empty"),
		Columns: []Column{{Key: "persons", Label: a.T("common.persons"), Figures: true}, {Key: "meaning", Label: a.T("diaspora.who")}}}
	for _, d := range diaspora.Definitions() {
		if f, ok := c.Sizes[d]; ok {
			def := h.Definition(d)
			t.Add(Row{Key: string(d), Label: def.Title(lang)}, Cell{Figure: f}, Cell{Text: inLanguage(def.Meaning, lang)})
		}
	}
	if len(t.Rows) > 0 {
		t.Chart = &Chart{Type: "ranges", Value: "persons", Unit: a.Loc.UnitLabel("persons")}
	}
	claims := h.claimTable(a, "claims", a.T("diaspora.claims"), c.People, claimColumns{definition: true, note: true})
	claims.Lead = Say("diaspora.claims.lead")
	for i, x := range c.People {
		claims.Rows[i].Group = h.Definition(x.Definition).Title(lang)
		if x.Area != "" {
			claims.Rows[i].Label += ", " + x.Area
		}
	}
	pooled, err := h.hostPooled(ctx, a, host)
	if err != nil {
		return nil, err
	}
	if len(pooled) > 0 {
		last := pooled[0].Rows[len(pooled[0].Rows)-1] // of anybody in any set
		if last.Cells[0].Figure.IsZero() {
			p.Answer = Say("diaspora.host.answer.old", "Host", name, "Home", home, "Count", len(c.People))
		} else if len(diaspora.Outside(last.Cells[0].Figure)) > 0 {
			p.Answer = Say("diaspora.host.answer.part", "Host", name, "Union", last.Cells[0].Figure, "Outside", outside(a, last.Cells[0].Figure), "Count", len(c.People))
		} else {
			p.Answer = Say("diaspora.host.answer.sets", "Host", name, "Home", home, "Union", last.Cells[0].Figure, "Count", len(c.People))
		}
	}
	p.Tables = append(append(p.Tables, pooled...), t, claims)
	var areas []shanyraq.Claim
	for _, x := range c.People {
		if x.Area != "" {
			areas = append(areas, x)
		}
	}
	if len(areas) > 0 {
		r := h.claimTable(a, "areas", a.T("diaspora.areas"), areas, claimColumns{place: true, definition: true, note: true})
		r.Lead = Say("diaspora.areas.lead")
		p.Tables = append(p.Tables, r)
	}
	for _, part := range []struct {
		key string
		cs  []shanyraq.Claim
	}{{"shares", c.Shares}, {"students", c.Students}, {"voters", c.Voters}} {
		if len(part.cs) > 0 {
			p.Tables = append(p.Tables, h.claimTable(a, part.key, a.T("diaspora."+part.key), part.cs, claimColumns{series: true, note: true}))
		}
	}
	if len(c.Organisations) > 0 {
		p.Tables = append(p.Tables, h.claimTable(a, "organisations", a.T("diaspora.organisations"), c.Organisations, claimColumns{place: true, subject: true, note: true, noValue: true}))
	}
	return p, nil
}

// inLanguage returns the text in the language, else in English.
func inLanguage(m map[string]string, lang string) string {
	if s := strings.TrimSpace(m[lang]); s != "" {
		return s
	}
	return m["en"]
}
