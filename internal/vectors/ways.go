package vectors

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"shanyraq"
	"shanyraq/methods/routes"
)

// A Way is one route for freight from one place to another.
type Way struct {
	Places  []string
	Legs    []int           // of [Network.Legs]
	Days    shanyraq.Figure // on average
	Plan    shanyraq.Figure // days that nineteen runs in twenty keep within
	Cost    shanyraq.Figure // US dollars a forty-foot container, without its time
	Open    shanyraq.Figure // percent of months in which nothing on it is closed or held up
	Best    shanyraq.Figure // percent of draws in which it is the cheapest, its time counted
	Least   shanyraq.Figure // the smallest capacity on it; zero where none has a limit
	Where   string          // of Least
	Records int             // closures on record
}

// Ways is the routes between two places, the cheapest first with their time
// counted; what the closing of each leg of the cheapest costs; and the most that
// gets through.
type Ways struct {
	From, To string
	Ways     []Way
	Closed   []LegClosed
	Most     shanyraq.Figure // million tonnes a year; zero where there is no limit
	Cut      []int           // the legs that Most crosses
}

// A LegClosed is what a container costs more, its time counted, if one leg of the
// cheapest way closes.
type LegClosed struct {
	Leg   int             // of [Network.Legs]
	Extra shanyraq.Figure // US dollars; zero where no way round is held
}

// waysKept is how many routes between two places are returned, and pathsSearched
// how many are looked through for those that freight would take.
const (
	waysKept      = 5
	pathsSearched = 150
)

// paths returns up to k of the cheapest routes among the first few that do not
// leave a country and come back into it, and that cross borders at other places
// than those before.
func (n *Network) paths(net *routes.Network, from, to string, k, search int) ([]routes.Path, error) {
	all, err := net.Paths(from, to, search)
	if errors.Is(err, routes.ErrNoRoute) || errors.Is(err, routes.ErrNoNode) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	out := slices.DeleteFunc(all, func(p routes.Path) bool {
		left := map[shanyraq.CountryCode]bool{}
		for i, node := range p.Nodes {
			here := n.at[node]
			if left[here] {
				return true
			}
			if i > 0 && n.at[p.Nodes[i-1]] != here {
				left[n.at[p.Nodes[i-1]]] = true
			}
		}
		var borders []string
		for i := 1; i < len(p.Nodes); i++ {
			if n.at[p.Nodes[i]] != n.at[p.Nodes[i-1]] {
				borders = append(borders, fmt.Sprintf("%s>%s>%v", p.Nodes[i-1], p.Nodes[i], net.Legs()[p.Legs[i-1]].Hours))
			}
		}
		key := strings.Join(borders, "|")
		if seen[key] {
			return true
		}
		seen[key] = true
		return false
	})
	return out[:min(len(out), k)], nil
}

// Ways returns the cheapest routes for freight between two of [Network.Places],
// and what happens if a leg of the cheapest closes. It returns an
// [shanyraq.Invalid] error for a place that is on no leg, and for twice the same.
func (r *Room) Ways(ctx context.Context, from, to string) (Ways, error) {
	const op = "vectors.Ways"
	n, err := r.Network(ctx)
	if err != nil || n == nil {
		return Ways{From: from, To: to}, err
	}
	for _, p := range []string{from, to} {
		if !slices.Contains(n.Places, p) {
			return Ways{}, shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: "vectors.error.place", Args: map[string]any{"Found": p, "Known": strings.Join(n.Places, ", ")}}, "no leg at %q", p)
		}
	}
	if from == to {
		return Ways{}, shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: "vectors.error.same_place", Args: map[string]any{"Found": from}}, "from %q to itself", from)
	}
	return r.tracks.of(from+"\x00"+to, func() (Ways, error) {
		w, err := n.ways(from, to)
		if err != nil {
			return w, shanyraq.Errorf(op, shanyraq.KindOf(err), "%s to %s: %w", from, to, err)
		}
		return w, nil
	})
}

