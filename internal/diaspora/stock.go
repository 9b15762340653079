package diaspora

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"shanyraq"
	"shanyraq/methods/pooling"
)

// The methods of figures made by pooling claims.
const (
	MethodPooled shanyraq.MethodKey = "pooled-stock" // one host, or all hosts, in one set
	MethodUnion  shanyraq.MethodKey = "union-bounds" // everybody in any of the sets
)

// A Set is one of the three audiences. They overlap: a person can be in one,
// two or all of them, so that sizes of sets are never added up.
type Set string

// The sets.
const (
	Ethnic   Set = "ethnic"   // who call themselves members of the home people, whatever their birthplace and passport
	Born     Set = "born"     // born in the home country's territory, whatever their ethnicity; the countable part of former compatriots
	Citizens Set = "citizens" // holders of the home passport
)

// Sets lists the sets in the order of every table.
func Sets() []Set { return []Set{Ethnic, Born, Citizens} }

// rule says which claims speak of a set, and how they relate to the definition
// its stocks are under.
type rule struct {
	set         Set
	definitions []pooling.Definition
}

// rules are the priors of definitions. The target comes first. Means and
// spreads of the others are logs of ratios: what is judged of them before any
// claim is read, and shown as such.
func rules() []rule {
	return []rule{
		{Ethnic, []pooling.Definition{
			{Name: "ethnicity", Target: true},
			{Name: "ethnicity_unstated", Mean: 0.2, Var: 0.09, Spread: 0.4},
		}},
		{Born, []pooling.Definition{
			{Name: "birthplace", Target: true},
			{Name: "migrant_stock", Mean: 0, Var: 0.01, Spread: 0.2},
			{Name: "origin", Mean: 0.2, Var: 0.04, Spread: 0.2},
		}},
		{Citizens, []pooling.Definition{{Name: "citizenship", Target: true}}},
	}
}

// classes are the priors of the kinds of statement, by strength: the standard
// deviation of a claim's own error and of what one voice repeats. They are
// those learnt, rounded, from the counts of people born in Kazakhstan that the
// United Nations collected ([pooling.Model.Learn]); for opinions, of which too
// few have a count beside them, they are judged. An undated claim may be of any
// time since independence, which its own error makes room for.
func classes() []pooling.Class {
	out := []pooling.Class{
		{Name: "measured", Tau: 0.2, Voice: 0.12},
		{Name: "official", Tau: 0.3, Voice: 0.2},
		{Name: "estimated", Tau: 0.5, Voice: 0.5},
		{Name: "opinion", Tau: 0.6, Voice: 0.4},
	}
	for _, c := range out[:4] {
		c.Name, c.Tau = c.Name+undated, math.Hypot(c.Tau, 0.4)
		out = append(out, c)
	}
	return out
}

// undated marks the class of a claim without a date.
const undated = "_undated"

// pastYears is how far back claims are read: those older say little of today
// and were made before the home country was one.
const pastYears = 35

// stockLevel is the level of every interval of a pooled stock.
const stockLevel = 0.95

func model(r rule, year int) pooling.Model {
	return pooling.Model{
		Definitions: r.definitions, Classes: classes(), Shared: true, Robust: 4,
		Mean: math.Log(2000), SD: 3, GrowthSD: 0.05, WalkSD: 0.08,
		Reference: float64(year), SourceSD: []float64{0.3},
	}
}

// Pooled is what the claims say together of a home country's people abroad.
type Pooled struct {
	Home shanyraq.CountryCode
	Year int
	Sets []*PooledSet // those somebody counts, in the order of [Sets]
	// Hosts are all that any set has, by the least number there can be.
	Hosts []PooledHost
}

// A PooledSet is one set over all hosts.
type PooledSet struct {
	Set    Set
	Total  shanyraq.Figure // persons, over the hosts with claims and room for the others
	Hosts  int             // with a usable claim
	Silent int             // countries nobody speaks of
	Zeros  int             // claims of nobody, which cannot be pooled and are left out
	Model  pooling.Model
	bySet  map[shanyraq.CountryCode]shanyraq.Figure
	claims []shanyraq.Claim // as pooled
	quotes []pooling.Quotation
	quoted []shanyraq.Claim // those that repeat one of claims
	post   *pooling.Posterior
	once   sync.Once
	gone   []pooling.Change // what each claim does; filled by once
}

