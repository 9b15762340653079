package vectors

import (
	"context"
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/methods/ties"
)

// The methods by which a balance is followed over time.
const (
	MethodEffective shanyraq.MethodKey = "effective-partners"
	MethodEven      shanyraq.MethodKey = "overlap"
	MethodBreak     shanyraq.MethodKey = "interrupted-series"
)

// A Year is one domain in one year: the row of that year, and two measures of
// how evenly it is divided. Either is zero where too little is known.
type Year struct {
	Row
	Effective shanyraq.Figure // number of states of equal size that would be as concentrated
	United    shanyraq.Figure // the same with the union as one
	Even      shanyraq.Figure // percent of the part of the powers compared that lies where the policy would put it
}

// A History is a domain year by year, oldest first.
type History struct {
	Domain Domain
	Years  []Year
	// Compared are the powers whose division among themselves is compared with
	// the policy, the same in every year; a year in which one of them is unknown
	// has no such figure.
	Compared []shanyraq.CountryCode
	Edition  shanyraq.SourceID // the one source of a domain of which there are editions
}

// A Policy is the weights at which a country says it wants its ties divided
// among powers, relative to each other. Powers that it does not name are not
// compared. An empty one wants an equal division among the powers known.
type Policy map[shanyraq.CountryCode]float64

// powers returns those that the policy names, in order of code.
func (p Policy) powers() []shanyraq.CountryCode { return slices.Sorted(maps.Keys(p)) }

// query returns the policy as it stands in an address, and "" for none.
func (p Policy) query() string {
	var parts []string
	for _, power := range p.powers() {
		parts = append(parts, fmt.Sprintf("policy.%s=%s", power, plain(p[power])))
	}
	return strings.Join(parts, "&")
}

// PolicyOf reads a policy from the values of an address whose names begin with
// "policy.", and returns an [shanyraq.Invalid] error for a weight that is none or
// for weights of which not two are above zero.
func PolicyOf(q url.Values) (Policy, error) {
	const op = "vectors.PolicyOf"
	out := Policy{}
	positive := 0
	for name, values := range q {
		code, ok := strings.CutPrefix(name, "policy.")
		if !ok || len(values) == 0 || values[0] == "" {
			continue
		}
		w, err := strconv.ParseFloat(values[0], 64)
		if err != nil || !(w >= 0) || math.IsInf(w, 0) {
			return nil, shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: "vectors.error.policy", Args: map[string]any{"Power": code, "Found": values[0]}}, "the weight %q of %s", values[0], code)
		}
		if out[shanyraq.CountryCode(strings.ToUpper(code))] = w; w > 0 {
			positive++
		}
	}
	if len(out) > 0 && positive < 2 {
		return nil, shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: "vectors.error.policy_few"}, "a policy of %d powers", positive)
	}
	return out, nil
}

// A Break is what changed in a series at the beginning of [BreakYear].
type Break struct {
	Key   string // of the series: "position", "visits"
	Power shanyraq.CountryCode
	// Before is the yearly trend before, Jump the change of level, and Bend the
	// change of the trend, each in the unit of the series.
	Before, Jump, Bend shanyraq.Figure
}

// BreakYear is the year at whose 24 February the neighbourhood changed; a
// yearly series is split between it and the one before.
const BreakYear = 2022

// A Past is a country's ties among the powers over time.
type Past struct {
	Home      shanyraq.CountryCode
	Powers    []shanyraq.CountryCode
	Histories []History
	Breaks    []Break
}

// Past returns how the home country's ties were divided in every year for which
// there are claims, domain by domain, and what changed at [BreakYear].
func (r *Room) Past(ctx context.Context, home shanyraq.CountryCode) (Past, error) {
	return r.pasts.of(home, func() (Past, error) {
		p, err := r.past(ctx, home)
		if err != nil {
			return p, shanyraq.Errorf("vectors.Past", shanyraq.KindOf(err), "%s: %w", home, err)
		}
		return p, nil
	})
}

