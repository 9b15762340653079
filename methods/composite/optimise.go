package composite

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// A Goal is what optimised weights are to achieve.
type Goal uint8

// The goals, with r_i the correlation of element i with the whole index.
const (
	// Balance: r_i/Σr as near as can be to the importance wanted, that is,
	// least ln(mean over i of (importance_i − r_i/Σr)²).
	Balance Goal = iota
	// Information: the greatest mean of r_i², so that the index carries as much
	// as it can of what the elements say.
	Information
)

// An Optimum is a set of weights and how good it is.
type Optimum struct {
	Codes        []string
	Weights      []float64 // shares of 1 among siblings
	Correlations []float64 // of each element with the whole index
	Objective    float64   // the least value found
	Gradient     float64   // largest slope left, in units of the objective per unit of ln weight; says nothing where balance is exact
	Agreeing     int       // of the starting points, how many ended at this value
	Starts       int
}

// starts is how many points the search for weights begins from: the weights in
// use, equal ones and some at random.
const starts = 8

// reached is an objective of [Balance] at which balance is exact but for
// rounding: shares of influence within about 1e-9. The logarithm has no slope of
// nothing there.
const reached = -40

// Optimise returns the weights of the elements of one level that serve the
// goal best, everything else as it is. importance has one number per element,
// in the order of [Index.Codes]; nil means all the same. It matters for
// [Balance] only.
//
// Weights are not importance: an element that goes with the others moves the
// index more than its weight says. Balance asks which weights would make
// influence what importance was meant to be [becker2017].
//
// Only the proportions among siblings are identified, and an element can be
// given no less than nothing; balance may be out of reach, and Objective says
// how far off it stays. The search is by quasi-Newton steps on the logarithms
// of the weights from several starting points, so a weight of zero is
// approached and not reached.
//
// Accuracy: on the reference case it reaches the least value known from two
// other optimisers to six digits (TestConformanceOptimum).
//
// It returns [ErrNoOptimum] if no start reaches a point where the slope is
// nearly nothing, and the error of [Index.Build] if the index cannot be built.
//
// References: [becker2017].
func (x *Index) Optimise(level int, goal Goal, importance []float64) (Optimum, error) {
	fail := func(format string, args ...any) (Optimum, error) {
		return Optimum{}, &Error{Step: "weigh", Err: fmt.Errorf("%w: "+format, append([]any{ErrSettings}, args...)...)}
	}
	e := x.newEngine()
	if err := e.run(x.plan); err != nil {
		return Optimum{}, err
	}
	var els []int
	o := Optimum{Starts: starts}
	for at, el := range x.tree.elements {
		if el.level == level && el.parent >= 0 && e.value[at] != nil {
			els = append(els, at)
			o.Codes = append(o.Codes, el.Code)
		}
	}
	k := len(els)
	if k < 2 {
		return fail("%d elements at level %d", k, level)
	}
	want := slices.Clone(importance)
	if want == nil {
		want = slices.Repeat([]float64{1}, k)
	}
	if len(want) != k {
		return fail("%d importances for %d elements", len(want), k)
	}
	var total float64
	for _, v := range want {
		if !(v > 0) || math.IsInf(v, 0) {
			return fail("importance %v", v)
		}
		total += v
	}
	for i := range want {
		want[i] /= total
	}
	// Elements of the level keep their values while weights change above them;
	// a principal component that would replace the weights is set aside.
	r := make([]float64, k)
	correlate := func(theta []float64) bool {
		copy(e.w, x.plan.weigh.base)
		clear(e.drawn)
		for i, at := range els {
			e.w[at] = math.Exp(theta[i])
			e.drawn[x.tree.elements[at].parent] = true
		}
		if e.build(x.plan, false) != nil {
			return false
		}
		for i, at := range els {
			r[i] = pearson(pairs(e.value[at], e.value[0]))
		}
		return true
	}
	// misses writes importance less influence of each element.
	misses := func(theta, to []float64) bool {
		if !correlate(theta) {
			return false
		}
		var sum float64
		for _, v := range r {
			sum += v
		}
		for i := range r {
			to[i] = want[i] - r[i]/sum
		}
		return !(math.IsNaN(sum) || sum == 0)
	}
	miss := make([]float64, k)
	value := func(theta []float64) float64 {
		if goal == Information {
			if !correlate(theta) {
				return math.Inf(1)
			}
			v := -dot(r, r) / float64(k)
			if v != v {
				return math.Inf(1)
			}
			return v
		}
		if !misses(theta, miss) {
			return math.Inf(1)
		}
		return math.Log(dot(miss, miss) / float64(k))
	}
	rng := rand.New(rand.NewPCG(1, uint64(k)))
	best := []float64(nil)
	o.Objective = math.Inf(1)
	var ends []float64
	for s := range starts {
		theta := make([]float64, k)
		for i, at := range els {
			switch {
			case s == 0 && x.plan.weigh.base[at] > 0:
				theta[i] = math.Log(x.plan.weigh.base[at])
			case s > 1:
				theta[i] = rng.NormFloat64()
			}
		}
		f, slope := descend(value, theta)
		if goal == Balance && !(slope < 1e-4) {
			polish(misses, theta)
			f = value(theta)
		}
		if !(slope < 1e-4) && f > reached {
			continue
		}
		ends = append(ends, f)
		if f < o.Objective {
			o.Objective, o.Gradient, best = f, slope, theta
		}
	}
	if best == nil {
		return Optimum{}, &Error{Step: "weigh", Err: ErrNoOptimum}
	}
	for _, f := range ends {
		if f < o.Objective+1e-6 {
			o.Agreeing++
		}
	}
	correlate(best)
	o.Correlations = slices.Clone(r)
	o.Weights = make([]float64, k)
	for i, at := range els {
		var all float64
		for j, other := range els {
			if x.tree.elements[other].parent == x.tree.elements[at].parent {
				all += math.Exp(best[j])
			}
		}
		o.Weights[i] = math.Exp(best[i]) / all
	}
	return o, nil
}

