package view

import (
	"context"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// VectorsRoutes returns the routes out of the country: what each carries, what
// stops if one closes or a country shuts, and the freight of its corridors.
func VectorsRoutes(ctx context.Context, h *House, a *Ask) (*Page, error) {
	home := h.PlaceName(a.Home, a.Loc.Lang())
	c, err := h.Vectors.Corridors(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	p := &Page{Room: "vectors", Path: "/vectors/routes", Question: a.T("vectors.routes.question", "Home", home), Crumbs: []Choice{{a.link("/vectors"), a.T("nav.vectors")}}}
	switch {
	case len(c.Closed) > 0:
		p.Answer = Say("vectors.routes.answer", "Home", home, "When", c.Period, "Stops", c.Closed[0].Stops, "Through", h.PlaceName(c.Closed[0].Place, a.Loc.Lang()), "Number", c.Effective)
	default:
		p.Answer = Say("vectors.routes.answer.none", "Home", home)
	}
	if len(c.Legs) > 0 {
		p.Facts = []Fact{
			{Label: a.T("vectors.routes.flow"), Text: a.Loc.Figure(c.Flow).Short, Cell: Cell{Figure: c.Flow}},
			{Label: a.T("vectors.routes.cut"), Text: strings.Join(c.Cut, "; ")},
		}
		p.Tables = append(p.Tables, h.closedTable(a, c), h.legTable(a, c))
	}
	if len(c.Bypass) > 0 {
		p.Tables = append(p.Tables, h.bypassTable(a, c))
	}
	if len(c.Corridors) > 0 {
		p.Tables = append(p.Tables, h.corridorTable(a, c))
	}
	claims, err := h.Vectors.Routes(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	if len(claims) > 0 {
		r := h.claimTable(a, "routes", a.T("vectors.routes"), claims, claimColumns{series: true, subject: true, note: true})
		r.Lead = Say("vectors.routes.lead")
		p.Tables = append(p.Tables, r)
		p.Notes = []string{a.T("vectors.routes.absent")}
	}
	return p, nil
}

func (h *House) closedTable(a *Ask, c vectors.Corridors) *Table {
	t := &Table{Key: "closed", Title: a.T("vectors.closed"), Lead: Say("vectors.closed.lead", "When", c.Period), RowHead: a.T("common.country"),
		Columns: []Column{{Key: "stops", Label: a.T("vectors.stops"), Help: a.T("vectors.stops.help"), Figures: true}, {Key: "legs", Label: a.T("vectors.closed.legs")}},
		Chart:   &Chart{Type: "map", Value: "stops", Unit: a.Loc.UnitLabel("percent")}}
	for _, x := range c.Closed {
		t.Add(Row{Key: string(x.Place), Label: h.PlaceName(x.Place, a.Loc.Lang()), Href: a.link("/hosts/" + string(x.Place))}, Cell{Figure: x.Stops}, Cell{Text: strings.Join(x.Legs, "; ")})
	}
	return t
}

func (h *House) legTable(a *Ask, c vectors.Corridors) *Table {
	t := &Table{Key: "legs", Title: a.T("vectors.legs"), Lead: Say("vectors.legs.lead"), RowHead: a.T("vectors.leg"),
		Columns: []Column{
			{Key: "volume", Label: a.T("vectors.leg.volume"), Figures: true}, {Key: "share", Label: a.T("vectors.leg.share"), Figures: true},
			{Key: "stops", Label: a.T("vectors.stops"), Figures: true},
			{Key: "crosses", Label: a.T("vectors.leg.crosses")}, {Key: "after", Label: a.T("vectors.leg.after")}, {Key: "basis", Label: a.T("common.strength")},
		},
		Chart: &Chart{Type: "ranges", Value: "stops", Unit: a.Loc.UnitLabel("percent")}}
	for _, l := range c.Legs {
		f, err := l.Volume.Figure()
		if err != nil {
			continue // a claim without a width cannot be shown as one
		}
		var crosses []string
		for _, p := range l.Crosses {
			crosses = append(crosses, h.PlaceName(p, a.Loc.Lang()))
		}
		basis := Cell{Text: a.Loc.Strength(shanyraq.Official), Badge: shanyraq.Official.String()}
		if l.Judged {
			basis = Cell{Text: a.Loc.Strength(shanyraq.Opinion), Badge: shanyraq.Opinion.String()}
		}
		cross := Cell{Text: strings.Join(crosses, ", ")}
		if cross.Text == "" {
			cross = Cell{Missing: a.T("vectors.leg.port")}
		}
		after := Cell{Text: l.After}
		if after.Text == "" {
			after = Cell{Missing: a.T("vectors.leg.first")}
		}
		t.Add(Row{Key: l.Name, Label: l.Name}, Cell{Figure: f}, Cell{Figure: l.Share}, Cell{Figure: l.Stops}, cross, after, basis)
	}
	return t
}

func (h *House) bypassTable(a *Ask, c vectors.Corridors) *Table {
	t := &Table{Key: "bypass", Title: a.T("vectors.bypass"), Lead: Say("vectors.bypass.lead"), RowHead: a.T("common.year"),
		Columns: []Column{{Key: "share", Label: a.T("vectors.bypass.share"), Figures: true}}}
	for _, d := range c.Bypass {
		t.Add(Row{Key: strconv.Itoa(d.Year), Label: strconv.Itoa(d.Year)}, Cell{Figure: d.Figure})
	}
	return t
}

func (h *House) corridorTable(a *Ask, c vectors.Corridors) *Table {
	t := &Table{Key: "corridors", Title: a.T("vectors.corridors"), Lead: Say("vectors.corridors.lead"), RowHead: a.T("vectors.corridor"),
		Columns: []Column{{Key: "year", Label: a.T("common.year")}, {Key: "volume", Label: a.T("vectors.leg.volume"), Figures: true}}}
	lines := drawing("corridor-lines", t.Title, a, a.T("vectors.leg.volume"), a.Loc.UnitLabel("million_t"))
	for _, x := range c.Corridors {
		for _, d := range x.Years {
			t.Add(Row{Key: x.Name + "/" + strconv.Itoa(d.Year), Label: x.Name}, Cell{Text: strconv.Itoa(d.Year)}, Cell{Figure: d.Figure})
			lines.point(x.Name, false, d.Year, d.Figure)
		}
	}
	t.draws(lines)
	return t
}
