// Package hosts is the room that keeps one page for every country: what is
// measured of its economy, society, politics and population, and what ties it
// to home.
//
// # What is answered
//
// For each series the newest claim, with its year and its source; a series
// without a claim is missing, and is listed as such. How far two countries are
// apart, who is most like whom, who else is at work there, how much care people
// there need (see [Weigh]), and what the host offers.
//
// # What is not here
//
// Anything about a person. Values are answers to surveys, and a country's mean
// is nobody's nature. No table that may ship holds them, so they come with what
// somebody imports: series whose names begin with values_ are shown as such and
// compared.
package hosts

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"shanyraq"
)

// Evidence is what the room reads; cmd/shanyraq supplies it.
type Evidence interface {
	// Claims returns the claims the query picks, sorted by series, place,
	// partner, subject and time.
	Claims(ctx context.Context, q shanyraq.Query) ([]shanyraq.Claim, error)
	// Series returns every series known.
	Series(ctx context.Context) ([]shanyraq.Series, error)
	// Groups returns the country groups in force.
	Groups(ctx context.Context) ([]shanyraq.Group, error)
	// Places returns every place known.
	Places(ctx context.Context) ([]shanyraq.Place, error)
}

// A Shelf tells when each source was taken. Evidence that is one lets the newer
// of two sources of one strength stand before the older.
type Shelf interface {
	Sources(ctx context.Context) ([]shanyraq.Source, error)
}

// A Pillar is a part of a host's page: some topics, in order.
type Pillar struct {
	Key    string
	Topics []string
}

// Pillars lists the pillars of a host's page, in order: who lives there first,
// then how they are governed, how they live and what they say they value.
func Pillars() []Pillar {
	return []Pillar{
		{"people", []string{"people"}},
		{"political", []string{"politics", "rules", "diplomacy", "military"}},
		{"social", []string{"development", "society", "services"}},
		{"values", []string{"values"}},
		{"economy", []string{"economy", "trade", "transport"}},
		{"other", []string{"softpower", "other"}},
	}
}

// Topics lists the topics of a host's page, in order.
func Topics() []string {
	var out []string
	for _, p := range Pillars() {
		out = append(out, p.Topics...)
	}
	return out
}

// TopicOf returns the topic a series is shown under. One that came with an
// import states none: its name says whether it is about values.
func TopicOf(s shanyraq.Series) string {
	switch {
	case s.Topic != "":
		return s.Topic
	case strings.HasPrefix(string(s.ID), "values_"):
		return "values"
	case strings.HasPrefix(string(s.ID), "programme_"):
		return "programmes"
	}
	return "other"
}

// first are the series an analyst looks for first in each topic, in order; the
// others follow by name.
var first = []shanyraq.SeriesID{
	"SP.POP.TOTL", "SM.POP.TOTL", "SM.POP.NETM",
	"VDEM_v2x_polyarchy", "VDEM_v2x_libdem", "WGI_voice_accountability_estimate", "WGI_rule_of_law_estimate", "WGI_political_stability_estimate",
	"un_ideal_point", "HDR_hdi", "HDR_gii", "HDR_eys", "HDR_mys", "internet_users", "SI.POV.GINI",
	"NY.GDP.MKTP.CD", "NY.GDP.PCAP.PP.CD", "NY.GDP.MKTP.KD.ZG",
}

// InOrder returns the series in the order of a host's page.
func InOrder(series []shanyraq.Series) []shanyraq.Series {
	out := slices.Clone(series)
	slices.SortFunc(out, func(a, b shanyraq.Series) int {
		return cmp.Or(cmp.Compare(rankOf(a.ID), rankOf(b.ID)), strings.Compare(string(a.ID), string(b.ID)))
	})
	return out
}

// rankOf returns where the series stands in its topic.
func rankOf(id shanyraq.SeriesID) int {
	if i := slices.Index(first, id); i >= 0 {
		return i
	}
	return len(first)
}

