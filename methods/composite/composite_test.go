package composite_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shanyraq/methods/composite"
	"shanyraq/methods/internal/peers"
)

// near fails unless got is within tol of want, or both are NaN.
var near = peers.Near

func all(t testing.TB, what string, got, want []float64, tol float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	for i := range want {
		near(t, fmt.Sprint(what, " ", i), got[i], want[i], tol)
	}
}

// leaf is an indicator of weight 1.
func leaf(code string) composite.Node { return composite.Node{Code: code, Weight: 1} }

// parent is an aggregate of weight 1.
func parent(code string, children ...composite.Node) composite.Node {
	return composite.Node{Code: code, Weight: 1, Children: children}
}

// asIs leaves values as they are.
var asIs = composite.Scale{Method: composite.MethodAsIs}

// flat returns an index of columns A, B, … of one parent T over units U1, U2, …;
// table has one row per unit.
func flat(t testing.TB, table [][]float64, weights []float64, s composite.Settings) *composite.Index {
	t.Helper()
	x, err := composite.New(flatDefinition(table, weights, s))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func flatDefinition(rows [][]float64, weights []float64, s composite.Settings) (composite.Definition, composite.Table) {
	tb := composite.Table{Values: map[string][]float64{}}
	top := parent("T")
	for k := range rows[0] {
		n := leaf(string(rune('A' + k)))
		if weights != nil {
			n.Weight = weights[k]
		}
		top.Children = append(top.Children, n)
		for i := range rows {
			tb.Values[n.Code] = append(tb.Values[n.Code], rows[i][k])
		}
	}
	for i := range rows {
		tb.Units = append(tb.Units, fmt.Sprint("U", i+1))
	}
	return composite.Definition{Framework: top, Settings: s}, tb
}

func built(t testing.TB, x *composite.Index) *composite.Result {
	t.Helper()
	r, err := x.Build()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Wants worked by hand.
func TestShares(t *testing.T) {
	for _, tt := range []struct {
		name string
		x    []float64
		want []float64
		fail error
	}{
		{name: "four units", x: []float64{1, 2, 3, 4}, want: []float64{0.1, 0.2, 0.3, 0.4}},
		{name: "the missing stay missing and leave the total", x: []float64{1, nan, 3}, want: []float64{0.25, nan, 0.75}},
		{name: "nothing is a share of nothing", x: []float64{0, 5}, want: []float64{0, 1}},
		{name: "negative", x: []float64{1, -1}, fail: composite.ErrNotPositive},
		{name: "infinite", x: []float64{1, math.Inf(1)}, fail: composite.ErrTable},
		{name: "all missing", x: []float64{nan, nan}, fail: composite.ErrNoTotal},
		{name: "all zero", x: []float64{0, 0}, fail: composite.ErrNoTotal},
		{name: "nobody", fail: composite.ErrNoTotal},
		{name: "sum beyond what a number holds", x: []float64{math.MaxFloat64, math.MaxFloat64}, fail: composite.ErrTable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := composite.Shares(tt.x)
			if !errors.Is(err, tt.fail) {
				t.Fatalf("error %v, want %v", err, tt.fail)
			}
			all(t, "share", got, tt.want, 1e-15)
		})
	}
}

// Wants worked by hand: with weights 1, 2, 1 the rows are (.1+2·.2+.3)/4 = .2;
// dropped (.4+.2)/2 = .3, zeroed (.4+.2)/4 = .15; dropped .6·2/2 = .6, zeroed
// .6·2/4 = .3.
func TestMissing(t *testing.T) {
	rows := [][]float64{{0.1, 0.2, 0.3}, {0.4, nan, 0.2}, {nan, 0.6, nan}, {nan, nan, nan}}
	whole := []float64{1}
	for _, tt := range []struct {
		name    string
		rule    composite.MissingRule
		least   []float64
		weights []float64
		want    []float64
	}{
		{"dropped", composite.Drop, nil, []float64{1, 2, 1}, []float64{0.2, 0.3, 0.6, nan}},
		{"dropped unless said otherwise", "", nil, []float64{1, 2, 1}, []float64{0.2, 0.3, 0.6, nan}},
		{"zeroed", composite.Zero, nil, []float64{1, 2, 1}, []float64{0.2, 0.15, 0.3, nan}},
		{"refused", composite.Drop, whole, []float64{1, 2, 1}, []float64{0.2, nan, nan, nan}},
		{"two of three wanted", composite.Drop, []float64{0.6}, []float64{1, 2, 1}, []float64{0.2, 0.3, nan, nan}},
		{"only proportions of weights matter", composite.Drop, nil, []float64{10, 20, 10}, []float64{0.2, 0.3, 0.6, nan}},
		{"nothing of weight is present", composite.Drop, nil, []float64{1, 0, 1}, []float64{0.2, 0.3, nan, nan}},
		{"nothing of weight is present, zeroed", composite.Zero, nil, []float64{1, 0, 1}, []float64{0.2, 0.3, 0, nan}},
		{"missing where the weight is zero is missing all the same", composite.Drop, whole, []float64{1, 0, 1}, []float64{0.2, nan, nan, nan}},
		{"weights all zero are all the same", composite.Drop, nil, []float64{0, 0, 0}, []float64{0.2, 0.3, 0.6, nan}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := flat(t, rows, tt.weights, composite.Settings{Normalise: asIs, Missing: tt.rule, MinAvailability: tt.least})
			all(t, "score", built(t, x).Scores(), tt.want, 1e-15)
		})
	}
}

