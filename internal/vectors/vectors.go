// Package vectors is the room that shows how a country's ties are divided
// among the powers.
//
// # What is answered
//
// Domain by domain: which share of the country's exports, imports, foreign
// investment, people abroad and students abroad each power holds, how
// concentrated the domain is over all partners, how often the country and each
// power vote alike in the General Assembly, and how many organisations they
// share. Domains are never averaged.
//
// Then the same year by year ([Room.Past]), who depends on whom and what halving
// a tie would cost ([Room.Asymmetry]), where home stands between two powers
// ([Room.Between]), its positions in the General Assembly and what moved them
// ([Room.Votes], [Room.Moved], [Room.Nearest]), the routes out of the country
// ([Room.Corridors]), the acts held ([Room.Acts]), and rival readings of it all
// with their predictions put to these figures ([Room.Readings]).
//
// # How sure
//
// Where sources contradict each other the share is the strongest claim and its
// interval runs over all of them. Where only the largest partners are known,
// the concentration is given as the limits between which it must lie.
//
// # What is not here
//
// Leaders' visits and diplomatic posts are kept as records held, not as
// shares: the ledger is complete for some senders and not for others, and the
// room says so. Hours, costs and free capacity of routes are in no source held,
// so nothing is put in order by them.
package vectors

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"shanyraq"
	"shanyraq/methods/ties"
	"shanyraq/methods/votes"
)

// Evidence is what the room reads; cmd/shanyraq supplies it.
type Evidence interface {
	// Claims returns the claims the query picks, sorted by series, place,
	// partner, subject and time.
	Claims(ctx context.Context, q shanyraq.Query) ([]shanyraq.Claim, error)
	// Groups returns the country groups in force.
	Groups(ctx context.Context) ([]shanyraq.Group, error)
	// RollCalls returns the recorded votes of the General Assembly held.
	RollCalls(ctx context.Context) (RollCalls, error)
}

// The methods whose figures the room makes.
const (
	MethodShare         shanyraq.MethodKey = "share"
	MethodTotal         shanyraq.MethodKey = "total"
	MethodConcentration shanyraq.MethodKey = "concentration"
	MethodEntropy       shanyraq.MethodKey = "entropy"
	MethodNormalised    shanyraq.MethodKey = "normalised-concentration"
	MethodAgreement     shanyraq.MethodKey = "vote-agreement"
	MethodMemberships   shanyraq.MethodKey = "shared-memberships"
)

// Powers is the group whose members are the vectors, and Union the group that
// stands behind the European Union where sources list its members one by one.
const (
	Powers shanyraq.GroupID = "vector_powers"
	Union  shanyraq.GroupID = "eu"
)

// A Domain is one kind of tie that is divided among partners.
type Domain struct {
	Key    string
	Series shanyraq.SeriesID
	Flow   bool // amounts that are divided by that of all partners; otherwise percent as published
	Abroad bool // the home country is the partner in the claims, and the powers are the places
	TopK   bool // a source's list is of the largest partners: whoever is not on it has less than the last who is
	Every  bool // a source lists every partner, so that they add to the whole where it states none
	Window int  // years before the newest claim that still count as rivals to it
	Given  bool // shown only where a reader has imported it: no built-in source holds any
	// Definition keeps to one definition where a series has several.
	Definition shanyraq.DefinitionID
}

// Domains lists the domains that are divided into shares, in the order of every table.
func Domains() []Domain {
	return []Domain{
		{Key: "exports", Series: "export_share", TopK: true},
		{Key: "imports", Series: "import_share", TopK: true},
		{Key: "investment", Series: "fdi_cumulative", Flow: true},
		{Key: "people", Series: "people_from", Flow: true, Abroad: true, Every: true, Definition: "migrant_stock"},
		{Key: "arms", Series: "arms_from", Flow: true, Every: true, Given: true},
		{Key: "students", Series: "students_from", Flow: true, Abroad: true, Window: 10},
	}
}

// A Row is one domain divided among the powers.
type Row struct {
	Domain        Domain
	Year          int
	Shares        map[shanyraq.CountryCode]shanyraq.Figure // percent; absent where unknown
	Below         map[shanyraq.CountryCode]float64         // percent: not on a list of the largest partners, so no more than this
	Concentration shanyraq.Figure                          // over states; zero where too little is known
	United        shanyraq.Figure                          // the same with the union as one partner; zero where its share is not known
	Entropy       shanyraq.Figure                          // over states; zero where some partners are not listed, as is the next
	Normalised    shanyraq.Figure                          // 0 for equal division among those listed, 1 for one partner
	Partners      []Partner                                // every partner known, largest first
	Totals        []shanyraq.Figure                        // over the partners of one source, where it states no whole
}

// A Partner is one partner's share in a domain.
type Partner struct {
	Place shanyraq.CountryCode
	Share shanyraq.Figure // percent
}

// A Balance is a country's ties among the powers.
type Balance struct {
	Home   shanyraq.CountryCode
	Powers []shanyraq.CountryCode
	Rows   []Row
	// Agreement and Memberships have a figure for each power where it is known.
	Agreement   map[shanyraq.CountryCode]shanyraq.Figure
	Memberships map[shanyraq.CountryCode]shanyraq.Figure
	VoteYears   [2]int
}

