package hosts

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanyraq"
)

// A Component is one part of what a host offers for work with people there.
type Component string

// The components.
const (
	Size        Component = "size"        // how many they are
	Skills      Component = "skills"      // what they can do
	Willingness Component = "willingness" // whether they want to
	Access      Component = "access"      // whether they can be reached
	Risk        Component = "risk"        // how safe it is for them: 1 in the lowest tier
)

// Components lists the components, in order.
func Components() []Component { return []Component{Size, Skills, Willingness, Access, Risk} }

// Peoples tells how many people of home live in each host; another room's
// figures, supplied from outside.
type Peoples interface {
	// People is those of one set by all claims together: by ethnicity or born in
	// home, whichever are more.
	People(ctx context.Context, home shanyraq.CountryCode) (map[shanyraq.CountryCode]shanyraq.Figure, error)
	// Kin is those of home's people by ethnicity in each host.
	Kin(ctx context.Context, home shanyraq.CountryCode) (map[shanyraq.CountryCode]shanyraq.Figure, error)
	// Returned is those who came back from each host in the newest year counted.
	Returned(ctx context.Context, home shanyraq.CountryCode) (map[shanyraq.CountryCode]shanyraq.Figure, int, error)
}

// Asking returns the room with somebody to ask how many people there are.
func (r *Room) Asking(p Peoples) *Room {
	r.crowds = p
	return r
}

// Weights are what each component counts, in any unit. One that is not named
// counts 1.
type Weights map[Component]float64

// EqualWeights returns the weights under which all components count alike.
func EqualWeights() Weights {
	w := Weights{}
	for _, c := range Components() {
		w[c] = 1
	}
	return w
}

// ReadWeights reads weights from the keys w.size, w.skills and so on.
func ReadWeights(q url.Values) (Weights, error) {
	w := Weights{}
	var sum float64
	for _, c := range Components() {
		w[c] = 1
		if s := q.Get("w." + string(c)); s != "" {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil || !(v >= 0) || math.IsInf(v, 0) {
				return nil, shanyraq.Tell("hosts.ReadWeights", shanyraq.Invalid, shanyraq.Text{Key: "hosts.error.weight", Args: map[string]any{"Value": s}}, "%q is no weight", s)
			}
			w[c] = v
		}
		sum += w[c]
	}
	if !(sum > 0) {
		return nil, shanyraq.Tell("hosts.ReadWeights", shanyraq.Invalid, shanyraq.Text{Key: "hosts.error.weight", Args: map[string]any{"Value": "0"}}, "all weights are 0")
	}
	return w, nil
}

