package ties

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

var (
	// ErrNoConsensus is returned where listeners fall into groups that never
	// agree, so that there is no one opinion all come to.
	ErrNoConsensus = errors.New("ties: no single group that all listen to in the end")
	// ErrTooMany is returned where every outcome of a cascade would have to be
	// counted and there are too many; draw them instead.
	ErrTooMany = errors.New("ties: too many uncertain ties to go through every outcome")
)

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

// certain is how many uncertain ties a cascade may have for every outcome to be
// gone through.
const certain = 22

// A Cascade is who passes a word on to whom, each tie once and independently,
// with the probability in row and column of source and listener.
type Cascade [][]float64

// tie is one possible passing on.
type tie struct {
	from, to int
	p        float64
}

// ties returns those that never, surely and perhaps pass on the word.
func (c Cascade) ties() (sure, perhaps []tie, err error) {
	if len(c) == 0 || len(c) > 64 {
		return nil, nil, fmt.Errorf("ties: a cascade among %d, not 1 to 64", len(c))
	}
	for i, row := range c {
		if len(row) != len(c) {
			return nil, nil, fmt.Errorf("ties: source %d has %d listeners of %d", i, len(row), len(c))
		}
		for j, p := range row {
			switch {
			case !(p >= 0 && p <= 1):
				return nil, nil, fmt.Errorf("ties: source %d reaches listener %d with probability %v", i, j, p)
			case p == 1:
				sure = append(sure, tie{i, j, p})
			case p > 0:
				perhaps = append(perhaps, tie{i, j, p})
			}
		}
	}
	return sure, perhaps, nil
}

// reach returns how many are reached from the seeds, a set of bits, over the
// ties that pass on: those sure and those perhaps whose bit is set.
func reach(n int, seeds uint64, sure, perhaps []tie, passing uint64) int {
	var out [64]uint64
	for _, t := range sure {
		out[t.from] |= 1 << t.to
	}
	for k, t := range perhaps {
		if passing>>k&1 == 1 {
			out[t.from] |= 1 << t.to
		}
	}
	reached, line := seeds, seeds
	for line != 0 {
		v := bits.TrailingZeros64(line)
		line &^= 1 << v
		line |= out[v] &^ reached
		reached |= out[v]
	}
	return bits.OnesCount64(reached)
}

// Spread returns how many are reached on average, the seeds among them, going
// through every outcome of the uncertain ties.
//
// It returns [ErrTooMany] for more than 22 of those, and an error for a seed or
// a probability that is none, or more than 64 members.
//
// References: [kempe2003] for the model.
func (c Cascade) Spread(seeds ...int) (float64, error) {
	sure, perhaps, err := c.ties()
	if err != nil {
		return 0, err
	}
	set, err := c.seeds(seeds)
	if err != nil {
		return 0, err
	}
	if len(perhaps) > certain {
		return 0, ErrTooMany
	}
	var mean float64
	for passing := range uint64(1) << len(perhaps) {
		p := 1.0
		for k, t := range perhaps {
			if passing>>k&1 == 1 {
				p *= t.p
			} else {
				p *= 1 - t.p
			}
		}
		mean += p * float64(reach(len(c), set, sure, perhaps, passing))
	}
	return mean, nil
}

// seeds returns the set of members as bits.
func (c Cascade) seeds(seeds []int) (set uint64, err error) {
	for _, s := range seeds {
		if s < 0 || s >= len(c) {
			return 0, fmt.Errorf("ties: seed %d of %d", s, len(c))
		}
		set |= 1 << s
	}
	return set, nil
}

// Draw returns how many are reached on average over drawn outcomes, with the
// interval at the given level that the number of draws leaves; for webs too
// large for [Cascade.Spread]. It returns the errors of Spread but for
// ErrTooMany, and one for fewer than 100 draws or a level outside (0, 1).
//
// References: [kempe2003].
func (c Cascade) Draw(draws int, level float64, rng *rand.Rand, seeds ...int) (mean float64, interval Range, err error) {
	if draws < 100 || !(level > 0 && level < 1) {
		return 0, Range{}, fmt.Errorf("ties: %d draws at level %v", draws, level)
	}
	sure, perhaps, err := c.ties()
	if err != nil {
		return 0, Range{}, err
	}
	set, err := c.seeds(seeds)
	if err != nil {
		return 0, Range{}, err
	}
	var sum, square float64
	for range draws {
		passing := append([]tie(nil), sure...)
		for _, t := range perhaps {
			if rng.Float64() < t.p {
				passing = append(passing, t)
			}
		}
		r := float64(reach(len(c), set, passing, nil, 0))
		sum += r
		square += r * r
	}
	n := float64(draws)
	mean = sum / n
	half := distuv.UnitNormal.Quantile((1+level)/2) * math.Sqrt(max(0, square/n-mean*mean)/(n-1))
	return mean, Range{mean - half, mean + half}, nil
}

// Greedy returns k seeds chosen one after the other, each the one that raises
// the spread most given those before (the first where two raise it alike), and
// the spread with the first, the first two and so on. The spread is at least
// 1 − 1/e of that of the best k seeds.
//
// It returns the errors of [Cascade.Spread], and one for k outside 1 to the
// number of members.
//
// References: [kempe2003].
func (c Cascade) Greedy(k int) (seeds []int, spread []float64, err error) {
	if k < 1 || k > len(c) {
		return nil, nil, fmt.Errorf("ties: %d seeds of %d", k, len(c))
	}
	for range k {
		best, at := -1.0, 0
		for v := range len(c) {
			s, err := c.Spread(append(append([]int(nil), seeds...), v)...)
			if err != nil {
				return nil, nil, err
			}
			if s > best*(1+1e-12) {
				best, at = s, v
			}
		}
		seeds, spread = append(seeds, at), append(spread, best)
	}
	return seeds, spread, nil
}

// BestPair returns the two seeds with the largest spread, the first in order
// where several have it, and the spread. Errors are those of [Cascade.Spread],
// and fewer than two members.
func (c Cascade) BestPair() (a, b int, spread float64, err error) {
	if len(c) < 2 {
		return 0, 0, 0, fmt.Errorf("ties: a pair of %d", len(c))
	}
	for i := range len(c) {
		for j := i + 1; j < len(c); j++ {
			s, err := c.Spread(i, j)
			if err != nil {
				return 0, 0, 0, err
			}
			if s > spread*(1+1e-12) {
				a, b, spread = i, j, s
			}
		}
	}
	return a, b, spread, nil
}
