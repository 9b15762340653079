package standing

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"shanyraq"
	"shanyraq/methods/composite"
)

// The methods of the answer to "is it a middle power?".
const (
	MethodCriterion shanyraq.MethodKey = "power-criterion"
	MethodPower     shanyraq.MethodKey = "middle-power"
	MethodCheck     shanyraq.MethodKey = "middle-power-check"
)

// measured returns what is known under a criterion.
func (p *powers) measured(c Criterion, place shanyraq.CountryCode) (Measured, error) {
	h := p.of[place][c]
	m := Measured{Criterion: c, Never: h.never}
	if h.figure == nil {
		return m, nil
	}
	var err error
	m.Figure, err = h.figure()
	return m, err
}

// drawn makes the figure of a share of draws: those that say yes, with the
// error of the draws, or where some cannot tell up to those that say yes or
// cannot tell.
func (p *powers) drawn(path, what string, yes, unknown, of int, inputs []shanyraq.Input, sources []shanyraq.SourceID) (shanyraq.Figure, error) {
	if len(sources) == 0 || of == 0 {
		return shanyraq.Figure{}, nil
	}
	share := float64(yes) / float64(of)
	v := 100 * share
	iv := shanyraq.Interval{Lo: v, Hi: 100 * float64(yes+unknown) / float64(of), Kind: shanyraq.Bounds}
	if unknown == 0 {
		lo, hi := composite.Wilson(share, of, level)
		iv = shanyraq.Interval{Lo: min(100*lo, v), Hi: max(100*hi, v), Level: level, Kind: shanyraq.Confidence}
	}
	return shanyraq.NewFigure(path, v, iv, "percent",
		shanyraq.Lineage{Method: MethodPower, Inputs: inputs, Sources: sources, Seed: powerSeed, Draws: draws,
			Formula:     fmt.Sprintf("|{ d : %s }| / D = %d / %d … %d / %d", what, yes, of, yes+unknown, of),
			Assumptions: []shanyraq.Assumption{shanyraq.Assume("power_bands", shanyraq.EitherWay), shanyraq.Assume("power_reading", shanyraq.EitherWay)}})
}

// input returns a figure as an input.
func (p *powers) input(symbol string, place shanyraq.CountryCode, f shanyraq.Figure) shanyraq.Input {
	return shanyraq.Input{Symbol: symbol, Path: f.Path(), Place: place, When: shanyraq.YearPeriod(p.year), Value: f.Value(), Unit: f.Unit()}
}

// known returns the figures of criteria as inputs, and their sources.
func (p *powers) known(place shanyraq.CountryCode, cs []Criterion) ([]shanyraq.Input, []shanyraq.SourceID, error) {
	var inputs []shanyraq.Input
	var sources []shanyraq.SourceID
	for _, c := range cs {
		m, err := p.measured(c, place)
		if err != nil {
			return nil, nil, err
		}
		if !m.Figure.IsZero() {
			inputs = append(inputs, p.input(string(c), place, m.Figure))
		}
		sources = merge(sources, p.of[place][c].sources)
	}
	return inputs, sources, nil
}

func (b Band) String() string { return fmt.Sprintf("%g…%g", b.Lo, b.Hi) }

// condition returns a test as a formula, with the ends of its thresholds.
func (p *powers) condition(t Test) string {
	b := p.bands
	switch t {
	case Capability:
		return fmt.Sprintf("|{ r : top ≤ r ≤ bottom }| ≥ k,  top ∈ %v, bottom ∈ %v, k ∈ %v of 5", b[bandTop], b[bandBottom], b[bandCapabilityOf])
	case Network:
		return fmt.Sprintf("|{ posts ≤ r, organisations ≤ r, council ≤ y, acts ≥ a }| ≥ k,  r ∈ %v, y ∈ %v, a ∈ %v, k ∈ %v of 4", b[bandNetworkRank], b[bandCouncil], b[bandActs], b[bandNetworkOf])
	case Behaviour:
		return fmt.Sprintf("|{ distance ≥ x, peacekeepers ≥ n, initiatives ≥ i }| ≥ k,  x ∈ %v, n ∈ %v, i ∈ %v, k ∈ %v of 3", b[bandDistance], b[bandPeacekeepers], b[bandInitiatives], b[bandBehaviourOf])
	case Autonomy:
		return fmt.Sprintf("|{ exports ≤ s, imports ≤ s, arms ≤ a }| ≥ k,  s ∈ %v %%, a ∈ %v %%, k ∈ %v of 3", b[bandShare], b[bandArms], b[bandAutonomyOf])
	case Recognition:
		return fmt.Sprintf("named ≥ n ∧ balance ≥ b,  n ∈ %v, b ∈ %v", b[bandNamed], b[bandBalance])
	}
	return ""
}

