package votes

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// A reduced is the factored curvature of the positions with the items
// eliminated, leaving out what items shared between sessions add between two
// different sessions: blocks along the diagonal, one per session, and links
// beside it.
type reduced struct {
	chain   *chain
	curve   *curve
	inverse []*mat.SymDense // of each block once the sessions before are eliminated
}

// reduce factors the system of v, or returns false where it is not positive
// definite.
func (c *chain) reduce(v *curve) (*reduced, bool) {
	n := c.sessions()
	blocks := make([]*mat.SymDense, n)
	concurrently(n, func(s int) {
		rows := c.start[s+1] - c.start[s]
		block := mat.NewSymDense(rows, nil)
		raw := block.RawSymmetric()
		if v.cross[s].Cols > 0 {
			blas64.Syrk(blas.NoTrans, -1, v.cross[s], 0, raw)
		}
		for i := range rows {
			raw.Data[i*raw.Stride+i] += v.diag[c.start[s]+i]
		}
		blocks[s] = block
	})
	r := &reduced{chain: c, curve: v, inverse: blocks}
	independent := true
	for _, links := range c.links {
		independent = independent && len(links) == 0
	}
	if independent {
		good := make([]bool, n)
		concurrently(n, func(s int) { good[s] = invert(blocks[s]) })
		for _, ok := range good {
			if !ok {
				return nil, false
			}
		}
		return r, true
	}
	for s := range blocks {
		if s > 0 {
			raw, before := blocks[s].RawSymmetric(), blocks[s-1]
			for _, a := range c.links[s] {
				for _, b := range c.links[s] {
					if a.to <= b.to {
						raw.Data[a.to*raw.Stride+b.to] -= a.precision * b.precision * before.At(a.from, b.from)
					}
				}
			}
		}
		if !invert(blocks[s]) {
			return nil, false
		}
	}
	return r, true
}

// invert replaces a by its inverse, or returns false where a is not positive
// definite.
func invert(a *mat.SymDense) bool {
	if a.SymmetricDim() == 0 {
		return true
	}
	var f mat.Cholesky
	return f.Factorize(a) && f.InverseTo(a) == nil
}

// backward solves the factored system for the right-hand side b.
func (r *reduced) backward(b []float64) []float64 {
	c := r.chain
	x := append([]float64(nil), b...)
	part := func(s int) blas64.Vector {
		return blas64.Vector{N: c.start[s+1] - c.start[s], Inc: 1, Data: x[c.start[s]:c.start[s+1]]}
	}
	times := func(s int, v blas64.Vector) blas64.Vector {
		y := blas64.Vector{N: v.N, Inc: 1, Data: make([]float64, v.N)}
		if v.N > 0 {
			blas64.Symv(1, r.inverse[s].RawSymmetric(), v, 0, y)
		}
		return y
	}
	n := c.sessions()
	for s := 1; s < n; s++ {
		if len(c.links[s]) == 0 {
			continue
		}
		y := times(s-1, part(s-1))
		for _, l := range c.links[s] {
			x[c.start[s]+l.to] += l.precision * y.Data[l.from]
		}
	}
	for s := n - 1; s >= 0; s-- {
		y := part(s)
		if s+1 < n {
			for _, l := range c.links[s+1] {
				y.Data[l.from] += l.precision * x[c.start[s+1]+l.to]
			}
		}
		copy(y.Data, times(s, y).Data)
	}
	return x
}

// apply returns the product of the whole reduced curvature with x, with what
// shared items add between sessions.
func (r *reduced) apply(x []float64) []float64 {
	c, v := r.chain, r.curve
	y := make([]float64, len(x))
	for i, d := range v.diag {
		y[i] = d * x[i]
	}
	for s, links := range c.links {
		for _, l := range links {
			to, from := c.start[s]+l.to, c.start[s-1]+l.from
			y[to] -= l.precision * x[from]
			y[from] -= l.precision * x[to]
		}
	}
	u := r.project(x)
	for i, d := range r.expand(u) {
		y[i] -= d
	}
	return y
}

// project returns crossᵀ·x, summed over the sessions of each item.
func (r *reduced) project(x []float64) []float64 {
	c, v := r.chain, r.curve
	per := make([][]float64, c.sessions())
	concurrently(len(per), func(s int) {
		m := v.cross[s]
		per[s] = make([]float64, m.Cols)
		if m.Cols > 0 && m.Rows > 0 {
			blas64.Gemv(blas.Trans, 1, m, blas64.Vector{N: m.Rows, Inc: 1, Data: x[c.start[s]:c.start[s+1]]},
				0, blas64.Vector{N: m.Cols, Inc: 1, Data: per[s]})
		}
	})
	u := make([]float64, 3*len(c.items))
	for s, items := range c.column {
		for j, k := range items {
			for d := range 3 {
				u[3*k+d] += per[s][3*j+d]
			}
		}
	}
	return u
}

// expand returns cross·u.
func (r *reduced) expand(u []float64) []float64 {
	c, v := r.chain, r.curve
	y := make([]float64, c.start[c.sessions()])
	concurrently(c.sessions(), func(s int) {
		m := v.cross[s]
		if m.Cols == 0 || m.Rows == 0 {
			return
		}
		w := make([]float64, m.Cols)
		for j, k := range c.column[s] {
			copy(w[3*j:3*j+3], u[3*k:])
		}
		blas64.Gemv(blas.NoTrans, 1, m, blas64.Vector{N: m.Cols, Inc: 1, Data: w},
			0, blas64.Vector{N: m.Rows, Inc: 1, Data: y[c.start[s]:c.start[s+1]]})
	})
	return y
}

// solve solves the whole reduced system for b: at once where no item is shared
// between sessions, and otherwise by conjugate gradients started from and
// preconditioned with the system without what is shared. It returns false
// where the whole is not positive definite.
func (r *reduced) solve(b []float64, tol float64) ([]float64, bool) {
	x := r.backward(b)
	if !r.chain.shared {
		return x, true
	}
	res := r.apply(x)
	var start float64
	for i := range res {
		res[i] = b[i] - res[i]
		start += b[i] * b[i]
	}
	z := r.backward(res)
	dir := append([]float64(nil), z...)
	rho := dot(res, z)
	for range 500 {
		if dot(res, res) <= tol*tol*start {
			return x, true
		}
		q := r.apply(dir)
		bend := dot(dir, q)
		if !(bend > 0) {
			return nil, false
		}
		a := rho / bend
		for i := range x {
			x[i] += a * dir[i]
			res[i] -= a * q[i]
		}
		z = r.backward(res)
		was := rho
		rho = dot(res, z)
		for i := range dir {
			dir[i] = z[i] + rho/was*dir[i]
		}
	}
	return x, true
}

// dot returns the inner product.
func dot(x, y []float64) (sum float64) {
	for i, v := range x {
		sum += v * y[i]
	}
	return sum
}
