package composite

import (
	"math"
	"slices"
)

// mean returns the mean of the values present, or NaN if none is. Rounding is
// carried along, so that it does not depend on their order.
func mean(x []float64) float64 {
	var sum, rest float64
	n := 0
	for _, v := range x {
		if v == v {
			var err float64
			sum, err = twoSum(sum, v)
			rest += err
			n++
		}
	}
	return (sum + rest) / float64(n)
}

// meanSD returns the mean and the standard deviation, with n−1, of the values
// present, in two passes. The deviation is NaN for fewer than two.
func meanSD(x []float64) (m, sd float64) {
	m = mean(x)
	var ss float64
	n := 0
	for _, v := range x {
		if v == v {
			ss += (v - m) * (v - m)
			n++
		}
	}
	if n < 2 {
		return m, math.NaN()
	}
	return m, math.Sqrt(ss / float64(n-1))
}

// shape returns skewness and excess kurtosis as [Treat] defines them, and
// false for fewer than four values or no two that differ.
func shape(x []float64) (g, k float64, ok bool) {
	var sum float64
	n := 0
	first, differ := math.NaN(), false
	for _, v := range x {
		if v == v {
			sum += v
			n++
			differ = differ || v != first && first == first
			first = v
		}
	}
	if n < 4 || !differ {
		return math.NaN(), math.NaN(), false
	}
	c := float64(n)
	m := sum / c
	var s2, s3, s4 float64
	for _, v := range x {
		if v == v {
			d := v - m
			d2 := d * d
			s2 += d2
			s3 += d2 * d
			s4 += d2 * d2
		}
	}
	if !(s2 > 0) || math.IsInf(s2*s2, 0) {
		return math.NaN(), math.NaN(), false
	}
	g = math.Sqrt(c) * s3 / (s2 * math.Sqrt(s2)) * math.Sqrt(c*(c-1)) / (c - 2)
	r := c * s4 / (s2 * s2)
	k = ((c+1)*(r-3) + 6) * (c - 1) / ((c - 2) * (c - 3))
	return g, k, true
}

// quantile returns the p-quantile of sorted values by linear interpolation
// between the two at (n−1)p, NaN for none. It is the definition numbered 7 in
// [hyndman1996].
func quantile(sorted []float64, p float64) float64 {
	n := len(sorted)
	if n == 0 {
		return math.NaN()
	}
	at := p * float64(n-1)
	lo := int(math.Floor(at))
	if lo >= n-1 {
		return sorted[n-1]
	}
	return sorted[lo] + (at-float64(lo))*(sorted[lo+1]-sorted[lo])
}

// Quantile returns the p-quantile of the values present, by linear
// interpolation between the two nearest, or NaN if there is none.
//
// References: [hyndman1996], definition 7.
func Quantile(x []float64, p float64) float64 {
	s := make([]float64, 0, len(x))
	for _, v := range x {
		if v == v {
			s = append(s, v)
		}
	}
	slices.Sort(s)
	return quantile(s, p)
}

// Describe holds what an indicator looks like before anything is done to it.
type Describe struct {
	Min, Max, Mean, Median, SD float64 // SD with n−1
	Skew, Kurtosis             float64 // as [Treat] defines them; NaN for fewer than four values or no two that differ
	Available                  int     // values present
	NonZero                    int     // of those, not zero
	Unique                     int     // of those, different from one another
	Same                       int     // times the commonest value occurs
	Units                      int     // values present or missing
}

// Flags are doubts about an indicator, each on if there is one.
type Flags struct {
	Sparse   bool // available for less than MinAvailable of the units
	Zeros    bool // not zero for less than MinNonZero of them
	Repeated bool // fewer different values than MinUnique of the units
	Skewed   bool // |skewness| above Skew and kurtosis above Kurtosis
}

// Limits are where [Describe.Flags] begins to doubt.
type Limits struct{ MinAvailable, MinNonZero, MinUnique, Skew, Kurtosis float64 }

// DefaultLimits returns the limits in common use.
func DefaultLimits() Limits { return Limits{0.65, 0.5, 0.5, 2, 3.5} }

// Flags compares with the limits. All three shares are of all units, missing
// ones included, so that they can be read against each other.
func (d Describe) Flags(l Limits) Flags {
	n := float64(d.Units)
	return Flags{
		Sparse:   float64(d.Available)/n < l.MinAvailable,
		Zeros:    float64(d.NonZero)/n < l.MinNonZero,
		Repeated: float64(d.Unique)/n < l.MinUnique,
		Skewed:   math.Abs(d.Skew) > l.Skew && d.Kurtosis > l.Kurtosis,
	}
}

// Statistics returns what the values look like, missing ones left out. All
// numbers but the counts are NaN if nothing is present.
func Statistics(x []float64) Describe {
	d := Describe{Units: len(x)}
	sorted := make([]float64, 0, len(x))
	for _, v := range x {
		if v == v {
			sorted = append(sorted, v)
		}
	}
	slices.Sort(sorted)
	d.Available = len(sorted)
	d.Min, d.Max = extent(sorted)
	d.Mean, d.SD = meanSD(sorted)
	d.Median = quantile(sorted, 0.5)
	d.Skew, d.Kurtosis, _ = shape(x)
	for from := 0; from < len(sorted); {
		to := from
		for to < len(sorted) && sorted[to] == sorted[from] {
			to++
		}
		d.Unique++
		d.Same = max(d.Same, to-from)
		if sorted[from] != 0 {
			d.NonZero += to - from
		}
		from = to
	}
	return d
}

// Coverage is how much of the indicators one unit has.
type Coverage struct {
	Unit                   string
	Missing, Zero, Present int
}

// Availability returns the share of 1 of the indicators the unit has.
func (c Coverage) Availability() float64 {
	return float64(c.Present) / float64(c.Present+c.Missing)
}

// NonZero returns the share of 1 of what the unit has that is not zero.
func (c Coverage) NonZero() float64 { return float64(c.Present-c.Zero) / float64(c.Present) }

// Coverage returns how much each unit has of the indicators not excluded, in
// the table's order and as they stand in it.
func (x *Index) Coverage() []Coverage {
	c := make([]Coverage, len(x.table.Units))
	for i, u := range x.table.Units {
		c[i].Unit = u
		for _, j := range x.plan.prepare.kept {
			switch v := x.raw[j][i]; {
			case v != v:
				c[i].Missing++
			case v == 0:
				c[i].Zero++
				c[i].Present++
			default:
				c[i].Present++
			}
		}
	}
	return c
}
