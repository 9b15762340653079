package view

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/diaspora"
	"shanyraq/internal/hosts"
)

// HostsTabs returns the pages of the Hosts room, path and label, in order, or
// nil if the path is of another room or of one country.
func HostsTabs(a *Ask, path string) []Choice {
	tabs := []Choice{
		{"/hosts", a.T("hosts.tab.all")},
		{"/hosts/compare", a.T("hosts.tab.compare")},
		{"/hosts/similar", a.T("hosts.tab.similar")},
		{"/hosts/rivals", a.T("hosts.tab.rivals")},
		{"/hosts/cases", a.T("hosts.tab.cases")},
		{"/hosts/perception", a.T("hosts.tab.perception")},
		{"/hosts/fit", a.T("hosts.tab.fit")},
		{"/hosts/acculturation", a.T("hosts.axes")},
		{"/hosts/potential", a.T("hosts.tab.potential")},
		{"/hosts/tiers", a.T("hosts.tab.tiers")},
	}
	if !slices.ContainsFunc(tabs, func(c Choice) bool { return c.Value == path }) {
		return nil
	}
	return tabs
}

// hostsTitle says what a figure of the Hosts room is of, from its path split at
// the slashes.
func (h *House) hostsTitle(a *Ask, seg []string) (title, subtitle string) {
	place := func(i int) string {
		if i < len(seg) {
			return h.PlaceName(shanyraq.CountryCode(seg[i]), a.Loc.Lang())
		}
		return ""
	}
	at := func(i int) string {
		if i < len(seg) {
			return seg[i]
		}
		return ""
	}
	switch at(1) {
	case "apart":
		return a.T("hosts.way." + at(2)), place(3) + " · " + place(4)
	case "fit":
		return a.T("hosts.fit") + ": " + a.T("hosts.theme."+at(2)), place(3) + " · " + place(4)
	case "groups":
		return a.T("hosts.found"), a.T("hosts.way."+at(2)) + " · " + place(4)
	case "rival":
		if at(4) == "presence" {
			return a.T("hosts.presence"), place(3) + " · " + place(2)
		}
		return a.T("hosts.kind." + at(4)), place(3) + " · " + place(2)
	case "change":
		return a.T("hosts.change") + ": " + h.SeriesTitle(shanyraq.SeriesID(at(2)), a.Loc.Lang()), place(3)
	case "returned", "bodies":
		return a.T("hosts.axes." + at(1)), place(2) + " · " + place(3)
	case "audience":
		return a.T("hosts.audience."+at(2)) + ": " + a.T("hosts.theme."+at(3)), place(4) + " · " + place(5)
	case "response":
		return a.T("hosts.response." + at(4)), place(3)
	case "placed":
		return a.T("hosts.placings.placed"), h.SeriesTitle(shanyraq.SeriesID(at(2)), a.Loc.Lang()) + " · " + place(3) + " · " + at(4)
	case "potential":
		on := a.Loc.Period(shanyraq.Period(at(4)))
		if len(seg) == 6 {
			return a.T("hosts.component." + at(5)), place(3) + " · " + on
		}
		return a.T("hosts.potential"), place(3) + " · " + on
	}
	return strings.Join(seg, "/"), ""
}

// crowds is the Diaspora room as the Hosts room asks it.
type crowds struct{ room *diaspora.Room }

// People returns how many people of home live in each host by all claims
// together: those by ethnicity or those born in home, whichever are more, because
// the sets overlap and are not added, and the larger of them is the audience there.
func (c crowds) People(ctx context.Context, home shanyraq.CountryCode) (map[shanyraq.CountryCode]shanyraq.Figure, error) {
	p, err := c.room.Pool(ctx, home, 0, nil)
	if err != nil {
		return nil, err
	}
	out := map[shanyraq.CountryCode]shanyraq.Figure{}
	for _, set := range []diaspora.Set{diaspora.Born, diaspora.Ethnic} {
		s, ok := p.Of(set)
		if !ok {
			continue
		}
		for _, host := range p.Hosts {
			if f, ok := s.Size(host.Place); ok {
				if _, old := s.Stale(host.Place); !old && (out[host.Place].IsZero() || f.Value() > out[host.Place].Value()) {
					out[host.Place] = f
				}
			}
		}
	}
	return out, nil
}

// Kin returns how many of home's people by ethnicity live in each host.
func (c crowds) Kin(ctx context.Context, home shanyraq.CountryCode) (map[shanyraq.CountryCode]shanyraq.Figure, error) {
	o, err := c.room.Overview(ctx, home, 0)
	if err != nil {
		return nil, err
	}
	out := map[shanyraq.CountryCode]shanyraq.Figure{}
	for _, host := range o.Hosts {
		for _, d := range []shanyraq.DefinitionID{"ethnicity", "ethnicity_unstated"} {
			if f := host.Sizes[d]; !f.IsZero() {
				out[host.Place] = f
				break
			}
		}
	}
	return out, nil
}

