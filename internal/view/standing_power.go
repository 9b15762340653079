package view

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/standing"
)

// StandingPower returns the page that asks whether home is a middle power: what
// four definitions say, which test decides, every threshold, and how far the
// definitions agree with published lists.
func StandingPower(ctx context.Context, h *House, a *Ask) (*Page, error) {
	lang := a.Loc.Lang()
	year, err := a.Year("year")
	if err != nil {
		return nil, err
	}
	w, err := h.Standing.Power(ctx, a.Home, year, a.Query)
	if err != nil {
		return nil, err
	}
	checks, accords, err := h.Standing.Validation(ctx, w.Year, a.Query)
	if err != nil {
		return nil, err
	}
	home := h.PlaceName(a.Home, lang)
	p := &Page{Room: "standing", Path: "/standing/power", Question: a.T("standing.power.question", "Home", home)}
	said := map[standing.Verdict]int{}
	for _, o := range w.Outcomes {
		said[o.Verdict]++
	}
	args := []any{"Home", home, "Year", w.Year, "Verdict", a.T("standing.power.verdict." + string(w.Verdict)), "N", len(w.Outcomes),
		"Middle", said[standing.Middle], "Neither", said[standing.Neither], "Contested", said[standing.Contested], "Unclear", said[standing.Unclear]}
	known := slices.DeleteFunc(slices.Clone(w.Outcomes), func(o standing.Outcome) bool { return o.P.IsZero() })
	if len(known) > 1 {
		by := func(x, y standing.Outcome) int { return cmp.Compare(x.P.Value(), y.P.Value()) }
		least, most := slices.MinFunc(known, by), slices.MaxFunc(known, by)
		args = append(args, "Least", least.P, "LeastBy", a.T("standing.power.definition."+string(least.Definition)), "Most", most.P, "MostBy", a.T("standing.power.definition."+string(most.Definition)))
		p.Answer = Say("standing.power.answer.range", args...)
	} else {
		p.Answer = Say("standing.power.answer", args...)
	}
	at := Control{Name: "year", Label: a.T("common.year"), Value: strconv.Itoa(w.Year)}
	for _, y := range w.Years {
		at.Choices = append(at.Choices, Choice{strconv.Itoa(y), strconv.Itoa(y)})
	}
	if !slices.Contains(w.Years, w.Year) {
		at.Choices = append([]Choice{{at.Value, at.Value}}, at.Choices...)
	}
	p.Controls = []Control{at}
	bands, err := standing.MovedBands(a.Query)
	if err != nil {
		return nil, err
	}
	for i, b := range bands {
		p.FurtherOpen = p.FurtherOpen || b != standing.Bands()[i]
		a.Get(standing.BandKey(b)) // it is known
		p.Further = append(p.Further, Control{Name: standing.BandKey(b), Label: a.T("standing.power.band." + b.Key), Value: b.Text()})
	}
	p.FurtherTitle, p.FurtherHelp = a.T("standing.power.move"), a.T("standing.power.move.help")
	p.Facts = []Fact{
		{Label: a.T("standing.power.kind"), Text: a.T("standing.power.kind." + w.Kind)},
		{Label: a.T("standing.power.recent"), Text: a.T("standing.power.recent."+w.Recent, "Home", home)},
	}
	v := powerPage{h: h, a: a, w: w, home: home, moved: bands}
	p.Tables = []*Table{v.definitions(), v.tests(), v.criteria(), v.lifted(), v.split(), v.bands(), v.checks(checks), v.accords(accords)}

	claims := h.claimTable(a, "claims", a.T("standing.status"), w.Claims, claimColumns{subject: true, note: true})
	claims.Lead, claims.Empty = Say("standing.status.lead"), a.T("standing.status.empty", "Home", home)
	dissent := h.claimTable(a, "dissent", a.T("standing.power.dissent"), w.Dissent, claimColumns{subject: true, note: true})
	dissent.Lead, dissent.Empty = Say("standing.power.dissent.lead"), a.T("standing.power.dissent.empty")
	p.Tables = append(p.Tables, claims, dissent)
	p.Notes = []string{a.T("standing.power.rule"), a.T("standing.power.rule.all"), a.T("standing.power.arms")}
	return p, nil
}

// powerTitle says what a figure of the page is of, from the parts of its path.
func powerTitle(a *Ask, seg []string) string {
	what, more := seg[2], strings.Join(seg[5:], "/")
	switch what {
	case "criteria":
		return a.T("standing.power.criterion." + more)
	case "tests":
		return a.T("standing.power.title.test", "Test", a.T("standing.power.test."+more))
	case "lists":
		return a.T("standing.power.accords")
	}
	definition := a.T("standing.power.definition." + what)
	if i := strings.LastIndex(more, "-"); i >= 0 { // of a published list
		return a.T("standing.power.title.check", "Definition", definition, "What", a.T("standing.power.col."+more[i+1:]), "List", more[:i])
	}
	switch more {
	case "":
		return a.T("standing.power.title.p", "Definition", definition)
	case "traditional", "emerging":
		return a.T("standing.power." + more)
	}
	return a.T("standing.power.title.without", "Definition", definition, "Test", a.T("standing.power.test."+more))
}

