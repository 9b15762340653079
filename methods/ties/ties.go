package ties

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrNoTotal is returned when every amount is missing or all are zero, so that
// there is no total to hold a share of.
var ErrNoTotal = errors.New("ties: no total to share")

// Shares returns each partner's share of the total of x, as a share of 1. A
// missing amount (NaN) stays missing and leaves the total, which makes the
// shares of the others too high.
//
// Shares returns [ErrNoTotal] when nothing is left to divide by, and another
// error for an amount that is negative or infinite.
func Shares(x []float64) ([]float64, error) {
	var total float64
	for i, v := range x {
		if math.IsNaN(v) {
			continue
		}
		if v < 0 || math.IsInf(v, 0) {
			return nil, fmt.Errorf("ties: value %d is %v, not an amount", i, v)
		}
		total += v
	}
	if total == 0 {
		return nil, ErrNoTotal
	}
	if math.IsInf(total, 0) {
		return nil, errors.New("ties: the total is too large to hold")
	}
	s := make([]float64, len(x))
	for i, v := range x {
		s[i] = v / total
	}
	return s, nil
}

// whole is how far shares may add to more or less than 1: shares printed to
// six decimals pass, shares of an incomplete table do not.
const whole = 1e-6

// check returns an error unless s are shares of 1 that add to 1.
func check(s []float64) error {
	var sum float64
	for i, v := range s {
		if !(v >= 0 && v <= 1+whole) {
			return fmt.Errorf("ties: share %d is %v", i, v)
		}
		sum += v
	}
	if math.Abs(sum-1) > whole {
		return fmt.Errorf("ties: shares add to %v, not 1; use ConcentrationBounds where partners are missing", sum)
	}
	return nil
}

// Concentration returns the Herfindahl–Hirschman index of the shares s of a
// whole, between 1/len(s) and 1:
//
//	H = Σ s_i²
//
// Assumptions: the partners are separate. Where two act as one, H is too low;
// where one is really several, too high.
//
// It returns an error for a share that is missing or outside [0, 1], and when
// the shares do not add to 1.
//
// References: [hirschman1964].
func Concentration(s []float64) (float64, error) {
	if err := check(s); err != nil {
		return 0, err
	}
	var h float64
	for _, v := range s {
		h += v * v
	}
	return h, nil
}

// RootHHI returns 100√H, the index in points of 100, from the index h as a
// share of 1. It rises with h, so it turns limits of one into limits of the
// other.
//
// References: [hirschman1964].
func RootHHI(h float64) float64 { return 100 * math.Sqrt(h) }

// Effective returns 1/H, the number of partners of equal size that would be as
// concentrated. It falls as h rises: limits change places.
//
// References: [laakso1979].
func Effective(h float64) float64 { return 1 / h }

// Normalised returns the index of n partners stretched so that equal division
// is 0 and a single partner 1:
//
//	(H − 1/n) / (1 − 1/n)
//
// It is NaN for fewer than two partners. It depends on how many partners of no
// size are counted: the more, the closer it comes to H.
func Normalised(h float64, n int) float64 {
	if n < 2 {
		return math.NaN()
	}
	e := 1 / float64(n)
	return (h - e) / (1 - e)
}

// Entropy returns −Σ s_i ln s_i of the shares of a whole, in nats: 0 for one
// partner, ln n for n equal ones. Its exponential is a number of partners,
// never below [Effective]. Errors are those of [Concentration].
//
// References: [shannon1948].
func Entropy(s []float64) (float64, error) {
	if err := check(s); err != nil {
		return 0, err
	}
	var e float64
	for _, v := range s {
		if v > 0 {
			e -= v * math.Log(v)
		}
	}
	return max(0, e), nil
}

