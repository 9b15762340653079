package votes

import (
	"fmt"
	"math"
)

// Dynamic returns the positions of voters in all sessions in one unit; sessions
// has the label of the session of each roll call and questions, where not nil,
// a number that is the same for roll calls that asked the same, in one session
// or in several. The model is that of [IdealPoints] with two things that tie
// sessions together. Positions walk: besides θ_it ~ N(0, p²) in every session,
//
//	θ_it − θ_is ~ N(0, D·n_it/(n_it + n_is))
//
// where s is the last session before t in which voter i cast votes, n_it how
// many it cast in t, and D the Drift. And roll calls of one question have one
// slope and one pair of cut points (bridging), so that a text put to the vote
// again measures how voters moved, not how the text did. Positions are
// standardised over all voters and sessions together.
//
// Assumptions: those of IdealPoints; that voters move by small steps, so that a
// sudden turn is smoothed into the sessions around it; and that a question that
// is asked again means the same: where the text grew sharper, all voters seem
// to move away from it. Without questions what all voters do together looks
// like a change of what was asked, not of them, and the spread of positions in
// a session is held by the prior alone: compare distances within a session, and
// the order of changes between sessions, rather than their size.
//
// Accuracy: TestConformancePublished has the correlation with the series
// published by the authors of the model: 0.991 to 0.998 in each of the sessions
// 47 to 74, without questions. Theirs is the mean of draws, standardised anew
// in each, in which a position is tied to the session before only; here it is
// tied to both neighbours, and the prior in every session holds the unit that
// standardising holds there. TestDynamicRecovery has simulated walks back, with
// intervals of level 0.9 that cover 0.91 to 0.93 of them and of changes.
//
// Dynamic returns the errors of [IdealPoints]; the anchor may miss sessions,
// but not the first.
//
// References: [bailey2017]; [martin2002] for positions that walk.
func Dynamic(calls []string, sessions, questions []int, m Model) (*Space, error) {
	m, err := m.filled()
	if err != nil {
		return nil, err
	}
	if questions == nil {
		questions = make([]int, len(calls))
		for t := range questions {
			questions[t] = t
		}
	}
	if len(questions) != len(calls) {
		return nil, fmt.Errorf("votes: questions of %d roll calls for %d", len(questions), len(calls))
	}
	r, err := read(calls, sessions, m)
	if err != nil {
		return nil, err
	}
	all := make([]int, len(r.labels))
	for s := range all {
		all[s] = s
	}
	g := r.group(all, questions, nil)
	if g.at[0][m.Anchor] < 0 {
		return nil, fmt.Errorf("session %d: %w", r.labels[0], ErrNoAnchor)
	}
	start, err := g.joined()
	if err != nil {
		return nil, err
	}
	if err := g.climb(start); err != nil {
		return nil, err
	}
	return r.space([]*group{g})
}

// joined returns a start for a linked group: every session by itself, turned to
// the side of the anchor or, where it is missing, of the session before.
func (g *group) joined() (point, error) {
	c, r := g.chain, g.record
	p := point{make([]float64, len(g.voter)), make([]float64, 3*len(c.items))}
	single, errs := make([]*group, len(g.sessions)), make([]error, len(g.sessions))
	concurrently(len(single), func(s int) {
		single[s] = r.group([]int{g.sessions[s]}, nil, nil)
		errs[s] = single[s].climb(single[s].begin(r.model.Anchor))
	})
	seen := make([]int, len(c.items))
	for s, one := range single {
		if errs[s] != nil {
			return point{}, fmt.Errorf("session %d: %w", r.labels[g.sessions[s]], errs[s])
		}
		theta, sign := one.solution.point.theta, 1.0
		if a := one.at[0][r.model.Anchor]; a >= 0 {
			sign = math.Copysign(1, theta[a])
		} else {
			var along float64
			for i, v := range one.voter {
				if at := g.at[s-1][v]; at >= 0 {
					along += theta[i] * p.theta[c.start[s-1]+at]
				}
			}
			sign = math.Copysign(1, along)
		}
		for v, at := range g.at[s] {
			switch own := one.at[0][v]; {
			case at >= 0 && own >= 0:
				p.theta[c.start[s]+at] = sign * theta[own]
			case at >= 0: // missed: where it stood before
				p.theta[c.start[s]+at] = p.theta[c.start[s-1]+g.at[s-1][v]]
			}
		}
		for j, index := range c.inside[s] {
			k := c.parts[index].item
			own := one.solution.point.items[3*one.chain.parts[j].item:]
			seen[k]++
			w := 1 / float64(seen[k])
			p.items[3*k] += w * (sign*own[0] - p.items[3*k])
			p.items[3*k+1] += w * (own[1] - p.items[3*k+1])
			p.items[3*k+2] += w * (own[2] - p.items[3*k+2])
		}
	}
	for k, it := range c.items {
		if lower, upper := p.items[3*k+1], p.items[3*k+2]; !it.single && upper < lower+0.01 {
			p.items[3*k+1], p.items[3*k+2] = (lower+upper)/2-0.005, (lower+upper)/2+0.005
		} else if it.single {
			p.items[3*k+2] = lower
		}
	}
	return p, nil
}