func (r *Room) past(ctx context.Context, home shanyraq.CountryCode) (Past, error) {
	b, err := r.Balance(ctx, home)
	if err != nil {
		return Past{}, err
	}
	union, err := r.group(ctx, Union)
	if err != nil {
		return Past{}, err
	}
	p := Past{Home: home, Powers: b.Powers}
	for _, row := range b.Rows {
		d := row.Domain
		h := History{Domain: d}
		if d.Window > 0 { // claims of several years stand for one state of things
			if len(row.Partners) > 0 {
				h.Years = []Year{{Row: row}}
			}
		} else if h.Years, err = r.years(ctx, home, d, b.Powers, union); err != nil {
			return p, fmt.Errorf("%s: %w", d.Key, err)
		}
		for j := range h.Years {
			y := &h.Years[j]
			if y.Effective, err = effective(home, d.Key, y.Year, y.Concentration); err != nil {
				return p, fmt.Errorf("%s %d: %w", d.Key, y.Year, err)
			}
			if y.United, err = effective(home, d.Key+"-union", y.Year, y.Row.United); err != nil {
				return p, fmt.Errorf("%s %d: %w", d.Key, y.Year, err)
			}
			if d.Every && len(y.Totals) == 1 {
				h.Edition = y.Totals[0].Lineage().Sources[0]
			}
		}
		if err := h.even(home, b.Powers, nil); err != nil {
			return p, fmt.Errorf("%s: %w", d.Key, err)
		}
		p.Histories = append(p.Histories, h)
	}
	p.Breaks, err = r.breaks(ctx, home, b.Powers)
	return p, err
}

// years divides a domain in each year about which its claims are.
func (r *Room) years(ctx context.Context, home shanyraq.CountryCode, d Domain, powers []shanyraq.CountryCode, union shanyraq.Group) ([]Year, error) {
	all, err := r.claimsOf(ctx, home, d)
	if err != nil {
		return nil, err
	}
	var when []int
	for _, c := range all {
		if y := c.When.Year(); y != 0 && (d.Definition == "" || c.Definition == d.Definition) {
			when = append(when, y)
		}
	}
	slices.Sort(when)
	var out []Year
	for _, y := range slices.Compact(when) {
		row, err := rowOf(home, d, all, y, powers, union)
		if err != nil {
			return nil, fmt.Errorf("%d: %w", y, err)
		}
		if len(row.Shares) > 0 {
			out = append(out, Year{Row: row})
		}
	}
	return out, nil
}

// effective makes the figure of the number of equal partners from that of a
// concentration, with limits of the same kind, and none from none.
func effective(home shanyraq.CountryCode, key string, year int, c shanyraq.Figure) (shanyraq.Figure, error) {
	if c.IsZero() || !(c.Value() > 0) || !(c.Interval().Lo > 0) {
		return shanyraq.Figure{}, nil
	}
	v := ties.Effective(c.Value())
	l := shanyraq.Lineage{Method: MethodEffective, Sources: c.Lineage().Sources, Assumptions: c.Lineage().Assumptions,
		Inputs:  []shanyraq.Input{{Symbol: "H", Path: c.Path(), When: shanyraq.YearPeriod(year), Value: c.Value(), Unit: c.Unit()}},
		Formula: fmt.Sprintf("1 / H = 1 / %.4f = %.2f", c.Value(), v)}
	iv := outward(ties.Effective(c.Interval().Hi), ties.Effective(c.Interval().Lo), 0.01)
	iv.Kind = c.Interval().Kind
	return shanyraq.NewFigure(fmt.Sprintf("vectors/effective/%s/%s/%d", home, key, year), v, iv, "partners", l)
}

// EvenUnder returns the past with the overlap with the policy in place of that
// with an equal division.
func (p Past) EvenUnder(policy Policy) (Past, error) {
	p.Histories = slices.Clone(p.Histories)
	for i := range p.Histories {
		h := &p.Histories[i]
		h.Years = slices.Clone(h.Years)
		if err := h.even(p.Home, p.Powers, policy); err != nil {
			return p, shanyraq.Errorf("vectors.EvenUnder", shanyraq.KindOf(err), "%s: %w", h.Domain.Key, err)
		}
	}
	return p, nil
}