// along is what a container comes to on some legs in one draw.
func (x drawn) along(legs []int) (days, plan, cost, price float64) {
	var hours, square float64
	for _, i := range legs {
		e := x.legs[i]
		hours, cost, square = hours+e.Hours, cost+e.Cost, square+e.SD*e.SD
	}
	return hours / 24, (hours + 1.645*math.Sqrt(square)) / 24, cost, cost + hours*x.hour
}

func (n *Network) ways(from, to string) (Ways, error) {
	out := Ways{From: from, To: to}
	paths, err := n.paths(n.middle.net, from, to, waysKept, pathsSearched)
	if err != nil || len(paths) == 0 {
		return out, err
	}
	at := fmt.Sprintf("vectors/freight/way/%s/%s/", Slug(from), Slug(to))
	best := make([]int, len(paths))
	over := make([][4][]float64, len(paths))
	for _, x := range n.draws {
		least, first := math.Inf(1), 0
		for k, p := range paths {
			days, plan, cost, price := x.along(p.Legs)
			open := 1.0
			for _, i := range p.Legs {
				open *= 1 - x.legs[i].Closed
			}
			for m, v := range []float64{days, plan, cost, 100 * open} {
				over[k][m] = append(over[k][m], v)
			}
			if price < least {
				least, first = price, k
			}
		}
		best[first]++
	}
	apart := shanyraq.Assume("legs_apart", shanyraq.EitherWay)
	for k, p := range paths {
		w := Way{Places: p.Nodes, Legs: p.Legs}
		days, plan, cost, _ := n.middle.along(p.Legs)
		name := fmt.Sprintf("%s%d-", at, k+1)
		sum := fmt.Sprintf("sum over %d legs", len(p.Legs))
		if w.Days, err = n.figure(name+"days", days, over[k][0], "days", MethodFreightWay, sum, p.Legs); err != nil {
			return out, err
		}
		if w.Plan, err = n.figure(name+"plan", plan, over[k][1], "days", MethodFreightWay, sum+" + 1.645 × root of the summed squares of their spreads", p.Legs, apart); err != nil {
			return out, err
		}
		if w.Cost, err = n.figure(name+"cost", cost, over[k][2], "usd_per_container", MethodFreightWay, sum, p.Legs); err != nil {
			return out, err
		}
		if w.Open, err = n.figure(name+"open", 100*p.Open, over[k][3], "percent", MethodFreightWay, fmt.Sprintf("100 × product of (1 − chance) over %d legs", len(p.Legs)), n.closing(p.Legs), apart, shanyraq.Assume("closures_told", shanyraq.TooHigh)); err != nil {
			return out, err
		}
		if w.Best, err = n.share(name+"best", best[k], len(n.draws), p.Legs); err != nil {
			return out, err
		}
		for _, i := range p.Legs {
			l := n.Legs[i]
			w.Records += l.Closures
			if !l.Capacity.IsZero() && (w.Least.IsZero() || l.Capacity.Value() < w.Least.Value()) {
				w.Least, w.Where = l.Capacity, l.Name()
			}
		}
		out.Ways = append(out.Ways, w)
	}
	if err := n.closed(&out, at); err != nil {
		return out, err
	}
	return out, n.most(&out, at)
}

// closing returns those legs that have a chance of being closed, and all if none has.
func (n *Network) closing(legs []int) []int {
	out := slices.DeleteFunc(slices.Clone(legs), func(i int) bool { return n.Legs[i].Chance.IsZero() })
	if len(out) == 0 {
		return legs
	}
	return out
}

// share is a number of draws as percent of all, with the range from how many there are.
func (n *Network) share(path string, k, of int, legs []int) (shanyraq.Figure, error) {
	_, lo, hi, err := routes.Chance(k, of, netLevel)
	if err != nil {
		return shanyraq.Figure{}, err
	}
	v := 100 * float64(k) / float64(of)
	f, err := n.figure(path, v, nil, "percent", MethodFreightWay, fmt.Sprintf("%d of %d draws", k, of), legs)
	if err != nil {
		return f, err
	}
	l := f.Lineage()
	l.Draws = of
	return shanyraq.NewFigure(path, v, shanyraq.Interval{Lo: min(v, 100*lo), Hi: max(v, 100*hi), Level: netLevel, Kind: shanyraq.Credible}, "percent", l)
}

