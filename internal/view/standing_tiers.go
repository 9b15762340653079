package view

import (
	"context"
	"slices"
	"strconv"

	"shanyraq/internal/standing"
)

var tierLabels = map[standing.Tier]string{standing.Great: "standing.tier.great", standing.Medium: "standing.tier.middle", standing.Small: "standing.tier.small", "": "standing.tier.between"}

// StandingTiers returns the page of great, middle and small powers by rank, with
// cut-offs the reader can move: the keys b.top and b.bottom.
func StandingTiers(ctx context.Context, h *House, a *Ask) (*Page, error) {
	lang := a.Loc.Lang()
	year, err := a.Year("year")
	if err != nil {
		return nil, err
	}
	x, err := h.Standing.Tiers(ctx, year, a.Query)
	if err != nil {
		return nil, err
	}
	home := h.PlaceName(a.Home, lang)
	p := &Page{Room: "standing", Path: "/standing/tiers", Question: a.T("standing.tiers.question"), Notes: []string{a.T("standing.tiers.note")}}
	me, ranked := x.Of(a.Home)
	if ranked {
		p.Answer = Say("standing.tiers.answer", "Home", home, "Year", x.Year, "Great", x.Count(standing.Great), "Middle", x.Count(standing.Medium), "Small", x.Count(standing.Small), "Between", x.Count(""), "Share", me.Share[standing.Medium])
	} else {
		p.Answer = Say("standing.tiers.answer.unranked", "Home", home, "Year", x.Year, "Great", x.Count(standing.Great), "Middle", x.Count(standing.Medium), "Small", x.Count(standing.Small), "Between", x.Count(""))
	}
	at := Control{Name: "year", Label: a.T("common.year"), Value: strconv.Itoa(x.Year)}
	for _, y := range x.Years {
		at.Choices = append(at.Choices, Choice{strconv.Itoa(y), strconv.Itoa(y)})
	}
	if !slices.Contains(x.Years, x.Year) {
		at.Choices = append([]Choice{{at.Value, at.Value}}, at.Choices...)
	}
	show := Control{Name: "show", Label: a.T("standing.show"), Value: a.Get("show"), Choices: []Choice{{"", a.T("standing.show.near")}, {"all", a.T("standing.show.all", "Count", len(x.Entries))}}}
	p.Controls = []Control{at, show}
	for _, b := range []standing.Band{x.Top, x.Bottom} {
		a.Get(standing.BandKey(b)) // it is known
		p.Further = append(p.Further, Control{Name: standing.BandKey(b), Label: a.T("standing.power.band." + b.Key), Value: b.Text()})
	}
	p.FurtherTitle, p.FurtherHelp, p.FurtherOpen = a.T("standing.tiers.move"), a.T("standing.tiers.move.help"), true
	t := &Table{Key: "tiers", Title: a.T("standing.tiers", "Year", x.Year), Lead: Say("standing.tiers.lead"), RowHead: a.T("common.country"),
		Columns: []Column{{Key: "rank", Label: a.T("standing.rank"), Figures: true}, {Key: "great", Label: a.T(tierLabels[standing.Great]), Figures: true}, {Key: "middle", Label: a.T(tierLabels[standing.Medium]), Figures: true}, {Key: "small", Label: a.T(tierLabels[standing.Small]), Figures: true}, {Key: "tier", Label: a.T("standing.tiers.said")}},
		Chart:   &Chart{Type: "ranges", Value: "middle", Unit: a.Loc.UnitLabel("percent")}}
	home0 := slices.IndexFunc(x.Entries, func(e standing.Tiered) bool { return e.Place == a.Home })
	for i, e := range x.Entries {
		near := home0 >= 0 && i >= home0-around && i <= home0+around || e.Tier == "" || home0 < 0 && i <= 2*around
		if show.Value != "all" && !near && !slices.Contains(withPlaces(a), e.Place) {
			continue
		}
		t.Add(Row{Key: string(e.Place), Label: h.PlaceName(e.Place, lang), Href: a.link("/hosts/" + string(e.Place)), Home: e.Place == a.Home},
			Fig(e.Rank, ""), Fig(e.Share[standing.Great], ""), Fig(e.Share[standing.Medium], ""), Fig(e.Share[standing.Small], ""), Cell{Text: a.T(tierLabels[e.Tier])})
	}
	p.Tables = []*Table{t}
	return p, nil
}
