package coin

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"shanyraq/methods/composite"
)

// A Meta is what iMeta says: the framework, and what the other columns of
// iData are.
type Meta struct {
	Framework    composite.Node
	Denominators []Label
	Groups       []Label
	Others       []Label // columns kept and not used
}

// A Label is the code of a column and its name for readers.
type Label struct{ Code, Name string }

// The columns of iMeta that are not parameters.
var metaColumns = []string{"Level", "iCode", "iName", "Direction", "Weight", "Denominator", "Parent", "Type", "Unit"}

// ReadFramework reads an iMeta table; file is what errors call it. Levels must
// fit the tree: an indicator is at level 1 and a parent above its children.
// Codes may stand in any order. It returns an [Error].
func ReadFramework(r io.Reader, file string) (Meta, error) {
	s, err := readSheet(r, file)
	if err != nil {
		return Meta{}, err
	}
	if err := s.need("Level", "iCode", "Direction", "Weight", "Parent", "Type"); err != nil {
		return Meta{}, err
	}
	var m Meta
	type row struct {
		node   composite.Node
		parent string
		level  int
		line   line
	}
	var rows []row
	at := map[string]int{}
	seen := map[string]bool{}
	for _, l := range s.rows {
		code := s.cell(l, "iCode")
		switch {
		case code == "":
			return Meta{}, s.fail(l.number, "iCode", ErrEmpty)
		case seen[code]:
			return Meta{}, s.fail(l.number, "iCode", fmt.Errorf("%s %w", code, ErrTwice))
		}
		seen[code] = true
		label := Label{code, s.cell(l, "iName")}
		kind := s.cell(l, "Type")
		switch kind {
		case "Group":
			m.Groups = append(m.Groups, label)
			continue
		case "Denominator":
			m.Denominators = append(m.Denominators, label)
			continue
		case "Other":
			m.Others = append(m.Others, label)
			continue
		case "Indicator", "Aggregate":
		default:
			return Meta{}, s.found(l.number, "Type", kind, ErrWord, "Indicator", "Aggregate", "Group", "Denominator", "Other")
		}
		n := row{node: composite.Node{Code: code, Name: label.Name, Unit: s.cell(l, "Unit")}, line: l}
		level, err := strconv.Atoi(s.cell(l, "Level"))
		if err != nil || level < 1 {
			return Meta{}, s.found(l.number, "Level", s.cell(l, "Level"), ErrNumber)
		}
		n.level = level
		if (kind == "Indicator") != (level == 1) {
			return Meta{}, s.fail(l.number, "Level", fmt.Errorf("%w: %s at level %d", ErrWord, kind, level))
		}
		if n.node.Weight, err = s.number(l, "Weight"); err != nil {
			return Meta{}, err
		}
		if math.IsNaN(n.node.Weight) {
			if s.cell(l, "Parent") != "" {
				return Meta{}, s.fail(l.number, "Weight", ErrEmpty)
			}
			n.node.Weight = 1
		}
		if n.node.Weight < 0 {
			return Meta{}, s.fail(l.number, "Weight", fmt.Errorf("%w: %v", ErrNumber, n.node.Weight))
		}
		switch d := s.cell(l, "Direction"); {
		case d == "-1" && kind == "Indicator":
			n.node.Direction = -1
		case d == "1" && kind == "Indicator":
			n.node.Direction = 1
		case kind == "Aggregate" && (d == "1" || missing(d)):
		default:
			return Meta{}, s.found(l.number, "Direction", d, ErrWord, "1", "-1")
		}
		if kind == "Indicator" {
			if d := s.cell(l, "Denominator"); !missing(d) {
				n.node.Denominator = d
			}
			if n.node.Params, err = params(s, l); err != nil {
				return Meta{}, err
			}
		}
		if p := s.cell(l, "Parent"); !missing(p) {
			n.parent = p
		}
		at[code] = len(rows)
		rows = append(rows, n)
	}
	top := -1
	for i, n := range rows {
		if n.parent == "" {
			if top >= 0 {
				return Meta{}, s.fail(n.line.number, "Parent", fmt.Errorf("%w: %s and %s have none", ErrParent, rows[top].node.Code, n.node.Code))
			}
			top = i
			continue
		}
		p, ok := at[n.parent]
		switch {
		case !ok:
			return Meta{}, s.fail(n.line.number, "Parent", fmt.Errorf("%w: no element %s", ErrParent, n.parent))
		case rows[p].level <= n.level:
			return Meta{}, s.fail(n.line.number, "Parent", fmt.Errorf("%w: %s at level %d is not above level %d", ErrParent, n.parent, rows[p].level, n.level))
		}
	}
	if top < 0 {
		return Meta{}, s.fail(0, "Parent", fmt.Errorf("%w: nothing stands at the top", ErrParent))
	}
	// Levels rise from child to parent, so there are no circles.
	below := make([][]int, len(rows))
	for i, n := range rows {
		if n.parent != "" {
			below[at[n.parent]] = append(below[at[n.parent]], i)
		}
	}
	var grow func(i int) (composite.Node, error)
	grow = func(i int) (composite.Node, error) {
		n := rows[i].node
		if rows[i].level > 1 && len(below[i]) == 0 {
			return n, s.fail(rows[i].line.number, "iCode", fmt.Errorf("%w: %s has no children", ErrParent, n.Code))
		}
		highest := 0
		for _, c := range below[i] {
			child, err := grow(c)
			if err != nil {
				return n, err
			}
			highest = max(highest, rows[c].level)
			n.Children = append(n.Children, child)
		}
		if rows[i].level != highest+1 {
			return n, s.fail(rows[i].line.number, "Level", fmt.Errorf("%w: %s at level %d over children at level %d", ErrParent, n.Code, rows[i].level, highest))
		}
		return n, nil
	}
	m.Framework, err = grow(top)
	return m, err
}