// Returned returns those who came back in the newest year counted.
func (c crowds) Returned(ctx context.Context, home shanyraq.CountryCode) (map[shanyraq.CountryCode]shanyraq.Figure, int, error) {
	rs, err := c.room.ReturnsByYear(ctx, home)
	if err != nil || len(rs) == 0 {
		return nil, 0, err
	}
	return rs[0].From, rs[0].Year, nil
}

// names returns what the places are called, in order of the language.
func (h *House) names(a *Ask, codes []shanyraq.CountryCode) string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = h.PlaceName(c, a.Loc.Lang())
	}
	slices.SortFunc(out, a.Loc.Compare)
	return strings.Join(out, ", ")
}

// seriesNames returns what the series are called, one after the other.
func (h *House) seriesNames(a *Ask, ids []shanyraq.SeriesID) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = h.SeriesTitle(id, a.Loc.Lang())
	}
	return strings.Join(out, "; ")
}

// lacking says what a distance is not over.
func (h *House) lacking(a *Ask, d hosts.Distance) string {
	switch {
	case d.Of == 0:
		return a.T("hosts.apart.novalues")
	case len(d.Missing) == 0:
		return a.T("hosts.apart.nothing")
	}
	return h.seriesNames(a, d.Missing)
}

// apart returns the table of how far the host is from home.
func (h *House) apart(ctx context.Context, a *Ask, code shanyraq.CountryCode) (*Table, error) {
	ds, err := h.Hosts.Distances(ctx, a.Home, code)
	if err != nil {
		return nil, err
	}
	t := &Table{Key: "apart", Title: a.T("hosts.apart", "Home", h.PlaceName(a.Home, a.Loc.Lang())), RowHead: a.T("hosts.way"),
		Columns: []Column{{Key: "distance", Label: a.T("hosts.distance"), Figures: true}, {Key: "unit", Label: a.T("common.unit")}, {Key: "missing", Label: a.T("hosts.apart.missing")}},
		Notes:   []string{a.T("hosts.apart.note")}}
	for _, d := range ds {
		t.Add(Row{Key: string(d.Way), Label: a.T("hosts.way." + string(d.Way))}, Fig(d.Figure, a.T("common.nodata")), Cell{Text: a.Loc.UnitLabel(d.Way.Unit())}, Cell{Text: h.lacking(a, d)})
	}
	return t, nil
}

// similarWays are the ways in which the most similar hosts are shown on a
// country's page.
var similarWays = []hosts.Way{hosts.Governed, hosts.Living, hosts.Language}

// alike returns the table of the countries most like the host, way by way.
func (h *House) alike(ctx context.Context, a *Ask, code shanyraq.CountryCode, ways []hosts.Way, k int) (*Table, error) {
	t := &Table{Key: "similar", Broad: true, Title: a.T("hosts.similar"), RowHead: a.T("hosts.way"), Empty: a.T("hosts.similar.empty"),
		Columns: []Column{{Key: "country", Label: a.T("common.country")}, {Key: "distance", Label: a.T("hosts.distance"), Figures: true}, {Key: "unit", Label: a.T("common.unit")}, {Key: "missing", Label: a.T("hosts.apart.missing")}}}
	for _, w := range ways {
		ls, err := h.Hosts.Similar(ctx, w, code, k)
		if err != nil {
			return nil, err
		}
		for _, l := range ls {
			t.Add(Row{Key: string(w) + "-" + string(l.Place), Label: a.T("hosts.way." + string(w)), Home: l.Place == a.Home},
				Cell{Text: h.PlaceName(l.Place, a.Loc.Lang()), Href: a.link("/hosts/" + string(l.Place))}, Fig(l.Distance.Figure, a.T("common.nodata")), Cell{Text: a.Loc.UnitLabel(w.Unit())}, Cell{Text: h.lacking(a, l.Distance)})
		}
	}
	return t, nil
}

// wayControl lets the reader choose among ways.
func wayControl(a *Ask, ways []hosts.Way, otherwise hosts.Way) (Control, hosts.Way) {
	w := hosts.Way(a.Get("by"))
	if w == "" {
		w = otherwise
	}
	c := Control{Name: "by", Label: a.T("hosts.by"), Value: string(w)}
	for _, x := range ways {
		c.Choices = append(c.Choices, Choice{string(x), a.T("hosts.way." + string(x))})
	}
	return c, w
}

// countryControl lets the reader choose a country under the key.
func (h *House) countryControl(a *Ask, key, label string, value shanyraq.CountryCode) Control {
	c := Control{Name: key, Label: label, Value: string(value)}
	for _, p := range h.Countries(a.Loc.Compare, a.Loc.Lang()) {
		c.Choices = append(c.Choices, Choice{string(p.Code), p.Name(a.Loc.Lang())})
	}
	return c
}

// reliedFrom is how much of a group, in percent, has to be found again for
// anybody to rely on it.
const reliedFrom = 60

