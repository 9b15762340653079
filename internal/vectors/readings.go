package vectors

import (
	"context"
	"slices"

	"shanyraq"
)

// A Verdict says whether a figure is what a reading expects.
type Verdict string

// The verdicts.
const (
	Agrees    Verdict = "agrees"    // the whole range is where it is expected
	Disagrees Verdict = "disagrees" // the whole range is where it is not
	Untold    Verdict = "untold"    // the range holds both, or no figure is held
)

// A Test is one prediction of a reading, put to a figure of the room.
type Test struct {
	Key     string          // of the prediction
	Figure  shanyraq.Figure // zero where none is held
	Of      shanyraq.CountryCode
	Domain  string // that leans
	Year    int
	Against shanyraq.Figure // the earlier figure it is compared with; zero for a fixed limit
	// Other is the same by a second definition, and zero where there is one only.
	// Where the two do not say the same, nothing is told.
	Other   shanyraq.Figure
	Limit   float64 // in the unit of the figure
	Above   bool    // it is expected above the limit, or else below
	Verdict Verdict
}

// A Reading is one account of what the country is doing among the powers, with
// what would be seen if it were true.
type Reading struct {
	Key   string
	Tests []Test
}

// Count returns how many of the tests have the verdict.
func (r Reading) Count(v Verdict) int {
	n := 0
	for _, t := range r.Tests {
		if t.Verdict == v {
			n++
		}
	}
	return n
}

// Readings returns the rival readings of how home stands among the powers, each
// with its predictions tested against the room's own figures. The two poles are
// those between which home is said to stand.
//
// The limits are fixed before any figure is read and are the same for every
// home: a half, zero, or the figure of an earlier year. A range that holds the
// limit tells nothing. Predictions of two readings may agree at once; that is
// what makes them rivals.
func (r *Room) Readings(ctx context.Context, home, first, second shanyraq.CountryCode) ([]Reading, error) {
	const op = "vectors.Readings"
	out, err := r.read(ctx, home, first, second)
	if err != nil {
		return nil, shanyraq.Errorf(op, shanyraq.KindOf(err), "%s: %w", home, err)
	}
	return out, nil
}

func (r *Room) read(ctx context.Context, home, first, second shanyraq.CountryCode) ([]Reading, error) {
	stances, err := r.Between(ctx, home, first, second)
	if err != nil {
		return nil, err
	}
	b, err := r.Balance(ctx, home)
	if err != nil {
		return nil, err
	}
	as, err := r.Asymmetry(ctx, home)
	if err != nil {
		return nil, err
	}
	past, err := r.Past(ctx, home)
	if err != nil {
		return nil, err
	}
	ways, err := r.Corridors(ctx, home)
	if err != nil {
		return nil, err
	}
	v, err := r.Votes(ctx, home)
	if err != nil {
		return nil, err
	}
	of := func(key string) Stance {
		if i := slices.IndexFunc(stances, func(s Stance) bool { return s.Key == key }); i >= 0 {
			return stances[i]
		}
		return Stance{}
	}
	poles := []shanyraq.CountryCode{first, second}

	dependence := Reading{Key: "dependence"}
	main := mainTie(as)
	dependence.add(Test{Key: "unequal", Figure: main.Lean, Of: main.Power, Year: main.Year, Limit: 0.5, Above: true})
	dependence.add(few("few_buyers", past, "exports"))
	dependence.add(few("few_suppliers", past, "imports"))
	oil := Test{Key: "one_way_out", Limit: 50, Above: true}
	if len(ways.Closed) > 0 {
		oil.Figure, oil.Of, oil.Year = ways.Closed[0].Stops, ways.Closed[0].Place, ways.Period.Year()
	}
	dependence.add(oil)

	enmeshment := Reading{Key: "enmeshment"}
	least := Test{Key: "bodies_with_all", Limit: 50, Above: true}
	for _, p := range b.Powers {
		if f, ok := b.Memberships[p]; ok && (least.Figure.IsZero() || f.Value() < least.Figure.Value()) {
			least.Figure, least.Of = f, p
		}
	}
	enmeshment.add(least)
	enmeshment.add(Test{Key: "bodies_deep", Figure: of("organisations").Depth, Limit: 0.5, Above: true})
	enmeshment.add(later("more_even_people", past, "people", func(y Year) shanyraq.Figure { return y.Effective }, true, ""))
	enmeshment.add(Test{Key: "trade_with_both", Figure: of("exports").Depth, Year: of("exports").Year, Limit: 0.25, Above: true})

	balancing := Reading{Key: "balancing"}
	for _, p := range poles {
		balancing.add(broken("away", past, p, true))
	}
	for _, p := range poles {
		balancing.add(later("sells_less", past, "exports", func(y Year) shanyraq.Figure { return y.Shares[p] }, false, p))
	}
	if n := len(ways.Bypass); n > 1 {
		balancing.add(Test{Key: "way_round", Figure: ways.Bypass[n-1].Figure, Year: ways.Bypass[n-1].Year, Against: ways.Bypass[0].Figure, Above: true})
	} else {
		balancing.add(Test{Key: "way_round"})
	}

	hedging := Reading{Key: "hedging"}
	hedging.add(Test{Key: "votes_even", Figure: of("votes").Equidistance, Year: of("votes").Year, Limit: 0.5, Above: true})
	hedging.add(Test{Key: "votes_deep", Figure: of("votes").Depth, Year: of("votes").Year, Limit: 0.5, Above: true})
	hedging.add(Test{Key: "sells_even", Figure: of("exports").Equidistance, Year: of("exports").Year, Limit: 0.5, Above: true})
	hedging.add(Test{Key: "buys_even", Figure: of("imports").Equidistance, Year: of("imports").Year, Limit: 0.5, Above: true})
	up, down := leans(stances)
	hedging.add(Test{Key: "leans_first", Domain: up.Key, Figure: up.Lean, Of: first, Year: up.Year, Limit: 0, Above: true})
	hedging.add(Test{Key: "leans_second", Domain: down.Key, Figure: down.Lean, Of: second, Year: down.Year, Limit: 0})

	joining := Reading{Key: "bandwagoning"}
	near := nearer(v, poles)
	if n := len(v.Sessions); n > 1 && near != "" {
		joining.add(Test{Key: "nearer", Figure: v.Sessions[n-1].Distance[near], Of: near, Year: v.Sessions[n-1].Year(), Against: v.Sessions[0].Distance[near]})
	} else {
		joining.add(Test{Key: "nearer"})
	}
	joining.add(Test{Key: "votes_with", Figure: b.Agreement[near], Of: near, Year: b.VoteYears[1], Limit: 90, Above: true})
	joining.add(broken("joined", past, near, false))
	one := Test{Key: "one_side", Domain: down.Key, Figure: down.Lean, Of: first, Year: down.Year, Limit: 0, Above: true}
	if near == second {
		one = Test{Key: "one_side", Domain: up.Key, Figure: up.Lean, Of: second, Year: up.Year, Limit: 0}
	}
	joining.add(one)
	return []Reading{dependence, enmeshment, balancing, hedging, joining}, nil
}

