package votes

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrApart is returned for a comparison of positions that share no unit: those
// of two sessions that were fitted each by itself.
var ErrApart = errors.New("votes: the sessions were fitted apart and share no unit")

// A Difference is what one position exceeds another by.
type Difference struct {
	Value  float64
	SE     float64 // standard deviation of the posterior, as approximated
	Lo, Hi float64 // interval at the level of the space
}

// Distance returns the size of the difference and an interval around it: from
// nothing, where the interval of the difference holds zero, or from its nearer
// end, to its farther end. It covers at least as often as that of the
// difference.
func (d Difference) Distance() (value, lo, hi float64) {
	if d.Lo <= 0 && d.Hi >= 0 {
		return math.Abs(d.Value), 0, max(-d.Lo, d.Hi)
	}
	return math.Abs(d.Value), min(math.Abs(d.Lo), math.Abs(d.Hi)), max(math.Abs(d.Lo), math.Abs(d.Hi))
}

// Points returns the position of every voter in the session with the label, or
// nil where there is none.
func (s *Space) Points(session int) []Point {
	if i, ok := slices.BinarySearch(s.Sessions, session); ok {
		return slices.Clone(s.points[i])
	}
	return nil
}

// Path returns the position of a voter in every session, in order.
func (s *Space) Path(voter int) ([]Point, error) {
	if voter < 0 || voter >= s.record.voters {
		return nil, fmt.Errorf("votes: voter %d of %d", voter, s.record.voters)
	}
	path := make([]Point, len(s.points))
	for i, points := range s.points {
		path[i] = points[voter]
	}
	return path, nil
}

// Question returns what the roll call at the place t asked.
func (s *Space) Question(t int) (Question, error) {
	if t < 0 || t >= len(s.questions) {
		return Question{}, fmt.Errorf("votes: roll call %d of %d", t, len(s.questions))
	}
	return s.questions[t], nil
}

// find returns the place of a session and the position of a voter in it.
func (s *Space) find(session, voter int) (p place, at int, err error) {
	i, ok := slices.BinarySearch(s.Sessions, session)
	switch {
	case !ok:
		return place{}, 0, fmt.Errorf("votes: no session %d", session)
	case voter < 0 || voter >= s.record.voters:
		return place{}, 0, fmt.Errorf("votes: voter %d of %d", voter, s.record.voters)
	case s.points[i][voter].Votes == 0:
		return place{}, 0, fmt.Errorf("session %d, voter %d: %w", session, voter, ErrNoPosition)
	}
	p = s.places[i]
	return p, p.group.at[p.session][voter], nil
}

// ErrNoPosition is returned for a voter who cast no vote on a divided roll call
// of a session.
var ErrNoPosition = errors.New("votes: the voter has no position in the session")

// Difference returns what the position of voter a exceeds that of voter b by
// in a session, with an interval that takes account of how the two go
// together.
//
// It returns [ErrNoPosition] and an error for a session or voter that is not
// there.
func (s *Space) Difference(session, a, b int) (Difference, error) {
	p, i, err := s.find(session, a)
	if err != nil {
		return Difference{}, err
	}
	_, j, err := s.find(session, b)
	if err != nil {
		return Difference{}, err
	}
	return s.difference(p, p, i, j, p.block.At(i, i), p.block.At(i, j), p.block.At(j, j)), nil
}

// Change returns how far a voter moved from one session to another.
//
// It returns [ErrApart] where the two sessions were not fitted together, and
// the errors of [Space.Difference].
func (s *Space) Change(voter, from, to int) (Difference, error) {
	p, i, err := s.find(to, voter)
	if err != nil {
		return Difference{}, err
	}
	q, j, err := s.find(from, voter)
	if err != nil {
		return Difference{}, err
	}
	if p.group != q.group {
		return Difference{}, ErrApart
	}
	g := p.group
	unit := make([]float64, len(g.voter))
	unit[g.chain.start[p.session]+i] = 1
	column, ok := g.solution.reduced.solve(unit, 1e-8)
	if !ok {
		return Difference{}, ErrNoOptimum
	}
	return s.difference(p, q, i, j, p.block.At(i, i), column[g.chain.start[q.session]+j], q.block.At(j, j)), nil
}

// difference returns that of position i of place p and j of place q from their
// variances and covariance in the units of the priors.
func (s *Space) difference(p, q place, i, j int, vi, cov, vj float64) Difference {
	k := p.scale
	i += p.group.chain.start[p.session]
	j += q.group.chain.start[q.session]
	x, y := k.show(p.group.solution.point.theta[i]), k.show(p.group.solution.point.theta[j])
	v := k.covariance(vi, i, i, x, x) - 2*k.covariance(cov, i, j, x, y) + k.covariance(vj, j, j, y, y)
	se := math.Sqrt(max(0, v))
	return Difference{x - y, se, x - y - s.quantile*se, x - y + s.quantile*se}
}
