package composite

import (
	"fmt"
	"math"
	"slices"
)

// A sheet is the working copy of the values: one column per indicator, one row
// per unit still in.
type sheet struct {
	rows []int       // row of the table each row came from
	col  [][]float64 // by number of indicator; nil if it is excluded
}

// preparing says how values are prepared, resolved against the framework. It
// does not change once made.
type preparing struct {
	settings Settings
	order    []Step
	off      []bool       // indicators excluded
	kept     []int        // indicators not excluded
	group    []int        // by row of the table, for imputing within groups
	treat    []*treatment // by indicator; nil leaves it alone
	always   []int8       // by row of the table: 1 kept and −1 dropped whatever it has
}

// resolvePreparing checks the settings that concern the steps before
// normalising and looks up every name in them.
func (x *Index) resolvePreparing(s Settings) (*preparing, error) {
	p := &preparing{settings: s, off: make([]bool, len(x.tree.leaves)), order: s.Order}
	fail := func(step, code string, format string, args ...any) error {
		return &Error{Step: step, Code: code, Err: fmt.Errorf(format, args...)}
	}
	for _, code := range s.Exclude {
		at, ok := x.tree.at[code]
		if !ok || x.tree.elements[at].leaf < 0 {
			return nil, fail("settings", code, "%w: excluded but not an indicator", ErrUnknown)
		}
		p.off[x.tree.elements[at].leaf] = true
	}
	for j, off := range p.off {
		if !off {
			p.kept = append(p.kept, j)
		}
	}
	if len(p.kept) == 0 {
		return nil, fail("settings", "", "%w: every indicator is excluded", ErrSettings)
	}
	if len(p.order) == 0 {
		p.order = DefaultOrder()
	}
	if sorted := slices.Clone(p.order); true {
		want := DefaultOrder()
		slices.Sort(sorted)
		slices.Sort(want)
		if !slices.Equal(sorted, want) {
			return nil, fail("settings", "", "%w: order %v must name each of %v once", ErrSettings, p.order, DefaultOrder())
		}
	}
	for _, share := range []float64{s.Screen.MinAvailability, s.MinNonZero} {
		if !(share >= 0 && share <= 1) {
			return nil, fail("screen", "", "%w: threshold %v outside [0, 1]", ErrSettings, share)
		}
	}
	p.always = make([]int8, len(x.table.Units))
	for sign, names := range map[int8][]string{1: s.Keep, -1: s.Drop} {
		for _, u := range names {
			i := slices.Index(x.table.Units, u)
			if i < 0 {
				return nil, &Error{Step: "screen", Unit: u, Err: ErrUnknown}
			}
			p.always[i] += sign
			if p.always[i] == 0 {
				return nil, &Error{Step: "screen", Unit: u, Err: fmt.Errorf("%w: both kept and dropped", ErrSettings)}
			}
		}
	}
	if s.Denominate {
		for _, j := range p.kept {
			e := &x.tree.elements[x.tree.leaves[j]]
			if e.Denominator != "" && x.denom[j] == nil {
				return nil, fail("denominate", e.Code, "%w: no column %s to divide by", ErrTable, e.Denominator)
			}
		}
	}
	var err error
	if p.group, err = x.resolveImpute(s.Impute); err != nil {
		return nil, err
	}
	if p.treat, err = x.resolveTreat(s.Treat); err != nil {
		return nil, err
	}
	return p, nil
}

// prepare fills the engine's sheet with prepared values.
func (e *engine) prepare(p *preparing) error {
	n := len(e.x.table.Units)
	e.sheet.rows = e.rowBuf[:n]
	for i := range n {
		e.sheet.rows[i] = i
	}
	for j := range e.sheet.col {
		e.sheet.col[j] = nil
		if !p.off[j] {
			e.sheet.col[j] = e.values[j*n : (j+1)*n]
			copy(e.sheet.col[j], e.raw[j])
		}
	}
	for _, step := range p.order {
		var err error
		switch step {
		case Denominating:
			err = e.denominate(p)
		case Screening:
			err = e.screen(p)
		case Imputing:
			err = e.impute(p)
		case Treating:
			err = e.treat(p)
		}
		if err != nil {
			return err
		}
		if e.trace != nil {
			e.trace.stage(step, &e.sheet)
		}
	}
	return nil
}

// denominate divides each indicator by its denominator:
//
//	x / (d/s)
//
// where s is the framework's scale. It returns an [ErrZeroDenominator] where d
// is not above zero.
func (e *engine) denominate(p *preparing) error {
	if !p.settings.Denominate {
		return nil
	}
	for _, j := range p.kept {
		el := &e.x.tree.elements[e.x.tree.leaves[j]]
		if el.Denominator == "" {
			continue
		}
		scale := el.PerUnits
		if scale == 0 {
			scale = 1
		}
		col, by := e.sheet.col[j], e.by[j]
		for i := range col {
			d := by[e.sheet.rows[i]]
			if d <= 0 && col[i] == col[i] {
				return e.at("denominate", j, i, fmt.Errorf("%w: %s is %v", ErrZeroDenominator, el.Denominator, d))
			}
			col[i] /= d / scale
		}
	}
	return nil
}

// screen drops the units that have too little.
func (e *engine) screen(p *preparing) error {
	s := p.settings.Screen
	if s.none() {
		return nil
	}
	n := len(e.sheet.rows)
	present, zero := e.count[:n], e.count[n:2*n]
	clear(e.count)
	for _, j := range p.kept {
		for i, v := range e.sheet.col[j] {
			if v == v {
				present[i]++
				if v == 0 {
					zero[i]++
				}
			}
		}
	}
	left := 0
	for i, row := range e.sheet.rows {
		keep := float64(present[i])/float64(len(p.kept)) >= s.MinAvailability &&
			(s.MinNonZero == 0 || present[i] > 0 && float64(present[i]-zero[i])/float64(present[i]) >= s.MinNonZero)
		if p.always[row] != 0 {
			keep = p.always[row] > 0
		}
		if !keep {
			continue
		}
		if left < i {
			e.sheet.rows[left] = row
			for _, j := range p.kept {
				e.sheet.col[j][left] = e.sheet.col[j][i]
			}
		}
		left++
	}
	if left == 0 {
		return &Error{Step: "screen", Err: fmt.Errorf("%w: no unit has enough", ErrNoValues)}
	}
	e.sheet.rows = e.sheet.rows[:left]
	for _, j := range p.kept {
		e.sheet.col[j] = e.sheet.col[j][:left]
	}
	return nil
}

// at returns an [Error] about the value of indicator j in row i of the sheet;
// i < 0 is all rows.
func (e *engine) at(step string, j, i int, err error) error {
	f := &Error{Step: step, Code: e.x.tree.elements[e.x.tree.leaves[j]].Code, Err: err}
	if i >= 0 {
		f.Unit = e.x.table.Units[e.sheet.rows[i]]
	}
	return f
}

// extent returns the least and the greatest value present, or NaN if none is.
func extent(x []float64) (lo, hi float64) {
	lo, hi = math.NaN(), math.NaN()
	for _, v := range x {
		if v != v {
			continue
		}
		if !(v >= lo) {
			lo = v
		}
		if !(v <= hi) {
			hi = v
		}
	}
	return lo, hi
}
