package pooling

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// A Forecast is a figure that was hidden and what the others said of it.
type Forecast struct {
	Figure   int // its place among the figures
	Mean, SD float64
	Lo, Hi   float64 // of the log figure at the level asked for
	Held     bool    // the interval holds it
	Score    float64 // interval score of the log figure; lower is better
}

// A Backtest is how well a way of forecasting did on hidden figures.
type Backtest struct {
	Name      string
	Forecasts []Forecast
	Coverage  float64 // share held
	Width     float64 // mean width on the log scale
	Score     float64 // mean interval score
	Missing   int     // hidden figures it could say nothing of
}

// Newest returns, for each host with at least least figures, the place of the
// newest one of the classes given; hosts without one are left out.
func Newest(figures []Figure, least int, classes ...string) []int {
	count, newest := map[string]int{}, map[string]int{}
	var hosts []string
	for i, f := range figures {
		if count[f.Host]++; count[f.Host] == 1 {
			hosts = append(hosts, f.Host)
		}
		if !slices.Contains(classes, f.Class) {
			continue
		}
		if j, ok := newest[f.Host]; !ok || f.Year > figures[j].Year {
			newest[f.Host] = i
		}
	}
	var out []int
	for _, h := range hosts {
		if i, ok := newest[h]; ok && count[h] >= least {
			out = append(out, i)
		}
	}
	return out
}

// Test hides each of the figures in turn, with every other figure of its host
// and year or later, so that nothing of its time is left, predicts it from the
// rest and reports coverage and sharpness at the level, beside two plain
// rivals on the same figures:
//
//   - "carried": the newest earlier figure of the host under the same
//     definition, with an interval from the spread of such changes over all
//     other hosts;
//   - "spread": from the lowest to the highest earlier figure of the host.
//
// The interval score is (hi − lo) + 2/α (lo − y)⁺ + 2/α (y − hi)⁺ with α one
// minus the level. Reference: [gneiting2007].
func (m Model) Test(figures []Figure, hidden []int, level float64) ([]Backtest, error) {
	alpha := 1 - level
	z := distuv.UnitNormal.Quantile(1 - alpha/2)
	pooled, carried, spread := Backtest{Name: "pooled"}, Backtest{Name: "carried"}, Backtest{Name: "spread"}
	changes := changesOf(figures)
	all, err := m.Pool(figures)
	if err != nil {
		return nil, err
	}
	for _, at := range hidden {
		f := figures[at]
		var rest []Figure
		gone := make([]bool, len(figures))
		for i, g := range figures {
			if gone[i] = g.Host == f.Host && g.Year >= math.Floor(f.Year); !gone[i] {
				rest = append(rest, g)
			}
		}
		y := math.Log(f.Value)
		record := func(b *Backtest, mean, sd, lo, hi float64) {
			b.Forecasts = append(b.Forecasts, Forecast{at, mean, sd, lo, hi, lo <= y && y <= hi,
				hi - lo + 2/alpha*max(0, lo-y) + 2/alpha*max(0, y-hi)})
		}
		if !slices.ContainsFunc(rest, func(g Figure) bool { return g.Host == f.Host }) {
			pooled.Missing++
			carried.Missing++
			spread.Missing++
			continue
		}
		p, err := all.hide(gone)
		if err != nil {
			return nil, err
		}
		mean, sd, err := p.Predict(f)
		if err != nil {
			return nil, err
		}
		record(&pooled, mean, sd, mean-z*sd, mean+z*sd)

		lo, hi := math.Inf(1), math.Inf(-1)
		var last *Figure
		for i := range rest {
			if g := &rest[i]; g.Host == f.Host && g.Definition == f.Definition {
				lo, hi = min(lo, math.Log(g.Value)), max(hi, math.Log(g.Value))
				if last == nil || g.Year > last.Year {
					last = g
				}
			}
		}
		if last == nil {
			carried.Missing++
			spread.Missing++
			continue
		}
		record(&spread, (lo+hi)/2, (hi-lo)/2, lo, hi)
		var others []float64
		for _, c := range changes {
			if c.host != f.Host {
				others = append(others, c.by)
			}
		}
		if len(others) < 2 {
			carried.Missing++
			continue
		}
		slices.Sort(others)
		from := math.Log(last.Value)
		l, h := from+quantile(others, alpha/2), from+quantile(others, 1-alpha/2)
		record(&carried, from, (h-l)/(2*z), l, h)
	}
	out := []Backtest{pooled, carried, spread}
	for i := range out {
		b := &out[i]
		for _, f := range b.Forecasts {
			if f.Held {
				b.Coverage++
			}
			b.Width += f.Hi - f.Lo
			b.Score += f.Score
		}
		n := float64(len(b.Forecasts))
		b.Coverage, b.Width, b.Score = b.Coverage/n, b.Width/n, b.Score/n
	}
	return out, nil
}

// a change is the log ratio of two figures of one host and definition that
// follow one another in time.
type change struct {
	host string
	by   float64
}

func changesOf(figures []Figure) []change {
	order := make([]int, len(figures))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := figures[a], figures[b]
		return cmp.Or(cmp.Compare(x.Host, y.Host), cmp.Compare(x.Definition, y.Definition), cmp.Compare(x.Year, y.Year))
	})
	var out []change
	for i := 1; i < len(order); i++ {
		x, y := figures[order[i-1]], figures[order[i]]
		if x.Host == y.Host && x.Definition == y.Definition && x.Year < y.Year {
			out = append(out, change{x.Host, math.Log(y.Value / x.Value)})
		}
	}
	return out
}

// quantile returns the p-quantile of sorted values, linearly between them.
func quantile(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// Choose returns, for each hidden figure, the place of the settings that lose
// least on the figures of other folds. Of n settings, loss says how much those at
// a place lose on the figures in, and fold the fold each figure is in, its
// host's. So nothing of a fold has chosen the settings it is judged by. Of
// settings that lose equally the first is taken. It also returns those that lose
// least on all figures.
//
// Judged by it, a search over settings that cannot help gains nothing, where
// judging the best settings on the figures that chose them does
// (TestChooseIsHonest).
func Choose(n int, fold []int, loss func(settings int, in []bool) float64) (each []int, best int) {
	least := func(in []bool) int {
		at, low := 0, math.Inf(1)
		for k := range n {
			if v := loss(k, in); v < low {
				at, low = k, v
			}
		}
		return at
	}
	without := func(f int) []bool {
		in := make([]bool, len(fold))
		for i := range in {
			in[i] = fold[i] != f
		}
		return in
	}
	known := map[int]int{}
	for _, f := range fold {
		if _, ok := known[f]; !ok {
			known[f] = least(without(f))
		}
		each = append(each, known[f])
	}
	all := make([]bool, len(fold))
	for i := range all {
		all[i] = true
	}
	return each, least(all)
}

// Every returns the place of each figure of the classes given before which
// somebody spoke of its host: figures of the year before it or earlier. Where
// hosts are few, hiding each of them in turn says more than hiding the newest.
func Every(figures []Figure, classes ...string) []int {
	var out []int
	for i, f := range figures {
		if slices.Contains(classes, f.Class) && slices.ContainsFunc(figures, func(g Figure) bool { return g.Host == f.Host && g.Year < math.Floor(f.Year) }) {
			out = append(out, i)
		}
	}
	return out
}