// price is what a container costs by the cheapest way without one leg, −1 for with
// all, its time counted; NaN where there is none.
func (n *Network) price(x drawn, from, to string, without int) (float64, error) {
	net := x.net
	if without >= 0 {
		var err error
		if net, err = net.Without(without); err != nil {
			return 0, err
		}
	}
	for _, search := range []int{3, 25, pathsSearched} { // the first is mostly one that freight would take
		ps, err := n.paths(net, from, to, 1, search)
		if err != nil {
			return 0, err
		}
		if len(ps) > 0 {
			return ps[0].Price, nil
		}
	}
	return math.NaN(), nil
}

// closed makes what the closing of each leg of the cheapest way costs.
func (n *Network) closed(out *Ways, at string) error {
	open := make([]float64, 0, len(n.draws))
	for _, x := range n.draws {
		v, err := n.price(x, out.From, out.To, -1)
		if err != nil {
			return err
		}
		open = append(open, v)
	}
	with, err := n.price(n.middle, out.From, out.To, -1)
	if err != nil {
		return err
	}
	for _, i := range out.Ways[0].Legs {
		c := LegClosed{Leg: i}
		without, err := n.price(n.middle, out.From, out.To, i)
		if err != nil {
			return err
		}
		if !math.IsNaN(without) {
			over := make([]float64, 0, len(n.draws))
			for d, x := range n.draws {
				v, err := n.price(x, out.From, out.To, i)
				if err != nil {
					return err
				}
				over = append(over, v-open[d])
			}
			v := max(0, without-with)
			if c.Extra, err = n.figure(at+"closed-"+n.Legs[i].Key(), v, over, "usd_per_container", MethodFreightWay,
				fmt.Sprintf("without − with = %s − %s, days at what one costs", three(without), three(with)), out.Ways[0].Legs, shanyraq.Assume("no_queues", shanyraq.TooLow)); err != nil {
				return err
			}
		}
		out.Closed = append(out.Closed, c)
	}
	return nil
}

// most makes the ceiling of what gets through between the ends.
func (n *Network) most(out *Ways, at string) error {
	cut, err := n.middle.net.MaxFlow(out.From, out.To)
	if err != nil || math.IsInf(cut.Flow, 1) || cut.Flow == 0 {
		return err
	}
	over := make([]float64, 0, len(n.draws))
	for _, x := range n.draws {
		c, err := x.net.MaxFlow(out.From, out.To)
		if err != nil {
			return err
		}
		if !math.IsInf(c.Flow, 1) {
			over = append(over, c.Flow)
		}
	}
	out.Cut = cut.Legs
	var names []string
	for _, i := range cut.Legs {
		names = append(names, n.Legs[i].Name())
	}
	out.Most, err = n.figure(at+"most", cut.Flow, over, "million_t", MethodFreightWay, "smallest cut: "+strings.Join(names, " + "), cut.Legs, shanyraq.Assume("cut_alone", shanyraq.TooHigh))
	return err
}

func (w Ways) figures() []shanyraq.Figure {
	out := []shanyraq.Figure{w.Most}
	for _, x := range w.Ways {
		out = append(out, x.Days, x.Plan, x.Cost, x.Open, x.Best)
	}
	for _, x := range w.Closed {
		out = append(out, x.Extra)
	}
	return slices.DeleteFunc(out, shanyraq.Figure.IsZero)
}

// A LegLoad is what one leg carries when all demands meet, and what follows if it
// closes.
type LegLoad struct {
	Leg     int             // of [Network.Legs]
	Flow    shanyraq.Figure // million tonnes a year
	Use     shanyraq.Figure // percent of its capacity; zero where there is no limit
	Unmet   shanyraq.Figure // million tonnes a year more that are not carried if it closes
	Lost    shanyraq.Figure // million tonnes a year, Unmet times the share of months it is closed; zero where none is on record
	Between shanyraq.Figure // percent of pairs of places whose cheapest way runs over it
}

