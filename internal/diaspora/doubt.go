package diaspora

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"shanyraq"
	"shanyraq/methods/pooling"
)

// A Part is a claim's part in a host's pooled size.
type Part struct {
	Claim   shanyraq.Claim
	Gain    float64          // by how much the log of the size moves with the log of the claim
	Weight  float64          // share of its full weight: 1 where it fits, near 0 where it cannot be
	Without shanyraq.Figure  // the size without it; zero if nothing else speaks of the host
	Quotes  shanyraq.ClaimID // of a claim that repeats another: which
	Edition bool             // it repeats it as another edition of one publication
	Persons shanyraq.Figure  // of a share of the host's population: what it comes to; else zero
}

// Outlier reports whether the claim counts for less than a third: because it
// fits the others badly, or because its own record says that it cannot be.
func (p Part) Outlier() bool { return p.Quotes == "" && p.Weight < outlierWeight }

const outlierWeight = 1.0 / 3

// weight returns the share of its full weight that claim i has. The weight of
// a figure that fits exactly is (ν+1)/ν.
func (s *PooledSet) weight(i int) float64 {
	nu := s.Model.Robust
	return min(1, s.post.Weights[i]*nu/(nu+1))
}

// Parts returns the claims about the host in the set, by how much they move
// its size, and then those that only repeat one of them.
func (s *PooledSet) Parts(host shanyraq.CountryCode) ([]Part, error) {
	c := slices.Index(s.post.Hosts, string(host))
	if c < 0 {
		return nil, nil
	}
	gain := s.post.Gain(c)
	var out []Part
	for _, i := range s.byGain(host, gain) {
		p := Part{Claim: s.claims[i], Gain: gain[i], Weight: s.weight(i), Persons: s.counted[s.claims[i].ID]}
		if change := s.without(i); change.Host.Host != "" {
			var err error
			if p.Without, err = s.withoutFigure(i, change.Host); err != nil {
				return nil, err
			}
		}
		out = append(out, p)
	}
	for _, q := range s.quotes {
		if c := s.quoted[q.Figure]; c.Place == host {
			name, _ := edition(c)
			of, _ := edition(s.claims[q.Origin])
			out = append(out, Part{Claim: c, Quotes: s.claims[q.Origin].ID, Edition: name != "" && name == of, Persons: s.counted[c.ID]})
		}
	}
	return out, nil
}

// without returns what pooling without claim i gives.
func (s *PooledSet) without(i int) pooling.Change {
	s.tried.Do(func() { s.gone = s.post.Without() })
	return s.gone[i]
}

// withoutFigure makes the figure of a host's size without claim i.
func (s *PooledSet) withoutFigure(i int, st pooling.Stock) (shanyraq.Figure, error) {
	host := s.claims[i].Place
	f := s.sizes[host]
	l := shanyraq.Lineage{Method: MethodPooled, Assumptions: assumptions(),
		Formula: fmt.Sprintf("N without x = %.0f,  with it %.0f", st.Median, f.Value()),
		Inputs: []shanyraq.Input{s.input("x", i),
			{Symbol: "N", Path: f.Path(), Place: host, When: shanyraq.YearPeriod(s.Year), Value: f.Value(), Unit: "persons"}}}
	for j, c := range s.claims {
		if j != i && c.Place == host && !slices.Contains(l.Sources, c.Source) {
			l.Sources = append(l.Sources, c.Source)
		}
	}
	return shanyraq.NewFigure(pooledPath(s.Home, host, s.Set, s.Year, nil)+"/without/"+string(s.claims[i].ID), st.Median, s.interval(st), "persons", l)
}

// Outliers returns the claims of all hosts that fit the others so badly that
// they count for less than a third, the worst first. None is deleted.
func (s *PooledSet) Outliers() []Part {
	var out []Part
	for i, c := range s.claims {
		if p := (Part{Claim: c, Weight: s.weight(i), Persons: s.counted[c.ID]}); p.Outlier() {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b Part) int { return cmp.Compare(a.Weight, b.Weight) })
	return out
}

// A Turn is a prior and what the totals become when it is moved.
type Turn struct {
	Prior    Prior
	Down, Up Priors
	Totals   map[Set][2]shanyraq.Figure // at Down and at Up
}

// Turns lists each prior with what it is moved to, in the order of [Defaults].
func Turns() []Turn {
	var out []Turn
	for _, d := range Defaults() {
		out = append(out, Turn{Prior: d, Down: Priors{d.Key: tidy(d.Value / d.Factor)}, Up: Priors{d.Key: tidy(d.Value * d.Factor)}, Totals: map[Set][2]shanyraq.Figure{}})
	}
	return out
}

