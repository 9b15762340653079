package diaspora

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"shanyraq"
)

// MethodShare is how a share of a host's population becomes persons.
const MethodShare shanyraq.MethodKey = "share-persons"

// The series that turn a share of a population into persons.
const (
	// ShareOf is the share of a host's population that calls itself a member of
	// the partner's people, in percent.
	ShareOf shanyraq.SeriesID = "share_of_population_ethnic"
	// Population is how many people live in a place.
	Population shanyraq.SeriesID = "SP.POP.TOTL"
)

// populationYears is how many years a count of a population may lie from the
// share it is taken with.
const populationYears = 3

// editionOf is how a note says that a claim was read in one of several editions
// of a publication: "Edition of NAME (WHEN)", at its beginning.
var editionOf = regexp.MustCompile(`^Edition of ([^()]+) \(([^()]*)\)`)

// edition returns the publication that a claim was read in an edition of and
// when that edition is of, such as "2015-05"; "" if its note names none, and a
// time of "" if nobody knows it.
func edition(c shanyraq.Claim) (name, when string) {
	m := editionOf.FindStringSubmatch(c.Note)
	if m == nil {
		return "", ""
	}
	if when = m[2]; when == "" || when[0] < '0' || when[0] > '9' {
		when = ""
	}
	return m[1], when
}

// contradicted reports whether the claim's own record says that it cannot be.
func contradicted(c shanyraq.Claim) bool { return strings.Contains(c.Note, "Contradicted:") }

// closestFirst puts claims in the order in which one stands for those that
// repeat it: the closest to the count, those nobody contradicts, the newest
// edition.
func closestFirst(cs []shanyraq.Claim) {
	doubt := func(c shanyraq.Claim) int {
		if contradicted(c) {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(cs, func(a, b shanyraq.Claim) int {
		_, x := edition(a)
		_, y := edition(b)
		return cmp.Or(cmp.Compare(a.Strength, b.Strength), cmp.Compare(doubt(a), doubt(b)), cmp.Compare(y, x), cmp.Compare(a.ID, b.ID))
	})
}

// A counted share is a share of a host's population and the population it is of.
type countedShare struct{ share, population shanyraq.Claim }

// countedShares returns the shares of hosts' populations that are of home's
// people, each with the population nearest to it in time, at most three years
// off, up to the year now. A share without a date is of the newest population.
func (r *Room) countedShares(ctx context.Context, home shanyraq.CountryCode, now int) ([]countedShare, error) {
	cs, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{ShareOf}, Partners: []shanyraq.CountryCode{home}})
	if err != nil || len(cs) == 0 {
		return nil, err
	}
	var places []shanyraq.CountryCode
	for _, c := range cs {
		places = append(places, c.Place)
	}
	slices.Sort(places)
	people, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{Population}, Places: slices.Compact(places)})
	if err != nil {
		return nil, err
	}
	var out []countedShare
	for _, c := range cs {
		if c.Unit != "percent" || !(c.Value > 0) || c.Value > 100 {
			continue
		}
		year := c.When.Year()
		if year == 0 {
			year = now
		}
		best, off := shanyraq.Claim{}, populationYears+1
		for _, p := range people {
			y := p.When.Year()
			if p.Place != c.Place || p.Area != "" || y == 0 || y > max(now, year) || !(p.Value > 0) {
				continue
			}
			if d := max(year-y, y-year); d < off || d == off && p.Strength < best.Strength {
				best, off = p, d
			}
		}
		if best.ID != "" {
			out = append(out, countedShare{c, best})
		}
	}
	return out, nil
}

// persons makes the figure of how many people a share comes to.
//
//	N = share / 100 × population
//
// from the lower ends of both to the upper ends.
func (s countedShare) persons(home shanyraq.CountryCode, year int) (shanyraq.Figure, error) {
	a, b := s.share.Range(), s.population.Range()
	n := s.share.Value / 100 * s.population.Value
	iv := shanyraq.Interval{Lo: min(n, max(0, a.Lo)/100*b.Lo), Hi: max(n, min(100, a.Hi)/100*b.Hi), Kind: shanyraq.Printed}
	l := shanyraq.Lineage{Method: MethodShare, Sources: shanyraq.SourcesOf(s.share, s.population),
		Formula:     fmt.Sprintf("N = %g / 100 × %.0f = %.0f", s.share.Value, s.population.Value, n),
		Inputs:      []shanyraq.Input{shanyraq.InputOf("share", s.share), shanyraq.InputOf("population", s.population)},
		Assumptions: []shanyraq.Assumption{shanyraq.Assume("share_of_all", shanyraq.EitherWay)}}
	if s.share.When == "" {
		l.Assumptions = append(l.Assumptions, shanyraq.Assume("share_undated", shanyraq.EitherWay))
	}
	return shanyraq.NewFigure(sharePath(home, s.share, year), n, iv, "persons", l)
}

func sharePath(home shanyraq.CountryCode, c shanyraq.Claim, year int) string {
	return fmt.Sprintf("diaspora/%s/%s/share-%s/%d/%s", home, c.Place, Ethnic, year, c.ID)
}

// personsOf returns the value and the range of a claim in persons: those of the
// claim itself, or of what a share comes to. A range that somebody states, from
// lowest to highest, is a claim of its middle.
func personsOf(c shanyraq.Claim, counted map[shanyraq.ClaimID]shanyraq.Figure) (value, width float64) {
	if f, ok := counted[c.ID]; ok {
		iv := f.Interval()
		return f.Value(), iv.Hi - iv.Lo
	}
	iv := c.Range()
	value, width = c.Value, max(0, iv.Hi-iv.Lo)
	if width > 0 && c.Stated != nil {
		value = math.Sqrt(math.Max(iv.Lo, 1) * math.Max(iv.Hi, 1))
	}
	return value, width
}

// input returns claim i as an input under the symbol; of a share, what it comes
// to.
func (s *heard) input(symbol string, i int) shanyraq.Input {
	c := s.claims[i]
	f, ok := s.counted[c.ID]
	if !ok {
		return shanyraq.InputOf(symbol, c)
	}
	return shanyraq.Input{Symbol: symbol, Path: f.Path(), Series: c.Series, Place: c.Place, When: c.When, Value: f.Value(), Unit: f.Unit()}
}

// Said returns what the claim says in persons: itself, or what a share of the
// host's population comes to.
func (p Part) Said() (shanyraq.Figure, error) {
	if !p.Persons.IsZero() {
		return p.Persons, nil
	}
	return p.Claim.Figure()
}

// Contradicted reports whether the record of the claim itself says that it
// cannot be. It then keeps a hundredth of its weight.
func (p Part) Contradicted() bool { return contradicted(p.Claim) }
