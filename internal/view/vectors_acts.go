package view

import (
	"context"
	"slices"
	"strconv"
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

// VectorsActs returns the page of the ledgers: acts between home and others, who
// acts and by what, and who takes part in which organisation. The keys power,
// kind (a series) and nature choose among the acts, in every table and in the
// answer; show=all lists all of them. Records that are no acts stand among them
// only if their kind is chosen, and are not counted.
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
	others := map[shanyraq.CountryCode]bool{}
	for _, x := range acts.Acts {
		if x.Other != "" {
			others[x.Other] = true
		}
	}
	if acts, err = acts.Only(shanyraq.SeriesID(kinds.Value), vectors.Nature(natures.Value)); err != nil {
		return nil, err
	}
	var shown []vectors.Act
	for _, x := range acts.Acts {
		if (power == "" || x.Other == power) && (kinds.Value != "" || x.Deed()) {
			shown = append(shown, x)
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
	counted := b.Powers // a place that is no power is in no table of counts
	if power != "" {
		counted = slices.DeleteFunc(slices.Clone(b.Powers), func(p shanyraq.CountryCode) bool { return p != power })
	}
	p.Answer = h.actsAnswer(a, home, power, b.Powers, acts)
	t := h.actTable(a, shown, a.Get("show") == "all")
	if t.Broad = true; len(shown) > actsShown {
		p.Controls = append(p.Controls, Control{Name: "show", Label: a.T("standing.show"), Value: a.Get("show"), Choices: []Choice{{"", a.T("vectors.acts.newest", "Count", actsShown)}, {"all", a.T("standing.show.all", "Count", len(shown))}}})
	}
	bodies, err := h.bodyTable(ctx, a, b.Powers)
	if err != nil {
		return nil, err
	}
	if len(counted) > 0 {
		p.Tables = append(p.Tables, h.levelTable(a, counted, acts), h.peopleTable(a, counted, acts), h.natureTable(a, counted, acts))
	}
	p.Tables = append(p.Tables, t, bodies, h.tagTable(a, acts))
	p.Notes = []string{a.T("vectors.acts.note"), a.T("vectors.acts.undated", "Count", acts.Undated)}
	return p, nil
}

// deeds returns how many of the records are acts.
func deeds(acts []vectors.Act) int {
	n := 0
	for _, x := range acts {
		if x.Deed() {
			n++
		}
	}
	return n
}

// actsAnswer says how many acts are held with the power, or for none with which
// power there are most.
func (h *House) actsAnswer(a *Ask, home string, power shanyraq.CountryCode, powers []shanyraq.CountryCode, acts vectors.Acts) Sentence {
	if power != "" {
		return Say("vectors.acts.answer.power", "Home", home, "Power", h.PlaceName(power, a.Loc.Lang()), "Count", deeds(acts.With(power)))
	}
	most, n := shanyraq.CountryCode(""), 0
	for _, o := range powers {
		if k := deeds(acts.With(o)); k > n {
			most, n = o, k
		}
	}
	if most == "" {
		return Say("vectors.acts.answer.none", "Home", home)
	}
	return Say("vectors.acts.answer", "Home", home, "Power", h.PlaceName(most, a.Loc.Lang()), "Count", n)
}

// peopleTable has which part of the acts with each power are people with people,
// five years at a time, newest first. The chart is of all powers together, or of
// the one chosen: ranges of so few records would hide each other.
func (h *House) peopleTable(a *Ask, powers []shanyraq.CountryCode, acts vectors.Acts) *Table {
	t := &Table{Key: "people", Title: a.T("vectors.people"), Lead: Say("vectors.people.lead"), RowHead: a.T("vectors.years"), Empty: a.T("vectors.acts.empty")}
	lines := drawing("people-lines", t.Title, a, a.T("vectors.people"), a.Loc.UnitLabel("percent"))
	of := powers
	if len(powers) > 1 {
		of = append([]shanyraq.CountryCode{shanyraq.World}, powers...)
	}
	name := func(p shanyraq.CountryCode) string {
		if p == shanyraq.World {
			return a.T("vectors.powers.all")
		}
		return h.PlaceName(p, a.Loc.Lang())
	}
	for _, p := range of {
		t.Columns = append(t.Columns, Column{Key: string(p), Label: name(p), Figures: true})
	}
	for _, w := range acts.Windows {
		first, _, _ := strings.Cut(w, "-")
		if y, err := strconv.Atoi(first); err == nil {
			lines.point(name(of[0]), true, y+2, acts.Shares[of[0]][w]) // the middle of the five
		}
	}
	row := func(key, label string) {
		var cells []Cell
		for _, p := range of {
			cells = append(cells, Fig(acts.Shares[p][key], a.T("vectors.levels.none")))
		}
		t.Add(Row{Key: key, Label: label}, cells...)
	}
	if len(acts.Windows) > 0 {
		row(vectors.AllYears, a.T("vectors.years.all"))
	}
	for _, w := range slices.Backward(acts.Windows) {
		row(w, strings.Replace(w, "-", "–", 1))
	}
	if len(lines.Rows) > 1 {
		t.draws(lines)
	}
	return t
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
func (h *House) tagTable(a *Ask, acts vectors.Acts) *Table {
	own := 0
	for _, x := range acts.Acts {
		if x.Tag.Own {
			own++
		}
	}
	t := &Table{Key: "tags", Title: a.T("vectors.tags"), Lead: Say("vectors.tags.lead", "Count", own), RowHead: a.T("common.series"),
		Columns: []Column{{Key: "level", Label: a.T("vectors.level")}, {Key: "nature", Label: a.T("vectors.nature")}, {Key: "counted", Label: a.T("vectors.tags.counted")}}}
	for _, tag := range vectors.Tags() {
		counted := a.T("vectors.tags.counted.no")
		if tag.Deed {
			counted = a.T("vectors.tags.counted.yes")
		}
		t.Add(Row{Key: string(tag.Series), Label: h.SeriesTitle(tag.Series, a.Loc.Lang())}, Cell{Text: a.T(levelLabels[tag.Level])}, Cell{Text: a.T(natureLabels[tag.Nature])}, Cell{Text: counted})
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
		bare := x.Claim
		bare.Note = x.Note()
		nature := a.T(natureLabels[x.Tag.Nature])
		if x.Tag.Own {
			nature = a.T("vectors.tags.own", "Nature", nature)
		}
		t.Cited = append(t.Cited, x.Claim.Source)
		t.Add(Row{Key: string(x.Claim.ID), Label: h.when(a, x.Claim)}, Cell{Text: h.SeriesTitle(x.Claim.Series, lang)}, other, Cell{Text: strings.TrimSpace(x.Claim.Subject)}, Cell{Text: noteOf(bare)},
			Cell{Text: a.T(levelLabels[x.Tag.Level])}, Cell{Text: nature}, h.opens(a, x.Claim))
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
	visits := 0
	for _, x := range acts.With(power) {
		switch {
		case !x.Deed():
		case x.Tag.Series == "leader_visit": // they have their own table
			visits++
		default:
			with = append(with, x)
		}
	}
	at := h.actTable(a, with, true)
	at.Broad, at.Title, at.Lead = true, a.T("vectors.acts.with", "Power", h.PlaceName(power, lang)), Say("vectors.acts.with.lead", "All", len(with)+visits, "Visits", visits)
	return []*Table{t, at}, nil
}
