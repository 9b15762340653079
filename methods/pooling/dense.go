package pooling

import "math"

// A grid is a dense matrix, row by row. The systems here are many and small,
// which is where a general library spends its time on other things.
type grid struct {
	rows, cols int
	v          []float64
}

func newGrid(rows, cols int) grid { return grid{rows, cols, make([]float64, rows*cols)} }

// At returns the element of row i and column j.
func (g grid) At(i, j int) float64 { return g.v[i*g.cols+j] }

func (g grid) add(i, j int, by float64) { g.v[i*g.cols+j] += by }

// factor turns the lower half of a symmetric grid into its Cholesky factor L,
// and returns the log of its determinant; false if it is not positive definite.
// Zeros a row begins with stay zeros and cost nothing.
func (g grid) factor() (logDet float64, ok bool) {
	n := g.cols
	first := make([]int, n) // where each row begins
	for i := range n {
		row := g.v[i*n : i*n+i+1]
		for first[i] < i && row[first[i]] == 0 {
			first[i]++
		}
		for j := first[i]; j < i; j++ {
			other := g.v[j*n : j*n+j+1]
			s := row[j]
			for k := max(first[i], first[j]); k < j; k++ {
				s -= row[k] * other[k]
			}
			row[j] = s / other[j]
		}
		s := row[i]
		for _, v := range row[first[i]:i] {
			s -= v * v
		}
		if !(s > 0) || math.IsInf(s, 0) {
			return 0, false
		}
		row[i] = math.Sqrt(s)
		logDet += math.Log(s)
	}
	return logDet, true
}

// solve puts A⁻¹ b in b, for a factored A.
func (g grid) solve(b []float64) {
	n := g.cols
	for i := range n {
		row := g.v[i*n : i*n+i+1]
		s := b[i]
		for k, v := range row[:i] {
			s -= v * b[k]
		}
		b[i] = s / row[i]
	}
	for i := n - 1; i >= 0; i-- {
		row := g.v[i*n : i*n+i+1]
		b[i] /= row[i]
		for k, v := range row[:i] {
			b[k] -= v * b[i]
		}
	}
}

// inverse returns A⁻¹ of a factored A, both halves.
func (g grid) inverse() grid {
	n := g.cols
	low := newGrid(n, n) // L⁻¹, its columns as rows
	for j := range n {
		col := low.v[j*n : (j+1)*n]
		col[j] = 1 / g.v[j*n+j]
		for i := j + 1; i < n; i++ {
			row := g.v[i*n : i*n+i+1]
			s := 0.0
			for k := j; k < i; k++ {
				s -= row[k] * col[k]
			}
			col[i] = s / row[i]
		}
	}
	out := newGrid(n, n)
	for i := range n {
		a := low.v[i*n : (i+1)*n]
		for j := i; j < n; j++ {
			b := low.v[j*n : (j+1)*n]
			s := 0.0
			for k := j; k < n; k++ {
				s += a[k] * b[k]
			}
			out.v[i*n+j], out.v[j*n+i] = s, s
		}
	}
	return out
}
