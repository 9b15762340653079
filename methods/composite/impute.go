package composite

import (
	"fmt"
	"math"
	"slices"
)

// Impute says what goes into a gap.
//
// Assumptions: a gap resembles what it is filled from. Where what is missing
// is missing because it is bad, the unit is flattered; every method pulls
// units towards the middle and makes the indicator look less spread than it
// is. [ImputeDraw] shows how much a filled gap may move a rank.
type Impute struct {
	Method   ImputeMethod `json:"method"`
	Group    string       `json:"group,omitempty"`    // grouping, for GroupMean and GroupMedian
	Value    float64      `json:"value,omitempty"`    // for Constant
	Level    int          `json:"level,omitempty"`    // of the aggregates within which WholeRow, WholeRowMedian, FrameMean and FrameMedian work; 0 means the whole index
	Fallback ImputeMethod `json:"fallback,omitempty"` // where a group has no value: Mean, Median or Keep; nothing means an [ErrNoDonor]
}

// UnmarshalJSON reads an object, or a word, which is the method.
func (s *Impute) UnmarshalJSON(b []byte) error {
	type plain Impute
	var p plain
	if err := wordOr(b, &p.Method, &p); err != nil {
		return err
	}
	*s = Impute(p)
	return nil
}

// An ImputeMethod fills gaps.
type ImputeMethod string

// The methods. The row methods put every indicator on 0 to 1 by its least and
// greatest value, in its direction, average what the unit has, put that in the
// gap and turn it back; a unit that has nothing of the pillar keeps its gaps. The
// frame methods do the same with what all units have of all indicators, so that
// every gap lies at the same place of its indicator's range.
const (
	Mean           ImputeMethod = "mean"                     // of the indicator
	Median         ImputeMethod = "median"                   // of the indicator
	GroupMean      ImputeMethod = "group_mean"               // of the indicator among units of the same group
	GroupMedian    ImputeMethod = "group_median"             // likewise
	RowMean        ImputeMethod = "row_mean_within_pillar"   // of the unit's other indicators with the same parent
	RowMedian      ImputeMethod = "row_median_within_pillar" // likewise
	WholeRow       ImputeMethod = "row_mean"                 // of all the unit's indicators, or those of an aggregate of Level
	WholeRowMedian ImputeMethod = "row_median"               // likewise
	FrameMean      ImputeMethod = "frame_mean"               // of all indicators of all units, or those of an aggregate of Level
	FrameMedian    ImputeMethod = "frame_median"             // likewise
	Constant       ImputeMethod = "constant"                 // Value, such as zero for what is not reported because there is none
	Keep           ImputeMethod = "keep"                     // leave the gap; only as Fallback
	NoImpute       ImputeMethod = "none"
)

// resolveImpute checks the settings and returns the number of each row's group.
func (x *Index) resolveImpute(s *Impute) ([]int, error) {
	if s == nil {
		return nil, nil
	}
	fail := func(format string, args ...any) ([]int, error) {
		return nil, &Error{Step: "impute", Err: fmt.Errorf(format, args...)}
	}
	group := make([]int, len(x.table.Units))
	switch s.Method {
	case GroupMean, GroupMedian:
		names, ok := x.table.Groups[s.Group]
		if !ok {
			return fail("%w: no grouping %q", ErrUnknown, s.Group)
		}
		number := map[string]int{}
		for i, g := range names {
			if _, ok := number[g]; !ok {
				number[g] = len(number)
			}
			group[i] = number[g]
		}
	case Mean, Median, RowMean, RowMedian, WholeRow, WholeRowMedian, FrameMean, FrameMedian, NoImpute:
	case Constant:
		if math.IsNaN(s.Value) || math.IsInf(s.Value, 0) {
			return fail("%w: constant %v", ErrSettings, s.Value)
		}
	default:
		return fail("%w: no method %q", ErrSettings, s.Method)
	}
	switch s.Method {
	case WholeRow, WholeRowMedian, FrameMean, FrameMedian:
		if s.Level != 0 && (s.Level < 2 || s.Level > x.tree.depth) {
			return fail("%w: no aggregates at level %d of %d", ErrSettings, s.Level, x.tree.depth)
		}
	default:
		if s.Level != 0 {
			return fail("%w: level %d is for rows and frames, not %q", ErrSettings, s.Level, s.Method)
		}
	}
	switch s.Fallback {
	case "", Keep:
	case Mean, Median:
		if s.Method != GroupMean && s.Method != GroupMedian {
			return fail("%w: fallback %q is for groups", ErrSettings, s.Fallback)
		}
	default:
		return fail("%w: no fallback %q", ErrSettings, s.Fallback)
	}
	return group, nil
}

// impute fills the gaps of the sheet. With a source of randomness in the
// engine each gap gets a draw in place of the middle: see [ImputeDraw].
func (e *engine) impute(p *preparing) error {
	s := p.settings.Impute
	if s == nil || s.Method == NoImpute {
		return nil
	}
	switch s.Method {
	case Constant:
		for _, j := range p.kept {
			for i, v := range e.sheet.col[j] {
				if v != v {
					e.sheet.col[j][i] = s.Value
				}
			}
		}
		return nil
	case RowMean, RowMedian, WholeRow, WholeRowMedian, FrameMean, FrameMedian:
		return e.imputeRows(p)
	}
	for _, j := range p.kept {
		col := e.sheet.col[j]
		if !hasGap(col) {
			continue
		}
		e.was = append(e.was[:0], col...) // donors are what was there before
		e.sortDonors(p)
		for i, v := range e.was {
			if v == v {
				continue
			}
			got := e.donors[p.group[e.sheet.rows[i]]]
			median := s.Method == Median || s.Method == GroupMedian
			if len(got) == 0 && (s.Fallback == Mean || s.Fallback == Median) {
				got = got[:0]
				for _, v := range e.was {
					if v == v {
						got = append(got, v)
					}
				}
				median = s.Fallback == Median
			}
			switch {
			case len(got) == 0 && s.Fallback == Keep:
			case len(got) == 0:
				return e.at("impute", j, i, ErrNoDonor)
			case e.rng != nil:
				col[i] = got[e.rng.IntN(len(got))]
			case median:
				slices.Sort(got)
				col[i] = quantile(got, 0.5)
			default:
				col[i] = mean(got)
			}
		}
	}
	return nil
}

