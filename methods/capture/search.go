package capture

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// ErrTooManyModels is returned when there are more models than asked for.
var ErrTooManyModels = errors.New("capture: too many models")

// A Criterion says what a better model is.
type Criterion uint8

// The criteria. BIC counts the people seen, not the patterns.
const (
	BIC Criterion = iota
	AIC
)

func (c Criterion) of(f Fit) float64 {
	if c == AIC {
		return f.AIC
	}
	return f.BIC
}

// Search says which log-linear models to fit. Its zero value is all
// hierarchical models with the effects of all lists and every interaction but
// that of all lists together, without heterogeneity: 8 models of three lists,
// 113 of four, 6893 of five.
type Search struct {
	MaxOrder int // most lists in one term; 0 for one less than there are
	Het      Heterogeneity
	Theta    float64
	// Limit is the largest number of models to fit; 0 means 10 000.
	Limit int
}

// Models returns the models of the search for a number of lists, the largest
// first, or [ErrTooManyModels].
func (s Search) Models(lists int) ([]Model, error) {
	order, limit := s.MaxOrder, s.Limit
	if order == 0 {
		order = lists - 1
	}
	if limit == 0 {
		limit = 10_000
	}
	if lists < 2 || lists > MaxLists || order < 1 || order >= lists && lists > 2 {
		return nil, fmt.Errorf("capture: no terms of %d of %d lists", order, lists)
	}
	var interactions []int // fewer lists first, so that parts come before wholes
	for t := 1; t < 1<<lists; t++ {
		if k := bits.OnesCount(uint(t)); k > 1 && k <= order {
			interactions = append(interactions, t)
		}
	}
	slices.SortFunc(interactions, byOrder)
	var models []Model
	has := make([]bool, 1<<lists)
	var terms []int
	for i := range lists {
		terms = append(terms, 1<<i)
		has[1<<i] = true
	}
	var choose func(i int) error
	choose = func(i int) error {
		for ; i < len(interactions); i++ {
			t := interactions[i]
			whole := true
			for part := (t - 1) & t; part > 0; part = (part - 1) & t {
				whole = whole && has[part]
			}
			if !whole {
				continue
			}
			has[t] = true
			terms = append(terms, t)
			if err := choose(i + 1); err != nil {
				return err
			}
			has[t] = false
			terms = terms[:len(terms)-1]
		}
		if len(models) == limit {
			return fmt.Errorf("%w: more than %d of %d lists with terms of up to %d; lower the order", ErrTooManyModels, limit, lists, order)
		}
		models = append(models, Model{Effects: Given, Terms: slices.Clone(terms), Het: s.Het, Theta: s.Theta})
		return nil
	}
	if err := choose(0); err != nil {
		return nil, err
	}
	slices.SortStableFunc(models, func(a, b Model) int { return cmp.Compare(len(b.Terms), len(a.Terms)) })
	return models, nil
}

// Fit fits the models of the search and returns them in the order of
// [Search.Models]. Models with more parameters than patterns are left out;
// those without a finite estimate stay, with N infinite or not a number.
//
// Accuracy: TestConformanceCapture, 255 models of three data sets.
//
// Its errors are those of [Search.Models] and [FitModel].
//
// References: [baillargeon2007]; [cormack1989].
func (s Search) Fit(h Histories) ([]Fit, error) {
	models, err := s.Models(h.lists)
	if err != nil {
		return nil, err
	}
	extra := 1
	switch s.Het {
	case None:
	case Chao:
		extra += h.lists - 2
	default:
		extra++
	}
	models = slices.DeleteFunc(models, func(m Model) bool { return len(m.Terms)+extra >= len(h.counts) })
	return fitAll(models, func(m Model) (Fit, error) { return FitModel(h, m) })
}

// Best returns the identified fit with the lowest criterion, the first of
// several equal ones, or [ErrNoEstimate] when there is none.
func Best(fits []Fit, c Criterion) (Fit, error) {
	best := -1
	for i, f := range fits {
		if f.usable() && (best < 0 || c.of(f) < c.of(fits[best])) {
			best = i
		}
	}
	if best < 0 {
		return Fit{}, ErrNoEstimate
	}
	return fits[best], nil
}

