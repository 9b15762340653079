package view

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// closuresShown is how many closures stand on the page of freight.
const closuresShown = 40

// VectorsFreight returns the page of corridors for freight: ways between two
// places, how long and how dear each is, what is tightest on it and what follows
// when a leg closes; then what is stated of corridors. The keys "from" and "to"
// choose the places.
func VectorsFreight(ctx context.Context, h *House, a *Ask) (*Page, error) {
	f, err := h.Vectors.Freight(ctx)
	if err != nil {
		return nil, err
	}
	n, err := h.Vectors.Network(ctx)
	if err != nil {
		return nil, err
	}
	p := &Page{Room: "vectors", Path: "/vectors/freight", Question: a.T("vectors.freight.question"), Crumbs: []Choice{{a.link("/vectors"), a.T("nav.vectors")}}, Notes: []string{a.T("vectors.freight.note")}}
	if n == nil {
		p.Answer = Say("vectors.freight.answer.none")
		p.Tables = []*Table{h.freightLegs(a, f), h.gateTable(a, f), h.closureTable(a, f)}
		return p, nil
	}
	from, to := n.Usual()
	if v := a.Get("from"); v != "" {
		from = v
	}
	if v := a.Get("to"); v != "" {
		to = v
	}
	ends := func(key, label, value string) Control {
		c := Control{Name: key, Label: label, Value: value}
		for _, place := range n.Places {
			c.Choices = append(c.Choices, Choice{place, placeLabel(h, a, n, place)})
		}
		return c
	}
	p.Controls = []Control{ends("from", a.T("vectors.freight.from"), from), ends("to", a.T("vectors.freight.to"), to)}
	w, err := h.Vectors.Ways(ctx, from, to)
	if err != nil {
		return nil, err
	}
	switch len(w.Ways) {
	case 0:
		p.Answer = Say("vectors.freight.answer.no", "From", stop(a, from), "To", stop(a, to))
	case 1:
		p.Answer = Say("vectors.freight.answer.one", "From", stop(a, from), "To", stop(a, to), "Days", w.Ways[0].Days, "Cost", w.Ways[0].Cost)
	default:
		p.Answer = Say("vectors.freight.answer", "From", stop(a, from), "To", stop(a, to), "Days", w.Ways[0].Days, "Cost", w.Ways[0].Cost, "Best", w.Ways[0].Best)
	}
	if !w.Most.IsZero() {
		var cut []string
		for _, i := range w.Cut {
			cut = append(cut, legName(a, n.Legs[i]))
		}
		p.Facts = []Fact{{Label: a.T("vectors.freight.most"), Text: a.Loc.Figure(w.Most).Short, Cell: Cell{Figure: w.Most}}, {Label: a.T("vectors.freight.cut"), Text: strings.Join(cut, "; ")}}
	}
	ways := &Table{Key: "ways", Broad: true, Title: a.T("vectors.freight.ways", "From", stop(a, from), "To", stop(a, to)), Lead: Say("vectors.freight.ways.lead"), RowHead: a.T("vectors.freight.way"), Empty: a.T("vectors.freight.ways.empty"),
		Columns: []Column{{Key: "days", Label: a.T("vectors.freight.days"), Figures: true}, {Key: "plan", Label: a.T("vectors.freight.plan"), Help: a.T("vectors.freight.plan.help"), Figures: true}, {Key: "cost", Label: a.T("vectors.freight.cost"), Figures: true},
			{Key: "best", Label: a.T("vectors.freight.best"), Help: a.T("vectors.freight.best.help"), Figures: true}, {Key: "open", Label: a.T("vectors.freight.open"), Help: a.T("vectors.freight.open.help"), Figures: true},
			{Key: "least", Label: a.T("vectors.freight.least"), Figures: true}, {Key: "where", Label: a.T("vectors.freight.where")}, {Key: "places", Label: a.T("vectors.freight.places")}},
		Chart: &Chart{Type: "ranges", Value: "days", Unit: a.T("vectors.freight.days")}}
	for i, x := range w.Ways {
		ways.Add(Row{Key: strconv.Itoa(i + 1), Label: byName(a, n, x)}, Fig(x.Days, ""), Fig(x.Plan, ""), Fig(x.Cost, ""), Fig(x.Best, ""), Fig(x.Open, ""), Fig(x.Least, a.T("vectors.freight.unlimited")), Cell{Text: whereName(a, n, x)}, Cell{Text: wayName(a, n, x)})
	}
	p.Tables = append(p.Tables, ways)
	if len(w.Closed) > 0 {
		t := &Table{Key: "closed", Title: a.T("vectors.freight.closed"), Lead: Say("vectors.freight.closed.lead"), RowHead: a.T("vectors.freight.leg"),
			Columns: []Column{{Key: "extra", Label: a.T("vectors.freight.extra"), Figures: true}, {Key: "closures", Label: a.T("vectors.freight.closures")}}}
		extra := map[int]shanyraq.Figure{}
		for _, x := range w.Closed {
			extra[x.Leg] = x.Extra
		}
		t.draws(legMap(a, n, "closed-map", t.Title, Column{Key: "extra", Label: a.T("vectors.freight.extra"), Figures: true}, extra, w.Ways[0].Legs))
		for _, x := range w.Closed {
			l := n.Legs[x.Leg]
			t.Add(Row{Key: l.Key(), Label: legName(a, l)}, Fig(x.Extra, a.T("vectors.freight.nothing")), Cell{Text: strconv.Itoa(l.Closures)})
		}
		p.Tables = append(p.Tables, t)
	}
	checks, err := h.Vectors.Stated(ctx)
	if err != nil {
		return nil, err
	}
	p.Tables = append(p.Tables, h.checkTable(a, checks), h.freightLegs(a, f), h.gateTable(a, f), h.closureTable(a, f))
	return p, nil
}

