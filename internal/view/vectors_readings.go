package view

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// VectorsReadings returns the rival readings of how home stands among the
// powers, each with its predictions put to the room's figures, and the acts
// they might be told from. The keys "first" and "second" choose the poles.
func VectorsReadings(ctx context.Context, h *House, a *Ask) (*Page, error) {
	lang := a.Loc.Lang()
	home := h.PlaceName(a.Home, lang)
	b, err := h.Vectors.Balance(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	p := &Page{Room: "vectors", Path: "/vectors/readings", Question: a.T("vectors.readings.question", "Home", home), Crumbs: []Choice{{a.link("/vectors"), a.T("nav.vectors")}}}
	first, second, err := poles(h, a, b.Powers)
	if err != nil {
		return nil, err
	}
	if first == "" {
		p.Answer = Say("vectors.readings.answer.none", "Home", home)
		return p, nil
	}
	p.Controls = []Control{h.powerControl(a, "first", a.T("vectors.pole.first"), first, b.Powers), h.powerControl(a, "second", a.T("vectors.pole.second"), second, b.Powers)}
	readings, err := h.Vectors.Readings(ctx, a.Home, first, second)
	if err != nil {
		return nil, err
	}
	p.Answer = readingsAnswer(a, home, readings)
	p.Tables = append(p.Tables, readingsTable(a, readings))
	for _, r := range readings {
		p.Tables = append(p.Tables, h.testTable(a, r))
	}
	acts, err := h.Vectors.Acts(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	p.Tables = append(p.Tables, h.levelTable(a, b.Powers, acts), h.tagTable(a), h.actTable(a, acts))
	p.Notes = []string{a.T("vectors.readings.limits"), a.T("vectors.readings.profiles")}
	return p, nil
}

var (
	readingLabels = map[string]string{"dependence": "vectors.reading.dependence", "enmeshment": "vectors.reading.enmeshment", "balancing": "vectors.reading.balancing", "hedging": "vectors.reading.hedging", "bandwagoning": "vectors.reading.bandwagoning"}
	readingSays   = map[string]string{"dependence": "vectors.reading.dependence.says", "enmeshment": "vectors.reading.enmeshment.says", "balancing": "vectors.reading.balancing.says", "hedging": "vectors.reading.hedging.says", "bandwagoning": "vectors.reading.bandwagoning.says"}
	verdictLabels = map[vectors.Verdict]string{vectors.Agrees: "vectors.verdict.agrees", vectors.Disagrees: "vectors.verdict.disagrees", vectors.Untold: "vectors.verdict.untold"}
	testLabels    = map[string]string{
		"unequal": "vectors.test.unequal", "few_buyers": "vectors.test.few_buyers", "few_suppliers": "vectors.test.few_suppliers", "one_way_out": "vectors.test.one_way_out",
		"bodies_with_all": "vectors.test.bodies_with_all", "bodies_deep": "vectors.test.bodies_deep", "more_even_people": "vectors.test.more_even_people", "trade_with_both": "vectors.test.trade_with_both",
		"away": "vectors.test.away", "sells_less": "vectors.test.sells_less", "way_round": "vectors.test.way_round",
		"votes_even": "vectors.test.votes_even", "votes_deep": "vectors.test.votes_deep", "sells_even": "vectors.test.sells_even", "buys_even": "vectors.test.buys_even", "leans_first": "vectors.test.leans_first", "leans_second": "vectors.test.leans_second",
		"nearer": "vectors.test.nearer", "votes_with": "vectors.test.votes_with", "joined": "vectors.test.joined", "one_side": "vectors.test.one_side",
	}
	levelLabels  = map[vectors.Level]string{vectors.States: "vectors.level.states", vectors.People: "vectors.level.people", vectors.Both: "vectors.level.both"}
	natureLabels = map[vectors.Nature]string{vectors.Soft: "vectors.nature.soft", vectors.Economic: "vectors.nature.economic", vectors.Coercive: "vectors.nature.coercive"}
)

// readingsAnswer names the reading that most of the predictions bear out over
// those they do not, and how many readings have a prediction that fails.
func readingsAnswer(a *Ask, home string, readings []vectors.Reading) Sentence {
	best, failing := 0, 0
	net := func(r vectors.Reading) int { return r.Count(vectors.Agrees) - r.Count(vectors.Disagrees) }
	for i, r := range readings {
		if net(r) > net(readings[best]) {
			best = i
		}
		if r.Count(vectors.Disagrees) > 0 {
			failing++
		}
	}
	r := readings[best]
	if r.Count(vectors.Agrees) == 0 {
		return Say("vectors.readings.answer.none", "Home", home)
	}
	return Say("vectors.readings.answer", "Home", home, "Reading", a.T(readingLabels[r.Key]), "For", r.Count(vectors.Agrees), "Against", r.Count(vectors.Disagrees), "Of", len(r.Tests), "Failing", failing, "All", len(readings))
}

func readingsTable(a *Ask, readings []vectors.Reading) *Table {
	t := &Table{Key: "readings", Title: a.T("vectors.readings"), Lead: Say("vectors.readings.lead"), RowHead: a.T("vectors.reading"),
		Columns: []Column{{Key: "says", Label: a.T("vectors.reading.says")}, {Key: "for", Label: a.T("vectors.verdict.agrees")}, {Key: "against", Label: a.T("vectors.verdict.disagrees")}, {Key: "untold", Label: a.T("vectors.verdict.untold")}}}
	for _, r := range readings {
		count := func(v vectors.Verdict) Cell { return Cell{Text: strconv.Itoa(r.Count(v))} }
		t.Add(Row{Key: r.Key, Label: a.T(readingLabels[r.Key])}, Cell{Text: a.T(readingSays[r.Key])}, count(vectors.Agrees), count(vectors.Disagrees), count(vectors.Untold))
	}
	return t
}

// testTable has the predictions of one reading: what is expected, the figure,
// what it is compared with, and whether it agrees.
func (h *House) testTable(a *Ask, r vectors.Reading) *Table {
	lang := a.Loc.Lang()
	t := &Table{Key: "reading-" + r.Key, Title: a.T(readingLabels[r.Key]), RowHead: a.T("vectors.test.expected"),
		Columns: []Column{{Key: "verdict", Label: a.T("vectors.verdict")}, {Key: "figure", Label: a.T("vectors.test.figure"), Figures: true}, {Key: "expected", Label: a.T("vectors.test.than")}, {Key: "against", Label: a.T("vectors.test.earlier"), Figures: true}}}
	for i, x := range r.Tests {
		of := ""
		if x.Of != "" {
			of = h.PlaceName(x.Of, lang)
		}
		if x.Domain != "" {
			of += ": " + domainLabel(a, x.Domain)
		}
		label := a.T(testLabels[x.Key])
		if of != "" {
			label += " · " + of
		}
		if x.Year != 0 {
			label += " · " + strconv.Itoa(x.Year)
		}
		t.Add(Row{Key: fmt.Sprintf("%s-%d", x.Key, i+1), Label: label}, Cell{Text: a.T(verdictLabels[x.Verdict]), Badge: string(x.Verdict)},
			Fig(x.Figure, a.T("common.nodata")), Cell{Text: expectation(a, x)}, Fig(x.Against, a.T("vectors.test.fixed")))
	}
	return t
}

// expectation says which side of what the figure is expected on.
func expectation(a *Ask, x vectors.Test) string {
	limit := a.Loc.Number(x.Limit, digitsOf(x.Limit))
	switch earlier := !x.Against.IsZero(); {
	case earlier && x.Above:
		return a.T("vectors.test.above.earlier")
	case earlier:
		return a.T("vectors.test.below.earlier")
	case x.Above:
		return a.T("vectors.test.above", "Limit", limit)
	}
	return a.T("vectors.test.below", "Limit", limit)
}

// digitsOf returns how many decimals the limit is written with.
func digitsOf(v float64) int {
	_, decimals, _ := strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), ".")
	return len(decimals)
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
		t.Add(Row{Key: string(p), Label: h.PlaceName(p, a.Loc.Lang()), Href: a.link("/vectors/" + string(p))}, cells...)
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

func (h *House) actTable(a *Ask, acts vectors.Acts) *Table {
	lang := a.Loc.Lang()
	t := &Table{Key: "acts", Title: a.T("vectors.acts"), Lead: Say("vectors.acts.lead", "Count", len(acts.Acts)), RowHead: a.T("common.date"), Empty: a.T("vectors.acts.empty"),
		Columns: []Column{{Key: "series", Label: a.T("common.series")}, {Key: "other", Label: a.T("common.partner")}, {Key: "subject", Label: a.T("common.subject")}, {Key: "level", Label: a.T("vectors.level")}, {Key: "nature", Label: a.T("vectors.nature")}, {Key: "source", Label: a.T("common.source")}}}
	for _, x := range acts.Acts {
		when := a.Loc.Period(x.Claim.When)
		if x.Claim.When == "" {
			when = a.T("common.undated")
		}
		other := Cell{}
		if x.Other != "" {
			other = Cell{Text: h.PlaceName(x.Other, lang), Href: a.link("/hosts/" + string(x.Other))}
		}
		t.Add(Row{Key: string(x.Claim.ID), Label: when}, Cell{Text: h.SeriesTitle(x.Claim.Series, lang)}, other, Cell{Text: strings.TrimSpace(x.Claim.Subject)},
			Cell{Text: a.T(levelLabels[x.Tag.Level])}, Cell{Text: a.T(natureLabels[x.Tag.Nature])}, Cell{Text: a.T("common.open"), Href: a.link("/f/" + escapePath("claim/"+string(x.Claim.ID)))})
	}
	return t
}
