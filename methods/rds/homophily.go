package rds

import (
	"math"
)

// A Homophily says how much people of one group keep to themselves.
type Homophily struct {
	// Recruitment is how many recruits are of their recruiter's group, over
	// how many would be if recruiters chose without regard to it: 1 for none.
	Recruitment float64
	// Population is, for each group, how many ties between it and the others
	// there would be without preference, over how many there are: 1 for none,
	// 2 when half of those expected are missing. NaN where nothing is known.
	Population []float64
	// Activity is the mean number of ties in each group over that of all
	// others: 1 when the group is as well connected as the rest.
	Activity []float64
}

// HomophilyOf returns the homophily of the groups, with an estimator's weights.
// With t_gh recruits of group h by recruiters of g:
//
//	Recruitment  = Σ t_gg / Σ_g (t_g· t_·g / t··)
//	Population_g = 2·p·d₀·(1−p)·d₁ / (s·d)
//	Activity_g   = d₁/d₀
//
// where, among recruiters with recruits, p is the share of the group, d₁, d₀
// and d the mean degrees in it, outside it and of all, and s the mean number of
// ties across, each recruiter's ties being divided as their recruits were.
// Activity uses all respondents.
//
// Assumptions: recruits are drawn at random from ties; where people recruit
// friends of their own kind more than they have them, the population seems more
// divided than it is.
//
// Accuracy: rounding only (TestConformanceMechanics).
//
// Its errors are those of [Weights].
//
// References: [gile2010].
func HomophilyOf(s *Sample, g Groups, e Estimator, population float64) (Homophily, error) {
	t, err := Transitions(s, g)
	if err != nil {
		return Homophily{}, err
	}
	w, err := Weights(s, g, e, population)
	if err != nil {
		return Homophily{}, err
	}
	var h Homophily
	n := len(g.Names)
	from, to := make([]float64, n), make([]float64, n)
	var all, same, expected float64
	for i, row := range t {
		for j, v := range row {
			from[i] += v
			to[j] += v
			all += v
		}
		same += row[i]
	}
	for k := range n {
		expected += from[k] * to[k] / all
	}
	h.Recruitment = same / expected
	for k := range n {
		h.Population = append(h.Population, populationHomophily(s, g, w, k))
		var in, out, din, dout float64
		for i, of := range g.Of {
			switch of {
			case k:
				in += w[i]
				din += w[i] * s.degree[i]
			case -1:
			default:
				out += w[i]
				dout += w[i] * s.degree[i]
			}
		}
		h.Activity = append(h.Activity, din/in/(dout/out))
	}
	return h, nil
}

// populationHomophily returns the homophily of group k.
func populationHomophily(s *Sample, g Groups, w []float64, k int) float64 {
	var sum, in, din, dout, across float64
	for i, recruits := range s.recruits {
		if g.Of[i] < 0 {
			continue
		}
		var known, inside float64
		for _, r := range recruits {
			if g.Of[r] >= 0 {
				known++
				if g.Of[r] == k {
					inside++
				}
			}
		}
		if known == 0 {
			continue
		}
		d := s.degree[i]
		sum += w[i]
		if g.Of[i] == k {
			in += w[i]
			din += w[i] * d
			across += w[i] * d * (known - inside) / known
		} else {
			dout += w[i] * d
			across += w[i] * d * inside / known
		}
	}
	if in == 0 || in == sum || across == 0 {
		return math.NaN()
	}
	// p·d₁ and (1−p)·d₀ are the sums of ties inside and outside.
	return 2 * (din / sum) * (dout / sum) / (across / sum * (din + dout) / sum)
}
