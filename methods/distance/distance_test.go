package distance

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"shanyraq/methods/internal/peers"
)

var near = peers.Near

func TestGreatCircle(t *testing.T) {
	for _, tt := range []struct {
		name                   string
		lat1, lon1, lat2, lon2 float64
		want                   float64 // in radii
		tol                    float64
	}{
		{"a point is where it is", 51.1, 71.4, 51.1, 71.4, 0, 0},
		{"a quarter of the equator", 0, 0, 0, 90, math.Pi / 2, 1e-12},
		{"pole to pole", 90, 17, -90, 130, math.Pi, 1e-12},
		{"across the date line", 0, 179, 0, -179, 2 * math.Pi / 180, 1e-12},
		// E. Williams, Aviation Formulary, worked example: Los Angeles (33°57′N
		// 118°24′W) to New York (40°38′N 73°47′W), 0.623585 radians, to six digits.
		{"Los Angeles to New York", 33.95, -118.4, 40 + 38./60, -73 - 47./60, 0.623585, 5e-7},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := GreatCircle(tt.lat1, tt.lon1, tt.lat2, tt.lon2)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "radii", got/Radius, tt.want, tt.tol)
		})
	}
	for _, bad := range [][4]float64{{91, 0, 0, 0}, {0, math.NaN(), 0, 0}, {0, 0, math.NaN(), 0}, {0, 0, 0, math.Inf(1)}} {
		if d, err := GreatCircle(bad[0], bad[1], bad[2], bad[3]); err == nil {
			t.Errorf("%v is %v km", bad, d)
		}
	}
}

// point is a place on the globe.
var point = rapid.Custom(func(t *rapid.T) [2]float64 {
	return [2]float64{rapid.Float64Range(-90, 90).Draw(t, "latitude"), rapid.Float64Range(-180, 180).Draw(t, "longitude")}
})

func TestGreatCircleIsAMetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := point.Draw(t, "a"), point.Draw(t, "b"), point.Draw(t, "c")
		d := func(p, q [2]float64) float64 {
			v, err := GreatCircle(p[0], p[1], q[0], q[1])
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		if d(a, b) != d(b, a) {
			t.Errorf("%v and back %v", d(a, b), d(b, a))
		}
		if d(a, b) > d(a, c)+d(c, b)+1e-3 { // a metre: near the antipodes the arcsine is flat
			t.Errorf("%v is farther than %v by way of %v", d(a, b), d(a, c)+d(c, b), c)
		}
		// The cosine rule, where it is well conditioned.
		const degree = math.Pi / 180
		cos := math.Sin(a[0]*degree)*math.Sin(b[0]*degree) + math.Cos(a[0]*degree)*math.Cos(b[0]*degree)*math.Cos((a[1]-b[1])*degree)
		if math.Abs(cos) < 0.9 && math.Abs(d(a, b)-Radius*math.Acos(cos)) > 1e-6 {
			t.Errorf("haversine %v, cosine rule %v", d(a, b), Radius*math.Acos(cos))
		}
	})
}

