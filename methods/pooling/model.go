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

// A Class is a kind of source, with the Beta(A, B) prior of the share of
// people it finds and the standard deviation Tau of its log error. With A = 0
// the share is one, known.
type Class struct {
	Name string
	A, B float64
	Tau  float64
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

	Mean, SD  float64 // of a host's log stock before any figure; 10 is vague
	GrowthSD  float64 // of yearly log growth
	Reference float64 // t*: the year the stocks are of

	// SourceSD is σ_u, the standard deviation of a source's log error. With
	// more than one value it is a grid, weighted by evidence times a half-normal
	// density of standard deviation SourceScale.
	SourceSD    []float64
	SourceScale float64

	// Robust is the degrees of freedom ν of a Student t error: figures that do
	// not fit are weighted down by w = (ν+1)/(ν + E[e²]/R), e their residual
	// under the posterior, until the weights no longer change. 0 keeps errors
	// Gaussian. Small values (4) forgive outliers, large ones do not.
	// Reference: Lange1989.
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
		if c.Name == "" || !(c.Tau >= 0) || c.A < 0 || c.A > 0 && !(c.B > 0) {
			return fmt.Errorf("%w: class %q needs a name, Tau of zero or more and a Beta prior above zero", ErrModel, c.Name)
		}
	}
	switch {
	case !(m.SD > 0):
		return fmt.Errorf("%w: standard deviation of a stock %g is not above zero", ErrModel, m.SD)
	case !(m.GrowthSD >= 0):
		return fmt.Errorf("%w: standard deviation of growth is below zero", ErrModel)
	case len(m.SourceSD) == 0:
		return fmt.Errorf("%w: no standard deviation of sources", ErrModel)
	case len(m.SourceSD) > 1 && !(m.SourceScale > 0):
		return fmt.Errorf("%w: a grid of standard deviations needs a scale above zero", ErrModel)
	case slices.ContainsFunc(m.SourceSD, func(s float64) bool { return !(s >= 0) || math.IsInf(s, 0) }):
		return fmt.Errorf("%w: a standard deviation of sources is below zero", ErrModel)
	case !(m.Robust >= 0):
		return fmt.Errorf("%w: degrees of freedom below zero", ErrModel)
	}
	return nil
}

// variance returns R of a figure: accuracy of its class, spread of its
// definition, rounding and count noise, on the log scale.
func (m Model) variance(f Figure, d Definition, c Class) float64 {
	v := c.Tau*c.Tau + 1/f.Value
	if !d.Target {
		v += d.Spread * d.Spread
	}
	if f.Step > 0 {
		v += f.Step * f.Step / (12 * f.Value * f.Value)
	}
	return v
}

// a term is one parameter's coefficient in a figure's mean.
type term struct {
	at int
	by float64
}

// A layout numbers the parameters: hosts' stocks, definitions' ratios, classes'
// shares, hosts' growth, sources' errors; hosts and sources in order of first
// use, definitions and classes in the model's.
type layout struct {
	hosts, defs, classes, sources []string
	names                         []string
	mean, variance                []float64 // prior, source errors at variance 1
	firstSource                   int
	rows                          [][]term
	y, r                          []float64 // log figures and their variances
}

// plan lays the parameters out. A parameter known exactly (variance 0) is
// subtracted from the figures instead.
func (m Model) plan(figures []Figure) (*layout, error) {
	if len(figures) == 0 {
		return nil, ErrNothing
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	l := &layout{}
	type prior struct{ mean, variance float64 }
	for _, d := range m.Definitions {
		if !d.Target && d.Var > 0 {
			l.defs = append(l.defs, d.Name)
		}
	}
	for _, c := range m.Classes {
		if _, v := c.Share(); v > 0 {
			l.classes = append(l.classes, c.Name)
		}
	}
	defAt, classAt := make([]int, len(figures)), make([]int, len(figures))
	hostIndex := map[string]int{}
	sourceIndex := map[string]int{}
	hostAt, sourceAt := make([]int, len(figures)), make([]int, len(figures))
	look := func(known map[string]int, list *[]string, name string) int {
		i, ok := known[name]
		if !ok {
			i = len(*list)
			known[name] = i
			*list = append(*list, name)
		}
		return i
	}
	for i, f := range figures {
		if !(f.Value > 0) || math.IsInf(f.Value, 0) || math.IsNaN(f.Year) || math.IsInf(f.Year, 0) || !(f.Step >= 0) || math.IsInf(f.Step, 0) {
			return nil, fmt.Errorf("%w: figure %d (%s, %s, %g): value, year and step must be finite, the value above zero", ErrFigure, i+1, f.Host, f.Source, f.Value)
		}
		d := slices.IndexFunc(m.Definitions, func(d Definition) bool { return d.Name == f.Definition })
		c := slices.IndexFunc(m.Classes, func(c Class) bool { return c.Name == f.Class })
		if d < 0 || c < 0 {
			return nil, fmt.Errorf("%w: figure %d (%s, %s): the model has no definition %q of class %q", ErrFigure, i+1, f.Host, f.Source, f.Definition, f.Class)
		}
		defAt[i], classAt[i] = d, c
		hostAt[i] = look(hostIndex, &l.hosts, f.Host)
		sourceAt[i] = look(sourceIndex, &l.sources, f.Source)
	}
	add := func(name string, p prior) {
		l.names = append(l.names, name)
		l.mean = append(l.mean, p.mean)
		l.variance = append(l.variance, p.variance)
	}
	for _, h := range l.hosts {
		add("theta:"+h, prior{m.Mean, m.SD * m.SD})
	}
	for _, d := range l.defs {
		def := m.Definitions[slices.IndexFunc(m.Definitions, func(x Definition) bool { return x.Name == d })]
		add("delta:"+d, prior{def.Mean, def.Var})
	}
	for _, c := range l.classes {
		mean, v := m.Classes[slices.IndexFunc(m.Classes, func(x Class) bool { return x.Name == c })].Share()
		add("lambda:"+c, prior{mean, v})
	}
	growth := len(l.names)
	if m.GrowthSD > 0 {
		for _, h := range l.hosts {
			add("g:"+h, prior{0, m.GrowthSD * m.GrowthSD})
		}
	}
	l.firstSource = len(l.names)
	for _, s := range l.sources {
		add("u:"+s, prior{0, 1})
	}
	l.y, l.r, l.rows = make([]float64, len(figures)), make([]float64, len(figures)), make([][]term, len(figures))
	for i, f := range figures {
		d, c := m.Definitions[defAt[i]], m.Classes[classAt[i]]
		l.y[i] = math.Log(f.Value)
		l.r[i] = m.variance(f, d, c)
		row := []term{{hostAt[i], 1}}
		switch {
		case d.Target:
		case d.Var > 0:
			row = append(row, term{len(l.hosts) + slices.Index(l.defs, d.Name), 1})
		default:
			l.y[i] -= d.Mean
		}
		if mean, v := c.Share(); v > 0 {
			row = append(row, term{len(l.hosts) + len(l.defs) + slices.Index(l.classes, c.Name), 1})
		} else {
			l.y[i] -= mean
		}
		if m.GrowthSD > 0 && f.Year != m.Reference {
			row = append(row, term{growth + hostAt[i], f.Year - m.Reference})
		}
		l.rows[i] = append(row, term{l.firstSource + sourceAt[i], 1})
	}
	return l, nil
}
