package capture

import (
	"errors"
	"fmt"
	"math"
)

// ErrNoEstimate is returned when a model was fitted and puts no limit on the
// population, or has a fit only at infinity.
var ErrNoEstimate = errors.New("capture: the model gives no finite population")

// ErrTooFewCounts is returned when a model has more parameters than there are
// patterns to fit it to.
var ErrTooFewCounts = errors.New("capture: more parameters than patterns")

// A Coefficient is a fitted parameter of a log-linear model.
type Coefficient struct {
	Name  string
	Value float64 // NaN where it depends on those before it
	SE    float64
}

// A Fit is a model fitted to lists.
type Fit struct {
	Model    Model
	N, SE    float64 // persons; the standard error of N
	Seen     int
	Deviance float64
	DF       int     // patterns less parameters
	AIC, BIC float64 // the latter with the logarithm of the people seen
	// Bias is the asymptotic bias of N, in persons, and NaN where it is not
	// known. One of more than a tenth of N speaks against the model.
	Bias float64
	Coef []Coefficient
	// Zeroed names the parameters of Chao that came out negative and were set
	// to zero.
	Zeroed []string
	// Singular is set when parameters depended on one another and some were
	// left out.
	Singular bool
	// Converged is false when the fit did not settle.
	Converged bool
}

// Identified reports whether the fit says how many people there are: N is
// finite, nothing was left out, and the standard error is at most ten times N.
func (f Fit) Identified() bool {
	return f.Converged && !f.Singular && !math.IsInf(f.N, 0) && f.SE <= 10*f.N
}

// LargeBias reports whether the asymptotic bias is known to be more than a
// tenth of N.
func (f Fit) LargeBias() bool { return math.Abs(f.Bias) > f.N/10 }

// Total returns the estimate with an interval at the level, log-normal on the
// people not seen, as that of [TwoLists] is. [Profile] makes a better one.
func (f Fit) Total(level float64) (Total, error) {
	if !(level > 0 && level < 1) {
		return Total{}, fmt.Errorf("capture: level %v outside (0, 1)", level)
	}
	if math.IsNaN(f.N) || math.IsInf(f.N, 0) || math.IsNaN(f.SE) || math.IsInf(f.SE, 0) {
		return Total{}, ErrNoEstimate
	}
	return onUnseen(float64(f.Seen), f.N, f.SE, level), nil
}

// FitModel fits a log-linear model to the counts of each pattern and returns
// the population it implies:
//
//	log E(count of pattern p) = β₀ + Σ_j β_j x_j(p) + τ h(k)
//	N  = seen + e^β₀
//	SE = √( e^β₀ + e^{2β₀} Var β₀ )
//
// where k is the number of lists in p, x_j the effects of the model and h its
// heterogeneity. For Mb and Mbh, where the people met again say nothing about
// those never met, with a = e^β₁ for each list before the first and b = e^β₂
// for each list after it:
//
//	Mb:  N = e^β₀ (1+b)^t / (1+b−a)
//	Mbh: N = e^β₀ (1+b)^(t−1) (1 + e^η a/(1+b−a))
//
// with the standard error by the delta method less the Poisson variance of N.
//
// Assumptions: the population is closed and matching is without error, as for
// [TwoLists]. What the model leaves out errs in a known direction: lists that
// help each other, and people who differ, make N too low when left out; lists
// that exclude each other make it too high. The curve of heterogeneity is
// extrapolated to people on no list, where nothing can check it: Poisson,
// Darroch and Gamma fit nearly alike and can differ by a factor of two in N.
//
// Accuracy: the fit is the maximum of the likelihood to rounding
// (TestConformanceCapture, the models of ten data sets; standard errors are
// those of R, see the package). The 0.95 interval of [Fit.Total] covers 0.94 to
// 0.95 of populations of 1000 when the model is true (TestModelCoverage).
//
// FitModel returns [ErrTooFewCounts], [ErrNoEstimate], and an error for a model
// that is none.
//
// References: [fienberg1972]; [cormack1989]; [baillargeon2007] for the models
// and their names; [rivest2001] for the curves of heterogeneity; [chao1987] for
// the lower bound.
func FitModel(h Histories, m Model) (Fit, error) {
	if h.lists == 0 {
		return Fit{}, ErrNobody
	}
	if err := m.valid(h.lists); err != nil {
		return Fit{}, err
	}
	if m.Het == Normal {
		return fitNormal(h.Seen(), h.lists, m, m.design(h))
	}
	return fitDesign(h.Seen(), h.lists, h.lists, m, m.design(h))
}

