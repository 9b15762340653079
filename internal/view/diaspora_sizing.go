package view

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/diaspora"
)

// Sizings returns the tables of sizes, or shares, worked out from what a reader
// counted: a row a way of answering, what the data show of themselves, and how
// each was worked out.
func Sizings(a *Ask, x diaspora.Answer) []*Table {
	t := &Table{Key: x.Kind, Title: a.T("diaspora.sizing." + x.Kind), RowHead: a.T("diaspora.backtest.way"), Lead: Say("diaspora.sizing.lead"), Fleeting: true,
		Columns: []Column{{Key: "value", Label: a.T("common.value"), Figures: true}}}
	chain := x.Kind == "rds"
	truths := slices.ContainsFunc(x.Sizes, func(s diaspora.Sizing) bool { return !s.Truth.IsZero() })
	switch {
	case chain:
		t.RowHead = a.T("diaspora.sizing.group")
		t.Columns = append([]Column{{Key: "estimator", Label: a.T("diaspora.sizing.estimator")}}, t.Columns...)
		t.Columns = append(t.Columns, Column{Key: "bootstrap", Label: a.T("diaspora.sizing.bootstrap")})
	case truths:
		t.Columns = append(t.Columns, Column{Key: "known", Label: a.T("diaspora.sizing.known"), Help: a.T("diaspora.sizing.known.help"), Figures: true})
	}
	worked := &Table{Key: "worked", Title: a.T("diaspora.sizing.worked"), RowHead: a.T("diaspora.backtest.way"), Lead: Say("diaspora.sizing.worked.lead"), Fleeting: true,
		Columns: []Column{{Key: "formula", Label: a.T("page.formula")}}}
	said := func(label string, f shanyraq.Figure) {
		if !f.IsZero() {
			worked.Add(Row{Key: f.Path(), Label: label}, Cell{Text: f.Lineage().Formula})
		}
	}
	for _, s := range x.Sizes {
		label := wayOf(a, s)
		if chain {
			t.Add(Row{Key: s.Way + "-" + s.Group, Label: s.Group}, Cell{Text: label}, Cell{Figure: s.Figure}, Cell{Text: a.T("diaspora.sizing.bootstrap." + x.Bootstrap)})
			said(s.Group+", "+label, s.Figure)
		} else {
			cells := []Cell{Fig(s.Figure, a.T("diaspora.sizing.unknown"))}
			if truths {
				cells = append(cells, Fig(s.Truth, a.T("diaspora.sizing.unsized")))
			}
			t.Add(Row{Key: s.Way, Label: label}, cells...)
			said(label, s.Figure)
		}
		for _, assumed := range s.Figure.Lineage().Assumptions {
			note := a.T("diaspora.sizing.assume", "Text", a.Loc.Text(assumed.Text), "Errs", a.Loc.Direction(assumed.Errs))
			if !slices.Contains(t.Notes, note) {
				t.Notes = append(t.Notes, note)
			}
		}
	}
	if x.Apart {
		t.Notes = append([]string{a.T("diaspora.sizing.apart")}, t.Notes...)
	}
	if x.Kind == "chain-size" {
		t.Notes = append([]string{a.T("diaspora.sizing.check")}, t.Notes...)
	}
	for _, way := range x.Silent {
		t.Notes = append(t.Notes, a.T("diaspora.sizing.silent", "Way", a.T("diaspora.sizing.way."+way)))
	}
	out := []*Table{t}
	if len(x.Seen) > 0 {
		seen := &Table{Key: "seen", Title: a.T("diaspora.sizing.seen"), RowHead: a.T("diaspora.sizing.seen.what"), Lead: Say("diaspora.sizing.seen.lead"), Fleeting: true,
			Columns: []Column{{Key: "group", Label: a.T("diaspora.sizing.group")}, {Key: "value", Label: a.T("common.value"), Figures: true}, {Key: "read", Label: a.T("diaspora.sizing.seen.read")}}}
		for _, s := range x.Seen {
			label := a.T("diaspora.sizing.seen." + s.Way)
			seen.Add(Row{Key: s.Way + "-" + s.Group, Label: label}, Cell{Text: s.Group}, Cell{Figure: s.Figure}, Cell{Text: a.T("diaspora.sizing.read." + s.Way)})
			said(strings.TrimSuffix(label+", "+s.Group, ", "), s.Figure)
		}
		out = append(out, seen)
	}
	return append(out, worked)
}

