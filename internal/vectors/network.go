package vectors

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"shanyraq"
	"shanyraq/methods/routes"
)

// The series of the network: its legs, where its places lie, and what is supposed
// where nobody states a figure.
const (
	netLeg      shanyraq.SeriesID = "freight_leg"
	netLat      shanyraq.SeriesID = "latitude"
	netLon      shanyraq.SeriesID = "longitude"
	netDays     shanyraq.SeriesID = "freight_days"
	netPrice    shanyraq.SeriesID = "freight_price"
	netRatio    shanyraq.SeriesID = "freight_ratio"
	netCapacity shanyraq.SeriesID = "freight_capacity"
	netDemand   shanyraq.SeriesID = "freight_demand"
	netMarket   shanyraq.SeriesID = "freight_market"
)

// The ways a leg can go whose figures may be supposed. Any other way is a route
// that somebody states as a whole.
const (
	byRail = "rail"
	bySea  = "sea"
	byPipe = "pipeline"
)

// A NetLeg is two places joined in the network.
type NetLeg struct {
	From, To, Way string
	OneWay        bool
	At            [2]shanyraq.CountryCode
	Km            shanyraq.Figure // zero where it is stated as a whole
	Days          shanyraq.Figure // zero of a pipeline
	Cost          shanyraq.Figure // US dollars a forty-foot container; zero of a pipeline
	Capacity      shanyraq.Figure // million tonnes a year; zero where there is no limit
	Chance        shanyraq.Figure // percent of months with a closure or hold-up
	Supposed      []string        // which of days, cost and capacity rest on suppositions
	Closures      int             // on record
	Ends          [2][2]float64   // longitude and latitude of From and of To; zero where it is not measured

	gates []string
	as    string
	gauge bool
}

// Key is what the leg is called in a path.
func (l NetLeg) Key() string { return Slug(l.From) + "~" + Slug(l.To) + "~" + Slug(l.Way) }

// Name is what the leg is called on a page.
func (l NetLeg) Name() string {
	if l.Way == byRail || l.Way == byPipe {
		return l.From + " – " + l.To
	}
	return l.From + " – " + l.To + " (" + l.Way + ")"
}

// A Demand is freight that wants to go from one place to another.
type Demand struct {
	From, To string
	Amount   shanyraq.Figure // million tonnes a year
}

// A Network is places and the legs between them, with every figure stated or
// supposed, and draws of all of them within their ranges.
type Network struct {
	Places  []string // that freight can go between, by name
	Legs    []NetLeg
	Demands []Demand
	Stand   []shanyraq.Claim // what is supposed, by series and subject

	at      map[string]shanyraq.CountryCode
	prior   map[string]shanyraq.Claim // by series and subject
	markets map[shanyraq.CountryCode]string
	middle  drawn
	draws   []drawn
}

// A drawn is the network with one number for each figure.
type drawn struct {
	legs  []routes.Leg
	net   *routes.Network
	hour  float64 // what an hour costs a container
	left  float64 // what a container left behind counts as
	load  float64 // tonnes to a container
	reach float64 // of a market
	fade  float64
	units []float64 // demands
}

const (
	netDraws  = 100 // of every figure
	loadDraws = 30  // of them for what all demands together come to
	netSeed   = 20240224
	netLevel  = 0.9
)

// Network returns the network of freight, or nil if no legs are held.
func (r *Room) Network(ctx context.Context) (*Network, error) {
	return r.nets.of("", func() (*Network, error) {
		n, err := r.network(ctx)
		if err != nil {
			return nil, shanyraq.Errorf("vectors.Network", shanyraq.KindOf(err), "%w", err)
		}
		return n, nil
	})
}

