package ties

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// Span returns the range that claims of one amount cover, from the lowest end
// to the highest: what two mirror books say of one trade, 24 and 31.2, becomes
// the range from 24 to 31.2.
//
// Assumptions: the truth lies between the claims. Where all leave out the same,
// such as what crosses a border unrecorded, it can lie above them all.
//
// It returns an error without claims and for one that is no amount.
func Span(claims ...Range) (Range, error) {
	if len(claims) == 0 {
		return Range{}, ErrNoTotal
	}
	r := claims[0]
	for i, c := range claims {
		if !c.valid() {
			return Range{}, fmt.Errorf("ties: claim %d is of %v to %v", i, c.Lo, c.Hi)
		}
		r = Range{min(r.Lo, c.Lo), max(r.Hi, c.Hi)}
	}
	return r, nil
}

// Mid returns the middle of the range.
func (r Range) Mid() float64 { return (r.Lo + r.Hi) / 2 }

// Gap returns the width of the range as a share of its middle: 0.26 where
// mirror books say 24 and 31.2. It is NaN for a range of zero.
func (r Range) Gap() float64 { return (r.Hi - r.Lo) / r.Mid() }

// Contains reports whether v lies in the range, ends included.
func (r Range) Contains(v float64) bool { return r.Lo <= v && v <= r.Hi }

// amounts returns an error unless x are ranges of amounts that are not all
// zero.
func amounts(x []Range) error {
	var most float64
	for i, r := range x {
		if !r.valid() {
			return fmt.Errorf("ties: amount %d lies between %v and %v", i, r.Lo, r.Hi)
		}
		most += r.Hi
	}
	if most == 0 {
		return ErrNoTotal
	}
	if math.IsInf(most, 0) {
		return fmt.Errorf("ties: the total is too large to hold")
	}
	return nil
}

// ShareRanges returns the lowest and highest share that each partner can have
// of the total, as shares of 1, when the amount of each lies in its range:
//
//	lo_i = l_i/(l_i + Σ_{j≠i} u_j),  hi_i = u_i/(u_i + Σ_{j≠i} l_j)
//
// Both are attained, though not by all partners at once: the ends do not add
// to 1.
//
// It returns [ErrNoTotal] where all amounts are zero, and an error for a range
// of anything but amounts.
func ShareRanges(x []Range) ([]Range, error) {
	if err := amounts(x); err != nil {
		return nil, err
	}
	var low, high float64
	for _, r := range x {
		low, high = low+r.Lo, high+r.Hi
	}
	s := make([]Range, len(x))
	for i, r := range x {
		if r.Lo > 0 {
			s[i].Lo = r.Lo / (r.Lo + max(0, high-r.Hi))
		}
		if r.Hi > 0 {
			s[i].Hi = min(1, r.Hi/(r.Hi+max(0, low-r.Lo)))
		}
	}
	return s, nil
}

// level returns the lowest value, over amounts within their ranges, of a
// measure f that rises whenever something is moved from a smaller partner to a
// larger one (Schur-convex) and is quasi-convex in the amounts. Of all amounts
// with one total the most even are those cut off at one level c,
//
//	x_i = min(u_i, max(l_i, c))
//
// so the lowest is found along c: at an end of a range, or by golden section
// between the ends on both sides of the best of them.
func level(x []Range, f func([]float64) float64) float64 {
	var ends []float64
	for _, r := range x {
		ends = append(ends, r.Lo, r.Hi)
	}
	slices.Sort(ends)
	ends = slices.Compact(ends)
	cut := make([]float64, len(x))
	at := func(c float64) float64 {
		for i, r := range x {
			cut[i] = min(r.Hi, max(r.Lo, c))
		}
		if v := f(cut); !math.IsNaN(v) {
			return v
		}
		return math.Inf(1)
	}
	best, first, last := math.Inf(1), 0, 0
	for i, c := range ends {
		switch v := at(c); {
		case v < best:
			best, first, last = v, i, i
		case v == best:
			last = i
		}
	}
	const golden = 0.6180339887498949
	for i := max(0, first-1); i < min(last+1, len(ends)-1); i++ {
		a, b := ends[i], ends[i+1]
		c, d := b-golden*(b-a), a+golden*(b-a)
		fc, fd := at(c), at(d)
		for range 60 {
			best = min(best, fc, fd)
			if fc <= fd {
				b, d, fd = d, c, fc
				c = b - golden*(b-a)
				fc = at(c)
			} else {
				a, c, fc = c, d, fd
				d = a + golden*(b-a)
				fd = at(d)
			}
		}
	}
	return best
}

