package votes

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// A record is the divided roll calls of some sessions, read and checked.
type record struct {
	model   Model
	voters  int
	calls   int
	labels  []int      // of the sessions, in order
	inside  [][]int    // divided roll calls of each session
	ballots [][]ballot // of each roll call, by voter; nil where not divided
	single  []bool     // nobody abstained
}

// read checks the roll calls and sorts them into sessions.
func read(calls []string, sessions []int, m Model) (*record, error) {
	switch {
	case len(calls) == 0:
		return nil, ErrUndivided
	case len(sessions) != len(calls):
		return nil, fmt.Errorf("votes: sessions of %d roll calls for %d", len(sessions), len(calls))
	case m.Anchor < 0 || m.Anchor >= len(calls[0]):
		return nil, fmt.Errorf("votes: anchor %d of %d voters", m.Anchor, len(calls[0]))
	}
	r := &record{
		model: m, voters: len(calls[0]), calls: len(calls),
		labels:  slices.Compact(slices.Sorted(slices.Values(sessions))),
		ballots: make([][]ballot, len(calls)), single: make([]bool, len(calls)),
	}
	r.inside = make([][]int, len(r.labels))
	session := make([]int, len(calls)) // place of each roll call's session
	cast := make([][]int, len(r.labels))
	for s := range cast {
		cast[s] = make([]int, r.voters)
	}
	for t, call := range calls {
		if len(call) != r.voters {
			return nil, fmt.Errorf("votes: %d votes at roll call %d, %d at the first", len(call), t, r.voters)
		}
		session[t], _ = slices.BinarySearch(r.labels, sessions[t])
		var count [3]int
		for v := range r.voters {
			step, ok := Choice(call[v]).step()
			if !ok {
				return nil, fmt.Errorf("votes: %q at roll call %d; want Y, A, N or a dot", call[v], t)
			}
			if step >= 0 {
				count[step]++
				r.ballots[t] = append(r.ballots[t], ballot{int32(v), uint8(step)})
			}
		}
		if max(count[0], count[1], count[2]) == len(r.ballots[t]) {
			r.ballots[t] = nil
		}
		for _, b := range r.ballots[t] {
			cast[session[t]][b.at]++
		}
	}
	// Leaving out those who cast few votes can leave a roll call undivided;
	// the votes they cast there were counted, which keeps this one pass.
	for t := range calls {
		var count [3]int
		kept := r.ballots[t][:0]
		for _, b := range r.ballots[t] {
			if cast[session[t]][b.at] >= m.Least {
				kept = append(kept, b)
				count[b.step]++
			}
		}
		if r.ballots[t] = kept; len(kept) == max(count[0], count[1], count[2]) {
			r.ballots[t] = nil
			continue
		}
		r.single[t] = count[1] == 0
		r.inside[session[t]] = append(r.inside[session[t]], t)
	}
	for s, inside := range r.inside {
		if len(inside) == 0 {
			return nil, fmt.Errorf("session %d: %w", r.labels[s], ErrUndivided)
		}
	}
	return r, nil
}

// A group is sessions fitted together.
type group struct {
	record   *record
	sessions []int   // of the record
	at       [][]int // per session of the group and voter: position in the session, −1 for none
	cast     [][]int // votes of each voter
	voter    []int   // of each position
	chain    *chain
	solution solution
}

// group lays out the chain of some sessions of the record. With questions, one
// for each roll call, neighbouring sessions are linked, voters who missed a
// session between two others have a position in it all the same, and roll
// calls of one question share an item. Weights multiply the roll calls; those
// of weight zero are left out.
func (r *record) group(sessions []int, questions []int, weights []float64) *group {
	m := r.model
	linked := questions != nil
	c := &chain{
		start: []int{0}, links: make([][]link, len(sessions)),
		slope: 1 / (m.SlopeSD * m.SlopeSD), cut: 1 / (m.CutSD * m.CutSD),
	}
	g := &group{record: r, sessions: sessions, chain: c}
	first, last := make([]int, r.voters), make([]int, r.voters)
	for s, session := range sessions {
		cast := make([]int, r.voters)
		for _, t := range r.inside[session] {
			if weights != nil && weights[t] == 0 {
				continue
			}
			for _, b := range r.ballots[t] {
				cast[b.at]++
			}
		}
		for v, n := range cast {
			if n > 0 {
				if last[v] == 0 {
					first[v] = s + 1
				}
				last[v] = s + 1
			}
		}
		g.cast = append(g.cast, cast)
	}
	shared := map[int]int{} // item of a question
	for s, session := range sessions {
		at := make([]int, r.voters)
		for v := range at {
			at[v] = -1
			if g.cast[s][v] > 0 || linked && first[v] <= s+1 && s+1 <= last[v] && first[v] > 0 {
				at[v] = len(g.voter) - c.start[s]
				g.voter = append(g.voter, v)
				c.prior = append(c.prior, 1/(m.PositionSD*m.PositionSD))
			}
		}
		g.at = append(g.at, at)
		c.start = append(c.start, len(g.voter))
		var parts, items []int
		for _, t := range r.inside[session] {
			weight := 1.0
			if weights != nil {
				weight = weights[t]
			}
			if weight == 0 {
				continue
			}
			k := part{call: t, session: s, item: len(c.items)}
			for _, b := range r.ballots[t] {
				k.ballots = append(k.ballots, ballot{int32(at[b.at]), b.step})
			}
			known := false
			if linked {
				if k.item, known = shared[questions[t]]; !known {
					k.item = len(c.items)
					shared[questions[t]] = k.item
				}
			}
			if !known {
				c.items = append(c.items, item{weight: weight, single: true})
			} else if other := c.parts[c.items[k.item].parts[0]].session; other != s {
				c.shared = true
			}
			j := slices.Index(items, k.item)
			if j < 0 {
				j = len(items)
				items = append(items, k.item)
			}
			k.column = 3 * j
			it := &c.items[k.item]
			it.parts = append(it.parts, len(c.parts))
			it.single = it.single && r.single[t]
			parts = append(parts, len(c.parts))
			c.parts = append(c.parts, k)
		}
		c.inside, c.column = append(c.inside, parts), append(c.column, items)
	}
	if linked {
		g.link()
	}
	return g
}