// add puts the test to its figure.
func (r *Reading) add(t Test) {
	t.Verdict = t.put(t.Figure)
	if !t.Other.IsZero() && t.put(t.Other) != t.Verdict {
		t.Verdict = Untold
	}
	r.Tests = append(r.Tests, t)
}

// put says whether the figure is what the test expects.
func (t Test) put(f shanyraq.Figure) Verdict {
	if f.IsZero() {
		return Untold
	}
	lo, hi := t.Limit, t.Limit
	if !t.Against.IsZero() {
		lo, hi = t.Against.Interval().Lo, t.Against.Interval().Hi
	}
	switch iv := f.Interval(); {
	case iv.Lo > hi && t.Above, iv.Hi < lo && !t.Above:
		return Agrees
	case iv.Hi < lo, iv.Lo > hi:
		return Disagrees
	}
	return Untold
}

// mainTie returns the dependence by all trade on the power with which home
// trades most, of those whose side is known.
func mainTie(as Asymmetry) Dependence {
	var most Dependence
	for _, d := range as.Dependence {
		if d.Measure == "trade" && !d.Lean.IsZero() && (most.OfHome.IsZero() || d.OfHome.Value() > most.OfHome.Value()) {
			most = d
		}
	}
	return most
}

// few expects fewer than four equal partners in the newest year known, a
// concentration of a quarter, over states and with the union as one.
func few(key string, past Past, domain string) Test {
	t := Test{Key: key, Limit: 4}
	for _, h := range past.Histories {
		for _, y := range h.Years {
			if h.Domain.Key == domain && !y.Effective.IsZero() {
				t.Figure, t.Year = y.Effective, y.Year
			}
			if h.Domain.Key == domain && !y.United.IsZero() {
				t.Other = y.United
			}
		}
	}
	return t
}

// later compares the newest figure of a domain with the first one there is
// since the break, or where the domain has none, with its first of all.
func later(key string, past Past, domain string, figure func(Year) shanyraq.Figure, above bool, of shanyraq.CountryCode) Test {
	t := Test{Key: key, Of: of, Above: above}
	i := slices.IndexFunc(past.Histories, func(h History) bool { return h.Domain.Key == domain })
	if i < 0 {
		return t
	}
	var known []Year
	for _, y := range past.Histories[i].Years {
		if !figure(y).IsZero() {
			known = append(known, y)
		}
	}
	if len(known) < 2 {
		return t
	}
	t.Against, t.Figure, t.Year = figure(known[0]), figure(known[len(known)-1]), known[len(known)-1].Year
	return t
}

// broken expects a jump of the distance from the power at the break.
func broken(key string, past Past, power shanyraq.CountryCode, above bool) Test {
	t := Test{Key: key, Of: power, Year: BreakYear, Above: above}
	for _, b := range past.Breaks {
		if b.Key == "apart" && b.Power == power {
			t.Figure = b.Jump
		}
	}
	return t
}

// leans returns the domains that lean most to the first pole and most to the
// second.
func leans(stances []Stance) (up, down Stance) {
	for _, s := range stances {
		if s.Lean.IsZero() {
			continue
		}
		if up.Lean.IsZero() || s.Lean.Value() > up.Lean.Value() {
			up = s
		}
		if down.Lean.IsZero() || s.Lean.Value() < down.Lean.Value() {
			down = s
		}
	}
	return up, down
}

// nearer returns the pole from which home's last position is less far.
func nearer(v Votes, poles []shanyraq.CountryCode) shanyraq.CountryCode {
	if len(v.Sessions) == 0 {
		return ""
	}
	var near shanyraq.CountryCode
	last := v.Sessions[len(v.Sessions)-1].Distance
	for _, p := range poles {
		if f, ok := last[p]; ok && (near == "" || f.Value() < last[near].Value()) {
			near = p
		}
	}
	return near
}