func TestParts(t *testing.T) {
	for _, tt := range []struct {
		name            string
		p, q            []Part
		apart, unshared Limits
	}{
		{"alike and of one group", []Part{{"a", 1}}, []Part{{"a", 1}}, Limits{0, 0, 0}, Limits{0, 0, 0}},
		{"nothing in common", []Part{{"a", 1}}, []Part{{"b", 1}}, Limits{1, 1, 1}, Limits{1, 1, 1}},
		// By hand: min(0.6, 0.2) + min(0.4, 0.5) = 0.6; 0.12 + 0.20 = 0.32. Of the
		// second, 0.3 is in no named group and may all be in a: 0.4 − 0.3.
		{"one side not all named", []Part{{"a", 0.6}, {"b", 0.4}}, []Part{{"b", 0.5}, {"a", 0.2}}, Limits{0.4, 0.1, 0.4}, Limits{0.68, 0.68 - 0.3*0.6, 0.68}},
		// By hand: two languages each; divided by 1.5 they are 2/3 and 1/3.
		{"shares that add to more than one", []Part{{"a", 1}, {"b", 0.5}}, []Part{{"a", 1}}, Limits{1. / 3, 1. / 3, 1. / 3}, Limits{1. / 3, 1. / 3, 1. / 3}},
		// What is unnamed on both sides may be one group: 0.5 of each.
		{"both half named", []Part{{"a", 0.5}}, []Part{{"b", 0.5}}, Limits{1, 0, 1}, Limits{1, 0.25, 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for what, m := range map[string]struct {
				of   func(p, q []Part) (Limits, error)
				want Limits
			}{"apart": {Apart, tt.apart}, "unshared": {Unshared, tt.unshared}} {
				got, err := m.of(tt.p, tt.q)
				if err != nil {
					t.Fatal(err)
				}
				near(t, what, got.Value, m.want.Value, 1e-12)
				near(t, what+", lower limit", got.Lo, m.want.Lo, 1e-12)
				near(t, what+", upper limit", got.Hi, m.want.Hi, 1e-12)
			}
		})
	}
	for name, p := range map[string][]Part{"a share above one": {{"a", 2}}, "a name twice": {{"a", 0.1}, {"a", 0.2}}, "no number": {{"a", math.NaN()}}} {
		if _, err := Apart(p, []Part{{"a", 1}}); err == nil || errors.Is(err, ErrNoParts) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Unshared([]Part{{"a", 1}}, nil); !errors.Is(err, ErrNoParts) {
		t.Errorf("nobody: %v", err)
	}
}

// population is a whole population in up to five groups.
var population = rapid.Custom(func(t *rapid.T) []Part {
	var out []Part
	var sum float64
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		x := rapid.Float64Range(0, 1).Draw(t, name)
		out = append(out, Part{name, x})
		sum += x
	}
	if sum == 0 {
		return []Part{{"a", 1}}
	}
	for i := range out {
		out[i].Share = min(1, out[i].Share/sum)
	}
	return out
})

func TestApartIsAMetricAndItsLimitsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q, r := population.Draw(t, "p"), population.Draw(t, "q"), population.Draw(t, "r")
		of := func(m func(p, q []Part) (Limits, error), p, q []Part) Limits {
			l, err := m(p, q)
			if err != nil {
				t.Fatal(err)
			}
			if !(0 <= l.Lo && l.Lo <= l.Value && l.Value <= l.Hi && l.Hi <= 1) {
				t.Fatalf("%+v", l)
			}
			return l
		}
		d := func(p, q []Part) float64 { return of(Apart, p, q).Value }
		if d(p, p) > 1e-12 || math.Abs(d(p, q)-d(q, p)) > 1e-15 || d(p, q) > d(p, r)+d(r, q)+1e-12 {
			t.Errorf("d(p,p)=%v, d(p,q)=%v, d(q,p)=%v, by r %v", d(p, p), d(p, q), d(q, p), d(p, r)+d(r, q))
		}
		var half float64
		for i := range p {
			half += math.Abs(p[i].Share-q[i].Share) / 2
		}
		if math.Abs(half-d(p, q)) > 1e-12 {
			t.Errorf("half the differences %v, d %v", half, d(p, q))
		}
		// Cutting groups off the tables leaves the truth within the limits.
		cut := func(x []Part, key string) []Part {
			out := slices.Clone(x)
			return slices.DeleteFunc(out, func(Part) bool { return rapid.Bool().Draw(t, key) && len(out) > 1 })
		}
		known := func(x []Part) bool { return slices.ContainsFunc(x, func(p Part) bool { return p.Share > 0 }) }
		if a, b := cut(p, "cut p"), cut(q, "cut q"); known(a) && known(b) {
			// Only groups named on neither side may hide in what is left; one cut
			// from one side alone shows as a difference of the other.
			if l := of(Apart, a, b); d(p, q) < l.Lo-1e-9 {
				t.Errorf("apart: %v is under the limit %v", d(p, q), l.Lo)
			}
			if l := of(Unshared, a, b); of(Unshared, p, q).Value < l.Lo-1e-9 {
				t.Errorf("unshared: %v is under the limit %v", of(Unshared, p, q).Value, l.Lo)
			}
		}
		if of(Apart, p, q) != of(Apart, turned(p), q) {
			t.Error("the order of groups matters")
		}
	})
}

// turned returns the parts in reverse.
func turned(p []Part) []Part {
	p = slices.Clone(p)
	slices.Reverse(p)
	return p
}

var nan = math.NaN()

