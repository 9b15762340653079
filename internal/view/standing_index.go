package view

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/standing"
)

// StandingTabs returns the pages of the Standing room, path and label, in
// order, or nil if the path is of another room. On the pages of one index they
// are those of the index.
func StandingTabs(a *Ask, path string) []Choice {
	tabs := []Choice{{"/standing", a.T("standing.tab.league")}, {"/standing/power", a.T("standing.tab.power")}, {"/standing/tiers", a.T("standing.tab.tiers")}, {"/standing/conduct", a.T("standing.tab.conduct")}}
	rest, ok := strings.CutPrefix(path, "/standing/")
	key, _, _ := strings.Cut(rest, "/")
	switch {
	case ok && slices.Contains(standing.IndexKeys(), standing.IndexKey(key)):
		at := "/standing/" + key
		return append(tabs, Choice{at, indexTitle(a, standing.IndexKey(key))}, Choice{at + "/sensitivity", a.T("standing.tab.sensitivity")},
			Choice{at + "/compare", a.T("standing.tab.compare")}, Choice{at + "/audit", a.T("standing.tab.audit")})
	case path != "/standing" && path != "/standing/power" && path != "/standing/conduct" && path != "/standing/tiers":
		return nil
	}
	for _, k := range standing.IndexKeys() {
		tabs = append(tabs, Choice{"/standing/" + string(k), indexTitle(a, k)})
	}
	return tabs
}

// indexTitle returns what the index is called in the reader's language.
func indexTitle(a *Ask, key standing.IndexKey) string {
	d, err := standing.ReadRecipe(key)
	if err != nil {
		return string(key)
	}
	return d.Title(a.Loc.Lang())
}

// indexPage is a page about one index.
type indexPage struct {
	h    *House
	a    *Ask
	x    *standing.Index
	page *Page
	home string
	lang string
}

// openIndex reads what the address asks for: index=, year=, missing= and the
// weights. under is what follows the index in the address of the page.
func openIndex(ctx context.Context, h *House, a *Ask, key standing.IndexKey, under string) (*indexPage, error) {
	if k := a.Get("index"); k != "" {
		key = standing.IndexKey(k)
	}
	year, err := a.Year("year")
	if err != nil {
		return nil, err
	}
	x, err := h.Standing.Index(ctx, key, year, a.Get("missing"), a.Query)
	if err != nil {
		return nil, err
	}
	v := &indexPage{h: h, a: a, x: x, lang: a.Loc.Lang(), home: h.PlaceName(a.Home, a.Loc.Lang())}
	v.page = &Page{Room: "standing", Path: "/standing/" + string(key) + under}
	index := Control{Name: "index", Label: a.T("standing.index"), Value: string(key)}
	for _, k := range standing.IndexKeys() {
		index.Choices = append(index.Choices, Choice{string(k), indexTitle(a, k)})
	}
	v.page.Controls = []Control{index, v.yearControl("year", a.T("common.year"), x.Year)}
	if x.Switchable() {
		v.page.Controls = append(v.page.Controls, Control{Name: "missing", Label: a.T("standing.index.missing"), Value: a.Get("missing"),
			Choices: []Choice{{"", a.T("standing.index.missing.drop")}, {"zero", a.T("standing.index.missing.zero")}}})
	}
	v.page.Notes = []string{x.About(v.lang)}
	for _, code := range x.Absent() {
		v.page.Notes = append(v.page.Notes, a.T("standing.index.absent", "Measure", v.name(code), "Year", x.Year))
	}
	return v, nil
}

func (v *indexPage) yearControl(name, label string, value int) Control {
	c := Control{Name: name, Label: label, Value: strconv.Itoa(value)}
	for _, y := range v.x.Years {
		c.Choices = append(c.Choices, Choice{strconv.Itoa(y), strconv.Itoa(y)})
	}
	if !slices.Contains(v.x.Years, value) {
		c.Choices = append([]Choice{{c.Value, c.Value}}, c.Choices...)
	}
	return c
}

