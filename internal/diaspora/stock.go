package diaspora

import (
	"cmp"
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

// pastYears is how far back claims are read: those older say little of today
// and were made before the home country was one.
const pastYears = 35

// staleYears is how old the newest claim about a host may be for its size still to
// stand among the hosts of today. What is older is carried a long way, and looks
// like a host where nobody has looked since.
const staleYears = 15

// horizon is how many years past the newest claim a size is projected.
const horizon = 30

// stockLevel is the level of every interval of a pooled stock.
const stockLevel = 0.95

// Pooled is what the claims say together of a home country's people abroad.
type Pooled struct {
	Home   shanyraq.CountryCode
	Year   int
	Newest int // the newest year somebody speaks of; a later Year is a projection
	Priors Priors
	// Sets are those somebody counts, in the order of [Sets].
	Sets []*PooledSet
	// Hosts are all that any set has, the largest first.
	Hosts []PooledHost
	// Union is everybody in any of the sets, over all hosts.
	Union shanyraq.Figure
	// Both is how many are in two sets, over all hosts.
	Both map[Pair]Overlap
	// Unknown are the countries nobody speaks of under any set.
	Unknown []shanyraq.CountryCode
}

// A PooledSet is one set over all hosts. It is safe for use by several
// goroutines.
type PooledSet struct {
	*heard
	Home   shanyraq.CountryCode
	Year   int
	Priors Priors
	Total  shanyraq.Figure // persons, over the hosts with claims and room for the others
	Hosts  int             // with a usable claim of the last fifteen years, or an undated one
	Old    int             // with older claims only
	Model  pooling.Model

	sizes map[shanyraq.CountryCode]shanyraq.Figure
	post  *pooling.Posterior
	tried sync.Once
	gone  []pooling.Change // what each claim does; filled by tried
}

// heard is what claims say of one set, before it is pooled.
type heard struct {
	Set     Set
	Claimed int // claims pooled
	Copies  int // claims that only repeat one of them
	Zeros   int // claims of nobody, which cannot be pooled and are left out
	Silent  int // countries that another set has and this one nobody counted in
	Unheard int // countries nobody speaks of at all

	claims  []shanyraq.Claim // as pooled
	figures []pooling.Figure // the same for the model
	quotes  []pooling.Quotation
	quoted  []shanyraq.Claim                     // those that repeat one of claims
	counted map[shanyraq.ClaimID]shanyraq.Figure // persons, of the claims that are shares of a population
	back    *returned                            // who came back; nil where nobody is counted
	typical map[string]float64                   // persons, by host
	newest  int                                  // year of the newest claim about home, of any set
	wide    widening                             // of ranges, by other homes' hidden counts
	stale   map[shanyraq.CountryCode]int         // year of the newest claim, of hosts where it is old

	once   sync.Once
	base   *pooling.Posterior // under the default priors; filled by once
	failed error
}

// posterior pools the claims. Under other priors it sets out from the result
// under the default ones.
func (h *heard) posterior(year int, priors Priors) (*pooling.Posterior, error) {
	h.once.Do(func() { h.base, h.failed = Priors(nil).model(h.Set, year).Pool(h.figures) })
	if p := priors.only(h.Set); h.failed == nil && len(p) > 0 {
		return h.base.Under(p.model(h.Set, year))
	}
	return h.base, h.failed
}

// A PooledHost is one country's sizes in every set, and the limits of everybody
// in any of those counted lately.
type PooledHost struct {
	Place shanyraq.CountryCode
	Sizes map[Set]shanyraq.Figure
	Union shanyraq.Figure  // without sets that are old there; zero if all are
	Both  map[Pair]Overlap // how many are in two sets, of the pairs both of whose sets are in the union
}

// hearing is what all claims about home say up to a year.
type hearing struct {
	year, newest int
	sets         []*heard
	hosts        []shanyraq.CountryCode // that any set has
	unknown      []shanyraq.CountryCode
	shares       map[shanyraq.CountryCode]shares // what is known of overlaps
}

// Pool returns the pooled sizes of home's people abroad in the year, and in
// the newest year somebody speaks of for 0. A later year is a projection. It
// returns an Invalid error for a year more than 30 past the newest claim.
func (r *Room) Pool(ctx context.Context, home shanyraq.CountryCode, year int, priors Priors) (*Pooled, error) {
	const op = "diaspora.Pool"
	if err := r.prepare(ctx, home); err != nil {
		return nil, shanyraq.Errorf(op, shanyraq.KindOf(err), "%s: %w", home, err)
	}
	r.pooling.Lock()
	defer r.pooling.Unlock()
	key := fmt.Sprintf("%s/%d/%s", home, year, priors)
	if p, ok := r.pools[key]; ok {
		return p, nil
	}
	h, err := r.hear(ctx, home, year)
	if err != nil {
		return nil, err
	}
	p, err := r.pool(ctx, home, h, priors)
	if err != nil {
		return nil, shanyraq.Errorf(op, shanyraq.KindOf(err), "%s %d: %w", home, year, err)
	}
	if len(r.pools) > 60 {
		clear(r.pools)
	}
	r.pools[key] = p
	return p, nil
}

// usable reports whether a claim speaks of people in one whole country abroad.
func usable(c shanyraq.Claim, home shanyraq.CountryCode) bool {
	return c.Area == "" && c.Place != home && c.Place != shanyraq.World && c.Place != shanyraq.EuropeanUnion
}

// hear sorts the claims about home's people by set. The caller holds the lock
// of pooling.
func (r *Room) hear(ctx context.Context, home shanyraq.CountryCode, year int) (*hearing, error) {
	const op = "diaspora.Pool"
	key := fmt.Sprintf("%s/%d", home, year)
	if h, ok := r.hearings[key]; ok {
		return h, nil
	}
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{PeopleFrom}, Partners: []shanyraq.CountryCode{home}})
	if err != nil {
		return nil, shanyraq.Errorf(op, shanyraq.Other, "%s: %w", home, err)
	}
	places, err := r.ev.Places(ctx)
	if err != nil {
		return nil, shanyraq.Errorf(op, shanyraq.Other, "%s: %w", home, err)
	}
	h := &hearing{year: year}
	for _, c := range cs {
		if usable(c, home) {
			h.newest = max(h.newest, c.When.Year())
		}
	}
	if year == 0 {
		h.year = h.newest
	}
	if h.year > h.newest+horizon {
		return nil, shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: "diaspora.error.horizon", Args: map[string]any{"Year": h.year, "Last": h.newest + horizon}}, "%d is more than %d years past the newest claim", h.year, horizon)
	}
	back, err := r.returns(ctx, home)
	if err != nil {
		return nil, err
	}
	if h.shares, err = r.sharesOf(ctx, home); err != nil {
		return nil, shanyraq.Errorf(op, shanyraq.Other, "%s: %w", home, err)
	}
	shares, err := r.countedShares(ctx, home, min(h.year, h.newest))
	if err != nil {
		return nil, shanyraq.Errorf(op, shanyraq.Other, "%s: %w", home, err)
	}
	for _, set := range Sets() {
		s, err := listen(set, home, h, cs, shares)
		if err != nil {
			return nil, shanyraq.Errorf(op, shanyraq.Other, "%s: %w", home, err)
		}
		if s != nil {
			s.newest = h.newest
			s.wide = r.wider[home]
			s.carry(back, h.year)
			h.sets = append(h.sets, s)
			for _, f := range s.figures {
				h.hosts = append(h.hosts, shanyraq.CountryCode(f.Host))
			}
		}
	}
	slices.Sort(h.hosts)
	h.hosts = slices.Compact(h.hosts)
	for _, p := range places {
		if p.Exists() && p.Code != home && !slices.Contains(h.hosts, p.Code) {
			h.unknown = append(h.unknown, p.Code)
		}
	}
	for _, s := range h.sets {
		s.Silent, s.Unheard = len(h.hosts)-s.hosts(), len(h.unknown)
	}
	if len(r.hearings) > 60 {
		clear(r.hearings)
	}
	r.hearings[key] = h
	return h, nil
}

