package votes

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// A Likeness is four measures of how alike two voters voted, each with its
// interval: Agreement is a share of 1, S lies between −1 and 1, and Kappa (with
// linear weights) and Pi are at most 1. Kappa and Pi have NaN for everything
// where chance alone would make the two agree always in half of the draws.
type Likeness struct {
	Agreement, S, Kappa, Pi Estimate
}

// LikenessInterval returns the measures of [Agreement] with intervals at the
// given level; a and b have one record per cluster of votes that go together.
// Whole clusters are drawn with replacement, the table of all votes drawn is
// made anew, and the four measures of it; the intervals are the expanded
// percentiles of [AgreementInterval], whose interval of the agreement is the
// same for the same seed. Draws in which a measure is missing are left out of
// its interval. Design is 0.
//
// Assumptions and errors are those of AgreementInterval.
//
// Accuracy: TestLikenessCoverage.
//
// References: [hesterberg2015]; [signorino1999]; [cohen1968]; [scott1955].
func LikenessInterval(a, b []string, level float64, draws int, seed uint64) (Likeness, error) {
	if !(level > 0 && level < 1) {
		return Likeness{}, fmt.Errorf("votes: level %v outside (0, 1)", level)
	}
	if draws < 100 {
		return Likeness{}, errors.New("votes: fewer than 100 draws")
	}
	clusters, err := byCluster(a, b)
	if err != nil {
		return Likeness{}, err
	}
	if len(clusters) < 2 {
		return Likeness{}, ErrFewClusters
	}
	var all Pair
	for _, c := range clusters {
		all.add(c)
	}
	all.measure()
	rng := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	var drawn [4][]float64
	for range draws {
		var p Pair
		for range clusters {
			p.add(clusters[rng.IntN(len(clusters))])
		}
		p.measure()
		for i, v := range p.likeness() {
			if !math.IsNaN(v) {
				drawn[i] = append(drawn[i], v)
			}
		}
	}
	g := float64(len(clusters))
	t := distuv.StudentsT{Sigma: 1, Nu: g - 1}.Quantile((1 + level) / 2)
	tail := math.Erfc(math.Sqrt(g/(g-1)/2)*t) / 2
	var out Likeness
	for i, to := range []*Estimate{&out.Agreement, &out.S, &out.Kappa, &out.Pi} {
		v, x := all.likeness()[i], drawn[i]
		*to = Estimate{Value: v, Lo: math.NaN(), Hi: math.NaN(), Both: all.Both, Clusters: len(clusters)}
		if math.IsNaN(v) || 2*len(x) < draws {
			to.Value = math.NaN()
			continue
		}
		slices.Sort(x)
		skip := int(tail * float64(len(x)))
		to.Lo, to.Hi = min(x[skip], v), max(x[len(x)-1-skip], v)
	}
	return out, nil
}

// add adds the votes of another table.
func (p *Pair) add(q Pair) {
	for i, row := range q.Table {
		for j, n := range row {
			p.Table[i][j] += n
		}
	}
	p.Both += q.Both
}

// likeness returns the four measures of a [Likeness], in its order.
func (p *Pair) likeness() [4]float64 { return [4]float64{p.Agreement, p.S, p.Weighted, p.Pi} }
