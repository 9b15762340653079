package standing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"shanyraq"
	"shanyraq/methods/composite"
	"shanyraq/methods/composite/coin"
)

type (
	// An OwnRow is one number of an index of the reader's own.
	OwnRow = coin.Row
	// A Plan says what is uncertain about it.
	Plan = composite.Plan
	// A Tool is the two sheets of a COIN Tool workbook.
	Tool = coin.Tool
)

// WriteRows writes rows of config, dataset, level, code, unit and value. NaN is
// an empty cell. heading says whether to write the first line.
func WriteRows(w io.Writer, rows []OwnRow, heading bool) error {
	if err := coin.WriteRows(w, rows, heading); err != nil {
		return shanyraq.Errorf("standing.WriteRows", shanyraq.Other, "%w", err)
	}
	return nil
}

// Built is an index of the reader's own, built once under named settings.
type Built struct {
	Settings string // name of the settings
	Name     string // the same, and after @ the time if the values have one
	index    *composite.Index
	result   *composite.Result
	groups   []string // columns of groups
}

// fail words what the method refuses.
func (b *Built) fail(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return shanyraq.Errorf("standing.Built", shanyraq.Other, "%s: %w", b.Name, err)
	}
	if shanyraq.TextOf(err).Key != "" {
		return err
	}
	return shanyraq.Tell("standing.Built", shanyraq.Invalid, shanyraq.Text{Key: "standing.error.build", Args: map[string]any{"Name": b.Name, "Detail": reason(err)}}, "%s: %w", b.Name, err)
}

// undrawn words what the method refuses of a plan.
func (b *Built) undrawn(err error) error {
	var step *composite.Error
	if !errors.As(err, &step) {
		return b.fail(err)
	}
	return shanyraq.Tell("standing.Built", shanyraq.Invalid, shanyraq.Text{Key: "standing.error.plan", Args: map[string]any{"Name": b.Name, "Detail": reason(err)}}, "%s: %w", b.Name, err)
}

// known returns an error for a unit that is not in the index.
func (b *Built) known(unit string) error {
	if slices.Contains(b.result.Units, unit) {
		return nil
	}
	key := "standing.error.unit"
	if slices.Contains(b.result.Dropped, unit) {
		key = "standing.error.dropped"
	}
	return shanyraq.Tell("standing.Built", shanyraq.NotFound, shanyraq.Text{Key: key, Args: map[string]any{"Unit": unit, "Name": b.Name}}, "%s has no unit %q", b.Name, unit)
}

// Scores returns every score and rank of every aggregate.
func (b *Built) Scores() []OwnRow { return coin.Scores(b.Name, b.result, b.index) }

// level returns the level of an element.
func (b *Built) level(code string) int {
	for l := 1; l <= b.index.Depth(); l++ {
		if slices.Contains(b.index.Codes(l), code) {
			return l
		}
	}
	return 0
}

// row is a row of the results; of an unknown code, one about no element.
func (b *Built) row(dataset, code, unit string, v float64) OwnRow {
	return OwnRow{Config: b.Name, Dataset: dataset, Level: b.level(code), Code: code, Unit: unit, Value: v}
}

// ownDraws and ownRows are how often an index of the reader's own is built anew
// for its ranks and for what moves them, if the plan does not say.
const (
	ownDraws = 1000
	ownRows  = 256
)

// FewestDraws and MostDraws bound how often an index of the reader's own is
// built anew.
const (
	FewestDraws = 10
	MostDraws   = 100_000
)

// ReadPlan reads what is uncertain about an index, in JSON, as
// [Plan] is written; without draws, seed or level it has those of the
// built-in indices. It returns an [shanyraq.Invalid] error.
func ReadPlan(r io.Reader, name string) (Plan, error) {
	var p Plan
	text, err := io.ReadAll(io.LimitReader(r, 64<<20))
	if err != nil {
		return p, shanyraq.Errorf("standing.ReadPlan", shanyraq.Other, "%s: %w", name, err)
	}
	if err := composite.Parse(text, &p); err != nil {
		return p, missettings(&coin.Error{File: name, Err: err})
	}
	switch {
	case len(p.Factors) == 0:
		return p, missettings(&coin.Error{File: name, Settings: "factors", Err: coin.ErrEmpty})
	case p.Draws != 0 && (p.Draws < FewestDraws || p.Draws > MostDraws):
		return p, shanyraq.Tell("standing.ReadPlan", shanyraq.Invalid, shanyraq.Text{Key: "standing.error.draws", Args: map[string]any{"Field": name + ", draws", "Found": p.Draws, "Least": FewestDraws, "Most": MostDraws}}, "%s: %d draws", name, p.Draws)
	}
	return p, nil
}

