package pooling

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// errCholesky means that the posterior precision is not positive definite,
// which priors of positive variance rule out but for overflow.
var errCholesky = errors.New("pooling: precision is not positive definite")

// A system is the posterior at one σ_u, as blocks: with the information matrix
//
//	J = [ A  B ]      A block-diagonal, one block per host
//	    [ Bᵀ D ]
//
// it keeps A_c⁻¹ and X_c = A_c⁻¹ B_c per host, and S⁻¹ with S = D − Σ B_cᵀ X_c,
// from which every covariance follows.
type system struct {
	l        *layout
	blocks   []block
	mean     []float64     // of the shared parameters
	cov      *mat.SymDense // S⁻¹
	variance []float64     // of each figure, weights included
	evidence float64
}

// A block is one host's own parameters.
type block struct {
	inv  *mat.SymDense // A_c⁻¹
	x    *mat.Dense    // A_c⁻¹ B_c, one column per shared parameter the host touches; nil if none
	cols []int         // which those are
	mean []float64
}

// solve returns the posterior with σ_u = su and the figures' weights.
func (l *layout) solve(su float64, w []float64) (*system, error) {
	s := &system{l: l, blocks: make([]block, len(l.own)), variance: make([]float64, len(l.y))}
	g := len(l.shared)
	d := mat.NewSymDense(g, nil)
	right := make([]float64, g)
	logs, quad := 0.0, 0.0
	for j, p := range l.shared {
		v := l.variance(p, su)
		d.SetSym(j, j, 1/v)
		right[j] = p.mean / v
		logs += math.Log(v)
		quad += p.mean * p.mean / v
	}
	a := make([]*mat.SymDense, len(l.own))
	r := make([][]float64, len(l.own))
	b := make([]map[int][]float64, len(l.own)) // columns of B_c
	for c, own := range l.own {
		a[c] = mat.NewSymDense(len(own), nil)
		r[c] = make([]float64, len(own))
		b[c] = map[int][]float64{}
		for i, p := range own {
			v := l.variance(p, su)
			a[c].SetSym(i, i, 1/v)
			r[c][i] = p.mean / v
			logs += math.Log(v)
			quad += p.mean * p.mean / v
		}
	}
	for i, row := range l.rows {
		c, v, y := row.host, l.r(l.tau[i])/w[i], l.y[i]
		s.variance[i] = v
		logs += math.Log(v)
		quad += y * y / v
		for x, p := range row.own {
			r[c][p.at] += p.by * y / v
			for _, q := range row.own[x:] {
				a[c].SetSym(p.at, q.at, a[c].At(p.at, q.at)+p.by*q.by/v)
			}
		}
		for x, p := range row.shared {
			right[p.at] += p.by * y / v
			for _, q := range row.shared[x:] {
				d.SetSym(p.at, q.at, d.At(p.at, q.at)+p.by*q.by/v)
			}
			col := b[c][p.at]
			if col == nil {
				col = make([]float64, len(l.own[c]))
				b[c][p.at] = col
				s.blocks[c].cols = append(s.blocks[c].cols, p.at)
			}
			for _, q := range row.own {
				col[q.at] += p.by * q.by / v
			}
		}
	}
	z := make([][]float64, len(l.own)) // A_c⁻¹ r_c
	for c := range l.own {
		k := &s.blocks[c]
		var chol mat.Cholesky
		if !chol.Factorize(a[c]) {
			return nil, errCholesky
		}
		logs += chol.LogDet()
		k.inv = mat.NewSymDense(len(l.own[c]), nil)
		if err := settled(chol.InverseTo(k.inv)); err != nil {
			return nil, err
		}
		var sol mat.VecDense
		if err := settled(chol.SolveVecTo(&sol, mat.NewVecDense(len(r[c]), r[c]))); err != nil {
			return nil, err
		}
		z[c] = sol.RawVector().Data
		for i, v := range z[c] {
			quad -= v * r[c][i]
		}
		if len(k.cols) == 0 {
			continue
		}
		bc := mat.NewDense(len(l.own[c]), len(k.cols), nil)
		for j, at := range k.cols {
			bc.SetCol(j, b[c][at])
		}
		k.x = new(mat.Dense)
		if err := settled(chol.SolveTo(k.x, bc)); err != nil {
			return nil, err
		}
		var schur mat.Dense
		schur.Mul(bc.T(), k.x)
		for i, p := range k.cols {
			for j, q := range k.cols {
				if p <= q {
					d.SetSym(p, q, d.At(p, q)-(schur.At(i, j)+schur.At(j, i))/2)
				}
			}
			for m, v := range z[c] {
				right[p] -= bc.At(m, i) * v
			}
		}
	}
	s.cov = mat.NewSymDense(g, nil)
	var chol mat.Cholesky
	if !chol.Factorize(d) {
		return nil, errCholesky
	}
	logs += chol.LogDet()
	if err := settled(chol.InverseTo(s.cov)); err != nil {
		return nil, err
	}
	var sol mat.VecDense
	if err := settled(chol.SolveVecTo(&sol, mat.NewVecDense(g, right))); err != nil {
		return nil, err
	}
	s.mean = sol.RawVector().Data
	for j, v := range s.mean {
		quad -= v * right[j]
	}
	for c := range s.blocks {
		k := &s.blocks[c]
		k.mean = z[c]
		for j, at := range k.cols {
			for i := range k.mean {
				k.mean[i] -= k.x.At(i, j) * s.mean[at]
			}
		}
	}
	s.evidence = -(logs + quad + float64(len(l.y))*math.Log(2*math.Pi)) / 2
	if math.IsNaN(s.evidence) {
		return nil, errCholesky
	}
	return s, nil
}

