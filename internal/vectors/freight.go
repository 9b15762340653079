package vectors

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"shanyraq"
	"shanyraq/methods/routes"
)

// The methods of freight.
const (
	MethodFreightLeg shanyraq.MethodKey = "freight-leg"
	MethodFreightWay shanyraq.MethodKey = "freight-way"
	MethodLegClosed  shanyraq.MethodKey = "freight-closed"
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
func (l FreightLeg) Key() string { return slug(l.From) + "~" + slug(l.To) + "~" + slug(l.Corridor) }

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
	Legs   []FreightLeg // by corridor, then from and to
	Gates  []Gate       // by name
	Places []string     // on a leg with days, by name

	at map[string]shanyraq.CountryCode
}

// In returns the country a place is in.
func (f Freight) In(place string) shanyraq.CountryCode { return f.at[place] }

// A Way is one route for freight from one place to another.
type Way struct {
	Legs []int // of [Freight.Legs]
	Days shanyraq.Figure
	Cost shanyraq.Figure // zero where the price of a leg is not held
	// Least is the smallest capacity known of a leg or a gate on the way, and
	// Where what that is; zero where none is known.
	Least    shanyraq.Figure
	Where    string
	Closures int // recorded of its legs and of gates at its places
}

// Ways is the routes between two places, the quickest first, and what the closing
// of each leg of the quickest would cost.
type Ways struct {
	From, To string
	Ways     []Way
	Closed   []LegClosed
}

// A LegClosed is what the quickest way takes longer if one leg of it closes.
type LegClosed struct {
	Leg   int             // of [Freight.Legs]
	Extra shanyraq.Figure // days; zero where no other way is held
}

// waysKept is how many routes between two places are returned.
const waysKept = 5

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
		if !l.Days.IsZero() {
			for _, p := range []string{l.From, l.To} {
				if !slices.Contains(f.Places, p) {
					f.Places = append(f.Places, p)
				}
			}
		}
	}
	for subject, by := range gates {
		g := Gate{Closures: closures(by[legClosure])}
		g.Name, _, _, _ = subjectOf(subject)
		for _, cs := range by {
			g.At = cs[0].Place
		}
		path := func(what string) string { return "vectors/freight/gate/" + slug(g.Name) + "/" + what }
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
	slices.Sort(f.Places)
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

// An end says which end of their ranges the days of legs are taken at.
type end uint8

const (
	middle end = iota
	low
	high
)

// network returns the legs with days as a network, days at one end of their
// ranges, and the index in [Freight.Legs] of each of its legs.
func (f Freight) network(at end, without int) (*routes.Network, []int, error) {
	var legs []routes.Leg
	var index []int
	for i, l := range f.Legs {
		if l.Days.IsZero() || i == without {
			continue
		}
		days := l.Days.Value()
		switch at {
		case low:
			days = l.Days.Interval().Lo
		case high:
			days = l.Days.Interval().Hi
		}
		legs = append(legs, routes.Leg{From: l.From, To: l.To, Hours: 24 * max(0, days), Capacity: math.Inf(1)})
		index = append(index, i)
	}
	n, err := routes.New(legs, 1.0/24) // a day costs one, so that price is days
	return n, index, err
}

// quickest returns the days of the quickest way, and +Inf if there is none.
func (f Freight) quickest(from, to string, at end, without int) (float64, error) {
	n, _, err := f.network(at, without)
	if err != nil {
		return 0, err
	}
	ps, err := f.paths(n, from, to, 1)
	if err != nil || len(ps) == 0 {
		return math.Inf(1), err
	}
	return ps[0].Price, nil
}

// pathsSearched is how many routes are looked through for those that freight
// would take.
const pathsSearched = 30

// paths returns up to k of the quickest routes that freight would take: along all
// legs the way they are stated, or along all of them the other way, and not out of
// a country and back into it. There are none if there is no route.
func (f Freight) paths(n *routes.Network, from, to string, k int) ([]routes.Path, error) {
	all, err := n.Paths(from, to, pathsSearched)
	if errors.Is(err, routes.ErrNoRoute) || errors.Is(err, routes.ErrNoNode) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	legs := n.Legs()
	out := slices.DeleteFunc(all, func(p routes.Path) bool {
		along := 0
		for i, leg := range p.Legs {
			if legs[leg].From == p.Nodes[i] {
				along++
			}
		}
		if along > 0 && along < len(p.Legs) {
			return true
		}
		left := map[shanyraq.CountryCode]bool{}
		for i, node := range p.Nodes {
			here := f.at[node]
			if left[here] {
				return true
			}
			if i > 0 && f.at[p.Nodes[i-1]] != here {
				left[f.at[p.Nodes[i-1]]] = true
			}
		}
		return false
	})
	return out[:min(len(out), k)], nil
}

// Ways returns the quickest routes for freight between two of [Freight.Places],
// and what happens if a leg of the quickest closes. It returns an
// [shanyraq.Invalid] error for a place that is on no leg or for twice the same.
func (r *Room) Ways(ctx context.Context, from, to string) (Ways, error) {
	const op = "vectors.Ways"
	f, err := r.Freight(ctx)
	if err != nil {
		return Ways{}, err
	}
	for _, p := range []string{from, to} {
		if !slices.Contains(f.Places, p) || from == to {
			return Ways{}, shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: "vectors.error.place", Args: map[string]any{"Found": p, "Known": strings.Join(f.Places, ", ")}}, "no leg at %q", p)
		}
	}
	w, err := f.ways(from, to)
	if err != nil {
		return w, shanyraq.Errorf(op, shanyraq.Other, "%s to %s: %w", from, to, err)
	}
	return w, nil
}

