package view

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/hosts"
)

// rulesShown is how many records of rules stand on a host's page.
const rulesShown = 5

// rulesTable lists the rules of a host that touch people from home, or those
// who work with them.
func (h *House) rulesTable(a *Ask, s hosts.Setting) *Table {
	t := &Table{Key: "rules", Broad: true, Title: a.T("hosts.rules"), RowHead: a.T("common.date"), Empty: a.T("hosts.rules.empty"), Notes: []string{a.T("hosts.rules.note")},
		Columns: []Column{{Key: "about", Label: a.T("hosts.rules.about")}, {Key: "rule", Label: a.T("hosts.rules.rule")}, {Key: "note", Label: a.T("common.note")}, {Key: "source", Label: a.T("common.source")}}}
	for i, c := range s.Rules {
		if i == rulesShown {
			t.Notes = append(t.Notes, a.T("hosts.rules.over", "Count", len(s.Rules)-rulesShown))
			break
		}
		t.Cited = append(t.Cited, c.Source)
		t.Add(Row{Key: string(c.ID), Label: h.when(a, c)}, Cell{Text: h.SeriesTitle(c.Series, a.Loc.Lang())}, Cell{Text: c.Subject}, Cell{Text: c.Note}, h.opens(a, c))
	}
	return t
}

// when is the date of a record.
func (h *House) when(a *Ask, c shanyraq.Claim) string {
	if c.When == "" {
		return a.T("common.undated")
	}
	return a.Loc.Period(c.When)
}

// opens is the way to a claim, with where it was read.
func (h *House) opens(a *Ask, c shanyraq.Claim) Cell {
	out := Cell{Text: a.T("common.open"), Href: a.link("/f/" + escapePath("claim/"+string(c.ID))), Source: c.Source}
	if u, err := url.Parse(c.Address); err == nil {
		out.Site = strings.TrimPrefix(u.Hostname(), "www.")
	}
	return out
}

// channelsTable lists the services by which people in a host can be reached or
// cannot.
func (h *House) channelsTable(a *Ask, s hosts.Setting) *Table {
	t := &Table{Key: "channels", Broad: true, Title: a.T("hosts.channels"), RowHead: a.T("hosts.channel"), Empty: a.T("hosts.channels.empty"), Notes: []string{a.T("hosts.channels.note")},
		Columns: []Column{{Key: "state", Label: a.T("hosts.channel.state")}, {Key: "reach", Label: a.T("hosts.channel.reach"), Figures: true}, {Key: "note", Label: a.T("common.note")}, {Key: "source", Label: a.T("common.source")}}}
	for _, x := range s.Channels {
		state, badge := "none", ""
		cells := []Cell{{}, {Missing: a.T("common.nodata")}, {}, {}}
		if len(x.Records) > 0 {
			c := x.Records[0]
			t.Cited = append(t.Cited, c.Source)
			switch state = strings.TrimPrefix(string(x.State), "channel_"); x.State {
			case hosts.Blocked:
				badge = "mood-backlash"
			case hosts.Partly, hosts.Slowed, hosts.Withdrawn:
				badge = "mood-mixed"
			}
			cells[2], cells[3] = Cell{Text: c.Note}, h.opens(a, c)
			cells[0] = Cell{Text: a.T("hosts.channel."+state, "Date", h.when(a, c)), Badge: badge}
		} else {
			cells[0] = Cell{Text: a.T("hosts.channel.none")}
			cells[3] = h.opens(a, x.Reach)
		}
		if x.Reach.ID != "" {
			cells[1] = claimCell(a, x.Reach)
		}
		t.Add(Row{Key: x.Name, Label: x.Name}, cells...)
	}
	return t
}

// viewsTable lists what people answered about a country, newest first within a
// question.
func (h *House) viewsTable(a *Ask, of shanyraq.CountryCode, cs []shanyraq.Claim, places bool) *Table {
	lang := a.Loc.Lang()
	t := &Table{Key: "views", Broad: true, Title: a.T("hosts.views", "Country", h.PlaceName(of, lang)), RowHead: a.T("hosts.views.question"), Empty: a.T("hosts.views.empty"), Notes: []string{a.T("hosts.views.note")},
		Columns: []Column{{Key: "value", Label: a.T("common.value"), Figures: true}, {Key: "when", Label: a.T("common.date")}, {Key: "poll", Label: a.T("hosts.views.poll")}, {Key: "note", Label: a.T("common.note")}, {Key: "source", Label: a.T("common.source")}}}
	for _, c := range cs {
		label := h.SeriesTitle(c.Series, lang)
		if places {
			label = h.PlaceName(c.Place, lang) + ": " + label
		}
		if y := c.When.Year(); places && y != 0 {
			label += ", " + strconv.Itoa(y)
		}
		t.Add(Row{Key: string(c.ID), Label: label}, claimCell(a, c), Cell{Text: h.when(a, c)}, Cell{Text: c.Subject}, Cell{Text: c.Note}, h.opens(a, c))
	}
	return t
}

