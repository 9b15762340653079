package composite

import (
	"encoding/json"
	"fmt"
	"math"
)

// A Node is one element of the framework: an indicator if it has no children,
// and otherwise an aggregate of them. Trees may be of any depth, and branches
// of different lengths.
type Node struct {
	Code string `json:"code"`
	Name string `json:"name,omitempty"`

	// Weight is relative to the siblings; only proportions matter. Zero leaves
	// the element out, except that siblings all of weight zero weigh the same.
	// A weight left out in JSON is 1.
	Weight float64 `json:"weight,omitempty"`

	// Direction of an indicator: 1 if more is better, −1 if less is. Zero means 1.
	Direction int `json:"direction,omitempty"`

	Unit        string  `json:"unit,omitempty"`              // what an indicator is measured in, for readers
	Denominator string  `json:"denominator,omitempty"`       // column an indicator is divided by
	PerUnits    float64 `json:"denominator_scale,omitempty"` // s in x/(d/s), such as 1000 for "per thousand"; 0 means 1

	// Params are the indicator's own numbers, such as its target and posts; a
	// setting refers to one as "meta.Target". Yes is 1 and no is 0.
	Params map[string]float64 `json:"params,omitempty"`

	Aggregate *Aggregator `json:"aggregate,omitempty"` // of this aggregate, instead of its level's
	Children  []Node      `json:"children,omitempty"`
}

// UnmarshalJSON reads a node; a weight left out is 1.
func (n *Node) UnmarshalJSON(b []byte) error {
	type plain Node
	p := plain{Weight: 1}
	if err := strict(b, &p); err != nil {
		return err
	}
	*n = Node(p)
	return nil
}

// MarshalJSON writes a node; a weight of 1 is left out and one of 0 is not.
func (n Node) MarshalJSON() ([]byte, error) {
	type plain Node
	p := struct {
		Weight *float64 `json:"weight,omitempty"`
		plain
	}{plain: plain(n)}
	if n.Weight != 1 {
		p.Weight = &n.Weight
	}
	return json.Marshal(p)
}

// Walk calls f for n and all below it, parents first. The level of an
// indicator is 1, that of an aggregate one more than its highest child's.
func (n Node) Walk(f func(n Node, parent string, level int)) { n.walk("", f) }

func (n Node) walk(parent string, f func(Node, string, int)) {
	f(n, parent, n.height())
	for _, c := range n.Children {
		c.walk(n.Code, f)
	}
}

// height returns the level of n.
func (n Node) height() int {
	h := 0
	for _, c := range n.Children {
		h = max(h, c.height())
	}
	return h + 1
}

// An element is a node where the engine finds it: by number, parents first.
type element struct {
	Node
	parent   int   // -1 for the top
	children []int // none for an indicator
	level    int   // 1 for an indicator
	leaf     int   // which indicator it is, or -1
}

// A tree is a framework laid out flat and checked.
type tree struct {
	elements []element
	leaves   []int // elements without children, in order
	inner    []int // the others, children before parents
	at       map[string]int
	depth    int // level of the top
}

func newTree(top Node) (*tree, error) {
	t := &tree{at: map[string]int{}}
	if err := t.add(top, -1); err != nil {
		return nil, err
	}
	t.depth = t.elements[0].level
	if t.depth < 2 {
		return nil, &Error{Step: "framework", Code: top.Code, Err: fmt.Errorf("%w: nothing below the top", ErrFramework)}
	}
	return t, nil
}

func (t *tree) add(n Node, parent int) error {
	fail := func(format string, args ...any) error {
		return &Error{Step: "framework", Code: n.Code, Err: fmt.Errorf("%w: "+format, append([]any{ErrFramework}, args...)...)}
	}
	_, twice := t.at[n.Code]
	switch {
	case n.Code == "":
		return fail("an element has no code")
	case twice:
		return fail("code used twice")
	case !(n.Weight >= 0) || math.IsInf(n.Weight, 0):
		return fail("weight %v", n.Weight)
	case n.Direction < -1 || n.Direction > 1:
		return fail("direction %d", n.Direction)
	case len(n.Children) > 0 && (n.Denominator != "" || n.Direction < 0):
		return fail("an aggregate has a denominator or a direction")
	case len(n.Children) == 0 && n.Aggregate != nil:
		return fail("an indicator aggregates nothing")
	case !(n.PerUnits >= 0) || math.IsInf(n.PerUnits, 0):
		return fail("denominator scale %v", n.PerUnits)
	}
	me := len(t.elements)
	t.at[n.Code] = me
	if n.Direction == 0 {
		n.Direction = 1
	}
	t.elements = append(t.elements, element{Node: n, parent: parent, leaf: -1, level: 1})
	if parent >= 0 {
		t.elements[parent].children = append(t.elements[parent].children, me)
	}
	if len(n.Children) == 0 {
		t.elements[me].leaf = len(t.leaves)
		t.leaves = append(t.leaves, me)
		return nil
	}
	total := 0.0
	for _, c := range n.Children {
		total += c.Weight
		if err := t.add(c, me); err != nil {
			return err
		}
	}
	if math.IsInf(total, 0) {
		return fail("the weights below add to more than a number holds")
	}
	for _, c := range t.elements[me].children {
		t.elements[me].level = max(t.elements[me].level, t.elements[c].level+1)
		if total == 0 {
			t.elements[c].Weight = 1
		}
	}
	t.inner = append(t.inner, me)
	return nil
}

// codes returns the codes of the elements of one level, in order.
func (t *tree) codes(level int) []string {
	var c []string
	for _, e := range t.elements {
		if e.level == level {
			c = append(c, e.Code)
		}
	}
	return c
}
