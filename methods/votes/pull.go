package votes

import (
	"cmp"
	"math"
	"slices"
)

// A Pull is what one roll call does to the position of one voter, in the unit
// of positions.
type Pull struct {
	Call int // index of the roll call, as the caller gave it
	By   float64
}

// Pulls returns, for each roll call a voter took part in, how far its position
// in the session stands from where it would stand without that roll call, the
// largest first. Roll calls and all other positions are held where they are, so
// this is what the voter's own vote does, not what the roll call does by moving
// the line.
//
// Accuracy: TestPulls compares with fits from which the roll call is really
// left out.
//
// Errors are those of [Space.Difference].
func (s *Space) Pulls(session, voter int) ([]Pull, error) {
	p, at, err := s.find(session, voter)
	if err != nil {
		return nil, err
	}
	own := p.group.alone(p.session, voter, at)
	pulls := make([]Pull, 0, len(own.votes))
	here := own.best(-1, own.here)
	for i, v := range own.votes {
		pulls = append(pulls, Pull{v.call, (here - own.best(i, here)) / p.scale.sd})
	}
	slices.SortStableFunc(pulls, func(a, b Pull) int { return cmp.Compare(math.Abs(b.By), math.Abs(a.By)) })
	return pulls, nil
}

// A Move is the part that one roll call has in the way a voter went, in the unit
// of positions.
type Move struct {
	Call   int // index of the roll call, as the caller gave it
	By     float64
	Lo, Hi float64 // By from either end of the interval of where the voter stood before
}

// Moves divides the way a voter went from one session to another among the
// roll calls of the later one, the largest part first. A roll call on which it
// voted as one would from where it stood moves it little; what it did not do
// before moves it far. With s_v(x) the slope of the log posterior of vote v at
// x and I its mean curvature between the two positions x₀ and x₁,
//
//	By_v = s_v(x₀)/I,   Σ_v By_v + rest = x₁ − x₀
//
// where rest is the pull of everything else: the prior, and in [Dynamic] the
// sessions on both sides. A rest that is large against the whole says that
// the voter was carried by its neighbours in time, not by these votes.
//
// Accuracy: the sum holds to 1e-6 (TestMoves).
//
// Errors are those of [Space.Change].
//
// References: none; the division is ours.
func (s *Space) Moves(voter, from, to int) (moves []Move, rest float64, err error) {
	p, at, err := s.find(to, voter)
	if err != nil {
		return nil, 0, err
	}
	q, before, err := s.find(from, voter)
	if err != nil {
		return nil, 0, err
	}
	if p.group != q.group {
		return nil, 0, ErrApart
	}
	own := p.group.alone(p.session, voter, at)
	x0 := p.group.solution.point.theta[p.group.chain.start[q.session]+before]
	x1 := own.best(-1, own.here)
	// Mean curvature over the way, by Simpson's rule on 64 pieces.
	const pieces = 64
	var info float64
	for k := range pieces + 1 {
		w := 2.0
		switch {
		case k == 0 || k == pieces:
			w = 1
		case k%2 == 1:
			w = 4
		}
		_, curvature := own.slope(x0+(x1-x0)*float64(k)/pieces, -1)
		info += w * curvature / (3 * pieces)
	}
	whole, _ := own.slope(x0, -1)
	rest = whole
	half := s.quantile * math.Sqrt(q.block.At(before, before))
	unit := info * p.scale.sd // of the slope, over the unit of positions
	for _, v := range own.votes {
		score, _ := v.slope(x0)
		near, _ := v.slope(x0 - half)
		far, _ := v.slope(x0 + half)
		moves = append(moves, Move{v.call, score / unit, min(near/unit, far/unit), max(near/unit, far/unit)})
		rest -= score
	}
	slices.SortStableFunc(moves, func(a, b Move) int { return cmp.Compare(math.Abs(b.By), math.Abs(a.By)) })
	return moves, rest / info / p.scale.sd, nil
}

// A lone is the posterior of one position, everything else held: the votes of
// the voter and a normal density that stands for the prior and the sessions on
// both sides.
type lone struct {
	votes           []vote
	here            float64
	precision, pull float64 // of the normal density; pull is precision times its mean
}

// A vote is one ballot with the question it answers.
type vote struct {
	call               int
	step               uint8
	beta, lower, upper float64
}

// slope returns the derivative of the log probability of the vote at x, and
// minus the second derivative.
func (v vote) slope(x float64) (score, info float64) {
	c := probit(v.step, v.lower-v.beta*x, v.upper-v.beta*x)
	return -v.beta * (c.a + c.b), -v.beta * v.beta * (c.aa + 2*c.ab + c.bb)
}

// alone gathers what bears on one position.
func (g *group) alone(session, voter, at int) lone {
	c, p := g.chain, g.solution.point
	own := lone{here: p.theta[c.start[session]+at], precision: c.prior[c.start[session]+at]}
	for _, index := range c.inside[session] {
		k := &c.parts[index]
		i, ok := slices.BinarySearchFunc(k.ballots, at, func(b ballot, at int) int { return cmp.Compare(int(b.at), at) })
		if ok {
			q := p.items[3*k.item:]
			own.votes = append(own.votes, vote{k.call, k.ballots[i].step, q[0], q[1], q[2]})
		}
	}
	for _, l := range c.links[session] {
		if l.to == at {
			own.precision += l.precision
			own.pull += l.precision * p.theta[c.start[session-1]+l.from]
		}
	}
	if session+1 < c.sessions() {
		for _, l := range c.links[session+1] {
			if l.from == at {
				own.precision += l.precision
				own.pull += l.precision * p.theta[c.start[session+1]+l.to]
			}
		}
	}
	return own
}

// slope returns the derivative of the log posterior at x without the vote at
// the place skip, and minus the second derivative.
func (o lone) slope(x float64, skip int) (score, info float64) {
	score, info = o.pull-o.precision*x, o.precision
	for i, v := range o.votes {
		if i != skip {
			s, k := v.slope(x)
			score, info = score+s, info+k
		}
	}
	return score, info
}

// best returns the position of the highest posterior without the vote at the
// place skip, by Newton's method from x; the log posterior is concave.
func (o lone) best(skip int, x float64) float64 {
	for range 50 {
		score, info := o.slope(x, skip)
		step := min(0.5, max(-0.5, score/info))
		x += step
		if math.Abs(step) < 1e-12 {
			break
		}
	}
	return x
}
