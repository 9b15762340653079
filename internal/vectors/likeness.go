package vectors

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"shanyraq"
	"shanyraq/methods/votes"
)

// A Likeness is how alike home and a power voted over the last sessions held, by
// four measures: indices, of which the agreement lies between 0 and 1, S between
// −1 and 1, and kappa and pi are at most 1. A measure that cannot be told is zero.
type Likeness struct {
	Power                   shanyraq.CountryCode
	Agreement, S, Kappa, Pi shanyraq.Figure
}

// likenessDraws is how often days of votes are drawn anew for an interval, and
// likenessSeed begins the draws.
const (
	likenessDraws = 4000
	likenessSeed  = 19990301
)

// likeness returns how alike home and each power voted over the last sessions
// held, with the votes of one day going together; for the union, the mean over
// its members, from the least alike to the most.
func (r *Room) likeness(ctx context.Context, home shanyraq.CountryCode, powers []shanyraq.CountryCode, union shanyraq.Group) ([]Likeness, [2]int, error) {
	rc, err := r.rollCalls(ctx)
	if shanyraq.KindOf(err) == shanyraq.NotFound || err == nil && len(rc.Calls) == 0 {
		return nil, [2]int{}, nil
	}
	if err != nil {
		return nil, [2]int{}, err
	}
	first, last, columns := rc.window()
	years := [2]int{1945 + first, 1945 + last}
	me, ok := columns[home]
	if !ok {
		return nil, years, nil
	}
	days := func(col int) []string {
		var out []string
		var day shanyraq.Period
		for _, c := range rc.Calls {
			if c.Session < first {
				continue
			}
			if len(out) == 0 || c.Date != day {
				out, day = append(out, ""), c.Date
			}
			out[len(out)-1] += string(c.Votes[col])
		}
		return out
	}
	mine := days(me)
	var out []Likeness
	for _, p := range powers {
		l := Likeness{Power: p}
		var all votes.Likeness
		iv := shanyraq.Interval{Level: voteLevel, Kind: shanyraq.Confidence}
		how := fmt.Sprintf("sessions %d to %d, %%d votes of both on %%d days", first, last)
		if p == shanyraq.EuropeanUnion {
			n := 0
			if all, n, err = meanLikeness(mine, days, columns, slices.DeleteFunc(union.In(years[1]), func(m shanyraq.CountryCode) bool { return m == home })); err != nil {
				return nil, years, err
			}
			if n < 2 {
				continue
			}
			iv, how = shanyraq.Interval{Kind: shanyraq.Spread}, fmt.Sprintf("sessions %d to %d, mean over %d members", first, last, n)
		} else {
			col, ok := columns[p]
			if !ok {
				continue
			}
			if all, err = votes.LikenessInterval(mine, days(col), voteLevel, likenessDraws, likenessSeed); errors.Is(err, votes.ErrFewClusters) {
				continue
			}
			if err != nil {
				return nil, years, err
			}
			how = fmt.Sprintf(how, all.Agreement.Both, all.Agreement.Clusters)
		}
		for _, m := range []struct {
			to   *shanyraq.Figure
			part string
			e    votes.Estimate
		}{{&l.Agreement, "agreement", all.Agreement}, {&l.S, "s", all.S}, {&l.Kappa, "kappa", all.Kappa}, {&l.Pi, "pi", all.Pi}} {
			if math.IsNaN(m.e.Value) || !(m.e.Lo < m.e.Hi) {
				continue
			}
			iv.Lo, iv.Hi = m.e.Lo, m.e.Hi
			lineage := shanyraq.Lineage{Method: MethodLikeness, Sources: rc.Sources, Formula: fmt.Sprintf("%s = %.3f,  %s", m.part, m.e.Value, how),
				Assumptions: []shanyraq.Assumption{shanyraq.Assume("days_independent", shanyraq.TooNarrow), shanyraq.Assume("absence_uninformative", shanyraq.EitherWay)}}
			if iv.Kind == shanyraq.Confidence {
				lineage.Draws, lineage.Seed = likenessDraws, likenessSeed
			}
			if *m.to, err = shanyraq.NewFigure(fmt.Sprintf("vectors/likeness/%s/%s/%d/%s", home, p, years[1], m.part), m.e.Value, iv, "index", lineage); err != nil {
				return nil, years, err
			}
		}
		out = append(out, l)
	}
	return out, years, nil
}

