package vectors

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"shanyraq"
)

// MethodActs counts the acts held.
const MethodActs shanyraq.MethodKey = "acts-held"

// A Level says who acts: states, people, or both.
type Level string

// The levels.
const (
	States Level = "states" // governments with governments
	People Level = "people" // people with people
	Both   Level = "both"   // people or firms, by leave or with money of states
)

// A Nature says by what an act works.
type Nature string

// The natures.
const (
	Soft     Nature = "soft"     // attraction: visits, study, shared bodies
	Economic Nature = "economic" // trade and money
	Coercive Nature = "coercive" // force, or the threat of it
)

// A Tag is the rule for the acts of one series. The series alone decides, so
// that anybody can tell why an act is tagged as it is.
type Tag struct {
	Series shanyraq.SeriesID
	Level  Level
	Nature Nature
}

// Tags lists the rules, in the order of the table. No series held is of
// coercive acts.
func Tags() []Tag {
	return []Tag{
		{"leader_visit", States, Soft},
		{"hosted_summit", States, Soft},
		{"chairmanship", States, Soft},
		{"good_offices", States, Soft},
		{"diplomatic_post", States, Soft},
		{"trade_turnover", Both, Economic},
		{"fdi_inflow", Both, Economic},
		{"fdi_cumulative", Both, Economic},
		{"bolashak_scholars_from", Both, Soft},
		{"students_from", People, Soft},
		{"exchange_students_from", People, Soft},
		{"diaspora_organisation", People, Soft},
	}
}

// An Act is one record between home and another country, or of home with many.
type Act struct {
	Claim shanyraq.Claim
	Tag   Tag
	Other shanyraq.CountryCode // "" where no one country is named
}

// Acts is what is held of acts between home and others.
type Acts struct {
	Acts   []Act // newest first
	Counts map[shanyraq.CountryCode]map[Level]shanyraq.Figure
}

// Acts returns the acts held between home and others, each with its tag, and
// how many there are with each power.
func (r *Room) Acts(ctx context.Context, home shanyraq.CountryCode) (Acts, error) {
	return r.deeds.of(home, func() (Acts, error) {
		a, err := r.acts(ctx, home)
		if err != nil {
			return a, shanyraq.Errorf("vectors.Acts", shanyraq.KindOf(err), "%s: %w", home, err)
		}
		return a, nil
	})
}

func (r *Room) acts(ctx context.Context, home shanyraq.CountryCode) (Acts, error) {
	out := Acts{Counts: map[shanyraq.CountryCode]map[Level]shanyraq.Figure{}}
	tags := map[shanyraq.SeriesID]Tag{}
	var series []shanyraq.SeriesID
	for _, t := range Tags() {
		tags[t.Series], series = t, append(series, t.Series)
	}
	seen := map[shanyraq.ClaimID]bool{}
	for _, q := range []shanyraq.Query{
		{Series: series, Places: []shanyraq.CountryCode{home}},
		{Series: series, Partners: []shanyraq.CountryCode{home}},
	} {
		cs, err := r.ev.Claims(ctx, q)
		if err != nil {
			return out, err
		}
		for _, c := range cs {
			other := c.Partner
			if other == home {
				other = c.Place
			}
			if seen[c.ID] || other == shanyraq.World || other == home {
				continue
			}
			seen[c.ID] = true
			out.Acts = append(out.Acts, Act{c, tags[c.Series], other})
		}
	}
	slices.SortStableFunc(out.Acts, func(a, b Act) int {
		if c := strings.Compare(string(b.Claim.When), string(a.Claim.When)); c != 0 {
			return c
		}
		return strings.Compare(string(a.Claim.ID), string(b.Claim.ID))
	})
	b, err := r.Balance(ctx, home)
	if err != nil {
		return out, err
	}
	for _, p := range b.Powers {
		by := map[Level][]shanyraq.Claim{}
		for _, a := range out.Acts {
			if a.Other == p {
				by[a.Tag.Level] = append(by[a.Tag.Level], a.Claim)
			}
		}
		out.Counts[p] = map[Level]shanyraq.Figure{}
		for level, cs := range by {
			n := float64(len(cs))
			l := shanyraq.Lineage{Method: MethodActs, Sources: shanyraq.SourcesOf(cs...), Formula: fmt.Sprintf("n = %d", len(cs)),
				Assumptions: []shanyraq.Assumption{shanyraq.Assume("held_not_all", shanyraq.TooLow)}}
			for i, c := range cs {
				l.Inputs = append(l.Inputs, shanyraq.InputOf(fmt.Sprintf("x%d", i+1), c))
			}
			f, err := shanyraq.NewFigure(fmt.Sprintf("vectors/acts/%s/%s/%s", home, p, level), n, shanyraq.Interval{Lo: n, Hi: n, Kind: shanyraq.Counted}, "records", l)
			if err != nil {
				return out, err
			}
			out.Counts[p][level] = f
		}
	}
	return out, nil
}

// Figures returns every figure of the acts.
func (a Acts) Figures() []shanyraq.Figure {
	var out []shanyraq.Figure
	for _, by := range a.Counts {
		for _, f := range by {
			out = append(out, f)
		}
	}
	return out
}
