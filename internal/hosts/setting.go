package hosts

import (
	"context"
	"slices"
	"strings"

	"shanyraq"
)

// Rules lists the series of records of a host's rules, in order: on those who
// act for other states, on ties with a kin state, on entry and residence.
func Rules() []shanyraq.SeriesID {
	return []shanyraq.SeriesID{"law_foreign_influence", "law_kin_ties", "law_migration"}
}

// The series of services by which people can be reached.
const (
	Blocked   shanyraq.SeriesID = "channel_blocked"
	Partly    shanyraq.SeriesID = "channel_partly"    // a part of it, or for some people only
	Slowed    shanyraq.SeriesID = "channel_slowed"    // and not blocked
	Withdrawn shanyraq.SeriesID = "channel_withdrawn" // by its own company
	Paused    shanyraq.SeriesID = "channel_paused"    // blocked for a time, and nobody says until when
	Restored  shanyraq.SeriesID = "channel_restored"
	Reach     shanyraq.SeriesID = "channel_reach"
)

// States lists the series that say how a service stands, the worst first.
func States() []shanyraq.SeriesID {
	return []shanyraq.SeriesID{Blocked, Partly, Slowed, Withdrawn, Paused, Restored}
}

// A Channel is one service in one host.
type Channel struct {
	Name    string
	State   shanyraq.SeriesID // by the newest record of it, one of [States]; "" if there is none
	Reach   shanyraq.Claim    // how many use it, the newest; zero if nobody says
	Records []shanyraq.Claim  // of how it stood, newest first
}

// A Setting is what the law and the network of a host allow.
type Setting struct {
	Rules    []shanyraq.Claim // newest first within each series of [Rules]
	Channels []Channel        // the worst first, then those most used
}

// Setting returns the records of rules and channels of the host. That nothing
// is held of a rule does not say that there is none.
func (r *Room) Setting(ctx context.Context, host shanyraq.CountryCode) (Setting, error) {
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: slices.Concat(Rules(), States(), []shanyraq.SeriesID{Reach}), Places: []shanyraq.CountryCode{host}})
	if err != nil {
		return Setting{}, shanyraq.Errorf("hosts.Setting", shanyraq.Other, "%s: %w", host, err)
	}
	newestFirst(cs)
	var s Setting
	for _, id := range Rules() {
		for _, c := range cs {
			if c.Series == id {
				s.Rules = append(s.Rules, c)
			}
		}
	}
	for _, c := range cs {
		if slices.Contains(Rules(), c.Series) {
			continue
		}
		i := slices.IndexFunc(s.Channels, func(x Channel) bool { return strings.EqualFold(x.Name, c.Subject) })
		if i < 0 {
			i = len(s.Channels)
			s.Channels = append(s.Channels, Channel{Name: c.Subject})
		}
		x := &s.Channels[i]
		if c.Series != Reach {
			x.Records = append(x.Records, c)
		} else if x.Reach.ID == "" {
			x.Reach = c
		}
	}
	for i := range s.Channels {
		x := &s.Channels[i]
		for _, c := range x.Records {
			// Of two on one day the one for less stands.
			if c.When == x.Records[0].When && (x.State == "" || worse(c.Series, x.State)) {
				x.State = c.Series
			}
		}
	}
	slices.SortStableFunc(s.Channels, func(a, b Channel) int {
		switch {
		case worse(a.State, b.State):
			return -1
		case worse(b.State, a.State):
			return 1
		case a.Reach.Value > b.Reach.Value:
			return -1
		case a.Reach.Value < b.Reach.Value:
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return s, nil
}

// worse reports whether a service in one state is harder to use than in the
// other. One that came back is as good as one of which nothing is recorded.
func worse(a, b shanyraq.SeriesID) bool {
	rank := func(s shanyraq.SeriesID) int {
		if i := slices.Index(States(), s); i >= 0 && s != Restored {
			return i
		}
		return len(States())
	}
	return rank(a) < rank(b)
}

// newestFirst puts records in order of time, the newest first.
func newestFirst(cs []shanyraq.Claim) {
	slices.SortStableFunc(cs, func(a, b shanyraq.Claim) int { return strings.Compare(string(b.When), string(a.When)) })
}
