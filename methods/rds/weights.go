package rds

import (
	"errors"
	"fmt"
	"math"
)

// An Estimator is a way to weigh respondents.
type Estimator uint8

// The estimators.
const (
	VolzHeckathorn     Estimator = iota // RDS-II
	SuccessiveSampling                  // Gile's SS; needs the size of the population
	SalganikHeckathorn                  // RDS-I
	DataSmoothed                        // RDS-I (DS)
	ArithmeticMean                      // no weights
	estimators                          // how many there are
)

var estimatorName = [estimators]string{"RDS-II", "Gile's SS", "RDS-I", "RDS-I (DS)", "Arithmetic Mean"}

// String returns the name the R package RDS gives the estimator.
func (e Estimator) String() string {
	if e < estimators {
		return estimatorName[e]
	}
	return fmt.Sprintf("Estimator(%d)", uint8(e))
}

var (
	// ErrPopulation is returned when the size of the population is needed and
	// missing, or not above that of the sample.
	ErrPopulation = errors.New("rds: the population must be larger than the sample")
	// ErrStationary is returned when recruitment between groups has no single
	// state it settles in: some groups are never left, or groups alternate.
	ErrStationary = errors.New("rds: recruitment between the groups does not settle in one state")
)

// Transitions returns how many recruits of each group (columns) respondents of
// each group (rows) brought in. Recruits and recruiters of no known group are
// left out.
func Transitions(s *Sample, g Groups) ([][]float64, error) {
	if err := g.valid(s); err != nil {
		return nil, err
	}
	t := square(len(g.Names))
	for i, r := range s.recruiter {
		if r >= 0 && g.Of[i] >= 0 && g.Of[r] >= 0 {
			t[g.Of[r]][g.Of[i]]++
		}
	}
	return t, nil
}

func square(n int) [][]float64 {
	t := make([][]float64, n)
	for i := range t {
		t[i] = make([]float64, n)
	}
	return t
}

// chances returns the rows of the transitions as shares of 1. A group that
// recruited nobody is taken to recruit from all groups alike.
func chances(transitions [][]float64) [][]float64 {
	p := square(len(transitions))
	for i, row := range transitions {
		var sum float64
		for _, v := range row {
			sum += v
		}
		for j, v := range row {
			if p[i][j] = 1 / float64(len(row)); sum > 0 {
				p[i][j] = v / sum
			}
		}
	}
	return p
}

// Stationary returns the shares of the groups in which recruitment settles, the
// π with π = πP and Σ π = 1, where row g of P holds the chances that someone of
// group g recruits from each group.
//
// Accuracy: rounding only (TestConformanceMechanics).
//
// It returns [ErrStationary] when there is none or more than one, and an error
// for a matrix that is not one of chances.
func Stationary(p [][]float64) ([]float64, error) {
	n := len(p)
	for i, row := range p {
		var sum float64
		for _, v := range row {
			if !(v >= 0) {
				return nil, fmt.Errorf("rds: chance %v in row %d", v, i)
			}
			sum += v
		}
		if len(row) != n || math.Abs(sum-1) > 1e-9 {
			return nil, fmt.Errorf("rds: row %d of %d is not one of chances: it has %d and adds to %v", i, n, len(row), sum)
		}
	}
	if !settles(p) {
		return nil, ErrStationary
	}
	// Elimination without subtraction (Grassmann, Taksar, Heyman): every number
	// stays positive and keeps its digits.
	a := square(n)
	for i := range p {
		copy(a[i], p[i])
	}
	// Groups that are never returned to have no share; order them last so that
	// elimination starts with them.
	for k := n - 1; k > 0; k-- {
		var out float64
		for j := range k {
			out += a[k][j]
		}
		if out == 0 {
			return stationaryIterated(p), nil
		}
		for i := range k {
			a[i][k] /= out
		}
		for i := range k {
			for j := range k {
				a[i][j] += a[i][k] * a[k][j]
			}
		}
	}
	pi := make([]float64, n)
	pi[0] = 1
	sum := 1.0
	for k := 1; k < n; k++ {
		for i := range k {
			pi[k] += pi[i] * a[i][k]
		}
		sum += pi[k]
	}
	for k := range pi {
		pi[k] /= sum
	}
	return pi, nil
}

// stationaryIterated is Stationary by repeated squaring, for the rare matrix
// whose groups stand in an order that stops elimination.
func stationaryIterated(p [][]float64) []float64 {
	for range 60 {
		p = product(p, p)
	}
	pi := append([]float64(nil), p[0]...)
	var sum float64
	for _, v := range pi {
		sum += v
	}
	for i := range pi {
		pi[i] /= sum
	}
	return pi
}

