package vectors

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/methods/routes"
	"shanyraq/methods/ties"
)

// The methods of routes.
const (
	MethodRouteShare   shanyraq.MethodKey = "route-share"
	MethodClosure      shanyraq.MethodKey = "closure"
	MethodRouteNumber  shanyraq.MethodKey = "effective-routes"
	MethodCorridorYear shanyraq.MethodKey = "corridor-year"
)

const (
	oilVolume      shanyraq.SeriesID = "oil_route_volume"
	routeLeg       shanyraq.SeriesID = "route_leg"
	corridorVolume shanyraq.SeriesID = "corridor_volume"
)

// A Leg is one route for oil out of the country, or a part of one.
type Leg struct {
	Name    string
	After   string // the leg it continues; "" where it begins at home
	Crosses []shanyraq.CountryCode
	Volume  shanyraq.Claim
	Judged  bool            // that it crosses or continues is our reading
	Share   shanyraq.Figure // percent of all that leaves
	Stops   shanyraq.Figure // percent of all that leaves, if the leg closes and nothing is rerouted
}

// A Closed is what stops if no route may cross a country.
type Closed struct {
	Place shanyraq.CountryCode
	Legs  []string
	Stops shanyraq.Figure // percent of all that leaves, if nothing is rerouted
}

// A Dated is a figure of one year.
type Dated struct {
	Year   int
	Figure shanyraq.Figure
}

// A Corridor is what is said of one corridor, year by year.
type Corridor struct {
	Name  string
	Years []Dated // the strongest claim, with the range over all of the year
}

// Corridors is the routes out of a country, as a graph.
type Corridors struct {
	Home      shanyraq.CountryCode
	Period    shanyraq.Period // of the volumes
	Legs      []Leg           // largest first
	Closed    []Closed        // most first
	Flow      shanyraq.Figure // million tonnes: all that leaves in the period
	Cut       []string        // the smallest set of legs that all of it crosses
	Effective shanyraq.Figure // number of routes of equal size
	Bypass    []Dated         // percent of exports said not to pass Russian ports
	Corridors []Corridor
}

// Corridors returns the routes out of the country: what each carries, what
// stops if one closes or a country shuts, and the freight of its corridors.
func (r *Room) Corridors(ctx context.Context, home shanyraq.CountryCode) (Corridors, error) {
	return r.ways.of(home, func() (Corridors, error) {
		c, err := r.corridors(ctx, home)
		if err != nil {
			return c, shanyraq.Errorf("vectors.Corridors", shanyraq.KindOf(err), "%s: %w", home, err)
		}
		return c, nil
	})
}

