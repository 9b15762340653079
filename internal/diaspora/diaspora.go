// Package diaspora is the room that says who and where a country's people
// abroad are.
//
// # What is counted
//
// A diaspora has no single size. Claims are kept apart by definition: people
// of a self-declared ethnicity, people said to be of it on a basis nobody
// shows, people born in the home country, its citizens, and the United
// Nations' estimate of migrants. A person can be in several of these sets, so
// nothing here adds one definition to another, and no host's numbers are added
// to another host's.
//
// # How sure
//
// Claims are shown twice. As they stand: of several for one host under one
// definition the strongest and newest, with the range from the lowest to the
// highest. And pooled: the claims of one [Set] over all hosts together, by the
// stock model of package pooling, with priors that are a table ([Defaults]),
// a backtest, and the part each claim plays. Sets overlap, so everybody in any
// of them is between the largest set and all of them with nobody in two.
//
// # What is not here
//
// People. Named persons are nowhere in this package or in what it reads.
package diaspora

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"shanyraq"
)

// Evidence is what the room reads; cmd/shanyraq supplies it.
type Evidence interface {
	// Claims returns the claims the query picks, sorted by series, place,
	// partner, subject and time.
	Claims(ctx context.Context, q shanyraq.Query) ([]shanyraq.Claim, error)
	// Places returns the countries and territories there are.
	Places(ctx context.Context) ([]shanyraq.Place, error)
}

// MethodRange is the method of a figure that stands for several claims.
const MethodRange shanyraq.MethodKey = "claims-range"

// PeopleFrom is the series of people from the partner who live in the place.
const PeopleFrom shanyraq.SeriesID = "people_from"

// window is how many years before the newest claim another still is a rival
// to it and not simply an earlier state of things.
const window = 5

// Definitions lists the definitions people are counted under, in the order of
// every table, from the widest idea of belonging to the narrowest document.
func Definitions() []shanyraq.DefinitionID {
	return []shanyraq.DefinitionID{"ethnicity", "ethnicity_unstated", "origin", "migrant_stock", "birthplace", "citizenship"}
}

// A Host is one country where people from home live.
type Host struct {
	Place shanyraq.CountryCode
	Sizes map[shanyraq.DefinitionID]shanyraq.Figure // persons; a definition nobody counted under is absent
	Count map[shanyraq.DefinitionID]int             // claims in force behind each
}

// An Overview is the people of one home country abroad, as claimed.
type Overview struct {
	Home   shanyraq.CountryCode
	Year   int              // 0 for the newest
	Totals []shanyraq.Claim // claims about all hosts together, strongest definition first
	Hosts  []Host           // by the largest number claimed under any definition
	Years  []int            // in which some claim is dated, newest first
}

// Room answers questions of numbers abroad from one version of the evidence.
// It is safe for use by several goroutines.
type Room struct {
	ev Evidence

	mu    sync.Mutex
	views map[string]Overview

	pooling  sync.Mutex                        // of all below
	hidable  map[shanyraq.CountryCode]int      // counts that can be hidden, by home
	wider    map[shanyraq.CountryCode]widening // by which ranges are widened, by home
	hearings map[string]*hearing
	pools    map[string]*Pooled
	revised  map[shanyraq.CountryCode][]Revision

	calibrating sync.Mutex // of missed
	missed      misses     // of all homes; nil until it is asked for

	// What takes a second or more, which nobody should wait for who asks for sizes.
	checking sync.Mutex
	checks   map[shanyraq.CountryCode][]Check
	turning  sync.Mutex
	turns    map[string][]Turn
}

// New returns the room over the evidence.
func New(ev Evidence) *Room {
	return &Room{ev: ev, views: map[string]Overview{}, hearings: map[string]*hearing{}, pools: map[string]*Pooled{}, turns: map[string][]Turn{},
		hidable: map[shanyraq.CountryCode]int{}, wider: map[shanyraq.CountryCode]widening{},
		checks: map[shanyraq.CountryCode][]Check{}, revised: map[shanyraq.CountryCode][]Revision{}}
}

