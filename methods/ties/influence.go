package ties

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// ErrNoConsensus is returned where listeners fall into groups that never agree,
// so that there is no one opinion all come to.
var ErrNoConsensus = errors.New("ties: no single group that all listen to in the end")

// A Web is who listens to whom: row i has the weight that listener i gives to
// each source, at its place in the same order. Weights are any unit, zero for
// none.
type Web [][]float64

// check returns an error for a web that is none.
func (w Web) check() error {
	for i, row := range w {
		if len(row) != len(w) {
			return fmt.Errorf("ties: listener %d has %d weights for %d sources", i, len(row), len(w))
		}
		for j, v := range row {
			if !(v >= 0) || math.IsInf(v, 0) {
				return fmt.Errorf("ties: listener %d gives source %d a weight of %v", i, j, v)
			}
		}
	}
	if len(w) == 0 {
		return errors.New("ties: a web of nobody")
	}
	return nil
}

// Rows returns the weights of each listener as shares of 1. Who listens to
// nobody listens to itself. It returns an error for a web that is not square or
// has a weight that is no amount.
func (w Web) Rows() ([][]float64, error) {
	if err := w.check(); err != nil {
		return nil, err
	}
	rows := make([][]float64, len(w))
	for i, row := range w {
		rows[i] = make([]float64, len(w))
		var sum float64
		for _, v := range row {
			sum += v
		}
		if sum == 0 {
			rows[i][i] = 1
			continue
		}
		for j, v := range row {
			rows[i][j] = v / sum
		}
	}
	return rows, nil
}

// Standing returns each source's part in the opinion all come to when
// everybody's next opinion is the mean of those it listens to, over and over
// [degroot1974]: the π ≥ 0, Σπ = 1, with
//
//	π_j = Σ_i π_i·W_ij
//
// W the weights as shares. The opinion itself is Σ π_i·x_i of the first ones.
// Where opinions chase each other round a circle π is their mean over time.
//
// Assumptions: weights do not change with opinions, and nobody holds on to its
// own; [Web.Settle] has who does.
//
// It returns [ErrNoConsensus] where two groups listen only to themselves, and
// the errors of [Web.Rows].
//
// References: [degroot1974].
func (w Web) Standing() ([]float64, error) {
	rows, err := w.Rows()
	if err != nil {
		return nil, err
	}
	n := len(rows)
	// (Wᵀ − I)·π = 0 has one line too many; Σπ = 1 takes the place of each in
	// turn being redundant: stack it and solve by least squares.
	a := mat.NewDense(n+1, n, nil)
	for i, row := range rows {
		for j, v := range row {
			a.Set(j, i, v)
		}
	}
	for j := range n {
		a.Set(j, j, a.At(j, j)-1)
		a.Set(n, j, 1)
	}
	var q mat.QR
	q.Factorize(a)
	if q.Cond() > 1e12 {
		return nil, ErrNoConsensus
	}
	b := mat.NewVecDense(n+1, nil)
	b.SetVec(n, 1)
	var x mat.VecDense
	if err := q.SolveVecTo(&x, false, b); err != nil {
		return nil, ErrNoConsensus
	}
	pi := make([]float64, n)
	for i := range pi {
		pi[i] = max(0, x.AtVec(i))
	}
	return pi, nil
}

