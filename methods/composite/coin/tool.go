package coin

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"shanyraq/methods/composite"
)

// Where things stand on the sheets of the COIN Tool, rows and columns from 1.
const (
	toolWeight    = 7 // rows of the sheet Database, indicators in columns from toolFirst
	toolDirection = 8
	toolLower     = 9
	toolUpper     = 10
	toolTop       = 11 // the index; then sub-indices, pillars and sub-pillars
	toolLowest    = 14
	toolName      = 15
	toolCode      = 16
	toolUnits     = 17 // the first unit
	toolUnitName  = 2
	toolUnitCode  = 3
	toolFirst     = 5

	toolMostCodes = 99  // indicators the layout has room for
	toolMostUnits = 299 // units

	frameHead   = 4 // row of the sheet Framework with the headings
	frameLast   = 52
	frameCode   = 3 // columns
	frameWeight = 5
	frameName   = 8
)

// toolPrefixes begin the codes of aggregates, by row from toolTop.
var toolPrefixes = []string{"Index", "si.", "p.", "sp."}

// nothing is what the layout has where there is no element.
const nothing = "--"

// A Tool is the two sheets of the COIN Tool that hold what goes into an index,
// as rows of cells. What it works out on its other sheets is not read.
type Tool struct {
	Database, Framework [][]string
}

// cell returns what stands at row and column, both from 1.
func cell(rows [][]string, row, column int) string {
	if row < 1 || row > len(rows) || column < 1 || column > len(rows[row-1]) {
		return ""
	}
	return strings.TrimSpace(rows[row-1][column-1])
}

// absent reports whether the layout means that nothing is there.
func absent(s string) bool { return missing(s) || s == nothing || strings.EqualFold(s, "n/a") }

// spot returns an [Error] about a cell.
func spot(file, sheet string, row, column int, err error) error {
	return &Error{File: file + "#" + sheet, Line: row, Column: columnName(column), Err: err}
}

// columnName returns the letters of a column of a workbook.
func columnName(n int) string {
	s := ""
	for ; n > 0; n = (n - 1) / 26 {
		s = string(rune('A'+(n-1)%26)) + s
	}
	return s
}

