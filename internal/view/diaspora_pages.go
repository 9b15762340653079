package view

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/diaspora"
)

// DiasporaTabs returns the pages of the Diaspora room, path and label, in
// order, if the path is one of them, and nil if it is not.
func DiasporaTabs(a *Ask, path string) []Choice {
	tabs := []Choice{
		{"/diaspora", a.T("diaspora.tab.size")},
		{"/diaspora/coverage", a.T("diaspora.tab.coverage")},
		{"/diaspora/revisions", a.T("diaspora.tab.revisions")},
		{"/diaspora/backtest", a.T("diaspora.tab.backtest")},
		{"/diaspora/priors", a.T("diaspora.tab.priors")},
		{"/diaspora/methods", a.T("diaspora.tab.methods")},
	}
	if !slices.ContainsFunc(tabs, func(c Choice) bool { return c.Value == path }) {
		return nil
	}
	return tabs
}

// setTitle returns what a set is called.
func setTitle(a *Ask, s diaspora.Set) string { return a.T("diaspora.set." + string(s)) }

// pooling returns the pooled sizes under the year and the priors of the
// address.
func (h *House) pooling(ctx context.Context, a *Ask) (*diaspora.Pooled, error) {
	year, err := a.Year("year")
	if err != nil {
		return nil, err
	}
	priors, err := diaspora.ParsePriors(a.Get("prior"))
	if err != nil {
		return nil, err
	}
	return h.Diaspora.Pool(ctx, a.Home, year, priors)
}

// withSettings returns the address with the year and the priors of this one.
func withSettings(a *Ask, path string) string {
	path = a.link(path)
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	for _, k := range []string{"year", "prior"} {
		if v := a.Get(k); v != "" {
			path += sep + k + "=" + v
			sep = "&"
		}
	}
	return path
}

// stockTable returns the sets' totals and the limits of everybody in any.
func (h *House) stockTable(a *Ask, p *diaspora.Pooled) *Table {
	t := &Table{Key: "stock", Gaps: true, Title: a.T("diaspora.pooled.stock", "Year", p.Year), RowHead: a.T("diaspora.set"), Empty: a.T("diaspora.empty", "Home", h.PlaceName(a.Home, a.Loc.Lang())),
		Lead: Say("diaspora.pooled.stock.lead"),
		Columns: []Column{{Key: "persons", Label: a.T("common.persons"), Figures: true}, {Key: "who", Label: a.T("diaspora.who")},
			{Key: "hosts", Label: a.T("diaspora.pooled.hosts")}, {Key: "claims", Label: a.T("diaspora.pooled.claims")}, {Key: "silent", Label: a.T("diaspora.pooled.silent")}},
		Notes: []string{a.T("diaspora.note.sets"), a.T("diaspora.note.silent")}}
	for _, set := range diaspora.Sets() {
		s, ok := p.Of(set)
		if !ok {
			if len(p.Sets) > 0 {
				none := Cell{Missing: a.T("diaspora.missing")}
				t.Add(Row{Key: string(set), Label: setTitle(a, set)}, none, Cell{Text: a.T("diaspora.set." + string(set) + ".who")}, none, none, none)
			}
			continue
		}
		t.Add(Row{Key: string(s.Set), Label: setTitle(a, s.Set)}, Cell{Figure: s.Total}, Cell{Text: a.T("diaspora.set." + string(s.Set) + ".who")},
			Cell{Text: hostsText(a, s.Hosts, s.Old)}, Cell{Text: claimedText(a, s)}, Cell{Text: strconv.Itoa(s.Silent + s.Unheard)})
	}
	if len(p.Sets) > 0 {
		silent := ""
		for _, s := range p.Sets {
			if s.Silent > 0 {
				silent = a.T("diaspora.union.silent")
			}
		}
		t.Add(Row{Key: "union", Label: a.T("diaspora.union")}, Fig(p.Union, a.T("diaspora.missing")), unionWho(a, p.Union, silent), Cell{Text: hostsText(a, p.Fresh(), len(p.Hosts)-p.Fresh())}, Cell{}, Cell{Text: strconv.Itoa(len(p.Unknown))})
		t.Chart = &Chart{Type: "ranges", Value: "persons", Unit: a.Loc.UnitLabel("persons")}
	}
	if slices.ContainsFunc(p.Sets, (*diaspora.PooledSet).Widened) {
		t.Notes = append(t.Notes, a.T("diaspora.note.widened"))
	}
	for _, s := range p.Sets {
		t.Notes = append(t.Notes, a.T("diaspora.mistake."+string(s.Set)))
	}
	return t
}

// outside says which sets a union is without, and that there are more with them;
// "" if it is of all.
func outside(a *Ask, union shanyraq.Figure) string {
	sets := diaspora.Outside(union)
	if len(sets) == 0 {
		return ""
	}
	names := make([]string, len(sets))
	for i, s := range sets {
		names[i] = a.T("diaspora.without." + string(s))
	}
	key := "diaspora.without"
	if slices.ContainsFunc(union.Lineage().Assumptions, func(x shanyraq.Assumption) bool { return x.Text.Key == "assume.union_sets_old" }) {
		key = "diaspora.without.old"
	}
	return a.T(key, "Sets", strings.Join(names, ", "))
}

// unionWho says who is in a union and who may be besides.
func unionWho(a *Ask, union shanyraq.Figure, more ...string) Cell {
	said := slices.DeleteFunc(append([]string{outside(a, union), a.T("diaspora.union.who")}, more...), func(s string) bool { return s == "" })
	for i, s := range said[:len(said)-1] {
		if !strings.HasSuffix(s, ".") {
			said[i] = s + "."
		}
	}
	r := []rune(strings.Join(said, " "))
	return Cell{Text: strings.ToUpper(string(r[:1])) + string(r[1:])}
}

// hostsText says how many hosts are counted, and how many more only long ago.
func hostsText(a *Ask, fresh, old int) string {
	if old == 0 {
		return strconv.Itoa(fresh)
	}
	return a.T("diaspora.pooled.old", "Hosts", fresh, "Count", old)
}

