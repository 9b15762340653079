package pooling

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// A Posterior is what the figures and the priors say together.
type Posterior struct {
	Names       []string  // of the parameters: "theta:A", "delta:born", "lambda:census", "g:A", "u:S1"
	Mean        []float64 // posterior means, one per name
	SD          []float64 // posterior standard deviations
	Hosts       []string  // in order of first figure
	LogEvidence float64   // log density of the figures given the priors
	Weights     []float64 // w of each figure: 1, or less where it does not fit
	SourceSD    []float64 // σ_u tried
	SourceProb  []float64 // their posterior probabilities

	parts   []part // one per σ_u
	figures []Figure
	lay     *layout
	model   Model
}

// a part is the exact posterior at one σ_u.
type part struct {
	*system
	prob float64
	cov  *mat.SymDense // of the log stocks
}

// A Stock is the number of persons in one host, or in all, at the model's
// reference year under its target definition.
type Stock struct {
	Host         string // "" for the total
	Mean, SD     float64
	Median       float64
	logMu, logSD float64 // of the log-normal of that mean and variance
}

// Quantile returns the p-quantile, 0 < p < 1, in persons.
func (s Stock) Quantile(p float64) float64 {
	return math.Exp(s.logMu + s.logSD*distuv.UnitNormal.Quantile(p))
}

// Plus returns the stock with persons added of whom only mean and variance are
// known, independent of it.
func (s Stock) Plus(mean, variance float64) Stock {
	if mean == 0 && variance == 0 {
		return s
	}
	out := mix([]moments{{1, s.Mean + mean, s.SD*s.SD + variance}})
	out.Host = s.Host
	return out
}

// Pool returns the exact posterior of the stock model.
//
// With information J = P₀⁻¹ + Hᵀ R⁻¹ H and P₀ the prior variances,
//
//	P = J⁻¹,   x̂ = P (P₀⁻¹ m + Hᵀ R⁻¹ y),   K = P Hᵀ R⁻¹
//
// which is the posterior of the normal linear model. Each host's own
// parameters are eliminated first, so the time is the sum of the cubes of what
// is each host's own and of what they share.
//
// Accuracy: with σ_u fixed, posterior mean, standard deviation and log
// evidence agree with an independent implementation to 1e-8, and with a
// simulation of the same model to 3 % (TestConformanceReconcile). Pooled 95 %
// intervals of simulated truths hold 95 % of them (TestPoolCoverage).
//
// It returns [ErrNothing], [ErrFigure] or [ErrModel].
func (m Model) Pool(figures []Figure) (*Posterior, error) {
	l, err := m.plan(figures)
	if err != nil {
		return nil, err
	}
	p := &Posterior{Hosts: l.hosts, SourceSD: slices.Clone(m.SourceSD), figures: slices.Clone(figures), lay: l, model: m}
	if err := p.settle(trusted(figures)); err != nil {
		return nil, err
	}
	p.finish()
	return p, nil
}

// doubtful is the share of its weight that a doubted figure keeps.
const doubtful = 0.01

// trust returns the share of its weight that the record of a figure leaves it.
func (f Figure) trust() float64 {
	if f.Doubted {
		return doubtful
	}
	return 1
}

// trusted returns the weights of figures before any misfit is seen.
func trusted(figures []Figure) []float64 {
	w := make([]float64, len(figures))
	for i, f := range figures {
		w[i] = f.trust()
	}
	return w
}

// hide returns the posterior without the figures that are gone: what pooling
// the others alone gives, but found from here, so that hosts of which nothing
// is hidden need not be solved again. A parameter that only hidden figures
// touch stays, at its prior.
func (p *Posterior) hide(gone []bool) (*Posterior, error) {
	q := *p
	w := slices.Clone(p.Weights)
	for i := range w {
		if gone[i] {
			w[i] = 0
		}
	}
	if err := q.settle(w); err != nil {
		return nil, err
	}
	return &q, nil
}