// wayOf returns what a way of answering is called.
func wayOf(a *Ask, s diaspora.Sizing) string {
	if name, ok := strings.CutPrefix(s.Way, diaspora.Held); ok {
		return a.T("diaspora.sizing.held", "Name", name)
	}
	if name, ok := strings.CutPrefix(s.Way, diaspora.Alone); ok {
		return a.T("diaspora.sizing.alone", "Name", name)
	}
	return a.T("diaspora.sizing.way." + s.Way)
}

// SizingKinds lists the ways of sizing that have a form, in the order of the page.
func SizingKinds() []string {
	return []string{"two-lists", "multiplier", "lists", "which-lists", "scale-up", "rds", "chain-size"}
}

// sizingFields are the fields of each form: name, and what it is filled with at
// first.
var sizingFields = map[string][][2]string{
	"two-lists":   {{"a"}, {"b"}, {"both"}, {"level", "0.95"}},
	"multiplier":  {{"length"}, {"se-length", "0"}, {"share"}, {"se-share", "0"}, {"level", "0.95"}},
	"lists":       {{"sheet"}, {"level", "0.95"}, {"seed", "1"}},
	"which-lists": {{"lengths"}, {"sheet"}, {"level", "0.95"}},
	"scale-up":    {{"known"}, {"target"}, {"population"}, {"sheet"}, {"level", "0.95"}},
	"rds":         {{"sheet"}, {"group", "group"}, {"size"}, {"bootstrap", "tree"}, {"draws", "1000"}, {"level", "0.95"}, {"seed", "1"}},
	"chain-size":  {{"prior"}, {"sheet"}, {"level", "0.95"}},
}

// DiasporaMethods returns the page on which a reader sizes people abroad from
// what they counted: a form for each way. Nothing is stored.
func DiasporaMethods(_ context.Context, h *House, a *Ask) (*Page, error) {
	p := &Page{Room: "diaspora", Path: "/diaspora/methods", Question: a.T("diaspora.methods.question", "Home", h.PlaceName(a.Home, a.Loc.Lang())),
		Crumbs: []Choice{{a.link("/diaspora"), a.T("nav.diaspora")}}, Answer: Say("diaspora.methods.answer"), Notes: []string{a.T("diaspora.methods.note")}}
	for _, kind := range SizingKinds() {
		f := Form{Key: kind, Action: "/diaspora/methods/" + kind, Title: a.T("diaspora.sizing." + kind), Lead: a.T("diaspora.methods." + kind), Send: a.T("diaspora.methods.send"), Asks: true}
		for _, x := range sizingFields[kind] {
			field := Field{Name: x[0], Label: a.T("diaspora.methods.field." + x[0]), Value: x[1], Optional: true}
			switch x[0] {
			case "sheet":
				field.Sheet, f.Upload, field.Help = true, true, a.T("diaspora.methods.sheet."+kind)
			case "lengths", "known":
				field.Help = a.T("diaspora.methods.help.sizes")
			case "bootstrap":
				for _, b := range diaspora.Bootstraps() {
					field.Choices = append(field.Choices, Choice{b, a.T("diaspora.sizing.bootstrap." + b)})
				}
			case "size":
				field.Help = a.T("diaspora.methods.help.size")
			}
			f.Fields = append(f.Fields, field)
		}
		p.Forms = append(p.Forms, f)
	}
	t := &Table{Key: "ways", Title: a.T("diaspora.methods.ways"), RowHead: a.T("diaspora.backtest.way"),
		Columns: []Column{{Key: "needs", Label: a.T("diaspora.methods.needs")}, {Key: "method", Label: a.T("diaspora.methods.method")}}}
	for _, kind := range SizingKinds() {
		key := kind
		if kind == "rds" {
			key = string(diaspora.MethodChain)
		}
		t.Add(Row{Key: kind, Label: a.T("diaspora.sizing." + kind), Href: "#" + kind + "-h"}, Cell{Text: a.T("diaspora.methods." + kind)}, Cell{Text: a.T("method." + key + ".title"), Href: a.link("/methods/" + key)})
	}
	p.Tables = append(p.Tables, t)
	return p, nil
}

