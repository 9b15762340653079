package composite

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"sync"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// A Plan says what is uncertain about an index and how often to draw it. Draws
// and Level have no default.
type Plan struct {
	Draws   int      `json:"draws"`
	Seed    uint64   `json:"seed"`
	Level   float64  `json:"level"`             // share of the draws inside a range, in (0, 1]
	Sampler Sampler  `json:"sampler,omitempty"` // QuasiRandom unless set
	Factors []Factor `json:"factors"`           // all vary together
	Of      string   `json:"of,omitempty"`      // code of the aggregate; the whole index unless set
}

// Sampler says where the numbers come from.
type Sampler string

// The samplers. [QuasiRandom] gives the choices and the weights coordinates of
// a [Sequence], as far as those reach, and the rest streams of their own.
const (
	QuasiRandom Sampler = "sobol"
	Random      Sampler = "random"
)

// A Factor is one thing that is uncertain: exactly one of Choice, Weights,
// Data and Imputed.
type Factor struct {
	Name    string      `json:"name"`
	Choice  []Option    `json:"choice,omitempty"`  // of method; later factors overrule earlier ones. Optimised weights stay as the index has them unless an option is of weights
	Weights *WeightDraw `json:"weights,omitempty"` // later factors build on earlier ones
	Data    *DataDraw   `json:"data,omitempty"`
	Imputed *ImputeDraw `json:"imputed,omitempty"`
}

// An Option is one way a choice can go.
type Option struct {
	Label       string  `json:"label,omitempty"`
	Probability float64 `json:"probability,omitempty"` // relative; all zero means all the same
	Patch
}

// A WeightDraw draws weights.
type WeightDraw struct {
	Kind WeightKind `json:"kind"`

	// Concentration c of Dirichlet: w = g/Σg with g ~ Gamma(c, 1) for each of K
	// siblings, or Gamma(cKv, 1) if Centred, v being its present weight as a
	// share of 1. 1 makes every weighting as likely as every other; larger ones
	// keep nearer to the middle. 0 means 1.
	Concentration float64 `json:"concentration,omitempty"`
	Centred       bool    `json:"centred,omitempty"`

	Spread float64              `json:"spread,omitempty"` // s of Noise: each weight times a number between 1−s and 1+s
	Sets   []map[string]float64 `json:"sets,omitempty"`   // of Sets, by code; elements not named have the index's, whatever was drawn before
	Levels []int                `json:"levels,omitempty"` // of Dirichlet and Noise; none means all below the top
}

// A WeightKind is a way of drawing weights.
type WeightKind string

// The ways of drawing weights.
const (
	Dirichlet WeightKind = "dirichlet"
	Noise     WeightKind = "noise"
	Sets      WeightKind = "sets"
)

// A DataDraw draws values within the intervals around them, independently of
// one another. A value in the table that has no cell is exact. Where errors of
// several cells go together, put what they share in the table: the error of a
// denominator, drawn once, moves all that is divided by it.
type DataDraw struct {
	Shape Shape   `json:"shape"`
	Level float64 `json:"level,omitempty"` // of the intervals, in (0, 1), for Normal and LogNormal
	Cells []Cell  `json:"cells"`
}

// A Cell is the interval around one value of the table.
type Cell struct {
	Code string  `json:"code"` // of an indicator or a denominator
	Unit string  `json:"unit"`
	Lo   float64 `json:"lo"`
	Hi   float64 `json:"hi"`
}

// A Shape says how a value lies in its interval. With v the value in the table:
type Shape string

// The shapes.
const (
	// Uniform: anywhere in it, nowhere else.
	Uniform Shape = "uniform"
	// Triangular: likeliest at v, nowhere outside.
	Triangular Shape = "triangular"
	// Normal: half the draws below v and half above, each a half normal scaled
	// so that the interval holds Level.
	Normal Shape = "normal"
	// LogNormal: the same of logarithms, for amounts, which stay above zero.
	LogNormal Shape = "lognormal"
)

