package diaspora

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"shanyraq"
)

// MethodOverlap is how limits of how many are in two sets at once are told.
const MethodOverlap shanyraq.MethodKey = "overlap-limits"

// The series that say how far sets overlap.
const (
	// OverlapShare is the share of one set that is in another too: place is the
	// host, or the world, partner the home, subject one of [Shared].
	OverlapShare shanyraq.SeriesID = "overlap_share"
	// Leavers is the share of an ethnic group among those who left the place.
	Leavers shanyraq.SeriesID = "emigrant_share"
)

// A Pair is two sets, in the order of [Sets].
type Pair [2]Set

// Pairs lists the pairs of sets.
func Pairs() []Pair { return []Pair{{Ethnic, Born}, {Ethnic, Citizens}, {Born, Citizens}} }

// Shared lists the shares that evidence can be of: the share of the first set
// that is in the second, by the subject of a claim of [OverlapShare].
func Shared() map[string]Pair {
	return map[string]Pair{"born ethnic": {Born, Ethnic}, "ethnic born": {Ethnic, Born}, "citizens ethnic": {Citizens, Ethnic}, "ethnic citizens": {Ethnic, Citizens}, "citizens born": {Citizens, Born}, "born citizens": {Born, Citizens}}
}

// A share is from lo to hi of a set, by what claims say.
type share struct {
	lo, hi float64 // from 0 to 1
	claims []shanyraq.Claim
	leave  bool // from who left, and not from who is there
}

// shares are what is known of a place's overlaps: of the first set, how much is
// in the second.
type shares map[Pair]share

// sharesOf reads what is known of overlaps, by place.
func (r *Room) sharesOf(ctx context.Context, home shanyraq.CountryCode) (map[shanyraq.CountryCode]shares, error) {
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{OverlapShare}, Partners: []shanyraq.CountryCode{home}})
	if err != nil {
		return nil, err
	}
	out := map[shanyraq.CountryCode]shares{}
	of := func(place shanyraq.CountryCode, p Pair, lo, hi float64, cs ...shanyraq.Claim) {
		if out[place] == nil {
			out[place] = shares{}
		}
		s, ok := out[place][p]
		if !ok {
			s = share{lo: 1}
		}
		// Claims that contradict each other widen it.
		s.lo, s.hi, s.claims = min(s.lo, max(0, lo)), max(s.hi, min(1, hi)), append(s.claims, cs...)
		out[place][p] = s
	}
	for _, c := range cs {
		p, ok := Shared()[c.Subject]
		if !ok || c.Area != "" || c.Unit != "percent" {
			continue
		}
		iv := c.Range()
		of(c.Place, p, iv.Lo/100, iv.Hi/100, c)
	}
	left, err := r.leavers(ctx, home)
	if err != nil {
		return nil, err
	}
	if _, known := out[shanyraq.World][Pair{Born, Ethnic}]; !known && len(left.claims) > 0 {
		of(shanyraq.World, Pair{Born, Ethnic}, 0, left.hi, left.claims...)
		s := out[shanyraq.World][Pair{Born, Ethnic}]
		s.leave = true
		out[shanyraq.World][Pair{Born, Ethnic}] = s
	}
	return out, nil
}

// leavers returns at most how large a share of those who left home were of its
// own people, from the shares of other peoples: in the period in which the
// fewest others are named, all the rest may have been.
func (r *Room) leavers(ctx context.Context, home shanyraq.CountryCode) (share, error) {
	var s share
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{Leavers}, Places: []shanyraq.CountryCode{home}})
	if err != nil {
		return s, err
	}
	own, err := r.people(ctx, home)
	if err != nil {
		return s, err
	}
	others := map[shanyraq.Period]float64{}
	for _, c := range cs {
		if c.When == "" || c.Unit != "percent" || own != "" && strings.HasPrefix(strings.ToLower(c.Subject), own) {
			continue
		}
		others[c.When] += c.Range().Lo / 100
		s.claims = append(s.claims, c)
	}
	for _, named := range others {
		s.hi = max(s.hi, 1-min(1, named))
	}
	return s, nil
}

// people returns what home's largest people is called, in lower case and without
// its last letter or two, by which it is told from other groups.
func (r *Room) people(ctx context.Context, home shanyraq.CountryCode) (string, error) {
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{"composition_ethnic"}, Places: []shanyraq.CountryCode{home}})
	if err != nil || len(cs) == 0 {
		return "", err
	}
	c := slices.MaxFunc(cs, func(a, b shanyraq.Claim) int {
		if a.Value < b.Value {
			return -1
		}
		return 1
	})
	name, _, _ := strings.Cut(strings.ToLower(c.Subject), " ")
	return strings.TrimRight(name, "s"), nil
}