// Sensitivity returns what the total of each set becomes when each prior in
// turn is moved by its factor, down and up, the one that moves most first.
func (r *Room) Sensitivity(ctx context.Context, home shanyraq.CountryCode, year int) ([]Turn, error) {
	const op = "diaspora.Sensitivity"
	if err := r.prepare(ctx, home); err != nil {
		return nil, shanyraq.Errorf(op, shanyraq.KindOf(err), "%s: %w", home, err)
	}
	r.turning.Lock()
	defer r.turning.Unlock()
	key := fmt.Sprintf("%s/%d", home, year)
	if t, ok := r.turns[key]; ok {
		return t, nil
	}
	r.pooling.Lock()
	h, err := r.hear(ctx, home, year)
	r.pooling.Unlock()
	if err != nil {
		return nil, err
	}
	out := Turns()
	var wait sync.WaitGroup
	faults := make([]error, len(out))
	lanes := make(chan struct{}, 1) // one at a time: what they hold together would not be small
	for i := range out {
		t := &out[i]
		wait.Go(func() {
			lanes <- struct{}{}
			defer func() { <-lanes }()
			for _, s := range h.sets {
				if !slices.Contains(t.Prior.Sets, s.Set) {
					continue
				}
				var pair [2]shanyraq.Figure
				for j, p := range []Priors{t.Down, t.Up} {
					if faults[i] = ctx.Err(); faults[i] != nil {
						return
					}
					moved, err := together(home, h.year, s, p)
					if err != nil {
						faults[i] = err
						return
					}
					pair[j] = moved.Total
				}
				t.Totals[s.Set] = pair
			}
		})
	}
	wait.Wait()
	for _, err := range faults {
		if err != nil {
			return nil, shanyraq.Errorf(op, shanyraq.KindOf(err), "%s %d: %w", home, year, err)
		}
	}
	out = slices.DeleteFunc(out, func(t Turn) bool { return len(t.Totals) == 0 })
	slices.SortStableFunc(out, func(a, b Turn) int { return cmp.Compare(b.reach(), a.reach()) })
	if len(r.turns) > 20 {
		clear(r.turns)
	}
	r.turns[key] = out
	return out, nil
}

// tidy rounds a setting to three digits, so that its address is short.
func tidy(v float64) float64 {
	p := math.Pow10(2 - int(math.Floor(math.Log10(v))))
	return math.Round(v*p) / p
}

// reach returns how far the total that moves most moves, as a log ratio.
func (t Turn) reach() float64 {
	m := 0.0
	for _, pair := range t.Totals {
		m = max(m, math.Abs(math.Log(pair[1].Value()/pair[0].Value())))
	}
	return m
}

// A Gap is one line of the coverage of a set: what is held of one host, and
// how old it is.
type Gap struct {
	Place  shanyraq.CountryCode
	Claims map[Set]int
	Newest map[Set]int // year; 0 where every claim is undated
	Best   map[Set]shanyraq.Strength
	Held   shanyraq.Figure // how many claims there are, under any set
}

// MethodHeld is the count of claims held of a host.
const MethodHeld shanyraq.MethodKey = "claims-held"

// Coverage returns what is held of every host that any set has, by code, as of
// the year.
func (p *Pooled) Coverage() ([]Gap, error) {
	by := map[shanyraq.CountryCode]*Gap{}
	for _, h := range p.Hosts {
		by[h.Place] = &Gap{Place: h.Place, Claims: map[Set]int{}, Newest: map[Set]int{}, Best: map[Set]shanyraq.Strength{}}
	}
	held := map[shanyraq.CountryCode][]shanyraq.Claim{}
	for _, s := range p.Sets {
		for _, c := range slices.Concat(s.claims, s.quoted) {
			g := by[c.Place]
			held[c.Place] = append(held[c.Place], c)
			g.Claims[s.Set]++
			g.Newest[s.Set] = max(g.Newest[s.Set], c.When.Year())
			if b := g.Best[s.Set]; b == 0 || c.Strength < b {
				g.Best[s.Set] = c.Strength
			}
		}
	}
	var out []Gap
	for _, h := range p.Hosts {
		g := by[h.Place]
		var err error
		if g.Held, err = p.held(h.Place, held[h.Place]); err != nil {
			return nil, err
		}
		out = append(out, *g)
	}
	return out, nil
}

// held makes the figure of how many claims are held of a host.
func (p *Pooled) held(place shanyraq.CountryCode, cs []shanyraq.Claim) (shanyraq.Figure, error) {
	n := float64(len(cs))
	l := shanyraq.Lineage{Method: MethodHeld, Formula: fmt.Sprintf("claims up to %d, repeated ones among them = %.0f", p.Year, n), Sources: shanyraq.SourcesOf(cs...), Assumptions: []shanyraq.Assumption{shanyraq.Assume("records_partial", shanyraq.TooLow)}}
	for _, c := range cs[:min(12, len(cs))] {
		l.Inputs = append(l.Inputs, shanyraq.InputOf("", c))
	}
	return shanyraq.NewFigure(withPriors(fmt.Sprintf("diaspora/%s/%s/held/%d", p.Home, place, p.Year), p.Priors), n, shanyraq.Interval{Lo: n, Hi: n, Kind: shanyraq.Counted}, "records", l)
}

// withoutAt returns the figure at the path of a size without a claim.
func (p *Pooled) withoutAt(path string) (shanyraq.Figure, error) {
	none := shanyraq.Errorf("diaspora.Figure", shanyraq.NotFound, "no figure %s", path)
	_, id, ok := strings.Cut(path, "/without/")
	if !ok {
		return shanyraq.Figure{}, none
	}
	for _, s := range p.Sets {
		for i, c := range s.claims {
			if string(c.ID) != id || !strings.HasPrefix(path, pooledPath(p.Home, c.Place, s.Set, p.Year, nil)+"/") {
				continue
			}
			if change := s.without(i); change.Host.Host != "" {
				return s.withoutFigure(i, change.Host)
			}
		}
	}
	return shanyraq.Figure{}, none
}
