package composite

import (
	"encoding/json"
	"fmt"
	"math"
)

// Treat says what is done about indicators with a few extreme values, which
// would otherwise decide the scale for everybody.
//
// An indicator passes if its skewness is small or its kurtosis is:
//
//	|g| < Skew  or  k < Kurtosis
//
// (with Both: and), where, with n values present, d their distances from the
// mean and r = n·Σd⁴/(Σd²)²,
//
//	g = √n Σd³/(Σd²)^1.5 · √(n(n−1))/(n−2)
//	k = ((n+1)(r−3) + 6)(n−1)/((n−2)(n−3))
//
// One that does not is winsorised: while it fails and fewer than WinMax points
// have been moved, its greatest value is lowered to the next below where g is
// positive or zero, or its least raised to the next above where g is negative;
// equal values move together. If that does not make it pass, the Second
// transform is applied, to the column as it was or, with Combine, as it has
// become, and its result is accepted whatever it is.
//
// Assumptions: what lies far out is noise, or its distance is not merit. Where
// a great value is a true lead, treatment hides it. Columns of fewer than four
// values, or of one value, are left alone.
//
// References: [oecd2008]; [becker2022] for this order of steps.
type Treat struct {
	Method     string            `json:"method,omitempty"` // "none" for none
	WinMax     int               `json:"winmax"`           // points to move at most; Unlimited for as many as it takes
	Skew       float64           `json:"skew_threshold"`
	Kurtosis   float64           `json:"kurtosis_threshold"`
	Both       bool              `json:"both,omitempty"`
	Second     Transform         `json:"second,omitempty"`
	Combine    bool              `json:"combine,omitempty"`
	Lambda     *float64          `json:"lambda,omitempty"`     // of BoxCox; nil means the likeliest, within [−2, 2]
	Force      bool              `json:"force,omitempty"`      // without asking whether it passes: WinMax points and then Second
	Exceptions map[string]*Treat `json:"exceptions,omitempty"` // by indicator, instead of all this; nil leaves it alone
}

// Unlimited, as [Treat.WinMax], lets winsorising go on until the indicator
// passes. In JSON it is null.
const Unlimited = -1

// DefaultTreat returns the rule most indices use: up to five points, thresholds
// 2 and 3.5, then the logarithm of the column as it was.
func DefaultTreat() Treat { return Treat{WinMax: 5, Skew: 2, Kurtosis: 3.5, Second: LogCT} }

// A Transform changes the shape of a column.
type Transform string

// The transforms, of a column with least value min and greatest max.
const (
	NoTransform Transform = ""
	Log         Transform = "log"         // ln x, for values above zero
	LogCT       Transform = "log_ct"      // ln(x − min + 0.01(max−min))
	LogCTPlus   Transform = "log_ct_plus" // LogCT if skewed upwards, and otherwise −ln(max + 0.01(max−min) − x)
	BoxCox      Transform = "boxcox"      // with y = x − min + 1: (y^λ−1)/λ, or ln y for λ = 0
	Asinh       Transform = "asinh"       // ln(x + √(x²+1)), for values of both signs
)

type plainTreat Treat

type treatJSON struct {
	WinMax *int `json:"winmax"`
	plainTreat
}

// UnmarshalJSON reads a rule; what is left out is as in [DefaultTreat], except
// that no second transform is none. A null winmax is [Unlimited].
func (t *Treat) UnmarshalJSON(b []byte) error {
	d := DefaultTreat()
	d.Second = NoTransform
	j := treatJSON{WinMax: &d.WinMax, plainTreat: plainTreat(d)}
	if err := strict(b, &j); err != nil {
		return err
	}
	*t = Treat(j.plainTreat)
	t.WinMax = Unlimited
	if j.WinMax != nil {
		t.WinMax = *j.WinMax
	}
	return nil
}

// MarshalJSON writes the rule.
func (t Treat) MarshalJSON() ([]byte, error) {
	j := treatJSON{plainTreat: plainTreat(t)}
	if t.WinMax != Unlimited {
		j.WinMax = &t.WinMax
	}
	return json.Marshal(j)
}

// treatment is the rule for one indicator.
type treatment struct {
	Treat
}

