package diaspora

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"shanyraq"
	"shanyraq/methods/capture"
	"shanyraq/methods/rds"
)

// The methods of sizes worked out from what an office counted itself. Nothing
// of it is stored, and no name is ever asked for.
const (
	MethodTwoLists   shanyraq.MethodKey = "two-lists"
	MethodLists      shanyraq.MethodKey = "lists"
	MethodChain      shanyraq.MethodKey = "respondent-driven"
	MethodMultiplier shanyraq.MethodKey = "multiplier"
	MethodScaleUp    shanyraq.MethodKey = "scale-up"
	MethodWhichLists shanyraq.MethodKey = "which-lists"
	MethodChainSize  shanyraq.MethodKey = "chain-size"
)

// given is the source of what is typed or read for one answer and not stored.
const given shanyraq.SourceID = "given"

// A Sizing is one answer to how many, or which share, and the way it was found.
type Sizing struct {
	Way    string // "chapman", "graphs", "models", "coverage", "sparse", "classes", "multiplier", or an estimator
	Group  string // of a share or of what is seen of a chain; else empty
	Figure shanyraq.Figure
	Truth  shanyraq.Figure // of a group whose size is known: that size; else zero
}

// An Answer is what one kind of sizing says.
type Answer struct {
	Kind      string
	Sizes     []Sizing
	Seen      []Sizing // what the data themselves show: of a chain, homophily, convergence and bottlenecks
	Silent    []string // ways that have no answer to these data
	Apart     bool     // two ways have ranges with nothing in common
	Bootstrap string   // by which the ranges of a chain were found; else empty
}

// worldPeople is more than all people there are.
const worldPeople = 9e9

// sized turns an error of a method into one a reader can act on.
func sized(op string, err error) error {
	key := "diaspora.error.sizing"
	for _, k := range []struct {
		err error
		key string
	}{
		{capture.ErrNested, "nested"}, {capture.ErrNoOverlap, "nooverlap"}, {capture.ErrNobody, "nobody"}, {capture.ErrNobodyKnown, "nobodyknown"},
		{rds.ErrPopulation, "population"}, {rds.ErrDegree, "degree"}, {rds.ErrUnknownRecruiter, "recruiter"}, {rds.ErrDuplicate, "twice"},
		{rds.ErrLoop, "circle"}, {rds.ErrGroups, "groups"}, {rds.ErrFewDraws, "fewdraws"}, {rds.ErrNobody, "norespondent"},
	} {
		if errors.Is(err, k.err) {
			key = "diaspora.error." + k.key
		}
	}
	return shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: key, Args: map[string]any{"Detail": detail(err)}}, "%w", err)
}

// detail returns the part of an error that names the case: what follows the
// package and, where there is one, the sentence every such error begins with.
func detail(err error) string {
	s := err.Error()
	for _, name := range []string{"capture: ", "rds: "} {
		s = strings.TrimPrefix(s, name)
	}
	if inner := errors.Unwrap(err); inner != nil {
		rest := strings.TrimPrefix(err.Error(), inner.Error())
		if t := strings.TrimPrefix(rest, ": "); t != rest {
			return t
		}
	}
	return s
}

// within returns an error for a level of a range that is none.
func within(op string, level float64) error {
	if level > 0 && level < 1 {
		return nil
	}
	return told(op, "diaspora.error.level", "Value", strconv.FormatFloat(level, 'g', -1, 64))
}

// sizing makes the figure of a population of persons. It refuses one of more
// people than there are.
func sizing(way string, method shanyraq.MethodKey, t capture.Total, level float64, kind shanyraq.IntervalKind, formula string, seed uint64, draws int, assume ...shanyraq.Assumption) (Sizing, error) {
	if t.N > worldPeople || t.Hi > worldPeople {
		return Sizing{}, told("diaspora.sizing", "diaspora.error.world")
	}
	f, err := shanyraq.NewFigure("sizing/"+way, t.N, shanyraq.Interval{Lo: min(t.Lo, t.N), Hi: max(t.Hi, t.N), Level: level, Kind: kind}, "persons",
		shanyraq.Lineage{Method: method, Formula: formula, Sources: []shanyraq.SourceID{given}, Seed: seed, Draws: draws, Assumptions: assume})
	return Sizing{Way: way, Figure: f}, err
}

