package diaspora

import (
	"context"
	"fmt"
	"math"
	"slices"

	"shanyraq"
)

// calibrated is how many counts have to be hidden for the share of them that
// ranges hold to say anything: of twenty, one that is missed is five percent.
const calibrated = 20

// A miss is how far a hidden count was from the middle of its range, on the log
// scale, and half of the range's width.
type miss struct {
	home      shanyraq.CountryCode
	far, half float64
	source    shanyraq.SourceID
	host      shanyraq.CountryCode
}

// A widening is what other homes' hidden counts ask of a home's ranges. The zero
// widening asks nothing.
type widening struct {
	factor float64 // by which a range is widened that is no wider than theirs
	usual  float64 // half the width of theirs, on the log scale
}

// of returns half the width of a range on the log scale, widened:
//
//	h' = min( f h, √( h² + (f² − 1) u² ) )
//
// A range no wider than the usual one is widened by the factor; what the factor
// adds to the variance of the usual one is added to that of a wider one, which
// already knows that little is known.
func (w widening) of(half float64) float64 {
	if !(w.factor > 1) {
		return half
	}
	return min(w.factor*half, math.Sqrt(half*half+(w.factor*w.factor-1)*w.usual*w.usual))
}

// misses are those of all homes, of each of which fewer than [calibrated] counts
// can be hidden.
type misses []miss

// widening returns by how much the ranges of home have to be widened for 95
// percent of the hidden counts of the other homes to be in theirs, with a factor
// of 1 if they are as they stand, or too few to tell. With n of others the factor
// is the ⌈0.95 (n+1)⌉-th smallest of their distances in half widths, so that one
// more is above it in at most one of twenty.
func (ms misses) widening(home shanyraq.CountryCode) widening {
	var far, half []float64
	for _, m := range ms {
		if m.home != home {
			far, half = append(far, m.far/m.half), append(half, m.half)
		}
	}
	if len(far) < calibrated {
		return widening{factor: 1}
	}
	slices.Sort(far)
	slices.Sort(half)
	k := int(math.Ceil(stockLevel * float64(len(far)+1)))
	return widening{max(1, far[min(k, len(far))-1]), half[len(half)/2]}
}

// hiddenCounts returns how many counts of home can be hidden.
func (r *Room) hiddenCounts(ctx context.Context, home shanyraq.CountryCode) (int, error) {
	r.pooling.Lock()
	defer r.pooling.Unlock()
	if n, ok := r.hidable[home]; ok {
		return n, nil
	}
	h, err := r.hear(ctx, home, 0)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, s := range h.sets {
		n += len(hiddenOf(s))
	}
	r.hidable[home] = n
	return n, nil
}

// elsewhere returns the misses of all homes of which too few counts can be hidden
// to calibrate by, and how many homes that is. It takes less than a second once.
func (r *Room) elsewhere(ctx context.Context) (misses, error) {
	r.calibrating.Lock()
	defer r.calibrating.Unlock()
	if r.missed != nil {
		return r.missed, nil
	}
	places, err := r.ev.Places(ctx)
	if err != nil {
		return nil, shanyraq.Errorf("diaspora.elsewhere", shanyraq.Other, "%w", err)
	}
	spoken, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{PeopleFrom}})
	if err != nil {
		return nil, shanyraq.Errorf("diaspora.elsewhere", shanyraq.Other, "%w", err)
	}
	// A count can be hidden where one host has two of one definition at least, one
	// of them measured; the others need not be read home by home.
	type told struct {
		home, host shanyraq.CountryCode
		by         shanyraq.DefinitionID
	}
	times, counted := map[told]map[int]bool{}, map[told]bool{}
	homes := map[shanyraq.CountryCode]bool{}
	for _, c := range spoken {
		k := told{c.Partner, c.Place, c.Definition}
		if times[k] == nil {
			times[k] = map[int]bool{}
		}
		times[k][c.When.Year()] = true
		counted[k] = counted[k] || c.Strength == shanyraq.Measured
		if counted[k] && len(times[k]) > 1 {
			homes[c.Partner] = true
		}
	}
	out := misses{}
	for _, p := range places {
		if !p.Exists() || !homes[p.Code] {
			continue
		}
		n, err := r.hiddenCounts(ctx, p.Code)
		if err != nil {
			return nil, err
		}
		if n == 0 || n >= calibrated {
			continue
		}
		r.checking.Lock()
		_, asked := r.checks[p.Code]
		r.checking.Unlock()
		cs, err := r.Backtest(ctx, p.Code)
		if err != nil {
			return nil, err
		}
		if !asked {
			r.forget(p.Code)
		}
		for _, c := range cs {
			for _, f := range c.Forecasts {
				iv := f.Foretold.Interval()
				out = append(out, miss{p.Code, math.Abs(math.Log(f.Claim.Value / f.Foretold.Value())), math.Log(iv.Hi/iv.Lo) / 2, f.Claim.Source, f.Claim.Place})
			}
		}
	}
	r.missed = out
	return out, nil
}