// resolveTreat returns the rule of each indicator, nil where there is none.
func (x *Index) resolveTreat(t *Treat) ([]*treatment, error) {
	rules := make([]*treatment, len(x.tree.leaves))
	if t == nil {
		return rules, nil
	}
	check := func(t *Treat, code string) (*treatment, error) {
		fail := func(format string, args ...any) (*treatment, error) {
			return nil, &Error{Step: "treat", Code: code, Err: fmt.Errorf("%w: "+format, append([]any{ErrSettings}, args...)...)}
		}
		if t == nil || t.Method == "none" {
			return nil, nil
		}
		switch t.Second {
		case NoTransform, Log, LogCT, LogCTPlus, BoxCox, Asinh:
		default:
			return fail("no transform %q", t.Second)
		}
		switch {
		case t.Method != "":
			return fail("no method %q", t.Method)
		case t.WinMax < Unlimited, t.Force && t.WinMax == Unlimited:
			return fail("at most %d points", t.WinMax)
		case !t.Force && !(t.Skew > 0 || t.Kurtosis > 0):
			return fail("thresholds %v and %v", t.Skew, t.Kurtosis)
		case t.Lambda != nil && (math.IsNaN(*t.Lambda) || math.IsInf(*t.Lambda, 0)):
			return fail("lambda %v", *t.Lambda)
		}
		return &treatment{*t}, nil
	}
	all, err := check(t, "")
	if err != nil {
		return nil, err
	}
	for j := range rules {
		rules[j] = all
	}
	for _, code := range sortedKeys(t.Exceptions) {
		at, ok := x.tree.at[code]
		if !ok || x.tree.elements[at].leaf < 0 {
			return nil, &Error{Step: "treat", Code: code, Err: ErrUnknown}
		}
		if e := t.Exceptions[code]; e != nil && len(e.Exceptions) > 0 {
			return nil, &Error{Step: "treat", Code: code, Err: fmt.Errorf("%w: an exception with exceptions", ErrSettings)}
		}
		if rules[x.tree.elements[at].leaf], err = check(t.Exceptions[code], code); err != nil {
			return nil, err
		}
	}
	return rules, nil
}

// A Treated says what became of one indicator.
type Treated struct {
	Code           string
	Winsorised     []string   // units whose value was moved; listed also when the move was undone
	Transform      Transform  // applied in the end; NoTransform if none
	Combined       bool       // whether Transform was applied to the winsorised column
	Passed         bool       // as it was
	PassedMoved    bool       // after winsorising
	PassedChanged  bool       // after Transform
	Skew, Kurtosis [2]float64 // before and after
}

// Action returns what was done, in one word or two: none, winsorise, the
// transform, or both.
func (t Treated) Action() string {
	switch {
	case t.Transform == NoTransform && len(t.Winsorised) == 0:
		return "none"
	case t.Transform == NoTransform:
		return "winsorise"
	case t.Combined && len(t.Winsorised) > 0:
		return "winsorise+" + string(t.Transform)
	}
	return string(t.Transform)
}

// treat treats the columns of the sheet.
func (e *engine) treat(p *preparing) error {
	for _, j := range p.kept {
		if p.treat[j] == nil {
			continue
		}
		if err := e.treatColumn(j, p.treat[j]); err != nil {
			return err
		}
	}
	return nil
}

func (e *engine) treatColumn(j int, t *treatment) error {
	col := e.sheet.col[j]
	g, k, ok := shape(col)
	passes := func() bool {
		a, b := math.Abs(g) < t.Skew, k < t.Kurtosis
		if t.Both {
			return a && b
		}
		return a || b
	}
	var note Treated
	if e.trace != nil {
		note = Treated{Code: e.x.tree.elements[e.x.tree.leaves[j]].Code, Skew: [2]float64{g, g}, Kurtosis: [2]float64{k, k}, Passed: !ok || passes()}
		defer func() { e.trace.treated = append(e.trace.treated, note) }()
	}
	if !ok || !t.Force && passes() {
		return nil
	}
	e.was = append(e.was[:0], col...)
	high, low := 0, 0
	for (t.Force || !passes()) && (t.WinMax == Unlimited || high+low < t.WinMax) {
		moved := 0
		if g >= -1e-12 { // nothing but rounding, which depends on the order of rows
			moved = moveEdge(col, false)
			high = moved
		} else {
			moved = moveEdge(col, true)
			low = moved
		}
		if moved == 0 {
			break
		}
		if g, k, ok = shape(col); !ok {
			break // one value is left: nothing passes and nothing can be moved
		}
	}
	passed := ok && passes()
	if e.trace != nil {
		for i, v := range e.was {
			if v == v && v != col[i] {
				note.Winsorised = append(note.Winsorised, e.x.table.Units[e.sheet.rows[i]])
			}
		}
		note.PassedMoved = passed
		defer func() { // runs before the note is kept
			a, b, _ := shape(col)
			note.Skew[1], note.Kurtosis[1] = a, b
		}()
	}
	if t.Second == NoTransform || !t.Force && passed {
		return nil
	}
	if !t.Combine {
		copy(col, e.was)
	}
	if err := e.transform(j, t); err != nil {
		return err
	}
	if e.trace != nil {
		note.Transform, note.Combined = t.Second, t.Combine
		g, k, ok = shape(col)
		note.PassedChanged = ok && passes()
	}
	return nil
}