// oldTable returns the sizes of hosts of which a set has only an old claim: they
// stand apart from the hosts of today, since nobody may have looked since.
func (h *House) oldTable(a *Ask, p *diaspora.Pooled) *Table {
	lang := a.Loc.Lang()
	t := &Table{Key: "old", Title: a.T("diaspora.old"), RowHead: a.T("common.host"), Lead: Say("diaspora.old.lead"),
		Columns: []Column{{Key: "set", Label: a.T("diaspora.set")}, {Key: "persons", Label: a.T("common.persons"), Figures: true}, {Key: "newest", Label: a.T("diaspora.old.newest")}},
		Chart:   &Chart{Type: "ranges", Value: "persons", Unit: a.Loc.UnitLabel("persons"), Log: true}}
	for _, s := range p.Sets {
		hosts := slices.Clone(p.Hosts)
		slices.SortStableFunc(hosts, func(x, y diaspora.PooledHost) int { return cmp.Compare(y.Sizes[s.Set].Value(), x.Sizes[s.Set].Value()) })
		for _, host := range hosts {
			if year, old := s.Stale(host.Place); old {
				t.Add(Row{Key: string(host.Place) + "-" + string(s.Set), Label: h.PlaceName(host.Place, lang), Href: withSettings(a, "/diaspora/"+string(host.Place)), Group: setTitle(a, s.Set)},
					Cell{Text: setTitle(a, s.Set)}, Cell{Figure: host.Sizes[s.Set]}, Cell{Text: strconv.Itoa(year)})
			}
		}
	}
	return t
}

// claimedText says how many claims a set has, how many only repeat one of them
// and, if there are any, how many counts of zero are left out.
func claimedText(a *Ask, s *diaspora.PooledSet) string {
	claims := a.T("diaspora.pooled.count", "Count", s.Claimed, "Copies", s.Copies)
	if s.Zeros == 0 {
		return claims
	}
	return a.T("diaspora.pooled.zeros", "Claims", claims, "Count", s.Zeros)
}

// overlapTable is how many are in two sets at once.
func (h *House) overlapTable(a *Ask, both map[diaspora.Pair]diaspora.Overlap) *Table {
	t := &Table{Key: "overlaps", Title: a.T("diaspora.overlaps"), RowHead: a.T("diaspora.set"), Lead: Say("diaspora.overlaps.lead"), Empty: a.T("diaspora.missing"),
		Columns: []Column{{Key: "persons", Label: a.T("diaspora.overlaps.any"), Help: a.T("diaspora.overlaps.any.help"), Figures: true},
			{Key: "least", Label: a.T("diaspora.overlaps.least"), Help: a.T("diaspora.overlaps.least.help"), Figures: true}, {Key: "evidence", Label: a.T("diaspora.overlaps.evidence")}},
		Notes: []string{a.T("diaspora.overlaps.ends")}}
	for _, p := range diaspora.Pairs() {
		o, ok := both[p]
		if !ok {
			continue
		}
		key := "none"
		for _, in := range o.Any.Lineage().Inputs {
			switch in.Series {
			case diaspora.Leavers:
				key = "leave"
			case diaspora.OverlapShare:
				key = "share"
			}
		}
		t.Add(Row{Key: string(p[0] + "-" + p[1]), Label: a.T("diaspora.overlaps.both", "A", setTitle(a, p[0]), "B", setTitle(a, p[1]))}, Cell{Figure: o.Any}, Cell{Figure: o.Least}, Cell{Text: a.T("diaspora.overlaps." + key)})
	}
	return t
}

// pooledTable returns the hosts by pooled size, with every set and the union.
func (h *House) pooledTable(a *Ask, p *diaspora.Pooled, by diaspora.Set) *Table {
	lang := a.Loc.Lang()
	t := &Table{Key: "pooled", Title: a.T("diaspora.pooled.by", "Set", setTitle(a, by), "Year", p.Year), RowHead: a.T("common.host"),
		Lead: Say("diaspora.pooled.lead", "Count", p.Fresh()), Empty: a.T("diaspora.empty", "Home", h.PlaceName(a.Home, lang)),
		Notes: []string{a.T("diaspora.note.pooled"), a.T("diaspora.note.unknown", "Count", len(p.Unknown))}}
	for _, s := range p.Sets {
		t.Columns = append(t.Columns, Column{Key: string(s.Set), Label: setTitle(a, s.Set), Help: a.T("diaspora.set." + string(s.Set) + ".who"), Figures: true})
	}
	t.Columns = append(t.Columns, Column{Key: "union", Label: a.T("diaspora.union"), Help: a.T("diaspora.union.who"), Figures: true})
	hosts := slices.Clone(p.Hosts)
	today := func(x diaspora.PooledHost, set diaspora.Set) shanyraq.Figure { // no figure if it is old
		if s, ok := p.Of(set); ok {
			if _, old := s.Stale(x.Place); !old {
				return x.Sizes[set]
			}
		}
		return shanyraq.Figure{}
	}
	hosts = slices.DeleteFunc(hosts, func(x diaspora.PooledHost) bool {
		return !slices.ContainsFunc(p.Sets, func(s *diaspora.PooledSet) bool { return !today(x, s.Set).IsZero() })
	})
	slices.SortStableFunc(hosts, func(x, y diaspora.PooledHost) int {
		f, g := today(x, by), today(y, by)
		switch {
		case f.IsZero() != g.IsZero():
			if f.IsZero() {
				return 1
			}
			return -1
		case f.IsZero() || f.Value() == g.Value():
			return 0
		case f.Value() > g.Value():
			return -1
		}
		return 1
	})
	for _, host := range hosts {
		var cells []Cell
		for _, s := range p.Sets {
			missing := a.T("diaspora.missing")
			if year, old := s.Stale(host.Place); old {
				missing = a.T("diaspora.old.only", "Year", year)
			}
			cells = append(cells, Fig(today(host, s.Set), missing))
		}
		union := Fig(host.Union, a.T("diaspora.old.all"))
		union.Note = outside(a, host.Union)
		cells = append(cells, union)
		t.Add(Row{Key: string(host.Place), Label: h.PlaceName(host.Place, lang), Href: withSettings(a, "/diaspora/"+string(host.Place))}, cells...)
	}
	if len(t.Rows) > 0 {
		kind := "map"
		if a.Get("view") == "chart" {
			kind = "ranges"
		}
		t.Chart = &Chart{Type: kind, Value: string(by), Symbols: true, Unit: a.Loc.UnitLabel("persons"), Log: kind == "ranges"}
	}
	return t
}

