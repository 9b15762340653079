package view

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/hosts"
)

// HostsFit returns the page of how well home's themes are likely to be taken in
// one host, and one theme in every host.
func HostsFit(ctx context.Context, h *House, a *Ask) (*Page, error) {
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
		return nil, shanyraq.Tell("view.HostsFit", shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.place", Args: map[string]any{"Code": string(code)}}, "no place %q", code)
	}
	theme := hosts.Theme(a.Get("about"))
	if theme == "" {
		theme = hosts.Themes()[0]
	}
	lang := a.Loc.Lang()
	home := h.PlaceName(a.Home, lang)
	p := &Page{Room: "hosts", Path: "/hosts/fit", Question: a.T("hosts.fit.question", "Home", home, "Country", place.Name(lang)), Crumbs: []Choice{{a.link("/hosts"), a.T("nav.hosts")}}}
	choose := Control{Name: "about", Label: a.T("hosts.theme"), Value: string(theme)}
	for _, t := range hosts.Themes() {
		choose.Choices = append(choose.Choices, Choice{string(t), a.T("hosts.theme." + string(t))})
	}
	p.Controls = []Control{h.countryControl(a, "in", a.T("common.country"), code), choose}
	here, err := h.fitTable(ctx, a, code)
	if err != nil {
		return nil, err
	}
	here.Chart = &Chart{Type: "ranges", Value: "predicted", Unit: a.T("hosts.fit.predicted")}
	count := map[hosts.Mood]int{}
	fits, err := h.Hosts.Fits(ctx, a.Home, code)
	if err != nil {
		return nil, err
	}
	for _, f := range fits {
		m, err := f.Mood()
		if err != nil {
			return nil, err
		}
		count[m]++
	}
	p.Answer = Say("hosts.fit.answer", "Country", place.Name(lang), "Welcome", count[hosts.Welcome], "Mixed", count[hosts.Mixed], "Backlash", count[hosts.Backlash], "Untold", count[hosts.Untold])
	everywhere, err := h.fitEverywhere(ctx, a, theme)
	if err != nil {
		return nil, err
	}
	trials, err := h.trialsTable(ctx, a)
	if err != nil {
		return nil, err
	}
	matrix, err := h.audienceTable(ctx, a, code, fits)
	if err != nil {
		return nil, err
	}
	p.Tables = slices.Concat([]*Table{here, matrix}, everywhere, []*Table{trials, goalsTable(a)})
	p.Notes = []string{a.T("hosts.fit.note")}
	p.Forms = []Form{{Key: "judge", Action: "/hosts/fit/judge", Title: a.T("hosts.judge", "Country", place.Name(lang)), Lead: a.T("hosts.judge.lead"), Send: a.T("hosts.judge.send"), Fields: []Field{
		{Name: "place", Label: a.T("common.country"), Value: string(code), Choices: p.Controls[0].Choices},
		{Name: "theme", Label: a.T("hosts.theme"), Value: string(theme), Choices: choose.Choices},
		{Name: "fit", Label: a.T("hosts.fit.judged"), Help: a.T("hosts.judge.fit"), Min: "-1", Max: "1", Step: "0.1"},
		{Name: "why", Label: a.T("hosts.fit.why"), Help: a.T("hosts.judge.why"), Long: true},
	}}}
	return p, nil
}

// moodCell flags what a fit warns of.
func moodCell(a *Ask, f hosts.Fit) (Cell, error) {
	m, err := f.Mood()
	return Cell{Text: a.T("hosts.mood." + string(m)), Badge: "mood-" + string(m)}, err
}

// fitTable is every theme of home in one host.
func (h *House) fitTable(ctx context.Context, a *Ask, code shanyraq.CountryCode) (*Table, error) {
	fits, err := h.Hosts.Fits(ctx, a.Home, code)
	if err != nil {
		return nil, err
	}
	t := &Table{Key: "fit", Broad: true, Title: a.T("hosts.fit"), RowHead: a.T("hosts.theme"), Lead: Say("hosts.fit.lead"),
		Columns: []Column{{Key: "predicted", Label: a.T("hosts.fit.predicted"), Figures: true}, {Key: "judged", Label: a.T("hosts.fit.judged"), Figures: true}, {Key: "mood", Label: a.T("hosts.fit.mood")}, {Key: "why", Label: a.T("hosts.fit.why")}, {Key: "missing", Label: a.T("hosts.apart.missing")}}}
	for _, f := range fits {
		mood, err := moodCell(a, f)
		if err != nil {
			return nil, err
		}
		judged, why := Cell{Missing: a.T("hosts.fit.nobody")}, Cell{}
		if len(f.Judged) > 0 {
			judged = claimCell(a, f.Judged[0])
			why = Cell{Text: strings.TrimPrefix(strings.Join([]string{f.Judged[0].Who, f.Judged[0].Note}, ": "), ": ")}
		}
		missing := a.T("hosts.apart.nothing")
		if len(f.Missing) > 0 {
			missing = h.seriesNames(a, f.Missing)
		} else if f.Predicted.IsZero() {
			missing = a.T("hosts.apart.novalues")
		}
		t.Add(Row{Key: string(f.Theme), Label: a.T("hosts.theme." + string(f.Theme))}, Fig(f.Predicted, a.T("common.nodata")), judged, mood, why, Cell{Text: missing})
	}
	return t, nil
}