// Under returns the posterior of the same figures under other settings. It
// starts from the weights the figures have here, so that it takes a few rounds
// where a new start takes many, and ends within [Model.Pool]'s tolerance of it.
func (p *Posterior) Under(m Model) (*Posterior, error) {
	l, err := m.plan(p.figures)
	if err != nil {
		return nil, err
	}
	q := &Posterior{Hosts: l.hosts, SourceSD: slices.Clone(m.SourceSD), figures: p.figures, lay: l, model: m}
	w := slices.Clone(p.Weights)
	if m.Robust == 0 || p.model.Robust == 0 {
		w = trusted(p.figures)
	}
	if err := q.settle(w); err != nil {
		return nil, err
	}
	q.finish()
	return q, nil
}

// finish works out what only the end result needs.
func (p *Posterior) finish() {
	for k := range p.parts {
		p.parts[k].cov = p.parts[k].stocks()
	}
	p.name()
}

// settle finds the posterior, starting from the weights w, and with robust
// errors weighs again until no weight moves. Weights of 0 stay.
func (p *Posterior) settle(w []float64) error {
	for round := 0; ; round++ {
		if err := p.solve(w); err != nil {
			return err
		}
		if p.model.Robust == 0 || round == robustRounds || p.reweigh(w) < robustEnough {
			break
		}
	}
	p.Weights = w
	return nil
}

// Reweighting converges linearly. It stops when no weight moves by more than
// robustEnough, which is a few thousandths of a posterior standard deviation,
// or after robustRounds.
const (
	robustEnough = 1e-3
	robustRounds = 100
)

// reweigh sets the weights to what the figures' misfits make them and returns
// how far the one that moved most has moved. Weights that are all but settled
// are left alone, so that their hosts need not be solved again.
func (p *Posterior) reweigh(w []float64) float64 {
	nu, change := p.model.Robust, 0.0
	for i := range w {
		if w[i] == 0 {
			continue
		}
		trust := p.figures[i].trust()
		next := trust * (nu + 1) / (nu + trust*p.misfit(i)/p.lay.r(p.lay.tau[i]))
		if by := math.Abs(next - w[i]); by >= robustEnough/2 {
			change = max(change, by)
			w[i] = next
		}
	}
	return change
}

// misfit returns E[(y − Hx)²] of figure i under the posterior mixture.
func (p *Posterior) misfit(i int) float64 {
	e := 0.0
	for _, q := range p.parts {
		res := q.residual(i)
		e += q.prob * (res*res + q.rowVariance(i))
	}
	return e
}

// solve finds the posterior at every σ_u with the figures' weights, and mixes.
func (p *Posterior) solve(w []float64) error {
	earlier := p.parts
	p.parts = nil
	logs := make([]float64, len(p.SourceSD))
	for k, sd := range p.SourceSD {
		var from *system
		switch { // what is each host's own is the same at every σ_u
		case k > 0:
			from = p.parts[0].system
		case len(earlier) > 0:
			from = earlier[0].system
		}
		s, err := p.lay.solve(sd, w, from, true)
		if err != nil {
			return err
		}
		p.parts = append(p.parts, part{system: s})
		logs[k] = s.evidence
		if len(p.SourceSD) > 1 {
			z := sd / p.model.SourceScale
			logs[k] -= z * z / 2
		}
	}
	top := slices.Max(logs)
	sum, prior := 0.0, 0.0
	for _, v := range logs {
		sum += math.Exp(v - top)
	}
	p.SourceProb = make([]float64, len(logs))
	for k := range p.parts {
		p.SourceProb[k] = math.Exp(logs[k]-top) / sum
		p.parts[k].prob = p.SourceProb[k]
		z := p.SourceSD[k] / max(p.model.SourceScale, 1e-300)
		prior += math.Exp(-z * z / 2)
	}
	p.LogEvidence = top + math.Log(sum)
	if len(p.SourceSD) > 1 {
		p.LogEvidence -= math.Log(prior)
	}
	return nil
}

