package hosts_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"shanyraq"
	"shanyraq/data"
	"shanyraq/internal/hosts"
	"shanyraq/internal/ingest"
)

// evidence is a small hand-written workspace.
type evidence struct {
	claims []shanyraq.Claim
	series []shanyraq.Series
	groups []shanyraq.Group
	places []shanyraq.Place
	failed error
}

func (e *evidence) Claims(_ context.Context, q shanyraq.Query) ([]shanyraq.Claim, error) {
	var out []shanyraq.Claim
	for i := range e.claims {
		if q.Match(&e.claims[i]) {
			out = append(out, e.claims[i])
		}
	}
	slices.SortStableFunc(out, func(a, b shanyraq.Claim) int { return cmp.Compare(a.ID, b.ID) })
	return out, e.failed
}

func (e *evidence) Series(context.Context) ([]shanyraq.Series, error) { return e.series, e.failed }
func (e *evidence) Groups(context.Context) ([]shanyraq.Group, error)  { return e.groups, e.failed }
func (e *evidence) Places(context.Context) ([]shanyraq.Place, error)  { return e.places, nil }
func (e *evidence) Sources(context.Context) ([]shanyraq.Source, error) {
	return []shanyraq.Source{{ID: "a", Taken: "2020"}, {ID: "b", Taken: "2020"}, {ID: "new", Taken: "2020-06"}}, nil
}

func claim(source, series, place, when string, v float64, s shanyraq.Strength) shanyraq.Claim {
	return shanyraq.Claim{
		ID: shanyraq.ClaimID(strings.Join([]string{source, series, place, "-", cmp.Or(when, "undated")}, "/")), Source: shanyraq.SourceID(source),
		Series: shanyraq.SeriesID(series), Place: shanyraq.CountryCode(place), When: shanyraq.Period(when), Value: v, Unit: "usd", Strength: s,
	}
}

// germany is what is held of one country in the tests.
func germany() *evidence {
	part, pair, thing := claim("s", "gdp", "DEU", "2024", 7, shanyraq.Measured), claim("s", "gdp", "DEU", "2024", 7, shanyraq.Measured), claim("s", "gdp", "DEU", "2024", 7, shanyraq.Measured)
	part.Area, part.ID = "DE-BE", "s/gdp/DEU/-/berlin/2024"
	pair.Partner, pair.ID = "KAZ", "s/gdp/DEU/KAZ/2024"
	thing.Subject, thing.ID = "coal", "s/gdp/DEU/-/coal/2024"
	tongue := func(name string, v float64) shanyraq.Claim {
		c := claim("cia", "composition_language", "DEU", "2020", v, shanyraq.Estimated)
		c.Subject, c.ID = name, shanyraq.ClaimID("cia/composition_language/DEU/-/"+name+"/2020")
		return c
	}
	return &evidence{
		places: []shanyraq.Place{{Code: "DEU"}, {Code: "NRU"}},
		series: []shanyraq.Series{
			{ID: "gdp", Unit: "usd", Topic: "economy"}, {ID: "growth", Unit: "percent", Topic: "economy"}, {ID: "peace", Unit: "records", Topic: "diplomacy"},
			{ID: "export_share", Unit: "percent", Topic: "trade"}, {ID: "people_from", Unit: "persons", Topic: "diaspora"},
			{ID: "composition_language", Unit: "percent", Topic: "composition"}, {ID: "SP.POP.TOTL", Unit: "persons", Topic: "people"},
		},
		claims: []shanyraq.Claim{
			claim("s", "gdp", "DEU", "2020", 1, shanyraq.Measured), claim("s", "gdp", "DEU", "2023", 3, shanyraq.Measured), claim("s", "gdp", "DEU", "2022", 2, shanyraq.Measured),
			claim("s", "gdp", "DEU", "", 9, shanyraq.Measured), part, pair, thing, claim("s", "SP.POP.TOTL", "DEU", "2019", 80, shanyraq.Measured),
			tongue("Turkish", 4), tongue("German", 90), tongue("Arabic", 4), claim("s", "people_from", "DEU", "2024", 4, shanyraq.Measured),
		},
		groups: []shanyraq.Group{{ID: "eu", Members: []shanyraq.Member{{Place: "DEU"}}}, {ID: "past", Members: []shanyraq.Member{{Place: "DEU", To: 2018}}}, {ID: "later", Members: []shanyraq.Member{{Place: "DEU", From: 2020}}}},
	}
}