func (f Freight) ways(from, to string) (Ways, error) {
	out := Ways{From: from, To: to}
	n, index, err := f.network(middle, -1)
	if err != nil {
		return out, err
	}
	paths, err := f.paths(n, from, to, waysKept)
	if err != nil || len(paths) == 0 {
		return out, err
	}
	at := fmt.Sprintf("vectors/freight/way/%s/%s", slug(from), slug(to))
	for k, p := range paths {
		w := Way{}
		for _, i := range p.Legs {
			w.Legs = append(w.Legs, index[i])
		}
		if err := f.measure(&w, fmt.Sprintf("%s/%d-", at, k+1), p.Nodes); err != nil {
			return out, err
		}
		out.Ways = append(out.Ways, w)
	}
	for _, i := range out.Ways[0].Legs {
		var extra [3]float64
		for e := range extra {
			open, err := f.quickest(from, to, end(e), -1)
			if err != nil {
				return out, err
			}
			closed, err := f.quickest(from, to, end(e), i)
			if err != nil {
				return out, err
			}
			extra[e] = closed - open
		}
		x := LegClosed{Leg: i}
		if !math.IsInf(extra[middle], 1) {
			l := f.Legs[i]
			var inputs []shanyraq.Input
			var sources []shanyraq.SourceID
			for _, j := range out.Ways[0].Legs {
				d := f.Legs[j].Days
				inputs = append(inputs, shanyraq.Input{Symbol: "d", Path: d.Path(), Value: d.Value(), Unit: "days"})
				sources = union(sources, d.Lineage().Sources)
			}
			lo, hi := slices.Min(extra[:]), slices.Max(extra[:])
			if x.Extra, err = shanyraq.NewFigure(fmt.Sprintf("%s/closed-%s", at, l.Key()), extra[middle], shanyraq.Interval{Lo: lo, Hi: hi, Kind: shanyraq.Bounds}, "days",
				shanyraq.Lineage{Method: MethodLegClosed, Inputs: inputs, Sources: sources, Formula: fmt.Sprintf("without − with = %.4g days;  at the low ends %.4g, at the high ends %.4g", extra[middle], extra[low], extra[high]),
					Assumptions: []shanyraq.Assumption{shanyraq.Assume("legs_held", shanyraq.TooHigh), shanyraq.Assume("no_queues", shanyraq.TooLow)}}); err != nil {
				return out, err
			}
		}
		out.Closed = append(out.Closed, x)
	}
	return out, nil
}

