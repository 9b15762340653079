package composite

import (
	"encoding/json"
	"fmt"
	"math"
)

// An Aggregator says how the children of an element become one value.
type Aggregator struct {
	Method AggregateMethod
	Power  float64 // p of PowerMean; 0 means the settings' own
}

// An AggregateMethod makes one value of several.
type AggregateMethod string

// The methods, of children x with weights w. Children that are missing are
// left out and the weights of the rest count for all.
//
// The arithmetic mean lets a surplus in one child pay for a lack in another at
// a fixed price; the geometric and, more so, the harmonic mean make a lack
// dear; the minimum forgives none [greco2019]. The last two compare units with
// each other, so a value depends on who else is there.
const (
	Arithmetic AggregateMethod = "amean"    // Σwx/Σw; the default
	Geometric  AggregateMethod = "gmean"    // exp(Σw ln x/Σw); all must be above zero
	Harmonic   AggregateMethod = "hmean"    // Σw/Σ(w/x); all must be above zero
	PowerMean  AggregateMethod = "power"    // (Σwx^p/Σw)^(1/p); all must be at least zero, above it if p is negative
	Minimum    AggregateMethod = "min"      // the least child with a weight
	Copeland   AggregateMethod = "copeland" // units outranked less units outranked by: see [Outranking]
	Doubt      AggregateMethod = "bod"      // the best weighted mean the unit could claim: see [BenefitOfDoubt]
)

type aggregatorJSON struct {
	Method AggregateMethod `json:"method"`
	Power  float64         `json:"power,omitempty"`
}

// UnmarshalJSON reads a word, such as "gmean", or an object with method and power.
func (a *Aggregator) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '{' {
		var o aggregatorJSON
		if err := strict(b, &o); err != nil {
			return err
		}
		*a = Aggregator(o)
		return nil
	}
	*a = Aggregator{}
	return json.Unmarshal(b, &a.Method)
}

// MarshalJSON writes the shortest form that reads back the same.
func (a Aggregator) MarshalJSON() ([]byte, error) {
	if a.Power == 0 {
		return json.Marshal(a.Method)
	}
	return json.Marshal(aggregatorJSON(a))
}

// aggregating says how every aggregate is made. It does not change once made.
type aggregating struct {
	of    []Aggregator // by element; with its power
	least []float64    // by element: share of children needed
	kids  [][]int      // by element: children that are not excluded
	zero  bool         // a missing child counts as zero
}

func (x *Index) resolveAggregating(s Settings, off []bool) (*aggregating, error) {
	t := x.tree
	a := &aggregating{of: make([]Aggregator, len(t.elements)), least: make([]float64, len(t.elements)), kids: make([][]int, len(t.elements))}
	fail := func(code, format string, args ...any) error {
		return &Error{Step: "aggregate", Code: code, Err: fmt.Errorf("%w: "+format, append([]any{ErrSettings}, args...)...)}
	}
	switch s.Missing {
	case "", Drop:
	case Zero:
		a.zero = true
	default:
		return nil, fail("", "no rule %q for what is missing", s.Missing)
	}
	levels := t.depth - 1
	for what, n := range map[string]int{"aggregators": len(s.Aggregate), "least availabilities": len(s.MinAvailability)} {
		if n > 1 && n != levels {
			return nil, fail("", "%d %s for %d levels", n, what, levels)
		}
	}
	for _, at := range t.inner {
		e := &t.elements[at]
		for _, c := range e.children {
			if leaf := t.elements[c].leaf; leaf >= 0 && !off[leaf] || leaf < 0 && len(a.kids[c]) > 0 {
				a.kids[at] = append(a.kids[at], c)
			}
		}
		g := Aggregator{Method: Arithmetic}
		if len(s.Aggregate) > 0 {
			g = s.Aggregate[min(e.level-2, len(s.Aggregate)-1)]
		}
		if e.Aggregate != nil {
			g = *e.Aggregate
		}
		switch g.Method {
		case "":
			g.Method = Arithmetic
		case PowerMean:
			if g.Power == 0 {
				g.Power = s.Power
			}
			if g.Power == 0 || math.IsNaN(g.Power) || math.IsInf(g.Power, 0) {
				return nil, fail(e.Code, "power %v", g.Power)
			}
		case Arithmetic, Geometric, Harmonic, Minimum, Copeland, Doubt:
		default:
			return nil, fail(e.Code, "no method %q", g.Method)
		}
		a.of[at] = g
		if len(s.MinAvailability) > 0 {
			a.least[at] = s.MinAvailability[min(e.level-2, len(s.MinAvailability)-1)]
		}
		if !(a.least[at] >= 0 && a.least[at] <= 1) {
			return nil, fail(e.Code, "least availability %v", a.least[at])
		}
	}
	return a, nil
}

