package pooling

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// Errors a caller may act on.
var (
	// ErrNothing is returned when there is no figure to pool.
	ErrNothing = errors.New("pooling: no figures")
	// ErrFigure is returned for a figure that is not a positive number, or
	// names a definition or class the model lacks.
	ErrFigure = errors.New("pooling: figure cannot be pooled")
	// ErrModel is returned for a model that cannot be: no target definition, a
	// negative variance, an empty grid.
	ErrModel = errors.New("pooling: model is not complete")
)

// A Figure is one published number of persons.
type Figure struct {
	Host       string
	Definition string
	Class      string  // of quality: census, register, ...
	Source     string  // publications of one source err together
	Year       float64 // in which the count was made, a fraction for a date within it
	Value      float64 // persons, above 0
	Step       float64 // unit the value is rounded to; 0 if exact

	// Origin names the publication the figure is of an edition of; "" if it is not
	// known to be one of several. Of one host's figures of one origin only one is
	// an observation, whatever they say: see [Origins].
	Origin string
	// Doubted marks a figure of which its own record says that it cannot be. It
	// keeps a hundredth of its weight.
	Doubted bool

	// Shift is by how much counted flows say the log of the stock differs in
	// the figure's year from t*: above 0 where people left since. ShiftSD is its
	// standard deviation. 0 where no flow is counted.
	Shift, ShiftSD float64
}

// A Definition is a rule under which people are counted and its log ratio to
// the target definition.
type Definition struct {
	Name   string
	Target bool    // the definition the stocks are of; Mean and Var are then not used
	Mean   float64 // of the log ratio, natural logarithm
	Var    float64 // of what is not known of the ratio
	Spread float64 // ω: standard deviation of the ratio between hosts
}

// known reports whether the ratio is known exactly, up to its spread.
func (d Definition) known() bool { return d.Target || d.Var == 0 }

// A Class is a kind of source, with the Beta(A, B) prior of the share of
// people it finds, as experts were asked for it in [raymer2013], and the
// standard deviation Tau of its log error. With A = 0
// the share is one, known. Voice is the standard deviation of what one source
// gets wrong in one host under one definition every time it counts there.
type Class struct {
	Name  string
	A, B  float64
	Tau   float64
	Voice float64
}

// Share returns the mean and variance of the log of a Beta(A, B) share:
// ψ(A)−ψ(A+B) and ψ₁(A)−ψ₁(A+B).
func (c Class) Share() (mean, variance float64) {
	if c.A == 0 {
		return 0, 0
	}
	return mathext.Digamma(c.A) - mathext.Digamma(c.A+c.B), trigamma(c.A) - trigamma(c.A+c.B)
}

// trigamma returns ψ₁(x) for x > 0, the Hurwitz zeta function at 2.
func trigamma(x float64) float64 { return mathext.Zeta(2, x) }

// A Model is the priors of the stock model. The zero value of a field that is
// a number means 0.
type Model struct {
	Definitions []Definition
	Classes     []Class

	Mean, SD float64 // of a host's log stock before any figure; 10 is vague
	GrowthSD float64 // of yearly log growth
	WalkSD   float64 // of what a year adds to or takes from steady growth

	// GrowthMean is m_g, the mean of yearly log growth before any figure: births
	// less deaths and other ways out, as a share of those there.
	GrowthMean float64

	// WalkSize is S, persons: a host with n of them by the median of its figures
	// walks with variance σ_w² (1 + 3S/(S+n)) a year, because small communities
	// move by larger shares: the smallest by twice those of the largest. 0 gives
	// every host the same walk.
	WalkSize float64

	Reference float64 // t*: the year the stocks are of

	// Dispersion is φ, the variance of a count over its mean: small numbers of
	// people are counted worse than chance alone would have it. 0 means 1.
	Dispersion float64

	// Shared keeps the ratio of a definition in a host the same for all figures
	// of that host: ω is then the spread of one effect per host and definition.
	// Without it every figure departs from the ratio on its own, which makes
	// many figures of one definition look surer than they are.
	Shared bool

	// SourceSD is σ_u, the standard deviation of a source's log error. With
	// more than one value it is a grid, weighted by evidence times a half-normal
	// density of standard deviation SourceScale.
	SourceSD    []float64
	SourceScale float64

	// Robust is the degrees of freedom ν of a Student t error: figures that do
	// not fit are weighted down by w = (ν+1)/(ν + E[e²]/R), e their residual
	// under the posterior, until the weights no longer change. One that fits
	// weighs up to (ν+1)/ν. 0 keeps errors Gaussian. Small values (4) forgive
	// outliers, large ones do not.
	// Reference: [lange1989].
	Robust float64
}

// check returns an error that says what the model lacks.
func (m Model) check() error {
	targets := 0
	for _, d := range m.Definitions {
		if d.Target {
			targets++
		}
		if d.Name == "" || !(d.Var >= 0) || !(d.Spread >= 0) {
			return fmt.Errorf("%w: definition %q has a negative variance or no name", ErrModel, d.Name)
		}
	}
	if targets != 1 {
		return fmt.Errorf("%w: %d target definitions, want one", ErrModel, targets)
	}
	for _, c := range m.Classes {
		if c.Name == "" || !(c.Tau >= 0) || !(c.Voice >= 0) || c.A < 0 || c.A > 0 && !(c.B > 0) {
			return fmt.Errorf("%w: class %q needs a name, Tau of zero or more and a Beta prior above zero", ErrModel, c.Name)
		}
	}
	switch {
	case !(m.SD > 0):
		return fmt.Errorf("%w: standard deviation of a stock %g is not above zero", ErrModel, m.SD)
	case !(m.GrowthSD >= 0) || !(m.WalkSD >= 0) || !(m.WalkSize >= 0) || math.IsNaN(m.GrowthMean) || math.IsInf(m.GrowthMean, 0):
		return fmt.Errorf("%w: standard deviation of growth, walk or its size is below zero, or mean growth not finite", ErrModel)
	case len(m.SourceSD) == 0:
		return fmt.Errorf("%w: no standard deviation of sources", ErrModel)
	case len(m.SourceSD) > 1 && !(m.SourceScale > 0):
		return fmt.Errorf("%w: a grid of standard deviations needs a scale above zero", ErrModel)
	case slices.ContainsFunc(m.SourceSD, func(s float64) bool { return !(s >= 0) || math.IsInf(s, 0) }):
		return fmt.Errorf("%w: a standard deviation of sources is below zero", ErrModel)
	case !(m.Dispersion >= 0):
		return fmt.Errorf("%w: dispersion below zero", ErrModel)
	case !(m.Robust >= 0):
		return fmt.Errorf("%w: degrees of freedom below zero", ErrModel)
	}
	return nil
}
