package standing

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
)

// measure returns the values of one measure by country.
func (r *Room) measure(ctx context.Context, x *Index, m Measure) (map[shanyraq.CountryCode]measuredValue, error) {
	q := shanyraq.Query{Series: slices.Concat(m.Series, m.Stated)}
	if m.Zero != "" {
		q.Series = append(q.Series, m.Zero)
	}
	if m.Count == "" {
		q.From, q.To = x.Year-m.Age, x.Year+m.Ahead
	}
	cs, err := r.ev.Claims(ctx, q)
	if err != nil {
		return nil, err
	}
	if m.Count != "" {
		return x.counts(m, cs), nil
	}
	taken, err := r.taken(ctx)
	if err != nil {
		return nil, err
	}
	type yearly map[int]said
	by := map[shanyraq.CountryCode]yearly{}
	for _, c := range cs {
		y := c.When.Year()
		if !ofCountry(c) || y == 0 {
			continue
		}
		if by[c.Place] == nil {
			by[c.Place] = yearly{}
		}
		if by[c.Place][y] == nil {
			by[c.Place][y] = said{}
		}
		by[c.Place][y][c.Series] = append(by[c.Place][y][c.Series], c)
	}
	out := map[shanyraq.CountryCode]measuredValue{}
	for place, years := range by {
		for y := x.Year + m.Ahead; y >= x.Year-m.Age; y-- {
			var parts [][]shanyraq.Claim
			for _, id := range m.Series {
				cs := years[y][id]
				slices.SortFunc(cs, func(a, b shanyraq.Claim) int { return better(a, b, y, taken) })
				if len(cs) > 0 {
					parts = append(parts, cs)
				}
			}
			if len(parts) < len(m.Series) {
				continue
			}
			if v, ok := x.value(m, place, parts); ok {
				out[place] = v
			}
			break
		}
	}
	return out, nil
}

// value makes one value of the claims of a measure's series, those that stand
// first. A product of what is less than nothing is none.
func (x *Index) value(m Measure, place shanyraq.CountryCode, parts [][]shanyraq.Claim) (measuredValue, bool) {
	at := x.base.measurePath(place, m.Code)
	if len(parts) == 2 {
		if parts[0][0].Value < 0 || parts[1][0].Value < 0 {
			return measuredValue{}, false
		}
		scale := cmp.Or(m.Scale, 1)
		alo, ahi, _ := limits("a", parts[0])
		blo, bhi, _ := limits("b", parts[1])
		return measuredValue{scale * parts[0][0].Value * parts[1][0].Value, scale * alo * blo, scale * ahi * bhi,
			func() (shanyraq.Figure, error) { return product(at, m.Unit, scale, parts[0], parts[1], "a", "b") },
			shanyraq.SourcesOf(slices.Concat(parts[0], parts[1])...)}, true
	}
	cs := parts[0]
	v := measuredValue{value: cs[0].Value, lo: math.Inf(1), hi: math.Inf(-1), sources: shanyraq.SourcesOf(cs...), figure: cs[0].Figure}
	for _, c := range cs {
		iv := c.Range()
		v.lo, v.hi = min(v.lo, iv.Lo), max(v.hi, iv.Hi)
	}
	if cs[0].Value >= 0 {
		v.lo = max(0, v.lo)
	}
	if len(cs) > 1 {
		v.figure = func() (shanyraq.Figure, error) {
			_, _, inputs := limits("n", cs)
			return shanyraq.NewFigure(at, cs[0].Value, shanyraq.Interval{Lo: v.lo, Hi: v.hi, Kind: shanyraq.Spread}, cs[0].Unit,
				shanyraq.Lineage{Method: methodRange, Sources: v.sources, Inputs: inputs,
					Formula:     fmt.Sprintf("n = %s,  min … max of %d = %.6g … %.6g", strconv.FormatFloat(cs[0].Value, 'f', -1, 64), len(cs), v.lo, v.hi),
					Assumptions: []shanyraq.Assumption{shanyraq.Assume("strongest_first", shanyraq.EitherWay), shanyraq.Assume("spread_covers", shanyraq.TooNarrow)}})
		}
	}
	return v, true
}

