package view

import (
	"context"
	"slices"
	"strings"

	"shanyraq"
	"shanyraq/internal/vectors"
)

var (
	levelLabels  = map[vectors.Level]string{vectors.States: "vectors.level.states", vectors.People: "vectors.level.people", vectors.Both: "vectors.level.both"}
	natureLabels = map[vectors.Nature]string{vectors.Soft: "vectors.nature.soft", vectors.Economic: "vectors.nature.economic", vectors.Security: "vectors.nature.security", vectors.Coercive: "vectors.nature.coercive"}
)

// actsShown is how many acts stand on the page of acts unless the reader asks
// for all.
const actsShown = 100

// countedAlone are kinds of records that have tables of their own: posts, amounts
// and numbers of people. They stand among the acts only if asked for.
var countedAlone = []shanyraq.SeriesID{"diplomatic_post", "trade_turnover", "fdi_inflow", "fdi_cumulative", "students_from", "exchange_students_from", "bolashak_scholars_from"}

// VectorsActs returns the page of the ledgers: acts between home and others, who
// acts and by what, and who takes part in which organisation. The keys power,
// kind (a series), nature and show choose among the acts.
func VectorsActs(ctx context.Context, h *House, a *Ask) (*Page, error) {
	lang := a.Loc.Lang()
	home := h.PlaceName(a.Home, lang)
	b, err := h.Vectors.Balance(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	acts, err := h.Vectors.Acts(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	p := &Page{Room: "vectors", Path: "/vectors/acts", Question: a.T("vectors.acts.question", "Home", home), Crumbs: []Choice{{a.link("/vectors"), a.T("nav.vectors")}}}
	all := Choice{"", a.T("vectors.acts.all")}
	power := shanyraq.CountryCode(strings.ToUpper(a.Get("power")))
	if _, ok := h.Place(power); power != "" && !ok {
		return nil, shanyraq.Tell("view.VectorsActs", shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.place", Args: map[string]any{"Code": string(power)}}, "no place %q", power)
	}
	powers := Control{Name: "power", Label: a.T("vectors.power"), Value: string(power), Choices: []Choice{all}}
	kinds := Control{Name: "kind", Label: a.T("vectors.acts.kind"), Value: a.Get("kind"), Choices: []Choice{all}}
	natures := Control{Name: "nature", Label: a.T("vectors.nature"), Value: a.Get("nature"), Choices: []Choice{all}}
	for _, t := range vectors.Tags() {
		if string(t.Series) == kinds.Value || slices.ContainsFunc(acts.Acts, func(x vectors.Act) bool { return x.Tag.Series == t.Series }) {
			kinds.Choices = append(kinds.Choices, Choice{string(t.Series), h.SeriesTitle(t.Series, lang)})
		}
	}
	for _, n := range vectors.Natures() {
		natures.Choices = append(natures.Choices, Choice{string(n), a.T(natureLabels[n])})
	}
	others := map[shanyraq.CountryCode]bool{}
	var shown []vectors.Act
	for _, x := range acts.Acts {
		if x.Other != "" {
			others[x.Other] = true
		}
		switch {
		case power != "" && x.Other != power,
			kinds.Value != "" && string(x.Tag.Series) != kinds.Value,
			natures.Value != "" && string(x.Tag.Nature) != natures.Value,
			kinds.Value == "" && slices.Contains(countedAlone, x.Tag.Series):
			continue
		}
		shown = append(shown, x)
	}
	for _, c := range []struct {
		control Control
		key     string
	}{{kinds, "vectors.error.kind"}, {natures, "vectors.error.nature"}} {
		if v := c.control.Value; v != "" && !slices.ContainsFunc(c.control.Choices, func(x Choice) bool { return x.Value == v }) {
			var known []string
			for _, x := range c.control.Choices[1:] {
				known = append(known, x.Value)
			}
			return nil, shanyraq.Tell("view.VectorsActs", shanyraq.Invalid, shanyraq.Text{Key: c.key, Args: map[string]any{"Found": v, "Known": strings.Join(known, ", ")}}, "no acts of %q", v)
		}
	}
	var rest []Choice
	for _, o := range b.Powers {
		powers.Choices = append(powers.Choices, Choice{string(o), h.PlaceName(o, lang)})
		delete(others, o)
	}
	for o := range others {
		rest = append(rest, Choice{string(o), h.PlaceName(o, lang)})
	}
	slices.SortFunc(rest, func(x, y Choice) int { return a.Loc.Compare(x.Label, y.Label) })
	powers.Choices = append(powers.Choices, rest...)
	if power != "" && !slices.ContainsFunc(powers.Choices, func(c Choice) bool { return c.Value == string(power) }) {
		powers.Choices = append(powers.Choices, Choice{string(power), h.PlaceName(power, lang)})
	}
	p.Controls = []Control{powers, kinds, natures}
	most, n := shanyraq.CountryCode(""), 0
	for _, o := range b.Powers {
		k := 0
		for _, x := range acts.Acts {
			if x.Other == o && !slices.Contains(countedAlone, x.Tag.Series) {
				k++
			}
		}
		if k > n {
			most, n = o, k
		}
	}
	if most == "" {
		p.Answer = Say("vectors.acts.answer.none", "Home", home)
	} else {
		p.Answer = Say("vectors.acts.answer", "Home", home, "Power", h.PlaceName(most, lang), "Count", n)
	}
	t := h.actTable(a, shown, a.Get("show") == "all")
	if t.Broad = true; len(shown) > actsShown {
		p.Controls = append(p.Controls, Control{Name: "show", Label: a.T("standing.show"), Value: a.Get("show"), Choices: []Choice{{"", a.T("vectors.acts.newest", "Count", actsShown)}, {"all", a.T("standing.show.all", "Count", len(shown))}}})
	}
	bodies, err := h.bodyTable(ctx, a, b.Powers)
	if err != nil {
		return nil, err
	}
	p.Tables = append(p.Tables, h.levelTable(a, b.Powers, acts), h.natureTable(a, b.Powers, acts), t, bodies, h.tagTable(a))
	p.Notes = []string{a.T("vectors.acts.note")}
	return p, nil
}

// levelTable has how many acts are held with each power, by who acts.
func (h *House) levelTable(a *Ask, powers []shanyraq.CountryCode, acts vectors.Acts) *Table {
	t := &Table{Key: "levels", Title: a.T("vectors.levels"), Lead: Say("vectors.levels.lead"), RowHead: a.T("vectors.power")}
	levels := []vectors.Level{vectors.States, vectors.Both, vectors.People}
	for _, l := range levels {
		t.Columns = append(t.Columns, Column{Key: string(l), Label: a.T(levelLabels[l]), Figures: true})
	}
	for _, p := range powers {
		var cells []Cell
		for _, l := range levels {
			cells = append(cells, Fig(acts.Counts[p][l], a.T("vectors.levels.none")))
		}
		t.Add(h.powerRow(a, p), cells...)
	}
	return t
}

func (h *House) powerRow(a *Ask, p shanyraq.CountryCode) Row {
	return Row{Key: string(p), Label: h.PlaceName(p, a.Loc.Lang()), Href: a.link("/vectors/" + string(p))}
}

// natureTable has how many acts are held with each power, by what they work by.
func (h *House) natureTable(a *Ask, powers []shanyraq.CountryCode, acts vectors.Acts) *Table {
	t := &Table{Key: "natures", Title: a.T("vectors.natures"), Lead: Say("vectors.natures.lead"), RowHead: a.T("vectors.power")}
	for _, n := range vectors.Natures() {
		t.Columns = append(t.Columns, Column{Key: string(n), Label: a.T(natureLabels[n]), Figures: true})
	}
	for _, p := range powers {
		var cells []Cell
		for _, n := range vectors.Natures() {
			cells = append(cells, Fig(acts.Natures[p][n], a.T("vectors.levels.none")))
		}
		t.Add(h.powerRow(a, p), cells...)
	}
	return t
}

// tagTable is the rule by which acts are tagged.
func (h *House) tagTable(a *Ask) *Table {
	t := &Table{Key: "tags", Title: a.T("vectors.tags"), Lead: Say("vectors.tags.lead"), RowHead: a.T("common.series"),
		Columns: []Column{{Key: "level", Label: a.T("vectors.level")}, {Key: "nature", Label: a.T("vectors.nature")}}}
	for _, tag := range vectors.Tags() {
		t.Add(Row{Key: string(tag.Series), Label: h.SeriesTitle(tag.Series, a.Loc.Lang())}, Cell{Text: a.T(levelLabels[tag.Level])}, Cell{Text: a.T(natureLabels[tag.Nature])})
	}
	return t
}

// actTable lists acts, the newest unless all are wanted.
func (h *House) actTable(a *Ask, acts []vectors.Act, all bool) *Table {
	lang := a.Loc.Lang()
	t := &Table{Key: "acts", Title: a.T("vectors.acts"), Lead: Say("vectors.acts.lead", "Count", len(acts)), RowHead: a.T("common.date"), Empty: a.T("vectors.acts.empty"),
		Columns: []Column{{Key: "series", Label: a.T("common.series")}, {Key: "other", Label: a.T("common.partner")}, {Key: "subject", Label: a.T("common.subject")}, {Key: "note", Label: a.T("common.note")}, {Key: "level", Label: a.T("vectors.level")}, {Key: "nature", Label: a.T("vectors.nature")}, {Key: "source", Label: a.T("common.source")}}}
	for i, x := range acts {
		if i == actsShown && !all {
			break
		}
		other := Cell{}
		if x.Other != "" {
			other = Cell{Text: h.PlaceName(x.Other, lang), Href: a.link("/hosts/" + string(x.Other))}
		}
		t.Cited = append(t.Cited, x.Claim.Source)
		t.Add(Row{Key: string(x.Claim.ID), Label: h.when(a, x.Claim)}, Cell{Text: h.SeriesTitle(x.Claim.Series, lang)}, other, Cell{Text: strings.TrimSpace(x.Claim.Subject)}, Cell{Text: noteOf(x.Claim)},
			Cell{Text: a.T(levelLabels[x.Tag.Level])}, Cell{Text: a.T(natureLabels[x.Tag.Nature])}, h.opens(a, x.Claim))
	}
	return t
}

// noteOf is what stands beside a record, and who says so where that is not the
// source itself.
func noteOf(c shanyraq.Claim) string {
	if c.Who == "" {
		return c.Note
	}
	if c.Note == "" {
		return c.Who
	}
	return c.Note + " (" + c.Who + ")"
}

// bodyTable lists the organisations home takes part in, and how each power does.
func (h *House) bodyTable(ctx context.Context, a *Ask, powers []shanyraq.CountryCode) (*Table, error) {
	bodies, err := h.Vectors.Bodies(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	lang := a.Loc.Lang()
	t := &Table{Key: "bodies", Broad: true, Title: a.T("vectors.bodies", "Home", h.PlaceName(a.Home, lang)), Lead: Say("vectors.bodies.lead", "Count", len(bodies)), RowHead: a.T("vectors.body"), Empty: a.T("vectors.bodies.empty")}
	var listed []shanyraq.CountryCode
	for _, p := range powers { // of a power in none of them nothing is known
		if slices.ContainsFunc(bodies, func(b vectors.Body) bool { _, ok := b.Powers[p]; return ok }) {
			listed = append(listed, p)
		}
	}
	part := func(c shanyraq.Claim) Cell {
		text := c.Note
		if text == "" {
			text = a.T("vectors.body.member")
		}
		return Cell{Text: text, Href: h.opens(a, c).Href}
	}
	t.Columns = []Column{{Key: string(a.Home), Label: h.PlaceName(a.Home, lang)}}
	for _, p := range listed {
		t.Columns = append(t.Columns, Column{Key: string(p), Label: h.PlaceName(p, lang)})
	}
	for _, b := range bodies {
		cells := []Cell{part(b.Home)}
		t.Cited = append(t.Cited, b.Home.Source)
		for _, p := range listed {
			c, ok := b.Powers[p]
			if !ok {
				cells = append(cells, Cell{Missing: a.T("vectors.body.not")})
				continue
			}
			cells = append(cells, part(c))
		}
		t.Add(Row{Key: b.Name, Label: b.Name}, cells...)
	}
	return t, nil
}

// profileTables are what a power seeks in home, by what, what it builds there and
// what it would not accept.
func (h *House) profileTables(ctx context.Context, a *Ask, power shanyraq.CountryCode) ([]*Table, error) {
	cs, err := h.Vectors.Profile(ctx, a.Home, power)
	if err != nil {
		return nil, err
	}
	lang := a.Loc.Lang()
	t := &Table{Key: "profile", Broad: true, Title: a.T("vectors.profile", "Power", h.PlaceName(power, lang)), Lead: Say("vectors.profile.lead"), RowHead: a.T("vectors.profile.what"), Empty: a.T("vectors.profile.empty"),
		Columns: []Column{{Key: "part", Label: a.T("vectors.profile.part")}, {Key: "who", Label: a.T("vectors.profile.who")}, {Key: "when", Label: a.T("common.date")}, {Key: "note", Label: a.T("common.note")}, {Key: "source", Label: a.T("common.source")}}}
	for _, c := range cs {
		t.Cited = append(t.Cited, c.Source)
		t.Add(Row{Key: string(c.ID), Label: c.Subject}, Cell{Text: h.SeriesTitle(c.Series, lang)}, Cell{Text: c.Who}, Cell{Text: h.when(a, c)}, Cell{Text: c.Note}, h.opens(a, c))
	}
	acts, err := h.Vectors.Acts(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	var with []vectors.Act
	for _, x := range acts.Acts {
		if x.Other == power && !slices.Contains(countedAlone, x.Tag.Series) && x.Tag.Series != "leader_visit" { // visits have their own table
			with = append(with, x)
		}
	}
	at := h.actTable(a, with, true)
	at.Broad, at.Title = true, a.T("vectors.acts.with", "Power", h.PlaceName(power, lang))
	return []*Table{t, at}, nil
}