// orTold returns the error of making a figure, with what it was for where it is
// not for a reader.
func orTold(op string, err error) error {
	if shanyraq.KindOf(err) == shanyraq.Invalid && shanyraq.TextOf(err).Key != "" {
		return err
	}
	return shanyraq.Errorf(op, shanyraq.Other, "%w", err)
}

// closed are the assumptions of sizing from lists.
func closed(dependence shanyraq.Assumption) []shanyraq.Assumption {
	return []shanyraq.Assumption{shanyraq.Assume("lists_closed", shanyraq.TooHigh), shanyraq.Assume("lists_matched", shanyraq.TooHigh), dependence}
}

// FromTwoLists sizes a population from a people on one list, b on another and
// both on both, by Chapman's estimate.
func FromTwoLists(a, b, both int, level float64) ([]Sizing, error) {
	const op = "diaspora.FromTwoLists"
	if err := within(op, level); err != nil {
		return nil, err
	}
	for _, n := range []int{a, b, both} {
		switch {
		case n < 0:
			return nil, told(op, "diaspora.error.below", "Value", n)
		case n > worldPeople:
			return nil, told(op, "diaspora.error.length", "Value", n)
		}
	}
	switch {
	case a == 0 && b == 0:
		return nil, told(op, "diaspora.error.empty")
	case both > min(a, b):
		return nil, told(op, "diaspora.error.both", "Both", both, "A", a, "B", b)
	}
	t, err := capture.TwoLists(a, b, both, level)
	if err != nil {
		return nil, sized(op, err)
	}
	s, err := sizing("chapman", MethodTwoLists, t, level, shanyraq.Confidence,
		fmt.Sprintf("N = (%d + 1)(%d + 1)/(%d + 1) − 1 = %.0f", a, b, both, t.N), 0, 0, closed(shanyraq.Assume("lists_independent", shanyraq.TooLow))...)
	if err != nil {
		return nil, orTold(op, err)
	}
	return []Sizing{s}, nil
}

// settled is the most that the halves of the draws of classes may differ by for
// their sampler to have settled, and effective the fewest independent draws.
const (
	settled   = 1.1
	effective = 100
)

// FromLists sizes a population from how many people have each pattern of
// presence on two lists or more, by every way that can answer: an average over
// decomposable graphs of dependence, one over the closed-population models, by
// sample coverage, step by step with empty overlaps, and by classes of people
// that differ in all lists at once. Their spread is part of what is not known.
func FromLists(patterns []string, counts []int, level float64, seed uint64) (Answer, error) {
	const op, draws = "diaspora.FromLists", 1000
	out := Answer{Kind: "lists"}
	if err := within(op, level); err != nil {
		return out, err
	}
	if len(patterns) > 0 && len(patterns[0]) < 2 {
		return out, told(op, "diaspora.error.onelist")
	}
	h, err := capture.ParseHistories(patterns, counts)
	if err != nil {
		return out, sized(op, err)
	}
	lists := len(patterns[0])
	type answer struct {
		way   string
		kind  shanyraq.IntervalKind
		draws int
		find  func() (capture.Total, error)
	}
	answers := []answer{
		{"graphs", shanyraq.Credible, 0, func() (capture.Total, error) {
			p, err := capture.Decomposable{}.Posterior(h)
			if err != nil {
				return capture.Total{}, err
			}
			return p.Total(level)
		}},
		{"models", shanyraq.Confidence, 0, func() (capture.Total, error) {
			fits, err := capture.Closed(h)
			if err != nil {
				return capture.Total{}, err
			}
			a, err := capture.Average(fits, capture.BIC, level)
			return a.Total, err
		}},
	}
	if lists > 2 {
		answers = append(answers,
			answer{"coverage", shanyraq.Confidence, draws, func() (capture.Total, error) {
				c, err := capture.SampleCoverage(h, level, draws, rand.New(rand.NewPCG(seed, 1)))
				return c.Estimate(), err
			}},
			answer{"sparse", shanyraq.Confidence, 0, func() (capture.Total, error) {
				f, err := capture.Stepwise(h, 0.02)
				if err != nil {
					return capture.Total{}, err
				}
				return f.Total(level)
			}},
			answer{"classes", shanyraq.Credible, draws, func() (capture.Total, error) {
				p, err := capture.Latent{Draws: draws}.Sample(h, rand.New(rand.NewPCG(seed, 3)))
				switch {
				case err != nil:
					return capture.Total{}, err
				case p.Split > settled || p.Effective < effective:
					return capture.Total{}, fmt.Errorf("the sampler has not settled: %.0f independent draws, halves %.2f apart", p.Effective, p.Split)
				}
				return p.Total(level)
			}})
	}
	var faults []string
	for _, x := range answers {
		t, err := x.find()
		if err == nil {
			var s Sizing
			used := uint64(0)
			if x.draws > 0 {
				used = seed
			}
			s, err = sizing(x.way, MethodLists, t, level, x.kind, fmt.Sprintf("N = %.0f from %s", t.N, counted(patterns, counts)), used, x.draws, closed(shanyraq.Assume("lists_modelled", shanyraq.TooLow))...)
			if err == nil {
				out.Sizes = append(out.Sizes, s)
				continue
			}
		}
		out.Silent = append(out.Silent, x.way)
		faults = append(faults, x.way+": "+err.Error())
	}
	if len(out.Sizes) == 0 {
		return out, sized(op, errors.New(strings.Join(faults, "; ")))
	}
	out.Apart = apart(out.Sizes)
	return out, nil
}