// name fills in names, means and standard deviations: stocks, then what hosts
// share, then what else is each host's own.
func (p *Posterior) name() {
	var means, seconds []float64
	add := func(name string, at func(*system) (mean, variance float64)) {
		m, s := 0.0, 0.0
		for _, q := range p.parts {
			mean, v := at(q.system)
			m += q.prob * mean
			s += q.prob * (v + mean*mean)
		}
		p.Names = append(p.Names, name)
		means, seconds = append(means, m), append(seconds, s)
	}
	for c := range p.lay.own {
		add(p.lay.own[c][0].name, func(s *system) (float64, float64) { return s.blocks[c].mean[0], s.ownVariance(c, 0) })
	}
	for j, q := range p.lay.shared {
		add(q.name, func(s *system) (float64, float64) { return s.mean[j], s.cov.At(j, j) })
	}
	for c, own := range p.lay.own {
		for i, q := range own[1:] {
			add(q.name, func(s *system) (float64, float64) { return s.blocks[c].mean[i+1], s.ownVariance(c, i+1) })
		}
	}
	p.Mean, p.SD = means, make([]float64, len(means))
	for i := range means {
		p.SD[i] = math.Sqrt(max(0, seconds[i]-means[i]*means[i]))
	}
}

// Stock returns the stock of host c, its place in Hosts.
func (p *Posterior) Stock(c int) Stock {
	parts := make([]moments, len(p.parts))
	for k, q := range p.parts {
		v := q.cov.At(c, c)
		e := math.Exp(q.blocks[c].mean[0] + v/2)
		parts[k] = moments{q.prob, e, e * e * math.Expm1(v)}
	}
	s := mix(parts)
	s.Host = p.Hosts[c]
	if len(p.parts) == 1 { // exactly log-normal
		s.logMu, s.logSD = p.parts[0].blocks[c].mean[0], math.Sqrt(p.parts[0].cov.At(c, c))
		s.Median = math.Exp(s.logMu)
	}
	return s
}

// At returns the stock of host c in another year, in which counted flows say
// its log differs by shift from t*, give or take shiftSD. Between years that
// figures speak of, and before and past them, what the walk may have done is in
// the variance, so that the stock is the less certain the further it is from any
// figure: it widens with every year of a projection (TestAtWidens).
func (p *Posterior) At(c int, year, shift, shiftSD float64) Stock {
	extra := shiftSD * shiftSD
	r := row{host: c, own: append([]term{{0, 1}}, p.lay.path(c, year-p.model.Reference, &extra)...)}
	parts := make([]moments, len(p.parts))
	var m, v float64
	for k, q := range p.parts {
		m, v = q.at(r)+shift, q.reach(r).variance+extra
		e := math.Exp(m + v/2)
		parts[k] = moments{q.prob, e, e * e * math.Expm1(v)}
	}
	s := mix(parts)
	s.Host = p.Hosts[c]
	if len(p.parts) == 1 { // exactly log-normal
		s.logMu, s.logSD, s.Median = m, math.Sqrt(v), math.Exp(m)
	}
	return s
}

// Total returns the stock over the hosts that keep accepts, and over all for
// nil. Errors that hosts share, of a definition, a class or a source, are in
// its variance:
//
//	Cov(stock_c, stock_d) = E_c E_d (exp P_cd − 1)
//
// Reference: [fenton1960] for the quantiles.
func (p *Posterior) Total(keep func(host string) bool) Stock {
	var at []int
	for c, h := range p.Hosts {
		if keep == nil || keep(h) {
			at = append(at, c)
		}
	}
	parts := make([]moments, len(p.parts))
	for k, q := range p.parts {
		parts[k] = q.total(at)
	}
	return mix(parts)
}

// moments are the mean and variance of a stock at one σ_u.
type moments struct{ prob, mean, variance float64 }

