package view

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/internal/standing"
)

// around is how many countries above and below home are shown at first.
const around = 12

// Standing returns the page of the Standing room: the league of material
// capability around home, those who cannot be ranked, who says what the
// country is, and what it has done.
func Standing(ctx context.Context, h *House, a *Ask) (*Page, error) {
	if k := a.Get("index"); k != "" {
		return StandingIndex(ctx, h, a, standing.IndexKey(k))
	}
	lang := a.Loc.Lang()
	year, err := a.Year("year")
	if err != nil {
		return nil, err
	}
	w, err := standing.ParseWeights(a.Query)
	if err != nil {
		return nil, err
	}
	l, err := h.Standing.League(ctx, standing.Question{Year: year, Weights: w})
	if err != nil {
		return nil, err
	}
	home := h.PlaceName(a.Home, lang)
	p := &Page{Room: "standing", Path: "/standing", Question: a.T("standing.question", "Home", home)}
	me, ranked := l.Of(a.Home)
	n := len(l.Entries)
	if ranked {
		p.Answer = Say("standing.answer", "Home", home, "Year", l.Year, "Rank", me.Rank, "N", n, "Score", me.Score)
	} else {
		p.Answer = Say("standing.unranked", "Home", home, "Year", l.Year, "N", n)
	}
	year0 := Control{Name: "year", Label: a.T("common.year"), Value: strconv.Itoa(l.Year)}
	for _, y := range l.Years {
		year0.Choices = append(year0.Choices, Choice{strconv.Itoa(y), strconv.Itoa(y)})
	}
	if !slices.Contains(l.Years, l.Year) {
		year0.Choices = append([]Choice{{year0.Value, year0.Value}}, year0.Choices...)
	}
	show := Control{Name: "show", Label: a.T("standing.show"), Value: a.Get("show"), Choices: []Choice{{"", a.T("standing.show.near")}, {"all", a.T("standing.show.all", "Count", n)}}}
	p.Controls = []Control{year0, show}
	for i, c := range standing.Components() {
		p.Weights = append(p.Weights, Control{Name: "w." + string(c), Label: a.T("standing.component." + string(c)), Value: strconv.FormatFloat(w[i]*defaultScale(w), 'f', -1, 64), Weight: true})
	}

	entries := l.Entries
	near := l.Near(a.Home, around)
	if show.Value != "all" {
		entries = near
	}
	with := withPlaces(a)
	for _, e := range l.Entries {
		if slices.Contains(with, e.Place) && !slices.ContainsFunc(entries, func(x standing.Entry) bool { return x.Place == e.Place }) {
			entries = append(slices.Clone(entries), e)
		}
	}
	slices.SortStableFunc(entries, func(x, y standing.Entry) int { return int(x.Rank.Value() - y.Rank.Value()) })
	t := &Table{Key: "league", Title: a.T("standing.league", "Year", l.Year), RowHead: a.T("common.country"),
		Columns: []Column{
			{Key: "rank", Label: a.T("standing.rank"), Help: a.T("standing.rank.help"), Figures: true},
			{Key: "score", Label: a.T("standing.score"), Help: a.T("standing.score.help"), Figures: true},
			{Key: "above", Label: a.T("standing.above"), Help: a.T("standing.above.help"), Figures: true},
			{Key: "gdp", Label: a.T("standing.component.gdp"), Figures: true},
			{Key: "population", Label: a.T("standing.component.population"), Figures: true},
			{Key: "military", Label: a.T("standing.component.military"), Figures: true},
		},
		Chart: &Chart{Type: "ranges", Value: "rank", Reverse: true, Unit: a.T("standing.rank")},
		Notes: []string{a.T("standing.note.weights"), a.T("standing.note.unranked", "Count", len(l.Unranked))},
	}
	for _, e := range entries {
		row := Row{Key: string(e.Place), Label: h.PlaceName(e.Place, lang), Href: a.link("/hosts/" + string(e.Place)), Home: e.Place == a.Home}
		t.Add(row, Fig(e.Rank, ""), Fig(e.Score, ""), Fig(e.Above, a.T("standing.last")), Fig(e.Parts[0], ""), Fig(e.Parts[1], ""), Fig(e.Parts[2], ""))
	}
	p.Tables = append(p.Tables, t)

	status, err := h.Standing.StatusClaims(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	s := h.claimTable(a, "status", a.T("standing.status"), status, claimColumns{subject: true})
	s.Lead, s.Empty = Say("standing.status.lead"), a.T("standing.status.empty", "Home", home)
	s.Notes = append(s.Notes, a.T("standing.status.tested"))
	for _, row := range s.Rows {
		row.Cells[0].Href = a.link("/standing/power") // the subject
	}
	p.Tables = append(p.Tables, s)

	conduct, err := h.Standing.Conduct(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	r := h.eventTable(a, conduct)
	if len(r.Rows) > eventsShown {
		r.Rows = r.Rows[:eventsShown]
		r.Notes = append(r.Notes, a.T("standing.conduct.more", "Count", len(conduct.Events)-eventsShown))
	}
	for _, row := range r.Rows {
		row.Cells[0].Href = a.link("/standing/conduct") // the kinds
	}
	p.Tables = append(p.Tables, r)

	rankings, err := h.Standing.Rankings(ctx, a.Home)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(rankings, func(c shanyraq.Claim) bool { return c.Place == a.Home }) {
		k := h.claimTable(a, "rankings", a.T("standing.rankings"), rankings, claimColumns{series: true})
		k.Lead = Say("standing.rankings.lead")
		p.Tables = append(p.Tables, k)
	}

	u := &Table{Key: "unranked", Title: a.T("standing.missing", "Count", len(l.Unranked)), RowHead: a.T("common.country"),
		Columns: []Column{{Key: "lacks", Label: a.T("standing.lacks")}}, Lead: Say("standing.missing.lead")}
	for _, m := range l.Unranked {
		lacks := make([]string, len(m.Lacks))
		for i, c := range m.Lacks {
			lacks[i] = a.T("standing.component." + string(c))
		}
		u.Add(Row{Key: string(m.Place), Label: h.PlaceName(m.Place, lang), Href: a.link("/hosts/" + string(m.Place)), Home: m.Place == a.Home}, Cell{Text: strings.Join(lacks, ", ")})
	}
	h.sortRows(a, u)
	p.Tables = append(p.Tables, u)
	return p, nil
}

// defaultScale brings weights left at their default of one to shares of a
// hundred, so that the fields read as percent.
func defaultScale(w standing.Weights) float64 {
	if w == standing.Equal {
		return 33
	}
	return 1
}

// withPlaces returns the countries named in with=UZB,AZE.
func withPlaces(a *Ask) []shanyraq.CountryCode {
	var out []shanyraq.CountryCode
	for _, s := range strings.Split(a.Get("with"), ",") {
		if c, err := shanyraq.ParseCountry(strings.ToUpper(strings.TrimSpace(s))); err == nil {
			out = append(out, c)
		}
	}
	return out
}

// placesNamed returns the countries that a list with commas names, by code or by
// name in any language, and what in it names none.
func (h *House) placesNamed(list string) (codes []shanyraq.CountryCode, unknown []string) {
	for s := range strings.SplitSeq(list, ",") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		c := shanyraq.CountryCode(strings.ToUpper(s))
		if _, ok := h.Place(c); !ok {
			p, found := h.Named(s)
			if !found {
				unknown = append(unknown, s)
				continue
			}
			c = p.Code
		}
		codes = append(codes, c)
	}
	return codes, unknown
}

// sortRows puts the rows in order of their labels in the reader's language.
func (h *House) sortRows(a *Ask, t *Table) {
	slices.SortStableFunc(t.Rows, func(x, y Row) int { return a.Loc.Compare(x.Label, y.Label) })
}

// link returns the address with what the reader chose for every view carried along.
func (a *Ask) link(path string) string { return a.Carry(path) }

// Carry returns the address with the home country, language and data version
// that the reader chose in this address, so that they hold on the next page.
func (a *Ask) Carry(path string) string {
	path, part, inPart := strings.Cut(path, "#")
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	for _, k := range []string{"home", "lang", "at"} {
		if v := a.Query.Get(k); v != "" {
			path += sep + k + "=" + url.QueryEscape(v)
			sep = "&"
		}
	}
	if inPart {
		path += "#" + part
	}
	return path
}

// claimColumns says which parts of claims a table shows beside the value,
// time, source and strength.
type claimColumns struct {
	place, partner, series, subject, definition, note bool
	noValue                                           bool
}

// claimTable returns a table with a row per claim. Each value opens.
func (h *House) claimTable(a *Ask, key, title string, cs []shanyraq.Claim, show claimColumns) *Table {
	lang := a.Loc.Lang()
	t := &Table{Key: key, Title: title, RowHead: a.T("common.date")}
	col := func(on bool, key string, figures bool) {
		if on {
			t.Columns = append(t.Columns, Column{Key: key, Label: a.T("common." + key), Figures: figures})
		}
	}
	col(show.place, "place", false)
	col(show.partner, "partner", false)
	col(show.series, "series", false)
	col(show.subject, "subject", false)
	col(show.definition, "definition", false)
	col(!show.noValue && !allRecords(cs), "value", true)
	col(true, "who", false)
	col(true, "strength", false)
	col(show.note, "note", false)
	col(true, "source", false)
	for _, c := range cs {
		f, err := c.Figure()
		var cells []Cell
		for _, column := range t.Columns {
			var cell Cell
			switch column.Key {
			case "place":
				cell = Cell{Text: h.placeArea(c, lang), Href: a.link("/hosts/" + string(c.Place))}
			case "partner":
				cell = Cell{Text: h.PlaceName(c.Partner, lang), Href: a.link("/hosts/" + string(c.Partner))}
			case "series":
				cell.Text = h.SeriesTitle(c.Series, lang)
			case "subject":
				cell.Text = c.Subject
			case "definition":
				cell.Text = h.Definition(c.Definition).Title(lang)
			case "value":
				if cell = (Cell{Figure: f}); err != nil {
					cell = Cell{Missing: err.Error()}
				}
			case "who":
				cell.Text = h.saidBy(a, c)
			case "strength":
				cell = Cell{Text: a.Loc.Strength(c.Strength), Badge: c.Strength.String()}
			case "note":
				cell.Text = c.Note
			case "source":
				cell = h.opens(a, c)
			}
			cells = append(cells, cell)
		}
		when := a.Loc.Period(c.When)
		if c.When == "" {
			when = a.T("common.undated")
		}
		t.Add(Row{Key: string(c.ID), Label: when}, cells...)
	}
	return t
}

func allRecords(cs []shanyraq.Claim) bool {
	for _, c := range cs {
		if c.Unit != "records" {
			return false
		}
	}
	return len(cs) > 0
}

func (h *House) placeArea(c shanyraq.Claim, lang string) string {
	if c.Area == "" {
		return h.PlaceName(c.Place, lang)
	}
	return fmt.Sprintf("%s, %s", h.PlaceName(c.Place, lang), c.Area)
}
