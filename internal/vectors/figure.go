package vectors

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
)

// Figure returns the figure at path, the part after "vectors/". It returns a
// [shanyraq.NotFound] error where there is none. The paths are
//
//	{domain}/{home}/{power|concentration|concentration-union|total-source}/{year}
//	votes|organisations/{home}/{power}/{year}
//	effective/{home}/{domain|domain-union}/{year}
//	even/{home}/{domain}/{year}, with the policy as a query
//	entropy|normalised/{home}/{domain}/{year}
//	break/{home}/{series}/{trend|jump|bend}
//	dependence/{home}/{power}/{measure}-{year}/{mine|theirs|lean}
//	halved/{home}/{power}/{domain}-{year}/{lost|product|after}
//	mutual/{home}/{power}/{trade|turnover}-{year}/{salience|symmetry|interdependence}
//	press/{home}/{power}/{width|reliance|value}
//	mirror/{place}/{partner}/{year}/{range|gap}
//	between/{home}/{power}-{power}/{domain}/{equidistance|depth|lean}
//	position/{place}/{session}
//	distance|session/{home}/{power}/{session}
//	correlation|correlation-alone/{session}
//	alone/{home}/{session}
//	likeness/{home}/{power}/{year}/{agreement|s|kappa|pi}
//	oil/{home}/{share|leg|through|flow|routes|bypass}/{route, country or year}
//	corridor/{home}/{corridor}/{year}
//	acts/{home}/{power|WLD}/{states|people|both|soft|economic|security|coercive|share-all|share-years}
//	the same and /{kind|any}/{nature|any}, of acts of one kind or nature
//	freight/leg|gate/{leg or gate}/{days|cost|capacity|planned|flow}
//	freight/net/{leg}/{km|days|cost|capacity|chance}
//	freight/way/{from}/{to}/{number-days|number-plan|number-cost|number-open|number-best|closed-leg|most}
//	freight/load/{leg}/{flow|use|unmet|lost|between}
//	freight/load/{from~to}/{left|served}
//	freight/access/{home}/{country-loss|country-own|country-behind}
//	freight/stated/{leg}
//	coding/{home}/{item|all}/{alpha|kappa|same}
//	news/{home}/{from}-{to}/{score|net|change|month}
//	moved/{place}/{session}-{session}/{all|roll call}
func (r *Room) Figure(ctx context.Context, path string) (shanyraq.Figure, error) {
	path, query, _ := strings.Cut(path, "?")
	seg := strings.Split(path, "/")
	missing := shanyraq.Errorf("vectors.Figure", shanyraq.NotFound, "no figure vectors/%s", path)
	if len(seg) < 2 {
		return shanyraq.Figure{}, missing
	}
	var policy Policy
	if seg[0] == "even" && query != "" {
		q, err := url.ParseQuery(query)
		if err != nil {
			return shanyraq.Figure{}, missing
		}
		if policy, err = PolicyOf(q); err != nil {
			return shanyraq.Figure{}, err
		}
		if len(policy) > 0 {
			path += "?" + policy.query()
		}
	}
	figures, err := r.figuresFor(ctx, seg, policy)
	if err != nil {
		return shanyraq.Figure{}, err
	}
	if f, ok := find(figures, "vectors/"+path); ok {
		return f, nil
	}
	return shanyraq.Figure{}, missing
}

