package view

import (
	"context"
	"slices"
	"strings"

	"shanyraq"
	"shanyraq/internal/standing"
)

// eventsShown is how many matters stand on the page of the league.
const eventsShown = 8

// StandingConduct returns the page of what a country, home unless the key "place"
// says another, did for more than itself, and how each matter was received.
func StandingConduct(ctx context.Context, h *House, a *Ask) (*Page, error) {
	of := a.Home
	if s := a.Get("place"); s != "" {
		of = shanyraq.CountryCode(strings.ToUpper(s))
	}
	place, ok := h.Place(of)
	if !ok {
		return nil, shanyraq.Tell("view.StandingConduct", shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.place", Args: map[string]any{"Code": string(of)}}, "no place %q", of)
	}
	lang := a.Loc.Lang()
	c, err := h.Standing.Conduct(ctx, of)
	if err != nil {
		return nil, err
	}
	p := &Page{Room: "standing", Path: "/standing/conduct", Question: a.T("standing.conduct.question", "Home", place.Name(lang)), Crumbs: []Choice{{a.link("/standing"), a.T("nav.standing")}},
		Controls: []Control{h.countryControl(a, "place", a.T("common.country"), of)}, Notes: []string{a.T("standing.conduct.note")}}
	switch {
	case len(c.Events) == 0:
		p.Answer = Say("standing.conduct.answer.none", "Country", place.Name(lang))
	case c.For.IsZero() || c.Against.IsZero():
		p.Answer = Say("standing.conduct.answer.few", "Country", place.Name(lang), "Count", len(c.Events))
	default:
		p.Answer = Say("standing.conduct.answer", "Country", place.Name(lang), "Count", len(c.Events), "For", c.For, "Against", c.Against)
	}
	events := h.eventTable(a, c)
	received := &Table{Key: "reception", Broad: true, Title: a.T("standing.conduct.reception"), Lead: Say("standing.conduct.reception.lead"), RowHead: a.T("standing.conduct.matter"), Empty: a.T("standing.conduct.reception.empty"),
		Columns: []Column{{Key: "how", Label: a.T("standing.conduct.how")}, {Key: "who", Label: a.T("standing.conduct.who")}, {Key: "when", Label: a.T("common.date")}, {Key: "note", Label: a.T("common.note")}, {Key: "source", Label: a.T("common.source")}}}
	acts := &Table{Key: "acts", Broad: true, Title: a.T("standing.conduct.acts"), RowHead: a.T("common.date"), Empty: a.T("standing.record.empty", "Home", place.Name(lang)),
		Columns: []Column{{Key: "kind", Label: a.T("common.series")}, {Key: "matter", Label: a.T("standing.conduct.matter")}, {Key: "note", Label: a.T("common.note")}, {Key: "source", Label: a.T("common.source")}}}
	var all []shanyraq.Claim
	for _, e := range c.Events {
		for _, x := range []struct {
			claims []shanyraq.Claim
			how    Cell
		}{{e.Support, Cell{Text: a.T("standing.conduct.support"), Badge: "mood-welcome"}}, {e.Criticism, Cell{Text: a.T("standing.conduct.criticism"), Badge: "mood-backlash"}}} {
			for _, r := range x.claims {
				who := r.Who
				if r.Partner != "" && r.Partner != shanyraq.World {
					who = strings.TrimPrefix(who+", "+h.PlaceName(r.Partner, lang), ", ")
				}
				received.Cited = append(received.Cited, r.Source)
				received.Add(Row{Key: string(r.ID), Label: e.Subject}, x.how, Cell{Text: who}, Cell{Text: h.when(a, r)}, Cell{Text: r.Note}, h.opens(a, r))
			}
		}
		all = append(all, e.Acts...)
	}
	slices.SortStableFunc(all, func(x, y shanyraq.Claim) int { return strings.Compare(string(y.When), string(x.When)) })
	for _, x := range all {
		acts.Cited = append(acts.Cited, x.Source)
		acts.Add(Row{Key: string(x.ID), Label: h.when(a, x)}, Cell{Text: h.SeriesTitle(x.Series, lang)}, Cell{Text: x.Subject}, Cell{Text: noteOf(x)}, h.opens(a, x))
	}
	p.Tables = []*Table{events, received, acts}
	return p, nil
}

// eventTable lists what a country was active in, with how many records there are
// and how they were received.
func (h *House) eventTable(a *Ask, c standing.Conduct) *Table {
	lang := a.Loc.Lang()
	home := h.PlaceName(c.Place, lang)
	t := &Table{Key: "events", Broad: true, Title: a.T("standing.record"), Lead: Say("standing.conduct.lead", "Count", len(c.Events)), RowHead: a.T("standing.conduct.matter"), Empty: a.T("standing.record.empty", "Home", home),
		Columns: []Column{{Key: "kinds", Label: a.T("standing.conduct.kinds")}, {Key: "last", Label: a.T("standing.conduct.last")}, {Key: "done", Label: a.T("standing.conduct.done"), Figures: true}, {Key: "support", Label: a.T("standing.conduct.support"), Figures: true}, {Key: "criticism", Label: a.T("standing.conduct.criticism"), Figures: true}}}
	for _, e := range c.Events {
		names := make([]string, len(e.Kinds))
		for i, k := range e.Kinds {
			names[i] = h.SeriesTitle(k, lang)
		}
		for _, x := range e.Acts {
			t.Cited = append(t.Cited, x.Source)
		}
		none := a.T("standing.conduct.none")
		t.Add(Row{Key: e.Subject, Label: e.Subject}, Cell{Text: strings.Join(names, ", ")}, Cell{Text: h.when(a, e.Acts[0])}, Fig(e.Done, none), Fig(e.For, none), Fig(e.Against, none))
	}
	return t
}

// conductTitle says what a figure of conduct is of; its path is split at the
// slashes.
func (h *House) conductTitle(a *Ask, seg []string) string {
	what := a.T(conductLabels[seg[4]])
	c, err := h.Standing.Conduct(context.Background(), shanyraq.CountryCode(seg[2]))
	if err != nil {
		return what
	}
	if e, ok := c.Event(seg[3]); ok {
		return e.Subject + ": " + what
	}
	return what
}

var conductLabels = map[string]string{"acts": "standing.conduct.done", "support": "standing.conduct.support", "criticism": "standing.conduct.criticism"}
