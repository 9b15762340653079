package standing

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"

	"shanyraq"
	"shanyraq/methods/composite"
)

// A Beside is a published ranking held beside an index.
type Beside struct {
	Series    shanyraq.SeriesID
	When      shanyraq.Period
	N         int             // countries in both
	Agreement shanyraq.Figure // rank correlation, −1 to 1; zero for fewer than five countries
	Gaps      []Gap           // the largest disagreements, at most five
}

// A Gap is a country that two rankings place differently, among the countries
// that both have.
type Gap struct {
	Place     shanyraq.CountryCode
	Published shanyraq.Claim // its published rank, among all that ranking has
	Here      shanyraq.Figure
	Ours      int // place among the countries in both
	Theirs    int
}

// fewestPairs is how many countries a rank correlation needs here.
const fewestPairs = 5

// Besides returns the published rankings held beside the index.
func (x *Index) Besides() ([]Beside, error) {
	var out []Beside
	for _, id := range x.Validators {
		b, err := x.beside(id)
		if err != nil {
			return nil, shanyraq.Errorf("standing.Besides", shanyraq.Other, "%s: %w", id, err)
		}
		if b.N > 0 {
			out = append(out, b)
		}
	}
	return out, nil
}

func (x *Index) beside(id shanyraq.SeriesID) (Beside, error) {
	b := Beside{Series: id}
	var cs []shanyraq.Claim
	var ours, theirs []float64 // the higher the better
	for _, c := range x.checked[id] {
		if at, ok := slices.BinarySearch(x.places, c.Place); ok && x.ranks[at] > 0 {
			cs, ours, theirs = append(cs, c), append(ours, x.scores[at]), append(theirs, -c.Value)
			b.When = c.When
		}
	}
	b.N = len(cs)
	if b.N == 0 {
		return b, nil
	}
	a, t := composite.Ranks(ours), composite.Ranks(theirs)
	at := make([]int, len(cs))
	for i := range at {
		at[i] = i
	}
	apart := func(i int) int { return max(a[i]-t[i], t[i]-a[i]) }
	slices.SortStableFunc(at, func(i, j int) int { return apart(j) - apart(i) })
	for _, i := range at[:min(5, len(at))] {
		if apart(i) == 0 {
			break
		}
		e, _, err := x.Of(cs[i].Place)
		if err != nil {
			return b, err
		}
		b.Gaps = append(b.Gaps, Gap{cs[i].Place, cs[i], e.Rank, a[i], t[i]})
	}
	if b.N < fewestPairs {
		return b, nil
	}
	rho := composite.Spearman(ours, theirs).R
	if math.IsNaN(rho) || math.Abs(rho) >= 1 {
		rho = math.Copysign(min(math.Abs(rho), 1-1e-9), rho)
	}
	if math.IsNaN(rho) {
		return b, nil
	}
	// Fisher's transformation with the standard error of a rank correlation.
	se := math.Sqrt(1.06 / float64(b.N-3))
	z := math.Atanh(rho)
	inputs := inputsOf(cs)
	sources := shanyraq.SourcesOf(cs...)
	for _, c := range cs {
		e, _, err := x.Of(c.Place)
		if err != nil {
			return b, err
		}
		inputs = append(inputs, shanyraq.Input{Symbol: "rank", Path: e.Rank.Path(), Place: c.Place, When: shanyraq.YearPeriod(x.Year), Value: e.Rank.Value(), Unit: "rank"})
		sources = merge(sources, e.Rank.Lineage().Sources)
	}
	var err error
	b.Agreement, err = shanyraq.NewFigure(x.path(shanyraq.World, "beside-"+string(id)), rho,
		shanyraq.Interval{Lo: math.Tanh(z - 1.959963984540054*se), Hi: math.Tanh(z + 1.959963984540054*se), Level: level, Kind: shanyraq.Confidence}, "index",
		shanyraq.Lineage{Method: MethodAgreement, Sources: sources, Inputs: inputs,
			Formula:     fmt.Sprintf("r of ranks, n = %d;  atanh r, 1.96 times the root of 1.06 / (n − 3) to either side, and back", b.N),
			Assumptions: []shanyraq.Assumption{shanyraq.Assume("agreement_quoted", shanyraq.EitherWay), shanyraq.Assume("states_independent", shanyraq.TooNarrow)}})
	return b, err
}

