package standing

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"shanyraq"
	"shanyraq/methods/composite"
)

// An OwnStep is one of the ten steps by which an index of the reader's own is
// judged.
type OwnStep struct {
	Number   int
	Verdict  string  // done, partly or not, as of a built-in index
	Evidence float64 // NaN where there is none but words
	Found    shanyraq.Text
}

// Done returns 1 for a step that is done, 0.5 for one in part and 0 for one not.
func (s OwnStep) Done() float64 {
	return map[string]float64{"done": 1, "partly": 0.5}[s.Verdict]
}

// Sheet returns the ten steps of the handbook for the index, judged by the limits
// of the built-in ones, and in words what a reader might not expect of it.
func (b *Built) Sheet(ctx context.Context, p Plan) ([]OwnStep, []shanyraq.Text, error) {
	none := say("standing.audit.none")
	list := func(codes []string) any {
		if len(codes) == 0 {
			return none
		}
		if len(codes) > 8 {
			return say("standing.ownaudit.more", "List", strings.Join(codes[:8], ", "), "Count", len(codes)-8)
		}
		return strings.Join(codes, ", ")
	}
	which := func(done, partly bool) string {
		switch {
		case done:
			return "done"
		case partly:
			return "partly"
		}
		return "not"
	}
	var steps []OwnStep
	step := func(verdict string, evidence float64, found string, args ...any) {
		steps = append(steps, OwnStep{len(steps) + 1, verdict, evidence, say(found, args...)})
	}
	d := b.index.Definition()
	aggregates := 0
	for l := 2; l <= b.index.Depth(); l++ {
		aggregates += len(b.index.Codes(l))
	}
	var kept []string
	for _, code := range b.index.Codes(1) {
		if b.result.Values(code) != nil {
			kept = append(kept, code)
		}
	}
	step("done", math.NaN(), "standing.ownaudit.found.1", "Indicators", len(kept), "Aggregates", aggregates, "Levels", b.index.Depth(), "Top", b.index.Top())

	// What is held, of all units and of those that are in.
	t := b.index.Table()
	held, gaps, filled := 0, 0, 0
	least, leastShare := "", 2.0
	for _, code := range kept {
		n := 0
		for i, u := range t.Units {
			if v := t.Values[code][i]; v == v {
				n++
				continue
			}
			if at := slices.Index(b.result.Units, u); at >= 0 {
				gaps++
				if v := b.result.Values(code)[at]; v == v {
					filled++
				}
			}
		}
		held += n
		if share := float64(n) / float64(len(t.Units)); share < leastShare {
			least, leastShare = code, share
		}
	}
	cells := len(kept) * len(t.Units)
	share := float64(held) / float64(cells)
	step(which(share >= 0.9 && len(b.result.Dropped) == 0, share >= 0.65), share, "standing.ownaudit.found.2",
		"Held", held, "All", cells, "Code", least, "Out", list(b.result.Dropped))
	step(which(gaps == filled, true), float64(gaps), "standing.ownaudit.found.3", "Filled", filled, "Left", gaps-filled)

	// How indicators go together.
	twins, odd := math.NaN(), math.NaN()
	a, z, oddOne := "", "", ""
	for k, code := range kept {
		col := b.result.Values(code)
		if r := composite.Pearson(col, b.result.Scores()).R; r < odd || odd != odd && r == r {
			odd, oddOne = r, code
		}
		for _, other := range kept[k+1:] {
			if r := composite.Pearson(col, b.result.Values(other)).R; math.Abs(r) > math.Abs(twins) || twins != twins && r == r {
				twins, a, z = r, code, other
			}
		}
	}
	strong, low := math.Abs(twins) > 0.92, !(odd > 0.3)
	if twins != twins {
		step(which(false, !low), twins, "standing.ownaudit.found.4.none")
	} else {
		step(which(!strong && !low, !strong || !low), twins, "standing.ownaudit.found.4", "A", a, "B", z)
	}
	var treated []string
	for _, x := range b.result.Treated {
		if x.Action() != "none" {
			treated = append(treated, x.Code)
		}
	}
	scale := d.Normalise.Method
	if scale == "" {
		scale = composite.MethodMinMax
	}
	step("done", odd, "standing.ownaudit.found.5", "Scale", string(scale), "Odd", oddOne, "Treated", list(treated))

	removal, removed := math.NaN(), ""
	rs, err := b.index.Removals(1)
	if err == nil {
		for _, r := range rs {
			if r.Mean > removal || removal != removal {
				removal, removed = r.Mean, r.Code
			}
		}
	}
	if removed == "" {
		step("not", math.NaN(), "standing.ownaudit.found.6.none")
	} else {
		step(which(removal < float64(len(b.result.Units))/10, true), removal, "standing.ownaudit.found.6", "Removed", removed)
	}

	dist, err := b.index.Simulate(ctx, complete(p, ownDraws))
	if err != nil {
		return nil, nil, b.undrawn(err)
	}
	var varied []string
	for _, f := range p.Factors {
		varied = append(varied, f.Name)
	}
	step(which(len(varied) > 1, true), float64(len(dist.Tiers(level))), "standing.ownaudit.found.7", "Varied", strings.Join(varied, ", "))
	step("done", float64(len(b.result.Units)), "standing.ownaudit.found.8")
	step("not", math.NaN(), "standing.ownaudit.found.9")
	step("done", math.NaN(), "standing.ownaudit.found.10", "Seed", fmt.Sprint(complete(p, ownDraws).Seed))

	var notes []shanyraq.Text
	by := map[composite.NoteKind][]string{}
	var kinds []composite.NoteKind
	for _, n := range b.result.Notes {
		if by[n.Kind] == nil {
			kinds = append(kinds, n.Kind)
		}
		name := n.Code
		if name == "" {
			name = n.Unit
		}
		by[n.Kind] = append(by[n.Kind], name)
	}
	for _, k := range kinds {
		notes = append(notes, say("standing.ownaudit.note."+string(k), "List", list(by[k])))
	}
	return steps, notes, nil
}