// Load is what the network carries when all demands meet.
type Load struct {
	Legs   []LegLoad // those that carry something or that ways run over, by Unmet
	Unmet  []shanyraq.Figure
	Served []shanyraq.Figure // of each demand, percent of months in which all of it is carried
}

// Load returns what the network carries when all its demands meet at once, at the
// lowest cost.
func (r *Room) Load(ctx context.Context) (Load, error) {
	n, err := r.Network(ctx)
	if err != nil || n == nil || len(n.Demands) == 0 {
		return Load{}, err
	}
	return r.burdens.of("", func() (Load, error) {
		l, err := n.loaded(ctx)
		if err != nil {
			return l, shanyraq.Errorf("vectors.Load", shanyraq.Other, "%w", err)
		}
		return l, nil
	})
}

// burden is the load of one draw.
type burden struct {
	flow, unmet, between []float64 // by leg
	left                 []float64 // by demand
}

func (n *Network) burden(x drawn) (burden, error) {
	ds := n.demands(x)
	plan, err := x.net.Assign(ds, x.left)
	if err != nil {
		return burden{}, err
	}
	crit, err := x.net.Criticality(ds, x.left)
	if err != nil {
		return burden{}, err
	}
	b := burden{flow: plan.Flow, left: plan.Unmet, unmet: make([]float64, len(n.Legs)), between: x.net.Betweenness()}
	for _, c := range crit {
		b.unmet[c.Leg] = max(0, c.Unmet-plan.TotalUnmet())
	}
	return b, nil
}

func (n *Network) loaded(ctx context.Context) (Load, error) {
	mid, err := n.burden(n.middle)
	if err != nil {
		return Load{}, err
	}
	var draws []burden
	for _, x := range n.draws[:loadDraws] {
		if ctx.Err() != nil {
			return Load{}, ctx.Err()
		}
		b, err := n.burden(x)
		if err != nil {
			return Load{}, err
		}
		draws = append(draws, b)
	}
	over := func(of func(burden) float64) []float64 {
		out := make([]float64, len(draws))
		for i, b := range draws {
			out[i] = of(b)
		}
		return out
	}
	var out Load
	planner := shanyraq.Assume("one_planner", shanyraq.EitherWay)
	for i, l := range n.Legs {
		if mid.flow[i] == 0 && mid.between[i] == 0 {
			continue
		}
		x := LegLoad{Leg: i}
		path := "vectors/freight/load/" + l.Key() + "/"
		if x.Flow, err = n.figure(path+"flow", mid.flow[i], over(func(b burden) float64 { return b.flow[i] }), "million_t", MethodFreightLoad, fmt.Sprintf("cheapest plan for %d demands", len(n.Demands)), []int{i}, planner); err != nil {
			return out, err
		}
		if !l.Capacity.IsZero() && l.Capacity.Value() > 0 {
			use := make([]float64, 0, len(draws))
			for d, b := range draws {
				if c := n.draws[d].legs[i].Capacity; c > 0 {
					use = append(use, 100*b.flow[i]/c)
				}
			}
			if x.Use, err = n.figure(path+"use", 100*mid.flow[i]/n.middle.legs[i].Capacity, use, "percent", MethodFreightLoad, fmt.Sprintf("100 × %s / %s", three(mid.flow[i]), three(n.middle.legs[i].Capacity)), []int{i}, planner); err != nil {
				return out, err
			}
		}
		if x.Unmet, err = n.figure(path+"unmet", mid.unmet[i], over(func(b burden) float64 { return b.unmet[i] }), "million_t", MethodFreightLoad, "not carried by the cheapest plan without the leg − with it", []int{i}, planner, shanyraq.Assume("no_queues", shanyraq.TooLow)); err != nil {
			return out, err
		}
		if !l.Chance.IsZero() {
			lost := make([]float64, len(draws))
			for d, b := range draws {
				lost[d] = n.draws[d].legs[i].Closed * b.unmet[i]
			}
			if x.Lost, err = n.figure(path+"lost", n.middle.legs[i].Closed*mid.unmet[i], lost, "million_t", MethodFreightLoad, fmt.Sprintf("%s × %s", three(n.middle.legs[i].Closed), three(mid.unmet[i])), []int{i}, shanyraq.Assume("closures_told", shanyraq.TooLow), shanyraq.Assume("shut_wholly", shanyraq.TooHigh)); err != nil {
				return out, err
			}
		}
		if x.Between, err = n.figure(path+"between", 100*mid.between[i], over(func(b burden) float64 { return 100 * b.between[i] }), "percent", MethodFreightLoad, "100 × pairs whose cheapest way runs over it / all pairs", []int{i}); err != nil {
			return out, err
		}
		out.Legs = append(out.Legs, x)
	}
	slices.SortStableFunc(out.Legs, func(a, b LegLoad) int {
		for _, d := range []float64{b.Unmet.Value() - a.Unmet.Value(), b.Flow.Value() - a.Flow.Value(), b.Between.Value() - a.Between.Value()} {
			if d != 0 {
				return int(math.Copysign(1, d))
			}
		}
		return 0
	})
	for k, d := range n.Demands {
		f, err := n.figure(fmt.Sprintf("vectors/freight/load/%s~%s/left", Slug(d.From), Slug(d.To)), mid.left[k], over(func(b burden) float64 { return b.left[k] }), "million_t", MethodFreightLoad, "not carried by the cheapest plan", nil, planner)
		if err != nil {
			return out, err
		}
		if f, err = withDemand(f, d); err != nil {
			return out, err
		}
		out.Unmet = append(out.Unmet, f)
	}
	return out, n.risk(&out)
}