// apart reports whether the ranges of two of the answers have nothing in common.
func apart(xs []Sizing) bool {
	lo, hi := math.Inf(-1), math.Inf(1)
	for _, x := range xs {
		lo, hi = max(lo, x.Figure.Interval().Lo), min(hi, x.Figure.Interval().Hi)
	}
	return lo > hi
}

// counted writes the first patterns with their counts.
func counted(patterns []string, counts []int) string {
	var parts []string
	for i, p := range patterns {
		if i == 8 {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, fmt.Sprintf("%s: %d", p, counts[i]))
	}
	return strings.Join(parts, ", ")
}

// FromMultiplier sizes a population from the length of a list and the share of
// the population a survey finds on it, with their standard errors.
func FromMultiplier(length, seLength, share, seShare, level float64) ([]Sizing, error) {
	const op = "diaspora.FromMultiplier"
	if err := within(op, level); err != nil {
		return nil, err
	}
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	switch {
	case !(length > 0):
		return nil, told(op, "diaspora.error.nolength", "Value", number(length))
	case length > worldPeople:
		return nil, told(op, "diaspora.error.length", "Value", number(length))
	case share > 1 && share <= 100:
		return nil, told(op, "diaspora.error.percent", "Value", number(share), "Share", number(share/100))
	case !(share > 0 && share <= 1):
		return nil, told(op, "diaspora.error.share", "Value", number(share))
	case !(seShare >= 0) || !(seLength >= 0):
		return nil, told(op, "diaspora.error.below", "Value", number(min(seShare, seLength)))
	case seShare > math.Sqrt(share*(1-share)):
		// What a survey of one person would have.
		return nil, told(op, "diaspora.error.room", "Value", number(seShare), "Most", strconv.FormatFloat(math.Sqrt(share*(1-share)), 'g', 2, 64), "Share", number(share))
	case seLength > length:
		return nil, told(op, "diaspora.error.lengthroom", "Value", number(seLength), "Length", number(length))
	}
	t, err := capture.Multiplier(length, seLength, share, seShare, level)
	if err != nil {
		return nil, sized(op, err)
	}
	if t.Lo == t.Hi {
		return nil, shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: "diaspora.error.noerror"}, "no standard error is given")
	}
	s, err := sizing("multiplier", MethodMultiplier, t, level, shanyraq.Confidence, fmt.Sprintf("N = %.0f / %.4g = %.0f", length, share, t.N), 0, 0,
		shanyraq.Assume("multiplier_same", shanyraq.EitherWay), shanyraq.Assume("multiplier_asked", shanyraq.TooLow), shanyraq.Assume("multiplier_truthful", shanyraq.TooHigh))
	if err != nil {
		return nil, orTold(op, err)
	}
	return []Sizing{s}, nil
}