// powerPage makes the tables of the page.
type powerPage struct {
	moved []standing.Band
	h     *House
	a     *Ask
	w     standing.Power
	home  string
}

func (v powerPage) verdict(x standing.Verdict) Cell {
	return Cell{Text: v.a.T("standing.power.verdict." + string(x))}
}

// met says whether a test or criterion is passed.
func (v powerPage) met(x standing.Verdict) Cell {
	return Cell{Text: v.a.T("standing.power.met." + string(x))}
}

func (v powerPage) testNames(ts []standing.Test) string {
	out := make([]string, len(ts))
	for i, t := range ts {
		out[i] = v.a.T("standing.power.test." + string(t))
	}
	return strings.Join(out, ", ")
}

func (v powerPage) places(codes []shanyraq.CountryCode) string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = v.h.PlaceName(c, v.a.Loc.Lang())
	}
	slices.SortFunc(out, v.a.Loc.Compare)
	return strings.Join(out, ", ")
}

func (v powerPage) definition(d standing.Definition) string {
	return v.a.T("standing.power.definition." + string(d))
}

func (v powerPage) column(key string, figures bool) Column {
	return Column{Key: key, Label: v.a.T("standing.power.col." + key), Figures: figures}
}

func (v powerPage) definitions() *Table {
	a := v.a
	t := &Table{Key: "definitions", Title: a.T("standing.power.definitions", "Year", v.w.Year), RowHead: a.T("standing.power.col.definition"),
		Lead:    Say("standing.power.definitions.lead"),
		Columns: []Column{v.column("p", true), v.column("verdict", false), v.column("needs", false), v.column("flips", false)},
		Chart:   &Chart{Type: "ranges", Value: "p", Unit: a.T("standing.power.col.p")}}
	t.Columns[0].Help = a.T("standing.power.p.help")
	for _, o := range v.w.Outcomes {
		flips := v.testNames(o.Flips)
		switch {
		case len(o.Without) == 0:
			flips = v.testNames(o.Definition.Tests())
		case o.Verdict == standing.Middle:
			flips = v.testNames([]standing.Test{o.Weakest})
		case flips == "":
			flips = a.T("standing.power.none_alone")
		}
		t.Add(Row{Key: string(o.Definition), Label: v.definition(o.Definition)},
			Fig(o.P, a.T("standing.power.unknown")), v.verdict(o.Verdict), Cell{Text: v.testNames(o.Definition.Tests())}, Cell{Text: flips})
	}
	return t
}

func (v powerPage) tests() *Table {
	a := v.a
	t := &Table{Key: "tests", Title: a.T("standing.power.tests"), RowHead: a.T("standing.power.col.test"), Lead: Say("standing.power.tests.lead"),
		Columns: []Column{v.column("p", true), v.column("passed", false), v.column("asks", false)},
		Chart:   &Chart{Type: "ranges", Value: "p", Unit: a.T("standing.power.col.p")}}
	for _, x := range v.w.Tests {
		t.Add(Row{Key: string(x.Test), Label: a.T("standing.power.test." + string(x.Test))},
			Fig(x.P, a.T("standing.power.unknown")), v.met(x.Verdict), Cell{Text: a.T("standing.power.asks." + string(x.Test))})
	}
	return t
}

// value is the cell of what is known under a criterion.
func (v powerPage) value(m standing.Measured) Cell {
	if m.Never {
		return Cell{Missing: v.a.T("standing.power.never")}
	}
	return Fig(m.Figure, v.a.T("standing.power.unknown"))
}

func (v powerPage) criteria() *Table {
	a := v.a
	t := &Table{Key: "criteria", Title: a.T("standing.power.criteria", "Home", v.home), RowHead: a.T("standing.power.col.criterion"), Lead: Say("standing.power.criteria.lead"),
		Columns: []Column{v.column("test", false), v.column("value", true), v.column("passed", false)}}
	for _, x := range v.w.Tests {
		for _, m := range x.Criteria {
			t.Add(Row{Key: string(m.Criterion), Label: a.T("standing.power.criterion." + string(m.Criterion))},
				Cell{Text: a.T("standing.power.test." + string(x.Test))}, v.value(m), v.met(m.Verdict))
		}
	}
	return t
}

