package pooling

import (
	"errors"
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
	blocks   []*block
	mean     []float64 // of the shared parameters
	cov      grid      // S⁻¹
	variance []float64 // of each figure, weights included
	evidence float64
}

// A block is one host's own parameters, eliminated: what it leaves the shared
// ones is −B_cᵀ X_c and −B_cᵀ A_c⁻¹ r_c beside what its figures say of them.
type block struct {
	inv  grid      // A_c⁻¹; empty where nobody asks for variances
	x    grid      // A_c⁻¹ B_c, one column per shared parameter the host touches
	cols []int     // which those are
	mean []float64 // posterior means
	own  []float64 // A_c⁻¹ r_c: the means if the shared parameters were 0

	weights    []float64 // of the host's figures, under which all this holds
	leaves     grid
	right      []float64
	logs, quad float64
}

// eliminate returns the block of host c under the figures' weights. Figures of
// weight 0 are as if they had never been.
func (l *layout) eliminate(c int, w []float64, spread bool) (*block, error) {
	own, k := l.own[c], &block{}
	n := len(own)
	a, z := newGrid(n, n), make([]float64, n)
	for i, p := range own {
		v := l.variance(p, 0)
		k.logs += math.Log(v)
		a.add(i, i, 1/v)
		if p.kind == step && p.before > 0 { // how far it went from the place before
			a.add(p.before, p.before, 1/v)
			a.add(i, p.before, -1/v)
		}
		z[i] = p.mean / v
		k.quad += p.mean * p.mean / v
	}
	place := make([]int, len(l.shared)) // of a shared parameter among the columns, plus 1
	for _, i := range l.of[c] {
		for _, p := range l.rows[i].shared {
			if place[p.at] == 0 {
				k.cols = append(k.cols, p.at)
				place[p.at] = len(k.cols)
			}
		}
	}
	g := len(k.cols)
	b := newGrid(g, n) // B_c, its columns as rows
	k.leaves, k.right = newGrid(g, g), make([]float64, g)
	for _, i := range l.of[c] {
		k.weights = append(k.weights, w[i])
		if w[i] == 0 {
			continue
		}
		row, v, y := l.rows[i], l.r(l.tau[i])/w[i], l.y[i]
		k.logs += math.Log(2 * math.Pi * v)
		k.quad += y * y / v
		for x, p := range row.own {
			z[p.at] += p.by * y / v
			for _, q := range row.own[:x+1] {
				a.add(max(p.at, q.at), min(p.at, q.at), p.by*q.by/v)
			}
		}
		for _, p := range row.shared {
			at := place[p.at] - 1
			k.right[at] += p.by * y / v
			for _, q := range row.shared {
				k.leaves.add(at, place[q.at]-1, p.by*q.by/v)
			}
			for _, q := range row.own {
				b.add(at, q.at, p.by*q.by/v)
			}
		}
	}
	logDet, ok := a.factor()
	if !ok {
		return nil, errCholesky
	}
	k.logs += logDet
	if spread {
		k.inv = a.inverse()
	}
	k.own = append([]float64(nil), z...)
	a.solve(k.own)
	for i, v := range k.own {
		k.quad -= v * z[i]
	}
	k.x = newGrid(n, g)
	col := make([]float64, n)
	for j := range g {
		copy(col, b.v[j*n:(j+1)*n])
		a.solve(col)
		for i, v := range col {
			k.x.v[i*g+j] = v
		}
		for m := range g {
			dot := 0.0
			for i, v := range b.v[m*n : (m+1)*n] {
				dot += v * col[i]
			}
			k.leaves.add(j, m, -dot)
		}
		for i, v := range b.v[j*n : (j+1)*n] {
			k.right[j] -= v * k.own[i]
		}
	}
	return k, nil
}

// holds reports whether the block is that of the figures' weights.
func (k *block) holds(rows []int, w []float64) bool {
	for n, i := range rows {
		if k.weights[n] != w[i] {
			return false
		}
	}
	return true
}

