package composite

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// An Index is a definition joined with the values it is about: checked, laid
// out and ready to be built as often as one likes. It does not change, and may
// be used from many goroutines at once.
type Index struct {
	def   Definition
	table Table
	tree  *tree
	raw   [][]float64 // by indicator
	denom [][]float64 // by indicator; nil where it has none
	plan  *plan
}

// plan is a way of building, every setting resolved. Parts that two plans have
// in common are the same pointer, which is how engines know what to keep.
type plan struct {
	prepare   *preparing
	normalise *normalising
	weigh     *weighing
	aggregate *aggregating
}

// New returns the index of the definition over the table, or an [Error] that
// says what in either cannot be. Values are not copied and must not change.
func New(d Definition, t Table) (*Index, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	tree, err := newTree(d.Framework)
	if err != nil {
		return nil, err
	}
	x := &Index{def: d, table: t, tree: tree, raw: make([][]float64, len(tree.leaves)), denom: make([][]float64, len(tree.leaves))}
	for j, at := range tree.leaves {
		e := &tree.elements[at]
		col, ok := t.Values[e.Code]
		if !ok {
			return nil, &Error{Step: "table", Code: e.Code, Err: fmt.Errorf("%w: no column of this indicator", ErrTable)}
		}
		x.raw[j] = col
		x.denom[j] = t.Values[e.Denominator] // none if it is ""
	}
	if x.plan, err = x.newPlan(d.Settings, newShelf()); err != nil {
		return nil, err
	}
	return x, nil
}

// With returns the index with some settings changed.
func (x *Index) With(p Patch) (*Index, error) {
	y := *x
	y.def.Settings = p.Apply(x.def.Settings)
	var err error
	if y.plan, err = y.newPlan(y.def.Settings, newShelf()); err != nil {
		return nil, err
	}
	return &y, nil
}

// Over returns the index of the same definition over another table.
func (x *Index) Over(t Table) (*Index, error) { return New(x.def, t) }

// Definition returns what the index was made from.
func (x *Index) Definition() Definition { return x.def }

// Table returns the values the index is about.
func (x *Index) Table() Table { return x.table }

// Depth returns the level of the top; indicators are at level 1.
func (x *Index) Depth() int { return x.tree.depth }

// Codes returns the codes of the elements at a level, in the framework's order.
func (x *Index) Codes(level int) []string { return x.tree.codes(level) }

// Top returns the code of the whole index.
func (x *Index) Top() string { return x.tree.elements[0].Code }

// element returns the number of an element.
func (x *Index) element(code string) (int, error) {
	at, ok := x.tree.at[code]
	if !ok {
		return 0, &Error{Step: "framework", Code: code, Err: ErrUnknown}
	}
	return at, nil
}

// unit returns the row of a unit in the table.
func (x *Index) unit(code string) (int, error) {
	i := slices.Index(x.table.Units, code)
	if i < 0 {
		return 0, &Error{Step: "table", Unit: code, Err: ErrUnknown}
	}
	return i, nil
}

// A shelf keeps resolved settings so that equal ones are resolved once.
type shelf struct {
	prepare   map[string]*preparing
	normalise map[string]*normalising
	weigh     map[string]*weighing
	aggregate map[string]*aggregating
}

func newShelf() *shelf {
	return &shelf{map[string]*preparing{}, map[string]*normalising{}, map[string]*weighing{}, map[string]*aggregating{}}
}

// newPlan resolves settings, taking from the shelf what stands there.
func (x *Index) newPlan(s Settings, on *shelf) (*plan, error) {
	before := s
	before.Normalise, before.Exceptions, before.Weights, before.Aggregate = Scale{}, nil, Weighting{}, nil
	before.Power, before.MinAvailability, before.Missing = 0, nil, ""
	p := &plan{}
	var err error
	if p.prepare, err = once(on.prepare, before, func() (*preparing, error) { return x.resolvePreparing(s) }); err != nil {
		return nil, err
	}
	off := p.prepare.off
	if p.normalise, err = once(on.normalise, Settings{Normalise: s.Normalise, Exceptions: s.Exceptions, Exclude: s.Exclude},
		func() (*normalising, error) { return x.resolveNormalising(s, off) }); err != nil {
		return nil, err
	}
	if s.Weights.Method != Optimised {
		if p.weigh, err = once(on.weigh, Settings{Weights: s.Weights}, func() (*weighing, error) { return x.resolveWeighing(s) }); err != nil {
			return nil, err
		}
	}
	if p.aggregate, err = once(on.aggregate, Settings{Aggregate: s.Aggregate, Power: s.Power, MinAvailability: s.MinAvailability, Missing: s.Missing, Exclude: s.Exclude},
		func() (*aggregating, error) { return x.resolveAggregating(s, off) }); err != nil {
		return nil, err
	}
	if s.Weights.Method == Optimised { // which hangs on all the rest
		p.weigh, err = once(on.weigh, s, func() (*weighing, error) { return x.optimised(s, p) })
	}
	return p, err
}

