package votes

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// covariances returns the covariance of the positions of each session, in the
// units of the priors: the blocks along the diagonal of the inverse of the
// whole reduced curvature. It returns false where that is not positive
// definite.
//
// Where items are shared between sessions the curvature is S = M − U·Uᵀ, with M
// the part without them and U their crossed curvature, three columns for each,
// and so
//
//	S⁻¹ = M⁻¹ + X·(I − Uᵀ·X)⁻¹·Xᵀ,   X = M⁻¹·U
func (r *reduced) covariances() ([]*mat.SymDense, bool) {
	c := r.chain
	if !c.shared {
		return r.blocks(), true
	}
	first := map[int]int{} // column of each shared item in U
	for k, it := range c.items {
		s := c.parts[it.parts[0]].session
		for _, index := range it.parts {
			if _, ok := first[k]; !ok && c.parts[index].session != s {
				first[k] = 3 * len(first)
			}
		}
	}
	n, cols := c.sessions(), 3*len(first)
	bare := &curve{diag: r.curve.diag, cross: make([]blas64.General, n)}
	u := make([]*mat.Dense, n)
	for s, m := range r.curve.cross {
		own := blas64.General{Rows: m.Rows, Cols: m.Cols, Stride: m.Stride, Data: append([]float64(nil), m.Data...)}
		u[s] = mat.NewDense(m.Rows, cols, nil)
		for j, k := range c.column[s] {
			if at, ok := first[k]; ok {
				for i := range m.Rows {
					for d := range 3 {
						u[s].Set(i, at+d, m.Data[i*m.Stride+3*j+d])
						own.Data[i*m.Stride+3*j+d] = 0
					}
				}
			}
		}
		bare.cross[s] = own
	}
	base, ok := c.reduce(bare)
	if !ok {
		return nil, false
	}
	x := base.backwardAll(u)
	q := mat.NewDense(cols, cols, nil)
	for s := range x {
		var own mat.Dense
		own.Mul(u[s].T(), x[s])
		q.Sub(q, &own)
	}
	left := mat.NewSymDense(cols, nil)
	for i := range cols {
		for j := i; j < cols; j++ {
			left.SetSym(i, j, (q.At(i, j)+q.At(j, i))/2)
		}
		left.SetSym(i, i, 1+left.At(i, i))
	}
	var f mat.Cholesky
	if !f.Factorize(left) {
		return nil, false
	}
	var lower mat.TriDense
	f.LTo(&lower)
	out := base.blocks()
	concurrently(n, func(s int) {
		// Y = X·L⁻ᵀ, so that X·Q⁻¹·Xᵀ = Y·Yᵀ.
		y := x[s].RawMatrix()
		blas64.Trsm(blas.Right, blas.Trans, 1, lower.RawTriangular(), y)
		blas64.Syrk(blas.NoTrans, 1, y, 1, out[s].RawSymmetric())
	})
	return out, true
}

// backwardAll is backward for many right-hand sides, given and returned as one
// matrix for each session.
func (r *reduced) backwardAll(b []*mat.Dense) []*mat.Dense {
	c := r.chain
	n := c.sessions()
	x := make([]*mat.Dense, n)
	add := func(to *mat.Dense, i int, w float64, from *mat.Dense, j int) {
		row, other := to.RawRowView(i), from.RawRowView(j)
		for k, v := range other {
			row[k] += w * v
		}
	}
	for s := range x {
		x[s] = mat.DenseCopyOf(b[s])
	}
	for s := 1; s < n; s++ {
		if len(c.links[s]) == 0 {
			continue
		}
		var y mat.Dense
		y.Mul(r.inverse[s-1], x[s-1])
		for _, l := range c.links[s] {
			add(x[s], l.to, l.precision, &y, l.from)
		}
	}
	for s := n - 1; s >= 0; s-- {
		if s+1 < n {
			for _, l := range c.links[s+1] {
				add(x[s], l.from, l.precision, x[s+1], l.to)
			}
		}
		var y mat.Dense
		y.Mul(r.inverse[s], x[s])
		x[s] = &y
	}
	return x
}

// blocks returns the blocks along the diagonal of the inverse of the factored
// system.
func (r *reduced) blocks() []*mat.SymDense {
	c := r.chain
	n := c.sessions()
	out := make([]*mat.SymDense, n)
	for s := n - 1; s >= 0; s-- {
		rows := r.inverse[s].SymmetricDim()
		out[s] = mat.NewSymDense(rows, nil)
		out[s].CopySym(r.inverse[s])
		if s+1 == n || len(c.links[s+1]) == 0 {
			continue
		}
		// Σ_s = K + K·Eᵀ·Σ_{s+1}·E·K, K the inverse with earlier sessions
		// eliminated and E the links.
		inner := mat.NewDense(rows, rows, nil)
		for _, a := range c.links[s+1] {
			for _, b := range c.links[s+1] {
				inner.Set(a.from, b.from, a.precision*b.precision*out[s+1].At(a.to, b.to))
			}
		}
		var half, full mat.Dense
		half.Mul(inner, r.inverse[s])
		full.Mul(r.inverse[s], &half)
		for i := range rows {
			for j := i; j < rows; j++ {
				out[s].SetSym(i, j, out[s].At(i, j)+(full.At(i, j)+full.At(j, i))/2)
			}
		}
	}
	return out
}
