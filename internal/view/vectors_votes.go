package view

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"shanyraq"
	"shanyraq/internal/vectors"
)

// nearestShown is how many of the nearest and of the farthest states are shown
// at first.
const nearestShown = 8

// VectorsVotes returns where home stood in the General Assembly session by
// session, how far from each power, which votes moved it between two sessions,
// and who votes most as it does. The keys "from" and "to" choose the sessions by
// the years in which they began, "map" that of the map of positions, and show=all
// lists every state.
func VectorsVotes(ctx context.Context, h *House, a *Ask) (*Page, error) {
	lang := a.Loc.Lang()
	home := h.PlaceName(a.Home, lang)
	v, err := h.Vectors.Votes(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	p := &Page{Room: "vectors", Path: "/vectors/votes", Question: a.T("vectors.votes.question", "Home", home), Crumbs: []Choice{{a.link("/vectors"), a.T("nav.vectors")}}}
	var known []vectors.Session
	for _, s := range v.Sessions {
		if !s.Position[a.Home].IsZero() {
			known = append(known, s)
		}
	}
	if len(known) == 0 {
		p.Answer = Say("vectors.votes.answer.none", "Home", home)
		a.Get("from")
		a.Get("to")
		a.Get("show")
		a.Get("map")
		return p, nil
	}
	last := known[len(known)-1]
	p.Answer = votesAnswer(h, a, home, v, last)
	from, to, err := sessionsAsked(a, known)
	if err != nil {
		return nil, err
	}
	show := Control{Name: "show", Label: a.T("vectors.nearest"), Value: a.Get("show"), Choices: []Choice{{"", a.T("vectors.nearest.some")}, {"all", a.T("vectors.nearest.all")}}}
	drawn, err := sessionAsked(a, "map", last.Number, known)
	if err != nil {
		return nil, err
	}
	p.Controls = []Control{yearsControl("from", a.T("vectors.votes.from"), from, known), yearsControl("to", a.T("vectors.votes.to"), to, known), yearsControl("map", a.T("vectors.votes.map.of"), drawn, known), show}

	world, err := h.assemblyTable(ctx, a, v.Powers, drawn, show.Value == "all")
	if err != nil {
		return nil, err
	}
	p.Tables = append(p.Tables, h.distanceTable(a, v), world, h.positionTable(a, v), h.likenessTable(a, v), h.publishedTable(a, home, v), aloneTable(a, home, v))
	moves, err := h.movesTable(ctx, a, home, from, to)
	if err != nil {
		return nil, err
	}
	p.Tables = append(p.Tables, moves, h.sessionTable(a, v))
	nearest, err := h.nearestTable(ctx, a, v, show.Value == "all")
	if err != nil {
		return nil, err
	}
	p.Tables = append(p.Tables, nearest)
	p.Notes = []string{a.T("vectors.votes.until", "Year", last.Year()), a.T("vectors.votes.used", "Count", v.Used, "From", known[0].Year(), "To", last.Year())}
	return p, nil
}

func votesAnswer(h *House, a *Ask, home string, v vectors.Votes, last vectors.Session) Sentence {
	var near, far shanyraq.CountryCode
	for _, power := range v.Powers {
		f, ok := last.Distance[power]
		if !ok {
			continue
		}
		if near == "" || f.Value() < last.Distance[near].Value() {
			near = power
		}
		if far == "" || f.Value() > last.Distance[far].Value() {
			far = power
		}
	}
	if near == "" || near == far {
		return Say("vectors.votes.answer.alone", "Home", home, "Year", last.Year(), "Position", last.Position[a.Home])
	}
	lang := a.Loc.Lang()
	return Say("vectors.votes.answer", "Home", home, "Year", last.Year(), "Near", h.PlaceName(near, lang), "NearBy", last.Distance[near], "Far", h.PlaceName(far, lang), "FarBy", last.Distance[far])
}

// sessionsAsked returns the sessions between which home's way is divided: those
// of the address, else the last one and the fifth before the later.
func sessionsAsked(a *Ask, known []vectors.Session) (from, to int, err error) {
	if to, err = sessionAsked(a, "to", known[len(known)-1].Number, known); err != nil {
		return 0, 0, err
	}
	at := slices.IndexFunc(known, func(s vectors.Session) bool { return s.Number == to })
	if from, err = sessionAsked(a, "from", known[max(0, at-5)].Number, known); err != nil {
		return 0, 0, err
	}
	if from > to {
		return 0, 0, shanyraq.Tell("view.sessionsAsked", shanyraq.Invalid, shanyraq.Text{Key: "vectors.error.sessions_order", Args: map[string]any{"From": 1945 + from, "To": 1945 + to}}, "from session %d to %d", from, to)
	}
	return from, to, nil
}

// sessionAsked returns the session that began in the year of the key, or none
// where the address has no such key.
func sessionAsked(a *Ask, key string, none int, known []vectors.Session) (int, error) {
	y, err := a.Year(key)
	if err != nil || y == 0 {
		return none, err
	}
	if !slices.ContainsFunc(known, func(s vectors.Session) bool { return s.Year() == y }) {
		return 0, shanyraq.Tell("view.sessionAsked", shanyraq.NotFound, shanyraq.Text{Key: "vectors.error.sessions"}, "no session of %d", y)
	}
	return y - 1945, nil
}

func yearsControl(name, label string, value int, known []vectors.Session) Control {
	c := Control{Name: name, Label: label, Value: strconv.Itoa(1945 + value)}
	for _, s := range slices.Backward(known) {
		c.Choices = append(c.Choices, Choice{strconv.Itoa(s.Year()), strconv.Itoa(s.Year())})
	}
	return c
}

// bySession makes a table of one row per session, newest first, with a column
// and a line per place.
func (h *House) bySession(a *Ask, key, title, lead, value, unit string, v vectors.Votes, places []shanyraq.CountryCode, of func(vectors.Session, shanyraq.CountryCode) shanyraq.Figure, none string) *Table {
	lang := a.Loc.Lang()
	t := &Table{Key: key, Title: title, Lead: Say(lead), RowHead: a.T("common.year")}
	lines := drawing(key+"-lines", title, a, value, unit)
	places = slices.DeleteFunc(slices.Clone(places), func(p shanyraq.CountryCode) bool {
		return !slices.ContainsFunc(v.Sessions, func(s vectors.Session) bool { return !of(s, p).IsZero() })
	})
	for _, p := range places {
		t.Columns = append(t.Columns, Column{Key: string(p), Label: h.PlaceName(p, lang), Figures: true})
		for _, s := range v.Sessions {
			lines.point(h.PlaceName(p, lang), p == v.Home, s.Year(), of(s, p))
		}
	}
	for _, s := range slices.Backward(v.Sessions) {
		var cells []Cell
		for _, p := range places {
			cells = append(cells, Fig(of(s, p), none))
		}
		t.Add(Row{Key: strconv.Itoa(s.Number), Label: strconv.Itoa(s.Year())}, cells...)
	}
	t.draws(lines)
	return t
}

func (h *House) distanceTable(a *Ask, v vectors.Votes) *Table {
	t := h.bySession(a, "distances", a.T("vectors.distances"), "vectors.distances.lead", a.T("vectors.distance"), a.Loc.UnitLabel("points"), v, v.Powers,
		func(s vectors.Session, p shanyraq.CountryCode) shanyraq.Figure { return s.Distance[p] }, a.T("vectors.missing.position"))
	t.Notes = []string{a.T("vectors.note.union")}
	return t
}

func (h *House) positionTable(a *Ask, v vectors.Votes) *Table {
	return h.bySession(a, "positions", a.T("vectors.positions"), "vectors.positions.lead", a.T("vectors.position"), a.Loc.UnitLabel("points"), v, append([]shanyraq.CountryCode{v.Home}, v.Powers...),
		func(s vectors.Session, p shanyraq.CountryCode) shanyraq.Figure { return s.Position[p] }, a.T("vectors.missing.position"))
}

func (h *House) sessionTable(a *Ask, v vectors.Votes) *Table {
	return h.bySession(a, "alike", a.T("vectors.session.alike"), "vectors.session.alike.lead", a.T("vectors.session.alike"), a.Loc.UnitLabel("percent"), v, v.Powers,
		func(s vectors.Session, p shanyraq.CountryCode) shanyraq.Figure { return s.Agreement[p] }, a.T("vectors.missing.votes"))
}

// publishedTable has home's position here beside the published one.
func (h *House) publishedTable(a *Ask, home string, v vectors.Votes) *Table {
	t := &Table{Key: "published", Title: a.T("vectors.published", "Home", home), Lead: Say("vectors.published.lead"), RowHead: a.T("common.year"),
		Columns: []Column{{Key: "ours", Label: a.T("vectors.published.ours"), Figures: true}, {Key: "published", Label: a.T("vectors.published.theirs"), Figures: true},
			{Key: "correlation", Label: a.T("vectors.correlation"), Help: a.T("vectors.correlation.help"), Figures: true}}}
	lines := drawing("published-lines", t.Title, a, a.T("vectors.position"), a.Loc.UnitLabel("points"))
	for _, s := range v.Sessions {
		lines.point(a.T("vectors.published.ours"), true, s.Year(), s.Position[v.Home])
	}
	for _, s := range v.Sessions {
		lines.point(a.T("vectors.published.theirs"), false, s.Year(), s.Published)
	}
	for _, s := range slices.Backward(v.Sessions) {
		t.Add(Row{Key: strconv.Itoa(s.Number), Label: strconv.Itoa(s.Year())}, Fig(s.Position[v.Home], a.T("vectors.missing.position")), Fig(s.Published, a.T("common.nodata")), Fig(s.Correlation, a.T("common.nodata")))
	}
	t.draws(lines)
	return t
}

// aloneTable has home's position by each session alone beside that by all of them
// together, and how far either goes with the published positions.
func aloneTable(a *Ask, home string, v vectors.Votes) *Table {
	t := &Table{Key: "alone", Title: a.T("vectors.alone", "Home", home), Lead: Say("vectors.alone.lead"), RowHead: a.T("common.year"),
		Columns: []Column{{Key: "alone", Label: a.T("vectors.alone.session"), Figures: true}, {Key: "together", Label: a.T("vectors.alone.together"), Figures: true}, {Key: "published", Label: a.T("vectors.published.theirs"), Figures: true},
			{Key: "correlation_alone", Label: a.T("vectors.correlation.alone"), Help: a.T("vectors.correlation.help"), Figures: true}, {Key: "correlation", Label: a.T("vectors.correlation.together"), Help: a.T("vectors.correlation.help"), Figures: true}}}
	lines := drawing("alone-lines", t.Title, a, a.T("vectors.position"), a.Loc.UnitLabel("points"))
	for _, s := range v.Sessions {
		lines.point(a.T("vectors.alone.session"), true, s.Year(), s.Alone)
	}
	for _, s := range v.Sessions {
		lines.point(a.T("vectors.alone.together"), false, s.Year(), s.Position[v.Home])
	}
	none, no := a.T("vectors.missing.position"), a.T("common.nodata")
	for _, s := range slices.Backward(v.Sessions) {
		t.Add(Row{Key: strconv.Itoa(s.Number), Label: strconv.Itoa(s.Year())}, Fig(s.Alone, none), Fig(s.Position[v.Home], none), Fig(s.Published, no), Fig(s.AloneCorrelation, no), Fig(s.Correlation, no))
	}
	t.draws(lines)
	return t
}

// likenessTable has four measures of how alike home and each power voted.
func (h *House) likenessTable(a *Ask, v vectors.Votes) *Table {
	t := &Table{Key: "likeness", Title: a.T("vectors.likeness", "From", v.Years[0], "To", v.Years[1]), Lead: Say("vectors.likeness.lead"), RowHead: a.T("vectors.power"), Empty: a.T("vectors.missing.votes"), Notes: []string{a.T("vectors.note.union.likeness")},
		Columns: []Column{
			{Key: "agreement", Label: a.T("vectors.likeness.agreement"), Help: a.T("vectors.likeness.agreement.help"), Figures: true},
			{Key: "s", Label: a.T("vectors.likeness.s"), Help: a.T("vectors.likeness.s.help"), Figures: true},
			{Key: "kappa", Label: a.T("vectors.likeness.kappa"), Help: a.T("vectors.likeness.kappa.help"), Figures: true},
			{Key: "pi", Label: a.T("vectors.likeness.pi"), Help: a.T("vectors.likeness.pi.help"), Figures: true},
		}}
	none := a.T("vectors.missing.votes")
	for _, l := range v.Likeness {
		t.Add(h.powerRow(a, l.Power), Fig(l.Agreement, none), Fig(l.S, none), Fig(l.Kappa, none), Fig(l.Pi, none))
	}
	if len(t.Rows) > 0 {
		t.Chart = &Chart{Type: "ranges", Value: "kappa", Unit: a.T("vectors.likeness.kappa")}
	}
	return t
}

// assemblyTable has where every state stood in one session, as a map; as a table
// those at either end, home and the powers, unless all are wanted.
func (h *House) assemblyTable(ctx context.Context, a *Ask, powers []shanyraq.CountryCode, session int, all bool) (*Table, error) {
	places, err := h.Vectors.Assembly(ctx, session)
	if err != nil {
		return nil, err
	}
	t := &Table{Key: "assembly", Title: a.T("vectors.assembly", "Year", 1945+session), Lead: Say("vectors.assembly.lead", "Count", len(places)), RowHead: a.T("common.country"),
		Columns: []Column{{Key: "position", Label: a.T("vectors.position"), Figures: true}}, Empty: a.T("vectors.missing.position")}
	drawn := &Table{Key: "assembly-map", Title: t.Title, RowHead: t.RowHead, Columns: t.Columns, Chart: &Chart{Type: "map", Value: "position", Unit: a.Loc.UnitLabel("points")}}
	for i, x := range places {
		row := Row{Key: string(x.Place), Label: h.PlaceName(x.Place, a.Loc.Lang()), Home: x.Place == a.Home}
		drawn.Add(row, Cell{Figure: x.Position})
		if all || row.Home || i < nearestShown || i >= len(places)-nearestShown || slices.Contains(powers, x.Place) {
			row.Href = a.link("/hosts/" + string(x.Place))
			t.Add(row, Cell{Figure: x.Position})
		}
	}
	t.draws(drawn)
	return t, nil
}

// movesTable has the votes that took home from one session's place to another's.
func (h *House) movesTable(ctx context.Context, a *Ask, home string, from, to int) (*Table, error) {
	t := &Table{Key: "moves", Title: a.T("vectors.moves", "From", 1945+from, "To", 1945+to), RowHead: a.T("vectors.move.symbol"), Empty: a.T("vectors.moves.empty"),
		Columns: []Column{{Key: "by", Label: a.T("vectors.move"), Help: a.T("vectors.move.help", "Home", home), Figures: true}, {Key: "choice", Label: a.T("vectors.move.choice")}, {Key: "when", Label: a.T("common.date")}, {Key: "title", Label: a.T("vectors.move.title")}}}
	if from == to {
		return t, nil
	}
	m, err := h.Vectors.Moved(ctx, a.Home, from, to)
	if shanyraq.KindOf(err) == shanyraq.NotFound {
		return t, nil
	}
	if err != nil {
		return nil, err
	}
	t.Lead = Say("vectors.moves.lead", "Home", home, "Change", m.Change)
	choices := map[byte]string{'Y': a.T("vectors.choice.yes"), 'A': a.T("vectors.choice.abstain"), 'N': a.T("vectors.choice.no")}
	for i, x := range m.Votes {
		symbol := x.Call.Resolution
		if symbol == "" {
			symbol = a.T("vectors.move.nosymbol")
		}
		t.Add(Row{Key: fmt.Sprintf("%d", i+1), Label: symbol}, Cell{Figure: x.By}, Cell{Text: choices[x.Choice]}, Cell{Text: a.Loc.Period(x.Call.Date)}, Cell{Text: x.Call.Title})
	}
	if len(t.Rows) > 0 {
		t.Chart = &Chart{Type: "ranges", Value: "by", Unit: a.Loc.UnitLabel("points")}
	}
	return t, nil
}

// nearestTable has the states by how often they voted as home did.
func (h *House) nearestTable(ctx context.Context, a *Ask, v vectors.Votes, all bool) (*Table, error) {
	near, err := h.Vectors.Nearest(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	t := &Table{Key: "nearest", Title: a.T("vectors.nearest"), Lead: Say("vectors.nearest.lead"), RowHead: a.T("common.country"),
		Columns: []Column{{Key: "alike", Label: a.T("vectors.votes.alike"), Figures: true}, {Key: "order", Label: a.T("vectors.nearest.order"), Help: a.T("vectors.nearest.order.help")}},
		Chart:   &Chart{Type: "ranges", Value: "alike", Unit: a.Loc.UnitLabel("percent")}}
	for i, n := range near {
		power := slices.Contains(v.Powers, n.Place)
		if !all && i >= nearestShown && i < len(near)-nearestShown && !power {
			continue
		}
		row := Row{Key: string(n.Place), Label: h.PlaceName(n.Place, a.Loc.Lang()), Href: a.link("/hosts/" + string(n.Place)), Home: power}
		t.Add(row, Cell{Figure: n.Alike}, Cell{Text: a.T("vectors.nearest.of", "Order", i+1, "Count", len(near))})
	}
	if len(t.Rows) == 0 {
		t.Chart = nil
	}
	return t, nil
}
