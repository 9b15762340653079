package diaspora

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"shanyraq"
)

// MethodRevision is the method of figures that say what a revision changed.
const MethodRevision shanyraq.MethodKey = "revision-change"

// A Revision is two editions of a publisher's estimate for one host and year
// that differ, and the counts between which they chose.
type Revision struct {
	Place          shanyraq.CountryCode
	Year           int
	Earlier, Later shanyraq.Claim
	Change         shanyraq.Figure // persons, later less earlier
	Counts         []Witness       // measured, of people born in home, around the year, oldest first
}

// A Witness is a count and which of two editions it lies nearer to.
type Witness struct {
	Claim shanyraq.Claim
	Later bool // nearer to the later edition, on the log scale
	New   bool // dated after the earlier edition's own year: it could not know it
}

// witnessYears is how far from the year of two editions counts are looked for.
const witnessYears = 12

// Revisions returns, host by host, what the newer edition of the estimate of
// migrants changed in the newest year both editions have, the largest change
// first. Where a count is held that only the later edition could know, it is
// marked as new.
func (r *Room) Revisions(ctx context.Context, home shanyraq.CountryCode) ([]Revision, error) {
	const op = "diaspora.Revisions"
	r.pooling.Lock()
	defer r.pooling.Unlock()
	if v, ok := r.revised[home]; ok {
		return v, nil
	}
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{PeopleFrom}, Partners: []shanyraq.CountryCode{home}})
	if err != nil {
		return nil, shanyraq.Errorf(op, shanyraq.Other, "%s: %w", home, err)
	}
	type cell struct {
		place shanyraq.CountryCode
		year  int
	}
	editions := map[shanyraq.SourceID]int{} // and the last year of each
	by := map[cell][]shanyraq.Claim{}
	counts := map[shanyraq.CountryCode][]shanyraq.Claim{}
	for _, c := range cs {
		switch {
		case !usable(c, home):
		case c.Definition == "migrant_stock" && c.Value > 0:
			editions[c.Source] = max(editions[c.Source], c.When.Year())
			k := cell{c.Place, c.When.Year()}
			by[k] = append(by[k], c)
		case c.Definition == "birthplace" && c.Strength == shanyraq.Measured && c.When.Year() != 0 && c.Value > 0:
			counts[c.Place] = append(counts[c.Place], c)
		}
	}
	newest := map[shanyraq.CountryCode]int{}
	for k, pair := range by {
		if len(pair) > 1 {
			newest[k.place] = max(newest[k.place], k.year)
		}
	}
	var out []Revision
	for place, year := range newest {
		pair := by[cell{place, year}]
		slices.SortFunc(pair, func(a, b shanyraq.Claim) int {
			return cmp.Or(cmp.Compare(editions[a.Source], editions[b.Source]), cmp.Compare(a.Source, b.Source))
		})
		v := Revision{Place: place, Year: year, Earlier: pair[0], Later: pair[len(pair)-1]}
		if v.Earlier.Value == v.Later.Value {
			continue
		}
		a, b := v.Earlier.Range(), v.Later.Range()
		change := v.Later.Value - v.Earlier.Value
		if v.Change, err = shanyraq.NewFigure(fmt.Sprintf("diaspora/%s/%s/revision/%d", home, place, year), change,
			shanyraq.Interval{Lo: b.Lo - a.Hi, Hi: b.Hi - a.Lo, Kind: shanyraq.Printed}, "persons", shanyraq.Lineage{Method: MethodRevision,
				Formula: fmt.Sprintf("later − earlier = %.0f − %.0f = %.0f", v.Later.Value, v.Earlier.Value, change),
				Inputs:  []shanyraq.Input{shanyraq.InputOf("later", v.Later), shanyraq.InputOf("earlier", v.Earlier)},
				Sources: shanyraq.SourcesOf(v.Later, v.Earlier), Assumptions: []shanyraq.Assumption{shanyraq.Assume("revision_same", shanyraq.EitherWay)}}); err != nil {
			return nil, shanyraq.Errorf(op, shanyraq.Other, "%s in %s: %w", home, place, err)
		}
		for _, c := range counts[place] {
			y := c.When.Year()
			copied := slices.ContainsFunc(v.Counts, func(w Witness) bool { return w.Claim.When.Year() == y && w.Claim.Value == c.Value })
			if !copied && y >= year-witnessYears && y <= year+witnessYears {
				d := func(e shanyraq.Claim) float64 { return math.Abs(math.Log(c.Value / e.Value)) }
				v.Counts = append(v.Counts, Witness{c, d(v.Later) < d(v.Earlier), y > editions[v.Earlier.Source]})
			}
		}
		slices.SortStableFunc(v.Counts, func(a, b Witness) int { return cmp.Compare(a.Claim.When, b.Claim.When) })
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b Revision) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Change.Value()), math.Abs(a.Change.Value())), cmp.Compare(a.Place, b.Place))
	})
	r.revised[home] = out
	return out, nil
}