// audienceTable is every theme of home for every audience in one host.
func (h *House) audienceTable(ctx context.Context, a *Ask, code shanyraq.CountryCode, fits []hosts.Fit) (*Table, error) {
	t := &Table{Key: "audiences", Title: a.T("hosts.audiences"), RowHead: a.T("hosts.theme"), Lead: Say("hosts.audiences.lead"), Notes: []string{a.T("hosts.audiences.note")}}
	for _, who := range hosts.Audiences() {
		t.Columns = append(t.Columns, Column{Key: string(who), Label: a.T("hosts.audience." + string(who)), Figures: true})
	}
	for _, f := range fits {
		var cells []Cell
		for _, who := range hosts.Audiences() {
			x, err := h.Hosts.For(ctx, f, who, a.Home, code)
			if err != nil {
				return nil, err
			}
			cells = append(cells, Fig(x, a.T("common.nodata")))
		}
		t.Add(Row{Key: string(f.Theme), Label: a.T("hosts.theme." + string(f.Theme))}, cells...)
	}
	return t, nil
}

// fitEverywhere is one theme of home in every host, on a map; those of which more
// is missing than held stand apart, in order of their names.
func (h *House) fitEverywhere(ctx context.Context, a *Ask, theme hosts.Theme) ([]*Table, error) {
	fits, order, err := h.Hosts.FitIn(ctx, theme, a.Home)
	if err != nil {
		return nil, err
	}
	t := &Table{Key: "everywhere", Title: a.T("hosts.fit.everywhere", "Theme", a.T("hosts.theme."+string(theme))), RowHead: a.T("common.country"), Empty: a.T("hosts.fit.empty"),
		Columns: []Column{{Key: "predicted", Label: a.T("hosts.fit.predicted"), Figures: true}, {Key: "mood", Label: a.T("hosts.fit.mood")}}, Chart: &Chart{Type: "map", Value: "predicted", Unit: a.T("hosts.fit.predicted")}}
	thin := &Table{Key: "thin", Title: a.T("hosts.thin"), RowHead: a.T("common.country"), Lead: Say("hosts.thin.lead"), Columns: []Column{{Key: "predicted", Label: a.T("hosts.fit.predicted"), Figures: true}, {Key: "missing", Label: a.T("hosts.apart.missing")}}}
	none := 0
	for _, code := range order {
		f := fits[code]
		taken, err := f.Taken()
		if err != nil {
			return nil, err
		}
		if taken.IsZero() {
			none++
			continue
		}
		row := Row{Key: string(code), Label: h.PlaceName(code, a.Loc.Lang()), Href: a.link("/hosts/" + string(code))}
		if len(f.Judged) == 0 && f.Thin {
			thin.Add(row, Fig(taken, ""), Cell{Text: h.seriesNames(a, f.Missing)})
			continue
		}
		mood, err := moodCell(a, f)
		if err != nil {
			return nil, err
		}
		t.Add(row, Fig(taken, ""), mood)
	}
	t.Notes = []string{a.T("hosts.held.order"), a.T("hosts.fit.none", "Count", none)}
	if len(thin.Rows) == 0 {
		return []*Table{t}, nil
	}
	h.sortRows(a, thin)
	return []*Table{t, thin}, nil
}

