package view

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// VectorsAsymmetry returns how home and each power depend on each other, where
// home stands between two of them, what halving a tie would cost it, and where
// two books of one trade differ. The keys "first" and "second" choose the two.
func VectorsAsymmetry(ctx context.Context, h *House, a *Ask) (*Page, error) {
	lang := a.Loc.Lang()
	home := h.PlaceName(a.Home, lang)
	as, err := h.Vectors.Asymmetry(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	p := &Page{Room: "vectors", Path: "/vectors/asymmetry", Question: a.T("vectors.asymmetry.question", "Home", home), Crumbs: []Choice{{a.link("/vectors"), a.T("nav.vectors")}}}
	first, second, err := poles(ctx, h, a, as.Powers)
	if err != nil {
		return nil, err
	}
	if first != "" {
		p.Controls = []Control{h.powerControl(a, "first", a.T("vectors.pole.first"), first, as.Powers), h.powerControl(a, "second", a.T("vectors.pole.second"), second, as.Powers)}
	}
	p.Answer = h.asymmetryAnswer(a, home, as)
	p.Tables = append(p.Tables, h.dependenceTable(a, home, as), h.bondTable(a, as), h.pressureTable(a, as))
	if first != "" {
		stances, err := h.Vectors.Between(ctx, a.Home, first, second)
		if err != nil {
			return nil, err
		}
		p.Tables = append(p.Tables, h.stanceTable(a, first, second, stances))
	}
	p.Tables = append(p.Tables, h.exposureTable(a, home, as), h.mirrorTable(a, as))
	return p, nil
}

// poles returns the two powers asked for; for none the first of the group, and the
// one whose published position in the General Assembly is farthest from it, since
// between two that vote alike anything looks balanced.
func poles(ctx context.Context, h *House, a *Ask, powers []shanyraq.CountryCode) (first, second shanyraq.CountryCode, err error) {
	if len(powers) < 2 {
		return "", "", nil
	}
	out := [2]shanyraq.CountryCode{}
	for i, key := range []string{"first", "second"} {
		out[i] = shanyraq.CountryCode(strings.ToUpper(a.Get(key)))
		if i == 1 && out[1] == "" {
			if out[1], err = h.farthest(ctx, out[0], powers); err != nil {
				return "", "", err
			}
		}
		if out[i] == "" {
			for _, p := range powers {
				if p != out[0] && p != shanyraq.CountryCode(strings.ToUpper(a.Get("second"))) {
					out[i] = p
					break
				}
			}
		}
		if _, ok := h.Place(out[i]); !ok {
			return "", "", shanyraq.Tell("view.poles", shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.place", Args: map[string]any{"Code": string(out[i])}}, "no power %q", out[i])
		}
	}
	return out[0], out[1], nil
}

// farthest returns the power whose newest published position is farthest from
// another's, and "" where none is held.
func (h *House) farthest(ctx context.Context, from shanyraq.CountryCode, powers []shanyraq.CountryCode) (shanyraq.CountryCode, error) {
	cs, err := h.Vectors.IdealPoints(ctx, append(slices.Clone(powers), from)...)
	if err != nil {
		return "", err
	}
	newest := map[shanyraq.CountryCode]shanyraq.Claim{}
	for _, c := range cs {
		if was, ok := newest[c.Place]; !ok || c.When > was.When {
			newest[c.Place] = c
		}
	}
	me, ok := newest[from]
	if !ok {
		return "", nil
	}
	best, most := shanyraq.CountryCode(""), 0.0
	for _, p := range powers {
		if c, ok := newest[p]; ok && p != from && math.Abs(c.Value-me.Value) > most {
			best, most = p, math.Abs(c.Value-me.Value)
		}
	}
	return best, nil
}

func (h *House) powerControl(a *Ask, name, label string, value shanyraq.CountryCode, powers []shanyraq.CountryCode) Control {
	c := Control{Name: name, Label: label, Value: string(value)}
	if !slices.Contains(powers, value) {
		powers = append(slices.Clone(powers), value)
	}
	for _, p := range powers {
		c.Choices = append(c.Choices, Choice{string(p), h.PlaceName(p, a.Loc.Lang())})
	}
	return c
}

// asymmetryAnswer names the power on which home depends most by all trade, and
// what that power depends on home.
func (h *House) asymmetryAnswer(a *Ask, home string, as vectors.Asymmetry) Sentence {
	var most vectors.Dependence
	for _, d := range as.Dependence {
		if d.Measure == "trade" && !d.OfPower.IsZero() && (most.OfHome.IsZero() || d.OfHome.Value() > most.OfHome.Value()) {
			most = d
		}
	}
	if most.OfHome.IsZero() {
		return Say("vectors.asymmetry.answer.none", "Home", home)
	}
	return Say("vectors.asymmetry.answer", "Home", home, "Power", h.PlaceName(most.Power, a.Loc.Lang()), "Year", most.Year, "Mine", most.OfHome, "Theirs", most.OfPower)
}

func (h *House) dependenceTable(a *Ask, home string, as vectors.Asymmetry) *Table {
	lang := a.Loc.Lang()
	t := &Table{Key: "dependence", Title: a.T("vectors.dependence"), Lead: Say("vectors.dependence.lead"), RowHead: a.T("vectors.measure"), Empty: a.T("vectors.dependence.empty"),
		Columns: []Column{
			{Key: "home", Label: a.T("vectors.dependence.home", "Home", home), Figures: true},
			{Key: "power", Label: a.T("vectors.dependence.power", "Home", home), Figures: true},
			{Key: "lean", Label: a.T("vectors.asymmetry"), Help: a.T("vectors.asymmetry.help"), Figures: true},
		},
		Notes: []string{a.T("vectors.dependence.schools"), a.T("vectors.dependence.books")}}
	drawn := &Table{Key: "dependence-panels", Title: t.Title, RowHead: a.T("vectors.power"), Columns: []Column{{Key: "value", Label: a.T("vectors.share"), Figures: true}},
		Chart: &Chart{Type: "panels", Value: "value", Unit: a.Loc.UnitLabel("percent")}}
	for _, d := range as.Dependence {
		power := h.PlaceName(d.Power, lang)
		measure := fmt.Sprintf("%s, %d", a.T(measureLabels[d.Measure]), d.Year)
		key := fmt.Sprintf("%s/%s-%d", d.Power, d.Measure, d.Year)
		t.Add(Row{Key: key, Label: power + ": " + measure}, Fig(d.OfHome, a.T("common.nodata")), Fig(d.OfPower, a.T("vectors.missing.theirs")), Fig(d.Lean, a.T("vectors.missing.theirs")))
		if d.OfPower.IsZero() || strings.HasPrefix(d.Measure, "turnover") {
			continue
		}
		drawn.Add(Row{Key: key + "/mine", Label: home, Group: power + ": " + measure, Home: true}, Cell{Figure: d.OfHome})
		drawn.Add(Row{Key: key + "/theirs", Label: power, Group: power + ": " + measure}, Cell{Figure: d.OfPower})
	}
	if len(drawn.Rows) > 0 {
		t.Chart, t.Drawn = drawn.Chart, drawn
	}
	return t
}

// bondTable has what a trade is to both sides together.
func (h *House) bondTable(a *Ask, as vectors.Asymmetry) *Table {
	t := &Table{Key: "bonds", Title: a.T("vectors.bonds"), Lead: Say("vectors.bonds.lead"), RowHead: a.T("vectors.power"), Empty: a.T("vectors.bonds.empty"),
		Columns: []Column{
			{Key: "salience", Label: a.T("vectors.salience"), Help: a.T("vectors.salience.help"), Figures: true},
			{Key: "symmetry", Label: a.T("vectors.symmetry"), Help: a.T("vectors.symmetry.help"), Figures: true},
			{Key: "interdependence", Label: a.T("vectors.interdependence"), Help: a.T("vectors.interdependence.help"), Figures: true},
		}}
	for _, b := range as.Bonds {
		t.Add(Row{Key: fmt.Sprintf("%s/%s-%d", b.Power, b.Measure, b.Year), Label: fmt.Sprintf("%s: %s, %d", h.PlaceName(b.Power, a.Loc.Lang()), a.T(measureLabels[b.Measure]), b.Year)},
			Cell{Figure: b.Salience}, Cell{Figure: b.Symmetry}, Cell{Figure: b.Interdependence})
	}
	if len(t.Rows) > 0 {
		t.Chart = &Chart{Type: "ranges", Value: "interdependence", Unit: a.Loc.UnitLabel("index")}
	}
	return t
}

// pressureTable has how far each power could press home by the ties they have.
func (h *House) pressureTable(a *Ask, as vectors.Asymmetry) *Table {
	t := &Table{Key: "pressure", Title: a.T("vectors.pressure"), Lead: Say("vectors.pressure.lead"), RowHead: a.T("vectors.power"), Notes: []string{a.T("vectors.pressure.formula"), a.T("vectors.pressure.note")},
		Columns: []Column{
			{Key: "value", Label: a.T("vectors.pressure.value"), Figures: true},
			{Key: "width", Label: a.T("vectors.pressure.width"), Help: a.T("vectors.pressure.width.help"), Figures: true},
			{Key: "reliance", Label: a.T("vectors.pressure.reliance"), Help: a.T("vectors.pressure.reliance.help"), Figures: true},
			{Key: "ties", Label: a.T("vectors.pressure.ties")},
		}}
	known := false
	for _, x := range as.Pressures {
		no := a.T("vectors.pressure.few")
		names := make([]string, len(x.Channels))
		for i, c := range x.Channels {
			names[i] = domainLabel(a, c.Key)
		}
		held := Cell{Missing: a.T("common.nodata")}
		if len(names) > 0 {
			held = Cell{Text: a.T("vectors.pressure.of", "Count", len(names), "All", x.Of, "Names", strings.Join(names, ", "))}
		}
		t.Add(h.powerRow(a, x.Power), Fig(x.Value, no), Fig(x.Width, no), Fig(x.Reliance, no), held)
		known = known || !x.Value.IsZero()
	}
	if known {
		t.Chart = &Chart{Type: "ranges", Value: "value", Unit: a.Loc.UnitLabel("index")}
	}
	return t
}

func (h *House) stanceTable(a *Ask, first, second shanyraq.CountryCode, stances []vectors.Stance) *Table {
	x, y := h.PlaceName(first, a.Loc.Lang()), h.PlaceName(second, a.Loc.Lang())
	t := &Table{Key: "between", Title: a.T("vectors.between", "A", x, "B", y), Lead: Say("vectors.between.lead"), RowHead: a.T("vectors.domain"),
		Columns: []Column{
			{Key: "first", Label: x, Figures: true}, {Key: "second", Label: y, Figures: true},
			{Key: "equidistance", Label: a.T("vectors.equidistance"), Help: a.T("vectors.equidistance.help"), Figures: true},
			{Key: "depth", Label: a.T("vectors.depth"), Help: a.T("vectors.depth.help"), Figures: true},
			{Key: "lean", Label: a.T("vectors.lean"), Help: a.T("vectors.lean.help", "A", x), Figures: true},
		}}
	known := false
	for _, s := range stances {
		label := domainLabel(a, s.Key)
		if s.Year != 0 {
			label += ", " + strconv.Itoa(s.Year)
		}
		no := a.T("common.nodata")
		t.Add(Row{Key: s.Key, Label: label}, Fig(s.A, no), Fig(s.B, no), Fig(s.Equidistance, no), Fig(s.Depth, no), Fig(s.Lean, no))
		known = known || !s.Equidistance.IsZero()
	}
	if known {
		t.Chart = &Chart{Type: "ranges", Value: "equidistance", Unit: a.T("vectors.equidistance")}
	}
	return t
}

func (h *House) exposureTable(a *Ask, home string, as vectors.Asymmetry) *Table {
	t := &Table{Key: "exposure", Title: a.T("vectors.exposure"), Lead: Say("vectors.exposure.lead"), RowHead: a.T("vectors.power"), Empty: a.T("vectors.dependence.empty"),
		Columns: []Column{
			{Key: "lost", Label: a.T("vectors.exposure.lost"), Figures: true},
			{Key: "product", Label: a.T("vectors.exposure.product"), Help: a.T("vectors.exposure.product.help", "Home", home), Figures: true},
			{Key: "after", Label: a.T("vectors.exposure.after"), Figures: true},
		}}
	for _, x := range as.Exposure {
		t.Add(Row{Key: string(x.Power) + "/" + x.Domain.Key, Label: fmt.Sprintf("%s: %s, %d", h.PlaceName(x.Power, a.Loc.Lang()), domainLabel(a, x.Domain.Key), x.Year)},
			Fig(x.Lost, ""), Fig(x.Product, a.T("vectors.missing.product")), Fig(x.After, ""))
	}
	if len(t.Rows) > 0 {
		t.Chart = &Chart{Type: "ranges", Value: "product", Unit: a.Loc.UnitLabel("percent")}
	}
	return t
}

// mirrorTable has a row for each pair whose trade two speakers state, and both
// of what they say.
func (h *House) mirrorTable(a *Ask, as vectors.Asymmetry) *Table {
	lang := a.Loc.Lang()
	t := &Table{Key: "mirrors", Title: a.T("vectors.mirrors"), Lead: Say("vectors.mirrors.lead"), RowHead: a.T("vectors.mirror.pair"), Empty: a.T("vectors.mirrors.empty"),
		Columns: []Column{
			{Key: "low", Label: a.T("vectors.mirror.low"), Figures: true}, {Key: "low_who", Label: a.T("common.who")},
			{Key: "high", Label: a.T("vectors.mirror.high"), Figures: true}, {Key: "high_who", Label: a.T("common.who")},
			{Key: "range", Label: a.T("vectors.mirror.range"), Figures: true},
			{Key: "gap", Label: a.T("vectors.mirror.gap"), Help: a.T("vectors.mirror.gap.help"), Figures: true},
		}}
	for _, m := range as.Mirrors {
		low, high := m.Claims[0], m.Claims[len(m.Claims)-1]
		lowFigure, err1 := low.Figure()
		highFigure, err2 := high.Figure()
		if err1 != nil || err2 != nil {
			continue // a claim without a width cannot be shown as one
		}
		who := func(c shanyraq.Claim) string {
			s := c.Who
			if s == "" {
				s = h.sourceOf[c.Source].Publisher
			}
			return s + ", " + a.Loc.Period(c.When)
		}
		t.Add(Row{Key: fmt.Sprintf("%s-%s-%d", m.Place, m.Partner, m.Year), Label: fmt.Sprintf("%s, %s, %d", h.PlaceName(m.Place, lang), h.PlaceName(m.Partner, lang), m.Year)},
			Cell{Figure: lowFigure}, Cell{Text: who(low)}, Cell{Figure: highFigure}, Cell{Text: who(high)},
			Fig(m.Range, a.T("vectors.missing.periods")), Fig(m.Gap, a.T("vectors.missing.periods")))
	}
	return t
}