// groupsOf is into how many groups countries are divided unless the reader says.
const groupsOf = 6

// HostsSimilar returns the page of the countries most like one of them, and of
// the groups that countries form.
func HostsSimilar(ctx context.Context, h *House, a *Ask) (*Page, error) {
	place := a.Home
	if s := a.Get("to"); s != "" {
		place = shanyraq.CountryCode(strings.ToUpper(s))
	}
	if _, ok := h.Place(place); !ok {
		return nil, shanyraq.Tell("view.HostsSimilar", shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.place", Args: map[string]any{"Code": string(place)}}, "no place %q", place)
	}
	by, w := wayControl(a, hosts.Ways(), hosts.Governed)
	n := groupsOf
	if s := a.Get("groups"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			n = 0
		}
	}
	name := h.PlaceName(place, a.Loc.Lang())
	p := &Page{Room: "hosts", Path: "/hosts/similar", Question: a.T("hosts.similar.question", "Country", name), Crumbs: []Choice{{a.link("/hosts"), a.T("nav.hosts")}}}
	groups := Control{Name: "groups", Label: a.T("hosts.groups.count"), Value: strconv.Itoa(n)}
	for k := 2; k <= hosts.MaxGroups; k++ {
		groups.Choices = append(groups.Choices, Choice{strconv.Itoa(k), strconv.Itoa(k)})
	}
	p.Controls = []Control{h.countryControl(a, "to", a.T("common.country"), place), by, groups}
	t, err := h.alike(ctx, a, place, []hosts.Way{w}, 15)
	if err != nil {
		return nil, err
	}
	t.Chart = &Chart{Type: "ranges", Value: "distance", Unit: a.T("hosts.distance")}
	t.RowHead, t.Columns = a.T("common.country"), t.Columns[1:]
	for i, r := range t.Rows {
		t.Rows[i].Label, t.Rows[i].Href, t.Rows[i].Cells = r.Cells[0].Text, r.Cells[0].Href, r.Cells[1:]
	}
	if len(t.Rows) > 0 {
		p.Answer = Say("hosts.similar.answer", "Country", name, "First", t.Rows[0].Label, "Distance", t.Rows[0].Cells[0].Figure, "Way", a.T("hosts.way."+string(w)))
	} else {
		p.Answer = Say("hosts.similar.none", "Country", name)
	}
	p.Tables = append(p.Tables, t)
	joint := map[hosts.Way]hosts.Way{hosts.Institutions: hosts.Governed, hosts.Governed: hosts.Governed, hosts.Society: hosts.Living, hosts.Living: hosts.Living, hosts.Values: hosts.Valued, hosts.Valued: hosts.Valued}[w]
	if joint == "" {
		joint = hosts.Governed
	}
	cs, err := h.Hosts.Clusters(ctx, joint, n)
	if err != nil {
		return nil, err
	}
	loose := 0
	g := &Table{Key: "groups", Title: a.T("hosts.groups.title", "Way", a.T("hosts.way."+string(joint))), RowHead: a.T("hosts.groups.typical"), Lead: Say("hosts.groups.lead"), Empty: a.T("hosts.groups.empty"),
		Columns: []Column{{Key: "count", Label: a.T("hosts.groups.members")}, {Key: "found", Label: a.T("hosts.found"), Help: a.T("hosts.found.help"), Figures: true}, {Key: "relied", Label: a.T("hosts.groups.relied")}, {Key: "members", Label: a.T("hosts.groups.who")}}}
	for _, c := range cs {
		relied := Cell{Text: a.T("hosts.groups.relied.yes")}
		if c.Found.IsZero() || c.Found.Value() < reliedFrom {
			relied = Cell{Text: a.T("hosts.groups.relied.no"), Badge: "mood-mixed"}
			loose++
		}
		g.Add(Row{Key: string(c.Typical), Label: h.PlaceName(c.Typical, a.Loc.Lang()), Href: a.link("/hosts/" + string(c.Typical)), Home: slices.Contains(c.Members, place)},
			Cell{Text: strconv.Itoa(len(c.Members))}, Fig(c.Found, a.T("common.nodata")), relied, Cell{Text: h.names(a, c.Members)})
	}
	if loose > 0 {
		g.Notes = append(g.Notes, a.T("hosts.groups.loose", "Count", loose, "All", len(cs), "Least", reliedFrom))
	}
	p.Tables = append(p.Tables, g)
	p.Notes = []string{a.T("hosts.apart.note"), a.T("hosts.apart.limits")}
	return p, nil
}

// compared is how many countries can stand side by side.
const compared = 4