// measurePath returns where a value worked out for an index opens; it does not
// depend on the weights or the rule for what is missing.
func (x *Index) measurePath(place shanyraq.CountryCode, code string) string {
	return fmt.Sprintf("standing/index/%s/%s/%d/%s", x.Key, place, x.Year, code)
}

// counts counts the records of each country.
func (x *Index) counts(m Measure, cs []shanyraq.Claim) map[shanyraq.CountryCode]measuredValue {
	records := map[shanyraq.CountryCode][]shanyraq.Claim{}
	stated := map[shanyraq.CountryCode][]shanyraq.Claim{}
	absent := map[shanyraq.CountryCode][]shanyraq.Claim{} // what says that the country would be listed
	var listed []shanyraq.SourceID
	for _, c := range cs {
		at, y := c.Place, c.When.Year()
		if m.Count == "partner" && slices.Contains(m.Series, c.Series) {
			at = c.Partner
		}
		if at == "" || at == shanyraq.World || at == shanyraq.EuropeanUnion {
			continue
		}
		switch {
		case slices.Contains(m.Series, c.Series):
			listed = merge(listed, shanyraq.SourcesOf(c))
			if (m.Note == "" || c.Note == m.Note) && (m.Anytime || y != 0 && y <= x.Year && y >= m.Since) {
				records[at] = append(records[at], c)
			}
		case slices.Contains(m.Stated, c.Series):
			if ofCountry(c) && y != 0 && y <= x.Year && y >= x.Year-m.Age {
				stated[at] = append(stated[at], c)
			}
		case c.Series == m.Zero && len(absent[at]) == 0 && (m.Note == "" || c.Note == m.Note):
			absent[at] = []shanyraq.Claim{c}
		}
	}
	out := map[shanyraq.CountryCode]measuredValue{}
	make := func(place shanyraq.CountryCode, rs, more []shanyraq.Claim, sources []shanyraq.SourceID) measuredValue {
		n := float64(len(rs))
		v := measuredValue{value: n, lo: n, hi: n, sources: sources}
		inputs := inputsOf(rs)
		for i, c := range more {
			if c.Value > v.hi {
				v.hi = c.Value
			}
			inputs = append(inputs, shanyraq.InputOf("s"+strconv.Itoa(i+1), c))
		}
		v.figure = func() (shanyraq.Figure, error) {
			iv := shanyraq.Interval{Lo: v.lo, Hi: v.hi, Kind: shanyraq.Counted}
			formula := fmt.Sprintf("n = %d", len(rs))
			as := []shanyraq.Assumption{shanyraq.Assume("list_complete", shanyraq.EitherWay)}
			if v.hi > v.lo {
				iv.Kind = shanyraq.Bounds
				formula += fmt.Sprintf(" … %g", v.hi)
				as = append(as, shanyraq.Assume("power_posts", shanyraq.EitherWay))
			}
			return shanyraq.NewFigure(x.base.measurePath(place, m.Code), n, iv, m.Unit,
				shanyraq.Lineage{Method: MethodMeasure, Formula: formula, Inputs: inputs, Sources: sources, Assumptions: as})
		}
		return v
	}
	for place, rs := range records {
		slices.SortFunc(rs, func(a, b shanyraq.Claim) int { return strings.Compare(string(a.ID), string(b.ID)) })
		more := stated[place]
		out[place] = make(place, rs, more, merge(shanyraq.SourcesOf(rs...), shanyraq.SourcesOf(more...)))
	}
	slices.Sort(listed)
	for place := range absent {
		if _, ok := out[place]; !ok && len(listed) > 0 {
			out[place] = make(place, nil, nil, listed)
		}
	}
	return out
}