// few is how many ranges that have a width every corner is gone through for.
const few = 14

// corners calls visit with the sums of a and b over the partners, at every
// corner of the ranges x: of each partner's a and b at its lower or upper end,
// one partner changed at a time.
func corners(x []Range, a, b func(float64) float64, visit func(sumA, sumB float64)) {
	var sumA, sumB float64
	for _, r := range x {
		sumA, sumB = sumA+a(r.Lo), sumB+b(r.Lo)
	}
	visit(sumA, sumB)
	wide := descending(x, func(Range) float64 { return 0 })
	set := uint(0)
	for step := uint(1); step < 1<<len(wide); step++ {
		i := bits.TrailingZeros(step)
		set ^= 1 << i
		r, sign := wide[i], 1.0
		if set>>i&1 == 0 {
			sign = -1
		}
		sumA += sign * (a(r.Hi) - a(r.Lo))
		sumB += sign * (b(r.Hi) - b(r.Lo))
		visit(sumA, sumB)
	}
}

// ConcentrationRange returns the limits of the Herfindahl–Hirschman index of
// partners whose amounts lie in their ranges; all partners are known, which is
// what sets it apart from [ConcentrationBounds]. [RootHHI], [Effective] and
// [Normalised] carry the limits over.
//
// The lower limit is the index of the most even amounts, those cut off at one
// level. The upper one stands at a corner, because the index is quasi-convex in
// the amounts: some partners at their upper ends and the others at their lower.
// Which is a knapsack problem. With up to 14 uncertain amounts every corner is
// gone through; with more, taking partners in decreasing order of l+u, and one
// of them partly, along the chord of its square, gives a limit that is never too
// low.
//
// Accuracy: the lower limit is exact, and the upper one with up to 14 uncertain
// amounts; with more it can be too high by w²/4 over the square of the total, w
// the width of one range (TestRangesAgainstSearch, TestRangesOfMany).
//
// Errors are those of [ShareRanges].
//
// References: [hirschman1964].
func ConcentrationRange(x []Range) (Range, error) {
	if err := amounts(x); err != nil {
		return Range{}, err
	}
	lo := level(x, func(a []float64) float64 {
		var s, q float64
		for _, v := range a {
			s, q = s+v, q+v*v
		}
		return q / (s * s)
	})
	hi := mostUneven(x, len(descending(x, func(Range) float64 { return 0 })) <= few)
	hi = min(1, hi)
	return Range{min(lo, hi), hi}, nil
}

// mostUneven returns the largest index at a corner, or, unless all are gone
// through, a limit that is never too low.
func mostUneven(x []Range, all bool) (hi float64) {
	if all {
		corners(x, func(v float64) float64 { return v }, func(v float64) float64 { return v * v }, func(s, q float64) {
			if s > 0 {
				hi = max(hi, q/(s*s))
			}
		})
		return hi
	}
	var s, q float64
	for _, r := range x {
		s, q = s+r.Lo, q+r.Lo*r.Lo
	}
	if s > 0 {
		hi = q / (s * s)
	}
	for _, r := range descending(x, func(r Range) float64 { return r.Lo + r.Hi }) {
		b, d := r.Hi*r.Hi-r.Lo*r.Lo, r.Hi-r.Lo
		for _, t := range []float64{1, (b*s - 2*q*d) / (b * d)} {
			if t > 0 && t <= 1 {
				hi = max(hi, (q+b*t)/((s+d*t)*(s+d*t)))
			}
		}
		s, q = s+d, q+b
	}
	return hi
}

// descending returns the ranges that have a width in decreasing order of a key.
func descending(x []Range, key func(Range) float64) []Range {
	var wide []Range
	for _, r := range x {
		if r.Hi > r.Lo {
			wide = append(wide, r)
		}
	}
	slices.SortStableFunc(wide, func(a, b Range) int { return cmp.Compare(key(b), key(a)) })
	return wide
}

