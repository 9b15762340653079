package standing

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"shanyraq"
)

// A Gazetteer tells in which part of the world countries lie. Evidence that is
// one lets the room say how large a country is in its region.
type Gazetteer interface {
	Places(ctx context.Context) ([]shanyraq.Place, error)
}

// The series of the tests, beside those of the league.
const (
	postSeries    shanyraq.SeriesID = "diplomatic_post"
	joinedSeries  shanyraq.SeriesID = "igo_membership"
	councilSeries shanyraq.SeriesID = "unsc_seat"
	pointSeries   shanyraq.SeriesID = "un_ideal_point"
	peaceSeries   shanyraq.SeriesID = "un_peacekeepers"
	exportSeries  shanyraq.SeriesID = "export_share"
	importSeries  shanyraq.SeriesID = "import_share"
	armsSeries    shanyraq.SeriesID = "arms_from" // only where a reader has imported it
	incomeSeries  shanyraq.SeriesID = "NY.GNP.PCAP.CD"
	giniSeries    shanyraq.SeriesID = "SI.POV.GINI"
	democracyID   shanyraq.SeriesID = "VDEM_v2x_polyarchy"
)

// stated are the series in which a state says how many posts it keeps.
var stated = []shanyraq.SeriesID{"posts_abroad_count", "embassies_count", "diplomatic_missions_count"}

// acted are the series of acts.
var acted = []shanyraq.SeriesID{"chairmanship", "hosted_summit", "good_offices"}

// borne are the ledgers of proposals, forums and burdens.
var borne = []shanyraq.SeriesID{"initiative", "platform", "burden"}

// poles are the states between whose positions a middle power is looked for.
var poles = []shanyraq.CountryCode{"USA", "CHN", "RUS"}

// stale is how many years old a claim may be and still speak for the year.
const stale = 10

// held is what is known of a country under one criterion, and the figure of it.
type held struct {
	measure
	never   bool
	sources []shanyraq.SourceID
	figure  func() (shanyraq.Figure, error) // nil if there is none
}

// powers is the countries of one year put to the tests.
type powers struct {
	moved
	year    int
	league  League
	cuts    []cut
	places  []shanyraq.CountryCode
	of      map[shanyraq.CountryCode]map[Criterion]held
	answers map[shanyraq.CountryCode]judged
	voters  []shanyraq.CountryCode // states whose votes are placed, in order: the world of the checks
	status  []shanyraq.Claim
	checked *validated
}

// validated is how far the definitions agree with lists, worked out once.
type validated struct {
	once    sync.Once
	checks  []Check
	accords []Accord
	err     error
}

func (p *powers) set(place shanyraq.CountryCode, c Criterion, h held) {
	if p.of[place] == nil {
		p.of[place] = map[Criterion]held{}
	}
	p.of[place][c] = h
}

// judged returns the answers of a country; one nobody knows anything of has
// none that is known.
func (p *powers) judged(place shanyraq.CountryCode) judged {
	if j, ok := p.answers[place]; ok {
		return j
	}
	return judge(nil, p.cuts)
}

func powerPath(what string, place shanyraq.CountryCode, year int, more ...string) string {
	return strings.Join(append([]string{"standing", "power", what, string(place), fmt.Sprint(year)}, more...), "/")
}

// path returns where a figure opens that depends on the thresholds.
func (p *powers) path(what string, place shanyraq.CountryCode, more ...string) string {
	s := powerPath(what, place, p.year, more...)
	if p.query != "" {
		s += "?" + p.query
	}
	return s
}

func (p *powers) criterionPath(c Criterion, place shanyraq.CountryCode) string {
	return powerPath("criteria", place, p.year, string(c))
}

