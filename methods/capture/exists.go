package capture

import (
	"errors"
	"math"
	"math/bits"
)

// ErrNoMaximum is returned when the likelihood of a model rises without end, so
// that its best fit lies at infinity even with empty overlaps set aside.
var ErrNoMaximum = errors.New("capture: the likelihood has no maximum")

// ErrNotIdentified is returned when different parameters of a model give the
// same expected counts.
var ErrNotIdentified = errors.New("capture: the parameters cannot be told apart")

// exists reports whether the likelihood of a Poisson regression has a maximum
// at finite expected counts, and whether its parameters are identified.
//
// There is no maximum exactly when the parameters can move in a direction that
// leaves the expectation of every cell with people where it is, lowers none but
// empty cells, and lowers one at least. Such a direction lies in the null space
// B of the rows with people, and with M the empty rows times B there is none
// exactly when M'w = 0 for some w > 0 (Stiemke); that is a problem of
// non-negative least squares in w − 1.
//
// References: [fienberg2012], who state the same as a linear program.
func (d design) exists() (finite, identified bool) {
	free := independent(d.x, len(d.names))
	identified = len(free) == len(d.names)
	var with, empty [][]float64
	for i, row := range d.x {
		r := make([]float64, len(free))
		for j, c := range free {
			r[j] = row[c]
		}
		if d.y[i] > 0 {
			with = append(with, r)
		} else {
			empty = append(empty, r)
		}
	}
	null := nullSpace(with, len(free))
	if len(null) == 0 {
		return true, identified
	}
	if len(empty) == 0 {
		return true, identified
	}
	// a is M' by columns, one per empty cell; target is −M'1.
	a := make([][]float64, len(empty))
	target := make([]float64, len(null))
	for i, row := range empty {
		a[i] = make([]float64, len(null))
		for j, v := range null {
			a[i][j] = dot(row, v)
			target[j] -= a[i][j]
		}
	}
	return nonNegative(a, target) < 1e-8*(1+norm(target)), identified
}

// nullSpace returns a basis of the vectors that every row takes to zero.
func nullSpace(rows [][]float64, cols int) [][]float64 {
	m := make([][]float64, len(rows))
	for i, r := range rows {
		m[i] = append([]float64(nil), r...)
	}
	var pivots []int // column of the pivot of each leading row
	for c := 0; c < cols && len(pivots) < len(m); c++ {
		top := len(pivots)
		best := top
		for i := top; i < len(m); i++ {
			if math.Abs(m[i][c]) > math.Abs(m[best][c]) {
				best = i
			}
		}
		if math.Abs(m[best][c]) < 1e-9 {
			continue
		}
		m[top], m[best] = m[best], m[top]
		scale(1/m[top][c], m[top])
		for i := range m {
			if i != top && m[i][c] != 0 {
				axpy(-m[i][c], m[top], m[i])
			}
		}
		pivots = append(pivots, c)
	}
	var basis [][]float64
	next := 0
	for c := range cols {
		if next < len(pivots) && pivots[next] == c {
			next++
			continue
		}
		v := make([]float64, cols)
		v[c] = 1
		for i, p := range pivots {
			v[p] = -m[i][c]
		}
		basis = append(basis, v)
	}
	return basis
}

// nonNegative returns the smallest length of Σ u_i a_i − b over u ≥ 0.
//
// References: [lawson1974] for the method of active sets.
func nonNegative(a [][]float64, b []float64) float64 {
	u := make([]float64, len(a))
	in := make([]bool, len(a))
	left := append([]float64(nil), b...)
	small := 1e-12 * (1 + norm(b))
	residual := func() {
		copy(left, b)
		for i, v := range a {
			if u[i] > 0 {
				axpy(-u[i], v, left)
			}
		}
	}
	for range 10 * len(a) {
		best, gain := -1, small
		for i, v := range a {
			if !in[i] {
				if g := dot(v, left) / max(norm(v), 1e-300); g > gain {
					best, gain = i, g
				}
			}
		}
		if best < 0 {
			break
		}
		in[best] = true
		for {
			var set []int
			for i, yes := range in {
				if yes {
					set = append(set, i)
				}
			}
			ls := newLeastSquares(len(b), len(set))
			for j, i := range set {
				copy(ls.q[j], a[i])
			}
			copy(ls.rhs, b)
			s := make([]float64, len(set))
			ls.solve(s)
			step, out := 1.0, -1
			for j, i := range set {
				if s[j] <= 0 {
					if t := u[i] / (u[i] - s[j]); t < step || out < 0 {
						step, out = t, i
					}
				}
			}
			for j, i := range set {
				u[i] += step * (s[j] - u[i])
			}
			if out < 0 {
				break
			}
			in[out], u[out] = false, 0
			for j, i := range set {
				if s[j] <= 0 && u[i] <= small {
					in[i], u[i] = false, 0
				}
			}
		}
		residual()
	}
	residual()
	return norm(left)
}

// pairs returns the patterns of two lists, in the order 12, 13, ..., 23, ...
func pairs(lists int) []int {
	var out []int
	for i := range lists {
		for j := i + 1; j < lists; j++ {
			out = append(out, 1<<i|1<<j)
		}
	}
	return out
}

func isPair(term int) bool { return term > 0 && bits.OnesCount(uint(term)) == 2 }
