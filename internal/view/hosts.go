package view

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/diaspora"
	"shanyraq/internal/hosts"
	"shanyraq/internal/standing"
)

// hostColumns are the series of the table of all hosts.
var hostColumns = []shanyraq.SeriesID{"SP.POP.TOTL", "NY.GDP.PCAP.PP.CD", "HDR_hdi", "VDEM_v2x_polyarchy", "WGI_rule_of_law_estimate", "internet_users"}

// Hosts returns the page of all countries, with a few measures of each and a
// map of one of them.
func Hosts(ctx context.Context, h *House, a *Ask) (*Page, error) {
	lang := a.Loc.Lang()
	p := &Page{Room: "hosts", Path: "/hosts", Question: a.T("hosts.question")}
	group := shanyraq.GroupID(a.Get("group"))
	groups := Control{Name: "group", Label: a.T("common.group"), Value: string(group), Choices: []Choice{{"", a.T("hosts.all")}}}
	for _, g := range h.groups {
		groups.Choices = append(groups.Choices, Choice{string(g.ID), g.Name(lang)})
	}
	var members []shanyraq.CountryCode
	if group != "" {
		var err error
		if members, err = h.Members(a, group); err != nil {
			return nil, err
		}
	}
	shown := shanyraq.SeriesID(a.Get("series"))
	if shown == "" {
		shown = hostColumns[1]
	}
	if _, ok := h.Series(shown); !ok {
		return nil, shanyraq.Tell("view.Hosts", shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.series", Args: map[string]any{"Value": string(shown)}}, "no series %q", shown)
	}
	columns := hostColumns
	if !slices.Contains(columns, shown) {
		columns = append(slices.Clone(columns), shown)
	}
	series := Control{Name: "series", Label: a.T("hosts.series"), Value: string(shown)}
	for _, s := range h.series {
		if mappable(s) {
			series.Choices = append(series.Choices, Choice{string(s.ID), s.Title(lang)})
		}
	}
	slices.SortStableFunc(series.Choices, func(x, y Choice) int { return a.Loc.Compare(x.Label, y.Label) })
	p.Controls = []Control{groups, series}

	t := &Table{Key: "countries", Title: h.SeriesTitle(shown, lang), RowHead: a.T("common.country"), Chart: &Chart{Type: "map", Value: string(shown), Unit: a.Loc.UnitLabel(h.seriesOf[shown].Unit)},
		Notes: []string{a.T("hosts.note.newest")}}
	latest := map[shanyraq.SeriesID]map[shanyraq.CountryCode]shanyraq.Claim{}
	for _, id := range columns {
		var err error
		if latest[id], err = h.Hosts.Latest(ctx, id); err != nil {
			return nil, err
		}
		t.Columns = append(t.Columns, Column{Key: string(id), Label: h.SeriesTitle(id, lang), Figures: true, Dated: true})
	}
	for _, place := range h.Countries(a.Loc.Compare, lang) {
		if group != "" && !slices.Contains(members, place.Code) {
			continue
		}
		var cells []Cell
		for _, id := range columns {
			cells = append(cells, datedCell(a, latest[id][place.Code]))
		}
		t.Add(Row{Key: string(place.Code), Label: place.Name(lang), Href: a.link("/hosts/" + string(place.Code)), Home: place.Code == a.Home}, cells...)
	}
	p.Answer = Say("hosts.answer", "Count", len(t.Rows), "Series", h.SeriesTitle(shown, lang))
	p.Tables = append(p.Tables, t)
	return p, nil
}

// mappable reports whether a series has one number per country and year.
func mappable(s shanyraq.Series) bool {
	switch s.Topic {
	case "diaspora", "composition", "trade", "diplomacy", "softpower":
		return s.ID == "un_ideal_point" || s.ID == "unesco_sites" || strings.HasPrefix(string(s.ID), "T")
	}
	return s.Unit != "records"
}

// claimCell is the claim as a figure, or missing.
func claimCell(a *Ask, c shanyraq.Claim) Cell {
	if c.ID == "" {
		return Cell{Missing: a.T("common.nodata")}
	}
	f, err := c.Figure()
	if err != nil {
		return Cell{Missing: err.Error()}
	}
	return Cell{Figure: f}
}

// datedCell is the claim with its year. One too old to say how a country is now
// is missing, and opens all the same.
func datedCell(a *Ask, c shanyraq.Claim) Cell {
	out := claimCell(a, c)
	y := c.When.Year()
	if out.Figure.IsZero() || y == 0 {
		return out
	}
	if a.Today.Year()-y > hosts.Old {
		return Cell{Missing: a.T("hosts.only", "Year", y), Href: a.link(FigureHref(out.Figure))}
	}
	out.When = strconv.Itoa(y)
	return out
}

// rivalsShown is how many other states stand on a host's page; all stand on the
// page of its rivals.
const rivalsShown = 8

// Host returns the page of one country, meant for paper first.
func Host(ctx context.Context, h *House, a *Ask, code shanyraq.CountryCode) (*Page, error) {
	lang := a.Loc.Lang()
	prof, err := h.Hosts.Profile(ctx, code)
	if err != nil {
		return nil, err
	}
	home, name := h.PlaceName(a.Home, lang), prof.Place.Name(lang)
	p := &Page{Room: "hosts", Path: "/hosts/" + string(code), Question: name, Print: true, Crumbs: []Choice{{a.link("/hosts"), a.T("nav.hosts")}}}
	held, missing := 0, 0
	for _, t := range prof.Topics {
		held, missing = held+len(t.Lines), missing+len(t.Missing)
	}
	p.Answer = Say("hosts.host.answer", "Count", held, "Missing", missing)
	if len(prof.Groups) > 0 {
		var names []string
		for _, g := range prof.Groups {
			names = append(names, g.Name(lang))
		}
		p.Facts = append(p.Facts, Fact{Label: a.T("hosts.groups"), Text: strings.Join(names, ", ")})
	}
	if l, err := h.Standing.League(ctx, standing.Question{}); err == nil {
		if i := slices.IndexFunc(l.Entries, func(e standing.Entry) bool { return e.Place == code }); i >= 0 {
			p.Facts = append(p.Facts, Fact{Label: a.T("hosts.standing", "Count", len(l.Entries)), Cell: Fig(l.Entries[i].Rank, "")})
		}
	}
	var other []string
	for _, l := range []string{"en", "ru", "kk"} {
		if n := prof.Place.Names[l]; n != "" && n != name && !slices.Contains(other, n) {
			other = append(other, n)
		}
	}
	if len(other) > 0 {
		p.Facts = append(p.Facts, Fact{Label: a.T("hosts.names"), Text: strings.Join(other, ", ")})
	}

	topics := map[string]*Table{}
	for _, topic := range prof.Topics {
		t := &Table{Key: topic.Key, Title: a.T("topic." + topic.Key), RowHead: a.T("common.series"),
			Columns: []Column{{Key: "value", Label: a.T("common.value"), Figures: true}, {Key: "unit", Label: a.T("common.unit")}, {Key: "when", Label: a.T("common.date")}, {Key: "source", Label: a.T("common.source")}}}
		changes := topic.Key == "politics" // whose level means less than where it is going
		if changes {
			t.Columns = slices.Insert(t.Columns, 1, Column{Key: "change", Label: a.T("hosts.change"), Help: a.T("hosts.change.help"), Figures: true})
			t.Lead = regimeSays(a, prof.Course())
			t.Notes = append(t.Notes, a.T("hosts.regime.rule", "From", a.Loc.Number(hosts.DemocracyFrom, 1), "Liberal", a.Loc.Number(hosts.LiberalFrom, 1), "Unsure", a.Loc.Number(hosts.Unsure, 2)), a.T("hosts.politics.note"))
		}
		for _, l := range topic.Lines {
			cells := []Cell{claimCell(a, l.Latest), {Text: a.Loc.UnitLabel(l.Latest.Unit)}, {Text: a.Loc.Period(l.Latest.When)},
				{Text: h.sourceOf[l.Latest.Source].Publisher, Href: a.link("/sources/" + string(l.Latest.Source)), Source: l.Latest.Source}}
			if changes {
				cells = slices.Insert(cells, 1, Fig(l.Change, a.T("common.nodata")))
			}
			t.Add(Row{Key: string(l.Series.ID), Label: l.Series.Title(lang)}, cells...)
		}
		if n := len(topic.Missing); n > 0 {
			var names []string
			for _, s := range topic.Missing {
				names = append(names, s.Title(lang))
			}
			t.Notes = append(t.Notes, a.T("hosts.missing", "Count", n, "Names", strings.Join(names, "; ")))
		}
		topics[topic.Key] = t
	}
	setting, err := h.Hosts.Setting(ctx, code)
	if err != nil {
		return nil, err
	}
	topics["rules"], topics["services"] = h.rulesTable(a, setting), h.channelsTable(a, setting)
	if topics["values"] == nil {
		topics["values"] = &Table{Key: "values", Title: a.T("topic.values"), RowHead: a.T("common.series"), Empty: a.T("hosts.values.empty"), Next: Link{a.T("hosts.values.import"), a.link("/import")}}
	}
	topics["values"].Notes = append(topics["values"].Notes, a.T("hosts.values.note"))
	for _, pillar := range hosts.Pillars() {
		for _, key := range pillar.Topics {
			if t := topics[key]; t != nil {
				t.Title = a.T("hosts.pillar."+pillar.Key, "Topic", t.Title)
				p.Tables = append(p.Tables, t)
			}
		}
		if pillar.Key != "people" {
			continue
		}
		// Beside who lives there: whether it is safe to ask them anything, and
		// what ties the host to home.
		if err := h.safety(ctx, a, p, code); err != nil {
			return nil, err
		}
		if code == a.Home {
			continue
		}
		if err := h.hostTies(ctx, a, p, code, home, name); err != nil {
			return nil, err
		}
		seen, err := h.Hosts.Views(ctx, a.Home, code)
		if err != nil {
			return nil, err
		}
		t, err := h.apart(ctx, a, code)
		if err != nil {
			return nil, err
		}
		p.Tables = append(p.Tables, h.viewsTable(a, a.Home, newestOf(seen, 4), false), t)
	}
	similar, err := h.alike(ctx, a, code, similarWays, 2)
	if err != nil {
		return nil, err
	}
	rivals, err := h.rivalsTable(ctx, a, code)
	if err != nil {
		return nil, err
	}
	if over := len(rivals.Rows) - rivalsShown; over > 0 {
		rivals.Rows = rivals.Rows[:rivalsShown]
		rivals.Notes = append([]string{a.T("hosts.rivals.states.over", "Count", over)}, rivals.Notes...)
	}
	p.Tables = append(p.Tables, similar, rivals)
	setbacks, err := h.setbacks(ctx, a, code)
	if err != nil {
		return nil, err
	}
	if len(setbacks.Rows) > 0 {
		p.Tables = append(p.Tables, setbacks)
	}
	if code != a.Home && prof.Place.Exists() {
		fit, err := h.fitTable(ctx, a, code)
		if err != nil {
			return nil, err
		}
		kept, err := h.kept(ctx, a, code)
		if err != nil {
			return nil, err
		}
		p.Tables = append(p.Tables, fit, kept)
	}
	if code != a.Home && prof.Place.Exists() {
		offer, err := h.Hosts.Prospect(ctx, a.Home, code, a.Today, hosts.EqualWeights())
		if err != nil {
			return nil, err
		}
		t := &Table{Key: "potential", Broad: true, Title: a.T("hosts.potential"), RowHead: a.T("common.country"), Columns: componentColumns(a), Notes: []string{a.T("hosts.potential.note")}}
		t.Add(Row{Key: string(code), Label: name}, prospectCells(a, offer)...)
		p.Tables = append(p.Tables, t)
	}
	for i, c := range prof.Composition {
		t := &Table{Key: string(c.Series.ID), Title: c.Series.Title(lang), RowHead: a.T("common.part"),
			Columns: []Column{{Key: "share", Label: a.T("common.share"), Figures: true}, {Key: "when", Label: a.T("common.date")}}}
		if i == 0 {
			t.Notes = []string{a.T("hosts.note.composition")}
		}
		for _, part := range c.Parts {
			t.Add(Row{Key: part.Subject, Label: worded(a, part.Subject)}, claimCell(a, part), Cell{Text: a.Loc.Period(part.When)})
		}
		p.Tables = append(p.Tables, t)
	}
	saysEnglish(a, p.Tables)
	return p, nil
}

// regimeSays says how a country is governed and was ten years before.
func regimeSays(a *Ask, c hosts.Course) Sentence {
	index, then := claimCell(a, c.Index).Figure, claimCell(a, c.Before).Figure
	now := a.T("hosts.regime." + string(c.Now))
	switch {
	case index.IsZero():
		return Say("hosts.regime.none")
	case then.IsZero() || c.Change.IsZero():
		return Say("hosts.regime.only", "Now", now, "Year", c.Index.When.Year(), "Index", index)
	}
	return Say("hosts.regime.course", "Now", now, "Year", c.Index.When.Year(), "Index", index, "Then", a.T("hosts.regime."+string(c.Then)), "Before", c.Before.When.Year(), "Change", c.Change)
}

// hostTies adds what ties the host to home: people, by all claims together and
// then by one definition each, votes, trade, visits.
func (h *House) hostTies(ctx context.Context, a *Ask, p *Page, code shanyraq.CountryCode, home, name string) error {
	lang := a.Loc.Lang()
	d, err := h.Diaspora.Host(ctx, a.Home, code)
	if err != nil {
		return err
	}
	t := &Table{Key: "ties", Title: a.T("hosts.ties", "Home", home), RowHead: a.T("hosts.tie"),
		Columns: []Column{{Key: "value", Label: a.T("common.value"), Figures: true}, {Key: "unit", Label: a.T("common.unit")}},
		Empty:   a.T("hosts.ties.empty", "Home", home, "Host", name)}
	add := func(key, label string, f shanyraq.Figure) {
		if !f.IsZero() {
			t.Add(Row{Key: key, Label: label}, Cell{Figure: f}, Cell{Text: a.Loc.UnitLabel(f.Unit())})
		}
	}
	pooled, err := h.Diaspora.Pool(ctx, a.Home, 0, nil)
	if err != nil {
		return err
	}
	for _, s := range pooled.Sets {
		if f, ok := s.Size(code); ok {
			label := a.T("hosts.tie.pooled", "Set", setTitle(a, s.Set), "Year", pooled.Year)
			if year, old := s.Stale(code); old {
				t.Add(Row{Key: "pooled/" + string(s.Set), Label: label}, Cell{Missing: a.T("diaspora.old.only", "Year", year)}, Cell{Text: a.Loc.UnitLabel(f.Unit())})
				continue
			}
			add("pooled/"+string(s.Set), label, f)
		}
	}
	for _, def := range diaspora.Definitions() {
		add("people/"+string(def), a.T("hosts.tie.people", "Definition", h.Definition(def).Title(lang)), d.Sizes[def])
	}
	b, err := h.Vectors.Balance(ctx, a.Home)
	if err != nil {
		return err
	}
	for _, row := range b.Rows {
		if row.Domain.Key == "people" || row.Domain.Key == "students" {
			continue
		}
		for _, partner := range row.Partners {
			if partner.Place == code {
				add(row.Domain.Key, a.T("hosts.tie.share", "Domain", a.T("vectors.domain."+row.Domain.Key), "Year", row.Year), partner.Share)
			}
		}
	}
	if f, ok := b.Agreement[code]; ok {
		add("votes", a.T("vectors.domain.votes", "From", b.VoteYears[0], "To", b.VoteYears[1]), f)
	}
	if f, ok := b.Memberships[code]; ok {
		add("organisations", a.T("vectors.domain.organisations"), f)
	}
	r, err := h.Vectors.Records(ctx, a.Home, code)
	if err != nil {
		return err
	}
	held := func(n int) string { // of a list that is never whole
		if n == 0 {
			return a.T("hosts.rival.none")
		}
		return strconv.Itoa(n)
	}
	p.Facts = append(p.Facts, Fact{Label: a.T("hosts.records"), Text: a.T("hosts.records.line", "Visits", held(len(r.Visits)), "Posts", held(len(r.Posts)), "Organisations", held(len(d.Organisations)))})
	p.Tables = append(p.Tables, t)
	if len(r.Visits) > 0 {
		visits := h.claimTable(a, "visits", a.T("vectors.visits"), r.Visits[:min(4, len(r.Visits))], claimColumns{subject: true, place: true, note: true, noValue: true})
		visits.Broad = true
		for _, v := range r.Visits[:len(visits.Rows)] {
			visits.Cited = append(visits.Cited, v.Source)
		}
		p.Tables = append(p.Tables, visits)
	}
	return nil
}

// newestOf keeps the newest answer to each question of each poll, and of these
// the newest n.
func newestOf(cs []shanyraq.Claim, n int) []shanyraq.Claim {
	var out []shanyraq.Claim
	for _, c := range cs {
		if !slices.ContainsFunc(out, func(x shanyraq.Claim) bool { return x.Series == c.Series && x.Subject == c.Subject }) {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(x, y shanyraq.Claim) int { return strings.Compare(string(y.When), string(x.When)) })
	return out[:min(n, len(out))]
}