// xlnx returns x·ln x, 0 at 0.
func xlnx(x float64) float64 {
	if x == 0 {
		return 0
	}
	return x * math.Log(x)
}

// EntropyRange returns the limits of [Entropy], in nats, of partners whose
// amounts lie in their ranges. The upper limit is that of the most even amounts
// and exact. The lower one is found at a corner as in [ConcentrationRange], with
// more than 14 uncertain amounts by taking partners in decreasing order of
// (u·ln u − l·ln l)/(u − l), when it is never too high and too low by at most
// w/e over the total, w the width of one range.
//
// Errors are those of [ShareRanges].
//
// References: [shannon1948].
func EntropyRange(x []Range) (Range, error) {
	if err := amounts(x); err != nil {
		return Range{}, err
	}
	hi := -level(x, func(a []float64) float64 {
		var s, n float64
		for _, v := range a {
			s, n = s+v, n+xlnx(v)
		}
		return n/s - math.Log(s)
	})
	lo := max(0, leastSpread(x, len(descending(x, func(Range) float64 { return 0 })) <= few))
	return Range{lo, max(lo, hi)}, nil
}

// leastSpread returns the smallest entropy at a corner, or, unless all are gone
// through, a limit that is never too high.
func leastSpread(x []Range, all bool) float64 {
	lo := math.Inf(1)
	if all {
		corners(x, func(v float64) float64 { return v }, func(v float64) float64 { return -xlnx(v) }, func(s, n float64) {
			if s > 0 {
				lo = min(lo, n/s+math.Log(s))
			}
		})
		return lo
	}
	var s, n float64
	for _, r := range x {
		s, n = s+r.Lo, n-xlnx(r.Lo)
	}
	if s > 0 {
		lo = n/s + math.Log(s)
	}
	for _, r := range descending(x, func(r Range) float64 { return (xlnx(r.Hi) - xlnx(r.Lo)) / (r.Hi - r.Lo) }) {
		b, d := xlnx(r.Lo)-xlnx(r.Hi), r.Hi-r.Lo
		for _, t := range []float64{1, (n*d - b*s - d*s) / (d * d)} {
			if t > 0 && t <= 1 {
				lo = min(lo, (n+b*t)/(s+d*t)+math.Log(s+d*t))
			}
		}
		s, n = s+d, n+b
	}
	return lo
}

// LargestRange returns the limits of the sum of the k largest shares, as a
// share of 1, of partners whose amounts lie in their ranges; both are attained.
// The upper limit is the largest U/(U + rest) over sets of k partners, U their
// upper ends and rest the lower ends of the others, found by Dinkelbach's
// method: at a ratio λ the best set is the k largest of (1−λ)·u + λ·l.
//
// Errors are those of [ShareRanges], and k below 1.
//
// References: [dinkelbach1967].
func LargestRange(x []Range, k int) (Range, error) {
	if err := amounts(x); err != nil {
		return Range{}, err
	}
	if k < 1 {
		return Range{}, fmt.Errorf("ties: the %d largest", k)
	}
	k = min(k, len(x))
	lo := level(x, func(a []float64) float64 {
		var s, top float64
		sorted := slices.Sorted(slices.Values(a))
		for i, v := range sorted {
			s += v
			if i >= len(sorted)-k {
				top += v
			}
		}
		return top / s
	})
	ratio := 0.0
	for range 100 {
		order := slices.Clone(x)
		slices.SortStableFunc(order, func(a, b Range) int {
			return cmp.Compare((1-ratio)*b.Hi+ratio*b.Lo, (1-ratio)*a.Hi+ratio*a.Lo)
		})
		var top, rest float64
		for i, r := range order {
			if i < k {
				top += r.Hi
			} else {
				rest += r.Lo
			}
		}
		next := top / (top + rest)
		if next <= ratio {
			break
		}
		ratio = next
	}
	return Range{min(lo, ratio), ratio}, nil
}

// many is how many partners OverlapRange goes through every set of.
const many = 20

