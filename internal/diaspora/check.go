package diaspora

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sync"

	"shanyraq"
	"shanyraq/methods/pooling"
)

// MethodBacktest is the method of figures that say how well pooling foretold
// counts that were hidden from it.
const MethodBacktest shanyraq.MethodKey = "backtest"

// Ways lists the ways of foretelling that are compared: pooling with settings
// chosen without the host, two rivals (the newest count carried forward, and the
// spread of all claims), and pooling with the settings chosen on all hosts,
// which flatters itself.
func Ways() []string { return []string{"pooled", "carried", "spread", "fitted"} }

// Measures lists what is measured of each way.
func Measures() []string { return []string{"coverage", "width", "score"} }

// A Check is how the ways did on the hidden counts of one set, or of all.
type Check struct {
	Set       Set // "" for all sets together
	Hidden    int // counts hidden
	Hosts     int // they are of; 0 for all sets together
	Scores    []Score
	Forecasts []Forecast // of pooling; nil for all sets together
}

// A Score is how one way did.
type Score struct {
	Way      string
	N        int             // hidden counts it could say something of
	Coverage shanyraq.Figure // share of the hidden counts inside the interval, in percent
	Width    shanyraq.Figure // mean width of the intervals of log persons
	Interval shanyraq.Figure // mean interval score of log persons; lower is better
}

// A Forecast is one hidden count and what the other claims said of it.
type Forecast struct {
	Claim    shanyraq.Claim
	Foretold shanyraq.Figure // persons, at 95 %
	Held     bool
}

// checkLeast is how many claims a host has to have under a set for its newest
// count to be hidden. Of a set with fewer than checkFew hosts of that kind,
// every count with an earlier claim is hidden in turn.
const (
	checkLeast = 3
	checkFew   = 10
)

// folds is into how many parts hosts are divided: settings are chosen on all but
// one, and judged on that one.
const folds = 5

// hiddenOf returns the places of the counts of a set to hide.
func hiddenOf(s *heard) []int {
	at := pooling.Newest(s.figures, checkLeast, shanyraq.Measured.String())
	if len(at) < checkFew {
		return pooling.Every(s.figures, shanyraq.Measured.String())
	}
	return at
}

// A trial is what every way says of the hidden counts of one set.
type trial struct {
	*heard
	at     []int
	rivals []pooling.Backtest   // under the defaults: pooling, carried, spread
	tried  [][]pooling.Forecast // under each of the settings tried
}

// try hides the counts of a set under every one of the settings tried.
func (s *heard) try(ctx context.Context, year int) (*trial, error) {
	t := &trial{heard: s, at: hiddenOf(s)}
	if len(t.at) == 0 {
		return t, nil
	}
	var err error
	if t.rivals, err = Priors(nil).model(s.Set, year).Test(s.figures, t.at, stockLevel); err != nil {
		return nil, err
	}
	settings := Tried(s.Set)
	t.tried = make([][]pooling.Forecast, len(settings))
	faults := make([]error, len(settings))
	var wait sync.WaitGroup
	lanes := make(chan struct{}, 1) // one at a time: what they hold together would not be small
	for i, p := range settings {
		wait.Go(func() {
			lanes <- struct{}{}
			defer func() { <-lanes }()
			if faults[i] = ctx.Err(); faults[i] != nil {
				return
			}
			tests, err := p.model(s.Set, year).Test(s.figures, t.at, stockLevel)
			if faults[i] = err; err == nil {
				t.tried[i] = tests[0].Forecasts
			}
		})
	}
	wait.Wait()
	return t, cmp.Or(faults...)
}

// choose replaces, for trials that share their settings, what pooling says of
// each hidden count by what it says under the settings that lose least on hosts
// of other folds. It returns the place of the settings that lose least on all.
//
// Settings lose by how far the share of counts their intervals hold is from the
// level, each set counting alike; between those equally far, the interval score
// decides. The score alone would not do: a few hidden counts are wrong by a
// factor of a hundred, and what they add would choose for all others.
func choose(ts []*trial, fold map[string]int) (held [][]pooling.Forecast, best int) {
	var folded []int
	settings := 0
	for _, t := range ts {
		if len(t.tried) == 0 {
			continue
		}
		settings = len(t.tried)
		for _, f := range t.tried[0] {
			folded = append(folded, fold[t.figures[f.Figure].Host])
		}
	}
	each, best := pooling.Choose(settings, folded, func(k int, in []bool) float64 {
		loss, i := 0.0, 0
		for _, t := range ts {
			if len(t.tried) == 0 {
				continue
			}
			n, inside, score := 0.0, 0.0, 0.0
			for _, f := range t.tried[k] {
				if in[i] {
					n, score = n+1, score+f.Score
					if f.Held {
						inside++
					}
				}
				i++
			}
			if n > 0 {
				loss += math.Abs(inside/n-stockLevel) + score/n*1e-6
			}
		}
		return loss
	})
	i := 0
	for _, t := range ts {
		var out []pooling.Forecast
		if len(t.tried) > 0 {
			for j := range t.tried[0] {
				out = append(out, t.tried[each[i]][j])
				i++
			}
		}
		held = append(held, out)
	}
	return held, best
}