// span lists years, runs of them by their ends.
func span(years []int) string {
	years = slices.Sorted(slices.Values(years))
	var b strings.Builder
	for i := 0; i < len(years); {
		to := i
		for to+1 < len(years) && years[to+1] == years[to]+1 {
			to++
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Itoa(years[i]))
		if to > i {
			b.WriteString("–" + strconv.Itoa(years[to]))
		}
		i = to + 1
	}
	return b.String()
}

// name returns what an element is called.
func (v *indexPage) name(code string) string {
	if m, ok := v.x.Measure(code); ok {
		if t := m.Title(v.lang); t != "" {
			return t
		}
		return v.h.SeriesTitle(m.Series[0], v.lang)
	}
	return v.x.Name(code, v.lang)
}

func (v *indexPage) column(key string, figures bool) Column {
	return Column{Key: key, Label: v.a.T("standing.index.col." + key), Figures: figures}
}

func (v *indexPage) names(codes []string) string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = v.name(c)
	}
	return strings.Join(out, ", ")
}

func (v *indexPage) row(place shanyraq.CountryCode) Row {
	return Row{Key: string(place), Label: v.h.PlaceName(place, v.lang), Href: v.a.link("/hosts/" + string(place)), Home: place == v.a.Home}
}

// StandingIndex returns the page of one built-in index: its league with the
// ranks each country could hold, home's profile, published rankings beside it,
// and all that makes it.
func StandingIndex(ctx context.Context, h *House, a *Ask, key standing.IndexKey) (*Page, error) {
	v, err := openIndex(ctx, h, a, key, "")
	if err != nil {
		return nil, err
	}
	x, p := v.x, v.page
	entries, err := x.League()
	if err != nil {
		return nil, err
	}
	p.Question = a.T("standing.index.question", "Home", v.home, "Index", x.Title(v.lang))
	at := slices.IndexFunc(entries, func(e standing.IndexEntry) bool { return e.Place == a.Home })
	if at >= 0 {
		e := entries[at]
		p.Answer = Say("standing.index.answer", "Home", v.home, "Index", x.Title(v.lang), "Year", x.Year, "Rank", e.Rank, "N", len(entries), "Score", e.Score, "Tier", e.Tier, "Tiers", len(x.Tiers()))
	} else {
		p.Answer = Say("standing.index.unranked", "Home", v.home, "Index", x.Title(v.lang), "Year", x.Year, "N", len(entries))
	}
	show := Control{Name: "show", Label: a.T("standing.show"), Value: a.Get("show"), Choices: []Choice{{"", a.T("standing.show.near")}, {"all", a.T("standing.show.all", "Count", len(entries))}}}
	p.Controls = append(p.Controls, show)
	for _, code := range x.Parts() {
		within, _ := x.Weight(code)
		if math.IsNaN(within) {
			continue
		}
		value := a.Query.Get("w." + code)
		if value == "" {
			value = strconv.FormatFloat(math.Round(1000*within)/10, 'f', -1, 64)
		}
		p.Weights = append(p.Weights, Control{Name: "w." + code, Label: v.name(code), Value: value, Weight: true})
	}
	shown := entries
	if show.Value != "all" {
		lo := max(0, min(max(0, at)-around, len(entries)-2*around-1))
		shown = entries[lo:min(len(entries), lo+2*around+1)]
		for _, e := range entries {
			if slices.Contains(withPlaces(a), e.Place) && !slices.ContainsFunc(shown, func(o standing.IndexEntry) bool { return o.Place == e.Place }) {
				shown = append(slices.Clone(shown), e)
			}
		}
		slices.SortStableFunc(shown, func(e, o standing.IndexEntry) int { return int(e.Rank.Value() - o.Rank.Value()) })
	}
	t := &Table{Key: "league", Title: fmt.Sprintf("%s, %d", x.Title(v.lang), x.Year), RowHead: a.T("common.country"), Lead: Say("standing.index.league.lead"),
		Columns: []Column{v.column("rank", true), v.column("score", true), v.column("above", true), v.column("tier", false)},
		Chart:   &Chart{Type: "ranges", Value: "rank", Reverse: true, Unit: a.T("standing.rank")}}
	for _, e := range shown {
		t.Add(v.row(e.Place), Fig(e.Rank, ""), Fig(e.Score, ""), Fig(e.Above, a.T("standing.last")), Cell{Text: strconv.Itoa(e.Tier)})
	}
	p.Tables = append(p.Tables, t)
	profile, err := v.profile()
	if err != nil {
		return nil, err
	}
	beside, gaps, err := v.beside()
	if err != nil {
		return nil, err
	}
	p.Tables = append(p.Tables, profile, beside)
	if len(gaps.Rows) > 0 {
		p.Tables = append(p.Tables, gaps)
	}
	switched, err := v.switched(ctx)
	if err != nil {
		return nil, err
	}
	if switched != nil {
		p.Tables = append(p.Tables, switched)
	}
	makeup, err := v.makeup()
	if err != nil {
		return nil, err
	}
	p.Tables = append(p.Tables, makeup, v.unranked())
	return p, nil
}