func TestProfile(t *testing.T) {
	p, err := hosts.New(germany()).Profile(t.Context(), "DEU")
	if err != nil {
		t.Fatal(err)
	}
	var topics []string
	for _, topic := range p.Topics {
		topics = append(topics, topic.Key)
	}
	if got := strings.Join(topics, " "); got != "people economy" {
		t.Errorf("topics %s", got)
	}
	economy := p.Topics[1]
	if len(economy.Lines) != 1 || economy.Lines[0].Latest.Value != 3 || len(economy.Missing) != 1 || economy.Missing[0].ID != "growth" {
		t.Errorf("economy: %+v", economy)
	}
	var past []float64
	for _, c := range economy.Lines[0].Past {
		past = append(past, c.Value)
	}
	if !slices.Equal(past, []float64{9, 1, 2, 3}) {
		t.Errorf("from the oldest to the newest: %v", past)
	}
	if len(p.Groups) != 1 || p.Groups[0].ID != "eu" {
		t.Errorf("in the year of its newest population it is in %v", p.Groups)
	}
	var tongues []string
	for _, c := range p.Composition[0].Parts {
		tongues = append(tongues, c.Subject)
	}
	if got := strings.Join(tongues, " "); len(p.Composition) != 1 || got != "German Arabic Turkish" {
		t.Errorf("languages %s", got)
	}

	empty, err := hosts.New(germany()).Profile(t.Context(), "NRU")
	if err != nil {
		t.Fatal(err)
	}
	missing := 0
	for _, topic := range empty.Topics {
		missing += len(topic.Missing)
		if len(topic.Lines) > 0 {
			t.Errorf("of a country nobody speaks of: %+v", topic)
		}
	}
	if missing != 3 { // gdp, growth and population; records, pairs and parts are for other rooms
		t.Errorf("%d series are missing", missing)
	}

	for _, code := range []shanyraq.CountryCode{"", "XXX", "deu"} {
		_, err := hosts.New(germany()).Profile(t.Context(), code)
		if shanyraq.KindOf(err) != shanyraq.NotFound || shanyraq.TextOf(err).Key != "hosts.error.place" {
			t.Errorf("%q: %v", code, err)
		}
	}
	broken := germany()
	broken.failed = errors.New("disk")
	if _, err := hosts.New(broken).Profile(t.Context(), "DEU"); !errors.Is(err, broken.failed) || shanyraq.KindOf(err) != shanyraq.Other {
		t.Errorf("with a failing disk: %v", err)
	}
}

