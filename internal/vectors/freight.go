package vectors

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"shanyraq"
)

// The methods of freight.
const (
	MethodFreightLeg    shanyraq.MethodKey = "freight-leg"
	MethodFreightPart   shanyraq.MethodKey = "freight-part"
	MethodFreightWay    shanyraq.MethodKey = "freight-way"
	MethodFreightLoad   shanyraq.MethodKey = "freight-load"
	MethodFreightAccess shanyraq.MethodKey = "freight-access"
)

// The series of freight. Subjects are "FROM > TO | CORRIDOR", or "PLACE | gate".
const (
	legDays     shanyraq.SeriesID = "leg_days"
	legCost     shanyraq.SeriesID = "leg_cost"
	legCapacity shanyraq.SeriesID = "leg_capacity"
	legPlanned  shanyraq.SeriesID = "leg_planned"
	legFlow     shanyraq.SeriesID = "leg_flow"
	legClosure  shanyraq.SeriesID = "leg_closure"
)

// A FreightLeg is carriage between two places by one corridor, as claimed.
type FreightLeg struct {
	From, To, Corridor string
	At                 [2]shanyraq.CountryCode // where it begins and ends
	Days               shanyraq.Figure         // zero where nobody says
	Cost               shanyraq.Figure         // US dollars a forty-foot container; zero where nobody says
	Capacity           shanyraq.Figure         // million tonnes a year; zero where nobody says
	Planned            shanyraq.Figure         // the same, once somebody's plan is carried out; zero where there is none
	Flow               shanyraq.Figure         // million tonnes in the newest whole year; zero where nobody says
	FlowYear           int
	Closures           []shanyraq.Claim // newest first
}

// Key is what the leg is called in a path.
func (l FreightLeg) Key() string { return Slug(l.From) + "~" + Slug(l.To) + "~" + Slug(l.Corridor) }

// A Gate is a port or a border crossing, or another place by itself.
type Gate struct {
	Name                    string
	At                      shanyraq.CountryCode
	Capacity, Planned, Flow shanyraq.Figure // million tonnes a year; zero where nobody says
	FlowYear                int
	Closures                []shanyraq.Claim // newest first
}

// Freight is the legs and gates of the corridors held.
type Freight struct {
	Legs  []FreightLeg // by corridor, then from and to
	Gates []Gate       // by name

	at map[string]shanyraq.CountryCode
}

// subjectOf divides the subject of a claim of freight.
func subjectOf(s string) (from, to, corridor string, ok bool) {
	ends, corridor, ok := strings.Cut(s, " | ")
	if !ok {
		return "", "", "", false
	}
	from, to, two := strings.Cut(ends, " > ")
	from, to, corridor = strings.TrimSpace(from), strings.TrimSpace(to), strings.TrimSpace(corridor)
	if !two {
		return from, "", corridor, from != ""
	}
	return from, to, corridor, from != "" && to != "" && from != to
}

// Freight returns the legs and gates of all corridors held: of each measure the
// strongest claim, with the range over all of them.
func (r *Room) Freight(ctx context.Context) (Freight, error) {
	return r.loads.of("", func() (Freight, error) {
		f, err := r.freight(ctx)
		if err != nil {
			return f, shanyraq.Errorf("vectors.Freight", shanyraq.KindOf(err), "%w", err)
		}
		return f, nil
	})
}

