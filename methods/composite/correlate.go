package composite

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// A Correlation measures how two columns go together.
type Correlation struct {
	R float64 // in [−1, 1]; NaN for fewer than three pairs or a column of one value
	P float64 // two-sided, of no association; NaN where it cannot be had
	N int     // pairs in which neither is missing
}

// Pearson returns the correlation of the pairs present. P is of
//
//	t = r√((n−2)/(1−r²)) with n−2 degrees of freedom
//
// Assumptions: for P, pairs are independent and normal. Countries are neither;
// neighbours make it too small.
func Pearson(x, y []float64) Correlation {
	x, y = pairs(x, y)
	return Correlation{R: pearson(x, y), P: studentP(pearson(x, y), len(x)), N: len(x)}
}

// Spearman returns the correlation of the ranks of the pairs present, equal
// values sharing the mean of theirs. Without equal values P is exact for up to
// nine pairs, and otherwise by the series of [best1975]; with them it is as in
// [Pearson], which for ranks is an approximation good from about ten pairs.
func Spearman(x, y []float64) Correlation {
	x, y = pairs(x, y)
	a, b := midranks(x), midranks(y)
	r := pearson(a, b)
	c := Correlation{R: r, P: studentP(r, len(x)), N: len(x)}
	if !math.IsNaN(r) && ties(x)[1] == 0 && ties(y)[1] == 0 {
		c.P = spearmanP(a, b)
	}
	return c
}

// spearmanP returns the two-sided probability of a sum of squared differences
// of ranks at least as far from its mean as that of a and b.
func spearmanP(a, b []float64) float64 {
	n := float64(len(a))
	var d float64
	for i := range a {
		d += (a[i] - b[i]) * (a[i] - b[i])
	}
	most := n * (n*n - 1) / 3 // d of opposite orders; d is always even
	if d > most/2 {
		d = most - d
	}
	if len(a) <= 9 {
		return min(1, 2*spearmanExact(int(math.Round(d)), len(a)))
	}
	// P(D ≤ d) = 1 − P(D ≥ d+2), the series being for the upper tail.
	z := 1 / n
	v := (6*(d+1)*z/(n*n-1) - 1) * math.Sqrt(n-1)
	y := v * v
	u := v * z * (0.2274 + z*(0.2531+0.1745*z) + y*(-0.0758+z*(0.1033+0.3932*z)-
		y*z*(0.0879+0.0151*z-y*(0.0072-0.0831*z+y*z*(0.0131-4.6e-4*y)))))
	p := 1 - (math.Erfc(v/math.Sqrt2)/2 + u/math.Exp(y/2))
	return max(0, min(1, 2*p))
}

// spearmanExact returns the share of the orders of n whose squared differences
// from 1…n add to d or less.
func spearmanExact(d, n int) float64 {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	few, all := 0, 0
	var turn func(k, sum int)
	turn = func(k, sum int) {
		if k == n {
			all++
			if sum <= d {
				few++
			}
			return
		}
		for i := k; i < n; i++ {
			order[k], order[i] = order[i], order[k]
			turn(k+1, sum+(order[k]-k)*(order[k]-k))
			order[k], order[i] = order[i], order[k]
		}
	}
	turn(0, 0)
	return float64(few) / float64(all)
}

// Kendall returns tau-b of the pairs present:
//
//	τ = (C − D)/√((n₀−n₁)(n₀−n₂)),  n₀ = n(n−1)/2
//
// with C and D the pairs of pairs in the same and in opposite order, n₁ and n₂
// those level in x and in y. P is exact for fewer than 50 pairs without equal
// values, and otherwise from the normal distribution of C−D with the variance
// that equal values leave it.
//
// References: [kendall1970].
func Kendall(x, y []float64) Correlation {
	x, y = pairs(x, y)
	n := len(x)
	c := Correlation{R: math.NaN(), P: math.NaN(), N: n}
	if n < 3 {
		return c
	}
	s, level := 0, [2]int{}
	for i := range n {
		for j := range i {
			a, b := sign(x[i]-x[j]), sign(y[i]-y[j])
			s += a * b
			if a == 0 {
				level[0]++
			}
			if b == 0 {
				level[1]++
			}
		}
	}
	all := n * (n - 1) / 2
	if level[0] == all || level[1] == all {
		return c
	}
	c.R = float64(s) / math.Sqrt(float64(all-level[0])*float64(all-level[1]))
	if level == [2]int{} && n < 50 {
		c.P = kendallExact(s, n)
		return c
	}
	f := float64(n)
	tx, ty := ties(x), ties(y)
	v := (f*(f-1)*(2*f+5)-tx[0]-ty[0])/18 + tx[1]*ty[1]/(2*f*(f-1)) + tx[2]*ty[2]/(9*f*(f-1)*(f-2))
	c.P = math.Erfc(math.Abs(float64(s)) / math.Sqrt(2*v))
	return c
}