func (q part) total(at []int) moments {
	m := moments{prob: q.prob}
	e := make([]float64, len(at))
	for i, c := range at {
		e[i] = math.Exp(q.blocks[c].mean[0] + q.cov.At(c, c)/2)
		m.mean += e[i]
	}
	for i, c := range at {
		for j, d := range at {
			m.variance += e[i] * e[j] * math.Expm1(q.cov.At(c, d))
		}
	}
	return m
}

// mix returns the stock of a mixture, with the log-normal of its moments.
func mix(parts []moments) Stock {
	var s Stock
	second := 0.0
	for _, m := range parts {
		s.Mean += m.prob * m.mean
	}
	for _, m := range parts {
		second += m.prob * (m.variance + (m.mean-s.Mean)*(m.mean-s.Mean))
	}
	s.SD = math.Sqrt(second)
	ratio := second / (s.Mean * s.Mean)
	s.logSD = math.Sqrt(math.Log1p(ratio))
	s.logMu = math.Log(s.Mean) - s.logSD*s.logSD/2
	s.Median = math.Exp(s.logMu)
	return s
}

// Gain returns row c of K: how much the log stock of host c moves when the log
// of each figure moves by one, in the order of the figures.
func (p *Posterior) Gain(c int) []float64 {
	out := make([]float64, len(p.figures))
	for _, q := range p.parts {
		u := q.withShared(c)
		for i, r := range p.lay.rows {
			v := 0.0
			for _, t := range r.shared {
				v += t.by * u[t.at]
			}
			k := q.blocks[r.host]
			for _, t := range r.own {
				for j, at := range k.cols {
					v -= t.by * k.x.At(t.at, j) * u[at]
				}
				if r.host == c {
					v += t.by * k.inv.At(0, t.at)
				}
			}
			out[i] += q.prob * v / q.variance[i]
		}
	}
	return out
}

// A Change is what one figure does to the result.
type Change struct {
	Figure int   // its place among the figures
	Host   Stock // of the figure's host without it; zero if it was the host's only one
	Total  Stock // of all hosts without it
}

// Without returns, for every figure, what the stock of its host and the total
// would be without it: a rank-one change of the posterior,
//
//	P' = P + P h hᵀ P / (R − hᵀPh),   x' = x̂ − P h (y − hᵀx̂) / (R − hᵀPh)
//
// with the weights of the others and the probabilities of σ_u changed as their
// evidence changes. A host with no other figure is left out of the total. For
// σ_u of one value and no robust weights it equals pooling again without the
// figure (TestWithout).
func (p *Posterior) Without() []Change {
	count := make([]int, len(p.Hosts))
	for _, r := range p.lay.rows {
		count[r.host]++
	}
	out := make([]Change, len(p.figures))
	n := len(p.Hosts)
	e := make([]float64, n)
	ratios := make([][]float64, len(p.parts)) // exp P_cd of each part, rows of n
	for k, q := range p.parts {
		ratios[k] = make([]float64, n*n)
		for c := range n {
			for d := range n {
				ratios[k][c*n+d] = math.Exp(q.cov.At(c, d))
			}
		}
	}
	for i, r := range p.lay.rows {
		host := r.host
		out[i].Figure = i
		hosts := make([]moments, len(p.parts))
		totals := make([]moments, len(p.parts))
		logs := make([]float64, len(p.parts))
		for k, q := range p.parts {
			reach := q.reach(r)
			ph, res, v := reach.stocks, q.residual(i), reach.variance
			left := q.variance[i] - v
			mean := func(c int) float64 { return q.blocks[c].mean[0] - ph[c]*res/left }
			cov := func(c, d int) float64 { return q.cov.At(c, d) + ph[c]*ph[d]/left }
			// Evidence without the figure: divide by its predictive density,
			// whose variance is R + hᵀP'h = R²/(R − hᵀPh).
			pv := q.variance[i] * q.variance[i] / left
			pr := res * q.variance[i] / left
			logs[k] = math.Log(q.prob) + (math.Log(2*math.Pi*pv)+pr*pr/pv)/2
			var t moments
			for c := range n {
				if e[c] = 0; c != host || count[c] > 1 {
					e[c] = math.Exp(mean(c) + cov(c, c)/2)
				}
				t.mean += e[c]
			}
			for c := range n {
				ratio, by := ratios[k][c*n:(c+1)*n], ph[c]/left
				t.variance += e[c] * e[c] * (ratio[c]*expSmall(by*ph[c]) - 1)
				for d := range c {
					t.variance += 2 * e[c] * e[d] * (ratio[d]*expSmall(by*ph[d]) - 1)
				}
			}
			totals[k] = t
			if count[host] > 1 {
				hv := cov(host, host)
				hosts[k] = moments{0, e[host], e[host] * e[host] * math.Expm1(hv)}
			}
		}
		top := slices.Max(logs)
		sum := 0.0
		for _, v := range logs {
			sum += math.Exp(v - top)
		}
		for k := range totals {
			pr := math.Exp(logs[k]-top) / sum
			totals[k].prob, hosts[k].prob = pr, pr
		}
		out[i].Total = mix(totals)
		if count[host] > 1 {
			out[i].Host = mix(hosts)
			out[i].Host.Host = p.Hosts[host]
		}
	}
	return out
}