func (r *Room) network(ctx context.Context) (*Network, error) {
	f, err := r.Freight(ctx)
	if err != nil {
		return nil, err
	}
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{netLeg, netLat, netLon, netDays, netPrice, netRatio, netCapacity, netDemand, netMarket}})
	if err != nil {
		return nil, err
	}
	by := map[string][]shanyraq.Claim{}
	for _, c := range cs {
		k := string(c.Series) + "/" + c.Subject
		by[k] = append(by[k], c)
	}
	n := &Network{at: map[string]shanyraq.CountryCode{}, prior: map[string]shanyraq.Claim{}, markets: map[shanyraq.CountryCode]string{}}
	keys := make([]string, 0, len(by))
	for k := range by {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		c := strongest(by[k])
		n.prior[k] = c
		switch c.Series {
		case netDays, netPrice, netRatio, netCapacity:
			n.Stand = append(n.Stand, c)
		case netMarket:
			n.markets[c.Place] = c.Subject
		}
	}
	watched := watch(f)
	for _, k := range keys {
		c := n.prior[k]
		if c.Series != netLeg {
			continue
		}
		from, to, way, ok := subjectOf(c.Subject)
		if !ok || to == "" || way == "" {
			continue
		}
		l := NetLeg{From: from, To: to, Way: way, At: [2]shanyraq.CountryCode{c.Place, c.Partner}}
		for part := range strings.SplitSeq(c.Note, ";") {
			part = strings.TrimSpace(part)
			switch gate, isGate := strings.CutPrefix(part, "gate "); {
			case part == "gauge":
				l.gauge = true
			case part == "one way":
				l.OneWay = true
			case isGate:
				l.gates = append(l.gates, gate)
			case strings.HasPrefix(part, "as "):
				l.as = strings.TrimPrefix(part, "as ")
			}
		}
		ready, err := n.measure(&l, c, f, watched)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Subject, err)
		}
		if !ready {
			continue // nobody knows where it lies
		}
		n.at[from], n.at[to] = c.Place, c.Partner
		n.Legs = append(n.Legs, l)
		for _, p := range []string{from, to} {
			if way != byPipe && !slices.Contains(n.Places, p) {
				n.Places = append(n.Places, p)
			}
		}
	}
	if len(n.Legs) == 0 {
		return nil, nil
	}
	slices.Sort(n.Places)
	for _, k := range keys {
		c := n.prior[k]
		from, to, two := strings.Cut(c.Subject, " > ")
		if c.Series != netDemand || !two || n.at[from] == "" || n.at[to] == "" {
			continue
		}
		d := Demand{From: from, To: to}
		if d.Amount, err = c.Figure(); err != nil {
			return nil, err
		}
		n.Demands = append(n.Demands, d)
	}
	return n, n.draw()
}

// standing returns what is supposed of the kind, and whether anything is.
func (n *Network) standing(series shanyraq.SeriesID, subject string) (shanyraq.Claim, bool) {
	c, ok := n.prior[string(series)+"/"+subject]
	return c, ok
}

// A total gathers a figure of a leg from what is supposed.
type total struct {
	v, lo, hi float64
	l         shanyraq.Lineage
	terms     []string
	missing   bool
}

// add adds a supposition times a factor with its own range.
func (s *total) add(n *Network, series shanyraq.SeriesID, subject string, times, lo, hi float64) {
	c, ok := n.standing(series, subject)
	if !ok {
		s.missing = true
		return
	}
	r := c.Range()
	s.v, s.lo, s.hi = s.v+times*c.Value, s.lo+lo*max(0, r.Lo), s.hi+hi*r.Hi
	s.l.Inputs = append(s.l.Inputs, shanyraq.InputOf(subject, c))
	s.l.Sources = union(s.l.Sources, []shanyraq.SourceID{c.Source})
	if times == 1 {
		s.terms = append(s.terms, three(c.Value))
	} else {
		s.terms = append(s.terms, three(times)+" × "+three(c.Value))
	}
}

func (s *total) figure(path string, unit shanyraq.Unit) (shanyraq.Figure, error) {
	s.l.Method, s.l.Formula = MethodFreightPart, strings.Join(s.terms, " + ")+" = "+three(s.v)
	s.l.Assumptions = []shanyraq.Assumption{shanyraq.Assume("freight_supposed", shanyraq.EitherWay)}
	return shanyraq.NewFigure(path, s.v, judged(s.lo, s.hi), unit, s.l)
}

