package rds

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// ErrGroups is returned when the respondents are not of at least two groups, or
// not as many as the sample has.
var ErrGroups = errors.New("rds: respondents are not of two groups or more")

// Groups says which group of the population each respondent belongs to.
type Groups struct {
	Names []string // in increasing order
	Of    []int    // place in Names of each respondent's group, −1 where not known
}

// NewGroups returns the groups of respondents with these answers. The empty
// answer is not known: it belongs to no group and says nothing.
func NewGroups(answers []string) Groups {
	g := Groups{Of: make([]int, len(answers))}
	for _, a := range answers {
		if a != "" {
			g.Names = append(g.Names, a)
		}
	}
	slices.Sort(g.Names)
	g.Names = slices.Compact(g.Names)
	for i, a := range answers {
		g.Of[i] = -1
		if a != "" {
			g.Of[i], _ = slices.BinarySearch(g.Names, a)
		}
	}
	return g
}

// Cut returns the groups of respondents with these numbers: each number a group
// of its own when there are no more of them than asked for, and otherwise as
// many groups of nearly equal length, from low to high. NaN is not known.
func Cut(values []float64, groups int) Groups {
	var known []float64
	for _, v := range values {
		if !math.IsNaN(v) {
			known = append(known, v)
		}
	}
	slices.Sort(known)
	distinct := slices.Compact(slices.Clone(known))
	answers := make([]string, len(values))
	if len(distinct) > groups {
		// Upper ends of the groups; equal numbers stay together.
		var ends []float64
		for k := 1; k < groups; k++ {
			ends = append(ends, known[(len(known)*k-1)/groups])
		}
		distinct = slices.Compact(append(ends, known[len(known)-1]))
	}
	for i, v := range values {
		if math.IsNaN(v) {
			continue
		}
		k, _ := slices.BinarySearch(distinct, v)
		answers[i] = fmt.Sprintf("%0*d", len(strconv.Itoa(len(distinct))), k+1)
	}
	g := NewGroups(answers)
	for i := range g.Names {
		g.Names[i] = strconv.FormatFloat(distinct[i], 'g', -1, 64)
	}
	return g
}

// valid says whether the groups are those of the sample.
func (g Groups) valid(s *Sample) error {
	if len(g.Of) != s.Len() {
		return fmt.Errorf("%w: %d answers of %d respondents", ErrGroups, len(g.Of), s.Len())
	}
	for i, k := range g.Of {
		if k < -1 || k >= len(g.Names) {
			return fmt.Errorf("%w: respondent %d is of group %d of %d", ErrGroups, i, k, len(g.Names))
		}
	}
	if len(g.Names) < 2 {
		return fmt.Errorf("%w: %d of them", ErrGroups, len(g.Names))
	}
	return nil
}

// subset returns the groups of the respondents at the places, without groups
// that nobody there is of.
func (g Groups) subset(places []int) Groups {
	answers := make([]string, len(places))
	for i, p := range places {
		if k := g.Of[p]; k >= 0 {
			answers[i] = g.Names[k]
		}
	}
	return NewGroups(answers)
}

// sizes returns how many respondents are of each group.
func (g Groups) sizes() []int {
	n := make([]int, len(g.Names))
	for _, k := range g.Of {
		if k >= 0 {
			n[k]++
		}
	}
	return n
}