// withDemand adds a demand to what a figure was made of.
func withDemand(f shanyraq.Figure, d Demand) (shanyraq.Figure, error) {
	l := f.Lineage()
	l.Inputs = append(l.Inputs, shanyraq.Input{Symbol: d.From + " > " + d.To, Path: d.Amount.Path(), Value: d.Amount.Value(), Unit: d.Amount.Unit()})
	l.Sources = union(l.Sources, d.Amount.Lineage().Sources)
	return shanyraq.NewFigure(f.Path(), f.Value(), f.Interval(), f.Unit(), l)
}

// riskPeriods is how many months are drawn.
const riskPeriods = 400

// risk makes the share of months in which each demand is carried whole.
func (n *Network) risk(out *Load) error {
	risk, err := n.middle.net.Simulate(n.demands(n.middle), n.middle.left, riskPeriods, netLevel, rand.New(rand.NewPCG(netSeed, 1))) //nolint:gosec // a repeatable draw, not a secret
	if err != nil {
		return err
	}
	for k, d := range n.Demands {
		path := fmt.Sprintf("vectors/freight/load/%s~%s/served", Slug(d.From), Slug(d.To))
		v := 100 * risk.Whole[k]
		f, err := n.figure(path, v, nil, "percent", MethodFreightLoad, fmt.Sprintf("%d months drawn, each leg closed by its own chance", risk.Periods), nil, shanyraq.Assume("closures_told", shanyraq.TooHigh), shanyraq.Assume("shut_wholly", shanyraq.TooLow))
		if err != nil {
			return err
		}
		l := f.Lineage()
		l.Draws = risk.Periods
		if f, err = shanyraq.NewFigure(path, v, shanyraq.Interval{Lo: min(v, 100*risk.WholeLo[k]), Hi: max(v, 100*risk.WholeHi[k]), Level: netLevel, Kind: shanyraq.Confidence}, "percent", l); err != nil {
			return err
		}
		if f, err = withDemand(f, d); err != nil {
			return err
		}
		out.Served = append(out.Served, f)
	}
	return nil
}

func (l Load) figures() []shanyraq.Figure {
	out := append(slices.Clone(l.Unmet), l.Served...)
	for _, x := range l.Legs {
		out = append(out, x.Flow, x.Use, x.Unmet, x.Lost, x.Between)
	}
	return slices.DeleteFunc(out, shanyraq.Figure.IsZero)
}