func (v powerPage) lifted() *Table {
	a := v.a
	t := &Table{Key: "without", Title: a.T("standing.power.without"), RowHead: a.T("standing.power.col.definition"), Lead: Say("standing.power.without.lead"),
		Columns: []Column{v.column("test", false), v.column("p", true), v.column("verdict", false), v.column("was", false)}}
	for _, o := range v.w.Outcomes {
		for _, l := range o.Without {
			t.Add(Row{Key: string(o.Definition) + "-" + string(l.Test), Label: v.definition(o.Definition)},
				Cell{Text: a.T("standing.power.test." + string(l.Test))}, Fig(l.P, a.T("standing.power.unknown")), v.verdict(l.Verdict), v.verdict(o.Verdict))
		}
	}
	return t
}

func (v powerPage) split() *Table {
	a := v.a
	t := &Table{Key: "split", Title: a.T("standing.power.split"), RowHead: a.T("standing.power.col.criterion"),
		Lead:    Say("standing.power.split.recent."+v.w.Recent, "Home", v.home),
		Columns: []Column{v.column("value", true), v.column("asks", false)}}
	t.Add(Row{Key: "traditional", Label: a.T("standing.power.traditional")}, Fig(v.w.Traditional, a.T("standing.power.unknown")), Cell{Text: a.T("standing.power.asks.traditional")})
	t.Add(Row{Key: "emerging", Label: a.T("standing.power.emerging")}, Fig(v.w.Emerging, a.T("standing.power.notmiddle")), Cell{Text: a.T("standing.power.asks.emerging")})
	for _, m := range v.w.Marks {
		t.Add(Row{Key: string(m.Criterion), Label: a.T("standing.power.criterion." + string(m.Criterion))}, v.value(m), Cell{Text: a.T("standing.power.asks." + string(m.Criterion))})
	}
	return t
}

func (v powerPage) bands() *Table {
	a := v.a
	t := &Table{Key: "bands", Title: a.T("standing.power.bands"), RowHead: a.T("standing.power.col.threshold"), Lead: Say("standing.power.bands.lead"),
		Columns: []Column{v.column("of", false), v.column("from", false), v.column("to", false), v.column("unit", false), v.column("basis", false)}}
	for i, usual := range standing.Bands() {
		b := v.moved[i]
		basis := a.T("standing.power.judged")
		if b != usual {
			basis = a.T("standing.power.yours", "Usual", usual.Text())
		}
		of := "standing.power.test." + b.Of
		switch b.Of {
		case "split":
			of = "standing.power.split"
		case string(standing.SWP2024):
			of = "standing.power.definition." + b.Of
		}
		digits := 0
		if !b.Whole && b.Hi < 10 {
			digits = 2
		}
		t.Add(Row{Key: b.Key, Label: a.T("standing.power.band." + b.Key)}, Cell{Text: a.T(of)},
			Cell{Text: a.Loc.Number(b.Lo, digits)}, Cell{Text: a.Loc.Number(b.Hi, digits)}, Cell{Text: a.Loc.UnitLabel(b.Unit)}, Cell{Text: basis})
	}
	return t
}

func (v powerPage) checks(cs []standing.Check) *Table {
	a := v.a
	t := &Table{Key: "checks", Title: a.T("standing.power.checks"), RowHead: a.T("standing.power.col.definition"), Lead: Say("standing.power.checks.lead"), Empty: a.T("standing.power.checks.empty"),
		Columns: []Column{v.column("list", false), v.column("sensitivity", true), v.column("specificity", true), v.column("kappa", true), v.column("missed", false), v.column("untold", false), v.column("extra", false)}}
	for _, c := range cs {
		t.Add(Row{Key: string(c.Definition) + "-" + c.List.Key, Label: v.definition(c.Definition)}, Cell{Text: c.List.Who},
			Fig(c.Sensitivity, a.T("standing.power.unknown")), Fig(c.Specificity, a.T("standing.power.unknown")), Fig(c.Kappa, a.T("standing.power.unknown")),
			Cell{Text: v.places(c.Missed)}, Cell{Text: v.places(c.Untold)}, Cell{Text: v.places(c.Extra)})
	}
	return t
}

func (v powerPage) accords(as []standing.Accord) *Table {
	a := v.a
	t := &Table{Key: "accords", Title: a.T("standing.power.accords"), RowHead: a.T("standing.power.col.list"), Lead: Say("standing.power.accords.lead"), Empty: a.T("standing.power.checks.empty"),
		Columns: []Column{v.column("other", false), v.column("kappa", true), v.column("both", false)}}
	for _, x := range as {
		t.Add(Row{Key: x.A.Key + "~" + x.B.Key, Label: x.A.Who}, Cell{Text: x.B.Who}, Fig(x.Kappa, a.T("standing.power.unknown")), Cell{Text: v.places(x.Both)})
	}
	return t
}