// measure makes the figures of a leg: those that somebody states, and what is
// supposed for the rest. It reports false for a leg nobody can measure.
func (n *Network) measure(l *NetLeg, of shanyraq.Claim, f Freight, watched watching) (bool, error) {
	path := func(what string) string { return "vectors/freight/net/" + l.Key() + "/" + what }
	var stated []FreightLeg
	for _, q := range f.Legs {
		same := q.From == l.From && q.To == l.To || q.From == l.To && q.To == l.From || l.as == q.From+" > "+q.To
		other := strings.Contains(q.Corridor, "sea route") || q.Corridor == "road"
		if same && (q.Corridor == l.Way || !other && (l.Way == byRail || l.Way == bySea || l.Way == byPipe)) {
			stated = append(stated, q)
		}
	}
	for _, q := range stated {
		if l.Days.IsZero() && !q.Days.IsZero() && l.as == "" {
			l.Days = q.Days
		}
		if l.Cost.IsZero() && !q.Cost.IsZero() && l.as == "" {
			l.Cost = q.Cost
		}
		if !q.Capacity.IsZero() && (l.Capacity.IsZero() || q.Capacity.Value() < l.Capacity.Value()) {
			l.Capacity = q.Capacity
		}
	}
	for _, g := range f.Gates {
		if slices.Contains(l.gates, g.Name) && !g.Capacity.IsZero() && (l.Capacity.IsZero() || g.Capacity.Value() < l.Capacity.Value()) {
			l.Capacity = g.Capacity
		}
	}
	var err error
	if l.Chance, l.Closures, err = watched.chance(path("chance"), l, stated); err != nil {
		return false, err
	}
	switch l.Way {
	case byRail, bySea:
	case byPipe:
		return true, nil
	default:
		return n.whole(l, f, path("cost"))
	}
	if l.Km, err = n.length(path("km"), l, of); err != nil || l.Km.IsZero() {
		return false, err
	}
	km, iv := l.Km.Value()/1000, l.Km.Interval()
	thousand, stop := "1,000 km by "+l.Way, ""
	switch {
	case l.Way == bySea:
		stop = "sea crossing, both ports"
	case l.gauge:
		stop = "change of gauge"
	}
	for _, x := range []struct {
		what   string
		to     *shanyraq.Figure
		series shanyraq.SeriesID
		unit   shanyraq.Unit
	}{{"days", &l.Days, netDays, "days"}, {"cost", &l.Cost, netPrice, "usd_per_container"}} {
		if !x.to.IsZero() {
			continue
		}
		s := &total{l: shanyraq.Lineage{Inputs: []shanyraq.Input{{Symbol: "km", Path: l.Km.Path(), Value: l.Km.Value(), Unit: "km"}}, Sources: l.Km.Lineage().Sources}}
		s.add(n, x.series, thousand, km, iv.Lo/1000, iv.Hi/1000)
		if stop != "" {
			s.add(n, x.series, stop, 1, 1, 1)
		}
		if s.missing {
			return false, nil
		}
		if *x.to, err = s.figure(path(x.what), x.unit); err != nil {
			return false, err
		}
		l.Supposed = append(l.Supposed, x.what)
	}
	if l.Capacity.IsZero() {
		kind := "railway"
		if l.Way == bySea {
			kind = "sea crossing"
		}
		s := &total{}
		if s.add(n, netCapacity, kind, 1, 1, 1); s.missing {
			return true, nil // without any, no limit
		}
		if l.Capacity, err = s.figure(path("capacity"), "million_t"); err != nil {
			return false, err
		}
		l.Supposed = append(l.Supposed, "capacity")
	}
	return true, nil
}

// whole prices a route that is stated as a whole: as of any sea route between its
// ends, or by what is supposed. It reports false where nobody states its days.
func (n *Network) whole(l *NetLeg, f Freight, path string) (bool, error) {
	for _, q := range f.Legs {
		if l.Cost.IsZero() && q.Corridor == "sea route" && (q.From == l.From && q.To == l.To || q.From == l.To && q.To == l.From) {
			l.Cost = q.Cost
		}
	}
	if l.Days.IsZero() || !l.Cost.IsZero() {
		return !l.Days.IsZero(), nil
	}
	s := &total{}
	if s.add(n, netPrice, "ocean line", 1, 1, 1); s.missing {
		return false, nil
	}
	var err error
	l.Cost, err = s.figure(path, "usd_per_container")
	l.Supposed = append(l.Supposed, "cost")
	return true, err
}

// judged is the interval between judged limits; limits that meet are exact.
func judged(lo, hi float64) shanyraq.Interval {
	if !(hi > lo) {
		return shanyraq.Interval{Lo: lo, Hi: lo, Kind: shanyraq.Bounds}
	}
	return shanyraq.Interval{Lo: lo, Hi: hi, Kind: shanyraq.Judged}
}

// earth is the mean radius of the Earth in kilometres.
const earth = 6371.0