// By hand. The scores 1, 2, 3 and 2, 4, 9 have variances 1 and 13; the first
// and third units are 2 and 7 apart: (4/1 + 49/13) / 2.
func TestKogutSingh(t *testing.T) {
	x := [][]float64{{1, 2, nan}, {2, 4, 5}, {3, 9, nan}}
	v := Variances(x)
	near(t, "first variance", v[0], 1, 1e-15)
	near(t, "second variance", v[1], 13, 1e-15)
	near(t, "variance of a score one unit has", v[2], nan, 0)
	d, m := KogutSingh(x[0], x[2], v)
	near(t, "index", d, (4+49./13)/2, 1e-14)
	if m != 2 {
		t.Errorf("over %d scores", m)
	}
	if d, m := KogutSingh([]float64{nan, 1}, []float64{1, nan}, []float64{1, 1}); !math.IsNaN(d) || m != 0 {
		t.Errorf("nothing in common: %v over %d", d, m)
	}
	// Two drawn at random are 2 apart on average: the mean over ordered pairs of
	// different units of (a−b)²/V is exactly 2.
	var sum float64
	for i := range x {
		for j := range x {
			if i != j {
				d, _ := KogutSingh(x[i][:2], x[j][:2], v[:2])
				sum += d / 6
			}
		}
	}
	near(t, "mean over pairs", sum, 2, 1e-14)
}

// The three examples in the documentation of scipy.spatial.distance.mahalanobis
// (SciPy 1.11), printed as 1.0, 1.0 and 1.7320508075688772. They give the
// inverse, with 1 on the diagonal and 0.5 beside it; its inverse has 1.5 and −0.5.
func TestMahalanobis(t *testing.T) {
	cov := [][]float64{{1.5, -0.5, -0.5}, {-0.5, 1.5, -0.5}, {-0.5, -0.5, 1.5}}
	for _, tt := range []struct {
		a, b []float64
		want float64
	}{
		{[]float64{1, 0, 0}, []float64{0, 1, 0}, 1},
		{[]float64{0, 2, 0}, []float64{0, 1, 0}, 1},
		{[]float64{2, 0, 0}, []float64{0, 1, 0}, 1.7320508075688772},
	} {
		got, m, err := Mahalanobis(tt.a, tt.b, cov)
		if err != nil || m != 3 {
			t.Fatal(m, err)
		}
		near(t, "distance", got, tt.want, 1e-14)
	}
	// Without the second score what is left has covariance ((1.5, −0.5), (−0.5, 1.5)),
	// whose inverse is ((0.75, 0.25), (0.25, 0.75)).
	got, m, err := Mahalanobis([]float64{2, nan, 0}, []float64{0, 1, 0}, cov)
	if err != nil || m != 2 {
		t.Fatal(m, err)
	}
	near(t, "over two scores", got, math.Sqrt(3), 1e-14)
	if got, m, err := Mahalanobis([]float64{nan}, []float64{1}, [][]float64{{1}}); !math.IsNaN(got) || m != 0 || err != nil {
		t.Errorf("nothing in common: %v over %d, %v", got, m, err)
	}
	if _, _, err := Mahalanobis([]float64{1, 1}, []float64{0, 0}, [][]float64{{1, 1}, {1, 1}}); !errors.Is(err, ErrSingular) {
		t.Errorf("two scores that are one: %v", err)
	}
}

// scores are complete scores of n units.
func scores(rng *rand.Rand, n, p int) [][]float64 {
	x := make([][]float64, n)
	for i := range x {
		x[i] = make([]float64, p)
		common := rng.NormFloat64()
		for j := range x[i] {
			x[i][j] = float64(j+1) * (common + rng.NormFloat64())
		}
	}
	return x
}

