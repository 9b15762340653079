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
// when a leg closes; the keys "from" and "to" choose the places.
func VectorsFreight(ctx context.Context, h *House, a *Ask) (*Page, error) {
	f, err := h.Vectors.Freight(ctx)
	if err != nil {
		return nil, err
	}
	p := &Page{Room: "vectors", Path: "/vectors/freight", Question: a.T("vectors.freight.question"), Crumbs: []Choice{{a.link("/vectors"), a.T("nav.vectors")}}, Notes: []string{a.T("vectors.freight.note")}}
	if len(f.Places) < 2 {
		p.Answer = Say("vectors.freight.answer.none")
		return p, nil
	}
	from, to := a.Get("from"), a.Get("to")
	if from == "" || to == "" {
		x, y := usualEnds(f)
		if from == "" {
			from = x
		}
		if to == "" {
			to = y
		}
	}
	ends := func(key, label, value string) Control {
		c := Control{Name: key, Label: label, Value: value}
		for _, place := range f.Places {
			c.Choices = append(c.Choices, Choice{place, place})
		}
		return c
	}
	p.Controls = []Control{ends("from", a.T("vectors.freight.from"), from), ends("to", a.T("vectors.freight.to"), to)}
	w, err := h.Vectors.Ways(ctx, from, to)
	if err != nil {
		return nil, err
	}
	switch {
	case len(w.Ways) == 0:
		p.Answer = Say("vectors.freight.answer.no", "From", from, "To", to)
	case len(w.Ways) == 1:
		p.Answer = Say("vectors.freight.answer.one", "From", from, "To", to, "Days", w.Ways[0].Days)
	default:
		p.Answer = Say("vectors.freight.answer", "From", from, "To", to, "Days", w.Ways[0].Days, "Count", len(w.Ways), "Next", w.Ways[1].Days)
	}
	ways := &Table{Key: "ways", Broad: true, Title: a.T("vectors.freight.ways", "From", from, "To", to), Lead: Say("vectors.freight.ways.lead"), RowHead: a.T("vectors.freight.way"), Empty: a.T("vectors.freight.ways.empty"),
		Columns: []Column{{Key: "days", Label: a.T("vectors.freight.days"), Figures: true}, {Key: "cost", Label: a.T("vectors.freight.cost"), Figures: true}, {Key: "least", Label: a.T("vectors.freight.least"), Figures: true}, {Key: "where", Label: a.T("vectors.freight.where")}, {Key: "closures", Label: a.T("vectors.freight.closures")}},
		Chart:   &Chart{Type: "ranges", Value: "days", Unit: a.T("vectors.freight.days")}}
	for i, x := range w.Ways {
		ways.Add(Row{Key: strconv.Itoa(i + 1), Label: wayName(f, x), Home: i == 0}, Fig(x.Days, ""), Fig(x.Cost, a.T("vectors.freight.unpriced")), Fig(x.Least, a.T("vectors.freight.unknown")), Cell{Text: x.Where}, Cell{Text: strconv.Itoa(x.Closures)})
	}
	p.Tables = append(p.Tables, ways)
	if len(w.Closed) > 0 {
		t := &Table{Key: "closed", Title: a.T("vectors.freight.closed"), Lead: Say("vectors.freight.closed.lead"), RowHead: a.T("vectors.freight.leg"),
			Columns: []Column{{Key: "corridor", Label: a.T("vectors.freight.corridor")}, {Key: "extra", Label: a.T("vectors.freight.extra"), Figures: true}}}
		for _, x := range w.Closed {
			l := f.Legs[x.Leg]
			t.Add(Row{Key: l.Key(), Label: l.From + " – " + l.To}, Cell{Text: l.Corridor}, Fig(x.Extra, a.T("vectors.freight.nothing")))
		}
		p.Tables = append(p.Tables, t)
	}
	p.Tables = append(p.Tables, h.freightLegs(a, f), h.gateTable(a, f), h.closureTable(a, f))
	return p, nil
}

// wayName names a way by its places, and its corridors where they are several.
func wayName(f vectors.Freight, w vectors.Way) string {
	places := []string{}
	var corridors []string
	at := ""
	for k, i := range w.Legs {
		l := f.Legs[i]
		from, to := l.From, l.To
		if k == 0 && len(w.Legs) > 1 { // the first leg may be stated the other way round
			if next := f.Legs[w.Legs[1]]; from == next.From || from == next.To {
				from, to = to, from
			}
		}
		if k > 0 && to == at {
			from, to = to, from
		}
		if k == 0 {
			places = append(places, from)
		}
		places = append(places, to)
		at = to
		if !slices.Contains(corridors, l.Corridor) {
			corridors = append(corridors, l.Corridor)
		}
	}
	return fmt.Sprintf("%s (%s)", strings.Join(places, " – "), strings.Join(corridors, ", "))
}

// usualEnds are the places a reader most likely wants to go between: of those with
// the most corridors side by side, one in China if any is, or else the first two.
func usualEnds(f vectors.Freight) (from, to string) {
	most, best := 0, false
	for _, l := range f.Legs {
		if l.Days.IsZero() {
			continue
		}
		n := 0
		for _, o := range f.Legs {
			if !o.Days.IsZero() && (o.From == l.From && o.To == l.To || o.From == l.To && o.To == l.From) {
				n++
			}
		}
		if china := l.At[0] == "CHN"; n > most || n == most && china && !best {
			most, best, from, to = n, china, l.From, l.To
		}
	}
	return from, to
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
	f, err := h.Vectors.Freight(context.Background())
	if err != nil || len(seg) < 5 {
		return strings.Join(seg, "/"), ""
	}
	leg := func(key string) string {
		for _, l := range f.Legs {
			if l.Key() == key {
				return l.From + " – " + l.To + " (" + l.Corridor + ")"
			}
		}
		return key
	}
	if seg[2] == "leg" {
		return a.T(freightLabels[seg[4]]), leg(seg[3])
	}
	if seg[2] == "gate" {
		return a.T(freightLabels[seg[4]]), strings.ReplaceAll(seg[3], "-", " ")
	}
	number, what, _ := strings.Cut(seg[len(seg)-1], "-")
	ends := strings.ReplaceAll(seg[3], "-", " ") + " – " + strings.ReplaceAll(seg[4], "-", " ")
	if number == "closed" {
		return a.T("vectors.freight.extra"), ends + " · " + leg(what)
	}
	return a.T(freightLabels[what]), ends + " · " + number
}

var freightLabels = map[string]string{"days": "vectors.freight.days", "cost": "vectors.freight.cost", "capacity": "vectors.freight.capacity", "planned": "vectors.freight.planned", "flow": "vectors.freight.flow"}
