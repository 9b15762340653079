// Package standing is the room that says how strong a country is among others.
//
// # What is answered
//
// The room builds one composite so far, material capability: a country's mean
// share of the world's output, people and military spending. A rank is never
// given alone. Each carries the range of ranks the country could hold when
// nobody agrees on the weights, and the probability that it stands above its
// neighbour.
//
// # How
//
// Output is gross domestic product at purchasing power, military spending is in
// current US dollars; both are products of two published series, because the
// totals are not published in the tables held. Shares are of the total over
// the countries that have all three; a country that lacks one is listed as not
// ranked, with what is missing, and never filled in.
//
// # Is it a middle power?
//
// That is a question of definitions, so [Room.Power] answers it under four
// published ones, each read as some of five visible tests. No threshold is
// settled: every one is a band ([Bands]), drawn from 2,000 times, and what is
// missing is missing. The claims of those who answered before are kept as
// claims, and [Room.Validation] says how far the answers agree with them.
package standing

import (
	"context"
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"shanyraq"
	"shanyraq/methods/composite"
)

// Evidence is what the room reads; cmd/shanyraq supplies it.
type Evidence interface {
	// Claims returns the claims the query picks, sorted by series, place,
	// partner, subject and time.
	Claims(ctx context.Context, q shanyraq.Query) ([]shanyraq.Claim, error)
}

// The methods whose figures the room makes.
const (
	MethodProduct  shanyraq.MethodKey = "product"
	MethodMaterial shanyraq.MethodKey = "material-capability"
	MethodRank     shanyraq.MethodKey = "rank-over-weights"
	MethodAbove    shanyraq.MethodKey = "probability-above"
)

// The series the composite is made of.
const (
	gdpPerHead   shanyraq.SeriesID = "NY.GDP.PCAP.PP.CD" // international dollars per person, purchasing power
	population   shanyraq.SeriesID = "SP.POP.TOTL"       // persons
	military     shanyraq.SeriesID = "MS.MIL.XPND.GD.ZS" // percent of gross domestic product
	gdpDollars   shanyraq.SeriesID = "NY.GDP.MKTP.CD"    // current US dollars
	statusSeries shanyraq.SeriesID = "status_claim"
)

// componentSeries are those the components are made of.
var componentSeries = []shanyraq.SeriesID{gdpPerHead, population, military, gdpDollars}

// The draws behind every range of ranks.
const (
	draws = 2000
	seed  = 20240614
	level = 0.95
)

// poolsKept is how many years keep their draws, of about four megabytes each.
// The latest is always among them.
const poolsKept = 4

// enough is how many countries a year must rank to be offered without being asked for.
const enough = 120

// A Component is one of the three parts of material capability.
type Component string

// The components, in the order of every table.
const (
	Output   Component = "gdp"
	People   Component = "population"
	Armament Component = "military"
)

// Components lists them in order.
func Components() []Component { return []Component{Output, People, Armament} }

// Weights are the relative weights of output, people and military spending.
type Weights [3]float64

// Equal is the default: the same weight each, and so a third of the whole.
var Equal = Weights{1, 1, 1}

// normal returns the weights as shares of one.
func (w Weights) normal() Weights {
	t := w[0] + w[1] + w[2]
	return Weights{w[0] / t, w[1] / t, w[2] / t}
}

func (w Weights) check() error {
	for _, x := range w {
		if !(x >= 0) || math.IsInf(x, 0) {
			return shanyraq.Tell("standing.League", shanyraq.Invalid, shanyraq.Text{Key: "standing.error.weights"}, "weights must be zero or more, not %v", w)
		}
	}
	if t := w[0] + w[1] + w[2]; !(t > 0) || math.IsInf(t, 0) {
		return shanyraq.Tell("standing.League", shanyraq.Invalid, shanyraq.Text{Key: "standing.error.weights"}, "the weights must add to a number above zero")
	}
	return nil
}

// ParseWeights reads w.gdp, w.population and w.military from a query string;
// a weight left out is 1 beside those given, so that one of 40 alone weighs 40
// against 1 and 1. It returns an [shanyraq.Invalid] error for what is
// not a number of zero or more.
func ParseWeights(q url.Values) (Weights, error) {
	w := Equal
	for i, c := range Components() {
		s := q.Get("w." + string(c))
		if s == "" {
			continue
		}
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(v) {
			return w, shanyraq.Tell("standing.ParseWeights", shanyraq.Invalid, shanyraq.Text{Key: "standing.error.weights"}, "weight w.%s=%q is not a number", c, s)
		}
		w[i] = v
	}
	return w, w.check()
}