// aggregate works out every aggregate from the scaled indicators, children
// before parents. w holds the weight of each element among its siblings.
func (e *engine) aggregate(w *weighing, a *aggregating) error {
	t := e.x.tree
	m := len(e.scaled.rows)
	for j, at := range t.leaves {
		e.value[at] = e.scaled.col[j]
		e.gaps[at] = e.scaled.gap[j]
	}
	for _, at := range t.inner {
		kids := a.kids[at]
		e.value[at] = nil
		if len(kids) == 0 {
			continue
		}
		if w.pca[at] && !e.drawn[at] {
			if err := e.loadings(at, kids); err != nil {
				return err
			}
		}
		out := e.inner[at*len(e.x.table.Units):][:m]
		e.value[at] = out
		if err := e.combine(at, kids, a, out); err != nil {
			return err
		}
		e.mind(at, kids, a, out)
	}
	return nil
}

// mind takes back the values of units that lack too many children, and notes
// whether any is missing.
func (e *engine) mind(at int, kids []int, a *aggregating, out []float64) {
	gaps := false
	for _, c := range kids {
		gaps = gaps || e.gaps[c]
	}
	if gaps {
		for i := range out {
			present := 0
			for _, c := range kids {
				if v := e.value[c][i]; v == v {
					present++
				}
			}
			if present == 0 || float64(present)/float64(len(kids)) < a.least[at] {
				out[i] = math.NaN()
			}
		}
	}
	e.gaps[at] = hasGap(out)
}

// combine writes the value of every row to out.
func (e *engine) combine(at int, kids []int, a *aggregating, out []float64) error {
	g := a.of[at]
	switch g.Method {
	case Arithmetic:
		e.cols = e.cols[:0]
		for _, c := range kids {
			e.cols = append(e.cols, e.value[c])
		}
		e.weighted(kids, e.cols, a.zero, out)
		return nil
	case Geometric:
		return e.transformed(at, kids, a, e.logColumn, math.Exp, out)
	case Harmonic:
		inverse := func(v float64) float64 { return 1 / v }
		return e.transformed(at, kids, a, func(c int) ([]float64, int) {
			return e.mapped(c, func(v float64) (float64, bool) { return 1 / v, v > 0 })
		}, inverse, out)
	case PowerMean:
		p := g.Power
		return e.transformed(at, kids, a, func(c int) ([]float64, int) {
			return e.mapped(c, func(v float64) (float64, bool) { return math.Pow(v, p), v > 0 || v == 0 && p > 0 })
		}, func(v float64) float64 { return math.Pow(v, 1/p) }, out)
	case Minimum:
		for i := range out {
			out[i] = math.NaN()
			for _, c := range kids {
				v := e.value[c][i]
				if v != v && a.zero {
					v = 0
				}
				if e.w[c] > 0 && !(v >= out[i]) && v == v {
					out[i] = v
				}
			}
		}
		return nil
	case Copeland:
		cols, w := e.family(kids, a.zero)
		copeland(cols, w, out)
		return nil
	default: // Doubt
		cols, w := e.family(kids, a.zero)
		if err := benefitOfDoubt(cols, w, nil, out); err != nil {
			return e.place("aggregate", at, err)
		}
		return nil
	}
}

// place adds the element to an error, and the unit if err is about a row.
func (e *engine) place(step string, at int, err error) error {
	f := &Error{Step: step, Code: e.x.tree.elements[at].Code, Err: err}
	if r, ok := err.(rowError); ok {
		f.Unit, f.Err = e.x.table.Units[e.scaled.rows[r.row]], r.err
	}
	return f
}

// A rowError is a reason that concerns one row.
type rowError struct {
	row int
	err error
}

func (r rowError) Error() string { return r.err.Error() }

// family returns the columns and weights of kids, gaps as zero if asked.
func (e *engine) family(kids []int, zero bool) (cols [][]float64, w []float64) {
	for _, c := range kids {
		col := e.value[c]
		if zero && e.gaps[c] {
			col = append([]float64(nil), col...)
			for i, v := range col {
				if v != v {
					col[i] = 0
				}
			}
		}
		cols, w = append(cols, col), append(w, e.w[c])
	}
	return cols, w
}