// complete fills in what the plan leaves open.
func complete(p Plan, draws int) Plan {
	if p.Draws == 0 {
		p.Draws = draws
	}
	if p.Level == 0 {
		p.Level = level
	}
	if p.Seed == 0 {
		p.Seed = seed
	}
	return p
}

// rescaled reports whether the scale itself varies, so that scores of two draws
// cannot be held beside each other.
func rescaled(p Plan) bool {
	return slices.ContainsFunc(p.Factors, func(f composite.Factor) bool {
		return slices.ContainsFunc(f.Choice, func(o composite.Option) bool { return o.Normalise != nil || o.Exceptions != nil })
	})
}

// League returns for each unit its score and rank, the range of each over the
// draws of the plan (of the score only where its scale does not vary), the middle
// rank, the tier, units in one tier being those that cannot be told apart, and
// the rank among the units of the same group, for each column of groups.
func (b *Built) League(ctx context.Context, p Plan) ([]OwnRow, error) {
	d, err := b.index.Simulate(ctx, complete(p, ownDraws))
	if err != nil {
		return nil, b.undrawn(err)
	}
	top := b.index.Top()
	if p.Of != "" {
		top = p.Of
	}
	scores, ranks := b.result.Values(top), b.result.Ranks(top)
	if scores == nil {
		return nil, b.fail(fmt.Errorf("%w: %s", composite.ErrUnknown, top))
	}
	at := map[string]int{}
	for i, u := range d.Units() {
		at[u] = i
	}
	tier := map[int]int{}
	for k, members := range d.Tiers(level) {
		for _, i := range members {
			tier[i] = k + 1
		}
	}
	within := b.within(scores)
	order := make([]int, len(b.result.Units))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch ri, rj := ranks[i], ranks[j]; {
		case (ri == 0) != (rj == 0):
			return rj - ri
		default:
			return ri - rj
		}
	})
	var out []OwnRow
	for _, i := range order {
		u := b.result.Units[i]
		add := func(dataset string, v float64) { out = append(out, b.row(dataset, top, u, v)) }
		add("score", scores[i])
		if math.IsNaN(scores[i]) {
			add("rank", math.NaN())
			continue
		}
		add("rank", float64(ranks[i]))
		k := at[u]
		if !rescaled(p) {
			low, high := d.ScoreRange(k)
			add("score_lo", low)
			add("score_hi", high)
		}
		best, worst := d.RankRange(k)
		add("rank_lo", float64(best))
		add("rank_mid", float64(d.Median(k)))
		add("rank_hi", float64(worst))
		add("tier", float64(tier[k]))
		for g, in := range within {
			if r := in[i]; r > 0 {
				add(rankIn+b.groups[g], float64(r))
			}
		}
	}
	return out, nil
}

// rankIn begins the name of the rank within the units of a group.
const rankIn = "rank_in_"

// within returns the ranks of the values among the units of the same group, for
// each column of groups.
func (b *Built) within(values []float64) [][]int {
	t := b.index.Table()
	var out [][]int
	for _, name := range b.groups {
		var of []string
		for _, u := range b.result.Units {
			of = append(of, t.Groups[name][slices.Index(t.Units, u)])
		}
		out = append(out, composite.GroupRanks(values, of))
	}
	return out
}