// once returns what was made of the same settings before, or makes it.
func once[T any](made map[string]*T, s Settings, make func() (*T, error)) (*T, error) {
	b, err := json.Marshal(s)
	if err != nil { // a setting that is not a number
		return nil, &Error{Step: "settings", Err: fmt.Errorf("%w: %w", ErrSettings, err)}
	}
	if v, ok := made[string(b)]; ok {
		return v, nil
	}
	v, err := make()
	if err == nil {
		made[string(b)] = v
	}
	return v, err
}

// A Stage is the table after one step.
type Stage struct {
	Step   Step     // one of the four, or "normalise"
	Units  []string // still in
	Codes  []string // of the indicators not excluded
	Values [][]float64
}

// Column returns the values of one indicator, one per unit still in, or nil if
// it is not there.
func (s Stage) Column(code string) []float64 {
	if at := slices.Index(s.Codes, code); at >= 0 {
		return s.Values[at]
	}
	return nil
}

// trace keeps what the steps did.
type trace struct {
	x       *Index
	stages  []Stage
	treated []Treated
}

func (t *trace) stage(step Step, s *sheet) {
	st := Stage{Step: step, Units: pick(t.x.table.Units, s.rows)}
	for j, col := range s.col {
		if col != nil {
			st.Codes = append(st.Codes, t.x.tree.elements[t.x.tree.leaves[j]].Code)
			st.Values = append(st.Values, slices.Clone(col))
		}
	}
	t.stages = append(t.stages, st)
}

// A Result is an index built once, with every step it took.
type Result struct {
	Units   []string  // those with enough to be in, in the table's order
	Dropped []string  // those screened out
	Stages  []Stage   // after each step, in the order they ran; the last is "normalise"
	Treated []Treated // what was done to each indicator's outliers, if anything was to be
	Weights []Weight  // as used, parents first
	Notes   []Note    // what a reader should know before quoting a number

	x      *Index
	rows   []int       // of the table
	value  [][]float64 // by element
	scaled *scaled
}

// A Note is something the definition does that a reader might not expect.
type Note struct {
	Kind NoteKind
	Code string // of an element, or empty
	Unit string // or empty
}

// NoteKind says what a [Note] is about.
type NoteKind string

// The notes.
const (
	ScreenedAfterImputing NoteKind = "screened_after_imputing" // so that imputed values counted as present
	StillSkewed           NoteKind = "still_skewed"            // an indicator failed the test after every treatment
	OneIndicator          NoteKind = "one_indicator"           // an aggregate of a single child
	NoScore               NoteKind = "no_score"                // a unit that is in has no value of the whole index
	MostlyImputed         NoteKind = "mostly_imputed"          // a unit's indicators are more than half imputed
)

// Build builds the index, keeping what every step did. It returns an [Error]
// where a step cannot be carried out.
func (x *Index) Build() (*Result, error) {
	e := x.newEngine()
	e.trace = &trace{x: x}
	if err := e.run(x.plan); err != nil {
		return nil, err
	}
	r := &Result{x: x, rows: slices.Clone(e.scaled.rows), Stages: e.trace.stages, Treated: e.trace.treated, Weights: e.weights(x.plan.aggregate), scaled: e.scaled}
	r.Units = pick(x.table.Units, r.rows)
	for i, u := range x.table.Units {
		if !slices.Contains(r.rows, i) {
			r.Dropped = append(r.Dropped, u)
		}
	}
	r.value = make([][]float64, len(e.value))
	for at, col := range e.value {
		if col != nil {
			r.value[at] = slices.Clone(col)
		}
	}
	r.note()
	return r, nil
}