// A Profile is what is held of one country.
type Profile struct {
	Place       shanyraq.Place
	Groups      []shanyraq.Group // that the country is in, in the year of the newest evidence
	Topics      []Topic
	Composition []Composition
}

// A Topic is the series of one topic: those with a claim, and those without.
type Topic struct {
	Key     string
	Lines   []Line
	Missing []shanyraq.Series
}

// A Line is the newest claim of one series, and the claims before it.
type Line struct {
	Series shanyraq.Series
	Latest shanyraq.Claim
	Past   []shanyraq.Claim // oldest first, the latest included
	Change shanyraq.Figure  // over ten years, as [Room.Since] tells it; zero if it is not known
}

// A Composition is how the population divides by ethnic group, language or
// religion, largest first, as one source prints it. Parts may nest.
type Composition struct {
	Series shanyraq.Series
	Parts  []shanyraq.Claim
}

// Room answers questions about countries from one version of the evidence. It
// is safe for use by several goroutines.
type Room struct {
	ev     Evidence
	kept   *kept
	crowds Peoples // may be nil
}

// New returns the room over the evidence.
func New(ev Evidence) *Room { return &Room{ev: ev, kept: newKept()} }

// Profile returns what is held of the country, or a [shanyraq.NotFound] error
// if there is no such country.
func (r *Room) Profile(ctx context.Context, code shanyraq.CountryCode) (Profile, error) {
	const op = "hosts.Profile"
	fail := func(err error) (Profile, error) {
		return Profile{}, shanyraq.Errorf(op, shanyraq.Other, "%s: %w", code, err)
	}
	places, err := r.ev.Places(ctx)
	if err != nil {
		return fail(err)
	}
	i := slices.IndexFunc(places, func(p shanyraq.Place) bool { return p.Code == code })
	if i < 0 {
		return Profile{}, shanyraq.Tell(op, shanyraq.NotFound, shanyraq.Text{Key: "hosts.error.place", Args: map[string]any{"Code": string(code)}}, "no country %q", code)
	}
	newer, err := r.newer(ctx)
	if err != nil {
		return fail(err)
	}
	p := Profile{Place: places[i]}
	series, err := r.ev.Series(ctx)
	if err != nil {
		return fail(err)
	}
	series = InOrder(series)
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Places: []shanyraq.CountryCode{code}})
	if err != nil {
		return fail(err)
	}
	by := map[shanyraq.SeriesID][]shanyraq.Claim{}
	for _, c := range cs {
		if ofCountry(c) || c.Area == "" && c.Partner == "" && strings.HasPrefix(string(c.Series), "composition_") {
			by[c.Series] = append(by[c.Series], c)
		}
	}
	for _, key := range Topics() {
		t := Topic{Key: key}
		for _, s := range series {
			if TopicOf(s) != key || s.Unit == "records" || pairwise(s.ID) {
				continue
			}
			past := by[s.ID]
			if len(past) == 0 {
				t.Missing = append(t.Missing, s)
				continue
			}
			slices.SortStableFunc(past, newer)
			since, err := change(past)
			if err != nil {
				return fail(err)
			}
			t.Lines = append(t.Lines, Line{Series: s, Latest: past[len(past)-1], Past: past, Change: since})
		}
		if len(t.Lines)+len(t.Missing) > 0 {
			p.Topics = append(p.Topics, t)
		}
	}
	for _, s := range series {
		if !strings.HasPrefix(string(s.ID), "composition_") || len(by[s.ID]) == 0 {
			continue
		}
		parts := by[s.ID]
		slices.SortStableFunc(parts, func(a, b shanyraq.Claim) int {
			switch {
			case a.Value > b.Value:
				return -1
			case a.Value < b.Value:
				return 1
			}
			return strings.Compare(a.Subject, b.Subject)
		})
		p.Composition = append(p.Composition, Composition{s, parts})
	}
	groups, err := r.ev.Groups(ctx)
	if err != nil {
		return fail(err)
	}
	for _, g := range groups {
		if slices.Contains(g.In(currentYear(cs)), code) {
			p.Groups = append(p.Groups, g)
		}
	}
	return p, nil
}