// kendallExact returns the two-sided probability of |C−D| at least |s| among
// all orders of n, by counting orders with each number of inversions.
func kendallExact(s, n int) float64 {
	most := n * (n - 1) / 2
	p := make([]float64, most+1) // probability of so many inversions
	p[0] = 1
	for m := 2; m <= n; m++ {
		q := make([]float64, most+1)
		var sum float64
		for k := range q {
			sum += p[k]
			if k >= m {
				sum -= p[k-m]
			}
			q[k] = sum / float64(m)
		}
		p = q
	}
	// s = most − 2·inversions.
	inversions := (most - max(s, -s)) / 2
	var tail float64
	for k := 0; k <= inversions; k++ {
		tail += p[k]
	}
	return min(1, 2*tail)
}

// ties returns Σt(t−1)(2t+5), Σt(t−1) and Σt(t−1)(t−2) over groups of t equal values.
func ties(x []float64) [3]float64 {
	s := slices.Clone(x)
	slices.Sort(s)
	var r [3]float64
	for from := 0; from < len(s); {
		to := from
		for to < len(s) && s[to] == s[from] {
			to++
		}
		t := float64(to - from)
		r[0] += t * (t - 1) * (2*t + 5)
		r[1] += t * (t - 1)
		r[2] += t * (t - 1) * (t - 2)
		from = to
	}
	return r
}

func sign(v float64) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// pairs returns the pairs in which neither is missing.
func pairs(x, y []float64) (a, b []float64) {
	a, b = make([]float64, 0, len(x)), make([]float64, 0, len(x))
	for i, v := range x {
		if w := y[i]; v == v && w == w {
			a, b = append(a, v), append(b, w)
		}
	}
	return a, b
}

// pearson returns the correlation of columns without gaps.
func pearson(x, y []float64) float64 {
	if len(x) < 3 {
		return math.NaN()
	}
	c := covariance(x, y)
	vx, vy := covariance(x, x), covariance(y, y)
	if !(vx > 0) || !(vy > 0) {
		return math.NaN()
	}
	return max(-1, min(1, c/math.Sqrt(vx)/math.Sqrt(vy)))
}

// covariance returns Σ(x−x̄)(y−ȳ)/(n−1) of columns without gaps.
func covariance(x, y []float64) float64 {
	mx, my := mean(x), mean(y)
	var s float64
	for i := range x {
		s += (x[i] - mx) * (y[i] - my)
	}
	return s / float64(len(x)-1)
}

func studentP(r float64, n int) float64 {
	if math.IsNaN(r) || n < 3 {
		return math.NaN()
	}
	if math.Abs(r) == 1 {
		return 0
	}
	t := math.Abs(r) * math.Sqrt(float64(n-2)/(1-r*r))
	return 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(n - 2)}.Survival(t)
}

// midranks returns ranks from 1 for the least, equal values sharing the mean.
func midranks(x []float64) []float64 {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return sign(x[a] - x[b]) })
	r := make([]float64, len(x))
	for from := 0; from < len(x); {
		to := from
		for to < len(x) && x[order[to]] == x[order[from]] {
			to++
		}
		for k := from; k < to; k++ {
			r[order[k]] = float64(from+to+1) / 2
		}
		from = to
	}
	return r
}

