package view

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"shanyraq/internal/vectors"
)

// VectorsReadings returns the rival readings of how home stands among the
// powers, each with its predictions put to the room's figures. The keys "first" and "second" choose the poles.
func VectorsReadings(ctx context.Context, h *House, a *Ask) (*Page, error) {
	lang := a.Loc.Lang()
	home := h.PlaceName(a.Home, lang)
	b, err := h.Vectors.Balance(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	p := &Page{Room: "vectors", Path: "/vectors/readings", Question: a.T("vectors.readings.question", "Home", home), Crumbs: []Choice{{a.link("/vectors"), a.T("nav.vectors")}}}
	first, second, err := poles(ctx, h, a, b.Powers)
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
	p.Notes = []string{a.T("vectors.readings.limits")}
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
	two := slices.ContainsFunc(r.Tests, func(x vectors.Test) bool { return !x.Other.IsZero() })
	if two {
		t.Columns = append(t.Columns, Column{Key: "other", Label: a.T("vectors.test.other"), Help: a.T("vectors.test.other.help"), Figures: true})
	}
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
		cells := []Cell{{Text: a.T(verdictLabels[x.Verdict]), Badge: string(x.Verdict)}, Fig(x.Figure, a.T("common.nodata")), {Text: expectation(a, x)}, Fig(x.Against, a.T("vectors.test.fixed"))}
		if two {
			cells = append(cells, Fig(x.Other, a.T("vectors.test.one")))
		}
		t.Add(Row{Key: fmt.Sprintf("%s-%d", x.Key, i+1), Label: label}, cells...)
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
