package composite

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// An Estimator is a formula for first-order indices.
type Estimator uint8

// The estimators, over the rows of a design with outputs yA, yB and yABi, the
// last with only input i taken from B, V the variance of yA and yB together:
//
//	Centred    S_i = mean((yB−m)(yABi−yA))/V, m the mean of yA and yB together
//	Uncentred  S_i = mean(yB(yABi−yA))/V
//
// The uncentred one is what COINr uses. Its error grows with the mean of y over
// its spread, so that it may be far below zero, or above the total index, on
// the same runs; it is here for comparison only.
const (
	Centred Estimator = iota
	Uncentred
)

// An Effect says how much of the variance of an output one factor explains.
type Effect struct {
	First Estimate // alone: the share of 1 that would go if the factor were settled
	Total Estimate // with all it interacts with: the share that would stay if all others were
}

// An Estimate has an interval from resampling; Lo and Hi are NaN without one.
type Estimate struct{ Value, Lo, Hi float64 }

// A Design is a set of points for estimating sensitivities: A and B, two
// independent samples of n points in d dimensions, and for each input i the
// points of A with coordinate i from B.
type Design struct {
	A, B [][]float64
}

// NewDesign returns a design of n rows for d inputs from one [Sequence] of 2d
// dimensions, or from random numbers where those are too many.
func NewDesign(n, d int, seed uint64) Design {
	g := Design{A: make([][]float64, n), B: make([][]float64, n)}
	var next func(u []float64)
	if 2*d <= MaxSobol && d > 0 {
		next = NewSequence(2*d, seed).Next
	} else {
		rng := rand.New(rand.NewPCG(seed, 0xa0761d6478bd642f))
		next = func(u []float64) {
			for i := range u {
				u[i] = rng.Float64()
			}
		}
	}
	for r := range n {
		u := make([]float64, 2*d)
		next(u)
		g.A[r], g.B[r] = u[:d:d], u[d:]
	}
	return g
}

// Mixed returns row r of A with coordinate i from B.
func (g Design) Mixed(r, i int) []float64 {
	u := slices.Clone(g.A[r])
	u[i] = g.B[r][i]
	return u
}

// Effects estimates the first-order and total effects of each input from the
// outputs of a [Design], one row of yAB per input:
//
//	T_i = mean((yA−yABi)²)/(2V)
//
// and S_i as the estimator says, V with n−1. Intervals at the level are from
// resampling whole rows of the design, yA, yB and all yABi of a row together
// and V anew each time, reps times; there are none for reps 0. All are NaN if
// the output never varies.
//
// Assumptions: inputs are independent; where two go together their effects
// cannot be told apart. Rows of a [Sequence] are more even than the resampling
// takes them to be, so intervals are somewhat too wide.
//
// Accuracy: TestEffectsKnown has the indices of the Ishigami and the g function
// within 0.01 at 4096 rows.
//
// References: [saltelli2010] for both estimators; [jansen1999] for the total.
func Effects(yA, yB []float64, yAB [][]float64, by Estimator, reps int, level float64, seed uint64) []Effect {
	n := len(yA)
	rows := make([]int, n)
	for r := range rows {
		rows[r] = r
	}
	point := effects(yA, yB, yAB, by, rows)
	all := make([]Effect, len(yAB))
	for i := range all {
		nan := math.NaN()
		all[i] = Effect{Estimate{point[i][0], nan, nan}, Estimate{point[i][1], nan, nan}}
	}
	if reps < 1 {
		return all
	}
	rng := rand.New(rand.NewPCG(seed, 0xe7037ed1a0b428db))
	draws := make([][2][]float64, len(yAB))
	for range reps {
		for r := range rows {
			rows[r] = rng.IntN(n)
		}
		for i, e := range effects(yA, yB, yAB, by, rows) {
			for k, v := range e {
				if v == v { // a resample in which the output does not vary says nothing
					draws[i][k] = append(draws[i][k], v)
				}
			}
		}
	}
	for i := range all {
		for k, e := range []*Estimate{&all[i].First, &all[i].Total} {
			slices.Sort(draws[i][k])
			e.Lo, e.Hi = quantile(draws[i][k], (1-level)/2), quantile(draws[i][k], (1+level)/2)
		}
	}
	return all
}