// Room answers questions of ties from one version of the evidence. It is safe
// for use by several goroutines.
type Room struct {
	ev Evidence

	mu       sync.Mutex
	balances map[shanyraq.CountryCode]Balance

	pasts   memo[shanyraq.CountryCode, Past]
	tilts   memo[shanyraq.CountryCode, Asymmetry]
	houses  memo[shanyraq.CountryCode, Votes]
	deeds   memo[shanyraq.CountryCode, Acts]
	ways    memo[shanyraq.CountryCode, Corridors]
	near    memo[shanyraq.CountryCode, []Nearness]
	calls   memo[string, RollCalls]
	loads   memo[string, Freight]
	nets    memo[string, *Network]
	tracks  memo[string, Ways]
	burdens memo[string, Load]
	reaches memo[shanyraq.CountryCode, Access]
	told    memo[shanyraq.CountryCode, []ToneHeld]
	series  memo[shanyraq.SeriesID, map[int]map[shanyraq.CountryCode]shanyraq.Claim]

	placing sync.Mutex
	placed  *fitting
}

// New returns the room over the evidence.
func New(ev Evidence) *Room {
	return &Room{ev: ev, balances: map[shanyraq.CountryCode]Balance{}}
}

// Balance returns how the home country's ties are divided among the powers.
// The home country is not among its own powers.
func (r *Room) Balance(ctx context.Context, home shanyraq.CountryCode) (Balance, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if b, ok := r.balances[home]; ok {
		return b, nil
	}
	b, err := r.balance(ctx, home)
	if err != nil {
		return b, shanyraq.Errorf("vectors.Balance", shanyraq.KindOf(err), "%s: %w", home, err)
	}
	if len(r.balances) > 300 { // every country once; a longer list is somebody trying codes
		clear(r.balances)
	}
	r.balances[home] = b
	return b, nil
}

func (r *Room) balance(ctx context.Context, home shanyraq.CountryCode) (Balance, error) {
	groups, err := r.ev.Groups(ctx)
	if err != nil {
		return Balance{}, err
	}
	b := Balance{Home: home}
	var union shanyraq.Group
	for _, g := range groups {
		switch g.ID {
		case Powers:
			for _, m := range g.Members {
				if m.Place != home && !slices.Contains(b.Powers, m.Place) {
					b.Powers = append(b.Powers, m.Place)
				}
			}
		case Union:
			union = g
		}
	}
	if len(b.Powers) == 0 {
		return b, shanyraq.Tell("vectors.Balance", shanyraq.NotFound, shanyraq.Text{Key: "vectors.error.powers"}, "the group %s has no members", Powers)
	}
	for _, d := range Domains() {
		row, err := r.row(ctx, home, d, b.Powers, union)
		if err != nil {
			return b, fmt.Errorf("%s: %w", d.Key, err)
		}
		if !d.Given || len(row.Partners) > 0 {
			b.Rows = append(b.Rows, row)
		}
	}
	if b.Agreement, b.VoteYears, err = r.agreement(ctx, home, b.Powers, union); err != nil {
		return b, fmt.Errorf("votes: %w", err)
	}
	if b.Memberships, err = r.memberships(ctx, home, b.Powers); err != nil {
		return b, fmt.Errorf("organisations: %w", err)
	}
	return b, nil
}

// row divides one domain. The year is the newest for which shares of several
// partners are known.
func (r *Room) row(ctx context.Context, home shanyraq.CountryCode, d Domain, powers []shanyraq.CountryCode, union shanyraq.Group) (Row, error) {
	all, err := r.claimsOf(ctx, home, d)
	if err != nil {
		return Row{Domain: d}, err
	}
	return rowOf(home, d, all, 0, powers, union)
}

// claimsOf returns the claims a domain is divided by.
func (r *Room) claimsOf(ctx context.Context, home shanyraq.CountryCode, d Domain) ([]shanyraq.Claim, error) {
	q := shanyraq.Query{Series: []shanyraq.SeriesID{d.Series}}
	if d.Abroad {
		q.Partners = []shanyraq.CountryCode{home}
	} else {
		q.Places = []shanyraq.CountryCode{home}
	}
	cs, err := r.ev.Claims(ctx, q)
	if err == nil && d.Every {
		cs = newestEdition(d, home, cs)
	}
	return cs, err
}

// newestEdition keeps the claims of the source that lists every partner in the
// newest year, and of several that do the one with most such years. Editions of
// one table count differently, so that a line of two of them would show the
// change of edition as a change of the world.
func newestEdition(d Domain, home shanyraq.CountryCode, cs []shanyraq.Claim) []shanyraq.Claim {
	partners := map[dated]int{}
	most := 0
	for _, c := range cs {
		if y := c.When.Year(); y != 0 && c.Area == "" && (d.Definition == "" || c.Definition == d.Definition) && c.Place != c.Partner {
			k := dated{c.Source, c.Who, y}
			partners[k]++
			most = max(most, partners[k])
		}
	}
	type edition struct{ last, years int }
	by := map[shanyraq.SourceID]edition{}
	for k, n := range partners {
		if 3*n >= 2*most {
			e := by[k.source]
			by[k.source] = edition{max(e.last, k.year), e.years + 1}
		}
	}
	var best shanyraq.SourceID
	for _, id := range slices.Sorted(maps.Keys(by)) {
		if e, b := by[id], by[best]; best == "" || e.last > b.last || e.last == b.last && e.years >= b.years {
			best = id
		}
	}
	if best == "" {
		return cs
	}
	return slices.DeleteFunc(cs, func(c shanyraq.Claim) bool { return c.Source != best })
}

