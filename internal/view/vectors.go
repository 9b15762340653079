package view

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// Vectors returns the page of the Vectors room: how home's ties divide among
// the powers, domain by domain.
func Vectors(ctx context.Context, h *House, a *Ask) (*Page, error) {
	lang := a.Loc.Lang()
	home := h.PlaceName(a.Home, lang)
	b, err := h.Vectors.Balance(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	h.Vectors.Prepare(ctx) // whoever is here is likely to ask for the votes next
	p := &Page{Room: "vectors", Path: "/vectors", Question: a.T("vectors.question", "Home", home)}
	p.Answer = vectorsAnswer(h, a, b)
	t := &Table{Key: "balance", Title: a.T("vectors.balance"), RowHead: a.T("vectors.domain"), Notes: []string{a.T("vectors.note.apart"), a.T("vectors.note.below"), a.T("vectors.note.concentration")}}
	drawn := &Table{Key: "panels", Title: a.T("vectors.balance"), RowHead: a.T("vectors.power"),
		Columns: []Column{{Key: "share", Label: a.T("vectors.share"), Figures: true}},
		Chart:   &Chart{Type: "panels", Value: "share", Unit: a.Loc.UnitLabel("percent")}}
	for _, power := range b.Powers {
		t.Columns = append(t.Columns, Column{Key: string(power), Label: h.PlaceName(power, lang), Figures: true})
	}
	t.Columns = append(t.Columns, Column{Key: "concentration", Label: a.T("vectors.concentration"), Help: a.T("vectors.concentration.help"), Figures: true})
	line := func(key, label string, year int, figure func(shanyraq.CountryCode) Cell, concentration Cell) {
		if year != 0 {
			label = fmt.Sprintf("%s, %d", label, year)
		}
		var cells []Cell
		for _, power := range b.Powers {
			c := figure(power)
			cells = append(cells, c)
			drawn.Add(Row{Key: key + "/" + string(power), Label: h.PlaceName(power, lang), Group: label}, c)
		}
		t.Add(Row{Key: key, Label: label}, append(cells, concentration)...)
	}
	for _, row := range b.Rows {
		line(row.Domain.Key, a.T("vectors.domain."+row.Domain.Key), row.Year, func(power shanyraq.CountryCode) Cell { return h.powerCell(a, row, power) },
			Fig(row.Concentration, a.T("vectors.missing.concentration")))
	}
	line("votes", a.T("vectors.domain.votes", "From", b.VoteYears[0], "To", b.VoteYears[1]), 0, func(power shanyraq.CountryCode) Cell {
		return Fig(b.Agreement[power], a.T("vectors.missing.votes"))
	}, Cell{Missing: a.T("vectors.missing.notshares")})
	line("organisations", a.T("vectors.domain.organisations"), 0, func(power shanyraq.CountryCode) Cell {
		return Fig(b.Memberships[power], a.T("vectors.missing.organisations"))
	}, Cell{Missing: a.T("vectors.missing.notshares")})
	t.Chart, t.Drawn = drawn.Chart, drawn
	p.Tables = append(p.Tables, t)

	points, err := h.idealPoints(ctx, a, append([]shanyraq.CountryCode{a.Home}, b.Powers...))
	if err != nil {
		return nil, err
	}
	p.Tables = append(p.Tables, points)

	ledger, err := h.ledger(ctx, a, b)
	if err != nil {
		return nil, err
	}
	p.Tables = append(p.Tables, ledger)

	routes, err := h.Vectors.Routes(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	if len(routes) > 0 {
		r := h.claimTable(a, "routes", a.T("vectors.routes"), routes, claimColumns{series: true, subject: true, note: true})
		r.Lead = Say("vectors.routes.lead")
		p.Tables = append(p.Tables, r)
	}
	return p, nil
}

// powerCell is one power's share in a domain, or why there is none.
func (h *House) powerCell(a *Ask, row vectors.Row, power shanyraq.CountryCode) Cell {
	if f, ok := row.Shares[power]; ok {
		return Cell{Figure: f}
	}
	if below, ok := row.Below[power]; ok {
		return Cell{Missing: a.T("vectors.missing.below", "Share", a.Loc.Number(below, 1))}
	}
	return Cell{Missing: a.T("common.nodata")}
}

func vectorsAnswer(h *House, a *Ask, b vectors.Balance) Sentence {
	for _, row := range b.Rows {
		if row.Domain.Key != "exports" || len(row.Partners) == 0 {
			continue
		}
		var top shanyraq.CountryCode
		for _, power := range b.Powers {
			if f, ok := row.Shares[power]; ok && (top == "" || f.Value() > row.Shares[top].Value()) {
				top = power
			}
		}
		if top == "" {
			break
		}
		var near shanyraq.CountryCode
		for _, power := range b.Powers {
			if f, ok := b.Agreement[power]; ok && (near == "" || f.Value() > b.Agreement[near].Value()) {
				near = power
			}
		}
		args := []any{"Home", h.PlaceName(a.Home, a.Loc.Lang()), "Power", h.PlaceName(top, a.Loc.Lang()), "Share", row.Shares[top], "Year", row.Year}
		if near == "" {
			return Say("vectors.answer.trade", args...)
		}
		return Say("vectors.answer", append(args, "Near", h.PlaceName(near, a.Loc.Lang()), "Agreement", b.Agreement[near], "From", b.VoteYears[0], "To", b.VoteYears[1])...)
	}
	return Say("vectors.answer.none", "Home", h.PlaceName(a.Home, a.Loc.Lang()))
}

// idealPoints returns the published ideal points by year, home first.
func (h *House) idealPoints(ctx context.Context, a *Ask, places []shanyraq.CountryCode) (*Table, error) {
	cs, err := h.Vectors.IdealPoints(ctx, places...)
	if err != nil {
		return nil, err
	}
	t := &Table{Key: "points", Title: a.T("vectors.points"), Lead: Say("vectors.points.lead"), RowHead: a.T("common.year"), Empty: a.T("vectors.points.empty")}
	drawn := &Table{Key: "points-lines", Title: t.Title, RowHead: a.T("common.year"),
		Columns: []Column{{Key: "year", Label: a.T("common.year")}, {Key: "point", Label: a.T("vectors.point"), Figures: true}},
		Chart:   &Chart{Type: "lines", Value: "point", X: "year", Unit: a.Loc.UnitLabel("points")}}
	by := map[int]map[shanyraq.CountryCode]shanyraq.Figure{}
	var years []int
	has := map[shanyraq.CountryCode]bool{}
	for _, c := range cs {
		f, err := c.Figure()
		if err != nil {
			continue // a claim without a width cannot be shown as one
		}
		y := c.When.Year()
		if by[y] == nil {
			by[y] = map[shanyraq.CountryCode]shanyraq.Figure{}
			years = append(years, y)
		}
		by[y][c.Place], has[c.Place] = f, true
	}
	slices.Sort(years)
	slices.Reverse(years)
	places = slices.DeleteFunc(slices.Clone(places), func(p shanyraq.CountryCode) bool { return !has[p] })
	for _, p := range places {
		t.Columns = append(t.Columns, Column{Key: string(p), Label: h.PlaceName(p, a.Loc.Lang()), Figures: true})
		for _, y := range slices.Backward(years) {
			if f, ok := by[y][p]; ok {
				drawn.Add(Row{Key: fmt.Sprintf("%s/%d", p, y), Label: strconv.Itoa(y), Group: h.PlaceName(p, a.Loc.Lang()), Home: p == a.Home}, Cell{Text: strconv.Itoa(y)}, Cell{Figure: f})
			}
		}
	}
	for _, y := range years {
		var cells []Cell
		for _, p := range places {
			cells = append(cells, Fig(by[y][p], a.T("common.nodata")))
		}
		t.Add(Row{Key: strconv.Itoa(y), Label: strconv.Itoa(y)}, cells...)
	}
	if len(t.Rows) > 0 {
		t.Chart, t.Drawn = drawn.Chart, drawn
	}
	return t, nil
}

// ledger counts the leaders' visits and diplomatic posts held, per power.
func (h *House) ledger(ctx context.Context, a *Ask, b vectors.Balance) (*Table, error) {
	t := &Table{Key: "ledger", Title: a.T("vectors.ledger"), Lead: Say("vectors.ledger.lead"), RowHead: a.T("vectors.power"),
		Columns: []Column{{Key: "latest", Label: a.T("vectors.visit.latest")}, {Key: "who", Label: a.T("vectors.visit.who")}, {Key: "posts", Label: a.T("vectors.posts")}, {Key: "more", Label: a.T("common.more")}}}
	for _, power := range b.Powers {
		r, err := h.Vectors.Records(ctx, a.Home, power)
		if err != nil {
			return nil, err
		}
		latest, who := Cell{Missing: a.T("vectors.missing.visits")}, Cell{}
		if len(r.Visits) > 0 {
			v := r.Visits[0]
			latest = Cell{Text: a.Loc.Period(v.When), Href: a.link("/f/" + escapePath("claim/"+string(v.ID)))}
			who = Cell{Text: a.T("vectors.visit.line", "Who", v.Subject, "Place", h.PlaceName(v.Place, a.Loc.Lang()))}
		}
		posts := Cell{Missing: a.T("vectors.missing.posts")}
		if n := len(r.Posts); n > 0 {
			posts = Cell{Text: a.T("vectors.posts.held", "Count", n)}
		}
		t.Add(Row{Key: string(power), Label: h.PlaceName(power, a.Loc.Lang()), Href: a.link("/vectors/" + string(power))}, latest, who, posts,
			Cell{Text: a.T("vectors.records.held", "Count", len(r.Visits)), Href: a.link("/vectors/" + string(power))})
	}
	return t, nil
}

// Vector returns the page of one power: its share of every domain, and the
// acts held between it and home.
func Vector(ctx context.Context, h *House, a *Ask, power shanyraq.CountryCode) (*Page, error) {
	lang := a.Loc.Lang()
	if power == a.Home {
		return nil, shanyraq.Tell("view.Vector", shanyraq.NotFound, shanyraq.Text{Key: "vectors.error.home", Args: map[string]any{"Home": h.PlaceName(a.Home, lang)}}, "home %q", power)
	}
	if _, ok := h.Place(power); !ok {
		return nil, shanyraq.Tell("view.Vector", shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.place", Args: map[string]any{"Code": string(power)}}, "no power %q", power)
	}
	b, err := h.Vectors.Balance(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	home, name := h.PlaceName(a.Home, lang), h.PlaceName(power, lang)
	p := &Page{Room: "vectors", Path: "/vectors/" + string(power), Question: a.T("vectors.power.question", "Home", home, "Power", name),
		Crumbs: []Choice{{a.link("/vectors"), a.T("nav.vectors")}}}
	t := &Table{Key: "ties", Title: a.T("vectors.ties"), RowHead: a.T("vectors.domain"),
		Columns: []Column{{Key: "share", Label: a.T("vectors.share"), Figures: true}, {Key: "concentration", Label: a.T("vectors.concentration"), Help: a.T("vectors.concentration.help"), Figures: true}},
		Chart:   &Chart{Type: "ranges", Value: "share", Unit: a.Loc.UnitLabel("percent")}}
	known := 0
	for _, row := range b.Rows {
		c := h.powerCell(a, row, power)
		if c.Figure.IsZero() { // a partner that is none of the powers
			if i := slices.IndexFunc(row.Partners, func(p vectors.Partner) bool { return p.Place == power }); i >= 0 {
				c = Cell{Figure: row.Partners[i].Share}
			}
		}
		if !c.Figure.IsZero() {
			known++
		}
		label := a.T("vectors.domain." + row.Domain.Key)
		if row.Year != 0 {
			label = fmt.Sprintf("%s, %d", label, row.Year)
		}
		t.Add(Row{Key: row.Domain.Key, Label: label}, c, Fig(row.Concentration, a.T("vectors.missing.concentration")))
	}
	votes := a.T("vectors.domain.votes", "From", b.VoteYears[0], "To", b.VoteYears[1])
	t.Add(Row{Key: "votes", Label: votes}, Fig(b.Agreement[power], a.T("vectors.missing.votes")), Cell{Missing: a.T("vectors.missing.notshares")})
	t.Add(Row{Key: "organisations", Label: a.T("vectors.domain.organisations")}, Fig(b.Memberships[power], a.T("vectors.missing.organisations")), Cell{Missing: a.T("vectors.missing.notshares")})
	if f, ok := b.Agreement[power]; ok {
		p.Answer = Say("vectors.power.answer", "Home", home, "Power", name, "Count", known, "Agreement", f)
	} else {
		p.Answer = Say("vectors.power.answer.novotes", "Home", home, "Power", name, "Count", known)
	}
	p.Tables = append(p.Tables, t)
	as, err := h.Vectors.Asymmetry(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	as = as.With(power)
	if len(as.Dependence) > 0 {
		p.Tables = append(p.Tables, h.dependenceTable(a, home, as))
	}
	if len(as.Bonds) > 0 {
		p.Tables = append(p.Tables, h.bondTable(a, as))
	}
	if len(as.Pressures) > 0 {
		p.Tables = append(p.Tables, h.pressureTable(a, as))
	}
	if len(as.Exposure) > 0 {
		p.Tables = append(p.Tables, h.exposureTable(a, home, as))
	}
	points, err := h.idealPoints(ctx, a, []shanyraq.CountryCode{a.Home, power})
	if err != nil {
		return nil, err
	}
	p.Tables = append(p.Tables, points)
	r, err := h.Vectors.Records(ctx, a.Home, power)
	if err != nil {
		return nil, err
	}
	amounts := h.claimTable(a, "amounts", a.T("vectors.amounts"), r.Amounts, claimColumns{series: true, note: true})
	amounts.Lead, amounts.Empty = Say("vectors.amounts.lead"), a.T("vectors.amounts.empty")
	visits := h.claimTable(a, "visits", a.T("vectors.visits"), r.Visits, claimColumns{subject: true, place: true, note: true, noValue: true})
	visits.Lead, visits.Empty = Say("vectors.visits.lead"), a.T("vectors.missing.visits")
	posts := h.claimTable(a, "posts", a.T("vectors.posts"), r.Posts, claimColumns{subject: true, place: true, note: true, noValue: true})
	posts.Lead, posts.Empty = Say("vectors.posts.lead"), a.T("vectors.missing.posts")
	profile, err := h.profileTables(ctx, a, power)
	if err != nil {
		return nil, err
	}
	p.Tables = append(append(p.Tables, amounts), append(profile, visits, posts)...)
	return p, nil
}
