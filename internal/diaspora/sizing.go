package diaspora

import (
	"errors"
	"fmt"
	"math/rand/v2"
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
	Way    string // "chapman", "graphs", "models", "coverage", "sparse", "multiplier", or the name of a group
	Figure shanyraq.Figure
}

// sized turns an error of a method into one a reader can act on.
func sized(op string, err error) error {
	key := "diaspora.error.sizing"
	switch {
	case errors.Is(err, capture.ErrNested):
		key = "diaspora.error.nested"
	case errors.Is(err, capture.ErrNoOverlap):
		key = "diaspora.error.nooverlap"
	case errors.Is(err, rds.ErrPopulation):
		key = "diaspora.error.population"
	}
	return shanyraq.Tell(op, shanyraq.Invalid, shanyraq.Text{Key: key, Args: map[string]any{"Detail": err.Error()}}, "%w", err)
}

// sizing makes the figure of a population of persons.
func sizing(way string, method shanyraq.MethodKey, t capture.Total, level float64, kind shanyraq.IntervalKind, formula string, seed uint64, draws int, assume ...shanyraq.Assumption) (Sizing, error) {
	f, err := shanyraq.NewFigure("sizing/"+way, t.N, shanyraq.Interval{Lo: min(t.Lo, t.N), Hi: max(t.Hi, t.N), Level: level, Kind: kind}, "persons",
		shanyraq.Lineage{Method: method, Formula: formula, Sources: []shanyraq.SourceID{given}, Seed: seed, Draws: draws, Assumptions: assume})
	return Sizing{way, f}, err
}

// closed are the assumptions of sizing from lists.
func closed(dependence shanyraq.Assumption) []shanyraq.Assumption {
	return []shanyraq.Assumption{shanyraq.Assume("lists_closed", shanyraq.TooHigh), shanyraq.Assume("lists_matched", shanyraq.TooHigh), dependence}
}

// FromTwoLists sizes a population from a people on one list, b on another and
// both on both, by Chapman's estimate.
func FromTwoLists(a, b, both int, level float64) ([]Sizing, error) {
	const op = "diaspora.FromTwoLists"
	t, err := capture.TwoLists(a, b, both, level)
	if err != nil {
		return nil, sized(op, err)
	}
	s, err := sizing("chapman", MethodTwoLists, t, level, shanyraq.Confidence,
		fmt.Sprintf("N = (%d + 1)(%d + 1)/(%d + 1) − 1 = %.0f", a, b, both, t.N), 0, 0, closed(shanyraq.Assume("lists_independent", shanyraq.TooLow))...)
	if err != nil {
		return nil, shanyraq.Errorf(op, shanyraq.Other, "%w", err)
	}
	return []Sizing{s}, nil
}

// FromLists sizes a population from how many people have each pattern of
// presence on two lists or more, by every way that can answer: an average over
// decomposable graphs of dependence, one over the closed-population models, by
// sample coverage, and step by step with empty overlaps. Their spread is part
// of what is not known.
func FromLists(patterns []string, counts []int, level float64, seed uint64) ([]Sizing, error) {
	const op, draws = "diaspora.FromLists", 1000
	h, err := capture.ParseHistories(patterns, counts)
	if err != nil {
		return nil, sized(op, err)
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
			}})
	}
	var out []Sizing
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
				out = append(out, s)
				continue
			}
		}
		faults = append(faults, x.way+": "+err.Error())
	}
	if len(out) == 0 {
		return nil, sized(op, errors.New(strings.Join(faults, "; ")))
	}
	return out, nil
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
		return nil, shanyraq.Errorf(op, shanyraq.Other, "%w", err)
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

