package pooling

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// A layout gives every parameter a place: those hosts share (definitions'
// ratios, classes' shares, sources' errors) and, host by host, its own (log
// stock, growth, steps of the walk, departures of definitions and voices).
// Priors are independent, so that they are a mean and a variance each.
type layout struct {
	model   Model
	hosts   []string
	size    []float64 // of each host, persons
	sources []string
	shared  []param
	own     [][]param // by host; the stock is first
	rows    []row
	of      [][]int   // the rows of each host
	y       []float64 // log figures, less what is known exactly
	tau     []noise
	defOf   map[string]Definition
	classOf map[string]Class
}

// A param is one unknown and its prior.
type param struct {
	name string
	mean float64
	kind kind
	of   string // the definition, class or source whose setting is its variance

	// Of a place of the walk: the years from t* where it and the one before it
	// stand, and which of the host's parameters that is; 0 for t* itself.
	from, to float64
	before   int

	size float64 // of the host, persons: the median of its figures
}

type kind uint8

const (
	stock kind = iota
	ratio
	share
	source
	growth
	step
	departure
	voice
)

// variance returns a parameter's prior variance at the model's settings; su is
// the standard deviation of sources.
func (l *layout) variance(p param, su float64) float64 {
	const tiny = 1e-12 // keeps one layout where a setting is zero
	m := l.model
	v := 0.0
	switch p.kind {
	case stock:
		v = m.SD * m.SD
	case ratio:
		v = l.defOf[p.of].Var
	case share:
		_, v = l.classOf[p.of].Share()
	case source:
		v = su * su
	case growth:
		v = m.GrowthSD * m.GrowthSD
	case step:
		v = m.walk(p.size) * math.Abs(p.to-p.from)
	case departure:
		v = l.defOf[p.of].Spread * l.defOf[p.of].Spread
	case voice:
		v = l.classOf[p.of].Voice * l.classOf[p.of].Voice
	}
	return max(v, tiny)
}

// A row is the mean of one log figure: coefficients of its host's own
// parameters and of the shared ones.
type row struct {
	host   int
	own    []term
	shared []term
}

// A term is one parameter's coefficient.
type term struct {
	at int
	by float64
}

// noise is what a figure's own variance depends on.
type noise struct {
	value, step float64
	def, class  string
	shift       float64 // variance of its shift
}

// dispersion returns φ, 1 by default.
func (m Model) dispersion() float64 {
	if m.Dispersion == 0 {
		return 1
	}
	return m.Dispersion
}

// walk returns the variance a year adds to the walk of a host of that many
// persons.
func (m Model) walk(size float64) float64 {
	v := m.WalkSD * m.WalkSD
	if m.WalkSize > 0 {
		v *= 1 + 3*m.WalkSize/(m.WalkSize+size)
	}
	return v
}

// r returns the variance R of a figure's own error at the model's settings:
// accuracy of its class, spread of its definition unless that is shared,
// rounding and count noise, on the log scale.
func (l *layout) r(n noise) float64 {
	c, d := l.classOf[n.class], l.defOf[n.def]
	v := l.model.dispersion()/n.value + n.step*n.step/(12*n.value*n.value) + c.Tau*c.Tau + n.shift
	if !d.Target && !l.model.Shared {
		v += d.Spread * d.Spread
	}
	return v
}