// Read returns the framework and the values the sheets hold; file is what
// errors call the workbook. Levels of the layout for which every indicator
// names the same aggregate, or none, are not in use and are left out. Posts
// become the parameters goalpost_lower and goalpost_upper. It returns an
// [Error] that names sheet, row and column.
//
// The layout is that of version 1 of the COIN Tool, as the importer of COINr
// reads it: [becker2022].
func (t Tool) Read(file string) (Meta, composite.Table, error) {
	var m Meta
	table := composite.Table{Values: map[string][]float64{}}
	const data, frame = "Database", "Framework"
	at := func(row, column int) string { return cell(t.Database, row, column) }
	number := func(row, column int) (float64, error) {
		s := at(row, column)
		if absent(s) {
			return math.NaN(), nil
		}
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
			return 0, spot(file, data, row, column, fmt.Errorf("%w: %q", ErrNumber, s))
		}
		return v, nil
	}
	var columns []int
	for c := toolFirst; c < toolFirst+toolMostCodes; c++ {
		if !absent(at(toolCode, c)) && !absent(at(toolTop, c)) {
			columns = append(columns, c)
		}
	}
	var units []int
	for r := toolUnits; r < toolUnits+toolMostUnits; r++ {
		if s := at(r, toolUnitCode); !absent(s) {
			units = append(units, r)
			if slices.Contains(table.Units, s) {
				return m, table, spot(file, data, r, toolUnitCode, fmt.Errorf("%s %w", s, ErrTwice))
			}
			table.Units = append(table.Units, s)
			table.Names = append(table.Names, at(r, toolUnitName))
		}
	}
	switch {
	case len(columns) == 0:
		return m, table, spot(file, data, toolCode, toolFirst, ErrEmpty)
	case len(units) == 0:
		return m, table, spot(file, data, toolUnits, toolUnitCode, ErrEmpty)
	}
	// Levels in use, from the top.
	levels := []int{toolTop}
	for row := toolTop + 1; row <= toolLowest; row++ {
		first, used := at(row, columns[0]), false
		for _, c := range columns {
			used = used || at(row, c) != first
		}
		if used {
			levels = append(levels, row)
		}
	}
	// What the sheet Framework says of each aggregate.
	type label struct {
		name   string
		weight float64
	}
	labels := map[string]label{}
	for r := frameHead + 1; r <= max(frameLast, len(t.Framework)); r++ {
		code := cell(t.Framework, r, frameCode)
		if absent(code) {
			continue
		}
		l := label{name: cell(t.Framework, r, frameName), weight: 1}
		if s := cell(t.Framework, r, frameWeight); !absent(s) {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil || !(v >= 0) || math.IsInf(v, 0) {
				return m, table, spot(file, frame, r, frameWeight, fmt.Errorf("%w: %q", ErrNumber, s))
			}
			l.weight = v
		}
		if _, twice := labels[code]; twice {
			return m, table, spot(file, frame, r, frameCode, fmt.Errorf("%s %w", code, ErrTwice))
		}
		labels[code] = l
	}
	node := func(code string) composite.Node {
		l, ok := labels[code]
		if !ok {
			l.weight = 1
		}
		return composite.Node{Code: code, Name: l.name, Weight: l.weight}
	}
	above := map[string]string{}
	seen := map[string]bool{}
	for i, c := range columns {
		top := at(toolTop, c)
		if i == 0 {
			m.Framework = node(top)
		} else if top != m.Framework.Code {
			return m, table, spot(file, data, toolTop, c, fmt.Errorf("%w: %s and %s are both at the top", ErrParent, m.Framework.Code, top))
		}
		into := &m.Framework
		for _, row := range levels[1:] {
			code := at(row, c)
			if absent(code) {
				return m, table, spot(file, data, row, c, fmt.Errorf("%w: %s has no aggregate at a level others have", ErrParent, at(toolCode, c)))
			}
			if p, known := above[code]; known && p != into.Code {
				return m, table, spot(file, data, row, c, fmt.Errorf("%w: %s is below %s and below %s", ErrParent, code, p, into.Code))
			}
			above[code] = into.Code
			k := slices.IndexFunc(into.Children, func(n composite.Node) bool { return n.Code == code })
			if k < 0 {
				k = len(into.Children)
				into.Children = append(into.Children, node(code))
			}
			into = &into.Children[k]
		}
		n := composite.Node{Code: at(toolCode, c), Name: at(toolName, c)}
		if seen[n.Code] || above[n.Code] != "" || n.Code == top {
			return m, table, spot(file, data, toolCode, c, fmt.Errorf("%s %w", n.Code, ErrTwice))
		}
		seen[n.Code] = true
		w, err := number(toolWeight, c)
		if err != nil {
			return m, table, err
		}
		if w < 0 {
			return m, table, spot(file, data, toolWeight, c, fmt.Errorf("%w: %v", ErrNumber, w))
		}
		if n.Weight = w; math.IsNaN(w) {
			n.Weight = 1
		}
		d, err := number(toolDirection, c)
		if err != nil {
			return m, table, err
		}
		switch {
		case d == -1:
			n.Direction = -1
		case d == 1 || math.IsNaN(d):
			n.Direction = 1
		default:
			return m, table, spot(file, data, toolDirection, c, fmt.Errorf("%w: %v", ErrWord, d))
		}
		for name, row := range map[string]int{"goalpost_lower": toolLower, "goalpost_upper": toolUpper} {
			v, err := number(row, c)
			if err != nil {
				return m, table, err
			}
			if !math.IsNaN(v) {
				if n.Params == nil {
					n.Params = map[string]float64{}
				}
				n.Params[name] = v
			}
		}
		into.Children = append(into.Children, n)
		col := make([]float64, len(units))
		for k, r := range units {
			if col[k], err = number(r, c); err != nil {
				return m, table, err
			}
		}
		table.Values[n.Code] = col
	}
	return m, table, nil
}

