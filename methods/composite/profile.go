package composite

import (
	"math"
	"slices"
)

// A Standing is where a unit stands on one element.
type Standing struct {
	Code  string
	Level int
	Value float64
	Rank  int // 0 if it has none
	Of    int // units that have one
	// Better is the share of 1 of the other units it is above: 1 for the best.
	// It is NaN where it has no value or nobody else has.
	Better float64
}

// Profile returns where a unit stands on every element not excluded, parents
// first, or an [ErrUnknown] for a unit that is not in. The elements with the
// greatest and least Better are its strengths and weaknesses.
func (r *Result) Profile(unit string) ([]Standing, error) {
	i := slices.Index(r.Units, unit)
	if i < 0 {
		return nil, &Error{Step: "framework", Unit: unit, Err: ErrUnknown}
	}
	var all []Standing
	for at, e := range r.x.tree.elements {
		col := r.value[at]
		if col == nil {
			continue
		}
		s := Standing{Code: e.Code, Level: e.level, Value: col[i]}
		below := 0
		for _, v := range col {
			if v == v {
				s.Of++
				if v < col[i] {
					below++
				}
			}
		}
		s.Rank = Ranks(col)[i]
		s.Better = math.NaN()
		if s.Value == s.Value {
			s.Better = float64(below) / float64(s.Of-1)
		}
		all = append(all, s)
	}
	return all, nil
}

// RanksWithin returns the ranks of the units by an element among those of the
// same group, or an [ErrUnknown] for a grouping or an element that is not there.
func (r *Result) RanksWithin(code, grouping string) ([]int, error) {
	names, ok := r.x.table.Groups[grouping]
	values := r.Values(code)
	if !ok || values == nil {
		return nil, &Error{Step: "framework", Code: code, Err: ErrUnknown}
	}
	ranks := make([]int, len(values))
	members := map[string][]int{}
	for i := range values {
		g := names[r.rows[i]]
		members[g] = append(members[g], i)
	}
	for _, at := range members {
		for k, rank := range Ranks(pick(values, at)) {
			ranks[at[k]] = rank
		}
	}
	return ranks, nil
}