// query returns the weights as they stand in the path of a figure, "" for
// equal ones.
func (w Weights) query() string {
	q := url.Values{}
	for _, c := range Components() {
		if w[c] != 1 {
			q.Set("w."+string(c), strconv.FormatFloat(w[c], 'g', -1, 64))
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// A Prospect is what one host offers.
type Prospect struct {
	Host  shanyraq.CountryCode
	Parts map[Component]shanyraq.Figure // from 0 to 1; a component without data is absent
	// Total is the weighted mean or, where something is missing, the limits that
	// let it be anything; zero if nothing is known.
	Total shanyraq.Figure
	Thin  bool // most of the components that count are missing
	Tier  Tier
}

// day is how a date stands in the path of a figure.
const day = "2006-01-02"

// few and many are how many people make the size 0 and 1, on a scale of
// multiples: judged.
const few, many = 100, 1_000_000

// Potential returns what each host offers home on that day, in the order of
// the codes.
func (r *Room) Potential(ctx context.Context, home shanyraq.CountryCode, on time.Time, w Weights) ([]Prospect, error) {
	all, err := r.countries(ctx)
	if err != nil {
		return nil, shanyraq.Errorf("hosts.Potential", shanyraq.Other, "%s: %w", home, err)
	}
	return r.prospects(ctx, home, on, w, slices.DeleteFunc(all, func(c shanyraq.CountryCode) bool { return c == home }))
}

// Prospect returns what one host offers home on that day.
func (r *Room) Prospect(ctx context.Context, home, host shanyraq.CountryCode, on time.Time, w Weights) (Prospect, error) {
	ps, err := r.prospects(ctx, home, on, w, []shanyraq.CountryCode{host})
	if err != nil {
		return Prospect{}, err
	}
	return ps[0], nil
}

func (r *Room) prospects(ctx context.Context, home shanyraq.CountryCode, on time.Time, w Weights, of []shanyraq.CountryCode) ([]Prospect, error) {
	fail := func(err error) ([]Prospect, error) {
		return nil, shanyraq.Errorf("hosts.Potential", shanyraq.KindOf(err), "%s: %w", home, err)
	}
	var people map[shanyraq.CountryCode]shanyraq.Figure
	var err error
	if r.crowds != nil {
		if people, err = r.crowds.People(ctx, home); err != nil {
			return fail(err)
		}
	}
	net, err := r.latest(ctx, "internet_users")
	if err != nil {
		return fail(err)
	}
	posts, err := r.ev.Claims(ctx, shanyraq.Query{Series: []shanyraq.SeriesID{"diplomatic_post"}, Partners: []shanyraq.CountryCode{home}})
	if err != nil {
		return fail(err)
	}
	post := map[shanyraq.CountryCode]shanyraq.Claim{}
	for _, c := range posts {
		if post[c.Place].ID == "" {
			post[c.Place] = c
		}
	}
	var out []Prospect
	for _, host := range of {
		p := Prospect{Host: host, Parts: map[Component]shanyraq.Figure{}}
		s, err := r.Safety(ctx, host, on)
		if err != nil {
			return fail(err)
		}
		p.Tier = s.Tier
		base := fmt.Sprintf("hosts/potential/%s/%s/%s", home, host, on.Format(day))
		part := func(c Component, v, lo, hi float64, l shanyraq.Lineage) error {
			l.Method = MethodPotential
			f, err := shanyraq.NewFigure(base+"/"+string(c), v, shanyraq.Interval{Lo: min(lo, v), Hi: max(hi, v), Kind: shanyraq.Bounds}, "ratio", l)
			if err == nil {
				p.Parts[c] = f
			}
			return err
		}
		if n := people[host]; !n.IsZero() && n.Value() >= 0 {
			scale := func(x float64) float64 {
				return max(0, min(1, math.Log(max(x, 1)/few)/math.Log(float64(many)/few)))
			}
			lin := n.Lineage()
			if err := part(Size, scale(n.Value()), scale(n.Interval().Lo), scale(n.Interval().Hi), shanyraq.Lineage{Sources: lin.Sources,
				Formula:     fmt.Sprintf("log(N / %d) / log(%d / %d), from 0 to 1;  N = %.0f", few, many, few, n.Value()),
				Inputs:      []shanyraq.Input{{Symbol: "N", Path: n.Path(), Place: host, Value: n.Value(), Unit: n.Unit()}},
				Assumptions: []shanyraq.Assumption{shanyraq.Assume("size_scale", shanyraq.EitherWay)}}); err != nil {
				return fail(err)
			}
		}
		if c := net[host]; c.ID != "" {
			claims, has := []shanyraq.Claim{c}, post[host].ID != ""
			u := max(0, min(1, c.Value/100))
			lo, hi, v := u/2, (u+1)/2, u/2+0.25 // a post nobody has listed may be there
			formula := fmt.Sprintf("(u + m) / 2,  u = %.3f, m = 0 … 1", u)
			if has {
				claims, lo, v = append(claims, post[host]), (u+1)/2, (u+1)/2
				formula = fmt.Sprintf("(u + m) / 2,  u = %.3f, m = 1", u)
			}
			var inputs []shanyraq.Input
			for i, c := range claims {
				inputs = append(inputs, shanyraq.InputOf([]string{"u", "m"}[i], c))
			}
			if err := part(Access, v, lo, hi, shanyraq.Lineage{Sources: shanyraq.SourcesOf(claims...), Inputs: inputs, Formula: formula,
				Assumptions: []shanyraq.Assumption{shanyraq.Assume("access_parts", shanyraq.EitherWay), shanyraq.Assume("records_partial", shanyraq.TooLow)}}); err != nil {
				return fail(err)
			}
		}
		var rated []shanyraq.Claim
		var inputs []shanyraq.Input
		for _, x := range s.Rights {
			if x.Claim.ID != "" {
				rated, inputs = append(rated, x.Claim), append(inputs, shanyraq.InputOf("", x.Claim))
			}
		}
		if len(rated) > 0 { // a figure needs a source; a host nobody rates has none
			v, lo, hi, formula := safe(s)
			if err := part(Risk, v, lo, hi, shanyraq.Lineage{Sources: shanyraq.SourcesOf(rated...), Inputs: inputs, Formula: formula,
				Assumptions: []shanyraq.Assumption{shanyraq.Assume("tier_decided", shanyraq.EitherWay)}}); err != nil {
				return fail(err)
			}
		}
		if err := p.total(base, w); err != nil {
			return fail(err)
		}
		out = append(out, p)
	}
	return out, nil
}

// safe returns how safe a host is, from 0 to 1, with limits and the formula: 1
// in the lowest tier, 0 in the highest, and between them from a quarter to three
// quarters by the mean of the ratings of rights, each from its worst to its
// best. A rating that nobody gives may be anything.
func safe(s Safety) (v, lo, hi float64, formula string) {
	switch s.Tier {
	case Open:
		return 1, 1, 1, "1 in tier T = 1"
	case Refused:
		return 0, 0, 0, "0 in tier T = 3"
	}
	var sum, least, most, n float64
	for _, x := range s.Rights {
		if x.Claim.ID == "" {
			most++
			continue
		}
		scale := func(v float64) float64 { return max(0, min(1, (v-x.Worst)/(x.Best-x.Worst))) }
		iv := x.Claim.Range()
		n, sum, least, most = n+1, sum+scale(x.Claim.Value), least+scale(iv.Lo), most+scale(iv.Hi)
	}
	of := func(r float64) float64 { return 0.25 + 0.5*r }
	all := float64(len(s.Rights))
	return of(sum / n), of(least / all), of(most / all), fmt.Sprintf("0.25 + 0.5 r in tier T = 2,  r = %.3f", sum/n)
}

// total makes the weighted mean or, where a component that counts is missing,
// its limits with that component anything from 0 to 1.
func (p *Prospect) total(base string, w Weights) error {
	var known, all, sum, lo, hi float64
	var terms, missing []string
	held := 0
	l := shanyraq.Lineage{Method: MethodPotential, Assumptions: []shanyraq.Assumption{shanyraq.Assume("components_trade", shanyraq.EitherWay)}}
	for _, c := range Components() {
		all += w[c]
		f, ok := p.Parts[c]
		if !ok {
			if hi += w[c]; w[c] > 0 {
				missing = append(missing, string(c))
				terms = append(terms, fmt.Sprintf("%g × %s", w[c], c))
			}
			continue
		}
		if known += w[c]; w[c] > 0 {
			held++
		}
		sum += w[c] * f.Value()
		lo += w[c] * f.Interval().Lo
		hi += w[c] * f.Interval().Hi
		terms = append(terms, fmt.Sprintf("%g × %.3f", w[c], f.Value()))
		l.Inputs = append(l.Inputs, shanyraq.Input{Symbol: string(c), Path: f.Path(), Place: p.Host, Value: f.Value(), Unit: f.Unit()})
		for _, s := range f.Lineage().Sources {
			if !slices.Contains(l.Sources, s) {
				l.Sources = append(l.Sources, s)
			}
		}
	}
	if !(known > 0) {
		return nil
	}
	v := sum / known
	p.Thin = len(missing) > held
	kind := shanyraq.Bounds
	l.Formula = fmt.Sprintf("( %s ) / %g", strings.Join(terms, " + "), all)
	if len(missing) > 0 {
		kind = shanyraq.Limits
		l.Assumptions = append(l.Assumptions, shanyraq.Assume("limits_only", shanyraq.EitherWay))
		l.Formula += ",  " + strings.Join(missing, ", ") + " = 0 … 1"
	}
	var err error
	p.Total, err = shanyraq.NewFigure(base+w.query(), v, shanyraq.Interval{Lo: min(v, lo/all), Hi: max(v, hi/all), Kind: kind}, "ratio", l)
	return err
}