// Overview returns the claims about home's people in every host, by
// definition, as they stood in the year, or the newest for year 0.
func (r *Room) Overview(ctx context.Context, home shanyraq.CountryCode, year int) (Overview, error) {
	key := fmt.Sprintf("%s/%d", home, year)
	r.mu.Lock()
	defer r.mu.Unlock()
	if o, ok := r.views[key]; ok {
		return o, nil
	}
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{PeopleFrom}, Partners: []shanyraq.CountryCode{home}})
	if err != nil {
		return Overview{}, shanyraq.Errorf("diaspora.Overview", shanyraq.Other, "%s: %w", home, err)
	}
	o, err := overview(home, year, cs)
	if err != nil {
		return o, shanyraq.Errorf("diaspora.Overview", shanyraq.KindOf(err), "%s %d: %w", home, year, err)
	}
	if len(r.views) > 200 {
		clear(r.views)
	}
	r.views[key] = o
	return o, nil
}

func overview(home shanyraq.CountryCode, year int, cs []shanyraq.Claim) (Overview, error) {
	o := Overview{Home: home, Year: year}
	type cell struct {
		place shanyraq.CountryCode
		def   shanyraq.DefinitionID
	}
	by := map[cell][]shanyraq.Claim{}
	years := map[int]bool{}
	var places []shanyraq.CountryCode
	for _, c := range cs {
		y := c.When.Year()
		if y != 0 {
			years[y] = true
		}
		switch {
		case c.Area != "" || c.Place == home:
			continue
		case c.Place == shanyraq.World:
			if year == 0 || y == year || y == 0 {
				o.Totals = append(o.Totals, c)
			}
			continue
		}
		k := cell{c.Place, c.Definition}
		if len(by[k]) == 0 {
			places = append(places, c.Place)
		}
		by[k] = append(by[k], c)
	}
	slices.Sort(places)
	for _, p := range slices.Compact(places) {
		h := Host{Place: p, Sizes: map[shanyraq.DefinitionID]shanyraq.Figure{}, Count: map[shanyraq.DefinitionID]int{}}
		for _, d := range Definitions() {
			current := InForce(by[cell{p, d}], year)
			if len(current) == 0 {
				continue
			}
			f, err := Range(figurePath(home, p, d, year), current)
			if err != nil {
				return o, fmt.Errorf("%s %s: %w", p, d, err)
			}
			h.Sizes[d], h.Count[d] = f, len(current)
		}
		if len(h.Sizes) > 0 {
			o.Hosts = append(o.Hosts, h)
		}
	}
	slices.SortStableFunc(o.Hosts, func(a, b Host) int {
		if x, y := a.largest(), b.largest(); x != y {
			if x > y {
				return -1
			}
			return 1
		}
		return 0
	})
	slices.SortStableFunc(o.Totals, func(a, b shanyraq.Claim) int {
		if i, j := definitionOrder(a.Definition), definitionOrder(b.Definition); i != j {
			return i - j
		}
		return b.When.Year() - a.When.Year()
	})
	o.Totals = newestPerSource(o.Totals)
	for y := range years {
		o.Years = append(o.Years, y)
	}
	slices.Sort(o.Years)
	slices.Reverse(o.Years)
	return o, nil
}

func definitionOrder(d shanyraq.DefinitionID) int {
	if i := slices.Index(Definitions(), d); i >= 0 {
		return i
	}
	return len(Definitions())
}

// newestPerSource keeps, of the dated claims that one source makes about all
// hosts year by year without rivals, only the newest. Undated and rival claims
// all stay.
func newestPerSource(cs []shanyraq.Claim) []shanyraq.Claim {
	type key struct {
		s shanyraq.SourceID
		d shanyraq.DefinitionID
	}
	newest := map[key]int{}
	for _, c := range cs {
		k := key{c.Source, c.Definition}
		newest[k] = max(newest[k], c.When.Year())
	}
	return slices.DeleteFunc(cs, func(c shanyraq.Claim) bool {
		return c.Definition == "migrant_stock" && c.When.Year() != newest[key{c.Source, c.Definition}]
	})
}

func (h Host) largest() float64 {
	m := 0.0
	for _, f := range h.Sizes {
		m = max(m, f.Value())
	}
	return m
}

func figurePath(home, host shanyraq.CountryCode, d shanyraq.DefinitionID, year int) string {
	s := fmt.Sprintf("diaspora/%s/%s/%s", home, host, d)
	if year != 0 {
		s += "/" + strconv.Itoa(year)
	}
	return s
}