// even makes the figures of how near the division among the powers compared is
// to the policy.
func (h *History) even(home shanyraq.CountryCode, powers []shanyraq.CountryCode, policy Policy) error {
	if h.Compared = policy.powers(); len(policy) == 0 {
		h.Compared = h.common(powers)
	}
	for i := range h.Years {
		if err := h.Years[i].overlap(home, h.Compared, policy); err != nil {
			return fmt.Errorf("%d: %w", h.Years[i].Year, err)
		}
	}
	return nil
}

// common returns the powers to compare over the years: of all sets of three or
// more, that which is known in most years, and of several the largest. It
// returns none where three are never known together.
func (h *History) common(powers []shanyraq.CountryCode) []shanyraq.CountryCode {
	var sets [][]shanyraq.CountryCode // known together in some year
	for _, y := range h.Years {
		known := slices.DeleteFunc(slices.Clone(powers), func(p shanyraq.CountryCode) bool { _, ok := y.Shares[p]; return !ok })
		for _, s := range append(slices.Clone(sets), known) {
			both := slices.DeleteFunc(slices.Clone(s), func(p shanyraq.CountryCode) bool { return !slices.Contains(known, p) })
			if len(both) >= 3 && !slices.ContainsFunc(sets, func(x []shanyraq.CountryCode) bool { return slices.Equal(x, both) }) {
				sets = append(sets, both)
			}
		}
	}
	var best []shanyraq.CountryCode
	most := 0
	for _, s := range sets {
		n := 0
		for _, y := range h.Years {
			if y.missing(s) == "" {
				n++
			}
		}
		if n > most || n == most && len(s) > len(best) {
			best, most = s, n
		}
	}
	return best
}

// missing returns the first of the powers whose share is not known in the year,
// and "" where all are.
func (y Year) missing(powers []shanyraq.CountryCode) shanyraq.CountryCode {
	for _, p := range powers {
		if _, ok := y.Shares[p]; !ok {
			return p
		}
	}
	return ""
}

// Lacks returns the first of the powers compared whose share is not known in the
// year, and "" where all are.
func (h History) Lacks(y Year) shanyraq.CountryCode { return y.missing(h.Compared) }

// overlap makes the figure of how near the division among the powers is to the
// policy; it is zero where one of them is unknown.
func (y *Year) overlap(home shanyraq.CountryCode, powers []shanyraq.CountryCode, policy Policy) error {
	y.Even = shanyraq.Figure{}
	if len(powers) < 2 || y.missing(powers) != "" {
		return nil
	}
	var x, weights []float64
	var ranges []ties.Range
	l := shanyraq.Lineage{Method: MethodEven, Assumptions: []shanyraq.Assumption{shanyraq.Assume("known_powers_only", shanyraq.EitherWay)}}
	for _, p := range powers {
		f := y.Shares[p]
		iv := f.Interval()
		x, ranges = append(x, f.Value()), append(ranges, ties.Range{Lo: max(0, iv.Lo), Hi: iv.Hi})
		weights = append(weights, 1)
		if len(policy) > 0 {
			weights[len(weights)-1] = policy[p]
		}
		l.Inputs = append(l.Inputs, shanyraq.Input{Symbol: string(p), Path: f.Path(), Place: p, When: shanyraq.YearPeriod(y.Year), Value: f.Value(), Unit: f.Unit()})
		l.Sources = union(l.Sources, f.Lineage().Sources)
	}
	shares, err := ties.Shares(x)
	if err != nil {
		return nil // no power has any part of it
	}
	wanted, err := ties.Shares(weights)
	if err != nil {
		return err
	}
	v, err := ties.Overlap(shares, wanted)
	if err != nil {
		return err
	}
	in, err := ties.OverlapRange(ranges, wanted)
	if err != nil {
		return err
	}
	path := fmt.Sprintf("vectors/even/%s/%s/%d", home, y.Domain.Key, y.Year)
	if l.Formula = fmt.Sprintf("100 × (1 − ½ Σ |s − 1/%d|) = %.1f %%", len(x), 100*v); len(policy) > 0 {
		parts := make([]string, len(powers))
		for i, p := range powers {
			parts[i] = fmt.Sprintf("%s %.1f %%", p, 100*wanted[i])
		}
		l.Formula = fmt.Sprintf("100 × (1 − ½ Σ |s − w|) = %.1f %%,  w: %s", 100*v, strings.Join(parts, ", "))
		path += "?" + policy.query()
	}
	y.Even, err = shanyraq.NewFigure(path, 100*v, outward(100*min(in.Lo, v), 100*max(in.Hi, v), 0), "percent", l)
	return err
}

