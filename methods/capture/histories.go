package capture

import (
	"errors"
	"fmt"
	"math/bits"
)

// MaxLists is the largest number of lists a [Histories] can hold.
const MaxLists = 16

// ErrNobody is returned when the lists hold no person at all.
var ErrNobody = errors.New("capture: the lists are empty")

// Histories says how many people have each pattern of presence on a number of
// lists. A pattern is a number whose bit i, from the lowest, is set for people
// on list i+1. Pattern 0 is nobody's: those on no list are what is to be
// estimated.
type Histories struct {
	lists  int
	counts []int // by pattern; counts[0] is 0
}

// NewHistories returns the histories of people on lists, given how many have
// each pattern: counts has 2^lists entries, and entry 0 is not used, so that a
// table with a mark there can be passed as it is.
//
// It returns an error for fewer than two lists or more than [MaxLists], a table
// of another length or with a negative count, and [ErrNobody] for one without
// people.
func NewHistories(lists int, counts []int) (Histories, error) {
	if lists < 2 || lists > MaxLists {
		return Histories{}, fmt.Errorf("capture: %d lists; want 2 to %d", lists, MaxLists)
	}
	if len(counts) != 1<<lists {
		return Histories{}, fmt.Errorf("capture: %d counts for the %d patterns of %d lists", len(counts), 1<<lists, lists)
	}
	h := Histories{lists: lists, counts: make([]int, len(counts))}
	seen := 0
	for p := 1; p < len(counts); p++ {
		if counts[p] < 0 {
			return Histories{}, fmt.Errorf("capture: %d people have pattern %s", counts[p], h.Pattern(p))
		}
		h.counts[p] = counts[p]
		seen += counts[p]
	}
	if seen == 0 {
		return Histories{}, ErrNobody
	}
	return h, nil
}

// ParseHistories returns the histories written as patterns of the digits 1 and
// 0, one digit per list from the first, such as "101" for those on the first
// and third of three, with how many people have each. Patterns may repeat and
// their counts are added; people with a pattern of zeros alone are left aside.
//
// It returns an error for patterns that differ in length or hold another
// character, for as many counts as there are not patterns, and the errors of
// [NewHistories].
func ParseHistories(patterns []string, counts []int) (Histories, error) {
	if len(patterns) == 0 {
		return Histories{}, ErrNobody
	}
	if len(patterns) != len(counts) {
		return Histories{}, fmt.Errorf("capture: %d patterns and %d counts", len(patterns), len(counts))
	}
	lists := len(patterns[0])
	if lists < 2 || lists > MaxLists {
		return Histories{}, fmt.Errorf("capture: pattern %q has %d lists; want 2 to %d", patterns[0], lists, MaxLists)
	}
	table := make([]int, 1<<lists)
	for i, s := range patterns {
		if len(s) != lists {
			return Histories{}, fmt.Errorf("capture: pattern %q beside %q", s, patterns[0])
		}
		p := 0
		for j := range len(s) {
			switch s[j] {
			case '1':
				p |= 1 << j
			case '0':
			default:
				return Histories{}, fmt.Errorf("capture: pattern %q holds %q; want 1 and 0", s, s[j])
			}
		}
		if counts[i] < 0 {
			return Histories{}, fmt.Errorf("capture: %d people have pattern %s", counts[i], s)
		}
		if p > 0 {
			table[p] += counts[i]
		}
	}
	return NewHistories(lists, table)
}

// Lists returns the number of lists.
func (h Histories) Lists() int { return h.lists }

// Count returns how many people have the pattern, and 0 for a pattern of other
// lists.
func (h Histories) Count(pattern int) int {
	if pattern < 0 || pattern >= len(h.counts) {
		return 0
	}
	return h.counts[pattern]
}

// Seen returns how many people are on at least one list.
func (h Histories) Seen() int {
	n := 0
	for _, c := range h.counts {
		n += c
	}
	return n
}

// OnAll returns how many people are on all the lists of the pattern, whatever
// other lists they are on.
func (h Histories) OnAll(pattern int) int {
	n := 0
	for p, c := range h.counts {
		if p&pattern == pattern {
			n += c
		}
	}
	return n
}