// VectorsNetwork returns the page of what hangs on which leg: what is carried when
// all demands meet, what is left behind if a leg closes, how much of home's reach
// of markets each country could cut off, and every leg with what is supposed.
func VectorsNetwork(ctx context.Context, h *House, a *Ask) (*Page, error) {
	home := h.PlaceName(a.Home, a.Loc.Lang())
	p := &Page{Room: "vectors", Path: "/vectors/network", Question: a.T("vectors.network.question"), Crumbs: []Choice{{a.link("/vectors"), a.T("nav.vectors")}}}
	n, err := h.Vectors.Network(ctx)
	if err != nil {
		return nil, err
	}
	if n == nil {
		p.Answer = Say("vectors.freight.answer.none")
		return p, nil
	}
	load, err := h.Vectors.Load(ctx)
	if err != nil {
		return nil, err
	}
	reach, err := h.Vectors.Access(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	worst := worstLeg(load)
	switch {
	case len(reach.Shuts) > 0 && len(load.Legs) > 0:
		p.Answer = Say("vectors.network.answer", "Home", home, "Country", h.PlaceName(reach.Shuts[0].Place, a.Loc.Lang()), "Behind", reach.Shuts[0].Behind, "Leg", legName(a, n.Legs[worst.Leg]), "Unmet", worst.Unmet)
	case len(load.Legs) > 0:
		p.Answer = Say("vectors.network.answer.load", "Leg", legName(a, n.Legs[worst.Leg]), "Unmet", worst.Unmet)
	default:
		p.Answer = Say("vectors.network.answer.none")
	}
	p.Notes = []string{a.T("vectors.network.note"), a.T("vectors.network.own")}
	p.Tables = append(p.Tables, h.accessTable(a, reach, home), h.loadTable(a, n, load), h.demandTable(a, n, load), h.netLegs(a, n), h.supposed(a, n))
	return p, nil
}

// worstLeg is the leg without which most is left behind on average, or if none was
// ever seen closed, if it closes.
func worstLeg(load vectors.Load) vectors.LegLoad {
	var worst vectors.LegLoad
	for i, x := range load.Legs {
		if i == 0 || !x.Lost.IsZero() && (worst.Lost.IsZero() || x.Lost.Value() > worst.Lost.Value()) {
			worst = x
		}
	}
	return worst
}

func (h *House) accessTable(a *Ask, reach vectors.Access, home string) *Table {
	t := &Table{Key: "access", Broad: true, Title: a.T("vectors.network.access", "Home", home), Lead: Say("vectors.network.access.lead"), RowHead: a.T("common.country"), Empty: a.T("vectors.network.access.empty", "Home", home),
		Columns: []Column{{Key: "behind", Label: a.T("vectors.network.behind"), Figures: true}, {Key: "own", Label: a.T("vectors.network.own_market"), Figures: true}, {Key: "loss", Label: a.T("vectors.network.loss"), Figures: true}},
		Chart:   &Chart{Type: "ranges", Value: "behind", Unit: a.Loc.UnitLabel("percent")}}
	for _, s := range reach.Shuts {
		t.Add(Row{Key: string(s.Place), Label: h.PlaceName(s.Place, a.Loc.Lang()), Href: a.link("/hosts/" + string(s.Place))}, Cell{Figure: s.Behind}, Fig(s.Own, a.T("vectors.network.no_market")), Cell{Figure: s.Loss})
	}
	return t
}

func (h *House) loadTable(a *Ask, n *vectors.Network, load vectors.Load) *Table {
	t := &Table{Key: "load", Broad: true, Title: a.T("vectors.network.load"), Lead: Say("vectors.network.load.lead"), RowHead: a.T("vectors.freight.leg"), Empty: a.T("common.nodata"),
		Columns: []Column{{Key: "flow", Label: a.T("vectors.network.flow"), Figures: true}, {Key: "use", Label: a.T("vectors.network.use"), Figures: true}, {Key: "unmet", Label: a.T("vectors.network.unmet"), Figures: true},
			{Key: "lost", Label: a.T("vectors.network.lost"), Help: a.T("vectors.network.lost.help"), Figures: true}, {Key: "between", Label: a.T("vectors.network.between"), Help: a.T("vectors.network.between.help"), Figures: true}}}
	unmets := map[int]shanyraq.Figure{}
	for _, x := range load.Legs {
		if x.Flow.Value() > 0 || x.Unmet.Value() > 0 {
			unmets[x.Leg] = x.Unmet
		}
	}
	t.draws(legMap(a, n, "load-map", t.Title, Column{Key: "unmet", Label: a.T("vectors.network.unmet"), Figures: true}, unmets, nil))
	for _, x := range load.Legs {
		l := n.Legs[x.Leg]
		flow, use, unmet := Cell{Figure: x.Flow}, Fig(x.Use, a.T("vectors.freight.unlimited")), Cell{Figure: x.Unmet}
		switch {
		case l.Way == "pipeline": // what the plan puts on lines without a price says nothing
			flow, use = Cell{Missing: a.T("vectors.network.unpriced")}, Cell{Missing: a.T("vectors.network.unpriced")}
		case x.Flow.Value() == 0 && x.Unmet.Value() == 0:
			unmet = Cell{Missing: a.T("vectors.network.undemanded")}
		}
		t.Add(Row{Key: l.Key(), Label: legName(a, l)}, flow, use, unmet, Fig(x.Lost, a.T("vectors.network.never")), Cell{Figure: x.Between})
	}
	return t
}

func (h *House) demandTable(a *Ask, n *vectors.Network, load vectors.Load) *Table {
	t := &Table{Key: "demands", Broad: true, Title: a.T("vectors.network.demands"), Lead: Say("vectors.network.demands.lead"), RowHead: a.T("vectors.network.ends"), Empty: a.T("common.nodata"),
		Columns: []Column{{Key: "amount", Label: a.T("vectors.network.amount"), Figures: true}, {Key: "left", Label: a.T("vectors.network.left"), Figures: true}, {Key: "served", Label: a.T("vectors.network.served"), Help: a.T("vectors.network.served.help"), Figures: true}}}
	for i, d := range n.Demands {
		if i < len(load.Unmet) {
			t.Add(Row{Key: d.From + "~" + d.To, Label: stop(a, d.From) + " – " + stop(a, d.To)}, Cell{Figure: d.Amount}, Cell{Figure: load.Unmet[i]}, Cell{Figure: load.Served[i]})
		}
	}
	return t
}

// netLegs lists the legs of the network with their figures, stated or supposed.
func (h *House) netLegs(a *Ask, n *vectors.Network) *Table {
	t := &Table{Key: "network", Broad: true, Title: a.T("vectors.network.legs"), Lead: Say("vectors.network.legs.lead", "Count", len(n.Legs)), RowHead: a.T("vectors.freight.leg"),
		Columns: []Column{{Key: "km", Label: a.T("vectors.network.km"), Figures: true}, {Key: "days", Label: a.T("vectors.freight.days"), Figures: true}, {Key: "cost", Label: a.T("vectors.freight.cost"), Figures: true},
			{Key: "capacity", Label: a.T("vectors.freight.capacity"), Figures: true}, {Key: "chance", Label: a.T("vectors.network.chance"), Help: a.T("vectors.network.chance.help"), Figures: true}, {Key: "supposed", Label: a.T("vectors.network.supposed")}}}
	for _, l := range n.Legs {
		var what []string
		for _, s := range l.Supposed {
			what = append(what, strings.ToLower(a.T(freightLabels[s])))
		}
		said := Cell{Text: strings.Join(what, ", ")}
		if len(what) == 0 {
			said = Cell{Missing: a.T("vectors.network.all_stated")}
		}
		none := a.T("common.nodata")
		t.Add(Row{Key: l.Key(), Label: legName(a, l)}, Fig(l.Km, none), Fig(l.Days, none), Fig(l.Cost, none), Fig(l.Capacity, a.T("vectors.freight.unlimited")), Fig(l.Chance, a.T("vectors.network.never")), said)
	}
	return t
}

// supposed lists what stands where nobody states a figure.
func (h *House) supposed(a *Ask, n *vectors.Network) *Table {
	t := &Table{Key: "supposed", Broad: true, Title: a.T("vectors.network.suppositions"), Lead: Say("vectors.network.suppositions.lead"), RowHead: a.T("vectors.freight.what"),
		Columns: []Column{{Key: "kind", Label: a.T("common.series")}, {Key: "value", Label: a.T("common.value"), Figures: true}, {Key: "note", Label: a.T("common.note")}}}
	for _, c := range n.Stand {
		f, err := c.Figure()
		if err != nil {
			continue // a claim without a width cannot be shown as one
		}
		t.Cited = append(t.Cited, c.Source)
		t.Add(Row{Key: string(c.Series) + "/" + c.Subject, Label: c.Subject}, Cell{Text: h.SeriesTitle(c.Series, a.Loc.Lang())}, Cell{Figure: f}, Cell{Text: noteOf(c)})
	}
	return t
}

// checkTable holds what somebody states of whole journeys beside the network's.
func (h *House) checkTable(a *Ask, checks []vectors.Check) *Table {
	within := 0
	t := &Table{Key: "checks", Broad: true, Title: a.T("vectors.freight.checks"), RowHead: a.T("vectors.freight.leg"), Empty: a.T("common.nodata"),
		Columns: []Column{{Key: "corridor", Label: a.T("vectors.freight.corridor")}, {Key: "stated", Label: a.T("vectors.freight.stated"), Figures: true}, {Key: "network", Label: a.T("vectors.freight.by_network"), Figures: true}, {Key: "meet", Label: a.T("vectors.freight.meet")}}}
	for _, c := range checks {
		meet := a.T("vectors.freight.meet.no")
		if c.Within {
			within++
			meet = a.T("vectors.freight.meet.yes")
		}
		t.Add(Row{Key: c.Leg.Key(), Label: c.Leg.From + " – " + c.Leg.To}, Cell{Text: c.Leg.Corridor}, Cell{Figure: c.Leg.Days}, Cell{Figure: c.Days}, Cell{Text: meet})
	}
	t.Lead = Say("vectors.freight.checks.lead", "Count", within, "All", len(checks))
	return t
}

// stop is what a place of the network, or a way a leg goes, is called in the
// reader's language; one that a reader has imported by its own name.
func stop(a *Ask, name string) string {
	key := "vectors.stop." + vectors.Slug(name)
	if !a.Loc.Has(key) {
		return name
	}
	return a.T(key)
}

// joined are places one after another.
func joined(a *Ask, places []string) string {
	out := make([]string, len(places))
	for i, p := range places {
		out[i] = stop(a, p)
	}
	return strings.Join(out, " – ")
}

// legMap draws the legs that lie somewhere, some with a figure, those of a way as
// home's.
func legMap(a *Ask, n *vectors.Network, key, title string, of Column, figures map[int]shanyraq.Figure, way []int) *Table {
	t := &Table{Key: key, Title: title, RowHead: a.T("vectors.freight.leg"), Columns: []Column{of, {Key: "at", Label: a.T("vectors.freight.places")}}, Chart: &Chart{Type: "legs", Value: of.Key, Unit: of.Label}}
	for i, l := range n.Legs {
		if l.Ends == ([2][2]float64{}) {
			continue
		}
		at := fmt.Sprintf("%.2f %.2f %s|%.2f %.2f %s", l.Ends[0][0], l.Ends[0][1], stop(a, l.From), l.Ends[1][0], l.Ends[1][1], stop(a, l.To))
		t.Add(Row{Key: l.Key(), Label: legName(a, l), Home: slices.Contains(way, i)}, Fig(figures[i], a.T("common.nodata")), Cell{Text: at})
	}
	return t
}

// legName is what a leg of the network is called.
func legName(a *Ask, l vectors.NetLeg) string {
	ends := stop(a, l.From) + " – " + stop(a, l.To)
	if l.Way == "rail" || l.Way == "pipeline" {
		return ends
	}
	return ends + " (" + stop(a, l.Way) + ")"
}

// placeLabel is a place of the network with its country.
func placeLabel(h *House, a *Ask, n *vectors.Network, place string) string {
	return stop(a, place) + ", " + h.PlaceName(n.In(place), a.Loc.Lang())
}

// whereName is the leg whose capacity is the smallest of a way.
func whereName(a *Ask, n *vectors.Network, w vectors.Way) string {
	for _, i := range w.Legs {
		if n.Legs[i].Name() == w.Where {
			return legName(a, n.Legs[i])
		}
	}
	return w.Where
}

// byName names a way by the first place of each country on it, without its ends,
// and by the route where it is stated as a whole.
func byName(a *Ask, n *vectors.Network, w vectors.Way) string {
	var by []string
	for i, p := range w.Places {
		if i > 0 && i < len(w.Places)-1 && n.In(p) != n.In(w.Places[i-1]) {
			by = append(by, stop(a, p))
		}
	}
	for _, i := range w.Legs {
		if way := n.Legs[i].Way; way != "rail" && way != "sea" {
			by = append(by, stop(a, way))
		}
	}
	if len(by) == 0 {
		return joined(a, w.Places)
	}
	return strings.Join(by, " – ")
}

// wayName names a way by its places, and by the route where it is stated as a whole.
func wayName(a *Ask, n *vectors.Network, w vectors.Way) string {
	var routes []string
	for _, i := range w.Legs {
		if way := n.Legs[i].Way; way != "rail" && way != "sea" {
			routes = append(routes, stop(a, way))
		}
	}
	name := joined(a, w.Places)
	if len(routes) > 0 {
		name += " (" + strings.Join(routes, ", ") + ")"
	}
	return name
}

// freightLegs lists every leg with what is said of it.
func (h *House) freightLegs(a *Ask, f vectors.Freight) *Table {
	t := &Table{Key: "legs", Broad: true, Title: a.T("vectors.freight.legs"), Lead: Say("vectors.freight.legs.lead", "Count", len(f.Legs)), RowHead: a.T("vectors.freight.leg"),
		Columns: []Column{{Key: "corridor", Label: a.T("vectors.freight.corridor")}, {Key: "days", Label: a.T("vectors.freight.days"), Figures: true}, {Key: "cost", Label: a.T("vectors.freight.cost"), Figures: true}, {Key: "capacity", Label: a.T("vectors.freight.capacity"), Figures: true}, {Key: "planned", Label: a.T("vectors.freight.planned"), Figures: true}, {Key: "flow", Label: a.T("vectors.freight.flow"), Figures: true}}}
	none := a.T("common.nodata")
	for _, l := range f.Legs {
		t.Add(Row{Key: l.Key(), Label: l.From + " – " + l.To}, Cell{Text: l.Corridor}, Fig(l.Days, none), Fig(l.Cost, none), Fig(l.Capacity, none), Fig(l.Planned, none), Fig(l.Flow, none))
	}
	return t
}

// gateTable lists ports, border gates and lines with what they take and took.
func (h *House) gateTable(a *Ask, f vectors.Freight) *Table {
	t := &Table{Key: "gates", Broad: true, Title: a.T("vectors.freight.gates"), Lead: Say("vectors.freight.gates.lead", "Count", len(f.Gates)), RowHead: a.T("vectors.freight.gate"), Empty: a.T("common.nodata"),
		Columns: []Column{{Key: "country", Label: a.T("common.country")}, {Key: "capacity", Label: a.T("vectors.freight.capacity"), Figures: true}, {Key: "planned", Label: a.T("vectors.freight.planned"), Figures: true}, {Key: "flow", Label: a.T("vectors.freight.flow"), Figures: true}, {Key: "year", Label: a.T("common.year")}, {Key: "closures", Label: a.T("vectors.freight.closures")}}}
	none := a.T("common.nodata")
	for _, g := range f.Gates {
		year := ""
		if g.FlowYear != 0 {
			year = strconv.Itoa(g.FlowYear)
		}
		t.Add(Row{Key: g.Name, Label: g.Name}, Cell{Text: h.PlaceName(g.At, a.Loc.Lang()), Href: a.link("/hosts/" + string(g.At))}, Fig(g.Capacity, none), Fig(g.Planned, none), Fig(g.Flow, none), Cell{Text: year}, Cell{Text: strconv.Itoa(len(g.Closures))})
	}
	return t
}

// closureTable lists closures of legs and gates, the newest first.
func (h *House) closureTable(a *Ask, f vectors.Freight) *Table {
	t := &Table{Key: "closures", Broad: true, Title: a.T("vectors.freight.closures.title"), RowHead: a.T("common.date"), Empty: a.T("common.nodata"),
		Columns: []Column{{Key: "what", Label: a.T("vectors.freight.what")}, {Key: "note", Label: a.T("common.note")}, {Key: "source", Label: a.T("common.source")}}}
	var all []shanyraq.Claim
	for _, l := range f.Legs {
		all = append(all, l.Closures...)
	}
	for _, g := range f.Gates {
		all = append(all, g.Closures...)
	}
	slices.SortStableFunc(all, func(x, y shanyraq.Claim) int { return strings.Compare(string(y.When), string(x.When)) })
	for i, c := range all {
		if i == closuresShown {
			break
		}
		what, _, _ := strings.Cut(c.Subject, " | ")
		t.Cited = append(t.Cited, c.Source)
		t.Add(Row{Key: string(c.ID), Label: h.when(a, c)}, Cell{Text: strings.ReplaceAll(what, " > ", " – ")}, Cell{Text: noteOf(c)}, h.opens(a, c))
	}
	return t
}

// freightTitle says what a figure of freight is of; its path is split at the
// slashes.
func (h *House) freightTitle(a *Ask, seg []string) (title, subtitle string) {
	at := func(i int) string {
		if i < len(seg) {
			return seg[i]
		}
		return ""
	}
	spoken := func(s string) string { return strings.ReplaceAll(s, "-", " ") }
	n, _ := h.Vectors.Network(context.Background()) // without one, legs are called by their keys
	leg := func(key string) string {
		if f, err := h.Vectors.Freight(context.Background()); err == nil {
			for _, l := range f.Legs {
				if l.Key() == key {
					return l.From + " – " + l.To + " (" + l.Corridor + ")"
				}
			}
		}
		if n != nil {
			for _, l := range n.Legs {
				if l.Key() == key {
					return legName(a, l)
				}
			}
		}
		return spoken(strings.ReplaceAll(key, "~", " – "))
	}
	switch at(2) {
	case "gate":
		return a.T(freightLabels[at(4)]), spoken(at(3))
	case "leg", "net", "load":
		return a.T(freightLabels[at(4)]), leg(at(3))
	case "stated":
		return a.T("vectors.freight.by_network"), leg(at(3))
	case "access":
		code, what, _ := strings.Cut(at(4), "-")
		return a.T(freightLabels[what]), h.PlaceName(shanyraq.CountryCode(at(3)), a.Loc.Lang()) + " · " + h.PlaceName(shanyraq.CountryCode(code), a.Loc.Lang())
	}
	number, what, _ := strings.Cut(at(5), "-")
	ends := stop(a, spoken(at(3))) + " – " + stop(a, spoken(at(4)))
	switch {
	case number == "closed":
		return a.T("vectors.freight.extra"), ends + " · " + leg(what)
	case number == "most":
		return a.T("vectors.freight.most"), ends
	}
	return a.T(freightLabels[what]), ends + " · " + number
}

var freightLabels = map[string]string{
	"days": "vectors.freight.days", "plan": "vectors.freight.plan", "cost": "vectors.freight.cost", "capacity": "vectors.freight.capacity", "planned": "vectors.freight.planned", "flow": "vectors.freight.flow",
	"best": "vectors.freight.best", "open": "vectors.freight.open", "km": "vectors.network.km", "chance": "vectors.network.chance", "use": "vectors.network.use", "unmet": "vectors.network.unmet", "lost": "vectors.network.lost",
	"between": "vectors.network.between", "left": "vectors.network.left", "served": "vectors.network.served", "loss": "vectors.network.loss", "behind": "vectors.network.behind", "own": "vectors.network.own_market",
}