// rowOf divides a domain by the claims about one year, and for year 0 about the
// newest of which shares of several partners are known.
func rowOf(home shanyraq.CountryCode, d Domain, all []shanyraq.Claim, year int, powers []shanyraq.CountryCode, union shanyraq.Group) (Row, error) {
	row := Row{Domain: d, Year: year, Shares: map[shanyraq.CountryCode]shanyraq.Figure{}, Below: map[shanyraq.CountryCode]float64{}}
	var err error
	by := map[shanyraq.CountryCode][]shanyraq.Claim{}
	listed := map[dated]map[shanyraq.CountryCode]bool{}
	for _, c := range all {
		if d.Definition != "" && c.Definition != d.Definition || c.Area != "" {
			continue
		}
		p := c.Partner
		if d.Abroad {
			p = c.Place
		}
		if p == home || p == "" {
			continue
		}
		by[p] = append(by[p], c)
		if p == shanyraq.World {
			continue
		}
		k := dated{c.Source, c.Who, c.When.Year()}
		if listed[k] == nil {
			listed[k] = map[shanyraq.CountryCode]bool{}
		}
		listed[k][p] = true
	}
	if year == 0 {
		row.Year = fullest(listed, d.TopK)
	}
	if len(by) == 0 || row.Year == 0 && d.Window == 0 {
		return row, nil
	}
	pick := func(p shanyraq.CountryCode) []shanyraq.Claim {
		var out []shanyraq.Claim
		for _, c := range by[p] {
			y := c.When.Year()
			if y == row.Year || d.Window > 0 && (y == 0 || y >= row.Year-d.Window && y <= row.Year) {
				out = append(out, c)
			}
		}
		return out
	}
	whole := wholes(pick(shanyraq.World))
	if d.Every && len(whole) == 0 {
		if whole, err = row.add(home, by, pick); err != nil {
			return row, err
		}
	}
	if d.Flow && len(whole) == 0 {
		row.Year = 0
		return row, nil
	}
	lists := map[dated]list{}
	for p := range by {
		if p == shanyraq.World {
			continue
		}
		cs := pick(p)
		if len(cs) == 0 {
			continue
		}
		if d.TopK && p != shanyraq.EuropeanUnion {
			for _, c := range cs {
				k := dated{c.Source, c.Who, c.When.Year()}
				lists[k] = lists[k].with(c)
			}
		}
		f, err := share(fmt.Sprintf("vectors/%s/%s/%s/%d", d.Key, home, p, row.Year), d, cs, whole)
		if err != nil {
			return row, fmt.Errorf("%s: %w", p, err)
		}
		if f.IsZero() {
			continue
		}
		row.Partners = append(row.Partners, Partner{p, f})
	}
	slices.SortFunc(row.Partners, func(a, b Partner) int {
		if a.Share.Value() != b.Share.Value() {
			if a.Share.Value() > b.Share.Value() {
				return -1
			}
			return 1
		}
		return strings.Compare(string(a.Place), string(b.Place))
	})
	if year = row.Year; year == 0 { // all that is known is undated, so the members of today
		year = math.MaxInt
	}
	limit := math.Inf(1)
	for _, l := range lists {
		if l.partners >= 3 {
			limit = min(limit, l.last)
		}
	}
	if err := row.fill(home, powers, union.In(year), limit); err != nil {
		return row, err
	}
	return row, row.concentrate(home, union.In(year), limit)
}

// A list is how many partners one source lists and the most that the last of
// them can have.
type list struct {
	partners int
	last     float64 // percent
}

func (l list) with(c shanyraq.Claim) list {
	hi := c.Range().Hi
	if l.partners > 0 {
		hi = min(hi, l.last)
	}
	return list{l.partners + 1, hi}
}

// dated is one table of one year: a source's, or in a source that gathers what
// others state, one of theirs.
type dated struct {
	source shanyraq.SourceID
	who    string
	year   int
}

// longList is how many of the largest partners are as good as more.
const longList = 5

// fullest returns the newest year of which one source lists nearly as many
// partners as any does of any year: two thirds. A year with the union and two
// powers says less than an earlier one with every partner; where lists are of
// the largest partners, a long one is as good as a longer. Claims without a date
// stand beside whichever year it is; it is 0 where there are no others.
func fullest(listed map[dated]map[shanyraq.CountryCode]bool, largest bool) int {
	most, year := 0, 0
	for k, partners := range listed {
		if k.year != 0 {
			most = max(most, len(partners))
		}
	}
	if largest {
		most = min(most, longList)
	}
	for k, partners := range listed {
		if 3*len(partners) >= 2*most {
			year = max(year, k.year)
		}
	}
	return year
}

// A whole is the amount of all partners together, as one source has it.
type whole struct {
	source shanyraq.SourceID
	value  float64
	lo, hi float64
	input  shanyraq.Input
}

// wholes returns the claims about all partners together.
func wholes(cs []shanyraq.Claim) []whole {
	var out []whole
	for i, c := range cs {
		r := c.Range()
		out = append(out, whole{c.Source, c.Value, r.Lo, r.Hi, shanyraq.InputOf(fmt.Sprintf("t%d", i+1), c)})
	}
	return out
}