// Explain returns how every value of one unit came about: of an indicator its
// value in the table and after each step; of every element its score, its rank,
// the share of the others it is above, its weight among its siblings and, where
// the mean is arithmetic, what it gives to its parent. For no unit it returns
// what each element weighs.
func (b *Built) Explain(unit string) ([]OwnRow, error) {
	var out []OwnRow
	if unit == "" {
		for _, w := range b.result.Weights {
			out = append(out, b.row("weight", w.Code, "", w.Weight), b.row("weight_within", w.Code, "", w.Within), b.row("weight_of_all", w.Code, "", w.Share))
		}
		return out, nil
	}
	if err := b.known(unit); err != nil {
		return nil, err
	}
	profile, err := b.result.Profile(unit)
	if err != nil {
		return nil, b.fail(err)
	}
	gives := map[string]composite.Part{}
	accounts := map[string]composite.Account{}
	for _, s := range profile {
		a, err := b.result.Account(s.Code, unit)
		if err != nil {
			return nil, b.fail(err)
		}
		accounts[s.Code] = a
		for _, p := range a.Parts {
			gives[p.Code] = p
		}
	}
	for _, s := range profile {
		add := func(dataset string, v float64) { out = append(out, b.row(dataset, s.Code, unit, v)) }
		for _, step := range accounts[s.Code].Steps {
			name := string(step.Step)
			if name == "" {
				name = "raw"
			}
			add(name, step.Value)
		}
		add("score", s.Value)
		rank := math.NaN()
		if s.Rank > 0 {
			rank = float64(s.Rank)
		}
		add("rank", rank)
		add("above", s.Better)
		if p, ok := gives[s.Code]; ok {
			add("weight_within", p.Weight)
			if !math.IsNaN(p.Gives) {
				add("gives", p.Gives)
			}
		}
	}
	return out, nil
}

// Sensitivity returns, for each thing that varies, the share of the variance of
// the mean shift of ranks that goes with it, alone (effect_first) and in all
// (effect_total), with intervals; and for a unit the same of its rank, and what
// each indicator alone would have to become for it to gain so many ranks.
func (b *Built) Sensitivity(ctx context.Context, p Plan, unit string, gain int) ([]OwnRow, error) {
	if unit != "" {
		if err := b.known(unit); err != nil {
			return nil, err
		}
	}
	s, err := b.index.Sensitivity(ctx, complete(p, ownRows), composite.Centred)
	if err != nil {
		return nil, b.undrawn(err)
	}
	effects, of := s.Shift, ""
	if unit != "" {
		of = unit
		effects = s.Rank(slices.Index(s.All.Units(), unit))
	}
	var out []OwnRow
	for k, e := range effects {
		for _, part := range []struct {
			name string
			is   composite.Estimate
		}{{"effect_first", e.First}, {"effect_total", e.Total}} {
			for suffix, v := range map[string]float64{"": part.is.Value, "_lo": part.is.Lo, "_hi": part.is.Hi} {
				out = append(out, OwnRow{Config: b.Name, Dataset: part.name + suffix, Code: s.Factors[k], Unit: of, Value: v})
			}
		}
	}
	slices.SortStableFunc(out, func(x, y OwnRow) int { return order(x.Dataset, y.Dataset, x.Code, y.Code, s.Factors) })
	if unit == "" {
		return out, nil
	}
	levers, err := b.index.Reach(ctx, composite.Reach{Unit: unit, Ranks: gain})
	switch {
	case errors.Is(err, composite.ErrSettings): // too near the top to gain so many
		return out, nil
	case err != nil:
		return nil, b.fail(err)
	}
	for _, l := range levers {
		for _, x := range []struct {
			dataset string
			v       float64
		}{{"reach_from", l.From}, {"reach_to", l.To}, {"reach_part", l.Part}, {"reach_best", float64(l.Best)}} {
			out = append(out, b.row(x.dataset, l.Code, unit, x.v))
		}
	}
	return out, nil
}

