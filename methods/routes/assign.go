package routes

import (
	"fmt"
	"math"
	"slices"
)

// A Demand is an amount to be carried from one place to another in a period.
type Demand struct {
	From, To string
	Amount   float64
}

// A Share is the part of one demand that goes by one route.
type Share struct {
	Demand int // index of the demand
	Legs   []int
	Amount float64
}

// A Plan is what a network carries at the lowest cost.
type Plan struct {
	Cost   float64   // generalised cost of all that is carried, and the penalty of the rest
	Unmet  []float64 // of each demand
	Flow   []float64 // on each leg, both directions together
	Shadow []float64 // what one more unit of capacity on each leg would save, per period; 0 where there is room
	Shares []Share   // routes in use, by demand
}

// Use returns the flow on leg i as a share of its capacity, 0 for a leg without
// a limit, and NaN for one without capacity.
func (p Plan) Use(n *Network, i int) float64 {
	switch c := n.legs[i].Capacity; {
	case c == 0:
		return math.NaN()
	case math.IsInf(c, 1):
		return 0
	default:
		return p.Flow[i] / c
	}
}

// TotalUnmet returns the sum of what is not carried.
func (p Plan) TotalUnmet() float64 {
	var sum float64
	for _, u := range p.Unmet {
		sum += u
	}
	return sum
}

// Assign returns the cheapest way to carry all demands at once within the
// capacities of the legs, leaving unmet what cannot be carried or costs more
// than the penalty per unit:
//
//	minimise    Σ_k [ Σ_p g_p·x_kp + penalty·u_k ]
//	subject to  Σ_p x_kp + u_k = amount_k        for each demand k
//	            Σ_k Σ_{p over e} x_kp ≤ capacity_e   for each leg e
//
// where x_kp ≥ 0 is what demand k sends by route p and g_p the generalised cost
// of that route. The linear programme is solved by the simplex method over
// routes that are generated as they are needed [ford1958], with one route of
// each demand kept out of the working matrix [dantzig1967], so that the matrix
// has one row for each leg that is full and not one for each demand.
//
// Assumptions: one planner who wants the lowest total; carriers who choose for
// themselves crowd the cheapest legs more, and their total is higher. Cost does
// not rise as a leg fills; where it does, the plan loads single legs too much.
// A unit of one demand is as good as one of another: with one penalty for all,
// the dearest to carry are left unmet first.
//
// Accuracy: cost and unmet amounts are those of the optimum, to about 1e-9 of
// the total; flows are one of several where routes tie
// (TestConformanceCorridors, TestAssignDual: no plan can be cheaper than the
// dual bound, and this one is as cheap).
//
// Assign returns [ErrNoNode], [ErrNoOptimum], and an error for an amount or
// penalty that is none. A demand without any route is unmet.
//
// References: [ford1958]; [dantzig1967].
func (n *Network) Assign(demands []Demand, penalty float64) (Plan, error) {
	return n.assign(demands, penalty, -1)
}

// assign is Assign with one leg closed, none where it is negative.
func (n *Network) assign(demands []Demand, penalty float64, closed int) (Plan, error) {
	if err := n.check(demands); err != nil {
		return Plan{}, err
	}
	if !(penalty >= 0) || math.IsInf(penalty, 0) {
		return Plan{}, fmt.Errorf("routes: a penalty of %v", penalty)
	}
	s := newSimplex(n, demands, penalty, closed)
	if err := s.run(); err != nil {
		return Plan{}, err
	}
	return s.plan(), nil
}

// A column is a route of one demand: its legs that have a limit, as rows, and
// its price. A column of demand −1 is what is left unused on a row.
type column struct {
	demand int
	legs   []int // all legs
	rows   []int // those with a limit
	price  float64
}

// A simplex solves one assignment. Each demand has a key route, at first the
// one that leaves it unmet, which carries what its other routes do not; the
// basis is as many other columns as there are rows.
type simplex struct {
	net     *Network
	demands []Demand
	penalty float64
	closed  int
	row     []int     // of each leg, −1 without a limit
	leg     []int     // of each row
	limit   []float64 // of each row, slightly and differently enlarged so that no two columns tie
	key     []column  // of each demand
	basis   []column
	dual    []float64 // of each row, ≤ 0 at the optimum
	waiting []column  // routes found and not yet brought in
	tol     float64   // below which a saving per unit is rounding
}

