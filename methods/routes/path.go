package routes

import (
	"cmp"
	"container/heap"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// A Path is a route without loops: its places in order and the legs between
// them.
type Path struct {
	Nodes      []string
	Legs       []int   // indices of the legs, as given to [New]
	Price      float64 // generalised cost per unit, the sum over legs
	Hours      float64 // mean, the sum over legs
	SD         float64 // standard deviation of the hours
	Cost       float64 // money per unit, the sum over legs
	Bottleneck float64 // smallest capacity of a leg, units per period
	Open       float64 // probability that no leg is closed
}

// Quantile returns the time that a passage stays within with probability q, in
// hours, normal around Hours:
//
//	Hours + z_q·SD
//
// never below zero. The 0.95 quantile is what a shipper who may be late one
// time in twenty has to plan for.
//
// Assumptions: delays of different legs are independent, and many enough for
// their sum to be near normal. Queues at one border that spill over to the next
// make the true quantile longer; so does a long tail on a single leg, beyond
// the 0.98 quantile above all.
//
// It is NaN for q outside (0, 1).
func (p Path) Quantile(q float64) float64 {
	if !(q > 0 && q < 1) {
		return math.NaN()
	}
	return max(0, p.Hours+distuv.UnitNormal.Quantile(q)*p.SD)
}

// Paths returns up to k loopless routes from one place to another, from the
// lowest generalised cost up; of two that cost the same the one with fewer legs
// is first, then the one whose legs were given first. Capacities and closures
// do not bear on the order. The algorithm is Yen's: each next route leaves one
// of those before at some place, and is the cheapest that does.
//
// Accuracy: exact (TestPathsAgainstEnumeration compares with every route of
// random networks).
//
// Paths returns [ErrNoRoute], [ErrNoNode], and an error for k below 1 or a
// place and itself.
//
// References: [yen1971].
func (n *Network) Paths(from, to string, k int) ([]Path, error) {
	a, b, err := n.pair(from, to)
	if err != nil {
		return nil, err
	}
	if k < 1 {
		return nil, fmt.Errorf("routes: %d routes", k)
	}
	first, ok := n.shortest(a, b, n.price, make([]bool, len(n.legs)), make([]bool, len(n.nodes)))
	if !ok {
		return nil, fmt.Errorf("from %q to %q: %w", from, to, ErrNoRoute)
	}
	found := []trail{first}
	var waiting []trail
	for len(found) < k {
		last := found[len(found)-1]
		node := a
		barred := make([]bool, len(n.nodes)) // places of the root
		for i := range last.legs {
			shut := make([]bool, len(n.legs))
			for _, t := range found {
				if len(t.legs) > i && slices.Equal(t.legs[:i], last.legs[:i]) {
					shut[t.legs[i]] = true
				}
			}
			if spur, ok := n.shortest(node, b, n.price, shut, barred); ok {
				t := trail{legs: append(slices.Clone(last.legs[:i]), spur.legs...)}
				for _, l := range t.legs {
					t.price += n.price[l]
				}
				if !slices.ContainsFunc(waiting, func(w trail) bool { return slices.Equal(w.legs, t.legs) }) {
					waiting = append(waiting, t)
				}
			}
			barred[node] = true
			node = n.across(last.legs[i], node)
		}
		if len(waiting) == 0 {
			break
		}
		next := 0
		for i := range waiting {
			if waiting[i].before(waiting[next]) {
				next = i
			}
		}
		found = append(found, waiting[next])
		waiting = slices.Delete(waiting, next, next+1)
	}
	paths := make([]Path, len(found))
	for i, t := range found {
		paths[i] = n.path(a, t.legs)
	}
	return paths, nil
}

// across returns the other end of a leg.
func (n *Network) across(leg, node int) int {
	l := n.legs[leg]
	if n.index[l.From] == node {
		return n.index[l.To]
	}
	return n.index[l.From]
}

// path adds up a route.
func (n *Network) path(from int, legs []int) Path {
	p := Path{Nodes: []string{n.nodes[from]}, Legs: legs, Bottleneck: math.Inf(1), Open: 1}
	node := from
	var variance float64
	for _, i := range legs {
		l := n.legs[i]
		node = n.across(i, node)
		p.Nodes = append(p.Nodes, n.nodes[node])
		p.Price += n.price[i]
		p.Hours += l.Hours
		variance += l.SD * l.SD
		p.Cost += l.Cost
		p.Bottleneck = min(p.Bottleneck, l.Capacity)
		p.Open *= 1 - l.Closed
	}
	p.SD = math.Sqrt(variance)
	return p
}

// A trail is a route as its legs, with its price.
type trail struct {
	legs  []int
	price float64
}

// same is how far two prices may lie apart, as a share, and count as one: they
// are sums of the same numbers in another order.
const same = 1e-12

// before reports whether t comes before o in the order of [Network.Paths].
func (t trail) before(o trail) bool {
	if math.Abs(t.price-o.price) > same*(t.price+o.price) {
		return t.price < o.price
	}
	if len(t.legs) != len(o.legs) {
		return len(t.legs) < len(o.legs)
	}
	return slices.Compare(t.legs, o.legs) < 0
}

// shortest returns the first route in the order of [Network.Paths] between two
// nodes at the prices given, or false where there is none. Legs that are shut
// and nodes that are barred are not used.
func (n *Network) shortest(from, to int, price []float64, shut, barred []bool) (trail, bool) {
	best := make([]trail, len(n.nodes))
	known, done := make([]bool, len(n.nodes)), make([]bool, len(n.nodes))
	known[from] = true
	for {
		node := -1
		for v := range best {
			if known[v] && !done[v] && (node < 0 || best[v].before(best[node])) {
				node = v
			}
		}
		switch node {
		case -1:
			return trail{}, false
		case to:
			return best[to], true
		}
		done[node] = true
		for _, a := range n.out[node] {
			if shut[a.leg] || barred[a.to] || done[a.to] {
				continue
			}
			t := trail{append(slices.Clone(best[node].legs), a.leg), best[node].price + price[a.leg]}
			if !known[a.to] || t.before(best[a.to]) {
				best[a.to], known[a.to] = t, true
			}
		}
	}
}

// A tree is the lowest prices from one node to all, and the leg by which each
// is reached.
type tree struct {
	price []float64 // +Inf where there is no route
	leg   []int     // last leg of the route; −1 at the start and where there is none
	from  []int     // the node before
}

// tree returns the cheapest routes from a node at the prices given; those of
// price +Inf are shut.
func (n *Network) tree(from int, price []float64) tree {
	t := tree{make([]float64, len(n.nodes)), make([]int, len(n.nodes)), make([]int, len(n.nodes))}
	for v := range t.price {
		t.price[v], t.leg[v], t.from[v] = math.Inf(1), -1, -1
	}
	t.price[from] = 0
	q := queue{{0, from}}
	for len(q) > 0 {
		top := heap.Pop(&q).(entry)
		if top.price > t.price[top.node] {
			continue
		}
		for _, a := range n.out[top.node] {
			if p := top.price + price[a.leg]; p < t.price[a.to] {
				t.price[a.to], t.leg[a.to], t.from[a.to] = p, a.leg, top.node
				heap.Push(&q, entry{p, a.to})
			}
		}
	}
	return t
}

// An entry is a node in a queue of those to visit next.
type entry struct {
	price float64
	node  int
}

// A queue is entries with the cheapest first, and the first node where two cost
// the same.
type queue []entry

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(q[i].price, q[j].price), cmp.Compare(q[i].node, q[j].node)) < 0
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(entry)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