// trialsTable is what the prediction makes of what is said of the United States.
func (h *House) trialsTable(ctx context.Context, a *Ask) (*Table, error) {
	trials, over, err := h.Hosts.Trials(ctx)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(over))
	for i, x := range over {
		names[i] = a.T("hosts.theme." + string(x))
	}
	held, told := 0, 0
	t := &Table{Key: "trials", Title: a.T("hosts.trials"), RowHead: a.T("common.country"),
		Columns: []Column{{Key: "theme", Label: a.T("hosts.theme")}, {Key: "wanted", Label: a.T("hosts.trials.wanted")}, {Key: "fit", Label: a.T("hosts.fit.predicted"), Figures: true}, {Key: "held", Label: a.T("hosts.trials.held")}}}
	each := len(trials) / max(1, len(over))
	for i, x := range trials {
		says := "no"
		switch {
		case x.Fit.IsZero():
			says = "untold"
		case x.Held():
			held, told, says = held+1, told+1, "yes"
		default:
			told++
		}
		t.Add(Row{Key: string(over[i/each]) + "-" + string(x.Host), Label: h.PlaceName(x.Host, a.Loc.Lang()), Href: a.link("/hosts/" + string(x.Host))},
			Cell{Text: names[i/each]}, Cell{Text: a.T("hosts.mood." + string(x.Wanted))}, Fig(x.Fit, a.T("common.nodata")), Cell{Text: a.T("hosts.trials.held." + says)})
	}
	key := "hosts.trials.lead"
	if !slices.Contains(over, "values") {
		key = "hosts.trials.proxy"
	}
	t.Lead = Say(key, "Held", held, "All", told, "Themes", strings.Join(names, ", "))
	return t, nil
}

// goalsTable is which targets of the Sustainable Development Goals the themes
// serve, in part.
func goalsTable(a *Ask) *Table {
	t := &Table{Key: "goals", Title: a.T("hosts.goals"), RowHead: a.T("hosts.theme"), Lead: Say("hosts.goals.lead"), Columns: []Column{{Key: "targets", Label: a.T("hosts.goals.targets")}, {Key: "how", Label: a.T("hosts.goals.how")}}}
	for _, theme := range hosts.Themes() {
		goals := theme.Goals()
		if len(goals) == 0 {
			continue
		}
		how := "whole"
		names := make([]string, len(goals))
		for i, g := range goals {
			names[i] = g.Target
			if !g.Whole {
				how = "partial"
			}
		}
		t.Add(Row{Key: string(theme), Label: a.T("hosts.theme." + string(theme))}, Cell{Text: strings.Join(names, ", ")}, Cell{Text: a.T("hosts.goals." + how)})
	}
	return t
}

// kept is the proxies of acculturation that public data hold for one host.
func (h *House) kept(ctx context.Context, a *Ask, code shanyraq.CountryCode) (*Table, error) {
	proxies, err := h.Hosts.Proxies(ctx, a.Home, code)
	if err != nil {
		return nil, err
	}
	t := &Table{Key: "acculturation", Broad: true, Title: a.T("hosts.axes"), RowHead: a.T("hosts.axes.axis"), Lead: Say("hosts.axes.lead"),
		Columns: []Column{{Key: "proxy", Label: a.T("hosts.axes.proxy"), Figures: true}, {Key: "what", Label: a.T("hosts.axes.what")}}}
	for _, p := range proxies {
		what := a.T("hosts.axes." + p.Key)
		if p.Year != 0 {
			what += ", " + strconv.Itoa(p.Year)
		}
		t.Add(Row{Key: p.Key, Label: a.T("hosts.axes.heritage")}, Fig(p.Figure, a.T("common.nodata")), Cell{Text: what})
	}
	t.Add(Row{Key: "residence", Label: a.T("hosts.axes.residence")}, Cell{Missing: a.T("common.nodata")}, Cell{Text: a.T("hosts.axes.nothing")})
	return t, nil
}