// poolControls returns the settings of pooled sizes: set, year and priors.
func (h *House) poolControls(a *Ask, p *diaspora.Pooled, by diaspora.Set, years []int) []Control {
	set := Control{Name: "set", Label: a.T("diaspora.set"), Value: string(by)}
	for _, s := range p.Sets {
		set.Choices = append(set.Choices, Choice{string(s.Set), setTitle(a, s.Set)})
	}
	year := Control{Name: "year", Label: a.T("common.year"), Value: a.Get("year"), Choices: []Choice{{"", a.T("common.newest")}}}
	ahead := []int{}
	for y := p.Newest - p.Newest%5 + 15; y > p.Newest; y -= 5 {
		ahead = append(ahead, y)
	}
	asked, _ := a.Year("year")
	for _, y := range slices.Concat(ahead, years) {
		label := strconv.Itoa(y)
		if y > p.Newest {
			label = a.T("diaspora.projection", "Year", y)
		}
		if y%5 == 0 || y >= 2015 || y == asked {
			year.Choices = append(year.Choices, Choice{strconv.Itoa(y), label})
		}
	}
	if asked != 0 && !slices.ContainsFunc(year.Choices, func(c Choice) bool { return c.Value == year.Value }) {
		year.Choices = append(year.Choices, Choice{year.Value, year.Value})
	}
	return []Control{set, year, h.priorControl(a)}
}

// setting spells a prior with as few decimals as tell it.
func setting(a *Ask, v float64) string {
	digits := 0
	for digits < 4 && math.Abs(v-math.Round(v*math.Pow10(digits))/math.Pow10(digits)) > 1e-9 {
		digits++
	}
	return a.Loc.Number(v, digits)
}

// priorControl offers each prior moved up and down.
func (h *House) priorControl(a *Ask) Control {
	c := Control{Name: "prior", Label: a.T("diaspora.priors"), Value: a.Get("prior"), Choices: []Choice{{"", a.T("diaspora.priors.default")}}}
	for _, t := range diaspora.Turns() {
		for _, p := range []diaspora.Priors{t.Down, t.Up} {
			c.Choices = append(c.Choices, Choice{p.String(), a.T("diaspora.priors.moved", "Prior", a.T("diaspora.prior."+t.Prior.Key), "Value", setting(a, p[t.Prior.Key]))})
		}
	}
	if c.Value != "" && !slices.ContainsFunc(c.Choices, func(x Choice) bool { return x.Value == c.Value }) {
		c.Choices = append(c.Choices, Choice{c.Value, c.Value})
	}
	return c
}

// kandasTable returns those who came back by period and origin: each cell is a
// claim as it stands.
func (h *House) kandasTable(a *Ask, returns []shanyraq.Claim) *Table {
	lang := a.Loc.Lang()
	t := &Table{Key: "kandas", Title: a.T("diaspora.kandas"), Lead: Say("diaspora.kandas.lead"), RowHead: a.T("common.date"),
		Columns: []Column{{Key: "persons", Label: a.T("diaspora.kandas.persons"), Figures: true}}, Notes: []string{a.T("diaspora.kandas.note")}}
	var origins []shanyraq.CountryCode
	cells := map[shanyraq.Period]map[string]shanyraq.Figure{}
	var periods []shanyraq.Period
	for _, c := range returns {
		column := ""
		switch {
		case c.Series == "kandas_year":
			column = "persons"
		case c.Series == "kandas_share" && c.Partner != "" && c.Partner != shanyraq.World:
			column = string(c.Partner)
			if !slices.Contains(origins, c.Partner) {
				origins = append(origins, c.Partner)
			}
		default:
			continue
		}
		f, err := c.Figure()
		if err != nil {
			continue
		}
		if cells[c.When] == nil {
			cells[c.When] = map[string]shanyraq.Figure{}
			periods = append(periods, c.When)
		}
		if _, ok := cells[c.When][column]; !ok { // the first of two; both stand in the table of claims
			cells[c.When][column] = f
		}
	}
	slices.Sort(origins)
	for _, o := range origins {
		t.Columns = append(t.Columns, Column{Key: string(o), Label: a.T("diaspora.kandas.from", "Origin", h.PlaceName(o, lang)), Figures: true})
	}
	slices.SortFunc(periods, func(x, y shanyraq.Period) int {
		if x.Year() != y.Year() {
			return y.Year() - x.Year()
		}
		return strings.Compare(string(y), string(x))
	})
	for _, w := range periods {
		var row []Cell
		for _, col := range t.Columns {
			row = append(row, Fig(cells[w][col.Key], a.T("common.nodata")))
		}
		t.Add(Row{Key: string(w), Label: a.Loc.Period(w)}, row...)
	}
	return t
}