// add makes the total over the partners of each source, in the row, and
// returns them.
func (row *Row) add(home shanyraq.CountryCode, by map[shanyraq.CountryCode][]shanyraq.Claim, pick func(shanyraq.CountryCode) []shanyraq.Claim) ([]whole, error) {
	parts := map[shanyraq.SourceID][]shanyraq.Claim{}
	for _, p := range slices.Sorted(maps.Keys(by)) {
		for _, c := range pick(p) {
			parts[c.Source] = append(parts[c.Source], c)
		}
	}
	var out []whole
	for _, id := range slices.Sorted(maps.Keys(parts)) {
		w := whole{source: id}
		l := shanyraq.Lineage{Method: MethodTotal, Sources: []shanyraq.SourceID{id}, Assumptions: []shanyraq.Assumption{shanyraq.Assume("every_partner_listed", shanyraq.TooLow)}}
		for i, c := range parts[id] {
			r := c.Range()
			w.value, w.lo, w.hi = w.value+c.Value, w.lo+max(0, r.Lo), w.hi+r.Hi
			l.Inputs = append(l.Inputs, shanyraq.InputOf(fmt.Sprintf("x%d", i+1), c))
		}
		if !(w.value > 0) {
			continue
		}
		l.Formula = fmt.Sprintf("Σ x = %.0f,  n = %d", w.value, len(l.Inputs))
		f, err := shanyraq.NewFigure(fmt.Sprintf("vectors/%s/%s/total-%s/%d", row.Domain.Key, home, id, row.Year), w.value,
			shanyraq.Interval{Lo: w.lo, Hi: w.hi, Kind: shanyraq.Printed}, parts[id][0].Unit, l)
		if err != nil {
			return nil, fmt.Errorf("total by %s: %w", id, err)
		}
		w.input = shanyraq.Input{Symbol: fmt.Sprintf("t%d", len(out)+1), Path: f.Path(), When: shanyraq.YearPeriod(row.Year), Value: f.Value(), Unit: f.Unit()}
		out = append(out, w)
		row.Totals = append(row.Totals, f)
	}
	return out, nil
}