// HostsCompare returns the page that puts up to four countries side by side.
func HostsCompare(ctx context.Context, h *House, a *Ask) (*Page, error) {
	var codes []shanyraq.CountryCode
	var unknown []string
	over := 0
	for _, s := range strings.Split(a.Get("with"), ",") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		c := shanyraq.CountryCode(strings.ToUpper(s))
		if _, ok := h.Place(c); !ok {
			if p, found := h.Named(s); found {
				c, ok = p.Code, true
			}
			if !ok {
				unknown = append(unknown, s)
				continue
			}
		}
		if slices.Contains(codes, c) {
			continue
		}
		if len(codes) == compared {
			over++
			continue
		}
		codes = append(codes, c)
	}
	p := &Page{Room: "hosts", Path: "/hosts/compare", Question: a.T("hosts.compare.question"), Print: true, Crumbs: []Choice{{a.link("/hosts"), a.T("nav.hosts")}},
		Controls: []Control{{Name: "with", Label: a.T("hosts.compare.with"), Value: a.Get("with")}}}
	if len(unknown) > 0 {
		p.Notices = append(p.Notices, a.T("hosts.compare.unknown", "Names", strings.Join(unknown, ", ")))
	}
	if over > 0 {
		p.Notices = append(p.Notices, a.T("hosts.compare.over", "Max", compared, "Count", over))
	}
	if len(codes) == 0 {
		p.Answer = Say("hosts.compare.none")
		return p, nil
	}
	lang := a.Loc.Lang()
	p.Answer = Say("hosts.compare.answer", "Names", h.names(a, codes))
	columns := func() []Column {
		var out []Column
		for _, c := range codes {
			out = append(out, Column{Key: string(c), Label: h.PlaceName(c, lang), Figures: true})
		}
		return out
	}
	apart := &Table{Key: "apart", Title: a.T("hosts.apart", "Home", h.PlaceName(a.Home, lang)), RowHead: a.T("hosts.way"), Columns: columns(), Notes: []string{a.T("hosts.apart.note")}}
	for _, w := range hosts.Ways() {
		var cells []Cell
		for _, c := range codes {
			d, err := h.Hosts.Distance(ctx, w, a.Home, c)
			if err != nil {
				return nil, err
			}
			cells = append(cells, Fig(d.Figure, a.T("common.nodata")))
		}
		apart.Add(Row{Key: string(w), Label: a.T("hosts.way."+string(w)) + ", " + a.Loc.UnitLabel(w.Unit())}, cells...)
	}
	safe := &Table{Key: "tiers", Title: a.T("hosts.tier"), RowHead: a.T("common.country"), Columns: []Column{{Key: "tier", Label: a.T("hosts.tier")}, {Key: "why", Label: a.T("hosts.tier.why")}}}
	lines := map[shanyraq.CountryCode]map[shanyraq.SeriesID]shanyraq.Claim{}
	var topics []hosts.Topic
	for _, c := range codes {
		s, err := h.Hosts.Safety(ctx, c, a.Today)
		if err != nil {
			return nil, err
		}
		safe.Add(Row{Key: string(c), Label: h.PlaceName(c, lang), Href: a.link("/hosts/" + string(c))}, h.tierCell(a, s.Tier), Cell{Text: h.tierWhy(a, s)})
		prof, err := h.Hosts.Profile(ctx, c)
		if err != nil {
			return nil, err
		}
		lines[c] = map[shanyraq.SeriesID]shanyraq.Claim{}
		if topics == nil {
			topics = prof.Topics
		}
		for _, t := range prof.Topics {
			for _, l := range t.Lines {
				lines[c][l.Series.ID] = l.Latest
			}
		}
	}
	p.Tables = append(p.Tables, safe)
	for _, topic := range topics {
		t := &Table{Key: topic.Key, Title: a.T("topic." + topic.Key), RowHead: a.T("common.series"), Columns: columns()}
		for i := range t.Columns {
			t.Columns[i].Dated = true
		}
		series := slices.Clone(topic.Missing)
		for _, l := range topic.Lines {
			series = append(series, l.Series)
		}
		order := hosts.InOrder(series)
		for _, s := range order {
			var cells []Cell
			for _, c := range codes {
				cells = append(cells, datedCell(a, lines[c][s.ID]))
			}
			t.Add(Row{Key: string(s.ID), Label: s.Title(lang) + ", " + a.Loc.UnitLabel(s.Unit)}, cells...)
		}
		if len(t.Rows) > 0 {
			p.Tables = append(p.Tables, t)
		}
	}
	p.Tables = append(p.Tables, apart)
	p.Notes = []string{a.T("hosts.note.newest")}
	return p, nil
}