// FitFrequencies fits M0 or a model Mh to how often people were met and returns
// the population it implies, as [FitModel] does for patterns:
//
//	log E(met k times) = log C(t,k) + β₀ + β k + τ h(k)
//
// with t occasions; without a limit to them, −log k! stands for log C(t,k).
//
// Assumptions, accuracy, errors and references: those of [FitModel]; also, all
// occasions are alike. It returns an error for a model with effects of lists.
func FitFrequencies(f Frequencies, m Model) (Fit, error) {
	if f.used == 0 {
		return Fit{}, ErrNobody
	}
	if m.Effects != Equal {
		return Fit{}, fmt.Errorf("capture: %v needs the lists people are on, not only how many", m)
	}
	if err := m.valid(f.used); err != nil {
		return Fit{}, err
	}
	if m.Het == Normal {
		return fitNormal(f.Seen(), f.used, m, m.frequencyDesign(f))
	}
	return fitDesign(f.Seen(), f.lists, f.used, m, m.frequencyDesign(f))
}

// fitDesign fits the design of a model and works out the population.
func fitDesign(seen, lists, used int, m Model, d design) (Fit, error) {
	if len(d.names) > len(d.y) {
		return Fit{}, ErrTooFewCounts
	}
	r, d, zeroed := fitNonNegative(m, m.common(used), d)
	f := Fit{
		Model: m, Seen: seen,
		Deviance: r.deviance, DF: len(d.y) - r.rank,
		AIC: r.aic(), BIC: r.aic() + (math.Log(float64(seen))-2)*float64(r.rank),
		Zeroed: zeroed, Converged: r.converged, Singular: r.rank < len(d.names),
		Bias: math.NaN(),
	}
	for j, name := range d.names {
		f.Coef = append(f.Coef, Coefficient{name, r.coef[j], math.Sqrt(r.cov[j][j])})
	}
	var gradient []float64
	switch m.Effects {
	case Behaviour, FirstApart:
		f.N, gradient = behaviourTotal(m.Effects, float64(lists), r.coef)
		v := -f.N
		for i, gi := range gradient {
			for j, gj := range gradient {
				v += gi * gj * r.cov[i][j]
			}
		}
		f.SE = math.Sqrt(max(0, v))
	default:
		unseen := math.Exp(r.coef[0])
		f.N = float64(seen) + unseen
		f.SE = math.Sqrt(unseen + unseen*unseen*r.cov[0][0])
	}
	if math.IsNaN(f.N) || math.IsInf(f.N, 0) || f.N < 0 {
		return f, ErrNoEstimate
	}
	if !f.Singular {
		f.Bias = r.bias(d)
	}
	return f, nil
}

// fitNonNegative fits a design and, for Chao's model, leaves out the first
// negative parameter of heterogeneity after the common columns until none is
// negative. It returns the fit, the design fitted and the names left out.
func fitNonNegative(m Model, common int, d design) (regression, design, []string) {
	r := d.fit()
	if m.Het != Chao || m.KeepNegative {
		return r, d, nil
	}
	var zeroed []string
	for {
		negative := -1
		for j := common; j < len(d.names); j++ {
			if r.coef[j] < 0 {
				negative = j
				break
			}
		}
		if negative < 0 {
			return r, d, zeroed
		}
		zeroed = append(zeroed, d.names[negative])
		d = d.without(negative)
		r = d.fit()
	}
}