// strongest returns the claim to stand for several: the strongest, then the
// newest, then the one whose id sorts first.
func strongest(cs []shanyraq.Claim) shanyraq.Claim {
	return slices.MinFunc(cs, func(a, b shanyraq.Claim) int {
		if a.Strength != b.Strength {
			return int(a.Strength) - int(b.Strength)
		}
		if a.When.Year() != b.When.Year() {
			return b.When.Year() - a.When.Year()
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
}

// spread returns the lowest and highest ends of the claims' own ranges.
func spread(cs []shanyraq.Claim) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, c := range cs {
		r := c.Range()
		lo, hi = min(lo, r.Lo), max(hi, r.Hi)
	}
	return max(0, lo), hi
}

// share makes the figure of one partner's share, in percent, and none where
// the part would be more than the whole.
func share(path string, d Domain, cs []shanyraq.Claim, all []whole) (shanyraq.Figure, error) {
	c := strongest(cs)
	kind := shanyraq.Spread
	if len(cs) == 1 && len(all) <= 1 {
		kind = shanyraq.Printed
	}
	l := shanyraq.Lineage{Method: MethodShare, Sources: shanyraq.SourcesOf(cs...)}
	for i, x := range cs {
		l.Inputs = append(l.Inputs, shanyraq.InputOf(fmt.Sprintf("x%d", i+1), x))
	}
	if len(cs) > 1 {
		l.Assumptions = append(l.Assumptions, shanyraq.Assume("spread_covers", shanyraq.TooNarrow))
	}
	if !d.Flow {
		if c.Value < 0 || c.Value > 100 {
			return shanyraq.Figure{}, nil
		}
		l.Formula = plain(c.Value) + " %"
		if len(cs) == 1 && c.Stated != nil {
			return shanyraq.NewFigure(path, c.Value, *c.Stated, "percent", l)
		}
		lo, hi := spread(cs)
		return shanyraq.NewFigure(path, c.Value, shanyraq.Interval{Lo: lo, Hi: min(hi, 100), Kind: kind}, "percent", l)
	}
	for _, w := range all {
		l.Inputs = append(l.Inputs, w.input)
		if !slices.Contains(l.Sources, w.source) {
			l.Sources = append(l.Sources, w.source)
		}
	}
	// Numerator and denominator of one source belong together.
	of := func(source shanyraq.SourceID) []whole {
		if own := slices.DeleteFunc(slices.Clone(all), func(w whole) bool { return w.source != source }); len(own) > 0 {
			return own
		}
		return all
	}
	w := of(c.Source)[0]
	v := 100 * c.Value / w.value
	if !(v >= 0 && v <= 100) {
		return shanyraq.Figure{}, nil
	}
	lo, hi := v, v
	for _, x := range cs {
		r := x.Range()
		for _, y := range of(x.Source) {
			lo, hi = min(lo, 100*max(0, r.Lo)/y.hi), max(hi, 100*r.Hi/max(y.lo, r.Hi))
		}
	}
	l.Formula = fmt.Sprintf("100 × %s / %s = %s %%", plain(c.Value), plain(w.value), three(v))
	l.Assumptions = append(l.Assumptions, shanyraq.Assume("same_scope", shanyraq.EitherWay))
	return shanyraq.NewFigure(path, v, shanyraq.Interval{Lo: lo, Hi: hi, Kind: kind}, "percent", l)
}

// plain returns v with all its digits and no power of ten.
func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// three returns v to three significant digits, and whole numbers whole.
func three(v float64) string {
	if v == 0 {
		return "0"
	}
	return strconv.FormatFloat(v, 'f', max(0, 2-int(math.Floor(math.Log10(math.Abs(v))))), 64)
}

// fill takes each power's share from the partners. The European Union, where
// it is not listed itself, is the sum of the members listed and at most that
// plus what is unlisted; a power that is not on a list of the largest partners
// holds no more than the last who is, which is the limit in percent.
func (row *Row) fill(home shanyraq.CountryCode, powers, union []shanyraq.CountryCode, limit float64) error {
	known := 0.0
	for _, p := range row.Partners {
		if p.Place != shanyraq.EuropeanUnion {
			known += p.Share.Interval().Lo
		}
	}
	for _, power := range powers {
		if i := slices.IndexFunc(row.Partners, func(p Partner) bool { return p.Place == power }); i >= 0 {
			row.Shares[power] = row.Partners[i].Share
			continue
		}
		if power != shanyraq.EuropeanUnion {
			if !math.IsInf(limit, 1) {
				row.Below[power] = limit
			}
			continue
		}
		var sum, lo, hi float64
		l := shanyraq.Lineage{Method: MethodShare, Assumptions: []shanyraq.Assumption{shanyraq.Assume("unlisted_anywhere", shanyraq.TooNarrow)}}
		var terms []string
		for _, p := range row.Partners {
			if !slices.Contains(union, p.Place) {
				continue
			}
			iv := p.Share.Interval()
			sum, lo, hi = sum+p.Share.Value(), lo+iv.Lo, hi+iv.Hi
			l.Inputs = append(l.Inputs, shanyraq.Input{Symbol: string(p.Place), Path: p.Share.Path(), Place: p.Place, When: shanyraq.YearPeriod(row.Year), Value: p.Share.Value(), Unit: "percent"})
			terms = append(terms, three(p.Share.Value()))
			for _, s := range p.Share.Lineage().Sources {
				if !slices.Contains(l.Sources, s) {
					l.Sources = append(l.Sources, s)
				}
			}
		}
		if len(terms) == 0 || lo > 100 { // nobody listed, or shares of different wholes
			continue
		}
		sum = min(sum, 100) // rounded shares can add to more
		if !row.Domain.Every {
			hi += max(0, 100-known)
		}
		l.Formula = fmt.Sprintf("%s = %s %%", strings.Join(terms, " + "), three(sum))
		f, err := shanyraq.NewFigure(fmt.Sprintf("vectors/%s/%s/%s/%d", row.Domain.Key, home, power, row.Year), sum,
			shanyraq.Interval{Lo: lo, Hi: min(100, max(hi, sum)), Kind: shanyraq.Bounds}, "percent", l)
		if err != nil {
			return fmt.Errorf("%s: %w", power, err)
		}
		row.Shares[power] = f
	}
	return nil
}

// concentrate makes the figures of how concentrated the domain is, by two
// definitions: over states, with the union as its members, and over states and
// the union as one where its share is known. Where every partner is listed it
// also makes the entropy and the normalised index over states.
func (row *Row) concentrate(home shanyraq.CountryCode, members []shanyraq.CountryCode, limit float64) error {
	var states, united []Partner
	for _, p := range row.Partners {
		if p.Place != shanyraq.EuropeanUnion {
			states = append(states, p)
			if !slices.Contains(members, p.Place) {
				united = append(united, p)
			}
		}
	}
	var err error
	if row.Concentration, err = row.herfindahl(home, "concentration", shanyraq.Assume("partners_are_countries", shanyraq.EitherWay), states, limit); err != nil {
		return fmt.Errorf("concentration: %w", err)
	}
	if f, ok := row.Shares[shanyraq.EuropeanUnion]; ok && !slices.Contains(members, home) {
		if row.United, err = row.herfindahl(home, "concentration-union", shanyraq.Assume("union_is_one", shanyraq.EitherWay), append(united, Partner{shanyraq.EuropeanUnion, f}), limit); err != nil {
			return fmt.Errorf("concentration with the union as one: %w", err)
		}
	}
	if !row.Concentration.IsZero() {
		return row.spread(home, states)
	}
	return nil
}

// complete is the least part of the whole that the partners listed hold where
// all of them are listed, as a share of 1: shares are rounded.
const complete = 0.995

// sized returns the shares of the partners and their ranges, as shares of 1,
// and begins the lineage of a figure made of them.
func (row *Row) sized(m shanyraq.MethodKey, partners []Partner) (x []float64, known []ties.Range, l shanyraq.Lineage, disputed bool) {
	l.Method = m
	for _, p := range partners {
		iv := p.Share.Interval()
		disputed = disputed || iv.Kind == shanyraq.Spread
		x, known = append(x, p.Share.Value()/100), append(known, ties.Range{Lo: iv.Lo / 100, Hi: min(1, iv.Hi/100)})
		if len(l.Inputs) < 12 {
			l.Inputs = append(l.Inputs, shanyraq.Input{Symbol: string(p.Place), Path: p.Share.Path(), Place: p.Place, When: shanyraq.YearPeriod(row.Year), Value: p.Share.Value(), Unit: "percent"})
		}
		for _, id := range p.Share.Lineage().Sources {
			if !slices.Contains(l.Sources, id) {
				l.Sources = append(l.Sources, id)
			}
		}
	}
	return x, known, l, disputed
}

// herfindahl makes the figure of the Herfindahl-Hirschman index over the
// partners, and none where fewer than three are known or the shares are of
// different wholes. The limits are those of the rest in ever more partners and
// in as few as the list allows; the value is half-way between the two.
func (row *Row) herfindahl(home shanyraq.CountryCode, name string, definition shanyraq.Assumption, partners []Partner, limit float64) (shanyraq.Figure, error) {
	x, known, l, disputed := row.sized(MethodConcentration, partners)
	var sum, low, hhi float64
	last := math.Inf(1)
	points := make([]ties.Range, len(x))
	for i, s := range x {
		sum, low, hhi = sum+s, low+known[i].Lo, hhi+s*s
		last = min(last, 100*known[i].Hi)
		points[i] = ties.Range{Lo: s, Hi: s}
	}
	if len(known) < 3 || sum > 1.05 || low > 1 || hhi > 1 { // too few, or shares of different wholes
		return shanyraq.Figure{}, nil
	}
	largest := limit <= last // none of those known is smaller than one who is not
	lo, hi, err := ties.ConcentrationBounds(known, largest)
	if err != nil {
		return shanyraq.Figure{}, err
	}
	l.Assumptions = []shanyraq.Assumption{definition}
	if largest {
		l.Assumptions = append(l.Assumptions, shanyraq.Assume("list_is_largest", shanyraq.TooNarrow))
	}
	kind, v := shanyraq.Bounds, hhi
	l.Formula = fmt.Sprintf("Σ s² = %.4f over %d partners that hold %.1f %%", hhi, len(known), 100*sum)
	if sum < complete {
		_, dense, err := ties.ConcentrationBounds(points, largest)
		if err != nil {
			return shanyraq.Figure{}, err
		}
		v = (hhi + max(dense, hhi)) / 2
		l.Formula += fmt.Sprintf("; the rest adds 0 to %.4f, half-way %.4f", max(0, dense-hhi), v)
		l.Assumptions = append(l.Assumptions, shanyraq.Assume("rest_half_way", shanyraq.EitherWay))
	} else if disputed { // what is outside the claims is outside no limit
		kind = shanyraq.Spread
	}
	if disputed {
		l.Assumptions = append(l.Assumptions, shanyraq.Assume("spread_covers", shanyraq.TooNarrow))
	}
	return shanyraq.NewFigure(fmt.Sprintf("vectors/%s/%s/%s/%d", row.Domain.Key, home, name, row.Year), v,
		shanyraq.Interval{Lo: min(lo, v), Hi: max(hi, v), Kind: kind}, "index", l)
}

// spread makes the entropy and the normalised index of partners that are all
// there are. They stay zero where some are not listed: each grows without limit,
// or falls, with how many partners of next to nothing are counted.
func (row *Row) spread(home shanyraq.CountryCode, partners []Partner) error {
	x, known, l, disputed := row.sized(MethodEntropy, partners)
	var sum float64
	for _, s := range x {
		sum += s
	}
	if sum < complete {
		return nil
	}
	kind := shanyraq.Bounds
	l.Assumptions = []shanyraq.Assumption{shanyraq.Assume("partners_are_countries", shanyraq.EitherWay), shanyraq.Assume("every_partner_listed", shanyraq.EitherWay)}
	if disputed {
		kind = shanyraq.Spread
		l.Assumptions = append(l.Assumptions, shanyraq.Assume("spread_covers", shanyraq.TooNarrow))
	}
	shares, err := ties.Shares(x)
	if err != nil {
		return err
	}
	e, err := ties.Entropy(shares)
	if err != nil {
		return err
	}
	in, err := ties.EntropyRange(known)
	if err != nil {
		return err
	}
	l.Formula = fmt.Sprintf("−Σ s ln s = %.3f over %d partners, as of %.1f equal ones", e, len(x), math.Exp(e))
	iv := outward(min(in.Lo, e), max(in.Hi, e), 0.001)
	iv.Kind = kind
	if row.Entropy, err = shanyraq.NewFigure(fmt.Sprintf("vectors/entropy/%s/%s/%d", home, row.Domain.Key, row.Year), e, iv, "nats", l); err != nil {
		return fmt.Errorf("entropy: %w", err)
	}
	h := row.Concentration
	of := func(v float64) float64 { return max(0, ties.Normalised(v, len(x))) }
	l.Method, l.Formula = MethodNormalised, fmt.Sprintf("(%.4f − 1/%d) / (1 − 1/%d) = %.4f", h.Value(), len(x), len(x), of(h.Value()))
	l.Inputs = []shanyraq.Input{{Symbol: "H", Path: h.Path(), When: shanyraq.YearPeriod(row.Year), Value: h.Value(), Unit: h.Unit()}}
	iv = outward(of(h.Interval().Lo), of(h.Interval().Hi), 0.0001)
	iv.Kind = kind
	if row.Normalised, err = shanyraq.NewFigure(fmt.Sprintf("vectors/normalised/%s/%s/%d", home, row.Domain.Key, row.Year), of(h.Value()), iv, "index", l); err != nil {
		return fmt.Errorf("normalised concentration: %w", err)
	}
	return nil
}

// voteWindow is how many sessions the agreement is taken over.
const voteWindow = 5

// window returns the last sessions held, as many as the agreement is taken over,
// and the column of each state.
func (rc RollCalls) window() (first, last int, columns map[shanyraq.CountryCode]int) {
	for _, c := range rc.Calls {
		last = max(last, c.Session)
	}
	columns = map[shanyraq.CountryCode]int{}
	for i, s := range rc.States {
		columns[s.Code] = i
	}
	return last - voteWindow + 1, last, columns
}

// agreement returns the share of votes cast alike over the last sessions held,
// in percent; for the union, the mean over its members.
func (r *Room) agreement(ctx context.Context, home shanyraq.CountryCode, powers []shanyraq.CountryCode, union shanyraq.Group) (map[shanyraq.CountryCode]shanyraq.Figure, [2]int, error) {
	out := map[shanyraq.CountryCode]shanyraq.Figure{}
	rc, err := r.rollCalls(ctx)
	if shanyraq.KindOf(err) == shanyraq.NotFound || err == nil && len(rc.Calls) == 0 {
		return out, [2]int{}, nil
	}
	if err != nil {
		return out, [2]int{}, err
	}
	first, last, columns := rc.window()
	years := [2]int{1945 + first, 1945 + last}
	me, ok := columns[home]
	if !ok {
		return out, years, nil
	}
	pair := func(other int) (votes.Pair, votes.Estimate, error) {
		a, b := make([]string, voteWindow), make([]string, voteWindow)
		var sa, sb [voteWindow]strings.Builder
		for _, c := range rc.Calls {
			if c.Session >= first {
				sa[c.Session-first].WriteByte(c.Votes[me])
				sb[c.Session-first].WriteByte(c.Votes[other])
			}
		}
		for i := range a {
			a[i], b[i] = sa[i].String(), sb[i].String()
		}
		p, err := votes.Agreement(strings.Join(a, ""), strings.Join(b, ""))
		if err != nil {
			return p, votes.Estimate{}, err
		}
		e, err := votes.IdenticalInterval(a, b, voteLevel)
		return p, e, err
	}
	lineage := func(formula string) shanyraq.Lineage {
		return shanyraq.Lineage{Method: MethodAgreement, Formula: formula, Sources: rc.Sources,
			Assumptions: []shanyraq.Assumption{shanyraq.Assume("votes_exchangeable", shanyraq.TooNarrow), shanyraq.Assume("absence_uninformative", shanyraq.EitherWay)}}
	}
	at := func(p shanyraq.CountryCode) string { return fmt.Sprintf("vectors/votes/%s/%s/%d", home, p, years[1]) }
	for _, power := range powers {
		if power == shanyraq.EuropeanUnion {
			var sum float64
			lo, hi, n := 1.0, 0.0, 0
			for _, p := range union.In(years[1]) { // in order of code, so that the sum is the same each time
				col, ok := columns[p]
				if !ok || p == home {
					continue
				}
				a, _, err := pair(col)
				if err != nil || a.Both == 0 {
					continue
				}
				sum, n = sum+a.Identical, n+1
				lo, hi = min(lo, a.Identical), max(hi, a.Identical)
			}
			if n < 2 || lo == hi {
				continue
			}
			f, err := shanyraq.NewFigure(at(power), 100*sum/float64(n), shanyraq.Interval{Lo: 100 * lo, Hi: 100 * hi, Kind: shanyraq.Spread}, "percent",
				lineage(fmt.Sprintf("mean over %d members = %.1f %%, members from %.1f %% to %.1f %%", n, 100*sum/float64(n), 100*lo, 100*hi)))
			if err != nil {
				return out, years, err
			}
			out[power] = f
			continue
		}
		col, ok := columns[power]
		if !ok {
			continue
		}
		p, e, err := pair(col)
		if err != nil || p.Both == 0 || e.Lo >= e.Hi {
			continue
		}
		f, err := shanyraq.NewFigure(at(power), 100*p.Identical, shanyraq.Interval{Lo: 100 * min(e.Lo, p.Identical), Hi: 100 * max(e.Hi, p.Identical), Level: voteLevel, Kind: shanyraq.Confidence}, "percent",
			lineage(fmt.Sprintf("%d / %d = %.1f %%,  sessions %d to %d", int(math.Round(p.Identical*float64(p.Both))), p.Both, 100*p.Identical, first, last)))
		if err != nil {
			return out, years, err
		}
		out[power] = f
	}
	return out, years, nil
}

// voteLevel is the level of the interval around vote agreement.
const voteLevel = 0.95

// memberships returns, for each power, the share of the organisations of which
// the home country is a member that the power is a member of as well, in
// percent. Observers, candidates and partners are not members.
func (r *Room) memberships(ctx context.Context, home shanyraq.CountryCode, powers []shanyraq.CountryCode) (map[shanyraq.CountryCode]shanyraq.Figure, error) {
	out := map[shanyraq.CountryCode]shanyraq.Figure{}
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{memberSeries}, Places: append([]shanyraq.CountryCode{home}, powers...)})
	if err != nil {
		return out, err
	}
	in := map[shanyraq.CountryCode]map[string]shanyraq.Claim{}
	for _, c := range cs {
		if !member(c) {
			continue
		}
		if in[c.Place] == nil {
			in[c.Place] = map[string]shanyraq.Claim{}
		}
		in[c.Place][c.Subject] = c
	}
	mine := in[home]
	if len(mine) == 0 {
		return out, nil
	}
	list := cs[slices.IndexFunc(cs, func(c shanyraq.Claim) bool { return c.Place == home })] // one edition lists them all
	for _, p := range powers {
		if len(in[p]) == 0 {
			continue
		}
		both := 0
		var inputs []shanyraq.Input
		for _, org := range slices.Sorted(maps.Keys(mine)) {
			if c, ok := in[p][org]; ok {
				both++
				inputs = append(inputs, shanyraq.InputOf(fmt.Sprintf("x%d", both), c))
			}
		}
		v := 100 * float64(both) / float64(len(mine))
		f, err := shanyraq.NewFigure(fmt.Sprintf("vectors/organisations/%s/%s/%d", home, p, list.When.Year()), v,
			shanyraq.Interval{Lo: v, Hi: v, Kind: shanyraq.Counted}, "percent",
			shanyraq.Lineage{Method: MethodMemberships, Sources: []shanyraq.SourceID{list.Source}, Inputs: inputs, Formula: fmt.Sprintf("%d / %d = %.1f %%", both, len(mine), v),
				Assumptions: []shanyraq.Assumption{shanyraq.Assume("list_complete", shanyraq.EitherWay)}})
		if err != nil {
			return out, err
		}
		out[p] = f
	}
	return out, nil
}

