package composite

import (
	"fmt"
	"math"
	"slices"
)

// weighing says what each element weighs among its siblings. It does not
// change once made.
type weighing struct {
	base []float64 // by element; 1 where a principal component decides
	pca  []bool    // by aggregate: the weights of its children are loadings
}

func (x *Index) resolveWeighing(s Settings) (*weighing, error) {
	t := x.tree
	w := &weighing{base: make([]float64, len(t.elements)), pca: make([]bool, len(t.elements))}
	fail := func(code, format string, args ...any) (*weighing, error) {
		return nil, &Error{Step: "weigh", Code: code, Err: fmt.Errorf("%w: "+format, append([]any{ErrSettings}, args...)...)}
	}
	for _, level := range s.Weights.Levels {
		if level < 1 || level >= t.depth {
			return fail("", "no weights at level %d of %d", level, t.depth)
		}
	}
	for at, e := range t.elements {
		w.base[at] = e.Weight
		if e.parent < 0 || !s.Weights.applies(e.level) {
			continue
		}
		switch s.Weights.Method {
		case "", Original, Given:
		case Equal:
			w.base[at] = 1
		case PCA:
			w.base[at] = 1
			w.pca[e.parent] = true
		default:
			return fail("", "no method %q", s.Weights.Method)
		}
	}
	if s.Weights.Goal != "" {
		return fail("", "a goal is given but the method is %q", s.Weights.Method)
	}
	if len(s.Weights.Values) > 0 && s.Weights.Method != Given {
		return fail("", "weights are given but the method is %q", s.Weights.Method)
	}
	if err := x.give(w.base, s.Weights.Values); err != nil {
		return nil, err
	}
	return w, nil
}

// optimised returns the weights that [Index.Optimise] finds, of which everything
// else in the plan is given.
func (x *Index) optimised(s Settings, p *plan) (*weighing, error) {
	fail := func(code, format string, args ...any) (*weighing, error) {
		return nil, &Error{Step: "weigh", Code: code, Err: fmt.Errorf("%w: "+format, append([]any{ErrSettings}, args...)...)}
	}
	goals := map[WeightGoal]Goal{"": Balance, ForBalance: Balance, ForInformation: Information}
	goal, ok := goals[s.Weights.Goal]
	switch {
	case !ok:
		return fail("", "no goal %q", s.Weights.Goal)
	case len(s.Weights.Levels) == 0:
		return fail("", "optimised weights need a level, as in optimised_level2")
	case goal == Information && len(s.Weights.Values) > 0:
		return fail("", "importance is for balance")
	}
	for _, code := range sortedKeys(s.Weights.Values) {
		at, ok := x.tree.at[code]
		switch {
		case !ok:
			return nil, &Error{Step: "weigh", Code: code, Err: ErrUnknown}
		case !s.Weights.applies(x.tree.elements[at].level):
			return fail(code, "importance at level %d, where weights are not optimised", x.tree.elements[at].level)
		}
	}
	plain := s
	plain.Weights = Weighting{}
	w, err := x.resolveWeighing(plain)
	if err != nil {
		return nil, err
	}
	for _, level := range s.Weights.Levels {
		if level < 1 || level >= x.tree.depth {
			return fail("", "no weights at level %d of %d", level, x.tree.depth)
		}
		y := *x
		y.plan = &plan{prepare: p.prepare, normalise: p.normalise, weigh: w, aggregate: p.aggregate}
		var importance []float64
		if goal == Balance && len(s.Weights.Values) > 0 {
			for _, code := range y.weighable(level) {
				v, named := s.Weights.Values[code]
				if !named {
					v = 1
				}
				importance = append(importance, v)
			}
		}
		o, err := y.Optimise(level, goal, importance)
		if err != nil {
			return nil, err
		}
		next := &weighing{base: append([]float64(nil), w.base...), pca: w.pca}
		for i, code := range o.Codes {
			next.base[x.tree.at[code]] = o.Weights[i]
		}
		w = next
	}
	return w, nil
}

// weighable returns the codes of the elements of a level that are not left out,
// in the order of the framework.
func (x *Index) weighable(level int) []string {
	var codes []string
	for _, e := range x.tree.elements {
		if e.level == level && e.parent >= 0 && slices.Contains(x.plan.aggregate.kids[e.parent], x.tree.at[e.Code]) {
			codes = append(codes, e.Code)
		}
	}
	return codes
}

