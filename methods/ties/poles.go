package ties

import (
	"fmt"
	"math"
)

// A Stance is where one side stands between two poles. Equidistance is 1 where
// it is as near to one as to the other and 0 where it is near to one only; Depth
// is how near it is to both on average, as a share of 1. Lean is positive where
// it is nearer the first.
type Stance struct {
	Equidistance, Depth, Lean Range
}

// Stand returns the stance between two poles of a side whose alignment with the
// first lies in the range a and with the second in b, shares of 1 in one domain:
// shares of trade, of visits, agreement of votes.
//
//	Equidistance = 1 − |a − b|/(a + b)
//	Depth        = (a + b)/2
//	Lean         = (a − b)/(a + b)
//
// Equidistance alone does not tell a side that is close to both from one that
// is close to neither, which is the difference between hedging and standing
// aside: plot it against depth. All limits are attained. Equidistance and lean
// are NaN where there is no tie to either.
//
// Assumptions: the two alignments are measured alike. The measure is
// descriptive; that a side stands in the middle does not say that it means to.
//
// It returns an error for an alignment outside [0, 1].
//
// References: none; no validated index of hedging is known to us, and this one
// is ours.
func Stand(a, b Range) (Stance, error) {
	for _, r := range []Range{a, b} {
		if !r.valid() || r.Hi > 1 {
			return Stance{}, fmt.Errorf("ties: an alignment between %v and %v", r.Lo, r.Hi)
		}
	}
	t, err := Lean(a, b)
	if err != nil {
		return Stance{}, err
	}
	s := Stance{Depth: Range{(a.Lo + b.Lo) / 2, (a.Hi + b.Hi) / 2}, Lean: t.Asymmetry}
	lo, hi := math.Abs(s.Lean.Lo), math.Abs(s.Lean.Hi)
	s.Equidistance = Range{1 - max(lo, hi), 1 - min(lo, hi)}
	if s.Lean.Lo <= 0 && s.Lean.Hi >= 0 {
		s.Equidistance.Hi = 1
	}
	return s, nil
}
