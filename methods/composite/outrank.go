package composite

import "math"

// Outranking returns, for every pair of units, the weight of the columns on
// which the first is above the second, as a share of 1 of the weight of those
// both have; a level column counts half for each. cols has one column per
// criterion and w a weight for each. It is NaN for a pair with no column of
// weight in common, so that M[a][b] + M[b][a] is 1 wherever it is anything and
// nothing depends on the order of the units.
//
// References: [munda2008].
func Outranking(cols [][]float64, w []float64) [][]float64 {
	n := len(cols[0])
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
		m[i][i] = 0.5
	}
	for i := range n {
		for j := range i {
			above, level, all := contest(cols, w, i, j)
			m[i][j] = (above + level/2) / all
			m[j][i] = (all - above - level/2) / all
		}
	}
	return m
}

// contest returns the weight of the columns on which i is above j, on which
// they are level, and which both have.
func contest(cols [][]float64, w []float64, i, j int) (above, level, all float64) {
	for k, c := range cols {
		a, b := c[i], c[j]
		switch {
		case a > b:
			above += w[k]
		case a < b:
		case a == b:
			level += w[k]
		default:
			continue // one is missing
		}
		all += w[k]
	}
	return above, level, all
}

// CopelandScores returns for each unit how many others it outranks less how
// many outrank it; a pair split evenly, or with nothing in common, counts for
// neither. A unit with no value at all has no score.
//
// No surplus can pay for a lack, and only order counts, not distance: a hair's
// breadth is worth as much as a mile.
//
// References: [munda2008].
func CopelandScores(cols [][]float64, w []float64) []float64 {
	out := make([]float64, len(cols[0]))
	copeland(cols, w, out)
	return out
}

func copeland(cols [][]float64, w []float64, out []float64) {
	clear(out)
	for i := range out {
		for j := range i {
			above, level, all := contest(cols, w, i, j)
			// Compared after halving the same sum, so that swapping the two
			// units swaps the outcome exactly.
			below := all - above - level
			switch {
			case above > below && !nearly(above, below, all):
				out[i]++
				out[j]--
			case above < below && !nearly(above, below, all):
				out[i]--
				out[j]++
			}
		}
	}
	for i := range out {
		some := false
		for _, c := range cols {
			some = some || c[i] == c[i]
		}
		if !some {
			out[i] = math.NaN()
		}
	}
}

// nearly reports whether two sums of weights differ by rounding only.
func nearly(a, b, of float64) bool { return math.Abs(a-b) <= 1e-12*of }

// Dominated counts pairs of units.
type Dominated struct {
	Pairs    int // without gaps
	Weakly   int // one at least as good on every column and better on one
	Strictly int // one better on every column
}

// Dominance counts the pairs of units of which one dominates the other on the
// columns. The order of such a pair holds under any weights of a monotone
// aggregator, all above zero; what is left is decided by weights.
func Dominance(cols [][]float64) Dominated {
	n := len(cols[0])
	var d Dominated
	for i := range n {
	pair:
		for j := range i {
			up, down, level := false, false, false
			for _, c := range cols {
				switch {
				case c[i] > c[j]:
					up = true
				case c[i] < c[j]:
					down = true
				case c[i] == c[j]:
					level = true
				default:
					continue pair
				}
			}
			d.Pairs++
			if up != down {
				d.Weakly++
				if !level {
					d.Strictly++
				}
			}
		}
	}
	return d
}
