package votes

import (
	"math"

	"gonum.org/v1/gonum/blas/blas64"
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
			o[5], o[7], o[8] = o[5]+o[8], 0, 1
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
