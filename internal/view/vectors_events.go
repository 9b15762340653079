package view

import (
	"context"
	"strconv"
	"strings"
	"time"

	"shanyraq"
	"shanyraq/internal/publishers"
	"shanyraq/internal/vectors"
)

// dayOf is a day as a period.
func dayOf(t time.Time) shanyraq.Period { return shanyraq.Period(t.Format("2006-01-02")) }

// VectorsEvents returns the page of how home and each power act towards each
// other by the months of coded news that are held. The key pair chooses whose
// months are drawn, as KAZ-RUS.
func VectorsEvents(ctx context.Context, h *House, a *Ask) (*Page, error) {
	lang := a.Loc.Lang()
	p := &Page{Room: "vectors", Path: "/vectors/events", Question: a.T("vectors.events.question", "Home", h.PlaceName(a.Home, lang)), Crumbs: []Choice{{a.link("/vectors"), a.T("nav.vectors")}}}
	held, err := h.Vectors.NewsHeld(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	if len(held) == 0 {
		p.Answer, p.Notes = Say("vectors.events.empty"), []string{a.T("vectors.events.how")}
		return p, nil
	}
	tones := make([]vectors.Tone, len(held))
	pairs := Control{Name: "pair", Label: a.T("vectors.events.pair"), Value: strings.ToUpper(a.Get("pair"))}
	at := 0
	for i, x := range held {
		tones[i] = x.Tone
		key := pairKey(x.Tone)
		pairs.Choices = append(pairs.Choices, Choice{key, h.pairName(x.Tone, lang)})
		if key == pairs.Value {
			at = i
		}
	}
	if pairs.Value != "" && pairKey(tones[at]) != pairs.Value {
		var known []string
		for _, c := range pairs.Choices {
			known = append(known, c.Value)
		}
		return nil, shanyraq.Tell("view.VectorsEvents", shanyraq.Invalid, shanyraq.Text{Key: "vectors.error.pair", Args: map[string]any{"Found": pairs.Value, "Known": strings.Join(known, ", ")}}, "no pair %q", pairs.Value)
	}
	pairs.Value = pairKey(tones[at])
	p.Controls = []Control{pairs}
	most := held[0]
	p.Answer = Say("vectors.events.held", "From", h.PlaceName(most.From, lang), "To", h.PlaceName(most.To, lang), "Count", most.N, "Score", most.Score)
	if most.Score.IsZero() {
		p.Answer = Say("vectors.events.held.bare", "From", h.PlaceName(most.From, lang), "To", h.PlaceName(most.To, lang), "Count", most.N)
	}
	t := h.toneTable(a, tones)
	t.Columns[1].Label, t.Lead = a.T("vectors.events.months"), Say("vectors.events.held.lead")
	drawn := held[at]
	pair, score := h.pairName(drawn.Tone, lang), a.T("vectors.events.score")
	months := &Table{Key: "months", Broad: true, Title: a.T("vectors.events.by_month", "Pair", pair), RowHead: a.T("common.date"), Columns: []Column{{Key: "value", Label: score, Figures: true}}}
	lines := &Table{Key: "months-lines", Title: months.Title, RowHead: a.T("common.date"), Columns: []Column{{Key: "month", Label: a.T("common.date")}, {Key: "value", Label: score, Figures: true}},
		Chart: &Chart{Type: "lines", Value: "value", X: "month", Unit: score}}
	for i := len(drawn.Months) - 1; i >= 0; i-- {
		when := drawn.Whens[i]
		row := Row{Key: string(when), Label: a.Loc.Period(when)}
		months.Add(row, Cell{Figure: drawn.Months[i]})
		row.Group, row.Home = pair, drawn.From == a.Home
		lines.Add(row, Cell{Text: string(when)}, Cell{Figure: drawn.Months[i]})
	}
	months.draws(lines)
	p.Tables = []*Table{t, months}
	p.Notes = []string{a.T("vectors.events.note"), a.T("vectors.events.whole")}
	return p, nil
}

// VectorsEventsOf returns the same of events that were read for one answer, day
// by day and faded with the half-life in days. Nothing of them is kept.
func VectorsEventsOf(ctx context.Context, h *House, a *Ask, count *publishers.EventCount, halfLife float64) (*Page, error) {
	if !(halfLife > 0) {
		return nil, shanyraq.Tell("view.VectorsEventsOf", shanyraq.Invalid, shanyraq.Text{Key: "vectors.error.half_life", Args: map[string]any{"Found": strconv.FormatFloat(halfLife, 'g', -1, 64)}}, "a half-life of %g", halfLife)
	}
	if err := count.Sound(); err != nil {
		return nil, err
	}
	first, last := count.News.Days()
	now := last
	if s := a.Get("until"); s != "" {
		t, err := time.Parse("2006-01-02", s)
		if err != nil {
			return nil, shanyraq.Tell("view.VectorsEvents", shanyraq.Invalid, shanyraq.Text{Key: "vectors.error.day", Args: map[string]any{"Found": s}}, "%q is no day", s)
		}
		now = t
	}
	read, held := count.News.Read()
	p := &Page{Room: "vectors", Path: "/vectors/events", Question: a.T("vectors.events.question", "Home", h.PlaceName(a.Home, a.Loc.Lang()))}
	if count.Aside > 0 {
		p.Notes = append(p.Notes, a.T("vectors.events.aside", "Count", count.Aside, "First", count.First[0].String()))
	}
	if held == 0 {
		p.Answer = Say("vectors.events.none", "Read", read)
		return p, nil
	}
	tones, err := count.News.Tones(ctx, now, halfLife)
	if err != nil {
		return nil, err
	}
	p.Answer = Say("vectors.events.answer", "Read", read, "Held", held, "From", a.Loc.Period(dayOf(first)), "To", a.Loc.Period(dayOf(last)))
	p.Tables, p.Notes = []*Table{h.toneTable(a, tones)}, append(p.Notes, a.T("vectors.events.note"))
	return p, nil
}

func pairKey(t vectors.Tone) string { return string(t.From) + "-" + string(t.To) }

func (h *House) pairName(t vectors.Tone, lang string) string {
	return h.PlaceName(t.From, lang) + " → " + h.PlaceName(t.To, lang)
}

// toneTable lists pairs with how many reports there were and their tone.
func (h *House) toneTable(a *Ask, tones []vectors.Tone) *Table {
	t := &Table{Key: "tones", Broad: true, Title: a.T("vectors.events"), RowHead: a.T("vectors.events.pair"), Lead: Say("vectors.events.lead"),
		Columns: []Column{{Key: "n", Label: a.T("vectors.events.n")}, {Key: "days", Label: a.T("vectors.events.days")}, {Key: "score", Label: a.T("vectors.events.score"), Figures: true}, {Key: "net", Label: a.T("vectors.events.net"), Figures: true}, {Key: "change", Label: a.T("vectors.events.change"), Figures: true}}}
	for _, q := range []string{"verbal", "material", "conflict", "force"} {
		t.Columns = append(t.Columns, Column{Key: q, Label: a.T("vectors.events.quad." + q)})
	}
	for _, x := range tones {
		cells := []Cell{{Text: strconv.Itoa(x.N)}, {Text: strconv.Itoa(x.Days)}, Fig(x.Score, a.T("common.nodata")), Fig(x.Net, a.T("common.nodata")), Fig(x.Change, a.T("common.nodata"))}
		for _, n := range x.Quads {
			cells = append(cells, Cell{Text: strconv.Itoa(n)})
		}
		t.Add(Row{Key: pairKey(x), Label: h.pairName(x, a.Loc.Lang()), Home: x.From == a.Home}, cells...)
	}
	return t
}
