package rds

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrSizePrior is returned when what is thought of the population beforehand
// cannot be: a median below the sample, or a limit below the median.
var ErrSizePrior = errors.New("rds: the prior of the population size does not fit the sample")

// A SizePrior is what is thought of the size of the population before the
// sample: n/N is like a beta variable.
//
//	p(N) ∝ (N−n)^{β−1} N^{−(α+β)},  α = Median/(Median−n)
//
// with β such that the median is Median.
type SizePrior struct {
	Median float64
	// Max is the largest population considered; 0 takes the size at which p
	// has fallen to a hundredth of its peak.
	Max int
	// Cap is the most ties a person is taken to have, however many they say; 0
	// means the 95th of 100 respondents in order of their ties.
	Cap int
}

// A SizePosterior is what successive sampling says of the size of the
// population.
type SizePosterior struct {
	N     []int     // sizes considered, all from the sample to the largest
	P     []float64 // probability of each
	Prior []float64 // probability of each beforehand
	Cap   int
}

// PosteriorSize returns what the order in which respondents came says of the
// size of the population: where people of many ties come first and fewer come
// later, the population is running out.
//
// The degrees d_1, d_2, ... of the sample, in order, are those of successive
// sampling from N people whose ties follow a Conway–Maxwell–Poisson
// distribution, π_k ∝ λ^k/(k!)^ν for 1 ≤ k ≤ Cap:
//
//	P(d | N, λ, ν) = N!/(N−n)! Π π(d_i) E_U[ Π d_i/(U + d_i + d_{i+1} + ... + d_n) ]
//
// where U is the number of ties of the N−n not sampled; the expectation is a
// saddle point. The prior is that of SizePrior for N, and for the
// mean μ and variance σ² of the distribution of ties
//
//	σ² ~ scaled inverse χ²(3, s²),  μ | σ ~ Normal(m, σ²)
//
// with m and s from the distribution fitted to respondents weighed by 1/d.
//
// A check, not an estimate. Assumptions: the order of interviews is that of
// successive sampling, which neither seeds nor coupons nor homophily respect;
// ties are reported without error. The data say little: intervals of a factor
// of three are common, and the median follows the prior's. Show it beside other
// estimates, with its prior, and never by itself.
//
// Accuracy: within 15 per cent of sspse 1.1.0-6 (TestConformanceSize), which
// draws what is summed here over a grid. With half of 1000 people sampled and a
// prior median of twice the truth, the posterior median was a third above it
// (TestSizeRecovers). No random numbers.
//
// PosteriorSize returns [ErrSizePrior], and [ErrNobody] for fewer than ten
// respondents.
//
// References: [handcock2014].
func PosteriorSize(s *Sample, prior SizePrior) (SizePosterior, error) {
	n := s.Len()
	if n < 10 {
		return SizePosterior{}, fmt.Errorf("%w: %d, fewer than 10", ErrNobody, n)
	}
	if !(prior.Median > float64(n)) || math.IsInf(prior.Median, 0) || prior.Max != 0 && float64(prior.Max) <= prior.Median {
		return SizePosterior{}, ErrSizePrior
	}
	most := prior.Cap
	if most == 0 {
		sorted := slices.Sorted(slices.Values(s.degree))
		most = int(math.Round(quantile(sorted, 0.95)))
	}
	if most < 2 {
		return SizePosterior{}, fmt.Errorf("rds: nobody has more than %d ties, which leaves nothing to tell sizes by", most)
	}
	degree := make([]int, n)
	for i, d := range s.degree {
		degree[i] = min(max(int(math.Round(d)), 1), most)
	}
	post := SizePosterior{Cap: most}
	post.sizes(n, prior)

	order := newOrder(degree, float64(most)*float64(post.N[len(post.N)-1]))
	thetas := degreeGrid(degree, most)
	// Sizes at which the likelihood is worked out; between them its logarithm
	// is taken to be straight.
	var knots []int
	for i, step := 0, 1.0; i < len(post.N); i += int(step) {
		knots = append(knots, i)
		step = max(1, step*1.04)
	}
	if last := len(post.N) - 1; knots[len(knots)-1] != last {
		knots = append(knots, last)
	}
	loglik := make([]float64, len(knots))
	terms := make([]float64, len(thetas))
	guess := make([]float64, len(thetas))
	before := 0.0
	for j, i := range knots {
		m := float64(post.N[i] - n)
		for t, th := range thetas {
			first := m * th.mean
			if before > 0 {
				first = guess[t] * m / before
			}
			var v float64
			v, guess[t] = order.mean(th.p, m, first)
			terms[t] = th.weight + v
		}
		before = m
		a, _ := math.Lgamma(float64(post.N[i]) + 1)
		b, _ := math.Lgamma(m + 1)
		loglik[j] = a - b + logSum(terms)
	}
	post.P = make([]float64, len(post.N))
	high := math.Inf(-1)
	for j := range knots {
		high = max(high, loglik[j])
	}
	var sum float64
	for j, k := 0, 0; k < len(post.N); k++ {
		for j+1 < len(knots)-1 && knots[j+1] <= k {
			j++
		}
		l := loglik[j]
		if j+1 < len(knots) {
			l += (loglik[j+1] - loglik[j]) * float64(k-knots[j]) / float64(knots[j+1]-knots[j])
		}
		post.P[k] = post.Prior[k] * math.Exp(l-high)
		sum += post.P[k]
	}
	for k := range post.P {
		post.P[k] /= sum
	}
	return post, nil
}