// A PooledHost is one country's sizes in every set, and the limits of everybody
// in any of them.
type PooledHost struct {
	Place shanyraq.CountryCode
	Sizes map[Set]shanyraq.Figure
	Union shanyraq.Figure
}

// A Part is a claim's part in a host's pooled size.
type Part struct {
	Claim   shanyraq.Claim
	Gain    float64          // by how much the log of the size moves with the log of the claim
	Weight  float64          // 1, or less where the claim does not fit the others
	Without float64          // the size without it; 0 if nothing else speaks of the host
	Quotes  shanyraq.ClaimID // of a claim that repeats another: which
}

// Pool returns the pooled sizes of home's people abroad in the year, and in
// the newest year somebody speaks of for 0.
func (r *Room) Pool(ctx context.Context, home shanyraq.CountryCode, year int) (*Pooled, error) {
	const op = "diaspora.Pool"
	r.mu.Lock()
	defer r.mu.Unlock()
	key := fmt.Sprintf("%s/%d", home, year)
	if p, ok := r.pools[key]; ok {
		return p, nil
	}
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{PeopleFrom}, Partners: []shanyraq.CountryCode{home}})
	if err != nil {
		return nil, shanyraq.Errorf(op, shanyraq.Other, "%s: %w", home, err)
	}
	p, err := pool(ctx, home, year, cs)
	if err != nil {
		return nil, shanyraq.Errorf(op, shanyraq.KindOf(err), "%s %d: %w", home, year, err)
	}
	if len(r.pools) > 40 {
		clear(r.pools)
	}
	r.pools[key] = p
	return p, nil
}

// usable reports whether a claim speaks of people in one whole country abroad.
func usable(c shanyraq.Claim, home shanyraq.CountryCode) bool {
	return c.Area == "" && c.Place != home && c.Place != shanyraq.World && c.Place != shanyraq.EuropeanUnion
}

func pool(ctx context.Context, home shanyraq.CountryCode, year int, cs []shanyraq.Claim) (*Pooled, error) {
	p := &Pooled{Home: home, Year: year}
	if year == 0 {
		for _, c := range cs {
			if usable(c, home) {
				p.Year = max(p.Year, c.When.Year())
			}
		}
	}
	sizes := map[shanyraq.CountryCode]map[Set]shanyraq.Figure{}
	for _, r := range rules() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s, err := p.set(r, cs)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.set, err)
		}
		if s == nil {
			continue
		}
		p.Sets = append(p.Sets, s)
		for place, f := range s.bySet {
			if sizes[place] == nil {
				sizes[place] = map[Set]shanyraq.Figure{}
			}
			sizes[place][r.set] = f
		}
	}
	for _, s := range p.Sets {
		s.Silent = len(sizes) - s.Hosts
		var err error
		if s.Total, err = p.total(s); err != nil {
			return nil, fmt.Errorf("all hosts, %s: %w", s.Set, err)
		}
	}
	for place, by := range sizes {
		h := PooledHost{Place: place, Sizes: by}
		var err error
		if h.Union, err = p.union(place, by); err != nil {
			return nil, fmt.Errorf("%s: %w", place, err)
		}
		p.Hosts = append(p.Hosts, h)
	}
	slices.SortFunc(p.Hosts, func(a, b PooledHost) int {
		if x, y := a.Union.Value(), b.Union.Value(); x != y {
			if x > y {
				return -1
			}
			return 1
		}
		return strings.Compare(string(a.Place), string(b.Place))
	})
	return p, nil
}

// voiceOf names who errs together: the page a claim was read on, else who says
// it, else its source.
func voiceOf(c shanyraq.Claim) string {
	switch {
	case c.Address != "":
		if u, err := url.Parse(c.Address); err == nil {
			return u.Host + u.Path
		}
		return c.Address
	case c.Who != "":
		return c.Who
	}
	return string(c.Source)
}