func TestDistancesOfScores(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		p := rapid.IntRange(1, 5).Draw(t, "scores")
		x := scores(rng, 12, p)
		s, err := Shrink(x)
		if err != nil {
			t.Fatal(err)
		}
		if s.N != 12 || s.Lambda < 0 || s.Lambda > 1 {
			t.Errorf("λ %v over %d", s.Lambda, s.N)
		}
		v := Variances(x)
		m := func(a, b []float64, cov [][]float64) float64 {
			d, used, err := Mahalanobis(a, b, cov)
			if err != nil || used != p {
				t.Fatal(used, err)
			}
			return d
		}
		a, b, c := x[0], x[1], x[2]
		if m(a, a, s.Cov) != 0 || m(a, b, s.Cov) != m(b, a, s.Cov) || m(a, b, s.Cov) > m(a, c, s.Cov)+m(c, b, s.Cov)+1e-9 {
			t.Error("Mahalanobis is no metric")
		}
		ks := func(a, b []float64) float64 { d, _ := KogutSingh(a, b, v); return d }
		if math.Sqrt(ks(a, b)) > math.Sqrt(ks(a, c))+math.Sqrt(ks(c, b))+1e-9 {
			t.Error("the root of the index breaks the triangle")
		}
		// With no two scores going together the index is the squared distance
		// over the number of scores [kandogan2012].
		diagonal := square(p)
		for i := range p {
			diagonal[i][i] = v[i]
		}
		if d := m(a, b, diagonal); math.Abs(d*d/float64(p)-ks(a, b)) > 1e-9*(1+ks(a, b)) {
			t.Errorf("squared distance %v, index %v", d*d/float64(p), ks(a, b))
		}
		// An invertible change of all scores: lower triangular, with a diagonal
		// away from 0. The sample covariance changes with them.
		change := square(p)
		for i := range p {
			for j := range i {
				change[i][j] = rng.NormFloat64()
			}
			change[i][i] = 0.5 + rng.Float64()
		}
		y := make([][]float64, len(x))
		for i := range x {
			y[i] = make([]float64, p)
			for j := range p {
				y[i][j] = 7
				for k := range p {
					y[i][j] += change[j][k] * x[i][k]
				}
			}
		}
		if before, after := m(a, b, covariance(x)), m(y[0], y[1], covariance(y)); math.Abs(before-after) > 1e-6*(1+before) {
			t.Errorf("%v before the change and %v after", before, after)
		}
		// The unit of a score, for the shrunk covariance.
		for i := range y {
			for j := range p {
				y[i][j] = 3 + x[i][j]*float64(j+2)
			}
		}
		z, err := Shrink(y)
		if err != nil {
			t.Fatal(err)
		}
		if before, after := m(a, b, s.Cov), m(y[0], y[1], z.Cov); math.Abs(before-after) > 1e-8*(1+before) || math.Abs(s.Lambda-z.Lambda) > 1e-9 {
			t.Errorf("in other units %v instead of %v, λ %v instead of %v", after, before, z.Lambda, s.Lambda)
		}
	})
}

// covariance is the sample covariance, with divisor n−1.
func covariance(x [][]float64) [][]float64 {
	n, p := float64(len(x)), len(x[0])
	mean := make([]float64, p)
	for _, row := range x {
		for j, v := range row {
			mean[j] += v / n
		}
	}
	out := square(p)
	for _, row := range x {
		for i := range p {
			for j := range p {
				out[i][j] += (row[i] - mean[i]) * (row[j] - mean[j]) / (n - 1)
			}
		}
	}
	return out
}

// λ by hand from the definition, for three units. The scores 0, 1, 2 and
// 0, 2, 1 have standard deviation 1 and products of deviations 1, 0, 0: their
// mean is 1/3, r is 1/2, and Var(r) = 3/2³ × ((2/3)² + 2(1/3)²) = 1/4, so that
// λ = (1/4)/(1/4) = 1.
func TestShrink(t *testing.T) {
	s, err := Shrink([][]float64{{0, 0}, {1, 2}, {2, 1}, {5, nan}})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "λ", s.Lambda, 1, 1e-12)
	near(t, "covariance", s.Cov[0][1], 0, 1e-12)
	near(t, "variance", s.Cov[1][1], 1, 1e-12)
	if s.N != 3 {
		t.Errorf("%d complete", s.N)
	}
	if _, err := Shrink([][]float64{{0, 0}, {1, 2}, {nan, 1}}); !errors.Is(err, ErrFew) {
		t.Errorf("two units: %v", err)
	}
	if _, err := Shrink([][]float64{{0, 1}, {1, 1}, {2, 1}}); err == nil {
		t.Error("a score that does not vary")
	}
	// Many units leave little to shrink; few, with nothing in common, much.
	rng := rand.New(rand.NewPCG(7, 7))
	many, _ := Shrink(scores(rng, 2000, 4))
	few, _ := Shrink(scores(rng, 6, 4))
	if many.Lambda > 0.01 || few.Lambda < many.Lambda {
		t.Errorf("λ %v for many, %v for few", many.Lambda, few.Lambda)
	}
}

// line are units on a line, so that groups can be seen.
func line(x ...float64) [][]float64 {
	d, _ := Pairs(len(x), func(i, j int) (float64, error) { return math.Abs(x[i] - x[j]), nil })
	return d
}

func TestNearest(t *testing.T) {
	d := line(0, 5, 1, -1, 9)
	d[0][4] = nan
	if got := Nearest(d, 0, 3); !slices.Equal(got, []int{2, 3, 1}) {
		t.Errorf("%v", got)
	}
	if got := Nearest(d, 0, 99); len(got) != 3 {
		t.Errorf("%v has what cannot be compared", got)
	}
}