// strengthMargin is by how much more, or less, of the countries an element must
// put below home than the index as a whole to be a strength or a weakness.
const strengthMargin = 0.1

// profile is where home stands on every element, its best first.
func (v *indexPage) profile() (*Table, error) {
	a := v.a
	lines, err := v.x.Profile(a.Home)
	if err != nil {
		return nil, err
	}
	t := &Table{Key: "profile", Title: a.T("standing.index.profile", "Home", v.home), RowHead: a.T("standing.index.col.element"), Lead: Say("standing.index.profile.lead"), Empty: a.T("standing.index.profile.empty", "Home", v.home),
		Columns: []Column{v.column("value", true), v.column("elementrank", true), v.column("n", false), v.column("better", false), v.column("strength", false)}}
	slices.SortStableFunc(lines, func(l, o standing.Line) int {
		switch {
		case math.IsNaN(l.Better) != math.IsNaN(o.Better):
			if math.IsNaN(l.Better) {
				return 1
			}
			return -1
		case l.Better > o.Better:
			return -1
		case l.Better < o.Better:
			return 1
		}
		return 0
	})
	me, ranked, err := v.x.Of(a.Home)
	if err != nil {
		return nil, err
	}
	league, err := v.x.League()
	if err != nil {
		return nil, err
	}
	whole := math.NaN() // the share of countries below home in the index as a whole
	if ranked && !me.Rank.IsZero() && len(league) > 1 {
		whole = (float64(len(league)) - me.Rank.Value()) / float64(len(league)-1)
	}
	for i, l := range lines {
		strength := ""
		switch {
		case math.IsNaN(l.Better) || math.IsNaN(whole):
		case i < 3 && l.Better >= whole+strengthMargin:
			strength = a.T("standing.index.strong")
		case l.Better <= whole-strengthMargin && i >= len(lines)-3:
			strength = a.T("standing.index.weak")
		}
		value := Fig(l.Value, a.T("standing.index.nothing"))
		if l.Level > 1 {
			value = Cell{Missing: a.T("standing.index.group")}
		}
		better := Cell{Missing: a.T("standing.index.nothing")}
		if !math.IsNaN(l.Better) {
			better = Cell{Text: a.T("standing.index.percent", "Value", a.Loc.Number(100*l.Better, 0))}
		}
		t.Add(Row{Key: l.Code, Label: v.name(l.Code)}, value, Fig(l.Rank, a.T("standing.index.nothing")), Cell{Text: strconv.Itoa(l.Of)}, better, Cell{Text: strength})
	}
	return t, nil
}