// solve returns the posterior with σ_u = su and the figures' weights. Blocks of
// an earlier system of the same layout are kept where the weights are the same.
// Without spread it finds means and evidence only.
func (l *layout) solve(su float64, w []float64, earlier *system, spread bool) (*system, error) {
	s := &system{l: l, blocks: make([]*block, len(l.own)), variance: make([]float64, len(l.y))}
	for i := range l.rows {
		s.variance[i] = l.r(l.tau[i]) / w[i]
	}
	g := len(l.shared)
	d, right := newGrid(g, g), make([]float64, g)
	logs, quad := 0.0, 0.0
	for j, p := range l.shared {
		v := l.variance(p, su)
		d.add(j, j, 1/v)
		right[j] = p.mean / v
		logs += math.Log(v)
		quad += p.mean * p.mean / v
	}
	for c := range l.own {
		var k *block
		if earlier != nil && earlier.blocks[c].holds(l.of[c], w) {
			same := *earlier.blocks[c]
			k = &same
		} else {
			var err error
			if k, err = l.eliminate(c, w, spread); err != nil {
				return nil, err
			}
		}
		s.blocks[c] = k
		logs, quad = logs+k.logs, quad+k.quad
		for i, p := range k.cols {
			right[p] += k.right[i]
			for j, q := range k.cols {
				d.add(p, q, k.leaves.At(i, j))
			}
		}
	}
	logDet, ok := d.factor()
	if !ok {
		return nil, errCholesky
	}
	logs += logDet
	if spread {
		s.cov = d.inverse()
	}
	s.mean = append([]float64(nil), right...)
	d.solve(s.mean)
	for j, v := range s.mean {
		quad -= v * right[j]
	}
	for _, k := range s.blocks {
		k.mean = append([]float64(nil), k.own...)
		for j, at := range k.cols {
			for i := range k.mean {
				k.mean[i] -= k.x.At(i, j) * s.mean[at]
			}
		}
	}
	s.evidence = -(logs + quad) / 2
	if math.IsNaN(s.evidence) {
		return nil, errCholesky
	}
	return s, nil
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
		k = s.blocks[r.host]
		for _, p := range r.own {
			for j, at := range k.cols {
				q[at] -= p.by * k.x.At(p.at, j)
			}
		}
	}
	u := make([]float64, g) // S⁻¹ q
	for i, v := range q {
		if v == 0 {
			continue
		}
		for j, c := range s.cov.v[i*g : (i+1)*g] {
			u[j] += v * c
		}
	}
	out := reach{stocks: make([]float64, len(s.blocks))}
	for i, v := range q {
		out.variance += v * u[i]
	}
	for c := range s.blocks {
		b := s.blocks[c]
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

// withShared returns the posterior covariance of host c's log stock with every
// shared parameter: −S⁻¹ X_cᵀ, its first column.
func (s *system) withShared(c int) []float64 {
	g, k := len(s.mean), s.blocks[c]
	u := make([]float64, g)
	for j, at := range k.cols {
		for i, v := range s.cov.v[at*g : (at+1)*g] {
			u[i] -= k.x.At(0, j) * v
		}
	}
	return u
}

// rowVariance returns hᵀPh of figure i.
func (s *system) rowVariance(i int) float64 {
	r := s.l.rows[i]
	k := s.blocks[r.host]
	out := 0.0
	for _, p := range r.own {
		for _, o := range r.own {
			out += p.by * o.by * k.inv.At(p.at, o.at)
		}
	}
	q := make([]float64, len(k.cols)) // h_s − X_cᵀ h_o
	for j, at := range k.cols {
		for _, p := range r.shared {
			if p.at == at {
				q[j] += p.by
			}
		}
		for _, p := range r.own {
			q[j] -= p.by * k.x.At(p.at, j)
		}
	}
	for a, p := range k.cols {
		for b, o := range k.cols {
			out += q[a] * q[b] * s.cov.At(p, o)
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
	u.Mul(t, mat.NewDense(g, g, s.cov.v))
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