// hosts returns how many hosts the set's claims speak of.
func (s *heard) hosts() int {
	seen := map[string]bool{}
	for _, f := range s.figures {
		seen[f.Host] = true
	}
	return len(seen)
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

// listen returns what the claims say of a set, and nil if nothing. Of the set by
// ethnicity the shares of hosts' populations speak too.
func listen(set Set, home shanyraq.CountryCode, h *hearing, cs []shanyraq.Claim, shares []countedShare) (*heard, error) {
	s := &heard{Set: set, counted: map[shanyraq.ClaimID]shanyraq.Figure{}, stale: map[shanyraq.CountryCode]int{}}
	if set == Ethnic {
		for _, x := range shares {
			f, err := x.persons(home, h.year)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", x.share.ID, err)
			}
			s.counted[x.share.ID] = f
			cs = append(cs[:len(cs):len(cs)], x.share)
		}
	}
	now := min(h.year, h.newest) // what is projected is heard of up to the newest claim
	type estimate struct {
		source shanyraq.SourceID
		place  shanyraq.CountryCode
	}
	newest := map[estimate]int{} // of a model's yearly output only the newest is a claim of its own
	for _, c := range cs {
		if c.Definition == "migrant_stock" && c.When.Year() <= now {
			k := estimate{c.Source, c.Place}
			newest[k] = max(newest[k], c.When.Year())
		}
	}
	var used []shanyraq.Claim
	for _, c := range cs {
		y := c.When.Year()
		switch {
		case !slices.Contains(definitionsOf(set), c.Definition) || !usable(c, home) || y != 0 && (y > now || y < now-pastYears):
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
	closestFirst(used)
	all := make([]pooling.Figure, len(used))
	for i, c := range used {
		f := pooling.Figure{Host: string(c.Place), Definition: string(c.Definition), Class: c.Strength.String(), Source: voiceOf(c), Doubted: contradicted(c)}
		f.Value, f.Step = personsOf(c, s.counted)
		f.Origin, _ = edition(c)
		if y, ok := when(c); ok {
			f.Year = y
		}
		all[i] = f
	}
	// The same number of one host and year is one claim, whichever definition it
	// is quoted under.
	plain := slices.Clone(all)
	for i := range plain {
		plain[i].Definition = ""
	}
	origins, quotations := pooling.Origins(plain)
	place := map[int]int{}
	for _, i := range origins {
		f := all[i]
		if f.Year == 0 {
			f.Year, f.Class = float64(now), f.Class+undated
		}
		place[i] = len(s.figures)
		s.figures = append(s.figures, f)
		s.claims = append(s.claims, used[i])
	}
	for _, q := range quotations {
		s.quotes = append(s.quotes, pooling.Quotation{Figure: len(s.quoted), Origin: place[q.Origin]})
		s.quoted = append(s.quoted, used[q.Figure])
	}
	s.Claimed, s.Copies = len(s.claims), len(s.quoted)
	last := map[shanyraq.CountryCode]int{} // year of the newest claim; now for one without a date
	for _, c := range slices.Concat(s.claims, s.quoted) {
		y := c.When.Year()
		if y == 0 {
			y = now
		}
		last[c.Place] = max(last[c.Place], y)
	}
	for place, y := range last {
		if y < now-staleYears {
			s.stale[place] = y
		}
	}
	return s, nil
}

// pool makes the sizes of every set.
func (r *Room) pool(ctx context.Context, home shanyraq.CountryCode, h *hearing, priors Priors) (*Pooled, error) {
	p := &Pooled{Home: home, Year: h.year, Newest: h.newest, Priors: priors, Unknown: h.unknown}
	sizes := map[shanyraq.CountryCode]map[Set]shanyraq.Figure{}
	for _, place := range h.hosts {
		sizes[place] = map[Set]shanyraq.Figure{}
	}
	totals := map[Set]shanyraq.Figure{}
	for _, heard := range h.sets {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s, err := pooled(home, h.year, heard, priors)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", heard.Set, err)
		}
		p.Sets = append(p.Sets, s)
		totals[s.Set] = s.Total
		for place, f := range s.sizes {
			sizes[place][s.Set] = f
		}
	}
	for place, by := range sizes {
		fresh := map[Set]shanyraq.Figure{} // what is old is of no host's today
		for _, s := range p.Sets {
			if _, old := s.Stale(place); !old && !by[s.Set].IsZero() {
				fresh[s.Set] = by[s.Set]
			}
		}
		u, both, err := p.together(place, fresh, len(fresh) < len(by), h.shares[place])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", place, err)
		}
		p.Hosts = append(p.Hosts, PooledHost{Place: place, Sizes: by, Union: u, Both: both})
	}
	if len(totals) > 0 {
		var err error
		if p.Union, p.Both, err = p.together(shanyraq.World, totals, false, h.shares[shanyraq.World]); err != nil {
			return nil, fmt.Errorf("all hosts: %w", err)
		}
	}
	slices.SortFunc(p.Hosts, func(a, b PooledHost) int {
		return cmp.Or(cmp.Compare(b.largest(), a.largest()), cmp.Compare(a.Place, b.Place))
	})
	return p, nil
}