func TestMedoids(t *testing.T) {
	p, err := Medoids(line(0, 1, 2, 10, 11, 12, 30), 3)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(p.Medoids, []int{1, 4, 6}) || !slices.Equal(p.Group, []int{0, 0, 0, 1, 1, 1, 2}) || p.Cost != 4 {
		t.Errorf("%+v", p)
	}
	if _, err := Medoids([][]float64{{0, nan}, {nan, 0}}, 1); !errors.Is(err, ErrUnknown) {
		t.Errorf("a missing distance: %v", err)
	}
	for _, k := range []int{0, 8} {
		if _, err := Medoids(line(1, 2, 3, 4, 5, 6, 7), k); err == nil {
			t.Errorf("%d groups", k)
		}
	}
}

// Against every division of small tables: never better than the best, of
// course, and seldom much worse.
func TestMedoidsNearTheBest(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	exact := 0
	const tables = 60
	for range tables {
		x := make([]float64, 9)
		for i := range x {
			x[i] = rng.Float64()
		}
		d := line(x...)
		p, err := Medoids(d, 3)
		if err != nil {
			t.Fatal(err)
		}
		best := math.Inf(1)
		for a := range x {
			for b := range a {
				for c := range b {
					var cost float64
					for i := range x {
						cost += min(d[i][a], d[i][b], d[i][c])
					}
					best = min(best, cost)
				}
			}
		}
		if p.Cost < best-1e-12 || p.Cost > 1.5*best {
			t.Errorf("cost %v, the best is %v", p.Cost, best)
		}
		if p.Cost < best+1e-12 {
			exact++
		}
	}
	if exact < tables*8/10 {
		t.Errorf("the best was found %d times of %d", exact, tables)
	}
}

func TestStability(t *testing.T) {
	apart := line(0, 1, 2, 3, 100, 101, 102, 103)
	p, err := Medoids(apart, 2)
	if err != nil {
		t.Fatal(err)
	}
	run := func(d [][]float64, p Partition) []float64 {
		s, err := Stability(d, p, 200, rand.New(rand.NewPCG(5, 6)))
		if err != nil {
			t.Fatal(err)
		}
		var means []float64
		for _, g := range s {
			var sum float64
			n := 0
			for _, v := range g {
				if !math.IsNaN(v) {
					sum += v
					n++
				}
			}
			means = append(means, sum/float64(n))
		}
		return means
	}
	for g, mean := range run(apart, p) {
		if mean < 0.97 {
			t.Errorf("group %d of two that are apart is found again in %v", g, mean)
		}
	}
	if a, b := run(apart, p), run(apart, p); !slices.Equal(a, b) {
		t.Error("the same seed gives another answer")
	}
	// Evenly spread units have no groups.
	even := line(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
	q, err := Medoids(even, 5)
	if err != nil {
		t.Fatal(err)
	}
	if worst := slices.Min(run(even, q)); worst > 0.75 {
		t.Errorf("groups of units without groups are found again in %v", worst)
	}
}

func TestPairs(t *testing.T) {
	fault := errors.New("no way")
	if _, err := Pairs(3, func(i, j int) (float64, error) { return 0, fault }); !errors.Is(err, fault) {
		t.Errorf("%v", err)
	}
}

// The Hosts room compares every country with every other when the first is
// asked for, so all pairs of 195 must stay well under a second.
func BenchmarkAllPairs(b *testing.B) {
	for _, p := range []int{6, 14} {
		b.Run(fmt.Sprintf("scores=%d", p), func(b *testing.B) {
			x := scores(rand.New(rand.NewPCG(1, 2)), 195, p)
			s, err := Shrink(x)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Pairs(len(x), func(i, j int) (float64, error) {
					d, _, err := Mahalanobis(x[i], x[j], s.Cov)
					return d, err
				}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Groups with their stability are worked out once per version of the evidence.
func BenchmarkStability(b *testing.B) {
	x := scores(rand.New(rand.NewPCG(1, 2)), 195, 1)
	d, _ := Pairs(len(x), func(i, j int) (float64, error) { return math.Abs(x[i][0] - x[j][0]), nil })
	p, err := Medoids(d, 6)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Stability(d, p, 100, rand.New(rand.NewPCG(1, 2))); err != nil {
			b.Fatal(err)
		}
	}
}