// A Shut is what home's reach of markets loses if nothing may cross a country.
type Shut struct {
	Place  shanyraq.CountryCode
	Loss   shanyraq.Figure // percent
	Own    shanyraq.Figure // percent, of that: the market of the country itself; zero where none is held
	Behind shanyraq.Figure // percent, of that: markets that are reached across it
}

// Access is how much home's reach of markets hangs on each country.
type Access struct {
	Home  shanyraq.CountryCode
	Shuts []Shut // by Behind, most first; empty where home is on no leg
}

// Access returns what a country's reach of foreign markets would lose if each
// country of the network shut.
func (r *Room) Access(ctx context.Context, home shanyraq.CountryCode) (Access, error) {
	n, err := r.Network(ctx)
	if err != nil || n == nil {
		return Access{Home: home}, err
	}
	return r.reaches.of(home, func() (Access, error) {
		a, err := r.access(ctx, n, home)
		if err != nil {
			return a, shanyraq.Errorf("vectors.Access", shanyraq.KindOf(err), "%s: %w", home, err)
		}
		return a, nil
	})
}

// accessDraws is how many draws the reach of markets is worked out in.
const accessDraws = 40

// gdp is the size of a market.
const gdp shanyraq.SeriesID = "NY.GDP.MKTP.CD"

// sizes returns the size of each market, at its place, and the claims they are.
func (r *Room) sizes(ctx context.Context, n *Network, home shanyraq.CountryCode) (map[string]float64, []shanyraq.Claim, error) {
	groups, err := r.ev.Groups(ctx)
	if err != nil {
		return nil, nil, err
	}
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{gdp}})
	if err != nil {
		return nil, nil, err
	}
	newest := map[shanyraq.CountryCode]shanyraq.Claim{}
	for _, c := range cs {
		if was, ok := newest[c.Place]; !ok || c.When > was.When {
			newest[c.Place] = c
		}
	}
	out := map[string]float64{}
	var used []shanyraq.Claim
	for _, p := range slices.Sorted(maps.Keys(n.markets)) {
		members := []shanyraq.CountryCode{p}
		if _, ok := newest[p]; !ok {
			for _, g := range groups {
				if g.ID == Union && p == shanyraq.EuropeanUnion {
					members = g.In(math.MaxInt)
				}
			}
		}
		for _, m := range members {
			if c, ok := newest[m]; ok && m != home && n.at[n.markets[p]] != "" {
				out[n.markets[p]] += c.Value
				used = append(used, c)
			}
		}
	}
	return out, used, nil
}

