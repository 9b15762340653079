package capture

import (
	"errors"
	"fmt"
	"math"
)

// ErrNobodyKnown is returned when the respondents know nobody in the groups of
// known size, so that the size of their circles is not known, or nobody in the
// group to be sized.
var ErrNobodyKnown = errors.New("capture: the respondents know nobody in the groups of known size, or in the group")

// A Group is one of known size in a network scale-up survey.
type Group struct {
	Name string
	Size float64 // persons
}

// A Held is what the survey says of a group of known size when that group is
// left out.
type Held struct {
	Group
	N     float64 // estimated size, persons
	Ratio float64 // estimate over size
}

// A ScaledUp is a group's size estimated by how many of it people know.
type ScaledUp struct {
	// Total is the estimate. Its interval is wider than its standard error
	// says: it holds the errors that the groups of known size show.
	Total
	Binomial        Total     // with the interval of the standard error alone
	Degrees         []float64 // how many people each respondent knows
	MeanDegree      float64
	MeanLog, SDLog  float64 // of the logarithm of degrees above zero
	Held            []Held  // one for each group of known size, in the order given
	Error           float64 // root mean square of the logarithm of the ratios held out
	HeldWithoutAny  int     // groups of known size of which nobody knows anyone
	RespondentsNone int     // respondents who know nobody in the groups of known size
}

// ScaleUp estimates the size of a group from how many of its members
// respondents know, and how many of groups of known size. With y_ik how many of
// group k of size N_k respondent i knows, and population T:
//
//	d_i = T·Σ_k y_ik / Σ_k N_k
//	N   = T·Σ_i y_iu / Σ_i d_i
//	SE  = √( T·N / Σ d_i )
//
// Held leaves out one known group at a time and estimates it from the others.
// With e the root mean square of the logarithms of these estimates over the
// true sizes, the interval is
//
//	Lo, Hi = N·exp( ∓ z·√( (SE/N)² + e² ) )
//
// Assumptions: people of the group are as well known as others (who live apart
// are known less, and N is too low); what one knows of others is visible (a
// group that does not show itself makes N too low); answers are right for large
// circles (they are not: large groups are under-reported). A dispersed group
// breaks all three. Use the result beside others, never alone.
//
// Accuracy: rounding only for the estimates (TestConformanceMisc). SE assumes
// that all know each group at random: where groups are known more and less than
// they should be by a factor of e^0.3, its 0.95 interval covers 0.38 and the wider
// one 0.96 (TestScaleUpCoverage).
//
// ScaleUp returns [ErrNobodyKnown], an error for fewer than two known groups or
// sizes and answers that cannot be, and for a level outside (0, 1).
//
// References: [killworth1998]; [maltiel2015].
func ScaleUp(known []Group, answers [][]float64, target []float64, population, level float64) (ScaledUp, error) {
	var s ScaledUp
	switch {
	case len(known) < 2:
		return s, fmt.Errorf("capture: %d groups of known size; want 2 or more", len(known))
	case len(answers) == 0 || len(target) != len(answers):
		return s, fmt.Errorf("capture: %d respondents, %d of them about the group", len(answers), len(target))
	case !(population > 0) || math.IsInf(population, 0):
		return s, fmt.Errorf("capture: population %v", population)
	case !(level > 0 && level < 1):
		return s, fmt.Errorf("capture: level %v outside (0, 1)", level)
	}
	var sizes float64
	for _, g := range known {
		if !(g.Size > 0) || g.Size > population {
			return s, fmt.Errorf("capture: group %q of %v in a population of %v", g.Name, g.Size, population)
		}
		sizes += g.Size
	}
	knows := make([]float64, len(known)) // by group
	var all, in float64
	logs := []float64{}
	for i, row := range answers {
		if len(row) != len(known) {
			return s, fmt.Errorf("capture: respondent %d answered for %d groups of %d", i, len(row), len(known))
		}
		var sum float64
		for k, y := range append(row[:len(row):len(row)], target[i]) {
			if !(y >= 0) || math.IsInf(y, 0) {
				return s, fmt.Errorf("capture: respondent %d knows %v people", i, y)
			}
			if k < len(known) {
				knows[k] += y
				sum += y
			}
		}
		in += target[i]
		all += sum
		d := population * sum / sizes
		s.Degrees = append(s.Degrees, d)
		if d > 0 {
			logs = append(logs, math.Log(d))
		} else {
			s.RespondentsNone++
		}
	}
	if all == 0 || in == 0 {
		return s, ErrNobodyKnown
	}
	n := float64(len(answers))
	degrees := population * all / sizes
	s.MeanDegree = degrees / n
	for _, l := range logs {
		s.MeanLog += l / float64(len(logs))
	}
	for _, l := range logs {
		s.SDLog += (l - s.MeanLog) * (l - s.MeanLog) / float64(len(logs))
	}
	s.SDLog = math.Sqrt(s.SDLog)
	s.N = population * in / degrees
	s.SE = math.Sqrt(population * s.N / degrees)

	var squares float64
	for k, g := range known {
		h := Held{Group: g}
		if others := all - knows[k]; others > 0 {
			h.N = population * knows[k] / (population * others / (sizes - g.Size))
			h.Ratio = h.N / g.Size
		}
		if h.Ratio > 0 {
			squares += math.Log(h.Ratio) * math.Log(h.Ratio)
		} else {
			s.HeldWithoutAny++
		}
		s.Held = append(s.Held, h)
	}
	if used := len(known) - s.HeldWithoutAny; used > 0 {
		s.Error = math.Sqrt(squares / float64(used))
	}
	z := normal(level)
	c, wide := math.Exp(z*s.SE/s.N), math.Exp(z*math.Hypot(s.SE/s.N, s.Error))
	s.Binomial = Total{s.N, s.SE, s.N / c, s.N * c}
	s.Lo, s.Hi = s.N/wide, s.N*wide
	return s, nil
}