// forget drops what was worked out for a home that nobody asked about.
func (r *Room) forget(home shanyraq.CountryCode) {
	r.checking.Lock()
	delete(r.checks, home)
	r.checking.Unlock()
	r.pooling.Lock()
	delete(r.hearings, fmt.Sprintf("%s/%d", home, 0))
	r.pooling.Unlock()
}

// prepare finds by how much home's ranges have to be widened, before its claims
// are heard to be pooled. The caller holds no lock.
func (r *Room) prepare(ctx context.Context, home shanyraq.CountryCode) error {
	r.pooling.Lock()
	_, known := r.wider[home]
	r.pooling.Unlock()
	if known {
		return nil
	}
	n, err := r.hiddenCounts(ctx, home)
	if err != nil {
		return err
	}
	f := widening{factor: 1}
	if n < calibrated {
		ms, err := r.elsewhere(ctx)
		if err != nil {
			return err
		}
		f = ms.widening(home)
	}
	r.pooling.Lock()
	defer r.pooling.Unlock()
	r.wider[home] = f
	clear(r.hearings) // what was heard before was not told
	return nil
}

// Widened reports whether the set's ranges are widened by what the hidden counts
// of other homes ask for.
func (s *PooledSet) Widened() bool { return s.wide.factor > 1 }

// A Calibration is how the ranges of all homes together did.
type Calibration struct {
	Hidden  int                  // counts of this home that could be hidden
	Few     bool                 // too few to tell how its ranges do
	Homes   int                  // other homes with a hidden count, each with too few by itself
	Counts  int                  // hidden of them
	Hosts   int                  // the counts are of
	Host    shanyraq.CountryCode // the only one of them; "" if there are more
	All     shanyraq.Figure      // percent of the hidden counts of all homes that the ranges held as pooled
	Others  shanyraq.Figure      // the same of those homes with too few by themselves
	Widened shanyraq.Figure      // and with each of them widened by what the others ask for
	Factor  shanyraq.Figure      // by which ranges of homes with too few are widened
}

func calibrationPath(home shanyraq.CountryCode, what string, year int) string {
	return fmt.Sprintf("diaspora/%s/WLD/backtest-homes/%d/%s", home, year, what)
}

