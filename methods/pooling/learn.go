package pooling

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Learn returns the model with the accuracy of each class (Tau), the spread of
// each definition (Spread), the growth's standard deviation and that of the
// sources (one value in place of a grid) set to what the figures themselves
// say, across all hosts: the values of highest evidence times a log-normal
// prior around those given, of standard deviation trust on the log scale (1
// lets a value double or halve without much ado). A value given as 0 stays 0.
//
// It climbs one parameter at a time, in sweeps, until the log density rises by
// less than 0.01 or after 20 sweeps. Figures learnt from say too little of
// their own accuracy where a class has few of them; the prior then stands.
//
// It returns the errors of [Model.Pool].
func (m Model) Learn(figures []Figure, trust float64) (Model, error) {
	if !(trust > 0) {
		return Model{}, ErrModel
	}
	l, err := m.plan(figures)
	if err != nil {
		return Model{}, err
	}
	m.Definitions = append([]Definition(nil), m.Definitions...)
	m.Classes = append([]Class(nil), m.Classes...)
	start := 0.0
	for _, s := range m.SourceSD {
		start += s / float64(len(m.SourceSD))
	}
	m.SourceSD = []float64{start}
	used := func(pick func(Figure) string) map[string]bool {
		out := map[string]bool{}
		for _, f := range figures {
			out[pick(f)] = true
		}
		return out
	}
	classes := used(func(f Figure) string { return f.Class })
	defs := used(func(f Figure) string { return f.Definition })
	type knob struct {
		at    *float64
		prior float64
	}
	var knobs []knob
	add := func(at *float64) {
		if *at > 0 {
			knobs = append(knobs, knob{at, *at})
		}
	}
	for i := range m.Classes {
		if classes[m.Classes[i].Name] {
			add(&m.Classes[i].Tau)
		}
	}
	for i := range m.Definitions {
		if defs[m.Definitions[i].Name] && !m.Definitions[i].Target {
			add(&m.Definitions[i].Spread)
		}
	}
	add(&m.GrowthSD)
	add(&m.SourceSD[0])

	density := func() float64 {
		v := m.evidence(l, figures)
		for _, k := range knobs {
			z := math.Log(*k.at/k.prior) / trust
			v -= z * z / 2
		}
		return v
	}
	now := density()
	for range 20 {
		before := now
		for _, k := range knobs {
			here := *k.at
			f := func(x float64) float64 {
				*k.at = math.Exp(x)
				if v := density(); !math.IsNaN(v) {
					return v
				}
				return math.Inf(-1)
			}
			x, v := climb(f, math.Log(here), 0.5)
			if v > now {
				*k.at, now = math.Exp(x), v
			} else {
				*k.at = here
			}
		}
		if now-before < 0.01 {
			break
		}
	}
	return m, nil
}

// climb returns the place and height of a maximum of f near x: steps of the
// given size, doubled, until it falls, and then a golden-section search.
func climb(f func(float64) float64, x, step float64) (at, height float64) {
	lo, hi := x-step, x+step
	fl, fx, fh := f(lo), f(x), f(hi)
	for range 12 {
		switch {
		case fl > fx:
			hi, x, fh, fx = x, lo, fx, fl
			step *= 2
			lo = x - step
			fl = f(lo)
			continue
		case fh > fx:
			lo, x, fl, fx = x, hi, fx, fh
			step *= 2
			hi = x + step
			fh = f(hi)
			continue
		}
		break
	}
	const golden = 0.6180339887498949
	a, b := hi-golden*(hi-lo), lo+golden*(hi-lo)
	fa, fb := f(a), f(b)
	for hi-lo > 0.01 {
		if fa > fb {
			hi, b, fb = b, a, fa
			a = hi - golden*(hi-lo)
			fa = f(a)
		} else {
			lo, a, fa = a, b, fb
			b = lo + golden*(hi-lo)
			fb = f(b)
		}
	}
	if at = (lo + hi) / 2; fx >= max(fa, fb) {
		return x, fx
	}
	return at, f(at)
}

