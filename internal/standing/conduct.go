package standing

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"shanyraq"
)

// MethodConduct counts the records of what a state did and how it was received.
const MethodConduct shanyraq.MethodKey = "conduct-held"

// The series of how acts were received.
const (
	supportSeries   shanyraq.SeriesID = "reception_support"
	criticismSeries shanyraq.SeriesID = "reception_criticism"
)

// ConductSeries are the ledgers of what states do in the open for more than
// themselves, in the order of the tables.
func ConductSeries() []shanyraq.SeriesID {
	return []shanyraq.SeriesID{"good_offices", "chairmanship", "hosted_summit", "platform", "initiative", "burden", councilSeries}
}

// An Event is all that is held of one matter a state was active in: a conflict in
// which it offered its offices, a body it chaired, a forum, a proposal, a burden.
type Event struct {
	Subject   string
	Kinds     []shanyraq.SeriesID // in the order of [ConductSeries]
	Acts      []shanyraq.Claim    // newest first
	Support   []shanyraq.Claim    // newest first
	Criticism []shanyraq.Claim    // newest first
	Done      shanyraq.Figure     // records of acts
	For       shanyraq.Figure     // records of support; zero where none is held
	Against   shanyraq.Figure     // records of criticism; zero where none is held
}

// A Conduct is what a state did for more than itself, and how it was received.
type Conduct struct {
	Place        shanyraq.CountryCode
	Events       []Event // the last active first
	For, Against shanyraq.Figure
	Strays       []shanyraq.Claim // reception of what no record is held of
}

// Conduct returns the events held of the country. Records that name the same
// subject are one event. Reception is what somebody named said or did, for or
// against; that none is held does not mean that there was none.
func (r *Room) Conduct(ctx context.Context, place shanyraq.CountryCode) (Conduct, error) {
	out := Conduct{Place: place}
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: append(ConductSeries(), supportSeries, criticismSeries), Places: []shanyraq.CountryCode{place}})
	if err != nil {
		return out, shanyraq.Errorf("standing.Conduct", shanyraq.KindOf(err), "%s: %w", place, err)
	}
	slices.SortStableFunc(cs, func(a, b shanyraq.Claim) int {
		return cmp.Or(strings.Compare(string(b.When), string(a.When)), strings.Compare(string(a.ID), string(b.ID)))
	})
	at := map[string]int{}
	for _, c := range cs {
		if !slices.Contains(ConductSeries(), c.Series) {
			continue
		}
		i, ok := at[c.Subject]
		if !ok {
			i = len(out.Events)
			at[c.Subject] = i
			out.Events = append(out.Events, Event{Subject: c.Subject})
		}
		e := &out.Events[i]
		e.Acts = append(e.Acts, c)
		if !slices.Contains(e.Kinds, c.Series) {
			e.Kinds = append(e.Kinds, c.Series)
		}
	}
	var support, criticism []shanyraq.Claim
	for _, c := range cs {
		if c.Series != supportSeries && c.Series != criticismSeries {
			continue
		}
		i, ok := at[c.Subject]
		switch {
		case !ok:
			out.Strays = append(out.Strays, c)
		case c.Series == supportSeries:
			out.Events[i].Support = append(out.Events[i].Support, c)
			support = append(support, c)
		default:
			out.Events[i].Criticism = append(out.Events[i].Criticism, c)
			criticism = append(criticism, c)
		}
	}
	order := ConductSeries()
	for i := range out.Events {
		e := &out.Events[i]
		slices.SortFunc(e.Kinds, func(a, b shanyraq.SeriesID) int { return slices.Index(order, a) - slices.Index(order, b) })
		for what, x := range map[string]struct {
			cs   []shanyraq.Claim
			into *shanyraq.Figure
		}{"acts": {e.Acts, &e.Done}, "support": {e.Support, &e.For}, "criticism": {e.Criticism, &e.Against}} {
			if *x.into, err = recorded(place, slugOf(e.Subject), what, x.cs); err != nil {
				return out, err
			}
		}
	}
	if out.For, err = recorded(place, "all", "support", support); err != nil {
		return out, err
	}
	out.Against, err = recorded(place, "all", "criticism", criticism)
	return out, err
}

// recorded makes the figure of a number of records, and a zero one of none.
func recorded(place shanyraq.CountryCode, event, what string, cs []shanyraq.Claim) (shanyraq.Figure, error) {
	if len(cs) == 0 {
		return shanyraq.Figure{}, nil
	}
	n := float64(len(cs))
	return shanyraq.NewFigure(fmt.Sprintf("standing/conduct/%s/%s/%s", place, event, what), n, shanyraq.Interval{Lo: n, Hi: n, Kind: shanyraq.Counted}, "records",
		shanyraq.Lineage{Method: MethodConduct, Formula: fmt.Sprintf("n = %d", len(cs)), Inputs: inputsOf(cs), Sources: shanyraq.SourcesOf(cs...), Assumptions: []shanyraq.Assumption{shanyraq.Assume("held_not_all", shanyraq.TooLow)}})
}

// slugOf returns what an event is called in a path: letters of its subject and a
// mark of all of it, so that two subjects never share a path.
func slugOf(subject string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(subject) {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 30 {
			break
		}
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(subject)) // a hash takes everything
	return fmt.Sprintf("%s-%04x", strings.Trim(b.String(), "-"), h.Sum32()&0xffff)
}

// Figures returns every figure of the conduct.
func (c Conduct) Figures() []shanyraq.Figure {
	out := []shanyraq.Figure{c.For, c.Against}
	for _, e := range c.Events {
		out = append(out, e.Done, e.For, e.Against)
	}
	return slices.DeleteFunc(out, shanyraq.Figure.IsZero)
}

// Event returns the event of a slug, and false if there is none.
func (c Conduct) Event(slug string) (Event, bool) {
	i := slices.IndexFunc(c.Events, func(e Event) bool { return slugOf(e.Subject) == slug })
	if i < 0 {
		return Event{}, false
	}
	return c.Events[i], true
}