// gather reads what the tests need and puts every country to them.
func (r *Room) gather(ctx context.Context, l League) (*powers, error) {
	year := l.Year
	p := &powers{moved: moved{bands: bands}, year: year, league: l, of: map[shanyraq.CountryCode]map[Criterion]held{}}
	if err := r.sizes(ctx, p); err != nil {
		return nil, err
	}
	ids := slices.Concat([]shanyraq.SeriesID{postSeries, joinedSeries, councilSeries, pointSeries, peaceSeries, exportSeries, importSeries, armsSeries, incomeSeries, giniSeries, democracyID, statusSeries}, stated, acted, borne)
	all, err := r.ev.Claims(ctx, shanyraq.Query{Series: ids})
	if err != nil {
		return nil, err
	}
	by := map[shanyraq.SeriesID]map[shanyraq.CountryCode][]shanyraq.Claim{}
	for _, c := range all {
		if c.Series == statusSeries {
			p.status = append(p.status, c)
		}
		at := c.Place
		if c.Series == postSeries {
			at = c.Partner // the sender
		}
		if at == "" || at == shanyraq.World || at == shanyraq.EuropeanUnion {
			continue
		}
		if by[c.Series] == nil {
			by[c.Series] = map[shanyraq.CountryCode][]shanyraq.Claim{}
		}
		by[c.Series][at] = append(by[c.Series][at], c)
	}
	p.network(by)
	p.behaviour(by)
	p.trade(by)
	p.arms(by[armsSeries])
	p.recognition(by[statusSeries])
	p.marks(by)

	p.places = slices.Sorted(maps.Keys(p.of))
	return p.under(p.moved), nil
}

// under puts every country to the tests under the thresholds.
func (p *powers) under(m moved) *powers {
	out := *p
	out.checked = &validated{}
	out.moved, out.cuts, out.answers = m, cuts(m.bands), make(map[shanyraq.CountryCode]judged, len(p.places))
	for _, place := range p.places {
		ms := make(map[Criterion]measure, len(p.of[place]))
		for c, h := range p.of[place] {
			ms[c] = h.measure
		}
		j := judge(ms, out.cuts)
		if slices.Contains(poles, place) { // who is a pole stands between none
			j.tests[Behaviour] = slices.Repeat([]Answer{No}, len(out.cuts))
		}
		out.answers[place] = j
	}
	return &out
}

// sized is a number of each country with its limits and its figures.
type sized struct {
	value, lo, hi float64
	inputs        []shanyraq.Input
	sources       []shanyraq.SourceID
	formula       string // of the number, "" if it is an input itself
}

// places the countries by a number, the largest first. A rank is between the
// limits that the numbers' own limits leave.
func (p *powers) rank(c Criterion, of map[shanyraq.CountryCode]sized, assumptions ...shanyraq.Assumption) {
	for place, x := range of {
		rank, lo, hi := 1, 1, 1
		for other, y := range of {
			if other == place {
				continue
			}
			if y.value > x.value {
				rank++
			}
			if y.lo > x.hi {
				lo++
			}
			if y.hi > x.lo && (y.value > x.value || y.lo != x.lo || y.hi != x.hi) { // level ones share a rank
				hi++
			}
		}
		hi = max(hi, rank)
		formula := fmt.Sprintf("1 + |{ j : x(j) > %.10g }| = %d,  n = %d", x.value, rank, len(of))
		if x.formula != "" {
			formula = x.formula + ";  " + formula
		}
		p.set(place, c, held{measure: measure{known: true, lo: float64(lo), hi: float64(hi)}, sources: x.sources, figure: func() (shanyraq.Figure, error) {
			kind := shanyraq.Bounds
			if lo == hi {
				kind = shanyraq.Counted // of those above
			}
			return shanyraq.NewFigure(p.criterionPath(c, place), float64(rank), shanyraq.Interval{Lo: float64(lo), Hi: float64(hi), Kind: kind}, "rank",
				shanyraq.Lineage{Method: MethodCriterion, Formula: formula, Inputs: x.inputs, Sources: x.sources, Assumptions: assumptions})
		}})
	}
}