// HostsHeritage returns the page of what public data say of heritage kept, host
// by host: first those to be watched, gaps and all, then the nearest of the
// others of which something is held.
func HostsHeritage(ctx context.Context, h *House, a *Ask) (*Page, error) {
	lang := a.Loc.Lang()
	p := &Page{Room: "hosts", Path: "/hosts/acculturation", Question: a.T("hosts.heritage.question", "Home", h.PlaceName(a.Home, lang)), Crumbs: []Choice{{a.link("/hosts"), a.T("nav.hosts")}},
		Notes: []string{a.T("hosts.heritage.note"), a.T("hosts.heritage.survey")}}
	t := &Table{Key: "heritage", Title: a.T("hosts.axes"), RowHead: a.T("common.country"), Lead: Say("hosts.axes.lead"), Empty: a.T("hosts.heritage.empty"), Chart: &Chart{Type: "ranges", Value: "returns", Unit: a.T("hosts.axes.returned")}}
	near, err := h.Hosts.Similar(ctx, hosts.Geographic, a.Home, len(h.Countries(a.Loc.Compare, lang)))
	if err != nil {
		return nil, err
	}
	watched := hosts.Watched(a.Home)
	slices.SortStableFunc(near, func(x, y hosts.Likeness) int {
		place := func(l hosts.Likeness) int {
			if i := slices.Index(watched, l.Place); i >= 0 {
				return i
			}
			return len(watched)
		}
		return place(x) - place(y)
	})
	held := 0
	for _, l := range near {
		ps, err := h.Hosts.Proxies(ctx, a.Home, l.Place)
		if err != nil {
			return nil, err
		}
		if t.Columns == nil {
			t.Columns = append(t.Columns, Column{Key: "distance", Label: a.T("hosts.way.geographic") + ", " + a.Loc.UnitLabel(hosts.Geographic.Unit()), Figures: true})
			for _, x := range ps {
				t.Columns = append(t.Columns, Column{Key: x.Key, Label: a.T("hosts.axes." + x.Key), Figures: true})
			}
		}
		for i, x := range ps {
			if x.Year != 0 {
				t.Columns[i+1].Label = a.T("hosts.axes."+x.Key) + ", " + strconv.Itoa(x.Year)
			}
		}
		if slices.ContainsFunc(ps, func(x hosts.Proxy) bool { return !x.Figure.IsZero() }) {
			held++
		} else if !slices.Contains(watched, l.Place) {
			continue
		}
		cells := []Cell{Fig(l.Distance.Figure, a.T("common.nodata"))}
		for _, x := range ps {
			cells = append(cells, Fig(x.Figure, a.T("common.nodata")))
		}
		t.Add(Row{Key: string(l.Place), Label: h.PlaceName(l.Place, lang), Href: a.link("/hosts/" + string(l.Place))}, cells...)
	}
	// A proxy that nobody has anywhere is said once.
	if i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Key == "language" }); i >= 0 && !slices.ContainsFunc(t.Rows, func(r Row) bool { return !r.Cells[i].Figure.IsZero() }) {
		t.Columns = slices.Delete(t.Columns, i, i+1)
		for j := range t.Rows {
			t.Rows[j].Cells = slices.Delete(t.Rows[j].Cells, i, i+1)
		}
		t.Notes = append(t.Notes, a.T("hosts.heritage.language"))
	}
	p.Answer = Say("hosts.heritage.answer", "Count", held)
	p.Tables = []*Table{t}
	return p, nil
}

// HostsAcculturation returns the page of what answers to a survey say, by host
// and generation. Nothing of it is kept.
func HostsAcculturation(ctx context.Context, h *House, a *Ask, answers []hosts.Answered, s hosts.Scale) (*Page, error) {
	groups, small, err := h.Hosts.Acculturated(ctx, answers, s, a.Today)
	if err != nil {
		return nil, err
	}
	p := &Page{Room: "hosts", Path: "/hosts", Question: a.T("hosts.axes.question"), Answer: Say("hosts.axes.answer", "Count", len(groups), "Small", small), Notes: []string{a.T("hosts.axes.note")}}
	t := &Table{Key: "axes", Title: a.T("hosts.axes"), RowHead: a.T("common.country"), Empty: a.T("hosts.axes.small"),
		Columns: []Column{{Key: "generation", Label: a.T("hosts.axes.generation")}, {Key: "n", Label: a.T("hosts.axes.n")}, {Key: "heritage", Label: a.T("hosts.axes.heritage"), Figures: true}, {Key: "residence", Label: a.T("hosts.axes.residence"), Figures: true}}}
	for _, c := range hosts.Classes() {
		t.Columns = append(t.Columns, Column{Key: string(c), Label: a.T("hosts.axes." + string(c)), Figures: true})
	}
	placing := false
	t.Columns = append(t.Columns, Column{Key: "alpha", Label: a.T("hosts.axes.alpha")})
	for _, g := range groups {
		cells := []Cell{{Text: g.Generation}, {Text: strconv.Itoa(g.N)}, Fig(g.Heritage, ""), Fig(g.Residence, "")}
		for _, c := range hosts.Classes() {
			cells = append(cells, Fig(g.Shares[c], a.T("hosts.axes.placing")))
		}
		placing = placing || g.Placing
		cells = append(cells, Cell{Text: alpha(a, g.AlphaHeritage) + " / " + alpha(a, g.AlphaResidence)})
		t.Add(Row{Key: string(g.Place) + "-" + g.Generation, Label: h.PlaceName(g.Place, a.Loc.Lang())}, cells...)
	}
	if placing {
		t.Notes = append(t.Notes, a.T("hosts.axes.placing.note"))
	}
	p.Tables = []*Table{t}
	return p, nil
}

// alpha is how alike the items of an axis were answered, or a stroke where
// nothing can be said of it.
func alpha(a *Ask, v float64) string {
	if math.IsNaN(v) {
		return "—"
	}
	return a.Loc.Number(v, 2)
}