func (r *Room) corridors(ctx context.Context, home shanyraq.CountryCode) (Corridors, error) {
	c := Corridors{Home: home}
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{oilVolume, routeLeg, corridorVolume}, Places: []shanyraq.CountryCode{home}})
	if err != nil {
		return c, err
	}
	volumes := map[shanyraq.Period]map[string]shanyraq.Claim{}
	legs := map[string]*Leg{}
	var placed []shanyraq.Claim
	freight := map[string]map[int][]shanyraq.Claim{}
	for _, x := range cs {
		switch x.Series {
		case oilVolume:
			if volumes[x.When] == nil {
				volumes[x.When] = map[string]shanyraq.Claim{}
			}
			if was, ok := volumes[x.When][x.Subject]; !ok || strongest([]shanyraq.Claim{was, x}).ID == x.ID {
				volumes[x.When][x.Subject] = x
			}
		case routeLeg:
			l := legs[x.Subject]
			if l == nil {
				l = &Leg{Name: x.Subject}
				legs[x.Subject] = l
			}
			if x.Partner != "" {
				l.Crosses = append(l.Crosses, x.Partner)
			}
			if after, ok := strings.CutPrefix(x.Note, "after "); ok {
				l.After, _, _ = strings.Cut(after, ";")
			}
			l.Judged = l.Judged || x.Strength == shanyraq.Opinion
			placed = append(placed, x)
		case corridorVolume:
			if len(x.When) == 4 {
				if freight[x.Subject] == nil {
					freight[x.Subject] = map[int][]shanyraq.Claim{}
				}
				freight[x.Subject][x.When.Year()] = append(freight[x.Subject][x.When.Year()], x)
			}
		}
	}
	if err := c.years(freight); err != nil {
		return c, err
	}
	if err := c.bypass(volumes); err != nil {
		return c, err
	}
	// The period in which the most legs have a volume, the newest of several.
	most := 0
	for _, when := range slices.Sorted(maps.Keys(volumes)) {
		n := 0
		for name := range legs {
			if _, ok := volumes[when][name]; ok {
				n++
			}
		}
		if n >= most && n > 1 {
			most, c.Period = n, when
		}
	}
	if c.Period == "" {
		return c, nil
	}
	for _, name := range slices.Sorted(maps.Keys(legs)) {
		if v, ok := volumes[c.Period][name]; ok && v.Value > 0 {
			l := *legs[name]
			l.Volume = v
			c.Legs = append(c.Legs, l)
		}
	}
	slices.SortStableFunc(c.Legs, func(a, b Leg) int {
		switch {
		case a.Volume.Value > b.Volume.Value:
			return -1
		case a.Volume.Value < b.Volume.Value:
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return c, c.close(placed)
}

// years makes the figures of the corridors, year by year.
func (c *Corridors) years(freight map[string]map[int][]shanyraq.Claim) error {
	for _, name := range slices.Sorted(maps.Keys(freight)) {
		corridor := Corridor{Name: name}
		for _, year := range slices.Sorted(maps.Keys(freight[name])) {
			cs := freight[name][year]
			best := strongest(cs)
			lo, hi := spread(cs)
			kind := shanyraq.Spread
			if len(cs) == 1 {
				kind = best.Range().Kind
			}
			l := shanyraq.Lineage{Method: MethodCorridorYear, Sources: shanyraq.SourcesOf(cs...), Formula: fmt.Sprintf("%s,  %d claims", three(best.Value), len(cs)),
				Assumptions: []shanyraq.Assumption{shanyraq.Assume("strongest_first", shanyraq.EitherWay), shanyraq.Assume("same_scope", shanyraq.EitherWay)}}
			for i, x := range cs {
				l.Inputs = append(l.Inputs, shanyraq.InputOf(fmt.Sprintf("x%d", i+1), x))
			}
			f, err := shanyraq.NewFigure(fmt.Sprintf("vectors/corridor/%s/%s/%d", c.Home, Slug(name), year), best.Value, shanyraq.Interval{Lo: lo, Hi: hi, Kind: kind}, best.Unit, l)
			if err != nil {
				return fmt.Errorf("%s in %d: %w", name, year, err)
			}
			corridor.Years = append(corridor.Years, Dated{year, f})
		}
		c.Corridors = append(c.Corridors, corridor)
	}
	return nil
}

// What the claims about oil call the whole, and the part that avoids Russia's ports.
const (
	allOil    = "all exports"
	bypassing = "bypassing Russian ports"
)

// bypass makes the share of oil said to bypass Russian ports, year by year.
func (c *Corridors) bypass(volumes map[shanyraq.Period]map[string]shanyraq.Claim) error {
	for _, when := range slices.Sorted(maps.Keys(volumes)) {
		part, ok1 := volumes[when][bypassing]
		whole, ok2 := volumes[when][allOil]
		if !ok1 || !ok2 || !(whole.Range().Lo > 0) {
			continue
		}
		r, err := ties.ShareRange(ties.Range{Lo: part.Range().Lo, Hi: part.Range().Hi}, ties.Range{Lo: whole.Range().Lo, Hi: whole.Range().Hi})
		if err != nil {
			continue // the part is more than the whole
		}
		v := part.Value / whole.Value
		f, err := shanyraq.NewFigure(fmt.Sprintf("vectors/oil/%s/bypass/%d", c.Home, when.Year()), 100*v, shanyraq.Interval{Lo: 100 * r.Lo, Hi: 100 * r.Hi, Kind: shanyraq.Bounds}, "percent",
			shanyraq.Lineage{Method: MethodRouteShare, Sources: shanyraq.SourcesOf(part, whole), Inputs: []shanyraq.Input{shanyraq.InputOf("x", part), shanyraq.InputOf("t", whole)},
				Formula: fmt.Sprintf("100 × %s / %s = %s %%", plain(part.Value), plain(whole.Value), three(100*v)), Assumptions: []shanyraq.Assumption{shanyraq.Assume("same_scope", shanyraq.EitherWay)}})
		if err != nil {
			return err
		}
		c.Bypass = append(c.Bypass, Dated{when.Year(), f})
	}
	return nil
}

// The ends of the graph, which no leg is called.
const (
	homeNode   = "\x00home"
	abroadNode = "\x00abroad"
)

// network returns the graph of the legs with the volumes that of gives as
// capacities, and the leg of each of its edges, −1 for oil that leaves from the
// end of a leg by ways unknown. Of a leg that others continue, what they do not
// take goes on.
func (c *Corridors) network(of func(shanyraq.Claim) float64) (*routes.Network, []int, error) {
	continued := map[string]bool{}
	known := map[string]bool{}
	for _, l := range c.Legs {
		known[l.Name] = true
	}
	for _, l := range c.Legs {
		if known[l.After] {
			continued[l.After] = true
		}
	}
	var edges []routes.Leg
	var at []int
	for i, l := range c.Legs {
		e := routes.Leg{From: homeNode, To: abroadNode, OneWay: true, Capacity: of(l.Volume)}
		if known[l.After] {
			e.From = l.After
		}
		if continued[l.Name] {
			e.To = l.Name
		}
		edges, at = append(edges, e), append(at, i)
	}
	for _, name := range slices.Sorted(maps.Keys(continued)) {
		rest := 0.0
		for _, l := range c.Legs {
			switch {
			case l.Name == name:
				rest += of(l.Volume)
			case l.After == name:
				rest -= of(l.Volume)
			}
		}
		if rest > 0 {
			edges, at = append(edges, routes.Leg{From: name, To: abroadNode, OneWay: true, Capacity: rest}), append(at, -1)
		}
	}
	n, err := routes.New(edges, 0)
	return n, at, err
}

// leaves returns what leaves through the network without the edges of the legs
// that shut says, and the legs of the smallest cut.
func (c *Corridors) leaves(of func(shanyraq.Claim) float64, shut func(Leg) bool) (float64, []string, error) {
	n, at, err := c.network(of)
	if err != nil {
		return 0, nil, err
	}
	var closed []int
	keep := slices.Clone(at)
	for i := len(at) - 1; i >= 0; i-- {
		if at[i] >= 0 && shut(c.Legs[at[i]]) {
			closed = append(closed, i)
			keep = slices.Delete(keep, i, i+1)
		}
	}
	if len(closed) > 0 {
		if n, err = n.Without(closed...); err != nil {
			return 0, nil, err
		}
	}
	cut, err := n.MaxFlow(homeNode, abroadNode)
	if errors.Is(err, routes.ErrNoNode) { // nothing is left at one end
		return 0, nil, nil
	}
	if err != nil {
		return 0, nil, err
	}
	var names []string
	for _, i := range cut.Legs {
		if keep[i] >= 0 {
			names = append(names, c.Legs[keep[i]].Name)
		}
	}
	return cut.Flow, names, nil
}

// close makes the figures of the graph: what leaves, each leg's share, and what
// stops if a leg or a country shuts.
func (c *Corridors) close(placed []shanyraq.Claim) error {
	value := func(x shanyraq.Claim) float64 { return x.Value }
	low := func(x shanyraq.Claim) float64 { return max(0, x.Range().Lo) }
	high := func(x shanyraq.Claim) float64 { return x.Range().Hi }
	none := func(Leg) bool { return false }
	all, cut, err := c.leaves(value, none)
	if err != nil || !(all > 0) {
		return err
	}
	lo, _, err := c.leaves(low, none)
	if err != nil {
		return err
	}
	hi, _, err := c.leaves(high, none)
	if err != nil {
		return err
	}
	c.Cut = cut
	base := shanyraq.Lineage{Assumptions: []shanyraq.Assumption{shanyraq.Assume("legs_complete", shanyraq.EitherWay)}}
	for i, l := range c.Legs {
		base.Inputs = append(base.Inputs, shanyraq.InputOf(fmt.Sprintf("x%d", i+1), l.Volume))
		base.Sources = union(base.Sources, []shanyraq.SourceID{l.Volume.Source})
	}
	for _, x := range placed {
		base.Sources = union(base.Sources, []shanyraq.SourceID{x.Source})
	}
	at := func(s string) string { return fmt.Sprintf("vectors/oil/%s/%s", c.Home, s) }
	flow := base
	flow.Method, flow.Formula = MethodRouteShare, fmt.Sprintf("smallest cut: %s = %s", strings.Join(cut, " + "), three(all))
	if c.Flow, err = shanyraq.NewFigure(at("flow/all"), all, shanyraq.Interval{Lo: min(lo, all), Hi: max(hi, all), Kind: shanyraq.Printed}, c.Legs[0].Volume.Unit, flow); err != nil {
		return err
	}
	stops := func(path, what string, shut func(Leg) bool) (shanyraq.Figure, error) {
		v, rest := [3]float64{}, [3]float64{}
		for i, of := range []func(shanyraq.Claim) float64{value, low, high} {
			whole := [3]float64{all, lo, hi}[i]
			left, _, err := c.leaves(of, shut)
			if err != nil {
				return shanyraq.Figure{}, err
			}
			v[i], rest[i] = whole-left, left
		}
		// What stops at one end of its range with what goes on at the other.
		from := v[1] / (v[1] + rest[2])
		to := v[2] / (v[2] + rest[1])
		s := v[0] / all
		l := base
		l.Method = MethodClosure
		l.Assumptions = append(slices.Clone(l.Assumptions), shanyraq.Assume("nothing_rerouted", shanyraq.TooHigh))
		l.Formula = fmt.Sprintf("100 × (%s − %s) / %s = %s %%,  %s", three(all), three(rest[0]), three(all), three(100*s), what)
		return shanyraq.NewFigure(path, 100*s, outward(100*min(from, s), 100*max(to, s), 0), "percent", l)
	}
	var amounts []ties.Range
	var shares []float64
	for i := range c.Legs {
		l := &c.Legs[i]
		if l.Stops, err = stops(at("leg/"+Slug(l.Name)), l.Name, func(x Leg) bool { return x.Name == l.Name }); err != nil {
			return err
		}
		r, err := ties.ShareRange(ties.Range{Lo: low(l.Volume), Hi: high(l.Volume)}, ties.Range{Lo: lo, Hi: hi})
		if err != nil {
			return fmt.Errorf("%s: %w", l.Name, err)
		}
		s := l.Volume.Value / all
		share := base
		share.Method, share.Inputs = MethodRouteShare, []shanyraq.Input{shanyraq.InputOf("x", l.Volume), {Symbol: "t", Path: c.Flow.Path(), Value: all, Unit: c.Flow.Unit()}}
		share.Formula = fmt.Sprintf("100 × %s / %s = %s %%", plain(l.Volume.Value), three(all), three(100*s))
		if l.Share, err = shanyraq.NewFigure(at("share/"+Slug(l.Name)), 100*s, outward(100*min(r.Lo, s), 100*max(r.Hi, s), 0), "percent", share); err != nil {
			return err
		}
		if slices.Contains(cut, l.Name) {
			amounts = append(amounts, ties.Range{Lo: low(l.Volume), Hi: high(l.Volume)})
			shares = append(shares, s)
		}
	}
	countries := map[shanyraq.CountryCode][]string{}
	for _, l := range c.Legs {
		for _, p := range l.Crosses {
			countries[p] = append(countries[p], l.Name)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(countries)) {
		x := Closed{Place: p, Legs: countries[p]}
		if x.Stops, err = stops(at("through/"+string(p)), string(p), func(l Leg) bool { return slices.Contains(l.Crosses, p) }); err != nil {
			return err
		}
		c.Closed = append(c.Closed, x)
	}
	slices.SortStableFunc(c.Closed, func(a, b Closed) int {
		switch {
		case a.Stops.Value() > b.Stops.Value():
			return -1
		case a.Stops.Value() < b.Stops.Value():
			return 1
		}
		return 0
	})
	h, err := ties.Concentration(shares)
	if err != nil {
		return nil // rounded volumes that do not add up say nothing of evenness
	}
	r, err := ties.ConcentrationRange(amounts)
	if err != nil {
		return err
	}
	number := base
	number.Method, number.Formula = MethodRouteNumber, fmt.Sprintf("1 / Σ s² = 1 / %.4f = %.2f over %d routes", h, ties.Effective(h), len(shares))
	c.Effective, err = shanyraq.NewFigure(at("routes/effective"), ties.Effective(h), outward(min(ties.Effective(r.Hi), ties.Effective(h)), max(ties.Effective(r.Lo), ties.Effective(h)), 0.01), "routes", number)
	return err
}

// Name returns the leg or corridor whose figures have the part in their paths,
// or the part itself.
func (c Corridors) Name(part string) string {
	for _, l := range c.Legs {
		if Slug(l.Name) == part {
			return l.Name
		}
	}
	for _, x := range c.Corridors {
		if Slug(x.Name) == part {
			return x.Name
		}
	}
	return part
}

// Slug returns a name as part of a path.
func Slug(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case r > 127: // other scripts keep apart what they write apart
			b.WriteString(strconv.FormatInt(int64(r), 36))
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.TrimSuffix(b.String(), "-")
}

// Figures returns every figure of the routes, in the order of the tables.
func (c Corridors) Figures() []shanyraq.Figure {
	out := []shanyraq.Figure{c.Flow, c.Effective}
	for _, l := range c.Legs {
		out = append(out, l.Share, l.Stops)
	}
	for _, x := range c.Closed {
		out = append(out, x.Stops)
	}
	for _, x := range c.Bypass {
		out = append(out, x.Figure)
	}
	for _, x := range c.Corridors {
		for _, y := range x.Years {
			out = append(out, y.Figure)
		}
	}
	return slices.DeleteFunc(out, func(f shanyraq.Figure) bool { return f.IsZero() || math.IsNaN(f.Value()) })
}