// evidence returns the log evidence at the model's variances, for one σ_u and
// Gaussian errors. It eliminates the two parameters of each host first, so it
// costs the figures and the cube of what hosts share, not of the hosts.
func (m Model) evidence(l *layout, figures []Figure) float64 {
	hosts := len(l.hosts)
	growth := 0
	if m.GrowthSD > 0 {
		growth = hosts
	}
	first := hosts + len(l.defs) + len(l.classes) // of growth
	own := func(at int) bool { return at < hosts || at >= first && at < first+growth }
	shared := make([]int, len(l.names)) // place among what hosts share, or -1
	n := 0
	for i := range l.names {
		if shared[i] = -1; !own(i) {
			shared[i] = n
			n++
		}
	}
	defOf, classOf := map[string]Definition{}, map[string]Class{}
	for _, d := range m.Definitions {
		defOf[d.Name] = d
	}
	for _, c := range m.Classes {
		classOf[c.Name] = c
	}
	d := mat.NewSymDense(max(n, 1), nil)
	right := make([]float64, max(n, 1))
	logPrior, quad := 0.0, 0.0
	prior := func(i int) (mean, variance float64) {
		switch {
		case i >= l.firstSource:
			s := m.SourceSD[0]
			return 0, max(s*s, 1e-12)
		case i >= first:
			return 0, m.GrowthSD * m.GrowthSD
		}
		return l.mean[i], l.variance[i]
	}
	for i := range l.names {
		mean, v := prior(i)
		logPrior += math.Log(v)
		quad += mean * mean / v
		if j := shared[i]; j >= 0 {
			d.SetSym(j, j, 1/v)
			right[j] = mean / v
		}
	}
	// One 2 by 2 block per host, with its couplings to what is shared.
	type block struct {
		a00, a01, a11, r0, r1 float64
		cols                  []int
		b0, b1                []float64
	}
	blocks := make([]block, hosts)
	for c := range blocks {
		mean, v := prior(c)
		blocks[c].a00, blocks[c].r0 = 1/v, mean/v
		blocks[c].a11 = 1
		if growth > 0 {
			_, v := prior(first + c)
			blocks[c].a11 = 1 / v
		}
	}
	logNoise := 0.0
	for i, row := range l.rows {
		f := figures[i]
		r := m.variance(f, defOf[f.Definition], classOf[f.Class])
		y := l.y[i]
		logNoise += math.Log(r)
		quad += y * y / r
		b := &blocks[row[0].at]
		g := 0.0 // coefficient of growth
		for _, x := range row[1:] {
			if own(x.at) {
				g = x.by
			}
		}
		b.a00 += 1 / r
		b.a01 += g / r
		b.a11 += g * g / r
		b.r0 += y / r
		b.r1 += g * y / r
		for _, x := range row[1:] {
			j := shared[x.at]
			if j < 0 {
				continue
			}
			right[j] += x.by * y / r
			k := -1
			for at, col := range b.cols {
				if col == j {
					k = at
					break
				}
			}
			if k < 0 {
				k = len(b.cols)
				b.cols, b.b0, b.b1 = append(b.cols, j), append(b.b0, 0), append(b.b1, 0)
			}
			b.b0[k] += x.by / r
			b.b1[k] += x.by * g / r
			for _, z := range row[1:] {
				if t := shared[z.at]; t >= j {
					d.SetSym(j, t, d.At(j, t)+x.by*z.by/r)
				}
			}
		}
	}
	logDet := 0.0
	for _, b := range blocks {
		det := b.a00*b.a11 - b.a01*b.a01
		logDet += math.Log(det)
		i00, i01, i11 := b.a11/det, -b.a01/det, b.a00/det
		quad -= b.r0*(i00*b.r0+i01*b.r1) + b.r1*(i01*b.r0+i11*b.r1)
		for x, j := range b.cols {
			u0, u1 := i00*b.b0[x]+i01*b.b1[x], i01*b.b0[x]+i11*b.b1[x]
			right[j] -= u0*b.r0 + u1*b.r1
			for y, t := range b.cols {
				if t >= j {
					d.SetSym(j, t, d.At(j, t)-(u0*b.b0[y]+u1*b.b1[y]))
				}
			}
		}
	}
	if n > 0 {
		var chol mat.Cholesky
		if !chol.Factorize(d) {
			return math.NaN()
		}
		var x mat.VecDense
		rv := mat.NewVecDense(n, right)
		if err := chol.SolveVecTo(&x, rv); err != nil {
			return math.NaN()
		}
		logDet += chol.LogDet()
		quad -= mat.Dot(&x, rv)
	}
	return -(logPrior + logNoise + logDet + quad + float64(len(l.y))*math.Log(2*math.Pi)) / 2
}