// pooled pools one set.
func pooled(home shanyraq.CountryCode, year int, h *heard, priors Priors) (*PooledSet, error) {
	s, err := together(home, year, h, priors)
	if err != nil {
		return nil, err
	}
	for c, host := range s.post.Hosts {
		f, err := s.size(c)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", host, err)
		}
		s.sizes[shanyraq.CountryCode(host)] = f
	}
	return s, nil
}

// together pools one set as far as its total.
func together(home shanyraq.CountryCode, year int, h *heard, priors Priors) (*PooledSet, error) {
	s := &PooledSet{heard: h, Home: home, Year: year, Priors: priors, Model: priors.only(h.Set).model(h.Set, year), sizes: map[shanyraq.CountryCode]shanyraq.Figure{}}
	var err error
	if s.post, err = h.posterior(year, priors); err != nil {
		return nil, err
	}
	s.Old = len(s.stale)
	s.Hosts = len(s.post.Hosts) - s.Old
	if s.Total, err = s.total(); err != nil {
		return nil, fmt.Errorf("all hosts: %w", err)
	}
	return s, nil
}

// assumptions are those of every pooled size.
func assumptions(more ...shanyraq.Assumption) []shanyraq.Assumption {
	return append([]shanyraq.Assumption{
		shanyraq.Assume("pool_quotations", shanyraq.TooNarrow),
		shanyraq.Assume("pool_priors", shanyraq.EitherWay),
		shanyraq.Assume("pool_missed_by_all", shanyraq.TooLow),
		shanyraq.Assume("pool_steady", shanyraq.EitherWay),
	}, more...)
}