func (r *Room) freight(ctx context.Context) (Freight, error) {
	f := Freight{at: map[string]shanyraq.CountryCode{}}
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{legDays, legCost, legCapacity, legPlanned, legFlow, legClosure}})
	if err != nil {
		return f, err
	}
	legs, gates := map[string]map[shanyraq.SeriesID][]shanyraq.Claim{}, map[string]map[shanyraq.SeriesID][]shanyraq.Claim{}
	for _, c := range cs {
		from, to, _, ok := subjectOf(c.Subject)
		if !ok {
			continue
		}
		into := legs
		if to == "" {
			into = gates
		} else {
			f.at[from] = c.Place
			if c.Partner != "" {
				f.at[to] = c.Partner
			} else {
				f.at[to] = c.Place
			}
		}
		key := c.Subject
		if into[key] == nil {
			into[key] = map[shanyraq.SeriesID][]shanyraq.Claim{}
		}
		into[key][c.Series] = append(into[key][c.Series], c)
	}
	measure := func(path string, cs []shanyraq.Claim, unit shanyraq.Unit) (shanyraq.Figure, error) {
		if len(cs) == 0 {
			return shanyraq.Figure{}, nil
		}
		best := strongest(cs)
		lo, hi := spread(cs)
		kind := shanyraq.Spread
		if len(cs) == 1 {
			kind = best.Range().Kind
		}
		inputs := make([]shanyraq.Input, len(cs))
		for i, c := range cs {
			inputs[i] = shanyraq.InputOf(fmt.Sprintf("c%d", i+1), c)
		}
		iv := shanyraq.Interval{Lo: min(lo, best.Value), Hi: max(hi, best.Value), Kind: kind}
		if kind != shanyraq.Spread {
			iv = best.Range()
		}
		return shanyraq.NewFigure(path, best.Value, iv, unit, shanyraq.Lineage{Method: MethodFreightLeg, Sources: shanyraq.SourcesOf(cs...), Inputs: inputs,
			Formula: fmt.Sprintf("%s,  %d claims", three(best.Value), len(cs)), Assumptions: []shanyraq.Assumption{shanyraq.Assume("strongest_stands", shanyraq.EitherWay)}})
	}
	newest := func(cs []shanyraq.Claim) (int, []shanyraq.Claim) {
		year := 0
		for _, c := range cs {
			if len(c.When) == 4 { // a whole year
				year = max(year, c.When.Year())
			}
		}
		return year, slices.DeleteFunc(slices.Clone(cs), func(c shanyraq.Claim) bool { return len(c.When) != 4 || c.When.Year() != year })
	}
	closures := func(cs []shanyraq.Claim) []shanyraq.Claim {
		out := slices.Clone(cs)
		slices.SortStableFunc(out, func(a, b shanyraq.Claim) int { return strings.Compare(string(b.When), string(a.When)) })
		return out
	}
	for subject, by := range legs {
		l := FreightLeg{Closures: closures(by[legClosure])}
		l.From, l.To, l.Corridor, _ = subjectOf(subject)
		l.At = [2]shanyraq.CountryCode{f.at[l.From], f.at[l.To]}
		path := func(what string) string { return "vectors/freight/leg/" + l.Key() + "/" + what }
		if l.Days, err = measure(path("days"), by[legDays], "days"); err != nil {
			return f, err
		}
		if l.Cost, err = measure(path("cost"), by[legCost], "usd_per_container"); err != nil {
			return f, err
		}
		if l.Capacity, err = measure(path("capacity"), by[legCapacity], "million_t"); err != nil {
			return f, err
		}
		if l.Planned, err = measure(path("planned"), by[legPlanned], "million_t"); err != nil {
			return f, err
		}
		var flows []shanyraq.Claim
		l.FlowYear, flows = newest(by[legFlow])
		if l.Flow, err = measure(path("flow"), flows, "million_t"); err != nil {
			return f, err
		}
		f.Legs = append(f.Legs, l)
	}
	for subject, by := range gates {
		g := Gate{Closures: closures(by[legClosure])}
		g.Name, _, _, _ = subjectOf(subject)
		for _, cs := range by {
			g.At = cs[0].Place
		}
		path := func(what string) string { return "vectors/freight/gate/" + Slug(g.Name) + "/" + what }
		if g.Capacity, err = measure(path("capacity"), by[legCapacity], "million_t"); err != nil {
			return f, err
		}
		if g.Planned, err = measure(path("planned"), by[legPlanned], "million_t"); err != nil {
			return f, err
		}
		var flows []shanyraq.Claim
		g.FlowYear, flows = newest(by[legFlow])
		if g.Flow, err = measure(path("flow"), flows, "million_t"); err != nil {
			return f, err
		}
		f.Gates = append(f.Gates, g)
	}
	slices.SortFunc(f.Legs, func(a, b FreightLeg) int {
		if c := strings.Compare(a.Corridor, b.Corridor); c != 0 {
			return c
		}
		return strings.Compare(a.From+" > "+a.To, b.From+" > "+b.To)
	})
	slices.SortFunc(f.Gates, func(a, b Gate) int { return strings.Compare(a.Name, b.Name) })
	return f, nil
}

// figures returns every figure of the legs and gates.
func (f Freight) figures() []shanyraq.Figure {
	var out []shanyraq.Figure
	for _, l := range f.Legs {
		out = append(out, l.Days, l.Cost, l.Capacity, l.Planned, l.Flow)
	}
	for _, g := range f.Gates {
		out = append(out, g.Capacity, g.Planned, g.Flow)
	}
	return slices.DeleteFunc(out, shanyraq.Figure.IsZero)
}

// freightFigures returns the figures among which the path, split at the slashes,
// would be.
func (r *Room) freightFigures(ctx context.Context, seg []string) ([]shanyraq.Figure, error) {
	if seg[1] == "leg" || seg[1] == "gate" {
		f, err := r.Freight(ctx)
		return f.figures(), err
	}
	n, err := r.Network(ctx)
	if err != nil || n == nil {
		return nil, err
	}
	switch seg[1] {
	case "net":
		return n.figures(), nil
	case "load":
		l, err := r.Load(ctx)
		return l.figures(), err
	case "access":
		if len(seg) < 3 {
			return nil, nil
		}
		a, err := r.Access(ctx, shanyraq.CountryCode(seg[2]))
		return a.figures(), err
	case "stated":
		cs, err := r.Stated(ctx)
		var out []shanyraq.Figure
		for _, c := range cs {
			out = append(out, c.Days)
		}
		return out, err
	case "way":
		if len(seg) != 5 {
			return nil, nil
		}
		named := func(s string) string {
			if i := slices.IndexFunc(n.Places, func(p string) bool { return Slug(p) == s }); i >= 0 {
				return n.Places[i]
			}
			return ""
		}
		from, to := named(seg[2]), named(seg[3])
		if from == "" || to == "" || from == to {
			return nil, nil
		}
		w, err := r.Ways(ctx, from, to)
		return w.figures(), err
	}
	return nil, nil
}