// InForce returns the claims that speak of the year: those of the newest year
// up to it, and of the five years before that one; for year 0, of the newest
// year at all, and those without a date. A zero somebody worked out is left
// out: it says that nothing was found, not that nobody was counted.
func InForce(cs []shanyraq.Claim, year int) []shanyraq.Claim {
	cs = slices.DeleteFunc(slices.Clone(cs), func(c shanyraq.Claim) bool { return c.Value == 0 && c.Strength != shanyraq.Measured })
	newest := 0
	for _, c := range cs {
		if y := c.When.Year(); year == 0 || y <= year {
			newest = max(newest, y)
		}
	}
	var out []shanyraq.Claim
	for _, c := range cs {
		if y := c.When.Year(); y == 0 && year == 0 || y != 0 && y <= newest && y >= newest-window {
			out = append(out, c)
		}
	}
	return out
}

// Range makes the figure that stands for the claims of one host under one
// definition: the value of the strongest claim, then the newest, then the
// undated; from the lowest to the highest end of all. It returns an error for
// no claims.
func Range(path string, cs []shanyraq.Claim) (shanyraq.Figure, error) {
	if len(cs) == 0 {
		return shanyraq.Figure{}, shanyraq.Errorf("diaspora.Range", shanyraq.NotFound, "no claims for %s", path)
	}
	cs = slices.Clone(cs)
	slices.SortStableFunc(cs, func(a, b shanyraq.Claim) int {
		if a.Strength != b.Strength {
			return int(a.Strength) - int(b.Strength)
		}
		return b.When.Year() - a.When.Year()
	})
	l := shanyraq.Lineage{Method: MethodRange, Sources: shanyraq.SourcesOf(cs...)}
	lo, hi := math.Inf(1), math.Inf(-1)
	for i, c := range cs {
		iv := c.Range()
		lo, hi = min(lo, max(0, iv.Lo)), max(hi, iv.Hi)
		l.Inputs = append(l.Inputs, shanyraq.InputOf("x"+strconv.Itoa(i+1), c))
	}
	iv := shanyraq.Interval{Lo: lo, Hi: hi, Kind: shanyraq.Spread}
	if lo == hi { // all of them exact, and the same
		iv.Kind = shanyraq.Counted
	}
	if len(cs) == 1 {
		iv = cs[0].Range()
		iv.Lo = max(0, iv.Lo)
		l.Formula = fmt.Sprintf("x1 = %.0f", cs[0].Value)
		l.Assumptions = []shanyraq.Assumption{shanyraq.Assume("only_claim", shanyraq.TooNarrow)}
	} else {
		l.Formula = fmt.Sprintf("x1 = %.0f,  min … max of %d = %.0f … %.0f", cs[0].Value, len(cs), lo, hi)
		l.Assumptions = []shanyraq.Assumption{shanyraq.Assume("strongest_first", shanyraq.EitherWay), shanyraq.Assume("spread_covers", shanyraq.TooNarrow), shanyraq.Assume("five_years_rivals", shanyraq.EitherWay)}
	}
	return shanyraq.NewFigure(path, cs[0].Value, iv, "persons", l)
}

// HostClaims is everything held about home's people in one host.
type HostClaims struct {
	Home, Host    shanyraq.CountryCode
	Sizes         map[shanyraq.DefinitionID]shanyraq.Figure
	People        []shanyraq.Claim // how many, under every definition, newest first within each
	Shares        []shanyraq.Claim // percent of the host's population
	Students      []shanyraq.Claim
	Voters        []shanyraq.Claim
	Organisations []shanyraq.Claim
}

