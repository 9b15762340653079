package composite

import (
	"fmt"
	"math"
	"math/bits"
)

// A Change divides what happened to one unit between two vintages of an index
// among its causes. The parts add up to After − Before exactly.
type Change struct {
	Unit          string
	Before, After float64
	Own           float64 // the unit's own values changed
	Others        float64 // those of the other units did
	Pool          float64 // units joined or left
	Method        float64 // the definition changed
}

// Decompose divides the change of a unit's rank and of its score of the whole
// index between two vintages. A rank that grows is a fall.
//
// Each part is the cause's Shapley value: the mean, over all orders in which
// the four causes can be let in one after another, of what the index moves
// when this one comes. To let in some causes and not others, the index is
// built with, as the case may be, either vintage's definition, units and
// values; a unit or an indicator that only one vintage has brings that
// vintage's values with it, so the arrival of an indicator counts as method.
//
// Assumptions: none beyond the two vintages. The parts depend on this rule of
// sharing what causes do together, as any division of a joint effect does.
//
// It returns [ErrUnknown] for a unit that is not in both, [ErrNoValues] if it
// has no score in one of the sixteen mixtures, and the error of any that
// cannot be built.
//
// References: [shapley1953].
func Decompose(before, after *Index, unit string) (rank, score Change, err error) {
	for _, x := range []*Index{before, after} {
		if _, err := x.unit(unit); err != nil {
			return Change{}, Change{}, err
		}
	}
	const own, others, pool, method = 1, 2, 4, 8
	var ranks, scores [16]float64
	for set := range 16 {
		from := func(bit int) *Index {
			if set&bit != 0 {
				return after
			}
			return before
		}
		t := mixture(before, after, from(pool).table.Units, func(u string) bool {
			if u == unit {
				return set&own != 0
			}
			return set&others != 0
		})
		x, err := New(from(method).def, t)
		if err != nil {
			return Change{}, Change{}, err
		}
		e := x.newEngine()
		if err := e.run(x.plan); err != nil {
			return Change{}, Change{}, err
		}
		found := false
		for _, p := range e.rank(0) {
			if t.Units[p.unit] == unit {
				ranks[set], scores[set], found = float64(p.rank), p.score, true
			}
		}
		if !found {
			return Change{}, Change{}, &Error{Step: "aggregate", Unit: unit, Err: ErrNoValues}
		}
	}
	share := func(v [16]float64) Change {
		s := shapley(4, v[:])
		return Change{Unit: unit, Before: v[0], After: v[15], Own: s[0], Others: s[1], Pool: s[2], Method: s[3]}
	}
	return share(ranks), share(scores), nil
}

// mixture returns a table of the units with each one's values from the later
// vintage if late says so, and from the other where that one lacks the unit or
// the column.
func mixture(before, after *Index, units []string, late func(string) bool) Table {
	t := Table{Units: units, Values: map[string][]float64{}, Groups: map[string][]string{}}
	rows := map[*Index]map[string]int{}
	for _, x := range []*Index{before, after} {
		rows[x] = map[string]int{}
		for i, u := range x.table.Units {
			rows[x][u] = i
		}
	}
	codes, groupings := map[string]bool{}, map[string]bool{}
	for _, x := range []*Index{before, after} {
		for code := range x.table.Values {
			codes[code] = true
		}
		for name := range x.table.Groups {
			groupings[name] = true
		}
	}
	for _, u := range units {
		order := [2]*Index{before, after}
		if late(u) {
			order = [2]*Index{after, before}
		}
		for code := range codes {
			v := math.NaN()
			for _, x := range order {
				if i, ok := rows[x][u]; ok && x.table.Values[code] != nil {
					v = x.table.Values[code][i]
					break
				}
			}
			t.Values[code] = append(t.Values[code], v)
		}
		for name := range groupings {
			g := ""
			for _, x := range order {
				if i, ok := rows[x][u]; ok && x.table.Groups[name] != nil {
					g = x.table.Groups[name][i]
					break
				}
			}
			t.Groups[name] = append(t.Groups[name], g)
		}
	}
	return t
}

// shapley returns each player's value; v has the worth of every set, players
// being bits.
func shapley(players int, v []float64) []float64 {
	factorial := func(n int) float64 { return math.Round(math.Gamma(float64(n) + 1)) }
	s := make([]float64, players)
	for i := range s {
		for set := range v {
			if set>>i&1 == 1 {
				continue
			}
			n := bits.OnesCount(uint(set))
			w := factorial(n) * factorial(players-n-1) / factorial(players)
			s[i] += w * (v[set|1<<i] - v[set])
		}
	}
	return s
}

// A Move is one unit's rank in two results.
type Move struct {
	Unit          string
	Before, After int // 0 if it has none there
}

// Compare returns the ranks of all units of either result by the element of
// the given code, in the order of the first and then the second.
func Compare(a, b *Result, code string) ([]Move, error) {
	for _, r := range []*Result{a, b} {
		if r.Values(code) == nil {
			return nil, &Error{Step: "framework", Code: code, Err: fmt.Errorf("%w in both results", ErrUnknown)}
		}
	}
	var all []Move
	at := map[string]int{}
	for i, r := range a.Ranks(code) {
		at[a.Units[i]] = len(all)
		all = append(all, Move{Unit: a.Units[i], Before: r})
	}
	for i, r := range b.Ranks(code) {
		k, ok := at[b.Units[i]]
		if !ok {
			k = len(all)
			all = append(all, Move{Unit: b.Units[i]})
		}
		all[k].After = r
	}
	return all, nil
}