// params returns the further columns of an indicator that hold numbers, with
// TRUE as 1 and FALSE as 0. Columns of words are left out.
func params(s *sheet, l line) (map[string]float64, error) {
	var p map[string]float64
	for i, name := range s.head {
		text := l.cells[i]
		if name == "" || slices.Contains(metaColumns, name) || missing(text) {
			continue
		}
		v, err := s.parse(l, name, text)
		switch text {
		case "TRUE":
			v, err = 1, nil
		case "FALSE":
			v, err = 0, nil
		}
		if err != nil {
			continue
		}
		if p == nil {
			p = map[string]float64{}
		}
		p[name] = v
	}
	return p, nil
}

// WriteFramework writes an iMeta table that [ReadFramework] reads back the
// same, but for aggregators of single elements and scales of denominators,
// which iMeta cannot hold: for a framework with either it returns an error.
func WriteFramework(w io.Writer, m Meta) error {
	names := map[string]bool{}
	var odd error
	m.Framework.Walk(func(n composite.Node, _ string, _ int) {
		if n.Aggregate != nil || n.PerUnits != 0 && n.PerUnits != 1 {
			odd = fmt.Errorf("coin: %s has an aggregator or a scale of its own, which iMeta cannot hold", n.Code)
		}
		for k := range n.Params {
			names[k] = true
		}
	})
	if odd != nil {
		return odd
	}
	var more []string
	for k := range names {
		more = append(more, k)
	}
	slices.Sort(more)
	c := csv.NewWriter(w)
	_ = c.Write(append(slices.Clone(metaColumns), more...)) // the writer keeps its first error
	m.Framework.Walk(func(n composite.Node, parent string, level int) {
		kind, direction := "Indicator", "1"
		if len(n.Children) > 0 {
			kind = "Aggregate"
		}
		if n.Direction < 0 {
			direction = "-1"
		}
		row := []string{strconv.Itoa(level), n.Code, n.Name, direction, format(n.Weight), n.Denominator, parent, kind, n.Unit}
		for _, k := range more {
			v, ok := n.Params[k]
			if !ok {
				v = math.NaN()
			}
			row = append(row, format(v))
		}
		_ = c.Write(row)
	})
	for _, list := range []struct {
		kind   string
		labels []Label
	}{{"Group", m.Groups}, {"Denominator", m.Denominators}, {"Other", m.Others}} {
		for _, l := range list.labels {
			row := make([]string, len(metaColumns)+len(more))
			row[1], row[2], row[7] = l.Code, l.Name, list.kind
			_ = c.Write(row)
		}
	}
	c.Flush()
	return c.Error()
}
