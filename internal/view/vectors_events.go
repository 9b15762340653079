package view

import (
	"context"
	"strconv"
	"time"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// dayOf is a day as a period.
func dayOf(t time.Time) shanyraq.Period { return shanyraq.Period(t.Format("2006-01-02")) }

// VectorsEvents returns the page of how home and each power act towards each
// other in the news that was read. Nothing of it is kept.
func VectorsEvents(ctx context.Context, h *House, a *Ask, news *vectors.News, halfLife float64) (*Page, error) {
	first, last := news.Days()
	now := last
	if s := a.Get("until"); s != "" {
		t, err := time.Parse("2006-01-02", s)
		if err != nil {
			return nil, shanyraq.Tell("view.VectorsEvents", shanyraq.Invalid, shanyraq.Text{Key: "vectors.error.day", Args: map[string]any{"Found": s}}, "%q is no day", s)
		}
		now = t
	}
	lang := a.Loc.Lang()
	read, held := news.Read()
	p := &Page{Room: "vectors", Path: "/vectors", Question: a.T("vectors.events.question", "Home", h.PlaceName(a.Home, lang))}
	if held == 0 {
		p.Answer = Say("vectors.events.none", "Read", read)
		return p, nil
	}
	tones, err := news.Tones(ctx, now, halfLife)
	if err != nil {
		return nil, err
	}
	p.Answer = Say("vectors.events.answer", "Read", read, "Held", held, "From", a.Loc.Period(dayOf(first)), "To", a.Loc.Period(dayOf(last)))
	t := &Table{Key: "tones", Title: a.T("vectors.events"), RowHead: a.T("vectors.events.pair"), Lead: Say("vectors.events.lead"),
		Columns: []Column{{Key: "n", Label: a.T("vectors.events.n")}, {Key: "days", Label: a.T("vectors.events.days")}, {Key: "score", Label: a.T("vectors.events.score"), Figures: true}, {Key: "net", Label: a.T("vectors.events.net"), Figures: true}, {Key: "change", Label: a.T("vectors.events.change"), Figures: true}}}
	for _, q := range []string{"verbal", "material", "conflict", "force"} {
		t.Columns = append(t.Columns, Column{Key: q, Label: a.T("vectors.events.quad." + q)})
	}
	for _, x := range tones {
		cells := []Cell{{Text: strconv.Itoa(x.N)}, {Text: strconv.Itoa(x.Days)}, Fig(x.Score, a.T("common.nodata")), Fig(x.Net, a.T("common.nodata")), Fig(x.Change, a.T("common.nodata"))}
		for _, n := range x.Quads {
			cells = append(cells, Cell{Text: strconv.Itoa(n)})
		}
		t.Add(Row{Key: string(x.From) + "-" + string(x.To), Label: h.PlaceName(x.From, lang) + " → " + h.PlaceName(x.To, lang)}, cells...)
	}
	p.Tables, p.Notes = []*Table{t}, []string{a.T("vectors.events.note")}
	return p, nil
}
