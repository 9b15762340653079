package votes

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

var (
	// ErrUndivided is returned when no roll call of a session is divided, so
	// that nothing can be told apart.
	ErrUndivided = errors.New("votes: no divided roll call")
	// ErrNoAnchor is returned when the anchor cast no vote in a session that
	// is fitted by itself, so that its direction has no name.
	ErrNoAnchor = errors.New("votes: the anchor cast no vote on a divided roll call")
	// ErrNoOptimum is returned when the climb to the highest posterior stops
	// short of it.
	ErrNoOptimum = errors.New("votes: the highest posterior was not reached")
)

// A Model is what [IdealPoints], [PerSession] and [Dynamic] assume. The zero
// value of every field but Anchor stands for the published choice.
type Model struct {
	// Anchor is the voter whose side is called positive: the sign of a
	// position has no meaning until somebody names it.
	Anchor int
	// Level of the intervals; 0.9, from the 5 to the 95 per cent quantile,
	// where zero.
	Level float64
	// PositionSD, SlopeSD and CutSD are the standard deviations of the normal
	// priors, mean zero, of positions, slopes and cut points; 1, 1 and 3 where
	// zero. In [Dynamic] the first is that of a voter's first session.
	PositionSD, SlopeSD, CutSD float64
	// Drift is how far a position may move between sessions: the variance of
	// a step is Drift·n/(n+m) for n votes in a session and m in the one
	// before; 0.5 where zero. Only [Dynamic] uses it.
	Drift float64
	// Raw leaves positions in the units of the priors. Otherwise they are
	// moved and stretched to mean 0 and variance 1 over all that are fitted
	// together: voters of a session, or in Dynamic of all sessions.
	Raw bool
	// Least is how many votes on divided roll calls a voter must have cast in
	// a session to be placed in it; 0 and 1 place everyone who voted.
	Least int
}

// filled returns m with its defaults, or an error.
func (m Model) filled() (Model, error) {
	for _, f := range []struct {
		name string
		v    *float64
		def  float64
	}{{"level", &m.Level, 0.9}, {"position", &m.PositionSD, 1}, {"slope", &m.SlopeSD, 1}, {"cut", &m.CutSD, 3}, {"drift", &m.Drift, 0.5}} {
		if *f.v == 0 {
			*f.v = f.def
		}
		if !(*f.v > 0) || math.IsInf(*f.v, 0) {
			return m, fmt.Errorf("votes: a %s of %v", f.name, *f.v)
		}
	}
	if m.Level >= 1 {
		return m, fmt.Errorf("votes: level %v outside (0, 1)", m.Level)
	}
	return m, nil
}

// IdealPoints returns the positions of voters on a line, from the roll calls
// of one session; calls has one record per roll call, with one [Choice] per
// voter. The model is the ordered probit of [bailey2017]: voter i at θ_i
// perceives
//
//	z = β_v·θ_i + e,   e ~ N(0, 1)
//
// at roll call v and votes yes when z < γ_v, no when z > δ_v ≥ γ_v, and
// abstains between. With θ_i ~ N(0, p²), β_v ~ N(0, b²) and γ_v, δ_v ~ N(0, c²)
// the positions are those of the highest posterior, found by Newton's method
// with the roll calls eliminated, and the intervals are normal ones with the
// curvature there, which holds what is not known of the roll calls too
// (Laplace's approximation). Absence is skipped; a roll call on which all chose
// the same says nothing and is left out; where nobody abstained δ_v = γ_v.
// Unless the model is Raw, positions are then moved to mean 0 and stretched to
// variance 1, and the intervals are those of the standardised positions.
//
// Assumptions: one line. What divides voters in a second way ends up in the
// intervals at best. Votes are independent given positions; where they come in
// bundles, several paragraphs of one text, intervals are too narrow and the
// line turns towards the bundle. Absence says nothing; where voters stay away
// rather than oppose, they stand too near those they would oppose.
//
// Accuracy: TestConformanceIdealPoints compares five sessions of the General
// Assembly with a separate optimiser, to 0.001, and with the published means of
// [bailey2017]; TestConformancePublished and TestPublished do so for sessions
// 47 to 74. Simulated positions come back (TestRecovery), and the intervals of
// level 0.9 cover 0.87 to 0.90 of them and of their differences
// (TestIdealCoverage).
//
// IdealPoints returns [ErrUndivided], [ErrNoAnchor], [ErrNoOptimum], and other
// errors for a letter that is no choice, records of different length, an anchor
// that is no voter, and a model that is none.
//
// References: [bailey2017]; [clinton2004] for such models; [tierney1986] for
// the approximation.
func IdealPoints(calls []string, m Model) (*Space, error) {
	return PerSession(calls, make([]int, len(calls)), m)
}

// PerSession returns the positions of voters in each session by itself, as
// [IdealPoints] does; sessions has the label of the session of each roll call.
// Sessions share no unit: a voter's positions in two of them can be compared
// only as far as the assembly around it stayed the same. [Dynamic] gives them
// one.
func PerSession(calls []string, sessions []int, m Model) (*Space, error) {
	m, err := m.filled()
	if err != nil {
		return nil, err
	}
	r, err := read(calls, sessions, m)
	if err != nil {
		return nil, err
	}
	groups, err := r.separate(nil)
	if err != nil {
		return nil, err
	}
	return r.space(groups)
}

// separate fits every session by itself. Weights, where not nil, multiply the
// roll calls.
func (r *record) separate(weights []float64) ([]*group, error) {
	groups, errs := make([]*group, len(r.labels)), make([]error, len(r.labels))
	concurrently(len(groups), func(s int) {
		if g := r.group([]int{s}, nil, weights); g.at[0][r.model.Anchor] < 0 {
			errs[s] = ErrNoAnchor
		} else if errs[s] = g.climb(g.begin(r.model.Anchor)); errs[s] == nil {
			groups[s] = g
		}
	})
	for s, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("session %d: %w", r.labels[s], err)
		}
	}
	return groups, nil
}

// guess returns a slope and cut points that fit roughly how the ballots of k go
// with theta.
func guess(k part, theta []float64, single bool) []float64 {
	n := float64(len(k.ballots))
	var count [3]float64
	var mx, my float64
	for _, v := range k.ballots {
		count[v.step]++
		mx, my = mx+theta[v.at]/n, my+float64(v.step)/n
	}
	var xx, yy, xy float64
	for _, v := range k.ballots {
		dx, dy := theta[v.at]-mx, float64(v.step)-my
		xx, yy, xy = xx+dx*dx, yy+dy*dy, xy+dx*dy
	}
	r := 0.0
	if xx > 0 && yy > 0 {
		r = min(0.85, max(-0.85, xy/math.Sqrt(xx*yy)))
	}
	slope := r / math.Sqrt(1-r*r)
	spread := math.Sqrt(1 + slope*slope)
	limit := func(p float64) float64 {
		return slope*mx + spread*distuv.UnitNormal.Quantile(min(1-0.5/(n+1), max(0.5/(n+1), p)))
	}
	lower, upper := limit(count[0]/n), limit((count[0]+count[1])/n)
	if single {
		lower = limit(count[0] / n)
		upper = lower
	} else if upper < lower+0.01 {
		upper = lower + 0.01
	}
	return []float64{slope, lower, upper}
}