// figuresFor returns the figures among which the path would be, those that hang
// on a policy under that one.
func (r *Room) figuresFor(ctx context.Context, seg []string, policy Policy) ([]shanyraq.Figure, error) {
	home := shanyraq.CountryCode(seg[1])
	switch seg[0] {
	case "effective", "even", "break", "entropy", "normalised":
		p, err := r.Past(ctx, home)
		if err != nil {
			return nil, err
		}
		if len(policy) > 0 {
			if p, err = p.EvenUnder(policy); err != nil {
				return nil, err
			}
		}
		return p.Figures(), nil
	case "dependence", "halved", "mutual", "press":
		a, err := r.Asymmetry(ctx, home)
		return a.Figures(), err
	case "mirror":
		all, err := r.turnovers(ctx)
		if err != nil {
			return nil, err
		}
		ms, err := mirrors(home, all)
		return Asymmetry{Mirrors: ms}.Figures(), err
	case "between":
		if len(seg) != 5 {
			return nil, nil
		}
		first, second := pair(seg[2])
		ss, err := r.Between(ctx, home, first, second)
		if shanyraq.KindOf(err) == shanyraq.Invalid {
			return nil, nil
		}
		var out []shanyraq.Figure
		for _, s := range ss {
			out = append(out, s.Equidistance, s.Depth, s.Lean)
		}
		return out, err
	case "oil", "corridor":
		c, err := r.Corridors(ctx, home)
		return c.Figures(), err
	case "acts":
		a, err := r.Acts(ctx, home)
		if err == nil && len(seg) == 6 {
			chosen := func(s string) string {
				if s == anyOf {
					return ""
				}
				return s
			}
			a, err = a.Only(shanyraq.SeriesID(chosen(seg[4])), Nature(chosen(seg[5])))
		}
		return a.Figures(), err
	case "freight":
		return r.freightFigures(ctx, seg)
	case "news":
		t, err := r.NewsHeld(ctx, home)
		return newsFigures(t), err
	case "coding":
		c, err := r.Coding(ctx, home, nil)
		return c.Figures(), err
	case "position", "correlation", "correlation-alone":
		return r.placesOf(ctx, seg)
	case "distance", "session", "alone", "likeness":
		v, err := r.Votes(ctx, home)
		return v.Figures(), err
	case "moved":
		if len(seg) != 4 {
			return nil, nil
		}
		a, b := pair(seg[2])
		from, err1 := strconv.Atoi(string(a))
		to, err2 := strconv.Atoi(string(b))
		if err1 != nil || err2 != nil {
			return nil, nil
		}
		m, err := r.Moved(ctx, home, from, to)
		if shanyraq.KindOf(err) == shanyraq.NotFound {
			return nil, nil
		}
		return m.figures(), err
	}
	if len(seg) != 4 {
		return nil, nil
	}
	b, err := r.Balance(ctx, home)
	if err != nil {
		return nil, err
	}
	out := b.figures()
	if _, ok := find(out, "vectors/"+strings.Join(seg, "/")); ok {
		return out, nil
	}
	if seg[0] == "votes" {
		near, err := r.Nearest(ctx, home)
		if err != nil {
			return nil, err
		}
		for _, n := range near {
			out = append(out, n.Alike)
		}
		return out, nil
	}
	if slices.ContainsFunc(Domains(), func(d Domain) bool { return d.Key == seg[0] }) {
		p, err := r.Past(ctx, home)
		return p.Figures(), err
	}
	return nil, nil
}

// placesOf returns the positions of a place, or the correlations of sessions.
// Both are the same whoever is home.
func (r *Room) placesOf(ctx context.Context, seg []string) ([]shanyraq.Figure, error) {
	place := shanyraq.CountryCode(seg[1])
	if seg[0] != "position" {
		place = anchor
	}
	v, err := r.Votes(ctx, place)
	return v.Figures(), err
}

// Methods lists the methods whose figures the room makes.
func Methods() []shanyraq.MethodKey {
	return []shanyraq.MethodKey{MethodShare, MethodTotal, MethodConcentration, MethodEntropy, MethodNormalised, MethodAgreement, MethodMemberships,
		MethodEffective, MethodEven, MethodBreak, MethodDependence, MethodAsymmetry, MethodExposure, MethodEquidistance, MethodMirror, MethodMutual, MethodPress,
		MethodSession, MethodPosition, MethodDistance, MethodMoved, MethodMove, MethodCorrelation, MethodAlone, MethodLikeness,
		MethodRouteShare, MethodClosure, MethodRouteNumber, MethodCorridorYear, MethodActs, MethodPeopleShare, MethodTone, MethodNews, MethodCoding, MethodFreightLeg, MethodFreightWay, MethodFreightPart, MethodFreightLoad, MethodFreightAccess}
}
