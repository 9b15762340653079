package coin

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"shanyraq/methods/composite"
)

// grid is a small workbook as the COIN Tool has it: two pillars in use,
// sub-index and sub-pillar not.
func grid() Tool {
	return Tool{
		Framework: [][]string{nil, nil, nil, {"", "", "Dimension/indicator", "", "Weight", "", "", "Name"},
			{"", "", "Index", "", "1", "", "", "Whole"}, {"", "", "si.01", "", "1", "", "", "Half"},
			{"", "", "p.01", "", "0.25", "", "", "Work"}, {"", "", "p.02", "", "0.75", "", "", "Life"},
			{"", "", "--", "", "--", "", "", "--"}},
		Database: [][]string{nil, nil, nil, nil, nil, nil,
			{"", "", "", "Weight", "1", "2", "1"},
			{"", "", "", "Direction", "1", "-1", "1"},
			{"", "", "", "Lower", "0", "", "1"},
			{"", "", "", "Upper", "10", "n/a", "9"},
			{"", "", "", "Index", "Index", "Index", "Index"},
			{"", "", "", "Sub-index", "si.01", "si.01", "si.01"},
			{"", "", "", "Pillar", "p.01", "p.02", "p.02"},
			{"", "", "", "Sub-pillar", "--", "--", "--"},
			{"", "", "", "Name", "First", "Second", "Third"},
			{"", "", "", "Code", "Ind.01", "Ind.02", "Ind.03"},
			{"1", "Kazakhstan", "KAZ", "", "4", "3", "2"},
			{"2", "Türkiye", "TUR", "", "n/a", "1.5", ""}},
	}
}

func TestToolRead(t *testing.T) {
	m, table, err := grid().Read("tool.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	f := m.Framework
	if f.Code != "Index" || f.Name != "Whole" || len(f.Children) != 2 || f.Children[1].Code != "p.02" || f.Children[1].Weight != 0.75 || f.Children[1].Name != "Life" || len(f.Children[1].Children) != 2 {
		t.Fatalf("framework %+v", f)
	}
	first, second := f.Children[0].Children[0], f.Children[1].Children[0]
	if first.Params["goalpost_lower"] != 0 || first.Params["goalpost_upper"] != 10 || second.Direction != -1 || second.Weight != 2 || len(second.Params) != 0 {
		t.Errorf("indicators %+v %+v", first, second)
	}
	if !slices.Equal(table.Units, []string{"KAZ", "TUR"}) || table.Names[1] != "Türkiye" || table.Values["Ind.01"][0] != 4 || !math.IsNaN(table.Values["Ind.01"][1]) || !math.IsNaN(table.Values["Ind.03"][1]) {
		t.Errorf("table %+v", table)
	}
}

// TestToolRoundTrip lays a framework out and reads it back: numbers, tree,
// weights, directions and posts are the same; codes of aggregates are the
// layout's.
func TestToolRoundTrip(t *testing.T) {
	for _, depth := range []int{2, 3, 4, 5} {
		top := composite.Node{Code: "T", Weight: 1}
		table := composite.Table{Units: []string{"A", "B"}, Names: []string{"a", "b"}, Values: map[string][]float64{}}
		n := 0
		var grow func(level int) composite.Node
		grow = func(level int) composite.Node {
			n++
			v := composite.Node{Code: fmt.Sprintf("N%d", n), Name: fmt.Sprintf("name %d", n), Weight: float64(n)}
			if level == 1 {
				v.Direction = 1 - 2*(n%2)
				v.Params = map[string]float64{"goalpost_lower": float64(n) / 4, "goalpost_upper": float64(2 * n)}
				table.Values[v.Code] = []float64{float64(n) / 3, math.NaN()}
				return v
			}
			for range 2 {
				v.Children = append(v.Children, grow(level-1))
			}
			return v
		}
		for range 2 {
			top.Children = append(top.Children, grow(depth-1))
		}
		x, err := NewTool(Meta{Framework: top}, table)
		if err != nil {
			t.Fatal(err)
		}
		m, back, err := x.Read("own.xlsx")
		if err != nil {
			t.Fatal(depth, err)
		}
		var same func(a, b composite.Node)
		same = func(a, b composite.Node) {
			if len(a.Children) != len(b.Children) || a.Weight != b.Weight || a.Direction != b.Direction || !maps.Equal(a.Params, b.Params) || len(a.Children) == 0 && a.Code != b.Code {
				t.Errorf("depth %d: %+v is %+v", depth, a, b)
				return
			}
			for i := range a.Children {
				same(a.Children[i], b.Children[i])
			}
		}
		same(top, m.Framework)
		for code, col := range table.Values {
			if back.Values[code][0] != col[0] || !math.IsNaN(back.Values[code][1]) {
				t.Errorf("depth %d: %s is %v", depth, code, back.Values[code])
			}
		}
	}
}

// TestToolRefuses says what is wrong and where.
func TestToolRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(x *Tool)
		want  string
	}{
		"number":    {func(x *Tool) { x.Database[16][4] = "four" }, "t.xlsx#Database:17, column E: not a number"},
		"direction": {func(x *Tool) { x.Database[7][5] = "2" }, "t.xlsx#Database:8, column F: not a word"},
		"twice":     {func(x *Tool) { x.Database[15][6] = "Ind.01" }, "t.xlsx#Database:16, column G: Ind.01 occurs twice"},
		"unit":      {func(x *Tool) { x.Database[17][2] = "KAZ" }, "t.xlsx#Database:18, column C: KAZ occurs twice"},
		"parent":    {func(x *Tool) { x.Database[12][6] = "" }, "t.xlsx#Database:13, column G: parent does not fit"},
		"weight":    {func(x *Tool) { x.Framework[6][4] = "-1" }, "t.xlsx#Framework:7, column E: not a number"},
		"empty":     {func(x *Tool) { x.Database = x.Database[:15] }, "t.xlsx#Database:16, column E: nothing in it"},
	} {
		x := grid()
		c.spoil(&x)
		if _, _, err := x.Read("t.xlsx"); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	deep := composite.Node{Code: "T", Children: []composite.Node{{Code: "A"}, {Code: "B", Children: []composite.Node{{Code: "C"}}}}}
	if _, err := NewTool(Meta{Framework: deep}, composite.Table{Units: []string{"X"}}); err == nil || !strings.Contains(err.Error(), "different lengths") {
		t.Errorf("uneven: %v", err)
	}
}