// length is the straight line between the ends times what is supposed of lines of
// its kind; zero where nobody says where an end lies.
func (n *Network) length(path string, l *NetLeg, of shanyraq.Claim) (shanyraq.Figure, error) {
	var at [4]float64
	lin := shanyraq.Lineage{Method: MethodFreightPart, Inputs: []shanyraq.Input{shanyraq.InputOf("leg", of)}, Sources: []shanyraq.SourceID{of.Source}, Assumptions: []shanyraq.Assumption{shanyraq.Assume("freight_supposed", shanyraq.EitherWay)}}
	for i, x := range []struct {
		series shanyraq.SeriesID
		place  string
	}{{netLat, l.From}, {netLon, l.From}, {netLat, l.To}, {netLon, l.To}} {
		c, ok := n.standing(x.series, x.place)
		if !ok {
			return shanyraq.Figure{}, nil
		}
		at[i] = c.Value * math.Pi / 180
		l.Ends[i/2][1-i%2] = c.Value
		lin.Inputs = append(lin.Inputs, shanyraq.InputOf(x.place, c))
		lin.Sources = union(lin.Sources, []shanyraq.SourceID{c.Source})
	}
	h := math.Pow(math.Sin((at[2]-at[0])/2), 2) + math.Cos(at[0])*math.Cos(at[2])*math.Pow(math.Sin((at[3]-at[1])/2), 2)
	line := 2 * earth * math.Asin(math.Sqrt(h))
	kind := "railway over straight line"
	if l.Way == bySea {
		kind = "sailing over straight line"
	}
	c, ok := n.standing(netRatio, kind)
	if !ok {
		return shanyraq.Figure{}, nil
	}
	lin.Inputs, lin.Sources = append(lin.Inputs, shanyraq.InputOf(kind, c)), union(lin.Sources, []shanyraq.SourceID{c.Source})
	lin.Formula = fmt.Sprintf("%s km straight × %s = %s km", three(line), three(c.Value), three(line*c.Value))
	r := c.Range()
	return shanyraq.NewFigure(path, line*c.Value, judged(line*min(max(1, r.Lo), c.Value), line*r.Hi), "km", lin)
}

// A watching is the months in which gates and legs were closed or held up.
type watching struct {
	months int // watched, from January 2020
	gates  map[string][]shanyraq.Claim
}

// watchFrom is the month from which closures were gathered, counted from year 0.
const watchFrom = 2020 * 12

// watch gathers the closures of a freight, from [watchFrom] to the newest.
func watch(f Freight) watching {
	w := watching{gates: map[string][]shanyraq.Claim{}}
	note := func(cs []shanyraq.Claim) {
		for _, c := range cs {
			for _, m := range monthsOf(c.When) {
				w.months = max(w.months, m-watchFrom+1)
			}
		}
	}
	for _, g := range f.Gates {
		w.gates[g.Name] = g.Closures
		note(g.Closures)
	}
	for _, l := range f.Legs {
		note(l.Closures)
	}
	return w
}

// monthsOf returns the months a closure touches: of one dated to a year alone one,
// of one without a date none.
func monthsOf(when shanyraq.Period) []int {
	from, to, span := strings.Cut(string(when), "..")
	month := func(s string) int {
		if len(s) < 7 {
			if y := shanyraq.Period(s).Year(); y > 0 {
				return y * 12
			}
			return -1
		}
		m := number(shanyraq.Period(s[:7]))
		if math.IsNaN(m) {
			return -1
		}
		return int(m)
	}
	a := month(from)
	b := a
	if span && to != "" {
		b = month(to)
	}
	var out []int
	for m := a; a >= watchFrom && m <= b; m++ {
		out = append(out, m)
	}
	return out
}

// chance is the share of months with a closure or hold-up on record at the leg or
// its gates.
func (w watching) chance(path string, l *NetLeg, stated []FreightLeg) (shanyraq.Figure, int, error) {
	var cs []shanyraq.Claim
	for _, g := range l.gates {
		cs = append(cs, w.gates[g]...)
	}
	for _, q := range stated {
		cs = append(cs, q.Closures...)
	}
	months := map[int]bool{}
	lin := shanyraq.Lineage{Method: MethodFreightPart, Assumptions: []shanyraq.Assumption{shanyraq.Assume("closures_told", shanyraq.TooLow)}}
	for _, c := range cs {
		touched := monthsOf(c.When)
		for _, m := range touched {
			months[m] = true
		}
		if len(touched) > 0 {
			lin.Inputs, lin.Sources = append(lin.Inputs, shanyraq.InputOf("closure", c)), union(lin.Sources, []shanyraq.SourceID{c.Source})
		}
	}
	if w.months < 12 || len(months) == 0 {
		return shanyraq.Figure{}, len(cs), nil
	}
	p, lo, hi, err := routes.Chance(len(months), w.months, netLevel)
	if err != nil {
		return shanyraq.Figure{}, 0, err
	}
	v := 100 * p
	lin.Formula = fmt.Sprintf("100 × (%d + 1/2) / (%d + 1) = %s %%", len(months), w.months, three(v))
	f, err := shanyraq.NewFigure(path, v, shanyraq.Interval{Lo: min(v, 100*lo), Hi: max(v, 100*hi), Level: netLevel, Kind: shanyraq.Credible}, "percent", lin)
	return f, len(cs), err
}