// Largest returns the sum of the k largest shares of a whole, as a share of 1.
// Errors are those of [Concentration], and k below 1.
func Largest(s []float64, k int) (float64, error) {
	if err := check(s); err != nil {
		return 0, err
	}
	if k < 1 {
		return 0, fmt.Errorf("ties: the %d largest", k)
	}
	sorted := slices.Sorted(slices.Values(s))
	var sum float64
	for _, v := range sorted[max(0, len(sorted)-k):] {
		sum += v
	}
	return sum, nil
}

// Overlap returns the part of the shares s that lies where the shares w of the
// same partners, in the same order, want it, as a share of 1:
//
//	1 − ½ Σ |s_i − w_i|
//
// One minus it is the part that would have to move. Errors are those of
// [Concentration] for either, and lists of different length.
func Overlap(s, w []float64) (float64, error) {
	if len(s) != len(w) {
		return 0, fmt.Errorf("ties: %d shares against %d wanted", len(s), len(w))
	}
	for _, x := range [][]float64{s, w} {
		if err := check(x); err != nil {
			return 0, err
		}
	}
	var apart float64
	for i := range s {
		apart += math.Abs(s[i] - w[i])
	}
	return 1 - apart/2, nil
}

// A Side is one of two trading partners, in one currency and year.
type Side struct {
	Trade float64 // its trade with everyone, exports and imports
	GDP   float64 // its product; NaN where missing
}

// A Dyad is what two partners are to each other. The first six fields are
// shares of 1; Asymmetry lies between −1 and 1.
type Dyad struct {
	ShareA, ShareB  float64 // of all trade of each
	Salience        float64 // √(ShareA·ShareB): how much the tie matters to both
	Symmetry        float64 // 1 − |ShareA − ShareB|: how evenly
	Interdependence float64 // Salience·Symmetry
	DependenceA     float64 // trade of the pair / product of A
	DependenceB     float64 // trade of the pair / product of B; can exceed 1
	Lower           float64 // the smaller of the two
	Asymmetry       float64 // (DependenceA − DependenceB) / (DependenceA + DependenceB); positive when A depends more
}

// Between returns the dependence on each other of partners a and b with trade,
// exports and imports together, between them. The last four fields are NaN
// when either product is missing; Asymmetry is also NaN without trade.
//
// Assumptions: what a records with b is what b records with a. Where the two
// books differ, take one for all three figures or show the range. Goods that
// only pass through raise every share.
//
// Accuracy: rounding only (TestConformanceVectors).
//
// Between returns an error for trade that is negative or more than either
// side's total, a total that is not above zero, and a product that is not
// above zero.
//
// References: [barbieri1996] for the shares and what is made of them;
// [oneal1997] for dependence and its lower value; [gartzke2003] on the
// difference.
func Between(trade float64, a, b Side) (Dyad, error) {
	for _, s := range []Side{a, b} {
		switch {
		case !(s.Trade > 0) || math.IsInf(s.Trade, 0):
			return Dyad{}, fmt.Errorf("ties: a total trade of %v", s.Trade)
		case !(trade >= 0 && trade <= s.Trade):
			return Dyad{}, fmt.Errorf("ties: trade of %v in a total of %v", trade, s.Trade)
		case s.GDP <= 0 || math.IsInf(s.GDP, 0):
			return Dyad{}, fmt.Errorf("ties: a product of %v", s.GDP)
		}
	}
	d := Dyad{ShareA: trade / a.Trade, ShareB: trade / b.Trade, DependenceA: trade / a.GDP, DependenceB: trade / b.GDP}
	d.Salience = math.Sqrt(d.ShareA * d.ShareB)
	d.Symmetry = 1 - math.Abs(d.ShareA-d.ShareB)
	d.Interdependence = d.Salience * d.Symmetry
	if math.IsNaN(a.GDP) || math.IsNaN(b.GDP) {
		d.DependenceA, d.DependenceB = math.NaN(), math.NaN()
	}
	d.Lower = min(d.DependenceA, d.DependenceB)
	d.Asymmetry = (d.DependenceA - d.DependenceB) / (d.DependenceA + d.DependenceB)
	return d, nil
}