// returnsTable returns those who came back by year and origin.
func (h *House) returnsTable(a *Ask, rs []diaspora.Return) *Table {
	lang := a.Loc.Lang()
	t := &Table{Key: "returns-by-year", Title: a.T("diaspora.returns.year"), Lead: Say("diaspora.returns.year.lead"), RowHead: a.T("common.year"),
		Columns: []Column{{Key: "persons", Label: a.T("diaspora.kandas.persons"), Figures: true}}, Notes: []string{a.T("diaspora.returns.year.note")}}
	var origins []shanyraq.CountryCode
	for _, x := range rs {
		for o := range x.From {
			if !slices.Contains(origins, o) {
				origins = append(origins, o)
			}
		}
	}
	slices.Sort(origins)
	for _, o := range origins {
		t.Columns = append(t.Columns, Column{Key: string(o), Label: a.T("diaspora.kandas.from", "Origin", h.PlaceName(o, lang)), Figures: true})
	}
	for _, x := range rs {
		cells := []Cell{{Figure: x.Total}}
		for _, o := range origins {
			cells = append(cells, Fig(x.From[o], a.T("diaspora.returns.none")))
		}
		t.Add(Row{Key: strconv.Itoa(x.Year), Label: strconv.Itoa(x.Year)}, cells...)
	}
	return t
}

// overTable returns a set's size in one host over the years.
func (h *House) overTable(a *Ask, s *diaspora.PooledSet, host shanyraq.CountryCode) (*Table, error) {
	ms, err := s.Over(host)
	if err != nil || len(ms) < 2 {
		return nil, err
	}
	t := &Table{Key: "over-" + string(s.Set), Title: a.T("diaspora.over", "Set", setTitle(a, s.Set)), Lead: Say("diaspora.over.lead"), RowHead: a.T("common.year"),
		Columns: []Column{{Key: "persons", Label: a.T("common.persons"), Figures: true}, {Key: "basis", Label: a.T("diaspora.over.basis")}},
		Chart:   &Chart{Type: "ranges", Value: "persons", Unit: a.Loc.UnitLabel("persons")}}
	for _, m := range ms {
		basis := strconv.Itoa(m.Claims)
		switch {
		case m.Ahead:
			basis = a.T("diaspora.over.ahead")
		case m.Carried:
			basis = a.T("diaspora.over.carried")
		}
		t.Add(Row{Key: strconv.Itoa(m.Year), Label: strconv.Itoa(m.Year)}, Cell{Figure: m.Size}, Cell{Text: basis})
	}
	return t, nil
}

