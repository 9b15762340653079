package pooling

import (
	"cmp"
	"math"
	"slices"
)

// A Quotation is a figure that repeats an earlier one, and which.
type Quotation struct{ Figure, Origin int }

// Origins returns the figures that stand on their own, in order, and those
// that repeat one of them: the same host, definition and number, printed to
// the last digit or as the same number rounded to the coarser of the two
// steps (and less than 3 % apart, since half of all numbers round to a
// million), and counted at the same time, or at no time said (Year 0). Of figures
// that agree, the origin is the one of the earlier place in the list, so put
// the closest to the count first. Figures of one host that name the same Origin
// are editions of one publication: the first of them stands, and the others
// repeat it, whatever number and time they print.
//
// A quotation is evidence that somebody believed the figure, not that the
// people are that many; counting it twice makes intervals too narrow. Two
// independent counts that agree to the last digit would be taken for one,
// which errs towards too wide.
func Origins(figures []Figure) (origins []int, quotations []Quotation) {
	type key struct{ host, definition string }
	by := map[key][]int{}
	for i, f := range figures {
		k := key{f.Host, f.Definition}
		j := slices.IndexFunc(by[k], func(o int) bool { return repeats(f, figures[o]) })
		if j >= 0 {
			quotations = append(quotations, Quotation{i, by[k][j]})
			continue
		}
		by[k] = append(by[k], i)
		origins = append(origins, i)
	}
	slices.SortFunc(quotations, func(a, b Quotation) int { return cmp.Compare(a.Figure, b.Figure) })
	return origins, quotations
}

// repeats reports whether f can be a quotation of o.
func repeats(f, o Figure) bool {
	if f.Origin != "" && f.Origin == o.Origin {
		return true
	}
	if f.Year != 0 && o.Year != 0 && math.Abs(f.Year-o.Year) >= 1 {
		return false
	}
	if f.Value == o.Value {
		return true
	}
	step := max(f.Step, o.Step)
	if step <= 0 || math.Abs(f.Value-o.Value) > 0.03*min(f.Value, o.Value) {
		return false
	}
	// One is the other rounded: nothing is lost by the coarser step, and the
	// finer one has more digits to lose.
	finer, coarser := f, o
	if o.Step < f.Step {
		finer, coarser = o, f
	}
	return finer.Step < coarser.Step && math.Round(finer.Value/step)*step == coarser.Value
}