// ImputeDraw fills each gap at random in place of the middle: for the column
// methods with a value of a donor (the same group's for the group methods); for
// the row methods with the unit's middle plus an error the method makes on a
// unit that has the indicator, kept within its range.
//
// Assumptions: gaps occur at random among the donors. Where what is bad goes
// missing, ranks of those with gaps are too good and no draw shows it.
//
// References: [andridge2010].
type ImputeDraw struct{}

// factor is a Factor made ready: what each base row of the design realises.
type factor struct {
	Factor
	number int
	width  int       // numbers a realisation takes
	real   []float64 // width for each base row: uniforms, or gammas of Dirichlet
	cum    []float64 // upper ends of the options' parts of [0, 1]
	els    []int     // elements whose weights are drawn
	sets   [][]float64
	cells  []cell
	seed   uint64
}

// cell is a Cell made ready, small because there are many.
type cell struct {
	v      float64
	lo, hi float64 // ends of the interval; of the normal shapes, scale below and above
	target int32   // number of the column drawn
	row    int32
}

// simulation is a plan made ready.
type simulation struct {
	x       *Index
	plan    Plan
	of      int // element
	base    int // rows of the design
	factors []factor
	columns []string // codes of columns that are drawn
	plans   map[string]*plan
	keys    []string // by run: which plan
}

// newSimulation checks the plan and draws everything that does not depend on
// which run uses it. base rows are drawn for each factor.
func (x *Index) newSimulation(p Plan, base, blocks int) (*simulation, error) {
	s := &simulation{x: x, plan: p, base: base, plans: map[string]*plan{}}
	fail := func(format string, args ...any) (*simulation, error) {
		return nil, &Error{Step: "settings", Err: fmt.Errorf("%w: "+format, append([]any{ErrSettings}, args...)...)}
	}
	switch {
	case p.Draws < 1 || p.Draws > math.MaxInt32/(len(p.Factors)+2):
		return fail("%d draws", p.Draws)
	case !(p.Level > 0 && p.Level <= 1):
		return fail("level %v outside (0, 1]", p.Level)
	case len(p.Factors) == 0:
		return fail("nothing is uncertain")
	}
	switch p.Sampler {
	case "", QuasiRandom, Random:
	default:
		return fail("no sampler %q", p.Sampler)
	}
	if p.Of != "" {
		var err error
		if s.of, err = x.element(p.Of); err != nil {
			return nil, err
		}
	}
	if x.tree.elements[s.of].leaf >= 0 {
		return fail("%s is an indicator", p.Of)
	}
	names := map[string]bool{}
	for i, f := range p.Factors {
		if names[f.Name] {
			return fail("two factors are called %q", f.Name)
		}
		names[f.Name] = true
		g := factor{Factor: f, number: i, seed: mix(p.Seed, uint64(i)+1)}
		if err := s.ready(&g); err != nil {
			return nil, err
		}
		s.factors = append(s.factors, g)
	}
	s.draw(blocks)
	return s, nil
}

