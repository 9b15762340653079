package composite

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// Scale says how an indicator is put on a scale it can share with others. Its
// numbers may be the indicator's own: see [Number].
//
// Before any of them x is multiplied by the indicator's direction. Minimum,
// maximum, mean and standard deviation (with n−1) are of the units present, so
// every score depends on who else is counted; [MethodScaled] and
// [MethodGoalposts] alone do not.
type Scale struct {
	Method ScaleMethod `json:"method"`

	Lower  Number `json:"lower,omitzero"`
	Upper  Number `json:"upper,omitzero"`
	Mean   Number `json:"mean,omitzero"`
	SD     Number `json:"sd,omitzero"`
	Factor Number `json:"scale,omitzero"`
	Target Number `json:"target,omitzero"`
	Unit   string `json:"unit,omitempty"` // the unit of reference
	Cap    Switch `json:"cap,omitzero"`
	Within Switch `json:"truncate,omitzero"`
}

// UnmarshalJSON reads an object, or a word, which is the method.
func (s *Scale) UnmarshalJSON(b []byte) error {
	type plain Scale
	var p plain
	if err := wordOr(b, &p.Method, &p); err != nil {
		return err
	}
	*s = Scale(p)
	return nil
}

// wordOr reads a word into word and anything else into whole.
func wordOr(b []byte, word, whole any) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, word)
	}
	return strict(b, whole)
}

// A ScaleMethod puts values on a scale.
type ScaleMethod string

// The methods, of a value x of an indicator with the settings of [Scale]. Those
// that divide by a range or a deviation return an [ErrNoRange] where there is
// none, instead of a column that is not a number.
const (
	MethodMinMax      ScaleMethod = "minmax"                // (x−min)/(max−min)·(Upper−Lower) + Lower; 0 to 100 if both are zero. The default
	MethodZScore      ScaleMethod = "zscore"                // (x−mean)/sd·SD + Mean; SD 1 if zero
	MethodRank        ScaleMethod = "rank"                  // from 1 for the worst; equal values get the least
	MethodBorda       ScaleMethod = "borda"                 // rank − 1
	MethodPercentile  ScaleMethod = "percentile_rank"       // (rank−1)/(n−1), n units present
	MethodToMax       ScaleMethod = "distance_to_max"       // 1 − (max−x)/(max−min)
	MethodToReference ScaleMethod = "distance_to_reference" // 1 − (ref−x)/(ref−min), ref the value of Unit; Cap for 1 at most
	MethodToTarget    ScaleMethod = "distance_to_target"    // (x−min)/(Target·direction−min); Cap for 1 at most
	MethodScaled      ScaleMethod = "scaled"                // (x−Lower)/(Upper−Lower)·Factor; Factor 100 if zero
	MethodGoalposts   ScaleMethod = "goalposts"             // (x−lo)/(hi−lo)·Factor, the posts Lower and Upper turned round by direction −1; Within for 0 to Factor; Factor 100 if zero
	MethodOfBest      ScaleMethod = "fraction_of_best"      // x/max, or min/x where less is better; for values above zero
	MethodShare       ScaleMethod = "share"                 // x/Σx: see [Shares]; more must be better
	MethodAsIs        ScaleMethod = "none"                  // x
)

// scaling is a Scale with its numbers for one indicator.
type scaling struct {
	method ScaleMethod
	a, b   float64 // lower and upper, mean and sd, target
	factor float64
	ref    int // row of the table
	cap    bool
}

// normalising says how every indicator is scaled. It does not change once made.
type normalising struct {
	of []scaling // by indicator
}

// resolveNormalising looks up the numbers of each indicator that is not off.
func (x *Index) resolveNormalising(s Settings, off []bool) (*normalising, error) {
	for _, code := range sortedKeys(s.Exceptions) {
		if at, ok := x.tree.at[code]; !ok || x.tree.elements[at].leaf < 0 {
			return nil, &Error{Step: "normalise", Code: code, Err: ErrUnknown}
		}
	}
	n := &normalising{of: make([]scaling, len(x.tree.leaves))}
	for j, at := range x.tree.leaves {
		if off[j] {
			continue
		}
		e := &x.tree.elements[at]
		scale := s.Normalise
		if own, ok := s.Exceptions[e.Code]; ok {
			scale = own
		}
		var err error
		if n.of[j], err = x.scaling(scale, e); err != nil {
			return nil, err
		}
	}
	return n, nil
}