// order puts datasets in the order of the alphabet and factors as they vary.
func order(a, b, factorA, factorB string, factors []string) int {
	if i, j := slices.Index(factors, factorA), slices.Index(factors, factorB); i != j {
		return i - j
	}
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Compare returns score and rank of the units on every element, their ranks within
// their groups, and how often
// each stands above each of the others over the draws of the plan, the two
// named with > between.
func (b *Built) Compare(ctx context.Context, p Plan, units []string) ([]OwnRow, error) {
	var out []OwnRow
	for _, u := range units {
		if err := b.known(u); err != nil {
			return nil, err
		}
		profile, err := b.result.Profile(u)
		if err != nil {
			return nil, b.fail(err)
		}
		for _, s := range profile {
			rank := math.NaN()
			if s.Rank > 0 {
				rank = float64(s.Rank)
			}
			out = append(out, b.row("score", s.Code, u, s.Value), b.row("rank", s.Code, u, rank))
			if s.Code != b.index.Top() {
				continue
			}
			for g, in := range b.within(b.result.Scores()) {
				if r := in[slices.Index(b.result.Units, u)]; r > 0 {
					out = append(out, b.row(rankIn+b.groups[g], s.Code, u, float64(r)))
				}
			}
		}
	}
	d, err := b.index.Simulate(ctx, complete(p, ownDraws))
	if err != nil {
		return nil, b.undrawn(err)
	}
	for _, u := range units {
		for _, v := range units {
			if i, j := slices.Index(d.Units(), u), slices.Index(d.Units(), v); i != j {
				out = append(out, b.row("above", b.index.Top(), u+">"+v, d.Above(i, j)))
			}
		}
	}
	return out, nil
}

// Moves returns by how many places each unit stands better under the other
// settings than under these; missing where it has no rank in one of them.
func (b *Built) Moves(other *Built) ([]OwnRow, error) {
	moves, err := composite.Compare(b.result, other.result, b.index.Top())
	if err != nil {
		return nil, b.fail(err)
	}
	var out []OwnRow
	for _, m := range moves {
		v := math.NaN()
		if m.Before > 0 && m.After > 0 {
			v = float64(m.Before - m.After)
		}
		out = append(out, OwnRow{Config: b.Name + ">" + other.Name, Dataset: "rank_gain", Level: b.index.Depth(), Code: b.index.Top(), Unit: m.Unit, Value: v})
	}
	return out, nil
}

// Audit returns the evidence by which an index is judged: what is missing of
// each unit and indicator and how each indicator is spread, with doubts as 1;
// what was done about outliers, and anything else that a reader might not
// expect; how far indicators go together and with what
// they are part of; and what leaving each element out does to the ranks.
func (b *Built) Audit() ([]OwnRow, error) {
	var out []OwnRow
	flag := func(on bool) float64 {
		if on {
			return 1
		}
		return 0
	}
	for _, c := range b.index.Coverage() {
		out = append(out, OwnRow{Config: b.Name, Dataset: "available", Unit: c.Unit, Value: c.Availability()})
	}
	for _, n := range b.result.Notes {
		out = append(out, b.row("note_"+string(n.Kind), n.Code, n.Unit, 1))
	}
	for _, u := range b.result.Dropped {
		out = append(out, OwnRow{Config: b.Name, Dataset: "screened_out", Unit: u, Value: 1})
	}
	table := b.index.Table()
	for _, code := range b.index.Codes(1) {
		d := composite.Statistics(table.Values[code])
		f := d.Flags(composite.DefaultLimits())
		for _, x := range []struct {
			dataset string
			v       float64
		}{{"available", float64(d.Available) / float64(d.Units)}, {"unique", float64(d.Unique)}, {"skewness", d.Skew}, {"kurtosis", d.Kurtosis},
			{"doubt_sparse", flag(f.Sparse)}, {"doubt_zeros", flag(f.Zeros)}, {"doubt_repeated", flag(f.Repeated)}, {"doubt_skewed", flag(f.Skewed)}} {
			out = append(out, b.row(x.dataset, code, "", x.v))
		}
	}
	for _, t := range b.result.Treated {
		if t.Action() == "none" {
			continue
		}
		out = append(out, b.row("winsorised", t.Code, "", float64(len(t.Winsorised))), b.row("transformed", t.Code, "", flag(t.Transform != composite.NoTransform)),
			b.row("skewness_after", t.Code, "", t.Skew[1]), b.row("kurtosis_after", t.Code, "", t.Kurtosis[1]))
	}
	var err error
	b.index.Definition().Framework.Walk(func(n composite.Node, _ string, _ int) {
		whole := b.result.Values(n.Code)
		if len(n.Children) == 0 || whole == nil {
			return
		}
		var cols [][]float64
		n.Walk(func(leaf composite.Node, _ string, _ int) {
			if v := b.result.Values(leaf.Code); len(leaf.Children) == 0 && v != nil {
				cols = append(cols, v)
			}
		})
		if len(cols) > 1 {
			out = append(out, b.row("alpha", n.Code, "", composite.Cronbach(cols)))
		}
		for _, c := range n.Children {
			if v := b.result.Values(c.Code); v != nil {
				out = append(out, b.row("correlation_with_parent", c.Code, "", composite.Pearson(v, whole).R))
			}
		}
	})
	for l := 1; l < b.index.Depth(); l++ {
		removals, e := b.index.Removals(l)
		if e != nil {
			err = errors.Join(err, b.fail(e))
			continue
		}
		for _, r := range removals {
			out = append(out, b.row("removal_mean_shift", r.Code, "", r.Mean))
		}
	}
	return out, err
}
