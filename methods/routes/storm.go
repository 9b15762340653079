package routes

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// A Risk is what closures do to a plan over many periods.
type Risk struct {
	Cost        float64   // mean cost of the cheapest plan with what is open, penalties included
	CostLo      float64   // quantiles of the cost over periods, at the level asked for
	CostHi      float64   //
	Served      []float64 // of each demand: the share of its amount that is carried, on average
	Whole       []float64 // of each demand: the share of periods in which all of it is carried
	WholeLo     []float64 // interval of Whole at the level asked for, from the finite number of draws
	WholeHi     []float64 //
	Periods     int       // drawn
	Different   int       // sets of closed legs seen
	Undisturbed float64   // share of periods in which every leg was open
}

// Simulate draws the closures of many periods, each leg closed with its own
// probability and independent of the others, finds the cheapest plan with what
// is open, and returns what happens on average and in between. Two routes that
// share a leg fail together here, as they do in the world; the chance of one
// route alone is [Path.Open]. The intervals of Whole are those of
// [wilson1927].
//
// Assumptions: those of [Network.Assign] and [Network.Criticality] but for
// single closures; and that closures are independent of each other. Where one
// decision closes several legs, both quiet and bad periods are more frequent
// than this gives.
//
// Accuracy: TestSimulate compares with the sum over every set of closures.
//
// The same rng gives the same draws. Simulate returns the errors of Assign, and
// an error for no draws or a level outside (0, 1).
//
// References: [wilson1927].
func (n *Network) Simulate(demands []Demand, penalty float64, draws int, level float64, rng *rand.Rand) (Risk, error) {
	if draws < 1 || !(level > 0 && level < 1) {
		return Risk{}, fmt.Errorf("routes: %d draws at level %v", draws, level)
	}
	if err := n.check(demands); err != nil {
		return Risk{}, err
	}
	r := Risk{
		Periods: draws, Served: make([]float64, len(demands)), Whole: make([]float64, len(demands)),
		WholeLo: make([]float64, len(demands)), WholeHi: make([]float64, len(demands)),
	}
	plans := map[string]Plan{}
	costs := make([]float64, draws)
	for d := range draws {
		var closed []int
		key := make([]byte, len(n.legs))
		for i, l := range n.legs {
			if rng.Float64() < l.Closed {
				closed = append(closed, i)
				key[i] = 1
			}
		}
		p, ok := plans[string(key)]
		if !ok {
			rest, err := n.Without(closed...)
			if err != nil {
				return Risk{}, err
			}
			if p, err = rest.Assign(demands, penalty); err != nil {
				return Risk{}, err
			}
			plans[string(key)] = p
		}
		costs[d] = p.Cost
		r.Cost += p.Cost
		if len(closed) == 0 {
			r.Undisturbed++
		}
		for k, dem := range demands {
			part := 1.0
			if dem.Amount > 0 {
				part = 1 - p.Unmet[k]/dem.Amount
			}
			r.Served[k] += part
			if part > 1-1e-6 {
				r.Whole[k]++
			}
		}
	}
	r.Different = len(plans)
	slices.Sort(costs)
	out := int((1 - level) / 2 * float64(draws))
	r.CostLo, r.CostHi = costs[out], costs[draws-1-out]
	r.Cost /= float64(draws)
	r.Undisturbed /= float64(draws)
	for k := range demands {
		r.Served[k] /= float64(draws)
		r.Whole[k] /= float64(draws)
		r.WholeLo[k], r.WholeHi[k] = share(r.Whole[k], draws, level)
	}
	return r, nil
}

// share returns the interval of Wilson for a share p seen in n draws.
func share(p float64, n int, level float64) (lo, hi float64) {
	z := distuv.UnitNormal.Quantile((1 + level) / 2)
	z2, m := z*z, float64(n)
	mid, half := p+z2/(2*m), z*math.Sqrt(p*(1-p)/m+z2/(4*m*m))
	// At the ends of the scale rounding could leave the share outside.
	return min(p, max(0, (mid-half)/(1+z2/m))), max(p, min(1, (mid+half)/(1+z2/m)))
}