// interval returns the interval of a pooled stock at the level of all of them.
// Where too few counts of a home can be hidden to see how its ranges do, it is
// widened about the median, on the log scale, by what the counts of other homes
// ask for.
func (h *heard) interval(st pooling.Stock) shanyraq.Interval {
	iv := shanyraq.Interval{Lo: st.Quantile((1 - stockLevel) / 2), Hi: st.Quantile((1 + stockLevel) / 2), Level: stockLevel, Kind: shanyraq.Credible}
	if h.wide.factor > 1 {
		lo, hi := math.Log(st.Median/iv.Lo), math.Log(iv.Hi/st.Median)
		iv.Lo, iv.Hi = st.Median/math.Exp(h.wide.of(lo)), st.Median*math.Exp(h.wide.of(hi))
	}
	return iv
}

// widened says in a formula, and as an assumption, that ranges are widened.
func (h *heard) widened(l *shanyraq.Lineage) {
	if h.wide.factor > 1 {
		l.Formula += fmt.Sprintf("\nrange widened on the log scale by hidden counts of other homes: %.2f times, less if it is wide already", h.wide.factor)
		l.Assumptions = append(l.Assumptions, shanyraq.Assume("homes_alike", shanyraq.EitherWay))
	}
}

// byGain returns the places of the host's claims, those that move its size most
// first.
func (s *PooledSet) byGain(place shanyraq.CountryCode, gain []float64) []int {
	var own []int
	for i, claim := range s.claims {
		if claim.Place == place {
			own = append(own, i)
		}
	}
	slices.SortStableFunc(own, func(a, b int) int { return cmp.Compare(math.Abs(gain[b]), math.Abs(gain[a])) })
	return own
}