// effects returns first and total index of each input over the rows given.
func effects(yA, yB []float64, yAB [][]float64, by Estimator, rows []int) [][2]float64 {
	n := float64(len(rows))
	var mean, v float64
	for _, r := range rows {
		mean += yA[r] + yB[r]
	}
	mean /= 2 * n
	for _, r := range rows {
		a, b := yA[r]-mean, yB[r]-mean
		v += a*a + b*b
	}
	v /= 2*n - 1
	from := mean
	if by == Uncentred {
		from = 0
	}
	out := make([][2]float64, len(yAB))
	for i, y := range yAB {
		var s, t float64
		for _, r := range rows {
			d := y[r] - yA[r]
			s += (yB[r] - from) * d
			t += d * d
		}
		if !(v > 0) {
			out[i] = [2]float64{math.NaN(), math.NaN()}
			continue
		}
		out[i] = [2]float64{s / n / v, t / n / (2 * v)}
	}
	return out
}

// Sensitivity says which of the uncertain things matter, for all units
// together and for each.
type Sensitivity struct {
	Factors []string
	Shift   []Effect      // on the mean shift of ranks: see [Distribution.Shift]; one per factor
	All     *Distribution // over the two independent samples, 2·Draws of them

	rows  int
	every *Distribution // over all runs
	plan  Plan
	by    Estimator
}

// reps is how often rows are resampled for the intervals of sensitivities.
const reps = 500

// Sensitivity divides the uncertainty of the ranks among the factors of the
// plan: it draws Draws rows of a [Design], builds Draws·(factors+2) indices and
// estimates each factor's effects. A factor of many numbers, such as a set of
// weights or the errors of all cells, is one input.
//
// See [Effects] for formulas, assumptions and intervals, and [Index.Simulate]
// for errors.
//
// References: [saisana2005].
func (x *Index) Sensitivity(ctx context.Context, p Plan, by Estimator) (*Sensitivity, error) {
	if by > Uncentred {
		return nil, &Error{Step: "settings", Err: fmt.Errorf("%w: no estimator %d", ErrSettings, by)}
	}
	sim, err := x.newSimulation(p, 2*p.Draws, 2)
	if err != nil {
		return nil, err
	}
	n, d := p.Draws, len(p.Factors)
	every, err := sim.distribution(ctx, n*(d+2), func(run, f int) int {
		switch block := run / n; {
		case block == 0:
			return run
		case block == 1, block-2 == f:
			return n + run%n
		}
		return run % n
	})
	if err != nil {
		return nil, err
	}
	s := &Sensitivity{rows: n, every: every, plan: p, by: by}
	for _, f := range p.Factors {
		s.Factors = append(s.Factors, f.Name)
	}
	s.All = every.first(2*n, p.Level)
	s.Shift = s.of(every.Shift())
	return s, nil
}

// first returns the distribution over the first runs alone.
func (d *Distribution) first(runs int, level float64) *Distribution {
	n := len(d.codes)
	f := &Distribution{codes: d.codes, draws: runs, nominal: d.nominal, units: make([]spread, n), rank: make([]int32, 0, n*runs), score: make([]float64, 0, n*runs)}
	for i := range n {
		f.rank = append(f.rank, d.rank[i*d.draws:][:runs]...)
		f.score = append(f.score, d.score[i*d.draws:][:runs]...)
	}
	f.summarise(runs, level)
	return f
}

// of returns the effects on an output given for every run.
func (s *Sensitivity) of(y []float64) []Effect {
	n := s.rows
	var mixed [][]float64
	for i := range s.Factors {
		mixed = append(mixed, y[(i+2)*n:(i+3)*n])
	}
	return Effects(y[:n], y[n:2*n], mixed, s.by, reps, s.plan.Level, s.plan.Seed)
}

// Rank returns the effects of the factors on the rank of unit i: what moves
// this unit, not the average one. They are NaN if its rank never moves or it
// has none in some run.
func (s *Sensitivity) Rank(i int) []Effect {
	y := make([]float64, s.every.draws)
	for t, r := range s.every.rank[i*s.every.draws : (i+1)*s.every.draws] {
		y[t] = float64(r)
		if r == 0 {
			y[t] = math.NaN()
		}
	}
	return s.of(y)
}

// Score returns the effects on the score of unit i, likewise.
func (s *Sensitivity) Score(i int) []Effect {
	return s.of(s.every.score[i*s.every.draws : (i+1)*s.every.draws])
}