// measure adds up days and prices along a way and finds what is tightest on it.
func (f Freight) measure(w *Way, path string, nodes []string) error {
	var days, dLo, dHi, cost, cLo, cHi float64
	var dIn, cIn []shanyraq.Input
	var dBy, cBy []shanyraq.SourceID
	priced := true
	tight := func(name string, f shanyraq.Figure) {
		if !f.IsZero() && (w.Least.IsZero() || f.Value() < w.Least.Value()) {
			w.Least, w.Where = f, name
		}
	}
	for _, i := range w.Legs {
		l := f.Legs[i]
		name := l.From + " > " + l.To
		d := l.Days
		days, dLo, dHi = days+d.Value(), dLo+max(0, d.Interval().Lo), dHi+d.Interval().Hi
		dIn, dBy = append(dIn, shanyraq.Input{Symbol: name, Path: d.Path(), Value: d.Value(), Unit: "days"}), union(dBy, d.Lineage().Sources)
		if c := l.Cost; c.IsZero() {
			priced = false
		} else {
			cost, cLo, cHi = cost+c.Value(), cLo+max(0, c.Interval().Lo), cHi+c.Interval().Hi
			cIn, cBy = append(cIn, shanyraq.Input{Symbol: name, Path: c.Path(), Value: c.Value(), Unit: c.Unit()}), union(cBy, c.Lineage().Sources)
		}
		tight(name, l.Capacity)
		w.Closures += len(l.Closures)
	}
	for _, g := range f.Gates {
		if slices.ContainsFunc(nodes, func(n string) bool { return n == g.Name || strings.HasPrefix(g.Name, n+" ") }) {
			tight(g.Name, g.Capacity)
			w.Closures += len(g.Closures)
		}
	}
	as := []shanyraq.Assumption{shanyraq.Assume("legs_held", shanyraq.TooHigh), shanyraq.Assume("no_queues", shanyraq.TooLow)}
	var err error
	iv := shanyraq.Interval{Lo: min(dLo, days), Hi: max(dHi, days), Kind: shanyraq.Bounds}
	if w.Days, err = shanyraq.NewFigure(path+"days", days, iv, "days", shanyraq.Lineage{Method: MethodFreightWay, Inputs: dIn, Sources: dBy, Assumptions: as, Formula: fmt.Sprintf("sum of %d legs = %.4g", len(w.Legs), days)}); err != nil || !priced {
		return err
	}
	w.Cost, err = shanyraq.NewFigure(path+"cost", cost, shanyraq.Interval{Lo: min(cLo, cost), Hi: max(cHi, cost), Kind: shanyraq.Bounds}, "usd_per_container",
		shanyraq.Lineage{Method: MethodFreightWay, Inputs: cIn, Sources: cBy, Assumptions: as, Formula: fmt.Sprintf("sum of %d legs = %.6g", len(w.Legs), cost)})
	return err
}

// freightFigures returns the figures among which the path, split at the slashes,
// would be.
func (r *Room) freightFigures(ctx context.Context, seg []string) ([]shanyraq.Figure, error) {
	f, err := r.Freight(ctx)
	if err != nil {
		return nil, err
	}
	if seg[1] != "way" || len(seg) != 5 {
		return f.figures(), nil
	}
	named := func(s string) string {
		if i := slices.IndexFunc(f.Places, func(p string) bool { return slug(p) == s }); i >= 0 {
			return f.Places[i]
		}
		return ""
	}
	from, to := named(seg[2]), named(seg[3])
	if from == "" || to == "" || from == to {
		return nil, nil
	}
	w, err := f.ways(from, to)
	var out []shanyraq.Figure
	for _, x := range w.Ways {
		out = append(out, x.Days, x.Cost)
	}
	for _, x := range w.Closed {
		out = append(out, x.Extra)
	}
	return slices.DeleteFunc(out, shanyraq.Figure.IsZero), err
}
