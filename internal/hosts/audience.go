package hosts

import (
	"context"
	"fmt"

	"shanyraq"
)

// MethodAudience is how the fit of a theme is told for people from home.
const MethodAudience shanyraq.MethodKey = "audience-fit"

// An Audience is a group a programme in a host is for.
type Audience string

// The audiences: everybody who lives in the host, and the three overlapping
// groups of people from home.
const (
	Public      Audience = "public"
	Kin         Audience = "kin"         // of home's people by their own word
	Compatriots Audience = "compatriots" // born in home, or its citizens once
	Citizens    Audience = "citizens"
)

// Audiences lists the audiences, in order.
func Audiences() []Audience { return []Audience{Public, Kin, Compatriots, Citizens} }

// For returns the fit of a theme for an audience in the host; zero if nothing
// can be said of its public.
//
// The public has the fit f itself, or the analyst's. People from home stand
// between home, where a theme has fit 1, and the host's public:
//
//	f_a = k + (1 − k) f
//
// k is how much of the heritage is kept, from 0 to 1: for those of home's people
// the proxy of [Room.HeritageKept] where there is one, else anything, and then
// the middle of the limits stands as the value.
func (r *Room) For(ctx context.Context, f Fit, who Audience, sender, host shanyraq.CountryCode) (shanyraq.Figure, error) {
	public, err := f.Taken()
	if err != nil || public.IsZero() || who == Public {
		return public, err
	}
	lo, hi := 0.0, 1.0
	k := 0.5
	l := shanyraq.Lineage{Method: MethodAudience, Sources: public.Lineage().Sources, Inputs: []shanyraq.Input{{Symbol: "f", Path: public.Path(), Place: host, Value: public.Value(), Unit: public.Unit()}},
		Assumptions: []shanyraq.Assumption{shanyraq.Assume("between_home_and_host", shanyraq.TooHigh), shanyraq.Assume("likeness_accepted", shanyraq.EitherWay)}}
	l.Formula = fmt.Sprintf("k + (1 − k) f with k anything from 0 to 1 and f = %.3f", public.Value())
	if who == Kin {
		kept, err := r.HeritageKept(ctx, sender, host)
		if err != nil {
			return shanyraq.Figure{}, err
		}
		if !kept.IsZero() {
			iv := kept.Interval()
			lo, k, hi = min(1, max(0, iv.Lo)), min(1, max(0, kept.Value())), min(1, max(0, iv.Hi))
			l.Inputs = append(l.Inputs, shanyraq.Input{Symbol: "k", Path: kept.Path(), Place: host, Value: kept.Value(), Unit: kept.Unit()})
			l.Sources = append(l.Sources[:len(l.Sources):len(l.Sources)], kept.Lineage().Sources...)
			l.Assumptions = append(l.Assumptions, shanyraq.Assume("language_is_heritage", shanyraq.EitherWay))
			l.Formula = fmt.Sprintf("k + (1 − k) f with k = %.3f and f = %.3f", k, public.Value())
		}
	}
	at := func(k, f float64) float64 { return k + (1-k)*f }
	iv := public.Interval()
	kind := shanyraq.Bounds
	if iv.Kind == shanyraq.Limits { // no middle of it, then none of this
		kind = shanyraq.Limits
	}
	return shanyraq.NewFigure(fmt.Sprintf("hosts/audience/%s/%s/%s/%s", who, f.Theme, sender, host), at(k, public.Value()),
		shanyraq.Interval{Lo: at(lo, iv.Lo), Hi: at(hi, iv.Hi), Kind: kind}, "index", l)
}
