package diaspora

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

// MethodReturns is the method of figures of those who came back in a year from
// one origin.
const MethodReturns shanyraq.MethodKey = "returns-by-origin"

// firstReturns is the year from whose beginning returns are counted.
const firstReturns = 1991

// A Return is those who came back in one year.
type Return struct {
	Year  int
	Total shanyraq.Figure                          // persons
	From  map[shanyraq.CountryCode]shanyraq.Figure // persons, by origin; one nobody gave a share of is absent
}

// returned is what is counted of those who came back: a rising total, and the
// shares of origins in the periods somebody gave them for.
type returned struct {
	home    shanyraq.CountryCode
	total   []shanyraq.Claim // since the first year, by time
	at      []float64        // of each total, as a year
	origins []shanyraq.CountryCode
	shares  map[shanyraq.CountryCode][]period
}

// A period is one time for which shares of an origin were printed.
type period struct {
	from, to   float64
	value      float64 // share of 1, the mean of those printed
	low, high  float64
	claims     []shanyraq.Claim
	wholeSince bool // it is of all since the first year
}

func (p period) middle() float64 { return (p.from + p.to) / 2 }

// ends returns the beginning and end of a period as years.
func ends(w shanyraq.Period) (from, to float64, ok bool) {
	s, e, both := strings.Cut(string(w), "..")
	if !both {
		e = s
	}
	start, ok1 := instant(s, false)
	end, ok2 := instant(e, !both || len(e) < 8) // up to a day, or through a month or year
	return start, end, ok1 && ok2
}

// instant returns the beginning, or the end, of a year, month or day as a year.
func instant(s string, end bool) (float64, bool) {
	part := strings.Split(s, "-")
	y, err := strconv.Atoi(part[0])
	if err != nil {
		return 0, false
	}
	v := float64(y)
	if len(part) == 1 {
		if end {
			v++
		}
		return v, true
	}
	m, err := strconv.Atoi(part[1])
	if err != nil {
		return 0, false
	}
	v += float64(m-1) / 12
	switch {
	case len(part) > 2:
		d, err := strconv.Atoi(part[2])
		if err != nil {
			return 0, false
		}
		v += float64(d-1) / 365.25
	case end:
		v += 1.0 / 12
	}
	return v, true
}

// returns reads what is counted of those who came back, and nil for a home of
// which nothing is.
func (r *Room) returns(ctx context.Context, home shanyraq.CountryCode) (*returned, error) {
	cs, err := r.Returns(ctx, home)
	if err != nil {
		return nil, err
	}
	out := &returned{home: home, shares: map[shanyraq.CountryCode][]period{}}
	for _, c := range cs {
		switch c.Series {
		case "kandas_cumulative":
			if t, ok := instant(string(c.When), true); ok && c.Partner == shanyraq.World {
				out.total = append(out.total, c)
				out.at = append(out.at, t)
			}
		case "kandas_share":
			from, to, ok := ends(c.When)
			if !ok || c.Partner == "" || c.Partner == shanyraq.World {
				continue
			}
			ps := out.shares[c.Partner]
			i := slices.IndexFunc(ps, func(p period) bool { return p.from == from && p.to == to })
			if i < 0 {
				i = len(ps)
				ps = append(ps, period{from: from, to: to, low: math.Inf(1), wholeSince: from == firstReturns})
			}
			p := &ps[i]
			iv := c.Range()
			p.value = (p.value*float64(len(p.claims)) + c.Value/100) / float64(len(p.claims)+1)
			p.low, p.high = min(p.low, max(0, iv.Lo)/100), max(p.high, iv.Hi/100)
			p.claims = append(p.claims, c)
			out.shares[c.Partner] = ps
		}
	}
	order := make([]int, len(out.total))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(out.at[a], out.at[b]) })
	var total []shanyraq.Claim
	var at []float64
	for _, i := range order { // one of each time, and never falling
		if n := len(at); n == 0 || out.at[i] > at[n-1] && out.total[i].Value >= total[n-1].Value {
			total, at = append(total, out.total[i]), append(at, out.at[i])
		}
	}
	out.total, out.at = total, at
	if len(total) < 2 {
		return nil, nil
	}
	for o, ps := range out.shares {
		slices.SortFunc(ps, func(a, b period) int { return cmp.Or(cmp.Compare(a.middle(), b.middle()), cmp.Compare(a.from, b.from)) })
		out.origins = append(out.origins, o)
	}
	slices.Sort(out.origins)
	return out, nil
}