// HostsPerception returns the page of how a country, home unless the reader
// says, is seen abroad: answers to polls by host, and outside rankings with how
// many they rank.
func HostsPerception(ctx context.Context, h *House, a *Ask) (*Page, error) {
	of := a.Home
	if s := a.Get("of"); s != "" {
		of = shanyraq.CountryCode(strings.ToUpper(s))
	}
	place, ok := h.Place(of)
	if !ok || !place.Exists() {
		return nil, shanyraq.Tell("view.HostsPerception", shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.place", Args: map[string]any{"Code": string(of)}}, "no place %q", of)
	}
	lang := a.Loc.Lang()
	p := &Page{Room: "hosts", Path: "/hosts/perception", Question: a.T("hosts.perception.question.of", "Country", place.Name(lang)), Crumbs: []Choice{{a.link("/hosts"), a.T("nav.hosts")}},
		Controls: []Control{h.countryControl(a, "of", a.T("common.country"), of)}, Notes: []string{a.T("hosts.perception.note")}}
	cs, err := h.Hosts.Views(ctx, of, "")
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(cs, func(x, y shanyraq.Claim) int {
		return a.Loc.Compare(h.PlaceName(x.Place, lang), h.PlaceName(y.Place, lang))
	})
	views := h.viewsTable(a, of, cs, true)
	views.Chart = &Chart{Type: "ranges", Value: "value", Unit: a.Loc.UnitLabel("percent")}
	placings, err := h.placingsTable(ctx, a, of)
	if err != nil {
		return nil, err
	}
	var in []shanyraq.CountryCode
	for _, c := range cs {
		if !slices.Contains(in, c.Place) {
			in = append(in, c.Place)
		}
	}
	p.Answer = Say("hosts.perception.answer", "Country", place.Name(lang), "Count", len(in), "Years", len(placings.Rows))
	p.Tables = []*Table{views, placings}
	saysEnglish(a, p.Tables)
	return p, nil
}

// placingsTable is a country's places in outside rankings, each year with how
// many were ranked.
func (h *House) placingsTable(ctx context.Context, a *Ask, of shanyraq.CountryCode) (*Table, error) {
	ps, err := h.Hosts.Placings(ctx, of)
	if err != nil {
		return nil, err
	}
	lang := a.Loc.Lang()
	t := &Table{Key: "placings", Title: a.T("hosts.placings", "Country", h.PlaceName(of, lang)), RowHead: a.T("hosts.placings.ranking"), Empty: a.T("hosts.placings.empty"), Notes: []string{a.T("hosts.placings.note")},
		Columns: []Column{{Key: "year", Label: a.T("common.year")}, {Key: "rank", Label: a.T("hosts.placings.rank"), Figures: true}, {Key: "pool", Label: a.T("hosts.placings.pool"), Figures: true}, {Key: "placed", Label: a.T("hosts.placings.placed"), Help: a.T("hosts.placings.placed.help"), Figures: true},
			{Key: "score", Label: a.T("hosts.placings.score"), Figures: true}, {Key: "before", Label: a.T("hosts.placings.before")}, {Key: "edition", Label: a.T("common.source")}}}
	for i, x := range ps {
		before := "same"
		switch {
		case i+1 == len(ps) || ps[i+1].Index != x.Index:
			before = "first"
		case x.Pool.ID == "" || ps[i+1].Pool.ID == "":
			before = "unknown"
		case x.Apart:
			before = "other"
		}
		score := Cell{Missing: a.T("common.nodata")}
		if x.Score.ID != "" {
			score = claimCell(a, x.Score)
		}
		source := h.sourceOf[x.Rank.Source]
		t.Add(Row{Key: string(x.Rank.ID), Label: h.SeriesTitle(x.Rank.Series, lang)}, Cell{Text: strconv.Itoa(x.Year)}, claimCell(a, x.Rank), claimCell(a, x.Pool), Fig(x.Placed, a.T("common.nodata")), score,
			Cell{Text: a.T("hosts.placings.before." + before)}, Cell{Text: source.Publisher, Href: a.link("/sources/" + string(source.ID))})
	}
	return t, nil
}

// reactionsTable is how others have responded so far to a state that became
// more active.
func (h *House) reactionsTable(a *Ask, rs []hosts.Reaction) *Table {
	t := &Table{Key: "responses", Title: a.T("hosts.responses"), RowHead: a.T("hosts.rival"), Lead: Say("hosts.responses.lead"), Empty: a.T("hosts.responses.empty"), Notes: []string{a.T("hosts.responses.note")},
		Columns: []Column{{Key: "likely", Label: a.T("hosts.responses.likely")}, {Key: "here", Label: a.T("hosts.responses.here")}}}
	for _, kind := range hosts.Responses() {
		t.Columns = append(t.Columns, Column{Key: string(kind), Label: a.T("hosts.response." + string(kind)), Figures: true})
	}
	for _, x := range rs {
		cells := []Cell{likelyCell(a, x), {Text: a.T("hosts.responses.of", "Here", len(x.Here), "All", len(x.All))}}
		for _, kind := range hosts.Responses() {
			cells = append(cells, Fig(x.Shares[kind], ""))
		}
		t.Add(Row{Key: string(x.Rival), Label: h.PlaceName(x.Rival, a.Loc.Lang()), Href: a.link("/hosts/" + string(x.Rival))}, cells...)
	}
	return t
}

// likelyCell says what a state would likeliest do.
func likelyCell(a *Ask, x hosts.Reaction) Cell {
	if x.Likely == "" {
		return Cell{Text: a.T("hosts.response.untold")}
	}
	return Cell{Text: a.T("hosts.response." + string(x.Likely))}
}

// episodesShown is how many episodes stand on the page.
const episodesShown = 24

// episodesTable lists episodes, those of the host before the others and newest
// first.
func (h *House) episodesTable(a *Ask, host shanyraq.CountryCode, rs []hosts.Reaction) *Table {
	var cs []shanyraq.Claim
	for _, x := range rs {
		cs = append(cs, x.All...)
	}
	slices.SortStableFunc(cs, func(x, y shanyraq.Claim) int {
		if (x.Place == host) != (y.Place == host) {
			if x.Place == host {
				return -1
			}
			return 1
		}
		return strings.Compare(string(y.When), string(x.When))
	})
	return h.respondedTable(a, "episodes", a.T("hosts.episodes"), cs)
}

// respondedTable lists records of responses.
func (h *House) respondedTable(a *Ask, key, title string, cs []shanyraq.Claim) *Table {
	t := &Table{Key: key, Title: title, RowHead: a.T("common.date"), Empty: a.T("hosts.responses.empty"),
		Columns: []Column{{Key: "place", Label: a.T("hosts.cases.where")}, {Key: "state", Label: a.T("hosts.rival")}, {Key: "response", Label: a.T("hosts.responses.response")}, {Key: "note", Label: a.T("common.note")}, {Key: "source", Label: a.T("common.source")}}}
	for i, c := range cs {
		if i == episodesShown {
			t.Notes = append(t.Notes, a.T("hosts.rivals.over", "Count", len(cs)-episodesShown))
			break
		}
		t.Cited = append(t.Cited, c.Source)
		t.Add(Row{Key: string(c.ID), Label: h.when(a, c)}, Cell{Text: h.PlaceName(c.Place, a.Loc.Lang()), Href: a.link("/hosts/" + string(c.Place))}, Cell{Text: h.PlaceName(c.Partner, a.Loc.Lang())},
			Cell{Text: a.T("hosts.response." + c.Subject)}, Cell{Text: c.Note}, h.opens(a, c))
	}
	return t
}

// setbacks lists what went badly in a host before: limits of instruments and
// setbacks of other states there.
func (h *House) setbacks(ctx context.Context, a *Ask, code shanyraq.CountryCode) (*Table, error) {
	l, err := h.Hosts.Compared(ctx)
	if err != nil {
		return nil, err
	}
	var cs []shanyraq.Claim
	for _, c := range l.Limits {
		if c.Place == code {
			cs = append(cs, c)
		}
	}
	for _, c := range l.Cases {
		if c.Subject == "limits" && c.Partner == code {
			cs = append(cs, c)
		}
	}
	slices.SortStableFunc(cs, func(x, y shanyraq.Claim) int { return strings.Compare(string(y.When), string(x.When)) })
	t := &Table{Key: "setbacks", Broad: true, Title: a.T("hosts.setbacks"), RowHead: a.T("common.date"),
		Columns: []Column{{Key: "what", Label: a.T("hosts.limits.instrument")}, {Key: "note", Label: a.T("common.note")}, {Key: "source", Label: a.T("common.source")}}}
	for _, c := range cs[:min(setbacksShown, len(cs))] {
		what := worded(a, c.Subject)
		if c.Series == hosts.Cases {
			what = h.PlaceName(c.Place, a.Loc.Lang())
		}
		t.Cited = append(t.Cited, c.Source)
		t.Add(Row{Key: string(c.ID), Label: h.when(a, c)}, Cell{Text: what}, Cell{Text: c.Note}, h.opens(a, c))
	}
	return t, nil
}

// setbacksShown is how many setbacks stand on a host's page.
const setbacksShown = 3

// HostsCases returns the page of what other states tried and where instruments
// showed their limits.
func HostsCases(ctx context.Context, h *House, a *Ask) (*Page, error) {
	l, err := h.Hosts.Compared(ctx)
	if err != nil {
		return nil, err
	}
	lang := a.Loc.Lang()
	p := &Page{Room: "hosts", Path: "/hosts/cases", Question: a.T("hosts.cases.question"), Crumbs: []Choice{{a.link("/hosts"), a.T("nav.hosts")}}, Notes: []string{a.T("hosts.cases.note")}}
	of, about := shanyraq.CountryCode(strings.ToUpper(a.Get("of"))), a.Get("about")
	states := Control{Name: "of", Label: a.T("hosts.cases.state"), Value: string(of), Choices: []Choice{{"", a.T("hosts.cases.all")}}}
	for _, s := range l.States {
		states.Choices = append(states.Choices, Choice{string(s), h.PlaceName(s, lang)})
	}
	headings := Control{Name: "about", Label: a.T("hosts.cases.about"), Value: about, Choices: []Choice{{"", a.T("hosts.cases.all")}}}
	for _, x := range l.Headings {
		headings.Choices = append(headings.Choices, Choice{x, h.heading(a, x)})
	}
	for _, c := range []Control{states, headings} {
		if !slices.ContainsFunc(c.Choices, func(x Choice) bool { return x.Value == c.Value }) {
			return nil, shanyraq.Tell("view.HostsCases", shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.case", Args: map[string]any{"Value": c.Value}}, "no case of %q", c.Value)
		}
	}
	p.Controls = []Control{states, headings}
	t := &Table{Key: "cases", Title: a.T("hosts.cases"), RowHead: a.T("hosts.cases.state"), Empty: a.T("hosts.cases.empty"),
		Columns: []Column{{Key: "about", Label: a.T("hosts.cases.about")}, {Key: "where", Label: a.T("hosts.cases.where")}, {Key: "when", Label: a.T("common.date")}, {Key: "note", Label: a.T("common.note")}, {Key: "source", Label: a.T("common.source")}}}
	for _, c := range l.Cases {
		if of != "" && c.Place != of || about != "" && c.Subject != about {
			continue
		}
		where := Cell{Missing: a.T("hosts.cases.nowhere")}
		if c.Partner != "" {
			where = Cell{Text: h.PlaceName(c.Partner, lang), Href: a.link("/hosts/" + string(c.Partner))}
		}
		t.Cited = append(t.Cited, c.Source)
		t.Add(Row{Key: string(c.ID), Label: h.PlaceName(c.Place, lang), Href: a.link("/hosts/" + string(c.Place))}, Cell{Text: h.heading(a, c.Subject)}, where, Cell{Text: h.when(a, c)}, Cell{Text: c.Note}, h.opens(a, c))
	}
	limits := &Table{Key: "limits", Title: a.T("hosts.limits"), RowHead: a.T("hosts.limits.instrument"), Lead: Say("hosts.limits.lead"), Empty: a.T("hosts.cases.empty"),
		Columns: []Column{{Key: "where", Label: a.T("hosts.cases.where")}, {Key: "when", Label: a.T("common.date")}, {Key: "note", Label: a.T("common.note")}, {Key: "source", Label: a.T("common.source")}}}
	for _, c := range l.Limits {
		limits.Cited = append(limits.Cited, c.Source)
		limits.Add(Row{Key: string(c.ID), Label: worded(a, c.Subject)}, Cell{Text: h.PlaceName(c.Place, lang), Href: a.link("/hosts/" + string(c.Place))}, Cell{Text: h.when(a, c)}, Cell{Text: c.Note}, h.opens(a, c))
	}
	p.Tables = []*Table{t, limits}
	saysEnglish(a, p.Tables)
	p.Answer = Say("hosts.cases.answer", "Count", len(t.Rows), "States", len(l.States), "Limits", len(l.Limits))
	return p, nil
}

// heading is a case's heading in the reader's language, or as it was imported.
func (h *House) heading(a *Ask, subject string) string {
	if slices.Contains(hosts.Headings(), subject) {
		return a.T("hosts.heading." + strings.ReplaceAll(subject, " ", "_"))
	}
	return subject
}
