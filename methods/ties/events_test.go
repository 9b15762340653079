package ties

import (
	"fmt"
	"math"
	"math/rand/v2"
	"shanyraq/methods/internal/peers"
	"slices"
	"strconv"
	"testing"
)

// expected reads a file of expected results, or skips the test.
func expected(t *testing.T, into any, parts ...string) {
	t.Helper()
	peers.JSON(t, peers.Dir(t, append([]string{"strategy"}, parts...)...), into)
}

// sheet reads a file of comma-separated values as one map per row, or skips
// the test.
func sheet(t *testing.T, parts ...string) []map[string]string {
	t.Helper()
	return peers.Sheet(t, peers.Dir(t, append([]string{"strategy"}, parts...)...))
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The invented events of the reference cases, every pair in them.
func TestConformanceEvents(t *testing.T) {
	const tol = 1e-9
	var want struct {
		Events struct {
			HalfLife float64 `json:"half_life_days"`
			Day      float64 `json:"reference_day"`
			Dyads    map[string]map[string]any
		}
	}
	expected(t, &want, "vectors", "vectors_expected.json")
	scale := map[string]float64{}
	for _, r := range sheet(t, "vectors", "cameo_goldstein.csv") {
		scale[r["code"]] = number(t, r["goldstein"])
	}
	events := map[string][]Event{}
	for _, r := range sheet(t, "vectors", "events.csv") {
		pair := r["source"] + ">" + r["target"]
		events[pair] = append(events[pair], Event{number(t, r["day"]), r["cameo"], ScoreOf(scale, r["cameo"]), number(t, r["mentions"])})
	}
	if len(want.Events.Dyads) == 0 || len(want.Events.Dyads) != len(events) {
		t.Fatalf("%d pairs expected, %d in the events", len(want.Events.Dyads), len(events))
	}
	for pair, w := range want.Events.Dyads {
		t.Run(pair, func(t *testing.T) {
			tone, err := Sum(events[pair], want.Events.Day, want.Events.HalfLife, 0.9)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]float64{"n": float64(tone.N), "sum": tone.Sum, "wsum": tone.Positive - tone.Negative, "w": tone.Weight,
				"pos": tone.Positive, "neg": tone.Negative, "mean_goldstein": tone.Mean, "weighted_mean": tone.Weighted, "net_cooperation": tone.Net}
			for name, v := range w {
				if name == "quad" {
					if s := fmt.Sprint(tone.Quads); s != fmt.Sprint(v) {
						t.Errorf("classes %v, want %v", s, v)
					}
					continue
				}
				g, ok := got[name]
				if !ok {
					t.Errorf("expected %s is not compared", name)
					continue
				}
				near(t, name, g, v.(float64), tol)
			}
			if !tone.Between.Contains(tone.Weighted) || !tone.NetRange.Contains(tone.Net) {
				t.Errorf("%+v", tone)
			}
		})
	}
}

func TestClass(t *testing.T) {
	for code, want := range map[string]Quad{"01": VerbalCooperation, "057": VerbalCooperation, "06": MaterialCooperation, "0874": MaterialCooperation,
		"09": VerbalConflict, "145": VerbalConflict, "15": MaterialConflict, "204": MaterialConflict} {
		if got, err := Class(code); err != nil || got != want {
			t.Errorf("%s: %v, %v", code, got, err)
		}
	}
	for _, code := range []string{"", "1", "00", "21", "x1", "1x"} {
		if _, err := Class(code); err == nil {
			t.Errorf("%q: no error", code)
		}
	}
	scale := map[string]float64{"04": 1, "043": 2.8}
	for code, want := range map[string]float64{"043": 2.8, "0431": 2.8, "044": 1, "05": nan, "4": nan} {
		near(t, code, ScoreOf(scale, code), want, 0)
	}
}