// sizes sets the sizes considered and their prior.
func (p *SizePosterior) sizes(n int, prior SizePrior) {
	alpha := prior.Median / (prior.Median - float64(n))
	unit := math.Log(prior.Median)
	var above, whole []float64 // logarithms of N−n and of N/Median
	weigh := func(beta float64, top int) []float64 {
		for len(above) <= top-n {
			x := float64(n+len(above)) + 0.5
			above, whole = append(above, math.Log(x-float64(n))), append(whole, math.Log(x/prior.Median))
		}
		w := make([]float64, top-n+1)
		var sum float64
		for i := range w {
			w[i] = math.Exp((beta-1)*(above[i]-unit) - (alpha+beta)*whole[i])
			sum += w[i]
		}
		for i := range w {
			w[i] /= sum
		}
		return w
	}
	fit := func(top int) []float64 {
		lo, hi := 1.0, 120.0
		var w []float64
		for hi-lo > 1e-4 {
			beta := (lo + hi) / 2
			w = weigh(beta, top)
			if median(w)+float64(n) < prior.Median {
				lo = beta
			} else {
				hi = beta
			}
		}
		return w
	}
	top := prior.Max
	if top == 0 {
		top = int(3 * prior.Median)
		for range 40 {
			w := fit(top)
			if w[len(w)-1] <= 0.01*slices.Max(w) {
				break
			}
			top += top / 3
		}
	}
	p.Prior = fit(top)
	for i := range p.Prior {
		p.N = append(p.N, n+i)
	}
}

// median returns the place at which half of the probability is reached.
func median(w []float64) float64 {
	var sum float64
	for i, v := range w {
		if sum += v; sum >= 0.5 {
			return float64(i)
		}
	}
	return float64(len(w) - 1)
}

// An order is what the degrees in their order say of the ties U of those not
// sampled, by the sums b_i of the degrees from i on. With exponential times,
//
//	Π 1/(U + b_i) = ∫ e^{−rU} h(r) dr / Π b_i
//
// for the density h of Σ E_i/b_i, whose cumulants at −U are tabled here in the
// logarithm of U: the saddle points of h.
type order struct {
	low, step float64
	k         []float64 // Σ −log(1 + U/b_i)
	r         []float64 // Σ 1/(U + b_i)
	k2        []float64 // Σ 1/(U + b_i)²
}

func newOrder(degree []int, most float64) *order {
	const points = 3000
	b := make([]float64, len(degree))
	var sum float64
	for i := len(degree) - 1; i >= 0; i-- {
		sum += float64(degree[i])
		b[i] = sum
	}
	o := &order{low: math.Log(0.5), k: make([]float64, points), r: make([]float64, points), k2: make([]float64, points)}
	o.step = (math.Log(most) - o.low) / (points - 1)
	for j := range points {
		u := math.Exp(o.low + float64(j)*o.step)
		for _, v := range b {
			o.k[j] -= math.Log1p(u / v)
			o.r[j] += 1 / (u + v)
			o.k2[j] += 1 / ((u + v) * (u + v))
		}
	}
	return o
}

