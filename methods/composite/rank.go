package composite

import "slices"

// Ranks returns each unit's rank by score, 1 for the highest. Units with equal
// scores share the best of their ranks, so two firsts are followed by a third.
// A unit without a score (NaN) has rank 0 and counts for nobody else's.
func Ranks(scores []float64) []int {
	order := make([]placed, 0, len(scores))
	for i, s := range scores {
		if s == s {
			order = append(order, placed{score: s, unit: i})
		}
	}
	rankPlaced(order)
	ranks := make([]int, len(scores))
	for _, p := range order {
		ranks[p.unit] = int(p.rank)
	}
	return ranks
}

// placed is a unit with its score and the rank that gives it.
type placed struct {
	score float64
	unit  int
	rank  int32
}

// sortPlaced puts the highest score first. Nothing may depend on the order of
// equals.
func sortPlaced(p []placed) {
	slices.SortFunc(p, func(a, b placed) int {
		if a.score > b.score {
			return -1
		}
		if a.score < b.score {
			return 1
		}
		return 0
	})
}

// rankPlaced sorts p and ranks it.
func rankPlaced(p []placed) {
	sortPlaced(p)
	for at := range p {
		p[at].rank = int32(at + 1)
		if at > 0 && p[at].score == p[at-1].score {
			p[at].rank = p[at-1].rank
		}
	}
}

// GroupRanks returns the ranks of the values among those of the same group, as
// [Ranks] does among all. Those of group "" belong to none and have rank 0.
func GroupRanks(values []float64, groups []string) []int {
	out := make([]int, len(values))
	rows := map[string][]int{}
	for i, g := range groups {
		if g != "" {
			rows[g] = append(rows[g], i)
		}
	}
	for _, at := range rows {
		for k, r := range Ranks(pick(values, at)) {
			out[at[k]] = r
		}
	}
	return out
}
