package standing

import (
	"io"

	"shanyraq"
	"shanyraq/methods/composite"
	"shanyraq/methods/composite/coin"
)

// Own returns the index as one of the reader's own: the values of its year, its
// framework and its settings, named after it. Built so, it has the same scores.
func (x *Index) Own() *Own {
	d := x.x.Definition()
	t := x.x.Table()
	o := &Own{tables: []composite.Table{{Units: t.Units, Names: t.Names, Values: t.Values}}, configs: []coin.Config{{Name: string(x.Key), Settings: d.Settings}}}
	var named func(n composite.Node) composite.Node
	named = func(n composite.Node) composite.Node {
		if m, ok := x.Measure(n.Code); ok && n.Name == "" {
			n.Name, n.Unit = m.Title("en"), string(m.Unit)
		}
		if n.Name == "" {
			n.Name = x.Name(n.Code, "en")
		}
		children := make([]composite.Node, len(n.Children))
		for i, c := range n.Children {
			children[i] = named(c)
		}
		n.Children = children
		return n
	}
	o.meta.Framework = named(d.Framework)
	return o
}

// WriteConfigs writes the named settings as [ReadOwn] reads them.
func (o *Own) WriteConfigs(w io.Writer) error {
	if err := coin.WriteConfigs(w, o.configs); err != nil {
		return shanyraq.Errorf("standing.Own.WriteConfigs", shanyraq.Other, "%w", err)
	}
	return nil
}