// behaviourTotal returns the population of Mb or Mbh and its gradient in the
// coefficients.
func behaviourTotal(e Effects, lists float64, coef []float64) (n float64, gradient []float64) {
	if e == Behaviour {
		a, b := math.Exp(coef[1]), math.Exp(coef[2])
		left := 1 + b - a
		if left <= 0 {
			return math.Inf(1), nil
		}
		n = math.Exp(coef[0]) * math.Pow(1+b, lists) / left
		return n, []float64{n, n * a / left, n * (lists*b/(1+b) - b/left)}
	}
	first, a, b := math.Exp(coef[1]), math.Exp(coef[2]), math.Exp(coef[3])
	left := 1 + b - a
	if left <= 0 {
		return math.Inf(1), nil
	}
	base := math.Exp(coef[0]) * math.Pow(1+b, lists-1)
	rest := first * a / left
	n = base * (1 + rest)
	return n, []float64{
		n,
		base * rest,
		base * (rest + first*a*a/(left*left)),
		base * ((lists-1)*b/(1+b)*(1+rest) - first*a*b/(left*left)),
	}
}

// bias returns the asymptotic bias of the number unseen, e^β₀, to first order.
func (r regression) bias(d design) float64 {
	p := len(d.names)
	score := make([]float64, p)
	score[0] = 1
	for i, row := range d.x {
		var leverage float64
		for j := range p {
			for k := range p {
				leverage += row[j] * r.cov[j][k] * row[k]
			}
		}
		for j := range p {
			score[j] -= r.mu[i] * leverage * row[j]
		}
	}
	return math.Exp(r.coef[0]) / 2 * dot(r.cov[0], score)
}

// Closed fits the usual closed-population models to lists and returns them in
// this order: M0, Mt, Mh and Mth with each of Chao, Poisson, Darroch and Gamma,
// Mb, Mbh. From two lists only M0, Mt and Mb can be fitted. A model that has no
// finite estimate is in the list with N not a number or infinite.
//
// Assumptions, accuracy and references: those of [FitModel]. The models answer
// different questions about who is missing; the spread of their N is part of
// the uncertainty, and none of their intervals holds it.
func Closed(h Histories) ([]Fit, error) {
	models := []Model{{}, {Effects: Separate}}
	if h.lists > 2 {
		for _, e := range []Effects{Equal, Separate} {
			for _, het := range []Heterogeneity{Chao, Poisson, Darroch, Gamma} {
				models = append(models, Model{Effects: e, Het: het})
			}
		}
	}
	models = append(models, Model{Effects: Behaviour})
	if h.lists > 2 {
		models = append(models, Model{Effects: FirstApart})
	}
	return fitAll(models, func(m Model) (Fit, error) { return FitModel(h, m) })
}

// ClosedFrequencies fits M0 and Mh with each of Chao, Poisson, Darroch and
// Gamma to how often people were met, in this order; from counts up to two,
// only M0. See [Closed].
func ClosedFrequencies(f Frequencies) ([]Fit, error) {
	models := []Model{{}}
	if f.used > 2 {
		for _, het := range []Heterogeneity{Chao, Poisson, Darroch, Gamma} {
			models = append(models, Model{Het: het})
		}
	}
	return fitAll(models, func(m Model) (Fit, error) { return FitFrequencies(f, m) })
}

// fitAll fits the models. Those without a finite estimate stay in the list.
func fitAll(models []Model, fit func(Model) (Fit, error)) ([]Fit, error) {
	fits := make([]Fit, 0, len(models))
	for _, m := range models {
		f, err := fit(m)
		if err != nil && !errors.Is(err, ErrNoEstimate) {
			return nil, fmt.Errorf("%v: %w", m, err)
		}
		fits = append(fits, f)
	}
	return fits, nil
}
