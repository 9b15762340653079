package vectors

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"shanyraq"
	"shanyraq/methods/votes"
)

// The methods of votes and positions.
const (
	MethodSession     shanyraq.MethodKey = "vote-agreement-session"
	MethodPosition    shanyraq.MethodKey = "ideal-point"
	MethodDistance    shanyraq.MethodKey = "vote-distance"
	MethodMoved       shanyraq.MethodKey = "position-change"
	MethodMove        shanyraq.MethodKey = "vote-move"
	MethodCorrelation shanyraq.MethodKey = "correlation"
	MethodAlone       shanyraq.MethodKey = "ideal-point-alone"
	MethodLikeness    shanyraq.MethodKey = "vote-likeness"
)

// anchor is the state on whose side positions are called positive.
const anchor shanyraq.CountryCode = "USA"

// A fit is the positions of all states, and where they came from.
type fit struct {
	sources  []shanyraq.SourceID
	calls    []RollCall // those used, in order
	column   map[shanyraq.CountryCode]int
	space    *votes.Space
	alone    *votes.Space // every session by itself; nil where that cannot be
	sessions []int
}

// A fitting is a fit under way.
type fitting struct {
	done chan struct{}
	fit  *fit
	err  error
}

// Prepare begins to place the states by their votes, if nobody has, and returns
// at once. The first answer that needs the positions waits for them.
func (r *Room) Prepare(ctx context.Context) { _, _ = r.begin(ctx) }

// begin starts the fit unless it runs or is done.
func (r *Room) begin(ctx context.Context) (*fitting, error) {
	r.placing.Lock()
	defer r.placing.Unlock()
	if r.placed != nil {
		return r.placed, nil
	}
	rc, err := r.rollCalls(ctx)
	if err != nil && shanyraq.KindOf(err) != shanyraq.NotFound {
		return nil, err
	}
	f := &fitting{done: make(chan struct{})}
	r.placed = f
	go func() {
		defer close(f.done)
		f.fit, f.err = place(rc)
	}()
	return f, nil
}