// size makes the figure of host c of the set.
func (s *PooledSet) size(c int) (shanyraq.Figure, error) {
	st := s.post.Stock(c)
	place := shanyraq.CountryCode(st.Host)
	gain := s.post.Gain(c)
	l := shanyraq.Lineage{Method: MethodPooled, Assumptions: assumptions()}
	own := s.byGain(place, gain)
	var claims []shanyraq.Claim
	var terms []string
	more, rest := 0.0, math.Log(st.Median) // what further claims add, and all that is not of the host's own claims
	for n, i := range own {
		claims = append(claims, s.claims[i])
		if n < 12 {
			l.Inputs = append(l.Inputs, s.input("x"+strconv.Itoa(n+1), i))
		}
		part := gain[i] * math.Log(s.figures[i].Value)
		if rest -= part; n < 4 {
			terms = append(terms, fmt.Sprintf("%.3f ln x%d", gain[i], n+1))
		} else {
			more += part
		}
	}
	if len(own) > 4 {
		terms = append(terms, fmt.Sprintf("%.3f from %d more", more, len(own)-4))
	}
	l.Sources = shanyraq.SourcesOf(claims...)
	terms = append(terms, fmt.Sprintf("%.3f from other hosts and priors", rest))
	l.Formula = strings.ReplaceAll(fmt.Sprintf("ln N = %s = %.3f\nN = %.0f", strings.Join(terms, " + "), math.Log(st.Median), st.Median), "+ -", "− ")
	s.widened(&l)
	return shanyraq.NewFigure(pooledPath(s.Home, place, s.Set, s.Year, s.Priors), st.Median, s.interval(st), "persons", l)
}

func pooledPath(home, host shanyraq.CountryCode, set Set, year int, p Priors) string {
	return withPriors(fmt.Sprintf("diaspora/%s/%s/pooled-%s/%d", home, host, set, year), p)
}

func withPriors(path string, p Priors) string {
	if s := p.String(); s != "" {
		path += "/" + s
	}
	return path
}

// total makes the figure of all hosts of the set: those with a claim, whose
// errors are partly shared, and room for the others. A country that another set
// has and nobody counted under this one may have from nobody to what the
// smaller quarter of the hosts known have; one nobody speaks of at all, up to
// what the smallest has.
func (s *PooledSet) total() (shanyraq.Figure, error) {
	t := s.post.Total(nil)
	medians := make([]float64, len(s.post.Hosts))
	order := make([]int, len(medians))
	for c := range medians {
		medians[c], order[c] = s.post.Stock(c).Median, c
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(medians[b], medians[a]) })
	l := shanyraq.Lineage{Method: MethodPooled, Sources: shanyraq.SourcesOf(s.claims...), Assumptions: assumptions(shanyraq.Assume("pool_silent", shanyraq.EitherWay))}
	for _, c := range order[:min(12, len(order))] {
		place := shanyraq.CountryCode(s.post.Hosts[c])
		l.Inputs = append(l.Inputs, shanyraq.Input{Symbol: string(place), Path: pooledPath(s.Home, place, s.Set, s.Year, s.Priors), Place: place, When: shanyraq.YearPeriod(s.Year), Value: medians[c], Unit: "persons"})
	}
	slices.Sort(medians)
	for _, x := range []struct {
		n    int
		size float64
	}{{s.Silent, medians[(len(medians)-1)/4]}, {s.Unheard, medians[0]}} {
		room := float64(x.n) * x.size
		t = t.Plus(room/2, room*room/12)
	}
	l.Formula = fmt.Sprintf("N = sum over %d hosts + [0, %d × %.0f] + [0, %d × %.0f],  median %.0f", len(medians), s.Silent, medians[(len(medians)-1)/4], s.Unheard, medians[0], t.Median)
	s.widened(&l)
	return shanyraq.NewFigure(pooledPath(s.Home, shanyraq.World, s.Set, s.Year, s.Priors), t.Median, s.interval(t), "persons", l)
}