// passing returns how often the country passes a test.
func (p *powers) passing(t Test, place shanyraq.CountryCode) (shanyraq.Figure, error) {
	inputs, sources, err := p.known(place, t.Criteria())
	if err != nil {
		return shanyraq.Figure{}, err
	}
	yes, unknown := tally(p.judged(place).tests[t])
	return p.drawn(p.path("tests", place, string(t)), p.condition(t), yes, unknown, draws, inputs, sources)
}

// probability returns how often the country is a middle power under the
// definition, with one test taken as passed unless it is "".
func (p *powers) probability(d Definition, place shanyraq.CountryCode, without Test) (shanyraq.Figure, error) {
	var inputs []shanyraq.Input
	var sources []shanyraq.SourceID
	var terms []string
	for _, t := range d.Tests() {
		if t == without {
			continue
		}
		f, err := p.passing(t, place)
		if err != nil {
			return f, err
		}
		terms = append(terms, string(t))
		if !f.IsZero() {
			inputs, sources = append(inputs, p.input(string(t), place, f)), merge(sources, f.Lineage().Sources)
		}
	}
	path := p.path(string(d), place)
	if without != "" {
		path = p.path(string(d), place, string(without))
	}
	yes, unknown := tally(p.judged(place).under(d, without))
	what := strings.Join(terms, " ∧ ")
	if d == SWP2024 {
		what = fmt.Sprintf("|{ %s }| ≥ k,  k ∈ %v of 4", strings.Join(terms, ", "), p.bands[bandRoleOf])
		if without != "" {
			what = fmt.Sprintf("|{ %s }| + 1 ≥ k,  k ∈ %v of 4", strings.Join(terms, ", "), p.bands[bandRoleOf])
		}
	}
	return p.drawn(path, what, yes, unknown, draws, inputs, sources)
}

// split returns the inputs of the split.
func (p *powers) split(place shanyraq.CountryCode) ([]shanyraq.Input, []shanyraq.SourceID, error) {
	f, err := p.probability(Jordaan2003, place, "")
	if err != nil || f.IsZero() {
		return nil, nil, err
	}
	inputs, sources, err := p.known(place, Marks())
	return append([]shanyraq.Input{p.input("middle", place, f)}, inputs...), merge(f.Lineage().Sources, sources), err
}

// traditional returns how often the country is a traditional middle power.
func (p *powers) traditional(place shanyraq.CountryCode) (shanyraq.Figure, error) {
	inputs, sources, err := p.split(place)
	if err != nil {
		return shanyraq.Figure{}, err
	}
	j := p.judged(place)
	as := j.under(Jordaan2003)
	for i := range as {
		as[i] = min(as[i], j.traditional[i])
	}
	yes, unknown := tally(as)
	return p.drawn(p.path(string(Jordaan2003), place, "traditional"), fmt.Sprintf("middle ∧ |{ traditional marks }| ≥ k ∧ |{ emerging marks }| < k,  k ∈ %v of 4", p.bands[bandMarks]), yes, unknown, draws, inputs, sources)
}

// emerging returns how often the country is an emerging middle power, of the
// draws in which it is one at all; zero if it never is.
func (p *powers) emerging(place shanyraq.CountryCode) (shanyraq.Figure, error) {
	inputs, sources, err := p.split(place)
	if err != nil {
		return shanyraq.Figure{}, err
	}
	j := p.judged(place)
	var as []Answer
	for i, a := range j.under(Jordaan2003) {
		if a == Yes {
			as = append(as, j.emerging[i])
		}
	}
	yes, unknown := tally(as)
	return p.drawn(p.path(string(Jordaan2003), place, "emerging"), fmt.Sprintf("|{ emerging marks }| ≥ k ∧ |{ traditional marks }| < k | middle,  k ∈ %v of 4", p.bands[bandMarks]), yes, unknown, len(as), inputs, sources)
}

// A List is the states that one author, or one grouping, calls middle powers.
type List struct {
	Key    string // of its figures
	Who    string
	Places []shanyraq.CountryCode // sorted
	claims []shanyraq.Claim
}

// listed is how many states a claim has to be made of to be a list.
const listed = 3

// lists returns the published lists, by who made them.
func (p *powers) lists() []List {
	var out []List
	for _, c := range p.status {
		if c.Subject != saysYes || c.Who == "" || c.Place == shanyraq.World {
			continue
		}
		i := slices.IndexFunc(out, func(l List) bool { return l.Who == c.Who })
		if i < 0 {
			i = len(out)
			out = append(out, List{Who: c.Who, Key: slug(c.Who)})
		}
		if !slices.Contains(out[i].Places, c.Place) {
			out[i].Places, out[i].claims = append(out[i].Places, c.Place), append(out[i].claims, c)
		}
	}
	out = slices.DeleteFunc(out, func(l List) bool { return len(l.Places) < listed })
	for i := range out {
		slices.Sort(out[i].Places)
		slices.SortFunc(out[i].claims, func(a, b shanyraq.Claim) int { return strings.Compare(string(a.ID), string(b.ID)) })
	}
	slices.SortFunc(out, func(a, b List) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// slug returns a name as part of a path.
func slug(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), "-")
}

