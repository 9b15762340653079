package routes

import "math"

// An lu is a square matrix and then its factors, with rows exchanged.
type lu struct {
	m    int
	a    []float64 // by rows
	swap []int     // row that was exchanged with each
}

func newLU(m int) *lu { return &lu{m: m, a: make([]float64, m*m), swap: make([]int, m)} }

// factor replaces the matrix by its factors, or returns false where it has no
// inverse.
func (f *lu) factor() bool {
	m := f.m
	for k := range m {
		top := k
		for i := k + 1; i < m; i++ {
			if math.Abs(f.a[i*m+k]) > math.Abs(f.a[top*m+k]) {
				top = i
			}
		}
		f.swap[k] = top
		if math.Abs(f.a[top*m+k]) < 1e-11 {
			return false
		}
		if top != k {
			for j := range m {
				f.a[k*m+j], f.a[top*m+j] = f.a[top*m+j], f.a[k*m+j]
			}
		}
		row := f.a[k*m : k*m+m]
		for i := k + 1; i < m; i++ {
			if f.a[i*m+k] == 0 {
				continue
			}
			q := f.a[i*m+k] / row[k]
			f.a[i*m+k] = q
			other := f.a[i*m : i*m+m]
			for j := k + 1; j < m; j++ {
				other[j] -= q * row[j]
			}
		}
	}
	return true
}

// solve replaces b by the solution of A·x = b.
func (f *lu) solve(b []float64) {
	m := f.m
	for k, top := range f.swap {
		b[k], b[top] = b[top], b[k]
	}
	for i := range m {
		for j := range i {
			b[i] -= f.a[i*m+j] * b[j]
		}
	}
	for i := m - 1; i >= 0; i-- {
		for j := i + 1; j < m; j++ {
			b[i] -= f.a[i*m+j] * b[j]
		}
		b[i] /= f.a[i*m+i]
	}
}

// solveTransposed replaces b by the solution of Aᵀ·x = b.
func (f *lu) solveTransposed(b []float64) {
	m := f.m
	for i := range m {
		for j := range i {
			b[i] -= f.a[j*m+i] * b[j]
		}
		b[i] /= f.a[i*m+i]
	}
	for i := m - 1; i >= 0; i-- {
		for j := i + 1; j < m; j++ {
			b[i] -= f.a[j*m+i] * b[j]
		}
	}
	for k := m - 1; k >= 0; k-- {
		b[k], b[f.swap[k]] = b[f.swap[k]], b[k]
	}
}