// together makes the figures of everybody in any of the sets and in two of them.
//
// With the limits of each pair from [shares.both], those of the union are
//
//	lo = max over pairs of a_lo + b_lo − (hi of both at the lower ends)
//	hi = sum of upper ends − lo of born and citizens − max( lo of the other pairs )
//
// The first is of two sets alone, and holds since everybody in them is in the
// union; the second since those in all three are no more than those in either
// pair. With nothing known of overlaps they are the largest set's lower end and
// the sum with nobody in two. Where between them the union lies nothing says. Of
// no sets there is no union; old says that some are left out as too old.
func (p *Pooled) together(place shanyraq.CountryCode, sizes map[Set]shanyraq.Figure, old bool, known shares) (union shanyraq.Figure, both map[Pair]Overlap, err error) {
	if len(sizes) == 0 {
		return union, nil, nil
	}
	var lo, hi float64
	l := shanyraq.Lineage{Method: MethodUnion, Assumptions: []shanyraq.Assumption{
		shanyraq.Assume("union_sets_counted", shanyraq.TooLow),
		shanyraq.Assume("limits_only", shanyraq.EitherWay),
	}}
	if old {
		l.Assumptions = append(l.Assumptions, shanyraq.Assume("union_sets_old", shanyraq.TooLow))
	}
	var names []string
	for _, set := range Sets() {
		f, ok := sizes[set]
		if !ok {
			continue
		}
		iv := f.Interval()
		lo, hi = max(lo, iv.Lo), hi+iv.Hi
		l.Inputs = append(l.Inputs, shanyraq.Input{Symbol: string(set), Path: f.Path(), Place: place, When: shanyraq.YearPeriod(p.Year), Value: f.Value(), Unit: "persons"})
		l.Sources = append(l.Sources, f.Lineage().Sources...)
		names = append(names, string(set))
	}
	both = map[Pair]Overlap{}
	var once, most float64 // in two sets at least: born citizens, and the larger of the others
	by := ""
	var narrows shanyraq.Input // the overlap that says most
	for _, pair := range Pairs() {
		a, b := sizes[pair[0]], sizes[pair[1]]
		if a.IsZero() || b.IsZero() {
			continue
		}
		x, y := a.Interval(), b.Interval()
		least, _, claims := known.both(pair, x, y)
		o, err := p.overlap(place, pair, a, b, known)
		if err != nil {
			return union, nil, err
		}
		both[pair] = o
		shared := o.Least.Interval().Hi
		if apart := x.Lo + y.Lo - shared; apart > lo*(1+1e-9) { // more than rounding
			lo, by = apart, fmt.Sprintf("%s %.0f + %s %.0f - at most %.0f in both, all at their lower ends", pair[0], x.Lo, pair[1], y.Lo, shared)
			narrows = shanyraq.Input{Symbol: "both", Path: o.Least.Path(), Place: place, When: shanyraq.YearPeriod(p.Year), Value: o.Least.Value(), Unit: "persons"}
		}
		if pair[0] == Born {
			once = least
		} else {
			most = max(most, least)
		}
		for _, c := range claims {
			l.Inputs = append(l.Inputs, shanyraq.InputOf(c.Subject, c))
		}
		l.Sources = append(l.Sources, shanyraq.SourcesOf(claims...)...)
		if known[Pair{pair[1], pair[0]}].leave {
			l.Assumptions = append(l.Assumptions, shanyraq.Assume("leavers_as_stock", shanyraq.EitherWay))
		}
	}
	if by != "" {
		l.Inputs = append(l.Inputs, narrows)
	}
	slices.Sort(l.Sources)
	l.Sources = slices.Compact(l.Sources)
	hi = max(hi-once-most, lo)
	if by == "" {
		by = "max(" + strings.Join(names, ", ") + ") at their lower ends"
	}
	l.Formula = fmt.Sprintf("from %s = %.0f\nto the sum of the upper ends less those known to be in two = %.0f", by, lo, hi)
	union, err = shanyraq.NewFigure(unionPath(p.Home, place, p.Year, p.Priors), lo, shanyraq.Interval{Lo: lo, Hi: hi, Kind: shanyraq.Limits}, "persons", l)
	return union, both, err
}