// triangular draws between the ends of a range with its peak at the value.
func triangular(rng *rand.Rand, lo, v, hi float64) float64 {
	u := rng.Float64()
	if !(hi > lo) {
		return v
	}
	v = min(max(v, lo), hi)
	if c := (v - lo) / (hi - lo); u < c {
		return lo + math.Sqrt(u*(hi-lo)*(v-lo))
	}
	return hi - math.Sqrt((1-u)*(hi-lo)*(hi-v))
}

// draw makes the network at the values and at draws within the ranges: one number
// for each supposition in each draw, the same on all legs, and for each stated
// figure one of its own.
func (n *Network) draw() error {
	rng := rand.New(rand.NewPCG(netSeed, 0)) //nolint:gosec // a repeatable draw, not a secret
	keys := make([]string, 0, len(n.Stand))
	for _, c := range n.Stand {
		keys = append(keys, string(c.Series)+"/"+c.Subject)
	}
	for d := -1; d < netDraws; d++ {
		pick := func(lo, v, hi float64) float64 {
			if d < 0 {
				return v
			}
			return triangular(rng, lo, v, hi)
		}
		at := map[string]float64{}
		for i, k := range keys {
			r := n.Stand[i].Range()
			at[k] = pick(r.Lo, n.Stand[i].Value, r.Hi)
		}
		of := func(f shanyraq.Figure) float64 { return pick(f.Interval().Lo, f.Value(), f.Interval().Hi) }
		x := drawn{
			hour: at["freight_price/day under way"] / 24, left: at["freight_price/not carried"], load: at["freight_ratio/tonnes to a container"],
			reach: at["freight_price/reach of a market"], fade: at["freight_ratio/fading of markets"],
		}
		for _, l := range n.Legs {
			e := routes.Leg{From: l.From, To: l.To, OneWay: l.OneWay, Capacity: math.Inf(1)}
			thousand := "1,000 km by " + l.Way
			stop := ""
			switch {
			case l.Way == bySea:
				stop = "/sea crossing, both ports"
			case l.gauge:
				stop = "/change of gauge"
			}
			km := 0.0
			if !l.Km.IsZero() {
				kind := "freight_ratio/railway over straight line"
				if l.Way == bySea {
					kind = "freight_ratio/sailing over straight line"
				}
				km = l.Km.Value() / n.prior[kind].Value * at[kind] / 1000
			}
			days, cost := 0.0, 0.0
			if slices.Contains(l.Supposed, "days") {
				days = km*at["freight_days/"+thousand] + at["freight_days"+stop]
			} else if !l.Days.IsZero() {
				days = max(0, of(l.Days))
			}
			if slices.Contains(l.Supposed, "cost") {
				if cost = km*at["freight_price/"+thousand] + at["freight_price"+stop]; l.Km.IsZero() {
					cost = at["freight_price/ocean line"]
				}
			} else if !l.Cost.IsZero() {
				cost = max(0, of(l.Cost))
			}
			if c, ok := n.standing(netRatio, "a leg over others of its kind"); ok {
				own := pick(c.Range().Lo, c.Value, c.Range().Hi) // of the leg, and not of the network
				if slices.Contains(l.Supposed, "days") {
					days *= own
				}
				if slices.Contains(l.Supposed, "cost") {
					cost *= own
				}
			}
			e.Hours, e.Cost = 24*days, cost
			if !l.Days.IsZero() {
				e.SD = 24 * (l.Days.Interval().Hi - l.Days.Interval().Lo) / (2 * 1.645)
			}
			switch {
			case l.Capacity.IsZero():
			case slices.Contains(l.Supposed, "capacity"):
				e.Capacity = at[map[string]string{byRail: "freight_capacity/railway", bySea: "freight_capacity/sea crossing"}[l.Way]]
			default:
				e.Capacity = max(0, of(l.Capacity))
			}
			if !l.Chance.IsZero() {
				e.Closed = pick(l.Chance.Interval().Lo, l.Chance.Value(), l.Chance.Interval().Hi) / 100
			}
			x.legs = append(x.legs, e)
		}
		for _, dm := range n.Demands {
			x.units = append(x.units, max(0, of(dm.Amount)))
		}
		var err error
		if x.net, err = routes.New(x.legs, x.hour); err != nil {
			return err
		}
		if d < 0 {
			n.middle = x
		} else {
			n.draws = append(n.draws, x)
		}
	}
	return nil
}

