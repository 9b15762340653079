package standing

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/methods/composite"
)

// The methods of what moves a rank.
const (
	MethodEffect shanyraq.MethodKey = "rank-effect"
	MethodReach  shanyraq.MethodKey = "rank-reach"
	MethodChange shanyraq.MethodKey = "rank-change"
	MethodAudit  shanyraq.MethodKey = "index-audit"
)

// A Mover is how much of the uncertainty of one country's rank goes with one
// of the things that are uncertain.
type Mover struct {
	Factor string          // data, weights, method or missing
	Alone  shanyraq.Figure // percent of the variance that would go if it were settled
	Total  shanyraq.Figure // percent that would stay if all others were; zero if the rank never moves
}

// effectRows is how many rows the design for sensitivities has.
const effectRows = 256

// Movers returns what moves the country's rank, one line for each thing that is
// uncertain; nothing if it has no rank.
func (x *Index) Movers(ctx context.Context, place shanyraq.CountryCode) ([]Mover, error) {
	i, ok := slices.BinarySearch(x.places, place)
	if !ok || x.base.ranks[i] == 0 {
		return nil, nil
	}
	s, err := keep(x.side, "sensitivity", func() (*composite.Sensitivity, error) {
		p := x.plan
		p.Draws = effectRows
		return x.base.x.Sensitivity(ctx, p, composite.Centred)
	})
	if err != nil {
		return nil, shanyraq.Errorf("standing.Movers", shanyraq.Other, "%s: %w", x.Key, err)
	}
	e, _, err := x.base.Of(place)
	if err != nil {
		return nil, err
	}
	l := e.Rank.Lineage()
	runs := effectRows * (len(s.Factors) + 2)
	var out []Mover
	for k, effect := range s.Rank(i) {
		m := Mover{Factor: s.Factors[k]}
		for _, part := range []struct {
			what    string
			is      composite.Estimate
			formula string
			into    *shanyraq.Figure
		}{
			{"alone", effect.First, "mean( (y_B − m)(y_ABi − y_A) ) / V", &m.Alone},
			{"total", effect.Total, "mean( (y_A − y_ABi)² ) / 2V", &m.Total},
		} {
			raw := 100 * part.is.Value
			if math.IsNaN(raw) {
				continue
			}
			// A share of the variance; the estimators may stray beyond what it can be.
			within := func(x float64) float64 { return min(100, max(0, x)) }
			v := within(raw)
			iv := shanyraq.Interval{Lo: min(within(100*part.is.Lo), v), Hi: max(within(100*part.is.Hi), v), Level: level, Kind: shanyraq.Confidence}
			if !(iv.Hi > iv.Lo) {
				iv = shanyraq.Interval{Lo: v, Hi: v, Kind: shanyraq.Bounds}
			}
			*part.into, err = shanyraq.NewFigure(x.base.path(place, part.what+"-"+m.Factor), v, iv, "percent",
				shanyraq.Lineage{Method: MethodEffect, Sources: l.Sources, Seed: seed, Draws: runs,
					Inputs:      []shanyraq.Input{{Symbol: "rank", Path: e.Rank.Path(), Place: place, When: shanyraq.YearPeriod(x.Year), Value: e.Rank.Value(), Unit: "rank"}},
					Formula:     fmt.Sprintf("%s = %.1f %%,  N = %d, runs = %d", part.formula, raw, effectRows, runs),
					Assumptions: []shanyraq.Assumption{shanyraq.Assume("index_plan", shanyraq.EitherWay)}})
			if err != nil {
				return nil, err
			}
		}
		out = append(out, m)
	}
	return out, nil
}

// A Lever is what one indicator alone would have to become for the country to
// gain ranks, everything else as it is.
type Lever struct {
	Code string
	From shanyraq.Figure
	To   shanyraq.Figure // zero if it cannot, or if one country's own range hides it
	Part float64         // of the way to the best value anybody has, share of 1; NaN if it cannot
	Best int             // rank with the indicator at the best value anybody has
}

// MostRanks is how many ranks a reader may ask to gain.
const MostRanks = 50

// Levers returns what each indicator alone would have to become for the country
// to gain n ranks, the shortest way first; nothing if it has no rank, or is too
// near the top.
func (x *Index) Levers(ctx context.Context, place shanyraq.CountryCode, n int) ([]Lever, error) {
	i, ok := slices.BinarySearch(x.places, place)
	if !ok || n < 1 || n > MostRanks || x.base.ranks[i] <= n {
		return nil, nil
	}
	out, err := keep(x.side, fmt.Sprintf("reach/%s/%d", place, n), func() ([]Lever, error) { return x.base.levers(ctx, place, n) })
	if err != nil {
		return nil, shanyraq.Errorf("standing.Levers", shanyraq.Other, "%s %s: %w", x.Key, place, err)
	}
	return out, nil
}

