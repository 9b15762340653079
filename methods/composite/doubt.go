package composite

import (
	"errors"
	"fmt"
	"math"
)

// A ShareRange bounds what one column may bring to a unit's score under
// [BenefitOfDoubt], as shares of 1 of that score.
type ShareRange struct{ Lo, Hi float64 }

// BenefitOfDoubt returns for each unit the best score it could claim if it
// chose the weights itself:
//
//	max_w Σ_k w_k x_ik  such that  Σ_k w_k x_jk ≤ 1 for every unit j, w ≥ 0
//
// found by linear programming. The score is 1 for a unit no other beats on the
// weights that suit it best. With ranges, the part of each column in the
// unit's own score, w_k x_ik/Σ w x_i, must lie in its range, which keeps a
// unit from hiding behind its one strength. cols has one column per indicator;
// values must not be negative. A unit that lacks a value is scored on those it
// has, against units that have them all; a unit without any has no score.
//
// Assumptions: whoever weighs a thing more had reason to. The score is an
// upper bound of what any common weights of the same form would give relative
// to the best, so many units tie at 1 where there are many columns.
//
// Columns with weight 0 are left out; otherwise weights play no part.
//
// It returns [ErrNotPositive] for a negative value, [ErrSettings] for ranges
// that cannot be met, [ErrNoTotal] if every value of the columns a unit has is
// zero, and [ErrNoOptimum] if rounding defeats the search.
//
// References: [cherchye2007].
func BenefitOfDoubt(cols [][]float64, ranges []ShareRange) ([]float64, error) {
	out := make([]float64, len(cols[0]))
	w := make([]float64, len(cols))
	for k := range w {
		w[k] = 1
	}
	if err := benefitOfDoubt(cols, w, ranges, out); err != nil {
		var r rowError
		if errors.As(err, &r) {
			err = fmt.Errorf("unit %d: %w", r.row, r.err)
		}
		return nil, fmt.Errorf("composite: %w", err)
	}
	return out, nil
}

func benefitOfDoubt(cols [][]float64, w []float64, ranges []ShareRange, out []float64) error {
	if ranges != nil {
		if len(ranges) != len(cols) {
			return fmt.Errorf("%w: %d ranges for %d columns", ErrSettings, len(ranges), len(cols))
		}
		var lo, hi float64
		for _, r := range ranges {
			if !(r.Lo >= 0 && r.Lo <= r.Hi && r.Hi <= 1) {
				return fmt.Errorf("%w: a share from %v to %v", ErrSettings, r.Lo, r.Hi)
			}
			lo, hi = lo+r.Lo, hi+r.Hi
		}
		if lo > 1+1e-12 || hi < 1-1e-12 {
			return fmt.Errorf("%w: shares that cannot add to 1", ErrSettings)
		}
	}
	n := len(out)
	for k, c := range cols {
		for i, v := range c {
			if v < 0 && w[k] > 0 {
				return rowError{i, fmt.Errorf("%w: benefit of the doubt with %v", ErrNotPositive, v)}
			}
		}
	}
	var has []int
	for i := range n {
		has = has[:0]
		for k, c := range cols {
			if w[k] > 0 && c[i] == c[i] {
				has = append(has, k)
			}
		}
		out[i] = math.NaN()
		if len(has) == 0 {
			continue
		}
		v, err := claim(cols, has, ranges, i)
		if err != nil {
			return rowError{i, err}
		}
		out[i] = math.Round(v*1e12) / 1e12 // as good as the programme is solved; peers are level at 1
	}
	return nil
}

// claim solves one unit's programme over the columns it has. Each column is
// divided by its greatest value, which changes w and not the score.
func claim(cols [][]float64, has []int, ranges []ShareRange, i int) (float64, error) {
	k := len(has)
	scale := make([]float64, k)
	some := false
	for c, at := range has {
		_, scale[c] = extent(cols[at])
		if !(scale[c] > 0) {
			scale[c] = 1 // a column of zeros adds nothing whatever it weighs
		} else {
			some = true
		}
	}
	if !some {
		return 0, ErrNoTotal
	}
	own := make([]float64, k)
	for c, at := range has {
		own[c] = cols[at][i] / scale[c]
	}
	var rows [][]float64
	var limit []float64
	for j := range cols[0] {
		row := make([]float64, k)
		whole, some := true, false
		for c, at := range has {
			v := cols[at][j]
			if v != v {
				whole = false
				break
			}
			row[c] = v / scale[c]
			some = some || v > 0
		}
		if whole && some {
			rows, limit = append(rows, row), append(limit, 1)
		}
	}
	// A weight on a column that is zero for every peer has no bound, and must
	// not pay: the unit itself is always a peer, so own is zero there too.
	if ranges != nil {
		for c, at := range has {
			for _, side := range [2]float64{1, -1} {
				bound := ranges[at].Hi
				if side < 0 {
					bound = ranges[at].Lo
				}
				// side·(w_c own_c − bound·Σ w own) ≤ 0
				row := make([]float64, k)
				for d := range row {
					row[d] = -side * bound * own[d]
				}
				row[c] += side * own[c]
				rows, limit = append(rows, row), append(limit, 0)
			}
		}
	}
	best, ok := maximise(own, rows, limit)
	if !ok {
		return 0, fmt.Errorf("%w of the unit's weights", ErrNoOptimum)
	}
	return best, nil
}

// maximise returns the greatest c·w with A·w ≤ b and w ≥ 0, for b ≥ 0, and
// false if there is none or it is not found. It is the simplex method on a dense tableau; with
// the rule of the least index it ends also where many corners coincide.
//
// References: [bland1977].
func maximise(c []float64, a [][]float64, b []float64) (float64, bool) {
	k, m := len(c), len(a)
	const eps = 1e-11
	// Tableau without the columns of the basis: rows of a, then the objective.
	t := make([][]float64, m+1)
	for i := range m {
		t[i] = append(append(make([]float64, 0, k+1), a[i]...), b[i])
	}
	t[m] = make([]float64, k+1)
	for j := range k {
		t[m][j] = -c[j]
	}
	inRow, inCol := make([]int, m), make([]int, k) // names of variables; slacks are k, k+1, ...
	for i := range inRow {
		inRow[i] = k + i
	}
	for j := range inCol {
		inCol[j] = j
	}
	for range 1000 + 100*(m+k) { // far more than it takes; a guard against rounding
		q := -1
		for j := range k {
			if t[m][j] < -eps && (q < 0 || inCol[j] < inCol[q]) {
				q = j
			}
		}
		if q < 0 {
			return t[m][k], true
		}
		p, ratio := -1, math.Inf(1)
		for i := range m {
			if t[i][q] > eps {
				r := t[i][k] / t[i][q]
				if p < 0 || r < ratio-1e-15 || r <= ratio+1e-15 && inRow[i] < inRow[p] {
					p, ratio = i, r
				}
			}
		}
		if p < 0 {
			return math.Inf(1), false
		}
		pivot := t[p][q]
		for j := range t[p] {
			if j != q {
				t[p][j] /= pivot
			}
		}
		t[p][q] = 1 / pivot
		for i := range t {
			if i == p || t[i][q] == 0 {
				continue
			}
			f := t[i][q]
			for j := range t[i] {
				if j != q {
					t[i][j] -= f * t[p][j]
				}
			}
			t[i][q] = -f / pivot
		}
		inRow[p], inCol[q] = inCol[q], inRow[p]
	}
	return math.NaN(), false
}