// expSmall returns exp(x), by its series where that is exact to rounding.
func expSmall(x float64) float64 {
	if x < 0.01 && x > -0.01 { // the next term is under 2e-17
		return 1 + x*(1+x*(0.5+x*(1.0/6+x*(1.0/24+x*(1.0/120+x*(1.0/720))))))
	}
	return math.Exp(x)
}

// Predict returns the log of what a figure of the given kind would say, as a
// normal distribution: mean and standard deviation, the figure's own error
// included. A host without figures is at its prior. With robust errors the
// figure's own variance is that of Student's t, R ν/(ν−2).
func (p *Posterior) Predict(f Figure) (mean, sd float64, err error) {
	l := p.lay
	if err := l.known(f); err != nil {
		return 0, 0, err
	}
	r := row{host: slices.Index(l.hosts, f.Host)}
	extra, prior := 0.0, l.offset(l.defOf[f.Definition], l.classOf[f.Class])+f.Shift
	t := f.Year - p.model.Reference
	if r.host < 0 { // the whole of what is its own is at its prior
		prior += p.model.Mean + p.model.GrowthMean*t
		extra += p.model.SD*p.model.SD + p.model.GrowthSD*p.model.GrowthSD*t*t + p.model.walk(math.Exp(p.model.Mean))*math.Abs(t)
		for _, e := range l.effects(f)[1:] {
			extra += l.variance(e, 0)
		}
	} else {
		for _, e := range l.effects(f) {
			if i := slices.IndexFunc(l.own[r.host], func(q param) bool { return q.name == e.name }); i >= 0 {
				r.own = append(r.own, term{i, 1})
			} else {
				extra += l.variance(e, 0)
			}
		}
		r.own = append(r.own, l.path(r.host, t, &extra)...)
	}
	newSource := true
	for _, name := range l.common(f) {
		if i := slices.IndexFunc(l.shared, func(q param) bool { return q.name == name }); i >= 0 {
			r.shared = append(r.shared, term{i, 1})
			newSource = newSource && l.shared[i].kind != source
		}
	}
	second := 0.0
	for k, q := range p.parts {
		m := prior + q.at(r)
		v := extra + q.reach(r).variance
		if newSource {
			v += p.SourceSD[k] * p.SourceSD[k]
		}
		e := l.r(noise{math.Exp(m), f.Step, f.Definition, f.Class, 0})
		if nu := p.model.Robust; nu > 2 { // a Student t error varies more than its scale
			e *= nu / (nu - 2)
		}
		mean += q.prob * m
		second += q.prob * (v + e + f.ShiftSD*f.ShiftSD + m*m)
	}
	return mean, math.Sqrt(second - mean*mean), nil
}