// memberSeries are who takes part in which organisation.
const memberSeries shanyraq.SeriesID = "igo_membership"

// member reports whether the claim of a place in an organisation is one of
// membership; the source notes whatever else it is.
func member(c shanyraq.Claim) bool {
	switch c.Note {
	case "", "member", "nonregional member", "nonregional members", "regional", "permanent", "temporary":
		return true
	}
	return false
}

// Records are dated acts held between the home country and one other.
type Records struct {
	Visits  []shanyraq.Claim // leaders' visits in either direction, newest first
	Posts   []shanyraq.Claim // diplomatic posts in either direction
	Amounts []shanyraq.Claim // trade turnover and investment, as claimed
}

// Records returns the visits, posts and amounts held between home and power.
// An empty power means every partner.
func (r *Room) Records(ctx context.Context, home, power shanyraq.CountryCode) (Records, error) {
	var out Records
	read := func(series ...shanyraq.SeriesID) ([]shanyraq.Claim, error) {
		here, err := r.ev.Claims(ctx, shanyraq.Query{Series: series, Places: []shanyraq.CountryCode{home}, Partners: one(power)})
		if err != nil {
			return nil, err
		}
		there, err := r.ev.Claims(ctx, shanyraq.Query{Series: series, Partners: []shanyraq.CountryCode{home}, Places: one(power)})
		if err != nil {
			return nil, err
		}
		all := append(here, there...)
		slices.SortStableFunc(all, func(a, b shanyraq.Claim) int { return strings.Compare(string(b.When), string(a.When)) })
		return all, nil
	}
	var err error
	if out.Visits, err = read("leader_visit"); err == nil {
		if out.Posts, err = read("diplomatic_post"); err == nil {
			out.Amounts, err = read("trade_turnover", "fdi_inflow", "fdi_cumulative")
		}
	}
	if err != nil {
		return out, shanyraq.Errorf("vectors.Records", shanyraq.Other, "%s and %s: %w", home, power, err)
	}
	return out, nil
}

