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