func (o *order) at(u float64) (k, r, k2 float64) {
	x := (math.Log(max(u, 0.5)) - o.low) / o.step
	i := min(int(x), len(o.k)-2)
	f := x - float64(i)
	return o.k[i] + f*(o.k[i+1]-o.k[i]), o.r[i] + f*(o.r[i+1]-o.r[i]), o.k2[i] + f*(o.k2[i+1]-o.k2[i])
}

// mean returns the logarithm of the expectation of Π b_i/(U + b_i) when U is
// the sum of m degrees with the chances p, and the U at which it was found,
// from a first guess. It is Laplace's approximation of the integral over r,
// whose peak is where U is m times the mean degree under chances p·e^{−rk}.
//
// References: [daniels1954].
func (o *order) mean(p []float64, m, guess float64) (value, u float64) {
	if m == 0 {
		return 0, guess
	}
	lo, hi := 0.5, m*float64(len(p))
	u = min(max(guess, lo), hi)
	for range 60 {
		k, r, k2 := o.at(u)
		// The chances p·e^{−rk}: their sum, mean and variance.
		q, e := 1.0, math.Exp(-r)
		var s0, s1, s2 float64
		for d := 1; d < len(p); d++ {
			q *= e
			w := p[d] * q
			s0 += w
			s1 += w * float64(d)
			s2 += w * float64(d) * float64(d)
		}
		mean := s1 / s0
		variance := s2/s0 - mean*mean
		slope := max(1-m*variance*k2, 1e-3)
		value = k + u*r + m*math.Log(s0) - math.Log(slope)/2
		off := u - m*mean
		if off > 0 {
			hi = u
		} else {
			lo = u
		}
		next := u - off/slope
		if !(next > lo && next < hi) {
			next = (lo + hi) / 2
		}
		if math.Abs(next-u) < 1e-6*u || hi-lo < 1e-9*hi {
			break
		}
		u = next
	}
	return value, u
}

// A degreeModel is a distribution of ties with the logarithm of its prior and
// of its likelihood for the degrees seen.
type degreeModel struct {
	p            []float64
	mean, weight float64
}

// conway returns the Conway–Maxwell–Poisson distribution on 1 to most, with its
// mean and variance.
func conway(logLambda, nu float64, most int) (p []float64, mean, variance float64) {
	p = make([]float64, most+1)
	high := math.Inf(-1)
	var factorial float64 // log k!
	for k := 1; k <= most; k++ {
		factorial += math.Log(float64(k))
		p[k] = float64(k)*logLambda - nu*factorial
		high = max(high, p[k])
	}
	var sum float64
	for k := 1; k <= most; k++ {
		p[k] = math.Exp(p[k] - high)
		sum += p[k]
	}
	for k := 1; k <= most; k++ {
		p[k] /= sum
		mean += p[k] * float64(k)
	}
	for k := 1; k <= most; k++ {
		variance += p[k] * (float64(k) - mean) * (float64(k) - mean)
	}
	return p, mean, variance
}

// lambdaFor returns the log λ with which the mean is that of the weights, which
// for a given ν is the one that fits them best, and the logarithm of their
// likelihood.
func lambdaFor(weight []float64, nu float64) (logLambda, loglik float64) {
	most := len(weight) - 1
	var sum, target float64
	for k, w := range weight {
		sum += w
		target += w * float64(k)
	}
	target /= sum
	lo, hi := -50.0, nu*math.Log(float64(most))+50
	for range 60 {
		logLambda = (lo + hi) / 2
		if _, mean, _ := conway(logLambda, nu, most); mean < target {
			lo = logLambda
		} else {
			hi = logLambda
		}
	}
	p, _, _ := conway(logLambda, nu, most)
	for k, w := range weight {
		if w > 0 {
			loglik += w * math.Log(max(p[k], 1e-300))
		}
	}
	return logLambda, loglik
}