// ready checks one factor and resolves its names.
func (s *simulation) ready(f *factor) error {
	x := s.x
	fail := func(format string, args ...any) error {
		return &Error{Step: "settings", Err: fmt.Errorf("%w: factor %q: "+format, append([]any{ErrSettings, f.Name}, args...)...)}
	}
	kinds := 0
	for _, is := range []bool{len(f.Choice) > 0, f.Weights != nil, f.Data != nil, f.Imputed != nil} {
		if is {
			kinds++
		}
	}
	if kinds != 1 {
		return fail("must be one of choice, weights, data and imputed")
	}
	switch {
	case f.Choice != nil:
		f.width = 1
		var total float64
		for _, o := range f.Choice {
			if !(o.Probability >= 0) || math.IsInf(o.Probability, 0) {
				return fail("probability %v", o.Probability)
			}
			total += o.Probability
		}
		var sum float64
		for _, o := range f.Choice {
			if total == 0 {
				sum += 1 / float64(len(f.Choice))
			} else {
				sum += o.Probability / total
			}
			f.cum = append(f.cum, sum)
		}
	case f.Weights != nil:
		w := f.Weights
		for _, level := range w.Levels {
			if level < 1 || level >= x.tree.depth {
				return fail("no weights at level %d of %d", level, x.tree.depth)
			}
		}
		for _, at := range x.tree.inner {
			kids := x.plan.aggregate.kids[at]
			for _, c := range kids {
				if len(kids) > 1 && (len(w.Levels) == 0 || slices.Contains(w.Levels, x.tree.elements[c].level)) {
					f.els = append(f.els, c)
				}
			}
		}
		switch w.Kind {
		case Dirichlet:
			if w.Concentration == 0 {
				c := *w
				c.Concentration = 1
				w, f.Weights = &c, &c
			}
			if !(w.Concentration > 0) || math.IsInf(w.Concentration, 0) {
				return fail("concentration %v", w.Concentration)
			}
			f.width = len(f.els)
		case Noise:
			if !(w.Spread > 0 && w.Spread <= 1) {
				return fail("spread %v outside (0, 1]", w.Spread)
			}
			f.width = len(f.els)
		case Sets:
			if len(w.Sets) == 0 {
				return fail("no sets of weights")
			}
			f.width = 1
			for _, set := range w.Sets {
				v := slices.Clone(x.plan.weigh.base)
				if err := x.give(v, set); err != nil {
					return err
				}
				f.sets = append(f.sets, v)
			}
			f.els = nil
		default:
			return fail("no kind %q of weights", w.Kind)
		}
		if w.Kind != Sets && len(f.els) == 0 {
			return fail("no siblings to weigh")
		}
	case f.Data != nil:
		return s.readyData(f, fail)
	case f.Imputed != nil:
		if i := x.plan.prepare.settings.Impute; i == nil || i.Method == NoImpute || i.Method == Constant {
			imputes := false
			for _, g := range s.plan.Factors {
				for _, o := range g.Choice {
					imputes = imputes || o.Impute != nil
				}
			}
			if !imputes {
				return fail("nothing is imputed that could be drawn")
			}
		}
	}
	return nil
}

func (s *simulation) readyData(f *factor, fail func(string, ...any) error) error {
	d := f.Data
	x := s.x
	z := 0.0
	switch d.Shape {
	case Uniform, Triangular:
	case Normal, LogNormal:
		if !(d.Level > 0 && d.Level < 1) {
			return fail("level %v of intervals outside (0, 1)", d.Level)
		}
		z = math.Sqrt2 * math.Erfinv(d.Level)
	default:
		return fail("no shape %q", d.Shape)
	}
	used := map[string]bool{}
	for _, at := range x.tree.leaves {
		used[x.tree.elements[at].Code] = true
		used[x.tree.elements[at].Denominator] = true
	}
	rowOf := make(map[string]int, len(x.table.Units))
	for i, u := range x.table.Units {
		rowOf[u] = i
	}
	seen := map[[2]int]bool{}
	for _, c := range d.Cells {
		col := x.table.Values[c.Code]
		row, ok := rowOf[c.Unit]
		if !used[c.Code] || c.Code == "" || col == nil || !ok {
			return &Error{Step: "table", Code: c.Code, Unit: c.Unit, Err: ErrUnknown}
		}
		bad := func(format string, args ...any) error {
			return &Error{Step: "table", Code: c.Code, Unit: c.Unit, Err: fmt.Errorf("%w: "+format, append([]any{ErrSettings}, args...)...)}
		}
		v := col[row]
		switch {
		case v != v:
			return bad("an interval around a missing value; impute it and draw that")
		case !(c.Lo <= v && v <= c.Hi) || math.IsInf(c.Lo, 0) || math.IsInf(c.Hi, 0):
			return bad("interval [%v, %v] does not hold the value %v", c.Lo, c.Hi, v)
		case d.Shape == LogNormal && c.Lo <= 0:
			return bad("a logarithmic interval from %v", c.Lo)
		}
		at := slices.Index(s.columns, c.Code)
		if at < 0 {
			at = len(s.columns)
			s.columns = append(s.columns, c.Code)
		}
		if seen[[2]int{at, row}] {
			return bad("two intervals")
		}
		seen[[2]int{at, row}] = true
		k := cell{target: int32(at), row: int32(row), v: v, lo: c.Lo, hi: c.Hi}
		switch d.Shape {
		case Normal:
			k.lo, k.hi = (v-c.Lo)/z, (c.Hi-v)/z
		case LogNormal:
			k.lo, k.hi = math.Log(v/c.Lo)/z, math.Log(c.Hi/v)/z
		}
		f.cells = append(f.cells, k)
	}
	return nil
}