// Outside returns the sets that are not in a union, since nobody counted them
// there or only long ago.
func Outside(union shanyraq.Figure) []Set {
	if union.IsZero() {
		return nil
	}
	in := union.Lineage().Inputs
	return slices.DeleteFunc(Sets(), func(s Set) bool {
		return slices.ContainsFunc(in, func(x shanyraq.Input) bool { return x.Symbol == string(s) })
	})
}

func unionPath(home, host shanyraq.CountryCode, year int, p Priors) string {
	return withPriors(fmt.Sprintf("diaspora/%s/%s/union/%d", home, host, year), p)
}

// Stale returns the year of the newest claim about a host of the set where that
// is more than fifteen years before the year of the pooling, or before the newest
// claim of all, and false where it is not or some claim has no date.
func (s *PooledSet) Stale(host shanyraq.CountryCode) (year int, ok bool) {
	year, ok = s.stale[host]
	return year, ok
}

// Fresh returns how many hosts some set has a claim about that is not old.
func (p *Pooled) Fresh() int {
	n := 0
	for _, h := range p.Hosts {
		for _, s := range p.Sets {
			if _, old := s.Stale(h.Place); !old && !h.Sizes[s.Set].IsZero() {
				n++
				break
			}
		}
	}
	return n
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

// largest returns the size of the largest set, persons.
func (h PooledHost) largest() float64 {
	m := 0.0
	for _, f := range h.Sizes {
		m = max(m, f.Value())
	}
	return m
}

// Size returns the set's size in the host, and false if nobody counts it there.
func (s *PooledSet) Size(host shanyraq.CountryCode) (shanyraq.Figure, bool) {
	f, ok := s.sizes[host]
	return f, ok
}

// Host returns the host's sizes, and false if no set has it.
func (p *Pooled) Host(place shanyraq.CountryCode) (PooledHost, bool) {
	for _, h := range p.Hosts {
		if h.Place == place {
			return h, true
		}
	}
	return PooledHost{}, false
}

// Figures returns every figure of the pooling: totals, then hosts.
func (p *Pooled) Figures() []shanyraq.Figure {
	var out []shanyraq.Figure
	for _, s := range p.Sets {
		out = append(out, s.Total)
	}
	if !p.Union.IsZero() {
		out = append(out, p.Union)
	}
	for _, h := range p.Hosts {
		for _, set := range Sets() {
			if f, ok := h.Sizes[set]; ok {
				out = append(out, f)
			}
		}
		if !h.Union.IsZero() {
			out = append(out, h.Union)
		}
		for _, pair := range Pairs() {
			if o, ok := h.Both[pair]; ok {
				out = append(out, o.Any, o.Least)
			}
		}
	}
	for _, pair := range Pairs() {
		if o, ok := p.Both[pair]; ok {
			out = append(out, o.Any, o.Least)
		}
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
