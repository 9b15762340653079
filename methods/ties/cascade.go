package ties

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"
)

// ErrTooMany is returned where every outcome of a cascade would have to be
// counted and there are too many; draw them instead.
var ErrTooMany = errors.New("ties: too many uncertain ties to go through every outcome")

// certain is how many uncertain ties a cascade may have for every outcome to be
// gone through.
const certain = 22

// A Cascade is who passes a word on to whom, each tie once and independently,
// with the probability in row and column of source and listener.
type Cascade [][]float64

// tie is one possible passing on.
type tie struct {
	from, to int
	p        float64
}

// ties returns those that never, surely and perhaps pass on the word.
func (c Cascade) ties() (sure, perhaps []tie, err error) {
	if len(c) == 0 || len(c) > 64 {
		return nil, nil, fmt.Errorf("ties: a cascade among %d, not 1 to 64", len(c))
	}
	for i, row := range c {
		if len(row) != len(c) {
			return nil, nil, fmt.Errorf("ties: source %d has %d listeners of %d", i, len(row), len(c))
		}
		for j, p := range row {
			switch {
			case !(p >= 0 && p <= 1):
				return nil, nil, fmt.Errorf("ties: source %d reaches listener %d with probability %v", i, j, p)
			case p == 1:
				sure = append(sure, tie{i, j, p})
			case p > 0:
				perhaps = append(perhaps, tie{i, j, p})
			}
		}
	}
	return sure, perhaps, nil
}

// reach returns how many are reached from the seeds, a set of bits, over the
// ties that pass on: those sure and those perhaps whose bit is set.
func reach(n int, seeds uint64, sure, perhaps []tie, passing uint64) int {
	var out [64]uint64
	for _, t := range sure {
		out[t.from] |= 1 << t.to
	}
	for k, t := range perhaps {
		if passing>>k&1 == 1 {
			out[t.from] |= 1 << t.to
		}
	}
	reached, line := seeds, seeds
	for line != 0 {
		v := bits.TrailingZeros64(line)
		line &^= 1 << v
		line |= out[v] &^ reached
		reached |= out[v]
	}
	return bits.OnesCount64(reached)
}

// Spread returns how many are reached on average, the seeds among them, going
// through every outcome of the uncertain ties.
//
// It returns [ErrTooMany] for more than 22 of those, and an error for a seed or
// a probability that is none, or more than 64 members.
//
// References: [kempe2003] for the model.
func (c Cascade) Spread(seeds ...int) (float64, error) {
	sure, perhaps, err := c.ties()
	if err != nil {
		return 0, err
	}
	set, err := c.seeds(seeds)
	if err != nil {
		return 0, err
	}
	if len(perhaps) > certain {
		return 0, ErrTooMany
	}
	var mean float64
	for passing := range uint64(1) << len(perhaps) {
		p := 1.0
		for k, t := range perhaps {
			if passing>>k&1 == 1 {
				p *= t.p
			} else {
				p *= 1 - t.p
			}
		}
		mean += p * float64(reach(len(c), set, sure, perhaps, passing))
	}
	return mean, nil
}

// seeds returns the set of members as bits.
func (c Cascade) seeds(seeds []int) (set uint64, err error) {
	for _, s := range seeds {
		if s < 0 || s >= len(c) {
			return 0, fmt.Errorf("ties: seed %d of %d", s, len(c))
		}
		set |= 1 << s
	}
	return set, nil
}

// Draw returns how many are reached on average over drawn outcomes, with the
// interval at the given level that the number of draws leaves; for webs too
// large for [Cascade.Spread]. It returns the errors of Spread but for
// ErrTooMany, and one for fewer than 100 draws or a level outside (0, 1).
//
// References: [kempe2003].
func (c Cascade) Draw(draws int, level float64, rng *rand.Rand, seeds ...int) (mean float64, interval Range, err error) {
	if draws < 100 || !(level > 0 && level < 1) {
		return 0, Range{}, fmt.Errorf("ties: %d draws at level %v", draws, level)
	}
	sure, perhaps, err := c.ties()
	if err != nil {
		return 0, Range{}, err
	}
	set, err := c.seeds(seeds)
	if err != nil {
		return 0, Range{}, err
	}
	var sum, square float64
	for range draws {
		passing := append([]tie(nil), sure...)
		for _, t := range perhaps {
			if rng.Float64() < t.p {
				passing = append(passing, t)
			}
		}
		r := float64(reach(len(c), set, passing, nil, 0))
		sum += r
		square += r * r
	}
	n := float64(draws)
	mean = sum / n
	half := distuv.UnitNormal.Quantile((1+level)/2) * math.Sqrt(max(0, square/n-mean*mean)/(n-1))
	return mean, Range{mean - half, mean + half}, nil
}

// Greedy returns k seeds chosen one after the other, each the one that raises
// the spread most given those before (the first where two raise it alike), and
// the spread with the first, the first two and so on. The spread is at least
// 1 − 1/e of that of the best k seeds.
//
// It returns the errors of [Cascade.Spread], and one for k outside 1 to the
// number of members.
//
// References: [kempe2003].
func (c Cascade) Greedy(k int) (seeds []int, spread []float64, err error) {
	if k < 1 || k > len(c) {
		return nil, nil, fmt.Errorf("ties: %d seeds of %d", k, len(c))
	}
	for range k {
		best, at := -1.0, 0
		for v := range len(c) {
			s, err := c.Spread(append(append([]int(nil), seeds...), v)...)
			if err != nil {
				return nil, nil, err
			}
			if s > best*(1+1e-12) {
				best, at = s, v
			}
		}
		seeds, spread = append(seeds, at), append(spread, best)
	}
	return seeds, spread, nil
}

// BestPair returns the two seeds with the largest spread, the first in order
// where several have it, and the spread. Errors are those of [Cascade.Spread],
// and fewer than two members.
func (c Cascade) BestPair() (a, b int, spread float64, err error) {
	if len(c) < 2 {
		return 0, 0, 0, fmt.Errorf("ties: a pair of %d", len(c))
	}
	for i := range len(c) {
		for j := i + 1; j < len(c); j++ {
			s, err := c.Spread(i, j)
			if err != nil {
				return 0, 0, 0, err
			}
			if s > spread*(1+1e-12) {
				a, b, spread = i, j, s
			}
		}
	}
	return a, b, spread, nil
}
