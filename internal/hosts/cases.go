package hosts

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"shanyraq"
)

// The series of what others tried: the place of a case is the state whose
// influence it is about, the partner where it was tried, if anywhere in
// particular, and the subject its heading; the subject of a limit is the
// instrument, its place where it showed.
const (
	Cases  shanyraq.SeriesID = "comparator_case"
	Limits shanyraq.SeriesID = "instrument_limit"
)

// Headings lists the headings of built-in cases.
func Headings() []string {
	return []string{"doctrine", "mediator", "leadership claim", "business support", "diaspora policy", "education", "culture", "limits"}
}

// A Library is what is held of other states' experience.
type Library struct {
	States   []shanyraq.CountryCode // with a case, those with most first
	Headings []string               // in use
	Cases    []shanyraq.Claim       // by state in that order, then heading, then newest first
	Limits   []shanyraq.Claim       // by instrument, then newest first
}

// Compared returns the cases and limits held, of all states and headings.
func (r *Room) Compared(ctx context.Context) (Library, error) {
	var l Library
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{Cases, Limits}})
	if err != nil {
		return l, shanyraq.Errorf("hosts.Compared", shanyraq.Other, "%w", err)
	}
	newestFirst(cs)
	count := map[shanyraq.CountryCode]int{}
	for _, c := range cs {
		if c.Series == Limits {
			l.Limits = append(l.Limits, c)
			continue
		}
		if count[c.Place]++; count[c.Place] == 1 {
			l.States = append(l.States, c.Place)
		}
		if !slices.Contains(l.Headings, c.Subject) {
			l.Headings = append(l.Headings, c.Subject)
		}
		l.Cases = append(l.Cases, c)
	}
	slices.Sort(l.Headings)
	slices.SortFunc(l.States, func(a, b shanyraq.CountryCode) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	slices.SortStableFunc(l.Cases, func(a, b shanyraq.Claim) int {
		return cmp.Or(cmp.Compare(slices.Index(l.States, a.Place), slices.Index(l.States, b.Place)), strings.Compare(a.Subject, b.Subject))
	})
	slices.SortStableFunc(l.Limits, func(a, b shanyraq.Claim) int { return strings.Compare(a.Subject, b.Subject) })
	return l, nil
}