// sortDonors puts the values present in e.was by group; all are of one group
// if the method knows none.
func (e *engine) sortDonors(p *preparing) {
	for g := range e.donors {
		e.donors[g] = e.donors[g][:0]
	}
	for i, v := range e.was {
		g := p.group[e.sheet.rows[i]]
		for g >= len(e.donors) {
			e.donors = append(e.donors, nil)
		}
		if v == v {
			e.donors[g] = append(e.donors[g], v)
		}
	}
}

// families returns the indicators that fill one another's gaps.
func (e *engine) families(p *preparing) [][]int {
	s := p.settings.Impute
	t := e.x.tree
	level := s.Level
	switch {
	case s.Method == RowMean || s.Method == RowMedian:
		level = 0
	case level == 0:
		return [][]int{p.kept}
	}
	by := map[int]int{}
	var out [][]int
	for _, j := range p.kept {
		above := t.elements[t.leaves[j]].parent
		for t.elements[above].level < level && t.elements[above].parent >= 0 {
			above = t.elements[above].parent
		}
		at, ok := by[above]
		if !ok {
			at = len(out)
			by[above] = at
			out = append(out, nil)
		}
		out[at] = append(out[at], j)
	}
	return out
}

// imputeRows fills gaps from the same unit's other indicators, or from the frame.
func (e *engine) imputeRows(p *preparing) error {
	s := p.settings.Impute
	t := e.x.tree
	type part struct{ lo, span float64 }
	parts := make([]part, len(t.leaves))
	for _, j := range p.kept {
		lo, hi := extent(e.sheet.col[j])
		if t.elements[t.leaves[j]].Direction < 0 {
			lo, hi = hi, lo // so that (x−lo)/span rises with what is better
		}
		parts[j] = part{lo, hi - lo}
	}
	frame := s.Method == FrameMean || s.Method == FrameMedian
	middle := func(x []float64) float64 {
		if s.Method == RowMedian || s.Method == WholeRowMedian || s.Method == FrameMedian {
			slices.Sort(x)
			return quantile(x, 0.5)
		}
		return mean(x)
	}
	// row returns the scaled values unit i has in the family, without one.
	row := func(family []int, i, without int) ([]float64, error) {
		e.got = e.got[:0]
		for _, j := range family {
			v := e.sheet.col[j][i]
			if v != v || j == without {
				continue
			}
			if parts[j].span == 0 {
				return nil, e.at("impute", j, -1, ErrNoRange)
			}
			e.got = append(e.got, (v-parts[j].lo)/parts[j].span)
		}
		return e.got, nil
	}
	type filling struct {
		i int
		v float64
	}
	type filled struct {
		j    int
		gaps []filling
	}
	var all []filled
	for _, family := range e.families(p) {
		var pool []float64 // of a frame: all there is, on 0 to 1
		for i := 0; frame && i < len(e.sheet.rows); i++ {
			some, err := row(family, i, -1)
			if err != nil {
				return err
			}
			pool = append(pool, some...)
		}
		of := math.NaN()
		if len(pool) > 0 {
			of = middle(pool)
		}
		for _, j := range family {
			col := e.sheet.col[j]
			if !hasGap(col) {
				continue
			}
			if parts[j].span != parts[j].span {
				return e.at("impute", j, -1, ErrNoDonor)
			}
			// What the units that have the indicator lie above or below the
			// middle of their other ones: the error of the method, seen.
			var errs []float64
			if e.rng != nil && !frame {
				for i, v := range col {
					if v != v {
						continue
					}
					others, err := row(family, i, j)
					if err != nil {
						return err
					}
					if len(others) > 0 && parts[j].span != 0 {
						errs = append(errs, (v-parts[j].lo)/parts[j].span-middle(others))
					}
				}
			}
			f := filled{j: j}
			for i, v := range col {
				if v == v {
					continue
				}
				if frame {
					m := of
					if e.rng != nil {
						m = pool[e.rng.IntN(len(pool))]
					}
					f.gaps = append(f.gaps, filling{i, parts[j].lo + m*parts[j].span})
					continue
				}
				others, err := row(family, i, j)
				if err != nil {
					return err
				}
				if len(others) == 0 {
					continue
				}
				m := middle(others)
				if len(errs) > 0 {
					m = min(1, max(0, m+errs[e.rng.IntN(len(errs))]))
				}
				f.gaps = append(f.gaps, filling{i, parts[j].lo + m*parts[j].span})
			}
			all = append(all, f)
		}
	}
	for _, f := range all { // only now, so that no filling feeds another
		for _, g := range f.gaps {
			e.sheet.col[f.j][g.i] = g.v
		}
	}
	return nil
}

func hasGap(x []float64) bool {
	for _, v := range x {
		if v != v {
			return true
		}
	}
	return false
}
