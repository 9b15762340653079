package standing

import (
	"fmt"
	"math"
	"slices"

	"shanyraq"
	"shanyraq/methods/composite"
)

// Plan returns what varies if the reader does not say, and in words what was
// left out of it and why:
//
//   - every weight by a quarter either way, but none below a principal component
//     whose loadings are weights;
//   - how many points are winsorised, where they are;
//   - method: the indicators on 1 to 100 with the arithmetic or the geometric
//     mean, or as z-scores with the arithmetic mean, where the settings put them
//     on 1 to 100 or use z-scores and either mean. Z-scores have two signs and are
//     never given to a mean that takes only values above zero;
//   - filled gaps.
//
// What cannot be built for this index, alone or with the others, is left out.
func (b *Built) Plan() (Plan, []shanyraq.Text) {
	s := b.index.Definition().Settings
	p := Plan{Factors: []composite.Factor{{Name: "weights", Weights: &composite.WeightDraw{Kind: composite.Noise, Spread: 0.25}}}}
	var left []shanyraq.Text
	leave := func(key string, args ...any) { left = append(left, say(key, append(args, "Name", b.Name)...)) }
	if s.Weights.Method == composite.PCA {
		// What is drawn below a principal component moves its loadings.
		from := b.index.Depth() - 1
		if len(s.Weights.Levels) > 0 {
			from = slices.Max(s.Weights.Levels)
		}
		if from > 1 {
			for l := from; l < b.index.Depth(); l++ {
				p.Factors[0].Weights.Levels = append(p.Factors[0].Weights.Levels, l)
			}
			leave("standing.plan.weights.pca", "Level", from)
		}
	}
	methods := b.methods(s, leave)
	if len(methods) > 1 {
		p.Factors = append(p.Factors, composite.Factor{Name: "method", Choice: methods})
	} else {
		methods = []composite.Option{{}}
	}
	if s.Treat != nil && s.Treat.Method != "none" && s.Treat.WinMax > 1 {
		f := composite.Factor{Name: "winmax"}
		for n := 1; n <= min(s.Treat.WinMax, 5); n++ {
			t := *s.Treat
			t.WinMax = n
			o := composite.Option{Label: fmt.Sprint(n), Patch: composite.Patch{Treat: &t}}
			var err error
			for _, m := range methods {
				if err == nil {
					err = b.try(o.Patch, m.Patch)
				}
			}
			if err != nil {
				leave("standing.plan.winmax", "Count", n, "Detail", reason(err))
				continue
			}
			f.Choice = append(f.Choice, o)
		}
		if len(f.Choice) > 1 {
			p.Factors = append(p.Factors, f)
		}
	}
	if s.Impute != nil && s.Impute.Method != composite.NoImpute && s.Impute.Method != composite.Constant {
		switch {
		case s.Weights.Method == composite.PCA:
			leave("standing.plan.imputed.pca")
		case b.refersToGap(s):
			leave("standing.plan.imputed.reference")
		default:
			p.Factors = append(p.Factors, composite.Factor{Name: "imputed", Imputed: &composite.ImputeDraw{}})
		}
	}
	return p, left
}

// methods returns the scales and means that can be drawn together.
func (b *Built) methods(s composite.Settings, leave func(string, ...any)) []composite.Option {
	if m := s.Normalise.Method; m != "" && m != composite.MethodMinMax && m != composite.MethodZScore {
		return nil
	}
	if len(s.Exceptions) > 0 {
		leave("standing.plan.exceptions")
		return nil
	}
	used := map[composite.AggregateMethod]bool{}
	for _, a := range s.Aggregate {
		used[a.Method] = true
	}
	fixed := false // an aggregator of one element alone, which stays
	b.index.Definition().Framework.Walk(func(n composite.Node, _ string, _ int) {
		if n.Aggregate != nil {
			used[n.Aggregate.Method], fixed = true, true
		}
	})
	if used[""] || len(used) == 0 {
		delete(used, "")
		used[composite.Arithmetic] = true
	}
	number := func(v float64) composite.Number { return composite.Number{Value: v} }
	minmax := &composite.Scale{Method: composite.MethodMinMax, Lower: number(1), Upper: number(100)}
	zscore := &composite.Scale{Method: composite.MethodZScore, Mean: number(10), SD: number(2)}
	mean := func(m composite.AggregateMethod) *[]composite.Aggregator { return &[]composite.Aggregator{{Method: m}} }
	var all []composite.Option
	add := func(label string, p composite.Patch) {
		if err := b.try(p); err != nil {
			leave("standing.plan.option", "Option", label, "Detail", reason(err))
			return
		}
		all = append(all, composite.Option{Label: label, Patch: p})
	}
	positive := used[composite.Geometric] || used[composite.Harmonic] || used[composite.PowerMean]
	free := !fixed
	for m := range used {
		free = free && (m == composite.Arithmetic || m == composite.Geometric)
	}
	signed := func() bool {
		if s.Missing == composite.Zero {
			leave("standing.plan.zero")
			return false
		}
		return true
	}
	switch {
	case free:
		add("minmax 1-100, amean", composite.Patch{Normalise: minmax, Aggregate: mean(composite.Arithmetic)})
		add("minmax 1-100, gmean", composite.Patch{Normalise: minmax, Aggregate: mean(composite.Geometric)})
		if signed() {
			leave("standing.plan.crossed")
			add("zscore 10 2, amean", composite.Patch{Normalise: zscore, Aggregate: mean(composite.Arithmetic)})
		}
	case positive || used[composite.Doubt]:
		leave("standing.plan.signed")
	default:
		add("minmax 1-100", composite.Patch{Normalise: minmax})
		if signed() {
			add("zscore 10 2", composite.Patch{Normalise: zscore})
		}
	}
	return all
}

// settled returns the index with the weights it has, where those are optimised, so
// that they are not looked for again.
func (b *Built) settled() (*composite.Index, error) {
	if b.index.Definition().Weights.Method != composite.Optimised {
		return b.index, nil
	}
	w := composite.Weighting{Method: composite.Given, Values: map[string]float64{}}
	for _, x := range b.result.Weights {
		w.Values[x.Code] = x.Weight
	}
	return b.index.With(composite.Patch{Weights: &w})
}

// try returns why the index cannot be built with the changes.
func (b *Built) try(changes ...composite.Patch) error {
	x, err := b.settled()
	if err != nil {
		return err
	}
	for _, p := range changes {
		if x, err = x.With(p); err != nil {
			return err
		}
	}
	_, err = x.Build()
	return err
}

// refersToGap reports whether a gap that is filled at random belongs to the unit
// that all others are measured by: a draw could leave no distance to it.
func (b *Built) refersToGap(s composite.Settings) bool {
	units := []string{}
	for _, scale := range append([]composite.Scale{s.Normalise}, scales(s.Exceptions)...) {
		if scale.Method == composite.MethodToReference {
			units = append(units, scale.Unit)
		}
	}
	t := b.index.Table()
	found := false
	b.index.Definition().Framework.Walk(func(n composite.Node, _ string, _ int) {
		for _, u := range units {
			i := slices.Index(t.Units, u)
			for _, code := range []string{n.Code, n.Denominator} {
				if col := t.Values[code]; col != nil && i >= 0 {
					found = found || math.IsNaN(col[i])
				}
			}
		}
	})
	return found
}

func scales(m map[string]composite.Scale) []composite.Scale {
	var out []composite.Scale
	for _, s := range m {
		out = append(out, s)
	}
	return out
}