func (x *Index) levers(ctx context.Context, place shanyraq.CountryCode, n int) ([]Lever, error) {
	q := composite.Reach{Unit: string(place), Ranks: n}
	plain, err := x.x.Reach(ctx, q)
	if err != nil {
		return nil, err
	}
	// The ends: all others at the low and at the high end of their ranges.
	ends := map[string][]composite.Lever{}
	for _, high := range []bool{false, true} {
		y, err := x.x.Over(x.shifted(place, high))
		if err != nil {
			return nil, err
		}
		r, err := y.Build()
		if err != nil {
			return nil, err
		}
		if at := slices.Index(r.Units, string(place)); at < 0 || composite.Ranks(r.Scores())[at] <= n {
			continue
		}
		ls, err := y.Reach(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, l := range ls {
			ends[l.Code] = append(ends[l.Code], l)
		}
	}
	var out []Lever
	for _, l := range plain {
		v := x.values[l.Code][place]
		from, err := v.figure()
		if err != nil {
			return nil, err
		}
		lever := Lever{Code: l.Code, From: from, Part: math.NaN(), Best: l.Best}
		if !math.IsNaN(l.To) {
			lever.Part = l.Part
			to, lo, hi := l.To, l.To, l.To
			for _, e := range ends[l.Code] {
				end := e.To
				if math.IsNaN(end) { // no further than the best there is
					end = l.From + (l.To-l.From)/l.Part
				}
				lo, hi = min(lo, end), max(hi, end)
			}
			if u := from.Unit(); u == "count" || u == "persons" { // there is no part of one
				to, lo, hi = math.Ceil(to), math.Ceil(lo), math.Ceil(hi)
			}
			lever.To, err = shanyraq.NewFigure(x.path(place, fmt.Sprintf("reach-%d-%s", n, l.Code)), to, shanyraq.Interval{Lo: lo, Hi: hi, Kind: shanyraq.Bounds}, from.Unit(),
				shanyraq.Lineage{Method: MethodReach, Sources: x.sources,
					Inputs:      []shanyraq.Input{{Symbol: l.Code, Path: from.Path(), Place: place, When: shanyraq.YearPeriod(x.Year), Value: from.Value(), Unit: from.Unit()}},
					Formula:     fmt.Sprintf("%s: %.6g → %.6g,  rank − %d;  others at their low and high ends: %.6g … %.6g", l.Code, l.From, to, n, lo, hi),
					Assumptions: []shanyraq.Assumption{shanyraq.Assume("others_still", shanyraq.TooLow), shanyraq.Assume("index_measures", shanyraq.EitherWay)}})
			if err != nil {
				return nil, err
			}
		}
		out = append(out, lever)
	}
	return out, nil
}

// shifted returns the table with all countries but one at the low or the high
// end of their ranges.
func (x *Index) shifted(but shanyraq.CountryCode, high bool) composite.Table {
	t := x.x.Table()
	out := composite.Table{Units: t.Units, Values: map[string][]float64{}}
	for code, col := range t.Values {
		moved := slices.Clone(col)
		for i, place := range x.places {
			v, ok := x.values[code][place]
			switch {
			case !ok || place == but:
			case high:
				moved[i] = v.hi
			default:
				moved[i] = v.lo
			}
		}
		out.Values[code] = moved
	}
	return out
}

// A Changed is why a country's rank differs between two years, in places
// gained; the parts add up to the whole.
type Changed struct {
	From, To      int
	Before, After shanyraq.Figure
	Parts         []ChangedPart
}

// A ChangedPart is one cause: own (its own values changed), others (those of
// the others did), pool (countries joined or left) or method.
type ChangedPart struct {
	Cause  string
	Places shanyraq.Figure
}

// changeDraws is how many weightings the parts of a change are worked out under.
const changeDraws = 40

// Change divides the places a country gained between two years among their
// causes. It returns false if it has no rank in one of them, or if the tables do
// not reach back to one of the two for every indicator.
func (r *Room) Change(ctx context.Context, key IndexKey, place shanyraq.CountryCode, from, to int, rule string) (Changed, bool, error) {
	before, err := r.Index(ctx, key, from, rule, nil)
	if err != nil {
		return Changed{}, false, err
	}
	after, err := r.Index(ctx, key, to, rule, nil)
	if err != nil {
		return Changed{}, false, err
	}
	if !slices.Equal(before.Absent(), after.Absent()) {
		return Changed{}, false, nil // two indices, not one at two times
	}
	b, ok, err := before.Of(place)
	a, ok2, err2 := after.Of(place)
	if err != nil || err2 != nil || !ok || !ok2 || before.Year == after.Year {
		return Changed{}, false, firstError(err, err2)
	}
	out, err := keep(after.side, fmt.Sprintf("change/%s/%d", place, from), func() (Changed, error) { return changed(before, after, place, b.Rank, a.Rank) })
	if err != nil {
		return Changed{}, false, shanyraq.Errorf("standing.Change", shanyraq.Other, "%s %s %d to %d: %w", key, place, from, to, err)
	}
	return out, true, nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func changed(before, after *Index, place shanyraq.CountryCode, was, is shanyraq.Figure) (Changed, error) {
	out := Changed{From: before.Year, To: after.Year, Before: was, After: is}
	parts := func(c composite.Change) [4]float64 { return [4]float64{-c.Own, -c.Others, -c.Pool, -c.Method} }
	rank, _, err := composite.Decompose(before.x, after.x, string(place))
	if err != nil {
		return out, err
	}
	nominal := parts(rank)
	var drawn [4][]float64
	rng := rand.New(rand.NewPCG(seed, uint64(after.Year))) //nolint:gosec // a repeatable draw, not a secret
	for range changeDraws {
		w := composite.Weighting{Method: composite.Given, Values: map[string]float64{}}
		for _, code := range after.Elements() {
			w.Values[code] = rng.ExpFloat64() // gamma of shape 1: flat among siblings
		}
		x, err := before.x.With(composite.Patch{Weights: &w})
		if err != nil {
			return out, err
		}
		y, err := after.x.With(composite.Patch{Weights: &w})
		if err != nil {
			return out, err
		}
		c, _, err := composite.Decompose(x, y, string(place))
		if err != nil {
			return out, err
		}
		for k, v := range parts(c) {
			drawn[k] = append(drawn[k], v)
		}
	}
	sources := merge(was.Lineage().Sources, is.Lineage().Sources)
	inputs := []shanyraq.Input{
		{Symbol: "before", Path: was.Path(), Place: place, When: shanyraq.YearPeriod(before.Year), Value: was.Value(), Unit: "rank"},
		{Symbol: "after", Path: is.Path(), Place: place, When: shanyraq.YearPeriod(after.Year), Value: is.Value(), Unit: "rank"},
	}
	for k, cause := range []string{"own", "others", "pool", "method"} {
		v := nominal[k] + 0 // no minus zero
		lo, hi := composite.Quantile(drawn[k], (1-level)/2), composite.Quantile(drawn[k], (1+level)/2)
		f, err := shanyraq.NewFigure(after.path(place, fmt.Sprintf("change-%d-%s", before.Year, cause)), v, shanyraq.Interval{Lo: min(lo, v), Hi: max(hi, v), Level: level, Kind: shanyraq.Varied}, "places",
			shanyraq.Lineage{Method: MethodChange, Sources: sources, Inputs: inputs, Seed: seed, Draws: changeDraws,
				Formula:     fmt.Sprintf("own %+.4g, others %+.4g, pool %+.4g, method %+.4g: %g − %g = %g", nominal[0], nominal[1], nominal[2], nominal[3], was.Value(), is.Value(), was.Value()-is.Value()),
				Assumptions: []shanyraq.Assumption{shanyraq.Assume("change_shared", shanyraq.EitherWay), shanyraq.Assume("components_exact", shanyraq.TooNarrow)}})
		if err != nil {
			return out, err
		}
		out.Parts = append(out.Parts, ChangedPart{cause, f})
	}
	return out, nil
}

// Over returns how often one country stands above another, in percent of the
// draws; zero if one has no rank or both are the same.
func (x *Index) Over(a, b shanyraq.CountryCode) (shanyraq.Figure, error) {
	i, okA := slices.BinarySearch(x.places, a)
	j, okB := slices.BinarySearch(x.places, b)
	if !okA || !okB || i == j {
		return shanyraq.Figure{}, nil
	}
	share := x.dist.Above(i, j)
	if math.IsNaN(share) {
		return shanyraq.Figure{}, nil
	}
	lo, hi := composite.Wilson(share, indexDraws, level)
	var inputs []shanyraq.Input
	var sources []shanyraq.SourceID
	for _, place := range []shanyraq.CountryCode{a, b} {
		e, ok, err := x.base.Of(place)
		if err != nil || !ok {
			return shanyraq.Figure{}, err
		}
		inputs = append(inputs, shanyraq.Input{Symbol: "score", Path: e.Score.Path(), Place: place, When: shanyraq.YearPeriod(x.Year), Value: e.Score.Value(), Unit: e.Score.Unit()})
		sources = merge(sources, e.Score.Lineage().Sources)
	}
	return shanyraq.NewFigure(x.base.path(a, "over-"+string(b)), 100*share, shanyraq.Interval{Lo: 100 * lo, Hi: 100 * hi, Level: level, Kind: shanyraq.Confidence}, "percent",
		shanyraq.Lineage{Method: MethodAbove, Sources: sources, Inputs: inputs, Assumptions: x.assumptions(), Seed: seed, Draws: indexDraws,
			Formula: fmt.Sprintf("P( score(%s) > score(%s) ) = %d / %d", a, b, int(math.Round(share*indexDraws)), indexDraws)})
}

// An Audit is the evidence for the ten steps by which an index is judged.
type Audit struct {
	Cells, Gaps, Ranked, Out shanyraq.Figure // values held, values missing, countries ranked and left out
	Twins, Odd               shanyraq.Figure // the highest correlation of two indicators, the lowest of one with the whole
	TwinA, TwinB, OddOne     string
	Removal                  shanyraq.Figure // mean places moved by leaving out the indicator that moves most; zero for one indicator
	Removed                  string
	Tiers                    shanyraq.Figure
	Treated                  []string // indicators whose outliers were treated
	Settled                  bool     // fewer than two things vary
}

// Audit returns the evidence for judging the index.
func (x *Index) Audit() (Audit, error) {
	a, err := keep(x.side, "audit", x.base.audit)
	if err != nil {
		return a, shanyraq.Errorf("standing.Audit", shanyraq.Other, "%s: %w", x.Key, err)
	}
	return a, nil
}

func (x *Index) audit() (Audit, error) {
	a := Audit{Settled: len(x.plan.Factors) < 2}
	var err error
	count := func(what string, n int, formula string) shanyraq.Figure {
		if err != nil {
			return shanyraq.Figure{}
		}
		var f shanyraq.Figure
		f, err = shanyraq.NewFigure(x.path(shanyraq.World, "audit-"+what), float64(n), shanyraq.Interval{Lo: float64(n), Hi: float64(n), Kind: shanyraq.Counted}, "count",
			shanyraq.Lineage{Method: MethodAudit, Sources: x.sources, Formula: formula})
		return f
	}
	cells, gaps := 0, 0
	for i, place := range x.places {
		for _, m := range x.Measures {
			if x.ranks[i] == 0 {
				continue
			}
			if _, ok := x.values[m.Code][place]; ok {
				cells++
			} else {
				gaps++
			}
		}
	}
	ranked := x.Ranked()
	all := fmt.Sprintf("%d × %d = %d + %d", ranked, len(x.Measures), cells, gaps)
	a.Cells, a.Gaps = count("cells", cells, all), count("gaps", gaps, all)
	a.Ranked, a.Out = count("ranked", ranked, fmt.Sprintf("%d of %d", ranked, len(x.places))), count("out", len(x.places)-ranked, fmt.Sprintf("%d − %d", len(x.places), ranked))
	a.Tiers = count("tiers", len(x.Tiers()), fmt.Sprintf("n = %d", len(x.Tiers())))
	if err != nil {
		return a, err
	}
	correlation := func(what, p, q string, c composite.Correlation) (shanyraq.Figure, error) {
		if math.IsNaN(c.R) || c.N < fewestPairs || math.Abs(c.R) >= 1 {
			return shanyraq.Figure{}, nil
		}
		se, z := 1/math.Sqrt(float64(c.N-3)), math.Atanh(c.R)
		return shanyraq.NewFigure(x.path(shanyraq.World, "audit-"+what), c.R, shanyraq.Interval{Lo: math.Tanh(z - 1.959963984540054*se), Hi: math.Tanh(z + 1.959963984540054*se), Level: level, Kind: shanyraq.Confidence}, "index",
			shanyraq.Lineage{Method: MethodAudit, Sources: x.sources, Formula: fmt.Sprintf("r( %s, %s ) = %.3f,  n = %d;  atanh r, 1.96 divided by the root of n − 3 to either side, and back", p, q, c.R, c.N),
				Assumptions: []shanyraq.Assumption{shanyraq.Assume("states_independent", shanyraq.TooNarrow)}})
	}
	twins, odd := composite.Correlation{R: math.Inf(-1)}, composite.Correlation{R: math.Inf(1)}
	for k, m := range x.Measures {
		col := x.built.Values(m.Code)
		if c := composite.Pearson(col, x.built.Scores()); c.R < odd.R {
			odd, a.OddOne = c, m.Code
		}
		for _, o := range x.Measures[k+1:] {
			if c := composite.Pearson(col, x.built.Values(o.Code)); math.Abs(c.R) > math.Abs(twins.R) || math.IsInf(twins.R, -1) && !math.IsNaN(c.R) {
				twins, a.TwinA, a.TwinB = c, m.Code, o.Code
			}
		}
	}
	if a.Twins, err = correlation("twins", a.TwinA, a.TwinB, twins); err != nil {
		return a, err
	}
	if a.Odd, err = correlation("odd", a.OddOne, x.x.Top(), odd); err != nil {
		return a, err
	}
	for _, t := range x.built.Treated {
		if len(t.Winsorised) > 0 || t.Transform != composite.NoTransform {
			a.Treated = append(a.Treated, t.Code)
		}
	}
	if len(x.Measures) < 2 {
		return a, nil
	}
	rs, err := x.x.Removals(1)
	if err != nil {
		return a, err
	}
	most := rs[0]
	for _, r := range rs[1:] {
		if r.Mean > most.Mean {
			most = r
		}
	}
	a.Removed = most.Code
	a.Removal, err = shanyraq.NewFigure(x.path(shanyraq.World, "audit-removal"), most.Mean, shanyraq.Interval{Lo: 0, Hi: max(float64(most.Most), most.Mean), Kind: shanyraq.Bounds}, "places",
		shanyraq.Lineage{Method: MethodAudit, Sources: x.sources, Formula: fmt.Sprintf("mean |rank without %s − rank| = %.3f,  max = %d (%s)", most.Code, most.Mean, most.Most, most.MostAt)})
	return a, err
}

// asideFigure returns a figure of what moves a rank, and false if the path is
// of something else.
func (x *Index) asideFigure(ctx context.Context, r *Room, place shanyraq.CountryCode, what string) (shanyraq.Figure, bool, error) {
	head, rest, _ := strings.Cut(what, "-")
	pick := func(fs ...shanyraq.Figure) (shanyraq.Figure, bool, error) {
		for _, f := range fs {
			if path, _, _ := strings.Cut(f.Path(), "?"); strings.HasSuffix(path, "/"+what) {
				return f, true, nil
			}
		}
		return shanyraq.Figure{}, true, nil
	}
	switch head {
	case "alone", "total":
		ms, err := x.Movers(ctx, place)
		if err != nil {
			return shanyraq.Figure{}, true, err
		}
		var fs []shanyraq.Figure
		for _, m := range ms {
			fs = append(fs, m.Alone, m.Total)
		}
		return pick(fs...)
	case "reach":
		ranks, _, _ := strings.Cut(rest, "-")
		n, err := strconv.Atoi(ranks)
		if err != nil {
			return shanyraq.Figure{}, true, nil
		}
		ls, err := x.Levers(ctx, place, n)
		if err != nil {
			return shanyraq.Figure{}, true, err
		}
		var fs []shanyraq.Figure
		for _, l := range ls {
			fs = append(fs, l.To)
		}
		return pick(fs...)
	case "change":
		from, _, _ := strings.Cut(rest, "-")
		y, err := strconv.Atoi(from)
		if err != nil || y < 1 {
			return shanyraq.Figure{}, true, nil
		}
		c, _, err := r.Change(ctx, x.Key, place, y, x.Year, string(x.Missing))
		if err != nil {
			return shanyraq.Figure{}, true, err
		}
		var fs []shanyraq.Figure
		for _, p := range c.Parts {
			fs = append(fs, p.Places)
		}
		return pick(fs...)
	case "over":
		f, err := x.Over(place, shanyraq.CountryCode(rest))
		return f, true, err
	case "audit":
		if place != shanyraq.World {
			return shanyraq.Figure{}, true, nil
		}
		a, err := x.Audit()
		if err != nil {
			return shanyraq.Figure{}, true, err
		}
		return pick(a.Cells, a.Gaps, a.Ranked, a.Out, a.Twins, a.Odd, a.Removal, a.Tiers)
	}
	return shanyraq.Figure{}, false, nil
}