// settles reports whether from every group recruitment ends in one and the same
// state: some power of p has a column without zero.
func settles(p [][]float64) bool {
	for range 12 { // powers to 4096, more than n² for any number of groups here
		for j := range p {
			all := true
			for i := range p {
				all = all && p[i][j] > 0
			}
			if all {
				return true
			}
		}
		p = product(p, p)
		for i := range p {
			for j := range p {
				if p[i][j] > 0 {
					p[i][j] = 1 // only whether it can happen matters
				}
			}
		}
	}
	return false
}

func product(a, b [][]float64) [][]float64 {
	out := square(len(a))
	for i, row := range a {
		for k, v := range row {
			if v != 0 {
				for j, w := range b[k] {
					out[i][j] += v * w
				}
			}
		}
	}
	return out
}

// Weights returns the weight of each respondent, adding to the population, or
// to 1 for a population of 0 where the estimator needs none. Only RDS-I looks
// at the groups; for the others they may be empty.
//
//	RDS-II           w ∝ 1/d
//	RDS-I            w ∝ π_g/h_g / n_g,  π stationary, h_g harmonic mean of d in g
//	RDS-I (DS)       the same with transitions made symmetric,
//	                 T' = (n·diag(π)P + its transpose)/2
//	Gile's SS        w ∝ 1/π(d), see [Inclusion]
//
// where d is the number of ties and n_g the respondents of group g. The rows of
// T' add to n·π, so that π is stationary for it too: the two forms of RDS-I give
// the same shares, here as in the R package. A group that recruited nobody is
// taken to recruit from all groups alike.
//
// Assumptions: ties are mutual; people recruit at random among their ties;
// they report how many they have. RDS-II and RDS-I take the sample as drawn
// with replacement, which overweights people of few ties when the sample is a
// good part of the population; SS does not, and needs its size. Who reports too
// many ties has too little weight.
//
// Accuracy: rounding only (TestConformanceEstimates).
//
// Weights returns [ErrPopulation] for SS without a population above the sample,
// [ErrStationary] and [ErrGroups] for RDS-I, and an error for no estimator.
// Respondents of no known group have no weight in RDS-I.
//
// References: [volz2008]; [salganik2004]; [heckathorn2002] for smoothing;
// [gile2011].
func Weights(s *Sample, g Groups, e Estimator, population float64) ([]float64, error) {
	if population != 0 && !(population > 0 && population >= float64(s.Len())) || math.IsInf(population, 0) {
		return nil, ErrPopulation
	}
	var w []float64
	switch e {
	case VolzHeckathorn:
		w = InverseDegree(s.degree)
	case SuccessiveSampling:
		pi, err := Inclusion(s.degree, population)
		if err != nil {
			return nil, err
		}
		w = make([]float64, len(pi))
		for i, p := range pi {
			w[i] = 1 / p
		}
	case SalganikHeckathorn, DataSmoothed:
		t, err := Transitions(s, g)
		if err != nil {
			return nil, err
		}
		share, err := groupShares(t, harmonic(s.degree, g))
		if err != nil {
			return nil, err
		}
		w = make([]float64, s.Len())
		sizes := g.sizes()
		for i, k := range g.Of {
			if k >= 0 {
				w[i] = share[k] / float64(sizes[k])
			}
		}
	case ArithmeticMean:
		w = make([]float64, s.Len())
		for i := range w {
			w[i] = 1
		}
	default:
		return nil, fmt.Errorf("rds: no estimator %d", e)
	}
	var sum float64
	for _, v := range w {
		sum += v
	}
	whole := population
	if whole == 0 {
		whole = 1
	}
	for i := range w {
		w[i] *= whole / sum
	}
	return w, nil
}

// InverseDegree returns the weights of RDS-II, mean(d)/d, which have no scale
// of their own.
//
// References: [volz2008].
func InverseDegree(degrees []float64) []float64 {
	var mean float64
	for _, d := range degrees {
		mean += d / float64(len(degrees))
	}
	w := make([]float64, len(degrees))
	for i, d := range degrees {
		w[i] = mean / d
	}
	return w
}

// harmonic returns the harmonic mean of the degrees in each group.
func harmonic(degree []float64, g Groups) []float64 {
	h := make([]float64, len(g.Names))
	for i, k := range g.Of {
		if k >= 0 {
			h[k] += 1 / degree[i]
		}
	}
	for k, n := range g.sizes() {
		h[k] = float64(n) / h[k]
	}
	return h
}

// groupShares returns the shares of the groups by RDS-I.
func groupShares(transitions [][]float64, h []float64) ([]float64, error) {
	pi, err := Stationary(chances(transitions))
	if err != nil {
		return nil, err
	}
	share := make([]float64, len(pi))
	var sum float64
	for k := range pi {
		share[k] = pi[k] / h[k]
		sum += share[k]
	}
	for k := range share {
		share[k] /= sum
	}
	return share, nil
}