func (v *indexPage) beside() (*Table, *Table, error) {
	a := v.a
	bs, err := v.x.Besides()
	if err != nil {
		return nil, nil, err
	}
	t := &Table{Key: "beside", Title: a.T("standing.index.beside"), RowHead: a.T("standing.index.col.ranking"), Lead: Say("standing.index.beside.lead"), Empty: a.T("standing.index.beside.empty"),
		Columns: []Column{v.column("edition", false), v.column("n", false), v.column("agreement", true)}}
	g := &Table{Key: "gaps", Title: a.T("standing.index.gaps"), RowHead: a.T("common.country"), Lead: Say("standing.index.gaps.lead"),
		Columns: []Column{v.column("ranking", false), v.column("published", true), v.column("rank", true), v.column("theirs", false), v.column("ours", false)}}
	for _, b := range bs {
		name := v.h.SeriesTitle(b.Series, v.lang)
		t.Add(Row{Key: string(b.Series), Label: name}, Cell{Text: a.Loc.Period(b.When)}, Cell{Text: strconv.Itoa(b.N)}, Fig(b.Agreement, a.T("standing.index.few")))
		for _, x := range b.Gaps {
			f, err := x.Published.Figure()
			if err != nil {
				return nil, nil, err
			}
			row := v.row(x.Place)
			row.Key = string(b.Series) + "-" + row.Key
			g.Add(row, Cell{Text: name}, Fig(f, ""), Fig(x.Here, ""), Cell{Text: strconv.Itoa(x.Theirs)}, Cell{Text: strconv.Itoa(x.Ours)})
		}
	}
	return t, g, nil
}

// switched is what the rule for missing values makes of ranks, nil where the
// index has no such rule.
func (v *indexPage) switched(ctx context.Context) (*Table, error) {
	a := v.a
	ss, err := v.h.Standing.Switched(ctx, v.x.Key, v.x.Year)
	if err != nil || len(ss) == 0 {
		return nil, err
	}
	t := &Table{Key: "missing", Title: a.T("standing.index.switch"), RowHead: a.T("common.country"), Lead: Say("standing.index.switch.lead"),
		Columns: []Column{v.column("lacks", false), v.column("dropped", true), v.column("zeroed", true)}}
	for _, s := range ss {
		t.Add(v.row(s.Place), Cell{Text: v.names(s.Lacks)}, Fig(s.Drop, ""), Fig(s.Zero, ""))
	}
	return t, nil
}

// makeup is what the index is made of: weights, sources, and what varies.
func (v *indexPage) makeup() (*Table, error) {
	a, x := v.a, v.x
	pieces, err := x.Pieces()
	if err != nil {
		return nil, err
	}
	t := &Table{Key: "makeup", Title: a.T("standing.index.makeup"), RowHead: a.T("standing.index.col.element"), Lead: Say("standing.index.makeup.lead", "Varied", v.varied()),
		Columns: []Column{v.column("weight", true), v.column("series", false), v.column("options", false)}}
	drawn := &Table{Key: "makeup-parts", Title: x.Title(v.lang), RowHead: t.RowHead, Columns: []Column{v.column("weight", true)}, Chart: &Chart{Type: "sunburst", Value: "weight", Unit: a.T("standing.index.col.weight")}}
	for _, piece := range pieces {
		code := piece.Code
		weight := Fig(piece.Weight, a.T("standing.index.nothing"))
		if !piece.Weight.IsZero() {
			drawn.Add(Row{Key: code, Label: v.name(code), Group: v.part(piece.Parent)}, weight)
		}
		var series []string
		if m, ok := x.Measure(code); ok {
			for _, id := range m.Series {
				series = append(series, v.h.SeriesTitle(id, v.lang))
			}
		}
		t.Add(Row{Key: code, Label: v.name(code)}, weight, Cell{Text: strings.Join(series, " × ")}, Cell{})
	}
	for _, f := range x.Variations() {
		t.Add(Row{Key: "factor-" + f.Name, Label: a.T("standing.index.factor." + f.Name)}, Cell{}, Cell{}, Cell{Text: strings.Join(f.Options, " / ")})
	}
	t.draws(drawn)
	return t, nil
}

// part is the name of what an element is part of, "" right under the whole.
func (v *indexPage) part(code string) string {
	if code == "" {
		return ""
	}
	return v.name(code)
}

// varied names what is uncertain.
func (v *indexPage) varied() string {
	out := []string{v.a.T("standing.index.factor.data")}
	for _, f := range v.x.Variations() {
		out = append(out, v.a.T("standing.index.factor."+f.Name))
	}
	return strings.Join(out, ", ")
}