// Usual returns the places a reader most likely wants to go between: the market of
// China and that of the European Union, or the first two.
func (n *Network) Usual() (from, to string) {
	from, to = n.markets["CHN"], n.markets[shanyraq.EuropeanUnion]
	if from == "" || to == "" || from == to {
		from, to = n.Places[0], n.Places[len(n.Places)-1]
	}
	return from, to
}

// In returns the country a place is in.
func (n *Network) In(place string) shanyraq.CountryCode { return n.at[place] }

// demands returns the demands of a draw.
func (n *Network) demands(x drawn) []routes.Demand {
	out := make([]routes.Demand, len(n.Demands))
	for i, d := range n.Demands {
		out[i] = routes.Demand{From: d.From, To: d.To, Amount: x.units[i]}
	}
	return out
}

// varied is the interval over draws, which has the value.
func varied(v float64, over []float64) shanyraq.Interval {
	over = slices.DeleteFunc(slices.Clone(over), math.IsNaN)
	if len(over) == 0 {
		over = []float64{v}
	}
	slices.Sort(over)
	at := func(p float64) float64 { return over[int(math.Round(p*float64(len(over)-1)))] }
	return shanyraq.Interval{Lo: min(v, at((1-netLevel)/2)), Hi: max(v, at((1+netLevel)/2)), Level: netLevel, Kind: shanyraq.Varied}
}

// round takes off what sums leave in their last digits.
func round(v float64) float64 {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return v
	}
	if math.Abs(v) < 1e-9 {
		return 0
	}
	at := math.Pow(10, 9-math.Ceil(math.Log10(math.Abs(v))))
	return math.Round(v*at) / at
}

// figure makes a figure that the legs come to, its range over the draws.
func (n *Network) figure(path string, v float64, over []float64, unit shanyraq.Unit, method shanyraq.MethodKey, formula string, legs []int, as ...shanyraq.Assumption) (shanyraq.Figure, error) {
	v, over = round(v), slices.Clone(over)
	for i := range over {
		over[i] = round(over[i])
	}
	l := shanyraq.Lineage{Method: method, Formula: formula, Seed: netSeed, Draws: len(over), Assumptions: append([]shanyraq.Assumption{shanyraq.Assume("freight_supposed", shanyraq.EitherWay)}, as...)}
	for _, i := range legs {
		x := n.Legs[i]
		f := x.of(unit)
		if f.IsZero() {
			continue
		}
		l.Inputs = append(l.Inputs, shanyraq.Input{Symbol: x.Name(), Path: f.Path(), Value: f.Value(), Unit: f.Unit()})
		l.Sources = union(l.Sources, f.Lineage().Sources)
	}
	if len(l.Sources) == 0 {
		for _, c := range n.Stand {
			l.Sources = union(l.Sources, []shanyraq.SourceID{c.Source})
		}
	}
	return shanyraq.NewFigure(path, v, varied(v, over), unit, l)
}

// of returns the figure of the leg that sums in the unit are made of.
func (l NetLeg) of(unit shanyraq.Unit) shanyraq.Figure {
	for _, f := range []shanyraq.Figure{l.Cost, l.Days, l.Capacity, l.Chance} {
		if !f.IsZero() && f.Unit() == unit {
			return f
		}
	}
	for _, f := range []shanyraq.Figure{l.Days, l.Capacity, l.Cost, l.Chance} {
		if !f.IsZero() {
			return f
		}
	}
	return shanyraq.Figure{}
}

// figures returns every figure of the legs.
func (n *Network) figures() []shanyraq.Figure {
	var out []shanyraq.Figure
	for _, l := range n.Legs {
		out = append(out, l.Km, l.Days, l.Cost, l.Capacity, l.Chance)
	}
	return slices.DeleteFunc(out, shanyraq.Figure.IsZero)
}
