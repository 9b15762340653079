package standing

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"shanyraq"
	"shanyraq/methods/composite"
)

// MethodTier is how often a country falls into a tier.
const MethodTier shanyraq.MethodKey = "power-tier"

// A Tier is a class of powers by rank in material capability.
type Tier string

// The tiers, highest first.
const (
	Great  Tier = "great"  // no lower than the upper cut-off
	Medium Tier = "middle" // between the two
	Small  Tier = "small"  // below the lower one
)

// AllTiers lists the tiers, highest first.
func AllTiers() []Tier { return []Tier{Great, Medium, Small} }

// A Tiered is how often one country falls into each tier.
type Tiered struct {
	Place shanyraq.CountryCode
	Rank  shanyraq.Figure
	Share map[Tier]shanyraq.Figure // percent of draws
	Tier  Tier                     // that holds two draws in three or more; "" for none
}

// settled is the share of draws from which a country is said to be in a tier.
const settled = 2.0 / 3

// Tierings is every ranked country in its tier, by rank.
type Tierings struct {
	Year        int
	Years       []int
	Top, Bottom Band // cut-offs, as ranks
	Entries     []Tiered
}

// Of returns the country's entry, and false if it is not ranked.
func (t Tierings) Of(place shanyraq.CountryCode) (Tiered, bool) {
	i := slices.IndexFunc(t.Entries, func(e Tiered) bool { return e.Place == place })
	if i < 0 {
		return Tiered{}, false
	}
	return t.Entries[i], true
}

// Count returns how many countries are in the tier; "" for those in none.
func (t Tierings) Count(tier Tier) int {
	n := 0
	for _, e := range t.Entries {
		if e.Tier == tier {
			n++
		}
	}
	return n
}

// Tiers divides the countries of the year into great, middle and small powers by
// their rank in material capability, over all weights of its parts and over all
// places the two cut-offs may have. The query may move the cut-offs, as
// [MovedBands] reads them. It returns an [shanyraq.Invalid] error if the upper may
// lie below the lower or is no rank.
func (r *Room) Tiers(ctx context.Context, year int, q url.Values) (Tierings, error) {
	const op = "standing.Tiers"
	m, err := readBands(q)
	if err != nil {
		return Tierings{}, err
	}
	l, err := r.League(ctx, Question{Year: year})
	if err != nil {
		return Tierings{}, err
	}
	p, _, err := r.pool(ctx, l.Year)
	if err != nil {
		return Tierings{}, err
	}
	out := Tierings{Year: l.Year, Years: l.Years, Top: m.bands[bandTop], Bottom: m.bands[bandBottom]}
	if out.Top.Hi >= out.Bottom.Lo || out.Top.Lo < 1 {
		return Tierings{}, shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: "standing.error.tiers", Args: map[string]any{"Top": out.Top.Text(), "Bottom": out.Bottom.Text()}}, "cut-offs %s and %s", out.Top.Text(), out.Bottom.Text())
	}
	kept := url.Values{}
	for _, b := range []Band{out.Top, out.Bottom} {
		if b != bands[slices.IndexFunc(bands[:], func(x Band) bool { return x.Key == b.Key })] {
			kept.Set(BandKey(b), b.Text())
		}
	}
	within := func(i int, b Band) float64 { // share of draws no lower than the cut-off, over all its places
		sum, n := 0.0, 0.0
		for rank := b.Lo; rank <= b.Hi; rank++ {
			sum += p.dist.Within(i, int(rank))
			n++
		}
		return sum / n
	}
	for _, e := range l.Entries {
		i := slices.Index(p.places, e.Place)
		top, bottom := within(i, out.Top), within(i, out.Bottom)
		t := Tiered{Place: e.Place, Rank: e.Rank, Share: map[Tier]shanyraq.Figure{}}
		for _, x := range []struct {
			tier    Tier
			share   float64
			formula string
		}{
			{Great, top, fmt.Sprintf("P( rank ≤ c ),  c ∈ [%s]", out.Top.Text())},
			{Medium, bottom - top, fmt.Sprintf("P( c < rank ≤ d ),  c ∈ [%s], d ∈ [%s]", out.Top.Text(), out.Bottom.Text())},
			{Small, 1 - bottom, fmt.Sprintf("P( rank > d ),  d ∈ [%s]", out.Bottom.Text())},
		} {
			share := min(1, max(0, x.share))
			lo, hi := composite.Wilson(share, draws, level)
			s := strings.Join([]string{"standing", "tier", string(e.Place), fmt.Sprint(l.Year), string(x.tier)}, "/")
			if k := kept.Encode(); k != "" {
				s += "?" + k
			}
			if t.Share[x.tier], err = shanyraq.NewFigure(s, 100*share, shanyraq.Interval{Lo: 100 * lo, Hi: 100 * hi, Level: level, Kind: shanyraq.Confidence}, "percent",
				shanyraq.Lineage{Method: MethodTier, Sources: e.Rank.Lineage().Sources, Seed: seed, Draws: draws,
					Inputs:      []shanyraq.Input{{Symbol: "rank", Path: e.Rank.Path(), Place: e.Place, When: shanyraq.YearPeriod(l.Year), Value: e.Rank.Value(), Unit: "rank"}},
					Formula:     fmt.Sprintf("%s = %.4f,  %d draws", x.formula, share, draws),
					Assumptions: []shanyraq.Assumption{shanyraq.Assume("weights_flat", shanyraq.TooNarrow), shanyraq.Assume("cutoffs_flat", shanyraq.EitherWay)}}); err != nil {
				return Tierings{}, shanyraq.Errorf(op, shanyraq.Other, "%s: %w", e.Place, err)
			}
			if share >= settled {
				t.Tier = x.tier
			}
		}
		out.Entries = append(out.Entries, t)
	}
	return out, nil
}
