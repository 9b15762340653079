package votes

import (
	"runtime"
	"sync"
)

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