// Settle returns the opinions at which listeners come to rest when each holds
// on to its first opinion x with the share stubborn and takes the rest from
// those it listens to [friedkin1990]:
//
//	x* = (I − L·W)⁻¹·(I − L)·x,   L = diag(1 − stubborn)
//
// It returns an error for a stubbornness outside [0, 1], lists of the wrong
// length, opinions that are missing, and where a group without any stubbornness
// listens only to itself, so that where it rests depends on how it gets there;
// and the errors of [Web.Rows].
//
// References: [friedkin1990].
func (w Web) Settle(stubborn, x []float64) ([]float64, error) {
	rows, err := w.Rows()
	if err != nil {
		return nil, err
	}
	n := len(rows)
	if len(stubborn) != n || len(x) != n {
		return nil, fmt.Errorf("ties: %d degrees of stubbornness and %d opinions for %d listeners", len(stubborn), len(x), n)
	}
	a, b := mat.NewDense(n, n, nil), mat.NewVecDense(n, nil)
	for i, row := range rows {
		if !(stubborn[i] >= 0 && stubborn[i] <= 1) || math.IsNaN(x[i]) || math.IsInf(x[i], 0) {
			return nil, fmt.Errorf("ties: listener %d holds on to %v with %v", i, x[i], stubborn[i])
		}
		for j, v := range row {
			a.Set(i, j, -(1-stubborn[i])*v)
		}
		a.Set(i, i, 1+a.At(i, i))
		b.SetVec(i, stubborn[i]*x[i])
	}
	var f mat.LU
	f.Factorize(a)
	if f.Cond() > 1e12 {
		return nil, errors.New("ties: a group without stubbornness listens only to itself")
	}
	var rest mat.VecDense
	if err := f.SolveVecTo(&rest, false, b); err != nil {
		return nil, err
	}
	return rest.RawVector().Data, nil
}

// PageRank returns each source's share of attention when a reader follows ties
// from listener to source, by weight, and starts afresh anywhere with
// probability 1 − damping; shares of 1. Who listens to nobody sends the reader
// anywhere.
//
//	r_j = (1 − damping)/n + damping·Σ_i r_i·W_ij
//
// It returns an error for a damping outside [0, 1), and the errors of
// [Web.Rows].
//
// References: [brin1998].
func (w Web) PageRank(damping float64) ([]float64, error) {
	rows, err := w.Rows()
	if err != nil {
		return nil, err
	}
	if !(damping >= 0 && damping < 1) {
		return nil, fmt.Errorf("ties: a damping of %v", damping)
	}
	n := len(rows)
	a, b := mat.NewDense(n, n, nil), mat.NewVecDense(n, nil)
	for i, row := range rows {
		var own float64
		for _, v := range w[i] {
			own += v
		}
		for j, v := range row {
			if own == 0 {
				v = 1 / float64(n)
			}
			a.Set(j, i, a.At(j, i)-damping*v)
		}
		a.Set(i, i, a.At(i, i)+1)
		b.SetVec(i, (1-damping)/float64(n))
	}
	var r mat.VecDense
	if err := r.SolveVec(a, b); err != nil {
		return nil, fmt.Errorf("ties: attention does not settle: %w", err)
	}
	return r.RawVector().Data, nil
}

// Brokers returns, for each member of the web, the share of ordered pairs of
// others whose shortest chain of ties, weights apart, passes through it; where
// several chains are shortest each counts in equal parts. Ties have a
// direction.
//
// References: [freeman1977]; [brandes2001] for the algorithm.
func (w Web) Brokers() ([]float64, error) {
	if err := w.check(); err != nil {
		return nil, err
	}
	n := len(w)
	b := make([]float64, n)
	for s := range n {
		dist, count := make([]int, n), make([]float64, n)
		for v := range dist {
			dist[v] = -1
		}
		dist[s], count[s] = 0, 1
		order := []int{s}
		for at := 0; at < len(order); at++ {
			v := order[at]
			for u, weight := range w[v] {
				if weight == 0 || u == v {
					continue
				}
				if dist[u] < 0 {
					dist[u] = dist[v] + 1
					order = append(order, u)
				}
				if dist[u] == dist[v]+1 {
					count[u] += count[v]
				}
			}
		}
		through := make([]float64, n)
		for at := len(order) - 1; at > 0; at-- {
			u := order[at]
			for v := range n {
				if w[v][u] > 0 && v != u && dist[v] >= 0 && dist[v]+1 == dist[u] {
					through[v] += count[v] / count[u] * (1 + through[u])
				}
			}
			b[u] += through[u]
		}
	}
	if n > 2 {
		for v := range b {
			b[v] /= float64((n - 1) * (n - 2))
		}
	}
	return b, nil
}