// Pattern returns the pattern as digits, the first list first.
func (h Histories) Pattern(pattern int) string {
	s := make([]byte, h.lists)
	for i := range s {
		s[i] = '0' + byte(pattern>>i&1)
	}
	return string(s)
}

// Pair returns the histories of two of the lists, counted from 0, alone. People
// on neither of the two are left aside.
func (h Histories) Pair(i, j int) (Histories, error) {
	if i < 0 || j < 0 || i >= h.lists || j >= h.lists || i == j {
		return Histories{}, fmt.Errorf("capture: lists %d and %d of %d are no pair", i, j, h.lists)
	}
	var t [4]int
	for p, c := range h.counts {
		t[p>>i&1|p>>j&1<<1] += c
	}
	return NewHistories(2, t[:])
}

// A Description counts people by list, one entry per list.
type Description struct {
	OnLists []int // entry k-1: people on exactly k lists
	First   []int // people whose first list is this one
	Last    []int // people whose last list is this one
	On      []int // people on this list
}

// Describe returns how many people are on exactly one, two and more lists, and
// how many are on each list, for the first and for the last time.
//
// References: [baillargeon2007], whose descriptive statistics f, u, v and n
// these are.
func (h Histories) Describe() Description {
	d := Description{make([]int, h.lists), make([]int, h.lists), make([]int, h.lists), make([]int, h.lists)}
	for p, c := range h.counts {
		if p == 0 || c == 0 {
			continue
		}
		d.OnLists[bits.OnesCount(uint(p))-1] += c
		d.First[bits.TrailingZeros(uint(p))] += c
		d.Last[bits.Len(uint(p))-1] += c
		for i := range h.lists {
			if p>>i&1 == 1 {
				d.On[i] += c
			}
		}
	}
	return d
}

// Frequencies says how many people were met a number of times, without saying
// on which lists.
type Frequencies struct {
	met   []int // entry k-1: people met exactly k times
	lists int   // how often one could be met; 0 for as often as one likes
	used  int   // only those met up to this often are fitted
}

// NewFrequencies returns the counts of people met once, twice and so on.
// Occasions is how often a person could be met at most, as many as there are
// lists; 0 says there is no such limit, and then someone met k times is taken
// as the k-fold event of a Poisson process. Use says up to how many meetings
// the counts are fitted, which keeps a few people met very often from ruling
// the estimate; 0 uses all. Everybody counted is seen, used or not.
//
// It returns an error for negative counts, for occasions or use below 2, for
// people met more often than there were occasions, and [ErrNobody] for counts
// of zero.
func NewFrequencies(met []int, occasions, use int) (Frequencies, error) {
	most, seen := 0, 0
	for k, c := range met {
		if c < 0 {
			return Frequencies{}, fmt.Errorf("capture: %d people were met %d times", c, k+1)
		}
		if c > 0 {
			most = k + 1
		}
		seen += c
	}
	if use == 0 {
		if use = occasions; occasions == 0 {
			use = max(most, 2)
		}
	}
	switch {
	case seen == 0:
		return Frequencies{}, ErrNobody
	case occasions < 0 || occasions == 1:
		return Frequencies{}, fmt.Errorf("capture: %d occasions; want 2 or more, or 0 for no limit", occasions)
	case occasions > 0 && most > occasions:
		return Frequencies{}, fmt.Errorf("capture: someone was met %d times on %d occasions", most, occasions)
	case use < 2 || occasions > 0 && use > occasions:
		return Frequencies{}, fmt.Errorf("capture: counts up to %d of %d occasions cannot be fitted", use, occasions)
	}
	f := Frequencies{met: make([]int, max(use, most)), lists: occasions, used: use}
	copy(f.met, met)
	return f, nil
}

// Frequencies returns how many people are on one list, two and so on.
func (h Histories) Frequencies() Frequencies {
	return Frequencies{met: h.Describe().OnLists, lists: h.lists, used: h.lists}
}

// Seen returns how many people were met at least once.
func (f Frequencies) Seen() int {
	n := 0
	for _, c := range f.met {
		n += c
	}
	return n
}

// Met returns how many people were met exactly k times.
func (f Frequencies) Met(k int) int {
	if k < 1 || k > len(f.met) {
		return 0
	}
	return f.met[k-1]
}