// FromChain returns the share of the population in each group: by successive
// sampling where the population's size is given, else by RDS-II, with the tree
// bootstrap's intervals.
func FromChain(c Chain, level float64, draws int, seed uint64) ([]Sizing, error) {
	const op = "diaspora.FromChain"
	s, err := rds.NewSample(c.IDs, c.Recruiters, c.Degrees, "")
	if err != nil {
		return nil, sized(op, err)
	}
	e := rds.VolzHeckathorn
	if c.Population > 0 {
		e = rds.SuccessiveSampling
	}
	r, err := rds.Tree(s, rds.NewGroups(c.Groups), e, c.Population, draws, rand.New(rand.NewPCG(seed, 2)))
	if err != nil {
		return nil, sized(op, err)
	}
	estimates, err := r.Intervals(level)
	if err != nil {
		return nil, sized(op, err)
	}
	var out []Sizing
	for _, x := range estimates {
		iv := shanyraq.Interval{Lo: 100 * min(x.Lo, x.Value), Hi: 100 * max(x.Hi, x.Value), Level: level, Kind: shanyraq.Confidence}
		if iv.Lo == iv.Hi {
			return nil, sized(op, fmt.Errorf("all respondents are of one group, %q", x.Name))
		}
		f, err := shanyraq.NewFigure("sizing/group/"+x.Name, 100*x.Value, iv, "percent", shanyraq.Lineage{Method: MethodChain,
			Formula: fmt.Sprintf("%s, %d of %d respondents: %.2f percent", e, x.N, len(c.IDs), 100*x.Value), Sources: []shanyraq.SourceID{given}, Seed: seed, Draws: draws,
			Assumptions: []shanyraq.Assumption{shanyraq.Assume("chain_random", shanyraq.EitherWay), shanyraq.Assume("chain_degrees", shanyraq.EitherWay), shanyraq.Assume("chain_long", shanyraq.EitherWay)}})
		if err != nil {
			return nil, shanyraq.Errorf(op, shanyraq.Other, "%w", err)
		}
		out = append(out, Sizing{x.Name, f})
	}
	return out, nil
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
	x, err := capture.ScaleUp(known, answers, target, population, level)
	if err != nil {
		return nil, sized(op, err)
	}
	assume := []shanyraq.Assumption{shanyraq.Assume("known_alike", shanyraq.TooLow), shanyraq.Assume("known_visible", shanyraq.TooLow), shanyraq.Assume("known_counted", shanyraq.EitherWay)}
	s, err := sizing("scale-up", MethodScaleUp, x.Total, level, shanyraq.Confidence, fmt.Sprintf("N = %.0f × %.4g known / %.4g circles = %.0f", population, sumOf(target), sumOf(x.Degrees), x.N), 0, 0, assume...)
	if err != nil {
		return nil, sized(op, err)
	}
	out := []Sizing{s}
	for _, h := range x.Held {
		off := shanyraq.Interval{Lo: min(h.N, h.Size), Hi: max(h.N, h.Size), Kind: shanyraq.Spread}
		if h.N == h.Size {
			off.Kind = shanyraq.Bounds // right to the digit
		}
		f, err := shanyraq.NewFigure("sizing/held/"+h.Name, h.N, off, "persons",
			shanyraq.Lineage{Method: MethodScaleUp, Formula: fmt.Sprintf("%.0f from the other groups, %.0f in truth: %.2f times", h.N, h.Size, h.Ratio), Sources: []shanyraq.SourceID{given}, Assumptions: assume})
		if err != nil {
			return nil, shanyraq.Errorf(op, shanyraq.Other, "%s: %w", h.Name, err)
		}
		out = append(out, Sizing{Held + h.Name, f})
	}
	return out, nil
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
	if len(on) < 2 || len(names) != len(lengths) {
		return nil, sized(op, errors.New("fewer than two respondents"))
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
		return nil, sized(op, errors.New("no respondent has a weight"))
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
		return nil, sized(op, err)
	}
	out := []Sizing{s}
	for j, t := range x.Each {
		s, err := sizing(names[j], MethodWhichLists, t, level, shanyraq.Confidence, fmt.Sprintf("N = %.0f / %.4g = %.0f", lengths[j], share[j], t.N), 0, 0, assume...)
		if err != nil {
			return nil, sized(op, err)
		}
		out = append(out, Sizing{Alone + names[j], s.Figure})
	}
	return out, nil
}

// Alone begins the way of one list by itself.
const Alone = "alone:"

// CheckChain returns what the order in which respondents came says of the size of
// the population, given what was thought before: a check, and no estimate.
func CheckChain(c Chain, prior float64, level float64) ([]Sizing, error) {
	const op = "diaspora.CheckChain"
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
		return nil, sized(op, err)
	}
	return []Sizing{x}, nil
}