// Query returns the weights as a query string from which [ParseWeights] reads
// the same ones, empty for equal weights.
func (w Weights) Query() string {
	if w[0] == w[1] && w[1] == w[2] {
		return ""
	}
	v := url.Values{}
	for i, c := range Components() {
		v.Set("w."+string(c), strconv.FormatFloat(w[i], 'g', -1, 64))
	}
	return v.Encode()
}

// A Question asks for a league.
type Question struct {
	Year    int // 0 for the latest year with enough countries
	Weights Weights
}

// A League is the countries in order of material capability in one year.
type League struct {
	Year     int
	Years    []int // with enough countries, newest first
	Weights  Weights
	Entries  []Entry // by rank, then by code
	Unranked []Missing
}

// An Entry is one country's line in a [League].
type Entry struct {
	Place shanyraq.CountryCode
	Rank  shanyraq.Figure    // with the range over weights
	Score shanyraq.Figure    // percent of the world, with the range over weights
	Above shanyraq.Figure    // probability of standing above the next; zero for the last
	Parts [3]shanyraq.Figure // output, people, military spending
}

// Missing is a country that cannot be ranked, and why.
type Missing struct {
	Place shanyraq.CountryCode
	Lacks []Component
}

// Room answers questions of standing from one version of the evidence. It is
// safe for use by several goroutines.
type Room struct {
	ev Evidence

	mu    sync.Mutex
	pools map[int]*pool
	years []int

	powerMu     sync.Mutex
	judgedYears map[string]*powers // by year and the thresholds a reader moved

	indexMu sync.Mutex
	indices map[string]*Index
}

// New returns the room over the evidence.
func New(ev Evidence) *Room { return &Room{ev: ev, pools: map[int]*pool{}} }

// pool is the countries of one year with their shares and the draws over weights.
type pool struct {
	year     int
	places   []shanyraq.CountryCode
	parts    [][3]shanyraq.Figure
	index    *composite.Index
	shares   [][]float64 // one row per country: share of one of output, people, military spending
	dist     *composite.Distribution
	unranked []Missing
	partly   map[shanyraq.CountryCode][3]shanyraq.Figure // what the unranked do have
}

// League answers the question, or says which years can be asked for.
func (r *Room) League(ctx context.Context, q Question) (League, error) {
	if q.Weights == (Weights{}) {
		q.Weights = Equal
	}
	if err := q.Weights.check(); err != nil {
		return League{}, err
	}
	p, years, err := r.pool(ctx, q.Year)
	if err != nil {
		return League{}, err
	}
	scores, err := p.scores(q.Weights.normal())
	if err != nil {
		return League{}, shanyraq.Errorf("standing.League", shanyraq.Other, "%d: %w", p.year, err)
	}
	ranks := composite.Ranks(scores)
	order := make([]int, len(ranks))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if ranks[a] != ranks[b] {
			return ranks[a] - ranks[b]
		}
		return strings.Compare(string(p.places[a]), string(p.places[b]))
	})
	l := League{Year: p.year, Years: years, Weights: q.Weights, Unranked: p.unranked}
	for at, i := range order {
		next := -1
		if at+1 < len(order) {
			next = order[at+1]
		}
		e, err := p.entry(i, next, scores[i], ranks[i], q.Weights)
		if err != nil {
			return League{}, shanyraq.Errorf("standing.League", shanyraq.Other, "%s %d: %w", p.places[i], p.year, err)
		}
		l.Entries = append(l.Entries, e)
	}
	return l, nil
}

// Of returns the country's entry in a league, and false if it is not ranked.
func (l League) Of(place shanyraq.CountryCode) (Entry, bool) {
	i := slices.IndexFunc(l.Entries, func(e Entry) bool { return e.Place == place })
	if i < 0 {
		return Entry{}, false
	}
	return l.Entries[i], true
}