func (x *Index) scaling(s Scale, e *element) (scaling, error) {
	fail := func(format string, args ...any) (scaling, error) {
		return scaling{}, &Error{Step: "normalise", Code: e.Code, Err: fmt.Errorf(format, args...)}
	}
	r := scaling{method: s.Method, ref: -1}
	var err error
	number := func(what string, n Number) float64 {
		v, bad := n.of(what, &e.Node)
		if bad == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
			bad = &Error{Step: "normalise", Code: e.Code, Err: fmt.Errorf("%w: %s is %v", ErrSettings, what, v)}
		}
		if err == nil {
			err = bad
		}
		return v
	}
	toggle := func(what string, w Switch) bool {
		v, bad := w.of(what, &e.Node)
		if err == nil {
			err = bad
		}
		return v
	}
	orHundred := func(v float64) float64 {
		if v == 0 {
			return 100
		}
		return v
	}
	switch s.Method {
	case "", MethodMinMax:
		r.method = MethodMinMax
		if r.a, r.b = number("lower", s.Lower), number("upper", s.Upper); r.a == 0 && r.b == 0 {
			r.b = 100
		}
		if err == nil && !(r.a < r.b) {
			return fail("%w: from %v to %v", ErrSettings, r.a, r.b)
		}
	case MethodZScore:
		if r.a, r.b = number("mean", s.Mean), number("sd", s.SD); r.b == 0 {
			r.b = 1
		}
		if err == nil && !(r.b > 0) {
			return fail("%w: standard deviation %v", ErrSettings, r.b)
		}
	case MethodToReference:
		if r.ref = slices.Index(x.table.Units, s.Unit); r.ref < 0 {
			return fail("%w: no unit %q to refer to", ErrUnknown, s.Unit)
		}
		r.cap = toggle("cap", s.Cap)
	case MethodToTarget:
		r.a, r.cap = number("target", s.Target)*float64(e.Direction), toggle("cap", s.Cap)
	case MethodScaled, MethodGoalposts:
		r.a, r.b, r.factor = number("lower", s.Lower), number("upper", s.Upper), orHundred(number("scale", s.Factor))
		if err == nil && r.a == r.b {
			return fail("%w: both posts are %v", ErrNoRange, r.a)
		}
		if s.Method == MethodGoalposts {
			if r.cap = toggle("truncate", s.Within); e.Direction < 0 {
				r.a, r.b = -r.b, -r.a
			}
		}
	case MethodShare:
		if e.Direction < 0 {
			return fail("%w: a share of what should be little", ErrSettings)
		}
	case MethodRank, MethodBorda, MethodPercentile, MethodToMax, MethodOfBest, MethodAsIs:
	default:
		return fail("%w: no method %q", ErrSettings, s.Method)
	}
	return r, err
}

// normalise puts the columns of the sheet on their scales, in place.
func (e *engine) normalise(p *preparing, n *normalising) error {
	for _, j := range p.kept {
		if err := e.normaliseColumn(j, n.of[j]); err != nil {
			return err
		}
	}
	if e.trace != nil {
		e.trace.stage("normalise", &e.sheet)
	}
	return nil
}