// Which of two claims is shown.
func TestNewest(t *testing.T) {
	for _, tt := range []struct {
		name string
		a, b shanyraq.Claim // b is shown
	}{
		{"the later year", claim("a", "gdp", "DEU", "2022", 1, shanyraq.Measured), claim("a", "gdp", "DEU", "2023", 2, shanyraq.Opinion)},
		{"a month before the year it is in", claim("a", "gdp", "DEU", "2023", 1, shanyraq.Measured), claim("a", "gdp", "DEU", "2023-06", 2, shanyraq.Measured)},
		{"a span that ends later", claim("a", "gdp", "DEU", "2023", 1, shanyraq.Measured), claim("a", "gdp", "DEU", "2019..2024", 2, shanyraq.Measured)},
		{"the dated", claim("a", "gdp", "DEU", "", 1, shanyraq.Measured), claim("a", "gdp", "DEU", "1990", 2, shanyraq.Opinion)},
		{"the stronger of one time", claim("b", "gdp", "DEU", "2023", 1, shanyraq.Estimated), claim("a", "gdp", "DEU", "2023", 2, shanyraq.Official)},
		{"of two as strong that of the source taken last", claim("a", "gdp", "DEU", "2023", 1, shanyraq.Official), claim("new", "gdp", "DEU", "2023", 2, shanyraq.Official)},
		{"of two as strong and as new the first by name", claim("b", "gdp", "DEU", "2023", 1, shanyraq.Official), claim("a", "gdp", "DEU", "2023", 2, shanyraq.Official)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, claims := range [][]shanyraq.Claim{{tt.a, tt.b}, {tt.b, tt.a}} {
				e := germany()
				e.claims = claims
				r := hosts.New(e)
				p, err := r.Profile(t.Context(), "DEU")
				if err != nil {
					t.Fatal(err)
				}
				latest, err := r.Latest(t.Context(), "gdp")
				if err != nil {
					t.Fatal(err)
				}
				for _, topic := range p.Topics {
					for _, l := range topic.Lines {
						if l.Latest.Value != 2 || latest["DEU"].Value != 2 {
							t.Errorf("shown is %v on its page and %v in the table", l.Latest.Value, latest["DEU"].Value)
						}
					}
				}
			}
		})
	}
}

func TestLatestIsOfCountries(t *testing.T) {
	latest, err := hosts.New(germany()).Latest(t.Context(), "gdp")
	if err != nil || len(latest) != 1 || latest["DEU"].Value != 3 {
		t.Errorf("%v, %v", latest, err)
	}
	if latest, err := hosts.New(germany()).Latest(t.Context(), "none"); err != nil || len(latest) != 0 {
		t.Errorf("of a series nobody speaks of: %v, %v", latest, err)
	}
}

var builtin = sync.OnceValues(func() (*ingest.Workspace, error) { return ingest.OpenWorkspace(data.Files) })

// Every country has a page, each line the newest claim there is, each series of
// a topic either a line or missing.
func TestBuiltInEveryHost(t *testing.T) {
	w, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	r := hosts.New(w)
	places, err := w.Places(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	series, err := w.Series(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	latest := map[shanyraq.SeriesID]map[shanyraq.CountryCode]shanyraq.Claim{}
	for _, s := range series {
		if latest[s.ID], err = r.Latest(t.Context(), s.ID); err != nil {
			t.Fatal(err)
		}
	}
	shown := 0
	for _, place := range places {
		p, err := r.Profile(t.Context(), place.Code)
		if err != nil {
			t.Errorf("%s: %v", place.Code, err)
			continue
		}
		seen := map[shanyraq.SeriesID]bool{}
		for _, topic := range p.Topics {
			for _, l := range topic.Lines {
				shown++
				seen[l.Series.ID] = true
				if l.Latest.ID != latest[l.Series.ID][place.Code].ID {
					t.Errorf("%s %s: %s on its page, %s in the table", place.Code, l.Series.ID, l.Latest.ID, latest[l.Series.ID][place.Code].ID)
				}
				for _, c := range l.Past {
					if c.Place != place.Code || c.Series != l.Series.ID || c.When.Year() > l.Latest.When.Year() {
						t.Errorf("%s %s: %s is newer than %s, or of something else", place.Code, l.Series.ID, c.ID, l.Latest.ID)
					}
				}
			}
			for _, s := range topic.Missing {
				if seen[s.ID] || s.Topic != topic.Key {
					t.Errorf("%s: %s is missing and is not, or of another topic", place.Code, s.ID)
				}
				if c, ok := latest[s.ID][place.Code]; ok {
					t.Errorf("%s: %s is missing, and there is %s", place.Code, s.ID, c.ID)
				}
			}
		}
	}
	if shown < 10_000 {
		t.Errorf("%d lines on all pages together", shown)
	}
	if c := latest["SP.POP.TOTL"]["KAZ"]; c.Value != 20843754 || c.When != "2025" { // World Development Indicators, July 2026
		t.Errorf("Kazakhstan has %v people in %s", c.Value, c.When)
	}
}