// when returns the middle of the claim's period as a year, and false if it has
// no date.
func when(c shanyraq.Claim) (float64, bool) {
	y := c.When.Year()
	if y == 0 {
		return 0, false
	}
	s := string(c.When)
	if _, to, ok := strings.Cut(s, ".."); ok && to != "" {
		s = to
	}
	v := float64(y)
	if len(s) >= 7 {
		if m, err := strconv.Atoi(s[5:7]); err == nil {
			return v + (float64(m)-0.5)/12, true
		}
	}
	return v + 0.5, true
}

// set pools the claims of one set, or returns nil if there are none.
func (p *Pooled) set(r rule, cs []shanyraq.Claim) (*PooledSet, error) {
	s := &PooledSet{Set: r.set, Model: model(r, p.Year), bySet: map[shanyraq.CountryCode]shanyraq.Figure{}}
	type estimate struct {
		source shanyraq.SourceID
		place  shanyraq.CountryCode
	}
	newest := map[estimate]int{} // of a model's yearly output only the newest is a claim of its own
	for _, c := range cs {
		if c.Definition == "migrant_stock" && c.When.Year() <= p.Year {
			k := estimate{c.Source, c.Place}
			newest[k] = max(newest[k], c.When.Year())
		}
	}
	var used []shanyraq.Claim
	for _, c := range cs {
		at := slices.IndexFunc(r.definitions, func(d pooling.Definition) bool { return shanyraq.DefinitionID(d.Name) == c.Definition })
		y := c.When.Year()
		switch {
		case at < 0 || !usable(c, p.Home) || y != 0 && (y > p.Year || y < p.Year-pastYears):
			continue
		case c.Definition == "migrant_stock" && y != newest[estimate{c.Source, c.Place}]:
			continue
		case !(c.Value > 0):
			s.Zeros++
			continue
		}
		used = append(used, c)
	}
	if len(used) == 0 {
		return nil, nil
	}
	slices.SortStableFunc(used, func(a, b shanyraq.Claim) int { // the closest to the count first
		if a.Strength != b.Strength {
			return int(a.Strength) - int(b.Strength)
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	all := make([]pooling.Figure, len(used))
	for i, c := range used {
		f := pooling.Figure{Host: string(c.Place), Definition: string(c.Definition), Class: c.Strength.String(), Source: voiceOf(c), Value: c.Value}
		if iv := c.Range(); iv.Hi > iv.Lo {
			f.Step = iv.Hi - iv.Lo
			if c.Stated != nil { // a range from lowest to highest is a claim of its middle
				f.Value = math.Sqrt(math.Max(iv.Lo, 1) * math.Max(iv.Hi, 1))
			}
		}
		if y, ok := when(c); ok {
			f.Year = y
		}
		all[i] = f
	}
	origins, quotations := pooling.Origins(all)
	var figures []pooling.Figure
	place := map[int]int{}
	for _, i := range origins {
		f := all[i]
		if f.Year == 0 {
			f.Year, f.Class = float64(p.Year), f.Class+undated
		}
		place[i] = len(figures)
		figures = append(figures, f)
		s.claims = append(s.claims, used[i])
	}
	for _, q := range quotations {
		s.quotes = append(s.quotes, pooling.Quotation{Figure: len(s.quoted), Origin: place[q.Origin]})
		s.quoted = append(s.quoted, used[q.Figure])
	}
	var err error
	if s.post, err = s.Model.Pool(figures); err != nil {
		return nil, err
	}
	for c, host := range s.post.Hosts {
		f, err := p.size(s, c)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", host, err)
		}
		s.bySet[shanyraq.CountryCode(host)] = f
	}
	s.Hosts = len(s.post.Hosts)
	return s, nil
}

// size makes the figure of host c of the set.
func (p *Pooled) size(s *PooledSet, c int) (shanyraq.Figure, error) {
	st := s.post.Stock(c)
	place := shanyraq.CountryCode(st.Host)
	gain := s.post.Gain(c)
	l := shanyraq.Lineage{Method: MethodPooled, Assumptions: []shanyraq.Assumption{
		shanyraq.Assume("pool_quotations", shanyraq.TooNarrow),
		shanyraq.Assume("pool_priors", shanyraq.EitherWay),
		shanyraq.Assume("pool_missed_by_all", shanyraq.TooLow),
	}}
	var own []int
	for i, claim := range s.claims {
		if claim.Place == place {
			own = append(own, i)
		}
	}
	slices.SortStableFunc(own, func(a, b int) int {
		if x, y := math.Abs(gain[a]), math.Abs(gain[b]); x != y {
			if x > y {
				return -1
			}
			return 1
		}
		return 0
	})
	var claims []shanyraq.Claim
	terms := make([]string, 0, 4)
	rest := 0.0
	for n, i := range own {
		claims = append(claims, s.claims[i])
		if n < 12 {
			l.Inputs = append(l.Inputs, shanyraq.InputOf("x"+strconv.Itoa(n+1), s.claims[i]))
		}
		if n < 4 {
			terms = append(terms, fmt.Sprintf("%.2f ln x%d", gain[i], n+1))
		} else {
			rest += gain[i]
		}
	}
	if len(own) > 4 {
		terms = append(terms, fmt.Sprintf("%.2f over %d more", rest, len(own)-4))
	}
	l.Sources = shanyraq.SourcesOf(claims...)
	l.Formula = fmt.Sprintf("ln N = %s + c,  N = %.0f", strings.Join(terms, " + "), st.Median)
	return shanyraq.NewFigure(pooledPath(p.Home, place, s.Set, p.Year), st.Median,
		shanyraq.Interval{Lo: st.Quantile((1 - stockLevel) / 2), Hi: st.Quantile((1 + stockLevel) / 2), Level: stockLevel, Kind: shanyraq.Credible}, "persons", l)
}

func pooledPath(home, host shanyraq.CountryCode, set Set, year int) string {
	return fmt.Sprintf("diaspora/%s/%s/pooled-%s/%d", home, host, set, year)
}

// total makes the figure of all hosts of the set: those with a claim, whose
// errors are partly shared, and room for the hosts that other sets have and
// nobody counted under this one.
func (p *Pooled) total(s *PooledSet) (shanyraq.Figure, error) {
	t := s.post.Total(nil)
	var medians []float64
	var inputs []shanyraq.Input
	var sources []shanyraq.SourceID
	for c := range s.post.Hosts {
		medians = append(medians, s.post.Stock(c).Median)
	}
	order := make([]int, len(medians))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if medians[a] > medians[b] {
			return -1
		}
		if medians[a] < medians[b] {
			return 1
		}
		return 0
	})
	for n, c := range order {
		place := shanyraq.CountryCode(s.post.Hosts[c])
		f := s.bySet[place]
		for _, id := range f.Lineage().Sources {
			if !slices.Contains(sources, id) {
				sources = append(sources, id)
			}
		}
		if n < 12 {
			inputs = append(inputs, shanyraq.Input{Symbol: string(place), Path: f.Path(), Place: place, When: shanyraq.YearPeriod(p.Year), Value: f.Value(), Unit: "persons"})
		}
	}
	slices.Sort(medians)
	small := medians[(len(medians)-1)/4]
	room := float64(s.Silent) * small
	t = t.Plus(room/2, room*room/12)
	l := shanyraq.Lineage{Method: MethodPooled, Sources: sources, Inputs: inputs, Assumptions: []shanyraq.Assumption{
		shanyraq.Assume("pool_quotations", shanyraq.TooNarrow),
		shanyraq.Assume("pool_priors", shanyraq.EitherWay),
		shanyraq.Assume("pool_missed_by_all", shanyraq.TooLow),
		shanyraq.Assume("pool_silent", shanyraq.EitherWay),
	}}
	l.Formula = fmt.Sprintf("N = sum over %d hosts + [0, %d × %.0f],  median %.0f", len(medians), s.Silent, small, t.Median)
	return shanyraq.NewFigure(pooledPath(p.Home, shanyraq.World, s.Set, p.Year), t.Median,
		shanyraq.Interval{Lo: t.Quantile((1 - stockLevel) / 2), Hi: t.Quantile((1 + stockLevel) / 2), Level: stockLevel, Kind: shanyraq.Credible}, "persons", l)
}