// A Check compares a definition, with the test of recognition taken as passed,
// with a published list, over all states whose votes are placed.
type Check struct {
	Definition  Definition
	List        List
	Sensitivity shanyraq.Figure        // of those listed, how many the definition finds, percent
	Specificity shanyraq.Figure        // of the others, how many it leaves out, percent
	Kappa       shanyraq.Figure        // agreement beyond chance
	Missed      []shanyraq.CountryCode // listed, and not found
	Untold      []shanyraq.CountryCode // of those, found if what is missing were in their favour
	Extra       []shanyraq.CountryCode // found, and not listed
}

// An Accord is how far two published lists agree beyond chance.
type Accord struct {
	A, B  List
	Kappa shanyraq.Figure
	Both  []shanyraq.CountryCode
}

// Validation compares the definitions with the published lists in the year, and
// the lists with one another: no definition can agree with lists more than
// they agree among themselves.
func (r *Room) Validation(ctx context.Context, year int, q url.Values) ([]Check, []Accord, error) {
	p, _, err := r.powers(ctx, year, q)
	if err != nil {
		return nil, nil, err
	}
	p.checked.once.Do(func() { p.checked.checks, p.checked.accords, p.checked.err = p.validation() })
	cs, as, err := p.checked.checks, p.checked.accords, p.checked.err
	if err != nil {
		return nil, nil, shanyraq.Errorf("standing.Validation", shanyraq.Other, "%d: %w", p.year, err)
	}
	return cs, as, nil
}

func (p *powers) validation() (checks []Check, accords []Accord, err error) {
	lists := p.lists()
	for _, d := range Definitions() {
		var found []shanyraq.CountryCode
		for _, place := range p.voters {
			if yes, _ := tally(p.judged(place).under(d, Recognition)); 2*yes >= draws {
				found = append(found, place)
			}
		}
		for _, l := range lists {
			c, err := p.check(d, found, l)
			if err != nil {
				return nil, nil, err
			}
			checks = append(checks, c)
		}
	}
	for i, a := range lists {
		for _, b := range lists[i+1:] {
			x := Accord{A: a, B: b}
			for _, place := range a.Places {
				if slices.Contains(b.Places, place) {
					x.Both = append(x.Both, place)
				}
			}
			t := p.table(a.Places, b.Places)
			cs := slices.Concat(a.claims, b.claims)
			if x.Kappa, err = p.kappa(powerPath("lists", shanyraq.World, p.year, a.Key+"~"+b.Key), t, inputsOf(cs), shanyraq.SourcesOf(cs...)); err != nil {
				return nil, nil, err
			}
			accords = append(accords, x)
		}
	}
	return checks, accords, nil
}

// fourfold counts the states on both lists, on one, and on neither.
type fourfold struct{ both, first, second, none int }

// table counts over all states whose votes are placed.
func (p *powers) table(a, b []shanyraq.CountryCode) fourfold {
	var t fourfold
	for _, place := range p.voters {
		switch x, y := slices.Contains(a, place), slices.Contains(b, place); {
		case x && y:
			t.both++
		case x:
			t.first++
		case y:
			t.second++
		default:
			t.none++
		}
	}
	return t
}

func (p *powers) check(d Definition, found []shanyraq.CountryCode, l List) (Check, error) {
	c := Check{Definition: d, List: l}
	inputs := inputsOf(l.claims)
	sources := shanyraq.SourcesOf(l.claims...)
	ofListed, ofOthers := slices.Clone(inputs), slices.Clone(inputs)
	for _, place := range p.voters {
		in, hit := slices.Contains(l.Places, place), slices.Contains(found, place)
		if !in && !hit {
			continue
		}
		without := Test("")
		if slices.Contains(d.Tests(), Recognition) {
			without = Recognition
		}
		f, err := p.probability(d, place, without)
		if err != nil {
			return c, err
		}
		switch {
		case in && !hit:
			c.Missed = append(c.Missed, place)
			if yes, unknown := tally(p.judged(place).under(d, Recognition)); 2*(yes+unknown) >= draws {
				c.Untold = append(c.Untold, place)
			}
		case hit && !in:
			c.Extra = append(c.Extra, place)
		}
		if f.IsZero() {
			continue
		}
		sources = merge(sources, f.Lineage().Sources)
		if in {
			ofListed = append(ofListed, p.input("P", place, f))
		} else {
			ofOthers = append(ofOthers, p.input("P", place, f))
		}
	}
	t := p.table(found, l.Places)
	at := func(what string) string {
		return p.path(string(d), shanyraq.World, l.Key+"-"+what)
	}
	var err error
	if c.Sensitivity, err = p.proportion(at("sensitivity"), t.both, t.both+t.second, ofListed, sources); err != nil {
		return c, err
	}
	if c.Specificity, err = p.proportion(at("specificity"), t.none, t.none+t.first, ofOthers, sources); err != nil {
		return c, err
	}
	c.Kappa, err = p.kappa(at("kappa"), t, inputs, sources)
	return c, err
}