// until returns how many had come back by a time, evenly between two totals,
// and the totals it is read from. Before the first year nobody had. Past the
// last total it goes on as over the three years before it.
func (r *returned) until(t float64) (persons float64, read []shanyraq.Claim) {
	n := len(r.at)
	last := r.at[n-1]
	switch {
	case t <= firstReturns:
		return 0, nil
	case t > last:
		before, _ := r.until(last - 3)
		return r.total[n-1].Value + (t-last)*(r.total[n-1].Value-before)/3, r.total[n-1:]
	}
	from, low := float64(firstReturns), 0.0
	for i, at := range r.at {
		if t <= at {
			read = append(read, r.total[i])
			return low + (r.total[i].Value-low)*(t-from)/(at-from), read
		}
		from, low, read = at, r.total[i].Value, r.total[i:i+1:i+1]
	}
	return low, read
}

// share returns the share of an origin at a time, so that all origins together
// have at most the whole: between periods some were printed for and others not,
// what is read for each alone can come to more.
func (r *returned) share(origin shanyraq.CountryCode, t float64) (p period, ok bool) {
	if p, ok = r.printed(origin, t); !ok {
		return p, false
	}
	sum := 0.0
	for _, o := range r.origins {
		x, _ := r.printed(o, t)
		sum += x.value
	}
	p.value /= max(1, sum)
	p.low = min(p.low, p.value)
	return p, true
}

// printed returns the share of an origin at a time: that printed for a period
// which holds it, else between those of the periods before and after it. The
// range is from the lowest to the highest printed of the periods it is read
// from.
func (r *returned) printed(origin shanyraq.CountryCode, t float64) (p period, ok bool) {
	ps := r.shares[origin]
	if len(ps) == 0 {
		return period{}, false
	}
	join := func(a, b period, f float64) period {
		return period{value: a.value*(1-f) + b.value*f, low: min(a.low, b.low), high: max(a.high, b.high), claims: slices.Concat(a.claims, b.claims)}
	}
	// Periods since the first year speak of the time up to their end alone.
	for _, p := range ps {
		if p.wholeSince && t < p.to {
			return p, true
		}
	}
	place := func(p period) float64 {
		if p.wholeSince {
			return p.to
		}
		return p.middle()
	}
	for i, p := range ps {
		if at := place(p); t <= at {
			if i == 0 {
				return p, true
			}
			from := place(ps[i-1])
			if at == from {
				return join(ps[i-1], p, 0.5), true
			}
			return join(ps[i-1], p, (t-from)/(at-from)), true
		}
	}
	return ps[len(ps)-1], true
}

// flow returns how many came back from an origin between two times, by years,
// and its standard deviation: a quarter of the distance between the lowest and
// the highest share printed, errors of years going together.
func (r *returned) flow(origin shanyraq.CountryCode, from, to float64) (persons, sd float64) {
	if from > to {
		persons, sd = r.flow(origin, to, from)
		return -persons, sd
	}
	for t := max(from, firstReturns); t < to; {
		next := min(to, math.Floor(t)+1)
		a, _ := r.until(t)
		b, _ := r.until(next)
		if s, ok := r.share(origin, (t+next)/2); ok {
			persons += (b - a) * s.value
			sd += (b - a) * (s.high - s.low) / 4
		}
		t = next
	}
	return persons, sd
}

// ReturnsByYear returns those who came back in each year since totals are
// printed year by year, by origin, the newest year first. It returns nothing
// for a home of which nothing is counted.
func (r *Room) ReturnsByYear(ctx context.Context, home shanyraq.CountryCode) ([]Return, error) {
	const op = "diaspora.ReturnsByYear"
	f, err := r.returns(ctx, home)
	if err != nil || f == nil {
		return nil, err
	}
	var out []Return
	for y := int(math.Ceil(f.at[len(f.at)-1])) - 1; y >= int(f.at[0]); y-- {
		x, err := f.year(y)
		if err != nil {
			return nil, shanyraq.Errorf(op, shanyraq.Other, "%s %d: %w", home, y, err)
		}
		out = append(out, x)
	}
	return out, nil
}

