package hosts

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"shanyraq"
)

// rivals are the states whose programmes are looked for in every host.
var rivals = []shanyraq.CountryCode{"CHN", "RUS", "TUR", "USA", "GBR", "FRA", "DEU", "JPN", "KOR", "IND", "IRN", "SAU", "ARE"}

// A Kind is a kind of programme by which a state is present in a host.
type Kind string

// Kinds lists the kinds of programme, in the order of the ledger.
func Kinds() []Kind {
	return []Kind{"posts", "visits", "institutes", "aid", "scholarships", "media", "business"}
}

// Series returns the series whose claims, with the host as place and the rival
// as partner, are evidence of the kind.
func (k Kind) Series() shanyraq.SeriesID {
	switch k {
	case "posts":
		return "diplomatic_post"
	case "visits":
		return "leader_visit"
	}
	return shanyraq.SeriesID("programme_" + string(k))
}

// Institutes is the series of how many institutes of culture a state has in
// the whole world, one subject per network.
const Institutes shanyraq.SeriesID = "culture_institutes"

// A Rival is one state at work in a host.
type Rival struct {
	Place    shanyraq.CountryCode
	Records  map[Kind]shanyraq.Figure // how many records are held; a kind without any is absent
	Presence shanyraq.Figure          // kinds of programme in evidence, of all there are; zero if none is
	Held     []shanyraq.Claim         // the records, newest first
	Worldly  []shanyraq.Claim         // the newest size of each of its networks of institutes
}

// Rivals returns who else is at work in the host, those seen in more ways
// first. A state of which nothing is held there is in the list too: nothing
// held is not nothing done.
func (r *Room) Rivals(ctx context.Context, home, host shanyraq.CountryCode) ([]Rival, error) {
	var ids []shanyraq.SeriesID
	for _, k := range Kinds() {
		ids = append(ids, k.Series())
	}
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: ids, Places: []shanyraq.CountryCode{host}, Partners: rivals})
	if err != nil {
		return nil, shanyraq.Errorf("hosts.Rivals", shanyraq.Other, "%s: %w", host, err)
	}
	world, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{Institutes}, Places: rivals})
	if err != nil {
		return nil, shanyraq.Errorf("hosts.Rivals", shanyraq.Other, "%s: %w", host, err)
	}
	var out []Rival
	for _, p := range rivals {
		if p == home || p == host {
			continue
		}
		v := Rival{Place: p, Records: map[Kind]shanyraq.Figure{}}
		var inputs []shanyraq.Input
		var sources []shanyraq.SourceID
		for _, k := range Kinds() {
			var of []shanyraq.Claim
			for _, c := range cs {
				if c.Partner == p && c.Series == k.Series() {
					of = append(of, c)
				}
			}
			if len(of) == 0 {
				continue
			}
			path := fmt.Sprintf("hosts/rival/%s/%s/%s", host, p, k)
			l := shanyraq.Lineage{Method: MethodPresence, Formula: fmt.Sprintf("records of %s held = %d", k, len(of)), Sources: shanyraq.SourcesOf(of...),
				Assumptions: []shanyraq.Assumption{shanyraq.Assume("records_partial", shanyraq.TooLow)}}
			for _, c := range of {
				l.Inputs = append(l.Inputs, shanyraq.InputOf("", c))
			}
			v.Held = append(v.Held, of...)
			n := float64(len(of))
			f, err := shanyraq.NewFigure(path, n, shanyraq.Interval{Lo: n, Hi: n, Kind: shanyraq.Counted}, "records", l)
			if err != nil {
				return nil, shanyraq.Errorf("hosts.Rivals", shanyraq.Other, "%s in %s: %w", p, host, err)
			}
			v.Records[k] = f
			inputs = append(inputs, shanyraq.Input{Symbol: string(k), Path: path, Series: k.Series(), Place: host, Value: n, Unit: "records"})
			for _, s := range l.Sources {
				if !slices.Contains(sources, s) {
					sources = append(sources, s)
				}
			}
		}
		slices.SortStableFunc(v.Held, func(a, b shanyraq.Claim) int { return strings.Compare(string(b.When), string(a.When)) })
		if n := len(v.Records); n > 0 {
			all := len(Kinds())
			v.Presence, err = shanyraq.NewFigure(fmt.Sprintf("hosts/rival/%s/%s/presence", host, p), float64(n),
				shanyraq.Interval{Lo: float64(n), Hi: float64(all), Kind: shanyraq.Bounds}, "count", shanyraq.Lineage{
					Method: MethodPresence, Inputs: inputs, Sources: sources, Formula: fmt.Sprintf("kinds with a record = %d, kinds that may have one = %d", n, all),
					Assumptions: []shanyraq.Assumption{shanyraq.Assume("records_partial", shanyraq.TooLow), shanyraq.Assume("kinds_alike", shanyraq.EitherWay)}})
			if err != nil {
				return nil, shanyraq.Errorf("hosts.Rivals", shanyraq.Other, "%s in %s: %w", p, host, err)
			}
		}
		for _, c := range world {
			if c.Place != p {
				continue
			}
			if i := slices.IndexFunc(v.Worldly, func(x shanyraq.Claim) bool { return x.Subject == c.Subject }); i < 0 {
				v.Worldly = append(v.Worldly, c)
			} else if v.Worldly[i].When.Year() < c.When.Year() {
				v.Worldly[i] = c
			}
		}
		out = append(out, v)
	}
	records := func(v Rival) float64 {
		var n float64
		for _, k := range Kinds() {
			n += v.Records[k].Value()
		}
		return n
	}
	slices.SortStableFunc(out, func(a, b Rival) int {
		return cmp.Or(cmp.Compare(len(b.Records), len(a.Records)), cmp.Compare(records(b), records(a)), cmp.Compare(a.Place, b.Place))
	})
	return out, nil
}