// proportion makes the figure of k of n.
func (p *powers) proportion(path string, k, n int, inputs []shanyraq.Input, sources []shanyraq.SourceID) (shanyraq.Figure, error) {
	if n == 0 || len(sources) == 0 {
		return shanyraq.Figure{}, nil
	}
	share := float64(k) / float64(n)
	lo, hi := composite.Wilson(share, n, level)
	return shanyraq.NewFigure(path, 100*share, shanyraq.Interval{Lo: 100 * min(lo, share), Hi: 100 * max(hi, share), Level: level, Kind: shanyraq.Confidence}, "percent",
		shanyraq.Lineage{Method: MethodCheck, Formula: fmt.Sprintf("100 × %d / %d = %.1f %%", k, n, 100*share), Inputs: inputs, Sources: sources,
			Assumptions: []shanyraq.Assumption{shanyraq.Assume("power_lists", shanyraq.EitherWay)}})
}

// kappa makes the figure of agreement beyond chance,
//
//	κ = (o − e) / (1 − e)
//
// where o is the share of states on which both agree and e what two lists of
// these lengths share by chance. Its range is that of o.
func (p *powers) kappa(path string, t fourfold, inputs []shanyraq.Input, sources []shanyraq.SourceID) (shanyraq.Figure, error) {
	n := t.both + t.first + t.second + t.none
	if n == 0 || len(sources) == 0 {
		return shanyraq.Figure{}, nil
	}
	a, b := float64(t.both+t.first)/float64(n), float64(t.both+t.second)/float64(n)
	o, e := float64(t.both+t.none)/float64(n), a*b+(1-a)*(1-b)
	if !(e < 1) {
		return shanyraq.Figure{}, nil
	}
	of := func(o float64) float64 { return (o - e) / (1 - e) }
	lo, hi := composite.Wilson(o, n, level)
	k := of(o)
	return shanyraq.NewFigure(path, k, shanyraq.Interval{Lo: math.Min(of(lo), k), Hi: math.Max(of(hi), k), Level: level, Kind: shanyraq.Confidence}, "index",
		shanyraq.Lineage{Method: MethodCheck, Inputs: inputs, Sources: sources,
			Formula:     fmt.Sprintf("o = (%d + %d) / %d = %.4f,  e = %.4f,  κ = (o − e) / (1 − e) = %.3f", t.both, t.none, n, o, e, k),
			Assumptions: []shanyraq.Assumption{shanyraq.Assume("power_lists", shanyraq.EitherWay)}})
}

// powerFigure returns the figure at {what}/{place}/{year}[/{more}].
func (r *Room) powerFigure(ctx context.Context, what string, place shanyraq.CountryCode, year int, more string, q url.Values) (shanyraq.Figure, error) {
	p, _, err := r.powers(ctx, year, q)
	if err != nil {
		return shanyraq.Figure{}, err
	}
	d := Definition(what)
	switch {
	case place == shanyraq.World:
		checks, accords, err := p.validation()
		if err != nil {
			return shanyraq.Figure{}, err
		}
		path := p.path(what, place, more)
		for _, c := range checks {
			for _, f := range []shanyraq.Figure{c.Sensitivity, c.Specificity, c.Kappa} {
				if f.Path() == path {
					return f, nil
				}
			}
		}
		for _, a := range accords {
			if a.Kappa.Path() == powerPath(what, place, year, more) { // of the lists, whatever the thresholds
				return a.Kappa, nil
			}
		}
	case what == "criteria" && slices.Contains(criteria(), Criterion(more)):
		m, err := p.measured(Criterion(more), place)
		if err != nil || m.Figure.Path() != p.criterionPath(Criterion(more), place) { // a claim or a rank of the league opens as such
			return shanyraq.Figure{}, err
		}
		return m.Figure, nil
	case what == "tests" && slices.Contains(Tests(), Test(more)):
		return p.passing(Test(more), place)
	case slices.Contains(Definitions(), d) && more == "":
		return p.probability(d, place, "")
	case len(d.Tests()) > 1 && slices.Contains(d.Tests(), Test(more)):
		return p.probability(d, place, Test(more))
	case d == Jordaan2003 && more == "traditional":
		return p.traditional(place)
	case d == Jordaan2003 && more == "emerging":
		return p.emerging(place)
	}
	return shanyraq.Figure{}, nil
}