// A Chain is a respondent-driven sample: who recruited whom, how many of the
// population each knows, and the group each belongs to. Identifiers are those
// of coupons, not of people.
type Chain struct {
	IDs, Recruiters []string // "" recruits a seed
	Degrees         []float64
	Groups          []string // "" is not known
	Population      float64  // 0 if nobody knows it
}

// Estimators lists the estimators of a chain, in the order of every table. The
// last needs the size of the population.
func Estimators() []string { return []string{"rds-i", "data-smoothed", "rds-ii", "successive"} }

var estimatorOf = map[string]rds.Estimator{"rds-i": rds.SalganikHeckathorn, "data-smoothed": rds.DataSmoothed, "rds-ii": rds.VolzHeckathorn, "successive": rds.SuccessiveSampling}

// Bootstraps lists the ways to find how sure a share from a chain is; the first
// is the one to use.
func Bootstraps() []string { return []string{"tree", "salganik", "gile"} }

// seenPath begins the path of what a chain shows of itself.
const seenPath = "sizing/seen/"

// FromChain returns the share of the population in each group by every
// estimator, with the intervals of a bootstrap, and what the chain shows of
// itself. Successive sampling, and Gile's bootstrap, need the population's size.
func FromChain(c Chain, bootstrap string, level float64, draws int, seed uint64) (Answer, error) {
	const op = "diaspora.FromChain"
	out := Answer{Kind: "rds", Bootstrap: bootstrap}
	if err := within(op, level); err != nil {
		return out, err
	}
	resample := rds.Tree
	switch bootstrap {
	case "tree":
	case "salganik":
		resample = rds.Salganik
	case "gile":
		if !(c.Population > 0) {
			return out, told(op, "diaspora.error.gile")
		}
		resample = rds.Gile
	default:
		return out, told(op, "diaspora.error.bootstrap", "Value", bootstrap, "Known", strings.Join(Bootstraps(), ", "))
	}
	switch {
	case draws < 100 || draws > 100_000:
		return out, told(op, "diaspora.error.draws", "Value", draws)
	case c.Population < 0 || c.Population > worldPeople:
		return out, told(op, "diaspora.error.allpeople", "Value", strconv.FormatFloat(c.Population, 'f', -1, 64))
	}
	s, err := rds.NewSample(c.IDs, c.Recruiters, c.Degrees, "")
	if err != nil {
		return out, sized(op, err)
	}
	groups := rds.NewGroups(c.Groups)
	if len(groups.Names) == 1 {
		return out, told(op, "diaspora.error.onegroup", "Name", groups.Names[0])
	}
	assume := []shanyraq.Assumption{shanyraq.Assume("chain_random", shanyraq.EitherWay), shanyraq.Assume("chain_degrees", shanyraq.EitherWay), shanyraq.Assume("chain_long", shanyraq.EitherWay)}
	var used []rds.Estimator
	var first error
	for _, way := range Estimators() {
		e := estimatorOf[way]
		if e == rds.SuccessiveSampling && !(c.Population > 0) {
			continue
		}
		r, err := resample(s, groups, e, c.Population, draws, rand.New(rand.NewPCG(seed, 2)))
		var estimates []rds.Estimate
		if err == nil {
			estimates, err = r.Intervals(level)
		}
		if err != nil {
			if errors.Is(err, rds.ErrPopulation) {
				return out, sized(op, err)
			}
			if first == nil {
				first = err
			}
			out.Silent = append(out.Silent, way)
			continue
		}
		used = append(used, e)
		for _, x := range estimates {
			iv := shanyraq.Interval{Lo: 100 * min(x.Lo, x.Value), Hi: 100 * max(x.Hi, x.Value), Level: level, Kind: shanyraq.Confidence}
			if iv.Lo == iv.Hi {
				continue // nobody of the group, or all
			}
			f, err := shanyraq.NewFigure("sizing/share/"+way+"/"+x.Name, 100*x.Value, iv, "percent", shanyraq.Lineage{Method: MethodChain,
				Formula: fmt.Sprintf("%s, %d of %d respondents: %.2f percent; %s bootstrap, standard error %.2f", e, x.N, len(c.IDs), 100*x.Value, bootstrap, 100*x.SE), Sources: []shanyraq.SourceID{given}, Seed: seed, Draws: draws, Assumptions: assume})
			if err != nil {
				return out, shanyraq.Errorf(op, shanyraq.Other, "%w", err)
			}
			out.Sizes = append(out.Sizes, Sizing{Way: way, Group: x.Name, Figure: f})
		}
	}
	if len(used) == 0 {
		return out, sized(op, first)
	}
	if out.Seen, err = seenOf(s, groups, used, c.Population); err != nil {
		return out, sized(op, err)
	}
	return out, nil
}