func newSimplex(n *Network, demands []Demand, penalty float64, closed int) *simplex {
	s := &simplex{net: n, demands: demands, penalty: penalty, closed: closed, row: make([]int, len(n.legs))}
	var most float64
	for _, d := range demands {
		most += d.Amount
	}
	for i, l := range n.legs {
		s.row[i] = -1
		if i != closed && !math.IsInf(l.Capacity, 1) {
			s.row[i] = len(s.leg)
			s.leg = append(s.leg, i)
			// An irregular sequence in (0, 1), so that sums of limits do not
			// meet sums of demands.
			jitter := math.Mod(0.5+0.6180339887498949*float64(i+1), 1)
			s.limit = append(s.limit, l.Capacity+1e-9*(most+l.Capacity)*(0.5+jitter)/2)
			s.basis = append(s.basis, column{demand: -1, rows: []int{s.row[i]}})
		}
	}
	for k := range demands {
		s.key = append(s.key, column{demand: k, price: penalty})
	}
	s.tol = 1e-9 * max(penalty, slices.Max(append(slices.Clone(n.price), 1e-300)))
	return s
}

// entry fills x with a column as the working matrix sees it: what one unit
// takes from the rows, less what the key route of its demand gives back.
func (s *simplex) entry(c column, x []float64) {
	clear(x)
	for _, r := range c.rows {
		x[r]++
	}
	if c.demand >= 0 {
		for _, r := range s.key[c.demand].rows {
			x[r]--
		}
	}
}

// factor returns the working matrix, one column for each of the basis, factored.
func (s *simplex) factor() (*lu, bool) {
	m := len(s.basis)
	f := newLU(m)
	x := make([]float64, m)
	for j, c := range s.basis {
		s.entry(c, x)
		for i, v := range x {
			f.a[i*m+j] = v
		}
	}
	return f, f.factor()
}

// levels returns the amounts of the basis columns and of the key routes, for
// the limits given.
func (s *simplex) levels(f *lu, limit []float64) (basis, key []float64) {
	basis = slices.Clone(limit)
	key = make([]float64, len(s.demands))
	for k, d := range s.demands {
		key[k] = d.Amount
		for _, r := range s.key[k].rows {
			basis[r] -= d.Amount
		}
	}
	f.solve(basis)
	for j, c := range s.basis {
		if c.demand >= 0 {
			key[c.demand] -= basis[j]
		}
	}
	return basis, key
}

// run pivots until no route is worth bringing in.
func (s *simplex) run() error {
	m := len(s.basis)
	enter := make([]float64, m)
	limit := 200 + 50*(m+len(s.demands))
	for range limit {
		f, ok := s.factor()
		if !ok {
			return ErrNoOptimum
		}
		// Duals of the rows: every basis column is worth its price.
		s.dual = make([]float64, m)
		for j, c := range s.basis {
			if c.demand >= 0 {
				s.dual[j] = c.price - s.key[c.demand].price
			}
		}
		f.solveTransposed(s.dual)
		in, found := s.choose()
		if !found {
			return nil
		}
		s.entry(in, enter)
		f.solve(enter) // what the basis gives up for one unit
		x, key := s.levels(f, s.limit)
		rate := make([]float64, len(key)) // what each key route gives up
		if in.demand >= 0 {
			rate[in.demand]++
		}
		for j, c := range s.basis {
			if c.demand >= 0 {
				rate[c.demand] -= enter[j]
			}
		}
		step, out, outKey := math.Inf(1), -1, -1
		const least = 1e-9
		for j, v := range enter {
			if v > least && max(0, x[j])/v < step {
				step, out, outKey = max(0, x[j])/v, j, -1
			}
		}
		for k, v := range rate {
			if v > least && max(0, key[k])/v < step {
				step, out, outKey = max(0, key[k])/v, -1, k
			}
		}
		switch {
		case outKey >= 0:
			// The key route leaves: another route of the demand takes its
			// place, and the one that comes in takes that one's.
			j := slices.IndexFunc(s.basis, func(c column) bool { return c.demand == outKey })
			switch {
			case in.demand == outKey:
				s.key[outKey] = in
			case j >= 0:
				s.key[outKey], s.basis[j] = s.basis[j], in
			default:
				return ErrNoOptimum
			}
		case out >= 0:
			s.basis[out] = in
		default:
			return ErrNoOptimum
		}
	}
	return ErrNoOptimum
}