// link ties the positions of each voter in neighbouring sessions. The variance
// of the step between two sessions it voted in is Drift·n/(n+m) for n votes in
// the later and m in the earlier, divided evenly over sessions missed between.
func (g *group) link() {
	for v := range g.record.voters {
		before := -1 // last session with votes
		for s := range g.sessions {
			n := g.cast[s][v]
			if n == 0 {
				continue
			}
			if before >= 0 {
				variance := g.record.model.Drift * float64(n) / float64(n+g.cast[before][v])
				for k := before + 1; k <= s; k++ {
					g.chain.links[k] = append(g.chain.links[k], link{g.at[k-1][v], g.at[k][v], float64(s-before) / variance})
				}
			}
			before = s
		}
	}
}

// climb finds the highest posterior from a start.
func (g *group) climb(start point) (err error) {
	g.solution, err = g.chain.climb(start, 300)
	return err
}

// begin returns a start: positions from the first principal component of the
// votes of each session, items from how the votes go with it.
func (g *group) begin(anchor int) point {
	c := g.chain
	p := point{make([]float64, len(g.voter)), make([]float64, 3*len(c.items))}
	for s := range g.sessions {
		theta := p.theta[c.start[s]:c.start[s+1]]
		a := g.at[s][anchor]
		component(c, s, a, theta)
		if a >= 0 && theta[a] < 0 {
			for i := range theta {
				theta[i] = -theta[i]
			}
		}
		for _, index := range c.inside[s] {
			k := c.parts[index]
			copy(p.items[3*k.item:], guess(k, theta, c.items[k.item].single))
		}
	}
	return p
}

// component fills theta with the first principal component of the votes of a
// session, an absence standing for the mean of the roll call, at mean 0 and
// variance 1. The power iteration starts from the likeness to the voter at a,
// or, where a is negative, from any but equal positions.
func component(c *chain, s, a int, theta []float64) {
	x := blas64.General{Rows: len(theta), Cols: len(c.inside[s]), Stride: len(c.inside[s])}
	x.Data = make([]float64, x.Rows*x.Cols)
	for j, index := range c.inside[s] {
		var mean float64
		k := c.parts[index]
		for _, v := range k.ballots {
			mean += float64(v.step) / float64(len(k.ballots))
		}
		for _, v := range k.ballots {
			x.Data[int(v.at)*x.Stride+j] = float64(v.step) - mean
		}
	}
	gram := mat.NewSymDense(x.Rows, nil)
	blas64.Syrk(blas.NoTrans, 1, x, 0, gram.RawSymmetric())
	for i := range theta {
		if theta[i] = 1 + float64(i%7)/7; a >= 0 {
			theta[i] = gram.At(a, i)
		}
	}
	standard(theta)
	out := blas64.Vector{N: len(theta), Inc: 1, Data: make([]float64, len(theta))}
	for range 60 {
		blas64.Symv(1, gram.RawSymmetric(), blas64.Vector{N: len(theta), Inc: 1, Data: theta}, 0, out)
		copy(theta, out.Data)
		standard(theta)
	}
}

// standard moves x to mean 0 and stretches it to variance 1, unless all of it
// is the same.
func standard(x []float64) {
	n := float64(len(x))
	mean := total(x) / n
	var square float64
	for i := range x {
		x[i] -= mean
		square += x[i] * x[i] / n
	}
	if square > 0 {
		for i := range x {
			x[i] /= math.Sqrt(square)
		}
	}
}
