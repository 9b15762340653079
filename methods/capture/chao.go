package capture

import (
	"fmt"
	"math"
)

// LowerBound returns Chao's estimate of how many people there are at least,
// from how many were met once and how many twice among those seen:
//
//	N = seen + once²/(2·twice)               plain
//	N = seen + once·(once−1)/(2·(twice+1))   corrected
//
// The corrected form has less bias and also serves when nobody was met twice.
//
// Assumptions: each person is met as the events of a Poisson process, at a rate
// of their own. Whatever the rates, the expectation of N is at most the
// population; the less the rates differ, the closer. If meetings repeat within
// one source, once is too low and so is N.
//
// Accuracy: rounding only (TestConformanceMisc); that it stays below is
// measured by TestLowerBoundIsOne.
//
// LowerBound returns [ErrNoOverlap] for the plain form when nobody was met
// twice, and an error for counts that cannot be.
//
// References: [chao1987]; [chao1989] for the correction.
func LowerBound(seen, once, twice int, corrected bool) (float64, error) {
	switch {
	case once < 0 || twice < 0 || seen < once+twice:
		return 0, fmt.Errorf("capture: %d met once and %d twice of %d seen", once, twice, seen)
	case corrected:
		return float64(seen) + float64(once)*float64(once-1)/(2*float64(twice+1)), nil
	case twice == 0:
		return 0, ErrNoOverlap
	}
	return float64(seen) + float64(once)*float64(once)/(2*float64(twice)), nil
}

// lowerBoundOf returns the corrected lower bound for a known number of
// occasions, with its standard error.
func lowerBoundOf(seen, once, twice, occasions float64) (n, se float64) {
	share := (occasions - 1) / occasions
	pairs := once * (once - 1)
	unseen := share * pairs / (2 * (twice + 1))
	v := unseen + share*share*pairs*(once*once+4*once*twice+3*once-6*twice-6)/
		(4*(twice+1)*(twice+1)*(twice+2))
	return seen + unseen, math.Sqrt(v)
}