// NewTool lays a framework and its values out as the COIN Tool has them. It
// returns an error for what the layout has no place for: denominators, more
// than three levels between indicators and index, branches of different
// lengths, more than 99 indicators or 299 units. Groups are left out.
// Aggregates get the codes of the layout: sp., p. and si. with a number.
func NewTool(m Meta, t composite.Table) (Tool, error) {
	var out Tool
	fail := func(format string, args ...any) (Tool, error) {
		return Tool{}, fmt.Errorf("coin: the layout of the COIN Tool has no place for "+format, args...)
	}
	depth := 0
	m.Framework.Walk(func(_ composite.Node, _ string, level int) { depth = max(depth, level) })
	if depth < 2 || depth > 2+toolLowest-toolTop {
		return fail("%d levels: it has 2 to %d", depth, 2+toolLowest-toolTop)
	}
	if len(t.Units) > toolMostUnits {
		return fail("%d units: it has room for %d", len(t.Units), toolMostUnits)
	}
	put := func(rows *[][]string, row, column int, s string) {
		for len(*rows) < row {
			*rows = append(*rows, nil)
		}
		for len((*rows)[row-1]) < column {
			(*rows)[row-1] = append((*rows)[row-1], "")
		}
		(*rows)[row-1][column-1] = s
	}
	for row, s := range map[int]string{toolWeight: "Weight", toolDirection: "Direction", toolLower: "Lower", toolUpper: "Upper", toolTop: "Index",
		toolTop + 1: "Sub-index", toolTop + 2: "Pillar", toolLowest: "Sub-pillar", toolName: "Name", toolCode: "Code"} {
		put(&out.Database, row, toolFirst-1, s)
	}
	for column, s := range map[int]string{frameCode: "Dimension/indicator", frameCode + 1: "Level", frameWeight: "Weight", frameName - 2: "Parent", frameName - 1: "Note", frameName: "Name"} {
		put(&out.Framework, frameHead, column, s)
	}
	// The row of a level below the top: with one level in between, pillars.
	rows := [][]int{nil, nil, {toolTop}, {toolTop, toolTop + 2}, {toolTop, toolTop + 1, toolTop + 2}, {toolTop, toolTop + 1, toolTop + 2, toolLowest}}[depth]
	count := map[int]int{}
	column, line := toolFirst, frameHead+1
	var odd error
	var lay func(n composite.Node, at int, path []string)
	lay = func(n composite.Node, at int, path []string) {
		if len(n.Children) > 0 {
			if at >= len(rows) {
				odd = fmt.Errorf("coin: the layout of the COIN Tool has no place for branches of different lengths: %s", n.Code)
				return
			}
			code := toolPrefixes[0]
			if at > 0 {
				count[at]++
				code = fmt.Sprintf("%s%02d", toolPrefixes[rows[at]-toolTop], count[at])
			}
			name := n.Name
			if name == "" {
				name = n.Code
			}
			put(&out.Framework, line, frameCode, code)
			put(&out.Framework, line, frameWeight, format(n.Weight))
			put(&out.Framework, line, frameName, name)
			line++
			for _, c := range n.Children {
				lay(c, at+1, append(slices.Clone(path), code))
			}
			return
		}
		switch {
		case at != len(rows):
			odd = fmt.Errorf("coin: the layout of the COIN Tool has no place for branches of different lengths: %s", n.Code)
		case n.Denominator != "":
			odd = fmt.Errorf("coin: the layout of the COIN Tool has no place for denominators: %s", n.Code)
		case n.Aggregate != nil:
			odd = fmt.Errorf("coin: the layout of the COIN Tool has no place for an aggregator of %s alone", n.Code)
		}
		direction := "1"
		if n.Direction < 0 {
			direction = "-1"
		}
		put(&out.Database, toolWeight, column, format(n.Weight))
		put(&out.Database, toolDirection, column, direction)
		for name, row := range map[string]int{"goalpost_lower": toolLower, "goalpost_upper": toolUpper} {
			if v, ok := n.Params[name]; ok {
				put(&out.Database, row, column, format(v))
			}
		}
		for row := toolTop; row <= toolLowest; row++ {
			s := nothing
			if k := slices.Index(rows, row); k >= 0 && k < len(path) {
				s = path[k]
			}
			put(&out.Database, row, column, s)
		}
		put(&out.Database, toolName, column, n.Name)
		put(&out.Database, toolCode, column, n.Code)
		for i := range t.Units {
			s := "n/a"
			if col := t.Values[n.Code]; col != nil && !math.IsNaN(col[i]) {
				s = format(col[i])
			}
			put(&out.Database, toolUnits+i, column, s)
		}
		column++
	}
	lay(m.Framework, 0, nil)
	switch {
	case odd != nil:
		return Tool{}, odd
	case column > toolFirst+toolMostCodes:
		return fail("%d indicators: it has room for %d", column-toolFirst, toolMostCodes)
	case line > frameLast+1:
		return fail("%d aggregates: it has room for %d", line-frameHead-1, frameLast-frameHead)
	}
	for i, u := range t.Units {
		name := ""
		if t.Names != nil {
			name = t.Names[i]
		}
		put(&out.Database, toolUnits+i, toolUnitName, name)
		put(&out.Database, toolUnits+i, toolUnitCode, u)
	}
	return out, nil
}