func (e *engine) normaliseColumn(j int, s scaling) error {
	col := e.sheet.col[j]
	if e.x.tree.elements[e.x.tree.leaves[j]].Direction < 0 && s.method != MethodOfBest {
		for i := range col {
			col[i] = -col[i]
		}
	}
	lo, hi := extent(col)
	fail := func(err error) error { return e.at("normalise", j, -1, err) }
	if lo != lo {
		return fail(ErrNoValues)
	}
	// linear maps x to (x−from)/by·times + plus.
	linear := func(from, by, times, plus float64) error {
		if by == 0 {
			return fail(ErrNoRange)
		}
		for i, v := range col {
			col[i] = (v-from)/by*times + plus
		}
		return nil
	}
	atMost := func(limit float64, err error) error {
		if s.cap && err == nil {
			for i, v := range col {
				if v > limit {
					col[i] = limit
				}
			}
		}
		return err
	}
	switch s.method {
	case MethodMinMax:
		return linear(lo, hi-lo, s.b-s.a, s.a)
	case MethodZScore:
		m, sd := meanSD(col)
		if lo == hi || !(sd > 0) {
			return fail(ErrNoRange)
		}
		return linear(m, sd, s.b, s.a)
	case MethodRank, MethodBorda, MethodPercentile:
		n := e.rankColumn(col)
		switch {
		case s.method == MethodBorda:
			return linear(1, 1, 1, 0)
		case s.method == MethodPercentile && n == 1:
			return fail(ErrNoRange)
		case s.method == MethodPercentile:
			return linear(1, float64(n-1), 1, 0)
		}
		return nil
	case MethodToMax:
		return linear(lo, hi-lo, 1, 0)
	case MethodToReference:
		at := slices.Index(e.sheet.rows, s.ref)
		if at < 0 || col[at] != col[at] {
			return fail(fmt.Errorf("%w: the unit of reference %s has none", ErrNoValues, e.x.table.Units[s.ref]))
		}
		return atMost(1, linear(lo, col[at]-lo, 1, 0))
	case MethodToTarget:
		if s.a <= lo {
			return fail(fmt.Errorf("%w: the target is no better than the worst value", ErrNoRange))
		}
		return atMost(1, linear(lo, s.a-lo, 1, 0))
	case MethodScaled:
		return linear(s.a, s.b-s.a, s.factor, 0)
	case MethodGoalposts:
		if err := linear(s.a, s.b-s.a, 1, 0); err != nil {
			return err
		}
		for i, v := range col {
			if s.cap && v == v {
				v = max(0, min(1, v))
			}
			col[i] = v * s.factor
		}
		return nil
	case MethodOfBest:
		less := e.x.tree.elements[e.x.tree.leaves[j]].Direction < 0
		for i, v := range col {
			switch {
			case v <= 0:
				return e.at("normalise", j, i, fmt.Errorf("%w: a fraction of the best with %v", ErrNotPositive, v))
			case less:
				col[i] = lo / v
			default:
				col[i] = v / hi
			}
		}
		return nil
	case MethodShare:
		return e.shareColumn(j)
	}
	return nil // MethodAsIs
}

// shareColumn turns indicator j into shares of its total.
func (e *engine) shareColumn(j int) error {
	col := e.sheet.col[j]
	at, err := shares(col, col)
	if err != nil {
		return e.at("normalise", j, at, err)
	}
	return nil
}

// Shares returns each unit's share of the total, as a share of 1:
//
//	s_i = x_i / Σ_j x_j
//
// where the sum runs over the units that are not missing (NaN). A missing
// value stays missing.
//
// Assumptions: x are amounts that add up, such as people or money. The total
// is of the units present: where units are absent every share is too high, by
// the factor total of all / total of those present.
//
// Shares returns [ErrNoTotal] when nothing is left to divide by, and
// [ErrNotPositive] or [ErrTable] for a value that is negative or infinite.
//
// References: [singer1972].
func Shares(x []float64) ([]float64, error) {
	s := make([]float64, len(x))
	if at, err := shares(s, x); err != nil {
		if at >= 0 {
			err = fmt.Errorf("value %d: %w", at, err)
		}
		return nil, fmt.Errorf("composite: %w", err)
	}
	return s, nil
}

// shares writes the shares of x to s, or returns the place of a value that is
// no amount, −1 if it is the total.
func shares(s, x []float64) (int, error) {
	var total float64
	for i, v := range x {
		if v != v {
			continue
		}
		if v < 0 {
			return i, fmt.Errorf("%w: a share of %v", ErrNotPositive, v)
		}
		if math.IsInf(v, 0) {
			return i, fmt.Errorf("%w: value is infinite", ErrTable)
		}
		total += v
	}
	if total == 0 {
		return -1, ErrNoTotal
	}
	if math.IsInf(total, 0) {
		return -1, fmt.Errorf("%w: the total is too large to hold", ErrTable)
	}
	for i, v := range x {
		s[i] = v / total
	}
	return 0, nil
}

// rankColumn replaces values by ranks from 1 for the least, equal values
// getting the least of theirs, and returns how many there are.
func (e *engine) rankColumn(col []float64) int {
	e.order = e.order[:0]
	for i, v := range col {
		if v == v {
			e.order = append(e.order, placed{v, i, 0})
		}
	}
	sortPlaced(e.order)
	n := len(e.order)
	for from := 0; from < n; {
		to := from
		for to < n && e.order[to].score == e.order[from].score {
			to++
		}
		// sortPlaced puts the highest first, so those from to on are lower.
		for k := from; k < to; k++ {
			col[e.order[k].unit] = float64(n - to + 1)
		}
		from = to
	}
	return n
}