// seenOf returns what a chain shows of itself: how many waves there are and how
// many it takes to forget the seeds, how much recruits resemble recruiters, and
// of each group how much it keeps to itself, how well connected it is, after how
// many interviews its share settled and how much of its variance lies between the
// trees of seeds. What hangs on the estimator runs from the lowest to the highest
// of them, and the share of the trees from the lowest tree to the highest.
func seenOf(s *rds.Sample, g rds.Groups, used []rds.Estimator, population float64) ([]Sizing, error) {
	type among struct{ values []float64 }
	var ties, active, between = make([]among, len(g.Names)), make([]among, len(g.Names)), make([]among, len(g.Names))
	var last rds.Diagnosis
	recruitment := math.NaN()
	for _, e := range used {
		h, err := rds.HomophilyOf(s, g, e, population)
		if err != nil {
			return nil, err
		}
		d, err := rds.Diagnose(s, g, e, population)
		if err != nil {
			return nil, err
		}
		last, recruitment = d, h.Recruitment
		for k := range g.Names {
			ties[k].values = append(ties[k].values, h.Population[k])
			active[k].values = append(active[k].values, h.Activity[k])
			between[k].values = append(between[k].values, 100*d.Between[k])
		}
	}
	var out []Sizing
	var fault error
	add := func(way, group string, unit shanyraq.Unit, formula string, values ...float64) {
		values = slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
		if len(values) == 0 || fault != nil {
			return
		}
		iv := shanyraq.Interval{Lo: slices.Min(values), Hi: slices.Max(values), Kind: shanyraq.Spread}
		if iv.Lo == iv.Hi {
			iv.Kind = shanyraq.Counted
		}
		f, err := shanyraq.NewFigure(seenPath+way+"/"+group, values[len(values)-1], iv, unit, shanyraq.Lineage{Method: MethodChain, Formula: formula, Sources: []shanyraq.SourceID{given},
			Assumptions: []shanyraq.Assumption{shanyraq.Assume("chain_random", shanyraq.EitherWay)}})
		fault = err
		out = append(out, Sizing{Way: way, Group: group, Figure: f})
	}
	add("waves", "", "count", fmt.Sprintf("waves after the seeds = %d, of %d seeds", last.Waves, last.Seeds), float64(last.Waves))
	if last.Equilibrium >= 0 {
		add("equilibrium", "", "count", fmt.Sprintf("waves until groups of recruits differ by no more than two hundredths whatever the seed = %d", last.Equilibrium), float64(last.Equilibrium))
	}
	add("recruitment", "", "ratio", "recruits of their recruiter's group / as many without regard to it", recruitment)
	for k, name := range g.Names {
		add("homophily", name, "ratio", "ties to others without preference / ties there are", ties[k].values...)
		add("activity", name, "ratio", "mean ties in the group / of all others", active[k].values...)
		add("convergence", name, "count", fmt.Sprintf("interviews after which the share stays within two hundredths = %d of %d", last.Convergence[k].Settled, s.Len()), float64(last.Convergence[k].Settled))
		add("bottleneck", name, "percent", "100 × variance between the trees of seeds / all, beyond chance", between[k].values...)
		var trees []float64
		for _, t := range last.Bottleneck {
			if len(t.Shares) > k && t.People > 1 {
				trees = append(trees, 100*t.Shares[k])
			}
		}
		if n := len(last.Convergence[k].Estimate); len(trees) > 1 && n > 0 {
			add("trees", name, "percent", "the share of all, from the tree of a seed with the lowest to that with the highest", append(trees, 100*last.Convergence[k].Estimate[n-1])...)
		}
	}
	return out, fault
}

// Known is a group of known size that a survey asked about.
type Known = capture.Group