// give overwrites the weights of the elements named.
func (x *Index) give(w []float64, values map[string]float64) error {
	for _, code := range sortedKeys(values) {
		at, ok := x.tree.at[code]
		v := values[code]
		switch {
		case !ok:
			return &Error{Step: "weigh", Code: code, Err: ErrUnknown}
		case !(v >= 0) || math.IsInf(v, 0):
			return &Error{Step: "weigh", Code: code, Err: fmt.Errorf("%w: weight %v", ErrSettings, v)}
		}
		w[at] = v
	}
	for _, at := range x.tree.inner {
		var total float64
		for _, c := range x.tree.elements[at].children {
			total += w[c]
		}
		if total == 0 || math.IsInf(total, 0) {
			return &Error{Step: "weigh", Code: x.tree.elements[at].Code, Err: fmt.Errorf("%w: the weights below add to %v", ErrSettings, total)}
		}
	}
	return nil
}

// loadings sets the weights of kids to their loadings on the first principal
// component of their values, times what they weigh already.
func (e *engine) loadings(at int, kids []int) error {
	if len(kids) == 1 {
		return nil
	}
	cols := make([][]float64, len(kids))
	for i, c := range kids {
		cols[i] = e.value[c]
	}
	pc, err := PrincipalComponents(cols)
	if err != nil {
		return e.place("weigh", at, err)
	}
	first := pc.Loadings[0]
	for i, c := range kids {
		if first[i] <= 0 {
			return &Error{Step: "weigh", Code: e.x.tree.elements[c].Code, Err: fmt.Errorf("%w: %v in %s", ErrMixedSigns, first[i], e.x.tree.elements[at].Code)}
		}
		e.w[c] *= first[i]
	}
	return nil
}

// A Weight is what one element weighs.
type Weight struct {
	Code   string
	Level  int
	Weight float64 // among its siblings, as used; only proportions matter
	Within float64 // the same as a share of 1 of its siblings'
	Share  float64 // of the whole index, as a share of 1: the product of Within up to the top
}

// weights returns what each element weighed in the last build.
func (e *engine) weights(a *aggregating) []Weight {
	t := e.x.tree
	w := make([]Weight, len(t.elements))
	for at, el := range t.elements {
		w[at] = Weight{Code: el.Code, Level: el.level, Weight: e.w[at]}
		if el.parent < 0 {
			w[at].Within, w[at].Share = 1, 1
		}
	}
	for at := range t.elements { // parents first
		var total float64
		for _, c := range a.kids[at] {
			total += e.w[c]
		}
		for _, c := range a.kids[at] {
			w[c].Within = e.w[c] / total
			w[c].Share = w[c].Within * w[at].Share
		}
	}
	return w
}

// An Allocation is what a panel of experts gave the children of one element,
// each dividing the same budget of points.
type Allocation struct {
	Weights []float64   // mean share of 1 of each child
	SD      []float64   // standard deviation of the shares among experts, with n−1; NaN for one expert
	Sets    [][]float64 // each expert's own, for [WeightDraw.Sets]
}

// BudgetAllocation returns the weights a panel gives by dividing a budget of
// points: points has one row per expert and one column per child, and every
// row must add up to the budget.
//
//	w_k = mean over experts of points_k/budget
//
// Assumptions: experts judge importance, not how urgent an improvement is;
// where they do the latter, what is worst weighs most. More than about ten
// children are hard to divide a budget over, and the weights then drift
// towards equal.
//
// It returns an [ErrSettings] for an expert whose points are negative, not as
// many as the first's or do not add up to the budget within a millionth of it.
//
// References: [oecd2008].
func BudgetAllocation(points [][]float64, budget float64) (Allocation, error) {
	fail := func(format string, args ...any) (Allocation, error) {
		return Allocation{}, &Error{Step: "weigh", Err: fmt.Errorf("%w: "+format, append([]any{ErrSettings}, args...)...)}
	}
	if len(points) == 0 || len(points[0]) == 0 || !(budget > 0) || math.IsInf(budget, 0) {
		return fail("a budget of %v over nothing", budget)
	}
	k := len(points[0])
	a := Allocation{Weights: make([]float64, k), SD: make([]float64, k)}
	for i, row := range points {
		if len(row) != k {
			return fail("expert %d has %d children, not %d", i+1, len(row), k)
		}
		var total float64
		set := make([]float64, k)
		for j, p := range row {
			if !(p >= 0) {
				return fail("expert %d gives %v points", i+1, p)
			}
			total += p
			set[j] = p / budget
			a.Weights[j] += set[j] / float64(len(points))
		}
		if !(math.Abs(total-budget) <= 1e-6*budget) {
			return fail("expert %d gives %v points of %v", i+1, total, budget)
		}
		a.Sets = append(a.Sets, set)
	}
	for j := range k {
		col := make([]float64, len(points))
		for i := range points {
			col[i] = a.Sets[i][j]
		}
		_, a.SD[j] = meanSD(col)
	}
	return a, nil
}