func (v *indexPage) unranked() *Table {
	a := v.a
	out := v.x.Unranked()
	t := &Table{Key: "unranked", Title: a.T("standing.missing", "Count", len(out)), RowHead: a.T("common.country"), Columns: []Column{v.column("lacks", false)}, Lead: Say("standing.missing.lead")}
	for place, codes := range out {
		t.Add(v.row(place), Cell{Text: v.names(codes)})
	}
	slices.SortFunc(t.Rows, func(r, o Row) int { return strings.Compare(r.Key, o.Key) })
	v.h.sortRows(a, t)
	return t
}

// StandingSensitivity returns the page of what moves home's rank in one index:
// which of the uncertain things, which indicator, and what moved it since
// another year.
func StandingSensitivity(ctx context.Context, h *House, a *Ask, key standing.IndexKey) (*Page, error) {
	v, err := openIndex(ctx, h, a, key, "/sensitivity")
	if err != nil {
		return nil, err
	}
	x, p := v.x, v.page
	p.Question = a.T("standing.moves.question", "Home", v.home, "Index", x.Title(v.lang))
	n := 5
	if s := a.Get("gain"); s != "" {
		if n, err = strconv.Atoi(s); err != nil || n < 1 || n > standing.MostRanks {
			return nil, shanyraq.Tell("view.StandingSensitivity", shanyraq.Invalid, shanyraq.Text{Key: "standing.error.gain", Args: map[string]any{"Found": s, "Most": standing.MostRanks}}, "gain=%q is no number of ranks", s)
		}
	}
	from, err := a.Year("from")
	if err != nil {
		return nil, err
	}
	if from != 0 && !slices.Contains(x.Years, from) {
		return nil, shanyraq.Tell("view.StandingSensitivity", shanyraq.Invalid, shanyraq.Text{Key: "standing.error.from", Args: map[string]any{"Found": from, "Known": span(x.Years)}}, "no ranks in %d", from)
	}
	if from == 0 {
		from = x.Year
		for _, y := range x.Years {
			if y < x.Year && y >= x.Year-10 {
				from = y
			}
		}
	}
	gain := Control{Name: "gain", Label: a.T("standing.moves.gain"), Value: strconv.Itoa(n)}
	for _, k := range []int{1, 2, 3, 5, 10, 20} {
		gain.Choices = append(gain.Choices, Choice{strconv.Itoa(k), strconv.Itoa(k)})
	}
	if !slices.ContainsFunc(gain.Choices, func(c Choice) bool { return c.Value == gain.Value }) {
		gain.Choices = append(gain.Choices, Choice{gain.Value, gain.Value})
	}
	p.Controls = append(p.Controls, v.yearControl("from", a.T("standing.moves.from"), from), gain)
	e, ranked, err := x.Of(a.Home)
	if err != nil {
		return nil, err
	}
	if ranked {
		p.Answer = Say("standing.moves.answer", "Home", v.home, "Rank", e.Rank, "N", x.Ranked(), "Year", x.Year)
	} else {
		p.Answer = Say("standing.index.unranked", "Home", v.home, "Index", x.Title(v.lang), "Year", x.Year, "N", x.Ranked())
	}
	movers, err := x.Movers(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	t := &Table{Key: "movers", Title: a.T("standing.moves.movers", "Home", v.home), RowHead: a.T("standing.index.col.varied"), Lead: Say("standing.moves.movers.lead"), Empty: a.T("standing.index.profile.empty", "Home", v.home),
		Columns: []Column{v.column("alone", true), v.column("total", true)}, Chart: &Chart{Type: "ranges", Value: "total", Unit: a.T("standing.index.col.total")}}
	for _, m := range movers {
		t.Add(Row{Key: m.Factor, Label: a.T("standing.index.factor." + m.Factor)}, Fig(m.Alone, a.T("standing.moves.never")), Fig(m.Total, a.T("standing.moves.never")))
	}
	levers, err := x.Levers(ctx, a.Home, n)
	if err != nil {
		return nil, err
	}
	l := &Table{Key: "levers", Title: a.T("standing.moves.levers", "Home", v.home, "Count", n), RowHead: a.T("standing.index.col.element"), Lead: Say("standing.moves.levers.lead"), Empty: a.T("standing.moves.levers.empty", "Home", v.home),
		Columns: []Column{v.column("now", true), v.column("needed", true), v.column("way", false), v.column("best", false)}}
	for _, x := range levers {
		way := Cell{Missing: a.T("standing.moves.cannot")}
		if !math.IsNaN(x.Part) {
			way = Cell{Text: a.T("standing.index.percent", "Value", a.Loc.Number(100*x.Part, 1))}
		}
		l.Add(Row{Key: x.Code, Label: v.name(x.Code)}, Fig(x.From, ""), Fig(x.To, a.T("standing.moves.cannot")), way, Cell{Text: strconv.Itoa(x.Best)})
	}
	c := &Table{Key: "change", Title: a.T("standing.moves.change", "Home", v.home, "From", from, "To", x.Year), RowHead: a.T("standing.index.col.cause"), Lead: Say("standing.moves.change.lead"), Empty: a.T("standing.moves.change.empty", "Home", v.home),
		Columns: []Column{v.column("places", true)}, Chart: &Chart{Type: "ranges", Value: "places", Unit: a.T("standing.index.col.places")}}
	changed, ok, err := h.Standing.Change(ctx, x.Key, a.Home, from, x.Year, string(x.Missing))
	if err != nil && shanyraq.KindOf(err) != shanyraq.NotFound {
		return nil, err
	}
	if ok && err == nil {
		c.Lead = Say("standing.moves.change.said", "Before", changed.Before, "After", changed.After, "From", from, "To", x.Year)
		for _, part := range changed.Parts {
			c.Add(Row{Key: part.Cause, Label: a.T("standing.moves.cause." + part.Cause)}, Fig(part.Places, ""))
		}
	}
	p.Tables = []*Table{t, l, c}
	p.Notes = append(p.Notes, a.T("standing.moves.data"))
	return p, nil
}

// mostCompared is how many countries a comparison holds, home included.
const mostCompared = 4

// StandingCompare returns the page that holds home beside up to three countries
// named in with=, element by element, and says how often each stands above each.
func StandingCompare(ctx context.Context, h *House, a *Ask, key standing.IndexKey) (*Page, error) {
	v, err := openIndex(ctx, h, a, key, "/compare")
	if err != nil {
		return nil, err
	}
	x, p := v.x, v.page
	p.Controls = append(p.Controls, Control{Name: "with", Label: a.T("hosts.compare.with"), Value: a.Get("with")})
	places := []shanyraq.CountryCode{a.Home}
	named, unknown := h.placesNamed(a.Get("with"))
	if len(unknown) > 0 {
		p.Notices = append(p.Notices, a.T("hosts.compare.unknown", "Names", strings.Join(unknown, ", ")))
	}
	over := 0
	for _, c := range named {
		switch {
		case slices.Contains(places, c):
		case len(places) == mostCompared:
			over++
		default:
			places = append(places, c)
		}
	}
	if over > 0 {
		p.Notices = append(p.Notices, a.T("hosts.compare.over", "Max", mostCompared-1, "Count", over))
	}
	if len(places) == 1 { // those next above and below
		league, err := x.League()
		if err != nil {
			return nil, err
		}
		if at := slices.IndexFunc(league, func(e standing.IndexEntry) bool { return e.Place == a.Home }); at >= 0 {
			for _, k := range []int{at - 1, at + 1} {
				if k >= 0 && k < len(league) {
					places = append(places, league[k].Place)
				}
			}
		}
	}
	p.Question = a.T("standing.compare.question", "Home", v.home, "Index", x.Title(v.lang))
	p.Answer = Say("standing.compare.answer", "Index", x.Title(v.lang), "Year", x.Year, "Count", len(places))
	ranks := &Table{Key: "ranks", Title: fmt.Sprintf("%s, %d", x.Title(v.lang), x.Year), RowHead: a.T("common.country"), Lead: Say("standing.compare.ranks.lead"),
		Columns: []Column{v.column("rank", true), v.column("score", true)}, Chart: &Chart{Type: "ranges", Value: "rank", Reverse: true, Unit: a.T("standing.rank")}}
	elements := &Table{Key: "elements", Title: a.T("standing.compare.elements"), RowHead: a.T("standing.index.col.element")}
	cells := map[string][]Cell{}
	for _, place := range places {
		name := h.PlaceName(place, v.lang)
		ranks.Columns = append(ranks.Columns, Column{Key: "over-" + string(place), Label: a.T("standing.compare.over", "Place", name), Figures: true})
		elements.Columns = append(elements.Columns, Column{Key: string(place), Label: name, Figures: true}, Column{Key: string(place) + "-rank", Label: a.T("standing.compare.rankof", "Place", name), Figures: true})
		lines, err := x.Profile(place)
		if err != nil {
			return nil, err
		}
		for _, code := range x.Elements() {
			at := slices.IndexFunc(lines, func(l standing.Line) bool { return l.Code == code })
			value, rank := Cell{Missing: a.T("standing.index.nothing")}, Cell{Missing: a.T("standing.index.nothing")}
			if at >= 0 {
				value, rank = Fig(lines[at].Value, a.T("standing.index.nothing")), Fig(lines[at].Rank, a.T("standing.index.nothing"))
				if lines[at].Level > 1 {
					value = Cell{Missing: a.T("standing.index.group")}
				}
			}
			cells[code] = append(cells[code], value, rank)
		}
	}
	for _, place := range places {
		e, _, err := x.Of(place)
		if err != nil {
			return nil, err
		}
		row := []Cell{Fig(e.Rank, a.T("standing.index.nothing")), Fig(e.Score, a.T("standing.index.nothing"))}
		for _, other := range places {
			if other == place {
				row = append(row, Cell{Missing: a.T("standing.compare.self")})
				continue
			}
			f, err := x.Over(place, other)
			if err != nil {
				return nil, err
			}
			row = append(row, Fig(f, a.T("standing.index.nothing")))
		}
		ranks.Add(v.row(place), row...)
	}
	for _, code := range x.Elements() {
		elements.Add(Row{Key: code, Label: v.name(code)}, cells[code]...)
	}
	p.Tables = []*Table{ranks, elements}
	return p, nil
}

// StandingAudit returns the sheet of the ten steps by which an index is judged,
// with the evidence for each.
func StandingAudit(ctx context.Context, h *House, a *Ask, key standing.IndexKey) (*Page, error) {
	v, err := openIndex(ctx, h, a, key, "/audit")
	if err != nil {
		return nil, err
	}
	x, p := v.x, v.page
	u, err := x.Audit()
	if err != nil {
		return nil, err
	}
	bs, err := x.Besides()
	if err != nil {
		return nil, err
	}
	p.Print = true
	p.Question = a.T("standing.audit.question", "Index", x.Title(v.lang))
	t := &Table{Key: "audit", Title: a.T("standing.audit.title", "Index", x.Title(v.lang), "Year", x.Year), RowHead: a.T("standing.audit.step"), Lead: Say("standing.audit.lead"),
		Columns: []Column{v.column("finding", false), v.column("evidence", true), v.column("measured", false), v.column("found", false)}}
	counts := map[string]int{}
	step := func(n int, verdict string, found string, f shanyraq.Figure, args ...any) {
		counts[verdict]++
		measured := Cell{}
		if key := auditMeasures[n]; key != "" && !f.IsZero() {
			measured.Text = a.T("standing.audit.evidence." + key)
		}
		t.Add(Row{Key: strconv.Itoa(n), Label: a.T(fmt.Sprintf("standing.audit.step.%d", n))}, Cell{Text: a.T("standing.audit.verdict." + verdict)}, Fig(f, a.T("standing.audit.words")), measured, Cell{Text: a.T(found, args...)})
	}
	// A step is done, done in part, or not done, by what is beside it.
	which := func(done, partly bool) string {
		switch {
		case done:
			return "done"
		case partly:
			return "partly"
		}
		return "not"
	}
	held := u.Cells.Value() / (u.Cells.Value() + u.Gaps.Value())
	strong, agreed := math.Abs(u.Twins.Value()) > 0.92, bs != nil && slices.ContainsFunc(bs, func(b standing.Beside) bool { return !b.Agreement.IsZero() })
	step(1, "done", "standing.audit.found.1", shanyraq.Figure{}, "Measures", v.names(x.Elements()))
	step(2, which(held >= 0.9 && u.Out.Value() == 0, held >= 0.65), "standing.audit.found.2", u.Cells, "Ranked", int(u.Ranked.Value()), "Out", int(u.Out.Value()))
	step(3, which(u.Gaps.Value() == 0 || x.Switchable(), true), "standing.audit.found.3", u.Gaps)
	step(4, which(!strong && u.Odd.Value() > 0.3, !strong || u.Odd.Value() > 0.3), "standing.audit.found.4", u.Twins, "A", v.name(u.TwinA), "B", v.name(u.TwinB))
	step(5, "done", "standing.audit.found.5", u.Odd, "Odd", v.name(u.OddOne), "Treated", cmpOr(v.names(u.Treated), a.T("standing.audit.none")))
	step(6, which(u.Removal.Value() < 10, true), "standing.audit.found.6", u.Removal, "Removed", v.name(u.Removed))
	step(7, which(!u.Settled, false), "standing.audit.found.7", u.Tiers, "Varied", v.varied())
	e, ranked, err := x.Of(a.Home)
	if err != nil {
		return nil, err
	}
	step(8, which(ranked, false), "standing.audit.found.8", e.Rank, "Home", v.home)
	agreement := shanyraq.Figure{}
	if agreed {
		agreement = bs[0].Agreement
	}
	step(9, which(agreed, len(bs) > 0), "standing.audit.found.9", agreement)
	step(10, "done", "standing.audit.found.10", shanyraq.Figure{}, "Index", string(x.Key))
	p.Answer = Say("standing.audit.answer", "Index", x.Title(v.lang), "Year", x.Year, "Done", counts["done"], "Partly", counts["partly"], "Not", counts["not"])
	p.Tables = []*Table{t}
	p.Notes = append(p.Notes, a.T("standing.audit.rules"))
	return p, nil
}

// auditMeasures says what the number beside each step of the audit is.
var auditMeasures = map[int]string{2: "cells", 3: "gaps", 4: "twins", 5: "odd", 6: "removal", 7: "tiers", 8: "rank", 9: "agreement"}

func cmpOr(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// indexTitle returns what the figure of an index at the path is of.
func (h *House) indexTitle(a *Ask, seg []string) string {
	key, _, _ := strings.Cut(seg[2], "~")
	d, err := standing.ReadRecipe(standing.IndexKey(key))
	if err != nil {
		return strings.Join(seg, "/")
	}
	v := indexPage{h: h, a: a, x: &standing.Index{Recipe: d}, lang: a.Loc.Lang()}
	what, rest, _ := strings.Cut(seg[5], "-")
	if m, ok := d.Measure(seg[5]); ok {
		return v.name(m.Code)
	}
	key = "standing.index.col." + what
	switch what {
	case "beside":
		return d.Title(v.lang) + ": " + a.T("standing.index.beside")
	case "rank":
		if rest != "" {
			return v.name(rest) + ": " + a.T("standing.rank")
		}
	case "weight":
		return v.name(rest) + ": " + a.T(key)
	case "alone", "total":
		return d.Title(v.lang) + ": " + a.T(key) + ", " + a.T("standing.index.factor."+rest)
	case "reach":
		_, code, _ := strings.Cut(rest, "-")
		return v.name(code) + ": " + a.T("standing.index.col.needed")
	case "change":
		_, cause, _ := strings.Cut(rest, "-")
		return d.Title(v.lang) + ": " + a.T("standing.moves.cause."+cause)
	case "over":
		return d.Title(v.lang) + ": " + a.T("standing.compare.over", "Place", h.PlaceName(shanyraq.CountryCode(rest), v.lang))
	case "audit":
		return d.Title(v.lang) + ": " + a.T("standing.audit.evidence."+rest)
	}
	return d.Title(v.lang) + ": " + a.T(key)
}
