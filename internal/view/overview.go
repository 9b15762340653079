package view

import (
	"context"

	"shanyraq"
	"shanyraq/internal/standing"
)

// Overview returns the first page: one figure and one sentence per room, and
// where the people abroad are.
func Overview(ctx context.Context, h *House, a *Ask) (*Page, error) {
	lang := a.Loc.Lang()
	home := h.PlaceName(a.Home, lang)
	p := &Page{Room: "overview", Path: "/", Question: a.T("overview.question", "Home", home)}

	l, err := h.Standing.League(ctx, standing.Question{})
	if err != nil && shanyraq.KindOf(err) != shanyraq.NotFound {
		return nil, err
	}
	card := Card{Room: "standing", Title: a.T("nav.standing"), Href: a.link("/standing")}
	if e, ok := l.Of(a.Home); ok {
		card.Figure, card.Text = e.Rank, Say("overview.standing", "N", len(l.Entries), "Year", l.Year, "Score", e.Score)
	} else {
		card.Text = Say("standing.unranked", "Home", home, "Year", l.Year, "N", len(l.Entries))
	}
	p.Cards = append(p.Cards, card)

	b, err := h.Vectors.Balance(ctx, a.Home)
	if err != nil && shanyraq.KindOf(err) != shanyraq.NotFound {
		return nil, err
	}
	card = Card{Room: "vectors", Title: a.T("nav.vectors"), Href: a.link("/vectors"), Text: vectorsAnswer(h, a, b)}
	for _, row := range b.Rows {
		if row.Domain.Key == "exports" && !row.Concentration.IsZero() {
			card.Figure = row.Concentration
			countries := 0
			for _, p := range row.Partners {
				if p.Place != shanyraq.EuropeanUnion { // the union as a whole is no partner among countries
					countries++
				}
			}
			card.Text = Say("overview.vectors", "Year", row.Year, "Count", countries)
		}
	}
	p.Cards = append(p.Cards, card)

	page, err := Diaspora(ctx, h, a)
	if err != nil {
		return nil, err
	}
	card = Card{Room: "diaspora", Title: a.T("nav.diaspora"), Href: a.link("/diaspora"), Text: page.Answer}
	o, err := h.Diaspora.Overview(ctx, a.Home, 0)
	if err != nil {
		return nil, err
	}
	var widest shanyraq.Figure // the claim with the widest range, so that nobody takes one number for the answer
	for _, c := range o.Totals {
		if f, err := c.Figure(); err == nil && c.Stated != nil && (widest.IsZero() || f.Interval().Hi-f.Interval().Lo > widest.Interval().Hi-widest.Interval().Lo) {
			widest = f
		}
	}
	if card.Figure = widest; !widest.IsZero() {
		card.Text = Say("overview.diaspora", "Count", len(o.Hosts), "Claims", len(o.Totals))
	}
	p.Cards = append(p.Cards, card)
	p.Cards = append(p.Cards, Card{Room: "hosts", Title: a.T("nav.hosts"), Href: a.link("/hosts"), Text: Say("overview.hosts", "Count", len(h.Countries(a.Loc.Compare, lang)), "Series", len(h.series), "Sources", len(h.sources))})
	p.Answer = Say("overview.answer", "Home", home)

	league, err := Standing(ctx, h, &Ask{Home: a.Home, Query: a.Query, Loc: a.Loc, Today: a.Today})
	if err == nil {
		if t := league.Table("league"); t != nil {
			p.Tables = append(p.Tables, excerpt(t, a, "/standing"))
		}
	}
	if t := page.Table("hosts"); t != nil {
		p.Tables = append(p.Tables, excerpt(t, a, "/diaspora"))
	}
	return p, nil
}

// overviewRows is how many rows of a room's table the overview shows beside
// the whole of its chart.
const overviewRows = 60

// excerpt returns the table with its chart for the overview, and a note where
// the rest is.
func excerpt(t *Table, a *Ask, href string) *Table {
	out := *t
	out.Lead = Sentence{}
	out.Notes = nil
	out.More, out.Whole = a.link(href), t
	if len(out.Rows) > overviewRows {
		out.Rows = out.Rows[:overviewRows]
	}
	return &out
}