// Backtest hides, of each host with three claims or more in a set, the newest
// measured one with all of its time and after, foretells it from the rest under
// settings that no count of the host helped to choose, and reports how often the
// 95 % interval held it and how wide it was, beside two plain rivals. Of a set
// with few such hosts every count with an earlier claim is hidden. It returns a
// set a check where any count could be hidden, and then one over all sets.
func (r *Room) Backtest(ctx context.Context, home shanyraq.CountryCode) ([]Check, error) {
	const op = "diaspora.Backtest"
	r.checking.Lock()
	defer r.checking.Unlock()
	if c, ok := r.checks[home]; ok {
		return c, nil
	}
	r.pooling.Lock()
	h, err := r.hear(ctx, home, 0)
	r.pooling.Unlock()
	if err != nil {
		return nil, err
	}
	fold := map[string]int{}
	for i, place := range h.hosts {
		fold[string(place)] = i % folds
	}
	var own, shared []*trial
	for _, s := range h.sets {
		t, err := s.try(ctx, h.year)
		if err != nil {
			return nil, shanyraq.Errorf(op, shanyraq.KindOf(err), "%s, %s: %w", home, s.Set, err)
		}
		if s.Set == Ethnic {
			own = append(own, t)
		} else {
			shared = append(shared, t)
		}
	}
	held, _ := choose(own, fold)
	more, _ := choose(shared, fold)
	held = append(held, more...)
	var out []Check
	all := make([][]pooling.Forecast, len(Ways()))
	hidden := 0
	var sources []shanyraq.SourceID
	for n, t := range slices.Concat(own, shared) {
		if len(t.at) == 0 {
			continue
		}
		var of []shanyraq.SourceID
		for _, i := range t.at {
			if !slices.Contains(of, t.claims[i].Source) {
				of = append(of, t.claims[i].Source)
			}
		}
		c := Check{Set: t.Set, Hidden: len(t.at), Hosts: hostsOf(t)}
		for i, forecasts := range [][]pooling.Forecast{held[n], t.rivals[1].Forecasts, t.rivals[2].Forecasts, t.rivals[0].Forecasts} {
			all[i] = append(all[i], forecasts...)
			if len(forecasts) == 0 {
				continue
			}
			score, err := scoreOf(home, t.Set, h.year, Ways()[i], forecasts, of)
			if err != nil {
				return nil, shanyraq.Errorf(op, shanyraq.Other, "%s, %s: %w", home, t.Set, err)
			}
			c.Scores = append(c.Scores, score)
		}
		for _, f := range held[n] {
			foretold, err := foretold(home, t.heard, h.year, f)
			if err != nil {
				return nil, shanyraq.Errorf(op, shanyraq.Other, "%s, %s: %w", home, t.Set, err)
			}
			c.Forecasts = append(c.Forecasts, Forecast{t.claims[f.Figure], foretold, f.Held})
		}
		for _, id := range of {
			if !slices.Contains(sources, id) {
				sources = append(sources, id)
			}
		}
		hidden += len(t.at)
		out = append(out, c)
	}
	if len(out) > 1 {
		c := Check{Hidden: hidden}
		for i, way := range Ways() {
			if len(all[i]) == 0 {
				continue
			}
			score, err := scoreOf(home, "all", h.year, way, all[i], sources)
			if err != nil {
				return nil, shanyraq.Errorf(op, shanyraq.Other, "%s: %w", home, err)
			}
			c.Scores = append(c.Scores, score)
		}
		out = append(out, c)
	}
	r.checks[home] = out
	return out, nil
}

// hostsOf returns how many hosts the hidden counts are of.
func hostsOf(t *trial) int {
	seen := map[string]bool{}
	for _, i := range t.at {
		seen[t.figures[i].Host] = true
	}
	return len(seen)
}

// rangeFrom is of how many hidden counts a share or a mean has a range: fewer are
// no sample.
const rangeFrom = 5