func (r *Result) note() {
	p := r.x.plan
	s := p.prepare.settings
	screen, imputed := slices.Index(p.prepare.order, Screening), slices.Index(p.prepare.order, Imputing)
	if imputed < screen && s.Impute != nil && s.Impute.Method != NoImpute && !s.Screen.none() {
		r.Notes = append(r.Notes, Note{Kind: ScreenedAfterImputing})
	}
	for _, t := range r.Treated {
		if !t.Passed && !t.PassedMoved && !t.PassedChanged {
			r.Notes = append(r.Notes, Note{Kind: StillSkewed, Code: t.Code})
		}
	}
	for _, at := range r.x.tree.inner {
		if len(p.aggregate.kids[at]) == 1 {
			r.Notes = append(r.Notes, Note{Kind: OneIndicator, Code: r.x.tree.elements[at].Code})
		}
	}
	for i, u := range r.Units {
		if v := r.value[0][i]; v != v {
			r.Notes = append(r.Notes, Note{Kind: NoScore, Unit: u})
		}
		gaps, filled := 0, 0
		for _, j := range p.prepare.kept {
			if v := r.x.raw[j][r.rows[i]]; v != v {
				gaps++
				if v := r.scaled.col[j][i]; v == v {
					filled++
				}
			}
		}
		if 2*filled > len(p.prepare.kept) {
			r.Notes = append(r.Notes, Note{Kind: MostlyImputed, Unit: u})
		}
	}
}

// Values returns the values of an element, one per unit of r.Units and NaN
// where missing: scores of an aggregate, scaled values of an indicator. It is
// nil for a code that is not there or excluded.
func (r *Result) Values(code string) []float64 {
	at, ok := r.x.tree.at[code]
	if !ok {
		return nil
	}
	return r.value[at]
}

// Scores returns the values of the whole index.
func (r *Result) Scores() []float64 { return r.value[0] }

// Ranks returns the ranks of the units by an element, as [Ranks] does.
func (r *Result) Ranks(code string) []int { return Ranks(r.Values(code)) }

// Stage returns the table as it was after the step, and false if it did not run.
func (r *Result) Stage(step Step) (Stage, bool) {
	for _, s := range r.Stages {
		if s.Step == step {
			return s, true
		}
	}
	return Stage{}, false
}

// An Account says how one value came about, so that it can be opened.
type Account struct {
	Code, Unit string
	Level      int
	Value      float64
	Steps      []Passage       // of an indicator: its value after each step, the raw one first
	Method     AggregateMethod // of an aggregate
	Parts      []Part          // of an aggregate: its children
}

// A Passage is a value after one step.
type Passage struct {
	Step    Step // "" for the value in the table
	Value   float64
	Changed bool // whether the step moved it
}

// A Part is what one child brings to an aggregate.
type Part struct {
	Code   string
	Value  float64
	Weight float64 // share of 1 among the children the unit has; 0 if it lacks this one
	Gives  float64 // Weight·Value for the arithmetic mean, of which the aggregate is the sum; NaN for others
}

// Account returns how the unit's value of the element came about. It returns
// an [ErrUnknown] for an element or unit that is not in the result.
func (r *Result) Account(code, unit string) (Account, error) {
	at, ok := r.x.tree.at[code]
	i := slices.Index(r.Units, unit)
	if !ok || i < 0 || r.value[at] == nil {
		return Account{}, &Error{Step: "framework", Code: code, Unit: unit, Err: ErrUnknown}
	}
	e := &r.x.tree.elements[at]
	a := Account{Code: code, Unit: unit, Level: e.level, Value: r.value[at][i]}
	if e.leaf >= 0 {
		last := r.x.raw[e.leaf][r.rows[i]]
		a.Steps = []Passage{{Value: last}}
		for _, s := range r.Stages {
			v := s.Column(code)[slices.Index(s.Units, unit)]
			a.Steps = append(a.Steps, Passage{s.Step, v, v != last && (v == v || last == last)})
			last = v
		}
		return a, nil
	}
	g := r.x.plan.aggregate.of[at]
	a.Method = g.Method
	var total float64
	for _, c := range r.x.plan.aggregate.kids[at] {
		v := r.value[c][i]
		if v != v && r.x.plan.aggregate.zero {
			v = 0
		}
		p := Part{Code: r.x.tree.elements[c].Code, Value: v, Gives: math.NaN()}
		if v == v {
			p.Weight = r.weight(c)
			total += p.Weight
		}
		a.Parts = append(a.Parts, p)
	}
	for k := range a.Parts {
		p := &a.Parts[k]
		if total > 0 {
			p.Weight /= total
		}
		if g.Method == Arithmetic {
			p.Gives = p.Weight * p.Value
		}
	}
	return a, nil
}

// weight returns what element at weighs among its siblings.
func (r *Result) weight(at int) float64 { return r.Weights[at].Weight }