// ofCountry reports whether the claim is about a country as a whole. What
// concerns a part of it, a pair of countries or a named thing is for other rooms.
func ofCountry(c shanyraq.Claim) bool { return c.Partner == "" && c.Area == "" && c.Subject == "" }

// newer returns the order of claims of one series from the oldest to the
// newest; of two of one time the stronger comes last, and of two as strong that
// of the source taken last, for it is the one shown.
func (r *Room) newer(ctx context.Context) (func(a, b shanyraq.Claim) int, error) {
	taken := map[shanyraq.SourceID]shanyraq.Period{}
	if shelf, ok := r.ev.(Shelf); ok {
		sources, err := shelf.Sources(ctx)
		if err != nil {
			return nil, err
		}
		for _, s := range sources {
			taken[s.ID] = s.Taken
		}
	}
	return func(a, b shanyraq.Claim) int {
		x, y := taken[a.Source], taken[b.Source]
		return cmp.Or(
			cmp.Compare(a.When.Year(), b.When.Year()),
			strings.Compare(string(a.When), string(b.When)),
			cmp.Compare(b.Strength, a.Strength),
			cmp.Compare(x.Year(), y.Year()),
			strings.Compare(string(x), string(y)),
			strings.Compare(string(b.ID), string(a.ID)),
		)
	}, nil
}

// pairwise reports whether the series is about two countries or a named thing,
// and so is shown by another room.
func pairwise(id shanyraq.SeriesID) bool {
	switch id {
	case "export_share", "import_share", "trade_turnover", "fdi_inflow", "fdi_cumulative", "geo_distance", "status_claim",
		"corridor_volume", "corridor_containers", "oil_route_volume", Institutes, "gspi_ranked", "sdg_index_ranked":
		return true
	}
	return strings.HasPrefix(string(id), "composition_")
}

// currentYear returns the year of the newest claim, by which membership of
// groups is judged.
func currentYear(cs []shanyraq.Claim) int {
	y := 0
	for _, c := range cs {
		if c.Series == "SP.POP.TOTL" {
			y = max(y, c.When.Year())
		}
	}
	if y == 0 {
		y = 2024
	}
	return y
}

// Latest returns the newest claim of the series in every place, by place.
func (r *Room) Latest(ctx context.Context, id shanyraq.SeriesID) (map[shanyraq.CountryCode]shanyraq.Claim, error) {
	r.kept.listing.Lock()
	defer r.kept.listing.Unlock()
	if m, ok := r.kept.latest[id]; ok {
		return maps.Clone(m), nil
	}
	m, err := r.newestOf(ctx, id)
	if err != nil {
		return nil, err
	}
	if len(r.kept.latest) >= latestKept {
		clear(r.kept.latest)
	}
	r.kept.latest[id] = m
	return maps.Clone(m), nil
}

// newestOf reads what [Room.Latest] keeps.
func (r *Room) newestOf(ctx context.Context, id shanyraq.SeriesID) (map[shanyraq.CountryCode]shanyraq.Claim, error) {
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{id}})
	if err != nil {
		return nil, shanyraq.Errorf("hosts.Latest", shanyraq.Other, "%s: %w", id, err)
	}
	newer, err := r.newer(ctx)
	if err != nil {
		return nil, shanyraq.Errorf("hosts.Latest", shanyraq.Other, "%s: %w", id, err)
	}
	out := map[shanyraq.CountryCode]shanyraq.Claim{}
	for _, c := range cs {
		if !ofCountry(c) {
			continue
		}
		if was, ok := out[c.Place]; !ok || newer(was, c) < 0 {
			out[c.Place] = c
		}
	}
	return out, nil
}
