package composite

import (
	"fmt"
	"math"
	"slices"
)

// A Table holds what is known of the units: one value per unit and column, NaN
// where missing. Columns that the framework does not name are ignored.
type Table struct {
	Units  []string             // codes, one per row, all different
	Names  []string             // for readers; one per row, or none
	Values map[string][]float64 // by code of indicator or denominator
	Groups map[string][]string  // by name of the grouping; "" is a group of its own
}

// Rows returns a table of the units at the rows given, in that order.
func (t Table) Rows(at []int) Table {
	s := Table{Units: pick(t.Units, at), Values: make(map[string][]float64, len(t.Values))}
	if t.Names != nil {
		s.Names = pick(t.Names, at)
	}
	for k, v := range t.Values {
		s.Values[k] = pick(v, at)
	}
	if t.Groups != nil {
		s.Groups = make(map[string][]string, len(t.Groups))
		for k, v := range t.Groups {
			s.Groups[k] = pick(v, at)
		}
	}
	return s
}

func pick[T any](x []T, at []int) []T {
	y := make([]T, len(at))
	for i, j := range at {
		y[i] = x[j]
	}
	return y
}

// check returns an [ErrTable] unless units are distinct and every column and
// grouping is as long as they are and free of infinities.
func (t Table) check() error {
	fail := func(code, unit, format string, args ...any) error {
		return &Error{Step: "table", Code: code, Unit: unit, Err: fmt.Errorf("%w: "+format, append([]any{ErrTable}, args...)...)}
	}
	if len(t.Units) == 0 {
		return fail("", "", "no units")
	}
	if t.Names != nil && len(t.Names) != len(t.Units) {
		return fail("", "", "%d names for %d units", len(t.Names), len(t.Units))
	}
	seen := make(map[string]bool, len(t.Units))
	for _, u := range t.Units {
		if u == "" || seen[u] {
			return fail("", u, "code is empty or used twice")
		}
		seen[u] = true
	}
	for _, code := range sortedKeys(t.Values) {
		col := t.Values[code]
		if len(col) != len(t.Units) {
			return fail(code, "", "%d values for %d units", len(col), len(t.Units))
		}
		for i, v := range col {
			if math.IsInf(v, 0) {
				return fail(code, t.Units[i], "value is infinite")
			}
		}
	}
	for _, name := range sortedKeys(t.Groups) {
		if len(t.Groups[name]) != len(t.Units) {
			return fail(name, "", "%d groups for %d units", len(t.Groups[name]), len(t.Units))
		}
	}
	return nil
}

// sortedKeys returns the keys in order, so that nothing depends on a map's.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
