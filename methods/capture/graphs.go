package capture

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// A Graph says which lists depend on each other directly, as the largest sets
// of lists that all do, its cliques, and the sets in which these overlap along
// a tree, its separators. Sets are patterns. Separators may repeat; empty ones
// are left out.
type Graph struct {
	Cliques, Separators []int
}

// String returns the cliques, lists counted from 1: "12 23" for two lists that
// are independent given the second.
func (g Graph) String() string {
	names := make([]string, len(g.Cliques))
	for i, c := range g.Cliques {
		names[i] = termName(c)
	}
	return strings.Join(names, " ")
}

// maxGraphLists is the largest number of lists whose graphs are enumerated:
// 18 154 of them.
const maxGraphLists = 6

// DecomposableGraphs returns all decomposable graphs of a number of lists, from
// 2 to 6: 2, 8, 61, 822 and 18 154. A graph is decomposable when every cycle of
// four or more lists has a short cut; only for these is the weight of a model
// in [Decomposable] a closed formula.
//
// References: [lauritzen1996].
func DecomposableGraphs(lists int) ([]Graph, error) {
	if lists < 2 || lists > maxGraphLists {
		return nil, fmt.Errorf("capture: graphs of %d lists; want 2 to %d", lists, maxGraphLists)
	}
	edges := pairs(lists)
	var graphs []Graph
	neighbours := make([]int, lists)
	for set := range 1 << len(edges) {
		clear(neighbours)
		for i, e := range edges {
			if set>>i&1 == 1 {
				a, b := bits.TrailingZeros(uint(e)), bits.Len(uint(e))-1
				neighbours[a] |= 1 << b
				neighbours[b] |= 1 << a
			}
		}
		if cliques := chordal(neighbours); cliques != nil {
			graphs = append(graphs, Graph{cliques, separators(cliques)})
		}
	}
	slices.SortStableFunc(graphs, func(a, b Graph) int { return a.edges() - b.edges() })
	return graphs, nil
}

// edges returns how many pairs of lists depend on each other.
func (g Graph) edges() int {
	n := 0
	for _, c := range g.Cliques {
		k := bits.OnesCount(uint(c))
		n += k * (k - 1) / 2
	}
	for _, s := range g.Separators {
		k := bits.OnesCount(uint(s))
		n -= k * (k - 1) / 2
	}
	return n
}

// chordal returns the cliques of the graph in increasing order of their lists,
// or nil when the graph is not decomposable. It removes, one after the other,
// lists whose neighbours all depend on each other.
func chordal(neighbours []int) []int {
	left := 1<<len(neighbours) - 1
	var cliques []int
	for left > 0 {
		found := -1
		for v := range neighbours {
			if left>>v&1 == 0 {
				continue
			}
			around := neighbours[v] & left
			whole := true
			for u := range neighbours {
				if around>>u&1 == 1 && around&^(1<<u)&^neighbours[u] != 0 {
					whole = false
				}
			}
			if whole {
				found = v
				clique := around | 1<<v
				if !slices.ContainsFunc(cliques, func(c int) bool { return c&clique == clique }) {
					cliques = append(cliques, clique)
				}
				break
			}
		}
		if found < 0 {
			return nil
		}
		left &^= 1 << found
	}
	slices.SortFunc(cliques, compareLists)
	return cliques
}

// separators returns the overlaps of the cliques along a tree that joins those
// with the largest overlaps first.
func separators(cliques []int) []int {
	var out []int
	in := make([]bool, len(cliques))
	in[0] = true
	for range len(cliques) - 1 {
		best, overlap, size := -1, 0, -1
		for i, c := range cliques {
			if in[i] {
				continue
			}
			for j, d := range cliques {
				if in[j] && bits.OnesCount(uint(c&d)) > size {
					best, overlap, size = i, c&d, bits.OnesCount(uint(c&d))
				}
			}
		}
		in[best] = true
		if overlap != 0 {
			out = append(out, overlap)
		}
	}
	return out
}