func one(p shanyraq.CountryCode) []shanyraq.CountryCode {
	if p == "" {
		return nil
	}
	return []shanyraq.CountryCode{p}
}

// Routes returns the volumes claimed for the routes out of the country.
func (r *Room) Routes(ctx context.Context, home shanyraq.CountryCode) ([]shanyraq.Claim, error) {
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{"oil_route_volume", "corridor_volume", "corridor_containers"}, Places: []shanyraq.CountryCode{home}})
	if err != nil {
		return nil, shanyraq.Errorf("vectors.Routes", shanyraq.Other, "%s: %w", home, err)
	}
	return cs, nil
}

// IdealPoints returns the published ideal points of the countries, by year.
func (r *Room) IdealPoints(ctx context.Context, places ...shanyraq.CountryCode) ([]shanyraq.Claim, error) {
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{"un_ideal_point"}, Places: places})
	if err != nil {
		return nil, shanyraq.Errorf("vectors.IdealPoints", shanyraq.Other, "%v: %w", places, err)
	}
	return cs, nil
}

// Figures returns every figure of the balance, in the order of the table.
func (b Balance) Figures() []shanyraq.Figure {
	return slices.DeleteFunc(b.figures(), shanyraq.Figure.IsZero)
}

func (b Balance) figures() []shanyraq.Figure {
	var out []shanyraq.Figure
	for _, row := range b.Rows {
		for _, p := range b.Powers {
			out = append(out, row.Shares[p])
		}
		for _, p := range row.Partners {
			out = append(out, p.Share)
		}
		out = append(append(out, row.Totals...), row.Concentration, row.United, row.Entropy, row.Normalised)
	}
	for _, p := range b.Powers {
		out = append(out, b.Agreement[p], b.Memberships[p])
	}
	return out
}