// OverlapRange returns the limits of [Overlap] with the shares w that somebody
// wants, of partners whose amounts lie in their ranges. The upper limit is the
// best over totals S, at each of which every amount comes as near to w_i·S as
// its range allows; it is attained. The lower one is
//
//	1 − max over sets A of [ U_A/(U_A + L_rest) − w(A) ]
//
// with U_A the upper ends of A and L_rest the lower ends of the others, over
// every set of up to 20 partners; with more it is Σ min(lo_i, w_i) of the ranges
// of shares, which is never too high and not always attained.
//
// Errors are those of [ShareRanges], and those of Overlap for w.
func OverlapRange(x []Range, w []float64) (Range, error) {
	if err := amounts(x); err != nil {
		return Range{}, err
	}
	if len(x) != len(w) {
		return Range{}, fmt.Errorf("ties: %d amounts against %d wanted", len(x), len(w))
	}
	if err := check(w); err != nil {
		return Range{}, err
	}
	var low, high float64
	for _, r := range x {
		low, high = low+r.Lo, high+r.Hi
	}
	// Short returns how far the amounts nearest to w·S add to less than S,
	// and how far they are from w·S in all.
	short := func(s float64) (missing, apart float64) {
		missing = s
		for i, r := range x {
			y := min(r.Hi, max(r.Lo, w[i]*s))
			missing -= y
			apart += math.Abs(y - w[i]*s)
		}
		return missing, apart
	}
	at := []float64{low, high}
	for i, r := range x {
		if w[i] > 0 {
			at = append(at, r.Lo/w[i], r.Hi/w[i])
		}
	}
	// Where the amounts nearest to w·S add to S: missing rises with S.
	a, b := low, high
	for range 100 {
		if mid := (a + b) / 2; mid > a && mid < b {
			if m, _ := short(mid); m > 0 {
				b = mid
			} else {
				a = mid
			}
		}
	}
	at = append(at, a, b)
	hi := 0.0
	for _, s := range at {
		if s > 0 && s >= low && s <= high {
			missing, apart := short(s)
			hi = max(hi, 1-(apart+math.Abs(missing))/(2*s))
		}
	}
	lo := 0.0
	if n := len(x); n <= many {
		worst, top, rest, want := 0.0, 0.0, low, 0.0
		set := uint(0)
		for step := uint(1); step < 1<<n; step++ { // one partner in or out at a time
			i := bits.TrailingZeros(step)
			set ^= 1 << i
			if set>>i&1 == 1 {
				top, rest, want = top+x[i].Hi, rest-x[i].Lo, want+w[i]
			} else {
				top, rest, want = top-x[i].Hi, rest+x[i].Lo, want-w[i]
			}
			if total := top + max(0, rest); total > 0 {
				worst = max(worst, top/total-want)
			}
		}
		lo = 1 - worst
	} else {
		shares, err := ShareRanges(x)
		if err != nil {
			return Range{}, err
		}
		for i, s := range shares {
			lo += min(s.Lo, w[i])
		}
	}
	lo = max(0, min(1, lo))
	return Range{lo, max(lo, min(1, hi))}, nil
}

// Spread returns quantiles of any measure of amounts that lie in their ranges,
// each drawn evenly over its range and independently of the others: the central
// interval of the given level, such as 0.9. It is narrower than the limits,
// which hold however the claims err.
//
// Assumptions: nothing says that one end of a range is nearer the truth, and
// partners' errors do not go together. Where all books of one partner err the
// same way, the interval is too narrow.
//
// The same rng gives the same interval. Values of f that are NaN are left out.
// Spread returns the errors of [ShareRanges], an error for fewer than 100 draws
// or a level outside (0, 1), and one when f is NaN for more than half of them.
func Spread(x []Range, level float64, draws int, rng *rand.Rand, f func([]float64) float64) (Range, error) {
	if err := amounts(x); err != nil {
		return Range{}, err
	}
	if !(level > 0 && level < 1) || draws < 100 {
		return Range{}, fmt.Errorf("ties: %d draws at level %v", draws, level)
	}
	drawn := make([]float64, len(x))
	var values []float64
	for range draws {
		for i, r := range x {
			drawn[i] = r.Lo + (r.Hi-r.Lo)*rng.Float64()
		}
		if v := f(drawn); !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	if 2*len(values) < draws {
		return Range{}, fmt.Errorf("ties: the measure is missing for %d of %d draws", draws-len(values), draws)
	}
	slices.Sort(values)
	out := int((1 - level) / 2 * float64(len(values)))
	return Range{values[out], values[len(values)-1-out]}, nil
}
