package hosts

import (
	"context"
	"fmt"
	"slices"

	"shanyraq"
)

// MethodSince is how a change over years is told.
const MethodSince shanyraq.MethodKey = "change-since"

// spanned is over how many years a change is told, and slack by how many fewer
// or more where nothing is held of the very year.
const spanned, slack = 10, 2

// Since returns how much the newest value of the series in the place differs
// from that ten years before, or of the nearest year within two of it; zero if
// none is held. The ends are those of both values at their farthest, so a change
// smaller than the digits printed is seen to be none.
func (r *Room) Since(ctx context.Context, id shanyraq.SeriesID, place shanyraq.CountryCode) (shanyraq.Figure, error) {
	var none shanyraq.Figure
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{id}, Places: []shanyraq.CountryCode{place}})
	if err != nil {
		return none, shanyraq.Errorf("hosts.Since", shanyraq.Other, "%s of %s: %w", id, place, err)
	}
	newer, err := r.newer(ctx)
	if err != nil {
		return none, shanyraq.Errorf("hosts.Since", shanyraq.Other, "%s of %s: %w", id, place, err)
	}
	cs = slices.DeleteFunc(cs, func(c shanyraq.Claim) bool { return !ofCountry(c) || c.When.Year() == 0 })
	slices.SortStableFunc(cs, newer)
	return change(cs)
}

// tenBefore returns the claim that the last of the list is compared with, of the
// same source, or none.
func tenBefore(cs []shanyraq.Claim) (then shanyraq.Claim) {
	if len(cs) == 0 {
		return then
	}
	now := cs[len(cs)-1]
	off := slack + 1
	for _, c := range cs {
		d := now.When.Year() - spanned - c.When.Year()
		if d = max(d, -d); d <= off && d <= slack && c.Source == now.Source {
			then, off = c, d
		}
	}
	return then
}

// change returns the change over claims of one series and place, oldest first.
func change(cs []shanyraq.Claim) (shanyraq.Figure, error) {
	var none shanyraq.Figure
	if len(cs) == 0 {
		return none, nil
	}
	now, then := cs[len(cs)-1], tenBefore(cs)
	if then.ID == "" {
		return none, nil
	}
	a, b := then.Range(), now.Range()
	kind := shanyraq.Printed
	if then.Stated != nil || now.Stated != nil {
		kind = shanyraq.Bounds
	}
	f, err := shanyraq.NewFigure(fmt.Sprintf("hosts/change/%s/%s", now.Series, now.Place), now.Value-then.Value, shanyraq.Interval{Lo: b.Lo - a.Hi, Hi: b.Hi - a.Lo, Kind: kind}, now.Unit, shanyraq.Lineage{
		Method: MethodSince, Formula: fmt.Sprintf("value of %d less value of %d = %g − %g", now.When.Year(), then.When.Year(), now.Value, then.Value), Sources: shanyraq.SourcesOf(now, then),
		Inputs:      []shanyraq.Input{shanyraq.InputOf("now", now), shanyraq.InputOf("then", then)},
		Assumptions: []shanyraq.Assumption{shanyraq.Assume("printed_is_all", shanyraq.TooNarrow)}})
	if err != nil {
		return none, shanyraq.Errorf("hosts.Since", shanyraq.Other, "%s of %s: %w", now.Series, now.Place, err)
	}
	return f, nil
}