// union makes the figure of everybody in any of the sets: at least the largest
// set, at most all sets with nobody in two. The value is the largest set's; the
// limits are those of the sets' own intervals.
func (p *Pooled) union(place shanyraq.CountryCode, sizes map[Set]shanyraq.Figure) (shanyraq.Figure, error) {
	var value, lo, hi float64
	l := shanyraq.Lineage{Method: MethodUnion, Assumptions: []shanyraq.Assumption{
		shanyraq.Assume("union_sets_counted", shanyraq.TooLow),
		shanyraq.Assume("union_overlap_unknown", shanyraq.TooLow),
	}}
	var names []string
	for _, set := range Sets() {
		f, ok := sizes[set]
		if !ok {
			continue
		}
		iv := f.Interval()
		value, lo, hi = max(value, f.Value()), max(lo, iv.Lo), hi+iv.Hi
		l.Inputs = append(l.Inputs, shanyraq.Input{Symbol: string(set), Path: f.Path(), Place: place, When: shanyraq.YearPeriod(p.Year), Value: f.Value(), Unit: "persons"})
		for _, id := range f.Lineage().Sources {
			if !slices.Contains(l.Sources, id) {
				l.Sources = append(l.Sources, id)
			}
		}
		names = append(names, string(set))
	}
	l.Formula = fmt.Sprintf("max(%s) … sum of upper ends = %.0f … %.0f", strings.Join(names, ", "), lo, hi)
	return shanyraq.NewFigure(unionPath(p.Home, place, p.Year), value, shanyraq.Interval{Lo: lo, Hi: hi, Kind: shanyraq.Bounds}, "persons", l)
}

