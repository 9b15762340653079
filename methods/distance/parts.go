package distance

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Part is a group of a population and the share of it that belongs to it, as
// a share of 1.
type Part struct {
	Name  string
	Share float64
}

// Limits are a value and the ends it cannot lie outside, whatever the parts
// nobody named turn out to be.
type Limits struct{ Value, Lo, Hi float64 }

// ErrNoParts is returned when a population names no part, so that there is
// nothing to compare.
var ErrNoParts = errors.New("distance: a population without parts")

// Apart returns which share of the people of either population would have to
// change group for the two to be divided alike, from 0 to 1:
//
//	d = 1 − Σ min(p_i, q_i)
//
// It is half the sum of absolute differences, and a metric. The value takes
// what is not named on one side to be in no group of the other; the lower limit
// takes it to match as far as it can.
//
// Assumptions: a person is in one group. Shares that add to more than 1, as
// where people name two languages, are divided by their sum, which makes d
// either too high or too low. One group under two names makes d too high.
//
// It returns [ErrNoParts], and an error for a share outside [0, 1] and a name
// that stands twice.
func Apart(p, q []Part) (Limits, error) {
	a, b, err := pair(p, q)
	if err != nil {
		return Limits{}, err
	}
	var both float64
	for _, name := range a.names {
		both += min(a.of[name], b.of[name])
	}
	// What is left on each side, and the part of it that is in no named group.
	// The unnamed of one side can match anything left on the other.
	left := 1 - both
	more := min(left, a.rest+b.rest)
	d := clamp(1 - both)
	return Limits{Value: d, Lo: clamp(min(d, d-more)), Hi: d}, nil
}

// Unshared returns the chance that two people drawn at random, one of each
// population, belong to no common group:
//
//	d = 1 − Σ p_i q_i
//
// It is Greenberg's measure of diversity taken between two populations; the distance of a population
// to itself is its own diversity, not 0, so it is no metric.
//
// Assumptions: as for [Apart]. Where people speak several languages and a
// table counts one, d is too high. The lower limit lets those in no named group
// share the other side's largest one, and so may be lower than can be.
//
// References: [greenberg1956].
func Unshared(p, q []Part) (Limits, error) {
	a, b, err := pair(p, q)
	if err != nil {
		return Limits{}, err
	}
	var both, largestA, largestB float64
	for _, name := range a.names {
		both += a.of[name] * b.of[name]
		largestA = max(largestA, a.of[name])
	}
	for _, name := range b.names {
		largestB = max(largestB, b.of[name])
	}
	d := clamp(1 - both)
	return Limits{Value: d, Lo: clamp(d - a.rest*largestB - b.rest*largestA - a.rest*b.rest), Hi: d}, nil
}

func clamp(x float64) float64 { return max(0, min(1, x)) }

// A divided is a population as both measures want it.
type divided struct {
	names []string // sorted, so that sums do not depend on the order of the rows
	of    map[string]float64
	rest  float64 // in no named group
}

func pair(p, q []Part) (a, b divided, err error) {
	if a, err = divide(p); err != nil {
		return a, b, err
	}
	b, err = divide(q)
	return a, b, err
}

func divide(p []Part) (divided, error) {
	d := divided{of: map[string]float64{}}
	p = slices.Clone(p)
	slices.SortFunc(p, func(x, y Part) int { return strings.Compare(x.Name, y.Name) })
	var sum float64
	for _, x := range p {
		if !(x.Share >= 0 && x.Share <= 1) {
			return d, fmt.Errorf("distance: %s has share %v", x.Name, x.Share)
		}
		if _, twice := d.of[x.Name]; twice {
			return d, fmt.Errorf("distance: %s stands twice", x.Name)
		}
		d.names, d.of[x.Name] = append(d.names, x.Name), x.Share
		sum += x.Share
	}
	if sum == 0 {
		return d, ErrNoParts
	}
	if sum > 1 {
		for name, x := range d.of {
			d.of[name] = x / sum
		}
		sum = 1
	}
	d.rest = 1 - sum
	return d, nil
}