func (f Fit) usable() bool { return f.Identified() && f.N >= float64(f.Seen) && f.SE > 0 }

// A Weighted is a fit with its weight in an average.
type Weighted struct {
	Fit    Fit
	Weight float64 // share of 1
}

// Averaged is a population estimated by several models together.
type Averaged struct {
	Total
	Models []Weighted // the heaviest first
	// Left counts the fits that say nothing about the population and had no
	// part: not identified, or singular.
	Left int
	// Between is the share of the variance that comes from differences between
	// the models.
	Between float64
}

// Average returns the population by all identified fits together, each weighted
// by its criterion c:
//
//	w_i = exp(−c_i/2) / Σ exp(−c_j/2)
//	N   = Σ w_i N_i
//	SE² = Σ w_i ( SE_i² + (N_i − N)² )
//
// The interval holds the share level of the mixture, with equal shares left out
// on either side, of the log-normal distributions of those unseen that give the
// intervals of the models ([Fit.Total]).
//
// Assumptions: the models given hold the truth between them, and models that
// say nearly the same are not there many times over; those given many times
// weigh many times. What all of them leave out, such as dependence among all
// lists at once, stays left out. Fits of different data must not be mixed.
//
// Accuracy: TestAverageCoverage, with four lists, 1000 people and the 64 models
// of pairs. Where one of the models is true the 0.95 interval covers 0.97 and that
// of the model picked by BIC 0.95; where a third of the people are on each list
// half as often, so that none is, N is 6 per cent too low and they cover 0.75 and
// 0.65.
//
// Average returns [ErrNoEstimate] when no fit is identified, and an error for a
// level outside (0, 1).
//
// References: [buckland1997].
func Average(fits []Fit, c Criterion, level float64) (Averaged, error) {
	if !(level > 0 && level < 1) {
		return Averaged{}, fmt.Errorf("capture: level %v outside (0, 1)", level)
	}
	best, err := Best(fits, c)
	if err != nil {
		return Averaged{}, err
	}
	var a Averaged
	var sum float64
	for _, f := range fits {
		if !f.usable() {
			a.Left++
			continue
		}
		w := math.Exp((c.of(best) - c.of(f)) / 2)
		sum += w
		a.Models = append(a.Models, Weighted{f, w})
	}
	for i := range a.Models {
		w := &a.Models[i]
		w.Weight /= sum
		a.N += w.Weight * w.Fit.N
	}
	var within, between float64
	for _, w := range a.Models {
		within += w.Weight * w.Fit.SE * w.Fit.SE
		between += w.Weight * (w.Fit.N - a.N) * (w.Fit.N - a.N)
	}
	a.SE = math.Sqrt(within + between)
	a.Between = between / (within + between)
	slices.SortStableFunc(a.Models, func(x, y Weighted) int { return cmp.Compare(y.Weight, x.Weight) })

	below := func(n float64) float64 { // share of the mixture below n
		var s float64
		for _, w := range a.Models {
			f := w.Fit
			unseen, x := f.N-float64(f.Seen), n-float64(f.Seen)
			if unseen <= 0 {
				s += w.Weight * indicator(x >= 0)
				continue
			}
			if x > 0 {
				sd := math.Sqrt(math.Log1p(f.SE * f.SE / (unseen * unseen)))
				s += w.Weight * distuv.UnitNormal.CDF(math.Log(x/unseen)/sd)
			}
		}
		return s
	}
	low, high := float64(best.Seen), a.N+10*a.SE
	for below(high) < (1+level)/2 {
		high *= 2
	}
	tail := (1 - level) / 2
	a.Lo = root(func(n float64) float64 { return below(n) - tail }, low, high, 1e-9*high)
	a.Hi = root(func(n float64) float64 { return below(n) - 1 + tail }, low, high, 1e-9*high)
	// A long tail can carry the mean beyond the upper end.
	a.Lo, a.Hi = min(a.Lo, a.N), max(a.Hi, a.N)
	return a, nil
}
