package composite

import "math/rand/v2"

// An engine builds the index over and over without asking for memory. Each
// goroutine has its own.
type engine struct {
	x *Index

	raw [][]float64 // values in use: the index's own, or drawn ones; by indicator
	by  [][]float64 // likewise the denominators; nil where there is none
	w   []float64   // weight of each element among its siblings
	// drawn says of an aggregate that its children's weights were drawn, so
	// that no principal component replaces them.
	drawn []bool
	rng   *rand.Rand // draws what is imputed; nil for none

	sheet  sheet
	scaled *scaled
	value  [][]float64 // by element, over the rows of scaled; nil if excluded
	gaps   []bool      // whether any of it is missing

	values, inner, scratch, low []float64
	cols                        [][]float64
	rowBuf                      []int
	was, got                    []float64
	donors                      [][]float64 // by group
	count                       []int       // by row, twice
	order                       []placed

	cache map[cacheKey]*scaled
	trace *trace
}

// scaled is the sheet after normalising. It does not change but for logs.
type scaled struct {
	rows   []int
	col    [][]float64
	gap    []bool
	logs   [][]float64
	logBad []int // row of a value without a logarithm, or −1
}

type cacheKey struct {
	p *preparing
	n *normalising
}

// cacheSize is how many scaled sheets an engine keeps: enough for the
// combinations of choices an analysis usually tries.
const cacheSize = 64

func (x *Index) newEngine() *engine {
	n, k, all := len(x.table.Units), len(x.tree.leaves), len(x.tree.elements)
	e := &engine{
		x: x, raw: x.raw, by: x.denom,
		w: make([]float64, all), drawn: make([]bool, all),
		sheet:  sheet{col: make([][]float64, k)},
		value:  make([][]float64, all),
		gaps:   make([]bool, all),
		values: make([]float64, n*k), inner: make([]float64, n*all),
		scratch: make([]float64, n*all), low: make([]float64, n),
		rowBuf: make([]int, n), count: make([]int, 2*n),
		was: make([]float64, 0, n), got: make([]float64, 0, max(n, k)),
		order: make([]placed, 0, n),
		cache: map[cacheKey]*scaled{},
	}
	return e
}

// scale leaves the scaled values of the plan in e.scaled. Unless values are
// drawn, what was worked out once is looked up.
func (e *engine) scale(p *preparing, n *normalising, drawn bool) error {
	key := cacheKey{p, n}
	if !drawn {
		if s, ok := e.cache[key]; ok {
			e.scaled = s
			return nil
		}
	}
	if err := e.prepare(p); err != nil {
		return err
	}
	if err := e.normalise(p, n); err != nil {
		return err
	}
	k, m := len(e.sheet.col), len(e.sheet.rows)
	s := &scaled{rows: e.sheet.rows, col: e.sheet.col, gap: make([]bool, k), logs: make([][]float64, k), logBad: make([]int, k)}
	if !drawn {
		s.rows = append([]int(nil), s.rows...)
		s.col = make([][]float64, k)
		buf := make([]float64, m*k)
		for j, col := range e.sheet.col {
			if col != nil {
				s.col[j] = buf[j*m : (j+1)*m]
				copy(s.col[j], col)
			}
		}
		if len(e.cache) >= cacheSize {
			clear(e.cache)
		}
		e.cache[key] = s
	}
	for j, col := range s.col {
		s.gap[j] = hasGap(col)
	}
	e.scaled = s
	return nil
}

// build carries out a plan with the weights in e.w.
func (e *engine) build(p *plan, drawn bool) error {
	if err := e.scale(p.prepare, p.normalise, drawn); err != nil {
		return err
	}
	return e.aggregate(p.weigh, p.aggregate)
}

// run builds a plan with its own weights and the values of the index.
func (e *engine) run(p *plan) error {
	copy(e.w, p.weigh.base)
	clear(e.drawn)
	return e.build(p, false)
}

// rank returns the rows of the table that have a value of element at, ranked.
// The slice is the engine's, and keeps its order for the next time: that of
// one run is near that of the next.
func (e *engine) rank(at int) []placed {
	col := e.value[at]
	e.order = e.order[:0]
	for i, v := range col {
		if v == v {
			e.order = append(e.order, placed{score: v, unit: e.scaled.rows[i]})
		}
	}
	rankPlaced(e.order)
	return e.order
}