// moveEdge lowers the greatest value of x to the next below, or raises the
// least to the next above, and returns how many points moved: none if no other
// value is there.
func moveEdge(x []float64, least bool) int {
	edge, next := math.Inf(-1), math.Inf(-1)
	sign := 1.0
	if least {
		sign = -1
	}
	for _, v := range x {
		v *= sign
		if v > edge {
			edge, next = v, edge
		} else if v < edge && v > next {
			next = v
		}
	}
	if math.IsInf(next, -1) {
		return 0
	}
	moved := 0
	for i, v := range x {
		if v*sign == edge {
			x[i] = next * sign
			moved++
		}
	}
	return moved
}

// transform applies the second step of a rule to indicator j in place.
func (e *engine) transform(j int, t *treatment) error {
	col := e.sheet.col[j]
	lo, hi := extent(col)
	shift := 0.01 * (hi - lo)
	kind := t.Second
	if kind == LogCTPlus {
		if g, _, _ := shape(col); g > 0 {
			kind = LogCT
		}
	}
	switch kind {
	case Log:
		for i, v := range col {
			if v <= 0 {
				return e.at("treat", j, i, fmt.Errorf("%w: the logarithm of %v", ErrNotPositive, v))
			}
			col[i] = math.Log(v)
		}
	case LogCT:
		for i, v := range col {
			col[i] = math.Log(v - lo + shift)
		}
	case LogCTPlus:
		for i, v := range col {
			col[i] = -math.Log(hi + shift - v)
		}
	case Asinh:
		for i, v := range col {
			col[i] = math.Asinh(v)
		}
	case BoxCox:
		for i := range col {
			col[i] += 1 - lo
		}
		lambda := 0.0
		if t.Lambda != nil {
			lambda = *t.Lambda
		} else {
			lambda = likeliestLambda(col)
		}
		for i, v := range col {
			col[i] = boxCox(v, lambda)
		}
	}
	return nil
}

// boxCox returns (y^λ−1)/λ, or ln y for λ = 0.
func boxCox(y, lambda float64) float64 {
	if lambda == 0 {
		return math.Log(y)
	}
	return math.Expm1(lambda*math.Log(y)) / lambda
}

// likeliestLambda returns the λ in [−2, 2] at which the transformed values are
// likeliest under a normal distribution: the maximum of
//
//	−n/2·ln(Σ(z−z̄)²/n) + (λ−1) Σ ln y,  z = boxCox(y, λ)
//
// found by golden section to 1e-8. References: [box1964].
func likeliestLambda(y []float64) float64 {
	n, logs := 0.0, 0.0
	for _, v := range y {
		if v == v {
			n++
			logs += math.Log(v)
		}
	}
	z := make([]float64, 0, len(y))
	ll := func(lambda float64) float64 {
		z = z[:0]
		for _, v := range y {
			if v == v {
				z = append(z, boxCox(v, lambda))
			}
		}
		m := mean(z)
		var ss float64
		for _, v := range z {
			ss += (v - m) * (v - m)
		}
		return -n/2*math.Log(ss/n) + (lambda-1)*logs
	}
	const inv = 0.6180339887498949 // 1/golden ratio
	a, b := -2.0, 2.0
	c, d := b-inv*(b-a), a+inv*(b-a)
	fc, fd := ll(c), ll(d)
	for b-a > 1e-8 {
		if fc >= fd {
			b, d, fd = d, c, fc
			c = b - inv*(b-a)
			fc = ll(c)
		} else {
			a, c, fc = c, d, fd
			d = a + inv*(b-a)
			fd = ll(d)
		}
	}
	return (a + b) / 2
}
