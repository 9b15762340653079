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
// room says so.
package vectors

import (
	"context"
	"fmt"
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
	MethodConcentration shanyraq.MethodKey = "concentration"
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
	Flow   bool // amounts that are divided by the claim for the whole world; otherwise percent as published
	Abroad bool // the home country is the partner in the claims, and the powers are the places
	TopK   bool // sources list the largest partners only
	Window int  // years before the newest claim that still count as rivals to it
	// Definition keeps to one definition where a series has several.
	Definition shanyraq.DefinitionID
}

// Domains lists the domains that are divided into shares, in the order of every table.
func Domains() []Domain {
	return []Domain{
		{Key: "exports", Series: "export_share", TopK: true},
		{Key: "imports", Series: "import_share", TopK: true},
		{Key: "investment", Series: "fdi_cumulative", Flow: true, TopK: true},
		{Key: "people", Series: "people_from", Flow: true, Abroad: true, Definition: "migrant_stock"},
		{Key: "students", Series: "students_from", Flow: true, Abroad: true, TopK: true, Window: 10},
	}
}

// A Row is one domain divided among the powers.
type Row struct {
	Domain        Domain
	Year          int
	Shares        map[shanyraq.CountryCode]shanyraq.Figure // percent; absent where unknown
	Below         map[shanyraq.CountryCode]float64         // percent: not among the partners listed, so less than this
	Concentration shanyraq.Figure                          // zero where too little is known
	Partners      []Partner                                // every partner known, largest first
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
	union := map[shanyraq.CountryCode]bool{}
	for _, g := range groups {
		switch g.ID {
		case Powers:
			for _, m := range g.Members {
				if m.Place != home {
					b.Powers = append(b.Powers, m.Place)
				}
			}
		case Union:
			for _, p := range g.In(2024) {
				union[p] = true
			}
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
		b.Rows = append(b.Rows, row)
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
func (r *Room) row(ctx context.Context, home shanyraq.CountryCode, d Domain, powers []shanyraq.CountryCode, union map[shanyraq.CountryCode]bool) (Row, error) {
	row := Row{Domain: d, Shares: map[shanyraq.CountryCode]shanyraq.Figure{}, Below: map[shanyraq.CountryCode]float64{}}
	q := shanyraq.Query{Series: []shanyraq.SeriesID{d.Series}}
	if d.Abroad {
		q.Partners = []shanyraq.CountryCode{home}
	} else {
		q.Places = []shanyraq.CountryCode{home}
	}
	all, err := r.ev.Claims(ctx, q)
	if err != nil {
		return row, err
	}
	by := map[shanyraq.CountryCode][]shanyraq.Claim{}
	partners := map[int]map[shanyraq.CountryCode]bool{}
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
		y := c.When.Year()
		if partners[y] == nil {
			partners[y] = map[shanyraq.CountryCode]bool{}
		}
		if p != shanyraq.World {
			partners[y][p] = true
		}
	}
	for y, ps := range partners {
		// A year with the union and two powers says less than one with every partner.
		if len(ps) > len(partners[row.Year]) || len(ps) == len(partners[row.Year]) && y > row.Year {
			row.Year = y
		}
	}
	if newest := newestWith(partners, max(1, len(partners[row.Year])*4/5)); newest > row.Year {
		row.Year = newest
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
	whole := pick(shanyraq.World)
	if d.Flow && len(whole) == 0 {
		return row, nil
	}
	for p := range by {
		if p == shanyraq.World {
			continue
		}
		cs := pick(p)
		if len(cs) == 0 {
			continue
		}
		f, err := share(fmt.Sprintf("vectors/%s/%s/%s/%d", d.Key, home, p, row.Year), d, cs, whole)
		if err != nil {
			return row, fmt.Errorf("%s: %w", p, err)
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
	if err := row.fill(home, powers, union); err != nil {
		return row, err
	}
	return row, row.concentrate(home, union)
}

// newestWith returns the newest year with at least n partners, or 0.
func newestWith(partners map[int]map[shanyraq.CountryCode]bool, n int) int {
	best := 0
	for y, ps := range partners {
		if len(ps) >= n && y > best {
			best = y
		}
	}
	return best
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

// share makes the figure of one partner's share, in percent.
func share(path string, d Domain, cs, whole []shanyraq.Claim) (shanyraq.Figure, error) {
	c := strongest(cs)
	kind := shanyraq.Spread
	if len(cs) == 1 && len(whole) <= 1 {
		kind = shanyraq.Printed
	}
	lo, hi := spread(cs)
	l := shanyraq.Lineage{Method: MethodShare, Sources: shanyraq.SourcesOf(append(slices.Clone(cs), whole...)...)}
	for i, x := range cs {
		l.Inputs = append(l.Inputs, shanyraq.InputOf(fmt.Sprintf("x%d", i+1), x))
	}
	if len(cs) > 1 {
		l.Assumptions = append(l.Assumptions, shanyraq.Assume("spread_covers", shanyraq.TooNarrow))
	}
	if !d.Flow {
		l.Formula = fmt.Sprintf("%g %%", c.Value)
		if len(cs) == 1 && c.Stated != nil {
			return shanyraq.NewFigure(path, c.Value, *c.Stated, "percent", l)
		}
		return shanyraq.NewFigure(path, c.Value, shanyraq.Interval{Lo: lo, Hi: hi, Kind: kind}, "percent", l)
	}
	w := whole[0]
	// Numerator and denominator of one source belong together.
	if i := slices.IndexFunc(whole, func(x shanyraq.Claim) bool { return x.Source == c.Source }); i >= 0 {
		w = whole[i]
	}
	v := 100 * c.Value / w.Value
	slo, shi := v, v
	for _, x := range cs {
		ws := slices.DeleteFunc(slices.Clone(whole), func(y shanyraq.Claim) bool { return y.Source != x.Source })
		if len(ws) == 0 {
			ws = whole
		}
		for _, y := range ws {
			rx, ry := x.Range(), y.Range()
			slo, shi = min(slo, 100*max(0, rx.Lo)/ry.Hi), max(shi, 100*rx.Hi/max(ry.Lo, rx.Hi))
		}
	}
	for i, x := range whole {
		l.Inputs = append(l.Inputs, shanyraq.InputOf(fmt.Sprintf("t%d", i+1), x))
	}
	l.Formula = fmt.Sprintf("100 × %g / %g = %.3g %%", c.Value, w.Value, v)
	l.Assumptions = append(l.Assumptions, shanyraq.Assume("same_scope", shanyraq.EitherWay))
	return shanyraq.NewFigure(path, v, shanyraq.Interval{Lo: slo, Hi: shi, Kind: kind}, "percent", l)
}

// fill takes each power's share from the partners. The European Union, where
// it is not listed itself, is the sum of the members listed and at most that
// plus what is unlisted; a power that is not listed holds less than the
// smallest partner that is.
func (row *Row) fill(home shanyraq.CountryCode, powers []shanyraq.CountryCode, union map[shanyraq.CountryCode]bool) error {
	known := 0.0
	smallest := math.Inf(1)
	for _, p := range row.Partners {
		if p.Place != shanyraq.EuropeanUnion {
			known += p.Share.Value()
			smallest = min(smallest, p.Share.Value())
		}
	}
	for _, power := range powers {
		if i := slices.IndexFunc(row.Partners, func(p Partner) bool { return p.Place == power }); i >= 0 {
			row.Shares[power] = row.Partners[i].Share
			continue
		}
		if power != shanyraq.EuropeanUnion {
			if row.Domain.TopK && !math.IsInf(smallest, 1) && len(row.Partners) > 2 {
				row.Below[power] = smallest
			}
			continue
		}
		var sum, lo, hi float64
		l := shanyraq.Lineage{Method: MethodShare, Assumptions: []shanyraq.Assumption{shanyraq.Assume("unlisted_anywhere", shanyraq.TooNarrow)}}
		var terms []string
		for _, p := range row.Partners {
			if !union[p.Place] {
				continue
			}
			iv := p.Share.Interval()
			sum, lo, hi = sum+p.Share.Value(), lo+iv.Lo, hi+iv.Hi
			l.Inputs = append(l.Inputs, shanyraq.Input{Symbol: string(p.Place), Path: p.Share.Path(), Place: p.Place, When: shanyraq.YearPeriod(row.Year), Value: p.Share.Value(), Unit: "percent"})
			terms = append(terms, strconv.FormatFloat(p.Share.Value(), 'g', 3, 64))
			for _, s := range p.Share.Lineage().Sources {
				if !slices.Contains(l.Sources, s) {
					l.Sources = append(l.Sources, s)
				}
			}
		}
		if len(terms) == 0 {
			continue
		}
		if row.Domain.TopK {
			hi += max(0, 100-known)
		}
		l.Formula = fmt.Sprintf("%s = %.3g %%", strings.Join(terms, " + "), sum)
		f, err := shanyraq.NewFigure(fmt.Sprintf("vectors/%s/%s/%s/%d", row.Domain.Key, home, power, row.Year), sum,
			shanyraq.Interval{Lo: lo, Hi: min(100, max(hi, sum)), Kind: shanyraq.Bounds}, "percent", l)
		if err != nil {
			return fmt.Errorf("%s: %w", power, err)
		}
		row.Shares[power] = f
	}
	return nil
}

// concentrate makes the figure of the domain's concentration: the Herfindahl-
// Hirschman index over countries, so the union as a whole is left out.
func (row *Row) concentrate(home shanyraq.CountryCode, union map[shanyraq.CountryCode]bool) error {
	var known []ties.Range
	var sum, hhi float64
	l := shanyraq.Lineage{Method: MethodConcentration}
	for _, p := range row.Partners {
		if p.Place == shanyraq.EuropeanUnion {
			continue
		}
		s := p.Share.Value() / 100
		iv := p.Share.Interval()
		known = append(known, ties.Range{Lo: iv.Lo / 100, Hi: min(1, iv.Hi/100)})
		sum, hhi = sum+s, hhi+s*s
		if len(l.Inputs) < 12 {
			l.Inputs = append(l.Inputs, shanyraq.Input{Symbol: string(p.Place), Path: p.Share.Path(), Place: p.Place, When: shanyraq.YearPeriod(row.Year), Value: p.Share.Value(), Unit: "percent"})
		}
		for _, id := range p.Share.Lineage().Sources {
			if !slices.Contains(l.Sources, id) {
				l.Sources = append(l.Sources, id)
			}
		}
	}
	if len(known) < 3 || sum > 1.05 {
		return nil
	}
	lo, hi, err := ties.ConcentrationBounds(known, row.Domain.TopK)
	if err != nil {
		return fmt.Errorf("concentration: %w", err)
	}
	l.Assumptions = []shanyraq.Assumption{shanyraq.Assume("partners_are_countries", shanyraq.EitherWay)}
	if row.Domain.TopK {
		l.Assumptions = append(l.Assumptions, shanyraq.Assume("list_is_largest", shanyraq.TooNarrow))
	}
	l.Formula = fmt.Sprintf("Σ s² = %.4f over %d partners that hold %.1f %%", hhi, len(known), 100*sum)
	f, err := shanyraq.NewFigure(fmt.Sprintf("vectors/%s/%s/concentration/%d", row.Domain.Key, home, row.Year), hhi,
		shanyraq.Interval{Lo: min(lo, hhi), Hi: max(hi, hhi), Kind: shanyraq.Bounds}, "index", l)
	if err != nil {
		return fmt.Errorf("concentration: %w", err)
	}
	row.Concentration = f
	return nil
}

// voteWindow is how many sessions the agreement is taken over.
const voteWindow = 5

// agreement returns the share of votes cast alike over the last sessions held,
// in percent; for the union, the mean over its members.
func (r *Room) agreement(ctx context.Context, home shanyraq.CountryCode, powers []shanyraq.CountryCode, union map[shanyraq.CountryCode]bool) (map[shanyraq.CountryCode]shanyraq.Figure, [2]int, error) {
	out := map[shanyraq.CountryCode]shanyraq.Figure{}
	rc, err := r.ev.RollCalls(ctx)
	if err != nil || len(rc.Calls) == 0 {
		return out, [2]int{}, err
	}
	last := rc.Calls[len(rc.Calls)-1].Session
	first := last - voteWindow + 1
	years := [2]int{1945 + first, 1945 + last}
	columns := map[shanyraq.CountryCode]int{}
	for i, s := range rc.States {
		columns[s.Code] = i
	}
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
		return shanyraq.Lineage{Method: MethodAgreement, Formula: formula, Sources: []shanyraq.SourceID{rc.Source},
			Assumptions: []shanyraq.Assumption{shanyraq.Assume("votes_exchangeable", shanyraq.TooNarrow), shanyraq.Assume("absence_uninformative", shanyraq.EitherWay)}}
	}
	at := func(p shanyraq.CountryCode) string { return fmt.Sprintf("vectors/votes/%s/%s/%d", home, p, years[1]) }
	for _, power := range powers {
		if power == shanyraq.EuropeanUnion {
			var sum float64
			lo, hi, n := 1.0, 0.0, 0
			for p := range union {
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

// memberships returns, for each power, the share of the home country's
// organisations that the power belongs to as well, in percent.
func (r *Room) memberships(ctx context.Context, home shanyraq.CountryCode, powers []shanyraq.CountryCode) (map[shanyraq.CountryCode]shanyraq.Figure, error) {
	out := map[shanyraq.CountryCode]shanyraq.Figure{}
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{"igo_membership"}, Places: append([]shanyraq.CountryCode{home}, powers...)})
	if err != nil {
		return out, err
	}
	in := map[shanyraq.CountryCode]map[string]shanyraq.Claim{}
	for _, c := range cs {
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
		for org := range mine {
			if _, ok := in[p][org]; ok {
				both++
			}
		}
		v := 100 * float64(both) / float64(len(mine))
		f, err := shanyraq.NewFigure(fmt.Sprintf("vectors/organisations/%s/%s/%d", home, p, list.When.Year()), v,
			shanyraq.Interval{Lo: v, Hi: v, Kind: shanyraq.Counted}, "percent",
			shanyraq.Lineage{Method: MethodMemberships, Sources: []shanyraq.SourceID{list.Source}, Formula: fmt.Sprintf("%d / %d = %.1f %%", both, len(mine), v),
				Assumptions: []shanyraq.Assumption{shanyraq.Assume("list_complete", shanyraq.EitherWay)}})
		if err != nil {
			return out, err
		}
		out[p] = f
	}
	return out, nil
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

// Figure returns the figure at path, the part after "vectors/":
// {domain}/{home}/{power|concentration}/{year}. It returns a
// [shanyraq.NotFound] error for any other path.
func (r *Room) Figure(ctx context.Context, path string) (shanyraq.Figure, error) {
	const op = "vectors.Figure"
	seg := strings.Split(path, "/")
	if len(seg) == 4 {
		b, err := r.Balance(ctx, shanyraq.CountryCode(seg[1]))
		if err != nil {
			return shanyraq.Figure{}, err
		}
		for _, f := range b.figures() {
			if f.Path() == "vectors/"+path {
				return f, nil
			}
		}
	}
	return shanyraq.Figure{}, shanyraq.Errorf(op, shanyraq.NotFound, "no figure vectors/%s", path)
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
		out = append(out, row.Concentration)
	}
	for _, p := range b.Powers {
		out = append(out, b.Agreement[p], b.Memberships[p])
	}
	return out
}

// Methods lists the methods whose figures the room makes.
func Methods() []shanyraq.MethodKey {
	return []shanyraq.MethodKey{MethodShare, MethodConcentration, MethodAgreement, MethodMemberships}
}