// Near returns the entries from n above to n below the country, or the first
// 2n+1 if it is not ranked.
func (l League) Near(place shanyraq.CountryCode, n int) []Entry {
	at := max(0, slices.IndexFunc(l.Entries, func(e Entry) bool { return e.Place == place }))
	lo := max(0, min(at-n, len(l.Entries)-2*n-1))
	return l.Entries[lo:min(len(l.Entries), lo+2*n+1)]
}

func path(year int, place shanyraq.CountryCode, what string, w Weights) string {
	s := fmt.Sprintf("standing/material/%s/%d/%s", place, year, what)
	if q := w.Query(); q != "" {
		s += "?" + q
	}
	return s
}

// entry makes the figures of country i; next is the one below it, or -1.
func (p *pool) entry(i, next int, score float64, rank int, weights Weights) (Entry, error) {
	e := Entry{Place: p.places[i], Parts: p.parts[i]}
	w := weights.normal()
	sources := []shanyraq.SourceID{}
	for _, f := range e.Parts {
		for _, s := range f.Lineage().Sources {
			if !slices.Contains(sources, s) {
				sources = append(sources, s)
			}
		}
	}
	assumptions := []shanyraq.Assumption{
		shanyraq.Assume("weights_flat", shanyraq.TooNarrow),
		shanyraq.Assume("components_exact", shanyraq.TooNarrow),
	}
	// Whoever is not ranked would take a share from all, and could stand above.
	ofScore := append(slices.Clip(assumptions), shanyraq.Assume("unranked_absent", shanyraq.TooHigh))
	ofRank := append(slices.Clip(assumptions), shanyraq.Assume("unranked_absent", shanyraq.TooLow))
	inputs := make([]shanyraq.Input, 3)
	terms := make([]string, 3)
	for k, f := range e.Parts {
		inputs[k] = shanyraq.Input{Symbol: string(Components()[k]), Path: f.Path(), Place: e.Place, When: shanyraq.YearPeriod(p.year), Value: f.Value(), Unit: f.Unit()}
		terms[k] = fmt.Sprintf("%.3f × %.4f %%", w[k], 100*p.shares[i][k])
	}
	var err error
	lo, hi := p.dist.ScoreRange(i)
	scored := shanyraq.Interval{Lo: 100 * lo, Hi: 100 * hi, Level: level, Kind: shanyraq.Varied}
	if !scored.Contains(100 * score) { // weights at the edge: no weights lead beyond the largest and smallest part
		scored = shanyraq.Interval{Lo: 100 * min(score, slices.Min(p.shares[i])), Hi: 100 * max(score, slices.Max(p.shares[i])), Kind: shanyraq.Bounds}
	}
	e.Score, err = shanyraq.NewFigure(path(p.year, e.Place, "score", weights), 100*score,
		scored, "percent",
		shanyraq.Lineage{Method: MethodMaterial, Sources: sources, Inputs: inputs, Assumptions: ofScore, Seed: seed, Draws: draws,
			Formula: fmt.Sprintf("%s = %.4f %%", strings.Join(terms, " + "), 100*score)})
	if err != nil {
		return e, err
	}
	rlo, rhi := p.dist.RankRange(i)
	held := level
	if rank < rlo || rank > rhi { // the range is widened to these weights' rank, and says how many others it holds
		rlo, rhi = min(rlo, rank), max(rhi, rank)
		held = min(p.dist.Within(i, rhi)-p.dist.Within(i, rlo-1), 1-1.0/draws)
	}
	e.Rank, err = shanyraq.NewFigure(path(p.year, e.Place, "rank", weights), float64(rank),
		shanyraq.Interval{Lo: float64(rlo), Hi: float64(rhi), Level: held, Kind: shanyraq.Varied}, "rank",
		shanyraq.Lineage{Method: MethodRank, Sources: sources, Assumptions: ofRank, Seed: seed, Draws: draws,
			Inputs:  []shanyraq.Input{{Symbol: "score", Path: e.Score.Path(), Place: e.Place, When: shanyraq.YearPeriod(p.year), Value: e.Score.Value(), Unit: "percent"}},
			Formula: fmt.Sprintf("1 + |{ j : score(j) > %.4f %% }| = %d,  n = %d", 100*score, rank, len(p.places))})
	if err != nil || next < 0 {
		return e, err
	}
	share := p.dist.Above(i, next)
	plo, phi := composite.Wilson(share, draws, level)
	e.Above, err = shanyraq.NewFigure(path(p.year, e.Place, "above", weights), 100*share,
		shanyraq.Interval{Lo: 100 * plo, Hi: 100 * phi, Level: level, Kind: shanyraq.Confidence}, "percent",
		shanyraq.Lineage{Method: MethodAbove, Sources: sources, Assumptions: assumptions, Seed: seed, Draws: draws,
			Inputs:  []shanyraq.Input{{Symbol: "score", Path: e.Score.Path(), Place: e.Place, When: shanyraq.YearPeriod(p.year), Value: e.Score.Value(), Unit: "percent"}},
			Formula: fmt.Sprintf("P( score(%s) > score(%s) ) = %d / %d", e.Place, p.places[next], int(math.Round(share*draws)), draws)})
	return e, err
}