// sizes ranks every country by output, people, military spending and output
// times output per head, and takes the league's rank; the region's share is of
// output.
func (r *Room) sizes(ctx context.Context, p *powers) error {
	year := p.year
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: componentSeries, From: year, To: year})
	if err != nil {
		return err
	}
	by, err := r.sayings(ctx, cs, year)
	if err != nil {
		return err
	}
	var of [4]map[shanyraq.CountryCode]sized
	for i := range of {
		of[i] = map[shanyraq.CountryCode]sized{}
	}
	input := func(what Component, place shanyraq.CountryCode, f shanyraq.Figure) shanyraq.Input {
		return shanyraq.Input{Symbol: string(what), Path: f.Path(), Place: place, When: shanyraq.YearPeriod(year), Value: f.Value(), Unit: f.Unit()}
	}
	for _, place := range slices.Sorted(maps.Keys(by)) {
		parts, _, err := components(place, year, by[place])
		if err != nil {
			return err
		}
		for k, f := range parts {
			if !f.IsZero() {
				of[k][place] = sized{f.Value(), f.Interval().Lo, f.Interval().Hi, []shanyraq.Input{input(Components()[k], place, f)}, f.Lineage().Sources, ""}
			}
		}
		y, n := parts[0], parts[1]
		if y.IsZero() || n.IsZero() || !(n.Interval().Lo > 0) {
			continue
		}
		ys, ns := y.Interval(), n.Interval()
		of[3][place] = sized{y.Value() * y.Value() / n.Value(), ys.Lo * ys.Lo / ns.Hi, ys.Hi * ys.Hi / ns.Lo,
			[]shanyraq.Input{input(Output, place, y), input(People, place, n)}, merge(y.Lineage().Sources, n.Lineage().Sources),
			fmt.Sprintf("x = y × y / n = %.6g × %.6g / %.10g", y.Value(), y.Value(), n.Value())}
	}
	absent := shanyraq.Assume("power_unranked", shanyraq.TooLow)
	for i, c := range []Criterion{OutputRank, PeopleRank, SpendingRank, NetRank} {
		p.rank(c, of[i], absent)
	}
	for _, e := range p.league.Entries {
		p.set(e.Place, MaterialRank, held{measure: exactly(e.Rank.Value()), sources: e.Rank.Lineage().Sources, figure: func() (shanyraq.Figure, error) { return e.Rank, nil }})
	}
	g, ok := r.ev.(Gazetteer)
	if !ok {
		return nil
	}
	places, err := g.Places(ctx)
	if err != nil {
		return err
	}
	region := map[string][]shanyraq.CountryCode{}
	for _, x := range places {
		if _, ok := of[0][x.Code]; ok && x.Subregion != "" {
			region[x.Subregion] = append(region[x.Subregion], x.Code)
		}
	}
	for _, codes := range region {
		slices.Sort(codes)
		for _, place := range codes {
			p.share(place, codes, of[0])
		}
	}
	return nil
}

// share is a country's part of the output of the countries of its region.
func (p *powers) share(place shanyraq.CountryCode, codes []shanyraq.CountryCode, output map[shanyraq.CountryCode]sized) {
	var total, lo, hi float64 // of the others
	var inputs []shanyraq.Input
	var sources []shanyraq.SourceID
	for _, c := range codes {
		x := output[c]
		inputs, sources = append(inputs, x.inputs...), merge(sources, x.sources)
		if c != place {
			total, lo, hi = total+x.value, lo+x.lo, hi+x.hi
		}
	}
	me := output[place]
	if !(me.value > 0) {
		return
	}
	v := 100 * me.value / (me.value + total)
	low, high := 100*me.lo/(me.lo+hi), 100*me.hi/(me.hi+lo)
	p.set(place, Region, held{measure: measure{known: true, lo: low, hi: high}, sources: sources, figure: func() (shanyraq.Figure, error) {
		return shanyraq.NewFigure(p.criterionPath(Region, place), v, shanyraq.Interval{Lo: min(low, math.Nextafter(v, 0)), Hi: max(high, math.Nextafter(v, 200)), Kind: shanyraq.Printed}, "percent",
			shanyraq.Lineage{Method: MethodCriterion, Inputs: inputs, Sources: sources, Formula: fmt.Sprintf("100 × %.6g / (%.6g + %.6g) = %.4f %%", me.value, me.value, total, v),
				Assumptions: []shanyraq.Assumption{shanyraq.Assume("power_unranked", shanyraq.TooHigh)}})
	}})
}