func (r *Room) access(ctx context.Context, n *Network, home shanyraq.CountryCode) (Access, error) {
	out := Access{Home: home}
	sizes, used, err := r.sizes(ctx, n, home)
	if err != nil || len(sizes) == 0 {
		return out, err
	}
	abroad := map[shanyraq.CountryCode]bool{}
	mine := false
	for _, p := range n.Places {
		if at := n.at[p]; at == home {
			mine = true
		} else {
			abroad[at] = true
		}
	}
	if !mine {
		return out, nil
	}
	over := n.draws[:accessDraws]
	all := append([]drawn{n.middle}, over...)
	whole := make([]float64, len(all))
	own := make([]map[shanyraq.CountryCode]float64, len(all)) // by the country the market is in
	for d, x := range all {
		own[d] = map[shanyraq.CountryCode]float64{}
		for _, p := range slices.Sorted(maps.Keys(sizes)) {
			v, err := n.reached(x, home, map[string]float64{p: sizes[p]}, nil)
			if err != nil {
				return out, err
			}
			whole[d] += v
			own[d][n.at[p]] += v
		}
	}
	if whole[0] == 0 {
		return out, nil
	}
	for _, shut := range slices.Sorted(maps.Keys(abroad)) {
		var across []int
		for i, l := range n.Legs {
			if l.At[0] == shut || l.At[1] == shut {
				across = append(across, i)
			}
		}
		loss, market := make([]float64, len(all)), make([]float64, len(all))
		for d, x := range all {
			rest, err := n.reached(x, home, sizes, across)
			if err != nil {
				return out, err
			}
			loss[d], market[d] = max(0, 100*(1-rest/whole[d])), 100*own[d][shut]/whole[d]
		}
		if loss[0] < 0.05 {
			continue
		}
		s := Shut{Place: shut}
		as := []shanyraq.Assumption{shanyraq.Assume("markets_fade", shanyraq.EitherWay), shanyraq.Assume("roads_left_out", shanyraq.TooHigh)}
		path := fmt.Sprintf("vectors/freight/access/%s/%s-", home, shut)
		if s.Loss, err = n.figure(path+"loss", loss[0], loss[1:], "percent", MethodFreightAccess, "100 × (1 − reach without / reach with)", nil, as...); err != nil {
			return out, err
		}
		if s.Loss, err = withClaims(s.Loss, used); err != nil {
			return out, err
		}
		if market[0] > 0 {
			if s.Own, err = n.figure(path+"own", market[0], market[1:], "percent", MethodFreightAccess, "100 × reach of its own market / reach of all", nil, as...); err != nil {
				return out, err
			}
			if s.Own, err = withClaims(s.Own, used); err != nil {
				return out, err
			}
		}
		behind := make([]float64, len(all))
		for d := range all {
			behind[d] = max(0, loss[d]-market[d])
		}
		if s.Behind, err = n.figure(path+"behind", behind[0], behind[1:], "percent", MethodFreightAccess, fmt.Sprintf("%s − %s", three(loss[0]), three(market[0])), nil, as...); err != nil {
			return out, err
		}
		if s.Behind, err = withClaims(s.Behind, used); err != nil {
			return out, err
		}
		out.Shuts = append(out.Shuts, s)
	}
	slices.SortStableFunc(out.Shuts, func(a, b Shut) int {
		return cmp.Or(cmp.Compare(b.Behind.Value(), a.Behind.Value()), cmp.Compare(b.Loss.Value(), a.Loss.Value()))
	})
	return out, nil
}

// withClaims adds claims to what a figure was made of.
func withClaims(f shanyraq.Figure, cs []shanyraq.Claim) (shanyraq.Figure, error) {
	l := f.Lineage()
	for _, c := range cs {
		l.Inputs = append(l.Inputs, shanyraq.InputOf("size", c))
	}
	l.Sources = union(l.Sources, shanyraq.SourcesOf(cs...))
	return shanyraq.NewFigure(f.Path(), f.Value(), f.Interval(), f.Unit(), l)
}

// reached is the mean reach of markets of home's places in a draw, without some legs.
func (n *Network) reached(x drawn, home shanyraq.CountryCode, sizes map[string]float64, without []int) (float64, error) {
	net := x.net
	if len(without) > 0 {
		var err error
		if net, err = net.Without(without...); err != nil {
			return 0, err
		}
	}
	nodes := net.Nodes()
	here := maps.Clone(sizes)
	maps.DeleteFunc(here, func(p string, _ float64) bool { return !slices.Contains(nodes, p) })
	if len(here) == 0 {
		return 0, nil
	}
	all, err := net.MarketAccess(here, x.reach, x.fade)
	if err != nil {
		return 0, err
	}
	total, k := 0.0, 0
	for _, p := range n.Places {
		if n.at[p] != home {
			continue
		}
		k++
		if i := slices.Index(nodes, p); i >= 0 {
			total += all[i]
		}
	}
	return total / float64(k), nil
}

func (a Access) figures() []shanyraq.Figure {
	var out []shanyraq.Figure
	for _, s := range a.Shuts {
		out = append(out, s.Loss, s.Own, s.Behind)
	}
	return slices.DeleteFunc(out, shanyraq.Figure.IsZero)
}

// A Check is a time that somebody states of a whole journey beside what the
// network makes of it.
type Check struct {
	Leg    FreightLeg      // as stated
	Days   shanyraq.Figure // the network's, by the quickest way
	Within bool            // the two ranges meet
}