// Size answers what a form of [DiasporaMethods] was filled with. It returns an
// Invalid error for what cannot be read or sizes nothing, and NotFound for a kind
// there is not.
func Size(a *Ask, kind string, typed func(name string) string) (diaspora.Answer, error) {
	const op = "view.Size"
	var fault error
	fail := func(key, name string) {
		if fault == nil {
			fault = shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: key, Args: map[string]any{"Name": a.T("diaspora.methods.field." + name), "Found": typed(name)}}, "%s: %q", name, typed(name))
		}
	}
	number := func(name string) float64 {
		if strings.TrimSpace(typed(name)) == "" && (name == "size" || strings.HasPrefix(name, "se-")) {
			return 0
		}
		v, err := diaspora.ParseNumber(typed(name))
		if err != nil {
			fail("diaspora.error.number", name)
		}
		return v
	}
	whole := func(name string) int {
		n, err := strconv.Atoi(strings.NewReplacer(" ", "", "\u00a0", "").Replace(strings.TrimSpace(typed(name))))
		if err != nil {
			fail("diaspora.error.whole", name)
		}
		return n
	}
	sheet := func() diaspora.Sheet {
		if strings.TrimSpace(typed("sheet")) == "" {
			fail("diaspora.error.nosheet", "sheet")
			return diaspora.Sheet{}
		}
		s, err := diaspora.ReadSheet(typed("sheet.name"), []byte(typed("sheet")))
		if fault == nil {
			fault = err
		}
		return s
	}
	out := diaspora.Answer{Kind: kind}
	if _, ok := sizingFields[kind]; !ok {
		return out, shanyraq.Errorf(op, shanyraq.NotFound, "no way of sizing %q", kind)
	}
	level := number("level")
	switch kind {
	case "two-lists":
		n := [3]int{whole("a"), whole("b"), whole("both")}
		if fault == nil {
			out.Sizes, fault = diaspora.FromTwoLists(n[0], n[1], n[2], level)
		}
	case "multiplier":
		v := [4]float64{number("length"), number("se-length"), number("share"), number("se-share")}
		if fault == nil {
			out.Sizes, fault = diaspora.FromMultiplier(v[0], v[1], v[2], v[3], level)
		}
	case "lists":
		s, seed := sheet(), whole("seed")
		if fault != nil {
			break
		}
		patterns, counts, err := s.Patterns()
		if err != nil {
			return out, err
		}
		out, fault = diaspora.FromLists(patterns, counts, level, uint64(max(0, seed)))
	case "which-lists":
		s := sheet()
		if fault != nil {
			break
		}
		names, lengths, err := diaspora.ParseSizes(typed("lengths"))
		if err != nil {
			return out, err
		}
		on, weights, err := s.OnLists(names)
		if err != nil {
			return out, err
		}
		out.Sizes, fault = diaspora.FromWhichLists(names, lengths, on, weights, level)
	case "scale-up":
		s, population := sheet(), number("population")
		if fault != nil {
			break
		}
		names, sizes, err := diaspora.ParseSizes(typed("known"))
		if err != nil {
			return out, err
		}
		var known []diaspora.Known
		for i, name := range names {
			known = append(known, diaspora.Known{Name: name, Size: sizes[i]})
		}
		answers, targets, err := s.Answers(known, strings.TrimSpace(typed("target")))
		if err != nil {
			return out, err
		}
		out.Sizes, fault = diaspora.FromAcquaintances(known, answers, targets, population, level)
	case "rds":
		s, population, draws, seed := sheet(), number("size"), whole("draws"), whole("seed")
		if fault != nil {
			break
		}
		chain, err := s.Chain(strings.TrimSpace(typed("group")))
		if err != nil {
			return out, err
		}
		chain.Population = population
		out, fault = diaspora.FromChain(chain, typed("bootstrap"), level, draws, uint64(max(0, seed)))
	case "chain-size":
		s, prior := sheet(), number("prior")
		if fault != nil {
			break
		}
		chain, err := s.ChainOnly()
		if err != nil {
			return out, err
		}
		out.Sizes, fault = diaspora.CheckChain(chain, prior, level)
	}
	return out, fault
}