// breakWindow is how many years before [BreakYear] the trend is taken over: a
// position of the nineties says little of where a trend was going in 2021.
const breakWindow = 15

// breakLevel is the level of the intervals around what changed in a series.
const breakLevel = 0.9

// breaks asks what changed at [BreakYear] in the yearly series that are
// complete: published positions in the General Assembly, of home and apart from
// each power, and the visits between home and the power whose every visit is
// held.
func (r *Room) breaks(ctx context.Context, home shanyraq.CountryCode, powers []shanyraq.CountryCode) ([]Break, error) {
	points, err := r.IdealPoints(ctx, append([]shanyraq.CountryCode{home}, powers...)...)
	if err != nil {
		return nil, err
	}
	by := map[shanyraq.CountryCode]map[int]shanyraq.Claim{}
	for _, c := range points {
		if by[c.Place] == nil {
			by[c.Place] = map[int]shanyraq.Claim{}
		}
		by[c.Place][c.When.Year()] = c
	}
	var out []Break
	add := func(b Break, ok bool, err error) error {
		if err == nil && ok {
			out = append(out, b)
		}
		return err
	}
	if err := add(interrupted(home, "position", "", "points", series(by[home], nil))); err != nil {
		return nil, err
	}
	for _, p := range powers {
		if len(by[p]) == 0 {
			continue
		}
		if err := add(interrupted(home, "apart", p, "points", series(by[home], by[p]))); err != nil {
			return nil, err
		}
	}
	if home != visitsOf && slices.Contains(powers, visitsOf) {
		visits, err := r.visits(ctx, home)
		if err != nil {
			return nil, err
		}
		if err := add(interrupted(home, "visits", visitsOf, "visits_per_year", visits)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// visitsFrom is the source that lists every visit of leaders to and from one
// power, and visitsOf that power. Of other senders a few visits are held, and a
// year without one says nothing.
const (
	visitsFrom shanyraq.SourceID    = "us-visits"
	visitsOf   shanyraq.CountryCode = "USA"
)

// visits returns how many visits between home and [visitsOf] there were in each
// whole year of the list, from the first in which there was one.
func (r *Room) visits(ctx context.Context, home shanyraq.CountryCode) (span, error) {
	all, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{"leader_visit"}, Sources: []shanyraq.SourceID{visitsFrom}})
	if err != nil {
		return span{}, err
	}
	first, last := 0, 0
	count := map[int]float64{}
	var s span
	for _, c := range all {
		y := c.When.Year()
		last = max(last, y)
		if c.Place == home || c.Partner == home {
			count[y]++
			s.claims = append(s.claims, c)
			if first == 0 || y < first {
				first = y
			}
		}
	}
	for y := first; first > 0 && y < last; y++ { // the last year of the list is not over
		s.years, s.values = append(s.years, float64(y)), append(s.values, count[y])
	}
	return s, nil
}

// A span is a yearly series and the claims it was made of.
type span struct {
	years, values []float64
	claims        []shanyraq.Claim
}

// series returns the yearly series of a's claims within the window, or where b
// is not nil of how far they are from b's.
func series(a, b map[int]shanyraq.Claim) span {
	var s span
	years := make([]int, 0, len(a))
	for y := range a {
		years = append(years, y)
	}
	slices.Sort(years)
	for _, y := range years {
		if y < BreakYear-breakWindow {
			continue
		}
		v := a[y].Value
		if b != nil {
			other, ok := b[y]
			if !ok {
				continue
			}
			v = math.Abs(v - other.Value)
			s.claims = append(s.claims, other)
		}
		s.claims = append(s.claims, a[y])
		s.years, s.values = append(s.years, float64(y)), append(s.values, v)
	}
	return s
}

// interrupted fits the two lines; it reports false where the series is too
// short on either side.
func interrupted(home shanyraq.CountryCode, key string, power shanyraq.CountryCode, unit shanyraq.Unit, s span) (Break, bool, error) {
	b := Break{Key: key, Power: power}
	if len(s.years) < 8 {
		return b, false, nil
	}
	fit, err := ties.Interrupted(s.years, s.values, BreakYear, 1, breakLevel)
	if err != nil {
		return b, false, nil // ErrShort: nothing can be said
	}
	l := shanyraq.Lineage{Method: MethodBreak, Sources: shanyraq.SourcesOf(s.claims...),
		Assumptions: []shanyraq.Assumption{shanyraq.Assume("trend_would_go_on", shanyraq.EitherWay), shanyraq.Assume("nothing_else_then", shanyraq.EitherWay)}}
	if key == "apart" {
		l.Assumptions = append(l.Assumptions, shanyraq.Assume("distance_has_floor", shanyraq.TooHigh))
	}
	for i, c := range s.claims {
		l.Inputs = append(l.Inputs, shanyraq.InputOf(fmt.Sprintf("y%d", i+1), c))
	}
	path := "vectors/break/" + string(home) + "/" + key
	if power != "" {
		path += "-" + string(power)
	}
	make := func(part, symbol string, c ties.Coefficient) (shanyraq.Figure, error) {
		if !(c.Lo < c.Hi) {
			return shanyraq.Figure{}, nil
		}
		l := l
		l.Formula = fmt.Sprintf("y = a + b·(t − %.0f) + c·[t ≥ %d] + d·(t − %d)·[t ≥ %d],  n = %d,  %s = %.4f", s.years[0], BreakYear, BreakYear, BreakYear, fit.N, symbol, c.Value)
		return shanyraq.NewFigure(path+"/"+part, c.Value, shanyraq.Interval{Lo: c.Lo, Hi: c.Hi, Level: breakLevel, Kind: shanyraq.Confidence}, unit, l)
	}
	for _, x := range []struct {
		to           *shanyraq.Figure
		part, symbol string
		c            ties.Coefficient
	}{{&b.Before, "trend", "b", fit.Trend}, {&b.Jump, "jump", "c", fit.Level}, {&b.Bend, "bend", "d", fit.Bend}} {
		if *x.to, err = make(x.part, x.symbol, x.c); err != nil {
			return b, false, fmt.Errorf("%s: %w", path, err)
		}
	}
	return b, !b.Jump.IsZero(), nil
}

// Figures returns every figure of the past, in the order of the tables.
func (p Past) Figures() []shanyraq.Figure {
	var out []shanyraq.Figure
	for _, h := range p.Histories {
		for _, y := range h.Years {
			for _, power := range p.Powers {
				out = append(out, y.Shares[power])
			}
			for _, partner := range y.Partners {
				out = append(out, partner.Share)
			}
			out = append(append(out, y.Totals...), y.Concentration, y.Row.United, y.Entropy, y.Normalised, y.Effective, y.United, y.Even)
		}
	}
	for _, b := range p.Breaks {
		out = append(out, b.Before, b.Jump, b.Bend)
	}
	return slices.DeleteFunc(out, shanyraq.Figure.IsZero)
}

// group returns the group of that id, or an empty one.
func (r *Room) group(ctx context.Context, id shanyraq.GroupID) (shanyraq.Group, error) {
	groups, err := r.ev.Groups(ctx)
	if err != nil {
		return shanyraq.Group{}, err
	}
	if i := slices.IndexFunc(groups, func(g shanyraq.Group) bool { return g.ID == id }); i >= 0 {
		return groups[i], nil
	}
	return shanyraq.Group{ID: id}, nil
}

// union returns the sources in either list, each once.
func union(a, b []shanyraq.SourceID) []shanyraq.SourceID {
	for _, id := range b {
		if !slices.Contains(a, id) {
			a = append(a, id)
		}
	}
	return a
}

// find returns the figure that opens at path, or false.
func find(figures []shanyraq.Figure, path string) (shanyraq.Figure, bool) {
	i := slices.IndexFunc(figures, func(f shanyraq.Figure) bool { return f.Path() == path })
	if i < 0 {
		return shanyraq.Figure{}, false
	}
	return figures[i], true
}

// pair splits "CHN-RUS" in two.
func pair(s string) (a, b shanyraq.CountryCode) {
	x, y, _ := strings.Cut(s, "-")
	return shanyraq.CountryCode(x), shanyraq.CountryCode(y)
}