// settled passes over a warning that a matrix is badly conditioned, which vague
// priors beside exact figures make, and keeps other errors.
func settled(err error) error {
	var cond mat.Condition
	if err == nil || errors.As(err, &cond) && !math.IsInf(float64(cond), 0) {
		return nil
	}
	return fmt.Errorf("%w: %w", errCholesky, err)
}

// at returns the posterior mean of a row.
func (s *system) at(r row) float64 {
	v := 0.0
	for _, p := range r.own {
		v += p.by * s.blocks[r.host].mean[p.at]
	}
	for _, p := range r.shared {
		v += p.by * s.mean[p.at]
	}
	return v
}

// residual returns y − Hx̂ of figure i.
func (s *system) residual(i int) float64 { return s.l.y[i] - s.at(s.l.rows[i]) }

// A reach is how far a row's uncertainty reaches: its variance hᵀPh, and its
// covariance with every host's log stock.
type reach struct {
	variance float64
	stocks   []float64
}

// reach returns the covariances of a row; a host of -1 has no parameters of
// its own.
func (s *system) reach(r row) reach {
	g := len(s.mean)
	q := make([]float64, g) // h_s − X_cᵀ h_o
	for _, p := range r.shared {
		q[p.at] += p.by
	}
	var k *block
	if r.host >= 0 {
		k = &s.blocks[r.host]
		for _, p := range r.own {
			for j, at := range k.cols {
				q[at] -= p.by * k.x.At(p.at, j)
			}
		}
	}
	u := make([]float64, g) // S⁻¹ q
	raw := s.cov.RawSymmetric()
	for i, v := range q {
		if v == 0 {
			continue
		}
		for j := range i {
			u[j] += v * raw.Data[j*raw.Stride+i]
		}
		for j := i; j < g; j++ {
			u[j] += v * raw.Data[i*raw.Stride+j]
		}
	}
	out := reach{stocks: make([]float64, len(s.blocks))}
	for i, v := range q {
		out.variance += v * u[i]
	}
	for c := range s.blocks {
		b := &s.blocks[c]
		v := 0.0
		for j, at := range b.cols {
			v -= b.x.At(0, j) * u[at]
		}
		out.stocks[c] = v
	}
	if k != nil {
		for _, p := range r.own {
			out.stocks[r.host] += p.by * k.inv.At(0, p.at)
			for _, o := range r.own {
				out.variance += p.by * o.by * k.inv.At(p.at, o.at)
			}
		}
	}
	return out
}

// ownVariance returns the posterior variance of parameter i of host c.
func (s *system) ownVariance(c, i int) float64 {
	k := s.blocks[c]
	v := k.inv.At(i, i)
	for a, p := range k.cols {
		for b, q := range k.cols {
			v += k.x.At(i, a) * k.x.At(i, b) * s.cov.At(p, q)
		}
	}
	return v
}

// stocks returns the covariance of the hosts' log stocks.
func (s *system) stocks() *mat.SymDense {
	n, g := len(s.blocks), len(s.mean)
	t := mat.NewDense(n, g, nil) // first rows of the X_c
	for c, k := range s.blocks {
		for j, at := range k.cols {
			t.Set(c, at, k.x.At(0, j))
		}
	}
	var u, v mat.Dense
	u.Mul(t, s.cov)
	v.Mul(&u, t.T())
	out := mat.NewSymDense(n, nil)
	for c := range n {
		for d := c; d < n; d++ {
			out.SetSym(c, d, (v.At(c, d)+v.At(d, c))/2)
		}
		out.SetSym(c, c, out.At(c, c)+s.blocks[c].inv.At(0, 0))
	}
	return out
}