// Wants worked by hand: on day 10 with a half-life of 5, four mentions of day 5
// weigh 2, and one of day 10 weighs 1.
func TestSum(t *testing.T) {
	tone, err := Sum([]Event{{5, "04", 3, 4}, {10, "17", -6, 1}, {10, "01", nan, 9}, {10, "01", 0, 2}}, 10, 5, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "weight", tone.Weight, 5, 1e-12)
	near(t, "weighted mean", tone.Weighted, (6.0-6)/5, 1e-12)
	near(t, "net", tone.Net, 0, 1e-12)
	near(t, "mean", tone.Mean, -1, 1e-12)
	if tone.N != 3 || tone.Days != 2 || tone.Quads != [4]int{2, 0, 0, 1} {
		t.Errorf("%+v", tone)
	}
	// Two days with sums of ±6 over a weight of 5: SE² = 2·72/25, t = 6.313752.
	near(t, "upper end", tone.Between.Hi, 10, 0)
	half := 6.313751515 * math.Sqrt(2*72) / 12
	near(t, "interval of net, cut off at the ends", tone.NetRange.Hi, min(1, half), 1e-8)
	if one, err := Sum([]Event{{1, "04", 3, 4}}, 1, 5, 0.9); err != nil || !math.IsNaN(one.Between.Lo) || one.Weighted != 3 {
		t.Errorf("one day: %+v, %v", one, err)
	}
	if none, err := Sum(nil, 1, 5, 0.9); err != nil || !math.IsNaN(none.Mean) || !math.IsNaN(none.Net) || none.N != 0 {
		t.Errorf("no events: %+v, %v", none, err)
	}
	for name, e := range map[string]Event{"after now": {11, "04", 1, 1}, "no day": {nan, "04", 1, 1}, "mentions": {1, "04", 1, -1}, "code": {1, "99", 1, 1}} {
		if _, err := Sum([]Event{e}, 10, 5, 0.9); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for _, c := range [][2]float64{{0, 0.9}, {nan, 0.9}, {5, 0}, {5, 1}} {
		if _, err := Sum(nil, 1, c[0], c[1]); err == nil {
			t.Errorf("half-life %v, level %v: no error", c[0], c[1])
		}
	}
}

// Coverage of the 0.9 intervals over simulated affairs: days with a shared
// mood, events around it, mentions by chance. The truth is the mean over many
// days.
func TestToneCoverage(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	day := func(d float64) (events []Event) {
		mood := 2 * rng.NormFloat64()
		for range 1 + rng.IntN(5) {
			events = append(events, Event{d, "04", min(10, max(-10, 0.5+mood+3*rng.NormFloat64())), 1 + 4*rng.ExpFloat64()})
		}
		return events
	}
	var long []Event
	for range 200000 {
		long = append(long, day(0)...)
	}
	truth, err := Sum(long, 0, 1e9, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	for _, days := range []int{15, 60} {
		var in, net float64
		const rounds = 1500
		for range rounds {
			var events []Event
			for d := range days {
				events = append(events, day(float64(d))...)
			}
			tone, err := Sum(events, float64(days), 1e9, 0.9)
			if err != nil {
				t.Fatal(err)
			}
			if tone.Between.Contains(truth.Weighted) {
				in++
			}
			if tone.NetRange.Contains(truth.Net) {
				net++
			}
		}
		t.Logf("%d days: weighted mean %.3f, net %.3f", days, in/rounds, net/rounds)
		near(t, "coverage of the weighted mean", in/rounds, 0.885, 0.025)
		near(t, "coverage of net cooperation", net/rounds, 0.855, 0.03)
	}
}

// The segmented regression of the reference cases. Its columns count time from
// the last point before the break, so its jump is one step of the bend earlier.
func TestConformanceInterrupted(t *testing.T) {
	const tol = 1e-6
	var want struct {
		ITS struct {
			Coef       []float64
			SE         []float64 `json:"se_newey_west_lag3"`
			OLS        []float64 `json:"se_ols"`
			HC1        []float64 `json:"se_hc1"`
			R2         float64
			DW         float64 `json:"durbin_watson"`
			Mean       float64 `json:"mean_effect_post"`
			Cumulative float64 `json:"cumulative_effect_post"`
		}
	}
	expected(t, &want, "evaluation", "timeseries_expected.json")
	var times, values []float64
	at := math.NaN()
	for _, r := range sheet(t, "evaluation", "its.csv") {
		times, values = append(times, number(t, r["t"])), append(values, number(t, r["y"]))
		if r["post"] == "1" && math.IsNaN(at) {
			at = times[len(times)-1]
		}
	}
	w := want.ITS
	b, err := Interrupted(times, values, at, 3, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("lines", func(t *testing.T) {
		near(t, "level at time 0", b.Before.Value-b.Trend.Value*times[0], w.Coef[0], tol)
		near(t, "trend", b.Trend.Value, w.Coef[1], tol)
		near(t, "jump", b.Level.Value, w.Coef[2]+w.Coef[3], tol)
		near(t, "bend", b.Bend.Value, w.Coef[3], tol)
		near(t, "R2", b.R2, w.R2, tol)
		near(t, "mean effect", b.Mean.Value, w.Mean, tol)
		near(t, "cumulative effect", b.Total.Value, w.Cumulative, 20*tol)
	})
	t.Run("errors with three lags", func(t *testing.T) {
		near(t, "of the trend", b.Trend.Robust, w.SE[1], tol)
		near(t, "of the bend", b.Bend.Robust, w.SE[3], tol)
		// A break a hair after the last point before it has their jump.
		early, err := Interrupted(times, values, at-1+1e-9, 3, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "jump", early.Level.Value, w.Coef[2], tol)
		near(t, "of the jump", early.Level.Robust, w.SE[2], tol)
	})
	t.Run("errors without lags", func(t *testing.T) {
		plain, err := Interrupted(times, values, at, 0, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		n := float64(plain.N) // theirs are enlarged by n/(n−4)
		near(t, "of the trend", plain.Trend.Robust*math.Sqrt(n/(n-4)), w.HC1[1], tol)
		near(t, "of the bend", plain.Bend.Robust*math.Sqrt(n/(n-4)), w.HC1[3], tol)
	})
	t.Run("residuals", func(t *testing.T) { near(t, "Durbin-Watson", b.DurbinWatson, w.DW, tol) })
}

// Coverage of the 0.9 intervals for the jump, the bend and the mean effect in
// series of 48 points with the break at 31, beside that of intervals from robust
// errors with three lags.
func TestInterruptedCoverage(t *testing.T) {
	for _, tt := range []struct{ correlation, want, robust float64 }{{0, 0.91, 0.775}, {0.4, 0.87, 0.685}} {
		rng := rand.New(rand.NewPCG(6, uint64(10*tt.correlation)))
		var in, robust [3]float64
		const rounds = 1000
		times, y := make([]float64, 48), make([]float64, 48)
		for range rounds {
			e := rng.NormFloat64()
			for i := range y {
				e = tt.correlation*e + math.Sqrt(1-tt.correlation*tt.correlation)*rng.NormFloat64()
				times[i] = float64(i + 1)
				y[i] = 50 + 0.1*float64(i) + e
				if i >= 30 {
					y[i] += 3 + 0.2*float64(i-30)
				}
			}
			b, err := Interrupted(times, y, 31, 3, 0.9)
			if err != nil {
				t.Fatal(err)
			}
			for i, c := range []Coefficient{b.Level, b.Bend, b.Mean} {
				truth := []float64{3, 0.2, 3 + 0.2*8.5}[i]
				if c.Lo <= truth && truth <= c.Hi {
					in[i]++
				}
				if math.Abs(truth-c.Value) <= (c.Hi-c.Value)*c.Robust/c.SE {
					robust[i]++
				}
			}
		}
		for i, what := range []string{"jump", "bend", "mean"} {
			t.Logf("correlation %v, %s: %.3f, from robust errors %.3f", tt.correlation, what, in[i]/rounds, robust[i]/rounds)
			near(t, "coverage", in[i]/rounds, tt.want, 0.03)
			near(t, "coverage from robust errors", robust[i]/rounds, tt.robust, 0.06)
		}
	}
}

func TestInterrupted(t *testing.T) {
	// A broken line without error comes back, over gaps and uneven times.
	times, y := []float64{1, 2, 4, 5, 7, 8, 10}, make([]float64, 7)
	for i, v := range times {
		if y[i] = 2 + 0.5*(v-1); v >= 5 {
			y[i] += 3 - 1*(v-5)
		}
	}
	y[1] = nan
	b, err := Interrupted(append([]float64{0}, times...), append([]float64{1.5}, y...), 5, 1, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string][2]float64{"before": {b.Before.Value, 1.5}, "trend": {b.Trend.Value, 0.5}, "jump": {b.Level.Value, 3}, "bend": {b.Bend.Value, -1},
		"mean": {b.Mean.Value, 0.5}, "total": {b.Total.Value, 2}} {
		near(t, what, c[0], c[1], 1e-9)
	}
	if b.N != 7 {
		t.Errorf("%d points", b.N)
	}
	for name, call := range map[string]struct {
		t, y  []float64
		at    float64
		lags  int
		level float64
	}{
		"few before": {times, slices.Repeat([]float64{1}, 7), 4, 0, 0.9}, "few after": {times, slices.Repeat([]float64{1}, 7), 8, 0, 0.9},
		"lengths": {times, y[:6], 5, 0, 0.9}, "lags": {times, y, 5, -1, 0.9}, "level": {times, y, 5, 0, 1}, "date": {times, y, nan, 0, 0.9},
		"order": {[]float64{1, 1, 2, 3, 4, 5, 6}, y, 4, 0, 0.9}, "missing time": {[]float64{1, nan, 2, 3, 4, 5, 6}, y, 4, 0, 0.9},
		"infinite": {times, []float64{1, 2, 3, 4, 5, 6, math.Inf(1)}, 5, 0, 0.9},
	} {
		if _, err := Interrupted(call.t, call.y, call.at, call.lags, call.level); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