func TestRanks(t *testing.T) {
	for _, tt := range []struct {
		name   string
		scores []float64
		want   []int
	}{
		{"highest first", []float64{1, 3, 2}, []int{3, 1, 2}},
		{"equals share the best rank", []float64{5, 7, 7, 1}, []int{3, 1, 1, 4}},
		{"without a score, without a rank", []float64{nan, 2, nan, 3}, []int{0, 2, 0, 1}},
		{"nobody", nil, []int{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := composite.Ranks(tt.scores); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// Wants worked by hand from the column 4, 1, 2, 1.
func TestScales(t *testing.T) {
	n := func(v float64) composite.Number { return composite.Number{Value: v} }
	yes := composite.Switch{On: true}
	sd := math.Sqrt(2) // squares of 2, −1, 0, −1 are 6, over three
	for _, tt := range []struct {
		name     string
		scale    composite.Scale
		up, down []float64
	}{
		{"zero is minmax to a hundred", composite.Scale{}, []float64{100, 0, 100. / 3, 0}, []float64{0, 100, 200. / 3, 100}},
		{"minmax", composite.Scale{Method: composite.MethodMinMax, Lower: n(1), Upper: n(4)}, []float64{4, 1, 2, 1}, []float64{1, 4, 3, 4}},
		{"zscore", composite.Scale{Method: composite.MethodZScore, Mean: n(10)}, []float64{10 + 2/sd, 10 - 1/sd, 10, 10 - 1/sd}, []float64{10 - 2/sd, 10 + 1/sd, 10, 10 + 1/sd}},
		{"rank", composite.Scale{Method: composite.MethodRank}, []float64{4, 1, 3, 1}, []float64{1, 3, 2, 3}},
		{"borda", composite.Scale{Method: composite.MethodBorda}, []float64{3, 0, 2, 0}, []float64{0, 2, 1, 2}},
		{"percentile", composite.Scale{Method: composite.MethodPercentile}, []float64{1, 0, 2. / 3, 0}, []float64{0, 2. / 3, 1. / 3, 2. / 3}},
		{"distance to the greatest", composite.Scale{Method: composite.MethodToMax}, []float64{1, 0, 1. / 3, 0}, []float64{0, 1, 2. / 3, 1}},
		{"distance to a unit", composite.Scale{Method: composite.MethodToReference, Unit: "U3"}, []float64{3, 0, 1, 0}, []float64{0, 1.5, 1, 1.5}},
		{"distance to a unit, at most one", composite.Scale{Method: composite.MethodToReference, Unit: "U3", Cap: yes}, []float64{1, 0, 1, 0}, []float64{0, 1, 1, 1}},
		{"distance to a target", composite.Scale{Method: composite.MethodToTarget, Target: n(3)}, []float64{1.5, 0, 0.5, 0}, []float64{0, 3, 2, 3}},
		{"scaled", composite.Scale{Method: composite.MethodScaled, Lower: n(0), Upper: n(8), Factor: n(8)}, []float64{4, 1, 2, 1}, []float64{-4, -1, -2, -1}},
		{"goalposts", composite.Scale{Method: composite.MethodGoalposts, Lower: n(1), Upper: n(3), Within: yes}, []float64{100, 0, 50, 0}, []float64{0, 100, 50, 100}},
		{"goalposts, beyond", composite.Scale{Method: composite.MethodGoalposts, Lower: n(1), Upper: n(3), Factor: n(1)}, []float64{1.5, 0, 0.5, 0}, []float64{-0.5, 1, 0.5, 1}},
		{"fraction of the best", composite.Scale{Method: composite.MethodOfBest}, []float64{1, 0.25, 0.5, 0.25}, []float64{0.25, 1, 0.5, 1}},
		{"as it is", asIs, []float64{4, 1, 2, 1}, []float64{-4, -1, -2, -1}},
	} {
		for direction, want := range map[int][]float64{1: tt.up, -1: tt.down} {
			t.Run(fmt.Sprint(tt.name, "/", direction), func(t *testing.T) {
				d, tb := flatDefinition([][]float64{{4}, {1}, {2}, {1}}, nil, composite.Settings{Normalise: tt.scale})
				d.Framework.Children[0].Direction = direction
				x, err := composite.New(d, tb)
				if err != nil {
					t.Fatal(err)
				}
				all(t, "value", built(t, x).Values("A"), want, 1e-13)
			})
		}
	}
}

// Wants worked by hand of the children 1, 2, 4 with weights 1, 1, 2.
func TestAggregators(t *testing.T) {
	for _, tt := range []struct {
		by   composite.Aggregator
		want float64
	}{
		{composite.Aggregator{}, 11. / 4},
		{composite.Aggregator{Method: composite.Arithmetic}, 11. / 4},
		{composite.Aggregator{Method: composite.Geometric}, math.Pow(2, 5./4)},
		{composite.Aggregator{Method: composite.Harmonic}, 2},
		{composite.Aggregator{Method: composite.PowerMean, Power: 2}, math.Sqrt(37. / 4)},
		{composite.Aggregator{Method: composite.PowerMean, Power: -1}, 2},
		{composite.Aggregator{Method: composite.PowerMean}, math.Cbrt(137. / 4)}, // p from the settings
		{composite.Aggregator{Method: composite.Minimum}, 1},
		{composite.Aggregator{Method: composite.Copeland}, -1},
		{composite.Aggregator{Method: composite.Doubt}, 1},
	} {
		t.Run(fmt.Sprint(tt.by), func(t *testing.T) {
			x := flat(t, [][]float64{{1, 2, 4}, {0.5, 3, 5}}, []float64{1, 1, 2},
				composite.Settings{Normalise: asIs, Power: 3, Aggregate: []composite.Aggregator{tt.by}})
			near(t, "value", built(t, x).Scores()[0], tt.want, 1e-14)
		})
	}
}

// Levels may have aggregators of their own, and so may single elements;
// branches may differ in length. By hand: P = √(1·4) = 2, S = (2+4)/2 = 3 and
// the top, of S and C, 2/(1/3+1/6) = 4.
func TestLevels(t *testing.T) {
	top := parent("T", parent("S", parent("P", leaf("A"), leaf("B")), leaf("D")), leaf("C"))
	tb := composite.Table{Units: []string{"U"}, Values: map[string][]float64{"A": {1}, "B": {4}, "C": {6}, "D": {4}}}
	mixed := []composite.Aggregator{{Method: composite.Geometric}, {Method: composite.Arithmetic}, {Method: composite.Harmonic}}
	x, err := composite.New(composite.Definition{Framework: top, Settings: composite.Settings{Normalise: asIs, Aggregate: mixed}}, tb)
	if err != nil {
		t.Fatal(err)
	}
	r := built(t, x)
	for code, want := range map[string]float64{"P": 2, "S": 3, "T": 4} {
		near(t, code, r.Values(code)[0], want, 1e-14)
	}
	if got := x.Codes(1); !slices.Equal(got, []string{"A", "B", "D", "C"}) || x.Depth() != 4 {
		t.Errorf("indicators %v, depth %d", got, x.Depth())
	}
	top.Children[0].Aggregate = &composite.Aggregator{Method: composite.Minimum}
	if x, err = composite.New(composite.Definition{Framework: top, Settings: composite.Settings{Normalise: asIs, Aggregate: mixed}}, tb); err != nil {
		t.Fatal(err)
	}
	near(t, "S of its own", built(t, x).Values("S")[0], 2, 1e-14)
	t.Run("weights add up", func(t *testing.T) {
		share := map[string]float64{}
		for _, w := range built(t, x).Weights {
			share[w.Code] = w.Share
		}
		for code, want := range map[string]float64{"T": 1, "S": 0.5, "C": 0.5, "P": 0.25, "D": 0.25, "A": 0.125} {
			near(t, code, share[code], want, 1e-15)
		}
	})
	t.Run("an excluded branch is gone", func(t *testing.T) {
		y, err := x.With(composite.Patch{Exclude: &[]string{"A", "B"}})
		if err != nil {
			t.Fatal(err)
		}
		r := built(t, y)
		if r.Values("P") != nil || r.Values("A") != nil {
			t.Error("it is still there")
		}
		near(t, "S", r.Values("S")[0], 4, 1e-15)
	})
}

// Filling gaps, by hand. The row methods put A on 0 to 1 by 10 and 30, and B,
// of which less is better, by 8 and 2.
func TestImpute(t *testing.T) {
	rows := [][]float64{{10, 8}, {20, nan}, {30, 2}, {nan, 4}}
	group := []string{"x", "y", "x", "x"}
	for _, tt := range []struct {
		name string
		by   composite.Impute
		a, b float64 // what fills A of U4 and B of U2
		fail error
	}{
		{"mean", composite.Impute{Method: composite.Mean}, 20, 14. / 3, nil},
		{"median", composite.Impute{Method: composite.Median}, 20, 4, nil},
		{"nobody in the group", composite.Impute{Method: composite.GroupMean, Group: "g"}, 0, 0, composite.ErrNoDonor},
		{"group, else the mean", composite.Impute{Method: composite.GroupMean, Group: "g", Fallback: composite.Mean}, 20, 14. / 3, nil},
		{"group, else nothing", composite.Impute{Method: composite.GroupMedian, Group: "g", Fallback: composite.Keep}, 20, nan, nil},
		{"row", composite.Impute{Method: composite.RowMean}, 10 + 20*4./6, 8 - 6*0.5, nil},
		{"row median", composite.Impute{Method: composite.RowMedian}, 10 + 20*4./6, 8 - 6*0.5, nil},
		{"constant", composite.Impute{Method: composite.Constant}, 0, 0, nil},
		{"none", composite.Impute{Method: composite.NoImpute}, nan, nan, nil},
		{"no such grouping", composite.Impute{Method: composite.GroupMean, Group: "h"}, 0, 0, composite.ErrUnknown},
		{"no such method", composite.Impute{Method: "guess"}, 0, 0, composite.ErrSettings},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, tb := flatDefinition(rows, nil, composite.Settings{Normalise: asIs, Impute: &tt.by})
			d.Framework.Children[1].Direction = -1
			tb.Groups = map[string][]string{"g": group}
			x, err := composite.New(d, tb)
			var r *composite.Result
			if err == nil {
				r, err = x.Build()
			}
			if !errors.Is(err, tt.fail) {
				t.Fatalf("error %v, want %v", err, tt.fail)
			}
			if err != nil {
				return
			}
			s, _ := r.Stage(composite.Imputing)
			near(t, "A", s.Column("A")[3], tt.a, 1e-13)
			near(t, "B", s.Column("B")[1], tt.b, 1e-13)
		})
	}
}

func TestTreat(t *testing.T) {
	long := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 500, 400, 300, 200}
	column := func(t *testing.T, x []float64, rule composite.Treat) ([]float64, composite.Treated) {
		rows := make([][]float64, len(x))
		for i := range x {
			rows[i] = []float64{x[i]}
		}
		r := built(t, flat(t, rows, nil, composite.Settings{Normalise: asIs, Treat: &rule}))
		return r.Values("A"), r.Treated[0]
	}
	// Skewness of the long column is above 1.5: it fails thresholds of 1.
	rule := composite.Treat{WinMax: 3, Skew: 1, Kurtosis: -3, Second: composite.LogCT}
	t.Run("points move to the next value, the highest first", func(t *testing.T) {
		r := rule
		r.Second = composite.NoTransform
		got, note := column(t, long, r)
		want := slices.Clone(long)
		want[10], want[11], want[12] = 200, 200, 200
		all(t, "value", got, want, 0)
		if len(note.Winsorised) != 3 || note.Action() != "winsorise" || note.Passed || note.PassedMoved {
			t.Errorf("%+v", note)
		}
	})
	t.Run("then the logarithm of the column as it was", func(t *testing.T) {
		got, note := column(t, long, rule)
		near(t, "the least", got[0], math.Log(0.01*499), 1e-12)
		near(t, "the greatest", got[10], math.Log(1.01*499), 1e-12)
		if note.Action() != "log_ct" {
			t.Error(note.Action())
		}
	})
	t.Run("or its mirror where the tail is low", func(t *testing.T) {
		r := rule
		r.WinMax, r.Second = 0, composite.LogCTPlus
		got, _ := column(t, long, r)
		near(t, "the greatest", got[10], math.Log(1.01*499), 1e-12)
		low := make([]float64, len(long))
		for i, v := range long {
			low[i] = -v
		}
		got, note := column(t, low, r)
		near(t, "the greatest of the mirror", got[0], -math.Log(0.01*499), 1e-12)
		near(t, "the least of the mirror", got[10], -math.Log(1.01*499), 1e-12)
		if note.Action() != "log_ct_plus" {
			t.Error(note.Action())
		}
	})
	t.Run("or of what it has become", func(t *testing.T) {
		r := rule
		r.Combine = true
		got, note := column(t, long, r)
		near(t, "the greatest", got[10], math.Log(1.01*199), 1e-12)
		if note.Action() != "winsorise+log_ct" {
			t.Error(note.Action())
		}
	})
	t.Run("low values rise when the tail is low", func(t *testing.T) {
		low := make([]float64, len(long))
		for i, v := range long {
			low[i] = -v
		}
		r := rule
		r.Second = composite.NoTransform
		got, _ := column(t, low, r)
		if got[10] != -200 {
			t.Errorf("%v", got[10])
		}
	})
	t.Run("without a limit it goes on until it passes", func(t *testing.T) {
		r := rule
		r.WinMax, r.Skew = composite.Unlimited, 0.5
		_, note := column(t, long, r)
		if !note.PassedMoved || len(note.Winsorised) <= 3 {
			t.Errorf("%+v", note)
		}
	})
	t.Run("one good measure is enough, unless both are asked for", func(t *testing.T) {
		r := composite.Treat{WinMax: 3, Skew: 100, Kurtosis: -3}
		if _, note := column(t, long, r); !note.Passed {
			t.Error("did not pass by its skewness")
		}
		r.Both = true
		if _, note := column(t, long, r); note.Passed {
			t.Error("passed")
		}
	})
	t.Run("forced", func(t *testing.T) {
		x := []float64{1, 2, 3, 4, 5}
		got, _ := column(t, x, composite.Treat{Force: true, WinMax: 1})
		all(t, "value", got, []float64{1, 2, 3, 4, 4}, 0)
		got, _ = column(t, x, composite.Treat{Force: true, Second: composite.Log})
		all(t, "value", got, []float64{0, math.Log(2), math.Log(3), math.Log(4), math.Log(5)}, 1e-15)
		got, _ = column(t, x, composite.Treat{Force: true, Second: composite.Asinh})
		near(t, "asinh of one", got[0], math.Asinh(1), 1e-15)
	})
	t.Run("a column of two values or one is left alone", func(t *testing.T) {
		for _, x := range [][]float64{{1, 9}, {4, 4, 4, 4, 4, 4}, {nan, 3, nan}} {
			got, note := column(t, x, rule)
			all(t, "value", got, x, 0)
			if note.Action() != "none" {
				t.Error(note.Action())
			}
		}
	})
	// Distances from a mean that rounding has moved are no shape.
	t.Run("a column moved to one value has not passed", func(t *testing.T) {
		v := 2.000000000000001
		got, note := column(t, []float64{1, 100, v, v, v, v}, composite.Treat{WinMax: 2, Skew: 0.5, Kurtosis: 0.5, Second: composite.LogCT})
		if note.Action() != "log_ct" || got[1] <= got[2] {
			t.Errorf("%s: %v", note.Action(), got)
		}
	})
	t.Run("an exception", func(t *testing.T) {
		r := rule
		r.Exceptions = map[string]*composite.Treat{"A": nil}
		d, tb := flatDefinition([][]float64{{1}, {2}, {3}, {4}, {500}}, nil, composite.Settings{Normalise: asIs, Treat: &r})
		x, err := composite.New(d, tb)
		if err != nil {
			t.Fatal(err)
		}
		if got := built(t, x).Values("A")[4]; got != 500 {
			t.Errorf("%v", got)
		}
	})
	// The likeliest power of a lognormal column is near zero, of squares of
	// normal ones about a half: quantiles, so that sampling plays no part.
	t.Run("the likeliest power", func(t *testing.T) {
		n := 400
		logs, squares := make([]float64, n), make([]float64, n)
		for i := range logs {
			z := math.Sqrt2 * math.Erfinv(2*(float64(i)+0.5)/float64(n)-1)
			logs[i], squares[i] = math.Exp(z), (8+z)*(8+z)
		}
		for name, x := range map[string][]float64{"logs": logs, "squares": squares} {
			got, note := column(t, x, composite.Treat{Force: true, Second: composite.BoxCox})
			if math.Abs(note.Skew[1]) > 0.5 || math.Abs(note.Skew[1]) > math.Abs(note.Skew[0]) {
				t.Errorf("%s: skewness from %v to %v", name, note.Skew[0], note.Skew[1])
			}
			if !slices.IsSorted(got) {
				t.Errorf("%s: order changed", name)
			}
		}
	})
}

func TestScreen(t *testing.T) {
	rows := [][]float64{{1, 2, 3, 4}, {1, nan, 0, 4}, {nan, nan, 0, 4}, {0, 0, 0, 1}}
	for _, tt := range []struct {
		name   string
		screen composite.Screen
		want   []string
	}{
		{"nobody asked", composite.Screen{}, []string{"U1", "U2", "U3", "U4"}},
		{"three of four", composite.Screen{MinAvailability: 0.75}, []string{"U1", "U2", "U4"}},
		{"half of it not zero", composite.Screen{MinNonZero: 0.5}, []string{"U1", "U2", "U3"}},
		{"kept all the same", composite.Screen{MinAvailability: 1, Keep: []string{"U3"}}, []string{"U1", "U3", "U4"}},
		{"dropped all the same", composite.Screen{Drop: []string{"U1"}}, []string{"U2", "U3", "U4"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := built(t, flat(t, rows, nil, composite.Settings{Screen: tt.screen, Normalise: asIs}))
			if !slices.Equal(r.Units, tt.want) || len(r.Dropped) != 4-len(tt.want) {
				t.Errorf("in %v, out %v", r.Units, r.Dropped)
			}
			if r.Scores()[len(r.Units)-1] != map[string]float64{"U4": 0.25, "U3": 2}[r.Units[len(r.Units)-1]] {
				t.Error("values are not the unit's own")
			}
		})
	}
	t.Run("imputing first makes everybody look complete, and a note says so", func(t *testing.T) {
		s := composite.Settings{Screen: composite.Screen{MinAvailability: 0.75}, Impute: &composite.Impute{Method: composite.Mean}, Normalise: asIs,
			Order: []composite.Step{composite.Imputing, composite.Denominating, composite.Screening, composite.Treating}}
		r := built(t, flat(t, rows, nil, s))
		if len(r.Units) != 4 || !slices.Contains(r.Notes, composite.Note{Kind: composite.ScreenedAfterImputing}) {
			t.Errorf("in %v, notes %v", r.Units, r.Notes)
		}
		s.Order = nil
		r = built(t, flat(t, rows, nil, s))
		if len(r.Units) != 3 || len(r.Notes) != 0 {
			t.Errorf("in %v, notes %v", r.Units, r.Notes)
		}
	})
}

func TestNotes(t *testing.T) {
	rows := [][]float64{{1, 2, 3, 4}, {nan, nan, 3, 4}, {nan, nan, nan, 5}, {4, 3, 1, 900}, {5, 5, 5, 7}, {nan, nan, nan, nan}}
	treat := composite.Treat{WinMax: 1, Skew: 0.1, Kurtosis: -9}
	for name, want := range map[string][]composite.Note{
		"imputed":  {{Kind: composite.StillSkewed, Code: "D"}, {Kind: composite.MostlyImputed, Unit: "U3"}, {Kind: composite.MostlyImputed, Unit: "U6"}},
		"as it is": {{Kind: composite.StillSkewed, Code: "D"}, {Kind: composite.NoScore, Unit: "U6"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := composite.Settings{Treat: &treat}
			if name == "imputed" {
				s.Impute = &composite.Impute{Method: composite.Median}
			}
			treat.Exceptions = map[string]*composite.Treat{"A": nil, "B": nil, "C": nil}
			if diff := cmp.Diff(want, built(t, flat(t, rows, nil, s)).Notes); diff != "" {
				t.Error(diff)
			}
		})
	}
	one := built(t, flat(t, [][]float64{{1}, {2}}, nil, composite.Settings{}))
	if !slices.Contains(one.Notes, composite.Note{Kind: composite.OneIndicator, Code: "T"}) {
		t.Errorf("%v", one.Notes)
	}
}

func TestDenominate(t *testing.T) {
	d, tb := flatDefinition([][]float64{{10}, {30}, {nan}}, nil, composite.Settings{Denominate: true, Normalise: asIs})
	d.Framework.Children[0].Denominator, d.Framework.Children[0].PerUnits = "Pop", 1000
	tb.Values["Pop"] = []float64{2000, nan, 0}
	x, err := composite.New(d, tb)
	if err != nil {
		t.Fatal(err)
	}
	// Ten per two thousand is five per thousand; what is missing may have no denominator.
	all(t, "value", built(t, x).Values("A"), []float64{5, nan, nan}, 1e-15)
	tb.Values["A"][2] = 1
	_, err = x.Build()
	var e *composite.Error
	if !errors.Is(err, composite.ErrZeroDenominator) || !errors.As(err, &e) || e.Code != "A" || e.Unit != "U3" {
		t.Errorf("error %v", err)
	}
}

// What cannot be is refused with its place and reason.
func TestRefused(t *testing.T) {
	good := [][]float64{{1, 5}, {2, 4}, {3, 9}, {4, 7}}
	type change func(d *composite.Definition, tb *composite.Table)
	agg := func(m composite.AggregateMethod) []composite.Aggregator { return []composite.Aggregator{{Method: m}} }
	for _, tt := range []struct {
		name       string
		change     change
		err        error
		code, unit string
	}{
		{"a code twice", func(d *composite.Definition, _ *composite.Table) { d.Framework.Children[1].Code = "A" }, composite.ErrFramework, "A", ""},
		{"no code", func(d *composite.Definition, _ *composite.Table) { d.Framework.Children[1].Code = "" }, composite.ErrFramework, "", ""},
		{"a negative weight", func(d *composite.Definition, _ *composite.Table) { d.Framework.Children[1].Weight = -1 }, composite.ErrFramework, "B", ""},
		{"a direction of two", func(d *composite.Definition, _ *composite.Table) { d.Framework.Children[1].Direction = 2 }, composite.ErrFramework, "B", ""},
		{"an aggregate with a direction", func(d *composite.Definition, _ *composite.Table) { d.Framework.Direction = -1 }, composite.ErrFramework, "T", ""},
		{"nothing to aggregate", func(d *composite.Definition, _ *composite.Table) { d.Framework.Children = nil }, composite.ErrFramework, "T", ""},
		{"no column", func(_ *composite.Definition, tb *composite.Table) { delete(tb.Values, "B") }, composite.ErrTable, "B", ""},
		{"a short column", func(_ *composite.Definition, tb *composite.Table) { tb.Values["B"] = tb.Values["B"][:2] }, composite.ErrTable, "B", ""},
		{"an infinite value", func(_ *composite.Definition, tb *composite.Table) { tb.Values["B"][2] = math.Inf(1) }, composite.ErrTable, "B", "U3"},
		{"a unit twice", func(_ *composite.Definition, tb *composite.Table) { tb.Units[3] = "U1" }, composite.ErrTable, "", "U1"},
		{"a column of one value", func(_ *composite.Definition, tb *composite.Table) { tb.Values["B"] = []float64{2, 2, 2, 2} }, composite.ErrNoRange, "B", ""},
		{"a column of one value as z", func(d *composite.Definition, tb *composite.Table) {
			d.Normalise.Method, tb.Values["B"] = composite.MethodZScore, []float64{0.1, 0.1, 0.1, 0.1}
		}, composite.ErrNoRange, "B", ""},
		{"an empty column", func(_ *composite.Definition, tb *composite.Table) { tb.Values["B"] = []float64{nan, nan, nan, nan} }, composite.ErrNoValues, "B", ""},
		{"nobody left", func(d *composite.Definition, tb *composite.Table) {
			d.Screen.MinAvailability = 0.9
			tb.Values["B"] = []float64{nan, nan, nan, nan}
		}, composite.ErrNoValues, "", ""},
		{"zero in a geometric mean", func(d *composite.Definition, _ *composite.Table) { d.Aggregate = agg(composite.Geometric) }, composite.ErrNotPositive, "T", "U1"},
		{"zero in a harmonic mean", func(d *composite.Definition, _ *composite.Table) { d.Aggregate = agg(composite.Harmonic) }, composite.ErrNotPositive, "T", "U1"},
		{"a negative value in a power mean", func(d *composite.Definition, tb *composite.Table) {
			d.Aggregate, d.Power, d.Normalise, tb.Values["A"] = agg(composite.PowerMean), 2, asIs, []float64{1, -2, 3, 4}
		}, composite.ErrNotPositive, "T", "U2"},
		{"no power", func(d *composite.Definition, _ *composite.Table) { d.Aggregate = agg(composite.PowerMean) }, composite.ErrSettings, "T", ""},
		{"an aggregator nobody knows", func(d *composite.Definition, _ *composite.Table) { d.Aggregate = agg("magic") }, composite.ErrSettings, "T", ""},
		{"aggregators for other levels", func(d *composite.Definition, _ *composite.Table) {
			d.Aggregate = append(agg("amean"), agg("amean")...)
		}, composite.ErrSettings, "", ""},
		{"loadings of both signs", func(d *composite.Definition, tb *composite.Table) {
			d.Weights.Method, tb.Values["B"] = composite.PCA, []float64{9, 8, 7, 5}
		}, composite.ErrMixedSigns, "B", ""},
		{"a scale nobody knows", func(d *composite.Definition, _ *composite.Table) { d.Normalise.Method = "magic" }, composite.ErrSettings, "A", ""},
		{"a target behind everybody", func(d *composite.Definition, _ *composite.Table) {
			d.Normalise = composite.Scale{Method: composite.MethodToTarget, Target: composite.Number{Value: 1}}
		}, composite.ErrNoRange, "A", ""},
		{"a target the framework lacks", func(d *composite.Definition, _ *composite.Table) {
			d.Normalise = composite.Scale{Method: composite.MethodToTarget, Target: composite.Number{Meta: "Target"}}
		}, composite.ErrSettings, "A", ""},
		{"both posts in one place", func(d *composite.Definition, _ *composite.Table) {
			d.Normalise = composite.Scale{Method: composite.MethodGoalposts}
		}, composite.ErrNoRange, "A", ""},
		{"upside down", func(d *composite.Definition, _ *composite.Table) { d.Normalise.Lower.Value = 200 }, composite.ErrSettings, "A", ""},
		{"a unit of reference nobody knows", func(d *composite.Definition, _ *composite.Table) {
			d.Normalise = composite.Scale{Method: composite.MethodToReference, Unit: "X"}
		}, composite.ErrUnknown, "A", ""},
		{"a unit of reference without a value", func(d *composite.Definition, tb *composite.Table) {
			d.Normalise, tb.Values["A"][1] = composite.Scale{Method: composite.MethodToReference, Unit: "U2"}, nan
		}, composite.ErrNoValues, "A", ""},
		{"a share of what should be little", func(d *composite.Definition, _ *composite.Table) {
			d.Normalise.Method, d.Framework.Children[0].Direction = composite.MethodShare, -1
		}, composite.ErrSettings, "A", ""},
		{"a share of a debt", func(d *composite.Definition, tb *composite.Table) {
			d.Normalise.Method, tb.Values["B"][0] = composite.MethodShare, -5
		}, composite.ErrNotPositive, "B", "U1"},
		{"a fraction of the best with zero", func(d *composite.Definition, tb *composite.Table) {
			d.Normalise.Method, tb.Values["B"][0] = composite.MethodOfBest, 0
		}, composite.ErrNotPositive, "B", "U1"},
		{"the logarithm of zero", func(d *composite.Definition, tb *composite.Table) {
			d.Treat, tb.Values["B"][0] = &composite.Treat{Force: true, Second: composite.Log}, 0
		}, composite.ErrNotPositive, "B", "U1"},
		{"a transform nobody knows", func(d *composite.Definition, _ *composite.Table) {
			d.Treat = &composite.Treat{Skew: 2, Second: "magic"}
		}, composite.ErrSettings, "", ""},
		{"a treatment without thresholds", func(d *composite.Definition, _ *composite.Table) { d.Treat = &composite.Treat{WinMax: 5} }, composite.ErrSettings, "", ""},
		{"treatment of what is not there", func(d *composite.Definition, _ *composite.Table) {
			r := composite.DefaultTreat()
			r.Exceptions = map[string]*composite.Treat{"Z": nil}
			d.Treat = &r
		}, composite.ErrUnknown, "Z", ""},
		{"a scale for what is not there", func(d *composite.Definition, _ *composite.Table) {
			d.Exceptions = map[string]composite.Scale{"Z": {}}
		}, composite.ErrUnknown, "Z", ""},
		{"excluding what is not there", func(d *composite.Definition, _ *composite.Table) { d.Exclude = []string{"Z"} }, composite.ErrUnknown, "Z", ""},
		{"excluding everything", func(d *composite.Definition, _ *composite.Table) { d.Exclude = []string{"A", "B"} }, composite.ErrSettings, "", ""},
		{"keeping whom nobody knows", func(d *composite.Definition, _ *composite.Table) { d.Keep = []string{"X"} }, composite.ErrUnknown, "", "X"},
		{"kept and dropped", func(d *composite.Definition, _ *composite.Table) {
			d.Keep, d.Screen.Drop = []string{"U2"}, []string{"U2"}
		}, composite.ErrSettings, "", "U2"},
		{"a threshold above one", func(d *composite.Definition, _ *composite.Table) { d.Screen.MinAvailability = 75 }, composite.ErrSettings, "", ""},
		{"a step left out of the order", func(d *composite.Definition, _ *composite.Table) {
			d.Order = []composite.Step{composite.Treating}
		}, composite.ErrSettings, "", ""},
		{"no denominator", func(d *composite.Definition, _ *composite.Table) {
			d.Denominate, d.Framework.Children[0].Denominator = true, "Pop"
		}, composite.ErrTable, "A", ""},
		{"weights nobody knows", func(d *composite.Definition, _ *composite.Table) { d.Weights.Method = "magic" }, composite.ErrSettings, "", ""},
		{"weights for what is not there", func(d *composite.Definition, _ *composite.Table) {
			d.Weights = composite.Weighting{Method: composite.Given, Values: map[string]float64{"Z": 1}}
		}, composite.ErrUnknown, "Z", ""},
		{"weights of nothing", func(d *composite.Definition, _ *composite.Table) {
			d.Weights = composite.Weighting{Method: composite.Given, Values: map[string]float64{"A": 0, "B": 0}}
		}, composite.ErrSettings, "T", ""},
		{"a rule for gaps nobody knows", func(d *composite.Definition, _ *composite.Table) { d.Settings.Missing = "hide" }, composite.ErrSettings, "", ""},
		{"benefit of the doubt of a debt", func(d *composite.Definition, tb *composite.Table) {
			d.Aggregate, d.Normalise, tb.Values["A"][1] = agg(composite.Doubt), asIs, -1
		}, composite.ErrNotPositive, "T", "U2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rows := make([][]float64, len(good))
			for i := range rows {
				rows[i] = slices.Clone(good[i])
			}
			d, tb := flatDefinition(rows, nil, composite.Settings{})
			if _, err := composite.New(d, tb); err != nil {
				t.Fatal("good input:", err)
			}
			tt.change(&d, &tb)
			x, err := composite.New(d, tb)
			if err == nil {
				_, err = x.Build()
			}
			var e *composite.Error
			if !errors.Is(err, tt.err) || !errors.As(err, &e) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			if e.Code != tt.code || e.Unit != tt.unit {
				t.Errorf("at %q, unit %q: %v", e.Code, e.Unit, err)
			}
		})
	}
}

