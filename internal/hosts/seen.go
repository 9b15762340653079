package hosts

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"shanyraq"
)

// MethodPlaced is how a rank is put on a scale that does not depend on how many
// were ranked.
const MethodPlaced shanyraq.MethodKey = "rank-placed"

// ofViews reports whether the series holds answers of people in a host about
// another country: built in under the topic perception, or imported from polls.
func ofViews(s shanyraq.Series) bool {
	return s.Topic == "perception" || strings.HasPrefix(string(s.ID), "poll_") || strings.HasPrefix(string(s.ID), "view_")
}

// Views returns what people in hosts answered about the country, by host and
// series and then newest first; with host "" in every host. Questions of an
// import that name no country asked about are in it for their host.
func (r *Room) Views(ctx context.Context, of, host shanyraq.CountryCode) ([]shanyraq.Claim, error) {
	series, err := r.ev.Series(ctx)
	if err != nil {
		return nil, shanyraq.Errorf("hosts.Views", shanyraq.Other, "%w", err)
	}
	q := shanyraq.Query{}
	for _, s := range series {
		if ofViews(s) {
			q.Series = append(q.Series, s.ID)
		}
	}
	if len(q.Series) == 0 {
		return nil, nil
	}
	if host != "" {
		q.Places = []shanyraq.CountryCode{host}
	}
	cs, err := r.ev.Claims(ctx, q)
	if err != nil {
		return nil, shanyraq.Errorf("hosts.Views", shanyraq.Other, "%w", err)
	}
	cs = slices.DeleteFunc(cs, func(c shanyraq.Claim) bool { return c.Partner != of && c.Partner != "" || c.Place == of })
	newestFirst(cs)
	slices.SortStableFunc(cs, func(a, b shanyraq.Claim) int {
		return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.Series, b.Series))
	})
	return cs, nil
}

// An Index is an outside ranking of countries by how they are seen.
type Index struct {
	Rank, Score, Ranked shanyraq.SeriesID // Ranked holds how many were ranked, for the whole world
}

// Indices lists the outside rankings of which single figures are held.
func Indices() []Index {
	return []Index{{"gspi_rank", "gspi_score", "gspi_ranked"}, {Rank: "ceoworld_influence_rank"}, {Rank: "wef_travel_tourism_rank"}}
}

// A Placing is one year of one country in an outside ranking.
type Placing struct {
	Index  Index
	Year   int
	Rank   shanyraq.Claim
	Score  shanyraq.Claim  // zero if it was not seen
	Pool   shanyraq.Claim  // how many were ranked; zero if it was not seen
	Placed shanyraq.Figure // percent of the others below; zero without the pool
	Apart  bool            // another pool than the year before: ranks do not compare
}

// Placings returns the country's places in outside rankings, by ranking and
// then newest first. A rank r of n is placed at 100 (n − r) / (n − 1), the share
// of the others that stand below, so that years with other pools can be read
// beside each other; whether they may be compared the pool itself must say.
func (r *Room) Placings(ctx context.Context, of shanyraq.CountryCode) ([]Placing, error) {
	const op = "hosts.Placings"
	var out []Placing
	for _, x := range Indices() {
		q := shanyraq.Query{Series: []shanyraq.SeriesID{x.Rank}, Places: []shanyraq.CountryCode{of}}
		for _, id := range []shanyraq.SeriesID{x.Score, x.Ranked} {
			if id != "" {
				q.Series = append(q.Series, id)
			}
		}
		q.Places = append(q.Places, shanyraq.World)
		cs, err := r.ev.Claims(ctx, q)
		if err != nil {
			return nil, shanyraq.Errorf(op, shanyraq.Other, "%s: %w", x.Rank, err)
		}
		newestFirst(cs)
		in := func(id shanyraq.SeriesID, place shanyraq.CountryCode, year int) shanyraq.Claim {
			if i := slices.IndexFunc(cs, func(c shanyraq.Claim) bool { return c.Series == id && c.Place == place && c.When.Year() == year }); i >= 0 {
				return cs[i]
			}
			return shanyraq.Claim{}
		}
		first := len(out)
		for _, c := range cs {
			if c.Series != x.Rank || c.Place != of {
				continue
			}
			p := Placing{Index: x, Year: c.When.Year(), Rank: c, Score: in(x.Score, of, c.When.Year()), Pool: in(x.Ranked, shanyraq.World, c.When.Year())}
			if p.Pool.ID != "" && p.Pool.Value > 1 && c.Value >= 1 && c.Value <= p.Pool.Value {
				placed := func(rank float64) float64 { return 100 * (p.Pool.Value - rank) / (p.Pool.Value - 1) }
				v, printed := placed(c.Value), c.Range()
				p.Placed, err = shanyraq.NewFigure(fmt.Sprintf("hosts/placed/%s/%s/%d", x.Rank, of, p.Year), v, shanyraq.Interval{Lo: max(0, placed(printed.Hi)), Hi: min(100, placed(printed.Lo)), Kind: shanyraq.Printed}, "percent",
					shanyraq.Lineage{Method: MethodPlaced, Formula: fmt.Sprintf("100 × (n − r) / (n − 1) = 100 × (%g − %g) / (%g − 1)", p.Pool.Value, c.Value, p.Pool.Value), Sources: shanyraq.SourcesOf(c, p.Pool),
						Inputs: []shanyraq.Input{shanyraq.InputOf("r", c), shanyraq.InputOf("n", p.Pool)}, Assumptions: []shanyraq.Assumption{shanyraq.Assume("rank_published", shanyraq.EitherWay)}})
				if err != nil {
					return nil, shanyraq.Errorf(op, shanyraq.Other, "%s: %w", x.Rank, err)
				}
			}
			out = append(out, p)
		}
		for i := first; i+1 < len(out); i++ {
			out[i].Apart = out[i].Pool.Value != out[i+1].Pool.Value || out[i].Pool.ID == ""
		}
	}
	return out, nil
}