// plan lays the figures out.
func (m Model) plan(figures []Figure) (*layout, error) {
	if len(figures) == 0 {
		return nil, ErrNothing
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	l := &layout{model: m, defOf: map[string]Definition{}, classOf: map[string]Class{}}
	places := map[string]int{}
	for _, d := range m.Definitions {
		l.defOf[d.Name] = d
		if !d.known() {
			places["delta:"+d.Name] = len(l.shared)
			l.shared = append(l.shared, param{name: "delta:" + d.Name, mean: d.Mean, kind: ratio, of: d.Name})
		}
	}
	for _, c := range m.Classes {
		l.classOf[c.Name] = c
		if mean, v := c.Share(); v > 0 {
			places["lambda:"+c.Name] = len(l.shared)
			l.shared = append(l.shared, param{name: "lambda:" + c.Name, mean: mean, kind: share, of: c.Name})
		}
	}
	hostAt := map[string]int{}
	years := map[string][]float64{} // of each host's figures, as years from t*
	values := map[string][]float64{}
	for i, f := range figures {
		if !(f.Value > 0) || math.IsInf(f.Value, 0) || math.IsNaN(f.Year) || math.IsInf(f.Year, 0) || !(f.Step >= 0) || math.IsInf(f.Step, 0) || math.IsNaN(f.Shift) || math.IsInf(f.Shift, 0) || !(f.ShiftSD >= 0) || math.IsInf(f.ShiftSD, 0) {
			return nil, fmt.Errorf("%w: figure %d (%s, %s, %g): value, year, step and shift must be finite, the value above zero", ErrFigure, i+1, f.Host, f.Source, f.Value)
		}
		if err := l.known(f); err != nil {
			return nil, fmt.Errorf("figure %d (%s, %s): %w", i+1, f.Host, f.Source, err)
		}
		if _, ok := hostAt[f.Host]; !ok {
			hostAt[f.Host] = len(l.hosts)
			l.hosts = append(l.hosts, f.Host)
			l.own = append(l.own, []param{{name: "theta:" + f.Host, mean: m.Mean, kind: stock}})
		}
		if _, ok := places["u:"+f.Source]; !ok {
			places["u:"+f.Source] = len(l.shared)
			l.sources = append(l.sources, f.Source)
			l.shared = append(l.shared, param{name: "u:" + f.Source, kind: source, of: f.Source})
		}
		years[f.Host] = append(years[f.Host], f.Year-m.Reference)
		values[f.Host] = append(values[f.Host], f.Value)
	}
	l.of = make([][]int, len(l.hosts))
	for c, h := range l.hosts {
		slices.Sort(values[h])
		l.size = append(l.size, quantile(values[h], 0.5))
		if m.GrowthSD > 0 || m.GrowthMean != 0 {
			l.own[c] = append(l.own[c], param{name: "g:" + h, kind: growth, mean: m.GrowthMean})
		}
		if m.WalkSD > 0 {
			steps := walk(h, years[h], len(l.own[c]))
			for i := range steps {
				steps[i].size = l.size[c]
			}
			l.own[c] = append(l.own[c], steps...)
		}
	}
	for _, f := range figures {
		c := hostAt[f.Host]
		r := row{host: c}
		d, class := l.defOf[f.Definition], l.classOf[f.Class]
		l.y = append(l.y, math.Log(f.Value)-l.offset(d, class)-f.Shift)
		for _, e := range l.effects(f) {
			at := slices.IndexFunc(l.own[c], func(p param) bool { return p.name == e.name })
			if at < 0 {
				at = len(l.own[c])
				l.own[c] = append(l.own[c], e)
			}
			r.own = append(r.own, term{at, 1})
		}
		r.own = append(r.own, l.path(c, f.Year-m.Reference, nil)...)
		for _, name := range l.common(f) {
			r.shared = append(r.shared, term{places[name], 1})
		}
		l.of[c] = append(l.of[c], len(l.rows))
		l.rows, l.tau = append(l.rows, r), append(l.tau, noise{f.Value, f.Step, f.Definition, f.Class, f.ShiftSD * f.ShiftSD})
	}
	return l, nil
}

// known returns an ErrFigure unless the model has the figure's definition and
// class.
func (l *layout) known(f Figure) error {
	_, d := l.defOf[f.Definition]
	_, c := l.classOf[f.Class]
	if !d || !c {
		return fmt.Errorf("%w: the model has no definition %q of class %q", ErrFigure, f.Definition, f.Class)
	}
	return nil
}

// offset returns what is known exactly of a log figure's departure.
func (l *layout) offset(d Definition, c Class) float64 {
	v := 0.0
	if !d.Target && d.known() {
		v += d.Mean
	}
	if mean, variance := c.Share(); variance == 0 {
		v += mean
	}
	return v
}

// effects returns the host's stock and the departures a figure brings.
func (l *layout) effects(f Figure) []param {
	out := []param{{name: "theta:" + f.Host, kind: stock}}
	if d := l.defOf[f.Definition]; l.model.Shared && !d.Target && d.Spread > 0 {
		out = append(out, param{name: "eta:" + f.Host + "/" + d.Name, kind: departure, of: d.Name})
	}
	if c := l.classOf[f.Class]; c.Voice > 0 {
		out = append(out, param{name: "v:" + f.Host + "/" + f.Definition + "/" + f.Source + "/" + c.Name, kind: voice, of: c.Name})
	}
	return out
}

// common returns the names of the shared parameters of a figure.
func (l *layout) common(f Figure) []string {
	var out []string
	if !l.defOf[f.Definition].known() {
		out = append(out, "delta:"+f.Definition)
	}
	if _, v := l.classOf[f.Class].Share(); v > 0 {
		out = append(out, "lambda:"+f.Class)
	}
	return append(out, "u:"+f.Source)
}

// walk returns the places of a walk that leaves t* both ways and stands at
// every one of the years; the first of them will be a host's parameter number at.
func walk(host string, years []float64, at int) []param {
	years = slices.Clone(years)
	slices.SortFunc(years, func(a, b float64) int { return cmp.Or(cmp.Compare(math.Abs(a), math.Abs(b)), cmp.Compare(a, b)) })
	var out []param
	ahead, back := param{}, param{}
	for _, t := range years {
		last := &ahead
		if t < 0 {
			last = &back
		}
		if math.Abs(t-last.to) > 1e-9 {
			out = append(out, param{name: fmt.Sprintf("w:%s/%g", host, t), kind: step, from: last.to, to: t, before: last.before})
			last.to, last.before = t, at+len(out)-1
		}
	}
	return out
}

// path returns the coefficients of growth and walk of host c, t years from t*.
// Where the walk does not stand at t, the variance of what is not known between
// its places, or past them, is added to extra.
func (l *layout) path(c int, t float64, extra *float64) []term {
	var out []term
	walk := l.model.walk(l.size[c])
	last, reached := -1, 0.0
	for i, p := range l.own[c] {
		switch {
		case p.kind == growth && t != 0:
			out = append(out, term{i, t})
		case p.kind != step || (p.to < 0) != (t < 0):
		case math.Abs(t) >= math.Abs(p.to)-1e-9:
			last, reached = i, math.Abs(p.to)
		case math.Abs(t) > math.Abs(p.from)+1e-9:
			span := math.Abs(p.to - p.from)
			f := (math.Abs(t) - math.Abs(p.from)) / span
			out = append(out, term{i, f})
			if p.before > 0 {
				out = append(out, term{p.before, 1 - f})
			}
			if extra != nil {
				*extra += walk * span * f * (1 - f)
			}
			return out
		}
	}
	if last >= 0 {
		out = append(out, term{last, 1})
	}
	if extra != nil && math.Abs(t) > reached+1e-9 {
		*extra += walk * (math.Abs(t) - reached)
	}
	return out
}

// set gives the layout a model of other settings but the same parameters.
func (l *layout) set(m Model) {
	l.model = m
	for _, d := range m.Definitions {
		l.defOf[d.Name] = d
	}
	for _, c := range m.Classes {
		l.classOf[c.Name] = c
	}
}