// rivalsTable returns the ledger of who else is at work in the host.
func (h *House) rivalsTable(ctx context.Context, a *Ask, code shanyraq.CountryCode) (*Table, error) {
	rs, err := h.Hosts.Rivals(ctx, a.Home, code)
	if err != nil {
		return nil, err
	}
	t := &Table{Key: "rivals", Broad: true, Title: a.T("hosts.rivals"), RowHead: a.T("hosts.rival"), Empty: a.T("hosts.rivals.empty"),
		Columns: []Column{{Key: "presence", Label: a.T("hosts.presence"), Help: a.T("hosts.presence.help"), Figures: true}}}
	kinds := slices.DeleteFunc(hosts.Kinds(), func(k hosts.Kind) bool {
		return !slices.ContainsFunc(rs, func(v hosts.Rival) bool { return !v.Records[k].IsZero() })
	})
	for _, k := range kinds {
		t.Columns = append(t.Columns, Column{Key: string(k), Label: a.T("hosts.kind." + string(k)), Figures: true})
	}
	t.Columns = append(t.Columns, Column{Key: "world", Label: a.T("hosts.institutes"), Figures: true}, Column{Key: "likely", Label: a.T("hosts.responses.likely"), Help: a.T("hosts.responses.help")})
	reactions, err := h.Hosts.Reactions(ctx, a.Home, code)
	if err != nil {
		return nil, err
	}
	var nothing []shanyraq.CountryCode
	for _, v := range rs {
		if v.Presence.IsZero() {
			nothing = append(nothing, v.Place)
			continue
		}
		cells := []Cell{Fig(v.Presence, "")}
		for _, k := range kinds {
			cells = append(cells, Fig(v.Records[k], a.T("hosts.rival.none")))
		}
		world := Cell{Missing: a.T("common.nodata")}
		if len(v.Worldly) > 0 {
			world = claimCell(a, v.Worldly[0])
		}
		likely := Cell{Missing: a.T("hosts.rival.none")}
		if i := slices.IndexFunc(reactions, func(x hosts.Reaction) bool { return x.Rival == v.Place }); i >= 0 {
			likely = likelyCell(a, reactions[i])
			likely.Href = a.link("/hosts/rivals?in=" + string(code) + "#t-responses")
		}
		t.Add(Row{Key: string(v.Place), Label: h.PlaceName(v.Place, a.Loc.Lang()), Href: a.link("/hosts/" + string(v.Place))}, append(cells, world, likely)...)
	}
	if len(nothing) > 0 {
		t.Notes = append(t.Notes, a.T("hosts.rivals.nothing", "Names", h.names(a, nothing)))
	}
	t.Notes = append(t.Notes, a.T("hosts.rivals.note"))
	return t, nil
}

// recordsShown is how many records of one rival stand on the page.
const recordsShown = 12