// Host returns everything held about home's people in the host. A host of
// which nothing is held has empty lists, and is not an error.
func (r *Room) Host(ctx context.Context, home, host shanyraq.CountryCode) (HostClaims, error) {
	h := HostClaims{Home: home, Host: host, Sizes: map[shanyraq.DefinitionID]shanyraq.Figure{}}
	cs, err := r.ev.Claims(ctx, shanyraq.Query{
		Series: []shanyraq.SeriesID{PeopleFrom, "share_of_population_ethnic", "students_from", "voters_from", "voters_registered_from", "diaspora_organisation"},
		Places: []shanyraq.CountryCode{host}, Partners: []shanyraq.CountryCode{home}})
	if err != nil {
		return h, shanyraq.Errorf("diaspora.Host", shanyraq.Other, "%s in %s: %w", home, host, err)
	}
	by := map[shanyraq.DefinitionID][]shanyraq.Claim{}
	for _, c := range cs {
		switch c.Series {
		case PeopleFrom:
			h.People = append(h.People, c)
			if c.Area == "" {
				by[c.Definition] = append(by[c.Definition], c)
			}
		case "share_of_population_ethnic":
			h.Shares = append(h.Shares, c)
		case "students_from":
			h.Students = append(h.Students, c)
		case "diaspora_organisation":
			h.Organisations = append(h.Organisations, c)
		default:
			h.Voters = append(h.Voters, c)
		}
	}
	slices.SortStableFunc(h.People, func(a, b shanyraq.Claim) int {
		if i, j := definitionOrder(a.Definition), definitionOrder(b.Definition); i != j {
			return i - j
		}
		return b.When.Year() - a.When.Year()
	})
	for _, d := range Definitions() {
		if current := InForce(by[d], 0); len(current) > 0 {
			if h.Sizes[d], err = Range(figurePath(home, host, d, 0), current); err != nil {
				return h, shanyraq.Errorf("diaspora.Host", shanyraq.Other, "%s in %s: %w", home, host, err)
			}
		}
	}
	return h, nil
}

// Returns are the people who came back and were given the status of kandas.
func (r *Room) Returns(ctx context.Context, home shanyraq.CountryCode) ([]shanyraq.Claim, error) {
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{"kandas_cumulative", "kandas_year", "kandas_share"}, Places: []shanyraq.CountryCode{home}})
	if err != nil {
		return nil, shanyraq.Errorf("diaspora.Returns", shanyraq.Other, "%s: %w", home, err)
	}
	return cs, nil
}

// Organisations returns the diaspora organisations held, by host and name.
func (r *Room) Organisations(ctx context.Context, home shanyraq.CountryCode) ([]shanyraq.Claim, error) {
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{"diaspora_organisation"}, Partners: []shanyraq.CountryCode{home}})
	if err != nil {
		return nil, shanyraq.Errorf("diaspora.Organisations", shanyraq.Other, "%s: %w", home, err)
	}
	return cs, nil
}

// Areas returns the claims about home's people in a part of a host: a region or
// a city, by host, area and time.
func (r *Room) Areas(ctx context.Context, home shanyraq.CountryCode) ([]shanyraq.Claim, error) {
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{PeopleFrom}, Partners: []shanyraq.CountryCode{home}})
	if err != nil {
		return nil, shanyraq.Errorf("diaspora.Areas", shanyraq.Other, "%s: %w", home, err)
	}
	cs = slices.DeleteFunc(slices.Clone(cs), func(c shanyraq.Claim) bool { return c.Area == "" })
	slices.SortStableFunc(cs, func(a, b shanyraq.Claim) int {
		return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.Area, b.Area), cmp.Compare(b.When, a.When))
	})
	return cs, nil
}

