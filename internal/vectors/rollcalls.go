package vectors

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
)

// RollCalls are the recorded votes of the United Nations General Assembly
// held, oldest first, with the states in the order in which each vote lists
// them.
type RollCalls struct {
	Sources []shanyraq.SourceID
	States  []VotingState
	Calls   []RollCall
}

// A VotingState is one column of the roll calls and the years in which the
// state was recorded at all.
type VotingState struct {
	Code        shanyraq.CountryCode
	First, Last int
}

// A RollCall is one recorded vote.
type RollCall struct {
	Session    int // regular session, 47 for 1992
	Date       shanyraq.Period
	Resolution string // the United Nations' symbol
	Important  bool   // listed as important by the United States' Department of State
	Title      string
	Votes      string // one byte per state: Y yes, N no, A abstained, '.' absent or not a member
}

// rollCallSeries are recorded votes kept as claims, one a vote: the day in when,
// the resolution and its title in subject, and in the note the session and who
// voted how, as "session 77; Y KAZ UZB; N RUS; A CHN".
const rollCallSeries shanyraq.SeriesID = "un_roll_call"

// rollCalls returns the recorded votes held: those of the tables and, of later
// days, those kept as claims. It returns a [shanyraq.NotFound] error if there is
// neither.
func (r *Room) rollCalls(ctx context.Context) (RollCalls, error) {
	return r.calls.of("", func() (RollCalls, error) {
		rc, err := r.ev.RollCalls(ctx)
		if err != nil && shanyraq.KindOf(err) != shanyraq.NotFound {
			return rc, err
		}
		cs, e := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{rollCallSeries}})
		if e != nil {
			return rc, e
		}
		if len(cs) == 0 {
			return rc, err
		}
		return rc.with(cs), nil
	})
}

// with returns the votes and those of the claims that are of later days than all
// of them.
func (rc RollCalls) with(cs []shanyraq.Claim) RollCalls {
	out := RollCalls{Sources: slices.Clone(rc.Sources), States: slices.Clone(rc.States), Calls: slices.Clone(rc.Calls)}
	var newest shanyraq.Period
	for _, c := range rc.Calls {
		newest = max(newest, c.Date)
	}
	at := map[shanyraq.CountryCode]int{}
	for i, s := range out.States {
		at[s.Code] = i
	}
	later := make([]shanyraq.Claim, 0, len(cs))
	for _, c := range cs {
		if c.When > newest {
			later = append(later, c)
		}
	}
	slices.SortStableFunc(later, func(a, b shanyraq.Claim) int { return strings.Compare(string(a.When), string(b.When)) })
	for _, c := range later {
		call := RollCall{Date: c.When}
		call.Resolution, call.Title, _ = strings.Cut(c.Subject, " ")
		votes := []byte(strings.Repeat(".", len(out.States)))
		for _, part := range strings.Split(c.Note, ";") {
			how, who, _ := strings.Cut(strings.TrimSpace(part), " ")
			if how == "session" {
				call.Session, _ = strconv.Atoi(who)
				continue
			}
			if len(how) != 1 || !strings.Contains("YNA", how) {
				continue
			}
			for _, code := range strings.Fields(who) {
				place := shanyraq.CountryCode(code)
				i, ok := at[place]
				if !ok {
					i = len(out.States)
					at[place] = i
					out.States = append(out.States, VotingState{Code: place, First: c.When.Year()})
					votes = append(votes, '.')
				}
				votes[i] = how[0]
				out.States[i].Last = max(out.States[i].Last, c.When.Year())
			}
		}
		if call.Session < 1 || strings.Trim(string(votes), ".") == "" {
			continue // no vote
		}
		call.Votes = string(votes)
		out.Calls = append(out.Calls, call)
		if !slices.Contains(out.Sources, c.Source) {
			out.Sources = append(out.Sources, c.Source)
		}
	}
	slices.Sort(out.Sources)
	for i, c := range out.Calls { // states that came later were not there
		if n := len(out.States) - len(c.Votes); n > 0 {
			out.Calls[i].Votes += strings.Repeat(".", n)
		}
	}
	return out
}