// both returns the limits of how many are in both sets of a pair, for sizes a
// and b of them at their lower and upper ends.
//
//	lo = max( s_ab a_lo, s_ba b_lo ),  hi = min( a_hi, b_hi, S_ab a_hi, S_ba b_hi )
//
// where s_ab to S_ab is the share of the first that is in the second. Shares that
// contradict the sizes leave what the sizes allow.
func (s shares) both(p Pair, a, b shanyraq.Interval) (lo, hi float64, claims []shanyraq.Claim) {
	hi = min(a.Hi, b.Hi)
	for i, q := range []Pair{p, {p[1], p[0]}} {
		x, ok := s[q]
		if !ok {
			continue
		}
		size := []shanyraq.Interval{a, b}[i]
		lo, hi = max(lo, x.lo*size.Lo), min(hi, x.hi*size.Hi)
		claims = append(claims, x.claims...)
	}
	return min(lo, hi), hi, claims
}

// An Overlap is the limits of how many are in both sets of a pair.
type Overlap struct {
	Any   shanyraq.Figure // whatever the sizes of the sets within their ranges
	Least shanyraq.Figure // with both sets at their lower ends, as the union's lower limit takes it
}

// overlap makes the figures of how many are in both sets of a pair in a place.
func (p *Pooled) overlap(place shanyraq.CountryCode, pair Pair, a, b shanyraq.Figure, known shares) (o Overlap, err error) {
	if o.Any, err = p.inBoth(place, pair, a, b, known, false); err != nil {
		return o, err
	}
	o.Least, err = p.inBoth(place, pair, a, b, known, true)
	return o, err
}

// inBoth makes the figure of how many are in both sets of a pair in a place, for
// the sets anywhere in their ranges or both at their lower ends.
func (p *Pooled) inBoth(place shanyraq.CountryCode, pair Pair, a, b shanyraq.Figure, known shares, lower bool) (shanyraq.Figure, error) {
	x, y := a.Interval(), b.Interval()
	path, ends := overlapPath(p.Home, place, pair, "", p.Year, p.Priors), "upper"
	if lower {
		x.Hi, y.Hi = x.Lo, y.Lo
		path, ends = overlapPath(p.Home, place, pair, "-least", p.Year, p.Priors), "lower"
	}
	lo, hi, claims := known.both(pair, x, y)
	l := shanyraq.Lineage{Method: MethodOverlap, Assumptions: []shanyraq.Assumption{shanyraq.Assume("limits_only", shanyraq.EitherWay)}}
	for i, f := range []shanyraq.Figure{a, b} {
		l.Inputs = append(l.Inputs, shanyraq.Input{Symbol: string(pair[i]), Path: f.Path(), Place: place, When: shanyraq.YearPeriod(p.Year), Value: f.Value(), Unit: "persons"})
		l.Sources = append(l.Sources, f.Lineage().Sources...)
	}
	l.Sources = append(l.Sources, shanyraq.SourcesOf(claims...)...)
	slices.Sort(l.Sources)
	l.Sources = slices.Compact(l.Sources)
	for _, c := range claims {
		l.Inputs = append(l.Inputs, shanyraq.InputOf(c.Subject, c))
	}
	if known[Pair{pair[1], pair[0]}].leave {
		l.Assumptions = append(l.Assumptions, shanyraq.Assume("leavers_as_stock", shanyraq.EitherWay))
	}
	l.Formula = fmt.Sprintf("from %.0f, %s and %s at their lower ends %.0f and %.0f, to %.0f, at their %s ends %.0f and %.0f", lo, pair[0], pair[1], x.Lo, y.Lo, hi, ends, x.Hi, y.Hi)
	return shanyraq.NewFigure(path, lo, shanyraq.Interval{Lo: lo, Hi: hi, Kind: shanyraq.Limits}, "persons", l)
}

func overlapPath(home, host shanyraq.CountryCode, pair Pair, ends string, year int, p Priors) string {
	return withPriors(fmt.Sprintf("diaspora/%s/%s/overlap-%s-%s%s/%d", home, host, pair[0], pair[1], ends, year), p)
}
