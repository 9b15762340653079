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
	Security Nature = "security" // arms and exercises together, which are neither attraction nor threat
)

// Natures lists the natures, in the order of the tables.
func Natures() []Nature { return []Nature{Soft, Economic, Security, Coercive} }

// A Tag is the rule for the acts of one series. The series alone decides, so
// that anybody can tell why an act is tagged as it is.
type Tag struct {
	Series shanyraq.SeriesID
	Level  Level
	Nature Nature
}

// Tags lists the rules, in the order of the table.
func Tags() []Tag {
	return []Tag{
		{"leader_visit", States, Soft},
		{"leader_call", States, Soft},
		{"treaty", States, Soft},
		{"hosted_summit", States, Soft},
		{"chairmanship", States, Soft},
		{"good_offices", States, Soft},
		{"diplomatic_post", States, Soft},
		{"integration_project", States, Economic},
		{"military_act", States, Security},
		{"coercive_act", States, Coercive},
		{"trade_turnover", Both, Economic},
		{"fdi_inflow", Both, Economic},
		{"fdi_cumulative", Both, Economic},
		{"bolashak_scholars_from", Both, Soft},
		{"people_programme", People, Soft},
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
	Acts    []Act // newest first
	Counts  map[shanyraq.CountryCode]map[Level]shanyraq.Figure
	Natures map[shanyraq.CountryCode]map[Nature]shanyraq.Figure
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
	out := Acts{Counts: map[shanyraq.CountryCode]map[Level]shanyraq.Figure{}, Natures: map[shanyraq.CountryCode]map[Nature]shanyraq.Figure{}}
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
	count := func(p shanyraq.CountryCode, what string, cs []shanyraq.Claim) (shanyraq.Figure, error) {
		n := float64(len(cs))
		l := shanyraq.Lineage{Method: MethodActs, Sources: shanyraq.SourcesOf(cs...), Formula: fmt.Sprintf("n = %d", len(cs)),
			Assumptions: []shanyraq.Assumption{shanyraq.Assume("held_not_all", shanyraq.TooLow)}}
		for i, c := range cs {
			l.Inputs = append(l.Inputs, shanyraq.InputOf(fmt.Sprintf("x%d", i+1), c))
		}
		return shanyraq.NewFigure(fmt.Sprintf("vectors/acts/%s/%s/%s", home, p, what), n, shanyraq.Interval{Lo: n, Hi: n, Kind: shanyraq.Counted}, "records", l)
	}
	for _, p := range b.Powers {
		levels, natures := map[Level][]shanyraq.Claim{}, map[Nature][]shanyraq.Claim{}
		for _, a := range out.Acts {
			if a.Other == p {
				levels[a.Tag.Level] = append(levels[a.Tag.Level], a.Claim)
				natures[a.Tag.Nature] = append(natures[a.Tag.Nature], a.Claim)
			}
		}
		out.Counts[p], out.Natures[p] = map[Level]shanyraq.Figure{}, map[Nature]shanyraq.Figure{}
		for level, cs := range levels {
			if out.Counts[p][level], err = count(p, string(level), cs); err != nil {
				return out, err
			}
		}
		for nature, cs := range natures {
			if out.Natures[p][nature], err = count(p, string(nature), cs); err != nil {
				return out, err
			}
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
	for _, by := range a.Natures {
		for _, f := range by {
			out = append(out, f)
		}
	}
	return out
}

// ProfileSeries are the parts of the profile of a power, in order.
func ProfileSeries() []shanyraq.SeriesID {
	return []shanyraq.SeriesID{"power_aim", "power_tool", "power_project", "power_red_line"}
}

// Profile returns what is held of what a power seeks in home, by what, what it
// builds there and what it would not accept, each as somebody named says, in the
// order of [ProfileSeries] and newest first.
func (r *Room) Profile(ctx context.Context, home, power shanyraq.CountryCode) ([]shanyraq.Claim, error) {
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: ProfileSeries(), Places: []shanyraq.CountryCode{power}, Partners: []shanyraq.CountryCode{home}})
	if err != nil {
		return nil, shanyraq.Errorf("vectors.Profile", shanyraq.KindOf(err), "%s: %w", power, err)
	}
	order := ProfileSeries()
	slices.SortStableFunc(cs, func(a, b shanyraq.Claim) int {
		if i, j := slices.Index(order, a.Series), slices.Index(order, b.Series); i != j {
			return i - j
		}
		return strings.Compare(string(b.When), string(a.When))
	})
	return cs, nil
}

// A Body is an international organisation home takes part in, and the claims that
// it and each power do.
type Body struct {
	Name   string
	Home   shanyraq.Claim
	Powers map[shanyraq.CountryCode]shanyraq.Claim
}

// Bodies returns the organisations home takes part in, by name, with which of the
// powers do.
func (r *Room) Bodies(ctx context.Context, home shanyraq.CountryCode) ([]Body, error) {
	b, err := r.Balance(ctx, home)
	if err != nil {
		return nil, err
	}
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{memberSeries}, Places: append([]shanyraq.CountryCode{home}, b.Powers...)})
	if err != nil {
		return nil, shanyraq.Errorf("vectors.Bodies", shanyraq.KindOf(err), "%s: %w", home, err)
	}
	at := map[string]int{}
	var out []Body
	for _, c := range cs {
		if _, twice := at[c.Subject]; c.Place == home && !twice {
			at[c.Subject] = len(out)
			out = append(out, Body{Name: c.Subject, Home: c, Powers: map[shanyraq.CountryCode]shanyraq.Claim{}})
		}
	}
	for _, c := range cs {
		if i, ok := at[c.Subject]; ok && c.Place != home {
			out[i].Powers[c.Place] = c
		}
	}
	slices.SortFunc(out, func(a, b Body) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}
