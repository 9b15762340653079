package view_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"shanyraq"
	"shanyraq/internal/standing"
	"shanyraq/internal/view"
)

var background = context.Background()

// A screen is one view and what it is asked for.
type screen struct {
	name  string
	query string
	page  func(context.Context, *view.House, *view.Ask) (*view.Page, error)
}

// screens are the views of one home country: every room, and in the rooms of
// pairs every partner given.
func screens(partners ...shanyraq.CountryCode) []screen {
	out := []screen{
		{"overview", "", view.Overview},
		{"standing", "", view.Standing},
		{"standing, all", "show=all", view.Standing},
		{"standing of another year", "year=2010&show=all", view.Standing},
		{"standing by other weights", "w.gdp=3&w.population=1&w.military=2&with=UZB,AZE", view.Standing},
		{"standing by weights without a short decimal", "w.gdp=1&w.population=2&w.military=4", view.Standing},
		{"standing by output alone", "w.gdp=100&w.population=0&w.military=0", view.Standing},
		{"standing, middle power", "", view.StandingPower},
		{"standing, middle power in another year", "year=2012", view.StandingPower},
		{"standing, another index", "index=cinc&year=2015&show=all", view.Standing},
		{"vectors", "", view.Vectors},
		{"vectors over time", "", view.VectorsBalance},
		{"vectors, asymmetry", "", view.VectorsAsymmetry},
		{"vectors, asymmetry between two others", "first=USA&second=TUR", view.VectorsAsymmetry},
		{"vectors, routes", "", view.VectorsRoutes},
		{"vectors, readings", "", view.VectorsReadings},
		{"vectors, readings between two others", "first=EUU&second=JPN", view.VectorsReadings},
		{"vectors, votes", "", view.VectorsVotes},
		{"vectors, votes of other sessions", "from=1995&to=2005&show=all", view.VectorsVotes},
		{"diaspora", "", view.Diaspora},
		{"diaspora of another year", "year=2010", view.Diaspora},
		{"diaspora by one definition", "stock=citizenship&view=chart", view.Diaspora},
		{"diaspora projected", "year=2035&set=ethnic", view.Diaspora},
		{"diaspora under other priors", "prior=walk=0.3,source=0.2", view.Diaspora},
		{"diaspora coverage", "", view.DiasporaCoverage},
		{"diaspora revisions", "", view.DiasporaRevisions},
		{"diaspora backtest", "", view.DiasporaBacktest},
		{"diaspora priors", "", view.DiasporaPriors},
		{"hosts", "", view.Hosts},
		{"hosts compared", "with=DEU,TUR,RUS,MNG", view.HostsCompare},
		{"hosts similar", "", view.HostsSimilar},
		{"hosts similar, other", "to=MNG&by=language&groups=4", view.HostsSimilar},
		{"hosts similar on the map", "by=geographic", view.HostsSimilar},
		{"hosts, potential", "", view.HostsPotential},
		{"hosts, potential by other weights", "w.size=2&w.skills=0&w.risk=3", view.HostsPotential},
		{"hosts, tiers", "", view.HostsTiers},
		{"hosts of a group", "group=turkic&series=SP.DYN.LE00.IN", view.Hosts},
	}
	for _, key := range standing.IndexKeys() {
		for _, of := range []struct {
			name  string
			query string
			page  func(context.Context, *view.House, *view.Ask, standing.IndexKey) (*view.Page, error)
		}{
			{"", "", view.StandingIndex},
			{"", "missing=zero&show=all", view.StandingIndex},
			{"", "with=UZB,TUR,DEU", view.StandingIndex},
			{"", "w.missions=3&w.gdp=2&w.culture=5&w.tpop=0", view.StandingIndex},
			{"/sensitivity", "", view.StandingSensitivity},
			{"/sensitivity", "missing=zero&gain=2&from=2020", view.StandingSensitivity},
			{"/compare", "", view.StandingCompare},
			{"/compare", "with=UZB,TUR,DEU&missing=zero", view.StandingCompare},
			{"/audit", "missing=zero", view.StandingAudit},
		} {
			out = append(out, screen{fmt.Sprintf("standing/%s%s?%s", key, of.name, of.query), of.query, func(ctx context.Context, h *view.House, a *view.Ask) (*view.Page, error) {
				return of.page(ctx, h, a, key)
			}})
		}
	}
	for _, p := range partners {
		out = append(out,
			screen{fmt.Sprintf("vectors/%s", p), "", func(ctx context.Context, h *view.House, a *view.Ask) (*view.Page, error) {
				return view.Vector(ctx, h, a, p)
			}},
			screen{fmt.Sprintf("diaspora/%s", p), "", func(ctx context.Context, h *view.House, a *view.Ask) (*view.Page, error) {
				return view.DiasporaHost(ctx, h, a, p)
			}},
			screen{fmt.Sprintf("hosts/%s", p), "", func(ctx context.Context, h *view.House, a *view.Ask) (*view.Page, error) {
				return view.Host(ctx, h, a, p)
			}},
		)
	}
	return out
}

// figuresOf returns every figure on the page: in its answer, on its cards, in
// its tables, what is drawn of them and the sentences above them.
func figuresOf(p *view.Page) []shanyraq.Figure {
	var out []shanyraq.Figure
	sentence := func(s view.Sentence) {
		for _, v := range s.Args {
			if f, ok := v.(shanyraq.Figure); ok {
				out = append(out, f)
			}
		}
	}
	var table func(t *view.Table)
	table = func(t *view.Table) {
		sentence(t.Lead)
		for _, r := range t.Rows {
			for _, c := range r.Cells {
				out = append(out, c.Figure)
			}
		}
		if t.Drawn != nil {
			table(t.Drawn)
		}
	}
	sentence(p.Answer)
	for _, c := range p.Cards {
		out = append(out, c.Figure)
		sentence(c.Text)
	}
	for _, f := range p.Facts {
		out = append(out, f.Cell.Figure)
	}
	for _, t := range p.Tables {
		table(t)
	}
	return out
}

// A number is a door: whatever is on a page opens, to the same number.
func TestEveryFigureOnEveryPageOpens(t *testing.T) {
	h := house(t)
	partners := []shanyraq.CountryCode{"DEU", "RUS", "CHN", "USA", "UZB", "MNG", "AFG", "TUR", "NRU"}
	for _, home := range []shanyraq.CountryCode{"KAZ", "POL"} {
		for _, s := range screens(partners...) {
			t.Run(fmt.Sprintf("%s %s", home, s.name), func(t *testing.T) {
				p, err := s.page(t.Context(), h, ask(t, home, "en", s.query))
				if err != nil {
					t.Fatal(err)
				}
				shown := map[string]shanyraq.Figure{}
				for _, f := range figuresOf(p) {
					if f.IsZero() {
						continue
					}
					if was, ok := shown[f.Path()]; ok {
						if !reflect.DeepEqual(was, f) {
							t.Errorf("%s stands twice on the page: %v and %v", f.Path(), was.Value(), f.Value())
						}
						continue
					}
					shown[f.Path()] = f
					got, err := h.Figure(t.Context(), f.Path())
					if err != nil {
						t.Errorf("%s does not open: %v", f.Path(), err)
						continue
					}
					if !reflect.DeepEqual(got, f) {
						t.Errorf("%s opens to %v %+v %s, and the page has %v %+v %s", f.Path(), got.Value(), got.Interval(), got.Unit(), f.Value(), f.Interval(), f.Unit())
					}
				}
				if len(shown) == 0 && s.name != "diaspora/NRU" && s.name != "vectors/NRU" {
					t.Log("no figures")
				}
			})
		}
	}
}