// fitConway returns the log λ and ν, not below 0, that fit weights best. The
// likelihood has one peak in ν.
func fitConway(weight []float64) (logLambda, nu float64) {
	const golden = 0.6180339887498949
	value := func(nu float64) float64 {
		_, l := lambdaFor(weight, nu)
		return l
	}
	lo, hi := 0.0, 1.0
	for value(2*hi) > value(hi) && hi < 64 {
		hi *= 2
	}
	hi *= 2
	a, b := hi-golden*(hi-lo), lo+golden*(hi-lo)
	fa, fb := value(a), value(b)
	for hi-lo > 1e-5*(1+hi) {
		if fa >= fb {
			hi, b, fb = b, a, fa
			a = hi - golden*(hi-lo)
			fa = value(a)
		} else {
			lo, a, fa = a, b, fb
			b = lo + golden*(hi-lo)
			fb = value(b)
		}
	}
	nu = (lo + hi) / 2
	logLambda, _ = lambdaFor(weight, nu)
	return logLambda, nu
}

// degreeGrid returns the distributions of ties considered: in ν, all that fit
// either the degrees or the degrees weighed by 1/d to within e^-25, and for each
// ν in log λ from the one to the other and six standard errors beyond. Their
// weights are those of prior and likelihood over the flat measure in log λ and
// ν.
func degreeGrid(degree []int, most int) []degreeModel {
	plain, weighted := make([]float64, most+1), make([]float64, most+1)
	var sum float64
	for _, d := range degree {
		plain[d]++
		weighted[d] += 1 / float64(d)
		sum += 1 / float64(d)
	}
	n := float64(len(degree))
	for k := range weighted {
		weighted[k] *= n / sum
	}
	prior0, prior1 := fitConway(weighted)
	_, mu, s2 := conway(prior0, prior1, most)

	lo, hi := math.Inf(1), 0.0
	for _, w := range [][]float64{plain, weighted} {
		_, peak := fitConway(w)
		_, best := lambdaFor(w, peak)
		// Where the likelihood has fallen, on either side of the peak.
		fallen := func(nu float64) bool {
			_, l := lambdaFor(w, nu)
			return l < best-25
		}
		left, step := 0.0, peak
		if fallen(0) {
			for range 20 {
				if step /= 2; fallen(left + step) {
					left += step
				}
			}
		}
		right := peak + 0.1
		for !fallen(right) && right < 100 {
			right = peak + 1.2*(right-peak)
		}
		lo, hi = min(lo, left), max(hi, right)
	}
	const gm, gn = 36, 36
	var models []degreeModel
	for j := range gn {
		nu := lo + (hi-lo)*(float64(j)+0.5)/gn
		from, _ := lambdaFor(weighted, nu)
		to, _ := lambdaFor(plain, nu)
		_, _, v0 := conway(from, nu, most)
		_, _, v1 := conway(to, nu, most)
		from, to = from-6/math.Sqrt(n*v0), to+6/math.Sqrt(n*v1)
		for i := range gm {
			p, mean, variance := conway(from+(to-from)*(float64(i)+0.5)/gm, nu, most)
			if !(variance > 1e-9) {
				continue
			}
			const df = 3
			w := math.Log(to - from)
			w += -(df/2.0+1)*math.Log(variance) - df*s2/(2*variance)
			w += -(mean-mu)*(mean-mu)/(2*variance) - math.Log(variance)/2
			for k, c := range plain {
				if c > 0 {
					w += c * math.Log(max(p[k], 1e-300))
				}
			}
			models = append(models, degreeModel{p, mean, w})
		}
	}
	return models
}

// logSum returns the logarithm of the sum of exponentials.
func logSum(x []float64) float64 {
	high := slices.Max(x)
	var sum float64
	for _, v := range x {
		if v -= high; v > -50 {
			sum += math.Exp(v)
		}
	}
	return high + math.Log(sum)
}

// Mean returns the posterior mean of the population and its standard deviation.
func (p SizePosterior) Mean() (mean, sd float64) {
	for i, n := range p.N {
		mean += p.P[i] * float64(n)
	}
	for i, n := range p.N {
		sd += p.P[i] * (float64(n) - mean) * (float64(n) - mean)
	}
	return mean, math.Sqrt(sd)
}

// Quantile returns the smallest population that, with all smaller ones, has at
// least the probability q.
func (p SizePosterior) Quantile(q float64) int {
	var below float64
	for i, n := range p.N {
		if below += p.P[i]; below >= q {
			return n
		}
	}
	return p.N[len(p.N)-1]
}