// pool returns the countries of the year, and the years on offer, newest
// first. Year 0 is the latest on offer.
func (r *Room) pool(ctx context.Context, year int) (*pool, []int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.years == nil {
		years, err := r.offered(ctx)
		if err != nil {
			return nil, nil, err
		}
		r.years = years
	}
	if year == 0 {
		if len(r.years) == 0 {
			return nil, nil, shanyraq.Tell("standing.League", shanyraq.NotFound, shanyraq.Text{Key: "standing.error.nothing"}, "no year has figures on output, people and military spending")
		}
		year = r.years[0]
	}
	if p, ok := r.pools[year]; ok {
		return p, r.years, nil
	}
	p, err := r.build(ctx, year)
	if err != nil {
		return nil, nil, err
	}
	if len(r.pools) >= poolsKept {
		maps.DeleteFunc(r.pools, func(y int, _ *pool) bool { return len(r.years) == 0 || y != r.years[0] })
	}
	r.pools[year] = p
	return p, r.years, nil
}

// offered returns the years in which enough countries state their military
// spending, the scarcest of the three components, newest first.
func (r *Room) offered(ctx context.Context) ([]int, error) {
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{military}})
	if err != nil {
		return nil, shanyraq.Errorf("standing.League", shanyraq.Other, "years on offer: %w", err)
	}
	stating := map[int]map[shanyraq.CountryCode]bool{}
	for _, c := range cs {
		if !ofCountry(c) {
			continue
		}
		y := c.When.Year()
		if stating[y] == nil {
			stating[y] = map[shanyraq.CountryCode]bool{}
		}
		stating[y][c.Place] = true
	}
	years := []int{}
	for y, places := range stating {
		if y != 0 && len(places) >= enough {
			years = append(years, y)
		}
	}
	slices.Sort(years)
	slices.Reverse(years)
	return years, nil
}

// build reads one year's claims and draws the ranks.
func (r *Room) build(ctx context.Context, year int) (*pool, error) {
	const op = "standing.League"
	fail := func(err error) (*pool, error) {
		return nil, shanyraq.Errorf(op, shanyraq.KindOf(err), "material capability of %d: %w", year, err)
	}
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: componentSeries, From: year, To: year})
	if err != nil {
		return fail(err)
	}
	by, err := r.sayings(ctx, cs, year)
	if err != nil {
		return fail(err)
	}
	places := make([]shanyraq.CountryCode, 0, len(by))
	for p := range by {
		places = append(places, p)
	}
	slices.Sort(places)

	p := &pool{year: year, partly: map[shanyraq.CountryCode][3]shanyraq.Figure{}}
	var totals [3][]float64
	var whole [3]float64 // over every country that has the component, ranked or not
	for _, place := range places {
		m := by[place]
		parts, lacks, err := components(place, year, m)
		if err != nil {
			return fail(err)
		}
		for k, f := range parts {
			if !f.IsZero() {
				whole[k] += f.Value()
			}
		}
		if len(lacks) > 0 {
			p.unranked = append(p.unranked, Missing{place, lacks})
			p.partly[place] = parts
			continue
		}
		p.places = append(p.places, place)
		p.parts = append(p.parts, parts)
		for k := range totals {
			totals[k] = append(totals[k], parts[k].Value())
		}
	}
	if len(p.places) < 2 {
		return nil, shanyraq.Tell(op, shanyraq.NotFound, shanyraq.Text{Key: "standing.error.year", Args: map[string]any{"Year": year}}, "fewer than two countries have all three components in %d", year)
	}
	t := composite.Table{Values: map[string][]float64{}}
	for _, place := range p.places {
		t.Units = append(t.Units, string(place))
	}
	for k, c := range Components() {
		for i := range totals[k] {
			totals[k][i] /= whole[k]
		}
		t.Values[string(c)] = totals[k]
	}
	material, err := ReadRecipe("material")
	if err != nil {
		return fail(err)
	}
	asIs := material.Definition
	asIs.Normalise = composite.Scale{Method: composite.MethodAsIs} // shares of the whole already
	if p.index, err = composite.New(asIs, t); err != nil {
		return fail(err)
	}
	built, err := p.index.Build()
	if err != nil {
		return fail(err)
	}
	p.shares = make([][]float64, len(p.places))
	for i := range p.shares {
		for _, c := range Components() {
			p.shares[i] = append(p.shares[i], built.Values(string(c))[i])
		}
	}
	p.dist, err = p.index.Simulate(ctx, composite.Plan{Draws: draws, Seed: seed, Level: level, Sampler: composite.Random,
		Factors: []composite.Factor{{Name: "weights", Weights: &composite.WeightDraw{Kind: composite.Dirichlet}}}})
	if err != nil {
		return fail(err)
	}
	return p, nil
}