func returnPath(home, origin shanyraq.CountryCode, year int) string {
	return fmt.Sprintf("diaspora/%s/%s/returns/%d", home, origin, year)
}

// year makes the figures of one year. The total lies between two printed totals;
// how it fell on the years between them is not known, and from half to twice the
// even share is let stand where a total is more than two years from the next.
func (f *returned) year(y int) (Return, error) {
	out := Return{Year: y, From: map[shanyraq.CountryCode]shanyraq.Figure{}}
	a, readA := f.until(float64(y))
	b, readB := f.until(float64(y + 1))
	n := b - a
	read := distinct(slices.Concat(readA, readB))
	apart := 1.0
	if at := f.around(float64(y) + 0.5); at > 2 {
		apart = 2
	}
	lo, hi := n/apart-100, n*apart+100 // totals are printed to the hundred
	inputs := func(cs []shanyraq.Claim) (in []shanyraq.Input) {
		for i, c := range cs[:min(8, len(cs))] {
			in = append(in, shanyraq.InputOf("x"+strconv.Itoa(i+1), c))
		}
		return in
	}
	assume := []shanyraq.Assumption{shanyraq.Assume("returns_even", shanyraq.EitherWay), shanyraq.Assume("returns_stay", shanyraq.TooHigh)}
	var err error
	out.Total, err = shanyraq.NewFigure(returnPath(f.home, shanyraq.World, y), n, shanyraq.Interval{Lo: max(0, lo), Hi: hi, Kind: shanyraq.Judged}, "persons",
		shanyraq.Lineage{Method: MethodReturns, Formula: fmt.Sprintf("by the end of %d less by its beginning = %.0f − %.0f = %.0f", y, b, a, n), Inputs: inputs(read), Sources: shanyraq.SourcesOf(read...), Assumptions: assume})
	if err != nil {
		return out, err
	}
	for _, o := range f.origins {
		s, ok := f.share(o, float64(y)+0.5)
		if !ok {
			continue
		}
		cs := distinct(slices.Concat(read, s.claims))
		out.From[o], err = shanyraq.NewFigure(returnPath(f.home, o, y), n*s.value, shanyraq.Interval{Lo: max(0, lo) * s.low, Hi: hi * s.high, Kind: shanyraq.Judged}, "persons",
			shanyraq.Lineage{Method: MethodReturns, Formula: fmt.Sprintf("%.0f × %.3f = %.0f", n, s.value, n*s.value), Inputs: inputs(cs), Sources: shanyraq.SourcesOf(cs...),
				Assumptions: append(slices.Clone(assume), shanyraq.Assume("returns_shares", shanyraq.EitherWay))})
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// around returns how far apart the two totals around a time are, in years.
func (f *returned) around(t float64) float64 {
	from := float64(firstReturns)
	for _, at := range f.at {
		if t <= at {
			return at - from
		}
		from = at
	}
	return math.Inf(1)
}

// distinct drops claims that were there before.
func distinct(cs []shanyraq.Claim) []shanyraq.Claim {
	var out []shanyraq.Claim
	seen := map[shanyraq.ClaimID]bool{}
	for _, c := range cs {
		if !seen[c.ID] {
			seen[c.ID] = true
			out = append(out, c)
		}
	}
	return out
}

// carry tells every figure of the set by how much returns changed its host's
// stock between its year and the year of the stocks. Only those who have the
// home people's ethnicity come back in this way.
func (s *heard) carry(f *returned, year int) {
	if f == nil || s.Set != Ethnic {
		return
	}
	values := map[string][]float64{}
	for _, x := range s.figures {
		values[x.Host] = append(values[x.Host], x.Value)
	}
	s.back = f
	s.typical = map[string]float64{}
	for host, v := range values {
		slices.Sort(v)
		s.typical[host] = v[(len(v)-1)/2]
	}
	for i := range s.figures {
		x := &s.figures[i]
		x.Shift, x.ShiftSD = s.shift(x.Host, x.Year, float64(year))
	}
}

// shift returns by how much the log of a host's stock differs at a time from
// that in the year, by those who came back, and the standard deviation of it.
// Returns are set against the median of the host's claims.
func (s *heard) shift(host string, t, year float64) (shift, sd float64) {
	if s.back == nil {
		return 0, 0
	}
	n, unsure := s.back.flow(shanyraq.CountryCode(host), t, year)
	return n / s.typical[host], unsure / s.typical[host]
}
