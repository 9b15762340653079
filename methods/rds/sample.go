package rds

import (
	"errors"
	"fmt"
	"math"
)

var (
	// ErrNobody is returned for a sample without respondents.
	ErrNobody = errors.New("rds: no respondents")
	// ErrDuplicate is returned when two respondents have one identifier.
	ErrDuplicate = errors.New("rds: two respondents with one identifier")
	// ErrUnknownRecruiter is returned when someone was recruited by a person
	// who is not in the sample and who is not the mark of a seed.
	ErrUnknownRecruiter = errors.New("rds: the recruiter is not in the sample")
	// ErrLoop is returned when recruiters lead back to where they started.
	ErrLoop = errors.New("rds: recruitment runs in a circle")
	// ErrDegree is returned when a respondent's number of ties is missing or
	// below one: whoever was recruited has a tie. The reader decides what to
	// put in its place.
	ErrDegree = errors.New("rds: no number of ties")
)

// A Sample is people who recruited each other, in the order they were
// interviewed.
type Sample struct {
	ids       []string
	recruiter []int // place of the recruiter, −1 for a seed
	degree    []float64
	wave      []int // 0 for a seed
	seed      []int // place of the seed at the root
	recruits  [][]int
	seeds     []int
}

// NewSample returns the sample of respondents with these identifiers, each with
// the identifier of the recruiter and the number of ties, in the order of the
// interviews. A recruiter equal to seedMark is none: the respondent is a seed.
//
// It returns [ErrNobody], [ErrDuplicate], [ErrUnknownRecruiter], [ErrLoop] and
// [ErrDegree], each with the respondent in question, and an error for lists of
// different length or an identifier that is the mark of a seed.
func NewSample(ids, recruiters []string, degrees []float64, seedMark string) (*Sample, error) {
	if len(ids) == 0 {
		return nil, ErrNobody
	}
	if len(recruiters) != len(ids) || len(degrees) != len(ids) {
		return nil, fmt.Errorf("rds: %d respondents, %d recruiters and %d numbers of ties", len(ids), len(recruiters), len(degrees))
	}
	place := make(map[string]int, len(ids))
	for i, id := range ids {
		if _, ok := place[id]; ok {
			return nil, fmt.Errorf("%w: %q", ErrDuplicate, id)
		}
		if id == seedMark {
			return nil, fmt.Errorf("rds: respondent %q has the identifier that marks seeds", id)
		}
		if !(degrees[i] >= 1) || math.IsInf(degrees[i], 0) {
			return nil, fmt.Errorf("%w: %v of %q", ErrDegree, degrees[i], id)
		}
		place[id] = i
	}
	recruiter := make([]int, len(ids))
	for i, r := range recruiters {
		if r == seedMark {
			recruiter[i] = -1
			continue
		}
		at, ok := place[r]
		if !ok {
			return nil, fmt.Errorf("%w: %q, who recruited %q", ErrUnknownRecruiter, r, ids[i])
		}
		recruiter[i] = at
	}
	return newSample(append([]string(nil), ids...), recruiter, append([]float64(nil), degrees...))
}

// newSample works out waves, seeds and recruits. It keeps what it is given.
func newSample(ids []string, recruiter []int, degree []float64) (*Sample, error) {
	n := len(ids)
	s := &Sample{ids: ids, recruiter: recruiter, degree: degree, wave: make([]int, n), seed: make([]int, n), recruits: make([][]int, n)}
	for i := range s.wave {
		s.wave[i] = -1
	}
	var path []int
	for i := range s.wave {
		path = path[:0]
		at := i
		for at >= 0 && s.wave[at] == -1 {
			s.wave[at] = -2 // on the way
			path = append(path, at)
			at = recruiter[at]
		}
		if at >= 0 && s.wave[at] == -2 {
			return nil, fmt.Errorf("%w: %q", ErrLoop, ids[at])
		}
		for j := len(path) - 1; j >= 0; j-- {
			p := path[j]
			if r := recruiter[p]; r < 0 {
				s.wave[p], s.seed[p] = 0, p
			} else {
				s.wave[p], s.seed[p] = s.wave[r]+1, s.seed[r]
			}
		}
	}
	for i, r := range recruiter {
		if r < 0 {
			s.seeds = append(s.seeds, i)
		} else {
			s.recruits[r] = append(s.recruits[r], i)
		}
	}
	return s, nil
}

// Len returns the number of respondents.
func (s *Sample) Len() int { return len(s.ids) }

// Degree returns how many ties respondent i has.
func (s *Sample) Degree(i int) float64 { return s.degree[i] }

// Degrees returns how many ties each respondent has.
func (s *Sample) Degrees() []float64 { return append([]float64(nil), s.degree...) }

// Wave returns how many steps of recruitment lie between respondent i and the
// seed, 0 for a seed.
func (s *Sample) Wave(i int) int { return s.wave[i] }

// Seed returns the place of the seed from which respondent i was reached.
func (s *Sample) Seed(i int) int { return s.seed[i] }

// Recruiter returns the place of the recruiter of respondent i, −1 for a seed.
func (s *Sample) Recruiter(i int) int { return s.recruiter[i] }

// Recruits returns how many people respondent i recruited.
func (s *Sample) Recruits(i int) int { return len(s.recruits[i]) }

// Seeds returns how many seeds there are.
func (s *Sample) Seeds() int { return len(s.seeds) }

// Subset returns the sample of those to keep, one bool per respondent, and
// their places in the whole. A respondent whose recruiter is left out becomes a
// seed. It returns [ErrNobody] when nobody is kept.
func (s *Sample) Subset(keep []bool) (*Sample, []int, error) {
	if len(keep) != len(s.ids) {
		return nil, nil, fmt.Errorf("rds: %d marks for %d respondents", len(keep), len(s.ids))
	}
	var places []int
	now := make([]int, len(keep))
	for i, k := range keep {
		if now[i] = -1; k {
			now[i] = len(places)
			places = append(places, i)
		}
	}
	if len(places) == 0 {
		return nil, nil, ErrNobody
	}
	var ids []string
	var recruiter []int
	var degree []float64
	for _, i := range places {
		ids = append(ids, s.ids[i])
		degree = append(degree, s.degree[i])
		r := s.recruiter[i]
		if r >= 0 {
			r = now[r]
		}
		recruiter = append(recruiter, r)
	}
	sub, err := newSample(ids, recruiter, degree)
	return sub, places, err
}

// SubPopulation returns how many people of the population the subset stands
// for, in whole persons: the share of the weights of RDS-II that its
// respondents have, times the population.
func (s *Sample) SubPopulation(keep []bool, population float64) (float64, error) {
	if len(keep) != len(s.ids) {
		return 0, fmt.Errorf("rds: %d marks for %d respondents", len(keep), len(s.ids))
	}
	var kept, all float64
	for i, d := range s.degree {
		all += 1 / d
		if keep[i] {
			kept += 1 / d
		}
	}
	return math.Round(population * kept / all), nil
}