func dot(x, y []float64) float64 {
	var s float64
	for i := range x {
		s += x[i] * y[i]
	}
	return s
}

// polish moves x to where all of f is nothing, if it is near, by
// Levenberg–Marquardt steps; f reports whether it has a value.
//
// References: [nocedal2006].
func polish(f func(x, to []float64) bool, x []float64) {
	n := len(x)
	now, next := make([]float64, n), make([]float64, n)
	if !f(x, now) {
		return
	}
	j := make([][]float64, n) // column of each x
	damp := 1e-6
	for range 60 {
		const h = 1e-6
		for i := range x {
			at := x[i]
			j[i] = make([]float64, n)
			x[i] = at + h
			up := f(x, j[i])
			x[i] = at - h
			down := f(x, next)
			x[i] = at
			if !up || !down {
				return
			}
			for k := range next {
				j[i][k] = (j[i][k] - next[k]) / (2 * h)
			}
		}
		m := make([][]float64, n)
		for a := range m {
			m[a] = make([]float64, n+1)
			for b := range n {
				m[a][b] = dot(j[a], j[b])
			}
			m[a][a] += damp * (1e-8 + m[a][a])
			m[a][n] = -dot(j[a], now)
		}
		step := gauss(m)
		old := slices.Clone(x)
		for i := range x {
			x[i] += step[i]
		}
		if f(x, next) && dot(next, next) < dot(now, now) {
			copy(now, next)
			damp = max(1e-15, damp/10)
			continue
		}
		copy(x, old)
		if damp *= 10; damp > 1e6 {
			return
		}
	}
}

// gauss solves the linear equations in the rows of m, right side last. The
// matrix is symmetric and positive, so that no pivot is nothing.
func gauss(m [][]float64) []float64 {
	n := len(m)
	for p := range n {
		for i := range n {
			if i != p {
				f := m[i][p] / m[p][p]
				for k := p; k <= n; k++ {
					m[i][k] -= f * m[p][k]
				}
			}
		}
	}
	x := make([]float64, n)
	for i := range x {
		x[i] = m[i][n] / m[i][i]
	}
	return x
}

// descend moves x to a local minimum of f by the BFGS method with slopes from
// central differences, and returns the value there and the largest slope left.
//
// References: [nocedal2006].
func descend(f func([]float64) float64, x []float64) (value, slope float64) {
	n := len(x)
	grad := func(g []float64) {
		const h = 1e-5
		for i := range x {
			at := x[i]
			x[i] = at + h
			up := f(x)
			x[i] = at - h
			down := f(x)
			x[i] = at
			g[i] = (up - down) / (2 * h)
		}
	}
	size := func(g []float64) float64 {
		m := 0.0
		for _, v := range g {
			m = max(m, math.Abs(v))
			if v != v {
				return math.Inf(1)
			}
		}
		return m
	}
	inverse := make([][]float64, n)
	reset := func() {
		for i := range inverse {
			inverse[i] = make([]float64, n)
			inverse[i][i] = 1
		}
	}
	reset()
	g, next, step, moved, y := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	value = f(x)
	grad(g)
	for range 400 {
		if !(size(g) > 1e-8) {
			break
		}
		var down float64
		for i := range step {
			step[i] = 0
			for j := range g {
				step[i] -= inverse[i][j] * g[j]
			}
			down += step[i] * g[i]
		}
		if !(down < 0) {
			reset()
			down = 0
			for i := range step {
				step[i] = -g[i]
				down -= g[i] * g[i]
			}
		}
		if s := size(step); s > 2 { // weights at most a factor of e² at a time
			for i := range step {
				step[i] *= 2 / s
			}
			down *= 2 / s
		}
		old := slices.Clone(x)
		t, found := 1.0, false
		for range 40 {
			for i := range x {
				x[i] = old[i] + t*step[i]
			}
			if v := f(x); v <= value+1e-4*t*down {
				value, found = v, true
				break
			}
			t /= 2
		}
		if !found {
			copy(x, old)
			break
		}
		grad(next)
		var sy float64
		for i := range x {
			moved[i], y[i] = x[i]-old[i], next[i]-g[i]
			sy += moved[i] * y[i]
		}
		copy(g, next)
		if !(sy > 1e-14) {
			continue
		}
		hy := make([]float64, n)
		var yhy float64
		for i := range hy {
			for j := range y {
				hy[i] += inverse[i][j] * y[j]
			}
			yhy += y[i] * hy[i]
		}
		for i := range inverse {
			for j := range inverse[i] {
				inverse[i][j] += (1+yhy/sy)*moved[i]*moved[j]/sy - (hy[i]*moved[j]+moved[i]*hy[j])/sy
			}
		}
	}
	return value, size(g)
}