// scoreOf makes the figures of how one way did. The interval of a share is
// Wilson's; that of a mean, which is of nothing below zero, is two standard
// errors each way, hosts being a sample of hosts. Of fewer than [rangeFrom] counts
// each is what was counted.
func scoreOf(home shanyraq.CountryCode, set Set, year int, way string, fs []pooling.Forecast, sources []shanyraq.SourceID) (Score, error) {
	n := float64(len(fs))
	held := 0.0
	var widths, scores []float64
	for _, f := range fs {
		if f.Held {
			held++
		}
		widths, scores = append(widths, f.Hi-f.Lo), append(scores, f.Score)
	}
	out := Score{Way: way, N: len(fs)}
	lineage := func(formula string) shanyraq.Lineage {
		return shanyraq.Lineage{Method: MethodBacktest, Sources: sources, Formula: formula, Assumptions: []shanyraq.Assumption{
			shanyraq.Assume("check_hosts", shanyraq.TooNarrow), shanyraq.Assume("check_learnt", shanyraq.TooHigh), shanyraq.Assume("check_counts", shanyraq.TooLow)}}
	}
	path := func(measure string) string {
		return fmt.Sprintf("diaspora/%s/WLD/backtest-%s/%d/%s-%s", home, set, year, way, measure)
	}
	const z = 1.959963984540054 // 97.5 % quantile of the normal distribution
	var err error
	if out.Coverage, err = percentHeld(path("coverage"), held, n, lineage(fmt.Sprintf("100 × %.0f held / %.0f hidden = %.1f", held, n, 100*held/n))); err != nil {
		return out, err
	}
	mean := func(measure string, xs []float64) (shanyraq.Figure, error) {
		m, v := 0.0, 0.0
		for _, x := range xs {
			m += x / n
		}
		for _, x := range xs {
			v += (x - m) * (x - m) / max(1, n-1)
		}
		se := max(math.Sqrt(v/n), 1e-9*math.Abs(m), 1e-12)
		iv, says := shanyraq.Interval{Lo: max(0, m-z*se), Hi: m + z*se, Level: 0.95, Kind: shanyraq.Confidence}, fmt.Sprintf(", standard error %.3f", se)
		if n < rangeFrom {
			iv, says = shanyraq.Interval{Lo: m, Hi: m, Kind: shanyraq.Counted}, ""
		}
		return shanyraq.NewFigure(path(measure), m, iv, "index", lineage(fmt.Sprintf("mean over %.0f hidden counts = %.3f%s", n, m, says)))
	}
	if out.Width, err = mean("width", widths); err != nil {
		return out, err
	}
	out.Interval, err = mean("score", scores)
	return out, err
}

// foretold makes the figure of what the other claims said of a hidden count.
func foretold(home shanyraq.CountryCode, s *heard, year int, f pooling.Forecast) (shanyraq.Figure, error) {
	c := s.claims[f.Figure]
	l := shanyraq.Lineage{Method: MethodBacktest, Inputs: []shanyraq.Input{s.input("hidden", f.Figure)},
		Formula:     fmt.Sprintf("ln N = %.2f ± 1.96 × %.2f,  hidden ln x = %.2f", f.Mean, f.SD, math.Log(s.figures[f.Figure].Value)),
		Assumptions: assumptions()}
	for j, g := range s.figures {
		if j != f.Figure && g.Host == s.figures[f.Figure].Host && g.Year < math.Floor(s.figures[f.Figure].Year) {
			l.Inputs = append(l.Inputs, s.input(fmt.Sprintf("x%d", len(l.Inputs)), j))
			if !slices.Contains(l.Sources, s.claims[j].Source) {
				l.Sources = append(l.Sources, s.claims[j].Source)
			}
		}
	}
	if len(l.Inputs) > 13 {
		l.Inputs = append(l.Inputs[:1:1], l.Inputs[len(l.Inputs)-12:]...)
	}
	return shanyraq.NewFigure(fmt.Sprintf("diaspora/%s/%s/backtest-%s/%d/%s", home, c.Place, s.Set, year, c.ID), math.Exp(f.Mean),
		shanyraq.Interval{Lo: math.Exp(f.Lo), Hi: math.Exp(f.Hi), Level: stockLevel, Kind: shanyraq.Credible}, "persons", l)
}

// checked returns the figure at a path of the backtest.
func checked(cs []Check, path string) (shanyraq.Figure, error) {
	for _, c := range cs {
		for _, s := range c.Scores {
			for _, f := range []shanyraq.Figure{s.Coverage, s.Width, s.Interval} {
				if f.Path() == path {
					return f, nil
				}
			}
		}
		for _, f := range c.Forecasts {
			if f.Foretold.Path() == path {
				return f.Foretold, nil
			}
		}
	}
	return shanyraq.Figure{}, shanyraq.Errorf("diaspora.Figure", shanyraq.NotFound, "no figure %s", path)
}
