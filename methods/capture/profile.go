package capture

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// A Profiled is a fitted model with the interval its likelihood gives.
type Profiled struct {
	Fit    Fit
	Mode   float64 // persons: where the profile likelihood is highest
	Lo, Hi float64 // interval at the level asked for, around Mode
	// Floor is set when the likelihood at the people seen is still inside the
	// interval, whose lower end they then are.
	Floor bool
	// Open is set when no upper limit was found below a thousand times N; Hi
	// is then infinite.
	Open bool
}

// Profile fits a model as [FitModel] does and returns the interval of all
// populations that the likelihood ratio test does not reject at the level:
//
//	2·( ℓ(Mode) − ℓ(N) ) ≤ χ²₁(level)
//
// where ℓ(N) is the multinomial log-likelihood of the patterns when N−seen
// people have none, at the best parameters for that N. Mode lies a little below
// the N of the fit, whose likelihood is Poisson.
//
// Assumptions: those of the model. The interval is that of the model when it is
// true and was not chosen with the same counts; [Average] widens it for the
// choice.
//
// Accuracy: the ends solve the equation to 10⁻⁶ of N (TestConformanceCapture,
// the closedpCI cases); it covers 0.94 to 0.95 of populations of 1000 when the
// model is true (TestModelCoverage). Unlike that of [Fit], the interval is not
// symmetric on any scale and needs no standard error.
//
// Profile returns the errors of [FitModel], and an error for a level outside
// (0, 1) and for normal heterogeneity, whose interval is that of [Fit.Total].
//
// References: [cormack1992] for the likelihood; [baillargeon2007].
func Profile(h Histories, m Model, level float64) (Profiled, error) {
	f, err := FitModel(h, m)
	if err != nil {
		return Profiled{}, err
	}
	return profile(f, m.design(h), m.common(h.lists), level)
}

// ProfileFrequencies is [Profile] for how often people were met.
func ProfileFrequencies(fr Frequencies, m Model, level float64) (Profiled, error) {
	f, err := FitFrequencies(fr, m)
	if err != nil {
		return Profiled{}, err
	}
	return profile(f, m.frequencyDesign(fr), m.common(fr.used), level)
}

func profile(f Fit, d design, common int, level float64) (Profiled, error) {
	m := f.Model
	switch {
	case !(level > 0 && level < 1):
		return Profiled{}, fmt.Errorf("capture: level %v outside (0, 1)", level)
	case m.Het == Normal:
		return Profiled{}, fmt.Errorf("capture: no profile interval for %v", m)
	case m.Effects == Behaviour || m.Effects == FirstApart:
		return Profiled{}, fmt.Errorf("capture: no profile interval for %v, whose population is not that of the empty pattern", m)
	}
	seen := float64(f.Seen)
	// One more pattern, that of nobody's lists.
	empty := make([]float64, len(d.names))
	empty[0] = 1
	full := design{names: d.names, x: append(d.x[:len(d.x):len(d.x)], empty)}
	full.y = append(d.y[:len(d.y):len(d.y)], 0)
	if d.offset != nil {
		full.offset = append(d.offset[:len(d.offset):len(d.offset)], 0)
	}
	loglik := func(n float64) float64 {
		unseen := max(0, n-seen)
		full.y[len(full.y)-1] = unseen
		r, _, _ := fitNonNegative(m, common, full)
		// From the Poisson to the multinomial likelihood of n people.
		ln, _ := math.Lgamma(n + 1)
		lu, _ := math.Lgamma(unseen + 1)
		l := -r.deviance/2 + ln - n*math.Log(n) - lu
		if unseen > 0 {
			l += unseen * math.Log(unseen)
		}
		return l
	}
	p := Profiled{Fit: f}
	// The mode lies between the people seen and the N of the Poisson fit, up to
	// rounding; look a little further.
	p.Mode = maximum(loglik, seen, f.N+max(1, (f.N-seen)/10), 1e-7*f.N)
	least := loglik(p.Mode) - distuv.ChiSquared{K: 1}.Quantile(level)/2
	excess := func(n float64) float64 { return loglik(n) - least }
	tol := 1e-7 * p.Mode
	if p.Floor = excess(seen) >= 0; p.Floor {
		p.Lo = seen
	} else {
		p.Lo = root(excess, seen, p.Mode, tol)
	}
	low, high := p.Mode, p.Mode+max(1, f.SE)
	for excess(high) > 0 {
		if high > 1000*f.N {
			p.Open, p.Hi = true, math.Inf(1)
			return p, nil
		}
		low, high = high, high+2*(high-p.Mode)
	}
	p.Hi = root(excess, low, high, tol)
	return p, nil
}

// maximum returns where f is highest between lo and hi, by golden sections, for
// f with one peak.
func maximum(f func(float64) float64, lo, hi, tol float64) float64 {
	const golden = 0.6180339887498949
	a, b := hi-golden*(hi-lo), lo+golden*(hi-lo)
	fa, fb := f(a), f(b)
	for hi-lo > tol {
		if fa >= fb {
			hi, b, fb = b, a, fa
			a = hi - golden*(hi-lo)
			fa = f(a)
		} else {
			lo, a, fa = a, b, fb
			b = lo + golden*(hi-lo)
			fb = f(b)
		}
	}
	return (lo + hi) / 2
}

// root returns where f crosses zero between lo and hi, at which it has
// different signs, by false position with halving (Illinois).
func root(f func(float64) float64, lo, hi, tol float64) float64 {
	flo, fhi := f(lo), f(hi)
	if flo == 0 {
		return lo
	}
	side := 0
	for range 200 {
		if math.Abs(hi-lo) <= tol || fhi == 0 {
			break
		}
		x := (lo*fhi - hi*flo) / (fhi - flo)
		if !(x > min(lo, hi) && x < max(lo, hi)) {
			x = (lo + hi) / 2
		}
		fx := f(x)
		if fx == 0 {
			return x
		}
		if (fx > 0) == (fhi > 0) {
			if hi, fhi = x, fx; side == 1 {
				flo /= 2
			}
			side = 1
		} else {
			if lo, flo = x, fx; side == -1 {
				fhi /= 2
			}
			side = -1
		}
	}
	if math.Abs(flo) < math.Abs(fhi) {
		return lo
	}
	return hi
}
