package composite

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
)

// A Reach asks what it would take a unit to gain ranks.
type Reach struct {
	Unit  string
	Ranks int // to gain, 1 or more

	// Limits bound the values an indicator may take, by code; an indicator
	// without one goes no further than the best value any unit in has.
	Limits map[string]Limit
	// Costs is the price of one unit of an indicator's own measure, by code;
	// an indicator without one has no cost.
	Costs map[string]float64
}

// A Limit is how far an indicator may go.
type Limit struct{ Lo, Hi float64 }

// A Lever is what one indicator alone would have to do.
type Lever struct {
	Code     string
	From, To float64 // in the indicator's own measure; To is NaN if it cannot
	Part     float64 // of the way from From to the limit, as a share of 1
	Cost     float64 // of |To−From|; NaN without a price
	Best     int     // rank with the indicator at its limit
}

// grid is how many places between a value and its limit are tried before the
// first that suffices is narrowed down.
const grid = 24

// Reach returns, for each indicator, the smallest change of the unit's value
// that gains it the ranks, all else and all others as they are, and the index
// rebuilt from the beginning, so that treatment and scales move too. What is
// cheapest comes first, then what has no price by the part of the way, then
// what cannot.
//
// Indicators the unit lacks are left out. The smallest change is found to a
// millionth of the way; a change that suffices only between two of the places
// tried, and not at either, is missed.
//
// Assumptions: the others stand still. They will not; see what they did
// between vintages with [Decompose].
//
// It returns [ErrUnknown] for a unit that is not there, [ErrNoValues] if it
// has no rank, and [ErrSettings] if it cannot gain so many or a limit is no
// range that holds the value.
func (x *Index) Reach(ctx context.Context, q Reach) ([]Lever, error) {
	row, err := x.unit(q.Unit)
	if err != nil {
		return nil, err
	}
	fail := func(code, format string, args ...any) ([]Lever, error) {
		return nil, &Error{Step: "settings", Code: code, Unit: q.Unit, Err: fmt.Errorf("%w: "+format, append([]any{ErrSettings}, args...)...)}
	}
	base := x.newEngine()
	if err := base.run(x.plan); err != nil {
		return nil, err
	}
	rankOf := func(e *engine) int {
		for _, p := range e.rank(0) {
			if p.unit == row {
				return int(p.rank)
			}
		}
		return 0
	}
	now := rankOf(base)
	if now == 0 {
		return nil, &Error{Step: "aggregate", Unit: q.Unit, Err: ErrNoValues}
	}
	goal := now - q.Ranks
	if q.Ranks < 1 || goal < 1 {
		return fail("", "%d ranks from rank %d", q.Ranks, now)
	}
	var levers []Lever
	var js []int
	var limits []float64
	for _, j := range x.plan.prepare.kept {
		el := &x.tree.elements[x.tree.leaves[j]]
		v := x.raw[j][row]
		if v != v {
			continue
		}
		best := v
		for _, i := range base.scaled.rows {
			if u := x.raw[j][i]; u == u && (u-best)*float64(el.Direction) > 0 {
				best = u
			}
		}
		if l, ok := q.Limits[el.Code]; ok {
			if !(l.Lo <= v && v <= l.Hi) || math.IsInf(l.Lo, 0) || math.IsInf(l.Hi, 0) {
				return fail(el.Code, "[%v, %v] does not hold the value %v", l.Lo, l.Hi, v)
			}
			best = l.Hi
			if el.Direction < 0 {
				best = l.Lo
			}
		}
		levers = append(levers, Lever{Code: el.Code, From: v, To: math.NaN(), Part: math.NaN(), Cost: math.NaN(), Best: now})
		js, limits = append(js, j), append(limits, best)
	}
	var mu sync.Mutex
	var failure error
	inParallel(len(levers), func(from, to int) {
		e := x.newEngine()
		e.raw = slices.Clone(x.raw)
		for k := from; k < to; k++ {
			if ctx.Err() != nil {
				return
			}
			l := &levers[k]
			col := slices.Clone(x.raw[js[k]])
			e.raw[js[k]] = col
			at := func(part float64) (int, error) {
				col[row] = l.From + part*(limits[k]-l.From)
				copy(e.w, x.plan.weigh.base)
				if err := e.build(x.plan, true); err != nil {
					return 0, err
				}
				r := rankOf(e)
				if r == 0 {
					r = len(x.table.Units)
				}
				return r, nil
			}
			err := l.search(limits[k], goal, at)
			e.raw[js[k]] = x.raw[js[k]]
			if err != nil {
				mu.Lock()
				failure = err
				mu.Unlock()
				return
			}
			if price, ok := q.Costs[l.Code]; ok {
				l.Cost = price * math.Abs(l.To-l.From)
			}
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if failure != nil {
		return nil, failure
	}
	slices.SortStableFunc(levers, func(a, b Lever) int {
		for _, v := range [][2]float64{{a.Cost, b.Cost}, {a.Part, b.Part}} {
			switch x, y := v[0], v[1]; {
			case x == x && y != y:
				return -1
			case x != x && y == y:
				return 1
			case x != y && x == x:
				return sign(x - y)
			}
		}
		return 0
	})
	return levers, nil
}

// search finds the smallest part of the way to the limit at which the goal is
// reached; at returns the rank there.
func (l *Lever) search(limit float64, goal int, at func(part float64) (int, error)) error {
	if limit == l.From {
		return nil
	}
	var err error
	if l.Best, err = at(1); err != nil {
		return err
	}
	lo, hi := 0.0, math.NaN()
	for k := 1; k <= grid; k++ {
		part := float64(k) / grid
		r, err := at(part)
		if err != nil {
			return err
		}
		if r <= goal {
			hi = part
			break
		}
		lo = part
	}
	if hi != hi {
		return nil
	}
	for hi-lo > 1e-6 {
		mid := (lo + hi) / 2
		r, err := at(mid)
		if err != nil {
			return err
		}
		if r <= goal {
			hi = mid
		} else {
			lo = mid
		}
	}
	l.Part, l.To = hi, l.From+hi*(limit-l.From)
	return nil
}