// hostPooled returns the tables of one host's pooled sizes: the sets, and every
// claim of each with its part.
func (h *House) hostPooled(ctx context.Context, a *Ask, host shanyraq.CountryCode) ([]*Table, error) {
	p, err := h.pooling(ctx, a)
	if err != nil {
		return nil, err
	}
	lang := a.Loc.Lang()
	sizes, ok := p.Host(host)
	if !ok {
		return nil, nil
	}
	t := &Table{Key: "pooled", Gaps: true, Title: a.T("diaspora.pooled.here", "Host", h.PlaceName(host, lang), "Year", p.Year), RowHead: a.T("diaspora.set"), Lead: Say("diaspora.pooled.here.lead"),
		Columns: []Column{{Key: "persons", Label: a.T("common.persons"), Figures: true}, {Key: "who", Label: a.T("diaspora.who")}},
		Chart:   &Chart{Type: "ranges", Value: "persons", Unit: a.Loc.UnitLabel("persons")}, Notes: []string{a.T("diaspora.note.sets")}}
	out := []*Table{t}
	for _, set := range diaspora.Sets() {
		f, ok := sizes.Sizes[set]
		s, counted := p.Of(set)
		who := a.T("diaspora.set." + string(set) + ".who")
		if counted {
			if year, old := s.Stale(host); old {
				who = a.T("diaspora.old.here", "Year", year, "Who", who)
			}
		}
		t.Add(Row{Key: string(set), Label: setTitle(a, set)}, Fig(f, a.T("diaspora.missing")), Cell{Text: who})
		if !ok || !counted {
			continue
		}
		t.Notes = append(t.Notes, a.T("diaspora.mistake."+string(s.Set)))
		parts, err := h.partsTable(a, s, host)
		if err != nil {
			return nil, err
		}
		if len(p.Priors) == 0 { // under other priors the years do not open
			over, err := h.overTable(a, s, host)
			if err != nil {
				return nil, err
			}
			if over != nil {
				out = append(out, over)
			}
		}
		out = append(out, parts)
	}
	t.Add(Row{Key: "union", Label: a.T("diaspora.union")}, Fig(sizes.Union, a.T("diaspora.old.all")), unionWho(a, sizes.Union))
	if len(sizes.Both) > 0 {
		out = slices.Insert(out, 1, h.overlapTable(a, sizes.Both))
	}
	revisions, err := h.Diaspora.Revisions(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	for _, v := range revisions {
		if v.Place == host {
			out = append(out, h.revisionTable(a, v))
		}
	}
	return out, nil
}

// partsTable returns every claim of a set about one host: what it says, how
// much it moves the size, and what the size would be without it.
func (h *House) partsTable(a *Ask, s *diaspora.PooledSet, host shanyraq.CountryCode) (*Table, error) {
	parts, err := s.Parts(host)
	if err != nil {
		return nil, err
	}
	t := &Table{Key: "parts-" + string(s.Set), Title: a.T("diaspora.parts", "Set", setTitle(a, s.Set)), Lead: Say("diaspora.parts.lead"), RowHead: a.T("common.date"),
		Columns: []Column{{Key: "value", Label: a.T("common.value"), Figures: true}, {Key: "definition", Label: a.T("common.definition")},
			{Key: "who", Label: a.T("common.who")}, {Key: "strength", Label: a.T("common.strength")},
			{Key: "moves", Label: a.T("diaspora.parts.moves"), Help: a.T("diaspora.parts.moves.help")},
			{Key: "weight", Label: a.T("diaspora.parts.weight"), Help: a.T("diaspora.parts.weight.help")},
			{Key: "without", Label: a.T("diaspora.parts.without"), Help: a.T("diaspora.parts.without.help"), Figures: true},
			{Key: "mark", Label: a.T("common.note")}}}
	for _, x := range parts {
		f, err := x.Said()
		if err != nil {
			return nil, err
		}
		t.Add(Row{Key: string(x.Claim.ID), Label: h.dated(a, x.Claim)}, Cell{Figure: f}, Cell{Text: h.Definition(x.Claim.Definition).Title(a.Loc.Lang())},
			Cell{Text: h.whoSays(x.Claim)}, Cell{Text: a.Loc.Strength(x.Claim.Strength), Badge: x.Claim.Strength.String()},
			percentText(a, x.Gain, x.Quotes != ""), percentText(a, x.Weight, x.Quotes != ""),
			Fig(x.Without, h.withoutIt(a, x, parts)), h.markOf(a, x))
	}
	return t, nil
}

// withoutIt says why there is no size without a claim: it is the only one, or
// counts once with the one it repeats.
func (h *House) withoutIt(a *Ask, x diaspora.Part, parts []diaspora.Part) string {
	for _, p := range parts {
		if x.Quotes != "" && p.Claim.ID == x.Quotes {
			return a.T("diaspora.parts.once", "Name", h.whoSays(p.Claim))
		}
	}
	return a.T("diaspora.parts.only")
}

// dated returns the claim's time, or that it has none.
func (h *House) dated(a *Ask, c shanyraq.Claim) string {
	if c.When == "" {
		return a.T("common.undated")
	}
	return a.Loc.Period(c.When)
}

// whoSays returns who makes the claim.
func (h *House) whoSays(c shanyraq.Claim) string {
	if c.Who != "" {
		return c.Who
	}
	return h.sourceOf[c.Source].Publisher
}

// percentText spells a share; a quotation has none.
func percentText(a *Ask, v float64, quotation bool) Cell {
	if quotation {
		return Cell{Missing: a.T("diaspora.parts.copy")}
	}
	return Cell{Text: a.Loc.Percent(v, 0)}
}

// markOf says what is to be known of a claim's part: that it repeats another,
// or does not fit.
func (h *House) markOf(a *Ask, x diaspora.Part) Cell {
	switch {
	case x.Quotes != "" && x.Edition:
		return Cell{Text: a.T("diaspora.parts.edition"), Href: a.link("/f/" + escapePath("claim/"+string(x.Quotes)))}
	case x.Quotes != "":
		return Cell{Text: a.T("diaspora.parts.copy"), Href: a.link("/f/" + escapePath("claim/"+string(x.Quotes)))}
	case x.Contradicted():
		return Cell{Text: a.T("diaspora.parts.contradicted")}
	case x.Outlier():
		return Cell{Text: a.T("diaspora.parts.outlier")}
	case !x.Persons.IsZero():
		return Cell{Text: a.T("diaspora.parts.share", "Percent", a.Loc.Percent(x.Claim.Value/100, 1))}
	}
	return Cell{Text: x.Claim.Note}
}

// revisionTable says what a revision changed for one host, and which counts
// stand nearer to which edition.
func (h *House) revisionTable(a *Ask, v diaspora.Revision) *Table {
	t := &Table{Key: "revision-" + string(v.Place), Title: a.T("diaspora.revision", "Year", v.Year), RowHead: a.T("common.date"), Lead: h.revisionLead(v),
		Columns: []Column{{Key: "value", Label: a.T("common.value"), Figures: true}, {Key: "who", Label: a.T("common.who")}, {Key: "near", Label: a.T("diaspora.revision.near")}}}
	add := func(c shanyraq.Claim, near string) {
		if f, err := c.Figure(); err == nil {
			t.Add(Row{Key: string(c.ID), Label: h.dated(a, c)}, Cell{Figure: f}, Cell{Text: h.whoSays(c)}, Cell{Text: near})
		}
	}
	for _, w := range v.Counts {
		near := a.T("diaspora.revision.earlier")
		if w.Later {
			near = a.T("diaspora.revision.later")
		}
		if w.New {
			near = a.T("diaspora.revision.new", "Near", near)
		}
		add(w.Claim, near)
	}
	t.Notes = []string{a.T("diaspora.revision.note")}
	t.Empty = a.T("diaspora.revision.none")
	return t
}

// revisionLead says the change in a sentence.
func (h *House) revisionLead(v diaspora.Revision) Sentence {
	earlier, err := v.Earlier.Figure()
	if err != nil {
		return Sentence{}
	}
	later, err := v.Later.Figure()
	if err != nil {
		return Sentence{}
	}
	key := "diaspora.revision.lead"
	for _, w := range v.Counts {
		if w.New && w.Later {
			key = "diaspora.revision.lead.new"
		}
	}
	return Say(key, "Earlier", earlier, "Later", later, "Change", v.Change, "Year", v.Year)
}

// DiasporaRevisions returns the page of what the newest edition of the United
// Nations' estimate changed, host by host.
func DiasporaRevisions(ctx context.Context, h *House, a *Ask) (*Page, error) {
	lang := a.Loc.Lang()
	vs, err := h.Diaspora.Revisions(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	home := h.PlaceName(a.Home, lang)
	p := &Page{Room: "diaspora", Path: "/diaspora/revisions", Question: a.T("diaspora.revisions.question", "Home", home),
		Crumbs: []Choice{{a.link("/diaspora"), a.T("nav.diaspora")}}, Answer: Say("diaspora.revisions.answer", "Home", home, "Count", len(vs))}
	t := &Table{Key: "revisions", Title: a.T("diaspora.revisions"), RowHead: a.T("common.host"), Empty: a.T("diaspora.revisions.none"),
		Columns: []Column{{Key: "year", Label: a.T("common.year")}, {Key: "earlier", Label: a.T("diaspora.revision.earlier"), Figures: true}, {Key: "later", Label: a.T("diaspora.revision.later"), Figures: true},
			{Key: "change", Label: a.T("diaspora.revision.change"), Figures: true}, {Key: "counts", Label: a.T("diaspora.revision.counts")}},
		Notes: []string{a.T("diaspora.revision.note")}}
	for _, v := range vs {
		earlier, err := v.Earlier.Figure()
		if err != nil {
			return nil, err
		}
		later, err := v.Later.Figure()
		if err != nil {
			return nil, err
		}
		near := 0
		for _, w := range v.Counts {
			if w.Later {
				near++
			}
		}
		t.Add(Row{Key: string(v.Place), Label: h.PlaceName(v.Place, lang), Href: a.link("/diaspora/" + string(v.Place))}, Cell{Text: strconv.Itoa(v.Year)}, Cell{Figure: earlier}, Cell{Figure: later}, Cell{Figure: v.Change},
			Cell{Text: a.T("diaspora.revision.votes", "Later", near, "Count", len(v.Counts))})
	}
	p.Tables = append(p.Tables, t)
	for _, v := range vs[:min(2, len(vs))] {
		r := h.revisionTable(a, v)
		r.Title = h.PlaceName(v.Place, lang) + ": " + r.Title
		p.Tables = append(p.Tables, r)
	}
	return p, nil
}

// DiasporaRevision returns the page of what the newest edition of the United
// Nations' estimate changed for one host.
func DiasporaRevision(ctx context.Context, h *House, a *Ask, host shanyraq.CountryCode) (*Page, error) {
	p, err := DiasporaRevisions(ctx, h, a)
	if err != nil {
		return nil, err
	}
	if host == a.Home {
		return nil, shanyraq.Tell("view.DiasporaRevision", shanyraq.NotFound, shanyraq.Text{Key: "diaspora.error.home", Args: map[string]any{"Home": h.PlaceName(host, a.Loc.Lang())}}, "%s is home", host)
	}
	if _, ok := h.Place(host); !ok {
		return nil, shanyraq.Tell("view.DiasporaRevision", shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.place", Args: map[string]any{"Code": string(host)}}, "no host %q", host)
	}
	vs, err := h.Diaspora.Revisions(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	p.Tables, p.Answer = nil, Say("diaspora.revision.same", "Host", h.PlaceName(host, a.Loc.Lang()))
	for _, v := range vs {
		if v.Place == host {
			t := h.revisionTable(a, v)
			p.Answer, t.Lead = t.Lead, Sentence{}
			p.Tables = append(p.Tables, t)
		}
	}
	return p, nil
}

// DiasporaCoverage returns the page of what is held of which host, gaps as gaps.
func DiasporaCoverage(ctx context.Context, h *House, a *Ask) (*Page, error) {
	lang := a.Loc.Lang()
	p, err := h.pooling(ctx, a)
	if err != nil {
		return nil, err
	}
	home := h.PlaceName(a.Home, lang)
	page := &Page{Room: "diaspora", Path: "/diaspora/coverage", Question: a.T("diaspora.coverage.question", "Home", home),
		Crumbs: []Choice{{a.link("/diaspora"), a.T("nav.diaspora")}}, Answer: Say("diaspora.coverage.answer", "Home", home, "Count", len(p.Hosts), "Unknown", len(p.Unknown))}
	t := &Table{Key: "coverage", Title: a.T("diaspora.coverage"), RowHead: a.T("common.host"), Lead: Say("diaspora.coverage.lead"), Empty: a.T("diaspora.empty", "Home", home)}
	t.Chart = &Chart{Type: "map", Value: "held", Unit: a.T("diaspora.coverage.held")}
	t.Columns = []Column{{Key: "held", Label: a.T("diaspora.coverage.held"), Figures: true}}
	for _, s := range p.Sets {
		t.Columns = append(t.Columns, Column{Key: string(s.Set), Label: setTitle(a, s.Set)})
	}
	gaps, err := p.Coverage()
	if err != nil {
		return nil, err
	}
	for _, g := range gaps {
		cells := []Cell{{Figure: g.Held}}
		for _, s := range p.Sets {
			n := g.Claims[s.Set]
			if n == 0 {
				cells = append(cells, Cell{Missing: a.T("diaspora.missing")})
				continue
			}
			when := a.T("common.undated")
			if y := g.Newest[s.Set]; y != 0 {
				when = strconv.Itoa(y)
			}
			cells = append(cells, Cell{Text: a.T("diaspora.coverage.cell", "Count", n, "When", when, "Basis", a.Loc.Strength(g.Best[s.Set])), Badge: g.Best[s.Set].String()})
		}
		t.Add(Row{Key: string(g.Place), Label: h.PlaceName(g.Place, lang), Href: withSettings(a, "/diaspora/"+string(g.Place))}, cells...)
	}
	page.Tables = append(page.Tables, t)
	u := &Table{Key: "unknown", Title: a.T("diaspora.coverage.unknown", "Count", len(p.Unknown)), RowHead: a.T("common.country"), Lead: Say("diaspora.coverage.unknown.lead"),
		Columns: []Column{{Key: "code", Label: a.T("diaspora.coverage.code")}}}
	for _, c := range p.Unknown {
		u.Add(Row{Key: string(c), Label: h.PlaceName(c, lang), Href: a.link("/hosts/" + string(c))}, Cell{Text: string(c)})
	}
	h.sortRows(a, u)
	page.Tables = append(page.Tables, u)
	areas, err := h.Diaspora.Areas(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	if len(areas) > 0 {
		r := h.claimTable(a, "areas", a.T("diaspora.areas"), areas, claimColumns{place: true, definition: true, note: true})
		r.Lead = Say("diaspora.areas.lead")
		page.Tables = append(page.Tables, r)
	}
	return page, nil
}

// DiasporaBacktest returns the page of how well pooling foretold counts that
// were hidden from it, beside two plain rivals.
func DiasporaBacktest(ctx context.Context, h *House, a *Ask) (*Page, error) {
	lang := a.Loc.Lang()
	checks, err := h.Diaspora.Backtest(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	home := h.PlaceName(a.Home, lang)
	p := &Page{Room: "diaspora", Path: "/diaspora/backtest", Question: a.T("diaspora.backtest.question", "Home", home),
		Crumbs: []Choice{{a.link("/diaspora"), a.T("nav.diaspora")}}, Answer: Say("diaspora.backtest.none", "Home", home)}
	t := &Table{Key: "scores", Title: a.T("diaspora.backtest.scores"), RowHead: a.T("diaspora.backtest.way"), Lead: Say("diaspora.backtest.scores.lead"), Empty: a.T("diaspora.backtest.none", "Home", home),
		Columns: []Column{{Key: "set", Label: a.T("diaspora.set")}, {Key: "hidden", Label: a.T("diaspora.backtest.hidden")},
			{Key: "coverage", Label: a.T("diaspora.backtest.coverage"), Help: a.T("diaspora.backtest.coverage.help"), Figures: true},
			{Key: "score", Label: a.T("diaspora.backtest.score"), Help: a.T("diaspora.backtest.score.help"), Figures: true},
			{Key: "width", Label: a.T("diaspora.backtest.width"), Help: a.T("diaspora.backtest.width.help"), Figures: true}},
		Notes: []string{a.T("diaspora.backtest.note")}}
	for _, c := range checks {
		title := a.T("diaspora.backtest.all")
		if c.Set != "" {
			title = setTitle(a, c.Set)
		}
		for _, s := range c.Scores {
			t.Add(Row{Key: string(c.Set) + "-" + s.Way, Label: a.T("diaspora.backtest.way." + s.Way), Group: title, Home: s.Way == "pooled"},
				Cell{Text: title}, Cell{Text: strconv.Itoa(s.N)}, Cell{Figure: s.Coverage}, Cell{Figure: s.Interval}, Cell{Figure: s.Width})
		}
	}
	p.Tables = append(p.Tables, t)
	all, err := h.Diaspora.Calibration(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	if all.Few {
		t.Notes = slices.Insert(t.Notes, 0, a.T("diaspora.calibration.few", "Home", home, "Count", all.Hidden))
	}
	if !all.All.IsZero() {
		c := &Table{Key: "homes", Title: a.T("diaspora.calibration"), RowHead: a.T("diaspora.calibration.what"), Lead: Say("diaspora.calibration.lead", "Homes", all.Homes, "Counts", all.Counts, "Hosts", all.Hosts),
			Columns: []Column{{Key: "value", Label: a.T("common.value"), Figures: true}}, Notes: []string{a.T("diaspora.calibration.note")}}
		if all.Host != "" {
			c.Lead = Say("diaspora.calibration.lead.one", "Homes", all.Homes, "Counts", all.Counts, "Host", h.PlaceName(all.Host, lang))
		}
		for _, x := range []struct {
			key string
			f   shanyraq.Figure
		}{{"all", all.All}, {"others", all.Others}, {"widened", all.Widened}, {"factor", all.Factor}} {
			c.Add(Row{Key: x.key, Label: a.T("diaspora.calibration." + x.key)}, Cell{Figure: x.f})
		}
		p.Tables = append(p.Tables, c)
	}
	if len(checks) > 0 {
		last := checks[len(checks)-1]
		if len(last.Scores) > 0 {
			key := "diaspora.backtest.answer"
			if all.Few {
				key = "diaspora.backtest.answer.few"
			}
			p.Answer = Say(key, "Home", home, "Count", last.Scores[0].N, "Coverage", last.Scores[0].Coverage)
		}
	}
	for _, c := range checks {
		if len(c.Forecasts) == 0 {
			continue
		}
		f := &Table{Key: "forecasts-" + string(c.Set), Title: a.T("diaspora.backtest.forecasts", "Set", setTitle(a, c.Set)), RowHead: a.T("common.host"), Lead: Say("diaspora.backtest.forecasts.lead"),
			Columns: []Column{{Key: "when", Label: a.T("common.date")}, {Key: "foretold", Label: a.T("diaspora.backtest.foretold"), Figures: true}, {Key: "counted", Label: a.T("diaspora.backtest.counted"), Figures: true}, {Key: "held", Label: a.T("diaspora.backtest.held")}}}
		order := slices.Clone(c.Forecasts)
		slices.SortStableFunc(order, func(x, y diaspora.Forecast) int { // what went wrong comes first
			if x.Held != y.Held {
				if y.Held {
					return -1
				}
				return 1
			}
			return 0
		})
		for _, x := range order {
			counted, err := x.Claim.Figure()
			if err != nil {
				return nil, err
			}
			held := a.T("diaspora.backtest.no")
			if x.Held {
				held = a.T("diaspora.backtest.yes")
			}
			f.Add(Row{Key: string(x.Claim.ID), Label: h.PlaceName(x.Claim.Place, lang), Href: a.link("/diaspora/" + string(x.Claim.Place))}, Cell{Text: h.dated(a, x.Claim)}, Cell{Figure: x.Foretold}, Cell{Figure: counted}, Cell{Text: held})
		}
		p.Tables = append(p.Tables, f)
	}
	return p, nil
}

// DiasporaPriors returns the page of what is believed before any claim is read,
// what the totals become when each is moved, and the claims that do not fit.
func DiasporaPriors(ctx context.Context, h *House, a *Ask) (*Page, error) {
	lang := a.Loc.Lang()
	year, err := a.Year("year")
	if err != nil {
		return nil, err
	}
	pooled, err := h.Diaspora.Pool(ctx, a.Home, year, nil)
	if err != nil {
		return nil, err
	}
	turns, err := h.Diaspora.Sensitivity(ctx, a.Home, year)
	if err != nil {
		return nil, err
	}
	home := h.PlaceName(a.Home, lang)
	p := &Page{Room: "diaspora", Path: "/diaspora/priors", Question: a.T("diaspora.priors.question", "Home", home),
		Crumbs: []Choice{{a.link("/diaspora"), a.T("nav.diaspora")}}, Answer: Say("diaspora.priors.none", "Home", home)}
	if len(turns) > 0 {
		p.Answer = Say("diaspora.priors.answer", "Home", home, "Prior", a.T("diaspora.prior."+turns[0].Prior.Key))
	}
	t := &Table{Key: "priors", Title: a.T("diaspora.priors"), RowHead: a.T("diaspora.priors.prior"), Lead: Say("diaspora.priors.lead"), Empty: a.T("diaspora.priors.none", "Home", home),
		Columns: []Column{{Key: "value", Label: a.T("common.value")}, {Key: "basis", Label: a.T("common.strength")}, {Key: "tried", Label: a.T("diaspora.priors.tried")}},
		Notes:   []string{a.T("diaspora.priors.note"), a.T("diaspora.priors.edit")}}
	for _, s := range pooled.Sets {
		t.Columns = append(t.Columns, Column{Key: string(s.Set) + "-down", Label: a.T("diaspora.priors.down", "Set", setTitle(a, s.Set)), Figures: true},
			Column{Key: string(s.Set) + "-up", Label: a.T("diaspora.priors.up", "Set", setTitle(a, s.Set)), Figures: true})
	}
	for _, x := range turns {
		basis := Cell{Text: a.T("diaspora.priors.judged"), Badge: "opinion"}
		if x.Prior.Source != "" {
			basis = Cell{Text: a.T("diaspora.priors.learnt"), Href: a.link("/sources/" + string(x.Prior.Source)), Badge: "measured"}
		}
		key := x.Prior.Key
		cells := []Cell{{Text: setting(a, x.Prior.Value)}, basis, {Text: a.T("figure.range", "Low", setting(a, x.Down[key]), "High", setting(a, x.Up[key]))}}
		for _, s := range pooled.Sets {
			pair := x.Totals[s.Set]
			cells = append(cells, Fig(pair[0], a.T("diaspora.priors.unmoved")), Fig(pair[1], a.T("diaspora.priors.unmoved")))
		}
		href := a.link("/diaspora")
		if strings.Contains(href, "?") {
			href += "&prior=" + x.Up.String()
		} else {
			href += "?prior=" + x.Up.String()
		}
		t.Add(Row{Key: key, Label: a.T("diaspora.prior." + key), Href: href}, cells...)
	}
	p.Tables = append(p.Tables, t)
	o := &Table{Key: "outliers", Title: a.T("diaspora.outliers"), RowHead: a.T("common.host"), Lead: Say("diaspora.outliers.lead"), Empty: a.T("diaspora.outliers.none"),
		Columns: []Column{{Key: "set", Label: a.T("diaspora.set")}, {Key: "when", Label: a.T("common.date")}, {Key: "value", Label: a.T("common.value"), Figures: true}, {Key: "pooled", Label: a.T("diaspora.outliers.pooled"), Figures: true}, {Key: "who", Label: a.T("common.who")}, {Key: "weight", Label: a.T("diaspora.parts.weight")}}}
	for _, s := range pooled.Sets {
		for _, x := range s.Outliers() {
			f, err := x.Said()
			if err != nil {
				return nil, err
			}
			size, _ := s.Size(x.Claim.Place)
			o.Add(Row{Key: string(x.Claim.ID), Label: h.PlaceName(x.Claim.Place, lang), Href: a.link("/diaspora/" + string(x.Claim.Place))},
				Cell{Text: setTitle(a, s.Set)}, Cell{Text: h.dated(a, x.Claim)}, Cell{Figure: f}, Cell{Figure: size}, Cell{Text: h.whoSays(x.Claim)}, percentText(a, x.Weight, false))
		}
	}
	p.Tables = append(p.Tables, o)
	return p, nil
}

// diasporaTitle says what a figure of the Diaspora room is of; its path is split
// at the slashes. It returns false for paths that [House.figureTitle] knows.
func (h *House) diasporaTitle(a *Ask, seg []string) (title, subtitle string, ok bool) {
	if len(seg) < 5 {
		return "", "", false
	}
	lang := a.Loc.Lang()
	host := h.PlaceName(shanyraq.CountryCode(seg[2]), lang)
	subtitle = a.T("figure.diaspora", "Home", h.PlaceName(shanyraq.CountryCode(seg[1]), lang), "Host", host) + " · " + seg[4]
	kind, set, _ := strings.Cut(seg[3], "-")
	name := a.T("diaspora.backtest.all")
	if kind == "backtest" && set == "homes" {
		what := seg[len(seg)-1]
		return a.T("diaspora.calibration." + what), a.T("diaspora.calibration"), true
	}
	if set != "all" && set != "" {
		name = setTitle(a, diaspora.Set(set))
	}
	switch kind {
	case "pooled":
		title = a.T("diaspora.title.pooled", "Set", name)
		switch {
		case len(seg) == 6:
			subtitle += " · " + seg[5]
		case len(seg) > 6:
			title = a.T("diaspora.title.without", "Set", name)
		}
	case "share":
		title, subtitle = a.T("diaspora.title.share"), a.T("figure.diaspora", "Home", h.PlaceName(shanyraq.CountryCode(seg[1]), lang), "Host", host)
	case "held":
		title = a.T("diaspora.coverage.held")
	case "overlap":
		pair, least := strings.CutSuffix(set, "-least")
		if x, y, ok := strings.Cut(pair, "-"); ok {
			key := "diaspora.title.overlap"
			if least {
				key = "diaspora.title.overlap.least"
			}
			title = a.T(key, "A", setTitle(a, diaspora.Set(x)), "B", setTitle(a, diaspora.Set(y)))
		}
		if len(seg) == 6 {
			subtitle += " · " + seg[5]
		}
	case "union":
		if title = a.T("diaspora.union"); len(seg) == 6 {
			subtitle += " · " + seg[5]
		}
	case "backtest":
		if len(seg) == 6 {
			way, measure, _ := strings.Cut(seg[5], "-")
			title = a.T("diaspora.title.score", "Way", a.T("diaspora.backtest.way."+way), "Measure", a.T("diaspora.backtest."+measure), "Set", name)
		} else {
			title = a.T("diaspora.title.foretold", "Set", name)
		}
	case "returns":
		title, subtitle = a.T("diaspora.title.returns", "Origin", host), seg[4]
	case "over":
		if len(seg) == 6 {
			title = a.T("diaspora.title.over", "Set", name)
			subtitle = strings.TrimSuffix(subtitle, seg[4]) + seg[5]
		}
	case "revision":
		title = a.T("diaspora.revision.change")
	default:
		return "", "", false
	}
	return title, subtitle, true
}