// scores returns each country's material capability under the weights, as a
// share of 1.
func (p *pool) scores(w Weights) ([]float64, error) {
	given := composite.Weighting{Method: composite.Given, Values: map[string]float64{}}
	for k, c := range Components() {
		given.Values[string(c)] = w[k]
	}
	x, err := p.index.With(composite.Patch{Weights: &given})
	if err != nil {
		return nil, err
	}
	r, err := x.Build()
	if err != nil {
		return nil, err
	}
	return r.Scores(), nil
}

// ofCountry reports whether the claim is about a country as a whole, and not
// about a part of it, a pair, a named thing or several countries together.
func ofCountry(c shanyraq.Claim) bool {
	return c.Place != shanyraq.World && c.Place != shanyraq.EuropeanUnion && c.Area == "" && c.Partner == "" && c.Subject == ""
}

// said is what is claimed of one country in one year, by series, the claim
// that stands for it first.
type said map[shanyraq.SeriesID][]shanyraq.Claim

// sayings sorts the claims of one year by country and series.
func (r *Room) sayings(ctx context.Context, cs []shanyraq.Claim, year int) (map[shanyraq.CountryCode]said, error) {
	taken, err := r.taken(ctx)
	if err != nil {
		return nil, err
	}
	by := map[shanyraq.CountryCode]said{}
	for _, c := range cs {
		if !ofCountry(c) || c.Value < 0 { // nobody has less than nothing of these
			continue
		}
		m := by[c.Place]
		if m == nil {
			m = said{}
			by[c.Place] = m
		}
		m[c.Series] = append(m[c.Series], c)
	}
	for _, m := range by {
		for series := range m {
			slices.SortFunc(m[series], func(a, b shanyraq.Claim) int { return better(a, b, year, taken) })
		}
	}
	return by, nil
}

// components returns the three components of one country, and which are missing.
func components(place shanyraq.CountryCode, year int, m said) (parts [3]shanyraq.Figure, lacks []Component, err error) {
	head, pop, share, gdp := m[gdpPerHead], m[population], m[military], m[gdpDollars]
	at := func(what Component) string { return fmt.Sprintf("standing/%s/%s/%d", what, place, year) }
	if len(head) == 0 || len(pop) == 0 {
		lacks = append(lacks, Output)
	} else if parts[0], err = product(at(Output), "intl_usd", 1, head, pop, "y", "n"); err != nil {
		return
	}
	switch {
	case len(pop) == 0:
		lacks = append(lacks, People)
	case len(pop) == 1:
		parts[1], err = pop[0].Figure()
	default:
		parts[1], err = rivals(at(People), pop)
	}
	if err != nil {
		return
	}
	if len(share) == 0 || len(gdp) == 0 {
		lacks = append(lacks, Armament)
	} else if parts[2], err = product(at(Armament), "usd", 0.01, share, gdp, "m", "g"); err != nil {
		return
	}
	return
}

