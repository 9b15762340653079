package capture

import (
	"fmt"
	"math"
)

// Corrected returns the population by M0, Mt, Mh, Mth, Mb or Mbh with a
// correction for the bias of small counts. The fit is that of [FitModel] to
// counts shifted by small amounts, the same for each pattern of equally many
// lists; with d_k the shift for people on k of t lists and, for Mh, c = (h(2) −
// 2h(1)) / (h(3) − 2h(2) + h(1)):
//
//	M0           d = −1/2, 1, 0
//	Mh           d = −(1+c)/2, 1+c, (1−c)/2
//	Mth Chao     d = (t−2)/2t, 2/(t(t−1)), 0
//	Mth Poisson  d = (2t−5)/4t, 3/(t(t−1)), 3/(2t(t−1)(t−2))
//	Mth Darroch  d = (t−3)/2t, 4/(t(t−1)), 0
//
// Shifted counts below 0 are taken as 0. Mt has an equation of its own, that of
// the likelihood with n_i + (t+2)/2t for the people on list i and n + t/2 for
// the people seen, and from two lists it is Chapman's estimate; Mh of Chao is
// his corrected bound; Mb and Mbh are a regression on how many people are met
// first on each list, shifted by 2, −1 and −1.
//
// Assumptions: those of [FitModel]. The correction matters where counts are
// small and can be noise where they are not.
//
// Accuracy: TestConformanceCapture, the closedp.bc cases, 46 models of five
// data sets.
//
// Corrected returns [ErrTooFewCounts] with too few lists for the model, those
// of [FitModel], and an error for a model without a correction: terms given,
// Mth with Gamma, Poisson other than 2 in Mth, or Normal.
//
// References: [rivest2001]; [seber1982] for Mt; [chao1989] for the bound.
func Corrected(h Histories, m Model, level float64) (Total, error) {
	switch {
	case h.lists == 0:
		return Total{}, ErrNobody
	case !(level > 0 && level < 1):
		return Total{}, fmt.Errorf("capture: level %v outside (0, 1)", level)
	case m.Effects == Given || m.Het == Normal,
		m.Effects == Separate && (m.Het == Gamma || m.Het == Poisson && m.theta() != 2):
		return Total{}, fmt.Errorf("capture: no correction for %v", m)
	}
	if err := m.valid(h.lists); err != nil {
		return Total{}, err
	}
	seen, t := float64(h.Seen()), float64(h.lists)
	var n, se float64
	switch {
	case m.Effects == Separate && m.Het == None:
		var err error
		if n, se, err = correctedMt(h); err != nil {
			return Total{}, err
		}
	case m.Effects == Equal && m.Het == Chao:
		f := h.Frequencies()
		n, se = lowerBoundOf(seen, float64(f.Met(1)), float64(f.Met(2)), t)
	case m.Effects == Behaviour || m.Effects == FirstApart:
		var err error
		if n, se, err = correctedBehaviour(h, m.Effects); err != nil {
			return Total{}, err
		}
	default:
		if h.lists < 3 && m.Het != None {
			return Total{}, ErrTooFewCounts
		}
		f, err := correctedFit(h, m)
		if err != nil {
			return Total{}, err
		}
		n, se = f.N, f.SE
	}
	if math.IsNaN(n) || math.IsInf(n, 0) || math.IsNaN(se) || n < seen {
		return Total{}, ErrNoEstimate
	}
	return onUnseen(seen, n, se, level), nil
}

// correctedFit fits a model to shifted counts.
func correctedFit(h Histories, m Model) (Fit, error) {
	t := float64(h.lists)
	var shift [4]float64 // by number of lists
	switch {
	case m.Het == None:
		shift[1], shift[2] = -0.5, 1
	case m.Effects == Equal:
		c := (m.curve(2) - 2*m.curve(1)) / (m.curve(3) - 2*m.curve(2) + m.curve(1))
		shift[1], shift[2], shift[3] = -(1+c)/2, 1+c, (1-c)/2
	case m.Het == Chao:
		shift[1], shift[2] = (t-2)/(2*t), 2/(t*(t-1))
	case m.Het == Poisson:
		shift[1], shift[2], shift[3] = (2*t-5)/(4*t), 3/(t*(t-1)), 3/(2*t*(t-1)*(t-2))
	default:
		shift[1], shift[2] = (t-3)/(2*t), 4/(t*(t-1))
	}
	d := m.frequencyDesign(h.Frequencies())
	lists := func(i int) int { return i + 1 }
	if m.Effects == Separate {
		d = m.design(h)
		lists = func(i int) int {
			k := 0
			for b := i + 1; b > 0; b &= b - 1 {
				k++
			}
			return k
		}
	}
	for i := range d.y {
		if k := lists(i); k < len(shift) {
			d.y[i] = max(0, d.y[i]+shift[k])
		}
	}
	return fitDesign(h.Seen(), h.lists, h.lists, m, d)
}

// correctedMt returns the population of Mt and its standard error.
func correctedMt(h Histories) (n, se float64, err error) {
	on, seen, t := h.Describe().On, float64(h.Seen()), float64(h.lists)
	if h.lists == 2 {
		total, err := TwoLists(on[0], on[1], on[0]+on[1]-h.Seen(), 0.95)
		return total.N, total.SE, err
	}
	shifted := seen + t/2
	excess := func(x float64) float64 {
		p := 1.0
		for _, c := range on {
			p *= 1 - (float64(c)+(t+2)/(2*t))/x
		}
		return p - (1 - shifted/x)
	}
	// At the shifted count of those seen the product is positive; it crosses
	// zero once beyond, unless nobody is on two lists.
	high := 2 * shifted
	for excess(high) > 0 {
		if high *= 2; high > 1e12 {
			return 0, 0, ErrNoOverlap
		}
	}
	x := root(excess, shifted, high, 1e-12*high)
	v := 1/(x-shifted) + (t-1)/x
	for _, c := range on {
		v -= 1 / (x - float64(c) - (t+2)/(2*t))
	}
	return x - t/2, math.Sqrt(1 / v), nil
}

// correctedBehaviour returns the population of Mb or Mbh and its standard
// error, from how many people are met first on each list.
func correctedBehaviour(h Histories, e Effects) (n, se float64, err error) {
	first := h.Describe().First
	var apart float64
	if e == FirstApart {
		apart, first = float64(first[0]), first[1:]
	}
	if len(first) < 3 {
		return 0, 0, ErrTooFewCounts
	}
	d := design{names: []string{"(Intercept)", "beta"}}
	for i, c := range first {
		y := float64(c)
		switch i {
		case 0:
			y += 2
		case 1, 2:
			y--
		}
		d.x = append(d.x, []float64{1, float64(i)})
		d.y = append(d.y, max(0, y))
	}
	r := d.fit()
	again := math.Exp(r.coef[1])
	if again >= 1 {
		return 0, 0, ErrNoEstimate // no fewer new people on later lists
	}
	n = math.Exp(r.coef[0]) / (1 - again)
	g := [2]float64{n, n * again / (1 - again)}
	v := -n
	for i := range g {
		for j := range g {
			v += g[i] * g[j] * r.cov[i][j]
		}
	}
	return n + apart, math.Sqrt(max(0, v)), nil
}