// Figure returns the figure at path, the part after "diaspora/". It returns a
// [shanyraq.NotFound] error for a path other than
//
//	{home}/{host}/{definition}[/{year}]             what is claimed
//	{home}/{host}/pooled-{set}/{year}[/{priors}]    what the claims say together
//	{home}/{host}/pooled-{set}/{year}/without/{id}  and without one of them
//	{home}/{host}/union/{year}[/{priors}]           everybody in any set
//	{home}/{host}/held/{year}[/{priors}]            how many claims there are
//	{home}/{host}/overlap-{set}-{set}/{year}[/...]  everybody in both sets
//	{home}/{host}/backtest-{set}/{year}/{...}       a hidden count, or how it went
//	{home}/{host}/revision/{year}                   what a revision changed
//	{home}/{origin}/returns/{year}                  who came back in a year
//	{home}/{host}/over-{set}/{year}/{other}         another year, by what is known in the year
//	{home}/{host}/share-{set}/{year}/{id}           the persons a share of the population comes to
func (r *Room) Figure(ctx context.Context, path string) (shanyraq.Figure, error) {
	none := shanyraq.Errorf("diaspora.Figure", shanyraq.NotFound, "no figure diaspora/%s", path)
	seg := strings.Split(path, "/")
	if len(seg) < 3 {
		return shanyraq.Figure{}, none
	}
	year := 0
	if len(seg) > 3 {
		var err error
		if year, err = strconv.Atoi(seg[3]); err != nil || year < 1800 || year > 2100 || strconv.Itoa(year) != seg[3] {
			return shanyraq.Figure{}, none
		}
	}
	home, whole := shanyraq.CountryCode(seg[0]), "diaspora/"+path
	switch kind, _, _ := strings.Cut(seg[2], "-"); {
	case kind == "pooled" || kind == "union" || kind == "overlap" || kind == "held":
		if year == 0 {
			return shanyraq.Figure{}, none
		}
		var priors Priors
		if len(seg) == 5 {
			var err error
			if priors, err = ParsePriors(seg[4]); err != nil || priors.String() != seg[4] {
				return shanyraq.Figure{}, none
			}
		}
		p, err := r.Pool(ctx, home, year, priors)
		if err != nil {
			return shanyraq.Figure{}, err
		}
		if len(seg) > 5 {
			return p.withoutAt(whole)
		}
		if kind == "held" {
			gaps, err := p.Coverage()
			if err != nil {
				return shanyraq.Figure{}, err
			}
			for _, g := range gaps {
				if g.Held.Path() == whole {
					return g.Held, nil
				}
			}
			return shanyraq.Figure{}, none
		}
		return p.figure(whole)
	case seg[2] == "backtest-homes":
		c, err := r.Calibration(ctx, home)
		if err != nil {
			return shanyraq.Figure{}, err
		}
		return c.figure(whole)
	case kind == "backtest":
		cs, err := r.Backtest(ctx, home)
		if err != nil {
			return shanyraq.Figure{}, err
		}
		return checked(cs, whole)
	case kind == "returns":
		f, err := r.returns(ctx, home)
		if err != nil {
			return shanyraq.Figure{}, err
		}
		if f == nil || len(seg) != 4 || year < firstReturns || float64(year) >= f.at[len(f.at)-1] {
			return shanyraq.Figure{}, none
		}
		y, err := f.year(year)
		if err != nil {
			return shanyraq.Figure{}, err
		}
		if x, ok := y.From[shanyraq.CountryCode(seg[1])]; ok {
			return x, nil
		}
		if seg[1] == string(shanyraq.World) {
			return y.Total, nil
		}
		return shanyraq.Figure{}, none
	case kind == "over":
		if len(seg) != 5 {
			return shanyraq.Figure{}, none
		}
		p, err := r.Pool(ctx, home, year, nil)
		if err != nil {
			return shanyraq.Figure{}, err
		}
		return p.overAt(whole)
	case kind == "share":
		p, err := r.Pool(ctx, home, year, nil)
		if err != nil {
			return shanyraq.Figure{}, err
		}
		for _, s := range p.Sets {
			for _, f := range s.counted {
				if f.Path() == whole {
					return f, nil
				}
			}
		}
		return shanyraq.Figure{}, none
	case kind == "revision":
		vs, err := r.Revisions(ctx, home)
		if err != nil {
			return shanyraq.Figure{}, err
		}
		for _, v := range vs {
			if v.Change.Path() == whole {
				return v.Change, nil
			}
		}
		return shanyraq.Figure{}, none
	case len(seg) > 4:
		return shanyraq.Figure{}, none
	}
	o, err := r.Overview(ctx, shanyraq.CountryCode(seg[0]), year)
	if err != nil {
		return shanyraq.Figure{}, err
	}
	for _, h := range o.Hosts {
		if string(h.Place) == seg[1] {
			if f, ok := h.Sizes[shanyraq.DefinitionID(seg[2])]; ok {
				return f, nil
			}
		}
	}
	return shanyraq.Figure{}, none
}

// Figures returns every figure of the overview, host by host.
func (o Overview) Figures() []shanyraq.Figure {
	var out []shanyraq.Figure
	for _, h := range o.Hosts {
		for _, d := range Definitions() {
			if f, ok := h.Sizes[d]; ok {
				out = append(out, f)
			}
		}
	}
	return out
}

// Methods lists the methods whose figures the room makes.
func Methods() []shanyraq.MethodKey {
	return []shanyraq.MethodKey{MethodRange, MethodPooled, MethodUnion, MethodOverlap, MethodHeld, MethodBacktest, MethodRevision, MethodTwoLists, MethodLists, MethodChain, MethodMultiplier, MethodScaleUp, MethodWhichLists, MethodChainSize, MethodReturns, MethodShare}
}