// HostsRivals returns the page of who else is at work in one host, record by
// record.
func HostsRivals(ctx context.Context, h *House, a *Ask) (*Page, error) {
	var code shanyraq.CountryCode
	if s := a.Get("in"); s != "" {
		code = shanyraq.CountryCode(strings.ToUpper(s))
	} else if near, err := h.Hosts.Similar(ctx, hosts.Geographic, a.Home, 1); err != nil {
		return nil, err
	} else if len(near) > 0 {
		code = near[0].Place
	}
	place, ok := h.Place(code)
	if !ok || !place.Exists() {
		return nil, shanyraq.Tell("view.HostsRivals", shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.place", Args: map[string]any{"Code": string(code)}}, "no place %q", code)
	}
	lang := a.Loc.Lang()
	p := &Page{Room: "hosts", Path: "/hosts/rivals", Question: a.T("hosts.rivals.question", "Country", place.Name(lang)), Crumbs: []Choice{{a.link("/hosts"), a.T("nav.hosts")}},
		Controls: []Control{h.countryControl(a, "in", a.T("common.country"), code)}}
	rs, err := h.Hosts.Rivals(ctx, a.Home, code)
	if err != nil {
		return nil, err
	}
	t, err := h.rivalsTable(ctx, a, code)
	if err != nil {
		return nil, err
	}
	reactions, err := h.Hosts.Reactions(ctx, a.Home, code)
	if err != nil {
		return nil, err
	}
	own, err := h.Hosts.Own(ctx, code)
	if err != nil {
		return nil, err
	}
	p.Tables = append(p.Tables, t, h.reactionsTable(a, reactions), h.episodesTable(a, code, reactions))
	if len(own) > 0 {
		p.Tables = append(p.Tables, h.respondedTable(a, "own", a.T("hosts.episodes.own", "Country", place.Name(lang)), own))
	}
	present := 0
	for _, v := range rs {
		if v.Presence.IsZero() {
			continue
		}
		present++
		name := h.PlaceName(v.Place, lang)
		held := h.claimTable(a, "held-"+string(v.Place), a.T("hosts.rivals.held", "Rival", name), v.Held[:min(recordsShown, len(v.Held))], claimColumns{series: true, subject: true, note: true, noValue: true})
		if over := len(v.Held) - recordsShown; over > 0 {
			held.Notes = append(held.Notes, a.T("hosts.rivals.over", "Count", over))
		}
		p.Tables = append(p.Tables, held)
	}
	saysEnglish(a, p.Tables)
	p.Answer = Say("hosts.rivals.answer", "Country", place.Name(lang), "Count", present, "Asked", len(rs))
	return p, nil
}

// componentColumns are the columns of a table of potential.
func componentColumns(a *Ask) []Column {
	out := []Column{{Key: "potential", Label: a.T("hosts.potential"), Help: a.T("hosts.potential.help"), Figures: true}}
	for _, c := range hosts.Components() {
		out = append(out, Column{Key: string(c), Label: a.T("hosts.component." + string(c)), Figures: true})
	}
	return out
}

// prospectCells are the cells of one host in a table of potential.
func prospectCells(a *Ask, p hosts.Prospect) []Cell {
	out := []Cell{Fig(p.Total, a.T("common.nodata"))}
	for _, c := range hosts.Components() {
		cell := Fig(p.Parts[c], a.T("hosts.component.missing"))
		if c == hosts.Size {
			cell.Note = sizeOf(a, p.Parts[c])
		}
		out = append(out, cell)
	}
	return out
}

// sizeOf says which set the size of a host is of.
func sizeOf(a *Ask, f shanyraq.Figure) string {
	if f.IsZero() {
		return ""
	}
	for _, in := range f.Lineage().Inputs {
		for _, set := range diaspora.Sets() {
			if strings.Contains(in.Path, "/pooled-"+string(set)+"/") {
				return setTitle(a, set)
			}
		}
	}
	return ""
}

// HostsPotential returns the page of what each host offers, by weights the
// reader chooses.
func HostsPotential(ctx context.Context, h *House, a *Ask) (*Page, error) {
	w, err := hosts.ReadWeights(a.Query)
	if err != nil {
		return nil, err
	}
	ps, err := h.Hosts.Potential(ctx, a.Home, a.Today, w)
	if err != nil {
		return nil, err
	}
	home := h.PlaceName(a.Home, a.Loc.Lang())
	p := &Page{Room: "hosts", Path: "/hosts/potential", Question: a.T("hosts.potential.question", "Home", home), Crumbs: []Choice{{a.link("/hosts"), a.T("nav.hosts")}}}
	for _, c := range hosts.Components() {
		p.Weights = append(p.Weights, Control{Name: "w." + string(c), Label: a.T("hosts.component." + string(c)), Value: strconv.FormatFloat(w[c], 'g', -1, 64), Weight: true})
	}
	p.WeightsHelp = a.T("hosts.potential.weights")
	slices.SortStableFunc(ps, func(x, y hosts.Prospect) int {
		switch {
		case x.Total.IsZero() != y.Total.IsZero():
			if x.Total.IsZero() {
				return 1
			}
			return -1
		case x.Total.Value() > y.Total.Value():
			return -1
		case x.Total.Value() < y.Total.Value():
			return 1
		}
		return a.Loc.Compare(h.PlaceName(x.Host, a.Loc.Lang()), h.PlaceName(y.Host, a.Loc.Lang()))
	})
	t := &Table{Key: "potential", Broad: true, Title: a.T("hosts.potential"), RowHead: a.T("common.country"), Columns: append(componentColumns(a), Column{Key: "tier", Label: a.T("hosts.tier")}),
		Chart: &Chart{Type: "map", Value: "potential", Unit: a.T("hosts.potential")}, Notes: []string{a.T("hosts.held.order"), a.T("hosts.potential.note"), a.T("hosts.potential.scale")}}
	thin := &Table{Key: "thin", Broad: true, Title: a.T("hosts.thin"), RowHead: a.T("common.country"), Lead: Say("hosts.thin.lead"), Columns: t.Columns}
	shut := &Table{Key: "refused", Title: a.T("hosts.potential.refused"), RowHead: a.T("common.country"), Lead: Say("hosts.potential.refused.lead"),
		Columns: []Column{{Key: string(hosts.Size), Label: a.T("hosts.component." + string(hosts.Size)), Figures: true}, {Key: "tier", Label: a.T("hosts.tier")}}}
	var refused int
	for _, x := range ps {
		if x.Tier == hosts.Refused {
			refused++
		}
		if x.Parts[hosts.Size].IsZero() {
			continue // nobody of home is known to live there
		}
		if x.Tier == hosts.Refused {
			shut.Add(Row{Key: string(x.Host), Label: h.PlaceName(x.Host, a.Loc.Lang()), Href: a.link("/hosts/" + string(x.Host))}, Fig(x.Parts[hosts.Size], a.T("common.nodata")), h.tierCell(a, x.Tier))
			continue
		}
		to := t
		if x.Thin {
			to = thin
		}
		to.Add(Row{Key: string(x.Host), Label: h.PlaceName(x.Host, a.Loc.Lang()), Href: a.link("/hosts/" + string(x.Host))}, append(prospectCells(a, x), h.tierCell(a, x.Tier))...)
	}
	t.Empty = a.T("hosts.potential.empty", "Home", home)
	p.Answer = Say("hosts.potential.answer", "Count", len(t.Rows)+len(thin.Rows), "Home", home, "Refused", refused)
	p.Tables = []*Table{t}
	if len(thin.Rows) > 0 {
		h.sortRows(a, thin)
		p.Tables = append(p.Tables, thin)
	}
	if len(shut.Rows) > 0 {
		slices.SortStableFunc(shut.Rows, func(x, y Row) int { return a.Loc.Compare(x.Label, y.Label) })
		p.Tables = append(p.Tables, shut)
	}
	return p, nil
}

// tierCell says which tier a host is in.
func (h *House) tierCell(a *Ask, t hosts.Tier) Cell {
	return Cell{Text: a.T("hosts.tier." + strconv.Itoa(int(t))), Badge: "tier-" + strconv.Itoa(int(t))}
}

// tierWhy says in a sentence why a host is in its tier.
func (h *House) tierWhy(a *Ask, s hosts.Safety) string {
	at := func(key string, args ...any) string { return a.T("hosts.tier.why."+key, args...) }
	switch {
	case s.Decided == 0 && s.Judged:
		return at("judged")
	case s.Decided == 0 && s.Speaks:
		return at("speaks")
	case s.Decided == 0:
		return at("unknown")
	}
	date := a.Loc.Period(shanyraq.Period(s.At.Format("2006-01-02")))
	switch {
	case s.Expired:
		return at("expired", "Due", a.Loc.Period(shanyraq.Period(s.Due.Format("2006-01-02"))), "Who", strings.Join(s.By, ", "), "Date", date)
	case s.Unmet:
		return at("unmet", "Who", strings.Join(s.By, ", "), "Date", date)
	case s.Tier > s.Decided:
		return at("worse", "Who", strings.Join(s.By, ", "), "Date", date)
	}
	return at("decided", "Who", strings.Join(s.By, ", "), "Date", date, "Due", a.Loc.Period(shanyraq.Period(s.Due.Format("2006-01-02"))))
}

// safety adds the tier of the host, its evidence and its decisions.
func (h *House) safety(ctx context.Context, a *Ask, p *Page, code shanyraq.CountryCode) error {
	s, err := h.Hosts.Safety(ctx, code, a.Today)
	if err != nil {
		return err
	}
	lang := a.Loc.Lang()
	p.Facts = append(p.Facts, Fact{Label: a.T("hosts.tier"), Text: a.T("hosts.tier." + strconv.Itoa(int(s.Tier)))})
	t := &Table{Key: "tier", Title: a.T("hosts.tier.title", "Tier", a.T("hosts.tier."+strconv.Itoa(int(s.Tier)))), RowHead: a.T("hosts.tier.evidence"),
		Lead:    Say("hosts.tier.lead", "Why", h.tierWhy(a, s), "Means", a.T("hosts.tier.means."+strconv.Itoa(int(s.Tier)))),
		Columns: []Column{{Key: "value", Label: a.T("common.value"), Figures: true}, {Key: "atleast", Label: a.T("hosts.tier.atleast")}, {Key: "met", Label: a.T("hosts.tier.met")}},
		Notes:   []string{a.T("hosts.tier.rule")}}
	for _, x := range s.Rights {
		met := "no"
		switch {
		case x.Claim.ID == "":
			met = "unknown"
		case x.Met:
			met = "yes"
		}
		t.Add(Row{Key: string(x.Series), Label: h.SeriesTitle(x.Series, lang)}, claimCell(a, x.Claim), Cell{Text: a.Loc.Number(x.AtLeast, 1)}, Cell{Text: a.T("hosts.tier.met." + met)})
	}
	p.Tables = append(p.Tables, t)
	if len(s.Past) > 0 {
		p.Tables = append(p.Tables, h.decisionsTable(a, s.Past))
	}
	p.Notices = append(p.Notices, named(a, h, s.Past)...)
	for _, d := range s.Asked {
		p.Notices = append(p.Notices, a.T("hosts.tier.asked", "Who", d.By, "Tier", int(d.Tier), "Date", a.Loc.Period(shanyraq.Period(d.At.Format("2006-01-02")))))
	}
	return nil
}

// decisionsTable lists decisions, newest first.
func (h *House) decisionsTable(a *Ask, ds []hosts.Decision) *Table {
	t := &Table{Key: "decisions", Broad: true, Title: a.T("hosts.decisions"), RowHead: a.T("common.date"),
		Columns: []Column{{Key: "place", Label: a.T("common.country")}, {Key: "tier", Label: a.T("hosts.tier.asks")}, {Key: "who", Label: a.T("hosts.tier.who")}, {Key: "memo", Label: a.T("hosts.tier.memo")}}}
	for i := len(ds) - 1; i >= 0; i-- {
		d := ds[i]
		memo := d.Memo
		if d.Withdrawn {
			memo = a.T("hosts.tier.withdrawn")
		}
		t.Add(Row{Key: strconv.Itoa(i), Label: a.Loc.Period(shanyraq.Period(d.At.Format("2006-01-02")))}, Cell{Text: h.PlaceName(d.Place, a.Loc.Lang()), Href: a.link("/hosts/" + string(d.Place))},
			h.tierCell(a, d.Tier), Cell{Text: d.By}, Cell{Text: memo})
	}
	return t
}

// named asks to keep persons out of memos that seem to name one.
func named(a *Ask, h *House, ds []hosts.Decision) []string {
	var out []string
	for _, d := range ds {
		if !d.Withdrawn && hosts.NamesAPerson(d.Memo) {
			out = append(out, a.T("hosts.tier.named", "Country", h.PlaceName(d.Place, a.Loc.Lang()), "Code", string(d.Place), "Day", d.At.UTC().Format("2006-01-02")))
		}
	}
	return out
}

// HostsTiers returns the page of the tier of every host.
func HostsTiers(ctx context.Context, h *House, a *Ask) (*Page, error) {
	p := &Page{Room: "hosts", Path: "/hosts/tiers", Question: a.T("hosts.tiers.question"), Crumbs: []Choice{{a.link("/hosts"), a.T("nav.hosts")}}}
	t := &Table{Key: "tiers", Title: a.T("hosts.tiers"), RowHead: a.T("common.country"), Lead: Say("hosts.tiers.lead"),
		Columns: []Column{{Key: "tier", Label: a.T("hosts.tier")}, {Key: "why", Label: a.T("hosts.tier.why")}}, Notes: []string{a.T("hosts.tier.rule"), a.T("hosts.tiers.source")}}
	for _, id := range hosts.RightsAsked() {
		t.Columns = append(t.Columns, Column{Key: string(id), Label: h.SeriesTitle(id, a.Loc.Lang()), Figures: true})
	}
	count := map[hosts.Tier]int{}
	byTier := map[hosts.Tier][]Row{}
	var past []hosts.Decision
	for _, place := range h.Countries(a.Loc.Compare, a.Loc.Lang()) {
		s, err := h.Hosts.Safety(ctx, place.Code, a.Today)
		if err != nil {
			return nil, err
		}
		count[s.Tier]++
		past = append(past, s.Past...)
		cells := []Cell{h.tierCell(a, s.Tier), {Text: h.tierWhy(a, s)}}
		for _, x := range s.Rights {
			cells = append(cells, claimCell(a, x.Claim))
		}
		byTier[s.Tier] = append(byTier[s.Tier], Row{Key: string(place.Code), Label: place.Name(a.Loc.Lang()), Href: a.link("/hosts/" + string(place.Code)), Home: place.Code == a.Home, Cells: cells})
	}
	for _, tier := range slices.Backward(slices.Sorted(maps.Keys(byTier))) {
		t.Rows = append(t.Rows, byTier[tier]...)
	}
	p.Answer = Say("hosts.tiers.answer", "Refused", count[hosts.Refused], "Caution", count[hosts.Caution], "Open", count[hosts.Open])
	p.Tables = []*Table{t}
	if len(past) > 0 {
		slices.SortStableFunc(past, func(x, y hosts.Decision) int { return x.At.Compare(y.At) })
		p.Tables = append(p.Tables, h.decisionsTable(a, past))
		p.Notices = append(p.Notices, named(a, h, past)...)
	}
	p.Forms = []Form{h.decideForm(a, shanyraq.CountryCode(strings.ToUpper(a.Get("of"))))}
	return p, nil
}

// decideForm asks for a decision about the tier of a host.
func (h *House) decideForm(a *Ask, of shanyraq.CountryCode) Form {
	tiers := make([]Choice, 0, 3)
	for t := hosts.Open; t <= hosts.Refused; t++ {
		tiers = append(tiers, Choice{strconv.Itoa(int(t)), a.T("hosts.tier." + strconv.Itoa(int(t)))})
	}
	return Form{Key: "decide", Action: "/hosts/tiers/decide", Title: a.T("hosts.decide"), Lead: a.T("hosts.decide.lead"), Send: a.T("hosts.decide.send"), Fields: []Field{
		{Name: "place", Label: a.T("common.country"), Value: string(of), Choices: h.countryControl(a, "place", "", of).Choices},
		{Name: "tier", Label: a.T("hosts.tier"), Value: strconv.Itoa(int(hosts.Caution)), Choices: tiers},
		{Name: "memo", Label: a.T("hosts.tier.memo"), Help: a.T("hosts.decide.memo"), Long: true},
	}}
}

// HostTier returns the page of one host's tier alone: what it is, why, and what
// was decided.
func HostTier(ctx context.Context, h *House, a *Ask, code shanyraq.CountryCode) (*Page, error) {
	place, ok := h.Place(code)
	if !ok || !place.Exists() {
		return nil, shanyraq.Tell("view.HostTier", shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.place", Args: map[string]any{"Code": string(code)}}, "no place %q", code)
	}
	p := &Page{Room: "hosts", Path: "/hosts/" + string(code), Question: place.Name(a.Loc.Lang())}
	return p, h.safety(ctx, a, p, code)
}