// FromAcquaintances sizes a group by how many of it respondents know, against
// how many they know of groups of known size: network scale-up. answers has a
// row a respondent and a column a known group. After the estimate come the known
// groups, each estimated from the others, so that it is seen how far off such
// numbers are.
func FromAcquaintances(known []Known, answers [][]float64, target []float64, population, level float64) ([]Sizing, error) {
	const op = "diaspora.FromAcquaintances"
	if err := within(op, level); err != nil {
		return nil, err
	}
	switch {
	case len(known) < 2:
		return nil, told(op, "diaspora.error.twogroups")
	case !(population > 0) || population > worldPeople:
		return nil, told(op, "diaspora.error.allpeople", "Value", strconv.FormatFloat(population, 'f', -1, 64))
	}
	for _, k := range known {
		if k.Size > population {
			return nil, told(op, "diaspora.error.grouplarge", "Name", k.Name, "Size", strconv.FormatFloat(k.Size, 'f', -1, 64), "Population", strconv.FormatFloat(population, 'f', -1, 64))
		}
	}
	x, err := capture.ScaleUp(known, answers, target, population, level)
	if err != nil {
		return nil, sized(op, err)
	}
	assume := []shanyraq.Assumption{shanyraq.Assume("known_alike", shanyraq.TooLow), shanyraq.Assume("known_visible", shanyraq.TooLow), shanyraq.Assume("known_counted", shanyraq.EitherWay)}
	s, err := sizing("scale-up", MethodScaleUp, x.Total, level, shanyraq.Confidence, fmt.Sprintf("N = %.0f × %.4g known / %.4g circles = %.0f", population, sumOf(target), sumOf(x.Degrees), x.N), 0, 0, assume...)
	if err != nil {
		return nil, orTold(op, err)
	}
	out := []Sizing{s}
	circles := sumOf(x.Degrees) // how many people all respondents know
	for k, h := range x.Held {
		truth, err := shanyraq.NewFigure("sizing/known/"+h.Name, h.Size, shanyraq.Interval{Lo: h.Size, Hi: h.Size, Kind: shanyraq.Counted}, "persons",
			shanyraq.Lineage{Method: MethodScaleUp, Formula: fmt.Sprintf("%.0f, as it was given", h.Size), Sources: []shanyraq.SourceID{given}})
		if err != nil {
			return nil, shanyraq.Errorf(op, shanyraq.Other, "%s: %w", h.Name, err)
		}
		out = append(out, Sizing{Way: Held + h.Name, Truth: truth})
		if !(h.N > 0) {
			continue // nobody knows anyone of it
		}
		// Circles without the group: those of the other groups, scaled up.
		others := 0.0
		for _, row := range answers {
			others += sumOf(row) - row[k]
		}
		d := circles
		if all := sumOf(sizesOf(known)) - h.Size; all > 0 {
			d = population * others / all
		}
		wide := math.Exp(quantileOf(level) * math.Hypot(math.Sqrt(population*h.N/d)/h.N, x.Error))
		f, err := shanyraq.NewFigure("sizing/held/"+h.Name, h.N, shanyraq.Interval{Lo: h.N / wide, Hi: min(population, h.N*wide), Level: level, Kind: shanyraq.Confidence}, "persons",
			shanyraq.Lineage{Method: MethodScaleUp, Formula: fmt.Sprintf("%.0f from the other groups, %.0f in truth: %.2f times", h.N, h.Size, h.Ratio), Sources: []shanyraq.SourceID{given}, Assumptions: assume})
		if err != nil {
			return nil, orTold(op, err)
		}
		out[len(out)-1].Figure = f
	}
	return out, nil
}

// quantileOf returns how many standard deviations either side hold the share
// level of a normal distribution.
func quantileOf(level float64) float64 { return math.Sqrt2 * math.Erfinv(level) }

func sizesOf(known []Known) []float64 {
	out := make([]float64, len(known))
	for i, k := range known {
		out[i] = k.Size
	}
	return out
}

// Held begins the way of a known group that is estimated from the others.
const Held = "held:"

func sumOf(xs []float64) (sum float64) {
	for _, x := range xs {
		sum += x
	}
	return sum
}