// A definition is a text file: it reads back as it was, and a word it does not
// know is an error.
func TestDefinitionIsText(t *testing.T) {
	treat := composite.DefaultTreat()
	treat.WinMax = composite.Unlimited
	treat.Exceptions = map[string]*composite.Treat{"A": nil}
	half := 0.5
	treat.Lambda = &half
	d := composite.Definition{Title: "Test", Framework: parent("T", composite.Node{Code: "A", Weight: 0, Direction: -1, Denominator: "Pop", PerUnits: 1000,
		Params: map[string]float64{"Target": 3}}, parent("P", leaf("B"))),
		Settings: composite.Settings{Exclude: []string{"B"}, Denominate: true, Screen: composite.Screen{MinAvailability: 0.75, Keep: []string{"KAZ"}},
			Impute: &composite.Impute{Method: composite.GroupMean, Group: "Region"}, Treat: &treat,
			Normalise:  composite.Scale{Method: composite.MethodToTarget, Target: composite.Number{Meta: "Target"}, Cap: composite.Switch{Meta: "Cap"}},
			Exceptions: map[string]composite.Scale{"B": {Method: composite.MethodGoalposts, Lower: composite.Number{Value: -1}, Upper: composite.Number{Value: 2}, Within: composite.Switch{On: true}}},
			Weights:    composite.Weighting{Method: composite.PCA, Levels: []int{1}}, Aggregate: []composite.Aggregator{{Method: composite.PowerMean, Power: 2}},
			MinAvailability: []float64{0.5}, Missing: composite.Zero, Order: composite.DefaultOrder()}}
	b, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got, err := composite.ParseDefinition(b)
	if err != nil {
		t.Fatalf("%v in\n%s", err, b)
	}
	if diff := cmp.Diff(d, got); diff != "" {
		t.Errorf("%s\nof\n%s", diff, b)
	}
	for name, text := range map[string]string{
		"an unknown key":               `{"framework":{"code":"T"},"wieghts":"equal"}`,
		"an unknown key of an element": `{"framework":{"code":"T","wieght":1}}`,
		"an unknown key of a rule":     `{"framework":{"code":"T"},"treat":{"winmin":5}}`,
		"a word for a number":          `{"framework":{"code":"T"},"normalise":{"method":"minmax","lower":"low"}}`,
		"something after it":           `{"framework":{"code":"T"}} {}`,
		"nothing":                      ``,
	} {
		if _, err := composite.ParseDefinition([]byte(text)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	short, err := composite.ParseDefinition([]byte(`{"framework":{"code":"T","children":[{"code":"A"},{"code":"B","weight":2}]},
		"treat":{"winmax":null},"weights":{"method":"given","values":{"A":3}},"aggregate_by_level":["gmean"]}`))
	if err != nil {
		t.Fatal(err)
	}
	if short.Framework.Children[0].Weight != 1 || short.Framework.Children[1].Weight != 2 || short.Treat.WinMax != composite.Unlimited ||
		short.Weights.Values["A"] != 3 || short.Aggregate[0].Method != composite.Geometric {
		t.Errorf("%+v", short)
	}
}

// Every value opens: raw, after each step, and as parts that add up.
func TestAccount(t *testing.T) {
	rows := [][]float64{{1, 10}, {2, nan}, {3, 30}, {4, 40}, {500, 50}}
	treat := composite.Treat{WinMax: 1, Skew: 1, Kurtosis: 1}
	r := built(t, flat(t, rows, []float64{1, 3}, composite.Settings{Impute: &composite.Impute{Method: composite.Median}, Treat: &treat}))
	a, err := r.Account("A", "U5")
	if err != nil {
		t.Fatal(err)
	}
	want := []composite.Passage{{Step: "", Value: 500}, {Step: composite.Denominating, Value: 500}, {Step: composite.Screening, Value: 500},
		{Step: composite.Imputing, Value: 500}, {Step: composite.Treating, Value: 4, Changed: true}, {Step: "normalise", Value: 100, Changed: true}}
	if diff := cmp.Diff(want, a.Steps); diff != "" {
		t.Error(diff)
	}
	a, _ = r.Account("B", "U2")
	if s := a.Steps[3]; !s.Changed || s.Value != 35 {
		t.Errorf("imputed %+v", s)
	}
	a, err = r.Account("T", "U3")
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, p := range a.Parts {
		sum += p.Gives
	}
	near(t, "sum of parts", sum, a.Value, 1e-12)
	near(t, "weight of B", a.Parts[1].Weight, 0.75, 1e-15)
	if _, err := r.Account("T", "U9"); !errors.Is(err, composite.ErrUnknown) {
		t.Errorf("error %v", err)
	}
}

func TestProfile(t *testing.T) {
	d, tb := flatDefinition([][]float64{{1, 9}, {2, nan}, {3, 7}, {4, 8}}, nil, composite.Settings{Normalise: asIs})
	tb.Groups = map[string][]string{"g": {"x", "y", "x", "y"}}
	x, err := composite.New(d, tb)
	if err != nil {
		t.Fatal(err)
	}
	r := built(t, x)
	p, err := r.Profile("U1")
	if err != nil {
		t.Fatal(err)
	}
	want := []composite.Standing{{Code: "T", Level: 2, Value: 5, Rank: 2, Of: 4, Better: 1. / 3},
		{Code: "A", Level: 1, Value: 1, Rank: 4, Of: 4}, {Code: "B", Level: 1, Value: 9, Rank: 1, Of: 3, Better: 1}}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Error(diff)
	}
	if p, _ := r.Profile("U2"); !math.IsNaN(p[2].Better) || p[2].Rank != 0 {
		t.Errorf("without a value %+v", p[2])
	}
	ranks, err := r.RanksWithin("T", "g")
	if err != nil || !slices.Equal(ranks, []int{1, 2, 1, 1}) {
		t.Errorf("ranks within groups %v, %v", ranks, err)
	}
}

// The published index of national capability, version 7.0 of the material
// capabilities table of the Correlates of War project. It is printed to nine
// decimals and was made in single precision; 1e-6 is the tolerance agreed, and
// the largest difference found is logged.
func TestConformanceCINC(t *testing.T) {
	dir := os.Getenv("SHANYRAQ_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	file, err := os.Open(filepath.Join(dir, "nmc", "nmc_v7_state_year.csv"))
	if err != nil {
		t.Skip("the published table is not here; set SHANYRAQ_DATA to the folder that holds nmc/nmc_v7_state_year.csv")
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range lines[0] {
		at[name] = i
	}
	parts := []string{"milex", "milper", "irst", "pec", "tpop", "upop"}
	top := parent("CINC")
	for _, p := range parts {
		top.Children = append(top.Children, leaf(p))
	}
	type year struct {
		table composite.Table
		want  []float64
	}
	years := map[int]*year{}
	for _, row := range lines[1:] {
		y, err := strconv.Atoi(row[at["year"]])
		if err != nil {
			t.Fatal(err)
		}
		if years[y] == nil {
			years[y] = &year{table: composite.Table{Values: map[string][]float64{}}}
		}
		s := years[y]
		s.table.Units = append(s.table.Units, row[at["stateabb"]])
		for _, name := range parts {
			s.table.Values[name] = append(s.table.Values[name], num(t, row[at[name]]))
		}
		s.want = append(s.want, num(t, row[at["cinc"]]))
	}
	score := func(t *testing.T, y *year, rule composite.MissingRule) []float64 {
		x, err := composite.New(composite.Definition{Framework: top, Settings: composite.Settings{
			Normalise: composite.Scale{Method: composite.MethodShare}, Missing: rule}}, y.table)
		if err != nil {
			t.Fatal(err)
		}
		return built(t, x).Scores()
	}
	compared, worst := 0, 0.0
	for decade := 1810; decade <= 2020; decade += 10 {
		t.Run(fmt.Sprintf("%ds", decade), func(t *testing.T) {
			for y := decade; y < decade+10; y++ {
				if years[y] == nil {
					continue
				}
				for i, got := range score(t, years[y], composite.Drop) {
					near(t, fmt.Sprint(years[y].table.Units[i], " ", y), got, years[y].want[i], 1e-6)
					worst = max(worst, math.Abs(got-years[y].want[i]))
					compared++
				}
			}
		})
	}
	t.Run("every published value was compared", func(t *testing.T) {
		if compared != 17121 {
			t.Errorf("%d values compared, not 17121", compared)
		}
		t.Logf("largest difference %.2g over %d values", worst, compared)
		if worst > 3e-8 {
			t.Errorf("largest difference %v", worst)
		}
	})
	// The record of the table states these ranks and this share, found by a
	// separate program.
	t.Run("ranks", func(t *testing.T) {
		for y, want := range map[int]string{1992: "38/181", 2000: "49/191", 2010: "49/194", 2016: "48/195", 2022: "53/195"} {
			ranks := composite.Ranks(score(t, years[y], composite.Drop))
			if got := fmt.Sprintf("%d/%d", ranks[slices.Index(years[y].table.Units, "KZK")], len(ranks)); got != want {
				t.Errorf("%d: %s, want %s", y, got, want)
			}
		}
		for rule, want := range map[composite.MissingRule][2]int{composite.Drop: {48, 53}, composite.Zero: {54, 49}} {
			ranks := composite.Ranks(score(t, years[2022], rule))
			if got := [2]int{ranks[slices.Index(years[2022].table.Units, "UZB")], ranks[slices.Index(years[2022].table.Units, "KZK")]}; got != want {
				t.Errorf("rule %s in 2022: %v, want %v", rule, got, want)
			}
		}
	})
	t.Run("counting gaps as zero is not the published rule", func(t *testing.T) {
		same, every := 0, 0
		for _, y := range years {
			for i, got := range score(t, y, composite.Zero) {
				if math.Abs(got-y.want[i]) <= 1e-6 {
					same++
				}
				every++
			}
		}
		near(t, "share of values matched", float64(same)/float64(every), 0.84, 0.005)
	})
}