// limits returns the lowest and highest ends of the claims' own ranges, and
// the claims as inputs: the first under the symbol, the others under the symbol
// and a number.
func limits(symbol string, cs []shanyraq.Claim) (lo, hi float64, inputs []shanyraq.Input) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for i, c := range cs {
		r := c.Range()
		lo, hi = min(lo, max(0, r.Lo)), max(hi, r.Hi)
		if i > 0 {
			inputs = append(inputs, shanyraq.InputOf(symbol+strconv.Itoa(i+1), c))
			continue
		}
		inputs = append(inputs, shanyraq.InputOf(symbol, c))
	}
	return lo, hi, inputs
}

// rivals makes the figure of several claims about one thing: the value of the
// first, and the range from the lowest to the highest end of all.
func rivals(path string, cs []shanyraq.Claim) (shanyraq.Figure, error) {
	lo, hi, inputs := limits("n", cs)
	return shanyraq.NewFigure(path, cs[0].Value, shanyraq.Interval{Lo: lo, Hi: hi, Kind: shanyraq.Spread}, cs[0].Unit,
		shanyraq.Lineage{Method: methodRange, Sources: shanyraq.SourcesOf(cs...), Inputs: inputs,
			Formula:     fmt.Sprintf("n = %s,  min … max of %d = %.0f … %.0f", strconv.FormatFloat(cs[0].Value, 'f', -1, 64), len(cs), lo, hi),
			Assumptions: []shanyraq.Assumption{shanyraq.Assume("strongest_first", shanyraq.EitherWay), shanyraq.Assume("spread_covers", shanyraq.TooNarrow)}})
}

// methodRange is the method of a figure that stands for several claims; its
// page belongs to the Diaspora room, which has most of them.
const methodRange shanyraq.MethodKey = "claims-range"

// product returns scale·a·b of the claims that stand first as a figure, with
// the range that printed digits leave or, where sources contradict each other,
// from the lowest to the highest product.
func product(path string, unit shanyraq.Unit, scale float64, as, bs []shanyraq.Claim, sa, sb string) (shanyraq.Figure, error) {
	a, b := as[0], bs[0]
	alo, ahi, inputs := limits(sa, as)
	blo, bhi, more := limits(sb, bs)
	va, vb := strconv.FormatFloat(a.Value, 'f', -1, 64), strconv.FormatFloat(b.Value, 'f', -1, 64)
	f := fmt.Sprintf("%s × %s = %s × %s", sa, sb, va, vb)
	if scale != 1 {
		f = fmt.Sprintf("%s/100 × %s = %s/100 × %s", sa, sb, va, vb)
	}
	kind := shanyraq.Printed
	assumptions := []shanyraq.Assumption{shanyraq.Assume("same_year_same_borders", shanyraq.EitherWay), shanyraq.Assume("publisher_exact", shanyraq.TooNarrow)}
	if len(as) > 1 || len(bs) > 1 {
		kind = shanyraq.Spread
		assumptions = append(assumptions[:1], shanyraq.Assume("strongest_first", shanyraq.EitherWay), shanyraq.Assume("spread_covers", shanyraq.TooNarrow))
	}
	return shanyraq.NewFigure(path, scale*a.Value*b.Value,
		shanyraq.Interval{Lo: scale * alo * blo, Hi: scale * ahi * bhi, Kind: kind}, unit,
		shanyraq.Lineage{Method: MethodProduct, Formula: f, Sources: shanyraq.SourcesOf(slices.Concat(as, bs)...),
			Inputs: append(inputs, more...), Assumptions: assumptions})
}

// StatusClaims returns who says that the country is, or is not, a middle power.
func (r *Room) StatusClaims(ctx context.Context, place shanyraq.CountryCode) ([]shanyraq.Claim, error) {
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{statusSeries}, Places: []shanyraq.CountryCode{place, shanyraq.World}})
	if err != nil {
		return nil, shanyraq.Errorf("standing.StatusClaims", shanyraq.Other, "%s: %w", place, err)
	}
	return cs, nil
}