// transformed writes back(Σw f(x)/Σw) to out, where column gives the f(x) of a
// child and the row of an x that f does not take, or −1.
func (e *engine) transformed(at int, kids []int, a *aggregating, column func(int) ([]float64, int), back func(float64) float64, out []float64) error {
	zero := a.zero && a.of[at].Method == PowerMean && a.of[at].Power > 0 // 0^p is 0
	fail := func(c int, unit, value string) error {
		return &Error{Step: "aggregate", Code: e.x.tree.elements[at].Code, Unit: unit,
			Err: fmt.Errorf("%w: %s of %s with %s", ErrNotPositive, a.of[at].Method, e.x.tree.elements[c].Code, value)}
	}
	e.cols = e.cols[:0]
	for _, c := range kids {
		if e.w[c] == 0 {
			e.cols = append(e.cols, e.value[c])
			continue
		}
		col, bad := column(c)
		if bad >= 0 {
			return fail(c, e.x.table.Units[e.scaled.rows[bad]], fmt.Sprint(e.value[c][bad]))
		}
		if a.zero && !zero && e.gaps[c] {
			return fail(c, "", "gaps that count as zero")
		}
		e.cols = append(e.cols, col)
	}
	e.weighted(kids, e.cols, zero, out)
	for i, v := range out {
		out[i] = back(v)
	}
	return nil
}

// weighted writes Σwx/Σw to out, over the children of weight that a row has,
// or over all with what is missing as zero. cols are the values of kids.
//
// Weights are made to add to 1 first and products summed with the error of
// every addition carried along, so that the sum is the one number next to the
// exact one whatever the order of the children, and units that ought to be
// level are.
//
// References: [ogita2005].
func (e *engine) weighted(kids []int, cols [][]float64, zero bool, out []float64) {
	clear(out)
	low := e.low[:len(out)]
	clear(low)
	gaps := false
	var total, rest float64
	for _, c := range kids {
		var err float64
		total, err = twoSum(total, e.w[c])
		rest += err
		gaps = gaps || e.gaps[c]
	}
	total += rest
	if total == 0 {
		for i := range out {
			out[i] = math.NaN()
		}
		return
	}
	for k, c := range kids {
		if e.w[c] == 0 {
			continue
		}
		w := e.w[c] / total
		col := cols[k][:len(out)]
		if e.gaps[c] && zero {
			for i, v := range col {
				if v == v {
					sum, err := twoSum(out[i], w*v)
					out[i] = sum
					low[i] += err
				}
			}
			continue
		}
		for i, v := range col {
			sum, err := twoSum(out[i], w*v)
			out[i] = sum
			low[i] += err
		}
	}
	for i := range out {
		out[i] += low[i]
	}
	if !gaps || zero {
		return
	}
	for i, v := range out { // rows that lack something are done again, alone
		if v != v {
			out[i] = e.weightedRow(kids, cols, i)
		}
	}
}

// weightedRow is [engine.weighted] for one row with gaps.
func (e *engine) weightedRow(kids []int, cols [][]float64, i int) float64 {
	var total, rest float64
	for k, c := range kids {
		if v := cols[k][i]; v == v {
			var err float64
			total, err = twoSum(total, e.w[c])
			rest += err
		}
	}
	total += rest
	if total == 0 {
		return math.NaN()
	}
	var sum, low float64
	for k, c := range kids {
		if v := cols[k][i]; v == v && e.w[c] > 0 {
			var err float64
			sum, err = twoSum(sum, e.w[c]/total*v)
			low += err
		}
	}
	return sum + low
}

// twoSum returns a+b and what rounding took from it.
func twoSum(a, b float64) (sum, err float64) {
	sum = a + b
	t := sum - a
	return sum, (a - (sum - t)) + (b - t)
}

// mapped returns f of the values of element c, in the element's buffer, and the
// first row with a value f does not take, or −1.
func (e *engine) mapped(c int, f func(float64) (float64, bool)) ([]float64, int) {
	bad := -1
	buf := e.scratch[c*len(e.x.table.Units):][:len(e.value[c])]
	for i, v := range e.value[c] {
		y, ok := f(v)
		if !ok && v == v && bad < 0 {
			bad = i
		}
		buf[i] = y
		if v != v {
			buf[i] = v
		}
	}
	return buf, bad
}

// logColumn returns the logarithms of element c. Those of an indicator are
// kept with the scaled values, as they serve again while only weights change.
func (e *engine) logColumn(c int) ([]float64, int) {
	leaf := e.x.tree.elements[c].leaf
	if leaf < 0 {
		return e.mapped(c, func(v float64) (float64, bool) { return math.Log(v), v > 0 })
	}
	s := e.scaled
	if s.logs[leaf] == nil {
		s.logs[leaf] = make([]float64, len(s.rows))
		s.logBad[leaf] = -1
		for i, v := range s.col[leaf] {
			if v <= 0 && s.logBad[leaf] < 0 {
				s.logBad[leaf] = i
			}
			s.logs[leaf][i] = math.Log(v)
		}
	}
	return s.logs[leaf], s.logBad[leaf]
}