// choose returns the column that lowers the cost most for each unit, among room
// on a row, leaving a demand unmet, and the routes waiting; where none of those
// does, it looks for new routes. It returns false where there are none either,
// and the plan is the cheapest.
func (s *simplex) choose() (in column, ok bool) {
	for range 2 {
		best := -s.tol
		for r, y := range s.dual { // a dual of the wrong sign
			if -y < best {
				in, best = column{demand: -1, rows: []int{r}}, -y
			}
		}
		worth := make([]float64, len(s.demands)) // what a unit of each demand may cost
		for k, key := range s.key {
			worth[k] = key.price
			for _, r := range key.rows {
				worth[k] -= s.dual[r]
			}
			if v := s.penalty - worth[k]; v < best {
				in, best = column{demand: k, price: s.penalty}, v
			}
		}
		for _, c := range s.waiting {
			v := c.price - worth[c.demand]
			for _, r := range c.rows {
				v -= s.dual[r]
			}
			if v < best {
				in, best = c, v
			}
		}
		if best < -s.tol {
			return in, true
		}
		if s.search(worth); len(s.waiting) == 0 {
			break
		}
	}
	return column{}, false
}

// search replaces the routes waiting by the cheapest of each demand, at prices
// with the duals added, that costs less than the demand is worth.
func (s *simplex) search(worth []float64) {
	s.waiting = s.waiting[:0]
	price := make([]float64, len(s.net.legs))
	for i, p := range s.net.price {
		price[i] = p
		if s.row[i] >= 0 {
			price[i] = p + max(0, -s.dual[s.row[i]])
		}
	}
	if s.closed >= 0 {
		price[s.closed] = math.Inf(1)
	}
	trees := map[int]tree{}
	for k, d := range s.demands {
		from, to := s.net.index[d.From], s.net.index[d.To]
		t, ok := trees[from]
		if !ok {
			t = s.net.tree(from, price)
			trees[from] = t
		}
		if !(t.price[to]-worth[k] < -s.tol) {
			continue
		}
		c := column{demand: k}
		for node := to; node != from; node = t.from[node] {
			i := t.leg[node]
			c.legs = append(c.legs, i)
			c.price += s.net.price[i]
			if s.row[i] >= 0 {
				c.rows = append(c.rows, s.row[i])
			}
		}
		slices.Reverse(c.legs)
		s.waiting = append(s.waiting, c)
	}
}

// plan reads the solution off the basis, at the true limits.
func (s *simplex) plan() Plan {
	p := Plan{
		Unmet: make([]float64, len(s.demands)), Flow: make([]float64, len(s.net.legs)), Shadow: make([]float64, len(s.net.legs)),
	}
	f, _ := s.factor()
	limit := make([]float64, len(s.leg))
	for r, i := range s.leg {
		limit[r] = s.net.legs[i].Capacity
	}
	x, key := s.levels(f, limit)
	add := func(c column, amount float64) {
		amount = max(0, amount) // the enlarged limits can leave a trace below zero
		switch {
		case c.demand < 0 || amount == 0:
			return
		case c.legs == nil:
			p.Unmet[c.demand] += amount
		default:
			p.Shares = append(p.Shares, Share{c.demand, c.legs, amount})
			for _, i := range c.legs {
				p.Flow[i] += amount
			}
		}
		p.Cost += amount * c.price
	}
	for k, c := range s.key {
		add(c, key[k])
	}
	for j, c := range s.basis {
		add(c, x[j])
	}
	for r, i := range s.leg {
		p.Shadow[i] = max(0, -s.dual[r])
	}
	slices.SortStableFunc(p.Shares, func(a, b Share) int {
		if a.Demand != b.Demand {
			return a.Demand - b.Demand
		}
		return slices.Compare(a.Legs, b.Legs)
	})
	return p
}