// Calibration returns how the ranges of all homes together did on hidden counts.
func (r *Room) Calibration(ctx context.Context, home shanyraq.CountryCode) (Calibration, error) {
	const op = "diaspora.Calibration"
	var c Calibration
	var err error
	if c.Hidden, err = r.hiddenCounts(ctx, home); err != nil {
		return c, err
	}
	c.Few = c.Hidden < calibrated
	ms, err := r.elsewhere(ctx)
	if err != nil || len(ms) == 0 {
		return c, err
	}
	r.pooling.Lock()
	h, err := r.hear(ctx, home, 0)
	var large []shanyraq.CountryCode
	for code, n := range r.hidable {
		if n >= calibrated {
			large = append(large, code)
		}
	}
	r.pooling.Unlock()
	if err != nil {
		return c, err
	}
	slices.Sort(large)
	homes, hosts := map[shanyraq.CountryCode]bool{}, map[shanyraq.CountryCode]bool{}
	var sources []shanyraq.SourceID
	by := map[shanyraq.CountryCode]widening{}
	lo, hi := math.Inf(1), math.Inf(-1)
	held, wide := 0.0, 0.0
	for _, m := range ms {
		if !homes[m.home] {
			homes[m.home] = true
			by[m.home] = ms.widening(m.home)
			lo, hi = min(lo, by[m.home].factor), max(hi, by[m.home].factor)
		}
		hosts[m.host] = true
		if !slices.Contains(sources, m.source) {
			sources = append(sources, m.source)
		}
		if m.far <= m.half {
			held++
		}
		if m.far <= by[m.home].of(m.half) {
			wide++
		}
	}
	slices.Sort(sources)
	c.Homes, c.Counts, c.Hosts = len(homes), len(ms), len(hosts)
	if c.Hosts == 1 {
		c.Host = ms[0].host
	}
	allHeld, all := held, float64(len(ms))
	for _, code := range large {
		cs, err := r.Backtest(ctx, code)
		if err != nil {
			return c, err
		}
		for _, x := range cs {
			for _, f := range x.Forecasts {
				all++
				if f.Held {
					allHeld++
				}
				if !slices.Contains(sources, f.Claim.Source) {
					sources = append(sources, f.Claim.Source)
				}
			}
		}
	}
	assume := []shanyraq.Assumption{shanyraq.Assume("homes_alike", shanyraq.EitherWay), shanyraq.Assume("check_counts", shanyraq.TooLow)}
	share := func(what string, k, n float64) (shanyraq.Figure, error) {
		return percentHeld(calibrationPath(home, what, h.year), k, n, shanyraq.Lineage{Method: MethodBacktest, Sources: sources, Formula: fmt.Sprintf("100 × %.0f held / %.0f hidden = %.1f", k, n, 100*k/n), Assumptions: assume})
	}
	for _, x := range []struct {
		to   *shanyraq.Figure
		what string
		k, n float64
	}{{&c.All, "all", allHeld, all}, {&c.Others, "others", held, float64(len(ms))}, {&c.Widened, "widened", wide, float64(len(ms))}} {
		if *x.to, err = share(x.what, x.k, x.n); err != nil {
			return c, shanyraq.Errorf(op, shanyraq.Other, "%s: %w", home, err)
		}
	}
	f := ms.widening(home).factor
	iv := shanyraq.Interval{Lo: min(lo, f), Hi: max(hi, f), Kind: shanyraq.Spread}
	if iv.Lo == iv.Hi {
		iv.Kind = shanyraq.Counted
	}
	c.Factor, err = shanyraq.NewFigure(calibrationPath(home, "factor", h.year), f, iv, "ratio", shanyraq.Lineage{Method: MethodBacktest, Sources: sources,
		Formula: fmt.Sprintf("half widths by which 95 percent of the %d hidden counts of other homes are within = %.2f; from lowest to highest with one home after another left out", len(ms), f), Assumptions: assume})
	return c, err
}

// figure returns the figure at a path of the calibration.
func (c Calibration) figure(path string) (shanyraq.Figure, error) {
	for _, f := range []shanyraq.Figure{c.All, c.Others, c.Widened, c.Factor} {
		if !f.IsZero() && f.Path() == path {
			return f, nil
		}
	}
	return shanyraq.Figure{}, shanyraq.Errorf("diaspora.Figure", shanyraq.NotFound, "no figure %s", path)
}

// percentHeld makes the figure of k of n hidden counts held, with Wilson's
// interval if they are not too few for any.
func percentHeld(path string, k, n float64, l shanyraq.Lineage) (shanyraq.Figure, error) {
	const z = 1.959963984540054 // 97.5 % quantile of the normal distribution
	p := k / n
	if n < rangeFrom {
		return shanyraq.NewFigure(path, 100*p, shanyraq.Interval{Lo: 100 * p, Hi: 100 * p, Kind: shanyraq.Counted}, "percent", l)
	}
	centre, half := (p+z*z/(2*n))/(1+z*z/n), z/(1+z*z/n)*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return shanyraq.NewFigure(path, 100*p, shanyraq.Interval{Lo: 100 * min(p, max(0, centre-half)), Hi: 100 * max(p, min(1, centre+half)), Level: 0.95, Kind: shanyraq.Confidence}, "percent", l)
}