// Rankings returns the published ranks and scores held of the country.
func (r *Room) Rankings(ctx context.Context, place shanyraq.CountryCode) ([]shanyraq.Claim, error) {
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{"gspi_rank", "gspi_score", "gspi_ranked"}, Places: []shanyraq.CountryCode{place, shanyraq.World}})
	if err != nil {
		return nil, shanyraq.Errorf("standing.Rankings", shanyraq.Other, "%s: %w", place, err)
	}
	return cs, nil
}

// Figure returns the figure at path, the part after "standing/": material/
// {country}/{year}/{rank|score|above}, {gdp|population|military}/{country}/
// {year}, power/{definition|tests|criteria}/{country}/{year}[/{part}],
// conduct/{country}/{event|all}/{acts|support|criticism}, tier/{country}/{year}/
// {great|middle|small}, or index/{index}/{country}/{year}/{part}.
// Weights come from the query. It returns a [shanyraq.NotFound] error for any
// other path.
func (r *Room) Figure(ctx context.Context, path string, q url.Values) (shanyraq.Figure, error) {
	const op = "standing.Figure"
	none := func() (shanyraq.Figure, error) {
		return shanyraq.Figure{}, shanyraq.Errorf(op, shanyraq.NotFound, "no figure standing/%s", path)
	}
	seg := strings.Split(path, "/")
	if len(seg) < 3 {
		return none()
	}
	if seg[0] == "index" {
		if len(seg) != 5 {
			return none()
		}
		f, err := r.indexFigure(ctx, seg[1:], q)
		if err == nil && f.IsZero() {
			return none()
		}
		return f, err
	}
	if seg[0] == "conduct" {
		if len(seg) != 4 {
			return none()
		}
		c, err := r.Conduct(ctx, shanyraq.CountryCode(seg[1]))
		if err != nil {
			return shanyraq.Figure{}, err
		}
		for _, f := range c.Figures() {
			if f.Path() == "standing/"+path {
				return f, nil
			}
		}
		return none()
	}
	if seg[0] == "power" {
		if len(seg) < 4 || len(seg) > 5 {
			return none()
		}
		year, err := strconv.Atoi(seg[3])
		if err != nil || year < 1 {
			return none()
		}
		f, err := r.powerFigure(ctx, seg[1], shanyraq.CountryCode(seg[2]), year, strings.Join(seg[4:], ""), q)
		if err == nil && f.IsZero() {
			return none()
		}
		return f, err
	}
	year, err := strconv.Atoi(seg[2])
	if err != nil || year < 1 {
		return none()
	}
	place := shanyraq.CountryCode(seg[1])
	switch {
	case seg[0] == "tier" && len(seg) == 4:
		t, err := r.Tiers(ctx, year, q)
		if err != nil {
			return shanyraq.Figure{}, err
		}
		e, ok := t.Of(place)
		if f := e.Share[Tier(seg[3])]; ok && !f.IsZero() {
			return f, nil
		}
		return none()
	case seg[0] == "material" && len(seg) == 4:
		w, err := ParseWeights(q)
		if err != nil {
			return shanyraq.Figure{}, err
		}
		l, err := r.League(ctx, Question{Year: year, Weights: w})
		if err != nil {
			return shanyraq.Figure{}, err
		}
		e, ok := l.Of(place)
		if !ok {
			return none()
		}
		f := map[string]shanyraq.Figure{"rank": e.Rank, "score": e.Score, "above": e.Above}[seg[3]]
		if f.IsZero() {
			return none()
		}
		return f, nil
	case len(seg) == 3:
		p, _, err := r.pool(ctx, year)
		if err != nil {
			return shanyraq.Figure{}, err
		}
		parts := p.partly[place]
		if i := slices.Index(p.places, place); i >= 0 {
			parts = p.parts[i]
		}
		k := slices.Index(Components(), Component(seg[0]))
		if k < 0 || parts[k].Path() != "standing/"+path {
			return none()
		}
		return parts[k], nil
	}
	return none()
}

// Methods lists the methods whose figures the room makes.
func Methods() []shanyraq.MethodKey {
	return []shanyraq.MethodKey{MethodProduct, MethodMaterial, MethodRank, MethodAbove, MethodCriterion, MethodPower, MethodCheck,
		MethodMeasure, MethodIndex, MethodIndexRank, MethodAgreement, MethodEffect, MethodReach, MethodChange, MethodAudit, MethodConduct, MethodTier, MethodIndexWeight}
}
