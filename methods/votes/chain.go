package votes

import (
	"math"
	"runtime"
	"sync"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// A ballot is one vote cast at a roll call.
type ballot struct {
	at   int32 // position within the session
	step uint8 // 0 yes, 1 abstain, 2 no
}

// A part is one roll call of an item: the ballots and the session they were
// cast in.
type part struct {
	call    int // index of the roll call, as the caller gave it
	session int
	item    int
	column  int // first of the item's three in the session's matrix of crossed curvature
	ballots []ballot
}

// An item is a question put to the vote, once or, where roll calls share it,
// several times. Its slope and cut points are held at place 3·index of the
// vector of item parameters.
type item struct {
	parts  []int
	weight float64 // of its likelihood and prior
	single bool    // nobody abstained: both cut points are one
}

// A link ties the position of a voter in one session to that in the session
// before, with the precision of the step between them.
type link struct {
	from, to  int // positions within the two sessions
	precision float64
}

// A chain is the posterior of positions and items: sessions in order, items
// that belong to one or to several of them, and links between neighbouring
// sessions. With one session it is the static model.
type chain struct {
	start  []int     // first position of each session, and the number of all
	prior  []float64 // precision of the normal prior, mean zero, of each position
	links  [][]link  // of each session to the one before; none for the first
	parts  []part
	items  []item
	inside [][]int // parts of each session
	column [][]int // items of each session, in the order of their columns
	slope  float64 // precision of the prior of slopes
	cut    float64 // and of cut points
	shared bool    // some item has parts in more than one session
}

// A point is a state of the chain: positions and item parameters (slope, lower
// and upper cut point).
type point struct {
	theta, items []float64
}

// A curve is the value, the gradient and the curvature of minus the log
// posterior at a point, with the items eliminated: what is left is a system in
// the positions alone.
type curve struct {
	value    float64
	grad     []float64        // in the positions
	itemGrad []float64        // in the items
	diag     []float64        // curvature in each position alone
	factor   [][6]float64     // Cholesky factor of the curvature of each item, by rows of the lower triangle
	cross    []blas64.General // per session: positions by three columns for each item
}

// sessions is the number of sessions.
func (c *chain) sessions() int { return len(c.start) - 1 }

// concurrently calls f for 0 ≤ i < n on every processor. What f writes must
// depend on i alone, so that the result does not depend on the schedule.
func concurrently(n int, f func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers <= 1 {
		for i := range n {
			f(i)
		}
		return
	}
	var next, done = make(chan int), sync.WaitGroup{}
	for range workers {
		done.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	done.Wait()
}

// newCurve returns a curve of the right size for c.
func (c *chain) newCurve() *curve {
	n := c.start[c.sessions()]
	v := &curve{
		grad: make([]float64, n), diag: make([]float64, n),
		itemGrad: make([]float64, 3*len(c.items)), factor: make([][6]float64, len(c.items)),
		cross: make([]blas64.General, c.sessions()),
	}
	for s := range v.cross {
		rows, cols := c.start[s+1]-c.start[s], 3*len(c.column[s])
		v.cross[s] = blas64.General{Rows: rows, Cols: cols, Stride: max(1, cols), Data: make([]float64, rows*max(1, cols))}
	}
	return v
}

// minus returns minus the log posterior at p, up to a constant that depends on
// the data and the priors alone; +Inf where cut points are out of order.
func (c *chain) minus(p point) float64 {
	per := make([]float64, c.sessions())
	concurrently(len(per), func(s int) {
		var sum float64
		for _, k := range c.inside[s] {
			sum += c.partValue(&c.parts[k], p)
		}
		per[s] = sum
	})
	return c.priors(p) + total(per)
}

// total adds up in order.
func total(x []float64) (sum float64) {
	for _, v := range x {
		sum += v
	}
	return sum
}

// partValue returns minus the log likelihood of one part.
func (c *chain) partValue(k *part, p point) float64 {
	theta := p.theta[c.start[k.session]:]
	beta, lower, upper := p.items[3*k.item], p.items[3*k.item+1], p.items[3*k.item+2]
	if lower > upper {
		return math.Inf(1)
	}
	var sum float64
	for _, b := range k.ballots {
		eta := beta * theta[b.at]
		switch b.step {
		case 0:
			l, _ := tail(lower - eta)
			sum -= l
		case 2:
			l, _ := tail(eta - upper)
			sum -= l
		default:
			sum -= probit(1, lower-eta, upper-eta).log
		}
	}
	return sum * c.items[k.item].weight
}

// priors returns minus the logarithm of the priors at p, without constants.
func (c *chain) priors(p point) (sum float64) {
	for i, v := range p.theta {
		sum += c.prior[i] * v * v / 2
	}
	for s, links := range c.links {
		for _, l := range links {
			d := p.theta[c.start[s]+l.to] - p.theta[c.start[s-1]+l.from]
			sum += l.precision * d * d / 2
		}
	}
	for k, it := range c.items {
		b, lo, hi := p.items[3*k], p.items[3*k+1], p.items[3*k+2]
		sum += it.weight * (c.slope*b*b + c.cut*(lo*lo+hi*hi)) / 2
	}
	return sum
}

// evaluate fills v with value, gradient and curvature at p. With full set the
// curvature is that of minus the log posterior itself; otherwise the part that
// comes from the residuals is left out, and what is left is positive definite
// everywhere.
func (c *chain) evaluate(p point, full bool, v *curve) {
	n := c.sessions()
	per := make([]float64, n)
	own := make([][9]float64, len(c.parts)) // gradient (3) and curvature (6) in the item
	for i := range v.grad {
		v.grad[i], v.diag[i] = c.prior[i]*p.theta[i], c.prior[i]
	}
	concurrently(n, func(s int) {
		at := c.start[s]
		theta, grad, diag := p.theta[at:c.start[s+1]], v.grad[at:c.start[s+1]], v.diag[at:c.start[s+1]]
		cross := v.cross[s]
		clear(cross.Data)
		for _, index := range c.inside[s] {
			k := &c.parts[index]
			it := &c.items[k.item]
			beta, lower, upper := p.items[3*k.item], p.items[3*k.item+1], p.items[3*k.item+2]
			var sum float64
			var o [9]float64
			for _, b := range k.ballots {
				x := theta[b.at]
				f := probit(b.step, lower-beta*x, upper-beta*x)
				sum -= f.log
				score := f.a + f.b // −∂/∂η of the log likelihood
				ka, kb := -(f.aa + f.ab), -(f.bb + f.ab)
				info := ka + kb
				grad[b.at] += it.weight * beta * score
				diag[b.at] += it.weight * beta * beta * info
				o[0] += x * score
				o[1] -= f.a
				o[2] -= f.b
				o[3] += x * x * info
				o[4] -= x * ka
				o[5] -= f.aa
				o[6] -= x * kb
				o[7] -= f.ab
				o[8] -= f.bb
				m := cross.Data[int(b.at)*cross.Stride+k.column:][:3]
				m[0] += it.weight * beta * x * info
				if full {
					m[0] += it.weight * score
				}
				if it.single {
					m[1] -= it.weight * beta * info
				} else {
					m[1] -= it.weight * beta * ka
					m[2] -= it.weight * beta * kb
				}
			}
			per[s] += it.weight * sum
			for i := range o {
				o[i] *= it.weight
			}
			own[index] = o
		}
	})
	v.value = total(per)
	for s, links := range c.links {
		for _, l := range links {
			to, from := c.start[s]+l.to, c.start[s-1]+l.from
			d := p.theta[to] - p.theta[from]
			v.grad[to] += l.precision * d
			v.grad[from] -= l.precision * d
			v.diag[to] += l.precision
			v.diag[from] += l.precision
		}
	}
	v.value += c.priors(p)
	for k, it := range c.items {
		var o [9]float64
		for _, index := range it.parts {
			for i, x := range own[index] {
				o[i] += x
			}
		}
		b, lo, hi := p.items[3*k], p.items[3*k+1], p.items[3*k+2]
		o[0] += it.weight * c.slope * b
		o[1] += it.weight * c.cut * lo
		o[2] += it.weight * c.cut * hi
		o[3] += it.weight * c.slope
		o[5] += it.weight * c.cut
		o[8] += it.weight * c.cut
		if it.single { // one cut point: fold the second into the first
			o[1], o[2] = o[1]+o[2], 0
			o[4], o[6] = o[4]+o[6], 0
			o[5], o[7], o[8] = o[5]+2*o[7]+o[8], 0, 1
		}
		copy(v.itemGrad[3*k:], o[:3])
		v.factor[k] = cholesky3([6]float64(o[3:]))
	}
	// Cross becomes cross·L⁻ᵀ, so that cross·crossᵀ is what eliminating the
	// items takes from the curvature of the positions.
	concurrently(n, func(s int) {
		m := v.cross[s]
		for i := range m.Rows {
			row := m.Data[i*m.Stride:]
			for j, k := range c.column[s] {
				row[3*j], row[3*j+1], row[3*j+2] = solveLower(v.factor[k], row[3*j], row[3*j+1], row[3*j+2])
			}
		}
	})
}

// cholesky3 returns the lower triangle of the Cholesky factor of a positive
// definite matrix of three rows, given and returned as its lower triangle by
// rows.
func cholesky3(a [6]float64) (l [6]float64) {
	l[0] = math.Sqrt(a[0])
	l[1] = a[1] / l[0]
	l[2] = math.Sqrt(a[2] - l[1]*l[1])
	l[3] = a[3] / l[0]
	l[4] = (a[4] - l[3]*l[1]) / l[2]
	l[5] = math.Sqrt(a[5] - l[3]*l[3] - l[4]*l[4])
	return l
}

// solveLower solves L·x = b.
func solveLower(l [6]float64, b0, b1, b2 float64) (x0, x1, x2 float64) {
	x0 = b0 / l[0]
	x1 = (b1 - l[1]*x0) / l[2]
	x2 = (b2 - l[3]*x0 - l[4]*x1) / l[5]
	return x0, x1, x2
}

// solveUpper solves Lᵀ·x = b.
func solveUpper(l [6]float64, b0, b1, b2 float64) (x0, x1, x2 float64) {
	x2 = b2 / l[5]
	x1 = (b1 - l[4]*x2) / l[2]
	x0 = (b0 - l[1]*x1 - l[3]*x2) / l[0]
	return x0, x1, x2
}

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

// step returns the Newton step from the point whose curve is v, and how far
// the value is expected to fall on it (half the Newton decrement squared).
func (c *chain) step(r *reduced) (d point, fall float64, ok bool) {
	v := r.curve
	u := make([]float64, len(v.itemGrad)) // L⁻¹ · item gradient
	for k := range c.items {
		g := v.itemGrad[3*k:]
		u[3*k], u[3*k+1], u[3*k+2] = solveLower(v.factor[k], g[0], g[1], g[2])
	}
	b := r.expand(u)
	for i := range b {
		b[i] -= v.grad[i] // −g + C·B⁻¹·g_items
	}
	x, ok := r.solve(b, 1e-6)
	if !ok {
		return point{}, 0, false
	}
	d = point{x, make([]float64, len(u))}
	w := r.project(x)
	for k, it := range c.items {
		d.items[3*k], d.items[3*k+1], d.items[3*k+2] = solveUpper(v.factor[k], -u[3*k]-w[3*k], -u[3*k+1]-w[3*k+1], -u[3*k+2]-w[3*k+2])
		if it.single {
			d.items[3*k+2] = d.items[3*k+1]
		}
	}
	fall = -dot(v.grad, x) / 2
	for k, it := range c.items {
		for j := range 3 {
			if !it.single || j < 2 {
				fall -= v.itemGrad[3*k+j] * d.items[3*k+j] / 2
			}
		}
	}
	return d, fall, fall >= 0
}

// A solution is the highest point of the posterior that was reached, with the
// factored curvature there.
type solution struct {
	point   point
	value   float64 // minus the log posterior without constants
	reduced *reduced
	steps   int
}

// climb goes uphill from start by Newton's method with step halving until the
// value is expected to change by less than 1e-9. Where the curvature is not
// positive definite it takes the part that always is.
func (c *chain) climb(start point, limit int) (solution, error) {
	p := start
	v := c.newCurve()
	for steps := 1; steps <= limit; steps++ {
		c.evaluate(p, true, v)
		r, ok := c.reduce(v)
		var d point
		var fall float64
		if ok {
			d, fall, ok = c.step(r)
		}
		newton := ok
		if !ok {
			c.evaluate(p, false, v)
			if r, ok = c.reduce(v); ok {
				d, fall, ok = c.step(r)
			}
			if !ok {
				return solution{}, ErrNoOptimum
			}
		}
		if newton && fall < 1e-9 {
			return solution{p, v.value, r, steps}, nil
		}
		next, moved := point{}, false
		for length := 1.0; length > 1e-6; length /= 2 {
			next = point{along(p.theta, d.theta, length), along(p.items, d.items, length)}
			if at := c.minus(next); at <= v.value-1e-4*length*fall {
				moved = true
				break
			}
		}
		if !moved {
			if newton && fall < 1e-6 { // rounding hides the rest
				return solution{p, v.value, r, steps}, nil
			}
			return solution{}, ErrNoOptimum
		}
		p = next
	}
	return solution{}, ErrNoOptimum
}

// along returns x + t·d.
func along(x, d []float64, t float64) []float64 {
	y := make([]float64, len(x))
	for i := range x {
		y[i] = x[i] + t*d[i]
	}
	return y
}