// counted makes the figure of a count of records.
func (p *powers) counted(c Criterion, place shanyraq.CountryCode, n int, unit shanyraq.Unit, formula string, cs []shanyraq.Claim, sources []shanyraq.SourceID, assumptions ...shanyraq.Assumption) held {
	v := float64(n)
	return held{measure: exactly(v), sources: sources, figure: func() (shanyraq.Figure, error) {
		return shanyraq.NewFigure(p.criterionPath(c, place), v, shanyraq.Interval{Lo: v, Hi: v, Kind: shanyraq.Counted}, unit,
			shanyraq.Lineage{Method: MethodCriterion, Formula: formula, Inputs: inputsOf(cs), Sources: sources, Assumptions: assumptions})
	}}
}

func inputsOf(cs []shanyraq.Claim) []shanyraq.Input {
	out := make([]shanyraq.Input, len(cs))
	for i, c := range cs {
		out[i] = shanyraq.InputOf(fmt.Sprintf("c%d", i+1), c)
	}
	return out
}

// merge returns the sources of both lists, each once, in order.
func merge(a, b []shanyraq.SourceID) []shanyraq.SourceID {
	out := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

type claimsBy map[shanyraq.SeriesID]map[shanyraq.CountryCode][]shanyraq.Claim

func (p *powers) network(by claimsBy) {
	posts := map[shanyraq.CountryCode]sized{}
	for place, cs := range by[postSeries] {
		x := sized{value: float64(len(cs)), lo: float64(len(cs)), hi: float64(len(cs)), inputs: inputsOf(cs), sources: shanyraq.SourcesOf(cs...),
			formula: fmt.Sprintf("x = %d", len(cs))}
		for _, id := range stated {
			for _, c := range newest(by[id][place], p.year, stale) {
				if c.Value > x.hi {
					x.hi = c.Value
				}
				x.inputs, x.sources = append(x.inputs, shanyraq.InputOf(string(id), c)), merge(x.sources, shanyraq.SourcesOf(c))
			}
		}
		posts[place] = x
	}
	p.rank(Posts, posts, shanyraq.Assume("power_posts", shanyraq.EitherWay))

	joined := map[shanyraq.CountryCode]sized{}
	for place, cs := range by[joinedSeries] {
		cs = slices.DeleteFunc(slices.Clone(cs), func(c shanyraq.Claim) bool { return c.Note != "member" })
		if n := float64(len(cs)); n > 0 {
			joined[place] = sized{n, n, n, inputsOf(cs), shanyraq.SourcesOf(cs...), fmt.Sprintf("x = %d", len(cs))}
		}
	}
	p.rank(Joined, joined, shanyraq.Assume("list_complete", shanyraq.EitherWay))

	since := 0 // the first year of which seats are held
	var seats []shanyraq.SourceID
	for _, cs := range by[councilSeries] {
		for _, c := range cs {
			if y := c.When.Year(); y > 0 && (since == 0 || y < since) {
				since = y
			}
			seats = merge(seats, shanyraq.SourcesOf(c))
		}
	}
	slices.Sort(seats)
	for place := range p.world(by) {
		if since == 0 || since > p.year {
			break
		}
		cs := newest(by[councilSeries][place], p.year, p.year)
		if len(cs) == 0 {
			p.set(place, Council, held{measure: measure{known: true, lo: float64(p.year - since + 1), hi: math.Inf(1)}, never: true, sources: seats})
			continue
		}
		y := cs[0].When.Year()
		p.set(place, Council, p.counted(Council, place, p.year-y, "years", fmt.Sprintf("%d − %d = %d", p.year, y, p.year-y), cs[:1], seats))
	}

	p.records(Acts, by, acted)
}

// records counts what is held of some ledgers in the last years.
func (p *powers) records(c Criterion, by claimsBy, ledgers []shanyraq.SeriesID) {
	held := map[shanyraq.CountryCode][]shanyraq.Claim{}
	for _, id := range ledgers {
		for place, cs := range by[id] {
			for _, x := range cs {
				if y := x.When.Year(); y <= p.year && y >= p.year-stale {
					held[place] = append(held[place], x)
				}
			}
		}
	}
	for place, cs := range held {
		h := p.counted(c, place, len(cs), "records", fmt.Sprintf("n ≥ %d", len(cs)), cs, shanyraq.SourcesOf(cs...), shanyraq.Assume("held_not_all", shanyraq.TooLow))
		h.measure = measure{known: true, lo: float64(len(cs)), hi: math.Inf(1)} // the records held are not all there were
		p.set(place, c, h)
	}
}

// world returns the countries anything is known of so far, and those whose
// votes are placed.
func (p *powers) world(by claimsBy) map[shanyraq.CountryCode]bool {
	out := map[shanyraq.CountryCode]bool{}
	for place := range p.of {
		out[place] = true
	}
	for place := range by[pointSeries] {
		out[place] = true
	}
	return out
}

// z95 is the 0.95 quantile of the standard normal distribution: intervals of
// the published positions are at 0.9.
const z95 = 1.6448536269514722

// position returns the draws of a state's position, the same wherever it is
// compared and whichever other states there are.
func position(c shanyraq.Claim) []float64 {
	out := make([]float64, draws)
	sd := 0.0
	if c.Stated != nil {
		sd = (c.Stated.Hi - c.Stated.Lo) / 2 / z95
	}
	h := fnv.New64a()
	h.Write([]byte(c.Place))
	rng := rand.New(rand.NewPCG(powerSeed, h.Sum64())) //nolint:gosec // a repeatable draw, not a secret
	for d := range out {
		out[d] = c.Value + sd*rng.NormFloat64()
	}
	return out
}

func (p *powers) behaviour(by claimsBy) {
	at := map[shanyraq.CountryCode]shanyraq.Claim{}
	drawn := map[shanyraq.CountryCode][]float64{}
	for place, cs := range by[pointSeries] {
		if cs = newest(cs, p.year, stale); len(cs) > 0 {
			at[place], drawn[place] = cs[0], position(cs[0])
		}
	}
	p.voters = slices.Sorted(maps.Keys(at))
	held3 := true
	for _, pole := range poles {
		_, ok := at[pole]
		held3 = held3 && ok
	}
	for _, place := range p.voters {
		if !held3 {
			break
		}
		me := at[place]
		xs := make([]float64, draws)
		cs := []shanyraq.Claim{me}
		v := math.Inf(1)
		var terms []string
		for d := range xs {
			xs[d] = math.Inf(1)
		}
		for _, pole := range poles {
			v = min(v, math.Abs(me.Value-at[pole].Value))
			terms = append(terms, fmt.Sprintf("|%g − %g|", me.Value, at[pole].Value))
			if pole != place {
				cs = append(cs, at[pole])
			}
			for d := range xs {
				xs[d] = min(xs[d], math.Abs(drawn[place][d]-drawn[pole][d]))
			}
		}
		h := held{measure: measure{known: true, drawn: xs}, sources: shanyraq.SourcesOf(cs...)}
		h.figure = func() (shanyraq.Figure, error) {
			sorted := slices.Sorted(slices.Values(xs))
			iv := shanyraq.Interval{Lo: min(v, sorted[draws/20]), Hi: max(v, sorted[draws-1-draws/20]), Level: 0.9, Kind: shanyraq.Credible}
			if iv.Lo == iv.Hi {
				iv.Level, iv.Kind = 0, shanyraq.Bounds
			}
			return shanyraq.NewFigure(p.criterionPath(Distance, place), v, iv, "points",
				shanyraq.Lineage{Method: MethodCriterion, Formula: fmt.Sprintf("min( %s ) = %.4g", strings.Join(terms, ", "), v), Inputs: inputsOf(cs), Sources: h.sources, Seed: powerSeed, Draws: draws,
					Assumptions: []shanyraq.Assumption{shanyraq.Assume("one_line", shanyraq.EitherWay), shanyraq.Assume("states_independent", shanyraq.EitherWay)}})
		}
		p.set(place, Distance, h)
	}
	p.newest(by, peaceSeries, Peacekeepers)
	p.records(Initiatives, by, borne)
}

// newest takes the newest claims of a series for a criterion.
func (p *powers) newest(by claimsBy, id shanyraq.SeriesID, c Criterion) {
	for place, cs := range by[id] {
		cs = slices.DeleteFunc(slices.Clone(cs), func(c shanyraq.Claim) bool { return !ofCountry(c) })
		if cs = newest(cs, p.year, stale); len(cs) > 0 {
			p.set(place, c, p.claimed(c, place, cs))
		}
	}
}

// claimed is the measure of claims about one thing, the strongest first.
func (p *powers) claimed(c Criterion, place shanyraq.CountryCode, cs []shanyraq.Claim) held {
	lo, hi, _ := limits("n", cs)
	h := held{measure: measure{known: true, lo: lo, hi: hi}, sources: shanyraq.SourcesOf(cs...)}
	if len(cs) == 1 {
		h.lo, h.hi = cs[0].Value, cs[0].Value // as printed
		h.figure = cs[0].Figure
		return h
	}
	h.figure = func() (shanyraq.Figure, error) { return rivals(p.criterionPath(c, place), cs) }
	return h
}

// fewListed is how many partners a year must have to say who is the largest.
const fewListed = 3

// listYear returns the newest year up to another in which enough partners are
// listed, and 0 if there is none.
func listYear(cs []shanyraq.Claim, year int) int {
	partners := map[int]map[shanyraq.CountryCode]bool{}
	for _, x := range cs {
		y := x.When.Year()
		if x.Partner == "" || x.Partner == shanyraq.World || x.Partner == shanyraq.EuropeanUnion || y > year || y < year-stale {
			continue
		}
		if partners[y] == nil {
			partners[y] = map[shanyraq.CountryCode]bool{}
		}
		partners[y][x.Partner] = true
	}
	newest := 0
	for y, ps := range partners {
		if len(ps) >= fewListed {
			newest = max(newest, y)
		}
	}
	return newest
}

// trade finds the partner with the largest share of exports and of imports in
// the newest year with a list of them: for each partner the strongest claim, with
// those of other sources as its rivals.
func (p *powers) trade(by claimsBy) {
	for c, id := range map[Criterion]shanyraq.SeriesID{Exports: exportSeries, Imports: importSeries} {
		for place, cs := range by[id] {
			partners := map[shanyraq.CountryCode][]shanyraq.Claim{}
			year := listYear(cs, p.year)
			for _, x := range cs {
				if y := x.When.Year(); x.Partner != "" && x.Partner != shanyraq.World && x.Partner != shanyraq.EuropeanUnion && x.Subject == "" && x.Area == "" && y <= p.year && y >= p.year-stale && (year == 0 || y == year) {
					partners[x.Partner] = append(partners[x.Partner], x)
				}
			}
			var top []shanyraq.Claim
			lo, hi := 0.0, 0.0
			for _, partner := range slices.Sorted(maps.Keys(partners)) {
				xs := partners[partner]
				slices.SortFunc(xs, func(a, b shanyraq.Claim) int {
					return cmp.Or(cmp.Compare(a.Strength, b.Strength), -cmp.Compare(a.When.Year(), b.When.Year()), -strings.Compare(string(a.When), string(b.When)), cmp.Compare(a.ID, b.ID))
				})
				var each []shanyraq.Claim // one of every source
				for _, x := range xs {
					if !slices.ContainsFunc(each, func(y shanyraq.Claim) bool { return y.Source == x.Source }) {
						each = append(each, x)
					}
				}
				if l, h, _ := limits("n", each); len(each) > 1 {
					lo, hi = max(lo, l), max(hi, h)
				} else {
					lo, hi = max(lo, each[0].Value), max(hi, each[0].Value)
				}
				if len(top) == 0 || each[0].Value > top[0].Value {
					top = each
				}
			}
			if len(top) > 0 {
				h := p.claimed(c, place, top)
				h.lo, h.hi = lo, hi
				p.set(place, c, h)
			}
		}
	}
}

// arms is the largest supplier's part of the arms delivered to a country in ten
// years, over the suppliers of the source that lists most of them.
func (p *powers) arms(by map[shanyraq.CountryCode][]shanyraq.Claim) {
	for place, cs := range by {
		sources := map[shanyraq.SourceID][]shanyraq.Claim{}
		for _, x := range cs {
			if y := x.When.Year(); x.Partner != "" && x.Partner != shanyraq.World && y <= p.year && y > p.year-stale {
				sources[x.Source] = append(sources[x.Source], x)
			}
		}
		var xs []shanyraq.Claim
		for _, id := range slices.Sorted(maps.Keys(sources)) {
			if len(sources[id]) > len(xs) {
				xs = sources[id]
			}
		}
		from, lows, highs := map[shanyraq.CountryCode]float64{}, map[shanyraq.CountryCode]float64{}, map[shanyraq.CountryCode]float64{}
		var total, low, high float64
		for _, x := range xs {
			iv := x.Range()
			from[x.Partner] += x.Value
			lows[x.Partner] += max(0, iv.Lo)
			highs[x.Partner] += iv.Hi
			total, low, high = total+x.Value, low+max(0, iv.Lo), high+iv.Hi
		}
		if !(total > 0) {
			continue
		}
		top := shanyraq.CountryCode("")
		for _, s := range slices.Sorted(maps.Keys(from)) {
			if top == "" || from[s] > from[top] {
				top = s
			}
		}
		v := 100 * from[top] / total
		// Most of the top with least of the rest, and the other way round; no
		// other supplier is above the top by more than its own limits allow.
		lo, hi := 100*lows[top]/(lows[top]+high-highs[top]), 100*highs[top]/(highs[top]+low-lows[top])
		p.set(place, Arms, held{measure: measure{known: true, lo: min(lo, v), hi: max(hi, v)}, sources: shanyraq.SourcesOf(xs...), figure: func() (shanyraq.Figure, error) {
			iv := shanyraq.Interval{Lo: min(lo, v), Hi: max(hi, v), Kind: shanyraq.Bounds}
			return shanyraq.NewFigure(p.criterionPath(Arms, place), v, iv, "percent",
				shanyraq.Lineage{Method: MethodCriterion, Formula: fmt.Sprintf("100 × %.6g (%s) / %.6g = %.4g %%", from[top], top, total, v), Inputs: inputsOf(xs), Sources: shanyraq.SourcesOf(xs...),
					Assumptions: []shanyraq.Assumption{shanyraq.Assume("list_complete", shanyraq.EitherWay)}})
		}})
	}
}

// The subjects of claims of status.
const (
	saysYes = "middle power"
	saysNo  = "not a middle power"
)

func (p *powers) recognition(by map[shanyraq.CountryCode][]shanyraq.Claim) {
	if len(p.status) == 0 {
		return
	}
	sources := shanyraq.SourcesOf(p.status...)
	slices.Sort(sources)
	sample := shanyraq.Assume("power_sample", shanyraq.EitherWay)
	for place := range p.world(nil) {
		var yes, no []shanyraq.Claim
		for _, c := range by[place] {
			switch c.Subject {
			case saysYes:
				yes = append(yes, c)
			case saysNo:
				no = append(no, c)
			}
		}
		p.set(place, Named, p.counted(Named, place, len(yes), "records", fmt.Sprintf("n = %d", len(yes)), yes, sources, sample))
		p.set(place, NetNamed, p.counted(NetNamed, place, len(yes)-len(no), "records", fmt.Sprintf("%d − %d = %d", len(yes), len(no), len(yes)-len(no)), append(yes, no...), sources, sample))
	}
}

func (p *powers) marks(by claimsBy) {
	p.newest(by, incomeSeries, Income)
	p.newest(by, giniSeries, Inequality)
	for place, cs := range by[democracyID] {
		of := map[int]shanyraq.Claim{}
		for _, c := range cs {
			if y := c.When.Year(); ofCountry(c) && (of[y].ID == "" || cmp.Or(cmp.Compare(c.Strength, of[y].Strength), cmp.Compare(c.ID, of[y].ID)) < 0) {
				of[y] = c
			}
		}
		last := newest(cs, p.year, 2)
		if len(last) == 0 {
			continue
		}
		h := held{measure: measure{known: true}, sources: shanyraq.SourcesOf(last...)}
		for y := last[0].When.Year(); of[y].ID != ""; y-- {
			h.years = append(h.years, of[y].Value)
		}
		h.figure = of[last[0].When.Year()].Figure
		p.set(place, Democracy, h)
	}
}