// Cronbach returns alpha of the columns, how consistently they measure one thing:
//
//	α = k² c̄/Σ_ij c_ij
//
// with k columns, c their covariances, each over the units that have both, and
// c̄ the mean of those off the diagonal. It is NaN for fewer than two columns
// or a pair with fewer than three units.
//
// Assumptions: every column measures the same thing equally well; where some
// measure it better, alpha is too low. It rises with k alone, so a high one is
// no proof, and a low one is no fault where the parts are meant to differ.
//
// References: [cronbach1951].
func Cronbach(cols [][]float64) float64 {
	k := len(cols)
	if k < 2 {
		return math.NaN()
	}
	var diagonal, off float64
	for i := range k {
		for j := range k {
			x, y := pairs(cols[i], cols[j])
			if len(x) < 3 {
				return math.NaN()
			}
			if c := covariance(x, y); i == j {
				diagonal += c
			} else {
				off += c
			}
		}
	}
	f := float64(k)
	return f * f * (off / (f * (f - 1))) / (diagonal + off)
}

// Components are the principal components of some columns.
type Components struct {
	Eigenvalues []float64   // of the correlation matrix, greatest first; they add to the number of columns
	Loadings    [][]float64 // one row per component, of length 1 and with a sum that is not negative
	N           int         // rows without a gap, which alone were used
}

// Explained returns the share of 1 of the variance that the first n components
// have.
func (c Components) Explained(n int) float64 {
	var part float64
	for _, v := range c.Eigenvalues[:n] {
		part += v
	}
	return part / float64(len(c.Eigenvalues))
}

// PrincipalComponents returns the principal components of the columns, each
// put on mean 0 and standard deviation 1, from the rows that have them all.
//
// Loadings are what [PCA] takes as weights: they say which columns go with
// most of the others, not which matter most. A column that measures something
// of its own gets little weight.
//
// It returns [ErrNoValues] for fewer than three complete rows, and
// [ErrNoRange] for a column of one value.
//
// References: [jolliffe2002].
func PrincipalComponents(cols [][]float64) (Components, error) {
	k := len(cols)
	whole := make([][]float64, k)
	for i := range cols[0] {
		full := true
		for _, c := range cols {
			full = full && c[i] == c[i]
		}
		if full {
			for j, c := range cols {
				whole[j] = append(whole[j], c[i])
			}
		}
	}
	pc := Components{N: len(whole[0])}
	if pc.N < 3 {
		return pc, fmt.Errorf("%w: %d complete rows for principal components", ErrNoValues, pc.N)
	}
	r := make([][]float64, k)
	for i := range k {
		r[i] = make([]float64, k)
		for j := range i + 1 {
			r[i][j] = pearson(whole[i], whole[j])
			r[j][i] = r[i][j]
			if math.IsNaN(r[i][j]) {
				return pc, fmt.Errorf("%w: a column of one value has no principal component", ErrNoRange)
			}
		}
		r[i][i] = 1
	}
	pc.Eigenvalues, pc.Loadings = eigen(r)
	return pc, nil
}

// eigen returns the eigenvalues of a symmetric matrix, greatest first, and
// their vectors in rows, by Jacobi rotations. It overwrites a.
func eigen(a [][]float64) ([]float64, [][]float64) {
	n := len(a)
	v := make([][]float64, n) // vectors in rows
	for i := range v {
		v[i] = make([]float64, n)
		v[i][i] = 1
	}
	for range 100 {
		var off float64
		for i := range n {
			for j := range i {
				off += a[i][j] * a[i][j]
			}
		}
		if off < 1e-30 {
			break
		}
		for p := range n {
			for q := p + 1; q < n; q++ {
				if a[p][q] == 0 {
					continue
				}
				theta := (a[q][q] - a[p][p]) / (2 * a[p][q])
				t := 1 / (math.Abs(theta) + math.Sqrt(theta*theta+1))
				if theta < 0 {
					t = -t
				}
				c := 1 / math.Sqrt(t*t+1)
				s := t * c
				for k := range n {
					a[k][p], a[k][q] = c*a[k][p]-s*a[k][q], s*a[k][p]+c*a[k][q]
				}
				for k := range n {
					a[p][k], a[q][k] = c*a[p][k]-s*a[q][k], s*a[p][k]+c*a[q][k]
					v[p][k], v[q][k] = c*v[p][k]-s*v[q][k], s*v[p][k]+c*v[q][k]
				}
			}
		}
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return sign(a[j][j] - a[i][i]) })
	values, vectors := make([]float64, n), make([][]float64, n)
	for at, i := range order {
		values[at], vectors[at] = a[i][i], v[i]
		var sum float64
		for _, x := range v[i] {
			sum += x
		}
		if sum < 0 {
			for k := range v[i] {
				v[i][k] = -v[i][k]
			}
		}
	}
	return values, vectors
}