// FromWhichLists sizes a population from a survey that asked which lists people
// are on, and the lengths of the lists. on has a row a respondent and a column a
// list; weights may be nil. Each list alone comes after the estimate.
func FromWhichLists(names []string, lengths []float64, on [][]bool, weights []float64, level float64) ([]Sizing, error) {
	const op = "diaspora.FromWhichLists"
	if err := within(op, level); err != nil {
		return nil, err
	}
	if len(on) < 2 || len(names) != len(lengths) {
		return nil, told(op, "diaspora.error.fewrespondents")
	}
	w := weights
	if w == nil {
		w = make([]float64, len(on))
		for i := range w {
			w[i] = 1
		}
	}
	total, squares := sumOf(w), 0.0
	for _, x := range w {
		squares += x * x
	}
	if !(total > 0) {
		return nil, told(op, "diaspora.error.noweight")
	}
	n := total * total / squares // as many of equal weight
	share := make([]float64, len(names))
	both := make([][]float64, len(names))
	for j := range names {
		both[j] = make([]float64, len(names))
	}
	for i, row := range on {
		for j := range names {
			for k := range names {
				if row[j] && row[k] {
					both[j][k] += w[i] / total
				}
			}
		}
	}
	cov := make([][]float64, len(names))
	counted := make([]capture.Length, len(names))
	for j := range names {
		share[j], counted[j].People = both[j][j], lengths[j]
		cov[j] = make([]float64, len(names))
	}
	for j := range names {
		for k := range names {
			cov[j][k] = (both[j][k] - share[j]*share[k]) / (n - 1)
		}
	}
	x, err := capture.FromLists(counted, share, cov, level)
	if err != nil {
		return nil, sized(op, err)
	}
	assume := []shanyraq.Assumption{shanyraq.Assume("multiplier_same", shanyraq.EitherWay), shanyraq.Assume("multiplier_asked", shanyraq.TooLow), shanyraq.Assume("multiplier_truthful", shanyraq.TooHigh)}
	s, err := sizing("which-lists", MethodWhichLists, x.Total, level, shanyraq.Confidence, fmt.Sprintf("N = %.0f from %d lists; disagreement Q = %.2f, P = %.3f", x.N, len(names), x.Q, x.P), 0, 0, assume...)
	if err != nil {
		return nil, orTold(op, err)
	}
	out := []Sizing{s}
	for j, t := range x.Each {
		s, err := sizing(names[j], MethodWhichLists, t, level, shanyraq.Confidence, fmt.Sprintf("N = %.0f / %.4g = %.0f", lengths[j], share[j], t.N), 0, 0, assume...)
		if err != nil {
			return nil, orTold(op, err)
		}
		out = append(out, Sizing{Way: Alone + names[j], Figure: s.Figure})
	}
	return out, nil
}

// Alone begins the way of one list by itself.
const Alone = "alone:"

// CheckChain returns what the order in which respondents came says of the size of
// the population, given what was thought before: a check, and no estimate.
func CheckChain(c Chain, prior float64, level float64) ([]Sizing, error) {
	const op = "diaspora.CheckChain"
	if err := within(op, level); err != nil {
		return nil, err
	}
	if !(prior > float64(len(c.IDs))) || prior > worldPeople {
		return nil, told(op, "diaspora.error.priorsize", "Value", strconv.FormatFloat(prior, 'f', -1, 64), "Count", len(c.IDs))
	}
	s, err := rds.NewSample(c.IDs, c.Recruiters, c.Degrees, "")
	if err != nil {
		return nil, sized(op, err)
	}
	p, err := rds.PosteriorSize(s, rds.SizePrior{Median: prior})
	if err != nil {
		return nil, sized(op, err)
	}
	t := capture.Total{N: float64(p.Quantile(0.5)), Lo: float64(p.Quantile((1 - level) / 2)), Hi: float64(p.Quantile((1 + level) / 2))}
	x, err := sizing("chain-size", MethodChainSize, t, level, shanyraq.Credible, fmt.Sprintf("median %.0f of the posterior; the prior's median was %.0f", t.N, prior), 0, 0, shanyraq.Assume("order_of_ties", shanyraq.EitherWay), shanyraq.Assume("prior_leads", shanyraq.EitherWay))
	if err != nil {
		return nil, orTold(op, err)
	}
	return []Sizing{x}, nil
}