// A Switched is what the rule for missing values makes of one country's rank.
type Switched struct {
	Place      shanyraq.CountryCode
	Lacks      []string
	Drop, Zero shanyraq.Figure
}

// Switched returns the countries ranked with something missing, with their
// rank where what is missing is left out and where it counts as zero: all of
// them, by the first of the two. It returns nothing for an index that ranks
// only countries that have everything.
func (r *Room) Switched(ctx context.Context, key IndexKey, year int) ([]Switched, error) {
	drop, err := r.Index(ctx, key, year, string(composite.Drop), nil)
	if err != nil {
		return nil, err
	}
	if !drop.Switchable() {
		return nil, nil
	}
	zero, err := r.Index(ctx, key, year, string(composite.Zero), nil)
	if err != nil {
		return nil, err
	}
	var out []Switched
	for _, i := range drop.order() {
		place := drop.places[i]
		var lacks []string
		for _, m := range drop.Measures {
			if _, ok := drop.values[m.Code][place]; !ok {
				lacks = append(lacks, m.Code)
			}
		}
		if len(lacks) == 0 {
			continue
		}
		a, _, err := drop.Of(place)
		if err != nil {
			return nil, err
		}
		b, _, err := zero.Of(place)
		if err != nil {
			return nil, err
		}
		out = append(out, Switched{place, lacks, a.Rank, b.Rank})
	}
	return out, nil
}

// indexFigure returns the figure at {index}[~{rule}]/{place}/{year}/{what}, and
// a zero one if there is none.
func (r *Room) indexFigure(ctx context.Context, seg []string, q url.Values) (shanyraq.Figure, error) {
	var none shanyraq.Figure
	key, rule, _ := strings.Cut(seg[0], "~")
	var year int
	if _, err := fmt.Sscanf(seg[2], "%d", &year); err != nil || fmt.Sprint(year) != seg[2] || year < 1 || !slices.Contains(IndexKeys(), IndexKey(key)) {
		return none, nil
	}
	x, err := r.Index(ctx, IndexKey(key), year, rule, q)
	if err != nil {
		return none, err
	}
	place, what := shanyraq.CountryCode(seg[1]), seg[3]
	here := func(f shanyraq.Figure, err error) (shanyraq.Figure, error) {
		path, _, _ := strings.Cut(f.Path(), "?")
		if err != nil || path != "standing/index/"+strings.Join(seg, "/") {
			return none, err
		}
		return f, nil
	}
	if id, ok := strings.CutPrefix(what, "beside-"); ok && place == shanyraq.World && slices.Contains(x.Validators, shanyraq.SeriesID(id)) {
		b, err := x.beside(shanyraq.SeriesID(id))
		return here(b.Agreement, err)
	}
	if v, ok := x.values[what][place]; ok {
		return here(v.figure())
	}
	if code, ok := strings.CutPrefix(what, "weight-"); ok && place == shanyraq.World {
		pieces, err := x.Pieces()
		for _, p := range pieces {
			if p.Code == code {
				return here(p.Weight, err)
			}
		}
		return none, err
	}
	if code, ok := strings.CutPrefix(what, "rank-"); ok {
		lines, err := x.Profile(place)
		for _, l := range lines {
			if l.Code == code {
				return here(l.Rank, err)
			}
		}
		return none, err
	}
	if f, ok, err := x.asideFigure(ctx, r, place, what); ok || err != nil {
		return here(f, err)
	}
	e, _, err := x.Of(place)
	if err != nil {
		return none, err
	}
	for _, f := range []shanyraq.Figure{e.Rank, e.Score, e.Above} {
		if g, err := here(f, nil); err == nil && !g.IsZero() {
			return g, nil
		}
	}
	return none, nil
}
