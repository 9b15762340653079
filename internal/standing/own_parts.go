package standing

import (
	"slices"

	"shanyraq/methods/composite"
)

// An OwnPart is one element of the framework of an index of the reader's own.
type OwnPart struct {
	Code, Name  string
	Level       int // 1 for an indicator
	Depth       int // 0 at the top
	Direction   int // of an indicator: 1, or -1 where less is better
	Denominator string
	Unit        string // what an indicator is measured in
}

// Parts returns the framework, parents first.
func (b *Built) Parts() []OwnPart {
	var out []OwnPart
	depth := map[string]int{"": -1}
	b.index.Definition().Framework.Walk(func(n composite.Node, parent string, level int) {
		depth[n.Code] = depth[parent] + 1
		p := OwnPart{Code: n.Code, Name: n.Name, Level: level, Depth: depth[n.Code], Denominator: n.Denominator, Unit: n.Unit}
		if len(n.Children) == 0 {
			p.Direction = max(n.Direction, 1)
			if n.Direction < 0 {
				p.Direction = -1
			}
		}
		out = append(out, p)
	})
	return out
}

// Top returns the code of the whole index.
func (b *Built) Top() string { return b.index.Top() }

// Groups returns the columns of groups the units have ranks within.
func (b *Built) Groups() []string { return b.groups }

// Units returns how many units are in.
func (b *Built) Units() int { return len(b.result.Units) }

// Named returns what the table calls a unit, "" for nothing.
func (b *Built) Named(unit string) string {
	t := b.index.Table()
	if i := slices.Index(t.Units, unit); i >= 0 && t.Names != nil {
		return t.Names[i]
	}
	return ""
}

// Drawn returns how often a plan is drawn for ranks, and the share of the draws
// that a range holds.
func Drawn(p Plan) (draws int, within float64) {
	p = complete(p, ownDraws)
	return p.Draws, p.Level
}
