package distance

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Nearest returns the units nearest to unit i, nearest first, at most k of
// them; of two as near the one with the lower index comes first. Units whose
// distance is not known (NaN) are not among them.
func Nearest(d [][]float64, i, k int) []int {
	var out []int
	for j := range d {
		if j != i && !math.IsNaN(d[i][j]) {
			out = append(out, j)
		}
	}
	slices.SortFunc(out, func(x, y int) int { return cmp.Or(cmp.Compare(d[i][x], d[i][y]), cmp.Compare(x, y)) })
	return out[:min(k, len(out))]
}

// A Partition is units divided into groups around typical ones.
type Partition struct {
	Medoids []int   // the typical unit of each group, in rising order
	Group   []int   // of each unit, as an index of Medoids
	Cost    float64 // sum of the distances of units to their medoids
}

// ErrUnknown is returned when a distance is missing: a unit that cannot be
// compared belongs to no group.
var ErrUnknown = errors.New("distance: a distance is not known")

// Medoids divides the units into k groups so that the sum of distances to the
// nearest of k typical units is low: partitioning around medoids, which starts
// with the best unit, adds the best each time, and then exchanges one for
// another as long as that helps.
//
// Accuracy: no exchange of one medoid for another unit lowers the cost. A
// lower cost can exist; a test compares with all divisions of small tables.
// Nothing is drawn at random, and of two as good the lower index stands, so
// units in another order can come out otherwise only where distances tie or a
// local optimum is met.
//
// It returns [ErrUnknown] for a missing distance and an error unless 1 ≤ k ≤ n.
//
// References: [kaufman1990].
func Medoids(d [][]float64, k int) (Partition, error) {
	n := len(d)
	if k < 1 || k > n {
		return Partition{}, fmt.Errorf("distance: %d groups of %d units", k, n)
	}
	for i := range d {
		for _, v := range d[i] {
			if math.IsNaN(v) {
				return Partition{}, ErrUnknown
			}
		}
	}
	var medoids []int
	near := make([]float64, n)
	for i := range near {
		near[i] = math.Inf(1)
	}
	for len(medoids) < k {
		best, cost := -1, math.Inf(1)
		for c := range n {
			if slices.Contains(medoids, c) {
				continue
			}
			var sum float64
			for i := range n {
				sum += min(near[i], d[i][c])
			}
			if sum < cost {
				best, cost = c, sum
			}
		}
		medoids = append(medoids, best)
		for i := range n {
			near[i] = min(near[i], d[i][best])
		}
	}
	second := make([]float64, n)
	owner := make([]int, n)
	for {
		for i := range n {
			near[i], second[i] = math.Inf(1), math.Inf(1)
			for m, c := range medoids {
				if v := d[i][c]; v < near[i] {
					near[i], second[i], owner[i] = v, near[i], m
				} else if v < second[i] {
					second[i] = v
				}
			}
		}
		bestM, bestC, gain := -1, -1, -1e-12
		loss := make([]float64, k)
		for c := range n {
			if slices.Contains(medoids, c) {
				continue
			}
			clear(loss)
			var shared float64 // what c alone changes
			for i := range n {
				v := d[i][c]
				if v < near[i] {
					shared += v - near[i]
					continue
				}
				loss[owner[i]] += min(v, second[i]) - near[i]
			}
			for m := range loss {
				if g := shared + loss[m]; g < gain {
					bestM, bestC, gain = m, c, g
				}
			}
		}
		if bestM < 0 {
			break
		}
		medoids[bestM] = bestC
	}
	slices.Sort(medoids)
	p := Partition{Medoids: medoids, Group: make([]int, n)}
	for i := range n {
		for m, c := range medoids {
			if d[i][c] < d[i][medoids[p.Group[i]]] || i == c {
				p.Group[i] = m
			}
		}
		p.Cost += d[i][medoids[p.Group[i]]]
	}
	return p, nil
}

// Stability returns, for each group of the partition, how much of it is found
// again when the units are drawn anew with replacement: one row per group, one
// Jaccard index per draw, each the best agreement of the group with any group
// of the division of those drawn. Draws in which no unit of the group came up
// have NaN.
//
// A mean under 0.5 says that the group dissolves, over 0.75 that it is there
// [hennig2007]. What is asked is whether the division depends on which units
// were looked at; that the scores are the right ones is taken for granted, so
// the result is too high where they are not.
//
// Errors are those of [Medoids].
func Stability(d [][]float64, p Partition, draws int, rng *rand.Rand) ([][]float64, error) {
	n, k := len(d), len(p.Medoids)
	out := make([][]float64, k)
	for g := range out {
		out[g] = make([]float64, draws)
	}
	for b := range draws {
		seen := make([]bool, n)
		for range n {
			seen[rng.IntN(n)] = true
		}
		var units []int
		for i, in := range seen {
			if in {
				units = append(units, i)
			}
		}
		if len(units) < k {
			for g := range out {
				out[g][b] = math.NaN()
			}
			continue
		}
		sub := square(len(units))
		for i, u := range units {
			for j, v := range units {
				sub[i][j] = d[u][v]
			}
		}
		q, err := Medoids(sub, k)
		if err != nil {
			return nil, err
		}
		common, sizeP, sizeQ := square(k), make([]float64, k), make([]float64, k)
		for i, u := range units {
			common[p.Group[u]][q.Group[i]]++
			sizeP[p.Group[u]]++
			sizeQ[q.Group[i]]++
		}
		for g := range k {
			best := math.NaN()
			for h := range k {
				if sizeP[g] > 0 {
					j := common[g][h] / (sizeP[g] + sizeQ[h] - common[g][h])
					if math.IsNaN(best) || j > best {
						best = j
					}
				}
			}
			out[g][b] = best
		}
	}
	return out, nil
}