// meanLikeness returns the mean of each measure over the members that voted, from
// the lowest to the highest, and how many there are.
func meanLikeness(mine []string, days func(int) []string, columns map[shanyraq.CountryCode]int, members []shanyraq.CountryCode) (votes.Likeness, int, error) {
	var out votes.Likeness
	to := []*votes.Estimate{&out.Agreement, &out.S, &out.Kappa, &out.Pi}
	for _, e := range to {
		e.Lo, e.Hi = math.Inf(1), math.Inf(-1)
	}
	n := 0
	for _, m := range members {
		col, ok := columns[m]
		if !ok {
			continue
		}
		var a, b string
		for i, d := range days(col) {
			a, b = a+mine[i], b+d
		}
		p, err := votes.Agreement(a, b)
		if err != nil {
			return out, n, err
		}
		if p.Both == 0 {
			continue
		}
		n++
		for i, v := range []float64{p.Agreement, p.S, p.Weighted, p.Pi} {
			e := to[i]
			e.Value, e.Lo, e.Hi = e.Value+v, min(e.Lo, v), max(e.Hi, v)
		}
	}
	for _, e := range to {
		e.Value /= float64(n)
	}
	return out, n, nil
}

// standsAlone returns the position of a place by the votes of one session alone,
// and none for one that has no place in it.
func (f *fit) standsAlone(p shanyraq.CountryCode, session int) (shanyraq.Figure, error) {
	i, ok := f.column[p]
	if !ok {
		return shanyraq.Figure{}, nil
	}
	at := f.alone.Points(session)[i]
	if at.Votes == 0 || !(at.Lo < at.Hi) {
		return shanyraq.Figure{}, nil
	}
	return shanyraq.NewFigure(fmt.Sprintf("vectors/alone/%s/%d", p, session), at.Value, shanyraq.Interval{Lo: at.Lo, Hi: at.Hi, Level: f.alone.Level, Kind: shanyraq.Credible}, "points",
		f.lineage(MethodAlone, fmt.Sprintf("θ = %.3f,  SE %.3f,  %d votes in session %d alone", at.Value, at.SE, at.Votes, session)))
}

// A Place is where one state stood in a session.
type Place struct {
	Place    shanyraq.CountryCode
	Position shanyraq.Figure
}

// Assembly returns where every state stood that voted in the session, by
// position, and none where the session is not held.
func (r *Room) Assembly(ctx context.Context, session int) ([]Place, error) {
	const op = "vectors.Assembly"
	f, err := r.positions(ctx)
	if err != nil {
		return nil, shanyraq.Errorf(op, shanyraq.KindOf(err), "session %d: %w", session, err)
	}
	if f == nil || !slices.Contains(f.sessions, session) {
		return nil, nil
	}
	points := f.space.Points(session)
	var out []Place
	for _, p := range slices.Sorted(keys(f.column)) {
		at := points[f.column[p]]
		if at.Votes == 0 || !(at.Lo < at.Hi) {
			continue
		}
		fig, err := f.position(p, session, at)
		if err != nil {
			return nil, shanyraq.Errorf(op, shanyraq.Other, "session %d: %w", session, err)
		}
		out = append(out, Place{p, fig})
	}
	slices.SortStableFunc(out, func(a, b Place) int {
		switch x, y := a.Position.Value(), b.Position.Value(); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return out, nil
}

// position makes the figure of where a place stood.
func (f *fit) position(p shanyraq.CountryCode, session int, at votes.Point) (shanyraq.Figure, error) {
	return shanyraq.NewFigure(fmt.Sprintf("vectors/position/%s/%d", p, session), at.Value, shanyraq.Interval{Lo: at.Lo, Hi: at.Hi, Level: f.space.Level, Kind: shanyraq.Credible}, "points",
		f.lineage(MethodPosition, fmt.Sprintf("θ = %.3f,  SE %.3f,  %d votes in session %d", at.Value, at.SE, at.Votes, session)))
}