func unionPath(home, host shanyraq.CountryCode, year int) string {
	return fmt.Sprintf("diaspora/%s/%s/union/%d", home, host, year)
}

// Of returns the set, and false if nobody counts it.
func (p *Pooled) Of(set Set) (*PooledSet, bool) {
	for _, s := range p.Sets {
		if s.Set == set {
			return s, true
		}
	}
	return nil, false
}

// Parts returns the claims about the host in the set, by how much they move
// its size, and those that only repeat one of them.
func (s *PooledSet) Parts(host shanyraq.CountryCode) []Part {
	c := slices.Index(s.post.Hosts, string(host))
	if c < 0 {
		return nil
	}
	s.once.Do(func() { s.gone = s.post.Without() })
	gain := s.post.Gain(c)
	var out []Part
	for i, claim := range s.claims {
		if claim.Place == host {
			out = append(out, Part{Claim: claim, Gain: gain[i], Weight: s.post.Weights[i], Without: s.gone[i].Host.Median})
		}
	}
	slices.SortStableFunc(out, func(a, b Part) int {
		if x, y := math.Abs(a.Gain), math.Abs(b.Gain); x != y {
			if x > y {
				return -1
			}
			return 1
		}
		return 0
	})
	for _, q := range s.quotes {
		if c := s.quoted[q.Figure]; c.Place == host {
			out = append(out, Part{Claim: c, Weight: 0, Quotes: s.claims[q.Origin].ID})
		}
	}
	return out
}

// Figures returns every figure of the pooling: totals, then hosts.
func (p *Pooled) Figures() []shanyraq.Figure {
	var out []shanyraq.Figure
	for _, s := range p.Sets {
		out = append(out, s.Total)
	}
	for _, h := range p.Hosts {
		for _, set := range Sets() {
			if f, ok := h.Sizes[set]; ok {
				out = append(out, f)
			}
		}
		out = append(out, h.Union)
	}
	return out
}

// figure returns the figure at path, or a NotFound error.
func (p *Pooled) figure(path string) (shanyraq.Figure, error) {
	for _, f := range p.Figures() {
		if f.Path() == path {
			return f, nil
		}
	}
	return shanyraq.Figure{}, shanyraq.Errorf("diaspora.Figure", shanyraq.NotFound, "no figure %s", path)
}