// stations are what statements call places of the network that it calls otherwise.
var stations = map[string]string{
	"Absheron": "Baku", "Alat": "Baku", "China–Kazakhstan border": "Altynkol", "Georgian Black Sea ports": "Poti", "Zhetygen": "Almaty",
	"Izmit": "Istanbul", "Germany": "Duisburg", "Poland": "Warsaw", "Sergeli": "Tashkent", "Nhava Sheva": "Mumbai", "Mundra": "Mumbai", "Europe": "Duisburg", "China": "Xi'an", "Chekhov": "Moscow",
}

// Stated returns the times that somebody states of journeys between places of the
// network that are not single legs, beside what the network makes of them.
func (r *Room) Stated(ctx context.Context) ([]Check, error) {
	n, err := r.Network(ctx)
	if err != nil || n == nil {
		return nil, err
	}
	f, err := r.Freight(ctx)
	if err != nil {
		return nil, err
	}
	place := func(s string) string {
		if p, ok := stations[s]; ok && !slices.Contains(n.Places, s) {
			s = p
		}
		if slices.Contains(n.Places, s) {
			return s
		}
		return ""
	}
	var out []Check
	for _, l := range f.Legs {
		from, to := place(l.From), place(l.To)
		if l.Days.IsZero() || from == "" || to == "" || from == to || strings.Contains(l.Corridor, "sea route") || l.Corridor == "road" ||
			slices.ContainsFunc(n.Legs, func(x NetLeg) bool { return x.Days.Path() == l.Days.Path() }) {
			continue
		}
		c := Check{Leg: l}
		legs, err := n.by(l.Corridor, from, to)
		if err != nil || len(legs) == 0 {
			if err != nil {
				return nil, err
			}
			continue
		}
		days, _, _, _ := n.middle.along(legs)
		over := make([]float64, 0, len(n.draws))
		for _, x := range n.draws {
			v, _, _, _ := x.along(legs)
			over = append(over, v)
		}
		if c.Days, err = n.figure("vectors/freight/stated/"+l.Key(), days, over, "days", MethodFreightWay, fmt.Sprintf("sum over %d legs", len(legs)), legs); err != nil {
			return nil, err
		}
		a, b := l.Days.Interval(), c.Days.Interval()
		if a.Kind == shanyraq.Printed { // what is stated has no range
			a.Lo, a.Hi = l.Days.Value(), l.Days.Value()
		}
		c.Within = a.Lo <= b.Hi && b.Lo <= a.Hi
		out = append(out, c)
	}
	return out, nil
}

// by returns the legs of the quickest way between two places along a corridor: not
// across what the corridor goes round.
func (n *Network) by(corridor, from, to string) ([]int, error) {
	shut := func(l NetLeg) bool {
		through := func(c shanyraq.CountryCode) bool { return l.At[0] == c || l.At[1] == c }
		switch {
		case l.Way != byRail && l.Way != bySea:
			return true
		case strings.HasPrefix(corridor, "Middle"):
			return through("RUS") || through("IRN")
		case corridor == "Northern route":
			return through("AZE") || through("IRN") || l.From == "Irkutsk" || l.To == "Irkutsk"
		case corridor == "Northern route by Russia alone":
			return through("KAZ") || through("AZE") || through("IRN")
		}
		return false
	}
	var edges []routes.Leg
	var index []int
	for i, l := range n.Legs {
		if !shut(l) {
			e := n.middle.legs[i]
			e.Cost = 0
			edges, index = append(edges, e), append(index, i)
		}
	}
	net, err := routes.New(edges, 1)
	if err != nil {
		return nil, err
	}
	ps, err := net.Paths(from, to, 1)
	if errors.Is(err, routes.ErrNoRoute) || errors.Is(err, routes.ErrNoNode) {
		return nil, nil
	}
	if err != nil || len(ps) == 0 {
		return nil, err
	}
	out := make([]int, 0, len(ps[0].Legs))
	for _, i := range ps[0].Legs {
		out = append(out, index[i])
	}
	return out, nil
}
