package standing

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"shanyraq"
	"shanyraq/methods/composite"
)

// MethodIndexWeight is what an element weighs in the whole.
const MethodIndexWeight shanyraq.MethodKey = "index-weight"

// A Piece is one element of an index with what it weighs in the whole.
type Piece struct {
	Code   string
	Parent string // code of the element it is part of, "" right under the whole
	Leaf   bool   // it is an indicator
	Weight shanyraq.Figure
}

// Pieces returns every element of the index, parents first, with its share of the
// whole and the range that share takes when the weights of every level are drawn
// anew; the share of an index whose weights do not vary has no range.
func (x *Index) Pieces() ([]Piece, error) {
	var out []Piece
	parents := map[string]string{}
	siblings := map[string][]string{}
	x.Definition.Framework.Walk(func(n composite.Node, parent string, _ int) {
		if parent == "" {
			return
		}
		siblings[parent] = append(siblings[parent], n.Code)
		if parent == x.Definition.Framework.Code {
			parent = ""
		}
		parents[n.Code] = parent
		out = append(out, Piece{Code: n.Code, Parent: parent, Leaf: len(n.Children) == 0})
	})
	drawn := map[string][]float64{}
	varies := slices.ContainsFunc(x.Factors, func(f composite.Factor) bool { return f.Weights != nil })
	rng := rand.New(rand.NewPCG(seed, 0x5eed)) //nolint:gosec // a repeatable draw, not a secret
	for range indexDraws {
		if !varies {
			break
		}
		within := map[string]float64{}
		for _, p := range out { // in order, so that the draws repeat
			within[p.Code] = rng.ExpFloat64()
		}
		for _, all := range siblings {
			sum := 0.0
			for _, code := range all {
				sum += within[code]
			}
			for _, code := range all {
				within[code] /= sum
			}
		}
		for _, p := range out {
			share := 1.0
			for code := p.Code; code != ""; code = parents[code] {
				share *= within[code]
			}
			drawn[p.Code] = append(drawn[p.Code], share)
		}
	}
	for i, p := range out {
		_, share := x.Weight(p.Code)
		if math.IsNaN(share) {
			continue
		}
		v := 100 * share
		iv := shanyraq.Interval{Lo: v, Hi: v, Kind: shanyraq.Counted}
		l := shanyraq.Lineage{Method: MethodIndexWeight, Sources: x.sources, Formula: fmt.Sprintf("w(%s) = %.4f", p.Code, share)}
		if ds := drawn[p.Code]; len(ds) > 0 {
			lo, hi := 100*composite.Quantile(ds, (1-level)/2), 100*composite.Quantile(ds, (1+level)/2)
			if hi > lo {
				iv = shanyraq.Interval{Lo: min(lo, v), Hi: max(hi, v), Level: level, Kind: shanyraq.Varied}
				l.Seed, l.Draws, l.Assumptions = seed, indexDraws, []shanyraq.Assumption{shanyraq.Assume("weights_flat", shanyraq.EitherWay)}
			}
		}
		f, err := shanyraq.NewFigure(x.path(shanyraq.World, "weight-"+p.Code), v, iv, "percent", l)
		if err != nil {
			return nil, shanyraq.Errorf("standing.Pieces", shanyraq.Other, "%s %s: %w", x.Key, p.Code, err)
		}
		out[i].Weight = f
	}
	return out, nil
}