// positions returns the fit, and nil where there are no roll calls to place
// anybody by.
func (r *Room) positions(ctx context.Context) (*fit, error) {
	f, err := r.begin(ctx)
	if err != nil {
		return nil, err
	}
	select {
	case <-f.done:
		return f.fit, f.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// place fits the positions of all states over all sessions. Votes on single
// paragraphs and amendments are left out, as the authors of the published series
// leave them out after 1989.
func place(rc RollCalls) (*fit, error) {
	f := &fit{sources: rc.Sources, column: map[shanyraq.CountryCode]int{}}
	for i, s := range rc.States {
		f.column[s.Code] = i
	}
	var records []string
	var sessions []int
	for _, c := range rc.Calls {
		if !votes.OnPart(c.Title) {
			f.calls, records, sessions = append(f.calls, c), append(records, c.Votes), append(sessions, c.Session)
		}
	}
	at, ok := f.column[anchor]
	if len(f.calls) == 0 || !ok {
		return nil, nil
	}
	var err error
	if f.space, err = votes.Dynamic(records, sessions, nil, votes.Model{Anchor: at}); err != nil {
		return nil, fmt.Errorf("positions: %w", err)
	}
	f.sessions = f.space.Sessions
	if alone, err := votes.PerSession(records, sessions, votes.Model{Anchor: at}); err == nil {
		f.alone = alone // else the anchor missed a session, and the positions of all stand without
	}
	return f, nil
}

// A Session is where home and the powers stood in one session of the General
// Assembly. A power without a place has no entry.
type Session struct {
	Number    int
	Position  map[shanyraq.CountryCode]shanyraq.Figure // by place, home among them
	Distance  map[shanyraq.CountryCode]shanyraq.Figure // of home from each power
	Agreement map[shanyraq.CountryCode]shanyraq.Figure // percent of votes alike
	// Published is home's position in the published series, and Correlation
	// that of all states' positions here with theirs there.
	Published, Correlation shanyraq.Figure
	// Alone is home's position by the votes of the session alone, and
	// AloneCorrelation as Correlation for such positions.
	Alone, AloneCorrelation shanyraq.Figure
}

// Year returns the year in which the session began.
func (s Session) Year() int { return 1945 + s.Number }

// Votes is a country's place in the General Assembly, session by session,
// oldest first.
type Votes struct {
	Home     shanyraq.CountryCode
	Powers   []shanyraq.CountryCode
	Sessions []Session
	Used     int // divided roll calls the positions rest on
	States   int
	Likeness []Likeness // by power, over the last sessions held
	Years    [2]int     // in which the first and last of those began
}

// Votes returns where home stood in each session held, how far from each power,
// and how that compares with the published series.
func (r *Room) Votes(ctx context.Context, home shanyraq.CountryCode) (Votes, error) {
	f, err := r.positions(ctx) // outside the memo, so that one reader's haste does not stop another
	if err != nil {
		return Votes{}, shanyraq.Errorf("vectors.Votes", shanyraq.KindOf(err), "%s: %w", home, err)
	}
	return r.houses.of(home, func() (Votes, error) {
		v, err := r.votes(ctx, home, f)
		if err != nil {
			return v, shanyraq.Errorf("vectors.Votes", shanyraq.KindOf(err), "%s: %w", home, err)
		}
		return v, nil
	})
}

func (r *Room) votes(ctx context.Context, home shanyraq.CountryCode, f *fit) (Votes, error) {
	b, err := r.Balance(ctx, home)
	if err != nil {
		return Votes{}, err
	}
	v := Votes{Home: home, Powers: b.Powers}
	if f == nil {
		return v, nil
	}
	v.Used, v.States = f.space.Used, len(f.column)
	members, err := r.group(ctx, Union)
	if err != nil {
		return v, err
	}
	published, err := r.published(ctx)
	if err != nil {
		return v, err
	}
	me, ok := f.column[home]
	if !ok {
		return v, nil
	}
	for _, number := range f.sessions {
		s := Session{Number: number, Position: map[shanyraq.CountryCode]shanyraq.Figure{}, Distance: map[shanyraq.CountryCode]shanyraq.Figure{}, Agreement: map[shanyraq.CountryCode]shanyraq.Figure{}}
		if s.Correlation, err = f.correlation("correlation", f.space, number, published[s.Year()]); err != nil {
			return v, fmt.Errorf("session %d: %w", number, err)
		}
		if f.alone != nil {
			if s.AloneCorrelation, err = f.correlation("correlation-alone", f.alone, number, published[s.Year()]); err != nil {
				return v, fmt.Errorf("session %d: %w", number, err)
			}
			if s.Alone, err = f.standsAlone(home, number); err != nil {
				return v, fmt.Errorf("session %d: %w", number, err)
			}
		}
		if f.space.Points(number)[me].Votes > 0 {
			if err := s.fill(f, home, b.Powers, members.In(s.Year())); err != nil {
				return v, fmt.Errorf("session %d: %w", number, err)
			}
			if c, ok := published[s.Year()][home]; ok {
				if s.Published, err = c.Figure(); err != nil {
					return v, fmt.Errorf("session %d: %w", number, err)
				}
			}
		}
		v.Sessions = append(v.Sessions, s)
	}
	v.Likeness, v.Years, err = r.likeness(ctx, home, b.Powers, members)
	return v, err
}

// published returns the published positions by year and place.
func (r *Room) published(ctx context.Context) (map[int]map[shanyraq.CountryCode]shanyraq.Claim, error) {
	return r.series.of("un_ideal_point", func() (map[int]map[shanyraq.CountryCode]shanyraq.Claim, error) {
		cs, err := r.IdealPoints(ctx)
		if err != nil {
			return nil, err
		}
		out := map[int]map[shanyraq.CountryCode]shanyraq.Claim{}
		for _, c := range cs {
			y := c.When.Year()
			if out[y] == nil {
				out[y] = map[shanyraq.CountryCode]shanyraq.Claim{}
			}
			out[y][c.Place] = c
		}
		return out, nil
	})
}

func (f *fit) lineage(m shanyraq.MethodKey, formula string) shanyraq.Lineage {
	return shanyraq.Lineage{Method: m, Formula: formula, Sources: f.sources, Assumptions: []shanyraq.Assumption{
		shanyraq.Assume("one_line", shanyraq.EitherWay), shanyraq.Assume("votes_independent", shanyraq.TooNarrow), shanyraq.Assume("absence_uninformative", shanyraq.EitherWay)}}
}

// fill makes the session's figures of home and the powers.
func (s *Session) fill(f *fit, home shanyraq.CountryCode, powers, members []shanyraq.CountryCode) error {
	points := f.space.Points(s.Number)
	level := f.space.Level
	standing := func(p shanyraq.CountryCode) (votes.Point, bool) {
		i, ok := f.column[p]
		if !ok || points[i].Votes == 0 || !(points[i].Lo < points[i].Hi) {
			return votes.Point{}, false
		}
		return points[i], true
	}
	for _, p := range append([]shanyraq.CountryCode{home}, powers...) {
		at, ok := standing(p)
		if !ok {
			continue
		}
		fig, err := f.position(p, s.Number, at)
		if err != nil {
			return err
		}
		s.Position[p] = fig
	}
	for _, p := range powers {
		if p == shanyraq.EuropeanUnion {
			if err := s.fromUnion(f, home, members); err != nil {
				return err
			}
			continue
		}
		if _, ok := standing(p); !ok {
			continue
		}
		d, err := f.space.Difference(s.Number, f.column[home], f.column[p])
		if err != nil {
			return err
		}
		v, lo, hi := d.Distance()
		if !(lo < hi) {
			continue
		}
		l := f.lineage(MethodDistance, fmt.Sprintf("|%.3f − %.3f| = %.3f", points[f.column[home]].Value, points[f.column[p]].Value, v))
		l.Inputs = append(l.Inputs, placed("a", s.Position[home], home, s.Year()), placed("b", s.Position[p], p, s.Year()))
		if s.Distance[p], err = shanyraq.NewFigure(fmt.Sprintf("vectors/distance/%s/%s/%d", home, p, s.Number), v, shanyraq.Interval{Lo: lo, Hi: hi, Level: level, Kind: shanyraq.Credible}, "points", l); err != nil {
			return err
		}
		if s.Agreement[p], err = f.alike(home, p, s.Number); err != nil {
			return err
		}
	}
	return nil
}

// placed returns the position of a place as an input.
func placed(symbol string, f shanyraq.Figure, p shanyraq.CountryCode, year int) shanyraq.Input {
	return shanyraq.Input{Symbol: symbol, Path: f.Path(), Place: p, When: shanyraq.YearPeriod(year), Value: f.Value(), Unit: f.Unit()}
}

// fromUnion makes the distance from the members of the union: their mean, from
// the nearest to the farthest.
func (s *Session) fromUnion(f *fit, home shanyraq.CountryCode, members []shanyraq.CountryCode) error {
	points := f.space.Points(s.Number)
	sum, n, lo, hi := 0.0, 0, math.Inf(1), 0.0
	for _, m := range members {
		i, ok := f.column[m]
		if !ok || m == home || points[i].Votes == 0 {
			continue
		}
		d := math.Abs(points[f.column[home]].Value - points[i].Value)
		sum, n, lo, hi = sum+d, n+1, min(lo, d), max(hi, d)
	}
	if n < 2 || !(lo < hi) {
		return nil
	}
	l := f.lineage(MethodDistance, fmt.Sprintf("mean over %d members = %.3f, members from %.3f to %.3f", n, sum/float64(n), lo, hi))
	var err error
	s.Distance[shanyraq.EuropeanUnion], err = shanyraq.NewFigure(fmt.Sprintf("vectors/distance/%s/%s/%d", home, shanyraq.EuropeanUnion, s.Number), sum/float64(n), shanyraq.Interval{Lo: lo, Hi: hi, Kind: shanyraq.Spread}, "points", l)
	return err
}

// alike returns the percent of the votes of a session that the two cast alike,
// with the votes of one day going together.
func (f *fit) alike(a, b shanyraq.CountryCode, session int) (shanyraq.Figure, error) {
	var x, y []string
	var day shanyraq.Period
	for _, c := range f.calls {
		if c.Session != session {
			continue
		}
		if len(x) == 0 || c.Date != day {
			x, y, day = append(x, ""), append(y, ""), c.Date
		}
		x[len(x)-1] += string(c.Votes[f.column[a]])
		y[len(y)-1] += string(c.Votes[f.column[b]])
	}
	e, err := votes.IdenticalInterval(x, y, voteLevel)
	if errors.Is(err, votes.ErrFewClusters) || err == nil && !(e.Lo < e.Hi) {
		return shanyraq.Figure{}, nil
	}
	if err != nil {
		return shanyraq.Figure{}, err
	}
	l := shanyraq.Lineage{Method: MethodSession, Sources: f.sources, Formula: fmt.Sprintf("%.0f / %d = %.1f %%,  session %d", e.Value*float64(e.Both), e.Both, 100*e.Value, session),
		Assumptions: []shanyraq.Assumption{shanyraq.Assume("days_independent", shanyraq.TooNarrow), shanyraq.Assume("absence_uninformative", shanyraq.EitherWay)}}
	return shanyraq.NewFigure(fmt.Sprintf("vectors/session/%s/%s/%d", a, b, session), 100*e.Value,
		shanyraq.Interval{Lo: 100 * min(e.Lo, e.Value), Hi: 100 * max(e.Hi, e.Value), Level: voteLevel, Kind: shanyraq.Confidence}, "percent", l)
}

// correlation returns that of the positions of a session with the published
// ones of the year it began in, over the states that have both, with Fisher's
// interval.
func (f *fit) correlation(name string, space *votes.Space, session int, published map[shanyraq.CountryCode]shanyraq.Claim) (shanyraq.Figure, error) {
	var x, y []float64
	var sources []shanyraq.SourceID
	points := space.Points(session)
	for _, p := range slices.Sorted(keys(f.column)) {
		c, ok := published[p]
		if at := points[f.column[p]]; ok && at.Votes > 0 {
			x, y, sources = append(x, at.Value), append(y, c.Value), union(sources, []shanyraq.SourceID{c.Source})
		}
	}
	n := float64(len(x))
	if n < 10 {
		return shanyraq.Figure{}, nil
	}
	var mx, my, xx, xy, yy float64
	for i := range x {
		mx, my = mx+x[i]/n, my+y[i]/n
	}
	for i := range x {
		xx, xy, yy = xx+(x[i]-mx)*(x[i]-mx), xy+(x[i]-mx)*(y[i]-my), yy+(y[i]-my)*(y[i]-my)
	}
	v := xy / math.Sqrt(xx*yy)
	if !(v > -1 && v < 1) {
		return shanyraq.Figure{}, nil
	}
	z, half := math.Atanh(v), 1.959963984540054/math.Sqrt(n-3)
	l := shanyraq.Lineage{Method: MethodCorrelation, Sources: union(f.sources, sources), Formula: fmt.Sprintf("r = %.4f over %d states, session %d", v, len(x), session),
		Assumptions: []shanyraq.Assumption{shanyraq.Assume("states_independent", shanyraq.TooNarrow)}}
	return shanyraq.NewFigure(fmt.Sprintf("vectors/%s/%d", name, session), v, shanyraq.Interval{Lo: math.Tanh(z - half), Hi: math.Tanh(z + half), Level: 0.95, Kind: shanyraq.Confidence}, "index", l)
}

func keys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// A Moved is how far a state went between two sessions, and which votes of the
// later one took it there.
type Moved struct {
	Place    shanyraq.CountryCode
	From, To int // sessions
	Change   shanyraq.Figure
	Rest     float64 // part of the change that no vote of the later session explains
	Votes    []Move  // the largest first
}

// A Move is one vote and its part in the way a state went.
type Move struct {
	Call   RollCall
	Choice byte            // as in [RollCall.Votes]
	By     shanyraq.Figure // points
}

// moveLimit is how many votes of a change are kept: those that move it most.
const moveLimit = 25

// Sessions returns the sessions held, in order.
func (r *Room) Sessions(ctx context.Context) ([]int, error) {
	f, err := r.positions(ctx)
	if err != nil || f == nil {
		return nil, err
	}
	return slices.Clone(f.sessions), nil
}

// Moved returns how far the state went from one session to another and the
// votes of the later one that moved it most. It returns a [shanyraq.NotFound]
// error for a state that has no place in one of them.
func (r *Room) Moved(ctx context.Context, p shanyraq.CountryCode, from, to int) (Moved, error) {
	const op = "vectors.Moved"
	m := Moved{Place: p, From: from, To: to}
	f, err := r.positions(ctx)
	if err != nil {
		return m, shanyraq.Errorf(op, shanyraq.KindOf(err), "%s: %w", p, err)
	}
	missing := shanyraq.Tell(op, shanyraq.NotFound, shanyraq.Text{Key: "vectors.error.sessions"}, "%s in sessions %d and %d", p, from, to)
	if f == nil || from >= to {
		return m, missing
	}
	at, ok := f.column[p]
	if !ok {
		return m, missing
	}
	change, err := f.space.Change(at, from, to)
	if err != nil {
		return m, missing
	}
	moves, rest, err := f.space.Moves(at, from, to)
	if err != nil {
		return m, shanyraq.Errorf(op, shanyraq.Other, "%s: %w", p, err)
	}
	m.Rest = rest
	before, after := f.space.Points(from)[at], f.space.Points(to)[at]
	whole := f.lineage(MethodMoved, fmt.Sprintf("%.3f − (%.3f) = %.3f", after.Value, before.Value, change.Value))
	for i, x := range []struct {
		session int
		at      votes.Point
	}{{from, before}, {to, after}} {
		whole.Inputs = append(whole.Inputs, shanyraq.Input{Symbol: fmt.Sprintf("θ%d", i+1), Path: fmt.Sprintf("vectors/position/%s/%d", p, x.session), Place: p, When: shanyraq.YearPeriod(1945 + x.session), Value: x.at.Value, Unit: "points"})
	}
	if m.Change, err = shanyraq.NewFigure(fmt.Sprintf("vectors/moved/%s/%d-%d/all", p, from, to), change.Value,
		shanyraq.Interval{Lo: change.Lo, Hi: change.Hi, Level: f.space.Level, Kind: shanyraq.Credible}, "points", whole); err != nil {
		return m, err
	}
	for _, x := range moves {
		if len(m.Votes) == moveLimit {
			break
		}
		if !(x.Lo < x.Hi) {
			continue
		}
		c := f.calls[x.Call]
		name := c.Resolution
		if name == "" {
			name = string(c.Date)
		}
		l := f.lineage(MethodMove, fmt.Sprintf("s(%.3f) / I = %.4f,  %s, voted %s", before.Value, x.By, name, string(c.Votes[at])))
		l.Inputs = []shanyraq.Input{{Symbol: "x₁ − x₀", Path: m.Change.Path(), Place: p, Value: change.Value, Unit: "points"}}
		fig, err := shanyraq.NewFigure(fmt.Sprintf("vectors/moved/%s/%d-%d/%d", p, from, to, x.Call), x.By, shanyraq.Interval{Lo: x.Lo, Hi: x.Hi, Level: f.space.Level, Kind: shanyraq.Credible}, "points", l)
		if err != nil {
			return m, err
		}
		m.Votes = append(m.Votes, Move{c, c.Votes[at], fig})
	}
	return m, nil
}

// figures returns every figure of the moves.
func (m Moved) figures() []shanyraq.Figure {
	out := []shanyraq.Figure{m.Change}
	for _, v := range m.Votes {
		out = append(out, v.By)
	}
	return out
}

// Figures returns every figure of the sessions, in the order of the tables.
func (v Votes) Figures() []shanyraq.Figure {
	var out []shanyraq.Figure
	for _, s := range v.Sessions {
		for _, p := range append([]shanyraq.CountryCode{v.Home}, v.Powers...) {
			out = append(out, s.Position[p], s.Distance[p], s.Agreement[p])
		}
		out = append(out, s.Correlation, s.Alone, s.AloneCorrelation)
	}
	for _, l := range v.Likeness {
		out = append(out, l.Agreement, l.S, l.Kappa, l.Pi)
	}
	return slices.DeleteFunc(out, shanyraq.Figure.IsZero)
}

// A Nearness is how often home and one state voted alike.
type Nearness struct {
	Place shanyraq.CountryCode
	Alike shanyraq.Figure // percent
}

// Nearest returns every state by how often it voted as home did over the last
// sessions held, the nearest first.
func (r *Room) Nearest(ctx context.Context, home shanyraq.CountryCode) ([]Nearness, error) {
	return r.near.of(home, func() ([]Nearness, error) {
		rc, err := r.rollCalls(ctx)
		if shanyraq.KindOf(err) == shanyraq.NotFound {
			return nil, nil
		}
		if err != nil {
			return nil, shanyraq.Errorf("vectors.Nearest", shanyraq.KindOf(err), "%s: %w", home, err)
		}
		var states []shanyraq.CountryCode
		for _, s := range rc.States {
			if s.Code != home {
				states = append(states, s.Code)
			}
		}
		alike, _, err := r.agreement(ctx, home, states, shanyraq.Group{})
		if err != nil {
			return nil, shanyraq.Errorf("vectors.Nearest", shanyraq.KindOf(err), "%s: %w", home, err)
		}
		var out []Nearness
		for _, p := range states {
			if f, ok := alike[p]; ok {
				out = append(out, Nearness{p, f})
			}
		}
		slices.SortStableFunc(out, func(a, b Nearness) int {
			switch {
			case a.Alike.Value() > b.Alike.Value():
				return -1
			case a.Alike.Value() < b.Alike.Value():
				return 1
			}
			return strings.Compare(string(a.Place), string(b.Place))
		})
		return out, nil
	})
}
