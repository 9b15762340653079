package routes

import (
	"fmt"
	"math"
)

// A Closure is what follows when one leg closes.
type Closure struct {
	Leg      int
	Extra    float64 // rise in the cost of the cheapest plan, penalties included
	Unmet    float64 // units not carried then, by all demands together
	Expected float64 // Extra times the probability that the leg is closed
}

// Criticality returns, for each leg, what its closure adds to the cost of the
// cheapest plan ([Network.Assign]) and how much is then not carried, everything
// else open.
//
// Assumptions: one leg closes at a time, and everybody learns of it and turns
// round at once. Legs that close together, because the same state or the same
// storm closes them, cost more than the sum of theirs, since each is the way
// round the other. What is under way when the leg closes is not counted.
//
// Accuracy: that of Assign for each closure (TestConformanceCorridors).
//
// Errors are those of Assign.
func (n *Network) Criticality(demands []Demand, penalty float64) ([]Closure, error) {
	open, err := n.Assign(demands, penalty)
	if err != nil {
		return nil, err
	}
	closures := make([]Closure, len(n.legs))
	for i, l := range n.legs {
		shut := open
		if open.Flow[i] > 0 { // a leg nobody uses is missed by nobody
			if shut, err = n.assign(demands, penalty, i); err != nil {
				return nil, fmt.Errorf("leg %d closed: %w", i, err)
			}
		}
		extra := max(0, shut.Cost-open.Cost)
		closures[i] = Closure{i, extra, shut.TotalUnmet(), extra * l.Closed}
	}
	return closures, nil
}

// Without returns the network with some legs closed for good; the others keep
// their order but not their indices.
func (n *Network) Without(closed ...int) (*Network, error) {
	shut := map[int]bool{}
	for _, i := range closed {
		if i < 0 || i >= len(n.legs) {
			return nil, fmt.Errorf("routes: leg %d of %d", i, len(n.legs))
		}
		shut[i] = true
	}
	rest := &Network{nodes: n.nodes, index: n.index, out: make([][]arc, len(n.nodes))}
	at := make([]int, len(n.legs))
	for i, l := range n.legs {
		if shut[i] {
			at[i] = -1
			continue
		}
		at[i] = len(rest.legs)
		rest.legs, rest.price = append(rest.legs, l), append(rest.price, n.price[i])
	}
	for v, arcs := range n.out {
		for _, a := range arcs {
			if at[a.leg] >= 0 {
				rest.out[v] = append(rest.out[v], arc{at[a.leg], a.to})
			}
		}
	}
	return rest, nil
}

// Betweenness returns, for each leg, the share of pairs of places whose
// cheapest route runs over it; where several routes tie each counts in equal
// parts. Prices are the generalised costs, and capacities do not matter: a leg
// that everybody would like to use and nobody can scores high.
//
//	b_e = Σ_{s≠t} σ_st(e)/σ_st / (n(n−1))
//
// with σ_st the number of cheapest routes from s to t and σ_st(e) those over e.
// Pairs without a route count as pairs.
//
// Accuracy: exact but for ties decided at a relative difference of 1e-12
// (TestConformanceCorridors).
//
// References: [brandes2001]; [girvan2002] for legs instead of places.
func (n *Network) Betweenness() []float64 {
	b := make([]float64, len(n.legs))
	for s := range n.nodes {
		dist := make([]float64, len(n.nodes))
		count := make([]float64, len(n.nodes))
		before := make([][]arc, len(n.nodes)) // legs by which each is reached, and from where
		done := make([]bool, len(n.nodes))
		for v := range dist {
			dist[v] = math.Inf(1)
		}
		dist[s], count[s] = 0, 1
		var order []int
		for {
			node := -1
			for v := range dist {
				if !done[v] && !math.IsInf(dist[v], 1) && (node < 0 || dist[v] < dist[node]) {
					node = v
				}
			}
			if node < 0 {
				break
			}
			done[node] = true
			order = append(order, node)
			for _, a := range n.out[node] {
				if done[a.to] {
					continue
				}
				d := dist[node] + n.price[a.leg]
				switch tie := same * (d + dist[a.to]); {
				case math.IsInf(dist[a.to], 1) || d < dist[a.to]-tie:
					dist[a.to], count[a.to], before[a.to] = d, count[node], []arc{{a.leg, node}}
				case d <= dist[a.to]+tie:
					count[a.to] += count[node]
					before[a.to] = append(before[a.to], arc{a.leg, node})
				}
			}
		}
		weight := make([]float64, len(n.nodes))
		for i := len(order) - 1; i > 0; i-- {
			v := order[i]
			for _, a := range before[v] {
				part := count[a.to] / count[v] * (1 + weight[v])
				b[a.leg] += part
				weight[a.to] += part
			}
		}
	}
	pairs := float64(len(n.nodes) * (len(n.nodes) - 1))
	for i := range b {
		b[i] /= pairs
	}
	return b
}

// MarketAccess returns, for each place in order of name, how large the markets
// within its reach are, in the unit of size, which has the size of some places;
// those without one count as nothing, and a place's own market does not count:
//
//	A_i = Σ_{j≠i} size_j·(1 + g_ij/kappa)^(−theta)
//
// with g_ij the generalised cost of the cheapest route. A market next door
// counts whole; one at a cost of kappa counts 2^(−theta) of its size. What a
// corridor is worth to a place is its market access with and without.
//
// Assumptions: theta and kappa are the same for all goods; for heavy goods
// distant markets count for less than this gives them. Capacities do not matter.
// A place without a route to a market has none of it.
//
// It returns [ErrNoNode] for a size of no place, and an error for a size, kappa
// or theta that is not an amount, kappa above zero.
//
// References: [donaldson2016].
func (n *Network) MarketAccess(size map[string]float64, kappa, theta float64) ([]float64, error) {
	if !(kappa > 0) || math.IsInf(kappa, 0) || !(theta >= 0) || math.IsInf(theta, 0) {
		return nil, fmt.Errorf("routes: market access with kappa %v and theta %v", kappa, theta)
	}
	for name, v := range size {
		if _, ok := n.index[name]; !ok {
			return nil, fmt.Errorf("%q: %w", name, ErrNoNode)
		}
		if !(v >= 0) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("routes: a market of %v at %q", v, name)
		}
	}
	access := make([]float64, len(n.nodes))
	for i := range n.nodes {
		t := n.tree(i, n.price)
		for j, name := range n.nodes {
			if i != j && size[name] > 0 && !math.IsInf(t.price[j], 1) {
				access[i] += size[name] * math.Pow(1+t.price[j]/kappa, -theta)
			}
		}
	}
	return access, nil
}
