package votes

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// A Point is the position of one voter in one session on the line that best
// separates the votes. All but Votes are NaN where it cast none.
type Point struct {
	Value  float64
	SE     float64 // standard deviation of the posterior, as approximated
	Lo, Hi float64 // interval at the level of the model
	Votes  int     // cast on divided roll calls
}

// A Question is what a roll call asked, in the units of the positions: a voter
// at x votes yes with probability Φ(Lower − Slope·x) and no with
// Φ(Slope·x − Upper). A large slope, of either sign, separates voters sharply;
// where it is positive, those above Upper/Slope lean to no. Without
// abstentions the two cut points are the same; on a roll call that was not used
// all three are NaN.
type Question struct {
	Slope, Lower, Upper float64
}

// A Space holds the positions of voters in one or several sessions.
type Space struct {
	Sessions     []int   // labels, in order
	Level        float64 // of the intervals
	LogPosterior float64 // at the positions, without the constants of the priors
	Used         int     // divided roll calls
	Steps        int     // of Newton's method, in the group that took most

	record    *record
	places    []place // of each session
	points    [][]Point
	questions []Question
	quantile  float64
}

// A place is where a session is in its group.
type place struct {
	group   *group
	session int // within the group
	scale   *scale
	block   *mat.SymDense // covariance of its positions, in the units of the priors
}

// A scale carries positions θ in the units of the priors into those shown,
// (θ − mean)/sd. Mean and sd are those of the positions that are fitted
// together and so are uncertain too.
type scale struct {
	mean, sd   float64   // sd is negative where the line is turned round
	n          float64   // positions with votes
	one        []float64 // Σ·1, Σ the covariance and 1 marking positions with votes; nil for raw positions
	self       []float64 // Σ·x, x the positions shown
	oo, os, ss float64   // 1ᵀΣ1, 1ᵀΣx, xᵀΣx
}

// show returns the position in the units shown.
func (k *scale) show(theta float64) float64 { return (theta - k.mean) / k.sd }

// covariance returns that of two positions shown as x and y, at the places i
// and j of their group, whose covariance in the units of the priors is raw. By
// the derivative of (θ − mean)/sd it is cᵀΣd with c = (e_i − 1/n − x·X/n)/sd,
// X all positions shown, and d likewise.
func (k *scale) covariance(raw float64, i, j int, x, y float64) float64 {
	if k.one == nil {
		return raw / (k.sd * k.sd)
	}
	v := raw - (k.one[i]+k.one[j])/k.n - (y*k.self[i]+x*k.self[j])/k.n +
		(k.oo+(x+y)*k.os+x*y*k.ss)/(k.n*k.n)
	return v / (k.sd * k.sd)
}

// scale finds the units in which the positions of a group are shown.
func (g *group) scale() (*scale, error) {
	c, m := g.chain, g.record.model
	theta := g.solution.point.theta
	k := &scale{sd: 1}
	one := make([]float64, len(theta))
	var anchor float64
	for s := range g.sessions {
		for v, at := range g.at[s] {
			if at < 0 || g.cast[s][v] == 0 {
				continue
			}
			one[c.start[s]+at] = 1
			k.n++
			if v == m.Anchor {
				anchor += theta[c.start[s]+at]
			}
		}
	}
	if m.Raw {
		k.sd = math.Copysign(1, anchor)
		return k, nil
	}
	k.mean = dot(one, theta) / k.n
	var square, votes float64
	anchor = 0
	for i, w := range one {
		d := theta[i] - k.mean
		square += w * d * d
		if g.voter[i] == m.Anchor {
			anchor += w * d
			votes += w
		}
	}
	k.sd = math.Copysign(math.Sqrt(square/k.n), anchor)
	self := make([]float64, len(theta))
	for i, w := range one {
		self[i] = w * k.show(theta[i])
	}
	var ok1, ok2 bool
	k.one, ok1 = g.solution.reduced.solve(one, 1e-8)
	k.self, ok2 = g.solution.reduced.solve(self, 1e-8)
	if !ok1 || !ok2 {
		return nil, ErrNoOptimum
	}
	k.oo, k.os, k.ss = dot(one, k.one), dot(one, k.self), dot(self, k.self)
	return k, nil
}

// space turns solved groups into positions with intervals.
func (r *record) space(groups []*group) (*Space, error) {
	m := r.model
	out := &Space{
		Sessions: r.labels, Level: m.Level, record: r,
		places: make([]place, len(r.labels)), points: make([][]Point, len(r.labels)),
		questions: make([]Question, r.calls), quantile: distuv.UnitNormal.Quantile((1 + m.Level) / 2),
	}
	nan := math.NaN()
	for t := range out.questions {
		out.questions[t] = Question{nan, nan, nan}
	}
	errs := make([]error, len(groups))
	concurrently(len(groups), func(n int) {
		g := groups[n]
		k, err := g.scale()
		if err != nil {
			errs[n] = err
			return
		}
		blocks, ok := g.solution.reduced.covariances()
		if !ok {
			errs[n] = ErrNoOptimum
			return
		}
		for s, block := range blocks {
			session := g.sessions[s]
			out.places[session] = place{g, s, k, block}
			points := make([]Point, r.voters)
			for v, at := range g.at[s] {
				if at < 0 || g.cast[s][v] == 0 {
					points[v] = Point{nan, nan, nan, nan, 0}
					continue
				}
				i := g.chain.start[s] + at
				x := k.show(g.solution.point.theta[i])
				se := math.Sqrt(k.covariance(block.At(at, at), i, i, x, x))
				points[v] = Point{x, se, x - out.quantile*se, x + out.quantile*se, g.cast[s][v]}
			}
			out.points[session] = points
		}
		for _, p := range g.chain.parts {
			slope, lower, upper := g.solution.point.items[3*p.item], g.solution.point.items[3*p.item+1], g.solution.point.items[3*p.item+2]
			out.questions[p.call] = Question{slope * k.sd, lower - slope*k.mean, upper - slope*k.mean}
		}
	})
	for n, g := range groups {
		if errs[n] != nil {
			return nil, errs[n]
		}
		out.LogPosterior -= g.solution.value
		out.Used += len(g.chain.parts)
		out.Steps = max(out.Steps, g.solution.steps)
	}
	return out, nil
}