// mix returns a seed that depends on both numbers in every bit.
func mix(a, b uint64) uint64 {
	z := a + b*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// draw fills the realisations of choices and weights. With blocks 2 the base
// rows are two halves that are independent of each other, as a sensitivity
// design needs: a Sequence gives each half coordinates of its own.
func (s *simulation) draw(blocks int) {
	columns := 0
	first := make([]int, len(s.factors)) // column of the sequence, or −1
	for _, choices := range []bool{true, false} {
		for i := range s.factors {
			f := &s.factors[i]
			if (f.Choice != nil) != choices || f.width == 0 {
				continue
			}
			first[i] = -1
			if s.plan.Sampler != Random && (columns+f.width)*blocks <= MaxSobol {
				first[i] = columns
				columns += f.width
			}
		}
	}
	var points []float64
	rows := s.base / blocks
	wide := columns * blocks
	if columns > 0 {
		q := NewSequence(wide, s.plan.Seed)
		points = make([]float64, rows*wide)
		for r := range rows {
			q.Next(points[r*wide : (r+1)*wide])
		}
	}
	for i := range s.factors {
		f := &s.factors[i]
		if f.width == 0 {
			continue
		}
		f.real = make([]float64, s.base*f.width)
		if first[i] >= 0 {
			for r := range s.base {
				from := r%rows*wide + r/rows*columns + first[i]
				copy(f.real[r*f.width:(r+1)*f.width], points[from:])
			}
			f.shape(s.x, nil)
			continue
		}
		f.shape(s.x, rand.NewPCG(s.plan.Seed, 0x9e3779b97f4a7c15*uint64(i+1)))
	}
}

// shape turns the uniforms in f.real into what the factor takes, or draws that
// from the source if there is one.
func (f *factor) shape(x *Index, src *rand.PCG) {
	gammas := f.Weights != nil && f.Weights.Kind == Dirichlet
	if !gammas {
		if src != nil {
			one := rand.New(src)
			for i := range f.real {
				f.real[i] = one.Float64()
			}
		}
		return
	}
	alpha := make([]float64, f.width)
	for k, at := range f.els {
		alpha[k] = f.Weights.Concentration
		if f.Weights.Centred {
			kids := x.plan.aggregate.kids[x.tree.elements[at].parent]
			var total float64
			for _, c := range kids {
				total += x.plan.weigh.base[c]
			}
			alpha[k] *= float64(len(kids)) * x.plan.weigh.base[at] / total
		}
	}
	if src == nil {
		inParallel(len(f.real), func(from, to int) {
			for i := from; i < to; i++ {
				switch a := alpha[i%f.width]; a {
				case 0:
					f.real[i] = 0
				case 1:
					f.real[i] = -math.Log1p(-f.real[i])
				default:
					f.real[i] = gammaQuantile(a, f.real[i])
				}
			}
		})
		return
	}
	exp := rand.New(src).ExpFloat64
	for i := range f.real {
		switch a := alpha[i%f.width]; a {
		case 0:
			f.real[i] = 0
		case 1:
			f.real[i] = exp()
		default:
			f.real[i] = distuv.Gamma{Alpha: a, Beta: 1, Src: src}.Rand()
		}
	}
}

// gammaQuantile returns x with P(Gamma(a, 1) ≤ x) = p, to about ten digits: an
// approximate start (the cube of a normal number for a above 1, the leading
// terms near and far from zero otherwise), then Halley's steps. A value below
// what a number holds is zero.
func gammaQuantile(a, p float64) float64 {
	lgamma, _ := math.Lgamma(a)
	x := 0.0
	if a > 1 {
		z := math.Sqrt2 * math.Erfinv(2*p-1)
		x = max(1e-3*a, a*math.Pow(1-1/(9*a)+z/(3*math.Sqrt(a)), 3))
	} else if t := 1 - a*(0.253+a*0.12); p < t {
		x = math.Pow(p/t, 1/a)
	} else {
		x = 1 - math.Log1p(-(p-t)/(1-t))
	}
	for range 12 {
		if x <= 0 {
			return 0
		}
		density := math.Exp((a-1)*math.Log(x) - x - lgamma)
		if !(density > 0) || math.IsInf(density, 0) {
			return x // so near zero that the leading term is all there is
		}
		u := (mathext.GammaIncReg(a, x) - p) / density
		step := u / (1 - 0.5*min(1, u*((a-1)/x-1)))
		if x -= step; x <= 0 {
			x = (x + step) / 2
		}
		if math.Abs(step) < 1e-7*x { // steps shrink to the third power
			break
		}
	}
	return x
}

// option returns which option of a choice base row r takes.
func (f *factor) option(r int) int {
	u := f.real[r]
	for i, c := range f.cum[:len(f.cum)-1] {
		if u < c {
			return i
		}
	}
	return len(f.cum) - 1
}

// plansFor resolves the settings of every run; rowOf gives the base row each
// factor takes in a run.
func (s *simulation) plansFor(runs int, rowOf func(run, factor int) int) error {
	s.keys = make([]string, runs)
	on := newShelf()
	key := make([]byte, 0, 16)
	for t := range runs {
		key = key[:0]
		for i := range s.factors {
			if f := &s.factors[i]; f.Choice != nil {
				o := f.option(rowOf(t, i))
				key = append(key, byte(o), byte(o>>8))
			}
		}
		if p, ok := s.plans[string(key)]; ok && p != nil {
			s.keys[t] = string(key)
			continue
		}
		set := s.x.def.Settings
		for i := range s.factors {
			if f := &s.factors[i]; f.Choice != nil {
				set = f.Choice[f.option(rowOf(t, i))].Apply(set)
			}
		}
		// Optimised weights are found once, for the index as it stands, and kept
		// unless the choice is of weights.
		kept := set.Weights.Method == Optimised && reflect.DeepEqual(set.Weights, s.x.def.Settings.Weights)
		if kept {
			set.Weights = Weighting{}
		}
		p, err := s.x.newPlan(set, on)
		if err != nil {
			return err
		}
		if kept {
			p.weigh = s.x.plan.weigh
		}
		s.keys[t] = string(key)
		s.plans[s.keys[t]] = p
	}
	return nil
}

// worker is one goroutine's engine with columns of its own to draw into.
type worker struct {
	*engine
	drawnCols [][]float64 // by number of column drawn
	rngs      []*rand.Rand
	pcgs      []*rand.PCG
}

func (s *simulation) newWorker() *worker {
	w := &worker{engine: s.x.newEngine()}
	for range s.factors {
		p := rand.NewPCG(0, 0)
		w.pcgs = append(w.pcgs, p)
		w.rngs = append(w.rngs, rand.New(p))
	}
	if len(s.columns) == 0 {
		return w
	}
	w.raw, w.by = slices.Clone(s.x.raw), slices.Clone(s.x.denom)
	for at, code := range s.columns {
		w.drawnCols = append(w.drawnCols, slices.Clone(s.x.table.Values[code]))
		for j, l := range s.x.tree.leaves {
			if s.x.tree.elements[l].Code == code {
				w.raw[j] = w.drawnCols[at]
			}
			if s.x.tree.elements[l].Denominator == code && w.by[j] != nil {
				w.by[j] = w.drawnCols[at]
			}
		}
	}
	return w
}

// run builds one run; rowOf gives the base row of each factor.
func (s *simulation) run(w *worker, p *plan, rowOf func(factor int) int) error {
	copy(w.w, p.weigh.base)
	clear(w.drawn)
	w.rng = nil
	fresh := false
	for i := range s.factors {
		f := &s.factors[i]
		r := rowOf(i)
		switch {
		case f.Weights != nil:
			s.weigh(w, f, r)
		case f.Data != nil:
			w.pcgs[i].Seed(f.seed, mix(f.seed, uint64(r)))
			f.fill(w.drawnCols, w.rngs[i])
			fresh = true
		case f.Imputed != nil:
			w.pcgs[i].Seed(f.seed, mix(f.seed, uint64(r)))
			w.rng = w.rngs[i]
			fresh = true
		}
	}
	return w.build(p, fresh)
}

// weigh sets the weights that factor f takes in base row r.
func (s *simulation) weigh(w *worker, f *factor, r int) {
	real := f.real[r*f.width : (r+1)*f.width]
	switch f.Weights.Kind {
	case Sets:
		n := len(f.sets)
		set := f.sets[min(n-1, int(real[0]*float64(n)))]
		for at := range w.w {
			w.w[at] = set[at]
		}
		for _, at := range s.x.tree.inner {
			w.drawn[at] = true
		}
	case Noise:
		for k, at := range f.els {
			w.w[at] *= 1 + f.Weights.Spread*(2*real[k]-1)
		}
	case Dirichlet:
		for from := 0; from < len(f.els); {
			parent := s.x.tree.elements[f.els[from]].parent
			to, sum := from, 0.0
			for to < len(f.els) && s.x.tree.elements[f.els[to]].parent == parent {
				sum += real[to]
				to++
			}
			for k := from; k < to; k++ {
				w.w[f.els[k]] = real[k] / sum
				if !(sum > 0) { // very small concentrations can underflow to nothing
					w.w[f.els[k]] = 0
					if k == from+r%(to-from) {
						w.w[f.els[k]] = 1
					}
				}
			}
			w.drawn[parent] = true
			from = to
		}
	}
}

// fill draws every cell of the factor into the columns.
func (f *factor) fill(cols [][]float64, rng *rand.Rand) {
	switch f.Data.Shape {
	case Uniform:
		for _, c := range f.cells {
			cols[c.target][c.row] = c.lo + rng.Float64()*(c.hi-c.lo)
		}
	case Triangular:
		for _, c := range f.cells {
			u, v := rng.Float64(), c.v
			if width := c.hi - c.lo; width > 0 {
				if at := (c.v - c.lo) / width; u < at {
					v = c.lo + math.Sqrt(u*at)*width
				} else {
					v = c.hi - math.Sqrt((1-u)*(1-at))*width
				}
			}
			cols[c.target][c.row] = v
		}
	case Normal:
		for _, c := range f.cells {
			cols[c.target][c.row] = c.v + c.step(rng.NormFloat64())
		}
	case LogNormal:
		for _, c := range f.cells {
			cols[c.target][c.row] = c.v * math.Exp(c.step(rng.NormFloat64()))
		}
	}
}

// step scales a standard normal number to its side of the value.
func (c cell) step(z float64) float64 {
	if z < 0 {
		return z * c.lo
	}
	return z * c.hi
}

// each carries out the runs on all processors and calls done for each with the
// ranked units, which are the worker's. Which goroutine does what changes
// nothing. The error is that of the first run that has one.
func (s *simulation) each(ctx context.Context, runs int, rowOf func(run, factor int) int, done func(run int, order []placed)) error {
	if err := s.plansFor(runs, rowOf); err != nil {
		return err
	}
	var mu sync.Mutex
	failed, failure := runs, error(nil)
	inParallel(runs, func(from, to int) {
		w := s.newWorker()
		t := from
		rows := func(f int) int { return rowOf(t, f) }
		for ; t < to; t++ {
			if t%64 == 0 && ctx.Err() != nil {
				return
			}
			if err := s.run(w, s.plans[s.keys[t]], rows); err != nil {
				mu.Lock()
				if t < failed {
					failed, failure = t, fmt.Errorf("draw %d: %w", t+1, err)
				}
				mu.Unlock()
				return
			}
			done(t, w.rank(s.of))
		}
	})
	if err := ctx.Err(); err != nil {
		return err
	}
	return failure
}

// inParallel calls work on as many runs of [0, n) as there are processors.
func inParallel(n int, work func(from, to int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	var wg sync.WaitGroup
	for i := range workers {
		wg.Go(func() { work(i*n/workers, (i+1)*n/workers) })
	}
	wg.Wait()
}
