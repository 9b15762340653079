package routes

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

var (
	// ErrNoRoute is returned when no chain of legs leads from the origin to
	// the destination.
	ErrNoRoute = errors.New("routes: no route")
	// ErrNoNode is returned for a place on no leg.
	ErrNoNode = errors.New("routes: a place on no leg")
	// ErrNoOptimum is returned when the cheapest assignment was not reached
	// within the limit of steps.
	ErrNoOptimum = errors.New("routes: the cheapest assignment was not reached")
)

// A Leg joins two places, usable in both directions unless OneWay, at the same
// hours and cost, within one capacity for both directions together.
type Leg struct {
	From, To string
	OneWay   bool    // from From to To only, as a pipeline
	Hours    float64 // mean time of passage, waiting included
	SD       float64 // standard deviation of the hours
	Cost     float64 // money per unit carried
	Capacity float64 // units per period; +Inf where there is no limit
	Closed   float64 // probability of being closed in the period
}

// A Network is legs and the places they join.
type Network struct {
	legs  []Leg
	nodes []string // in order of name
	index map[string]int
	out   [][]arc   // of each node, in the order of the legs
	price []float64 // generalised cost of each leg
}

// An arc is one direction of a leg.
type arc struct {
	leg, to int
}

// New returns the network of the legs, in which an hour is worth valueOfTime
// units of money for each unit carried; a leg then costs
//
//	g = Cost + valueOfTime·Hours
//
// the generalised cost by which routes are compared. Two legs may join the same
// places, such as a road beside a railway.
//
// New returns an error for a leg from a place to itself or without a name, for
// hours, spread, cost or capacity that is negative or missing, or infinite
// where that has no meaning, for a probability outside [0, 1], and for a value
// of time that is no amount.
func New(legs []Leg, valueOfTime float64) (*Network, error) {
	if !(valueOfTime >= 0) || math.IsInf(valueOfTime, 0) {
		return nil, fmt.Errorf("routes: a value of time of %v", valueOfTime)
	}
	n := &Network{legs: slices.Clone(legs), index: map[string]int{}}
	for i, l := range legs {
		amount := func(what string, v float64, infinite bool) error {
			if !(v >= 0) || math.IsInf(v, 0) && !infinite {
				return fmt.Errorf("routes: leg %d from %q to %q has %s of %v", i, l.From, l.To, what, v)
			}
			return nil
		}
		if l.From == "" || l.To == "" || l.From == l.To {
			return nil, fmt.Errorf("routes: leg %d from %q to %q", i, l.From, l.To)
		}
		if err := errors.Join(amount("hours", l.Hours, false), amount("a spread", l.SD, false),
			amount("a cost", l.Cost, false), amount("a capacity", l.Capacity, true)); err != nil {
			return nil, err
		}
		if !(l.Closed >= 0 && l.Closed <= 1) {
			return nil, fmt.Errorf("routes: leg %d is closed with probability %v", i, l.Closed)
		}
		n.nodes = append(n.nodes, l.From, l.To)
		n.price = append(n.price, l.Cost+valueOfTime*l.Hours)
	}
	slices.Sort(n.nodes)
	n.nodes = slices.Compact(n.nodes)
	for i, name := range n.nodes {
		n.index[name] = i
	}
	n.out = make([][]arc, len(n.nodes))
	for i, l := range legs {
		a, b := n.index[l.From], n.index[l.To]
		n.out[a] = append(n.out[a], arc{i, b})
		if !l.OneWay {
			n.out[b] = append(n.out[b], arc{i, a})
		}
	}
	return n, nil
}

// Nodes returns the places of the network in order of name.
func (n *Network) Nodes() []string { return slices.Clone(n.nodes) }

// Legs returns the legs of the network, in the order given to [New].
func (n *Network) Legs() []Leg { return slices.Clone(n.legs) }

// Price returns the generalised cost of the leg at the place i, in money per
// unit carried.
func (n *Network) Price(i int) float64 { return n.price[i] }

// pair returns the two places of the network with these names.
func (n *Network) pair(from, to string) (a, b int, err error) {
	a, ok := n.index[from]
	if !ok {
		return 0, 0, fmt.Errorf("%q: %w", from, ErrNoNode)
	}
	b, ok = n.index[to]
	if !ok {
		return 0, 0, fmt.Errorf("%q: %w", to, ErrNoNode)
	}
	if a == b {
		return 0, 0, fmt.Errorf("routes: from %q to itself", from)
	}
	return a, b, nil
}
