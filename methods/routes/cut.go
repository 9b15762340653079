package routes

import (
	"fmt"
	"math"
)

// A Cut is the most that can be carried between two places in a period, and
// the legs that keep it from being more.
type Cut struct {
	Flow float64 // units per period; +Inf where some route has no limit
	Legs []int   // indices of legs whose capacities add to Flow and that all routes cross; empty where there is no limit or no route
}

// MaxFlow returns the largest flow from one place to another and the smallest
// set of legs, by capacity, without which nothing would get through: the two
// are equal. Where several sets are smallest it is the one nearest to the
// origin. Flow is found along shortest augmenting routes.
//
// Assumptions: a leg carries its whole capacity for this pair, whatever else
// moves in the network, and capacity is shared between directions. The figure is
// a ceiling, reached only when all else makes way.
//
// Accuracy: exact but for rounding (TestFlowIsCut: flow = cut, and no smaller
// cut exists among all subsets of places of random networks).
//
// MaxFlow returns a flow of zero where there is no route, [ErrNoNode], and an
// error for a place and itself.
//
// References: [ford1956]; [edmonds1972].
func (n *Network) MaxFlow(from, to string) (Cut, error) {
	a, b, err := n.pair(from, to)
	if err != nil {
		return Cut{}, err
	}
	// What each leg can still carry forward (from From to To) and back.
	forth, back := make([]float64, len(n.legs)), make([]float64, len(n.legs))
	var scale float64
	for i, l := range n.legs {
		forth[i], back[i] = l.Capacity, l.Capacity
		if l.OneWay {
			back[i] = 0
		}
		if !math.IsInf(l.Capacity, 0) {
			scale += l.Capacity
		}
	}
	room := func(leg, node int) *float64 {
		if n.index[n.legs[leg].From] == node {
			return &forth[leg]
		}
		return &back[leg]
	}
	// Every leg can be entered from both ends in the residual network.
	ends := make([][]arc, len(n.nodes))
	for i, l := range n.legs {
		u, v := n.index[l.From], n.index[l.To]
		ends[u], ends[v] = append(ends[u], arc{i, v}), append(ends[v], arc{i, u})
	}
	var cut Cut
	for {
		by := make([]int, len(n.nodes)) // leg by which each node is reached, −1 for none
		seen := make([]bool, len(n.nodes))
		seen[a] = true
		line := []int{a}
		for len(line) > 0 && !seen[b] {
			node := line[0]
			line = line[1:]
			for _, e := range ends[node] {
				if !seen[e.to] && *room(e.leg, node) > same*scale {
					seen[e.to], by[e.to] = true, e.leg
					line = append(line, e.to)
				}
			}
		}
		if !seen[b] {
			for i, l := range n.legs {
				u, v := n.index[l.From], n.index[l.To]
				if l.Capacity > 0 && (seen[u] && !seen[v] || seen[v] && !seen[u] && !l.OneWay) {
					cut.Legs = append(cut.Legs, i)
				}
			}
			return cut, nil
		}
		least := math.Inf(1)
		for node := b; node != a; node = n.across(by[node], node) {
			least = min(least, *room(by[node], n.across(by[node], node)))
		}
		if math.IsInf(least, 1) {
			return Cut{Flow: least}, nil
		}
		for node := b; node != a; {
			before := n.across(by[node], node)
			*room(by[node], before) -= least
			*room(by[node], node) += least
			node = before
		}
		cut.Flow += least
	}
}

// check returns an error for a demand that is none.
func (n *Network) check(demands []Demand) error {
	for i, d := range demands {
		if _, _, err := n.pair(d.From, d.To); err != nil {
			return fmt.Errorf("demand %d: %w", i, err)
		}
		if !(d.Amount >= 0) || math.IsInf(d.Amount, 0) {
			return fmt.Errorf("routes: demand %d is of %v", i, d.Amount)
		}
	}
	return nil
}
