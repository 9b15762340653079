package ties

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// A Range is what is known of a number: it lies between Lo and Hi.
type Range struct {
	Lo, Hi float64
}

// valid reports whether r is a range of finite amounts.
func (r Range) valid() bool { return r.Lo >= 0 && r.Lo <= r.Hi && !math.IsInf(r.Hi, 0) }

// ShareRange returns the lowest and highest share of 1 that the part can have
// of the whole it belongs to:
//
//	Lo = part.Lo / whole.Hi
//	Hi = min(1, part.Hi / whole.Lo)
//
// Both are attained: a part cannot exceed its whole, so pairs in which it
// would are not counted.
//
// It returns an error for ranges that are not of amounts, a whole of zero, and
// a part that exceeds the whole wherever in their ranges the two lie.
func ShareRange(part, whole Range) (Range, error) {
	switch {
	case !part.valid() || !whole.valid():
		return Range{}, fmt.Errorf("ties: %v of %v are not ranges of amounts", part, whole)
	case whole.Hi == 0:
		return Range{}, ErrNoTotal
	case part.Lo > whole.Hi:
		return Range{}, fmt.Errorf("ties: a part of at least %v in a whole of at most %v", part.Lo, whole.Hi)
	case part.Hi == 0:
		return Range{}, nil
	}
	return Range{part.Lo / whole.Hi, min(1, part.Hi/whole.Lo)}, nil
}

// ConcentrationBounds returns the limits of the Herfindahl–Hirschman index
// Σ s² over all partners, when the shares of some are known to lie in the
// ranges known, as shares of 1, and the rest of the whole is divided in an
// unknown way among an unknown number of others. With largest set, those known
// are the largest: no other partner exceeds the smallest of them.
//
// With l and u the ends of the ranges, w = u − l, and the rest r = 1 − Σ x for
// shares x:
//
//	lo = Σ l²
//
// Taking from a known share and spreading it thinly among ever more others
// always lowers the index, so this is its greatest lower limit. For the upper
// one:
//
//	largest, Σu ≤ 1:  hi = Σ u² + k·m² + (1 − Σu − k·m)²,  m = min u,  k = ⌊(1 − Σu)/m⌋
//	largest, Σu > 1:  hi = Σ l² + Σ (l+u)·t,  Σ t = 1 − Σl
//	otherwise:        hi = max over j of Σ l² + Σ (l+u)·t + (1 − Σl − Σ t)²
//
// where t ≤ w is filled in decreasing order of l+u: up to the whole in the
// second line, and for the first j ranges, as far as the whole allows, in the
// third.
//
// Why: moving a little from a smaller share to a larger one raises a sum of
// squares. Where those known are the largest, anything another partner holds is
// worth more in a known share with room left; so either every known share is at
// its upper end and the rest is packed into others of size m, or nothing is
// left over. Where another may be larger, all others are best joined into one
// partner of size r. For given Σ t the squares of known shares are at most
// their chords, l² + (l+u)·t, whose largest sum is had by filling the steepest
// first; that is concave and piecewise linear in r while r² is convex, so the
// largest total is at a corner, where every range but perhaps the last is full
// or empty.
//
// Accuracy: lo is exact, as the limit of ever smaller others. So is hi, except
// where the ranges leave room to use up the whole and doing so is best: then
// one share stands inside its range and hi may be too high by at most w²/4 of
// that range, 0.000025 for shares rounded to a whole percent. Finding the exact
// value there is a knapsack problem. TestBoundsAgainstSearch compares with
// every corner of small cases and with shares drawn at random.
//
// Assumptions: the ranges hold. A range that is too narrow gives limits that
// are too narrow, and so does a partner left out of a list said to hold the
// largest. A partner known to hold exactly nothing says nothing about the
// others and is left aside.
//
// ConcentrationBounds returns an error for a range that is not inside [0, 1]
// and when the lower ends add to more than 1. With no partner known the limits
// are 0 and 1.
//
// References: [hirschman1964]; [kvalseth2018] for bounds from the largest
// shares without ranges.
func ConcentrationBounds(known []Range, largest bool) (lo, hi float64, err error) {
	steep := make([]Range, 0, len(known))
	var low, high float64
	smallest := 1.0
	for i, r := range known {
		if !r.valid() || r.Hi > 1 {
			return 0, 0, fmt.Errorf("ties: share %d lies between %v and %v", i, r.Lo, r.Hi)
		}
		if r.Hi == 0 {
			continue
		}
		steep = append(steep, r)
		low, high = low+r.Lo, high+r.Hi
		lo += r.Lo * r.Lo
		smallest = min(smallest, r.Hi)
	}
	if low > 1+whole {
		return 0, 0, fmt.Errorf("ties: the known shares add to at least %v", low)
	}
	if largest && high <= 1 {
		for _, r := range steep {
			hi += r.Hi * r.Hi
		}
		left := 1 - high
		k := math.Floor(left / smallest)
		last := left - k*smallest
		return lo, min(1, hi+k*smallest*smallest+last*last), nil
	}
	slices.SortFunc(steep, func(a, b Range) int { return cmp.Compare(b.Lo+b.Hi, a.Lo+a.Hi) })
	sum, left := lo, max(0, 1-low)
	if !largest {
		hi = sum + left*left
	}
	for _, r := range steep {
		t := min(left, r.Hi-r.Lo)
		sum += (r.Lo + r.Hi) * t
		left -= t
		if !largest {
			hi = max(hi, sum+left*left)
		}
	}
	if largest {
		hi = sum
	}
	return lo, min(1, max(lo, hi)), nil
}
